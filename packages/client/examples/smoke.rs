//! The client against a real chain: `smoke <rpc> <chain id> <wasm of cw20-base>`, paid by the
//! devnet's faucet. Prints one line per step; any surprise is an error.

use std::error::Error;

use cosmwasm_std::coins;
use modelbond_client::{keys, messages, Client, ClientError, Network, Signer};
use serde_json::{json, Value};

/// The devnet's faucet, known to everybody.
const FAUCET: &str = "test test test test test test test test test test test junk";

#[tokio::main]
#[allow(clippy::print_stdout)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(rpc), Some(chain_id), Some(wasm)) = (args.next(), args.next(), args.next()) else {
        return Err("usage: smoke <rpc> <chain id> <wasm of cw20-base>".into());
    };
    let network = Network {
        chain_id,
        rpc: vec![rpc],
        prefix: "wasm".into(),
        gas_price: "0.025stake".parse()?,
    };
    let client = Client::connect(network.clone()).await?;
    let signer = client.signer(keys::from_mnemonic(FAUCET, "wasm", 0)?);
    let friend = keys::from_mnemonic(FAUCET, "wasm", 1)?.address;
    println!(
        "faucet {} holds {}",
        signer.address(),
        client.balance(signer.address(), "stake").await?
    );

    let before = client.balance(&friend, "stake").await?;
    let receipt = signer.send(&friend, &coins(5, "stake")).await?;
    println!(
        "send: {} of {} gas at height {}",
        receipt.gas_used, receipt.gas_wanted, receipt.height
    );
    assert_eq!(client.balance(&friend, "stake").await?, before + 5);
    assert_eq!(client.transaction(&receipt.hash).await?.as_ref(), Some(&receipt));

    let (contract, checksum) = open_token(&client, &signer, &std::fs::read(wasm)?).await?;
    refusals(&signer, &contract, &friend).await;
    blocks(&client, receipt.height).await?;

    let salt = receipt.hash.as_bytes();
    let predicted = messages::predicted_address(&checksum, signer.address(), salt)?;
    let code_id = client.contract_info(&contract).await?.code_id;
    let made = messages::Instantiation { code_id, label: "salted", funds: &[], admin: None };
    let (address, _) = signer.instantiate2(made, &token(&friend), salt).await?;
    assert_eq!(address, predicted);
    println!("instantiate2: {address} as predicted");

    let started = std::time::Instant::now();
    let mut sends = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (signer, friend) = (signer.clone(), friend.clone());
        sends.spawn(async move { signer.send(&friend, &coins(1, "stake")).await });
    }
    let mut heights = std::collections::BTreeSet::new();
    while let Some(sent) = sends.join_next().await {
        heights.insert(sent??.height);
    }
    println!("50 concurrent sends in {:?} and {} blocks", started.elapsed(), heights.len());
    assert_eq!(client.balance(&friend, "stake").await?, before + 55);

    // A second signer of the same key does not know the first one's sequence.
    let other = Client::connect(network).await?.signer(keys::from_mnemonic(FAUCET, "wasm", 0)?);
    let one = coins(1, "stake");
    let both = tokio::join!(other.send(&friend, &one), signer.send(&friend, &one));
    println!("two signers of one key: {:?}", (both.0.map(|r| r.height), both.1.map(|r| r.height)));
    Ok(())
}

fn token(holder: &str) -> Value {
    json!({"name": "Smoke", "symbol": "SMOKE", "decimals": 6,
           "initial_balances": [{"address": holder, "amount": "1000"}], "mint": null})
}

