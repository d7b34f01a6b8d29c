//! Who is ready: rosters, their directories and their members.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, HexBinary, Order, Uint128};
use modelbond_interface::nodes::{
    Directory, ExecuteMsg, MembersResponse, QueryMsg, Readiness, RosterResponse, RunTerms,
};
use modelbond_nodes::ContractError;
use modelbond_signature::sha256;
use modelbond_tests::nodes::{hash, readiness, terms, RUN, UNIT};
use modelbond_tests::Nodes;
use rstest::rstest;

/// Two nodes of Alice's with 5 and 2 units, one of Bob's with 3, in epoch 1.
fn fleet() -> Nodes {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1"), ("alice", "machine 2"), ("bob", "machine 3")]);
    for (owner, node_id, units) in [("alice", 1, 5), ("alice", 2, 2), ("bob", 3, 3)] {
        nodes.stake(owner, node_id, units * UNIT + 999).unwrap();
    }
    nodes
}

fn members(nodes: &Nodes, epoch: u64) -> Vec<(u64, u32)> {
    let members = nodes.members(RUN, epoch);
    members.iter().map(|info| (info.member.node_id, info.member.units)).collect()
}

fn say(
    nodes: &mut Nodes,
    (who, run_id, node_id): (&str, u64, u64),
    change: impl FnOnce(&mut Readiness),
) -> Result<(), ContractError> {
    let mut readiness = readiness();
    change(&mut readiness);
    let msg = ExecuteMsg::Ready { run_id, node_id, readiness };
    nodes.send(who, &msg).map(drop).map_err(|failure| failure.nodes())
}

#[test]
fn a_node_that_is_ready_is_a_member_of_the_next_epochs_roster() {
    let mut nodes = fleet();
    let event = nodes.ready("alice", RUN, 1).unwrap();
    assert_eq!((event.epoch, event.units, event.arch.as_str()), (2, 5, "aarch64"));
    nodes.ready("machine 3", RUN, 3).unwrap();
    nodes.ready("machine 2", RUN, 2).unwrap();
    assert_eq!(members(&nodes, 2), [(1, 5), (3, 3), (2, 2)]);
    assert_eq!(members(&nodes, 1), []);
    assert_eq!(
        nodes.roster(RUN, 2),
        Directory { members: 3, units: 10, owners: 2, largest_owner_units: 7, pages: vec![10] }
    );
    let infos = nodes.members(RUN, 2);
    assert_eq!(infos[1].owner, Addr::unchecked(nodes.address_of("bob")));
    assert_eq!((infos[1].build.as_str(), infos[1].arch.as_str()), ("modelbond 0.1.0", "aarch64"));
    let owners: Vec<u64> = infos.iter().map(|info| info.member.owner_id).collect();
    assert_eq!(owners, [1, 2, 1]);
    let class = sha256(b"modelbond 0.1.0\0aarch64");
    assert_eq!(infos[0].member.class.to_be_bytes(), class[..4]);
}

#[test]
fn a_roster_is_complete_when_its_epoch_has_begun() {
    let mut nodes = fleet();
    nodes.ready("alice", RUN, 1).unwrap();
    let roster = |nodes: &Nodes| -> RosterResponse {
        nodes.query(&QueryMsg::Roster { run_id: RUN, epoch: 2 })
    };
    assert!(!roster(&nodes).complete);
    nodes.wait_epochs(1);
    let before = roster(&nodes);
    assert!(before.complete);
    // Nothing of it changes any more.
    nodes.ready("alice", RUN, 2).unwrap();
    nodes.stake("alice", 1, 50 * UNIT).unwrap();
    nodes.unstake("alice", 1, 20 * UNIT).unwrap();
    nodes.slash(&[(1, 10_000)]).unwrap();
    assert_eq!(roster(&nodes), before);
    assert_eq!(members(&nodes, 2), [(1, 5)]);
}

