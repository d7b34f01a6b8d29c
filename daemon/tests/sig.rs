//! `modelbond sig`: known answers, shapes, exit codes, and what it refuses.

mod binary;

use binary::Binary;
use rstest::rstest;
use serde_json::{json, Value};

/// The key of EIP-712's worked example, keccak256("cow").
const COW: &str = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
const COW_KEY: &str = "030947751e3022ecf3016be03ec77ab0ce3c2662b4843898cb068d74f698ccc8ad";
const HELLO: &str = "e1ffe99aa71b20a5a9bfe344aa88d410141149c2be44ab8ff3e4fa4cdc1e90dc41ad65439332078f28538cd371b4bf9b216af7478cff49abda5ce04a3d603c6a1b";
const HELLO_DIGEST: &str = "d9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68";
const MAIL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/mail.json");
const MAIL_SIGNATURE: &str = "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c";
/// A signature of ADR-036 whose data is its signer.
const SIGNER: &str = "cosmos1m9l358xunhhwds0568za49mzhvuxx9uxre5tud";
const SIGNER_KEY: &str = "A/MdHVpitzHNSdD1Zw3kY+L5PEIPyd9l6sD5i4aIfXp9";
const SIGNER_KEY_HEX: &str = "03f31d1d5a62b731cd49d0f5670de463e2f93c420fc9df65eac0f98b86887d7a7d";
const ADR036: &str =
    "vb78/y129cOiWyQkeFF8wCKZsOyzjpILnpEVZ72o5YUhEOmQZzVPcbUqWPLR7aZQ20j6vnYhIuCQN0HEG3igFg==";
const ADR036_R: &str = "bdbefcff2d76f5c3a25b242478517cc02299b0ecb38e920b9e911567bda8e585";
const ADR036_S: &str = "2110e99067354f71b52a58f2d1eda650db48fabe762122e0903741c41b78a016";
const ADR036_HIGH_S: &str = "deef166f98cab08e4ad5a70d2e1259addf65e22839277d5b2f9b1cc8b4bda12b";
const ADR036_DIGEST: &str = "a39b65a338e0774a452bb0741c33941eb45d128e4652febd2efad83c41c55f40";

fn run(arguments: &[&str]) -> binary::Run {
    Binary::new().run(["sig", "--json"].into_iter().chain(arguments.iter().copied()))
}

fn cow() -> Value {
    json!({
        "public_key": COW_KEY,
        "public_key_base64": "AwlHdR4wIuzzAWvgPsd6sM48JmK0hDiYywaNdPaYzMit",
        "uncompressed": "040947751e3022ecf3016be03ec77ab0ce3c2662b4843898cb068d74f698ccc8ad75aa17564ae80a20bb044ee7a6d903e8e8df624b089c95d66a0570f051e5a05b",
        "addresses": {
            "eth": COW,
            "cosmos": "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a",
            "eth_bech32": "cosmos1e54rm8un3cfum9r7cpdtcll8xn0cmkpxalqpmw",
        },
    })
}

const EIP191: [&str; 4] = ["--scheme", "eip191", "--message", "hello world"];
const EIP712: [&str; 4] = ["--scheme", "eip712", "--typed-data", MAIL];
const ADR036_MESSAGE: [&str; 4] = ["--scheme", "adr036", "--message", SIGNER];

fn with<'a>(command: &'a str, message: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [&[command], message, rest].concat()
}

#[rstest]
#[case::eip191(&EIP191, HELLO, COW)]
#[case::eip191_in_hex(&["--scheme", "eip191", "--message-hex", "0x68656c6c6f20776f726c64"], HELLO, COW)]
#[case::eip191_by_lower_case(&EIP191, HELLO, "0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826")]
#[case::eip191_by_key(&EIP191, HELLO, COW_KEY)]
#[case::eip191_by_cosmos_address(&EIP191, HELLO, "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a")]
#[case::eip712(&EIP712, MAIL_SIGNATURE, COW)]
#[case::adr036(&ADR036_MESSAGE, ADR036, SIGNER)]
#[case::adr036_by_key(&ADR036_MESSAGE, ADR036, SIGNER_KEY)]
fn known_signatures_are_valid(
    #[case] message: &[&str],
    #[case] signature: &str,
    #[case] signer: &str,
) {
    let rest = ["--signature", signature, "--signer", signer, "--prefix", "cosmos"];
    let answer = run(&with("verify", message, &rest)).json();
    assert_eq!((&answer["valid"], &answer["reason"]), (&json!(true), &Value::Null), "{answer}");
}

