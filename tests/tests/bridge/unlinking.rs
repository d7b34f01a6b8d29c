//! The end of a link.

use modelbond_bridge::ContractError;
use modelbond_interface::bridge::{BridgeUnlinked, ExecuteMsg, Scheme};
use modelbond_tests::bridge::unlink_message;
use modelbond_tests::{Bridge, Person};
use rstest::rstest;

fn linked() -> (Bridge, Person, Person) {
    let mut bridge = Bridge::on_mock();
    let (alice, bob) = (Person::called("alice"), Person::called("bob"));
    bridge.link(&alice, &bob).unwrap();
    (bridge, alice, bob)
}

#[test]
fn the_cosmos_address_ends_its_link_by_sending() {
    let (mut bridge, alice, bob) = linked();
    let unlinked = bridge.unlink(&alice, &bob).unwrap();
    assert_eq!(unlinked.nonce, 1);
    assert_eq!(bridge.resolve(&alice, &bob), None);
    assert_eq!(bridge.nonce(&bob), 2);
    // Both are free again.
    bridge.link(&alice, &bob).unwrap();
}

#[rstest]
#[case::ethereum_typed_data("alice", Scheme::Eip712)]
#[case::ethereum_text("alice", Scheme::Eip191)]
#[case::cosmos_adr036("bob", Scheme::Adr036)]
#[case::cosmos_direct("bob", Scheme::Direct)]
fn either_side_ends_it_by_a_signature(#[case] name: &str, #[case] scheme: Scheme) {
    let (mut bridge, alice, bob) = linked();
    let request = bridge.unlink_request(&alice, &bob);
    let msg = unlink_message(&request, &Person::called(name), scheme);
    let unlinked: BridgeUnlinked = bridge.send_by_stranger(&msg).unwrap().event();
    assert_eq!(unlinked.cosmos_address, bob.cosmos.to_string());
    assert_eq!(bridge.resolve(&alice, &bob), None);
}

#[rstest]
#[case::a_stranger("mallory", Scheme::Eip712)]
#[case::a_stranger_by_text("mallory", Scheme::Eip191)]
#[case::a_stranger_of_cosmos("mallory", Scheme::Adr036)]
#[case::the_cosmos_key_by_an_ethereum_scheme("bob", Scheme::Eip712)]
#[case::the_ethereum_key_by_a_cosmos_scheme("alice", Scheme::Direct)]
fn no_other_signature_ends_it(#[case] name: &str, #[case] scheme: Scheme) {
    let (mut bridge, alice, bob) = linked();
    let request = bridge.unlink_request(&alice, &bob);
    let msg = unlink_message(&request, &Person::called(name), scheme);
    let error = bridge.send_by_stranger(&msg).unwrap_err().bridge();
    assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    assert!(bridge.resolve(&alice, &bob).is_some());
}

#[test]
fn nobody_else_ends_it_by_sending() {
    let (mut bridge, alice, bob) = linked();
    let mallory = Person::called("mallory");
    // Not even the other address of the Ethereum side's own key.
    for sender in [&mallory, &alice] {
        let error = bridge.unlink(&alice, sender).unwrap_err().bridge();
        assert!(matches!(error, ContractError::Unauthorized { .. }), "{error}");
    }
    assert!(bridge.resolve(&alice, &bob).is_some());
}

#[test]
fn what_is_not_linked_cannot_be_unlinked() {
    let (mut bridge, alice, bob) = linked();
    let error = bridge.unlink(&bob, &bob).unwrap_err().bridge();
    assert_eq!(error, ContractError::NotLinked { eth_address: bob.eth.to_string() });
    bridge.unlink(&alice, &bob).unwrap();
    let msg = ExecuteMsg::Unlink { eth_address: alice.eth.to_string(), proof: None };
    let error = bridge.send(bob.cosmos.as_str(), &msg).unwrap_err().bridge();
    assert_eq!(error, ContractError::NotLinked { eth_address: alice.eth.to_string() });
}
