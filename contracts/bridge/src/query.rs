//! Answers.

use cosmwasm_std::{from_json, Addr, Binary, Deps, Env, Order};
use cw_storage_plus::Bound;
use modelbond_interface::bridge::{
    self, DomainResponse, LinksResponse, NonceResponse, ResolveResponse, VerifySignatureResponse,
};
use modelbond_signature::typed_data::Document;
use modelbond_signature::{
    verify, CompressedKey, CosmosAddress, EthAddress, Host, Message, PublicKey, Scheme,
    SignatureError, Signer, TypedData, DOMAIN_NAME, DOMAIN_VERSION,
};

use crate::identity::next_nonce;
use crate::proof::{binding, prefix};
use crate::state::{eth_address, StoredLink, ETH_ADDRESSES, LINKS};
use crate::ContractError;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;

pub(crate) fn resolve(
    deps: Deps,
    env: &Env,
    address: &str,
) -> Result<ResolveResponse, ContractError> {
    let eth = if address.starts_with("0x") {
        let eth: EthAddress = address.parse().map_err(ContractError::input("address"))?;
        Some(eth)
    } else {
        let cosmos = own_address(env, "address", address)?;
        ETH_ADDRESSES
            .may_load(deps.storage, cosmos.as_bytes())?
            .map(|eth| eth_address(&eth))
            .transpose()?
    };
    let Some(eth) = eth else { return Ok(ResolveResponse { link: None }) };
    let link = LINKS.may_load(deps.storage, eth.as_bytes())?;
    let link = link.map(|link| shown(env, &eth, link)).transpose()?;
    Ok(ResolveResponse { link })
}

pub(crate) fn links(
    deps: Deps,
    env: &Env,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<LinksResponse, ContractError> {
    let start: Option<EthAddress> = start_after
        .map(|text| text.parse())
        .transpose()
        .map_err(ContractError::input("start_after"))?;
    let start = start.as_ref().map(|address| Bound::exclusive(address.as_bytes().as_slice()));
    let limit = usize::try_from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).unwrap_or_default();
    let links = LINKS
        .range(deps.storage, start, None, Order::Ascending)
        .take(limit)
        .map(|entry| {
            let (eth, link) = entry?;
            shown(env, &eth_address(&eth)?, link)
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(LinksResponse { links })
}

pub(crate) fn nonce(
    deps: Deps,
    env: &Env,
    cosmos_address: &str,
) -> Result<NonceResponse, ContractError> {
    let cosmos = own_address(env, "cosmos_address", cosmos_address)?;
    Ok(NonceResponse { nonce: next_nonce(deps, &cosmos)? })
}

pub(crate) fn domain(deps: Deps, env: &Env) -> Result<DomainResponse, ContractError> {
    let contract = env.contract.address.clone();
    let binding = binding(deps, env, 0, 0)?;
    Ok(DomainResponse {
        chain_id: env.block.chain_id.clone(),
        contract,
        name: DOMAIN_NAME.to_owned(),
        version: DOMAIN_VERSION.to_owned(),
        evm_chain_id: binding.evm_chain_id,
        verifying_contract: binding.verifying_contract(),
        salt: binding.salt().into(),
    })
}

/// What cannot be read is not valid either.
pub(crate) fn verify_signature(
    deps: Deps,
    env: &Env,
    scheme: Scheme,
    message: &Binary,
    signature: &Binary,
    signer: &str,
) -> VerifySignatureResponse {
    let verified = signer_of(signer).and_then(|signer| {
        let key = verified(deps, env, scheme, message, signature, &signer)?;
        let prefix = match &signer {
            Signer::Cosmos(address) => address.prefix(),
            _ => prefix(env),
        };
        Ok((key, key.cosmos_address(prefix).map_err(|error| error.to_string())?))
    });
    match verified {
        Ok((key, cosmos_address)) => VerifySignatureResponse {
            valid: true,
            reason: None,
            pubkey: Some(Binary::from(key.compressed().as_bytes())),
            eth_address: Some(key.eth_address().to_string()),
            cosmos_address: Some(cosmos_address.to_string()),
        },
        Err(reason) => VerifySignatureResponse {
            valid: false,
            reason: Some(reason),
            pubkey: None,
            eth_address: None,
            cosmos_address: None,
        },
    }
}

fn verified(
    deps: Deps,
    env: &Env,
    scheme: Scheme,
    message: &[u8],
    signature: &[u8],
    signer: &Signer,
) -> Result<PublicKey, String> {
    let text = |error: SignatureError| error.to_string();
    let signature = scheme.read_signature(signature).map_err(text)?;
    let digest = match scheme {
        Scheme::Eip191 => Message::Eip191(message).digest(),
        Scheme::Eip712 => {
            let document: Document = from_json(message).map_err(|error| error.to_string())?;
            Message::Eip712(&TypedData::new(document).map_err(text)?).digest()
        }
        Scheme::Adr036 => {
            let address = match signer {
                Signer::Cosmos(address) => address.clone(),
                Signer::Key(key) => key.cosmos_address(prefix(env)).map_err(text)?,
                _ => return Err("adr036 signs the Cosmos address: name it as signer".to_owned()),
            };
            Message::Adr036 { signer: &address, data: message }.digest()
        }
        Scheme::Direct => Message::Direct(message).digest(),
    };
    verify(&Host(deps.api), &digest, &signature, signer).map_err(text)
}

/// `0x…`, bech32, or a compressed key in hexadecimal.
fn signer_of(text: &str) -> Result<Signer, String> {
    let signer = if text.starts_with("0x") {
        text.parse().map(Signer::Eth)
    } else if let Ok(key) = cosmwasm_std::HexBinary::from_hex(text) {
        CompressedKey::from_slice(&key).map(Signer::Key)
    } else {
        text.parse().map(Signer::Cosmos)
    };
    signer.map_err(|error| error.to_string())
}

fn own_address(env: &Env, field: &'static str, text: &str) -> Result<CosmosAddress, ContractError> {
    let address: CosmosAddress = text.parse().map_err(ContractError::input(field))?;
    address.ensure_prefix(prefix(env)).map_err(ContractError::input(field))?;
    Ok(address)
}

fn shown(env: &Env, eth: &EthAddress, link: StoredLink) -> Result<bridge::Link, ContractError> {
    let cosmos = link.cosmos_address(prefix(env))?;
    Ok(bridge::Link {
        eth_address: eth.to_string(),
        cosmos_address: Addr::unchecked(cosmos.as_str()),
        pubkey: link.pubkey,
        linked_at: link.linked_at,
    })
}
