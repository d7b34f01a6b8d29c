//! A chain in memory and one node that serves it over JSON-RPC on loopback: contracts answer what they
//! are told to, messages are taken and remembered. It makes a block whenever somebody asks for its
//! status.
#![allow(dead_code, missing_docs, unreachable_pub)] // each test file uses its part

pub mod wasm;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::routing::post;
use axum::{Json, Router};
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountInfoResponse};
use cosmrs::proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use cosmrs::proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmos::tx::v1beta1::{TxBody, TxRaw};
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use cosmrs::proto::prost::Message;
use cosmwasm_std::Event;
use serde::Serialize;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

pub const CHAIN_ID: &str = "chain-1";

/// A message that was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub sender: String,
    pub contract: String,
    pub message: Value,
    /// Attached coins, such as `5stake`.
    pub funds: Vec<String>,
}

#[derive(Default)]
pub struct State {
    pub height: u64,
    /// Time of every block from now on, RFC 3339.
    pub time: String,
    pub taken: Vec<Taken>,
    /// Why the next simulations are refused, in a contract's words.
    pub refuses: Option<String>,
    /// Simulations, refused ones included.
    pub simulated: usize,
    /// What every account has of every denom.
    pub balance: u128,
    /// Codes and contracts.
    pub wasm: wasm::Wasm,
    answers: BTreeMap<(String, String), Value>,
    transactions: Vec<(Vec<u8>, Value)>,
    /// Events of the next transaction.
    events: Vec<Value>,
    /// Contracts of which a past state was asked, with its height.
    pub asked_at: Vec<(String, u64)>,
    /// Results of the one transaction of a block, by height; other blocks are empty.
    blocks: BTreeMap<u64, Value>,
}

/// The chain; clones are the same one.
#[derive(Clone)]
pub struct Chain {
    pub url: String,
    state: Arc<Mutex<State>>,
    looked_at: Arc<Notify>,
}

