//! A run as a file: TOML over a preset, so that only what differs has to be written.

use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    Aggregation, AlgorithmTerms, DatasetTerms, Hash32, Lengths, Mode, MoneyTerms, Penalties,
    RunParams, Scoring, Sizes,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// Ready-made runs.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// For 3 to 5 nodes and seconds of work
    Devnet,
    /// For 64 nodes and more
    Production,
}

/// What no preset knows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hashes {
    pub(crate) dataset_root: Hash32,
    pub(crate) algorithm_hash: Hash32,
    pub(crate) known_answer: Hash32,
    pub(crate) base_hash: Hash32,
}

/// Fields that a file must have, whatever the preset.
const REQUIRED: [&[&str]; 5] = [
    &["dataset", "root"],
    &["algorithm", "hash"],
    &["algorithm", "known_answer"],
    &["base_hash"],
    &["usage_source"],
];

/// One token.
const TOKEN: u128 = 1_000_000;

/// For 3 to 5 nodes: one group of a trainer and two witnesses; everybody else judges.
pub(crate) fn devnet(hashes: Hashes, usage_source: String) -> RunParams {
    RunParams {
        dataset: DatasetTerms { root: hashes.dataset_root, shards: 16, slices: vec![] },
        algorithm: AlgorithmTerms {
            hash: hashes.algorithm_hash,
            known_answer: hashes.known_answer,
            mode: Mode::Exact,
            aggregation: Aggregation::Mean,
            eta_millionths: 1_000_000,
        },
        base_hash: hashes.base_hash,
        // 8, as a central beacon doubles it: 1 in 4.
        sizes: Sizes { groups: 1, witnesses: 2, audit_one_in: 8, jury: 21 },
        lengths: Lengths {
            elect_secs: 6,
            commit_secs: 30,
            reveal_secs: 15,
            check_secs: 30,
            aggregate_secs: 15,
            blocks: 5,
            grid_secs: 3,
            margin_secs: 3,
        },
        penalties: Penalties { wrong_bps: 200, late_bps: 0, absent_bps: 0 },
        scoring: Scoring {
            accuracy_bps: 5_000,
            improvement_bps: 3_000,
            nps_bps: 2_000,
            users_target: 10,
            units_target: 10,
            min_units: 1,
            small_network: true,
        },
        money: MoneyTerms {
            unit_stake: Uint128::new(TOKEN),
            round_budget: Uint128::new(10 * TOKEN),
            min_bond: Uint128::new(10 * TOKEN),
            challenge_bond: Uint128::new(TOKEN),
        },
        usage_source,
    }
}

/// For 64 nodes and more. A unit is at least 16 times what a group earns in a round.
fn production(hashes: Hashes, usage_source: String) -> RunParams {
    let few = devnet(hashes, usage_source);
    RunParams {
        dataset: DatasetTerms { shards: 1_024, ..few.dataset },
        algorithm: AlgorithmTerms { aggregation: Aggregation::TrimmedMean, ..few.algorithm },
        sizes: Sizes { groups: 12, witnesses: 4, audit_one_in: 8, jury: 21 },
        lengths: Lengths {
            elect_secs: 60,
            commit_secs: 3_600,
            reveal_secs: 300,
            check_secs: 3_900,
            aggregate_secs: 600,
            blocks: 20,
            grid_secs: 30,
            margin_secs: 30,
        },
        penalties: Penalties { wrong_bps: 1_000, late_bps: 100, absent_bps: 10 },
        scoring: Scoring {
            accuracy_bps: 5_000,
            improvement_bps: 3_000,
            nps_bps: 2_000,
            users_target: 1_000,
            units_target: 1_000,
            min_units: 64,
            small_network: false,
        },
        money: MoneyTerms {
            unit_stake: Uint128::new(1_600 * TOKEN),
            round_budget: Uint128::new(1_200 * TOKEN),
            min_bond: Uint128::new(12_000 * TOKEN),
            challenge_bond: Uint128::new(100 * TOKEN),
        },
        ..few
    }
}

