//! The last supply for which a monotone condition holds, exactly, from an estimate.
//!
//! Guarantee: the answer does not depend on the estimate, only the number of evaluations does: two
//! when the estimate is right or one off, 2 log2 of its error otherwise. Largest input: all of u128.

/// The largest u in [low, high] for which `holds`, which must turn from true to false at most once;
/// `low` is taken to hold.
pub(crate) fn largest<E>(
    low: u128,
    high: u128,
    estimate: u128,
    holds: impl Fn(u128) -> Result<bool, E>,
) -> Result<u128, E> {
    let start = estimate.min(high).max(low);
    let (mut good, mut bad) = (low, None);
    let mut stride = 1u128;
    if start == low || holds(start)? {
        good = start;
        while good < high && bad.is_none() {
            let probe = good.saturating_add(stride).min(high);
            if holds(probe)? {
                good = probe;
                stride = stride.saturating_mul(2);
            } else {
                bad = Some(probe);
            }
        }
    } else {
        let mut failed = start;
        while good == low && failed > low {
            let probe = failed.saturating_sub(stride).max(low);
            if probe == low || holds(probe)? {
                bad = Some(failed);
                good = probe;
                break;
            }
            failed = probe;
            stride = stride.saturating_mul(2);
        }
    }
    match bad {
        Some(bad) => bisect(good, bad, holds),
        None => Ok(good),
    }
}

/// The largest u in [good, bad) for which `holds`; `good` holds and `bad` does not.
fn bisect<E>(
    mut good: u128,
    mut bad: u128,
    holds: impl Fn(u128) -> Result<bool, E>,
) -> Result<u128, E> {
    loop {
        let half = bad.saturating_sub(good) / 2;
        if half == 0 {
            return Ok(good);
        }
        let middle = good.saturating_add(half);
        if holds(middle)? {
            good = middle;
        } else {
            bad = middle;
        }
    }
}

/// The smallest u in [low, high] for which `holds`, which must turn from false to true at most once;
/// `high` is taken to hold.
pub(crate) fn smallest<E>(
    low: u128,
    high: u128,
    estimate: u128,
    holds: impl Fn(u128) -> Result<bool, E>,
) -> Result<u128, E> {
    // Mirrored: u = high - v.
    let mirror = |v: u128| high.saturating_sub(v);
    let most = mirror(low);
    Ok(mirror(largest(0, most, mirror(estimate), |v| holds(mirror(v)))?))
}