impl Chain {
    pub async fn start() -> Self {
        let time = "2026-01-01T00:00:00Z".to_owned();
        let state = Arc::new(Mutex::new(State {
            height: 10,
            time,
            balance: u128::MAX,
            ..State::default()
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let chain = Self { url, state, looked_at: Arc::default() };
        let serving = chain.clone();
        let routes = Router::new().route(
            "/",
            post(move |request| {
                let chain = serving.clone();
                async move { chain.respond(request) }
            }),
        );
        tokio::spawn(async move { axum::serve(listener, routes).await });
        chain
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What a contract answers to a question from now on.
    pub fn answers(&self, contract: &str, question: impl Serialize, answer: impl Serialize) {
        let question = serde_json::to_value(question).unwrap().to_string();
        let answer = serde_json::to_value(answer).unwrap();
        self.state().answers.insert((contract.to_owned(), question), answer);
    }

    /// An event of a contract that the next transaction has.
    pub fn emits(&self, contract: &str, event: impl Into<Event>) {
        let event: Event = event.into();
        let attribute = |key: &str, value: &str| json!({"key": key, "value": value, "index": true});
        let own = event.attributes.iter().map(|a| attribute(&a.key, &a.value));
        let attributes: Vec<Value> =
            [attribute("_contract_address", contract)].into_iter().chain(own).collect();
        let event = json!({"type": format!("wasm-{}", event.ty), "attributes": attributes});
        self.state().events.push(event);
    }

    /// A block with one transaction, in which a contract says this; `code` is 0 when it succeeds.
    pub fn block(&self, height: u64, contract: &str, code: u32, events: Vec<Event>) {
        let attribute = |key: &str, value: &str| json!({"key": key, "value": value, "index": true});
        let event = |event: Event| {
            let own = event.attributes.iter().map(|a| attribute(&a.key, &a.value));
            let chain = [attribute("_contract_address", contract)];
            let added = [attribute("msg_index", "0")];
            let attributes: Vec<Value> = chain.into_iter().chain(own).chain(added).collect();
            json!({"type": event.ty, "attributes": attributes})
        };
        let events: Vec<Value> = events.into_iter().map(event).collect();
        let result = json!({"code": code, "codespace": "", "log": "", "info": "", "data": null,
                            "gas_wanted": "1", "gas_used": "1", "events": events});
        self.state().blocks.insert(height, result);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.state().taken.clone()
    }

    /// Waits until a request has made this true.
    pub async fn until(&self, holds: impl Fn(&State) -> bool) {
        loop {
            let next = self.looked_at.notified();
            if holds(&self.state()) {
                return;
            }
            next.await;
        }
    }

    fn respond(&self, Json(request): Json<Value>) -> Json<Value> {
        let (id, params) = (&request["id"], &request["params"]);
        let mut state = self.state();
        self.looked_at.notify_one();
        let result = match request["method"].as_str().unwrap() {
            "status" => {
                state.height += 1;
                status(&state)
            }
            "abci_query" => query(&mut state, params),
            "broadcast_tx_sync" => {
                let transaction = STANDARD.decode(params["tx"].as_str().unwrap()).unwrap();
                let hash = hex::encode_upper(Sha256::digest(&transaction));
                let receipt = take(&mut state, &transaction);
                state.transactions.push((transaction, receipt));
                json!({"code": 0, "codespace": "", "log": "", "data": "", "hash": hash})
            }
            "tx" => {
                let hash = STANDARD.decode(params["hash"].as_str().unwrap()).unwrap();
                let found = state
                    .transactions
                    .iter()
                    .find(|(transaction, _)| Sha256::digest(transaction)[..] == hash[..]);
                let Some((transaction, receipt)) = found else {
                    let error = json!({"code": -32603, "message": "Internal error",
                                       "data": "tx not found"});
                    return Json(json!({"jsonrpc": "2.0", "id": id, "error": error}));
                };
                json!({"hash": hex::encode_upper(&hash), "height": state.height.to_string(),
                       "index": 0, "tx_result": receipt, "tx": STANDARD.encode(transaction)})
            }
            "block_results" => results(&state, params),
            "blockchain" => header(&state, params),
            method => panic!("{method}"),
        };
        Json(json!({"jsonrpc": "2.0", "id": id, "result": result}))
    }
}

fn query(state: &mut State, params: &Value) -> Value {
    let data = hex::decode(params["data"].as_str().unwrap()).unwrap();
    match params["path"].as_str().unwrap() {
        "/cosmos.auth.v1beta1.Query/AccountInfo" => {
            let sequence = state.transactions.len() as u64;
            let account = BaseAccount { account_number: 7, sequence, ..Default::default() };
            let answer = QueryAccountInfoResponse { info: Some(account) };
            response(0, "", &answer.encode_to_vec())
        }
        "/app/simulate" => {
            state.simulated += 1;
            match &state.refuses {
                Some(why) => {
                    let log = format!("failed to execute message; message index: 0: {why}: execute wasm contract failed");
                    response(5, &log, &[])
                }
                None => {
                    let gas = json!({"gas_info": {"gas_wanted": "0", "gas_used": "100000"}});
                    response(0, "", gas.to_string().as_bytes())
                }
            }
        }
        "/cosmwasm.wasm.v1.Query/SmartContractState" => {
            let request = QuerySmartContractStateRequest::decode(data.as_slice()).unwrap();
            let question: Value = serde_json::from_slice(&request.query_data).unwrap();
            if let Some(height) = params["height"].as_str().and_then(|height| height.parse().ok()) {
                state.asked_at.push((request.address.clone(), height));
            }
            match state.answers.get(&(request.address, question.to_string())) {
                Some(answer) => {
                    let data = answer.to_string().into_bytes();
                    response(0, "", &QuerySmartContractStateResponse { data }.encode_to_vec())
                }
                None => {
                    let log = format!("nothing to say to {question}: query wasm contract failed");
                    response(9, &log, &[])
                }
            }
        }
        "/cosmos.bank.v1beta1.Query/Balance" => {
            let request = QueryBalanceRequest::decode(data.as_slice()).unwrap();
            let coin = ProtoCoin { denom: request.denom, amount: state.balance.to_string() };
            let answer = QueryBalanceResponse { balance: Some(coin) };
            response(0, "", &answer.encode_to_vec())
        }
        path => match state.wasm.answer(path, &data) {
            Some(answer) => response(0, "", &answer),
            None => response(22, "no such contract: key not found", &[]),
        },
    }
}

fn response(code: u32, log: &str, value: &[u8]) -> Value {
    json!({ "response": {
        "code": code, "log": log, "info": "", "index": "0", "key": null, "proofOps": null,
        "value": STANDARD.encode(value), "height": "7", "codespace": "wasm",
    }})
}

/// Does what a transaction says, and what came of it.
fn take(state: &mut State, transaction: &[u8]) -> Value {
    let raw = TxRaw::decode(transaction).unwrap();
    let body = TxBody::decode(raw.body_bytes.as_slice()).unwrap();
    let mut data = TxMsgData::default();
    for message in &body.messages {
        if let Some(response) = state.wasm.take(message) {
            data.msg_responses.push(response);
        } else {
            let message = MsgExecuteContract::decode(message.value.as_slice()).unwrap();
            let coin = |coin: &ProtoCoin| format!("{}{}", coin.amount, coin.denom);
            state.taken.push(Taken {
                sender: message.sender,
                contract: message.contract,
                message: serde_json::from_slice(&message.msg).unwrap(),
                funds: message.funds.iter().map(coin).collect(),
            });
        }
    }
    let data = STANDARD.encode(data.encode_to_vec());
    json!({"code": 0, "codespace": "", "log": "", "data": data, "gas_wanted": "130000",
           "gas_used": "99000", "events": std::mem::take(&mut state.events)})
}

fn results(state: &State, params: &Value) -> Value {
    let height: u64 = params["height"].as_str().unwrap().parse().unwrap();
    let results: Vec<&Value> = state.blocks.get(&height).into_iter().collect();
    json!({"height": height.to_string(), "txs_results": results, "finalize_block_events": [],
           "validator_updates": [], "consensus_param_updates": null, "app_hash": ""})
}

fn header(state: &State, params: &Value) -> Value {
    let height = params["minHeight"].as_str().unwrap();
    let hash = "AB".repeat(32);
    let id = json!({"hash": hash, "parts": {"total": 1, "hash": hash}});
    let header = json!({"version": {"block": "11", "app": "0"}, "chain_id": CHAIN_ID,
        "height": height, "time": state.time, "last_block_id": id, "last_commit_hash": hash,
        "data_hash": hash, "validators_hash": hash, "next_validators_hash": hash,
        "consensus_hash": hash, "app_hash": hash, "last_results_hash": hash,
        "evidence_hash": hash, "proposer_address": "00".repeat(20)});
    json!({"last_height": height, "block_metas": [
        {"block_id": id, "block_size": "9", "header": header, "num_txs": "1"}]})
}

fn status(state: &State) -> Value {
    let hash = "AB".repeat(32);
    json!({
        "node_info": {"protocol_version": {"p2p": "8", "block": "11", "app": "0"},
            "id": "00".repeat(20), "listen_addr": "tcp://0.0.0.0:26656", "network": CHAIN_ID,
            "version": "0.38.0", "channels": "40", "moniker": "node",
            "other": {"tx_index": "on", "rpc_address": "tcp://0.0.0.0:26657"}},
        "sync_info": {"latest_block_hash": hash, "latest_app_hash": hash,
            "latest_block_height": state.height.to_string(), "latest_block_time": state.time,
            "earliest_block_hash": hash, "earliest_app_hash": hash, "earliest_block_height": "1",
            "earliest_block_time": "2026-01-01T00:00:00Z", "catching_up": false},
        "validator_info": {"address": "00".repeat(20), "voting_power": "10",
            "pub_key": {"type": "tendermint/PubKeyEd25519", "value": STANDARD.encode([7; 32])}},
    })
}
