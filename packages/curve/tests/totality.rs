//! No input makes anything panic. `/fuzz` searches the same operations for longer.
#![allow(missing_docs, unreachable_pub)]

#[path = "support/every_operation.rs"]
mod every_operation;

use proptest::prelude::*;

fn limb() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        Just(0),
        Just(1),
        Just(u64::MAX),
        (0..64u32).prop_map(|bits| u64::MAX >> bits)
    ]
}

fn limbs() -> impl Strategy<Value = every_operation::Limbs> {
    proptest::array::uniform16(limb())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_curve_panics(params in limbs(), inputs in limbs()) {
        every_operation::on_a_curve(params, inputs);
    }

    #[test]
    fn nothing_else_panics(inputs in limbs()) {
        every_operation::on_the_rest(inputs);
    }
}
