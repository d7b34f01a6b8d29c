//! Which models there are: the registry's table of use cases, its list, one record.

use anyhow::Result;
use clap::Args;
use modelbond_interface::registry::{
    Category, ModelFilter, ModelResponse, ModelsResponse, QueryMsg, UseCase, UseCaseRow,
    UseCasesResponse,
};
use serde::Serialize;
use serde_json::Value;

use super::show;
use crate::contract::{Answered, Contract, Registry, REGISTRY};
use crate::format;
use crate::output::{Page, Report};
use crate::session::Session;
use crate::training::name;

/// Options of `model list`.
#[derive(Args, Debug)]
#[command(after_help = "\
Without an option it lists the markets of the network file, which the chain is not asked for.

Examples:
  modelbond model list
  modelbond model list --all --limit 10
  modelbond model list --use-case photo-classification
  modelbond model list --category generation --start-after 12")]
pub struct List {
    /// All models of the registry
    #[arg(long, conflicts_with_all = ["creator", "use_case", "category"])]
    all: bool,
    /// Models of the registry that this account opened: an address or a key
    #[arg(long, value_name = "ACCOUNT", conflicts_with_all = ["use_case", "category"])]
    creator: Option<String>,
    /// Models of the registry with this use case: a slug of modelbond model use-cases
    #[arg(long, value_name = "SLUG", conflicts_with = "category")]
    use_case: Option<UseCase>,
    /// Models of the registry with a use case of this category
    #[arg(long, value_name = "CATEGORY", value_parser = category)]
    category: Option<Category>,
    #[command(flatten)]
    part: Part,
}

/// A part of a list by number of models.
#[derive(Args, Debug)]
pub(super) struct Part {
    /// Show what comes after the model of this number
    #[arg(long, value_name = "N")]
    pub(super) start_after: Option<u32>,
    /// How many, 1 to 30
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=30))]
    pub(super) limit: u32,
}

impl Part {
    /// What to say where there may be more.
    pub(super) fn more(&self, page: Page, count: usize, last: Option<u32>) -> Page {
        match last.filter(|_| usize::try_from(self.limit).is_ok_and(|limit| limit == count)) {
            Some(last) => page.note(format!("there may be more: --start-after {last}")),
            None => page,
        }
    }
}

/// Reads a category.
pub(super) fn category(text: &str) -> Result<Category, String> {
    serde_json::from_value(Value::String(text.to_lowercase())).map_err(|_| {
        "a category is lifestyle, enterprise, prediction, technical, generation or classification"
            .to_owned()
    })
}

/// The table of use cases, with or without a registry.
#[derive(Serialize)]
struct Table {
    /// Address of the registry; none where the network has none, and nothing is counted.
    registry: Option<String>,
    use_cases: Vec<Counted>,
}

#[derive(Serialize)]
struct Counted {
    use_case: UseCase,
    category: Category,
    name: String,
    /// Starred in the paper.
    featured: bool,
    models: Option<u32>,
}

impl Report for Table {
    fn page(&self) -> Page {
        let row = |row: &Counted| {
            let models = row.models.map(|models| models.to_string()).unwrap_or_default();
            let star = if row.featured { "*" } else { "" };
            vec![
                name::of(row.category),
                row.use_case.to_string(),
                row.name.clone(),
                star.to_owned(),
                models,
            ]
        };
        let rows = self.use_cases.iter().map(row).collect();
        Page::new("Use cases of models")
            .table(&["category", "slug, for --use-case", "use case", "featured", "models"], rows)
    }
}

