//! Offering data: by its contributor, or by somebody else with the contributor's signature.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::{Binary, Timestamp};
use modelbond_interface::provenance::{
    ConfigResponse, ContributionOffered, ExecuteMsg, Offered, QueryMsg, SignedContribution,
    WITNESSES,
};
use modelbond_interface::registry;
use modelbond_signature::{Binding, Contribution as Statement, SignRequest};
use serde::{Deserialize, Serialize};

use crate::amount::{self, ReserveAmount};
use crate::commands::node::SchemeOption;
use crate::commands::round::read_json;
use crate::contract::{Contract, Provenance, Registry, Sent};
use crate::failure::Failure;
use crate::file_hash;
use crate::format;
use crate::output::{Page, Report};
use crate::session::{Session, Unattended};
use crate::training::{statement, NodeKey};

/// What is offered.
#[derive(Args, Debug)]
pub(super) struct What {
    /// The model, by symbol or address
    model: String,
    /// The data, of which the SHA-256 is offered; it goes nowhere by itself
    file: PathBuf,
    /// Where witnesses get it, or what it is: at most 256 bytes [default: the file's name]
    #[arg(long, value_name = "TEXT")]
    data: Option<String>,
    /// A contribution that it is built on, by the id of its NFT; repeat, up to 16
    #[arg(long = "parent", value_name = "ID")]
    parents: Vec<String>,
}

/// Options of `contribution offer`.
#[derive(Args, Debug)]
#[command(after_help = "\
--from sends and pays. What witnesses do not earn of the fee comes back.

Examples:
  modelbond contribution offer VIS wines.csv --fee 9000 --data https://data.example/wines.csv
  modelbond contribution offer VIS wines.csv --fee 9000 --signed-by contributor --from payer
  modelbond contribution offer --relay signed.json --fee 9000 --from payer")]
pub struct Offer {
    /// The model, by symbol or address
    #[arg(required_unless_present = "relay", requires = "file")]
    model: Option<String>,
    /// The data, of which the SHA-256 is offered; it goes nowhere by itself
    file: Option<PathBuf>,
    /// Where witnesses get it, or what it is: at most 256 bytes [default: the file's name]
    #[arg(long, value_name = "TEXT")]
    data: Option<String>,
    /// A contribution that it is built on, by the id of its NFT; repeat, up to 16
    #[arg(long = "parent", value_name = "ID")]
    parents: Vec<String>,
    /// What all witnesses together get, in base units of the reserve: at least 9
    #[arg(long, value_name = "AMOUNT", value_parser = amount::reserve)]
    fee: ReserveAmount,
    /// The contributor's key, which signs [default: --from's, which need not sign twice]
    #[arg(long, value_name = "KEY")]
    signed_by: Option<String>,
    #[command(flatten)]
    signing: SchemeOption,
    /// What somebody signed: the JSON of modelbond contribution sign --json
    #[arg(long, value_name = "FILE", conflicts_with_all = ["model", "file", "data", "parents", "signed_by"])]
    relay: Option<PathBuf>,
}

/// Options of `contribution sign`.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  modelbond contribution sign VIS wines.csv --from contributor --json > signed.json")]
pub struct Sign {
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    signing: SchemeOption,
}

/// An offer that its contributor signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    offered: Offered,
    signed: SignedContribution,
}

impl Report for Signed {
    fn page(&self) -> Page {
        offered(Page::new("To be sent by anybody"), &self.offered)
            .field("valid until", format::time(self.signed.expires_at))
            .note("add --json and give the file to modelbond contribution offer --relay")
    }
}

fn offered(page: Page, offered: &Offered) -> Page {
    let page = page
        .field("model", &offered.model)
        .field("contributor", &offered.contributor)
        .field("data", &offered.data)
        .field("sha-256", offered.data_hash);
    if offered.parents.is_empty() {
        return page;
    }
    page.field("built on", offered.parents.join(", "))
}

impl What {
    fn offered(
        &self,
        session: &Session,
        provenance: &Contract<Provenance>,
        contributor: String,
    ) -> Result<Offered> {
        let name = self.file.file_name().unwrap_or_default();
        let data = self.data.clone().unwrap_or_else(|| name.to_string_lossy().into_owned());
        Ok(Offered {
            model: provenance.model(&self.model)?,
            contributor,
            data,
            data_hash: file_hash::of(&self.file, &session.output)?,
            parents: self.parents.clone(),
        })
    }
}

