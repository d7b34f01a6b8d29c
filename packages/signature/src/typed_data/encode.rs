//! encodeData and hashStruct.

use std::collections::{BTreeMap, BTreeSet};

use super::number::{self, Fault};
use super::path::Path;
use super::types::{Kind, Member, Types};
use super::{fault, Json, DEEPEST};
use crate::address::eth_address_bytes;
use crate::error::SignatureError;
use crate::hash::keccak256;

/// Encodes values, and computes the hash of each type once.
pub(super) struct Encoder<'a> {
    types: &'a Types,
    type_hashes: BTreeMap<&'a str, [u8; 32]>,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(types: &'a Types) -> Self {
        Self { types, type_hashes: BTreeMap::new() }
    }

    /// keccak256(typeHash ‖ encodeData).
    pub(super) fn hash_struct(
        &mut self,
        name: &'a str,
        value: &Json,
        path: &Path<'_>,
        depth: usize,
    ) -> Result<[u8; 32], SignatureError> {
        let Some(members) = self.types.members(name) else {
            return Err(fault("primaryType", format!("there is no type {name:?}")));
        };
        let fields = match value {
            Json::Object(fields) => fields,
            other => return Err(expected(path, name, other)),
        };
        let values = values_of(name, members, fields, path)?;
        let mut encoded = Vec::with_capacity(members.len().saturating_add(1).saturating_mul(32));
        encoded.extend_from_slice(&self.type_hash(name));
        for (member, value) in members.iter().zip(values) {
            let path = Path::Member(path, &member.name);
            encoded.extend_from_slice(&self.word(&member.kind, value, &path, depth)?);
        }
        Ok(keccak256(encoded))
    }

    fn type_hash(&mut self, name: &'a str) -> [u8; 32] {
        let types = self.types;
        *self.type_hashes.entry(name).or_insert_with(|| keccak256(types.encode(name)))
    }

    /// The 32 bytes of a member.
    fn word(
        &mut self,
        kind: &'a str,
        value: &Json,
        path: &Path<'_>,
        depth: usize,
    ) -> Result<[u8; 32], SignatureError> {
        let depth = depth.saturating_add(1);
        if depth > DEEPEST {
            return Err(fault(path, format!("more than {DEEPEST} values within values")));
        }
        match (self.types.kind(kind, path)?, value) {
            (Kind::Bool, Json::Bool(value)) => Ok(padded_left(&[u8::from(*value)])),
            (Kind::Address, Json::Text(text)) => match eth_address_bytes(text) {
                Ok(bytes) => Ok(padded_left(&bytes)),
                Err(error) => Err(fault(path, error.to_string())),
            },
            (Kind::Text, Json::Text(text)) => Ok(keccak256(text)),
            (Kind::Bytes, Json::Text(text)) => Ok(keccak256(hex_bytes(text, path)?)),
            (Kind::FixedBytes(length), Json::Text(text)) => {
                let bytes = hex_bytes(text, path)?;
                if bytes.len() != length {
                    let what = format!("{kind} has {length} bytes, not {}", bytes.len());
                    return Err(fault(path, what));
                }
                Ok(padded_right(&bytes))
            }
            (Kind::Uint(bits), value) => integer(kind, value, bits, false, path),
            (Kind::Int(bits), value) => integer(kind, value, bits, true, path),
            (Kind::Struct(name), value) => self.hash_struct(name, value, path, depth),
            (Kind::Array(element, count), Json::List(values)) => {
                if let Some(count) = count.filter(|count| *count != values.len()) {
                    let what = format!("{kind} has {count} elements, not {}", values.len());
                    return Err(fault(path, what));
                }
                let mut encoded = Vec::with_capacity(values.len().saturating_mul(32));
                for (index, value) in values.iter().enumerate() {
                    let path = Path::Element(path, index);
                    encoded.extend_from_slice(&self.word(element, value, &path, depth)?);
                }
                Ok(keccak256(encoded))
            }
            (_, other) => Err(expected(path, kind, other)),
        }
    }
}

/// The value of each member, in their order.
fn values_of<'v>(
    name: &str,
    members: &[Member],
    fields: &'v [(String, Json)],
    path: &Path<'_>,
) -> Result<Vec<&'v Json>, SignatureError> {
    let same = |((field, _), member): (&(String, Json), &Member)| *field == member.name;
    // As documents are written.
    if fields.len() == members.len() && fields.iter().zip(members).all(same) {
        return Ok(fields.iter().map(|(_, value)| value).collect());
    }
    let by_name: BTreeMap<&str, &Json> =
        fields.iter().map(|(field, value)| (field.as_str(), value)).collect();
    let missing = members.iter().find(|member| !by_name.contains_key(member.name.as_str()));
    if missing.is_some() || fields.len() != members.len() {
        return Err(mismatch(name, members, fields, missing, path));
    }
    Ok(members.iter().filter_map(|member| by_name.get(member.name.as_str()).copied()).collect())
}

/// Why these fields are not the struct's members.
fn mismatch(
    name: &str,
    members: &[Member],
    fields: &[(String, Json)],
    missing: Option<&Member>,
    path: &Path<'_>,
) -> SignatureError {
    let mut unseen: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let other = fields.iter().map(|(field, _)| field.as_str()).find(|field| !unseen.remove(field));
    match (other, missing) {
        (Some(field), _) if members.iter().any(|member| member.name == field) => {
            fault(Path::Member(path, field), "it is there twice")
        }
        (Some(field), _) => {
            let what = format!("{name} has no such member, so it would not be signed");
            fault(Path::Member(path, field), what)
        }
        (None, missing) => {
            let member = missing.map_or("", |member| member.name.as_str());
            fault(Path::Member(path, member), "it is missing")
        }
    }
}

fn expected(path: &Path<'_>, kind: &str, found: &Json) -> SignatureError {
    fault(path, format!("{kind} is expected, not {}", found.kind()))
}

fn integer(
    kind: &str,
    value: &Json,
    bits: usize,
    signed: bool,
    path: &Path<'_>,
) -> Result<[u8; 32], SignatureError> {
    number::word(value, bits, signed).map_err(|error| match error {
        Fault::NotANumber if matches!(value, Json::Text(_)) => {
            fault(path, "not a number: decimal digits, or 0x and hexadecimal ones")
        }
        Fault::NotANumber => expected(path, kind, value),
        Fault::Imprecise => fault(path, "a number beyond 2^53 - 1 must be text: readers round it"),
        Fault::OutOfRange => fault(path, format!("the number does not fit into {kind}")),
    })
}

fn hex_bytes(text: &str, path: &Path<'_>) -> Result<Vec<u8>, SignatureError> {
    let digits = text.strip_prefix("0x").ok_or_else(|| fault(path, "0x is missing"))?;
    hex::decode(digits).map_err(|_| fault(path, "not hexadecimal, two digits a byte"))
}

fn padded_left(bytes: &[u8]) -> [u8; 32] {
    let mut word = [0; 32];
    for (to, from) in word.iter_mut().rev().zip(bytes.iter().rev()) {
        *to = *from;
    }
    word
}

fn padded_right(bytes: &[u8]) -> [u8; 32] {
    let mut word = [0; 32];
    for (to, from) in word.iter_mut().zip(bytes) {
        *to = *from;
    }
    word
}
