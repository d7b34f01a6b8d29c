//! Tokens by account, as cw20's own attributes book them.

use cosmwasm_std::Uint128;

use super::MarketBooks;
use crate::finding::Notes;
use crate::Entry;

/// Moves tokens between accounts.
pub(super) fn moved(
    books: &mut MarketBooks,
    from: &str,
    to: &str,
    amount: Uint128,
    notes: &mut Notes,
) {
    debited(books, from, amount, notes);
    credited(books, to, amount, notes);
}

/// Takes tokens from an account.
pub(super) fn debited(books: &mut MarketBooks, from: &str, amount: Uint128, notes: &mut Notes) {
    let balance = books.balances.entry(from.to_owned()).or_default();
    notes.take(&format!("balance of {from}"), balance, amount);
}

/// Gives tokens to an account.
pub(super) fn credited(books: &mut MarketBooks, to: &str, amount: Uint128, notes: &mut Notes) {
    let balance = books.balances.entry(to.to_owned()).or_default();
    notes.add(&format!("balance of {to}"), balance, amount);
}

/// Books the attributes of an action.
pub(super) fn take(books: &mut MarketBooks, entry: &Entry, action: &str, notes: &mut Notes) {
    match action {
        "transfer" | "send" | "transfer_from" | "send_from" => {
            let Some([from, to]) = read(entry, ["from", "to"], notes) else { return };
            let Some(amount) = amount(entry, notes) else { return };
            spent(books, entry, from, amount, action, notes);
            moved(books, from, to, amount, notes);
        }
        "burn" | "burn_from" => {
            let Some([from]) = read(entry, ["from"], notes) else { return };
            let Some(amount) = amount(entry, notes) else { return };
            spent(books, entry, from, amount, action, notes);
            debited(books, from, amount, notes);
            books.burning = Some((from.to_owned(), amount.u128()));
        }
        "increase_allowance" | "decrease_allowance" => {
            let Some([owner, spender]) = read(entry, ["owner", "spender"], notes) else { return };
            let Some(amount) = amount(entry, notes) else { return };
            let allowed = books.allowances.entry((owner.to_owned(), spender.to_owned()));
            let allowed = allowed.or_default();
            if action == "increase_allowance" {
                notes.add("allowance", allowed, amount);
            } else {
                *allowed = allowed.saturating_sub(amount.u128());
            }
        }
        // Words and pictures.
        "update_marketing" | "upload_logo" => {}
        _ if super::fact_of(action).is_some() => {}
        other => notes.note("the action", "one of a market", other),
    }
}

/// Takes an allowance off where somebody else moved the tokens.
fn spent(
    books: &mut MarketBooks,
    entry: &Entry,
    owner: &str,
    amount: Uint128,
    action: &str,
    notes: &mut Notes,
) {
    if !action.ends_with("_from") {
        return;
    }
    let Some([spender]) = read(entry, ["by"], notes) else { return };
    let allowed = books.allowances.entry((owner.to_owned(), spender.to_owned())).or_default();
    notes.take(&format!("allowance of {spender} from {owner}"), allowed, amount);
}

fn read<'a, const N: usize>(
    entry: &'a Entry,
    keys: [&str; N],
    notes: &mut Notes,
) -> Option<[&'a str; N]> {
    let values = keys.map(|key| entry.attribute(key));
    if values.iter().any(Option::is_none) {
        notes.note("attributes", keys.join(", "), "not all of them");
        return None;
    }
    Some(values.map(Option::unwrap_or_default))
}

fn amount(entry: &Entry, notes: &mut Notes) -> Option<Uint128> {
    let text = entry.attribute("amount").unwrap_or_default();
    let amount = text.parse().ok().map(Uint128::new);
    if amount.is_none() {
        notes.note("amount", "a number below 2^128", format!("{text:?}"));
    }
    amount
}