#[test]
fn a_verdict_has_one_shape() {
    let rest = ["--signature", HELLO, "--signer", COW, "--prefix", "cosmos"];
    assert_eq!(
        run(&with("verify", &EIP191, &rest)).json(),
        json!({
            "valid": true, "reason": null, "key": cow(), "scheme": "eip191", "read_as": null,
            "digest": HELLO_DIGEST, "signer": COW, "message_signer": null, "on_chain": null,
        })
    );
    let rest = ["--signature", ADR036, "--signer", SIGNER];
    let adr036 = run(&with("verify", &ADR036_MESSAGE, &rest)).json();
    assert_eq!(adr036["message_signer"], SIGNER);
    let refused = run(&with("verify", &EIP191, &["--signature", "00", "--signer", COW]));
    let refused: Value = serde_json::from_str(&refused.stdout).unwrap();
    assert_eq!(
        refused,
        json!({
            "valid": false,
            "reason": { "code": "length", "detail": "an Ethereum signature has 65 bytes, not 1" },
            "key": null, "scheme": "eip191", "read_as": null, "digest": HELLO_DIGEST,
            "signer": COW, "message_signer": null, "on_chain": null,
        })
    );
}

fn eth(r: &str, s: &str, v: &str) -> String {
    [r, s, v].concat()
}

#[rstest]
#[case::another_message(&["--scheme", "eip191", "--message", "hello worlx"], HELLO.to_owned(), COW, "other_signer", "byte for byte")]
#[case::another_scheme(&EIP712, HELLO.to_owned(), COW, "other_signer", "byte for byte")]
#[case::another_signer(&EIP191, HELLO.to_owned(), "0x5B27B60B87EE3A9aa54201845B3B4b8d45AE934e", "other_signer", "byte for byte")]
#[case::another_recovery_id(&EIP191, format!("{}1c", &HELLO[..128]), COW, "other_signer", "byte for byte")]
#[case::no_recovery_id(&EIP191, HELLO[..128].to_owned(), COW, "length", "65 bytes")]
#[case::a_byte_too_many(&EIP191, format!("{HELLO}00"), COW, "length", "65 bytes")]
#[case::v_of_a_transaction(&EIP191, format!("{}25", &HELLO[..128]), COW, "recovery_byte", "")]
#[case::r_is_zero(&EIP191, eth(&"00".repeat(32), ADR036_S, "1b"), COW, "out_of_range", "")]
#[case::s_is_the_order(&EIP191, eth(ADR036_R, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", "1b"), COW, "out_of_range", "")]
#[case::high_s(&ADR036_MESSAGE, eth(ADR036_R, ADR036_HIGH_S, ""), SIGNER, "high_s", "--normalize")]
#[case::adr036_of_another(&["--scheme", "adr036", "--message", "x"], ADR036.to_owned(), SIGNER, "not_by_signer", "byte for byte")]
#[case::adr036_under_another_prefix(&ADR036_MESSAGE, ADR036.to_owned(), SIGNER_KEY, "not_by_signer", "is wasm the prefix")]
fn what_is_not_valid_exits_with_1_and_says_why(
    #[case] message: &[&str],
    #[case] signature: String,
    #[case] signer: &str,
    #[case] code: &str,
    #[case] hint: &str,
) {
    let run = run(&with("verify", message, &["--signature", &signature, "--signer", signer]));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&answer["valid"], &answer["key"]), (&json!(false), &Value::Null));
    assert_eq!(answer["reason"]["code"], code, "{answer}");
    let error = run.json_error();
    let detail = answer["reason"]["detail"].as_str().unwrap();
    assert_eq!(error["error"], format!("not valid: {detail}"));
    assert!(error["hint"].as_str().unwrap_or_default().contains(hint), "{error}");
}

