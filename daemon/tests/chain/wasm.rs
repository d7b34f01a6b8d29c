//! Codes and contracts of the stand-in: stored, made, looked up.

use std::collections::BTreeMap;

use cosmrs::proto::cosmwasm::wasm::v1::{
    CodeInfoResponse, ContractInfo, MsgInstantiateContract, MsgInstantiateContract2,
    MsgInstantiateContract2Response, MsgInstantiateContractResponse, MsgStoreCode,
    MsgStoreCodeResponse, QueryCodeRequest, QueryContractInfoRequest, QueryContractInfoResponse,
};
use cosmrs::proto::prost::{Message, Name};
use cosmrs::Any;
use modelbond_client::messages::predicted_address;
use serde_json::Value;

/// A contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Made {
    pub code_id: u64,
    pub admin: String,
    pub label: String,
    pub message: Value,
}

#[derive(Debug, Default)]
pub struct Wasm {
    /// Hashes of the codes that will be stored, in order: they come compressed.
    pub to_come: Vec<Vec<u8>>,
    /// Hashes of the codes that were stored: the first has id 1.
    pub codes: Vec<Vec<u8>>,
    /// Contracts by address.
    pub contracts: BTreeMap<String, Made>,
}

impl Wasm {
    /// A contract of a code, at an address.
    pub fn has(&mut self, address: &str, code_id: u64) {
        let made = Made { code_id, ..Made::default() };
        self.contracts.insert(address.to_owned(), made);
    }

    /// Does what a message says, and its response, if it is about codes and contracts.
    pub(super) fn take(&mut self, message: &Any) -> Option<Any> {
        let bytes = message.value.as_slice();
        Some(if message.type_url == MsgStoreCode::type_url() {
            let checksum = self.to_come.remove(0);
            self.codes.push(checksum.clone());
            let code_id = self.codes.len() as u64;
            response(&MsgStoreCodeResponse { code_id, checksum })
        } else if message.type_url == MsgInstantiateContract::type_url() {
            let MsgInstantiateContract { admin, code_id, label, msg, .. } =
                MsgInstantiateContract::decode(bytes).unwrap();
            let address = format!("wasm1{label}");
            let message = serde_json::from_slice(&msg).unwrap();
            self.contracts.insert(address.clone(), Made { code_id, admin, label, message });
            response(&MsgInstantiateContractResponse { address, data: vec![] })
        } else if message.type_url == MsgInstantiateContract2::type_url() {
            let made = MsgInstantiateContract2::decode(bytes).unwrap();
            let hash = &self.codes[made.code_id as usize - 1];
            let address = predicted_address(hash, &made.sender, &made.salt).unwrap();
            let MsgInstantiateContract2 { admin, code_id, label, msg, .. } = made;
            let message = serde_json::from_slice(&msg).unwrap();
            self.contracts.insert(address.clone(), Made { code_id, admin, label, message });
            response(&MsgInstantiateContract2Response { address, data: vec![] })
        } else {
            return None;
        })
    }

    pub(super) fn answer(&self, path: &str, data: &[u8]) -> Option<Vec<u8>> {
        match path {
            "/cosmwasm.wasm.v1.Query/ContractInfo" => {
                let QueryContractInfoRequest { address } =
                    QueryContractInfoRequest::decode(data).unwrap();
                let Made { code_id, admin, label, .. } = self.contracts.get(&address)?.clone();
                let info = ContractInfo { code_id, admin, label, ..ContractInfo::default() };
                let answer = QueryContractInfoResponse { address, contract_info: Some(info) };
                Some(answer.encode_to_vec())
            }
            "/cosmwasm.wasm.v1.Query/CodeInfo" => {
                let QueryCodeRequest { code_id } = QueryCodeRequest::decode(data).unwrap();
                let data_hash = self.codes.get(usize::try_from(code_id).ok()?.checked_sub(1)?)?;
                let data_hash = data_hash.clone();
                let answer = CodeInfoResponse { code_id, data_hash, ..CodeInfoResponse::default() };
                Some(answer.encode_to_vec())
            }
            path => panic!("{path}"),
        }
    }
}

fn response<M: Message + Name>(response: &M) -> Any {
    Any { type_url: M::type_url(), value: response.encode_to_vec() }
}
