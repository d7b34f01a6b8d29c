//! Whoever speaks cw721 can talk to provenance: with the crate's own helper, its messages and its types; and it does
//! what the crate's own contract does.

use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult,
};
use cw721::error::Cw721ContractError;
use cw721::extension::Cw721OnchainExtensions;
use cw721::helpers::DefaultCw721Helper;
use cw721::msg::{Cw721ExecuteMsg, Cw721InstantiateMsg, Cw721QueryMsg, OwnerOfResponse};
use cw721::traits::{Cw721Calls, Cw721Execute, Cw721Query};
use cw721::{
    DefaultOptionalCollectionExtension, DefaultOptionalCollectionExtensionMsg,
    DefaultOptionalNftExtension, DefaultOptionalNftExtensionMsg, Expiration, NftExtension,
};
use cw_multi_test::{Contract, ContractWrapper, Executor};
use modelbond_interface::provenance::CollectionResponse;
use modelbond_tests::random::Random;
use modelbond_tests::{Chain, Provenance};

type Message =
    Cw721ExecuteMsg<DefaultOptionalNftExtensionMsg, DefaultOptionalCollectionExtensionMsg, Empty>;
type Question =
    Cw721QueryMsg<DefaultOptionalNftExtension, DefaultOptionalCollectionExtension, Empty>;

/// The crate's contract.
fn reference() -> Box<dyn Contract<Empty>> {
    fn instantiate(
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: Cw721InstantiateMsg<DefaultOptionalCollectionExtensionMsg>,
    ) -> Result<Response, Cw721ContractError> {
        let contract = Cw721OnchainExtensions::default();
        contract.instantiate_with_version(deps, &env, &info, msg, "reference", "0")
    }
    fn execute(
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: Message,
    ) -> Result<Response, Cw721ContractError> {
        Cw721OnchainExtensions::default().execute(deps, &env, &info, msg)
    }
    fn query(deps: Deps, env: Env, msg: Question) -> Result<Binary, Cw721ContractError> {
        Cw721OnchainExtensions::default().query(deps, &env, msg)
    }
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn helper(address: &str) -> DefaultCw721Helper {
    DefaultCw721Helper::new(Addr::unchecked(address))
}

#[test]
fn the_helper_of_cw721_reads_everything() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    for number in 0..3 {
        story.mint_on(&format!("1-1-{number}"), &model, "alice", &[]);
    }
    let contract = helper(&story.address);
    let alice = story.chain.account("alice");
    let querier = story.chain.app().wrap();
    assert_eq!(contract.owner_of(&querier, "1-1-0", false).unwrap().owner, alice);
    assert_eq!(contract.num_tokens(&querier).unwrap(), 3);
    assert!(contract.has_enumerable(&querier));
    let info: CollectionResponse = {
        let found = contract.collection_info::<Option<Empty>>(&querier).unwrap();
        let (name, symbol) = (found.name, found.symbol);
        CollectionResponse { name, symbol, extension: None, updated_at: found.updated_at }
    };
    assert_eq!(info.symbol, "MBCON");
    let nft = contract.nft_info::<_, NftExtension>(&querier, "1-1-0").unwrap();
    assert!(nft.extension.image_data.is_some());
    let all = contract.all_nft_info::<_, DefaultOptionalNftExtension>(&querier, "1-1-0", true);
    assert_eq!(all.unwrap().access.owner, alice);
    let held = contract.tokens(&querier, alice.as_str(), None, Some(2)).unwrap();
    assert_eq!(held.tokens, ["1-1-0", "1-1-1"]);
    let rest = contract.all_tokens(&querier, Some("1-1-1".to_owned()), None).unwrap();
    assert_eq!(rest.tokens, ["1-1-2"]);
    assert!(contract.approvals(&querier, "1-1-0", None).unwrap().approvals.is_empty());
    let operators = contract.all_operators(&querier, alice.as_str(), true, None, None);
    assert!(operators.unwrap().is_empty());
}

/// The same people with the same NFTs, at provenance and at the crate's contract.
struct Pair {
    story: Provenance,
    reference: String,
}

const PEOPLE: [&str; 4] = ["ann", "ben", "cid", "dan"];
const TOKENS: usize = 6;

