//! A reference market from which one rule can be taken out: what is left is the obvious way to
//! do it, and [`crate::attacks`] shows what that costs. With every rule in place it pays and
//! charges exactly what the contract does, which is tested below.
//!
//! It knows no time: nothing streams in while an attack runs, and M is where it is put.

use modelbond_curve::{Curve, Rate, U256};
use modelbond_interface::market::MarketParams;
use modelbond_tests::{Chain, Mock, Order, Suite};

/// What is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Without {
    /// Nothing: the rules of the contract.
    Nothing,
    /// X ≥ B: purchases pay M whatever the backing, sales min(M, B).
    BackingFloor,
    /// The reserve gets at least c_B: it gets its share of the price, no more.
    ReserveFloor,
    /// The stream: what the reserve gains arrives at once.
    Stream,
    /// Fees round up: they round down.
    FeeRounding,
    /// Every rounding is the reserve's: every one is the trader's.
    Rounding,
}

/// Where an attack happens.
pub(crate) trait Venue {
    /// Buys exactly so many tokens and returns what that cost.
    fn buy(&mut self, tokens: u128) -> u128;
    /// Sells and returns what that paid, nothing when it is refused.
    fn sell(&mut self, tokens: u128) -> u128;
    /// Lets the measured success be everything or nothing, and M follow.
    fn measure(&mut self, success: bool);
    /// Pays the treasury out to the creator and returns how much it was.
    fn take_treasury(&mut self) -> u128;
    /// Gives the reserve revenue.
    fn earn(&mut self, revenue: u128);
    /// Somebody else burns tokens.
    fn burn_of_another(&mut self, tokens: u128);
}

/// The reference market.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    without: Without,
    curve: Curve,
    params: MarketParams,
    supply: u128,
    reserve: u128,
    treasury: u128,
    multiplier: u64,
}

const ONE: u64 = 1_000_000_000_000_000_000;

impl Reference {
    /// As the market stands now.
    pub(crate) fn of(suite: &Suite<Mock>, without: Without) -> Self {
        Self {
            without,
            curve: modelbond_tests::market::curve(suite.params()),
            params: suite.params().clone(),
            supply: suite.supply(),
            reserve: suite.ledgers().reserve.u128(),
            treasury: suite.ledgers().treasury.u128(),
            multiplier: suite.price().multiplier.atomics().u128() as u64,
        }
    }

    fn backing(&self, premium_bps: u32) -> Rate {
        Rate::Backing {
            reserve: self.reserve,
            total: self.curve.span(0, self.supply).unwrap(),
            premium_bps: premium_bps.into(),
        }
    }

    fn fee(&self, amount: u128) -> u128 {
        let product = amount * u128::from(self.params.fees.fee_bps);
        match self.without {
            Without::FeeRounding | Without::Rounding => product / 10_000,
            _ => product.div_ceil(10_000),
        }
    }

    fn to_treasury(&self, fee: u128) -> u128 {
        fee * u128::from(self.params.fees.split.treasury_bps) / 10_000
    }

    fn worth(&self, span: U256) -> u128 {
        let at = |rate| match self.without {
            Without::Rounding => self.curve.payout(span, &rate).unwrap() + 1,
            _ => self.curve.payout(span, &rate).unwrap(),
        };
        let at_backing = at(self.backing(0));
        match self.without {
            Without::BackingFloor => at_backing.min(at(Rate::Multiplier(self.multiplier))),
            _ => at_backing,
        }
    }
}

impl Venue for Reference {
    fn buy(&mut self, tokens: u128) -> u128 {
        let span = self.curve.span(self.supply, self.supply + tokens).unwrap();
        let at = |rate| match self.without {
            Without::Rounding => self.curve.cost(span, &rate).unwrap() - 1,
            _ => self.curve.cost(span, &rate).unwrap(),
        };
        let at_backing = at(self.backing(0));
        let at_premium = at(self.backing(self.params.multiplier.max_premium_bps));
        let at_multiplier = at(Rate::Multiplier(self.multiplier)).min(at_premium);
        let cost = match self.without {
            Without::BackingFloor => at_multiplier,
            _ => at_backing.max(at_multiplier),
        };
        let share = (cost * u128::from(self.params.allocation.reserve_bps)).div_ceil(10_000);
        let to_reserve = match self.without {
            Without::ReserveFloor | Without::BackingFloor => share,
            _ => share.max(at_backing),
        };
        let fee = self.fee(cost);
        self.reserve += to_reserve;
        self.treasury += cost - to_reserve + self.to_treasury(fee);
        self.supply += tokens;
        cost + fee
    }

