//! What a contribution is built on, and what is built on it.

use anyhow::Result;
use clap::{Args, ValueEnum};
use modelbond_interface::provenance::{LineageDirection, LineageResponse, QueryMsg, Relative};
use serde::Serialize;

use crate::contract::{Answered, Contract, Provenance};
use crate::output::Page;
use crate::session::Session;

/// Options of `nft lineage`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  modelbond nft lineage 1-7-0                              one step both ways
  modelbond nft lineage 1-7-0 --only ancestors --depth 16 --limit 30")]
pub struct Lineage {
    /// Its id
    #[arg(value_name = "ID")]
    token_id: String,
    /// Only one way
    #[arg(long, value_enum, value_name = "WAY")]
    only: Option<Way>,
    /// How many steps, 1 to 16
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    depth: u8,
    /// How many to leave out
    #[arg(long, value_name = "N", requires = "only")]
    skip: Option<u32>,
    /// How many of each way, 1 to 30
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=30))]
    limit: u32,
}

/// A way through the lineage.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// What it is built on
    Ancestors,
    /// What is built on it
    Descendants,
}

/// Both ways; one that was not asked for is none.
#[derive(Serialize)]
struct Ways {
    token_id: String,
    ancestors: Option<LineageResponse>,
    descendants: Option<LineageResponse>,
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: Lineage) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let Lineage { token_id, only, depth, skip, limit } = command;
    let mut ways = Ways { token_id: token_id.clone(), ancestors: None, descendants: None };
    let mut page = Page::default();
    for (way, direction, heading) in [
        (Way::Ancestors, LineageDirection::Ancestors, format!("What {token_id} is built on")),
        (Way::Descendants, LineageDirection::Descendants, format!("What is built on {token_id}")),
    ] {
        if only.is_some_and(|only| only != way) {
            continue;
        }
        let token_id = token_id.clone();
        let question = QueryMsg::Lineage { token_id, direction, depth, skip, limit: Some(limit) };
        let answer: LineageResponse = provenance.ask(&question).await?;
        page = relatives(page.heading(heading), &provenance, &answer);
        let full = usize::try_from(limit).is_ok_and(|limit| limit == answer.relatives.len());
        if full {
            let next = skip.unwrap_or_default().saturating_add(limit);
            page = page.note(format!("there may be more: --skip {next}"));
        }
        match way {
            Way::Ancestors => ways.ancestors = Some(answer),
            Way::Descendants => ways.descendants = Some(answer),
        }
    }
    session.output.print(&Answered::new(&provenance, ways, page))
}

fn relatives(page: Page, provenance: &Contract<Provenance>, answer: &LineageResponse) -> Page {
    let row = |relative: &Relative| {
        let model = relative.model.as_ref().map(|model| provenance.symbol(model.as_str()));
        let model = model.unwrap_or_else(|| "not minted yet".to_owned());
        vec![relative.depth.to_string(), relative.token_id.clone(), model]
    };
    let rows: Vec<_> = answer.relatives.iter().map(row).collect();
    let page = if rows.is_empty() {
        page.note("nothing")
    } else {
        page.table(&["steps", "id", "model"], rows)
    };
    if answer.truncated {
        page.note("there are more than a query visits: ask for fewer steps")
    } else {
        page
    }
}
