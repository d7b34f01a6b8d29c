//! The program as a value: run it in its own home directory and look at what it did.
#![allow(dead_code, missing_docs, unreachable_pub)] // each test file uses its part

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// `modelbond` with a home of its own and nothing of our environment that it would read.
pub struct Binary {
    home: TempDir,
    environment: Vec<(String, String)>,
}

/// What a run left.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Binary {
    pub fn new() -> Self {
        Self { home: TempDir::new().unwrap(), environment: vec![] }
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Run {
        self.run_with_input(arguments, b"")
    }

    pub fn run_with_input<'a>(
        &self,
        arguments: impl IntoIterator<Item = &'a str>,
        input: &[u8],
    ) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_modelbond"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MODELBOND_") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .args(arguments)
            .env("MODELBOND_HOME", self.home.path())
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // A program need not read all of its input.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// The result of a run that succeeded.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// The error of a run with `--json` that did not.
    pub fn json_error(&self) -> serde_json::Value {
        assert_ne!(self.code, 0, "{}", self.stdout);
        serde_json::from_str(&self.stderr)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stderr))
    }
}
