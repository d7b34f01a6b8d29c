//! `modelbond beacon keygen`.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use crate::beacon::ChainInfo;
use crate::commands::keys;
use crate::keystore::{parse_path, Identity, DEFAULT_PATH};
use crate::output::{Page, Report};
use crate::session::Session;

/// Options of `beacon keygen`.
#[derive(Args, Debug)]
#[command(after_help = "\
The key is a new mnemonic in the keystore, encrypted like any other; the beacon's BLS key follows
from it. The chain information goes to standard output, the rest to standard error, so that
`modelbond beacon keygen emitter > info.json` writes the file. With a key that exists already,
nothing is made and its chain information is printed.")]
pub struct Keygen {
    /// Name of the key
    name: String,
    /// Seconds from one round to the next
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    period: u32,
    /// Seconds since 1970 at which round 1 is due [default: a minute from now]
    #[arg(long, value_name = "TIME")]
    genesis: Option<u64>,
    /// Name of the beacon
    #[arg(long, value_name = "ID", default_value = "modelbond")]
    beacon_id: String,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Generated(ChainInfo);

impl Report for Generated {
    /// The JSON itself: this is what goes into a file.
    fn page(&self) -> Page {
        Page::default().note(serde_json::to_string_pretty(&self.0).unwrap_or_default())
    }
}

pub(super) fn run(session: &Session, command: &Keygen) -> Result<()> {
    let name = &command.name;
    let identity = if session.keystore().contains(name) {
        session.open(name)?
    } else {
        let path = parse_path(DEFAULT_PATH).map_err(crate::failure::Failure::new)?;
        let identity = Identity::generate(path)?;
        keys::seal(session, name, &identity)?;
        session.output.note(&format!(
            "key {name} made; write its words down, they are the only backup: \
             modelbond keys export {name}"
        ));
        identity
    };
    let genesis = match command.genesis {
        Some(genesis) => genesis,
        None => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.context("the clock is before 1970")?.as_secs().saturating_add(60)
        }
    };
    let key = identity.beacon_key()?;
    let info = ChainInfo::new(
        key.public_key(),
        key.group_hash(),
        command.period,
        genesis,
        &command.beacon_id,
    );
    session.output.print(&Generated(info))
}
