//! Opening a market: every parameter is checked here and never again, then the creator pays
//! for the initial supply at M = 1, all of it to the reserve.

use cosmwasm_std::{coins, Addr, BankMsg, Deps, DepsMut, Env, MessageInfo, Response, Uint128};
use cw20::{LogoInfo, MarketingInfoResponse};
use cw20_base::contract::execute_upload_logo;
use cw20_base::state::MARKETING_INFO;
use modelbond_curve::multiplier::Multiplier;
use modelbond_curve::stream::Stream;
use modelbond_curve::{Curve, Rate, Rounding, U256};
use modelbond_interface::market::{
    Beneficiary, InstantiateMsg, MarketOpened, MarketParams, Marketing,
};

use crate::amount::{portion, sub, BPS, ONE};
use crate::session::{base_price, curve, weights, Session};
use crate::state::{
    units, Book, Causes, Config, EpochTotals, Token, Vesting, BOOK, CONFIG, INITIAL_CLAIMED,
    INITIAL_VESTING, MULTIPLIER, OBSERVATIONS, TOKEN,
};
use crate::vesting::floor_of;
use crate::ContractError;

/// I(floor) is worth at least this many reserve base units.
const LEAST_FLOOR_WORTH: u128 = 1_000_000;
/// One reserve unit buys at most S_max over this at opening.
const LEAST_OPENING_STEPS: u128 = 1_000_000;
/// α·s₀ ≤ 8, in 10⁻³⁰: the maths goes to 64, but a market that opens there starts at nothing.
const LARGEST_OPENING_EXPONENT: u128 = 8_000_000_000_000_000_000_000_000_000_000;
const DAY: u64 = 86_400;

/// Opens the market.
pub(crate) fn open(
    mut deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let InstantiateMsg {
        name,
        symbol,
        reserve_denom,
        creator,
        metrics_source,
        rewards,
        provenance,
        mut params,
        marketing,
    } = msg;
    ensure_token(&name, &symbol)?;
    let creator = deps.api.addr_validate(&creator)?;
    complete_stakeholders(deps.as_ref(), &mut params, &creator)?;
    ensure_bounds(&params)?;
    let curve = curve(&params)?;
    let success = weights(&params).sum()?;
    curve.ensure_reserve_bound(u128::from(ONE).saturating_add(success.into()))?;
    // All later prices are below this one.
    base_price(&curve, curve.max_supply())?;

    let supply = params.initial_supply.u128();
    let floor = floor_of(supply)?;
    let price = base_price(&curve, supply)?;
    let cost = curve.cost(curve.span(0, supply)?, &Rate::Multiplier(ONE))?;
    ensure_opening_price(&curve, supply, floor)?;
    ensure_fine_units(&curve, floor, params.limits.limit_bps)?;

    let sent = cw_utils::must_pay(info, &reserve_denom)?;
    let refund = sent.checked_sub(cost.into()).map_err(|_| ContractError::OpeningFunds {
        cost: cost.into(),
        denom: reserve_denom.clone(),
        sent,
    })?;

    let now = env.block.time.nanos();
    let config = Config {
        metrics_source: deps.api.addr_validate(&metrics_source)?,
        rewards: deps.api.addr_validate(&rewards)?,
        provenance: deps.api.addr_validate(&provenance)?,
        reserve_denom,
        opened_at: env.block.time,
        creator: creator.clone(),
        params,
    };
    CONFIG.save(deps.storage, &config);
    TOKEN.save(deps.storage, &Token { name, symbol, floor: floor.into() });
    let book = Book {
        updated_at: now,
        supply: units(supply)?,
        reserve: cost,
        pending: Stream { amount: 0, released_at: now, ends_at: now },
        rewards: 0,
        provenance: 0,
        treasury: 0,
        stakeholders: Vesting::default(),
        reference: price,
        reference_at: now,
        cumulative: U256::ZERO,
        lagged_price: 0,
        multiplier: ONE,
        causes: Causes::default(),
        epoch: 0,
        totals: EpochTotals::default(),
    };
    BOOK.save(deps.storage, &book);
    MULTIPLIER.save(deps.storage, &Multiplier::new(now));
    let mut vesting = Vesting::default();
    vesting.deposit(sub(supply, floor)?, now, &config)?;
    INITIAL_VESTING.save(deps.storage, &vesting);
    INITIAL_CLAIMED.save(deps.storage, &Uint128::zero());
    let observation = Session::open(deps.storage, env)?.observe()?;
    OBSERVATIONS.save(deps.storage, now, &observation);
    save_marketing(deps.branch(), env, &config.creator, marketing)?;

    let opened = MarketOpened {
        creator: config.creator.into_string(),
        reserve_denom: config.reserve_denom.clone(),
        initial_supply: supply.into(),
        cost: cost.into(),
        refund,
    };
    let response = Response::new().add_attribute("action", "instantiate").add_event(opened);
    // Whoever opens it for the creator keeps nothing of the creator's money.
    Ok(refund_to(response, &creator, &config.reserve_denom, refund))
}

