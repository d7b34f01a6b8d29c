//! drand's chain information, `/info`, and its rounds, `/public/{round}`.

use blst::min_sig::{PublicKey, Signature};
use blst::BLST_ERROR;
use modelbond_interface::beacon::{Source, DST, SCHEME};
use modelbond_signature::sha256;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::message;

/// Why chain information or a round is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InfoError {
    /// Another scheme signs other messages.
    #[error("the scheme is {0}, only {SCHEME} is known")]
    Scheme(String),
    /// Not bytes of the right number.
    #[error("{field} must be {bytes} bytes in hexadecimal")]
    Bytes {
        /// Which field.
        field: &'static str,
        /// How many bytes it has.
        bytes: usize,
    },
    /// Not a point of G2, or nobody's.
    #[error("public_key is not a point of G2 that can sign")]
    PublicKey,
    /// No round would ever come.
    #[error("the period must be at least one second")]
    Period,
    /// The information is not what it says it is.
    #[error("hash is {given}, the rest of the information hashes to {computed}")]
    Hash {
        /// As given.
        given: String,
        /// As computed.
        computed: String,
    },
    /// Rounds are counted from 1.
    #[error("there is no round 0")]
    RoundZero,
    /// Not a point of G1, or the identity.
    #[error("the signature is not a point of G1")]
    Malformed,
    /// Of another round or another key.
    #[error("the signature is not by this key over round {round}")]
    WrongSignature {
        /// The round.
        round: u64,
    },
    /// The randomness does not belong to the signature.
    #[error("the randomness is not sha256 of the signature")]
    WrongRandomness,
}

/// drand's `/info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChainInfo {
    /// 96 bytes, hexadecimal: a point of G2, compressed.
    pub public_key: String,
    /// Seconds from one round to the next.
    pub period: u32,
    /// Seconds since 1970 at which round 1 is due.
    pub genesis_time: u64,
    /// Chain hash, 32 bytes, hexadecimal.
    pub hash: String,
    /// Group hash, 32 bytes, hexadecimal.
    #[serde(rename = "groupHash")]
    pub group_hash: String,
    /// The scheme.
    #[serde(rename = "schemeID")]
    pub scheme_id: String,
    /// Which of a network's beacons it is.
    pub metadata: Metadata,
}

/// Which of a network's beacons it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Metadata {
    /// Its name; `default` is not hashed.
    #[serde(rename = "beaconID")]
    pub beacon_id: String,
}

/// drand's `/public/{round}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Round {
    /// Its number.
    pub round: u64,
    /// sha256(signature), 32 bytes, hexadecimal; drand's newest API leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub randomness: Option<String>,
    /// 48 bytes, hexadecimal: a point of G1, compressed.
    pub signature: String,
}

impl ChainInfo {
    /// Of a key with a period and a first round.
    pub fn new(
        public_key: [u8; 96],
        group_hash: [u8; 32],
        period: u32,
        genesis_time: u64,
        beacon_id: &str,
    ) -> Self {
        let mut info = Self {
            public_key: hex::encode(public_key),
            period,
            genesis_time,
            hash: String::new(),
            group_hash: hex::encode(group_hash),
            scheme_id: SCHEME.to_owned(),
            metadata: Metadata { beacon_id: beacon_id.to_owned() },
        };
        info.hash = hex::encode(info.chain_hash(&public_key, &group_hash));
        info
    }

    /// As the contract stores it.
    pub fn of_source(source: &Source, chain_hash: &[u8]) -> Self {
        Self {
            public_key: source.public_key.to_hex(),
            period: source.period_secs,
            genesis_time: source.genesis_at.seconds(),
            hash: hex::encode(chain_hash),
            group_hash: source.group_hash.to_hex(),
            scheme_id: SCHEME.to_owned(),
            metadata: Metadata { beacon_id: source.beacon_id.clone() },
        }
    }

