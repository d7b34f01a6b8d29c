//! The message on the command line: its scheme, and the one option that fits the scheme.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use modelbond_signature::typed_data::Document;
use modelbond_signature::{CosmosAddress, Scheme, Signer};

use super::{file, prefix, printable, refused, sign_doc, OpenSession};
use crate::failure::Failure;
use crate::signatures::{self, Encoding, SignedMessage};

/// How a message is signed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemeName {
    /// Ethereum wallet, text (personal_sign)
    Eip191,
    /// Ethereum wallet, typed data (eth_signTypedData_v4)
    Eip712,
    /// Cosmos wallet, text (signArbitrary)
    Adr036,
    /// Cosmos wallet, transaction (signDirect)
    Direct,
}

impl From<SchemeName> for Scheme {
    fn from(name: SchemeName) -> Self {
        match name {
            SchemeName::Eip191 => Self::Eip191,
            SchemeName::Eip712 => Self::Eip712,
            SchemeName::Adr036 => Self::Adr036,
            SchemeName::Direct => Self::Direct,
        }
    }
}

/// The message and its scheme.
#[derive(Args, Debug)]
#[command(next_help_heading = "Message")]
pub(super) struct MessageOptions {
    /// How it is signed; never guessed
    #[arg(long, value_enum)]
    scheme: SchemeName,
    #[command(flatten)]
    source: MessageSource,
}

/// Where the message is.
#[derive(Args, Debug)]
#[command(next_help_heading = "Message")]
pub(super) struct MessageSource {
    /// Text (eip191, adr036)
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// Bytes in hexadecimal (eip191, adr036)
    #[arg(long, value_name = "HEX")]
    message_hex: Option<String>,
    /// Every byte of a file, line breaks too (eip191, adr036)
    #[arg(long, value_name = "FILE")]
    message_file: Option<PathBuf>,
    /// JSON with types, primaryType, domain and message (eip712)
    #[arg(long, value_name = "FILE")]
    typed_data: Option<PathBuf>,
    /// The protobuf SignDoc: raw bytes, or text in base64 or hexadecimal (direct)
    #[arg(long, value_name = "FILE")]
    sign_doc: Option<PathBuf>,
}

/// A message that was read.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// Text for an Ethereum wallet.
    Eip191(Vec<u8>),
    /// Typed data.
    Eip712(Document),
    /// Text for a Cosmos wallet.
    Adr036(Vec<u8>),
    /// A SignDoc.
    Direct(sign_doc::Bytes),
}

impl MessageOptions {
    /// Reads the message.
    pub(super) fn read(&self) -> Result<Given> {
        self.source.read(self.scheme.into())
    }
}

impl MessageSource {
    /// Whether there is one.
    pub(super) fn is_given(&self) -> bool {
        let files = [&self.message_file, &self.typed_data, &self.sign_doc];
        self.message.is_some()
            || self.message_hex.is_some()
            || files.into_iter().any(Option::is_some)
    }

    /// Reads the message; any other combination than the scheme's is refused.
    pub(super) fn read(&self, scheme: Scheme) -> Result<Given> {
        let texts = [
            ("--message", self.message.is_some()),
            ("--message-hex", self.message_hex.is_some()),
            ("--message-file", self.message_file.is_some()),
        ];
        let typed_data = ("--typed-data", self.typed_data.is_some());
        let sign_doc = ("--sign-doc", self.sign_doc.is_some());
        let fits = match scheme {
            Scheme::Eip191 | Scheme::Adr036 => texts.to_vec(),
            Scheme::Eip712 => vec![typed_data],
            Scheme::Direct => vec![sign_doc],
        };
        let hint = match scheme {
            Scheme::Eip191 | Scheme::Adr036 => {
                "give --message TEXT, --message-hex HEX or --message-file FILE"
            }
            Scheme::Eip712 => "give --typed-data FILE",
            Scheme::Direct => "give --sign-doc FILE",
        };
        let all = texts.into_iter().chain([typed_data, sign_doc]);
        let given: Vec<&str> =
            all.filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect();
        let usage = |what: String| Err(Failure::usage(what).hint(hint).into());
        match given.as_slice() {
            [] => return usage(format!("--scheme {scheme} needs a message")),
            [only] if fits.iter().any(|(name, _)| name == only) => {}
            [only] => return usage(format!("{only} does not go with --scheme {scheme}")),
            [one, two, ..] => return usage(format!("{one} and {two}: which is the message?")),
        }
        Ok(match scheme {
            Scheme::Eip191 => Given::Eip191(self.text()?),
            Scheme::Adr036 => Given::Adr036(self.text()?),
            Scheme::Eip712 => Given::Eip712(self.document()?),
            Scheme::Direct => Given::Direct(self.sign_doc()?),
        })
    }

