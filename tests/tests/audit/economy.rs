//! A deployment in use: rounds are played, models built on others, users pay, rewards are settled.

use modelbond_audit::Entry;
use modelbond_interface::market::{ExecuteMsg as Market, QueryMsg as MarketQuery};
use modelbond_interface::provenance::{
    Beneficiary, ContributionResponse, ExecuteMsg as Provenance, OfferStatus,
    QueryMsg as ProvenanceQuery,
};
use modelbond_interface::registry::{ConnectionKind, ExecuteMsg as Registry, ModelOpened, Parent};
use modelbond_interface::rewards::{
    ExecuteMsg as Rewards, ModelRewardsResponse, QueryMsg as RewardsQuery,
};
use modelbond_interface::training::{Due, ExecuteMsg as TrainingMsg, Phase, Stage};
use modelbond_tests::builder::model;
use modelbond_tests::offers::{FOUND, LIE};
use modelbond_tests::random::Random;
use modelbond_tests::training::{Conduct, Setup};
use modelbond_tests::{Chain, Contracts, Deployment, Mock, Offers, Recorded};
use serde::Serialize;

/// Who does things.
const PEOPLE: [&str; 6] = ["owner1", "owner2", "owner3", "alice", "bob", "creator"];
/// Who opens models, and owns them.
const CREATORS: [&str; 3] = ["alice", "bob", "creator"];

/// A deployment in use.
pub(crate) struct Economy {
    offers: Offers<Recorded<Mock>>,
    models: Vec<String>,
    random: Random,
}

impl Economy {
    /// A model with a run and twelve nodes.
    pub(crate) fn new(seed: u64) -> Self {
        let training = Setup::default()
            .nodes(12, 3)
            .registered()
            .with_market(|params| params.emission.epoch_secs = 900)
            .build_on(Recorded::new(Mock::default()))
            .expect("opens a run");
        let models = vec![training.market.market.clone()];
        Self { offers: Offers::of(training), models, random: Random::new(seed) }
    }

    /// What was said so far.
    pub(crate) fn log(&self) -> &[Entry] {
        &self.chain().log
    }

    /// Where it is.
    pub(crate) fn chain(&self) -> &Recorded<Mock> {
        &self.offers.training.market.chain
    }

    /// Its contracts.
    pub(crate) fn deployment(&self) -> &Deployment {
        &self.offers.training.deployment
    }

    /// The market of the model in training.
    pub(crate) fn market(&self) -> &str {
        &self.offers.training.market.market
    }

    /// Lives on for so many rounds.
    pub(crate) fn live(&mut self, rounds: usize) {
        for number in 0..rounds {
            if number < 4 {
                self.open(number);
            }
            self.round(number);
            for _ in 0..50 {
                self.step();
                let secs = self.random.below(60) as u64;
                self.offers.training.market.wait(secs);
            }
        }
    }

    /// Opens a model that is built on some of those that there are.
    fn open(&mut self, number: usize) {
        let mut open = model(&self.offers.training.market.msg);
        open.symbol = format!("CHILD{number}");
        open.royalty_bps = 0;
        for parent in &self.models {
            if self.random.chance(60) && open.parents.len() < 3 {
                let royalty_bps = self.random.between(1_000, 1_600) as u16;
                open.parents.push(Parent { model: parent.clone(), royalty_bps });
            }
        }
        let creator = self.random.pick(&CREATORS);
        let registry = self.deployment().registry.clone();
        let chain = &mut self.offers.training.market.chain;
        let (sender, coins) = (chain.account(creator), chain.money(1_000_000_000_000_000));
        chain.fund(&sender, &coins);
        let msg = Registry::OpenModel(Box::new(open));
        let opened = chain.execute_any(&sender, &registry, &msg, &coins).expect("opens");
        self.models.push(opened.event::<ModelOpened>().model);
    }

    /// Plays a round, in which sometimes somebody lies, and claims most of what it owes.
    fn round(&mut self, number: usize) {
        let _ = self.offers.training.ready_all();
        self.offers.training.conduct.clear();
        if number % 3 == 2 {
            let liar = self.random.between(1, 12) as u64;
            self.offers.training.conduct.insert(liar, Conduct::Liar(1));
        }
        let data = format!("data of round {number}");
        let offer = self.offers.contribute("alice", &data, 1_000 + number as u128).ok();
        if self.offers.training.advance().is_err() {
            return;
        }
        self.offers.training.play_to(Phase::Final);
        let groups = self.offers.training.round().groups;
        let mut dues = vec![Due::Lead {}];
        dues.extend((0..groups).map(|group| Due::Contribution { group }));
        for stage in Stage::ALL {
            dues.extend(
                self.offers.training.all_seats(stage).iter().map(|seat| Due::Seat(seat.id)),
            );
        }
        for due in dues {
            if self.random.chance(80) {
                let _ = self.offers.training.claim("stranger", due);
            }
        }
        let _ = self.offers.training.claim("keeper", Due::Advances {});
        let (run_id, amount) =
            (self.offers.training.run_id, self.offers.training.ledger().burnable);
        let _ = self.offers.training.send("keeper", &TrainingMsg::Burn { run_id, amount });
        if let Some(offer_id) = offer {
            self.score(offer_id);
        }
    }

    /// Witnesses of an offer are drawn and score it, most of them alike.
    fn score(&mut self, offer_id: u64) {
        self.offers.emit(offer_id);
        let Ok(witnesses) = self.offers.draw(offer_id) else { return };
        let mut scores = vec![];
        for _ in witnesses {
            scores.push(match self.random.below(10) {
                0 => Some(LIE),
                1 => None,
                _ => Some(FOUND),
            });
        }
        self.offers.score(offer_id, &scores);
        if let OfferStatus::Reveal { until } = self.offers.status(offer_id) {
            self.offers.wait_until(until);
        }
        self.offers.conclude(offer_id).expect("ends");
    }

