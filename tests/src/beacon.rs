//! A beacon, emitters with keys of their own, and drand's quicknet. The same name is the same key on
//! every chain.

use blst::min_sig::SecretKey;
use cosmwasm_std::{HexBinary, Timestamp};
use modelbond_interface::beacon::{
    BeaconPruned, BeaconRoundSubmitted, ConfigResponse, ExecuteMsg, FirstRoundResponse,
    InstantiateMsg, LatestResponse, QueryMsg, RandomnessResponse, Round, RoundId, RoundResponse,
    RoundsResponse, Source, SourceInfo, SourceResponse, SourcesResponse, DST,
};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::chain::{Contracts, Failure, Outcome};
use crate::mock::Mock;

/// How long before a switch is announced, in stories.
pub const NOTICE_SECS: u64 = 600;
/// How long rounds are kept, in stories.
pub const RETENTION_SECS: u64 = 3_600;
/// Seconds between rounds of the central emitter.
pub const PERIOD_SECS: u32 = 30;
/// Who may switch the source, in stories.
pub const OWNER: &str = "creator";

/// Chain hash of quicknet, as drand publishes it.
pub const QUICKNET: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
/// Rounds of quicknet as drand publishes them: number, signature, randomness.
pub const QUICKNET_ROUNDS: [(u64, &str, &str); 4] = [
    (
        1,
        "b55e7cb2d5c613ee0b2e28d6750aabbb78c39dcc96bd9d38c2c2e12198df95571de8e8e402a0cc48871c7089a2b3af4b",
        "1466a6cd24e327188770752f6134001c64d6efcc590ccc26b721611ad96f165a",
    ),
    (
        2,
        "b6b6a585449b66eb12e875b64fcbab3799861a00e4dbf092d99e969a5eac57dd3f798acf61e705fe4f093db926626807",
        "5782d6987841c654515a0e72b2d1ebb4e741234042c37cb19608ae50d93fb60c",
    ),
    (
        3,
        "b3fab6df720b68cc47175f2c777e86d84187caab5770906f515ff1099cb01e4deaa027075d860823e49477b93c72bd64",
        "7ef4621ace1c6da4eb2eee7cd901f81385bca5b189771ec0f08d0d2566dd1a21",
    ),
    (
        1_000,
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
        "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
    ),
];

/// Bytes from hexadecimal.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn hex(text: &str) -> HexBinary {
    HexBinary::from_hex(text).expect("hexadecimal")
}

/// drand's quicknet.
#[must_use]
pub fn quicknet() -> Source {
    Source {
        public_key: hex("83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"),
        period_secs: 3,
        genesis_at: Timestamp::from_seconds(1_692_803_367),
        group_hash: hex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"),
        beacon_id: "quicknet".to_owned(),
    }
}

/// A source's chain hash, by this crate's own reading of drand.
#[must_use]
pub fn chain_hash(source: &Source) -> HexBinary {
    let genesis = i64::try_from(source.genesis_at.seconds()).expect("seconds");
    let mut bytes = source.period_secs.to_be_bytes().to_vec();
    bytes.extend(genesis.to_be_bytes());
    bytes.extend_from_slice(&source.public_key);
    bytes.extend_from_slice(&source.group_hash);
    if !["", "default"].contains(&source.beacon_id.as_str()) {
        bytes.extend_from_slice(source.beacon_id.as_bytes());
    }
    sha256(&bytes)
}

/// sha256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> HexBinary {
    HexBinary::from(<[u8; 32]>::from(Sha256::digest(bytes)))
}

/// Somebody with a BLS key who signs rounds.
pub struct Emitter {
    key: SecretKey,
    name: String,
}

impl Emitter {
    /// The emitter called `name`.
    ///
    /// # Panics
    /// Never: a hash is enough key material.
    #[must_use]
    pub fn called(name: &str) -> Self {
        let key = SecretKey::key_gen(&sha256(name.as_bytes()), &[]).expect("enough key material");
        Self { key, name: name.to_owned() }
    }

