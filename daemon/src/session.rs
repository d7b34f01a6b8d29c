//! What every command shares: settings, keystore, network file, client and signer.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use modelbond_client::{Client, Receipt, Signer};
use serde::Serialize;

use crate::config::{Config, Layers, Origin};
use crate::failure::Failure;
use crate::format;
use crate::keystore::{address_of, parse_path, Identity, Keystore, DEFAULT_PATH};
use crate::network::{self, NetworkFile};
use crate::output::{Output, Page};
use crate::passphrase;

/// Bech32 prefix where no network file says another.
const DEFAULT_PREFIX: &str = "wasm";

/// One run of the program.
#[derive(Debug, Clone)]
pub struct Session {
    /// Where results go.
    pub output: Output,
    /// Home directory.
    pub home: PathBuf,
    /// The settings.
    pub config: Config,
    /// Where each setting comes from.
    pub origins: Vec<Origin>,
    /// `--yes`: nothing is asked.
    pub yes: bool,
    /// `--from-env`: the key is the mnemonic in the environment.
    pub from_env: bool,
}

impl Session {
    /// A session in `home` with these settings.
    pub fn new(output: Output, home: PathBuf, layers: Layers, yes: bool, from_env: bool) -> Self {
        let Layers { config, origins } = layers;
        Self { output, home, config, origins, yes, from_env }
    }

    /// The keystore.
    pub fn keystore(&self) -> Keystore {
        Keystore::new(self.home.join("keys"))
    }

    /// Path of the network file.
    pub fn network_path(&self) -> PathBuf {
        network::path(&self.home, &self.config.network)
    }

    /// The network file with the overrides of the settings.
    pub fn network(&self) -> Result<NetworkFile> {
        let mut file = NetworkFile::load(&self.network_path())?;
        if let Some(rpc) = &self.config.rpc {
            file.rpc.clone_from(rpc);
        }
        if let Some(gas_price) = &self.config.gas_price {
            file.gas_price.clone_from(gas_price);
        }
        Ok(file)
    }

    /// The address prefix: the network's, or the usual one while there is no network file.
    pub fn prefix(&self) -> Result<String> {
        if self.network_path().exists() {
            Ok(self.network()?.prefix)
        } else {
            Ok(DEFAULT_PREFIX.to_owned())
        }
    }

    /// Connects to the network.
    pub async fn connect(&self, file: &NetworkFile) -> Result<Client> {
        let _progress = self.output.progress(format!("connecting to {}", file.chain_id));
        Client::connect(file.network()?).await.with_context(|| {
            Failure::new(format!("cannot connect to {}", file.chain_id)).hint(format!(
                "is the chain running (modelbond devnet status)? the endpoints are in {}",
                self.network_path().display()
            ))
        })
    }

    /// The identity that signs: of the environment, of `--from`, or of the only key there is.
    pub fn identity(&self) -> Result<Identity> {
        if self.from_env {
            let phrase = passphrase::mnemonic_from_environment()?;
            return Identity::from_phrase(&phrase, parse_path(DEFAULT_PATH).map_err(Failure::new)?);
        }
        self.open(&self.key_name()?)
    }

    /// The identity of a key of the keystore.
    pub fn open(&self, name: &str) -> Result<Identity> {
        let key = self.keystore().load(name)?;
        let passphrase = passphrase::existing(self.config.passphrase_file.as_deref(), name)?;
        let _progress = self.output.progress("opening the key");
        key.open(&passphrase)
    }

    /// The compressed public key of [`Session::identity`] in hex; a key of the keystore needs no
    /// passphrase for it.
    pub fn public_key(&self) -> Result<String> {
        if self.from_env {
            return Ok(hex::encode(self.identity()?.public_key()?.to_bytes()));
        }
        Ok(self.keystore().load(&self.key_name()?)?.public_key().to_owned())
    }

    /// Name of the key that `--from` names, or of the only one there is.
    fn key_name(&self) -> Result<String> {
        if let Some(name) = &self.config.from {
            return Ok(name.clone());
        }
        let mut names = self.keystore().names()?;
        match (names.pop(), names.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                Err(Failure::usage(format!("which key? there are {} and {last}", names.join(", ")))
                    .hint("give --from NAME, or set `from` in config.toml")
                    .into())
            }
            (None, _) => Err(Failure::usage("there is no key")
                .hint(
                    "modelbond keys add NAME makes one; \
                     --from-env takes a mnemonic from MODELBOND_MNEMONIC",
                )
                .into()),
        }
    }

    /// A signer of [`Session::identity`].
    pub async fn signer(&self, client: &Client) -> Result<Signer> {
        Ok(client.signer(self.identity()?.signing_key()?))
    }

    /// The address that a query is about: the one given, or the signer's own.
    pub fn address_or_own(&self, address: Option<&str>, prefix: &str) -> Result<String> {
        if let Some(address) = address {
            return self.resolve_address(address, prefix);
        }
        if self.from_env {
            return address_of(&self.identity()?.public_key()?, prefix);
        }
        self.keystore().load(&self.key_name()?)?.address(prefix)
    }

    /// An address, or the name of a key of the keystore.
    pub fn resolve_address(&self, text: &str, prefix: &str) -> Result<String> {
        if text.starts_with(&format!("{prefix}1")) {
            return Ok(text.to_owned());
        }
        let keystore = self.keystore();
        if keystore.contains(text) {
            return keystore.load(text)?.address(prefix);
        }
        Err(Failure::usage(format!(
            "{text} is neither an address ({prefix}1…) nor a key of the keystore"
        ))
        .hint("modelbond keys list shows the keys")
        .into())
    }

    /// Asks before something that cannot be undone; `--yes` answers. Without a terminal nothing can
    /// be asked: then `otherwise` decides.
    pub fn confirm(&self, question: &str, otherwise: Unattended) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            return match otherwise {
                Unattended::Proceed => Ok(()),
                Unattended::Refuse => {
                    Err(Failure::usage(format!("{question} There is no terminal to ask on"))
                        .hint("add --yes")
                        .into())
                }
            };
        }
        eprint!("{question} [y/N] ");
        std::io::stderr().flush().context("cannot write to the terminal")?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).context("cannot read from the terminal")?;
        if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
            Ok(())
        } else {
            Err(Failure::new("not confirmed, nothing was done").into())
        }
    }
}

/// What happens without a terminal and without `--yes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unattended {
    /// As if confirmed.
    Proceed,
    /// As if refused.
    Refuse,
}

/// A transaction as it is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transaction {
    /// Hash.
    pub hash: String,
    /// Height of its block.
    pub height: u64,
    /// Gas limit.
    pub gas_wanted: u64,
    /// Gas used.
    pub gas_used: u64,
}

impl From<&Receipt> for Transaction {
    fn from(receipt: &Receipt) -> Self {
        Self {
            hash: receipt.hash.clone(),
            height: receipt.height,
            gas_wanted: receipt.gas_wanted,
            gas_used: receipt.gas_used,
        }
    }
}

impl Transaction {
    /// Adds itself to a page.
    pub fn on(&self, page: Page) -> Page {
        page.field("transaction", &self.hash)
            .field("height", format::grouped(&self.height.to_string()))
            .field(
                "gas used",
                format!(
                    "{} of {}",
                    format::grouped(&self.gas_used.to_string()),
                    format::grouped(&self.gas_wanted.to_string())
                ),
            )
    }
}
