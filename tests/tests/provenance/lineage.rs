//! What a contribution is built on, what is built on it, and how often.

use modelbond_interface::provenance::{
    LineageDirection, LineageResponse, Mint, QueryMsg, MAX_LINEAGE,
};
use modelbond_tests::{Chain, Provenance};
use LineageDirection::{Ancestors, Descendants};

fn found(pairs: &[(&str, u8)]) -> Vec<(String, u8)> {
    pairs.iter().map(|(token_id, depth)| ((*token_id).to_owned(), *depth)).collect()
}

/// d is built on b and c, both on a; e on d.
fn diamond() -> (Provenance, String) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    for (token_id, contributor, parents) in [
        ("a", "ann", &[][..]),
        ("b", "ben", &["a"]),
        ("c", "cid", &["a"]),
        ("d", "dan", &["c", "b"]),
        ("e", "eve", &["d"]),
    ] {
        story.mint_on(token_id, &model, contributor, parents);
    }
    (story, model)
}

#[test]
fn both_ways_nearest_first_and_each_once() {
    let (story, _) = diamond();
    let expected = found(&[("d", 1), ("c", 2), ("b", 2), ("a", 3)]);
    assert_eq!(story.lineage("e", Ancestors, 16), expected);
    let expected = found(&[("b", 1), ("c", 1), ("d", 2), ("e", 3)]);
    assert_eq!(story.lineage("a", Descendants, 16), expected);
    assert_eq!(story.lineage("a", Ancestors, 16), []);
    assert_eq!(story.lineage("e", Descendants, 16), []);
}

#[test]
fn no_farther_than_asked() {
    let (story, _) = diamond();
    assert_eq!(story.lineage("e", Ancestors, 1), found(&[("d", 1)]));
    assert_eq!(story.lineage("a", Descendants, 2), found(&[("b", 1), ("c", 1), ("d", 2)]));
}

#[test]
fn parents_that_are_not_minted_are_shown_without_a_model() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_on("2-2-0", &model, "alice", &["2-1-0", "2-1-1"]);
    story.mint_on("2-1-1", &model, "bob", &["2-0-0"]);
    let msg = QueryMsg::Lineage {
        token_id: "2-2-0".to_owned(),
        direction: Ancestors,
        depth: 3,
        skip: None,
        limit: None,
    };
    let answer: LineageResponse = story.ask(&msg);
    let shown: Vec<(&str, u8, bool)> = answer
        .relatives
        .iter()
        .map(|found| (found.token_id.as_str(), found.depth, found.model.is_some()))
        .collect();
    assert_eq!(shown, [("2-1-0", 1, false), ("2-1-1", 1, true), ("2-0-0", 2, false)]);
}

#[test]
fn a_use_is_a_contribution_of_somebody_else() {
    let (mut story, model) = diamond();
    let uses = |story: &Provenance| ["a", "b", "c", "d", "e"].map(|id| story.shown(id).uses);
    assert_eq!(uses(&story), [2, 1, 1, 1, 0]);
    assert_eq!(story.h_index(&model), (1, 4));
    story.mint_on("f", &model, "ann", &["a", "b"]);
    assert_eq!(uses(&story), [2, 2, 1, 1, 0]);
    assert_eq!(story.h_index(&model), (2, 4));
}

#[test]
fn uses_by_contributions_of_other_models_count() {
    let mut story = Provenance::on_mock();
    let [iris, wine] = ["IRIS", "WINE"].map(|symbol| story.open("creator", symbol, &[]).unwrap());
    story.mint_on("a", &iris, "ann", &[]);
    story.mint_on("b", &wine, "ben", &["a"]);
    assert_eq!([story.h_index(&iris), story.h_index(&wine)], [(1, 1), (0, 0)]);
}