    /// The public key, compressed.
    #[must_use]
    pub fn public_key(&self) -> HexBinary {
        HexBinary::from(self.key.sk_to_pk().compress().as_slice())
    }

    /// Its source.
    #[must_use]
    pub fn source(&self, genesis_at: Timestamp, period_secs: u32) -> Source {
        Source {
            public_key: self.public_key(),
            period_secs,
            genesis_at,
            group_hash: sha256(self.name.as_bytes()),
            beacon_id: self.name.clone(),
        }
    }

    /// Its signature over a round.
    #[must_use]
    pub fn sign(&self, round: u64) -> HexBinary {
        self.sign_with(round, DST)
    }

    /// The same under another domain separation tag.
    #[must_use]
    pub fn sign_with(&self, round: u64, tag: &str) -> HexBinary {
        let message = sha256(&round.to_be_bytes());
        HexBinary::from(self.key.sign(&message, tag.as_bytes(), &[]).compress().as_slice())
    }
}

/// `submit_round` with nothing optional.
#[must_use]
pub fn submit_message(round: u64, signature: HexBinary) -> ExecuteMsg {
    ExecuteMsg::SubmitRound { round, signature, randomness: None, source: None }
}

/// A beacon on a chain.
pub struct Beacon<C: Contracts = Mock> {
    /// Where it runs.
    pub chain: C,
    /// Its address.
    pub address: String,
}

/// A central emitter's beacon that starts now and may be switched to quicknet, or to the public
/// network of the emitter called `public`, whose genesis was a thousand seconds ago.
#[must_use]
pub fn central<C: Contracts>(chain: &C) -> InstantiateMsg {
    let now = Timestamp::from_seconds(chain.now().seconds());
    let source = Emitter::called("central").source(now, PERIOD_SECS);
    InstantiateMsg {
        chain_hash: chain_hash(&source),
        source,
        starts_at: None,
        owner: Some(chain.account(OWNER)),
        public_networks: vec![hex(QUICKNET), chain_hash(&public(now))],
        notice_secs: NOTICE_SECS,
        retention_secs: RETENTION_SECS,
    }
}

/// The public network of a beacon that was made at `made_at`.
#[must_use]
pub fn public(made_at: Timestamp) -> Source {
    Emitter::called("public").source(made_at.minus_seconds(1_000), 7)
}

/// A beacon of quicknet from its genesis on; nobody can switch it.
#[must_use]
pub fn of_quicknet() -> InstantiateMsg {
    InstantiateMsg {
        source: quicknet(),
        chain_hash: hex(QUICKNET),
        starts_at: Some(quicknet().genesis_at),
        owner: None,
        public_networks: vec![hex(QUICKNET)],
        notice_secs: NOTICE_SECS,
        retention_secs: RETENTION_SECS,
    }
}

impl Beacon<Mock> {
    /// A central emitter's on a new mock.
    #[must_use]
    pub fn on_mock() -> Self {
        let chain = Mock::default();
        let msg = central(&chain);
        Self::on(chain, &msg)
    }
}

impl<C: Contracts> Beacon<C> {
    /// On this chain.
    ///
    /// # Panics
    /// When the chain refuses.
    #[must_use]
    pub fn on(mut chain: C, msg: &InstantiateMsg) -> Self {
        let address = chain.instantiate("beacon", msg).expect("instantiates");
        Self { chain, address }
    }

    /// Sends any message.
    ///
    /// # Errors
    /// When the beacon refuses.
    pub fn send(&mut self, sender: &str, msg: &ExecuteMsg) -> Result<Outcome, Failure> {
        let (sender, address) = (self.chain.account(sender), self.address.clone());
        self.chain.execute_any(&sender, &address, msg, &[])
    }

