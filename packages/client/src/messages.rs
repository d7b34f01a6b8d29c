//! Messages of a transaction, ready for [`Signer::broadcast`](crate::Signer::broadcast).

use std::io::Write;

use cosmrs::proto::cosmos::bank::v1beta1::MsgSend;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract, MsgInstantiateContract2, MsgMigrateContract,
    MsgStoreCode,
};
use cosmrs::proto::prost::{Message, Name};
use cosmrs::{AccountId, Any};
use cosmwasm_std::{instantiate2_address, CanonicalAddr, Coin};
use flate2::{write::GzEncoder, Compression};
use serde::Serialize;

use crate::error::ClientError;

/// How a contract is made from a stored code.
#[derive(Debug, Clone, Copy)]
pub struct Instantiation<'a> {
    /// The code.
    pub code_id: u64,
    /// Label, 1 to 128 bytes.
    pub label: &'a str,
    /// Coins sent along.
    pub funds: &'a [Coin],
    /// Who may migrate it; `None` for contracts that hold money.
    pub admin: Option<&'a str>,
}

/// Executes `contract`.
pub fn execute(
    sender: &str,
    contract: &str,
    msg: &(impl Serialize + ?Sized),
    funds: &[Coin],
) -> Result<Any, ClientError> {
    Ok(any(MsgExecuteContract {
        sender: sender.to_owned(),
        contract: contract.to_owned(),
        msg: json(msg)?,
        funds: sorted(funds),
    }))
}

/// Sends coins.
pub fn send(sender: &str, to: &str, coins: &[Coin]) -> Any {
    any(MsgSend {
        from_address: sender.to_owned(),
        to_address: to.to_owned(),
        amount: sorted(coins),
    })
}

/// Stores a code. Plain wasm is compressed, because nodes take at most 1,000,000 bytes per request;
/// the chain's checksum is that of the uncompressed wasm.
pub fn store(sender: &str, wasm: &[u8]) -> Result<Any, ClientError> {
    let wasm_byte_code = if wasm.starts_with(b"\0asm") { compressed(wasm)? } else { wasm.to_vec() };
    Ok(any(MsgStoreCode {
        sender: sender.to_owned(),
        wasm_byte_code,
        instantiate_permission: None,
    }))
}

/// Makes a contract.
pub fn instantiate(
    sender: &str,
    contract: &Instantiation<'_>,
    msg: &(impl Serialize + ?Sized),
) -> Result<Any, ClientError> {
    Ok(any(MsgInstantiateContract {
        sender: sender.to_owned(),
        admin: contract.admin.unwrap_or_default().to_owned(),
        code_id: contract.code_id,
        label: contract.label.to_owned(),
        msg: json(msg)?,
        funds: sorted(contract.funds),
    }))
}

/// Makes a contract at the address that [`predicted_address`] says.
pub fn instantiate2(
    sender: &str,
    contract: &Instantiation<'_>,
    msg: &(impl Serialize + ?Sized),
    salt: &[u8],
) -> Result<Any, ClientError> {
    Ok(any(MsgInstantiateContract2 {
        sender: sender.to_owned(),
        admin: contract.admin.unwrap_or_default().to_owned(),
        code_id: contract.code_id,
        label: contract.label.to_owned(),
        msg: json(msg)?,
        funds: sorted(contract.funds),
        salt: salt.to_vec(),
        fix_msg: false,
    }))
}

/// Moves `contract` to another code; only its admin may.
pub fn migrate(
    sender: &str,
    contract: &str,
    code_id: u64,
    msg: &(impl Serialize + ?Sized),
) -> Result<Any, ClientError> {
    Ok(any(MsgMigrateContract {
        sender: sender.to_owned(),
        contract: contract.to_owned(),
        code_id,
        msg: json(msg)?,
    }))
}

