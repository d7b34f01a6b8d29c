//! A curve and a few trades on it, from plain integers.
//!
//! Reaches the whole domain: both tails, saturation, S_max from 1 to 10^18, alpha S_max from 10^-30 to
//! 64, price scales up to the reserve bound. Shared by property tests, `examples/laws.rs` and fuzzing.

use modelbond_curve::{Curve, CurveParams, Kind, Rate, MAX_SUPPLY_LIMIT, U256};

/// One in 10^-18.
pub const ONE: u128 = 1_000_000_000_000_000_000;

const EXPONENT_LIMIT: u128 = 64 * 10u128.pow(30);

/// Integers that a scene is made of.
pub type Seeds = [u64; 30];

/// A curve, supplies in ascending order, and what is traded.
#[derive(Debug, Clone)]
pub struct Scene {
    pub curve: Curve,
    pub supplies: [u128; 4],
    pub multiplier: u64,
    pub reserve: u128,
    pub premium_bps: u64,
    pub amounts: [u128; 2],
    pub price: U256,
}

/// A number in [low, high], uniform, or uniform in its number of digits.
fn pick(choice: u64, seed: u64, low: u128, high: u128) -> u128 {
    let range = high - low;
    let wide = u128::from(seed) << 64 | u128::from(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let bits = 128 - range.leading_zeros();
    let bits = match choice % 4 {
        0 => bits,
        _ => (choice >> 8) as u32 % (bits + 1),
    };
    let mask = 1u128.checked_shl(bits).map_or(u128::MAX, |limit| limit - 1);
    low + (wide & mask) % range.saturating_add(1)
}

impl Scene {
    /// The scene of these integers.
    pub fn new(seeds: &Seeds) -> Self {
        let mut seeds = seeds.iter().copied();
        let mut next = || seeds.next().expect("enough seeds");
        let mut number = |low, high| pick(next(), next(), low, high);

        let max_supply = match number(0, 3) {
            0 => MAX_SUPPLY_LIMIT,
            _ => number(1, MAX_SUPPLY_LIMIT),
        };
        let limit = EXPONENT_LIMIT / max_supply;
        let steepness = match number(0, 3) {
            0 => limit,
            1 => limit / 10 + 1,
            _ => number(1, limit),
        };
        let (kind, reach) = match number(0, 1 << 20) % 5 {
            0 => (Kind::Linear, EXPONENT_LIMIT / 6_400 * 95 / steepness),
            1 | 2 => (Kind::Exponential, EXPONENT_LIMIT / steepness),
            _ => (Kind::Sigmoid, EXPONENT_LIMIT / steepness),
        };
        let midpoint = match number(0, 1 << 20) % 4 {
            0 => reach,
            _ => number(0, max_supply.min(reach)),
        };
        let mut supplies = [0, 1, 2, 3].map(|place| {
            let offset = number(0, max_supply);
            match place {
                0 => offset,
                1 => max_supply - offset,
                2 => (midpoint.min(max_supply) + offset).min(max_supply),
                _ => midpoint.min(max_supply).saturating_sub(offset),
            }
        });
        supplies.sort_unstable();
        let amounts = [number(0, 1 << 126), number(0, 1 << 126)];
        let reserve = number(0, (1 << 126) - 1);
        let scale = number(0, u128::MAX);
        let extra = (scale % 129) as u32;
        let [low, high, ..] = U256::from_u128(scale | 1).0;
        let curve = within_reserve(CurveParams {
            kind,
            price_scale: if extra < 64 {
                U256([low, high, 0, 0])
            } else {
                U256([0, low, high, scale as u64])
            },
            steepness,
            midpoint,
            max_supply,
        });
        Self {
            curve,
            supplies,
            multiplier: (ONE + scale % (ONE + 1)) as u64,
            reserve,
            premium_bps: (scale % 2_501) as u64,
            amounts,
            price: U256([0, low, high, 0]),
        }
    }

    pub fn by_multiplier(&self) -> Rate {
        Rate::Multiplier(self.multiplier)
    }

    /// The backing at a supply; `None` while there is nothing to divide by.
    pub fn by_backing(&self, supply: u128, premium_bps: u64) -> Option<Rate> {
        let total = self.curve.span(0, supply).expect("within the curve");
        let rate = Rate::Backing { reserve: self.reserve, total, premium_bps };
        self.curve.payout(U256::ZERO, &rate).is_ok().then_some(rate)
    }
}

/// The curve with the price scale lowered by as few bytes as it takes for the reserve bound to hold
/// at a multiplier of 2.
fn within_reserve(params: CurveParams) -> Curve {
    let lowered = |bytes: usize| {
        let mut scale = [0; 32];
        scale[bytes..].copy_from_slice(&params.price_scale.to_be_bytes()[..32 - bytes]);
        let price_scale = U256::from_be_bytes(scale);
        Curve::new(CurveParams { price_scale, ..params.clone() })
    };
    let (mut low, mut high) = (0, 31);
    while low < high {
        let middle = (low + high) / 2;
        // Lowered to nothing is too low.
        let fits =
            lowered(middle).map_or(true, |curve| curve.ensure_reserve_bound(2 * ONE).is_ok());
        (low, high) = if fits { (low, middle) } else { (middle + 1, high) };
    }
    lowered(low)
        .or_else(|_| Curve::new(CurveParams { price_scale: U256::from_u128(1), ..params.clone() }))
        .expect("within the domain")
}
