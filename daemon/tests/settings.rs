//! Settings in layers, and network files.

mod binary;

use std::fs;

use binary::Binary;
use modelbond::network::{Code, MarketRecord, NetworkFile};
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

fn setting(shown: &Value, key: &str) -> (Value, String) {
    let setting = shown["settings"].as_array().unwrap().iter().find(|s| s["key"] == key).unwrap();
    (setting["value"].clone(), setting["origin"].as_str().unwrap().to_owned())
}

#[test]
fn later_layers_win_and_are_named() {
    let binary = Binary::new()
        .env("MODELBOND_FROM", "of-environment")
        .env("MODELBOND_SLIPPAGE_BPS", "7")
        .env("MODELBOND_NETWORK", "")
        .env("MODELBOND_GAS_PRICE", "3stake")
        .env("MODELBOND_RPC", "http://a, http://b");
    let file = binary.home().join("config.toml");
    fs::write(
        &file,
        "network = \"of-file\"\nfrom = \"of-file\"\ngas_price = \"1stake\"\nslippage_bps = 3\n",
    )
    .unwrap();
    let shown = binary.run(["config", "show", "--json", "--gas-price", "2stake"]).json();
    let of_file = format!("file {}", file.display());
    assert_eq!(setting(&shown, "deadline_secs"), (120.into(), "default".into()));
    assert_eq!(setting(&shown, "passphrase_file"), (Value::Null, "default".into()));
    assert_eq!(setting(&shown, "network"), ("of-file".into(), of_file));
    assert_eq!(
        setting(&shown, "from"),
        ("of-environment".into(), "environment MODELBOND_FROM".into())
    );
    assert_eq!(
        setting(&shown, "slippage_bps"),
        (7.into(), "environment MODELBOND_SLIPPAGE_BPS".into())
    );
    assert_eq!(setting(&shown, "gas_price"), ("2stake".into(), "flag".into()));
    assert_eq!(setting(&shown, "rpc").0, serde_json::json!(["http://a", "http://b"]));
}

#[test]
fn runs_to_keep_are_a_list_in_the_file_and_text_in_the_environment() {
    let binary = Binary::new();
    fs::write(binary.home().join("config.toml"), "[serve]\nkeep = [1, 2]\n").unwrap();
    let keep =
        |binary: &Binary| setting(&binary.run(["config", "show", "--json"]).json(), "serve.keep");
    assert_eq!(keep(&binary).0, serde_json::json!([1, 2]));
    let binary = binary.env("MODELBOND_SERVE_KEEP", "3, 4");
    let of_environment = "environment MODELBOND_SERVE_KEEP".to_owned();
    assert_eq!(keep(&binary), (serde_json::json!([3, 4]), of_environment));
    let run = binary.env("MODELBOND_SERVE_KEEP", "3,x").run(["config", "show", "--json"]);
    assert_eq!(run.code, 2);
    assert!(run.json_error()["error"].as_str().unwrap().contains("\"x\" is not a number"));
}

