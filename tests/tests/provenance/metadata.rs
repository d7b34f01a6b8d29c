//! What marketplaces show, and owe.

use std::collections::BTreeMap;

use cosmwasm_std::{Timestamp, Uint128};
use cw721::msg::{AllNftInfoResponse, MinterResponse, NftInfoResponse};
use cw721::{DefaultOptionalNftExtension, NftExtension, Ownership};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{
    CollectionResponse, ConfigResponse, Mint, QueryMsg, RoyaltiesCheck, RoyaltyInfoResponse,
    RoyaltyQuery,
};
use modelbond_tests::{Chain, Provenance};
use rstest::rstest;

fn minted(change: impl FnOnce(&mut Mint)) -> (Provenance, String) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let mut mint = story.contribution("3-14-1", &model, "alice");
    mint.run_id = 3;
    mint.round_id = 14;
    change(&mut mint);
    story.mint(mint).unwrap();
    (story, model)
}

fn image(story: &Provenance) -> String {
    story.ask(&QueryMsg::Image { token_id: "3-14-1".to_owned() })
}

#[test]
fn metadata_is_made_of_the_content() {
    let (story, model) = minted(|mint| {
        mint.data_hash = Hash32([0xab; 32]);
        mint.attestation = Hash32([0xcd; 32]);
        mint.quality = 250_000;
        mint.improvement = -40_001;
        mint.at = Timestamp::from_seconds(1_700_000_000);
        mint.parents = vec!["3-13-0".to_owned(), "3-13-2".to_owned()];
    });
    let msg = QueryMsg::NftInfo { token_id: "3-14-1".to_owned() };
    let info: NftInfoResponse<DefaultOptionalNftExtension> = story.ask(&msg);
    assert_eq!(info.token_uri, None);
    let extension = info.extension.unwrap();
    assert_eq!(extension.name.as_deref(), Some("Contribution 3-14-1"));
    let description = extension.description.unwrap();
    assert!(description.contains("belongs to whoever holds it when it is claimed"));
    let attributes: BTreeMap<String, String> = extension
        .attributes
        .unwrap()
        .into_iter()
        .map(|found| (found.trait_type, found.value))
        .collect();
    let (hash, attestation) = ("ab".repeat(32), "cd".repeat(32));
    let alice = story.chain.account("alice");
    let expected = [
        ("model", model.as_str()),
        ("contributor", &alice),
        ("data hash", &hash),
        ("quality", "0.250000"),
        ("improvement", "-0.040001"),
        ("weight", "0"),
        ("accepted", "1700000000"),
        ("attestation", &attestation),
        ("run", "3"),
        ("round", "14"),
        ("built on", "3-13-0 3-13-2"),
    ];
    for (name, value) in expected {
        assert_eq!(attributes.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(attributes.len(), expected.len());
    assert_eq!(extension.image_data, Some(image(&story)));
}

#[test]
fn all_nft_info_is_metadata_and_holder() {
    let (story, _) = minted(|_| {});
    let token_id = "3-14-1".to_owned();
    let info: NftInfoResponse<NftExtension> =
        story.ask(&QueryMsg::NftInfo { token_id: token_id.clone() });
    let all: AllNftInfoResponse<NftExtension> =
        story.ask(&QueryMsg::AllNftInfo { token_id, include_expired: None });
    assert_eq!(all.info, info);
    assert_eq!(all.access.owner, story.chain.account("alice"));
}

#[test]
fn the_collection_belongs_to_nobody_and_training_mints() {
    let (story, _) = minted(|_| {});
    let old: CollectionResponse = story.ask(&QueryMsg::ContractInfo {});
    let new: CollectionResponse = story.ask(&QueryMsg::GetCollectionInfoAndExtension {});
    assert_eq!(old, new);
    assert_eq!((old.name.as_str(), old.extension), ("Modelbond contributions", None));
    assert_eq!(old.updated_at, story.chain.now());
    let minter: MinterResponse = story.ask(&QueryMsg::Minter {});
    assert_eq!(minter.minter, Some(story.training.clone()));
    for msg in [QueryMsg::GetMinterOwnership {}, QueryMsg::GetCreatorOwnership {}] {
        let ownership: Ownership<cosmwasm_std::Addr> = story.ask(&msg);
        assert_eq!((ownership.owner, ownership.pending_owner), (None, None));
    }
    let withdraw: Option<String> = story.ask(&QueryMsg::GetWithdrawAddress {});
    assert_eq!(withdraw, None);
    let config: ConfigResponse = story.ask(&QueryMsg::Config {});
    assert_eq!(config.training.as_str(), story.training);
    assert_eq!(config.registry.as_str(), story.registry);
}

#[rstest]
#[case::small(19, 0)]
#[case::round(1_000_000, 50_000)]
#[case::rounded_down(1_019, 50)]
#[case::all_there_is(u128::MAX, u128::MAX / 20)]
fn a_sale_owes_a_twentieth_to_the_contributor(#[case] price: u128, #[case] royalty: u128) {
    let (mut story, _) = minted(|_| {});
    story.transfer("alice", "bob", "3-14-1").unwrap();
    let (token_id, sale_price) = ("3-14-1".to_owned(), Uint128::new(price));
    let expected = RoyaltyInfoResponse {
        address: story.chain.account("alice"),
        royalty_amount: royalty.into(),
    };
    let ask = |msg: &QueryMsg| story.ask::<RoyaltyInfoResponse>(msg);
    assert_eq!(ask(&QueryMsg::RoyaltyInfo { token_id: token_id.clone(), sale_price }), expected);
    let msg = RoyaltyQuery::RoyaltyInfo { token_id, sale_price };
    assert_eq!(ask(&QueryMsg::Extension { msg }), expected);
    let msg = RoyaltyQuery::CheckRoyalties {};
    for msg in [QueryMsg::CheckRoyalties {}, QueryMsg::Extension { msg }] {
        assert!(story.ask::<RoyaltiesCheck>(&msg).royalty_payments);
    }
}

/// Opens and closes every element, every attribute once and in quotes, no stray `<` or `&`: well-formed.
fn ensure_well_formed(svg: &str) {
    let mut open: Vec<&str> = vec![];
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        assert!(!text.contains('>'), "{text}");
        assert!(open.last() == Some(&"text") || text.is_empty(), "{text}");
        let end = rest.find('>').expect("an end");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let parts: Vec<&str> = attributes.split('"').collect();
        assert_eq!(parts.len() % 2, 1, "{tag}");
        let mut names: Vec<&str> = parts.iter().step_by(2).map(|name| name.trim()).collect();
        assert_eq!(names.pop(), Some(""));
        assert!(names.iter().all(|name| name.len() > 1 && name.ends_with('=')), "{tag}");
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{tag}");
        if !closed {
            open.push(name);
        }
    }
    assert!(rest.is_empty() && open.is_empty());
    for (at, _) in svg.match_indices('&') {
        assert!(["&amp;", "&lt;", "&gt;"].iter().any(|entity| svg[at..].starts_with(entity)));
    }
}

#[test]
fn the_picture_is_small_well_formed_and_says_what_it_shows() {
    let (story, model) = minted(|mint| {
        mint.quality = 250_000;
        mint.improvement = 40_000;
    });
    let svg = image(&story);
    ensure_well_formed(&svg);
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" "));
    assert!(svg.len() < 4_096, "{}", svg.len());
    let short = format!("{}…{}", &model[..10], &model[model.len() - 6..]);
    for shown in [short.as_str(), "run 3 round 14", "α 0.250000", "ΔM 0.040000"] {
        assert!(svg.contains(shown), "{shown}");
    }
    assert_eq!(svg, image(&story));
}

