//! Messages and queries of the market.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, Decimal, Timestamp, Uint128};
use cw20::{
    AllAccountsResponse, AllAllowancesResponse, AllSpenderAllowancesResponse, AllowanceResponse,
    BalanceResponse, DownloadLogoResponse, Expiration, Logo, MarketingInfoResponse, MinterResponse,
    TokenInfoResponse,
};

use super::{
    AccountResponse, ConfigResponse, CurveResponse, EpochStatsResponse, ExplainResponse,
    LedgersResponse, LocksResponse, MarketParams, PriceResponse, QuoteBuyResponse,
    QuoteSellResponse, TwapResponse, VestingResponse,
};

/// Opens a market. The attached funds pay for the initial supply at M = 1; what they exceed its
/// price is refunded to the creator.
#[cw_serde]
pub struct InstantiateMsg {
    /// Token name, 3 to 50 bytes.
    pub name: String,
    /// Token symbol, 3 to 12 letters, digits or hyphens.
    pub symbol: String,
    /// The one native denom that money in this market has.
    pub reserve_denom: String,
    /// Owns the treasury ledger, the initial tokens as they vest and the marketing record.
    pub creator: String,
    /// The only address that may report metrics.
    pub metrics_source: String,
    /// The only address that may spend the rewards ledger, and only by `emit`.
    pub rewards: String,
    /// The only address that may withdraw the provenance ledger.
    pub provenance: String,
    /// The market's economy.
    pub params: MarketParams,
    /// Marketing record, as cw20 has it.
    pub marketing: Option<Marketing>,
}

/// The marketing record at opening.
#[cw_serde]
pub struct Marketing {
    /// Project URL.
    pub project: Option<String>,
    /// One paragraph.
    pub description: Option<String>,
    /// Logo.
    pub logo: Option<Logo>,
}

/// The four success metrics of eq. 4, each in [0, 1].
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Metrics {
    /// m₁ holdout accuracy; counts in full from 0.7, not at all below 0.67.
    pub accuracy: Decimal,
    /// m₂ paying users of the last 30 days ÷ target.
    pub adoption: Decimal,
    /// m₃ score ÷ best score so far; counts in full from 0.8, not at all below 0.78.
    pub improvement: Decimal,
    /// m₄ units of nodes with accepted work ÷ target.
    pub growth: Decimal,
}

/// A ledger that can be withdrawn.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Ledger {
    /// The creator's.
    Treasury,
    /// The provenance contract's.
    Provenance,
}

/// What can be done to a market. Everyone may call what does not name a caller.
#[cw_serde]
pub enum ExecuteMsg {
    /// Buys with the attached reserve coins; what is not used is refunded to the sender.
    Buy {
        /// Fewest tokens the recipient must get; scaled down with the funds used when `partial`.
        min_tokens_out: Uint128,
        /// The order is refused after this time.
        deadline: Timestamp,
        /// Fill as far as the price limit and the maximum supply allow, instead of refusing.
        partial: bool,
        /// Who gets the tokens; the sender if not given.
        recipient: Option<String>,
    },
    /// Buys exactly `tokens_out`; the attached funds are the most it may cost.
    BuyExact {
        /// Tokens the sender gets.
        tokens_out: Uint128,
        /// The order is refused after this time.
        deadline: Timestamp,
    },
    /// Sells free tokens of the sender.
    Sell {
        /// Tokens to sell.
        tokens_in: Uint128,
        /// Least reserve to receive, after fees; scaled with the tokens used when `partial`.
        min_reserve_out: Uint128,
        /// The order is refused after this time.
        deadline: Timestamp,
        /// Fill as far as the price limit allows, instead of refusing.
        partial: bool,
    },
    /// Credits what has vested to the sender (creator and stakeholders).
    ClaimVested {},
    /// Reports all four metrics. Only `metrics_source`.
    ReportMetrics {
        /// The metrics.
        metrics: Metrics,
    },
    /// Buys tokens for the caller out of the rewards ledger, all of the price to the reserve.
    /// Only `rewards`; one slice per 10 minutes. Response data: [`super::EmitData`].
    Emit {
        /// Most reserve to spend.
        budget: Uint128,
        /// Most tokens to mint.
        max_tokens: Uint128,
    },
    /// Pays a ledger out: treasury to the creator (anyone may call), provenance to its contract
    /// (only by it). Response data: [`super::WithdrawData`].
    WithdrawLedger {
        /// Which one.
        ledger: Ledger,
    },
    /// Gives the attached coins to the pending reserve.
    FundReserve {},

