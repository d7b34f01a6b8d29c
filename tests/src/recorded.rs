//! [`Recorded`]: a chain that keeps the event log of all that its contracts said, for audits. What
//! [`Rewind::imagine`] undoes is not in the log, nor are instantiations but those of markets.

use cosmwasm_std::{Binary, Coin, Timestamp};
use modelbond_audit::Entry;
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, QueryMsg};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::chain::{Chain, Contracts, Failure, Outcome, Rewind};

/// A chain and its event log. Every message is a transaction, every moment a block.
#[derive(Default)]
pub struct Recorded<C> {
    /// The chain.
    pub chain: C,
    /// What was said so far.
    pub log: Vec<Entry>,
    height: u64,
    tx: u32,
    time: u64,
}

impl<C: Chain> Recorded<C> {
    /// Records from here on.
    pub fn new(chain: C) -> Self {
        Self { chain, log: vec![], height: 0, tx: 0, time: 0 }
    }

    /// Keeps what a message left behind; call it for messages that go past this wrapper.
    pub fn record(&mut self, outcome: &Outcome) {
        let time = self.chain.now().nanos();
        if time == self.time {
            self.tx += 1;
        } else {
            (self.height, self.tx, self.time) = (self.height + 1, 0, time);
        }
        let (height, tx) = (self.height, self.tx);
        let said = |event| Entry::of_chain(height, time, tx, event);
        self.log.extend(outcome.events.iter().filter_map(said));
    }
}

impl<C: Chain> Chain for Recorded<C> {
    fn denom(&self) -> &str {
        self.chain.denom()
    }

    fn account(&self, name: &str) -> String {
        self.chain.account(name)
    }

    fn fund(&mut self, address: &str, coins: &[Coin]) {
        self.chain.fund(address, coins);
    }

    fn balance_of(&self, address: &str, denom: &str) -> u128 {
        self.chain.balance_of(address, denom)
    }

    fn now(&self) -> Timestamp {
        self.chain.now()
    }

    fn wait(&mut self, secs: u64) {
        self.chain.wait(secs);
    }

    fn pay(&mut self, from: &str, to: &str, coins: &[Coin]) -> Result<(), Failure> {
        self.chain.pay(from, to, coins)
    }

    fn open(
        &mut self,
        sender: &str,
        msg: &InstantiateMsg,
        funds: &[Coin],
    ) -> Result<(String, Outcome), Failure> {
        let (market, outcome) = self.chain.open(sender, msg, funds)?;
        self.record(&outcome);
        Ok((market, outcome))
    }

    fn execute(
        &mut self,
        sender: &str,
        market: &str,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        let outcome = self.chain.execute(sender, market, msg, funds)?;
        self.record(&outcome);
        Ok(outcome)
    }

    fn query_raw(&self, market: &str, msg: &QueryMsg) -> Result<Binary, Failure> {
        self.chain.query_raw(market, msg)
    }
}

impl<C: Contracts> Contracts for Recorded<C> {
    fn chain_id(&self) -> String {
        self.chain.chain_id()
    }

    fn code_id(&mut self, contract: &str) -> Result<u64, Failure> {
        self.chain.code_id(contract)
    }

    fn instantiate(&mut self, contract: &str, msg: &impl Serialize) -> Result<String, Failure> {
        self.chain.instantiate(contract, msg)
    }

    fn predict(&self, code_id: u64, salt: &str) -> String {
        self.chain.predict(code_id, salt)
    }

    fn instantiate_at(
        &mut self,
        code_id: u64,
        salt: &str,
        msg: &impl Serialize,
    ) -> Result<String, Failure> {
        self.chain.instantiate_at(code_id, salt, msg)
    }

    fn execute_any(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        let outcome = self.chain.execute_any(sender, contract, msg, funds)?;
        self.record(&outcome);
        Ok(outcome)
    }

    fn query_any<T: DeserializeOwned>(
        &self,
        contract: &str,
        msg: &impl Serialize,
    ) -> Result<T, Failure> {
        self.chain.query_any(contract, msg)
    }
}

impl<C: Rewind + Default> Rewind for Recorded<C> {
    fn imagine<R>(&mut self, story: impl FnOnce(&mut Self) -> R) -> R {
        let Self { chain, height, tx, time, .. } = self;
        chain.imagine(|chain| {
            // The story gets a wrapper of its own, whose log is forgotten.
            let (log, height, tx, time) = (vec![], *height, *tx, *time);
            let mut imagined = Self { chain: std::mem::take(chain), log, height, tx, time };
            let result = story(&mut imagined);
            *chain = imagined.chain;
            result
        })
    }
}
