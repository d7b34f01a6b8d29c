//! Commit and reveal: what a seat says, built from the chain's state and sent.

use anyhow::Result;
use modelbond_client::{Receipt, Signer};
use modelbond_interface::training::{
    Answer, Attested, ExecuteMsg, Group, Hash32, Outcome, Round, Run, SeatInfo, Stage, TraceProof,
};
use modelbond_rounds::digest::{role, Context, Task};
use modelbond_signature::{Attestation, Scheme, SignRequest};

use super::contract::Training;
use super::kept::{Found, Kept, Place, Store};
use super::lead::unassigned;
use super::{name, statement, NodeKey};
use crate::failure::Failure;

/// A seat with everything that its work hangs on.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The run.
    pub run: &'a Run,
    /// The open round.
    pub round: &'a Round,
    /// The seat.
    pub seat: &'a SeatInfo,
    /// Its group; none for committees.
    pub group: Option<&'a Group>,
}

/// How an attestation is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signing {
    /// The scheme.
    pub scheme: Scheme,
    /// 0 self-reported, 1 key in fTPM, 2 endorsed chain.
    pub level: u8,
    /// The last second in which it is valid.
    pub expires_at: u64,
}

/// A commit that is on the chain.
#[derive(Debug)]
pub struct Committed {
    /// What it hides.
    pub kept: Kept,
    /// The transaction, unless the commit was there already.
    pub receipt: Option<Receipt>,
}

impl Desk<'_> {
    /// The assignment seed A.
    pub fn assignment(&self) -> Result<Hash32, Failure> {
        self.round.seeds.assignment.ok_or_else(|| unassigned(self.round))
    }

    /// The digest of an answer: the same for everybody who found the same.
    pub fn work(&self, context: &Context, answer: &Answer) -> Result<Hash32, Failure> {
        let (assignment, base) = (self.assignment()?, self.run.params.base_hash);
        if let Some(attempt) = attempt(self.seat.id.stage) {
            let chosen = (self.round.accepted, base);
            return Ok(context.aggregate(attempt, assignment, chosen, answer));
        }
        let group = self.group.filter(|group| group.group == self.seat.id.group);
        let group = group.ok_or_else(|| {
            Failure::new(format!("there is no group for the seat {}", name::seat(self.seat.id)))
        })?;
        let task = Task {
            group: group.group,
            assignment,
            algorithm: self.run.params.algorithm.hash,
            base,
            shard: group.shard,
            seed: group.seed,
        };
        Ok(context.work(&task, answer))
    }

    /// Whose commit it is.
    pub fn place(&self, context: &Context) -> Result<Place, Failure> {
        Ok(Place {
            context: context.clone(),
            assignment: self.assignment()?,
            seat: self.seat.id,
            node_id: self.seat.seat.node_id,
            owner: self.seat.seat.owner.to_string(),
        })
    }

    /// The step of its trace that the seat must show with this answer, if any.
    pub fn traced_step(&self, context: &Context, answer: &Answer) -> Option<u32> {
        let stage = self.seat.id.stage;
        if stage == Stage::Work || answer.outcome != Outcome::Result {
            return None;
        }
        let seed = match stage {
            Stage::Appeal => self.round.seeds.appeal?,
            _ => self.round.seeds.check?,
        };
        context.traced_step(seed, stage, self.seat.seat.node_id, answer.steps)
    }

    /// What the seat's key attests.
    pub fn attestation(&self, kept: &Kept, level: u8) -> Result<Attestation, Failure> {
        let (id, seat) = (self.seat.id, &self.seat.seat);
        let jury = self.group.is_some_and(|group| group.jury_stage == Some(id.stage));
        Ok(Attestation {
            run_id: self.round.run_id,
            round_id: self.round.round_id,
            beacon: self.round.beacon.0,
            assignment: self.assignment()?.0,
            group: id.group.into(),
            slot: id.slot.into(),
            role: role(id, jury).to_owned(),
            node_id: seat.node_id,
            key_epoch: seat.key_epoch,
            work: kept.work.0,
            mode: self.run.params.algorithm.mode.name().to_owned(),
            device_class: seat.device_class.clone(),
            attestation_level: level,
            started_at: kept.started_at,
            ended_at: kept.ended_at,
        })
    }

    /// Refuses a key that is not the seat's.
    pub fn ensure_key(&self, key: &NodeKey) -> Result<(), Failure> {
        let expected = &self.seat.seat.attestation_key;
        if expected.as_slice() == key.attestation_key() {
            return Ok(());
        }
        let (given, expected) = (hex::encode(key.attestation_key()), hex::encode(expected));
        let seat = name::seat(self.seat.id);
        Err(Failure::new(format!("the seat {seat} is of the key {expected}, not of {given}")).hint(
            "--key names the node's key; a seat keeps the key that counted when it was drawn",
        ))
    }
}

