//! How records are stored: their fields one after the other, without names. A third of the bytes of JSON,
//! and of the gas; and no code that reads names.
//!
//! Numbers are big-endian in the width of their type; hashes bare; texts, bytes and lists after a length
//! of two bytes; an option after a byte that is 0 or 1; a variant is a byte. What is written is read back
//! the same; anything else is refused.

use std::marker::PhantomData;

use cosmwasm_std::{Addr, Binary, Empty, StdError, StdResult, Storage, Timestamp, Uint128};
use cw_storage_plus::{Map, PrimaryKey};
use modelbond_interface::training::{
    Aggregate, Aggregation, AlgorithmTerms, Answer, BuiltOn, Challenge, Check, DatasetTerms, Group,
    Hash32, Lead, Leader, Ledger, Lengths, Mode, ModelWork, MoneyTerms, NewModel, Outcome, Pay,
    Penalties, Phase, Pin, RosterPin, Round, Run, RunParams, RunStatus, Scoring, Seat, Seeds,
    Sizes, Slice, Stage, Verdict, Verified, Window, Worth,
};

use crate::state::{Adoption, Opinion, Record, Turn, UserEpoch};

/// A record.
pub trait Pack: Sized {
    /// Appends it.
    fn pack(&self, to: &mut Vec<u8>);
    /// Takes it from the front; `None` if it is not one.
    fn unpack(from: &mut &[u8]) -> Option<Self>;
}

/// Key → record. The name is that of the constant in lower case.
pub struct Table<K, T> {
    keys: Map<K, Empty>,
    kind: PhantomData<T>,
}

impl<K, T> Table<K, T> {
    /// A table of this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { keys: Map::new(name), kind: PhantomData }
    }
}

impl<'k, K: PrimaryKey<'k>, T: Pack> Table<K, T> {
    /// The record, if there is one.
    ///
    /// # Errors
    /// When something else is stored there.
    pub fn may_load(&self, store: &dyn Storage, key: K) -> StdResult<Option<T>> {
        let Some(bytes) = store.get(&self.keys.key(key)) else {
            return Ok(None);
        };
        let mut rest = bytes.as_slice();
        let record = T::unpack(&mut rest).filter(|_| rest.is_empty());
        record.map(Some).ok_or_else(|| StdError::generic_err("a stored record cannot be read"))
    }

    /// Stores a record.
    pub fn save(&self, store: &mut dyn Storage, key: K, record: &T) {
        let mut bytes = Vec::new();
        record.pack(&mut bytes);
        // The chain stores no empty values.
        store.set(&self.keys.key(key), &bytes);
    }

    /// Whether there is one.
    pub fn has(&self, store: &dyn Storage, key: K) -> bool {
        store.get(&self.keys.key(key)).is_some()
    }

    /// Removes it.
    pub fn remove(&self, store: &mut dyn Storage, key: K) {
        store.remove(&self.keys.key(key));
    }
}

fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = from.split_first_chunk()?;
    *from = tail;
    Some(*head)
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl Pack for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                to.extend(self.to_be_bytes());
            }
            fn unpack(from: &mut &[u8]) -> Option<Self> {
                take(from).map(Self::from_be_bytes)
            }
        }
    )*};
}
numbers! { u8 u16 u32 u64 u128 i32 }

impl Pack for bool {
    fn pack(&self, to: &mut Vec<u8>) {
        u8::from(*self).pack(to);
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        match u8::unpack(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Pack for Hash32 {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend(self.0);
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        take(from).map(Self)
    }
}

impl Pack for Uint128 {
    fn pack(&self, to: &mut Vec<u8>) {
        self.u128().pack(to);
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        u128::unpack(from).map(Self::new)
    }
}

impl Pack for Timestamp {
    fn pack(&self, to: &mut Vec<u8>) {
        self.nanos().pack(to);
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        u64::unpack(from).map(Self::from_nanos)
    }
}

/// Nothing stored here is longer than 65,535 bytes or elements: texts are addresses and names, lists
/// have bounds.
fn pack_length(length: usize, to: &mut Vec<u8>) {
    u16::try_from(length).unwrap_or(u16::MAX).pack(to);
}

impl Pack for Binary {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        to.extend(self.as_slice());
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = u16::unpack(from)?;
        let (head, tail) = from.split_at_checked(length.into())?;
        *from = tail;
        Some(head.into())
    }
}

impl Pack for String {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        to.extend(self.as_bytes());
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Self::from_utf8(Binary::unpack(from)?.to_vec()).ok()
    }
}

impl Pack for Addr {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.as_str().len(), to);
        to.extend(self.as_bytes());
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        String::unpack(from).map(Self::unchecked)
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        self.is_some().pack(to);
        if let Some(record) = self {
            record.pack(to);
        }
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::unpack(from)? { Some(T::unpack(from)?) } else { None })
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        self.iter().for_each(|record| record.pack(to));
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        (0..u16::unpack(from)?).map(|_| T::unpack(from)).collect()
    }
}

