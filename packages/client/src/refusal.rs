//! From the chain's codes and log texts to typed errors.
//!
//! Transactions and simulations carry (codespace, code) and a text, queries often only the text, in
//! which the chain wraps the error: `failed to execute message; message index: 0: <text>: execute
//! wasm contract failed`. A contract's own text can contain anything, therefore its marker is looked
//! for first, and the last one counts.

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
    let log = without_wrapping(log);
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
fn without_wrapping(log: &str) -> &str {
    let log = log.strip_prefix("failed to simulate tx: ").unwrap_or(log);
    match log.strip_prefix("rpc error: code = ") {
        Some(rest) => rest.split_once(" desc = ").map_or(rest, |(_, description)| description),
        None => log,
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    /// The texts are wasmd v0.70.3's own, from its devnet, except where a name says otherwise.
    #[rstest]
    #[case::in_a_block("failed to execute message; message index: 0: Overflow: Cannot Sub with given operands: execute wasm contract failed", 5, "Overflow: Cannot Sub with given operands")]
    #[case::simulated("failed to simulate tx: failed to execute message; message index: 12: Unauthorized: execute wasm contract failed", 5, "Unauthorized")]
    #[case::with_source_line("failed to execute message; message index: 0: Unauthorized: execute wasm contract failed [CosmWasm/wasmd@v0.70.3/x/wasm/keeper/keeper.go:422]", 5, "Unauthorized")]
    #[case::instantiate("failed to execute message; message index: 0: limits inverted: 9 > 3: instantiate wasm contract failed", 4, "limits inverted: 9 > 3")]
    #[case::migrate(
        "failed to execute message; message index: 0: too new: migrate wasm contract failed",
        11,
        "too new"
    )]
    #[case::query("no such model: query wasm contract failed: unknown request", 9, "no such model")]
    #[case::grpc_query(
        "rpc error: code = Unknown desc = no such model: query wasm contract failed",
        9,
        "no such model"
    )]
    #[case::second_contract("failed to execute message; message index: 0: dispatch: submessages: Unauthorized: execute wasm contract failed", 5, "Unauthorized")]
    #[case::third_contract("failed to execute message; message index: 0: dispatch: submessages: dispatch: submessages: no: execute wasm contract failed", 5, "no")]
    #[case::hostile_marker("failed to execute message; message index: 0: a: query wasm contract failed: b: execute wasm contract failed", 5, "a: query wasm contract failed: b")]
    #[case::same_marker_twice(
        "failed to execute message; message index: 0: a: execute wasm contract failed: b: execute wasm contract failed",
        5,
        "a: execute wasm contract failed: b"
    )]
    #[case::hostile_sequence("failed to execute message; message index: 0: account sequence mismatch, expected 9, got 1: incorrect account sequence: execute wasm contract failed", 5, "account sequence mismatch, expected 9, got 1: incorrect account sequence")]
    #[case::empty_text(
        "failed to execute message; message index: 0: : execute wasm contract failed",
        5,
        ""
    )]
    fn contract_speaks_in_its_own_words(#[case] log: &str, #[case] code: u32, #[case] text: &str) {
        // Queries come as code 6 of `sdk`, everything else as what it is.
        for (codespace, outer) in [("wasm", code), ("sdk", 6)] {
            assert_eq!(
                refusal(codespace, outer, log, Some("AB")),
                ClientError::Contract {
                    code,
                    codespace: "wasm".into(),
                    message: text.into(),
                    hash: Some("AB".into())
                }
            );
        }
    }

    #[rstest]
    #[case::out_of_gas(11, "out of gas in location: wasm contract; gasWanted: 100000, gasUsed: 115595: out of gas",
        ClientError::OutOfGas { wanted: 100_000, used: 115_595, hash: None })]
    #[case::funds(5, "failed to execute message; message index: 0: spendable balance 4stake is smaller than 9stake: insufficient funds",
        ClientError::InsufficientFunds { message: "spendable balance 4stake is smaller than 9stake: insufficient funds".into(), hash: None })]
    #[case::fee(13, "insufficient fees; got: 1stake required: 9stake: insufficient fee",
        ClientError::InsufficientFee { message: "insufficient fees; got: 1stake required: 9stake: insufficient fee".into() })]
    #[case::sequence(32, "failed to simulate tx: account sequence mismatch, expected 12, got 9: incorrect account sequence",
        ClientError::SequenceMismatch { expected: 12, got: 9 })]
    #[case::sequence_without_numbers(32, "account sequence mismatch: incorrect account sequence",
        ClientError::Chain { code: 32, codespace: "sdk".into(), message: "account sequence mismatch: incorrect account sequence".into(), hash: None })]
    #[case::no_account(22, "account wasm1x not found: key not found",
        ClientError::NotFound { what: "account wasm1x not found: key not found".into() })]
    #[case::no_contract(6, "address wasm1x: no such contract: unknown request",
        ClientError::NotFound { what: "address wasm1x: no such contract: unknown request".into() })]
    #[case::other(7, "failed to execute message; message index: 0: invalid to address: invalid address",
        ClientError::Chain { code: 7, codespace: "sdk".into(), message: "invalid to address: invalid address".into(), hash: None })]
    #[case::index_is_no_number(7, "failed to execute message; message index: x: y",
        ClientError::Chain { code: 7, codespace: "sdk".into(), message: "failed to execute message; message index: x: y".into(), hash: None })]
    fn chain_refusals_are_typed(#[case] code: u32, #[case] log: &str, #[case] error: ClientError) {
        assert_eq!(refusal("sdk", code, log, None), error);
    }

    #[test]
    fn not_found_in_the_text_of_a_failed_transaction_is_no_not_found() {
        let error = refusal("ibc", 4, "channel not found", Some("AB"));
        assert!(matches!(error, ClientError::Chain { code: 4, hash: Some(_), .. }), "{error}");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        let ClientError::Chain { message, .. } =
            refusal("x", 1, &format!("x{}", "é".repeat(5_000)), None)
        else {
            panic!()
        };
        assert_eq!(message.chars().count(), 1 + 999 + 1);
    }

    proptest! {
        #[test]
        fn no_text_panics(codespace in ".{0,8}", code in 0u32..50, log in log()) {
            let _ = refusal(&codespace, code, &log, None);
            let _ = refusal("sdk", code, &log, Some("AB"));
        }
    }

    /// Texts glued from the words this module looks for.
    fn log() -> impl Strategy<Value = String> {
        let words = [
            "failed to simulate tx: ",
            "rpc error: code = ",
            " desc = ",
            "message index: ",
            "0",
            ": ",
            "failed to execute message; message index: ",
            ": execute wasm contract failed",
            "é",
            "dispatch: ",
            "account sequence mismatch, expected ",
            ", got ",
            "99999999999999999999",
            "gasWanted: ",
            ": out of gas",
            ": incorrect account sequence",
        ];
        proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..9)
            .prop_map(|words| words.concat())
    }
}
