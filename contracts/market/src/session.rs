//! A message's view of the market: loaded once, brought to the block's time, changed by pure
//! rules, saved once. Queries open the same session and do not save it, so that a quote is the
//! very function the trade calls.
//!
//! Opening does, in this order: release pending, move M, book why the spot price moved, advance
//! the price integral, enter the epoch.

use cosmwasm_std::{Env, StdResult, Storage};
use modelbond_curve::limiter::{self, Band};
use modelbond_curve::momentum::{self, MomentumParams, Side};
use modelbond_curve::multiplier::{Multiplier, MultiplierParams, Weights};
use modelbond_curve::{twap, Curve, CurveParams, Kind, Rounding, Wide, U256};
use modelbond_interface::market::{CurveKind, MarketParams};

use crate::amount::{add, nanos, portion, BPS, ONE};
use crate::observe;
use crate::state::{
    Account, Book, Config, EpochTotals, Observation, BOOK, CONFIG, EPOCHS, MULTIPLIER,
};
use crate::ContractError;

/// The market as of now.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) config: Config,
    pub(crate) curve: Curve,
    pub(crate) book: Book,
    pub(crate) multiplier: Multiplier,
    /// Block time, nanoseconds.
    pub(crate) now: u64,
    /// g(supply).
    pub(crate) g: U256,
    /// G = g(supply) − g(0).
    pub(crate) total: U256,
    /// Base price, 10⁻¹⁸.
    pub(crate) price: u128,
    /// To be stored when saved.
    observation: Option<Observation>,
    closed_epoch: Option<(u32, EpochTotals)>,
}

/// Fee and surcharges of this moment, parts per billion.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    pub(crate) fee: u64,
    pub(crate) buy_surcharge: u64,
    pub(crate) sell_surcharge: u64,
}

/// The curve of `params`.
pub(crate) fn curve(params: &MarketParams) -> Result<Curve, ContractError> {
    let curve = &params.curve;
    Ok(Curve::new(CurveParams {
        kind: match curve.kind {
            CurveKind::Linear => Kind::Linear,
            CurveKind::Exponential => Kind::Exponential,
            CurveKind::Sigmoid => Kind::Sigmoid,
        },
        price_scale: U256::from_u128(curve.price_scale.atomics().u128()),
        steepness: curve.steepness.u128(),
        midpoint: curve.midpoint.u128(),
        max_supply: curve.max_supply.u128(),
    })?)
}

/// The multiplier's rules of `params`.
pub(crate) fn multiplier_params(params: &MarketParams) -> MultiplierParams {
    let params = &params.multiplier;
    MultiplierParams {
        threshold_bps: params.threshold_bps.into(),
        rise_bps_per_hour: params.rise_bps_per_hour.into(),
        fall_bps_per_hour: params.fall_bps_per_hour.into(),
        rebound_bps_per_hour: params.rebound_bps_per_hour.into(),
        rebound_threshold_bps: params.rebound_threshold_bps.into(),
    }
}

/// The metrics' weights of `params`, each at most 1 by the opening check.
pub(crate) fn weights(params: &MarketParams) -> Weights {
    let weights = &params.multiplier.weights;
    Weights {
        accuracy: atomics(weights.accuracy),
        adoption: atomics(weights.adoption),
        improvement: atomics(weights.improvement),
        growth: atomics(weights.growth),
    }
}

/// A decimal in 10⁻¹⁸; what is above 18.4 reads as that, which every check on it refuses.
pub(crate) fn atomics(value: cosmwasm_std::Decimal) -> u64 {
    u64::try_from(value.atomics().u128()).unwrap_or(u64::MAX)
}

impl Session {
    /// Loads the market and brings it to the block's time.
    pub(crate) fn open(storage: &dyn Storage, env: &Env) -> Result<Self, ContractError> {
        let config = CONFIG.load(storage)?;
        let book = BOOK.load(storage)?;
        let curve = curve(&config.params)?;
        let supply = u128::from(book.supply);
        let g = curve.g(supply)?;
        let mut session = Self {
            g,
            total: g.saturating_sub(curve.g(0)?),
            price: base_price(&curve, supply)?,
            config,
            curve,
            book,
            multiplier: MULTIPLIER.load(storage)?,
            now: env.block.time.nanos(),
            observation: None,
            closed_epoch: None,
        };
        session.advance(storage)?;
        Ok(session)
    }

