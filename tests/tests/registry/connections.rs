//! The graph of models: who connects what, why, and how it ends.

use cosmwasm_std::Addr;
use modelbond_interface::registry::{
    ConnectionKind, ConnectionsResponse, Direction, ModelsConnected, ModelsDisconnected, QueryMsg,
};
use modelbond_registry::ContractError;
use modelbond_tests::Registry;
use rstest::rstest;
use ConnectionKind::{Cites, Deploys, Derived, UsesData};

/// Alice's model and Bob's.
fn with_two_models() -> (Registry, String, String) {
    let mut registry = Registry::on_mock();
    let (one, two) = (registry.open("alice", "ONE"), registry.open("bob", "TWO"));
    (registry, one, two)
}

/// The numbers of the others, and why.
fn seen(registry: &Registry, model: &str, end: Direction) -> Vec<(u32, Vec<ConnectionKind>)> {
    let connections = registry.connections(model, end);
    connections.into_iter().map(|one| (one.number, one.kinds)).collect()
}

#[rstest]
#[case::uses_data(UsesData, "uses_data")]
#[case::cites(Cites, "cites")]
#[case::deploys(Deploys, "deploys")]
fn models_are_connected_and_disconnected(#[case] kind: ConnectionKind, #[case] name: &str) {
    let (mut registry, one, two) = with_two_models();
    let before = registry.stored();
    let event = registry.connect("alice", (&one, &two), kind).unwrap();
    let (from, to, name) = (one.clone(), two.clone(), name.to_owned());
    assert_eq!(event, ModelsConnected { from, to, kind: name.clone(), h: 1 });
    assert_eq!(seen(&registry, &one, Direction::From), [(2, vec![kind])]);
    assert_eq!(seen(&registry, &two, Direction::To), [(1, vec![kind])]);
    assert_eq!(seen(&registry, &one, Direction::To), []);
    assert_eq!(seen(&registry, &two, Direction::From), []);
    let connection = &registry.connections(&two, Direction::To)[0];
    assert_eq!((connection.from.as_str(), connection.to.as_str()), (one.as_str(), two.as_str()));
    assert_eq!(registry.model(&two).citations, 1);

    let event = registry.disconnect("alice", (&one, &two), kind).unwrap();
    let (from, to) = (one.clone(), two.clone());
    assert_eq!(event, ModelsDisconnected { from, to, kind: name, h: 0 });
    assert_eq!(registry.stored(), before, "nothing is left of it");
}

#[test]
fn a_pair_counts_once_whatever_the_kinds() {
    let (mut registry, one, two) = with_two_models();
    for kind in [Deploys, UsesData, Cites] {
        assert_eq!(registry.connect("alice", (&one, &two), kind).unwrap().h, 1);
        assert_eq!(registry.h_index("bob").citations, 1);
    }
    // In the order of kinds, not of connecting.
    assert_eq!(seen(&registry, &one, Direction::From), [(2, vec![UsesData, Cites, Deploys])]);
    assert_eq!(registry.disconnect("alice", (&one, &two), UsesData).unwrap().h, 1);
    assert_eq!(registry.disconnect("alice", (&one, &two), Deploys).unwrap().h, 1);
    assert_eq!(seen(&registry, &two, Direction::To), [(1, vec![Cites])]);
    assert_eq!(registry.model(&two).citations, 1);
    assert_eq!(registry.disconnect("alice", (&one, &two), Cites).unwrap().h, 0);
    assert_eq!(registry.model(&two).citations, 0);
}

#[test]
fn both_ways_are_two_connections() {
    let (mut registry, one, two) = with_two_models();
    registry.connect("alice", (&one, &two), Cites).unwrap();
    registry.connect("bob", (&two, &one), Deploys).unwrap();
    assert_eq!(seen(&registry, &one, Direction::From), [(2, vec![Cites])]);
    assert_eq!(seen(&registry, &one, Direction::To), [(2, vec![Deploys])]);
    assert_eq!((registry.h_index("alice").h, registry.h_index("bob").h), (1, 1));
    registry.disconnect("alice", (&one, &two), Cites).unwrap();
    assert_eq!(seen(&registry, &one, Direction::To), [(2, vec![Deploys])]);
    assert_eq!((registry.h_index("alice").h, registry.h_index("bob").h), (1, 0));
}

#[test]
fn a_connection_is_made_once_and_ended_once() {
    let (mut registry, one, two) = with_two_models();
    let (from, to) = (Addr::unchecked(&one), Addr::unchecked(&two));
    let kind = Cites;
    let not_connected = || ContractError::NotConnected { from: from.clone(), to: to.clone(), kind };
    let error = registry.disconnect("alice", (&one, &two), kind).unwrap_err().registry();
    assert_eq!(error, not_connected());
    registry.connect("alice", (&one, &two), kind).unwrap();
    registry.connect("alice", (&one, &two), Deploys).unwrap();
    let error = registry.connect("alice", (&one, &two), kind).unwrap_err().registry();
    let (a, b) = (from.clone(), to.clone());
    assert_eq!(error, ContractError::Connected { from: a, to: b, kind });
    registry.disconnect("alice", (&one, &two), kind).unwrap();
    let error = registry.disconnect("alice", (&one, &two), kind).unwrap_err().registry();
    assert_eq!(error, not_connected());
}

