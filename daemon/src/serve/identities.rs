//! Routes of identities: who is who, as the bridge contract has it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Result;
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use modelbond_interface::bridge::Link;
use modelbond_signature::{CosmosAddress, EthAddress};
use serde::Serialize;
use utoipa::ToSchema;

use super::chain::ChainError;
use super::problem::Problem;
use super::state::App;
use crate::signatures::InputError;

const FIELD: &str = "address";

/// Two addresses of one person, which both have signed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Identity {
    /// With EIP-55's checksum.
    #[schema(
        pattern = "^0x[0-9a-fA-F]{40}$",
        example = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"
    )]
    pub eth_address: String,
    /// On the bridge's chain.
    #[schema(example = "wasm17lhf4defwy62pnx8du74p62daut53revsxrmhk")]
    pub cosmos_address: String,
    /// The Cosmos address's key, 33 bytes, hexadecimal.
    #[schema(
        pattern = "^[0-9a-f]{66}$",
        example = "030947751e3022ecf3016be03ec77ab0ce3c2662b4843898cb068d74f698ccc8ad"
    )]
    pub public_key: String,
    /// The same in base64.
    #[schema(example = "AwlHdR4wIuzzAWvgPsd6sM48JmK0hDiYywaNdPaYzMit")]
    pub public_key_base64: String,
    /// When the link was recorded, nanoseconds since 1970.
    #[schema(pattern = "^[0-9]+$", example = "1571797419879305533")]
    pub linked_at: String,
}

impl From<Link> for Identity {
    fn from(link: Link) -> Self {
        Self {
            eth_address: link.eth_address,
            cosmos_address: link.cosmos_address.into_string(),
            public_key: hex::encode(&link.pubkey),
            public_key_base64: STANDARD.encode(&link.pubkey),
            linked_at: link.linked_at.nanos().to_string(),
        }
    }
}

/// Resolve an address
///
/// The other address of the same person, as the bridge contract has it. An address without a link
/// is 404 `not_linked`. Without a bridge (no network file, or none deployed) it is 503
/// `no_bridge`; where the chain does not answer, 502 `chain_unavailable`.
#[utoipa::path(
    get,
    path = "/v1/identities/{address}",
    tag = "identities",
    params(("address" = String, Path,
        description = "An Ethereum address (`0x…`) or an address of the bridge's chain (bech32).",
        pattern = "^(0x[0-9a-fA-F]{40}|[a-z0-9]{1,51}1[02-9ac-hj-np-z]{38})$",
        example = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")),
    responses(
        (status = 200, description = "Both addresses.", body = Identity),
        (status = 400, description = "The path is not UTF-8.", body = Problem,
         content_type = "application/problem+json"),
        (status = 404, description = "The address is not linked.", body = Problem,
         content_type = "application/problem+json"),
        (status = 422, description = "The address cannot be read.", body = Problem,
         content_type = "application/problem+json"),
        (status = 502, description = "The chain does not answer.", body = Problem,
         content_type = "application/problem+json"),
        (status = 503, description = "There is no bridge, or the service could not answer in time.", body = Problem,
         content_type = "application/problem+json"),
    )
)]
pub async fn resolve(
    State(app): State<App>,
    address: Result<Path<String>, PathRejection>,
) -> Result<axum::Json<Identity>, Problem> {
    let Path(text) = address.map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "path", error.body_text()).in_field(FIELD)
    })?;
    let address = Address::read(&text)?;
    let bridge = app.chain().bridge()?;
    address.ensure_on(bridge.prefix())?;
    let link = bridge.resolve(address.to_string(), app.settings().chain_timeout()).await?;
    let link = link.ok_or_else(|| {
        let detail = format!("{address} is not linked to another address");
        Problem::new(StatusCode::NOT_FOUND, "not_linked", detail).in_field(FIELD)
    })?;
    Ok(axum::Json(link.into()))
}

/// An address that was read.
enum Address {
    Eth(EthAddress),
    Cosmos(CosmosAddress),
}

impl Address {
    fn read(text: &str) -> Result<Self, InputError> {
        let fault = InputError::in_field(FIELD);
        if text.starts_with("0x") {
            return text.parse().map(Self::Eth).map_err(fault);
        }
        text.parse().map(Self::Cosmos).map_err(fault)
    }

    /// Refuses another chain's address.
    fn ensure_on(&self, prefix: &str) -> Result<(), InputError> {
        match self {
            Self::Eth(_) => Ok(()),
            Self::Cosmos(address) => {
                address.ensure_prefix(prefix).map_err(InputError::in_field(FIELD))
            }
        }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Eth(address) => address.fmt(f),
            Self::Cosmos(address) => address.fmt(f),
        }
    }
}

impl From<ChainError> for Problem {
    fn from(error: ChainError) -> Self {
        let (status, code) = match error {
            ChainError::NoBridge(_) => (StatusCode::SERVICE_UNAVAILABLE, "no_bridge"),
            ChainError::Unavailable(_) => (StatusCode::BAD_GATEWAY, "chain_unavailable"),
        };
        Self::new(status, code, error.to_string())
    }
}
