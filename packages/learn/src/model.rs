//! Networks: their shapes, parameters, first values and bytes.
//!
//! | shape | computes | parameters in order |
//! |---|---|---|
//! | [`Shape::logistic`] | softmax(x·W + b) | W (inputs × classes), b |
//! | [`Shape::dense`] | softmax(max(x·V + c, 0)·W + b) | V (inputs × hidden), c, W (hidden × classes), b |
//!
//! Matrices lie row by row, one row for each value that comes in. Two classes make the first the
//! logistic regression of the difference of its columns.
//!
//! Bytes: "MBM" ‖ version 0x01 ‖ inputs ‖ hidden (0: none) ‖ classes, 4 bytes each ‖ each parameter as
//! f32, all little-endian, nothing after. One model has one encoding, and [`Model::hash`] is its
//! SHA-256.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::random::Random;
use crate::{codec, digest, Hash};

/// The largest network.
pub const MAX_PARAMETERS: u32 = 10_000_000;
/// The most classes.
pub const MAX_CLASSES: u32 = 1_024;

const MAGIC: [u8; 4] = *b"MBM\x01";
const HEADER: u64 = 16;

/// Why there is no such model.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelError {
    /// A layer without inputs or hidden units.
    #[error("a layer has no width")]
    NoWidth,
    /// One class says nothing, and many are too many.
    #[error("{classes} classes, must be 2 to {MAX_CLASSES}")]
    Classes {
        /// How many.
        classes: u32,
    },
    /// Too large.
    #[error("{parameters} parameters are more than {MAX_PARAMETERS}")]
    TooMany {
        /// How many.
        parameters: u64,
    },
    /// Parameters of another shape.
    #[error("the shape has {expected} parameters, {found} are given")]
    WrongLength {
        /// How many there should be.
        expected: u32,
        /// How many there are.
        found: u64,
    },
    /// NaN or infinite.
    #[error("parameter {index} is not finite")]
    NotFinite {
        /// Which, from 0.
        index: usize,
    },
    /// Not ours, or of another version.
    #[error("the bytes are no model of version 1")]
    Magic,
    /// Cut off, or followed by something.
    #[error("the model has {expected} bytes, not {found}")]
    Length {
        /// Bytes that the shape needs.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
}

/// Widths of a network, within the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    inputs: u32,
    hidden: u32,
    classes: u32,
}

impl Shape {
    /// Softmax regression.
    ///
    /// # Errors
    /// [`ModelError::NoWidth`], [`ModelError::Classes`], [`ModelError::TooMany`].
    pub fn logistic(inputs: u32, classes: u32) -> Result<Self, ModelError> {
        Self { inputs, hidden: 0, classes }.ensured()
    }

    /// One hidden layer.
    ///
    /// # Errors
    /// [`ModelError::NoWidth`], [`ModelError::Classes`], [`ModelError::TooMany`].
    pub fn dense(inputs: u32, hidden: u32, classes: u32) -> Result<Self, ModelError> {
        if hidden == 0 {
            return Err(ModelError::NoWidth);
        }
        Self { inputs, hidden, classes }.ensured()
    }

    /// Values of a row.
    #[must_use]
    pub fn inputs(&self) -> u32 {
        self.inputs
    }

    /// Units of the hidden layer, if there is one.
    #[must_use]
    pub fn hidden(&self) -> Option<u32> {
        (self.hidden > 0).then_some(self.hidden)
    }

    /// Classes to tell apart.
    #[must_use]
    pub fn classes(&self) -> u32 {
        self.classes
    }

    /// Parameters of all layers.
    #[must_use]
    pub fn parameters(&self) -> u32 {
        u32::try_from(self.count()).unwrap_or(u32::MAX)
    }

