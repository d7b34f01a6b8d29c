//! A life in which everybody does what they like, and in the end everybody leaves.

use cosmwasm_std::Uint128;
use modelbond_interface::market::{
    ExplainResponse, MarketBought, MarketSold, QueryMsg, QuoteBuyResponse, QuoteSellResponse,
};

use crate::chain::{Chain, Rewind};
use crate::invariants::Step;
use crate::market::worth;
use crate::walk::{Life, HOLDERS};

/// Lives for about `operations` messages.
pub(crate) fn live<C: Rewind>(life: &mut Life<C>, operations: u64) {
    let cost = life.suite.opened.cost.u128();
    for name in HOLDERS {
        life.suite.fund(name, cost.saturating_mul(100).min(1 << 110));
    }
    let until = life.operation + operations.saturating_sub(400).max(operations / 2);
    while life.operation < until {
        life.pause();
        match life.random.below(40) {
            0 => life.compare_with_parts(),
            1 => life.compare_with_quote(),
            2 => life.check_explanation(),
            3 => life.donate(),
            4 => life.wash(),
            _ => {
                let step = life.some_step();
                life.perform(&step);
            }
        }
    }
    life.everybody_leaves();
}

impl<C: Chain> Life<'_, C> {
    /// Coins to the market's address move nothing.
    fn donate(&mut self) {
        let (from, to) = (self.suite.address("alice"), self.suite.market.clone());
        let amount = self.random.magnitude(1_000_000);
        let coins = self.suite.chain.money(amount);
        self.checker.snapshot(&self.suite);
        if self.suite.chain.pay(&from, &to, &coins).is_ok() {
            self.checker.donated(amount);
        }
    }

    /// The wash trader buys and sells the same again.
    fn wash(&mut self) {
        let reserve = self.checker.snapshot(&self.suite).ledgers.reserve.u128();
        let purse = self.suite.coins("washer");
        let amount = self.random.magnitude(reserve / 10).min(purse);
        let step = self.buying("washer", amount, true);
        let before = self.suite.tokens("washer");
        self.perform(&step);
        let bought = self.suite.tokens("washer") - before;
        let step = self.selling("washer", bought, true);
        self.perform(&step);
        let after = self.suite.coins("washer");
        if self.suite.tokens("washer") == before && after > purse {
            self.violate("I4", format!("washing {amount} paid {}", after - purse));
        }
    }

    /// Quotes are what the trade then does.
    fn compare_with_quote(&mut self) {
        let reserve = self.checker.snapshot(&self.suite).ledgers.reserve.u128();
        let partial = self.random.chance(50);
        if self.random.chance(50) {
            let amount = self.random.magnitude(reserve / 5).min(self.suite.coins("bob"));
            let query = QueryMsg::QuoteBuy { amount_in: amount.into(), partial };
            let quote = self.suite.query::<QuoteBuyResponse>(&query);
            let step = self.buying("bob", amount, partial);
            let result = self.checker.perform(&mut self.suite, &step);
            match (quote, result.map(|outcome| outcome.event::<MarketBought>())) {
                (Ok(q), Ok(e)) => {
                    let same = q.amount_in == e.amount_in
                        && q.refund == e.refund
                        && q.tokens_out == e.tokens_out
                        && q.stakeholder_tokens == e.stakeholder_tokens
                        && (q.cost, q.fee, q.surcharge, q.dust)
                            == (e.cost, e.fee, e.surcharge, e.dust);
                    if !same {
                        self.violate("quote", format!("{q:?} but {e:?}"));
                    }
                }
                (Err(q), Err(e)) if q.to_string().ends_with(&e.to_string()) => {}
                (_, Err(_)) if amount == 0 => {}
                (quote, result) => self.violate("quote", format!("{quote:?} but {result:?}")),
            }
        } else {
            let tokens = self.free_tokens("bob");
            let tokens = self.random.magnitude(tokens).min(tokens);
            let query = QueryMsg::QuoteSell { tokens_in: tokens.into(), partial };
            let quote = self.suite.query::<QuoteSellResponse>(&query);
            let step = self.selling("bob", tokens, partial);
            let result = self.checker.perform(&mut self.suite, &step);
            match (quote, result.map(|outcome| outcome.event::<MarketSold>())) {
                (Ok(q), Ok(e)) => {
                    let same = (q.tokens_in, q.reserve_out, q.gross)
                        == (e.tokens_in, e.reserve_out, e.gross)
                        && (q.burned, q.fee, q.surcharge) == (e.burned, e.fee, e.surcharge);
                    if !same {
                        self.violate("quote", format!("{q:?} but {e:?}"));
                    }
                }
                (Err(q), Err(e)) if q.to_string().ends_with(&e.to_string()) => {}
                (quote, result) => self.violate("quote", format!("{quote:?} but {result:?}")),
            }
        }
        self.report.operations += 1;
        self.operation += 1;
        self.report.kinds.entry("quoted trade").or_default().0 += 1;
        self.collect();
    }

    /// The parts of an explanation add up exactly.
    fn check_explanation(&mut self) {
        let age = self.suite.chain.now().nanos() - self.suite.config().opened_at.nanos();
        let back = self.random.below(u128::from(age.min(7 * 86_400_000_000_000)) + 1) as u64;
        let since = self.suite.chain.now().minus_nanos(back);
        match self.suite.query::<ExplainResponse>(&QueryMsg::Explain { since }) {
            Ok(e) => {
                let sum = e.before.atomics() + e.fees_and_burn.atomics();
                let sum = sum + e.multiplier.atomics() + e.flow.atomics();
                let spot = self.suite.price().spot.atomics();
                if sum != e.now.atomics()
                    || e.now.to_string() != self.suite.price().spot.to_string()
                {
                    self.violate("explain", format!("{e:?} sums to {sum}, spot {spot}"));
                }
            }
            Err(error) => self.violate("explain", format!("since {since}: {error}")),
        }
    }

    /// I13: everybody sells all they have; nobody reports, withdraws or pays anything in.
    fn everybody_leaves(&mut self) {
        self.suite.wait_for_unlock();
        let vesting = self.suite.params().vesting.clone();
        self.suite.wait(vesting.cliff_secs + vesting.duration_secs);
        for name in HOLDERS {
            let claim = modelbond_interface::market::ExecuteMsg::ClaimVested {};
            if self.suite.account(name).vested > Uint128::zero() {
                let step = self.step(name, claim, 0);
                if !self.perform(&step) {
                    self.violate("I13", format!("{name} cannot claim what has vested"));
                }
            }
        }
        let window = self.suite.params().limits.window_secs;
        for name in HOLDERS {
            let mut waits = 0;
            loop {
                let tokens = self.free_tokens(name);
                if tokens == 0 {
                    break;
                }
                let step = self.selling(name, tokens, true);
                if self.perform(&step) {
                    waits = 0;
                    continue;
                }
                waits += 1;
                if waits > 2 {
                    self.check_worthless(name, tokens);
                    break;
                }
                self.suite.wait(window);
            }
            self.report.leavers += 1;
        }
    }

    /// What cannot be sold is not worth its fees.
    fn check_worthless(&mut self, name: &str, tokens: u128) {
        let snapshot = self.checker.snapshot(&self.suite);
        let value = worth(
            self.checker.curve(),
            snapshot.price.supply,
            snapshot.ledgers.reserve,
            tokens.into(),
        );
        // At most one unit of rounding each for fee, surcharge and burn.
        if value > 4 {
            self.violate("I13", format!("{name} cannot sell {tokens}, worth {value}"));
        }
    }
}