impl Preset {
    fn values(self) -> Result<Map<String, Value>> {
        let build = match self {
            Self::Devnet => devnet,
            Self::Production => production,
        };
        let values = serde_json::to_value(build(Hashes::default(), String::new()));
        let mut values = values.context("preset")?;
        for path in REQUIRED {
            if let Some(value) = values.pointer_mut(&format!("/{}", path.join("/"))) {
                *value = Value::Null;
            }
        }
        match values {
            Value::Object(values) => Ok(values),
            _ => anyhow::bail!("a run is a table"),
        }
    }

    /// A file with every number and what it means.
    pub(crate) fn template(self) -> Result<String> {
        self.written(&self.values()?)
    }

    /// The same with everything filled in, and other numbers where `set` has some.
    pub(crate) fn filled(
        self,
        hashes: Hashes,
        ((shards, slices), usage_source): ((u32, Vec<Hash32>), String),
        set: &[String],
    ) -> Result<String> {
        let build = match self {
            Self::Devnet => devnet,
            Self::Production => production,
        };
        let mut params = build(hashes, usage_source);
        (params.dataset.shards, params.dataset.slices) = (shards, slices);
        let mut values = serde_json::to_value(params).context("run")?;
        for text in set {
            replace(&mut values, text).map_err(|why| {
                Failure::usage(format!("--set {text}: {why}"))
                    .hint("write it as modelbond run template does: lengths.check_secs=15")
            })?;
        }
        match values {
            Value::Object(values) => self.written(&values),
            _ => anyhow::bail!("a run is a table"),
        }
    }

    fn written(self, values: &Map<String, Value>) -> Result<String> {
        let name = self.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned());
        let mut text = format!(
            "# A run of the preset {name}. What is left out is as in the preset; amounts are in base \
             units,\n# 1,000,000 are one token.\n"
        );
        for (name, comment) in FIELDS {
            text.push_str(&format!("\n# {comment}\n{name} = {}\n", literal(values.get(name))));
        }
        for (table, fields) in TABLES {
            text.push_str(&format!("\n[{table}]\n"));
            for (name, comment) in fields {
                let value = literal(values.get(table).and_then(|table| table.get(name)));
                text.push_str(&format!("# {comment}\n{name} = {value}\n"));
            }
        }
        Ok(text)
    }

    /// The run of a file over this preset.
    pub(crate) fn read(self, path: &Path) -> Result<RunParams> {
        let text = std::fs::read_to_string(path)
            .with_context(|| Failure::usage(format!("cannot read {}", path.display())))?;
        self.parse(&text).map_err(|what| {
            Failure::usage(format!("{} is no run: {what}", path.display()))
                .hint("modelbond run template prints one with every field explained")
                .into()
        })
    }

    fn parse(self, text: &str) -> Result<RunParams, String> {
        let given: toml::Table =
            toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let given = serde_json::to_value(given).map_err(|error| error.to_string())?;
        let mut values = Value::Object(self.values().map_err(|error| error.to_string())?);
        merge(&mut values, given)?;
        drop_nulls(&mut values);
        serde_json::from_value(values).map_err(|error| error.to_string())
    }
}

/// What was not filled in is missing.
fn drop_nulls(value: &mut Value) {
    if let Value::Object(values) = value {
        values.retain(|_, value| !value.is_null());
        values.values_mut().for_each(drop_nulls);
    }
}

/// Puts what is given in place of the preset's, which has every name there is; amounts may be written
/// as numbers.
fn merge(base: &mut Value, given: Value) -> Result<(), String> {
    match (base, given) {
        (Value::Object(base), Value::Object(given)) => {
            for (name, value) in given {
                let Some(base) = base.get_mut(&name) else {
                    let known: Vec<&str> = base.keys().map(String::as_str).collect();
                    return Err(format!("unknown field `{name}`, there are {}", known.join(", ")));
                };
                merge(base, value).map_err(|error| format!("{name}: {error}"))?;
            }
        }
        (base @ Value::String(_), Value::Number(number)) => {
            *base = Value::String(number.to_string());
        }
        (base, given) => *base = given,
    }
    Ok(())
}

