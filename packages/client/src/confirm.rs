//! What became of a transaction: looked up by hash, and past its timeout height in the blocks.
//!
//! "Not found" by hash proves nothing: indexing lags behind and can be switched off. A transaction
//! is declared dead only when the chain is past its timeout height and none of the blocks it could
//! be in has it.

use std::time::{Duration, Instant};

use tendermint_rpc::endpoint::{block, tx};

use crate::block::block_height;
use crate::broadcast::Sent;
use crate::client::Client;
use crate::endpoint::EndpointError;
use crate::error::ClientError;
use crate::pool::Fault;
use crate::receipt::Receipt;
use crate::signer::Signer;
use crate::transaction::hash_of;

/// The first pause between two looks; it doubles up to the settings' `poll_interval`.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A transaction in a block: its receipt, or the error it failed with there.
pub(crate) type Outcome = Result<Receipt, ClientError>;

impl Client {
    /// The transaction with `hash` (hex). `None` when no block is known to have it; the typed error
    /// it failed with when it failed in a block.
    pub async fn transaction(&self, hash: &str) -> Result<Option<Receipt>, ClientError> {
        let mut id = [0; 32];
        hex::decode_to_slice(hash, &mut id)
            .map_err(|_| ClientError::NotFound { what: format!("transaction {hash:?}") })?;
        self.find(&id).await?.transpose()
    }

    /// Looks a hash up in the index of one endpoint that has one.
    pub(crate) async fn find(&self, id: &[u8; 32]) -> Result<Option<Outcome>, ClientError> {
        let request = tx::Request::new(tendermint::Hash::Sha256(*id), false);
        self.pool()
            .ask(request, |answer| match answer {
                Ok(found) if hash_of(&found.tx) == *id => Ok(Some(Receipt::settle(
                    hex::encode_upper(id),
                    found.height.value(),
                    &found.tx_result,
                ))),
                Ok(_) => Err(Fault::Next(EndpointError::Garbage("another transaction".into()))),
                Err(EndpointError::Node { data, .. }) if data.contains("not found") => Ok(None),
                Err(error) => Err(Fault::Next(error)),
            })
            .await
    }

    /// Looks a hash up in the blocks from `first` to `last`.
    async fn find_in_blocks(
        &self,
        id: &[u8; 32],
        first: u64,
        last: u64,
    ) -> Result<Option<Outcome>, ClientError> {
        for height in first..=last {
            let Some(index) = self.position(id, height).await? else {
                continue;
            };
            let results = self.block_results(height).await?.txs_results.unwrap_or_default();
            let result = results.get(index).ok_or_else(|| ClientError::InvalidAnswer {
                what: format!("results of block {height}"),
                cause: format!("no result {index}"),
            })?;
            return Ok(Some(Receipt::settle(hex::encode_upper(id), height, result)));
        }
        Ok(None)
    }

    async fn position(&self, id: &[u8; 32], height: u64) -> Result<Option<usize>, ClientError> {
        let at = block_height(height)?;
        self.pool()
            .ask(block::Request::new(at), |answer| {
                let block = answer.map_err(Fault::Next)?.block;
                if block.header.height != at {
                    return Err(Fault::Next(EndpointError::Garbage("another block".into())));
                }
                Ok(block.data.iter().position(|tx| hash_of(tx) == *id))
            })
            .await
    }
}

impl Signer {
    /// Waits until the transaction is in a block or known never to be.
    pub(crate) async fn confirm(&self, mut sent: Sent) -> Outcome {
        let settings = self.client().settings().clone();
        let started = Instant::now();
        let mut pause = FIRST_PAUSE.min(settings.poll_interval);
        loop {
            let cause = match self.look(&sent).await {
                Ok(Some(outcome)) => {
                    self.sequence().included(sent.signed.sequence);
                    return outcome;
                }
                Ok(None) => "no block has it yet".to_owned(),
                // Its sequence is free again; whoever signs next learns that from the chain.
                Err(Lookup::Dead) => return Err(dead(&mut sent)),
                Err(Lookup::Failed(error)) => {
                    tracing::warn!(hash = sent.signed.hash(), %error, "cannot look for the transaction");
                    error.to_string()
                }
            };
            if started.elapsed() > settings.confirm_within {
                let (hash, timeout_height) = (sent.signed.hash(), sent.signed.timeout_height);
                return Err(ClientError::Unconfirmed { hash, timeout_height, cause });
            }
            if !sent.taken && sent.refused.is_none() {
                self.offer_again(&mut sent).await;
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2).min(settings.poll_interval);
        }
    }

    /// One look, by hash and, once the timeout height has passed, in the blocks.
    async fn look(&self, sent: &Sent) -> Result<Option<Outcome>, Lookup> {
        let client = self.client();
        let signed = &sent.signed;
        // The height first: what it already counts, the lookup and the blocks must show.
        let height = client.latest_block().await.map_err(Lookup::Failed)?.height;
        let found = client.find(&signed.id).await;
        if let Ok(Some(outcome)) = found {
            return Ok(Some(outcome));
        }
        if height <= signed.timeout_height {
            return found.map_err(Lookup::Failed);
        }
        let first = signed.timeout_height.saturating_sub(client.settings().timeout_blocks);
        match client.find_in_blocks(&signed.id, first.max(1), signed.timeout_height).await {
            Ok(None) => Err(Lookup::Dead),
            Ok(found) => Ok(found),
            Err(error) => Err(Lookup::Failed(error)),
        }
    }
}

/// Why a look did not find a transaction.
enum Lookup {
    /// It is in none of the blocks it could be in.
    Dead,
    /// Nobody could tell.
    Failed(ClientError),
}

/// The error of a transaction that will never be included: what it was refused for, if a node said.
fn dead(sent: &mut Sent) -> ClientError {
    match sent.refused.take() {
        None | Some(ClientError::SequenceMismatch { .. }) => ClientError::Timeout {
            hash: sent.signed.hash(),
            timeout_height: sent.signed.timeout_height,
        },
        Some(refused) => refused,
    }
}
