//! The messages on the wire are read as the interface's derived parsers read them, but for fields
//! that the schema does not have: the derived parsers ignore them, the wire refuses them.

use std::collections::BTreeSet;
use std::fmt::Debug;

use cosmwasm_schema::schemars::{schema_for, JsonSchema};
use cosmwasm_schema::serde::{de::DeserializeOwned, Serialize};
use cosmwasm_std::{from_json, Decimal, Uint128};
use modelbond_interface::market::{CurveKind, ExecuteMsg, InstantiateMsg, MarketParams, QueryMsg};
use proptest::prelude::*;
use proptest::sample::{select, Index};
use rstest::rstest;
use serde_json::{json, Map, Value};

use super::json::FromJson;
use super::Wire;

fn instantiate_messages() -> Vec<Value> {
    let recommended = |kind| {
        let params = MarketParams::recommended(kind, Decimal::one(), Uint128::new(1_000_000_000));
        let mut params = serde_json::to_value(params).unwrap();
        params["allocation"]["stakeholders"] = json!([{ "address": "a", "bps": 1 }]);
        params
    };
    let message = |kind, marketing| {
        json!({
            "name": "Model", "symbol": "MDL", "reserve_denom": "u", "creator": "c",
            "metrics_source": "m", "rewards": "r", "provenance": "p",
            "params": recommended(kind), "marketing": marketing
        })
    };
    vec![
        message(CurveKind::Linear, json!(null)),
        message(CurveKind::Exponential, json!({ "project": "p", "logo": { "url": "u" } })),
        message(CurveKind::Sigmoid, json!({ "logo": { "embedded": { "svg": "AAEC" } } })),
    ]
}

fn execute_messages() -> Vec<Value> {
    let metrics =
        json!({ "accuracy": "1", "adoption": "0.5", "improvement": "0.1", "growth": "0" });
    vec![
        json!({ "buy": { "min_tokens_out": "1", "deadline": "2", "partial": true, "recipient": "a" } }),
        json!({ "buy": { "min_tokens_out": "1", "deadline": "2", "partial": false } }),
        json!({ "buy_exact": { "tokens_out": "1", "deadline": "18446744073709551615" } }),
        json!({ "sell": { "tokens_in": "1", "min_reserve_out": "0", "deadline": "2", "partial": true } }),
        json!({ "claim_vested": {} }),
        json!({ "report_metrics": { "metrics": metrics } }),
        json!({ "emit": { "budget": "340282366920938463463374607431768211455", "max_tokens": "1" } }),
        json!({ "withdraw_ledger": { "ledger": "treasury" } }),
        json!({ "withdraw_ledger": { "ledger": "provenance" } }),
        json!({ "fund_reserve": {} }),
        json!({ "transfer": { "recipient": "r\u{e9}\n", "amount": "1" } }),
        json!({ "burn": { "amount": "1" } }),
        json!({ "send": { "contract": "c", "amount": "1", "msg": "e30=" } }),
        json!({ "increase_allowance": { "spender": "s", "amount": "1", "expires": { "at_height": 5 } } }),
        json!({ "increase_allowance": { "spender": "s", "amount": "1", "expires": null } }),
        json!({ "decrease_allowance": { "spender": "s", "amount": "1", "expires": { "at_time": "5" } } }),
        json!({ "decrease_allowance": { "spender": "s", "amount": "1", "expires": { "never": {} } } }),
        json!({ "transfer_from": { "owner": "o", "recipient": "r", "amount": "1" } }),
        json!({ "send_from": { "owner": "o", "contract": "c", "amount": "1", "msg": "" } }),
        json!({ "burn_from": { "owner": "o", "amount": "1" } }),
        json!({ "mint": { "recipient": "r", "amount": "1" } }),
        json!({ "update_minter": { "new_minter": "m" } }),
        json!({ "update_marketing": { "project": "p", "description": "d", "marketing": "m" } }),
        json!({ "upload_logo": { "url": "u" } }),
        json!({ "upload_logo": { "embedded": { "svg": "AAEC" } } }),
        json!({ "upload_logo": { "embedded": { "png": "" } } }),
    ]
}

