//! JSON messages without a derived parser per struct. Each of those is about 2 KB of wasm, and a
//! market's messages and parameters are 58 of them. Here one parser reads any message as a
//! [`Json`] value, and fields are taken from it by name. Accepted is what the schema says, nothing
//! else: no unknown, missing or repeated field, no other type.
//!
//! Reading never stops early: what does not fit is noted in [`Faults`] and some value stands in
//! for it; [`read`] then gives the first fault instead of the message.

use std::fmt;
use std::str::FromStr;

use cosmwasm_std::{Binary, Decimal, Timestamp, Uint128};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Any JSON value; numbers in messages are whole and not negative.
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(u64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Json, E> {
        Err(E::custom("expected a number that is not negative"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut values = vec![];
        while let Some(value) = from.next_element()? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut fields = vec![];
        while let Some(field) = from.next_entry()? {
            fields.push(field);
        }
        Ok(Json::Object(fields))
    }
}

/// What was wrong with a message.
pub(crate) struct Faults {
    /// The field that is being read.
    field: &'static str,
    first: Option<String>,
}

impl Faults {
    /// Notes that something else was expected of the present field.
    pub(crate) fn expected(&mut self, what: &str) {
        let field = self.field;
        self.note(&[field, ": expected ", what]);
    }

    /// Notes a fault in parts.
    pub(crate) fn note(&mut self, fault: &[&str]) {
        if self.first.is_none() {
            self.first = Some(fault.concat());
        }
    }
}

/// What can be read from JSON.
pub(crate) trait FromJson: Sized {
    /// Reads the value, or notes a fault and makes one up. A field that is not there is null.
    fn from_json(json: Json, faults: &mut Faults) -> Self;
}

/// Reads a message, or says what is wrong with it.
pub(crate) fn read<T: FromJson>(json: Json) -> Result<T, String> {
    let mut faults = Faults { field: "message", first: None };
    let message = T::from_json(json, &mut faults);
    faults.first.map_or(Ok(message), Err)
}

/// The fields of an object, to be taken one by one.
pub(crate) struct Fields<'a> {
    left: Vec<(String, Json)>,
    faults: &'a mut Faults,
}

impl<'a> Fields<'a> {
    /// Of an object.
    pub(crate) fn of(json: Json, faults: &'a mut Faults) -> Self {
        let left = match json {
            Json::Object(fields) => fields,
            _ => {
                faults.expected("an object");
                vec![]
            }
        };
        Self { left, faults }
    }

    /// Takes the field `name`.
    pub(crate) fn take<T: FromJson>(&mut self, name: &'static str) -> T {
        let json = self.remove(name);
        self.faults.field = name;
        T::from_json(json, self.faults)
    }

    fn remove(&mut self, name: &str) -> Json {
        match self.left.iter().position(|(field, _)| field == name) {
            Some(at) => self.left.swap_remove(at).1,
            None => Json::Null,
        }
    }

    /// Nothing may be left.
    pub(crate) fn end(self) {
        if let Some((name, _)) = self.left.first() {
            self.faults.note(&[name, ": unknown or repeated field"]);
        }
    }
}

impl Json {
    /// Name and value of the only field of an object.
    pub(crate) fn variant(self, faults: &mut Faults) -> (String, Self) {
        let mut fields = Fields::of(self, faults).left;
        match fields.pop() {
            Some(variant) if fields.is_empty() => variant,
            _ => {
                faults.expected("an object with one field");
                (String::new(), Self::Null)
            }
        }
    }

    /// A string that says something.
    fn parsed<T: FromStr + Default>(self, what: &str, faults: &mut Faults) -> T {
        let text = String::from_json(self, faults);
        text.parse().unwrap_or_else(|_| {
            faults.expected(what);
            T::default()
        })
    }
}

/// Types that are one kind of JSON value.
macro_rules! plain {
    ($($type:ty = $kind:ident, $what:literal;)*) => {$(
        impl FromJson for $type {
            fn from_json(json: Json, faults: &mut Faults) -> Self {
                if let Json::$kind(value) = json {
                    return value;
                }
                faults.expected($what);
                Self::default()
            }
        }
    )*};
}

plain! {
    bool = Bool, "true or false";
    u64 = Number, "a number";
    String = Text, "a string";
}

impl FromJson for u32 {
    fn from_json(json: Json, faults: &mut Faults) -> Self {
        Self::try_from(u64::from_json(json, faults)).unwrap_or_else(|_| {
            faults.expected("a number below 2^32");
            0
        })
    }
}

impl FromJson for Uint128 {
    fn from_json(json: Json, faults: &mut Faults) -> Self {
        Self::new(json.parsed("a string of digits, below 2^128", faults))
    }
}

impl FromJson for Timestamp {
    fn from_json(json: Json, faults: &mut Faults) -> Self {
        Self::from_nanos(json.parsed("a string of digits, nanoseconds since 1970", faults))
    }
}

impl FromJson for Decimal {
    fn from_json(json: Json, faults: &mut Faults) -> Self {
        json.parsed("a string with a decimal of at most 18 places", faults)
    }
}

impl FromJson for Binary {
    fn from_json(json: Json, faults: &mut Faults) -> Self {
        Self::from_base64(&String::from_json(json, faults)).unwrap_or_else(|_| {
            faults.expected("a string in base64");
            Self::default()
        })
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Json, faults: &mut Faults) -> Self {
        match json {
            Json::Null => None,
            value => Some(T::from_json(value, faults)),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Json, faults: &mut Faults) -> Self {
        let Json::List(values) = json else {
            faults.expected("a list");
            return vec![];
        };
        values.into_iter().map(|value| T::from_json(value, faults)).collect()
    }
}
