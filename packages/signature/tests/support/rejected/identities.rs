//! Bytes that are no key, and text that is no address.

use modelbond_signature::{
    CompressedKey, CosmosAddress, EthAddress, EthBech32, Native, SecretKey, SignatureError,
};

use super::{row, Row};

/// The generator.
const X: &str = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
const Y: &str = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
/// No point has this x; the field's prime.
const NO_X: &str = "0000000000000000000000000000000000000000000000000000000000000005";
const PRIME: &str = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";
const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

pub(super) fn keys() -> Vec<Row> {
    let key = |text: &str| Native.public_key(&hex::decode(text).unwrap());
    let compressed = |text: &str| CompressedKey::from_slice(&hex::decode(text).unwrap());
    let secret = |text: &str| SecretKey::from_bytes(hex::decode(text).unwrap().try_into().unwrap());
    vec![
        row("empty", "length", key("")),
        row("32 bytes: x alone (BIP-340)", "length", key(X)),
        row("34 bytes", "length", key(&format!("02{X}00"))),
        row("64 bytes: the first byte is missing", "length", key(&format!("{X}{Y}"))),
        row("66 bytes", "length", key(&format!("04{X}{Y}00"))),
        row("the point at infinity, 1 byte", "length", key("00")),
        row("65 bytes, hybrid, y even", "public_key", key(&format!("06{X}{Y}"))),
        row("65 bytes, hybrid, y odd", "public_key", key(&format!("07{X}{Y}"))),
        row("65 bytes, the first is 2", "public_key", key(&format!("02{X}{Y}"))),
        row("65 bytes, x and y swapped", "public_key", key(&format!("04{Y}{X}"))),
        row("65 bytes, x and y are 0", "public_key", key(&format!("04{}", "00".repeat(64)))),
        row("33 bytes, the first is 4", "public_key", key(&format!("04{X}"))),
        row("33 bytes, no point has this x", "public_key", key(&format!("02{NO_X}"))),
        row("33 bytes, x is the field's prime", "public_key", key(&format!("02{PRIME}"))),
        row("a compressed key of 32 bytes", "length", compressed(X)),
        row("a compressed key of 65 bytes", "length", compressed(&format!("04{X}{Y}"))),
        row("a compressed key that begins with 4", "public_key", compressed(&format!("04{X}"))),
        row("a compressed key that begins with 0", "public_key", compressed(&format!("00{X}"))),
        row("a private key of 0", "secret_key", secret(&"00".repeat(32))),
        row("a private key of n", "secret_key", secret(ORDER)),
        row("a private key of 2²⁵⁶ − 1", "secret_key", secret(&"ff".repeat(32))),
    ]
}

pub(super) fn eth_addresses() -> Vec<Row> {
    let read = str::parse::<EthAddress>;
    let zero = "0x0000000000000000000000000000000000000000";
    vec![
        row("empty", "hex", read("")),
        row("without 0x", "hex", read("CD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")),
        row("with 0X", "hex", read("0XCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")),
        row("a space before it", "hex", read(" 0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")),
        row("a letter beyond f", "hex", read("0xgD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")),
        row("a letter of two bytes", "hex", read("0xé2a3d9f938e13cd947ec05abc7fe734df8dd826")),
        row("0x alone", "length", read("0x")),
        row("39 digits", "hex", read("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD82")),
        row("42 digits", "length", read("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD82600")),
        row("one capital too few", "checksum", read("0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")),
        row("one digit mistyped", "checksum", read("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD827")),
        row("the zero address", "zero_address", read(zero)),
        row("the zero address, as bytes", "zero_address", EthAddress::from_bytes([0; 20])),
    ]
}

pub(super) fn bech32_addresses() -> Vec<Row> {
    let read = str::parse::<CosmosAddress>;
    let good = "cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu";
    let account: CosmosAddress = good.parse().unwrap();
    let long = "c".repeat(60);
    let long_text = format!("{long}1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5kjh89d");
    let new = |prefix: &str| CosmosAddress::new(prefix, [1; 20]);
    let capitals = good.to_uppercase();
    let mixed = good.replacen('c', "C", 1);
    let eth = |text: &str| -> Result<EthBech32, SignatureError> { text.parse() };
    vec![
        row("empty", "bech32", read("")),
        row("no 1 between prefix and data", "bech32", read("cosmosqypqxpq")),
        row("no prefix", "bech32", read("1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu")),
        row("a wrong checksum", "bech32", read("cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xq")),
        row("bech32m", "bech32", read("cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc527ujr7")),
        row("in capitals", "bech32", read(&capitals)),
        row("in mixed case", "bech32", read(&mixed)),
        row("another prefix before the same data", "bech32", read(&good.replace("cosmos", "osmo"))),
        row("a symbol that bech32 has not (b)", "bech32", read(&good.replacen('q', "b", 1))),
        row("a letter that is not ASCII", "bech32", read(&good.replacen('q', "é", 1))),
        row("an Ethereum address", "bech32", read("0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826")),
        row(
            "a symbol of padding",
            "bech32",
            read("cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5qgq9zh2"),
        ),
        row("91 characters or more", "bech32", read(&long_text)),
        row("a prefix that would make it too long", "bech32", new(&long)),
        row("an empty prefix", "bech32", new("")),
        row("a prefix of mixed case", "bech32", new("Cosmos")),
        row("a prefix with a space", "bech32", new("cos mos")),
        row("no bytes", "length", read("cosmos1550dq7")),
        row("19 bytes", "length", read("cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yycupkgje")),
        row(
            "32 bytes: a contract's address",
            "length",
            read("cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqqlvp8l"),
        ),
        row("another chain's prefix", "prefix", account.ensure_prefix("modelbond")),
        row(
            "the zero address, as an Ethereum address in bech32",
            "zero_address",
            eth("evmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3z33a4"),
        ),
        row("an Ethereum address in bech32, in capitals", "bech32", eth(&capitals)),
    ]
}
