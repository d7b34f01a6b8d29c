//! Who copies: commits, reveals and attestations of others, of other rounds and other places.

use modelbond_interface::bridge::Scheme;
use modelbond_interface::training::{
    Attested, ExecuteMsg, Hash32, Phase, RunParams, SeatInfo, Stage, Verdict, Verified,
};
use modelbond_rounds::digest::{Committed, Context};
use modelbond_tests::chain::Chain as _;
use modelbond_tests::training::{leaves, Conduct, Setup, Training, STEPS};
use rstest::rstest;

const SALT: Hash32 = Hash32([9; 32]);
const ROTATED: &str = "machine of another key";

fn twelve() -> Training {
    Setup::default().nodes(12, 3).build()
}

fn audited() -> Training {
    let audit_all = |params: &mut RunParams| params.sizes.audit_one_in = 1;
    Setup::default().nodes(12, 3).with_params(audit_all).build()
}

fn commit_hash(training: &mut Training, seat: &SeatInfo, commit: Hash32) {
    let round = training.round();
    let (run_id, round_id) = (round.run_id, round.round_id);
    let msg = ExecuteMsg::Commit { run_id, round_id, seat: seat.id, commit };
    let owner = training.member(seat.seat.node_id).owner;
    training.send(&owner, &msg).unwrap();
}

/// What of a commit is another one's.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Of {
    Itself,
    Slot,
    Group,
    Stage,
    Node,
    Owner,
    Round,
    Run,
    Chain,
    Contract,
    Beacon,
    Assignment,
}

/// The very same answer and salt, committed to somewhere else.
#[rstest]
fn a_commit_means_something_only_where_it_was_made(
    #[values(
        Of::Itself,
        Of::Slot,
        Of::Group,
        Of::Stage,
        Of::Node,
        Of::Owner,
        Of::Round,
        Of::Run,
        Of::Chain,
        Of::Contract,
        Of::Beacon,
        Of::Assignment
    )]
    of: Of,
) {
    let mut training = twelve();
    training.play_until(Phase::Commit);
    let round = training.round();
    let seat = training.seats(Stage::Work, 0)[1].clone();
    let answer = training.find(&round, seat.id, 0);
    let mut context: Context = training.context(&round);
    let mut committed = Committed {
        assignment: round.seeds.assignment.unwrap(),
        seat: seat.id,
        node_id: seat.seat.node_id,
        owner: seat.seat.owner.as_str(),
        work: training.work(&round, seat.id, &answer),
        salt: SALT,
    };
    match of {
        Of::Itself => {}
        Of::Slot => committed.seat.slot = 2,
        Of::Group => committed.seat.group = 1,
        Of::Stage => committed.seat.stage = Stage::Check,
        Of::Node => committed.node_id += 1,
        Of::Owner => committed.owner = "somebody else",
        Of::Round => context.round_id += 1,
        Of::Run => context.run_id += 1,
        Of::Chain => context.chain_id = "another-chain".to_owned(),
        Of::Contract => context.contract = "another contract".to_owned(),
        Of::Beacon => context.beacon = SALT,
        Of::Assignment => committed.assignment = SALT,
    }
    let copied = context.commit(&committed);
    // What is shown later is right in every way, but for where it was committed to: a twin of this chain,
    // on which the seat committed honestly, says what to show.
    training.commit_as(&round, &seat, answer, SALT).unwrap();
    let mut copying = twelve();
    copying.play_until(Phase::Commit);
    let seat = copying.seats(Stage::Work, 0)[1].clone();
    commit_hash(&mut copying, &seat, copied);
    copying.play_to(Phase::Reveal);
    training.play_to(Phase::Reveal);
    let msg = training.reveal_message(&seat, Scheme::Eip191);
    let shown = copying.send("stranger", &msg);
    if of == Of::Itself {
        shown.unwrap();
    } else {
        let refused = shown.unwrap_err().to_string();
        assert!(refused.contains("answer and salt hash to"), "{of:?}: {refused}");
    }
}

