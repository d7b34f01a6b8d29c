//! The command line: global options, the commands, and their groups in `--help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::{
    audit, beacon, config, contribution, curve, deploy, devnet, explain, feedback, identity, keys,
    model, network, nft, node, rewards, round, run, serve, sig, simulate, token, trade, usage,
    vesting,
};
use crate::config::Overrides;

/// Commands by group, in the order of `modelbond --help`.
pub const GROUPS: [(&str, &[&str]); 11] = [
    ("Keys", &["keys"]),
    ("Identity", &["link", "unlink", "resolve"]),
    ("Chain", &["devnet", "network", "deploy"]),
    ("Model", &["model", "explain", "twap", "vesting"]),
    ("Trade", &["trade", "token"]),
    ("Economy", &["usage", "nft", "contribution", "rewards", "audit"]),
    ("Training", &["node", "run", "round", "feedback"]),
    ("Offline", &["curve", "sig", "simulate"]),
    ("Beacon", &["beacon"]),
    ("Serve", &["serve"]),
    ("Settings", &["config"]),
];

const EXAMPLES: &str = "\
Examples:
  modelbond devnet up                                    start a chain on this machine
  modelbond keys add alice                               make a key
  modelbond devnet fund alice 1000000000stake            give it coins
  modelbond deploy --artifacts artifacts                 store the contracts, verified by hash
  modelbond model open --name Vision --symbol VIS --kind sigmoid --price-scale 100 --max-supply 1000000
  modelbond trade buy VIS --pay 1000000 --slippage-bps 100
  modelbond explain VIS --since-secs 86400";

/// Markets for AI models: open them, trade on them, understand their price.
#[derive(Parser, Debug)]
#[command(
    name = "modelbond",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// Print one JSON object; amounts are strings in base units
    #[arg(long, global = true)]
    pub json: bool,
    /// Ask nothing
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
    /// Directory of keys, settings and network files [default: ~/.modelbond]
    #[arg(long, global = true, env = "MODELBOND_HOME", value_name = "DIR", hide_env_values = true)]
    pub home: Option<PathBuf>,
    /// Network: a name such as devnet, or a network file
    #[arg(long, global = true, value_name = "NAME|FILE")]
    pub network: Option<String>,
    /// Key that signs; not needed when there is only one
    #[arg(long, global = true, value_name = "KEY")]
    pub from: Option<String>,
    /// Sign with the mnemonic in MODELBOND_MNEMONIC
    #[arg(long, global = true, conflicts_with = "from")]
    pub from_env: bool,
    /// File whose first line is the passphrase (or set MODELBOND_PASSPHRASE)
    #[arg(long, global = true, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// RPC endpoint instead of the network file's; repeat for fail-over
    #[arg(long, global = true, value_name = "URL")]
    pub rpc: Vec<String>,
    /// Gas price instead of the network file's, such as 0.025stake
    #[arg(long, global = true, value_name = "PRICE")]
    pub gas_price: Option<String>,
}

