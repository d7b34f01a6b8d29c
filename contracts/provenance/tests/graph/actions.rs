//! What can happen in a walk.

use std::collections::BTreeSet;

use cosmwasm_std::{Addr, Response, Timestamp};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{Beneficiary, ExecuteMsg, Mint};
use modelbond_provenance::ContractError;

use crate::books::Source;
use crate::messages::{
    claimed, credit, failure, fees_paid, funding, id, number, payment, withdrawal,
};
use crate::walk::{unit, Walk, PEOPLE};

/// Most units at once.
const MOST: u128 = 1_000_000_000_000_000_000_000_000_000;

impl Walk {
    /// One random message, and sometimes the same again.
    pub(crate) fn step(&mut self) {
        match self.random.below(1_000) {
            0..140 => self.mint(),
            140..400 => self.pay_usage(),
            400..480 => self.distribute(),
            480..650 => self.claim(),
            650..760 => self.transfer(),
            760..870 => self.burn_some(),
            870..930 => self.forward(),
            930..970 => self.collect_fees(),
            970..988 => self.try_what_is_refused(),
            988..999 => self.change_record(),
            _ => self.leave_model(),
        }
    }

    /// Everybody lets the operator move what they hold.
    pub(crate) fn allow_operator(&mut self) {
        for person in self.people.clone() {
            let operator = self.operator.to_string();
            let allow = ExecuteMsg::ApproveAll { operator, expires: None };
            self.world.execute(&person, &[], allow).expect("allows");
        }
    }

    /// A contribution of which nothing matters but the model, who contributed, and the weight.
    pub(crate) fn contribution(&mut self, token: usize, model: usize, person: usize) -> Mint {
        let most = if self.random.chance(2) { 16 } else { self.random.below(3) };
        let parents: BTreeSet<usize> =
            (0..most.min(token)).map(|_| self.random.below(token)).collect();
        Mint {
            token_id: id(token),
            model: self.world.models[model].clone(),
            contributor: self.people[person].clone(),
            data_hash: Hash32::default(),
            quality: self.random.magnitude(1_000_000) as u32,
            improvement: self.random.magnitude(1_000_000) as i32,
            at: Timestamp::from_seconds(1),
            attestation: Hash32::default(),
            run_id: 9,
            round_id: token as u64,
            parents: parents.into_iter().map(id).collect(),
        }
    }

    fn mint(&mut self) {
        let (model, person) = (self.model(), self.random.below(PEOPLE));
        let mut mint = self.contribution(self.books.tokens.len(), model, person);
        if self.random.chance(20) {
            mint.improvement = -mint.improvement;
        }
        self.mint_as(model, person, mint);
    }

    pub(crate) fn mint_as(&mut self, model: usize, person: usize, mint: Mint) {
        let weight = u128::from(mint.quality) * mint.improvement.max(0) as u128;
        let message = ExecuteMsg::MintContribution(Box::new(mint));
        let training = self.world.training.clone();
        let response = self.world.execute(&training, &[], message).expect("mints");
        self.books.mint(model, person, weight);
        self.settle("mint", None, &response);
    }

    fn pay_usage(&mut self) {
        let model = self.model();
        let amount = if self.random.chance(10) {
            self.random.below(12) as u128 + 1
        } else {
            self.random.magnitude(MOST)
        };
        let user = self.people[self.random.below(PEOPLE)].clone();
        let memo = self.random.chance(10).then(|| "for a picture".to_owned());
        let funds = self.money(model, amount);
        let pay = ExecuteMsg::PayUsage { model: self.world.models[model].to_string(), memo };
        let answer = self.world.execute(&user, std::slice::from_ref(&funds), pay);
        let response = answer.expect("pays");
        self.ensure_few_touches(model);
        self.books.share_waiting(model);
        let reserve = self.books.income(model, Source::Usage, amount);
        let run = self.world.runs[model];
        let training = &self.world.training;
        let credit = run.map(|run_id| credit(training, run_id, &user, reserve));
        assert_eq!(response.messages, Vec::from_iter(credit));
        self.settle("pay", Some(funds), &response);
        for asked in &response.messages {
            let answer = self.world.reply(failure(asked)).expect("is nothing to the user");
            assert!(answer.messages.is_empty() && self.world.storage.written().next().is_none());
        }
    }

    /// Sharing out touches the model, its parents, and nothing further up.
    fn ensure_few_touches(&self, model: usize) {
        let (touches, parents) = (self.world.touches(), self.world.parents[model].len() as u64);
        assert!(touches.reads <= 4 + 2 * parents, "{touches:?} with {parents} parents");
        assert!(touches.writes <= 3 + 2 * parents, "{touches:?} with {parents} parents");
        assert!(touches.questions <= 3, "{touches:?}");
    }