impl Pair {
    fn new() -> Self {
        let mut story = Provenance::on_mock();
        let model = story.open("creator", "IRIS", &[]).unwrap();
        let msg = Cw721InstantiateMsg::<DefaultOptionalCollectionExtensionMsg> {
            name: "reference".to_owned(),
            symbol: "REF".to_owned(),
            collection_info_extension: None,
            minter: Some(story.chain.account("minter")),
            creator: None,
            withdraw_address: None,
        };
        let reference = story.chain.deploy(reference(), &msg);
        for number in 0..TOKENS {
            let (token_id, owner) = (number.to_string(), PEOPLE[number % PEOPLE.len()]);
            story.mint_on(&token_id, &model, owner, &[]);
            let owner = story.chain.account(owner);
            let mint = Message::Mint { token_id, owner, token_uri: None, extension: None };
            let msg = helper(&reference).call(mint).unwrap();
            story.run("minter", msg).unwrap();
        }
        Self { story, reference }
    }

    /// Whether both took it; they must agree.
    fn run(&mut self, name: &str, msg: &Message) -> bool {
        let contracts = [self.story.address.clone(), self.reference.clone()];
        let answers = contracts.map(|contract| {
            let msg: CosmosMsg = helper(&contract).call(msg.clone()).unwrap();
            let sender = Addr::unchecked(self.story.chain.account(name));
            let answer = self.story.chain.app_mut().execute(sender, msg);
            answer.map(|answer| attributes(&answer.events)).map_err(|error| format!("{error:#}"))
        });
        let [ours, theirs] = answers;
        match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "{msg:?}"),
            (Err(_), Err(_)) => {}
            _ => panic!("{msg:?} by {name}: {ours:?}, but {theirs:?}"),
        }
        ours.is_ok()
    }

    fn ask(&self, msg: &Question) -> [StdResult<serde_json::Value>; 2] {
        let querier = self.story.chain.app().wrap();
        let contracts = [&self.story.address, &self.reference];
        contracts.map(|contract| helper(contract).query(&querier, msg.clone()))
    }

    fn ensure_same(&self) {
        for token in 0..TOKENS {
            let token_id = token.to_string();
            for include_expired in [None, Some(true)] {
                let token_id = token_id.clone();
                self.ensure_same_answer(&Question::OwnerOf { token_id, include_expired });
            }
            let approvals = Question::Approvals { token_id, include_expired: None };
            self.ensure_same_answer(&approvals);
        }
        for name in PEOPLE {
            let owner = self.story.chain.account(name);
            let tokens = Question::Tokens { owner: owner.clone(), start_after: None, limit: None };
            self.ensure_same_answer(&tokens);
            for include_expired in [None, Some(true)] {
                let operators = Question::AllOperators {
                    owner: owner.clone(),
                    include_expired,
                    start_after: None,
                    limit: None,
                };
                self.ensure_same_answer(&operators);
            }
        }
        self.ensure_same_answer(&Question::NumTokens {});
        self.ensure_same_answer(&Question::AllTokens { start_after: None, limit: None });
        self.ensure_same_answer(&Question::GetWithdrawAddress {});
    }

    fn ensure_same_answer(&self, msg: &Question) {
        match self.ask(msg) {
            [Ok(ours), Ok(theirs)] => assert_eq!(ours, theirs, "{msg:?}"),
            [Err(_), Err(_)] => {}
            [ours, theirs] => panic!("{msg:?}: {ours:?}, but {theirs:?}"),
        }
    }
}

/// What a contract says in its own `wasm` event, in any order.
fn attributes(events: &[cosmwasm_std::Event]) -> Vec<(String, String)> {
    let own = events.iter().filter(|event| event.ty == "wasm");
    let attributes = own.flat_map(|event| &event.attributes);
    let mut said: Vec<(String, String)> = attributes
        .filter(|attribute| attribute.key != "_contract_address")
        .map(|attribute| (attribute.key.clone(), attribute.value.clone()))
        .collect();
    said.sort();
    said
}

#[test]
fn provenance_and_the_contract_of_cw721_do_the_same_through_random_messages() {
    let mut pair = Pair::new();
    let mut random = Random::new(7);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..1_500 {
        let name = random.pick(&PEOPLE);
        let other = pair.story.chain.account(random.pick(&PEOPLE));
        let token_id = random.below(TOKENS as u128).to_string();
        let now = pair.story.chain.now();
        let height = pair.story.chain.app().block_info().height;
        let expires = random.pick(&[
            None,
            Some(Expiration::Never {}),
            Some(Expiration::AtTime(now.plus_seconds(20))),
            Some(Expiration::AtHeight(height + 3)),
            Some(Expiration::AtHeight(height)),
        ]);
        let msg = match random.below(100) {
            0..35 => Message::TransferNft { recipient: other, token_id },
            35..55 => Message::Approve { spender: other, token_id, expires },
            55..65 => Message::Revoke { spender: other, token_id },
            65..80 => Message::ApproveAll { operator: other, expires },
            80..90 => Message::RevokeAll { operator: other },
            90 if random.chance(10) => Message::Burn { token_id },
            _ => {
                pair.story.chain.wait(random.below(10) as u64);
                continue;
            }
        };
        if pair.run(name, &msg) {
            accepted += 1;
        } else {
            refused += 1;
        }
        pair.ensure_same();
    }
    assert!(accepted > 500 && refused > 100, "{accepted} accepted, {refused} refused");
}

