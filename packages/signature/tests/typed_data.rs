//! Random typed data against a second implementation of EIP-712 that never reads JSON, and the
//! laws of its digest.
#![allow(missing_docs)]

#[path = "support/documents.rs"]
mod documents;

use documents::{document, shape};
use modelbond_signature::typed_data::{Document, Json};
use modelbond_signature::{keccak256, Digest, Message, TypedData};
use proptest::prelude::*;
use serde_json::Value;

fn read(document: &Value) -> Document {
    serde_json::from_value(document.clone()).unwrap()
}

fn digest(document: Document) -> Digest {
    Message::Eip712(&TypedData::new(document).unwrap()).digest()
}

/// Every object's fields in the reverse order.
fn reversed(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.reverse();
            fields.iter_mut().for_each(|(_, value)| reversed(value));
        }
        Json::List(values) => values.iter_mut().for_each(reversed),
        _ => {}
    }
}

/// Leaves of a value, to change.
fn leaves<'a>(json: &'a mut Json, found: &mut Vec<&'a mut Json>) {
    match json {
        Json::Object(fields) => fields.iter_mut().for_each(|(_, value)| leaves(value, found)),
        Json::List(values) => values.iter_mut().for_each(|value| leaves(value, found)),
        leaf => found.push(leaf),
    }
}

/// Another value of the same type.
fn change(leaf: &mut Json) {
    match leaf {
        Json::Bool(value) => *value = !*value,
        Json::Number(value) => *value ^= 1,
        Json::Text(text) if text == "0x" => text.push_str("00"),
        Json::Text(text) => match text.pop() {
            Some(digit) if !text.starts_with('s') && digit.is_ascii_hexdigit() => {
                // Even digits up, odd ones down: in range wherever the digit was.
                let value = digit.to_digit(16).unwrap() ^ 1;
                text.push(char::from_digit(value, 16).unwrap());
            }
            last => text.extend(last.into_iter().chain(['x'])),
        },
        other => panic!("no leaf: {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_document_hashes_as_eip_712_says(shape in shape(), domain in 0..32u8, seed: u64) {
        let expected = document(&shape, domain, seed);
        let typed = TypedData::new(read(&expected.document)).unwrap();
        prop_assert_eq!(typed.domain_separator(), &expected.domain_separator);
        prop_assert_eq!(typed.struct_hash(), Some(&expected.struct_hash));
        let parts = [&[0x19, 0x01][..], &expected.domain_separator, &expected.struct_hash];
        let digest = Digest::from_bytes(keccak256(parts.concat()));
        prop_assert_eq!(Message::Eip712(&typed).digest(), digest);
    }

    #[test]
    fn the_order_of_an_objects_fields_does_not_matter(shape in shape(), domain: u8, seed: u64) {
        let document = read(&document(&shape, domain % 32, seed).document);
        let mut other = document.clone();
        reversed(&mut other.message);
        reversed(&mut other.domain);
        prop_assert_eq!(digest(other), digest(document));
    }

    #[test]
    fn types_that_the_message_does_not_use_do_not_matter(shape in shape(), seed: u64) {
        let document = read(&document(&shape, 1, seed).document);
        let mut other = document.clone();
        other.types.insert("Unused", Vec::new());
        prop_assert_eq!(digest(other), digest(document));
    }

    #[test]
    fn a_changed_leaf_changes_the_digest(
        shape in shape(), domain in 1..32u8, seed: u64, at: prop::sample::Index,
    ) {
        let document = read(&document(&shape, domain, seed).document);
        let mut other = document.clone();
        let mut found = Vec::new();
        leaves(&mut other.message, &mut found);
        leaves(&mut other.domain, &mut found);
        let index = at.index(found.len());
        change(found[index]);
        prop_assert_ne!(digest(other), digest(document));
    }

    #[test]
    fn what_a_wallet_gets_hashes_the_same(shape in shape(), domain in 0..32u8, seed: u64) {
        let typed = TypedData::new(read(&document(&shape, domain, seed).document)).unwrap();
        let json = serde_json::to_string(typed.document()).unwrap();
        let again = TypedData::new(serde_json::from_str(&json).unwrap()).unwrap();
        prop_assert_eq!(again, typed);
    }

    #[test]
    fn the_encoded_type_begins_with_the_primary_type(shape in shape(), seed: u64) {
        let document = document(&shape, 0, seed).document;
        let primary = format!("{}(", document["primaryType"].as_str().unwrap());
        let typed = TypedData::new(read(&document)).unwrap();
        prop_assert!(typed.encoded_type().starts_with(&primary));
    }
}