    fn distribute(&mut self) {
        let model = self.model();
        self.distribute_of(model);
    }

    /// Shares out what waits, or is refused where nothing does.
    pub(crate) fn distribute_of(&mut self, model: usize) {
        let address = self.world.models[model].clone();
        let anyone = self.stranger.clone();
        let distribute = ExecuteMsg::Distribute { model: address.to_string() };
        let answer = self.world.execute(&anyone, &[], distribute);
        if self.books.models[model].waiting == 0 {
            assert_eq!(answer, Err(ContractError::NothingToShare { model: address }));
            *self.refused.entry("distribute").or_default() += 1;
            return;
        }
        self.ensure_few_touches(model);
        self.books.share_waiting(model);
        let response = answer.expect("shares out");
        assert!(response.messages.is_empty());
        self.settle("distribute", None, &response);
    }

    fn claim(&mut self) {
        let person = self.random.below(PEOPLE);
        let hand = &self.books.hands[person];
        if hand.is_empty() {
            return;
        }
        let most = if self.random.chance(3) { 30 } else { self.random.below(4) + 1 };
        let start = self.random.below(hand.len());
        let tokens: Vec<usize> =
            hand.iter().cycle().skip(start).take(most.min(hand.len())).copied().collect();
        self.claim_of(person, &tokens);
        if self.random.chance(20) {
            self.claim_of(person, &tokens);
        }
    }

    /// Claims what these NFTs of a person have earned, which must be refused where it is less than a unit each.
    pub(crate) fn claim_of(&mut self, person: usize, tokens: &[usize]) {
        let ids: Vec<String> = tokens.iter().copied().map(id).collect();
        let asked = (tokens.len() == 1).then(|| self.world.claimable(ids.clone()));
        let models: BTreeSet<usize> =
            tokens.iter().map(|token| self.books.tokens[*token].model).collect();
        let holder = self.people[person].clone();
        let answer = self.world.execute(&holder, &[], ExecuteMsg::Claim { token_ids: ids });
        let response = match answer {
            Ok(response) => response,
            Err(error) => {
                assert_eq!(error, ContractError::NothingToClaim);
                for token in tokens {
                    assert!(self.books.due(*token) < unit(), "{:?}", self.books.due(*token));
                }
                *self.refused.entry("claim").or_default() += 1;
                return;
            }
        };
        // By address, as royalties of one may be of another one's.
        let mut models = Vec::from_iter(models);
        models.sort_by_key(|model| &self.world.models[*model]);
        for model in models {
            self.books.share_waiting(model);
        }
        let paid = self.book_claimed(person, &response);
        assert!(!response.messages.is_empty(), "is paid nothing, and not told so");
        let mut denoms = paid.clone();
        denoms.retain(|(_, amount)| *amount > 0);
        let expected = denoms.iter().map(|(denom, amount)| payment(&holder, *amount, denom));
        assert_eq!(response.messages, expected.collect::<Vec<_>>());
        for token in tokens {
            self.ensure_fair(*token, 0);
        }
        if let Some(asked) = asked {
            assert_eq!(asked[0].amount.amount.u128(), paid[0].1 + paid[1].1);
        }
        self.settle("claim", None, &response);
    }

    /// Books what events say that NFTs were paid. Returns sums by denom, in the order of their names.
    fn book_claimed(&mut self, person: usize, response: &Response) -> Vec<(&'static str, u128)> {
        let mut paid = vec![("uother", 0), ("ureserve", 0)];
        for earned in claimed(response) {
            let (token, amount) = (number(&earned.token_id), earned.amount.u128());
            let model = self.books.tokens[token].model;
            assert_eq!(earned.recipient, self.people[person].as_str());
            assert_eq!(earned.model, self.world.models[model].as_str());
            assert_eq!(earned.denom, self.world.denoms[model]);
            self.books.pay(token, amount);
            let sum = paid.iter_mut().find(|(denom, _)| *denom == earned.denom);
            sum.expect("one of ours").1 += amount;
        }
        paid
    }

