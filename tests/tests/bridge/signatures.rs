//! `verify_signature` and `domain`: what the contract says of any signature.

use cosmwasm_std::{to_json_vec, HexBinary};
use modelbond_interface::bridge::{Scheme, VerifySignatureResponse};
use modelbond_signature::Message;
use modelbond_tests::{Bridge, Contracts, Person};
use rstest::rstest;

/// The worked example of EIP-712, signed by the key keccak256("cow").
const MAIL: &str = r#"{"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],"Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],"Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},"primaryType":"Mail","domain":{"name":"Ether Mail","version":"1","chainId":1,"verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},"message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},"to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}"#;
const MAIL_SIGNATURE: &str = "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c";
const COW: &str = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";

fn hex(text: &str) -> Vec<u8> {
    HexBinary::from_hex(text).unwrap().to_vec()
}

fn reason(answer: VerifySignatureResponse) -> String {
    assert!(!answer.valid, "{answer:?}");
    assert_eq!((answer.pubkey, answer.eth_address, answer.cosmos_address), (None, None, None));
    answer.reason.unwrap()
}

#[test]
fn the_worked_example_of_eip_712_is_valid() {
    let bridge = Bridge::on_mock();
    let answer = bridge.verify(Scheme::Eip712, MAIL.as_bytes(), &hex(MAIL_SIGNATURE), COW);
    assert_eq!(answer.reason, None);
    assert_eq!(answer.eth_address.as_deref(), Some(COW));
    let pubkey = HexBinary::from(answer.pubkey.unwrap().as_slice()).to_hex();
    assert_eq!(pubkey, "030947751e3022ecf3016be03ec77ab0ce3c2662b4843898cb068d74f698ccc8ad");
    let address = bridge.verify(
        Scheme::Eip712,
        MAIL.as_bytes(),
        &hex(MAIL_SIGNATURE),
        "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a",
    );
    let expected = "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a";
    assert_eq!(address.cosmos_address.as_deref(), Some(expected));
}

#[rstest]
#[case(Scheme::Eip191)]
#[case(Scheme::Adr036)]
#[case(Scheme::Direct)]
fn a_signature_is_valid_for_its_message_and_signer_in_every_form(#[case] scheme: Scheme) {
    let bridge = Bridge::on_mock();
    let (alice, bob) = (Person::called("alice"), Person::called("bob"));
    let data = b"some bytes \x00\xff of a message";
    let message = match scheme {
        Scheme::Eip191 => Message::Eip191(data),
        Scheme::Adr036 => Message::Adr036 { signer: &alice.cosmos, data },
        _ => Message::Direct(data),
    };
    let signature = alice.key.sign(&message.digest()).unwrap();
    let signature = scheme.write_signature(&signature).unwrap();
    let key = alice.key.public_key().compressed().to_string();
    for signer in [&alice.eth.to_string(), alice.cosmos.as_str(), key.as_str()] {
        let answer = bridge.verify(scheme, data, &signature, signer);
        if scheme == Scheme::Adr036 && signer.starts_with("0x") {
            assert!(reason(answer).contains("adr036 signs the Cosmos address"));
            continue;
        }
        assert_eq!(answer.reason, None, "{signer}");
        assert_eq!(answer.pubkey, Some(alice.pubkey()));
        assert_eq!(answer.eth_address, Some(alice.eth.to_string()));
        assert_eq!(answer.cosmos_address, Some(alice.cosmos.to_string()));
    }
    for other in [bob.cosmos.to_string(), bob.key.public_key().compressed().to_string()] {
        reason(bridge.verify(scheme, data, &signature, &other));
    }
    let mut changed = data.to_vec();
    changed[0] ^= 1;
    reason(bridge.verify(scheme, &changed, &signature, alice.cosmos.as_str()));
}

#[test]
fn a_signature_of_one_scheme_is_none_of_another() {
    let bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    let data = b"one message";
    let digest = Message::Adr036 { signer: &alice.cosmos, data }.digest();
    let signature = alice.key.sign(&digest).unwrap().to_cosmos();
    let valid = bridge.verify(Scheme::Adr036, data, &signature, alice.cosmos.as_str());
    assert!(valid.valid);
    reason(bridge.verify(Scheme::Direct, data, &signature, alice.cosmos.as_str()));
    let why = reason(bridge.verify(Scheme::Eip191, data, &signature, &alice.eth.to_string()));
    assert_eq!(why, "an Ethereum signature has 65 bytes, not 64");
}

