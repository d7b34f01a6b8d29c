//! `modelbond config`: the settings and where each comes from.

use anyhow::Result;
use clap::Subcommand;
use serde::Serialize;

use crate::config::{Origin, FILE};
use crate::output::{Page, Report};
use crate::session::Session;

/// Show the settings
#[derive(Subcommand, Debug)]
pub enum ConfigCommand {
    /// Show every setting and where its value comes from
    #[command(after_help = "\
Settings come from, the later the stronger: defaults, config.toml in the home directory,
environment (MODELBOND_NETWORK, MODELBOND_FROM, …), flags.")]
    Show,
}

#[derive(Serialize)]
struct Settings {
    home: String,
    file: String,
    settings: Vec<Origin>,
}

impl Report for Settings {
    fn page(&self) -> Page {
        let rows = self
            .settings
            .iter()
            .map(|setting| {
                let value = match &setting.value {
                    None => "-".to_owned(),
                    Some(serde_json::Value::String(text)) => text.clone(),
                    Some(value) => value.to_string(),
                };
                vec![setting.key.to_owned(), value, setting.origin.clone()]
            })
            .collect();
        Page::new("Settings")
            .field("home", &self.home)
            .field("file", &self.file)
            .table(&["setting", "value", "from"], rows)
    }
}

/// Runs the command.
pub fn run(session: &Session, command: ConfigCommand) -> Result<()> {
    match command {
        ConfigCommand::Show => session.output.print(&Settings {
            home: session.home.display().to_string(),
            file: session.home.join(FILE).display().to_string(),
            settings: session.origins.clone(),
        }),
    }
}
