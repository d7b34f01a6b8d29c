//! An event log: what contracts said, in the order in which they said it.
//!
//! In a file it is JSON lines, one [`Entry`] each, in the order of the chain:
//!
//! ```json
//! {"height":7,"time":"1800000000000000000","tx":0,"contract":"wasm1…","type":"wasm-market_funded","attributes":[["funder","wasm1…"],["amount","5"]]}
//! ```
//!
//! | field | meaning |
//! |---|---|
//! | `height` | height of the block |
//! | `time` | the block's time, nanoseconds since 1970, as text |
//! | `tx` | place of the transaction in the block, from 0; failed ones are counted, and leave nothing |
//! | `contract` | who said it: the chain's own attribute `_contract_address` |
//! | `type` | `wasm`, or `wasm-` and the type of a typed event |
//! | `attributes` | pairs of key and value, in order, without those that the chain adds |

use cosmwasm_std::{Attribute, Event};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The attribute in which the chain names the contract. A contract's own keys never begin with `_`.
const CONTRACT: &str = "_contract_address";
/// The attribute in which the chain names the message.
const MESSAGE: &str = "msg_index";
/// Bytes of a line, at most; a transaction of the chain is smaller.
pub const MAX_LINE: usize = 1 << 20;

/// One event of one contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Height of the block.
    pub height: u64,
    /// The block's time, nanoseconds since 1970.
    pub time: u64,
    /// Place of the transaction in the block.
    pub tx: u32,
    /// The contract.
    pub contract: String,
    /// What it said, without the attributes that the chain adds.
    pub event: Event,
}

/// Why a line is no entry.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line}: {cause}")]
pub struct LogError {
    /// Its number, from 1.
    pub line: u64,
    /// Why.
    pub cause: LineError,
}

/// What is wrong with a line.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum LineError {
    /// Too long to be an entry.
    #[error("{bytes} bytes, at most {MAX_LINE}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not the JSON of an entry.
    #[error("not an entry: {0}")]
    Json(String),
    /// The time is no number.
    #[error("time {0:?} is not a number of nanoseconds")]
    Time(String),
    /// Not an event of a contract.
    #[error("event type {0:?}; events of contracts are `wasm` or begin with `wasm-`")]
    Type(String),
    /// No contract.
    #[error("no contract is named")]
    Contract,
}

/// An entry as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    height: u64,
    time: String,
    tx: u32,
    contract: String,
    r#type: String,
    attributes: Vec<(String, String)>,
}

impl Entry {
    /// The entry of an event of the chain; none for events of others than contracts.
    #[must_use]
    pub fn of_chain(height: u64, time: u64, tx: u32, event: &Event) -> Option<Self> {
        if !is_of_contract(&event.ty) {
            return None;
        }
        let named = event.attributes.iter().find(|attribute| attribute.key == CONTRACT)?;
        let contract = named.value.clone();
        let mut event = event.clone();
        event.attributes.retain(|a| a.key != CONTRACT && a.key != MESSAGE);
        Some(Self { height, time, tx, contract, event })
    }

    /// The line of a file, without its end.
    #[must_use]
    pub fn to_line(&self) -> String {
        let pair = |attribute: &Attribute| (attribute.key.clone(), attribute.value.clone());
        let line = Line {
            height: self.height,
            time: self.time.to_string(),
            tx: self.tx,
            contract: self.contract.clone(),
            r#type: self.event.ty.clone(),
            attributes: self.event.attributes.iter().map(pair).collect(),
        };
        // Strings and integers are always JSON.
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// The reverse.
    ///
    /// # Errors
    /// When the line is no entry.
    pub fn of_line(line: &str) -> Result<Self, LineError> {
        if line.len() > MAX_LINE {
            return Err(LineError::TooLong { bytes: line.len() });
        }
        let line: Line =
            serde_json::from_str(line).map_err(|error| LineError::Json(error.to_string()))?;
        let Line { height, time, tx, contract, r#type, attributes } = line;
        let time = time.parse().map_err(|_| LineError::Time(time))?;
        if !is_of_contract(&r#type) {
            return Err(LineError::Type(r#type));
        }
        if contract.is_empty() {
            return Err(LineError::Contract);
        }
        // Not by `Event::add_attribute`, which panics on keys that only a hostile file has.
        let mut event = Event::new(r#type);
        event.attributes =
            attributes.into_iter().map(|(key, value)| Attribute { key, value }).collect();
        Ok(Self { height, time, tx, contract, event })
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, key: &str) -> Option<&str> {
        let found = self.event.attributes.iter().find(|attribute| attribute.key == key);
        found.map(|attribute| attribute.value.as_str())
    }
}

/// Reads a file; empty lines are left out.
///
/// # Errors
/// With the number of the first line that is no entry.
pub fn parse(text: &str) -> Result<Vec<Entry>, LogError> {
    let mut entries = vec![];
    for (line, number) in text.lines().zip(1u64..) {
        if line.trim().is_empty() {
            continue;
        }
        let entry = Entry::of_line(line).map_err(|cause| LogError { line: number, cause })?;
        entries.push(entry);
    }
    Ok(entries)
}

fn is_of_contract(event_type: &str) -> bool {
    event_type == "wasm" || event_type.starts_with("wasm-")
}
