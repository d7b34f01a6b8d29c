//! Handing a transaction to a node, once.
//!
//! A transaction is signed anew only if no node can have the old bytes: the connection was refused,
//! or `check_tx` refused it and no earlier attempt is in doubt. After a lost answer only the same
//! bytes go to the next endpoint (a mempool and a block take one hash once), and nothing a later
//! node answers counts as a refusal, because "wrong sequence" is also what a node says that has
//! already included them.

use std::time::Instant;

use cosmrs::Any;
use tendermint_rpc::endpoint::broadcast::tx_sync;

use crate::endpoint::EndpointError;
use crate::error::ClientError;
use crate::pool::{failure, Member};
use crate::query::Account;
use crate::refusal::{code, refusal};
use crate::sequence::Ticket;
use crate::signer::Signer;
use crate::transaction::{Signed, TxOptions};

/// How often one send may learn a new sequence and sign anew.
const MAX_RESYNCS: u32 = 5;

/// A transaction that a node may have.
pub(crate) struct Sent {
    pub(crate) signed: Signed,
    /// Whether a node said that it has it.
    pub(crate) taken: bool,
    /// What a later node refused it for, while an earlier attempt was in doubt.
    pub(crate) refused: Option<ClientError>,
    /// Keeps its sequence reserved until its fate is known.
    pub(crate) _ticket: Ticket,
}

/// One endpoint's answer to a broadcast.
enum Answer {
    Taken,
    Refused(ClientError),
    /// Not taken, and another node may well take it.
    Busy(EndpointError),
    /// The node may have it.
    Doubtful(EndpointError),
}

impl Signer {
    /// Signs with the next sequence and broadcasts; returns when a node may have it.
    pub(crate) async fn deliver(
        &self,
        messages: &[Any],
        options: &TxOptions,
    ) -> Result<Sent, ClientError> {
        let mut turn = self.sequence().turn().await;
        // Whatever fails below, the next send asks the chain again.
        let known = turn.take();
        let mut account = match known {
            Some(account) => account,
            None => self.current_account().await?,
        };
        let settings = self.client().settings();
        let started = Instant::now();
        let mut resyncs = 0;
        loop {
            match self.attempt(account, messages, options).await {
                Ok(sent) => {
                    let sequence = account.sequence.saturating_add(1);
                    *turn = Some(Account { sequence, ..account });
                    return Ok(sent);
                }
                Err(ClientError::SequenceMismatch { expected, got })
                    if expected < account.sequence && self.sequence().is_behind(expected) =>
                {
                    if started.elapsed() > settings.confirm_within {
                        return Err(ClientError::SequenceMismatch { expected, got });
                    }
                    tracing::debug!(expected, got, "node is behind, waiting");
                    tokio::time::sleep(settings.poll_interval).await;
                }
                Err(ClientError::SequenceMismatch { expected, got }) if resyncs < MAX_RESYNCS => {
                    tracing::warn!(expected, got, address = self.address(), "resynchronised");
                    resyncs += 1;
                    account.sequence = expected;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn attempt(
        &self,
        account: Account,
        messages: &[Any],
        options: &TxOptions,
    ) -> Result<Sent, ClientError> {
        let signed = self.sign(account, messages, options).await?;
        let ticket = self.sequence().start(signed.sequence);
        let mut sent = Sent { signed, taken: false, refused: None, _ticket: ticket };
        self.push(&mut sent).await?;
        Ok(sent)
    }

    /// Offers the same bytes to endpoint after endpoint. An error means that none can have them.
    async fn push(&self, sent: &mut Sent) -> Result<(), ClientError> {
        let client = self.client();
        let pool = client.pool();
        let settings = client.settings();
        let mut tried = vec![];
        let mut doubtful = false;
        for round in 0..settings.rounds.max(1) {
            if round > 0 {
                tokio::time::sleep(settings.poll_interval).await;
            }
            for (i, member) in pool.members() {
                match offer(member, pool.chain_id(), &sent.signed).await {
                    Answer::Taken => {
                        pool.prefer(i);
                        sent.taken = true;
                        return Ok(());
                    }
                    Answer::Refused(error) if doubtful => {
                        tracing::warn!(endpoint = member.name(), %error, "refused while in doubt");
                        sent.refused = Some(error);
                        return Ok(());
                    }
                    Answer::Refused(error) => return Err(error),
                    Answer::Busy(error) => tried.push(failure(member, &error)),
                    Answer::Doubtful(error) => {
                        let hash = sent.signed.hash();
                        tracing::warn!(endpoint = member.name(), %error, hash, "broadcast in doubt");
                        doubtful = true;
                        tried.push(failure(member, &error));
                        if matches!(client.find(&sent.signed.id).await, Ok(Some(_))) {
                            sent.taken = true;
                            return Ok(());
                        }
                    }
                }
            }
        }
        if doubtful {
            return Ok(());
        }
        Err(ClientError::Unreachable { tried })
    }

    /// Offers the same bytes once more, in case no node has them yet.
    pub(crate) async fn offer_again(&self, sent: &mut Sent) {
        let pool = self.client().pool();
        for (_, member) in pool.members() {
            if matches!(offer(member, pool.chain_id(), &sent.signed).await, Answer::Taken) {
                sent.taken = true;
                return;
            }
        }
    }
}

async fn offer(member: &Member, chain_id: &str, signed: &Signed) -> Answer {
    let answer = member.call(chain_id, tx_sync::Request::new(signed.bytes.clone())).await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return not_answered(error),
    };
    if answer.hash.as_bytes() != signed.id {
        return Answer::Doubtful(EndpointError::Garbage(format!("hash {}", answer.hash)));
    }
    let code = answer.code.value();
    match (answer.codespace.as_str(), code) {
        (_, 0) | ("sdk", code::IN_MEMPOOL) => Answer::Taken,
        ("sdk", code::MEMPOOL_FULL) => Answer::Busy(EndpointError::Node {
            message: "mempool is full".into(),
            data: answer.log,
        }),
        (codespace, _) => Answer::Refused(refusal(codespace, code, &answer.log, None)),
    }
}

fn not_answered(error: EndpointError) -> Answer {
    match error {
        EndpointError::NotSent(_) | EndpointError::WrongChain(_) => Answer::Busy(error),
        EndpointError::Lost(_) | EndpointError::Garbage(_) => Answer::Doubtful(error),
        EndpointError::Node { message, data } => {
            let text = data.to_lowercase();
            if text.contains("tx already exists in cache") {
                return Answer::Taken;
            }
            if text.contains("tx too large") {
                let codespace = "mempool".into();
                return Answer::Refused(ClientError::Chain {
                    code: 0,
                    codespace,
                    message: data,
                    hash: None,
                });
            }
            let full = text.contains("mempool is full");
            let error = EndpointError::Node { message, data };
            if full {
                return Answer::Busy(error);
            }
            Answer::Doubtful(error)
        }
    }
}
