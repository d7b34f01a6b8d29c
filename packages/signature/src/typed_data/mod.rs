//! Typed data as Ethereum wallets sign it (EIP-712, `eth_signTypedData_v4`).
//!
//! A [`Document`] is the JSON that goes to a wallet; [`TypedData`] is one that was checked and
//! hashed. Accepted is what EIP-712 defines and nothing that two readers could understand
//! differently. Refused are: unknown, missing and repeated fields, in types, domain and message;
//! a struct type with a name like an atomic one or with a `$`, which MetaMask reads otherwise;
//! numbers out of their type's range; numbers beyond 2⁵³ − 1 that are not text; `null` (EIP-712
//! has none); a message beside the domain as primary type; more than [`MOST_TYPES`] types, or names longer than
//! [`LONGEST_NAME`]; a domain type that is not the standard's, as ethers and MetaMask differ on it.
//! Recursive types are accepted, as values of arrays end them.

mod encode;
mod json;
mod number;
mod path;
mod types;

use std::fmt::{self, Display};

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use path::Path;

use crate::error::SignatureError;
use crate::hash::keccak256;

pub use json::Json;
pub use types::{Member, Types};

/// More types than any wallet shows.
pub const MOST_TYPES: usize = 64;

/// Bytes of a name or of a member's type: they are compared for every value.
pub const LONGEST_NAME: usize = 256;

/// Values within values: arrays and structs.
pub const DEEPEST: usize = 32;

const DOMAIN: &str = "EIP712Domain";

/// Members that a domain may have, in their order (EIP-712, "Definition of domainSeparator").
const DOMAIN_MEMBERS: [(&str, &str); 5] = [
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
    ("salt", "bytes32"),
];

/// Typed data as JSON carries it, unchecked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Document {
    /// Struct types by name. `EIP712Domain` may be left out; then it is what `domain` has.
    pub types: Types,
    /// The type of `message`.
    #[serde(rename = "primaryType")]
    pub primary_type: String,
    /// What the signature is bound to.
    pub domain: Json,
    /// What is signed.
    pub message: Json,
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    /// From an object, and not from the list of its values that serde would take, too.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object with types, primaryType, domain and message")
    }

    fn visit_map<A: MapAccess<'de>>(self, from: A) -> Result<Document, A::Error> {
        Document::deserialize(MapAccessDeserializer::new(from))
    }
}

/// Typed data that was checked, with its hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedData {
    document: Document,
    domain_separator: [u8; 32],
    struct_hash: Option<[u8; 32]>,
}

impl TypedData {
    /// Checks and hashes a document.
    pub fn new(mut document: Document) -> Result<Self, SignatureError> {
        match document.types.members(DOMAIN) {
            None => {
                let members = domain_members(&document.domain)?;
                document.types.insert(DOMAIN, members);
            }
            Some(members) => check_domain_type(members)?,
        }
        document.types.check()?;
        let Document { types, primary_type, domain, message } = &document;
        let mut encoder = encode::Encoder::new(types);
        let domain_separator = encoder.hash_struct(DOMAIN, domain, &Path::Root("domain"), 0)?;
        // A signature over the domain alone hashes no message.
        let struct_hash = match primary_type.as_str() {
            DOMAIN if *message != Json::Object(Vec::new()) => {
                return Err(fault("message", "it would not be signed; {} is expected"));
            }
            DOMAIN => None,
            name => Some(encoder.hash_struct(name, message, &Path::Root("message"), 0)?),
        };
        Ok(Self { document, domain_separator, struct_hash })
    }

    /// The JSON for a wallet, `EIP712Domain` included.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// hashStruct of the domain.
    #[must_use]
    pub fn domain_separator(&self) -> &[u8; 32] {
        &self.domain_separator
    }

    /// hashStruct of the message; none when the primary type is the domain itself.
    #[must_use]
    pub fn struct_hash(&self) -> Option<&[u8; 32]> {
        self.struct_hash.as_ref()
    }

    /// The primary type with the types it uses: `Mail(Person from,…)Person(…)`.
    #[must_use]
    pub fn encoded_type(&self) -> String {
        self.document.types.encode(&self.document.primary_type)
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        let message = self.struct_hash.as_ref().map_or(&[][..], |hash| hash.as_slice());
        keccak256([&[0x19, 0x01], self.domain_separator.as_slice(), message].concat())
    }
}

/// Refuses a domain type that is not EIP-712's: some readers hash it as it is given, others as the
/// standard has it.
fn check_domain_type(members: &[Member]) -> Result<(), SignatureError> {
    let mut known = DOMAIN_MEMBERS.iter();
    for Member { name, kind } in members {
        if !known.any(|member| *member == (name.as_str(), kind.as_str())) {
            let what = "a domain has name, version, chainId, verifyingContract and salt, some of \
                        them, in this order, with their types";
            return Err(fault(format_args!("types.{DOMAIN}.{name}"), what));
        }
    }
    Ok(())
}

/// The members that this domain has, in their order.
fn domain_members(domain: &Json) -> Result<Vec<Member>, SignatureError> {
    let Json::Object(fields) = domain else {
        return Err(fault("domain", "an object is expected"));
    };
    let known = |name: &str| DOMAIN_MEMBERS.iter().any(|(known, _)| *known == name);
    if let Some((name, _)) = fields.iter().find(|(name, _)| !known(name)) {
        return Err(fault(format_args!("domain.{name}"), "a domain has no such field"));
    }
    let has = |name: &str| fields.iter().any(|(field, _)| field == name);
    let members = DOMAIN_MEMBERS.iter().filter(|(name, _)| has(name));
    Ok(members.map(|(name, kind)| Member::new(name, kind)).collect())
}

fn fault(path: impl Display, what: impl Into<String>) -> SignatureError {
    SignatureError::TypedData { path: path.to_string(), what: what.into() }
}
