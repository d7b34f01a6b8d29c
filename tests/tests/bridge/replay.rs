//! A signature is good for one chain, one contract, one purpose, one nonce, until its expiry.

use modelbond_bridge::ContractError;
use modelbond_interface::bridge::{ExecuteMsg, Scheme};
use modelbond_signature::{Binding, Link, SignRequest, SignatureError, Unlink};
use modelbond_tests::bridge::{link_message, unlink_message};
use modelbond_tests::{Bridge, Chain, Contracts, Person};
use rstest::rstest;

const PAIRS: [(Scheme, Scheme); 2] =
    [(Scheme::Eip712, Scheme::Adr036), (Scheme::Eip191, Scheme::Direct)];

/// What the bridge answers when these signatures are bound to something else than the message
/// says.
fn refusals(change: impl Fn(&mut Binding)) -> Vec<ContractError> {
    let alice = Person::called("alice");
    let mut errors = vec![];
    for (eth, cosmos) in PAIRS {
        for forged in ["eth", "cosmos"] {
            let mut bridge = Bridge::on_mock();
            let right = bridge.link_request(&alice, &alice);
            let mut wrong = right.clone();
            change(&mut wrong.binding);
            let mut msg = link_message(&right, (&alice, eth), (&alice, cosmos));
            let other = link_message(&wrong, (&alice, eth), (&alice, cosmos));
            if let (
                ExecuteMsg::Link { eth_proof, cosmos_proof, .. },
                ExecuteMsg::Link { eth_proof: other_eth, cosmos_proof: other_cosmos, .. },
            ) = (&mut msg, other)
            {
                match forged {
                    "eth" => *eth_proof = other_eth,
                    _ => *cosmos_proof = other_cosmos,
                }
            }
            errors.push(bridge.send_by_stranger(&msg).unwrap_err().bridge());
            assert_eq!(bridge.resolve(&alice, &alice), None);
        }
    }
    errors
}

#[rstest]
#[case::another_chain(|b: &mut Binding| b.chain_id.push('2'))]
#[case::another_contract(|b: &mut Binding| b.contract = Person::called("other").cosmos.to_string())]
#[case::another_nonce(|b: &mut Binding| b.nonce += 1)]
#[case::another_expiry(|b: &mut Binding| b.expires_at += 1)]
fn signatures_bound_to_something_else_are_refused(#[case] change: fn(&mut Binding)) {
    for error in refusals(change) {
        assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    }
}

#[test]
fn typed_data_of_another_evm_chain_is_refused() {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    let mut request = bridge.link_request(&alice, &alice);
    request.binding.evm_chain_id = 1;
    let msg = link_message(&request, (&alice, Scheme::Eip712), (&alice, Scheme::Adr036));
    let error = bridge.send_by_stranger(&msg).unwrap_err().bridge();
    assert!(matches!(error, ContractError::Proof { side: "Ethereum", .. }), "{error}");
}

#[test]
fn what_was_signed_for_unlinking_does_not_link_and_the_other_way_round() {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    let unlink = bridge.unlink_request(&alice, &alice);
    let link = bridge.link_request(&alice, &alice);
    for (eth, cosmos) in PAIRS {
        let mut msg = link_message(&link, (&alice, eth), (&alice, cosmos));
        if let ExecuteMsg::Link { eth_proof, cosmos_proof, .. } = &mut msg {
            eth_proof.signature = alice.sign(&unlink, eth, &alice.cosmos);
            cosmos_proof.signature = alice.sign(&unlink, cosmos, &alice.cosmos);
        }
        let error = bridge.send_by_stranger(&msg).unwrap_err().bridge();
        assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    }

    bridge.link(&alice, &alice).unwrap();
    let unlink = bridge.unlink_request(&alice, &alice);
    let link = bridge.link_request(&alice, &alice);
    for scheme in [Scheme::Eip191, Scheme::Eip712, Scheme::Adr036, Scheme::Direct] {
        let mut msg = unlink_message(&unlink, &alice, scheme);
        if let ExecuteMsg::Unlink { proof: Some(proof), .. } = &mut msg {
            proof.signature = alice.sign(&link, scheme, &alice.cosmos);
        }
        let error = bridge.send_by_stranger(&msg).unwrap_err().bridge();
        assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    }
    assert!(bridge.resolve(&alice, &alice).is_some());
}

#[test]
fn a_message_that_was_accepted_is_never_accepted_again() {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    let link = link_message(
        &bridge.link_request(&alice, &alice),
        (&alice, Scheme::Eip712),
        (&alice, Scheme::Adr036),
    );
    bridge.send_by_stranger(&link).unwrap();
    let unlink = unlink_message(&bridge.unlink_request(&alice, &alice), &alice, Scheme::Eip712);
    bridge.send_by_stranger(&unlink).unwrap();

    let error = bridge.send_by_stranger(&link).unwrap_err().bridge();
    let cosmos_address = alice.cosmos.to_string();
    assert_eq!(error, ContractError::Nonce { cosmos_address, expected: 2, actual: 0 });

    bridge.link(&alice, &alice).unwrap();
    let error = bridge.send_by_stranger(&unlink).unwrap_err().bridge();
    let cosmos_address = alice.cosmos.to_string();
    assert_eq!(error, ContractError::Nonce { cosmos_address, expected: 3, actual: 1 });
    assert!(bridge.resolve(&alice, &alice).is_some());
}

