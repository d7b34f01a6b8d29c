//! What actors do: messages of every kind, with amounts of every size.

use cosmwasm_std::{Binary, Decimal, Uint128};
use modelbond_interface::market::{ExecuteMsg, Ledger, Metrics};

use crate::chain::Chain;
use crate::invariants::Step;
use crate::walk::{Life, HOLDERS};

/// Name of a message's kind.
#[must_use]
pub const fn kind(msg: &ExecuteMsg) -> &'static str {
    match msg {
        ExecuteMsg::Buy { .. } => "buy",
        ExecuteMsg::BuyExact { .. } => "buy_exact",
        ExecuteMsg::Sell { .. } => "sell",
        ExecuteMsg::ClaimVested {} => "claim_vested",
        ExecuteMsg::ReportMetrics { .. } => "report_metrics",
        ExecuteMsg::Emit { .. } => "emit",
        ExecuteMsg::WithdrawLedger { .. } => "withdraw_ledger",
        ExecuteMsg::FundReserve {} => "fund_reserve",
        ExecuteMsg::Transfer { .. } => "transfer",
        ExecuteMsg::Burn { .. } => "burn",
        ExecuteMsg::Send { .. } => "send",
        ExecuteMsg::IncreaseAllowance { .. } => "increase_allowance",
        ExecuteMsg::DecreaseAllowance { .. } => "decrease_allowance",
        ExecuteMsg::TransferFrom { .. } => "transfer_from",
        ExecuteMsg::SendFrom { .. } => "send_from",
        ExecuteMsg::BurnFrom { .. } => "burn_from",
        ExecuteMsg::Mint { .. } => "mint",
        ExecuteMsg::UpdateMinter { .. } => "update_minter",
        ExecuteMsg::UpdateMarketing { .. } => "update_marketing",
        ExecuteMsg::UploadLogo(_) => "upload_logo",
    }
}

/// Metrics in 10⁻¹⁸ of 1.
#[must_use]
pub fn metrics(of: impl Fn() -> u128) -> Metrics {
    let value = || Decimal::new(Uint128::new(of()));
    Metrics { accuracy: value(), adoption: value(), improvement: value(), growth: value() }
}

const ONE: u128 = 1_000_000_000_000_000_000;

