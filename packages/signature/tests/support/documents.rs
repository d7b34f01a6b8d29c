//! Random typed data with the hash that EIP-712 gives it, computed from the values as they are
//! drawn: nothing here reads JSON, so it shares no step with the library but Keccak.

use std::collections::BTreeMap;

use modelbond_signature::keccak256;
use proptest::prelude::*;
use serde_json::{json, Value};

/// A type without names: structs get theirs from their place.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Atom(&'static str),
    Struct(Vec<Shape>),
    /// Elements, and how many if the type says so.
    List(Box<Shape>, Option<usize>),
}

const ATOMS: [&str; 12] = [
    "bool", "address", "string", "bytes", "bytes1", "bytes20", "bytes32", "uint8", "uint64",
    "uint256", "int16", "int256",
];

pub(crate) fn shape() -> impl Strategy<Value = Shape> {
    let atom = prop::sample::select(&ATOMS[..]).prop_map(Shape::Atom);
    let any = atom.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Shape::Struct),
            (inner, prop::option::of(1..4usize))
                .prop_map(|(element, count)| Shape::List(Box::new(element), count)),
        ]
    });
    prop::collection::vec(any, 1..5).prop_map(Shape::Struct)
}

/// A type with names.
#[derive(Debug)]
enum Kind {
    Atom(&'static str),
    Struct { name: String, members: Vec<(String, Kind)> },
    List(Box<Kind>, Option<usize>),
}

impl Kind {
    /// Names in an order that is not the alphabet's, so that sorting shows.
    fn new(shape: &Shape, structs: &mut usize) -> Self {
        match shape {
            Shape::Atom(kind) => Self::Atom(kind),
            Shape::Struct(members) => {
                let name = format!("{}{structs}", ["m_", "Z", "a", "B"][*structs % 4]);
                *structs += 1;
                let members = members.iter().enumerate();
                let members = members
                    .map(|(index, shape)| (format!("f{index}$"), Self::new(shape, structs)))
                    .collect();
                Self::Struct { name, members }
            }
            Shape::List(element, count) => {
                Self::List(Box::new(Self::new(element, structs)), *count)
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Atom(kind) => (*kind).to_owned(),
            Self::Struct { name, .. } => name.clone(),
            Self::List(element, None) => format!("{}[]", element.text()),
            Self::List(element, Some(count)) => format!("{}[{count}]", element.text()),
        }
    }

    /// Every struct in it: its own text in encodeType, and its members as JSON.
    fn structs(&self, found: &mut BTreeMap<String, (String, Value)>) {
        match self {
            Self::Atom(_) => {}
            Self::List(element, _) => element.structs(found),
            Self::Struct { name, members } => {
                let list: Vec<String> =
                    members.iter().map(|(name, kind)| format!("{} {name}", kind.text())).collect();
                let json: Vec<Value> = members
                    .iter()
                    .map(|(name, kind)| json!({ "name": name, "type": kind.text() }))
                    .collect();
                found.insert(name.clone(), (format!("{name}({})", list.join(",")), json!(json)));
                members.iter().for_each(|(_, kind)| kind.structs(found));
            }
        }
    }

    /// A value of this type: as JSON, and its word in encodeData.
    fn draw(&self, random: &mut Random) -> (Value, [u8; 32]) {
        match self {
            Self::Atom(kind) => atom(kind, random),
            Self::List(element, count) => {
                let count = count.unwrap_or_else(|| random.below(4));
                let drawn: Vec<_> = (0..count).map(|_| element.draw(random)).collect();
                let words: Vec<_> = drawn.iter().map(|(_, word)| *word).collect();
                let values: Vec<_> = drawn.into_iter().map(|(value, _)| value).collect();
                (json!(values), keccak256(words.concat()))
            }
            Self::Struct { name, members } => {
                let mut types = BTreeMap::new();
                self.structs(&mut types);
                let (own, _) = types.remove(name).unwrap();
                let others: String = types.values().map(|(text, _)| text.as_str()).collect();
                let mut encoded = keccak256(own + &others).to_vec();
                let mut fields = serde_json::Map::new();
                for (name, kind) in members {
                    let (value, word) = kind.draw(random);
                    encoded.extend(word);
                    fields.insert(name.clone(), value);
                }
                (Value::Object(fields), keccak256(encoded))
            }
        }
    }
}

fn atom(kind: &str, random: &mut Random) -> (Value, [u8; 32]) {
    let bytes = random.bytes();
    let mut word = [0; 32];
    match kind {
        "bool" => {
            word[31] = bytes[0] & 1;
            (json!(word[31] == 1), word)
        }
        "address" => {
            word[12..].copy_from_slice(&bytes[12..]);
            (json!(format!("0x{}", hex::encode(&bytes[12..]))), word)
        }
        "string" => {
            let text = format!("s{}", ["", "ü", "€ \"\\", "\u{0}"][random.below(4)]);
            (json!(text), keccak256(text))
        }
        "bytes" => {
            let bytes = &bytes[..random.below(33)];
            (json!(format!("0x{}", hex::encode(bytes))), keccak256(bytes))
        }
        "bytes1" | "bytes20" | "bytes32" => {
            let length: usize = kind[5..].parse().unwrap();
            word[..length].copy_from_slice(&bytes[..length]);
            (json!(format!("0x{}", hex::encode(&bytes[..length]))), word)
        }
        "uint256" => (json!(format!("0x{}", hex::encode(bytes))), bytes),
        "uint8" | "uint64" => {
            let mask = if kind == "uint8" { 0xff } else { u64::MAX };
            let number = u64::from_be_bytes(*bytes.first_chunk().unwrap()) & mask;
            word[24..].copy_from_slice(&number.to_be_bytes());
            (json!(number.to_string()), word)
        }
        "int16" | "int256" => {
            let number = i16::from_be_bytes(*bytes.first_chunk().unwrap());
            word = [if number < 0 { 0xff } else { 0 }; 32];
            word[30..].copy_from_slice(&number.to_be_bytes());
            (json!(number), word)
        }
        other => unreachable!("{other}"),
    }
}

/// Keccak in counter mode.
pub(crate) struct Random([u8; 32]);

impl Random {
    fn bytes(&mut self) -> [u8; 32] {
        self.0 = keccak256(self.0);
        keccak256([&self.0[..], b"out"].concat())
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.bytes()[0]) % limit
    }
}

/// A document and what it must hash to.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) document: Value,
    pub(crate) domain_separator: [u8; 32],
    pub(crate) struct_hash: [u8; 32],
}

/// A document of this shape, with a domain that has the members of `domain`'s bits.
pub(crate) fn document(shape: &Shape, domain: u8, seed: u64) -> Expected {
    let mut random = Random(keccak256(seed.to_be_bytes()));
    let kind = Kind::new(shape, &mut 0);
    let all = [
        ("name", "string"),
        ("version", "string"),
        ("chainId", "uint256"),
        ("verifyingContract", "address"),
        ("salt", "bytes32"),
    ];
    let members = all.iter().enumerate().filter(|(bit, _)| domain >> bit & 1 == 1);
    let members = members.map(|(_, (name, kind))| ((*name).to_owned(), Kind::Atom(kind)));
    let domain = Kind::Struct { name: "EIP712Domain".to_owned(), members: members.collect() };
    let (domain, domain_separator) = domain.draw(&mut random);
    let (message, struct_hash) = kind.draw(&mut random);
    let mut types = BTreeMap::new();
    kind.structs(&mut types);
    let types: serde_json::Map<_, _> =
        types.into_iter().map(|(name, (_, members))| (name, members)).collect();
    let document = json!({
        "types": types, "primaryType": kind.text(), "domain": domain, "message": message,
    });
    Expected { document, domain_separator, struct_hash }
}
