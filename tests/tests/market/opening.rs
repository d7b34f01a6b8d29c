//! Opening a market: who pays, what they get, and what is refused.

use cosmwasm_std::{coin, Decimal, Uint128};
use modelbond_interface::market::{Beneficiary, CurveKind, Marketing, QueryMsg};
use modelbond_market::ContractError;
use modelbond_tests::suite::CREATOR_FUNDS;
use modelbond_tests::{Chain, Suite};
use rstest::rstest;

use crate::KINDS;

#[rstest]
fn the_creator_pays_for_the_initial_supply_and_all_of_it_is_reserve(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
) {
    let suite = Suite::with_curve(kind).build();
    let opened = &suite.opened;
    assert_eq!(opened.initial_supply, suite.params().initial_supply);
    assert_eq!(opened.cost + opened.refund, Uint128::new(CREATOR_FUNDS));
    assert_eq!(suite.coins("creator"), opened.refund.u128());
    let ledgers = suite.ledgers();
    assert_eq!(ledgers.reserve, opened.cost);
    assert_eq!(ledgers.pending + ledgers.rewards + ledgers.provenance, Uint128::zero());
    assert_eq!(ledgers.treasury, Uint128::zero());
    // B = 1, but for the rounding up of one unit
    let backing = suite.price().backing;
    assert!(backing >= Decimal::one() && backing < Decimal::permille(1_001), "{backing}");
}

#[test]
fn nine_tenths_of_the_initial_supply_vest_and_one_tenth_is_locked_for_ever() {
    let suite = Suite::builder().build();
    let supply = suite.opened.initial_supply;
    let vesting = suite.vesting();
    assert_eq!(vesting.floor.u128(), supply.u128() / 10);
    assert_eq!(vesting.initial.vesting, supply - vesting.floor);
    assert_eq!(suite.tokens("creator"), 0);
    assert_eq!(suite.tokens_at(&suite.market), supply.u128());
}

#[test]
fn the_exact_price_opens_and_one_unit_less_does_not() {
    let cost = Suite::builder().build().opened.cost.u128();
    let suite = Suite::builder().with_opening_funds(cost).build();
    assert_eq!(suite.opened.refund, Uint128::zero());
    assert_refused!(
        Suite::builder().with_opening_funds(cost - 1).try_build(),
        ContractError::OpeningFunds { cost: c, sent, denom }
            if c.u128() == cost && sent.u128() == cost - 1 && denom == "ureserve"
    );
}

#[test]
fn opening_without_money_is_refused() {
    assert_refused!(Suite::builder().with_opening_funds(0).try_build(), ContractError::Payment(_));
}

#[test]
fn opening_with_another_denom_is_refused() {
    let suite = Suite::builder().build();
    let mut msg = suite.msg.clone();
    msg.reserve_denom = "ibc/ABCD".to_owned();
    let creator = msg.creator.clone();
    let mut chain = suite.chain;
    let funds = chain.money(1_000_000);
    chain.fund(&creator, &funds);
    assert_refused!(chain.open(&creator, &msg, &funds), ContractError::Payment(_));
}

#[test]
fn opening_with_two_denoms_is_refused() {
    let suite = Suite::builder().build();
    let (msg, mut chain) = (suite.msg.clone(), suite.chain);
    let funds = vec![coin(1_000, "uother"), coin(CREATOR_FUNDS, "ureserve")];
    chain.fund(&msg.creator, &funds);
    assert_refused!(chain.open(&msg.creator, &msg, &funds), ContractError::Payment(_));
}

#[test]
fn an_ibc_denom_is_a_reserve_like_any_other() {
    let denom = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";
    let suite =
        Suite::builder().with_message(|msg| denom.clone_into(&mut msg.reserve_denom)).build();
    assert_eq!(suite.config().reserve_denom, denom);
    assert_eq!(suite.chain.balance_of(&suite.market, denom), suite.opened.cost.u128());
}

