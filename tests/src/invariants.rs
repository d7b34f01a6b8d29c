//! Checks around every message of a market. They know nothing of the contract but its events and
//! answers, and compute everything again in wide integers:
//!
//! | name | what is checked |
//! |---|---|
//! | I1 | bank balance = reserve + pending + ledgers + donations, to the unit |
//! | I2 | all balances, with the market's own (floor and vesting), add up to the supply ≤ maximum |
//! | I3 | R′·G ≥ R·G′ |
//! | I6 | price and supply move together; cost and payout are those of the curve, rounded for the reserve |
//! | I7 | a move of the base price ends in the band around the reference that leaked as it should |
//! | I8 | what the sender paid or got is found in reserve, pending, ledgers and refund |
//! | M | the multiplier moves with time only, towards its target, no faster than its rates |
//! | typed | a refusal names its reason: no overflow, no storage error |

use cosmwasm_std::{Timestamp, Uint128, Uint256};
use cw20::BalanceResponse;
use modelbond_curve::{Curve, Rate, U256};
use modelbond_interface::market::{
    ExecuteMsg, LedgersResponse, MarketBought, MarketBurned, MarketEmitted, MarketLedgerWithdrawn,
    MarketSold, PriceResponse, QueryMsg,
};
use modelbond_market::ContractError;

use crate::chain::{Chain, Failure, Outcome};
use crate::market::{backing_fell, curve, integral};
use crate::suite::Suite;

/// A check that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub invariant: &'static str,
    /// With the numbers.
    pub detail: String,
}

/// One message.
#[derive(Debug, Clone)]
pub struct Step {
    /// Address of the sender.
    pub sender: String,
    /// What is sent.
    pub msg: ExecuteMsg,
    /// Coins with it.
    pub funds: u128,
}

/// A market at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// When.
    pub at: Timestamp,
    /// All prices.
    pub price: PriceResponse,
    /// Where the money is.
    pub ledgers: LedgersResponse,
    /// G of the supply.
    pub integral: Uint256,
    /// What the bank says the market has.
    pub bank: u128,
    /// Sum of all token balances.
    pub balances: u128,
}

impl Snapshot {
    /// All that the ledgers say.
    #[must_use]
    pub fn booked(&self) -> u128 {
        let LedgersResponse { reserve, pending, rewards, provenance, treasury, .. } = self.ledgers;
        [reserve, pending, rewards, provenance, treasury].iter().map(|part| part.u128()).sum()
    }
}

/// The stored reference of the limiter, followed independently.
#[derive(Debug, Clone, Copy)]
struct Reference {
    value: u128,
    price: u128,
    at: u64,
}

/// The checks, with what they remember.
#[derive(Debug, Clone)]
pub struct Checker {
    curve: Curve,
    holders: Vec<String>,
    donated: u128,
    last: Option<Snapshot>,
    reference: Reference,
    /// What was found.
    pub violations: Vec<Violation>,
}

fn atomics(value: cosmwasm_std::Decimal) -> u128 {
    value.atomics().u128()
}

impl Checker {
    /// Checks for `suite`, whose tokens are only ever held by the accounts called `holders`.
    pub fn new<C: Chain>(suite: &Suite<C>, holders: &[&str]) -> Self {
        let mut addresses: Vec<String> = holders.iter().map(|name| suite.address(name)).collect();
        addresses.push(suite.market.clone());
        let price = suite.price();
        Self {
            curve: curve(suite.params()),
            holders: addresses,
            donated: 0,
            last: None,
            reference: Reference {
                value: atomics(price.reference),
                price: atomics(price.base),
                at: suite.chain.now().nanos(),
            },
            violations: vec![],
        }
    }

