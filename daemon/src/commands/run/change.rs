//! What changes a run: money, slices, its algorithm, its end.

use anyhow::Result;
use cosmwasm_std::Uint128;
use modelbond_client::{Receipt, Signer};
use modelbond_interface::training::{
    ExecuteMsg, Hash32, ReceiveMsg, RunAlgorithmSet, RunBurned, RunClosed, RunFunded,
};

use crate::failure::Failure;
use crate::format;
use crate::session::{Session, Unattended};
use crate::training::{name, Told, Training};

/// Where money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Into {
    /// Rounds to come.
    Budget,
    /// The bond.
    Bond,
}

impl Into {
    fn message(self, run_id: u64) -> ReceiveMsg {
        match self {
            Self::Budget => ReceiveMsg::Fund { run_id },
            Self::Bond => ReceiveMsg::Bond { run_id },
        }
    }
}

/// Sends a message to training and waits.
async fn tell(
    session: &Session,
    training: &Training,
    signer: &Signer,
    message: &ExecuteMsg,
) -> Result<Receipt> {
    let _progress = session.output.progress("waiting for the block");
    training.tell(signer, message).await
}

/// Pays for rounds, or adds to the bond.
pub(super) async fn pay(session: &Session, run_id: u64, amount: Uint128, into: Into) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(run_id).await?;
    let symbol = name::model(&training.network, &run.model);
    let signer = session.signer(&training.client).await?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.pay(&signer, run.model.as_str(), amount, &into.message(run_id)).await?
    };
    let heading = format!("{} for run {run_id}", format::tokens(amount, &symbol));
    let told = Told::new(&training, &receipt, heading).events(
        (&training, &training.address),
        &receipt,
        |event: &RunFunded| {
            let label = if event.into == "bond" { "bond now" } else { "budget now" };
            (label, format::tokens(event.total.into(), &symbol))
        },
    )?;
    session.output.print(&told)
}

/// Adds slices of the holdout.
pub(super) async fn add_slices(session: &Session, run_id: u64, slices: Vec<Hash32>) -> Result<()> {
    let training = Training::find(session).await?;
    let signer = session.signer(&training.client).await?;
    let count = slices.len();
    let message = ExecuteMsg::AddSlices { run_id, slices };
    let receipt = tell(session, &training, &signer, &message).await?;
    let heading = format!("{count} slices added to run {run_id}");
    session.output.print(&Told::new(&training, &receipt, heading))
}

/// Replaces the algorithm.
pub(super) async fn set_algorithm(
    session: &Session,
    run_id: u64,
    algorithm_hash: Hash32,
    known_answer: Hash32,
) -> Result<()> {
    let training = Training::find(session).await?;
    let signer = session.signer(&training.client).await?;
    let message = ExecuteMsg::SetAlgorithm { run_id, algorithm_hash, known_answer };
    let receipt = tell(session, &training, &signer, &message).await?;
    let told = Told::new(&training, &receipt, format!("Run {run_id} has another algorithm"))
        .events((&training, &training.address), &receipt, |event: &RunAlgorithmSet| {
            ("algorithm", event.algorithm_hash.clone())
        })?;
    session.output.print(&told)
}

/// Closes a run.
pub(super) async fn close(session: &Session, run_id: u64) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(run_id).await?;
    let symbol = name::model(&training.network, &run.model);
    let signer = session.signer(&training.client).await?;
    session.confirm(&format!("Close run {run_id} for ever?"), Unattended::Refuse)?;
    let message = ExecuteMsg::CloseRun { run_id };
    let receipt = tell(session, &training, &signer, &message).await?;
    let told = Told::new(&training, &receipt, format!("Run {run_id} is closed")).events(
        (&training, &training.address),
        &receipt,
        |event: &RunClosed| ("paid back", format::tokens(event.amount.into(), &symbol)),
    )?;
    session.output.print(&told)
}

/// Burns what is to be burned.
pub(super) async fn burn(session: &Session, run_id: u64, amount: Option<Uint128>) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(run_id).await?;
    let symbol = name::model(&training.network, &run.model);
    let burnable = run.ledger.burnable;
    let amount = amount.unwrap_or(burnable);
    if burnable.is_zero() || amount > burnable {
        let (amount, burnable) =
            (format::tokens(amount, &symbol), format::tokens(burnable, &symbol));
        return Err(Failure::new(format!(
            "{burnable} of run {run_id} are to be burned, not {amount}"
        ))
        .hint("modelbond run show says how much")
        .into());
    }
    let signer = session.signer(&training.client).await?;
    let message = ExecuteMsg::Burn { run_id, amount };
    let receipt = tell(session, &training, &signer, &message).await?;
    let told = Told::new(&training, &receipt, format!("Burned for run {run_id}")).events(
        (&training, &training.address),
        &receipt,
        |event: &RunBurned| ("burned", format::tokens(event.amount.into(), &symbol)),
    )?;
    session.output.print(&told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_says_what_it_is_for() {
        let text = |into: Into| serde_json::to_string(&into.message(3)).unwrap();
        assert_eq!(text(Into::Budget), r#"{"fund":{"run_id":3}}"#);
        assert_eq!(text(Into::Bond), r#"{"bond":{"run_id":3}}"#);
    }
}
