//! Examples of the description. Their answers are computed, so they are what the service answers.

use serde::Serialize;
use serde_json::{json, Value};

use crate::signatures::{self, ConvertRequest, RecoverRequest, VerifyRequest};

/// Prefix of the addresses in answers: that of the chain which the examples are from.
const PREFIX: &str = "cosmos";

/// A request and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its name in the description.
    pub name: &'static str,
    /// What it shows.
    pub summary: &'static str,
    /// The request's body.
    pub request: Value,
    /// The answer's body; none if the request cannot be read.
    pub answer: Option<Value>,
}

/// The examples of a path.
pub fn of(path: &str) -> Vec<Example> {
    match path {
        "/v1/signatures/verify" => verify(),
        "/v1/signatures/recover" => recover(),
        "/v1/signatures/convert" => convert(),
        _ => vec![],
    }
}

fn verify() -> Vec<Example> {
    let example = |name, summary, message: Value, signature: &str, signer: &str| {
        let request = json!({ "message": message, "signature": signature, "signer": signer });
        let answer =
            answer(&request, |request: VerifyRequest| signatures::verify(&request, PREFIX).ok());
        Example { name, summary, request, answer }
    };
    vec![
        example("ethereum_text", "Text in an Ethereum wallet", hello(), HELLO_SIGNATURE, COW),
        example(
            "ethereum_typed_data",
            "Typed data in an Ethereum wallet (the example of EIP-712)",
            json!({ "scheme": "eip712", "typed_data": mail() }),
            MAIL_SIGNATURE,
            COW,
        ),
        example(
            "cosmos_bytes",
            "Bytes in a Cosmos wallet (ADR-036)",
            adr036(),
            KEPLR_SIGNATURE,
            KEPLR,
        ),
        example(
            "other_signer",
            "Not valid: somebody else signed",
            hello(),
            HELLO_SIGNATURE,
            KEPLR_ETH,
        ),
    ]
}

fn recover() -> Vec<Example> {
    let example = |name, summary, message: Value, signature: &str| {
        let request = json!({ "message": message, "signature": signature });
        let answer =
            answer(&request, |request: RecoverRequest| signatures::signers(&request, PREFIX).ok());
        Example { name, summary, request, answer }
    };
    vec![
        example("ethereum_text", "65 bytes: one key", hello(), HELLO_SIGNATURE),
        example(
            "cosmos_bytes",
            "64 bytes: two keys fit; one is the signer that the message names",
            adr036(),
            KEPLR_SIGNATURE,
        ),
    ]
}

fn convert() -> Vec<Example> {
    let example = |name, summary, request: Value| {
        let answer = answer(&request, |request: ConvertRequest| signatures::convert(&request).ok());
        Example { name, summary, request, answer }
    };
    vec![
        example(
            "from_ethereum",
            "65 bytes of an Ethereum wallet",
            json!({ "signature": HELLO_SIGNATURE, "from": "eth" }),
        ),
        example(
            "from_cosmos",
            "64 bytes of a Cosmos wallet; message and signer tell the recovery id",
            json!({
                "signature": KEPLR_SIGNATURE, "from": "cosmos", "message": adr036(), "signer": KEPLR,
            }),
        ),
        example(
            "normalize",
            "The low-s twin of a signature that verifiers refuse",
            json!({ "signature": HIGH_S, "from": "cosmos", "normalize": true, "recovery_id": 0 }),
        ),
    ]
}

fn answer<Q: serde::de::DeserializeOwned, A: Serialize>(
    request: &Value,
    ask: impl Fn(Q) -> Option<A>,
) -> Option<Value> {
    let request = serde_json::from_value(request.clone()).ok()?;
    serde_json::to_value(ask(request)?).ok()
}

/// Address of the key keccak256("cow"), which EIP-712 signs its example with.
const COW: &str = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
const HELLO_SIGNATURE: &str = "0xe1ffe99aa71b20a5a9bfe344aa88d410141149c2be44ab8ff3e4fa4cdc1e90dc\
    41ad65439332078f28538cd371b4bf9b216af7478cff49abda5ce04a3d603c6a1b";
const MAIL_SIGNATURE: &str = "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d\
    07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c";
/// A signature of the Keplr wallet.
const KEPLR: &str = "cosmos1m9l358xunhhwds0568za49mzhvuxx9uxre5tud";
const KEPLR_ETH: &str = "0x5B27B60B87EE3A9aa54201845B3B4b8d45AE934e";
const KEPLR_SIGNATURE: &str =
    "vb78/y129cOiWyQkeFF8wCKZsOyzjpILnpEVZ72o5YUhEOmQZzVPcbUqWPLR7aZQ20j6vnYhIuCQN0HEG3igFg==";
/// The same with high s.
const HIGH_S: &str = "bdbefcff2d76f5c3a25b242478517cc02299b0ecb38e920b9e911567bda8e585\
    deef166f98cab08e4ad5a70d2e1259addf65e22839277d5b2f9b1cc8b4bda12b";

fn hello() -> Value {
    json!({ "scheme": "eip191", "data": "hello world" })
}

fn adr036() -> Value {
    json!({ "scheme": "adr036", "signer": KEPLR, "data": KEPLR })
}

fn mail() -> Value {
    json!({
        "types": {
            "EIP712Domain": [
                { "name": "name", "type": "string" },
                { "name": "version", "type": "string" },
                { "name": "chainId", "type": "uint256" },
                { "name": "verifyingContract", "type": "address" },
            ],
            "Person": [{ "name": "name", "type": "string" }, { "name": "wallet", "type": "address" }],
            "Mail": [
                { "name": "from", "type": "Person" },
                { "name": "to", "type": "Person" },
                { "name": "contents", "type": "string" },
            ],
        },
        "primaryType": "Mail",
        "domain": {
            "name": "Ether Mail",
            "version": "1",
            "chainId": 1,
            "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
        },
        "message": {
            "from": { "name": "Cow", "wallet": COW },
            "to": { "name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
            "contents": "Hello, Bob!",
        },
    })
}
