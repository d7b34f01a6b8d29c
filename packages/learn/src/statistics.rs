//! Mean and deviation of features, in f64, in the order of the rows.
//!
//! mean = Σx / n, deviation = √(Σ(x − mean)² / n), two passes. No input overflows: an f32 squared is
//! below 10⁷⁷, and the smallest difference of two f32 squared is far above what f64 can hold.

use crate::dataset::{Dataset, DatasetError};

/// What brings a feature to mean 0 and deviation 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    features: Vec<Feature>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Feature {
    mean: f64,
    deviation: f64,
}

impl Statistics {
    /// Of these rows.
    #[must_use]
    pub fn of(rows: &Dataset) -> Self {
        let count = rows.len() as f64;
        let mut features = vec![Feature::default(); rows.width()];
        for row in rows.rows() {
            for (feature, value) in features.iter_mut().zip(row.features) {
                feature.mean += f64::from(*value);
            }
        }
        for feature in &mut features {
            feature.mean /= count;
        }
        for row in rows.rows() {
            for (feature, value) in features.iter_mut().zip(row.features) {
                let difference = f64::from(*value) - feature.mean;
                feature.deviation += difference * difference;
            }
        }
        for feature in &mut features {
            feature.deviation = (feature.deviation / count).sqrt();
        }
        Self { features }
    }

    /// (x − mean) / deviation, rounded to f32 once; 0 where all rows are alike.
    ///
    /// # Errors
    /// [`DatasetError::Width`] for rows of another width, [`DatasetError::Number`] for rows so far
    /// from those measured that the result is infinite.
    pub fn apply(&self, rows: &Dataset) -> Result<Dataset, DatasetError> {
        if rows.width() != self.features.len() {
            return Err(DatasetError::Width {
                line: 1,
                found: rows.width(),
                expected: self.features.len(),
            });
        }
        let scaled = |(feature, value): (&Feature, &f32)| {
            if feature.deviation > 0.0 {
                ((f64::from(*value) - feature.mean) / feature.deviation) as f32
            } else {
                0.0
            }
        };
        let values = rows
            .rows()
            .flat_map(|row| self.features.iter().zip(row.features).map(scaled))
            .collect();
        let labels = rows.rows().map(|row| row.label).collect();
        Dataset::new(rows.width(), values, labels)
    }
}
