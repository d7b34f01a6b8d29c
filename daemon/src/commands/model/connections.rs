//! How models are connected, and the h-index that follows from it.

use anyhow::Result;
use clap::{Args, ValueEnum};
use modelbond_interface::registry::{
    Connection, ConnectionKind, ConnectionsResponse, Direction, ExecuteMsg, HIndexResponse,
    ModelHIndexResponse, ModelResponse, ModelsConnected, ModelsDisconnected, QueryMsg,
};
use serde::Serialize;

use super::catalogue::Part;
use crate::contract::{Answered, Contract, Registry, Sent};
use crate::output::Page;
use crate::session::Session;

/// Which connection.
#[derive(Args, Debug)]
pub struct Connected {
    /// The model that points, which is yours: symbol or address
    #[arg(value_name = "FROM")]
    model: String,
    /// The model that is pointed at: symbol or address
    #[arg(value_name = "TO")]
    other: String,
    /// Why: derived, uses_data, cites or deploys
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: ConnectionKind,
}

/// Options of `model connections`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  modelbond model connections VIS                   both ways
  modelbond model connections VIS --only to         what points at it
  modelbond model connections VIS --only from --start-after 30")]
pub struct Connections {
    /// Symbol or address
    model: String,
    /// Only one way
    #[arg(long, value_enum, value_name = "WAY")]
    only: Option<Way>,
    #[command(flatten)]
    part: Part,
}

/// One end of connections.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Connections that point at the model
    To,
    /// Connections of the model
    From,
}

fn kind(text: &str) -> Result<ConnectionKind, String> {
    let found = ConnectionKind::ALL.into_iter().find(|kind| kind.name() == text.replace('-', "_"));
    found.ok_or_else(|| {
        format!("a kind is {}", ConnectionKind::ALL.map(ConnectionKind::name).join(", "))
    })
}

/// Connects two models.
pub(super) async fn connect(session: &Session, command: Connected) -> Result<()> {
    let registry = Contract::<Registry>::find(session).await?;
    let (from, to) = (registry.model(&command.model)?, registry.model(&command.other)?);
    let signer = registry.signer(session).await?;
    let heading =
        format!("{} {}", registry.symbol(&from), says(command.kind, &registry.symbol(&to)));
    let message = ExecuteMsg::Connect { from, to, kind: command.kind };
    let receipt = registry.tell(session, &signer, &message, &[]).await?;
    let sent = Sent::new(&registry, &receipt, heading)
        .events((&registry, &receipt), |event: &ModelsConnected, page| {
            page.field("h-index of the creator pointed at", event.h)
        })?;
    session.output.print(&sent)
}

/// Ends a connection.
pub(super) async fn disconnect(session: &Session, command: Connected) -> Result<()> {
    let registry = Contract::<Registry>::find(session).await?;
    let (from, to) = (registry.model(&command.model)?, registry.model(&command.other)?);
    let signer = registry.signer(session).await?;
    let ended = says(command.kind, &registry.symbol(&to));
    let heading = format!("No longer: {} {ended}", registry.symbol(&from));
    let message = ExecuteMsg::Disconnect { from, to, kind: command.kind };
    let receipt = registry.tell(session, &signer, &message, &[]).await?;
    let sent = Sent::new(&registry, &receipt, heading)
        .events((&registry, &receipt), |event: &ModelsDisconnected, page| {
            page.field("h-index of the creator pointed at", event.h)
        })?;
    session.output.print(&sent)
}

fn says(kind: ConnectionKind, to: &str) -> String {
    match kind {
        ConnectionKind::Derived => format!("is derived from {to}"),
        ConnectionKind::UsesData => format!("uses data of {to}"),
        ConnectionKind::Cites => format!("cites {to}"),
        ConnectionKind::Deploys => format!("deploys {to}"),
    }
}

/// Connections of a model; a way that was not asked for is none.
#[derive(Serialize)]
struct Ways {
    model: String,
    to: Option<Vec<Connection>>,
    from: Option<Vec<Connection>>,
}