    fn advance(&mut self, storage: &dyn Storage) -> Result<(), ContractError> {
        let last = self.book.updated_at;
        let elapsed = self.now.saturating_sub(last);

        let before = self.spot()?;
        let released = self.book.pending.release(self.now);
        self.book.updated_at = self.now;
        self.book.reserve = add(self.book.reserve, released)?;
        let funded = self.spot()?;
        self.book.multiplier =
            self.multiplier.value_at(&multiplier_params(&self.config.params), self.now);
        let moved = self.spot()?;
        let causes = &mut self.book.causes;
        causes.fees_and_burn = book_move(causes.fees_and_burn, before, funded);
        causes.multiplier = book_move(causes.multiplier, funded, moved);

        self.book.cumulative = twap::advance(self.book.cumulative, self.price, elapsed)?;
        let epoch = self.current_epoch();
        if epoch > self.book.epoch {
            self.closed_epoch = Some((self.book.epoch, self.book.totals));
            self.book.epoch = epoch;
            self.book.totals = EpochTotals::default();
        }
        if observe::is_due(last, self.now) {
            self.observation = Some(self.observe()?);
            self.book.lagged_price = observe::lagged_price(storage, self)?;
        }
        Ok(())
    }

    /// Stores what changed.
    pub(crate) fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        if let Some((epoch, totals)) = self.closed_epoch {
            if totals.trades > 0 {
                EPOCHS.save(storage, epoch, &totals);
            }
        }
        if let Some(observation) = &self.observation {
            observe::record(storage, self.now, observation)?;
        }
        BOOK.save(storage, &self.book);
        Ok(())
    }

    /// The highest supply that `span` above the present one reaches.
    pub(crate) fn supply_after(&self, span: U256) -> Result<u128, ContractError> {
        let g = self.g.saturating_add(span);
        Ok(self.curve.highest_supply_within(self.book.supply.into(), g)?)
    }

    /// Counts the account among the epoch's traders, once.
    pub(crate) fn count_trader(&mut self, account: &mut Account) {
        let mark = self.book.epoch.saturating_add(1);
        if account.traded_in != mark {
            account.traded_in = mark;
            self.book.totals.traders = self.book.totals.traders.saturating_add(1);
        }
    }

    /// The market now, as an observation.
    pub(crate) fn observe(&self) -> Result<Observation, ContractError> {
        Ok(Observation {
            cumulative: self.book.cumulative,
            spot: self.spot()?,
            causes: self.book.causes,
        })
    }

    /// Number of the epoch that this moment is in.
    pub(crate) fn current_epoch(&self) -> u32 {
        self.now
            .saturating_sub(self.config.opened_at.nanos())
            .checked_div(nanos(self.config.params.emission.epoch_secs))
            .and_then(|epoch| u32::try_from(epoch).ok())
            .unwrap_or(u32::MAX)
    }

    /// When launch-locked tokens unlock, nanoseconds.
    pub(crate) fn unlocks_at(&self) -> u64 {
        unlocks_at(&self.config)
    }

    /// Whether tokens bought now are locked.
    pub(crate) fn is_launching(&self) -> bool {
        let launch = nanos(self.config.params.fees.launch_secs);
        self.now < self.config.opened_at.nanos().saturating_add(launch)
    }

    /// Fee and surcharges now.
    pub(crate) fn rates(&self) -> Rates {
        let fees = &self.config.params.fees;
        let params = momentum_params(&self.config.params);
        let surcharge =
            |side| momentum::surcharge_ppb(&params, self.price, self.lagged_price(), side);
        Rates {
            fee: momentum::launch_fee_ppb(
                fees.launch_fee_bps.into(),
                fees.fee_bps.into(),
                self.config.opened_at.nanos(),
                nanos(fees.launch_secs),
                self.now,
            ),
            buy_surcharge: surcharge(Side::Buy),
            sell_surcharge: surcharge(Side::Sell),
        }
    }

    /// The base price one momentum window ago, when the market is old enough.
    pub(crate) fn lagged_price(&self) -> Option<u128> {
        Some(self.book.lagged_price).filter(|price| *price > 0)
    }

    /// The limiter's reference now. It follows the price from trade to trade: other messages
    /// must not cut its way into shorter steps, which would slow it down.
    pub(crate) fn reference(&self) -> u128 {
        limiter::follow(
            self.book.reference,
            self.price,
            self.now.saturating_sub(self.book.reference_at),
            nanos(self.config.params.limits.window_secs),
        )
    }

    /// Band that the base price may move in.
    pub(crate) fn band(&self) -> Band {
        Band::around(self.reference(), self.config.params.limits.limit_bps.into())
    }

    /// Moves to `supply`, whose g is `g`.
    pub(crate) fn move_to(&mut self, supply: u128, g: U256) -> Result<(), ContractError> {
        self.book.reference = self.reference();
        self.book.reference_at = self.now;
        self.price = base_price(&self.curve, supply)?;
        let start = self.g.saturating_sub(self.total);
        self.total = g.saturating_sub(start);
        self.g = g;
        self.book.supply = crate::state::units(supply)?;
        Ok(())
    }

    /// B in 10⁻¹⁸, rounded down; for show only, payments use R and G themselves.
    pub(crate) fn backing(&self) -> Result<u128, ContractError> {
        let integral = self.curve.integral(self.total, Rounding::Up)?;
        let backing = Wide::from(U256::from_u128(self.book.reserve))
            .checked_mul(ONE)
            .and_then(|value| value.checked_mul(ONE))
            .and_then(|value| value.div_floor(&Wide::from(integral)))
            .ok_or(ContractError::Overflow { operation: "backing" })?;
        Ok(backing.to_u128().unwrap_or(u128::MAX))
    }

    /// X = max(B, min(M, B·(1 + π))) in 10⁻¹⁸; for show only.
    pub(crate) fn purchase_multiplier(&self, backing: u128) -> u128 {
        let premium = self.config.params.multiplier.max_premium_bps;
        let reach = scaled(backing, BPS.saturating_add(premium.into()), BPS);
        backing.max(reach.min(self.book.multiplier.into()))
    }

    /// X·P(s) in 10⁻¹⁸, at most 2¹²⁷ − 1; for show only.
    pub(crate) fn spot(&self) -> Result<u128, ContractError> {
        let spot = scaled(self.price, self.purchase_multiplier(self.backing()?), ONE);
        Ok(spot.min(i128::MAX.unsigned_abs()))
    }

    /// B·P(s) in 10⁻¹⁸, what the next token sold pays before fees; for show only.
    pub(crate) fn sale_price(&self) -> Result<u128, ContractError> {
        Ok(scaled(self.price, self.backing()?, ONE))
    }
}

