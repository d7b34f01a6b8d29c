//! Random messages about a graph of models with up to 16 parents each, against books that know nothing but events.
//! After every step: all money is in a ledger (I8); everybody has what events say, so nobody was paid twice (I10);
//! and what an NFT has earned is its weight's part of everything shared out since it was minted (I11).

use std::collections::{BTreeMap, BTreeSet};

use modelbond_interface::provenance::{
    Beneficiary, ClaimableResponse, EarningsClaimed, Mint, QueryMsg, RevenueForwarded,
    RevenueShared, RoyaltyPaid,
};
use modelbond_tests::random::Random;
use modelbond_tests::{Chain, Outcome, Provenance};

const PEOPLE: [&str; 5] = ["ann", "ben", "cid", "dan", "eve"];
const MODELS: usize = 20;
const STEPS: usize = 450;
/// Fractions are in 2⁻⁴⁰ units.
const UNIT: i128 = 1 << 40;

/// What a bystander knows of an NFT.
struct Known {
    model: usize,
    contributor: &'static str,
    parents: Vec<usize>,
    weight: i128,
    /// `None` once it is burned.
    holder: Option<&'static str>,
    /// Its part of everything shared out, in fractions.
    earned: i128,
    paid: i128,
}

/// What a bystander knows of a model.
#[derive(Default)]
struct Book {
    waiting: i128,
    /// Fractions of a unit that burned NFTs left to the others.
    left: i128,
}

struct Walk {
    story: Provenance,
    random: Random,
    models: Vec<String>,
    books: Vec<Book>,
    /// By number; `None` while not minted.
    tokens: Vec<Option<Known>>,
    /// Numbers to mint, in a random order.
    batch: Vec<usize>,
    coins: BTreeMap<&'static str, i128>,
    done: BTreeMap<&'static str, u32>,
}

fn id(number: usize) -> String {
    format!("9-{number}-0")
}

impl Walk {
    fn new(seed: u64) -> Self {
        let mut story = Provenance::on_mock();
        let mut random = Random::new(seed);
        let mut models: Vec<String> = vec![];
        for number in 0..MODELS {
            let mut free: Vec<&String> = models.iter().collect();
            let mut left = 5_000;
            let mut parents = vec![];
            for _ in 0..random.below(17).min(free.len() as u128) {
                let parent = free.swap_remove(random.below(free.len() as u128) as usize);
                let bps = random.below(left / 4 + 1);
                left -= bps;
                parents.push((parent.as_str(), bps as u16));
            }
            let model = story.open("creator", &format!("MODEL-{number}"), &parents);
            models.push(model.unwrap());
        }
        story.chain.wait(86_400);
        let books = models.iter().map(|_| Book::default()).collect();
        let coins = PEOPLE.into_iter().map(|name| (name, 0)).collect();
        let (tokens, batch, done) = (vec![], vec![], BTreeMap::new());
        Self { story, random, models, books, tokens, batch, coins, done }
    }

    fn model(&mut self) -> usize {
        self.random.below(MODELS as u128) as usize
    }

    fn alive(&self) -> Vec<usize> {
        let alive = |token: &Option<Known>| token.as_ref().is_some_and(|t| t.holder.is_some());
        (0..self.tokens.len()).filter(|number| alive(&self.tokens[*number])).collect()
    }

    fn known(&self, number: usize) -> &Known {
        self.tokens[number].as_ref().expect("minted")
    }

    fn weight(&self, model: usize) -> i128 {
        let alive = self.alive().into_iter().map(|number| self.known(number));
        alive.filter(|token| token.model == model).map(|token| token.weight).sum()
    }

    fn step(&mut self) {
        let (kind, outcome) = match self.random.below(100) {
            0..25 => ("mint", Some(self.mint())),
            25..50 => ("pay", Some(self.pay())),
            50..65 => ("claim", self.claim()),
            65..75 => ("transfer", self.transfer()),
            75..81 => ("burn", self.burn()),
            81..88 => ("distribute", self.distribute()),
            88..94 => ("forward", self.forward()),
            _ => ("fees", self.fees()),
        };
        if outcome.is_some() {
            *self.done.entry(kind).or_default() += 1;
        }
    }

