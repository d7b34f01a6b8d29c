//! Whole rounds: everybody does what there is to do in a phase ([`super::people`]), somebody advances,
//! and what the machine wants done is done: stakes are taken, what is owed is claimed and paid.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, MemoryStorage, Timestamp};
use modelbond_interface::training::{Due, Hash32, Phase, Round, RunStatus, Stage, Verdict};
use modelbond_rounds::clock::Now;
use modelbond_rounds::digest::slice;
use modelbond_rounds::machine::{Machine, Purse};
use modelbond_rounds::state::{
    answer_of, group_of, reveal_of, round_of, run_of, seat_key, ANSWERS, COMMITS, GROUPS, REVEALS,
    ROUNDS, SEATS,
};
use modelbond_rounds::{Effect, RoundError, SlashOrder, World};

use super::answers::work;
use super::people::Sealed;
use super::report::{Ended, Tally};
use super::world::{InMemory, EPOCH_SECS};
use super::{digest, Scenario};

pub(super) const CHAIN_ID: &str = "simulated-1";
pub(super) const CONTRACT: &str = "training";
pub(super) const RUN: u64 = 1;
/// Rows of each slice of the holdout.
const SLICE_ROWS: u32 = 8;
/// Seconds of a block.
const BLOCK_SECS: u64 = 5;
/// Calls of `advance` that a round takes at the most.
const STEPS: u32 = 1_000;

/// A run in play.
pub struct Play {
    pub(super) scenario: Scenario,
    pub(super) store: MemoryStorage,
    pub(super) world: InMemory,
    pub(super) now: Now,
    /// Number of the slice that is opened next.
    pub(super) slice: u64,
    /// Groups that the adversary lies about.
    pub(super) lies: Vec<bool>,
    /// What was committed to in the open round, by seat.
    pub(super) sealed: BTreeMap<u32, Sealed>,
    tally: Tally,
}

impl Play {
    /// Opens the run.
    ///
    /// # Errors
    /// When its parameters are out of bounds.
    pub fn open(scenario: Scenario) -> Result<Self, RoundError> {
        let params = scenario.checked_params()?;
        let now = Now { time: Timestamp::from_seconds(1_000 * EPOCH_SECS), height: 1 };
        let world = InMemory::new(&scenario, now.time);
        let tally = Tally::new(&scenario, world.stakes());
        let mut store = MemoryStorage::new();
        let mut machine = Machine {
            store: &mut store,
            world: &world,
            now,
            chain_id: CHAIN_ID,
            contract: CONTRACT,
            effects: Vec::new(),
        };
        machine.open_run(model(), creator(), params)?;
        let (slice, lies, sealed) = Default::default();
        Ok(Self { scenario, store, world, now, slice, lies, sealed, tally })
    }

    /// Plays the next round to its end, and counts what came of it.
    ///
    /// # Errors
    /// When the machine refuses what it should not.
    pub fn round(&mut self) -> Result<(), RoundError> {
        self.prepare()?;
        self.machine(|machine| machine.advance(RUN, &keeper()))?;
        for _ in 0..STEPS {
            let round = self.current()?;
            self.act(&round)?;
            if round.phase == Phase::Settle {
                let round_id = self.machine(|machine| machine.settle(RUN))?;
                self.claim_all(round_id)?;
                self.count(round_id)?;
                return self.forget(round_id);
            }
            self.move_on()?;
        }
        Err(RoundError::WrongPhase { expected: "settle", actual: self.current()?.phase })
    }

