//! Which chain to talk to, and how patiently.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use cosmrs::proto::cosmos::base::v1beta1::Coin;
use cosmwasm_std::{Decimal, Uint128};
use serde::{Deserialize, Serialize};

use crate::error::ClientError;

/// A chain and the nodes to reach it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Chain id; every endpoint must have it.
    pub chain_id: String,
    /// RPC endpoints (`http://` or `https://`), in order of preference.
    pub rpc: Vec<String>,
    /// Bech32 prefix of accounts, such as `wasm`.
    pub prefix: String,
    /// What gas costs.
    pub gas_price: GasPrice,
}

/// Price of one unit of gas, such as `0.025stake`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GasPrice {
    /// Base units of `denom` per gas; a decimal string when serialised.
    pub amount: Decimal,
    /// Denom of the fee.
    pub denom: String,
}

impl GasPrice {
    /// The fee for `gas`, rounded up; no coin when gas is free.
    pub(crate) fn fee(&self, gas: u64) -> Vec<Coin> {
        // 2⁶⁴ gas times a price below 2⁶⁴ fits; a dearer price saturates and is refused by the chain.
        let amount = self
            .amount
            .checked_mul(Decimal::from_ratio(gas, 1u8))
            .map_or(Uint128::MAX, |fee| fee.to_uint_ceil());
        if amount.is_zero() {
            return vec![];
        }
        vec![Coin { denom: self.denom.clone(), amount: amount.to_string() }]
    }

    /// The smallest fee that makes the chain move a fee at all.
    pub(crate) fn least_fee(&self) -> Vec<Coin> {
        if self.amount.is_zero() {
            return vec![];
        }
        vec![Coin { denom: self.denom.clone(), amount: "1".into() }]
    }
}

impl FromStr for GasPrice {
    type Err = ClientError;

    fn from_str(text: &str) -> Result<Self, ClientError> {
        let invalid = || ClientError::InvalidGasPrice { text: text.to_owned() };
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(invalid)?;
        let (amount, denom) = text.split_at(split);
        let amount = Decimal::from_str(amount).map_err(|_| invalid())?;
        Ok(Self { amount, denom: denom.to_owned() })
    }
}

impl fmt::Display for GasPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

/// Patience and limits. The defaults suit a chain with blocks of 0.5 to 6 seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// From connecting to the last byte of an answer.
    pub request_timeout: Duration,
    /// An answer longer than this is refused and the next endpoint asked.
    pub max_response_bytes: usize,
    /// How often the whole list of endpoints is tried before giving up.
    pub rounds: u32,
    /// Pause before the second round, and the longest one between two looks for a hash.
    pub poll_interval: Duration,
    /// A transaction can be included in at most this many blocks after it was signed.
    pub timeout_blocks: u64,
    /// Give up waiting for a transaction after this long, without knowing what became of it.
    pub confirm_within: Duration,
    /// Simulated gas is multiplied by this.
    pub gas_margin: Decimal,
    /// No transaction asks for more gas, whatever a node's simulation says.
    pub max_gas: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(10),
            max_response_bytes: 32 << 20,
            rounds: 2,
            poll_interval: Duration::from_millis(500),
            timeout_blocks: 30,
            confirm_within: Duration::from_secs(300),
            gas_margin: Decimal::percent(130),
            max_gas: 100_000_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::rounds_up("0.025stake", 100_001, "2501")]
    #[case::exact("0.025stake", 100_000, "2500")]
    #[case::whole("1ustake", 7, "7")]
    #[case::largest_gas("10ibc/27394FB092", u64::MAX, "184467440737095516150")]
    fn fee_is_gas_times_price_rounded_up(
        #[case] price: GasPrice,
        #[case] gas: u64,
        #[case] amount: &str,
    ) {
        let fee = price.fee(gas);
        assert_eq!(fee[0].amount, amount);
        assert_eq!(fee[0].denom, price.denom);
    }

    #[rstest]
    #[case::free("0stake", 0)]
    #[case::no_gas("1stake", 1)]
    fn no_coin_for_a_fee_of_zero(#[case] price: GasPrice, #[case] coins: usize) {
        assert_eq!(price.fee(if coins == 0 { 5 } else { 0 }), vec![]);
    }

    #[rstest]
    #[case::no_denom("0.025")]
    #[case::no_amount("stake")]
    #[case::two_points("0.0.1stake")]
    #[case::empty("")]
    fn gas_price_that_does_not_parse_is_refused(#[case] text: &str) {
        assert_eq!(
            text.parse::<GasPrice>(),
            Err(ClientError::InvalidGasPrice { text: text.to_owned() })
        );
    }
}
