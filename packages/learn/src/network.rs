//! Forward and backward through a network, one row at a time, every sum in one order.
//!
//! An output is its bias plus one product after the other, inputs in order; a gradient grows by one row
//! after the other. Several outputs may go side by side in a vector register, since that does not
//! change the order of any sum.

use crate::dataset::{Dataset, Row};
use crate::elementary::{exp, ln};
use crate::model::Shape;

/// The logits of a row are not finite: there is no loss, and no gradient.
#[derive(Debug)]
pub(crate) struct NotFinite;

/// Does a network of this shape take these rows?
pub(crate) fn fits(shape: Shape, rows: &Dataset) -> bool {
    rows.width() == shape.inputs() as usize && rows.classes() <= shape.classes()
}

/// Room for what is computed of one row.
pub(crate) struct Pass {
    inputs: usize,
    hidden: Vec<f32>,
    hidden_delta: Vec<f32>,
    logits: Vec<f32>,
    exponentials: Vec<f64>,
    sum: f64,
    delta: Vec<f32>,
}

impl Pass {
    pub(crate) fn new(shape: Shape) -> Self {
        let hidden = shape.hidden().unwrap_or(0) as usize;
        let classes = shape.classes() as usize;
        Self {
            inputs: shape.inputs() as usize,
            hidden: vec![0.0; hidden],
            hidden_delta: vec![0.0; hidden],
            logits: vec![0.0; classes],
            exponentials: vec![0.0; classes],
            sum: 0.0,
            delta: vec![0.0; classes],
        }
    }

    /// −ln p of the row's label: ln Σ exp(zⱼ − max z) − (z − max z), in f64, which is never below 0.
    pub(crate) fn forward(&mut self, parameters: &[f32], row: Row<'_>) -> Result<f64, NotFinite> {
        let upper = if self.hidden.is_empty() {
            affine(row.features, parameters, &mut self.logits);
            None
        } else {
            let (lower, upper) = cut(parameters, layer_len(self.inputs, self.hidden.len()));
            affine(row.features, lower, &mut self.hidden);
            for unit in &mut self.hidden {
                if *unit <= 0.0 {
                    *unit = 0.0;
                }
            }
            Some(upper)
        };
        if let Some(upper) = upper {
            affine(&self.hidden, upper, &mut self.logits);
        }
        // A NaN before the rectifier stays one, so it is seen here.
        if self.logits.iter().any(|logit| !logit.is_finite()) {
            return Err(NotFinite);
        }
        let highest = f64::from(self.highest().1);
        self.sum = 0.0;
        for (exponential, logit) in self.exponentials.iter_mut().zip(&self.logits) {
            *exponential = exp(f64::from(*logit) - highest);
            self.sum += *exponential;
        }
        let logit = self.logits.get(row.label as usize).copied().ok_or(NotFinite)?;
        Ok(ln(self.sum) - (f64::from(logit) - highest))
    }

    /// The class of the highest logit, the first of equals.
    pub(crate) fn class(&self) -> u32 {
        self.highest().0
    }

    /// Adds the gradient of the row's loss, after [`Pass::forward`] of the same row.
    pub(crate) fn backward(&mut self, parameters: &[f32], row: Row<'_>, gradient: &mut [f32]) {
        let outputs = self.delta.iter_mut().zip(&self.exponentials);
        for (class, (delta, exponential)) in (0_u32..).zip(outputs) {
            let target = if class == row.label { 1.0 } else { 0.0 };
            *delta = (exponential / self.sum - target) as f32;
        }
        if self.hidden.is_empty() {
            accumulate(row.features, &self.delta, gradient);
            return;
        }
        let lower_len = layer_len(self.inputs, self.hidden.len());
        let (_, upper) = cut(parameters, lower_len);
        let (lower_gradient, upper_gradient) = gradient.split_at_mut(lower_len.min(gradient.len()));
        accumulate(&self.hidden, &self.delta, upper_gradient);
        let units = self.hidden_delta.iter_mut().zip(&self.hidden);
        for ((delta, unit), weights) in units.zip(upper.chunks_exact(self.delta.len().max(1))) {
            *delta = 0.0;
            if *unit > 0.0 {
                for (weight, output) in weights.iter().zip(&self.delta) {
                    *delta += weight * output;
                }
            }
        }
        accumulate(row.features, &self.hidden_delta, lower_gradient);
    }

    fn highest(&self) -> (u32, f32) {
        let mut highest = (0, f32::NEG_INFINITY);
        for (class, logit) in (0..).zip(&self.logits) {
            if *logit > highest.1 {
                highest = (class, *logit);
            }
        }
        highest
    }
}

/// outputs = bias + inputs · weights; a layer is its weights, one row for each input, then its bias.
fn affine(inputs: &[f32], layer: &[f32], outputs: &mut [f32]) {
    let (weights, bias) = cut(layer, inputs.len().saturating_mul(outputs.len()));
    for (output, bias) in outputs.iter_mut().zip(bias) {
        *output = *bias;
    }
    for (input, weights) in inputs.iter().zip(weights.chunks_exact(outputs.len().max(1))) {
        for (output, weight) in outputs.iter_mut().zip(weights) {
            *output += input * weight;
        }
    }
}

/// The gradient of [`affine`] by its layer, added.
fn accumulate(inputs: &[f32], delta: &[f32], layer: &mut [f32]) {
    let weights_len = inputs.len().saturating_mul(delta.len()).min(layer.len());
    let (weights, bias) = layer.split_at_mut(weights_len);
    for (input, weights) in inputs.iter().zip(weights.chunks_exact_mut(delta.len().max(1))) {
        for (weight, delta) in weights.iter_mut().zip(delta) {
            *weight += input * delta;
        }
    }
    for (bias, delta) in bias.iter_mut().zip(delta) {
        *bias += delta;
    }
}

fn layer_len(inputs: usize, outputs: usize) -> usize {
    inputs.saturating_add(1).saturating_mul(outputs)
}

fn cut(slice: &[f32], at: usize) -> (&[f32], &[f32]) {
    slice.split_at(at.min(slice.len()))
}
