//! `modelbond curve`: the market's own mathematics, offline.
//!
//! It calls the very crate that the contract calls, checks the domain of the mathematics (not the
//! stricter bounds for opening a market), and rounds as the market does: costs up, payouts down.
//! Fees are not part of it.

use anyhow::{Context, Result};
use clap::{Args, Subcommand, ValueEnum};
use cosmwasm_std::{Uint128, Uint256};
use modelbond_curve::{Curve, CurveError, CurveParams, Kind, Rate, Rounding, U256};
use serde::Serialize;

use crate::amount;
use crate::decimal::{self, DecimalError, PRICE_PLACES, STEEPNESS_PLACES, TOKEN_PLACES};
use crate::failure::Failure;
use crate::format;
use crate::output::{Output, Page, Report};

/// Compute on a bonding curve, without a chain
#[derive(Subcommand, Debug)]
pub enum CurveCommand {
    /// Price, cost and proceeds at a supply
    #[command(after_help = "\
Numbers are exact: more digits than can be represented are refused, never rounded.
Costs are rounded up, proceeds and prices down, as the market does; fees are not included.

  price_before, price_after  multiplier × P(s), reserve base units per whole token, 18 decimals
  integral                   I(S) = ∫₀ˢ P at multiplier 1, reserve base units, 18 decimals
  reserve_used, change       what the tokens of --reserve-in cost, and what is left of it

Examples:
  modelbond curve eval --kind sigmoid --price-scale 100 --steepness 6e-6 --midpoint 500000 \\
      --max-supply 1000000000000 --supply 50000000000 --reserve-in 1000000 --json
  modelbond curve eval --kind linear --price-scale 0.5 --steepness 0.00001 --midpoint 0 \\
      --max-supply 1000000000000 --supply 0 --tokens-out 1000000")]
    Eval(Box<Eval>),
}

/// Shape of a curve.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CurveShape {
    /// P₀·(1 + α(s − s₀))
    Linear,
    /// P₀·e^(α(s − s₀))
    Exponential,
    /// P₀ / (1 + e^(−α(s − s₀)))
    Sigmoid,
}

impl From<CurveShape> for Kind {
    fn from(shape: CurveShape) -> Self {
        match shape {
            CurveShape::Linear => Self::Linear,
            CurveShape::Exponential => Self::Exponential,
            CurveShape::Sigmoid => Self::Sigmoid,
        }
    }
}

/// Options of `curve eval`.
#[derive(Args, Debug)]
pub struct Eval {
    /// Shape of the curve
    #[arg(long, value_enum)]
    kind: CurveShape,
    /// P₀: reserve base units per whole token, up to 18 decimals
    #[arg(long, value_name = "P", value_parser = amount::price, allow_negative_numbers = true)]
    price_scale: Uint256,
    /// α: per whole token, up to 24 decimals, such as 0.000003 or 3e-6
    #[arg(long, value_name = "A", value_parser = amount::steepness, allow_negative_numbers = true)]
    steepness: Uint128,
    /// s₀: whole tokens, up to 6 decimals
    #[arg(long, value_name = "T", value_parser = amount::tokens, allow_negative_numbers = true)]
    midpoint: Uint128,
    /// Maximum supply in base units
    #[arg(long, value_name = "N", value_parser = amount::units, allow_negative_numbers = true)]
    max_supply: Uint128,
    /// Supply before the trade, in base units
    #[arg(long, value_name = "S", value_parser = amount::units, allow_negative_numbers = true)]
    supply: Uint128,
    /// Multiplier of the price, up to 18 decimals
    #[arg(long, value_name = "M", default_value = "1", value_parser = multiplier, allow_negative_numbers = true)]
    multiplier: u64,
    /// The trade
    #[command(flatten)]
    trade: EvalTrade,
}

/// The trade to compute.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct EvalTrade {
    /// Buy for this much reserve, in base units
    #[arg(long, value_name = "X", value_parser = amount::units, allow_negative_numbers = true)]
    reserve_in: Option<Uint128>,
    /// Buy exactly these tokens, in base units
    #[arg(long, value_name = "Y", value_parser = amount::units, allow_negative_numbers = true)]
    tokens_out: Option<Uint128>,
    /// Sell these tokens, in base units
    #[arg(long, value_name = "Z", value_parser = amount::units, allow_negative_numbers = true)]
    tokens_in: Option<Uint128>,
}

