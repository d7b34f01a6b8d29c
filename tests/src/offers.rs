//! Offered contributions on top of a model in training: contributors, and the model's machines as witnesses.

use std::collections::BTreeMap;

use cosmwasm_std::Timestamp;
use modelbond_economy::offer::{Committed, Context, Finding};
use modelbond_interface::beacon;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{
    ContributionOffered, ExecuteMsg, OfferConcluded, OfferResponse, OfferStatus, Offered,
    OffersResponse, QueryMsg, Score, SignedContribution, Witness,
};
use modelbond_signature::{sha256, Binding, Contribution, SignRequest};
use serde::de::DeserializeOwned;

use crate::beacon::submit_message;
use crate::bridge::{Person, EVM_CHAIN_ID};
use crate::chain::{Contracts, Failure, Outcome};
use crate::mock::Mock;
use crate::training::Setup;
use crate::Training;

/// What honest witnesses find, in stories.
pub const FOUND: Score = Score { quality: 900_000, improvement: 20_000 };
/// What others say.
pub const LIE: Score = Score { quality: 1_000_000, improvement: 1_000_000 };
/// What all witnesses together get, in stories: no multiple of their number.
pub const FEE: u128 = 1_000;
/// How long signatures are valid, in stories.
const VALID_SECS: u64 = 3_600;

/// Offers about a model in training.
pub struct Offers<C: Contracts = Mock> {
    /// The model, its run, its machines, and the chain.
    pub training: Training<C>,
    /// Address of provenance.
    pub address: String,
    sealed: BTreeMap<(u64, u8), (Score, Hash32)>,
}

impl Offers<Mock> {
    /// Twelve machines of as many owners, three units each, on a new mock.
    #[must_use]
    pub fn on_mock() -> Self {
        Self::with(Setup::default().nodes(12, 3))
    }

    /// Other machines.
    #[must_use]
    pub fn with(setup: Setup) -> Self {
        Self::of(setup.registered().build())
    }
}

impl<C: Contracts> Offers<C> {
    /// About the model of this training.
    pub fn of(training: Training<C>) -> Self {
        let address = training.deployment.provenance.clone();
        Self { training, address, sealed: BTreeMap::new() }
    }

    /// The chain.
    pub fn chain(&mut self) -> &mut C {
        &mut self.training.market.chain
    }

    /// The address of an account: that of a machine for the name of one, or of a person with a key.
    pub fn account(&self, name: &str) -> String {
        let with_key = name.starts_with("machine") || name.starts_with("signer");
        if with_key {
            return Person::called(name).cosmos.to_string();
        }
        self.training.market.address(name)
    }

    /// Sends any message.
    ///
    /// # Errors
    /// When provenance refuses it.
    pub fn send(&mut self, who: &str, msg: &ExecuteMsg, coins: u128) -> Result<Outcome, Failure> {
        let (sender, address) = (self.account(who), self.address.clone());
        let funds = self.chain().money(coins);
        self.chain().fund(&sender, &funds);
        self.chain().execute_any(&sender, &address, msg, &funds)
    }

    /// Asks provenance.
    ///
    /// # Errors
    /// When it refuses.
    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, Failure> {
        self.training.market.chain.query_any(&self.address, msg)
    }

    /// An offer.
    ///
    /// # Panics
    /// When there is none.
    pub fn offer(&self, offer_id: u64) -> OfferResponse {
        self.try_query(&QueryMsg::Offer { offer_id }).expect("an offer")
    }

    /// All offers.
    ///
    /// # Panics
    /// When provenance does not answer.
    pub fn offers(&self) -> Vec<OfferResponse> {
        let mut all: Vec<OfferResponse> = Vec::new();
        loop {
            let start_after = all.last().map(|offer| offer.offer_id);
            let msg = QueryMsg::Offers { start_after, limit: Some(30) };
            let page: OffersResponse = self.try_query(&msg).expect("answers");
            if page.offers.is_empty() {
                return all;
            }
            all.extend(page.offers);
        }
    }

    /// Where an offer stands.
    pub fn status(&self, offer_id: u64) -> OfferStatus {
        self.offer(offer_id).status
    }

