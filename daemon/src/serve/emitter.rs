//! The beacon's emitter: signs rounds when they are due, serves them in drand's shapes, and hands
//! each to the chain once.
//!
//! A round is never signed before its time, neither for the chain nor for a client. On the chain a
//! round counts as due by the time of a block, so the loop waits for one. After a pause the rounds
//! that were missed are handed in, the oldest first, at most 1,000 of them. What another
//! emitter handed in is left alone.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use modelbond_client::{messages, Client, Signer};
use modelbond_interface::beacon::{
    ExecuteMsg, LatestResponse, QueryMsg, RoundResponse, SourceInfo, SourcesResponse,
};

use super::health::LoopState;
use super::state::App;
use crate::beacon::{BeaconKey, ChainInfo, Round};
use crate::failure;
use crate::network::NetworkFile;

/// Name of the loop in `/health`.
const LOOP: &str = "emitter";
/// Name of the contract in the network file.
pub const CONTRACT: &str = "beacon";
/// Rounds that one transaction hands in.
const BATCH: u64 = 8;
/// Rounds that are made up for after a pause; older ones can be handed in by hand.
const MOST_MISSED: u64 = 1_000;
/// First pause after a failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Between two looks for a block in which the next round is due.
const LOOK: Duration = Duration::from_millis(200);

/// The emitter's key, and the chain it emits for once that is known.
#[derive(Debug)]
pub struct Emitter {
    key: BeaconKey,
    info: RwLock<Option<Arc<ChainInfo>>>,
}

/// Where rounds go, and who pays for it.
pub struct Target {
    /// Address of the beacon contract.
    pub contract: String,
    /// The chain.
    pub client: Client,
    /// Signs and pays.
    pub signer: Signer,
}

/// Why there is no such round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRound {
    /// The contract names no source with this key yet.
    NoSource,
    /// It is not due; when it is, in seconds since 1970.
    NotDue(u64),
}

impl Emitter {
    /// An emitter that does not know its chain yet.
    pub fn new(key: BeaconKey) -> Self {
        Self { key, info: RwLock::new(None) }
    }

    /// The chain information, once a source of the contract has this key.
    pub fn info(&self) -> Option<Arc<ChainInfo>> {
        self.info.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A round that is due, or the last one.
    pub fn round(&self, number: Option<u64>) -> Result<Round, NoRound> {
        let info = self.info().ok_or(NoRound::NoSource)?;
        let last = info.last_due(now()).ok_or(NoRound::NotDue(info.genesis_time))?;
        match number.unwrap_or(last) {
            number if number == 0 || number > last => Err(NoRound::NotDue(info.round_at(number))),
            number => Ok(self.key.sign(number)),
        }
    }

    fn serves(&self, info: &ChainInfo) {
        let mut current = self.info.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_deref() != Some(info) {
            tracing::info!(chain = info.hash, period = info.period, "emitting");
            *current = Some(Arc::new(info.clone()));
        }
    }
}

impl Target {
    /// The beacon of a network file.
    pub fn of(network: &NetworkFile, client: Client, signer: Signer) -> Result<Self> {
        let contract = network.contracts.get(CONTRACT).cloned().ok_or_else(|| {
            failure::Failure::new(format!("no beacon is recorded for {}", network.chain_id))
                .hint("modelbond deploy --beacon FILE makes one")
        })?;
        Ok(Self { contract, client, signer })
    }

    /// The source whose key this is, if the contract has one.
    async fn source(&self, key: &BeaconKey) -> Result<Option<(SourceInfo, ChainInfo)>> {
        let answer: SourcesResponse =
            self.client.query(&self.contract, &QueryMsg::Sources {}).await?;
        let known = answer.sources.into_iter().map(|source| {
            let info = ChainInfo::of_source(&source.source, source.chain_hash.as_slice());
            (source, info)
        });
        let mut own = known.filter(|(_, info)| key.is_of(info));
        Ok(own.next().filter(|(_, info)| info.check().is_ok()))
    }

    /// The first round that the chain lacks, or the one after the last that it has.
    async fn next(&self, source: &SourceInfo, info: &ChainInfo) -> Result<u64> {
        let latest: LatestResponse =
            self.client.query(&self.contract, &QueryMsg::Latest {}).await?;
        let stored = latest.round.filter(|round| round.source == source.index);
        let next = stored.map_or(source.first_round, |round| round.round.saturating_add(1));
        let missed = info.last_due(now()).unwrap_or_default().saturating_sub(MOST_MISSED);
        Ok(next.max(source.first_round).max(missed))
    }

    async fn has(&self, source: u8, round: u64) -> Result<bool> {
        let question = QueryMsg::Round { source, round };
        let answer: RoundResponse = self.client.query(&self.contract, &question).await?;
        Ok(answer.round.is_some())
    }

