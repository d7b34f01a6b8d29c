//! Training on a chain with everything that it needs: a beacon with an emitter, a real market, machines
//! with owners; and people who play rounds, honestly or not.
//!
//! What machines compute here are hashes: who is believed, paid and slashed is the question, not what is
//! learned. The command line's `node play` plays the same rounds with real training.

mod answers;
mod attack;
mod messages;
mod play;
mod setup;

use std::collections::BTreeMap;

use cosmwasm_std::Uint128;
use modelbond_interface::market::ConfigResponse as MarketConfig;
use modelbond_interface::nodes::{self, StakeResponse};
use modelbond_interface::training::{
    ClaimableResponse, Due, ExecuteMsg, Group, GroupsResponse, Hash32, Ledger, QueryMsg, Round,
    RoundAdvanced, RoundResponse, Run, RunResponse, SeatId, SeatInfo, SeatsResponse, Stage,
};
use modelbond_rounds::digest::Context;
use serde::de::DeserializeOwned;

pub use answers::{answer, leaves, unavailable, Task, ROWS, STEPS};
pub use messages::{attested, signed_feedback};
pub use play::Conduct;
pub use setup::{params, Setup};

use crate::chain::{Contracts, Failure, Outcome};
use crate::mock::Mock;
use crate::{Emitter, Machine, Suite};

/// Length of an epoch, in stories.
pub const EPOCH_SECS: u64 = 600;
/// Tokens of one unit of stake: one whole token.
pub const UNIT: u128 = 1_000_000;

/// A machine in service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its number.
    pub node_id: u64,
    /// Name of the owner's account.
    pub owner: String,
    /// Name of the machine.
    pub machine: String,
    /// Build that it says it runs.
    pub build: String,
    /// Its units.
    pub units: u32,
}

/// What a seat committed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) answer: modelbond_interface::training::Answer,
    pub(crate) salt: Hash32,
}

/// Training on a chain.
pub struct Training<C: Contracts = Mock> {
    /// The model's market, and with it the chain.
    pub market: Suite<C>,
    /// Address of the beacon.
    pub beacon: String,
    /// Address of training.
    pub address: String,
    /// Address of the nodes contract.
    pub nodes: String,
    /// All contracts of which there is one.
    pub deployment: crate::Deployment,
    /// Who signs the beacon's rounds.
    pub emitter: Emitter,
    /// Whether the emitter hands rounds in.
    pub emitting: bool,
    /// Machines in service.
    pub members: Vec<Member>,
    /// How machines behave that are not honest, by number.
    pub conduct: BTreeMap<u64, Conduct>,
    /// How machines behave in one seat, by round and seat; before how they behave anywhere.
    pub in_seat: BTreeMap<(u64, u32), Conduct>,
    /// How many samples of a slice new models get right.
    pub right: u32,
    /// Loss of new models on their slices, where it is another one than before.
    pub loss_after: Option<u64>,
    /// Whether leaders prove.
    pub proving: bool,
    /// Whether the owner opens slices.
    pub slicing: bool,
    /// Length of an epoch.
    pub epoch_secs: u64,
    /// The most gas that a message has used, where the chain says so.
    pub gas: BTreeMap<String, u64>,
    /// Whether the money is checked after every message.
    pub checking: bool,
    /// The run.
    pub run_id: u64,
    sealed: BTreeMap<(u64, u32), Sealed>,
    slices: Vec<(Hash32, Hash32, u32)>,
}

impl<C: Contracts> Training<C> {
    /// The chain.
    pub fn chain(&mut self) -> &mut C {
        &mut self.market.chain
    }

    /// Sends any message to training.
    ///
    /// # Errors
    /// When it refuses.
    ///
    /// # Panics
    /// When the money is to be checked, and is not right.
    pub fn send(&mut self, who: &str, msg: &ExecuteMsg) -> Result<Outcome, Failure> {
        let sender = self.market.chain.account(who);
        let address = self.address.clone();
        let outcome = self.market.chain.execute_any(&sender, &address, msg, &[]);
        if self.checking {
            self.check_money();
        }
        let outcome = outcome?;
        self.note_gas(&outcome);
        Ok(outcome)
    }

    fn note_gas(&mut self, outcome: &Outcome) {
        let own = outcome.events.iter().filter(|event| event.ty == "wasm");
        let mut attributes = own.flat_map(|event| &event.attributes);
        let action = attributes.find(|attribute| attribute.key == "action");
        if let (Some(gas), Some(action)) = (outcome.gas, action) {
            let advanced = outcome.find::<RoundAdvanced>();
            let to = advanced.map(|event| format!(" to {}", event.phase)).unwrap_or_default();
            let most = self.gas.entry(format!("{}{to}", action.value)).or_default();
            *most = gas.max(*most);
        }
    }

    /// Asks training.
    ///
    /// # Errors
    /// When it refuses.
    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, Failure> {
        self.market.chain.query_any(&self.address, msg)
    }

