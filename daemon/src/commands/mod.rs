//! The commands, one module per group.

pub mod audit;
pub mod beacon;
pub mod config;
pub mod contribution;
pub mod curve;
pub mod deploy;
pub mod devnet;
pub mod explain;
pub mod feedback;
pub mod identity;
pub mod keys;
pub mod model;
pub mod network;
pub mod nft;
pub mod node;
pub mod rewards;
pub mod round;
pub mod run;
pub mod serve;
pub mod sig;
pub mod simulate;
pub mod token;
pub mod trade;
pub mod usage;
pub mod vesting;

use anyhow::{Context, Result};
use clap_complete::Shell;

use crate::cli::{self, Command};
use crate::output::Output;
use crate::session::Session;

/// Runs a command that needs a session.
pub async fn run(session: &Session, command: Command) -> Result<()> {
    match command {
        Command::Keys(command) => keys::run(session, command),
        Command::Devnet(command) => devnet::run(session, command).await,
        Command::Network(command) => network::run(session, command).await,
        Command::Deploy(command) => deploy::run(session, command).await,
        Command::Audit(command) => audit::run(session, command).await,
        Command::Model(command) => model::run(session, *command).await,
        Command::Explain(command) => explain::explain(session, command).await,
        Command::Twap(command) => explain::twap(session, command).await,
        Command::Vesting(command) => vesting::run(session, command).await,
        Command::Trade(command) => trade::run(session, command).await,
        Command::Token(command) => token::run(session, command).await,
        Command::Usage(command) => usage::run(session, command).await,
        Command::Nft(command) => nft::run(session, *command).await,
        Command::Rewards(command) => rewards::run(session, command).await,
        Command::Contribution(command) => contribution::run(session, *command).await,
        Command::Link(command) => identity::link(session, *command).await,
        Command::Unlink(command) => identity::unlink(session, *command).await,
        Command::Resolve(command) => identity::resolve(session, command).await,
        Command::Node(command) => node::run(session, *command).await,
        Command::Run(command) => run::run(session, *command).await,
        Command::Round(command) => round::run(session, *command).await,
        Command::Feedback(command) => feedback::run(session, command).await,
        Command::Beacon(command) => beacon::run(session, *command).await,
        Command::Serve(command) => serve::run(session, command).await,
        Command::Config(command) => config::run(session, command),
        Command::Curve(command) => curve::run(&session.output, command),
        Command::Simulate(command) => simulate::run(&session.output, command),
        Command::Sig(command) => sig::run(&session.output, &|| Ok(session.clone()), *command),
        Command::Completions { shell } => completions(&session.output, shell),
        Command::Man => manual(&session.output),
    }
}

/// Prints a completion script.
pub fn completions(output: &Output, shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "modelbond", &mut script);
    output.raw(&String::from_utf8(script).context("completion script")?)
}

/// Prints the manual page: the program, then every command.
pub fn manual(output: &Output) -> Result<()> {
    let mut page = Vec::new();
    let mut command = cli::command().help_template("{about}").disable_help_flag(true);
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page).context("manual page")?;
    for command in visible(&command) {
        let man = clap_mangen::Man::new(command.clone());
        man.render_synopsis_section(&mut page).context("manual page")?;
        man.render_description_section(&mut page).context("manual page")?;
        man.render_options_section(&mut page).context("manual page")?;
    }
    output.raw(&String::from_utf8(page).context("manual page")?)
}

/// All visible commands below `command`, parents first.
fn visible(command: &clap::Command) -> Vec<&clap::Command> {
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    shown.flat_map(|command| std::iter::once(command).chain(visible(command))).collect()
}
