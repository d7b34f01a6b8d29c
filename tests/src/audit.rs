//! What an audit needs of a chain: who is who, and what contracts answer.

use std::collections::BTreeMap;

use cw20::{
    AllAccountsResponse, AllAllowancesResponse, AllowanceResponse, BalanceResponse,
    TokenInfoResponse,
};
use modelbond_audit::compare::{compare_market, MarketAnswers};
use modelbond_audit::market::MarketBooks;
use modelbond_audit::{audit, AddressBook, Entry, Finding};
use modelbond_interface::event::TypedEvent;
use modelbond_interface::market::{ConfigResponse, MarketOpened, QueryMsg};
use serde::de::DeserializeOwned;

use crate::chain::Chain;

/// The markets that a log says opened, with their terms.
///
/// # Panics
/// When one of them does not answer.
pub fn markets(chain: &impl Chain, log: &[Entry]) -> AddressBook {
    let mut book = AddressBook::default();
    for entry in log {
        if entry.event.ty.strip_prefix("wasm-") == Some(MarketOpened::TYPE) {
            let terms: ConfigResponse = ask(chain, &entry.contract, &QueryMsg::Config {});
            book.markets.insert(entry.contract.clone(), terms);
        }
    }
    book
}

/// What a market answers.
///
/// # Panics
/// When it does not.
pub fn market_answers(chain: &impl Chain, market: &str, books: &MarketBooks) -> MarketAnswers {
    let mut accounts: Vec<String> = books.balances.keys().cloned().collect();
    accounts.push(market.to_owned());
    let mut start_after = None;
    loop {
        let page = QueryMsg::AllAccounts { start_after, limit: Some(30) };
        let page: AllAccountsResponse = ask(chain, market, &page);
        start_after = page.accounts.last().cloned();
        accounts.extend(page.accounts);
        if start_after.is_none() {
            break;
        }
    }
    let mut allowances = BTreeMap::new();
    for (owner, spender) in books.allowances.keys() {
        let query = QueryMsg::Allowance { owner: owner.clone(), spender: spender.clone() };
        let answer: AllowanceResponse = ask(chain, market, &query);
        allowances.insert((owner.clone(), spender.clone()), answer.allowance.u128());
    }
    for owner in &accounts {
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
    let mut balances = BTreeMap::new();
    for address in accounts {
        let query = QueryMsg::Balance { address: address.clone() };
        let answer: BalanceResponse = ask(chain, market, &query);
        balances.insert(address, answer.balance.u128());
    }
    let stats = |epoch: &u32| ask(chain, market, &QueryMsg::EpochStats { epoch: *epoch });
    let config: ConfigResponse = ask(chain, market, &QueryMsg::Config {});
    MarketAnswers {
        ledgers: ask(chain, market, &QueryMsg::Ledgers {}),
        supply: ask::<TokenInfoResponse>(chain, market, &QueryMsg::TokenInfo {})
            .total_supply
            .u128(),
        balances,
        allowances,
        epochs: books.epochs.keys().map(stats).collect(),
        price: ask(chain, market, &QueryMsg::Price {}),
        vesting: ask(chain, market, &QueryMsg::Vesting {}),
        bank: chain.balance_of(market, &config.reserve_denom),
        config,
    }
}

/// Everything that an audit of a chain's markets finds in `log`.
///
/// # Panics
/// When a contract does not answer.
pub fn findings(chain: &impl Chain, book: AddressBook, log: &[Entry]) -> Vec<Finding> {
    let (books, mut findings) = audit(book, log);
    for (market, books) in &books.markets {
        let answers = market_answers(chain, market, books);
        findings.extend(compare_market(market, books, &answers));
    }
    findings
}

fn ask<T: DeserializeOwned>(chain: &impl Chain, market: &str, query: &QueryMsg) -> T {
    chain.query(market, query).expect("the market answers")
}
