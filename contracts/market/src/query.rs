//! Answers. Each opens the session that a message in this block would open, and does not save.

use cosmwasm_std::{Addr, Decimal, Deps, Env, Order, SignedDecimal, StdResult, Timestamp, Uint128};
use cw20::{AllAccountsResponse, BalanceResponse, TokenInfoResponse};
use cw_storage_plus::Bound;
use modelbond_curve::{momentum, Rounding, Wide, U256};
use modelbond_interface::market::{
    AccountResponse, Claimable, ConfigResponse, CurvePoint, CurveResponse, EpochStatsResponse,
    ExplainResponse, LedgersResponse, LocksResponse, PriceResponse, QuoteBuyResponse,
    QuoteSellResponse, TwapResponse, VestingResponse, VestingState,
};

use crate::amount::{add, portion, BPS, NANOS, ONE};
use crate::observe;
use crate::session::{base_price, unlocks_at, Session};
use crate::state::{
    observation_before, Account, Vesting, ACCOUNTS, BOOK, CONFIG, EMITTED, EPOCHS, INITIAL_CLAIMED,
    INITIAL_VESTING, METRICS, OBSERVATIONS, TOKEN,
};
use crate::trade::{AtEdge, Bought};
use crate::vesting::{claims, cliff_at, held, stakeholders_claimed};
use crate::ContractError;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;
/// Prices are per whole token of 10⁶ base units.
const UNITS_PER_TOKEN: u64 = 1_000_000;

fn decimal(atomics: impl Into<u128>) -> Decimal {
    Decimal::raw(atomics.into())
}

/// A spot price, which is below 2¹²⁷, or a difference of two.
fn signed(value: u128) -> i128 {
    i128::try_from(value).unwrap_or(i128::MAX)
}

fn ppb(rate: u64) -> Decimal {
    Decimal::raw(u128::from(rate).saturating_mul(NANOS.into()))
}

pub(crate) fn quote_buy(
    deps: Deps,
    env: &Env,
    amount_in: Uint128,
    partial: bool,
) -> Result<QuoteBuyResponse, ContractError> {
    let mut session = Session::open(deps.storage, env)?;
    let price_before = session.spot()?;
    let bought = session.buy(amount_in.u128(), partial)?;
    bought_response(session, price_before, &bought)
}

pub(crate) fn quote_buy_exact(
    deps: Deps,
    env: &Env,
    tokens_out: Uint128,
) -> Result<QuoteBuyResponse, ContractError> {
    let mut session = Session::open(deps.storage, env)?;
    let price_before = session.spot()?;
    let bought = session.buy_exact(tokens_out.u128(), None)?;
    bought_response(session, price_before, &bought)
}

fn bought_response(
    mut after: Session,
    price_before: u128,
    bought: &Bought,
) -> Result<QuoteBuyResponse, ContractError> {
    let price_after = after.spot()?;
    let amount_in = bought.amount_in()?;
    // Average ÷ spot − 1 = amount_in·10⁶·10¹⁸ / (tokens·spot) − 1
    let ratio = bps_ratio(amount_in, bought.tokens_out, price_before, true)?;
    let exit_proceeds = match after.sell(bought.tokens_out, AtEdge::Ignore) {
        Ok(sold) => sold.reserve_out,
        Err(ContractError::NothingPaid { .. }) => 0,
        Err(error) => return Err(error),
    };
    Ok(QuoteBuyResponse {
        amount_in: amount_in.into(),
        refund: bought.refund.into(),
        tokens_out: bought.tokens_out.into(),
        stakeholder_tokens: bought.stakeholder_tokens()?.into(),
        cost: bought.cost.into(),
        fee: bought.fee.total.into(),
        surcharge: bought.surcharge.into(),
        dust: bought.dust.into(),
        price_before: decimal(price_before),
        price_after: decimal(price_after),
        impact_bps: ratio.saturating_sub(BPS),
        exit_proceeds: exit_proceeds.into(),
    })
}