#[test]
fn children_that_were_there_first_count_when_their_parent_comes() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    for (number, contributor) in ["ann", "ben", "ann", "cid"].iter().enumerate() {
        story.mint_on(&format!("2-{number}"), &model, contributor, &["1-0"]);
    }
    assert_eq!(story.h_index(&model), (0, 0));
    story.mint_on("1-0", &model, "ann", &[]);
    assert_eq!((story.shown("1-0").uses, story.h_index(&model)), (2, (1, 1)));
    story.mint_on("2-4", &model, "ann", &["1-0"]);
    story.mint_on("2-5", &model, "dan", &["1-0"]);
    assert_eq!(story.shown("1-0").uses, 3);
}

#[test]
fn the_order_in_which_a_family_is_minted_does_not_matter() {
    let family: [(&str, &str, &[&str]); 6] = [
        ("a", "ann", &[]),
        ("b", "ben", &["a"]),
        ("c", "ann", &["a", "b"]),
        ("d", "cid", &["a", "b", "c"]),
        ("e", "ann", &["a", "c"]),
        ("f", "ben", &["c", "b"]),
    ];
    let outcome = |order: [usize; 6]| {
        let mut story = Provenance::on_mock();
        let model = story.open("creator", "IRIS", &[]).unwrap();
        for index in order {
            let (token_id, contributor, parents) = family[index];
            story.mint_on(token_id, &model, contributor, parents);
        }
        let uses = family.map(|(token_id, ..)| story.shown(token_id).uses);
        (uses, story.h_index(&model))
    };
    let expected = ([2, 2, 2, 0, 0, 0], (2, 3));
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2], [2, 5, 0, 4, 1, 3]] {
        assert_eq!(outcome(order), expected, "{order:?}");
    }
}

#[test]
fn a_lineage_has_pages() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_on("root", &model, "ann", &[]);
    for number in 10..35 {
        story.mint_on(&format!("leaf-{number}"), &model, "ben", &["root"]);
    }
    let page = |skip, limit| {
        let msg = QueryMsg::Lineage {
            token_id: "root".to_owned(),
            direction: Descendants,
            depth: 1,
            skip,
            limit,
        };
        let answer: LineageResponse = story.ask(&msg);
        assert!(!answer.truncated);
        answer.relatives.into_iter().map(|found| found.token_id).collect::<Vec<_>>()
    };
    let leaves: Vec<String> = (10..35).map(|number| format!("leaf-{number}")).collect();
    assert_eq!(page(None, None), leaves[..10]);
    assert_eq!(page(Some(10), Some(30)), leaves[10..]);
    assert!(page(Some(25), None).is_empty());
    assert_eq!(page(Some(u32::MAX), None).len(), 0);
}

#[test]
fn a_walk_looks_at_a_thousand_and_says_that_there_are_more() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_on("root", &model, "ann", &[]);
    let most = MAX_LINEAGE as usize;
    for (number, truncated) in [(most, false), (most + 1, true)] {
        let have = story.shown("root").uses as usize;
        for leaf in have..number {
            story.mint_on(&format!("leaf-{leaf}"), &model, "ben", &["root"]);
        }
        let msg = QueryMsg::Lineage {
            token_id: "root".to_owned(),
            direction: Descendants,
            depth: 16,
            skip: Some(MAX_LINEAGE - 1),
            limit: Some(30),
        };
        let answer: LineageResponse = story.ask(&msg);
        assert_eq!((answer.relatives.len(), answer.truncated), (1, truncated));
    }
}

#[test]
fn sixteen_parents_are_all_in_the_lineage() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let parents: Vec<String> = (0..16).map(|number| format!("1-1-{number}")).collect();
    let mint = Mint { parents: parents.clone(), ..story.contribution("1-2-0", &model, "alice") };
    story.mint(mint).unwrap();
    let shown: Vec<String> =
        story.lineage("1-2-0", Ancestors, 1).into_iter().map(|(token_id, _)| token_id).collect();
    assert_eq!(shown, parents);
    assert_eq!(story.chain.balance(&story.address), 0);
}
