//! Provenance with real models of a real registry, and a training contract that does what it is told, so that
//! stories can mint without playing rounds.

pub mod collector;
pub mod trainer;

use cosmwasm_std::{coin, Empty, Timestamp};
use cw_multi_test::Executor;
use modelbond_interface::hash::Hash32;
use modelbond_interface::market::{self, CurveKind};
use modelbond_interface::provenance::{
    Beneficiary, ClaimableResponse, ContributionMinted, ContributionResponse, ExecuteMsg,
    InstantiateMsg, LineageDirection, LineageResponse, Mint, ModelHIndexResponse, QueryMsg,
    RevenueResponse,
};
use modelbond_interface::registry::{self, ModelOpened, Parent};
use modelbond_signature::sha256;
use serde::de::DeserializeOwned;

use crate::bridge::EVM_CHAIN_ID;
use crate::builder::{model, Builder};
use crate::chain::{Chain, Contracts, Failure, Outcome};
use crate::deployment::WITNESS_SECS;
use crate::mock::Mock;
use trainer::{Credit, Order};

/// What opening a model costs in these stories.
const FEE: u128 = 5;
/// What a creator sends with the opening; the market gives back what is too much.
const DEPOSIT: u128 = 1_000_000_000_000_000;

/// Provenance and what is around it.
pub struct Provenance<C: Contracts = Mock> {
    /// Where it runs.
    pub chain: C,
    /// Its address.
    pub address: String,
    /// The registry.
    pub registry: String,
    /// What is in training's place: a contract on a mock, an account elsewhere.
    pub training: String,
}

impl<C: Contracts> std::fmt::Debug for Provenance<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provenance").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Default for Provenance {
    fn default() -> Self {
        Self::on_mock()
    }
}

impl Provenance {
    /// On a new mock.
    ///
    /// # Panics
    /// When a contract refuses to be made, or is not where it was predicted.
    #[must_use]
    pub fn on_mock() -> Self {
        let mut chain = Mock::default();
        let training = chain.deploy(trainer::code(), &Empty {});
        Self::on(chain, training)
    }

    /// Tells the contract in training's place something.
    ///
    /// # Panics
    /// When it refuses.
    pub fn tell_training(&mut self, order: &Order) {
        let (sender, training) = (self.chain.account("anyone"), self.training.clone());
        self.chain.execute_any(&sender, &training, order, &[]).expect("does what it is told");
    }

    /// Whom training has counted.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn credits(&self) -> Vec<Credit> {
        self.chain.query_any(&self.training, &Empty {}).expect("answers")
    }

    /// Runs a message made elsewhere.
    ///
    /// # Errors
    /// When a contract refuses.
    pub fn run(&mut self, name: &str, msg: cosmwasm_std::CosmosMsg) -> Result<(), String> {
        let sender = cosmwasm_std::Addr::unchecked(self.chain.account(name));
        let answer = self.chain.app_mut().execute(sender, msg);
        answer.map(drop).map_err(|error| format!("{error:#}"))
    }
}

impl<C: Contracts> Provenance<C> {
    /// On a chain, with this in training's place.
    ///
    /// # Panics
    /// When a contract refuses to be made, or is not where it was predicted.
    #[must_use]
    pub fn on(mut chain: C, training: String) -> Self {
        let codes = ["registry", "provenance"].map(|name| chain.code_id(name).expect("a contract"));
        let registry = chain.predict(codes[0], "registry");
        let address = chain.predict(codes[1], "provenance");
        let msg = registry::InstantiateMsg {
            market_code_id: chain.code_id("market").expect("a contract"),
            training: training.clone(),
            rewards: chain.account("rewards"),
            provenance: address.clone(),
            fee: coin(FEE, chain.denom()),
        };
        let made = chain.instantiate_at(codes[0], "registry", &msg).expect("a registry");
        assert_eq!(made, registry);
        let msg = Self::instantiation(&chain, &registry, &training);
        let made = chain.instantiate_at(codes[1], "provenance", &msg).expect("provenance");
        assert_eq!(made, address);
        Self { chain, address, registry, training }
    }

    /// What makes provenance.
    #[must_use]
    pub fn instantiation(chain: &C, registry: &str, training: &str) -> InstantiateMsg {
        InstantiateMsg {
            registry: registry.to_owned(),
            training: training.to_owned(),
            beacon: chain.account("beacon"),
            evm_chain_id: EVM_CHAIN_ID,
            witness_secs: WITNESS_SECS,
        }
    }

