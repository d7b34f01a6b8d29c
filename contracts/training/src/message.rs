//! What this contract says to others: these of all the messages that they take. Code that writes one message
//! of a type is code that writes all of them, and this contract is near the size that the chain takes.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{wasm_execute, Addr, StdResult, Uint128, WasmMsg};
use modelbond_interface::market::Metrics;
use modelbond_interface::nodes::{RunTerms, Slash};
use modelbond_interface::provenance::Mint;

/// A message. Each reads as the message of the same name in the interface of whom it is for.
#[cw_serde]
pub(crate) enum Message {
    /// To the nodes contract.
    SetRun { terms: RunTerms },
    /// To the nodes contract.
    Slash { model: String, items: Vec<Slash> },
    /// To a market.
    ReportMetrics { metrics: Metrics },
    /// To a market.
    Transfer { recipient: String, amount: Uint128 },
    /// To a market.
    Burn { amount: Uint128 },
    /// To provenance.
    MintContribution(Box<Mint>),
    /// To rewards.
    Credit { model: Addr, operator: Addr, offset: u64, work: u32 },
}

impl Message {
    /// For a contract, without coins.
    pub(crate) fn to(self, contract: &Addr) -> StdResult<WasmMsg> {
        wasm_execute(contract.as_str(), &self, vec![])
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_schema::serde::de::DeserializeOwned;
    use cosmwasm_std::{from_json, to_json_binary, Decimal, Timestamp};
    use modelbond_interface::hash::Hash32;
    use modelbond_interface::{market, nodes, provenance, rewards};

    use super::*;

    fn read<T: DeserializeOwned>(message: &Message) -> T {
        from_json(to_json_binary(message).unwrap()).unwrap()
    }

    #[test]
    fn nodes_reads_what_is_said_to_it() {
        let items = vec![Slash { node_id: 7, bps: 100 }];
        let expected = nodes::ExecuteMsg::Slash { model: "m".to_owned(), items: items.clone() };
        assert_eq!(
            read::<nodes::ExecuteMsg>(&Message::Slash { model: "m".to_owned(), items }),
            expected
        );
        let terms = RunTerms {
            run_id: 1,
            model: "m".to_owned(),
            unit_stake: Uint128::new(5),
            dataset_root: Hash32([1; 32]).into(),
            algorithm_hash: Hash32([2; 32]).into(),
            known_answer: Hash32([3; 32]).into(),
        };
        let expected = nodes::ExecuteMsg::SetRun { terms: terms.clone() };
        assert_eq!(read::<nodes::ExecuteMsg>(&Message::SetRun { terms }), expected);
    }

    #[test]
    fn a_market_reads_what_is_said_to_it() {
        let half = Decimal::percent(50);
        let metrics = Metrics { accuracy: half, adoption: half, improvement: half, growth: half };
        let (recipient, amount) = ("r".to_owned(), Uint128::new(9));
        for (message, expected) in [
            (Message::ReportMetrics { metrics }, market::ExecuteMsg::ReportMetrics { metrics }),
            (Message::Burn { amount }, market::ExecuteMsg::Burn { amount }),
            (
                Message::Transfer { recipient: recipient.clone(), amount },
                market::ExecuteMsg::Transfer { recipient, amount },
            ),
        ] {
            assert_eq!(read::<market::ExecuteMsg>(&message), expected);
        }
    }

    #[test]
    fn provenance_and_rewards_read_what_is_said_to_them() {
        let mint = Box::new(Mint {
            token_id: "1-2-3".to_owned(),
            model: Addr::unchecked("m"),
            contributor: Addr::unchecked("c"),
            data_hash: Hash32([1; 32]),
            quality: 500_000,
            improvement: -7,
            at: Timestamp::from_seconds(9),
            attestation: Hash32([2; 32]),
            run_id: 1,
            round_id: 2,
            parents: vec!["1-1-0".to_owned()],
        });
        let expected = provenance::ExecuteMsg::MintContribution(mint.clone());
        assert_eq!(read::<provenance::ExecuteMsg>(&Message::MintContribution(mint)), expected);
        let (model, operator) = (Addr::unchecked("m"), Addr::unchecked("o"));
        let (offset, work) = (u64::MAX, 1);
        let expected = rewards::ExecuteMsg::Credit {
            model: model.clone(),
            operator: operator.clone(),
            offset,
            work,
        };
        let message = Message::Credit { model, operator, offset, work };
        assert_eq!(read::<rewards::ExecuteMsg>(&message), expected);
    }
}
