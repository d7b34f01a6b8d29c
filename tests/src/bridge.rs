//! A bridge and the people who use it. A person is a key; the same name is the same key on every
//! chain, with an Ethereum and a Cosmos address.

use cosmwasm_std::{Binary, Timestamp};
use modelbond_interface::bridge::{
    BridgeLinked, BridgeUnlinked, DomainResponse, ExecuteMsg, InstantiateMsg, Link, LinksResponse,
    NonceResponse, Proof, QueryMsg, ResolveResponse, Scheme, UnlinkProof, VerifySignatureResponse,
};
use modelbond_signature as signature;
use modelbond_signature::{
    sha256, Binding, CosmosAddress, EthAddress, SecretKey, SignRequest, Statement,
};

use crate::chain::{Contracts, Failure};
use crate::mock::Mock;

/// chainId of the EIP-712 domain in stories.
pub const EVM_CHAIN_ID: u64 = 11_155_111;
const PREFIX: &str = "wasm";
const DAY: u64 = 86_400;

/// Somebody with a key.
#[derive(Debug)]
pub struct Person {
    /// The private key: a hash of the name.
    pub key: SecretKey,
    /// The key's Ethereum address.
    pub eth: EthAddress,
    /// The key's address on the chain.
    pub cosmos: CosmosAddress,
}

impl Person {
    /// The person called `name`.
    ///
    /// # Panics
    /// Never: a hash is a key.
    #[must_use]
    pub fn called(name: &str) -> Self {
        let key = SecretKey::from_bytes(sha256(name)).expect("a hash is a key");
        let public = key.public_key();
        let cosmos = public.cosmos_address(PREFIX).expect("a prefix");
        Self { eth: public.eth_address(), cosmos, key }
    }

    /// The public key, compressed.
    #[must_use]
    pub fn pubkey(&self) -> Binary {
        Binary::from(self.key.public_key().compressed().as_bytes())
    }

    /// Signs a request in a scheme. ADR-036 hashes the address of `cosmos`.
    ///
    /// # Panics
    /// When typed data cannot hold the request.
    #[must_use]
    pub fn sign<S: Statement>(
        &self,
        request: &SignRequest<S>,
        scheme: Scheme,
        cosmos: &CosmosAddress,
    ) -> Binary {
        let digest = request.digest(scheme, cosmos).expect("a digest");
        let signature = self.key.sign(&digest).expect("signs");
        Binary::from(scheme.write_signature(&signature).expect("writes"))
    }
}

/// A bridge on a chain.
pub struct Bridge<C: Contracts = Mock> {
    /// Where it runs.
    pub chain: C,
    /// Its address.
    pub address: String,
}

impl Bridge<Mock> {
    /// On a new mock.
    #[must_use]
    pub fn on_mock() -> Self {
        Self::on(Mock::default())
    }
}

impl<C: Contracts> Bridge<C> {
    /// On this chain.
    ///
    /// # Panics
    /// When the chain refuses.
    #[must_use]
    pub fn on(mut chain: C) -> Self {
        let msg = InstantiateMsg { evm_chain_id: EVM_CHAIN_ID };
        let address = chain.instantiate("bridge", &msg).expect("instantiates");
        Self { chain, address }
    }

    /// What statements with this nonce are bound to: valid for a day from now.
    #[must_use]
    pub fn binding(&self, nonce: u64) -> Binding {
        Binding {
            chain_id: self.chain.chain_id(),
            contract: self.address.clone(),
            evm_chain_id: EVM_CHAIN_ID,
            nonce,
            expires_at: self.chain.now().seconds() + DAY,
        }
    }

    /// A link of `eth`'s Ethereum with `cosmos`'s Cosmos address, to be signed.
    #[must_use]
    pub fn link_request(&self, eth: &Person, cosmos: &Person) -> SignRequest<signature::Link> {
        let statement =
            signature::Link { eth_address: eth.eth, cosmos_address: cosmos.cosmos.clone() };
        SignRequest { statement, binding: self.binding(self.nonce(cosmos)) }
    }

    /// The end of that link, to be signed.
    #[must_use]
    pub fn unlink_request(&self, eth: &Person, cosmos: &Person) -> SignRequest<signature::Unlink> {
        let statement =
            signature::Unlink { eth_address: eth.eth, cosmos_address: cosmos.cosmos.clone() };
        SignRequest { statement, binding: self.binding(self.nonce(cosmos)) }
    }

    /// Sends any message.
    ///
    /// # Errors
    /// When the bridge refuses.
    pub fn send(&mut self, sender: &str, msg: &ExecuteMsg) -> Result<crate::Outcome, Failure> {
        let address = self.address.clone();
        self.chain.execute_any(sender, &address, msg, &[])
    }