    /// What came of it so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The machine does something, then everything that it wants done is done.
    pub(super) fn machine<T>(
        &mut self,
        act: impl FnOnce(&mut Machine<'_, InMemory>) -> Result<T, RoundError>,
    ) -> Result<T, RoundError> {
        let mut machine = Machine {
            store: &mut self.store,
            world: &self.world,
            now: self.now,
            chain_id: CHAIN_ID,
            contract: CONTRACT,
            effects: Vec::new(),
        };
        let done = act(&mut machine)?;
        for effect in machine.effects {
            match effect {
                Effect::Slash(order) => self.slash(&order)?,
                Effect::Pay { to, amount, .. } => {
                    let adversary = self.world.pay(&to, amount, self.scenario.restake);
                    self.tally.paid(adversary, amount);
                }
                Effect::Event(_)
                | Effect::Report { .. }
                | Effect::Mint(_)
                | Effect::Credit { .. }
                | Effect::Burn { .. } => {}
            }
        }
        Ok(done)
    }

    fn slash(&mut self, order: &SlashOrder) -> Result<(), RoundError> {
        let mut amounts = Vec::new();
        for (place, item) in order.items.iter().enumerate() {
            let amount = self.world.slash(item);
            let adversary = self.world.is_adversary(item.node_id);
            self.tally.slashed(adversary, place < order.wrong, amount);
            amounts.push(amount);
        }
        let wrong = u32::try_from(order.wrong).unwrap_or(u32::MAX);
        let (key, place) = ((order.run_id, order.round_id), (order.stage.index(), order.group));
        self.machine(|machine| machine.slashed(key, place, wrong, &amounts))
    }

    pub(super) fn wait_until(&mut self, time: Timestamp, height: u64) {
        let secs = time.seconds().saturating_sub(self.now.time.seconds());
        let blocks = secs.div_ceil(BLOCK_SECS).max(1);
        self.now.time = self.now.time.max(time);
        self.now.height = self.now.height.saturating_add(blocks).max(height);
        self.world.now = self.now.time;
    }

    /// A new epoch, with the roster of what is staked; the run's owner pays what is missing.
    fn prepare(&mut self) -> Result<(), RoundError> {
        let run = run_of(&self.store, RUN)?;
        let mut from = self.now.time;
        if let RunStatus::Held { until } = run.status {
            from = from.max(until);
        }
        let next = self.world.epoch(from).saturating_add(1);
        self.wait_until(Timestamp::from_seconds(next.saturating_mul(EPOCH_SECS)), 0);
        self.world.call_epoch();
        let (money, ledger) = (run.params.money, run.ledger);
        for (purse, needed, there) in [
            (Purse::Budget, money.round_budget, ledger.budget),
            (Purse::Bond, money.min_bond, ledger.bond),
        ] {
            let missing = needed.saturating_sub(there);
            if !missing.is_zero() {
                self.machine(|m| m.fund(RUN, purse, (&model(), &creator()), missing))?;
            }
        }
        if run.params.dataset.slices.is_empty() {
            self.slice += 1;
            let hash = slice_of(self.slice).0;
            self.machine(|machine| machine.add_slices(RUN, &creator(), vec![hash]))?;
        }
        Ok(())
    }

    fn current(&self) -> Result<Round, RoundError> {
        let run = run_of(&self.store, RUN)?;
        round_of(&self.store, (RUN, run.rounds))
    }

    /// Advances as soon as that is possible.
    fn move_on(&mut self) -> Result<(), RoundError> {
        for _ in 0..STEPS {
            match self.machine(|machine| machine.advance(RUN, &keeper())) {
                Err(RoundError::TooEarly { ends_at, ends_height, .. }) => {
                    self.wait_until(ends_at, ends_height);
                }
                Err(RoundError::BeaconMissing { at, .. }) => {
                    let due = self.world.first_round(at)?.round_at;
                    self.wait_until(due, 0);
                }
                other => return other,
            }
        }
        self.machine(|machine| machine.advance(RUN, &keeper()))
    }

    /// Everybody takes what the round owes.
    fn claim_all(&mut self, round_id: u64) -> Result<(), RoundError> {
        let round = round_of(&self.store, (RUN, round_id))?;
        let mut dues = vec![Due::Lead {}, Due::Advances {}];
        dues.extend((0..round.groups).map(|group| Due::Contribution { group }));
        for stage in Stage::ALL {
            dues.extend(self.all_seats(&round, stage).into_iter().map(Due::Seat));
        }
        for due in dues {
            match self.machine(|machine| machine.claim((RUN, round_id), due, &keeper())) {
                Ok(_) | Err(RoundError::NothingOwed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn count(&mut self, round_id: u64) -> Result<(), RoundError> {
        let key = (RUN, round_id);
        let round = round_of(&self.store, key)?;
        for number in 0..round.groups {
            let group = group_of(&self.store, key, number)?;
            let answer = group.work.and_then(|work| answer_of(&self.store, key, work));
            let wrong = answer == Some(work(group.seed, true).answer);
            match group.verdict {
                Verdict::Accepted { .. } => self.tally.accepted(wrong),
                Verdict::Void {} => self.tally.void(),
                _ => self.tally.rejected(),
            }
        }
        let posted = round.model.aggregate.map(|aggregate| aggregate.answer);
        let model = posted.filter(|_| round.model.confirmed);
        let wrong = model.map(|answer| answer == self.models(&round).1.answer);
        let run = run_of(&self.store, RUN)?;
        let burned_bond = run.params.money.min_bond.saturating_sub(run.ledger.bond);
        let stakes = self.world.stakes();
        self.tally.ended(Ended { wrong, held: round.held, burned_bond, stakes });
        Ok(())
    }

    /// A round that is paid is never read again.
    fn forget(&mut self, round_id: u64) -> Result<(), RoundError> {
        let key = (RUN, round_id);
        let round = round_of(&self.store, key)?;
        for stage in Stage::ALL {
            for id in self.all_seats(&round, stage) {
                if let Some(work) = reveal_of(&self.store, key, id) {
                    ANSWERS.remove(&mut self.store, (RUN, round_id, &work.0));
                }
                let place = (RUN, round_id, seat_key(id));
                COMMITS.remove(&mut self.store, place);
                REVEALS.remove(&mut self.store, place);
                SEATS.remove(&mut self.store, place);
            }
        }
        for group in 0..round.groups {
            GROUPS.remove(&mut self.store, (RUN, round_id, group));
        }
        ROUNDS.remove(&mut self.store, key);
        Ok(())
    }
}

fn model() -> Addr {
    Addr::unchecked("model")
}

fn creator() -> Addr {
    Addr::unchecked("creator")
}

fn keeper() -> Addr {
    Addr::unchecked("keeper")
}

/// The commitment to a slice of the holdout, and the salt, root and rows that it commits to.
pub(super) fn slice_of(number: u64) -> (Hash32, (Hash32, Hash32, u32)) {
    let of = |what: &[u8]| digest(&[what, &number.to_be_bytes()]);
    let (salt, root) = (of(b"salt of a slice"), of(b"root of a slice"));
    (slice(salt, root, SLICE_ROWS), (salt, root, SLICE_ROWS))
}
