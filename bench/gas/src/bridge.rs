//! The bridge: linking, unlinking, and what a signature check costs another contract.

use anyhow::{Context, Result};
use cosmwasm_std::{to_json_binary, Binary, Timestamp};
use modelbond_client::Signer as Account;
use modelbond_interface::bridge::{
    DomainResponse, ExecuteMsg, InstantiateMsg, NonceResponse, Proof, QueryMsg, Scheme, UnlinkProof,
};
use modelbond_signature::{
    sha256, Binding, CosmosAddress, Digest, Link, Message, RecoveryId, SecretKey, SignRequest,
    Statement, TypedData, Unlink,
};
use serde_json::json;

use crate::report::Report;

const DAY: u64 = 86_400;
const TEXT: &[u8] = b"a message of some forty bytes, as people sign";

/// The bridge and somebody who has a key.
pub(crate) struct Bridge {
    address: String,
    probe: String,
    key: SecretKey,
    cosmos: CosmosAddress,
}

impl Bridge {
    /// Makes one.
    pub(crate) async fn make(account: &Account, code: u64, probe: &str) -> Result<Self> {
        let msg = InstantiateMsg { evm_chain_id: 1 };
        let (address, _) = account.instantiate(code, "bridge", &msg, &[], None).await?;
        let key = SecretKey::from_bytes(sha256("somebody"))?;
        let cosmos = key.public_key().cosmos_address("wasm")?;
        Ok(Self { address, probe: probe.to_owned(), key, cosmos })
    }

    /// Links and unlinks once in each pair of schemes.
    pub(crate) async fn measure(
        &self,
        account: &Account,
        report: &mut Report,
        setting: &str,
    ) -> Result<()> {
        let eth = self.key.public_key().eth_address();
        for (name, eth_scheme, cosmos_scheme) in [
            ("eip712, adr036", Scheme::Eip712, Scheme::Adr036),
            ("eip191, direct", Scheme::Eip191, Scheme::Direct),
        ] {
            let statement = Link { eth_address: eth, cosmos_address: self.cosmos.clone() };
            let link = self.request(account, statement, cosmos_scheme).await?;
            let proof = |scheme| -> Result<Proof> {
                Ok(Proof { scheme, signature: self.sign(&link, scheme)? })
            };
            let msg = ExecuteMsg::Link {
                eth_address: eth.to_string(),
                pubkey: Binary::from(self.key.public_key().compressed().as_bytes()),
                eth_proof: proof(eth_scheme)?,
                cosmos_proof: proof(cosmos_scheme)?,
                nonce: link.binding.nonce,
                expires_at: Timestamp::from_seconds(link.binding.expires_at),
            };
            let receipt = account.execute(&self.address, &msg, &[]).await?;
            report.note(&format!("bridge link ({name})"), setting, receipt.gas_used);

            let statement = Unlink { eth_address: eth, cosmos_address: self.cosmos.clone() };
            let unlink = self.request(account, statement, eth_scheme).await?;
            let proof = UnlinkProof {
                scheme: eth_scheme,
                signature: self.sign(&unlink, eth_scheme)?,
                nonce: unlink.binding.nonce,
                expires_at: Timestamp::from_seconds(unlink.binding.expires_at),
            };
            let msg = ExecuteMsg::Unlink { eth_address: eth.to_string(), proof: Some(proof) };
            let receipt = account.execute(&self.address, &msg, &[]).await?;
            let name = name.split(',').next().unwrap_or(name);
            report.note(&format!("bridge unlink ({name})"), setting, receipt.gas_used);
        }
        Ok(())
    }

    /// What `verify_signature` costs another contract over the same query with an empty signature,
    /// which is answered before anything is hashed.
    pub(crate) async fn measure_checks(
        &self,
        account: &Account,
        report: &mut Report,
    ) -> Result<()> {
        let eth = self.key.public_key().eth_address().to_string();
        let cosmos = self.cosmos.to_string();
        let statement = Link {
            eth_address: self.key.public_key().eth_address(),
            cosmos_address: self.cosmos.clone(),
        };
        let request = self.request(account, statement, Scheme::Direct).await?;
        let typed_data: TypedData = request.typed_data()?;
        let json = serde_json::to_vec(typed_data.document())?;
        let sign_doc = request.sign_doc();
        let adr036 = Message::Adr036 { signer: &self.cosmos, data: TEXT };
        let cases = [
            (Scheme::Eip191, TEXT, &eth, Message::Eip191(TEXT).digest()),
            (Scheme::Eip712, &json, &eth, Message::Eip712(&typed_data).digest()),
            (Scheme::Adr036, TEXT, &cosmos, adr036.digest()),
            (Scheme::Direct, &sign_doc, &cosmos, Message::Direct(&sign_doc).digest()),
        ];
        for (scheme, message, signer, digest) in cases {
            let question = (scheme, message, signer.as_str());
            let empty = self.ask(account, question, Binary::default()).await?;
            let gas = self.ask(account, question, self.signature(scheme, &digest)?).await?;
            let name = format!("verify_signature {}", scheme);
            report.note(&name, "maths", gas.saturating_sub(empty));
        }
        Ok(())
    }

    async fn ask(
        &self,
        account: &Account,
        question: (Scheme, &[u8], &str),
        signature: Binary,
    ) -> Result<u64> {
        let (scheme, message, signer) = question;
        let query = QueryMsg::VerifySignature {
            scheme,
            message: message.into(),
            signature: signature.clone(),
            signer: signer.to_owned(),
        };
        if !signature.is_empty() {
            let answer: serde_json::Value = account.client().query(&self.address, &query).await?;
            anyhow::ensure!(answer["valid"] == true, "{answer}");
        }
        let msg = json!({"ask": {"contract": self.address, "msg": to_json_binary(&query)?}});
        Ok(account.execute(&self.probe, &msg, &[]).await?.gas_used)
    }

    /// A statement whose signature in `scheme` is the dearest: of the two keys that may have made a
    /// signature without recovery id it is the one that the contract tries last. Which one it is
    /// hangs on every bit that is signed, so the expiry is moved until it is that one.
    async fn request<S: Statement>(
        &self,
        account: &Account,
        statement: S,
        scheme: Scheme,
    ) -> Result<SignRequest<S>> {
        let client = account.client();
        let domain: DomainResponse = client.query(&self.address, &QueryMsg::Domain {}).await?;
        let question = QueryMsg::Nonce { cosmos_address: self.cosmos.to_string() };
        let answer: NonceResponse = client.query(&self.address, &question).await?;
        let binding = Binding {
            chain_id: domain.chain_id,
            contract: self.address.clone(),
            evm_chain_id: domain.evm_chain_id,
            nonce: answer.nonce,
            expires_at: client.latest_block().await?.time / 1_000_000_000 + DAY,
        };
        let mut request = SignRequest { statement, binding };
        for _ in 0..64 {
            let signature = self.key.sign(&request.digest(scheme, &self.cosmos)?)?;
            if signature.recovery_id() == Some(RecoveryId::Odd) {
                return Ok(request);
            }
            request.binding.expires_at += 1;
        }
        anyhow::bail!("64 signatures in a row with an even point")
    }

    fn sign<S: Statement>(&self, request: &SignRequest<S>, scheme: Scheme) -> Result<Binary> {
        self.signature(scheme, &request.digest(scheme, &self.cosmos)?)
    }

    fn signature(&self, scheme: Scheme, digest: &Digest) -> Result<Binary> {
        let signature = self.key.sign(digest).context("signs")?;
        Ok(scheme.write_signature(&signature)?.into())
    }
}
