//! What Modelbond asks keys to sign, as typed structs. One list of fields gives the EIP-712 type,
//! the canonical sign bytes and the line that a wallet shows.

use crate::address::{CosmosAddress, EthAddress};
use crate::typed_data::{Json, Member};

/// A value of a statement, in both encodings.
pub trait Field {
    /// Its EIP-712 type.
    const KIND: &'static str;
    /// As EIP-712 JSON.
    fn json(&self) -> Json;
    /// As a field of the sign bytes: numbers big-endian, text as UTF-8, lists as their elements
    /// with four bytes of length before each.
    fn bytes(&self) -> Vec<u8>;
}

impl Field for String {
    const KIND: &'static str = "string";
    fn json(&self) -> Json {
        Json::text(self)
    }
    fn bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

impl Field for CosmosAddress {
    const KIND: &'static str = "string";
    fn json(&self) -> Json {
        Json::text(self.as_str())
    }
    fn bytes(&self) -> Vec<u8> {
        self.as_str().as_bytes().to_vec()
    }
}

impl Field for EthAddress {
    const KIND: &'static str = "address";
    fn json(&self) -> Json {
        Json::text(self.to_string())
    }
    fn bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

impl Field for [u8; 32] {
    const KIND: &'static str = "bytes32";
    fn json(&self) -> Json {
        Json::text(format!("0x{}", hex::encode(self)))
    }
    fn bytes(&self) -> Vec<u8> {
        self.to_vec()
    }
}

impl Field for Vec<u8> {
    const KIND: &'static str = "bytes";
    fn json(&self) -> Json {
        Json::text(format!("0x{}", hex::encode(self)))
    }
    fn bytes(&self) -> Vec<u8> {
        self.clone()
    }
}

impl Field for Vec<String> {
    const KIND: &'static str = "string[]";
    fn json(&self) -> Json {
        Json::List(self.iter().map(Json::text).collect())
    }
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for text in self {
            bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes
    }
}

macro_rules! numbers {
    ($($type:ident = $kind:literal)*) => {$(
        impl Field for $type {
            const KIND: &'static str = $kind;
            fn json(&self) -> Json {
                Json::text(self.to_string())
            }
            fn bytes(&self) -> Vec<u8> {
                self.to_be_bytes().to_vec()
            }
        }
    )*};
}
numbers! { u8 = "uint8" u32 = "uint32" u64 = "uint64" }

/// Something that a key signs.
pub trait Statement {
    /// The domain of its sign bytes.
    const PURPOSE: &'static str;
    /// Its EIP-712 type.
    const TYPE: &'static str;
    /// What the signer agrees to, for a wallet's window: one line.
    fn headline(&self) -> String;
    /// Members of the EIP-712 type, in order.
    fn members() -> Vec<Member>;
    /// Values of the members.
    fn values(&self) -> Vec<Json>;
    /// Fields of the sign bytes, in the same order.
    fn fields(&self) -> Vec<Vec<u8>>;
}

macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $purpose:literal, $headline:literal {
        $($(#[$field_meta:meta])* $field:ident: $kind:ty,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $kind,)* }

        impl Statement for $name {
            const PURPOSE: &'static str = $purpose;
            const TYPE: &'static str = stringify!($name);

            #[allow(unused_variables)] // a headline does not name every field
            fn headline(&self) -> String {
                let Self { $($field),* } = self;
                format!($headline)
            }

            fn members() -> Vec<Member> {
                vec![$(Member::new(stringify!($field), <$kind as Field>::KIND)),*]
            }

            fn values(&self) -> Vec<Json> {
                vec![$(self.$field.json()),*]
            }

            fn fields(&self) -> Vec<Vec<u8>> {
                vec![$(self.$field.bytes()),*]
            }
        }
    )*};
}

statements! {
    /// An Ethereum and a Cosmos address belong to the same person. Signed by both keys, which may
    /// be one.
    Link = "link", "link {eth_address} with {cosmos_address}" {
        /// The Ethereum side.
        eth_address: EthAddress,
        /// The Cosmos side.
        cosmos_address: CosmosAddress,
    }

    /// They no longer do. Signed by either key.
    Unlink = "unlink", "end the link of {eth_address} with {cosmos_address}" {
        /// The Ethereum side.
        eth_address: EthAddress,
        /// The Cosmos side.
        cosmos_address: CosmosAddress,
    }

    /// A node did this work in this slot of a training round.
    Attestation = "attestation", "attest work of node {node_id} in round {round_id} of run {run_id}" {
        /// Training run.
        run_id: u64,
        /// Round of the run.
        round_id: u64,
        /// Chain hash of the beacon.
        beacon: [u8; 32],
        /// The round's assignment seed A.
        assignment: [u8; 32],
        /// Group.
        group: u32,
        /// Slot in the group.
        slot: u32,
        /// `trainer` or `witness`.
        role: String,
        /// Node.
        node_id: u64,
        /// Epoch since which the node's key is valid.
        key_epoch: u64,
        /// Digest of the work.
        work: [u8; 32],
        /// `exact` or `scored`.
        mode: String,
        /// Class of the machine, such as `jetson_orin`.
        device_class: String,
        /// 0 self-reported, 1 key in fTPM, 2 endorsed chain.
        attestation_level: u8,
        /// Seconds since 1970.
        started_at: u64,
        /// Seconds since 1970.
        ended_at: u64,
    }

    /// Data or an improvement given to a model.
    Contribution = "contribution", "contribute {data} to the model {model}" {
        /// Address of the model's market.
        model: String,
        /// Who owns the contribution.
        contributor: String,
        /// Where the data is, or what it is.
        data: String,
        /// SHA-256 of the data.
        data_hash: [u8; 32],
        /// Token ids of the contributions it is built on, at most 16.
        parents: Vec<String>,
    }

    /// A user's opinion of a model.
    Feedback = "feedback", "give the model {model} {score} of 10" {
        /// Address of the model's market.
        model: String,
        /// Who has paid for using it.
        user: String,
        /// Epoch of the usage.
        epoch: u64,
        /// 0 to 10.
        score: u8,
    }

    /// A block of another chain has this root.
    RootAttestation = "root_attestation", "attest block {height} of {source_chain}" {
        /// The other chain.
        source_chain: String,
        /// Contract there whose purchases are relayed.
        gateway: String,
        /// Height of the block.
        height: u64,
        /// Hash of the block.
        block_hash: [u8; 32],
        /// Root that purchases are proved against.
        root: [u8; 32],
        /// Set of attesters.
        set_id: u64,
    }

    /// A node belongs to an owner and has these keys.
    Registration = "registration", "register node {node_id} for {owner}" {
        /// Node.
        node_id: u64,
        /// Account that owns it.
        owner: String,
        /// Attestation key, compressed.
        attestation_key: Vec<u8>,
        /// VRF key.
        vrf_key: [u8; 32],
        /// Class of the machine, such as `jetson_orin`.
        device_class: String,
    }

    /// A node's keys are replaced.
    KeyRotation = "key_rotation", "replace the keys of node {node_id}" {
        /// Node.
        node_id: u64,
        /// Account that owns it.
        owner: String,
        /// New attestation key, compressed.
        attestation_key: Vec<u8>,
        /// New VRF key.
        vrf_key: [u8; 32],
    }
}