    /// As the contract takes it. The information was checked.
    pub fn source(&self) -> Result<Source, InfoError> {
        Ok(Source {
            public_key: bytes::<96>("public_key", &self.public_key)?.into(),
            period_secs: self.period,
            genesis_at: cosmwasm_std::Timestamp::from_seconds(self.genesis_time),
            group_hash: bytes::<32>("groupHash", &self.group_hash)?.into(),
            beacon_id: self.metadata.beacon_id.clone(),
        })
    }

    /// Refuses information that is not consistent.
    pub fn check(&self) -> Result<(), InfoError> {
        if self.scheme_id != SCHEME {
            return Err(InfoError::Scheme(self.scheme_id.chars().take(40).collect()));
        }
        if self.period == 0 {
            return Err(InfoError::Period);
        }
        let public_key = bytes("public_key", &self.public_key)?;
        PublicKey::key_validate(&public_key).map_err(|_| InfoError::PublicKey)?;
        let group_hash = bytes("groupHash", &self.group_hash)?;
        let computed = hex::encode(self.chain_hash(&public_key, &group_hash));
        if computed != self.hash.to_ascii_lowercase() {
            return Err(InfoError::Hash { given: self.hash.chars().take(64).collect(), computed });
        }
        Ok(())
    }

    /// Verifies the signature of a round.
    pub fn verify(&self, round: u64, signature: &str) -> Result<[u8; 32], InfoError> {
        if round == 0 {
            return Err(InfoError::RoundZero);
        }
        let public_key = bytes::<96>("public_key", &self.public_key)?;
        let public_key = PublicKey::key_validate(&public_key).map_err(|_| InfoError::PublicKey)?;
        let signature = bytes::<48>("signature", signature)?;
        let point = Signature::sig_validate(&signature, true).map_err(|_| InfoError::Malformed)?;
        match point.verify(false, &message(round), DST.as_bytes(), &[], &public_key, false) {
            BLST_ERROR::BLST_SUCCESS => Ok(sha256(signature)),
            _ => Err(InfoError::WrongSignature { round }),
        }
    }

    /// Verifies a round as drand serves it.
    pub fn verify_round(&self, round: &Round) -> Result<[u8; 32], InfoError> {
        let randomness = self.verify(round.round, &round.signature)?;
        match &round.randomness {
            Some(given) if bytes::<32>("randomness", given)? != randomness => {
                Err(InfoError::WrongRandomness)
            }
            _ => Ok(randomness),
        }
    }

    /// Seconds since 1970 at which a round is due.
    pub fn round_at(&self, round: u64) -> u64 {
        let periods = round.saturating_sub(1).saturating_mul(self.period.into());
        self.genesis_time.saturating_add(periods)
    }

    /// The last round that is due at `now`, seconds since 1970; none before the first.
    pub fn last_due(&self, now: u64) -> Option<u64> {
        let since = now.checked_sub(self.genesis_time)?;
        Some(since / u64::from(self.period.max(1)) + 1)
    }

    /// sha256(u32be period ‖ i64be genesis ‖ public key ‖ group hash ‖ beacon id, unless it is the
    /// default one), as drand computes it.
    fn chain_hash(&self, public_key: &[u8; 96], group_hash: &[u8; 32]) -> [u8; 32] {
        let id = match self.metadata.beacon_id.as_str() {
            "default" => "",
            id => id,
        };
        let parts: [&[u8]; 5] = [
            &self.period.to_be_bytes(),
            &self.genesis_time.to_be_bytes(),
            public_key,
            group_hash,
            id.as_bytes(),
        ];
        sha256(parts.concat())
    }
}

fn bytes<const N: usize>(field: &'static str, text: &str) -> Result<[u8; N], InfoError> {
    let fault = InfoError::Bytes { field, bytes: N };
    let bytes = hex::decode(text).map_err(|_| fault.clone())?;
    bytes.try_into().map_err(|_| fault)
}
