//! How what is asked looks, where the types themselves cannot say it: typed data, and the
//! characters of signers, signatures and encoded bytes. What does not match is never accepted.
#![allow(dead_code)] // these types are only described

use std::borrow::Cow;
use std::collections::BTreeMap;

use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder, ArrayBuilder, Schema, Type};
use utoipa::openapi::{ObjectBuilder, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

macro_rules! texts {
    ($($(#[doc = $what:literal])* $name:ident = $pattern:expr, $example:expr;)*) => {$(
        $(#[doc = $what])*
        pub(super) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some($pattern))
                    .description(Some(concat!($($what),*).trim_start()))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

texts! {
    /// Bytes in hexadecimal (with or without `0x`) or base64; spaces around them are ignored.
    EncodedBytes = "^\\s*((0x)?([0-9a-fA-F]{2})*|([A-Za-z0-9+/]{4})*\
        ([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)\\s*$",
        "vb78/y129cOiWyQkeFF8wCKZsOyzjpILnpEVZ72o5YUhEOmQZzVPcbUqWPLR7aZQ20j6vnYhIuCQN0HEG3igFg==";
    /// Bytes in base64 with padding (RFC 4648).
    Base64Bytes = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", "CgASABoHY2hhaW4tMQ==";
    /// An account in bech32, lower case.
    Bech32Account = "^[!-@\\[-~]{1,51}1[02-9ac-hj-np-z]{38}$",
        "cosmos1m9l358xunhhwds0568za49mzhvuxx9uxre5tud";
    /// Who signs: an Ethereum address, an account in bech32, or a public key of 33 or 65 bytes in
    /// hexadecimal or base64; spaces around it are ignored.
    SignerText = "^\\s*(0x[0-9a-fA-F]{40}|(0x)?([0-9a-fA-F]{66}|[0-9a-fA-F]{130})\
        |[A-Za-z0-9+/]{44}|[A-Za-z0-9+/]{87}=|[!-@\\[-~]{1,51}1[02-9ac-hj-np-z]{38})\\s*$",
        "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
}

/// Typed data (EIP-712), as `eth_signTypedData_v4` takes it.
#[derive(ToSchema)]
pub(super) struct TypedData {
    /// Struct types by name. `EIP712Domain` may be left out; then it is what `domain` has.
    types: BTreeMap<String, Vec<TypedMember>>,
    /// The type of `message`.
    #[schema(rename = "primaryType", example = "Mail")]
    primary_type: String,
    /// What the signature is bound to.
    domain: BTreeMap<String, TypedValue>,
    /// What is signed.
    message: BTreeMap<String, TypedValue>,
}

/// A member of a struct type.
#[derive(ToSchema)]
pub(super) struct TypedMember {
    /// Its name.
    #[schema(example = "wallet")]
    name: String,
    /// Its type: `bool`, `address`, `string`, `bytes`, `bytes1`…`bytes32`, `uint8`…`uint256`,
    /// `int8`…`int256`, the name of a struct, or one of these with `[]` or `[n]` behind it.
    #[schema(rename = "type", example = "address")]
    kind: String,
}

/// A value of typed data.
pub(super) struct TypedValue;

impl PartialSchema for TypedValue {
    fn schema() -> RefOr<Schema> {
        let itself = || Ref::from_schema_name(Self::name());
        let whole = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(i64::MIN as isize))
            .maximum(Some(u64::MAX as usize));
        let fields = ObjectBuilder::new()
            .schema_type(Type::Object)
            .additional_properties(Some(AdditionalProperties::RefOr(itself().into())));
        AnyOfBuilder::new()
            .item(ObjectBuilder::new().schema_type(Type::String))
            .item(ObjectBuilder::new().schema_type(Type::Boolean))
            .item(whole)
            .item(ArrayBuilder::new().items(itself()))
            .item(fields)
            .description(Some(
                "Text, true or false, a whole number (as text beyond 64 bits), a list, or the \
                 fields of a struct.",
            ))
            .into()
    }
}

impl ToSchema for TypedValue {
    fn name() -> Cow<'static, str> {
        "TypedValue".into()
    }
}
