//! `modelbond run`: training runs, opened, paid for, looked into.

mod change;
mod open;
pub mod parameters;
mod show;
mod wine;

use anyhow::Result;
use clap::{Args, Subcommand};
use cosmwasm_std::Uint128;
use modelbond_interface::training::Hash32;
use serde::Serialize;

use crate::amount::{self, TokenAmount};
use crate::output::{Page, Report};
use crate::session::Session;
use parameters::Preset;

/// Open training runs of a model, pay for them, look into them
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A run trains one model: the market's creator opens it, and the market's metrics source must be training.
Its rounds are paid from its budget, in model tokens; they open only while its bond is large enough.

Examples:
  modelbond run template > run.toml                 what a run is, every number explained
  modelbond run wine --from creator > run.toml      a run that modelbond node play can play
  modelbond run open VIS --file run.toml
  modelbond run bond 1 --tokens 10 && modelbond run fund 1 --tokens 500
  modelbond run show 1                              its money and where it stands
  modelbond run security 1                          how safe its rounds are")]
pub enum Run {
    /// Print a file for run open, with every number explained
    Template {
        /// For which network
        #[arg(long, value_enum, default_value = "devnet")]
        preset: Preset,
    },
    /// Print a file for run open that node play can play: wines are told apart
    Wine(wine::RunWine),
    /// Open a run; only the market's creator
    Open(open::Open),
    /// List runs
    List {
        /// Only this market's, by symbol or address
        #[arg(long, value_name = "MARKET")]
        model: Option<String>,
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
    /// Show what a run is, where it stands, and its money
    Show {
        /// Number of the run
        run: u64,
    },
    /// Pay for rounds to come; anyone may
    Fund {
        /// Number of the run
        run: u64,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// Add to a run's bond; anyone may
    Bond {
        /// Number of the run
        run: u64,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// Add slices of the holdout; only the run's owner
    AddSlices {
        /// Number of the run
        run: u64,
        /// sha256(salt, root, samples) of each, 64 hexadecimal digits
        #[arg(required = true)]
        slices: Vec<Hash32>,
    },
    /// Replace the algorithm between rounds, which ends a hold; only the run's owner
    SetAlgorithm {
        /// Number of the run
        run: u64,
        /// The new algorithm, 64 hexadecimal digits
        #[arg(long, value_name = "HASH")]
        algorithm: Hash32,
        /// Its known answer, 64 hexadecimal digits
        #[arg(long, value_name = "HASH")]
        known_answer: Hash32,
    },
    /// Close a run for ever; its money comes back. Only the run's owner
    Close {
        /// Number of the run
        run: u64,
    },
    /// Show how safe a run's rounds are in an epoch
    Security {
        /// Number of the run
        run: u64,
        /// The epoch [default: this one]
        #[arg(long)]
        epoch: Option<u64>,
    },
    /// Burn what is to be burned; anyone may
    Burn {
        /// Number of the run
        run: u64,
        /// In whole tokens, at most what is burnable [default: all of it]
        #[arg(long, value_name = "TOKENS", value_parser = amount::tokens)]
        tokens: Option<Uint128>,
    },
}

/// A file that is to be filled in.
#[derive(Serialize)]
struct Template {
    preset: Preset,
    toml: String,
}

impl Report for Template {
    /// The file itself.
    fn page(&self) -> Page {
        Page::default().note(self.toml.trim_end())
    }
}

/// A part of a list by number.
#[derive(Args, Debug)]
pub struct Part {
    /// Show what comes after this number
    #[arg(long, value_name = "N")]
    pub(crate) start_after: Option<u64>,
    /// How many, 1 to 30
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=30))]
    pub(crate) limit: u32,
}

impl Part {
    /// What to say where there may be more.
    pub(crate) fn more(&self, count: usize, last: Option<u64>) -> Option<String> {
        let last =
            last.filter(|_| usize::try_from(self.limit).is_ok_and(|limit| limit == count))?;
        Some(format!("there may be more: --start-after {last}"))
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: Run) -> Result<()> {
    match command {
        Run::Template { preset } => {
            session.output.print(&Template { preset, toml: preset.template()? })
        }
        Run::Wine(command) => wine::run(session, &command),
        Run::Open(command) => open::run(session, &command).await,
        Run::List { model, part } => show::list(session, model.as_deref(), &part).await,
        Run::Show { run } => show::show(session, run).await,
        Run::Fund { run, amount } => {
            change::pay(session, run, amount.units(), change::Into::Budget).await
        }
        Run::Bond { run, amount } => {
            change::pay(session, run, amount.units(), change::Into::Bond).await
        }
        Run::AddSlices { run, slices } => change::add_slices(session, run, slices).await,
        Run::SetAlgorithm { run, algorithm, known_answer } => {
            change::set_algorithm(session, run, algorithm, known_answer).await
        }
        Run::Close { run } => change::close(session, run).await,
        Run::Security { run, epoch } => show::security(session, run, epoch).await,
        Run::Burn { run, tokens } => change::burn(session, run, tokens).await,
    }
}