    /// Seconds since 1970 of the last block.
    async fn block_time(&self) -> Result<u64> {
        Ok(self.client.latest_block().await?.time / 1_000_000_000)
    }

    async fn submit(&self, source: u8, rounds: Vec<Round>) -> Result<()> {
        let mut messages = Vec::with_capacity(rounds.len());
        for Round { round, randomness: _, signature } in rounds {
            let signature = cosmwasm_std::HexBinary::from_hex(&signature).context("signature")?;
            let msg = ExecuteMsg::SubmitRound {
                round,
                signature,
                randomness: None,
                source: Some(source),
            };
            messages.push(messages::execute(self.signer.address(), &self.contract, &msg, &[])?);
        }
        self.signer.broadcast(messages, "").await?;
        Ok(())
    }
}

/// Emits until the service ends.
pub async fn emit(app: App, emitter: Arc<Emitter>, target: Target) {
    let mut pause = FIRST_PAUSE;
    loop {
        match step(&app, &emitter, &target).await {
            Ok(wait) => {
                pause = FIRST_PAUSE;
                tokio::time::sleep(wait).await;
            }
            Err(error) => {
                let detail = failure::text(&error);
                tracing::warn!(detail, "emitter");
                app.loops().set(LOOP, LoopState::Retrying, "the chain did not take a round");
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// Hands in what is due, and says how long to wait.
async fn step(app: &App, emitter: &Emitter, target: &Target) -> Result<Duration> {
    let Some((source, info)) = target.source(&emitter.key).await? else {
        let detail = "no source of the contract has this key";
        app.loops().set(LOOP, LoopState::Retrying, detail);
        return Ok(LONGEST_PAUSE);
    };
    emitter.serves(&info);
    let next = target.next(&source, &info).await?;
    if source.last_round.is_some_and(|last| next > last) {
        let detail = "the beacon was switched to another source";
        app.loops().set(LOOP, LoopState::Stopped, detail);
        return Ok(LONGEST_PAUSE);
    }
    // Due by this machine's clock, whatever a node says, and by a block, for the contract.
    let due = info.last_due(now().min(target.block_time().await?)).unwrap_or_default();
    let last = source.last_round.map_or(due, |last| due.min(last));
    if next > last {
        let until = Duration::from_secs(info.round_at(next).saturating_sub(now()));
        return Ok(until.max(LOOK));
    }
    let mut rounds = Vec::new();
    for round in next..=last.min(next.saturating_add(BATCH - 1)) {
        if !target.has(source.index, round).await? {
            rounds.push(emitter.key.sign(round));
        }
    }
    let newest = rounds.last().map(|round| round.round);
    if let Some(newest) = newest {
        target.submit(source.index, rounds).await?;
        app.loops().set(LOOP, LoopState::Running, format!("round {newest} is on the chain"));
    }
    Ok(Duration::ZERO)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emitter(genesis: u64, period: u32) -> (Emitter, ChainInfo) {
        let emitter = Emitter::new(BeaconKey::from_seed(&[7; 64]).unwrap());
        let (key, group) = (emitter.key.public_key(), emitter.key.group_hash());
        let info = ChainInfo::new(key, group, period, genesis, "modelbond");
        emitter.serves(&info);
        (emitter, info)
    }

    #[test]
    fn a_round_is_never_signed_before_its_time() {
        // The next round is a day away, whatever the clock does while the test runs.
        let (emitter, info) = emitter(now() - 3 * 86_400, 86_400);
        let last = emitter.round(None).unwrap();
        assert_eq!(last.round, 4);
        for early in [5, 6, u64::MAX] {
            let due = NoRound::NotDue(info.round_at(early));
            assert_eq!(emitter.round(Some(early)), Err(due));
        }
        assert!(matches!(emitter.round(Some(0)), Err(NoRound::NotDue(_))));
    }

    #[test]
    fn before_its_first_round_a_beacon_has_none() {
        let genesis = now() + 86_400;
        let (emitter, _) = emitter(genesis, 3);
        assert_eq!(emitter.round(None), Err(NoRound::NotDue(genesis)));
        assert!(matches!(emitter.round(Some(1)), Err(NoRound::NotDue(_))));
    }

    #[test]
    fn what_is_signed_can_be_verified_and_is_the_same_each_time() {
        let (emitter, info) = emitter(1_000_000_000, 3);
        assert!(info.check().is_ok());
        let round = emitter.round(Some(12_345)).unwrap();
        let randomness = info.verify_round(&round).unwrap();
        assert_eq!(round.randomness, Some(hex::encode(randomness)));
        assert_eq!(emitter.round(Some(12_345)), Ok(round));
    }

    #[test]
    fn an_emitter_without_a_source_has_nothing_to_say() {
        let emitter = Emitter::new(BeaconKey::from_seed(&[8; 64]).unwrap());
        assert_eq!(emitter.round(Some(1)), Err(NoRound::NoSource));
    }
}