    /// Asks training.
    ///
    /// # Panics
    /// When it refuses.
    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.try_query(msg).expect("answers")
    }

    /// The run.
    ///
    /// # Panics
    /// When there is none.
    pub fn run(&self) -> Run {
        let msg = QueryMsg::Run { run_id: self.run_id };
        self.query::<RunResponse>(&msg).run.expect("a run")
    }

    /// The run's money.
    pub fn ledger(&self) -> Ledger {
        self.run().ledger
    }

    /// The last round.
    ///
    /// # Panics
    /// When there is none.
    pub fn round(&self) -> Round {
        let msg = QueryMsg::Round { run_id: self.run_id, round_id: None };
        self.query::<RoundResponse>(&msg).round.expect("a round")
    }

    /// The groups of the last round.
    pub fn groups(&self) -> Vec<Group> {
        let round_id = self.run().rounds;
        let msg = QueryMsg::Groups { run_id: self.run_id, round_id };
        self.query::<GroupsResponse>(&msg).groups
    }

    /// Seats of the last round.
    pub fn seats(&self, stage: Stage, group: u8) -> Vec<SeatInfo> {
        let round_id = self.run().rounds;
        let msg = QueryMsg::Seats { run_id: self.run_id, round_id, stage, group };
        self.query::<SeatsResponse>(&msg).seats
    }

    /// All seats of a stage in the last round.
    pub fn all_seats(&self, stage: Stage) -> Vec<SeatInfo> {
        let groups = match stage {
            Stage::Work | Stage::Check | Stage::Appeal => self.round().groups,
            _ => 1,
        };
        (0..groups).flat_map(|group| self.seats(stage, group)).collect()
    }

    /// What training says the market's last metrics are.
    pub fn market_config(&self) -> MarketConfig {
        self.market.config()
    }

    /// A node's stake.
    ///
    /// # Panics
    /// When nodes does not answer.
    pub fn stake(&self, node_id: u64) -> u128 {
        let msg = nodes::QueryMsg::Stake { model: self.market.market.clone(), node_id };
        let answer: StakeResponse =
            self.market.chain.query_any(&self.nodes, &msg).expect("answers");
        answer.amount.u128()
    }

    /// Tokens that training holds.
    pub fn held(&self) -> u128 {
        self.market.tokens_at(&self.address)
    }

    /// A machine by its number.
    ///
    /// # Panics
    /// When it is nobody's.
    pub fn member(&self, node_id: u64) -> Member {
        let found = self.members.iter().find(|member| member.node_id == node_id);
        found.expect("a member").clone()
    }

    /// What every digest of the open round begins with.
    pub fn context(&self, round: &Round) -> Context {
        Context {
            chain_id: self.market.chain.chain_id(),
            contract: self.address.clone(),
            run_id: round.run_id,
            round_id: round.round_id,
            beacon: round.beacon,
        }
    }

    /// What is owed for something in the last round.
    ///
    /// # Errors
    /// When nothing is.
    pub fn claimable(&self, who: &str, due: Due) -> Result<ClaimableResponse, Failure> {
        let (run_id, round_id) = (self.run_id, self.run().rounds);
        let sender = Some(self.market.chain.account(who));
        self.try_query(&QueryMsg::Claimable { run_id, round_id, due, sender })
    }

    /// Claims it.
    ///
    /// # Errors
    /// When nothing is owed.
    pub fn claim(&mut self, who: &str, due: Due) -> Result<Outcome, Failure> {
        let (run_id, round_id) = (self.run_id, self.run().rounds);
        self.send(who, &ExecuteMsg::Claim { run_id, round_id, due })
    }

    /// Everything that the last round may owe, but for those who advanced it.
    pub fn dues(&self) -> Vec<Due> {
        let round = self.round();
        let mut dues = vec![Due::Lead {}];
        for group in 0..round.groups {
            dues.extend([Due::Contribution { group }, Due::Challenge { group }]);
        }
        for stage in Stage::ALL {
            dues.extend(self.all_seats(stage).iter().map(|seat| Due::Seat(seat.id)));
        }
        dues
    }

    /// Claims everything that the last round owes; how much that was.
    pub fn claim_all(&mut self) -> u128 {
        let before = self.held();
        for due in self.dues() {
            let _ = self.claim("stranger", due);
        }
        let _ = self.claim("keeper", Due::Advances {});
        before - self.held()
    }

    /// The seat as part of a key.
    pub(crate) fn sealed_key(round_id: u64, id: SeatId) -> (u64, u32) {
        (round_id, modelbond_rounds::state::seat_key(id))
    }

    /// I8 for training: every token it holds is in exactly one ledger.
    ///
    /// # Panics
    /// When it is not.
    pub fn check_money(&self) {
        let Ledger { budget, bond, rolled_over, reserved, burnable } = self.ledger();
        let sum: Uint128 = [budget, bond, rolled_over, reserved, burnable].iter().sum();
        assert_eq!(sum.u128(), self.held(), "I8: {:?}", self.ledger());
    }

    /// The VRF secret of a member.
    pub(crate) fn secret(member: &Member) -> modelbond_election::vrf::SecretKey {
        Machine::secret(&member.machine)
    }
}
