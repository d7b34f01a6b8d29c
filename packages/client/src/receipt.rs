//! What a transaction did.

use base64::prelude::{Engine, BASE64_STANDARD as BASE64};
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
        let invalid = |cause: String| ClientError::InvalidAnswer {
            what: format!("the result of transaction {hash}"),
            cause,
        };
        // tendermint 0.41 hands the base64 text of this one field through as it is.
        let data = BASE64.decode(&result.data).map_err(|e| invalid(e.to_string()))?;
        let data = TxMsgData::decode(data.as_slice()).map_err(|e| invalid(e.to_string()))?;
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

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint128;
    use modelbond_interface::market::MarketOpened;
    use serde_json::{json, Value};

    use super::*;

    fn opened(contract: &str) -> Value {
        json!({"type": "wasm-market_opened", "attributes": [
            {"key": "_contract_address", "value": contract, "index": true},
            {"key": "creator", "value": "wasm1alice", "index": true},
            {"key": "reserve_denom", "value": "uusd", "index": true},
            {"key": "initial_supply", "value": "1000", "index": true},
            {"key": "cost", "value": "77", "index": true},
            {"key": "refund", "value": "3", "index": true},
            {"key": "msg_index", "value": "0", "index": true}]})
    }

    fn receipt(events: &[Value]) -> Receipt {
        let result = serde_json::from_value(json!({"code": 0, "data": "", "events": events}));
        Receipt::settle("AB".into(), 5, &result.unwrap()).unwrap()
    }

    #[test]
    fn events_of_the_contract_are_decoded_in_order() {
        let other = json!({"type": "wasm", "attributes": [{"key": "action", "value": "open", "index": true}]});
        let foreign = opened("wasm1other");
        let receipt = receipt(&[other, opened("wasm1market"), foreign, opened("wasm1market")]);
        let events: Vec<MarketOpened> = receipt.decode("wasm1market").unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!((events[0].cost, events[0].creator.as_str()), (Uint128::new(77), "wasm1alice"));
    }

    /// A contract can name an attribute like the chain's, but not first, and no event without the
    /// prefix is a contract's.
    #[test]
    fn forged_origin_is_passed_over() {
        let mut second_address = opened("wasm1evil");
        let attributes = second_address["attributes"].as_array_mut().unwrap();
        attributes.push(json!({"key": "_contract_address", "value": "wasm1market", "index": true}));
        let mut no_prefix = opened("wasm1market");
        no_prefix["type"] = "market_opened".into();
        let receipt = receipt(&[second_address, no_prefix]);
        assert_eq!(receipt.decode::<MarketOpened>("wasm1market").unwrap(), []);
    }

    #[test]
    fn unreadable_event_of_the_right_type_is_an_error() {
        let mut unreadable = opened("wasm1market");
        unreadable["attributes"][4]["value"] = "many".into();
        let error = receipt(&[unreadable]).decode::<MarketOpened>("wasm1market").unwrap_err();
        assert!(
            matches!(error, ClientError::Event(EventError::BadValue { key: "cost", .. })),
            "{error}"
        );
    }

    #[test]
    fn absent_response_is_an_error() {
        let error = receipt(&[]).contract_data(0).unwrap_err();
        assert!(matches!(error, ClientError::InvalidAnswer { .. }), "{error}");
    }
}
