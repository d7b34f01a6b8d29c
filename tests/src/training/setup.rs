//! How a story begins.

use cosmwasm_std::{to_json_binary, Uint128};
use cw20::Cw20ExecuteMsg;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::market::{ExecuteMsg as MarketMsg, MarketParams};
use modelbond_interface::nodes;
use modelbond_interface::registry::Parent;
use modelbond_interface::training::{
    Aggregation, AlgorithmTerms, DatasetTerms, ExecuteMsg, Hash32, Lengths, Mode, MoneyTerms,
    Penalties, ReceiveMsg, RunOpened, RunParams, Scoring, Sizes,
};
use modelbond_rounds::digest::slice;
use modelbond_signature::{sha256, Binding, Registration, SignRequest};

use super::{Member, Training, EPOCH_SECS, UNIT};
use crate::beacon::{Emitter, NOTICE_SECS, PERIOD_SECS};
use crate::bridge::EVM_CHAIN_ID;
use crate::chain::{Contracts, Failure};
use crate::deployment::Terms;
use crate::mock::Mock;
use crate::{Deployment, Machine, Suite};

/// How long unstaked tokens stay, in stories.
const UNBONDING_SECS: u64 = 4_000;
/// Rows of each slice of the holdout.
const SLICE_ROWS: u32 = 8;
const DAY: u64 = 86_400;

/// A story's run: k = 2 groups of a trainer and two witnesses.
#[must_use]
pub fn params(usage_source: String) -> RunParams {
    let hash = |word: &str| Hash32(sha256(word));
    RunParams {
        dataset: DatasetTerms {
            root: hash("dataset"),
            shards: 7,
            slices: (0..12).map(|n| slice_of(n).0).collect(),
        },
        algorithm: AlgorithmTerms {
            hash: hash("algorithm"),
            known_answer: hash("answer"),
            mode: Mode::Exact,
            aggregation: Aggregation::Mean,
            eta_millionths: 1_000_000,
        },
        base_hash: hash("base"),
        sizes: Sizes { groups: 2, witnesses: 2, audit_one_in: 4, jury: 21 },
        lengths: Lengths {
            elect_secs: 6,
            commit_secs: 30,
            reveal_secs: 15,
            check_secs: 30,
            aggregate_secs: 15,
            blocks: 2,
            grid_secs: 5,
            margin_secs: 2,
        },
        penalties: Penalties { wrong_bps: 1_000, late_bps: 100, absent_bps: 10 },
        scoring: Scoring {
            accuracy_bps: 5_000,
            improvement_bps: 3_000,
            nps_bps: 2_000,
            users_target: 10,
            units_target: 100,
            min_units: 1,
            small_network: false,
        },
        money: MoneyTerms {
            unit_stake: Uint128::new(UNIT),
            round_budget: Uint128::new(10 * UNIT),
            min_bond: Uint128::new(5 * UNIT),
            challenge_bond: Uint128::new(2 * UNIT),
        },
        usage_source,
    }
}

/// The n-th slice: its commitment, and what it commits to.
fn slice_of(number: u32) -> (Hash32, (Hash32, Hash32, u32)) {
    let salt = Hash32(sha256(format!("salt of slice {number}")));
    let root = Hash32(sha256(format!("root of slice {number}")));
    (slice(salt, root, SLICE_ROWS), (salt, root, SLICE_ROWS))
}

/// What a story begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    members: Vec<Member>,
    params: RunParams,
    epoch_secs: u64,
    unbonding_secs: u64,
    notice_secs: u64,
    beacon_secs: u32,
    registered: bool,
    parents: usize,
    market: fn(&mut MarketParams),
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            members: Vec::new(),
            params: params(String::new()),
            epoch_secs: EPOCH_SECS,
            unbonding_secs: UNBONDING_SECS,
            notice_secs: NOTICE_SECS,
            beacon_secs: PERIOD_SECS,
            registered: false,
            parents: 0,
            market: |_| (),
        }
    }
}

