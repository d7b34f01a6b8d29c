//! A statement bound to a chain, a contract, a nonce and an expiry, in the form of each scheme.

use crate::address::CosmosAddress;
use crate::digest::{Digest, Message};
use crate::error::SignatureError;
use crate::hash::{keccak256, sha256};
use crate::printable::printable;
use crate::scheme::Scheme;
use crate::sign_bytes::SignBytes;
use crate::statement::{Field, Statement};
use crate::typed_data::{Document, Json, Member, TypedData, Types};

/// Name of the EIP-712 domain.
pub const DOMAIN_NAME: &str = "Modelbond";
/// Version of the EIP-712 domain.
pub const DOMAIN_VERSION: &str = "1";

/// What a signature is good for, besides its statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Chain id of the Cosmos chain.
    pub chain_id: String,
    /// Address of the contract that will check it.
    pub contract: String,
    /// chainId of the EIP-712 domain: the chain that the Ethereum wallet is connected to. The
    /// Cosmos chain is in the domain's salt.
    pub evm_chain_id: u64,
    /// Used once.
    pub nonce: u64,
    /// Seconds since 1970; the last second in which it is valid.
    pub expires_at: u64,
}

impl Binding {
    /// verifyingContract of the EIP-712 domain: the last 20 bytes of keccak256(contract), `0x…`.
    #[must_use]
    pub fn verifying_contract(&self) -> String {
        let hash = keccak256(&self.contract);
        let address: [u8; 20] = hash.last_chunk().copied().unwrap_or_default();
        format!("0x{}", hex::encode(address))
    }

    /// salt of the EIP-712 domain: sha256(chain id).
    #[must_use]
    pub fn salt(&self) -> [u8; 32] {
        sha256(&self.chain_id)
    }
}

/// A statement ready to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignRequest<S> {
    /// What is said.
    pub statement: S,
    /// Where and when it is valid.
    pub binding: Binding,
}

impl<S: Statement> SignRequest<S> {
    /// The canonical sign bytes: purpose, chain id, contract, the statement's fields, nonce, expiry.
    #[must_use]
    pub fn sign_bytes(&self) -> [u8; 32] {
        let Binding { chain_id, contract, nonce, expires_at, .. } = &self.binding;
        let mut bytes = SignBytes::new(S::PURPOSE).field(chain_id).field(contract);
        for field in self.statement.fields() {
            bytes = bytes.field(field);
        }
        bytes.field(nonce.bytes()).field(expires_at.bytes()).finish()
    }

    /// What a wallet shows and signs as text (EIP-191) or data (ADR-036): a line that says what it
    /// is, and the sign bytes in hexadecimal.
    #[must_use]
    pub fn text(&self) -> String {
        let Binding { chain_id, nonce, expires_at, .. } = &self.binding;
        format!(
            "{}\n{}",
            printable(&format!(
                "Modelbond: {} on {chain_id} (nonce {nonce}, until {expires_at})",
                self.statement.headline(),
            )),
            hex::encode(self.sign_bytes()),
        )
    }

    /// The same as typed data: the wallet shows the fields.
    pub fn typed_data(&self) -> Result<TypedData, SignatureError> {
        let Binding { evm_chain_id, nonce, expires_at, .. } = &self.binding;
        let mut members = S::members();
        members.extend([Member::new("nonce", u64::KIND), Member::new("expires_at", u64::KIND)]);
        let mut values = self.statement.values();
        values.extend([nonce.json(), expires_at.json()]);
        let names = members.iter().map(|member| member.name.clone());
        let message = Json::Object(names.zip(values).collect());
        let mut types = Types::default();
        types.insert(S::TYPE, members);
        let domain = [
            ("name", Json::text(DOMAIN_NAME)),
            ("version", Json::text(DOMAIN_VERSION)),
            ("chainId", evm_chain_id.json()),
            ("verifyingContract", Json::text(self.binding.verifying_contract())),
            ("salt", self.binding.salt().json()),
        ];
        TypedData::new(Document {
            types,
            primary_type: S::TYPE.to_owned(),
            domain: Json::Object(domain.map(|(name, value)| (name.to_owned(), value)).into()),
            message,
        })
    }

    /// The same as a `SignDoc` (SIGN_MODE_DIRECT): a transaction whose memo is the text and which
    /// has neither messages nor fee, so that no chain accepts it (ADR-020; the SDK refuses a
    /// transaction without messages).
    #[must_use]
    pub fn sign_doc(&self) -> Vec<u8> {
        const MEMO: u8 = 2;
        const BODY_BYTES: u8 = 1;
        const CHAIN_ID: u8 = 3;
        let body = length_delimited(MEMO, self.text().as_bytes());
        let chain_id = length_delimited(CHAIN_ID, self.binding.chain_id.as_bytes());
        [length_delimited(BODY_BYTES, &body), chain_id].concat()
    }

    /// What `scheme` hashes of it. `signer` is part of an ADR-036 document.
    pub fn digest(&self, scheme: Scheme, signer: &CosmosAddress) -> Result<Digest, SignatureError> {
        Ok(match scheme {
            Scheme::Eip191 => Message::Eip191(self.text().as_bytes()).digest(),
            Scheme::Eip712 => Message::Eip712(&self.typed_data()?).digest(),
            Scheme::Adr036 => Message::Adr036 { signer, data: self.text().as_bytes() }.digest(),
            Scheme::Direct => Message::Direct(&self.sign_doc()).digest(),
        })
    }

    /// Refuses what is no longer valid at `now`, seconds since 1970.
    pub fn ensure_unexpired(&self, now: u64) -> Result<(), SignatureError> {
        let expires_at = self.binding.expires_at;
        if now > expires_at {
            return Err(SignatureError::Expired { expires_at, now });
        }
        Ok(())
    }
}

/// A field of wire type 2 (protobuf): tag, length as a varint, bytes; nothing if it is empty,
/// which is how every encoder writes it.
fn length_delimited(field: u8, bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let mut encoded = vec![field << 3 | 2];
    let mut length = bytes.len();
    loop {
        let [low, ..] = length.to_le_bytes();
        length >>= 7;
        if length == 0 {
            encoded.push(low & 0x7f);
            break;
        }
        encoded.push(low | 0x80);
    }
    encoded.extend(bytes);
    encoded
}