    /// What somebody offers: data called `data`.
    pub fn offered(&self, contributor: &str, data: &str) -> Offered {
        Offered {
            model: self.training.market.market.clone(),
            contributor: self.account(contributor),
            data: format!("https://example.org/{data}"),
            data_hash: Hash32(sha256(data)),
            parents: vec![],
        }
    }

    /// Somebody offers data.
    ///
    /// # Errors
    /// When provenance refuses it.
    pub fn contribute(&mut self, who: &str, data: &str, fee: u128) -> Result<u64, Failure> {
        let msg = ExecuteMsg::Contribute { offered: self.offered(who, data), signed: None };
        let outcome = self.send(who, &msg, fee)?;
        Ok(outcome.event::<ContributionOffered>().offer_id)
    }

    /// What a contributor signs.
    pub fn request(&self, offered: &Offered) -> SignRequest<Contribution> {
        let statement = Contribution {
            model: offered.model.clone(),
            contributor: offered.contributor.clone(),
            data: offered.data.clone(),
            data_hash: offered.data_hash.0,
            parents: offered.parents.clone(),
        };
        let binding = Binding {
            chain_id: self.training.market.chain.chain_id(),
            contract: self.address.clone(),
            evm_chain_id: EVM_CHAIN_ID,
            nonce: 0,
            expires_at: self.training.market.chain.now().seconds() + VALID_SECS,
        };
        SignRequest { statement, binding }
    }

    /// The time is such that the beacon round of an offer is due, and it is handed in.
    ///
    /// # Panics
    /// When the beacon refuses it.
    pub fn emit(&mut self, offer_id: u64) {
        let at = self.offer(offer_id).draws_at;
        let beacon = self.training.beacon.clone();
        let msg = beacon::QueryMsg::FirstRound { at };
        let first: beacon::FirstRoundResponse =
            self.chain().query_any(&beacon, &msg).expect("answers");
        self.wait_until(first.round_at);
        let msg = submit_message(first.round, self.training.emitter.sign(first.round));
        let sender = self.account("stranger");
        self.chain().execute_any(&sender, &beacon, &msg, &[]).expect("takes the round");
    }

    /// Waits until a time, if it is not over.
    pub fn wait_until(&mut self, time: Timestamp) {
        let left = time.nanos().saturating_sub(self.chain().now().nanos());
        if left > 0 {
            self.chain().wait(left.div_ceil(1_000_000_000));
        }
    }

    /// A stranger asks for the witnesses of an offer.
    ///
    /// # Errors
    /// When they cannot be drawn.
    pub fn draw(&mut self, offer_id: u64) -> Result<Vec<Witness>, Failure> {
        self.send("stranger", &ExecuteMsg::DrawWitnesses { offer_id }, 0)?;
        Ok(self.offer(offer_id).witnesses)
    }

    /// Plays a round of training, and draws.
    ///
    /// # Panics
    /// When the witnesses cannot be drawn.
    pub fn play_and_draw(&mut self, offer_id: u64) -> Vec<Witness> {
        self.training.play();
        self.emit(offer_id);
        self.draw(offer_id).expect("draws")
    }

    /// Alice offers data, and its witnesses are drawn.
    ///
    /// # Panics
    /// When that is refused.
    pub fn drawn(&mut self, data: &str) -> u64 {
        let offer_id = self.contribute("alice", data, FEE).expect("takes the offer");
        self.play_and_draw(offer_id);
        offer_id
    }

    /// The commit of a witness to a score.
    pub fn commit_to(
        &self,
        offer_id: u64,
        witness: &Witness,
        score: Score,
        salt: Hash32,
    ) -> Hash32 {
        let chain_id = self.training.market.chain.chain_id();
        let context = Context { chain_id: &chain_id, contract: &self.address, offer_id };
        Hash32(context.commit(&Committed {
            slot: witness.slot,
            node_id: witness.node_id,
            owner: witness.owner.as_str(),
            finding: Finding { quality: score.quality, improvement: score.improvement },
            salt: salt.0,
        }))
    }

    /// The name of the owner of a seat.
    pub fn owner(&self, witness: &Witness) -> String {
        self.training.member(witness.node_id).owner
    }

