//! What a market answers.

use std::collections::{BTreeMap, BTreeSet};

use cw20::{
    AllAccountsResponse, AllAllowancesResponse, AllowanceInfo, AllowanceResponse, BalanceResponse,
    TokenInfoResponse,
};
use modelbond_interface::market::{ConfigResponse, QueryMsg};

use super::{pages, State, PAGE};
use crate::compare::MarketAnswers;
use crate::market::MarketBooks;

/// Asks a market about all that is in its books, and about every account that it lists.
///
/// # Errors
/// When it does not answer.
pub fn ask_market<S: State>(
    state: &S,
    market: &str,
    books: &MarketBooks,
) -> Result<MarketAnswers, S::Error> {
    let accounts = accounts(state, market, books)?;
    let mut balances = BTreeMap::new();
    for address in &accounts {
        let query = QueryMsg::Balance { address: address.clone() };
        let answer: BalanceResponse = state.ask(market, &query)?;
        balances.insert(address.clone(), answer.balance.u128());
    }
    let mut epochs = vec![];
    for epoch in books.epochs.keys() {
        epochs.push(state.ask(market, &QueryMsg::EpochStats { epoch: *epoch })?);
    }
    let config: ConfigResponse = state.ask(market, &QueryMsg::Config {})?;
    let token: TokenInfoResponse = state.ask(market, &QueryMsg::TokenInfo {})?;
    Ok(MarketAnswers {
        ledgers: state.ask(market, &QueryMsg::Ledgers {})?,
        supply: token.total_supply.u128(),
        balances,
        allowances: allowances(state, market, books, &accounts)?,
        epochs,
        price: state.ask(market, &QueryMsg::Price {})?,
        vesting: state.ask(market, &QueryMsg::Vesting {})?,
        bank: state.balance(market, &config.reserve_denom)?,
        config,
    })
}

/// All that are in the books or that the market lists, and its own.
fn accounts<S: State>(
    state: &S,
    market: &str,
    books: &MarketBooks,
) -> Result<BTreeSet<String>, S::Error> {
    let listed = pages(|before: &[String]| {
        let start_after = before.last().cloned();
        let query = QueryMsg::AllAccounts { start_after, limit: PAGE };
        Ok(state.ask::<AllAccountsResponse>(market, &query)?.accounts)
    })?;
    let known = books.balances.keys().cloned();
    Ok(listed.into_iter().chain(known).chain([market.to_owned()]).collect())
}

fn allowances<S: State>(
    state: &S,
    market: &str,
    books: &MarketBooks,
    accounts: &BTreeSet<String>,
) -> Result<BTreeMap<(String, String), u128>, S::Error> {
    let mut allowances = BTreeMap::new();
    for (owner, spender) in books.allowances.keys() {
        let query = QueryMsg::Allowance { owner: owner.clone(), spender: spender.clone() };
        let answer: AllowanceResponse = state.ask(market, &query)?;
        allowances.insert((owner.clone(), spender.clone()), answer.allowance.u128());
    }
    for owner in accounts {
        let given = pages(|before: &[AllowanceInfo]| {
            let start_after = before.last().map(|allowance| allowance.spender.clone());
            let query = QueryMsg::AllAllowances { owner: owner.clone(), start_after, limit: PAGE };
            Ok(state.ask::<AllAllowancesResponse>(market, &query)?.allowances)
        })?;
        for AllowanceInfo { spender, allowance, .. } in given {
            allowances.insert((owner.clone(), spender), allowance.u128());
        }
    }
    Ok(allowances)
}