#[rstest]
#[case::of_all_ones([0xff; 32], 1_000_000, 1_000_000, u64::MAX)]
#[case::of_all_zeros([0; 32], 0, 0, 0)]
#[case::of_a_loss([7; 32], 999_999, -1_000_000, 1)]
fn every_picture_is_small_and_well_formed(
    #[case] hash: [u8; 32],
    #[case] quality: u32,
    #[case] improvement: i32,
    #[case] run_id: u64,
) {
    let (story, _) = minted(|mint| {
        mint.data_hash = Hash32(hash);
        mint.attestation = Hash32(hash);
        mint.quality = quality;
        mint.improvement = improvement;
        mint.run_id = run_id;
        mint.round_id = run_id;
    });
    let svg = image(&story);
    ensure_well_formed(&svg);
    assert!(svg.len() < 4_096, "{}", svg.len());
}

#[test]
fn another_content_is_another_picture() {
    let (first, _) = minted(|_| {});
    let (second, _) = minted(|mint| mint.data_hash.0[31] ^= 1);
    let (third, _) = minted(|mint| mint.improvement -= 10_000);
    assert_ne!(image(&first), image(&second));
    assert_ne!(image(&first), image(&third));
}

#[test]
fn an_id_is_never_taken_for_markup() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let token_id = "<script>&\"'</script>";
    let mint = Mint { run_id: 0, ..story.contribution(token_id, &model, "alice") };
    story.mint(mint).unwrap();
    let svg: String = story.ask(&QueryMsg::Image { token_id: token_id.to_owned() });
    ensure_well_formed(&svg);
    assert!(svg.contains("&lt;script&gt;&amp;\"'&lt;/script&gt;"));
}
