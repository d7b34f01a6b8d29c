//! Draws: who could choose them, and who cannot.

use cosmwasm_std::{HexBinary, Timestamp};
use modelbond_interface::beacon;
use modelbond_interface::training::{ExecuteMsg, Hash32, Phase, Round, RunParams, SeatInfo, Stage};
use modelbond_tests::beacon::{chain_hash, public, submit_message, NOTICE_SECS};
use modelbond_tests::chain::Chain as _;
use modelbond_tests::mock::GENESIS_SECS;
use modelbond_tests::training::{Conduct, Member, Setup, Training, UNIT};
use modelbond_tests::Emitter;
use rstest::rstest;

fn twelve() -> Training {
    Setup::default().nodes(12, 3).build()
}

fn drawn(training: &Training) -> Vec<(u64, u32)> {
    let seats = training.all_seats(Stage::Work);
    seats.iter().map(|seat| (seat.seat.node_id, seat.seat.units)).collect()
}

/// Beacon round after beacon round, an emitter knows what it will sign.
fn randomness(round: u64) -> Hash32 {
    let signature = Emitter::called("central").sign(round);
    Hash32(modelbond_signature::sha256(signature.as_slice()))
}

#[test]
fn an_emitter_who_tries_a_thousand_rounds_does_not_find_the_assignment() {
    let mut training = twelve();
    training.play_until(Phase::Elect);
    // Everything is known but what the machines will prove: b(R₁) is there, b(R₂) its own.
    let before = training.round();
    training.play_to(Phase::Commit);
    let after = training.round();
    let best = after.lead.leaders[0].output.clone();
    let context = training.context(&before);
    let r1 = before.pin.as_ref().unwrap().round;
    let assignments = |output: &[u8]| -> Vec<Hash32> {
        let seed = context.seed(Hash32::default(), randomness(r1), output);
        (r1..r1 + 1_000).map(|r2| context.assignment(r2, randomness(r2), seed)).collect()
    };
    let assignment = after.seeds.assignment.unwrap();
    assert!(!assignments(&[]).contains(&assignment));
    assert!(!assignments(&[0; 64]).contains(&assignment));
    let found = assignments(&best);
    assert_eq!(found.iter().filter(|found| **found == assignment).count(), 1);
}

#[test]
fn another_best_ticket_is_another_assignment() {
    let play = |silent: Option<u64>| {
        let mut training = twelve();
        if let Some(node_id) = silent {
            training.conduct.insert(node_id, Conduct::Silent);
        }
        training.play_until(Phase::Commit);
        training.round()
    };
    let first = play(None);
    let leaders: Vec<u64> = first.lead.leaders.iter().map(|leader| leader.node_id).collect();
    let without_best = play(Some(leaders[0]));
    assert_eq!(without_best.lead.leaders[0].node_id, leaders[1]);
    assert_ne!(without_best.seeds.assignment, first.seeds.assignment);
    // Only the best counts: whether the second proves changes nothing.
    let without_second = play(Some(leaders[1]));
    assert_eq!(without_second.seeds, Round { ..first }.seeds);
}

/// Seconds after the last multiple of the grid, and whether the next one comes in between.
#[rstest]
#[case::at_once(0, 0)]
#[case::later_in_the_same_grid(1, 0)]
#[case::late_in_the_same_grid(4, 0)]
#[case::after_it(5, 1)]
fn who_sends_in_which_block_does_not_choose_a_beacon_round(#[case] secs: u64, #[case] grids: u64) {
    let mut training = twelve();
    let opened_at = training.run().opened_at.nanos();
    let into_grid = |now: Timestamp| (now.nanos() - opened_at) / 1_000_000_000 % 5;
    while into_grid(training.market.chain.now()) != 0 {
        training.market.wait(1);
    }
    let at = training.market.chain.now().plus_seconds(5 + 2);
    training.market.wait(secs);
    training.advance().unwrap();
    assert_eq!(training.round().pin.unwrap().at, at.plus_seconds(5 * grids));
}

#[test]
fn a_round_has_one_signature_and_the_pinned_one_is_the_first_after_its_time() {
    let mut training = twelve();
    training.advance().unwrap();
    let pin = training.round().pin.unwrap();
    training.market.wait(60);
    // Later rounds are there, too: they do not count.
    let beacon = training.beacon.clone();
    for later in [pin.round + 1, pin.round + 2] {
        let signature = training.emitter.sign(later);
        let _ = training.send_any("stranger", &beacon, &submit_message(later, signature));
    }
    assert!(training.advance().unwrap_err().to_string().contains("is not there yet"));
    let forged = Emitter::called("another").sign(pin.round);
    assert!(training.send_any("stranger", &beacon, &submit_message(pin.round, forged)).is_err());
    training.step();
    assert_eq!(training.round().phase, Phase::Elect);
    assert_eq!(training.round().pin.unwrap().round, pin.round);
}

