//! Random sequences of everything, good and bad, against a ledger of its own.

use std::collections::{BTreeMap, BTreeSet};

use modelbond_interface::registry::{
    ConnectionKind, Direction, ExecuteMsg, ModelFilter, Parent, UseCase, MAX_ROYALTY_BPS,
};
use modelbond_tests::deployment::FEE;
use modelbond_tests::random::Random;
use modelbond_tests::Registry;

const STEPS: usize = 1_500;
const MODELS: usize = 40;
const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "dan"];

/// What ought to be of a model.
struct Model {
    address: String,
    creator: &'static str,
    owner: &'static str,
    offered_to: Option<&'static str>,
    royalty_bps: u16,
    parents: Vec<usize>,
    use_cases: BTreeSet<u8>,
}

/// What ought to be.
#[derive(Default)]
struct Ledger {
    models: Vec<Model>,
    /// Why, as places in the list of kinds.
    edges: BTreeMap<(usize, usize), BTreeSet<u8>>,
    refused: usize,
}

impl Ledger {
    fn citations(&self, to: usize) -> u32 {
        let cites = |(edge, kinds): &(&(usize, usize), &BTreeSet<u8>)| {
            let other = self.models[edge.0].creator != self.models[to].creator;
            edge.1 == to && other && !kinds.is_empty()
        };
        self.edges.iter().filter(cites).count() as u32
    }

    fn h_index(&self, who: &str) -> (u32, u32, u32) {
        let own = (0..self.models.len()).filter(|place| self.models[*place].creator == who);
        let citations: Vec<u32> = own.map(|place| self.citations(place)).collect();
        let with = |least: u32| citations.iter().filter(|n| **n >= least).count() as u32;
        let h = (1..=citations.len() as u32).rev().find(|h| with(*h) >= *h).unwrap_or_default();
        (h, citations.len() as u32, citations.iter().sum())
    }
}

#[test]
fn the_contract_and_the_ledger_agree_after_every_step() {
    let (mut registry, mut ledger) = (Registry::on_mock(), Ledger::default());
    let mut random = Random::new(5);
    let mut accepted = BTreeMap::<&str, usize>::new();
    let mut burned = 0;
    for step in 0..STEPS {
        let supply = registry.supply("ureserve");
        let (kind, ok) = act(&mut registry, &mut ledger, &mut random);
        *accepted.entry(kind).or_default() += usize::from(ok);
        ledger.refused += usize::from(!ok);
        if kind == "open" && ok {
            // What was given to the creator for it, less the fee.
            burned += FEE;
            let given = registry.funds()[0].amount.u128();
            assert_eq!(registry.supply("ureserve"), supply + given - FEE);
        }
        agree(&registry, &ledger, &mut random, step);
    }
    for kind in ["open", "update", "offer", "accept", "connect", "disconnect"] {
        assert!(accepted.get(kind).is_some_and(|n| *n > 15), "{kind}: {accepted:?}");
    }
    assert!(ledger.refused > 200, "{}", ledger.refused);
    assert_eq!(burned, FEE * ledger.models.len() as u128);
}

fn some_use_cases(random: &mut Random) -> BTreeSet<u8> {
    // Few different ones, so that models share them.
    (0..random.between(1, 5)).map(|_| random.below(12) as u8 * 4).collect()
}

fn of_numbers(numbers: &BTreeSet<u8>) -> Vec<UseCase> {
    numbers.iter().map(|number| UseCase::of_number(*number).unwrap()).collect()
}

/// A kind and its place in the list of them.
fn some_kind(random: &mut Random) -> (u8, ConnectionKind) {
    let number = random.below(4) as u8;
    (number, ConnectionKind::ALL[usize::from(number)])
}

