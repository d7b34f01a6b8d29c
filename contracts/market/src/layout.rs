//! Compact binary layouts of what is stored: fields in order, numbers as LEB128 (seven bits a
//! byte, lowest first), texts and lists after their length. So a trade reads and writes as few
//! bytes as it can: a stored byte costs 30 gas, and an amount of 10⁹ takes 5 of them, not 16.

use cosmwasm_std::{Addr, Decimal, Timestamp, Uint128};
use modelbond_curve::U256;
use modelbond_interface::market::CurveKind;

/// What can be stored.
pub trait Layout: Sized {
    /// Reads a value; of a corrupt record any.
    fn read(from: &mut Reader) -> Self;
    /// Appends the value.
    fn write(&self, to: &mut Writer);
}

/// Lays structs out by their fields.
macro_rules! layouts {
    ($($struct:ident { $($field:ident),* })*) => {$(
        impl $crate::layout::Layout for $struct {
            fn read(from: &mut $crate::layout::Reader) -> Self {
                Self { $($field: $crate::layout::Layout::read(from)),* }
            }

            fn write(&self, to: &mut $crate::layout::Writer) {
                $($crate::layout::Layout::write(&self.$field, to);)*
            }
        }
    )*};
}
pub(crate) use layouts;

crate::parameters::parameters!(layouts);

/// Writes values one after the other.
#[derive(Default)]
pub struct Writer {
    /// What was written.
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    fn length(&mut self, length: usize) {
        u64::try_from(length).unwrap_or(u64::MAX).write(self);
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }
}

/// Reads values one after the other. A record that is too short or has too large a number never
/// panics: it is noted as corrupt, and some value is made up.
pub struct Reader<'a> {
    bytes: &'a [u8],
    /// Whether the values read so far are worth nothing.
    pub(crate) is_corrupt: bool,
}

impl<'a> Reader<'a> {
    /// Over a record.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, is_corrupt: false }
    }

    /// Whether all was read.
    pub(crate) fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }

    fn corrupt<T: Default>(&mut self) -> T {
        self.is_corrupt = true;
        T::default()
    }
}

impl Layout for u128 {
    fn read(from: &mut Reader) -> Self {
        let mut value = 0u128;
        let mut shift = 0u32;
        while let Some((byte, rest)) = from.bytes.split_first() {
            from.bytes = rest;
            let part = Self::from(byte & 0x7f);
            let placed = part.checked_shl(shift).filter(|placed| placed >> shift == part);
            let Some(placed) = placed else {
                break;
            };
            value |= placed;
            if byte & 0x80 == 0 {
                return value;
            }
            shift = shift.saturating_add(7);
        }
        from.corrupt()
    }

    fn write(&self, to: &mut Writer) {
        let mut rest = *self;
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                return to.bytes.push(low & 0x7f);
            }
            to.bytes.push(low | 0x80);
        }
    }
}

/// Twice its size, and its sign in the lowest bit.
impl Layout for i128 {
    fn read(from: &mut Reader) -> Self {
        let value = u128::read(from);
        let size = Self::try_from(value >> 1).unwrap_or_else(|_| from.corrupt());
        match value & 1 {
            0 => size,
            _ => size.saturating_neg(),
        }
    }

    fn write(&self, to: &mut Writer) {
        (self.unsigned_abs().saturating_mul(2) | u128::from(*self < 0)).write(to);
    }
}

/// Types that are laid out as a number.
macro_rules! numbers {
    ($($type:ty: $from:expr, $to:expr;)*) => {$(
        impl Layout for $type {
            fn read(from: &mut Reader) -> Self {
                $from(u128::read(from)).unwrap_or_else(|| from.corrupt())
            }

            fn write(&self, to: &mut Writer) {
                u128::from($to(self)).write(to);
            }
        }
    )*};
}

numbers! {
    u64: |number| Self::try_from(number).ok(), |value: &Self| *value;
    u32: |number| Self::try_from(number).ok(), |value: &Self| *value;
    bool: |number| Some(number != 0), |value: &Self| *value;
    Uint128: |number| Some(Self::new(number)), Self::u128;
    Decimal: |number| Some(Self::raw(number)), |value: &Self| value.atomics().u128();
    Timestamp: |number| u64::try_from(number).ok().map(Self::from_nanos), Self::nanos;
}

/// Its upper and its lower half.
impl Layout for U256 {
    fn read(from: &mut Reader) -> Self {
        let Self([c, d, ..]) = Self::from_u128(u128::read(from));
        let Self([a, b, ..]) = Self::from_u128(u128::read(from));
        Self([a, b, c, d])
    }

    fn write(&self, to: &mut Writer) {
        let Self([a, b, c, d]) = *self;
        let half = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
        half(d, c).write(to);
        half(b, a).write(to);
    }
}