pub(crate) fn quote_sell(
    deps: Deps,
    env: &Env,
    tokens_in: Uint128,
    partial: bool,
) -> Result<QuoteSellResponse, ContractError> {
    let mut session = Session::open(deps.storage, env)?;
    let price_before = session.sale_price()?;
    let edge = if partial { AtEdge::Fill } else { AtEdge::Refuse };
    let sold = session.sell(tokens_in.u128(), edge)?;
    let ratio = bps_ratio(sold.reserve_out, sold.tokens_in, price_before, false)?;
    Ok(QuoteSellResponse {
        tokens_in: sold.tokens_in.into(),
        reserve_out: sold.reserve_out.into(),
        gross: sold.gross.into(),
        burned: sold.burned.into(),
        fee: sold.fee.total.into(),
        surcharge: sold.surcharge.into(),
        price_before: decimal(price_before),
        price_after: decimal(session.sale_price()?),
        impact_bps: BPS.saturating_sub(ratio),
    })
}

/// (`amount` per token) ÷ `price` in bps, rounded as asked.
fn bps_ratio(amount: u128, tokens: u128, price: u128, up: bool) -> Result<u64, ContractError> {
    let value = Wide::from(U256::mul_u128(amount, UNITS_PER_TOKEN.into()))
        .checked_mul(ONE)
        .and_then(|value| value.checked_mul(BPS));
    let at_price = Wide::from(U256::mul_u128(price.max(1), tokens.max(1)));
    let ratio = value.and_then(|value| match up {
        true => value.div_ceil(&at_price),
        false => value.div_floor(&at_price),
    });
    let ratio = ratio.ok_or(ContractError::Overflow { operation: "impact" })?;
    Ok(ratio.to_u128().and_then(|ratio| u64::try_from(ratio).ok()).unwrap_or(u64::MAX))
}

pub(crate) fn price(deps: Deps, env: &Env) -> Result<PriceResponse, ContractError> {
    let session = Session::open(deps.storage, env)?;
    let backing = session.backing()?;
    let rates = session.rates();
    let band = session.band();
    let target = session.multiplier.target;
    let params = crate::session::momentum_params(&session.config.params);
    let momentum = match session.lagged_price() {
        Some(lagged) => {
            momentum::momentum(session.price, lagged, params.smoothing_bps, params.window)?
        }
        None => 0,
    };
    Ok(PriceResponse {
        supply: session.book.supply.into(),
        base: decimal(session.price),
        spot: decimal(session.spot()?),
        sale: decimal(session.sale_price()?),
        multiplier: decimal(session.book.multiplier),
        target: decimal(target),
        backing: decimal(backing),
        purchase_multiplier: decimal(session.purchase_multiplier(backing)),
        momentum: SignedDecimal::new(momentum.into()),
        reference: decimal(session.reference()),
        band_low: decimal(band.low),
        band_high: decimal(band.high),
        buy_surcharge: ppb(rates.buy_surcharge),
        sell_surcharge: ppb(rates.sell_surcharge),
        fee: ppb(rates.fee),
        differential: differential(target.into(), backing)?,
    })
}

/// 100·(M* − B)/(M* + B), rounded half away from zero.
fn differential(target: u128, backing: u128) -> Result<i32, ContractError> {
    let sum = target.saturating_add(backing);
    // ⌊200·distance/sum + 1⌋ / 2 rounds half up
    let doubled = portion(target.abs_diff(backing), 200u32, sum, Rounding::Down)?;
    let magnitude = i32::try_from(doubled.saturating_add(1) / 2).unwrap_or(100);
    Ok(if target < backing { magnitude.saturating_neg() } else { magnitude })
}

