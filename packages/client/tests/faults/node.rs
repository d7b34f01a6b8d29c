//! A chain in memory and nodes that serve it over JSON-RPC on loopback, with faults on demand.
//!
//! The chain makes one block whenever somebody asks a node for its status, so that time passes
//! exactly as often as a client looks. It checks sequences as a real one does: against included
//! and waiting transactions.

use std::sync::{Arc, Mutex, MutexGuard};

use base64::prelude::{Engine, BASE64_STANDARD as BASE64};
use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountInfoResponse};
use cosmrs::proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmrs::proto::cosmos::tx::v1beta1::{AuthInfo, TxBody, TxRaw};
use cosmrs::proto::prost::Message;
use cosmrs::Any;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const CHAIN_ID: &str = "faults-1";
pub(crate) const GAS: u64 = 100_000;

/// What a node does wrong, once.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The request is served, its answer is lost.
    LoseAnswer,
    /// The connection closes and nothing was served.
    Hang,
    /// This HTTP status, nothing served.
    Status(u16),
    /// These bytes as the answer, nothing served.
    Body(Vec<u8>),
    /// This JSON-RPC error, nothing served.
    Rpc(&'static str),
    /// `check_tx` refuses so.
    Check(u32, &'static str),
    /// Served, and then this fault.
    Served(Box<Fault>),
    /// Served, the answer changed on its way.
    Edit(fn(&mut Value)),
    /// Served, so many spaces before the answer.
    Pad(usize),
    /// Served, the answer's n-th value replaced by this.
    Twist(usize, Value),
}

#[derive(Clone)]
pub(crate) struct Chain(Arc<Mutex<State>>);

impl Default for Chain {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State { height: 10, ..State::default() })))
    }
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) height: u64,
    /// Transactions handed over, in order, repeats included.
    pub(crate) offered: Vec<Vec<u8>>,
    /// Transactions simulated, in order.
    pub(crate) simulated: Vec<Vec<u8>>,
    /// Sequences used before this test.
    pub(crate) first_sequence: u64,
    mempool: Vec<Vec<u8>>,
    blocks: Vec<(u64, Vec<Vec<u8>>)>,
    /// No transaction enters a block.
    pub(crate) stalled: bool,
    /// The next block takes nothing and forgets the mempool.
    pub(crate) drop_mempool: bool,
    /// The hash index is empty.
    pub(crate) unindexed: bool,
    /// Included transactions fail with this code and log.
    pub(crate) outcome: Option<(u32, &'static str, &'static str)>,
}

impl Chain {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Sequences of the transactions in blocks, in order.
    pub(crate) fn included(&self) -> Vec<u64> {
        self.state().blocks.iter().flat_map(|(_, txs)| txs).map(|tx| sequence_of(tx)).collect()
    }

    /// Different transactions ever handed over.
    pub(crate) fn distinct_offers(&self) -> usize {
        let mut offered = self.state().offered.clone();
        offered.sort();
        offered.dedup();
        offered.len()
    }
}

impl State {
    fn next_block(&mut self) {
        self.height += 1;
        if self.drop_mempool {
            self.mempool.clear();
        }
        let taken = if self.stalled { vec![] } else { std::mem::take(&mut self.mempool) };
        let height = self.height;
        let alive = taken.into_iter().filter(|tx| timeout_of(tx) >= height).collect();
        self.blocks.push((height, alive));
        self.mempool.retain(|tx| timeout_of(tx) > height);
    }

    fn committed(&self) -> u64 {
        self.first_sequence + self.blocks.iter().map(|(_, txs)| txs.len() as u64).sum::<u64>()
    }

    fn expected(&self) -> u64 {
        self.committed() + self.mempool.len() as u64
    }

    fn find(&self, hash: &[u8]) -> Option<(u64, &Vec<u8>)> {
        self.blocks
            .iter()
            .flat_map(|(height, txs)| txs.iter().map(|tx| (*height, tx)))
            .find(|(_, tx)| Sha256::digest(tx).as_ref() as &[u8] == hash)
    }

