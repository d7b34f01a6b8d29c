//! A market as a contract of its own, past the registry.

use anyhow::{Context, Result};
use clap::Args;
use modelbond_client::Client;
use modelbond_interface::market::{InstantiateMsg, MarketOpened, Marketing};

use super::{ensure_funds, Draft, Open, Opened};
use crate::market::MarketName;
use crate::output::Page;
use crate::session::{Session, Transaction, Unattended};

/// Options of a market past the registry.
#[derive(Args, Debug)]
#[command(next_help_heading = "Past the registry")]
pub(super) struct DirectArgs {
    /// Make only the market; its creator says who feeds it
    #[arg(long)]
    direct: bool,
    /// Who may report metrics: an address, a key, or a contract of the network file, such as training
    /// [default: you]
    #[arg(long, value_name = "ADDRESS")]
    metrics_source: Option<String>,
    /// Who may spend the rewards ledger [default: you]
    #[arg(long, value_name = "ADDRESS")]
    rewards: Option<String>,
    /// Who may withdraw the provenance ledger [default: you]
    #[arg(long, value_name = "ADDRESS")]
    provenance: Option<String>,
}

impl DirectArgs {
    /// The option that asks for it, if any.
    pub(super) fn asked_for(&self) -> Option<&'static str> {
        [
            (self.direct, "--direct"),
            (self.metrics_source.is_some(), "--metrics-source"),
            (self.rewards.is_some(), "--rewards"),
            (self.provenance.is_some(), "--provenance"),
        ]
        .into_iter()
        .find_map(|(given, option)| given.then_some(option))
    }
}

/// Makes the market.
pub(super) async fn run(
    session: &Session,
    command: &Open,
    draft: Draft,
    client: Client,
) -> Result<()> {
    let Draft { network, deposit, params, code, .. } = &draft;
    let signer = session.signer(&client).await?;
    let creator = signer.address().to_owned();
    ensure_funds(&client, &creator, deposit, "the initial supply").await?;
    let role = |address: &Option<String>| match address {
        Some(address) => session
            .resolve_address(address, &network.prefix)
            .or_else(|error| network.contracts.get(address.as_str()).cloned().ok_or(error)),
        None => Ok(creator.clone()),
    };
    let message = InstantiateMsg {
        name: command.name.clone(),
        symbol: command.symbol.clone(),
        reserve_denom: deposit.denom.clone(),
        creator: creator.clone(),
        metrics_source: role(&command.direct.metrics_source)?,
        rewards: role(&command.direct.rewards)?,
        provenance: role(&command.direct.provenance)?,
        params: params.clone(),
        marketing: marketing(command),
    };
    session.output.preview(&preview(command.preview(&draft, &creator), &message));
    for warning in &draft.warnings {
        session.output.warn(warning);
    }
    session.confirm(
        &format!("Open the market for {}?", crate::format::coin(deposit)),
        Unattended::Proceed,
    )?;

    let label = format!("modelbond market {}", command.symbol);
    let progress = session.output.progress("waiting for the block");
    let funds = std::slice::from_ref(deposit);
    let (address, receipt) = signer
        .instantiate(code.id, &label, &message, funds, None)
        .await
        .context("the market was not opened")?;
    command.record(session, (&draft, &client), &address).await?;
    drop(progress);

    let opened = receipt
        .decode::<MarketOpened>(&address)?
        .into_iter()
        .next()
        .with_context(|| format!("transaction {} has no market_opened", receipt.hash))?;
    session.output.print(&Opened {
        market: MarketName { symbol: command.symbol.clone(), address },
        code_id: draft.code.id,
        code_hash: draft.code.hash,
        admin: None,
        deposit: draft.deposit,
        fee: None,
        warnings: draft.warnings,
        transaction: Transaction::from(&receipt),
        event: opened.into(),
        registered: None,
        params: draft.params,
    })
}

fn marketing(command: &Open) -> Option<Marketing> {
    let (project, description) = (command.project.clone(), command.description.text());
    if project.is_none() && description.is_none() {
        return None;
    }
    Some(Marketing { project, description, logo: None })
}

fn preview(page: Page, message: &InstantiateMsg) -> Page {
    let roles = [
        ("metrics source", &message.metrics_source),
        ("rewards", &message.rewards),
        ("provenance", &message.provenance),
    ];
    roles.into_iter().fold(page, |page, (label, address)| {
        let own = if *address == message.creator { " (you)" } else { "" };
        page.field(label, format!("{address}{own}"))
    })
}
