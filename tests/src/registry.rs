//! The registry with everything that it belongs to, people who open models, and verbs that return typed
//! events or typed errors. A person's model is called by its symbol in stories, and by its address in messages.

use std::collections::BTreeMap;

use cosmwasm_std::{coin, Addr, Coin, Decimal, Uint128};
use modelbond_interface::market;
use modelbond_interface::market::{CurveKind, MarketParams};
use modelbond_interface::registry::{
    ConfigResponse, Connection, ConnectionKind, ConnectionsResponse, Direction, ExecuteMsg,
    HIndexResponse, InstantiateMsg, ModelAddressResponse, ModelFilter, ModelHandedOver,
    ModelOffered, ModelOpened, ModelResponse, ModelUpdated, ModelsConnected, ModelsDisconnected,
    ModelsResponse, OpenModel, Parent, QueryMsg, UseCaseRow, UseCasesResponse,
};
use serde::de::DeserializeOwned;

use crate::builder::model;
use crate::chain::{Contracts, Failure, Outcome};
use crate::deployment::{Deployment, Terms, FEE};
use crate::mock::Mock;
use crate::suite::CREATOR_FUNDS;

/// A registry.
pub struct Registry<C: Contracts = Mock> {
    /// Where it runs.
    pub chain: C,
    /// Its address.
    pub address: String,
    /// What it belongs to; its own fee may be another one.
    pub deployment: Deployment,
}

impl Registry {
    /// With the terms of stories.
    ///
    /// # Panics
    /// When a contract refuses.
    #[must_use]
    pub fn on_mock() -> Self {
        let mut chain = Mock::default();
        let deployment = Deployment::on(&mut chain, Terms::default()).expect("deploys");
        let address = deployment.registry.clone();
        Self { chain, address, deployment }
    }

    /// Another one next to that of the deployment.
    ///
    /// # Errors
    /// When the registry refuses.
    pub fn with(change: impl FnOnce(&mut Mock, &mut InstantiateMsg)) -> Result<Self, Failure> {
        let Self { mut chain, address, deployment } = Self::on_mock();
        let config: ConfigResponse = chain.query_any(&address, &QueryMsg::Config {})?;
        let mut msg = InstantiateMsg {
            market_code_id: config.market_code_id,
            training: config.training.into_string(),
            rewards: config.rewards.into_string(),
            provenance: config.provenance.into_string(),
            fee: config.fee,
        };
        change(&mut chain, &mut msg);
        let address = chain.instantiate("registry", &msg)?;
        Ok(Self { chain, address, deployment })
    }

    /// Everything that the contract has stored.
    #[must_use]
    pub fn stored(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let address = Addr::unchecked(&self.address);
        self.chain.app().dump_wasm_raw(&address).into_iter().collect()
    }

    /// What there is of a denom.
    ///
    /// # Panics
    /// When the bank does not answer.
    #[must_use]
    pub fn supply(&self, denom: &str) -> u128 {
        self.chain.app().wrap().query_supply(denom).expect("bank answers").amount.u128()
    }
}

impl<C: Contracts> Registry<C> {
    /// Without the other contracts of a deployment, whose places accounts take.
    ///
    /// # Panics
    /// When the registry refuses.
    #[must_use]
    pub fn alone(mut chain: C) -> Self {
        let role = |name: &str| chain.account(name);
        let mut deployment = Deployment {
            beacon: role("beacon"),
            training: role("training"),
            nodes: role("nodes"),
            registry: String::new(),
            provenance: role("provenance"),
            rewards: role("rewards"),
            fee: coin(FEE, chain.denom()),
        };
        let msg = InstantiateMsg {
            market_code_id: chain.code_id("market").expect("a market"),
            training: deployment.training.clone(),
            rewards: deployment.rewards.clone(),
            provenance: deployment.provenance.clone(),
            fee: deployment.fee.clone(),
        };
        let address = chain.instantiate("registry", &msg).expect("instantiates");
        deployment.registry.clone_from(&address);
        Self { chain, address, deployment }
    }

    /// The address of somebody.
    #[must_use]
    pub fn account(&self, who: &str) -> String {
        self.chain.account(who)
    }

