//! What models are built on: royalties that parents agree to, and edges that stay.

use std::collections::BTreeMap;

use cosmwasm_std::{coin, Addr};
use modelbond_interface::registry::{
    ConnectionKind, Direction, ModelOpened, ModelsConnected, Parent, ParentTerms,
};
use modelbond_registry::ContractError;
use modelbond_tests::deployment::FEE;
use modelbond_tests::suite::CREATOR_FUNDS;
use modelbond_tests::{Failure, Registry};
use rstest::rstest;

fn parent(model: &str, royalty_bps: u16) -> Parent {
    Parent { model: model.to_owned(), royalty_bps }
}

/// Opens Carol's model with these parents.
fn open_on(registry: &mut Registry, parents: Vec<Parent>) -> Result<ModelOpened, Failure> {
    registry.try_open("carol", "CHILD", |msg| msg.parents = parents)
}

/// Alice's model that asks for this.
fn asking(registry: &mut Registry, symbol: &str, royalty_bps: u16) -> String {
    let event = registry.try_open("alice", symbol, |msg| msg.royalty_bps = royalty_bps);
    event.unwrap().model
}

#[test]
fn a_child_names_its_parents_and_what_they_get() {
    let mut registry = Registry::on_mock();
    let (one, two) = (asking(&mut registry, "ONE", 300), asking(&mut registry, "TWO", 0));
    let parents = vec![parent(&two, 0), parent(&one, 450)];
    let mut msg = registry.message("CHILD");
    msg.parents = parents;
    let outcome = registry.open_with("carol", msg).unwrap();
    let event: ModelOpened = outcome.event();
    assert_eq!(event.parents, format!("{two}:0,{one}:450"));
    let terms = registry.model(&event.model).terms;
    let expected = [(&two, 0), (&one, 450)]
        .map(|(model, royalty_bps)| ParentTerms { model: Addr::unchecked(model), royalty_bps });
    assert_eq!(terms.parents, expected);

    let connected: Vec<ModelsConnected> =
        outcome.events.iter().filter_map(|event| event.try_into().ok()).collect();
    let ends: Vec<_> = connected.iter().map(|one| (one.from.as_str(), one.to.as_str())).collect();
    assert_eq!(ends, [(event.model.as_str(), two.as_str()), (&event.model, &one)]);
    assert!(connected.iter().all(|one| one.kind == "derived" && one.h == 1), "{connected:?}");
    let to = registry.connections(&one, Direction::To);
    assert_eq!(to.len(), 1);
    assert_eq!((to[0].number, to[0].kinds.as_slice()), (3, &[ConnectionKind::Derived][..]));
    let index = registry.h_index("alice");
    assert_eq!((index.h, index.models, index.citations), (1, 2, 2));
}

#[rstest]
#[case::exactly(1_000, 1_000, true)]
#[case::more(1_000, 1_001, true)]
#[case::less(1_000, 999, false)]
#[case::for_nothing(0, 0, true)]
#[case::nothing_for_something(1, 0, false)]
fn a_parent_gets_what_it_asks_for_or_more(
    #[case] asked: u16,
    #[case] offered: u16,
    #[case] good: bool,
) {
    let mut registry = Registry::on_mock();
    let model = asking(&mut registry, "ONE", asked);
    let result = open_on(&mut registry, vec![parent(&model, offered)]);
    assert_eq!(result.is_ok(), good);
    if let Err(error) = result {
        let model = Addr::unchecked(model);
        assert_eq!(error.registry(), ContractError::RoyaltyTooLow { model, asked, offered });
    }
}

#[rstest]
#[case::half(5_000, true)]
#[case::more_than_half(5_001, false)]
#[case::everything(u16::MAX, false)]
fn a_model_asks_for_at_most_half(#[case] royalty_bps: u16, #[case] good: bool) {
    let mut registry = Registry::on_mock();
    let result = registry.try_open("alice", "ONE", |msg| msg.royalty_bps = royalty_bps);
    assert_eq!(result.is_ok(), good);
    if let Err(error) = result {
        let actual = u32::from(royalty_bps);
        let expected = ContractError::Royalty { field: "royalty_bps", actual, most: 5_000 };
        assert_eq!(error.registry(), expected);
    }
}

#[rstest]
#[case::half([2_500, 2_500], true)]
#[case::one_gets_it_all([5_000, 0], true)]
#[case::more_than_half([2_500, 2_501], false)]
#[case::far_more([u16::MAX, u16::MAX], false)]
fn all_parents_together_get_at_most_half(#[case] offered: [u16; 2], #[case] good: bool) {
    let mut registry = Registry::on_mock();
    let models = ["ONE", "TWO"].map(|symbol| asking(&mut registry, symbol, 0));
    let parents = models.iter().zip(offered).map(|(model, bps)| parent(model, bps)).collect();
    let result = open_on(&mut registry, parents);
    assert_eq!(result.is_ok(), good);
    if let Err(error) = result {
        let actual = offered.iter().map(|bps| u32::from(*bps)).sum();
        let field = "the royalty of all parents";
        assert_eq!(error.registry(), ContractError::Royalty { field, actual, most: 5_000 });
    }
}

