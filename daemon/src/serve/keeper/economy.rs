//! What else is due around a run that is kept: its model's block rewards, and offers of data to it. Anyone may
//! send these; without somebody who does, an epoch that nobody settles in time pays its operators little, and
//! offers wait.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use cosmwasm_std::Timestamp;
use modelbond_client::{Block, ClientError, Signer};
use modelbond_interface::provenance::{self, OfferResponse, OfferStatus, OffersResponse};
use modelbond_interface::rewards::{self, ModelRewardsResponse};
use modelbond_interface::training::Run;
use modelbond_signature::printable;
use serde_json::Value;

use super::{Kept, Outcome, Pending, FIRST_PAUSE, LONGEST_PAUSE};
use crate::contract::{Contract, Provenance, Rewards};
use crate::serve::health::LoopState;
use crate::serve::state::App;
use crate::training::Training;

/// Offers that are looked at together.
const PAGE: u32 = 30;
/// Offers that go on at once because this keeper drew their witnesses. Whoever offers gets the fee back where
/// nobody agrees, so drawing everything at once would let them spend the keeper's gas for nothing.
const MOST_DRAWN: usize = 4;

/// What a keeper sends besides what moves rounds on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chore {
    /// Turns a market's last epoch into rewards, or spends more of its budget.
    SettleRewards {
        /// The epoch.
        epoch: u32,
    },
    /// Draws the witnesses of an offer.
    DrawWitnesses {
        /// Its number.
        offer_id: u64,
    },
    /// Ends an offer.
    ConcludeOffer {
        /// Its number.
        offer_id: u64,
    },
}

impl Chore {
    /// Names of all.
    pub const NAMES: [&'static str; 3] = ["settle_rewards", "draw_witnesses", "conclude_offer"];

    /// Its name.
    pub fn name(self) -> &'static str {
        let [settle, draw, conclude] = Self::NAMES;
        match self {
            Self::SettleRewards { .. } => settle,
            Self::DrawWitnesses { .. } => draw,
            Self::ConcludeOffer { .. } => conclude,
        }
    }
}

/// The contracts, where the network has them.
#[derive(Debug)]
pub(super) struct Economy {
    rewards: Option<Contract<Rewards>>,
    provenance: Option<Contract<Provenance>>,
}

/// A run whose surroundings are kept.
#[derive(Debug)]
pub(super) struct Around {
    pub(super) kept: Kept,
    /// No offer up to this one goes on.
    ended: u64,
    /// The last one that was looked at.
    seen: u64,
    /// Those that this keeper drew the witnesses of, and that go on.
    drawn: BTreeSet<u64>,
    rests: Rests,
}

/// What was refused, and until when it is not tried again: one does not hold up the others.
#[derive(Debug, Default)]
struct Rests(BTreeMap<Chore, (Instant, Duration)>);

impl Rests {
    fn has(&self, chore: Chore, now: Instant) -> bool {
        self.0.get(&chore).is_some_and(|(until, _)| now < *until)
    }

    /// Each time twice as long.
    fn refused(&mut self, chore: Chore, now: Instant) {
        self.0.retain(|_, (until, _)| now < *until + LONGEST_PAUSE);
        let before = self.0.get(&chore).map(|(_, pause)| pause.saturating_mul(2));
        let pause = before.unwrap_or(FIRST_PAUSE).min(LONGEST_PAUSE);
        self.0.insert(chore, (now + pause, pause));
    }
}

impl Around {
    pub(super) fn new(run_id: u64) -> Self {
        let (kept, drawn, rests) =
            (Kept::named(run_id, "around run"), BTreeSet::new(), Rests::default());
        Self { kept, ended: 0, seen: 0, drawn, rests }
    }

    /// Takes a page of offers; what is due of them.
    fn looks_at(&mut self, offers: &[OfferResponse], now: Timestamp) -> Vec<Chore> {
        for offer in offers.iter().filter(|offer| is_ended(offer)) {
            self.drawn.remove(&offer.offer_id);
        }
        let run_id = self.kept.run_id;
        let goes_on = |offer: &OfferResponse| offer.run_id == run_id && !is_ended(offer);
        if self.seen == self.ended {
            let ended = offers.iter().take_while(|offer| !goes_on(offer)).last();
            self.ended = ended.map_or(self.ended, |offer| offer.offer_id);
        }
        self.seen = match offers.last() {
            Some(last) if offers.len() >= PAGE as usize => last.offer_id,
            _ => self.ended,
        };
        let may_draw = self.drawn.len() < MOST_DRAWN;
        let due =
            offers.iter().filter(|offer| goes_on(offer)).filter_map(|one| offer_due(one, now));
        due.filter(|chore| may_draw || !matches!(chore, Chore::DrawWitnesses { .. })).collect()
    }
}

impl Economy {
    pub(super) fn of(training: &Training) -> Self {
        let (network, client) = (&training.network, &training.client);
        Self {
            rewards: Contract::of(network.clone(), client.clone()).ok(),
            provenance: Contract::of(network.clone(), client.clone()).ok(),
        }
    }

