//! A market with named accounts, and the verbs of its stories:
//!
//! ```
//! use modelbond_tests::Suite;
//!
//! let mut suite = Suite::builder().with_balance("alice", 1_000_000).build();
//! let bought = suite.buy("alice", 1_000_000).unwrap();
//! assert_eq!(bought.tokens_out.u128(), suite.tokens("alice"));
//! ```

use cosmwasm_std::{Coin, Decimal, Timestamp};
use cw20::{BalanceResponse, TokenInfoResponse};
use modelbond_interface::market::{
    AccountResponse, CurveKind, EmitData, ExecuteMsg, InstantiateMsg, Ledger, LedgersResponse,
    LocksResponse, MarketBought, MarketBurned, MarketEmitted, MarketFunded, MarketLedgerWithdrawn,
    MarketMetricsReported, MarketOpened, MarketParams, MarketSold, MarketVestedClaimed, Metrics,
    PriceResponse, QueryMsg, QuoteBuyResponse, QuoteSellResponse, VestingResponse,
};
use serde::de::DeserializeOwned;

use crate::builder::Builder;
use crate::chain::{Chain, Failure, Outcome};
use crate::mock::Mock;

/// Coins that the creator has before the opening.
pub const CREATOR_FUNDS: u128 = 1_000_000_000_000_000;

/// The terms of an order.
#[derive(Debug, Clone)]
pub struct Order {
    /// `min_tokens_out` or `min_reserve_out`.
    pub min_out: u128,
    /// The deadline; a day from now when not given.
    pub deadline: Option<Timestamp>,
    /// Fill as far as possible.
    pub partial: bool,
    /// Name of the account that gets the tokens.
    pub recipient: Option<&'static str>,
}

impl Order {
    /// No least amount, no partial fill.
    pub const PLAIN: Self = Self { min_out: 0, deadline: None, partial: false, recipient: None };
    /// As far as it goes.
    pub const PARTIAL: Self = Self { partial: true, ..Self::PLAIN };

    /// With a least amount out.
    #[must_use]
    pub const fn min_out(self, min_out: u128) -> Self {
        Self { min_out, ..self }
    }

    /// With a deadline.
    #[must_use]
    pub const fn deadline(self, deadline: Timestamp) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// For somebody else.
    #[must_use]
    pub const fn recipient(self, name: &'static str) -> Self {
        Self { recipient: Some(name), ..self }
    }
}

/// An open market on a chain.
pub struct Suite<C: Chain = Mock> {
    /// Where it runs.
    pub chain: C,
    /// Its address.
    pub market: String,
    /// What it was opened with, addresses instead of names.
    pub msg: InstantiateMsg,
    /// Its first event.
    pub opened: MarketOpened,
}

impl<C: Chain> std::fmt::Debug for Suite<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suite").field("market", &self.market).finish_non_exhaustive()
    }
}

impl Suite<Mock> {
    /// A market with the recommended sigmoid curve: P₀ = 1,000,000, a million tokens.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new(CurveKind::Sigmoid)
    }

    /// The same with another kind of curve.
    #[must_use]
    pub fn with_curve(kind: CurveKind) -> Builder {
        Builder::new(kind)
    }
}

impl<C: Chain> Suite<C> {
    /// The market's parameters.
    pub fn params(&self) -> &MarketParams {
        &self.msg.params
    }

    /// The address of `name`.
    pub fn address(&self, name: &str) -> String {
        self.chain.account(name)
    }

    /// Coins of `name` in the reserve denom.
    pub fn coins(&self, name: &str) -> u128 {
        self.chain.balance(&self.chain.account(name))
    }

    /// Tokens of `name`, locked ones included.
    pub fn tokens(&self, name: &str) -> u128 {
        self.tokens_at(&self.chain.account(name))
    }

    /// Tokens at an address.
    pub fn tokens_at(&self, address: &str) -> u128 {
        let query = QueryMsg::Balance { address: address.to_owned() };
        self.ask::<BalanceResponse>(&query).balance.u128()
    }

    /// Gives `name` coins.
    pub fn fund(&mut self, name: &str, amount: u128) {
        let (address, coins) = (self.chain.account(name), self.chain.money(amount));
        self.chain.fund(&address, &coins);
    }

    /// Lets `secs` pass.
    pub fn wait(&mut self, secs: u64) {
        self.chain.wait(secs);
    }

