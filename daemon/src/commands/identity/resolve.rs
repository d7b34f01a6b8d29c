//! `modelbond resolve`.

use anyhow::Result;
use clap::Args;
use modelbond_interface::bridge::Link;
use serde::Serialize;

use crate::bridge::Bridge;
use crate::output::{Page, Report};
use crate::session::Session;

/// Find the other address of the same person
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  modelbond resolve 0x…
  modelbond resolve wasm1… --json
  modelbond resolve alice")]
pub struct Resolve {
    /// Ethereum address, address of the chain, or key of the keystore [default: yours]
    address: Option<String>,
}

/// What an address is linked with.
#[derive(Serialize)]
struct Resolved {
    address: String,
    linked: bool,
    link: Option<Link>,
}

impl Report for Resolved {
    fn page(&self) -> Page {
        let Some(link) = &self.link else {
            return Page::new(format!("{} is not linked", self.address))
                .note("modelbond link --help says how to link it");
        };
        Page::new("Linked")
            .field("Ethereum", &link.eth_address)
            .field("Cosmos", &link.cosmos_address)
            .field("public key", &link.pubkey)
            .field("since", link.linked_at)
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: Resolve) -> Result<()> {
    let bridge = Bridge::find(session).await?;
    let address = match command.address {
        Some(address) if address.starts_with("0x") => address,
        other => session.address_or_own(other.as_deref(), &bridge.network.prefix)?,
    };
    let link = bridge.resolve(&address).await?;
    session.output.print(&Resolved { address, linked: link.is_some(), link })
}
