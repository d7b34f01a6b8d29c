//! Books of markets, by hand; their trades are audited in random walks.

mod story;

use cosmwasm_std::Uint128;
use modelbond_audit::At;
use modelbond_interface::market::{MarketFunded, MarketVestedClaimed};
use rstest::rstest;
use story::{Story, COST, MARKET, SUPPLY};

/// The creator's tokens vest and move on; somebody funds the reserve.
fn story() -> Story {
    let mut story = Story::with_market();
    let claimed =
        MarketVestedClaimed { beneficiary: "creator".to_owned(), amount: Uint128::new(100) };
    let transfer = [("action", "transfer"), ("from", "creator"), ("to", "alice"), ("amount", "60")];
    let allowance = [
        ("action", "increase_allowance"),
        ("owner", "alice"),
        ("spender", "bob"),
        ("amount", "10"),
    ];
    let by_allowance = [
        ("action", "transfer_from"),
        ("from", "alice"),
        ("to", "carol"),
        ("by", "bob"),
        ("amount", "7"),
    ];
    let funded = MarketFunded { funder: "dora".to_owned(), amount: Uint128::new(50) };
    story
        .says(MARKET, &[("action", "claim_vested")], vec![claimed.into()])
        .says(MARKET, &transfer, vec![])
        .says(MARKET, &allowance, vec![])
        .says(MARKET, &by_allowance, vec![])
        .says(MARKET, &[("action", "fund_reserve")], vec![funded.into()]);
    story
}

#[test]
fn tokens_and_money_are_where_the_events_put_them() {
    let (books, findings) = story().audit();
    assert_eq!(findings, []);
    let books = &books.markets[MARKET];
    assert_eq!((books.supply, books.held), (SUPPLY, COST + 50));
    let balance = |account: &str| books.balances[account];
    let balances = [MARKET, "creator", "alice", "carol"].map(balance);
    assert_eq!(balances, [900, 40, 53, 7]);
    assert_eq!(books.allowances[&("alice".to_owned(), "bob".to_owned())], 3);
    assert_eq!(books.money(), COST + 50);
}

#[rstest]
#[case::more_than_there_is(4, "amount", "101", "balance of creator is 100, expected at least 101")]
#[case::more_than_allowed(
    6,
    "amount",
    "11",
    "allowance of bob from alice is 10, expected at least 11"
)]
#[case::an_unknown_action(4, "action", "gift", "the action is gift, expected one of a market")]
#[case::no_amount(4, "amount", "-1", "amount is \"-1\", expected a number below 2^128")]
#[case::another_supply(1, "initial_supply", "999", "initial supply is 999, expected 1000")]
#[case::another_denom(1, "reserve_denom", "ueur", "reserve denom is ueur, expected uusd")]
#[case::another_fact(
    2,
    "action",
    "sell",
    "what follows the action sell of market is wasm-market_vested_claimed, expected market_sold"
)]
fn a_contradiction_is_found(
    #[case] entry: usize,
    #[case] key: &str,
    #[case] value: &str,
    #[case] expected: &str,
) {
    let mut story = story();
    story.change(entry, key, value);
    let found = story.found();
    assert!(found.contains(&expected.to_owned()), "{found:#?}");
}

#[test]
fn an_action_without_what_it_must_say_is_found_where_it_is() {
    let mut story = story();
    story.log.truncate(3);
    let (_, findings) = story.audit();
    let at = At::Log { entry: 3, height: 2, tx: 0, contract: MARKET.to_owned() };
    assert_eq!(findings.len(), 1);
    assert_eq!((&findings[0].at, findings[0].expected.as_str()), (&at, "market_vested_claimed"));
}

#[test]
fn an_event_without_its_action_is_found() {
    let mut story = story();
    story.log.remove(2);
    let found = story.found();
    let expected =
        "what comes before is something else, expected the action of market_vested_claimed";
    assert!(found.contains(&expected.to_owned()), "{found:#?}");
}

#[rstest]
#[case::blocks(|story: &mut Story| story.log.swap(4, 5), "the entry's place")]
#[case::times(|story: &mut Story| story.log[5].time = 0, "the block's time")]
fn a_log_out_of_order_is_found(#[case] disturb: fn(&mut Story), #[case] what: &str) {
    let mut story = story();
    disturb(&mut story);
    let found = story.found();
    assert!(found.iter().any(|text| text.starts_with(what)), "{found:#?}");
}

#[test]
fn what_others_say_is_not_looked_at() {
    let mut story = story();
    story.says("another", &[("action", "nonsense")], vec![]);
    assert_eq!(story.found(), Vec::<String>::new());
}

#[test]
fn amounts_that_do_not_fit_are_findings_and_no_panics() {
    let mut story = story();
    let most = u128::MAX.to_string();
    for entry in 0..story.log.len() {
        for key in ["amount", "cost", "initial_supply", "refund"] {
            let attributes = &mut story.log[entry].event.attributes;
            for attribute in attributes.iter_mut().filter(|attribute| attribute.key == key) {
                attribute.value.clone_from(&most);
            }
        }
    }
    assert!(!story.found().is_empty());
}
