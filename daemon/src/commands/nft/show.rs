//! What contributions are, and which there are.

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::{Coin, Decimal};
use modelbond_interface::provenance::{
    ClaimableResponse, Contribution, ContributionResponse, Earned, QueryMsg,
};
use serde::{Deserialize, Serialize};

use crate::contract::{Answered, Contract, Provenance};
use crate::format;
use crate::output::Page;
use crate::session::Session;
use crate::training::name::short;

/// Options of `nft list`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  modelbond nft list                        yours
  modelbond nft list --model VIS --skip 10
  modelbond nft list --owner wasm1… --start-after 1-7-0
  modelbond nft list --all")]
pub struct List {
    /// Contributions to this model, in the order of minting: symbol or address
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["owner", "all", "start_after"])]
    model: Option<String>,
    /// How many of the model's to leave out
    #[arg(long, value_name = "N", requires = "model")]
    skip: Option<u32>,
    /// Of this holder: an address or a key [default: you]
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "all")]
    owner: Option<String>,
    /// All there are
    #[arg(long)]
    all: bool,
    /// Continue after this one
    #[arg(long, value_name = "ID")]
    start_after: Option<String>,
    /// How many, 1 to 30
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=30))]
    limit: u32,
}

/// cw721's answer about ids.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) tokens: Vec<String>,
}

/// A contribution, and what it has earned; nothing can be earned by one that was burned.
#[derive(Serialize)]
struct Nft {
    token_id: String,
    #[serde(flatten)]
    response: ContributionResponse,
    claimable: Option<Coin>,
}

#[derive(Serialize)]
struct Nfts {
    nfts: Vec<Nft>,
}

/// Of those that somebody holds.
pub(super) async fn claimable(
    provenance: &Contract<Provenance>,
    token_ids: Vec<String>,
) -> Result<Vec<Earned>> {
    if token_ids.is_empty() {
        return Ok(Vec::new());
    }
    let answer: ClaimableResponse = provenance.ask(&QueryMsg::Claimable { token_ids }).await?;
    Ok(answer.earned)
}

async fn nfts(provenance: &Contract<Provenance>, token_ids: &[String]) -> Result<Vec<Nft>> {
    let mut nfts = Vec::new();
    for token_id in token_ids {
        let question = QueryMsg::Contribution { token_id: token_id.clone() };
        let response: ContributionResponse = provenance.ask(&question).await?;
        nfts.push(Nft { token_id: token_id.clone(), response, claimable: None });
    }
    let held = nfts.iter().filter(|nft| nft.response.owner.is_some());
    let earned = claimable(provenance, held.map(|nft| nft.token_id.clone()).collect()).await?;
    for earned in earned {
        let nft = nfts.iter_mut().find(|nft| nft.token_id == earned.token_id);
        if let Some(nft) = nft {
            nft.claimable = Some(earned.amount);
        }
    }
    Ok(nfts)
}

/// Shows one.
pub(super) async fn show(session: &Session, token_id: &str) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let found = nfts(&provenance, &[token_id.to_owned()]).await?;
    let nft = found.into_iter().next().context("a contribution")?;
    let page = page(&provenance, &nft);
    session.output.print(&Answered::new(&provenance, nft, page))
}

fn page(provenance: &Contract<Provenance>, nft: &Nft) -> Page {
    let ContributionResponse { contribution, weight, owner, uses } = &nft.response;
    let Contribution { model, contributor, run_id, round_id, parents, .. } = contribution;
    let origin = match run_id {
        0 => format!("offer {round_id}"),
        run => format!("round {round_id} of run {run}"),
    };
    let parents = if parents.is_empty() { "nothing".to_owned() } else { parents.join(", ") };
    let symbol = provenance.symbol(model.as_str());
    Page::new(format!("Contribution {} to {symbol}", nft.token_id))
        .field("model", model)
        .field("contributor", contributor)
        .field("H(D), hash of its data", contribution.data_hash)
        .field("α, quality", millionths(contribution.quality.into()))
        .field("t, accepted", format::time(contribution.at))
        .field("ΔM, improvement", millionths(contribution.improvement.into()))
        .field("attested", contribution.attestation)
        .field("from", origin)
        .field("built on", parents)
        .field("weight, α·max(ΔM, 0)", format::grouped(&weight.to_string()))
        .field("built on it, by others", uses)
        .field("holder", owner.as_ref().map_or("nobody, it was burned", |owner| owner.as_str()))
        .field_if("earned, to claim", nft.claimable.as_ref().map(format::coin))
}

/// Millionths as a decimal number.
pub(in crate::commands) fn millionths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", Decimal::from_ratio(value.unsigned_abs(), 1_000_000_u32))
}

/// Lists some.
pub(super) async fn list(session: &Session, command: List) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let List { model, skip, owner, all, start_after, limit } = command;
    let limit = Some(limit);
    let (question, heading) = match model {
        Some(model) => {
            let model = provenance.model(&model)?;
            let heading = format!("Contributions to {}", provenance.symbol(&model));
            (QueryMsg::ModelTokens { model, skip, limit }, heading)
        }
        None if all => (QueryMsg::AllTokens { start_after, limit }, "Contributions".to_owned()),
        None => {
            let owner = session.address_or_own(owner.as_deref(), &provenance.network.prefix)?;
            let heading = format!("Contributions that {owner} holds");
            (QueryMsg::Tokens { owner, start_after, limit }, heading)
        }
    };
    let found = {
        let _progress = session.output.progress("reading contributions");
        let answer: Tokens = provenance.ask(&question).await?;
        nfts(&provenance, &answer.tokens).await?
    };
    let rows: Vec<_> = found.iter().map(|nft| row(&provenance, nft)).collect();
    let page = if rows.is_empty() {
        Page::new(heading).note("none")
    } else {
        let head = ["id", "model", "α", "ΔM", "weight", "uses", "contributor", "to claim"];
        let page = Page::new(heading).table(&head, rows);
        let full = limit.is_some_and(|limit| usize::try_from(limit) == Ok(found.len()));
        match (full, found.last(), &question) {
            (true, _, QueryMsg::ModelTokens { skip, .. }) => {
                let next = u64::from(skip.unwrap_or_default()).saturating_add(found.len() as u64);
                page.note(format!("there may be more: --skip {next}"))
            }
            (true, Some(last), _) => {
                page.note(format!("there may be more: --start-after {}", last.token_id))
            }
            _ => page,
        }
    };
    session.output.print(&Answered::new(&provenance, Nfts { nfts: found }, page))
}

fn row(provenance: &Contract<Provenance>, nft: &Nft) -> Vec<String> {
    let ContributionResponse { contribution, weight, uses, .. } = &nft.response;
    vec![
        nft.token_id.clone(),
        short(&provenance.symbol(contribution.model.as_str())),
        millionths(contribution.quality.into()),
        millionths(contribution.improvement.into()),
        format::grouped(&weight.to_string()),
        uses.to_string(),
        short(contribution.contributor.as_str()),
        nft.claimable.as_ref().map(format::coin).unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "0")]
    #[case(1_000_000, "1")]
    #[case(250_001, "0.250001")]
    #[case(-1, "-0.000001")]
    fn millionths_are_written_as_decimals(#[case] value: i64, #[case] expected: &str) {
        assert_eq!(millionths(value), expected);
    }
}
