//! Signatures that are honest, damaged, or made up, from a number each.

use modelbond_signature::{Digest, PublicKey, SecretKey, Signature};

/// n, the order of the curve.
const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

/// Numbers at which a rule begins or ends: 0, 1, n − 1, n, n + 1, ⌊n/2⌋, ⌊n/2⌋ + 1, the field's
/// prime less n, the prime, 2²⁵⁶ − 1.
const EDGES: [&str; 10] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000001",
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
    ORDER,
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142",
    "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0",
    "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1",
    "000000000000000000000000000000014551231950b75fc4402da1722fc9baee",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

/// How an input is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Signed by the key.
    Honest,
    /// Signed by another key.
    OtherKey,
    /// The honest signature's twin.
    HighTwin,
    /// Every byte at random, v of the four.
    Random,
    /// One bit of r.
    BitOfR,
    /// One bit of s.
    BitOfS,
    /// One bit of v.
    BitOfV,
    /// One bit of the digest.
    BitOfDigest,
    /// r of the edges.
    EdgeOfR,
    /// s of the edges.
    EdgeOfS,
    /// Both of the edges; the digest too, at times.
    EdgeOfBoth,
    /// s ‖ r.
    Swapped,
    /// Any v.
    AnyV,
    /// Bytes missing or added at either end.
    OtherLength,
}

impl Class {
    pub(crate) const ALL: [Self; 14] = [
        Self::Honest,
        Self::OtherKey,
        Self::HighTwin,
        Self::Random,
        Self::BitOfR,
        Self::BitOfS,
        Self::BitOfV,
        Self::BitOfDigest,
        Self::EdgeOfR,
        Self::EdgeOfS,
        Self::EdgeOfBoth,
        Self::Swapped,
        Self::AnyV,
        Self::OtherLength,
    ];

    /// That the class tries what its name says.
    pub(crate) fn expect(self, recovered: u64, normalized: u64, refused: u64) {
        let seen = [recovered > 0, normalized > 0, refused > 0];
        let expected = match self {
            Self::Honest | Self::OtherKey => [true, false, false],
            Self::HighTwin => [false, true, false],
            Self::AnyV => [true, false, true],
            Self::BitOfDigest => [true, false, false],
            Self::BitOfR | Self::EdgeOfR => [true, false, true],
            Self::BitOfV | Self::OtherLength => [false, false, true],
            // Such an s has a high bit set by chance, and is hardly ever out of range.
            Self::BitOfS => [true, true, false],
            Self::Random | Self::EdgeOfS | Self::EdgeOfBoth | Self::Swapped => [true, true, true],
        };
        assert_eq!(seen, expected, "{self:?}");
    }
}

/// A digest, bytes that may be a signature, and who is said to have signed.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) index: u64,
    pub(crate) digest: [u8; 32],
    pub(crate) signature: Vec<u8>,
    pub(crate) key: PublicKey,
}

/// SplitMix64: the same numbers on every machine.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            chunk.copy_from_slice(&self.next().to_be_bytes());
        }
        bytes
    }

    fn edge(&mut self) -> [u8; 32] {
        let text = EDGES[self.below(EDGES.len())];
        hex::decode(text).unwrap().try_into().unwrap()
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        let bit = self.below(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

/// An honest signature, from which inputs are made.
struct Signed {
    digest: [u8; 32],
    signature: Signature,
    key: PublicKey,
}

impl Signed {
    fn new(seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let digest = numbers.bytes();
        let secret = SecretKey::from_bytes(numbers.bytes()).unwrap();
        let signature = secret.sign(&Digest::from_bytes(digest)).unwrap();
        Self { digest, signature, key: secret.public_key() }
    }
}

impl Input {
    /// So many inputs of a class. Signing costs as much as comparing: what is damaged at random is
    /// damaged in eight ways before the next signature is made.
    pub(crate) fn all(class: Class, count: u64) -> impl Iterator<Item = Self> {
        let ways = match class {
            Class::Honest | Class::OtherKey | Class::HighTwin => 1,
            _ => 8,
        };
        let seed = move |index: u64| (class as u64) << 32 | index;
        let mut signed = Signed::new(seed(0));
        (0..count).map(move |index| {
            if index % ways == 0 {
                signed = Signed::new(seed(index));
            }
            Self::new(class, index, &signed, Numbers(!seed(index)))
        })
    }

    fn new(class: Class, index: u64, signed: &Signed, mut numbers: Numbers) -> Self {
        let Signed { mut digest, mut key, .. } = *signed;
        let mut signature = signed.signature.to_eth().unwrap().to_vec();
        match class {
            Class::Honest => {}
            Class::OtherKey => key = SecretKey::from_bytes(numbers.bytes()).unwrap().public_key(),
            Class::HighTwin => {
                let s = negated(signed.signature.s());
                signature[32..64].copy_from_slice(&s);
                signature[64] ^= 27 ^ 28;
            }
            Class::Random => {
                signature[..32].copy_from_slice(&numbers.bytes());
                signature[32..64].copy_from_slice(&numbers.bytes());
                signature[64] = [0, 1, 27, 28][numbers.below(4)];
            }
            Class::BitOfR => numbers.flip(&mut signature[..32]),
            Class::BitOfS => numbers.flip(&mut signature[32..64]),
            Class::BitOfV => numbers.flip(&mut signature[64..]),
            Class::BitOfDigest => numbers.flip(&mut digest),
            Class::EdgeOfR => signature[..32].copy_from_slice(&numbers.edge()),
            Class::EdgeOfS => signature[32..64].copy_from_slice(&numbers.edge()),
            Class::EdgeOfBoth => {
                signature[..32].copy_from_slice(&numbers.edge());
                signature[32..64].copy_from_slice(&numbers.edge());
                signature[64] = [0, 1, 27, 28][numbers.below(4)];
                if numbers.below(2) == 0 {
                    digest = numbers.edge();
                }
            }
            Class::Swapped => signature[..64].rotate_left(32),
            Class::AnyV => signature[64] = numbers.next().to_be_bytes()[0],
            Class::OtherLength => match numbers.below(4) {
                0 => signature.truncate(numbers.below(65)),
                1 => drop(signature.drain(..=numbers.below(64))),
                2 => signature.extend(&numbers.bytes()[..=numbers.below(32)]),
                _ => signature.insert(0, 0),
            },
        }
        Self { index, digest, signature, key }
    }
}

/// n − value.
fn negated(value: &[u8; 32]) -> [u8; 32] {
    let mut result: [u8; 32] = hex::decode(ORDER).unwrap().try_into().unwrap();
    let mut borrow = 0;
    for (digit, subtrahend) in result.iter_mut().zip(value).rev() {
        let difference = i16::from(*digit) - i16::from(*subtrahend) - borrow;
        borrow = i16::from(difference < 0);
        *digit = difference.rem_euclid(256) as u8;
    }
    result
}