pub(crate) fn curve_points(
    deps: Deps,
    env: &Env,
    points: u32,
) -> Result<CurveResponse, ContractError> {
    if !(2..=100).contains(&points) {
        return Err(ContractError::Points { points });
    }
    let session = Session::open(deps.storage, env)?;
    let max_supply = session.curve.max_supply();
    let last = u128::from(points.saturating_sub(1));
    let points = (0..=last)
        .map(|index| {
            let supply = max_supply.saturating_mul(index).checked_div(last).unwrap_or(0);
            let base = decimal(base_price(&session.curve, supply)?);
            Ok(CurvePoint { supply: supply.into(), base })
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(CurveResponse { supply: session.book.supply.into(), points })
}

pub(crate) fn twap(deps: Deps, env: &Env, window_secs: u64) -> Result<TwapResponse, ContractError> {
    let session = Session::open(deps.storage, env)?;
    let opened_at = session.config.opened_at.nanos();
    let age_secs = session.now.saturating_sub(opened_at).checked_div(NANOS).unwrap_or(0);
    let most_secs = age_secs.min(observe::MAX_WINDOW_SECS);
    if window_secs == 0 || window_secs > most_secs {
        return Err(ContractError::Window { window_secs, most_secs });
    }
    let (price, window_secs) = observe::recent_average(deps.storage, &session, window_secs)?;
    Ok(TwapResponse { price: decimal(price), window_secs })
}

pub(crate) fn explain(
    deps: Deps,
    env: &Env,
    since: Timestamp,
) -> Result<ExplainResponse, ContractError> {
    let session = Session::open(deps.storage, env)?;
    let Some((at, then)) = observation_before(deps.storage, since.nanos())? else {
        let first = OBSERVATIONS.keys(deps.storage, None, None, Order::Ascending).next();
        let oldest = Timestamp::from_nanos(first.transpose()?.unwrap_or_default());
        return Err(ContractError::BeforeObservations { since, oldest });
    };
    let now = session.observe()?;
    let change = |now: i128, then: i128| now.saturating_sub(then);
    let fees_and_burn = change(now.causes.fees_and_burn, then.causes.fees_and_burn);
    let multiplier = change(now.causes.multiplier, then.causes.multiplier);
    let moved = change(signed(now.spot), signed(then.spot));
    let decimal = |atomics: i128| SignedDecimal::new(atomics.into());
    Ok(ExplainResponse {
        since: Timestamp::from_nanos(at),
        before: decimal(signed(then.spot)),
        now: decimal(signed(now.spot)),
        fees_and_burn: decimal(fees_and_burn),
        multiplier: decimal(multiplier),
        flow: decimal(change(change(moved, fees_and_burn), multiplier)),
    })
}

pub(crate) fn ledgers(deps: Deps, env: &Env) -> Result<LedgersResponse, ContractError> {
    let book = Session::open(deps.storage, env)?.book;
    Ok(LedgersResponse {
        reserve: book.reserve.into(),
        pending: book.pending.amount.into(),
        pending_ends_at: Timestamp::from_nanos(book.pending.ends_at),
        rewards: book.rewards.into(),
        provenance: book.provenance.into(),
        treasury: book.treasury.into(),
    })
}

pub(crate) fn vesting(deps: Deps, env: &Env) -> Result<VestingResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let book = BOOK.load(deps.storage)?;
    let now = env.block.time.nanos();
    let state = |mut vesting: Vesting, claimed: u128| {
        vesting.release(now)?;
        Ok::<_, ContractError>(VestingState {
            vesting: vesting.stream.amount.into(),
            vested: vesting.vested.into(),
            claimed: claimed.into(),
            ends_at: Timestamp::from_nanos(vesting.stream.ends_at),
        })
    };
    let initial_claimed = INITIAL_CLAIMED.load(deps.storage)?.u128();
    let initial = state(INITIAL_VESTING.load(deps.storage)?, initial_claimed)?;
    let stakeholders = state(book.stakeholders, stakeholders_claimed(deps.storage, &config)?)?;
    let mut beneficiaries: Vec<Addr> = vec![config.creator.clone()];
    for share in &config.params.allocation.stakeholders {
        let address = Addr::unchecked(&share.address);
        if !beneficiaries.contains(&address) {
            beneficiaries.push(address);
        }
    }
    let claimable = beneficiaries
        .into_iter()
        .map(|address| {
            let amount = claims(deps.storage, &config, &address, now)?.total()?.into();
            Ok(Claimable { address, amount })
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(VestingResponse {
        cliff_at: cliff_at(&config),
        floor: TOKEN.load(deps.storage)?.floor,
        initial,
        stakeholders,
        claimable,
    })
}

/// An account with its lock as of now, and when locks end.
fn account_now(deps: Deps, env: &Env, address: &Addr) -> Result<(Account, u64), ContractError> {
    let unlocks_at = unlocks_at(&CONFIG.load(deps.storage)?);
    let mut account = Account::load(deps.storage, address)?;
    account.unlock(env.block.time.nanos(), unlocks_at);
    Ok((account, unlocks_at))
}

pub(crate) fn locks(deps: Deps, env: &Env, address: &str) -> Result<LocksResponse, ContractError> {
    let address = deps.api.addr_validate(address)?;
    let (account, unlocks_at) = account_now(deps, env, &address)?;
    Ok(LocksResponse {
        locked: account.locked.into(),
        unlocks_at: Timestamp::from_nanos(unlocks_at),
    })
}

pub(crate) fn account(
    deps: Deps,
    env: &Env,
    address: &str,
) -> Result<AccountResponse, ContractError> {
    let address = deps.api.addr_validate(address)?;
    let (account, _) = account_now(deps, env, &address)?;
    let config = CONFIG.load(deps.storage)?;
    let vested = claims(deps.storage, &config, &address, env.block.time.nanos())?.total()?;
    Ok(AccountResponse {
        balance: account.balance.into(),
        locked: account.locked.into(),
        free: account.free().into(),
        vested: vested.into(),
    })
}

pub(crate) fn epoch_stats(
    deps: Deps,
    env: &Env,
    epoch: u32,
) -> Result<EpochStatsResponse, ContractError> {
    let book = Session::open(deps.storage, env)?.book;
    let current = book.epoch;
    if epoch > current {
        return Err(ContractError::FutureEpoch { epoch, current });
    }
    let stored = BOOK.load(deps.storage)?;
    let totals = if epoch == current {
        book.totals
    } else if epoch == stored.epoch {
        stored.totals
    } else {
        EPOCHS.may_load(deps.storage, epoch)?.unwrap_or_default()
    };
    Ok(EpochStatsResponse {
        epoch,
        volume: totals.volume.into(),
        fees: totals.fees.into(),
        trades: totals.trades,
        traders: totals.traders,
        emitted: EMITTED.may_load(deps.storage, epoch)?.unwrap_or_default(),
    })
}

pub(crate) fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        unlocks_at: Timestamp::from_nanos(unlocks_at(&config)),
        metrics: METRICS.may_load(deps.storage)?,
        creator: config.creator,
        metrics_source: config.metrics_source,
        rewards: config.rewards,
        provenance: config.provenance,
        reserve_denom: config.reserve_denom,
        opened_at: config.opened_at,
        params: config.params,
    })
}

