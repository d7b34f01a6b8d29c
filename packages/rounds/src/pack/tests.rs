//! What is written is read back the same; anything else is refused.
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions)]

use std::fmt::Debug;

use cosmwasm_std::testing::MockStorage;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// SplitMix64: the same seed, the same record.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.bits().checked_rem(end).unwrap_or_default()
    }
}

/// Any record.
trait Any {
    fn any(random: &mut Random) -> Self;
}

macro_rules! any {
    ($($type:ty = |$random:ident| $value:expr;)*) => {$(
        impl Any for $type {
            fn any($random: &mut Random) -> Self {
                $value
            }
        }
    )*};
}

any! {
    u8 = |random| random.bits().to_be_bytes()[0];
    u16 = |random| u16::from_be_bytes([Any::any(random), Any::any(random)]);
    u32 = |random| random.bits() as u32;
    u64 = |random| random.bits();
    u128 = |random| u128::from(random.bits()) << 64 | u128::from(random.bits());
    i32 = |random| random.bits() as i32;
    bool = |random| random.below(2) == 1;
    Hash32 = |random| Hash32(std::array::from_fn(|_| Any::any(random)));
    Uint128 = |random| Uint128::new(Any::any(random));
    Timestamp = |random| Timestamp::from_nanos(random.bits());
    Binary = |random| Binary::from((0..random.below(70)).map(|_| Any::any(random)).collect::<Vec<u8>>());
    String = |random| (0..random.below(20)).map(|_| ['a', 'ß', '✓', '𝄞', '\0'][random.below(5) as usize]).collect();
    Addr = |random| Addr::unchecked(String::any(random));
    RunStatus = |random| match random.below(3) {
        0 => RunStatus::Open {},
        1 => RunStatus::Held { until: Any::any(random) },
        _ => RunStatus::Closed {},
    };
    Verdict = |random| match random.below(5) {
        0 => Verdict::Open {},
        1 => Verdict::Accepted { by: Any::any(random) },
        2 => Verdict::Rejected {},
        3 => Verdict::Void {},
        _ => Verdict::Unavailable {},
    };
}

impl<T: Any> Any for Option<T> {
    fn any(random: &mut Random) -> Self {
        bool::any(random).then(|| T::any(random))
    }
}

impl<T: Any> Any for Vec<T> {
    fn any(random: &mut Random) -> Self {
        (0..random.below(5)).map(|_| T::any(random)).collect()
    }
}

/// One of the variants, by its number.
macro_rules! any_of {
    ($($type:ident { $($variant:ident = $number:literal)* })*) => {
        $(
            impl Any for $type {
                fn any(random: &mut Random) -> Self {
                    let all = [$(Self::$variant),*];
                    all[random.below(all.len() as u64) as usize]
                }
            }
        )*

        /// Numbers are stored: a variant keeps its own for ever.
        #[test]
        fn variants_have_their_numbers() {
            $($(
                let mut bytes = Vec::new();
                $type::$variant.pack(&mut bytes);
                assert_eq!(bytes, [$number], stringify!($type::$variant));
            )*)*
        }
    };
}

any_of! {
    Aggregation { Mean = 0 TrimmedMean = 1 Median = 2 }
    Check { None = 0 Audit = 1 Incomplete = 2 Jury = 3 Appeal = 4 }
    Mode { Exact = 0 Scored = 1 }
    Outcome { Result = 0 Unavailable = 1 Diverged = 2 }
    Phase {
        Opening = 0 Elect = 1 Seeding = 2 Assign = 3 Commit = 4 Reveal = 5 ScoreCommit = 6
        ScoreReveal = 7 CheckSeeding = 8 CheckAssign = 9 CheckCommit = 10 CheckReveal = 11
        Judge = 12 Penalize = 13 Post = 14 ConfirmCommit = 15 ConfirmReveal = 16 Settle = 17
        Final = 18
    }
    Stage {
        Work = 0 Check = 1 Appeal = 2 Committee = 3 SecondCommittee = 4 ThirdCommittee = 5
    }
    Verified { None = 0 Witnesses = 1 Audit = 2 AuditMissed = 3 Jury = 4 }
}

