//! `modelbond feedback`: what users say about a model that is trained, and that they paid.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use cosmwasm_std::{Binary, Timestamp, Uint128};
use modelbond_interface::training::{
    ExecuteMsg, FeedbackResponse, FeedbackSubmitted, QueryMsg, Run, SignedFeedback, UsageCredited,
    UserResponse,
};
use modelbond_signature::{Feedback as Statement, SignRequest};
use serde::{Deserialize, Serialize};

use super::node::SchemeOption;
use super::round::read_json;
use crate::amount;
use crate::failure::Failure;
use crate::output::{Page, Report};
use crate::session::Session;
use crate::training::{statement, NodeKey, Shown, Told, Training};

/// Say how good a model is, as a user who paid; see what users say
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A user who paid in an epoch may say once in it, from 0 to 10, how likely it is that they recommend the
model. They send it themselves, or sign it and somebody else sends it.

Examples:
  modelbond feedback submit 1 --score 9 --from user
  modelbond feedback sign 1 --score 9 --from user --json > signed.json
  modelbond feedback submit 1 --relay signed.json --from anybody
  modelbond feedback show 1")]
pub enum Feedback {
    /// Submit a score, your own or one that somebody signed
    Submit(Submit),
    /// Sign a score, for somebody else to send; sends nothing
    Sign(Sign),
    /// Show what users say, or what one paid and said
    Show {
        /// Number of the run
        run: u64,
        /// The epoch [default: the last one that is over; for a user this one]
        #[arg(long)]
        epoch: Option<u64>,
        /// Only this user
        #[arg(long, value_name = "ACCOUNT")]
        user: Option<String>,
    },
    /// Say that somebody paid; only the run's usage source
    Credit {
        /// Number of the run
        run: u64,
        /// Who paid: an address, or a key of the keystore
        user: String,
        /// What of it cannot return to the payer, in base units of the reserve
        #[arg(long, value_name = "UNITS", value_parser = amount::units)]
        amount: Uint128,
    },
}

/// Options of `feedback submit`.
#[derive(Args, Debug)]
pub struct Submit {
    /// Number of the run
    run: u64,
    /// 0 to 10
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=10), required_unless_present = "relay")]
    score: Option<u8>,
    /// The epoch in which you paid, this one or the last [default: this one]
    #[arg(long)]
    epoch: Option<u64>,
    /// What somebody signed: the JSON of modelbond feedback sign --json
    #[arg(long, value_name = "FILE", conflicts_with_all = ["score", "epoch"])]
    relay: Option<PathBuf>,
}

/// Options of `feedback sign`.
#[derive(Args, Debug)]
pub struct Sign {
    /// Number of the run
    run: u64,
    /// 0 to 10
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=10))]
    score: u8,
    /// The epoch in which you paid, this one or the last [default: this one]
    #[arg(long)]
    epoch: Option<u64>,
    #[command(flatten)]
    signing: SchemeOption,
}

/// A score that its user signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    run_id: u64,
    score: u8,
    epoch: u64,
    user: String,
    signed: SignedFeedback,
}

impl Report for Signed {
    fn page(&self) -> Page {
        Page::new("To be sent by anybody")
            .field("run", self.run_id)
            .field("score", self.score)
            .field("epoch", self.epoch)
            .field("user", &self.user)
            .field("valid until", crate::format::time(self.signed.expires_at))
            .note("add --json and give the file to modelbond feedback submit --relay")
    }
}

impl Signed {
    fn message(&self, run_id: u64) -> Result<ExecuteMsg, Failure> {
        if self.run_id != run_id {
            let signed = self.run_id;
            return Err(Failure::usage(format!("run {signed} was signed for, not run {run_id}")));
        }
        let (score, epoch, signed) = (self.score, self.epoch, Some(self.signed.clone()));
        Ok(ExecuteMsg::SubmitFeedback { run_id, score, epoch, signed })
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: Feedback) -> Result<()> {
    match command {
        Feedback::Submit(command) => submit(session, &command).await,
        Feedback::Sign(command) => sign(session, &command).await,
        Feedback::Show { run, epoch, user: None } => show(session, run, epoch).await,
        Feedback::Show { run, epoch, user: Some(user) } => {
            show_user(session, run, epoch, &user).await
        }
        Feedback::Credit { run, user, amount } => credit(session, run, &user, amount).await,
    }
}

/// The epoch that was named, or this one.
async fn epoch(training: &Training, named: Option<u64>) -> Result<u64> {
    match named {
        Some(epoch) => Ok(epoch),
        None => Ok(training.epoch().await?.epoch),
    }
}

async fn submit(session: &Session, command: &Submit) -> Result<()> {
    let relayed: Option<Signed> =
        command.relay.as_deref().map(|path| read_json(path, "signed feedback")).transpose()?;
    let training = Training::find(session).await?;
    let message = match (relayed, command.score) {
        (Some(signed), _) => signed.message(command.run)?,
        (None, Some(score)) => {
            let epoch = epoch(&training, command.epoch).await?;
            ExecuteMsg::SubmitFeedback { run_id: command.run, score, epoch, signed: None }
        }
        (None, None) => return Err(Failure::usage("which score? give --score or --relay").into()),
    };
    let signer = session.signer(&training.client).await?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &message).await?
    };
    let heading = format!("Feedback for run {}", command.run);
    let told = Told::new(&training, &receipt, heading).events(
        (&training, &training.address),
        &receipt,
        |event: &FeedbackSubmitted| {
            ("score", format!("{} by {}, weight {}", event.score, event.user, event.weight))
        },
    )?;
    session.output.print(&told)
}