pub(crate) fn balance(
    deps: Deps,
    env: &Env,
    address: &str,
) -> Result<BalanceResponse, ContractError> {
    let address = deps.api.addr_validate(address)?;
    let balance = if address == env.contract.address {
        let floor = TOKEN.load(deps.storage)?.floor.u128();
        add(floor, held(deps.storage, &CONFIG.load(deps.storage)?)?)?
    } else {
        Account::load(deps.storage, &address)?.balance.into()
    };
    Ok(BalanceResponse { balance: balance.into() })
}

pub(crate) fn token_info(deps: Deps) -> Result<TokenInfoResponse, ContractError> {
    let token = TOKEN.load(deps.storage)?;
    Ok(TokenInfoResponse {
        name: token.name,
        symbol: token.symbol,
        decimals: 6,
        total_supply: BOOK.load(deps.storage)?.supply.into(),
    })
}

pub(crate) fn all_accounts(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AllAccountsResponse, ContractError> {
    let start_after = start_after.map(Addr::unchecked);
    let limit = limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let accounts = ACCOUNTS
        .keys(deps.storage, start_after.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(usize::try_from(limit).unwrap_or_default())
        .map(|address| address.map(String::from))
        .collect::<StdResult<_>>()?;
    Ok(AllAccountsResponse { accounts })
}
