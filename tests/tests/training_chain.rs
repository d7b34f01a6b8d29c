//! Training on a real node, by the same verbs: five machines, a real market, a whole round; then the
//! same round with somebody who lies.
//!
//! Needs the artefacts of market, beacon, nodes and training, and the node: `./scripts/test.sh` builds
//! them.

use cosmwasm_std::coin;
use modelbond_interface::training::{Due, Phase, Verdict};
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
    let setup = setup.with_epochs(20).with_params(|params| {
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
    let liar = training.members[0].node_id;
    training.conduct.insert(liar, Conduct::LiarAtWork(1));
    let before = training.stake(liar);
    // With five nodes a group of three is two fifths likely to do without the liar.
    for _ in 0..4 {
        let round = training.play();
        training.check_money();
        let groups = training.groups();
        let convicted = groups.iter().filter(|group| group.wrong != 0).count();
        if convicted > 0 {
            assert!(training.stake(liar) < before);
            assert!(groups.iter().all(|g| !matches!(g.verdict, Verdict::Open {})));
            let jurors = training.all_seats(modelbond_interface::training::Stage::Check);
            let juror = jurors.first().expect("a juror");
            training.claim("stranger", Due::Seat(juror.id)).expect("is paid");
            training.check_money();
            assert!(round.accepted < 0b11 || training.ledger().burnable.u128() > 0);
            return;
        }
    }
    panic!("the liar was in no group for four rounds");
}
