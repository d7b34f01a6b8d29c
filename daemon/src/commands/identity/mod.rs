//! `modelbond link`, `unlink` and `resolve`: one person, two addresses.
//!
//! A link is signed by both sides. A side whose signature is not given is signed here, with the
//! session's key; so one key links itself, and a wallet elsewhere signs the document that
//! `--document` prints.

mod document;
mod link;
mod resolve;
mod unlink;

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use modelbond_signature::{verify, Native, Scheme, SignRequest, Signer, Statement};

use crate::failure::Failure;
use crate::signatures::parse_bytes;

pub use link::{run as link, Link};
pub use resolve::{run as resolve, Resolve};
pub use unlink::{run as unlink, Unlink};

/// How an Ethereum wallet signs.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum EthScheme {
    /// Text
    Eip191,
    /// Typed data
    Eip712,
}

/// How a Cosmos wallet signs.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum CosmosScheme {
    /// Text
    Adr036,
    /// A transaction that no chain accepts
    Direct,
}

impl From<EthScheme> for Scheme {
    fn from(scheme: EthScheme) -> Self {
        match scheme {
            EthScheme::Eip191 => Self::Eip191,
            EthScheme::Eip712 => Self::Eip712,
        }
    }
}

impl From<CosmosScheme> for Scheme {
    fn from(scheme: CosmosScheme) -> Self {
        match scheme {
            CosmosScheme::Adr036 => Self::Adr036,
            CosmosScheme::Direct => Self::Direct,
        }
    }
}

/// Until when a statement is valid.
#[derive(Args, Debug)]
struct Expiry {
    /// Seconds from now until the statement expires; the bridge takes at most 7 days
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600, conflicts_with = "expires_at")]
    expires_in: u64,
    /// Seconds since 1970 at which it expires, as the document says that was signed
    #[arg(long, value_name = "TIME")]
    expires_at: Option<u64>,
}

impl Expiry {
    /// By this machine's clock: a node could name another time, and get a statement that is valid
    /// for longer than was meant.
    fn at(&self) -> Result<u64> {
        if let Some(expires_at) = self.expires_at {
            return Ok(expires_at);
        }
        let now =
            SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
        Ok(now.as_secs().saturating_add(self.expires_in))
    }
}

/// A signature from a wallet, checked before anybody pays gas for it.
fn given<S: Statement>(
    request: &SignRequest<S>,
    option: &'static str,
    scheme: Scheme,
    text: &str,
    side: (&Signer, &modelbond_signature::CosmosAddress),
) -> Result<Vec<u8>> {
    let (signer, cosmos) = side;
    let bytes = parse_bytes(option, text).map_err(|error| Failure::usage(error.to_string()))?;
    let checked = scheme.read_signature(&bytes).and_then(|signature| {
        let digest = request.digest(scheme, cosmos)?;
        verify(&Native, &digest, &signature, signer)
    });
    match checked {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::new(format!("{option}: {error}"))
            .hint(
                "it must be over the document that --document prints, with its --expires-at, and \
                 the nonce of that time",
            )
            .into()),
    }
}
