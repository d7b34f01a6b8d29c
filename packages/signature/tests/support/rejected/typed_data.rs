//! Typed data that EIP-712 does not define, or that two readers understand differently.

use modelbond_signature::typed_data::{Document, Json, Member, Types, DEEPEST, MOST_TYPES};
use modelbond_signature::{SignatureError, TypedData};
use serde_json::{json, Value};

use super::{foreign, row, Row};

fn checked(document: Value) -> Result<TypedData, SignatureError> {
    TypedData::new(serde_json::from_value::<Document>(document).unwrap())
}

/// A message of these types with the primary type `N`.
fn message(types: Value, message: Value) -> Result<TypedData, SignatureError> {
    let domain = json!({ "name": "x" });
    checked(json!({ "types": types, "primaryType": "N", "domain": domain, "message": message }))
}

/// A message with one member, `a`.
fn value(kind: &str, value: Value) -> Result<TypedData, SignatureError> {
    message(json!({ "N": [{ "name": "a", "type": kind }] }), json!({ "a": value }))
}

/// A message without members beside another type of this name.
fn beside(name: &str, members: Value) -> Result<TypedData, SignatureError> {
    message(json!({ "N": [], name: members }), json!({}))
}

fn domain(domain: Value) -> Result<TypedData, SignatureError> {
    let types = json!({ "N": [] });
    checked(json!({ "types": types, "primaryType": "N", "domain": domain, "message": {} }))
}

fn text(text: &str) -> Result<Document, serde_json::Error> {
    serde_json::from_str(text)
}

fn member(name: &str, kind: &str) -> Value {
    json!({ "name": name, "type": kind })
}

