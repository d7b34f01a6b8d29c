//! `modelbond sig convert`.

use anyhow::Result;
use clap::Args;

use super::message::{read_signer, MessageSource, SchemeName};
use super::{format_fields, refused, OpenSession};
use crate::failure::Failure;
use crate::output::{Output, Page, Report};
use crate::signatures::{self, ConvertRequest, Format, Formats};

/// Options of `sig convert`.
#[derive(Args, Debug)]
#[command(after_help = "\
Formats:
  eth      65 bytes r ‖ s ‖ v, as Ethereum wallets return it
  cosmos   64 bytes r ‖ s, as Cosmos wallets return it in base64
  der      strict DER, as hardware and X.509 tools return it

Only eth carries the recovery id: from the others it is given (--recovery-id), or found by the
message and its signer. The numbers stay the same, and so does what was hashed: a signature of
one scheme never becomes one of another. With --to one line is printed, with --json all formats.

Examples:
  modelbond sig convert 0x… --from-format eth
  modelbond sig convert '…==' --from-format cosmos --recovery-id 1 --to eth
  modelbond sig convert '…==' --from-format cosmos --to eth \\
      --scheme adr036 --message 'hello world' --signer wasm1…
  modelbond sig convert 3045… --from-format der --normalize --to cosmos")]
pub struct Convert {
    /// The signature, in hexadecimal or base64
    #[arg(value_name = "SIGNATURE")]
    signature: String,
    /// Its format
    #[arg(long, value_enum, value_name = "FORMAT")]
    from_format: Format,
    /// Print only this format [default: all]
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<Format>,
    /// Take the low-s twin, the only one that verifiers accept
    #[arg(long)]
    normalize: bool,
    /// 0 or 1 (or 27, 28), where the format carries none
    #[arg(long, value_name = "ID")]
    recovery_id: Option<u8>,
    /// Finds the recovery id: who signed the message
    #[arg(long, value_name = "ADDRESS|PUBLIC_KEY")]
    signer: Option<String>,
    /// Bech32 prefix for a public key that signed adr036 [default: the network's, else wasm]
    #[arg(long)]
    prefix: Option<String>,
    /// How the message is signed; with the message and --signer
    #[arg(long, value_enum, help_heading = "Message")]
    scheme: Option<SchemeName>,
    #[command(flatten)]
    message: MessageSource,
}

#[derive(serde::Serialize)]
#[serde(transparent)]
struct Converted(Formats);

impl Report for Converted {
    fn page(&self) -> Page {
        format_fields(Page::new("Signature"), &self.0)
    }
}

/// Runs the command.
pub(super) fn run(output: &Output, open: OpenSession<'_>, command: &Convert) -> Result<()> {
    let mut request = ConvertRequest {
        signature: command.signature.clone(),
        from: command.from_format,
        normalize: command.normalize,
        recovery_id: command.recovery_id,
        message: None,
        signer: None,
    };
    if let Some((scheme, signer)) = signed(command)? {
        let given = command.message.read(scheme.into())?;
        let given_prefix = command.prefix.as_deref();
        let signer = read_signer(signer, given_prefix)?;
        request.message = Some(given.by_signer(open, &signer, given_prefix)?);
        request.signer = Some(signer.to_string());
    }
    let formats = signatures::convert(&request).map_err(refused)?;
    let Some(to) = command.to else { return output.print(&Converted(formats)) };
    let text = match to {
        Format::Eth => formats.eth.as_ref().ok_or_else(|| {
            Failure::usage("--to eth needs the recovery id, which this format does not carry")
                .hint("give --recovery-id, or --scheme with the message and --signer to find it")
        })?,
        Format::Cosmos => &formats.cosmos,
        Format::Der => &formats.der,
    };
    if output.is_json() {
        output.print(&Converted(formats))
    } else {
        output.raw(&format!("{text}\n"))
    }
}

/// Scheme and signer, where these are to find the recovery id. What would be ignored is refused.
fn signed(command: &Convert) -> Result<Option<(SchemeName, &str)>> {
    let usage = |what: &str, hint: &str| Err(Failure::usage(what).hint(hint).into());
    let signer = command.signer.as_deref();
    let finds = signer.is_some()
        || command.scheme.is_some()
        || command.prefix.is_some()
        || command.message.is_given();
    if command.from_format == Format::Eth && (finds || command.recovery_id.is_some()) {
        return usage(
            "the format eth carries its recovery id: none is given or looked for",
            "drop these options; modelbond sig verify compares with a signer",
        );
    }
    if command.recovery_id.is_some() && finds {
        return usage(
            "the recovery id is either given or looked for",
            "give --recovery-id alone, or --scheme, the message and --signer",
        );
    }
    match (command.scheme, signer) {
        (Some(scheme), Some(signer)) => Ok(Some((scheme, signer))),
        (None, None) if !finds => Ok(None),
        _ => usage(
            "to find the recovery id, scheme, message and signer are needed",
            "give --scheme with the message and --signer, or none of them",
        ),
    }
}