    fn mint(&mut self) -> Outcome {
        if self.batch.is_empty() {
            let first = self.tokens.len();
            self.batch = (first..first + 4).collect();
            self.tokens.extend((0..4).map(|_| None));
        }
        let at = self.random.below(self.batch.len() as u128) as usize;
        let number = self.batch.swap_remove(at);
        let model = self.model();
        let contributor = self.random.pick(&PEOPLE);
        let count = self.random.below(17).min(number as u128);
        let parents: BTreeSet<usize> =
            (0..count).map(|_| self.random.below(number as u128) as usize).collect();
        let parents: Vec<usize> = parents.into_iter().collect();
        let quality = self.random.magnitude(1_000_000) as u32;
        let improvement = self.random.magnitude(1_000_000) as i32;
        let improvement = if self.random.chance(20) { -improvement } else { improvement };
        let mint = Mint {
            quality,
            improvement,
            parents: parents.iter().map(|parent| id(*parent)).collect(),
            ..self.story.contribution(&id(number), &self.models[model], contributor)
        };
        let outcome = self.story.send_mint(mint).expect("mints");
        self.read(&outcome);
        let weight = i128::from(quality) * i128::from(improvement.max(0));
        let holder = Some(contributor);
        let known = Known { model, contributor, parents, weight, holder, earned: 0, paid: 0 };
        self.tokens[number] = Some(known);
        outcome
    }

    fn pay(&mut self) -> Outcome {
        let model = self.model();
        let amount = self.random.magnitude(10_000_000_000);
        let outcome = self.story.pay("user", &self.models[model].clone(), amount).unwrap();
        self.read(&outcome);
        outcome
    }

    fn claim(&mut self) -> Option<Outcome> {
        let name = self.random.pick(&PEOPLE);
        let mut mine = self.alive();
        mine.retain(|number| self.known(*number).holder == Some(name));
        let count = self.random.between(1, 30) as usize;
        let ids: Vec<String> = mine.into_iter().take(count).map(id).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let outcome = self.story.claim(name, &ids).ok()?;
        self.read(&outcome);
        Some(outcome)
    }

    fn transfer(&mut self) -> Option<Outcome> {
        let number = self.some_alive()?;
        let (from, to) = (self.known(number).holder?, self.random.pick(&PEOPLE));
        let outcome = self.story.transfer(from, to, &id(number)).unwrap();
        self.tokens[number].as_mut()?.holder = Some(to);
        Some(outcome)
    }

    fn some_alive(&mut self) -> Option<usize> {
        let alive = self.alive();
        let at = self.random.below(alive.len() as u128) as usize;
        alive.get(at).copied()
    }

    fn burn(&mut self) -> Option<Outcome> {
        let number = self.some_alive()?;
        let holder = self.known(number).holder?;
        let outcome = self.story.burn(holder, &id(number)).unwrap();
        self.read(&outcome);
        let token = self.tokens[number].as_mut()?;
        token.holder = None;
        self.books[token.model].left += token.earned - token.paid * UNIT;
        Some(outcome)
    }

    fn distribute(&mut self) -> Option<Outcome> {
        let model = self.model();
        let answer = self.story.distribute(&self.models[model].clone());
        assert_eq!(answer.is_ok(), self.books[model].waiting > 0);
        let outcome = answer.ok()?;
        self.read(&outcome);
        Some(outcome)
    }

    fn forward(&mut self) -> Option<Outcome> {
        let model = self.model();
        let to = self.random.pick(&[Beneficiary::Reserve, Beneficiary::Owner]);
        let before = self.story.held();
        let outcome = self.story.forward(&self.models[model].clone(), to).ok()?;
        let paid = outcome.event::<RevenueForwarded>().amount.u128();
        assert_eq!(before - self.story.held(), paid);
        Some(outcome)
    }

    fn fees(&mut self) -> Option<Outcome> {
        let model = self.models[self.random.below(MODELS as u128) as usize].clone();
        let amount = self.random.between(1_000_000, 10_000_000);
        self.story.trade("trader", &model, amount);
        let before = self.story.held();
        let outcome = self.story.collect_fees(&model).ok()?;
        self.read(&outcome);
        let shared: RevenueShared = outcome.event();
        assert_eq!(self.story.held() - before, shared.amount.u128());
        Some(outcome)
    }

    /// Books what events say.
    fn read(&mut self, outcome: &Outcome) {
        let mut royalties = 0;
        for event in &outcome.events {
            if let Ok(shared) = RevenueShared::try_from(event) {
                assert_eq!(royalties, 0, "royalties that no parent got");
                royalties = shared.royalties.u128() as i128;
                self.shared(&shared);
            } else if let Ok(paid) = RoyaltyPaid::try_from(event) {
                let parent = self.number(&paid.parent);
                let amount = paid.amount.u128() as i128;
                royalties -= amount;
                self.books[parent].waiting += amount;
            } else if let Ok(claimed) = EarningsClaimed::try_from(event) {
                let number: usize =
                    claimed.token_id.split('-').nth(1).unwrap().parse().expect("a number");
                let token = self.tokens[number].as_mut().expect("minted");
                let holder = token.holder.expect("held");
                assert_eq!(claimed.recipient, self.story.chain.account(holder));
                token.paid += claimed.amount.u128() as i128;
                *self.coins.get_mut(holder).unwrap() += claimed.amount.u128() as i128;
            }
        }
        assert_eq!(royalties, 0, "royalties that no parent got");
    }

