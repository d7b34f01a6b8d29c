//! Everything together is audited without a difference, and what was altered in the log is found.

use std::collections::BTreeMap;
use std::rc::Rc;

use modelbond_audit::compare::compare;
use modelbond_audit::{audit, Books, Entry};
use modelbond_tests::audit::{answers, everything, findings};
use modelbond_tests::random::Random;
use modelbond_tests::Chain;

use crate::alterations::{alter, Tally};
use crate::economy::Economy;

#[test]
fn a_deployment_in_use_is_audited_without_a_difference() {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 0..2 {
        let mut economy = Economy::new(seed);
        economy.live(9);
        let chain = economy.chain();
        let addresses = everything(chain, economy.deployment(), economy.log());
        let found = findings(chain, addresses, economy.log());
        let first: Vec<String> = found.iter().take(20).map(ToString::to_string).collect();
        assert!(found.is_empty(), "life {seed}: {} differences: {first:#?}", found.len());
        for entry in economy.log() {
            *kinds.entry(entry.event.ty.clone()).or_default() += 1;
        }
    }
    for kind in
        ["revenue_shared", "royalty_paid", "earnings_claimed", "rewards_paid", "score_revealed"]
    {
        assert!(kinds[&format!("wasm-{kind}")] > 30, "{kinds:#?}");
    }
}

#[test]
fn one_model_of_many_is_audited_without_a_difference() {
    let mut economy = Economy::new(4);
    economy.live(5);
    let all = everything(economy.chain(), economy.deployment(), economy.log());
    assert_eq!(all.markets.len(), 5);
    for (market, terms) in &all.markets {
        let mut one = all.clone();
        one.markets.retain(|other, _| other == market);
        assert_eq!(one.markets[market], *terms);
        // Of other markets nothing is read.
        let others = |contract: &String| all.markets.contains_key(contract) && contract != market;
        let log: Vec<Entry> =
            economy.log().iter().filter(|entry| !others(&entry.contract)).cloned().collect();
        let found = findings(economy.chain(), one, &log);
        let first: Vec<String> = found.iter().take(20).map(ToString::to_string).collect();
        assert!(found.is_empty(), "{market}: {} differences: {first:#?}", found.len());
    }
}

/// What no audit sees although the books differ.
const UNSEEN: [&str; 4] = [
    // A settlement that cut nothing and bought nothing, of an epoch before the last, as a whole.
    "transaction of action settle removed",
    "transaction of rewards_budgeted removed",
    // Of a payer, a market's books only know that they traded in an epoch.
    "market_bought.buyer another",
    // Which round a claim is of, while the other one still owes as much: claims do not say for what.
    "round_claimed.round_id",
];

/// What no audit can see, because nothing that a book holds follows from it.
const HARMLESS: [&str; 32] = [
    // In another order within a transaction, where neither depends on the other.
    " before ",
    // Words, and who paid where no run is told of it.
    "revenue_shared.memo",
    "revenue_shared.payer",
    "market_opened.refund",
    "market_bought.refund",
    "market_bought.buyer",
    "market_funded.funder",
    "run_funded.by",
    // What cw721 says with the event that says it, too.
    "action mint_contribution.",
    "action burn.",
    // To who has it, or to whom it was offered.
    "action transfer_nft",
    "action offer_model twice",
    // Of nothing.
    "market_emitted",
    "action emit",
    // Its score is the one before.
    "round_settled.metrics",
    // Neither followed by the multiplier nor the last one.
    "transaction of market_metrics_reported",
    // Work, of which money is booked when it is settled.
    "usage_credited.epoch",
    "round_advanced",
    "round_committed",
    "round_revealed",
    "round_seat_drawn",
    "round_judged",
    "round_leader_proved",
    "round_posted",
    // Whose stakes, of which the nodes contract keeps the books.
    "round_slashed.stage",
    "round_slashed.group",
    "action advance",
    "action commit",
    "action reveal",
    "action prove_lead",
    "action open_slice",
    "action post_",
];

#[test]
fn alterations_of_a_deployments_log_are_found_or_move_nothing() {
    let mut economy = Economy::new(7);
    economy.live(8);
    let chain = economy.chain();
    let deployment = economy.deployment();
    let addresses = everything(chain, deployment, economy.log());
    let (honest, found) = audit(addresses.clone(), economy.log());
    assert_eq!(found, []);
    let answers = answers(chain, &addresses, &honest);
    assert_eq!(compare(&addresses, &honest, &answers), []);
    let others = [
        chain.account("alice"),
        chain.account("nobody"),
        deployment.rewards.clone(),
        deployment.provenance.clone(),
        economy.market().to_owned(),
    ];
    let (mut tally, mut harmless) = (Tally::default(), Tally::default());
    let mut random = Random::new(5);
    let log: Vec<Rc<Entry>> = economy.log().iter().cloned().map(Rc::new).collect();
    let mut contracts: Vec<String> = addresses.markets.keys().cloned().collect();
    let singletons = [&addresses.registry, &addresses.provenance, &addresses.rewards];
    contracts.extend(singletons.into_iter().flatten().cloned());
    contracts.extend(addresses.training.clone());
    for _ in 0..2_500 {
        let altered = alter(&log, &contracts, &others, &mut random);
        let Some(altered) = altered else { continue };
        let (books, findings) = audit(addresses.clone(), altered.log.iter().map(Rc::as_ref));
        let found = !findings.is_empty() || !compare(&addresses, &books, &answers).is_empty();
        if !found && money(books) == money(honest.clone()) {
            harmless.count(&altered.kind, false);
        } else {
            tally.count(&altered.kind, found);
        }
    }
    let (missed, moved) = (tally.missed(&UNSEEN), harmless.missed(&HARMLESS));
    assert!(missed.is_empty() && moved.is_empty(), "{missed:#?} {moved:#?}");
    assert!(tally.made() > 1_000, "{tally}");
}

/// The books without counts.
fn money(mut books: Books) -> Books {
    books.entries.clear();
    books
}
