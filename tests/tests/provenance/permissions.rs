//! Every message × every role.

use cosmwasm_std::{coin, to_json_binary, Empty};
use cw721::msg::CollectionInfoMsg;
use cw721::Action;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{Beneficiary, ExecuteMsg, Offered, Score};
use modelbond_provenance::ContractError;
use modelbond_tests::provenance::collector;
use modelbond_tests::{Chain, Contracts, Provenance, Rewind};

/// Training, the holder, whom they allowed, their operator, the model's owner, its market, who contributed, anybody.
const ROLES: [&str; 8] =
    ["training", "holder", "friend", "broker", "creator", "market", "contributor", "stranger"];

/// Offered contributions have their own table.
const OFFERS: [&str; 5] =
    ["contribute", "draw_witnesses", "commit_score", "reveal_score", "conclude_offer"];

/// Who may.
fn expected(kind: &str) -> &'static [&'static str] {
    match kind {
        "mint_contribution" => &["training"],
        "pay_usage" | "distribute" | "collect_fees" | "forward" | "approve_all" | "revoke_all" => {
            &ROLES
        }
        "claim" => &["holder"],
        "transfer_nft" | "send_nft" | "burn" => &["holder", "friend", "broker"],
        "approve" | "revoke" => &["holder", "broker"],
        _ => &[],
    }
}

fn refused() -> Vec<(&'static str, ExecuteMsg)> {
    let text = String::new;
    vec![
        (
            "mint",
            ExecuteMsg::Mint { token_id: text(), owner: text(), token_uri: None, extension: None },
        ),
        ("update_ownership", ExecuteMsg::UpdateOwnership(Action::AcceptOwnership)),
        ("update_minter_ownership", ExecuteMsg::UpdateMinterOwnership(Action::AcceptOwnership)),
        ("update_creator_ownership", ExecuteMsg::UpdateCreatorOwnership(Action::RenounceOwnership)),
        (
            "update_collection_info",
            ExecuteMsg::UpdateCollectionInfo {
                collection_info: CollectionInfoMsg { name: None, symbol: None, extension: None },
            },
        ),
        (
            "update_nft_info",
            ExecuteMsg::UpdateNftInfo { token_id: text(), token_uri: None, extension: None },
        ),
        ("add_minter", ExecuteMsg::AddMinter { minter: text() }),
        ("remove_minter", ExecuteMsg::RemoveMinter { minter: text() }),
        ("update_extension", ExecuteMsg::UpdateExtension { msg: Empty {} }),
        ("set_withdraw_address", ExecuteMsg::SetWithdrawAddress { address: text() }),
        ("remove_withdraw_address", ExecuteMsg::RemoveWithdrawAddress {}),
        ("withdraw_funds", ExecuteMsg::WithdrawFunds { amount: coin(1, "ureserve") }),
    ]
}

fn messages(story: &Provenance, model: &str, collector: &str) -> Vec<(&'static str, ExecuteMsg)> {
    let token_id = || "1-1-0".to_owned();
    let model = || model.to_owned();
    let somebody = || story.chain.account("somebody");
    let mint = story.contribution("1-1-9", &model(), "contributor");
    let mut messages = vec![
        ("mint_contribution", ExecuteMsg::MintContribution(Box::new(mint))),
        ("pay_usage", ExecuteMsg::PayUsage { model: model(), memo: None }),
        ("distribute", ExecuteMsg::Distribute { model: model() }),
        ("collect_fees", ExecuteMsg::CollectFees { model: model() }),
        ("forward", ExecuteMsg::Forward { model: model(), to: Beneficiary::Reserve }),
        ("forward", ExecuteMsg::Forward { model: model(), to: Beneficiary::Owner }),
        ("claim", ExecuteMsg::Claim { token_ids: vec![token_id()] }),
        ("transfer_nft", ExecuteMsg::TransferNft { recipient: somebody(), token_id: token_id() }),
        (
            "send_nft",
            ExecuteMsg::SendNft {
                contract: collector.to_owned(),
                token_id: token_id(),
                msg: Default::default(),
            },
        ),
        (
            "approve",
            ExecuteMsg::Approve { spender: somebody(), token_id: token_id(), expires: None },
        ),
        ("revoke", ExecuteMsg::Revoke { spender: somebody(), token_id: token_id() }),
        ("approve_all", ExecuteMsg::ApproveAll { operator: somebody(), expires: None }),
        ("revoke_all", ExecuteMsg::RevokeAll { operator: somebody() }),
        ("burn", ExecuteMsg::Burn { token_id: token_id() }),
    ];
    messages.extend(refused());
    messages
}

