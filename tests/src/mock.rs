//! [`Mock`]: cw-multi-test with bech32 addresses and a clock that only tests move.

use cosmwasm_std::{
    coin, from_json, instantiate2_address, to_json_binary, Addr, Api, Binary, Coin, Empty, Storage,
    Timestamp,
};
use cw_multi_test::{
    no_init, AddressGenerator, App, AppBuilder, AppResponse, BankKeeper, BankSudo, Contract,
    ContractWrapper, DistributionKeeper, Executor, FailingModule, GovFailingModule,
    IbcFailingModule, MockApiBech32, StakeKeeper, StargateFailing, SudoMsg, WasmKeeper,
};
use modelbond_beacon::ContractError as BeaconError;
use modelbond_bridge::ContractError as BridgeError;
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, QueryMsg};
use modelbond_market::{contract, ContractError};
use modelbond_nodes::ContractError as NodesError;
use modelbond_provenance::ContractError as ProvenanceError;
use modelbond_registry::ContractError as RegistryError;
use modelbond_rewards::ContractError as RewardsError;
use modelbond_training::ContractError as TrainingError;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::chain::{Chain, Contracts, Failure, Outcome, Rewind};
use crate::tape::Tape;

/// The application under test.
pub type MockApp = App<
    BankKeeper,
    MockApiBech32,
    Tape,
    FailingModule<Empty, Empty, Empty>,
    WasmKeeper<Empty, Empty>,
    StakeKeeper,
    DistributionKeeper,
    IbcFailingModule,
    GovFailingModule,
    StargateFailing,
>;

/// When the first block of every mock is: a round number, so that times in failures can be read.
pub const GENESIS_SECS: u64 = 1_800_000_000;

/// The market's code as cw-multi-test wants it.
#[must_use]
pub fn market_code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(contract::execute, contract::instantiate, contract::query))
}

