//! A million operations on a pool of shares: nothing is lost or made, and everybody gets what exact arithmetic says.
#![allow(missing_docs)]

use modelbond_economy::shares::{Index, Pool, Share};
use proptest::prelude::*;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Of all magnitudes up to `most`.
    fn magnitude(&mut self, most: u64) -> u64 {
        let bits = self.bits() % u64::from(64 - most.leading_zeros()) + 1;
        (self.bits() >> (64 - bits)).min(most)
    }
}

/// What a weight of 1 has got, in units and 2⁻¹²⁸ units: a rational number, as exact as a test can tell.
#[derive(Clone, Copy, Default)]
struct Exact {
    units: u128,
    fraction: u128,
}

impl Exact {
    /// Adds (amount + parts·2⁻⁶⁴)/weight.
    fn add_quotient(&mut self, amount: u128, parts: u128, weight: u64) {
        let (amount, parts) = (amount + (parts >> 64), parts & u128::from(u64::MAX));
        let weight = u128::from(weight);
        let high = ((amount % weight) << 64) + parts;
        let low = (high % weight) << 64;
        let fraction = ((high / weight) << 64) + low / weight;
        let (sum, carry) = self.fraction.overflowing_add(fraction);
        self.fraction = sum;
        self.units += amount / weight + u128::from(carry);
    }

    /// ⌊weight·(self − before)⌋ units.
    fn earned(self, before: Self, weight: u64) -> u128 {
        let (fraction, borrow) = self.fraction.overflowing_sub(before.fraction);
        let units = self.units - before.units - u128::from(borrow);
        let weight = u128::from(weight);
        let middle = (weight * (fraction & u128::from(u64::MAX))) >> 64;
        units * weight + ((weight * (fraction >> 64) + middle) >> 64)
    }
}

/// One share, and what a bystander knows of it.
struct Holder {
    weight: u64,
    share: Share,
    since: Exact,
    paid: u128,
}

/// A pool with its holders.
#[derive(Default)]
struct Books {
    pool: Pool,
    exact: Exact,
    holders: Vec<Holder>,
    /// Fractions of a unit that shares left when they ended, in parts: they are shared out with the next amount.
    left: u128,
    shared_out: u128,
    paid: u128,
}

impl Books {
    fn enter(&mut self, weight: u64) {
        let share = self.pool.enter(weight).expect("room");
        self.holders.push(Holder { weight, share, since: self.exact, paid: 0 });
    }

    fn share_out(&mut self, amount: u128) {
        if self.pool.share_out(amount).expect("fits") {
            self.shared_out += amount;
            self.exact.add_quotient(amount, self.left, self.pool.weight);
            self.left = 0;
        }
    }

    fn claim(&mut self, index: usize) {
        let holder = &mut self.holders[index];
        let (owed, share) = self.pool.pay(holder.weight, holder.share).expect("fits");
        holder.share = share;
        holder.paid += owed;
        self.paid += owed;
    }

    fn burn(&mut self, index: usize) {
        let mut holder = self.holders.swap_remove(index);
        let (_, left) = { self.pool }.pay(holder.weight, holder.share).expect("fits");
        self.left += u128::from(left.dust);
        let owed = self.pool.leave(holder.weight, holder.share).expect("is in");
        holder.paid += owed;
        self.paid += owed;
        self.ensure_exact(&holder, 0);
    }

    /// Within a unit of what exact arithmetic says.
    fn ensure_exact(&self, holder: &Holder, owed: u128) {
        let exact = self.exact.earned(holder.since, holder.weight);
        assert!((holder.paid + owed).abs_diff(exact) <= 1, "{} + {owed}, {exact}", holder.paid);
    }

    /// Paid, due and dust are what was shared out, to a 2⁻⁶⁴th of a unit.
    fn ensure_balanced(&self) {
        let (mut units, mut parts) = (self.paid, 0);
        let mut pool = self.pool;
        for holder in &self.holders {
            let (owed, left) = pool.pay(holder.weight, holder.share).expect("fits");
            units += owed;
            parts += u128::from(left.dust);
            self.ensure_exact(holder, owed);
        }
        parts += pool.dust;
        assert_eq!(parts % (1 << 64), 0);
        assert_eq!(units + (parts >> 64), self.shared_out);
    }
}

