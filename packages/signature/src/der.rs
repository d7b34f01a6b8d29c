//! Strict DER of two positive integers of at most 33 bytes: one encoding for each signature
//! (X.690, sections 8.3 and 10.1; BIP-66).

use crate::error::{SignatureError, Unit};

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
/// Of two integers of 33 bytes.
const LONGEST: usize = 72;
/// Of two integers of one byte.
const SHORTEST: usize = 8;

/// r ‖ s from DER, each 32 bytes big-endian.
pub(crate) fn decode(bytes: &[u8]) -> Result<([u8; 32], [u8; 32]), SignatureError> {
    if !(SHORTEST..=LONGEST).contains(&bytes.len()) {
        let unit = Unit::DerSignature;
        return Err(SignatureError::Length { unit, expected: "8 to 72", actual: bytes.len() });
    }
    let mut reader = Reader { rest: bytes, whole: bytes.len() };
    reader.expect(SEQUENCE, "a sequence (0x30) is expected")?;
    let length = reader.length()?;
    if length != reader.rest.len() {
        return Err(reader.fault("the sequence's length is not what follows"));
    }
    let (r, s) = (reader.integer()?, reader.integer()?);
    if !reader.rest.is_empty() {
        return Err(reader.fault("bytes after the second integer"));
    }
    Ok((r, s))
}

struct Reader<'a> {
    rest: &'a [u8],
    whole: usize,
}

impl<'a> Reader<'a> {
    fn fault(&self, what: &'static str) -> SignatureError {
        SignatureError::Der { at: self.whole.saturating_sub(self.rest.len()), what }
    }

    fn byte(&mut self) -> Result<u8, SignatureError> {
        let (byte, rest) = self.rest.split_first().ok_or_else(|| self.fault("it ends here"))?;
        self.rest = rest;
        Ok(*byte)
    }

    fn expect(&mut self, tag: u8, what: &'static str) -> Result<(), SignatureError> {
        if self.rest.first() != Some(&tag) {
            return Err(self.fault(what));
        }
        self.byte().map(drop)
    }

    /// Short form only: the long form of a length below 128 is not DER.
    fn length(&mut self) -> Result<usize, SignatureError> {
        if self.rest.first().is_some_and(|byte| *byte >= 0x80) {
            return Err(self.fault("a length in long form"));
        }
        self.byte().map(usize::from)
    }

    fn integer(&mut self) -> Result<[u8; 32], SignatureError> {
        self.expect(INTEGER, "an integer (0x02) is expected")?;
        let length = self.length()?;
        let Some((digits, rest)) = self.rest.split_at_checked(length) else {
            return Err(self.fault("an integer longer than what is left"));
        };
        let magnitude: &'a [u8] = match digits {
            [] => return Err(self.fault("an empty integer")),
            [0, next, ..] if *next < 0x80 => return Err(self.fault("a superfluous zero")),
            [0, magnitude @ ..] => magnitude,
            [first, ..] if *first >= 0x80 => return Err(self.fault("a negative integer")),
            magnitude => magnitude,
        };
        let mut value = [0; 32];
        if magnitude.len() > value.len() {
            return Err(self.fault("an integer of more than 256 bits"));
        }
        for (to, from) in value.iter_mut().rev().zip(magnitude.iter().rev()) {
            *to = *from;
        }
        self.rest = rest;
        Ok(value)
    }
}

/// DER from r and s.
pub(crate) fn encode(r: &[u8; 32], s: &[u8; 32]) -> Vec<u8> {
    let body = [integer(r), integer(s)].concat();
    tagged(SEQUENCE, body)
}

fn integer(value: &[u8; 32]) -> Vec<u8> {
    let mut digits: Vec<u8> = value.iter().copied().skip_while(|digit| *digit == 0).collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    tagged(INTEGER, digits)
}

/// A body of at most 70 bytes, so its length has the short form.
fn tagged(tag: u8, mut body: Vec<u8>) -> Vec<u8> {
    let length = u8::try_from(body.len()).unwrap_or(u8::MAX);
    body.splice(0..0, [tag, length]);
    body
}