#[rstest]
#[case::no_scheme(&["digest", "--message", "x"], "--scheme", "")]
#[case::unknown_scheme(&["digest", "--scheme", "eip155", "--message", "x"], "eip155", "")]
#[case::no_message(&["digest", "--scheme", "eip191"], "eip191 needs a message", "--message TEXT")]
#[case::no_typed_data(&["digest", "--scheme", "eip712"], "eip712 needs a message", "--typed-data FILE")]
#[case::no_sign_doc(&["digest", "--scheme", "direct"], "direct needs a message", "--sign-doc FILE")]
#[case::text_as_typed_data(&["digest", "--scheme", "eip712", "--message", "x"], "--message does not go with", "--typed-data FILE")]
#[case::typed_data_as_text(&["digest", "--scheme", "adr036", "--typed-data", MAIL], "--typed-data does not go with", "--message-file FILE")]
#[case::sign_doc_as_text(&["digest", "--scheme", "eip191", "--sign-doc", MAIL], "--sign-doc does not go with", "--message TEXT")]
#[case::text_as_sign_doc(&["digest", "--scheme", "direct", "--message-hex", "00"], "--message-hex does not go with", "--sign-doc FILE")]
#[case::two_messages(&["digest", "--scheme", "eip191", "--message", "x", "--message-hex", "00"], "--message and --message-hex: which", "--message TEXT")]
#[case::odd_hex(&["digest", "--scheme", "eip191", "--message-hex", "0"], "--message-hex: not hexadecimal", "--message")]
#[case::no_file(&["digest", "--scheme", "eip191", "--message-file", "/nonexistent"], "--message-file: cannot read /nonexistent", "standard input")]
#[case::endless_file(&["digest", "--scheme", "eip712", "--typed-data", "/dev/zero"], "/dev/zero has more than 1048576 bytes", "right file")]
#[case::no_signer_in_adr036(&["digest", "--scheme", "adr036", "--message", "x"], "needs the signer", "--signer")]
#[case::signer_in_eip191(&["digest", "--scheme", "eip191", "--message", "x", "--signer", COW], "--signer does not go with", "sig verify")]
#[case::eth_signer_in_adr036(&["digest", "--scheme", "adr036", "--message", "x", "--signer", COW], "does not follow from an Ethereum address", "public key and --prefix")]
#[case::bad_checksum(&["digest", "--scheme", "adr036", "--message", "x", "--signer", "cosmos1m9l358xunhhwds0568za49mzhvuxx9uxre5tuq"], "--signer: cosmos1m9l", "")]
#[case::prefix_of_another_chain(&["digest", "--scheme", "adr036", "--message", "x", "--signer", SIGNER, "--prefix", "wasm"], "has the prefix cosmos, expected wasm", "drop --prefix")]
#[case::bad_prefix(&["address", COW, "--prefix", "a b"], "--prefix: ", "")]
#[case::no_address(&["address", "nonsense"], "neither an Ethereum address", "--from KEY")]
#[case::two_addresses(&["address", COW, "--from", "alice"], "cannot be used with", "")]
#[case::mistyped_address(&["address", "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD82C"], "EIP-55", "")]
#[case::not_a_point(&["address", "020000000000000000000000000000000000000000000000000000000000000005"], "not a point", "")]
#[case::signature_is_text(&["recover", "--scheme", "eip191", "--message", "x", "--signature", "?"], "the signature: not hexadecimal and not base64", "")]
#[case::short_signature(&["recover", "--scheme", "eip191", "--message", "x", "--signature", "00"], "65 bytes, not 1", "65 bytes")]
#[case::verify_unreadable_signature(&["verify", "--scheme", "eip191", "--message", "x", "--signature", "0xzz", "--signer", COW], "the signature: not hexadecimal", "")]
#[case::verify_nobody(&["verify", "--scheme", "eip191", "--message", "x", "--signature", HELLO, "--signer", "bob"], "--signer: neither", "")]
#[case::no_format(&["convert", HELLO], "--from-format", "")]
#[case::wrong_format(&["convert", HELLO, "--from-format", "cosmos"], "64 bytes, not 65", "65 bytes")]
#[case::loose_der(&["convert", "3006020101020101ff", "--from-format", "der"], "not strict DER at byte", "")]
#[case::eth_without_recovery_id(&["convert", ADR036, "--from-format", "cosmos", "--to", "eth"], "needs the recovery id", "--recovery-id")]
#[case::eth_without_recovery_id_or_message(&["convert", ADR036, "--from-format", "cosmos", "--signer", SIGNER], "scheme, message and signer are needed", "--scheme")]
#[case::two_recovery_ids(&["convert", HELLO, "--from-format", "eth", "--recovery-id", "1"], "eth carries its recovery id", "drop")]
#[case::recovery_id_and_signer(&["convert", ADR036, "--from-format", "cosmos", "--recovery-id", "1", "--signer", SIGNER], "either given or looked for", "alone")]
#[case::recovery_id_2(&["convert", ADR036, "--from-format", "cosmos", "--recovery-id", "2"], "--recovery-id: v is 2", "")]
fn what_cannot_be_read_is_a_usage_error_that_names_it(
    #[case] arguments: &[&str],
    #[case] what: &str,
    #[case] hint: &str,
) {
    let run = run(arguments);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
    assert!(error["hint"].as_str().unwrap_or_default().contains(hint), "{error}");
}

