//! The messages on the wire: which JSON is which message. The names of fields are the fields of
//! the interface's structs, so the compiler sees that none is forgotten; a test sees that the
//! names of the variants are right.

use cosmwasm_std::Binary;
use cw20::{EmbeddedLogo, Expiration, Logo};
use modelbond_interface::market::{
    CurveKind, ExecuteMsg, InstantiateMsg, Ledger, Marketing, Metrics, QueryMsg,
};
use serde::de::{Deserialize, Deserializer, Error};

use super::json::{self, Faults, Fields, FromJson, Json};

/// A message as an entry point gets it.
pub struct Wire<T>(pub T);

impl<'de, T: FromJson> Deserialize<'de> for Wire<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::read(Json::deserialize(deserializer)?).map(Self).map_err(D::Error::custom)
    }
}

/// Structs, by their fields.
macro_rules! structs {
    ($($struct:ident { $($field:ident),* })*) => {$(
        impl FromJson for $struct {
            fn from_json(json: Json, faults: &mut Faults) -> Self {
                let mut fields = Fields::of(json, faults);
                let value = Self { $($field: fields.take(stringify!($field))),* };
                fields.end();
                value
            }
        }
    )*};
}

/// Enums without content, by the names of their variants; the first one stands in for others.
macro_rules! names {
    ($($enum:ident { $first:literal => $stand_in:ident $(, $name:literal => $variant:ident)* })*) => {$(
        impl FromJson for $enum {
            fn from_json(json: Json, faults: &mut Faults) -> Self {
                match String::from_json(json, faults).as_str() {
                    $($name => Self::$variant,)*
                    $first => Self::$stand_in,
                    _ => {
                        faults.expected(concat!("one of ", $first $(, ", ", $name)*));
                        Self::$stand_in
                    }
                }
            }
        }
    )*};
}

/// Enums, by the names of their variants and what is in them: fields, or one value (`_`). After
/// `else` what stands in for others.
macro_rules! variants {
    ($($enum:ident { $($name:literal => $variant:ident $content:tt,)* } else $stand_in:expr;)*) => {$(
        impl FromJson for $enum {
            fn from_json(json: Json, faults: &mut Faults) -> Self {
                let (name, json) = json.variant(faults);
                match name.as_str() {
                    $($name => variants!(@ $enum $variant $content (json, faults)),)*
                    _ => {
                        faults.note(&[&name, ": unknown variant"]);
                        $stand_in
                    }
                }
            }
        }
    )*};
    (@ $enum:ident $variant:ident { $($field:ident),* } ($json:ident, $faults:ident)) => {{
        #[allow(unused_mut)] // where there are no fields
        let mut fields = Fields::of($json, $faults);
        let value = $enum::$variant { $($field: fields.take(stringify!($field))),* };
        fields.end();
        value
    }};
    (@ $enum:ident $variant:ident (_) $arguments:tt) => {
        $enum::$variant(FromJson::from_json $arguments)
    };
}

crate::parameters::parameters!(structs);

structs! {
    InstantiateMsg {
        name, symbol, reserve_denom, creator, metrics_source, rewards, provenance, params,
        marketing
    }
    Marketing { project, description, logo }
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
    } else ExecuteMsg::ClaimVested {};
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
    } else QueryMsg::Price {};
    Expiration {
        "at_height" => AtHeight(_),
        "at_time" => AtTime(_),
        "never" => Never {},
    } else Expiration::Never {};
    Logo {
        "url" => Url(_),
        "embedded" => Embedded(_),
    } else Logo::Url(String::new());
    EmbeddedLogo {
        "svg" => Svg(_),
        "png" => Png(_),
    } else EmbeddedLogo::Png(Binary::default());
}
