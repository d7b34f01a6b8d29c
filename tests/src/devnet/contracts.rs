//! Contracts of any kind on the node.

use cosmwasm_std::Coin;
use modelbond_client::messages;
use modelbond_client::messages::Instantiation;
use serde::de::DeserializeOwned;
use serde::Serialize;

use super::{failure, outcome, Devnet};
use crate::chain::{Contracts, Failure, Outcome};

impl Contracts for Devnet {
    fn chain_id(&self) -> String {
        self.client.network().chain_id.clone()
    }

    fn code_id(&mut self, contract: &str) -> Result<u64, Failure> {
        Ok(self.code(contract))
    }

    fn instantiate(&mut self, contract: &str, msg: &impl Serialize) -> Result<String, Failure> {
        let made = self.faucet.instantiate(self.code(contract), contract, msg, &[], None);
        let (address, _) = self.runtime.block_on(made).map_err(|e| failure(&e))?;
        Ok(address)
    }

    fn predict(&self, code_id: u64, salt: &str) -> String {
        let code = self.runtime.block_on(self.client.code_info(code_id)).expect("a stored code");
        let at =
            messages::predicted_address(&code.data_hash, self.faucet.address(), salt.as_bytes());
        at.expect("a salt")
    }

    fn instantiate_at(
        &mut self,
        code_id: u64,
        salt: &str,
        msg: &impl Serialize,
    ) -> Result<String, Failure> {
        let contract = Instantiation { code_id, label: salt, funds: &[], admin: None };
        let made = self.faucet.instantiate2(contract, msg, salt.as_bytes());
        let (address, _) = self.runtime.block_on(made).map_err(|e| failure(&e))?;
        Ok(address)
    }

    fn execute_any(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        let signer = self.signer_of(sender);
        let message = messages::execute(signer.address(), contract, msg, funds);
        let message = message.map_err(|e| failure(&e))?;
        Ok(outcome(self.broadcast(&signer, message)?))
    }

    fn execute_all(
        &mut self,
        sender: &str,
        contract: &str,
        msgs: &[impl Serialize],
    ) -> Result<(), Failure> {
        let signer = self.signer_of(sender);
        for some in msgs.chunks(16) {
            let messages = some
                .iter()
                .map(|msg| messages::execute(signer.address(), contract, msg, &[]))
                .collect::<Result<_, _>>()
                .map_err(|e| failure(&e))?;
            self.broadcast_all(&signer, messages)?;
        }
        Ok(())
    }

    fn query_any<T: DeserializeOwned>(
        &self,
        contract: &str,
        msg: &impl Serialize,
    ) -> Result<T, Failure> {
        self.runtime.block_on(self.client.query(contract, msg)).map_err(|e| failure(&e))
    }
}