    /// What opens a model with this symbol: recommended parameters, fast times, no parents.
    #[must_use]
    pub fn message(&self, symbol: &str) -> OpenModel {
        let price_scale = Decimal::from_ratio(1_000_000u128, 1u128);
        let max_supply = Uint128::new(1_000_000_000_000);
        model(&market::InstantiateMsg {
            name: format!("Model {symbol}"),
            symbol: symbol.to_owned(),
            reserve_denom: self.chain.denom().to_owned(),
            creator: String::new(),
            metrics_source: String::new(),
            rewards: String::new(),
            provenance: String::new(),
            params: MarketParams::recommended(CurveKind::Sigmoid, price_scale, max_supply).fast(),
            marketing: None,
        })
    }

    /// Gives coins.
    pub fn fund(&mut self, who: &str, coins: &[Coin]) {
        let address = self.account(who);
        self.chain.fund(&address, coins);
    }

    /// Sends any message with coins.
    ///
    /// # Errors
    /// When a contract refuses.
    pub fn send_with(
        &mut self,
        who: &str,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        let (sender, address) = (self.account(who), self.address.clone());
        self.chain.execute_any(&sender, &address, msg, funds)
    }

    /// Sends any message.
    ///
    /// # Errors
    /// When a contract refuses.
    pub fn send(&mut self, who: &str, msg: &ExecuteMsg) -> Result<Outcome, Failure> {
        self.send_with(who, msg, &[])
    }

    /// Opens a model with more money than it needs.
    ///
    /// # Errors
    /// When a contract refuses.
    pub fn open_with(&mut self, who: &str, msg: OpenModel) -> Result<Outcome, Failure> {
        let funds = self.funds();
        self.fund(who, &funds);
        self.send_with(who, &ExecuteMsg::OpenModel(Box::new(msg)), &funds)
    }

    /// Opens a model.
    ///
    /// # Errors
    /// When a contract refuses.
    pub fn try_open(
        &mut self,
        who: &str,
        symbol: &str,
        change: impl FnOnce(&mut OpenModel),
    ) -> Result<ModelOpened, Failure> {
        let mut msg = self.message(symbol);
        change(&mut msg);
        self.open_with(who, msg).map(|outcome| outcome.event())
    }

    /// Opens a plain model; its market.
    ///
    /// # Panics
    /// When a contract refuses.
    pub fn open(&mut self, who: &str, symbol: &str) -> String {
        self.try_open(who, symbol, |_| {}).expect("opens").model
    }

    /// Opens a model that is built on others, which get what they ask for; its market.
    ///
    /// # Panics
    /// When a contract refuses.
    pub fn open_on(&mut self, who: &str, symbol: &str, parents: &[&str]) -> String {
        let parents: Vec<Parent> = parents
            .iter()
            .map(|model| Parent {
                model: (*model).to_owned(),
                royalty_bps: self.model(model).terms.royalty_bps,
            })
            .collect();
        self.try_open(who, symbol, |msg| msg.parents = parents).expect("opens").model
    }

    /// Replaces what is said of a model.
    ///
    /// # Errors
    /// When the registry refuses.
    pub fn update(
        &mut self,
        who: &str,
        model: &str,
        change: impl FnOnce(&mut OpenModel),
    ) -> Result<ModelUpdated, Failure> {
        let ModelResponse { metadata, use_cases, .. } = self.model(model);
        let mut open = OpenModel { metadata, use_cases, ..self.message("ANY") };
        change(&mut open);
        let OpenModel { metadata, use_cases, .. } = open;
        let msg = ExecuteMsg::UpdateModel { model: model.to_owned(), metadata, use_cases };
        self.send(who, &msg).map(|outcome| outcome.event())
    }

    /// Offers a model's record.
    ///
    /// # Errors
    /// When the registry refuses.
    pub fn offer(
        &mut self,
        who: &str,
        model: &str,
        to: Option<&str>,
    ) -> Result<ModelOffered, Failure> {
        let to = to.map(|to| self.account(to));
        let msg = ExecuteMsg::OfferModel { model: model.to_owned(), to };
        self.send(who, &msg).map(|outcome| outcome.event())
    }

    /// Takes a model's record.
    ///
    /// # Errors
    /// When the registry refuses.
    pub fn accept(&mut self, who: &str, model: &str) -> Result<ModelHandedOver, Failure> {
        let msg = ExecuteMsg::AcceptModel { model: model.to_owned() };
        self.send(who, &msg).map(|outcome| outcome.event())
    }

