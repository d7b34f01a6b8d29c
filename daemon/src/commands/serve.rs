//! `modelbond serve`: the HTTP service.

use std::io::IsTerminal;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::serve::config::LogFormat;
use crate::serve::{App, Chain, Emitter, Keeper, Overrides, Server, Settings, Source, Target};
use crate::session::Session;
use crate::training::Training;

const EXAMPLES: &str = "\
Examples:
  modelbond serve                                        on http://127.0.0.1:8787
  modelbond serve --listen 127.0.0.1:0 --json            on a free port, named on standard output
  modelbond serve --listen 0.0.0.0:80 --rate-limit 20    for others, 20 requests a second each
  modelbond serve --rate-limit 0 --log warn              behind a proxy that limits and logs
  modelbond serve --emit emitter --from payer            and emit a beacon: /info, /public/latest
  modelbond serve --keep 1 --keep 2 --from payer         and move on the rounds of two training runs, the
                                                         block rewards of their models, and offers of data
  modelbond serve --log-format json --log modelbond=debug,warn

  curl http://127.0.0.1:8787/openapi.json                what it offers
  curl http://127.0.0.1:8787/health                      how it is
  curl http://127.0.0.1:8787/metrics                     for Prometheus

The service checks signatures without a chain, and holds no keys but, with --emit, the beacon's, and
with --emit or --keep the one that pays. Several keepers may keep one run: whoever is first is paid. With a network file that names
the contract `bridge` it also says who is who. On SIGTERM or SIGINT it ends without losing a
request; on a second one at once. Each flag is also a setting in the section [serve] of
config.toml, with more: `modelbond config show` lists them.";

/// Serve signatures, identities and a beacon over HTTP
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Serve {
    /// Address to listen on; port 0 takes a free one [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Requests a second of one client; 0 for no limit [default: 100]
    #[arg(long, value_name = "NUMBER")]
    rate_limit: Option<u32>,
    /// Requests that one client may send at once [default: 200]
    #[arg(long, value_name = "NUMBER")]
    rate_burst: Option<u32>,
    /// Largest body of a request [default: 65536]
    #[arg(long, value_name = "BYTES")]
    body_limit: Option<u32>,
    /// Connections at the same time [default: 1024]
    #[arg(long, value_name = "NUMBER")]
    max_connections: Option<u32>,
    /// How long requests are still taken after the signal to stop [default: 1000]
    #[arg(long, value_name = "MILLISECONDS")]
    drain_ms: Option<u64>,
    /// Emit the beacon of this key; --from pays for its rounds
    #[arg(long, value_name = "KEY")]
    emit: Option<String>,
    /// Keep the rounds of this training run going, its model's block rewards, and offers of data to it;
    /// --from pays, and is paid for rounds. Repeatable
    #[arg(long, value_name = "RUN")]
    keep: Vec<u64>,
    /// What is logged, to standard error [default: info]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// How the log looks [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

impl Serve {
    /// Whether a key that emits is named.
    pub fn emits(&self) -> bool {
        self.emit.is_some()
    }

    /// What was given, as the last layer of the settings.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            listen: self.listen.clone(),
            rate_limit: self.rate_limit,
            rate_burst: self.rate_burst,
            body_limit: self.body_limit,
            max_connections: self.max_connections,
            drain_ms: self.drain_ms,
            emit: self.emit.clone(),
            keep: Some(self.keep.clone()).filter(|keep| !keep.is_empty()),
            log: self.log.clone(),
            log_format: self.log_format,
        }
    }
}

/// Runs the command; its flags are in the settings already.
pub async fn run(session: &Session, _: Serve) -> Result<()> {
    let settings = session.config.serve.clone();
    settings.check()?;
    start_log(&settings)?;
    let source = Source { path: session.network_path(), rpc: session.config.rpc.clone() };
    let emitter = match &settings.emit {
        None => None,
        Some(name) => Some(Arc::new(Emitter::new(session.open(name)?.beacon_key()?))),
    };
    let (mut target, mut keeper) = (None, None);
    if emitter.is_some() || !settings.keep.is_empty() {
        let network = session.network()?;
        let client = session.connect(&network).await?;
        // One signer for both, so that its sequence is counted once.
        let signer = session.signer(&client).await?;
        if emitter.is_some() {
            target = Some(Target::of(&network, client.clone(), signer.clone())?);
        }
        if !settings.keep.is_empty() {
            let training = Training::of(network, client).await?;
            keeper = Some(Keeper::new(training, signer, settings.keep.clone()));
        }
    }
    let app = App::emitting(settings, session.prefix()?, Chain::of(source)?, emitter)?;
    let server = Server::bind(app).await?.emitting_to(target).keeping(keeper);
    let url = format!("http://{}", server.address());
    if session.output.is_json() {
        // One line, so that a script can read it while the service runs.
        session.output.raw(&format!("{}\n", serde_json::json!({ "listening": url })))?;
    } else {
        session.output.note(&format!("listening on {url}"));
    }
    server.run().await
}

/// Logs to standard error from now on.
fn start_log(settings: &Settings) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.log).map_err(|error| {
        Failure::usage(format!("serve.log {:?}: {error}", settings.log))
            .hint("write a level such as info, or targets: modelbond=debug,warn")
    })?;
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(!plain && std::io::stderr().is_terminal());
    let started = match settings.log_format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Failure::new(format!("cannot start the log: {error}")).into())
}