    /// The message by which a witness commits to a score, which is kept.
    pub fn commit_message(&mut self, offer_id: u64, witness: &Witness, score: Score) -> ExecuteMsg {
        let slot = witness.slot;
        let salt = Hash32(sha256(format!("salt of {slot} in {offer_id}")));
        self.sealed.insert((offer_id, slot), (score, salt));
        let commit = self.commit_to(offer_id, witness, score, salt);
        ExecuteMsg::CommitScore { offer_id, slot, commit }
    }

    /// A witness commits to a score.
    ///
    /// # Errors
    /// When provenance refuses it.
    ///
    /// # Panics
    /// When there is no such seat.
    pub fn commit(&mut self, offer_id: u64, slot: u8, score: Score) -> Result<Outcome, Failure> {
        let witness = self.offer(offer_id).witnesses[usize::from(slot)].clone();
        let msg = self.commit_message(offer_id, &witness, score);
        let owner = self.owner(&witness);
        self.send(&owner, &msg, 0)
    }

    /// The message by which a witness shows what it committed to.
    ///
    /// # Panics
    /// When it did not.
    pub fn reveal_message(&self, offer_id: u64, slot: u8) -> ExecuteMsg {
        let (score, salt) = self.sealed[&(offer_id, slot)];
        ExecuteMsg::RevealScore { offer_id, slot, score, salt }
    }

    /// A witness shows what it committed to.
    ///
    /// # Errors
    /// When provenance refuses it.
    ///
    /// # Panics
    /// When there is no such seat.
    pub fn reveal(&mut self, offer_id: u64, slot: u8) -> Result<Outcome, Failure> {
        let witness = self.offer(offer_id).witnesses[usize::from(slot)].clone();
        let (msg, owner) = (self.reveal_message(offer_id, slot), self.owner(&witness));
        self.send(&owner, &msg, 0)
    }

    /// Witnesses commit to these scores, by slot, and reveal them; who has none is silent.
    ///
    /// # Panics
    /// When provenance refuses one.
    pub fn score(&mut self, offer_id: u64, scores: &[Option<Score>]) {
        let slots: Vec<(u8, Score)> =
            (0..).zip(scores).filter_map(|(slot, score)| Some((slot, (*score)?))).collect();
        for (slot, score) in &slots {
            self.commit(offer_id, *slot, *score).expect("commits");
        }
        if let OfferStatus::Commit { until } = self.status(offer_id) {
            self.wait_until(until);
        }
        for (slot, _) in &slots {
            self.reveal(offer_id, *slot).expect("reveals");
        }
    }

    /// A stranger ends an offer.
    ///
    /// # Errors
    /// When it goes on.
    pub fn conclude(&mut self, offer_id: u64) -> Result<OfferConcluded, Failure> {
        let outcome = self.send("stranger", &ExecuteMsg::ConcludeOffer { offer_id }, 0)?;
        Ok(outcome.event())
    }

    /// An offer of Alice's that all witnesses scored alike is ended: an NFT.
    ///
    /// # Panics
    /// When it is not.
    pub fn accepted(&mut self, data: &str) -> u64 {
        let offer_id = self.drawn(data);
        let all = self.offer(offer_id).witnesses.len();
        self.score(offer_id, &vec![Some(FOUND); all]);
        assert!(self.conclude(offer_id).expect("ends").accepted);
        offer_id
    }

    /// Coins of an account.
    pub fn coins(&self, who: &str) -> u128 {
        self.training.market.chain.balance(&self.account(who))
    }

    /// Coins of provenance.
    pub fn held(&self) -> u128 {
        self.training.market.chain.balance(&self.address)
    }

    /// Fees of offers that go on: what provenance holds where nobody has paid for anything else.
    pub fn fees(&self) -> u128 {
        let ended = |status: &OfferStatus| {
            matches!(status, OfferStatus::Accepted { .. } | OfferStatus::Rejected {})
        };
        let open = self.offers().into_iter().filter(|offer| !ended(&offer.status));
        open.map(|offer| offer.fee.amount.u128()).sum()
    }
}

/// A contribution, signed in a scheme.
#[must_use]
pub fn signed_contribution(
    person: &Person,
    request: &SignRequest<Contribution>,
    scheme: Scheme,
) -> SignedContribution {
    SignedContribution {
        pubkey: person.pubkey(),
        scheme,
        signature: person.sign(request, scheme, &person.cosmos),
        expires_at: Timestamp::from_seconds(request.binding.expires_at),
    }
}
