//! Offering a contribution: by the contributor, or by anybody with a signature.

use cosmwasm_std::{coin, Addr, Uint128};
use cw_utils::PaymentError;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{
    ContributionOffered, ExecuteMsg, OfferResponse, OfferStatus, Offered, OffersResponse, QueryMsg,
    SignedContribution,
};
use modelbond_provenance::ContractError;
use modelbond_signature::SignatureError;
use modelbond_tests::offers::{signed_contribution, FEE};
use modelbond_tests::training::Setup;
use modelbond_tests::{Chain, Contracts, Offers, Person};
use rstest::rstest;

const DAY: u64 = 86_400;

fn refused(offers: &mut Offers, who: &str, offered: Offered, coins: u128) -> ContractError {
    let msg = ExecuteMsg::Contribute { offered, signed: None };
    offers.send(who, &msg, coins).unwrap_err().provenance()
}

#[test]
fn an_offer_waits_for_a_beacon_round_that_is_ahead_and_its_fee_is_kept() {
    let mut offers = Offers::on_mock();
    let now = offers.chain().now();
    let offered = offers.offered("alice", "data");
    let msg = ExecuteMsg::Contribute { offered: offered.clone(), signed: None };
    let outcome = offers.send("alice", &msg, FEE).unwrap();
    assert_eq!(outcome.attribute("action"), Some("contribute"));
    let event: ContributionOffered = outcome.event();
    assert_eq!(event.contributor, offers.account("alice"));
    assert_eq!((event.offer_id, event.fee.u128()), (1, FEE));
    let run = offers.training.run();
    let (grid, margin) = (run.params.lengths.grid_secs, run.params.lengths.margin_secs);
    let offer = offers.offer(1);
    let ahead = offer.draws_at.seconds() - now.seconds();
    assert!(ahead > margin && ahead <= grid + margin, "{ahead} s ahead");
    let on_grid = offer.draws_at.seconds() - margin - run.opened_at.seconds();
    assert_eq!(on_grid % grid, 0);
    let expected = OfferResponse {
        offer_id: 1,
        offered,
        sender: Addr::unchecked(offers.account("alice")),
        fee: coin(FEE, offers.chain().denom()),
        offered_at: now,
        draws_at: offer.draws_at,
        run_id: run.run_id,
        round_id: None,
        status: OfferStatus::Waiting {},
        witnesses: vec![],
    };
    assert_eq!(offer, expected);
    assert_eq!((offers.held(), offers.fees()), (FEE, FEE));
}

#[test]
fn nobody_offers_in_somebody_elses_name() {
    let mut offers = Offers::on_mock();
    let offered = offers.offered("alice", "data");
    let error = refused(&mut offers, "mallory", offered.clone(), FEE);
    let signer = offers.account("mallory");
    assert_eq!(
        error,
        ContractError::NotTheContributor { contributor: offered.contributor, signer }
    );
}

#[rstest]
#[case(Scheme::Eip191)]
#[case(Scheme::Eip712)]
#[case(Scheme::Adr036)]
#[case(Scheme::Direct)]
fn anybody_may_send_what_the_contributor_signed_in_every_scheme(#[case] scheme: Scheme) {
    let mut offers = Offers::on_mock();
    let person = Person::called("signer");
    let offered = offers.offered("signer", "data");
    let signed = signed_contribution(&person, &offers.request(&offered), scheme);
    let msg = ExecuteMsg::Contribute { offered: offered.clone(), signed: Some(signed.clone()) };
    offers.send("stranger", &msg, FEE).unwrap();
    let offer = offers.offer(1);
    assert_eq!(offer.offered, offered);
    assert_eq!(offer.sender.as_str(), offers.account("stranger"));
}

/// Sends what `change` made of a signed offer.
fn with_signature(
    scheme: Scheme,
    change: impl FnOnce(&mut Offered, &mut SignedContribution, &mut Offers),
) -> ContractError {
    let mut offers = Offers::on_mock();
    let person = Person::called("signer");
    let mut offered = offers.offered("signer", "data");
    let mut signed = signed_contribution(&person, &offers.request(&offered), scheme);
    change(&mut offered, &mut signed, &mut offers);
    let msg = ExecuteMsg::Contribute { offered, signed: Some(signed) };
    offers.send("stranger", &msg, FEE).unwrap_err().provenance()
}

