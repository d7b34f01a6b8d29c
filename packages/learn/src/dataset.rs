//! Rows to learn from: features as f32, a class as label; what proves them, and how they are shared
//! out.
//!
//! | | |
//! |---|---|
//! | leaf of a row | sha256("modelbond/v1/row" ‖ 0x00 ‖ label in 4 bytes ‖ features as f32), little-endian |
//! | [`Dataset::root`] | Merkle root (RFC 9162) over the leaves in the order of the rows |
//! | shards, holdout slices | [`Partition`], by the index of a row; each is a data set with a root |
//!
//! Every feature is finite and −0 is 0, so equal rows have equal bytes.

use modelbond_rounds::merkle;
use sha2::Digest;
use thiserror::Error;

use crate::model::MAX_CLASSES;
use crate::statistics::Statistics;
use crate::{csv, digest, Hash};

/// The most rows.
pub const MAX_ROWS: usize = 1 << 20;
/// The most features of a row.
pub const MAX_FEATURES: usize = 4_096;
/// The most features of all rows together, 256 MiB.
pub const MAX_VALUES: usize = 1 << 26;

/// Wines of this quality and better are class 1 of [`Dataset::wine`].
pub const GOOD_WINE: usize = 6;

/// Why there is no such data set.
#[derive(Error, Debug, Clone, PartialEq, Eq)]
pub enum DatasetError {
    /// Over a limit.
    #[error("{found} {what} are more than {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are, or where counting stopped.
        found: u64,
        /// How many there may be.
        limit: u64,
    },
    /// Nothing to learn from.
    #[error("there are no {what}")]
    None {
        /// Of what.
        what: &'static str,
    },
    /// A row of another width.
    #[error("line {line} has {found} fields, the header has {expected}")]
    Width {
        /// Line of the file, from 1; of rows given directly, the row.
        line: u64,
        /// Fields that there are.
        found: usize,
        /// Fields that there should be.
        expected: usize,
    },
    /// Not a finite decimal number.
    #[error("line {line}, column {column}: {text:?} is no finite number")]
    Number {
        /// Line of the file, from 1; of rows given directly, the row.
        line: u64,
        /// Field, from 1.
        column: usize,
        /// The beginning of what is there.
        text: String,
    },
    /// Not a class.
    #[error("line {line}: the label {text:?} is no integer from 0 to {}", MAX_CLASSES - 1)]
    Label {
        /// Line of the file, from 1; of rows given directly, the row.
        line: u64,
        /// The beginning of what is there.
        text: String,
    },
    /// No such column, or two of that name.
    #[error("{found} columns are named {name:?}, the label must be one")]
    LabelColumn {
        /// The name asked for.
        name: String,
        /// How many there are.
        found: usize,
    },
    /// A quotation mark where none may be, or one that is not closed on its line.
    #[error("line {line}: a quoted field must end on its line, and be quoted as a whole")]
    Quote {
        /// Line of the file, from 1.
        line: u64,
    },
    /// Not text.
    #[error("line {line} is not UTF-8")]
    Text {
        /// Line of the file, from 1.
        line: u64,
    },
    /// A division that leaves nothing to learn from or to measure on.
    #[error("at least 1 shard, 1 holdout slice, and a holdout row in at least 2")]
    Partition,
    /// No such part.
    #[error("there is no {what} {index}: {count}, counted from 0")]
    NoSuchPart {
        /// Shard or holdout slice.
        what: &'static str,
        /// Which.
        index: u32,
        /// How many there are.
        count: u32,
    },
}

/// How rows are shared out, by their index i from 0 alone.
///
/// Of every `holdout_every` rows the last is held out. Held-out rows go to the slices in turn, all
/// others to the shards in turn. Rows that are equal may be dealt to both sides: what must not leak is
/// for the owner of the data to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// Parts to learn from.
    pub shards: u32,
    /// Parts to measure on.
    pub holdout_slices: u32,
    /// One row in so many is held out.
    pub holdout_every: u32,
}

/// Where a row belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// To learn from.
    Shard(u32),
    /// To measure on.
    Holdout(u32),
}

impl Partition {
    /// Where row `index` belongs.
    ///
    /// # Errors
    /// [`DatasetError::Partition`].
    pub fn part(&self, index: u64) -> Result<Part, DatasetError> {
        let turn = index.checked_div(self.holdout_every.into()).ok_or(DatasetError::Partition)?;
        let held_out = index.wrapping_add(1).checked_rem(self.holdout_every.into()) == Some(0);
        let of = |number: u64, parts: u32| {
            let part = number.checked_rem(parts.into()).ok_or(DatasetError::Partition)?;
            u32::try_from(part).map_err(|_| DatasetError::Partition)
        };
        // `turn` rows before this one are held out.
        let shard = of(index.saturating_sub(turn), self.shards)?;
        let slice = of(turn, self.holdout_slices)?;
        match (held_out, self.holdout_every) {
            (_, ..2) => Err(DatasetError::Partition),
            (true, _) => Ok(Part::Holdout(slice)),
            (false, _) => Ok(Part::Shard(shard)),
        }
    }
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// What is known.
    pub features: &'a [f32],
    /// What is to be told: its class.
    pub label: u32,
}

impl Row<'_> {
    /// What stands for the row in a tree.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        let mut hasher = digest::hasher("row").chain_update(self.label.to_le_bytes());
        digest::feed_floats(&mut hasher, self.features);
        digest::finish(hasher)
    }
}

/// Rows of one width: at least one, with at least one feature, within the limits, all finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    width: usize,
    values: Vec<f32>,
    labels: Vec<u32>,
}