    /// Somebody does something; most of it is accepted.
    fn step(&mut self) {
        let deployment = self.deployment().clone();
        let who = self.random.pick(&PEOPLE);
        let model = self.random.pick(&self.models);
        match self.random.below(18) {
            0..=3 => {
                let amount = self.random.magnitude(1_000_000_000);
                let msg = Provenance::PayUsage { model, memo: None };
                self.send(who, &deployment.provenance, &msg, amount);
            }
            4 => self.send(who, &deployment.provenance, &Provenance::Distribute { model }, 0),
            5 => self.send(who, &deployment.provenance, &Provenance::CollectFees { model }, 0),
            6 => {
                let to = self.random.pick(&[Beneficiary::Reserve, Beneficiary::Owner]);
                self.send(who, &deployment.provenance, &Provenance::Forward { model, to }, 0);
            }
            7..=10 => self.use_nft(who),
            11 | 12 => self.connect(model),
            13 => self.settle(&model),
            14 => {
                let msg = Rewards::Claim { model, operator: None };
                self.send(who, &deployment.rewards, &msg, 0);
            }
            _ => self.trade(who, &model),
        }
    }

    /// Somebody's message, whether it is taken or not. Holders are known by their addresses.
    fn send(&mut self, who: &str, contract: &str, msg: &impl Serialize, coins: u128) {
        let chain = &mut self.offers.training.market.chain;
        let is_address = who.starts_with("wasm1");
        let sender = if is_address { who.to_owned() } else { chain.account(who) };
        let coins = chain.money(coins);
        chain.fund(&sender, &coins);
        let _ = chain.execute_any(&sender, contract, msg, &coins);
    }

    /// A holder claims, gives away or burns an NFT.
    fn use_nft(&mut self, who: &str) {
        let tokens = self.tokens();
        if tokens.is_empty() {
            return;
        }
        let provenance = self.deployment().provenance.clone();
        let (token_id, holder) = self.random.pick(&tokens);
        let msg = match self.random.below(20) {
            0..=4 => {
                let recipient = self.offers.training.market.address(who);
                Provenance::TransferNft { recipient, token_id }
            }
            5 if tokens.len() > 3 => Provenance::Burn { token_id },
            _ => Provenance::Claim { token_ids: vec![token_id] },
        };
        self.send(&holder, &provenance, &msg, 0);
    }

    /// The owner of a model connects it, or hands it over.
    fn connect(&mut self, from: String) {
        let registry = self.deployment().registry.clone();
        let to = self.random.pick(&self.models);
        let kind = self.random.pick(&ConnectionKind::ALL);
        let (owner, next) = (self.random.pick(&CREATORS), self.random.pick(&CREATORS));
        match self.random.below(8) {
            0 => {
                let to = Some(self.offers.training.market.address(next));
                let msg = Registry::OfferModel { model: from.clone(), to };
                self.send(owner, &registry, &msg, 0);
                self.send(next, &registry, &Registry::AcceptModel { model: from }, 0);
            }
            1 | 2 => self.send(owner, &registry, &Registry::Disconnect { from, to, kind }, 0),
            _ => self.send(owner, &registry, &Registry::Connect { from, to, kind }, 0),
        }
    }

    fn trade(&mut self, who: &str, model: &str) {
        let deadline = self.offers.training.market.later();
        let address = self.offers.training.market.address(who);
        if self.random.chance(70) {
            let amount = self.random.magnitude(20_000_000_000);
            let (min_tokens_out, recipient) = (0u128.into(), None);
            let msg = Market::Buy { min_tokens_out, deadline, partial: true, recipient };
            self.send(who, model, &msg, amount);
        } else {
            let query = MarketQuery::Account { address };
            let account: modelbond_interface::market::AccountResponse =
                self.offers.training.market.chain.query(model, &query).expect("answers");
            let tokens_in = self.random.below(account.free.u128() / 2 + 1).into();
            let min_reserve_out = 0u128.into();
            let msg = Market::Sell { tokens_in, min_reserve_out, deadline, partial: true };
            self.send(who, model, &msg, 0);
        }
    }

    /// Settles the last epoch of a market.
    fn settle(&mut self, model: &str) {
        let rewards = self.deployment().rewards.clone();
        let query = RewardsQuery::Model { model: model.to_owned() };
        let answer: ModelRewardsResponse =
            self.offers.training.market.chain.query_any(&rewards, &query).expect("answers");
        let Some(epoch) = answer.epoch.checked_sub(1) else { return };
        let msg = Rewards::Settle { model: model.to_owned(), epoch };
        self.send("keeper", &rewards, &msg, 0);
    }

    /// NFTs that there are, with their holders.
    fn tokens(&self) -> Vec<(String, String)> {
        let provenance = &self.deployment().provenance;
        let chain = &self.offers.training.market.chain;
        let mut found = vec![];
        for model in &self.models {
            let (model, limit) = (model.clone(), Some(30));
            let query = ProvenanceQuery::ModelTokens { model, skip: None, limit };
            let page: cw721::msg::TokensResponse =
                chain.query_any(provenance, &query).expect("answers");
            for token_id in page.tokens {
                let query = ProvenanceQuery::Contribution { token_id: token_id.clone() };
                let answer: ContributionResponse =
                    chain.query_any(provenance, &query).expect("answers");
                found.extend(answer.owner.map(|owner| (token_id, owner.into_string())));
            }
        }
        found
    }
}