    /// A stranger hands in a round of the source in force; none if it was stored already.
    ///
    /// # Errors
    /// When the beacon refuses.
    pub fn submit(
        &mut self,
        round: u64,
        signature: &HexBinary,
    ) -> Result<Option<BeaconRoundSubmitted>, Failure> {
        let msg = submit_message(round, signature.clone());
        self.send("stranger", &msg).map(|outcome| outcome.find())
    }

    /// A stranger hands in a round of one source.
    ///
    /// # Errors
    /// When the beacon refuses.
    pub fn submit_to(
        &mut self,
        source: u8,
        round: u64,
        signature: &HexBinary,
    ) -> Result<Outcome, Failure> {
        let (signature, source) = (signature.clone(), Some(source));
        let msg = ExecuteMsg::SubmitRound { round, signature, randomness: None, source };
        self.send("stranger", &msg)
    }

    /// The owner announces a switch.
    ///
    /// # Errors
    /// When the beacon refuses.
    pub fn switch(&mut self, source: &Source, switch_at: Timestamp) -> Result<Outcome, Failure> {
        let (source, chain_hash) = (source.clone(), chain_hash(source));
        self.send(OWNER, &ExecuteMsg::SwitchSource { source, chain_hash, switch_at })
    }

    /// A stranger removes old rounds; none if there were none.
    ///
    /// # Errors
    /// When the beacon refuses.
    pub fn prune(
        &mut self,
        start_after: Option<RoundId>,
        limit: Option<u32>,
    ) -> Result<Option<BeaconPruned>, Failure> {
        let msg = ExecuteMsg::Prune { start_after, limit };
        self.send("stranger", &msg).map(|outcome| outcome.find())
    }

    /// Asks.
    ///
    /// # Errors
    /// When the beacon refuses.
    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, Failure> {
        self.chain.query_any(&self.address, msg)
    }

    /// Asks.
    ///
    /// # Panics
    /// When the beacon refuses.
    #[must_use]
    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.try_query(msg).expect("answers")
    }

    /// What was fixed.
    #[must_use]
    pub fn config(&self) -> ConfigResponse {
        self.query(&QueryMsg::Config {})
    }

    /// The source in force.
    #[must_use]
    pub fn source(&self) -> SourceInfo {
        self.query::<SourceResponse>(&QueryMsg::Source {}).source
    }

    /// All sources.
    #[must_use]
    pub fn sources(&self) -> Vec<SourceInfo> {
        self.query::<SourcesResponse>(&QueryMsg::Sources {}).sources
    }

    /// The first round at or after a time.
    #[must_use]
    pub fn first_round(&self, at: Timestamp) -> FirstRoundResponse {
        self.query(&QueryMsg::FirstRound { at })
    }

    /// The randomness of that round.
    #[must_use]
    pub fn randomness(&self, at: Timestamp) -> RandomnessResponse {
        self.query(&QueryMsg::Randomness { at })
    }

    /// A stored round.
    #[must_use]
    pub fn round(&self, source: u8, round: u64) -> Option<Round> {
        self.query::<RoundResponse>(&QueryMsg::Round { source, round }).round
    }

    /// A page of rounds.
    #[must_use]
    pub fn rounds(&self, start_after: Option<RoundId>, limit: Option<u32>) -> Vec<Round> {
        self.query::<RoundsResponse>(&QueryMsg::Rounds { start_after, limit }).rounds
    }

    /// Every round there is.
    #[must_use]
    pub fn all_rounds(&self) -> Vec<Round> {
        let mut found: Vec<Round> = vec![];
        loop {
            let last = found.last().map(|last| RoundId { source: last.source, round: last.round });
            let page = self.rounds(last, Some(30));
            if page.is_empty() {
                return found;
            }
            found.extend(page);
        }
    }

    /// The newest round.
    #[must_use]
    pub fn latest(&self) -> Option<Round> {
        self.query::<LatestResponse>(&QueryMsg::Latest {}).round
    }
}
