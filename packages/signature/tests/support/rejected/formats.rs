//! Bytes that are no signature.

use modelbond_signature::{RecoveryId, Scheme, Signature};

use super::{foreign, row, Row};

const ZERO: [u8; 32] = [0; 32];

/// n plus this; n itself ends in 0x41.
fn order(plus: u8) -> [u8; 32] {
    let mut order: [u8; 32] =
        hex::decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
            .unwrap()
            .try_into()
            .unwrap();
    order[31] += plus;
    order
}

fn number(value: u8) -> [u8; 32] {
    let mut bytes = ZERO;
    bytes[31] = value;
    bytes
}

fn numbers(r: [u8; 32], s: [u8; 32]) -> Result<Signature, modelbond_signature::SignatureError> {
    Signature::from_cosmos(&[r, s].concat())
}

pub(super) fn fixed() -> Vec<Row> {
    let eth = |length: usize| Signature::from_eth(&vec![1; length]);
    let cosmos = |length: usize| Signature::from_cosmos(&vec![1; length]);
    vec![
        row("Ethereum, empty", "length", eth(0)),
        row("Ethereum, 63 bytes", "length", eth(63)),
        row("Ethereum, 64 bytes: v is missing", "length", eth(64)),
        row("Ethereum, 66 bytes", "length", eth(66)),
        row("Ethereum, 1 MiB", "length", eth(1 << 20)),
        row("Cosmos, empty", "length", cosmos(0)),
        row("Cosmos, 63 bytes", "length", cosmos(63)),
        row("Cosmos, 65 bytes: an Ethereum signature", "length", cosmos(65)),
        row("Cosmos, 66 bytes", "length", cosmos(66)),
        row("Cosmos, 1 MiB", "length", cosmos(1 << 20)),
        row("r = 0", "out_of_range", numbers(ZERO, number(1))),
        row("r = n", "out_of_range", numbers(order(0), number(1))),
        row("r = n + 1", "out_of_range", numbers(order(1), number(1))),
        row("r = 2²⁵⁶ − 1", "out_of_range", numbers([0xff; 32], number(1))),
        row("s = 0", "out_of_range", numbers(number(1), ZERO)),
        row("s = n", "out_of_range", numbers(number(1), order(0))),
        row("s = n + 1", "out_of_range", numbers(number(1), order(1))),
        row("s = 2²⁵⁶ − 1", "out_of_range", numbers(number(1), [0xff; 32])),
        foreign("a scheme of another name", "(scheme)", "eip-191".parse::<Scheme>()),
    ]
}

pub(super) fn recovery_ids() -> Vec<Row> {
    let v = |v: u8| {
        let signature = [&number(1)[..], &number(1), &[v]].concat();
        Signature::from_eth(&signature)
    };
    let eip155 = RecoveryId::from_eip155;
    vec![
        row("v = 2: a third key", "recovery_byte", v(2)),
        row("v = 3: a fourth key", "recovery_byte", v(3)),
        row("v = 26", "recovery_byte", v(26)),
        row("v = 29", "recovery_byte", v(29)),
        row("v = 30", "recovery_byte", v(30)),
        row("v = 31: compressed, in Bitcoin", "recovery_byte", v(31)),
        row("v = 37: EIP-155 in a message", "recovery_byte", v(37)),
        row("v = 255", "recovery_byte", v(255)),
        row("EIP-155, v below twice the chain id", "eip155", eip155(37, 20)),
        row("EIP-155, v = 27: from before EIP-155", "eip155", eip155(27, 1)),
        row("EIP-155, v one too small", "eip155", eip155(36, 1)),
        row("EIP-155, v one too large", "eip155", eip155(39, 1)),
        row("EIP-155, another chain's v", "eip155", eip155(37, 137)),
        row("EIP-155, twice the chain id overflows", "eip155", eip155(35, 1 << 63)),
        row("EIP-155, largest v and chain id", "eip155", eip155(u64::MAX, u64::MAX)),
        row(
            "65 bytes wanted of a signature without recovery id",
            "no_recovery_id",
            numbers(number(1), number(1)).and_then(|signature| signature.to_eth()),
        ),
    ]
}

pub(super) fn der() -> Vec<Row> {
    let read = |text: &str| Signature::from_der(&hex::decode(text).unwrap());
    let wide = |first: &str, more: usize| format!("02{:02x}{first}{}", more + 1, "11".repeat(more));
    let sequence = |body: &str| read(&format!("30{:02x}{body}", body.len() / 2));
    let (one, order) = ("020101", format!("022100{}", hex::encode(order(0))));
    vec![
        row("empty", "length", read("")),
        row("7 bytes", "length", read("30050201010200")),
        row("73 bytes", "length", read(&"30".repeat(73))),
        row("1 MiB", "length", Signature::from_der(&vec![0x30; 1 << 20])),
        row("not a sequence", "der", read("3106020101020101")),
        row("a sequence's length in long form", "der", read("308106020101020101")),
        row("a sequence of indefinite length", "der", read("30800201010201010000")),
        row("a sequence longer than the input", "der", read("3007020101020101")),
        row("a sequence shorter than the input", "der", read("3005020101020101")),
        row("a byte after the sequence", "der", read("300602010102010100")),
        row("a byte after s, in the sequence", "der", sequence("02010102010100")),
        row("r is not an integer", "der", sequence("030101020101")),
        row("s is not an integer", "der", sequence("020101030101")),
        row("r's length in long form", "der", sequence("02810101020101")),
        row("s's length in long form", "der", sequence("02010102810101")),
        row("r of no bytes", "der", sequence("020002020101")),
        row("s of no bytes", "der", sequence("020201010200")),
        row("r beyond the end", "der", sequence("020901020101")),
        row("s beyond the end", "der", sequence("020101020201")),
        row("s is missing", "der", sequence("020401010101")),
        row("s ends after its tag", "der", sequence("0203010101 02".replace(' ', "").as_str())),
        row("r with a superfluous zero", "der", sequence("02020001020101")),
        row("s with a superfluous zero", "der", sequence("02010102020001")),
        row("r is negative", "der", sequence("0201ff020101")),
        row("s is negative", "der", sequence("020101020180")),
        row("r of 33 bytes without a leading zero", "der", sequence(&(wide("11", 32) + one))),
        row("s of 257 bits", "der", sequence(&(one.to_owned() + &wide("01", 32)))),
        row(
            "r of 264 bits and a zero",
            "der",
            sequence(&(wide("00", 33).replacen("11", "81", 1) + one)),
        ),
        row("r = 0", "out_of_range", sequence("020100020101")),
        row("s = 0", "out_of_range", sequence("020101020100")),
        row("r = n", "out_of_range", sequence(&(order.clone() + one))),
        row("s = n", "out_of_range", sequence(&(one.to_owned() + &order))),
    ]
}
