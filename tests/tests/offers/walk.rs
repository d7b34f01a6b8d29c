//! Random sequences: several people offer, witnesses are honest, lie, are silent or late, messages come
//! again and at the wrong time. Money and verdicts are compared with a table after every step.

use std::collections::BTreeMap;

use modelbond_interface::provenance::{ExecuteMsg, OfferResponse, OfferStatus, Score};
use modelbond_tests::offers::{FOUND, LIE};
use modelbond_tests::random::Random;
use modelbond_tests::{Chain, Offers};

const DAYS: usize = 6;
const STEPS: usize = 300;

/// What happened.
#[derive(Default)]
struct Counts {
    offered: u32,
    drawn: u32,
    accepted: u32,
    rejected: u32,
    replayed: u32,
}

/// Offers, and what they must be.
struct Walk {
    offers: Offers,
    random: Random,
    /// Fees of offers that go on.
    open: BTreeMap<u64, u128>,
    /// Messages that may not be accepted again.
    sent: Vec<(String, ExecuteMsg)>,
    counts: Counts,
}

impl Walk {
    fn pick(&mut self, below: usize) -> usize {
        usize::try_from(self.random.below(below as u128)).unwrap()
    }

    fn some_offer(&mut self) -> Option<OfferResponse> {
        let numbers: Vec<u64> = self.open.keys().copied().collect();
        if numbers.is_empty() {
            return None;
        }
        let offer_id = self.random.pick(&numbers);
        Some(self.offers.offer(offer_id))
    }

    fn contribute(&mut self) {
        let who = self.random.pick(&["alice", "bob", "owner1", "owner2"]);
        let data = format!("data {}", self.random.below(12));
        let fee = self.random.between(5, 2_000);
        let taken = self.offers.offers().into_iter().any(|offer| {
            offer.offered.data_hash == self.offers.offered(who, &data).data_hash
                && offer.status != OfferStatus::Rejected {}
        });
        let result = self.offers.contribute(who, &data, fee);
        assert_eq!(result.is_ok(), fee >= 9 && !taken, "{fee} for {data}: {result:?}");
        if let Ok(offer_id) = result {
            self.open.insert(offer_id, fee);
            self.counts.offered += 1;
        }
    }

    fn draw(&mut self, offer: &OfferResponse) {
        if self.random.chance(70) {
            self.offers.emit(offer.offer_id);
        }
        if let Ok(witnesses) = self.offers.draw(offer.offer_id) {
            let owners: Vec<&str> = witnesses.iter().map(|one| one.owner.as_str()).collect();
            assert!(!owners.contains(&offer.sender.as_str()), "the sender scores");
            assert!((3..=9).contains(&owners.len()));
            let msg = ExecuteMsg::DrawWitnesses { offer_id: offer.offer_id };
            self.sent.push(("stranger".to_owned(), msg));
            self.counts.drawn += 1;
        }
    }

    fn commit(&mut self, offer: &OfferResponse) {
        let left: Vec<_> = offer.witnesses.iter().filter(|one| one.commit.is_none()).collect();
        if left.is_empty() {
            return;
        }
        let witness = left[self.pick(left.len())];
        let score = if self.random.chance(92) { FOUND } else { LIE };
        let owner = self.offers.owner(witness);
        let msg = self.offers.commit_message(offer.offer_id, witness, score);
        let expected = matches!(offer.status, OfferStatus::Commit { .. });
        assert_eq!(self.offers.send(&owner, &msg, 0).is_ok(), expected);
        if expected {
            self.sent.push((owner, msg));
        }
    }

    fn reveal(&mut self, offer: &OfferResponse) {
        let sealed: Vec<_> = offer.witnesses.iter().filter(|one| one.commit.is_some()).collect();
        if sealed.is_empty() {
            return;
        }
        let witness = sealed[self.pick(sealed.len())];
        let owner = self.offers.owner(witness);
        let msg = self.offers.reveal_message(offer.offer_id, witness.slot);
        let now = self.offers.chain().now();
        let expected = witness.score.is_none()
            && matches!(offer.status, OfferStatus::Reveal { until } if now < until);
        let result = self.offers.send(&owner, &msg, 0);
        assert_eq!(result.is_ok(), expected, "{result:?}");
        if expected {
            self.sent.push((owner, msg));
        }
    }

    fn conclude(&mut self, offer: &OfferResponse) {
        let Ok(event) = self.offers.conclude(offer.offer_id) else {
            return;
        };
        let found = |score: Score| {
            offer.witnesses.iter().filter(|witness| witness.score == Some(score)).count()
        };
        let (most, drawn) = (found(FOUND).max(found(LIE)), offer.witnesses.len());
        let accepted = drawn > 0 && 3 * most > 2 * drawn;
        assert_eq!(event.accepted, accepted);
        let winners = if 2 * most > drawn { most } else { 0 };
        let each = offer.fee.amount.u128().checked_div(drawn as u128).unwrap_or_default();
        assert_eq!(event.paid.u128(), each * winners as u128);
        assert_eq!(event.paid + event.refund, offer.fee.amount);
        self.open.remove(&offer.offer_id);
        let msg = ExecuteMsg::ConcludeOffer { offer_id: offer.offer_id };
        self.sent.push(("stranger".to_owned(), msg));
        *(if accepted { &mut self.counts.accepted } else { &mut self.counts.rejected }) += 1;
    }

    fn replay(&mut self) {
        if !self.sent.is_empty() {
            let (who, msg) = self.random.pick(&self.sent);
            assert!(self.offers.send(&who, &msg, 0).is_err(), "{msg:?} again");
            self.counts.replayed += 1;
        }
    }

    fn step(&mut self) {
        let Some(offer) = self.some_offer() else {
            return self.contribute();
        };
        let drawn = !offer.witnesses.is_empty();
        match self.random.below(100) {
            0 => self.contribute(),
            1..=9 => self.draw(&offer),
            10..=49 if drawn => self.commit(&offer),
            50..=89 if drawn => self.reveal(&offer),
            90..=94 => self.conclude(&offer),
            95..=97 => self.replay(),
            _ => {
                let secs = self.random.between(1, 12);
                self.offers.chain().wait(u64::try_from(secs).unwrap());
            }
        }
        let fees: u128 = self.open.values().sum();
        assert_eq!((self.offers.held(), self.offers.fees()), (fees, fees));
    }
}

#[test]
fn fees_and_verdicts_are_what_a_table_says_after_every_step() {
    let mut walk = Walk {
        offers: Offers::on_mock(),
        random: Random::new(36),
        open: BTreeMap::new(),
        sent: vec![],
        counts: Counts::default(),
    };
    for day in 0..DAYS {
        for _ in 0..3 {
            walk.contribute();
        }
        if day > 0 {
            walk.offers.training.wait_epochs(1);
            walk.offers.training.ready_all().unwrap();
        }
        walk.offers.training.play();
        for _ in 0..STEPS {
            walk.step();
        }
    }
    // Whatever is left ends.
    walk.offers.chain().wait(8 * 86_400);
    for offer_id in walk.open.keys().copied().collect::<Vec<_>>() {
        let offer = walk.offers.offer(offer_id);
        walk.conclude(&offer);
    }
    assert!(walk.open.is_empty());
    assert_eq!(walk.offers.held(), 0);
    let Counts { offered, drawn, accepted, rejected, replayed } = walk.counts;
    assert!(
        offered > 15 && drawn > 8 && accepted > 2 && rejected > 2 && replayed > 20,
        "{offered} offered, {drawn} drawn, {accepted} accepted, {rejected} rejected, {replayed} replayed"
    );
}
