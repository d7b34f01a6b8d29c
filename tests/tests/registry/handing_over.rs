//! A model's record goes to somebody else in two steps.

use cosmwasm_std::Addr;
use modelbond_interface::market;
use modelbond_interface::registry::{
    ConnectionKind, ModelFilter, ModelHandedOver, ModelOffered, ModelTerms,
};
use modelbond_registry::ContractError;
use modelbond_tests::Registry;

fn with_a_model() -> (Registry, String) {
    let mut registry = Registry::on_mock();
    let model = registry.open("alice", "IRIS");
    (registry, model)
}

fn address(registry: &Registry, who: &str) -> Addr {
    Addr::unchecked(registry.account(who))
}

#[test]
fn an_offer_changes_nothing_until_it_is_taken() {
    let (mut registry, model) = with_a_model();
    let before = registry.model(&model);
    let event = registry.offer("alice", &model, Some("bob")).unwrap();
    let (bob, alice) = (registry.account("bob"), registry.account("alice"));
    assert_eq!(event, ModelOffered { model: model.clone(), to: bob.clone() });
    let offered = registry.model(&model);
    assert_eq!(offered.offered_to, Some(Addr::unchecked(&bob)));
    assert_eq!(offered.terms, before.terms);
    registry.update("alice", &model, |_| {}).unwrap();

    let event = registry.accept("bob", &model).unwrap();
    assert_eq!(event, ModelHandedOver { model: model.clone(), from: alice, to: bob.clone() });
    let after = registry.model(&model);
    assert_eq!(after.offered_to, None);
    assert_eq!(after.terms, ModelTerms { owner: Addr::unchecked(bob), ..before.terms });
}

#[test]
fn the_new_owner_does_what_the_old_one_did() {
    let (mut registry, model) = with_a_model();
    let other = registry.open("carol", "WINE");
    registry.offer("alice", &model, Some("bob")).unwrap();
    registry.accept("bob", &model).unwrap();
    let kind = ConnectionKind::Cites;
    registry.update("bob", &model, |_| {}).unwrap();
    registry.connect("bob", (&model, &other), kind).unwrap();
    registry.disconnect("bob", (&model, &other), kind).unwrap();
    let [owner, sender] = ["bob", "alice"].map(|who| address(&registry, who));
    let refused = || ContractError::NotOwner {
        model: Addr::unchecked(&model),
        owner: owner.clone(),
        sender: sender.clone(),
    };
    let error = registry.update("alice", &model, |_| {}).unwrap_err();
    assert_eq!(error.registry(), refused());
    let error = registry.connect("alice", (&model, &other), kind).unwrap_err();
    assert_eq!(error.registry(), refused());
    let error = registry.offer("alice", &model, Some("alice")).unwrap_err();
    assert_eq!(error.registry(), refused());
    registry.offer("bob", &model, Some("alice")).unwrap();
    registry.accept("alice", &model).unwrap();
}

#[test]
fn the_creator_stays_the_creator() {
    let (mut registry, model) = with_a_model();
    let citing = registry.open("bob", "WINE");
    registry.connect("bob", (&citing, &model), ConnectionKind::Cites).unwrap();
    registry.offer("alice", &model, Some("bob")).unwrap();
    registry.accept("bob", &model).unwrap();
    assert_eq!(registry.model(&model).terms.creator, address(&registry, "alice"));
    let of = |who| Some(ModelFilter::Creator(registry.account(who)));
    assert_eq!(registry.models(of("alice"), None, None), [1]);
    assert_eq!(registry.models(of("bob"), None, None), [2]);
    // What counts was made by somebody else, whoever has it now.
    assert_eq!((registry.h_index("alice").h, registry.h_index("bob").h), (1, 0));
    registry.disconnect("bob", (&citing, &model), ConnectionKind::Cites).unwrap();
    assert_eq!(registry.h_index("alice").h, 0);
    // The market's treasury and vesting stay hers.
    let config: market::ConfigResponse = registry.market(&model, &market::QueryMsg::Config {});
    assert_eq!(config.creator, address(&registry, "alice"));
}

#[test]
fn only_whom_it_was_offered_to_takes_it_and_only_once() {
    let (mut registry, model) = with_a_model();
    let at = Addr::unchecked(&model);
    let not_offered = || ContractError::NotOffered { model: at.clone() };
    let error = registry.accept("bob", &model).unwrap_err().registry();
    assert_eq!(error, not_offered());
    registry.offer("alice", &model, Some("bob")).unwrap();
    for who in ["carol", "alice"] {
        let error = registry.accept(who, &model).unwrap_err().registry();
        let [offered_to, sender] = ["bob", who].map(|who| address(&registry, who));
        let model = at.clone();
        assert_eq!(error, ContractError::OfferedToAnother { model, offered_to, sender });
    }
    registry.accept("bob", &model).unwrap();
    let error = registry.accept("bob", &model).unwrap_err().registry();
    assert_eq!(error, not_offered());
}

#[test]
fn a_new_offer_replaces_the_old_one_and_nobody_ends_it() {
    let (mut registry, model) = with_a_model();
    registry.offer("alice", &model, Some("bob")).unwrap();
    registry.offer("alice", &model, Some("carol")).unwrap();
    let error = registry.accept("bob", &model).unwrap_err().registry();
    assert!(matches!(error, ContractError::OfferedToAnother { .. }), "{error}");
    let event = registry.offer("alice", &model, None).unwrap();
    assert_eq!(event, ModelOffered { model: model.clone(), to: String::new() });
    assert_eq!(registry.model(&model).offered_to, None);
    let error = registry.accept("carol", &model).unwrap_err().registry();
    assert_eq!(error, ContractError::NotOffered { model: Addr::unchecked(&model) });
    let error = registry.offer("alice", &model, None).unwrap_err().registry();
    assert_eq!(error, ContractError::NotOffered { model: Addr::unchecked(&model) });
}

#[test]
fn whoever_has_it_is_not_offered_it() {
    let (mut registry, model) = with_a_model();
    let error = registry.offer("alice", &model, Some("alice")).unwrap_err().registry();
    let owner = address(&registry, "alice");
    assert_eq!(error, ContractError::OfferedToOwner { model: Addr::unchecked(&model), owner });
}

#[test]
fn royalties_that_were_agreed_stay_whoever_owns_the_models() {
    let mut registry = Registry::on_mock();
    let parent = registry.open("alice", "ONE");
    let child = registry.open_on("bob", "TWO", &[&parent]);
    let agreed = registry.model(&child).terms.parents;
    for (from, model) in [("alice", &parent), ("bob", &child)] {
        registry.offer(from, model, Some("carol")).unwrap();
        registry.accept("carol", model).unwrap();
    }
    assert_eq!(registry.model(&child).terms.parents, agreed);
}
