//! A model that the registry opens, with its market at an address that is known before.

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::{Coin, Decimal};
use modelbond_client::Client;
use modelbond_interface::market::{MarketOpened, Marketing};
use modelbond_interface::registry::{
    ConfigResponse, ExecuteMsg, ModelAddressResponse, ModelOpened, ModelResponse, OpenModel,
    Parent, QueryMsg, MAX_ROYALTY_BPS,
};

use super::{ensure_funds, Draft, Open, Opened};
use crate::amount;
use crate::contract::{Contract, Registry};
use crate::failure::Failure;
use crate::format;
use crate::market::MarketName;
use crate::output::Page;
use crate::session::{Session, Transaction, Unattended};

/// Options of a model's place among models.
#[derive(Args, Debug)]
#[command(next_help_heading = "Lineage")]
pub(super) struct LineageArgs {
    /// A model that it is built on, by symbol or address, and what that gets of its revenue, in bps
    /// [default: what it asks for]; up to 16, at most 5,000 bps together
    #[arg(long = "parent", value_name = "MODEL[:BPS]", value_parser = parent)]
    parents: Vec<(String, Option<u16>)>,
    /// What models built on it must pay it of their revenue, at the least [default: 0]
    #[arg(long, value_name = "BPS", value_parser = clap::value_parser!(u16).range(0..=i64::from(MAX_ROYALTY_BPS)))]
    royalty_bps: Option<u16>,
    /// Block rewards per volume [default, and at most: fee × the rewards' part of it]
    #[arg(long, value_name = "RATE", value_parser = amount::price_decimal)]
    reward_rate: Option<Decimal>,
}

impl LineageArgs {
    /// The first option that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        [
            (!self.parents.is_empty(), "--parent"),
            (self.royalty_bps.is_some(), "--royalty-bps"),
            (self.reward_rate.is_some(), "--reward-rate"),
        ]
        .into_iter()
        .find_map(|(given, option)| given.then_some(option))
    }
}

/// Opens the model.
pub(super) async fn run(
    session: &Session,
    command: &Open,
    draft: Draft,
    client: Client,
) -> Result<()> {
    let (metadata, use_cases) = command.description.complete(&session.output)?;
    let registry = Contract::<Registry>::of(draft.network.clone(), client.clone())?;
    let config: ConfigResponse = registry.ask(&QueryMsg::Config {}).await?;
    ensure_code(&config, &draft)?;
    let parents = parents(&registry, &command.lineage.parents).await?;
    let signer = session.signer(&client).await?;
    let creator = signer.address().to_owned();
    let address = address(&registry, &creator, &command.symbol).await?;
    let funds = funds(&draft.deposit, &config.fee);
    for coin in &funds {
        ensure_funds(&client, &creator, coin, "the initial supply with the registry's fee").await?;
    }
    let marketing = command.project.clone();
    let marketing = marketing.map(|project| Marketing {
        project: Some(project),
        description: None,
        logo: None,
    });
    let message = OpenModel {
        name: command.name.clone(),
        symbol: command.symbol.clone(),
        reserve_denom: draft.deposit.denom.clone(),
        params: draft.params.clone(),
        marketing,
        metadata,
        use_cases,
        parents,
        royalty_bps: command.lineage.royalty_bps.unwrap_or_default(),
        reward_rate: command.lineage.reward_rate,
    };
    let page = preview(command.preview(&draft, &creator), &message, &config.fee);
    session.output.preview(&page.field("address", &address));
    for warning in &draft.warnings {
        session.output.warn(warning);
    }
    let price: Vec<String> = funds.iter().map(format::coin).collect();
    let question = format!("Open the model for {}?", price.join(" and "));
    session.confirm(&question, Unattended::Proceed)?;

    let message = ExecuteMsg::OpenModel(Box::new(message));
    let receipt = registry.tell(session, &signer, &message, &funds).await?;
    let missing = |what: &str| format!("transaction {} has no {what}", receipt.hash);
    let registered: ModelOpened = registry
        .events(&receipt)?
        .into_iter()
        .next()
        .with_context(|| missing("model_opened of the registry"))?;
    if registered.model != address {
        let what = format!("the market is at {}, not at {address}", registered.model);
        let hint = "is the endpoint honest? try another --rpc";
        return Err(Failure::new(what).hint(hint).into());
    }
    {
        let _progress = session.output.progress("verifying the market");
        command.record(session, (&draft, &client), &address).await?;
    }
    let opened = receipt.decode::<MarketOpened>(&address)?;
    let opened = opened.into_iter().next().with_context(|| missing("market_opened"))?;
    session.output.print(&Opened {
        market: MarketName { symbol: command.symbol.clone(), address },
        code_id: draft.code.id,
        code_hash: draft.code.hash,
        admin: None,
        deposit: draft.deposit,
        fee: Some(config.fee),
        warnings: draft.warnings,
        transaction: Transaction::from(&receipt),
        event: opened.into(),
        registered: Some(registered.into()),
        params: draft.params,
    })
}