    fn sell(&mut self, tokens: u128) -> u128 {
        let gross = self.worth(self.curve.span(self.supply - tokens, self.supply).unwrap());
        let fee = self.fee(gross);
        self.reserve -= gross;
        self.treasury += self.to_treasury(fee);
        self.supply -= tokens;
        gross - fee
    }

    fn measure(&mut self, success: bool) {
        self.multiplier = if success { ONE / 10 * 18 } else { ONE };
    }

    fn take_treasury(&mut self) -> u128 {
        std::mem::take(&mut self.treasury)
    }

    fn earn(&mut self, revenue: u128) {
        if self.without == Without::Stream {
            self.reserve += revenue;
        }
    }

    fn burn_of_another(&mut self, tokens: u128) {
        let gross = self.worth(self.curve.span(self.supply - tokens, self.supply).unwrap());
        self.supply -= tokens;
        if self.without != Without::Stream {
            self.reserve -= gross;
        }
    }
}

/// The contract; the attacker is "mallory", with every role.
impl Venue for Suite<Mock> {
    fn buy(&mut self, tokens: u128) -> u128 {
        let funds = self.coins("mallory");
        self.buy_exact("mallory", tokens, funds).unwrap().amount_in.u128()
    }

    fn sell(&mut self, tokens: u128) -> u128 {
        Suite::sell(self, "mallory", tokens).map_or(0, |e| e.reserve_out.u128())
    }

    fn measure(&mut self, success: bool) {
        self.report(if success { [100; 4] } else { [0; 4] }).unwrap();
        self.wait(crate::HOUR);
    }

    fn take_treasury(&mut self) -> u128 {
        let ledger = modelbond_interface::market::Ledger::Treasury;
        self.withdraw("mallory", ledger).map_or(0, |e| e.amount.u128())
    }

    fn earn(&mut self, revenue: u128) {
        self.fund("user", revenue);
        self.fund_reserve("user", revenue).unwrap();
    }

    fn burn_of_another(&mut self, tokens: u128) {
        self.burn("alice", tokens).unwrap();
    }
}

/// A settled market whose creator, metrics source, rewards and provenance are one: "mallory".
/// Alice holds; the fee is the smallest there is, nothing damps, nothing is shared.
pub(crate) fn weakest() -> Suite<Mock> {
    let mut suite = Suite::builder()
        .with_one_owner("mallory")
        .with_balance("alice", 1 << 60)
        .with_params(|p| {
            p.fees.fee_bps = 30;
            p.multiplier.rise_bps_per_hour = 36_000;
            p.multiplier.fall_bps_per_hour = 36_000;
            p.allocation.stakeholder_bps = 0;
            p.momentum.gain_bps = 0;
        })
        .build();
    suite.wait_for_unlock();
    // Money that came at a high M lifted the backing.
    suite.measure(true);
    for _ in 0..8 {
        suite.buy_with("alice", 1 << 50, Order::PARTIAL).unwrap();
        suite.wait(crate::HOUR);
    }
    // Until nothing of the past streams in any more.
    suite.wait(30 * crate::DAY);
    suite.fund("mallory", 1 << 60);
    suite
}

#[test]
fn with_every_rule_in_place_the_reference_is_the_contract() {
    let mut suite = weakest();
    suite.measure(true);
    let mut reference = Reference::of(&suite, Without::Nothing);
    for (buy, tokens) in
        [(true, 7_654_321), (true, 1), (false, 1_234_567), (true, 2_000_000_000), (false, 999)]
    {
        let (real, model) = match buy {
            true => (Venue::buy(&mut suite, tokens), reference.buy(tokens)),
            false => (Venue::sell(&mut suite, tokens), reference.sell(tokens)),
        };
        assert_eq!(real, model, "{buy} {tokens}");
        assert_eq!(suite.ledgers().reserve.u128(), reference.reserve);
        assert_eq!(suite.ledgers().treasury.u128(), reference.treasury);
    }
    suite.burn_of_another(5_000_000);
    reference.burn_of_another(5_000_000);
    assert_eq!(suite.ledgers().reserve.u128(), reference.reserve);
    assert_eq!(Venue::take_treasury(&mut suite), reference.take_treasury());
    let balance = suite.chain.balance(&suite.market);
    assert!(balance > suite.ledgers().reserve.u128());
}
