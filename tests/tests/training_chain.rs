//! Training and the economy around it on a real node, by the same verbs: five machines, a model of the
//! registry, a whole round; data that somebody offered, what the model earns; then the same round with somebody who lies.
//!
//! Needs the artefacts of all contracts but the bridge, and the node: `./scripts/test.sh` builds them.

use cosmwasm_std::{coin, Uint128};
use cw721::msg::TokensResponse;
use modelbond_interface::event::TypedEvent;
use modelbond_interface::provenance::{
    Beneficiary, ContributionMinted, ContributionResponse, EarningsClaimed,
    ExecuteMsg as ProvenanceMsg, OfferStatus, QueryMsg as ProvenanceQuery, RevenueResponse,
};
use modelbond_interface::rewards::{
    ExecuteMsg as RewardsMsg, ModelRewardsResponse, QueryMsg as RewardsQuery, RewardsPaid,
};
use modelbond_interface::training::{Due, Phase, Stage, Verdict, Verified};
use modelbond_tests::offers::{FEE, FOUND};
use modelbond_tests::training::{Conduct, Setup};
use modelbond_tests::{Chain, Contracts, Devnet, Offers, Training};

const OWNERS: [&str; 5] = ["alice", "bob", "carol", "dan", "eve"];

#[test]
fn a_round_runs_on_a_real_node() {
    let mut devnet = Devnet::start_with(&[
        "market",
        "beacon",
        "nodes",
        "training",
        "registry",
        "provenance",
        "rewards",
    ]);
    let mut names = OWNERS.to_vec();
    names.extend(["creator", "keeper", "stranger", "user"]);
    devnet.fund_all(&names, &[coin(1_000_000_000, "stake")]);
    devnet.fund_all(&["user"], &[coin(10_000_000_000, "uusd")]);

    let setup = OWNERS.iter().fold(Setup::default(), |setup, owner| setup.node(owner, 3));
    let setup = setup.with_epochs(20).with_beacon_every(3).with_params(|params| {
        params.sizes.groups = 1;
        params.lengths.check_secs = 6;
        params.penalties.absent_bps = 0;
    });
    let setup = setup.registered().with_parents(1).with_market(|params| {
        params.emission.epoch_secs = 15;
    });
    let mut offers = Offers::of(setup.build_on(devnet).expect("opens a run"));
    let offer_id = offers.contribute("stranger", "data", FEE).expect("takes the offer");
    an_honest_round(&mut offers.training);
    drawn_witnesses_agree(&mut offers, offer_id);
    the_model_earns(&mut offers.training);
    operators_are_rewarded(&mut offers.training);
    a_liar_is_convicted(&mut offers.training);
}

/// What was offered before the round is an NFT when all witnesses found the same, and they have the fee.
fn drawn_witnesses_agree(offers: &mut Offers<Devnet>, offer_id: u64) {
    offers.emit(offer_id);
    let witnesses = offers.draw(offer_id).expect("draws");
    assert_eq!(witnesses.len(), OWNERS.len());
    offers.score(offer_id, &[Some(FOUND); OWNERS.len()]);
    let before = offers.held();
    let concluded = offers.conclude(offer_id).expect("ends");
    assert!(concluded.accepted, "{concluded:?}");
    assert_eq!(offers.status(offer_id), OfferStatus::Accepted { score: FOUND });
    let (paid, refund) = (concluded.paid.u128(), concluded.refund.u128());
    assert_eq!((paid + refund, before - offers.held()), (FEE, FEE));
    assert!(paid > 0);
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

/// What the round contributed is an NFT; a user pays, and every unit is found again.
fn the_model_earns(training: &mut Training<Devnet>) {
    let (provenance, model) =
        (training.deployment.provenance.clone(), training.market.market.clone());
    let minted = ProvenanceQuery::ModelTokens { model: model.clone(), skip: None, limit: None };
    let minted: TokensResponse =
        training.market.chain.query_any(&provenance, &minted).expect("NFTs");
    assert_eq!(minted.tokens, ["1-1-0", "offer-1"], "{}", ContributionMinted::TYPE);
    let token_id = minted.tokens[0].clone();
    let question = ProvenanceQuery::Contribution { token_id: token_id.clone() };
    let nft: ContributionResponse =
        training.market.chain.query_any(&provenance, &question).expect("an NFT");
    assert!(!nft.weight.is_zero(), "{nft:?}");
    let holder = nft.owner.expect("a holder").into_string();

    let user = training.market.address("user");
    let pay = ProvenanceMsg::PayUsage { model: model.clone(), memo: None };
    let funds = [coin(1_000_000_007, "uusd")];
    let chain = &mut training.market.chain;
    chain.execute_any(&user, &provenance, &pay, &funds).expect("pays");
    let revenue = ProvenanceQuery::Revenue { model: model.clone() };
    let revenue: RevenueResponse = chain.query_any(&provenance, &revenue).expect("revenue");
    // 10 % and what does not divide, 30 %, half of the rest after the parent's 10 %.
    assert_eq!(revenue.reserve, Uint128::new(100_000_002));
    assert_eq!(revenue.holders, Uint128::new(300_000_002));
    assert_eq!(revenue.owner, Uint128::new(500_000_003));
    let before = chain.balance(&holder);
    let claim = ProvenanceMsg::Claim { token_ids: vec![token_id] };
    let claimed = chain.execute_any(&holder, &provenance, &claim, &[]).expect("is paid");
    let claimed = claimed.event::<EarningsClaimed>().amount;
    assert_eq!(chain.balance(&holder) - before, claimed.u128());
    let owner = training.market.address("creator");
    let owner_before = training.market.chain.balance(&owner);
    let forward = ProvenanceMsg::Forward { model, to: Beneficiary::Owner };
    let chain = &mut training.market.chain;
    chain.execute_any(&user, &provenance, &forward, &[]).expect("pays the owner");
    assert_eq!(training.market.chain.balance(&owner) - owner_before, 500_000_003);
}

/// An epoch's fees become tokens of those who worked.
fn operators_are_rewarded(training: &mut Training<Devnet>) {
    let (rewards, model) = (training.deployment.rewards.clone(), training.market.market.clone());
    let user = training.market.address("user");
    let standing = |training: &Training<Devnet>| -> ModelRewardsResponse {
        let question = RewardsQuery::Model { model: training.market.market.clone() };
        training.market.chain.query_any(&rewards, &question).expect("rewards")
    };
    training.market.buy("user", 1_000_000_000).expect("trades");
    let settle = |training: &mut Training<Devnet>| {
        let epoch = standing(training).epoch;
        while standing(training).epoch == epoch {
            training.market.wait(1);
        }
        let epoch = standing(training).epoch - 1;
        let settle = RewardsMsg::Settle { model: model.clone(), epoch };
        training.market.chain.execute_any(&user, &rewards, &settle, &[]).expect("settles");
    };
    settle(training);
    let bought = standing(training).owed;
    assert!(!bought.is_zero(), "{:?}", standing(training));
    settle(training);
    let mut paid = Uint128::zero();
    for owner in OWNERS {
        let operator = Some(training.market.address(owner));
        let claim = RewardsMsg::Claim { model: training.market.market.clone(), operator };
        let Ok(outcome) = training.market.chain.execute_any(&user, &rewards, &claim, &[]) else {
            continue; // not drawn
        };
        paid += outcome.event::<RewardsPaid>().tokens;
    }
    assert_eq!(paid, bought);
    assert!(standing(training).owed.is_zero());
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
