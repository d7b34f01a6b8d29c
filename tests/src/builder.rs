//! What a market will be, before it opens.

use cosmwasm_std::{coin, Coin, Decimal, Uint128};
use modelbond_interface::hash::Hash32;
use modelbond_interface::market::{CurveKind, InstantiateMsg, MarketParams};
use modelbond_interface::registry::{
    ExecuteMsg, Metadata, ModelOpened, OpenModel, Parent, UseCase,
};

use crate::chain::{Chain, Contracts, Failure};
use crate::deployment::Deployment;
use crate::mock::Mock;
use crate::suite::{Suite, CREATOR_FUNDS};

/// What a market will be.
#[derive(Debug, Clone)]
pub struct Builder {
    msg: InstantiateMsg,
    balances: Vec<(String, u128)>,
    opening_funds: u128,
    parents: Vec<Parent>,
    reward_rate: Option<Decimal>,
}

impl Builder {
    pub(crate) fn new(kind: CurveKind) -> Self {
        let role = |name: &str| name.to_owned();
        Self {
            msg: InstantiateMsg {
                name: "Iris classifier".to_owned(),
                symbol: "IRIS".to_owned(),
                reserve_denom: String::new(),
                creator: role("creator"),
                metrics_source: role("training"),
                rewards: role("rewards"),
                provenance: role("provenance"),
                params: MarketParams::recommended(
                    kind,
                    Decimal::from_ratio(1_000_000u128, 1u128),
                    Uint128::new(1_000_000_000_000),
                ),
                marketing: None,
            },
            balances: vec![],
            opening_funds: CREATOR_FUNDS,
            parents: vec![],
            reward_rate: None,
        }
    }

    /// What a market of `denom` is opened with.
    #[must_use]
    pub fn message(kind: CurveKind, denom: &str) -> InstantiateMsg {
        let mut msg = Self::new(kind).msg;
        denom.clone_into(&mut msg.reserve_denom);
        msg
    }

    /// Gives `name` coins before the opening.
    #[must_use]
    pub fn with_balance(mut self, name: &str, amount: u128) -> Self {
        self.balances.push((name.to_owned(), amount));
        self
    }

    /// Changes the parameters.
    #[must_use]
    pub fn with_params(mut self, change: impl FnOnce(&mut MarketParams)) -> Self {
        change(&mut self.msg.params);
        self
    }

    /// Takes the fast parameters of a devnet.
    #[must_use]
    pub fn fast(mut self) -> Self {
        self.msg.params = self.msg.params.fast();
        self
    }

    /// Changes the opening message; its addresses are names of accounts.
    #[must_use]
    pub fn with_message(mut self, change: impl FnOnce(&mut InstantiateMsg)) -> Self {
        change(&mut self.msg);
        self
    }

    /// Gives every role to `name`.
    #[must_use]
    pub fn with_one_owner(mut self, name: &str) -> Self {
        for role in [
            &mut self.msg.creator,
            &mut self.msg.metrics_source,
            &mut self.msg.rewards,
            &mut self.msg.provenance,
        ] {
            name.clone_into(role);
        }
        self
    }

    /// Names what the model is built on, where it is opened in a registry.
    #[must_use]
    pub fn with_parents(mut self, parents: Vec<Parent>) -> Self {
        self.parents = parents;
        self
    }

    /// Lets the creator send `amount` with the opening.
    #[must_use]
    pub fn with_opening_funds(mut self, amount: u128) -> Self {
        self.opening_funds = amount;
        self
    }

    /// Asks the registry for another rate of block rewards than the highest.
    #[must_use]
    pub fn with_reward_rate(mut self, rate: Decimal) -> Self {
        self.reward_rate = Some(rate);
        self
    }

    /// Opens the market on a new mock.
    ///
    /// # Panics
    /// When the market refuses to open.
    #[must_use]
    pub fn build(self) -> Suite<Mock> {
        self.try_build().expect("opens")
    }

    /// Opens the market on a new mock.
    ///
    /// # Errors
    /// When the market refuses to open.
    pub fn try_build(self) -> Result<Suite<Mock>, Failure> {
        self.build_on(Mock::default())
    }

    /// Opens the model in a registry: its roles are the deployment's, it has no parents.
    ///
    /// # Errors
    /// When the registry or the market refuses.
    pub fn build_in<C: Contracts>(
        self,
        mut chain: C,
        deployment: &Deployment,
    ) -> Result<Suite<C>, Failure> {
        let Self { mut msg, balances, opening_funds, parents, reward_rate } = self;
        msg.reserve_denom = chain.denom().to_owned();
        msg.creator = chain.account(&msg.creator);
        msg.metrics_source.clone_from(&deployment.training);
        msg.rewards.clone_from(&deployment.rewards);
        msg.provenance.clone_from(&deployment.provenance);
        for (name, amount) in balances {
            let address = chain.account(&name);
            let funds = chain.money(amount);
            chain.fund(&address, &funds);
        }
        let creator = msg.creator.clone();
        let funds = chain.money(opening_funds);
        chain.fund(&creator, &funds);
        let open = OpenModel { parents, reward_rate, ..model(&msg) };
        let open = ExecuteMsg::OpenModel(Box::new(open));
        let outcome = chain.execute_any(&creator, &deployment.registry, &open, &funds)?;
        let market = outcome.event::<ModelOpened>().model;
        let opened = outcome.event();
        Ok(Suite { chain, market, msg, opened })
    }

    /// Opens the market on `chain`.
    ///
    /// # Errors
    /// When the market refuses to open.
    pub fn build_on<C: Chain>(self, mut chain: C) -> Result<Suite<C>, Failure> {
        let Self { mut msg, balances, opening_funds, .. } = self;
        if msg.reserve_denom.is_empty() {
            chain.denom().clone_into(&mut msg.reserve_denom);
        }
        for name in
            [&mut msg.creator, &mut msg.metrics_source, &mut msg.rewards, &mut msg.provenance]
        {
            // A contract that is there already is named by its address.
            if !name.starts_with("wasm1") {
                *name = chain.account(name);
            }
        }
        for stakeholder in &mut msg.params.allocation.stakeholders {
            stakeholder.address = chain.account(&stakeholder.address);
        }
        for (name, amount) in balances {
            let address = chain.account(&name);
            let funds = chain.money(amount);
            chain.fund(&address, &funds);
        }
        let creator = msg.creator.clone();
        let funds = vec![coin(opening_funds, &msg.reserve_denom)];
        let funds: Vec<Coin> = funds.into_iter().filter(|coin| !coin.amount.is_zero()).collect();
        chain.fund(&creator, &funds);
        let (market, opened) = chain.open(&creator, &msg, &funds)?;
        let opened = opened.event();
        Ok(Suite { chain, market, msg, opened })
    }
}

/// What opens such a market in a registry: a model without parents.
///
/// # Panics
/// Never: the use case is in the table.
#[must_use]
pub fn model(market: &InstantiateMsg) -> OpenModel {
    OpenModel {
        name: market.name.clone(),
        symbol: market.symbol.clone(),
        reserve_denom: market.reserve_denom.clone(),
        params: market.params.clone(),
        marketing: market.marketing.clone(),
        metadata: Metadata {
            weights_hash: Hash32([7; 32]),
            licence: "Apache-2.0".to_owned(),
            description: "Tells wines apart".to_owned(),
            uri: None,
            arena_channel: None,
        },
        use_cases: vec![UseCase::of_number(46).expect("in the table")],
        parents: vec![],
        royalty_bps: 1_000,
        reward_rate: None,
    }
}