#[test]
fn what_was_said_again_in_an_epoch_replaces_the_entry_in_its_place() {
    let mut nodes = fleet();
    for node_id in [1, 2] {
        nodes.ready("alice", RUN, node_id).unwrap();
    }
    say(&mut nodes, ("alice", RUN, 1), |r| r.arch = "x86_64".to_owned()).unwrap();
    assert_eq!(members(&nodes, 2), [(1, 5), (2, 2)]);
    let info = &nodes.members(RUN, 2)[0];
    assert_eq!(info.arch, "x86_64");
    assert_eq!(info.member.class.to_be_bytes(), sha256(b"modelbond 0.1.0\0x86_64")[..4]);
    assert_eq!(nodes.roster(RUN, 2).members, 2);
}

#[test]
fn readiness_is_said_in_each_epoch() {
    let mut nodes = fleet();
    nodes.ready("alice", RUN, 1).unwrap();
    nodes.wait_epochs(1);
    nodes.ready("bob", RUN, 3).unwrap();
    assert_eq!((members(&nodes, 2), members(&nodes, 3)), (vec![(1, 5)], vec![(3, 3)]));
}

#[test]
fn the_next_roster_follows_a_stake_up_and_down() {
    let mut nodes = fleet();
    for (owner, node_id) in [("alice", 1), ("alice", 2), ("bob", 3)] {
        nodes.ready(owner, RUN, node_id).unwrap();
    }
    nodes.stake("alice", 1, 1).unwrap(); // makes a whole unit of what was left over
    assert_eq!(members(&nodes, 2), [(1, 6), (2, 2), (3, 3)]);
    nodes.unstake("bob", 3, 3 * UNIT).unwrap();
    assert_eq!(members(&nodes, 2), [(1, 6), (2, 2), (3, 0)]);
    let directory =
        Directory { members: 3, units: 8, owners: 1, largest_owner_units: 8, pages: vec![8] };
    assert_eq!(nodes.roster(RUN, 2), directory);
    // After a decrease the largest owner's units may be too high, never too low.
    nodes.unstake("alice", 2, UNIT).unwrap();
    assert_eq!(nodes.roster(RUN, 2), Directory { units: 7, pages: vec![7], ..directory });
    nodes.stake("bob", 3, 9 * UNIT).unwrap();
    assert_eq!(
        nodes.roster(RUN, 2),
        Directory { members: 3, units: 16, owners: 2, largest_owner_units: 9, pages: vec![16] }
    );
}

#[test]
fn a_stake_of_one_model_is_nothing_in_a_run_of_another() {
    let mut nodes = fleet();
    let other = nodes.another_token();
    nodes.set_run(terms(2, &other)).unwrap();
    let (stake, unit_stake) = (Uint128::zero(), Uint128::new(UNIT));
    let no_unit = ContractError::NoUnit { node_id: 1, stake, unit_stake };
    assert_eq!(nodes.ready("alice", 2, 1).unwrap_err().nodes(), no_unit);
    nodes.stake_of(&other, "alice", 1, 4 * UNIT).unwrap();
    nodes.ready("alice", 2, 1).unwrap();
    nodes.ready("alice", RUN, 1).unwrap();
    nodes.unstake("alice", 1, 5 * UNIT).unwrap();
    assert_eq!((nodes.roster(RUN, 2).units, nodes.roster(2, 2).units), (0, 4));
}

#[test]
fn a_stake_counts_in_every_run_of_its_model_in_the_runs_own_units() {
    let mut nodes = fleet();
    let unit_stake = Uint128::new(2 * UNIT);
    nodes.set_run(RunTerms { unit_stake, ..terms(2, &nodes.token) }).unwrap();
    for run_id in [RUN, 2] {
        nodes.ready("alice", run_id, 1).unwrap();
    }
    assert_eq!((nodes.roster(RUN, 2).units, nodes.roster(2, 2).units), (5, 2));
    nodes.stake("alice", 1, 3 * UNIT).unwrap();
    assert_eq!((nodes.roster(RUN, 2).units, nodes.roster(2, 2).units), (8, 4));
    nodes.slash(&[(1, 10_000)]).unwrap();
    assert_eq!((nodes.roster(RUN, 2).units, nodes.roster(2, 2).units), (0, 0));
}