/// One random step, the same in both; its kind, and whether the contract did it.
fn act(registry: &mut Registry, ledger: &mut Ledger, random: &mut Random) -> (&'static str, bool) {
    let who = random.pick(&PEOPLE);
    let many = ledger.models.len();
    if many == 0 || (many < MODELS && random.chance(6)) {
        return ("open", open(registry, ledger, random, who));
    }
    let place = random.below(many as u128) as usize;
    let address = ledger.models[place].address.clone();
    // Mostly by somebody who may.
    let who = if random.chance(75) { ledger.models[place].owner } else { who };
    let is_owner = ledger.models[place].owner == who;
    match random.below(10) {
        0 => {
            let use_cases = some_use_cases(random);
            let change = |msg: &mut modelbond_interface::registry::OpenModel| {
                msg.use_cases = of_numbers(&use_cases);
            };
            assert_eq!(registry.update(who, &address, change).is_ok(), is_owner);
            if is_owner {
                ledger.models[place].use_cases = use_cases;
            }
            ("update", is_owner)
        }
        1 => {
            let to = random.chance(80).then(|| random.pick(&PEOPLE));
            let model = &mut ledger.models[place];
            let good = is_owner && to != Some(who) && (to.is_some() || model.offered_to.is_some());
            assert_eq!(registry.offer(who, &address, to).is_ok(), good);
            if good {
                model.offered_to = to;
            }
            ("offer", good)
        }
        2 => {
            let model = &mut ledger.models[place];
            let who = model.offered_to.filter(|_| random.chance(60)).unwrap_or(who);
            let good = model.offered_to == Some(who);
            assert_eq!(registry.accept(who, &address).is_ok(), good);
            if good {
                model.owner = who;
                model.offered_to = None;
            }
            ("accept", good)
        }
        3..=6 => {
            let to = random.below(many as u128) as usize;
            let (number, kind) = some_kind(random);
            let fits = is_owner && to != place;
            let had = ledger.edges.get(&(place, to)).is_some_and(|kinds| kinds.contains(&number));
            let good = fits && !had;
            let pair = (address.as_str(), ledger.models[to].address.as_str());
            let result = registry.connect(who, pair, kind);
            assert_eq!(result.is_ok(), good, "{result:?}");
            if good {
                ledger.edges.entry((place, to)).or_default().insert(number);
                let creator = ledger.models[to].creator;
                assert_eq!(result.unwrap().h, ledger.h_index(creator).0);
            }
            ("connect", good)
        }
        _ => {
            // Mostly one that is there.
            let edges: Vec<_> = ledger.edges.keys().filter(|edge| edge.0 == place).collect();
            let to = match edges.is_empty() {
                true => random.below(many as u128) as usize,
                false => random.pick(&edges).1,
            };
            let (number, kind) = some_kind(random);
            let is_parent = ledger.models[place].parents.contains(&to);
            let fits = is_owner && to != place && !(kind == ConnectionKind::Derived && is_parent);
            let kinds = ledger.edges.entry((place, to)).or_default();
            let good = fits && kinds.contains(&number);
            let pair = (address.as_str(), ledger.models[to].address.as_str());
            let result = registry.disconnect(who, pair, kind);
            assert_eq!(result.is_ok(), good, "{result:?}");
            if good {
                kinds.remove(&number);
            }
            ledger.edges.retain(|_, kinds| !kinds.is_empty());
            if good {
                let creator = ledger.models[to].creator;
                assert_eq!(result.unwrap().h, ledger.h_index(creator).0);
            }
            ("disconnect", good)
        }
    }
}

fn open(
    registry: &mut Registry,
    ledger: &mut Ledger,
    random: &mut Random,
    who: &'static str,
) -> bool {
    let symbol = format!("MODEL{}", random.below(60));
    let places: Vec<usize> = (0..random.below(4))
        .filter(|_| !ledger.models.is_empty())
        .map(|_| random.below(ledger.models.len() as u128) as usize)
        .collect();
    let royalty_bps = random.below(2_600) as u16;
    let offered: Vec<u16> = places.iter().map(|_| random.below(3_500) as u16).collect();
    let parents: Vec<Parent> = places
        .iter()
        .zip(&offered)
        .map(|(place, royalty_bps)| {
            let model = ledger.models[*place].address.clone();
            Parent { model, royalty_bps: *royalty_bps }
        })
        .collect();
    let predicted = registry.predicted(who, &symbol);
    let different: BTreeSet<usize> = places.iter().copied().collect();
    let sum: u32 = offered.iter().map(|bps| u32::from(*bps)).sum();
    let agreed = places.iter().zip(&offered).all(|(p, bps)| *bps >= ledger.models[*p].royalty_bps);
    let good = !predicted.opened
        && different.len() == places.len()
        && sum <= MAX_ROYALTY_BPS.into()
        && agreed;
    let use_cases = some_use_cases(random);
    let mut msg = registry.message(&symbol);
    msg.parents = parents;
    msg.royalty_bps = royalty_bps;
    msg.use_cases = of_numbers(&use_cases);
    let funds = registry.funds();
    registry.fund(who, &funds);
    let result = registry.send_with(who, &ExecuteMsg::OpenModel(Box::new(msg)), &funds);
    assert_eq!(result.is_ok(), good, "{result:?}");
    if good {
        let (place, address) = (ledger.models.len(), predicted.model.into_string());
        for parent in &places {
            ledger.edges.insert((place, *parent), [0].into());
        }
        ledger.models.push(Model {
            address,
            creator: who,
            owner: who,
            offered_to: None,
            royalty_bps,
            parents: places,
            use_cases,
        });
    }
    good
}

