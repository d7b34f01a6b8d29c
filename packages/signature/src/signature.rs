//! A signature and its three formats.

use crate::der;
use crate::error::{SignatureError, Unit};
use crate::scalar::{in_range, negated, HALF_ORDER};

/// Which of the two keys that fit a signature made it: the parity of the ephemeral point's y.
///
/// Ids 2 and 3 (r + n below the field's prime) exist for one signature in 2¹²⁷ and are refused
/// everywhere, as the chain's host calls and Ethereum do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecoveryId {
    /// y is even.
    Even,
    /// y is odd.
    Odd,
}

impl RecoveryId {
    /// Both, in the order of their numbers.
    pub const ALL: [Self; 2] = [Self::Even, Self::Odd];

    /// From the last byte of an Ethereum signature: 0, 1, 27 or 28.
    pub fn from_v(v: u8) -> Result<Self, SignatureError> {
        match v {
            0 | 27 => Ok(Self::Even),
            1 | 28 => Ok(Self::Odd),
            _ => Err(SignatureError::RecoveryByte { v }),
        }
    }

    /// From v of a transaction, {35, 36} + 2 × chain id (EIP-155). Messages never have this form.
    pub fn from_eip155(v: u64, chain_id: u64) -> Result<Self, SignatureError> {
        let offset = chain_id.checked_mul(2).and_then(|twice| v.checked_sub(twice));
        match offset {
            Some(35) => Ok(Self::Even),
            Some(36) => Ok(Self::Odd),
            _ => Err(SignatureError::Eip155 { v, chain_id }),
        }
    }

    /// 0 or 1.
    #[must_use]
    pub fn id(self) -> u8 {
        match self {
            Self::Even => 0,
            Self::Odd => 1,
        }
    }

    /// 27 or 28, as Ethereum wallets write it.
    #[must_use]
    pub fn v(self) -> u8 {
        match self {
            Self::Even => 27,
            Self::Odd => 28,
        }
    }

    fn flipped(self) -> Self {
        match self {
            Self::Even => Self::Odd,
            Self::Odd => Self::Even,
        }
    }
}

/// An ECDSA signature over secp256k1 with 1 ≤ r, s < n. High s can be read and converted, but is
/// refused by [`crate::verify`] and [`crate::recover`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature {
    r: [u8; 32],
    s: [u8; 32],
    recovery_id: Option<RecoveryId>,
}

impl Signature {
    /// From its numbers, big-endian.
    pub fn new(
        r: [u8; 32],
        s: [u8; 32],
        recovery_id: Option<RecoveryId>,
    ) -> Result<Self, SignatureError> {
        for (part, value) in [("r", &r), ("s", &s)] {
            if !in_range(value) {
                let value = hex::encode(value);
                return Err(SignatureError::OutOfRange { part, value });
            }
        }
        Ok(Self { r, s, recovery_id })
    }

    /// From r ‖ s ‖ v, 65 bytes, v ∈ {0, 1, 27, 28}: what Ethereum wallets return.
    pub fn from_eth(bytes: &[u8]) -> Result<Self, SignatureError> {
        let unit = Unit::EthSignature;
        let wrong = SignatureError::Length { unit, expected: "65", actual: bytes.len() };
        let Ok([numbers @ .., v]) = <&[u8; 65]>::try_from(bytes) else { return Err(wrong) };
        let signature = Self::from_cosmos(numbers)?;
        Ok(signature.with_recovery_id(RecoveryId::from_v(*v)?))
    }

    /// From r ‖ s, 64 bytes: what Cosmos wallets return (there in base64); also IEEE P1363.
    pub fn from_cosmos(bytes: &[u8]) -> Result<Self, SignatureError> {
        let halves = (bytes.len() == 64).then(|| bytes.split_first_chunk::<32>()).flatten();
        let Some((r, s)) = halves.and_then(|(r, s)| Some((r, <&[u8; 32]>::try_from(s).ok()?)))
        else {
            let unit = Unit::CosmosSignature;
            return Err(SignatureError::Length { unit, expected: "64", actual: bytes.len() });
        };
        Self::new(*r, *s, None)
    }

    /// From the one strict DER encoding (X.690; 8 to 72 bytes).
    pub fn from_der(bytes: &[u8]) -> Result<Self, SignatureError> {
        let (r, s) = der::decode(bytes)?;
        Self::new(r, s, None)
    }

    /// r, big-endian.
    #[must_use]
    pub fn r(&self) -> &[u8; 32] {
        &self.r
    }

    /// s, big-endian.
    #[must_use]
    pub fn s(&self) -> &[u8; 32] {
        &self.s
    }

    /// Which key made it, if that is known.
    #[must_use]
    pub fn recovery_id(&self) -> Option<RecoveryId> {
        self.recovery_id
    }

    /// The same signature with this recovery id.
    #[must_use]
    pub fn with_recovery_id(self, recovery_id: RecoveryId) -> Self {
        Self { recovery_id: Some(recovery_id), ..self }
    }

    /// r ‖ s ‖ v with v ∈ {27, 28}.
    pub fn to_eth(&self) -> Result<[u8; 65], SignatureError> {
        let recovery_id = self.recovery_id.ok_or(SignatureError::NoRecoveryId)?;
        let mut bytes = [recovery_id.v(); 65];
        for (byte, value) in bytes.iter_mut().zip(self.to_cosmos()) {
            *byte = value;
        }
        Ok(bytes)
    }

    /// r ‖ s.
    #[must_use]
    pub fn to_cosmos(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        for (byte, value) in bytes.iter_mut().zip(self.r.iter().chain(&self.s)) {
            *byte = *value;
        }
        bytes
    }

    /// Strict DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        der::encode(&self.r, &self.s)
    }

    /// Whether s ≤ n/2, the form that every verifier here insists on.
    #[must_use]
    pub fn is_low_s(&self) -> bool {
        self.s <= HALF_ORDER
    }

    /// The low-s twin: it is valid for the same message and key.
    #[must_use]
    pub fn normalized(&self) -> Self {
        if self.is_low_s() {
            return *self;
        }
        let recovery_id = self.recovery_id.map(RecoveryId::flipped);
        Self { s: negated(&self.s), recovery_id, ..*self }
    }

    /// Refuses high s.
    pub fn ensure_low_s(&self) -> Result<(), SignatureError> {
        if self.is_low_s() {
            Ok(())
        } else {
            Err(SignatureError::HighS)
        }
    }
}