    /// cw20: moves free tokens.
    Transfer {
        /// Receiver.
        recipient: String,
        /// Amount.
        amount: Uint128,
    },
    /// cw20: a sale that pays nothing; its value streams into the reserve.
    Burn {
        /// Amount.
        amount: Uint128,
    },
    /// cw20: moves free tokens to a contract and calls it.
    Send {
        /// Receiving contract.
        contract: String,
        /// Amount.
        amount: Uint128,
        /// Message for the receiver.
        msg: Binary,
    },
    /// cw20: lets `spender` move more of the sender's tokens.
    IncreaseAllowance {
        /// Who may spend.
        spender: String,
        /// How much more.
        amount: Uint128,
        /// Until when; unchanged if not given.
        expires: Option<Expiration>,
    },
    /// cw20: lets `spender` move less.
    DecreaseAllowance {
        /// Who may spend.
        spender: String,
        /// How much less.
        amount: Uint128,
        /// Until when; unchanged if not given.
        expires: Option<Expiration>,
    },
    /// cw20: moves free tokens of `owner` by allowance.
    TransferFrom {
        /// Whose tokens.
        owner: String,
        /// Receiver.
        recipient: String,
        /// Amount.
        amount: Uint128,
    },
    /// cw20: sends free tokens of `owner` by allowance to a contract and calls it.
    SendFrom {
        /// Whose tokens.
        owner: String,
        /// Receiving contract.
        contract: String,
        /// Amount.
        amount: Uint128,
        /// Message for the receiver.
        msg: Binary,
    },
    /// cw20: burns free tokens of `owner` by allowance.
    BurnFrom {
        /// Whose tokens.
        owner: String,
        /// Amount.
        amount: Uint128,
    },
    /// cw20: always refused, tokens come into being on the curve only.
    Mint {
        /// Ignored.
        recipient: String,
        /// Ignored.
        amount: Uint128,
    },
    /// cw20: always refused, there is no minter.
    UpdateMinter {
        /// Ignored.
        new_minter: Option<String>,
    },
    /// cw20: changes the marketing record. Only its marketing address, the creator at opening.
    UpdateMarketing {
        /// Project URL; empty clears it.
        project: Option<String>,
        /// Description; empty clears it.
        description: Option<String>,
        /// Who may change the record; empty means nobody ever again.
        marketing: Option<String>,
    },
    /// cw20: changes the logo. Only the marketing address.
    UploadLogo(Logo),
}

/// What can be asked of a market. Each answer is as of the block's time: pending reserve
/// released and multiplier moved, as a message in that block would find them.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What `buy` would do now.
    #[returns(QuoteBuyResponse)]
    QuoteBuy {
        /// Reserve to spend.
        amount_in: Uint128,
        /// As in `buy`.
        partial: bool,
    },
    /// What `buy_exact` would cost now.
    #[returns(QuoteBuyResponse)]
    QuoteBuyExact {
        /// Tokens wanted.
        tokens_out: Uint128,
    },
    /// What `sell` would pay now.
    #[returns(QuoteSellResponse)]
    QuoteSell {
        /// Tokens to sell.
        tokens_in: Uint128,
        /// As in `sell`.
        partial: bool,
    },
    /// All prices and what they are made of.
    #[returns(PriceResponse)]
    Price {},
    /// The curve at evenly spaced supplies, for a plot.
    #[returns(CurveResponse)]
    Curve {
        /// How many points (2 to 100).
        points: u32,
    },
    /// Time-weighted average of the base price.
    #[returns(TwapResponse)]
    Twap {
        /// Seconds up to now (1 to 604,800), at most the market's age.
        window_secs: u64,
    },
    /// Why the spot price is not what it was.
    #[returns(ExplainResponse)]
    Explain {
        /// Since when; rounds down to an observation, which the answer names.
        since: Timestamp,
    },
    /// Where the money is.
    #[returns(LedgersResponse)]
    Ledgers {},
    /// Vesting of initial and stakeholder tokens.
    #[returns(VestingResponse)]
    Vesting {},
    /// Launch lock of one account.
    #[returns(LocksResponse)]
    Locks {
        /// Whose.
        address: String,
    },
    /// One account's tokens by what can be done with them.
    #[returns(AccountResponse)]
    Account {
        /// Whose.
        address: String,
    },
    /// Trading in one epoch.
    #[returns(EpochStatsResponse)]
    EpochStats {
        /// Number of the epoch, the first is 0.
        epoch: u32,
    },
    /// What was fixed at opening.
    #[returns(ConfigResponse)]
    Config {},

    /// cw20: all tokens of an account, locked ones included. The market's own address holds
    /// the supply floor and what has not been claimed of vesting tokens.
    #[returns(BalanceResponse)]
    Balance {
        /// Whose.
        address: String,
    },
    /// cw20: name, symbol, decimals, supply.
    #[returns(TokenInfoResponse)]
    TokenInfo {},
    /// cw20: always none.
    #[returns(Option<MinterResponse>)]
    Minter {},
    /// cw20: one allowance.
    #[returns(AllowanceResponse)]
    Allowance {
        /// Whose tokens.
        owner: String,
        /// Who may spend.
        spender: String,
    },
    /// cw20: allowances given by an account.
    #[returns(AllAllowancesResponse)]
    AllAllowances {
        /// Whose tokens.
        owner: String,
        /// Continue after this spender.
        start_after: Option<String>,
        /// 10, at most 30.
        limit: Option<u32>,
    },
    /// cw20: allowances given to an account.
    #[returns(AllSpenderAllowancesResponse)]
    AllSpenderAllowances {
        /// Who may spend.
        spender: String,
        /// Continue after this owner.
        start_after: Option<String>,
        /// 10, at most 30.
        limit: Option<u32>,
    },
    /// cw20: accounts that ever held tokens.
    #[returns(AllAccountsResponse)]
    AllAccounts {
        /// Continue after this account.
        start_after: Option<String>,
        /// 10, at most 30.
        limit: Option<u32>,
    },
    /// cw20: marketing record.
    #[returns(MarketingInfoResponse)]
    MarketingInfo {},
    /// cw20: the logo, if it was uploaded.
    #[returns(DownloadLogoResponse)]
    DownloadLogo {},
}
