//! cw20. Balance and launch lock are one record, so moving tokens has its own handlers;
//! allowances, marketing and logo are cw20-base's.

use cosmwasm_std::{
    Addr, Api, Binary, DepsMut, Env, MessageInfo, Response, Storage, Timestamp, Uint128, WasmMsg,
};
use cw20::Cw20ReceiveMsg;
use cw20_base::allowances::deduct_allowance;
use modelbond_interface::market::MarketBurned;

use crate::amount::add;
use crate::session::{unlocks_at, Session};
use crate::state::{units, Account, CONFIG};
use crate::ContractError;

impl Account {
    /// Forgets a lock that has ended.
    pub(crate) fn unlock(&mut self, now: u64, unlocks_at: u64) {
        if now >= unlocks_at {
            self.locked = 0;
        }
    }

    /// Tokens that can move.
    pub(crate) fn free(&self) -> u64 {
        self.balance.saturating_sub(self.locked)
    }

    /// Takes free tokens.
    pub(crate) fn debit(
        &mut self,
        amount: u128,
        now: u64,
        unlocks_at: u64,
    ) -> Result<(), ContractError> {
        self.unlock(now, unlocks_at);
        let free = u128::from(self.free());
        let rest = u128::from(self.balance).checked_sub(amount).filter(|_| amount <= free);
        let rest = rest.ok_or(ContractError::InsufficientTokens {
            needed: amount.into(),
            balance: self.balance.into(),
            free: free.into(),
            locked: self.locked.into(),
            unlocks_at: Timestamp::from_nanos(unlocks_at),
        })?;
        self.balance = units(rest)?;
        Ok(())
    }
}

/// A checked address that may get tokens: anyone but the market itself, which could never give
/// them back.
pub(crate) fn receiver(api: &dyn Api, env: &Env, address: &str) -> Result<Addr, ContractError> {
    let address = api.addr_validate(address)?;
    if address == env.contract.address {
        return Err(ContractError::TransferToSelf);
    }
    Ok(address)
}

/// Takes free tokens from `owner`. The opening's terms are read only when there is a lock.
fn take(
    storage: &mut dyn Storage,
    env: &Env,
    owner: &Addr,
    amount: Uint128,
) -> Result<(), ContractError> {
    let mut account = Account::load(storage, owner)?;
    let unlocks_at = match account.locked {
        0 => 0,
        _ => unlocks_at(&CONFIG.load(storage)?),
    };
    account.debit(amount.u128(), env.block.time.nanos(), unlocks_at)?;
    account.save(storage, owner);
    Ok(())
}

fn credit(storage: &mut dyn Storage, to: &Addr, amount: Uint128) -> Result<(), ContractError> {
    let mut account = Account::load(storage, to)?;
    account.balance = units(add(account.balance.into(), amount.u128())?)?;
    account.save(storage, to);
    Ok(())
}

/// Whose tokens a message moves, and by whose leave.
pub(crate) enum Owner {
    /// The sender's own.
    Sender,
    /// Another's, by allowance.
    Other(String),
}

impl Owner {
    /// The owner's address, after taking `amount` off the sender's allowance if there is need.
    fn authorize(
        self,
        deps: &mut DepsMut,
        env: &Env,
        info: &MessageInfo,
        amount: Uint128,
    ) -> Result<(Addr, Option<Addr>), ContractError> {
        match self {
            Self::Sender => Ok((info.sender.clone(), None)),
            Self::Other(owner) => {
                let owner = deps.api.addr_validate(&owner)?;
                deduct_allowance(deps.storage, &owner, &info.sender, &env.block, amount)?;
                Ok((owner, Some(info.sender.clone())))
            }
        }
    }
}

fn by(response: Response, spender: Option<Addr>) -> Response {
    response.add_attributes(spender.map(|by| ("by", by)))
}

pub(crate) fn transfer(
    mut deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    owner: Owner,
    recipient: &str,
    amount: Uint128,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let recipient = receiver(deps.api, env, recipient)?;
    let (owner, spender) = owner.authorize(&mut deps, env, info, amount)?;
    take(deps.storage, env, &owner, amount)?;
    credit(deps.storage, &recipient, amount)?;
    let action = if spender.is_some() { "transfer_from" } else { "transfer" };
    let response = Response::new()
        .add_attribute("action", action)
        .add_attribute("from", owner)
        .add_attribute("to", recipient);
    Ok(by(response, spender).add_attribute("amount", amount))
}

pub(crate) fn send(
    mut deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    owner: Owner,
    contract: &str,
    (amount, msg): (Uint128, Binary),
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let contract = receiver(deps.api, env, contract)?;
    let (owner, spender) = owner.authorize(&mut deps, env, info, amount)?;
    take(deps.storage, env, &owner, amount)?;
    credit(deps.storage, &contract, amount)?;
    let action = if spender.is_some() { "send_from" } else { "send" };
    let receive = Cw20ReceiveMsg { sender: info.sender.to_string(), amount, msg };
    let call = WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: receive.into_json_binary()?,
        funds: vec![],
    };
    let response = Response::new()
        .add_attribute("action", action)
        .add_attribute("from", owner)
        .add_attribute("to", contract);
    Ok(by(response, spender).add_attribute("amount", amount).add_message(call))
}

pub(crate) fn burn(
    mut deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    owner: Owner,
    amount: Uint128,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let (owner, spender) = owner.authorize(&mut deps, env, info, amount)?;
    take(deps.storage, env, &owner, amount)?;
    let mut session = Session::open(deps.storage, env)?;
    let gross = session.burn(amount.u128())?;
    session.save(deps.storage)?;
    let event = MarketBurned {
        owner: owner.to_string(),
        amount,
        gross: gross.into(),
        supply: session.book.supply.into(),
        reserve: session.book.reserve.into(),
    };
    let action = if spender.is_some() { "burn_from" } else { "burn" };
    let response = Response::new().add_attribute("action", action).add_attribute("from", owner);
    Ok(by(response, spender).add_attribute("amount", amount).add_event(event))
}
