//! What a market stores. Records that trades touch have a compact layout (see `layout`), so they
//! are read and written by the functions here; the rest is JSON.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Order, StdError, StdResult, Storage, Timestamp, Uint128};
use cw_storage_plus::{Bound, Item, Map};
use modelbond_curve::multiplier::Multiplier;
use modelbond_curve::stream::Stream;
use modelbond_curve::U256;
use modelbond_interface::market::{MarketParams, Metrics};

use crate::layout::{Reader, Writer};

/// What was fixed at opening. Written once.
#[cw_serde]
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
#[cw_serde]
pub struct Token {
    /// Name.
    pub name: String,
    /// Symbol.
    pub symbol: String,
    /// S₀ / 10, locked for ever.
    pub floor: Uint128,
}

/// → what was fixed at opening.
pub const CONFIG: Item<Config> = Item::new("config");
/// → cw20 facts.
pub const TOKEN: Item<Token> = Item::new("token");
/// → the last reported metrics; appears with the first report.
pub const METRICS: Item<Metrics> = Item::new("metrics");
/// Observation time in nanoseconds → observation; at most one per 10 minutes. One goes with each
/// new one as soon as the next-oldest is older than 8 days.
pub const OBSERVATIONS: Map<u64, ()> = Map::new("observations");
/// Epoch → its trading; appears when a later epoch is entered, never goes.
const EPOCHS: Map<u32, ()> = Map::new("epochs");
/// Epoch → tokens emitted in it; appears with the first slice, never goes.
pub const EMITTED: Map<u32, Uint128> = Map::new("emitted");
/// → time of the last emitted slice.
pub const LAST_EMISSION_AT: Item<Timestamp> = Item::new("last_emission_at");
/// → initial tokens claimed by the creator.
pub const INITIAL_CLAIMED: Item<Uint128> = Item::new("initial_claimed");
/// Beneficiary → stakeholder tokens claimed.
pub const STAKEHOLDER_CLAIMED: Map<&Addr, Uint128> = Map::new("stakeholder_claimed");
/// Address → account; appears when tokens first arrive, never goes. Read and written by
/// [`Account::load`] and [`Account::save`]; only keys may be iterated.
pub const ACCOUNTS: Map<&Addr, ()> = Map::new("account");

const BOOK: &[u8] = b"book";
const MULTIPLIER: &[u8] = b"multiplier";
const INITIAL_VESTING: &[u8] = b"initial_vesting";

fn raw(storage: &dyn Storage, key: &'static [u8], record: &'static str) -> StdResult<Vec<u8>> {
    storage.get(key).ok_or_else(|| StdError::not_found(record))
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

impl EpochTotals {
    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            volume: from.u128()?,
            fees: from.u128()?,
            trades: from.u32()?,
            traders: from.u32()?,
        })
    }

    fn write(&self, to: &mut Writer) {
        to.put(self.volume).put(self.fees).put(self.trades).put(self.traders);
    }

    /// Trading of a past epoch; nothing when there was none.
    pub fn load(storage: &dyn Storage, epoch: u32) -> StdResult<Self> {
        match storage.get(&EPOCHS.key(epoch)) {
            Some(bytes) => Self::read(&mut Reader::new(&bytes, "epoch")),
            None => Ok(Self::default()),
        }
    }

    /// Writes the trading of an epoch that has ended.
    pub fn save(&self, storage: &mut dyn Storage, epoch: u32) {
        let mut to = Writer::default();
        self.write(&mut to);
        storage.set(&EPOCHS.key(epoch), to.bytes());
    }
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

impl Causes {
    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self { fees_and_burn: from.i128()?, multiplier: from.i128()? })
    }

    fn write(&self, to: &mut Writer) {
        to.put_signed(self.fees_and_burn).put_signed(self.multiplier);
    }
}

/// Tokens that vest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vesting {
    /// Not yet vested.
    pub stream: Stream,
    /// Vested since opening.
    pub vested: u128,
}

impl Vesting {
    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self { stream: read_stream(from)?, vested: from.u128()? })
    }

    fn write(&self, to: &mut Writer) {
        write_stream(&self.stream, to);
        to.put(self.vested);
    }

    /// Reads the vesting of the initial tokens.
    pub fn load_initial(storage: &dyn Storage) -> StdResult<Self> {
        let bytes = raw(storage, INITIAL_VESTING, "initial_vesting")?;
        Self::read(&mut Reader::new(&bytes, "initial_vesting"))
    }

    /// Writes the vesting of the initial tokens.
    pub fn save_initial(&self, storage: &mut dyn Storage) {
        let mut to = Writer::default();
        self.write(&mut to);
        storage.set(INITIAL_VESTING, to.bytes());
    }
}

fn read_stream(from: &mut Reader) -> StdResult<Stream> {
    Ok(Stream { amount: from.u128()?, released_at: from.u64()?, ends_at: from.u64()? })
}

fn write_stream(stream: &Stream, to: &mut Writer) {
    to.put(stream.amount).put(stream.released_at).put(stream.ends_at);
}