/// What was asked, as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Inputs {
    kind: CurveShape,
    price_scale: String,
    steepness: String,
    midpoint: String,
    max_supply: Uint128,
    supply: Uint128,
    multiplier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserve_in: Option<Uint128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_out: Option<Uint128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_in: Option<Uint128>,
}

/// The answer of `curve eval`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Evaluation {
    inputs: Inputs,
    price_before: String,
    price_after: String,
    integral: String,
    supply_after: Uint128,
    #[serde(flatten)]
    trade: TradeResult,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum TradeResult {
    ExactIn { reserve_in: Uint128, tokens_out: Uint128, reserve_used: Uint128, change: Uint128 },
    ExactOut { tokens_out: Uint128, reserve_in: Uint128 },
    Sale { tokens_in: Uint128, reserve_out: Uint128 },
}

impl Report for Evaluation {
    fn page(&self) -> Page {
        let tokens = |units: Uint128| format::tokens(units, "tokens");
        let reserve = |amount: Uint128| format::reserve(amount, "reserve base units");
        let price = |price: &str| format!("{price} per token");
        let page = Page::new(format!("{:?} curve", self.inputs.kind))
            .field("supply before", tokens(self.inputs.supply))
            .field("supply after", tokens(self.supply_after))
            .field("price before", price(&self.price_before))
            .field("price after", price(&self.price_after));
        let page = match &self.trade {
            TradeResult::ExactIn { reserve_in, tokens_out, reserve_used, change } => page
                .field("offered", reserve(*reserve_in))
                .field("tokens out", tokens(*tokens_out))
                .field("cost", reserve(*reserve_used))
                .field("change", reserve(*change)),
            TradeResult::ExactOut { tokens_out, reserve_in } => {
                page.field("tokens out", tokens(*tokens_out)).field("cost", reserve(*reserve_in))
            }
            TradeResult::Sale { tokens_in, reserve_out } => {
                page.field("tokens in", tokens(*tokens_in)).field("proceeds", reserve(*reserve_out))
            }
        };
        page.field("integral to the supply before", &self.integral)
    }
}

/// Runs the command.
pub fn run(output: &Output, command: CurveCommand) -> Result<()> {
    match command {
        CurveCommand::Eval(eval) => output.print(&evaluate(&eval)?),
    }
}

fn evaluate(eval: &Eval) -> Result<Evaluation> {
    let curve = curve(eval).map_err(refused)?;
    let supply = eval.supply.u128();
    let max_supply = eval.max_supply.u128();
    if supply > max_supply {
        return Err(refused(CurveError::SupplyOutOfRange { supply, low: 0, high: max_supply }));
    }
    let (trade, supply_after) = trade(&curve, eval)?;
    let price = |at| bounded(|rounding| curve.price_at(at, eval.multiplier.into(), rounding));
    Ok(Evaluation {
        inputs: inputs(eval),
        price_before: price(supply)?,
        price_after: price(supply_after)?,
        integral: bounded(|rounding| curve.reserve(supply, rounding))?,
        supply_after: supply_after.into(),
        trade,
    })
}

fn curve(eval: &Eval) -> Result<Curve, CurveError> {
    Curve::new(CurveParams {
        kind: eval.kind.into(),
        price_scale: U256::from_be_bytes(eval.price_scale.to_be_bytes()),
        steepness: eval.steepness.u128(),
        midpoint: eval.midpoint.u128(),
        max_supply: eval.max_supply.u128(),
    })
}

