//! Elections: what a proof of a verifiable random function costs a contract.

use anyhow::{Context, Result};
use cosmwasm_std::{Binary, HexBinary};
use modelbond_client::Signer as Account;
use modelbond_election::vrf::SecretKey;
use serde_json::json;

use crate::report::Report;

/// Messages whose number of tries differs (1 to about 8): the figure is the mean, the worst is shown.
const MESSAGES: u8 = 16;

/// What `verify_vrf` costs over the same message with an empty proof: one proof over a digest.
pub(crate) async fn measure_proofs(
    account: &Account,
    probe: &str,
    report: &mut Report,
) -> Result<()> {
    let key = SecretKey::from_bytes(&[7; 32]);
    let mut figures = Vec::new();
    for message in 0..MESSAGES {
        let alpha = [message; 32];
        let proof = key.prove(&alpha)?;
        let empty = ask(account, probe, &key, &alpha, &[]).await?;
        let gas = ask(account, probe, &key, &alpha, proof.as_bytes()).await?;
        figures.push(gas.saturating_sub(empty));
    }
    let sum: u64 = figures.iter().sum();
    report.note("vrf proof, mean", "maths", sum / u64::from(MESSAGES));
    let worst = figures.into_iter().max().context("some messages")?;
    report.note("vrf proof, most tries", "maths", worst);
    Ok(())
}

async fn ask(
    account: &Account,
    probe: &str,
    key: &SecretKey,
    alpha: &[u8],
    proof: &[u8],
) -> Result<u64> {
    let msg = json!({"verify_vrf": {
        "public_key": HexBinary::from(&key.public_key()),
        "alpha": Binary::from(alpha),
        "proof": Binary::from(proof),
    }});
    Ok(account.execute(probe, &msg, &[]).await?.gas_used)
}
