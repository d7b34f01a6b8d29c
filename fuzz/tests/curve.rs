//! Curves, trades, and everything else of `modelbond-curve`.

#[path = "../../packages/curve/tests/support/every_operation.rs"]
mod every_operation;
#[path = "../../packages/curve/tests/support/laws.rs"]
mod laws;
#[path = "../../packages/curve/tests/support/scene.rs"]
mod scene;

use bolero::check;
use every_operation::Limbs;

#[test]
fn curve_operations_never_panic() {
    check!().with_type::<(Limbs, Limbs)>().for_each(|(params, inputs)| {
        every_operation::on_a_curve(*params, *inputs);
    });
}

#[test]
fn other_operations_never_panic() {
    check!().with_type::<Limbs>().for_each(|inputs| every_operation::on_the_rest(*inputs));
}

#[test]
fn laws_hold_on_every_curve() {
    check!().with_type::<scene::Seeds>().for_each(|seeds| {
        let scene = scene::Scene::new(seeds);
        for (name, law) in laws::LAWS {
            assert!(law(&scene).unwrap_or(true), "{name}: {scene:?}");
        }
    });
}
