//! Comma-separated values: one pass, no field kept longer than its line.

use crate::dataset::{ensure_limits, Dataset, DatasetError, MAX_FEATURES, MAX_ROWS};
use crate::model::MAX_CLASSES;

/// The largest file, 1 GiB.
const MAX_BYTES: usize = 1 << 30;
/// As much of a field as an error shows.
const SHOWN: usize = 24;

pub(crate) fn parse(bytes: &[u8], label: &str) -> Result<Dataset, DatasetError> {
    if bytes.len() > MAX_BYTES {
        return Err(DatasetError::TooMany {
            what: "bytes",
            found: bytes.len() as u64,
            limit: MAX_BYTES as u64,
        });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = (1_u64..).zip(bytes.split(|byte| *byte == b'\n')).filter_map(|(line, text)| {
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        (!text.is_empty()).then_some((line, text))
    });

    let (line, header) = lines.next().ok_or(DatasetError::None { what: "lines" })?;
    let header = fields(line, header)?;
    let found = header.iter().filter(|name| *name == label).count();
    let at = header.iter().position(|name| name == label).filter(|_| found == 1);
    let at = at.ok_or_else(|| DatasetError::LabelColumn { name: shown(label), found })?;
    let width = header.len().saturating_sub(1);
    ensure_limits(width, 1)?;

    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for (line, text) in lines {
        ensure_limits(width, labels.len().saturating_add(1).min(MAX_ROWS.saturating_add(1)))?;
        let fields = fields(line, text)?;
        if fields.len() != header.len() {
            let (found, expected) = (fields.len(), header.len());
            return Err(DatasetError::Width { line, found, expected });
        }
        for (column, field) in fields.iter().enumerate() {
            if column == at {
                labels.push(class(line, field)?);
            } else {
                values.push(number(line, column, field)?);
            }
        }
    }
    Dataset::new(width, values, labels)
}

/// The fields of a line, without their quotes; at most one more than a row may have.
fn fields(line: u64, text: &[u8]) -> Result<Vec<String>, DatasetError> {
    let text = std::str::from_utf8(text).map_err(|_| DatasetError::Text { line })?;
    let mut fields = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        if fields.len() > MAX_FEATURES {
            return Err(DatasetError::TooMany {
                what: "columns",
                found: fields.len().saturating_add(1) as u64,
                limit: MAX_FEATURES.saturating_add(1) as u64,
            });
        }
        let (field, after) = match text.strip_prefix('"') {
            Some(quoted) => unquoted(quoted).ok_or(DatasetError::Quote { line })?,
            None => {
                let (field, after) = match text.split_once(',') {
                    Some((field, after)) => (field, Some(after)),
                    None => (text, None),
                };
                if field.contains('"') {
                    return Err(DatasetError::Quote { line });
                }
                (field.trim().to_owned(), after)
            }
        };
        fields.push(field);
        rest = after;
    }
    Ok(fields)
}

/// A field up to its closing quote, and what follows the comma, if one does. `""` is a quote.
fn unquoted(mut text: &str) -> Option<(String, Option<&str>)> {
    let mut field = String::new();
    loop {
        let (part, after) = text.split_once('"')?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                text = more;
            }
            None if after.is_empty() => return Some((field, None)),
            None => return Some((field, Some(after.strip_prefix(',')?))),
        }
    }
}

/// The nearest f32, as IEEE 754 rounds.
fn number(line: u64, column: usize, field: &str) -> Result<f32, DatasetError> {
    let value = field.parse().ok().filter(|value: &f32| value.is_finite());
    value.ok_or_else(|| DatasetError::Number {
        line,
        column: column.saturating_add(1),
        text: shown(field),
    })
}

fn class(line: u64, field: &str) -> Result<u32, DatasetError> {
    let class = field.parse().ok().filter(|class| *class < MAX_CLASSES);
    class.ok_or_else(|| DatasetError::Label { line, text: shown(field) })
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