/// Puts TABLE.FIELD=VALUE in its place.
fn replace(values: &mut Value, text: &str) -> Result<(), String> {
    let (path, value) = text.split_once('=').ok_or("there is no =")?;
    let given: toml::Table =
        toml::from_str(&format!("{path} = {value}")).map_err(|error| error.message().to_owned())?;
    merge(values, serde_json::to_value(given).map_err(|error| error.to_string())?)
}

/// A value as TOML writes it; what has to be filled in is empty.
fn literal(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "\"\" # required".to_owned(),
        Some(value) => value.to_string(),
    }
}

const FIELDS: [(&str, &str); 2] = [
    ("base_hash", "The model to begin with, 64 hexadecimal digits."),
    (
        "usage_source",
        "Who says who paid for using the model: an address, or a key of the keystore.",
    ),
];

const TABLES: [(&str, &[(&str, &str)]); 7] = [
    (
        "dataset",
        &[
            ("root", "Root of the dataset's Merkle tree, 64 hexadecimal digits."),
            ("shards", "Parts of the dataset, one for each group and round: 1 to 65,536."),
            (
                "slices",
                "sha256(salt, root, samples) of parts of the holdout, at most 32; one is opened in each round.",
            ),
        ],
    ),
    (
        "algorithm",
        &[
            ("hash", "The algorithm, with everything that fixes its result."),
            ("known_answer", "What a node that computes right answers to its known question."),
            ("mode", "exact: witnesses repeat the training; scored: they score the update."),
            ("aggregation", "mean, trimmed_mean or median."),
            ("eta_millionths", "How much of the accepted updates is taken, in millionths."),
        ],
    ),
    (
        "money",
        &[
            ("unit_stake", "Tokens of one unit of stake."),
            (
                "round_budget",
                "Tokens that a round pays: 60 % trainers, 28 % witnesses, 4 % each to the leader, the committee, who advances.",
            ),
            ("min_bond", "Rounds open only while the run's bond is at least this."),
            ("challenge_bond", "What a challenge costs until it is decided."),
        ],
    ),
    (
        "sizes",
        &[
            ("groups", "Groups of a round: 1 to 16."),
            ("witnesses", "Witnesses of a group: 0 to 8; groups x (1 + witnesses) is at most 80."),
            (
                "audit_one_in",
                "One accepted group in so many is audited; twice as many under a central beacon.",
            ),
            ("jury", "Members of a jury, and of the committee, or all others: 3 to 21."),
        ],
    ),
    (
        "lengths",
        &[
            ("elect_secs", "For proofs of leadership."),
            ("commit_secs", "For the work; at least 1.5 times what a training takes."),
            ("reveal_secs", "For reveals."),
            ("check_secs", "For auditors and jurors, who do the same work."),
            ("aggregate_secs", "For the leader's result, and for the committee."),
            (
                "blocks",
                "Blocks that each of them takes at least: when the chain halts, nobody is late.",
            ),
            ("grid_secs", "Beacon rounds are those after the next multiple of so many seconds."),
            ("margin_secs", "How long before a beacon round its inputs are fixed."),
        ],
    ),
    (
        "penalties",
        &[
            ("wrong_bps", "A wrong answer, found by a jury, in 1/10,000 of the stake."),
            ("late_bps", "A commit without a reveal."),
            ("absent_bps", "Nothing in time."),
        ],
    ),
    (
        "scoring",
        &[
            (
                "accuracy_bps",
                "Weight of the holdout accuracy in 1/10,000; the three add up to 10,000.",
            ),
            ("improvement_bps", "Weight of the improvement of the holdout loss."),
            ("nps_bps", "Weight of what users say."),
            ("users_target", "Paying users of 30 days that count as full adoption."),
            ("units_target", "Units with accepted work in a round that count as full growth."),
            ("min_units", "Metrics move the market only from so many units on."),
            (
                "small_network",
                "Report metrics although fewer than 4 owners take part: test networks only.",
            ),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const ONE: &str = "0101010101010101010101010101010101010101010101010101010101010101";

    fn filled(text: &str) -> String {
        text.replace("usage_source = \"\"", "usage_source = \"wasm1usage\"")
            .replace("= \"\" # required", &format!("= \"{ONE}\""))
    }

    fn hashes() -> Hashes {
        let one = Hash32([1; 32]);
        Hashes { dataset_root: one, algorithm_hash: one, known_answer: one, base_hash: one }
    }

    #[rstest]
    #[case(Preset::Devnet, devnet(hashes(), "wasm1usage".to_owned()))]
    #[case(Preset::Production, production(hashes(), "wasm1usage".to_owned()))]
    fn a_template_that_is_filled_in_is_the_preset(
        #[case] preset: Preset,
        #[case] expected: RunParams,
    ) {
        let text = preset.template().unwrap();
        assert_eq!(preset.parse(&filled(&text)), Ok(expected));
        let error = preset.parse(&text).unwrap_err();
        assert!(error.contains("64 hexadecimal digits"), "{error}");
    }

    #[test]
    fn what_a_file_leaves_out_is_the_presets() {
        let text = format!(
            "base_hash = \"{ONE}\"\nusage_source = \"wasm1usage\"\n[dataset]\nroot = \"{ONE}\"\n\
             [algorithm]\nhash = \"{ONE}\"\nknown_answer = \"{ONE}\"\n[money]\nunit_stake = 7\n\
             round_budget = \"8\"\n[sizes]\ngroups = 2\n"
        );
        let params = Preset::Production.parse(&text).unwrap();
        let mut expected = production(hashes(), "wasm1usage".to_owned());
        expected.sizes.groups = 2;
        expected.money.unit_stake = Uint128::new(7);
        expected.money.round_budget = Uint128::new(8);
        assert_eq!(params, expected);
    }

    #[test]
    fn a_run_that_is_filled_in_is_read_as_it_was_meant() {
        let slices = vec![Hash32([2; 32]), Hash32([3; 32])];
        let filled = |set: &[&str]| {
            let set: Vec<String> = set.iter().map(|text| (*text).to_owned()).collect();
            let given = ((5, slices.clone()), "wasm1usage".to_owned());
            Preset::Devnet.filled(hashes(), given, &set)
        };
        let mut expected = devnet(hashes(), "wasm1usage".to_owned());
        (expected.dataset.shards, expected.dataset.slices) = (5, slices.clone());
        assert_eq!(Preset::Devnet.parse(&filled(&[]).unwrap()), Ok(expected.clone()));
        expected.lengths.check_secs = 7;
        expected.money.round_budget = Uint128::new(8);
        let text = filled(&["lengths.check_secs=7", "money.round_budget = 8"]).unwrap();
        assert_eq!(Preset::Devnet.parse(&text), Ok(expected));
        for (set, why) in [("lengths.chekc_secs=7", "unknown field"), ("lengths", "there is no =")]
        {
            let error = filled(&[set]).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[rstest]
    #[case::a_missing_field(
        "[dataset]\nshards = 3\n[algorithm]\nhash = \"ONE\"\nknown_answer = \"ONE\"",
        "missing field `root`"
    )]
    #[case::an_unknown_field("sahrds = 3", "unknown field `sahrds`")]
    #[case::an_unknown_field_of_a_table("[sizes]\nwitness = 3", "unknown field `witness`")]
    #[case::a_wrong_number(
        "[dataset]\nroot = \"ONE\"\n[algorithm]\nhash = \"ONE\"\nknown_answer = \"ONE\"\n[sizes]\ngroups = 300",
        "300"
    )]
    #[case::no_toml("groups", "key")]
    fn a_file_that_makes_no_sense_is_refused(#[case] text: &str, #[case] why: &str) {
        let error = Preset::Devnet.parse(&text.replace("ONE", ONE)).unwrap_err();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn the_presets_keep_the_limits_that_the_interface_names() {
        for params in [devnet(hashes(), String::new()), production(hashes(), String::new())] {
            let Scoring { accuracy_bps, improvement_bps, nps_bps, .. } = params.scoring;
            assert_eq!(accuracy_bps + improvement_bps + nps_bps, 10_000);
            assert!(params.sizes.groups * (1 + params.sizes.witnesses) <= 80);
            let group_reward =
                params.money.round_budget.u128() * 6 / 10 / u128::from(params.sizes.groups);
            if params.sizes.groups > 1 {
                assert!(params.money.unit_stake.u128() >= 16 * group_reward);
            }
        }
    }
}
