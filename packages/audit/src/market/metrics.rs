//! Reports of metrics: the target that follows from them, and the multiplier on its way to it.

use cosmwasm_std::Decimal;
use modelbond_curve::multiplier::{self, Multiplier, MultiplierParams, Weights};
use modelbond_interface::market::{ConfigResponse, MarketMetricsReported, Metrics};

use super::MarketBooks;
use crate::finding::Notes;
use crate::Entry;

/// A report.
pub(super) fn reported(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    event: &MarketMetricsReported,
    notes: &mut Notes,
) {
    books.release(entry.time);
    let params = &terms.params.multiplier;
    let weights = Weights {
        accuracy: atomics(params.weights.accuracy),
        adoption: atomics(params.weights.adoption),
        improvement: atomics(params.weights.improvement),
        growth: atomics(params.weights.growth),
    };
    let measured = multiplier::Metrics {
        accuracy: atomics(event.accuracy),
        adoption: atomics(event.adoption),
        improvement: atomics(event.improvement),
        growth: atomics(event.growth),
    };
    let params = MultiplierParams {
        threshold_bps: params.threshold_bps.into(),
        rise_bps_per_hour: params.rise_bps_per_hour.into(),
        fall_bps_per_hour: params.fall_bps_per_hour.into(),
        rebound_bps_per_hour: params.rebound_bps_per_hour.into(),
        rebound_threshold_bps: params.rebound_threshold_bps.into(),
    };
    match multiplier::target(&measured, &weights) {
        Ok(target) => {
            notes.equal("target", target, atomics(event.target));
            let opened_at = terms.opened_at.nanos();
            let followed = books.multiplier.get_or_insert(Multiplier::new(opened_at));
            let accepted = followed.accept(&params, target, entry.time);
            notes.equal("target accepted", accepted, event.accepted);
            let value = followed.value_at(&params, entry.time);
            notes.equal("multiplier", value, atomics(event.multiplier));
        }
        Err(error) => notes.note("metrics", "at most 1", error),
    }
    books.metrics = Some(Metrics {
        accuracy: event.accuracy,
        adoption: event.adoption,
        improvement: event.improvement,
        growth: event.growth,
    });
}

/// In 10⁻¹⁸; all that are valid fit.
fn atomics(value: Decimal) -> u64 {
    u64::try_from(value.atomics().u128()).unwrap_or(u64::MAX)
}
