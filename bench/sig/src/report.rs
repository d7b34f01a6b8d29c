//! Figures as lines of a table and as JSON, and the targets that they meet or miss.

use std::fmt::Write;

use anyhow::Result;
use serde_json::{json, Value};

/// What a measurement found.
#[derive(Default)]
pub(crate) struct Report {
    tables: Vec<String>,
    figures: Vec<(&'static str, Value)>,
    targets: Vec<Target>,
}

/// A figure with what it should be.
struct Target {
    what: String,
    wanted: String,
    measured: String,
    met: bool,
}

impl Report {
    /// A table for people, with the same figures under a name for machines.
    pub(crate) fn section(&mut self, name: &'static str, table: String, figures: Value) {
        self.tables.push(table);
        self.figures.push((name, figures));
    }

    /// A figure that should be at least this.
    pub(crate) fn at_least(&mut self, what: &str, wanted: f64, measured: f64) {
        self.targets.push(Target {
            what: what.to_owned(),
            wanted: format!("≥ {wanted}"),
            measured: format!("{measured:.2}"),
            met: measured >= wanted,
        });
    }

    /// A figure that should be at most this.
    pub(crate) fn at_most(&mut self, what: &str, wanted: f64, measured: f64) {
        self.targets.push(Target {
            what: what.to_owned(),
            wanted: format!("≤ {wanted}"),
            measured: format!("{measured:.2}"),
            met: measured <= wanted,
        });
    }

    /// A count that should be zero.
    pub(crate) fn none(&mut self, what: &str, measured: u64) {
        self.targets.push(Target {
            what: what.to_owned(),
            wanted: "0".to_owned(),
            measured: measured.to_string(),
            met: measured == 0,
        });
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = self.tables.join("\n");
        let _ = writeln!(text, "\n{:<52} {:>8} {:>10}", "target", "wanted", "measured");
        for Target { what, wanted, measured, met } in &self.targets {
            let verdict = if *met { "met" } else { "MISSED" };
            let _ = writeln!(text, "{what:<52} {wanted:>8} {measured:>10}  {verdict}");
        }
        text
    }

    /// For machines.
    pub(crate) fn json(&self) -> Result<String> {
        let mut whole = serde_json::Map::new();
        for (name, figures) in &self.figures {
            whole.insert((*name).to_owned(), figures.clone());
        }
        let targets = self.targets.iter().map(|Target { what, wanted, measured, met }| {
            json!({"what": what, "wanted": wanted, "measured": measured, "met": met})
        });
        whole.insert("targets".to_owned(), targets.collect());
        Ok(serde_json::to_string_pretty(&whole)? + "\n")
    }
}

/// The value below which a share of the sorted values lies; 0 of none.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    // A share is between 0 and 1, so this is an index.
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
}

/// In ascending order.
pub(crate) fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_of_the_list() {
        let values = sorted(vec![3.0, 1.0, 2.0, 5.0, 4.0]);
        assert_eq!([0.0, 0.5, 0.99, 1.0].map(|share| quantile(&values, share)), [1., 3., 5., 5.]);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn a_missed_target_is_named_in_both_forms() {
        let mut report = Report::default();
        report.at_least("speed", 0.8, 0.79);
        report.none("lost", 0);
        report.at_most("latency", 20.0, 20.5);
        assert!(report.text().contains("0.79  MISSED") && report.text().contains("0  met"));
        let json: Value = serde_json::from_str(&report.json().unwrap()).unwrap();
        assert_eq!(json["targets"][0]["met"], false);
        assert_eq!(json["targets"][1]["met"], true);
        assert_eq!(json["targets"][2]["met"], false);
    }
}
