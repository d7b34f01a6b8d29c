//! What a market stores, besides cw20-base's allowances, marketing record and logo.

use cosmwasm_std::{Addr, Order, StdError, StdResult, Storage, Timestamp, Uint128};
use cw_storage_plus::Bound;
use modelbond_curve::multiplier::Multiplier;
use modelbond_curve::stream::Stream;
use modelbond_curve::U256;
use modelbond_interface::market::{MarketParams, Metrics};

use crate::layout::{layouts, Layout, Reader, Writer};
use crate::record::{Record, Records};

/// What was fixed at opening. Written once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Owner of the treasury ledger and of the initial tokens.
    pub creator: Addr,
    /// Reports metrics.
    pub metrics_source: Addr,
    /// Spends the rewards ledger by `emit`.
    pub rewards: Addr,
    /// Withdraws the provenance ledger.
    pub provenance: Addr,
    /// The one denom of this market's money.
    pub reserve_denom: String,
    /// Block time of the opening.
    pub opened_at: Timestamp,
    /// The economy; its stakeholders are complete and checked.
    pub params: MarketParams,
}

/// Name and symbol, as cw20 shows them. Written once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Name.
    pub name: String,
    /// Symbol.
    pub symbol: String,
    /// S₀ / 10, locked for ever.
    pub floor: Uint128,
}

/// → what was fixed at opening.
pub const CONFIG: Record<Config> = Record::new("config");
/// → cw20 facts.
pub const TOKEN: Record<Token> = Record::new("token");
/// → what trades change.
pub const BOOK: Record<Book> = Record::new("book");
/// → the multiplier's movement.
pub const MULTIPLIER: Record<Multiplier> = Record::new("multiplier");
/// → the last reported metrics; appears with the first report.
pub const METRICS: Record<Metrics> = Record::new("metrics");
/// Address → account; appears when tokens first arrive, never goes.
pub const ACCOUNTS: Records<&Addr, Account> = Records::new("account");
/// Observation time in nanoseconds → observation; at most one per 10 minutes. One goes with each
/// new one as soon as the next-oldest is older than 8 days.
pub const OBSERVATIONS: Records<u64, Observation> = Records::new("observations");
/// Epoch → its trading; appears when a later epoch is entered, never goes.
pub const EPOCHS: Records<u32, EpochTotals> = Records::new("epochs");
/// Epoch → tokens emitted in it; appears with the first slice, never goes.
pub const EMITTED: Records<u32, Uint128> = Records::new("emitted");
/// → time of the last emitted slice.
pub const LAST_EMISSION_AT: Record<Timestamp> = Record::new("last_emission_at");
/// → vesting of the initial tokens.
pub const INITIAL_VESTING: Record<Vesting> = Record::new("initial_vesting");
/// → initial tokens claimed by the creator.
pub const INITIAL_CLAIMED: Record<Uint128> = Record::new("initial_claimed");
/// Beneficiary → stakeholder tokens claimed.
pub const STAKEHOLDER_CLAIMED: Records<&Addr, Uint128> = Records::new("stakeholder_claimed");

layouts! {
    Config { creator, metrics_source, rewards, provenance, reserve_denom, opened_at, params }
    Token { name, symbol, floor }
    Book {
        updated_at, supply, reserve, pending, rewards, provenance, treasury, stakeholders,
        reference, reference_at, cumulative, lagged_price, multiplier, causes, epoch, totals
    }
    Multiplier { value, target, at, fall_from, rebounding }
    Metrics { accuracy, adoption, improvement, growth }
    Observation { cumulative, spot, causes }
    EpochTotals { volume, fees, trades, traders }
    Causes { fees_and_burn, multiplier }
    Vesting { stream, vested }
    Stream { amount, released_at, ends_at }
}

/// Trading of one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EpochTotals {
    /// Σ cost of purchases + Σ gross of sales.
    pub volume: u128,
    /// Σ fees.
    pub fees: u128,
    /// Purchases and sales.
    pub trades: u32,
    /// Accounts whose tokens were traded.
    pub traders: u32,
}