/// The names of all messages, as JSON has them.
fn kinds() -> Vec<String> {
    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let variants = schema.schema.subschemas.unwrap().one_of.unwrap();
    let name = |variant| match variant {
        cosmwasm_schema::schemars::schema::Schema::Object(object) => {
            object.object.unwrap().required.into_iter().next().unwrap()
        }
        other => panic!("{other:?}"),
    };
    variants.into_iter().map(name).collect()
}

/// A model with money everywhere, an NFT, and people who may do something with it.
fn prepared() -> (Provenance, String, String) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let child = story.open("creator", "CHILD", &[(&model, 5_000)]).unwrap();
    story.mint_on("1-1-0", &model, "contributor", &[]);
    story.transfer("contributor", "holder", "1-1-0").unwrap();
    let [spender, operator] = ["friend", "broker"].map(|name| story.chain.account(name));
    let approve = ExecuteMsg::Approve { spender, token_id: "1-1-0".to_owned(), expires: None };
    story.send("holder", &approve, 0).unwrap();
    story.send("holder", &ExecuteMsg::ApproveAll { operator, expires: None }, 0).unwrap();
    story.pay("user", &model, 1_000).unwrap();
    story.pay("user", &child, 1_000).unwrap();
    story.chain.wait(86_400);
    story.trade("trader", &model, 1_000_000_000);
    let collector = story.chain.deploy(collector::code(), &Empty {});
    (story, model, collector)
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let (mut story, model, collector) = prepared();
    let messages = messages(&story, &model, &collector);
    let mut known: Vec<&str> = messages.iter().map(|(kind, _)| *kind).collect();
    known.extend(OFFERS);
    for kind in kinds() {
        assert!(known.contains(&kind.as_str()), "{kind} belongs into this table");
    }
    for (kind, msg) in &messages {
        for role in ROLES {
            let sender = match role {
                "training" => story.training.clone(),
                "market" => model.clone(),
                name => story.chain.account(name),
            };
            let funds = if *kind == "pay_usage" { story.chain.money(10) } else { vec![] };
            story.chain.fund(&sender, &funds);
            let address = story.address.clone();
            let result = story
                .chain
                .imagine(|chain| chain.execute_any(&sender, &address, msg, &funds).map(drop));
            let may = expected(kind).contains(&role);
            assert_eq!(result.is_ok(), may, "{kind} by {role}: {result:?}");
        }
    }
}

#[test]
fn what_nobody_may_do_is_refused_by_its_name() {
    let (mut story, ..) = prepared();
    for (message, msg) in refused() {
        let error = story.send("creator", &msg, 0).unwrap_err().provenance();
        assert_eq!(error, ContractError::Immutable { message });
    }
}

#[test]
fn coins_are_taken_by_payments_only() {
    let (mut story, model, collector) = prepared();
    let mut all = messages(&story, &model, &collector);
    let offer_id = 1;
    let score = Score { quality: 0, improvement: 0 };
    let hash = Hash32([0; 32]);
    all.extend([
        ("draw_witnesses", ExecuteMsg::DrawWitnesses { offer_id }),
        ("commit_score", ExecuteMsg::CommitScore { offer_id, slot: 0, commit: hash }),
        ("reveal_score", ExecuteMsg::RevealScore { offer_id, slot: 0, score, salt: hash }),
        ("conclude_offer", ExecuteMsg::ConcludeOffer { offer_id }),
    ]);
    for (kind, msg) in all.iter().filter(|(kind, _)| *kind != "pay_usage") {
        let error = story.send("holder", msg, 5).unwrap_err().provenance();
        assert!(matches!(error, ContractError::Payment(_)), "{kind}: {error}");
    }
}

#[test]
fn messages_are_what_cw721_calls_them() {
    let offered = Offered {
        model: String::new(),
        contributor: String::new(),
        data: String::new(),
        data_hash: Hash32([0; 32]),
        parents: vec![],
    };
    let msg = to_json_binary(&ExecuteMsg::Contribute { offered, signed: None }).unwrap();
    assert!(msg.starts_with(b"{\"contribute\":"));
    let kinds = kinds();
    for kind in ["transfer_nft", "send_nft", "approve", "revoke", "approve_all", "revoke_all"] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}");
    }
}