/// An offer, signed by its contributor.
async fn signed(
    session: &Session,
    provenance: &Contract<Provenance>,
    what: &What,
    (key, options): (&NodeKey, &SchemeOption),
) -> Result<Signed> {
    let prefix = &provenance.network.prefix;
    let offered = what.offered(session, provenance, key.account(prefix)?)?;
    let config: ConfigResponse = provenance.ask(&QueryMsg::Config {}).await?;
    let statement = Statement {
        model: offered.model.clone(),
        contributor: offered.contributor.clone(),
        data: offered.data.clone(),
        data_hash: offered.data_hash.0,
        parents: offered.parents.clone(),
    };
    let expires_at = statement::expiry(options.expires_in)?;
    let binding = Binding {
        chain_id: provenance.network.chain_id.clone(),
        contract: provenance.address.clone(),
        evm_chain_id: config.evm_chain_id,
        nonce: 0,
        expires_at,
    };
    let request = SignRequest { statement, binding };
    let proof = statement::sign(&request, options.scheme, key.attestation(), prefix)?;
    let signed = SignedContribution {
        pubkey: Binary::from(key.attestation_key()),
        scheme: proof.scheme,
        signature: proof.signature,
        expires_at: Timestamp::from_seconds(expires_at),
    };
    Ok(Signed { offered, signed })
}

/// Signs an offer.
pub(super) async fn sign(session: &Session, command: &Sign) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let key = NodeKey::of(&session.identity()?)?;
    let signed = signed(session, &provenance, &command.what, (&key, &command.signing)).await?;
    session.output.print(&signed)
}

/// Offers data.
pub(super) async fn offer(session: &Session, command: Offer) -> Result<()> {
    let Offer { model, file, data, parents, fee, signed_by, signing, relay } = command;
    let relayed: Option<Signed> =
        relay.as_deref().map(|path| read_json(path, "signed offer")).transpose()?;
    let provenance = Contract::<Provenance>::find(session).await?;
    let signer = provenance.signer(session).await?;
    let (offered, signed) = match relayed {
        Some(Signed { offered, signed }) => (offered, Some(signed)),
        None => {
            let model = model.context("a model")?;
            let what = What { model, file: file.context("a file")?, data, parents };
            match &signed_by {
                Some(name) => {
                    let key = NodeKey::of(&session.open(name)?)?;
                    let Signed { offered, signed } =
                        signed(session, &provenance, &what, (&key, &signing)).await?;
                    (offered, Some(signed))
                }
                None => (what.offered(session, &provenance, signer.address().to_owned())?, None),
            }
        }
    };
    let fee = fee_of(&provenance, &offered, &fee).await?;
    let symbol = provenance.symbol(&offered.model);
    session.output.preview(&self::offered(Page::new(format!("Offering to {symbol}")), &offered));
    let question = format!("Offer this for {}?", format::coin(&fee));
    session.confirm(&question, Unattended::Proceed)?;
    let message = ExecuteMsg::Contribute { offered, signed };
    let receipt = provenance.tell(session, &signer, &message, &[fee]).await?;
    let line = |event: &ContributionOffered, page: Page| {
        page.field("number of the offer", event.offer_id)
            .field("contributor", &event.contributor)
            .field("sha-256", &event.data_hash)
            .field("for witnesses", format::reserve(event.fee, &event.denom))
    };
    let sent = Sent::new(&provenance, &receipt, format!("Offered to {symbol}"))
        .events((&provenance, &receipt), line)?;
    session.output.print(&sent)
}

/// The fee as a coin of the market's reserve.
async fn fee_of(
    provenance: &Contract<Provenance>,
    offered: &Offered,
    fee: &ReserveAmount,
) -> Result<cosmwasm_std::Coin> {
    let question = registry::QueryMsg::Model { model: offered.model.clone() };
    let record: registry::ModelResponse =
        provenance.neighbour::<Registry>()?.ask(&question).await?;
    let fee = fee.coin(&record.terms.reserve_denom)?;
    if fee.amount < WITNESSES.into() {
        return Err(Failure::usage(format!(
            "a fee of {} is less than 1 for each of {WITNESSES} witnesses",
            format::coin(&fee)
        ))
        .into());
    }
    Ok(fee)
}