#[test]
fn somebody_else_may_pay_for_the_opening_and_the_creator_gets_the_refund() {
    let suite = Suite::builder().build();
    let mut msg = suite.msg.clone();
    let mut chain = suite.chain;
    let payer = chain.account("payer");
    msg.creator = chain.account("artist");
    let funds = chain.money(CREATOR_FUNDS);
    chain.fund(&payer, &funds);
    let (market, opened) = chain.open(&payer, &msg, &funds).unwrap();
    let opened = opened.event::<modelbond_interface::market::MarketOpened>();
    assert_eq!(opened.creator, msg.creator);
    assert_eq!(chain.balance(&payer), 0);
    assert_eq!(chain.balance(&msg.creator), opened.refund.u128());
    assert_eq!(chain.balance(&market), opened.cost.u128());
}

#[rstest]
#[case::name_too_short("ab", "IRIS", "name")]
#[case::name_too_long("123456789012345678901234567890123456789012345678901", "IRIS", "name")]
#[case::symbol_too_short("Iris", "IR", "symbol")]
#[case::symbol_too_long("Iris", "IRISIRISIRISI", "symbol")]
#[case::symbol_with_a_space("Iris", "IR IS", "symbol")]
#[case::symbol_beyond_ascii("Iris", "ÏRIS", "symbol")]
fn a_bad_name_is_refused(#[case] name: &str, #[case] symbol: &str, #[case] parameter: &str) {
    let result = Suite::builder()
        .with_message(|msg| {
            name.clone_into(&mut msg.name);
            symbol.clone_into(&mut msg.symbol);
        })
        .try_build();
    assert_refused!(result, ContractError::Parameter { parameter: p, .. } if *p == parameter);
}

#[rstest]
#[case::creator(0)]
#[case::metrics_source(1)]
#[case::rewards(2)]
#[case::provenance(3)]
fn a_role_that_is_no_address_is_refused(#[case] role: usize) {
    let suite = Suite::builder().build();
    let (mut msg, mut chain) = (suite.msg.clone(), suite.chain);
    let payer = msg.creator.clone();
    let field = [&mut msg.creator, &mut msg.metrics_source, &mut msg.rewards, &mut msg.provenance];
    "wasm1nobody".clone_into(field.into_iter().nth(role).unwrap());
    let funds = chain.money(CREATOR_FUNDS);
    chain.fund(&payer, &funds);
    assert!(chain.open(&payer, &msg, &funds).is_err());
}

fn stakeholders(parts: &[(&str, u32)]) -> Vec<Beneficiary> {
    parts.iter().map(|(name, bps)| Beneficiary { address: (*name).to_owned(), bps: *bps }).collect()
}

#[test]
fn stakeholders_must_share_all_of_it() {
    for parts in [&[("dan", 9_999)][..], &[("dan", 5_000), ("eve", 5_001)], &[("dan", 0)]] {
        let sum: u64 = parts.iter().map(|(_, bps)| u64::from(*bps)).sum();
        let list = stakeholders(parts);
        let result = Suite::builder().with_params(|p| p.allocation.stakeholders = list).try_build();
        assert_refused!(result, ContractError::Sum { sum: s, expected: 10_000, .. } if *s == sum);
    }
}

#[test]
fn a_stakeholder_named_twice_is_refused() {
    let list = stakeholders(&[("dan", 5_000), ("eve", 2_000), ("dan", 3_000)]);
    let result = Suite::builder().with_params(|p| p.allocation.stakeholders = list).try_build();
    assert_refused!(result, ContractError::DuplicateStakeholder { .. });
}

#[test]
fn sixteen_stakeholders_are_enough() {
    let names: Vec<String> = (0..17).map(|i| format!("holder{i}")).collect();
    let list = |count: usize| {
        let mut list: Vec<Beneficiary> = names[..count]
            .iter()
            .map(|name| Beneficiary { address: name.clone(), bps: 100 })
            .collect();
        list[0].bps = 10_000 - 100 * (count as u32 - 1);
        list
    };
    let build = |count| {
        Suite::builder().with_params(|p| p.allocation.stakeholders = list(count)).try_build()
    };
    assert_eq!(build(16).unwrap().vesting().claimable.len(), 17, "and the creator");
    assert!(build(17).is_err());
}

