//! The keeper against a stand-in chain: it sends what is due, once it is due, and takes a no for an answer.

use cosmwasm_std::{coin, Addr, Timestamp, Uint128};
use modelbond::keystore::{parse_path, Identity, DEFAULT_PATH};
use modelbond::network::NetworkFile;
use modelbond::serve::keeper::keep;
use modelbond::serve::Keeper;
use modelbond::training::Training;
use modelbond_client::Client;
use modelbond_interface::hash::Hash32;
use modelbond_interface::training::{
    ConfigResponse, Phase, QueryMsg, Round, RoundResponse, RunResponse, SeatsResponse, Stage,
};
use modelbond_interface::{provenance, rewards};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::chain::{Chain, CHAIN_ID};
use crate::place::PHRASE;
use crate::sample;
use crate::service::Service;

/// A service that keeps run 2 of a chain.
struct Kept {
    chain: Chain,
    service: Service,
    keeping: JoinHandle<()>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.keeping.abort();
    }
}

fn shows(chain: &Chain, round: &Round) {
    let (run_id, round_id) = (2, 4);
    let run = RunResponse { run: Some(sample::run()) };
    chain.answers("wasm1training", QueryMsg::Run { run_id }, run);
    let question = QueryMsg::Round { run_id, round_id: Some(round_id) };
    chain.answers("wasm1training", question, RoundResponse { round: Some(round.clone()) });
    let question = QueryMsg::Seats { run_id, round_id, stage: Stage::Work, group: 0 };
    let seats = vec![sample::seat(Stage::Work, 0, 0, 7)];
    chain.answers("wasm1training", question, SeatsResponse { seats });
}

/// Epoch 4 of the model's market is over. Offer 61 to the run can be drawn, witnesses of offer 3 commit, offer 7 is to
/// another run, the others are concluded.
fn has_an_economy(chain: &Chain) {
    let stands = rewards::ModelRewardsResponse {
        epoch: 5,
        budget: None,
        open: None,
        uncut_work: 8,
        performance: 500_000,
        owed: Uint128::zero(),
    };
    let model = sample::run().model.into_string();
    chain.answers("wasm1rewards", rewards::QueryMsg::Model { model }, stands);
    let offer = |offer_id: u64| provenance::OfferResponse {
        offer_id,
        offered: provenance::Offered {
            model: sample::run().model.into_string(),
            contributor: "wasm1contributor".to_owned(),
            data: "wines.csv".to_owned(),
            data_hash: Hash32([2; 32]),
            parents: vec![],
        },
        sender: Addr::unchecked("wasm1payer"),
        fee: coin(9_000, "uusd"),
        offered_at: Timestamp::from_seconds(9_000_000_000), // no chain is as late as its end
        draws_at: Timestamp::from_seconds(1_030),
        run_id: if offer_id == 7 { 1 } else { 2 },
        round_id: None,
        status: match offer_id {
            3 => provenance::OfferStatus::Commit { until: Timestamp::from_seconds(9_000_000_000) },
            7 | 61 => provenance::OfferStatus::Waiting {},
            _ => provenance::OfferStatus::Rejected {},
        },
        witnesses: vec![],
    };
    for start in [0, 2, 30, 60] {
        let question = provenance::QueryMsg::Offers { start_after: Some(start), limit: Some(30) };
        let offers = (start + 1..=61).take(30).map(offer).collect();
        chain.answers("wasm1provenance", question, provenance::OffersResponse { offers });
    }
}

impl Kept {
    /// From this height on, with this round; the sample's window has ended by time, long ago.
    async fn start(height: u64, round: Round, refuses: Option<&str>) -> Self {
        Self::start_with(height, round, refuses, &[]).await
    }

    /// On a network with these contracts, too.
    async fn start_with(
        height: u64,
        round: Round,
        refuses: Option<&str>,
        contracts: &[&str],
    ) -> Self {
        let chain = Chain::start().await;
        let config = ConfigResponse {
            beacon: Addr::unchecked("wasm1beacon"),
            nodes: Addr::unchecked("wasm1nodes"),
            unbonding_secs: 600,
            evm_chain_id: 1,
            provenance: Addr::unchecked("wasm1provenance"),
            rewards: Addr::unchecked("wasm1rewards"),
            runs: 2,
        };
        chain.answers("wasm1training", QueryMsg::Config {}, config);
        shows(&chain, &round);
        chain.state().refuses = refuses.map(str::to_owned);
        let mut network = NetworkFile::new(CHAIN_ID, vec![chain.url.clone()], "wasm", "0stake");
        for name in ["training", "nodes"].iter().chain(contracts) {
            network.contracts.insert((*name).to_owned(), format!("wasm1{name}"));
        }
        has_an_economy(&chain);
        let client = Client::connect(network.network().unwrap()).await.unwrap();
        let training = Training::of(network, client.clone()).await.unwrap();
        let identity = Identity::from_phrase(PHRASE, parse_path(DEFAULT_PATH).unwrap()).unwrap();
        let signer = client.signer(identity.signing_key().unwrap());
        let service = Service::new();
        chain.state().height = height;
        let keeper = Keeper::new(training, signer, vec![2]);
        let keeping = tokio::spawn(keep(service.app.clone(), keeper));
        Self { chain, service, keeping }
    }

