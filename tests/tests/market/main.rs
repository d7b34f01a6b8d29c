//! The market's behaviour, told by subject.

use modelbond_interface::market::CurveKind;

/// The result was refused by the market with an error of this shape.
macro_rules! assert_refused {
    ($result:expr, $pattern:pat $(if $guard:expr)? $(,)?) => {{
        let error = $result.expect_err("is accepted").market();
        assert!(matches!(&error, $pattern $(if $guard)?), "refused with {error:?}");
    }};
}

mod attacks;
mod bad_input;
mod cw20_base;
mod cw20_token;
mod emission;
mod explain;
mod known_failures;
mod leaving;
mod ledgers;
mod limiter;
mod locks;
mod momentum;
mod multiplier;
mod obvious;
mod opening;
mod parameters;
mod permissions;
mod stats;
mod trading;
mod vesting;

/// All curves.
const KINDS: [CurveKind; 3] = [CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid];
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
/// More than any test spends.
const PLENTY: u128 = 1_000_000_000_000;