    /// Opens a model of `creator`, built on `parents`, with what they get in 1/10,000; its market.
    ///
    /// # Errors
    /// When the registry or the market refuses.
    pub fn open(
        &mut self,
        creator: &str,
        symbol: &str,
        parents: &[(&str, u16)],
    ) -> Result<String, Failure> {
        let sender = self.chain.account(creator);
        let market = Builder::message(CurveKind::Linear, self.chain.denom());
        let mut open = model(&market);
        symbol.clone_into(&mut open.symbol);
        open.royalty_bps = 0;
        open.parents = parents
            .iter()
            .map(|(model, royalty_bps)| Parent {
                model: (*model).to_owned(),
                royalty_bps: *royalty_bps,
            })
            .collect();
        let funds = self.chain.money(DEPOSIT + FEE);
        self.chain.fund(&sender, &funds);
        let registry = self.registry.clone();
        let msg = registry::ExecuteMsg::OpenModel(Box::new(open));
        let opened = self.chain.execute_any(&sender, &registry, &msg, &funds)?;
        Ok(opened.event::<ModelOpened>().model)
    }

    /// A contribution of `contributor` to `model`, of quality 1 and improvement 1.
    #[must_use]
    pub fn contribution(&self, token_id: &str, model: &str, contributor: &str) -> Mint {
        Mint {
            token_id: token_id.to_owned(),
            model: cosmwasm_std::Addr::unchecked(model),
            contributor: cosmwasm_std::Addr::unchecked(self.chain.account(contributor)),
            data_hash: Hash32(sha256(token_id)),
            quality: 1_000_000,
            improvement: 1_000_000,
            at: self.chain.now(),
            attestation: Hash32(sha256(format!("{token_id} attested"))),
            run_id: 1,
            round_id: 1,
            parents: vec![],
        }
    }

    /// Mints as training.
    ///
    /// # Errors
    /// When provenance refuses.
    pub fn mint(&mut self, mint: Mint) -> Result<ContributionMinted, Failure> {
        Ok(self.send_mint(mint)?.event())
    }

    /// The same, with everything that happened.
    ///
    /// # Errors
    /// When provenance refuses.
    pub fn send_mint(&mut self, mint: Mint) -> Result<Outcome, Failure> {
        let msg = ExecuteMsg::MintContribution(Box::new(mint));
        let (training, address) = (self.training.clone(), self.address.clone());
        self.chain.execute_any(&training, &address, &msg, &[])
    }

    /// Mints a contribution with this weight, in 10⁻¹².
    ///
    /// # Panics
    /// When provenance refuses.
    pub fn mint_weighing(&mut self, token_id: &str, model: &str, contributor: &str, weight: u32) {
        let quality = 1_000_000;
        let improvement = i32::try_from(weight).expect("a small weight");
        let mint = Mint { quality, improvement, ..self.contribution(token_id, model, contributor) };
        self.mint(mint).expect("mints");
    }

    /// Mints a contribution that is built on others.
    ///
    /// # Panics
    /// When provenance refuses.
    pub fn mint_on(&mut self, token_id: &str, model: &str, contributor: &str, parents: &[&str]) {
        let parents = parents.iter().map(|parent| (*parent).to_owned()).collect();
        let mint = Mint { parents, ..self.contribution(token_id, model, contributor) };
        self.mint(mint).expect("mints");
    }

    /// Sends a message as `name`, with so many coins of the reserve denom, which appear for it.
    ///
    /// # Errors
    /// When provenance refuses.
    pub fn send(&mut self, name: &str, msg: &ExecuteMsg, coins: u128) -> Result<Outcome, Failure> {
        let sender = self.chain.account(name);
        let funds = self.chain.money(coins);
        self.chain.fund(&sender, &funds);
        let address = self.address.clone();
        self.chain.execute_any(&sender, &address, msg, &funds)
    }

    /// Pays for using a model.
    ///
    /// # Errors
    /// When provenance refuses.
    pub fn pay(&mut self, name: &str, model: &str, amount: u128) -> Result<Outcome, Failure> {
        let msg = ExecuteMsg::PayUsage { model: model.to_owned(), memo: None };
        self.send(name, &msg, amount)
    }

    /// Shares out royalties of a model.
    ///
    /// # Errors
    /// When provenance refuses.
    pub fn distribute(&mut self, model: &str) -> Result<Outcome, Failure> {
        self.send("stranger", &ExecuteMsg::Distribute { model: model.to_owned() }, 0)
    }

    /// Takes trade fees of a model's market.
    ///
    /// # Errors
    /// When provenance or the market refuses.
    pub fn collect_fees(&mut self, model: &str) -> Result<Outcome, Failure> {
        self.send("stranger", &ExecuteMsg::CollectFees { model: model.to_owned() }, 0)
    }

