//! A proof is good for one chain, contract, purpose, owner, node, pair of keys and nonce, until its expiry.

use modelbond_interface::bridge::Scheme;
use modelbond_interface::nodes::{ExecuteMsg, NewKeys};
use modelbond_nodes::ContractError;
use modelbond_signature::{Binding, KeyRotation, Registration, SignRequest, SignatureError};
use modelbond_tests::nodes::{register_message, CLASS};
use modelbond_tests::{Chain, Machine, Nodes};
use rstest::rstest;

/// What the contract answers when the proof of a registration was signed for something else than the
/// message says, in every scheme.
fn refused(change: impl Fn(&mut SignRequest<Registration>)) {
    for scheme in Scheme::ALL {
        let mut nodes = Nodes::on_mock();
        let machine = Machine::called("machine 1");
        let right = nodes.registration("alice", &machine);
        let mut wrong = right.clone();
        change(&mut wrong);
        let keys =
            NewKeys { proof: machine.keys(&wrong, scheme).proof, ..machine.keys(&right, scheme) };
        let error = nodes.send("alice", &register_message(&right, keys)).unwrap_err().nodes();
        assert_eq!(nodes.node(1), None);
        assert!(
            matches!(error, ContractError::Proof { .. })
                || wrong.binding.evm_chain_id != right.binding.evm_chain_id,
            "{scheme}: {error}"
        );
    }
}

#[rstest]
#[case::another_chain(|b: &mut Binding| b.chain_id.push('2'))]
#[case::another_contract(|b: &mut Binding| b.contract.push('2'))]
#[case::another_nonce(|b: &mut Binding| b.nonce += 1)]
#[case::another_expiry(|b: &mut Binding| b.expires_at += 1)]
fn a_proof_bound_to_something_else_is_refused(#[case] change: fn(&mut Binding)) {
    refused(|request| change(&mut request.binding));
}

#[rstest]
#[case::another_node(|r: &mut Registration| r.node_id += 1)]
#[case::another_owner(|r: &mut Registration| r.owner.push('2'))]
#[case::another_attestation_key(|r: &mut Registration| r.attestation_key[32] ^= 1)]
#[case::another_vrf_key(|r: &mut Registration| r.vrf_key = Machine::called("machine 2").vrf)]
#[case::another_class(|r: &mut Registration| r.device_class.push('2'))]
fn a_proof_of_another_statement_is_refused(#[case] change: fn(&mut Registration)) {
    refused(|request| change(&mut request.statement));
}

#[test]
fn typed_data_of_another_evm_chain_is_refused() {
    let mut nodes = Nodes::on_mock();
    let machine = Machine::called("machine 1");
    let mut request = nodes.registration("alice", &machine);
    request.binding.evm_chain_id = 1;
    let msg = register_message(&request, machine.keys(&request, Scheme::Eip712));
    let error = nodes.send("alice", &msg).unwrap_err().nodes();
    assert!(matches!(error, ContractError::Proof { .. }), "{error}");
}

#[test]
fn nobody_else_registers_with_somebodys_proof() {
    let mut nodes = Nodes::on_mock();
    let machine = Machine::called("machine 1");
    let request = nodes.registration("alice", &machine);
    let msg = register_message(&request, machine.keys(&request, Scheme::Eip712));
    let error = nodes.send("bob", &msg).unwrap_err().nodes();
    assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    nodes.send("alice", &msg).unwrap();
}

#[test]
fn a_proof_by_another_key_is_refused() {
    for scheme in Scheme::ALL {
        let mut nodes = Nodes::on_mock();
        let (machine, other) = (Machine::called("machine 1"), Machine::called("machine 2"));
        let request = nodes.registration("alice", &machine);
        let mut keys = machine.keys(&request, scheme);
        keys.proof.signature = other.person.sign(&request, scheme, &machine.person.cosmos);
        let error = nodes.send("alice", &register_message(&request, keys)).unwrap_err().nodes();
        assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    }
}