impl<C: Chain> Life<'_, C> {
    /// Free tokens at an address.
    pub(crate) fn free_tokens(&self, name: &str) -> u128 {
        self.suite.account(name).free.u128()
    }

    /// A step of the account called `name`.
    pub(crate) fn step(&self, name: &str, msg: ExecuteMsg, funds: u128) -> Step {
        Step { sender: self.suite.address(name), msg, funds }
    }

    /// A purchase; nobody's order is ever late here.
    pub(crate) fn buying(&self, name: &str, amount: u128, partial: bool) -> Step {
        let msg = ExecuteMsg::Buy {
            min_tokens_out: Uint128::zero(),
            deadline: self.suite.later(),
            partial,
            recipient: None,
        };
        self.step(name, msg, amount)
    }

    /// A purchase of so many tokens with all the buyer has.
    pub(crate) fn buying_exactly(&self, name: &str, tokens: u128, funds: u128) -> Step {
        let msg = ExecuteMsg::BuyExact { tokens_out: tokens.into(), deadline: self.suite.later() };
        self.step(name, msg, funds)
    }

    /// A sale.
    pub(crate) fn selling(&self, name: &str, tokens: u128, partial: bool) -> Step {
        let msg = ExecuteMsg::Sell {
            tokens_in: tokens.into(),
            min_reserve_out: Uint128::zero(),
            deadline: self.suite.later(),
            partial,
        };
        self.step(name, msg, 0)
    }

    /// An amount up to `most`: mostly any magnitude, often one of the ends.
    pub(crate) fn some(&mut self, most: u128) -> u128 {
        match self.random.below(12) {
            0 => 1,
            1 => most,
            2 => most.saturating_add(1),
            3 => 0,
            _ => self.random.magnitude(most),
        }
    }

    /// Metrics anywhere, often at the ends of their ranges.
    pub(crate) fn some_metrics(&mut self) -> Metrics {
        let mut value = || match self.random.below(6) {
            0 => 0,
            1 | 2 => ONE,
            3 => self.random.between(ONE / 100 * 65, ONE / 100 * 85),
            _ => self.random.between(0, ONE),
        };
        let [accuracy, adoption, improvement, growth] =
            [value(), value(), value(), value()].map(|v| Decimal::new(Uint128::new(v)));
        Metrics { accuracy, adoption, improvement, growth }
    }

    /// A step of anyone, of any kind.
    pub(crate) fn some_step(&mut self) -> Step {
        let trader = self.random.pick(&HOLDERS);
        let reserve = self.checker.snapshot(&self.suite).ledgers.reserve.u128();
        let purse = self.suite.coins(trader);
        match self.random.below(100) {
            0..=29 => {
                let amount = self.some(reserve.min(purse)).min(purse);
                let partial = self.random.chance(60);
                let mut step = self.buying(trader, amount, partial);
                if self.random.chance(10) {
                    let recipient = self.suite.address(self.random.pick(&HOLDERS));
                    if let ExecuteMsg::Buy { recipient: to, .. } = &mut step.msg {
                        *to = Some(recipient);
                    }
                }
                step
            }
            30..=36 => {
                let tokens = self.random.magnitude(self.suite.supply());
                let funds = reserve.saturating_mul(2).min(purse);
                self.buying_exactly(trader, tokens, funds)
            }
            37..=62 => {
                let tokens = self.free_tokens(trader);
                let (tokens, partial) = (self.some(tokens), self.random.chance(60));
                self.selling(trader, tokens, partial)
            }
            63..=68 => {
                let sender = self.suite.msg.metrics_source.clone();
                let metrics = self.some_metrics();
                Step { sender, msg: ExecuteMsg::ReportMetrics { metrics }, funds: 0 }
            }
            69..=73 => {
                let sender = self.suite.msg.rewards.clone();
                let budget = self.some(reserve).into();
                let max_tokens = self.some(self.suite.supply()).into();
                Step { sender, msg: ExecuteMsg::Emit { budget, max_tokens }, funds: 0 }
            }
            74..=76 => {
                self.step(trader, ExecuteMsg::WithdrawLedger { ledger: Ledger::Treasury }, 0)
            }
            77 => Step {
                sender: self.suite.msg.provenance.clone(),
                msg: ExecuteMsg::WithdrawLedger { ledger: Ledger::Provenance },
                funds: 0,
            },
            78..=80 => {
                let amount = self.some(reserve / 20).min(purse);
                self.step(trader, ExecuteMsg::FundReserve {}, amount)
            }
            81..=83 => {
                let name = self.random.pick(&["creator", "stakeholder", trader]);
                self.step(name, ExecuteMsg::ClaimVested {}, 0)
            }
            _ => self.some_cw20_step(trader),
        }
    }

    fn some_cw20_step(&mut self, trader: &str) -> Step {
        let other = self.random.pick(&HOLDERS);
        let (owner, spender) = (self.suite.address(trader), self.suite.address(other));
        let tokens = self.free_tokens(trader);
        let amount = Uint128::new(self.some(tokens));
        let contract = spender.clone();
        let recipient = spender.clone();
        match self.random.below(12) {
            0..=3 => self.step(trader, ExecuteMsg::Transfer { recipient, amount }, 0),
            4 | 5 => self.step(trader, ExecuteMsg::Burn { amount }, 0),
            6 => {
                let msg = ExecuteMsg::Send { contract, amount, msg: Binary::default() };
                self.step(trader, msg, 0)
            }
            7 => {
                let msg = ExecuteMsg::IncreaseAllowance { spender, amount, expires: None };
                self.step(trader, msg, 0)
            }
            8 => {
                let msg = ExecuteMsg::DecreaseAllowance { spender, amount, expires: None };
                self.step(trader, msg, 0)
            }
            9 => self.step(other, ExecuteMsg::TransferFrom { owner, recipient, amount }, 0),
            10 => self.step(other, ExecuteMsg::BurnFrom { owner, amount }, 0),
            _ => {
                let msg = ExecuteMsg::SendFrom { owner, contract, amount, msg: Binary::default() };
                self.step(other, msg, 0)
            }
        }
    }

    /// A pause of any length, often none.
    pub(crate) fn pause(&mut self) {
        let secs = match self.random.below(100) {
            0..=54 => return,
            55..=69 => self.random.between(1, 10),
            70..=84 => self.random.between(10, 900),
            85..=94 => self.random.between(900, 7_200),
            95..=98 => self.random.between(7_200, 90_000),
            _ => self.random.between(90_000, 900_000),
        };
        self.suite.wait(secs as u64);
    }
}
