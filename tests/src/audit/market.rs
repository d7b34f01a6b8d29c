//! What a market answers.

use std::collections::BTreeMap;

use cw20::{
    AllAccountsResponse, AllAllowancesResponse, AllowanceResponse, BalanceResponse,
    TokenInfoResponse,
};
use modelbond_audit::compare::MarketAnswers;
use modelbond_audit::market::MarketBooks;
use modelbond_interface::market::{ConfigResponse, QueryMsg};
use serde::de::DeserializeOwned;

use crate::chain::Chain;

/// What a market answers.
///
/// # Panics
/// When it does not.
pub fn market_answers(chain: &impl Chain, market: &str, books: &MarketBooks) -> MarketAnswers {
    let accounts = accounts(chain, market, books);
    let mut balances = BTreeMap::new();
    for address in &accounts {
        let query = QueryMsg::Balance { address: address.clone() };
        let answer: BalanceResponse = ask(chain, market, &query);
        balances.insert(address.clone(), answer.balance.u128());
    }
    let stats = |epoch: &u32| ask(chain, market, &QueryMsg::EpochStats { epoch: *epoch });
    let config: ConfigResponse = ask(chain, market, &QueryMsg::Config {});
    MarketAnswers {
        ledgers: ask(chain, market, &QueryMsg::Ledgers {}),
        supply: ask::<TokenInfoResponse>(chain, market, &QueryMsg::TokenInfo {})
            .total_supply
            .u128(),
        balances,
        allowances: allowances(chain, market, books, &accounts),
        epochs: books.epochs.keys().map(stats).collect(),
        price: ask(chain, market, &QueryMsg::Price {}),
        vesting: ask(chain, market, &QueryMsg::Vesting {}),
        bank: chain.balance_of(market, &config.reserve_denom),
        config,
    }
}

/// All that are in the books, or that the market lists, and its own.
fn accounts(chain: &impl Chain, market: &str, books: &MarketBooks) -> Vec<String> {
    let mut accounts: Vec<String> = books.balances.keys().cloned().collect();
    accounts.push(market.to_owned());
    let mut start_after = None;
    loop {
        let page = QueryMsg::AllAccounts { start_after, limit: Some(30) };
        let page: AllAccountsResponse = ask(chain, market, &page);
        start_after = page.accounts.last().cloned();
        accounts.extend(page.accounts);
        if start_after.is_none() {
            accounts.sort_unstable();
            accounts.dedup();
            return accounts;
        }
    }
}

fn allowances(
    chain: &impl Chain,
    market: &str,
    books: &MarketBooks,
    accounts: &[String],
) -> BTreeMap<(String, String), u128> {
    let mut allowances = BTreeMap::new();
    for (owner, spender) in books.allowances.keys() {
        let query = QueryMsg::Allowance { owner: owner.clone(), spender: spender.clone() };
        let answer: AllowanceResponse = ask(chain, market, &query);
        allowances.insert((owner.clone(), spender.clone()), answer.allowance.u128());
    }
    for owner in accounts {
        let mut start_after = None;
        loop {
            let (owner, limit) = (owner.clone(), Some(30));
            let page = QueryMsg::AllAllowances { owner: owner.clone(), start_after, limit };
            let page: AllAllowancesResponse = ask(chain, market, &page);
            start_after = page.allowances.last().map(|allowance| allowance.spender.clone());
            for given in page.allowances {
                allowances.insert((owner.clone(), given.spender), given.allowance.u128());
            }
            if start_after.is_none() {
                break;
            }
        }
    }
    allowances
}

fn ask<T: DeserializeOwned>(chain: &impl Chain, market: &str, query: &QueryMsg) -> T {
    chain.query(market, query).expect("the market answers")
}
