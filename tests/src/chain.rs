//! What every chain can do, so that one suite runs on all of them: [`crate::Mock`] (cw-multi-test),
//! [`crate::Bare`] (the contract's entry points and nothing else) and [`crate::Devnet`] (a real node).
//! Addresses are strings; names become addresses by [`Chain::account`].

use std::fmt::Debug;

use cosmwasm_std::{coin, from_json, Binary, Coin, Event, Timestamp};
use modelbond_beacon::ContractError as BeaconError;
use modelbond_bridge::ContractError as BridgeError;
use modelbond_interface::event::TypedEvent;
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, QueryMsg};
use modelbond_market::ContractError;
use modelbond_nodes::ContractError as NodesError;
use modelbond_provenance::ContractError as ProvenanceError;
use modelbond_registry::ContractError as RegistryError;
use modelbond_rewards::ContractError as RewardsError;
use modelbond_training::ContractError as TrainingError;
use serde::de::DeserializeOwned;
use serde::Serialize;

/// What an accepted message left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// All events, of the chain and of contracts.
    pub events: Vec<Event>,
    /// Response data of the contract.
    pub data: Option<Binary>,
    /// Gas used, on a chain that counts it.
    pub gas: Option<u64>,
}

impl Outcome {
    /// The first typed event `E`, if there is one.
    #[must_use]
    pub fn find<E: TypedEvent>(&self) -> Option<E> {
        self.events.iter().find_map(|event| E::try_from(event).ok())
    }

    /// The one typed event `E`.
    ///
    /// # Panics
    /// When the message left none, or several.
    #[must_use]
    pub fn event<E: TypedEvent + Debug>(&self) -> E {
        let mut found: Vec<E> = self.events.iter().filter_map(|e| E::try_from(e).ok()).collect();
        assert_eq!(found.len(), 1, "events {} in {:#?}", E::TYPE, self.events);
        found.remove(0)
    }

    /// The value of the first attribute `key` of the contract's own `wasm` events.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.events
            .iter()
            .filter(|event| event.ty == "wasm")
            .flat_map(|event| &event.attributes)
            .find(|attribute| attribute.key == key)
            .map(|attribute| attribute.value.as_str())
    }

    /// Events of contracts, without the attributes that the chain adds.
    #[must_use]
    pub fn contract_events(&self) -> Vec<Event> {
        self.events
            .iter()
            .filter(|event| event.ty.starts_with("wasm"))
            .map(|event| {
                let mut event = event.clone();
                event.attributes.retain(|a| a.key != "_contract_address" && a.key != "msg_index");
                event
            })
            .collect()
    }

    /// The response data as `T`.
    ///
    /// # Panics
    /// When there is none, or another type.
    #[must_use]
    pub fn data_as<T: DeserializeOwned>(&self) -> T {
        from_json(self.data.as_ref().expect("response data")).expect("response data of this type")
    }
}

/// Why a message or query was refused.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// By the market, with its typed error.
    #[error("{0}")]
    Market(Box<ContractError>),
    /// By the bridge, with its typed error.
    #[error("{0}")]
    Bridge(Box<BridgeError>),
    /// By the beacon, with its typed error.
    #[error("{0}")]
    Beacon(Box<BeaconError>),
    /// By training, with its typed error.
    #[error("{0}")]
    Training(Box<TrainingError>),
    /// By the nodes contract, with its typed error.
    #[error("{0}")]
    Nodes(Box<NodesError>),
    /// By the registry, with its typed error.
    #[error("{0}")]
    Registry(Box<RegistryError>),
    /// By provenance, with its typed error.
    #[error("{0}")]
    Provenance(Box<ProvenanceError>),
    /// By rewards, with its typed error.
    #[error("{0}")]
    Rewards(Box<RewardsError>),
    /// By anything else, or through a chain that has only the text.
    #[error("{0}")]
    Text(String),
}

impl Failure {
    /// The market's typed error.
    ///
    /// # Panics
    /// When something else refused.
    #[must_use]
    pub fn market(self) -> ContractError {
        match self {
            Self::Market(error) => *error,
            other => panic!("not refused by the market: {other}"),
        }
    }

    /// The bridge's typed error.
    ///
    /// # Panics
    /// When something else refused.
    #[must_use]
    pub fn bridge(self) -> BridgeError {
        match self {
            Self::Bridge(error) => *error,
            other => panic!("not refused by the bridge: {other}"),
        }
    }

    /// Training's typed error.
    ///
    /// # Panics
    /// When something else refused.
    #[must_use]
    pub fn training(self) -> TrainingError {
        match self {
            Self::Training(error) => *error,
            other => panic!("not refused by training: {other}"),
        }
    }

    /// The beacon's typed error.
    ///
    /// # Panics
    /// When something else refused.
    #[must_use]
    pub fn beacon(self) -> BeaconError {
        match self {
            Self::Beacon(error) => *error,
            other => panic!("not refused by the beacon: {other}"),
        }
    }

    /// The typed error of the nodes contract.
    ///
    /// # Panics
    /// When something else refused.
    #[must_use]
    pub fn nodes(self) -> NodesError {
        match self {
            Self::Nodes(error) => *error,
            other => panic!("not refused by the nodes contract: {other}"),
        }
    }
}

impl Failure {
    /// The registry's typed error.
    ///
    /// # Panics
    /// When something else refused.
    #[must_use]
    pub fn registry(self) -> RegistryError {
        match self {
            Self::Registry(error) => *error,
            other => panic!("not refused by the registry: {other}"),
        }
    }

    /// Provenance's typed error.
    ///
    /// # Panics
    /// When something else refused.
    #[must_use]
    pub fn provenance(self) -> ProvenanceError {
        match self {
            Self::Provenance(error) => *error,
            other => panic!("not refused by provenance: {other}"),
        }
    }

