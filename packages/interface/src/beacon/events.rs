//! Events of the beacon.

use crate::event::typed_events;

typed_events! {
    /// A round was verified and stored.
    BeaconRoundSubmitted = "beacon_round_submitted" {
        /// 0: the source of instantiation; 1: the one it was switched to.
        source: u8,
        /// The source's own number.
        round: u64,
        /// 48 bytes, in hexadecimal.
        signature: String,
        /// sha256(signature), in hexadecimal.
        randomness: String,
    }

    /// The switch to a public network was announced.
    BeaconSourceAnnounced = "beacon_source_announced" {
        /// Its index.
        source: u8,
        /// Its chain hash, in hexadecimal.
        chain_hash: String,
        /// When it takes effect, in nanoseconds since 1970.
        switch_at: u64,
        /// Its first round from then on.
        first_round: u64,
    }

    /// The first round of the public network was stored.
    BeaconSourceSwitched = "beacon_source_switched" {
        /// Its index.
        source: u8,
        /// Its chain hash, in hexadecimal.
        chain_hash: String,
        /// The round.
        round: u64,
    }

    /// Old rounds were removed.
    BeaconPruned = "beacon_pruned" {
        /// How many.
        rounds: u32,
        /// Source of the last round that was looked at.
        source: u8,
        /// The last round that was looked at: where to go on.
        round: u64,
    }
}
