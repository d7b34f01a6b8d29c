//! `modelbond sig sign` with a key of the keystore, and the way back by every other command.

mod binary;

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use binary::Binary;
use cosmrs::proto::cosmos::bank::v1beta1::MsgSend;
use cosmrs::proto::cosmos::base::v1beta1::Coin;
use cosmrs::proto::cosmos::crypto::secp256k1::PubKey;
use cosmrs::proto::cosmos::tx::v1beta1::mode_info::{Single, Sum};
use cosmrs::proto::cosmos::tx::v1beta1::{AuthInfo, Fee, ModeInfo, SignDoc, SignerInfo, TxBody};
use cosmrs::proto::traits::Message;
use cosmrs::Any;
use modelbond::keystore::{parse_path, Identity, DEFAULT_PATH};
use rstest::rstest;
use serde_json::{json, Value};

const PHRASE: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
const KEY: &str = "024f4e2ad99c34d60b9ba6283c9431a8418af8673212961f97a77b6377fcd05b62";
const ETH: &str = "0x7C1B02B575545d4F24243C229bC9a5ef1649b346";
const COSMOS: &str = "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7";
const MAIL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/mail.json");

fn binary() -> Binary {
    Binary::new().env("MODELBOND_PASSPHRASE", "correct horse").env("MODELBOND_MNEMONIC", PHRASE)
}

fn sig(binary: &Binary, arguments: &[&str]) -> binary::Run {
    binary.run(["sig", "--json"].into_iter().chain(arguments.iter().copied()))
}

/// A transfer that names `key` as its signer.
fn transfer(key: &str) -> SignDoc {
    let public_key = PubKey { key: hex::decode(key).unwrap() };
    let any = |type_url: &str, value: Vec<u8>| Any { type_url: type_url.to_owned(), value };
    let coin = |amount: &str| Coin { denom: "stake".to_owned(), amount: amount.to_owned() };
    let send = MsgSend {
        from_address: COSMOS.to_owned(),
        to_address: "wasm17lhf4defwy62pnx8du74p62daut53revsxrmhk".to_owned(),
        amount: vec![coin("1000000")],
    };
    let body = TxBody {
        messages: vec![
            any("/cosmos.bank.v1beta1.MsgSend", send.encode_to_vec()),
            any("/cosmos.gov.v1.MsgVote", vec![8, 1]),
        ],
        memo: "rent\x1b[2K".to_owned(),
        ..Default::default()
    };
    let auth_info = AuthInfo {
        signer_infos: vec![SignerInfo {
            public_key: Some(any("/cosmos.crypto.secp256k1.PubKey", public_key.encode_to_vec())),
            mode_info: Some(ModeInfo { sum: Some(Sum::Single(Single { mode: 1 })) }),
            sequence: 3,
        }],
        fee: Some(Fee { amount: vec![coin("500")], gas_limit: 200_000, ..Default::default() }),
        ..Default::default()
    };
    SignDoc {
        body_bytes: body.encode_to_vec(),
        auth_info_bytes: auth_info.encode_to_vec(),
        chain_id: "devnet-1".to_owned(),
        account_number: 7,
    }
}

