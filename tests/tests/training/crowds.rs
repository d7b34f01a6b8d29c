//! Random people on random networks: whatever they do, each round ends, every token is in one ledger after
//! every step, everything that is owed is claimed, and nobody pays who did nothing wrong.

use std::collections::BTreeSet;

use modelbond_interface::training::{Mode, Phase, RunParams, RunStatus, HOLD_SECS};
use modelbond_tests::random::Random;
use modelbond_tests::training::{Conduct, Setup, Training, UNIT};
use rstest::rstest;

const BAD: [Conduct; 6] = [
    Conduct::Silent,
    Conduct::Late,
    Conduct::Liar(1),
    Conduct::Liar(2),
    Conduct::LiarAtWork(1),
    Conduct::WithoutData,
];

fn small(random: &mut Random, low: u8, high: u8) -> u8 {
    u8::try_from(random.between(low.into(), high.into())).unwrap()
}

fn network(random: &mut Random) -> Training {
    let nodes = if random.chance(30) { random.between(1, 6) } else { random.between(9, 14) };
    let distinct = random.chance(60);
    let owners = random.between(1, nodes);
    let mut setup = Setup::default();
    for number in 0..nodes {
        let owner = if distinct { number } else { random.below(owners) };
        let owner = format!("owner{owner}");
        setup = setup.node(&owner, small(random, 1, 4).into());
    }
    let last = usize::try_from(random.below(nodes)).unwrap();
    let change = |params: &mut RunParams| {
        params.sizes.groups = small(random, 1, 5);
        params.sizes.witnesses = small(random, 0, 3);
        params.sizes.audit_one_in = small(random, 1, 4);
        params.sizes.jury = small(random, 5, 21);
        if random.chance(30) {
            params.algorithm.mode = Mode::Scored;
        }
    };
    setup.with_build(last, "another build").with_params(change).build()
}

/// The bad ones change their minds before every step.
fn misbehave(training: &mut Training, random: &mut Random, bad: &BTreeSet<u64>) {
    for node_id in bad {
        let conduct = if random.chance(40) { Conduct::Honest } else { random.pick(&BAD) };
        training.conduct.insert(*node_id, conduct);
    }
    let round = training.round();
    let checks = [Phase::CheckSeeding, Phase::CheckAssign, Phase::CheckCommit];
    for node_id in bad.iter().filter(|_| checks.contains(&round.phase)) {
        if random.chance(10) {
            let group = u8::try_from(random.below(round.groups.into())).unwrap();
            let _ = training.challenge(*node_id, group);
        }
    }
}

fn play(training: &mut Training, random: &mut Random) {
    if let RunStatus::Held { .. } = training.run().status {
        training.market.wait(HOLD_SECS);
    }
    // Whoever has less than a unit left is not ready.
    for member in training.members.clone() {
        let _ = training.ready(&member);
    }
    training.wait_epochs(1);
    let (stakes, ids) = (training.stakes(), training.members.len());
    let most = random.pick(&[10, 20, 50]);
    let bad: BTreeSet<u64> =
        (1..=u64::try_from(ids).unwrap()).filter(|_| random.chance(most)).collect();
    training.proving = random.chance(80);
    training.slicing = random.chance(80);
    training.conduct.clear();
    if let Err(refused) = training.advance() {
        assert!(refused.to_string().contains("nobody is ready"), "{refused}");
        return;
    }
    training.check_money();
    while training.round().phase != Phase::Final {
        misbehave(training, random, &bad);
        training.step();
        training.check_money();
    }
    training.claim_all();
    training.check_money();
    assert_eq!(training.ledger().reserved.u128(), 0, "{:?}", training.round().pay);
    let units = |of: &dyn Fn(u64) -> bool| -> u32 {
        let members = training.members.iter().filter(|member| of(member.node_id));
        members.map(|member| member.units).sum()
    };
    // More than a third can convict others.
    if 3 * units(&|node_id| bad.contains(&node_id)) < units(&|_| true) {
        let lost = training.lost(&stakes);
        assert!(lost.keys().all(|node_id| bad.contains(node_id)), "{lost:?} of {bad:?}");
    }
}

#[rstest]
fn whatever_people_do_rounds_end_and_no_token_is_lost(
    #[values(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)] seed: u64,
) {
    let mut random = Random::new(seed);
    let mut training = network(&mut random);
    let supply = training.market.supply();
    for _ in 0..3 {
        if training.ledger().bond.u128() < 5 * UNIT {
            break;
        }
        play(&mut training, &mut random);
    }
    assert_eq!(training.market.supply(), supply, "what burns, burns by a message of its own");
}