/// A score, signed by its user.
fn signed(
    training: &Training,
    run: &Run,
    (score, epoch): (u8, u64),
    (key, options): (&NodeKey, &SchemeOption),
) -> Result<Signed> {
    let prefix = &training.network.prefix;
    let user = key.account(prefix)?;
    let statement = Statement { model: run.model.to_string(), user: user.clone(), epoch, score };
    let expires_at = statement::expiry(options.expires_in)?;
    let binding = training.binding(&training.address, 0, expires_at);
    let request = SignRequest { statement, binding };
    let proof = statement::sign(&request, options.scheme, key.attestation(), prefix)?;
    let signed = SignedFeedback {
        pubkey: Binary::from(key.attestation_key()),
        scheme: proof.scheme,
        signature: proof.signature,
        expires_at: Timestamp::from_seconds(expires_at),
    };
    Ok(Signed { run_id: run.run_id, score, epoch, user, signed })
}

async fn sign(session: &Session, command: &Sign) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(command.run).await?;
    let epoch = epoch(&training, command.epoch).await?;
    let key = NodeKey::of(&session.identity()?)?;
    let said = (command.score, epoch);
    session.output.print(&signed(&training, &run, said, (&key, &command.signing))?)
}

async fn show(session: &Session, run_id: u64, epoch: Option<u64>) -> Result<()> {
    let training = Training::find(session).await?;
    let answer: FeedbackResponse = training.ask(&QueryMsg::Feedback { run_id, epoch }).await?;
    let page = scores(run_id, &answer);
    session.output.print(&Shown::new(&training, answer, page))
}

fn scores(run_id: u64, answer: &FeedbackResponse) -> Page {
    let nps = crate::decimal::format(Uint128::from(answer.nps.unsigned_abs()), 2);
    let sign = if answer.nps < 0 { "-" } else { "" };
    Page::new(format!("What users of run {run_id} said in epoch {}", answer.epoch))
        .field("net promoter score", format!("{sign}{nps} of 100"))
        .field("promoters, 9 and 10", format!("weight {}", answer.promoters))
        .field("passives, 7 and 8", format!("weight {}", answer.passives))
        .field("detractors, 0 to 6", format!("weight {}", answer.detractors))
        .field("users of 30 days", answer.users)
}

async fn show_user(session: &Session, run_id: u64, epoch: Option<u64>, user: &str) -> Result<()> {
    let training = Training::find(session).await?;
    let user = session.resolve_address(user, &training.network.prefix)?;
    let question = QueryMsg::User { run_id, user: user.clone(), epoch };
    let answer: UserResponse = training.ask(&question).await?;
    let page = Page::new(user).field("paid, in base units", answer.paid).field(
        "said",
        answer.score.map_or_else(|| "nothing".to_owned(), |score| score.to_string()),
    );
    session.output.print(&Shown::new(&training, answer, page))
}

async fn credit(session: &Session, run_id: u64, user: &str, amount: Uint128) -> Result<()> {
    let training = Training::find(session).await?;
    let user = session.resolve_address(user, &training.network.prefix)?;
    let signer = session.signer(&training.client).await?;
    let message = ExecuteMsg::Credit { run_id, user, amount };
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &message).await?
    };
    let told = Told::new(&training, &receipt, format!("Usage of run {run_id} credited")).events(
        (&training, &training.address),
        &receipt,
        |event: &UsageCredited| ("credited", format!("{} to {}", event.amount, event.user)),
    )?;
    session.output.print(&told)
}

#[cfg(test)]
mod tests {
    use modelbond_signature::Scheme;

    use super::*;
    use crate::output::text;

    fn sample() -> Signed {
        Signed {
            run_id: 2,
            score: 9,
            epoch: 5,
            user: "wasm1user".to_owned(),
            signed: SignedFeedback {
                pubkey: Binary::from([2; 33]),
                scheme: Scheme::Eip191,
                signature: Binary::from([1; 65]),
                expires_at: Timestamp::from_seconds(2_000),
            },
        }
    }

    #[test]
    fn what_is_signed_is_what_a_relayer_reads_and_sends() {
        let json = serde_json::to_string(&sample()).unwrap();
        let read: Signed = serde_json::from_str(&json).unwrap();
        assert_eq!(read, sample());
        let expected = ExecuteMsg::SubmitFeedback {
            run_id: 2,
            score: 9,
            epoch: 5,
            signed: Some(sample().signed),
        };
        assert_eq!(read.message(2), Ok(expected));
        assert!(read.message(3).unwrap_err().to_string().contains("run 2 was signed for"));
    }

    #[test]
    fn a_net_promoter_score_may_be_negative() {
        let answer = FeedbackResponse {
            epoch: 5,
            promoters: Uint128::new(10),
            passives: Uint128::new(0),
            detractors: Uint128::new(30),
            nps: -5_000,
            users: 4,
        };
        let page = text(&scores(2, &answer));
        assert!(page.contains("net promoter score   -50 of 100"), "{page}");
    }
}