    /// Sends what is due around a run, one thing at a time: the first that its contract takes.
    pub(super) async fn step(
        &self,
        app: &App,
        (training, signer): (&Training, &Signer),
        around: &mut Around,
        block: &Block,
    ) -> Result<()> {
        if !around.kept.is_free(training, block).await? {
            return Ok(());
        }
        let run = training.run(around.kept.run_id).await?;
        let mut chores = self.rewards_due(&run).await?;
        chores.extend(self.offers_due(around, Timestamp::from_nanos(block.time)).await?);
        let now = Instant::now();
        let (resting, chores): (Vec<Chore>, Vec<Chore>) =
            chores.into_iter().partition(|chore| around.rests.has(*chore, now));
        let mut refused = !resting.is_empty();
        for chore in chores {
            let Some((address, message)) = self.message(chore, &run)? else { continue };
            let outcome = match signer.execute(address, &message, &[]).await {
                Ok(receipt) => {
                    tracing::info!(chore = chore.name(), height = receipt.height, "keeper");
                    around.kept.says(LoopState::Running, format!("{} taken", chore.name()));
                    around.kept.works();
                    Outcome::Taken
                }
                Err(ClientError::Contract { message, .. }) => {
                    let message = printable(&message);
                    tracing::debug!(chore = chore.name(), message, "keeper: refused");
                    around
                        .kept
                        .says(LoopState::Running, format!("{} waits: {message}", chore.name()));
                    around.rests.refused(chore, now);
                    refused = true;
                    Outcome::Refused
                }
                Err(ClientError::Unconfirmed { hash, timeout_height, .. }) => {
                    around.kept.waits_for(Pending { hash, timeout_height });
                    Outcome::Failed
                }
                Err(error) => {
                    app.metrics().kept(chore.name(), Outcome::Failed);
                    return Err(error).context(chore.name());
                }
            };
            app.metrics().kept(chore.name(), outcome);
            if outcome == Outcome::Refused {
                continue;
            }
            // Also where its fate is not known yet.
            if let Chore::DrawWitnesses { offer_id } = chore {
                around.drawn.insert(offer_id);
            }
            return Ok(());
        }
        if !refused {
            around.kept.says(LoopState::Running, "nothing is due");
        }
        around.kept.works();
        Ok(())
    }

    async fn rewards_due(&self, run: &Run) -> Result<Vec<Chore>> {
        let Some(rewards) = &self.rewards else { return Ok(vec![]) };
        let model = run.model.to_string();
        let stands = rewards.ask(&rewards::QueryMsg::Model { model }).await?;
        Ok(epoch_due(&stands).into_iter().map(|epoch| Chore::SettleRewards { epoch }).collect())
    }

    /// Of the next page of offers: each look takes one, so that many offers cost no more than few.
    async fn offers_due(&self, around: &mut Around, now: Timestamp) -> Result<Vec<Chore>> {
        let Some(provenance) = &self.provenance else { return Ok(vec![]) };
        let question =
            provenance::QueryMsg::Offers { start_after: Some(around.seen), limit: Some(PAGE) };
        let OffersResponse { offers } = provenance.ask(&question).await?;
        Ok(around.looks_at(&offers, now))
    }

    fn message(&self, chore: Chore, run: &Run) -> Result<Option<(&str, Value)>> {
        let rewards = self.rewards.as_ref().map(|contract| contract.address.as_str());
        let provenance = self.provenance.as_ref().map(|contract| contract.address.as_str());
        let (address, message) = match chore {
            Chore::SettleRewards { epoch } => {
                let model = run.model.to_string();
                (rewards, serde_json::to_value(rewards::ExecuteMsg::Settle { model, epoch })?)
            }
            Chore::DrawWitnesses { offer_id } => {
                let message = provenance::ExecuteMsg::DrawWitnesses { offer_id };
                (provenance, serde_json::to_value(message)?)
            }
            Chore::ConcludeOffer { offer_id } => {
                let message = provenance::ExecuteMsg::ConcludeOffer { offer_id };
                (provenance, serde_json::to_value(message)?)
            }
        };
        Ok(address.map(|address| (address, message)))
    }
}

/// The epoch that can be settled: the last one, before its budget is fixed or while something of that is left for
/// work that there is.
fn epoch_due(stands: &ModelRewardsResponse) -> Option<u32> {
    let last = stands.epoch.checked_sub(1)?;
    match &stands.budget {
        Some(budget) if budget.epoch == last => {
            (stands.open.is_some() && budget.spent < budget.budget).then_some(last)
        }
        _ => Some(last),
    }
}

/// What an offer waits for that anybody may do.
fn offer_due(offer: &OfferResponse, now: Timestamp) -> Option<Chore> {
    let offer_id = offer.offer_id;
    match offer.status {
        OfferStatus::Waiting {} => {
            let expires_at = offer.offered_at.plus_seconds(provenance::OFFER_SECS);
            if now >= expires_at {
                Some(Chore::ConcludeOffer { offer_id })
            } else {
                (now >= offer.draws_at).then_some(Chore::DrawWitnesses { offer_id })
            }
        }
        OfferStatus::Reveal { until } => {
            let all = offer.witnesses.iter().all(|one| one.commit.is_none() || one.score.is_some());
            (all || now >= until).then_some(Chore::ConcludeOffer { offer_id })
        }
        OfferStatus::Commit { .. } | OfferStatus::Accepted { .. } | OfferStatus::Rejected {} => {
            None
        }
    }
}

fn is_ended(offer: &OfferResponse) -> bool {
    matches!(offer.status, OfferStatus::Accepted { .. } | OfferStatus::Rejected {})
}

#[cfg(test)]
mod tests;