#[test]
fn a_million_operations_lose_nothing_and_pay_what_is_exact() {
    const OPERATIONS: u32 = 1_000_000;
    let mut random = Random(1);
    let mut books = Books::default();
    let (mut entered, mut burned, mut claimed) = (0, 0, 0);
    for step in 0..OPERATIONS {
        let pick = (random.bits() % books.holders.len().max(1) as u64) as usize;
        match random.bits() % 100 {
            0..10 if books.holders.len() < 300 => {
                books.enter(random.magnitude(1_000_000_000_000));
                entered += 1;
            }
            10..18 if !books.holders.is_empty() => {
                books.burn(pick);
                burned += 1;
            }
            18..60 if !books.holders.is_empty() => {
                books.claim(pick);
                claimed += 1;
            }
            // One in a thousand times everybody leaves.
            60 if random.bits().is_multiple_of(10) => {
                while !books.holders.is_empty() {
                    books.burn(0);
                    burned += 1;
                }
            }
            _ => books.share_out(random.magnitude(u64::MAX >> 8).into()),
        }
        if step % 100 == 0 || step + 1 == OPERATIONS {
            books.ensure_balanced();
        }
    }
    assert!(entered > 90_000 && burned > 70_000 && claimed > 300_000);
    assert!(books.shared_out > 1 << 64);
}

/// What happens in a property.
#[derive(Debug, Clone)]
enum Step {
    Enter(u64),
    ShareOut(u128),
    Claim(usize),
    Burn(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        prop_oneof![1u64..10, 1u64..1_000_000_000_001].prop_map(Step::Enter),
        prop_oneof![0u128..10, 0u128..1 << 96].prop_map(Step::ShareOut),
        any::<usize>().prop_map(Step::Claim),
        any::<usize>().prop_map(Step::Burn),
    ];
    prop::collection::vec(step, 1..60)
}

proptest! {
    #[test]
    fn any_history_balances_after_each_step(steps in steps()) {
        let mut books = Books::default();
        for step in steps {
            let count = books.holders.len();
            match step {
                Step::Enter(weight) => books.enter(weight),
                Step::ShareOut(amount) => books.share_out(amount),
                Step::Claim(pick) if count > 0 => books.claim(pick % count),
                Step::Burn(pick) if count > 0 => books.burn(pick % count),
                _ => {}
            }
            books.ensure_balanced();
        }
    }

    #[test]
    fn claiming_often_or_once_pays_the_same_to_a_unit(
        weights in prop::collection::vec(1u64..1_000_000_000_001, 1..8),
        amounts in prop::collection::vec(0u128..1 << 64, 1..40),
    ) {
        let (mut often, mut once) = (Books::default(), Books::default());
        for weight in &weights {
            often.enter(*weight);
            once.enter(*weight);
        }
        for amount in amounts {
            often.share_out(amount);
            once.share_out(amount);
            (0..weights.len()).for_each(|index| often.claim(index));
        }
        for index in 0..weights.len() {
            once.claim(index);
            let (often, once) = (often.holders[index].paid, once.holders[index].paid);
            prop_assert!(often.abs_diff(once) <= 1, "{often}, {once}");
        }
    }

    #[test]
    fn where_the_index_stands_does_not_matter(
        units in any::<u128>(),
        parts in any::<u64>(),
        weights in prop::collection::vec(1u64..1 << 40, 1..5),
        amount in 0u128..1 << 100,
    ) {
        let pay = |index| {
            let mut pool = Pool { index, ..Pool::default() };
            let shares: Vec<Share> = weights.iter().map(|w| pool.enter(*w).unwrap()).collect();
            pool.share_out(amount).unwrap();
            let owed = weights.iter().zip(shares).map(|(w, share)| pool.pay(*w, share).unwrap().0);
            owed.collect::<Vec<u128>>()
        };
        prop_assert_eq!(pay(Index { units, parts }), pay(Index::default()));
    }
}
