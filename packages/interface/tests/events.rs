//! Every typed event comes back from a `cosmwasm_std::Event` unchanged, with and without the chain's
//! prefix, and what is not one is refused by name. A new event is added to `every_event!` below.

use std::fmt::Debug;

use cosmwasm_std::{Decimal, Event, Uint128};
use modelbond_interface::beacon::{
    BeaconPruned, BeaconRoundSubmitted, BeaconSourceAnnounced, BeaconSourceSwitched,
};
use modelbond_interface::bridge::{BridgeLinked, BridgeUnlinked};
use modelbond_interface::event::{EventError, TypedEvent};
use modelbond_interface::market::{
    MarketBought, MarketBurned, MarketEmitted, MarketFunded, MarketLedgerWithdrawn,
    MarketMetricsReported, MarketOpened, MarketSold, MarketVestedClaimed,
};
use modelbond_interface::provenance::{
    ContributionBurned, ContributionMinted, ContributionOffered, EarningsClaimed, OfferConcluded,
    RevenueForwarded, RevenueShared, RoyaltyPaid, ScoreCommitted, ScoreRevealed, WitnessesDrawn,
};
use modelbond_interface::registry::{
    ModelHandedOver, ModelOffered, ModelOpened, ModelUpdated, ModelsConnected, ModelsDisconnected,
};
use proptest::prelude::*;

/// How a field's values are drawn, and whether some text is no value of it.
trait Field: Debug + Clone + 'static {
    const ANY_TEXT: bool = false;
    fn any() -> BoxedStrategy<Self>;
}

impl Field for String {
    const ANY_TEXT: bool = true;
    fn any() -> BoxedStrategy<Self> {
        prop_oneof!["wasm1[a-z0-9]{38}", "ibc/[0-9A-F]{64}", ".*"].boxed()
    }
}

impl Field for Uint128 {
    fn any() -> BoxedStrategy<Self> {
        prop_oneof![Just(0), Just(1), Just(u128::MAX), any::<u128>()].prop_map(Uint128::new).boxed()
    }
}

impl Field for Decimal {
    fn any() -> BoxedStrategy<Self> {
        prop_oneof![Just(0), Just(1), Just(u128::MAX), 0..=2 * 10u128.pow(18)]
            .prop_map(|atomics| Self::new(Uint128::new(atomics)))
            .boxed()
    }
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {$(
        impl Field for $kind {
            fn any() -> BoxedStrategy<Self> {
                prop_oneof![Just(0), Just(Self::MAX), any::<Self>()].boxed()
            }
        }
    )*};
}
whole_numbers!(u8, u16, u32, u64, i32);

impl Field for bool {
    fn any() -> BoxedStrategy<Self> {
        any::<Self>().boxed()
    }
}

