//! One person is creator, sole operator, only holder of NFTs and owner of all tokens but the floor, and trades
//! with herself. She gets back all that fees bring her: the creator's part, the part of NFTs, block rewards, and
//! through her tokens nearly all of what streams into the reserve. The floor's part of that she does not get.
//!
//! Her wealth is what she has after she has settled, claimed, waited for the stream, and sold everything; what
//! is then left in ledgers that only she can use counts as hers in full. A round trip loses when it leaves her
//! with less than no round trip. The table goes to standard error: `--nocapture` shows it.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_tests::rewards::SLICE_SECS;
use modelbond_tests::{Order, Rewards};
use rstest::rstest;

/// She has every role, and every account.
const HER: &str = "creator";
const MILLION: u128 = 1_000_000;
/// From a 20,000th of the reserve to a third of it.
const SIZES: [u128; 4] = [MILLION / 10, MILLION, 100 * MILLION, 1_000 * MILLION];

/// Terms of a model.
#[derive(Debug, Clone, Copy)]
struct Model {
    fee_bps: u32,
    rewards_bps: u32,
    /// The rate as a part of the highest one.
    rate_percent: u64,
    /// P_model, in millionths.
    performance: u64,
    /// Largest premium of purchases over the backing.
    premium_bps: u32,
}

impl Model {
    /// At the beginning of an epoch; M is as high as it gets, everything that vests has vested.
    fn open(self) -> Rewards {
        let highest = u128::from(self.fee_bps) * u128::from(self.rewards_bps);
        let rate =
            Decimal::from_ratio(highest, 100 * MILLION) * Decimal::percent(self.rate_percent);
        let mut rewards = Rewards::with(|market| {
            market.with_reward_rate(rate).with_params(|params| {
                params.fees.fee_bps = self.fee_bps;
                params.fees.launch_fee_bps = self.fee_bps;
                params.fees.split.rewards_bps = self.rewards_bps;
                params.fees.split.provenance_bps = 8_000 - self.rewards_bps;
                params.fees.split.treasury_bps = 0;
                params.multiplier.max_premium_bps = self.premium_bps;
                params.allocation.reserve_bps = 10_000;
                // Nothing but fees costs her anything.
                params.momentum.gain_bps = 0;
                params.emission.tokens_per_epoch = params.curve.max_supply / Uint128::new(1_000);
            })
        });
        rewards.market.report([100; 4]).expect("reports");
        rewards.perform(self.performance);
        rewards.next_epoch();
        rewards.market.claim(HER).expect("her tokens");
        rewards
    }
}

/// She buys for so much and sells what she got. What was traded.
fn round_trip(rewards: &mut Rewards, amount: u128) -> u128 {
    let bought = rewards.market.buy_with(HER, amount, Order::PARTIAL).expect("buys");
    let sold =
        rewards.market.sell_with(HER, bought.tokens_out.u128(), Order::PARTIAL).expect("sells");
    (bought.cost + sold.gross).u128()
}

/// What she has if she stops now.
fn wealth(rewards: &mut Rewards) -> u128 {
    rewards.imagine(|rewards| {
        rewards.play(&[(HER, 1)]);
        rewards.next_epoch();
        for _ in 0..4 {
            let _ = rewards.settle();
            rewards.market.wait(SLICE_SECS);
        }
        rewards.next_epoch();
        rewards.settle().expect("closes the segment");
        let _ = rewards.claim(HER);
        let _ = rewards.market.claim(HER);
        rewards.market.leave(HER);
        let ledgers = rewards.market.ledgers();
        let hers = ledgers.treasury + ledgers.provenance + ledgers.rewards;
        rewards.market.coins(HER) + hers.u128()
    })
}

/// What a round trip costs her.
fn loss(rewards: &mut Rewards, amount: u128) -> (i128, u128) {
    let signed = |amount| i128::try_from(amount).expect("an amount");
    let before = signed(wealth(rewards));
    rewards.imagine(|rewards| {
        let volume = round_trip(rewards, amount);
        (before - signed(wealth(rewards)), volume)
    })
}

#[rstest]
#[case::the_lowest_fee(30)]
#[case::the_usual_fee(100)]
#[case::the_highest_fee(300)]
fn a_round_trip_loses_at_any_size(#[case] fee_bps: u32) {
    let mut table = String::from("fee rewards rate  P  premium      volume        loss  per 10⁶\n");
    for (rewards_bps, rate_percent, performance, premium_bps) in grid() {
        let model = Model { fee_bps, rewards_bps, rate_percent, performance, premium_bps };
        let mut rewards = model.open();
        for amount in SIZES {
            let (loss, volume) = loss(&mut rewards, amount);
            assert!(loss > 0, "{model:?}: {loss} of {volume}\n{table}");
            let parts = u128::try_from(loss).expect("positive") * MILLION / volume.max(1);
            table += &format!(
                "{fee_bps:3} {rewards_bps:7} {rate_percent:3}% {:3} {premium_bps:8} {volume:11} {loss:11} {parts:8}\n",
                performance / 10_000,
            );
        }
    }
    eprint!("{table}");
}

/// Rewards' part of the fee, part of the highest rate, P_model, premium.
fn grid() -> impl Iterator<Item = (u32, u64, u64, u32)> {
    [1_000, 4_000, 8_000].into_iter().flat_map(|rewards_bps| {
        [
            (50, 500_000, 1),
            (50, 1_000_000, 1),
            (100, 500_000, 1),
            (100, 1_000_000, 1),
            (100, 1_000_000, 1_500),
        ]
        .map(|(rate, performance, premium)| (rewards_bps, rate, performance, premium))
    })
}

#[test]
fn every_single_round_trip_loses() {
    let model = Model {
        fee_bps: 100,
        rewards_bps: 8_000,
        rate_percent: 100,
        performance: 1_000_000,
        premium_bps: 1,
    };
    let mut rewards = model.open();
    let mut last = wealth(&mut rewards);
    for trip in 0..12 {
        round_trip(&mut rewards, SIZES[trip % SIZES.len()]);
        let now = wealth(&mut rewards);
        assert!(now < last, "round trip {trip}: {now} after {last}");
        last = now;
    }
}

/// A trade so small that the loss on it is less than a unit of the denom: what is rounded is rounded against
/// whoever trades, and many of them lose what one of their size would.
#[test]
fn many_small_round_trips_lose() {
    let model = Model {
        fee_bps: 100,
        rewards_bps: 8_000,
        rate_percent: 100,
        performance: 1_000_000,
        premium_bps: 1,
    };
    let mut rewards = model.open();
    let before = wealth(&mut rewards);
    for _ in 0..100 {
        round_trip(&mut rewards, 1_000);
    }
    let after = wealth(&mut rewards);
    assert!(after + 40 < before, "{after} after {before}");
}

/// Her loss is the floor's part of what streams into the reserve, and what selling pays on it: with an honest
/// holder besides her, it is that one's part, too.
#[test]
fn the_loss_grows_with_what_others_hold() {
    let model = Model {
        fee_bps: 100,
        rewards_bps: 4_000,
        rate_percent: 100,
        performance: 1_000_000,
        premium_bps: 1,
    };
    let alone = loss(&mut model.open(), 100 * MILLION).0;
    let mut rewards = model.open();
    rewards.market.transfer(HER, "holder", 20_000 * MILLION).expect("gives");
    let with_holder = loss(&mut rewards, 100 * MILLION).0;
    assert!(with_holder > 2 * alone, "{alone} alone, {with_holder} with a holder of 40 %");
}
