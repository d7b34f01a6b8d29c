//! The messages on the wire: which JSON is which message. The names of fields are the fields of
//! the interface's structs, so the compiler sees that none is forgotten; a test sees that the
//! names of the variants are right.

use cw20::{EmbeddedLogo, Expiration, Logo};
use modelbond_interface::market::{
    AllocationParams, Beneficiary, CurveKind, CurveParams, EmissionParams, ExecuteMsg, FeeParams,
    FeeSplit, InstantiateMsg, Ledger, LimitParams, MarketParams, Marketing, MetricWeights, Metrics,
    MomentumParams, MultiplierParams, QueryMsg, VestingParams,
};
use serde::de::{Deserialize, Deserializer, Error};

use crate::json::{FromJson, Json, JsonError};

/// A message as an entry point gets it.
pub(crate) struct Wire<T>(pub(crate) T);

impl<'de, T: FromJson> Deserialize<'de> for Wire<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::from_json(Json::deserialize(deserializer)?).map(Self).map_err(D::Error::custom)
    }
}

/// Structs, by their fields.
macro_rules! structs {
    ($($struct:ident { $($field:ident),* })*) => {$(
        impl FromJson for $struct {
            fn from_json(json: Json) -> Result<Self, JsonError> {
                let mut fields = json.fields()?;
                let value = Self { $($field: fields.take(stringify!($field))?),* };
                fields.end()?;
                Ok(value)
            }
        }
    )*};
}

/// Enums without content, by the names of their variants.
macro_rules! names {
    ($($enum:ident { $($name:literal => $variant:ident),* })*) => {$(
        impl FromJson for $enum {
            fn from_json(json: Json) -> Result<Self, JsonError> {
                match String::from_json(json)?.as_str() {
                    $($name => Ok(Self::$variant),)*
                    _ => Err(JsonError::expected(concat!("one of" $(, " ", $name)*))),
                }
            }
        }
    )*};
}

/// Enums, by the names of their variants and what is in them: fields, or one value.
macro_rules! variants {
    ($($enum:ident { $($name:literal => $variant:ident $content:tt,)* })*) => {$(
        impl FromJson for $enum {
            fn from_json(json: Json) -> Result<Self, JsonError> {
                let (name, json) = json.variant()?;
                match name.as_str() {
                    $($name => variants!(@ json $enum $variant $content),)*
                    _ => Err(JsonError::expected("another message").within(&name)),
                }
            }
        }
    )*};
    (@ $json:ident $enum:ident $variant:ident { $($field:ident),* }) => {{
        #[allow(unused_mut)] // where there are no fields
        let mut fields = $json.fields()?;
        let value = $enum::$variant { $($field: fields.take(stringify!($field))?),* };
        fields.end()?;
        Ok(value)
    }};
    (@ $json:ident $enum:ident $variant:ident (_)) => {
        FromJson::from_json($json).map($enum::$variant)
    };
}

structs! {
    InstantiateMsg {
        name, symbol, reserve_denom, creator, metrics_source, rewards, provenance, params,
        marketing
    }
    Marketing { project, description, logo }
    MarketParams {
        curve, initial_supply, multiplier, fees, allocation, limits, momentum, vesting, emission,
        stream_secs
    }
    CurveParams { kind, price_scale, steepness, midpoint, max_supply }
    MultiplierParams {
        weights, threshold_bps, rise_bps_per_hour, fall_bps_per_hour, rebound_bps_per_hour,
        rebound_threshold_bps, max_premium_bps
    }
    MetricWeights { accuracy, adoption, improvement, growth }
    FeeParams { fee_bps, split, launch_fee_bps, launch_secs }
    FeeSplit { rewards_bps, provenance_bps, treasury_bps, reserve_bps }
    AllocationParams { reserve_bps, stakeholder_bps, stakeholders, burn_bps }
    Beneficiary { address, bps }
    LimitParams { limit_bps, window_secs, lockup_secs }
    MomentumParams { smoothing_bps, window_secs, gain_bps, buy_cap_bps, sell_cap_bps }
    VestingParams { cliff_secs, duration_secs }
    EmissionParams { epoch_secs, tokens_per_epoch }
    Metrics { accuracy, adoption, improvement, growth }
}

names! {
    CurveKind { "linear" => Linear, "exponential" => Exponential, "sigmoid" => Sigmoid }
    Ledger { "treasury" => Treasury, "provenance" => Provenance }
}

variants! {
    ExecuteMsg {
        "buy" => Buy { min_tokens_out, deadline, partial, recipient },
        "buy_exact" => BuyExact { tokens_out, deadline },
        "sell" => Sell { tokens_in, min_reserve_out, deadline, partial },
        "claim_vested" => ClaimVested {},
        "report_metrics" => ReportMetrics { metrics },
        "emit" => Emit { budget, max_tokens },
        "withdraw_ledger" => WithdrawLedger { ledger },
        "fund_reserve" => FundReserve {},
        "transfer" => Transfer { recipient, amount },
        "burn" => Burn { amount },
        "send" => Send { contract, amount, msg },
        "increase_allowance" => IncreaseAllowance { spender, amount, expires },
        "decrease_allowance" => DecreaseAllowance { spender, amount, expires },
        "transfer_from" => TransferFrom { owner, recipient, amount },
        "send_from" => SendFrom { owner, contract, amount, msg },
        "burn_from" => BurnFrom { owner, amount },
        "mint" => Mint { recipient, amount },
        "update_minter" => UpdateMinter { new_minter },
        "update_marketing" => UpdateMarketing { project, description, marketing },
        "upload_logo" => UploadLogo(_),
    }
    QueryMsg {
        "quote_buy" => QuoteBuy { amount_in, partial },
        "quote_buy_exact" => QuoteBuyExact { tokens_out },
        "quote_sell" => QuoteSell { tokens_in, partial },
        "price" => Price {},
        "curve" => Curve { points },
        "twap" => Twap { window_secs },
        "explain" => Explain { since },
        "ledgers" => Ledgers {},
        "vesting" => Vesting {},
        "locks" => Locks { address },
        "account" => Account { address },
        "epoch_stats" => EpochStats { epoch },
        "config" => Config {},
        "balance" => Balance { address },
        "token_info" => TokenInfo {},
        "minter" => Minter {},
        "allowance" => Allowance { owner, spender },
        "all_allowances" => AllAllowances { owner, start_after, limit },
        "all_spender_allowances" => AllSpenderAllowances { spender, start_after, limit },
        "all_accounts" => AllAccounts { start_after, limit },
        "marketing_info" => MarketingInfo {},
        "download_logo" => DownloadLogo {},
    }
    Expiration {
        "at_height" => AtHeight(_),
        "at_time" => AtTime(_),
        "never" => Never {},
    }
    Logo {
        "url" => Url(_),
        "embedded" => Embedded(_),
    }
    EmbeddedLogo {
        "svg" => Svg(_),
        "png" => Png(_),
    }
}