#[rstest]
#[case::unknown_key("slipage_bps = 3", "slipage_bps is not a setting", "slippage_bps")]
#[case::wrong_type("slippage_bps = \"three\"", "slippage_bps: invalid type", "config show")]
#[case::negative("deadline_secs = -1", "deadline_secs", "config show")]
fn a_settings_file_that_makes_no_sense_is_refused(
    #[case] text: &str,
    #[case] what: &str,
    #[case] hint: &str,
) {
    let binary = Binary::new();
    fs::write(binary.home().join("config.toml"), text).unwrap();
    let run = binary.run(["config", "show", "--json"]);
    assert_eq!(run.code, 2);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
    assert!(error["error"].as_str().unwrap().contains("config.toml"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
}

#[test]
fn an_environment_that_makes_no_sense_is_refused() {
    let run = Binary::new().env("MODELBOND_SLIPPAGE_BPS", "1%").run(["config", "show", "--json"]);
    assert_eq!(run.code, 2);
    assert!(run.json_error()["error"].as_str().unwrap().contains("MODELBOND_SLIPPAGE_BPS=1%"));
}

fn network() -> NetworkFile {
    let rpc = vec!["http://one:26657".to_owned(), "https://two".to_owned()];
    let mut network = NetworkFile::new("chain-1", rpc, "wasm", "0.025stake");
    network.codes.insert("market".into(), Code { id: 7, hash: "ab".into() });
    network.contracts.insert("registry".into(), "wasm1registry".into());
    let market = MarketRecord {
        address: "wasm1market".into(),
        code_id: 7,
        name: "Vision".into(),
        reserve_denom: "ibc/27394FB0".into(),
    };
    network.markets.insert("VIS-2".into(), market);
    network
}

#[test]
fn a_network_file_comes_back_unchanged() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new").join("x.toml");
    network().save(&path).unwrap();
    assert_eq!(NetworkFile::load(&path).unwrap(), network());
    let changed =
        NetworkFile::update(&path, |file| file.reserve_denom = Some("uusd".into())).unwrap();
    assert_eq!(NetworkFile::load(&path).unwrap(), changed);
    assert_ne!(changed, network());
}

#[test]
fn changes_at_the_same_time_are_all_kept() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.toml");
    NetworkFile::new("chain-1", vec!["http://one".into()], "wasm", "0stake").save(&path).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8u64 {
            let path = &path;
            scope.spawn(move || {
                for round in 0..10u64 {
                    let code = Code { id: thread, hash: "ab".into() };
                    NetworkFile::update(path, |file| {
                        file.codes.insert(format!("{thread}-{round}"), code);
                    })
                    .unwrap();
                }
            });
        }
    });
    assert_eq!(NetworkFile::load(&path).unwrap().codes.len(), 80);
}

const MINIMAL: &str =
    "chain_id = \"c\"\nrpc = [\"http://one\"]\nprefix = \"wasm\"\ngas_price = \"0stake\"\n";

#[test]
fn the_shortest_network_file_is_enough() {
    let binary = Binary::new();
    let path = binary.home().join("x.toml");
    fs::write(&path, MINIMAL).unwrap();
    let shown =
        binary.run(["network", "show", "--json", "--network", path.to_str().unwrap()]).json();
    assert_eq!(shown["chain_id"], "c");
    assert_eq!(shown["markets"], serde_json::json!({}));
}

#[rstest]
#[case::unknown_key(&format!("{MINIMAL}chian = 1"), "unknown field `chian`")]
#[case::unknown_key_of_a_code(&format!("{MINIMAL}[codes.market]\nid = 1\nhash = \"ab\"\nsize = 3"), "unknown field `size`")]
#[case::missing_key("chain_id = \"c\"", "missing field `rpc`")]
#[case::gas_price(&MINIMAL.replace("0stake", "cheap"), "gas price")]
#[case::no_endpoint(&MINIMAL.replace("\"http://one\"", ""), "rpc has no endpoint")]
fn a_network_file_that_makes_no_sense_is_refused(#[case] text: &str, #[case] what: &str) {
    let binary = Binary::new();
    let path = binary.home().join("x.toml");
    fs::write(&path, text).unwrap();
    let run = binary.run(["network", "show", "--json", "--network", path.to_str().unwrap()]);
    assert_eq!(run.code, 1);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
    assert!(error["hint"].is_string(), "{error}");
}

#[test]
fn without_a_network_file_the_next_step_is_named() {
    let run = Binary::new().run(["model", "price", "VIS", "--json"]);
    assert_eq!(run.code, 1);
    assert!(run.json_error()["hint"].as_str().unwrap().contains("modelbond devnet up"));
}

#[rstest]
#[case::symbol("VIS-2")]
#[case::symbol_in_another_case("vis-2")]
#[case::address("wasm1market")]
fn a_market_is_found_by_symbol_and_address(#[case] name: &str) {
    assert_eq!(network().market_address(name).unwrap(), "wasm1market");
}

#[test]
fn an_unknown_market_is_refused_with_the_known_ones() {
    let error = network().market_address("VIS").unwrap_err();
    assert!(modelbond::failure::hint(&error).unwrap().contains("VIS-2"));
}

#[test]
fn an_unreachable_chain_is_named() {
    let binary = Binary::new();
    let path = binary.home().join("x.toml");
    fs::write(&path, MINIMAL.replace("http://one", "http://127.0.0.1:1")).unwrap();
    let run =
        binary.run(["model", "price", "wasm1x", "--json", "--network", path.to_str().unwrap()]);
    assert_eq!(run.code, 1);
    assert!(run.json_error()["error"].as_str().unwrap().contains("cannot connect to c"));
}