/// Shows connections.
pub(super) async fn connections(session: &Session, command: Connections) -> Result<()> {
    let registry = Contract::<Registry>::find(session).await?;
    let model = registry.model(&command.model)?;
    let symbol = registry.symbol(&model);
    let mut ways = Ways { model: model.clone(), to: None, from: None };
    let mut page = Page::default();
    for direction in [Direction::To, Direction::From] {
        let way = match direction {
            Direction::To => Way::To,
            Direction::From => Way::From,
        };
        if command.only.is_some_and(|only| only != way) {
            continue;
        }
        let Part { start_after, limit } = command.part;
        let limit = Some(limit);
        let question =
            QueryMsg::Connections { model: model.clone(), direction, start_after, limit };
        let answer: ConnectionsResponse = registry.ask(&question).await?;
        let row = |connection: &Connection| {
            let other = match direction {
                Direction::To => &connection.from,
                Direction::From => &connection.to,
            };
            let kinds: Vec<&str> = connection.kinds.iter().map(|kind| kind.name()).collect();
            vec![connection.number.to_string(), registry.symbol(other.as_str()), kinds.join(", ")]
        };
        let rows: Vec<_> = answer.connections.iter().map(row).collect();
        page = page.heading(match direction {
            Direction::To => format!("What points at {symbol}"),
            Direction::From => format!("What {symbol} points at"),
        });
        page = match rows.len() {
            0 => page.note("nothing"),
            count => {
                let last = answer.connections.last().map(|connection| connection.number);
                let page = page.table(&["number", "model", "why"], rows);
                command.part.more(page, count, last)
            }
        };
        match direction {
            Direction::To => ways.to = Some(answer.connections),
            Direction::From => ways.from = Some(answer.connections),
        }
    }
    session.output.print(&Answered::new(&registry, ways, page))
}

/// An h-index, and whose it is.
#[derive(Serialize)]
struct HIndex {
    creator: Option<String>,
    model: Option<String>,
    h: u32,
    /// Models of the creator.
    models: Option<u32>,
    /// Citations of all of them.
    citations: Option<u32>,
    /// Contributions to the model that anybody built on.
    used: Option<u32>,
}

/// Shows the h-index of a model, or of an account that opened models.
pub(super) async fn h_index(session: &Session, whose: &str) -> Result<()> {
    let registry = Contract::<Registry>::find(session).await?;
    let (index, page) = match model_of(&registry, whose).await? {
        Some(model) => {
            let question = QueryMsg::ModelHIndex { model: model.clone() };
            let answer: ModelHIndexResponse = registry.ask(&question).await?;
            let ModelHIndexResponse { h, used } = answer;
            let page = Page::new(format!("h-index of {}: {h}", registry.symbol(&model)))
                .field("contributions that anybody built on", used)
                .note(format!(
                    "{h} of its contributions are each built on by {h} or more of other people"
                ));
            let (model, used) = (Some(model), Some(used));
            (HIndex { creator: None, model, h, models: None, citations: None, used }, page)
        }
        None => {
            let creator = session.resolve_address(whose, &registry.network.prefix)?;
            let question = QueryMsg::HIndex { creator: creator.clone() };
            let HIndexResponse { h, models, citations } = registry.ask(&question).await?;
            let page = Page::new(format!("h-index of {creator}: {h}"))
                .field("models", models)
                .field("citations of all of them", citations)
                .note(format!(
                    "{h} of their models are each connected from {h} or more of other creators"
                ));
            let (models, citations) = (Some(models), Some(citations));
            (HIndex { creator: Some(creator), model: None, h, models, citations, used: None }, page)
        }
    };
    session.output.print(&Answered::new(&registry, index, page))
}

/// The model that is meant, if it is one: a symbol of the network file, or an address that the
/// registry knows.
async fn model_of(registry: &Contract<Registry>, whose: &str) -> Result<Option<String>> {
    let network = &registry.network;
    let Ok(address) = network.market_address(whose) else { return Ok(None) };
    if address != whose || network.markets.values().any(|market| market.address == address) {
        return Ok(Some(address));
    }
    let question = QueryMsg::Model { model: address.clone() };
    match registry.client.query::<ModelResponse>(&registry.address, &question).await {
        Ok(_) => Ok(Some(address)),
        Err(modelbond_client::ClientError::Contract { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("uses-data", Some(ConnectionKind::UsesData))]
    #[case("uses_data", Some(ConnectionKind::UsesData))]
    #[case("cites", Some(ConnectionKind::Cites))]
    #[case("likes", None)]
    fn a_kind_is_read_by_its_name(#[case] text: &str, #[case] expected: Option<ConnectionKind>) {
        assert_eq!(kind(text).ok(), expected);
    }
}
