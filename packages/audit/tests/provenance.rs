//! Books of provenance and of the registry, by hand.

mod story;

use cosmwasm_std::{Event, Uint128};
use modelbond_interface::provenance::{
    ContributionBurned, ContributionMinted, EarningsClaimed, RevenueForwarded, RevenueShared,
    RoyaltyPaid,
};
use rstest::rstest;
use story::{connected, Story, PROVENANCE, REGISTRY};

fn minted(token_id: &str, contributor: &str, quality: u32) -> Event {
    ContributionMinted {
        token_id: token_id.to_owned(),
        model: "child".to_owned(),
        contributor: contributor.to_owned(),
        weight: Uint128::from(quality) * Uint128::new(10),
        quality,
        improvement: 10,
        parents: String::new(),
    }
    .into()
}

fn shared(model: &str, source: &str, parts: [u128; 4], weight: u128) -> Event {
    let [reserve, royalties, holders, owner] = parts.map(Uint128::new);
    RevenueShared {
        model: model.to_owned(),
        source: source.to_owned(),
        payer: "user".to_owned(),
        denom: "uusd".to_owned(),
        amount: reserve + royalties + holders + owner,
        reserve,
        royalties,
        holders,
        owner,
        weight: Uint128::new(weight),
        memo: String::new(),
    }
    .into()
}

fn claimed(token_id: &str, recipient: &str, amount: u128) -> Event {
    EarningsClaimed {
        token_id: token_id.to_owned(),
        model: "child".to_owned(),
        recipient: recipient.to_owned(),
        denom: "uusd".to_owned(),
        amount: Uint128::new(amount),
    }
    .into()
}

fn action(action: &str) -> [(&str, &str); 1] {
    [("action", action)]
}

/// A model with two NFTs of weights 10 and 20 and a parent that gets 12 %; a user pays 1,001, the NFTs
/// claim, the parent's royalty is shared out, the owner is paid.
fn story() -> Story {
    let mut story = Story::with_models(&[("parent", ""), ("child", "parent:1200")]);
    story.addresses.provenance = Some(PROVENANCE.to_owned());
    let royalty = RoyaltyPaid {
        model: "child".to_owned(),
        parent: "parent".to_owned(),
        amount: Uint128::new(120),
    };
    let forwarded = RevenueForwarded {
        model: "child".to_owned(),
        to: "owner".to_owned(),
        recipient: "creator of child".to_owned(),
        denom: "uusd".to_owned(),
        amount: Uint128::new(480),
    };
    let moved = [
        ("action", "transfer_nft"),
        ("sender", "alice"),
        ("recipient", "carol"),
        ("token_id", "1-1-0"),
    ];
    // Of 1,001: 300 for holders, 120 for the parent, 480 for the owner; what is left is the reserve's.
    let usage = shared("child", "usage", [101, 120, 300, 480], 30);
    // Nobody contributed to the parent: 36 of 120 stay with its reserve.
    let of_parent = shared("parent", "royalty", [48, 0, 0, 72], 0);
    story
        .says(PROVENANCE, &action("mint_contribution"), vec![minted("1-1-0", "alice", 1)])
        .says(PROVENANCE, &action("mint_contribution"), vec![minted("1-1-1", "bob", 2)])
        .says(PROVENANCE, &action("pay_usage"), vec![usage, royalty.into()])
        .says(PROVENANCE, &action("distribute"), vec![of_parent])
        .says(PROVENANCE, &moved, vec![])
        .says(PROVENANCE, &action("claim"), vec![claimed("1-1-0", "carol", 100)])
        .says(PROVENANCE, &action("claim"), vec![claimed("1-1-1", "bob", 200)])
        .says(PROVENANCE, &action("forward"), vec![forwarded.into()]);
    story
}

/// The number of the entry in which an event is.
fn entry_of(story: &Story, kind: &str) -> usize {
    let kind = format!("wasm-{kind}");
    story.log.iter().rposition(|entry| entry.event.ty == kind).expect("it is there")
}

#[test]
fn a_payment_is_found_again_to_the_unit() {
    let (books, findings) = story().audit();
    assert_eq!(findings, []);
    let child = &books.provenance.models["child"];
    assert_eq!((child.usage, child.reserve, child.owner, child.holders), (1_001, 101, 0, 0));
    assert_eq!((child.to_owner, child.to_holders), (480, 300));
    let parent = &books.provenance.models["parent"];
    assert_eq!((parent.royalties, parent.undistributed, parent.reserve), (120, 0, 48));
    assert_eq!(books.provenance.money("uusd"), 101 + 48 + 72);
    assert_eq!(books.provenance.earned("1-1-1"), 200);
    assert_eq!(books.provenance.tokens["1-1-0"].holder.as_deref(), Some("carol"));
}

#[rstest]
#[case::too_little_for_the_reserve("reserve", "100", "parts of the payment is 119, expected 120")]
#[case::another_source("source", "gift", "source is gift, expected usage, royalty or fees")]
#[case::another_weight("weight", "1", "weight of all NFTs is 1, expected 0")]
#[case::another_denom("denom", "ueur", "denom is ueur, expected uusd")]
#[case::more_than_waited("amount", "121", "royalties that waited is 121, expected 120")]
#[case::another_model("model", "child", "royalties that waited is 120, expected 0")]
fn a_wrong_split_is_found(#[case] key: &str, #[case] value: &str, #[case] expected: &str) {
    let mut story = story();
    let entry = entry_of(&story, "revenue_shared");
    if key == "reserve" {
        story.change(entry, key, "47");
    } else {
        story.change(entry, key, value);
    }
    let found = story.found();
    assert!(found.contains(&expected.to_owned()), "{found:#?}");
}