#[test]
fn what_a_model_was_opened_on_stays_and_what_its_owner_says_besides_does_not() {
    let mut registry = Registry::on_mock();
    let parent = registry.open("alice", "ONE");
    let child = registry.open_on("bob", "TWO", &[&parent]);
    let other = registry.open("bob", "THREE");
    let pair = (&*child, &*parent);
    let [from, to] = [&child, &parent].map(|model| Addr::unchecked(model.as_str()));
    let error = registry.connect("bob", pair, Derived).unwrap_err().registry();
    let (a, b) = (from.clone(), to.clone());
    assert_eq!(error, ContractError::Connected { from: a, to: b, kind: Derived });
    let error = registry.disconnect("bob", pair, Derived).unwrap_err().registry();
    assert_eq!(error, ContractError::ParentForEver { from, to });
    for pair in [(&*other, &*parent), (&*child, &*other), (&*parent, &*child)] {
        let owner = if pair.0 == parent { "alice" } else { "bob" };
        registry.connect(owner, pair, Derived).unwrap();
        registry.disconnect(owner, pair, Derived).unwrap();
    }
    // Other reasons come and go; the pair stays.
    registry.connect("bob", (&child, &parent), UsesData).unwrap();
    assert_eq!(seen(&registry, &parent, Direction::To), [(2, vec![Derived, UsesData])]);
    assert_eq!(registry.h_index("alice").citations, 1);
    assert_eq!(registry.disconnect("bob", (&child, &parent), UsesData).unwrap().h, 1);
    assert_eq!(seen(&registry, &parent, Direction::To), [(2, vec![Derived])]);
    assert_eq!(registry.h_index("alice").citations, 1);
}

#[test]
fn a_model_is_not_connected_to_itself() {
    let (mut registry, one, _) = with_two_models();
    for kind in ConnectionKind::ALL {
        let error = registry.connect("alice", (&one, &one), kind).unwrap_err().registry();
        assert_eq!(error, ContractError::SelfConnection { model: Addr::unchecked(&one) });
    }
}

#[test]
fn only_the_owner_of_the_model_that_points_connects() {
    let (mut registry, one, two) = with_two_models();
    registry.connect("alice", (&one, &two), Deploys).unwrap();
    for who in ["bob", "carol"] {
        let [owner, sender] = ["alice", who].map(|who| Addr::unchecked(registry.account(who)));
        let refused = || ContractError::NotOwner {
            model: Addr::unchecked(&one),
            owner: owner.clone(),
            sender: sender.clone(),
        };
        let error = registry.connect(who, (&one, &two), Cites).unwrap_err().registry();
        assert_eq!(error, refused());
        let error = registry.disconnect(who, (&one, &two), Deploys).unwrap_err().registry();
        assert_eq!(error, refused());
    }
}

#[test]
fn connections_are_listed_by_the_number_of_the_other_in_pages() {
    let mut registry = Registry::on_mock();
    let hub = registry.open("alice", "HUB");
    let mut others: Vec<String> =
        (0..34).map(|place| registry.open("bob", &format!("MODEL{place}"))).collect();
    others.reverse(); // connected from the newest to the oldest
    for other in &others {
        registry.connect("bob", (other, &hub), Cites).unwrap();
        registry.connect("alice", (&hub, other), UsesData).unwrap();
    }
    for direction in [Direction::To, Direction::From] {
        let page = |start_after, limit| -> Vec<u32> {
            let model = hub.clone();
            let msg = QueryMsg::Connections { model, direction, start_after, limit };
            let answer: ConnectionsResponse = registry.query(&msg);
            answer.connections.iter().map(|one| one.number).collect()
        };
        assert_eq!(page(None, None), (2..=11).collect::<Vec<_>>());
        assert_eq!(page(None, Some(1_000)), (2..=31).collect::<Vec<_>>());
        assert_eq!(page(Some(31), Some(1_000)), (32..=35).collect::<Vec<_>>());
        assert_eq!(page(Some(5), Some(2)), [6, 7]);
        assert_eq!(page(Some(35), None), [0u32; 0]);
        assert_eq!(page(None, Some(0)), [0u32; 0]);
    }
}

/// Entries that one message changed.
fn touched(registry: &mut Registry, story: impl FnOnce(&mut Registry)) -> usize {
    let before = registry.stored();
    story(registry);
    let after = registry.stored();
    let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value)).count();
    changed + before.keys().filter(|key| !after.contains_key(*key)).count()
}

#[test]
fn a_connection_touches_no_more_entries_in_a_large_graph() {
    let mut registry = Registry::on_mock();
    let one = registry.open("alice", "ONE");
    let first = registry.open("bob", "FIRST");
    let small = touched(&mut registry, |registry| {
        registry.connect("bob", (&first, &one), Cites).unwrap();
    });
    // Pair, way back, citations, how many models have one, the creator.
    assert_eq!(small, 5);
    for place in 0..30 {
        let other = registry.open("bob", &format!("MODEL{place}"));
        registry.connect("bob", (&other, &one), Cites).unwrap();
    }
    let last = registry.open("bob", "LAST");
    // One entry more: how many models had as many before.
    let large = touched(&mut registry, |registry| {
        registry.connect("bob", (&last, &one), Cites).unwrap();
    });
    assert_eq!(large, 6);
    let ended = touched(&mut registry, |registry| {
        registry.disconnect("bob", (&last, &one), Cites).unwrap();
    });
    assert_eq!(ended, 6);
}
