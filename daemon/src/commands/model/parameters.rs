//! The economy of a new market: a preset or a file, then flags, then `--set`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use cosmwasm_std::{Decimal, Uint128};
use modelbond_curve::{Curve, CurveParams as Mathematics, Kind, U256};
use modelbond_interface::market::{Beneficiary, CurveKind, MarketParams};
use serde_json::Value;

use crate::amount;
use crate::commands::curve::CurveShape;
use crate::failure::Failure;

/// Ready-made economies.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preset {
    /// For real markets: every number has its reason in the documentation
    Recommended,
    /// The same with seconds instead of days, for trying things out
    Fast,
}

/// Options that make up a market's economy.
#[derive(Args, Debug)]
#[command(next_help_heading = "Economy")]
pub(super) struct ParameterArgs {
    /// Shape of the curve
    #[arg(long, value_enum, required_unless_present = "params")]
    kind: Option<CurveShape>,
    /// P₀: reserve base units per whole token, up to 18 decimals
    #[arg(long, value_name = "P", value_parser = amount::price_decimal, required_unless_present = "params")]
    price_scale: Option<Decimal>,
    /// Maximum supply in whole tokens
    #[arg(long, value_name = "TOKENS", value_parser = amount::tokens, required_unless_present = "params")]
    max_supply: Option<Uint128>,
    /// α: per whole token, up to 24 decimals, such as 6e-6 [default: 6 ÷ maximum supply, linear 7.6]
    #[arg(long, value_name = "A", value_parser = amount::steepness)]
    steepness: Option<Uint128>,
    /// s₀ in whole tokens [default: half of the maximum supply, linear an eighth]
    #[arg(long, value_name = "TOKENS", value_parser = amount::tokens)]
    midpoint: Option<Uint128>,
    /// S₀ in whole tokens, paid for by you now [default: a tenth of the midpoint]
    #[arg(long, value_name = "TOKENS", value_parser = amount::tokens)]
    initial_supply: Option<Uint128>,
    /// Who gets the stakeholder tokens, in bps of them; repeat until 10,000 [default: you]
    #[arg(long = "stakeholder", value_name = "ADDRESS=BPS", value_parser = stakeholder)]
    stakeholders: Vec<(String, u32)>,
    /// Everything that no option names
    #[arg(long, value_enum, default_value = "recommended", conflicts_with = "params")]
    preset: Preset,
    /// The whole economy as JSON, instead of a preset (model show --json has it as config.params)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kind", "price_scale", "max_supply"])]
    params: Option<PathBuf>,
    /// Change one number, such as fees.fee_bps=50; repeatable
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
}

impl ParameterArgs {
    /// The economy; `resolve` turns names of keys into addresses.
    pub(super) fn build(&self, resolve: impl Fn(&str) -> Result<String>) -> Result<MarketParams> {
        let mut params = self.base()?;
        if let Some(steepness) = self.steepness {
            params.curve.steepness = steepness;
        }
        if let Some(midpoint) = self.midpoint {
            params.curve.midpoint = midpoint;
            params.initial_supply = midpoint / Uint128::new(10);
        }
        if let Some(initial_supply) = self.initial_supply {
            params.initial_supply = initial_supply;
        }
        if !self.stakeholders.is_empty() {
            params.allocation.stakeholders = self
                .stakeholders
                .iter()
                .map(|(address, bps)| Ok(Beneficiary { address: resolve(address)?, bps: *bps }))
                .collect::<Result<_>>()?;
        }
        self.set.iter().try_fold(params, |params, (path, value)| set(&params, path, value))
    }

    fn base(&self) -> Result<MarketParams> {
        if let Some(path) = &self.params {
            let text = fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            return serde_json::from_str(&text).map_err(|error| {
                Failure::usage(format!("{} is no economy: {error}", path.display()))
                    .hint("take config.params of modelbond model show --json as a start")
                    .into()
            });
        }
        let missing = || Failure::usage("--kind, --price-scale and --max-supply are needed");
        let kind = match self.kind.ok_or_else(missing)? {
            CurveShape::Linear => CurveKind::Linear,
            CurveShape::Exponential => CurveKind::Exponential,
            CurveShape::Sigmoid => CurveKind::Sigmoid,
        };
        let price_scale = self.price_scale.ok_or_else(missing)?;
        let params =
            MarketParams::recommended(kind, price_scale, self.max_supply.ok_or_else(missing)?);
        Ok(match self.preset {
            Preset::Recommended => params,
            Preset::Fast => params.fast(),
        })
    }
}

