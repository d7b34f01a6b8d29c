//! Logs that are written by hand: what contracts say, transaction by transaction.
#![allow(dead_code, missing_docs, unreachable_pub)] // each test file uses its part

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Decimal, Event, Timestamp, Uint128};
use modelbond_audit::{audit, AddressBook, Books, Entry, Finding};
use modelbond_interface::market::{ConfigResponse, CurveKind, MarketOpened, MarketParams};
use modelbond_interface::registry::ModelOpened;

pub const MARKET: &str = "market";
pub const REGISTRY: &str = "registry";
pub const PROVENANCE: &str = "provenance";
pub const REWARDS: &str = "rewards";
/// When the market opened.
pub const OPENED: u64 = 1_000_000_000_000;
pub const SUPPLY: u128 = 1_000;
pub const COST: u128 = 777;

/// A log, and whose it is.
#[derive(Default)]
pub struct Story {
    pub addresses: AddressBook,
    pub log: Vec<Entry>,
    height: u64,
}

impl Story {
    /// An action of a contract, with what it says, in a transaction of its own.
    pub fn says(
        &mut self,
        contract: &str,
        action: &[(&str, &str)],
        events: Vec<Event>,
    ) -> &mut Self {
        self.height += 1;
        self.goes_on(contract, action, events)
    }

    /// The same in the transaction before.
    pub fn goes_on(
        &mut self,
        contract: &str,
        action: &[(&str, &str)],
        events: Vec<Event>,
    ) -> &mut Self {
        let (height, time) = (self.height, OPENED + self.height - 1);
        let entry = |event| Entry { height, time, tx: 0, contract: contract.to_owned(), event };
        let attributes = action.iter().map(|(key, value)| (*key, *value));
        if !action.is_empty() {
            self.log.push(entry(Event::new("wasm").add_attributes(attributes)));
        }
        for mut event in events {
            event.ty = format!("wasm-{}", event.ty);
            self.log.push(entry(event));
        }
        self
    }

    /// A market that opens, of which only what vests and what is given moves.
    pub fn with_market() -> Self {
        let mut story = Self::default();
        story.addresses.markets = BTreeMap::from([(MARKET.to_owned(), terms())]);
        let opened = MarketOpened {
            creator: "creator".to_owned(),
            reserve_denom: "uusd".to_owned(),
            initial_supply: SUPPLY.into(),
            cost: COST.into(),
            refund: Uint128::zero(),
        };
        story.says(MARKET, &[("action", "instantiate")], vec![opened.into()]);
        story
    }

    /// A registry with models, by number, each with its parents.
    pub fn with_models(models: &[(&str, &str)]) -> Self {
        let mut story = Self::default();
        story.addresses.registry = Some(REGISTRY.to_owned());
        for (number, (model, parents)) in (1..).zip(models) {
            let opened = ModelOpened {
                number,
                model: (*model).to_owned(),
                creator: format!("creator of {model}"),
                symbol: model.to_uppercase(),
                use_cases: "prose".to_owned(),
                parents: (*parents).to_owned(),
                royalty_bps: 0,
                reward_rate: Decimal::permille(4),
                fee: Uint128::new(5),
                fee_denom: "uusd".to_owned(),
            };
            let mut events = vec![opened.into()];
            for parent in parents.split(',').filter(|parent| !parent.is_empty()) {
                let (to, _) = parent.split_once(':').expect("model:bps");
                events.push(connected(model, to, "derived", 1));
            }
            story.says(REGISTRY, &[("action", "open_model")], events);
        }
        story
    }

    /// The books, and the findings as text.
    pub fn audit(&self) -> (Books, Vec<Finding>) {
        audit(self.addresses.clone(), &self.log)
    }

    /// What differs, without where.
    pub fn found(&self) -> Vec<String> {
        let text = |finding: Finding| {
            let Finding { what, expected, actual, .. } = finding;
            format!("{what} is {actual}, expected {expected}")
        };
        self.audit().1.into_iter().map(text).collect()
    }

    /// Changes an attribute of an entry, by number from 0.
    pub fn change(&mut self, entry: usize, key: &str, value: &str) {
        let attributes = &mut self.log[entry].event.attributes;
        let attribute = attributes.iter_mut().find(|attribute| attribute.key == key);
        value.clone_into(&mut attribute.expect("it has one").value);
    }
}

pub fn connected(from: &str, to: &str, kind: &str, h: u32) -> Event {
    modelbond_interface::registry::ModelsConnected {
        from: from.to_owned(),
        to: to.to_owned(),
        kind: kind.to_owned(),
        h,
    }
    .into()
}

fn terms() -> ConfigResponse {
    let mut params =
        MarketParams::recommended(CurveKind::Linear, Decimal::one(), Uint128::new(1_000_000));
    params.initial_supply = SUPPLY.into();
    ConfigResponse {
        creator: Addr::unchecked("creator"),
        metrics_source: Addr::unchecked("training"),
        rewards: Addr::unchecked(REWARDS),
        provenance: Addr::unchecked(PROVENANCE),
        reserve_denom: "uusd".to_owned(),
        opened_at: Timestamp::from_nanos(OPENED),
        unlocks_at: Timestamp::from_nanos(OPENED + 9),
        params,
        metrics: None,
    }
}
