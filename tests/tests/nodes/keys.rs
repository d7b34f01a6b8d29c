//! Registering, new keys, taking them back, going out of service.

use cosmwasm_std::{Addr, HexBinary};
use modelbond_interface::bridge::Scheme;
use modelbond_interface::nodes::{ExecuteMsg, NodesResponse, QueryMsg};
use modelbond_nodes::ContractError;
use modelbond_tests::nodes::{register_message, CLASS};
use modelbond_tests::{Chain, Machine, Nodes};
use rstest::rstest;

/// Since when keys count, and the VRF key, for each of these epochs.
fn history(nodes: &Nodes, node_id: u64, epochs: std::ops::Range<u64>) -> Vec<(u64, HexBinary)> {
    epochs
        .map(|epoch| {
            let found = nodes.keys(epoch, &[node_id]).unwrap().remove(0).keys;
            (found.from_epoch, found.vrf_key)
        })
        .collect()
}

fn vrf(machine: &str) -> HexBinary {
    Machine::called(machine).vrf.into()
}

#[test]
fn a_registered_node_is_the_owners_and_its_keys_count_two_epochs_later() {
    let mut nodes = Nodes::on_mock();
    nodes.wait_epochs(3);
    let event = nodes.register("alice", "machine 1").unwrap();
    let machine = Machine::called("machine 1");
    assert_eq!(event.node_id, 1);
    assert_eq!(event.owner, nodes.address_of("alice"));
    assert_eq!(event.attestation_key, machine.person.key.public_key().compressed().to_string());
    assert_eq!(event.vrf_key, vrf("machine 1").to_hex());
    assert_eq!((event.from_epoch, event.device_class.as_str()), (5, CLASS));
    assert_eq!(nodes.config().next_node_id, 2);

    let node = nodes.node(1).unwrap();
    assert_eq!((node.keys, node.key_nonce, node.retired), (None, 1, false));
    assert_eq!(node.registered_at, nodes.chain.now());
    let announced = node.announced.unwrap();
    assert_eq!(announced.account, Addr::unchecked(machine.person.cosmos.as_str()));
    assert_eq!(announced.attestation_key, machine.person.pubkey());

    let error = nodes.keys(4, &[1]).unwrap_err().to_string();
    assert!(error.contains("node 1 has no keys that count in epoch 4"), "{error}");
    nodes.wait_epochs(2);
    let node = nodes.node(1).unwrap();
    assert_eq!((node.keys, node.announced), (Some(announced), None));
    assert_eq!(nodes.keys(5, &[1]).unwrap()[0].owner, node.owner);
}

#[rstest]
#[case::eip191(Scheme::Eip191)]
#[case::eip712(Scheme::Eip712)]
#[case::adr036(Scheme::Adr036)]
#[case::direct(Scheme::Direct)]
fn keys_are_proved_in_any_scheme(#[case] scheme: Scheme) {
    let mut nodes = Nodes::on_mock();
    let machine = Machine::called("machine 1");
    let request = nodes.registration("alice", &machine);
    nodes.send("alice", &register_message(&request, machine.keys(&request, scheme))).unwrap();
    nodes.wait_epochs(2);
    let machine = Machine::called("machine 2");
    let keys = machine.keys(&nodes.rotation(1, &machine), scheme);
    nodes.send("alice", &ExecuteMsg::RotateKeys { node_id: 1, keys }).unwrap();
}

#[test]
fn one_owner_has_many_machines_and_each_has_its_own_keys() {
    let mut nodes = Nodes::on_mock();
    for (owner, machine) in [
        ("alice", "machine 1"),
        ("bob", "machine 2"),
        ("alice", "machine 3"),
        ("alice", "machine 4"),
    ] {
        nodes.register(owner, machine).unwrap();
    }
    let owner = Some(nodes.address_of("alice"));
    let listed = |owner: &Option<String>, start_after, limit| -> Vec<u64> {
        let msg = QueryMsg::Nodes { owner: owner.clone(), start_after, limit };
        let answer: NodesResponse = nodes.query(&msg);
        answer.nodes.iter().map(|node| node.node_id).collect()
    };
    assert_eq!(listed(&owner, None, None), [1, 3, 4]);
    assert_eq!(listed(&owner, Some(1), Some(1)), [3]);
    assert_eq!(listed(&None, None, Some(3)), [1, 2, 3]);
    assert_eq!(listed(&None, Some(3), None), [4]);
    assert_eq!(listed(&Some(nodes.address_of("carol")), None, None), [0u64; 0]);
}