/// The registry opens markets of the code that was verified, and no other.
fn ensure_code(config: &ConfigResponse, draft: &Draft) -> Result<(), Failure> {
    let (id, hash) = (config.market_code_id, config.market_checksum.to_hex());
    if (id, &hash) == (draft.code.id, &draft.code.hash) {
        return Ok(());
    }
    let recorded = draft.code.id;
    Err(Failure::new(format!("the registry opens markets of code {id}, recorded is {recorded}"))
        .hint("modelbond network verify says what differs"))
}

/// Parents with what they get: what was named, or what they ask for.
async fn parents(
    registry: &Contract<Registry>,
    named: &[(String, Option<u16>)],
) -> Result<Vec<Parent>> {
    let mut parents = Vec::new();
    for (model, royalty_bps) in named {
        let model = registry.model(model)?;
        let royalty_bps = match royalty_bps {
            Some(bps) => *bps,
            None => {
                let question = QueryMsg::Model { model: model.clone() };
                let parent: ModelResponse = registry.ask(&question).await?;
                parent.terms.royalty_bps
            }
        };
        parents.push(Parent { model, royalty_bps });
    }
    Ok(parents)
}

/// Where the registry will make the market.
async fn address(registry: &Contract<Registry>, creator: &str, symbol: &str) -> Result<String> {
    let question =
        QueryMsg::ModelAddress { creator: creator.to_owned(), symbol: symbol.to_owned() };
    let answer: ModelAddressResponse = registry.ask(&question).await?;
    if answer.opened {
        let address = answer.model;
        return Err(Failure::new(format!("{creator} has opened {symbol} already: {address}"))
            .hint(format!(
                "choose another --symbol; modelbond network add-market {address} records that one"
            ))
            .into());
    }
    Ok(answer.model.into_string())
}

/// What is attached: one coin where deposit and fee are of one denom.
fn funds(deposit: &Coin, fee: &Coin) -> Vec<Coin> {
    if fee.amount.is_zero() {
        return vec![deposit.clone()];
    }
    if fee.denom == deposit.denom {
        let amount = deposit.amount.saturating_add(fee.amount);
        return vec![Coin::new(amount, &deposit.denom)];
    }
    vec![deposit.clone(), fee.clone()]
}

fn preview(page: Page, message: &OpenModel, fee: &Coin) -> Page {
    let use_cases: Vec<String> = message.use_cases.iter().map(ToString::to_string).collect();
    let page = page
        .field("registry's fee, burned", format::coin(fee))
        .field("use cases", use_cases.join(", "))
        .field("weights, sha-256", message.metadata.weights_hash)
        .field("licence", &message.metadata.licence)
        .field("royalty of what is built on it", format::bps(message.royalty_bps.into()));
    message.parents.iter().fold(page, |page, parent| {
        let bps = format::bps(parent.royalty_bps.into());
        page.field("built on", format!("{}, which gets {bps} of its revenue", parent.model))
    })
}

/// Reads a parent: `BASE` or `BASE:500`.
fn parent(text: &str) -> Result<(String, Option<u16>), String> {
    let Some((model, bps)) = text.split_once(':') else { return Ok((text.to_owned(), None)) };
    match bps.parse() {
        Ok(bps) if bps <= MAX_ROYALTY_BPS => Ok((model.to_owned(), Some(bps))),
        _ => Err(format!("write MODEL or MODEL:BPS with at most {MAX_ROYALTY_BPS} bps")),
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::coin;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::one_denom(coin(5, "uusd"), vec![coin(105, "uusd")])]
    #[case::two_denoms(coin(5, "stake"), vec![coin(100, "uusd"), coin(5, "stake")])]
    #[case::no_fee(coin(0, "stake"), vec![coin(100, "uusd")])]
    fn deposit_and_fee_are_attached_together(#[case] fee: Coin, #[case] expected: Vec<Coin>) {
        assert_eq!(funds(&coin(100, "uusd"), &fee), expected);
    }

    #[rstest]
    #[case("BASE", Ok(("BASE", None)))]
    #[case("BASE:500", Ok(("BASE", Some(500))))]
    #[case("BASE:0", Ok(("BASE", Some(0))))]
    #[case("BASE:5001", Err(()))]
    #[case("BASE:x", Err(()))]
    fn a_parent_may_have_its_royalty(
        #[case] text: &str,
        #[case] expected: Result<(&str, Option<u16>), ()>,
    ) {
        let expected = expected.map(|(model, bps)| (model.to_owned(), bps));
        assert_eq!(parent(text).map_err(|_| ()), expected);
    }
}