fn write(binary: &Binary, content: impl AsRef<[u8]>) -> String {
    let path = binary.home().join("message");
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// sign → verify → recover → convert, then one bit less of s.
#[test]
fn a_key_of_the_keystore_signs_under_every_scheme() {
    let binary = binary();
    binary.run(["keys", "import", "alice", "--from-env"]);
    let sign_doc = write(&binary, transfer(KEY).encode_to_vec());
    for (message, signer) in [
        (["--scheme", "eip191", "--message", "hello"], ETH),
        (["--scheme", "eip712", "--typed-data", MAIL], ETH),
        (["--scheme", "adr036", "--message", "hello"], COSMOS),
        (["--scheme", "direct", "--sign-doc", sign_doc.as_str()], COSMOS),
    ] {
        let scheme = message[1];
        let with = |command: &str, rest: &[&str]| {
            sig(&binary, &[&[command], message.as_slice(), rest].concat())
        };
        let signed = with("sign", &["--yes"]).json();
        assert_eq!(signed["scheme"], scheme);
        assert_eq!(signed["signer"], signer);
        assert_eq!(signed["key"]["public_key"], KEY);
        assert_eq!(signed["formats"]["low_s"], true);
        let own = if signer == ETH { "eth" } else { "cosmos" };
        assert_eq!(signed["signature"], signed["formats"][own]);
        assert_eq!(with("sign", &["--from", "alice", "--yes"]).json(), signed, "deterministic");
        assert_eq!(with("sign", &["--from-env", "--yes"]).json(), signed);

        let signature = signed["signature"].as_str().unwrap();
        for signer in [signer, KEY] {
            let verdict = with("verify", &["--signature", signature, "--signer", signer]).json();
            assert_eq!(verdict["valid"], true, "{scheme}: {verdict}");
            assert_eq!(verdict["digest"], signed["digest"]);
        }
        let named: &[&str] = if scheme == "adr036" { &["--signer", COSMOS] } else { &[] };
        let recovered = with("recover", &[&["--signature", signature], named].concat()).json();
        let certain = if scheme == "direct" { Value::Null } else { json!(KEY) };
        assert_eq!(recovered["signed_by"], certain, "{scheme}");
        let keys = recovered["keys"].as_array().unwrap();
        assert!(keys.contains(&signed["key"]), "{scheme}: {recovered}");

        let der = signed["formats"]["der"].as_str().unwrap();
        let convert = [der, "--from-format", "der", "--signer", signer];
        assert_eq!(with("convert", &convert).json(), signed["formats"], "{scheme}");

        let mut bytes = if own == "eth" {
            hex::decode(&signature[2..]).unwrap()
        } else {
            STANDARD.decode(signature).unwrap()
        };
        bytes[63] ^= 1;
        let mutated = hex::encode(bytes);
        let run = with("verify", &["--signature", &mutated, "--signer", signer]);
        assert_eq!(run.code, 1, "{scheme}: {}", run.stderr);
        let verdict: Value = serde_json::from_str(&run.stdout).unwrap();
        let code = if own == "eth" { "other_signer" } else { "not_by_signer" };
        assert_eq!(verdict["reason"]["code"], code, "{scheme}");
    }
    let address = sig(&binary, &["address", "--from", "alice"]).json();
    assert_eq!((&address["addresses"]["eth"], &address["given"]), (&json!(ETH), &json!(KEY)));
}

/// cosmrs signs the same bytes with another implementation of the curve.
#[rstest]
#[case::raw(|bytes: Vec<u8>| bytes, "raw")]
#[case::hex(|bytes: Vec<u8>| format!("{}\n", hex::encode(bytes)).into_bytes(), "hex")]
#[case::base64(|bytes: Vec<u8>| format!("{}\n", STANDARD.encode(bytes)).into_bytes(), "base64")]
fn a_transaction_is_signed_as_wallets_do(
    #[case] write_as: fn(Vec<u8>) -> Vec<u8>,
    #[case] read_as: &str,
) {
    let bytes = transfer(KEY).encode_to_vec();
    let identity = Identity::from_phrase(PHRASE, parse_path(DEFAULT_PATH).unwrap()).unwrap();
    let expected = identity.signing_key().unwrap().sign(&bytes).unwrap().to_bytes();
    let input = write_as(bytes);
    let message = ["--json", "--scheme", "direct", "--sign-doc", "-"];
    let sign = ["sig", "sign", "--from-env", "--yes"].into_iter().chain(message);
    let signed = binary().run_with_input(sign, &input).json();
    assert_eq!(signed["signature"], STANDARD.encode(expected));
    assert_eq!(signed["read_as"], read_as);
    let digest = binary().run_with_input(["sig", "digest"].into_iter().chain(message), &input);
    let digest = digest.json();
    assert_eq!(digest["digest"], signed["digest"]);
    assert_eq!(
        digest["made_from"],
        json!({
            "sign_doc_bytes": transfer(KEY).encode_to_vec().len(), "read_as": read_as,
            "chain_id": "devnet-1", "account_number": 7,
        })
    );
}

#[test]
fn a_transaction_is_shown_and_only_signed_when_agreed_to() {
    let binary = binary();
    let path = write(&binary, transfer(KEY).encode_to_vec());
    let sign = ["sig", "sign", "--from-env", "--scheme", "direct", "--sign-doc", path.as_str()];
    let asked = binary.run(sign);
    assert_eq!((asked.code, asked.stdout.as_str()), (2, ""), "{}", asked.stderr);
    assert!(asked.stderr.contains("add --yes"), "{}", asked.stderr);
    let agreed = binary.run(sign.into_iter().chain(["--yes"]));
    assert_eq!(agreed.code, 0, "{}", agreed.stderr);
    for shown in [
        "devnet-1",
        "account number  7",
        "rent\\u{1b}[2K",
        "500 stake",
        "200000",
        "sequence 3",
        "Message 1: /cosmos.bank.v1beta1.MsgSend",
        "wasm17lhf4defwy62pnx8du74p62daut53revsxrmhk",
        "1000000 stake",
        "Message 2: /cosmos.gov.v1.MsgVote",
        "content, not decoded here  CAE=",
        COSMOS,
    ] {
        assert!(asked.stderr.contains(shown), "{shown}: {}", asked.stderr);
        assert!(agreed.stderr.contains(shown), "{shown}: {}", agreed.stderr);
    }
    assert!(!asked.stderr.contains("another key"), "{}", asked.stderr);
    let unseen = binary.run(sign.into_iter().chain(["--json"]));
    assert_eq!((unseen.code, unseen.stdout.as_str()), (2, ""));
    assert!(unseen.json_error()["error"].as_str().unwrap().contains("is not shown"));
}

#[test]
fn a_transaction_of_another_key_is_warned_about() {
    let other = "030947751e3022ecf3016be03ec77ab0ce3c2662b4843898cb068d74f698ccc8ad";
    let binary = binary();
    let path = write(&binary, transfer(other).encode_to_vec());
    let run = binary.run(["sig", "sign", "--from-env", "--scheme", "direct", "--sign-doc", &path]);
    assert!(run.stderr.contains("warning: the transaction names another key"), "{}", run.stderr);
}

#[rstest]
#[case::unknown_field([transfer(KEY).encode_to_vec(), vec![0x7a, 1, 0]].concat(), "outermost message has fields that are not known")]
#[case::unknown_field_in_the_body(SignDoc { body_bytes: vec![0x7a, 1, 0], ..transfer(KEY) }.encode_to_vec(), "body has fields that are not known")]
#[case::unknown_field_of_the_fee(SignDoc { auth_info_bytes: vec![0x12, 3, 0x7a, 1, 0], ..transfer(KEY) }.encode_to_vec(), "auth info has fields that are not known")]
#[case::not_a_sign_doc(b"\x0a\xff".to_vec(), "cannot be decoded")]
#[case::empty(vec![], "it is empty")]
fn a_transaction_that_cannot_be_shown_whole_is_not_signed(
    #[case] bytes: Vec<u8>,
    #[case] what: &str,
) {
    let arguments =
        ["sig", "sign", "--from-env", "--scheme", "direct", "--sign-doc", "-", "--yes", "--json"];
    let run = binary().run_with_input(arguments, &bytes);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
    assert!(error["error"].as_str().unwrap().starts_with("--sign-doc"), "{error}");
}

#[test]
fn typed_data_is_shown_and_agreed_to_before_it_is_signed() {
    let sign = ["sig", "sign", "--from-env", "--scheme", "eip712", "--typed-data", MAIL];
    let run = binary().run(sign);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains("add --yes"), "{}", run.stderr);
    let run = binary().run(sign.into_iter().chain(["--json"]));
    assert!(run.json_error()["error"].as_str().unwrap().contains("is not shown before"));

    let run = binary().run(sign.into_iter().chain(["--yes"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    for shown in ["primary type  Mail", "Ether Mail", "from.name", "Cow", "Hello, Bob!"] {
        assert!(run.stderr.contains(shown), "{shown}: {}", run.stderr);
    }
    assert!(run.stdout.starts_with("Signed as eip712\n"), "{}", run.stdout);
}

#[test]
fn a_message_comes_from_a_file_or_standard_input_byte_for_byte() {
    let binary = binary();
    let path = write(&binary, "hello\n");
    let by = |arguments: &[&str], input: &[u8]| {
        let sign = ["sig", "sign", "--json", "--from-env", "--scheme", "eip191"];
        let arguments = sign.into_iter().chain(arguments.iter().copied());
        binary.run_with_input(arguments, input).json()["signature"].clone()
    };
    let signature = by(&["--message", "hello\n"], b"");
    assert_eq!(by(&["--message-file", &path], b""), signature);
    assert_eq!(by(&["--message-file", "-"], b"hello\n"), signature);
    assert_eq!(by(&["--message-hex", "68656c6c6f0a"], b""), signature);
    assert_ne!(by(&["--message", "hello"], b""), signature);
}

#[test]
fn a_file_may_have_a_mebibyte_and_not_a_byte_more() {
    let binary = binary();
    let digest = ["sig", "digest", "--json", "--scheme", "eip191", "--message-file"];
    let largest = vec![b'a'; 1 << 20];
    let path = write(&binary, &largest);
    let answer = binary.run(digest.into_iter().chain([path.as_str()])).json();
    assert_eq!(answer["made_from"]["message_bytes"], 1 << 20);
    for (path, input) in [(path.as_str(), vec![]), ("-", [largest, vec![b'a']].concat())] {
        std::fs::write(binary.home().join("message"), vec![b'a'; (1 << 20) + 1]).unwrap();
        let run = binary.run_with_input(digest.into_iter().chain([path]), &input);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        let error = run.json_error();
        assert!(error["error"].as_str().unwrap().contains("more than 1048576 bytes"), "{error}");
    }
}

#[test]
fn without_a_key_sign_says_how_to_get_one() {
    let run = sig(&Binary::new(), &["sign", "--scheme", "eip191", "--message", "x"]);
    assert_eq!(run.code, 2);
    assert!(run.json_error()["hint"].as_str().unwrap().contains("keys add"));
    let wrong = Binary::new().env("MODELBOND_PASSPHRASE", "wrong");
    let right = binary();
    right.run(["keys", "import", "alice", "--from-env"]);
    let home = right.home().to_str().unwrap();
    let run = sig(&wrong, &["sign", "--scheme", "eip191", "--message", "x", "--home", home]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.json_error()["error"].as_str().unwrap().contains("wrong passphrase"));
}
