//! Parameters of a run, at their bounds and one past them.

use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    Aggregation, AlgorithmTerms, DatasetTerms, Hash32, Lengths, Mode, MoneyTerms, Penalties,
    RunParams, Scoring, Sizes,
};
use modelbond_rounds::machine::checked_params;
use modelbond_rounds::RoundError;
use rstest::rstest;

const WEEK: u64 = 604_800;

fn params() -> RunParams {
    RunParams {
        dataset: DatasetTerms { root: Hash32([1; 32]), shards: 7, slices: vec![] },
        algorithm: AlgorithmTerms {
            hash: Hash32([2; 32]),
            known_answer: Hash32([3; 32]),
            mode: Mode::Exact,
            aggregation: Aggregation::Mean,
            eta_millionths: 1_000_000,
        },
        base_hash: Hash32([4; 32]),
        sizes: Sizes { groups: 2, witnesses: 2, audit_one_in: 4, jury: 21 },
        lengths: Lengths {
            elect_secs: 6,
            commit_secs: 30,
            reveal_secs: 15,
            check_secs: 20,
            aggregate_secs: 10,
            blocks: 2,
            grid_secs: 5,
            margin_secs: 2,
        },
        penalties: Penalties { wrong_bps: 1_000, late_bps: 100, absent_bps: 10 },
        scoring: Scoring {
            accuracy_bps: 5_000,
            improvement_bps: 3_000,
            nps_bps: 2_000,
            users_target: 10,
            units_target: 100,
            min_units: 1,
            small_network: false,
        },
        money: MoneyTerms {
            unit_stake: Uint128::new(1),
            round_budget: Uint128::new(1),
            min_bond: Uint128::zero(),
            challenge_bond: Uint128::one(),
        },
        usage_source: "source".to_owned(),
    }
}

/// Bounds of a field; a bound of an integer type has nothing past it.
#[rstest]
#[case::shards("shards", 1, 65_536, |p: &mut RunParams, n: u64| p.dataset.shards = n as u32)]
#[case::eta("eta_millionths", 1, 10_000_000, |p: &mut RunParams, n: u64| p.algorithm.eta_millionths = n as u32)]
#[case::witnesses("witnesses", 0, 8, |p: &mut RunParams, n: u64| p.sizes.witnesses = n as u8)]
#[case::audits("audit_one_in", 1, 64, |p: &mut RunParams, n: u64| p.sizes.audit_one_in = n as u8)]
#[case::jury("jury", 3, 21, |p: &mut RunParams, n: u64| p.sizes.jury = n as u8)]
#[case::elect("elect_secs", 1, WEEK, |p: &mut RunParams, n: u64| p.lengths.elect_secs = n)]
#[case::commit("commit_secs", 1, WEEK, |p: &mut RunParams, n: u64| p.lengths.commit_secs = n)]
#[case::reveal("reveal_secs", 1, WEEK, |p: &mut RunParams, n: u64| p.lengths.reveal_secs = n)]
#[case::check("check_secs", 1, WEEK, |p: &mut RunParams, n: u64| p.lengths.check_secs = n)]
#[case::aggregate("aggregate_secs", 1, WEEK, |p: &mut RunParams, n: u64| p.lengths.aggregate_secs = n)]
#[case::blocks("blocks", 1, 1_000, |p: &mut RunParams, n: u64| p.lengths.blocks = n as u32)]
#[case::grid("grid_secs", 1, 86_400, |p: &mut RunParams, n: u64| p.lengths.grid_secs = n)]
#[case::margin("margin_secs", 1, 3_600, |p: &mut RunParams, n: u64| p.lengths.margin_secs = n)]
#[case::wrong("wrong_bps", 0, 5_000, |p: &mut RunParams, n: u64| p.penalties.wrong_bps = n as u16)]
#[case::late("late_bps", 0, 500, |p: &mut RunParams, n: u64| p.penalties.late_bps = n as u16)]
#[case::absent("absent_bps", 0, 100, |p: &mut RunParams, n: u64| p.penalties.absent_bps = n as u16)]
#[case::users("users_target", 1, u32::MAX.into(), |p: &mut RunParams, n: u64| p.scoring.users_target = n as u32)]
#[case::units("units_target", 1, u32::MAX.into(), |p: &mut RunParams, n: u64| p.scoring.units_target = n as u32)]
fn a_field_is_taken_up_to_its_bounds_and_not_past_them(
    #[case] field: &'static str,
    #[case] least: u64,
    #[case] most: u64,
    #[case] set: fn(&mut RunParams, u64),
) {
    let check = |value| {
        let mut params = params();
        set(&mut params, value);
        checked_params(&params, u64::MAX)
    };
    for inside in [least, most] {
        assert_eq!(check(inside), Ok(()), "{inside}");
    }
    let outside = [least.checked_sub(1), Some(most + 1).filter(|past| *past != 1 << 32)];
    for actual in outside.into_iter().flatten() {
        assert_eq!(check(actual), Err(RoundError::Bounds { field, least, most, actual }));
    }
}

