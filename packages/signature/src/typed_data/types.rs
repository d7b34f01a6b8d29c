//! Struct types and the types of their members.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Deserialize as DeriveDeserialize, Serialize};

use super::{fault, json, LONGEST_NAME, MOST_TYPES};
use crate::error::SignatureError;

/// A member of a struct type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its type: `bool`, `address`, `string`, `bytes`, `bytes1`…`bytes32`, `uint8`…`uint256`,
    /// `int8`…`int256`, the name of a struct, or one of these with `[]` or `[n]` behind it.
    #[serde(rename = "type")]
    pub kind: String,
}

impl Member {
    /// A member.
    #[must_use]
    pub fn new(name: &str, kind: &str) -> Self {
        Self { name: name.to_owned(), kind: kind.to_owned() }
    }
}

/// Struct types by name, each with its members in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Types(BTreeMap<String, Vec<Member>>);

/// What a member's type says, one step at a time: an array of something, or something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Bool,
    Address,
    Text,
    Bytes,
    /// `bytesN`, N bytes.
    FixedBytes(usize),
    /// `uintN`, N bits.
    Uint(usize),
    /// `intN`, N bits.
    Int(usize),
    Struct(&'a str),
    /// Elements, and how many there must be.
    Array(&'a str, Option<usize>),
}

impl Types {
    /// Adds a type; it replaces one of the same name.
    pub fn insert(&mut self, name: &str, members: Vec<Member>) {
        self.0.insert(name.to_owned(), members);
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn members(&self, name: &str) -> Option<&[Member]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Refuses what EIP-712 does not define, in every type, used or not.
    pub(super) fn check(&self) -> Result<(), SignatureError> {
        if self.0.len() > MOST_TYPES {
            let what = format!("{} types, at most {MOST_TYPES} are accepted", self.0.len());
            return Err(fault("types", what));
        }
        for (name, members) in &self.0 {
            if name.len() > LONGEST_NAME {
                return Err(fault("types", format!("a name of more than {LONGEST_NAME} bytes")));
            }
            let path = format_args!("types.{name}");
            // eth-sig-util, and so MetaMask, reads a type's name up to the first $.
            if !is_identifier(name) || name.contains('$') {
                return Err(fault(path, "not a name of letters, digits and _"));
            }
            if is_like_atomic(name) {
                return Err(fault(path, "a struct may not have the name of an atomic type"));
            }
            let mut seen = BTreeSet::new();
            for member in members {
                let path = format_args!("{path}.{}", member.name);
                if member.name.len().max(member.kind.len()) > LONGEST_NAME {
                    let what = format!("a name or type of more than {LONGEST_NAME} bytes");
                    return Err(fault(format_args!("types.{name}"), what));
                }
                if !is_identifier(&member.name) {
                    return Err(fault(path, "not a name of letters, digits, _ and $"));
                }
                if !seen.insert(&member.name) {
                    return Err(fault(path, "there is another member of this name"));
                }
                let mut kind = self.kind(&member.kind, path)?;
                while let Kind::Array(element, _) = kind {
                    kind = self.kind(element, path)?;
                }
            }
        }
        Ok(())
    }

    /// Reads the outermost step of a type.
    pub(super) fn kind<'a>(
        &self,
        text: &'a str,
        path: impl fmt::Display,
    ) -> Result<Kind<'a>, SignatureError> {
        if let Some((element, count)) = text.strip_suffix(']').and_then(|t| t.rsplit_once('[')) {
            let count = match count {
                "" => None,
                count => match canonical_number(count).filter(|count| *count > 0) {
                    Some(count) => Some(count),
                    None => {
                        return Err(fault(path, format!("{text} has no length that can be read")))
                    }
                },
            };
            return Ok(Kind::Array(element, count));
        }
        match atomic(text) {
            Some(kind) => Ok(kind),
            None if self.contains(text) => Ok(Kind::Struct(text)),
            None => Err(fault(path, format!("there is no type {text:?}"))),
        }
    }

    /// encodeType: the type, then the struct types it refers to, sorted by name.
    pub(super) fn encode(&self, name: &str) -> String {
        let mut referred = BTreeSet::new();
        let mut waiting = vec![name];
        while let Some(next) = waiting.pop() {
            if !self.contains(next) || !referred.insert(next) {
                continue;
            }
            let members = self.members(next).unwrap_or_default();
            waiting.extend(members.iter().map(|member| base(&member.kind)));
        }
        referred.remove(name);
        let mut text = String::with_capacity(256); // most types are shorter
        for name in std::iter::once(name).chain(referred) {
            text.push_str(name);
            text.push('(');
            for (index, member) in self.members(name).unwrap_or_default().iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&member.kind);
                text.push(' ');
                text.push_str(&member.name);
            }
            text.push(')');
        }
        text
    }
}

/// A type without its array suffixes.
fn base(kind: &str) -> &str {
    kind.split('[').next().unwrap_or(kind)
}

fn is_identifier(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'));
    starts && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$'))
}

/// Whether any reader may take a name for an atomic type: those that there are, their aliases
/// (`uint`), impossible widths (`bytes33`), and what Solidity has besides.
fn is_like_atomic(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    matches!(stem, "uint" | "int" | "bytes")
        || matches!(name, "bool" | "address" | "string" | "byte" | "function" | "fixed" | "ufixed")
}

/// Digits without a leading zero.
fn canonical_number(text: &str) -> Option<usize> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.starts_with('0') && text != "0") {
        return None;
    }
    text.parse().ok()
}

fn atomic(text: &str) -> Option<Kind<'static>> {
    let bits = |digits: &str| {
        canonical_number(digits).filter(|bits| (8..=256).contains(bits) && bits % 8 == 0)
    };
    match text {
        "bool" => Some(Kind::Bool),
        "address" => Some(Kind::Address),
        "string" => Some(Kind::Text),
        "bytes" => Some(Kind::Bytes),
        _ => None,
    }
    .or_else(|| text.strip_prefix("uint").and_then(bits).map(Kind::Uint))
    .or_else(|| text.strip_prefix("int").and_then(bits).map(Kind::Int))
    .or_else(|| {
        let length = text.strip_prefix("bytes").and_then(canonical_number);
        length.filter(|length| (1..=32).contains(length)).map(Kind::FixedBytes)
    })
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TypesVisitor)
    }
}

struct TypesVisitor;

impl<'de> Visitor<'de> for TypesVisitor {
    type Value = Types;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object of struct types")
    }

    fn visit_map<A: MapAccess<'de>>(self, from: A) -> Result<Types, A::Error> {
        let entries = json::entries::<Vec<json::Object<Member>>, A>(from)?;
        let members = |members: Vec<json::Object<Member>>| {
            members.into_iter().map(|json::Object(member)| member).collect()
        };
        Ok(Types(entries.into_iter().map(|(name, list)| (name, members(list))).collect()))
    }
}
