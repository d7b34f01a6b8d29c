//! Settings of the service: the section `[serve]` of `config.toml`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use crate::failure::Failure;

/// The longest of every time: a day. Sums of a few are far from what a clock can count.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;

/// How lines of the log look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The settings. Every number bounds something that a client could otherwise use up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// Requests a second that one client may send for long; 0 for no limit.
    pub rate_limit: u32,
    /// Requests that it may send at once.
    pub rate_burst: u32,
    /// Largest body of a request, bytes.
    pub body_limit: u32,
    /// Connections at the same time; more wait until one ends.
    pub max_connections: u32,
    /// Those of one client; more are closed at once. 0 for no limit but the one above.
    pub max_connections_per_client: u32,
    /// A connection that has not sent a whole request head for this long is closed.
    pub header_timeout_ms: u64,
    /// A request that is not answered after this long is answered with 503, or with 408 while its
    /// body has not arrived.
    pub request_timeout_ms: u64,
    /// A connection whose client takes nothing of its answers for this long is closed.
    pub write_timeout_ms: u64,
    /// How long the chain may take to answer.
    pub chain_timeout_ms: u64,
    /// How long requests are still taken after the signal to stop.
    pub drain_ms: u64,
    /// Key of the keystore whose beacon is emitted; none is emitted without.
    pub emit: Option<String>,
    /// Training runs that are kept going; none are without.
    #[serde(default, deserialize_with = "numbers")]
    pub keep: Vec<u64>,
    /// What is logged, such as `info` or `modelbond=debug,warn`.
    pub log: String,
    /// How it looks.
    pub log_format: LogFormat,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8787".to_owned(),
            rate_limit: 100,
            rate_burst: 200,
            body_limit: 64 << 10,
            max_connections: 1024,
            max_connections_per_client: 128,
            header_timeout_ms: 15_000,
            request_timeout_ms: 10_000,
            write_timeout_ms: 15_000,
            chain_timeout_ms: 3_000,
            drain_ms: 1_000,
            emit: None,
            keep: vec![],
            log: "info".to_owned(),
            log_format: LogFormat::Text,
        }
    }
}

impl Settings {
    /// Refuses what no service can run with.
    pub fn check(&self) -> Result<(), Failure> {
        let positive = [
            ("max_connections", u64::from(self.max_connections)),
            ("body_limit", u64::from(self.body_limit)),
            ("header_timeout_ms", self.header_timeout_ms),
            ("request_timeout_ms", self.request_timeout_ms),
            ("write_timeout_ms", self.write_timeout_ms),
            ("chain_timeout_ms", self.chain_timeout_ms),
        ];
        if let Some((name, _)) = positive.iter().find(|(_, value)| *value == 0) {
            return Err(Failure::usage(format!("serve.{name} is 0"))
                .hint("nothing could be served; take a larger number"));
        }
        let times = [
            ("header_timeout_ms", self.header_timeout_ms),
            ("request_timeout_ms", self.request_timeout_ms),
            ("write_timeout_ms", self.write_timeout_ms),
            ("chain_timeout_ms", self.chain_timeout_ms),
            ("drain_ms", self.drain_ms),
        ];
        if let Some((name, _)) = times.iter().find(|(_, value)| *value > LONGEST_MS) {
            return Err(Failure::usage(format!("serve.{name} is above {LONGEST_MS}"))
                .hint("a day is the longest; take a smaller number of milliseconds"));
        }
        if self.rate_limit > 0 && self.rate_burst == 0 {
            return Err(Failure::usage("serve.rate_burst is 0")
                .hint("take at least 1, or serve.rate_limit = 0 for no limit"));
        }
        if self.chain_timeout_ms >= self.request_timeout_ms {
            return Err(Failure::usage(format!(
                "serve.chain_timeout_ms ({}) is not below serve.request_timeout_ms ({})",
                self.chain_timeout_ms, self.request_timeout_ms
            ))
            .hint("a request waits for the chain, so it needs more time than the chain"));
        }
        Ok(())
    }

    /// [`Settings::header_timeout_ms`].
    pub fn header_timeout(&self) -> Duration {
        Duration::from_millis(self.header_timeout_ms)
    }

    /// [`Settings::request_timeout_ms`].
    pub fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    /// [`Settings::write_timeout_ms`].
    pub fn write_timeout(&self) -> Duration {
        Duration::from_millis(self.write_timeout_ms)
    }

    /// [`Settings::chain_timeout_ms`].
    pub fn chain_timeout(&self) -> Duration {
        Duration::from_millis(self.chain_timeout_ms)
    }

    /// [`Settings::drain_ms`].
    pub fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }
}

/// What the flags of `modelbond serve` say; nothing where a flag was not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Overrides {
    /// `--listen`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// `--rate-limit`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<u32>,
    /// `--rate-burst`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_burst: Option<u32>,
    /// `--body-limit`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_limit: Option<u32>,
    /// `--max-connections`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<u32>,
    /// `--drain-ms`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drain_ms: Option<u64>,
    /// `--emit`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emit: Option<String>,
    /// `--keep`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<Vec<u64>>,
    /// `--log`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// `--log-format`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
}

/// One number, several separated by commas, or a list.
fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Numbers {
        One(u64),
        List(Vec<u64>),
        Text(String),
    }
    match Numbers::deserialize(deserializer)? {
        Numbers::One(number) => Ok(vec![number]),
        Numbers::List(list) => Ok(list),
        Numbers::Text(text) => text
            .split(',')
            .map(|part| part.trim().parse().map_err(|_| part))
            .collect::<Result<_, _>>()
            .map_err(|part| serde::de::Error::custom(format!("{part:?} is not a number"))),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::a_list(serde_json::json!([1, 2]), Some(vec![1, 2]))]
    #[case::a_number(serde_json::json!(3), Some(vec![3]))]
    #[case::text_of_the_environment(serde_json::json!("1, 2"), Some(vec![1, 2]))]
    #[case::no_number(serde_json::json!("one"), None)]
    #[case::a_negative_number(serde_json::json!([-1]), None)]
    fn runs_to_keep(#[case] given: serde_json::Value, #[case] expected: Option<Vec<u64>>) {
        let mut settings = serde_json::to_value(Settings::default()).unwrap();
        settings["keep"] = given;
        let read = serde_json::from_value::<Settings>(settings).map(|settings| settings.keep);
        assert_eq!(read.ok(), expected);
    }

    #[rstest]
    #[case::header("header_timeout_ms")]
    #[case::request("request_timeout_ms")]
    #[case::write("write_timeout_ms")]
    #[case::chain("chain_timeout_ms")]
    #[case::drain("drain_ms")]
    fn a_time_above_a_day_is_refused(#[case] name: &str) {
        let with = |value: u64| {
            // So that the chain's time is below the request's.
            let mut settings = serde_json::to_value(Settings::default()).unwrap();
            settings["request_timeout_ms"] = LONGEST_MS.into();
            settings["chain_timeout_ms"] = 1.into();
            settings[name] = value.into();
            serde_json::from_value::<Settings>(settings).unwrap().check()
        };
        for value in [LONGEST_MS + 1, u64::MAX] {
            let what = with(value).unwrap_err().to_string();
            assert_eq!(what, format!("serve.{name} is above 86400000"));
        }
        if name != "chain_timeout_ms" {
            assert_eq!(with(LONGEST_MS), Ok(()));
        }
    }
}