impl Global {
    /// What was given, as the last layer of the settings.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            network: self.network.clone(),
            from: self.from.clone(),
            passphrase_file: self.passphrase_file.clone(),
            rpc: Some(self.rpc.clone()).filter(|rpc| !rpc.is_empty()),
            gas_price: self.gas_price.clone(),
            serve: None,
        }
    }
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Make, import, export and list encrypted keys
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Run a chain on this machine
    #[command(subcommand)]
    Devnet(devnet::Devnet),
    /// Write, show and verify network files
    #[command(subcommand)]
    Network(network::NetworkCommand),
    /// Store the contracts on a chain, make and wire them, verify all of it
    Deploy(deploy::Deploy),
    /// Open models with their markets, look into them, feed and connect them
    #[command(subcommand)]
    Model(Box<model::Model>),
    /// Say why the price moved
    Explain(explain::Explain),
    /// Show the time-weighted average price
    Twap(explain::Twap),
    /// Show and claim vesting tokens
    #[command(subcommand)]
    Vesting(vesting::Vesting),
    /// Quote, buy and sell
    #[command(subcommand)]
    Trade(trade::Trade),
    /// Use a model's token as a cw20
    #[command(subcommand)]
    Token(token::Token),
    /// Pay for using a model; see and pay out what models have earned
    #[command(subcommand)]
    Usage(usage::Usage),
    /// Look into contributions, which are NFTs that earn; claim what they earned, pass them on
    #[command(subcommand)]
    Nft(Box<nft::Nft>),
    /// Offer data to models, and score what others offer
    #[command(subcommand)]
    Contribution(Box<contribution::Contribution>),
    /// See and move on block rewards: a model's tokens for who trained it
    #[command(subcommand)]
    Rewards(rewards::Rewards),
    /// Link an Ethereum and a Cosmos address of one person
    Link(Box<identity::Link>),
    /// End such a link, from either side
    Unlink(Box<identity::Unlink>),
    /// Find the other address of the same person
    Resolve(identity::Resolve),
    /// Compute on a bonding curve, without a chain
    #[command(subcommand)]
    Curve(curve::CurveCommand),
    /// Verify, make and convert signatures of Ethereum and Cosmos keys
    #[command(subcommand)]
    Sig(Box<sig::Sig>),
    /// Recompute the books of a deployment from its events, and compare them with its contracts
    Audit(audit::Audit),
    /// Register machines that train, stake for them, say what they are ready for
    #[command(subcommand)]
    Node(Box<node::Node>),
    /// Open training runs of a model, pay for them, look into them
    #[command(subcommand)]
    Run(Box<run::Run>),
    /// Move training rounds on, take part in them, look into them, claim what they pay
    #[command(subcommand)]
    Round(Box<round::Round>),
    /// Say how good a model is, as a user who paid; see what users say
    #[command(subcommand)]
    Feedback(feedback::Feedback),
    /// Play the protocol against an adversary, without a chain
    #[command(subcommand)]
    Simulate(simulate::Simulate),
    /// Emit, verify and look at a public random beacon
    #[command(subcommand)]
    Beacon(Box<beacon::Beacon>),
    /// Serve signatures, identities and a beacon over HTTP
    Serve(serve::Serve),
    /// Show the settings
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Print a shell's completion script
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

/// The command line with its help by groups.
pub fn command() -> clap::Command {
    let command = <Cli as clap::CommandFactory>::command();
    let mut groups = String::new();
    for (group, names) in GROUPS {
        groups.push_str(&format!("{group}:\n"));
        for name in names {
            let about = command.find_subcommand(name).and_then(clap::Command::get_about);
            groups.push_str(&format!(
                "  {name:<12} {}\n",
                about.map(ToString::to_string).unwrap_or_default()
            ));
        }
        groups.push('\n');
    }
    command
        .help_template(format!(
            "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}\
         `modelbond COMMAND --help` explains a command.\n\nOptions of every command:\n{{options}}{{after-help}}\n"
        ))
        .after_help(EXAMPLES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clap takes both for the same argument, and one of them is lost.
    #[test]
    fn no_argument_of_a_command_is_called_as_one_of_every_command() {
        fn ids(command: &clap::Command) -> Vec<String> {
            command.get_arguments().map(|argument| argument.get_id().to_string()).collect()
        }
        fn check(command: &clap::Command, global: &[String], path: &str) {
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                let hidden: Vec<String> =
                    ids(sub).into_iter().filter(|id| global.contains(id)).collect();
                assert_eq!(hidden, Vec::<String>::new(), "{path}");
                check(sub, global, &path);
            }
        }
        let command = <Cli as clap::CommandFactory>::command();
        let global = ids(&command);
        assert!(global.contains(&"from".to_owned()));
        check(&command, &global, "modelbond");
    }

    #[test]
    fn every_visible_command_is_in_one_group() {
        let command = command();
        command.clone().debug_assert();
        let mut visible: Vec<&str> = command
            .get_subcommands()
            .filter(|c| !c.is_hide_set())
            .map(clap::Command::get_name)
            .collect();
        let mut grouped: Vec<&str> =
            GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        visible.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(visible, grouped);
    }
}