    /// The typed error of rewards.
    ///
    /// # Panics
    /// When something else refused.
    #[must_use]
    pub fn rewards(self) -> RewardsError {
        match self {
            Self::Rewards(error) => *error,
            other => panic!("not refused by rewards: {other}"),
        }
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        Self::Registry(Box::new(error))
    }
}

impl From<ProvenanceError> for Failure {
    fn from(error: ProvenanceError) -> Self {
        Self::Provenance(Box::new(error))
    }
}

impl From<RewardsError> for Failure {
    fn from(error: RewardsError) -> Self {
        Self::Rewards(Box::new(error))
    }
}

impl From<NodesError> for Failure {
    fn from(error: NodesError) -> Self {
        Self::Nodes(Box::new(error))
    }
}

impl From<TrainingError> for Failure {
    fn from(error: TrainingError) -> Self {
        Self::Training(Box::new(error))
    }
}

impl From<BeaconError> for Failure {
    fn from(error: BeaconError) -> Self {
        Self::Beacon(Box::new(error))
    }
}

impl From<BridgeError> for Failure {
    fn from(error: BridgeError) -> Self {
        Self::Bridge(Box::new(error))
    }
}

impl From<ContractError> for Failure {
    fn from(error: ContractError) -> Self {
        Self::Market(Box::new(error))
    }
}

/// A chain with accounts, native coins and one kind of contract.
pub trait Chain {
    /// Denom that markets here use as their reserve.
    fn denom(&self) -> &str;

    /// The address of the account called `name`; the same name is the same address.
    fn account(&self, name: &str) -> String;

    /// Gives coins out of nothing, or out of a faucet.
    fn fund(&mut self, address: &str, coins: &[Coin]);

    /// What `address` holds of `denom`.
    fn balance_of(&self, address: &str, denom: &str) -> u128;

    /// What `address` holds of [`Chain::denom`].
    fn balance(&self, address: &str) -> u128 {
        self.balance_of(address, self.denom())
    }

    /// Time of the block that the next message runs in, or of the last one on a real chain.
    fn now(&self) -> Timestamp;

    /// Lets at least `secs` pass; exactly that many on a mock.
    fn wait(&mut self, secs: u64);

    /// Sends native coins.
    ///
    /// # Errors
    /// When the sender has less.
    fn pay(&mut self, from: &str, to: &str, coins: &[Coin]) -> Result<(), Failure>;

    /// Opens a market without wasm admin.
    ///
    /// # Errors
    /// When the market refuses.
    fn open(
        &mut self,
        sender: &str,
        msg: &InstantiateMsg,
        funds: &[Coin],
    ) -> Result<(String, Outcome), Failure>;

    /// Sends a message to a market.
    ///
    /// # Errors
    /// When the market or the chain refuses.
    fn execute(
        &mut self,
        sender: &str,
        market: &str,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<Outcome, Failure>;

    /// Asks a market; the answer is JSON.
    ///
    /// # Errors
    /// When the market refuses.
    fn query_raw(&self, market: &str, msg: &QueryMsg) -> Result<Binary, Failure>;

    /// Asks a market.
    ///
    /// # Errors
    /// When the market refuses.
    fn query<T: DeserializeOwned>(&self, market: &str, msg: &QueryMsg) -> Result<T, Failure> {
        let answer = self.query_raw(market, msg)?;
        from_json(&answer).map_err(|error| Failure::Text(error.to_string()))
    }

    /// `amount` of the reserve denom.
    fn money(&self, amount: u128) -> Vec<Coin> {
        if amount == 0 {
            return vec![];
        }
        vec![coin(amount, self.denom())]
    }
}

/// A chain on which every contract of ours runs, known by the name of its folder.
pub trait Contracts: Chain {
    /// Chain id.
    fn chain_id(&self) -> String;

    /// The id of a contract's code.
    ///
    /// # Errors
    /// When there is no such contract.
    fn code_id(&mut self, contract: &str) -> Result<u64, Failure>;

    /// Instantiates a contract without wasm admin.
    ///
    /// # Errors
    /// When the contract refuses.
    fn instantiate(&mut self, contract: &str, msg: &impl Serialize) -> Result<String, Failure>;

    /// The address that [`Contracts::instantiate_at`] would give a contract of this code.
    fn predict(&self, code_id: u64, salt: &str) -> String;

    /// Instantiates a contract of this code without wasm admin at the predicted address.
    ///
    /// # Errors
    /// When the contract refuses, or is there.
    fn instantiate_at(
        &mut self,
        code_id: u64,
        salt: &str,
        msg: &impl Serialize,
    ) -> Result<String, Failure>;

    /// Sends a message to any contract.
    ///
    /// # Errors
    /// When the contract or the chain refuses.
    fn execute_any(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Outcome, Failure>;

    /// Sends several messages to a contract, all or none: in one transaction, where there are any.
    ///
    /// # Errors
    /// When the contract or the chain refuses one of them.
    fn execute_all(
        &mut self,
        sender: &str,
        contract: &str,
        msgs: &[impl Serialize],
    ) -> Result<(), Failure> {
        msgs.iter().try_for_each(|msg| self.execute_any(sender, contract, msg, &[]).map(drop))
    }

    /// Asks any contract.
    ///
    /// # Errors
    /// When the contract refuses.
    fn query_any<T: DeserializeOwned>(
        &self,
        contract: &str,
        msg: &impl Serialize,
    ) -> Result<T, Failure>;
}

/// A chain that can go back: everything done in `imagine` is undone.
pub trait Rewind: Chain {
    /// Runs `story` and undoes it, time included.
    fn imagine<R>(&mut self, story: impl FnOnce(&mut Self) -> R) -> R;
}