/// The address of a contract that `creator` makes with [`instantiate2`] and `salt` (1 to 64 bytes)
/// from a code with `checksum` ([`CodeInfo::data_hash`](crate::CodeInfo::data_hash)).
pub fn predicted_address(
    checksum: &[u8],
    creator: &str,
    salt: &[u8],
) -> Result<String, ClientError> {
    let invalid = |cause: String| ClientError::InvalidMessage { cause };
    let creator: AccountId =
        creator.parse().map_err(|_| ClientError::InvalidAddress { address: creator.to_owned() })?;
    let canonical = CanonicalAddr::from(creator.to_bytes());
    let address =
        instantiate2_address(checksum, &canonical, salt).map_err(|e| invalid(e.to_string()))?;
    AccountId::new(creator.prefix(), address.as_slice())
        .map(|id| id.to_string())
        .map_err(|e| invalid(e.to_string()))
}

/// A message as JSON bytes.
pub(crate) fn json(msg: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, ClientError> {
    serde_json::to_vec(msg).map_err(|e| ClientError::InvalidMessage { cause: e.to_string() })
}

fn any<M: Message + Name>(message: M) -> Any {
    Any { type_url: M::type_url(), value: message.encode_to_vec() }
}

/// The chain refuses coins that are not in the order of their denoms.
fn sorted(coins: &[Coin]) -> Vec<ProtoCoin> {
    let mut coins: Vec<_> = coins
        .iter()
        .map(|coin| ProtoCoin { denom: coin.denom.clone(), amount: coin.amount.to_string() })
        .collect();
    coins.sort_by(|a, b| a.denom.cmp(&b.denom));
    coins
}

fn compressed(wasm: &[u8]) -> Result<Vec<u8>, ClientError> {
    let failed = |e: std::io::Error| ClientError::InvalidMessage { cause: e.to_string() };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(wasm).map_err(failed)?;
    encoder.finish().map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use cosmwasm_std::coin;

    use super::*;

    #[test]
    fn coins_go_out_in_the_order_of_their_denoms() {
        let sent = send("a", "b", &[coin(1, "uusd"), coin(2, "stake")]);
        assert_eq!(sent.type_url, "/cosmos.bank.v1beta1.MsgSend");
        let amount = MsgSend::decode(sent.value.as_slice()).unwrap().amount;
        assert_eq!(amount.iter().map(|c| c.denom.as_str()).collect::<Vec<_>>(), ["stake", "uusd"]);
    }

    #[test]
    fn wasm_is_compressed_and_what_is_no_wasm_stays() {
        let code = |bytes: &[u8]| {
            let message = store("a", bytes).unwrap();
            MsgStoreCode::decode(message.value.as_slice()).unwrap().wasm_byte_code
        };
        let wasm = [b"\0asm".as_slice(), &[0; 10_000]].concat();
        let sent = code(&wasm);
        assert!(sent.len() < 200);
        let mut unpacked = vec![];
        flate2::read::GzDecoder::new(sent.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, wasm);
        assert_eq!(code(&sent), sent);
    }

    /// Code (cw20-base), creator and salt of a contract that wasmd v0.70.3 made on the devnet.
    #[test]
    fn address_of_a_salted_contract_is_predicted() {
        let checksum = "cae6cb36f047684c34fee053aeefd95e212a8fd5645eabbfe1a84beb52255f7a";
        let checksum = hex::decode(checksum).unwrap();
        let creator = "wasm15yk64u7zc9g9k2yr2wmzeva5qgwxps6yvw76s4";
        let salt = b"06C5491ED464F80DFEDD907F1357DC1A89037A65F476422C590A3EF788476075";
        assert_eq!(
            predicted_address(&checksum, creator, salt).unwrap(),
            "wasm1vawwjw0f00lw4rqwkhwmz0eghzsr3xxjesjuk4est9xa7nkdxaeqf0dpt2"
        );
        assert!(predicted_address(&checksum, creator, b"").is_err());
        assert!(predicted_address(&checksum[1..], creator, salt).is_err());
        assert!(predicted_address(&checksum, "wasm1x", salt).is_err());
    }
}
