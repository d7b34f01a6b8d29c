//! `modelbond model`: open a market, look into it, feed it.

mod bounds;
mod description;
mod feed;
mod open;
mod parameters;
mod show;

use anyhow::Result;
use clap::Subcommand;

pub use show::{price_page, Answer};

use crate::session::Session;

/// Open a model's market, look into it, feed it
#[derive(Subcommand, Debug)]
#[command(
    after_help = "MARKET is a symbol of the network file (modelbond model list) or an address."
)]
pub enum Model {
    /// Open a market
    Open(Box<open::Open>),
    /// List the markets of the network file
    List,
    /// Show what was fixed at opening, and where the market stands
    Show {
        /// Symbol or address
        market: String,
    },
    /// Show all prices and what they are made of
    Price {
        /// Symbol or address
        market: String,
    },
    /// Show the curve as points
    Curve {
        /// Symbol or address
        market: String,
        /// How many, 2 to 100
        #[arg(long, default_value_t = 21, value_parser = clap::value_parser!(u32).range(2..=100))]
        points: u32,
    },
    /// Show where the money is
    Ledgers {
        /// Symbol or address
        market: String,
    },
    /// Show volume, fees, trades and traders of an epoch
    Stats {
        /// Symbol or address
        market: String,
        /// Number of the epoch, the first is 0 [default: the current one]
        #[arg(long)]
        epoch: Option<u32>,
    },
    /// Report the success metrics; only the market's metrics source
    ReportMetrics(feed::ReportMetrics),
    /// Buy tokens out of the rewards ledger; only the market's rewards address
    Emit(feed::Emit),
    /// Pay a ledger out: treasury to the creator, provenance to its contract
    WithdrawLedger(feed::WithdrawLedger),
    /// Give coins to the market's reserve; they stream to the holders
    Fund(feed::Fund),
}

/// Runs the command.
pub async fn run(session: &Session, command: Model) -> Result<()> {
    match command {
        Model::Open(open) => open::run(session, *open).await,
        Model::List => show::list(session),
        Model::Show { market } => show::show(session, &market).await,
        Model::Price { market } => show::price(session, &market).await,
        Model::Curve { market, points } => show::curve(session, &market, points).await,
        Model::Ledgers { market } => show::ledgers(session, &market).await,
        Model::Stats { market, epoch } => show::stats(session, &market, epoch).await,
        Model::ReportMetrics(command) => feed::report_metrics(session, command).await,
        Model::Emit(command) => feed::emit(session, command).await,
        Model::WithdrawLedger(command) => feed::withdraw_ledger(session, command).await,
        Model::Fund(command) => feed::fund(session, command).await,
    }
}