    /// Pays out a ledger of a model.
    ///
    /// # Errors
    /// When provenance or the market refuses.
    pub fn forward(&mut self, model: &str, to: Beneficiary) -> Result<Outcome, Failure> {
        self.send("stranger", &ExecuteMsg::Forward { model: model.to_owned(), to }, 0)
    }

    /// Claims what NFTs have earned.
    ///
    /// # Errors
    /// When provenance refuses.
    pub fn claim(&mut self, name: &str, token_ids: &[&str]) -> Result<Outcome, Failure> {
        let token_ids = token_ids.iter().map(|token_id| (*token_id).to_owned()).collect();
        self.send(name, &ExecuteMsg::Claim { token_ids }, 0)
    }

    /// Moves an NFT.
    ///
    /// # Errors
    /// When provenance refuses.
    pub fn transfer(&mut self, name: &str, to: &str, token_id: &str) -> Result<Outcome, Failure> {
        let recipient = self.chain.account(to);
        let token_id = token_id.to_owned();
        self.send(name, &ExecuteMsg::TransferNft { recipient, token_id }, 0)
    }

    /// Ends an NFT.
    ///
    /// # Errors
    /// When provenance refuses.
    pub fn burn(&mut self, name: &str, token_id: &str) -> Result<Outcome, Failure> {
        self.send(name, &ExecuteMsg::Burn { token_id: token_id.to_owned() }, 0)
    }

    /// Buys on a model's market, so that there are fees.
    ///
    /// # Panics
    /// When the market refuses.
    pub fn trade(&mut self, name: &str, model: &str, amount: u128) {
        let sender = self.chain.account(name);
        let funds = self.chain.money(amount);
        self.chain.fund(&sender, &funds);
        let deadline: Timestamp = self.chain.now().plus_seconds(600);
        let (min_tokens_out, partial, recipient) = (0u128.into(), true, None);
        let msg = market::ExecuteMsg::Buy { min_tokens_out, deadline, partial, recipient };
        self.chain.execute(&sender, model, &msg, &funds).expect("buys");
    }

    /// Asks provenance.
    ///
    /// # Errors
    /// When it refuses.
    pub fn try_ask<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, Failure> {
        self.chain.query_any(&self.address, msg)
    }

    /// Asks provenance.
    ///
    /// # Panics
    /// When it refuses.
    #[must_use]
    pub fn ask<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.try_ask(msg).unwrap_or_else(|error| panic!("{msg:?}: {error}"))
    }

    /// What an NFT has earned.
    #[must_use]
    pub fn claimable(&self, token_id: &str) -> u128 {
        let token_ids = vec![token_id.to_owned()];
        let answer: ClaimableResponse = self.ask(&QueryMsg::Claimable { token_ids });
        answer.earned[0].amount.amount.u128()
    }

    /// What a model has earned.
    #[must_use]
    pub fn revenue(&self, model: &str) -> RevenueResponse {
        self.ask(&QueryMsg::Revenue { model: model.to_owned() })
    }

    /// What a contribution is.
    #[must_use]
    pub fn shown(&self, token_id: &str) -> ContributionResponse {
        self.ask(&QueryMsg::Contribution { token_id: token_id.to_owned() })
    }

    /// (h, used) of a model.
    #[must_use]
    pub fn h_index(&self, model: &str) -> (u32, u32) {
        let answer: ModelHIndexResponse =
            self.ask(&QueryMsg::ModelHIndex { model: model.to_owned() });
        (answer.h, answer.used)
    }

    /// Relatives of a contribution, with their distance.
    #[must_use]
    pub fn lineage(
        &self,
        token_id: &str,
        direction: LineageDirection,
        depth: u8,
    ) -> Vec<(String, u8)> {
        let token_id = token_id.to_owned();
        let (skip, limit) = (None, Some(30));
        let msg = QueryMsg::Lineage { token_id, direction, depth, skip, limit };
        let answer: LineageResponse = self.ask(&msg);
        answer.relatives.into_iter().map(|found| (found.token_id, found.depth)).collect()
    }

    /// Coins of `name`.
    #[must_use]
    pub fn coins(&self, name: &str) -> u128 {
        self.chain.balance(&self.chain.account(name))
    }

    /// Coins of provenance.
    #[must_use]
    pub fn held(&self) -> u128 {
        self.chain.balance(&self.address)
    }

    /// Everything that provenance owes for these models.
    #[must_use]
    pub fn owed(&self, models: &[String]) -> u128 {
        let ledgers = models.iter().map(|model| {
            let revenue = self.revenue(model);
            revenue.undistributed + revenue.reserve + revenue.owner + revenue.holders
        });
        ledgers.map(|sum| sum.u128()).sum()
    }
}
