//! Looking at nodes: all, one, those that are ready.

use anyhow::Result;
use modelbond_interface::nodes::{
    Keys, MembersResponse, Node, NodeResponse, NodesResponse, QueryMsg, RosterResponse,
    StakeResponse,
};
use serde::Serialize;

use crate::commands::run::Part;
use crate::failure::Failure;
use crate::format;
use crate::network::NetworkFile;
use crate::output::Page;
use crate::session::Session;
use crate::training::{name, Shown, Training};

/// Lists nodes.
pub(super) async fn list(session: &Session, owner: Option<&str>, part: &Part) -> Result<()> {
    let training = Training::find(session).await?;
    let prefix = &training.network.prefix;
    let owner = owner.map(|owner| session.resolve_address(owner, prefix)).transpose()?;
    let question =
        QueryMsg::Nodes { owner, start_after: part.start_after, limit: Some(part.limit) };
    let answer: NodesResponse = training.ask_nodes(&question).await?;
    let page = Page::new("Nodes").table(
        &["node", "device", "owner", "account", "state"],
        answer.nodes.iter().map(row).collect(),
    );
    let page = match part.more(answer.nodes.len(), answer.nodes.last().map(|node| node.node_id)) {
        Some(more) => page.note(more),
        None => page,
    };
    session.output.print(&Shown::new(&training, answer, page))
}

fn row(node: &Node) -> Vec<String> {
    let account = node.keys.as_ref().map_or("none yet", |keys| keys.account.as_str());
    vec![
        node.node_id.to_string(),
        node.device_class.clone(),
        name::short(node.owner.as_str()),
        name::short(account),
        state(node).to_owned(),
    ]
}

fn state(node: &Node) -> &'static str {
    match (node.retired, &node.keys, &node.announced) {
        (true, ..) => "retired",
        (_, None, _) => "its keys do not count yet",
        (_, Some(_), Some(_)) => "new keys announced",
        (_, Some(_), None) => "in service",
    }
}

#[derive(Serialize)]
struct Roster {
    run_id: u64,
    epoch: u64,
    /// Place of the first member that is shown.
    skip: u32,
    #[serde(flatten)]
    roster: RosterResponse,
    #[serde(flatten)]
    members: MembersResponse,
}

/// Lists who is ready for a run.
pub(super) async fn roster(
    session: &Session,
    run_id: u64,
    epoch: Option<u64>,
    part: &Part,
) -> Result<()> {
    let training = Training::find(session).await?;
    let epoch = match epoch {
        Some(epoch) => epoch,
        None => training.epoch().await?.epoch,
    };
    let roster: RosterResponse = training.ask_nodes(&QueryMsg::Roster { run_id, epoch }).await?;
    let skip = part.start_after.map_or(0, |place| place.saturating_add(1));
    let skip = u32::try_from(skip).unwrap_or(u32::MAX);
    let question = QueryMsg::Members { run_id, epoch, skip: Some(skip), limit: Some(part.limit) };
    let members: MembersResponse = training.ask_nodes(&question).await?;
    let answer = Roster { run_id, epoch, skip, roster, members };
    let page = ready(&answer);
    session.output.print(&Shown::new(&training, answer, page))
}

fn ready(answer: &Roster) -> Page {
    let Roster { run_id, epoch, skip, roster, members } = answer;
    let directory = &roster.directory;
    let row = |(index, info): (u32, &modelbond_interface::nodes::MemberInfo)| {
        vec![
            index.to_string(),
            info.member.node_id.to_string(),
            info.member.units.to_string(),
            name::short(info.owner.as_str()),
            format!("{}, {}", info.build, info.arch),
        ]
    };
    let page = Page::new(format!("Ready for run {run_id} in epoch {epoch}"))
        .field("nodes", directory.members)
        .field("units", directory.units)
        .field("owners", directory.owners)
        .field("may still change", if roster.complete { "no" } else { "yes" })
        .table(
            &["place", "node", "units", "owner", "build"],
            (*skip..).zip(&members.members).map(row).collect(),
        );
    let shown = u32::try_from(members.members.len()).unwrap_or(u32::MAX);
    let next = skip.saturating_add(shown);
    match next.checked_sub(1) {
        Some(last) if next < directory.members => {
            page.note(format!("there are more: --start-after {last}"))
        }
        _ => page,
    }
}

#[derive(Serialize)]
struct OneNode {
    node: Node,
    stakes: Vec<ModelStake>,
}

#[derive(Serialize)]
struct ModelStake {
    model: String,
    symbol: String,
    #[serde(flatten)]
    stake: StakeResponse,
}

/// Shows a node with its stakes of all recorded models.
pub(super) async fn show(session: &Session, node_id: u64) -> Result<()> {
    let training = Training::find(session).await?;
    let answer: NodeResponse = training.ask_nodes(&QueryMsg::Node { node_id }).await?;
    let node = answer.node.ok_or_else(|| {
        Failure::new(format!("there is no node {node_id}")).hint("modelbond node list shows them")
    })?;
    let stakes = stakes(&training, &training.network, node_id).await?;
    let answer = OneNode { node, stakes };
    let page = one(&answer);
    session.output.print(&Shown::new(&training, answer, page))
}

