//! Calls everything with anything: the only law is that nothing panics.
//!
//! Shared by `tests/totality.rs` and `/fuzz`.

use modelbond_curve::limiter::{follow, Band};
use modelbond_curve::momentum::{launch_fee_ppb, momentum, surcharge_ppb, MomentumParams, Side};
use modelbond_curve::multiplier::{target, Metrics, Multiplier, MultiplierParams, Weights};
use modelbond_curve::stream::Stream;
use modelbond_curve::twap::{advance, average, interpolate, Observation};
use modelbond_curve::{proportion, Curve, CurveParams, Kind, Rate, Rounding, Wide, U256};

/// Anything, sixteen limbs at a time.
pub type Limbs = [u64; 16];

fn join([low, high]: [u64; 2]) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// Parameters as they are, and again folded into the domain.
fn curves([k, a0, a1, u0, u1, s0, s1, p0, p1, p2, p3, ..]: Limbs) -> Vec<Curve> {
    let kind = [Kind::Linear, Kind::Exponential, Kind::Sigmoid][(k % 3) as usize];
    let price_scale = U256([p0, p1, p2, p3]);
    let (steepness, midpoint, max_supply) = (join([a0, a1]), join([u0, u1]), join([s0, s1]));
    let wild = CurveParams { kind, price_scale, steepness, midpoint, max_supply };
    let max_supply = max_supply % 10u128.pow(18) + 1;
    let steepness = steepness % (64 * 10u128.pow(30) / max_supply) + 1;
    let reach = if kind == Kind::Linear { 95 * 10u128.pow(28) } else { 64 * 10u128.pow(30) };
    let midpoint = midpoint % (reach / steepness + 1);
    let tame = CurveParams { kind, price_scale, steepness, midpoint, max_supply };
    [wild, tame].into_iter().filter_map(|params| Curve::new(params).ok()).collect()
}

/// Every operation of a curve.
pub fn on_a_curve(
    params: Limbs,
    [a0, a1, b0, b1, c0, c1, m, q, d0, d1, d2, d3, t0, t1, t2, t3]: Limbs,
) {
    for curve in curves(params) {
        let (amount, span, total) =
            (join([c0, c1]), U256([d0, d1, d2, d3]), U256([t0, t1, t2, t3]));
        let within = |supply: u128| supply % (curve.max_supply() + 1);
        let (a, b) = (join([a0, a1]), join([b0, b1]));
        let backed = curve.span(0, within(a)).expect("within the curve");
        for (from, to) in [(a, b), (within(a), within(b))] {
            let _ = (curve.g(from), curve.relative_price(to), curve.price(from));
            let _ = (curve.price_at(to, amount, Rounding::Up), curve.reserve(from, Rounding::Up));
            let _ = (curve.supply_after(from, span), curve.supply_before(from, span));
            let spans = [Some(span), curve.span(from, to).ok()];
            let rates = [total, backed]
                .map(|total| Rate::Backing { reserve: b, total, premium_bps: q })
                .into_iter()
                .chain([Rate::Multiplier(m)]);
            for rate in rates {
                for span in spans.into_iter().flatten() {
                    let _ = (curve.cost(span, &rate), curve.payout(span, &rate));
                }
                let _ = (curve.span_for(amount, &rate), curve.tokens_for(from, amount, &rate));
            }
        }
        let _ = (curve.highest_supply_at(span), curve.lowest_supply_at(span));
        let _ = curve.ensure_reserve_bound(amount);
    }
}

/// Every operation of the other modules.
pub fn on_the_rest([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]: Limbs) {
    let (x, y, z) = (join([a, b]), join([c, d]), join([e, f]));
    let (u, v) = (U256([a, b, c, d]), U256([e, f, g, h]));
    let _ =
        (u.checked_add(v), u.checked_sub(v), u.abs_diff(v), u.checked_mul_u64(i), u.to_string());
    let wide = Wide::from(u).checked_mul(v).and_then(|wide| wide.checked_shl((i % 1_100) as u32));
    let _ = wide.map(|wide| (wide.div_floor(&Wide::from(v)), wide.div_ceil(&Wide::from(x))));
    let _ = (proportion(x, y, z, Rounding::Up), proportion(x, y, z, Rounding::Down));

    let mut stream = Stream { amount: x, released_at: e, ends_at: f };
    let _ =
        (stream.releasable(g), stream.deposit(y, h, i), stream.release(j), stream.deposit(y, k, l));

    let metrics = Metrics { accuracy: a, adoption: b, improvement: c, growth: d };
    let weights = Weights { accuracy: e, adoption: f, improvement: g, growth: h };
    let _ = target(&metrics, &weights);
    let params = MultiplierParams {
        threshold_bps: a,
        rise_bps_per_hour: b,
        fall_bps_per_hour: c,
        rebound_bps_per_hour: d,
        rebound_threshold_bps: e,
    };
    let fall_from = (f > g).then_some(h);
    let mut multiplier =
        Multiplier { value: i, target: j, at: k, fall_from, rebounding: l % 2 == 0 };
    let _ = multiplier.value_at(&params, m);
    multiplier.accept(&params, n, o);
    let _ = multiplier.value_at(&params, p);

    let params = MomentumParams {
        smoothing_bps: g,
        gain_bps: h,
        buy_cap_bps: i,
        sell_cap_bps: j,
        window: k,
    };
    for side in [Side::Buy, Side::Sell] {
        let _ = (surcharge_ppb(&params, x, Some(y), side), surcharge_ppb(&params, x, None, side));
    }
    let _ = (momentum(x, y, g, k), launch_fee_ppb(a, b, c, d, e));
    let _ = (follow(x, y, e, f), Band::around(x, e).contains(y));
    let (before, after) =
        (Observation { at: m, cumulative: u }, Observation { at: n, cumulative: v });
    let _ = (advance(u, x, i), average(u, v, i), interpolate(&before, &after, o));
}