impl Setup {
    /// One more machine, of its own owner unless the name is used again.
    #[must_use]
    pub fn node(mut self, owner: &str, units: u32) -> Self {
        let number = self.members.len() + 1;
        self.members.push(Member {
            node_id: u64::try_from(number).expect("a number"),
            owner: owner.to_owned(),
            machine: format!("machine {number}"),
            build: "modelbond 0.1.0".to_owned(),
            units,
        });
        self
    }

    /// So many machines of so many owners, with as many units each.
    #[must_use]
    pub fn nodes(self, count: usize, units: u32) -> Self {
        (1..=count).fold(self, |setup, number| setup.node(&format!("owner{number}"), units))
    }

    /// The last machines run another build.
    #[must_use]
    pub fn with_build(mut self, last: usize, build: &str) -> Self {
        for member in self.members.iter_mut().rev().take(last) {
            build.clone_into(&mut member.build);
        }
        self
    }

    /// The model is one of the registry; provenance and rewards are the real ones.
    #[must_use]
    pub fn registered(mut self) -> Self {
        self.registered = true;
        self
    }

    /// The model is built on so many others of the same creator, which get 10 % each.
    #[must_use]
    pub fn with_parents(mut self, count: usize) -> Self {
        self.parents = count;
        self
    }

    /// Changes the market.
    #[must_use]
    pub fn with_market(mut self, change: fn(&mut MarketParams)) -> Self {
        self.market = change;
        self
    }

    /// Epochs of another length.
    #[must_use]
    pub fn with_epochs(mut self, secs: u64) -> Self {
        self.epoch_secs = secs;
        self
    }

    /// A beacon round every so many seconds.
    #[must_use]
    pub fn with_beacon_every(mut self, secs: u32) -> Self {
        self.beacon_secs = secs;
        self
    }

    /// Another time of unbonding.
    #[must_use]
    pub fn with_unbonding(mut self, secs: u64) -> Self {
        self.unbonding_secs = secs;
        self
    }

    /// Changes the run.
    #[must_use]
    pub fn with_params(mut self, change: impl FnOnce(&mut RunParams)) -> Self {
        change(&mut self.params);
        self
    }

    /// How long before a switch the beacon announces it.
    #[must_use]
    pub fn with_notice(mut self, notice_secs: u64) -> Self {
        self.notice_secs = notice_secs;
        self
    }

    /// On a new mock: everybody is ready, the run is funded, its first round can open.
    ///
    /// # Panics
    /// When anything refuses.
    #[must_use]
    pub fn build(self) -> Training<Mock> {
        self.try_build().expect("opens a run")
    }

    /// The same.
    ///
    /// # Errors
    /// When training refuses the run.
    pub fn try_build(self) -> Result<Training<Mock>, Failure> {
        self.build_on(Mock::default())
    }

    /// The same on any chain.
    ///
    /// # Errors
    /// When training refuses the run.
    ///
    /// # Panics
    /// When anything else refuses.
    pub fn build_on<C: Contracts>(self, mut chain: C) -> Result<Training<C>, Failure> {
        let terms = Terms {
            epoch_secs: self.epoch_secs,
            unbonding_secs: self.unbonding_secs,
            notice_secs: self.notice_secs,
            beacon_secs: self.beacon_secs,
            ..Terms::default()
        };
        let deployment = Deployment::on(&mut chain, terms)?;
        let market = Suite::builder().fast().with_params(self.market);
        let market = if self.registered {
            let mut parents = vec![];
            for number in 0..self.parents {
                let parent = Suite::builder().fast();
                let symbol = format!("PARENT-{number}");
                let parent = parent.with_message(|msg| msg.symbol = symbol);
                let parent = parent.build_in(chain, &deployment)?;
                parents.push(Parent { model: parent.market, royalty_bps: 1_000 });
                chain = parent.chain;
            }
            market.with_parents(parents).build_in(chain, &deployment)?
        } else {
            let source = deployment.training.clone();
            market.with_message(|msg| msg.metrics_source = source).build_on(chain)?
        };
        let mut training = Training {
            market,
            beacon: deployment.beacon.clone(),
            address: deployment.training.clone(),
            nodes: deployment.nodes.clone(),
            deployment,
            emitter: Emitter::called("central"),
            emitting: true,
            members: Vec::new(),
            conduct: Default::default(),
            in_seat: Default::default(),
            right: SLICE_ROWS * 3 / 4,
            loss_after: None,
            proving: true,
            slicing: true,
            epoch_secs: self.epoch_secs,
            gas: Default::default(),
            checking: false,
            run_id: 0,
            sealed: Default::default(),
            slices: (0..12).map(|number| slice_of(number).1).collect(),
        };
        training.open(self)?;
        Ok(training)
    }
}