#[test]
fn sixteen_parents_are_the_most() {
    let mut registry = Registry::on_mock();
    let models: Vec<String> =
        (0..17).map(|place| asking(&mut registry, &format!("PARENT{place}"), 300)).collect();
    let parents: Vec<Parent> = models.iter().map(|model| parent(model, 300)).collect();
    let error = open_on(&mut registry, parents.clone()).unwrap_err().registry();
    // 5,100 of 10,000 are too much as well, but the number is what is wrong first.
    assert_eq!(error, ContractError::Parents { actual: 17, most: 16 });
    let event = open_on(&mut registry, parents[..16].to_vec()).unwrap();
    assert_eq!(registry.model(&event.model).terms.parents.len(), 16);
    let from = registry.connections(&event.model, Direction::From);
    let numbers: Vec<u32> = from.iter().map(|one| one.number).collect();
    assert_eq!(numbers, (1..=16).collect::<Vec<_>>());
    assert_eq!(registry.h_index("alice").citations, 16);
}

#[test]
fn a_parent_is_named_once() {
    let mut registry = Registry::on_mock();
    let model = asking(&mut registry, "ONE", 0);
    let parents = vec![parent(&model, 1), parent(&model, 2)];
    let error = open_on(&mut registry, parents).unwrap_err().registry();
    assert_eq!(error, ContractError::DuplicateParent { model: Addr::unchecked(model) });
}

#[test]
fn a_parent_is_a_model_of_this_registry() {
    let mut registry = Registry::on_mock();
    let model = registry.account("nobody");
    let error = open_on(&mut registry, vec![parent(&model, 1)]).unwrap_err().registry();
    assert_eq!(error, ContractError::UnknownModel { model: Addr::unchecked(model) });
    let error = open_on(&mut registry, vec![parent("nobody", 1)]).unwrap_err().registry();
    assert!(matches!(error, ContractError::Std(_)), "{error}");
}

#[test]
fn a_parent_is_paid_in_the_same_denom() {
    let mut registry = Registry::on_mock();
    let mut msg = registry.message("ONE");
    msg.reserve_denom = "uusd".to_owned();
    let funds = [coin(FEE, "ureserve"), coin(CREATOR_FUNDS, "uusd")];
    registry.fund("alice", &funds);
    let msg = modelbond_interface::registry::ExecuteMsg::OpenModel(Box::new(msg));
    let one = registry.send_with("alice", &msg, &funds).unwrap().event::<ModelOpened>().model;
    let error = open_on(&mut registry, vec![parent(&one, 1_000)]).unwrap_err().registry();
    let [expected, actual] = ["uusd", "ureserve"].map(str::to_owned);
    let model = Addr::unchecked(one);
    assert_eq!(error, ContractError::ReserveDenom { model, expected, actual });
}

#[test]
fn nothing_is_its_own_parent_or_that_of_a_model_before_it() {
    let mut registry = Registry::on_mock();
    // Alice knows where her model will be, and where the next one will.
    let [own, next] = ["ONE", "TWO"].map(|symbol| registry.predicted("alice", symbol).model);
    for model in [own.clone(), next.clone()] {
        let parents = vec![parent(model.as_str(), 0)];
        let error = registry.try_open("alice", "ONE", |msg| msg.parents = parents).unwrap_err();
        assert_eq!(error.registry(), ContractError::UnknownModel { model });
    }
    let one = registry.open("alice", "ONE");
    let two = registry.open_on("alice", "TWO", &[&one]);
    assert_eq!((one.as_str(), two.as_str()), (own.as_str(), next.as_str()));
    // And afterwards nobody can add a parent: saying so agrees no royalty.
    registry.connect("alice", (&one, &two), ConnectionKind::Derived).unwrap();
    assert_eq!(registry.model(&one).terms.parents, []);
}

#[test]
fn every_parent_has_a_lower_number_so_that_no_way_leads_back() {
    let mut registry = Registry::on_mock();
    let mut models: Vec<String> = vec![];
    for place in 0..20usize {
        // The last ones, as many as there are, at most three.
        let parents: Vec<Parent> =
            models.iter().rev().take(place % 4).map(|model| parent(model, 1_000)).collect();
        let symbol = format!("MODEL{place}");
        let event = registry.try_open("alice", &symbol, |msg| msg.parents = parents).unwrap();
        models.push(event.model);
    }
    let numbers: BTreeMap<&str, usize> =
        models.iter().enumerate().map(|(place, model)| (model.as_str(), place)).collect();
    let mut edges = 0;
    for model in &models {
        for one in registry.model(model).terms.parents {
            assert!(numbers[one.model.as_str()] < numbers[model.as_str()]);
            edges += 1;
        }
    }
    assert_eq!(edges, 30);
}

#[test]
fn children_of_ones_own_models_are_no_citations() {
    let mut registry = Registry::on_mock();
    let one = registry.open("alice", "ONE");
    registry.open_on("alice", "TWO", &[&one]);
    assert_eq!(registry.model(&one).citations, 0);
    assert_eq!(registry.h_index("alice").h, 0);
    assert_eq!(registry.connections(&one, Direction::To).len(), 1);
}