#[rstest]
#[case::one_alone(1, 0, Ok(()))]
#[case::most_groups(16, 4, Ok(()))]
#[case::most_witnesses(8, 8, Ok(()))]
#[case::no_group(0, 0, Err(("groups", 1, 16, 0)))]
#[case::one_group_too_many(17, 0, Err(("groups", 1, 16, 17)))]
#[case::all_groups_and_five_witnesses(16, 5, Err(("groups · (1 + witnesses)", 1, 80, 96)))]
#[case::nine_groups_and_all_witnesses(9, 8, Err(("groups · (1 + witnesses)", 1, 80, 81)))]
fn seats_are_at_most_80(
    #[case] groups: u8,
    #[case] witnesses: u8,
    #[case] expected: Result<(), (&'static str, u64, u64, u64)>,
) {
    let mut params = params();
    params.sizes = Sizes { groups, witnesses, ..params.sizes };
    let expected = expected.map_err(|(field, least, most, actual)| RoundError::Bounds {
        field,
        least,
        most,
        actual,
    });
    assert_eq!(checked_params(&params, u64::MAX), expected);
}

#[rstest]
#[case::too_little(5_000, 3_000, 1_999, 9_999)]
#[case::too_much(5_000, 3_000, 2_001, 10_001)]
#[case::none(0, 0, 0, 0)]
#[case::past_the_type(65_535, 65_535, 65_535, 196_605)]
fn weights_are_the_whole(
    #[case] accuracy_bps: u16,
    #[case] improvement_bps: u16,
    #[case] nps_bps: u16,
    #[case] sum: u64,
) {
    let mut params = params();
    params.scoring = Scoring { accuracy_bps, improvement_bps, nps_bps, ..params.scoring };
    assert_eq!(checked_params(&params, u64::MAX), Err(RoundError::Weights { sum }));
}

#[test]
fn a_unit_and_a_round_cost_something() {
    let bounds = |field| RoundError::Bounds { field, least: 1, most: u64::MAX, actual: 0 };
    let mut free = params();
    free.money.unit_stake = Uint128::zero();
    assert_eq!(checked_params(&free, u64::MAX), Err(bounds("unit_stake")));
    let mut unpaid = params();
    unpaid.money.round_budget = Uint128::zero();
    assert_eq!(checked_params(&unpaid, u64::MAX), Err(bounds("round_budget")));
    let mut unbonded = params();
    unbonded.money.challenge_bond = Uint128::zero();
    assert_eq!(checked_params(&unbonded, u64::MAX), Err(bounds("challenge_bond")));
    let mut rich = params();
    rich.money.unit_stake = Uint128::MAX;
    rich.money.round_budget = Uint128::MAX;
    assert_eq!(checked_params(&rich, u64::MAX), Ok(()));
}

#[rstest]
#[case::all(32, Ok(()))]
#[case::one_more(33, Err(RoundError::TooManySlices { most: 32, actual: 33 }))]
fn slices_are_at_most_32(#[case] count: usize, #[case] expected: Result<(), RoundError>) {
    let mut params = params();
    params.dataset.slices = vec![Hash32([5; 32]); count];
    assert_eq!(checked_params(&params, u64::MAX), expected);
}

/// Elect, commit, 2 · check, 6 · aggregate, 6 · reveal, 4 · (grid + margin); where witnesses score, one
/// more of check and reveal.
#[rstest]
#[case::exact(Mode::Exact, 6 + 30 + 2 * 20 + 6 * 10 + 6 * 15 + 4 * 7)]
#[case::scored(Mode::Scored, 6 + 30 + 3 * 20 + 6 * 10 + 7 * 15 + 4 * 7)]
fn unbonding_is_twice_as_long_as_the_longest_round(#[case] mode: Mode, #[case] longest_secs: u64) {
    let mut params = params();
    params.algorithm.mode = mode;
    assert_eq!(checked_params(&params, 2 * longest_secs), Ok(()));
    let unbonding_secs = 2 * longest_secs - 1;
    let expected = Err(RoundError::TooLong { longest_secs, unbonding_secs });
    assert_eq!(checked_params(&params, unbonding_secs), expected);
}
