//! Random sequences of rounds, trades, settlements, claims and waiting, against a table of who did what.

use std::collections::BTreeMap;

use cosmwasm_std::Uint128;
use modelbond_interface::rewards::{RewardsBought, RewardsBudgeted, RewardsPaid, MAX_PIECES};
use modelbond_tests::random::Random;
use modelbond_tests::rewards::{paid, SLICE_SECS};
use modelbond_tests::{Outcome, Rewards};
use rstest::rstest;

const STEPS: usize = 500;
const OPERATORS: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "frank"];

/// What ought to be: everything from events, as whoever recomputes it would.
#[derive(Default)]
struct Table {
    /// Rounds: where, who, how many seats not yet credited.
    uncredited: Vec<(u64, &'static str, u32)>,
    /// End of each segment → what was bought for it.
    bought: BTreeMap<u64, u128>,
    /// (operator, offset) → seats credited and not paid.
    waiting: BTreeMap<(String, u64), u32>,
    /// End of each segment → what was paid of it, and for how many seats.
    paid: BTreeMap<u64, (u128, u64)>,
    /// Start and end of the open segment.
    open: (u64, u64),
    counts: BTreeMap<&'static str, u32>,
}

impl Table {
    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn settled(&mut self, outcome: &Outcome) {
        if let Some(event) = outcome.find::<RewardsBudgeted>() {
            if self.bought.get(&self.open.1) == Some(&0) {
                self.bought.remove(&self.open.1);
            }
            self.open = (event.start, event.end);
            if event.start < event.end {
                self.bought.insert(event.end, 0);
            }
            self.count("first settlements");
        } else {
            self.count("later settlements");
        }
        if let Some(event) = outcome.find::<RewardsBought>() {
            *self.bought.get_mut(&self.open.1).expect("an open segment") += event.tokens.u128();
            self.count("slices");
        }
    }

    /// Each piece is paid once, of a closed segment, its part within a unit.
    fn paid(&mut self, pieces: &[RewardsPaid]) {
        assert!(pieces.len() <= MAX_PIECES as usize);
        for piece in pieces {
            let seats = self.waiting.remove(&(piece.operator.clone(), piece.offset));
            assert_eq!(seats, Some(piece.work), "I10: {piece:?}");
            let (end, tokens) = self.bought.range(piece.offset + 1..).next().expect("a segment");
            assert!(*end <= self.open.0, "it is open: {piece:?}");
            let start = self.bought.range(..end).next_back().map_or(0, |(end, _)| *end);
            let part = tokens * u128::from(piece.work) / u128::from(end - start);
            let got = piece.tokens.u128();
            assert!((part..=part + 1).contains(&got), "{got} of {part}");
            let sum = self.paid.entry(*end).or_default();
            sum.0 += got;
            sum.1 += u64::from(piece.work);
            assert!(sum.0 <= *tokens && sum.1 <= end - start, "I10: {piece:?}");
            if sum.1 == end - start {
                assert_eq!(sum.0, *tokens, "all seats get all tokens");
            }
            self.count("pieces paid");
        }
    }
}

#[rstest]
#[case(1)]
#[case(2)]
#[case(3)]
fn rewards_and_the_table_agree_after_every_step(#[case] seed: u64) {
    let mut random = Random::new(seed);
    let mut rewards = Rewards::with(|market| {
        market.with_params(|params| {
            // Slices so small that a budget takes several.
            params.fees.fee_bps = 30;
            params.fees.split.rewards_bps = 8_000;
            params.fees.split.provenance_bps = 0;
            params.fees.split.treasury_bps = 0;
            params.emission.tokens_per_epoch = params.curve.max_supply / Uint128::new(1_000);
        })
    });
    rewards.succeed();
    let mut table = Table::default();
    for _ in 0..STEPS {
        step(&mut rewards, &mut random, &mut table);
        rewards.check();
        let segments: BTreeMap<u64, u128> =
            rewards.segments().iter().map(|s| (s.end, s.tokens.u128())).collect();
        assert_eq!(segments, table.bought);
    }
    // At the end everybody claims everything.
    for (offset, operator, seats) in std::mem::take(&mut table.uncredited) {
        credit(&mut rewards, &mut table, (operator, offset, seats));
    }
    for operator in OPERATORS {
        while let Ok(pieces) = rewards.claim(operator) {
            table.paid(&pieces);
        }
    }
    rewards.check();
    let open = rewards.model().open.map_or(0, |segment| segment.tokens.u128());
    assert_eq!(rewards.model().owed.u128(), open, "all closed segments are paid");
    for what in ["first settlements", "later settlements", "slices", "refused", "empty claims"] {
        assert!(table.counts.get(what).is_some_and(|count| *count > 2), "{:?}", table.counts);
    }
    assert!(table.counts["pieces paid"] > 100, "{:?}", table.counts);
}

fn credit(rewards: &mut Rewards, table: &mut Table, (operator, offset, seats): (&str, u64, u32)) {
    let key = (rewards.market.address(operator), offset);
    *table.waiting.entry(key).or_default() += seats;
    let outcome = rewards.credit(operator, offset, seats).expect("is credited");
    table.paid(&paid(&outcome));
}

fn step(rewards: &mut Rewards, random: &mut Random, table: &mut Table) {
    match random.below(100) {
        0..=24 => {
            let mut seats: Vec<(&'static str, u32)> = vec![];
            for operator in OPERATORS {
                if random.chance(40) {
                    seats.push((operator, random.between(1, 6) as u32));
                }
            }
            let offset = rewards.round(&seats);
            table.uncredited.extend(seats.iter().map(|(who, work)| (offset, *who, *work)));
        }
        25..=54 if !table.uncredited.is_empty() => {
            let index = random.below(table.uncredited.len() as u128) as usize;
            let (offset, operator, seats) = table.uncredited.swap_remove(index);
            // One seat at a time, as training does; some of them later.
            let now = random.between(1, seats.into()) as u32;
            if now < seats {
                table.uncredited.push((offset, operator, seats - now));
            }
            credit(rewards, table, (operator, offset, now));
        }
        55..=64 => {
            let operator = random.pick(&OPERATORS);
            match rewards.claim(operator) {
                Ok(pieces) => table.paid(&pieces),
                Err(_) => table.count("empty claims"),
            }
        }
        65..=74 => {
            for _ in 0..random.between(2, 9) {
                rewards.trade(random.between(1_000, 1_000_000_000));
            }
        }
        75..=89 => {
            if random.chance(50) {
                rewards.market.wait(SLICE_SECS);
            }
            let epoch =
                if random.chance(90) { rewards.epoch() - 1 } else { random.below(9) as u32 };
            match rewards.settle_epoch(epoch) {
                Ok(outcome) => table.settled(&outcome),
                Err(_) => table.count("refused"),
            }
        }
        90..=91 => rewards.perform(random.below(1_000_001) as u64),
        92..=93 => {
            let _ = rewards.market.report([random.below(101) as u64, 100, 100, 100]);
        }
        94..=97 => rewards.market.wait(random.between(1, u128::from(SLICE_SECS)) as u64),
        _ => rewards.next_epoch(),
    }
}