pub(super) fn types() -> Vec<Row> {
    let many: serde_json::Map<String, Value> =
        (0..=MOST_TYPES).map(|index| (format!("T{index}"), json!([]))).collect();
    let primary = json!({ "types": {}, "primaryType": "N", "domain": {}, "message": {} });
    let domain_alone = json!({
        "types": {}, "primaryType": "EIP712Domain", "domain": {}, "message": { "to": "Bob" },
    });
    vec![
        foreign(
            "an unknown field of the document",
            "(json)",
            text(r#"{"types":{},"primaryType":"N","domain":{},"message":{},"more":1}"#),
        ),
        foreign("a missing field of the document", "(json)", text(r#"{"types":{},"domain":{}}"#)),
        foreign(
            "a type that is there twice",
            "(json)",
            text(r#"{"types":{"N":[],"N":[]},"primaryType":"N","domain":{},"message":{}}"#),
        ),
        foreign(
            "a member with an unknown field",
            "(json)",
            text(r#"{"types":{"N":[{"name":"a","type":"bool","more":1}]},"primaryType":"N"}"#),
        ),
        row("a primary type that is not there", "typed_data", checked(primary)),
        row("a message beside the domain as primary type", "typed_data", checked(domain_alone)),
        row("more types than any wallet shows", "typed_data", message(json!(many), json!({}))),
        row(
            "a domain type out of order",
            "typed_data",
            beside("EIP712Domain", json!([member("version", "string"), member("name", "string")])),
        ),
        row(
            "a domain type with another member",
            "typed_data",
            beside("EIP712Domain", json!([member("name", "string"), member("foo", "string")])),
        ),
        row(
            "a domain type with another type of a member",
            "typed_data",
            beside("EIP712Domain", json!([member("chainId", "uint64")])),
        ),
        row(
            "a type's name of more than 256 bytes",
            "typed_data",
            beside(&"A".repeat(257), json!([])),
        ),
        row(
            "a member's name of more than 256 bytes",
            "typed_data",
            beside("A", json!([member(&"a".repeat(257), "bool")])),
        ),
        row(
            "a member's type of more than 256 bytes",
            "typed_data",
            beside("A", json!([member("a", &format!("bool{}", "[]".repeat(127)))])),
        ),
        row("a type's name is empty", "typed_data", beside("", json!([]))),
        row("a type's name begins with a digit", "typed_data", beside("1A", json!([]))),
        row("a type's name with a bracket", "typed_data", beside("A(", json!([]))),
        row("a type's name with a dollar", "typed_data", beside("A$B", json!([]))),
        row("a type's name that is not ASCII", "typed_data", beside("Ä", json!([]))),
        row("a struct called as an atomic type", "typed_data", beside("uint8", json!([]))),
        row("a struct called as an alias", "typed_data", beside("uint", json!([]))),
        row("a struct called as an impossible width", "typed_data", beside("bytes33", json!([]))),
        row("a struct called address", "typed_data", beside("address", json!([]))),
        row("a struct called function", "typed_data", beside("function", json!([]))),
        row("a member's name is empty", "typed_data", beside("A", json!([member("", "bool")]))),
        row(
            "a member's name with a comma",
            "typed_data",
            beside("A", json!([member("a,b", "bool")])),
        ),
        row(
            "two members of one name",
            "typed_data",
            beside("A", json!([member("a", "bool"), member("a", "uint8")])),
        ),
        row("a type that is not there", "typed_data", beside("A", json!([member("a", "B")]))),
        row("a type's name in capitals", "typed_data", beside("A", json!([member("a", "Bool")]))),
        row("a type with a space", "typed_data", beside("A", json!([member("a", "uint8 ")]))),
        row("an alias of a type", "typed_data", beside("A", json!([member("a", "uint")]))),
        row("a width of 0 bits", "typed_data", beside("A", json!([member("a", "uint0")]))),
        row("a width of 7 bits", "typed_data", beside("A", json!([member("a", "int7")]))),
        row("a width of 264 bits", "typed_data", beside("A", json!([member("a", "uint264")]))),
        row(
            "a width with a zero before it",
            "typed_data",
            beside("A", json!([member("a", "uint08")])),
        ),
        row("bytes0", "typed_data", beside("A", json!([member("a", "bytes0")]))),
        row("bytes33", "typed_data", beside("A", json!([member("a", "bytes33")]))),
        row("an array of 0 elements", "typed_data", beside("A", json!([member("a", "bool[0]")]))),
        row(
            "an array's length with a zero",
            "typed_data",
            beside("A", json!([member("a", "bool[02]")])),
        ),
        row(
            "an array's length is negative",
            "typed_data",
            beside("A", json!([member("a", "bool[-1]")])),
        ),
        row(
            "an array's length beyond all memory",
            "typed_data",
            beside("A", json!([member("a", "bool[99999999999999999999]")])),
        ),
        row("an array of nothing", "typed_data", beside("A", json!([member("a", "[]")]))),
        row("an unknown field of the domain", "typed_data", domain(json!({ "chainID": 1 }))),
        row("the domain is not an object", "typed_data", domain(json!([]))),
        row("the domain's name is a number", "typed_data", domain(json!({ "name": 1 }))),
        row("the domain's chain id is negative", "typed_data", domain(json!({ "chainId": -1 }))),
        row("the domain's salt is short", "typed_data", domain(json!({ "salt": "0x00" }))),
        row(
            "the domain lacks a field of its type",
            "typed_data",
            message(json!({ "N": [], "EIP712Domain": [member("version", "string")] }), json!({})),
        ),
    ]
}

/// What no reader of JSON returns.
fn twice() -> Result<TypedData, SignatureError> {
    let mut types = Types::default();
    types.insert("N", vec![Member::new("a", "bool")]);
    let field = ("a".to_owned(), Json::Bool(true));
    TypedData::new(Document {
        types,
        primary_type: "N".to_owned(),
        domain: Json::Object(Vec::new()),
        message: Json::Object(vec![field.clone(), field]),
    })
}

pub(super) fn values() -> Vec<Row> {
    let one = json!({ "N": [member("a", "bool")] });
    let nested = json!({ "N": [member("m", "M")], "M": [member("a", "bool")] });
    let kids = json!({ "N": [member("kids", "N[]")] });
    let deep = (0..DEEPEST).fold(json!([]), |deeper, _| json!([{ "kids": deeper }]));
    let address = "0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
    vec![
        foreign("a field that is there twice", "(json)", text(r#"{"message":{"a":1,"a":2}}"#)),
        foreign("half of a surrogate pair", "(json)", text(r#"{"message":"\ud800"}"#)),
        row("a field that is there twice, not from JSON", "typed_data", twice()),
        row("a missing field", "typed_data", message(one.clone(), json!({}))),
        row(
            "an unknown field: it would not be signed",
            "typed_data",
            message(one.clone(), json!({ "a": true, "b": 1 })),
        ),
        row("a missing field within", "typed_data", message(nested.clone(), json!({ "m": {} }))),
        row(
            "an unknown field within",
            "typed_data",
            message(nested.clone(), json!({ "m": { "a": true, "b": 1 } })),
        ),
        row("null for a struct", "typed_data", message(nested.clone(), json!({ "m": null }))),
        row("a list for a struct", "typed_data", message(nested, json!({ "m": [] }))),
        row("the message is text", "typed_data", message(one.clone(), json!("a"))),
        row("the message is null", "typed_data", message(one, json!(null))),
        row("null for a number", "typed_data", value("uint8", json!(null))),
        row("null for text", "typed_data", value("string", json!(null))),
        row("a number for a bool", "typed_data", value("bool", json!(1))),
        row("text for a bool", "typed_data", value("bool", json!("true"))),
        row("a number for text", "typed_data", value("string", json!(1))),
        row("a number for an address", "typed_data", value("address", json!(1))),
        row("an address without 0x", "typed_data", value("address", json!(&address[2..]))),
        row("an address with a wrong checksum", "typed_data", value("address", json!(address))),
        row("an address of 19 bytes", "typed_data", value("address", json!(&address[..40]))),
        row("bytes without 0x", "typed_data", value("bytes", json!("00"))),
        row("bytes of an odd number of digits", "typed_data", value("bytes", json!("0x000"))),
        row("bytes that are not hexadecimal", "typed_data", value("bytes", json!("0xzz"))),
        row("bytes as a list of numbers", "typed_data", value("bytes", json!([0, 1]))),
        row("bytes4 of 3 bytes", "typed_data", value("bytes4", json!("0x010203"))),
        row("bytes4 of 5 bytes", "typed_data", value("bytes4", json!("0x0102030405"))),
        row(
            "bytes32 of 33 bytes",
            "typed_data",
            value("bytes32", json!(format!("0x{}", "00".repeat(33)))),
        ),
        row("bytes32 as text", "typed_data", value("bytes32", json!("hello"))),
        row("an array one too short", "typed_data", value("bool[2]", json!([true]))),
        row("an array one too long", "typed_data", value("bool[2]", json!([true, true, true]))),
        row(
            "an array within, too long",
            "typed_data",
            value("bool[1][]", json!([[true], [true, true]])),
        ),
        row("a value for an array", "typed_data", value("bool[]", json!(true))),
        row("an object for an array", "typed_data", value("bool[]", json!({ "0": true }))),
        row("an element of another type", "typed_data", value("bool[]", json!([true, 1]))),
        row("values too deep within values", "typed_data", message(kids, json!({ "kids": deep }))),
    ]
}

/// 2^bits, decimal.
fn power(bits: usize) -> String {
    let mut digits = vec![1u8];
    for _ in 0..bits {
        let mut carry = 0;
        for digit in digits.iter_mut().rev() {
            let doubled = *digit * 2 + carry;
            *digit = doubled % 10;
            carry = doubled / 10;
        }
        if carry > 0 {
            digits.insert(0, carry);
        }
    }
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// −2^bits − 1, hexadecimal.
fn below_minus_power(bits: usize) -> String {
    format!("-0x{}1", format!("{:x}", 1 << (bits % 4)) + &"0".repeat(bits / 4 - 1))
}

pub(super) fn numbers() -> Vec<Row> {
    let mut rows = vec![
        foreign("a fraction", "(json)", text(r#"{"message":1.5}"#)),
        foreign("a whole number with a point", "(json)", text(r#"{"message":1.0}"#)),
        foreign("a number with an exponent", "(json)", text(r#"{"message":1e3}"#)),
        foreign(
            "a JSON number beyond 64 bits",
            "(json)",
            text(r#"{"message":18446744073709551616}"#),
        ),
        row("a JSON number beyond 2⁵³ − 1", "typed_data", value("uint64", json!(1u64 << 53))),
        row("a JSON number below −2⁵³ + 1", "typed_data", value("int64", json!(-(1i64 << 53)))),
        row("no digits", "typed_data", value("uint8", json!(""))),
        row("0x without digits", "typed_data", value("uint8", json!("0x"))),
        row("a sign without digits", "typed_data", value("int8", json!("-"))),
        row("two signs", "typed_data", value("int8", json!("--1"))),
        row("a plus sign", "typed_data", value("uint8", json!("+1"))),
        row("a space", "typed_data", value("uint8", json!(" 1"))),
        row("an underscore", "typed_data", value("uint8", json!("1_0"))),
        row("a point", "typed_data", value("uint8", json!("1.0"))),
        row("digits that are not ASCII", "typed_data", value("uint8", json!("١"))),
        row("hexadecimal digits without 0x", "typed_data", value("uint8", json!("ff"))),
        row("true for a number", "typed_data", value("uint8", json!(true))),
        row("−1 for an unsigned number", "typed_data", value("uint8", json!(-1))),
        row("−1 for an unsigned number, as text", "typed_data", value("uint256", json!("-1"))),
        row("128 for int8", "typed_data", value("int8", json!(128))),
        row("−129 for int8", "typed_data", value("int8", json!(-129))),
        row("2²⁵⁶ for int256", "typed_data", value("int256", json!(power(256)))),
        row("2²⁵⁵ for int256", "typed_data", value("int256", json!(power(255)))),
        row("−2²⁵⁵ − 1 for int256", "typed_data", value("int256", json!(below_minus_power(255)))),
        row("−2¹²⁷ − 1 for int128", "typed_data", value("int128", json!(below_minus_power(127)))),
        row("a thousand digits", "typed_data", value("uint256", json!("9".repeat(1_000)))),
    ];
    // Every width, one beyond what fits.
    for (input, bits) in [
        ("2⁸ for uint8", 8),
        ("2¹⁶ for uint16", 16),
        ("2²⁴ for uint24", 24),
        ("2³² for uint32", 32),
        ("2⁶⁴ for uint64", 64),
        ("2¹²⁸ for uint128", 128),
        ("2²⁴⁸ for uint248", 248),
        ("2²⁵⁶ for uint256", 256),
    ] {
        rows.push(row(input, "typed_data", value(&format!("uint{bits}"), json!(power(bits)))));
    }
    rows
}
