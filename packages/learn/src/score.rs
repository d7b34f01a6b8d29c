//! How good a model is on rows, in integers that everybody gets alike.
//!
//! For each row the class with the highest logit (the first of equals) and the loss −ln p of its label
//! in millionths, rounded to the nearest, at most [`MAX_LOSS`]: one row that is badly wrong must not
//! weigh more than a hundred guesses. Sums are over all rows.
//!
//! leaf of row i = sha256("modelbond/v1/score" ‖ 0x00 ‖ i in 8 bytes ‖ class in 4 ‖ loss in 8), all
//! little-endian: a committee opens rows that were drawn, and anybody can recompute them.

use modelbond_rounds::merkle;
use sha2::Digest;
use thiserror::Error;

use crate::dataset::Dataset;
use crate::model::Model;
use crate::network::{fits, Pass};
use crate::{digest, Hash, MILLIONTHS};

/// The highest loss of a row, in millionths: p = 2·10⁻⁹.
pub const MAX_LOSS: u64 = 20_000_000;

/// Why there is no score.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoreError {
    /// The network is for other rows.
    #[error("the model takes {inputs} features and {classes} classes, the rows have {width} and {labels}")]
    WrongShape {
        /// Features that the model takes.
        inputs: u32,
        /// Classes that it tells apart.
        classes: u32,
        /// Features of the rows.
        width: usize,
        /// Classes of the rows.
        labels: u32,
    },
    /// Logits that are not finite.
    #[error("the model has no finite answer for row {row}")]
    Diverged {
        /// Which, from 0.
        row: u64,
    },
}

/// A row's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowScore {
    /// The class told.
    pub class: u32,
    /// −ln p of the label, in millionths, at most [`MAX_LOSS`].
    pub loss: u64,
}

impl RowScore {
    /// What stands for the answer to row `index` in a tree.
    #[must_use]
    pub fn leaf(&self, index: u64) -> Hash {
        digest::finish(
            digest::hasher("score")
                .chain_update(index.to_le_bytes())
                .chain_update(self.class.to_le_bytes())
                .chain_update(self.loss.to_le_bytes()),
        )
    }
}

/// Answers to all rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// Each row's, in order.
    pub rows: Vec<RowScore>,
    /// Rows whose class was told right.
    pub correct: u64,
    /// Sum of the losses, in millionths.
    pub loss: u64,
}

impl Score {
    /// Share of the rows told right, in millionths, rounded down.
    #[must_use]
    pub fn accuracy(&self) -> u32 {
        let right = self.correct.saturating_mul(MILLIONTHS.into());
        let share = right.checked_div(self.rows.len() as u64).unwrap_or(0);
        u32::try_from(share).unwrap_or(MILLIONTHS)
    }

    /// What stands for each answer in a tree.
    #[must_use]
    pub fn leaves(&self) -> Vec<Hash> {
        (0..).zip(&self.rows).map(|(index, row)| row.leaf(index)).collect()
    }

    /// Merkle root of the leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        merkle::root(self.leaves())
    }
}

/// Scores a model on rows.
///
/// # Errors
/// [`ScoreError`].
pub fn score(model: &Model, rows: &Dataset) -> Result<Score, ScoreError> {
    ensure_fits(model, rows)?;
    let mut pass = Pass::new(model.shape());
    let mut score = Score { rows: Vec::with_capacity(rows.len()), correct: 0, loss: 0 };
    for (index, row) in (0..).zip(rows.rows()) {
        let loss = pass
            .forward(model.parameters(), row)
            .map_err(|_| ScoreError::Diverged { row: index })?;
        let answer = RowScore { class: pass.class(), loss: millionths(loss) };
        score.correct = score.correct.saturating_add((answer.class == row.label).into());
        score.loss = score.loss.saturating_add(answer.loss);
        score.rows.push(answer);
    }
    Ok(score)
}

pub(crate) fn ensure_fits(model: &Model, rows: &Dataset) -> Result<(), ScoreError> {
    let shape = model.shape();
    if fits(shape, rows) {
        return Ok(());
    }
    Err(ScoreError::WrongShape {
        inputs: shape.inputs(),
        classes: shape.classes(),
        width: rows.width(),
        labels: rows.classes(),
    })
}

/// To the nearest, halves up; the conversion takes what is negative to 0.
fn millionths(loss: f64) -> u64 {
    ((loss * f64::from(MILLIONTHS) + 0.5) as u64).min(MAX_LOSS)
}