/// Why the spot price is where it is: running sums since opening, in 10⁻¹⁸. What trades moved
/// is the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Causes {
    /// By releases from pending.
    pub fees_and_burn: i128,
    /// By the multiplier.
    pub multiplier: i128,
}

/// Tokens that vest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vesting {
    /// Not yet vested.
    pub stream: Stream,
    /// Vested since opening.
    pub vested: u128,
}

/// The hot state: all that a trade changes, in one record of about 190 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// Time of the last message that came here, nanoseconds.
    pub updated_at: u64,
    /// Token base units in existence.
    pub supply: u64,
    /// R.
    pub reserve: u128,
    /// Streams into R.
    pub pending: Stream,
    /// Ledger for block rewards.
    pub rewards: u128,
    /// Ledger of the provenance contract.
    pub provenance: u128,
    /// Ledger of the creator.
    pub treasury: u128,
    /// Stakeholder tokens.
    pub stakeholders: Vesting,
    /// Leaky reference of the limiter as of `reference_at`, base price in 10⁻¹⁸.
    pub reference: u128,
    /// When the price last moved, nanoseconds.
    pub reference_at: u64,
    /// ∫ base price dt since opening, 10⁻¹⁸·ns.
    pub cumulative: U256,
    /// 1-hour average of the base price one momentum window ago; 0 while there is none.
    pub lagged_price: u128,
    /// M as of the last message, 10⁻¹⁸.
    pub multiplier: u64,
    /// Sums for `explain`.
    pub causes: Causes,
    /// Epoch of `totals`.
    pub epoch: u32,
    /// Trading in this epoch.
    pub totals: EpochTotals,
}

/// One holder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Token base units, locked ones included.
    pub balance: u64,
    /// Number of the epoch of the last trade plus one; 0 if there was none.
    pub traded_in: u32,
    /// Bought in the launch; means nothing once the lock-up has ended.
    pub locked: u64,
}

/// Trailing fields that are zero are not there.
impl Layout for Account {
    fn read(from: &mut Reader) -> Self {
        let mut account = Self { balance: u64::read(from), ..Self::default() };
        if !from.is_done() {
            account.traded_in = u32::read(from);
        }
        if !from.is_done() {
            account.locked = u64::read(from);
        }
        account
    }

    fn write(&self, to: &mut Writer) {
        self.balance.write(to);
        if self.traded_in != 0 || self.locked != 0 {
            self.traded_in.write(to);
        }
        if self.locked != 0 {
            self.locked.write(to);
        }
    }
}

impl Account {
    /// Reads an account; empty when it never held tokens.
    pub fn load(storage: &dyn Storage, address: &Addr) -> StdResult<Self> {
        Ok(ACCOUNTS.may_load(storage, address)?.unwrap_or_default())
    }

    /// Writes an account.
    pub fn save(&self, storage: &mut dyn Storage, address: &Addr) {
        ACCOUNTS.save(storage, address, self);
    }
}

/// An amount of tokens as it is stored: the maximum supply fits 60 bits.
pub fn units(amount: u128) -> StdResult<u64> {
    u64::try_from(amount).map_err(|_| StdError::generic_err("token amount exceeds 64 bits"))
}

/// The market at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// ∫ base price dt since opening, 10⁻¹⁸·ns.
    pub cumulative: U256,
    /// Spot price, 10⁻¹⁸.
    pub spot: u128,
    /// Why it is there.
    pub causes: Causes,
}

fn observation(
    storage: &dyn Storage,
    at: Option<StdResult<u64>>,
) -> StdResult<Option<(u64, Observation)>> {
    at.transpose()?.map(|at| Ok((at, OBSERVATIONS.load(storage, at)?))).transpose()
}

/// The last observation at or before `at`.
pub fn observation_before(storage: &dyn Storage, at: u64) -> StdResult<Option<(u64, Observation)>> {
    let end = Some(Bound::inclusive(at));
    observation(storage, OBSERVATIONS.keys(storage, None, end, Order::Descending).next())
}

/// The first observation after `at`.
pub fn observation_after(storage: &dyn Storage, at: u64) -> StdResult<Option<(u64, Observation)>> {
    let start = Some(Bound::exclusive(at));
    observation(storage, OBSERVATIONS.keys(storage, start, None, Order::Ascending).next())
}