impl Layout for String {
    fn read(from: &mut Reader) -> Self {
        let length = usize::try_from(u64::read(from)).unwrap_or(usize::MAX);
        let Some((text, rest)) = from.bytes.split_at_checked(length) else {
            return from.corrupt();
        };
        from.bytes = rest;
        Self::from_utf8(text.to_vec()).unwrap_or_else(|_| from.corrupt())
    }

    fn write(&self, to: &mut Writer) {
        to.text(self);
    }
}

impl Layout for Addr {
    fn read(from: &mut Reader) -> Self {
        Self::unchecked(String::read(from))
    }

    fn write(&self, to: &mut Writer) {
        to.text(self.as_str());
    }
}

impl<T: Layout> Layout for Option<T> {
    fn read(from: &mut Reader) -> Self {
        bool::read(from).then(|| T::read(from))
    }

    fn write(&self, to: &mut Writer) {
        self.is_some().write(to);
        if let Some(value) = self {
            value.write(to);
        }
    }
}

impl<T: Layout> Layout for Vec<T> {
    fn read(from: &mut Reader) -> Self {
        let length = u64::read(from);
        (0..length).map_while(|_| Some(T::read(from)).filter(|_| !from.is_corrupt)).collect()
    }

    fn write(&self, to: &mut Writer) {
        to.length(self.len());
        for value in self {
            value.write(to);
        }
    }
}

impl Layout for CurveKind {
    fn read(from: &mut Reader) -> Self {
        match u32::read(from) {
            0 => Self::Linear,
            1 => Self::Exponential,
            2 => Self::Sigmoid,
            _ => {
                from.is_corrupt = true;
                Self::Linear
            }
        }
    }

    fn write(&self, to: &mut Writer) {
        let number: u32 = match self {
            Self::Linear => 0,
            Self::Exponential => 1,
            Self::Sigmoid => 2,
        };
        number.write(to);
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Reader, Writer};
    use crate::state::Config;
    use cosmwasm_std::{Addr, Decimal, Timestamp, Uint128};
    use modelbond_curve::U256;
    use modelbond_interface::market::{Beneficiary, CurveKind, MarketParams};
    use proptest::prelude::*;

    fn written(value: &impl Layout) -> Vec<u8> {
        let mut to = Writer::default();
        value.write(&mut to);
        to.bytes
    }

    /// The value, if the record is sound and has nothing else.
    fn read<T: Layout>(bytes: &[u8]) -> Option<T> {
        let mut from = Reader::new(bytes);
        let value = T::read(&mut from);
        (!from.is_corrupt && from.is_done()).then_some(value)
    }

    proptest! {
        #[test]
        fn values_come_back(
            values: Vec<u128>,
            signed in i128::MIN / 2..=i128::MAX / 2,
            text: String,
            limbs: [u64; 4],
            option: Option<u64>,
        ) {
            prop_assert_eq!(read(&written(&signed)), Some(signed));
            prop_assert_eq!(read(&written(&U256(limbs))), Some(U256(limbs)));
            prop_assert_eq!(read(&written(&option)), Some(option));
            prop_assert_eq!(read(&written(&values)), Some(values));
            prop_assert_eq!(read(&written(&text)), Some(text));
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
            let _ = (read::<Vec<u128>>(&bytes), read::<Vec<String>>(&bytes), read::<i128>(&bytes));
            let _ = (read::<U256>(&bytes), read::<Config>(&bytes));
        }
    }

    #[test]
    fn what_is_fixed_at_opening_comes_back_from_few_bytes() {
        for kind in [CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid] {
            let supply = Uint128::new(1_000_000_000_000);
            let mut params = MarketParams::recommended(kind, Decimal::percent(150), supply);
            let stakeholder = Beneficiary { address: "a".repeat(43), bps: 10_000 };
            params.allocation.stakeholders = vec![stakeholder];
            let config = Config {
                creator: Addr::unchecked("c".repeat(43)),
                metrics_source: Addr::unchecked("m".repeat(63)),
                rewards: Addr::unchecked("r".repeat(63)),
                provenance: Addr::unchecked("p".repeat(63)),
                reserve_denom: "ustake".to_owned(),
                opened_at: Timestamp::from_seconds(1_700_000_000),
                params,
            };
            let bytes = written(&config);
            assert!(bytes.len() < 450, "{}", bytes.len());
            assert_eq!(read(&bytes), Some(config));
        }
    }

    #[test]
    fn what_does_not_fit_is_corrupt() {
        assert_eq!(read(&written(&u64::MAX)), Some(u64::MAX));
        assert_eq!(read::<u64>(&written(&(u128::from(u64::MAX) + 1))), None);
        assert_eq!(read::<u128>(&[0xff; 20]), None);
        assert_eq!(read::<u128>(&[0x80]), None);
        assert_eq!(read::<String>(&[2, b'a']), None);
        assert_eq!(read::<Vec<u64>>(&[0xff, 0xff, 0xff, 0xff, 1, 1]), None);
    }
}
