//! Every hash of a round against an independent implementation, and every field in it counts.
//!
//! Expected values: a few lines of Python over hashlib,
//! `D = lambda tag, *fields: sha256(b"modelbond/v1/" + tag + b"\0" + b"".join(u32(len(f)) + f for f in fields))`.

use std::collections::BTreeMap;

use modelbond_interface::training::{Answer, Hash32, Outcome, SeatId, Stage};
use modelbond_rounds::digest::{derived, role, shard_data, slice, Committed, Context, Task};
use modelbond_rounds::state::{seat_key, seat_of_key, shard, training_seed};
use rstest::rstest;

const fn hash(byte: u8) -> Hash32 {
    Hash32([byte; 32])
}

fn context() -> Context {
    Context {
        chain_id: "modelbond-1".to_owned(),
        contract: "wasm1training".to_owned(),
        run_id: 3,
        round_id: 11,
        beacon: hash(0xbe),
    }
}

const SEAT: SeatId = SeatId { stage: Stage::Appeal, group: 9, slot: 4 };
const OUTPUT: [u8; 64] = [7; 64];

const TASK: Task = Task {
    group: 9,
    assignment: hash(0xaa),
    algorithm: hash(0xa1),
    base: hash(0xb1),
    shard: 6,
    seed: hash(0x55),
};

const ANSWER: Answer = Answer {
    outcome: Outcome::Result,
    shard_root: hash(0x11),
    steps: 5,
    samples: 100,
    result_hash: hash(0x22),
    update_hash: hash(0x33),
    trace_root: hash(0x44),
    loss_before: 70_000_000,
    loss_after: 59_000_000,
    correct: 75,
};

const COMMITTED: Committed = Committed {
    assignment: hash(0xaa),
    seat: SEAT,
    node_id: 42,
    owner: "wasm1owner",
    work: hash(0x66),
    salt: hash(0x77),
};

/// The answers that differ from [`ANSWER`] in one field, by its name.
fn answers() -> Vec<(&'static str, Answer)> {
    vec![
        ("unavailable", Answer { outcome: Outcome::Unavailable, ..ANSWER }),
        ("diverged", Answer { outcome: Outcome::Diverged, ..ANSWER }),
        ("shard_root", Answer { shard_root: hash(0x12), ..ANSWER }),
        ("steps", Answer { steps: 6, ..ANSWER }),
        ("samples", Answer { samples: 101, ..ANSWER }),
        ("result_hash", Answer { result_hash: hash(0x23), ..ANSWER }),
        ("update_hash", Answer { update_hash: hash(0x34), ..ANSWER }),
        ("trace_root", Answer { trace_root: hash(0x45), ..ANSWER }),
        ("loss_before", Answer { loss_before: 70_000_001, ..ANSWER }),
        ("loss_after", Answer { loss_after: 59_000_001, ..ANSWER }),
        ("correct", Answer { correct: 76, ..ANSWER }),
    ]
}

/// Every digest of a context, on the inputs that the expected values are of.
fn all(context: &Context) -> Vec<(&'static str, Hash32)> {
    let a = hash(0xaa);
    vec![
        ("alpha", context.alpha(77, hash(1), hash(2))),
        ("seed", context.seed(hash(2), hash(1), &OUTPUT)),
        ("seed without a leader", context.seed(hash(2), hash(1), &[])),
        ("assignment", context.assignment(78, hash(3), hash(4))),
        ("second alpha", context.second_alpha(a)),
        ("salt", context.salt(SEAT, hash(5))),
        ("check", context.check((79, hash(6)), a, hash(8), Some(&OUTPUT))),
        ("check without an output", context.check((79, hash(6)), a, hash(8), None)),
        ("work", context.work(&TASK, &ANSWER)),
        ("aggregate", context.aggregate(1, a, (0x8003, hash(0xb1)), &ANSWER)),
        ("commit", context.commit(&COMMITTED)),
        ("allocation", Hash32(context.allocation(9, hash(0x66), -2_500, hash(0x88)))),
    ]
}