    fn result(&self) -> Value {
        let (code, codespace, log) = self.outcome.unwrap_or((0, "", ""));
        let type_url = "/cosmos.bank.v1beta1.MsgSendResponse".to_owned();
        let response = Any { type_url, value: b"response".to_vec() };
        let data =
            TxMsgData { msg_responses: vec![response], ..Default::default() }.encode_to_vec();
        json!({"code": code, "codespace": codespace, "log": log, "data": BASE64.encode(data),
               "gas_wanted": "130000", "gas_used": "99000", "events": [
                 {"type": "tx", "attributes": [{"key": "fee", "value": "1stake", "index": true}]}]})
    }
}

/// One node of a chain.
pub(crate) struct Node {
    pub(crate) url: String,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

struct Shared {
    chain: Chain,
    chain_id: String,
    faults: Mutex<Vec<(String, Fault)>>,
    asked: Mutex<Vec<String>>,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Node {
    pub(crate) async fn start(chain: &Chain) -> Self {
        Self::start_as(chain, CHAIN_ID).await
    }

    pub(crate) async fn start_as(chain: &Chain, chain_id: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            chain: chain.clone(),
            chain_id: chain_id.to_owned(),
            faults: Mutex::default(),
            asked: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                tokio::spawn(async move { serve(stream, &shared).await });
            }
        });
        Self { url, shared, task }
    }

    /// Queues `faults` for the next requests of `method`.
    pub(crate) fn fail(&self, method: &str, faults: impl IntoIterator<Item = Fault>) {
        let faults = faults.into_iter().map(|fault| (method.to_owned(), fault));
        self.shared.faults.lock().unwrap().extend(faults);
    }

    /// How often `method` was asked.
    pub(crate) fn asked(&self, method: &str) -> usize {
        self.shared.asked.lock().unwrap().iter().filter(|asked| *asked == method).count()
    }
}

impl Shared {
    fn next_fault(&self, method: &str) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let next = faults.iter().position(|(name, _)| name == method)?;
        Some(faults.remove(next).1)
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    let request = read_request(&mut stream).await?;
    let method = request["method"].as_str()?.to_owned();
    shared.asked.lock().unwrap().push(method.clone());
    let fault = shared.next_fault(&method);
    let (status, body) = respond(shared, &method, &request, fault)?;
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(&body).await.ok()
}

/// HTTP status and body of an answer; none closes the connection.
fn respond(
    shared: &Shared,
    method: &str,
    request: &Value,
    fault: Option<Fault>,
) -> Option<(u16, Vec<u8>)> {
    let id = &request["id"];
    let served = || envelope(id, answer(shared, method, &request["params"]));
    let answer = match fault {
        None => served(),
        Some(Fault::Hang) => return None,
        Some(Fault::LoseAnswer) => {
            served();
            return None;
        }
        Some(Fault::Served(fault)) => {
            served();
            return respond(shared, method, request, Some(*fault));
        }
        Some(Fault::Status(status)) => return Some((status, b"<html>bad gateway</html>".to_vec())),
        Some(Fault::Body(body)) => return Some((200, body)),
        Some(Fault::Pad(spaces)) => {
            return Some((200, format!("{}{}", " ".repeat(spaces), served()).into_bytes()))
        }
        // CometBFT sends errors with this status.
        Some(Fault::Rpc(data)) => {
            return Some((500, envelope(id, Err(data.into())).to_string().into_bytes()))
        }
        Some(Fault::Check(code, log)) => {
            let tx = BASE64.decode(request["params"]["tx"].as_str()?).ok()?;
            let answer = envelope(id, Ok(checked(&tx, code, log)));
            shared.chain.state().offered.push(tx);
            answer
        }
        Some(Fault::Edit(edit)) => {
            let mut answer = served();
            edit(&mut answer);
            answer
        }
        Some(Fault::Twist(nth, value)) => {
            let mut answer = served();
            replace_nth(&mut answer["result"], &mut { nth }, &value);
            answer
        }
    };
    Some((200, answer.to_string().into_bytes()))
}