#[test]
fn without_stakeholders_the_creator_is_the_only_one() {
    let suite = Suite::builder().build();
    let list = suite.config().params.allocation.stakeholders;
    assert_eq!(list, vec![Beneficiary { address: suite.msg.creator, bps: 10_000 }]);
}

#[test]
fn a_floor_that_is_worth_nothing_is_refused() {
    let result =
        Suite::builder().with_params(|p| p.curve.price_scale = Decimal::permille(1)).try_build();
    assert_refused!(
        result,
        ContractError::FloorTooCheap { least, .. } if least.u128() == 1_000_000
    );
}

#[test]
fn a_price_at_which_one_unit_buys_a_noticeable_part_of_all_tokens_is_refused() {
    // A floor of nine tenths of a tenth is worth enough, a single unit buys too much.
    let result = Suite::with_curve(CurveKind::Linear)
        .with_params(|p| {
            p.curve.max_supply = Uint128::new(10u128.pow(18));
            p.curve.steepness = Uint128::new(76 * 10u128.pow(11));
            p.curve.midpoint = Uint128::new(10u128.pow(17));
            p.initial_supply = Uint128::new(9 * 10u128.pow(17));
            p.curve.price_scale = Decimal::from_ratio(1u128, 10u128.pow(7));
            p.emission.tokens_per_epoch = Uint128::zero();
        })
        .try_build();
    assert!(
        matches!(
            result.map(|_| ()).map_err(modelbond_tests::Failure::market),
            Err(ContractError::OpeningPriceTooLow { .. } | ContractError::FloorTooCheap { .. })
        ),
        "neither bound caught it"
    );
}

#[test]
fn a_reserve_beyond_126_bits_is_refused() {
    // α·s₀ = 8 and α·S_max = 64: the last price is e⁵⁶ times the one at the midpoint.
    let result = Suite::with_curve(CurveKind::Exponential)
        .with_params(|p| {
            p.curve.price_scale = Decimal::from_ratio(10u128.pow(16), 1u128);
            p.curve.midpoint = Uint128::new(p.curve.max_supply.u128() / 8);
            p.curve.steepness = Uint128::new(64 * 10u128.pow(30) / p.curve.max_supply.u128());
        })
        .with_opening_funds(1 << 126)
        .try_build();
    let error = result.unwrap_err();
    assert!(error.to_string().contains("2^126"), "{error}");
}

#[test]
fn the_marketing_record_is_the_creators() {
    let suite = Suite::builder()
        .with_message(|msg| {
            msg.marketing = Some(Marketing {
                project: Some("https://iris.example".to_owned()),
                description: None,
                logo: Some(cw20::Logo::Url("https://iris.example/logo.svg".to_owned())),
            });
        })
        .build();
    let info: cw20::MarketingInfoResponse = suite.query(&QueryMsg::MarketingInfo {}).unwrap();
    assert_eq!(info.marketing.map(String::from), Some(suite.msg.creator.clone()));
    assert_eq!(info.project.as_deref(), Some("https://iris.example"));
    assert!(info.logo.is_some());
}

#[test]
fn nothing_of_the_opening_can_be_changed_later() {
    let mut suite = Suite::builder().with_balance("alice", crate::PLENTY).build();
    let params = suite.config().params;
    suite.buy("alice", 10_000_000).unwrap();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(30 * crate::DAY);
    suite.buy("alice", 10_000_000).unwrap();
    assert_eq!(suite.config().params, params);
}

#[test]
fn every_recommended_curve_opens_in_every_size() {
    for kind in KINDS {
        for (price, supply) in [(1_000_000, 12), (1_000_000_000, 9), (10_000, 15), (1_000, 18)] {
            let params = modelbond_interface::market::MarketParams::recommended(
                kind,
                Decimal::from_ratio(u128::from(price as u32), 1u128),
                Uint128::new(10u128.pow(supply)),
            );
            for params in [params.clone(), params.fast()] {
                let suite = Suite::builder()
                    .with_params(|p| *p = params)
                    .with_opening_funds(10u128.pow(24))
                    .try_build();
                assert!(suite.is_ok(), "{kind:?} {price} {supply}: {:?}", suite.err());
            }
        }
    }
}