impl<C: Rewind> Life<'_, C> {
    /// I5: the same order in parts is never better.
    fn compare_with_parts(&mut self) {
        let reserve = self.checker.snapshot(&self.suite).ledgers.reserve.u128();
        let parts = self.random.between(2, 6);
        let supply = self.suite.supply();
        self.report.splits += 1;
        let (name, found) = match self.random.below(3) {
            0 => {
                let amount = self.random.magnitude(reserve / 8).min(self.suite.coins("carol"));
                let amounts = self.shares(amount, parts);
                let step = |amount| self.buying("carol", amount, false);
                let tokens = |results: Vec<MarketBought>| -> u128 {
                    results.iter().map(|e| e.tokens_out.u128()).sum()
                };
                let whole = vec![step(amount)];
                let split = amounts.into_iter().map(step).collect();
                ("buy", self.compare(whole, split, tokens, |one, many| many <= one))
            }
            1 => {
                let tokens = self.random.magnitude(supply / 20);
                let purse = self.suite.coins("carol");
                let shares = self.shares(tokens, parts);
                let step = |tokens| self.buying_exactly("carol", tokens, purse / (parts + 1));
                let paid = |results: Vec<MarketBought>| -> u128 {
                    results.iter().map(|e| (e.cost + e.fee + e.surcharge).u128()).sum()
                };
                let whole = vec![step(tokens)];
                let split = shares.into_iter().map(step).collect();
                ("buy_exact", self.compare(whole, split, paid, |one, many| many >= one))
            }
            _ => {
                let tokens = self.free_tokens("carol");
                let tokens = self.random.magnitude(tokens).min(tokens);
                let shares = self.shares(tokens, parts);
                let step = |tokens| self.selling("carol", tokens, false);
                let got = |results: Vec<MarketSold>| -> u128 {
                    results.iter().map(|e| e.reserve_out.u128()).sum()
                };
                let whole = vec![step(tokens)];
                let split = shares.into_iter().map(step).collect();
                ("sell", self.compare(whole, split, got, |one, many| many <= one))
            }
        };
        if let Some((one, many)) = found {
            self.violate("I5", format!("{name}: one order {one}, {parts} orders {many}"));
        }
    }

    fn shares(&mut self, amount: u128, parts: u128) -> Vec<u128> {
        let mut left = amount;
        let mut shares: Vec<u128> = (1..parts)
            .map(|_| {
                let share = self.random.below(left + 1);
                left -= share;
                share
            })
            .collect();
        shares.push(left);
        shares.retain(|share| *share > 0);
        shares
    }

    fn compare<E>(
        &mut self,
        whole: Vec<Step>,
        split: Vec<Step>,
        measure: impl Fn(Vec<E>) -> u128,
        fair: impl Fn(u128, u128) -> bool,
    ) -> Option<(u128, u128)>
    where
        E: modelbond_interface::event::TypedEvent + std::fmt::Debug,
    {
        let market = self.suite.market.clone();
        let mut run = |steps: Vec<Step>| {
            self.suite.chain.imagine(|chain| {
                let mut events = vec![];
                for step in steps {
                    let funds = chain.money(step.funds);
                    let outcome = chain.execute(&step.sender, &market, &step.msg, &funds).ok()?;
                    events.push(outcome.event::<E>());
                }
                Some(measure(events))
            })
        };
        let (one, many) = (run(whole)?, run(split)?);
        (!fair(one, many)).then_some((one, many))
    }
}
