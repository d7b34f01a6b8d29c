//! The same message twice.

use modelbond_provenance::ContractError;
use modelbond_tests::Provenance;

#[test]
fn a_contribution_is_minted_once() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let mint = story.contribution("1-1-0", &model, "alice");
    story.mint(mint.clone()).unwrap();
    let error = story.mint(mint).unwrap_err().provenance();
    assert_eq!(error, ContractError::AlreadyMinted { token_id: "1-1-0".to_owned() });
    assert_eq!(story.revenue(&model).weight.u128(), 1_000_000_000_000);
}

#[test]
fn another_contribution_cannot_take_an_id_that_is_there() {
    let mut story = Provenance::on_mock();
    let [iris, wine] = ["IRIS", "WINE"].map(|symbol| story.open("creator", symbol, &[]).unwrap());
    story.mint_on("1-1-0", &iris, "alice", &[]);
    let before = story.shown("1-1-0");
    let other = story.contribution("1-1-0", &wine, "mallory");
    let error = story.mint(other).unwrap_err().provenance();
    assert_eq!(error, ContractError::AlreadyMinted { token_id: "1-1-0".to_owned() });
    assert_eq!(story.shown("1-1-0"), before);
}

#[test]
fn a_payment_sent_twice_is_two_payments() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    for paid in [100, 200] {
        story.pay("user", &model, 100).unwrap();
        assert_eq!(story.revenue(&model).usage.u128(), paid);
    }
}

#[test]
fn a_claim_in_the_same_block_as_another_pays_nothing() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_on("1-1-0", &model, "alice", &[]);
    story.pay("user", &model, 100).unwrap();
    story.claim("alice", &["1-1-0"]).unwrap();
    for _ in 0..3 {
        let error = story.claim("alice", &["1-1-0"]).unwrap_err().provenance();
        assert_eq!(error, ContractError::NothingToClaim);
    }
    assert_eq!(story.coins("alice"), 30);
}
