//! After the lock-up every holder can leave without anyone's permission (I13).

use cosmwasm_std::Uint128;
use modelbond_interface::market::CurveKind;
use modelbond_tests::{Order, Suite};
use rstest::rstest;

use crate::{DAY, HOUR, KINDS, PLENTY};

#[test]
fn everybody_can_leave_when_creator_emitter_and_metrics_are_gone() {
    for kind in KINDS {
        let mut suite = Suite::with_curve(kind)
            .with_balance("alice", PLENTY)
            .with_balance("bob", PLENTY)
            .build();
        suite.report([100, 100, 100, 100]).unwrap();
        for round in 0..20 {
            let name = if round % 3 == 0 { "bob" } else { "alice" };
            let _ = suite.buy_with(name, PLENTY / 50, Order::PARTIAL);
            suite.wait(HOUR);
        }
        // From here on nobody but holders does anything.
        suite.wait_for_unlock();
        assert!(suite.leave("alice") > 0, "{kind:?}");
        assert!(suite.leave("bob") > 0, "{kind:?}");
        assert!(suite.tokens("alice") + suite.tokens("bob") < 1_000, "{kind:?}");
        suite.wait(3_000 * DAY);
        suite.claim("creator").unwrap();
        suite.leave("creator");
        let left = suite.supply() - suite.vesting().floor.u128();
        assert!(left < 1_000, "{kind:?}: {left} base units too few to sell");
        assert!(suite.ledgers().reserve > Uint128::zero());
    }
}

#[rstest]
fn the_last_holder_leaves_and_the_market_goes_on(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
) {
    let mut suite = Suite::with_curve(kind).with_balance("alice", PLENTY).build();
    suite.wait(400 * DAY);
    suite.claim("creator").unwrap();
    suite.leave("creator");
    let backing = suite.price().backing;
    assert!(suite.supply() < suite.vesting().floor.u128() + 1_000);
    suite.wait(HOUR);
    let e = suite.buy("alice", 1_000_000).unwrap();
    assert!(e.tokens_out > Uint128::zero());
    assert!(suite.price().backing >= backing);
    // Whoever sits on the floor does not own the reserve: the newcomer gets out what they paid,
    // less fees and the stakeholders' part.
    let out = suite.sell("alice", e.tokens_out.u128()).unwrap().reserve_out.u128();
    assert!(out < 1_000_000 && out > 850_000, "{kind:?}: {out}");
}

#[test]
fn what_one_holder_can_get_does_not_depend_on_who_leaves_first() {
    // B does not fall when others leave, so the last one is not left with less per integral.
    let mut suite =
        Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build();
    suite.buy("alice", 100_000_000).unwrap();
    suite.buy("bob", 100_000_000).unwrap();
    suite.wait_for_unlock();
    let before = suite.price().backing;
    suite.leave("alice");
    assert!(suite.price().backing >= before);
    suite.leave("bob");
    assert!(suite.price().backing >= before);
}
