//! Streams: their bytes by hand, and that they are uniform.
#![allow(clippy::disallowed_methods)]

use modelbond_learn::random::Random;
use sha2::{Digest, Sha256};

#[test]
fn a_stream_is_sha256_of_a_counter() {
    let mut random = Random::new(&[9; 32], "batch", 3);
    for counter in 0..3_u64 {
        let block = Sha256::new()
            .chain_update(b"modelbond/v1/random\0")
            .chain_update([9; 32])
            .chain_update(b"batch\0")
            .chain_update(3_u64.to_le_bytes())
            .chain_update(counter.to_le_bytes())
            .finalize();
        for word in block.chunks(4) {
            assert_eq!(random.next_u32().to_le_bytes(), word);
        }
    }
}

#[test]
fn seeds_purposes_and_positions_have_streams_of_their_own() {
    let first =
        |seed: u8, purpose, position| Random::new(&[seed; 32], purpose, position).next_u32();
    let one = first(1, "batch", 0);
    assert_eq!(one, first(1, "batch", 0));
    for other in [first(2, "batch", 0), first(1, "init", 0), first(1, "batch", 1)] {
        assert_ne!(one, other);
    }
}

/// Below 3·2³⁰ a product alone would give every third number twice as often.
#[test]
fn numbers_below_a_bound_are_uniform() {
    let mut random = Random::new(&[1; 32], "batch", 0);
    let mut counts = [0_u32; 3];
    for _ in 0..30_000 {
        let number = random.below(3 << 30);
        assert!(number < 3 << 30);
        counts[number as usize % 3] += 1;
    }
    // Chi-square with 2 degrees of freedom: above 13.8 with probability 0.001.
    let chi: f64 = counts.iter().map(|count| (f64::from(*count) - 1e4).powi(2) / 1e4).sum();
    assert!(chi < 13.8, "{counts:?}: {chi}");
    assert_eq!((random.below(0), random.below(1)), (0, 0));
}

#[test]
fn weights_are_from_minus_one_to_below_one() {
    let mut random = Random::new(&[1; 32], "init", 0);
    let numbers: Vec<f32> = (0..10_000).map(|_| random.symmetric()).collect();
    assert!(numbers.iter().all(|number| (-1.0..1.0).contains(number)));
    let mean = numbers.iter().copied().map(f64::from).sum::<f64>() / 1e4;
    // The standard error is 0.0058.
    assert!(mean.abs() < 0.02, "{mean}");
}
