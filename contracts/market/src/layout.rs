//! Fixed binary layouts of the hot records: big-endian fields in order, so that a trade reads
//! and writes as few bytes as it can (a stored byte costs 30 gas, decoding JSON more again).

use cosmwasm_std::StdError;

/// Reads fields in order; every read past the end is an error, never a panic.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    record: &'static str,
}

impl<'a> Reader<'a> {
    /// Over the bytes of the record called `record`.
    pub(crate) fn new(bytes: &'a [u8], record: &'static str) -> Self {
        Self { bytes, record }
    }

    /// The next `N` bytes.
    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], StdError> {
        let (head, tail) = self
            .bytes
            .split_first_chunk::<N>()
            .ok_or_else(|| StdError::parse_err(self.record, "record is too short"))?;
        self.bytes = tail;
        Ok(*head)
    }

    /// The next `N` bytes as the low end of 32.
    pub(crate) fn take_padded<const N: usize>(&mut self) -> Result<[u8; 32], StdError> {
        let low = self.take::<N>()?;
        let mut all = [0; 32];
        for (to, from) in all.iter_mut().rev().zip(low.iter().rev()) {
            *to = *from;
        }
        Ok(all)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, StdError> {
        self.take().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, StdError> {
        self.take().map(u64::from_be_bytes)
    }

    pub(crate) fn u128(&mut self) -> Result<u128, StdError> {
        self.take().map(u128::from_be_bytes)
    }

    pub(crate) fn i128(&mut self) -> Result<i128, StdError> {
        self.take().map(i128::from_be_bytes)
    }

    /// Whether all was read.
    pub(crate) fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }
}
