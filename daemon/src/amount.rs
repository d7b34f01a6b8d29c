//! Amounts on the command line: whole tokens or base units, coins with or without their denom.

use anyhow::Result;
use clap::Args;
use cosmwasm_std::{Coin, Decimal, Uint128, Uint256};

use crate::decimal::{self, DecimalError, PRICE_PLACES, STEEPNESS_PLACES, TOKEN_PLACES};
use crate::failure::Failure;

/// A token amount, in whole tokens or in base units.
#[derive(Args, Debug, Clone, Copy)]
#[group(required = true, multiple = false)]
pub struct TokenAmount {
    /// Amount in whole tokens, up to 6 decimals
    #[arg(long, value_name = "TOKENS", value_parser = tokens)]
    tokens: Option<Uint128>,
    /// Amount in base units (millionths of a token)
    #[arg(long, value_name = "UNITS", value_parser = units)]
    units: Option<Uint128>,
}

impl TokenAmount {
    /// In base units.
    pub fn units(&self) -> Uint128 {
        self.tokens.or(self.units).unwrap_or_default()
    }
}

/// A reserve amount in base units: `1000000` or `1000000stake`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReserveAmount {
    amount: Uint128,
    denom: Option<String>,
}

impl ReserveAmount {
    /// The coin, refused when another denom than `denom` was written.
    pub fn coin(&self, denom: &str) -> Result<Coin> {
        if let Some(given) = self.denom.as_deref().filter(|given| *given != denom) {
            return Err(Failure::usage(format!(
                "the market's reserve is in {denom}, not in {given}"
            ))
            .hint(format!("write the amount in base units of {denom}, e.g. {}{denom}", self.amount))
            .into());
        }
        Ok(Coin::new(self.amount, denom))
    }
}

/// Reads whole tokens as base units.
pub fn tokens(text: &str) -> Result<Uint128, DecimalError> {
    decimal::parse_u128(text, TOKEN_PLACES)
}

/// Reads base units.
pub fn units(text: &str) -> Result<Uint128, DecimalError> {
    decimal::parse_u128(text, 0)
}

/// Reads a steepness as a count of 10⁻²⁴ per whole token.
pub fn steepness(text: &str) -> Result<Uint128, DecimalError> {
    decimal::parse_u128(text, STEEPNESS_PLACES)
}

/// Reads a price or a multiplier as a count of 10⁻¹⁸.
pub fn price(text: &str) -> Result<Uint256, DecimalError> {
    decimal::parse(text, PRICE_PLACES)
}

/// Reads a price as the chain's decimal type.
pub fn price_decimal(text: &str) -> Result<Decimal, DecimalError> {
    decimal::parse_u128(text, PRICE_PLACES).map(Decimal::new)
}

/// Reads a reserve amount.
pub fn reserve(text: &str) -> Result<ReserveAmount, DecimalError> {
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (amount, denom) = text.split_at(digits);
    Ok(ReserveAmount {
        amount: units(amount)?,
        denom: Some(denom.to_owned()).filter(|denom| !denom.is_empty()),
    })
}

/// Reads a coin: `1000000stake`.
pub fn coin(text: &str) -> Result<Coin, String> {
    let read = reserve(text).map_err(|error| error.to_string())?;
    let denom = read.denom.ok_or_else(|| format!("write the denom, too: {text}DENOM"))?;
    Ok(Coin::new(read.amount, denom))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure;

    #[test]
    fn a_reserve_amount_is_in_the_markets_denom() {
        assert_eq!(reserve("7").unwrap().coin("stake").unwrap(), Coin::new(7u128, "stake"));
        let ibc = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";
        let amount = reserve(&format!("7{ibc}")).unwrap();
        assert_eq!(amount.coin(ibc).unwrap(), Coin::new(7u128, ibc));
        let error = amount.coin("stake").unwrap_err();
        assert_eq!(failure::exit_code(&error), failure::EXIT_USAGE);
        assert_eq!(reserve("stake"), Err(DecimalError::NotANumber));
        assert!(matches!(reserve("1.5stake"), Err(DecimalError::TooManyDecimals { .. })));
    }
}
