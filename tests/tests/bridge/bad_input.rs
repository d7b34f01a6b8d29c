//! What is refused, by name, and leaves nothing behind.

use cosmwasm_std::{coins, Binary};
use modelbond_bridge::ContractError;
use modelbond_interface::bridge::{ExecuteMsg, Scheme};
use modelbond_signature::{SignatureError, Unit};
use modelbond_tests::bridge::link_message;
use modelbond_tests::{Bridge, Chain, Contracts, Person};
use rstest::rstest;

/// A valid link of Alice, with one field changed.
fn refused(change: impl FnOnce(&mut ExecuteMsg)) -> ContractError {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    let request = bridge.link_request(&alice, &alice);
    let mut msg = link_message(&request, (&alice, Scheme::Eip712), (&alice, Scheme::Adr036));
    change(&mut msg);
    let error = bridge.send_by_stranger(&msg).unwrap_err().bridge();
    assert_eq!(bridge.resolve(&alice, &alice), None);
    assert_eq!(bridge.nonce(&alice), 0);
    error
}

macro_rules! with {
    ($field:ident = $value:expr) => {
        |msg: &mut ExecuteMsg| {
            if let ExecuteMsg::Link { $field, .. } = msg {
                *$field = $value;
            }
        }
    };
    ($proof:ident . $field:ident = $value:expr) => {
        |msg: &mut ExecuteMsg| {
            if let ExecuteMsg::Link { $proof, .. } = msg {
                $proof.$field = $value;
            }
        }
    };
}

#[rstest]
#[case::no_hex("0x", Unit::Address)]
#[case::short("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD8", Unit::Address)]
fn eth_address_of_wrong_length(#[case] text: &'static str, #[case] unit: Unit) {
    let error = refused(with!(eth_address = text.to_owned()));
    let ContractError::Input { field: "eth_address", source } = error else { panic!("{error}") };
    assert!(matches!(source, SignatureError::Length { unit: found, .. } if found == unit));
}

#[rstest]
#[case::zero("0x0000000000000000000000000000000000000000", "zero_address")]
#[case::checksum("0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", "checksum")]
#[case::no_prefix("CD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", "hex")]
#[case::no_digits("0xzz2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", "hex")]
fn eth_address_that_is_none(#[case] text: &'static str, #[case] code: &str) {
    let error = refused(with!(eth_address = text.to_owned()));
    let ContractError::Input { field: "eth_address", source } = error else { panic!("{error}") };
    assert_eq!(source.code(), code);
}

#[rstest]
#[case::empty(vec![], "length")]
#[case::uncompressed(vec![4; 65], "length")]
#[case::wrong_first_byte(vec![5; 33], "public_key")]
fn pubkey_that_is_none(#[case] bytes: Vec<u8>, #[case] code: &str) {
    let error = refused(with!(pubkey = Binary::from(bytes)));
    let ContractError::Input { field: "pubkey", source } = error else { panic!("{error}") };
    assert_eq!(source.code(), code);
}

#[test]
fn pubkey_that_is_no_point_has_signed_nothing() {
    // Another key is another Cosmos address, so neither signature is over this link.
    let error = refused(with!(pubkey = Binary::from([2u8; 33])));
    assert!(matches!(error, ContractError::Proof { side: "Ethereum", .. }), "{error}");
}

#[rstest]
#[case::empty(0)]
#[case::one_short(64)]
#[case::one_long(66)]
#[case::far_too_long(100_000)]
fn ethereum_signature_of_wrong_length(#[case] length: usize) {
    let error = refused(with!(eth_proof.signature = Binary::from(vec![1; length])));
    let ContractError::Proof { side: "Ethereum", source } = error else { panic!("{error}") };
    assert_eq!(
        source,
        SignatureError::Length { unit: Unit::EthSignature, expected: "65", actual: length }
    );
}

#[rstest]
#[case::empty(0)]
#[case::with_a_recovery_byte(65)]
#[case::far_too_long(100_000)]
fn cosmos_signature_of_wrong_length(#[case] length: usize) {
    let error = refused(with!(cosmos_proof.signature = Binary::from(vec![1; length])));
    let ContractError::Proof { side: "Cosmos", source } = error else { panic!("{error}") };
    assert_eq!(
        source,
        SignatureError::Length { unit: Unit::CosmosSignature, expected: "64", actual: length }
    );
}

#[test]
fn signatures_of_zeros_and_of_ones_are_out_of_range() {
    for byte in [0, 0xff] {
        let error = refused(with!(cosmos_proof.signature = Binary::from(vec![byte; 64])));
        let ContractError::Proof { source, .. } = error else { panic!("{error}") };
        assert!(matches!(source, SignatureError::OutOfRange { part: "r", .. }), "{source}");
    }
}

#[test]
fn each_side_takes_its_own_schemes_only() {
    let error = refused(with!(eth_proof.scheme = Scheme::Adr036));
    let (side, scheme) = ("Ethereum", Scheme::Adr036);
    assert_eq!(error, ContractError::Scheme { side, scheme, allowed: "eip191 or eip712" });
    let error = refused(with!(cosmos_proof.scheme = Scheme::Eip191));
    let (side, scheme) = ("Cosmos", Scheme::Eip191);
    assert_eq!(error, ContractError::Scheme { side, scheme, allowed: "adr036 or direct" });
}

#[test]
fn a_scheme_that_was_not_signed_is_refused() {
    for change in [
        with!(eth_proof.scheme = Scheme::Eip191) as fn(&mut ExecuteMsg),
        with!(cosmos_proof.scheme = Scheme::Direct),
    ] {
        let error = refused(change);
        assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    }
}

#[rstest]
#[case::one_ahead(1)]
#[case::far_ahead(u64::MAX)]
fn a_nonce_that_is_not_the_next_one(#[case] actual: u64) {
    let error = refused(with!(nonce = actual));
    let cosmos_address = Person::called("alice").cosmos.to_string();
    assert_eq!(error, ContractError::Nonce { cosmos_address, expected: 0, actual });
}

#[test]
fn coins_are_refused_with_every_message() {
    let mut bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    let sender = alice.cosmos.to_string();
    bridge.chain.fund(&sender, &coins(5, "uusd"));
    let request = bridge.link_request(&alice, &alice);
    let link = link_message(&request, (&alice, Scheme::Eip712), (&alice, Scheme::Adr036));
    let unlink = ExecuteMsg::Unlink { eth_address: alice.eth.to_string(), proof: None };
    for msg in [link, unlink] {
        let address = bridge.address.clone();
        let error = bridge.chain.execute_any(&sender, &address, &msg, &coins(5, "uusd"));
        assert!(matches!(error.unwrap_err().bridge(), ContractError::Payment(_)));
    }
    assert_eq!(bridge.chain.balance_of(&sender, "uusd"), 5);
}

#[rstest]
#[case::another_chain("cosmos1e54rm8un3cfum9r7cpdtcll8xn0cmkpxalqpmw", "prefix")]
#[case::typo("wasm1e54rm8un3cfum9r7cpdtcll8xn0cmkpxalqpmw", "bech32")]
#[case::empty("", "bech32")]
fn queries_refuse_what_is_no_address_of_this_chain(#[case] address: &str, #[case] code: &str) {
    let bridge = Bridge::on_mock();
    let error = bridge.try_resolve(address).unwrap_err().to_string();
    let expected = match code {
        "prefix" => "has the prefix cosmos, expected wasm",
        _ => "is not a bech32 address",
    };
    assert!(error.contains(expected), "{error}");
}
