//! What contracts are told when they are made, and what those that are there must have been told.

use std::collections::BTreeMap;

use anyhow::Result;
use cosmwasm_std::Coin;
use modelbond_interface::{provenance, registry, rewards, training};

use super::Deploy;
use crate::contract::{PROVENANCE, REGISTRY, REWARDS};
use crate::failure::Failure;
use crate::format;
use crate::network::NetworkFile;
use crate::serve::emitter::CONTRACT as BEACON;
use crate::training::contract::TRAINING;

/// What opening a model costs where nobody says: enough that nobody fills the registry for fun.
const MODEL_FEE: u128 = 10_000_000;
/// How long witnesses of offered contributions have where nobody says.
const WITNESS_SECS: u64 = 300;

/// Contracts that are made at addresses known before, because each names the others.
pub(super) const NAMING: [&str; 4] = [TRAINING, REGISTRY, PROVENANCE, REWARDS];

/// Where beacon, training, registry, provenance and rewards are, or will be.
pub(super) struct Addresses(pub(super) BTreeMap<String, String>);

impl Addresses {
    pub(super) fn of(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// Training that draws from this beacon.
    pub(super) fn training(
        &self,
        command: &Deploy,
        nodes_code_id: u64,
    ) -> training::InstantiateMsg {
        let Deploy { epoch_secs, unbonding_secs, evm_chain_id, .. } = *command;
        training::InstantiateMsg {
            beacon: self.of(BEACON),
            nodes_code_id,
            epoch_secs,
            unbonding_secs,
            evm_chain_id,
            provenance: self.of(PROVENANCE),
            rewards: self.of(REWARDS),
        }
    }

    /// The registry that opens markets of this code.
    pub(super) fn registry(&self, market_code_id: u64, fee: Coin) -> registry::InstantiateMsg {
        registry::InstantiateMsg {
            market_code_id,
            training: self.of(TRAINING),
            rewards: self.of(REWARDS),
            provenance: self.of(PROVENANCE),
            fee,
        }
    }

    pub(super) fn provenance(&self, command: &Deploy) -> provenance::InstantiateMsg {
        provenance::InstantiateMsg {
            registry: self.of(REGISTRY),
            training: self.of(TRAINING),
            beacon: self.of(BEACON),
            evm_chain_id: command.evm_chain_id,
            witness_secs: command.witness_secs.unwrap_or(WITNESS_SECS),
        }
    }

    pub(super) fn rewards(&self) -> rewards::InstantiateMsg {
        rewards::InstantiateMsg { registry: self.of(REGISTRY), training: self.of(TRAINING) }
    }
}

/// What opening a model costs: the option, else [`MODEL_FEE`] of the reserve or of gas.
pub(super) fn model_fee(command: &Deploy, network: &NetworkFile) -> Result<Coin> {
    if let Some(fee) = &command.model_fee {
        return Ok(fee.clone());
    }
    let denom = match &network.reserve_denom {
        Some(denom) => denom.clone(),
        None => network.network()?.gas_price.denom,
    };
    Ok(Coin::new(MODEL_FEE, denom))
}

/// Refuses stakes that leave while they could still be drawn.
pub(super) fn ensure_unbonding(command: &Deploy) -> Result<(), Failure> {
    let Deploy { epoch_secs, unbonding_secs, .. } = *command;
    if unbonding_secs < epoch_secs.saturating_mul(2) {
        return Err(Failure::usage(format!(
            "--unbonding-secs {unbonding_secs} is below two epochs of {epoch_secs} seconds"
        ))
        .hint("who unstakes could be drawn, and could not be slashed any more"));
    }
    Ok(())
}

/// Why training is not what was asked for, if so.
pub(super) fn training_fault(
    config: &training::ConfigResponse,
    msg: &training::InstantiateMsg,
) -> Option<String> {
    if config.beacon.as_str() != msg.beacon {
        return Some(format!("draws from the beacon {}, not {}", config.beacon, msg.beacon));
    }
    if config.evm_chain_id != msg.evm_chain_id {
        let (actual, asked) = (config.evm_chain_id, msg.evm_chain_id);
        return Some(format!("is for the EVM chain {actual}, not {asked}"));
    }
    if config.unbonding_secs != msg.unbonding_secs {
        let (actual, asked) = (config.unbonding_secs, msg.unbonding_secs);
        return Some(format!("lets stakes unbond in {actual} seconds, not {asked}"));
    }
    None
}

/// Why the registry is not what was asked for, if so. A fee that nobody asked for may be any.
pub(super) fn registry_fault(
    config: &registry::ConfigResponse,
    command: &Deploy,
) -> Option<String> {
    let asked = command.model_fee.as_ref().filter(|asked| **asked != config.fee)?;
    let (actual, asked) = (format::coin(&config.fee), format::coin(asked));
    Some(format!("takes {actual} for opening a model, not {asked}"))
}

/// Why provenance is not what was asked for, if so. Times that nobody asked for may be any.
pub(super) fn provenance_fault(
    config: &provenance::ConfigResponse,
    command: &Deploy,
) -> Option<String> {
    if config.evm_chain_id != command.evm_chain_id {
        let (actual, asked) = (config.evm_chain_id, command.evm_chain_id);
        return Some(format!("is for the EVM chain {actual}, not {asked}"));
    }
    let asked = command.witness_secs.filter(|asked| *asked != config.witness_secs)?;
    Some(format!("gives witnesses {} seconds, not {asked}", config.witness_secs))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use cosmwasm_std::{coin, Addr, HexBinary};
    use rstest::rstest;

    use super::*;

    fn command(epoch_secs: u64, unbonding_secs: u64) -> Deploy {
        Deploy {
            artifacts: PathBuf::new(),
            evm_chain_id: 1,
            beacon: None,
            beacon_notice_secs: 0,
            beacon_retention_secs: 0,
            epoch_secs,
            unbonding_secs,
            model_fee: None,
            witness_secs: None,
            salt: None,
        }
    }

    fn addresses() -> Addresses {
        let names = NAMING.into_iter().chain([BEACON]);
        Addresses(names.map(|name| (name.to_owned(), format!("wasm1{name}"))).collect())
    }

    fn training() -> training::InstantiateMsg {
        addresses().training(&command(60, 120), 4)
    }

    #[test]
    fn training_is_made_for_the_beacon_with_two_epochs_of_unbonding_at_least() {
        let expected = training::InstantiateMsg {
            beacon: "wasm1beacon".to_owned(),
            nodes_code_id: 4,
            epoch_secs: 60,
            unbonding_secs: 120,
            evm_chain_id: 1,
            provenance: "wasm1provenance".to_owned(),
            rewards: "wasm1rewards".to_owned(),
        };
        assert_eq!(training(), expected);
        assert_eq!(ensure_unbonding(&command(60, 120)), Ok(()));
        let error = ensure_unbonding(&command(60, 119)).unwrap_err();
        assert!(error.to_string().contains("119 is below two epochs of 60"), "{error}");
    }

    #[rstest]
    #[case::the_same("wasm1beacon", 120, 1, None)]
    #[case::another_beacon("wasm1other", 120, 1, Some("draws from the beacon wasm1other"))]
    #[case::another_time("wasm1beacon", 600, 1, Some("unbond in 600 seconds, not 120"))]
    #[case::another_chain("wasm1beacon", 120, 5, Some("the EVM chain 5, not 1"))]
    fn training_that_is_there_must_be_what_is_asked_for(
        #[case] beacon: &str,
        #[case] unbonding_secs: u64,
        #[case] evm_chain_id: u64,
        #[case] fault: Option<&str>,
    ) {
        let config = training::ConfigResponse {
            beacon: Addr::unchecked(beacon),
            nodes: Addr::unchecked("wasm1nodes"),
            unbonding_secs,
            evm_chain_id,
            provenance: Addr::unchecked("wasm1provenance"),
            rewards: Addr::unchecked("wasm1rewards"),
            runs: 0,
        };
        let found = training_fault(&config, &training());
        assert_eq!(found.is_some(), fault.is_some(), "{found:?}");
        assert!(found.unwrap_or_default().contains(fault.unwrap_or_default()));
    }

    #[rstest]
    #[case::nobody_asked(None, None)]
    #[case::the_same(Some(7), None)]
    #[case::another(Some(8), Some("takes 7 stake for opening a model, not 8 stake"))]
    fn a_fee_that_is_asked_for_must_be_the_registrys(
        #[case] asked: Option<u128>,
        #[case] fault: Option<&str>,
    ) {
        let config = registry::ConfigResponse {
            market_code_id: 1,
            market_checksum: HexBinary::default(),
            training: Addr::unchecked("wasm1training"),
            rewards: Addr::unchecked("wasm1rewards"),
            provenance: Addr::unchecked("wasm1provenance"),
            fee: coin(7, "stake"),
            models: 0,
        };
        let model_fee = asked.map(|asked| coin(asked, "stake"));
        let command = Deploy { model_fee, ..command(60, 120) };
        assert_eq!(registry_fault(&config, &command).as_deref(), fault);
    }

    #[test]
    fn a_fee_is_of_the_reserve_or_of_gas_where_nobody_says() {
        let mut network =
            NetworkFile::new("chain-1", vec!["http://localhost".to_owned()], "wasm", "0.1ugas");
        assert_eq!(model_fee(&command(60, 120), &network).unwrap(), coin(10_000_000, "ugas"));
        network.reserve_denom = Some("uusd".to_owned());
        assert_eq!(model_fee(&command(60, 120), &network).unwrap(), coin(10_000_000, "uusd"));
        let given = Deploy { model_fee: Some(coin(0, "ujuno")), ..command(60, 120) };
        assert_eq!(model_fee(&given, &network).unwrap(), coin(0, "ujuno"));
    }

    #[rstest]
    #[case::nobody_asked(1, None, None)]
    #[case::another_time(1, Some(10), Some("gives witnesses 300 seconds, not 10"))]
    #[case::another_chain(5, None, Some("is for the EVM chain 1, not 5"))]
    fn provenance_that_is_there_must_be_what_is_asked_for(
        #[case] evm_chain_id: u64,
        #[case] witness_secs: Option<u64>,
        #[case] fault: Option<&str>,
    ) {
        let config = provenance::ConfigResponse {
            registry: Addr::unchecked("wasm1registry"),
            training: Addr::unchecked("wasm1training"),
            beacon: Addr::unchecked("wasm1beacon"),
            evm_chain_id: 1,
            witness_secs: 300,
        };
        let command = Deploy { evm_chain_id, witness_secs, ..command(60, 120) };
        assert_eq!(provenance_fault(&config, &command).as_deref(), fault);
    }
}
