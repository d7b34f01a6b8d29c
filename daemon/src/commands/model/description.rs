//! What is said of a model: its use cases and its metadata.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use modelbond_interface::hash::Hash32;
use modelbond_interface::registry::{Metadata, UseCase, MAX_USE_CASES};

use crate::failure::Failure;
use crate::file_hash;
use crate::output::Output;

/// Options that describe a model.
#[derive(Args, Debug)]
#[command(next_help_heading = "Description")]
pub(super) struct DescriptionArgs {
    /// What it is for: a slug of modelbond model use-cases; repeat, up to 5
    #[arg(long = "use-case", value_name = "SLUG")]
    use_cases: Vec<UseCase>,
    /// SPDX licence expression, such as Apache-2.0, at most 64 bytes
    #[arg(long, value_name = "SPDX")]
    licence: Option<String>,
    /// One paragraph, at most 1,000 bytes
    #[arg(long)]
    description: Option<String>,
    /// File of its weights, of which the SHA-256 is recorded
    #[arg(long, value_name = "FILE", conflicts_with = "weights_hash")]
    weights: Option<PathBuf>,
    /// SHA-256 of its weights, 64 hexadecimal digits
    #[arg(long, value_name = "HASH")]
    weights_hash: Option<Hash32>,
    /// Where to read more: https:// or ipfs://, at most 256 bytes
    #[arg(long, value_name = "URI")]
    uri: Option<String>,
    /// Slug of its channel on Are.na
    #[arg(long, value_name = "SLUG")]
    arena_channel: Option<String>,
}

impl DescriptionArgs {
    /// The paragraph.
    pub(super) fn text(&self) -> Option<String> {
        self.description.clone()
    }

    /// The first given option that a market without a registry has no place for.
    pub(super) fn registry_only(&self) -> Option<&'static str> {
        [
            (!self.use_cases.is_empty(), "--use-case"),
            (self.licence.is_some(), "--licence"),
            (self.weights.is_some(), "--weights"),
            (self.weights_hash.is_some(), "--weights-hash"),
            (self.uri.is_some(), "--uri"),
            (self.arena_channel.is_some(), "--arena-channel"),
        ]
        .into_iter()
        .find_map(|(given, option)| given.then_some(option))
    }

    /// All of it, for a model that is opened.
    pub(super) fn complete(&self, output: &Output) -> Result<(Metadata, Vec<UseCase>)> {
        let missing: Vec<&str> = [
            (self.use_cases.is_empty(), "--use-case"),
            (self.licence.is_none(), "--licence"),
            (self.weights.is_none() && self.weights_hash.is_none(), "--weights or --weights-hash"),
        ]
        .into_iter()
        .filter_map(|(missing, option)| missing.then_some(option))
        .collect();
        if !missing.is_empty() {
            return Err(Failure::usage(format!("the registry needs {}", missing.join(", ")))
                .hint("modelbond model use-cases lists slugs; --direct goes past the registry")
                .into());
        }
        let nothing = Metadata {
            weights_hash: Hash32::default(),
            licence: String::new(),
            description: String::new(),
            uri: None,
            arena_channel: None,
        };
        self.changed(nothing, Vec::new(), output)
    }

    /// What was there, with what was given instead.
    pub(super) fn changed(
        &self,
        metadata: Metadata,
        use_cases: Vec<UseCase>,
        output: &Output,
    ) -> Result<(Metadata, Vec<UseCase>)> {
        let given = &self.use_cases;
        let twice = given.iter().enumerate().find(|(place, one)| given[..*place].contains(one));
        if let Some((_, use_case)) = twice {
            return Err(Failure::usage(format!("--use-case {use_case} was given twice")).into());
        }
        if given.len() > MAX_USE_CASES {
            let count = given.len();
            let what = format!("a model has at most {MAX_USE_CASES} use cases, not {count}");
            return Err(Failure::usage(what).into());
        }
        let use_cases = if given.is_empty() { use_cases } else { given.clone() };
        let weights_hash = match &self.weights {
            Some(path) => Some(file_hash::of(path, output)?),
            None => self.weights_hash,
        };
        let option = |text: &Option<String>, old| match text.as_deref() {
            None => old,
            Some("") => None,
            Some(text) => Some(text.to_owned()),
        };
        let metadata = Metadata {
            weights_hash: weights_hash.unwrap_or(metadata.weights_hash),
            licence: self.licence.clone().unwrap_or(metadata.licence),
            description: self.description.clone().unwrap_or(metadata.description),
            uri: option(&self.uri, metadata.uri),
            arena_channel: option(&self.arena_channel, metadata.arena_channel),
        };
        Ok((metadata, use_cases))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::failure::{exit_code, EXIT_USAGE};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        description: DescriptionArgs,
    }

    fn args(line: &[&str]) -> DescriptionArgs {
        let line = ["x"].iter().chain(line);
        Line::try_parse_from(line).unwrap_or_else(|error| panic!("{error}")).description
    }

    #[test]
    fn what_is_missing_is_said_at_once() {
        let error = args(&["--uri", "https://x"]).complete(&Output::new(true)).unwrap_err();
        assert_eq!(exit_code(&error), EXIT_USAGE);
        let text = error.to_string();
        assert!(text.ends_with("--use-case, --licence, --weights or --weights-hash"), "{text}");
    }

    #[test]
    fn weights_are_hashed_and_a_use_case_counts_once() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("weights");
        std::fs::write(&path, b"abc").unwrap();
        let line = ["--use-case", "llm-twin", "--licence", "MIT", "--weights"];
        let line = [&line[..], &[path.to_str().unwrap()]].concat();
        let (metadata, use_cases) = args(&line).complete(&Output::new(true)).unwrap();
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(metadata.weights_hash.to_string(), hash);
        assert_eq!(use_cases, ["llm-twin".parse().unwrap()]);
        let twice = [&line[..], &["--use-case", "llm-twin"]].concat();
        let error = args(&twice).complete(&Output::new(true)).unwrap_err();
        assert!(error.to_string().contains("given twice"), "{error}");
    }

    #[test]
    fn only_what_is_given_changes_and_empty_text_takes_away() {
        let metadata = Metadata {
            weights_hash: Hash32([1; 32]),
            licence: "MIT".to_owned(),
            description: "one".to_owned(),
            uri: Some("https://x".to_owned()),
            arena_channel: Some("channel".to_owned()),
        };
        let use_cases = vec!["llm-twin".parse().unwrap()];
        let line = args(&["--description", "two", "--uri", ""]);
        let expected = (
            Metadata { description: "two".to_owned(), uri: None, ..metadata.clone() },
            use_cases.clone(),
        );
        assert_eq!(line.changed(metadata, use_cases, &Output::new(true)).unwrap(), expected);
    }
}
