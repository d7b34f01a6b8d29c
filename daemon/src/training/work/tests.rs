use modelbond_interface::training::{Lead, SeatId, Seeds};
use modelbond_rounds::digest::Committed as Commitment;
use modelbond_signature::{verify, Binding, Native, SecretKey, Signer as Who};
use rstest::rstest;

use super::*;
use crate::training::sample;

fn kept(desk: &Desk<'_>) -> Kept {
    let home = tempfile::TempDir::new().unwrap();
    let context = sample::context();
    let found = Found { answer: sample::answer(), started_at: 10, ended_at: 20 };
    let work = desk.work(&context, &found.answer).unwrap();
    Store::of(home.path()).keep(&desk.place(&context).unwrap(), found, work).unwrap().0
}

#[test]
fn a_commit_is_the_digest_of_everything_that_the_seat_is() {
    let (run, round, group) = (sample::run(), sample::round(), sample::group());
    let seat = sample::seat(Stage::Work, 0, 1, 7);
    let desk = Desk { run: &run, round: &round, seat: &seat, group: Some(&group) };
    let kept = kept(&desk);
    let task = Task {
        group: 0,
        assignment: Hash32([9; 32]),
        algorithm: Hash32([2; 32]),
        base: Hash32([4; 32]),
        shard: 11,
        seed: Hash32([10; 32]),
    };
    let work = sample::context().work(&task, &sample::answer());
    let commit = sample::context().commit(&Commitment {
        assignment: Hash32([9; 32]),
        seat: SeatId { stage: Stage::Work, group: 0, slot: 1 },
        node_id: 7,
        owner: "wasm1owner7",
        work,
        salt: kept.salt,
    });
    assert_eq!((kept.work, kept.commit), (work, commit));
}

#[rstest]
#[case(Stage::Committee, 0)]
#[case(Stage::SecondCommittee, 1)]
#[case(Stage::ThirdCommittee, 2)]
fn a_committee_confirms_the_aggregate_of_its_leader(#[case] stage: Stage, #[case] attempt: u8) {
    let run = sample::run();
    let round =
        Round { accepted: 0b101, lead: Lead { attempt, ..Lead::default() }, ..sample::round() };
    let seat = sample::seat(stage, 0, 2, 7);
    let desk = Desk { run: &run, round: &round, seat: &seat, group: None };
    let expected = sample::context().aggregate(
        attempt,
        Hash32([9; 32]),
        (0b101, Hash32([4; 32])),
        &sample::answer(),
    );
    assert_eq!(desk.work(&sample::context(), &sample::answer()), Ok(expected));
}

#[rstest]
#[case::trainer(Stage::Work, 0, None, "trainer")]
#[case::witness(Stage::Work, 1, None, "witness")]
#[case::auditor(Stage::Check, 0, None, "auditor")]
#[case::first_jury(Stage::Check, 0, Some(Stage::Check), "juror")]
#[case::auditor_of_a_group_that_a_jury_decides_later(
    Stage::Check,
    0,
    Some(Stage::Appeal),
    "auditor"
)]
#[case::second_jury(Stage::Appeal, 0, Some(Stage::Appeal), "juror")]
fn the_attestation_names_the_role_and_what_the_seat_was_drawn_with(
    #[case] stage: Stage,
    #[case] slot: u8,
    #[case] jury_stage: Option<Stage>,
    #[case] role: &str,
) {
    let (run, round) = (sample::run(), sample::round());
    let group = Group { jury_stage, ..sample::group() };
    let seat = sample::seat(stage, 0, slot, 7);
    let desk = Desk { run: &run, round: &round, seat: &seat, group: Some(&group) };
    let kept = kept(&desk);
    let expected = Attestation {
        run_id: 2,
        round_id: 4,
        beacon: [6; 32],
        assignment: [9; 32],
        group: 0,
        slot: slot.into(),
        role: role.to_owned(),
        node_id: 7,
        key_epoch: 12,
        work: kept.work.0,
        mode: "exact".to_owned(),
        device_class: "jetson_orin".to_owned(),
        attestation_level: 1,
        started_at: 10,
        ended_at: 20,
    };
    assert_eq!(desk.attestation(&kept, 1), Ok(expected));
}

