//! The messages, one after the other.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use cosmwasm_std::{to_json_binary, Addr, Coin, Timestamp};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{self, Beneficiary, Mint};
use modelbond_interface::registry::{ConnectionKind, ExecuteMsg as RegistryMsg, ModelOpened};
use modelbond_interface::rewards;
use modelbond_interface::training::Due;
use modelbond_tests::builder::model;
use modelbond_tests::{Contracts, Outcome};
use serde::Serialize;
use serde_json::json;

use crate::chain::Stage;

/// Messages of one transaction.
const BATCH: usize = 50;

type Gas = BTreeMap<String, u64>;

impl Stage {
    fn send(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Outcome> {
        let sender = self.address(sender);
        Ok(self.training.market.chain.execute_any(&sender, contract, msg, funds)?)
    }

    fn note(
        &mut self,
        (gas, name): (&mut Gas, &str),
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Outcome> {
        let outcome = self.send(sender, contract, msg, funds).with_context(|| name.to_owned())?;
        let used = outcome.gas.context("gas")?;
        eprintln!("{name}: {used}");
        gas.insert(name.to_owned(), used);
        Ok(outcome)
    }
}

/// Opening and connecting.
pub(crate) fn models(stage: &mut Stage, gas: &mut Gas, count: usize) -> Result<()> {
    let registry = stage.training.deployment.registry.clone();
    let funds = vec![Coin::new(1_000_000_000_000u128, "uusd")];
    let mut opened = vec![];
    stage.training.market.chain.fund_all(&["creator"], &[Coin::new(10u128.pow(15), "uusd")]);
    for number in 0..count {
        let mut open = model(&stage.training.market.msg);
        open.symbol = format!("M-{number}");
        let msg = RegistryMsg::OpenModel(Box::new(open));
        let outcome = stage.note((gas, "open_model"), "creator", &registry, &msg, &funds)?;
        opened.push(outcome.event::<ModelOpened>().model);
    }
    let hub = opened[0].clone();
    let connect =
        |from: &str, kind| RegistryMsg::Connect { from: from.to_owned(), to: hub.clone(), kind };
    for (number, from) in opened.iter().enumerate().skip(1) {
        let name = match number {
            1 => "connect, empty graph",
            _ if number + 1 == opened.len() => "connect, large graph",
            _ => "connect",
        };
        stage.note(
            (gas, name),
            "creator",
            &registry,
            &connect(from, ConnectionKind::Cites),
            &[],
        )?;
    }
    let from = opened[1].clone();
    let msg = RegistryMsg::Disconnect { from, to: hub, kind: ConnectionKind::Cites };
    stage.note((gas, "disconnect"), "creator", &registry, &msg, &[])?;
    Ok(())
}

/// Claims of a round, usage, fees, rewards, as they are in use.
pub(crate) fn payments(stage: &mut Stage, gas: &mut Gas) -> Result<()> {
    let round = stage.training.round();
    let group = (0..round.groups).find(|group| round.accepted & (1 << group) != 0);
    let group = group.context("an accepted group")?;
    let outcome = stage.training.claim("stranger", Due::Contribution { group })?;
    gas.insert("training claim of a contribution".to_owned(), outcome.gas.context("gas")?);

    let (provenance, market) =
        (stage.training.deployment.provenance.clone(), stage.training.market.market.clone());
    let pay = provenance::ExecuteMsg::PayUsage { model: market.clone(), memo: None };
    let funds = [Coin::new(1_000_000_000u128, "uusd")];
    let first = "pay_usage, first payment of a user, 4 parents";
    stage.note((gas, first), "user", &provenance, &pay, &funds)?;
    stage.note((gas, "pay_usage, 4 parents"), "user", &provenance, &pay, &funds)?;
    for (name, to) in [("reserve", Beneficiary::Reserve), ("owner", Beneficiary::Owner)] {
        let msg = provenance::ExecuteMsg::Forward { model: market.clone(), to };
        stage.note((gas, &format!("forward {name}")), "stranger", &provenance, &msg, &[])?;
    }
    // Fees of these trades are what is collected.
    let epoch = stage.epoch_with_trades()?;
    let msg = provenance::ExecuteMsg::CollectFees { model: market.clone() };
    stage.note((gas, "collect_fees"), "stranger", &provenance, &msg, &[])?;

    let rewards_at = stage.training.deployment.rewards.clone();
    let msg = rewards::ExecuteMsg::Settle { model: market, epoch };
    stage.note((gas, "rewards settle"), "stranger", &rewards_at, &msg, &[])?;
    Ok(())
}

/// NFTs: from none to many.
pub(crate) fn tokens(stage: &mut Stage, gas: &mut Gas, holders: u64) -> Result<()> {
    let at = stage.provenance.clone();
    minted(stage, (gas, "mint_contribution, no parents"), "first", &[])?;
    let pay = |stage: &mut Stage| -> Result<()> {
        let model = stage.training.market.market.clone();
        let msg = provenance::ExecuteMsg::PayUsage { model, memo: None };
        stage.send(
            "stranger",
            &stage.provenance.clone(),
            &msg,
            &[Coin::new(10_000_000_000u128, "uusd")],
        )?;
        Ok(())
    };
    let claim = provenance::ExecuteMsg::Claim { token_ids: vec!["first".to_owned()] };
    // The first payment of money to somebody costs more than later ones.
    for name in ["claim, first", "claim, 1 holder"] {
        pay(stage)?;
        stage.note((gas, name), "holder", &at, &claim, &[])?;
    }
    minted(stage, (gas, "mint_contribution, 1 parent"), "second", &["first"])?;
    minted(stage, (gas, "mint_contribution, 2 parents"), "third", &["first", "second"])?;
    let recipient = stage.address("alice");
    let msg = provenance::ExecuteMsg::TransferNft { recipient, token_id: "third".to_owned() };
    stage.note((gas, "transfer_nft"), "holder", &at, &msg, &[])?;

    eprintln!("{holders} holders");
    let (anybody, probe) = (stage.address("stranger"), stage.probe.clone());
    let all = (3..holders).map(|n| mint(stage, &format!("n{n}"), &[], true));
    for some in all.collect::<Result<Vec<_>>>()?.chunks(BATCH) {
        stage.training.market.chain.execute_all(&anybody, &probe, some)?;
    }
    for name in ["claim, many, first", "claim, many holders"] {
        pay(stage)?;
        stage.note((gas, name), "holder", &at, &claim, &[])?;
    }
    Ok(())
}

/// The same with codes that the chain keeps in memory.
pub(crate) fn pinned(stage: &mut Stage, gas: &mut Gas) -> Result<()> {
    stage.training.market.chain.pin();
    let (provenance, model) =
        (stage.training.deployment.provenance.clone(), stage.training.market.market.clone());
    let pay = provenance::ExecuteMsg::PayUsage { model, memo: None };
    let funds = [Coin::new(1_000_000_000u128, "uusd")];
    for name in ["first payment of a user, 4 parents", "4 parents"] {
        let name = format!("pay_usage pinned, {name}");
        stage.note((gas, &name), "stranger", &provenance, &pay, &funds)?;
    }
    Ok(())
}

/// Mints, and notes what that costs the contract which does it.
fn minted(
    stage: &mut Stage,
    (gas, name): (&mut Gas, &str),
    id: &str,
    parents: &[&str],
) -> Result<()> {
    let probe = stage.probe.clone();
    let cost = |stage: &mut Stage, call| -> Result<u64> {
        let msg = mint(stage, id, parents, call)?;
        let outcome = stage.send("stranger", &probe, &msg, &[]).with_context(|| name.to_owned())?;
        outcome.gas.context("gas")
    };
    let without = cost(stage, false)?;
    let over = cost(stage, true)?.saturating_sub(without);
    eprintln!("{name}: {over} over its caller");
    gas.insert(name.to_owned(), over);
    Ok(())
}

/// What makes the probe mint.
fn mint(stage: &Stage, id: &str, parents: &[&str], call: bool) -> Result<serde_json::Value> {
    let mint = provenance::ExecuteMsg::MintContribution(Box::new(Mint {
        token_id: id.to_owned(),
        model: Addr::unchecked(&stage.training.market.market),
        contributor: Addr::unchecked(stage.address("holder")),
        data_hash: Hash32([1; 32]),
        quality: 800_000,
        improvement: 40_000,
        at: Timestamp::from_seconds(1_800_000_000),
        attestation: Hash32([2; 32]),
        run_id: 1,
        round_id: 1,
        parents: parents.iter().map(|id| (*id).to_owned()).collect(),
    }));
    let msg = to_json_binary(&mint)?;
    Ok(json!({"call": {"contract": stage.provenance, "msg": msg, "call": call}}))
}
