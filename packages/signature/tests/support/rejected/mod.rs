//! Everything that is refused: one row for each kind of input, with the error it gives.

mod formats;
mod identities;
mod typed_data;
mod verdicts;

use modelbond_signature::SignatureError;

/// A kind of input and what becomes of it.
#[derive(Debug)]
pub(crate) struct Row {
    /// What is wrong with it.
    pub(crate) input: &'static str,
    /// The code it must have; in brackets where it is refused before this library reads it.
    pub(crate) code: &'static str,
    /// The code it has.
    pub(crate) actual: &'static str,
    /// The text it has.
    pub(crate) message: String,
    /// The error, where it is this library's.
    pub(crate) error: Option<SignatureError>,
}

/// A row whose error is this library's.
fn row<T>(input: &'static str, code: &'static str, outcome: Result<T, SignatureError>) -> Row {
    let Err(error) = outcome else { panic!("accepted: {input}") };
    Row { input, code, actual: error.code(), message: error.to_string(), error: Some(error) }
}

/// A row whose error is that of a reader in front of this library.
fn foreign<T, E: ToString>(input: &'static str, code: &'static str, outcome: Result<T, E>) -> Row {
    let Err(error) = outcome else { panic!("accepted: {input}") };
    Row { input, code, actual: code, message: error.to_string(), error: None }
}

/// The sections of the page, in their order.
pub(crate) fn sections() -> Vec<(&'static str, Vec<Row>)> {
    vec![
        ("Signatures of 65 and 64 bytes", formats::fixed()),
        ("Recovery ids", formats::recovery_ids()),
        ("DER", formats::der()),
        ("Keys", identities::keys()),
        ("Ethereum addresses", identities::eth_addresses()),
        ("Bech32 addresses", identities::bech32_addresses()),
        ("Typed data: document, types and domain", typed_data::types()),
        ("Typed data: values", typed_data::values()),
        ("Typed data: numbers", typed_data::numbers()),
        ("Verdicts", verdicts::verdicts()),
    ]
}
