//! How good offered data is. Witnesses of an offer find the same: they score the same file with the model
//! that the round began with which they were drawn by, on that round's slice of the holdout.
//!
//! The data are wines as they were measured: comma-separated values with a header, of which one column is
//! `quality`, 0 to 10, and eleven are the measurements of the run's dataset in its order.
//!
//! A row *counts* if it can be read, its measurements are finite, and it is neither one of the dataset's
//! rows, holdout included, nor an earlier one of the file.
//!
//! Quality α: rows that count ÷ all rows, in millionths, rounded down.
//!
//! Improvement ΔM: of the loss that the model has on the slice, the part that is gone once it has learned
//! from the rows that count, by the run's plan, with the data's hash as seed: (before − after) ÷ before in
//! millionths, rounded towards zero. −1 where learning diverges, 0 where no row counts or no slice was
//! opened.

use std::collections::HashSet;

use anyhow::Result;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::Score;
use modelbond_interface::training::Slice;
use modelbond_learn::dataset::{Dataset, DatasetError, Row};
use modelbond_learn::model::Model;
use modelbond_learn::statistics::Statistics;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::training::play::wine::Wine;

/// The column of a wine's quality.
const LABEL: &str = "quality";
/// The highest quality that a wine can have.
const BEST: u32 = 10;
/// One, in millionths.
const ONE: i32 = 1_000_000;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    /// SHA-256 of the file.
    pub data_hash: Hash32,
    /// Rows of the file.
    pub rows: u64,
    /// Of these, rows that can be read.
    pub well_formed: u64,
    /// Of these, rows that count.
    pub new: u64,
    /// Loss of the model on the slice, in millionths; none where no slice was opened.
    pub loss_before: Option<u64>,
    /// Loss once it has learned; none where nothing was measured or learned, or learning diverged.
    pub loss_after: Option<u64>,
    /// What a witness commits to.
    pub score: Score,
}

/// What data are scored with.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// The run's dataset and plan.
    pub wine: &'a Wine,
    /// The model that learns.
    pub base: &'a Model,
    /// What is measured on, if anything.
    pub slice: Option<Slice>,
}

impl Measure<'_> {
    fn loss(&self, model: &Model) -> Result<Option<u64>, Failure> {
        let Some(slice) = self.slice else { return Ok(None) };
        let found = self.wine.loss(model, slice)?;
        found.map(Some).ok_or_else(|| {
            Failure::new(format!("the round's slice {} is none of the dataset's", slice.root))
        })
    }
}

/// Scores a file.
pub fn score(measure: &Measure<'_>, bytes: &[u8], data_hash: Hash32) -> Result<Scored> {
    let measured = Dataset::wine_measured().map_err(unusable)?;
    let statistics = Statistics::of(&measured);
    let mut seen: HashSet<[u8; 32]> = measured.leaves().into_iter().collect();
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !blank(line));
    let header = lines.next().ok_or_else(|| Failure::usage("the file is empty"))?;
    let (mut rows, mut well_formed) = (0_u64, 0_u64);
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for line in lines {
        rows = rows.saturating_add(1);
        let row = [header, b"\n", line].concat();
        let Some((measured, row)) = read(&row, measured.width(), &statistics)? else { continue };
        well_formed = well_formed.saturating_add(1);
        if !seen.insert(measured) {
            continue;
        }
        for row in row.rows() {
            values.extend(row.features);
            labels.push(row.label);
        }
    }
    let new = labels.len() as u64;
    let quality = new.saturating_mul(1_000_000).checked_div(rows).unwrap_or_default();
    let before = measure.loss(measure.base)?;
    let (loss_after, improvement) = match before {
        Some(before) if !labels.is_empty() => {
            let learned = Dataset::new(measured.width(), values, labels).map_err(unusable)?;
            match measure.wine.learned(measure.base, &learned, &data_hash.0)? {
                Some(model) => {
                    let after = measure.loss(&model)?;
                    (after, improvement(before, after.unwrap_or(before)))
                }
                None => (None, -ONE),
            }
        }
        _ => (None, 0),
    };
    let quality = u32::try_from(quality).unwrap_or_default();
    let score = Score { quality, improvement };
    Ok(Scored { data_hash, rows, well_formed, new, loss_before: before, loss_after, score })
}

fn blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// A row of a file with its header: what stands for it as it was measured, and it as it is learned from.
/// None where it cannot be read; an error where no row could be.
fn read(
    file: &[u8],
    width: usize,
    statistics: &Statistics,
) -> Result<Option<([u8; 32], Dataset)>, Failure> {
    let row = match Dataset::from_csv(file, LABEL) {
        Ok(row) => row,
        Err(error @ DatasetError::LabelColumn { .. }) => {
            return Err(Failure::usage(format!("the first line is no header: {error}"))
                .hint("the data are comma-separated, with one column named quality"));
        }
        Err(_) => return Ok(None),
    };
    if row.width() != width {
        let found = row.width();
        return Err(Failure::usage(format!(
            "the file has {found} columns besides quality, the run's dataset has {width}"
        )));
    }
    let Some(quality) = row.rows().next().map(|row| row.label).filter(|label| *label <= BEST)
    else {
        return Ok(None);
    };
    let label = u32::from(quality as usize >= modelbond_learn::dataset::GOOD_WINE);
    let features = row.rows().flat_map(|row| row.features.to_vec()).collect::<Vec<_>>();
    let leaf = Row { features: &features, label }.leaf();
    // So far from all wines that it has no finite place among them.
    let Ok(row) = Dataset::new(width, features, vec![label]).and_then(|row| statistics.apply(&row))
    else {
        return Ok(None);
    };
    Ok(Some((leaf, row)))
}

/// (before − after) ÷ before in millionths, −1 to 1, rounded towards zero.
fn improvement(before: u64, after: u64) -> i32 {
    let gone = i128::from(before) - i128::from(after);
    let part = (gone * i128::from(ONE)).checked_div(before.into()).unwrap_or_default();
    i32::try_from(part.clamp((-ONE).into(), ONE.into())).unwrap_or_default()
}

fn unusable(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the data cannot be scored: {error}"))
}

#[cfg(test)]
mod tests;
