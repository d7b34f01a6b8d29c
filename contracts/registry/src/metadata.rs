//! What may be said of a model. Pure.

use modelbond_interface::registry::{Metadata, UseCase, MAX_USE_CASES};

use crate::ContractError;

const MAX_LICENCE: usize = 64;
const MAX_DESCRIPTION: usize = 1_000;
const MAX_URI: usize = 256;
const MAX_CHANNEL: usize = 128;
const URI_SCHEMES: [&str; 2] = ["https://", "ipfs://"];

/// Refuses metadata that is not as the interface has it. What links and licences mean is not looked at.
pub(crate) fn ensure_metadata(metadata: &Metadata) -> Result<(), ContractError> {
    let Metadata { weights_hash: _, licence, description, uri, arena_channel } = metadata;
    ensure_text("licence", licence, (1, MAX_LICENCE), LICENCE)?;
    ensure_text("description", description, (0, MAX_DESCRIPTION), PARAGRAPH)?;
    if let Some(uri) = uri {
        ensure_text("uri", uri, (1, MAX_URI), VISIBLE)?;
        if !URI_SCHEMES.iter().any(|scheme| uri.len() > scheme.len() && uri.starts_with(scheme)) {
            return Err(ContractError::Scheme {});
        }
    }
    if let Some(channel) = arena_channel {
        ensure_text("arena_channel", channel, (1, MAX_CHANNEL), SLUG)?;
    }
    Ok(())
}

/// Which characters a text may have, in words and as a rule.
type Allowed = (&'static str, fn(char) -> bool);

/// What SPDX expressions are made of.
const LICENCE: Allowed = ("letters, digits, spaces and . - + : ( )", |c| {
    c.is_ascii_alphanumeric() || " .-+:()".contains(c)
});
const PARAGRAPH: Allowed = ("one paragraph without control characters", |c| !c.is_control());
const VISIBLE: Allowed = ("visible ASCII characters", |c| c.is_ascii_graphic());
const SLUG: Allowed =
    ("a to z, 0 to 9 and -", |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');

/// Refuses text of a length out of bounds, or with other characters than the allowed ones.
fn ensure_text(
    field: &'static str,
    text: &str,
    (least, most): (usize, usize),
    (allowed, is_allowed): Allowed,
) -> Result<(), ContractError> {
    let actual = text.len();
    if !(least..=most).contains(&actual) {
        return Err(ContractError::Length { field, actual, least, most });
    }
    if text.chars().all(is_allowed) {
        return Ok(());
    }
    Err(ContractError::Characters { field, allowed })
}

/// Refuses other than 1 to 5 different use cases.
pub(crate) fn ensure_use_cases(use_cases: &[UseCase]) -> Result<(), ContractError> {
    let actual = use_cases.len();
    if actual == 0 || actual > MAX_USE_CASES {
        return Err(ContractError::UseCases { actual, most: MAX_USE_CASES });
    }
    match first_twice(use_cases) {
        Some(use_case) => Err(ContractError::DuplicateUseCase { use_case: *use_case }),
        None => Ok(()),
    }
}

/// The first thing of a short list that was there before.
pub(crate) fn first_twice<T: PartialEq>(list: &[T]) -> Option<&T> {
    let was_before = |(place, one): &(usize, &T)| list.iter().take(*place).any(|o| o == *one);
    list.iter().enumerate().find(was_before).map(|(_, one)| one)
}

/// Slugs with commas between, as events have them.
pub(crate) fn slugs(use_cases: &[UseCase]) -> String {
    let slugs: Vec<&str> = use_cases.iter().map(|use_case| use_case.row().slug).collect();
    slugs.join(",")
}