#[rstest]
#[case::typed_data_that_is_none(Scheme::Eip712, "{}", MAIL_SIGNATURE, COW, "missing field")]
#[case::typed_data_with_a_repeated_field(
    Scheme::Eip712,
    r#"{"types":{},"types":{}}"#,
    MAIL_SIGNATURE,
    COW,
    "duplicate field"
)]
#[case::wrong_length(Scheme::Eip712, MAIL, "4355", COW, "has 65 bytes, not 2")]
#[case::no_signature(Scheme::Eip191, "m", "", COW, "has 65 bytes, not 0")]
#[case::signer_that_is_none(Scheme::Eip712, MAIL, MAIL_SIGNATURE, "nobody", "not a bech32 address")]
#[case::zero_signer(
    Scheme::Eip712,
    MAIL,
    MAIL_SIGNATURE,
    "0x0000000000000000000000000000000000000000",
    "belongs to nobody"
)]
#[case::wrong_checksum(
    Scheme::Eip712,
    MAIL,
    MAIL_SIGNATURE,
    "0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826",
    "checksum"
)]
fn what_cannot_be_read_is_not_valid_and_says_why(
    #[case] scheme: Scheme,
    #[case] message: &str,
    #[case] signature: &str,
    #[case] signer: &str,
    #[case] why: &str,
) {
    let answer = Bridge::on_mock().verify(scheme, message.as_bytes(), &hex(signature), signer);
    let reason = reason(answer);
    assert!(reason.contains(why), "{reason}");
}

#[test]
fn high_s_is_refused_though_the_host_calls_accept_it() {
    let bridge = Bridge::on_mock();
    let alice = Person::called("alice");
    let digest = Message::Direct(b"m").digest();
    let low = alice.key.sign(&digest).unwrap();
    // n − s, by the library's own inverse: the twin of the twin is the low one.
    let n = hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    let mut s = [0u8; 32];
    let mut borrow = 0i16;
    for i in (0..32).rev() {
        let digit = i16::from(n[i]) - i16::from(low.s()[i]) - borrow;
        borrow = i16::from(digit < 0);
        s[i] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    let high = modelbond_signature::Signature::new(*low.r(), s, None).unwrap();
    assert_eq!(high.normalized().to_cosmos(), low.to_cosmos());
    let why = reason(bridge.verify(Scheme::Direct, b"m", &high.to_cosmos(), alice.cosmos.as_str()));
    assert!(why.contains("high-s"), "{why}");
    let api = cosmwasm_std::testing::MockApi::default();
    let accepted = cosmwasm_std::Api::secp256k1_verify(
        &api,
        digest.as_bytes(),
        &high.to_cosmos(),
        &alice.pubkey(),
    );
    assert_eq!(accepted, Ok(true));
}

#[test]
fn the_domain_is_what_requests_are_bound_to() {
    let bridge = Bridge::on_mock();
    let domain = bridge.domain();
    let alice = Person::called("alice");
    let typed_data = bridge.link_request(&alice, &alice).typed_data().unwrap();
    let json = String::from_utf8(to_json_vec(typed_data.document()).unwrap()).unwrap();
    assert_eq!(domain.chain_id, bridge.chain.chain_id());
    assert!(json.contains(&format!(r#""name":"{}","version":"{}""#, domain.name, domain.version)));
    assert!(json.contains(&format!(r#""chainId":"{}""#, domain.evm_chain_id)));
    assert!(json.contains(&domain.verifying_contract.to_lowercase()));
    assert!(json.contains(&domain.salt.to_hex()));
    // The typed data of a request is typed data that the contract verifies as such, too.
    let digest = Message::Eip712(&typed_data).digest();
    let signature = alice.key.sign(&digest).unwrap().to_eth().unwrap();
    let eth = alice.eth.to_string();
    let answer = bridge.verify(Scheme::Eip712, json.as_bytes(), &signature, &eth);
    assert_eq!(answer.reason, None);
}
