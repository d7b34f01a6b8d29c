//! A run, a round and what belongs to it, for tests: round 4 of run 2, in the middle of its work.
#![allow(dead_code)] // each test takes what it needs

use cosmwasm_std::{Addr, Binary, Timestamp, Uint128};
use modelbond_interface::nodes::{Member, MemberInfo};
use modelbond_interface::training::{
    Aggregation, AlgorithmTerms, Answer, Check, DatasetTerms, Group, Hash32, Lead, Leader, Ledger,
    Lengths, Mode, MoneyTerms, NewModel, Outcome, Pay, Penalties, Phase, RosterPin, Round, Run,
    RunParams, RunStatus, Scoring, Seat, SeatId, SeatInfo, Seeds, Sizes, Stage, Verdict, Window,
    Worth,
};
use modelbond_rounds::digest::Context;

pub(crate) const MODEL: &str = "wasm1model";

/// The run, opened at second 1,000.
pub(crate) fn run() -> Run {
    Run {
        run_id: 2,
        model: Addr::unchecked(MODEL),
        owner: Addr::unchecked("wasm1creator"),
        opened_at: Timestamp::from_seconds(1_000),
        params: params(),
        status: RunStatus::Open {},
        open_round: Some(4),
        rounds: 4,
        last_seed: Hash32([5; 32]),
        first_epoch: 0,
        best_score: 800_000,
        holds: 0,
        ledger: Ledger {
            budget: Uint128::new(500_000_000),
            bond: Uint128::new(10_000_000),
            ..Ledger::default()
        },
        built_on: None,
    }
}

/// Its parameters: one group of a trainer and two witnesses.
pub(crate) fn params() -> RunParams {
    RunParams {
        dataset: DatasetTerms { root: Hash32([1; 32]), shards: 16, slices: vec![] },
        algorithm: AlgorithmTerms {
            hash: Hash32([2; 32]),
            known_answer: Hash32([3; 32]),
            mode: Mode::Exact,
            aggregation: Aggregation::Mean,
            eta_millionths: 1_000_000,
        },
        base_hash: Hash32([4; 32]),
        sizes: Sizes { groups: 1, witnesses: 2, audit_one_in: 8, jury: 21 },
        lengths: Lengths {
            elect_secs: 6,
            commit_secs: 30,
            reveal_secs: 15,
            check_secs: 30,
            aggregate_secs: 15,
            blocks: 5,
            grid_secs: 3,
            margin_secs: 3,
        },
        penalties: Penalties { wrong_bps: 200, late_bps: 0, absent_bps: 0 },
        scoring: Scoring {
            accuracy_bps: 5_000,
            improvement_bps: 3_000,
            nps_bps: 2_000,
            users_target: 10,
            units_target: 10,
            min_units: 1,
            small_network: true,
        },
        money: MoneyTerms {
            unit_stake: Uint128::new(1_000_000),
            round_budget: Uint128::new(10_000_000),
            min_bond: Uint128::new(10_000_000),
            challenge_bond: Uint128::new(1_000_000),
        },
        usage_source: "wasm1usage".to_owned(),
    }
}

/// The round: commits until second 2,000 and height 100.
pub(crate) fn round() -> Round {
    Round {
        run_id: 2,
        round_id: 4,
        roster: RosterPin { epoch: 20, nodes: 5, units: 50, owners: 4, largest_owner_units: 20 },
        seeds: Seeds {
            alpha: Some(Hash32([7; 32])),
            seed: Some(Hash32([8; 32])),
            assignment: Some(Hash32([9; 32])),
            check: None,
            appeal: None,
            salts: Hash32([0; 32]),
        },
        lead: Lead { leaders: vec![], beacon_only: false, second_output: None, attempt: 0 },
        model: NewModel {
            slice: None,
            aggregate: None,
            committee: 0,
            confirmed: false,
            result_hash: None,
        },
        nps: 2_500,
        budget: Uint128::new(100_000_000),
        phase: Phase::Commit,
        window: Some(window()),
        pin: None,
        beacon: Hash32([6; 32]),
        central_beacon: true,
        groups: 1,
        next: 0,
        appealing: false,
        accepted: 0,
        accepted_units: 0,
        held: false,
        pay: Pay::default(),
        advances: 5,
        opened_at: Timestamp::from_seconds(1_900),
        settled_at: None,
        built_on: None,
        worth: Worth::default(),
    }
}

/// From second 1,950 to second 2,000 and height 100.
pub(crate) fn window() -> Window {
    Window {
        opened_at: Timestamp::from_seconds(1_950),
        ends_at: Timestamp::from_seconds(2_000),
        ends_height: 100,
    }
}

/// A group that works on shard 11.
pub(crate) fn group() -> Group {
    Group {
        group: 0,
        shard: 11,
        seed: Hash32([10; 32]),
        seats: 3,
        auditors: 0,
        jurors: 0,
        jury_stage: None,
        check: Check::None,
        work: None,
        verdict: Verdict::Open {},
        quality: 0,
        challenge: None,
        juror_pay: Uint128::zero(),
        majority: 0,
        wrong: 0,
    }
}

/// A seat of a node with an owner of its own, in which nothing was done.
pub(crate) fn seat(stage: Stage, group: u8, slot: u8, node_id: u64) -> SeatInfo {
    SeatInfo {
        id: SeatId { stage, group, slot },
        seat: Seat {
            node_id,
            owner: Addr::unchecked(format!("wasm1owner{node_id}")),
            owner_id: node_id,
            first_unit: 0,
            units: 10,
            class: 1,
            account: Addr::unchecked(format!("wasm1node{node_id}")),
            attestation_key: Binary::from([2; 33]),
            key_epoch: 12,
            device_class: "jetson_orin".to_owned(),
        },
        commit: None,
        reveal: None,
    }
}

/// A leader who proved.
pub(crate) fn leader(node_id: u64) -> Leader {
    Leader {
        node_id,
        owner: Addr::unchecked(format!("wasm1owner{node_id}")),
        account: Addr::unchecked(format!("wasm1node{node_id}")),
        vrf_key: Hash32([12; 32]),
        owner_id: node_id,
        first_unit: 0,
        units: 10,
        ticket: Uint128::new(77),
        output: Binary::from([13; 64]),
    }
}

/// A member of a roster.
pub(crate) fn member(node_id: u64, units: u32) -> MemberInfo {
    MemberInfo {
        member: Member { node_id, owner_id: node_id, units, class: 1 },
        owner: Addr::unchecked(format!("wasm1owner{node_id}")),
        build: "modelbond 0.1.0".to_owned(),
        arch: "x86_64".to_owned(),
    }
}

/// An answer with a result.
pub(crate) fn answer() -> Answer {
    Answer {
        outcome: Outcome::Result,
        shard_root: Hash32([14; 32]),
        steps: 40,
        samples: 100,
        result_hash: Hash32([15; 32]),
        update_hash: Hash32([16; 32]),
        trace_root: Hash32([17; 32]),
        loss_before: 60_000_000,
        loss_after: 40_000_000,
        correct: 81,
    }
}

/// What the round's digests begin with.
pub(crate) fn context() -> Context {
    Context {
        chain_id: "chain-1".to_owned(),
        contract: "wasm1training".to_owned(),
        run_id: 2,
        round_id: 4,
        beacon: Hash32([6; 32]),
    }
}
