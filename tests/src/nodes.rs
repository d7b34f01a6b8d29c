//! The nodes contract with owners, machines, a token, and a training contract that does what it is told.
//! A machine is its two keys; the same name is the same machine on every chain.

mod machine;
pub mod training;

use cosmwasm_std::{to_json_binary, Empty, HexBinary, Uint128};
use cw20::{BalanceResponse, Cw20Coin, Cw20ExecuteMsg, Cw20QueryMsg};
use cw_multi_test::ContractWrapper;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::nodes::{
    ConfigResponse, Directory, EpochResponse, ExecuteMsg, InstantiateMsg, KeysResponse, MemberInfo,
    MembersResponse, NewKeys, Node, NodeKeys, NodeKeysRotated, NodeReady, NodeRegistered,
    NodeResponse, NodeSlashed, NodeStaked, NodeUnstaked, NodeWithdrawn, QueryMsg, Readiness,
    ReceiveMsg, RosterPruned, RosterResponse, RunTerms, Slash, SlashData, StakeResponse,
};
use modelbond_signature::{sha256, Binding, KeyRotation, Registration, SignRequest};
use serde::de::DeserializeOwned;

use crate::bridge::{Person, EVM_CHAIN_ID};
use crate::chain::{Chain, Contracts, Failure, Outcome};
use crate::mock::{nodes_code, Mock};
pub use machine::Machine;
use training::Order;

/// Length of an epoch, in stories.
pub const EPOCH_SECS: u64 = 60;
/// How long unstaked tokens stay, in stories.
pub const UNBONDING_SECS: u64 = 300;
/// Tokens of one unit, in stories.
pub const UNIT: u128 = 1_000;
/// Tokens of each owner at first.
pub const PLENTY: u128 = 1_000_000_000;
/// Who has tokens, in stories.
pub const OWNERS: [&str; 4] = ["alice", "bob", "carol", "dan"];
/// The class of every machine.
pub const CLASS: &str = "jetson_orin";
/// The one run that there is from the beginning.
pub const RUN: u64 = 1;
const DAY: u64 = 86_400;

/// What was fixed, in stories.
#[must_use]
pub fn settings() -> InstantiateMsg {
    InstantiateMsg {
        epoch_secs: EPOCH_SECS,
        unbonding_secs: UNBONDING_SECS,
        evm_chain_id: EVM_CHAIN_ID,
    }
}

/// A hash of a word.
#[must_use]
pub fn hash(word: &str) -> HexBinary {
    sha256(word).into()
}

/// The terms of a run of a model.
#[must_use]
pub fn terms(run_id: u64, model: &str) -> RunTerms {
    RunTerms {
        run_id,
        model: model.to_owned(),
        unit_stake: Uint128::new(UNIT),
        dataset_root: hash("dataset"),
        algorithm_hash: hash("algorithm"),
        known_answer: hash("answer"),
    }
}

/// What a machine says that does everything right.
#[must_use]
pub fn readiness() -> Readiness {
    Readiness {
        dataset_root: hash("dataset"),
        algorithm_hash: hash("algorithm"),
        known_answer: hash("answer"),
        build: "modelbond 0.1.0".to_owned(),
        arch: "aarch64".to_owned(),
    }
}

/// A nodes contract on a mock.
pub struct Nodes {
    /// Where it runs.
    pub chain: Mock,
    /// Its address.
    pub address: String,
    /// Address of the training contract that made it.
    pub training: String,
    /// Address of the token, which is the model.
    pub token: String,
}

impl Nodes {
    /// With the settings of stories, a token that [`OWNERS`] have, and the run [`RUN`].
    ///
    /// # Panics
    /// When a contract refuses.
    #[must_use]
    pub fn on_mock() -> Self {
        let mut nodes = Self::with(settings()).expect("instantiates");
        let terms = terms(RUN, &nodes.token);
        nodes.set_run(terms).expect("sets the run");
        nodes
    }