#[rstest]
#[case("alpha", "83ba97a30a731fb18e5e1453c32f19036c04de2bbf29c38e1e7d8b033e27360d")]
#[case("seed", "fd72cb9d95b2ded50831703383f6d05e849fc2678e97d37e71d9afebdb9f24f2")]
#[case("seed without a leader", "7dcd573625368c5d538b608796a580ca1766046d0ff17fab0a9a89ef029076d0")]
#[case("assignment", "6d2aaec553700fdd0ea164e709d4d104af4cb2443199117f60b774cb42932fa6")]
#[case("second alpha", "cd7646c48f6b6b1ee7ac7c65f9bc04662debaf25947d0569191eebef3725ac29")]
#[case("salt", "c897bcd7e20f59d5822f2ca6db879c35d28de585d4fc9f6df19aaaf94c7ee1b3")]
#[case("check", "d547cf8fa001b8e02381dd9c1bac2bd15e6cd7a237498d5d4d21d8a9453f6f92")]
#[case(
    "check without an output",
    "5b314b058d4c99ccd8977c6e543453faa6a74c5230b12d909a26451b3ded53f0"
)]
#[case("work", "bd6220a0436823eb6ecc11bf7d282c88044f53aa47bdb28f76bdacb67835886b")]
#[case("aggregate", "3feaa58fcb02d188ab3d0dc5d829c2ebb3f5a6ec810885ebcb325abfeb05c28b")]
#[case("commit", "fe67d4bd1bb2a2ba45c740f9c323c1cfd067026a97b83769cd5ffe873822764e")]
#[case("allocation", "86408049304e5de7cb356c2fc5cd5d8945d2eb451ab7cab4c0f767574da8145f")]
fn digests_of_a_round_are_those_of_another_implementation(
    #[case] name: &str,
    #[case] expected: &str,
) {
    let found: BTreeMap<_, _> = all(&context()).into_iter().collect();
    assert_eq!(found[name].to_string(), expected);
}

#[rstest]
#[case::result(Outcome::Result, "bd6220a0436823eb6ecc11bf7d282c88044f53aa47bdb28f76bdacb67835886b")]
#[case::unavailable(
    Outcome::Unavailable,
    "4ac62e94c54c6be9e71e39505b4be765cdd32e3947ab44b190e4e44a8bce1208"
)]
#[case::diverged(
    Outcome::Diverged,
    "8455386fa2e134bc1188cea35f0f1594760d8abe2839050930d0461d995b94b9"
)]
fn an_outcome_is_one_byte_of_the_work(#[case] outcome: Outcome, #[case] expected: &str) {
    let answer = Answer { outcome, ..ANSWER };
    assert_eq!(context().work(&TASK, &answer).to_string(), expected);
}

#[test]
fn digests_outside_of_a_context_are_those_of_another_implementation() {
    assert_eq!(
        Hash32(derived("fresh", hash(0x88), 1, 9)).to_string(),
        "4bb4653f67f17f989a09f31cd8c61e650c35995715a4424ec490d98470fab4de"
    );
    assert_eq!(
        training_seed(hash(0xaa), 9).to_string(),
        "9a6010777963303ee6cee670b362ac8bb2249a45b1ecdaeae2e9992a86fc2e21"
    );
    assert_eq!(
        slice(hash(1), hash(2), 8).to_string(),
        "6a990a4e24aeee2dd581a5295786d5ff81286ab96feb4e2fa79fbefed296bc3e"
    );
    assert_eq!(
        shard_data(hash(1), 7, 3).to_string(),
        "82a51daa5c9a930cecc99a552ddbeda85bb773d7af109838f67883eea7bca444"
    );
}

#[rstest]
#[case::one_shard(1, 0)]
#[case::seven(7, 0)]
#[case::most(65_536, 58_863)]
fn the_shard_of_a_group_is_drawn(#[case] shards: u32, #[case] expected: u32) {
    assert_eq!(shard(hash(0xaa), 9, shards), expected);
}

#[rstest]
#[case::one_step(1, Some(0))]
#[case::five(5, Some(4))]
#[case::a_thousand(1_000, Some(674))]
#[case::most(u32::MAX, Some(2_781_574_529))]
#[case::no_steps(0, None)]
fn a_step_of_the_trace_is_drawn(#[case] steps: u32, #[case] expected: Option<u32>) {
    assert_eq!(context().traced_step(hash(0x88), Stage::Appeal, 42, steps), expected);
}

#[test]
fn another_seed_stage_or_node_draws_another_step() {
    let step = |context: &Context, check, stage, node_id| {
        context.traced_step(check, stage, node_id, u32::MAX).unwrap()
    };
    let right = context();
    let base = step(&right, hash(0x88), Stage::Appeal, 42);
    let mut others = vec![
        step(&right, hash(0x89), Stage::Appeal, 42),
        step(&right, hash(0x88), Stage::Check, 42),
        step(&right, hash(0x88), Stage::Appeal, 43),
    ];
    others.extend(contexts().iter().map(|(_, other)| step(other, hash(0x88), Stage::Appeal, 42)));
    assert!(!others.contains(&base));
}