#[test]
fn every_message_of_cw721_is_understood() {
    let mut pair = Pair::new();
    let text = || "0".to_owned();
    #[allow(deprecated)]
    let messages = [
        Message::UpdateOwnership(cw721::Action::RenounceOwnership),
        Message::UpdateMinterOwnership(cw721::Action::RenounceOwnership),
        Message::UpdateCreatorOwnership(cw721::Action::RenounceOwnership),
        Message::UpdateCollectionInfo {
            collection_info: cw721::msg::CollectionInfoMsg {
                name: Some(text()),
                symbol: None,
                extension: None,
            },
        },
        Message::Mint { token_id: text(), owner: text(), token_uri: None, extension: None },
        Message::AddMinter { minter: text() },
        Message::RemoveMinter { minter: text() },
        Message::UpdateExtension { msg: Empty {} },
        Message::UpdateNftInfo { token_id: text(), token_uri: None, extension: None },
        Message::SetWithdrawAddress { address: text() },
        Message::RemoveWithdrawAddress {},
        Message::WithdrawFunds { amount: cosmwasm_std::coin(1, "ureserve") },
    ];
    for msg in messages {
        let call = helper(&pair.story.address).call(msg.clone()).unwrap();
        let error = pair.story.run("creator", call).unwrap_err();
        assert!(error.contains("nobody can change contributions or this contract"), "{error}");
    }
}

#[test]
fn answers_are_of_the_types_of_cw721() {
    let pair = Pair::new();
    let querier = pair.story.chain.app().wrap();
    let msg = Question::OwnerOf { token_id: "0".to_owned(), include_expired: None };
    let answer: OwnerOfResponse = helper(&pair.story.address).query(&querier, msg).unwrap();
    assert_eq!(answer.owner, pair.story.chain.account("ann"));
    #[allow(deprecated)]
    let questions =
        [Question::GetMinterOwnership {}, Question::GetCreatorOwnership {}, Question::Ownership {}];
    for msg in questions {
        let ownership: cw721::Ownership<Addr> =
            helper(&pair.story.address).query(&querier, msg).unwrap();
        assert_eq!(ownership.owner, None);
    }
}

#[test]
fn the_collection_is_described_as_cw721_describes_one() {
    let pair = Pair::new();
    let [ours, theirs] = pair.ask(&Question::GetAllInfo {}).map(Result::unwrap);
    assert_eq!(ours["num_tokens"], TOKENS);
    assert_eq!(ours["collection_info"]["symbol"], "MBCON");
    assert_eq!(ours["contract_info"]["admin"], serde_json::Value::Null);
    assert_eq!(fields(&ours), fields(&theirs));
    let [ours, theirs] = pair.ask(&Question::GetConfig {}).map(Result::unwrap);
    assert_eq!(ours["minter_ownership"]["owner"], serde_json::Value::Null);
    assert_eq!(fields(&ours), fields(&theirs));
    pair.ensure_same_answer(&Question::GetCollectionExtensionAttributes {});
    let others = Question::GetAdditionalMinters { start_after: None, limit: None };
    pair.ensure_same_answer(&others);
    let querier = pair.story.chain.app().wrap();
    let typed: cw721::msg::AllInfoResponse =
        helper(&pair.story.address).query(&querier, Question::GetAllInfo {}).unwrap();
    assert_eq!(typed.collection_info.name, "Modelbond contributions");
    let typed: cw721::msg::ConfigResponse<Option<Empty>> =
        helper(&pair.story.address).query(&querier, Question::GetConfig {}).unwrap();
    assert_eq!(typed.withdraw_address, None);
}

/// Names of an object's fields.
fn fields(value: &serde_json::Value) -> Vec<&String> {
    value.as_object().expect("an object").keys().collect()
}
