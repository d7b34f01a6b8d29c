//! A `SignDoc` (SIGN_MODE_DIRECT): how a file has it, and what it says.
//!
//! What is shown is all there is: bytes that hold anything besides the fields shown here, such as
//! an unknown field or another encoding than ADR-027's, are no [`SignDoc`].

use anyhow::Result;
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use cosmrs::proto::cosmos::bank::v1beta1::MsgSend;
use cosmrs::proto::cosmos::base::v1beta1::Coin;
use cosmrs::proto::cosmos::crypto::secp256k1::PubKey;
use cosmrs::proto::cosmos::tx::v1beta1::mode_info::{Single, Sum};
use cosmrs::proto::cosmos::tx::v1beta1::{
    self as tx, AuthInfo, Fee, ModeInfo, SignerInfo, Tip, TxBody,
};
use cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContract;
use cosmrs::proto::traits::Message;
use cosmrs::Any;
use serde::Serialize;

use super::printable;
use crate::failure::Failure;
use crate::output::Page;

/// `SIGN_MODE_DIRECT` in protobuf.
const DIRECT: i32 = 1;
const PUBLIC_KEY_TYPE: &str = "/cosmos.crypto.secp256k1.PubKey";
const SEND_TYPE: &str = "/cosmos.bank.v1beta1.MsgSend";
const EXECUTE_TYPE: &str = "/cosmwasm.wasm.v1.MsgExecuteContract";

/// How a file has the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ReadAs {
    /// As they are.
    Raw,
    /// As hexadecimal text.
    Hex,
    /// As base64 text.
    Base64,
}

impl ReadAs {
    /// For people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Raw => "raw bytes",
            Self::Hex => "hexadecimal text",
            Self::Base64 => "base64 text",
        }
    }
}

/// The bytes that are signed, with how the file had them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bytes {
    bytes: Vec<u8>,
    read_as: ReadAs,
}

impl Bytes {
    /// From a file's content. Text is hexadecimal if all of it is, else base64 if all of it is; the
    /// bytes of a SignDoc are never text, as its tags and lengths are control characters.
    pub(super) fn read(content: Vec<u8>) -> Result<Self> {
        let (bytes, read_as) = match text_of(&content) {
            Some(found) => found,
            None => (content, ReadAs::Raw),
        };
        if bytes.is_empty() {
            return Err(Failure::usage("--sign-doc: it is empty")
                .hint("give the bytes that signDirect hashes: a protobuf SignDoc")
                .into());
        }
        Ok(Self { bytes, read_as })
    }

    /// The bytes.
    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// How the file had them.
    pub(super) fn read_as(&self) -> ReadAs {
        self.read_as
    }

    /// The bytes in base64.
    pub(super) fn base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }
}

fn text_of(content: &[u8]) -> Option<(Vec<u8>, ReadAs)> {
    let text = std::str::from_utf8(content).ok()?;
    let text: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    if let Ok(bytes) = hex::decode(text.strip_prefix("0x").unwrap_or(&text)) {
        return Some((bytes, ReadAs::Hex));
    }
    STANDARD.decode(&text).ok().map(|bytes| (bytes, ReadAs::Base64))
}

/// Why bytes are not a SignDoc that can be shown whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignDocError {
    /// Not protobuf, or of other types.
    #[error("not a SignDoc: its {part} cannot be decoded")]
    Undecodable {
        /// Which part.
        part: &'static str,
    },
    /// It has fields that are not known here, or an encoding that hides some.
    #[error("its {part} has fields that are not known here, so what it does cannot be shown")]
    Hidden {
        /// Which part.
        part: &'static str,
    },
}

/// Decodes, and refuses what would not be shown.
fn exact<M: Message + Default>(part: &'static str, bytes: &[u8]) -> Result<M, SignDocError> {
    let message = M::decode(bytes).map_err(|_| SignDocError::Undecodable { part })?;
    if message.encode_to_vec() == bytes {
        return Ok(message);
    }
    Err(SignDocError::Hidden { part })
}

