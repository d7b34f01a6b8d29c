//! `modelbond sig`: signatures of Ethereum and Cosmos keys, offline.
//!
//! The same functions answer as in the HTTP service ([`crate::signatures`]). Schemes and formats are
//! always named, never guessed. Exit code 1 is an answer: not valid, or no key fits. What was given
//! and cannot be read, an option or a file, is exit code 2. Home, settings and network file are
//! looked at only by what needs a key of the keystore or the network's prefix.

mod address;
mod convert;
mod digest;
mod file;
mod message;
mod recover;
mod sign;
mod sign_doc;
mod typed_data;
mod verify;

use anyhow::Result;
use clap::Subcommand;

use modelbond_signature::printable;

use crate::failure::Failure;
use crate::output::{Output, Page};
use crate::session::Session;
use crate::signatures::{Formats, InputError, Key};

const SCHEMES: &str = "\
Schemes, and what goes with each:
  eip191   Ethereum wallet, text (personal_sign): --message, --message-hex or --message-file
  eip712   Ethereum wallet, typed data (eth_signTypedData_v4): --typed-data
  adr036   Cosmos wallet, text (signArbitrary): --message, --message-hex or --message-file
  direct   Cosmos wallet, transaction (signDirect): --sign-doc
A FILE is at most 1 MiB; - is standard input.";

/// Verify, make and convert signatures of Ethereum and Cosmos keys, offline
#[derive(Subcommand, Debug)]
#[command(after_help = SCHEMES)]
pub enum Sig {
    /// Say whether a signature is valid
    Verify(verify::Verify),
    /// Find the key that made a signature
    Recover(recover::Recover),
    /// Sign a message with a key of the keystore
    Sign(sign::Sign),
    /// Show every form of a key's or an account's address
    Address(address::Address),
    /// Write a signature in another format
    Convert(convert::Convert),
    /// Show what a key signs, and what it is made from
    Digest(digest::DigestCommand),
}

/// Opens the session, for what needs a key or the network's prefix.
pub type OpenSession<'a> = &'a dyn Fn() -> Result<Session>;

/// Runs the command.
pub fn run(output: &Output, open: OpenSession<'_>, command: Sig) -> Result<()> {
    match command {
        Sig::Verify(command) => verify::run(output, open, &command),
        Sig::Recover(command) => recover::run(output, open, &command),
        Sig::Sign(command) => sign::run(output, &open()?, &command),
        Sig::Address(command) => address::run(output, open, &command),
        Sig::Convert(command) => convert::run(output, open, &command),
        Sig::Digest(command) => digest::run(output, open, &command),
    }
}

/// The bech32 prefix: the one given, or the network's.
fn prefix(open: OpenSession<'_>, given: Option<&str>) -> Result<String> {
    match given {
        Some(prefix) => Ok(prefix.to_owned()),
        None => open()?.prefix(),
    }
}

/// An input that was refused, under the name that the command line has for it.
fn refused(error: InputError) -> anyhow::Error {
    let name = match error.field {
        "signature" => "the signature",
        "signer" | "message.signer" => "--signer",
        "prefix" => "--prefix",
        "recovery_id" => "--recovery-id",
        "data" => "--message-hex",
        "typed_data" => "--typed-data",
        "sign_doc" => "--sign-doc",
        other => other,
    };
    let detail = error.detail.trim_start_matches("typed data, ");
    let what = format!("{name}: {}", printable(detail));
    let failure = match error.code {
        "high_s" | "no_key" | "not_by_signer" => Failure::new(what),
        _ => Failure::usage(what),
    };
    advised(failure, error.code).into()
}

/// Adds what to do next, where the condition says it.
fn advised(failure: Failure, code: &str) -> Failure {
    match code {
        "high_s" => failure
            .hint("modelbond sig convert --normalize gives the low-s twin, which is as valid"),
        "no_key" | "other_signer" | "not_by_signer" => failure.hint(
            "the message must be what was signed, byte for byte (a file's last line break counts), \
             under the scheme it was signed with",
        ),
        "length" => failure.hint(
            "eip191, eip712 and the format eth have 65 bytes; adr036, direct and the format \
             cosmos have 64",
        ),
        _ => failure,
    }
}

/// A key and its addresses.
fn key_fields(page: Page, key: &Key) -> Page {
    page.field("public key", &key.public_key)
        .field("base64", &key.public_key_base64)
        .field("uncompressed", &key.uncompressed)
        .field("Ethereum address", &key.addresses.eth)
        .field("Cosmos address", &key.addresses.cosmos)
        .field("Ethereum in bech32", &key.addresses.eth_bech32)
}

/// A signature in every format.
fn format_fields(page: Page, formats: &Formats) -> Page {
    page.field("eth", formats.eth.as_deref().unwrap_or("needs the recovery id"))
        .field("cosmos", &formats.cosmos)
        .field("der", &formats.der)
        .field("r", &formats.r)
        .field("s", &formats.s)
        .field(
            "recovery id",
            formats.recovery_id.map_or_else(|| "unknown".to_owned(), |id| id.to_string()),
        )
        .field("low s", if formats.low_s { "yes" } else { "no: verifiers refuse it" })
}