    /// With these settings and no run.
    ///
    /// # Errors
    /// When the nodes contract refuses.
    ///
    /// # Panics
    /// When another contract refuses.
    pub fn with(msg: InstantiateMsg) -> Result<Self, Failure> {
        let mut chain = Mock::default();
        let training = chain.deploy(training::code(), &Empty {});
        let token = new_token(&mut chain);
        let code_id = chain.app_mut().store_code(nodes_code());
        let sender = chain.account("deployer");
        let outcome = chain.execute_any(&sender, &training, &Order::Make { code_id, msg }, &[])?;
        let made = outcome.events.iter().find(|event| event.ty == "instantiate");
        let address = made
            .and_then(|event| event.attributes.iter().find(|a| a.key == "_contract_address"))
            .expect("an address")
            .value
            .clone();
        Ok(Self { chain, address, training, token })
    }

    /// Another token that [`OWNERS`] have.
    pub fn another_token(&mut self) -> String {
        new_token(&mut self.chain)
    }

    /// The address of somebody; machines have that of their key.
    #[must_use]
    pub fn address_of(&self, who: &str) -> String {
        match who {
            "training" => self.training.clone(),
            _ if who.starts_with("machine") => Person::called(who).cosmos.to_string(),
            _ => self.chain.account(who),
        }
    }