#[test]
fn a_vrf_key_that_was_ground_for_an_alpha_does_not_count_for_it() {
    let mut training = twelve();
    training.play_until(Phase::Elect);
    training.market.wait(3);
    // α is known: whoever could choose a key now would win by 2¹⁶ of them.
    let node_id = 5;
    let own = training.member(node_id).machine;
    training.rotate(node_id, "machine that was ground").unwrap();
    training.use_machine(node_id, "machine that was ground");
    let refused = training.prove(node_id).unwrap_err().to_string();
    assert!(refused.contains("the proof does not hold"), "{refused}");
    training.use_machine(node_id, &own);
    training.prove(node_id).unwrap();
    training.finish();
    // Nor in the next epoch; in the one after it, it does.
    for counts in [false, true] {
        training.ready_all().unwrap();
        training.play_until(Phase::Elect);
        training.market.wait(3);
        training.use_machine(node_id, "machine that was ground");
        let proved = training.prove(node_id);
        assert_eq!(proved.is_ok(), counts, "{proved:?}");
        if !counts {
            training.use_machine(node_id, &own);
        }
        training.finish();
    }
}

#[test]
fn seats_have_the_keys_of_their_roster_though_others_count_when_they_are_drawn() {
    let mut training = twelve();
    training.play_until(Phase::Seeding);
    for node_id in 1..=12 {
        training.rotate(node_id, &format!("machine that came after {node_id}")).unwrap();
    }
    training.wait_epochs(3);
    training.play_to(Phase::Commit);
    let epoch = training.round().roster.epoch;
    for seat in training.all_seats(Stage::Work) {
        assert!(seat.seat.key_epoch <= epoch, "{seat:?}");
    }
    // Whose keys they were, signs.
    training.finish();
    assert_eq!(training.round().accepted, 0b11);
}

#[test]
fn no_group_has_an_owner_twice_and_no_node_more_than_two_roles() {
    let setup = (0..8).fold(Setup::default(), |setup, _| setup.node("whale", 9));
    let setup = (1..=6).fold(setup, |setup, n| setup.node(&format!("owner{n}"), 3));
    let many = |params: &mut RunParams| {
        params.sizes.groups = 6;
        params.sizes.audit_one_in = 1;
    };
    let mut training = setup.with_params(many).build();
    let whale = training.market.address("whale");
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 0).pop().unwrap();
    training.behave(liar.id, Conduct::Liar(1));
    training.play_to(Phase::CheckCommit);
    let mut roles = std::collections::BTreeMap::new();
    for group in 0..training.round().groups {
        let members = training.seats(Stage::Work, group);
        let whales = |seats: &[SeatInfo]| {
            seats.iter().filter(|seat| seat.seat.owner.as_str() == whale).count()
        };
        assert!(whales(&members) <= 1, "group {group}");
        for seat in &members {
            *roles.entry(seat.seat.node_id).or_insert(0) += 1;
        }
        // Whoever checks is none of them, nor another machine of theirs.
        let checks = training.seats(Stage::Check, group);
        let owners: Vec<_> = members.iter().map(|seat| &seat.seat.owner).collect();
        assert!(checks.iter().all(|seat| !owners.contains(&&seat.seat.owner)), "group {group}");
    }
    assert!(roles.values().all(|roles| *roles <= 2), "{roles:?}");
    training.finish();
}

#[test]
fn who_joins_leaves_or_stakes_between_pin_and_beacon_changes_no_draw() {
    let play = |change: bool| {
        let mut training = twelve();
        training.play_until(Phase::Seeding);
        if change {
            let joiner = Member {
                node_id: 13,
                owner: "joiner".to_owned(),
                machine: "machine 13".to_owned(),
                build: "modelbond 0.1.0".to_owned(),
                units: 90,
            };
            training.register(&joiner).unwrap();
            training.give("joiner", 100 * UNIT);
            training.stake_more(&joiner, 90 * UNIT).unwrap();
            training.unstake(1, 3 * UNIT).unwrap();
            training.unstake(2, UNIT).unwrap();
            let third = training.member(3);
            training.stake_more(&third, 50 * UNIT).unwrap();
            training.ready(&third).unwrap();
        }
        training.play_to(Phase::Commit);
        (training.round().roster, training.round().seeds, drawn(&training))
    };
    assert_eq!(play(true), play(false));
}