    fn number(&self, model: &str) -> usize {
        self.models.iter().position(|known| known == model).expect("one of ours")
    }

    fn shared(&mut self, shared: &RevenueShared) {
        let parts = [shared.reserve, shared.royalties, shared.holders, shared.owner];
        let total: u128 = parts.iter().map(|part| part.u128()).sum();
        assert_eq!(total, shared.amount.u128());
        let model = self.number(&shared.model);
        if shared.source == "royalty" {
            let waited = std::mem::take(&mut self.books[model].waiting);
            assert_eq!(waited, shared.amount.u128() as i128);
        }
        let weight = self.weight(model);
        assert_eq!(weight, shared.weight.u128() as i128);
        if weight == 0 {
            assert_eq!(shared.holders.u128(), 0);
            return;
        }
        let left = std::mem::take(&mut self.books[model].left);
        let parts = shared.holders.u128() as i128 * UNIT + left;
        for number in self.alive() {
            let token = self.tokens[number].as_mut().expect("minted");
            if token.model == model {
                token.earned += part(parts, token.weight, weight);
            }
        }
    }

    fn ensure_invariants(&self) {
        assert_eq!(self.story.held(), self.story.owed(&self.models), "I8");
        for (name, coins) in &self.coins {
            assert_eq!(self.story.coins(name) as i128, *coins, "I10: {name}");
        }
        let alive = self.alive();
        let mut claimable = vec![0; MODELS];
        for page in alive.chunks(30) {
            let token_ids = page.iter().map(|number| id(*number)).collect();
            let answer: ClaimableResponse = self.story.ask(&QueryMsg::Claimable { token_ids });
            for (number, earned) in page.iter().zip(answer.earned) {
                let token = self.known(*number);
                let owed = earned.amount.amount.u128() as i128;
                claimable[token.model] += owed;
                let exact = token.earned + self.part_of_waiting(token);
                let seen = (token.paid + owed) * UNIT;
                assert!((seen - exact).abs() <= UNIT + UNIT / 1_000, "I11: {seen}, {exact}");
            }
        }
        for (model, claimable) in claimable.iter().enumerate() {
            let revenue = self.story.revenue(&self.models[model]);
            assert_eq!(revenue.undistributed.u128() as i128, self.books[model].waiting);
            assert_eq!(revenue.weight.u128() as i128, self.weight(model));
            let waiting = self.books[model].waiting * 3_000 / 10_000;
            assert!(*claimable <= revenue.holders.u128() as i128 + waiting, "I8 of {model}");
        }
    }

    /// What of royalties that wait is an NFT's, in fractions.
    fn part_of_waiting(&self, token: &Known) -> i128 {
        let book = &self.books[token.model];
        let holders = book.waiting * 3_000 / 10_000;
        if holders == 0 {
            return 0;
        }
        part(holders * UNIT + book.left, token.weight, self.weight(token.model))
    }

    /// Uses and h-indexes are those that are counted again.
    fn ensure_counted(&self) {
        let mut uses = vec![0u32; self.tokens.len()];
        for token in self.tokens.iter().flatten() {
            for parent in &token.parents {
                let parent_contributor = self.tokens[*parent].as_ref().map(|p| p.contributor);
                if parent_contributor.is_some_and(|other| other != token.contributor) {
                    uses[*parent] += 1;
                }
            }
        }
        let mut by_model = vec![vec![]; MODELS];
        for (number, token) in self.tokens.iter().enumerate() {
            let Some(token) = token else { continue };
            assert_eq!(self.story.shown(&id(number)).uses, uses[number], "uses of {number}");
            by_model[token.model].push(uses[number]);
        }
        for (model, uses) in by_model.iter().enumerate() {
            let with = |least: u32| uses.iter().filter(|count| **count >= least).count() as u32;
            let h = (0..=uses.len() as u32).rev().find(|h| with(*h) >= *h).unwrap_or_default();
            assert_eq!(self.story.h_index(&self.models[model]), (h, with(1)), "model {model}");
        }
    }
}

/// amount·weight/total, where amount·weight may be above 2¹²⁷.
fn part(amount: i128, weight: i128, total: i128) -> i128 {
    if total == 0 {
        return 0;
    }
    let (quotient, rest) = (amount / total, amount % total);
    quotient * weight + rest * weight / total
}

#[test]
fn books_and_events_agree_after_every_step() {
    for seed in [1, 2] {
        let mut walk = Walk::new(seed);
        for step in 0..STEPS {
            walk.step();
            walk.ensure_invariants();
            if step % 50 == 0 || step + 1 == STEPS {
                walk.ensure_counted();
            }
        }
        for kind in ["mint", "pay", "claim", "transfer", "burn", "distribute", "forward", "fees"] {
            let done = walk.done.get(kind).copied().unwrap_or_default();
            assert!(done > 8, "{kind}: {done}");
        }
    }
}
