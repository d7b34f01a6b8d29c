//! Two addresses of one person.

use modelbond_bridge::ContractError;
use modelbond_interface::bridge::{BridgeLinked, Scheme};
use modelbond_tests::bridge::link_message;
use modelbond_tests::{Bridge, Chain, Person};
use rstest::rstest;

#[rstest]
#[case::typed_data_and_adr036(Scheme::Eip712, Scheme::Adr036)]
#[case::typed_data_and_direct(Scheme::Eip712, Scheme::Direct)]
#[case::text_and_adr036(Scheme::Eip191, Scheme::Adr036)]
#[case::text_and_direct(Scheme::Eip191, Scheme::Direct)]
fn one_key_is_linked_in_every_pair_of_schemes(#[case] eth: Scheme, #[case] cosmos: Scheme) {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    assert_eq!(bridge.resolve(&alice, &alice), None);

    let request = bridge.link_request(&alice, &alice);
    let msg = link_message(&request, (&alice, eth), (&alice, cosmos));
    let linked: BridgeLinked = bridge.send_by_stranger(&msg).unwrap().event();
    assert_eq!(linked.eth_address, alice.eth.to_string());
    assert_eq!(linked.cosmos_address, alice.cosmos.to_string());
    assert_eq!(linked.nonce, 0);

    let link = bridge.resolve(&alice, &alice).unwrap();
    assert_eq!(link.eth_address, alice.eth.to_string());
    assert_eq!(link.cosmos_address.as_str(), alice.cosmos.as_str());
    assert_eq!(link.pubkey, alice.pubkey());
    assert_eq!(link.linked_at, bridge.chain.now());
    assert_eq!(bridge.nonce(&alice), 1);
}

#[test]
fn two_keys_of_one_person_are_linked_by_both_signatures() {
    let mut bridge = Bridge::on_mock();
    let (metamask, keplr) = (Person::called("metamask"), Person::called("keplr"));
    bridge.link(&metamask, &keplr).unwrap();
    assert!(bridge.resolve(&metamask, &keplr).is_some());
    // The other two addresses of these keys are nobody's.
    assert_eq!(bridge.try_resolve(&keplr.eth.to_string()).unwrap(), None);
    assert_eq!(bridge.try_resolve(metamask.cosmos.as_str()).unwrap(), None);
}

#[test]
fn one_signature_is_not_enough() {
    let mut bridge = Bridge::on_mock();
    let (alice, mallory) = (Person::called("alice"), Person::called("mallory"));
    let request = bridge.link_request(&alice, &mallory);
    // Mallory signs for both sides.
    let msg = link_message(&request, (&mallory, Scheme::Eip712), (&mallory, Scheme::Adr036));
    let error = bridge.send_by_stranger(&msg).unwrap_err().bridge();
    assert!(matches!(&error, ContractError::Proof { side: "Ethereum", .. }), "{error}");

    // The Ethereum side is Alice's, the Cosmos side is signed by another key than it names.
    let request = bridge.link_request(&mallory, &alice);
    let mut msg = link_message(&request, (&mallory, Scheme::Eip712), (&mallory, Scheme::Adr036));
    if let modelbond_interface::bridge::ExecuteMsg::Link { pubkey, .. } = &mut msg {
        *pubkey = alice.pubkey();
    }
    let error = bridge.send_by_stranger(&msg).unwrap_err().bridge();
    assert!(matches!(&error, ContractError::Proof { side: "Cosmos", .. }), "{error}");
}

#[test]
fn an_address_has_at_most_one_link() {
    let mut bridge = Bridge::on_mock();
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(Person::called);
    bridge.link(&alice, &bob).unwrap();
    let error = bridge.link(&alice, &carol).unwrap_err().bridge();
    let (eth_address, cosmos_address) = (alice.eth.to_string(), bob.cosmos.to_string());
    assert_eq!(error, ContractError::EthLinked { eth_address, cosmos_address });
    let error = bridge.link(&carol, &bob).unwrap_err().bridge();
    let (eth_address, cosmos_address) = (alice.eth.to_string(), bob.cosmos.to_string());
    assert_eq!(error, ContractError::CosmosLinked { cosmos_address, eth_address });
    // Nothing of the refused ones stays.
    assert_eq!(bridge.try_resolve(carol.cosmos.as_str()).unwrap(), None);
    assert_eq!((bridge.nonce(&bob), bridge.nonce(&carol)), (1, 0));
}

#[test]
fn links_are_listed_in_pages_that_miss_none() {
    let mut bridge = Bridge::on_mock();
    let mut expected: Vec<String> = (0..37)
        .map(|i| {
            let person = Person::called(&format!("person {i}"));
            bridge.link(&person, &person).unwrap();
            person.eth.to_string()
        })
        .collect();
    expected.sort_by_key(|address| address.to_lowercase());
    assert_eq!(bridge.links(None, None).len(), 10);
    assert_eq!(bridge.links(None, Some(1_000)).len(), 30);
    let mut found: Vec<String> = vec![];
    loop {
        let page = bridge.links(found.last().cloned(), Some(7));
        if page.is_empty() {
            break;
        }
        found.extend(page.into_iter().map(|link| link.eth_address));
    }
    assert_eq!(found, expected);
}