    /// Connects two models.
    ///
    /// # Errors
    /// When the registry refuses.
    pub fn connect(
        &mut self,
        who: &str,
        (from, to): (&str, &str),
        kind: ConnectionKind,
    ) -> Result<ModelsConnected, Failure> {
        let (from, to) = (from.to_owned(), to.to_owned());
        let msg = ExecuteMsg::Connect { from, to, kind };
        self.send(who, &msg).map(|outcome| outcome.event())
    }

    /// Ends a connection.
    ///
    /// # Errors
    /// When the registry refuses.
    pub fn disconnect(
        &mut self,
        who: &str,
        (from, to): (&str, &str),
        kind: ConnectionKind,
    ) -> Result<ModelsDisconnected, Failure> {
        let (from, to) = (from.to_owned(), to.to_owned());
        let msg = ExecuteMsg::Disconnect { from, to, kind };
        self.send(who, &msg).map(|outcome| outcome.event())
    }

    /// Asks.
    ///
    /// # Errors
    /// When the registry refuses.
    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, Failure> {
        self.chain.query_any(&self.address, msg)
    }

    /// Asks.
    ///
    /// # Panics
    /// When the registry refuses.
    #[must_use]
    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.try_query(msg).expect("answers")
    }

    /// What was fixed.
    #[must_use]
    pub fn config(&self) -> ConfigResponse {
        self.query(&QueryMsg::Config {})
    }

    /// A model.
    #[must_use]
    pub fn model(&self, model: &str) -> ModelResponse {
        self.query(&QueryMsg::Model { model: model.to_owned() })
    }

    /// Numbers of a page of models.
    #[must_use]
    pub fn models(
        &self,
        filter: Option<ModelFilter>,
        start_after: Option<u32>,
        limit: Option<u32>,
    ) -> Vec<u32> {
        let answer: ModelsResponse = self.query(&QueryMsg::Models { filter, start_after, limit });
        answer.models.iter().map(|model| model.number).collect()
    }

    /// Where a market is, or would be.
    #[must_use]
    pub fn predicted(&self, creator: &str, symbol: &str) -> ModelAddressResponse {
        let (creator, symbol) = (self.account(creator), symbol.to_owned());
        self.query(&QueryMsg::ModelAddress { creator, symbol })
    }

    /// All connections of a model, page by page.
    #[must_use]
    pub fn connections(&self, model: &str, direction: Direction) -> Vec<Connection> {
        let mut found: Vec<Connection> = vec![];
        loop {
            let (model, limit) = (model.to_owned(), Some(30));
            let start_after = found.last().map(|last| last.number);
            let msg = QueryMsg::Connections { model, direction, start_after, limit };
            let page = self.query::<ConnectionsResponse>(&msg).connections;
            if page.is_empty() {
                return found;
            }
            found.extend(page);
        }
    }

    /// A creator's h-index.
    #[must_use]
    pub fn h_index(&self, creator: &str) -> HIndexResponse {
        self.query(&QueryMsg::HIndex { creator: self.account(creator) })
    }

    /// The table of use cases.
    #[must_use]
    pub fn use_cases(&self) -> Vec<UseCaseRow> {
        self.query::<UseCasesResponse>(&QueryMsg::UseCases { category: None }).use_cases
    }

    /// What somebody has of the chain's denom.
    #[must_use]
    pub fn coins(&self, who: &str) -> u128 {
        self.chain.balance(&self.account(who))
    }

    /// The fee and a deposit that is more than enough, in the right coins.
    #[must_use]
    pub fn funds(&self) -> Vec<Coin> {
        let (fee, denom) = (self.config().fee, self.chain.denom());
        if fee.denom == denom {
            return vec![coin(CREATOR_FUNDS + fee.amount.u128(), denom)];
        }
        let coins = [fee, coin(CREATOR_FUNDS, denom)];
        coins.into_iter().filter(|coin| !coin.amount.is_zero()).collect()
    }

    /// The market of a model answers.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub fn market<T: DeserializeOwned>(&self, model: &str, msg: &market::QueryMsg) -> T {
        self.chain.query(model, msg).expect("answers")
    }
}
