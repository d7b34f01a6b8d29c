//! Laws of keys, tickets, streams, pools, draws and lots.
#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::convert::Infallible;

use curve25519_dalek::edwards::CompressedEdwardsY;
use modelbond_election::draw::{
    draw, draw_up_to, DrawError, Pool, Roster, Span, Stream, Table, TableError,
};
use modelbond_election::lottery::payout;
use modelbond_election::tickets::{
    best_ticket, best_ticket_in, claimed, ticket, Ticket, TicketError,
};
use modelbond_election::vrf::{read_public_key, verify, Output, SecretKey, VrfError};
use proptest::prelude::*;

fn output() -> impl Strategy<Value = Output> {
    any::<[[u8; 32]; 2]>()
        .prop_map(|halves| Output::from_bytes(halves.concat().try_into().unwrap()))
}

fn weights() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(prop_oneof![0..4u64, any::<u32>().prop_map(u64::from)], 0..40)
}

/// The upper half of a·b, by 64-bit digits.
fn upper(a: u128, b: u128) -> u128 {
    let digits = |x: u128| (x >> 64, x & u128::from(u64::MAX));
    let ((a1, a0), (b1, b0)) = (digits(a), digits(b));
    let (low, one, other) = (a0 * b0, a1 * b0, a0 * b1);
    let middle = digits(low).0 + digits(one).1 + digits(other).1;
    a1 * b1 + digits(one).0 + digits(other).0 + digits(middle).0
}

proptest! {
    #[test]
    fn every_key_proves_every_message(key: [u8; 32], other: [u8; 32], alpha: Vec<u8>) {
        let secret = SecretKey::from_bytes(&key);
        let proof = secret.prove(&alpha).unwrap();
        let output = verify(&secret.public_key(), &alpha, proof.as_bytes());
        prop_assert_eq!(output, proof.output());
        prop_assert!(output.is_ok());
        prop_assume!(key != other);
        let other = SecretKey::from_bytes(&other).public_key();
        prop_assert_eq!(verify(&other, &alpha, proof.as_bytes()), Err(VrfError::Invalid));
    }

    #[test]
    fn keys_have_one_encoding(bytes in prop_oneof![
        any::<[u8; 32]>(),
        (any::<u8>(), any::<bool>()).prop_map(|(low, signed)| {
            let mut bytes = [0xff; 32];
            bytes[0] = low;
            bytes[31] = if signed { 0xff } else { 0x7f };
            bytes
        }),
        (any::<u8>(), any::<bool>()).prop_map(|(low, signed)| {
            let mut bytes = [0; 32];
            bytes[0] = low;
            bytes[31] = if signed { 0x80 } else { 0 };
            bytes
        }),
    ]) {
        let point = CompressedEdwardsY(bytes).decompress();
        let one = point.filter(|point| point.compress().0 == bytes && !point.is_small_order());
        prop_assert_eq!(read_public_key(&bytes).is_ok(), one.is_some());
    }

    #[test]
    fn no_input_panics(key: [u8; 32], alpha: Vec<u8>, proof: [[u8; 16]; 5]) {
        let proof = proof.concat().try_into().unwrap();
        prop_assert!(verify(&key, &alpha, &proof).is_err());
        let key = SecretKey::from_bytes(&key).public_key();
        prop_assert!(verify(&key, &alpha, &proof).is_err());
    }

    #[test]
    fn the_best_ticket_is_the_lowest(output in output(), node_id: u64, units in 0..200u32, cut in 0..200u32) {
        let all: Vec<Ticket> = (0..units).map(|index| ticket(&output, node_id, index)).collect();
        let best = best_ticket(&output, node_id, units);
        prop_assert_eq!(best, all.iter().min().copied());
        let cut = cut.min(units);
        let parts = [0..cut, cut..units].map(|part| best_ticket_in(&output, node_id, part));
        prop_assert_eq!(parts.into_iter().flatten().min(), best);
    }

    #[test]
    fn only_own_tickets_can_be_claimed(output in output(), node_id: u64, index in 0..4u32, units in 0..4u32) {
        let expected = if index < units {
            Ok(ticket(&output, node_id, index))
        } else {
            Err(TicketError::NoSuchUnit { index, units })
        };
        prop_assert_eq!(claimed(&output, node_id, index, units), expected);
    }

    #[test]
    fn tickets_differ_in_every_field(output in output(), node_id: u64, index: u32) {
        let one = ticket(&output, node_id, index);
        prop_assert_ne!(one.value, ticket(&output, node_id ^ 1, index).value);
        prop_assert_ne!(one.value, ticket(&output, node_id, index ^ 1).value);
        let mut bytes = *output.as_bytes();
        bytes[63] ^= 1;
        prop_assert_ne!(one.value, ticket(&Output::from_bytes(bytes), node_id, index).value);
    }

    #[test]
    fn a_tie_goes_to_the_lower_node(value: u128, a: u64, b: u64, index: u32, other: u32) {
        prop_assume!(a < b);
        let of = |node_id, index| Ticket { value, node_id, index };
        prop_assert!(of(a, index) < of(b, other));
    }

    #[test]
    fn early_is_below_eight_parts_of_all(value: u128, total: u64) {
        let is_early = |value| Ticket { value, node_id: 0, index: 0 }.is_early(total);
        prop_assert_eq!(is_early(value), upper(value, total.into()) < 8);
        if total > 8 {
            // The first ticket that is late: ⌈8·2¹²⁸/W⌉.
            let total = u128::from(total);
            let (quotient, rest) = (u128::MAX / total, u128::MAX % total);
            let late = 8 * quotient + (8 * (rest + 1)).div_ceil(total);
            prop_assert!(is_early(late - 1));
            prop_assert!(!is_early(late));
        } else {
            prop_assert!(is_early(u128::MAX));
        }
    }

    #[test]
    fn lots_are_the_exact_product_rounded_down(digest: [u8; 32], amount: u128) {
        let fraction = u128::from_be_bytes(*digest.first_chunk().unwrap());
        prop_assert_eq!(payout(&digest, amount), upper(fraction, amount));
        prop_assert!(payout(&digest, amount) < amount.max(1));
        prop_assert_eq!(payout(&[0; 32], amount), 0);
        prop_assert_eq!(payout(&[0xff; 32], amount), amount.saturating_sub(1));
    }

    #[test]
    fn numbers_are_below_their_bound(seed: [u8; 32], bound: u128) {
        let mut stream = Stream::new(&seed);
        match stream.below(bound) {
            Some(number) => prop_assert!(number < bound),
            None => prop_assert_eq!(bound, 0),
        }
        prop_assert_eq!(stream.below(1), Some(0));
    }

    #[test]
    fn everybody_with_weight_is_drawn_once(seed: [u8; 32], weights in weights(), count in 0..50usize) {
        let roster = Table::new(weights.iter().copied()).unwrap();
        let mut pool = Pool::new(roster.total_units());
        let drawn = draw_up_to(count, &mut Stream::new(&seed), &roster, &mut pool).unwrap();
        let heavy = weights.iter().filter(|weight| **weight > 0).count();
        prop_assert_eq!(drawn.len(), count.min(heavy));
        let members: BTreeSet<usize> = drawn.iter().map(|seat| seat.member).collect();
        prop_assert_eq!(members.len(), drawn.len());
        for seat in &drawn {
            prop_assert_eq!(roster.span(seat.member), Some(seat.span));
            prop_assert_eq!(weights[seat.member], seat.span.units);
        }
        let gone: u64 = drawn.iter().map(|seat| seat.span.units).sum();
        prop_assert_eq!(pool.units(), roster.total_units() - gone);
    }

    #[test]
    fn who_may_not_serve_never_does(seed: [u8; 32], weights in weights(), barred: BTreeSet<u8>) {
        let roster = Table::new(weights.iter().copied()).unwrap();
        let mut pool = Pool::new(roster.total_units());
        let may_serve = |member: &usize| !barred.iter().any(|one| usize::from(*one) % 40 == *member);
        let mut stream = Stream::new(&seed);
        let mut seats = BTreeSet::new();
        loop {
            match draw(&mut stream, &roster, &mut pool, may_serve) {
                Ok(seat) => {
                    prop_assert!(may_serve(&seat.member));
                    prop_assert!(seats.insert(seat.member));
                }
                Err(error) => {
                    prop_assert_eq!(error, DrawError::NobodyLeft);
                    break;
                }
            }
        }
        let expected = (0..weights.len()).filter(|m| weights[*m] > 0 && may_serve(m)).count();
        prop_assert_eq!(seats.len(), expected);
    }

    #[test]
    fn what_left_a_pool_leaves_it_once(
        (total, first, units) in prop_oneof![any::<(u64, u64, u64)>(), (0..9u64, 0..9u64, 0..5u64)],
    ) {
        let mut pool = Pool::new(total);
        let span = Span { first, units };
        let fits = units > 0 && first.checked_add(units).is_some_and(|end| end <= total);
        prop_assert_eq!(pool.remove(span), fits);
        prop_assert_eq!(pool.units(), if fits { total - units } else { total });
        prop_assert!(!pool.remove(span));
        let last = Span { first: first.saturating_add(units - u64::from(units > 0)), units: 1 };
        prop_assert!(!fits || !pool.remove(last));
    }
}

