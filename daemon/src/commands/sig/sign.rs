//! `modelbond sig sign`.

use anyhow::Result;
use clap::Args;
use modelbond_signature::{CosmosAddress, Message, Scheme};
use serde::Serialize;

use super::message::{Given, MessageOptions};
use super::sign_doc::{self, ReadAs, SignDoc};
use super::{format_fields, key_fields, refused, typed_data};
use crate::failure::Failure;
use crate::output::{Output, Page, Report};
use crate::session::{Session, Unattended};
use crate::signatures::{self, Formats, InputError, Key};

/// Options of `sig sign`.
#[derive(Args, Debug)]
#[command(after_help = "\
The key is --from's, the only one there is, or with --from-env the mnemonic's in MODELBOND_MNEMONIC.
Signatures are deterministic (RFC 6979) and low-s. Typed data and transactions are
shown, and asked about: whoever has the signature can use it. With --json nothing is shown, so --yes is needed.

Examples:
  modelbond sig sign --scheme eip191 --message 'hello world' --from alice
  modelbond sig sign --scheme adr036 --message 'hello world' --prefix cosmos --from alice
  modelbond sig sign --scheme eip712 --typed-data mail.json --from alice --json
  modelbond sig sign --scheme direct --sign-doc tx.bin --from alice")]
pub struct Sign {
    /// Bech32 prefix of the signer's address [default: the network's, else wasm]
    #[arg(long)]
    prefix: Option<String>,
    #[command(flatten)]
    message: MessageOptions,
}

#[derive(Serialize)]
struct Signed {
    scheme: Scheme,
    read_as: Option<ReadAs>,
    digest: String,
    /// In the scheme's own format.
    signature: String,
    /// The signer's address as the scheme has it.
    signer: String,
    formats: Formats,
    key: Key,
}

impl Report for Signed {
    fn page(&self) -> Page {
        let page = Page::new(format!("Signed as {}", self.scheme))
            .field("signature", &self.signature)
            .field("signer", &self.signer)
            .field("digest", &self.digest)
            .field_if("sign doc read as", self.read_as.map(ReadAs::words));
        let page = format_fields(page.heading("Formats"), &self.formats);
        key_fields(page.heading("Key"), &self.key)
    }
}

/// Runs the command.
pub(super) fn run(output: &Output, session: &Session, command: &Sign) -> Result<()> {
    let given = command.message.read()?;
    let prefix = super::prefix(&|| Ok(session.clone()), command.prefix.as_deref())?;
    let key = signatures::key(&session.public_key()?, &prefix).map_err(refused)?;
    let address: CosmosAddress =
        key.addresses.cosmos.parse().map_err(InputError::in_field("prefix")).map_err(refused)?;
    let message = given.by(Some(&address))?.read().map_err(refused)?;
    match (&given, message.message()) {
        (Given::Direct(bytes), _) => agree(session, bytes, &key)?,
        (_, Message::Eip712(typed_data)) => {
            ensure_seen(session, "typed data")?;
            output.preview(&typed_data::page(typed_data));
            session.confirm("Sign this typed data?", Unattended::Refuse)?;
        }
        _ => {}
    }
    let secret = session.identity()?.secret_key()?;
    let digest = message.digest();
    let signature = secret
        .sign(&digest)
        .map_err(|error| Failure::new(format!("cannot sign this digest: {error}")))?;
    let formats = Formats::new(&signature);
    let scheme = given.scheme();
    let (text, signer) = match scheme {
        Scheme::Eip191 | Scheme::Eip712 => (formats.eth.clone(), key.addresses.eth.clone()),
        Scheme::Adr036 | Scheme::Direct => {
            (Some(formats.cosmos.clone()), key.addresses.cosmos.clone())
        }
    };
    let signature = text.ok_or_else(|| Failure::new("the signature has no recovery id"))?;
    let (read_as, digest) = (given.read_as(), digest.to_string());
    output.print(&Signed { scheme, read_as, digest, signature, signer, formats, key })
}

/// With `--json` nothing is shown, so nobody could have agreed.
fn ensure_seen(session: &Session, what: &str) -> Result<()> {
    if session.output.is_json() && !session.yes {
        return Err(Failure::usage(format!("with --json {what} is not shown before it is signed"))
            .hint("add --yes, or leave --json out to see it and be asked")
            .into());
    }
    Ok(())
}

/// Shows a transaction and asks; one that cannot be shown whole is not signed.
fn agree(session: &Session, bytes: &sign_doc::Bytes, key: &Key) -> Result<()> {
    let sign_doc = SignDoc::read(bytes.as_slice()).map_err(|error| {
        Failure::usage(format!("--sign-doc ({}): {error}", bytes.read_as().words()))
            .hint("only a SignDoc that can be shown whole is signed")
    })?;
    ensure_seen(session, "a transaction")?;
    let signed_by = format!("{} ({})", key.addresses.cosmos, key.public_key);
    session.output.preview(&sign_doc.page(&signed_by));
    if sign_doc.names_other_keys(&hex::decode(&key.public_key)?) {
        session.output.warn("the transaction names another key than this one");
    }
    let question = format!("Sign this transaction for {}?", super::printable(&sign_doc.chain_id));
    session.confirm(&question, Unattended::Refuse)
}
