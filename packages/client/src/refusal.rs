//! From the chain's codes and log texts to typed errors.
//!
//! Transaction results carry (codespace, code); queries and simulations only a text, in which the
//! chain wraps the error: `failed to execute message; message index: 0: <text>: execute wasm
//! contract failed [<file>:<line>] with gas used: '<n>': unknown request`. A contract's own text
//! can contain anything, therefore its marker is looked for first, and the last one counts.

use crate::endpoint::shortened;
use crate::error::ClientError;

/// What wasmd appends to a contract's own error text, with its code in codespace `wasm`.
const CONTRACT_MARKERS: [(&str, u32); 4] = [
    (": execute wasm contract failed", 5),
    (": instantiate wasm contract failed", 4),
    (": query wasm contract failed", 9),
    (": migrate wasm contract failed", 11),
];

/// What comes before a contract's own text.
const WRAPPERS: [&str; 3] = ["dispatch: ", "submessages: ", "reply: "];

pub(crate) mod code {
    //! Codes that mean something to a client, of codespace `sdk` unless the name says otherwise.

    pub(crate) const INSUFFICIENT_FUNDS: u32 = 5;
    pub(crate) const OUT_OF_GAS: u32 = 11;
    pub(crate) const INSUFFICIENT_FEE: u32 = 13;
    pub(crate) const IN_MEMPOOL: u32 = 19;
    pub(crate) const MEMPOOL_FULL: u32 = 20;
    pub(crate) const UNKNOWN_ADDRESS: u32 = 9;
    pub(crate) const SEQUENCE: u32 = 32;
    pub(crate) const KEY_NOT_FOUND: u32 = 22;
    pub(crate) const NOT_FOUND: u32 = 38;
    /// Not found, no such contract, no such code.
    pub(crate) const WASM_ABSENT: [u32; 3] = [8, 22, 28];
}

/// The error for a non-zero `code`; `hash` if a transaction failed in a block.
pub(crate) fn refusal(codespace: &str, code: u32, log: &str, hash: Option<&str>) -> ClientError {
    let log = without_grpc(log);
    let hash = hash.map(str::to_owned);
    if let Some((message, wasm_code)) = contract_text(log) {
        return ClientError::Contract { code: wasm_code, codespace: "wasm".into(), message, hash };
    }
    let sdk = |wanted: u32, text: &str| {
        (codespace == "sdk" && code == wanted) || (hash.is_none() && log.ends_with(text))
    };
    let message = || shortened(without_index(log));
    if sdk(code::OUT_OF_GAS, ": out of gas") {
        let number = |key| number_after(log, key).unwrap_or_default();
        return ClientError::OutOfGas {
            wanted: number("gasWanted: "),
            used: number("gasUsed: "),
            hash,
        };
    }
    if sdk(code::INSUFFICIENT_FUNDS, "insufficient funds") {
        return ClientError::InsufficientFunds { message: message(), hash };
    }
    if sdk(code::INSUFFICIENT_FEE, ": insufficient fee") {
        return ClientError::InsufficientFee { message: message() };
    }
    if sdk(code::SEQUENCE, ": incorrect account sequence") {
        if let Some((expected, got)) = sequences(log) {
            return ClientError::SequenceMismatch { expected, got };
        }
    }
    let named = match codespace {
        "sdk" => [code::UNKNOWN_ADDRESS, code::KEY_NOT_FOUND, code::NOT_FOUND].contains(&code),
        "wasm" => code::WASM_ABSENT.contains(&code),
        _ => false,
    };
    let absent = ["not found", "no such contract", "no such code"];
    if named || (hash.is_none() && absent.iter().any(|text| log.contains(text))) {
        return ClientError::NotFound { what: message() };
    }
    ClientError::Chain { code, codespace: shortened(codespace), message: message(), hash }
}

/// `expected` and `got` of a sequence mismatch.
pub(crate) fn sequences(log: &str) -> Option<(u64, u64)> {
    let (_, mismatch) = log.split_once("account sequence mismatch, ")?;
    Some((number_after(mismatch, "expected ")?, number_after(mismatch, "got ")?))
}

/// Drops what gRPC and the simulation put around the error.
fn without_grpc(log: &str) -> &str {
    let log = match log.strip_prefix("rpc error: code = ") {
        Some(rest) => rest.split_once(" desc = ").map_or(rest, |(_, description)| description),
        None => log,
    };
    log.rfind(" with gas used: '").map_or(log, |end| &log[..end]).trim_end()
}

fn without_index(log: &str) -> &str {
    log.strip_prefix("failed to execute message; message index: ")
        .and_then(|rest| rest.split_once(": "))
        .filter(|(index, _)| index.bytes().all(|b| b.is_ascii_digit()))
        .map_or(log, |(_, text)| text)
}

/// A contract's own text and the code of what it refused.
fn contract_text(log: &str) -> Option<(String, u32)> {
    let (end, code) = CONTRACT_MARKERS
        .iter()
        .filter_map(|(marker, code)| Some((log.rfind(marker)?, *code)))
        .max()?;
    let mut text = without_index(&log[..end]);
    while let Some(inner) = WRAPPERS.iter().find_map(|wrapper| text.strip_prefix(wrapper)) {
        text = inner;
    }
    Some((shortened(text), code))
}

fn number_after(text: &str, key: &str) -> Option<u64> {
    let (_, rest) = text.split_once(key)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}