/// Everything that is cheap to look at after every step, one model and one list in full.
fn agree(registry: &Registry, ledger: &Ledger, random: &mut Random, step: usize) {
    assert_eq!(registry.config().models as usize, ledger.models.len());
    for who in PEOPLE {
        let index = registry.h_index(who);
        let found = (index.h, index.models, index.citations);
        assert_eq!(found, ledger.h_index(who), "step {step}: {who}");
    }
    let everything = step % 100 == 99;
    let one = random.below(ledger.models.len().max(1) as u128) as usize;
    for place in (0..ledger.models.len()).filter(|place| everything || *place == one) {
        agree_on(registry, ledger, place, step);
    }
    if everything || step.is_multiple_of(10) {
        lists_agree(registry, ledger);
    }
}

fn agree_on(registry: &Registry, ledger: &Ledger, place: usize, step: usize) {
    let model = &ledger.models[place];
    let found = registry.model(&model.address);
    assert_eq!(found.number as usize, place + 1);
    assert_eq!(found.model.as_str(), model.address);
    assert_eq!(found.terms.creator.as_str(), registry.account(model.creator));
    assert_eq!(found.terms.owner.as_str(), registry.account(model.owner));
    let offered_to = model.offered_to.map(|who| registry.account(who));
    assert_eq!(found.offered_to.map(|to| to.into_string()), offered_to);
    assert_eq!(found.citations, ledger.citations(place), "step {step}: model {}", place + 1);
    assert_eq!(found.use_cases, of_numbers(&model.use_cases));
    let parents: Vec<_> = found.terms.parents.iter().map(|one| one.model.to_string()).collect();
    let expected: Vec<_> =
        model.parents.iter().map(|place| ledger.models[*place].address.clone()).collect();
    assert_eq!(parents, expected);

    for direction in [Direction::From, Direction::To] {
        let mut expected: Vec<(u32, Vec<ConnectionKind>)> = ledger
            .edges
            .iter()
            .filter_map(|((from, to), kinds)| {
                let other = match direction {
                    Direction::From if *from == place => *to,
                    Direction::To if *to == place => *from,
                    _ => return None,
                };
                Some((
                    other as u32 + 1,
                    kinds.iter().map(|n| ConnectionKind::ALL[usize::from(*n)]).collect(),
                ))
            })
            .collect();
        expected.sort_by_key(|one| one.0);
        let found: Vec<_> = registry
            .connections(&model.address, direction)
            .into_iter()
            .map(|one| (one.number, one.kinds))
            .collect();
        assert_eq!(found, expected, "step {step}: model {}", place + 1);
    }
}

fn lists_agree(registry: &Registry, ledger: &Ledger) {
    let numbers = |has: &dyn Fn(&Model) -> bool| -> Vec<u32> {
        let models = ledger.models.iter().enumerate();
        models.filter(|(_, model)| has(model)).map(|(place, _)| place as u32 + 1).take(30).collect()
    };
    for who in PEOPLE {
        let filter = Some(ModelFilter::Creator(registry.account(who)));
        let expected = numbers(&|model| model.creator == who);
        assert_eq!(registry.models(filter, None, Some(30)), expected);
    }
    for row in registry.use_cases() {
        let has = |model: &Model| model.use_cases.contains(&row.use_case.number());
        assert_eq!(row.models as usize, ledger.models.iter().filter(|model| has(model)).count());
        let filter = Some(ModelFilter::UseCase(row.use_case));
        assert_eq!(registry.models(filter, None, Some(30)), numbers(&has));
        let filter = Some(ModelFilter::Category(row.category));
        let in_category = |model: &Model| {
            of_numbers(&model.use_cases).iter().any(|one| one.row().category == row.category)
        };
        assert_eq!(registry.models(filter, None, Some(30)), numbers(&in_category));
    }
}
