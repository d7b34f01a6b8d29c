//! Reading a large field in a function of its own. The optimiser of contracts joins what has one caller
//! into it, and the chain refuses functions with more than 100 locals; a call through a pointer that it
//! does not know stays one.

use std::hint::black_box;

use cosmwasm_schema::serde::{Deserialize, Deserializer};

/// For `#[serde(deserialize_with)]`.
pub(crate) fn read<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let read: fn(D) -> Result<T, D::Error> = T::deserialize;
    black_box(read)(deserializer)
}
