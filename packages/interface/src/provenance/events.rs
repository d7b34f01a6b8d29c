//! Events of provenance: its ledger, for whoever recomputes it. Transfers are booked by cw721's own
//! attributes.

use cosmwasm_std::Uint128;

use crate::event::typed_events;

typed_events! {
    /// A contribution is an NFT.
    ContributionMinted = "contribution_minted" {
        /// Its id.
        token_id: String,
        /// The model.
        model: String,
        /// Who contributed.
        contributor: String,
        /// Its weight.
        weight: Uint128,
        /// α, in millionths.
        quality: u32,
        /// ΔM, in millionths.
        improvement: i32,
        /// Ids with commas between.
        parents: String,
    }

    /// Money of a model was shared out: `amount = reserve + royalties + holders + owner`.
    RevenueShared = "revenue_shared" {
        /// The model.
        model: String,
        /// `usage`, `royalty` or `fees`.
        source: String,
        /// Who paid it; the contract itself for royalties, the market for fees.
        payer: String,
        /// Denom.
        denom: String,
        /// All of it.
        amount: Uint128,
        /// To the reserve.
        reserve: Uint128,
        /// To parents, all together.
        royalties: Uint128,
        /// To holders.
        holders: Uint128,
        /// To the owner.
        owner: Uint128,
        /// Weight of all NFTs at that moment.
        weight: Uint128,
        /// What for.
        memo: String,
    }

    /// A parent got a royalty, which waits there to be shared out.
    RoyaltyPaid = "royalty_paid" {
        /// The model that paid.
        model: String,
        /// The parent.
        parent: String,
        /// How much.
        amount: Uint128,
    }

    /// An NFT's earnings were paid.
    EarningsClaimed = "earnings_claimed" {
        /// Which.
        token_id: String,
        /// Its model.
        model: String,
        /// To whom.
        recipient: String,
        /// Denom.
        denom: String,
        /// How much.
        amount: Uint128,
    }

    /// A ledger was paid out.
    RevenueForwarded = "revenue_forwarded" {
        /// The model.
        model: String,
        /// `reserve` or `owner`.
        to: String,
        /// Who got it.
        recipient: String,
        /// Denom.
        denom: String,
        /// How much.
        amount: Uint128,
    }

    /// An NFT was burned; what it had earned was paid before.
    ContributionBurned = "contribution_burned" {
        /// Which.
        token_id: String,
        /// Its model.
        model: String,
        /// Its weight, which counts no more.
        weight: Uint128,
    }

    /// A contribution was offered.
    ContributionOffered = "contribution_offered" {
        /// The offer.
        offer_id: u64,
        /// The model.
        model: String,
        /// Who contributes.
        contributor: String,
        /// Who sent it.
        sender: String,
        /// SHA-256 of the data.
        data_hash: String,
        /// Denom of the fee.
        denom: String,
        /// What all witnesses together get.
        fee: Uint128,
    }

    /// Witnesses of an offer were drawn.
    WitnessesDrawn = "witnesses_drawn" {
        /// The offer.
        offer_id: u64,
        /// The model's run.
        run_id: u64,
        /// The round of it by whose seed, and from whose roster, they were drawn.
        round_id: u64,
        /// Their nodes, with commas between.
        node_ids: String,
    }

    /// A witness committed to a score.
    ScoreCommitted = "score_committed" {
        /// The offer.
        offer_id: u64,
        /// The seat.
        slot: u8,
    }

    /// A witness showed its score.
    ScoreRevealed = "score_revealed" {
        /// The offer.
        offer_id: u64,
        /// The seat.
        slot: u8,
        /// α, in millionths.
        quality: u32,
        /// ΔM, in millionths.
        improvement: i32,
    }

    /// An offer ended: `fee = paid + refund`.
    OfferConcluded = "offer_concluded" {
        /// The offer.
        offer_id: u64,
        /// Whether it is an NFT.
        accepted: bool,
        /// Denom of the fee.
        denom: String,
        /// To witnesses, all together.
        paid: Uint128,
        /// Back to the sender.
        refund: Uint128,
    }
}
