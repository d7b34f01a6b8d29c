//! Everything together: rounds that are played, models built on others, users who pay, rewards that are
//! settled; audited without a difference.

use cosmwasm_std::Empty;
use modelbond_audit::Entry;
use modelbond_interface::provenance::{Beneficiary, ExecuteMsg as Provenance};
use modelbond_interface::registry::{ConnectionKind, ExecuteMsg as Registry, ModelOpened, Parent};
use modelbond_interface::rewards::ExecuteMsg as Rewards;
use modelbond_interface::training::Due;
use modelbond_tests::audit::{everything, findings};
use modelbond_tests::builder::model;
use modelbond_tests::random::Random;
use modelbond_tests::training::Setup;
use modelbond_tests::{Chain, Contracts, Mock, Recorded, Training};
use serde::Serialize;

/// A deployment in use.
pub(crate) struct Economy {
    pub(crate) training: Training<Recorded<Mock>>,
    pub(crate) models: Vec<String>,
    random: Random,
}

const PEOPLE: [&str; 6] = ["owner1", "owner2", "owner3", "alice", "bob", "creator"];

impl Economy {
    /// A model with a run and twelve nodes.
    pub(crate) fn new(seed: u64) -> Self {
        let chain = Recorded::new(Mock::default());
        let training = Setup::default()
            .nodes(12, 3)
            .registered()
            .with_market(|params| params.emission.epoch_secs = 900)
            .build_on(chain)
            .expect("opens a run");
        let models = vec![training.market.market.clone()];
        Self { training, models, random: Random::new(seed) }
    }

    pub(crate) fn log(&self) -> &[Entry] {
        &self.training.market.chain.log
    }

    /// Whether the contract took it.
    fn send(&mut self, who: &str, contract: &str, msg: &impl Serialize, coins: u128) -> bool {
        let chain = &mut self.training.market.chain;
        let (sender, coins) = (chain.account(who), chain.money(coins));
        chain.fund(&sender, &coins);
        chain.execute_any(&sender, contract, msg, &coins).is_ok()
    }

