//! `modelbond model`: open a model with its market, look into it, feed it; its record, and how models
//! are connected.

mod bounds;
mod catalogue;
mod connections;
mod description;
mod feed;
mod open;
mod parameters;
mod record;
mod show;

use anyhow::Result;
use clap::Subcommand;

use modelbond_interface::registry::Category;
pub use show::{price_page, Answer};

use crate::session::Session;

/// Open a model with its market, look into both, feed the market, connect models
#[derive(Subcommand, Debug)]
#[command(after_help = "\
MARKET and MODEL are a symbol of the network file (modelbond model list) or an address.

Examples:
  modelbond model use-cases --category prediction
  modelbond model open --help
  modelbond model info VIS
  modelbond model connect SND VIS --kind cites
  modelbond model hindex wasm1…")]
pub enum Model {
    /// Open a model and its market
    Open(Box<open::Open>),
    /// List the markets of the network file, or models of the registry
    List(catalogue::List),
    /// List what models can be for
    #[command(after_help = "\
A model has 1 to 5 of them; those with a star are featured in the paper.

Example:
  modelbond model use-cases --category classification")]
    UseCases {
        /// Only of this category: lifestyle, enterprise, prediction, technical, generation or
        /// classification
        #[arg(long, value_name = "CATEGORY", value_parser = catalogue::category)]
        category: Option<Category>,
    },
    /// Show a model's record: what it is, what it is for, what it is built on, whose it is
    Info {
        /// Symbol or address
        model: String,
    },
    /// Change what is said of a model; its owner
    Update(record::Update),
    /// Offer a model's record and its revenue to somebody; its owner
    Offer(record::Offer),
    /// Take a record that was offered to you
    Accept {
        /// Symbol or address
        model: String,
    },
    /// Connect your model to another: it is derived from it, uses its data, cites or deploys it
    #[command(after_help = "\
Example:
  modelbond model connect SND VIS --kind uses-data")]
    Connect(connections::Connected),
    /// End a connection of your model, except to its parents
    Disconnect(connections::Connected),
    /// Show how a model is connected
    Connections(connections::Connections),
    /// Show the h-index of an account that opened models, or of a model
    #[command(
        name = "hindex",
        after_help = "\
An account has h when h of its models are each connected from h or more models of other creators; a
model has h when h of its contributions are each built on by h or more of other people.

Examples:
  modelbond model hindex wasm1…
  modelbond model hindex VIS"
    )]
    HIndex {
        /// A model's symbol or address, else an account: address or key
        #[arg(value_name = "CREATOR|MODEL")]
        whose: String,
    },
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
        Model::List(command) => catalogue::list(session, command).await,
        Model::UseCases { category } => catalogue::use_cases(session, category).await,
        Model::Info { model } => catalogue::info(session, &model).await,
        Model::Update(command) => record::update(session, command).await,
        Model::Offer(command) => record::offer(session, command).await,
        Model::Accept { model } => record::accept(session, &model).await,
        Model::Connect(command) => connections::connect(session, command).await,
        Model::Disconnect(command) => connections::disconnect(session, command).await,
        Model::Connections(command) => connections::connections(session, command).await,
        Model::HIndex { whose } => connections::h_index(session, &whose).await,
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
