use cosmwasm_std::{coin, Addr, Uint128};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{Offered, Score, Witness, OFFER_SECS};
use modelbond_interface::rewards::{Budget, Segment};
use rstest::rstest;

use super::*;

fn budget(epoch: u32, spent: u128) -> Option<Budget> {
    let (volume, carry, budget) = (Uint128::new(9_000), Uint128::zero(), Uint128::new(30));
    Some(Budget { epoch, volume, performance: 500_000, carry, budget, spent: Uint128::new(spent) })
}

fn stands(epoch: u32, budget: Option<Budget>, open: bool) -> ModelRewardsResponse {
    let tokens = Uint128::zero();
    let segment = Segment {
        start: 0,
        end: 8,
        epoch,
        tokens,
        paid_work: 0,
        paid_tokens: tokens,
        closed: false,
    };
    let open = open.then_some(segment);
    ModelRewardsResponse { epoch, budget, open, uncut_work: 0, performance: 500_000, owed: tokens }
}

#[rstest]
#[case::the_first_epoch_goes_on(stands(0, None, false), None)]
#[case::the_first_epoch_is_over(stands(1, None, false), Some(0))]
#[case::another_one_is_over(stands(5, budget(3, 30), true), Some(4))]
#[case::something_is_left(stands(5, budget(4, 20), true), Some(4))]
#[case::nothing_is_left(stands(5, budget(4, 30), true), None)]
#[case::there_is_no_work_to_pay(stands(5, budget(4, 20), false), None)]
fn an_epoch_is_settled_once_and_while_something_is_left(
    #[case] stands: ModelRewardsResponse,
    #[case] expected: Option<u32>,
) {
    assert_eq!(epoch_due(&stands), expected);
}

const SCORE: Score = Score { quality: 1, improvement: 2 };

/// Of a witness for each: whether it committed, and revealed.
fn offer(status: OfferStatus, witnesses: &[(bool, bool)]) -> OfferResponse {
    let witness = |(slot, (commits, reveals)): (u8, &(bool, bool))| Witness {
        slot,
        node_id: slot.into(),
        owner: Addr::unchecked("owner"),
        account: Addr::unchecked("account"),
        commit: commits.then_some(Hash32([1; 32])),
        score: reveals.then_some(SCORE),
    };
    OfferResponse {
        offer_id: 3,
        offered: Offered {
            model: "model".to_owned(),
            contributor: "contributor".to_owned(),
            data: String::new(),
            data_hash: Hash32([2; 32]),
            parents: vec![],
        },
        sender: Addr::unchecked("sender"),
        fee: coin(9, "uusd"),
        offered_at: Timestamp::from_seconds(1_000),
        draws_at: Timestamp::from_seconds(1_030),
        run_id: 1,
        round_id: None,
        status,
        witnesses: (0..).zip(witnesses).map(witness).collect(),
    }
}

const DRAW: Option<Chore> = Some(Chore::DrawWitnesses { offer_id: 3 });
const CONCLUDE: Option<Chore> = Some(Chore::ConcludeOffer { offer_id: 3 });

fn until(secs: u64) -> Timestamp {
    Timestamp::from_seconds(secs)
}

#[rstest]
#[case::too_early_to_draw(offer(OfferStatus::Waiting {}, &[]), 1_029, None)]
#[case::time_to_draw(offer(OfferStatus::Waiting {}, &[]), 1_030, DRAW)]
#[case::not_yet_expired(offer(OfferStatus::Waiting {}, &[]), 999 + OFFER_SECS, DRAW)]
#[case::expired(offer(OfferStatus::Waiting {}, &[]), 1_000 + OFFER_SECS, CONCLUDE)]
#[case::commits(offer(OfferStatus::Commit { until: until(2_000) }, &[(true, false)]), 3_000, None)]
#[case::one_is_to_reveal(
    offer(OfferStatus::Reveal { until: until(2_000) }, &[(true, true), (true, false)]), 1_999, None
)]
#[case::its_time_is_over(
    offer(OfferStatus::Reveal { until: until(2_000) }, &[(true, true), (true, false)]), 2_000, CONCLUDE
)]
#[case::all_have_revealed(
    offer(OfferStatus::Reveal { until: until(2_000) }, &[(true, true), (false, false)]), 1_500, CONCLUDE
)]
#[case::accepted(offer(OfferStatus::Accepted { score: SCORE }, &[(true, true)]), 9_000, None)]
#[case::rejected(offer(OfferStatus::Rejected {}, &[]), 9_000, None)]
fn an_offer_is_drawn_and_concluded_when_its_time_has_come(
    #[case] offer: OfferResponse,
    #[case] now: u64,
    #[case] expected: Option<Chore>,
) {
    assert_eq!(offer_due(&offer, until(now)), expected);
}

#[test]
fn what_is_refused_rests_longer_each_time_and_does_not_hold_up_the_others() {
    let (mut rests, start) = (Rests::default(), Instant::now());
    let [first, other] = [3, 4].map(|epoch| Chore::SettleRewards { epoch });
    let mut now = start;
    for pause in [1, 2, 4, 8, 16, 30, 30] {
        rests.refused(first, now);
        let until = now + Duration::from_secs(pause);
        assert!(rests.has(first, until - Duration::from_millis(1)), "{pause}");
        assert!(!rests.has(first, until), "{pause}");
        assert!(!rests.has(other, now), "{pause}");
        now = until;
    }
    // What is not due any more is forgotten.
    rests.refused(other, now + 2 * LONGEST_PAUSE);
    assert_eq!(rests.0.len(), 1);
}

#[test]
fn a_keeper_draws_for_a_few_offers_at_once() {
    let waiting = |offer_id: u64| OfferResponse { offer_id, ..offer(OfferStatus::Waiting {}, &[]) };
    let mut around = Around::new(1);
    let now = until(1_030);
    let mut offers: Vec<OfferResponse> = (1..=6).map(waiting).collect();
    assert_eq!(around.looks_at(&offers, now).len(), 6);
    around.drawn.extend(1..=4);
    for offer in &mut offers[..4] {
        offer.status = OfferStatus::Commit { until: until(2_000) };
    }
    assert_eq!(around.looks_at(&offers, now), []);
    offers[1].status = OfferStatus::Rejected {};
    let due = around.looks_at(&offers, now);
    assert_eq!(due, [5, 6].map(|offer_id| Chore::DrawWitnesses { offer_id }));
    // What must be concluded is, however many there are.
    around.drawn.insert(2);
    offers[0].status = OfferStatus::Reveal { until: until(1_030) };
    assert_eq!(around.looks_at(&offers[..1], now), [Chore::ConcludeOffer { offer_id: 1 }]);
}