    /// Links them; EIP-712 and ADR-036, sent by a stranger.
    ///
    /// # Errors
    /// When the bridge refuses.
    pub fn link(&mut self, eth: &Person, cosmos: &Person) -> Result<BridgeLinked, Failure> {
        let msg = link_message(
            &self.link_request(eth, cosmos),
            (eth, Scheme::Eip712),
            (cosmos, Scheme::Adr036),
        );
        self.send_by_stranger(&msg).map(|outcome| outcome.event())
    }

    /// Sends a message that needs no authority of its sender.
    ///
    /// # Errors
    /// When the bridge refuses.
    pub fn send_by_stranger(&mut self, msg: &ExecuteMsg) -> Result<crate::Outcome, Failure> {
        let stranger = Person::called("stranger").cosmos.to_string();
        self.send(&stranger, msg)
    }

    /// Ends the link of `eth`'s Ethereum address; `cosmos` sends it.
    ///
    /// # Errors
    /// When the bridge refuses.
    pub fn unlink(&mut self, eth: &Person, cosmos: &Person) -> Result<BridgeUnlinked, Failure> {
        let msg = ExecuteMsg::Unlink { eth_address: eth.eth.to_string(), proof: None };
        self.send(cosmos.cosmos.as_str(), &msg).map(|outcome| outcome.event())
    }

    /// Asks for a link.
    ///
    /// # Errors
    /// When the address cannot be one.
    pub fn try_resolve(&self, address: &str) -> Result<Option<Link>, Failure> {
        let msg = QueryMsg::Resolve { address: address.to_owned() };
        self.chain.query_any(&self.address, &msg).map(|answer: ResolveResponse| answer.link)
    }

    /// Asks for the link of both sides, which must be the same.
    ///
    /// # Panics
    /// When they differ.
    #[must_use]
    pub fn resolve(&self, eth: &Person, cosmos: &Person) -> Option<Link> {
        let by_eth = self.try_resolve(&eth.eth.to_string()).expect("answers");
        let by_cosmos = self.try_resolve(cosmos.cosmos.as_str()).expect("answers");
        assert_eq!(by_eth, by_cosmos);
        by_eth
    }

    /// A page of links.
    ///
    /// # Panics
    /// When the bridge refuses.
    #[must_use]
    pub fn links(&self, start_after: Option<String>, limit: Option<u32>) -> Vec<Link> {
        let msg = QueryMsg::Links { start_after, limit };
        let answer: LinksResponse = self.chain.query_any(&self.address, &msg).expect("answers");
        answer.links
    }

    /// The next nonce of somebody.
    ///
    /// # Panics
    /// When the bridge refuses.
    #[must_use]
    pub fn nonce(&self, person: &Person) -> u64 {
        let msg = QueryMsg::Nonce { cosmos_address: person.cosmos.to_string() };
        let answer: NonceResponse = self.chain.query_any(&self.address, &msg).expect("answers");
        answer.nonce
    }

    /// What signatures are bound to.
    ///
    /// # Panics
    /// When the bridge refuses.
    #[must_use]
    pub fn domain(&self) -> DomainResponse {
        self.chain.query_any(&self.address, &QueryMsg::Domain {}).expect("answers")
    }

    /// Whether the contract holds a signature to be valid.
    ///
    /// # Panics
    /// When the bridge refuses.
    #[must_use]
    pub fn verify(
        &self,
        scheme: Scheme,
        message: &[u8],
        signature: &[u8],
        signer: &str,
    ) -> VerifySignatureResponse {
        let msg = QueryMsg::VerifySignature {
            scheme,
            message: message.into(),
            signature: signature.into(),
            signer: signer.to_owned(),
        };
        self.chain.query_any(&self.address, &msg).expect("answers")
    }
}

/// The message of a signed link.
#[must_use]
pub fn link_message(
    request: &SignRequest<signature::Link>,
    eth: (&Person, Scheme),
    cosmos: (&Person, Scheme),
) -> ExecuteMsg {
    let proof = |(person, scheme): (&Person, Scheme)| Proof {
        scheme,
        signature: person.sign(request, scheme, &request.statement.cosmos_address),
    };
    ExecuteMsg::Link {
        eth_address: request.statement.eth_address.to_string(),
        pubkey: cosmos.0.pubkey(),
        eth_proof: proof(eth),
        cosmos_proof: proof(cosmos),
        nonce: request.binding.nonce,
        expires_at: Timestamp::from_seconds(request.binding.expires_at),
    }
}

/// The message of a signed end of a link.
#[must_use]
pub fn unlink_message(
    request: &SignRequest<signature::Unlink>,
    signer: &Person,
    scheme: Scheme,
) -> ExecuteMsg {
    let proof = UnlinkProof {
        scheme,
        signature: signer.sign(request, scheme, &request.statement.cosmos_address),
        nonce: request.binding.nonce,
        expires_at: Timestamp::from_seconds(request.binding.expires_at),
    };
    let eth_address = request.statement.eth_address.to_string();
    ExecuteMsg::Unlink { eth_address, proof: Some(proof) }
}
