//! Messages and queries of the bridge.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, Timestamp};
pub use modelbond_signature::Scheme;

use super::{
    DomainResponse, LinksResponse, NonceResponse, ResolveResponse, VerifySignatureResponse,
};

/// Makes a bridge. Nothing of it can be changed afterwards.
#[cw_serde]
pub struct InstantiateMsg {
    /// chainId of the EIP-712 domain: the chain that people's Ethereum wallets are connected to,
    /// which most wallets insist on; 1 is Ethereum's main chain. The Cosmos chain is in the
    /// domain's salt.
    pub evm_chain_id: u64,
}

/// A signature over the message's own statement.
#[cw_serde]
pub struct Proof {
    /// Its scheme.
    pub scheme: Scheme,
    /// 65 bytes (Ethereum) or 64 bytes (Cosmos), low-s.
    pub signature: Binary,
}

/// A signature that replaces the sender's authority.
#[cw_serde]
pub struct UnlinkProof {
    /// Its scheme: an Ethereum one by the Ethereum address, a Cosmos one by the Cosmos key.
    pub scheme: Scheme,
    /// 65 bytes (Ethereum) or 64 bytes (Cosmos), low-s.
    pub signature: Binary,
    /// The Cosmos address's next nonce, see `nonce`.
    pub nonce: u64,
    /// Signed with whole seconds; later blocks refuse it, and so do blocks more than 7 days earlier.
    pub expires_at: Timestamp,
}

/// Messages. No coins may be attached to any of them.
#[cw_serde]
pub enum ExecuteMsg {
    /// Records that an Ethereum and a Cosmos address belong to the same person. Anyone may send
    /// it: both addresses have signed `Link{eth_address, cosmos_address}` with the nonce and the
    /// expiry. The keys may be one key or two. Refused while either address is linked.
    Link {
        /// `0x` and 40 digits, EIP-55 checksum where capitals are mixed.
        eth_address: String,
        /// The Cosmos address's key, 33 bytes, compressed.
        pubkey: Binary,
        /// By the Ethereum address: `eip191` or `eip712`.
        eth_proof: Proof,
        /// By the Cosmos key: `adr036` or `direct`.
        cosmos_proof: Proof,
        /// The Cosmos address's next nonce, see `nonce`.
        nonce: u64,
        /// Signed with whole seconds; later blocks refuse it, and so do blocks more than 7 days earlier.
        expires_at: Timestamp,
    },
    /// Ends a link. The Cosmos address sends it, or anyone with a signature of either address over
    /// `Unlink{eth_address, cosmos_address}`.
    Unlink {
        /// The link's Ethereum address.
        eth_address: String,
        /// Needed from everybody but the link's Cosmos address.
        proof: Option<UnlinkProof>,
    },
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The link of an address, if it has one.
    #[returns(ResolveResponse)]
    Resolve {
        /// An Ethereum address (`0x…`) or an address of this chain.
        address: String,
    },
    /// All links, by Ethereum address.
    #[returns(LinksResponse)]
    Links {
        /// Ethereum address after which to start.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The nonce that the next statement of a Cosmos address must carry.
    #[returns(NonceResponse)]
    Nonce {
        /// An address of this chain.
        cosmos_address: String,
    },
    /// Whether a signature is valid, and who made it. A signature that is not valid is an answer,
    /// not an error.
    #[returns(VerifySignatureResponse)]
    VerifySignature {
        /// How the message was hashed.
        scheme: Scheme,
        /// `eip191` and `adr036`: the bytes. `eip712`: the JSON of the typed data, as
        /// `eth_signTypedData_v4` takes it. `direct`: the SignDoc.
        message: Binary,
        /// 65 bytes (Ethereum) or 64 bytes (Cosmos), low-s.
        signature: Binary,
        /// Who is said to have signed: an Ethereum address (`0x…`), a Cosmos address of any chain,
        /// or a compressed public key in hexadecimal. `adr036` hashes the Cosmos address: an
        /// Ethereum address cannot stand for it, and a key stands for its address on this chain.
        signer: String,
    },
    /// What signatures for this contract are bound to.
    #[returns(DomainResponse)]
    Domain {},
}
