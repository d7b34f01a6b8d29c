//! A key on a chain: signs, pays, sends, and waits until the chain has answered.
//!
//! Not done here: offline signing, multisig, fee grants. The key never leaves the process and is
//! never logged.

use std::sync::Arc;

use cosmrs::proto::cosmos::tx::v1beta1::Fee;
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgInstantiateContract2Response, MsgInstantiateContractResponse, MsgStoreCodeResponse,
};
use cosmrs::Any;
use cosmwasm_std::{Coin, Decimal};
use serde::Serialize;

use crate::client::Client;
use crate::error::ClientError;
use crate::keys;
use crate::messages::{self, Instantiation};
use crate::query::Account;
use crate::receipt::Receipt;
use crate::sequence::Sequence;
use crate::transaction::{hash_of, Draft, Gas, Signed, TxOptions};
use crate::SigningKey;

/// One key on one chain. Clones share the key and its sequence.
#[derive(Clone)]
pub struct Signer {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    key: SigningKey,
    address: String,
    sequence: Sequence,
}

impl Signer {
    pub(crate) fn new(client: Client, key: SigningKey) -> Self {
        // The key is of secp256k1 by its type, the prefix was checked by `connect`.
        let address = keys::account_id(&key, &client.network().prefix)
            .expect("a secp256k1 key and a checked prefix have an address")
            .to_string();
        Self { inner: Arc::new(Inner { client, key, address, sequence: Sequence::default() }) }
    }

    /// The account's address.
    pub fn address(&self) -> &str {
        &self.inner.address
    }

    /// The client it sends with.
    pub fn client(&self) -> &Client {
        &self.inner.client
    }

    pub(crate) fn sequence(&self) -> &Sequence {
        &self.inner.sequence
    }

    /// Executes `contract`.
    pub async fn execute(
        &self,
        contract: &str,
        msg: &(impl Serialize + ?Sized),
        funds: &[Coin],
    ) -> Result<Receipt, ClientError> {
        let message = messages::execute(self.address(), contract, msg, funds)?;
        self.broadcast(vec![message], "").await
    }

    /// Sends coins.
    pub async fn send(&self, to: &str, coins: &[Coin]) -> Result<Receipt, ClientError> {
        self.broadcast(vec![messages::send(self.address(), to, coins)], "").await
    }

    /// Stores a code; returns its id. The chain's checksum must be that of `wasm`.
    pub async fn store(&self, wasm: impl AsRef<[u8]>) -> Result<(u64, Receipt), ClientError> {
        let wasm = wasm.as_ref();
        let receipt = self.broadcast(vec![messages::store(self.address(), wasm)?], "").await?;
        let stored: MsgStoreCodeResponse = receipt.response(0)?;
        if wasm.starts_with(b"\0asm") && stored.checksum != hash_of(wasm) {
            return Err(ClientError::InvalidAnswer {
                what: format!("the checksum of code {}", stored.code_id),
                cause: hex::encode(stored.checksum),
            });
        }
        Ok((stored.code_id, receipt))
    }

    /// Makes a contract; returns its address.
    pub async fn instantiate(
        &self,
        code_id: u64,
        label: &str,
        msg: &(impl Serialize + ?Sized),
        funds: &[Coin],
        admin: Option<&str>,
    ) -> Result<(String, Receipt), ClientError> {
        let contract = Instantiation { code_id, label, funds, admin };
        let message = messages::instantiate(self.address(), &contract, msg)?;
        let receipt = self.broadcast(vec![message], "").await?;
        let made: MsgInstantiateContractResponse = receipt.response(0)?;
        Ok((made.address, receipt))
    }

    /// Makes a contract at the address of [`messages::predicted_address`].
    pub async fn instantiate2(
        &self,
        contract: Instantiation<'_>,
        msg: &(impl Serialize + ?Sized),
        salt: &[u8],
    ) -> Result<(String, Receipt), ClientError> {
        let message = messages::instantiate2(self.address(), &contract, msg, salt)?;
        let receipt = self.broadcast(vec![message], "").await?;
        let made: MsgInstantiateContract2Response = receipt.response(0)?;
        Ok((made.address, receipt))
    }

