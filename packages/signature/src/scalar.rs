//! The order n of secp256k1 and what a signature needs of arithmetic modulo it, on 32 bytes
//! big-endian. Values here are public, so nothing needs to be constant-time.

/// n, the order of the curve (SEC 2, section 2.4.1).
pub(crate) const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/// ⌊n/2⌋: the largest low s (BIP-62, EIP-2).
pub(crate) const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

/// Whether 1 ≤ value < n.
pub(crate) fn in_range(value: &[u8; 32]) -> bool {
    *value != [0; 32] && *value < ORDER
}

/// n − value, for 0 < value < n.
pub(crate) fn negated(value: &[u8; 32]) -> [u8; 32] {
    let mut result = [0; 32];
    let mut borrow = false;
    let digits = ORDER.iter().zip(value).zip(&mut result);
    for ((minuend, subtrahend), digit) in digits.rev() {
        let (difference, under) = minuend.overflowing_sub(*subtrahend);
        let (difference, under_again) = difference.overflowing_sub(u8::from(borrow));
        *digit = difference;
        borrow = under || under_again;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_order_and_its_negative_are_neighbours() {
        let upper = negated(&HALF_ORDER);
        assert_eq!(upper[..31], HALF_ORDER[..31]);
        assert_eq!(upper[31], HALF_ORDER[31] + 1);
        assert_eq!(negated(&upper), HALF_ORDER);
    }

    #[test]
    fn one_and_its_negative_are_in_range_and_the_order_is_not() {
        let mut one = [0; 32];
        one[31] = 1;
        assert!(in_range(&one) && in_range(&negated(&one)));
        assert!(!in_range(&ORDER) && !in_range(&[0; 32]) && !in_range(&[0xff; 32]));
    }
}
