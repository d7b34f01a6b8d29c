//! The beacon: a round, the same round again, the switch of the source, and pruning.

use anyhow::Result;
use cosmwasm_std::{HexBinary, Timestamp};
use modelbond_client::Signer as Account;
use modelbond_interface::beacon::{ExecuteMsg, InstantiateMsg, Source};
use sha2::{Digest, Sha256};

use crate::report::Report;

/// Real rounds of quicknet.
const ROUNDS: [(u64, &str); 2] = [
    (1, "b55e7cb2d5c613ee0b2e28d6750aabbb78c39dcc96bd9d38c2c2e12198df95571de8e8e402a0cc48871c7089a2b3af4b"),
    (1_000, "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"),
];
/// Nanoseconds until a round may be pruned and a switch is in force.
const SOON: u64 = 3_000_000_000;

/// The code of the beacon.
pub(crate) struct Beacon {
    code: u64,
}

impl Beacon {
    /// With this code.
    pub(crate) fn of(code: u64) -> Self {
        Self { code }
    }

    /// Every message once, on a new beacon.
    pub(crate) async fn measure(
        &self,
        account: &Account,
        report: &mut Report,
        setting: &str,
    ) -> Result<()> {
        let mut note = |message: &str, gas: u64| report.note(message, setting, gas);
        let public = quicknet("quicknet")?;
        // Quicknet's key under another name is no public network.
        let source = quicknet("bench")?;
        let msg = InstantiateMsg {
            chain_hash: chain_hash(&source),
            starts_at: Some(source.genesis_at),
            source,
            owner: Some(account.address().to_owned()),
            public_networks: vec![chain_hash(&public)],
            notice_secs: 1,
            retention_secs: 1,
        };
        let (address, made) = account.instantiate(self.code, "beacon", &msg, &[], None).await?;
        note("beacon instantiate", made.gas_used);

        let run = |msg: ExecuteMsg| {
            let address = &address;
            async move { account.execute(address, &msg, &[]).await }
        };
        let [first, last] = ROUNDS;
        note("beacon submit_round", run(submit(first)?).await?.gas_used);
        note("beacon submit_round (again)", run(submit(first)?).await?.gas_used);
        run(submit(last)?).await?;

        let now = account.client().latest_block().await?.time;
        let switch = ExecuteMsg::SwitchSource {
            chain_hash: chain_hash(&public),
            source: public,
            switch_at: Timestamp::from_seconds(Timestamp::from_nanos(now + SOON).seconds()),
        };
        note("beacon switch_source", run(switch).await?.gas_used);

        while account.client().latest_block().await?.time < now + SOON {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        let prune = ExecuteMsg::Prune { start_after: None, limit: None };
        note("beacon prune (2 rounds)", run(prune).await?.gas_used);
        Ok(())
    }
}

fn submit((round, signature): (u64, &str)) -> Result<ExecuteMsg> {
    let signature = HexBinary::from_hex(signature)?;
    Ok(ExecuteMsg::SubmitRound { round, signature, randomness: None, source: Some(0) })
}

fn quicknet(beacon_id: &str) -> Result<Source> {
    Ok(Source {
        public_key: HexBinary::from_hex("83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a")?,
        period_secs: 3,
        genesis_at: Timestamp::from_seconds(1_692_803_367),
        group_hash: HexBinary::from_hex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e")?,
        beacon_id: beacon_id.to_owned(),
    })
}

fn chain_hash(source: &Source) -> HexBinary {
    let hash = Sha256::new()
        .chain_update(source.period_secs.to_be_bytes())
        .chain_update(source.genesis_at.seconds().to_be_bytes())
        .chain_update(&source.public_key)
        .chain_update(&source.group_hash)
        .chain_update(&source.beacon_id);
    HexBinary::from(<[u8; 32]>::from(hash.finalize()))
}
