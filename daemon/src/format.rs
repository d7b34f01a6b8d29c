//! Numbers and times as people read them. Amounts are exact; a price that is cut ends in `…`.

use cosmwasm_std::{Coin, Timestamp, Uint128};

use crate::decimal::{self, TOKEN_PLACES};

/// Groups the whole part of a decimal number by thousands.
pub fn grouped(number: &str) -> String {
    let (sign, number) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Base units as whole tokens with the symbol.
pub fn tokens(units: Uint128, symbol: &str) -> String {
    format!("{} {symbol}", grouped(&decimal::format(units, TOKEN_PLACES)))
}

/// An amount in base units of `denom`.
pub fn reserve(amount: Uint128, denom: &str) -> String {
    format!("{} {denom}", grouped(&amount.to_string()))
}

/// A coin.
pub fn coin(coin: &Coin) -> String {
    reserve(coin.amount, &coin.denom)
}

/// A price, shortened to six decimals, or to six significant digits below 1; a cut is marked.
pub fn price(price: &str) -> String {
    let (whole, fraction) = price.split_once('.').unwrap_or((price, ""));
    let fraction = fraction.trim_end_matches('0');
    let zeros = fraction.len() - fraction.trim_start_matches('0').len();
    let leading = if whole.trim_start_matches('-') == "0" { zeros } else { 0 };
    let kept = fraction.get(..leading + 6).unwrap_or(fraction);
    let cut = if kept.len() < fraction.len() { "…" } else { "" };
    let number = if kept.is_empty() { whole.to_owned() } else { format!("{whole}.{kept}") };
    format!("{}{cut}", grouped(&number))
}

/// Basis points as a percentage.
pub fn bps(bps: u64) -> String {
    format!("{} %", decimal::format(Uint128::from(bps), 2))
}

/// A span of time in its two largest units.
pub fn span(secs: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut rest = secs;
    let mut parts = Vec::new();
    for (size, name) in UNITS {
        if rest >= size {
            parts.push(format!("{} {name}", rest / size));
            rest %= size;
        }
    }
    parts.truncate(2);
    if parts.is_empty() {
        "0 s".to_owned()
    } else {
        parts.join(" ")
    }
}

/// A time as `2026-11-22 17:00:00 UTC`, seconds rounded down.
pub fn time(at: Timestamp) -> String {
    let (days, secs) = (at.seconds() / 86_400, at.seconds() % 86_400);
    let (mut year, mut day) = (1970u64, days);
    while day >= year_length(year) {
        day -= year_length(year);
        year += 1;
    }
    let february = if year_length(year) == 366 { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    let (hour, minute, second) = (secs / 3_600, secs % 3_600 / 60, secs % 60);
    format!("{year:04}-{month:02}-{:02} {hour:02}:{minute:02}:{second:02} UTC", day + 1)
}

fn year_length(year: u64) -> u64 {
    if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) {
        366
    } else {
        365
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0", "0")]
    #[case("999", "999")]
    #[case("1000", "1,000")]
    #[case("-1234567.0001", "-1,234,567.0001")]
    fn thousands(#[case] number: &str, #[case] expected: &str) {
        assert_eq!(grouped(number), expected);
    }

    #[rstest]
    #[case(0, "0 s")]
    #[case(59, "59 s")]
    #[case(3_600, "1 h")]
    #[case(90_061, "1 d 1 h")]
    fn spans(#[case] secs: u64, #[case] expected: &str) {
        assert_eq!(span(secs), expected);
    }

    // Expected values from `date -u -d @<secs>`.
    #[rstest]
    #[case(0, "1970-01-01 00:00:00 UTC")]
    #[case(951_782_400, "2000-02-29 00:00:00 UTC")]
    #[case(951_868_799, "2000-02-29 23:59:59 UTC")]
    #[case(951_868_800, "2000-03-01 00:00:00 UTC")]
    #[case(1_735_689_599, "2024-12-31 23:59:59 UTC")]
    #[case(1_795_366_800, "2026-11-22 17:00:00 UTC")]
    #[case(4_107_542_400, "2100-03-01 00:00:00 UTC")]
    fn times(#[case] secs: u64, #[case] expected: &str) {
        assert_eq!(time(Timestamp::from_seconds(secs)), expected);
    }

    #[rstest]
    #[case("0", "0")]
    #[case("1234.5", "1,234.5")]
    #[case("1234.567890123", "1,234.567890…")]
    #[case("0.000000123456789", "0.000000123456…")]
    #[case("-0.000000123456", "-0.000000123456")]
    #[case("-1.25", "-1.25")]
    fn prices(#[case] number: &str, #[case] expected: &str) {
        assert_eq!(price(number), expected);
    }

    #[test]
    fn amounts_keep_every_digit() {
        assert_eq!(tokens(Uint128::new(1_234_567_890_001), "ABC"), "1,234,567.890001 ABC");
        assert_eq!(reserve(Uint128::new(1_000_000), "stake"), "1,000,000 stake");
        assert_eq!(bps(150), "1.5 %");
        assert_eq!(bps(7), "0.07 %");
    }
}