fn query_messages() -> Vec<Value> {
    vec![
        json!({ "quote_buy": { "amount_in": "1", "partial": true } }),
        json!({ "quote_buy_exact": { "tokens_out": "1" } }),
        json!({ "quote_sell": { "tokens_in": "1", "partial": false } }),
        json!({ "price": {} }),
        json!({ "curve": { "points": 4294967295u32 } }),
        json!({ "twap": { "window_secs": 18446744073709551615u64 } }),
        json!({ "explain": { "since": "1" } }),
        json!({ "ledgers": {} }),
        json!({ "vesting": {} }),
        json!({ "locks": { "address": "a" } }),
        json!({ "account": { "address": "a" } }),
        json!({ "epoch_stats": { "epoch": 0 } }),
        json!({ "config": {} }),
        json!({ "balance": { "address": "a" } }),
        json!({ "token_info": {} }),
        json!({ "minter": {} }),
        json!({ "allowance": { "owner": "o", "spender": "s" } }),
        json!({ "all_allowances": { "owner": "o", "start_after": "s", "limit": 3 } }),
        json!({ "all_spender_allowances": { "spender": "s", "start_after": null, "limit": 3 } }),
        json!({ "all_accounts": { "start_after": "s", "limit": null } }),
        json!({ "marketing_info": {} }),
        json!({ "download_logo": {} }),
    ]
}

/// Whether `message` has all fields of `text`: the derived parsers ignore those they do not know.
fn has_all(message: &Value, text: &Value) -> bool {
    match (message, text) {
        (Value::Object(known), Value::Object(fields)) => fields
            .iter()
            .all(|(name, value)| known.get(name).is_some_and(|known| has_all(known, value))),
        (Value::Array(known), Value::Array(values)) => {
            known.iter().zip(values).all(|(known, value)| has_all(known, value))
        }
        _ => true,
    }
}

/// What the derived parser makes of `text`; the wire must make the same of it.
fn parsed<T: DeserializeOwned + FromJson + Serialize + PartialEq + Debug>(text: &str) -> Option<T> {
    let wire = from_json::<Wire<T>>(text).ok().map(|Wire(message)| message);
    let derived = from_json::<T>(text).ok().filter(|message| {
        let text = from_json::<Value>(text);
        text.is_ok_and(|text| has_all(&serde_json::to_value(message).unwrap(), &text))
    });
    assert_eq!(wire, derived, "{text}");
    derived
}

/// Reads every message, and finds every variant of the enum among them.
fn all_are_read<T>(messages: &[Value])
where
    T: DeserializeOwned + FromJson + Serialize + PartialEq + Debug + JsonSchema,
{
    let schema = serde_json::to_value(schema_for!(T)).unwrap();
    let mut missing: BTreeSet<_> = schema["oneOf"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|variant| variant["required"][0].as_str().unwrap().to_owned())
        .collect();
    for message in messages {
        assert!(parsed::<T>(&message.to_string()).is_some(), "{message}");
        missing.remove(message.as_object().unwrap().keys().next().unwrap());
    }
    assert!(missing.is_empty(), "no sample of {missing:?}");
}

#[test]
fn every_message_is_read() {
    all_are_read::<InstantiateMsg>(&instantiate_messages());
    all_are_read::<ExecuteMsg>(&execute_messages());
    all_are_read::<QueryMsg>(&query_messages());
}

