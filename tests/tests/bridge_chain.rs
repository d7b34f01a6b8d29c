//! The bridge on a real node, by the same verbs: links in every scheme, both ends, replays, and
//! signature checks by the chain's own host calls.
//!
//! Needs `artifacts/bridge.wasm` and the node: `./scripts/test.sh` builds both.

use cosmwasm_std::coin;
use modelbond_interface::bridge::Scheme;
use modelbond_signature::{verify, Message, Native, Signature, Signer};
use modelbond_tests::bridge::{link_message, unlink_message};
use modelbond_tests::random::Random;
use modelbond_tests::{Bridge, Devnet, Person};

/// Signatures about which library and chain are asked.
const CHECKS: usize = 200;

#[test]
fn the_bridge_tells_the_same_story_on_a_real_node() {
    let mut devnet = Devnet::start_with(&["bridge"]);
    devnet.fund_all(&["stranger", "alice", "bob"], &[coin(1_000_000, "stake")]);
    let mut bridge = Bridge::on(devnet);
    let (alice, bob) = (Person::called("alice"), Person::called("bob"));

    for (eth, cosmos) in [(Scheme::Eip712, Scheme::Adr036), (Scheme::Eip191, Scheme::Direct)] {
        let request = bridge.link_request(&alice, &bob);
        let link = link_message(&request, (&alice, eth), (&bob, cosmos));
        bridge.send_by_stranger(&link).unwrap();
        let found = bridge.resolve(&alice, &bob).unwrap();
        assert_eq!(found.cosmos_address.as_str(), bob.cosmos.as_str());
        let error = bridge.send_by_stranger(&link).unwrap_err().to_string();
        assert!(error.contains("the next one of"), "{error}");

        let forged = unlink_message(
            &bridge.unlink_request(&alice, &bob),
            &Person::called("mallory"),
            Scheme::Eip712,
        );
        let error = bridge.send_by_stranger(&forged).unwrap_err().to_string();
        assert!(error.contains("the signature is not by"), "{error}");
        let unlink = unlink_message(&bridge.unlink_request(&alice, &bob), &alice, eth);
        bridge.send_by_stranger(&unlink).unwrap();
        assert_eq!(bridge.resolve(&alice, &bob), None);
    }

    bridge.link(&bob, &bob).unwrap();
    let error = bridge.unlink(&bob, &alice).unwrap_err().to_string();
    assert!(error.contains("may unlink without a proof"), "{error}");
    bridge.unlink(&bob, &bob).unwrap();
    assert_eq!(bridge.nonce(&bob), 6);

    library_and_chain_agree(&bridge, &alice);
}

/// Damaged and whole signatures, by libsecp256k1 here and by the host calls there.
fn library_and_chain_agree(bridge: &Bridge<Devnet>, alice: &Person) {
    let mut random = Random::new(2);
    let (mut valid, mut refused) = (0, 0);
    for index in 0..CHECKS {
        let text = format!("message {index}");
        let ethereum = random.chance(50);
        let (scheme, message) = if ethereum {
            (Scheme::Eip191, Message::Eip191(text.as_bytes()))
        } else {
            (Scheme::Direct, Message::Direct(text.as_bytes()))
        };
        let signature = alice.key.sign(&message.digest()).unwrap();
        let mut bytes = scheme.write_signature(&signature).unwrap();
        if random.chance(70) {
            let at = random.below(bytes.len() as u128) as usize;
            bytes[at] ^= 1 << random.below(8);
        }
        let signer =
            if ethereum { Signer::Eth(alice.eth) } else { Signer::Cosmos(alice.cosmos.clone()) };
        let here = scheme
            .read_signature(&bytes)
            .and_then(|signature: Signature| {
                verify(&Native, &message.digest(), &signature, &signer)
            })
            .map(|_| ());
        let there = bridge.verify(scheme, text.as_bytes(), &bytes, &signer.to_string());
        assert_eq!(there.reason, here.clone().err().map(|error| error.to_string()));
        *(if here.is_ok() { &mut valid } else { &mut refused }) += 1;
    }
    assert!(valid > CHECKS / 10 && refused > CHECKS / 3, "{valid} valid, {refused} refused");
}
