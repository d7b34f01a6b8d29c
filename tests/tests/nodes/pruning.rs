//! Removing old rosters.

use modelbond_interface::nodes::{Directory, MembersResponse, QueryMsg};
use modelbond_nodes::ContractError;
use modelbond_tests::nodes::{RUN, UNIT};
use modelbond_tests::Nodes;
use rstest::rstest;

/// 70 members in the roster of epoch 2, in epoch 4.
fn crowd() -> Nodes {
    let mut nodes = Nodes::on_mock();
    let names: Vec<String> = (0..70).map(|i| format!("machine {i}")).collect();
    let machines: Vec<(&str, &str)> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (if i % 10 == 0 { "bob" } else { "alice" }, name.as_str()))
        .collect();
    for (node_id, (owner, _)) in nodes.fleet(&machines).into_iter().zip(&machines) {
        nodes.stake(owner, node_id, u128::from(node_id) * UNIT).unwrap();
        nodes.ready(owner, RUN, node_id).unwrap();
    }
    nodes.wait_epochs(3);
    nodes
}

/// How many keys the contract has that begin with this map's name and the roster of epoch 2.
fn stored(nodes: &Nodes) -> usize {
    let address = cosmwasm_std::Addr::unchecked(&nodes.address);
    let storage = nodes.chain.app().contract_storage(&address);
    let mut roster = RUN.to_be_bytes().to_vec();
    roster.splice(0..0, [0, 8]);
    let epoch = 2u64.to_be_bytes();
    storage
        .range(None, None, cosmwasm_std::Order::Ascending)
        .filter(|(key, _)| {
            let maps = ["directories", "pages", "members", "owner_units"];
            maps.iter().any(|map| {
                let name = [&[0, map.len() as u8], map.as_bytes()].concat();
                let rest = key.strip_prefix(name.as_slice());
                let rest = rest.and_then(|rest| rest.strip_prefix(roster.as_slice()));
                rest.is_some_and(|rest| rest.windows(8).any(|window| window == epoch))
            })
        })
        .count()
}

#[test]
fn an_old_roster_is_removed_from_its_end_until_nothing_is_left() {
    let mut nodes = crowd();
    assert_eq!(stored(&nodes), 1 + 2 + 70 + 2);
    let of = |i: u64| i + 1;
    let mut left: Vec<u64> = (0..70).map(of).collect();
    for (limit, members) in [(None, 10), (Some(0), 0), (Some(30), 30), (Some(u32::MAX), 30)] {
        let event = nodes.prune(2, limit).unwrap();
        left.truncate(left.len() - members as usize);
        assert_eq!(event.as_ref().map_or(0, |event| event.members), members);
        if let Some(event) = event {
            assert_eq!(event.left as usize, left.len());
        }
        // What is left is a roster like any other.
        let directory = nodes.roster(RUN, 2);
        let units = |ids: &[u64]| ids.iter().sum::<u64>();
        assert_eq!(directory.units, units(&left));
        let pages: Vec<u64> = left.chunks(64).map(units).collect();
        assert_eq!(directory.pages, pages);
        let found: Vec<u64> = nodes.members(RUN, 2).iter().map(|m| m.member.node_id).collect();
        assert_eq!(found, left);
    }
    assert_eq!(nodes.roster(RUN, 2), Directory::default());
    assert_eq!(stored(&nodes), 0);
    assert_eq!(nodes.prune(2, None).unwrap(), None);
    assert_eq!(nodes.prune(1, None).unwrap(), None);
}

#[rstest]
#[case::the_next(5)]
#[case::the_current(4)]
#[case::the_one_that_is_over(3)]
#[case::far_ahead(u64::MAX)]
fn rosters_of_these_epochs_stay(#[case] epoch: u64) {
    let mut nodes = crowd();
    let error = nodes.prune(epoch, None).unwrap_err().nodes();
    let earliest = epoch.saturating_add(2);
    assert_eq!(error, ContractError::NotOld { epoch, now: 4, earliest });
}

#[rstest]
#[case::an_older_one(1, false)]
#[case::this_one(2, false)]
#[case::a_later_one(3, true)]
fn a_roster_that_a_round_may_still_draw_from_stays(#[case] pinned: u64, #[case] pruned: bool) {
    let mut nodes = crowd();
    nodes.pin(Some(pinned));
    let result = nodes.prune(2, None);
    assert_eq!(result.is_ok(), pruned);
    if let Err(failure) = result {
        assert_eq!(failure.nodes(), ContractError::StillPinned { pinned });
    }
}

#[test]
fn members_are_listed_from_any_place_on() {
    let nodes = crowd();
    for (skip, limit, expected) in [
        (None, None, 1..11),
        (Some(50), Some(30), 51..71),
        (Some(60), Some(4), 61..65),
        (Some(63), None, 64..71),
        (Some(70), None, 0..0),
        (Some(u32::MAX), Some(u32::MAX), 0..0),
        (Some(1), Some(u32::MAX), 2..32),
        (None, Some(0), 0..0),
    ] {
        let msg = QueryMsg::Members { run_id: RUN, epoch: 2, skip, limit };
        let answer: MembersResponse = nodes.query(&msg);
        let ids: Vec<u64> = answer.members.iter().map(|info| info.member.node_id).collect();
        assert_eq!(ids, expected.collect::<Vec<u64>>(), "{skip:?} {limit:?}");
    }
}

#[test]
fn a_roster_of_a_run_that_does_not_exist_is_none() {
    let mut nodes = crowd();
    let msg = modelbond_interface::nodes::ExecuteMsg::Prune { run_id: 9, epoch: 2, limit: None };
    let error = nodes.send("stranger", &msg).unwrap_err().nodes();
    assert_eq!(error, ContractError::UnknownRun { run_id: 9 });
}
