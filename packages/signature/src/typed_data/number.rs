//! Whole numbers of up to 256 bits, as text or JSON numbers, to 32 bytes in two's complement.

use super::Json;

/// Why a value is not a number of its type.
pub(super) enum Fault {
    /// Neither a number nor text with one.
    NotANumber,
    /// Too large or too small.
    OutOfRange,
    /// A JSON number that a reader may round.
    Imprecise,
}

/// 2⁵³ − 1: beyond it JavaScript, and with it most wallets, rounds JSON numbers.
const LARGEST_EXACT: u128 = (1 << 53) - 1;

/// 32 bytes big-endian of a number of `bits` bits, negative ones allowed if `signed`.
pub(super) fn word(value: &Json, bits: usize, signed: bool) -> Result<[u8; 32], Fault> {
    let (negative, magnitude) = match value {
        Json::Number(number) if number.unsigned_abs() > LARGEST_EXACT => {
            return Err(Fault::Imprecise);
        }
        Json::Number(number) => {
            let mut magnitude = [0; 32];
            let digits = number.unsigned_abs().to_be_bytes();
            for (to, from) in magnitude.iter_mut().rev().zip(digits.iter().rev()) {
                *to = *from;
            }
            (*number < 0, magnitude)
        }
        Json::Text(text) => match text.strip_prefix('-') {
            Some(digits) => (true, parse(digits)?),
            None => (false, parse(text)?),
        },
        _ => return Err(Fault::NotANumber),
    };
    if magnitude == [0; 32] {
        return Ok(magnitude);
    }
    // The largest magnitude has `bits` bits; signed ones have one less, except −2^(bits−1).
    let used = bit_length(&magnitude);
    let fits = match (signed, negative) {
        (false, false) => used <= bits,
        (false, true) => false,
        (true, false) => used < bits,
        (true, true) => used < bits || (used == bits && is_power_of_two(&magnitude)),
    };
    if !fits {
        return Err(Fault::OutOfRange);
    }
    Ok(if negative { twos_complement(magnitude) } else { magnitude })
}

/// Decimal digits, or `0x` and hexadecimal ones.
fn parse(text: &str) -> Result<[u8; 32], Fault> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    if digits.is_empty() {
        return Err(Fault::NotANumber);
    }
    let mut value = [0u8; 32];
    let mut used = 0; // bytes from the right; those before them are zero
    for digit in digits.chars() {
        let mut carry = digit.to_digit(radix).ok_or(Fault::NotANumber)?;
        for (index, byte) in value.iter_mut().rev().enumerate() {
            if carry == 0 && index >= used {
                break;
            }
            used = used.max(index.saturating_add(1));
            // At most 255·16 + 4,095.
            carry = u32::from(*byte).saturating_mul(radix).saturating_add(carry);
            let [.., low] = carry.to_be_bytes();
            *byte = low;
            carry >>= 8;
        }
        if carry > 0 {
            return Err(Fault::OutOfRange);
        }
    }
    Ok(value)
}

fn bit_length(value: &[u8; 32]) -> usize {
    let Some(first) = value.iter().position(|byte| *byte != 0) else { return 0 };
    let zeros = value.get(first).map_or(0, |byte| byte.leading_zeros());
    let whole = value.len().saturating_sub(first).saturating_mul(8);
    usize::try_from(zeros).map_or(0, |zeros| whole.saturating_sub(zeros))
}

fn is_power_of_two(value: &[u8; 32]) -> bool {
    value.iter().map(|byte| byte.count_ones()).fold(0u32, u32::saturating_add) == 1
}

fn twos_complement(mut value: [u8; 32]) -> [u8; 32] {
    let mut carry = true;
    for byte in value.iter_mut().rev() {
        let (next, over) = (!*byte).overflowing_add(u8::from(carry));
        *byte = next;
        carry = over;
    }
    value
}