/// A roster whose answers do not fit the question.
struct Broken(Span);

impl Roster for Broken {
    type Member = ();
    type Error = Infallible;

    fn total_units(&self) -> u64 {
        100
    }

    fn member_at(&self, _: u64) -> Result<((), Span), Infallible> {
        Ok(((), self.0))
    }
}

#[test]
fn an_inconsistent_roster_is_refused() {
    for span in [(0, 1), (99, 1), (0, 0), (100, 1), (u64::MAX, 2), (0, 101), (0, u64::MAX)] {
        let roster = Broken(Span { first: span.0, units: span.1 });
        let mut pool = Pool::new(100);
        let verdict = draw(&mut Stream::new(&[1; 32]), &roster, &mut pool, |_| true);
        assert!(matches!(verdict, Err(DrawError::Inconsistent { .. })), "{span:?}: {verdict:?}");
    }
}

#[test]
fn a_draw_gives_up_after_its_picks() {
    let roster = Table::new([1; 100]).unwrap();
    let mut pool = Pool::new(100);
    let verdict = draw(&mut Stream::new(&[1; 32]), &roster, &mut pool, |_| false);
    assert_eq!(verdict, Err(DrawError::TooManyPicks { picks: 64 }));
    assert_eq!(pool.units(), 36);
    let verdict = draw(&mut Stream::new(&[2; 32]), &roster, &mut pool, |_| false);
    assert_eq!(verdict, Err(DrawError::NobodyLeft));
}

#[test]
fn weights_beyond_64_bits_are_no_roster() {
    assert_eq!(Table::new([u64::MAX, 0, 1]), Err(TableError::TooHeavy { member: 2 }));
    assert_eq!(Table::new([u64::MAX, 0]).map(|table| table.total_units()), Ok(u64::MAX));
    assert_eq!(Table::new([]).map(|table| table.total_units()), Ok(0));
}