    async fn metrics(&self) -> String {
        self.service.get("/metrics").await.body
    }
}

#[tokio::test]
async fn a_round_is_moved_on_when_its_phase_has_ended_and_not_before() {
    // The first look is at height 99, one block before the phase ends.
    let kept = Kept::start(98, sample::round(), None).await;
    kept.chain.until(|state| state.height >= 100).await;
    assert_eq!(kept.chain.state().simulated, 0);
    kept.chain.until(|state| !state.taken.is_empty()).await;
    let taken = kept.chain.taken();
    assert_eq!(taken[0].contract, "wasm1training");
    assert_eq!(taken[0].message, json!({"advance": {"run_id": 2}}));
    assert!(kept.chain.state().height >= 100);
}

#[tokio::test]
async fn what_waits_to_be_settled_is_settled() {
    let round = Round { phase: Phase::Settle, window: None, ..sample::round() };
    let kept = Kept::start(10, round, None).await;
    kept.chain.until(|state| !state.taken.is_empty()).await;
    assert_eq!(kept.chain.taken()[0].message, json!({"settle": {"run_id": 2}}));
}

#[tokio::test]
async fn a_refusal_costs_nothing_is_shown_and_is_tried_again() {
    let kept = Kept::start(100, sample::round(), Some("the beacon is late")).await;
    kept.chain.until(|state| state.simulated > 0).await;
    let height = kept.chain.state().height;
    // Two looks later the refusal has been dealt with.
    kept.chain.until(|state| state.height >= height + 2).await;
    let health = kept.service.get("/health").await.body;
    assert!(health.contains("training waits: the beacon is late"), "{health}");
    assert!(health.contains("\"state\":\"running\""), "{health}");
    let refused = "modelbond_keeper_messages_total{action=\"advance\",outcome=\"refused\"} 1";
    assert!(kept.metrics().await.contains(refused));
    assert_eq!(kept.chain.taken(), []);
    kept.chain.state().refuses = None;
    kept.chain.until(|state| !state.taken.is_empty()).await;
    assert!(kept.chain.state().simulated >= 2);
}

#[tokio::test]
async fn a_round_that_waits_for_somebody_is_left_alone() {
    let kept = Kept::start(10, sample::round(), None).await;
    kept.chain.until(|state| state.height >= 14).await;
    assert_eq!(kept.chain.state().simulated, 0);
    let health = kept.service.get("/health").await.body;
    assert!(health.contains("run 2: round 4 in commit"), "{health}");
}

#[tokio::test]
async fn an_epoch_of_the_model_is_settled() {
    let kept = Kept::start_with(10, sample::round(), None, &["rewards"]).await;
    kept.chain.until(|state| !state.taken.is_empty()).await;
    let taken = &kept.chain.taken()[0];
    assert_eq!(taken.contract, "wasm1rewards");
    let model = sample::run().model;
    assert_eq!(taken.message, json!({"settle": {"model": model, "epoch": 4}}));
    let counted = "modelbond_keeper_messages_total{action=\"settle_rewards\",outcome=\"taken\"}";
    kept.chain.until(|state| state.taken.len() > 1).await;
    assert!(kept.metrics().await.contains(counted));
}

#[tokio::test]
async fn an_offer_behind_two_pages_of_others_is_drawn() {
    let kept = Kept::start_with(10, sample::round(), None, &["provenance"]).await;
    kept.chain.until(|state| !state.taken.is_empty()).await;
    let taken = &kept.chain.taken()[0];
    assert_eq!(taken.contract, "wasm1provenance");
    assert_eq!(taken.message, json!({"draw_witnesses": {"offer_id": 61}}));
}

#[tokio::test]
async fn what_the_economy_refuses_does_not_stop_rounds() {
    let refusal = Some("the next slice is due later");
    let kept = Kept::start_with(10, sample::round(), refusal, &["rewards", "provenance"]).await;
    kept.chain.until(|state| state.simulated >= 2).await;
    let height = kept.chain.state().height;
    kept.chain.until(|state| state.height >= height + 2).await;
    let health = kept.service.get("/health").await.body;
    assert!(health.contains("run 2: round 4 in commit; around run 2:"), "{health}");
    assert!(health.contains("waits: the next slice is due later"), "{health}");
    assert!(health.contains("\"state\":\"running\""), "{health}");
    assert_eq!(kept.chain.taken(), []);
}
