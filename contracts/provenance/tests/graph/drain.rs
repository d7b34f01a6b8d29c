//! Everybody takes what is theirs. What is left then are remainders smaller than a unit, one for each NFT; they go to
//! whoever stays, and in the end nothing is left at all.

use modelbond_interface::provenance::Beneficiary;
use modelbond_provenance::state::LEDGERS;

use crate::graph::DENOMS;
use crate::walk::{Walk, PEOPLE};

impl Walk {
    /// Pays everything out.
    pub(crate) fn drain(&mut self) {
        self.ensure_whole();
        let models = 0..self.world.models.len();
        // Royalties go to models that are older.
        models.clone().rev().for_each(|model| self.distribute_of(model));
        self.claim_all();
        self.forward_all();
        self.ensure_whole();
        models.clone().for_each(|model| self.ensure_remainders(model));

        for person in 0..PEOPLE {
            while let Some(token) = self.books.hands[person].last() {
                self.burn(*token);
            }
        }
        models.clone().for_each(|model| self.ensure_remainders(model));
        for model in models {
            let mint = self.contribution(self.books.tokens.len(), model, 0);
            self.mint_as(model, 0, mint);
            self.collect_fees_of(model, 0);
        }
        self.claim_all();
        self.ensure_whole();
        for denom in DENOMS {
            assert_eq!(self.held(denom), 0, "{denom}");
        }
    }

    fn claim_all(&mut self) {
        for person in 0..PEOPLE {
            for tokens in self.books.hands[person].clone().chunks(30) {
                self.claim_of(person, tokens);
            }
        }
    }

    fn forward_all(&mut self) {
        for model in 0..self.world.models.len() {
            self.forward_of(model, Beneficiary::Reserve);
            self.forward_of(model, Beneficiary::Owner);
        }
    }

    /// Nothing is left of a model but what is smaller than a unit for each NFT that it has or had since something was
    /// last shared out.
    fn ensure_remainders(&self, model: usize) {
        let book = &self.books.models[model];
        assert_eq!([book.waiting, book.reserve, book.owners], [0; 3]);
        let ledger = LEDGERS.may_load(&self.world.storage, &self.world.models[model]);
        let ledger = ledger.expect("a ledger").unwrap_or_default();
        assert!(ledger.holders <= book.remainders(), "{model}: {}", ledger.holders);
        if book.tokens.is_empty() {
            assert_eq!(book.weight, 0);
            assert_eq!(Some(ledger.pool.dust), ledger.holders.checked_mul(1 << 64));
        }
    }
}