#[test]
fn lists_have_ten_by_default_and_at_most_thirty() {
    let mut nodes = Nodes::on_mock();
    for i in 0..35 {
        nodes.register("alice", &format!("machine {i}")).unwrap();
    }
    let owner = nodes.address_of("alice");
    for owner in [None, Some(owner)] {
        for (limit, expected) in [(None, 10), (Some(0), 0), (Some(30), 30), (Some(u32::MAX), 30)] {
            let msg = QueryMsg::Nodes { owner: owner.clone(), start_after: None, limit };
            assert_eq!(nodes.query::<NodesResponse>(&msg).nodes.len(), expected);
        }
    }
}

#[test]
fn a_number_that_is_not_the_next_one_is_refused() {
    let mut nodes = Nodes::on_mock();
    let machine = Machine::called("machine 1");
    for actual in [0, 2, u64::MAX] {
        let mut request = nodes.registration("alice", &machine);
        request.statement.node_id = actual;
        let msg = register_message(&request, machine.keys(&request, Scheme::Direct));
        let error = nodes.send("alice", &msg).unwrap_err().nodes();
        assert_eq!(error, ContractError::NodeNumber { expected: 1, actual });
    }
}

#[test]
fn new_keys_count_two_epochs_later_and_the_old_ones_until_then() {
    let mut nodes = Nodes::on_mock();
    nodes.register("alice", "machine 1").unwrap();
    nodes.wait_epochs(4);
    let event = nodes.rotate("alice", 1, "machine 2").unwrap();
    assert_eq!((event.from_epoch, event.by), (6, nodes.address_of("alice")));
    let expected = [(2, vrf("machine 1")), (2, vrf("machine 1")), (6, vrf("machine 2"))];
    assert_eq!(history(&nodes, 1, 4..7), expected);
    nodes.wait_epochs(2);
    nodes.rotate("machine 2", 1, "machine 3").unwrap();
    // Past epochs keep their answers.
    nodes.wait_epochs(5);
    assert_eq!(history(&nodes, 1, 4..7), expected);
    assert_eq!(history(&nodes, 1, 7..9), [(6, vrf("machine 2")), (8, vrf("machine 3"))]);
    assert_eq!(nodes.node(1).unwrap().key_nonce, 3);
}

#[test]
fn one_announcement_at_a_time() {
    let mut nodes = Nodes::on_mock();
    nodes.register("alice", "machine 1").unwrap();
    for (wait, from_epoch) in [(0, Some(2)), (1, Some(2)), (1, None), (0, Some(4)), (1, Some(4))] {
        nodes.wait_epochs(wait);
        let machine = format!("machine {}", 10 + nodes.epoch());
        let result = nodes.rotate("alice", 1, &machine).map_err(|failure| failure.nodes());
        match from_epoch {
            Some(from_epoch) => assert_eq!(
                result.unwrap_err(),
                ContractError::KeysAnnounced { node_id: 1, from_epoch }
            ),
            None => assert!(result.is_ok()),
        }
    }
}

#[test]
fn the_owner_takes_announced_keys_back_in_the_same_epoch_and_not_later() {
    let mut nodes = Nodes::on_mock();
    nodes.register("alice", "machine 1").unwrap();
    nodes.wait_epochs(2);
    // Whoever got into the machine announces keys of its own; the owner answers.
    nodes.rotate("machine 1", 1, "machine thief").unwrap();
    let sender = Addr::unchecked(nodes.address_of("machine 1"));
    let error = nodes.cancel("machine 1", 1).unwrap_err().nodes();
    let owner = Addr::unchecked(nodes.address_of("alice"));
    assert_eq!(error, ContractError::NotOwner { node_id: 1, owner, sender });
    nodes.cancel("alice", 1).unwrap();
    assert_eq!(nodes.node(1).unwrap().announced, None);
    let event = nodes.rotate("alice", 1, "machine 2").unwrap();
    assert_eq!(event.from_epoch, 4);
    nodes.wait_epochs(1);
    let error = nodes.cancel("alice", 1).unwrap_err().nodes();
    assert_eq!(error, ContractError::NoRotation { node_id: 1, epoch: 3 });
    nodes.wait_epochs(1);
    assert_eq!(history(&nodes, 1, 3..5), [(2, vrf("machine 1")), (4, vrf("machine 2"))]);
    // What was taken back counts as announced: for the nonce, and for ever.
    assert_eq!(nodes.node(1).unwrap().key_nonce, 3);
    let error = nodes.rotate("alice", 1, "machine thief").unwrap_err().nodes();
    assert_eq!(error, ContractError::KeyUsed { field: "attestation_key", node_id: 1 });
}

#[test]
fn nothing_is_taken_back_where_nothing_was_announced() {
    let mut nodes = Nodes::on_mock();
    nodes.register("alice", "machine 1").unwrap();
    // The keys of the registration stay.
    let error = nodes.cancel("alice", 1).unwrap_err().nodes();
    assert_eq!(error, ContractError::NoRotation { node_id: 1, epoch: 0 });
    nodes.wait_epochs(2);
    nodes.rotate("alice", 1, "machine 2").unwrap();
    nodes.cancel("alice", 1).unwrap();
    let error = nodes.cancel("alice", 1).unwrap_err().nodes();
    assert_eq!(error, ContractError::NoRotation { node_id: 1, epoch: 2 });
}

