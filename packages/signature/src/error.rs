//! What can be wrong with a signature, a key, an address or a message. The variant is the
//! condition; the text says what is expected and carries the numbers.

use thiserror::Error;

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// An Ethereum signature, r ‖ s ‖ v.
    EthSignature,
    /// A Cosmos signature, r ‖ s.
    CosmosSignature,
    /// A DER signature.
    DerSignature,
    /// A public key, compressed or not.
    PublicKey,
    /// The bytes of an address.
    Address,
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::EthSignature => "an Ethereum signature",
            Self::CosmosSignature => "a Cosmos signature",
            Self::DerSignature => "a DER signature",
            Self::PublicKey => "a secp256k1 public key",
            Self::Address => "an address",
        })
    }
}

/// Why something was refused.
#[derive(Error, Debug, Clone, PartialEq, Eq)]
pub enum SignatureError {
    /// Another number of bytes.
    #[error("{unit} has {expected} bytes, not {actual}")]
    Length {
        /// What was read.
        unit: Unit,
        /// Lengths that are accepted.
        expected: &'static str,
        /// The length found.
        actual: usize,
    },
    /// r or s is not in [1, n−1].
    #[error("{part} is {value}; it must be at least 1 and below the order of the curve")]
    OutOfRange {
        /// `r` or `s`.
        part: &'static str,
        /// Its value, hex.
        value: String,
    },
    /// s is above n/2: the signature's twin is the one to send.
    #[error("s is in the upper half of the order (high-s); normalise the signature first")]
    HighS,
    /// v is none of 0, 1, 27, 28.
    #[error("v is {v}; it must be 0, 1, 27 or 28")]
    RecoveryByte {
        /// The value found.
        v: u8,
    },
    /// v of a transaction does not belong to this chain.
    #[error("v is {v}; with EIP-155 and chain id {chain_id} it must be 35 or 36 more than twice the chain id")]
    Eip155 {
        /// The value found.
        v: u64,
        /// The chain.
        chain_id: u64,
    },
    /// The format needs a recovery id and the signature has none.
    #[error("this signature carries no recovery id; name it, or the signer and the message")]
    NoRecoveryId,
    /// Not the one DER encoding of two integers.
    #[error("not strict DER at byte {at}: {what}")]
    Der {
        /// Index of the byte.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// Not a point of the curve, or not a known encoding.
    #[error("not a public key of secp256k1: {what}")]
    PublicKey {
        /// What is wrong.
        what: &'static str,
    },
    /// Not a number that can be a private key.
    #[error(
        "not a private key of secp256k1: it must be at least 1 and below the order of the curve"
    )]
    SecretKey,
    /// Not hexadecimal.
    #[error("{what} is not hexadecimal")]
    Hex {
        /// What was read.
        what: &'static str,
    },
    /// An Ethereum address whose capitals are wrong (EIP-55).
    #[error("{given} has a wrong checksum (EIP-55); it would be {expected}: mistyped?")]
    Checksum {
        /// As given.
        given: String,
        /// The same bytes with the right capitals.
        expected: String,
    },
    /// Nobody's address.
    #[error("the zero address belongs to nobody")]
    ZeroAddress,
    /// Not a bech32 address.
    #[error("{given} is not a bech32 address: {what}")]
    Bech32 {
        /// As given, shortened.
        given: String,
        /// What is wrong.
        what: String,
    },
    /// Another chain's address.
    #[error("the address has the prefix {actual}, expected {expected}")]
    Prefix {
        /// The prefix asked for.
        expected: String,
        /// The prefix found.
        actual: String,
    },
    /// No key could have made this signature.
    #[error("no key has made this signature over this message")]
    NoKey,
    /// Another key made it.
    #[error("the signature is not by {expected}; it is by {actual}")]
    OtherSigner {
        /// Who was expected.
        expected: String,
        /// Who signed.
        actual: String,
    },
    /// The signer could not be found among the keys that may have made it.
    #[error("the signature is not by {expected} over this message")]
    NotBySigner {
        /// Who was expected.
        expected: String,
    },
    /// The time is over.
    #[error("expired at {expires_at}, it is {now} (seconds since 1970)")]
    Expired {
        /// Last second in which it may be used.
        expires_at: u64,
        /// Now.
        now: u64,
    },
    /// Typed data that EIP-712 does not define or that is ambiguous.
    #[error("typed data, {path}: {what}")]
    TypedData {
        /// Where, for example `message.to.wallet`.
        path: String,
        /// What is wrong.
        what: String,
    },
}

impl SignatureError {
    /// A stable name of the condition, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "length",
            Self::OutOfRange { .. } => "out_of_range",
            Self::HighS => "high_s",
            Self::RecoveryByte { .. } => "recovery_byte",
            Self::Eip155 { .. } => "eip155",
            Self::NoRecoveryId => "no_recovery_id",
            Self::Der { .. } => "der",
            Self::PublicKey { .. } => "public_key",
            Self::SecretKey => "secret_key",
            Self::Hex { .. } => "hex",
            Self::Checksum { .. } => "checksum",
            Self::ZeroAddress => "zero_address",
            Self::Bech32 { .. } => "bech32",
            Self::Prefix { .. } => "prefix",
            Self::NoKey => "no_key",
            Self::OtherSigner { .. } => "other_signer",
            Self::NotBySigner { .. } => "not_by_signer",
            Self::Expired { .. } => "expired",
            Self::TypedData { .. } => "typed_data",
        }
    }
}
