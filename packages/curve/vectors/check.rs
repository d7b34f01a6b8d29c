//! Checks the curve against lines written by `generate.py`, claim by claim.
//!
//! Shared by `tests/vectors.rs` and `examples/precision.rs`; the line format is in `generate.py`.

use modelbond_curve::{Curve, CurveError, CurveParams, Kind, Rate, U256};
use std::collections::BTreeMap;

/// How often a claim was checked, and how often it did not hold.
#[derive(Default, Clone, Copy, Debug)]
pub(crate) struct Tally {
    pub(crate) checked: u64,
    pub(crate) violated: u64,
}

/// Tallies by claim, and the first lines that violate one.
#[derive(Default, Debug)]
pub(crate) struct Report {
    pub(crate) claims: BTreeMap<&'static str, Tally>,
    pub(crate) examples: Vec<String>,
    /// Largest distance of g, and of the relative price, from the exact one, in 2^-248.
    pub(crate) largest_error: (u128, u128),
}

impl Report {
    fn claim(&mut self, claim: &'static str, holds: bool, line: &str) {
        let tally = self.claims.entry(claim).or_default();
        tally.checked += 1;
        if !holds {
            tally.violated += 1;
            if self.examples.len() < 10 {
                self.examples.push(format!("{claim}: {line}"));
            }
        }
    }

    pub(crate) fn violated(&self) -> u64 {
        self.claims.values().map(|tally| tally.violated).sum()
    }
}

/// A result with 128 fractional bits, rounded down, and what a cost may exceed it by, beyond 1.
struct Exact {
    floor: U256,
    ceiling: U256,
    excess: U256,
}

const ONE: U256 = U256([0, 0, 1, 0]);
const ULP: U256 = U256([1, 0, 0, 0]);

impl Exact {
    fn parse(value: &str, sign: &str, excess: &str) -> Option<Self> {
        let floor = hex(value)?;
        let ceiling = if sign == "=" { floor } else { plus(floor, ULP) };
        let excess = hex(excess)?;
        Some(Self { floor, ceiling, excess })
    }

    fn not_above(&self, cost: u128) -> bool {
        self.ceiling <= shifted(cost)
    }

    fn not_below(&self, payout: u128) -> bool {
        shifted(payout) <= self.floor
    }

    /// cost < exact + 1 + excess
    fn nearly(&self, cost: u128) -> bool {
        match self.excess.is_zero() {
            true => shifted(cost) < plus(self.ceiling, ONE),
            false => shifted(cost) <= plus(plus(self.ceiling, ONE), self.excess),
        }
    }

    /// payout > exact - 1 - excess
    fn nearly_paid(&self, payout: u128) -> bool {
        let most = plus(plus(shifted(payout), ONE), self.excess);
        match self.excess.is_zero() {
            true => self.floor < most,
            false => self.floor <= most,
        }
    }

    /// The excess is at most 2^-107.
    fn tight(&self) -> bool {
        self.excess <= U256([1 << 21, 0, 0, 0])
    }
}

