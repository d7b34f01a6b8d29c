//! Queries of contract and chain state, by `abci_query`.

use cosmrs::proto::cosmos::auth::v1beta1::{QueryAccountInfoRequest, QueryAccountInfoResponse};
use cosmrs::proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use cosmrs::proto::cosmwasm::wasm::v1::{
    CodeInfoResponse, QueryCodeRequest, QueryContractInfoRequest, QueryContractInfoResponse,
    QueryRawContractStateRequest, QueryRawContractStateResponse, QuerySmartContractStateRequest,
    QuerySmartContractStateResponse,
};
use cosmrs::proto::prost::Message;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tendermint::block::Height;
use tendermint_rpc::endpoint::abci_query;

use crate::block::block_height;
use crate::client::Client;
use crate::endpoint::{shortened, EndpointError};
use crate::error::ClientError;
use crate::messages::json;
use crate::pool::Fault;
use crate::refusal::refusal;

/// A contract's record in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractInfo {
    /// The code it runs.
    pub code_id: u64,
    /// Who may migrate it; none for contracts that hold money.
    pub admin: Option<String>,
    /// Its label.
    pub label: String,
    /// Who instantiated it.
    pub creator: String,
    /// Height of the block in which it was; none where the chain does not say.
    pub height: Option<u64>,
}

/// A stored code's record in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeInfo {
    /// SHA-256 of the uncompressed wasm.
    pub data_hash: Vec<u8>,
    /// Who stored it.
    pub creator: String,
}

/// What signing needs to know of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Number given by the chain.
    pub number: u64,
    /// Transactions signed so far.
    pub sequence: u64,
}

impl Client {
    /// Smart query of a contract.
    pub async fn query<T: DeserializeOwned>(
        &self,
        contract: &str,
        msg: &(impl Serialize + ?Sized),
    ) -> Result<T, ClientError> {
        let request =
            QuerySmartContractStateRequest { address: contract.to_owned(), query_data: json(msg)? };
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState";
        let answer: QuerySmartContractStateResponse = self.ask_chain(path, &request).await?;
        serde_json::from_slice(&answer.data).map_err(|e| ClientError::InvalidAnswer {
            what: format!("the answer of contract {contract}"),
            cause: shortened(&e.to_string()),
        })
    }

    /// The raw value of a contract's storage key; `None` when there is none.
    pub async fn query_raw(
        &self,
        contract: &str,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, ClientError> {
        let request =
            QueryRawContractStateRequest { address: contract.to_owned(), query_data: key.to_vec() };
        let path = "/cosmwasm.wasm.v1.Query/RawContractState";
        let answer: QueryRawContractStateResponse = self.ask_chain(path, &request).await?;
        Ok(Some(answer.data).filter(|data| !data.is_empty()))
    }

    /// Who made a contract, from which code, and who may change it.
    pub async fn contract_info(&self, contract: &str) -> Result<ContractInfo, ClientError> {
        let request = QueryContractInfoRequest { address: contract.to_owned() };
        let path = "/cosmwasm.wasm.v1.Query/ContractInfo";
        let answer: QueryContractInfoResponse = self.ask_chain(path, &request).await?;
        let info = answer
            .contract_info
            .ok_or_else(|| ClientError::NotFound { what: format!("contract {contract}") })?;
        Ok(ContractInfo {
            code_id: info.code_id,
            admin: Some(info.admin).filter(|admin| !admin.is_empty()),
            label: info.label,
            creator: info.creator,
            height: info.created.map(|created| created.block_height),
        })
    }

    /// Hash and creator of a stored code.
    pub async fn code_info(&self, code_id: u64) -> Result<CodeInfo, ClientError> {
        // `Query/CodeInfo` answers without the code itself; its first three fields are those of
        // `CodeInfoResponse`.
        let request = QueryCodeRequest { code_id };
        let path = "/cosmwasm.wasm.v1.Query/CodeInfo";
        let answer: CodeInfoResponse = self.ask_chain(path, &request).await?;
        if answer.code_id != code_id {
            return Err(ClientError::NotFound { what: format!("code {code_id}") });
        }
        Ok(CodeInfo { data_hash: answer.data_hash, creator: answer.creator })
    }

    /// What `address` holds of `denom`, 0 if nothing.
    pub async fn balance(&self, address: &str, denom: &str) -> Result<u128, ClientError> {
        let request = QueryBalanceRequest { address: address.to_owned(), denom: denom.to_owned() };
        let path = "/cosmos.bank.v1beta1.Query/Balance";
        let answer: QueryBalanceResponse = self.ask_chain(path, &request).await?;
        let Some(coin) = answer.balance else {
            return Ok(0);
        };
        coin.amount.parse().map_err(|_| ClientError::InvalidAnswer {
            what: format!("the balance of {address}"),
            cause: format!("amount {:?}", shortened(&coin.amount)),
        })
    }

    /// Number and sequence of an account; [`ClientError::NotFound`] before its first coin.
    pub async fn account(&self, address: &str) -> Result<Account, ClientError> {
        let request = QueryAccountInfoRequest { address: address.to_owned() };
        let path = "/cosmos.auth.v1beta1.Query/AccountInfo";
        let answer: QueryAccountInfoResponse = self.ask_chain(path, &request).await?;
        let info = answer
            .info
            .ok_or_else(|| ClientError::NotFound { what: format!("account {address}") })?;
        Ok(Account { number: info.account_number, sequence: info.sequence })
    }

    /// One query of the application by its gRPC path.
    async fn ask_chain<A: Message + Default>(
        &self,
        path: &str,
        request: &impl Message,
    ) -> Result<A, ClientError> {
        let height = self.height().map(block_height).transpose()?;
        self.ask_application(path, (request.encode_to_vec(), height), |value| {
            A::decode(value).map_err(|e| e.to_string())
        })
        .await
    }

    /// Gas that a transaction would use on top of the node's mempool.
    ///
    /// `/app/simulate` and not the gRPC service, which nodes without a gRPC server do not have and
    /// which loses the error's code.
    pub(crate) async fn simulated_gas(&self, transaction: Vec<u8>) -> Result<u64, ClientError> {
        self.ask_application("/app/simulate", (transaction, None), |value| {
            let simulation: Simulation =
                serde_json::from_slice(value).map_err(|e| e.to_string())?;
            simulation.gas_info.gas_used.parse().map_err(|_| "gas is not a number".to_owned())
        })
        .await
    }

    async fn ask_application<T>(
        &self,
        path: &str,
        (data, height): (Vec<u8>, Option<Height>),
        decode: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Result<T, ClientError> {
        let request = abci_query::Request::new(Some(path.to_owned()), data, height, false);
        self.pool()
            .ask(request, |answer| {
                let answer = answer.map_err(Fault::Next)?.response;
                if answer.code.is_err() {
                    let code = answer.code.value();
                    return Err(Fault::Final(refusal(&answer.codespace, code, &answer.log, None)));
                }
                decode(&answer.value).map_err(|cause| {
                    Fault::Next(EndpointError::Garbage(format!("answer of {path}: {cause}")))
                })
            })
            .await
    }
}

/// The part of a simulation that counts.
#[derive(Deserialize)]
struct Simulation {
    gas_info: GasInfo,
}

#[derive(Deserialize)]
struct GasInfo {
    gas_used: String,
}