/// All that must hold for one value of one event type.
fn check<E>(event: E, keys: &[(&'static str, bool)]) -> Result<(), TestCaseError>
where
    E: TypedEvent + Debug + Clone + PartialEq,
{
    let plain: Event = event.clone().into();
    prop_assert_eq!(&plain.ty, E::TYPE);
    let written: Vec<&str> = plain.attributes.iter().map(|a| a.key.as_str()).collect();
    let declared: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
    prop_assert_eq!(written, declared);
    prop_assert_eq!(E::try_from(&plain), Ok(event.clone()));

    // As the chain shows it: prefixed, with the contract's address, and keys added later.
    let mut on_chain = Event::new(format!("wasm-{}", E::TYPE));
    on_chain = on_chain.add_attribute("_contract_address", "wasm1market");
    on_chain.attributes.extend(plain.attributes.clone());
    on_chain = on_chain.add_attribute("msg_index", "0");
    prop_assert_eq!(E::try_from(&on_chain), Ok(event));

    for wrong in ["", "wasm", "wasm-", "wasm-wasm-", "transfer"] {
        let actual = match wrong {
            "wasm-wasm-" => format!("wasm-wasm-{}", E::TYPE),
            other => other.to_owned(),
        };
        let mut stranger = plain.clone();
        stranger.ty.clone_from(&actual);
        prop_assert_eq!(
            E::try_from(&stranger),
            Err(EventError::WrongType { expected: E::TYPE, actual })
        );
    }

    for (index, (key, any_text)) in keys.iter().enumerate() {
        let mut missing = plain.clone();
        missing.attributes.remove(index);
        prop_assert_eq!(E::try_from(&missing), Err(EventError::MissingKey { event: E::TYPE, key }));

        for bad in ["", "x", "-1.5", "0x10", "340282366920938463463374607431768211456"] {
            let mut broken = plain.clone();
            broken.attributes[index].value = bad.to_owned();
            let read = E::try_from(&broken);
            if *any_text {
                prop_assert!(read.is_ok(), "{} = {:?} is a text", key, bad);
            } else {
                let value = bad.to_owned();
                prop_assert_eq!(read, Err(EventError::BadValue { event: E::TYPE, key, value }));
            }
        }
    }
    Ok(())
}

macro_rules! every_event {
    ($($test:ident: $name:ident { $($field:ident: $kind:ty,)* })*) => {
        $(
            #[test]
            fn $test() {
                // One tuple of strategies would be too wide for proptest: draw field by field.
                let strategy = Just(()).prop_perturb(|(), rng| rng).prop_map(|rng| {
                    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
                        ProptestConfig::default(), rng);
                    $name { $($field: <$kind as Field>::any().new_tree(&mut runner)
                        .expect("no strategy filters").current(),)* }
                });
                let keys = [$((stringify!($field), <$kind as Field>::ANY_TEXT),)*];
                proptest!(|(event in strategy)| check(event, &keys)?);
            }
        )*

        /// Every event type and its keys, in order.
        fn declared() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$(($name::TYPE, vec![$(stringify!($field)),*])),*]
        }
    };
}

use proptest::strategy::ValueTree;

