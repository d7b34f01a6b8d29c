//! Typed events: each contract event is a struct that becomes a `cosmwasm_std::Event` and comes
//! back from one unchanged. Attribute keys are the field names; amounts are integers in base
//! units. The chain prefixes the type with `wasm-` and adds `_contract_address`; reading accepts
//! both forms, and whoever reads from a chain must check that address first.

use cosmwasm_std::Event;
use thiserror::Error;

/// Why an event cannot be read as the asked type.
#[derive(Error, Debug, PartialEq, Eq, Clone)]
pub enum EventError {
    /// Another type of event.
    #[error("event type is {actual}, expected {expected}")]
    WrongType {
        /// The type asked for.
        expected: &'static str,
        /// The type found.
        actual: String,
    },
    /// An attribute is missing.
    #[error("event {event} has no attribute {key}")]
    MissingKey {
        /// Event type.
        event: &'static str,
        /// Attribute key.
        key: &'static str,
    },
    /// An attribute does not parse.
    #[error("event {event}: attribute {key} = {value} does not parse")]
    BadValue {
        /// Event type.
        event: &'static str,
        /// Attribute key.
        key: &'static str,
        /// The value found.
        value: String,
    },
}

/// A struct that is one type of contract event.
pub trait TypedEvent: Into<Event> + for<'a> TryFrom<&'a Event, Error = EventError> {
    /// The event's type, without the chain's `wasm-` prefix.
    const TYPE: &'static str;
}

/// Reads the attribute `key` of `event`.
pub(crate) fn attribute<T: std::str::FromStr>(
    event: &Event,
    event_type: &'static str,
    key: &'static str,
) -> Result<T, EventError> {
    let attribute = event
        .attributes
        .iter()
        .find(|attribute| attribute.key == key)
        .ok_or(EventError::MissingKey { event: event_type, key })?;
    attribute.value.parse().map_err(|_| EventError::BadValue {
        event: event_type,
        key,
        value: attribute.value.clone(),
    })
}

/// Checks that `event` is of type `expected`, with or without the chain's prefix.
pub(crate) fn ensure_type(event: &Event, expected: &'static str) -> Result<(), EventError> {
    let actual = event.ty.strip_prefix("wasm-").unwrap_or(&event.ty);
    if actual == expected {
        return Ok(());
    }
    Err(EventError::WrongType { expected, actual: event.ty.clone() })
}

/// Declares event structs with their conversions to and from `cosmwasm_std::Event`.
macro_rules! typed_events {
    ($($(#[$meta:meta])* $name:ident = $ty:literal { $($(#[$field_meta:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $kind,)* }

        impl $crate::event::TypedEvent for $name {
            const TYPE: &'static str = $ty;
        }

        impl From<$name> for cosmwasm_std::Event {
            fn from(event: $name) -> Self {
                Self::new($ty)$(.add_attribute(stringify!($field), event.$field.to_string()))*
            }
        }

        impl TryFrom<&cosmwasm_std::Event> for $name {
            type Error = $crate::event::EventError;

            fn try_from(event: &cosmwasm_std::Event) -> Result<Self, Self::Error> {
                $crate::event::ensure_type(event, $ty)?;
                Ok(Self { $($field: $crate::event::attribute(event, $ty, stringify!($field))?,)* })
            }
        }
    )*};
}
pub(crate) use typed_events;
