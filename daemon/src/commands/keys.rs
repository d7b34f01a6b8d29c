//! `modelbond keys`: the encrypted keystore.

use anyhow::Result;
use clap::Subcommand;
use cosmrs::bip32::DerivationPath;
use serde::Serialize;

use crate::keystore::{parse_path, Identity, Kdf, SealedKey, DEFAULT_PATH};
use crate::output::{Page, Report};
use crate::passphrase;
use crate::session::{Session, Unattended};

/// Make, import, export and list encrypted keys
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A key file is encrypted with ChaCha20-Poly1305 under Argon2id of its passphrase, which comes from
--passphrase-file, MODELBOND_PASSPHRASE or the terminal. It must be readable by you only.

One key signs for Cosmos and for Ethereum. Ethereum wallets derive theirs from the same words at
another path: --hd-path \"m/44'/60'/0'/0/0\" makes the key, and the address, that they show.")]
pub enum Keys {
    /// Make a new key from 24 random words
    #[command(after_help = "\
Examples:
  modelbond keys add alice
  modelbond keys add alice --hd-path \"m/44'/60'/0'/0/0\"    the key that Ethereum wallets derive")]
    Add {
        /// Name of the key
        name: String,
        /// Derivation path; Ethereum wallets use m/44'/60'/0'/0/0
        #[arg(long, default_value = DEFAULT_PATH, value_parser = parse_path, value_name = "PATH")]
        hd_path: DerivationPath,
    },
    /// Import a mnemonic, asked for without echo, piped in, or from MODELBOND_MNEMONIC
    #[command(after_help = "\
Examples:
  modelbond keys import alice
  modelbond keys import alice < mnemonic.txt
  MODELBOND_MNEMONIC=\"…\" modelbond keys import alice --from-env
  modelbond keys import alice --hd-path \"m/44'/60'/0'/0/0\"    from an Ethereum wallet's words")]
    Import {
        /// Name of the key
        name: String,
        /// Derivation path; Ethereum wallets use m/44'/60'/0'/0/0
        #[arg(long, default_value = DEFAULT_PATH, value_parser = parse_path, value_name = "PATH")]
        hd_path: DerivationPath,
    },
    /// Print a key's mnemonic, for a backup
    Export {
        /// Name of the key
        name: String,
    },
    /// List all keys
    List,
    /// Show a key's addresses and public key
    Show {
        /// Name of the key
        name: String,
    },
    /// Delete a key; without a backup its coins are lost
    Delete {
        /// Name of the key
        name: String,
    },
}

#[derive(Serialize)]
struct KeyReport {
    name: String,
    address: String,
    eth_address: String,
    public_key: String,
    path: String,
    #[serde(skip)]
    heading: String,
    #[serde(skip)]
    note: Option<String>,
}

impl KeyReport {
    fn new(session: &Session, key: &SealedKey, heading: impl Into<String>) -> Result<Self> {
        Ok(Self {
            name: key.name().to_owned(),
            address: key.address(&session.prefix()?)?,
            eth_address: key.eth_address()?.to_string(),
            public_key: key.public_key().to_owned(),
            path: key.path().to_owned(),
            heading: heading.into(),
            note: None,
        })
    }
}

impl Report for KeyReport {
    fn page(&self) -> Page {
        let page = Page::new(&self.heading)
            .field("name", &self.name)
            .field("address", &self.address)
            .field("Ethereum address", &self.eth_address)
            .field("public key", &self.public_key)
            .field("path", &self.path);
        match &self.note {
            Some(note) => page.note(note),
            None => page,
        }
    }
}

#[derive(Serialize)]
struct KeyList {
    keys: Vec<KeyReport>,
}

impl Report for KeyList {
    fn page(&self) -> Page {
        if self.keys.is_empty() {
            return Page::new("No keys yet").note("modelbond keys add NAME makes one");
        }
        let row =
            |key: &KeyReport| vec![key.name.clone(), key.address.clone(), key.eth_address.clone()];
        let rows = self.keys.iter().map(row).collect();
        Page::new("Keys").table(&["name", "address", "Ethereum address"], rows)
    }
}

#[derive(Serialize)]
struct Exported {
    name: String,
    path: String,
    mnemonic: String,
}

impl Report for Exported {
    fn page(&self) -> Page {
        Page::default().note(&self.mnemonic)
    }
}

impl Drop for Exported {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.mnemonic);
    }
}

#[derive(Serialize)]
struct Deleted {
    deleted: String,
}

impl Report for Deleted {
    fn page(&self) -> Page {
        Page::default().note(format!("key {} deleted", self.deleted))
    }
}

/// Runs the command.
pub fn run(session: &Session, command: Keys) -> Result<()> {
    let keystore = session.keystore();
    match command {
        Keys::Add { name, hd_path } => {
            keystore.ensure_free(&name)?;
            let key = seal(session, &name, &Identity::generate(hd_path)?)?;
            let mut report = KeyReport::new(session, &key, format!("Key {name} made"))?;
            report.note = Some(format!(
                "Write its words down, they are the only backup: modelbond keys export {name}"
            ));
            session.output.print(&report)
        }
        Keys::Import { name, hd_path } => {
            keystore.ensure_free(&name)?;
            let phrase = if session.from_env {
                passphrase::mnemonic_from_environment()?
            } else {
                passphrase::mnemonic()?
            };
            let key = seal(session, &name, &Identity::from_phrase(&phrase, hd_path)?)?;
            session.output.print(&KeyReport::new(session, &key, format!("Key {name} imported"))?)
        }
        Keys::Export { name } => {
            let key = keystore.load(&name)?;
            session.confirm(
                &format!("Print the mnemonic of {name}? Whoever sees it owns the coins."),
                Unattended::Refuse,
            )?;
            let passphrase =
                passphrase::existing(session.config.passphrase_file.as_deref(), &name)?;
            let identity = key.open(&passphrase)?;
            session.output.print(&Exported {
                name,
                path: key.path().to_owned(),
                mnemonic: identity.phrase().to_string(),
            })
        }
        Keys::List => {
            let keys = keystore
                .names()?
                .iter()
                .map(|name| KeyReport::new(session, &keystore.load(name)?, ""))
                .collect::<Result<_>>()?;
            session.output.print(&KeyList { keys })
        }
        Keys::Show { name } => {
            let report = KeyReport::new(session, &keystore.load(&name)?, format!("Key {name}"))?;
            session.output.print(&report)
        }
        Keys::Delete { name } => {
            keystore.load(&name)?;
            session.confirm(
                &format!("Delete the key {name}? Without its words the coins are lost."),
                Unattended::Refuse,
            )?;
            keystore.delete(&name)?;
            session.output.print(&Deleted { deleted: name })
        }
    }
}

/// Encrypts a key under a new passphrase and keeps it.
pub fn seal(session: &Session, name: &str, identity: &Identity) -> Result<SealedKey> {
    let passphrase = passphrase::new(session.config.passphrase_file.as_deref(), name)?;
    let key = {
        let _progress = session.output.progress("encrypting the key");
        SealedKey::seal(name, identity, &passphrase, Kdf::recommended())?
    };
    session.keystore().save(&key)?;
    Ok(key)
}