/// A record as the list of its fields.
macro_rules! records {
    ($($type:ident { $($field:ident)* })*) => {$(
        impl Pack for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                $(self.$field.pack(to);)*
            }
            fn unpack(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Pack::unpack(from)?,)* })
            }
        }
    )*};
}

records! {
    Adoption { users counted_from }
    Aggregate { answer accepted work }
    AlgorithmTerms { hash known_answer mode aggregation eta_millionths }
    Answer {
        outcome shard_root steps samples result_hash update_hash trace_root loss_before loss_after
        correct
    }
    BuiltOn { round_id accepted }
    Challenge { by bond owed }
    DatasetTerms { root shards slices }
    Group {
        group shard seed seats auditors jurors jury_stage check work verdict quality challenge
        majority juror_pay wrong
    }
    Lead { leaders beacon_only second_output attempt }
    Leader { node_id owner account vrf_key owner_id first_unit units ticket output }
    Ledger { budget bond rolled_over reserved burnable }
    Lengths {
        elect_secs commit_secs reveal_secs check_secs aggregate_secs blocks grid_secs margin_secs
    }
    ModelWork { work performance }
    MoneyTerms { unit_stake round_budget min_bond challenge_bond }
    NewModel { slice aggregate committee confirmed result_hash }
    Opinion { promoters passives detractors }
    Pay {
        trainers from_rolled_over quality drawn per_witness witnesses leader per_member members
        per_advance advances per_unavailable unavailable
    }
    Penalties { wrong_bps late_bps absent_bps }
    Pin { at round chain_hash central }
    Record { best_score holds }
    RosterPin { epoch nodes units owners largest_owner_units }
    Round {
        run_id round_id roster nps budget phase window pin beacon central_beacon seeds lead groups
        next appealing accepted accepted_units model held pay advances opened_at settled_at
        built_on worth
    }
    Run {
        run_id model owner opened_at params status open_round rounds last_seed first_epoch
        best_score holds ledger built_on
    }
    RunParams {
        dataset algorithm base_hash sizes lengths penalties scoring money usage_source
    }
    Scoring {
        accuracy_bps improvement_bps nps_bps users_target units_target min_units small_network
    }
    Seat {
        node_id owner owner_id first_unit units class account attestation_key key_epoch
        device_class
    }
    Seeds { alpha seed assignment check appeal salts }
    Sizes { groups witnesses audit_one_in jury }
    Slice { root samples }
    Turn {
        round_id phase window stage beacon assignment check algorithm base mode shards accepted
    }
    UserEpoch { paid score }
    Window { opened_at ends_at ends_height }
    Worth { improvement offset work }
}

/// Variants by number. A number is never used again.
macro_rules! variants {
    ($($type:ident { $($variant:ident = $number:literal)* })*) => {$(
        impl Pack for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                to.push(match self { $(Self::$variant => $number,)* });
            }
            fn unpack(from: &mut &[u8]) -> Option<Self> {
                match u8::unpack(from)? {
                    $($number => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}

variants! {
    Aggregation { Mean = 0 TrimmedMean = 1 Median = 2 }
    Check { None = 0 Audit = 1 Incomplete = 2 Jury = 3 Appeal = 4 }
    Mode { Exact = 0 Scored = 1 }
    Outcome { Result = 0 Unavailable = 1 Diverged = 2 }
    Phase {
        Opening = 0 Elect = 1 Seeding = 2 Assign = 3 Commit = 4 Reveal = 5 ScoreCommit = 6
        ScoreReveal = 7 CheckSeeding = 8 CheckAssign = 9 CheckCommit = 10 CheckReveal = 11
        Judge = 12 Penalize = 13 Post = 14 ConfirmCommit = 15 ConfirmReveal = 16 Settle = 17
        Final = 18
    }
    Stage {
        Work = 0 Check = 1 Appeal = 2 Committee = 3 SecondCommittee = 4 ThirdCommittee = 5
    }
    Verified { None = 0 Witnesses = 1 Audit = 2 AuditMissed = 3 Jury = 4 }
}

impl Pack for RunStatus {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::Open {} => to.push(0),
            Self::Held { until } => {
                to.push(1);
                until.pack(to);
            }
            Self::Closed {} => to.push(2),
        }
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        match u8::unpack(from)? {
            0 => Some(Self::Open {}),
            1 => Some(Self::Held { until: Pack::unpack(from)? }),
            2 => Some(Self::Closed {}),
            _ => None,
        }
    }
}

impl Pack for Verdict {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::Open {} => to.push(0),
            Self::Accepted { by } => {
                to.push(1);
                by.pack(to);
            }
            Self::Rejected {} => to.push(2),
            Self::Void {} => to.push(3),
            Self::Unavailable {} => to.push(4),
        }
    }
    fn unpack(from: &mut &[u8]) -> Option<Self> {
        match u8::unpack(from)? {
            0 => Some(Self::Open {}),
            1 => Some(Self::Accepted { by: Pack::unpack(from)? }),
            2 => Some(Self::Rejected {}),
            3 => Some(Self::Void {}),
            4 => Some(Self::Unavailable {}),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