/// A transaction before it is signed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SignDoc {
    /// The chain.
    pub chain_id: String,
    /// Number of the signer's account there.
    pub account_number: u64,
    body: TxBody,
    auth_info: AuthInfo,
}

impl SignDoc {
    /// Decodes the bytes that are signed.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, SignDocError> {
        let tx::SignDoc { body_bytes, auth_info_bytes, chain_id, account_number } =
            exact("outermost message", bytes)?;
        let body = exact("body", &body_bytes)?;
        let auth_info = exact("auth info", &auth_info_bytes)?;
        Ok(Self { chain_id, account_number, body, auth_info })
    }

    /// Whether it names keys and this one (33 bytes) is not among them.
    pub(super) fn names_other_keys(&self, key: &[u8]) -> bool {
        let mut named = self.auth_info.signer_infos.iter().filter_map(key_of).peekable();
        named.peek().is_some() && !named.any(|named| named == key)
    }

    /// All that it says, and who is about to sign it.
    pub(super) fn page(&self, signed_by: &str) -> Page {
        let TxBody {
            messages,
            memo,
            timeout_height,
            extension_options,
            non_critical_extension_options,
        } = &self.body;
        #[allow(deprecated)] // a tip is signed with the rest
        let AuthInfo { signer_infos, fee, tip } = &self.auth_info;
        let mut page = Page::new("Transaction to sign")
            .field("signed by", signed_by)
            .field("chain id", printable(&self.chain_id))
            .field("account number", self.account_number)
            .field("memo", format!("\"{}\"", printable(memo)));
        if *timeout_height > 0 {
            page = page.field("timeout height", timeout_height);
        }
        for option in extension_options.iter().chain(non_critical_extension_options) {
            page = page.field("extension", any_text(option));
        }
        page = match fee {
            Some(fee) => fee_fields(page, fee),
            None => page.field("fee", "none"),
        };
        if let Some(Tip { amount, tipper }) = tip {
            page = page.field("tip", format!("{} by {}", coins(amount), printable(tipper)));
        }
        for info in signer_infos {
            page = page.field("signer", signer_text(info));
        }
        for (index, message) in messages.iter().enumerate() {
            let heading = format!("Message {}: {}", index + 1, printable(&message.type_url));
            page = message_fields(page.heading(heading), message);
        }
        if messages.is_empty() {
            page = page.note("It has no messages: no chain accepts it as a transaction");
        }
        page
    }
}

fn fee_fields(page: Page, fee: &Fee) -> Page {
    let Fee { amount, gas_limit, payer, granter } = fee;
    let account = |account: &String| (!account.is_empty()).then(|| printable(account));
    page.field("fee", coins(amount))
        .field("gas limit", gas_limit)
        .field_if("fee payer", account(payer))
        .field_if("fee granter", account(granter))
}

/// The key of a signer, if it is of this curve.
fn key_of(info: &SignerInfo) -> Option<Vec<u8>> {
    let key = info.public_key.as_ref().filter(|key| key.type_url == PUBLIC_KEY_TYPE)?;
    exact("public key", &key.value).ok().map(|PubKey { key }| key)
}

fn signer_text(info: &SignerInfo) -> String {
    let key = match (key_of(info), &info.public_key) {
        (Some(key), _) => format!("key {}", hex::encode(key)),
        (None, Some(key)) => any_text(key),
        (None, None) => "key not named".to_owned(),
    };
    let mode = match &info.mode_info {
        Some(ModeInfo { sum: Some(Sum::Single(Single { mode: DIRECT })) }) => "",
        _ => ", NOT in the mode direct",
    };
    format!("{key}, sequence {}{mode}", info.sequence)
}

