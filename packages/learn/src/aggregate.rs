//! Many updates, one model: W′ = W + η·Σₖ Q(Dₖ)·ΔWₖ, or a robust middle in place of the sum.
//!
//! For every parameter on its own, in f64, rounded to f32 once at the end:
//!
//! | rule | step | withstands |
//! |---|---|---|
//! | [`Rule::WeightedMean`] | Σ qₖ·uₖ / Σ qₖ, in the order given | nobody who lies |
//! | [`Rule::TrimmedMean`] | mean of what is left without the `each_side` lowest and highest, from the lowest up | as many as `each_side` |
//! | [`Rule::Median`] | the middle, or the mean of the two | fewer than half |
//!
//! So Q(Dₖ) = qₖ / Σ q: qualities are weights, and η alone says how far to go. The robust rules count
//! every contribution once, since a weight would be a way to be believed; one of quality 0 takes part
//! in no rule. Contributions are in the order of their nodes, so that everybody adds in the same
//! order.
//!
//! Largest input: [`MAX_CONTRIBUTIONS`] of a model's size, none copied but for one number each.

use thiserror::Error;

use crate::model::Model;
use crate::MILLIONTHS;

/// The most contributions of a round.
pub const MAX_CONTRIBUTIONS: usize = 1_024;

/// One accepted update.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution<'a> {
    /// Whose.
    pub node: u64,
    /// Its weight Q(D), in millionths; 0 leaves it out.
    pub quality: u32,
    /// Parameters of the result less those of the base.
    pub update: &'a [f32],
}

/// How updates become one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Mean by quality.
    WeightedMean,
    /// Mean without the extremes.
    TrimmedMean {
        /// How many are left out at each end.
        each_side: u32,
    },
    /// The middle one.
    Median,
}

/// Why there is no model.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggregateError {
    /// Nobody with a quality.
    #[error("there is no contribution with a quality above 0")]
    Nobody,
    /// More than a round has.
    #[error("{found} contributions are more than {MAX_CONTRIBUTIONS}")]
    TooMany {
        /// How many.
        found: usize,
    },
    /// Not in the order of nodes.
    #[error("node {node} comes after a node of a higher number")]
    Order {
        /// Which.
        node: u64,
    },
    /// An update for another model.
    #[error("the update of node {node} has {found} parameters, the model has {expected}")]
    WrongLength {
        /// Whose.
        node: u64,
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// NaN or infinite.
    #[error("parameter {index} of the update of node {node} is not finite")]
    NotFinite {
        /// Whose.
        node: u64,
        /// Which, from 0.
        index: usize,
    },
    /// Nothing would be left.
    #[error("leaving out {each_side} at each end of {found} contributions leaves none")]
    Trimmed {
        /// How many are left out at each end.
        each_side: u32,
        /// How many there are.
        found: usize,
    },
    /// Finite updates, but a sum beyond f32.
    #[error("parameter {index} of the result is not finite")]
    Diverged {
        /// Which, from 0.
        index: usize,
    },
}

/// The model after one round; `eta` in millionths. A node may contribute more than once, one after
/// the other.
///
/// # Errors
/// [`AggregateError`].
pub fn aggregate(
    base: &Model,
    contributions: &[Contribution<'_>],
    rule: Rule,
    eta: u32,
) -> Result<Model, AggregateError> {
    ensure(base, contributions)?;
    let counted: Vec<_> = contributions.iter().filter(|one| one.quality > 0).collect();
    let total: f64 = counted.iter().map(|one| f64::from(one.quality)).sum();
    let trimmed = match rule {
        Rule::WeightedMean | Rule::Median => 0,
        Rule::TrimmedMean { each_side } => each_side as usize,
    };
    if counted.is_empty() {
        return Err(AggregateError::Nobody);
    }
    if trimmed.saturating_mul(2) >= counted.len() {
        let each_side = u32::try_from(trimmed).unwrap_or(u32::MAX);
        return Err(AggregateError::Trimmed { each_side, found: counted.len() });
    }

    let eta = f64::from(eta) / f64::from(MILLIONTHS);
    let mut updates: Vec<_> = counted.iter().map(|one| one.update.iter()).collect();
    let mut column = vec![0.0_f64; counted.len()];
    let mut parameters = Vec::with_capacity(base.parameters().len());
    for (index, parameter) in base.parameters().iter().enumerate() {
        for (value, update) in column.iter_mut().zip(&mut updates) {
            *value = update.next().copied().map_or(0.0, f64::from);
        }
        let step = match rule {
            Rule::WeightedMean => {
                let weighted = column.iter().zip(&counted);
                weighted.fold(0.0, |sum, (value, one)| sum + f64::from(one.quality) * value) / total
            }
            Rule::TrimmedMean { .. } => middle(&mut column, trimmed),
            Rule::Median => {
                let outside = counted.len().saturating_sub(1) >> 1;
                middle(&mut column, outside)
            }
        };
        let next = (f64::from(*parameter) + eta * step) as f32;
        if !next.is_finite() {
            return Err(AggregateError::Diverged { index });
        }
        parameters.push(next);
    }
    let found = parameters.len();
    Model::from_parameters(base.shape(), parameters)
        .map_err(|_| AggregateError::Diverged { index: found })
}

/// The mean of what lies between, from the lowest up: the median where one or two are left.
fn middle(column: &mut [f64], each_side: usize) -> f64 {
    column.sort_unstable_by(f64::total_cmp);
    let end = column.len().saturating_sub(each_side);
    let kept = column.get(each_side..end).unwrap_or_default();
    kept.iter().fold(0.0, |sum, value| sum + value) / kept.len() as f64
}

fn ensure(base: &Model, contributions: &[Contribution<'_>]) -> Result<(), AggregateError> {
    let found = contributions.len();
    if found > MAX_CONTRIBUTIONS {
        return Err(AggregateError::TooMany { found });
    }
    let mut last = 0;
    for Contribution { node, update, .. } in contributions.iter().copied() {
        if node < last {
            return Err(AggregateError::Order { node });
        }
        last = node;
        let (found, expected) = (update.len(), base.parameters().len());
        if found != expected {
            return Err(AggregateError::WrongLength { node, found, expected });
        }
        if let Some(index) = update.iter().position(|value| !value.is_finite()) {
            return Err(AggregateError::NotFinite { node, index });
        }
    }
    Ok(())
}