#[rstest]
#[case::other_data(|offered: &mut Offered| offered.data = "https://example.com".to_owned())]
#[case::another_hash(|offered: &mut Offered| offered.data_hash = Hash32([1; 32]))]
fn what_was_signed_cannot_be_changed(
    #[case] change: fn(&mut Offered),
    #[values(Scheme::Eip191, Scheme::Eip712, Scheme::Adr036, Scheme::Direct)] scheme: Scheme,
) {
    let error = with_signature(scheme, |offered, _, _| change(offered));
    assert!(matches!(error, ContractError::NotSigned { .. }), "{error}");
}

#[test]
fn a_signature_of_another_key_is_refused() {
    let error = with_signature(Scheme::Direct, |_, signed, _| {
        signed.pubkey = Person::called("signer of something else").pubkey();
    });
    let (contributor, signer) = (
        Person::called("signer").cosmos.to_string(),
        Person::called("signer of something else").cosmos.to_string(),
    );
    assert_eq!(error, ContractError::NotTheContributor { contributor, signer });
    let error = with_signature(Scheme::Direct, |offered, signed, offers| {
        let other = Person::called("signer of something else");
        let request = offers.request(offered);
        signed.signature = other.sign(&request, Scheme::Direct, &other.cosmos);
    });
    assert!(matches!(error, ContractError::NotSigned { .. }), "{error}");
}

#[test]
fn a_signature_is_bound_to_this_chain_and_contract_and_to_nonce_zero() {
    for place in ["chain", "contract", "evm", "nonce"] {
        let error = with_signature(Scheme::Eip712, |offered, signed, offers| {
            let mut request = offers.request(offered);
            match place {
                "chain" => request.binding.chain_id = "othernet".to_owned(),
                "contract" => request.binding.contract = offers.training.address.clone(),
                "evm" => request.binding.evm_chain_id += 1,
                _ => request.binding.nonce = 1,
            }
            *signed = signed_contribution(&Person::called("signer"), &request, Scheme::Eip712);
        });
        assert!(matches!(error, ContractError::NotSigned { .. }), "{place}: {error}");
    }
}

#[test]
fn a_signature_is_good_until_its_expiry_and_for_a_week_at_most() {
    let error = with_signature(Scheme::Adr036, |_, _, offers| offers.chain().wait(3_601));
    let ContractError::NotSigned { source: SignatureError::Expired { expires_at, now }, .. } =
        error
    else {
        panic!("{error}");
    };
    assert_eq!(now, expires_at + 1);
    let mut latest = 0;
    let error = with_signature(Scheme::Adr036, |offered, signed, offers| {
        let mut request = offers.request(offered);
        latest = offers.chain().now().seconds() + 7 * DAY;
        request.binding.expires_at = latest + 1;
        *signed = signed_contribution(&Person::called("signer"), &request, Scheme::Adr036);
    });
    assert_eq!(error, ContractError::ExpiresTooLate { expires_at: latest + 1, latest });
}

#[rstest]
#[case::nothing(0, PaymentError::NoFunds {}.into())]
#[case::less_than_one_for_each(8, ContractError::FeeTooSmall {
    denom: "ureserve".to_owned(), least: Uint128::new(9), actual: Uint128::new(8),
})]
fn the_fee_has_one_unit_for_each_witness(#[case] coins: u128, #[case] expected: ContractError) {
    let mut offers = Offers::on_mock();
    let offered = offers.offered("alice", "data");
    assert_eq!(refused(&mut offers, "alice", offered, coins), expected);
    assert_eq!(offers.contribute("alice", "data", 9).unwrap(), 1);
}

#[test]
fn the_fee_is_of_the_markets_reserve_denom_alone() {
    let mut offers = Offers::on_mock();
    let (alice, address) = (offers.account("alice"), offers.address.clone());
    let both = [coin(FEE, "uother"), coin(FEE, "ureserve")];
    offers.chain().fund(&alice, &both);
    let msg = ExecuteMsg::Contribute { offered: offers.offered("alice", "data"), signed: None };
    for (coins, expected) in [
        (&both[..1], PaymentError::MissingDenom("ureserve".to_owned())),
        (&both[..], PaymentError::MultipleDenoms {}),
    ] {
        let error = offers.chain().execute_any(&alice, &address, &msg, coins).unwrap_err();
        assert_eq!(error.provenance(), expected.into());
    }
}

