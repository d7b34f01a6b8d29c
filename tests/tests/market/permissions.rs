//! Who may call what: every message by every role, from one table. A message that is added must
//! be added here, because [`expected`] matches all of them.

use std::collections::BTreeSet;

use cosmwasm_std::{Binary, Uint128};
use cw20::{EmbeddedLogo, Logo};
use cw20_base::ContractError as Cw20Error;
use modelbond_interface::market::{Beneficiary, ExecuteMsg, Ledger};
use modelbond_market::ContractError;
use modelbond_tests::suite::metrics;
use modelbond_tests::walk::actions::kind;
use modelbond_tests::{Chain, Mock, Rewind, Suite};

use crate::{DAY, PLENTY};

/// Everybody has coins; all but the stranger have tokens; the holder lets the spender spend.
const ROLES: [&str; 8] = [
    "stranger",
    "holder",
    "spender",
    "creator",
    "training",
    "rewards",
    "provenance",
    "stakeholder",
];

/// Who is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Allowed {
    Everybody,
    /// Who has the tokens.
    Owners,
    Only(&'static [&'static str]),
    Nobody,
}

fn expected(msg: &ExecuteMsg) -> Allowed {
    match msg {
        ExecuteMsg::Buy { .. } | ExecuteMsg::BuyExact { .. } | ExecuteMsg::FundReserve {} => {
            Allowed::Everybody
        }
        ExecuteMsg::Sell { .. }
        | ExecuteMsg::Transfer { .. }
        | ExecuteMsg::Burn { .. }
        | ExecuteMsg::Send { .. } => Allowed::Owners,
        ExecuteMsg::ClaimVested {} => Allowed::Only(&["creator", "stakeholder"]),
        ExecuteMsg::ReportMetrics { .. } => Allowed::Only(&["training"]),
        ExecuteMsg::Emit { .. } => Allowed::Only(&["rewards"]),
        ExecuteMsg::WithdrawLedger { ledger: Ledger::Treasury } => Allowed::Everybody,
        ExecuteMsg::WithdrawLedger { ledger: Ledger::Provenance } => Allowed::Only(&["provenance"]),
        ExecuteMsg::IncreaseAllowance { .. } => Allowed::Everybody,
        // Only whoever has given one has one to decrease.
        ExecuteMsg::DecreaseAllowance { .. } => Allowed::Only(&["holder"]),
        ExecuteMsg::TransferFrom { .. }
        | ExecuteMsg::SendFrom { .. }
        | ExecuteMsg::BurnFrom { .. } => Allowed::Only(&["spender"]),
        ExecuteMsg::Mint { .. } | ExecuteMsg::UpdateMinter { .. } => Allowed::Nobody,
        ExecuteMsg::UpdateMarketing { .. } | ExecuteMsg::UploadLogo(_) => {
            Allowed::Only(&["creator"])
        }
    }
}

impl Allowed {
    fn includes(self, role: &str) -> bool {
        match self {
            Self::Everybody => true,
            Self::Owners => role != "stranger",
            Self::Only(roles) => roles.contains(&role),
            Self::Nobody => false,
        }
    }
}

fn market() -> (Suite<Mock>, String) {
    let mut suite = Suite::builder()
        .with_params(|p| {
            p.multiplier.rise_bps_per_hour = 36_000;
            p.allocation.stakeholders =
                vec![Beneficiary { address: "stakeholder".to_owned(), bps: 10_000 }];
        })
        .build();
    suite.wait_for_unlock();
    for role in ROLES {
        suite.fund(role, PLENTY);
        if role != "stranger" {
            suite.buy(role, 20_000_000).unwrap();
        }
    }
    suite.allow("holder", "spender", 10_000_000).unwrap();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(120 * DAY);
    let empty = cosmwasm_std::Empty {};
    let receiver = suite.chain.deploy(modelbond_tests::receiver::code(), &empty);
    (suite, receiver)
}

