//! `modelbond beacon show`.

use anyhow::Result;
use modelbond_interface::beacon::{LatestResponse, QueryMsg, Round, SourceInfo, SourcesResponse};
use serde::Serialize;

use super::submit::connect;
use crate::output::{Page, Report};
use crate::session::Session;

#[derive(Serialize)]
struct Shown {
    beacon: String,
    sources: Vec<SourceInfo>,
    latest: Option<Round>,
}

impl Report for Shown {
    fn page(&self) -> Page {
        let mut page = Page::new(format!("Beacon {}", self.beacon));
        for source in &self.sources {
            let trust = if source.central_beacon {
                "central: one key can foresee and withhold rounds"
            } else {
                "public network"
            };
            page = page
                .heading(format!("Source {}: {}", source.index, source.source.beacon_id))
                .field("trust", trust)
                .field("chain hash", &source.chain_hash)
                .field("period", format!("{} s", source.source.period_secs))
                .field("round 1 at", source.source.genesis_at)
                .field("in force from", source.starts_at)
                .field("first round", source.first_round)
                .field_if("last round", source.last_round);
        }
        match &self.latest {
            None => page.note("No round has been handed in yet"),
            Some(round) => page
                .heading(format!("Round {} of source {}", round.round, round.source))
                .field("randomness", &round.randomness)
                .field("due at", round.round_at)
                .field("handed in at", round.submitted_at),
        }
    }
}

pub(super) async fn run(session: &Session) -> Result<()> {
    let (client, beacon) = connect(session).await?;
    let sources: SourcesResponse = client.query(&beacon, &QueryMsg::Sources {}).await?;
    let latest: LatestResponse = client.query(&beacon, &QueryMsg::Latest {}).await?;
    session.output.print(&Shown { beacon, sources: sources.sources, latest: latest.round })
}
