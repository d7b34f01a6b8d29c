//! Paying what is owed, once. A contribution becomes an NFT, accepted work is booked for block rewards.

use cosmwasm_std::{Addr, StdError};
use modelbond_interface::provenance::{round_token_id, Mint};
use modelbond_interface::training::{Due, Round, RoundClaimed, Run};

use super::books::is_accepted;
use super::{Machine, Owed};
use crate::digest::shard_data;
use crate::metrics::ratio;
use crate::state::{group_of, round_of, run_of, seat_key, ADVANCES, CLAIMED, RUNS};
use crate::world::{Effect, World};
use crate::RoundError;

impl<W: World> Machine<'_, W> {
    /// Pays it.
    ///
    /// # Errors
    /// When nothing is owed, or it was paid.
    pub fn claim(&mut self, key: (u64, u64), due: Due, sender: &Addr) -> Result<Owed, RoundError> {
        let round = round_of(self.store, key)?;
        let owed = self.books().owed_by(&round, due, sender)?;
        if owed.claimed {
            return Err(RoundError::AlreadyClaimed {});
        }
        match due {
            Due::Advances {} => ADVANCES.save(self.store, (key.0, key.1, sender), &0),
            _ => CLAIMED.save(self.store, (key.0, key.1, due_key(due)), &true),
        }
        let mut run = run_of(self.store, key.0)?;
        let reserved = run.ledger.reserved.checked_sub(owed.amount);
        run.ledger.reserved = reserved.map_err(StdError::from)?;
        RUNS.save(self.store, key.0, &run);
        self.event(RoundClaimed {
            run_id: key.0,
            round_id: key.1,
            recipient: owed.recipient.to_string(),
            due: due_name(due).to_owned(),
            amount: owed.amount.u128(),
        });
        if let Due::Contribution { group } = due {
            let mint = self.contributed(&run, &round, group, &owed.recipient)?;
            self.effects.push(Effect::Mint(Box::new(mint)));
        }
        if !owed.amount.is_zero() {
            let (model, to, amount) = (run.model.clone(), owed.recipient.clone(), owed.amount);
            self.effects.push(Effect::Pay { model, to, amount });
        }
        if owed.works {
            let (operator, offset) = (owed.recipient.clone(), round.worth.offset);
            self.effects.push(Effect::Credit { model: run.model, operator, offset, work: 1 });
        }
        Ok(owed)
    }

    /// The contribution of an accepted group. What its round began with, it is built on.
    fn contributed(
        &self,
        run: &Run,
        round: &Round,
        group: u8,
        contributor: &Addr,
    ) -> Result<Mint, RoundError> {
        let (run_id, round_id) = (round.run_id, round.round_id);
        let found = group_of(self.store, (run_id, round_id), group)?;
        let dataset = &run.params.dataset;
        let parents = round.built_on.map(|before| {
            let groups = (0..16).filter(|group| is_accepted(before.accepted, *group));
            groups.map(|group| round_token_id(run_id, before.round_id, group)).collect()
        });
        Ok(Mint {
            token_id: round_token_id(run_id, round_id, group),
            model: run.model.clone(),
            contributor: contributor.clone(),
            data_hash: shard_data(dataset.root, dataset.shards, found.shard),
            quality: u32::try_from(ratio(found.quality, round.pay.quality)).unwrap_or_default(),
            improvement: round.worth.improvement,
            at: round.settled_at.unwrap_or_default(),
            attestation: found.work.unwrap_or_default(),
            run_id,
            round_id,
            parents: parents.unwrap_or_default(),
        })
    }
}

/// What is owed for, as part of a key.
pub(crate) fn due_key(due: Due) -> u64 {
    let bytes = match due {
        Due::Contribution { group } => [0, 0, 0, 0, 1, 0, group, 0],
        Due::Seat(seat) => {
            let [_, stage, group, slot] = seat_key(seat).to_be_bytes();
            [0, 0, 0, 0, 2, stage, group, slot]
        }
        Due::Lead {} => [0, 0, 0, 0, 3, 0, 0, 0],
        Due::Advances {} => [0, 0, 0, 0, 4, 0, 0, 0],
        Due::Challenge { group } => [0, 0, 0, 0, 5, 0, group, 0],
    };
    u64::from_be_bytes(bytes)
}

fn due_name(due: Due) -> &'static str {
    match due {
        Due::Contribution { .. } => "contribution",
        Due::Seat(_) => "seat",
        Due::Lead {} => "lead",
        Due::Advances {} => "advances",
        Due::Challenge { .. } => "challenge",
    }
}