#[rstest]
#[case(Scheme::Eip191)]
#[case(Scheme::Eip712)]
#[case(Scheme::Adr036)]
#[case(Scheme::Direct)]
fn a_signed_attestation_verifies_with_the_nodes_key(#[case] scheme: Scheme) {
    let (run, round, group) = (sample::run(), sample::round(), sample::group());
    let seat = sample::seat(Stage::Work, 0, 0, 7);
    let desk = Desk { run: &run, round: &round, seat: &seat, group: Some(&group) };
    let key = SecretKey::from_bytes([7; 32]).unwrap();
    let binding = Binding {
        chain_id: "chain-1".to_owned(),
        contract: "wasm1training".to_owned(),
        evm_chain_id: 1,
        nonce: 0,
        expires_at: 3_000,
    };
    let statement = desk.attestation(&kept(&desk), 0).unwrap();
    let request = SignRequest { statement, binding };
    let proof = statement::sign(&request, scheme, &key, "wasm").unwrap();
    let signature = scheme.read_signature(&proof.signature).unwrap();
    let account = key.public_key().cosmos_address("wasm").unwrap();
    let digest = request.digest(scheme, &account).unwrap();
    let signer = Who::Key(key.public_key().compressed());
    assert!(verify(&Native, &digest, &signature, &signer).is_ok());
}

#[rstest]
#[case::the_work_itself(Stage::Work, Outcome::Result, false)]
#[case::an_audit(Stage::Check, Outcome::Result, true)]
#[case::an_audit_without_a_result(Stage::Check, Outcome::Diverged, false)]
#[case::a_second_jury(Stage::Appeal, Outcome::Result, true)]
#[case::a_committee(Stage::Committee, Outcome::Result, true)]
fn who_sees_an_answer_before_working_shows_a_step(
    #[case] stage: Stage,
    #[case] outcome: Outcome,
    #[case] shows: bool,
) {
    let (run, group) = (sample::run(), sample::group());
    let (check, appeal) = (Some(Hash32([20; 32])), Some(Hash32([21; 32])));
    let round =
        Round { seeds: Seeds { check, appeal, ..sample::round().seeds }, ..sample::round() };
    let seat = sample::seat(stage, 0, 0, 7);
    let desk = Desk { run: &run, round: &round, seat: &seat, group: Some(&group) };
    let answer = Answer { outcome, ..sample::answer() };
    let step = desk.traced_step(&sample::context(), &answer);
    assert_eq!(step.is_some(), shows);
    assert!(step.is_none_or(|step| step < 40));
}

#[test]
fn an_answer_without_a_result_says_nothing_else() {
    let unavailable = Answer { outcome: Outcome::Unavailable, ..sample::answer() };
    assert!(ensure_sound(&unavailable).unwrap_err().to_string().contains("unavailable"));
    let too_good = Answer { correct: 101, ..sample::answer() };
    assert!(ensure_sound(&too_good).unwrap_err().to_string().contains("101 of 100"));
    assert_eq!(ensure_sound(&sample::answer()), Ok(()));
}

#[test]
fn a_round_without_an_assignment_has_no_work() {
    let (run, group) = (sample::run(), sample::group());
    let round = Round { seeds: Seeds::default(), ..sample::round() };
    let seat = sample::seat(Stage::Work, 0, 0, 7);
    let desk = Desk { run: &run, round: &round, seat: &seat, group: Some(&group) };
    let error = desk.work(&sample::context(), &sample::answer()).unwrap_err();
    assert!(error.to_string().contains("nothing is assigned"), "{error}");
}
