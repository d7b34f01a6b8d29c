//! Blocks and their events, height by height.

use cosmwasm_std::Event;
use tendermint::block::Height;
use tendermint_rpc::endpoint::{block_results, blockchain, status};

use crate::client::Client;
use crate::endpoint::EndpointError;
use crate::error::ClientError;
use crate::pool::Fault;
use crate::receipt::event;

/// A block's header in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Height.
    pub height: u64,
    /// Block time, nanoseconds since 1970.
    pub time: u64,
    /// Block hash, upper-case hex.
    pub hash: String,
}

/// Everything that happened in one block.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockEvents {
    /// Height.
    pub height: u64,
    /// Events of the block itself, outside transactions.
    pub block: Vec<Event>,
    /// One entry per transaction, in the order of the block.
    pub transactions: Vec<BlockTransaction>,
}

/// One transaction's part of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockTransaction {
    /// 0 when it succeeded.
    pub code: u32,
    /// Gas used.
    pub gas_used: u64,
    /// Its events; of a failed transaction only the fee's.
    pub events: Vec<Event>,
}

impl Client {
    /// The newest block of the endpoint that answers.
    pub async fn latest_block(&self) -> Result<Block, ClientError> {
        self.pool()
            .ask(status::Request, |answer| {
                let info = answer.map_err(Fault::Next)?.sync_info;
                Ok(Block {
                    height: info.latest_block_height.value(),
                    time: nanos(info.latest_block_time)?,
                    hash: info.latest_block_hash.to_string(),
                })
            })
            .await
    }

    /// The block at `height`; [`ClientError::NotFound`] when no endpoint has it.
    pub async fn block(&self, height: u64) -> Result<Block, ClientError> {
        let at = block_height(height)?;
        let asked = self
            .pool()
            .ask(blockchain::Request::new(at, at), |answer| {
                let metas = answer.map_err(Fault::Next)?.block_metas;
                let meta = metas
                    .into_iter()
                    .find(|meta| meta.header.height == at)
                    .ok_or_else(|| Fault::Next(absent(height)))?;
                Ok(Block {
                    height,
                    time: nanos(meta.header.time)?,
                    hash: meta.block_id.hash.to_string(),
                })
            })
            .await;
        missing_block(height, asked)
    }

    /// Block time at `height`, nanoseconds since 1970.
    pub async fn block_time(&self, height: u64) -> Result<u64, ClientError> {
        Ok(self.block(height).await?.time)
    }

    /// The events of the block at `height`; [`ClientError::NotFound`] when no endpoint has it.
    pub async fn block_events(&self, height: u64) -> Result<BlockEvents, ClientError> {
        let results = self.block_results(height).await?;
        let transactions = results
            .txs_results
            .unwrap_or_default()
            .into_iter()
            .map(|result| BlockTransaction {
                code: result.code.value(),
                gas_used: result.gas_used.try_into().unwrap_or_default(),
                events: result.events.iter().map(event).collect(),
            })
            .collect();
        let block = results.finalize_block_events.iter().map(event).collect();
        Ok(BlockEvents { height, block, transactions })
    }

    pub(crate) async fn block_results(
        &self,
        height: u64,
    ) -> Result<block_results::Response, ClientError> {
        let at = block_height(height)?;
        let asked = self
            .pool()
            .ask(block_results::Request::new(at), |answer| {
                let results = answer.map_err(Fault::Next)?;
                if results.height != at {
                    return Err(Fault::Next(absent(height)));
                }
                Ok(results)
            })
            .await;
        missing_block(height, asked)
    }
}

pub(crate) fn block_height(height: u64) -> Result<Height, ClientError> {
    Height::try_from(height)
        .map_err(|_| ClientError::NotFound { what: format!("block at height {height}") })
}

fn absent(height: u64) -> EndpointError {
    EndpointError::Garbage(format!("not the block at height {height}"))
}

/// "No endpoint has it" in the words of a node that has not come so far or has pruned it.
fn missing_block<T>(height: u64, asked: Result<T, ClientError>) -> Result<T, ClientError> {
    match asked {
        Err(ClientError::Unreachable { tried })
            if tried.iter().any(|failure| {
                ["must be less than or equal to", "can't be greater than", "is not available"]
                    .iter()
                    .any(|text| failure.cause.contains(text))
            }) =>
        {
            Err(ClientError::NotFound { what: format!("block at height {height}") })
        }
        other => other,
    }
}

fn nanos(time: tendermint::Time) -> Result<u64, Fault> {
    u64::try_from(time.unix_timestamp_nanos()).map_err(|_| {
        Fault::Next(EndpointError::Garbage("block time before 1970 or after 2554".into()))
    })
}
