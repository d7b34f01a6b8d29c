//! The computation that `node play` does: a small network learns which wines are good.
//!
//! All of it follows from what is compiled in and from what the chain says, so everybody computes the
//! same bytes: the rows, how they are shared out, the plan, the model to begin with. The rows are public,
//! and with them the holdout: a slice's salt hides which slice comes next, not what is in it.

use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    Aggregation, Answer, Group, Hash32, Outcome, RunParams, Slice, TraceProof,
};
use modelbond_learn::aggregate::{aggregate, Contribution, Rule};
use modelbond_learn::dataset::{Dataset, Partition};
use modelbond_learn::model::{Model, Shape};
use modelbond_learn::score::score;
use modelbond_learn::train::{train, Plan, TrainError};
use modelbond_rounds::merkle;

use crate::failure::Failure;

/// Parts of the rows that are learned from, unless a run says otherwise.
pub const SHARDS: u32 = 8;
/// Slices of the holdout: one for each of so many rounds.
pub const SLICES: u32 = 6;
/// One row in so many is held out.
const HOLDOUT_EVERY: u32 = 5;
/// How everybody trains: gently, as a shard has 160 rows.
const PLAN: Plan = Plan { steps: 200, batch: 16, learning_rate: 10_000 };
/// Seed of the known question.
const KNOWN: [u8; 32] = [0; 32];

/// What a run must name so that it can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Root of all rows.
    pub dataset_root: Hash32,
    /// The plan and the shape.
    pub algorithm: Hash32,
    /// What training the first model on shard 0 from a seed of zeros gives.
    pub known_answer: Hash32,
    /// The model to begin with.
    pub base: Hash32,
}

/// An answer with the leaves that prove it.
#[derive(Debug, Clone, PartialEq)]
pub struct Worked {
    /// What was found.
    pub answer: Answer,
    /// Leaves of its trace.
    pub trace: Vec<[u8; 32]>,
}

impl Worked {
    /// Without a result everything else is zero.
    pub fn without(outcome: Outcome) -> Self {
        Self { answer: Answer::without(outcome), trace: vec![] }
    }

    /// The leaf of a step with its path.
    pub fn proof(&self, step: u32) -> Option<TraceProof> {
        let leaf = self.trace.get(usize::try_from(step).ok()?)?;
        let path = merkle::path(&self.trace, step.into())?;
        Some(TraceProof { leaf: Hash32(*leaf), path: path.into_iter().map(Hash32).collect() })
    }
}

/// The rows and how they are shared out.
#[derive(Debug)]
pub struct Wine {
    rows: Dataset,
    partition: Partition,
    slices: Vec<(Slice, Dataset)>,
    first: Model,
    terms: Terms,
}

impl Wine {
    /// The rows in so many shards.
    pub fn new(shards: u32) -> Result<Self, Failure> {
        let rows = Dataset::wine().map_err(unusable)?;
        let partition = Partition { shards, holdout_slices: SLICES, holdout_every: HOLDOUT_EVERY };
        let inputs = u32::try_from(rows.width()).unwrap_or(u32::MAX);
        let shape = Shape::logistic(inputs, rows.classes()).map_err(unusable)?;
        let parameters = usize::try_from(shape.parameters()).unwrap_or_default();
        let first = Model::from_parameters(shape, vec![0.0; parameters]).map_err(unusable)?;
        let mut slices = Vec::new();
        for index in 0..SLICES {
            let part = rows.holdout(&partition, index).map_err(unusable)?;
            let samples = u32::try_from(part.len()).unwrap_or(u32::MAX);
            slices.push((Slice { root: Hash32(part.root()), samples }, part));
        }
        let shard = rows.shard(&partition, 0).map_err(unusable)?;
        let known = train(&first, &shard, &KNOWN, &PLAN).map_err(unusable)?;
        let terms = Terms {
            dataset_root: Hash32(rows.root()),
            algorithm: Hash32(PLAN.algorithm_hash(shape)),
            known_answer: Hash32(known.result_hash),
            base: Hash32(first.hash()),
        };
        Ok(Self { rows, partition, slices, first, terms })
    }

    /// What a run must name.
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// The model to begin with, which knows nothing: all parameters are zero.
    pub fn first(&self) -> &Model {
        &self.first
    }