/// A change of one value in a message.
#[derive(Clone, Debug)]
enum Change {
    Replace(&'static str),
    Remove,
    Repeat,
    Insert(&'static str),
}

const VALUES: &str = r#"
    null nul true 0 5 -1 -0 1.5 1e3 00 4294967296 18446744073709551616
    "" "5" "+5" "-5" "1.5" "5\u0020" "\ud800" "340282366920938463463374607431768211456" "e30"
    "treasury" [] [null] [[]] [1,] {} {"never":{}} {"at_height":"5"} {"url":5}
"#;

const FIELDS: &str = r#" "x":1 "x":nul "price":{} "amount":"1" 1:1 "x" "#;

fn changes() -> impl Strategy<Value = Change> {
    let words = |text: &'static str| select(text.split_whitespace().collect::<Vec<_>>());
    prop_oneof![
        6 => words(VALUES).prop_map(Change::Replace),
        1 => Just(Change::Remove),
        1 => Just(Change::Repeat),
        2 => words(FIELDS).prop_map(Change::Insert),
    ]
}

/// Prints a value with the change made at its `at`-th inner value.
struct Printer {
    at: usize,
    change: Change,
}

impl Printer {
    fn text(&mut self, value: &Value) -> String {
        match value {
            Value::Object(fields) => self.object(fields),
            Value::Array(values) => {
                let values: Vec<_> = values.iter().map(|value| self.text(value)).collect();
                format!("[{}]", values.join(","))
            }
            other => other.to_string(),
        }
    }

    fn object(&mut self, fields: &Map<String, Value>) -> String {
        let mut parts = vec![];
        for (name, value) in fields {
            let here = self.at == 0;
            self.at = self.at.wrapping_sub(1);
            let part = format!("\"{name}\":{}", self.text(value));
            match self.change {
                _ if !here => parts.push(part),
                Change::Replace(text) => parts.push(format!("\"{name}\":{text}")),
                Change::Remove => {}
                Change::Repeat => parts.extend([part.clone(), part]),
                Change::Insert(text) => parts.extend([text.to_owned(), part]),
            }
        }
        format!("{{{}}}", parts.join(","))
    }
}

/// How many values are in a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.values().map(|value| size(value).saturating_add(1)).sum(),
        Value::Array(values) => values.iter().map(size).sum(),
        _ => 0,
    }
}

/// Messages with one change, or with one other character.
fn changed(messages: Vec<Value>) -> impl Strategy<Value = String> {
    let typo = prop_oneof![3 => Just(None), 1 => any::<(Index, char)>().prop_map(Some)];
    (select(messages), any::<Index>(), changes(), typo).prop_map(|(message, at, change, typo)| {
        let Some((place, character)) = typo else {
            return Printer { at: at.index(size(&message)), change }.text(&message);
        };
        let mut text: Vec<char> = message.to_string().chars().collect();
        *place.get_mut(&mut text) = character;
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn changed_messages_are_read_alike(
        instantiate in changed(instantiate_messages()),
        execute in changed(execute_messages()),
        query in changed(query_messages()),
    ) {
        parsed::<InstantiateMsg>(&instantiate);
        parsed::<ExecuteMsg>(&execute);
        parsed::<QueryMsg>(&query);
    }
}

#[rstest]
#[case::missing(r#"{"burn":{}}"#, "amount: expected a string")]
#[case::not_an_amount(
    r#"{"burn":{"amount":"-1"}}"#,
    "amount: expected a string of digits, below 2^128"
)]
#[case::unknown(r#"{"burn":{"amount":"1","memo":""}}"#, "memo: unknown or repeated field")]
#[case::repeated(r#"{"burn":{"amount":"1","amount":"1"}}"#, "amount: unknown or repeated field")]
#[case::no_message(r#"{"pay":{}}"#, "pay: unknown variant")]
#[case::nothing("{}", "message: expected an object with one field")]
#[case::deep(r#"{"report_metrics":{"metrics":{"accuracy":1}}}"#, "accuracy: expected a string")]
fn faults_name_the_field(#[case] text: &str, #[case] fault: &str) {
    let error = from_json::<Wire<ExecuteMsg>>(text).err().unwrap().to_string();
    assert!(error.ends_with(fault), "{error}");
}
