//! Several endpoints of one chain: sticky choice, fail-over, chain id before first use.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tendermint_rpc::dialect::v0_38::Dialect;
use tendermint_rpc::endpoint::status;

use crate::endpoint::{Endpoint, EndpointError};
use crate::error::{ClientError, Failure};
use crate::network::{Network, Settings};

/// What a reader makes of one endpoint's answer.
pub(crate) enum Fault {
    /// This endpoint is of no use for the question: ask the next.
    Next(EndpointError),
    /// The answer is final.
    Final(ClientError),
}

impl From<ClientError> for Fault {
    fn from(error: ClientError) -> Self {
        Self::Final(error)
    }
}

/// An endpoint and whether its chain id was seen to be right.
pub(crate) struct Member {
    endpoint: Endpoint,
    checked: AtomicBool,
}

/// The endpoints of a network.
pub(crate) struct Pool {
    members: Vec<Member>,
    preferred: AtomicUsize,
    chain_id: String,
    settings: Settings,
}

impl Member {
    pub(crate) fn name(&self) -> &str {
        self.endpoint.name()
    }

    /// Sends `request` once, after the chain id was checked.
    pub(crate) async fn call<R>(
        &self,
        chain_id: &str,
        request: R,
    ) -> Result<R::Response, EndpointError>
    where
        R: tendermint_rpc::Request<Dialect>,
    {
        self.check(chain_id).await?;
        self.endpoint.call(request).await
    }

    /// Asks for the chain id unless it is known to be `chain_id`. A question that fails here was
    /// never asked: whatever follows was not sent.
    async fn check(&self, chain_id: &str) -> Result<(), EndpointError> {
        if self.checked.load(Ordering::Relaxed) {
            return Ok(());
        }
        let status = self.endpoint.call(status::Request).await.map_err(|error| match error {
            EndpointError::Lost(cause) | EndpointError::Garbage(cause) => {
                EndpointError::NotSent(format!("status failed: {cause}"))
            }
            EndpointError::Node { message, data } => {
                EndpointError::NotSent(format!("status failed: {message}: {data}"))
            }
            other => other,
        })?;
        let found = status.node_info.network;
        if found.as_str() != chain_id {
            return Err(EndpointError::WrongChain(found.to_string()));
        }
        self.checked.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl Pool {
    /// Opens every endpoint and checks the chain id of those that answer. One that answers for
    /// another chain is an error; one that is down is checked before its first use.
    pub(crate) async fn connect(
        network: &Network,
        settings: &Settings,
    ) -> Result<Self, ClientError> {
        let mut members = Vec::with_capacity(network.rpc.len());
        for url in &network.rpc {
            let endpoint = Endpoint::open(url, settings)?;
            members.push(Member { endpoint, checked: AtomicBool::new(false) });
        }
        let mut failures = vec![];
        let mut preferred = None;
        for (i, member) in members.iter().enumerate() {
            match member.check(&network.chain_id).await {
                Ok(()) => preferred = preferred.or(Some(i)),
                Err(EndpointError::WrongChain(found)) => {
                    return Err(ClientError::WrongChain {
                        endpoint: member.name().to_owned(),
                        expected: network.chain_id.clone(),
                        found,
                    })
                }
                Err(error) => {
                    tracing::warn!(endpoint = member.name(), %error, "endpoint left out");
                    failures.push(failure(member, &error));
                }
            }
        }
        let preferred = preferred.ok_or(ClientError::Unreachable { tried: failures })?;
        Ok(Self {
            members,
            preferred: AtomicUsize::new(preferred),
            chain_id: network.chain_id.clone(),
            settings: settings.clone(),
        })
    }

    pub(crate) fn chain_id(&self) -> &str {
        &self.chain_id
    }

    /// All endpoints, the one that answered last first.
    pub(crate) fn members(&self) -> impl Iterator<Item = (usize, &Member)> {
        let first = self.preferred.load(Ordering::Relaxed);
        self.members.iter().enumerate().cycle().skip(first).take(self.members.len())
    }

    /// Asks this endpoint first from now on.
    pub(crate) fn prefer(&self, member: usize) {
        self.preferred.store(member, Ordering::Relaxed);
    }

    /// Asks endpoint after endpoint until `read` accepts an answer or calls it final.
    pub(crate) async fn ask<R, T>(
        &self,
        request: R,
        read: impl Fn(Result<R::Response, EndpointError>) -> Result<T, Fault>,
    ) -> Result<T, ClientError>
    where
        R: tendermint_rpc::Request<Dialect> + Clone,
    {
        let mut tried = vec![];
        for round in 0..self.settings.rounds.max(1) {
            if round > 0 {
                tokio::time::sleep(self.settings.poll_interval).await;
            }
            for (i, member) in self.members() {
                let answer = member.call(&self.chain_id, request.clone()).await;
                match read(answer) {
                    Ok(value) => {
                        self.prefer(i);
                        return Ok(value);
                    }
                    Err(Fault::Final(error)) => {
                        self.prefer(i);
                        return Err(error);
                    }
                    Err(Fault::Next(error)) => {
                        tracing::debug!(endpoint = member.name(), %error, "asking the next endpoint");
                        tried.push(failure(member, &error));
                    }
                }
            }
        }
        Err(ClientError::Unreachable { tried })
    }
}

/// What `member` failed with, for an error.
pub(crate) fn failure(member: &Member, error: &EndpointError) -> Failure {
    Failure { endpoint: member.name().to_owned(), cause: error.to_string() }
}
