//! What must not be paid, and is tried all the same: I10.

use cosmwasm_std::{coin, Addr, Coin, StdError};
use cw_utils::PaymentError;
use modelbond_interface::provenance::{Beneficiary, ExecuteMsg};
use modelbond_provenance::ContractError;

use crate::messages::{id, reply, withdrawal};
use crate::walk::{Walk, PEOPLE};

impl Walk {
    fn refuse(
        &mut self,
        kind: &'static str,
        sender: &Addr,
        (funds, message): (&[Coin], ExecuteMsg),
    ) -> ContractError {
        let answer = self.world.execute(sender, funds, message);
        *self.refused.entry(kind).or_default() += 1;
        answer.expect_err(kind)
    }

    /// Who does not hold an NFT any more has no part in it, and cannot move it.
    pub(crate) fn claim_what_is_anothers(&mut self, token: usize, other: usize) {
        let (sender, token_id) = (self.people[other].clone(), id(token));
        let holder = self.books.tokens[token].holder.expect("is held");
        let holder = self.people[holder].clone();
        let claim = ExecuteMsg::Claim { token_ids: vec![token_id.clone()] };
        let error = self.refuse("not the holder", &sender, (&[], claim));
        let expected = ContractError::NotHolder { token_id, holder, sender: sender.clone() };
        assert_eq!(error, expected);
        let burn = ExecuteMsg::Burn { token_id: id(token) };
        let error = self.refuse("not allowed", &sender, (&[], burn));
        assert!(matches!(error, ContractError::NotAllowed { .. }));
    }

    /// Who may move an NFT is not paid for it.
    fn claim_as_operator(&mut self, token: usize) {
        let claim = ExecuteMsg::Claim { token_ids: vec![id(token)] };
        let error = self.refuse("the operator", &self.operator.clone(), (&[], claim));
        assert!(matches!(error, ContractError::NotHolder { .. }));
    }

    /// What is burned earns nothing, and does not come again.
    pub(crate) fn use_what_is_burned(&mut self, token: usize) {
        let person = self.random.below(PEOPLE);
        let sender = self.people[person].clone();
        let token_id = id(token);
        let again = match self.random.below(3) {
            0 => ExecuteMsg::Burn { token_id },
            1 => ExecuteMsg::Claim { token_ids: vec![token_id] },
            _ => ExecuteMsg::TransferNft { recipient: sender.to_string(), token_id },
        };
        let error = self.refuse("burned", &sender, (&[], again));
        assert_eq!(error, ContractError::UnknownToken { token_id: id(token) });
        self.mint_again(token);
    }

    /// A contribution is minted once, whatever it says the second time.
    fn mint_again(&mut self, token: usize) {
        let (model, person) = (self.model(), self.random.below(PEOPLE));
        let mint = Box::new(self.contribution(token, model, person));
        let training = self.world.training.clone();
        let error = self.refuse("again", &training, (&[], ExecuteMsg::MintContribution(mint)));
        assert_eq!(error, ContractError::AlreadyMinted { token_id: id(token) });
    }

    pub(crate) fn try_what_is_refused(&mut self) {
        let Some(token) = self.some_token() else { return };
        match self.random.below(8) {
            0 => self.mint_again(token),
            1 => self.claim_what_is_anothers_at_random(token),
            2 => self.claim_as_operator(token),
            3 => self.claim_twice_at_once(token),
            4 => self.mint_as_anybody(),
            5 => self.pay_wrongly(),
            6 => self.answer_wrongly(),
            _ => self.name_a_stranger(),
        }
    }

    fn claim_what_is_anothers_at_random(&mut self, token: usize) {
        let holder = self.books.tokens[token].holder.expect("is held");
        let other = (holder + 1 + self.random.below(PEOPLE - 1)) % PEOPLE;
        self.claim_what_is_anothers(token, other);
    }

    fn claim_twice_at_once(&mut self, token: usize) {
        let holder = self.books.tokens[token].holder.expect("is held");
        let claim = ExecuteMsg::Claim { token_ids: vec![id(token), id(token)] };
        let error = self.refuse("twice", &self.people[holder].clone(), (&[], claim));
        assert_eq!(error, ContractError::TokenTwice { token_id: id(token) });
    }

    fn mint_as_anybody(&mut self) {
        let (model, person) = (self.model(), self.random.below(PEOPLE));
        let token = self.books.tokens.len();
        let mint = Box::new(self.contribution(token, model, person));
        let sender = self.people[person].clone();
        let error = self.refuse("minter", &sender, (&[], ExecuteMsg::MintContribution(mint)));
        assert!(matches!(error, ContractError::NotTraining { .. }));
    }

    /// Other coins, none, or coins that are not asked for.
    fn pay_wrongly(&mut self) {
        let model = self.model();
        let (address, ours) = (self.world.models[model].to_string(), self.world.denoms[model]);
        let other = if ours == "uother" { "ureserve" } else { "uother" };
        let pay = ExecuteMsg::PayUsage { model: address.clone(), memo: None };
        let distribute = ExecuteMsg::Distribute { model: address };
        let (funds, message, expected) = match self.random.below(3) {
            0 => (vec![coin(1_000, other)], pay, PaymentError::MissingDenom(ours.to_owned())),
            1 => (vec![], pay, PaymentError::NoFunds {}),
            _ => (vec![coin(1_000, ours)], distribute, PaymentError::NonPayable {}),
        };
        let user = self.people[0].clone();
        let error = self.refuse("wrong coins", &user, (&funds, message));
        assert_eq!(error, ContractError::Payment(expected));
    }

    /// A market that does not say how much it paid has paid nothing.
    fn answer_wrongly(&mut self) {
        let model = self.model();
        let asked = withdrawal(&self.world.models[model]);
        *self.refused.entry("answer").or_default() += 1;
        let silent = self.world.reply(reply(&asked, None));
        assert_eq!(silent, Err(ContractError::NoData));
        let garbled = self.world.reply(reply(&asked, Some(b"\x0a\x02{}".into())));
        assert!(matches!(garbled, Err(ContractError::Std(StdError::ParseErr { .. }))));
        let mut unknown = reply(&asked, None);
        unknown.id = 77;
        assert_eq!(self.world.reply(unknown), Err(ContractError::UnknownReply { id: 77 }));
    }

    /// What is not in the registry has no money here.
    fn name_a_stranger(&mut self) {
        let (sender, stranger) = (self.people[0].clone(), self.stranger.clone());
        let model = stranger.to_string();
        let message = match self.random.below(3) {
            0 => ExecuteMsg::PayUsage { model, memo: None },
            1 => ExecuteMsg::CollectFees { model },
            _ => ExecuteMsg::Forward { model, to: Beneficiary::Owner },
        };
        let funds = match message {
            ExecuteMsg::PayUsage { .. } => vec![coin(1_000, "ureserve")],
            _ => vec![],
        };
        let error = self.refuse("stranger", &sender, (&funds, message));
        assert_eq!(error, ContractError::UnknownModel { model: stranger });
    }
}
