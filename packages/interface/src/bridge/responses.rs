//! Answers of the bridge.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, HexBinary, Timestamp};

/// Two addresses of one person.
#[cw_serde]
pub struct Link {
    /// With EIP-55's checksum.
    pub eth_address: String,
    /// On this chain.
    pub cosmos_address: Addr,
    /// The Cosmos address's key, 33 bytes, compressed.
    pub pubkey: Binary,
    /// When it was recorded.
    pub linked_at: Timestamp,
}

/// Answer to `resolve`.
#[cw_serde]
pub struct ResolveResponse {
    /// None where the address is not linked.
    pub link: Option<Link>,
}

/// Answer to `links`.
#[cw_serde]
pub struct LinksResponse {
    /// By Ethereum address, ascending.
    pub links: Vec<Link>,
}

/// Answer to `nonce`.
#[cw_serde]
pub struct NonceResponse {
    /// What the next statement must carry; it grows by one with each link and unlink.
    pub nonce: u64,
}

/// Answer to `verify_signature`.
#[cw_serde]
pub struct VerifySignatureResponse {
    /// Whether `signer` made this signature over this message.
    pub valid: bool,
    /// Why not.
    pub reason: Option<String>,
    /// The signer's key, 33 bytes, compressed; with a valid signature only.
    pub pubkey: Option<Binary>,
    /// The key's Ethereum address.
    pub eth_address: Option<String>,
    /// The key's Cosmos address: with the prefix of `signer` if that is one, else of this chain.
    pub cosmos_address: Option<String>,
}

/// Answer to `domain`.
#[cw_serde]
pub struct DomainResponse {
    /// Chain id of this chain.
    pub chain_id: String,
    /// This contract.
    pub contract: Addr,
    /// EIP-712: name.
    pub name: String,
    /// EIP-712: version.
    pub version: String,
    /// EIP-712: chainId.
    pub evm_chain_id: u64,
    /// EIP-712: verifyingContract, the last 20 bytes of keccak256(contract).
    pub verifying_contract: String,
    /// EIP-712: salt, sha256(chain_id).
    pub salt: HexBinary,
}