#[test]
fn a_copied_commit_is_worth_nothing_to_who_copies_it() {
    let mut training = twelve();
    let stakes = training.stakes();
    training.play_until(Phase::Commit);
    let seats = training.seats(Stage::Work, 0);
    training.commit(&seats[0]).unwrap();
    let copied = training.seats(Stage::Work, 0)[0].commit.unwrap();
    commit_hash(&mut training, &seats[1], copied);
    training.play_to(Phase::Reveal);
    let ExecuteMsg::Reveal { run_id, round_id, answer, salt, attested, trace, .. } =
        training.reveal_message(&seats[0], Scheme::Eip712)
    else {
        panic!("not a reveal");
    };
    let seat = seats[1].id;
    let msg = ExecuteMsg::Reveal { run_id, round_id, seat, answer, salt, attested, trace };
    let refused = training.send("thief", &msg).unwrap_err().to_string();
    assert!(refused.contains("answer and salt hash to"), "{refused}");
    for honest in [&seats[0], &seats[2]] {
        let msg = training.reveal_message(honest, Scheme::Eip712);
        training.send("stranger", &msg).unwrap();
    }
    training.in_seat.clear();
    training.behave(seat, Conduct::Late);
    training.finish();
    // It committed and could not reveal: that is late.
    assert_eq!(training.lost(&stakes), training.fines(&stakes, &[(seats[1].clone(), 100)]));
}

#[test]
fn a_commit_cannot_be_changed() {
    let mut training = twelve();
    training.play_until(Phase::Commit);
    let round = training.round();
    let seat = training.seats(Stage::Work, 0)[0].clone();
    training.commit(&seat).unwrap();
    let before = training.seats(Stage::Work, 0)[0].commit;
    let better = training.find(&round, seat.id, 1);
    let refused = training.commit_as(&round, &seat, better, SALT).unwrap_err().to_string();
    assert!(refused.contains("a commit cannot be changed"), "{refused}");
    assert_eq!(training.seats(Stage::Work, 0)[0].commit, before);
}

#[test]
fn a_seat_is_used_by_nobody_else() {
    let mut training = twelve();
    training.play_until(Phase::Commit);
    let seats = training.seats(Stage::Work, 0);
    let (run_id, round_id, commit) = (training.run_id, 1, SALT);
    let msg = ExecuteMsg::Commit { run_id, round_id, seat: seats[0].id, commit };
    for who in ["stranger", &training.member(seats[1].seat.node_id).owner] {
        let refused = training.send(who, &msg).unwrap_err().to_string();
        assert!(refused.contains("this seat may only be used by"), "{refused}");
    }
    assert_eq!(training.seats(Stage::Work, 0)[0].commit, None);
}

#[test]
fn the_order_of_reveals_chooses_nothing_and_each_salt_counts() {
    let play = |backwards: bool, without: Option<usize>| {
        let mut training = twelve();
        training.play_until(Phase::Reveal);
        let mut seats = training.all_seats(Stage::Work);
        if backwards {
            seats.reverse();
        }
        for (number, seat) in seats.iter().enumerate() {
            if Some(number) == without {
                training.behave(seat.id, Conduct::Late);
                continue;
            }
            let msg = training.reveal_message(seat, Scheme::Eip712);
            training.send("stranger", &msg).unwrap();
        }
        training.play_to(Phase::CheckCommit);
        training.round().seeds
    };
    let forwards = play(false, None);
    assert_eq!(forwards, play(true, None));
    let withheld = play(false, Some(5));
    assert_eq!(withheld.assignment, forwards.assignment);
    assert_ne!(withheld.salts, forwards.salts);
    assert_ne!(withheld.check, forwards.check);
}

type Forge = fn(&mut Training, &SeatInfo) -> Attested;

fn attest(training: &Training, seat: &SeatInfo, late: u64) -> Attested {
    let round = training.round();
    let answer = training.find(&round, seat.id, 0);
    let now = training.market.chain.now().seconds();
    training.attest(&round, seat, &answer, (Scheme::Eip712, now - late))
}

fn for_slot(training: &mut Training, seat: &SeatInfo) -> Attested {
    let mut other = seat.clone();
    other.id.slot = 2;
    attest(training, &other, 0)
}