#[allow(clippy::print_stdout)]
async fn open_token(
    client: &Client,
    signer: &Signer,
    wasm: &[u8],
) -> Result<(String, Vec<u8>), Box<dyn Error>> {
    let (code_id, receipt) = signer.store(wasm).await?;
    println!("store: code {code_id}, {} bytes, {} gas", wasm.len(), receipt.gas_used);
    let checksum = client.code_info(code_id).await?.data_hash;
    let holder = token(signer.address());
    let (contract, receipt) = signer.instantiate(code_id, "smoke", &holder, &[], None).await?;
    println!("instantiate: {contract}, {} gas", receipt.gas_used);
    let info = client.contract_info(&contract).await?;
    assert_eq!(
        (info.code_id, info.admin, info.creator.as_str()),
        (code_id, None, signer.address())
    );
    let transfer = json!({"transfer": {"recipient": contract, "amount": "7"}});
    let receipt = signer.execute(&contract, &transfer, &[]).await?;
    println!(
        "execute: {} of {} gas, events {:?}",
        receipt.gas_used,
        receipt.gas_wanted,
        receipt.events.last()
    );
    assert_eq!(receipt.attribute("wasm", "amount"), Some("7"));
    let balance: Value =
        client.query(&contract, &json!({"balance": {"address": contract}})).await?;
    assert_eq!(balance["balance"], "7");
    assert!(client.query_raw(&contract, b"token_info").await?.is_some());
    assert_eq!(client.query_raw(&contract, b"nothing").await?, None);
    Ok((contract, checksum))
}

/// Every kind of refusal as the real chain words it.
#[allow(clippy::print_stdout)]
async fn refusals(signer: &Signer, contract: &str, nobody: &str) {
    use modelbond_client::{Gas, TxOptions};
    let client = signer.client();
    let transfer = json!({"transfer": {"recipient": contract, "amount": "5000"}});
    let message = messages::execute(signer.address(), contract, &transfer, &[]).expect("json");
    let with_gas = |gas| TxOptions { gas: Gas::Limit(gas), ..TxOptions::default() };
    let stranger = keys::from_mnemonic(FAUCET, "wasm", 99).expect("key").address;
    let show = |what: &str, error: Option<ClientError>| println!("{what}: {error:?}");
    show("simulated", signer.execute(contract, &transfer, &[]).await.err());
    show("in a block", signer.broadcast_with(vec![message.clone()], with_gas(300_000)).await.err());
    show("out of gas", signer.broadcast_with(vec![message.clone()], with_gas(100_000)).await.err());
    show("out of gas at once", signer.broadcast_with(vec![message], with_gas(1_000)).await.err());
    show("unknown message", signer.execute(contract, &json!({"x": {}}), &[]).await.err());
    let send = |to: &str| json!({"send": {"contract": to, "amount": "1", "msg": "e30="}});
    show("second contract refuses", signer.execute(contract, &send(contract), &[]).await.err());
    show("no second contract", signer.execute(contract, &send(nobody), &[]).await.err());
    show("too many coins", signer.send(nobody, &coins(u128::MAX, "stake")).await.err());
    let pay = messages::send(signer.address(), nobody, &coins(u128::MAX, "stake"));
    show(
        "too many coins, in a block",
        signer.broadcast_with(vec![pay], with_gas(100_000)).await.err(),
    );
    show("unknown account", client.account(&stranger).await.err());
    show("unknown contract", client.contract_info(nobody).await.err());
    show("query no contract", client.query::<Value>(nobody, &json!({})).await.err());
    show("query refused", client.query::<Value>(contract, &json!({"x": {}})).await.err());
    show("unknown code", client.code_info(999_999).await.err());
    show("no such block", client.block_time(99_999_999).await.err());
    show("execute no contract", signer.execute(nobody, &json!({}), &[]).await.err());
    show("invalid address", signer.send("wasm1x", &coins(1, "stake")).await.err());
}

#[allow(clippy::print_stdout)]
async fn blocks(client: &Client, height: u64) -> Result<(), ClientError> {
    let block = client.block(height).await?;
    let latest = client.latest_block().await?;
    assert!(
        latest.height > height
            && latest.time > block.time
            && block.time == client.block_time(height).await?
    );
    let events = client.block_events(height).await?;
    println!(
        "{block:?}: {} transactions, {} block events",
        events.transactions.len(),
        events.block.len()
    );
    let first = client.block(1).await?;
    println!("first {first:?}");
    Ok(())
}