/// Refuses an answer that no contract takes: without a result everything else is zero.
pub fn ensure_sound(answer: &Answer) -> Result<(), Failure> {
    if answer.outcome != Outcome::Result && *answer != Answer::without(answer.outcome) {
        return Err(Failure::usage(format!(
            "the outcome is {}, but not everything else is zero",
            name::of(answer.outcome)
        ))
        .hint("without a result there is nothing to report: zeros only"));
    }
    if answer.correct > answer.samples {
        let Answer { correct, samples, .. } = answer;
        return Err(Failure::usage(format!("{correct} of {samples} samples cannot be right")));
    }
    Ok(())
}

/// Which leader's committee a stage is, from 0.
fn attempt(stage: Stage) -> Option<u8> {
    (0..3).find(|attempt| Stage::committee(*attempt) == Some(stage))
}

impl Training {
    /// Commits to an answer, which is kept before anything is sent. Again, it sends the same commit;
    /// one that the chain has already is left alone.
    pub async fn commit(
        &self,
        signer: &Signer,
        store: &Store,
        desk: Desk<'_>,
        found: Found,
    ) -> Result<Committed> {
        ensure_sound(&found.answer)?;
        let context = self.context(desk.round);
        let work = desk.work(&context, &found.answer)?;
        let place = desk.place(&context)?;
        if let Some(other) = desk.seat.commit {
            let kept = store.load(&place)?.filter(|kept| kept.commit == other);
            let kept = kept.ok_or_else(|| {
                Failure::new(format!("the seat committed to {other} already, and not from here"))
                    .hint("a seat commits once; its answer is where that commit was made")
            })?;
            return Ok(Committed { kept, receipt: None });
        }
        let (kept, _) = store.keep(&place, found, work)?;
        let message = ExecuteMsg::Commit {
            run_id: desk.round.run_id,
            round_id: desk.round.round_id,
            seat: desk.seat.id,
            commit: kept.commit,
        };
        let receipt = self.tell(signer, &message).await?;
        Ok(Committed { kept, receipt: Some(receipt) })
    }

    /// The reveal of what a seat committed to.
    pub fn reveal(
        &self,
        store: &Store,
        desk: Desk<'_>,
        (key, signing): (&NodeKey, Signing),
        trace: Option<TraceProof>,
    ) -> Result<(ExecuteMsg, Kept)> {
        let context = self.context(desk.round);
        let kept = store.load(&desk.place(&context)?)?.ok_or_else(|| {
            Failure::new(format!("no commit of the seat {} is kept here", name::seat(desk.seat.id)))
                .hint("reveal where the commit was made: only there are the answer and its salt")
        })?;
        if desk.seat.commit != Some(kept.commit) {
            return Err(Failure::new("the chain has no such commit of this seat")
                .hint("it came too late, or is not in a block yet; modelbond round show tells")
                .into());
        }
        match (desk.traced_step(&context, &kept.answer), &trace) {
            (Some(step), None) => {
                return Err(Failure::usage(format!("step {step} of the trace must be shown"))
                    .hint("give the leaf and its path as --trace FILE")
                    .into());
            }
            (None, Some(_)) => {
                return Err(Failure::usage("this seat shows no trace").hint("leave it out").into());
            }
            _ => {}
        }
        desk.ensure_key(key)?;
        let statement = desk.attestation(&kept, signing.level)?;
        let binding = self.binding(&self.address, 0, signing.expires_at);
        let request = SignRequest { statement, binding };
        let prefix = &self.network.prefix;
        let proof = statement::sign(&request, signing.scheme, key.attestation(), prefix)?;
        let attested = Attested {
            scheme: proof.scheme,
            signature: proof.signature,
            level: signing.level,
            started_at: kept.started_at,
            ended_at: kept.ended_at,
            expires_at: signing.expires_at,
        };
        let message = ExecuteMsg::Reveal {
            run_id: desk.round.run_id,
            round_id: desk.round.round_id,
            seat: desk.seat.id,
            answer: kept.answer,
            salt: kept.salt,
            attested,
            trace,
        };
        Ok((message, kept))
    }
}

#[cfg(test)]
mod tests;
