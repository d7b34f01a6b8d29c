//! Messages of provenance: cw721's, and its own.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Coin, Empty, Timestamp};
use cw721::msg::CollectionInfoMsg;
use cw721::{Action, Expiration};
use modelbond_signature::Scheme;

use crate::hash::Hash32;

/// Makes provenance. Nothing of this can be changed.
#[cw_serde]
pub struct InstantiateMsg {
    /// The registry: who owns a model, what it is built on.
    pub registry: String,
    /// Training, which mints, and which is told who pays.
    pub training: String,
    /// The beacon that witnesses of offered contributions are drawn from.
    pub beacon: String,
    /// chainId of the EIP-712 domain of signed contributions.
    pub evm_chain_id: u64,
    /// How long witnesses of an offered contribution have to commit, and again to reveal: 5 s to 7 days.
    pub witness_secs: u64,
}

/// A contribution that training accepted.
#[cw_serde]
#[derive(Eq)]
pub struct Mint {
    /// Its NFT's id, 1 to 64 bytes, see [`round_token_id`].
    pub token_id: String,
    /// The model's market.
    pub model: Addr,
    /// Who contributed: the first holder.
    pub contributor: Addr,
    /// H(D_i): hash of what was contributed; D("shard_data", dataset root, parts of the dataset, shard) of
    /// a round's group.
    pub data_hash: Hash32,
    /// α_i: quality, in millionths, at most 1,000,000.
    pub quality: u32,
    /// ΔM_i: improvement of the model, in millionths, −1,000,000 to 1,000,000.
    pub improvement: i32,
    /// t_i: when it was accepted.
    pub at: Timestamp,
    /// What was attested: D("work", …) of a round's group.
    pub attestation: Hash32,
    /// Training run.
    pub run_id: u64,
    /// Its round.
    pub round_id: u64,
    /// Ids of contributions that it is built on, minted or not yet. At most 16.
    pub parents: Vec<String>,
}

/// The id of the NFT of a round's group: `run-round-group`.
#[must_use]
pub fn round_token_id(run_id: u64, round_id: u64, group: u8) -> String {
    format!("{run_id}-{round_id}-{group}")
}

/// The id of the NFT of an offered contribution: `offer-number`.
#[must_use]
pub fn offer_token_id(offer_id: u64) -> String {
    format!("offer-{offer_id}")
}

/// Data or an improvement that somebody offers to a model.
#[cw_serde]
#[derive(Eq)]
pub struct Offered {
    /// The model's market.
    pub model: String,
    /// Who contributes; a Cosmos address.
    pub contributor: String,
    /// Where the data is, or what it is: at most 256 bytes.
    pub data: String,
    /// SHA-256 of the data: offered once for each model, unless the offer was rejected.
    pub data_hash: Hash32,
    /// Ids of NFTs that it is built on. At most 16.
    pub parents: Vec<String>,
}

/// The contributor's signature where somebody else sends the offer. It is good for one offer.
#[cw_serde]
pub struct SignedContribution {
    /// The contributor's key, 33 bytes: its Cosmos address is the contributor.
    pub pubkey: Binary,
    /// Scheme of the signature.
    pub scheme: Scheme,
    /// Signature over a `Contribution`, with nonce 0, in the scheme's own format.
    pub signature: Binary,
    /// Until when it is valid.
    pub expires_at: Timestamp,
}

/// Messages. Coins may be attached to `pay_usage` and `contribute` only.
#[cw_serde]
pub enum ExecuteMsg {
    /// Mints the NFT of a contribution. By training, once for each.
    MintContribution(Box<Mint>),
    /// Pays for using a model, with the attached coins of its market's reserve denom. Anyone may; who pays
    /// counts as a user of the model.
    PayUsage {
        /// The market.
        model: String,
        /// What for, at most 256 bytes; goes to the event only.
        memo: Option<String>,
    },
    /// Shares out royalties that a model has got from models built on it. Anyone may; claims and payments
    /// do it on their way.
    Distribute {
        /// The market.
        model: String,
    },
    /// Takes provenance's part of the market's trade fees, all for the model's NFTs; with no weight yet,
    /// for the pending reserve. Anyone may.
    CollectFees {
        /// The market.
        model: String,
    },
    /// Pays out what waits for a model's reserve or its owner. Anyone may.
    Forward {
        /// The market.
        model: String,
        /// What.
        to: Beneficiary,
    },
    /// Pays what NFTs have earned. By their holder: nobody else, because a marketplace that holds an NFT
    /// would not know what to do with the money.
    Claim {
        /// 1 to 30 different ones, of models with the same reserve denom or not.
        token_ids: Vec<String>,
    },

