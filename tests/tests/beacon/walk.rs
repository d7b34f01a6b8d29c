//! Random sequences of good and bad rounds, of pruning and of one switch, against a table of what is
//! stored.

use std::collections::BTreeMap;

use cosmwasm_std::{HexBinary, Timestamp};
use modelbond_interface::beacon::RoundId;
use modelbond_tests::beacon::{public, sha256, NOTICE_SECS, PERIOD_SECS, RETENTION_SECS};
use modelbond_tests::random::Random;
use modelbond_tests::{Beacon, Chain, Emitter};

const STEPS: usize = 700;
/// The network's period in seconds.
const PUBLIC_PERIOD: u64 = 7;

/// What ought to be.
struct Model {
    made_at: u64,
    switch_at: Option<u64>,
    /// By source and round: when it was submitted.
    stored: BTreeMap<(u8, u64), u64>,
}

impl Model {
    fn in_force(&self, at: u64) -> u8 {
        u8::from(self.switch_at.is_some_and(|switch_at| at >= switch_at))
    }

    /// When a round is due, in seconds.
    fn round_at(&self, source: u8, round: u64) -> u64 {
        match source {
            0 => self.made_at + (round - 1) * u64::from(PERIOD_SECS),
            _ => self.made_at - 1_000 + (round - 1) * PUBLIC_PERIOD,
        }
    }

    fn accepts(&self, source: u8, round: u64, now: u64) -> bool {
        let round_at = self.round_at(source, round);
        let ours = match (source, self.switch_at) {
            (0, None) => true,
            // The round before it must not answer for the last moment already.
            (0, Some(switch_at)) => round_at < switch_at + u64::from(PERIOD_SECS),
            (_, Some(switch_at)) => round_at >= switch_at,
            (_, None) => false,
        };
        ours && round_at <= now
    }
}

#[test]
fn the_beacon_and_the_table_agree_after_every_step() {
    let mut beacon = Beacon::on_mock();
    let mut random = Random::new(9);
    let emitters = [Emitter::called("central"), Emitter::called("public")];
    let made_at = beacon.chain.now().seconds();
    let mut model = Model { made_at, switch_at: None, stored: BTreeMap::new() };
    let (mut accepted, mut again, mut refused, mut pruned) = (0, 0, 0, 0);
    for step in 0..STEPS {
        let now = beacon.chain.now().seconds();
        match random.below(10) {
            0..=6 => {
                let source = u8::from(random.chance(50));
                let newest = (now - model.round_at(source, 1)) / if source == 0 { 30 } else { 7 };
                let round = (newest + 4).saturating_sub(random.below(40) as u64).max(1);
                let good = random.chance(75);
                let signer = &emitters[usize::from(source ^ u8::from(!good))];
                let signature: HexBinary = signer.sign(round);
                let expected = good && model.accepts(source, round, now);
                let result = if model.in_force(now) == source && random.chance(50) {
                    beacon.submit(round, &signature).map(|event| event.is_some())
                } else {
                    beacon.submit_to(source, round, &signature).map(|outcome| {
                        let event: Option<modelbond_interface::beacon::BeaconRoundSubmitted> =
                            outcome.find();
                        event.is_some()
                    })
                };
                let new = !model.stored.contains_key(&(source, round));
                match result {
                    Ok(stored) => {
                        assert!(expected, "step {step}: round {round} of source {source}");
                        assert_eq!(stored, new);
                        *(if new { &mut accepted } else { &mut again }) += 1;
                        model.stored.entry((source, round)).or_insert(now);
                    }
                    Err(error) => {
                        assert!(!expected, "step {step}: {error}");
                        refused += 1;
                    }
                }
            }
            7 => {
                let limit = random.below(40) as u32;
                let start_after = random.chance(50).then(|| RoundId {
                    source: u8::from(random.chance(50)),
                    round: random.below(60) as u64,
                });
                let after = start_after.map(|id| (id.source, id.round));
                let old: Vec<(u8, u64)> = model
                    .stored
                    .iter()
                    .filter(|(key, _)| after.is_none_or(|after| **key > after))
                    .take(limit.min(30) as usize)
                    .filter(|(_, submitted_at)| now - **submitted_at > RETENTION_SECS)
                    .map(|(key, _)| *key)
                    .collect();
                let event = beacon.prune(start_after, Some(limit)).unwrap();
                assert_eq!(event.map_or(0, |event| event.rounds) as usize, old.len());
                pruned += old.len();
                model.stored.retain(|key, _| !old.contains(key));
            }
            8 if step > STEPS / 3 => {
                let switch_at = now + random.below(2 * u128::from(NOTICE_SECS)) as u64;
                let good = switch_at >= now + NOTICE_SECS && model.switch_at.is_none();
                let source = public(Timestamp::from_seconds(made_at));
                let result = beacon.switch(&source, Timestamp::from_seconds(switch_at));
                assert_eq!(result.is_ok(), good);
                if good {
                    model.switch_at = Some(switch_at);
                }
            }
            _ => beacon.chain.wait(random.below(300) as u64),
        }
        agree(&beacon, &model, &emitters);
    }
    assert!(model.switch_at.is_some());
    assert!(
        accepted > 100 && again > 10 && refused > 100 && pruned > 30,
        "{accepted} accepted, {again} again, {refused} refused, {pruned} pruned"
    );
}

fn agree(beacon: &Beacon, model: &Model, emitters: &[Emitter; 2]) {
    let rounds = beacon.all_rounds();
    assert_eq!(rounds.len(), model.stored.len());
    for (round, (key, submitted_at)) in rounds.iter().zip(&model.stored) {
        assert_eq!((round.source, round.round), *key);
        assert_eq!(round.submitted_at.seconds(), *submitted_at);
        assert_eq!(round.round_at.seconds(), model.round_at(key.0, key.1));
        assert_eq!(round.randomness, sha256(&round.signature));
        assert_eq!(round.central_beacon, key.0 == 0);
    }
    // I9, by another library.
    if let Some(last) = rounds.last() {
        assert_eq!(last.signature, emitters[usize::from(last.source)].sign(last.round));
    }
    assert_eq!(beacon.latest().as_ref(), rounds.last());
    assert_eq!(beacon.source().index, model.in_force(beacon.chain.now().seconds()));
}
