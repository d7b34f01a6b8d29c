//! Stakes: in, on their way out, out.

use anyhow::Result;
use cosmwasm_std::{Timestamp, Uint128};
use modelbond_interface::nodes::{ExecuteMsg, NodeStaked, NodeUnstaked, NodeWithdrawn, ReceiveMsg};

use crate::format;
use crate::market::Market;
use crate::session::Session;
use crate::training::{Told, Training};

/// Stakes tokens.
pub(super) async fn stake(
    session: &Session,
    market: &str,
    node_id: u64,
    amount: Uint128,
) -> Result<()> {
    let (training, market) = (Training::find(session).await?, Market::find(session, market).await?);
    let signer = market.signer(session).await?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        let message = ReceiveMsg::Stake { node_id };
        training.stake(&signer, &market.name.address, amount, &message).await?
    };
    let heading = format!("{} staked for node {node_id}", market.tokens(amount));
    let told = Told::new(&training, &receipt, heading).events(
        (&training, &training.nodes),
        &receipt,
        |event: &NodeStaked| ("its stake", market.tokens(event.stake.into())),
    )?;
    session.output.print(&told)
}

/// Starts to unstake.
pub(super) async fn unstake(
    session: &Session,
    market: &str,
    node_id: u64,
    amount: Uint128,
) -> Result<()> {
    let (training, market) = (Training::find(session).await?, Market::find(session, market).await?);
    let signer = market.signer(session).await?;
    let model = market.name.address.clone();
    let message = ExecuteMsg::Unstake { model, node_id, amount };
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell_nodes(&signer, &message).await?
    };
    let heading = format!("{} of node {node_id} unbond", market.tokens(amount));
    let told = Told::new(&training, &receipt, heading).events(
        (&training, &training.nodes),
        &receipt,
        |event: &NodeUnstaked| {
            ("can be withdrawn at", format::time(Timestamp::from_nanos(event.unbonds_at)))
        },
    )?;
    session.output.print(&told)
}

/// Pays out what has unbonded.
pub(super) async fn withdraw(session: &Session, market: &str, node_id: u64) -> Result<()> {
    let (training, market) = (Training::find(session).await?, Market::find(session, market).await?);
    let signer = market.signer(session).await?;
    let message = ExecuteMsg::Withdraw { model: market.name.address.clone(), node_id };
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell_nodes(&signer, &message).await?
    };
    let told = Told::new(&training, &receipt, format!("Node {node_id} has unbonded")).events(
        (&training, &training.nodes),
        &receipt,
        |event: &NodeWithdrawn| ("paid to its owner", market.tokens(event.amount.into())),
    )?;
    session.output.print(&told)
}
