//! Paying what is owed, once.

use cosmwasm_std::Addr;
use modelbond_interface::training::{Due, RoundClaimed};

use super::{Machine, Owed};
use crate::state::{run_of, seat_key, ADVANCES, CLAIMED, RUNS};
use crate::world::{Effect, World};
use crate::RoundError;

impl<W: World> Machine<'_, W> {
    /// Pays it.
    ///
    /// # Errors
    /// When nothing is owed, or it was paid.
    pub fn claim(&mut self, key: (u64, u64), due: Due, sender: &Addr) -> Result<Owed, RoundError> {
        let owed = self.books().owed(key, due, sender)?;
        if owed.claimed {
            return Err(RoundError::AlreadyClaimed {});
        }
        match due {
            Due::Advances {} => ADVANCES.save(self.store, (key.0, key.1, sender), &0),
            _ => CLAIMED.save(self.store, (key.0, key.1, due_key(due)), &true),
        }
        let mut run = run_of(self.store, key.0)?;
        let reserved = run.ledger.reserved.checked_sub(owed.amount);
        run.ledger.reserved = reserved.map_err(cosmwasm_std::StdError::from)?;
        RUNS.save(self.store, key.0, &run);
        self.event(RoundClaimed {
            run_id: key.0,
            round_id: key.1,
            recipient: owed.recipient.to_string(),
            due: due_name(due).to_owned(),
            amount: owed.amount.u128(),
        });
        self.effects.push(Effect::Pay {
            model: run.model,
            to: owed.recipient.clone(),
            amount: owed.amount,
        });
        Ok(owed)
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
