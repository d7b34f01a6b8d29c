//! What messages touch, with a few ancestors and with a thousand.

use cosmwasm_std::{coin, Timestamp};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{ExecuteMsg, Mint};
use rstest::rstest;

use crate::graph::ancestors;
use crate::journal::Touches;
use crate::world::{account, Parents, World};

/// Each model is built on the `count` before it, the last one on one.
fn line(count: usize, above: usize) -> Vec<Parents> {
    let royalty = 5_000 / count as u16;
    let parents = |model: usize| {
        let first = model.saturating_sub(count);
        (first..model).map(|parent| (parent, royalty)).collect()
    };
    let mut graph: Vec<Parents> = (0..=above).map(parents).collect();
    graph.push(vec![(above, royalty)]);
    graph
}

/// A life of the model before the last one, and what each message of it touched.
fn touched(graph: Vec<Parents>) -> Vec<Touches> {
    let model = graph.len() - 2;
    let graph = graph.into_iter().map(|parents| ("ureserve", parents)).collect();
    let (holder, user) = (account("holder"), account("user"));
    let mut world = World::new(graph, &holder);
    let [this, child] = [model, model + 1].map(|number| world.models[number].clone());
    let mint = |token_id: &str| {
        let mint = Mint {
            token_id: token_id.to_owned(),
            model: this.clone(),
            contributor: holder.clone(),
            data_hash: Hash32::default(),
            quality: 1_000_000,
            improvement: 500_000,
            at: Timestamp::from_seconds(1),
            attestation: Hash32::default(),
            run_id: 9,
            round_id: 0,
            parents: vec![],
        };
        ExecuteMsg::MintContribution(Box::new(mint))
    };
    let pay = |model: &str| ExecuteMsg::PayUsage { model: model.to_owned(), memo: None };
    let claim = |ids: &[&str]| ExecuteMsg::Claim {
        token_ids: ids.iter().map(|token_id| (*token_id).to_owned()).collect(),
    };
    let distribute = ExecuteMsg::Distribute { model: this.to_string() };
    let story = [
        mint("a"),
        pay(this.as_str()),
        pay(this.as_str()),
        claim(&["a"]),
        pay(child.as_str()),
        mint("b"),
        pay(child.as_str()),
        pay(this.as_str()),
        pay(child.as_str()),
        distribute,
        pay(child.as_str()),
        claim(&["a", "b"]),
        pay(child.as_str()),
        ExecuteMsg::Burn { token_id: "b".to_owned() },
    ];
    story
        .into_iter()
        .map(|message| {
            let (sender, funds) = match message {
                ExecuteMsg::PayUsage { .. } => (&user, vec![coin(1_000_003, "ureserve")]),
                ExecuteMsg::MintContribution(_) => (&world.training.clone(), vec![]),
                _ => (&holder, vec![]),
            };
            world.execute(sender, &funds, message).expect("is accepted");
            world.touches()
        })
        .collect()
}

#[rstest]
#[case::one_parent(1)]
#[case::sixteen_parents(16)]
fn a_thousand_ancestors_cost_no_more_than_the_parents_alone(#[case] parents: usize) {
    let (few, many) = (line(parents, parents), line(parents, 1_000));
    assert_eq!(ancestors(&few, parents), parents);
    assert_eq!(ancestors(&many, 1_000), 1_000);
    let touches = touched(many);
    assert_eq!(touches, touched(few));
    let most = touches.iter().map(|touches| touches.reads + touches.writes).max();
    assert!(most > Some(2 * parents as u64), "parents are not touched: {touches:?}");
}