/// Adds the refund, if there is one.
pub(crate) fn refund_to(response: Response, to: &Addr, denom: &str, refund: Uint128) -> Response {
    if refund.is_zero() {
        return response;
    }
    let amount = coins(refund.u128(), denom);
    response.add_message(BankMsg::Send { to_address: to.to_string(), amount })
}

fn save_marketing(
    deps: DepsMut,
    env: &Env,
    creator: &Addr,
    marketing: Option<Marketing>,
) -> Result<(), ContractError> {
    let Marketing { project, description, logo } =
        marketing.unwrap_or(Marketing { project: None, description: None, logo: None });
    let record = MarketingInfoResponse {
        project,
        description,
        logo: None::<LogoInfo>,
        marketing: Some(creator.clone()),
    };
    MARKETING_INFO.save(deps.storage, &record)?;
    if let Some(logo) = logo {
        let info = MessageInfo { sender: creator.clone(), funds: vec![] };
        execute_upload_logo(deps, env.clone(), info, logo)?;
    }
    Ok(())
}

fn ensure_token(name: &str, symbol: &str) -> Result<(), ContractError> {
    if !(3..=50).contains(&name.len()) {
        let value = format!("{} bytes", name.len());
        return Err(ContractError::Parameter { parameter: "name", value, bounds: "3 to 50 bytes" });
    }
    let is_symbol = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !(3..=12).contains(&symbol.len()) || !symbol.chars().all(is_symbol) {
        return Err(ContractError::Parameter {
            parameter: "symbol",
            value: symbol.to_owned(),
            bounds: "3 to 12 ASCII letters, digits or hyphens",
        });
    }
    Ok(())
}

/// No stakeholders means the creator alone; else 1 to 16 distinct ones with parts of 10,000.
fn complete_stakeholders(
    deps: Deps,
    params: &mut MarketParams,
    creator: &Addr,
) -> Result<(), ContractError> {
    let stakeholders = &mut params.allocation.stakeholders;
    if stakeholders.is_empty() {
        stakeholders.push(Beneficiary { address: creator.to_string(), bps: 10_000 });
    }
    if stakeholders.len() > 16 {
        let value = stakeholders.len().to_string();
        return Err(ContractError::Parameter {
            parameter: "stakeholders",
            value,
            bounds: "1 to 16",
        });
    }
    let mut seen: Vec<String> = vec![];
    let mut sum = 0u64;
    for stakeholder in stakeholders.iter_mut() {
        stakeholder.address = deps.api.addr_validate(&stakeholder.address)?.into_string();
        sum = sum.saturating_add(stakeholder.bps.into());
        let address = stakeholder.address.clone();
        if seen.contains(&address) {
            return Err(ContractError::DuplicateStakeholder { address });
        }
        seen.push(address);
    }
    ensure_sum("stakeholder parts", sum)
}

fn ensure_sum(parameter: &'static str, sum: u64) -> Result<(), ContractError> {
    if sum == 10_000 {
        return Ok(());
    }
    Err(ContractError::Sum { parameter, sum, expected: 10_000 })
}