/// One message of every kind (both ledgers), each of which somebody could send, and its coins.
fn messages(suite: &Suite<Mock>, receiver: &str) -> Vec<(ExecuteMsg, u128)> {
    let amount = Uint128::new(1_000_000);
    let zero = Uint128::zero();
    let deadline = suite.later();
    let address = |name: &str| suite.address(name);
    let (partial, msg) = (false, Binary::default());
    let logo = Logo::Embedded(EmbeddedLogo::Png(Binary::from(b"\x89PNG\x0d\x0a\x1a\x0a")));
    vec![
        (ExecuteMsg::Buy { min_tokens_out: zero, deadline, partial, recipient: None }, 1_000_000),
        (ExecuteMsg::BuyExact { tokens_out: amount, deadline }, 10_000_000),
        (ExecuteMsg::Sell { tokens_in: amount, min_reserve_out: zero, deadline, partial }, 0),
        (ExecuteMsg::ClaimVested {}, 0),
        (ExecuteMsg::ReportMetrics { metrics: metrics([80, 10, 100, 5]) }, 0),
        (ExecuteMsg::Emit { budget: amount, max_tokens: amount }, 0),
        (ExecuteMsg::WithdrawLedger { ledger: Ledger::Treasury }, 0),
        (ExecuteMsg::WithdrawLedger { ledger: Ledger::Provenance }, 0),
        (ExecuteMsg::FundReserve {}, 5),
        (ExecuteMsg::Transfer { recipient: address("friend"), amount }, 0),
        (ExecuteMsg::Burn { amount }, 0),
        (ExecuteMsg::Send { contract: receiver.to_owned(), amount, msg: msg.clone() }, 0),
        (ExecuteMsg::IncreaseAllowance { spender: address("friend"), amount, expires: None }, 0),
        (ExecuteMsg::DecreaseAllowance { spender: address("spender"), amount, expires: None }, 0),
        (
            ExecuteMsg::TransferFrom {
                owner: address("holder"),
                recipient: address("friend"),
                amount,
            },
            0,
        ),
        (
            ExecuteMsg::SendFrom {
                owner: address("holder"),
                contract: receiver.to_owned(),
                amount,
                msg,
            },
            0,
        ),
        (ExecuteMsg::BurnFrom { owner: address("holder"), amount }, 0),
        (ExecuteMsg::Mint { recipient: address("friend"), amount }, 0),
        (ExecuteMsg::UpdateMinter { new_minter: Some(address("friend")) }, 0),
        (
            ExecuteMsg::UpdateMarketing {
                project: Some("https://iris.example".to_owned()),
                description: None,
                marketing: None,
            },
            0,
        ),
        (ExecuteMsg::UploadLogo(logo), 0),
    ]
}

/// Whether a refusal is about who asks.
fn is_about_the_sender(error: &ContractError) -> bool {
    matches!(
        error,
        ContractError::Unauthorized { .. }
            | ContractError::InsufficientTokens { .. }
            | ContractError::NothingVested { .. }
            | ContractError::MintRefused
            | ContractError::UpdateMinterRefused
            | ContractError::Cw20(
                Cw20Error::Unauthorized {}
                    | Cw20Error::NoAllowance {}
                    | Cw20Error::CannotSetOwnAccount {}
                    | Cw20Error::Std(cosmwasm_std::StdError::NotFound { .. })
            )
    )
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let (mut suite, receiver) = market();
    let mut mistakes = vec![];
    for (msg, funds) in messages(&suite, &receiver) {
        for role in ROLES {
            let (sender, market) = (suite.address(role), suite.market.clone());
            let result = suite.chain.imagine(|chain| {
                let funds = chain.money(funds);
                chain.execute(&sender, &market, &msg, &funds).map(|_| ())
            });
            if result.is_ok() != expected(&msg).includes(role) {
                mistakes.push(format!("{} by {role}: {result:?}", kind(&msg)));
            }
            if let Err(modelbond_tests::Failure::Market(error)) = result {
                if !is_about_the_sender(&error) {
                    mistakes.push(format!("{} by {role} fails for {error:?}", kind(&msg)));
                }
            }
        }
    }
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

#[test]
fn the_table_has_every_message() {
    let (suite, receiver) = market();
    let kinds: BTreeSet<&str> =
        messages(&suite, &receiver).iter().map(|(msg, _)| kind(msg)).collect();
    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let variants = schema.schema.subschemas.unwrap().one_of.unwrap();
    assert_eq!(kinds.len(), variants.len());
}

#[test]
fn roles_are_not_transferable_and_the_creator_is_nothing_special() {
    let (mut suite, receiver) = market();
    // What a creator of another protocol could do: none of it exists or is theirs here.
    let before = suite.ledgers();
    for (msg, funds) in messages(&suite, &receiver) {
        if matches!(expected(&msg), Allowed::Only(roles) if !roles.contains(&"creator")) {
            assert!(suite.send("creator", &msg, funds).is_err(), "{msg:?}");
        }
    }
    assert_eq!(suite.ledgers(), before);
}
