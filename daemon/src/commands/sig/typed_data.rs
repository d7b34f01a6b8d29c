//! Typed data for people, as a wallet would show it.

use modelbond_signature::typed_data::Json;
use modelbond_signature::TypedData;

use super::printable;
use crate::output::Page;

/// Primary type, domain and fields: all that is signed.
pub(super) fn page(typed_data: &TypedData) -> Page {
    let document = typed_data.document();
    let page =
        Page::new("Typed data to sign").field("primary type", printable(&document.primary_type));
    let page = fields(page.heading("Domain"), &document.domain);
    if typed_data.struct_hash().is_none() {
        return page.note("The domain alone is signed, no message");
    }
    fields(page.heading("Message"), &document.message)
}

fn fields(page: Page, value: &Json) -> Page {
    let mut leaves = Vec::new();
    collect(String::new(), value, &mut leaves);
    if leaves.is_empty() {
        return page.note("  nothing");
    }
    leaves.into_iter().fold(page, |page, (path, text)| page.field(&printable(&path), text))
}

/// Values with their paths, such as `to.wallets[0]`.
fn collect(path: String, value: &Json, leaves: &mut Vec<(String, String)>) {
    let leaf = match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(path, value, leaves);
            }
            return;
        }
        Json::List(values) if !values.is_empty() => {
            for (index, value) in values.iter().enumerate() {
                collect(format!("{path}[{index}]"), value, leaves);
            }
            return;
        }
        Json::List(_) => "[]".to_owned(),
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(value) => value.to_string(),
        Json::Text(text) => printable(text),
    };
    leaves.push((path, leaf));
}
