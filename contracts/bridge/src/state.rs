//! What is stored. Accounts are their 20 bytes, without prefix or checksum.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Timestamp};
use cw_storage_plus::{Item, Map};
use modelbond_signature::{CompressedKey, CosmosAddress, EthAddress};

use crate::ContractError;

/// A link, seen from its Ethereum address.
#[cw_serde]
pub struct StoredLink {
    /// The Cosmos side's key, 33 bytes; its address follows from it.
    pub pubkey: Binary,
    /// When it was recorded.
    pub linked_at: Timestamp,
}

impl StoredLink {
    /// The Cosmos side's key.
    pub(crate) fn key(&self) -> Result<CompressedKey, ContractError> {
        CompressedKey::from_slice(&self.pubkey).map_err(ContractError::input("pubkey"))
    }

    /// The Cosmos side's address.
    pub(crate) fn cosmos_address(&self, prefix: &str) -> Result<CosmosAddress, ContractError> {
        self.key()?.cosmos_address(prefix).map_err(ContractError::input("pubkey"))
    }
}

/// An Ethereum address as it is stored.
pub(crate) fn eth_address(bytes: &[u8]) -> Result<EthAddress, ContractError> {
    let bytes = <[u8; 20]>::try_from(bytes).unwrap_or_default();
    EthAddress::from_bytes(bytes).map_err(ContractError::input("eth_address"))
}

/// chainId of the EIP-712 domain. Set at instantiation, never changed.
pub const EVM_CHAIN_ID: Item<u64> = Item::new("evm_chain_id");

/// Ethereum address → link. Appears with `link`, goes with `unlink`.
pub const LINKS: Map<&[u8], StoredLink> = Map::new("links");

/// Cosmos account → Ethereum address, 20 bytes: the reverse of [`LINKS`], always together with it.
pub const ETH_ADDRESSES: Map<&[u8], Binary> = Map::new("eth_addresses");

/// Cosmos account → nonce that its next statement must carry. Appears with the first link, grows
/// by one with each link and unlink, never goes.
pub const NONCES: Map<&[u8], u64> = Map::new("nonces");
