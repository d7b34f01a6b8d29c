//! From messages to signed bytes, `SIGN_MODE_DIRECT`.

use cosmrs::proto::cosmos::tx::v1beta1::{
    mode_info, AuthInfo, Fee, ModeInfo, SignDoc, SignerInfo, TxBody, TxRaw,
};
use cosmrs::proto::prost::Message;
use cosmrs::Any;
use cosmwasm_std::Decimal;
use sha2::{Digest, Sha256};

use crate::error::ClientError;
use crate::query::Account;
use crate::SigningKey;

/// `SIGN_MODE_DIRECT`.
const DIRECT: i32 = 1;

/// How much gas a transaction may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gas {
    /// What a simulation used, times the margin of the settings.
    #[default]
    Simulated,
    /// What a simulation used, times this.
    Margin(Decimal),
    /// This much; nothing is simulated.
    Limit(u64),
}

/// What a sender may choose about a transaction, beside its messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TxOptions {
    /// Public note.
    pub memo: String,
    /// How much gas it may use.
    pub gas: Gas,
}

/// What is signed, before the sequence is known.
pub(crate) struct Draft<'a> {
    pub(crate) messages: &'a [Any],
    pub(crate) memo: &'a str,
    pub(crate) fee: Fee,
    pub(crate) timeout_height: u64,
}

/// A signed transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) bytes: Vec<u8>,
    /// SHA-256 of the bytes: the transaction's name everywhere.
    pub(crate) id: [u8; 32],
    pub(crate) sequence: u64,
    pub(crate) timeout_height: u64,
}

impl Signed {
    /// The hash as explorers write it.
    pub(crate) fn hash(&self) -> String {
        hex::encode_upper(self.id)
    }
}

impl Draft<'_> {
    /// Signs as `account`.
    pub(crate) fn sign(
        self,
        key: &SigningKey,
        account: Account,
        chain_id: &str,
    ) -> Result<Signed, ClientError> {
        let timeout_height = self.timeout_height;
        let (body_bytes, auth_info_bytes) = self.encode(key, account.sequence)?;
        let document = SignDoc {
            body_bytes: body_bytes.clone(),
            auth_info_bytes: auth_info_bytes.clone(),
            chain_id: chain_id.to_owned(),
            account_number: account.number,
        };
        let signature = key.sign(&document.encode_to_vec()).map_err(invalid_key)?.to_vec();
        let bytes =
            TxRaw { body_bytes, auth_info_bytes, signatures: vec![signature] }.encode_to_vec();
        Ok(Signed { id: hash_of(&bytes), bytes, sequence: account.sequence, timeout_height })
    }

    /// The transaction with an empty signature, for a simulation.
    pub(crate) fn unsigned(self, key: &SigningKey, sequence: u64) -> Result<Vec<u8>, ClientError> {
        let (body_bytes, auth_info_bytes) = self.encode(key, sequence)?;
        Ok(TxRaw { body_bytes, auth_info_bytes, signatures: vec![vec![]] }.encode_to_vec())
    }

    fn encode(self, key: &SigningKey, sequence: u64) -> Result<(Vec<u8>, Vec<u8>), ClientError> {
        let body = TxBody {
            messages: self.messages.to_vec(),
            memo: self.memo.to_owned(),
            timeout_height: self.timeout_height,
            ..TxBody::default()
        };
        let single = mode_info::Single { mode: DIRECT };
        let signer = SignerInfo {
            public_key: Some(key.public_key().to_any().map_err(invalid_key)?),
            mode_info: Some(ModeInfo { sum: Some(mode_info::Sum::Single(single)) }),
            sequence,
        };
        let auth =
            AuthInfo { signer_infos: vec![signer], fee: Some(self.fee), ..AuthInfo::default() };
        Ok((body.encode_to_vec(), auth.encode_to_vec()))
    }
}

/// SHA-256 of a transaction's bytes.
pub(crate) fn hash_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn invalid_key(error: cosmrs::ErrorReport) -> ClientError {
    ClientError::InvalidKey { cause: error.to_string() }
}
