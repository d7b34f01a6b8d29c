//! Stochastic gradient descent that can be repeated to the last bit, and that leaves a trace.
//!
//! Step t = 1, 2, …, `steps`: `batch` rows are drawn from the shard, uniformly and with replacement,
//! from the stream (seed, "batch", t) of [`Random`]; their gradients are added in the order of the
//! draw; every parameter becomes w − (rate / batch)·g. A batch needs the seed and t alone, so one step
//! can be checked from the parameters before it.
//!
//! Trace: leaf₀ = sha256("modelbond/v1/trace" ‖ 0x00 ‖ hash of the base model ‖ algorithm hash ‖ shard
//! root ‖ seed) and leaf_t = sha256("modelbond/v1/trace-step" ‖ 0x00 ‖ leaf_{t−1} ‖ t in 8 bytes ‖ all
//! parameters after step t), little-endian. Every leaf depends on all the steps before it and on
//! nothing that can be had without doing them. [`Training::trace`] has leaf₁ to leaf_steps.

use modelbond_rounds::merkle;
use sha2::Digest;
use thiserror::Error;

use crate::dataset::Dataset;
use crate::model::{Model, Shape};
use crate::network::Pass;
use crate::random::Random;
use crate::score::{self, ScoreError};
use crate::{codec, digest, Hash, MILLIONTHS};

/// The most steps of one training.
pub const MAX_STEPS: u32 = 100_000;
/// The largest batch.
pub const MAX_BATCH: u32 = 65_536;
/// The highest learning rate, in millionths: 1,000.
pub const MAX_LEARNING_RATE: u32 = 1_000_000_000;

/// How to train.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Steps, 1 to [`MAX_STEPS`].
    pub steps: u32,
    /// Rows of a step, 1 to [`MAX_BATCH`].
    pub batch: u32,
    /// Learning rate in millionths, 1 to [`MAX_LEARNING_RATE`].
    pub learning_rate: u32,
}

impl Plan {
    /// What is done to a base, a shard and a seed: sha256("modelbond/v1/algorithm" ‖ 0x00 ‖
    /// "sgd/1" ‖ 0x00 ‖ shape in 12 bytes ‖ steps ‖ batch ‖ learning rate), 4 bytes each,
    /// little-endian. Whatever changes a bit of a result changes the name "sgd/1".
    #[must_use]
    pub fn algorithm_hash(&self, shape: Shape) -> Hash {
        digest::finish(
            digest::hasher("algorithm")
                .chain_update(b"sgd/1\0")
                .chain_update(shape.to_bytes())
                .chain_update(self.steps.to_le_bytes())
                .chain_update(self.batch.to_le_bytes())
                .chain_update(self.learning_rate.to_le_bytes()),
        )
    }

    /// Rows seen in all steps.
    #[must_use]
    pub fn samples(&self) -> u64 {
        u64::from(self.steps).saturating_mul(self.batch.into())
    }

    fn ensure(&self) -> Result<(), TrainError> {
        for (what, found, limit) in [
            ("steps", self.steps, MAX_STEPS),
            ("batch", self.batch, MAX_BATCH),
            ("learning rate", self.learning_rate, MAX_LEARNING_RATE),
        ] {
            if !(1..=limit).contains(&found) {
                return Err(TrainError::Plan { what, found, limit });
            }
        }
        Ok(())
    }
}

/// Why a training has no result.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainError {
    /// A plan outside its limits.
    #[error("{what} {found}, must be 1 to {limit}")]
    Plan {
        /// Which field.
        what: &'static str,
        /// What it is.
        found: u32,
        /// What it may be.
        limit: u32,
    },
    /// The network is for other rows.
    #[error(transparent)]
    Shape(ScoreError),
    /// A number stopped being finite; everybody who repeats the training sees it in the same step.
    #[error("the training diverged in step {step}")]
    Diverged {
        /// Which, from 1; 0 if the base itself has no finite answer, one more than the last if the
        /// result has none.
        step: u32,
    },
}

