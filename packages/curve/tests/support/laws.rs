//! What must hold between trades, whatever the curve: invariants I3, I5 and I6 in terms of the curve.

use crate::scene::Scene;
use modelbond_curve::{Curve, CurveError, Rate, Rounding, Wide, U256};

/// A law by name, and what it needs of a scene.
pub type Law = (&'static str, fn(&Scene) -> Result<bool, CurveError>);

/// Every law. A result that does not fit its type is no violation: nobody trades it.
pub const LAWS: [Law; 13] = [
    ("spans telescope", spans_telescope),
    ("n purchases cost at least one", split_cost),
    ("n sales pay at most one", split_payout),
    ("n purchases with money give at most one", split_tokens),
    ("buying and selling never profits", round_trip),
    ("a purchase at the backing keeps it", purchase_keeps_backing),
    ("a sale keeps the backing", sale_keeps_backing),
    ("price is monotone in supply", price_is_monotone),
    ("cost and payout are monotone in tokens", cost_is_monotone),
    ("tokens are monotone in money", tokens_are_monotone),
    ("tokens are the most that money buys", tokens_are_exact),
    ("a span inverts to its supply", span_inverts),
    ("a price inverts to its supply", price_inverts),
];

/// Rates at which all of the scene costs less than 2^126.
fn rates(scene: &Scene) -> Vec<Rate> {
    [
        Some(scene.by_multiplier()),
        scene.by_backing(scene.supplies[0], 0),
        scene.by_backing(scene.supplies[0], scene.premium_bps),
    ]
    .into_iter()
    .flatten()
    .filter(|rate| {
        let [from, .., to] = scene.supplies;
        let cost = scene.curve.span(from, to).and_then(|span| scene.curve.cost(span, rate));
        cost.is_ok_and(|cost| cost < 1 << 126)
    })
    .collect()
}

fn plus(a: U256, b: U256) -> U256 {
    a.checked_add(b).expect("below 2^256")
}

fn sum<const N: usize>(parts: [u128; N]) -> Result<u128, CurveError> {
    let sum = parts.into_iter().try_fold(0u128, u128::checked_add);
    sum.ok_or(CurveError::Overflow { what: "sum" })
}

fn spans_telescope(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, [a, b, c, d]) = (&scene.curve, scene.supplies);
    let parts = plus(plus(curve.span(a, b)?, curve.span(b, c)?), curve.span(c, d)?);
    Ok(parts == curve.span(a, d)?)
}

