//! A model's record: what is said of it, and whose it is.

use anyhow::Result;
use clap::Args;
use modelbond_interface::registry::{
    ExecuteMsg, ModelHandedOver, ModelOffered, ModelResponse, ModelUpdated, QueryMsg,
};

use super::description::DescriptionArgs;
use crate::contract::{Contract, Registry, Sent};
use crate::failure::Failure;
use crate::output::Page;
use crate::session::{Session, Unattended};

/// Options of `model update`.
#[derive(Args, Debug)]
#[command(after_help = "\
What is not given stays; an empty --uri or --arena-channel takes it away; --use-case replaces all of
them. Only the owner of the record may.

Examples:
  modelbond model update VIS --weights vision-2.safetensors
  modelbond model update VIS --use-case photo-classification --use-case image-generation --uri ''")]
pub struct Update {
    /// Symbol or address
    model: String,
    /// What changes
    #[command(flatten)]
    description: DescriptionArgs,
}

/// Options of `model offer`.
#[derive(Args, Debug)]
#[command(after_help = "\
The record goes to whoever accepts it, and with it what the model's revenue leaves to its owner. The
market's treasury and vesting stay with the creator.

Examples:
  modelbond model offer VIS --to wasm1…
  modelbond model offer VIS --nobody           ends the offer")]
pub struct Offer {
    /// Symbol or address
    model: String,
    /// To whom: an address or a key
    #[arg(long, value_name = "ACCOUNT", required_unless_present = "nobody")]
    to: Option<String>,
    /// End the offer
    #[arg(long, conflicts_with = "to")]
    nobody: bool,
}

/// Replaces what is said of a model.
pub(super) async fn update(session: &Session, command: Update) -> Result<()> {
    let registry = Contract::<Registry>::find(session).await?;
    let model = registry.model(&command.model)?;
    let old: ModelResponse = registry.ask(&QueryMsg::Model { model: model.clone() }).await?;
    let (metadata, use_cases) = command.description.changed(
        old.metadata.clone(),
        old.use_cases.clone(),
        &session.output,
    )?;
    if (&metadata, &use_cases) == (&old.metadata, &old.use_cases) {
        return Err(Failure::usage("nothing changes")
            .hint("modelbond model info shows what is recorded; --help shows what can change")
            .into());
    }
    let signer = registry.signer(session).await?;
    let message = ExecuteMsg::UpdateModel { model, metadata, use_cases };
    let receipt = registry.tell(session, &signer, &message, &[]).await?;
    let sent = Sent::new(&registry, &receipt, format!("What is said of {} changed", old.symbol))
        .events((&registry, &receipt), |event: &ModelUpdated, page| {
            page.field("use cases", &event.use_cases).field("weights, sha-256", &event.weights_hash)
        })?;
    session.output.print(&sent)
}

/// Offers a model's record.
pub(super) async fn offer(session: &Session, command: Offer) -> Result<()> {
    let registry = Contract::<Registry>::find(session).await?;
    let model = registry.model(&command.model)?;
    let to = command.to.as_deref();
    let to = to.map(|to| session.resolve_address(to, &registry.network.prefix)).transpose()?;
    let signer = registry.signer(session).await?;
    let symbol = registry.symbol(&model);
    let heading = match &to {
        Some(to) => {
            session.confirm(
                &format!("Offer the record of {symbol}, with its revenue, to {to}?"),
                Unattended::Proceed,
            )?;
            format!("The record of {symbol} is offered")
        }
        None => format!("The record of {symbol} is offered to nobody"),
    };
    let message = ExecuteMsg::OfferModel { model, to };
    let receipt = registry.tell(session, &signer, &message, &[]).await?;
    let line = |event: &ModelOffered, page: Page| {
        if event.to.is_empty() {
            return page;
        }
        page.field("may accept it", &event.to)
    };
    let sent = Sent::new(&registry, &receipt, heading).events((&registry, &receipt), line)?;
    session.output.print(&sent)
}

/// Takes what was offered.
pub(super) async fn accept(session: &Session, model: &str) -> Result<()> {
    let registry = Contract::<Registry>::find(session).await?;
    let model = registry.model(model)?;
    let signer = registry.signer(session).await?;
    let heading = format!("The record of {} is yours", registry.symbol(&model));
    let message = ExecuteMsg::AcceptModel { model };
    let receipt = registry.tell(session, &signer, &message, &[]).await?;
    let sent = Sent::new(&registry, &receipt, heading).events(
        (&registry, &receipt),
        |event: &ModelHandedOver, page| {
            page.field("owner before", &event.from).field("owner now", &event.to)
        },
    )?;
    session.output.print(&sent)
}
