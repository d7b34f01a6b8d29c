//! The only place that prints. Results go to standard output: a page for people, or with `--json`
//! one JSON object. Progress, warnings and errors go to standard error.
#![allow(clippy::print_stdout)]

use std::io::{IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::failure;

/// What a command has to say.
pub trait Report: Serialize {
    /// The same for people.
    fn page(&self) -> Page;
}

/// Where output goes and how it looks.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
    color: bool,
    error_color: bool,
    progress: bool,
}

impl Output {
    /// JSON or pages; colour and progress only on a terminal.
    pub fn new(json: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let stderr = std::io::stderr().is_terminal();
        Self {
            json,
            color: !json && !plain && std::io::stdout().is_terminal(),
            error_color: !json && !plain && stderr,
            progress: !json && stderr,
        }
    }

    /// Whether `--json` was given.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the result of a command.
    pub fn print(&self, report: &impl Report) -> Result<()> {
        if self.json {
            let text =
                serde_json::to_string_pretty(report).context("cannot write the result as JSON")?;
            self.raw(&format!("{text}\n"))
        } else {
            self.raw(&report.page().render(self.color))
        }
    }

    /// Prints text as it is; a closed pipe is not an error.
    pub fn raw(&self, text: &str) -> Result<()> {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("cannot write to standard output"),
        }
    }

    /// Shows a page that is no result, such as a quote before a question. Not with `--json`.
    pub fn preview(&self, page: &Page) {
        if !self.json {
            eprint!("{}", page.render(self.error_color));
        }
    }

    /// Warns on standard error.
    pub fn warn(&self, text: &str) {
        if !self.json {
            eprintln!("{} {text}", paint(self.error_color, YELLOW, "warning:"));
        }
    }

    /// Says on standard error what is no result. Not with `--json`.
    pub fn note(&self, text: &str) {
        if !self.json {
            eprintln!("{text}");
        }
    }

    /// Prints an error: with `--json` as `{"error", "hint"}`.
    pub fn error(&self, error: &anyhow::Error) {
        self.error_text(&failure::text(error), failure::hint(error));
    }

    /// Prints an error given as text.
    pub fn error_text(&self, text: &str, hint: Option<&str>) {
        if self.json {
            eprintln!("{}", serde_json::json!({ "error": text, "hint": hint }));
            return;
        }
        eprintln!("{} {text}", paint(self.error_color, RED, "error:"));
        if let Some(hint) = hint {
            eprintln!("{} {hint}", paint(self.error_color, BOLD, " hint:"));
        }
    }

    /// Shows that something takes its time, until it is dropped.
    pub fn progress(&self, what: impl Into<String>) -> Progress {
        if !self.progress {
            return Progress(None);
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.set_message(what.into());
        bar.enable_steady_tick(Duration::from_millis(120));
        Progress(Some(bar))
    }

    /// Shows how many steps of so many are done, until it is dropped.
    pub fn bar(&self, what: impl Into<String>, steps: u64) -> Progress {
        if !self.progress {
            return Progress(None);
        }
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} ({elapsed}, {eta} left)")
        {
            bar.set_style(style);
        }
        bar.set_message(what.into());
        Progress(Some(bar))
    }
}

/// A spinner or a bar that ends when it is dropped.
#[derive(Debug)]
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// One step more is done.
    pub fn step(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "1;31";
const YELLOW: &str = "1;33";

fn paint(color: bool, code: &str, text: &str) -> String {
    if color {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

#[derive(Debug, Clone)]
enum Block {
    Heading(String),
    Fields(Vec<(String, String)>),
    Table { head: Vec<String>, rows: Vec<Vec<String>> },
    Note(String),
}

/// A result for people: headings, fields with units, tables and notes.
#[derive(Debug, Clone, Default)]
pub struct Page(Vec<Block>);

impl Page {
    /// A page with a heading.
    pub fn new(heading: impl Into<String>) -> Self {
        Self(vec![Block::Heading(heading.into())])
    }

    /// Another heading.
    #[must_use]
    pub fn heading(mut self, text: impl Into<String>) -> Self {
        self.0.push(Block::Heading(text.into()));
        self
    }

    /// A labelled value; neighbours are aligned.
    #[must_use]
    pub fn field(mut self, label: &str, value: impl ToString) -> Self {
        let field = (label.to_owned(), value.to_string());
        match self.0.last_mut() {
            Some(Block::Fields(fields)) => fields.push(field),
            _ => self.0.push(Block::Fields(vec![field])),
        }
        self
    }

    /// A labelled value, if there is one.
    #[must_use]
    pub fn field_if(self, label: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.field(label, value),
            None => self,
        }
    }

    /// A table; columns of numbers are aligned right.
    #[must_use]
    pub fn table(mut self, head: &[&str], rows: Vec<Vec<String>>) -> Self {
        let head = head.iter().map(|cell| (*cell).to_owned()).collect();
        self.0.push(Block::Table { head, rows });
        self
    }

    /// A sentence.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.0.push(Block::Note(text.into()));
        self
    }

    fn render(&self, color: bool) -> String {
        let mut text = String::new();
        for (index, block) in self.0.iter().enumerate() {
            match block {
                Block::Heading(heading) => {
                    if index > 0 {
                        text.push('\n');
                    }
                    text.push_str(&paint(color, BOLD, heading));
                    text.push('\n');
                }
                Block::Fields(fields) => {
                    let width =
                        fields.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
                    for (label, value) in fields {
                        let label = paint(color, DIM, &format!("{label:<width$}"));
                        text.push_str(&format!("  {label}  {value}\n"));
                    }
                }
                Block::Table { head, rows } => text.push_str(&render_table(color, head, rows)),
                Block::Note(note) => text.push_str(&format!("{note}\n")),
            }
        }
        text
    }
}

fn render_table(color: bool, head: &[String], rows: &[Vec<String>]) -> String {
    let cells = |column: usize| rows.iter().filter_map(move |row| row.get(column));
    let numeric: Vec<bool> = (0..head.len())
        .map(|column| cells(column).next().is_some() && cells(column).all(|cell| is_amount(cell)))
        .collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            cells(column)
                .chain(head.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let line =
        |row: &[String]| {
            let padded: Vec<String> =
                row.iter()
                    .zip(&widths)
                    .zip(&numeric)
                    .map(|((cell, width), numeric)| {
                        if *numeric {
                            format!("{cell:>width$}")
                        } else {
                            format!("{cell:<width$}")
                        }
                    })
                    .collect();
            format!("  {}", padded.join("  ")).trim_end().to_owned()
        };
    let mut text = format!("{}\n", paint(color, DIM, &line(head)));
    for row in rows {
        text.push_str(&line(row));
        text.push('\n');
    }
    text
}

/// A number, with or without a unit after it. A hash that starts with a digit is none.
fn is_amount(cell: &str) -> bool {
    let number = cell.split(' ').next().unwrap_or(cell).trim_end_matches('…');
    !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.')
}

/// A page as it is printed, without colour.
#[cfg(test)]
pub(crate) fn text(page: &Page) -> String {
    page.render(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_align_labels_and_numbers_and_have_colour_only_when_asked() {
        let page = Page::new("Model")
            .field("a", 1)
            .field("long", "x")
            .table(
                &["name", "amount"],
                vec![vec!["one".into(), "10 u".into()], vec!["three".into(), "5 u".into()]],
            )
            .note("end");
        let text = page.render(false);
        assert_eq!(
            text,
            "Model\n  a     1\n  long  x\n  name   amount\n  one      10 u\n  three     5 u\nend\n"
        );
        assert!(page.render(true).contains('\x1b'));
    }
}
