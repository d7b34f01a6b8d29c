//! What is said of a model: bounds, and its owner changes it.

use modelbond_interface::hash::Hash32;
use modelbond_interface::registry::{Metadata, ModelUpdated, UseCase};
use modelbond_registry::ContractError;
use modelbond_tests::Registry;
use rstest::rstest;

fn use_case(slug: &str) -> UseCase {
    slug.parse().unwrap()
}

fn length(field: &'static str, actual: usize, least: usize, most: usize) -> ContractError {
    ContractError::Length { field, actual, least, most }
}

fn characters(field: &'static str, allowed: &'static str) -> ContractError {
    ContractError::Characters { field, allowed }
}

const LICENCE: &str = "letters, digits, spaces and . - + : ( )";
const SLUG: &str = "a to z, 0 to 9 and -";

#[test]
fn an_update_replaces_all_of_it_and_nothing_else() {
    let mut registry = Registry::on_mock();
    let model = registry.open("alice", "IRIS");
    let before = registry.model(&model);
    let metadata = Metadata {
        weights_hash: Hash32([9; 32]),
        licence: "MIT OR Apache-2.0".to_owned(),
        description: "Sagt, was für ein Wein das ist".to_owned(),
        uri: Some("ipfs://bafy/readme.md".to_owned()),
        arena_channel: Some("wine-and-iris-7".to_owned()),
    };
    let use_cases = vec![use_case("llm-twin"), use_case("credit-scoring")];
    let event = registry
        .update("alice", &model, |msg| {
            msg.metadata = metadata.clone();
            msg.use_cases = use_cases.clone();
        })
        .unwrap();
    let weights_hash = "09".repeat(32);
    let slugs = "llm-twin,credit-scoring".to_owned();
    assert_eq!(event, ModelUpdated { model: model.clone(), weights_hash, use_cases: slugs });
    let after = registry.model(&model);
    assert_eq!((&after.metadata, &after.use_cases), (&metadata, &use_cases));
    let rest = modelbond_interface::registry::ModelResponse {
        metadata: before.metadata.clone(),
        use_cases: before.use_cases.clone(),
        ..after
    };
    assert_eq!(rest, before);
}

#[rstest]
#[case::no_licence(|m: &mut Metadata| m.licence.clear(), length("licence", 0, 1, 64))]
#[case::long_licence(|m: &mut Metadata| m.licence = "a".repeat(65), length("licence", 65, 1, 64))]
#[case::licence_of_two_lines(
    |m: &mut Metadata| m.licence = "MIT\nBSD".to_owned(), characters("licence", LICENCE)
)]
#[case::licence_with_a_link(
    |m: &mut Metadata| m.licence = "https://a.b/c".to_owned(), characters("licence", LICENCE)
)]
#[case::licence_in_other_letters(
    |m: &mut Metadata| m.licence = "МІТ".to_owned(), characters("licence", LICENCE)
)]
#[case::long_description(
    |m: &mut Metadata| m.description = "a".repeat(1_001), length("description", 1_001, 0, 1_000)
)]
#[case::bytes_count_not_letters(
    |m: &mut Metadata| m.description = "ü".repeat(501), length("description", 1_002, 0, 1_000)
)]
#[case::two_paragraphs(
    |m: &mut Metadata| m.description = "one\ntwo".to_owned(),
    characters("description", "one paragraph without control characters")
)]
#[case::a_bell(
    |m: &mut Metadata| m.description = "one\u{7}".to_owned(),
    characters("description", "one paragraph without control characters")
)]
#[case::no_uri(|m: &mut Metadata| m.uri = Some(String::new()), length("uri", 0, 1, 256))]
#[case::long_uri(
    |m: &mut Metadata| m.uri = Some(format!("https://{}", "a".repeat(249))),
    length("uri", 257, 1, 256)
)]
#[case::script(
    |m: &mut Metadata| m.uri = Some("javascript:alert(1)".to_owned()), ContractError::Scheme {}
)]
#[case::not_encrypted(
    |m: &mut Metadata| m.uri = Some("http://a.b".to_owned()), ContractError::Scheme {}
)]
#[case::scheme_alone(
    |m: &mut Metadata| m.uri = Some("ipfs://".to_owned()), ContractError::Scheme {}
)]
#[case::scheme_in_capitals(
    |m: &mut Metadata| m.uri = Some("HTTPS://a.b".to_owned()), ContractError::Scheme {}
)]
#[case::uri_with_a_space(
    |m: &mut Metadata| m.uri = Some("https://a b".to_owned()),
    characters("uri", "visible ASCII characters")
)]
#[case::no_channel(
    |m: &mut Metadata| m.arena_channel = Some(String::new()), length("arena_channel", 0, 1, 128)
)]
#[case::long_channel(
    |m: &mut Metadata| m.arena_channel = Some("a".repeat(129)), length("arena_channel", 129, 1, 128)
)]
#[case::channel_in_capitals(
    |m: &mut Metadata| m.arena_channel = Some("Wine".to_owned()), characters("arena_channel", SLUG)
)]
#[case::channel_that_is_a_path(
    |m: &mut Metadata| m.arena_channel = Some("../wine".to_owned()),
    characters("arena_channel", SLUG)
)]
fn metadata_that_is_none_is_refused_at_opening_and_later(
    #[case] change: fn(&mut Metadata),
    #[case] expected: ContractError,
) {
    let mut registry = Registry::on_mock();
    let error = registry.try_open("alice", "IRIS", |msg| change(&mut msg.metadata)).unwrap_err();
    assert_eq!(error.registry(), expected);
    let model = registry.open("alice", "IRIS");
    let stored = registry.stored();
    let error = registry.update("alice", &model, |msg| change(&mut msg.metadata)).unwrap_err();
    assert_eq!(error.registry(), expected);
    assert_eq!(registry.stored(), stored);
}

