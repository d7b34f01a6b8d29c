//! The program, the chain, and what the chain has.

use cosmwasm_std::{coin, Addr, Decimal, HexBinary, Timestamp};
use modelbond::keystore::{parse_path, Identity, DEFAULT_PATH};
use modelbond::network::{Code, MarketRecord, NetworkFile};
use modelbond::training::NodeKey;
use modelbond_interface::hash::Hash32;
use modelbond_interface::registry::{self, ConfigResponse, Metadata, ModelResponse, ModelTerms};

use crate::binary::{Binary, Run as Ran};
use crate::chain::{Chain, CHAIN_ID};

pub(crate) const MODEL: &str = "wasm1model";
pub(crate) const REGISTRY: &str = "wasm1registry";
pub(crate) const PROVENANCE: &str = "wasm1provenance";
pub(crate) const REWARDS: &str = "wasm1rewards";
pub(crate) const TRAINING: &str = "wasm1training";
const PHRASE: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// The program with the key of [`PHRASE`], on the chain.
pub(crate) struct Place {
    pub(crate) binary: Binary,
    pub(crate) chain: Chain,
}

impl Place {
    /// With all contracts and a market, VIS.
    pub(crate) async fn new() -> Self {
        let place = Self::empty().await;
        let names = ["beacon", "training", "nodes", "registry", "provenance", "rewards"];
        let mut network = place.network();
        network.contracts.extend(names.map(|name| (name.to_owned(), format!("wasm1{name}"))));
        network.codes.insert("market".to_owned(), Code { id: 1, hash: "07".repeat(32) });
        let record = MarketRecord {
            address: MODEL.to_owned(),
            code_id: 1,
            name: "Vision".to_owned(),
            reserve_denom: "uusd".to_owned(),
        };
        network.markets.insert("VIS".to_owned(), record);
        network.save(&place.path()).unwrap();
        place.chain.state().wasm.codes.push(vec![7; 32]);
        place.chain.answers(REGISTRY, registry::QueryMsg::Config {}, config());
        place
    }

    /// With nothing deployed.
    pub(crate) async fn empty() -> Self {
        let chain = Chain::start().await;
        let binary = Binary::new()
            .env("MODELBOND_MNEMONIC", PHRASE)
            .env("MODELBOND_PASSPHRASE", "correct horse");
        let place = Self { binary, chain };
        let mut network =
            NetworkFile::new(CHAIN_ID, vec![place.chain.url.clone()], "wasm", "0stake");
        network.reserve_denom = Some("uusd".to_owned());
        network.save(&place.path()).unwrap();
        place
    }

    fn path(&self) -> std::path::PathBuf {
        self.binary.home().join("net.toml")
    }

    /// The network file as it is.
    pub(crate) fn network(&self) -> NetworkFile {
        NetworkFile::load(&self.path()).unwrap()
    }

    /// Changes the network file.
    pub(crate) fn change(&self, change: impl FnOnce(&mut NetworkFile)) {
        NetworkFile::update(&self.path(), change).unwrap();
    }

    /// Runs it with `--json` as the key of the environment.
    pub(crate) fn run<'a>(&'a self, arguments: &[&'a str]) -> Ran {
        let path = self.path();
        let rest = ["--json", "--yes", "--from-env", "--network", path.to_str().unwrap()];
        self.binary.run(arguments.iter().copied().chain(rest))
    }

    /// The same without `--json` and `--yes`.
    pub(crate) fn page<'a>(&'a self, arguments: &[&'a str]) -> String {
        let path = self.path();
        let rest = ["--from-env", "--network", path.to_str().unwrap()];
        let run = self.binary.run(arguments.iter().copied().chain(rest));
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    }
}

/// What the registry says of itself.
pub(crate) fn config() -> ConfigResponse {
    ConfigResponse {
        market_code_id: 1,
        market_checksum: HexBinary::from([7; 32]),
        training: Addr::unchecked(TRAINING),
        rewards: Addr::unchecked(REWARDS),
        provenance: Addr::unchecked(PROVENANCE),
        fee: coin(5, "uusd"),
        models: 1,
    }
}

/// VIS as the registry has it.
pub(crate) fn model() -> ModelResponse {
    ModelResponse {
        number: 1,
        model: Addr::unchecked(MODEL),
        name: "Vision".to_owned(),
        symbol: "VIS".to_owned(),
        opened_at: Timestamp::from_seconds(1_000),
        terms: ModelTerms {
            creator: Addr::unchecked("wasm1creator"),
            owner: Addr::unchecked("wasm1creator"),
            reserve_denom: "uusd".to_owned(),
            reward_rate: Decimal::permille(1),
            royalty_bps: 500,
            parents: vec![],
        },
        offered_to: None,
        metadata: Metadata {
            weights_hash: Hash32([1; 32]),
            licence: "MIT".to_owned(),
            description: "Tells wines apart.".to_owned(),
            uri: Some("https://vision.example".to_owned()),
            arena_channel: None,
        },
        use_cases: vec!["photo-classification".parse().unwrap()],
        citations: 3,
    }
}

/// Account of the key of [`PHRASE`].
pub(crate) fn sender() -> String {
    let identity = Identity::from_phrase(PHRASE, parse_path(DEFAULT_PATH).unwrap()).unwrap();
    NodeKey::of(&identity).unwrap().account("wasm").unwrap()
}

pub(crate) fn refused(run: &Ran, code: i32, what: &str) {
    assert_eq!(run.code, code, "{}", run.stderr);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
}