#[test]
fn data_are_offered_to_a_model_once() {
    let mut offers = Offers::on_mock();
    offers.contribute("alice", "data", FEE).unwrap();
    let model = Addr::unchecked(&offers.training.market.market);
    for who in ["alice", "bob"] {
        let offered = offers.offered(who, "data");
        let data_hash = offered.data_hash;
        let error = refused(&mut offers, who, offered, FEE);
        let model = model.clone();
        assert_eq!(error, ContractError::DataOffered { model, data_hash, offer_id: 1 });
    }
    assert_eq!(offers.contribute("bob", "other data", FEE).unwrap(), 2);
}

#[test]
fn nothing_is_offered_to_what_is_no_model_or_has_no_run() {
    let mut offers = Offers::on_mock();
    let mut offered = offers.offered("alice", "data");
    offered.model = offers.account("mallory");
    let error = refused(&mut offers, "alice", offered.clone(), FEE);
    let model = Addr::unchecked(&offered.model);
    assert_eq!(error, ContractError::UnknownModel { model });
    let run_id = offers.training.run_id;
    let close = modelbond_interface::training::ExecuteMsg::CloseRun { run_id };
    offers.training.send("creator", &close).unwrap();
    let offered = offers.offered("alice", "data");
    let error = refused(&mut offers, "alice", offered.clone(), FEE);
    let model = Addr::unchecked(&offered.model);
    assert_eq!(error, ContractError::NoOpenRun { model });
}

#[test]
fn parents_are_there_and_different_and_at_most_sixteen() {
    let mut offers = Offers::on_mock();
    let token_id = || "offer-1".to_owned();
    let mut offered = offers.offered("alice", "data");
    offered.parents = vec![token_id()];
    let error = refused(&mut offers, "alice", offered.clone(), FEE);
    assert_eq!(error, ContractError::UnknownToken { token_id: token_id() });
    offers.accepted("parent");
    offered.parents = vec![token_id(), token_id()];
    let error = refused(&mut offers, "alice", offered.clone(), FEE);
    let twice =
        ContractError::ParentTwice { token_id: "offer-2".to_owned(), parent_id: token_id() };
    assert_eq!(error, twice);
    offered.parents = vec![token_id(); 17];
    let error = refused(&mut offers, "alice", offered.clone(), FEE);
    let field = "the number of parents";
    assert_eq!(error, ContractError::Bounds { field, least: 0, most: 16, actual: 17 });
    offered.parents = vec![token_id()];
    let msg = ExecuteMsg::Contribute { offered, signed: None };
    offers.send("alice", &msg, FEE).unwrap();
}

#[test]
fn what_is_said_of_data_is_at_most_256_bytes() {
    let mut offers = Offers::on_mock();
    let mut offered = offers.offered("alice", "data");
    offered.data = "x".repeat(257);
    let error = refused(&mut offers, "alice", offered.clone(), FEE);
    let field = "the length of data";
    assert_eq!(error, ContractError::Bounds { field, least: 0, most: 256, actual: 257 });
    offered.data.pop();
    let msg = ExecuteMsg::Contribute { offered, signed: None };
    offers.send("alice", &msg, FEE).unwrap();
}

#[test]
fn addresses_that_are_none_are_refused() {
    let mut offers = Offers::on_mock();
    for field in ["model", "contributor"] {
        let mut offered = offers.offered("alice", "data");
        match field {
            "model" => offered.model = "model".to_owned(),
            _ => offered.contributor = offered.contributor.to_uppercase(),
        }
        let error = refused(&mut offers, "alice", offered, FEE);
        assert!(matches!(error, ContractError::Std(_)), "{field}: {error}");
    }
}

#[test]
fn offers_are_listed_by_number() {
    let mut offers = Offers::with(Setup::default().nodes(4, 3));
    for number in 1..=12 {
        offers.contribute("alice", &format!("data {number}"), FEE).unwrap();
    }
    let numbers = |start_after, limit| -> Vec<u64> {
        let msg = QueryMsg::Offers { start_after, limit };
        let page: OffersResponse = offers.try_query(&msg).unwrap();
        page.offers.iter().map(|offer| offer.offer_id).collect()
    };
    assert_eq!(numbers(None, None), (1..=10).collect::<Vec<_>>());
    assert_eq!(numbers(Some(10), None), [11, 12]);
    assert_eq!(numbers(Some(3), Some(2)), [4, 5]);
    assert!(numbers(Some(12), None).is_empty() && numbers(Some(u64::MAX), Some(31)).is_empty());
    let msg = QueryMsg::Offer { offer_id: 13 };
    let error = offers.try_query::<OfferResponse>(&msg).unwrap_err().to_string();
    assert!(error.contains("there is no offer 13"), "{error}");
}
