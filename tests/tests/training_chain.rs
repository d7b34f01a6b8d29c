//! Training on a real node, by the same verbs: five machines, a real market, a whole round; then the
//! same round with somebody who lies.
//!
//! Needs the artefacts of market, beacon, nodes and training, and the node: `./scripts/test.sh` builds
//! them.

use cosmwasm_std::coin;
use modelbond_interface::training::{Due, Phase, Stage, Verdict, Verified};
use modelbond_tests::training::{Conduct, Setup};
use modelbond_tests::{Devnet, Training};

const OWNERS: [&str; 5] = ["alice", "bob", "carol", "dan", "eve"];

#[test]
fn a_round_runs_on_a_real_node() {
    let mut devnet = Devnet::start_with(&["market", "beacon", "nodes", "training"]);
    let mut names = OWNERS.to_vec();
    names.extend(["creator", "keeper", "stranger", "provenance"]);
    devnet.fund_all(&names, &[coin(1_000_000_000, "stake")]);

    let setup = OWNERS.iter().fold(Setup::default(), |setup, owner| setup.node(owner, 3));
    let setup = setup.with_epochs(20).with_beacon_every(3).with_params(|params| {
        params.sizes.groups = 1;
        params.lengths.check_secs = 6;
        params.penalties.absent_bps = 0;
    });
    let mut training = setup.build_on(devnet).expect("opens a run");
    an_honest_round(&mut training);
    a_liar_is_convicted(&mut training);
}

fn an_honest_round(training: &mut Training<Devnet>) {
    let round = training.play();
    assert_eq!(round.phase, Phase::Final);
    assert!(round.model.confirmed, "{round:?}");
    assert!(training.market_config().metrics.is_some());
    training.check_money();
    let paid = training.claim_all();
    assert!(paid > 0);
    training.check_money();
}

fn a_liar_is_convicted(training: &mut Training<Devnet>) {
    training.wait_epochs(1);
    training.ready_all().expect("all are ready");
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 0)[1].seat.node_id;
    training.conduct.insert(liar, Conduct::LiarAtWork(1));
    let before = training.stake(liar);
    training.play_to(Phase::Final);
    training.check_money();

    let group = &training.groups()[0];
    assert_eq!(group.wrong, 0b10, "{group:?}");
    assert_eq!(group.verdict, Verdict::Accepted { by: Verified::Jury });
    assert_eq!(before - training.stake(liar), before / 10);
    assert!(training.ledger().burnable.u128() > 0);
    let juror = training.seats(Stage::Check, 0)[0].id;
    training.claim("stranger", Due::Seat(juror)).expect("is paid");
    training.check_money();
}