#[test]
fn a_node_is_ready_for_at_most_eight_runs_of_a_model_in_an_epoch() {
    let mut nodes = fleet();
    for run_id in 2..=9 {
        nodes.set_run(terms(run_id, &nodes.token)).unwrap();
        nodes.ready("alice", run_id, 1).unwrap();
    }
    nodes.ready("alice", 9, 1).unwrap();
    let error = nodes.ready("alice", RUN, 1).unwrap_err().nodes();
    assert_eq!(error, ContractError::TooManyRuns { node_id: 1, epoch: 2, most: 8 });
    nodes.ready("alice", RUN, 2).unwrap();
    nodes.slash(&[(1, 10_000)]).unwrap();
    for run_id in 2..=9 {
        assert_eq!(nodes.roster(run_id, 2).units, 0);
    }
    nodes.wait_epochs(1);
    nodes.stake("alice", 1, UNIT).unwrap();
    nodes.ready("alice", RUN, 1).unwrap();
}

#[rstest]
#[case::dataset(|r: &mut Readiness| r.dataset_root = hash("x"), |run_id, expected, actual| {
    ContractError::WrongDataset { run_id, expected, actual }
}, "dataset")]
#[case::algorithm(|r: &mut Readiness| r.algorithm_hash = hash("x"), |run_id, expected, actual| {
    ContractError::WrongAlgorithm { run_id, expected, actual }
}, "algorithm")]
#[case::answer(|r: &mut Readiness| r.known_answer = hash("x"), |run_id, expected, actual| {
    ContractError::WrongAnswer { run_id, expected, actual }
}, "answer")]
fn who_has_something_else_is_not_ready(
    #[case] change: fn(&mut Readiness),
    #[case] error: fn(u64, HexBinary, HexBinary) -> ContractError,
    #[case] right: &str,
) {
    let mut nodes = fleet();
    let result = say(&mut nodes, ("alice", RUN, 1), change);
    assert_eq!(result, Err(error(RUN, hash(right), hash("x"))));
    assert_eq!(nodes.roster(RUN, 2), Directory::default());
}

#[test]
fn a_run_that_changed_its_algorithm_wants_its_new_answer() {
    let mut nodes = fleet();
    let (algorithm_hash, known_answer) = (hash("algorithm 2"), hash("answer 2"));
    let model = nodes.token.clone();
    nodes.set_run(RunTerms { algorithm_hash, known_answer, ..terms(RUN, &model) }).unwrap();
    let result = say(&mut nodes, ("alice", RUN, 1), |_| {});
    assert!(matches!(result, Err(ContractError::WrongAlgorithm { .. })));
    let result = say(&mut nodes, ("alice", RUN, 1), |r| r.algorithm_hash = hash("algorithm 2"));
    assert!(matches!(result, Err(ContractError::WrongAnswer { .. })));
    say(&mut nodes, ("alice", RUN, 1), |readiness| {
        readiness.algorithm_hash = hash("algorithm 2");
        readiness.known_answer = hash("answer 2");
    })
    .unwrap();
}

#[test]
fn model_unit_and_dataset_of_a_run_stay() {
    let mut nodes = fleet();
    let (token, other) = (nodes.token.clone(), nodes.another_token());
    let of = |change: fn(&mut RunTerms)| {
        let mut terms = terms(RUN, &token);
        change(&mut terms);
        terms
    };
    for (terms, field) in [
        (terms(RUN, &other), "model"),
        (of(|terms| terms.unit_stake = Uint128::new(UNIT + 1)), "unit_stake"),
        (of(|terms| terms.dataset_root = hash("x")), "dataset_root"),
    ] {
        let error = nodes.set_run(terms).unwrap_err().nodes();
        assert_eq!(error, ContractError::RunFixed { run_id: RUN, field });
    }
}