#[test]
fn ending_a_link_by_sending_makes_a_signed_end_worthless() {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    bridge.link(&alice, &alice).unwrap();
    let signed = unlink_message(&bridge.unlink_request(&alice, &alice), &alice, Scheme::Adr036);
    bridge.unlink(&alice, &alice).unwrap();
    bridge.link(&alice, &alice).unwrap();
    let error = bridge.send_by_stranger(&signed).unwrap_err().bridge();
    let cosmos_address = alice.cosmos.to_string();
    assert_eq!(error, ContractError::Nonce { cosmos_address, expected: 3, actual: 1 });
}

#[test]
fn the_nonces_of_two_people_are_not_one() {
    let mut bridge = Bridge::on_mock();
    let (alice, bob) = (Person::called("alice"), Person::called("bob"));
    bridge.link(&alice, &alice).unwrap();
    assert_eq!((bridge.nonce(&alice), bridge.nonce(&bob)), (1, 0));
    bridge.link(&bob, &bob).unwrap();
}

#[test]
fn a_statement_is_valid_in_its_last_second_and_not_after() {
    let alice = Person::called("alice");
    for (late, accepted) in [(0, true), (1, false)] {
        let mut bridge = Bridge::on_mock();
        let request = bridge.link_request(&alice, &alice);
        let msg = link_message(&request, (&alice, Scheme::Eip712), (&alice, Scheme::Adr036));
        let expires_at = request.binding.expires_at;
        let wait = expires_at + late - bridge.chain.now().seconds();
        bridge.chain.wait(wait);
        let result = bridge.send_by_stranger(&msg);
        assert_eq!(result.is_ok(), accepted);
        if let Err(failure) = result {
            let source = SignatureError::Expired { expires_at, now: expires_at + 1 };
            let field = "expires_at";
            assert_eq!(failure.bridge(), ContractError::Input { field, source });
        }
    }
}

#[test]
fn an_expiry_more_than_seven_days_ahead_is_refused() {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    let latest = bridge.chain.now().seconds() + 7 * 86_400;
    for (late, accepted) in [(1, false), (0, true)] {
        let mut request = bridge.link_request(&alice, &alice);
        request.binding.expires_at = latest + late;
        let msg = link_message(&request, (&alice, Scheme::Eip712), (&alice, Scheme::Adr036));
        let result = bridge.send_by_stranger(&msg);
        assert_eq!(result.is_ok(), accepted);
        if let Err(failure) = result {
            let expires_at = latest + late;
            assert_eq!(failure.bridge(), ContractError::ExpiresTooLate { expires_at, latest });
        }
    }
    let mut unlink = bridge.unlink_request(&alice, &alice);
    unlink.binding.expires_at = latest + 1;
    let error = bridge.send_by_stranger(&unlink_message(&unlink, &alice, Scheme::Eip712));
    let error = error.unwrap_err().bridge();
    assert!(matches!(error, ContractError::ExpiresTooLate { .. }), "{error}");
}

#[test]
fn an_end_that_expired_is_refused() {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    bridge.link(&alice, &alice).unwrap();
    let msg = unlink_message(&bridge.unlink_request(&alice, &alice), &alice, Scheme::Eip191);
    bridge.chain.wait(86_401);
    let error = bridge.send_by_stranger(&msg).unwrap_err().bridge();
    assert!(matches!(error, ContractError::Input { field: "expires_at", .. }), "{error}");
}

#[test]
fn a_second_bridge_on_the_same_chain_takes_nothing_that_was_signed_for_the_first() {
    let mut first = Bridge::on_mock();
    let alice = Person::called("alice");
    let msg = link_message(
        &first.link_request(&alice, &alice),
        (&alice, Scheme::Eip712),
        (&alice, Scheme::Adr036),
    );
    let init = modelbond_interface::bridge::InstantiateMsg {
        evm_chain_id: modelbond_tests::bridge::EVM_CHAIN_ID,
    };
    first.address = first.chain.instantiate("bridge", &init).unwrap();
    let error = first.send_by_stranger(&msg).unwrap_err().bridge();
    assert!(matches!(error, ContractError::Proof { .. }), "{error}");
}

#[test]
fn a_statement_about_other_addresses_is_another_statement() {
    let bridge = Bridge::on_mock();
    let [alice, bob] = ["alice", "bob"].map(Person::called);
    let binding = bridge.binding(0);
    let link = |eth: &Person, cosmos: &Person| SignRequest {
        statement: Link { eth_address: eth.eth, cosmos_address: cosmos.cosmos.clone() },
        binding: binding.clone(),
    };
    let unlink = SignRequest {
        statement: Unlink { eth_address: alice.eth, cosmos_address: alice.cosmos.clone() },
        binding: binding.clone(),
    };
    let mut bytes = vec![
        link(&alice, &alice).sign_bytes(),
        link(&alice, &bob).sign_bytes(),
        link(&bob, &alice).sign_bytes(),
        unlink.sign_bytes(),
    ];
    bytes.sort_unstable();
    bytes.dedup();
    assert_eq!(bytes.len(), 4);
}
