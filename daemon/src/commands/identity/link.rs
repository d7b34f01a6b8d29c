//! `modelbond link`.

use anyhow::Result;
use clap::Args;
use cosmwasm_std::{Binary, Timestamp};
use modelbond_interface::bridge::{BridgeLinked, ExecuteMsg, Proof};
use modelbond_signature::{
    CosmosAddress, EthAddress, Link as LinkStatement, Native, PublicKey, Scheme, SecretKey,
    SignRequest, Signer,
};
use serde::Serialize;

use super::document::Documents;
use super::{given, CosmosScheme, EthScheme, Expiry};
use crate::bridge::Bridge;
use crate::failure::Failure;
use crate::market::EventFields;
use crate::output::{Page, Report};
use crate::session::{Session, Transaction};
use crate::signatures::parse_bytes;

/// Link an Ethereum and a Cosmos address: both are yours
#[derive(Args, Debug)]
#[command(after_help = "\
Both sides sign; the keys may be one key or two. A side whose signature is not given is signed with
--from. Anyone may send it; --from pays.

Examples:
  modelbond link --from alice                      both addresses of one key
  modelbond link --document --eth-address 0x…      for another wallet to sign; --from is the Cosmos side
  modelbond link --eth-address 0x… --eth-signature 0x… --expires-at 1790000000 --from alice
  modelbond link --eth-address 0x… --eth-signature 0x… --public-key A… --cosmos-signature …== \\
      --expires-at 1790000000 --from payer         both signed elsewhere")]
pub struct Link {
    /// Ethereum side [default: the address of --from's key]
    #[arg(long, value_name = "ADDRESS")]
    eth_address: Option<EthAddress>,
    /// Cosmos side, by its public key [default: --from's key]
    #[arg(long, value_name = "HEX|BASE64")]
    public_key: Option<String>,
    /// Print what both sides have to sign, and send nothing
    #[arg(long, conflicts_with_all = ["eth_signature", "cosmos_signature"])]
    document: bool,
    /// Signature of the Ethereum side
    #[arg(long, value_name = "HEX|BASE64", requires = "expires_at", requires = "eth_address")]
    eth_signature: Option<String>,
    /// How the Ethereum side signs
    #[arg(long, value_enum, default_value = "eip712", value_name = "SCHEME")]
    eth_scheme: EthScheme,
    /// Signature of the Cosmos side
    #[arg(long, value_name = "HEX|BASE64", requires = "expires_at", requires = "public_key")]
    cosmos_signature: Option<String>,
    /// How the Cosmos side signs
    #[arg(long, value_enum, default_value = "adr036", value_name = "SCHEME")]
    cosmos_scheme: CosmosScheme,
    #[command(flatten)]
    expiry: Expiry,
}

#[derive(Serialize)]
struct Linked {
    bridge: String,
    eth_address: String,
    cosmos_address: String,
    public_key: String,
    nonce: u64,
    transaction: Transaction,
    event: EventFields,
}

impl Report for Linked {
    fn page(&self) -> Page {
        let page = Page::new("Linked")
            .field("Ethereum", &self.eth_address)
            .field("Cosmos", &self.cosmos_address)
            .field("nonce used", self.nonce);
        self.transaction.on(page)
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: Link) -> Result<()> {
    let bridge = Bridge::find(session).await?;
    let cosmos_key = match &command.public_key {
        Some(text) => public_key(text)?,
        None => public_key(&session.public_key()?)?,
    };
    let eth = match command.eth_address {
        Some(address) => address,
        None => public_key(&session.public_key()?)?.eth_address(),
    };
    let cosmos = cosmos_key.cosmos_address(&bridge.network.prefix)?;
    let expires_at = command.expiry.at()?;
    let request = SignRequest {
        statement: LinkStatement { eth_address: eth, cosmos_address: cosmos.clone() },
        binding: bridge.binding(&cosmos, expires_at).await?,
    };
    if command.document {
        let public_key = cosmos_key.compressed().to_string();
        let next = format!(
            "modelbond link --eth-address {eth} --eth-signature 0x… --public-key {public_key} \
             --cosmos-signature … --expires-at {expires_at}"
        );
        let sides = (&eth, &cosmos);
        return session.output.print(&Documents::new(&request, sides, Some(public_key), next)?);
    }

    let identity = session.identity()?;
    let own = identity.secret_key()?;
    let eth_scheme = command.eth_scheme.into();
    let eth_signature = match &command.eth_signature {
        Some(text) => {
            let side = (&Signer::Eth(eth), &cosmos);
            given(&request, "--eth-signature", eth_scheme, text, side)?
        }
        None => sign(&own, &request, &cosmos, eth_scheme, own.public_key().eth_address() == eth)?,
    };
    let cosmos_scheme = command.cosmos_scheme.into();
    let cosmos_signature = match &command.cosmos_signature {
        Some(text) => {
            let side = (&Signer::Key(cosmos_key.compressed()), &cosmos);
            given(&request, "--cosmos-signature", cosmos_scheme, text, side)?
        }
        None => sign(&own, &request, &cosmos, cosmos_scheme, own.public_key() == cosmos_key)?,
    };
    let message = ExecuteMsg::Link {
        eth_address: eth.to_string(),
        pubkey: Binary::from(cosmos_key.compressed().as_bytes()),
        eth_proof: Proof { scheme: eth_scheme, signature: eth_signature.into() },
        cosmos_proof: Proof { scheme: cosmos_scheme, signature: cosmos_signature.into() },
        nonce: request.binding.nonce,
        expires_at: Timestamp::from_seconds(expires_at),
    };
    let signer = bridge.client.signer(identity.signing_key()?);
    let receipt = bridge.tell(session, &signer, &message).await?;
    let event: BridgeLinked = bridge.event(&receipt)?;
    session.output.print(&Linked {
        bridge: bridge.address.clone(),
        eth_address: event.eth_address.clone(),
        cosmos_address: event.cosmos_address.clone(),
        public_key: event.pubkey.clone(),
        nonce: event.nonce,
        transaction: (&receipt).into(),
        event: event.into(),
    })
}

fn public_key(text: &str) -> Result<PublicKey> {
    let bytes =
        parse_bytes("--public-key", text).map_err(|error| Failure::usage(error.to_string()))?;
    let key = Native.public_key(&bytes);
    key.map_err(|error| Failure::usage(format!("--public-key: {error}")).into())
}

/// Signs a side with the own key, if it is that side's.
fn sign(
    own: &SecretKey,
    request: &SignRequest<LinkStatement>,
    cosmos: &CosmosAddress,
    scheme: Scheme,
    is_own: bool,
) -> Result<Vec<u8>> {
    if !is_own {
        return Err(Failure::usage(format!("the {scheme} signature is missing"))
            .hint(
                "--from's key is not that side's: print what to sign with --document, and give \
                 --eth-signature or --cosmos-signature",
            )
            .into());
    }
    let signature = own.sign(&request.digest(scheme, cosmos)?)?;
    Ok(scheme.write_signature(&signature)?)
}