    fn person(&mut self) -> &'static str {
        self.random.pick(&PEOPLE)
    }

    /// Opens a model that is built on some of those that there are.
    pub(crate) fn open(&mut self, number: usize) {
        let deployment = self.training.deployment.clone();
        let mut open = model(&self.training.market.msg);
        open.symbol = format!("CHILD{number}");
        open.royalty_bps = 0;
        let mut left: u128 = 5_000;
        for parent in &self.models {
            if self.random.chance(60) && open.parents.len() < 3 {
                let royalty_bps = self.random.between(1_000, left.max(1_000)) as u16;
                if u128::from(royalty_bps) > left {
                    break;
                }
                left -= u128::from(royalty_bps);
                open.parents.push(Parent { model: parent.clone(), royalty_bps });
            }
        }
        let creator = self.random.pick(&["alice", "bob", "creator"]);
        let chain = &mut self.training.market.chain;
        let (sender, coins) = (chain.account(creator), chain.money(1_000_000_000_000_000));
        chain.fund(&sender, &coins);
        let msg = Registry::OpenModel(Box::new(open));
        let opened = chain.execute_any(&sender, &deployment.registry, &msg, &coins).expect("opens");
        self.models.push(opened.event::<ModelOpened>().model);
    }

    /// Plays a round, and claims some of what it owes.
    pub(crate) fn round(&mut self) {
        let _ = self.training.ready_all();
        if self.training.advance().is_err() {
            return;
        }
        self.training.play_to(modelbond_interface::training::Phase::Final);
        let round = self.training.round();
        let mut dues = vec![Due::Lead {}];
        for group in 0..round.groups {
            dues.push(Due::Contribution { group });
        }
        for stage in modelbond_interface::training::Stage::ALL {
            dues.extend(self.training.all_seats(stage).iter().map(|seat| Due::Seat(seat.id)));
        }
        for due in dues {
            if self.random.chance(80) {
                let _ = self.training.claim("stranger", due);
            }
        }
        let _ = self.training.claim("keeper", Due::Advances {});
    }

    /// Somebody does something.
    pub(crate) fn step(&mut self) {
        let deployment = self.training.deployment.clone();
        let who = self.person();
        let model = self.random.pick(&self.models.clone());
        let tokens = self.tokens();
        match self.random.below(16) {
            0..=3 => {
                let amount = self.random.magnitude(1_000_000_000);
                let msg = Provenance::PayUsage { model, memo: None };
                self.send(who, &deployment.provenance, &msg, amount);
            }
            4 => {
                self.send(who, &deployment.provenance, &Provenance::Distribute { model }, 0);
            }
            5 => {
                self.send(who, &deployment.provenance, &Provenance::CollectFees { model }, 0);
            }
            6 => {
                let to = self.random.pick(&[Beneficiary::Reserve, Beneficiary::Owner]);
                self.send(who, &deployment.provenance, &Provenance::Forward { model, to }, 0);
            }
            7 | 8 if !tokens.is_empty() => {
                let (token_id, owner) = self.random.pick(&tokens);
                let msg = Provenance::Claim { token_ids: vec![token_id] };
                self.send(&owner, &deployment.provenance, &msg, 0);
            }
            9 if !tokens.is_empty() => {
                let (token_id, owner) = self.random.pick(&tokens);
                let recipient = self.training.market.address(who);
                let msg = Provenance::TransferNft { recipient, token_id };
                self.send(&owner, &deployment.provenance, &msg, 0);
            }
            10 if tokens.len() > 3 && self.random.chance(20) => {
                let (token_id, owner) = self.random.pick(&tokens);
                self.send(&owner, &deployment.provenance, &Provenance::Burn { token_id }, 0);
            }
            11 => {
                let to = self.random.pick(&self.models.clone());
                let kind = self.random.pick(&ConnectionKind::ALL);
                let msg = match self.random.below(3) {
                    0 => Registry::Disconnect { from: model, to, kind },
                    _ => Registry::Connect { from: model, to, kind },
                };
                self.send(who, &deployment.registry, &msg, 0);
            }
            12 => self.settle(&model),
            13 => {
                let msg = Rewards::Claim { model, operator: None };
                self.send(who, &deployment.rewards, &msg, 0);
            }
            _ => self.trade(who),
        }
    }

    fn trade(&mut self, who: &str) {
        if self.random.chance(70) {
            let amount = self.random.magnitude(20_000_000_000);
            self.training.market.fund(who, amount);
            let _ = self.training.market.buy(who, amount);
        } else {
            let tokens = self.training.market.account(who).free.u128();
            let tokens = self.random.below(tokens / 2 + 1);
            let _ = self.training.market.sell(who, tokens);
        }
    }

    /// Settles the last epoch of a market.
    fn settle(&mut self, model: &str) {
        let rewards = self.training.deployment.rewards.clone();
        let query = modelbond_interface::rewards::QueryMsg::Model { model: model.to_owned() };
        let answer: modelbond_interface::rewards::ModelRewardsResponse =
            self.training.market.chain.query_any(&rewards, &query).expect("answers");
        let Some(epoch) = answer.epoch.checked_sub(1) else { return };
        let msg = Rewards::Settle { model: model.to_owned(), epoch };
        self.send("keeper", &rewards, &msg, 0);
    }

    /// NFTs that there are, with their holders.
    fn tokens(&self) -> Vec<(String, String)> {
        let _ = Empty {};
        let (provenance, chain) =
            (&self.training.deployment.provenance, &self.training.market.chain);
        let mut found = vec![];
        for model in &self.models {
            let query = modelbond_interface::provenance::QueryMsg::ModelTokens {
                model: model.clone(),
                skip: None,
                limit: Some(30),
            };
            let page: cw721::msg::TokensResponse =
                chain.query_any(provenance, &query).expect("answers");
            for token_id in page.tokens {
                let query = modelbond_interface::provenance::QueryMsg::Contribution {
                    token_id: token_id.clone(),
                };
                let answer: modelbond_interface::provenance::ContributionResponse =
                    chain.query_any(provenance, &query).expect("answers");
                found.extend(answer.owner.map(|owner| (token_id, owner.into_string())));
            }
        }
        found
    }

    /// Lives on for so many rounds.
    pub(crate) fn live(&mut self, rounds: usize) {
        for number in 0..rounds {
            if number < 4 {
                self.open(number);
            }
            self.round();
            for _ in 0..40 {
                self.step();
                let secs = self.random.below(60) as u64;
                self.training.market.wait(secs);
            }
        }
    }
}

#[test]
fn a_deployment_in_use_is_audited_without_a_difference() {
    let mut economy = Economy::new(1);
    economy.live(8);
    let chain = &economy.training.market.chain;
    let addresses = everything(chain, &economy.training.deployment, economy.log());
    let found = findings(chain, addresses, economy.log());
    let mut kinds: std::collections::BTreeMap<String, u64> = Default::default();
    for entry in economy.log() {
        *kinds.entry(entry.event.ty.clone()).or_default() += 1;
    }
    let first: Vec<String> = found.iter().take(20).map(ToString::to_string).collect();
    assert!(found.is_empty(), "{} differences: {first:#?} {kinds:#?}", found.len());
    eprintln!("{kinds:#?}");
}