/// Shows the table; a network without a registry has the same one.
pub(super) async fn use_cases(session: &Session, category: Option<Category>) -> Result<()> {
    let there =
        session.network_path().exists() && session.network()?.contracts.contains_key(REGISTRY);
    if !there {
        let all = UseCase::all().map(|use_case| (use_case, use_case.row()));
        let counted = all.map(|(use_case, row)| Counted {
            use_case,
            category: row.category,
            name: row.name.to_owned(),
            featured: row.featured,
            models: None,
        });
        let asked = |row: &Counted| category.is_none_or(|category| row.category == category);
        let use_cases = counted.filter(asked).collect();
        return session.output.print(&Table { registry: None, use_cases });
    }
    let registry = Contract::<Registry>::find(session).await?;
    let answer: UseCasesResponse = registry.ask(&QueryMsg::UseCases { category }).await?;
    let counted = |row: UseCaseRow| {
        let UseCaseRow { use_case, category, name, featured, models } = row;
        Counted { use_case, category, name, featured, models: Some(models) }
    };
    let use_cases = answer.use_cases.into_iter().map(counted).collect();
    session.output.print(&Table { registry: Some(registry.address), use_cases })
}

/// Lists models of the registry, or markets of the network file.
pub(super) async fn list(session: &Session, command: List) -> Result<()> {
    let List { all, creator, use_case, category, part } = command;
    let filter = match (creator, use_case, category) {
        (Some(creator), _, _) => {
            let prefix = session.network()?.prefix;
            Some(ModelFilter::Creator(session.resolve_address(&creator, &prefix)?))
        }
        (None, Some(use_case), _) => Some(ModelFilter::UseCase(use_case)),
        (None, None, Some(category)) => Some(ModelFilter::Category(category)),
        (None, None, None) if all => None,
        (None, None, None) => return show::list(session),
    };
    let registry = Contract::<Registry>::find(session).await?;
    let question =
        QueryMsg::Models { filter, start_after: part.start_after, limit: Some(part.limit) };
    let answer: ModelsResponse = registry.ask(&question).await?;
    let row = |model: &ModelResponse| {
        vec![
            model.number.to_string(),
            model.symbol.clone(),
            model.name.clone(),
            slugs(model),
            model.citations.to_string(),
            model.model.to_string(),
        ]
    };
    let rows: Vec<_> = answer.models.iter().map(row).collect();
    let last = answer.models.last().map(|model| model.number);
    let page = if rows.is_empty() {
        Page::new("No such models")
    } else {
        let count = rows.len();
        let head = ["number", "symbol", "name", "use cases", "citations", "address"];
        part.more(Page::new("Models of the registry").table(&head, rows), count, last)
    };
    session.output.print(&Answered::new(&registry, answer, page))
}

fn slugs(model: &ModelResponse) -> String {
    let slugs: Vec<String> = model.use_cases.iter().map(ToString::to_string).collect();
    slugs.join(", ")
}

/// Shows what the registry has of a model.
pub(super) async fn info(session: &Session, model: &str) -> Result<()> {
    let registry = Contract::<Registry>::find(session).await?;
    let model = registry.model(model)?;
    let answer: ModelResponse = registry.ask(&QueryMsg::Model { model }).await?;
    let ModelResponse { terms, metadata, .. } = &answer;
    let page = Page::new(format!("{} ({}), model {}", answer.name, answer.symbol, answer.number))
        .field("address", &answer.model)
        .field("opened", format::time(answer.opened_at))
        .field("creator", &terms.creator)
        .field("owner of its record", &terms.owner)
        .field_if("offered to", answer.offered_to.as_ref())
        .field("use cases", slugs(&answer))
        .field("licence", &metadata.licence)
        .field("weights, sha-256", metadata.weights_hash)
        .field_if("read more", metadata.uri.as_ref())
        .field_if("channel on Are.na", metadata.arena_channel.as_ref())
        .field("reserve", &terms.reserve_denom)
        .field("block rewards per volume", terms.reward_rate)
        .field("royalty of what is built on it", format::bps(terms.royalty_bps.into()))
        .field("citations by others' models", answer.citations);
    let page = terms.parents.iter().fold(page, |page, parent| {
        let (symbol, bps) =
            (registry.symbol(parent.model.as_str()), format::bps(parent.royalty_bps.into()));
        page.field("built on", format!("{symbol}, which gets {bps} of its revenue"))
    });
    let page = if metadata.description.is_empty() {
        page
    } else {
        page.note(metadata.description.clone())
    };
    session.output.print(&Answered::new(&registry, answer, page))
}