/// Bounds of the numbers, in the order of [`MarketParams`].
fn ensure_bounds(params: &MarketParams) -> Result<(), ContractError> {
    let MarketParams {
        curve,
        initial_supply,
        multiplier,
        fees,
        allocation,
        limits,
        momentum,
        vesting,
        emission,
        stream_secs,
    } = params;

    let opening_exponent = curve.steepness.u128().saturating_mul(curve.midpoint.u128());
    if opening_exponent > LARGEST_OPENING_EXPONENT {
        return Err(ContractError::Parameter {
            parameter: "steepness · midpoint",
            value: format!("{opening_exponent}e-30"),
            bounds: "0 to 8",
        });
    }
    let max_supply = curve.max_supply.u128();
    ensure(
        "initial_supply",
        *initial_supply,
        10..=max_supply.saturating_sub(1),
        "10 to max_supply - 1",
    )?;

    ensure("threshold_bps", multiplier.threshold_bps, 0..=10_000, "0 to 10,000")?;
    let rate = 1..=36_000;
    ensure("rise_bps_per_hour", multiplier.rise_bps_per_hour, rate.clone(), "1 to 36,000")?;
    ensure("fall_bps_per_hour", multiplier.fall_bps_per_hour, rate.clone(), "1 to 36,000")?;
    ensure("rebound_bps_per_hour", multiplier.rebound_bps_per_hour, rate, "1 to 36,000")?;
    ensure("rebound_threshold_bps", multiplier.rebound_threshold_bps, 0..=20_000, "0 to 20,000")?;
    ensure("max_premium_bps", multiplier.max_premium_bps, 0..=2_500, "0 to 2,500")?;

    ensure("fee_bps", fees.fee_bps, 30..=300, "30 to 300")?;
    let launch = u128::from(fees.fee_bps)..=2_000;
    ensure("launch_fee_bps", fees.launch_fee_bps, launch, "fee_bps to 2,000")?;
    ensure("launch_secs", fees.launch_secs, 10..=u128::from(7 * DAY), "10 s to 7 days")?;
    ensure("split.reserve_bps", fees.split.reserve_bps, 2_000..=10_000, "2,000 to 10,000")?;
    let split = &fees.split;
    let parts = [split.rewards_bps, split.provenance_bps, split.treasury_bps, split.reserve_bps];
    ensure_sum("fee split parts", parts.into_iter().map(u64::from).fold(0, u64::saturating_add))?;

    ensure("reserve_bps", allocation.reserve_bps, 8_000..=10_000, "8,000 to 10,000")?;
    // reserve_bps·(1 + π) > 1, or the backing would not climb
    let reach = u64::from(allocation.reserve_bps)
        .saturating_mul(u64::from(multiplier.max_premium_bps).saturating_add(10_000));
    if reach <= 100_000_000 {
        return Err(ContractError::Parameter {
            parameter: "reserve_bps · (1 + max_premium)",
            value: format!("{reach}e-8"),
            bounds: "above 1",
        });
    }
    ensure("stakeholder_bps", allocation.stakeholder_bps, 0..=1_500, "0 to 1,500")?;
    ensure("burn_bps", allocation.burn_bps, 0..=200, "0 to 200")?;

    ensure("limit_bps", limits.limit_bps, 500..=5_000, "500 to 5,000")?;
    ensure("limits.window_secs", limits.window_secs, 10..=3_600, "10 s to 1 h")?;
    ensure("lockup_secs", limits.lockup_secs, 10..=u128::from(90 * DAY), "10 s to 90 days")?;

    ensure("smoothing_bps", momentum.smoothing_bps, 0..=10_000, "0 to 10,000")?;
    ensure(
        "momentum.window_secs",
        momentum.window_secs,
        10..=u128::from(6 * DAY),
        "10 s to 6 days",
    )?;
    ensure("gain_bps", momentum.gain_bps, 0..=10_000, "0 to 10,000")?;
    ensure("buy_cap_bps", momentum.buy_cap_bps, 0..=500, "0 to 500")?;
    let half = u128::from(momentum.buy_cap_bps / 2).min(250);
    ensure(
        "sell_cap_bps",
        momentum.sell_cap_bps,
        0..=half,
        "0 to half of buy_cap_bps, at most 250",
    )?;

    ensure("cliff_secs", vesting.cliff_secs, 10..=u128::from(4 * 365 * DAY), "10 s to 4 years")?;
    ensure(
        "duration_secs",
        vesting.duration_secs,
        10..=u128::from(10 * 365 * DAY),
        "10 s to 10 years",
    )?;
    ensure("epoch_secs", emission.epoch_secs, 10..=u128::from(30 * DAY), "10 s to 30 days")?;
    let most = max_supply / 1_000;
    ensure("tokens_per_epoch", emission.tokens_per_epoch, 0..=most, "0 to max_supply / 1,000")?;
    ensure("stream_secs", *stream_secs, 10..=u128::from(30 * DAY), "10 s to 30 days")
}

fn ensure(
    parameter: &'static str,
    value: impl Into<Uint128>,
    range: std::ops::RangeInclusive<u128>,
    bounds: &'static str,
) -> Result<(), ContractError> {
    let value: Uint128 = value.into();
    if range.contains(&value.u128()) {
        return Ok(());
    }
    Err(ContractError::Parameter { parameter, value: value.to_string(), bounds })
}

/// The opening must be a market, not a rounding error: the floor is worth something, and one
/// reserve unit does not buy a noticeable part of all tokens.
fn ensure_opening_price(curve: &Curve, supply: u128, floor: u128) -> Result<(), ContractError> {
    let rate = Rate::Multiplier(ONE);
    let worth = curve.payout(curve.span(0, floor)?, &rate)?;
    if worth < LEAST_FLOOR_WORTH {
        let least = LEAST_FLOOR_WORTH.into();
        return Err(ContractError::FloorTooCheap { worth: worth.into(), least });
    }
    let tokens = curve.tokens_for(supply, 1, &rate)?;
    let most = curve.max_supply() / LEAST_OPENING_STEPS;
    if tokens > most {
        let (tokens, most) = (tokens.into(), most.into());
        return Err(ContractError::OpeningPriceTooLow { tokens, most });
    }
    Ok(())
}

/// One base unit moves the price by less than the limit, or the last holders could never leave.
/// On every curve the relative step is largest at the lowest supply, the floor.
fn ensure_fine_units(curve: &Curve, floor: u128, limit_bps: u32) -> Result<(), ContractError> {
    let low = base_price(curve, floor)?;
    let high = base_price(curve, floor.saturating_add(1))?;
    let reachable = portion(high, BPS.saturating_sub(limit_bps.into()), BPS, Rounding::Up)?;
    if reachable >= low {
        return Err(ContractError::UnitsTooCoarse { floor: floor.into(), limit_bps });
    }
    Ok(())
}