#[test]
fn a_key_belongs_to_one_node_for_ever() {
    let mut nodes = Nodes::on_mock();
    nodes.register("alice", "machine 1").unwrap();
    nodes.register("bob", "machine 2").unwrap();
    let taken = Machine::called("machine 1");
    let mut half = Machine::called("machine 3");
    half.vrf = taken.vrf;
    for (machine, field) in [(&taken, "attestation_key"), (&half, "vrf_key")] {
        let request = nodes.registration("bob", machine);
        let msg = register_message(&request, machine.keys(&request, Scheme::Eip191));
        let error = nodes.send("bob", &msg).unwrap_err().nodes();
        assert_eq!(error, ContractError::KeyUsed { field, node_id: 1 });
    }
    // Neither another node nor the node itself gets them by rotation, however long ago they counted.
    nodes.wait_epochs(2);
    nodes.rotate("alice", 1, "machine 4").unwrap();
    nodes.wait_epochs(9);
    for (owner, node_id) in [("alice", 1), ("bob", 2)] {
        for (machine, field) in [(&taken, "attestation_key"), (&half, "vrf_key")] {
            let keys = machine.keys(&nodes.rotation(node_id, machine), Scheme::Direct);
            let msg = ExecuteMsg::RotateKeys { node_id, keys };
            let error = nodes.send(owner, &msg).unwrap_err().nodes();
            assert_eq!(error, ContractError::KeyUsed { field, node_id: 1 });
        }
    }
}

#[test]
fn keys_are_announced_by_the_owner_or_the_account_of_keys_that_count() {
    let mut nodes = Nodes::on_mock();
    nodes.register("alice", "machine 1").unwrap();
    nodes.register("bob", "machine 2").unwrap();
    nodes.wait_epochs(2);
    for stranger in ["bob", "machine 2", "machine 3", "training", "stranger"] {
        let error = nodes.rotate(stranger, 1, "machine 3");
        let sender = Addr::unchecked(nodes.address_of(stranger));
        assert_eq!(error.unwrap_err().nodes(), ContractError::NotOfNode { node_id: 1, sender });
    }
    nodes.rotate("machine 1", 1, "machine 3").unwrap();
    nodes.wait_epochs(2);
    let sender = Addr::unchecked(nodes.address_of("machine 1"));
    let error = nodes.rotate("machine 1", 1, "machine 4").unwrap_err().nodes();
    assert_eq!(error, ContractError::NotOfNode { node_id: 1, sender });
    nodes.rotate("machine 3", 1, "machine 4").unwrap();
}

#[test]
fn keys_are_answered_in_the_order_asked_for() {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1"), ("bob", "machine 2"), ("alice", "machine 3")]);
    let found = nodes.keys(2, &[3, 1, 3, 2]).unwrap();
    let machines: Vec<_> = found.iter().map(|n| (n.node_id, n.keys.vrf_key.clone())).collect();
    let [one, two, three] = ["machine 1", "machine 2", "machine 3"].map(vrf);
    assert_eq!(machines, [(3, three.clone()), (1, one), (3, three), (2, two)]);
    assert_eq!(found[0].device_class, CLASS);
    assert_eq!(nodes.keys(2, &[]).unwrap(), []);
    assert_eq!(nodes.keys(2, &[1; 128]).unwrap().len(), 128);
    let error = nodes.keys(2, &[1; 129]).unwrap_err().to_string();
    assert!(error.contains("node_ids is from 0 to 128, not 129"), "{error}");
    let error = nodes.keys(2, &[1, 4]).unwrap_err().to_string();
    assert!(error.contains("there is no node 4"), "{error}");
}

#[test]
fn a_node_that_is_out_of_service_stays_so() {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1")]);
    nodes.stake("alice", 1, 5_000).unwrap();
    nodes.ready("alice", 1, 1).unwrap();
    nodes.retire("alice", 1).unwrap();
    assert!(nodes.node(1).unwrap().retired);
    let retired = ContractError::Retired { node_id: 1 };
    assert_eq!(nodes.retire("alice", 1).unwrap_err().nodes(), retired);
    assert_eq!(nodes.ready("alice", 1, 1).unwrap_err().nodes(), retired);
    assert_eq!(nodes.stake("alice", 1, 5_000).unwrap_err().nodes(), retired);
    // It is a member of the next epoch's roster, until it unstakes.
    assert_eq!(nodes.roster(1, 2).units, 5);
    nodes.unstake("alice", 1, 5_000).unwrap();
    assert_eq!(nodes.roster(1, 2).units, 0);
}