#[test]
fn keys_must_count_in_the_next_epoch() {
    let mut nodes = fleet();
    nodes.register("carol", "machine 4").unwrap();
    nodes.stake("carol", 4, UNIT).unwrap();
    let error = nodes.ready("carol", RUN, 4).unwrap_err().nodes();
    assert_eq!(error, ContractError::NoKeys { node_id: 4, epoch: 2 });
    // Before they count themselves, the account of the keys that will may say it.
    nodes.wait_epochs(1);
    nodes.ready("machine 4", RUN, 4).unwrap();
}

#[test]
fn only_the_owner_or_the_nodes_account_says_that_it_is_ready() {
    let mut nodes = fleet();
    for stranger in ["bob", "machine 2", "training", "stranger"] {
        let sender = Addr::unchecked(nodes.address_of(stranger));
        let result = say(&mut nodes, (stranger, RUN, 1), |_| {});
        assert_eq!(result, Err(ContractError::NotOfNode { node_id: 1, sender }));
    }
}

#[test]
fn unknown_runs_and_nodes_are_refused() {
    let mut nodes = fleet();
    let result = say(&mut nodes, ("alice", 7, 1), |_| {});
    assert_eq!(result, Err(ContractError::UnknownRun { run_id: 7 }));
    let result = say(&mut nodes, ("alice", RUN, 4), |_| {});
    assert_eq!(result, Err(ContractError::UnknownNode { node_id: 4 }));
}

#[test]
fn more_units_than_a_member_can_have_are_refused_and_never_rounded() {
    let mut nodes = fleet();
    // The model is an account that says to be a token, whose unit is one.
    let (model, unit_stake) = (nodes.address_of("mallory"), Uint128::one());
    nodes.set_run(RunTerms { unit_stake, ..terms(2, &model) }).unwrap();
    let stake = |nodes: &mut Nodes, amount: u128| {
        let sender = nodes.address_of("alice");
        let stake = modelbond_interface::nodes::ReceiveMsg::Stake { node_id: 1 };
        let msg = cosmwasm_std::to_json_binary(&stake).unwrap();
        let amount = Uint128::new(amount);
        let received = cw20::Cw20ReceiveMsg { sender, amount, msg };
        nodes.send("mallory", &ExecuteMsg::Receive(received)).map_err(|failure| failure.nodes())
    };
    let most = u128::from(u32::MAX);
    stake(&mut nodes, most).unwrap();
    nodes.ready("alice", 2, 1).unwrap();
    assert_eq!(nodes.roster(2, 2).units, u64::from(u32::MAX));
    let too_many =
        ContractError::TooManyUnits { run_id: 2, units: Uint128::new(most + 1), most: u32::MAX };
    assert_eq!(stake(&mut nodes, 1).unwrap_err(), too_many);
    nodes.wait_epochs(1);
    stake(&mut nodes, 1).unwrap();
    assert_eq!(nodes.ready("alice", 2, 1).unwrap_err().nodes(), too_many);
}

#[test]
fn a_roster_has_pages_of_sixty_four_and_at_most_4096_members() {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1"), ("bob", "machine 2")]);
    nodes.stake("alice", 1, UNIT).unwrap();
    nodes.stake("bob", 2, 7 * UNIT).unwrap();
    // Members of other owners, written as the contract writes them.
    fill(&mut nodes, 127);
    nodes.ready("alice", RUN, 1).unwrap();
    assert_eq!(nodes.roster(RUN, 2).pages, [64, 64]);
    nodes.ready("bob", RUN, 2).unwrap();
    assert_eq!(nodes.roster(RUN, 2).pages, [64, 64, 7]);
    let last: MembersResponse =
        nodes.query(&QueryMsg::Members { run_id: RUN, epoch: 2, skip: Some(127), limit: None });
    let ids: Vec<u64> = last.members.iter().map(|info| info.member.node_id).collect();
    assert_eq!(ids, [1, 2]);
    nodes.stake("alice", 1, UNIT).unwrap();
    assert_eq!(nodes.roster(RUN, 2).pages, [64, 65, 7]);

    nodes.wait_epochs(1);
    fill(&mut nodes, 4_095);
    nodes.ready("bob", RUN, 2).unwrap();
    assert_eq!(nodes.roster(RUN, 3).pages.len(), 64);
    let error = nodes.ready("alice", RUN, 1).unwrap_err().nodes();
    assert_eq!(error, ContractError::RosterFull { run_id: RUN, epoch: 3, most: 4_096 });
    // Who is in it already says it again.
    nodes.ready("bob", RUN, 2).unwrap();
}