    /// The slices of the holdout, in the order of the rows.
    pub fn slices(&self) -> impl Iterator<Item = Slice> + '_ {
        self.slices.iter().map(|(slice, _)| *slice)
    }

    /// Refuses a run that is about something else.
    pub fn ensure_plays(&self, params: &RunParams) -> Result<(), Failure> {
        let Terms { dataset_root, algorithm, known_answer, .. } = self.terms;
        for (what, run, own) in [
            ("dataset", params.dataset.root, dataset_root),
            ("algorithm", params.algorithm.hash, algorithm),
            ("known answer", params.algorithm.known_answer, known_answer),
        ] {
            if run != own {
                return Err(Failure::new(format!(
                    "the run's {what} is {run}, this program computes {own}"
                ))
                .hint("modelbond run wine writes a run that node play can play"));
            }
        }
        Ok(())
    }

    /// Trains `base` for a group.
    pub fn work(&self, base: &Model, group: &Group) -> Result<Worked, Failure> {
        let Some(training) = self.trained(base, group)? else {
            return Ok(Worked::without(Outcome::Diverged));
        };
        let shard = self.rows.shard(&self.partition, group.shard).map_err(unusable)?;
        let answer = Answer {
            outcome: Outcome::Result,
            shard_root: Hash32(shard.root()),
            steps: PLAN.steps,
            samples: count(shard.len() as u64),
            result_hash: Hash32(training.result_hash),
            update_hash: Hash32(training.update_hash),
            trace_root: Hash32(training.trace_root()),
            loss_before: training.loss_before,
            loss_after: training.loss_after,
            correct: count(training.correct),
        };
        Ok(Worked { answer, trace: training.trace })
    }

    /// A model after it has learned from other rows of the same kind. None where it diverges.
    pub fn learned(
        &self,
        base: &Model,
        rows: &Dataset,
        seed: &[u8; 32],
    ) -> Result<Option<Model>, Failure> {
        match train(base, rows, seed, &PLAN) {
            Ok(training) => Ok(Some(training.model)),
            Err(TrainError::Diverged { .. }) => Ok(None),
            Err(error) => Err(unusable(error)),
        }
    }

    /// Loss of a model on a slice of the holdout, in millionths. None where the slice is not of these
    /// rows.
    pub fn loss(&self, model: &Model, slice: Slice) -> Result<Option<u64>, Failure> {
        let Some((_, rows)) = self.slices.iter().find(|(known, _)| *known == slice) else {
            return Ok(None);
        };
        Ok(Some(score(model, rows).map_err(unusable)?.loss))
    }

    /// None where it diverges.
    fn trained(
        &self,
        base: &Model,
        group: &Group,
    ) -> Result<Option<modelbond_learn::train::Training>, Failure> {
        let shard = self.rows.shard(&self.partition, group.shard).map_err(unusable)?;
        match train(base, &shard, &group.seed.0, &PLAN) {
            Ok(training) => Ok(Some(training)),
            Err(TrainError::Diverged { .. }) => Ok(None),
            Err(error) => Err(unusable(error)),
        }
    }

    /// The model that the accepted groups' updates make of `base`; the same model where none of them
    /// made it better.
    pub fn next(
        &self,
        base: &Model,
        (groups, accepted): (&[Group], u16),
        params: &RunParams,
    ) -> Result<Model, Failure> {
        let mut updates = Vec::new();
        for group in groups.iter().filter(|group| is_accepted(accepted, group.group)) {
            if let Some(training) = self.trained(base, group)? {
                let quality = training.loss_before.saturating_sub(training.loss_after);
                updates.push((group.group, count(quality), training.update));
            }
        }
        updates.retain(|(_, quality, _)| *quality > 0);
        if updates.is_empty() {
            return Ok(base.clone());
        }
        let contributions: Vec<_> = updates
            .iter()
            .map(|(group, quality, update)| Contribution {
                node: (*group).into(),
                quality: *quality,
                update,
            })
            .collect();
        let algorithm = params.algorithm;
        let rule = match algorithm.aggregation {
            Aggregation::Mean => Rule::WeightedMean,
            Aggregation::TrimmedMean => {
                Rule::TrimmedMean { each_side: count(updates.len() as u64) / 4 }
            }
            Aggregation::Median => Rule::Median,
        };
        aggregate(base, &contributions, rule, algorithm.eta_millionths).map_err(unusable)
    }

    /// The next model scored on the round's slice. None where the slice is not of these rows.
    pub fn scored(
        &self,
        (base, next): (&Model, &Model),
        slice: Option<Slice>,
    ) -> Result<Option<Worked>, Failure> {
        let mut worked = Worked::without(Outcome::Result);
        worked.answer.result_hash = Hash32(next.hash());
        let Some(slice) = slice else { return Ok(Some(worked)) };
        let Some((_, rows)) = self.slices.iter().find(|(known, _)| *known == slice) else {
            return Ok(None);
        };
        let before = score(base, rows).map_err(unusable)?;
        let after = score(next, rows).map_err(unusable)?;
        worked.answer.shard_root = slice.root;
        worked.answer.steps = slice.samples;
        worked.answer.samples = slice.samples;
        worked.answer.loss_before = before.loss;
        worked.answer.loss_after = after.loss;
        worked.answer.correct = count(after.correct);
        worked.answer.trace_root = Hash32(after.root());
        worked.trace = after.leaves();
        Ok(Some(worked))
    }
}

/// How good an answer says it is, for people.
pub fn describe(answer: &Answer) -> String {
    let mean = |sum: u64| {
        let each = sum.checked_div(answer.samples.into()).unwrap_or_default();
        crate::decimal::format(Uint128::from(each), 6)
    };
    match answer.outcome {
        Outcome::Result => format!(
            "loss {} to {}, {} of {} right",
            mean(answer.loss_before),
            mean(answer.loss_after),
            answer.correct,
            answer.samples
        ),
        other => super::super::name::of(other),
    }
}

fn is_accepted(accepted: u16, group: u8) -> bool {
    1_u16.checked_shl(group.into()).is_some_and(|bit| accepted & bit != 0)
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn unusable(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the wines cannot be learned from: {error}"))
}

#[cfg(test)]
mod tests;
