//! The beacon on a real node, by the same verbs: quicknet's rounds by the chain's own host calls, what
//! those would accept and the contract refuses, and the switch of a central emitter to a network.
//!
//! Needs `artifacts/beacon.wasm` and the node: `./scripts/test.sh` builds both.

use cosmwasm_std::{coin, HexBinary};
use modelbond_interface::beacon::{
    BeaconPruned, BeaconSourceSwitched, ExecuteMsg, InstantiateMsg, Source,
};
use modelbond_tests::beacon::{
    central, chain_hash, hex, of_quicknet, sha256, submit_message, OWNER, QUICKNET_ROUNDS,
};
use modelbond_tests::{Beacon, Chain, Devnet, Emitter};

/// Gas of a submitted round at the most, unpinned.
const MOST_GAS: u64 = 140_000;

#[test]
fn the_beacon_tells_the_same_story_on_a_real_node() {
    let mut devnet = Devnet::start_with(&["beacon"]);
    devnet.fund_all(&["stranger", OWNER], &[coin(1_000_000, "stake")]);

    let mut beacon = Beacon::on(devnet, &of_quicknet());
    what_is_no_signature_is_refused(&mut beacon);
    the_rounds_of_quicknet_are_accepted(&mut beacon);

    let devnet = keys_that_are_none_are_refused(beacon.chain);
    the_source_is_switched_once(devnet);
}

/// Fails unless the beacon refuses with this text, which is its own: no host call aborted.
fn refused(beacon: &mut Beacon<Devnet>, msg: &ExecuteMsg, why: &str) {
    let error = beacon.send("stranger", msg).unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

fn what_is_no_signature_is_refused(beacon: &mut Beacon<Devnet>) {
    let signature = hex(QUICKNET_ROUNDS[0].1).to_vec();
    let with_first = |byte: u8| {
        let mut changed = signature.clone();
        changed[0] = byte;
        changed
    };
    let mut identity = vec![0; 48];
    identity[0] = 0xc0;
    let mut flipped = signature.clone();
    flipped[47] ^= 1;
    for (round, signature, why) in [
        (2, signature.clone(), "not one over round 2"),
        (1, Emitter::called("mallory").sign(1).to_vec(), "not one over round 1"),
        (1, flipped, "not one over round 1"),
        (1, with_first(signature[0] ^ 0x20), "not one over round 1"),
        (1, with_first(signature[0] ^ 0x80), "not one over round 1"),
        (1, vec![0xff; 48], "is the identity"),
        (1, identity, "is the identity"),
        (1, with_first(0xc0), "is the identity"),
        (1, signature[..47].to_vec(), "signature has 48 bytes, not 47"),
        (1, vec![0x80; 5_000], "signature has 48 bytes, not 5000"),
        (1, vec![], "signature has 48 bytes, not 0"),
        (1_000_000_000, signature, "wait"),
    ] {
        refused(beacon, &submit_message(round, signature.into()), why);
    }
    assert_eq!(beacon.latest(), None);
}

fn the_rounds_of_quicknet_are_accepted(beacon: &mut Beacon<Devnet>) {
    for (round, signature, randomness) in QUICKNET_ROUNDS {
        let msg = ExecuteMsg::SubmitRound {
            round,
            signature: hex(signature),
            randomness: Some(hex(randomness)),
            source: None,
        };
        let gas = beacon.send("stranger", &msg).unwrap().gas.unwrap();
        assert!(gas <= MOST_GAS, "{gas} gas for round {round}");
        let stored = beacon.round(0, round).unwrap();
        assert_eq!(stored.randomness.to_hex(), randomness);
        assert!(!stored.central_beacon);
        assert_eq!(beacon.submit(round, &hex(signature)).unwrap(), None);
    }
    assert_eq!(beacon.all_rounds().len(), 4);
}

fn keys_that_are_none_are_refused(mut devnet: Devnet) -> Devnet {
    let mut identity = vec![0; 96];
    identity[0] = 0xc0;
    let mut rubbish = vec![7; 96];
    rubbish[0] = 0xc7;
    let mut no_point = vec![0; 96];
    (no_point[0], no_point[95]) = (0x80, 1);
    for (key, why) in [
        (identity, "is the identity"),
        (rubbish, "is the identity"),
        (no_point, "not a compressed point of G2"),
        (vec![0x80; 5_000], "public_key has 96 bytes, not 5000"),
    ] {
        let mut msg = of_quicknet();
        msg.source.public_key = key.into();
        msg.chain_hash = chain_hash(&msg.source);
        let made = modelbond_tests::Contracts::instantiate(&mut devnet, "beacon", &msg);
        let error = made.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    devnet
}

fn the_source_is_switched_once(devnet: Devnet) {
    let made_at = cosmwasm_std::Timestamp::from_seconds(devnet.now().seconds());
    let (emitter, network) = (Emitter::called("central"), Emitter::called("public"));
    let source = emitter.source(made_at, 1);
    let public: Source = network.source(made_at.minus_seconds(100), 1);
    let msg = InstantiateMsg {
        chain_hash: chain_hash(&source),
        source,
        public_networks: vec![chain_hash(&public)],
        notice_secs: 1,
        retention_secs: 1,
        ..central(&devnet)
    };
    let mut beacon = Beacon::on(devnet, &msg);
    let first = beacon.sources()[0].first_round;
    beacon.chain.wait(2);
    let submitted = beacon.submit(first, &emitter.sign(first)).unwrap().unwrap();
    assert_eq!(submitted.randomness, sha256(&emitter.sign(first)).to_hex());
    assert!(beacon.latest().unwrap().central_beacon);

    let switch_at = made_at.plus_seconds(beacon.chain.now().seconds() - made_at.seconds() + 4);
    let waited_for = beacon.first_round(beacon.chain.now());
    assert!(waited_for.fixed);
    beacon.switch(&public, switch_at).unwrap();
    let error = beacon.switch(&public, switch_at.plus_seconds(9)).unwrap_err().to_string();
    assert!(error.contains("announced already"), "{error}");
    let first = beacon.first_round(switch_at);
    assert_eq!((first.source, first.central_beacon), (1, false));
    let signature = network.sign(first.round);
    let early = beacon.submit_to(1, first.round, &signature);
    if beacon.chain.now() < switch_at {
        assert!(early.unwrap_err().to_string().contains("wait"));
    }

    while beacon.chain.now() < first.round_at {
        beacon.chain.next_block();
    }
    let outcome = beacon.submit_to(1, first.round, &signature).unwrap();
    assert_eq!(outcome.event::<BeaconSourceSwitched>().round, first.round);
    assert!(!beacon.latest().unwrap().central_beacon);
    // What somebody waited for is accepted still, and the emitter's later rounds are not.
    let round = waited_for.round;
    beacon.submit_to(0, round, &emitter.sign(round)).unwrap();
    let late: HexBinary = emitter.sign(round + 50);
    let error = beacon.submit_to(0, round + 50, &late).unwrap_err().to_string();
    assert!(error.contains("it was replaced"), "{error}");

    beacon.chain.wait(3);
    let pruned: BeaconPruned = beacon.prune(None, Some(30)).unwrap().unwrap();
    assert_eq!(pruned.rounds, 3);
    assert_eq!(beacon.latest(), None);
}