    /// Sends any message. Training is told to send it.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn send(&mut self, who: &str, msg: &ExecuteMsg) -> Result<Outcome, Failure> {
        if who == "training" {
            let order = Order::Send { to: self.address.clone(), msg: msg.clone() };
            return self.tell(&order);
        }
        let (sender, address) = (self.address_of(who), self.address.clone());
        self.chain.execute_any(&sender, &address, msg, &[])
    }

    fn tell(&mut self, order: &Order) -> Result<Outcome, Failure> {
        let (sender, training) = (self.chain.account("deployer"), self.training.clone());
        self.chain.execute_any(&sender, &training, order, &[])
    }

    /// Training says that the rosters of its model from this epoch on are pinned.
    ///
    /// # Panics
    /// Never: the training contract of stories obeys.
    pub fn pin(&mut self, epoch: Option<u64>) {
        let model = self.token.clone();
        self.tell(&Order::Pin { model, epoch }).expect("obeys");
    }

    /// The epoch now.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.query::<EpochResponse>(&QueryMsg::Epoch { at: None }).epoch
    }

    /// Waits for the beginning of an epoch this many later.
    pub fn wait_epochs(&mut self, epochs: u64) {
        let now: EpochResponse = self.query(&QueryMsg::Epoch { at: None });
        let at = now.starts_at.plus_seconds(epochs * EPOCH_SECS);
        self.chain.set_time(at);
    }

    /// What proofs with this nonce are bound to: valid for a day from now.
    #[must_use]
    pub fn binding(&self, nonce: u64) -> Binding {
        Binding {
            chain_id: self.chain.chain_id(),
            contract: self.address.clone(),
            evm_chain_id: EVM_CHAIN_ID,
            nonce,
            expires_at: self.chain.now().seconds() + DAY,
        }
    }

    /// What a machine signs to be the next node of an owner.
    #[must_use]
    pub fn registration(&self, owner: &str, machine: &Machine) -> SignRequest<Registration> {
        let statement = Registration {
            node_id: self.config().next_node_id,
            owner: self.address_of(owner),
            attestation_key: machine.person.pubkey().to_vec(),
            vrf_key: machine.vrf,
            device_class: CLASS.to_owned(),
        };
        SignRequest { statement, binding: self.binding(0) }
    }

    /// What a machine signs to be a node's new keys.
    ///
    /// # Panics
    /// When there is no such node.
    #[must_use]
    pub fn rotation(&self, node_id: u64, machine: &Machine) -> SignRequest<KeyRotation> {
        let node = self.node(node_id).expect("a node");
        let statement = KeyRotation {
            node_id,
            owner: node.owner.into_string(),
            attestation_key: machine.person.pubkey().to_vec(),
            vrf_key: machine.vrf,
        };
        SignRequest { statement, binding: self.binding(node.key_nonce) }
    }

    /// Registers a machine.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn register(&mut self, owner: &str, machine: &str) -> Result<NodeRegistered, Failure> {
        let machine = Machine::called(machine);
        let request = self.registration(owner, &machine);
        let msg = register_message(&request, machine.keys(&request, Scheme::Eip712));
        self.send(owner, &msg).map(|outcome| outcome.event())
    }

    /// Announces the keys of another machine.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn rotate(
        &mut self,
        who: &str,
        node_id: u64,
        machine: &str,
    ) -> Result<NodeKeysRotated, Failure> {
        let machine = Machine::called(machine);
        let keys = machine.keys(&self.rotation(node_id, &machine), Scheme::Direct);
        let msg = ExecuteMsg::RotateKeys { node_id, keys };
        self.send(who, &msg).map(|outcome| outcome.event())
    }

    /// Takes announced keys back.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn cancel(&mut self, who: &str, node_id: u64) -> Result<Outcome, Failure> {
        self.send(who, &ExecuteMsg::CancelRotation { node_id })
    }

    /// Takes a node out of service.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn retire(&mut self, who: &str, node_id: u64) -> Result<Outcome, Failure> {
        self.send(who, &ExecuteMsg::RetireNode { node_id })
    }

    /// Says that a node is ready for a run.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn ready(&mut self, who: &str, run_id: u64, node_id: u64) -> Result<NodeReady, Failure> {
        let msg = ExecuteMsg::Ready { run_id, node_id, readiness: readiness() };
        self.send(who, &msg).map(|outcome| outcome.event())
    }

    /// Stakes tokens of the model.
    ///
    /// # Errors
    /// When a contract refuses.
    pub fn stake(&mut self, who: &str, node_id: u64, amount: u128) -> Result<NodeStaked, Failure> {
        let token = self.token.clone();
        self.stake_of(&token, who, node_id, amount)
    }

    /// Stakes tokens of any model.
    ///
    /// # Errors
    /// When a contract refuses.
    ///
    /// # Panics
    /// Never: the message can be written.
    pub fn stake_of(
        &mut self,
        model: &str,
        who: &str,
        node_id: u64,
        amount: u128,
    ) -> Result<NodeStaked, Failure> {
        let msg = to_json_binary(&ReceiveMsg::Stake { node_id }).expect("writes");
        let (contract, amount) = (self.address.clone(), Uint128::new(amount));
        let send = Cw20ExecuteMsg::Send { contract, amount, msg };
        let sender = self.address_of(who);
        self.chain.execute_any(&sender, model, &send, &[]).map(|outcome| outcome.event())
    }

    /// Starts to unstake.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn unstake(
        &mut self,
        who: &str,
        node_id: u64,
        amount: u128,
    ) -> Result<NodeUnstaked, Failure> {
        let (model, amount) = (self.token.clone(), Uint128::new(amount));
        let msg = ExecuteMsg::Unstake { model, node_id, amount };
        self.send(who, &msg).map(|outcome| outcome.event())
    }

    /// A stranger has what unbonded paid out.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn withdraw(&mut self, node_id: u64) -> Result<NodeWithdrawn, Failure> {
        let msg = ExecuteMsg::Withdraw { model: self.token.clone(), node_id };
        self.send("stranger", &msg).map(|outcome| outcome.event())
    }

    /// Training makes a run known.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn set_run(&mut self, terms: RunTerms) -> Result<Outcome, Failure> {
        self.send("training", &ExecuteMsg::SetRun { terms })
    }

    /// Training slashes stakes of the model: nodes and parts.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn slash(
        &mut self,
        items: &[(u64, u16)],
    ) -> Result<(SlashData, Vec<NodeSlashed>), Failure> {
        let items = items.iter().map(|(node_id, bps)| Slash { node_id: *node_id, bps: *bps });
        let msg = ExecuteMsg::Slash { model: self.token.clone(), items: items.collect() };
        let outcome = self.send("training", &msg)?;
        let events = outcome.events.iter().filter_map(|event| NodeSlashed::try_from(event).ok());
        Ok((outcome.data_as(), events.collect()))
    }

    /// A stranger removes an old roster of the first run; none if nothing was left.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn prune(
        &mut self,
        epoch: u64,
        limit: Option<u32>,
    ) -> Result<Option<RosterPruned>, Failure> {
        let msg = ExecuteMsg::Prune { run_id: RUN, epoch, limit };
        self.send("stranger", &msg).map(|outcome| outcome.find())
    }

    /// Registers machines for an owner and waits until their keys are about to count, so that they can
    /// say that they are ready; their numbers.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn fleet(&mut self, machines: &[(&str, &str)]) -> Vec<u64> {
        let register = |(owner, machine): &(&str, &str)| {
            self.register(owner, machine).expect("registers").node_id
        };
        let node_ids = machines.iter().map(register).collect();
        self.wait_epochs(1);
        node_ids
    }

    /// Asks.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, Failure> {
        self.chain.query_any(&self.address, msg)
    }

    /// Asks.
    ///
    /// # Panics
    /// When the contract refuses.
    #[must_use]
    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.try_query(msg).expect("answers")
    }

    /// What was fixed.
    #[must_use]
    pub fn config(&self) -> ConfigResponse {
        self.query(&QueryMsg::Config {})
    }

    /// A node.
    #[must_use]
    pub fn node(&self, node_id: u64) -> Option<Node> {
        self.query::<NodeResponse>(&QueryMsg::Node { node_id }).node
    }

    /// The keys of nodes that count in an epoch.
    ///
    /// # Errors
    /// When one has none.
    pub fn keys(&self, epoch: u64, node_ids: &[u64]) -> Result<Vec<NodeKeys>, Failure> {
        let msg = QueryMsg::Keys { epoch, node_ids: node_ids.to_vec() };
        self.try_query(&msg).map(|answer: KeysResponse| answer.nodes)
    }

    /// A node's stake of the model.
    #[must_use]
    pub fn stake_in(&self, node_id: u64) -> StakeResponse {
        self.query(&QueryMsg::Stake { model: self.token.clone(), node_id })
    }

    /// A roster of a run.
    #[must_use]
    pub fn roster(&self, run_id: u64, epoch: u64) -> Directory {
        self.query::<RosterResponse>(&QueryMsg::Roster { run_id, epoch }).directory
    }

    /// All members of a roster.
    #[must_use]
    pub fn members(&self, run_id: u64, epoch: u64) -> Vec<MemberInfo> {
        let mut found = vec![];
        loop {
            let skip = u32::try_from(found.len()).ok();
            let msg = QueryMsg::Members { run_id, epoch, skip, limit: Some(30) };
            let page: MembersResponse = self.query(&msg);
            if page.members.is_empty() {
                return found;
            }
            found.extend(page.members);
        }
    }

    /// What somebody has of the model's tokens.
    #[must_use]
    pub fn tokens(&self, who: &str) -> u128 {
        self.tokens_at(&self.address_of(who))
    }

    /// What an address has of the model's tokens.
    ///
    /// # Panics
    /// When the token does not answer.
    #[must_use]
    pub fn tokens_at(&self, address: &str) -> u128 {
        let msg = Cw20QueryMsg::Balance { address: address.to_owned() };
        let answer: BalanceResponse = self.chain.query_any(&self.token, &msg).expect("answers");
        answer.balance.u128()
    }
}

fn new_token(chain: &mut Mock) -> String {
    use cw20_base::contract::{execute, instantiate, query};
    let initial_balances = OWNERS
        .iter()
        .map(|name| Cw20Coin { address: chain.account(name), amount: PLENTY.into() })
        .collect();
    let msg = cw20_base::msg::InstantiateMsg {
        name: "Iris classifier".to_owned(),
        symbol: "IRIS".to_owned(),
        decimals: 6,
        initial_balances,
        mint: None,
        marketing: None,
    };
    chain.deploy(Box::new(ContractWrapper::new(execute, instantiate, query)), &msg)
}

/// The message of a signed registration.
#[must_use]
pub fn register_message(request: &SignRequest<Registration>, keys: NewKeys) -> ExecuteMsg {
    let Registration { node_id, device_class, .. } = request.statement.clone();
    ExecuteMsg::RegisterNode { node_id, keys, device_class }
}