async fn stakes(
    training: &Training,
    network: &NetworkFile,
    node_id: u64,
) -> Result<Vec<ModelStake>> {
    let mut stakes = Vec::new();
    for (symbol, market) in &network.markets {
        let model = market.address.clone();
        let question = QueryMsg::Stake { model: model.clone(), node_id };
        let stake: StakeResponse = training.ask_nodes(&question).await?;
        let nothing = stake.amount.is_zero() && stake.slashed.is_zero();
        if !nothing || !stake.unbondings.is_empty() {
            stakes.push(ModelStake { model, symbol: symbol.clone(), stake });
        }
    }
    Ok(stakes)
}

fn one(answer: &OneNode) -> Page {
    let node = &answer.node;
    let page = Page::new(format!("Node {}", node.node_id))
        .field("state", state(node))
        .field("owner", &node.owner)
        .field("device", &node.device_class)
        .field("registered at", format::time(node.registered_at))
        .field("keys announced", format!("{} times", node.key_nonce));
    let page = keys(page, "Keys that count", node.keys.as_ref());
    let page = keys(page, "Announced keys", node.announced.as_ref());
    answer.stakes.iter().fold(page, |page, of| {
        let ModelStake { symbol, stake, .. } = of;
        let page = page
            .heading(format!("Stake of {symbol}"))
            .field("counts", format::tokens(stake.amount, symbol))
            .field("was slashed", format::tokens(stake.slashed, symbol));
        let row = |unbonding: &modelbond_interface::nodes::Unbonding| {
            vec![format::tokens(unbonding.amount, symbol), format::time(unbonding.unbonds_at)]
        };
        if stake.unbondings.is_empty() {
            return page;
        }
        page.table(&["unbonding", "until"], stake.unbondings.iter().map(row).collect())
    })
}

fn keys(page: Page, heading: &str, keys: Option<&Keys>) -> Page {
    let Some(keys) = keys else { return page };
    page.heading(heading)
        .field("since epoch", keys.from_epoch)
        .field("account", &keys.account)
        .field("attestation key", hex::encode(&keys.attestation_key))
        .field("VRF key", &keys.vrf_key)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Addr, Binary, HexBinary, Timestamp, Uint128};
    use modelbond_interface::nodes::{Directory, Unbonding};

    use super::*;
    use crate::output::text;
    use crate::training::sample;

    fn node() -> Node {
        Node {
            node_id: 7,
            owner: Addr::unchecked("wasm1owner"),
            device_class: "jetson_orin".to_owned(),
            keys: Some(Keys {
                from_epoch: 2,
                attestation_key: Binary::from([2; 33]),
                vrf_key: HexBinary::from([3; 32]),
                account: Addr::unchecked("wasm1node"),
            }),
            announced: None,
            key_nonce: 1,
            registered_at: Timestamp::from_seconds(0),
            retired: false,
        }
    }

    #[test]
    fn a_node_shows_keys_and_stakes() {
        let stake = StakeResponse {
            amount: Uint128::new(50_000_000),
            unbondings: vec![Unbonding {
                amount: Uint128::new(1_000_000),
                unbonds_at: Timestamp::from_seconds(86_400),
                epoch: 3,
            }],
            slashed: Uint128::new(500_000),
        };
        let (model, symbol) = ("wasm1model".to_owned(), "VIS".to_owned());
        let answer = OneNode { node: node(), stakes: vec![ModelStake { model, symbol, stake }] };
        let page = text(&one(&answer));
        for line in ["state           in service", "50 VIS", "0.5 VIS", "1970-01-02 00:00:00"] {
            assert!(page.contains(line), "{line:?} in {page}");
        }
        let json = serde_json::to_value(&answer).unwrap();
        assert_eq!(json["stakes"][0]["amount"], "50000000");
        assert_eq!(json["stakes"][0]["symbol"], "VIS");
    }

    #[test]
    fn a_node_is_in_one_state() {
        assert_eq!(state(&node()), "in service");
        assert_eq!(state(&Node { announced: node().keys, ..node() }), "new keys announced");
        assert_eq!(state(&Node { keys: None, ..node() }), "its keys do not count yet");
        assert_eq!(state(&Node { retired: true, ..node() }), "retired");
    }

    #[test]
    fn a_roster_says_where_it_goes_on() {
        let directory = Directory { members: 33, units: 30, owners: 2, ..Directory::default() };
        let roster = RosterResponse { directory, complete: true };
        let members =
            MembersResponse { members: vec![sample::member(4, 10), sample::member(7, 12)] };
        let answer = Roster { run_id: 2, epoch: 20, skip: 30, roster, members };
        let page = text(&ready(&answer));
        assert!(page.contains("there are more: --start-after 31"), "{page}");
        assert!(page.contains("     31     7     12  wasm1owner7"), "{page}");
    }
}