/// The contexts that differ from [`context`] in one field, by its name.
fn contexts() -> Vec<(&'static str, Context)> {
    vec![
        ("chain_id", Context { chain_id: "modelbond-2".to_owned(), ..context() }),
        ("contract", Context { contract: "wasm1other".to_owned(), ..context() }),
        ("run_id", Context { run_id: 4, ..context() }),
        ("round_id", Context { round_id: 12, ..context() }),
        ("beacon", Context { beacon: hash(0xbf), ..context() }),
        // The same bytes, cut elsewhere.
        (
            "cut",
            Context {
                chain_id: "modelbond-1w".to_owned(),
                contract: "asm1training".to_owned(),
                ..context()
            },
        ),
    ]
}

/// Every digest, with each of its own fields changed once.
fn changed() -> Vec<(String, Hash32)> {
    let c = context();
    let a = hash(0xaa);
    let seat = |stage, group, slot| SeatId { stage, group, slot };
    let mut found = vec![
        ("alpha round", c.alpha(78, hash(1), hash(2))),
        ("alpha randomness", c.alpha(77, hash(9), hash(2))),
        ("alpha last seed", c.alpha(77, hash(1), hash(9))),
        ("seed last seed", c.seed(hash(9), hash(1), &OUTPUT)),
        ("seed randomness", c.seed(hash(2), hash(9), &OUTPUT)),
        ("seed output", c.seed(hash(2), hash(1), &[8; 64])),
        ("assignment round", c.assignment(79, hash(3), hash(4))),
        ("assignment randomness", c.assignment(78, hash(9), hash(4))),
        ("assignment seed", c.assignment(78, hash(3), hash(9))),
        ("second alpha assignment", c.second_alpha(hash(0xab))),
        ("salt stage", c.salt(seat(Stage::Check, 9, 4), hash(5))),
        ("salt group", c.salt(seat(Stage::Appeal, 8, 4), hash(5))),
        ("salt slot", c.salt(seat(Stage::Appeal, 9, 5), hash(5))),
        ("salt salt", c.salt(SEAT, hash(6))),
        ("check round", c.check((80, hash(6)), a, hash(8), Some(&OUTPUT))),
        ("check randomness", c.check((79, hash(9)), a, hash(8), Some(&OUTPUT))),
        ("check assignment", c.check((79, hash(6)), hash(0xab), hash(8), Some(&OUTPUT))),
        ("check salts", c.check((79, hash(6)), a, hash(9), Some(&OUTPUT))),
        ("check output", c.check((79, hash(6)), a, hash(8), Some(&[8; 64]))),
        ("work group", c.work(&Task { group: 8, ..TASK }, &ANSWER)),
        ("work assignment", c.work(&Task { assignment: hash(0xab), ..TASK }, &ANSWER)),
        ("work algorithm", c.work(&Task { algorithm: hash(0xa2), ..TASK }, &ANSWER)),
        ("work base", c.work(&Task { base: hash(0xb2), ..TASK }, &ANSWER)),
        ("work shard", c.work(&Task { shard: 5, ..TASK }, &ANSWER)),
        ("work seed", c.work(&Task { seed: hash(0x56), ..TASK }, &ANSWER)),
        ("aggregate attempt", c.aggregate(2, a, (0x8003, hash(0xb1)), &ANSWER)),
        ("aggregate assignment", c.aggregate(1, hash(0xab), (0x8003, hash(0xb1)), &ANSWER)),
        ("aggregate accepted", c.aggregate(1, a, (0x8001, hash(0xb1)), &ANSWER)),
        ("aggregate base", c.aggregate(1, a, (0x8003, hash(0xb2)), &ANSWER)),
        ("commit assignment", c.commit(&Committed { assignment: hash(0xab), ..COMMITTED })),
        ("commit stage", c.commit(&Committed { seat: seat(Stage::Check, 9, 4), ..COMMITTED })),
        ("commit group", c.commit(&Committed { seat: seat(Stage::Appeal, 8, 4), ..COMMITTED })),
        ("commit slot", c.commit(&Committed { seat: seat(Stage::Appeal, 9, 5), ..COMMITTED })),
        ("commit node", c.commit(&Committed { node_id: 43, ..COMMITTED })),
        ("commit owner", c.commit(&Committed { owner: "wasm1other", ..COMMITTED })),
        ("commit work", c.commit(&Committed { work: hash(0x67), ..COMMITTED })),
        ("commit salt", c.commit(&Committed { salt: hash(0x78), ..COMMITTED })),
        ("allocation group", Hash32(c.allocation(8, hash(0x66), -2_500, hash(0x88)))),
        ("allocation work", Hash32(c.allocation(9, hash(0x67), -2_500, hash(0x88)))),
        ("allocation NPS", Hash32(c.allocation(9, hash(0x66), 2_500, hash(0x88)))),
        ("allocation check", Hash32(c.allocation(9, hash(0x66), -2_500, hash(0x89)))),
        ("derived tag", Hash32(derived("audit", hash(0x88), 1, 9))),
        ("derived seed", Hash32(derived("fresh", hash(0x89), 1, 9))),
        ("derived stage", Hash32(derived("fresh", hash(0x88), 2, 9))),
        ("derived index", Hash32(derived("fresh", hash(0x88), 1, 8))),
        ("derived", Hash32(derived("fresh", hash(0x88), 1, 9))),
        ("shard data", shard_data(hash(1), 7, 3)),
        ("shard data root", shard_data(hash(2), 7, 3)),
        ("shard data shards", shard_data(hash(1), 8, 3)),
        ("shard data shard", shard_data(hash(1), 7, 4)),
        ("slice", slice(hash(1), hash(2), 8)),
        ("slice salt", slice(hash(3), hash(2), 8)),
        ("slice root", slice(hash(1), hash(3), 8)),
        ("slice samples", slice(hash(1), hash(2), 9)),
    ]
    .into_iter()
    .map(|(name, hash)| (name.to_owned(), hash))
    .collect::<Vec<_>>();
    for (field, answer) in answers() {
        found.push((format!("work {field}"), c.work(&TASK, &answer)));
        let groups = (0x8003, hash(0xb1));
        found.push((format!("aggregate {field}"), c.aggregate(1, a, groups, &answer)));
    }
    for (field, other) in contexts() {
        found.extend(all(&other).into_iter().map(|(name, hash)| (format!("{name} {field}"), hash)));
    }
    found
}