/// The momentum rules of `params`.
pub(crate) fn momentum_params(params: &MarketParams) -> MomentumParams {
    let params = &params.momentum;
    MomentumParams {
        smoothing_bps: params.smoothing_bps.into(),
        gain_bps: params.gain_bps.into(),
        buy_cap_bps: params.buy_cap_bps.into(),
        sell_cap_bps: params.sell_cap_bps.into(),
        window: nanos(params.window_secs),
    }
}

/// When the launch lock of a market ends, nanoseconds.
pub(crate) fn unlocks_at(config: &Config) -> u64 {
    config
        .opened_at
        .nanos()
        .saturating_add(nanos(config.params.fees.launch_secs))
        .saturating_add(nanos(config.params.limits.lockup_secs))
}

/// P(s) in 10⁻¹⁸; opening checks that the highest one fits.
pub(crate) fn base_price(curve: &Curve, supply: u128) -> Result<u128, ContractError> {
    curve.price(supply)?.to_u128().ok_or(ContractError::Overflow { operation: "base price" })
}

/// Adds the move of the spot price from `before` to `after`; spots are in [0, 2¹²⁷), so sums of
/// moves telescope and stay in range with each other.
fn book_move(sum: i128, before: u128, after: u128) -> i128 {
    sum.saturating_add_unsigned(after).saturating_sub_unsigned(before)
}

/// `value·numerator/denominator` rounded down, the largest value where that overflows.
fn scaled(value: u128, numerator: impl Into<u128>, denominator: u64) -> u128 {
    portion(value, numerator, denominator, Rounding::Down).unwrap_or(u128::MAX)
}