    /// Waits until nothing of the launch is left: fees usual, tokens free.
    pub fn wait_for_unlock(&mut self) {
        let params = self.params();
        let unlocks = self.config().opened_at.plus_seconds(params.fees.launch_secs);
        let unlocks = unlocks.plus_seconds(params.limits.lockup_secs);
        let left = unlocks.nanos().saturating_sub(self.chain.now().nanos());
        self.chain.wait(left.div_ceil(1_000_000_000));
    }

    /// A time at which every order is still in time.
    pub fn later(&self) -> Timestamp {
        self.chain.now().plus_days(1)
    }

    /// Sends any message as `name`.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn send(&mut self, name: &str, msg: &ExecuteMsg, funds: u128) -> Result<Outcome, Failure> {
        let funds = self.chain.money(funds);
        self.send_with(name, msg, &funds)
    }

    /// Sends any message as `name` with any coins.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn send_with(
        &mut self,
        name: &str,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        let sender = self.chain.account(name);
        self.chain.execute(&sender, &self.market, msg, funds)
    }

    /// Buys for `amount`.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn buy(&mut self, name: &str, amount: u128) -> Result<MarketBought, Failure> {
        self.buy_with(name, amount, Order::PLAIN)
    }

    /// Buys for `amount` on these terms.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn buy_with(
        &mut self,
        name: &str,
        amount: u128,
        order: Order,
    ) -> Result<MarketBought, Failure> {
        let msg = ExecuteMsg::Buy {
            min_tokens_out: order.min_out.into(),
            deadline: order.deadline.unwrap_or_else(|| self.later()),
            partial: order.partial,
            recipient: order.recipient.map(|name| self.chain.account(name)),
        };
        Ok(self.send(name, &msg, amount)?.event())
    }

    /// Buys exactly `tokens` for at most `amount`.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn buy_exact(
        &mut self,
        name: &str,
        tokens: u128,
        amount: u128,
    ) -> Result<MarketBought, Failure> {
        let msg = ExecuteMsg::BuyExact { tokens_out: tokens.into(), deadline: self.later() };
        Ok(self.send(name, &msg, amount)?.event())
    }

    /// Sells `tokens`.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn sell(&mut self, name: &str, tokens: u128) -> Result<MarketSold, Failure> {
        self.sell_with(name, tokens, Order::PLAIN)
    }

    /// Sells `tokens` on these terms.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn sell_with(
        &mut self,
        name: &str,
        tokens: u128,
        order: Order,
    ) -> Result<MarketSold, Failure> {
        let msg = ExecuteMsg::Sell {
            tokens_in: tokens.into(),
            min_reserve_out: order.min_out.into(),
            deadline: order.deadline.unwrap_or_else(|| self.later()),
            partial: order.partial,
        };
        Ok(self.send(name, &msg, 0)?.event())
    }

    /// Sells all that `name` has, in as many steps as the price limit asks for, and returns what
    /// that paid. Base units too few to pay anything stay.
    ///
    /// # Panics
    /// When 10,000 steps are not enough.
    pub fn leave(&mut self, name: &str) -> u128 {
        let before = self.coins(name);
        for _ in 0..10_000 {
            let free = self.account(name).free.u128();
            if free == 0 {
                return self.coins(name) - before;
            }
            match self.sell_with(name, free, Order::PARTIAL) {
                Ok(_) => {}
                Err(error) if error.to_string().contains("pay nothing") => {
                    return self.coins(name) - before;
                }
                Err(_) => self.wait(self.params().limits.window_secs),
            }
        }
        panic!("{name} cannot leave");
    }

    /// Moves tokens.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn transfer(&mut self, from: &str, to: &str, tokens: u128) -> Result<Outcome, Failure> {
        let recipient = self.chain.account(to);
        self.send(from, &ExecuteMsg::Transfer { recipient, amount: tokens.into() }, 0)
    }

    /// Burns tokens.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn burn(&mut self, name: &str, tokens: u128) -> Result<MarketBurned, Failure> {
        Ok(self.send(name, &ExecuteMsg::Burn { amount: tokens.into() }, 0)?.event())
    }

    /// Lets `spender` move tokens of `owner`.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn allow(&mut self, owner: &str, spender: &str, tokens: u128) -> Result<Outcome, Failure> {
        let spender = self.chain.account(spender);
        let msg = ExecuteMsg::IncreaseAllowance { spender, amount: tokens.into(), expires: None };
        self.send(owner, &msg, 0)
    }

    /// Claims what has vested.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn claim(&mut self, name: &str) -> Result<MarketVestedClaimed, Failure> {
        Ok(self.send(name, &ExecuteMsg::ClaimVested {}, 0)?.event())
    }

    /// Reports metrics in percent, as the metrics source.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn report(&mut self, percents: [u64; 4]) -> Result<MarketMetricsReported, Failure> {
        let sender = self.msg.metrics_source.clone();
        let msg = ExecuteMsg::ReportMetrics { metrics: metrics(percents) };
        Ok(self.chain.execute(&sender, &self.market, &msg, &[])?.event())
    }

    /// Emits as the rewards contract.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn emit(
        &mut self,
        budget: u128,
        max_tokens: u128,
    ) -> Result<(MarketEmitted, EmitData), Failure> {
        let sender = self.msg.rewards.clone();
        let msg = ExecuteMsg::Emit { budget: budget.into(), max_tokens: max_tokens.into() };
        let outcome = self.chain.execute(&sender, &self.market, &msg, &[])?;
        Ok((outcome.event(), outcome.data_as()))
    }

    /// Pays out a ledger, called by `name`.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn withdraw(
        &mut self,
        name: &str,
        ledger: Ledger,
    ) -> Result<MarketLedgerWithdrawn, Failure> {
        Ok(self.send(name, &ExecuteMsg::WithdrawLedger { ledger }, 0)?.event())
    }

    /// Gives the reserve `amount`.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn fund_reserve(&mut self, name: &str, amount: u128) -> Result<MarketFunded, Failure> {
        Ok(self.send(name, &ExecuteMsg::FundReserve {}, amount)?.event())
    }

    /// Asks the market.
    ///
    /// # Errors
    /// When it refuses.
    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, Failure> {
        self.chain.query(&self.market, msg)
    }

    fn ask<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.query(msg).unwrap_or_else(|error| panic!("{msg:?}: {error}"))
    }

    /// What buying for `amount` would do.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn quote_buy(&self, amount: u128, partial: bool) -> Result<QuoteBuyResponse, Failure> {
        self.query(&QueryMsg::QuoteBuy { amount_in: amount.into(), partial })
    }

    /// What buying exactly `tokens` would cost.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn quote_buy_exact(&self, tokens: u128) -> Result<QuoteBuyResponse, Failure> {
        self.query(&QueryMsg::QuoteBuyExact { tokens_out: tokens.into() })
    }

    /// What selling `tokens` would pay.
    ///
    /// # Errors
    /// When the market refuses.
    pub fn quote_sell(&self, tokens: u128, partial: bool) -> Result<QuoteSellResponse, Failure> {
        self.query(&QueryMsg::QuoteSell { tokens_in: tokens.into(), partial })
    }

    /// All prices.
    pub fn price(&self) -> PriceResponse {
        self.ask(&QueryMsg::Price {})
    }

    /// Where the money is.
    pub fn ledgers(&self) -> LedgersResponse {
        self.ask(&QueryMsg::Ledgers {})
    }

    /// What vests.
    pub fn vesting(&self) -> VestingResponse {
        self.ask(&QueryMsg::Vesting {})
    }

    /// The account of `name`.
    pub fn account(&self, name: &str) -> AccountResponse {
        self.ask(&QueryMsg::Account { address: self.chain.account(name) })
    }

    /// The launch lock of `name`.
    pub fn locks(&self, name: &str) -> LocksResponse {
        self.ask(&QueryMsg::Locks { address: self.chain.account(name) })
    }

    /// What was fixed at opening.
    pub fn config(&self) -> modelbond_interface::market::ConfigResponse {
        self.ask(&QueryMsg::Config {})
    }

    /// Tokens in existence.
    pub fn supply(&self) -> u128 {
        self.ask::<TokenInfoResponse>(&QueryMsg::TokenInfo {}).total_supply.u128()
    }
}

/// Metrics in percent.
#[must_use]
pub fn metrics([accuracy, adoption, improvement, growth]: [u64; 4]) -> Metrics {
    Metrics {
        accuracy: Decimal::percent(accuracy),
        adoption: Decimal::percent(adoption),
        improvement: Decimal::percent(improvement),
        growth: Decimal::percent(growth),
    }
}
