//! Compact binary layouts of the stored records: their numbers in order, each as LEB128 (seven
//! bits a byte, lowest first), so that a trade reads and writes as few bytes as it can. A stored
//! byte costs 30 gas, and an amount of 10⁹ takes 5 bytes instead of 16.

use cosmwasm_std::StdError;

/// Writes numbers in order.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Appends a number.
    pub(crate) fn put(&mut self, value: impl Into<u128>) -> &mut Self {
        let mut rest: u128 = value.into();
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                self.bytes.push(low & 0x7f);
                return self;
            }
            self.bytes.push(low | 0x80);
        }
    }

    /// Appends a signed number, as twice its size and its sign in the lowest bit.
    pub(crate) fn put_signed(&mut self, value: i128) -> &mut Self {
        let sign = u128::from(value < 0);
        self.put(value.unsigned_abs().saturating_mul(2) | sign)
    }

    /// What was written.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads numbers in order; a record that is too short or whose numbers are too large is an
/// error, never a panic.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    record: &'static str,
}

impl<'a> Reader<'a> {
    /// Over the bytes of the record called `record`.
    pub(crate) fn new(bytes: &'a [u8], record: &'static str) -> Self {
        Self { bytes, record }
    }

    fn corrupt(&self) -> StdError {
        StdError::parse_err(self.record, "stored record is corrupt")
    }

    /// The next number.
    pub(crate) fn u128(&mut self) -> Result<u128, StdError> {
        let mut value = 0u128;
        let mut shift = 0u32;
        while let Some((byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            let part = u128::from(byte & 0x7f);
            let placed = part.checked_shl(shift).filter(|placed| placed >> shift == part);
            value |= placed.ok_or_else(|| self.corrupt())?;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift = shift.saturating_add(7);
        }
        Err(self.corrupt())
    }

    /// The next number.
    pub(crate) fn u64(&mut self) -> Result<u64, StdError> {
        u64::try_from(self.u128()?).map_err(|_| self.corrupt())
    }

    /// The next number.
    pub(crate) fn u32(&mut self) -> Result<u32, StdError> {
        u32::try_from(self.u128()?).map_err(|_| self.corrupt())
    }

    /// The next signed number.
    pub(crate) fn i128(&mut self) -> Result<i128, StdError> {
        let value = self.u128()?;
        let size = i128::try_from(value >> 1).map_err(|_| self.corrupt())?;
        Ok(if value & 1 == 1 { size.saturating_neg() } else { size })
    }

    /// Whether all was read.
    pub(crate) fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, Writer};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(values: Vec<u128>, signed in i128::MIN / 2..=i128::MAX / 2) {
            let mut to = Writer::default();
            for value in &values {
                to.put(*value);
            }
            to.put_signed(signed);
            let mut from = Reader::new(to.bytes(), "test");
            for value in values {
                prop_assert_eq!(from.u128().unwrap(), value);
            }
            prop_assert_eq!(from.i128().unwrap(), signed);
            prop_assert!(from.is_done());
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
            let mut from = Reader::new(&bytes, "test");
            while !from.is_done() && from.u128().is_ok() {}
        }
    }

    #[test]
    fn a_number_that_does_not_fit_is_refused() {
        let mut to = Writer::default();
        to.put(u64::MAX).put(u128::from(u64::MAX) + 1);
        let mut from = Reader::new(to.bytes(), "test");
        assert_eq!(from.u64().unwrap(), u64::MAX);
        assert!(from.u64().is_err());
        assert!(Reader::new(&[0xff; 20], "test").u128().is_err());
        assert!(Reader::new(&[0x80], "test").u128().is_err());
    }
}