fn as_trainer(training: &mut Training, seat: &SeatInfo) -> Attested {
    let mut other = seat.clone();
    other.id.slot = 0;
    attest(training, &other, 0)
}

fn for_stage(training: &mut Training, seat: &SeatInfo) -> Attested {
    let mut other = seat.clone();
    other.id.stage = Stage::Check;
    attest(training, &other, 0)
}

fn for_key_epoch(training: &mut Training, seat: &SeatInfo) -> Attested {
    let mut other = seat.clone();
    other.seat.key_epoch += 2;
    attest(training, &other, 0)
}

fn for_device(training: &mut Training, seat: &SeatInfo) -> Attested {
    let mut other = seat.clone();
    other.seat.device_class = "a better one".to_owned();
    attest(training, &other, 0)
}

fn for_round(training: &mut Training, seat: &SeatInfo) -> Attested {
    let mut round = training.round();
    let answer = training.find(&round, seat.id, 0);
    round.round_id += 1;
    let now = training.market.chain.now().seconds();
    training.attest(&round, seat, &answer, (Scheme::Eip712, now))
}

fn for_answer(training: &mut Training, seat: &SeatInfo) -> Attested {
    let round = training.round();
    let lie = training.find(&round, seat.id, 1);
    let now = training.market.chain.now().seconds();
    training.attest(&round, seat, &lie, (Scheme::Eip712, now))
}

fn by_another_key(training: &mut Training, seat: &SeatInfo) -> Attested {
    let machine = training.member(seat.seat.node_id).machine;
    training.use_machine(seat.seat.node_id, ROTATED);
    let attested = attest(training, seat, 0);
    training.use_machine(seat.seat.node_id, &machine);
    attested
}

fn expired(training: &mut Training, seat: &SeatInfo) -> Attested {
    attest(training, seat, 3_601)
}

fn with_level(training: &mut Training, seat: &SeatInfo) -> Attested {
    Attested { level: 1, ..attest(training, seat, 0) }
}

fn with_other_times(training: &mut Training, seat: &SeatInfo) -> Attested {
    let attested = attest(training, seat, 0);
    Attested { started_at: attested.started_at - 100, ..attested }
}

fn in_another_scheme(training: &mut Training, seat: &SeatInfo) -> Attested {
    Attested { scheme: Scheme::Eip191, ..attest(training, seat, 0) }
}

#[rstest]
#[case::another_slot(for_slot)]
#[case::another_role(as_trainer)]
#[case::another_stage(for_stage)]
#[case::another_key_epoch(for_key_epoch)]
#[case::another_device(for_device)]
#[case::another_round(for_round)]
#[case::another_answer(for_answer)]
#[case::another_key(by_another_key)]
#[case::no_longer_valid(expired)]
#[case::another_level(with_level)]
#[case::other_times(with_other_times)]
#[case::another_scheme(in_another_scheme)]
fn an_attestation_is_of_one_answer_in_one_seat_for_a_while(#[case] forge: Forge) {
    let mut training = twelve();
    training.play_until(Phase::Reveal);
    let seat = training.seats(Stage::Work, 0)[1].clone();
    let msg = training.reveal_message(&seat, Scheme::Eip712);
    let forged = forge(&mut training, &seat);
    let ExecuteMsg::Reveal { run_id, round_id, seat, answer, salt, trace, .. } = msg.clone() else {
        panic!("not a reveal");
    };
    let attested = forged;
    let forged = ExecuteMsg::Reveal { run_id, round_id, seat, answer, salt, attested, trace };
    let refused = training.send("stranger", &forged).unwrap_err().to_string();
    assert!(refused.contains("the attestation is not valid"), "{refused}");
    assert_eq!(training.seats(Stage::Work, 0)[1].reveal, None);
    training.send("stranger", &msg).unwrap();
    let again = training.send("stranger", &msg).unwrap_err().to_string();
    assert!(again.contains("this seat was revealed already"), "{again}");
}