    /// inputs ‖ hidden (0: none) ‖ classes, 4 bytes each, little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 12] {
        let mut bytes = [0; 12];
        let fields = [self.inputs, self.hidden, self.classes];
        for (to, from) in bytes.iter_mut().zip(fields.into_iter().flat_map(u32::to_le_bytes)) {
            *to = from;
        }
        bytes
    }

    fn ensured(self) -> Result<Self, ModelError> {
        if self.inputs == 0 {
            return Err(ModelError::NoWidth);
        }
        if !(2..=MAX_CLASSES).contains(&self.classes) {
            return Err(ModelError::Classes { classes: self.classes });
        }
        let parameters = self.count();
        if parameters > MAX_PARAMETERS.into() {
            return Err(ModelError::TooMany { parameters });
        }
        Ok(self)
    }

    fn count(&self) -> u64 {
        let layer =
            |from: u32, to: u32| u64::from(from).saturating_add(1).saturating_mul(to.into());
        match self.hidden {
            0 => layer(self.inputs, self.classes),
            hidden => layer(self.inputs, hidden).saturating_add(layer(hidden, self.classes)),
        }
    }
}

/// A network. Its parameters are as many as the shape says, and finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    shape: Shape,
    parameters: Vec<f32>,
}

impl Model {
    /// Biases 0; weights uniform within ±√(6 / inputs) before the hidden layer (He) and ±√(1 / values
    /// that come in) before the classes.
    #[must_use]
    pub fn init(shape: Shape, seed: &[u8; 32]) -> Self {
        let mut random = Random::new(seed, "init", 0);
        let mut parameters = Vec::with_capacity(shape.parameters() as usize);
        let mut layer = |inputs: u32, outputs: u32, gain: f64| {
            let reach = (gain / f64::from(inputs)).sqrt() as f32;
            for _ in 0..u64::from(inputs).saturating_mul(outputs.into()) {
                parameters.push(random.symmetric() * reach);
            }
            parameters.extend((0..outputs).map(|_| 0.0_f32));
        };
        match shape.hidden() {
            None => layer(shape.inputs, shape.classes, 1.0),
            Some(hidden) => {
                layer(shape.inputs, hidden, 6.0);
                layer(hidden, shape.classes, 1.0);
            }
        }
        Self { shape, parameters }
    }

    /// A model with these parameters.
    ///
    /// # Errors
    /// [`ModelError::WrongLength`], [`ModelError::NotFinite`].
    pub fn from_parameters(shape: Shape, parameters: Vec<f32>) -> Result<Self, ModelError> {
        let (expected, found) = (shape.parameters(), parameters.len() as u64);
        if found != u64::from(expected) {
            return Err(ModelError::WrongLength { expected, found });
        }
        match parameters.iter().position(|parameter| !parameter.is_finite()) {
            Some(index) => Err(ModelError::NotFinite { index }),
            None => Ok(Self { shape, parameters }),
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// All parameters, in the order of the table above.
    #[must_use]
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.shape.to_bytes());
        bytes.extend(self.parameters.iter().flat_map(|parameter| parameter.to_le_bytes()));
        bytes
    }

    /// The model that these bytes are.
    ///
    /// # Errors
    /// [`ModelError`]; no memory is taken before the length is known to be that of the shape.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(ModelError::Magic)?;
        let found = bytes.len() as u64;
        let (fields, rest) =
            rest.split_first_chunk::<12>().ok_or(ModelError::Length { expected: HEADER, found })?;
        let mut fields = fields.as_chunks::<4>().0.iter().copied().map(u32::from_le_bytes);
        let mut field = || fields.next().unwrap_or_default();
        let shape = Shape { inputs: field(), hidden: field(), classes: field() }.ensured()?;
        let expected = u64::from(shape.parameters()).saturating_mul(4).saturating_add(HEADER);
        if found != expected {
            return Err(ModelError::Length { expected, found });
        }
        Self::from_parameters(shape, codec::floats(rest).unwrap_or_default())
    }

    /// sha256 of its bytes.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let mut hasher = Sha256::new().chain_update(MAGIC).chain_update(self.shape.to_bytes());
        digest::feed_floats(&mut hasher, &self.parameters);
        digest::finish(hasher)
    }
}
