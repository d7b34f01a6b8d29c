//! `modelbond sig address`.

use anyhow::Result;
use clap::Args;
use modelbond_signature::{CosmosAddress, EthBech32, Signer};
use serde::Serialize;

use super::{prefix, refused, OpenSession};
use crate::failure::Failure;
use crate::output::{Output, Page, Report};
use crate::signatures::{self, Addresses, InputError};

/// Options of `sig address`.
#[derive(Args, Debug)]
#[command(after_help = "\
From a public key everything follows. An address is a hash: the key, and the address of the other
kind, do not follow from it. A bech32 address has the same bytes under every prefix.

Examples:
  modelbond sig address 0309…                 a public key, in hexadecimal or base64
  modelbond sig address --from alice          a key of the keystore, without its passphrase
  modelbond sig address 0x… --prefix evmos    an Ethereum address as bech32
  modelbond sig address cosmos1… --prefix wasm")]
pub struct Address {
    /// Public key or address [default: a key of the keystore]
    #[arg(value_name = "PUBLIC_KEY|ADDRESS", conflicts_with_all = ["from", "from_env"])]
    of: Option<String>,
    /// Bech32 prefix [default: the network's, else wasm]
    #[arg(long)]
    prefix: Option<String>,
}

/// What was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    PublicKey,
    EthAddress,
    Bech32,
}

/// Every field is always there; what does not follow is null.
#[derive(Default, Serialize)]
struct AddressReport {
    given: String,
    kind: Kind,
    prefix: String,
    /// The 20 bytes of the address that was given.
    account_bytes: Option<String>,
    public_key: Option<String>,
    public_key_base64: Option<String>,
    uncompressed: Option<String>,
    addresses: Known,
    /// What only the key tells.
    needs_key: &'static [&'static str],
}

#[derive(Default, Serialize)]
struct Known {
    eth: Option<String>,
    cosmos: Option<String>,
    eth_bech32: Option<String>,
}

impl Report for AddressReport {
    fn page(&self) -> Page {
        let (heading, note) = match self.kind {
            Kind::PublicKey => ("A public key", None),
            Kind::EthAddress => (
                "An Ethereum address",
                Some("The public key and the Cosmos address need the key: they do not follow"),
            ),
            Kind::Bech32 => (
                "A bech32 address",
                Some("The public key and the Ethereum address need the key: they do not follow"),
            ),
        };
        let page = Page::new(heading);
        let page = match self.kind {
            Kind::PublicKey => page,
            _ => page.field("given", &self.given),
        };
        let page = page
            .field_if("bytes", self.account_bytes.as_ref())
            .field_if("public key", self.public_key.as_ref())
            .field_if("base64", self.public_key_base64.as_ref())
            .field_if("uncompressed", self.uncompressed.as_ref())
            .field_if("Ethereum address", self.addresses.eth.as_ref())
            .field_if("Cosmos address", self.addresses.cosmos.as_ref())
            .field_if("Ethereum in bech32", self.addresses.eth_bech32.as_ref());
        match note {
            Some(note) => page.note(note),
            None => page,
        }
    }
}

/// Runs the command.
pub(super) fn run(output: &Output, open: OpenSession<'_>, command: &Address) -> Result<()> {
    let given = match &command.of {
        Some(text) => text.trim().to_owned(),
        None => open()?.public_key()?,
    };
    let signer = signatures::parse_signer(&given).map_err(|error| {
        Failure::usage(format!("the address or public key: {}", error.detail))
            .hint("modelbond sig address --from KEY takes a key of the keystore")
    })?;
    let prefix = prefix(open, command.prefix.as_deref())?;
    output.print(&report(given, prefix, &signer)?)
}

fn report(given: String, prefix: String, signer: &Signer) -> Result<AddressReport> {
    let fault = |error| refused(InputError::in_field("prefix")(error));
    let mut report = AddressReport { given, prefix, ..AddressReport::default() };
    let prefix = report.prefix.as_str();
    let eth_address = match signer {
        Signer::Key(key) => {
            let key = signatures::key(&key.to_string(), prefix).map_err(refused)?;
            let Addresses { eth, cosmos, eth_bech32 } = key.addresses;
            report.addresses =
                Known { eth: Some(eth), cosmos: Some(cosmos), eth_bech32: Some(eth_bech32) };
            report.public_key = Some(key.public_key);
            report.public_key_base64 = Some(key.public_key_base64);
            report.uncompressed = Some(key.uncompressed);
            return Ok(report);
        }
        Signer::Cosmos(address) => {
            let bytes = *address.as_bytes();
            let cosmos = CosmosAddress::new(prefix, bytes).map_err(fault)?.to_string();
            report.kind = Kind::Bech32;
            report.account_bytes = Some(hex::encode(bytes));
            report.addresses.cosmos = Some(cosmos);
            report.needs_key = &["public_key", "eth", "eth_bech32"];
            return Ok(report);
        }
        Signer::Eth(address) => *address,
        Signer::EthBech32(address) => address.eth_address(),
    };
    let eth_bech32 = EthBech32::new(prefix, eth_address).map_err(fault)?.to_string();
    report.kind = Kind::EthAddress;
    report.account_bytes = Some(hex::encode(eth_address.as_bytes()));
    report.addresses.eth = Some(eth_address.to_string());
    report.addresses.eth_bech32 = Some(eth_bech32);
    report.needs_key = &["public_key", "cosmos"];
    Ok(report)
}
