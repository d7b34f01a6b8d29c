//! Money that crosses from one contract to another within a transaction: what the one says that it
//! gave, or that it asked for, is what the other says that it did.

use std::collections::BTreeMap;
use std::fmt;

use modelbond_interface::event::{EventError, TypedEvent};
use modelbond_interface::market::{
    MarketBurned, MarketEmitted, MarketFunded, MarketLedgerWithdrawn,
};

use crate::auditor::AddressBook;
use crate::finding::Notes;
use crate::Entry;

/// One way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Crossing {
    /// Provenance's part of a market's fees.
    Fees { model: String },
    /// From provenance to a market's pending reserve.
    Funding { model: String },
    /// What rewards spends of a market's ledger.
    Spending { model: String },
    /// Tokens that rewards gets for that.
    Emission { model: String },
    /// Tokens from rewards to an operator.
    Reward { model: String, operator: String },
    /// Tokens from training to somebody.
    Pay { model: String, recipient: String },
    /// Tokens that training burns.
    Burn { model: String },
    /// Tokens sent to training.
    Deposit { model: String },
    /// Contributions of a round that training has minted.
    Minted { run_id: u64, round_id: u64 },
}

impl fmt::Display for Crossing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fees { model } => write!(f, "fees of {model} that provenance got"),
            Self::Funding { model } => write!(f, "what provenance gave to the reserve of {model}"),
            Self::Spending { model } => write!(f, "what rewards spent at {model}"),
            Self::Emission { model } => write!(f, "tokens that rewards bought at {model}"),
            Self::Reward { model, operator } => {
                write!(f, "tokens of {model} from rewards to {operator}")
            }
            Self::Pay { model, recipient } => {
                write!(f, "tokens of {model} from training to {recipient}")
            }
            Self::Burn { model } => write!(f, "tokens of {model} that training burned"),
            Self::Deposit { model } => write!(f, "tokens of {model} sent to training"),
            Self::Minted { run_id, round_id } => {
                write!(f, "contributions of round {round_id} of run {run_id} that were minted")
            }
        }
    }
}

/// What crossed in the transaction under way: what was said by the one, and done by the market.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crossings(BTreeMap<Crossing, (u128, u128)>);

impl Crossings {
    /// One contract says so.
    pub(crate) fn said(&mut self, crossing: Crossing, amount: u128) {
        let sums = self.0.entry(crossing).or_default();
        sums.0 = sums.0.saturating_add(amount);
    }

    /// What was done and nobody has spoken of yet.
    pub(crate) fn unsaid(&self, crossing: &Crossing) -> u128 {
        self.0.get(crossing).map_or(0, |(said, done)| done.saturating_sub(*said))
    }

    /// The other did so.
    pub(crate) fn done(&mut self, crossing: Crossing, amount: u128) {
        let sums = self.0.entry(crossing).or_default();
        sums.1 = sums.1.saturating_add(amount);
    }

    /// The transaction is over.
    pub(crate) fn close(&mut self, addresses: &AddressBook, notes: &mut Notes) {
        for (crossing, (said, done)) in std::mem::take(&mut self.0) {
            if crossing.is_seen(addresses) {
                notes.equal(crossing.to_string(), said, done);
            }
        }
    }

    /// Notes what a market says about the others.
    pub(crate) fn of_market(
        &mut self,
        addresses: &AddressBook,
        entry: &Entry,
    ) -> Result<(), EventError> {
        let model = entry.contract.clone();
        let is = |who: &Option<String>, address: &str| who.as_deref() == Some(address);
        match entry.event.ty.strip_prefix("wasm-") {
            Some(MarketLedgerWithdrawn::TYPE) => {
                let event: MarketLedgerWithdrawn = (&entry.event).try_into()?;
                if event.ledger == "provenance" && is(&addresses.provenance, &event.recipient) {
                    self.done(Crossing::Fees { model }, event.amount.u128());
                }
            }
            Some(MarketFunded::TYPE) => {
                let event: MarketFunded = (&entry.event).try_into()?;
                if is(&addresses.provenance, &event.funder) {
                    self.done(Crossing::Funding { model }, event.amount.u128());
                }
            }
            Some(MarketEmitted::TYPE) => {
                let event: MarketEmitted = (&entry.event).try_into()?;
                let terms = addresses.markets.get(&model);
                if terms.is_some_and(|terms| is(&addresses.rewards, terms.rewards.as_str())) {
                    let spending = Crossing::Spending { model: model.clone() };
                    self.done(spending, event.spent.u128());
                    self.done(Crossing::Emission { model }, event.tokens_out.u128());
                }
            }
            Some(MarketBurned::TYPE) => {
                let event: MarketBurned = (&entry.event).try_into()?;
                if is(&addresses.training, &event.owner) {
                    self.done(Crossing::Burn { model }, event.amount.u128());
                }
            }
            None => self.of_tokens(addresses, entry),
            _ => {}
        }
        Ok(())
    }

    /// Notes what cw20 says. An amount that is none is noted where tokens are booked.
    fn of_tokens(&mut self, addresses: &AddressBook, entry: &Entry) {
        let model = entry.contract.clone();
        let is = |who: &Option<String>, address: &str| who.as_deref() == Some(address);
        let [action, from, to, amount] =
            ["action", "from", "to", "amount"].map(|key| entry.attribute(key).unwrap_or_default());
        let amount = amount.parse().unwrap_or_default();
        match action {
            "transfer" if is(&addresses.rewards, from) => {
                self.done(Crossing::Reward { model, operator: to.to_owned() }, amount);
            }
            "transfer" if is(&addresses.training, from) => {
                self.done(Crossing::Pay { model, recipient: to.to_owned() }, amount);
            }
            "send" | "send_from" if is(&addresses.training, to) => {
                self.done(Crossing::Deposit { model }, amount);
            }
            _ => {}
        }
    }
}

impl Crossing {
    /// Whether both sides are audited.
    fn is_seen(&self, addresses: &AddressBook) -> bool {
        match self {
            Self::Fees { model }
            | Self::Funding { model }
            | Self::Spending { model }
            | Self::Emission { model }
            | Self::Reward { model, .. }
            | Self::Pay { model, .. }
            | Self::Burn { model }
            | Self::Deposit { model } => addresses.markets.contains_key(model),
            Self::Minted { .. } => addresses.provenance.is_some() && addresses.training.is_some(),
        }
    }
}