#[test]
fn who_leaves_a_round_stays_locked_and_is_convicted() {
    let mut training = twelve();
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 0)[1].clone();
    training.behave(liar.id, Conduct::Liar(1));
    let node_id = liar.seat.node_id;
    training.unstake(node_id, 3 * UNIT).unwrap();
    training.play_to(Phase::CheckSeeding);
    // Unbonding is over long before the round is.
    training.market.wait(10_000);
    let refused = training.withdraw(node_id).unwrap_err().to_string();
    assert!(refused.contains("round"), "{refused}");
    assert_eq!(training.all_stake(node_id), 3 * UNIT);
    training.finish();
    assert_eq!(training.all_stake(node_id), 3 * UNIT - 300_000);
    let owner = training.member(node_id).owner;
    let before = training.market.tokens_at(&training.market.address(&owner));
    training.withdraw(node_id).unwrap();
    let after = training.market.tokens_at(&training.market.address(&owner));
    assert_eq!(after - before, 3 * UNIT - 300_000);
}

#[test]
fn a_round_does_not_open_on_a_beacon_round_that_can_still_change() {
    let mut training = Setup::default().nodes(12, 3).with_notice(1).build();
    for _ in 0..7 {
        let refused = training.advance().unwrap_err().to_string();
        assert!(refused.contains("can still change: its notice is too short"), "{refused}");
        training.market.wait(1);
    }
    assert_eq!(training.run().open_round, None);
    training.check_money();
}

#[test]
fn a_switch_of_the_beacon_touches_no_round_that_is_waited_for() {
    let mut training = twelve();
    training.play_until(Phase::Seeding);
    let waiting = training.round();
    let source = public(Timestamp::from_seconds(GENESIS_SECS));
    let switch_at = training.market.chain.now().seconds() + NOTICE_SECS + 1;
    let switch = beacon::ExecuteMsg::SwitchSource {
        chain_hash: chain_hash(&source),
        source: source.clone(),
        switch_at: Timestamp::from_seconds(switch_at),
    };
    let address = training.beacon.clone();
    training.send_any("creator", &address, &switch).unwrap();
    training.market.wait(2_000);
    assert_eq!(training.round(), waiting);
    let pin = waiting.pin.clone().unwrap();
    let submit = |round, signature: HexBinary, index| beacon::ExecuteMsg::SubmitRound {
        round,
        signature,
        randomness: None,
        source: Some(index),
    };
    // The public network's round of that number, or of that time, is not the one.
    let (old, new) = (Emitter::called("central"), Emitter::called("public"));
    let foreign = submit(pin.round, new.sign(pin.round), 1);
    let _ = training.send_any("stranger", &address, &foreign);
    assert!(training.advance().unwrap_err().to_string().contains("is not there yet"));
    training.send_any("stranger", &address, &submit(pin.round, old.sign(pin.round), 0)).unwrap();
    training.advance().unwrap();
    assert_eq!(training.round().phase, Phase::Assign);
    // From now on it waits for the public network, under the name that it began with.
    training.play_to(Phase::CheckSeeding);
    let next = training.round();
    let pinned = next.pin.clone().unwrap();
    assert_eq!(next.beacon, waiting.beacon);
    assert_ne!(pinned.chain_hash, waiting.beacon);
    assert!(next.central_beacon && !pinned.central);
    training.market.wait(60);
    training
        .send_any("stranger", &address, &submit(pinned.round, new.sign(pinned.round), 1))
        .unwrap();
    training.emitting = false;
    training.finish();
    assert!(training.round().model.confirmed);
}

#[test]
fn a_ticket_is_of_the_node_at_that_place_of_the_pinned_roster() {
    let mut training = twelve();
    training.play_until(Phase::Elect);
    training.market.wait(3);
    let round = training.round();
    let (proof, ticket) = training.ticket(&round, 7);
    let (run_id, round_id) = (round.run_id, round.round_id);
    let prove = |node_id, index, ticket| {
        let proof = proof.clone();
        ExecuteMsg::ProveLead { run_id, round_id, node_id, index, proof, ticket }
    };
    for (node_id, index, why) in
        [(7, 5, "is not node 7's"), (7, 99, "is not node 7's"), (6, 5, "the proof does not hold")]
    {
        let refused = training.send("thief", &prove(node_id, index, ticket)).unwrap_err();
        assert!(refused.to_string().contains(why), "{refused}");
    }
    // A node has as many tickets as units.
    assert!(training.send("thief", &prove(7, 6, 3)).is_err());
    training.send("thief", &prove(7, 6, ticket)).unwrap();
}