fn message_fields(page: Page, message: &Any) -> Page {
    const PART: &str = "message";
    let bytes = message.value.as_slice();
    match message.type_url.as_str() {
        SEND_TYPE => {
            if let Ok(MsgSend { from_address, to_address, amount }) = exact(PART, bytes) {
                return page
                    .field("from", printable(&from_address))
                    .field("to", printable(&to_address))
                    .field("amount", coins(&amount));
            }
        }
        EXECUTE_TYPE => {
            if let Ok(MsgExecuteContract { sender, contract, msg, funds }) = exact(PART, bytes) {
                return page
                    .field("sender", printable(&sender))
                    .field("contract", printable(&contract))
                    .field("message", printable(&String::from_utf8_lossy(&msg)))
                    .field("funds", coins(&funds));
            }
        }
        _ => {}
    }
    page.field("content, not decoded here", STANDARD.encode(bytes))
}

fn any_text(any: &Any) -> String {
    format!("{} {}", printable(&any.type_url), STANDARD.encode(&any.value))
}

fn coins(coins: &[Coin]) -> String {
    if coins.is_empty() {
        return "none".to_owned();
    }
    let coins: Vec<String> = coins
        .iter()
        .map(|Coin { denom, amount }| format!("{} {}", printable(amount), printable(denom)))
        .collect();
    coins.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Vec<u8> {
        let auth_info =
            AuthInfo { signer_infos: vec![SignerInfo::default()], ..Default::default() };
        let body = TxBody { memo: "hi\x1b[2K".to_owned(), ..Default::default() };
        tx::SignDoc {
            body_bytes: body.encode_to_vec(),
            auth_info_bytes: auth_info.encode_to_vec(),
            chain_id: "devnet".to_owned(),
            account_number: 7,
        }
        .encode_to_vec()
    }

    #[test]
    fn every_way_of_writing_gives_the_same_bytes() {
        let raw = document();
        let base64 = STANDARD.encode(&raw);
        let (first, second) = base64.split_at(8);
        for (content, read_as) in [
            (raw.clone(), ReadAs::Raw),
            (format!("{}\n", hex::encode(&raw)).into(), ReadAs::Hex),
            (format!("0x{}", hex::encode_upper(&raw)).into(), ReadAs::Hex),
            (format!("{first}\r\n{second}\n").into(), ReadAs::Base64),
        ] {
            let read = Bytes::read(content).unwrap();
            assert_eq!((read.as_slice(), read.read_as()), (raw.as_slice(), read_as));
        }
        assert!(Bytes::read(b"\n".to_vec()).is_err());
    }

    #[test]
    fn what_would_not_be_shown_is_refused() {
        assert_eq!(SignDoc::read(&document()).unwrap().account_number, 7);
        let field_15 = [0x7a, 1, 0];
        let appended = [document(), field_15.to_vec()].concat();
        let part = "outermost message";
        assert_eq!(SignDoc::read(&appended), Err(SignDocError::Hidden { part }));
        assert_eq!(SignDoc::read(b"hello"), Err(SignDocError::Undecodable { part }));

        let mut within = tx::SignDoc::decode(document().as_slice()).unwrap();
        within.body_bytes.extend(field_15);
        let within = SignDoc::read(&within.encode_to_vec());
        assert_eq!(within, Err(SignDocError::Hidden { part: "body" }));
    }

    #[test]
    fn another_key_is_noticed_only_where_keys_are_named() {
        let mut sign_doc = SignDoc::read(&document()).unwrap();
        assert!(!sign_doc.names_other_keys(&[2; 33]));
        let value = PubKey { key: vec![3; 33] }.encode_to_vec();
        let key = Any { type_url: PUBLIC_KEY_TYPE.to_owned(), value };
        sign_doc.auth_info.signer_infos[0].public_key = Some(key);
        assert!(sign_doc.names_other_keys(&[2; 33]));
        assert!(!sign_doc.names_other_keys(&[3; 33]));
    }
}
