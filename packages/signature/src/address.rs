//! The three forms of an address. A Cosmos address and an Ethereum address in bech32 look alike
//! and are different accounts, so each is a type of its own.

use std::fmt;
use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};

use crate::error::{SignatureError, Unit};
use crate::hash::keccak256;

/// The longest text that is read as bech32 (BIP-173).
const LONGEST_BECH32: usize = 90;

/// An Ethereum address: 20 bytes, never zero, written with EIP-55's checksum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EthAddress([u8; 20]);

impl EthAddress {
    /// From its bytes.
    pub fn from_bytes(bytes: [u8; 20]) -> Result<Self, SignatureError> {
        if bytes == [0; 20] {
            return Err(SignatureError::ZeroAddress);
        }
        Ok(Self(bytes))
    }

    /// The last 20 of 32 bytes of a hash, which nobody can make zero.
    pub(crate) fn of_hash(hash: &[u8; 32]) -> Self {
        Self(hash.last_chunk().copied().unwrap_or_default())
    }

    /// The 20 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }
}

impl FromStr for EthAddress {
    type Err = SignatureError;

    /// `0x` and 40 hexadecimal digits: all lower case, all upper case, or with the right checksum.
    fn from_str(text: &str) -> Result<Self, SignatureError> {
        Self::from_bytes(eth_address_bytes(text)?)
    }
}

/// The bytes of an Ethereum address of any value, zero included, with its checksum checked.
pub(crate) fn eth_address_bytes(text: &str) -> Result<[u8; 20], SignatureError> {
    let hex_error = SignatureError::Hex { what: "an Ethereum address (0x and 40 digits)" };
    let digits = text.strip_prefix("0x").ok_or(hex_error.clone())?;
    if digits.len() % 2 != 0 {
        return Err(hex_error);
    }
    if digits.len() != 40 {
        let actual = digits.len() / 2;
        return Err(SignatureError::Length { unit: Unit::Address, expected: "20", actual });
    }
    let mut bytes = [0; 20];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| hex_error)?;
    let one_case = !digits.bytes().any(|digit| digit.is_ascii_uppercase())
        || !digits.bytes().any(|digit| digit.is_ascii_lowercase());
    if one_case {
        return Ok(bytes);
    }
    let expected = checksummed(&bytes);
    if expected == text {
        return Ok(bytes);
    }
    Err(SignatureError::Checksum { given: text.to_owned(), expected })
}

/// EIP-55: a letter is a capital where the hash of the lower-case digits has a nibble of 8 or more.
fn checksummed(bytes: &[u8; 20]) -> String {
    let mut digits = [0; 40];
    // There is room for exactly this many digits.
    let _ = hex::encode_to_slice(bytes, &mut digits);
    let hash = keccak256(digits);
    let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    for (digit, nibble) in digits.iter_mut().zip(nibbles) {
        if nibble >= 8 {
            digit.make_ascii_uppercase();
        }
    }
    ["0x", std::str::from_utf8(&digits).unwrap_or_default()].concat()
}

impl fmt::Display for EthAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&checksummed(&self.0))
    }
}

impl fmt::Debug for EthAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EthAddress({self})")
    }
}

/// 20 bytes and a prefix, written as bech32 (BIP-173).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Account {
    text: String,
    bytes: [u8; 20],
}

impl Account {
    fn new(prefix: &str, bytes: [u8; 20]) -> Result<Self, SignatureError> {
        let fault = |what: String| SignatureError::Bech32 { given: shortened(prefix), what };
        let hrp = Hrp::parse(prefix).map_err(|error| fault(error.to_string()))?;
        let text = bech32::encode_lower::<Bech32>(hrp, &bytes)
            .map_err(|error| fault(error.to_string()))?;
        if text.len() > LONGEST_BECH32 {
            return Err(fault(format!("with this prefix it has over {LONGEST_BECH32} characters")));
        }
        Ok(Self { text, bytes })
    }

    fn parse(text: &str) -> Result<Self, SignatureError> {
        let fault = |what: String| SignatureError::Bech32 { given: shortened(text), what };
        if text.len() > LONGEST_BECH32 {
            return Err(fault(format!("longer than {LONGEST_BECH32} characters")));
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(fault("it must be in lower case".to_owned()));
        }
        let checked =
            CheckedHrpstring::new::<Bech32>(text).map_err(|error| fault(error.to_string()))?;
        // Symbols beyond whole bytes would give one account many texts.
        checked.validate_segwit_padding().map_err(|error| fault(error.to_string()))?;
        let bytes: Vec<u8> = checked.byte_iter().collect();
        let bytes = <[u8; 20]>::try_from(bytes).map_err(|bytes| SignatureError::Length {
            unit: Unit::Address,
            expected: "20",
            actual: bytes.len(),
        })?;
        Ok(Self { text: text.to_owned(), bytes })
    }

    /// Everything before the last `1`.
    fn prefix(&self) -> &str {
        self.text.rsplit_once('1').map_or("", |(prefix, _)| prefix)
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST_BECH32 {
        return text.to_owned();
    }
    text.chars().take(LONGEST_BECH32).chain(['…']).collect()
}

/// A Cosmos account: bech32 of ripemd160(sha256(compressed key)), lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CosmosAddress(Account);

/// An Ethereum address written as bech32, as Ethermint chains do: another account than the
/// [`CosmosAddress`] of the same key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EthBech32(Account);

impl CosmosAddress {
    /// From the account's bytes.
    pub fn new(prefix: &str, bytes: [u8; 20]) -> Result<Self, SignatureError> {
        Account::new(prefix, bytes).map(Self)
    }
}

impl EthBech32 {
    /// From the Ethereum address.
    pub fn new(prefix: &str, address: EthAddress) -> Result<Self, SignatureError> {
        Account::new(prefix, *address.as_bytes()).map(Self)
    }

    /// The Ethereum address in it.
    #[must_use]
    pub fn eth_address(&self) -> EthAddress {
        EthAddress(self.0.bytes)
    }
}

macro_rules! bech32_forms {
    ($($name:ident, $check:expr;)*) => {$(
        impl $name {
            /// The account's 20 bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 20] {
                &self.0.bytes
            }

            /// The part before the last `1`.
            #[must_use]
            pub fn prefix(&self) -> &str {
                self.0.prefix()
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.text
            }

            /// Refuses another chain's prefix.
            pub fn ensure_prefix(&self, expected: &str) -> Result<(), SignatureError> {
                if self.prefix() == expected {
                    return Ok(());
                }
                let (expected, actual) = (expected.to_owned(), self.prefix().to_owned());
                Err(SignatureError::Prefix { expected, actual })
            }
        }

        impl FromStr for $name {
            type Err = SignatureError;

            fn from_str(text: &str) -> Result<Self, SignatureError> {
                let account = Account::parse(text)?;
                $check(&account)?;
                Ok(Self(account))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.text)
            }
        }
    )*};
}

bech32_forms! {
    CosmosAddress, |_: &Account| Ok::<(), SignatureError>(());
    EthBech32, |account: &Account| EthAddress::from_bytes(account.bytes);
}
