//! What a transaction did.

use cosmrs::proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContractResponse;
use cosmrs::proto::prost::Message;
use cosmwasm_std::{Attribute, Event};
use modelbond_interface::event::{EventError, TypedEvent};
use tendermint::abci::types::ExecTxResult;

use crate::error::ClientError;
use crate::refusal::refusal;

/// A transaction that succeeded.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// SHA-256 of its bytes, upper-case hex.
    pub hash: String,
    /// Height of its block.
    pub height: u64,
    /// Gas limit.
    pub gas_wanted: u64,
    /// Gas used.
    pub gas_used: u64,
    /// Events in order, exactly as the chain wrote them: a contract's own event `x` has the type
    /// `wasm-x`, its plain attributes are in one of type `wasm`, both name the contract in
    /// `_contract_address`, and every event of a message ends with `msg_index`.
    pub events: Vec<Event>,
    /// The protobuf response of each message.
    pub data: Vec<Vec<u8>>,
}

impl Receipt {
    /// Events of type `T` that `contract` emitted, in order. Events of other types and contracts
    /// are passed over; one of the right type that cannot be read is an error.
    pub fn decode<T: TypedEvent>(&self, contract: &str) -> Result<Vec<T>, ClientError> {
        decode(&self.events, contract)
    }

    /// The value of `key` in the first event of type `ty` that has it.
    pub fn attribute(&self, ty: &str, key: &str) -> Option<&str> {
        self.events
            .iter()
            .filter(|event| event.ty == ty)
            .flat_map(|event| &event.attributes)
            .find(|attribute| attribute.key == key)
            .map(|attribute| attribute.value.as_str())
    }

    /// The response of message `index` as `M`.
    pub fn response<M: Message + Default>(&self, index: usize) -> Result<M, ClientError> {
        let invalid = |cause: String| ClientError::InvalidAnswer {
            what: format!("response {index} of transaction {}", self.hash),
            cause,
        };
        let bytes = self.data.get(index).ok_or_else(|| invalid("absent".into()))?;
        M::decode(bytes.as_slice()).map_err(|e| invalid(e.to_string()))
    }

    /// What the contract executed by message `index` returned as data.
    pub fn contract_data(&self, index: usize) -> Result<Vec<u8>, ClientError> {
        Ok(self.response::<MsgExecuteContractResponse>(index)?.data)
    }

    /// The receipt of a transaction found in a block; its error if it failed there.
    pub(crate) fn settle(
        hash: String,
        height: u64,
        result: &ExecTxResult,
    ) -> Result<Self, ClientError> {
        if result.code.is_err() {
            let code = result.code.value();
            return Err(refusal(&result.codespace, code, &result.log, Some(&hash)));
        }
        let data =
            TxMsgData::decode(result.data.as_ref()).map_err(|e| ClientError::InvalidAnswer {
                what: format!("the result of transaction {hash}"),
                cause: e.to_string(),
            })?;
        Ok(Self {
            hash,
            height,
            gas_wanted: result.gas_wanted.try_into().unwrap_or_default(),
            gas_used: result.gas_used.try_into().unwrap_or_default(),
            events: result.events.iter().map(event).collect(),
            data: data.msg_responses.into_iter().map(|response| response.value).collect(),
        })
    }
}

/// Events of type `T` that `contract` emitted, in order.
fn decode<T: TypedEvent>(events: &[Event], contract: &str) -> Result<Vec<T>, ClientError> {
    events
        .iter()
        .filter(|event| {
            event.ty.strip_prefix("wasm-") == Some(T::TYPE) && emitted_by(event, contract)
        })
        .map(|event| T::try_from(event).map_err(|error: EventError| error.into()))
        .collect()
}

/// Only the chain can write attributes that start with an underscore, and it writes this one first.
fn emitted_by(event: &Event, contract: &str) -> bool {
    event
        .attributes
        .iter()
        .find(|attribute| attribute.key == "_contract_address")
        .is_some_and(|attribute| attribute.value == contract)
}

/// A CometBFT event as cosmwasm's. Built field by field: cosmwasm's constructor panics on keys that
/// start with an underscore, in debug builds.
pub(crate) fn event(event: &tendermint::abci::Event) -> Event {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut converted = Event::new(event.kind.clone());
    converted.attributes = event
        .attributes
        .iter()
        .map(|attribute| Attribute {
            key: text(attribute.key_bytes()),
            value: text(attribute.value_bytes()),
        })
        .collect();
    converted
}