impl Dataset {
    /// Rows of `width` features, one after the other, and a label for each.
    ///
    /// # Errors
    /// [`DatasetError`], with rows counted from 1 where it speaks of lines.
    pub fn new(width: usize, values: Vec<f32>, labels: Vec<u32>) -> Result<Self, DatasetError> {
        ensure_limits(width, labels.len())?;
        let expected = width.saturating_mul(labels.len());
        if values.len() != expected {
            return Err(DatasetError::Width { line: 1, found: values.len(), expected });
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(DatasetError::Number {
                line: (at as u64).checked_div(width as u64).unwrap_or(0).saturating_add(1),
                column: at.checked_rem(width).unwrap_or(0).saturating_add(1),
                text: values.get(at).map(f32::to_string).unwrap_or_default(),
            });
        }
        if let Some(at) = labels.iter().position(|label| *label >= MAX_CLASSES) {
            return Err(DatasetError::Label {
                line: (at as u64).saturating_add(1),
                text: labels.get(at).map(u32::to_string).unwrap_or_default(),
            });
        }
        // −0 + 0 = 0, and nothing else changes.
        let values = values.into_iter().map(|value| value + 0.0).collect();
        Ok(Self { width, values, labels })
    }

    /// Rows from comma-separated values (RFC 4180, but no line breaks within quotes), with a header;
    /// the column `label` has classes, all others have features. Values are as they are written: see
    /// [`Dataset::standardised`].
    ///
    /// # Errors
    /// [`DatasetError`], with the line.
    pub fn from_csv(bytes: &[u8], label: &str) -> Result<Self, DatasetError> {
        csv::parse(bytes, label)
    }

    /// 1,599 red wines, eleven measurements each, standardised over all of them; class 1 is quality
    /// [`GOOD_WINE`] and better (855 wines), class 0 the rest. From Cortez et al., "Modeling wine
    /// preferences by data mining from physicochemical properties", 2009. 240 of the rows repeat an
    /// earlier one.
    ///
    /// # Errors
    /// None while the embedded rows are what they are.
    pub fn wine() -> Result<Self, DatasetError> {
        Self::wine_measured()?.standardised()
    }

    /// The rows of [`Dataset::wine`] as they were measured.
    ///
    /// # Errors
    /// None while the embedded rows are what they are.
    pub fn wine_measured() -> Result<Self, DatasetError> {
        let wine = linfa_datasets::winequality();
        let width = wine.records.ncols();
        let values = wine.records.iter().map(|value| *value as f32).collect();
        let labels = wine.targets.iter().map(|quality| u32::from(*quality >= GOOD_WINE)).collect();
        Self::new(width, values, labels)
    }

    /// The same rows with mean 0 and deviation 1 in each feature.
    ///
    /// # Errors
    /// None for what [`Statistics::of`] the same rows gives.
    pub fn standardised(&self) -> Result<Self, DatasetError> {
        Statistics::of(self).apply(self)
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Never: there is at least one row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Features of a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// One more than the highest label.
    #[must_use]
    pub fn classes(&self) -> u32 {
        self.labels.iter().max().map_or(0, |label| label.saturating_add(1))
    }

    /// Row `index`, from 0.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<Row<'_>> {
        let start = index.checked_mul(self.width)?;
        let features = self.values.get(start..start.checked_add(self.width)?)?;
        Some(Row { features, label: *self.labels.get(index)? })
    }

    /// All rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let features = self.values.chunks_exact(self.width.max(1));
        features.zip(&self.labels).map(|(features, label)| Row { features, label: *label })
    }

    /// What stands for each row in a tree.
    #[must_use]
    pub fn leaves(&self) -> Vec<Hash> {
        self.rows().map(|row| row.leaf()).collect()
    }

    /// Merkle root of the leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        merkle::root(self.leaves())
    }

    /// Shard `index`, from 0.
    ///
    /// # Errors
    /// [`DatasetError::NoSuchPart`], [`DatasetError::Partition`]; [`DatasetError::None`] where there
    /// are fewer rows than parts.
    pub fn shard(&self, partition: &Partition, index: u32) -> Result<Self, DatasetError> {
        ensure_part("shard", index, partition.shards)?;
        self.part(partition, Part::Shard(index))
    }

    /// Holdout slice `index`, from 0.
    ///
    /// # Errors
    /// [`DatasetError::NoSuchPart`], [`DatasetError::Partition`]; [`DatasetError::None`] where there
    /// are fewer rows than parts.
    pub fn holdout(&self, partition: &Partition, index: u32) -> Result<Self, DatasetError> {
        ensure_part("holdout slice", index, partition.holdout_slices)?;
        self.part(partition, Part::Holdout(index))
    }

    fn part(&self, partition: &Partition, part: Part) -> Result<Self, DatasetError> {
        let (mut values, mut labels) = (Vec::new(), Vec::new());
        for (index, row) in (0..).zip(self.rows()) {
            if partition.part(index)? == part {
                values.extend(row.features);
                labels.push(row.label);
            }
        }
        Self::new(self.width, values, labels)
    }
}

/// Are so many rows of this width within the limits, and not none?
pub(crate) fn ensure_limits(width: usize, rows: usize) -> Result<(), DatasetError> {
    let values = width.saturating_mul(rows);
    for (what, found, limit) in [
        ("features", width, MAX_FEATURES),
        ("rows", rows, MAX_ROWS),
        ("values", values, MAX_VALUES),
    ] {
        if found == 0 {
            return Err(DatasetError::None { what });
        }
        if found > limit {
            return Err(DatasetError::TooMany { what, found: found as u64, limit: limit as u64 });
        }
    }
    Ok(())
}

fn ensure_part(what: &'static str, index: u32, count: u32) -> Result<(), DatasetError> {
    if index < count {
        Ok(())
    } else {
        Err(DatasetError::NoSuchPart { what, index, count })
    }
}
