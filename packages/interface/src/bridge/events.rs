//! Events of the bridge.

use crate::event::typed_events;

typed_events! {
    /// Two addresses were linked.
    BridgeLinked = "bridge_linked" {
        /// With EIP-55's checksum.
        eth_address: String,
        /// On this chain.
        cosmos_address: String,
        /// The Cosmos address's key, compressed, in hexadecimal.
        pubkey: String,
        /// The nonce that was used.
        nonce: u64,
    }

    /// A link was ended.
    BridgeUnlinked = "bridge_unlinked" {
        /// With EIP-55's checksum.
        eth_address: String,
        /// On this chain.
        cosmos_address: String,
        /// The nonce that was used.
        nonce: u64,
    }
}