/// The curve of an economy.
pub(super) fn curve(params: &MarketParams) -> Result<Curve> {
    let curve = &params.curve;
    let kind = match curve.kind {
        CurveKind::Linear => Kind::Linear,
        CurveKind::Exponential => Kind::Exponential,
        CurveKind::Sigmoid => Kind::Sigmoid,
    };
    Curve::new(Mathematics {
        kind,
        price_scale: U256::from_u128(curve.price_scale.atomics().u128()),
        steepness: curve.steepness.u128(),
        midpoint: curve.midpoint.u128(),
        max_supply: curve.max_supply.u128(),
    })
    .map_err(|error| {
        Failure::new(error.to_string())
            .hint("choose another --steepness, --midpoint or --max-supply")
            .into()
    })
}

/// Changes what is at `path`, which must exist, keeping its JSON type.
fn set(params: &MarketParams, path: &str, text: &str) -> Result<MarketParams> {
    let mut json = serde_json::to_value(params).context("economy")?;
    let mut place = &mut json;
    let mut walked = String::new();
    for key in path.split('.') {
        let keys = || match &*place {
            Value::Object(fields) => fields.keys().cloned().collect::<Vec<_>>().join(", "),
            _ => "nothing".to_owned(),
        };
        if place.get(key).is_none() {
            let within = if walked.is_empty() { "the economy".to_owned() } else { walked };
            return Err(Failure::usage(format!("--set {path}: {within} has no {key}"))
                .hint(format!("it has {}", keys()))
                .into());
        }
        walked = if walked.is_empty() { key.to_owned() } else { format!("{walked}.{key}") };
        place = place.get_mut(key).context("economy")?;
    }
    *place = match place {
        Value::String(_) => Value::String(text.to_owned()),
        _ => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
    };
    serde_json::from_value(json).map_err(|error| {
        Failure::usage(format!("--set {path}={text}: {error}"))
            .hint(
                "amounts are integers in base units, rates are integers in bps, times are seconds",
            )
            .into()
    })
}

fn assignment(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(path, value)| (path.trim().to_owned(), value.trim().to_owned()))
        .ok_or_else(|| "write PATH=VALUE, such as fees.fee_bps=50".to_owned())
}

fn stakeholder(text: &str) -> Result<(String, u32), String> {
    let problem = || "write ADDRESS=BPS, such as wasm1…=5000".to_owned();
    let (address, bps) = text.split_once('=').ok_or_else(problem)?;
    Ok((address.to_owned(), bps.parse().map_err(|_| problem())?))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::failure;

    fn params() -> MarketParams {
        MarketParams::recommended(CurveKind::Sigmoid, Decimal::one(), Uint128::new(10u128.pow(12)))
    }

    #[test]
    fn one_number_changes_and_nothing_else() {
        let mut expected = params();
        expected.fees.fee_bps = 50;
        assert_eq!(set(&params(), "fees.fee_bps", "50").unwrap(), expected);
        let mut expected = params();
        expected.initial_supply = Uint128::new(7);
        assert_eq!(set(&params(), "initial_supply", "7").unwrap(), expected);
        let mut expected = params();
        expected.curve.kind = CurveKind::Linear;
        assert_eq!(set(&params(), "curve.kind", "linear").unwrap(), expected);
    }

    #[rstest]
    #[case::unknown_group("fee.fee_bps", "50", "the economy has no fee")]
    #[case::unknown_number("fees.fee", "50", "fees has no fee")]
    #[case::below_a_number("fees.fee_bps.x", "50", "fees.fee_bps has no x")]
    #[case::wrong_type("fees.fee_bps", "half", "fees.fee_bps=half")]
    #[case::negative("fees.fee_bps", "-1", "fees.fee_bps=-1")]
    fn a_change_that_makes_no_sense_is_a_usage_error(
        #[case] path: &str,
        #[case] value: &str,
        #[case] reason: &str,
    ) {
        let error = set(&params(), path, value).unwrap_err();
        assert_eq!(failure::exit_code(&error), failure::EXIT_USAGE);
        assert!(error.to_string().contains(reason), "{error}");
    }
}