#[rstest]
#[case::royalty(
    "royalty_paid",
    "amount",
    "119",
    "royalty is 119 to parent, expected one that the payment before owes"
)]
#[case::holder("earnings_claimed", "recipient", "alice", "recipient is alice, expected bob")]
#[case::earnings(
    "earnings_claimed",
    "amount",
    "202",
    "paid to 1-1-1 since it was minted is 202, expected 200, within one unit"
)]
#[case::owner(
    "revenue_forwarded",
    "recipient",
    "mallory",
    "recipient is mallory, expected creator of child"
)]
#[case::forwarded(
    "revenue_forwarded",
    "amount",
    "479",
    "what waited for the owner is 479, expected 480"
)]
#[case::weight("contribution_minted", "weight", "21", "weight is 21, expected 20")]
#[case::quality(
    "contribution_minted",
    "quality",
    "1000001",
    "quality and improvement is 1000001 and 10, expected at most 1,000,000"
)]
fn a_wrong_payment_is_found(
    #[case] kind: &str,
    #[case] key: &str,
    #[case] value: &str,
    #[case] expected: &str,
) {
    let mut story = story();
    let entry = entry_of(&story, kind);
    story.change(entry, key, value);
    let found = story.found();
    assert!(found.contains(&expected.to_owned()), "{found:#?}");
}

#[test]
fn nobody_is_paid_twice() {
    let mut story = story();
    let last = story.log.len() as u64;
    story.says(PROVENANCE, &action("claim"), vec![claimed("1-1-1", "bob", 200)]);
    let (_, findings) = story.audit();
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let at = format!("entry {} ", last + 2);
    let what = "paid to 1-1-1 since it was minted is 400, expected 200, within one unit";
    assert!(texts.iter().any(|t| t.starts_with(&at) && t.ends_with(what)), "{texts:#?}");
    assert!(texts.iter().any(|t| t.contains("what holders have is 0, expected at least 200")));
}

#[test]
fn what_a_burned_nft_leaves_belongs_to_the_others() {
    let mut story = story();
    let burned = ContributionBurned {
        token_id: "1-1-0".to_owned(),
        model: "child".to_owned(),
        weight: Uint128::new(10),
    };
    let burn = [("action", "burn"), ("sender", "carol"), ("token_id", "1-1-0")];
    let usage = shared("child", "usage", [10, 12, 30, 48], 20);
    let royalty = RoyaltyPaid {
        model: "child".to_owned(),
        parent: "parent".to_owned(),
        amount: Uint128::new(12),
    };
    story
        .says(PROVENANCE, &burn, vec![burned.into()])
        .says(PROVENANCE, &action("pay_usage"), vec![usage, royalty.into()])
        .says(PROVENANCE, &action("claim"), vec![claimed("1-1-1", "bob", 30)]);
    let (books, findings) = story.audit();
    assert_eq!(findings, []);
    assert_eq!(books.provenance.tokens["1-1-0"].holder, None);
    assert_eq!(books.provenance.models["child"].pool.weight, 20);
}

#[test]
fn whoever_moves_an_nft_holds_it_or_was_allowed_to() {
    let mut story = story();
    let steal = [
        ("action", "transfer_nft"),
        ("sender", "mallory"),
        ("recipient", "mallory"),
        ("token_id", "1-1-1"),
    ];
    story.says(PROVENANCE, &steal, vec![]);
    assert_eq!(story.found(), ["who may move 1-1-1 is mallory, expected bob"]);
    let mut story = self::story();
    let approve =
        [("action", "approve"), ("sender", "bob"), ("spender", "mallory"), ("token_id", "1-1-1")];
    story.says(PROVENANCE, &approve, vec![]).says(PROVENANCE, &steal, vec![]);
    assert_eq!(story.found(), Vec::<String>::new());
}

#[test]
fn h_indices_follow_from_connections() {
    let mut story = Story::with_models(&[("a", ""), ("b", ""), ("c", "")]);
    // Each model has a creator of its own: one citation makes h = 1, more do not.
    story.says(REGISTRY, &action("connect"), vec![connected("b", "a", "cites", 1)]).says(
        REGISTRY,
        &action("connect"),
        vec![connected("c", "a", "cites", 1)],
    );
    let (books, findings) = story.audit();
    assert_eq!(findings, []);
    assert_eq!((books.registry.citations("a"), books.registry.h_index("creator of a")), (2, 1));
    story.says(REGISTRY, &action("connect"), vec![connected("c", "b", "cites", 2)]);
    assert_eq!(story.found(), ["h-index is 2, expected 1"]);
}

#[test]
fn a_model_without_the_connection_to_its_parent_is_found() {
    let mut story = Story::with_models(&[("a", ""), ("b", "a:100")]);
    let last = story.log.pop().expect("a connection");
    assert_eq!(story.found(), ["connection of b to its parent is none, expected a"]);
    story.log.push(last);
    assert_eq!(story.found(), Vec::<String>::new());
}
