//! `modelbond unlink`.

use anyhow::Result;
use clap::Args;
use cosmwasm_std::Timestamp;
use modelbond_interface::bridge::{BridgeUnlinked, ExecuteMsg, Link, Scheme, UnlinkProof};
use modelbond_signature::{
    CompressedKey, CosmosAddress, EthAddress, SignRequest, Signer, Unlink as UnlinkStatement,
};
use serde::Serialize;

use super::document::Documents;
use super::{given, CosmosScheme, EthScheme, Expiry};
use crate::bridge::Bridge;
use crate::failure::Failure;
use crate::market::EventFields;
use crate::output::{Page, Report};
use crate::session::{Session, Transaction};

/// End a link, from either side
#[derive(Args, Debug)]
#[command(after_help = "\
Either side may end a link. --from ends its own one; if it is the Ethereum side it signs, and pays
with its Cosmos address. For a wallet elsewhere print the document and give the signature.

Examples:
  modelbond unlink --from alice
  modelbond unlink --eth-address 0x… --document
  modelbond unlink --eth-address 0x… --eth-signature 0x… --expires-at 1790000000 --from payer")]
pub struct Unlink {
    /// Ethereum address of the link [default: that of --from]
    #[arg(long, value_name = "ADDRESS")]
    eth_address: Option<EthAddress>,
    /// Print what either side has to sign, and send nothing
    #[arg(long, conflicts_with_all = ["eth_signature", "cosmos_signature"])]
    document: bool,
    /// Signature of the Ethereum side
    #[arg(
        long,
        value_name = "HEX|BASE64",
        requires = "expires_at",
        conflicts_with = "cosmos_signature"
    )]
    eth_signature: Option<String>,
    /// How the Ethereum side signed
    #[arg(long, value_enum, default_value = "eip712", value_name = "SCHEME")]
    eth_scheme: EthScheme,
    /// Signature of the Cosmos side
    #[arg(long, value_name = "HEX|BASE64", requires = "expires_at")]
    cosmos_signature: Option<String>,
    /// How the Cosmos side signed
    #[arg(long, value_enum, default_value = "adr036", value_name = "SCHEME")]
    cosmos_scheme: CosmosScheme,
    #[command(flatten)]
    expiry: Expiry,
}

#[derive(Serialize)]
struct Unlinked {
    bridge: String,
    eth_address: String,
    cosmos_address: String,
    nonce: u64,
    transaction: Transaction,
    event: EventFields,
}

impl Report for Unlinked {
    fn page(&self) -> Page {
        let page = Page::new("No longer linked")
            .field("Ethereum", &self.eth_address)
            .field("Cosmos", &self.cosmos_address)
            .field("nonce used", self.nonce);
        self.transaction.on(page)
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: Unlink) -> Result<()> {
    let bridge = Bridge::find(session).await?;
    let link = find(session, &bridge, command.eth_address.as_ref()).await?;
    let eth: EthAddress = link.eth_address.parse()?;
    let cosmos: CosmosAddress = link.cosmos_address.as_str().parse()?;
    let expires_at = command.expiry.at()?;
    let request = SignRequest {
        statement: UnlinkStatement { eth_address: eth, cosmos_address: cosmos.clone() },
        binding: bridge.binding(&cosmos, expires_at).await?,
    };
    if command.document {
        let next = format!(
            "modelbond unlink --eth-address {eth} --expires-at {expires_at} and --eth-signature 0x… \
             or --cosmos-signature …"
        );
        let documents = Documents::new(&request, (&eth, &cosmos), None, next)?;
        return session.output.print(&documents);
    }

    let identity = session.identity()?;
    let proof = |scheme: Scheme, signature: Vec<u8>| UnlinkProof {
        scheme,
        signature: signature.into(),
        nonce: request.binding.nonce,
        expires_at: Timestamp::from_seconds(expires_at),
    };
    let proof = if let Some(text) = &command.eth_signature {
        let (scheme, side) = (command.eth_scheme.into(), (&Signer::Eth(eth), &cosmos));
        Some(proof(scheme, given(&request, "--eth-signature", scheme, text, side)?))
    } else if let Some(text) = &command.cosmos_signature {
        let key = Signer::Key(CompressedKey::from_slice(&link.pubkey)?);
        let (scheme, side) = (command.cosmos_scheme.into(), (&key, &cosmos));
        Some(proof(scheme, given(&request, "--cosmos-signature", scheme, text, side)?))
    } else {
        let own = identity.secret_key()?;
        if own.public_key().cosmos_address(cosmos.prefix())? == cosmos {
            None
        } else if own.public_key().eth_address() == eth {
            let scheme = command.eth_scheme.into();
            let digest = request.digest(scheme, &cosmos)?;
            let signature = scheme.write_signature(&own.sign(&digest)?)?;
            Some(proof(scheme, signature))
        } else {
            return Err(Failure::new(format!("--from is neither {eth} nor {cosmos}"))
                .hint("sign with one of them; --document prints what another wallet has to sign")
                .into());
        }
    };
    let message = ExecuteMsg::Unlink { eth_address: eth.to_string(), proof };
    let signer = bridge.client.signer(identity.signing_key()?);
    let receipt = bridge.tell(session, &signer, &message).await?;
    let event: BridgeUnlinked = bridge.event(&receipt)?;
    session.output.print(&Unlinked {
        bridge: bridge.address.clone(),
        eth_address: event.eth_address.clone(),
        cosmos_address: event.cosmos_address.clone(),
        nonce: event.nonce,
        transaction: (&receipt).into(),
        event: event.into(),
    })
}

/// The link that is meant: of the address given, or of either address of the own key.
async fn find(session: &Session, bridge: &Bridge, eth: Option<&EthAddress>) -> Result<Link> {
    let addresses = match eth {
        Some(eth) => vec![eth.to_string()],
        None => {
            let key = crate::signatures::key(&session.public_key()?, &bridge.network.prefix)?;
            vec![key.addresses.cosmos, key.addresses.eth]
        }
    };
    for address in &addresses {
        if let Some(link) = bridge.resolve(address).await? {
            return Ok(link);
        }
    }
    Err(Failure::new(format!("{} is not linked", addresses.join(" or ")))
        .hint("modelbond resolve ADDRESS shows links")
        .into())
}