    /// Offers a contribution, which witnesses score. By the contributor; or by anyone with the
    /// contributor's signature. Attached: what all witnesses together get, of the market's reserve denom,
    /// at least 1 for each; what they do not earn goes back to the sender.
    Contribute {
        /// What.
        offered: Offered,
        /// Where the sender is not the contributor.
        signed: Option<SignedContribution>,
    },
    /// Draws the witnesses of an offer, once its beacon round is there and a round of the model's run that
    /// opened after it has drawn its checks: by both seeds, from that round's roster. The round's slice of the
    /// holdout must be open, or it must be too late for that. Anyone may; whoever does it whenever, the same
    /// are drawn.
    DrawWitnesses {
        /// The offer.
        offer_id: u64,
    },
    /// Commits to a score. By the witness's owner or the node's own account, once, until `witness_secs`
    /// after the draw.
    CommitScore {
        /// The offer.
        offer_id: u64,
        /// The seat, from 0.
        slot: u8,
        /// D("score", chain, contract, offer, slot, node, owner, quality, improvement, salt).
        commit: Hash32,
    },
    /// Shows the score. By the same, once all have committed or their time is over, for `witness_secs` more.
    RevealScore {
        /// The offer.
        offer_id: u64,
        /// The seat, from 0.
        slot: u8,
        /// What was found.
        score: Score,
        /// The salt of the commit.
        salt: Hash32,
    },
    /// Ends an offer: when all have revealed or their time is over, or when it could not be drawn for a
    /// week. With the same score of more than two thirds of the witnesses it is minted. They are paid an
    /// equal part of the fee each, also where they are only more than a half; the rest goes back. Anyone may.
    ConcludeOffer {
        /// The offer.
        offer_id: u64,
    },

    /// cw721: moves an NFT, with all that it has earned. By its holder, or whom they allowed.
    TransferNft {
        /// To whom.
        recipient: String,
        /// Which.
        token_id: String,
    },
    /// cw721: moves an NFT to a contract and calls it.
    SendNft {
        /// To which contract.
        contract: String,
        /// Which.
        token_id: String,
        /// Message for the contract.
        msg: Binary,
    },
    /// cw721: lets somebody move an NFT. An NFT has 30 approvals at most.
    Approve {
        /// Who.
        spender: String,
        /// Which.
        token_id: String,
        /// Until when.
        expires: Option<Expiration>,
    },
    /// cw721: takes that back.
    Revoke {
        /// Who.
        spender: String,
        /// Which.
        token_id: String,
    },
    /// cw721: lets somebody move all NFTs of the sender.
    ApproveAll {
        /// Who.
        operator: String,
        /// Until when.
        expires: Option<Expiration>,
    },
    /// cw721: takes that back.
    RevokeAll {
        /// Who.
        operator: String,
    },
    /// cw721: ends an NFT, pays what it has earned to its holder, and leaves its part of what comes to the
    /// others. Its content stays, and so does its place in the lineage. By its holder, or whom they allowed;
    /// the holder is paid.
    Burn {
        /// Which.
        token_id: String,
    },

    /// cw721: always refused, contributions are minted by training and by witnesses.
    Mint {
        /// Ignored.
        token_id: String,
        /// Ignored.
        owner: String,
        /// Ignored.
        token_uri: Option<String>,
        /// Ignored.
        extension: Option<Empty>,
    },
    /// cw721: always refused, as nobody owns this contract.
    UpdateOwnership(Action),
    /// cw721: always refused.
    UpdateMinterOwnership(Action),
    /// cw721: always refused.
    UpdateCreatorOwnership(Action),
    /// cw721: always refused.
    UpdateCollectionInfo {
        /// Ignored.
        collection_info: CollectionInfoMsg<Option<Empty>>,
    },
    /// cw721: always refused, content never changes.
    UpdateNftInfo {
        /// Ignored.
        token_id: String,
        /// Ignored.
        token_uri: Option<String>,
        /// Ignored.
        extension: Option<Empty>,
    },
    /// cw721: always refused.
    AddMinter {
        /// Ignored.
        minter: String,
    },
    /// cw721: always refused.
    RemoveMinter {
        /// Ignored.
        minter: String,
    },
    /// cw721: always refused.
    UpdateExtension {
        /// Ignored.
        msg: Empty,
    },
    /// cw721: always refused.
    SetWithdrawAddress {
        /// Ignored.
        address: String,
    },
    /// cw721: always refused.
    RemoveWithdrawAddress {},
    /// cw721: always refused, money here belongs to somebody.
    WithdrawFunds {
        /// Ignored.
        amount: Coin,
    },
}

/// For whom a model's ledger is.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Beneficiary {
    /// The pending reserve of its market.
    Reserve,
    /// The owner of its record at that moment.
    Owner,
}

/// What a witness found about an offered contribution, with the model that the round began with which they
/// were drawn by, and on that round's slice of the holdout. All who do the same find the same.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Score {
    /// α: part of its rows that are well formed and new, in millionths; at most 1,000,000.
    pub quality: u32,
    /// ΔM: how much of the loss on that slice is gone after learning from it, in millionths, −1,000,000 to
    /// 1,000,000; 0 where no slice was opened.
    pub improvement: i32,
}