/// The trade, and the supply after it. A trade of nothing costs and pays nothing.
fn trade(curve: &Curve, eval: &Eval) -> Result<(TradeResult, u128)> {
    let supply = eval.supply.u128();
    let rate = Rate::Multiplier(eval.multiplier);
    let cost = |to: u128| -> Result<u128> {
        if to == supply {
            return Ok(0);
        }
        let span = curve.span(supply, to).map_err(refused)?;
        curve.cost(span, &rate).map_err(refused)
    };
    let EvalTrade { reserve_in, tokens_out, tokens_in } = eval.trade;
    if let Some(offered) = reserve_in {
        let tokens = curve.tokens_for(supply, offered.u128(), &rate).map_err(refused)?;
        let after = supply.checked_add(tokens).context("supply overflows")?;
        let used = cost(after)?;
        let change =
            offered.u128().checked_sub(used).context("the cost is above what was offered")?;
        let result = TradeResult::ExactIn {
            reserve_in: offered,
            tokens_out: tokens.into(),
            reserve_used: used.into(),
            change: change.into(),
        };
        return Ok((result, after));
    }
    if let Some(tokens) = tokens_out {
        let after = supply.saturating_add(tokens.u128());
        let reserve_in = cost(after)?.into();
        return Ok((TradeResult::ExactOut { tokens_out: tokens, reserve_in }, after));
    }
    let tokens = tokens_in.unwrap_or_default();
    let after = supply.checked_sub(tokens.u128()).ok_or_else(|| {
        Failure::new(format!("cannot sell {tokens} base units out of a supply of {supply}"))
            .hint("give --tokens-in at most --supply")
    })?;
    let span = curve.span(supply, after).map_err(refused)?;
    let reserve_out =
        if after == supply { 0 } else { curve.payout(span, &rate).map_err(refused)? };
    Ok((TradeResult::Sale { tokens_in: tokens, reserve_out: reserve_out.into() }, after))
}

fn inputs(eval: &Eval) -> Inputs {
    let EvalTrade { reserve_in, tokens_out, tokens_in } = eval.trade;
    Inputs {
        kind: eval.kind,
        price_scale: decimal::format(eval.price_scale, PRICE_PLACES),
        steepness: decimal::format(eval.steepness, STEEPNESS_PLACES),
        midpoint: decimal::format(eval.midpoint, TOKEN_PLACES),
        max_supply: eval.max_supply,
        supply: eval.supply,
        multiplier: decimal::format(eval.multiplier, PRICE_PLACES),
        reserve_in,
        tokens_out,
        tokens_in,
    }
}

fn multiplier(text: &str) -> Result<u64, DecimalError> {
    let limit = || DecimalError::TooLarge { limit: decimal::format(u64::MAX, PRICE_PLACES) };
    match amount::price(text) {
        Err(DecimalError::TooLarge { .. }) => Err(limit()),
        other => other?.to_string().parse().map_err(|_| limit()),
    }
}

/// A number in 10⁻¹⁸, rounded down. The curve encloses the exact one; where both bounds are next to
/// the same integer, the exact number is that integer.
fn bounded(value: impl Fn(Rounding) -> Result<U256, CurveError>) -> Result<String> {
    let low = wide(value(Rounding::Down).map_err(refused)?);
    let exact = match value(Rounding::Up).map(wide) {
        Ok(high) if high.checked_sub(low) == Ok(Uint256::from(2u8)) => {
            low.saturating_add(Uint256::one())
        }
        _ => low,
    };
    Ok(decimal::format_full(exact, PRICE_PLACES))
}

fn wide(value: U256) -> Uint256 {
    Uint256::from_be_bytes(value.to_be_bytes())
}

/// A refusal of the curve, in its own words.
fn refused(error: CurveError) -> anyhow::Error {
    let hint = match error {
        CurveError::SupplyOutOfRange { .. } => {
            "choose a supply and an order within the maximum supply"
        }
        CurveError::Overflow { .. } => "choose a smaller price scale, multiplier or amount",
        _ => "choose parameters within these bounds",
    };
    anyhow::Error::from(Failure::new(error.to_string()).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_the_default_multiplier() {
        assert_eq!(multiplier("1"), Ok(1_000_000_000_000_000_000));
        assert_eq!(multiplier("18.446744073709551615"), Ok(u64::MAX));
        let limit = DecimalError::TooLarge { limit: "18.446744073709551615".into() };
        assert_eq!(multiplier("18.446744073709551616"), Err(limit.clone()));
        assert_eq!(multiplier("1e90"), Err(limit));
    }
}