    fn transfer(&mut self) {
        let (Some(token), to) = (self.some_token(), self.random.below(PEOPLE)) else { return };
        let from = self.books.tokens[token].holder.expect("is held");
        let sender = self.mover(from);
        let recipient = self.people[to].to_string();
        let transfer = ExecuteMsg::TransferNft { recipient, token_id: id(token) };
        let response = self.world.execute(&sender, &[], transfer).expect("moves");
        assert!(response.messages.is_empty());
        self.books.hand_over(token, Some(to));
        self.settle("transfer", None, &response);
        if from != to && self.random.chance(20) {
            self.claim_what_is_anothers(token, from);
        }
    }

    /// A holder, or the operator.
    fn mover(&mut self, holder: usize) -> Addr {
        if self.random.chance(30) { &self.operator } else { &self.people[holder] }.clone()
    }

    fn burn_some(&mut self) {
        let Some(token) = self.some_token() else { return };
        self.burn(token);
        if self.random.chance(10) {
            self.use_what_is_burned(token);
        }
    }

    pub(crate) fn burn(&mut self, token: usize) {
        let (model, holder) = (self.books.tokens[token].model, self.books.tokens[token].holder);
        let holder = holder.expect("is held");
        let sender = self.mover(holder);
        let burn = ExecuteMsg::Burn { token_id: id(token) };
        let response = self.world.execute(&sender, &[], burn).expect("burns");
        self.books.share_waiting(model);
        let mut paid = self.book_claimed(holder, &response);
        paid.retain(|(_, amount)| *amount > 0);
        let holder = &self.people[holder];
        let expected = paid.iter().map(|(denom, amount)| payment(holder, *amount, denom));
        assert_eq!(response.messages, expected.collect::<Vec<_>>());
        self.ensure_fair(token, 0);
        self.books.burn(token);
        self.settle("burn", None, &response);
    }

    /// All NFTs of a model are burned, so that it has no weight.
    fn leave_model(&mut self) {
        let model = self.model();
        while let Some(token) = self.books.models[model].tokens.last() {
            self.burn(*token);
        }
    }

    fn forward(&mut self) {
        let model = self.model();
        let to = if self.random.chance(50) { Beneficiary::Reserve } else { Beneficiary::Owner };
        self.forward_of(model, to);
        if self.random.chance(30) {
            self.forward_of(model, to);
        }
    }

    /// Pays a ledger out, or is refused where it is empty.
    pub(crate) fn forward_of(&mut self, model: usize, to: Beneficiary) {
        let address = self.world.models[model].clone();
        let forward = ExecuteMsg::Forward { model: address.to_string(), to };
        let answer = self.world.execute(&self.stranger.clone(), &[], forward);
        let (denom, book) = (self.world.denoms[model], &mut self.books.models[model]);
        let (name, ledger) = match to {
            Beneficiary::Reserve => ("reserve", &mut book.reserve),
            Beneficiary::Owner => ("owner", &mut book.owners),
        };
        let amount = std::mem::take(ledger);
        if amount == 0 {
            let model = address;
            assert_eq!(answer, Err(ContractError::NothingToForward { model, to: name }));
            *self.refused.entry("forward").or_default() += 1;
            return;
        }
        let expected = match to {
            Beneficiary::Reserve => funding(&address, amount, denom),
            Beneficiary::Owner => payment(&self.people[book.owner], amount, denom),
        };
        let response = answer.expect("forwards");
        assert_eq!(response.messages, [expected]);
        self.settle("forward", None, &response);
    }

    fn collect_fees(&mut self) {
        let model = self.model();
        let nothing = self.random.chance(10);
        let amount = if nothing { 0 } else { self.random.magnitude(MOST / 1_000) };
        self.collect_fees_of(model, amount);
    }

    pub(crate) fn collect_fees_of(&mut self, model: usize, amount: u128) {
        let address = self.world.models[model].clone();
        let collect = ExecuteMsg::CollectFees { model: address.to_string() };
        let response =
            self.world.execute(&self.stranger.clone(), &[], collect).expect("asks the market");
        assert_eq!(response.messages, [withdrawal(&address)]);
        assert!(self.world.storage.written().next().is_none());
        let answer = self.world.reply(fees_paid(&response.messages[0], amount));
        self.books.income(model, Source::Fees, amount);
        let funds = self.money(model, amount);
        self.settle("fees", Some(funds), &answer.expect("books them"));
    }

    /// A record gets another owner, or a run opens or closes.
    fn change_record(&mut self) {
        let model = self.model();
        if self.random.chance(50) {
            let owner = self.random.below(PEOPLE);
            self.books.models[model].owner = owner;
            self.world.set_owner(model, &self.people[owner]);
        } else {
            let run = self.random.chance(70).then(|| self.random.bits());
            self.world.set_run(model, run);
        }
    }
}
