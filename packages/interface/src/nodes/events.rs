//! Events of the nodes contract.

use crate::event::typed_events;

typed_events! {
    /// A node was registered.
    NodeRegistered = "node_registered" {
        /// Its number.
        node_id: u64,
        /// Its owner.
        owner: String,
        /// Its attestation key, in hexadecimal.
        attestation_key: String,
        /// Its VRF key, in hexadecimal.
        vrf_key: String,
        /// The epoch from which they count.
        from_epoch: u64,
        /// Class of the machine, self-reported.
        device_class: String,
    }

    /// New keys were announced.
    NodeKeysRotated = "node_keys_rotated" {
        /// The node.
        node_id: u64,
        /// Who announced them.
        by: String,
        /// Attestation key, in hexadecimal.
        attestation_key: String,
        /// VRF key, in hexadecimal.
        vrf_key: String,
        /// The epoch from which they count.
        from_epoch: u64,
    }

    /// Announced keys were taken back.
    NodeRotationCancelled = "node_rotation_cancelled" {
        /// The node.
        node_id: u64,
    }

    /// A node was taken out of service.
    NodeRetired = "node_retired" {
        /// The node.
        node_id: u64,
    }

    /// A node is ready for a run.
    NodeReady = "node_ready" {
        /// The run.
        run_id: u64,
        /// The epoch it is ready in.
        epoch: u64,
        /// The node.
        node_id: u64,
        /// Its units.
        units: u32,
        /// The build it declared.
        build: String,
        /// The architecture it declared.
        arch: String,
    }

    /// Tokens were staked.
    NodeStaked = "node_staked" {
        /// The model.
        model: String,
        /// The node.
        node_id: u64,
        /// Tokens.
        amount: u128,
        /// Its stake from now on.
        stake: u128,
    }

    /// Tokens are being unstaked.
    NodeUnstaked = "node_unstaked" {
        /// The model.
        model: String,
        /// The node.
        node_id: u64,
        /// Tokens.
        amount: u128,
        /// Its stake from now on.
        stake: u128,
        /// When they can be withdrawn, in nanoseconds since 1970.
        unbonds_at: u64,
    }

    /// Unbonded tokens were paid out.
    NodeWithdrawn = "node_withdrawn" {
        /// The model.
        model: String,
        /// The node.
        node_id: u64,
        /// Its owner, who got them.
        owner: String,
        /// Tokens.
        amount: u128,
    }

    /// A stake was slashed.
    NodeSlashed = "node_slashed" {
        /// The model.
        model: String,
        /// The node.
        node_id: u64,
        /// Tokens.
        amount: u128,
        /// Its stake from now on, without what unbonds.
        stake: u128,
    }

    /// Members of an old roster were removed.
    RosterPruned = "roster_pruned" {
        /// The run.
        run_id: u64,
        /// The roster's epoch.
        epoch: u64,
        /// How many members.
        members: u32,
        /// How many are left.
        left: u32,
    }
}
