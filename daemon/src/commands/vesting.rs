//! `modelbond vesting`: initial and stakeholder tokens as they become free.

use anyhow::Result;
use clap::Subcommand;
use modelbond_interface::market::{
    ExecuteMsg, MarketVestedClaimed, QueryMsg, VestingResponse, VestingState,
};

use super::model::Answer;
use crate::format;
use crate::market::{Done, Market};
use crate::output::Page;
use crate::session::Session;

/// Show and claim vesting tokens
#[derive(Subcommand, Debug)]
pub enum Vesting {
    /// Show what vests and who may claim how much
    Show {
        /// Symbol or address
        market: String,
    },
    /// Credit what has vested for you; creator and stakeholders
    Claim {
        /// Symbol or address
        market: String,
    },
}

/// Runs the command.
pub async fn run(session: &Session, command: Vesting) -> Result<()> {
    match command {
        Vesting::Show { market } => show(session, &market).await,
        Vesting::Claim { market } => claim(session, &market).await,
    }
}

async fn show(session: &Session, name: &str) -> Result<()> {
    let market = Market::find(session, name).await?;
    let answer: VestingResponse = market.ask(&QueryMsg::Vesting {}).await?;
    let row = |name: &str, state: &VestingState| {
        vec![
            name.to_owned(),
            market.tokens(state.vesting),
            market.tokens(state.vested),
            market.tokens(state.claimed),
            format::time(state.ends_at),
        ]
    };
    let states = vec![row("initial", &answer.initial), row("stakeholders", &answer.stakeholders)];
    let claimable = answer
        .claimable
        .iter()
        .map(|claimable| vec![claimable.address.to_string(), market.tokens(claimable.amount)])
        .collect();
    let page = Page::new(format!("Vesting of {}", market.name.symbol))
        .field("nothing is claimable before", format::time(answer.cliff_at))
        .field("floor, locked for ever", market.tokens(answer.floor))
        .table(&["tokens", "vesting", "vested", "claimed", "ends"], states)
        .heading("Claimable now")
        .table(&["who", "amount"], claimable);
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

async fn claim(session: &Session, name: &str) -> Result<()> {
    let market = Market::find(session, name).await?;
    let signer = market.signer(session).await?;
    let receipt = market.tell(session, &signer, &ExecuteMsg::ClaimVested {}, &[]).await?;
    let event: MarketVestedClaimed = market.event(&receipt)?;
    let done = Done::new(&market, &receipt, "Vested tokens claimed")
        .field("beneficiary", &event.beneficiary)
        .field("amount", market.tokens(event.amount));
    session.output.print(&done.event(event))
}