/// The bridge's code.
fn bridge_code() -> Box<dyn Contract<Empty>> {
    use modelbond_bridge::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

/// Training's code.
fn training_code() -> Box<dyn Contract<Empty>> {
    use modelbond_training::contract::{execute, instantiate, query, reply};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

/// The beacon's code.
fn beacon_code() -> Box<dyn Contract<Empty>> {
    use modelbond_beacon::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

/// The code of the nodes contract.
#[must_use]
pub fn nodes_code() -> Box<dyn Contract<Empty>> {
    use modelbond_nodes::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

/// The registry's code.
fn registry_code() -> Box<dyn Contract<Empty>> {
    use modelbond_registry::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

/// Provenance's code.
fn provenance_code() -> Box<dyn Contract<Empty>> {
    use modelbond_provenance::contract::{execute, instantiate, query, reply};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

/// The code of rewards.
fn rewards_code() -> Box<dyn Contract<Empty>> {
    use modelbond_rewards::contract::{execute, instantiate, query, reply};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

/// Gives the first contract a chosen address.
struct Fixed(String);

impl AddressGenerator for Fixed {
    fn contract_address(
        &self,
        _: &dyn cosmwasm_std::Api,
        _: &mut dyn Storage,
        _: u64,
        instance_id: u64,
    ) -> cw_multi_test::error::AnyResult<Addr> {
        anyhow::ensure!(instance_id == 0, "a replay has one contract");
        Ok(Addr::unchecked(&self.0))
    }
}

/// A chain in memory.
pub struct Mock {
    app: MockApp,
    denom: String,
    code_id: u64,
}

impl Default for Mock {
    fn default() -> Self {
        Self::new("ureserve")
    }
}

impl Mock {
    /// An empty chain whose markets use `denom`.
    #[must_use]
    pub fn new(denom: &str) -> Self {
        Self::with_wasm(denom, WasmKeeper::new())
    }

    /// The same, but the first contract gets the address `market`: for replays.
    #[must_use]
    pub fn replaying(denom: &str, market: &str) -> Self {
        let keeper = WasmKeeper::new().with_address_generator(Fixed(market.to_owned()));
        Self::with_wasm(denom, keeper)
    }

    fn with_wasm(denom: &str, keeper: WasmKeeper<Empty, Empty>) -> Self {
        let mut app = AppBuilder::new()
            .with_api(MockApiBech32::new("wasm"))
            .with_storage(Tape::default())
            .with_wasm(keeper)
            .build(no_init);
        app.update_block(|block| block.time = Timestamp::from_seconds(GENESIS_SECS));
        let code_id = app.store_code(market_code());
        Self { app, denom: denom.to_owned(), code_id }
    }

    /// The application, to look at.
    #[must_use]
    pub fn app(&self) -> &MockApp {
        &self.app
    }

    /// The application, to do what no verb does.
    pub fn app_mut(&mut self) -> &mut MockApp {
        &mut self.app
    }

    /// Code id of the market.
    #[must_use]
    pub fn code_id(&self) -> u64 {
        self.code_id
    }

    /// Sets the block's time.
    pub fn set_time(&mut self, time: Timestamp) {
        self.app.update_block(|block| {
            block.time = time;
            block.height += 1;
        });
    }

    /// Instantiates another contract.
    ///
    /// # Panics
    /// When it refuses.
    pub fn deploy(&mut self, code: Box<dyn Contract<Empty>>, msg: &impl Serialize) -> String {
        let code_id = self.app.store_code(code);
        let sender = Addr::unchecked(self.account("deployer"));
        self.app
            .instantiate_contract(code_id, sender, msg, &[], "other", None)
            .expect("instantiates")
            .into_string()
    }
}

fn outcome(response: AppResponse) -> Outcome {
    let AppResponse { events, data, .. } = response;
    Outcome { events, data, gas: None }
}

fn failure(error: anyhow::Error) -> Failure {
    let text = format!("{error:#}");
    error
        .downcast::<ContractError>()
        .map(Failure::from)
        .or_else(|error| error.downcast::<BridgeError>().map(Failure::from))
        .or_else(|error| error.downcast::<BeaconError>().map(Failure::from))
        .or_else(|error| error.downcast::<NodesError>().map(Failure::from))
        .or_else(|error| error.downcast::<TrainingError>().map(Failure::from))
        .or_else(|error| error.downcast::<RegistryError>().map(Failure::from))
        .or_else(|error| error.downcast::<ProvenanceError>().map(Failure::from))
        .or_else(|error| error.downcast::<RewardsError>().map(Failure::from))
        .unwrap_or(Failure::Text(text))
}

impl Chain for Mock {
    fn denom(&self) -> &str {
        &self.denom
    }

    fn account(&self, name: &str) -> String {
        self.app.api().addr_make(name).into_string()
    }

    fn fund(&mut self, address: &str, coins: &[Coin]) {
        if coins.is_empty() {
            return;
        }
        let mint = BankSudo::Mint { to_address: address.to_owned(), amount: coins.to_vec() };
        self.app.sudo(SudoMsg::Bank(mint)).expect("mints");
    }

    fn balance_of(&self, address: &str, denom: &str) -> u128 {
        let answer = self.app.wrap().query_balance(address, denom);
        answer.expect("bank answers").amount.u128()
    }

    fn now(&self) -> Timestamp {
        self.app.block_info().time
    }

    fn wait(&mut self, secs: u64) {
        let time = self.now().plus_seconds(secs);
        self.set_time(time);
    }

    fn pay(&mut self, from: &str, to: &str, coins: &[Coin]) -> Result<(), Failure> {
        self.app
            .send_tokens(Addr::unchecked(from), Addr::unchecked(to), coins)
            .map(|_| ())
            .map_err(failure)
    }

    fn open(
        &mut self,
        sender: &str,
        msg: &InstantiateMsg,
        funds: &[Coin],
    ) -> Result<(String, Outcome), Failure> {
        let create = cosmwasm_std::WasmMsg::Instantiate {
            admin: None,
            code_id: self.code_id,
            msg: to_json_binary(msg).map_err(|e| Failure::Text(e.to_string()))?,
            funds: funds.to_vec(),
            label: "market".to_owned(),
        };
        let outcome = self
            .app
            .execute(Addr::unchecked(sender), create.into())
            .map(outcome)
            .map_err(failure)?;
        let address = outcome
            .events
            .iter()
            .filter(|event| event.ty == "instantiate")
            .flat_map(|event| &event.attributes)
            .find(|attribute| attribute.key == "_contract_address")
            .map(|attribute| attribute.value.clone())
            .ok_or_else(|| Failure::Text("no address in the events".to_owned()))?;
        Ok((address, outcome))
    }

    fn execute(
        &mut self,
        sender: &str,
        market: &str,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        self.execute_any(sender, market, msg, funds)
    }

    fn query_raw(&self, market: &str, msg: &QueryMsg) -> Result<Binary, Failure> {
        self.query_smart(market, msg)
    }
}

impl Contracts for Mock {
    fn chain_id(&self) -> String {
        self.app.block_info().chain_id
    }

    fn code_id(&mut self, contract: &str) -> Result<u64, Failure> {
        let code = match contract {
            "beacon" => beacon_code(),
            "bridge" => bridge_code(),
            "market" => market_code(),
            "nodes" => nodes_code(),
            "provenance" => provenance_code(),
            "registry" => registry_code(),
            "rewards" => rewards_code(),
            "training" => training_code(),
            other => return Err(Failure::Text(format!("there is no contract {other}"))),
        };
        Ok(self.app.store_code(code))
    }

    fn instantiate(&mut self, contract: &str, msg: &impl Serialize) -> Result<String, Failure> {
        let code_id = self.code_id(contract)?;
        let sender = Addr::unchecked(self.account("deployer"));
        self.app
            .instantiate_contract(code_id, sender, msg, &[], contract, None)
            .map(Addr::into_string)
            .map_err(failure)
    }

    fn predict(&self, code_id: u64, salt: &str) -> String {
        let code = self.app.wrap().query_wasm_code_info(code_id).expect("a stored code");
        let api = self.app.api();
        let deployer = api.addr_canonicalize(&self.account("deployer")).expect("an address");
        let at = instantiate2_address(code.checksum.as_slice(), &deployer, salt.as_bytes());
        api.addr_humanize(&at.expect("a salt")).expect("an address").into_string()
    }

    fn instantiate_at(
        &mut self,
        code_id: u64,
        salt: &str,
        msg: &impl Serialize,
    ) -> Result<String, Failure> {
        let sender = Addr::unchecked(self.account("deployer"));
        self.app
            .instantiate2_contract(
                code_id,
                sender,
                msg,
                &[],
                salt,
                None,
                Binary::from(salt.as_bytes()),
            )
            .map(Addr::into_string)
            .map_err(failure)
    }

    fn execute_any(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        let msg = cosmwasm_std::WasmMsg::Execute {
            contract_addr: contract.to_owned(),
            msg: to_json_binary(msg).map_err(|e| Failure::Text(e.to_string()))?,
            funds: funds.to_vec(),
        };
        let answer = self.app.execute(Addr::unchecked(sender), msg.into());
        let mut outcome = answer.map(outcome).map_err(failure)?;
        // The chain wraps what a contract answered into its own response.
        if let Some(wrapped) = outcome.data.take() {
            let parsed = cw_utils::parse_execute_response_data(&wrapped);
            outcome.data = parsed.map_err(|e| Failure::Text(e.to_string()))?.data;
        }
        Ok(outcome)
    }

    fn query_any<T: DeserializeOwned>(
        &self,
        contract: &str,
        msg: &impl Serialize,
    ) -> Result<T, Failure> {
        let answer = self.query_smart(contract, msg)?;
        from_json(&answer).map_err(|e| Failure::Text(e.to_string()))
    }
}

impl Mock {
    fn query_smart(&self, contract: &str, msg: &impl Serialize) -> Result<Binary, Failure> {
        let msg = to_json_binary(msg).map_err(|e| Failure::Text(e.to_string()))?;
        let query = cosmwasm_std::WasmQuery::Smart { contract_addr: contract.to_owned(), msg };
        let request = cosmwasm_std::to_json_vec(&cosmwasm_std::QueryRequest::<Empty>::Wasm(query))
            .map_err(|e| Failure::Text(e.to_string()))?;
        let answer = cosmwasm_std::Querier::raw_query(&self.app, &request);
        match answer {
            cosmwasm_std::SystemResult::Ok(cosmwasm_std::ContractResult::Ok(data)) => Ok(data),
            cosmwasm_std::SystemResult::Ok(cosmwasm_std::ContractResult::Err(text)) => {
                Err(Failure::Text(text))
            }
            cosmwasm_std::SystemResult::Err(error) => Err(Failure::Text(error.to_string())),
        }
    }
}

impl Rewind for Mock {
    fn imagine<R>(&mut self, story: impl FnOnce(&mut Self) -> R) -> R {
        let block = self.app.block_info();
        let mark = self.app.storage_mut().mark();
        let result = story(self);
        self.app.storage_mut().rewind(mark);
        self.app.set_block(block);
        result
    }
}

/// `amount` of `denom`, as a list.
#[must_use]
pub fn coins(amount: u128, denom: &str) -> Vec<Coin> {
    vec![coin(amount, denom)]
}