#[rstest]
#[case::shortest(|m: &mut Metadata| {
    m.licence = "M".to_owned();
    m.description.clear();
    m.uri = Some("ipfs://a".to_owned());
    m.arena_channel = Some("a".to_owned());
})]
#[case::longest(|m: &mut Metadata| {
    m.licence = "a".repeat(64);
    m.description = "ü".repeat(500);
    m.uri = Some(format!("https://{}", "a".repeat(248)));
    m.arena_channel = Some("a".repeat(128));
})]
#[case::an_expression(|m: &mut Metadata| {
    m.licence = "(MIT OR GPL-2.0+) AND DocumentRef-a:LicenseRef-b.1".to_owned();
})]
fn metadata_at_its_bounds(#[case] change: fn(&mut Metadata)) {
    let mut registry = Registry::on_mock();
    let mut expected = registry.message("IRIS").metadata;
    change(&mut expected);
    let event = registry.try_open("alice", "IRIS", |msg| change(&mut msg.metadata)).unwrap();
    assert_eq!(registry.model(&event.model).metadata, expected);
}

#[rstest]
#[case::none(&[], ContractError::UseCases { actual: 0, most: 5 })]
#[case::six(
    &["llm-twin", "scheduling", "credit-scoring", "media-recommendation", "gaming-npc-bots", "music-generation"],
    ContractError::UseCases { actual: 6, most: 5 }
)]
#[case::twice(
    &["llm-twin", "scheduling", "llm-twin"],
    ContractError::DuplicateUseCase { use_case: use_case("llm-twin") }
)]
fn use_cases_that_are_none_are_refused_at_opening_and_later(
    #[case] slugs: &[&str],
    #[case] expected: ContractError,
) {
    let mut registry = Registry::on_mock();
    let use_cases: Vec<UseCase> = slugs.iter().map(|slug| use_case(slug)).collect();
    let change = |msg: &mut modelbond_interface::registry::OpenModel| {
        msg.use_cases.clone_from(&use_cases);
    };
    let error = registry.try_open("alice", "IRIS", change).unwrap_err();
    assert_eq!(error.registry(), expected);
    let model = registry.open("alice", "IRIS");
    let stored = registry.stored();
    let error = registry.update("alice", &model, change).unwrap_err();
    assert_eq!(error.registry(), expected);
    assert_eq!(registry.stored(), stored);
}