#[rstest]
#[case::not_json("{", "--typed-data: EOF")]
#[case::no_message("{\"types\":{},\"primaryType\":\"A\",\"domain\":{}}", "missing field `message`")]
#[case::unsigned_field(
    "{\"types\":{\"A\":[]},\"primaryType\":\"A\",\"domain\":{},\"message\":{\"b\":1}}",
    "--typed-data: message.b: "
)]
#[case::unsigned_field_that_moves_the_cursor(
    r#"{"types":{"A":[]},"primaryType":"A","domain":{},"message":{"\u001b[2K":1}}"#,
    "--typed-data: message.\\u{1b}[2K: "
)]
#[case::unknown_field_that_moves_the_cursor(r#"{"\u001b[2K":1}"#, "unknown field `\\u{1b}[2K`")]
#[case::no_type(
    "{\"types\":{},\"primaryType\":\"A\",\"domain\":{},\"message\":{}}",
    "there is no type \"A\""
)]
fn typed_data_that_is_none_is_named(#[case] text: &str, #[case] what: &str) {
    let arguments = ["sig", "digest", "--json", "--scheme", "eip712", "--typed-data", "-"];
    let run = Binary::new().run_with_input(arguments, text.as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
}

#[test]
fn digests_are_known_and_say_what_they_are_made_from() {
    assert_eq!(
        run(&with("digest", &EIP191, &[])).json(),
        json!({
            "scheme": "eip191", "hash": "keccak-256", "digest": HELLO_DIGEST,
            "made_from": {
                "prefix": "\u{19}Ethereum Signed Message:\n11", "prefix_bytes": 28,
                "message_bytes": 11, "message_hex": "68656c6c6f20776f726c64",
            },
        })
    );
    assert_eq!(
        run(&with("digest", &EIP712, &[])).json(),
        json!({
            "scheme": "eip712", "hash": "keccak-256",
            "digest": "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2",
            "made_from": {
                "primary_type": "Mail",
                "encoded_type": "Mail(Person from,Person to,string contents)Person(string name,address wallet)",
                "domain_separator": "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f",
                "struct_hash": "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e",
            },
        })
    );
    let data = "Y29zbW9zMW05bDM1OHh1bmhod2RzMDU2OHphNDltemh2dXh4OXV4cmU1dHVk";
    let by_address = run(&with("digest", &ADR036_MESSAGE, &["--signer", SIGNER])).json();
    assert_eq!(
        by_address,
        json!({
            "scheme": "adr036", "hash": "sha-256", "digest": ADR036_DIGEST,
            "made_from": {
                "signer": SIGNER, "message_bytes": 45, "message_hex": hex::encode(SIGNER),
                "sign_doc": format!(
                    r#"{{"account_number":"0","chain_id":"","fee":{{"amount":[],"gas":"0"}},"memo":"","msgs":[{{"type":"sign/MsgSignData","value":{{"data":"{data}","signer":"{SIGNER}"}}}}],"sequence":"0"}}"#
                ),
            },
        })
    );
    let by_key = ["--signer", SIGNER_KEY, "--prefix", "cosmos"];
    assert_eq!(run(&with("digest", &ADR036_MESSAGE, &by_key)).json(), by_address);
}

#[test]
fn the_signer_is_recovered() {
    let rest = ["--signature", HELLO, "--prefix", "cosmos"];
    assert_eq!(
        run(&with("recover", &EIP191, &rest)).json(),
        json!({
            "scheme": "eip191", "read_as": null, "digest": HELLO_DIGEST, "message_signer": null,
            "signed_by": COW_KEY, "keys": [cow()],
        })
    );
    let rest = ["--signature", ADR036, "--signer", SIGNER];
    let adr036 = run(&with("recover", &ADR036_MESSAGE, &rest)).json();
    assert_eq!(adr036["keys"].as_array().unwrap().len(), 2);
    assert_eq!(adr036["signed_by"], SIGNER_KEY_HEX);
    assert_eq!(adr036["keys"][1]["addresses"]["cosmos"], SIGNER);
    let other = ["recover", "--scheme", "adr036", "--message", "x"];
    let other = run(&with(other[0], &other[1..], &rest)).json();
    assert_eq!((&other["signed_by"], other["keys"].as_array().unwrap().len()), (&Value::Null, 2));
}

#[rstest]
#[case::high_s(eth(ADR036_R, ADR036_HIGH_S, "1b"), "high-s", "--normalize")]
#[case::no_key(eth(&"00".repeat(31), "05", &format!("{ADR036_S}1b")), "no key has made", "byte for byte")]
fn what_no_key_has_signed_exits_with_1(
    #[case] signature: String,
    #[case] what: &str,
    #[case] hint: &str,
) {
    let run = run(&with("recover", &EIP191, &["--signature", &signature]));
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
    assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
}

#[test]
fn an_address_gives_what_follows_from_it() {
    let key = run(&["address", COW_KEY, "--prefix", "cosmos"]).json();
    let mut expected = json!({
        "given": COW_KEY, "kind": "public_key", "prefix": "cosmos", "account_bytes": null,
        "needs_key": [],
    });
    for (name, value) in cow().as_object().unwrap() {
        expected[name] = value.clone();
    }
    assert_eq!(key, expected);
    for same in
        ["AwlHdR4wIuzzAWvgPsd6sM48JmK0hDiYywaNdPaYzMit", key["uncompressed"].as_str().unwrap()]
    {
        let same = run(&["address", same, "--prefix", "cosmos"]).json();
        assert_eq!(same["addresses"], key["addresses"]);
    }
    assert_eq!(
        run(&["address", &COW.to_lowercase(), "--prefix", "cosmos"]).json(),
        json!({
            "given": COW.to_lowercase(), "kind": "eth_address", "prefix": "cosmos",
            "account_bytes": "cd2a3d9f938e13cd947ec05abc7fe734df8dd826", "public_key": null,
            "public_key_base64": null, "uncompressed": null,
            "addresses": {
                "eth": COW, "cosmos": null,
                "eth_bech32": "cosmos1e54rm8un3cfum9r7cpdtcll8xn0cmkpxalqpmw",
            },
            "needs_key": ["public_key", "cosmos"],
        })
    );
    let bech32 = run(&["address", "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a"]).json();
    assert_eq!(
        bech32,
        json!({
            "given": "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a", "kind": "bech32",
            "prefix": "wasm", "account_bytes": "f7ee9ab7297134a0ccc76f3d50e94def17488f2c",
            "public_key": null, "public_key_base64": null, "uncompressed": null,
            "addresses": {
                "eth": null, "cosmos": "wasm17lhf4defwy62pnx8du74p62daut53revsxrmhk",
                "eth_bech32": null,
            },
            "needs_key": ["public_key", "eth", "eth_bech32"],
        })
    );
}

#[test]
fn a_signature_has_three_formats() {
    let formats = json!({
        "r": ADR036_R, "s": ADR036_S, "recovery_id": 1, "low_s": true,
        "eth": format!("0x{ADR036_R}{ADR036_S}1c"), "cosmos": ADR036,
        "der": format!("3045022100{ADR036_R}0220{ADR036_S}"),
    });
    let eth = formats["eth"].as_str().unwrap();
    let der = formats["der"].as_str().unwrap();
    let high_s = format!("{ADR036_R}{ADR036_HIGH_S}");
    let find = with("--signer", &[SIGNER], &ADR036_MESSAGE);
    for arguments in [
        with(eth, &["--from-format", "eth"], &[]),
        with(ADR036, &["--from-format", "cosmos", "--recovery-id", "28"], &[]),
        with(der, &["--from-format", "der", "--recovery-id", "1"], &[]),
        with(ADR036, &["--from-format", "cosmos"], &find),
        with(&high_s, &["--from-format", "cosmos", "--normalize", "--recovery-id", "0"], &[]),
        with(&high_s, &["--from-format", "cosmos", "--normalize"], &find),
    ] {
        assert_eq!(run(&with("convert", &arguments, &[])).json(), formats, "{arguments:?}");
        for (to, expected) in [("eth", eth), ("cosmos", ADR036), ("der", der)] {
            let line = Binary::new()
                .run(["sig", "convert", "--to", to].into_iter().chain(arguments.clone()));
            assert_eq!((line.code, line.stdout), (0, format!("{expected}\n")), "{}", line.stderr);
        }
    }
    let unknown = run(&["convert", &high_s, "--from-format", "cosmos"]).json();
    assert_eq!(
        (&unknown["eth"], &unknown["recovery_id"], &unknown["low_s"]),
        (&Value::Null, &Value::Null, &json!(false))
    );
}

#[test]
fn a_recovery_id_is_not_found_for_another_signer() {
    let other = "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a";
    let rest = [ADR036, "--from-format", "cosmos", "--signer", other];
    let run = run(&with("convert", &ADR036_MESSAGE, &rest));
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(run.json_error()["error"].as_str().unwrap().contains("is not by cosmos17lhf"));
}

#[test]
fn broken_settings_matter_only_to_what_needs_them() {
    let binary = Binary::new();
    std::fs::write(binary.home().join("config.toml"), "nonsense = ").unwrap();
    let sig =
        |arguments: &[&str]| binary.run(["sig"].into_iter().chain(arguments.iter().copied())).code;
    assert_eq!(sig(&["convert", HELLO, "--from-format", "eth"]), 0);
    assert_eq!(sig(&with("digest", &EIP712, &[])), 0);
    assert_eq!(
        sig(&with("verify", &ADR036_MESSAGE, &["--signature", ADR036, "--signer", SIGNER])),
        0
    );
    assert_eq!(sig(&["address", COW, "--prefix", "wasm"]), 0);
    assert_ne!(sig(&["address", COW]), 0);
    assert_ne!(sig(&with("sign", &EIP191, &[])), 0);
}

#[test]
fn people_are_told_the_same() {
    let page = |arguments: &[&str]| {
        Binary::new().run(["sig"].into_iter().chain(arguments.iter().copied()))
    };
    let valid = page(&with("verify", &EIP191, &["--signature", HELLO, "--signer", COW]));
    assert!(valid.stdout.starts_with("Valid\n") && valid.stdout.contains(COW_KEY), "{valid:?}");
    let refused = page(&with("verify", &EIP712, &["--signature", HELLO, "--signer", COW]));
    assert_eq!(refused.code, 1);
    assert!(refused.stdout.starts_with("NOT valid\n"), "{refused:?}");
    assert!(refused.stdout.contains("other_signer"), "{refused:?}");
    let adr036 =
        page(&with("recover", &ADR036_MESSAGE, &["--signature", ADR036, "--signer", SIGNER]));
    let signed_by = adr036.stdout.split("Signed by\n").nth(1).unwrap();
    assert!(
        signed_by.starts_with(&format!("  public key          {SIGNER_KEY_HEX}")),
        "{adr036:?}"
    );
    let digest = page(&["digest", "--scheme", "eip191", "--message", "a\x1b[2Kb"]);
    assert!(digest.stdout.contains("\"a\\u{1b}[2Kb\", 6 bytes"), "{digest:?}");
    let address = page(&["address", SIGNER, "--prefix", "wasm"]);
    assert!(address.stdout.contains("need the key"), "{address:?}");
}