fn read_cumulative(from: &mut Reader) -> StdResult<U256> {
    let (high, low) = (from.u128()?, from.u128()?);
    let mut bytes = [0; 32];
    for (to, byte) in bytes.iter_mut().zip(high.to_be_bytes().iter().chain(&low.to_be_bytes())) {
        *to = *byte;
    }
    Ok(U256::from_be_bytes(bytes))
}

fn write_cumulative(value: U256, to: &mut Writer) {
    let U256([a, b, c, d]) = value;
    let half = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
    to.put(half(d, c)).put(half(b, a));
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

impl Book {
    /// Reads the hot state.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let bytes = raw(storage, BOOK, "book")?;
        let from = &mut Reader::new(&bytes, "book");
        Ok(Self {
            updated_at: from.u64()?,
            supply: from.u64()?,
            reserve: from.u128()?,
            pending: read_stream(from)?,
            rewards: from.u128()?,
            provenance: from.u128()?,
            treasury: from.u128()?,
            stakeholders: Vesting::read(from)?,
            reference: from.u128()?,
            reference_at: from.u64()?,
            cumulative: read_cumulative(from)?,
            lagged_price: from.u128()?,
            multiplier: from.u64()?,
            causes: Causes::read(from)?,
            epoch: from.u32()?,
            totals: EpochTotals::read(from)?,
        })
    }

    /// Writes the hot state.
    pub fn save(&self, storage: &mut dyn Storage) {
        let mut to = Writer::default();
        to.put(self.updated_at).put(self.supply).put(self.reserve);
        write_stream(&self.pending, &mut to);
        to.put(self.rewards).put(self.provenance).put(self.treasury);
        self.stakeholders.write(&mut to);
        to.put(self.reference).put(self.reference_at);
        write_cumulative(self.cumulative, &mut to);
        to.put(self.lagged_price).put(self.multiplier);
        self.causes.write(&mut to);
        to.put(self.epoch);
        self.totals.write(&mut to);
        storage.set(BOOK, to.bytes());
    }
}

/// Reads the multiplier's movement.
pub fn load_multiplier(storage: &dyn Storage) -> StdResult<Multiplier> {
    let bytes = raw(storage, MULTIPLIER, "multiplier")?;
    let mut from = Reader::new(&bytes, "multiplier");
    Ok(Multiplier {
        value: from.u64()?,
        target: from.u64()?,
        at: from.u64()?,
        fall_from: Some(from.u64()?).filter(|level| *level > 0),
        rebounding: from.u32()? != 0,
    })
}

/// Writes the multiplier's movement.
pub fn save_multiplier(storage: &mut dyn Storage, multiplier: &Multiplier) {
    let mut to = Writer::default();
    to.put(multiplier.value).put(multiplier.target).put(multiplier.at);
    to.put(multiplier.fall_from.unwrap_or(0)).put(u8::from(multiplier.rebounding));
    storage.set(MULTIPLIER, to.bytes());
}

/// One holder. Trailing fields that are zero are not stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Token base units, locked ones included.
    pub balance: u64,
    /// Number of the epoch of the last trade plus one; 0 if there was none.
    pub traded_in: u32,
    /// Bought in the launch; means nothing once the lock-up has ended.
    pub locked: u64,
}

impl Account {
    /// Reads an account; empty when it never held tokens.
    pub fn load(storage: &dyn Storage, address: &Addr) -> StdResult<Self> {
        let Some(bytes) = storage.get(&ACCOUNTS.key(address)) else {
            return Ok(Self::default());
        };
        let mut from = Reader::new(&bytes, "account");
        let mut account = Self { balance: from.u64()?, ..Self::default() };
        if !from.is_done() {
            account.traded_in = from.u32()?;
        }
        if !from.is_done() {
            account.locked = from.u64()?;
        }
        Ok(account)
    }

    /// Writes an account.
    pub fn save(&self, storage: &mut dyn Storage, address: &Addr) {
        let mut to = Writer::default();
        to.put(self.balance);
        if self.traded_in != 0 || self.locked != 0 {
            to.put(self.traded_in);
        }
        if self.locked != 0 {
            to.put(self.locked);
        }
        storage.set(&ACCOUNTS.key(address), to.bytes());
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

impl Observation {
    fn load(storage: &dyn Storage, at: u64) -> StdResult<Self> {
        let bytes =
            storage.get(&OBSERVATIONS.key(at)).ok_or_else(|| StdError::not_found("observation"))?;
        let mut from = Reader::new(&bytes, "observation");
        Ok(Self {
            cumulative: read_cumulative(&mut from)?,
            spot: from.u128()?,
            causes: Causes::read(&mut from)?,
        })
    }

    /// Writes the observation made at `at`.
    pub fn save(&self, storage: &mut dyn Storage, at: u64) {
        let mut to = Writer::default();
        write_cumulative(self.cumulative, &mut to);
        to.put(self.spot);
        self.causes.write(&mut to);
        storage.set(&OBSERVATIONS.key(at), to.bytes());
    }
}

fn observation(
    storage: &dyn Storage,
    at: Option<StdResult<u64>>,
) -> StdResult<Option<(u64, Observation)>> {
    at.transpose()?.map(|at| Ok((at, Observation::load(storage, at)?))).transpose()
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