    /// The market's curve.
    #[must_use]
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    fn ensure(&mut self, invariant: &'static str, holds: bool, detail: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(Violation { invariant, detail: detail() });
        }
    }

    /// Books a gift to the market's address, which must move nothing.
    pub fn donated(&mut self, amount: u128) {
        self.donated += amount;
        if let Some(last) = &mut self.last {
            last.bank += amount;
        }
    }

    /// The market now; taken again only when time has passed since the last message.
    pub fn snapshot<C: Chain>(&mut self, suite: &Suite<C>) -> Snapshot {
        if let Some(last) = self.last.as_ref().filter(|last| last.at == suite.chain.now()) {
            return last.clone();
        }
        let snapshot = self.look(suite);
        self.check_passage(suite, &snapshot);
        self.last = Some(snapshot.clone());
        snapshot
    }

    fn look<C: Chain>(&mut self, suite: &Suite<C>) -> Snapshot {
        let price = suite.price();
        let balances = self.holders.iter().map(|address| {
            let query = QueryMsg::Balance { address: address.clone() };
            let answer: BalanceResponse = suite.query(&query).expect("balance");
            answer.balance.u128()
        });
        let snapshot = Snapshot {
            at: suite.chain.now(),
            ledgers: suite.ledgers(),
            integral: integral(&self.curve, price.supply),
            bank: suite.chain.balance(&suite.market),
            balances: balances.sum(),
            price,
        };
        self.check_state(suite, &snapshot);
        snapshot
    }

    /// I1 and I2.
    fn check_state<C: Chain>(&mut self, suite: &Suite<C>, now: &Snapshot) {
        let (booked, donated) = (now.booked(), self.donated);
        self.ensure("I1", now.bank == booked + donated, || {
            format!("bank {} ≠ ledgers {booked} + donations {donated}", now.bank)
        });
        let supply = now.price.supply;
        self.ensure("I2", now.balances == supply.u128(), || {
            format!("balances {} ≠ supply {supply}", now.balances)
        });
        let most = suite.params().curve.max_supply;
        self.ensure("I2", supply <= most, || format!("supply {supply} > maximum {most}"));
    }

    /// What time alone may do: I3, the reference, the multiplier.
    fn check_passage<C: Chain>(&mut self, suite: &Suite<C>, now: &Snapshot) {
        let params = suite.params();
        let Some(before) = self.last.clone() else { return };
        self.check_backing(&before, now);
        let Reference { value, price, at } = self.reference;
        let elapsed = u128::from(now.at.nanos() - at);
        let window = u128::from(params.limits.window_secs) * 1_000_000_000;
        let distance = Uint256::from(price.abs_diff(value));
        let moved = match elapsed < window {
            true => Uint128::try_from(distance * Uint256::from(elapsed) / Uint256::from(window)),
            false => Uint128::try_from(distance),
        };
        let moved = moved.expect("at most the distance").u128();
        let expected = if price < value { value - moved } else { value + moved };
        let reference = atomics(now.price.reference);
        self.ensure("I7", reference == expected, || {
            format!("reference {reference} ≠ {expected}, {elapsed} ns after {value} at {price}")
        });

        let (old, new) = (atomics(before.price.multiplier), atomics(now.price.multiplier));
        let target = atomics(now.price.target);
        let rates = &params.multiplier;
        let rate = match new > old {
            true => rates.rise_bps_per_hour.max(rates.rebound_bps_per_hour),
            false => rates.fall_bps_per_hour,
        };
        let hours = u128::from(now.at.nanos() - before.at.nanos());
        // bps of 1.0 per hour, in 10⁻¹⁸ per 3.6·10¹² ns
        let most = u128::from(rate) * 100_000_000_000_000 * hours / 3_600_000_000_000 + 1;
        let between = (old.min(target)..=old.max(target)).contains(&new);
        self.ensure("M", between && old.abs_diff(new) <= most, || {
            format!("multiplier {old} → {new}, target {target}, at most {most}")
        });
    }

    fn check_backing(&mut self, before: &Snapshot, after: &Snapshot) {
        let pair = |s: &Snapshot| (s.ledgers.reserve, s.integral);
        self.ensure("I3", !backing_fell(pair(before), pair(after)), || {
            format!(
                "backing fell: R {}, s {} → R {}, s {}",
                before.ledgers.reserve,
                before.price.supply,
                after.ledgers.reserve,
                after.price.supply
            )
        });
    }

    /// Sends `step` and checks everything around it.
    ///
    /// # Errors
    /// When the market refuses, which is no violation.
    pub fn perform<C: Chain>(
        &mut self,
        suite: &mut Suite<C>,
        step: &Step,
    ) -> Result<Outcome, Failure> {
        let before = self.snapshot(suite);
        let purse = suite.chain.balance(&step.sender);
        let funds = suite.chain.money(step.funds);
        let result = suite.chain.execute(&step.sender, &suite.market, &step.msg, &funds);
        match &result {
            Err(error) => {
                self.ensure("typed", is_reasoned(error), || format!("{step:?}: {error:?}"));
            }
            Ok(outcome) => {
                let after = self.look(suite);
                let purse_after = suite.chain.balance(&step.sender);
                self.check_backing(&before, &after);
                self.check_price(&before, &after, step);
                self.check_books(&before, &after, outcome, step);
                self.check_purse(suite, purse, purse_after, outcome, step);
                self.check_formulas(suite, &before, outcome);
                if before.price.supply != after.price.supply {
                    self.reference = Reference {
                        value: atomics(after.price.reference),
                        price: atomics(after.price.base),
                        at: after.at.nanos(),
                    };
                }
                self.last = Some(after);
            }
        }
        result
    }

    /// I6 and I7.
    fn check_price(&mut self, before: &Snapshot, after: &Snapshot, step: &Step) {
        let (p, q) = (before.price.base, after.price.base);
        let (s, t) = (before.price.supply, after.price.supply);
        self.ensure("I6", if t >= s { q >= p } else { q <= p }, || {
            format!("supply {s} → {t}, price {p} → {q}")
        });
        let (low, high) = (before.price.band_low, before.price.band_high);
        self.ensure("I7", (q <= p || q <= high) && (q >= p || q >= low), || {
            format!("price {p} → {q} outside of {low} … {high} by {:?}", step.msg)
        });
        let (m, n) = (before.price.multiplier, after.price.multiplier);
        self.ensure("M", m == n, || format!("multiplier {m} → {n} by {:?}", step.msg));
        self.ensure("I7", before.price.reference == after.price.reference, || {
            format!("a message moved the reference: {:?}", step.msg)
        });
    }

    /// I8: the ledgers moved by what the event says, and nothing else did.
    fn check_books(&mut self, before: &Snapshot, after: &Snapshot, outcome: &Outcome, step: &Step) {
        let mut expected = Books::of(before);
        if let Some(e) = outcome.find::<MarketBought>() {
            let parts =
                e.fee_to_pending + e.fee_to_rewards + e.fee_to_provenance + e.fee_to_treasury;
            self.ensure("I8", e.amount_in == e.cost + e.fee + e.surcharge + e.dust, || {
                format!("paid ≠ its parts: {e:?}")
            });
            self.ensure("I8", e.fee == parts, || format!("fee ≠ its parts: {e:?}"));
            expected.reserve += e.to_reserve.u128();
            expected.treasury += (e.cost - e.to_reserve + e.fee_to_treasury).u128();
            expected.pending += (e.fee_to_pending + e.surcharge + e.dust).u128();
            expected.rewards += e.fee_to_rewards.u128();
            expected.provenance += e.fee_to_provenance.u128();
            expected.supply += (e.tokens_out + e.stakeholder_tokens).u128();
        } else if let Some(e) = outcome.find::<MarketSold>() {
            let parts =
                e.fee_to_pending + e.fee_to_rewards + e.fee_to_provenance + e.fee_to_treasury;
            self.ensure("I8", e.gross == e.reserve_out + e.burned + e.fee + e.surcharge, || {
                format!("gross ≠ its parts: {e:?}")
            });
            self.ensure("I8", e.fee == parts, || format!("fee ≠ its parts: {e:?}"));
            expected.reserve -= e.gross.u128();
            expected.treasury += e.fee_to_treasury.u128();
            expected.pending += (e.fee_to_pending + e.surcharge + e.burned).u128();
            expected.rewards += e.fee_to_rewards.u128();
            expected.provenance += e.fee_to_provenance.u128();
            expected.supply -= e.tokens_in.u128();
        } else if let Some(e) = outcome.find::<MarketBurned>() {
            expected.reserve -= e.gross.u128();
            expected.pending += e.gross.u128();
            expected.supply -= e.amount.u128();
        } else if let Some(e) = outcome.find::<MarketEmitted>() {
            expected.reserve += e.spent.u128();
            expected.rewards -= e.spent.u128();
            expected.supply += e.tokens_out.u128();
        } else if let Some(e) = outcome.find::<MarketLedgerWithdrawn>() {
            match e.ledger.as_str() {
                "treasury" => expected.treasury -= e.amount.u128(),
                _ => expected.provenance -= e.amount.u128(),
            }
        } else if let ExecuteMsg::FundReserve {} = step.msg {
            expected.pending += step.funds;
        }
        let found = Books::of(after);
        self.ensure("I8", found == expected, || {
            format!("after {:?}: {found:?}, expected {expected:?}", step.msg)
        });
    }

    /// I8: the sender's purse moved by what the event says.
    fn check_purse<C: Chain>(
        &mut self,
        suite: &Suite<C>,
        before: u128,
        after: u128,
        outcome: &Outcome,
        step: &Step,
    ) {
        let mut expected = before - step.funds;
        if let Some(e) = outcome.find::<MarketBought>() {
            self.ensure("I8", e.amount_in + e.refund == Uint128::new(step.funds), || {
                format!("sent {} ≠ {e:?}", step.funds)
            });
            expected += e.refund.u128();
        } else if let Some(e) = outcome.find::<MarketSold>() {
            expected += e.reserve_out.u128();
        } else if let Some(e) = outcome.find::<MarketLedgerWithdrawn>() {
            if e.recipient == step.sender {
                expected += e.amount.u128();
            }
            let due = match e.ledger.as_str() {
                "treasury" => &suite.msg.creator,
                _ => &suite.msg.provenance,
            };
            self.ensure("I8", e.recipient == *due, || format!("{e:?} is due to {due}"));
        }
        self.ensure("I8", after == expected, || {
            format!("purse {before} → {after}, expected {expected}, by {:?}", step.msg)
        });
    }

    /// I6: cost and payout are those of the rules.
    fn check_formulas<C: Chain>(&mut self, suite: &Suite<C>, before: &Snapshot, outcome: &Outcome) {
        let params = suite.params();
        let span = |after: Uint128| -> U256 {
            self.curve.span(before.price.supply.u128(), after.u128()).expect("on the curve")
        };
        let backing = |premium_bps: u32| Rate::Backing {
            reserve: before.ledgers.reserve.u128(),
            total: U256::from_be_bytes(before.integral.to_be_bytes()),
            premium_bps: premium_bps.into(),
        };
        let cost = |span: U256| {
            let at = |rate: Rate| self.curve.cost(span, &rate).expect("cost");
            let multiplier = atomics(before.price.multiplier) as u64;
            let at_backing = at(backing(0));
            let premium = at(backing(params.multiplier.max_premium_bps));
            (at_backing.max(at(Rate::Multiplier(multiplier)).min(premium)), at_backing)
        };
        if let Some(e) = outcome.find::<MarketBought>() {
            let (due, at_backing) = cost(span(e.supply));
            let share = e.cost * Uint128::from(params.allocation.reserve_bps);
            let share = share.u128().div_ceil(10_000).max(at_backing);
            self.ensure("I6", e.cost.u128() == due && e.to_reserve.u128() == share, || {
                format!("cost {due}, to reserve {share}, but {e:?}")
            });
        } else if let Some(e) = outcome.find::<MarketEmitted>() {
            let due = if e.tokens_out.is_zero() { 0 } else { cost(span(e.supply)).0 };
            self.ensure("I6", e.spent.u128() == due, || format!("cost {due}, but {e:?}"));
        } else {
            let sold = outcome.find::<MarketSold>().map(|e| (e.supply, e.gross));
            let burned = outcome.find::<MarketBurned>().map(|e| (e.supply, e.gross));
            let Some((supply, gross)) = sold.or(burned) else { return };
            let due = self.curve.payout(span(supply), &backing(0)).expect("payout");
            self.ensure("I6", gross.u128() == due, || format!("payout {due}, but {outcome:?}"));
        }
    }
}

/// Amounts of all ledgers and the supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Books {
    reserve: u128,
    pending: u128,
    rewards: u128,
    provenance: u128,
    treasury: u128,
    supply: u128,
}

impl Books {
    fn of(snapshot: &Snapshot) -> Self {
        Self {
            reserve: snapshot.ledgers.reserve.u128(),
            pending: snapshot.ledgers.pending.u128(),
            rewards: snapshot.ledgers.rewards.u128(),
            provenance: snapshot.ledgers.provenance.u128(),
            treasury: snapshot.ledgers.treasury.u128(),
            supply: snapshot.price.supply.u128(),
        }
    }
}

/// Whether a refusal says why: overflows and storage errors are accidents.
fn is_reasoned(error: &Failure) -> bool {
    match error {
        Failure::Market(error) => !matches!(
            **error,
            ContractError::Std(_) | ContractError::Overflow { .. } | ContractError::Curve(_)
        ),
        Failure::Bridge(_)
        | Failure::Beacon(_)
        | Failure::Nodes(_)
        | Failure::Training(_)
        | Failure::Registry(_)
        | Failure::Provenance(_)
        | Failure::Rewards(_)
        | Failure::Text(_) => true,
    }
}
