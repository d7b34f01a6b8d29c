//! A chain with everything on it, and a model that was trained.

use anyhow::Result;
use cosmwasm_std::{coin, Empty, Timestamp};
use modelbond_interface::market::{ConfigResponse, QueryMsg};
use modelbond_interface::provenance;
use modelbond_tests::training::Setup;
use modelbond_tests::{Chain, Contracts, Devnet, Training};

/// Owners of a node each.
pub(crate) const OWNERS: [&str; 12] = [
    "training",
    "rewards",
    "alice",
    "bob",
    "carol",
    "dan",
    "eve",
    "mallory",
    "washer",
    "stakeholder",
    "spender",
    "holder",
];

/// The chain, with a model of four parents whose first round is over.
pub(crate) struct Stage {
    /// Everything as it is deployed.
    pub(crate) training: Training<Devnet>,
    /// A provenance contract that the probe mints on.
    pub(crate) provenance: String,
    /// A contract that calls others.
    pub(crate) probe: String,
}

impl Stage {
    /// Makes all of it.
    pub(crate) fn set() -> Result<Self> {
        eprintln!("a chain, five models, {} nodes", OWNERS.len());
        let mut devnet = Devnet::start_with(&[
            "market",
            "beacon",
            "nodes",
            "training",
            "registry",
            "provenance",
            "rewards",
            "bench_probe",
        ]);
        let mut names = OWNERS.to_vec();
        names.extend(["creator", "user", "stranger", "keeper"]);
        devnet.fund_all(&names, &[coin(1_000_000_000_000, "stake")]);
        devnet.fund_all(&["user", "stranger", "alice"], &[coin(1_000_000_000_000, "uusd")]);
        let setup =
            Setup::default().with_epochs(30).with_beacon_every(3).registered().with_parents(4);
        let setup = OWNERS.iter().fold(setup, |setup, owner| setup.node(owner, 3));
        let mut training = setup.with_unbonding(8_000).build_on(devnet)?;
        eprintln!("a round");
        training.play();
        let probe = training.market.chain.instantiate("bench_probe", &Empty {})?;
        let msg = provenance::InstantiateMsg {
            registry: training.deployment.registry.clone(),
            training: probe.clone(),
            beacon: training.deployment.beacon.clone(),
            evm_chain_id: 1,
            witness_secs: 60,
        };
        let provenance = training.market.chain.instantiate("provenance", &msg)?;
        Ok(Self { training, provenance, probe })
    }

    /// Trades, and waits until the market's epoch is over; which one it was.
    pub(crate) fn epoch_with_trades(&mut self) -> Result<u32> {
        let market = &mut self.training.market;
        let config: ConfigResponse = market.query(&QueryMsg::Config {})?;
        let secs = config.params.emission.epoch_secs;
        let age = |now: Timestamp| now.seconds() - config.opened_at.seconds();
        market.wait(secs - age(market.chain.now()) % secs);
        let epoch = u32::try_from(age(market.chain.now()) / secs)?;
        market.buy("alice", 1_000_000_000)?;
        market.wait(secs);
        Ok(epoch)
    }

    /// The address of a named account.
    pub(crate) fn address(&self, name: &str) -> String {
        self.training.market.address(name)
    }
}
