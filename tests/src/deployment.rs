//! Everything that a model needs, wired: beacon, training with its nodes, registry, provenance, rewards.
//! Each names the others by addresses that are known before they are made, as `modelbond deploy` does.

use cosmwasm_std::{coin, Coin};
use modelbond_interface::{beacon, provenance, registry, rewards, training};

use crate::beacon::{central, chain_hash, NOTICE_SECS, PERIOD_SECS};
use crate::bridge::EVM_CHAIN_ID;
use crate::chain::{Contracts, Failure};

/// What opening a model costs, in stories.
pub const FEE: u128 = 5_000_000;
/// How long witnesses have, in stories.
pub const WITNESS_SECS: u64 = 60;

/// Terms of a deployment.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Length of training's epochs.
    pub epoch_secs: u64,
    /// How long unstaked tokens stay.
    pub unbonding_secs: u64,
    /// How long before a switch the beacon announces it.
    pub notice_secs: u64,
    /// A beacon round every so many seconds.
    pub beacon_secs: u32,
    /// What opening a model costs.
    pub fee: u128,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            epoch_secs: crate::training::EPOCH_SECS,
            unbonding_secs: 4_000,
            notice_secs: NOTICE_SECS,
            beacon_secs: PERIOD_SECS,
            fee: FEE,
        }
    }
}

/// Addresses of the contracts of which there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// The beacon.
    pub beacon: String,
    /// Training.
    pub training: String,
    /// The nodes contract that training made.
    pub nodes: String,
    /// The registry.
    pub registry: String,
    /// Provenance.
    pub provenance: String,
    /// Rewards.
    pub rewards: String,
    /// What opening a model costs.
    pub fee: Coin,
}

impl Deployment {
    /// Makes all of them.
    ///
    /// # Errors
    /// When one of them refuses.
    ///
    /// # Panics
    /// When one of them is not where it was predicted.
    pub fn on<C: Contracts>(chain: &mut C, terms: Terms) -> Result<Self, Failure> {
        let mut beacon: beacon::InstantiateMsg = central(chain);
        beacon.notice_secs = terms.notice_secs;
        beacon.source.period_secs = terms.beacon_secs;
        beacon.chain_hash = chain_hash(&beacon.source);
        let beacon = chain.instantiate("beacon", &beacon)?;

        let names = ["training", "registry", "provenance", "rewards"];
        let codes = names.map(|name| chain.code_id(name).expect("a contract"));
        let mut predicted = names.iter().zip(codes).map(|(name, code)| chain.predict(code, name));
        let mut next = || predicted.next().expect("four of them");
        let (training, registry, provenance, rewards) = (next(), next(), next(), next());
        drop(predicted);
        let fee = coin(terms.fee, chain.denom());

        let msg = training::InstantiateMsg {
            beacon: beacon.clone(),
            nodes_code_id: chain.code_id("nodes")?,
            epoch_secs: terms.epoch_secs,
            unbonding_secs: terms.unbonding_secs,
            evm_chain_id: EVM_CHAIN_ID,
            provenance: provenance.clone(),
            rewards: rewards.clone(),
        };
        let made = chain.instantiate_at(codes[0], names[0], &msg)?;
        assert_eq!(made, training);
        let msg = registry::InstantiateMsg {
            market_code_id: chain.code_id("market")?,
            training: training.clone(),
            rewards: rewards.clone(),
            provenance: provenance.clone(),
            fee: fee.clone(),
        };
        let made = chain.instantiate_at(codes[1], names[1], &msg)?;
        assert_eq!(made, registry);
        let msg = provenance::InstantiateMsg {
            registry: registry.clone(),
            training: training.clone(),
            beacon: beacon.clone(),
            evm_chain_id: EVM_CHAIN_ID,
            witness_secs: WITNESS_SECS,
        };
        let made = chain.instantiate_at(codes[2], names[2], &msg)?;
        assert_eq!(made, provenance);
        let msg =
            rewards::InstantiateMsg { registry: registry.clone(), training: training.clone() };
        let made = chain.instantiate_at(codes[3], names[3], &msg)?;
        assert_eq!(made, rewards);

        let config: training::ConfigResponse =
            chain.query_any(&training, &training::QueryMsg::Config {})?;
        let nodes = config.nodes.into_string();
        Ok(Self { beacon, training, nodes, registry, provenance, rewards, fee })
    }
}
