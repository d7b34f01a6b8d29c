//! `modelbond sig recover`.

use anyhow::Result;
use clap::Args;
use modelbond_signature::{Scheme, Signer};
use serde::Serialize;

use super::message::{read_signer, Given, MessageOptions};
use super::sign_doc::ReadAs;
use super::{key_fields, prefix, refused, OpenSession};
use crate::failure::Failure;
use crate::output::{Output, Page, Report};
use crate::signatures::{self, Key, RecoverRequest};

/// Options of `sig recover`.
#[derive(Args, Debug)]
#[command(after_help = "\
A signature of 64 bytes carries no recovery id, so two keys fit it. For adr036 the signer that is
part of the message says which of them; for direct both are shown.
Every well-formed signature has keys for every message: recovery alone proves nothing, comparing
the key with the expected one does (sig verify).

Examples:
  modelbond sig recover --scheme eip191 --message 'hello world' --signature 0x…
  modelbond sig recover --scheme adr036 --message hi --signer wasm1… --signature '…==' --json")]
pub struct Recover {
    /// 65 bytes (eip191, eip712) or 64 bytes (adr036, direct)
    #[arg(long, value_name = "HEX|BASE64")]
    signature: String,
    /// Bech32 address or public key that is part of the message (adr036 only)
    #[arg(long, value_name = "ADDRESS|PUBLIC_KEY")]
    signer: Option<String>,
    /// Bech32 prefix of the addresses [default: the signer's, the network's, else wasm]
    #[arg(long)]
    prefix: Option<String>,
    #[command(flatten)]
    message: MessageOptions,
}

#[derive(Serialize)]
struct Recovery {
    scheme: Scheme,
    read_as: Option<ReadAs>,
    digest: String,
    /// The signer that is part of an ADR-036 message.
    message_signer: Option<String>,
    /// Compressed key, if it is certain which of them signed.
    signed_by: Option<String>,
    keys: Vec<Key>,
}

impl Report for Recovery {
    fn page(&self) -> Page {
        let page = Page::new("Recovered")
            .field("scheme", self.scheme)
            .field_if("sign doc read as", self.read_as.map(ReadAs::words))
            .field("digest", &self.digest)
            .field_if("signer in the message", self.message_signer.as_ref());
        let (signed, others): (Vec<&Key>, Vec<&Key>) =
            self.keys.iter().partition(|key| self.signed_by.as_ref() == Some(&key.public_key));
        let others_are = match self.signed_by {
            Some(_) => "Fits too, but is not the signer",
            None => "One of the keys that fit",
        };
        let page =
            signed.into_iter().fold(page, |page, key| key_fields(page.heading("Signed by"), key));
        let page =
            others.into_iter().fold(page, |page, key| key_fields(page.heading(others_are), key));
        match (&self.signed_by, &self.message_signer) {
            (Some(_), _) => page,
            (None, Some(signer)) => {
                page.note(format!("None of them is {signer}: it did not sign this"))
            }
            (None, None) => page.note("Which of them signed does not follow from this signature"),
        }
    }
}

/// Runs the command.
pub(super) fn run(output: &Output, open: OpenSession<'_>, command: &Recover) -> Result<()> {
    let given = command.message.read()?;
    let given_prefix = command.prefix.as_deref();
    let named = signer_of_document(&given, command.signer.as_deref(), given_prefix)?;
    let message = match &named {
        Some(signer) => given.by_signer(open, signer, given_prefix)?,
        None => given.by(None)?,
    };
    let read = message.read().map_err(refused)?;
    let digest = read.digest().to_string();
    let prefix = match read.signer() {
        Some(signer) => signer.prefix().to_owned(),
        None => prefix(open, given_prefix)?,
    };
    let message_signer = read.signer().map(ToString::to_string);
    let request = RecoverRequest { message, signature: command.signature.clone() };
    let keys = signatures::recover(&request, &prefix).map_err(refused)?.keys;
    let signed_by = match (keys.as_slice(), &message_signer) {
        (keys, Some(signer)) => keys.iter().find(|key| key.addresses.cosmos == *signer),
        ([only], None) => Some(only),
        _ => None,
    };
    let signed_by = signed_by.map(|key| key.public_key.clone());
    let (scheme, read_as) = (given.scheme(), given.read_as());
    output.print(&Recovery { scheme, read_as, digest, message_signer, signed_by, keys })
}

/// `--signer`, which only an ADR-036 document has.
pub(super) fn signer_of_document(
    given: &Given,
    text: Option<&str>,
    given_prefix: Option<&str>,
) -> Result<Option<Signer>> {
    match (given, text) {
        (_, None) => Ok(None),
        (Given::Adr036(_), Some(text)) => read_signer(text, given_prefix).map(Some),
        (_, Some(_)) => Err(Failure::usage(format!(
            "--signer does not go with --scheme {}: only an adr036 message contains its signer",
            given.scheme()
        ))
        .hint("drop --signer; modelbond sig verify compares with a signer")
        .into()),
    }
}