every_event! {
    round_submitted_comes_back_unchanged: BeaconRoundSubmitted {
        source: u8, round: u64, signature: String, randomness: String,
    }
    source_announced_comes_back_unchanged: BeaconSourceAnnounced {
        source: u8, chain_hash: String, switch_at: u64, first_round: u64,
    }
    source_switched_comes_back_unchanged: BeaconSourceSwitched {
        source: u8, chain_hash: String, round: u64,
    }
    pruned_comes_back_unchanged: BeaconPruned { rounds: u32, source: u8, round: u64, }
    linked_comes_back_unchanged: BridgeLinked {
        eth_address: String, cosmos_address: String, pubkey: String, nonce: u64,
    }
    unlinked_comes_back_unchanged: BridgeUnlinked {
        eth_address: String, cosmos_address: String, nonce: u64,
    }
    opened_comes_back_unchanged: MarketOpened {
        creator: String, reserve_denom: String, initial_supply: Uint128, cost: Uint128,
        refund: Uint128,
    }
    bought_comes_back_unchanged: MarketBought {
        buyer: String, recipient: String, amount_in: Uint128, refund: Uint128,
        tokens_out: Uint128, stakeholder_tokens: Uint128, cost: Uint128, to_reserve: Uint128,
        fee: Uint128, fee_to_pending: Uint128, fee_to_rewards: Uint128,
        fee_to_provenance: Uint128, fee_to_treasury: Uint128, surcharge: Uint128, dust: Uint128,
        locked: Uint128, supply: Uint128, reserve: Uint128,
    }
    sold_comes_back_unchanged: MarketSold {
        seller: String, tokens_in: Uint128, gross: Uint128, reserve_out: Uint128,
        burned: Uint128, fee: Uint128, fee_to_pending: Uint128, fee_to_rewards: Uint128,
        fee_to_provenance: Uint128, fee_to_treasury: Uint128, surcharge: Uint128,
        supply: Uint128, reserve: Uint128,
    }
    burned_comes_back_unchanged: MarketBurned {
        owner: String, amount: Uint128, gross: Uint128, supply: Uint128, reserve: Uint128,
    }
    metrics_reported_comes_back_unchanged: MarketMetricsReported {
        accuracy: Decimal, adoption: Decimal, improvement: Decimal, growth: Decimal,
        target: Decimal, multiplier: Decimal, accepted: bool,
    }
    emitted_comes_back_unchanged: MarketEmitted {
        epoch: u32, spent: Uint128, tokens_out: Uint128, supply: Uint128, reserve: Uint128,
    }
    ledger_withdrawn_comes_back_unchanged: MarketLedgerWithdrawn {
        ledger: String, recipient: String, amount: Uint128,
    }
    funded_comes_back_unchanged: MarketFunded { funder: String, amount: Uint128, }
    vested_claimed_comes_back_unchanged: MarketVestedClaimed {
        beneficiary: String, amount: Uint128,
    }
    model_opened_comes_back_unchanged: ModelOpened {
        number: u32, model: String, creator: String, symbol: String, use_cases: String,
        parents: String, royalty_bps: u16, reward_rate: Decimal, fee: Uint128, fee_denom: String,
    }
    model_updated_comes_back_unchanged: ModelUpdated {
        model: String, weights_hash: String, use_cases: String,
    }
    model_offered_comes_back_unchanged: ModelOffered { model: String, to: String, }
    model_handed_over_comes_back_unchanged: ModelHandedOver {
        model: String, from: String, to: String,
    }
    models_connected_comes_back_unchanged: ModelsConnected {
        from: String, to: String, kind: String, h: u32,
    }
    models_disconnected_comes_back_unchanged: ModelsDisconnected {
        from: String, to: String, kind: String, h: u32,
    }
    contribution_minted_comes_back_unchanged: ContributionMinted {
        token_id: String, model: String, contributor: String, weight: Uint128, quality: u32,
        improvement: i32, parents: String,
    }
    revenue_shared_comes_back_unchanged: RevenueShared {
        model: String, source: String, payer: String, denom: String, amount: Uint128,
        reserve: Uint128, royalties: Uint128, holders: Uint128, owner: Uint128, weight: Uint128,
        memo: String,
    }
    royalty_paid_comes_back_unchanged: RoyaltyPaid {
        model: String, parent: String, amount: Uint128,
    }
    earnings_claimed_comes_back_unchanged: EarningsClaimed {
        token_id: String, model: String, recipient: String, denom: String, amount: Uint128,
    }
    revenue_forwarded_comes_back_unchanged: RevenueForwarded {
        model: String, to: String, recipient: String, denom: String, amount: Uint128,
    }
    contribution_burned_comes_back_unchanged: ContributionBurned {
        token_id: String, model: String, weight: Uint128,
    }
    contribution_offered_comes_back_unchanged: ContributionOffered {
        offer_id: u64, model: String, contributor: String, sender: String, data_hash: String,
        denom: String, fee: Uint128,
    }
    witnesses_drawn_comes_back_unchanged: WitnessesDrawn { offer_id: u64, run_id: u64, round_id: u64, node_ids: String, }
    score_committed_comes_back_unchanged: ScoreCommitted { offer_id: u64, slot: u8, }
    score_revealed_comes_back_unchanged: ScoreRevealed {
        offer_id: u64, slot: u8, quality: u32, improvement: i32,
    }
    offer_concluded_comes_back_unchanged: OfferConcluded {
        offer_id: u64, accepted: bool, denom: String, paid: Uint128, refund: Uint128,
    }
}

#[test]
fn no_two_events_share_a_type() {
    let mut types: Vec<_> = declared().into_iter().map(|(ty, _)| ty).collect();
    let count = types.len();
    types.sort_unstable();
    types.dedup();
    assert_eq!(types.len(), count);
}

#[test]
fn every_typed_event_of_the_source_is_tested_here() {
    let sources = [
        include_str!("../src/beacon/events.rs"),
        include_str!("../src/bridge/events.rs"),
        include_str!("../src/market/events.rs"),
        include_str!("../src/registry/events.rs"),
        include_str!("../src/provenance/events.rs"),
    ];
    let in_source: Vec<&str> = sources
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| line.trim().strip_suffix('{'))
        .filter_map(|line| line.split('"').nth(1))
        .collect();
    let tested: Vec<&str> = declared().into_iter().map(|(ty, _)| ty).collect();
    assert_eq!(in_source, tested);
}

#[test]
fn an_event_of_one_type_is_not_read_as_another() {
    let burned = Event::from(MarketBurned {
        owner: "wasm1owner".to_owned(),
        amount: Uint128::new(5),
        gross: Uint128::new(4),
        supply: Uint128::new(3),
        reserve: Uint128::new(2),
    });
    assert_eq!(
        MarketFunded::try_from(&burned),
        Err(EventError::WrongType {
            expected: "market_funded",
            actual: "market_burned".to_owned()
        })
    );
}
