use super::*;
use crate::training::sample;

fn group(number: u8) -> Group {
    Group {
        group: number,
        shard: u32::from(number) + 3,
        seed: Hash32([number; 32]),
        ..sample::group()
    }
}

fn params() -> RunParams {
    sample::params()
}

#[test]
fn the_terms_are_the_same_on_every_machine() {
    let terms = Wine::new(SHARDS).unwrap().terms();
    assert_eq!(
        [terms.dataset_root, terms.algorithm, terms.known_answer, terms.base]
            .map(|h| h.to_string()),
        EXPECTED
    );
}

const EXPECTED: [&str; 4] = [
    "89d88c872be45d96699d600b1a7c97eebcbedb43b33978c240e2b6ee3615ec9a",
    "7c54748eaec25c0fcaf4d4581bcaa9cc96bc2bca3fde36d109e0d26d1609d68a",
    "c054d5ee2decddd2a597e70f6c84b50dfcc8620954a88df7c61950a7de786cb7",
    "7b7d0fedc90268ec9f09e54599baf6d5d9bf5abbf493173068d1cc672d4bc441",
];

#[test]
fn a_group_learns_and_every_step_is_proved() {
    let wine = Wine::new(SHARDS).unwrap();
    let worked = wine.work(wine.first(), &group(0)).unwrap();
    let Answer { loss_before, loss_after, steps, samples, correct, .. } = worked.answer;
    assert!(loss_after < loss_before, "{loss_before} {loss_after}");
    assert_eq!(u32::try_from(worked.trace.len()).unwrap(), steps);
    assert!(correct * 2 > samples, "{correct} of {samples}");
    for step in [0, 1, steps - 1] {
        let proof = worked.proof(step).unwrap();
        let path: Vec<_> = proof.path.iter().map(|hash| hash.0).collect();
        let root = &worked.answer.trace_root.0;
        assert!(merkle::verify(root, step.into(), steps.into(), &proof.leaf.0, &path));
    }
    assert_eq!(worked.proof(steps), None);
    assert_eq!(wine.work(wine.first(), &group(0)).unwrap(), worked);
}

#[test]
fn only_accepted_groups_are_in_the_next_model() {
    let wine = Wine::new(SHARDS).unwrap();
    let groups = [group(0), group(1), group(2)];
    let next = |accepted| wine.next(wine.first(), (&groups, accepted), &params()).unwrap();
    assert_eq!(&next(0), wine.first());
    assert_ne!(next(0b001), next(0b011));
    assert_ne!(next(0b001), next(0b010));
    assert_eq!(next(0b101), next(0b101));
}

#[test]
fn the_next_model_is_better_on_every_slice() {
    let wine = Wine::new(SHARDS).unwrap();
    let groups = [group(0), group(1)];
    let next = wine.next(wine.first(), (&groups, 0b11), &params()).unwrap();
    for slice in wine.slices() {
        let worked = wine.scored((wine.first(), &next), Some(slice)).unwrap().unwrap();
        let Answer { loss_before, loss_after, correct, samples, .. } = worked.answer;
        assert!(loss_after < loss_before, "{loss_before} {loss_after}");
        assert!(correct <= samples && worked.proof(samples - 1).is_some());
    }
    let foreign = Slice { root: Hash32([1; 32]), samples: 4 };
    assert_eq!(wine.scored((wine.first(), &next), Some(foreign)).unwrap(), None);
    let none = wine.scored((wine.first(), &next), None).unwrap().unwrap();
    assert_eq!((none.answer.samples, none.trace.len()), (0, 0));
    assert_eq!(none.answer.result_hash, Hash32(next.hash()));
}

#[test]
fn a_run_about_something_else_is_refused() {
    let wine = Wine::new(SHARDS).unwrap();
    let terms = wine.terms();
    let mut params = params();
    params.dataset.root = terms.dataset_root;
    params.algorithm.hash = terms.algorithm;
    params.algorithm.known_answer = terms.known_answer;
    assert_eq!(wine.ensure_plays(&params), Ok(()));
    params.algorithm.hash = Hash32([9; 32]);
    let error = wine.ensure_plays(&params).unwrap_err();
    assert!(error.to_string().contains("the run's algorithm is 0909"), "{error}");
}
