//! Dispatch. There is no `migrate`: a migration would be a key to the reserve.

use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use cw20_base::{allowances, contract as cw20_contract, enumerable};
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::execute::{BuyOrder, SellOrder};
use crate::token::Owner;
use crate::{execute, opening, query, token, ContractError};

const NAME: &str = "modelbond:market";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Opens the market.
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    opening::open(deps, &env, &info, msg)
}

/// Runs a message.
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    match msg {
        ExecuteMsg::Buy { min_tokens_out, deadline, partial, recipient } => {
            let order = BuyOrder { min_tokens_out, deadline, partial, recipient };
            execute::buy(deps, &env, &info, order)
        }
        ExecuteMsg::BuyExact { tokens_out, deadline } => {
            execute::buy_exact(deps, &env, &info, tokens_out, deadline)
        }
        ExecuteMsg::Sell { tokens_in, min_reserve_out, deadline, partial } => {
            let order = SellOrder { tokens_in, min_reserve_out, deadline, partial };
            execute::sell(deps, &env, &info, order)
        }
        ExecuteMsg::ClaimVested {} => execute::claim_vested(deps, &env, &info),
        ExecuteMsg::ReportMetrics { metrics } => {
            execute::report_metrics(deps, &env, &info, metrics)
        }
        ExecuteMsg::Emit { budget, max_tokens } => {
            execute::emit(deps, &env, &info, budget, max_tokens)
        }
        ExecuteMsg::WithdrawLedger { ledger } => execute::withdraw_ledger(deps, &info, ledger),
        ExecuteMsg::FundReserve {} => execute::fund_reserve(deps, &env, &info),
        ExecuteMsg::Transfer { recipient, amount } => {
            token::transfer(deps, &env, &info, Owner::Sender, &recipient, amount)
        }
        ExecuteMsg::TransferFrom { owner, recipient, amount } => {
            token::transfer(deps, &env, &info, Owner::Other(owner), &recipient, amount)
        }
        ExecuteMsg::Send { contract, amount, msg } => {
            token::send(deps, &env, &info, Owner::Sender, &contract, (amount, msg))
        }
        ExecuteMsg::SendFrom { owner, contract, amount, msg } => {
            token::send(deps, &env, &info, Owner::Other(owner), &contract, (amount, msg))
        }
        ExecuteMsg::Burn { amount } => token::burn(deps, &env, &info, Owner::Sender, amount),
        ExecuteMsg::BurnFrom { owner, amount } => {
            token::burn(deps, &env, &info, Owner::Other(owner), amount)
        }
        ExecuteMsg::Mint { .. } => Err(ContractError::MintRefused),
        ExecuteMsg::UpdateMinter { .. } => Err(ContractError::UpdateMinterRefused),
        // Allowances and marketing are what cw20-base does.
        ExecuteMsg::IncreaseAllowance { spender, amount, expires } => {
            cw_utils::nonpayable(&info)?;
            let increase = allowances::execute_increase_allowance;
            Ok(increase(deps, env, info, spender, amount, expires)?)
        }
        ExecuteMsg::DecreaseAllowance { spender, amount, expires } => {
            cw_utils::nonpayable(&info)?;
            let decrease = allowances::execute_decrease_allowance;
            Ok(decrease(deps, env, info, spender, amount, expires)?)
        }
        ExecuteMsg::UpdateMarketing { project, description, marketing } => {
            cw_utils::nonpayable(&info)?;
            let update = cw20_contract::execute_update_marketing;
            Ok(update(deps, env, info, project, description, marketing)?)
        }
        ExecuteMsg::UploadLogo(logo) => {
            cw_utils::nonpayable(&info)?;
            Ok(cw20_contract::execute_upload_logo(deps, env, info, logo)?)
        }
    }
}

/// Answers a query.
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::QuoteBuy { amount_in, partial } => {
            to_json_binary(&query::quote_buy(deps, &env, amount_in, partial)?)
        }
        QueryMsg::QuoteBuyExact { tokens_out } => {
            to_json_binary(&query::quote_buy_exact(deps, &env, tokens_out)?)
        }
        QueryMsg::QuoteSell { tokens_in, partial } => {
            to_json_binary(&query::quote_sell(deps, &env, tokens_in, partial)?)
        }
        QueryMsg::Price {} => to_json_binary(&query::price(deps, &env)?),
        QueryMsg::Curve { points } => to_json_binary(&query::curve_points(deps, &env, points)?),
        QueryMsg::Twap { window_secs } => to_json_binary(&query::twap(deps, &env, window_secs)?),
        QueryMsg::Explain { since } => to_json_binary(&query::explain(deps, &env, since)?),
        QueryMsg::Ledgers {} => to_json_binary(&query::ledgers(deps, &env)?),
        QueryMsg::Vesting {} => to_json_binary(&query::vesting(deps, &env)?),
        QueryMsg::Locks { address } => to_json_binary(&query::locks(deps, &env, &address)?),
        QueryMsg::Account { address } => to_json_binary(&query::account(deps, &env, &address)?),
        QueryMsg::EpochStats { epoch } => to_json_binary(&query::epoch_stats(deps, &env, epoch)?),
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Balance { address } => to_json_binary(&query::balance(deps, &env, &address)?),
        QueryMsg::TokenInfo {} => to_json_binary(&query::token_info(deps)?),
        QueryMsg::Minter {} => to_json_binary(&None::<cw20::MinterResponse>),
        QueryMsg::Allowance { owner, spender } => {
            to_json_binary(&allowances::query_allowance(deps, owner, spender)?)
        }
        QueryMsg::AllAllowances { owner, start_after, limit } => {
            to_json_binary(&enumerable::query_owner_allowances(deps, owner, start_after, limit)?)
        }
        QueryMsg::AllSpenderAllowances { spender, start_after, limit } => to_json_binary(
            &enumerable::query_spender_allowances(deps, spender, start_after, limit)?,
        ),
        QueryMsg::AllAccounts { start_after, limit } => {
            to_json_binary(&query::all_accounts(deps, start_after, limit)?)
        }
        QueryMsg::MarketingInfo {} => to_json_binary(&cw20_contract::query_marketing_info(deps)?),
        QueryMsg::DownloadLogo {} => to_json_binary(&cw20_contract::query_download_logo(deps)?),
    }?)
}