#[test]
fn what_was_signed_to_register_does_not_rotate_and_the_other_way_round() {
    for scheme in Scheme::ALL {
        let mut nodes = Nodes::on_mock();
        let machine = Machine::called("machine 1");
        let right = nodes.registration("alice", &machine);
        let Registration { node_id, owner, attestation_key, vrf_key, .. } = right.statement.clone();
        let statement = KeyRotation { node_id, owner, attestation_key, vrf_key };
        let wrong = SignRequest { statement, binding: right.binding.clone() };
        let msg = register_message(&right, machine.keys(&wrong, scheme));
        let error = nodes.send("alice", &msg).unwrap_err().nodes();
        assert!(matches!(error, ContractError::Proof { .. }), "{error}");

        nodes.register("alice", "machine 1").unwrap();
        nodes.wait_epochs(2);
        let machine = Machine::called("machine 2");
        let right = nodes.rotation(1, &machine);
        let KeyRotation { node_id, owner, attestation_key, vrf_key } = right.statement.clone();
        let device_class = CLASS.to_owned();
        let statement = Registration { node_id, owner, attestation_key, vrf_key, device_class };
        let wrong = SignRequest { statement, binding: right.binding.clone() };
        let keys = machine.keys(&wrong, scheme);
        let error = nodes.send("alice", &ExecuteMsg::RotateKeys { node_id: 1, keys });
        let error = error.unwrap_err().nodes();
        assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    }
}

#[test]
fn a_proof_that_waited_for_another_announcement_is_worthless() {
    for scheme in Scheme::ALL {
        let mut nodes = Nodes::on_mock();
        nodes.register("alice", "machine 1").unwrap();
        nodes.register("bob", "machine 2").unwrap();
        nodes.wait_epochs(2);
        let machine = Machine::called("machine 3");
        let keys = machine.keys(&nodes.rotation(1, &machine), scheme);
        // Not for another node, and not after the nonce was used, even by what was taken back.
        let error = nodes.send("bob", &ExecuteMsg::RotateKeys { node_id: 2, keys: keys.clone() });
        assert!(matches!(error.unwrap_err().nodes(), ContractError::Proof { .. }));
        nodes.rotate("alice", 1, "machine 4").unwrap();
        nodes.cancel("alice", 1).unwrap();
        let error = nodes.send("alice", &ExecuteMsg::RotateKeys { node_id: 1, keys });
        assert!(matches!(error.unwrap_err().nodes(), ContractError::Proof { .. }));
    }
}

#[test]
fn a_second_contract_takes_nothing_that_was_signed_for_the_first() {
    let mut nodes = Nodes::on_mock();
    let machine = Machine::called("machine 1");
    let request = nodes.registration("alice", &machine);
    let msg = register_message(&request, machine.keys(&request, Scheme::Adr036));
    let settings = modelbond_tests::nodes::settings();
    nodes.address =
        modelbond_tests::Contracts::instantiate(&mut nodes.chain, "nodes", &settings).unwrap();
    let error = nodes.send("alice", &msg).unwrap_err().nodes();
    assert!(matches!(error, ContractError::Proof { .. }), "{error}");
}

#[test]
fn a_proof_is_valid_in_its_last_second_and_not_after() {
    for (late, accepted) in [(0, true), (1, false)] {
        let mut nodes = Nodes::on_mock();
        let machine = Machine::called("machine 1");
        let request = nodes.registration("alice", &machine);
        let msg = register_message(&request, machine.keys(&request, Scheme::Eip712));
        let expires_at = request.binding.expires_at;
        let wait = expires_at + late - nodes.chain.now().seconds();
        nodes.chain.wait(wait);
        let result = nodes.send("alice", &msg);
        assert_eq!(result.is_ok(), accepted);
        if let Err(failure) = result {
            let source = SignatureError::Expired { expires_at, now: expires_at + 1 };
            let field = "expires_at";
            assert_eq!(failure.nodes(), ContractError::Input { field, source });
        }
    }
}

#[test]
fn an_expiry_more_than_seven_days_ahead_is_refused() {
    let mut nodes = Nodes::on_mock();
    let machine = Machine::called("machine 1");
    let latest = nodes.chain.now().seconds() + 7 * 86_400;
    for (late, accepted) in [(1, false), (0, true)] {
        let mut request = nodes.registration("alice", &machine);
        let expires_at = latest + late;
        request.binding.expires_at = expires_at;
        let msg = register_message(&request, machine.keys(&request, Scheme::Direct));
        let result = nodes.send("alice", &msg);
        assert_eq!(result.is_ok(), accepted);
        if let Err(failure) = result {
            assert_eq!(failure.nodes(), ContractError::ExpiresTooLate { expires_at, latest });
        }
    }
}
