//! Random and greedy walks through the whole protocol, checked around every message.
//!
//! A walk is a series of lives. In a *free* life ([`free`]) traders, the creator with the treasury,
//! a wash trader, who decides about the metrics, the rewards contract and one who holds every role
//! do what they like, and at the end everybody leaves without anyone's help (I13). In a
//! *coalition's* life ([`coalition`]) a few of them work together, by chance or greedily, while
//! nobody else trades, and must not have gained when they are flat again (I4).

pub mod actions;
pub mod coalition;
pub mod free;
mod terms;

use std::collections::BTreeMap;
use std::fmt;

use modelbond_interface::market::MarketParams;

use crate::builder::Builder;
use crate::chain::{Chain, Rewind};
use crate::invariants::{Checker, Step, Violation};
use crate::random::Random;
use crate::suite::Suite;

/// Everybody who ever holds tokens.
pub const HOLDERS: [&str; 10] = [
    "creator",
    "training",
    "rewards",
    "provenance",
    "alice",
    "bob",
    "carol",
    "washer",
    "mallory",
    "stakeholder",
];

/// What a walk did and found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Messages sent.
    pub operations: u64,
    /// By kind: accepted, refused.
    pub kinds: BTreeMap<&'static str, (u64, u64)>,
    /// Markets opened, by kind of life.
    pub lives: BTreeMap<&'static str, u64>,
    /// Openings refused.
    pub refused_openings: u64,
    /// Coalitions that were flat again, and how many did not lose.
    pub coalitions: u64,
    /// Orders compared with their parts.
    pub splits: u64,
    /// Holders that left.
    pub leavers: u64,
    /// The most storage touches that one message needed, where they are counted.
    pub most_touches: u64,
    /// What was violated: seed of the life, operation in it, what.
    pub violations: Vec<(u64, u64, Violation)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "operations    {}", self.operations)?;
        for (kind, (accepted, refused)) in &self.kinds {
            writeln!(f, "  {kind:<22} accepted {accepted:>8}  refused {refused:>8}")?;
        }
        let accepted: u64 = self.kinds.values().map(|(accepted, _)| accepted).sum();
        writeln!(f, "accepted      {accepted}")?;
        writeln!(f, "refused       {}", self.operations - accepted)?;
        for (kind, count) in &self.lives {
            writeln!(f, "lives         {count} {kind}")?;
        }
        writeln!(f, "openings      {} refused", self.refused_openings)?;
        writeln!(f, "coalitions    {} flat again", self.coalitions)?;
        writeln!(f, "splits        {} orders compared with their parts", self.splits)?;
        writeln!(f, "leavers       {}", self.leavers)?;
        writeln!(f, "most touches  {} of the storage by one message", self.most_touches)?;
        writeln!(f, "violations    {}", self.violations.len())?;
        let mut by_invariant: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, _, violation) in &self.violations {
            *by_invariant.entry(violation.invariant).or_default() += 1;
        }
        for (invariant, count) in by_invariant {
            writeln!(f, "  {invariant:<22} {count}")?;
        }
        for (seed, operation, violation) in self.violations.iter().take(20) {
            let Violation { invariant, detail } = violation;
            writeln!(f, "  life {seed}, operation {operation}: {invariant}: {detail}")?;
        }
        Ok(())
    }
}

/// One market being walked.
pub(crate) struct Life<'a, C: Chain> {
    pub(crate) suite: Suite<C>,
    pub(crate) checker: Checker,
    pub(crate) random: Random,
    pub(crate) report: &'a mut Report,
    seed: u64,
    operation: u64,
}

impl<C: Chain> Life<'_, C> {
    /// Sends a step, checks it, counts it; whether it was accepted.
    pub(crate) fn perform(&mut self, step: &Step) -> bool {
        let accepted = self.checker.perform(&mut self.suite, step).is_ok();
        let counts = self.report.kinds.entry(actions::kind(&step.msg)).or_default();
        if accepted {
            counts.0 += 1;
        } else {
            counts.1 += 1;
        }
        self.report.operations += 1;
        self.operation += 1;
        self.collect();
        accepted
    }

    /// Notes a violation.
    pub(crate) fn violate(&mut self, invariant: &'static str, detail: String) {
        let violation = Violation { invariant, detail };
        self.report.violations.push((self.seed, self.operation, violation));
    }

    fn collect(&mut self) {
        for violation in std::mem::take(&mut self.checker.violations) {
            self.report.violations.push((self.seed, self.operation, violation));
        }
    }
}

/// Walks until `operations` messages were sent, one life after another, each on a new `chain`.
pub fn walk<C: Rewind + Default>(
    operations: u64,
    seed: u64,
    mut finished: impl FnMut(&C, &mut Report),
) -> Report {
    let mut report = Report::default();
    let mut seeds = Random::new(seed);
    while report.operations < operations {
        let seed = seeds.bits();
        let mut random = Random::new(seed);
        let params = terms::random(&mut random);
        let coalition = random.chance(60);
        let left = operations - report.operations;
        let Some(suite) = open::<C>(params, coalition, &mut random, &mut report, seed) else {
            continue;
        };
        let checker = Checker::new(&suite, &HOLDERS);
        let mut life = Life { suite, checker, random, report: &mut report, seed, operation: 0 };
        if coalition {
            coalition::live(&mut life);
        } else {
            free::live(&mut life, left.min(2_000));
        }
        let Life { suite, .. } = life;
        *report.lives.entry(if coalition { "coalition" } else { "free" }).or_default() += 1;
        finished(&suite.chain, &mut report);
        if report.violations.len() > 1_000 {
            break;
        }
    }
    report
}

fn open<C: Chain + Default>(
    params: MarketParams,
    coalition: bool,
    random: &mut Random,
    report: &mut Report,
    seed: u64,
) -> Option<Suite<C>> {
    let mut builder: Builder = Suite::builder().with_params(|p| *p = params);
    if coalition || random.chance(50) {
        builder = builder.with_params(|p| {
            p.allocation.stakeholders = vec![modelbond_interface::market::Beneficiary {
                address: "stakeholder".to_owned(),
                bps: 10_000,
            }];
        });
    }
    if !coalition && random.chance(20) {
        builder = builder.with_one_owner("mallory");
    }
    match builder.with_opening_funds(1 << 126).build_on(C::default()) {
        Ok(suite) => Some(suite),
        Err(error) => {
            report.refused_openings += 1;
            let text = error.to_string();
            let expected = ["raise the price", "2^126", "base price", "out of range"];
            if !expected.iter().any(|part| text.contains(part)) {
                let violation = Violation { invariant: "opening", detail: text };
                report.violations.push((seed, 0, violation));
            }
            None
        }
    }
}
