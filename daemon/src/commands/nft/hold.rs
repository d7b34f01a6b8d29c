//! What the holder of a contribution may do with it.

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::Timestamp;
use cw20::Expiration;
use modelbond_interface::event::TypedEvent;
use modelbond_interface::provenance::{ContributionBurned, EarningsClaimed, ExecuteMsg, QueryMsg};

use super::show::{claimable, Tokens};
use super::Which;
use crate::contract::{Contract, Provenance, Sent};
use crate::failure::Failure;
use crate::format;
use crate::output::Page;
use crate::session::{Session, Unattended};

/// NFTs that one message claims, at most.
const BATCH: u32 = 30;

/// When a permission ends.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub struct Expiry {
    /// Ends this many seconds after the last block
    #[arg(long, value_name = "SECS")]
    expires_in_secs: Option<u64>,
    /// Ends at this height
    #[arg(long, value_name = "HEIGHT")]
    expires_at_height: Option<u64>,
}

impl Expiry {
    async fn resolve(&self, provenance: &Contract<Provenance>) -> Result<Option<Expiration>> {
        if let Some(secs) = self.expires_in_secs {
            let block = provenance.client.latest_block().await;
            let block = block.context("cannot read the chain's time")?;
            let at = Timestamp::from_nanos(block.time).plus_seconds(secs);
            return Ok(Some(Expiration::AtTime(at)));
        }
        Ok(self.expires_at_height.map(Expiration::AtHeight))
    }
}

/// Sends a message, and reports events of type `E` with it.
async fn tell<E: TypedEvent>(
    session: &Session,
    provenance: &Contract<Provenance>,
    message: &ExecuteMsg,
    (heading, line): (String, impl Fn(&E, Page) -> Page),
) -> Result<()> {
    let signer = provenance.signer(session).await?;
    let receipt = provenance.tell(session, &signer, message, &[]).await?;
    let sent = Sent::new(provenance, &receipt, heading)
        .events((provenance, &receipt), line)?
        .events((provenance, &receipt), burned)?;
    session.output.print(&sent)
}

fn claimed(event: &EarningsClaimed, page: Page) -> Page {
    let amount = format::reserve(event.amount, &event.denom);
    page.field(&format!("earned by {}", event.token_id), format!("{amount} to {}", event.recipient))
}

fn burned(event: &ContributionBurned, page: Page) -> Page {
    page.field("weight that counts no more", format::grouped(&event.weight.to_string()))
}

/// Gives one to somebody.
pub(super) async fn transfer(session: &Session, token_id: String, to: &str) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let recipient = session.resolve_address(to, &provenance.network.prefix)?;
    let question = format!("Give {token_id}, with all that it has earned, to {recipient}?");
    session.confirm(&question, Unattended::Proceed)?;
    let heading = format!("{token_id} is held by {recipient}");
    let message = ExecuteMsg::TransferNft { recipient, token_id };
    tell(session, &provenance, &message, (heading, claimed)).await
}

/// Lets somebody move one, or all.
pub(super) async fn approve(
    session: &Session,
    which: Which,
    spender: &str,
    expiry: &Expiry,
) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let spender = session.resolve_address(spender, &provenance.network.prefix)?;
    let expires = expiry.resolve(&provenance).await?;
    let what = which.token_id.clone().unwrap_or_else(|| "all of yours".to_owned());
    session.confirm(&format!("Let {spender} move {what}?"), Unattended::Proceed)?;
    let heading = format!("{spender} may move {what}");
    let message = match which.token_id {
        Some(token_id) => ExecuteMsg::Approve { spender, token_id, expires },
        None => ExecuteMsg::ApproveAll { operator: spender, expires },
    };
    tell(session, &provenance, &message, (heading, claimed)).await
}

/// Takes that back.
pub(super) async fn revoke(session: &Session, which: Which, spender: &str) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let spender = session.resolve_address(spender, &provenance.network.prefix)?;
    let what = which.token_id.clone().unwrap_or_else(|| "what is yours".to_owned());
    let heading = format!("{spender} may no longer move {what}");
    let message = match which.token_id {
        Some(token_id) => ExecuteMsg::Revoke { spender, token_id },
        None => ExecuteMsg::RevokeAll { operator: spender },
    };
    tell(session, &provenance, &message, (heading, claimed)).await
}

/// Pays the holder.
pub(super) async fn claim(session: &Session, token_ids: Vec<String>) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let signer = provenance.signer(session).await?;
    let token_ids = if token_ids.is_empty() {
        let _progress = session.output.progress("looking for what has earned");
        earning(&provenance, signer.address()).await?
    } else {
        token_ids
    };
    let message = ExecuteMsg::Claim { token_ids };
    let receipt = provenance.tell(session, &signer, &message, &[]).await?;
    let sent = Sent::new(&provenance, &receipt, "Earnings claimed")
        .events((&provenance, &receipt), claimed)?;
    session.output.print(&sent)
}

/// NFTs of a holder that have earned anything, as many as one message claims.
async fn earning(provenance: &Contract<Provenance>, owner: &str) -> Result<Vec<String>> {
    let mut earning = Vec::new();
    let mut start_after = None;
    loop {
        let (owner, limit) = (owner.to_owned(), Some(BATCH));
        let question = QueryMsg::Tokens { owner, start_after, limit };
        let Tokens { tokens } = provenance.ask(&question).await?;
        let full = usize::try_from(BATCH) == Ok(tokens.len());
        start_after = tokens.last().cloned();
        for earned in claimable(provenance, tokens).await? {
            if !earned.amount.amount.is_zero() {
                earning.push(earned.token_id);
            }
        }
        if !full || earning.len() >= BATCH as usize {
            break;
        }
    }
    earning.truncate(BATCH as usize);
    if earning.is_empty() {
        return Err(Failure::new(format!(
            "no contribution that {owner} holds has earned anything"
        ))
        .hint("modelbond usage revenue MODEL shows what waits to be shared out")
        .into());
    }
    Ok(earning)
}

/// Ends one.
pub(super) async fn burn(session: &Session, token_id: String) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let question = format!("Burn {token_id}? It earns no more, and never comes back.");
    session.confirm(&question, Unattended::Refuse)?;
    let heading = format!("{token_id} is burned");
    tell(session, &provenance, &ExecuteMsg::Burn { token_id }, (heading, claimed)).await
}
