//! `modelbond nft`: contributions to models as NFTs that earn.

mod hold;
mod image;
mod lineage;
mod show;

use anyhow::Result;
use clap::{Args, Subcommand};

pub(super) use show::millionths;

use crate::session::Session;

/// Look into contributions to models, which are NFTs that earn; claim what they earned, pass them on
#[derive(Subcommand, Debug)]
#[command(after_help = "\
ID is RUN-ROUND-GROUP of a training round's contribution, or offer-N of an offered one. Of what a
model earns, its NFTs share 30 % by weight, which is quality × improvement. What an NFT has earned
belongs to whoever holds it when it is claimed, so it is sold with it.

Examples:
  modelbond nft list --model VIS
  modelbond nft show 1-7-0
  modelbond nft lineage 1-7-0 --depth 3
  modelbond nft claim                       all of yours that have earned anything
  modelbond nft image 1-7-0 -o contribution.svg")]
pub enum Nft {
    /// Show what a contribution is, whose it is, and what it has earned
    Show {
        /// Its id
        #[arg(value_name = "ID")]
        token_id: String,
    },
    /// List contributions to a model, or of a holder, or all
    List(show::List),
    /// Show what a contribution is built on, and what is built on it
    Lineage(lineage::Lineage),
    /// Give one to somebody, with all that it has earned
    Transfer {
        /// Its id
        #[arg(value_name = "ID")]
        token_id: String,
        /// To whom: an address or a key
        #[arg(long, value_name = "ACCOUNT")]
        to: String,
    },
    /// Let somebody move one, or all of yours
    #[command(after_help = "\
Whoever may move it may take it, with all that it has earned.

Examples:
  modelbond nft approve 1-7-0 --spender wasm1… --expires-in-secs 86400
  modelbond nft approve --all --spender wasm1…")]
    Approve {
        /// Which
        #[command(flatten)]
        which: Which,
        /// Who: an address or a key
        #[arg(long, value_name = "ACCOUNT")]
        spender: String,
        /// Until when; for ever if not given
        #[command(flatten)]
        expiry: hold::Expiry,
    },
    /// Take that back
    Revoke {
        /// Which
        #[command(flatten)]
        which: Which,
        /// Who: an address or a key
        #[arg(long, value_name = "ACCOUNT")]
        spender: String,
    },
    /// Pay yourself what yours have earned
    #[command(after_help = "\
Examples:
  modelbond nft claim 1-7-0 1-8-0
  modelbond nft claim                       all of yours that have earned anything, 30 at a time")]
    Claim {
        /// Ids, at most 30 [default: yours that have earned anything]
        #[arg(value_name = "ID", num_args = 0..=30)]
        token_ids: Vec<String>,
    },
    /// End one for ever: it is paid, and earns no more
    Burn {
        /// Its id
        #[arg(value_name = "ID")]
        token_id: String,
    },
    /// Draw one, as SVG
    Image {
        /// Its id
        #[arg(value_name = "ID")]
        token_id: String,
        /// Where to; standard output if not given
        #[arg(long, short = 'o', value_name = "FILE")]
        output: Option<std::path::PathBuf>,
    },
}

/// One NFT, or all of the sender's.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// Its id
    #[arg(value_name = "ID")]
    token_id: Option<String>,
    /// All of yours
    #[arg(long)]
    all: bool,
}

/// Runs the command.
pub async fn run(session: &Session, command: Nft) -> Result<()> {
    match command {
        Nft::Show { token_id } => show::show(session, &token_id).await,
        Nft::List(command) => show::list(session, command).await,
        Nft::Lineage(command) => lineage::run(session, command).await,
        Nft::Transfer { token_id, to } => hold::transfer(session, token_id, &to).await,
        Nft::Approve { which, spender, expiry } => {
            hold::approve(session, which, &spender, &expiry).await
        }
        Nft::Revoke { which, spender } => hold::revoke(session, which, &spender).await,
        Nft::Claim { token_ids } => hold::claim(session, token_ids).await,
        Nft::Burn { token_id } => hold::burn(session, token_id).await,
        Nft::Image { token_id, output } => image::run(session, &token_id, output.as_deref()).await,
    }
}