#[rstest]
fn any_scheme_signs_a_reveal(
    #[values(Scheme::Eip712, Scheme::Eip191, Scheme::Direct, Scheme::Adr036)] scheme: Scheme,
) {
    let mut training = twelve();
    training.play_until(Phase::Reveal);
    let seat = training.seats(Stage::Work, 1)[0].clone();
    let msg = training.reveal_message(&seat, scheme);
    training.send("stranger", &msg).unwrap();
}

#[test]
fn the_key_that_was_pinned_signs_though_it_was_rotated_since() {
    let mut training = twelve();
    training.play_until(Phase::Commit);
    let seat = training.seats(Stage::Work, 0)[1].clone();
    let (node_id, old) = (seat.seat.node_id, training.member(seat.seat.node_id).machine);
    training.rotate(node_id, ROTATED).unwrap();
    training.act();
    training.wait_epochs(3);
    training.move_on();
    assert_eq!(training.round().phase, Phase::Reveal);
    training.use_machine(node_id, ROTATED);
    let msg = training.reveal_message(&seat, Scheme::Eip712);
    let refused = training.send("stranger", &msg).unwrap_err().to_string();
    assert!(refused.contains("the attestation is not valid"), "{refused}");
    training.use_machine(node_id, &old);
    let msg = training.reveal_message(&seat, Scheme::Eip712);
    training.send("stranger", &msg).unwrap();
    training.finish();
    assert_eq!(training.round().accepted, 0b11);
}

#[test]
fn who_did_not_do_the_steps_has_no_leaf_to_show() {
    let mut training = audited();
    training.play_until(Phase::CheckReveal);
    let round = training.round();
    let seats = training.seats(Stage::Check, 0);
    let seat = &seats[0];
    let ExecuteMsg::Reveal { run_id, round_id, seat: id, answer, salt, attested, trace } =
        training.reveal_message(seat, Scheme::Eip712)
    else {
        panic!("not a reveal");
    };
    let context = training.context(&round);
    let (check, node_id) = (round.seeds.check.unwrap(), seat.seat.node_id);
    let step = context.traced_step(check, Stage::Check, node_id, STEPS).unwrap();
    let all = leaves(&training.task(&round, id), 0);
    let honest = trace.clone().unwrap();
    let other = usize::try_from((step + 1) % STEPS).unwrap();
    let path = modelbond_rounds::merkle::path(&all, other.try_into().unwrap()).unwrap();
    let of_other = modelbond_interface::training::TraceProof {
        leaf: Hash32(all[other]),
        path: path.into_iter().map(Hash32).collect(),
    };
    let mut invented = honest.clone();
    invented.leaf = SALT;
    let mut long = honest.clone();
    long.path.push(SALT);
    for (trace, why) in [
        (None, "a leaf of the trace at step"),
        (Some(of_other), "is not the one at step"),
        (Some(invented), "is not the one at step"),
        (Some(long), "is not the one at step"),
    ] {
        let attested = attested.clone();
        let msg = ExecuteMsg::Reveal { run_id, round_id, seat: id, answer, salt, attested, trace };
        let refused = training.send("stranger", &msg).unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    let msg = ExecuteMsg::Reveal { run_id, round_id, seat: id, answer, salt, attested, trace };
    training.send("stranger", &msg).unwrap();
    training.finish();
    let by = Verified::Audit;
    assert_eq!(training.groups()[0].verdict, Verdict::Accepted { by });
}

#[test]
fn committees_show_leaves_too() {
    let mut training = twelve();
    training.play_until(Phase::ConfirmReveal);
    let seat = training.seats(Stage::Committee, 0)[0].clone();
    let msg = training.reveal_message(&seat, Scheme::Eip712);
    let ExecuteMsg::Reveal { run_id, round_id, seat, answer, salt, attested, .. } = msg.clone()
    else {
        panic!("not a reveal");
    };
    let lazy = ExecuteMsg::Reveal { run_id, round_id, seat, answer, salt, attested, trace: None };
    let refused = training.send("stranger", &lazy).unwrap_err().to_string();
    assert!(refused.contains("a leaf of the trace at step"), "{refused}");
    training.send("stranger", &msg).unwrap();
}