fn hex(digits: &str) -> Option<U256> {
    let padded = format!("{digits:0>64}");
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(padded.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(U256::from_be_bytes(bytes))
}

fn plus(a: U256, b: U256) -> U256 {
    a.checked_add(b).expect("below 2^256")
}

fn shifted(value: u128) -> U256 {
    let [low, high, ..] = U256::from_u128(value).0;
    U256([0, 0, low, high])
}

/// Checks one line.
pub(crate) fn check(line: &str, report: &mut Report) {
    let fields: Vec<&str> = line.split_whitespace().collect();
    match fields[0] {
        "G" => check_point(&fields[1..], report, line),
        _ => check_line(&fields, report, line),
    }
}

fn small(field: &str) -> u128 {
    hex(field).and_then(U256::to_u128).unwrap_or_else(|| panic!("not a u128: {field}"))
}

fn parse_curve(kind: &str, price_scale: U256, rest: &[&str]) -> Curve {
    Curve::new(CurveParams {
        kind: match kind {
            "L" => Kind::Linear,
            "E" => Kind::Exponential,
            "S" => Kind::Sigmoid,
            other => panic!("kind {other}"),
        },
        price_scale,
        steepness: small(rest[0]),
        midpoint: small(rest[1]),
        max_supply: small(rest[2]),
    })
    .expect("every curve is in the domain")
}

/// G kind a u0 S_max u g relative
fn check_point(fields: &[&str], report: &mut Report, line: &str) {
    let curve = parse_curve(fields[0], ULP, &fields[1..]);
    let supply = small(fields[4]);
    let error = |value: U256, exact: &str| {
        let distance = value.abs_diff(hex(exact).expect("Q8.248"));
        distance.to_u128().unwrap_or(u128::MAX)
    };
    let g = error(curve.g(supply).expect("within the curve"), fields[5]);
    let relative = error(curve.relative_price(supply).expect("within the curve"), fields[6]);
    report.claim("g within 2^-244", g < 16 && (fields[0] != "L" || g == 0), line);
    report.claim("relative price within 2^-244", relative < 16, line);
    let (largest_g, largest_relative) = report.largest_error;
    report.largest_error = (largest_g.max(g), largest_relative.max(relative));
}

fn check_line(fields: &[&str], report: &mut Report, line: &str) {
    let number = |index: usize| small(fields[index]);
    let curve = parse_curve(fields[0], hex(fields[1]).expect("price scale"), &fields[2..]);
    let (from, to) = (number(5), number(6));
    let rate = Rate::Multiplier(number(7).try_into().expect("a multiplier"));
    let span = curve.span(from, to).expect("within the curve");

    if let Some(exact) = Exact::parse(fields[8], fields[9], fields[10]) {
        check_trade(&curve, span, &rate, &exact, ("cost", "payout"), report, line);
        if exact.tight() {
            check_trade(
                &curve,
                span,
                &rate,
                &exact,
                ("cost within 2^-107", "payout within 2^-107"),
                report,
                line,
            );
        }
    }
    check_tokens(&curve, from, (number(11), hex(fields[12]).expect("tokens")), &rate, report, line);

    if let Some(exact) = Exact::parse(fields[15], fields[16], fields[17]) {
        let total = curve.span(0, from).expect("within the curve");
        let (reserve, premium_bps) = (number(13), number(14).try_into().expect("a premium"));
        let rate = Rate::Backing { reserve, total, premium_bps };
        check_trade(&curve, span, &rate, &exact, ("backed cost", "backed payout"), report, line);
    }
    if let Some(exact) = hex(fields[18]) {
        let price = curve.price(to);
        let holds = price.is_ok_and(|price| {
            price <= exact && exact <= plus(plus(price, ULP), hex(fields[19]).expect("excess"))
        });
        report.claim("price rounded down", holds, line);
    }
}

fn check_trade(
    curve: &Curve,
    span: U256,
    rate: &Rate,
    exact: &Exact,
    (cost_name, payout_name): (&'static str, &'static str),
    report: &mut Report,
    line: &str,
) {
    let fits =
        |result: &Result<u128, CurveError>| !matches!(result, Err(CurveError::Overflow { .. }));
    let cost = curve.cost(span, rate);
    if fits(&cost) || exact.floor < U256([0, 0, 0, 1 << 63]) {
        let holds = cost.is_ok_and(|cost| exact.not_above(cost) && exact.nearly(cost));
        report.claim(cost_name, holds, line);
    }
    let payout = curve.payout(span, rate);
    if fits(&payout) || exact.floor < U256([0, 0, 0, 1 << 63]) {
        let holds = payout.is_ok_and(|payout| exact.not_below(payout) && exact.nearly_paid(payout));
        report.claim(payout_name, holds, line);
    }
}

fn check_tokens(
    curve: &Curve,
    from: u128,
    (amount, exact): (u128, U256),
    rate: &Rate,
    report: &mut Report,
    line: &str,
) {
    let tokens = curve.tokens_for(from, amount, rate).expect("within the curve");
    // 64 fractional bits.
    let [low, high, ..] = U256::from_u128(tokens).0;
    let bought = U256([0, low, high, 0]);
    report.claim("tokens not above exact", bought <= exact, line);
    let short = exact.saturating_sub(bought);
    report.claim("tokens short by less than 1 + 2^-47", short <= U256([1 << 17, 1, 0, 0]), line);

    let cost = |tokens: u128| {
        let span = curve.span(from, from + tokens).expect("within the curve");
        curve.cost(span, rate)
    };
    let affordable = tokens == 0 || cost(tokens).is_ok_and(|cost| cost <= amount);
    report.claim("tokens cost at most the amount", affordable, line);
    if from + tokens < curve.max_supply() {
        let more = cost(tokens + 1).map_or(true, |cost| cost > amount);
        report.claim("one token more costs more than the amount", more, line);
    }
}
