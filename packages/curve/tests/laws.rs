//! I3, I5 and I6 on curves and trades from the whole domain.
#![allow(missing_docs, unreachable_pub)]

#[path = "support/laws.rs"]
mod laws;
#[path = "support/scene.rs"]
mod scene;

use proptest::prelude::*;
use scene::{Scene, Seeds};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_law_holds_on_every_curve(seeds in any::<Seeds>()) {
        let scene = Scene::new(&seeds);
        for (name, law) in laws::LAWS {
            prop_assert!(law(&scene).unwrap_or(true), "{}: {:?}", name, scene);
        }
    }
}