fn split(
    scene: &Scene,
    value: impl Fn(&Curve, U256, &Rate) -> Result<u128, CurveError>,
    holds: impl Fn(u128, u128) -> bool,
) -> Result<bool, CurveError> {
    let (curve, [a, b, c, d]) = (&scene.curve, scene.supplies);
    for rate in rates(scene) {
        let part = |from, to| value(curve, curve.span(from, to)?, &rate);
        let parts = sum([part(a, b)?, part(b, c)?, part(c, d)?])?;
        if !holds(parts, value(curve, curve.span(a, d)?, &rate)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn split_cost(scene: &Scene) -> Result<bool, CurveError> {
    split(scene, Curve::cost, |parts, whole| parts >= whole)
}

fn split_payout(scene: &Scene) -> Result<bool, CurveError> {
    split(scene, Curve::payout, |parts, whole| parts <= whole)
}

fn split_tokens(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, start, [first, second]) = (&scene.curve, scene.supplies[0], scene.amounts);
    for rate in rates(scene) {
        let one = curve.tokens_for(start, first, &rate)?;
        let two = curve.tokens_for(start + one, second, &rate)?;
        if one + two > curve.tokens_for(start, first + second, &rate)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn round_trip(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, [a, b, c, d]) = (&scene.curve, scene.supplies);
    for rate in rates(scene) {
        // Bought whole, and in two parts; sold in one, and in three.
        let whole = curve.span(a, d)?;
        let cost = |from, to| curve.cost(curve.span(from, to)?, &rate);
        let payout = |from, to| curve.payout(curve.span(from, to)?, &rate);
        let paid = curve.cost(whole, &rate)?;
        let paid_in_parts = sum([cost(a, c)?, cost(c, d)?])?;
        let back = curve.payout(whole, &rate)?;
        let back_in_parts = sum([payout(a, b)?, payout(b, c)?, payout(c, d)?])?;
        if paid.min(paid_in_parts) < back.max(back_in_parts) {
            return Ok(false);
        }
    }
    // Money to tokens and back.
    let (rate, money) = (scene.by_multiplier(), scene.amounts[0]);
    let tokens = curve.tokens_for(a, money, &rate)?;
    Ok(curve.payout(curve.span(a, a + tokens)?, &rate)? <= money)
}

/// a b >= c d
fn product_at_least(a: u128, b: U256, c: u128, d: U256) -> bool {
    Wide::from(a).checked_mul(b) >= Wide::from(c).checked_mul(d)
}

fn purchase_keeps_backing(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, [_, b, _, d]) = (&scene.curve, scene.supplies);
    let Some(rate) = scene.by_backing(b, 0) else { return Ok(true) };
    let after = sum([scene.reserve, curve.cost(curve.span(b, d)?, &rate)?])?;
    Ok(product_at_least(after, curve.span(0, b)?, scene.reserve, curve.span(0, d)?))
}

fn sale_keeps_backing(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, [_, b, _, d]) = (&scene.curve, scene.supplies);
    let Some(rate) = scene.by_backing(d, 0) else { return Ok(true) };
    let paid = curve.payout(curve.span(b, d)?, &rate)?;
    if paid > scene.reserve {
        return Ok(false);
    }
    let after = scene.reserve - paid;
    Ok(product_at_least(after, curve.span(0, d)?, scene.reserve, curve.span(0, b)?))
}

fn price_is_monotone(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, [a, b, c, d]) = (&scene.curve, scene.supplies);
    let next = (d + 1).min(curve.max_supply());
    let supplies = [a, b, c, d, next];
    let ordered = |low: u128, high: u128| -> Result<bool, CurveError> {
        let m = u128::from(scene.multiplier);
        Ok(curve.price(low)? <= curve.price(high)?
            && curve.price_at(high, m, Rounding::Down)? <= curve.price_at(high, m, Rounding::Up)?
            && (low == high || curve.relative_price(low)? < curve.relative_price(high)?)
            && (low == high || curve.g(low)? < curve.g(high)?))
    };
    for pair in supplies.windows(2) {
        if !ordered(pair[0], pair[1])? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn cost_is_monotone(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, [a, b, c, d]) = (&scene.curve, scene.supplies);
    let next = (c + 1).min(d);
    for rate in rates(scene) {
        for (near, far) in [(a, b), (b, c), (c, next), (next, d)] {
            let (near, far) = (curve.span(a, near)?, curve.span(a, far)?);
            if curve.cost(near, &rate)? > curve.cost(far, &rate)?
                || curve.payout(near, &rate)? > curve.payout(far, &rate)?
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn tokens_are_monotone(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, start, [money, more]) = (&scene.curve, scene.supplies[0], scene.amounts);
    for rate in rates(scene) {
        let tokens = curve.tokens_for(start, money, &rate)?;
        if tokens > curve.tokens_for(start, money + 1, &rate)?
            || tokens > curve.tokens_for(start, money + more, &rate)?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

fn exceeds(cost: Result<u128, CurveError>, money: u128) -> bool {
    cost.map_or(true, |cost| cost > money)
}

fn tokens_are_exact(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, start, money) = (&scene.curve, scene.supplies[0], scene.amounts[0]);
    for rate in rates(scene) {
        let tokens = curve.tokens_for(start, money, &rate)?;
        let cost = |tokens| curve.cost(curve.span(start, start + tokens)?, &rate);
        let fits = tokens == 0 || cost(tokens)? <= money;
        let most = start + tokens == curve.max_supply() || exceeds(cost(tokens + 1), money);
        let span = curve.span_for(money, &rate)?;
        let span_is_most = span == U256::MAX
            || span.is_zero()
            || curve.cost(span, &rate)? <= money
                && exceeds(curve.cost(plus(span, U256::from_u128(1)), &rate), money);
        if !fits || !most || !span_is_most {
            return Ok(false);
        }
    }
    Ok(true)
}

fn span_inverts(scene: &Scene) -> Result<bool, CurveError> {
    let (curve, [a, b, ..]) = (&scene.curve, scene.supplies);
    let span = curve.span(a, b)?;
    let less = span.saturating_sub(U256::from_u128(1));
    let (next, previous) = if a == b { (b, a) } else { (b - 1, a + 1) };
    Ok(curve.supply_after(a, span)? == b
        && curve.supply_before(b, span)? == a
        && curve.supply_after(a, less)? == next
        && curve.supply_before(b, less)? == previous)
}

fn price_inverts(scene: &Scene) -> Result<bool, CurveError> {
    let curve = &scene.curve;
    for price in [scene.price, curve.price(scene.supplies[1])?] {
        let (low, high) = (curve.lowest_supply_at(price)?, curve.highest_supply_at(price)?);
        let top = curve.max_supply();
        let holds = (curve.price(high)? <= price || high == 0)
            && (high == top || curve.price(high + 1)? > price)
            && (curve.price(low)? >= price || low == top)
            && (low == 0 || curve.price(low - 1)? < price);
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}