impl<C: Contracts> Training<C> {
    fn open(&mut self, setup: Setup) -> Result<(), Failure> {
        self.market.wait(100);
        self.market.claim("creator").expect("initial tokens");
        let Setup { members, mut params, .. } = setup;
        params.usage_source = self.market.msg.provenance.clone();
        let unit = params.money.unit_stake.u128();
        for fleet in members.chunk_by(|one, other| one.owner == other.owner) {
            self.enlist(fleet, unit)?;
        }
        let model = self.market.market.clone();
        let opened = self.send("creator", &ExecuteMsg::OpenRun { model, params })?;
        self.run_id = opened.event::<RunOpened>().run_id;
        let run_id = self.run_id;
        self.pay("creator", 1_000 * UNIT, &ReceiveMsg::Fund { run_id })?;
        self.pay("creator", 50 * UNIT, &ReceiveMsg::Bond { run_id })?;
        self.wait_epochs(1);
        self.ready_all()
    }

    /// An owner registers machines and stakes for them.
    fn enlist(&mut self, fleet: &[Member], unit: u128) -> Result<(), Failure> {
        let Some(first) = fleet.first() else {
            return Ok(());
        };
        let tokens = |member: &Member| u128::from(member.units) * unit;
        self.give(&first.owner, fleet.iter().map(tokens).sum::<u128>() + 100 * UNIT);
        let registrations: Vec<_> = fleet.iter().map(|one| self.registration(one)).collect();
        let stakes: Vec<_> = fleet.iter().map(|one| self.staking(one, tokens(one))).collect();
        let owner = self.market.address(&first.owner);
        let (nodes, token) = (self.nodes.clone(), self.market.market.clone());
        self.market.chain.execute_all(&owner, &nodes, &registrations)?;
        self.market.chain.execute_all(&owner, &token, &stakes)?;
        self.members.extend_from_slice(fleet);
        Ok(())
    }

    /// Everybody says that they are ready, and the next epoch begins.
    ///
    /// # Errors
    /// When one of them cannot be.
    pub fn ready_all(&mut self) -> Result<(), Failure> {
        let members: Vec<_> =
            self.members.iter().filter(|member| member.units > 0).cloned().collect();
        for fleet in members.chunk_by(|one, other| one.owner == other.owner) {
            let msgs: Vec<_> = fleet.iter().map(|member| self.readiness(member)).collect();
            let (owner, nodes) = (self.market.address(&fleet[0].owner), self.nodes.clone());
            self.market.chain.execute_all(&owner, &nodes, &msgs)?;
        }
        self.wait_epochs(1);
        Ok(())
    }

    /// One of them does.
    ///
    /// # Errors
    /// When it cannot be.
    pub fn ready(&mut self, member: &Member) -> Result<(), Failure> {
        let msg = self.readiness(member);
        self.send_nodes(&member.owner, &msg)
    }

