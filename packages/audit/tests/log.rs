//! Logs in files.

use cosmwasm_std::{Attribute, Event};
use modelbond_audit::log::{parse, LineError, LogError, MAX_LINE};
use modelbond_audit::{audit, AddressBook, Entry};
use proptest::prelude::*;
use rstest::rstest;

fn entry() -> impl Strategy<Value = Entry> {
    let attributes = prop::collection::vec((".{0,8}", ".{0,40}"), 0..6);
    let kind = prop_oneof![Just("wasm".to_owned()), "wasm-[a-z_]{1,12}"];
    let place = (any::<u64>(), any::<u64>(), any::<u32>());
    (place, ".{1,20}", kind, attributes).prop_map(|((height, time, tx), contract, ty, pairs)| {
        let mut event = Event::new(ty);
        let attribute = |(key, value)| Attribute { key, value };
        event.attributes = pairs.into_iter().map(attribute).collect();
        Entry { height, time, tx, contract, event }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(entries in prop::collection::vec(entry(), 0..8)) {
        let lines: Vec<String> = entries.iter().map(Entry::to_line).collect();
        prop_assert!(lines.iter().all(|line| !line.contains('\n')));
        prop_assert_eq!(parse(&lines.join("\n")), Ok(entries));
    }

    #[test]
    fn no_text_makes_reading_panic(text in ".{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_log_makes_an_audit_panic(entries in prop::collection::vec(entry(), 0..20)) {
        let addresses = AddressBook {
            registry: Some("a".to_owned()),
            provenance: entries.first().map(|entry| entry.contract.clone()),
            rewards: entries.get(1).map(|entry| entry.contract.clone()),
            training: entries.get(2).map(|entry| entry.contract.clone()),
            ..AddressBook::default()
        };
        let _ = audit(addresses, &entries);
    }
}

const FINE: &str =
    r#"{"height":1,"time":"2","tx":0,"contract":"c","type":"wasm","attributes":[["k","v"]]}"#;

#[rstest]
#[case::text("x", "not an entry")]
#[case::half(&FINE[..40], "not an entry")]
#[case::a_field_more(&FINE.replace("\"tx\"", "\"a\":1,\"tx\""), "not an entry")]
#[case::a_negative_height(&FINE.replace(":1,", ":-1,"), "not an entry")]
#[case::three_of_a_pair(&FINE.replace("\"v\"", "\"v\",\"w\""), "not an entry")]
#[case::a_time_in_words(&FINE.replace("\"2\"", "\"noon\""), "time \"noon\" is not a number")]
#[case::a_time_too_late(&FINE.replace("\"2\"", "\"18446744073709551616\""), "time \"18446744073709551616\"")]
#[case::no_event_of_a_contract(&FINE.replace("\"wasm\"", "\"transfer\""), "event type \"transfer\"")]
#[case::nobody(&FINE.replace("\"c\"", "\"\""), "no contract is named")]
fn a_line_that_is_no_entry_is_refused_with_its_number(#[case] line: &str, #[case] cause: &str) {
    let text = format!("{FINE}\n\n{line}\n{FINE}\n");
    let error = parse(&text).unwrap_err();
    assert_eq!(error.line, 3);
    assert!(error.to_string().starts_with(&format!("line 3: {cause}")), "{error}");
}

#[test]
fn a_line_that_is_too_long_is_refused() {
    let bytes = MAX_LINE + 1;
    let error = parse(&" ".repeat(bytes).replace(' ', "x")).unwrap_err();
    assert_eq!(error, LogError { line: 1, cause: LineError::TooLong { bytes } });
}

#[test]
fn the_chains_own_attributes_are_not_the_contracts() {
    let event = Event::new("wasm-x").add_attribute("key", "value").add_attribute("msg_index", "0");
    let mut event = event;
    let named = Attribute { key: "_contract_address".to_owned(), value: "c".to_owned() };
    event.attributes.insert(0, named);
    let entry = Entry::of_chain(1, 2, 3, &event).unwrap();
    let line = r#"{"height":1,"time":"2","tx":3,"contract":"c","type":"wasm-x","attributes":[["key","value"]]}"#;
    assert_eq!(entry.to_line(), line);
    assert_eq!(Entry::of_chain(1, 2, 3, &Event::new("transfer")), None);
    assert_eq!(Entry::of_chain(1, 2, 3, &Event::new("wasm")), None);
}