    fn text(&self) -> Result<Vec<u8>> {
        if let Some(path) = &self.message_file {
            return file::read("--message-file", path);
        }
        if let Some(digits) = &self.message_hex {
            return hex::decode(digits.strip_prefix("0x").unwrap_or(digits)).map_err(|error| {
                let what = format!("--message-hex: not hexadecimal: {error}");
                Failure::usage(what).hint("--message takes text").into()
            });
        }
        Ok(self.message.clone().unwrap_or_default().into_bytes())
    }

    fn document(&self) -> Result<Document> {
        let bytes = match &self.typed_data {
            Some(path) => file::read("--typed-data", path)?,
            None => Vec::new(),
        };
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::usage(format!("--typed-data: {}", printable(&error.to_string())))
                .hint(
                    "it must be JSON as eth_signTypedData_v4 takes it: types, primaryType, \
                     domain and message",
                )
                .into()
        })
    }

    fn sign_doc(&self) -> Result<sign_doc::Bytes> {
        let bytes = match &self.sign_doc {
            Some(path) => file::read("--sign-doc", path)?,
            None => Vec::new(),
        };
        sign_doc::Bytes::read(bytes)
    }
}

impl Given {
    /// Its scheme.
    pub(super) fn scheme(&self) -> Scheme {
        match self {
            Self::Eip191(_) => Scheme::Eip191,
            Self::Eip712(_) => Scheme::Eip712,
            Self::Adr036(_) => Scheme::Adr036,
            Self::Direct(_) => Scheme::Direct,
        }
    }

    /// How the file of a SignDoc was read.
    pub(super) fn read_as(&self) -> Option<sign_doc::ReadAs> {
        match self {
            Self::Direct(bytes) => Some(bytes.read_as()),
            _ => None,
        }
    }

    /// As it is verified; an ADR-036 document names its signer.
    pub(super) fn by(&self, signer: Option<&CosmosAddress>) -> Result<SignedMessage> {
        let encoding = Encoding::Hex;
        Ok(match self {
            Self::Eip191(bytes) => SignedMessage::Eip191 { data: hex::encode(bytes), encoding },
            Self::Eip712(document) => SignedMessage::Eip712 { typed_data: document.clone() },
            Self::Adr036(bytes) => SignedMessage::Adr036 {
                signer: signer.ok_or_else(signer_is_missing)?.to_string(),
                data: hex::encode(bytes),
                encoding,
            },
            Self::Direct(bytes) => SignedMessage::Direct { sign_doc: bytes.base64() },
        })
    }

    /// As it is verified for a signer of any form.
    pub(super) fn by_signer(
        &self,
        open: OpenSession<'_>,
        signer: &Signer,
        given_prefix: Option<&str>,
    ) -> Result<SignedMessage> {
        match self {
            Self::Adr036(_) => self.by(Some(&cosmos_signer(open, signer, given_prefix)?)),
            _ => self.by(None),
        }
    }
}

fn signer_is_missing() -> Failure {
    Failure::usage("--scheme adr036 needs the signer: its address is part of what is signed")
        .hint("give --signer with the bech32 address, or the public key")
}

/// Reads `--signer`. With a bech32 address, `--prefix` can only repeat its prefix.
pub(super) fn read_signer(text: &str, given_prefix: Option<&str>) -> Result<Signer> {
    let signer = signatures::parse_signer(text).map_err(refused)?;
    if let (Signer::Cosmos(address), Some(prefix)) = (&signer, given_prefix) {
        address
            .ensure_prefix(prefix)
            .map_err(|error| Failure::usage(format!("--signer: {error}")).hint("drop --prefix"))?;
    }
    Ok(signer)
}

/// The address in an ADR-036 document.
fn cosmos_signer(
    open: OpenSession<'_>,
    signer: &Signer,
    given_prefix: Option<&str>,
) -> Result<CosmosAddress> {
    match signer {
        Signer::Cosmos(address) => Ok(address.clone()),
        Signer::Key(key) => {
            let address = key.cosmos_address(&prefix(open, given_prefix)?);
            address.map_err(|error| refused(signatures::InputError::in_field("prefix")(error)))
        }
        Signer::Eth(_) | Signer::EthBech32(_) => Err(Failure::usage(
            "--signer: an adr036 document names a bech32 address, which does not follow from an \
             Ethereum address",
        )
        .hint("give the bech32 address, or the public key and --prefix")
        .into()),
    }
}
