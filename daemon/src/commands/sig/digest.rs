//! `modelbond sig digest`.

use anyhow::Result;
use clap::Args;
use cosmwasm_std::HexBinary;
use modelbond_signature::{adr036_sign_doc, Scheme};
use serde::Serialize;

use super::message::{Given, MessageOptions};
use super::recover::signer_of_document;
use super::sign_doc::{self, ReadAs};
use super::{printable, refused, OpenSession};
use crate::failure::Failure;
use crate::output::{Output, Page, Report};

/// Options of `sig digest`.
#[derive(Args, Debug)]
#[command(after_help = "\
Nobody should be asked to sign a bare digest; this is to see where two programs differ.

Examples:
  modelbond sig digest --scheme eip191 --message 'hello world'
  modelbond sig digest --scheme eip712 --typed-data mail.json --json
  modelbond sig digest --scheme adr036 --message 'hello world' --signer wasm1…
  base64 -d tx.b64 | modelbond sig digest --scheme direct --sign-doc -")]
pub struct DigestCommand {
    /// Bech32 address or public key that is part of the message (adr036 only)
    #[arg(long, value_name = "ADDRESS|PUBLIC_KEY")]
    signer: Option<String>,
    /// Bech32 prefix for a public key [default: the network's, else wasm]
    #[arg(long)]
    prefix: Option<String>,
    #[command(flatten)]
    message: MessageOptions,
}

#[derive(Serialize)]
struct DigestReport {
    scheme: Scheme,
    /// Hash function.
    hash: &'static str,
    digest: String,
    made_from: MadeFrom,
}

#[derive(Serialize)]
#[serde(untagged)]
enum MadeFrom {
    Eip191 {
        prefix: String,
        prefix_bytes: usize,
        message_bytes: usize,
        message_hex: HexBinary,
    },
    Eip712 {
        primary_type: String,
        encoded_type: String,
        domain_separator: String,
        struct_hash: Option<String>,
    },
    Adr036 {
        signer: String,
        message_bytes: usize,
        message_hex: HexBinary,
        sign_doc: String,
    },
    Direct {
        sign_doc_bytes: usize,
        read_as: ReadAs,
        chain_id: Option<String>,
        account_number: Option<u64>,
    },
}

impl Report for DigestReport {
    fn page(&self) -> Page {
        let page = Page::new(format!("Digest of {}", self.scheme))
            .field("digest", &self.digest)
            .field("hash", self.hash)
            .heading("Made from");
        match &self.made_from {
            MadeFrom::Eip191 { prefix, prefix_bytes, message_bytes, message_hex } => page
                .field("prefix", format!("\"{}\", {prefix_bytes} bytes", printable(prefix)))
                .field("message", format!("{}, {message_bytes} bytes", shown(message_hex))),
            MadeFrom::Eip712 { primary_type, encoded_type, domain_separator, struct_hash } => page
                .field("primary type", primary_type)
                .field("encoded type", encoded_type)
                .field("domain separator", domain_separator)
                .field(
                    "struct hash",
                    struct_hash.as_deref().unwrap_or("none: the domain alone is signed"),
                ),
            MadeFrom::Adr036 { signer, message_bytes, message_hex, sign_doc } => page
                .field("signer", signer)
                .field("message", format!("{}, {message_bytes} bytes", shown(message_hex)))
                .field("sign doc", sign_doc),
            MadeFrom::Direct { sign_doc_bytes, read_as, chain_id, account_number } => page
                .field("sign doc", format!("{sign_doc_bytes} bytes, read as {}", read_as.words()))
                .field(
                    "chain id",
                    chain_id.as_deref().map_or("these bytes are not a SignDoc".into(), printable),
                )
                .field_if("account number", *account_number),
        }
    }
}

/// Runs the command.
pub(super) fn run(output: &Output, open: OpenSession<'_>, command: &DigestCommand) -> Result<()> {
    let given = command.message.read()?;
    let given_prefix = command.prefix.as_deref();
    let signer = signer_of_document(&given, command.signer.as_deref(), given_prefix)?;
    let message = match &signer {
        Some(signer) => given.by_signer(open, signer, given_prefix)?,
        None => given.by(None)?,
    };
    let read = message.read().map_err(refused)?;
    let made_from = match &given {
        Given::Eip191(bytes) => {
            let prefix = format!("\x19Ethereum Signed Message:\n{}", bytes.len());
            MadeFrom::Eip191 {
                prefix_bytes: prefix.len(),
                prefix,
                message_bytes: bytes.len(),
                message_hex: HexBinary::from(bytes.as_slice()),
            }
        }
        Given::Eip712(_) => {
            let typed_data =
                read.typed_data().ok_or_else(|| Failure::new("the typed data is missing"))?;
            MadeFrom::Eip712 {
                primary_type: typed_data.document().primary_type.clone(),
                encoded_type: typed_data.encoded_type(),
                domain_separator: hex::encode(typed_data.domain_separator()),
                struct_hash: typed_data.struct_hash().map(hex::encode),
            }
        }
        Given::Adr036(bytes) => {
            let signer = read.signer().ok_or_else(|| Failure::new("the signer is missing"))?;
            MadeFrom::Adr036 {
                signer: signer.to_string(),
                message_bytes: bytes.len(),
                message_hex: HexBinary::from(bytes.as_slice()),
                sign_doc: adr036_sign_doc(signer, bytes),
            }
        }
        Given::Direct(bytes) => {
            let decoded = sign_doc::SignDoc::read(bytes.as_slice()).ok();
            MadeFrom::Direct {
                sign_doc_bytes: bytes.as_slice().len(),
                read_as: bytes.read_as(),
                chain_id: decoded.as_ref().map(|sign_doc| sign_doc.chain_id.clone()),
                account_number: decoded.map(|sign_doc| sign_doc.account_number),
            }
        }
    };
    let scheme = given.scheme();
    let hash = match scheme {
        Scheme::Eip191 | Scheme::Eip712 => "keccak-256",
        Scheme::Adr036 | Scheme::Direct => "sha-256",
    };
    output.print(&DigestReport { scheme, hash, digest: read.digest().to_string(), made_from })
}

/// Text in quotes, other bytes in hexadecimal.
fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => format!("\"{}\"", printable(text)),
        Err(_) => format!("0x{}", hex::encode(bytes)),
    }
}
