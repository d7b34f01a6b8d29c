//! What is fixed when a market opens. Nothing here can be changed afterwards, by anyone.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Uint128};

/// Shape of the base price P as a function of the supply s (paper, eq. 3).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum CurveKind {
    /// P₀·(1 + α(s − s₀))
    Linear,
    /// P₀·e^(α(s − s₀))
    Exponential,
    /// P₀ / (1 + e^(−α(s − s₀)))
    Sigmoid,
}

/// The bonding curve.
#[cw_serde]
#[derive(Eq)]
pub struct CurveParams {
    /// Shape.
    pub kind: CurveKind,
    /// P₀: reserve base units per whole token, 18 decimals. The upper asymptote of a sigmoid,
    /// the price at the midpoint of the other two.
    pub price_scale: Decimal,
    /// α in 10⁻²⁴ per whole token; at least 1; α·s₀ ≤ 8 (linear: ≤ 0.95) and α·S_max ≤ 64.
    pub steepness: Uint128,
    /// s₀ in token base units.
    pub midpoint: Uint128,
    /// S_max in token base units, at most 10¹⁸.
    pub max_supply: Uint128,
}

/// Weights of the four success metrics in M = 1 + Σ wᵢ·mᵢ (eq. 4); each ≥ 0, the sum ≤ 1.
#[cw_serde]
#[derive(Eq)]
pub struct MetricWeights {
    /// w₁ of the confirmed holdout accuracy.
    pub accuracy: Decimal,
    /// w₂ of the adoption rate.
    pub adoption: Decimal,
    /// w₃ of the performance improvement.
    pub improvement: Decimal,
    /// w₄ of the network growth.
    pub growth: Decimal,
}

/// How the effective multiplier follows the measured one.
#[cw_serde]
#[derive(Eq)]
pub struct MultiplierParams {
    /// Weights of the metrics.
    pub weights: MetricWeights,
    /// A target nearer than this to the last accepted one is ignored (≤ 10,000).
    pub threshold_bps: u32,
    /// Fastest rise, bps of 1.0 per hour (1 to 36,000).
    pub rise_bps_per_hour: u32,
    /// Fastest fall, bps of 1.0 per hour (1 to 36,000).
    pub fall_bps_per_hour: u32,
    /// Rise after a deep fall, up to the level before it, bps of 1.0 per hour (1 to 36,000).
    pub rebound_bps_per_hour: u32,
    /// How deep a fall must be, bps of 1.0, for the rebound rate to apply (≤ 20,000).
    pub rebound_threshold_bps: u32,
    /// π: a purchase is priced at most this far above the backing (≤ 2,500).
    pub max_premium_bps: u32,
}

/// Where the trade fee goes; the four parts add up to 10,000.
#[cw_serde]
#[derive(Eq)]
pub struct FeeSplit {
    /// To the ledger of block rewards.
    pub rewards_bps: u32,
    /// To the ledger of the provenance contract.
    pub provenance_bps: u32,
    /// To the creator's ledger.
    pub treasury_bps: u32,
    /// To the pending reserve (at least 2,000), and every rounding remainder with it.
    pub reserve_bps: u32,
}

/// Fees of a trade.
#[cw_serde]
#[derive(Eq)]
pub struct FeeParams {
    /// Trade fee (30 to 300).
    pub fee_bps: u32,
    /// Split of the trade fee.
    pub split: FeeSplit,
    /// Fee at the opening instant, falling linearly to `fee_bps` (`fee_bps` to 2,000).
    pub launch_fee_bps: u32,
    /// How long the launch fee takes to fall (10 s to 7 days).
    pub launch_secs: u64,
}

/// One receiver of vesting stakeholder tokens.
#[cw_serde]
#[derive(Eq)]
pub struct Beneficiary {
    /// Who may claim.
    pub address: String,
    /// Part of the stakeholder tokens; all parts add up to 10,000.
    pub bps: u32,
}

/// Who gets what of a purchase and of a sale.
#[cw_serde]
#[derive(Eq)]
pub struct AllocationParams {
    /// Least part of a purchase that goes to the reserve (8,000 to 10,000;
    /// `reserve_bps`·(1 + π) must exceed 1).
    pub reserve_bps: u32,
    /// Part of the minted tokens that vests to the stakeholders (≤ 1,500).
    pub stakeholder_bps: u32,
    /// 1 to 16 receivers of the stakeholder tokens; none given means the creator.
    pub stakeholders: Vec<Beneficiary>,
    /// Part of what is sold whose value stays in the market (≤ 200).
    pub burn_bps: u32,
}

/// Price limiter and launch lock.
#[cw_serde]
#[derive(Eq)]
pub struct LimitParams {
    /// d: the base price stays within ±d of its leaky reference (500 to 5,000).
    pub limit_bps: u32,
    /// Time in which the reference catches up (10 s to 1 h).
    pub window_secs: u64,
    /// Tokens bought during the launch stay locked until this long after its end
    /// (10 s to 90 days).
    pub lockup_secs: u64,
}

/// Momentum surcharge (eq. 5).
#[cw_serde]
#[derive(Eq)]
pub struct MomentumParams {
    /// β, bps of 1.0 (≤ 10,000).
    pub smoothing_bps: u32,
    /// T (10 s to 6 days).
    pub window_secs: u64,
    /// Surcharge per relative momentum, bps of 1.0 (≤ 10,000).
    pub gain_bps: u32,
    /// Largest surcharge on a purchase (≤ 500).
    pub buy_cap_bps: u32,
    /// Largest surcharge on a sale (≤ 250, and at most half of `buy_cap_bps`).
    pub sell_cap_bps: u32,
}

/// Vesting of initial and stakeholder tokens.
#[cw_serde]
#[derive(Eq)]
pub struct VestingParams {
    /// Nothing is claimable before this long after the opening (10 s to 4 years).
    pub cliff_secs: u64,
    /// Linear vesting time of each deposit (10 s to 10 years).
    pub duration_secs: u64,
}

/// Epochs and emission.
#[cw_serde]
#[derive(Eq)]
pub struct EmissionParams {
    /// Length of an epoch (10 s to 30 days).
    pub epoch_secs: u64,
    /// Tokens `Emit` may mint per epoch when M is at its maximum (≤ S_max / 1,000).
    pub tokens_per_epoch: Uint128,
}

/// Everything that defines a market's economy.
#[cw_serde]
#[derive(Eq)]
pub struct MarketParams {
    /// The bonding curve.
    pub curve: CurveParams,
    /// S₀ in token base units: paid for by the creator at opening; nine tenths vest to the
    /// creator, one tenth stays locked for ever as the supply floor.
    pub initial_supply: Uint128,
    /// Success multiplier.
    pub multiplier: MultiplierParams,
    /// Fees.
    pub fees: FeeParams,
    /// Shares of a trade.
    pub allocation: AllocationParams,
    /// Limiter and lock-up.
    pub limits: LimitParams,
    /// Momentum surcharge.
    pub momentum: MomentumParams,
    /// Vesting.
    pub vesting: VestingParams,
    /// Epochs and emission.
    pub emission: EmissionParams,
    /// Time over which the pending reserve streams into the reserve (10 s to 30 days).
    pub stream_secs: u64,
}
