//! h-indices: of creators, kept here; of models, asked of provenance.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{
    to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult,
};
use cw_multi_test::ContractWrapper;
use modelbond_interface::provenance;
use modelbond_interface::registry::{
    ConnectionKind, Direction, HIndexResponse, ModelHIndexResponse, QueryMsg,
};
use modelbond_registry::ContractError;
use modelbond_tests::random::Random;
use modelbond_tests::{Failure, Registry};

const KINDS: [ConnectionKind; 3] =
    [ConnectionKind::UsesData, ConnectionKind::Cites, ConnectionKind::Deploys];

/// By the definition.
fn counted(citations: &[u32]) -> u32 {
    let with = |least: usize| citations.iter().filter(|n| **n as usize >= least).count();
    (1..=citations.len()).rev().find(|h| with(*h) >= *h).unwrap_or_default() as u32
}

fn index(h: u32, models: u32, citations: u32) -> HIndexResponse {
    HIndexResponse { h, models, citations }
}

/// Models of people, by symbol.
struct World {
    registry: Registry,
    models: Vec<(&'static str, String)>,
}

impl World {
    fn of(people: &[(&'static str, usize)]) -> Self {
        let mut registry = Registry::on_mock();
        let mut models = vec![];
        for (who, many) in people {
            for place in 0..*many {
                models.push((*who, registry.open(who, &format!("MODEL{place}"))));
            }
        }
        Self { registry, models }
    }

    fn of_creator(&self, who: &str) -> Vec<String> {
        self.models.iter().filter(|one| one.0 == who).map(|one| one.1.clone()).collect()
    }

    /// From the lists of connections alone.
    fn recounted(&self, who: &str) -> HIndexResponse {
        let creator: BTreeMap<&str, &str> =
            self.models.iter().map(|(who, model)| (model.as_str(), *who)).collect();
        let citations: Vec<u32> = self
            .of_creator(who)
            .iter()
            .map(|model| {
                let to = self.registry.connections(model, Direction::To);
                let citing: BTreeSet<_> = to.iter().map(|one| one.from.to_string()).collect();
                citing.iter().filter(|from| creator[from.as_str()] != who).count() as u32
            })
            .collect();
        index(counted(&citations), citations.len() as u32, citations.iter().sum())
    }
}

#[test]
fn h_models_with_h_citations_are_an_index_of_h() {
    let mut world = World::of(&[("alice", 3), ("bob", 3)]);
    let (alice, bob) = (world.of_creator("alice"), world.of_creator("bob"));
    let mut cite = |from: usize, to: usize| {
        let pair = (bob[from].as_str(), alice[to].as_str());
        let h = world.registry.connect("bob", pair, ConnectionKind::Cites).unwrap().h;
        assert_eq!(world.registry.h_index("alice").h, h);
        h
    };
    assert_eq!([cite(0, 0), cite(1, 0), cite(2, 0)], [1, 1, 1]);
    assert_eq!([cite(0, 1), cite(1, 1)], [1, 2]);
    assert_eq!([cite(2, 1), cite(0, 2), cite(1, 2), cite(2, 2)], [2, 2, 2, 3]);
    assert_eq!(world.registry.h_index("alice"), index(3, 3, 9));
    assert_eq!(world.registry.h_index("bob"), index(0, 3, 0));
}

#[test]
fn own_models_do_not_count() {
    let mut world = World::of(&[("alice", 3), ("bob", 1)]);
    let (alice, bob) = (world.of_creator("alice"), world.of_creator("bob"));
    for from in &alice {
        for to in alice.iter().filter(|to| *to != from) {
            world.registry.connect("alice", (from, to), ConnectionKind::Deploys).unwrap();
        }
    }
    assert_eq!(world.registry.h_index("alice"), index(0, 3, 0));
    assert_eq!(world.registry.model(&alice[0]).citations, 0);
    // Nor when they belong to somebody else now, and others' do, whoever has them.
    world.registry.offer("alice", &alice[0], Some("bob")).unwrap();
    world.registry.accept("bob", &alice[0]).unwrap();
    let pair = (alice[0].as_str(), alice[1].as_str());
    world.registry.connect("bob", pair, ConnectionKind::Cites).unwrap();
    assert_eq!(world.registry.h_index("alice"), index(0, 3, 0));
    world.registry.offer("bob", &bob[0], Some("alice")).unwrap();
    world.registry.accept("alice", &bob[0]).unwrap();
    let pair = (bob[0].as_str(), alice[1].as_str());
    world.registry.connect("alice", pair, ConnectionKind::Cites).unwrap();
    assert_eq!(world.registry.h_index("alice"), index(1, 3, 1));
    for kind in [ConnectionKind::Deploys, ConnectionKind::Cites] {
        let pair = (alice[0].as_str(), alice[1].as_str());
        world.registry.disconnect("bob", pair, kind).unwrap();
    }
    assert_eq!(world.registry.h_index("alice"), index(1, 3, 1));
}

#[test]
fn the_index_of_a_random_graph_is_that_of_its_lists_of_connections() {
    let people = [("alice", 6), ("bob", 6), ("carol", 8)];
    let mut world = World::of(&people);
    let mut random = Random::new(23);
    let mut edges = BTreeMap::<(usize, usize), BTreeSet<u8>>::new();
    let (mut made, mut ended, mut highest) = (0, 0, 0);
    for step in 0..3_000u32 {
        let many = world.models.len() as u128;
        // Some are liked more; tides of more and of fewer connections.
        let to = random.below(many).min(random.below(many)) as usize;
        let from = random.below(many) as usize;
        if from == to {
            continue;
        }
        let kind = random.below(3) as u8;
        let growing = random.chance(if step / 500 % 2 == 0 { 75 } else { 25 });
        let kinds = edges.entry((from, to)).or_default();
        let good = if growing { kinds.insert(kind) } else { kinds.remove(&kind) };
        let ((who, from), (cited, to)) = (&world.models[from], &world.models[to]);
        let (pair, kind) = ((from.as_str(), to.as_str()), KINDS[usize::from(kind)]);
        let h = match growing {
            true => world.registry.connect(who, pair, kind).map(|event| event.h),
            false => world.registry.disconnect(who, pair, kind).map(|event| event.h),
        };
        assert_eq!(h.is_ok(), good, "step {step}: {h:?}");
        let Ok(h) = h else { continue };
        *(if growing { &mut made } else { &mut ended }) += 1;
        highest = highest.max(h);

        // From the ledger after each step, from the contract's own lists from time to time.
        let citations: Vec<u32> = (0..world.models.len())
            .filter(|place| world.models[*place].0 == *cited)
            .map(|place| {
                let counts = |((from, to), kinds): &(&(usize, usize), &BTreeSet<u8>)| {
                    *to == place && !kinds.is_empty() && world.models[*from].0 != *cited
                };
                edges.iter().filter(counts).count() as u32
            })
            .collect();
        assert_eq!(h, counted(&citations), "step {step}: {citations:?}");
        let sum = citations.iter().sum();
        assert_eq!(world.registry.h_index(cited), index(h, citations.len() as u32, sum));
        if step % 100 == 0 {
            for (who, _) in people {
                assert_eq!(world.registry.h_index(who), world.recounted(who), "step {step}");
            }
        }
    }
    assert!(made > 800 && ended > 500 && highest > 5, "{made} {ended} {highest}");
}

/// A provenance that knows one answer.
fn provenance_of_stories() -> Box<dyn cw_multi_test::Contract<Empty>> {
    fn nothing(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    fn query(_: Deps, _: Env, msg: provenance::QueryMsg) -> StdResult<Binary> {
        match msg {
            provenance::QueryMsg::ModelHIndex { model } => {
                let used = model.len() as u32;
                to_json_binary(&ModelHIndexResponse { h: 4, used })
            }
            other => Err(StdError::generic_err(format!("{other:?}"))),
        }
    }
    Box::new(ContractWrapper::new(nothing, nothing, query))
}

#[test]
fn provenance_is_asked_for_the_index_of_a_model() {
    let mut registry = Registry::with(|chain, msg| {
        msg.provenance = chain.deploy(provenance_of_stories(), &Empty {});
    })
    .unwrap();
    let model = registry.open("alice", "IRIS");
    let answer: ModelHIndexResponse =
        registry.query(&QueryMsg::ModelHIndex { model: model.clone() });
    assert_eq!(answer, ModelHIndexResponse { h: 4, used: model.len() as u32 });
    let model = registry.account("nobody");
    let msg = QueryMsg::ModelHIndex { model: model.clone() };
    let refused: Result<ModelHIndexResponse, Failure> = registry.try_query(&msg);
    let model = cosmwasm_std::Addr::unchecked(model);
    let expected = ContractError::UnknownModel { model }.to_string();
    assert!(refused.unwrap_err().to_string().contains(&expected));
}
