//! What can go wrong between a caller and a contract.

use std::fmt;

use modelbond_interface::event::EventError;
use thiserror::Error;

/// Why a query or transaction failed. `hash` is set when a transaction is in a block and failed
/// there: its fee is paid and its sequence used.
#[derive(Error, Debug, Clone, PartialEq, Eq)]
pub enum ClientError {
    /// A contract refused, in its own words.
    #[error("{message}")]
    Contract {
        /// Code of the chain's error.
        code: u32,
        /// Codespace of the code, `wasm`.
        codespace: String,
        /// The contract's error text.
        message: String,
        /// Hash of the failed transaction; none when it was refused before it was sent.
        hash: Option<String>,
    },
    /// The chain refused for another reason than those named below.
    #[error("the chain refused with {codespace} code {code}: {message}")]
    Chain {
        /// Code of the chain's error.
        code: u32,
        /// Codespace of the code.
        codespace: String,
        /// The chain's text.
        message: String,
        /// Hash of the failed transaction; none when it was refused before it was sent.
        hash: Option<String>,
    },
    /// The transaction needs more gas than it was given.
    #[error("out of gas: used {used} of {wanted}; raise the gas margin")]
    OutOfGas {
        /// Gas limit of the transaction.
        wanted: u64,
        /// Gas used when it stopped.
        used: u64,
        /// Hash of the failed transaction; none when it was refused before it was sent.
        hash: Option<String>,
    },
    /// An account cannot pay what the message or the fee asks for.
    #[error("insufficient funds: {message}; fund the account")]
    InsufficientFunds {
        /// The chain's text, with both amounts.
        message: String,
        /// Hash of the failed transaction; none when it was refused before it was sent.
        hash: Option<String>,
    },
    /// The fee is below the node's minimum.
    #[error("insufficient fee: {message}; raise the network's gas price")]
    InsufficientFee {
        /// The node's text, with both amounts.
        message: String,
    },
    /// Nothing under that name on the chain.
    #[error("not found: {what}; check the address or id and the network")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// The account's sequence moves under this signer's hands.
    #[error("account sequence is {expected}, signed with {got}; let one process use this key")]
    SequenceMismatch {
        /// What the chain expects.
        expected: u64,
        /// What was signed.
        got: u64,
    },
    /// No endpoint gave a usable answer.
    #[error("no endpoint answered ({}); check the network's RPC endpoints", Tried(tried))]
    Unreachable {
        /// Each endpoint asked, in order, and what went wrong there.
        tried: Vec<Failure>,
    },
    /// An endpoint belongs to another chain.
    #[error("{endpoint} serves chain {found}, expected {expected}; correct the network file")]
    WrongChain {
        /// The endpoint.
        endpoint: String,
        /// Chain id of the network file.
        expected: String,
        /// Chain id of the endpoint.
        found: String,
    },
    /// The transaction is in no block up to its timeout height and never will be: it may be sent
    /// again.
    #[error("transaction {hash} was not included by height {timeout_height}; send it again")]
    Timeout {
        /// Hash of the transaction.
        hash: String,
        /// Last height at which it could have been included.
        timeout_height: u64,
    },
    /// What became of the transaction could not be found out: it may be included up to its timeout
    /// height.
    #[error(
        "transaction {hash} may be included up to height {timeout_height} ({cause}); \
         look the hash up before sending it again"
    )]
    Unconfirmed {
        /// Hash of the transaction.
        hash: String,
        /// Last height at which it can be included.
        timeout_height: u64,
        /// Why nobody could tell.
        cause: String,
    },
    /// The simulation asks for more gas than the settings allow.
    #[error("needs {needed} gas, above the limit of {limit}; send fewer messages at once")]
    GasAboveLimit {
        /// Simulated gas with its margin.
        needed: u64,
        /// The limit.
        limit: u64,
    },
    /// The answer of a node is not what was asked for.
    #[error("{what} does not have the expected form: {cause}")]
    InvalidAnswer {
        /// What was asked for.
        what: String,
        /// What is wrong with it.
        cause: String,
    },
    /// An event of the right type and contract has missing or unreadable attributes.
    #[error("an event cannot be read: {0}; is this client older than the contract?")]
    Event(#[from] EventError),
    /// A message cannot be written as JSON.
    #[error("message cannot be written as json: {cause}")]
    InvalidMessage {
        /// What serde says.
        cause: String,
    },
    /// A gas price is not a decimal number followed by a denom.
    #[error("gas price {text:?} is not an amount and a denom such as 0.025stake")]
    InvalidGasPrice {
        /// The text.
        text: String,
    },
    /// The network file cannot be used.
    #[error("network {field} {value:?} cannot be used; correct the network file")]
    InvalidNetwork {
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// An address is not bech32 with the network's prefix.
    #[error("address {address:?} is not a valid account address")]
    InvalidAddress {
        /// The address.
        address: String,
    },
    /// The mnemonic, derivation index or raw key is invalid.
    #[error("key cannot be used: {cause}")]
    InvalidKey {
        /// Why, without any part of the key.
        cause: String,
    },
}

/// One endpoint that gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The endpoint, without credentials.
    pub endpoint: String,
    /// What went wrong.
    pub cause: String,
}

/// Lists failures in one line.
struct Tried<'a>(&'a [Failure]);

impl fmt::Display for Tried<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Failure { endpoint, cause }) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            write!(f, "{separator}{endpoint}: {cause}")?;
        }
        Ok(())
    }
}
