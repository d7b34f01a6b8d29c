//! `modelbond sig verify`.

use anyhow::Result;
use clap::Args;
use modelbond_interface::bridge::{QueryMsg, VerifySignatureResponse};
use modelbond_signature::{printable, CosmosAddress, Scheme, Signer};
use serde::Serialize;

use super::message::{read_signer, MessageOptions};
use super::sign_doc::ReadAs;
use super::{advised, key_fields, prefix, refused, OpenSession};
use crate::bridge::Bridge;
use crate::failure::Failure;
use crate::output::{Output, Page, Report};
use crate::session::Session;
use crate::signatures::{self, ReadMessage, Verdict, VerifyRequest};

/// Options of `sig verify`.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit code 0: valid; 1: not valid, and why, also what is no signature at all; 2: an option, a file or
a message that cannot be read.
An Ethereum address in bech32 is given as 0x…: modelbond sig address converts it.
Only low-s signatures are valid; modelbond sig convert --normalize gives the low-s twin.
For adr036 the signer's bech32 address is part of what is signed; from a public key it is made
with --prefix.

Examples:
  modelbond sig verify --scheme eip191 --message 'hello world' --signature 0x… --signer 0x…
  modelbond sig verify --scheme eip191 --message hello --signature 0x… --signer 0x… --on-chain
  modelbond sig verify --scheme eip712 --typed-data mail.json --signature 0x… --signer 0x…
  modelbond sig verify --scheme adr036 --message 'hello world' --signature '…==' --signer wasm1…
  modelbond sig verify --scheme direct --sign-doc tx.bin --signature '…==' --signer 02…  --json")]
pub struct Verify {
    /// 65 bytes (eip191, eip712) or 64 bytes (adr036, direct)
    #[arg(long, value_name = "HEX|BASE64")]
    signature: String,
    /// Who is said to have signed: 0x…, bech32 address, or public key in hexadecimal or base64
    #[arg(long, value_name = "ADDRESS|PUBLIC_KEY")]
    signer: String,
    /// Bech32 prefix for a public key [default: the network's, else wasm]
    #[arg(long)]
    prefix: Option<String>,
    /// Ask the network's bridge contract, too
    #[arg(long)]
    on_chain: bool,
    #[command(flatten)]
    message: MessageOptions,
}

#[derive(Serialize)]
struct Verification {
    #[serde(flatten)]
    verdict: Verdict,
    scheme: Scheme,
    read_as: Option<ReadAs>,
    digest: String,
    signer: String,
    /// The signer that is part of an ADR-036 message.
    message_signer: Option<String>,
    /// The bridge contract's answer, if it was asked.
    on_chain: Option<VerifySignatureResponse>,
}

impl Report for Verification {
    fn page(&self) -> Page {
        let page = Page::new(if self.verdict.valid { "Valid" } else { "NOT valid" });
        let page = match &self.verdict.reason {
            Some(reason) => page.field("why", &reason.detail).field("code", &reason.code),
            None => page,
        };
        let page = page
            .field("scheme", self.scheme)
            .field_if("sign doc read as", self.read_as.map(ReadAs::words))
            .field("digest", &self.digest)
            .field("signer", &self.signer)
            .field_if("signer in the message", self.message_signer.as_ref())
            .field_if("on chain", self.on_chain.as_ref().map(verdict_of));
        match &self.verdict.key {
            Some(key) => key_fields(page, key),
            None => page,
        }
    }
}

fn verdict_of(answer: &VerifySignatureResponse) -> String {
    match not_valid(answer) {
        Some(reason) => format!("NOT valid: {reason}"),
        None => "valid".to_owned(),
    }
}

/// Why the contract holds the signature not to be valid, if so. A node's text is somebody else's.
fn not_valid(answer: &VerifySignatureResponse) -> Option<String> {
    let reason = answer.reason.as_deref().unwrap_or("no reason is given");
    (!answer.valid).then(|| printable(reason))
}

/// Asks the bridge contract about the same bytes.
async fn ask_chain(
    session: &Session,
    read: &ReadMessage,
    signature: &str,
    signer: &str,
) -> Result<VerifySignatureResponse> {
    let signature = signatures::parse_bytes("signature", signature).map_err(refused)?;
    let question = QueryMsg::VerifySignature {
        scheme: read.scheme(),
        message: read.for_contract()?.into(),
        signature: signature.into(),
        signer: signer.to_owned(),
    };
    Bridge::find(session).await?.ask(&question).await
}

/// Runs the command.
pub(super) fn run(output: &Output, open: OpenSession<'_>, command: &Verify) -> Result<()> {
    let given = command.message.read()?;
    let given_prefix = command.prefix.as_deref();
    let signer = read_signer(&command.signer, given_prefix)?;
    let message = given.by_signer(open, &signer, given_prefix)?;
    let prefix = match &signer {
        Signer::Cosmos(address) => address.prefix().to_owned(),
        _ => prefix(open, given_prefix)?,
    };
    let read = message.read().map_err(refused)?;
    let (digest, message_signer) = (read.digest().to_string(), read.signer().cloned());
    let signature = command.signature.clone();
    let request = VerifyRequest { message, signature, signer: signer.to_string() };
    let verdict = signatures::verify(&request, &prefix).map_err(refused)?;
    let on_chain = if command.on_chain {
        let signer = message_signer.as_ref().map_or(&*request.signer, CosmosAddress::as_str);
        let session = open()?;
        Some(crate::runtime()?.block_on(ask_chain(&session, &read, &request.signature, signer))?)
    } else {
        None
    };
    let refusal = verdict.reason.clone();
    let chain_refusal = on_chain.as_ref().and_then(not_valid);
    output.print(&Verification {
        verdict,
        scheme: given.scheme(),
        read_as: given.read_as(),
        digest,
        signer: request.signer,
        message_signer: message_signer.as_ref().map(ToString::to_string),
        on_chain,
    })?;
    let Some(reason) = refusal else {
        return match chain_refusal {
            Some(reason) => Err(Failure::new(format!("not valid on chain: {reason}")).into()),
            None => Ok(()),
        };
    };
    let failure = Failure::new(format!("not valid: {}", reason.detail));
    Err(match (&signer, message_signer) {
        (Signer::Key(_), Some(address)) if reason.code == "not_by_signer" => failure.hint(format!(
            "the message names its signer, here {address}: is {} the prefix (--prefix) it was \
             signed with?",
            address.prefix()
        )),
        _ => advised(failure, &reason.code),
    }
    .into())
}