/// Records with all of their fields, and every test for each of them.
macro_rules! any_record {
    ($($type:ident { $($field:ident)* })*) => {
        $(
            impl Any for $type {
                fn any(random: &mut Random) -> Self {
                    Self { $($field: Any::any(random),)* }
                }
            }
        )*

        proptest! {
            #[test]
            fn every_record_is_read_back_the_same(seed: u64) {
                let random = &mut Random(seed);
                $(is_read_back(&$type::any(random))?;)*
                is_read_back(&RunStatus::any(random))?;
                is_read_back(&Verdict::any(random))?;
                is_read_back(&Option::<Stage>::any(random))?;
                is_read_back(&Vec::<Hash32>::any(random))?;
            }

            #[test]
            fn random_bytes_are_refused_or_what_would_be_written(
                bytes in proptest::collection::vec(prop_oneof![0_u8..3, any::<u8>()], 0..600),
            ) {
                $(is_refused_or_canonical::<$type>(&bytes)?;)*
                is_refused_or_canonical::<RunStatus>(&bytes)?;
                is_refused_or_canonical::<Verdict>(&bytes)?;
                is_refused_or_canonical::<String>(&bytes)?;
            }

            #[test]
            fn changed_bytes_are_refused_or_what_would_be_written(seed: u64, place: u64, to: u8) {
                let random = &mut Random(seed);
                $(
                    let mut bytes = packed(&$type::any(random));
                    let place = place as usize % bytes.len();
                    bytes[place] = to;
                    is_refused_or_canonical::<$type>(&bytes)?;
                )*
            }
        }
    };
}

any_record! {
    Adoption { users counted_from }
    Aggregate { answer accepted work }
    AlgorithmTerms { hash known_answer mode aggregation eta_millionths }
    Answer {
        outcome shard_root steps samples result_hash update_hash trace_root loss_before loss_after
        correct
    }
    BuiltOn { round_id accepted }
    Challenge { by bond owed }
    DatasetTerms { root shards slices }
    Group {
        group shard seed seats auditors jurors jury_stage check work verdict quality challenge
        majority juror_pay wrong
    }
    Lead { leaders beacon_only second_output attempt }
    Leader { node_id owner account vrf_key owner_id first_unit units ticket output }
    Ledger { budget bond rolled_over reserved burnable }
    Lengths {
        elect_secs commit_secs reveal_secs check_secs aggregate_secs blocks grid_secs margin_secs
    }
    ModelWork { work performance }
    MoneyTerms { unit_stake round_budget min_bond challenge_bond }
    NewModel { slice aggregate committee confirmed result_hash }
    Opinion { promoters passives detractors }
    Pay {
        trainers from_rolled_over quality drawn per_witness witnesses leader per_member members
        per_advance advances per_unavailable unavailable
    }
    Penalties { wrong_bps late_bps absent_bps }
    Pin { at round chain_hash central }
    RosterPin { epoch nodes units owners largest_owner_units }
    Round {
        run_id round_id roster nps budget phase window pin beacon central_beacon seeds lead groups
        next appealing accepted accepted_units model held pay advances opened_at settled_at
        built_on worth
    }
    Run {
        run_id model owner opened_at params status open_round rounds last_seed first_epoch
        best_score holds ledger built_on
    }
    RunParams {
        dataset algorithm base_hash sizes lengths penalties scoring money usage_source
    }
    Scoring {
        accuracy_bps improvement_bps nps_bps users_target units_target min_units small_network
    }
    Seat {
        node_id owner owner_id first_unit units class account attestation_key key_epoch
        device_class
    }
    Seeds { alpha seed assignment check appeal salts }
    Sizes { groups witnesses audit_one_in jury }
    Slice { root samples }
    Turn {
        round_id phase window stage beacon assignment check algorithm base mode shards accepted
    }
    UserEpoch { paid score }
    Window { opened_at ends_at ends_height }
    Worth { improvement offset work }
}

fn packed(record: &impl Pack) -> Vec<u8> {
    let mut bytes = Vec::new();
    record.pack(&mut bytes);
    bytes
}

const KEY: u64 = 7;

/// What a table that holds these bytes answers.
fn loaded<T: Pack>(bytes: &[u8]) -> StdResult<Option<T>> {
    let table: Table<u64, T> = Table::new("records");
    let mut store = MockStorage::new();
    store.set(&table.keys.key(KEY), bytes);
    table.may_load(&store, KEY)
}

/// Read back as it is; not without its last byte, not cut anywhere, not with a byte more.
fn is_read_back<T: Pack + PartialEq + Debug>(record: &T) -> Result<(), TestCaseError> {
    let mut bytes = packed(record);
    prop_assert!(!bytes.is_empty());
    let found = loaded::<T>(&bytes);
    prop_assert_eq!(found.as_ref().ok().and_then(Option::as_ref), Some(record));
    for length in 1..bytes.len() {
        prop_assert!(
            T::unpack(&mut &bytes[..length]).is_none(),
            "{} bytes of {:?}",
            length,
            record
        );
    }
    prop_assert!(bytes.len() == 1 || loaded::<T>(&bytes[..bytes.len() - 1]).is_err());
    bytes.push(0);
    prop_assert!(loaded::<T>(&bytes).is_err(), "one byte more than {:?}", record);
    Ok(())
}