    /// Sends one transaction with all `messages`, which succeed or fail together, and waits for its
    /// block.
    pub async fn broadcast(
        &self,
        messages: Vec<Any>,
        memo: impl Into<String>,
    ) -> Result<Receipt, ClientError> {
        self.broadcast_with(messages, TxOptions { memo: memo.into(), ..TxOptions::default() }).await
    }

    /// The same with other gas.
    ///
    /// Dropping the future loses the answer, not the transaction: it may still be included.
    pub async fn broadcast_with(
        &self,
        messages: Vec<Any>,
        options: TxOptions,
    ) -> Result<Receipt, ClientError> {
        let sent = self.deliver(&messages, &options).await?;
        self.confirm(sent).await
    }

    /// Gas that `messages` would use now, without margin.
    pub async fn simulate(&self, messages: Vec<Any>) -> Result<u64, ClientError> {
        let account = self.current_account().await?;
        let mut simulated = self.simulate_as(account.sequence, &messages, "").await;
        if let Err(ClientError::SequenceMismatch { expected, .. }) = simulated {
            simulated = self.simulate_as(expected, &messages, "").await;
        }
        simulated
    }

    /// Number and next sequence as far as the chain and this signer know.
    pub(crate) async fn current_account(&self) -> Result<Account, ClientError> {
        Ok(self.sequence().ahead(self.client().account(self.address()).await?))
    }

    /// Signs for `account`, with gas and timeout height from a fresh look at the chain.
    pub(crate) async fn sign(
        &self,
        account: Account,
        messages: &[Any],
        options: &TxOptions,
    ) -> Result<Signed, ClientError> {
        let client = self.client();
        let settings = client.settings();
        // The height first: the transaction cannot be in that block or an earlier one.
        let height = client.latest_block().await?.height;
        let gas = match options.gas {
            Gas::Limit(gas) => gas,
            Gas::Simulated => {
                self.simulate_with(settings.gas_margin, account, messages, &options.memo).await?
            }
            Gas::Margin(margin) => {
                self.simulate_with(margin, account, messages, &options.memo).await?
            }
        };
        let amount = client.network().gas_price.fee(gas);
        let draft = Draft {
            messages,
            memo: &options.memo,
            fee: Fee { amount, gas_limit: gas, ..Fee::default() },
            timeout_height: height.saturating_add(settings.timeout_blocks),
        };
        draft.sign(&self.inner.key, account, client.pool().chain_id())
    }

    /// Simulated gas times `margin`.
    async fn simulate_with(
        &self,
        margin: Decimal,
        account: Account,
        messages: &[Any],
        memo: &str,
    ) -> Result<u64, ClientError> {
        let limit = self.client().settings().max_gas;
        let used = self.simulate_as(account.sequence, messages, memo).await?;
        let needed = Decimal::from_ratio(used, 1u8)
            .checked_mul(margin)
            .map_or(u128::MAX, |gas| gas.to_uint_ceil().u128());
        let needed = u64::try_from(needed).unwrap_or(u64::MAX);
        if needed > limit {
            return Err(ClientError::GasAboveLimit { needed, limit });
        }
        Ok(needed)
    }

    async fn simulate_as(
        &self,
        sequence: u64,
        messages: &[Any],
        memo: &str,
    ) -> Result<u64, ClientError> {
        // Taking the fee costs gas too, more than a margin covers; its amount does not matter.
        let amount = self.client().network().gas_price.least_fee();
        let fee = Fee { amount, ..Fee::default() };
        let draft = Draft { messages, memo, fee, timeout_height: 0 };
        self.client().simulated_gas(draft.unsigned(&self.inner.key, sequence)?).await
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("address", &self.inner.address).finish_non_exhaustive()
    }
}
