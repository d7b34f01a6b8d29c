//! Linking and unlinking.

use cosmwasm_std::{Addr, Binary, Deps, DepsMut, Env, MessageInfo, Response, Timestamp};
use modelbond_interface::bridge::{BridgeLinked, BridgeUnlinked, Proof, UnlinkProof};
use modelbond_signature::{
    CompressedKey, CosmosAddress, EthAddress, Link, SignRequest, Signer, Unlink,
};

use crate::proof::{binding, ensure_signed, ensure_timely, prefix};
use crate::state::{eth_address, StoredLink, ETH_ADDRESSES, LINKS, NONCES};
use crate::ContractError;

/// The fields of `link`.
pub(crate) struct LinkRequest {
    pub(crate) eth_address: String,
    pub(crate) pubkey: Binary,
    pub(crate) eth_proof: Proof,
    pub(crate) cosmos_proof: Proof,
    pub(crate) nonce: u64,
    pub(crate) expires_at: Timestamp,
}

pub(crate) fn link(deps: DepsMut, env: &Env, msg: LinkRequest) -> Result<Response, ContractError> {
    let eth: EthAddress = msg.eth_address.parse().map_err(ContractError::input("eth_address"))?;
    let key = CompressedKey::from_slice(&msg.pubkey).map_err(ContractError::input("pubkey"))?;
    let cosmos = key.cosmos_address(prefix(env)).map_err(ContractError::input("pubkey"))?;
    ensure_side("Ethereum", &msg.eth_proof)?;
    ensure_side("Cosmos", &msg.cosmos_proof)?;
    ensure_nonce(deps.as_ref(), &cosmos, msg.nonce)?;
    ensure_unlinked(deps.as_ref(), env, &eth, &cosmos)?;

    let request = SignRequest {
        statement: Link { eth_address: eth, cosmos_address: cosmos.clone() },
        binding: binding(deps.as_ref(), env, msg.nonce, msg.expires_at.seconds())?,
    };
    ensure_timely(env, &request)?;
    for (proof, signer) in
        [(&msg.eth_proof, Signer::Eth(eth)), (&msg.cosmos_proof, Signer::Key(key))]
    {
        let signed = (proof.scheme, proof.signature.as_slice());
        ensure_signed(deps.as_ref(), &request, signed, &signer, &cosmos)?;
    }

    let link = StoredLink { pubkey: msg.pubkey, linked_at: env.block.time };
    LINKS.save(deps.storage, eth.as_bytes(), &link)?;
    ETH_ADDRESSES.save(deps.storage, cosmos.as_bytes(), &Binary::from(eth.as_bytes()))?;
    use_nonce(deps, &cosmos, msg.nonce)?;

    let event = BridgeLinked {
        eth_address: eth.to_string(),
        cosmos_address: cosmos.to_string(),
        pubkey: key.to_string(),
        nonce: msg.nonce,
    };
    Ok(Response::new().add_attribute("action", "link").add_event(event))
}

pub(crate) fn unlink(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    eth: &str,
    proof: Option<UnlinkProof>,
) -> Result<Response, ContractError> {
    let eth: EthAddress = eth.parse().map_err(ContractError::input("eth_address"))?;
    let Some(link) = LINKS.may_load(deps.storage, eth.as_bytes())? else {
        return Err(ContractError::NotLinked { eth_address: eth.to_string() });
    };
    let cosmos = link.cosmos_address(prefix(env))?;
    let nonce = next_nonce(deps.as_ref(), &cosmos)?;
    match proof {
        Some(proof) => {
            ensure_nonce(deps.as_ref(), &cosmos, proof.nonce)?;
            let request = SignRequest {
                statement: Unlink { eth_address: eth, cosmos_address: cosmos.clone() },
                binding: binding(deps.as_ref(), env, nonce, proof.expires_at.seconds())?,
            };
            ensure_timely(env, &request)?;
            let ethereum = proof.scheme.is_ethereum();
            let signer = if ethereum { Signer::Eth(eth) } else { Signer::Key(link.key()?) };
            let signed = (proof.scheme, proof.signature.as_slice());
            ensure_signed(deps.as_ref(), &request, signed, &signer, &cosmos)?;
        }
        None if info.sender.as_str() == cosmos.as_str() => {}
        None => {
            let (expected, sender) = (Addr::unchecked(cosmos.as_str()), info.sender.clone());
            return Err(ContractError::Unauthorized { expected, sender });
        }
    }

    LINKS.remove(deps.storage, eth.as_bytes());
    ETH_ADDRESSES.remove(deps.storage, cosmos.as_bytes());
    use_nonce(deps, &cosmos, nonce)?;

    let event =
        BridgeUnlinked { eth_address: eth.to_string(), cosmos_address: cosmos.to_string(), nonce };
    Ok(Response::new().add_attribute("action", "unlink").add_event(event))
}

/// The nonce that the next statement of `cosmos` must carry.
pub(crate) fn next_nonce(deps: Deps, cosmos: &CosmosAddress) -> Result<u64, ContractError> {
    Ok(NONCES.may_load(deps.storage, cosmos.as_bytes())?.unwrap_or_default())
}

fn ensure_nonce(deps: Deps, cosmos: &CosmosAddress, actual: u64) -> Result<(), ContractError> {
    let expected = next_nonce(deps, cosmos)?;
    if actual == expected {
        return Ok(());
    }
    Err(ContractError::Nonce { cosmos_address: cosmos.to_string(), expected, actual })
}

fn use_nonce(deps: DepsMut, cosmos: &CosmosAddress, nonce: u64) -> Result<(), ContractError> {
    // One step for each transaction: 2⁶⁴ of them will not happen.
    let next = nonce.saturating_add(1);
    Ok(NONCES.save(deps.storage, cosmos.as_bytes(), &next)?)
}

fn ensure_side(side: &'static str, proof: &Proof) -> Result<(), ContractError> {
    let scheme = proof.scheme;
    match (side, scheme.is_ethereum()) {
        ("Ethereum", true) | ("Cosmos", false) => Ok(()),
        ("Ethereum", false) => {
            Err(ContractError::Scheme { side, scheme, allowed: "eip191 or eip712" })
        }
        _ => Err(ContractError::Scheme { side, scheme, allowed: "adr036 or direct" }),
    }
}

fn ensure_unlinked(
    deps: Deps,
    env: &Env,
    eth: &EthAddress,
    cosmos: &CosmosAddress,
) -> Result<(), ContractError> {
    if let Some(link) = LINKS.may_load(deps.storage, eth.as_bytes())? {
        let linked = link.cosmos_address(prefix(env))?;
        let (eth_address, cosmos_address) = (eth.to_string(), linked.to_string());
        return Err(ContractError::EthLinked { eth_address, cosmos_address });
    }
    if let Some(linked) = ETH_ADDRESSES.may_load(deps.storage, cosmos.as_bytes())? {
        let linked = eth_address(&linked)?;
        let (eth_address, cosmos_address) = (linked.to_string(), cosmos.to_string());
        return Err(ContractError::CosmosLinked { cosmos_address, eth_address });
    }
    Ok(())
}