/// Replaces the `nth` value of `tree`, counting branches and leaves; true when done.
fn replace_nth(tree: &mut Value, nth: &mut usize, value: &Value) -> bool {
    if *nth == 0 {
        *tree = value.clone();
        return true;
    }
    *nth -= 1;
    match tree {
        Value::Array(children) => children.iter_mut().any(|child| replace_nth(child, nth, value)),
        Value::Object(children) => {
            children.values_mut().any(|child| replace_nth(child, nth, value))
        }
        _ => false,
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Value> {
    let mut bytes = vec![];
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let (_, length) = head.split_once("content-length: ")?;
        let length: usize = length.lines().next()?.trim().parse().ok()?;
        if bytes.len() >= end + 4 + length {
            return serde_json::from_slice(&bytes[end + 4..]).ok();
        }
    }
}

fn envelope(id: &Value, result: Result<Value, String>) -> Value {
    match result {
        Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        Err(data) => json!({"jsonrpc": "2.0", "id": id,
            "error": {"code": -32603, "message": "Internal error", "data": data}}),
    }
}

fn answer(shared: &Shared, method: &str, params: &Value) -> Result<Value, String> {
    let mut state = shared.chain.state();
    let height = || params["height"].as_str().and_then(|h| h.parse::<u64>().ok()).unwrap_or(0);
    match method {
        "status" => {
            state.next_block();
            Ok(status(&shared.chain_id, state.height))
        }
        "abci_query" => Ok(abci_query(&mut state, params)),
        "broadcast_tx_sync" => {
            let tx = BASE64.decode(params["tx"].as_str().unwrap()).unwrap();
            broadcast(&mut state, tx)
        }
        "tx" => {
            let hash = BASE64.decode(params["hash"].as_str().unwrap()).unwrap();
            let found = state.find(&hash).filter(|_| !state.unindexed);
            let (height, tx) = found.ok_or(format!("tx ({}) not found", hex::encode(&hash)))?;
            Ok(json!({"hash": hex::encode_upper(&hash), "height": height.to_string(), "index": 0,
                "tx_result": state.result(), "tx": BASE64.encode(tx)}))
        }
        "block" => {
            let at = height();
            let (_, txs) =
                state.blocks.iter().find(|(h, _)| *h == at).ok_or("height not available")?;
            Ok(block(&shared.chain_id, at, txs))
        }
        "blockchain" => {
            let at = params["minHeight"].as_str().unwrap().parse().unwrap();
            let header = block(&shared.chain_id, at, &[])["block"]["header"].clone();
            let hash = "AB".repeat(32);
            let id = json!({"hash": hash, "parts": {"total": 1, "hash": hash}});
            Ok(json!({"last_height": at.to_string(), "block_metas": [
                {"block_id": id, "block_size": "9", "header": header, "num_txs": "0"}]}))
        }
        "block_results" => {
            let at = height();
            let (_, txs) =
                state.blocks.iter().find(|(h, _)| *h == at).ok_or("height not available")?;
            let results: Vec<Value> = txs.iter().map(|_| state.result()).collect();
            Ok(json!({"height": at.to_string(), "txs_results": results,
                "finalize_block_events": [], "validator_updates": [],
                "consensus_param_updates": null, "app_hash": ""}))
        }
        other => Err(format!("no method {other}")),
    }
}

fn broadcast(state: &mut State, tx: Vec<u8>) -> Result<Value, String> {
    state.offered.push(tx.clone());
    if state.mempool.contains(&tx) || state.find(&Sha256::digest(&tx)).is_some() {
        return Err("tx already exists in cache".into());
    }
    let (expected, got) = (state.expected(), sequence_of(&tx));
    if expected != got {
        return Ok(checked(&tx, 32, &mismatch(expected, got)));
    }
    state.mempool.push(tx.clone());
    Ok(checked(&tx, 0, ""))
}

fn mismatch(expected: u64, got: u64) -> String {
    format!("account sequence mismatch, expected {expected}, got {got}: incorrect account sequence")
}

fn checked(tx: &[u8], code: u32, log: &str) -> Value {
    json!({"code": code, "codespace": "sdk", "log": log, "data": "",
           "hash": hex::encode_upper(Sha256::digest(tx))})
}

fn abci_query(state: &mut State, params: &Value) -> Value {
    let data = hex::decode(params["data"].as_str().unwrap()).unwrap();
    let answer = match params["path"].as_str().unwrap() {
        "/cosmos.auth.v1beta1.Query/AccountInfo" => {
            let account = BaseAccount {
                account_number: 7,
                sequence: state.committed(),
                ..Default::default()
            };
            Ok(QueryAccountInfoResponse { info: Some(account) }.encode_to_vec())
        }
        "/app/simulate" => {
            state.simulated.push(data.clone());
            let (expected, got) = (state.expected(), sequence_of(&data));
            if expected == got {
                let gas = json!({"gas_info": {"gas_wanted": "0", "gas_used": GAS.to_string()}});
                Ok(gas.to_string().into_bytes())
            } else {
                Err((32, format!("failed to simulate tx: {}", mismatch(expected, got))))
            }
        }
        path => Err((6, format!("unknown query path {path}"))),
    };
    let (code, log, value) = match answer {
        Ok(value) => (0, String::new(), BASE64.encode(value)),
        Err((code, log)) => (code, log, String::new()),
    };
    json!({"response": {"code": code, "codespace": "sdk", "log": log, "info": "", "index": "0",
        "key": null, "value": value, "proofOps": null, "height": state.height.to_string()}})
}

fn sequence_of(tx: &[u8]) -> u64 {
    let tx = TxRaw::decode(tx).unwrap();
    AuthInfo::decode(tx.auth_info_bytes.as_slice()).unwrap().signer_infos[0].sequence
}

fn timeout_of(tx: &[u8]) -> u64 {
    TxBody::decode(TxRaw::decode(tx).unwrap().body_bytes.as_slice()).unwrap().timeout_height
}

fn status(chain_id: &str, height: u64) -> Value {
    let hash = "AB".repeat(32);
    json!({
        "node_info": {"protocol_version": {"p2p": "8", "block": "11", "app": "0"},
            "id": "ab".repeat(20), "listen_addr": "tcp://127.0.0.1:1", "network": chain_id,
            "version": "0.39.0", "channels": "40202122", "moniker": "fake",
            "other": {"tx_index": "on", "rpc_address": "tcp://127.0.0.1:1"}},
        "sync_info": {"latest_block_hash": hash, "latest_app_hash": hash,
            "latest_block_height": height.to_string(), "latest_block_time": "2026-01-01T00:00:00Z",
            "earliest_block_hash": hash, "earliest_app_hash": hash, "earliest_block_height": "1",
            "earliest_block_time": "2026-01-01T00:00:00Z", "catching_up": false},
        "validator_info": {"address": "AB".repeat(20), "voting_power": "1", "pub_key":
            {"type": "tendermint/PubKeyEd25519", "value": BASE64.encode([1; 32])}}})
}

fn block(chain_id: &str, height: u64, txs: &[Vec<u8>]) -> Value {
    let hash = "AB".repeat(32);
    let id = json!({"hash": hash, "parts": {"total": 1, "hash": hash}});
    let address = "AB".repeat(20);
    let time = "2026-01-01T00:00:00Z";
    let txs: Vec<String> = txs.iter().map(|tx| BASE64.encode(tx)).collect();
    json!({"block_id": id, "block": {
        "header": {"version": {"block": "11", "app": "0"}, "chain_id": chain_id,
            "height": height.to_string(), "time": time, "last_block_id": id,
            "last_commit_hash": hash, "data_hash": hash, "validators_hash": hash,
            "next_validators_hash": hash, "consensus_hash": hash, "app_hash": hash,
            "last_results_hash": hash, "evidence_hash": hash, "proposer_address": address},
        "data": {"txs": txs}, "evidence": {"evidence": []},
        "last_commit": {"height": (height - 1).to_string(), "round": 0, "block_id": id,
            "signatures": [{"block_id_flag": 2, "validator_address": address, "timestamp": time,
                "signature": BASE64.encode([1; 64])}]}}})
}
