//! A model opens: its record is written, the fee is burned, and its market is made at an address that was
//! known before. If the market refuses, nothing of this has happened.

use cosmwasm_std::{
    coins, to_json_binary, BankMsg, Binary, Coin, CosmosMsg, DepsMut, Env, MessageInfo, Response,
    Storage, Uint128, WasmMsg,
};
use modelbond_interface::market;
use modelbond_interface::registry::{
    ConnectionKind, ModelOpened, ModelTerms, ModelsConnected, OpenModel, UseCase,
};

use crate::connections::link;
use crate::metadata::{ensure_metadata, ensure_use_cases, slugs};
use crate::state::{
    count, models_of, one_more, Config, Registered, StoredModel, BY_CREATOR, CONFIG, COUNT, MODELS,
    TERMS,
};
use crate::{address, terms, use_cases, ContractError};

pub(crate) fn open(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    msg: OpenModel,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let creator = info.sender.clone();
    let deposit = deposit(&config.fee, &msg.reserve_denom, &info.funds)?;
    ensure_metadata(&msg.metadata)?;
    ensure_use_cases(&msg.use_cases)?;
    terms::ensure_royalty("royalty_bps", msg.royalty_bps.into())?;
    let reward_rate = terms::reward_rate(msg.reward_rate, &msg.params.fees)?;
    let parents = terms::agree(deps.as_ref(), &msg.parents, &msg.reserve_denom)?;
    let salt = address::salt(&creator, &msg.symbol);
    let model = address::market(deps.api, env, &config, &salt)?;
    if TERMS.has(deps.storage, &model) {
        return Err(ContractError::SymbolTaken { creator, symbol: msg.symbol, model });
    }
    let opened = Registered {
        number: one_more("models", count(deps.storage)?)?,
        terms: ModelTerms {
            creator: creator.clone(),
            owner: creator,
            reserve_denom: msg.reserve_denom.clone(),
            reward_rate,
            royalty_bps: msg.royalty_bps,
            parents: terms::parent_terms(&parents, &msg.parents),
        },
        model,
    };
    let stored = StoredModel {
        model: opened.model.clone(),
        name: msg.name.clone(),
        symbol: msg.symbol.clone(),
        opened_at: env.block.time,
        metadata: msg.metadata.clone(),
        use_cases: msg.use_cases.iter().map(|use_case| use_case.number()).collect(),
    };

    register(deps.storage, &opened, &stored, &msg.use_cases)?;
    let connected = parents
        .iter()
        .map(|parent| link(deps.storage, &opened, parent, ConnectionKind::Derived))
        .collect::<Result<Vec<ModelsConnected>, _>>()?;

    let event = event(&opened, &msg, &config.fee);
    let market = market_message(&config, &opened, msg, (deposit, &salt))?;
    Ok(Response::new()
        .add_attribute("action", "open_model")
        .add_event(event)
        .add_events(connected)
        .add_messages(burn(&config.fee))
        .add_message(market))
}

/// What is left of the attached coins for the market. They are the fee and the deposit, and nothing else:
/// one coin, where both have the same denom.
fn deposit(fee: &Coin, reserve_denom: &str, funds: &[Coin]) -> Result<Uint128, ContractError> {
    let is_fee = |denom: &str| denom == fee.denom && !fee.amount.is_zero();
    let is_known = |coin: &&Coin| coin.denom == reserve_denom || is_fee(&coin.denom);
    if let Some(coin) = funds.iter().find(|coin| !is_known(coin)) {
        return Err(ContractError::ForeignCoin { coin: coin.clone() });
    }
    let sent = |denom: &str| {
        let sent = funds.iter().filter(|coin| coin.denom == denom);
        sent.fold(Uint128::zero(), |sum, coin| sum.saturating_add(coin.amount))
    };
    let deposit = sent(reserve_denom);
    if fee.amount.is_zero() {
        return Ok(deposit);
    }
    let unpaid = |sent| ContractError::Fee { fee: fee.clone(), sent };
    if fee.denom == reserve_denom {
        return deposit.checked_sub(fee.amount).map_err(|_| unpaid(deposit));
    }
    match sent(&fee.denom) {
        paid if paid == fee.amount => Ok(deposit),
        paid => Err(unpaid(paid)),
    }
}

fn burn(fee: &Coin) -> Option<CosmosMsg> {
    let amount = coins(fee.amount.u128(), &fee.denom);
    (!fee.amount.is_zero()).then(|| BankMsg::Burn { amount }.into())
}

/// Writes everything but connections.
fn register(
    storage: &mut dyn Storage,
    opened: &Registered,
    stored: &StoredModel,
    use_cases: &[UseCase],
) -> Result<(), ContractError> {
    let Registered { number, terms, .. } = opened;
    COUNT.save(storage, number)?;
    opened.save_terms(storage)?;
    MODELS.save(storage, *number, stored)?;
    let models = one_more("models", models_of(storage, &terms.creator)?)?;
    BY_CREATOR.save(storage, (&terms.creator, *number), &models)?;
    use_cases.iter().try_for_each(|use_case| use_cases::add(storage, *use_case, *number))
}

fn event(opened: &Registered, msg: &OpenModel, fee: &Coin) -> ModelOpened {
    let Registered { model, number, terms } = opened;
    ModelOpened {
        number: *number,
        model: model.to_string(),
        creator: terms.creator.to_string(),
        symbol: msg.symbol.clone(),
        use_cases: slugs(&msg.use_cases),
        parents: terms::shown(&terms.parents),
        royalty_bps: terms.royalty_bps,
        reward_rate: terms.reward_rate,
        fee: fee.amount,
        fee_denom: fee.denom.clone(),
    }
}

/// Makes the market, which pays what it does not need back to the creator.
fn market_message(
    config: &Config,
    opened: &Registered,
    msg: OpenModel,
    (deposit, salt): (Uint128, &[u8]),
) -> Result<WasmMsg, ContractError> {
    let OpenModel { name, symbol, reserve_denom, params, marketing, .. } = msg;
    let funds = coins(deposit.u128(), &reserve_denom);
    let market = market::InstantiateMsg {
        name,
        symbol,
        reserve_denom,
        creator: opened.terms.creator.to_string(),
        metrics_source: config.training.to_string(),
        rewards: config.rewards.to_string(),
        provenance: config.provenance.to_string(),
        params,
        marketing,
    };
    Ok(WasmMsg::Instantiate2 {
        admin: None,
        code_id: config.market_code_id,
        label: format!("model {}", opened.number),
        msg: to_json_binary(&market)?,
        funds: funds.into_iter().filter(|coin| !coin.amount.is_zero()).collect(),
        salt: Binary::from(salt),
    })
}