/// What is stored of a map of this name.
fn stored(nodes: &Nodes, map: &str) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let name = [&[0, map.len() as u8], map.as_bytes()].concat();
    let storage = nodes.chain.app().contract_storage(&Addr::unchecked(&nodes.address));
    let all = storage.range(None, None, Order::Ascending);
    all.filter(|(key, _)| key.starts_with(&name)).collect()
}

#[test]
fn a_change_writes_one_page_and_the_directory() {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1"), ("bob", "machine 2")]);
    nodes.stake("alice", 1, UNIT).unwrap();
    nodes.stake("bob", 2, UNIT).unwrap();
    fill(&mut nodes, 127);
    let steps: [fn(&mut Nodes); 5] = [
        |nodes| drop(nodes.ready("alice", RUN, 1).unwrap()),
        |nodes| drop(nodes.ready("bob", RUN, 2).unwrap()),
        |nodes| drop(nodes.stake("alice", 1, 3 * UNIT).unwrap()),
        |nodes| drop(nodes.unstake("alice", 1, UNIT).unwrap()),
        |nodes| drop(nodes.slash(&[(2, 10)]).unwrap()),
    ];
    for (step, act) in steps.into_iter().enumerate() {
        let before = ["pages", "directories"].map(|map| stored(&nodes, map));
        act(&mut nodes);
        let after = ["pages", "directories"].map(|map| stored(&nodes, map));
        let changed = [0, 1].map(|map| {
            after[map].iter().filter(|(key, value)| before[map].get(*key) != Some(value)).count()
        });
        assert_eq!(changed, [1, 1], "step {step}");
    }
    // What changes no whole unit changes neither.
    let before = ["pages", "directories"].map(|map| stored(&nodes, map));
    nodes.stake("alice", 1, UNIT - 1).unwrap();
    assert_eq!(["pages", "directories"].map(|map| stored(&nodes, map)), before);
}

/// Gives the roster of the next epoch this many members with one unit each, of as many owners.
fn fill(nodes: &mut Nodes, members: u32) {
    use modelbond_interface::nodes::{Member, PAGE_MEMBERS};
    use modelbond_nodes::state::{DIRECTORIES, OWNER_UNITS, PAGES};
    let epoch = nodes.epoch() + 1;
    let address = Addr::unchecked(&nodes.address);
    let mut storage = nodes.chain.app_mut().contract_storage_mut(&address);
    let all: Vec<Member> = (0..members)
        .map(|place| {
            let id = 10_000 + u64::from(place);
            Member { node_id: id, owner_id: id, units: 1, class: 0 }
        })
        .collect();
    for (page, members) in all.chunks(PAGE_MEMBERS).enumerate() {
        let bytes: Vec<u8> = members.iter().flat_map(Member::to_bytes).collect();
        storage.set(&PAGES.key((RUN, epoch, page as u32)), &bytes);
    }
    for member in &all {
        OWNER_UNITS.save(&mut *storage, (RUN, epoch, member.owner_id), &1).unwrap();
    }
    let directory = Directory {
        members,
        units: u64::from(members),
        owners: members,
        largest_owner_units: 1,
        pages: all.chunks(PAGE_MEMBERS).map(|page| page.len() as u64).collect(),
    };
    DIRECTORIES.save(&mut *storage, (RUN, epoch), &directory).unwrap();
}