#[test]
fn every_field_changes_the_digest() {
    let mut names: BTreeMap<Hash32, String> = BTreeMap::new();
    let right = all(&context()).into_iter().map(|(name, hash)| (name.to_owned(), hash));
    let mut count = 0;
    for (name, hash) in right.chain(changed()) {
        if let Some(other) = names.insert(hash, name.clone()) {
            panic!("{name} and {other} have the same digest");
        }
        count += 1;
    }
    assert_eq!(count, 12 + 54 + 2 * 11 + 6 * 12);
}

#[test]
fn a_missing_second_output_is_32_zero_bytes() {
    let c = context();
    let missing = c.check((79, hash(6)), hash(0xaa), hash(8), None);
    assert_eq!(missing, c.check((79, hash(6)), hash(0xaa), hash(8), Some(&[0; 32])));
    assert_ne!(missing, c.check((79, hash(6)), hash(0xaa), hash(8), Some(&[0; 64])));
    assert_ne!(missing, c.check((79, hash(6)), hash(0xaa), hash(8), Some(&[])));
}

#[rstest]
#[case::trainer(Stage::Work, 0, false, "trainer")]
#[case::witness(Stage::Work, 1, false, "witness")]
#[case::a_jury_elsewhere_makes_no_juror_of_a_trainer(Stage::Work, 0, true, "trainer")]
#[case::auditor(Stage::Check, 0, false, "auditor")]
#[case::first_jury(Stage::Check, 0, true, "juror")]
#[case::appeal(Stage::Appeal, 3, true, "juror")]
#[case::committee(Stage::Committee, 0, false, "committee")]
#[case::third_committee(Stage::ThirdCommittee, 20, false, "committee")]
fn a_seat_has_a_role(
    #[case] stage: Stage,
    #[case] slot: u8,
    #[case] jury: bool,
    #[case] expected: &str,
) {
    assert_eq!(role(SeatId { stage, group: 0, slot }, jury), expected);
}

#[test]
fn keys_of_seats_differ_and_lead_back() {
    let mut keys = BTreeMap::new();
    for stage in Stage::ALL {
        for group in 0..16 {
            for slot in 0..21 {
                let seat = SeatId { stage, group, slot };
                let key = seat_key(seat);
                assert_eq!(seat_of_key(key), Some(seat));
                assert_eq!(keys.insert(key, seat), None);
            }
        }
    }
    assert_eq!(seat_of_key(seat_key(SEAT) | 0x0006_0000), None);
}