/// Two different texts never mean the same record.
fn is_refused_or_canonical<T: Pack>(bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut rest = bytes;
    if let Some(record) = T::unpack(&mut rest) {
        let read = &bytes[..bytes.len() - rest.len()];
        prop_assert_eq!(packed(&record), read);
    }
    Ok(())
}

#[rstest]
#[case::bool(packed(&true), "01")]
#[case::u16(packed(&0x1234_u16), "1234")]
#[case::negative(packed(&-2_i32), "fffffffe")]
#[case::tokens(packed(&Uint128::new(258)), "00000000000000000000000000000102")]
#[case::time(packed(&Timestamp::from_nanos(259)), "0000000000000103")]
#[case::text(packed(&"né".to_owned()), "00036ec3a9")]
#[case::address(packed(&Addr::unchecked("wasm1a")), "00067761736d3161")]
#[case::bytes(packed(&Binary::from([1, 2])), "00020102")]
#[case::nothing(packed(&None::<u64>), "00")]
#[case::something(packed(&Some(5_u8)), "0105")]
#[case::list(packed(&vec![5_u8, 6]), "00020506")]
#[case::held(packed(&RunStatus::Held { until: Timestamp::from_nanos(1) }), "010000000000000001")]
#[case::closed(packed(&RunStatus::Closed {}), "02")]
#[case::accepted(packed(&Verdict::Accepted { by: Verified::Jury }), "0104")]
#[case::unavailable(packed(&Verdict::Unavailable {}), "04")]
#[case::record(packed(&Sizes { groups: 12, witnesses: 4, audit_one_in: 8, jury: 21 }), "0c040815")]
#[case::fields_in_order(packed(&Penalties { wrong_bps: 1, late_bps: 2, absent_bps: 3 }), "000100020003")]
fn bytes_are_these(#[case] bytes: Vec<u8>, #[case] expected: &str) {
    assert_eq!(hex::encode(bytes), expected);
}

#[rstest]
#[case::bool(bool::unpack(&mut [2].as_slice()).is_none())]
#[case::option(Option::<u8>::unpack(&mut [2, 0].as_slice()).is_none())]
#[case::phase(Phase::unpack(&mut [19].as_slice()).is_none())]
#[case::status(RunStatus::unpack(&mut [3].as_slice()).is_none())]
#[case::verdict(Verdict::unpack(&mut [5].as_slice()).is_none())]
#[case::text_that_is_none(String::unpack(&mut [0, 1, 0xff].as_slice()).is_none())]
#[case::address_that_is_none(Addr::unpack(&mut [0, 1, 0xff].as_slice()).is_none())]
#[case::longer_than_it_is(Binary::unpack(&mut [0, 3, 1, 2].as_slice()).is_none())]
#[case::list_longer_than_it_is(Vec::<u64>::unpack(&mut [0xff; 9].as_slice()).is_none())]
fn what_means_nothing_is_refused(#[case] refused: bool) {
    assert!(refused);
}

#[test]
fn texts_and_lists_have_65535_bytes_or_elements_at_the_most() {
    let text = "a".repeat(65_535);
    assert_eq!(loaded::<String>(&packed(&text)), Ok(Some(text)));
    let list = vec![7_u8; 65_535];
    assert_eq!(loaded::<Vec<u8>>(&packed(&list)), Ok(Some(list)));
    let longer = Binary::from(vec![7; 65_536]);
    assert!(loaded::<Binary>(&packed(&longer)).is_err());
}

#[test]
fn a_table_keeps_what_was_saved_until_it_is_removed() {
    let table: Table<u64, Slice> = Table::new("records");
    let store = &mut MockStorage::new();
    let (one, two) =
        (Slice { root: Hash32([1; 32]), samples: 1 }, Slice { root: Hash32([2; 32]), samples: 2 });
    assert_eq!(table.may_load(store, KEY), Ok(None));
    assert!(!table.has(store, KEY));
    table.save(store, KEY, &one);
    table.save(store, KEY + 1, &two);
    assert!(table.has(store, KEY));
    assert_eq!(table.may_load(store, KEY), Ok(Some(one)));
    table.save(store, KEY, &two);
    assert_eq!(table.may_load(store, KEY), Ok(Some(two)));
    table.remove(store, KEY);
    assert_eq!(table.may_load(store, KEY), Ok(None));
    assert_eq!(table.may_load(store, KEY + 1), Ok(Some(two)));
    let other: Table<u64, Slice> = Table::new("others");
    assert!(!other.has(store, KEY + 1));
}

#[test]
fn work_is_stored_as_others_read_it() {
    let work = ModelWork { work: 7, performance: 900_000 };
    assert_eq!(packed(&work), work.to_bytes());
}
