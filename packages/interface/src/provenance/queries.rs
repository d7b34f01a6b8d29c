//! Queries of provenance: cw721's, and its own.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Empty, Uint128};
use cw721::msg::{
    AllNftInfoResponse, ApprovalResponse, ApprovalsResponse, NumTokensResponse, OperatorResponse,
    OperatorsResponse, OwnerOfResponse, TokensResponse,
};
use cw721::{DefaultOptionalNftExtension, NftExtension};

use super::{
    ClaimableResponse, CollectionResponse, ConfigResponse, ContributionResponse, LineageResponse,
    ModelHIndexResponse, OfferResponse, OffersResponse, RevenueResponse, RoyaltiesCheck,
    RoyaltyInfoResponse,
};

/// What a query of cw2981 asks, inside cw721's `extension`.
#[cw_serde]
pub enum RoyaltyQuery {
    /// As [`QueryMsg::RoyaltyInfo`].
    RoyaltyInfo {
        /// Which.
        token_id: String,
        /// Price of the sale.
        sale_price: Uint128,
    },
    /// As [`QueryMsg::CheckRoyalties`].
    CheckRoyalties {},
}

/// Which way a lineage is walked.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum LineageDirection {
    /// To what it is built on.
    Ancestors,
    /// To what is built on it.
    Descendants,
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What was fixed at instantiation.
    #[returns(ConfigResponse)]
    Config {},
    /// What a contribution is.
    #[returns(ContributionResponse)]
    Contribution {
        /// Its NFT.
        token_id: String,
    },
    /// What a contribution is built on, or what is built on it, nearest first; each once.
    #[returns(LineageResponse)]
    Lineage {
        /// Its NFT.
        token_id: String,
        /// Which way.
        direction: LineageDirection,
        /// How many steps: 1 to 16.
        depth: u8,
        /// How many to leave out: where the last page ended.
        skip: Option<u32>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// What NFTs have earned and not been paid.
    #[returns(ClaimableResponse)]
    Claimable {
        /// At most 30.
        token_ids: Vec<String>,
    },
    /// What a model has earned, and where it is.
    #[returns(RevenueResponse)]
    Revenue {
        /// The market.
        model: String,
    },
    /// A model's h-index.
    #[returns(ModelHIndexResponse)]
    ModelHIndex {
        /// The market.
        model: String,
    },
    /// Contributions to a model, in the order of minting.
    #[returns(TokensResponse)]
    ModelTokens {
        /// The market.
        model: String,
        /// How many to leave out.
        skip: Option<u32>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// An NFT as a picture: SVG, drawn from its content.
    #[returns(String)]
    Image {
        /// Which.
        token_id: String,
    },
    /// An offer.
    #[returns(OfferResponse)]
    Offer {
        /// Its number.
        offer_id: u64,
    },
    /// Offers by number.
    #[returns(OffersResponse)]
    Offers {
        /// Number after which to start.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },

    /// cw2981: what a marketplace shall pay when an NFT is sold: to its contributor.
    #[returns(RoyaltyInfoResponse)]
    RoyaltyInfo {
        /// Which.
        token_id: String,
        /// Price of the sale.
        sale_price: Uint128,
    },
    /// cw2981: whether there are royalties: yes.
    #[returns(RoyaltiesCheck)]
    CheckRoyalties {},
    /// cw721: the same two, as cw2981 first had them.
    #[returns(cosmwasm_std::Binary)]
    Extension {
        /// Which.
        msg: RoyaltyQuery,
    },

    /// cw721: who holds an NFT.
    #[returns(OwnerOfResponse)]
    OwnerOf {
        /// Which.
        token_id: String,
        /// Show expired approvals, too.
        include_expired: Option<bool>,
    },
    /// cw721: whether somebody may move an NFT.
    #[returns(ApprovalResponse)]
    Approval {
        /// Which.
        token_id: String,
        /// Who.
        spender: String,
        /// Even if that expired.
        include_expired: Option<bool>,
    },
    /// cw721: who may move an NFT.
    #[returns(ApprovalsResponse)]
    Approvals {
        /// Which.
        token_id: String,
        /// Show expired ones, too.
        include_expired: Option<bool>,
    },
    /// cw721: whether somebody may move all NFTs of somebody.
    #[returns(OperatorResponse)]
    Operator {
        /// Whose.
        owner: String,
        /// Who.
        operator: String,
        /// Even if that expired.
        include_expired: Option<bool>,
    },
    /// cw721: who may move all NFTs of somebody.
    #[returns(OperatorsResponse)]
    AllOperators {
        /// Whose.
        owner: String,
        /// Show expired ones, too.
        include_expired: Option<bool>,
        /// Continue after this one.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// cw721: how many NFTs there are.
    #[returns(NumTokensResponse)]
    NumTokens {},
    /// cw721: name and symbol of the collection.
    #[returns(CollectionResponse)]
    ContractInfo {},
    /// cw721: the same, by its newer name.
    #[returns(CollectionResponse)]
    GetCollectionInfoAndExtension {},
    /// cw721: what more is said of the collection: nothing.
    #[returns(cw721::state::CollectionExtensionAttributes)]
    GetCollectionExtensionAttributes {},
    /// cw721: the collection, its code, and how many NFTs there are.
    #[returns(cw721::msg::AllInfoResponse)]
    GetAllInfo {},
    /// cw721: the same, and who owns it.
    #[returns(cw721::msg::ConfigResponse<Option<Empty>>)]
    GetConfig {},
    /// cw721: an NFT's metadata, with its image.
    #[returns(cw721::msg::NftInfoResponse<DefaultOptionalNftExtension>)]
    NftInfo {
        /// Which.
        token_id: String,
    },
    /// cw721: metadata and holder.
    #[returns(AllNftInfoResponse<NftExtension>)]
    AllNftInfo {
        /// Which.
        token_id: String,
        /// Show expired approvals, too.
        include_expired: Option<bool>,
    },
    /// cw721: NFTs of a holder.
    #[returns(TokensResponse)]
    Tokens {
        /// Whose.
        owner: String,
        /// Continue after this one.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// cw721: all NFTs.
    #[returns(TokensResponse)]
    AllTokens {
        /// Continue after this one.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// cw721: who mints: training.
    #[returns(cw721::msg::MinterResponse)]
    Minter {},
    /// cw721: who mints besides: nobody.
    #[returns(cw721::msg::AdditionalMintersResponse)]
    GetAdditionalMinters {
        /// Continue after this one.
        start_after: Option<String>,
        /// How many.
        limit: Option<u32>,
    },
    /// cw721: nobody owns this contract.
    #[returns(cw721::Ownership<Addr>)]
    GetMinterOwnership {},
    /// cw721: the same, by its older name.
    #[returns(cw721::Ownership<Addr>)]
    Ownership {},
    /// cw721: the same.
    #[returns(cw721::Ownership<Addr>)]
    GetCreatorOwnership {},
    /// cw721: none.
    #[returns(Option<String>)]
    GetWithdrawAddress {},
}
