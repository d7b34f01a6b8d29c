//! A contract that measures. `quote` runs every call into the curve that a quote of the market
//! makes, `times` times over: what one costs is the difference between two transactions, divided
//! by the difference in `times`. `verify_vrf` is a check of RFC 9381, as a contract makes it; `call` calls a contract, or not. The probe
//! also receives cw20 tokens, for measuring `send`.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    entry_point, to_json_vec, Binary, ContractResult, Deps, DepsMut, Empty, Env, HexBinary,
    MessageInfo, QueryRequest, Response, StdError, StdResult, SystemResult, Uint128, WasmMsg,
    WasmQuery,
};
use cw20::Cw20ReceiveMsg;
use modelbond_curve::{Curve, CurveError, CurveParams, Kind, Rate, U256};
use modelbond_election::vrf::verify_slices;
use std::hint::black_box;

/// What to quote.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Quote {
    /// A purchase for an amount.
    Buy,
    /// A purchase of an amount of tokens.
    BuyExact,
    /// A sale.
    Sell,
}

/// Which curve, with the default proportions: α·S_max = 6, s₀ = S_max/2 (linear: 7.6, S_max/8).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Shape {
    /// Linear.
    Linear,
    /// Exponential.
    Exponential,
    /// Sigmoid.
    Sigmoid,
}

/// Messages of the probe.
#[cw_serde]
pub enum ExecuteMsg {
    /// Runs the mathematics of a quote.
    Quote {
        /// Which quote.
        quote: Quote,
        /// On which curve.
        shape: Shape,
        /// How often.
        times: u32,
    },
    /// Asks another contract and drops the answer.
    Ask {
        /// Whom.
        contract: String,
        /// What.
        msg: Binary,
    },
    /// Calls another contract, or only looks as if: what a call costs its caller is the difference.
    Call {
        /// Whom.
        contract: String,
        /// What.
        msg: Binary,
        /// Whether to do it.
        call: bool,
    },
    /// Verifies a proof and refuses a wrong one. An empty one is not looked at: what a proof costs is
    /// the difference.
    VerifyVrf {
        /// 32 bytes.
        public_key: HexBinary,
        /// What the proof is about.
        alpha: Binary,
        /// 80 bytes, or none.
        proof: Binary,
    },
    /// Accepts tokens.
    Receive(Cw20ReceiveMsg),
}

const MAX_SUPPLY: u128 = 1_000_000_000_000_000;
const AMOUNT: u128 = 1_000_000_000;

/// Opens the probe.
#[entry_point]
pub fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

/// Runs a message.
#[entry_point]
pub fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::Quote { quote, shape, times } => {
            let curve = curve(shape).map_err(refuse)?;
            for _ in 0..times {
                black_box(run(black_box(&curve), quote)).map_err(refuse)?;
            }
        }
        ExecuteMsg::Ask { contract, msg } => {
            let query = WasmQuery::Smart { contract_addr: contract, msg };
            let request = to_json_vec(&QueryRequest::<Empty>::Wasm(query))?;
            if !matches!(deps.querier.raw_query(&request), SystemResult::Ok(ContractResult::Ok(_)))
            {
                return Err(StdError::generic_err("the query was refused"));
            }
        }
        ExecuteMsg::Call { contract, msg, call } => {
            if call {
                let msg = WasmMsg::Execute { contract_addr: contract, msg, funds: vec![] };
                return Ok(Response::new().add_message(msg));
            }
        }
        ExecuteMsg::VerifyVrf { public_key, alpha, proof } => {
            if !proof.is_empty() {
                let output = verify_slices(&public_key, &alpha, &proof);
                let output = output.map_err(|error| StdError::generic_err(error.to_string()))?;
                return Ok(Response::new().set_data(output.as_bytes()));
            }
        }
        ExecuteMsg::Receive(_) => {}
    }
    Ok(Response::new())
}

/// There is nothing to ask.
#[entry_point]
pub fn query(_: Deps, _: Env, _: Empty) -> StdResult<cosmwasm_std::Binary> {
    cosmwasm_std::to_json_binary(&Uint128::zero())
}

fn refuse(error: CurveError) -> StdError {
    StdError::generic_err(error.to_string())
}

fn curve(shape: Shape) -> Result<Curve, CurveError> {
    let (kind, steepness, divisor) = match shape {
        Shape::Linear => (Kind::Linear, 7_600_000_000_000_000, 8),
        Shape::Exponential => (Kind::Exponential, 6_000_000_000_000_000, 2),
        Shape::Sigmoid => (Kind::Sigmoid, 6_000_000_000_000_000, 2),
    };
    Curve::new(CurveParams {
        kind,
        price_scale: U256::from_u128(2_500_000_000_000_000_000_000),
        steepness,
        midpoint: MAX_SUPPLY / divisor,
        max_supply: MAX_SUPPLY,
    })
}

/// The calls of `Session::open` and of one quote, in the order of the market.
fn run(curve: &Curve, quote: Quote) -> Result<u128, CurveError> {
    let supply = MAX_SUPPLY / 5;
    let g = curve.g(supply)?;
    let total = g.saturating_sub(curve.g(0)?);
    black_box(curve.price(supply)?);
    let rates = rates(curve.cost(total, &Rate::Multiplier(1_010_000_000_000_000_000))?, total);
    match quote {
        Quote::Buy => {
            let mut span = U256::ZERO;
            for rate in &rates {
                span = span.max(curve.span_for(AMOUNT, rate)?);
            }
            let reached = curve.highest_supply_within(supply, g.saturating_add(span))?;
            priced(curve, g, reached, &rates)
        }
        Quote::BuyExact => priced(curve, g, supply.saturating_add(AMOUNT), &rates),
        Quote::Sell => {
            let reached = supply.saturating_sub(AMOUNT);
            let span = g.saturating_sub(curve.g(reached)?);
            black_box(curve.price(reached)?);
            curve.payout(span, &Rate::Backing { reserve: AMOUNT, total, premium_bps: 0 })
        }
    }
}

fn rates(reserve: u128, total: U256) -> [Rate; 3] {
    let backing = |premium_bps| Rate::Backing { reserve, total, premium_bps };
    [backing(0), Rate::Multiplier(1_200_000_000_000_000_000), backing(1_500)]
}

fn priced(curve: &Curve, from: U256, to: u128, rates: &[Rate]) -> Result<u128, CurveError> {
    let span = curve.g(to)?.saturating_sub(from);
    black_box(curve.price(to)?);
    let mut cost = 0;
    for rate in rates {
        cost = curve.cost(span, rate)?.max(cost);
    }
    Ok(cost)
}
