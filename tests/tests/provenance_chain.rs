//! Provenance on a real node, by the same verbs: minted, moved, paid, claimed, burned; what each message costs; and
//! every kind of refusal that crosses a contract.
//!
//! Needs the artefacts of market, registry and provenance, and the node: `./scripts/test.sh` builds them.

use cosmwasm_std::coin;
use modelbond_interface::provenance::{
    Beneficiary, EarningsClaimed, LineageDirection, Mint, QueryMsg, RevenueShared,
};
use modelbond_tests::{Chain, Devnet, Outcome, Provenance};

const NAMES: [&str; 8] =
    ["creator", "training", "alice", "bob", "carol", "holder", "stranger", "user"];

/// Refuses more gas than planned for a message whose contracts are not pinned.
fn within(what: &str, outcome: &Outcome, most: u64) {
    let gas = outcome.gas.expect("a chain that counts");
    assert!(gas <= most, "{what}: {gas} gas, planned {most}");
}

#[test]
fn provenance_tells_the_same_story_on_a_real_node_within_its_gas() {
    let mut devnet = Devnet::start_with(&["market", "registry", "provenance"]);
    devnet.fund_all(&NAMES, &[coin(1_000_000_000, "stake")]);
    let training = devnet.account("training");
    let mut story = Provenance::on(devnet, training);
    let parents: Vec<String> = (0..4)
        .map(|number| story.open("creator", &format!("PARENT-{number}"), &[]).expect("opens"))
        .collect();
    let terms: Vec<(&str, u16)> = parents.iter().map(|parent| (parent.as_str(), 1_250)).collect();
    let model = story.open("creator", "MODEL", &terms).expect("opens");

    minting(&mut story, &model);
    money(&mut story, &model, &parents);
    moving(&mut story);
    burning(&mut story, &model);
}

fn minting(story: &mut Provenance<Devnet>, model: &str) {
    for number in 0..2 {
        let token_id = format!("1-1-{number}");
        let mint = story.contribution(&token_id, model, "alice");
        within("a first mint", &story.send_mint(mint).unwrap(), 165_000);
    }
    let parents = vec!["1-1-0".to_owned(), "1-1-1".to_owned()];
    let mint = Mint { parents, ..story.contribution("1-2-0", model, "bob") };
    within("a mint with two parents", &story.send_mint(mint.clone()).unwrap(), 200_000);
    let error = story.send_mint(mint).unwrap_err().to_string();
    assert!(error.contains("1-2-0 was minted before"), "{error}");
    assert_eq!(story.h_index(model), (1, 2));
    let found = story.lineage("1-2-0", LineageDirection::Ancestors, 16);
    assert_eq!(found, [("1-1-0".to_owned(), 1), ("1-1-1".to_owned(), 1)]);
    let svg: String = story.ask(&QueryMsg::Image { token_id: "1-2-0".to_owned() });
    assert!(svg.starts_with("<svg") && svg.len() < 4_096);
}

fn money(story: &mut Provenance<Devnet>, model: &str, parents: &[String]) {
    let outcome = story.pay("user", model, 3_000_000).unwrap();
    within("a payment with four parents", &outcome, 185_000);
    let shared: RevenueShared = outcome.event();
    let parts = [shared.reserve, shared.royalties, shared.holders, shared.owner];
    assert_eq!(parts.map(|part| part.u128()), [300_000, 1_500_000, 900_000, 300_000]);

    let before = story.coins("alice");
    let outcome = story.claim("alice", &["1-1-0"]).unwrap();
    within("a claim", &outcome, 150_000);
    assert_eq!(outcome.event::<EarningsClaimed>().amount.u128(), 300_000);
    assert_eq!(story.coins("alice") - before, 300_000);
    let error = story.claim("alice", &["1-1-0"]).unwrap_err().to_string();
    assert!(error.contains("have earned nothing since they were paid"), "{error}");

    within("a distribution", &story.distribute(&parents[0]).unwrap(), 140_000);
    story.forward(&parents[0], Beneficiary::Reserve).expect("to the market");
    story.forward(model, Beneficiary::Owner).expect("to the owner");
    let error = story.forward(model, Beneficiary::Owner).unwrap_err().to_string();
    assert!(error.contains("nothing waits for the owner"), "{error}");

    story.trade("holder", model, 1_000_000_000);
    let outcome = story.collect_fees(model).unwrap();
    let shared: RevenueShared = outcome.event();
    assert_eq!((shared.source.as_str(), shared.amount), ("fees", shared.holders));
    let error = story.collect_fees(model).unwrap_err().to_string();
    assert!(error.contains("provenance"), "{error}");
}

fn moving(story: &mut Provenance<Devnet>) {
    within("a transfer", &story.transfer("alice", "carol", "1-1-1").unwrap(), 115_000);
    let error = story.claim("alice", &["1-1-1"]).unwrap_err().to_string();
    assert!(error.contains("who holds 1-1-1, may do this"), "{error}");
    let before = story.coins("carol");
    story.claim("carol", &["1-1-1"]).unwrap();
    assert!(story.coins("carol") > before);
}

fn burning(story: &mut Provenance<Devnet>, model: &str) {
    within("a burn", &story.burn("bob", "1-2-0").unwrap(), 160_000);
    assert_eq!(story.shown("1-2-0").owner, None);
    assert_eq!(story.revenue(model).weight.u128(), 2_000_000_000_000);
    let error = story.transfer("bob", "alice", "1-2-0").unwrap_err().to_string();
    assert!(error.contains("there is no NFT 1-2-0"), "{error}");
}
