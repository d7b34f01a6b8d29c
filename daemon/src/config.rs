//! Settings in layers: defaults, then `config.toml` in the home directory, then `MODELBOND_*`
//! environment variables, then flags. A key that is not a setting is refused.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use figment::error::Kind;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider, Source};
use serde::{Deserialize, Deserializer, Serialize};

use crate::failure::Failure;
use crate::serve;

/// Name of the file in the home directory.
pub const FILE: &str = "config.toml";
const PREFIX: &str = "MODELBOND_";
const NUMBERS: [&str; 12] = [
    "slippage_bps",
    "deadline_secs",
    "serve.rate_limit",
    "serve.rate_burst",
    "serve.body_limit",
    "serve.max_connections",
    "serve.max_connections_per_client",
    "serve.header_timeout_ms",
    "serve.request_timeout_ms",
    "serve.write_timeout_ms",
    "serve.chain_timeout_ms",
    "serve.drain_ms",
];

/// Every setting, in the order in which it is shown; a dot separates a section from its key.
pub const KEYS: [&str; 22] = [
    "network",
    "from",
    "passphrase_file",
    "rpc",
    "gas_price",
    "slippage_bps",
    "deadline_secs",
    "serve.listen",
    "serve.rate_limit",
    "serve.rate_burst",
    "serve.body_limit",
    "serve.max_connections",
    "serve.max_connections_per_client",
    "serve.header_timeout_ms",
    "serve.request_timeout_ms",
    "serve.write_timeout_ms",
    "serve.chain_timeout_ms",
    "serve.drain_ms",
    "serve.emit",
    "serve.keep",
    "serve.log",
    "serve.log_format",
];

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of a network file in the home directory, or the path of one.
    pub network: String,
    /// Key that signs.
    pub from: Option<String>,
    /// File whose first line is the passphrase.
    pub passphrase_file: Option<PathBuf>,
    /// RPC endpoints instead of the network file's.
    #[serde(default, deserialize_with = "endpoints")]
    pub rpc: Option<Vec<String>>,
    /// Gas price instead of the network file's.
    pub gas_price: Option<String>,
    /// Accepted shortfall of a trade against its quote.
    pub slippage_bps: u32,
    /// A trade is refused this long after the chain's last block.
    pub deadline_secs: u64,
    /// The HTTP service.
    pub serve: serve::Settings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            network: "devnet".to_owned(),
            from: None,
            passphrase_file: None,
            rpc: None,
            gas_price: None,
            slippage_bps: 100,
            deadline_secs: 120,
            serve: serve::Settings::default(),
        }
    }
}

/// What the flags say; nothing where a flag was not given.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Overrides {
    /// `--network`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// `--from`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `--passphrase-file`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passphrase_file: Option<PathBuf>,
    /// `--rpc`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpc: Option<Vec<String>>,
    /// `--gas-price`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gas_price: Option<String>,
    /// Flags of `modelbond serve`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serve: Option<serve::Overrides>,
}

/// A setting with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Name of the setting.
    pub key: &'static str,
    /// Its value; none where there is no default.
    pub value: Option<serde_json::Value>,
    /// `default`, `file …`, `environment …` or `flag`.
    pub origin: String,
}

/// The settings and where each comes from.
#[derive(Debug, Clone)]
pub struct Layers {
    /// The settings.
    pub config: Config,
    /// Their origins, in the order of [`KEYS`].
    pub origins: Vec<Origin>,
}

/// Reads all layers.
pub fn load(home: &Path, overrides: &Overrides) -> Result<Layers> {
    let mut figment = Figment::from(Layer { name: "default", values: &Config::default() });
    let file = home.join(FILE);
    if file.try_exists().with_context(|| format!("cannot read {}", file.display()))? {
        figment = figment.merge(Toml::file_exact(file));
    }
    let figment = figment
        .merge(Layer { name: "environment", values: &environment()? })
        .merge(Layer { name: "flag", values: overrides });
    let config: Config = figment.extract().map_err(|error| explain(&error))?;
    let values = serde_json::to_value(&config).context("settings")?;
    let origins = KEYS
        .iter()
        .map(|key| Origin {
            key,
            value: values.pointer(&pointer(key)).filter(|value| !value.is_null()).cloned(),
            origin: origin(&figment, key),
        })
        .collect();
    Ok(Layers { config, origins })
}

/// Values under a name that `config show` can give as their origin.
struct Layer<'a, T> {
    name: &'static str,
    values: &'a T,
}

impl<T: Serialize> Provider for Layer<'_, T> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Serialized::defaults(self.values).data()
    }
}

/// What the environment says; an empty variable is as good as none.
fn environment() -> Result<serde_json::Map<String, serde_json::Value>> {
    let mut values = serde_json::Map::new();
    for key in KEYS {
        let name = variable(key);
        let Some(text) = std::env::var_os(&name).filter(|text| !text.is_empty()) else { continue };
        let text =
            text.into_string().map_err(|_| Failure::usage(format!("{name} is not UTF-8 text")))?;
        let value = if NUMBERS.contains(&key) {
            let number: u64 = text.parse().map_err(|_| {
                Failure::usage(format!("{name}={text} is not a whole number"))
                    .hint(format!("unset {name}"))
            })?;
            number.into()
        } else {
            text.into()
        };
        match key.split_once('.') {
            None => {
                values.insert(key.to_owned(), value);
            }
            Some((section, key)) => {
                let section = values.entry(section).or_insert_with(|| serde_json::json!({}));
                section[key] = value;
            }
        }
    }
    Ok(values)
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "_").to_uppercase())
}

/// A key as a JSON pointer.
fn pointer(key: &str) -> String {
    format!("/{}", key.replace('.', "/"))
}

fn origin(figment: &Figment, key: &str) -> String {
    let Some(metadata) = figment.find_metadata(key) else { return "default".to_owned() };
    match &metadata.source {
        Some(Source::File(path)) => format!("file {}", path.display()),
        _ if metadata.name == "environment" => format!("environment {}", variable(key)),
        _ => metadata.name.to_string(),
    }
}

/// A figment error in our words: which key, where, what is possible.
fn explain(error: &figment::Error) -> Failure {
    let place = error.metadata.as_ref().and_then(|metadata| match &metadata.source {
        Some(Source::File(path)) => Some(path.display().to_string()),
        _ => None,
    });
    let place = place.unwrap_or_else(|| "the settings".to_owned());
    match &error.kind {
        Kind::UnknownField(key, _) => {
            let key = if error.path.is_empty() { key.clone() } else { error.path.join(".") };
            Failure::usage(format!("{place}: {key} is not a setting"))
                .hint(format!("the settings are {}", KEYS.join(", ")))
        }
        kind => {
            let key = error.path.join(".");
            Failure::usage(format!("{place}: {key}: {kind}"))
                .hint("modelbond config show lists every setting with its value")
        }
    }
}

/// One endpoint, several separated by commas, or a list.
fn endpoints<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Endpoints {
        Text(String),
        List(Vec<String>),
    }
    Ok(Option::<Endpoints>::deserialize(deserializer)?.map(|endpoints| match endpoints {
        Endpoints::Text(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
        Endpoints::List(list) => list,
    }))
}