/// What a training gives: all that is committed to.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// The model after the last step.
    pub model: Model,
    /// Parameters of the result less those of the base, each rounded once.
    pub update: Vec<f32>,
    /// One leaf for each step.
    pub trace: Vec<Hash>,
    /// Sum of the losses of the base over the shard, in millionths.
    pub loss_before: u64,
    /// Sum of the losses of the result over the shard, in millionths.
    pub loss_after: u64,
    /// Rows of the shard that the result tells right.
    pub correct: u64,
    /// Rows seen in all steps: steps · batch.
    pub samples: u64,
    /// [`codec::hash`] of the update.
    pub update_hash: Hash,
    /// [`Model::hash`] of the result.
    pub result_hash: Hash,
}

impl Training {
    /// Merkle root of the trace.
    #[must_use]
    pub fn trace_root(&self) -> Hash {
        merkle::root(&self.trace)
    }
}

/// Trains `base` on the rows of a shard.
///
/// # Errors
/// [`TrainError`]; the same for everybody.
pub fn train(
    base: &Model,
    shard: &Dataset,
    seed: &[u8; 32],
    plan: &Plan,
) -> Result<Training, TrainError> {
    plan.ensure()?;
    score::ensure_fits(base, shard).map_err(TrainError::Shape)?;
    let before = scored(base, shard, 0)?;

    let rate = f64::from(plan.learning_rate) / f64::from(MILLIONTHS) / f64::from(plan.batch);
    let mut pass = Pass::new(base.shape());
    let mut parameters = base.parameters().to_vec();
    let mut gradient = vec![0.0_f32; parameters.len()];
    let mut trace = Vec::with_capacity(plan.steps as usize);
    let mut leaf = first_leaf(base, shard, seed, plan);
    for step in 1..=plan.steps {
        let diverged = TrainError::Diverged { step };
        gradient.fill(0.0);
        for index in batch(seed, step, plan.batch, shard.len()) {
            let Some(row) = shard.row(index) else { continue };
            pass.forward(&parameters, row).map_err(|_| diverged)?;
            pass.backward(&parameters, row, &mut gradient);
        }
        if !descend(&mut parameters, &gradient, rate as f32) {
            return Err(diverged);
        }
        leaf = next_leaf(&leaf, step, &parameters);
        trace.push(leaf);
    }

    let end = plan.steps.saturating_add(1);
    let update: Vec<f32> =
        parameters.iter().zip(base.parameters()).map(|(new, old)| new - old).collect();
    if update.iter().any(|difference| !difference.is_finite()) {
        return Err(TrainError::Diverged { step: end });
    }
    let model = Model::from_parameters(base.shape(), parameters)
        .map_err(|_| TrainError::Diverged { step: end })?;
    let after = scored(&model, shard, end)?;
    Ok(Training {
        loss_before: before.loss,
        loss_after: after.loss,
        correct: after.correct,
        samples: plan.samples(),
        update_hash: codec::hash(&update),
        result_hash: model.hash(),
        model,
        update,
        trace,
    })
}

/// The rows of step `step`, from 1, of a shard of `rows`: what to recompute for one step.
pub fn batch(seed: &[u8; 32], step: u32, size: u32, rows: usize) -> impl Iterator<Item = usize> {
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    let mut random = Random::new(seed, "batch", step.into());
    (0..size).map(move |_| random.below(rows) as usize)
}

/// False if a parameter is not finite any more.
fn descend(parameters: &mut [f32], gradient: &[f32], rate: f32) -> bool {
    let mut finite = true;
    for (parameter, slope) in parameters.iter_mut().zip(gradient) {
        *parameter -= rate * slope;
        finite &= parameter.is_finite();
    }
    finite
}

fn first_leaf(base: &Model, shard: &Dataset, seed: &[u8; 32], plan: &Plan) -> Hash {
    digest::finish(
        digest::hasher("trace")
            .chain_update(base.hash())
            .chain_update(plan.algorithm_hash(base.shape()))
            .chain_update(shard.root())
            .chain_update(seed),
    )
}

fn next_leaf(previous: &Hash, step: u32, parameters: &[f32]) -> Hash {
    let mut hasher = digest::hasher("trace-step")
        .chain_update(previous)
        .chain_update(u64::from(step).to_le_bytes());
    digest::feed_floats(&mut hasher, parameters);
    digest::finish(hasher)
}

fn scored(model: &Model, shard: &Dataset, step: u32) -> Result<score::Score, TrainError> {
    score::score(model, shard).map_err(|error| match error {
        ScoreError::Diverged { .. } => TrainError::Diverged { step },
        ScoreError::WrongShape { .. } => TrainError::Shape(error),
    })
}