    fn readiness(&self, member: &Member) -> nodes::ExecuteMsg {
        let params = self.run().params;
        let readiness = nodes::Readiness {
            dataset_root: params.dataset.root.into(),
            algorithm_hash: params.algorithm.hash.into(),
            known_answer: params.algorithm.known_answer.into(),
            build: member.build.clone(),
            arch: "x86_64".to_owned(),
        };
        let (run_id, node_id) = (self.run_id, member.node_id);
        nodes::ExecuteMsg::Ready { run_id, node_id, readiness }
    }

    /// Sends any message to the nodes contract.
    ///
    /// # Errors
    /// When it refuses.
    pub fn send_nodes(&mut self, who: &str, msg: &nodes::ExecuteMsg) -> Result<(), Failure> {
        let sender = self.market.chain.account(who);
        let nodes = self.nodes.clone();
        self.market.chain.execute_any(&sender, &nodes, msg, &[]).map(drop)
    }

    /// Registers a machine.
    ///
    /// # Errors
    /// When nodes refuses.
    pub fn register(&mut self, member: &Member) -> Result<(), Failure> {
        let msg = self.registration(member);
        self.send_nodes(&member.owner, &msg)
    }

    fn registration(&self, member: &Member) -> nodes::ExecuteMsg {
        let machine = Machine::called(&member.machine);
        let statement = Registration {
            node_id: member.node_id,
            owner: self.market.address(&member.owner),
            attestation_key: machine.person.pubkey().to_vec(),
            vrf_key: machine.vrf,
            device_class: "jetson_orin".to_owned(),
        };
        let binding = Binding {
            chain_id: self.market.chain.chain_id(),
            contract: self.nodes.clone(),
            evm_chain_id: EVM_CHAIN_ID,
            nonce: 0,
            expires_at: self.market.chain.now().seconds() + DAY,
        };
        let request = SignRequest { statement, binding };
        nodes::ExecuteMsg::RegisterNode {
            node_id: member.node_id,
            keys: machine.keys(&request, Scheme::Eip191),
            device_class: "jetson_orin".to_owned(),
        }
    }

    /// The creator gives tokens away.
    pub fn give(&mut self, who: &str, amount: u128) {
        self.market.transfer("creator", who, amount).expect("the creator has enough");
    }

    /// Stakes more for a machine.
    ///
    /// # Errors
    /// When nodes refuses.
    pub fn stake_more(&mut self, member: &Member, amount: u128) -> Result<(), Failure> {
        let msg = self.staking(member, amount);
        self.market.send(&member.owner, &msg, 0).map(drop)
    }

    fn staking(&self, member: &Member, amount: u128) -> MarketMsg {
        let msg = nodes::ReceiveMsg::Stake { node_id: member.node_id };
        let (contract, msg) = (self.nodes.clone(), to_json_binary(&msg).expect("writes"));
        MarketMsg::Send { contract, amount: Uint128::new(amount), msg }
    }

    /// Sends tokens to training.
    ///
    /// # Errors
    /// When it refuses.
    pub fn pay(&mut self, who: &str, amount: u128, msg: &ReceiveMsg) -> Result<(), Failure> {
        let (contract, msg) = (self.address.clone(), to_json_binary(msg).expect("writes"));
        let send = Cw20ExecuteMsg::Send { contract, amount: Uint128::new(amount), msg };
        let (sender, token) = (self.market.address(who), self.market.market.clone());
        self.market.chain.execute_any(&sender, &token, &send, &[]).map(drop)
    }

    /// Waits for the beginning of an epoch this many later.
    pub fn wait_epochs(&mut self, epochs: u64) {
        let msg = nodes::QueryMsg::Epoch { at: None };
        let now: nodes::EpochResponse =
            self.market.chain.query_any(&self.nodes, &msg).expect("answers");
        let at = now.starts_at.plus_seconds(epochs * self.epoch_secs);
        let left = at.nanos().saturating_sub(self.market.chain.now().nanos());
        self.market.chain.wait(left.div_ceil(1_000_000_000));
    }
}
