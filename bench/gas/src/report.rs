//! Figures by message and setting, as a table, as JSON, and against a baseline.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;

/// Gas by message, by setting.
#[derive(Default)]
pub(crate) struct Report {
    figures: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Report {
    /// Notes what `message` cost in `setting`.
    pub(crate) fn note(&mut self, message: &str, setting: &str, gas: u64) {
        self.figures.entry(message.into()).or_default().insert(setting.into(), gas);
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        let mut table = format!("{:<32} {:>10} {:>10}\n", "message", "unpinned", "pinned");
        let mut quotes = String::new();
        for (message, figures) in &self.figures {
            let cell = |setting| figures.get(setting).map_or("-".into(), u64::to_string);
            let _ = match figures.get("maths") {
                Some(gas) => writeln!(quotes, "{message:<32} {gas:>10}"),
                None => {
                    writeln!(table, "{message:<32} {:>10} {:>10}", cell("unpinned"), cell("pinned"))
                }
            };
        }
        format!("{table}\n{:<32} {:>10}\n{quotes}", "mathematics of a quote", "gas")
    }

    /// For machines.
    pub(crate) fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&self.figures)? + "\n")
    }

    /// Every figure that is more than 2 % above `baseline`, or missing from it.
    pub(crate) fn worse_than(&self, baseline: &str) -> Result<Vec<String>> {
        let baseline: BTreeMap<String, BTreeMap<String, u64>> = serde_json::from_str(baseline)?;
        let mut worse = Vec::new();
        for (message, figures) in &self.figures {
            for (setting, gas) in figures {
                match baseline.get(message).and_then(|figures| figures.get(setting)) {
                    Some(before) if gas * 100 <= before * 102 => {}
                    Some(before) => {
                        worse.push(format!("{message} {setting}: {gas} gas, baseline {before}"));
                    }
                    None => worse.push(format!("{message} {setting}: {gas} gas, no baseline")),
                }
            }
        }
        Ok(worse)
    }
}

#[cfg(test)]
mod tests {
    use super::Report;

    fn report(gas: u64) -> Report {
        let mut report = Report::default();
        report.note("buy", "pinned", gas);
        report
    }

    #[test]
    fn more_than_two_percent_is_worse() {
        let baseline = report(100_000).json().unwrap();
        assert_eq!(report(102_000).worse_than(&baseline).unwrap(), Vec::<String>::new());
        assert_eq!(report(102_001).worse_than(&baseline).unwrap().len(), 1);
    }

    #[test]
    fn a_message_without_baseline_is_worse() {
        assert_eq!(report(1).worse_than("{}").unwrap().len(), 1);
    }
}
