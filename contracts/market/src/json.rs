//! JSON messages without a derived parser per struct. Each of those is about 2 KB of wasm, and a
//! market's messages and parameters are 58 of them. Here one parser reads any message as a
//! [`Json`] value, and fields are taken from it by name. Accepted is what the derived parsers
//! accept, nothing else: no unknown, missing or repeated field, no other type. A test compares
//! the two.

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

/// Why a value is not the message it should be, with the path to the culprit.
#[derive(Debug, PartialEq)]
pub(crate) struct JsonError(String);

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl JsonError {
    pub(crate) fn expected(what: &str) -> Self {
        Self(["expected ", what].concat())
    }

    pub(crate) fn within(self, name: &str) -> Self {
        Self([name, ": ", &self.0].concat())
    }
}

/// What can be read from JSON.
pub(crate) trait FromJson: Sized {
    /// Reads the value.
    fn from_json(json: Json) -> Result<Self, JsonError>;

    /// What it means that a field of this type is not there.
    fn absent() -> Result<Self, JsonError> {
        Err(JsonError::expected("this field"))
    }
}

/// The fields of an object, to be taken one by one.
pub(crate) struct Fields(Vec<(String, Json)>);

impl Fields {
    /// Takes the field `name`.
    pub(crate) fn take<T: FromJson>(&mut self, name: &'static str) -> Result<T, JsonError> {
        let value = match self.remove(name) {
            Some(json) => T::from_json(json),
            None => T::absent(),
        };
        value.map_err(|error| error.within(name))
    }

    fn remove(&mut self, name: &str) -> Option<Json> {
        let at = self.0.iter().position(|(field, _)| field == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Ensures that nothing is left.
    pub(crate) fn end(self) -> Result<(), JsonError> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(JsonError::expected("no such field, or only once").within(name)),
        }
    }
}

impl Json {
    /// The fields of an object.
    pub(crate) fn fields(self) -> Result<Fields, JsonError> {
        match self {
            Self::Object(fields) => Ok(Fields(fields)),
            _ => Err(JsonError::expected("an object")),
        }
    }

    /// Name and value of the only field of an object.
    pub(crate) fn variant(self) -> Result<(String, Self), JsonError> {
        let mut fields = self.fields()?.0.into_iter();
        match (fields.next(), fields.next()) {
            (Some(variant), None) => Ok(variant),
            _ => Err(JsonError::expected("an object with one field")),
        }
    }

    fn text(self) -> Result<String, JsonError> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(JsonError::expected("a string")),
        }
    }

    /// A string that says something else.
    fn parsed<T: FromStr>(self, what: &str) -> Result<T, JsonError> {
        self.text()?.parse().map_err(|_| JsonError::expected(what))
    }
}

impl FromJson for bool {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        match json {
            Json::Bool(value) => Ok(value),
            _ => Err(JsonError::expected("true or false")),
        }
    }
}

impl FromJson for u64 {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        match json {
            Json::Number(value) => Ok(value),
            _ => Err(JsonError::expected("a number")),
        }
    }
}

impl FromJson for u32 {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        Self::try_from(u64::from_json(json)?).map_err(|_| JsonError::expected("less than 2^32"))
    }
}

impl FromJson for String {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        json.text()
    }
}

impl FromJson for Uint128 {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        json.parsed("a string of digits below 2^128").map(Self::new)
    }
}

impl FromJson for Timestamp {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        json.parsed("nanoseconds since 1970 as a string of digits").map(Self::from_nanos)
    }
}

impl FromJson for Decimal {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        json.parsed("a string with a decimal of at most 18 places")
    }
}

impl FromJson for Binary {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        Self::from_base64(&json.text()?).map_err(|_| JsonError::expected("a string in base64"))
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        match json {
            Json::Null => Ok(None),
            value => T::from_json(value).map(Some),
        }
    }

    fn absent() -> Result<Self, JsonError> {
        Ok(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Json) -> Result<Self, JsonError> {
        match json {
            Json::List(values) => values.into_iter().map(T::from_json).collect(),
            _ => Err(JsonError::expected("a list")),
        }
    }
}
