//! Blocks, read a few at a time and taken in order.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, Result};
use modelbond_audit::{Auditor, Entry};
use modelbond_client::{Client, ClientError};
use tokio::task::JoinSet;

use super::Deployment;
use crate::failure::Failure;
use crate::session::Session;

/// Blocks that are asked for at once.
const AT_ONCE: u64 = 16;

/// Books what the deployment's contracts said in these blocks, and writes it to `export`; how many
/// entries there were.
///
/// # Errors
/// When a block cannot be read, or the file not written.
pub(super) async fn take(
    session: &Session,
    deployment: &Deployment,
    heights: RangeInclusive<u64>,
    export: Option<&Path>,
    auditor: &mut Auditor,
) -> Result<u64> {
    let contracts: BTreeSet<String> = deployment.names().map(|(_, address)| address).collect();
    let not_written = |path: &Path| format!("cannot write {}", path.display());
    let mut file = match export {
        Some(path) => {
            let file = File::create(path).with_context(|| not_written(path))?;
            Some((path, BufWriter::new(file)))
        }
        None => None,
    };
    let (first, last) = (*heights.start(), *heights.end());
    let blocks = last.saturating_sub(first).saturating_add(1);
    let bar = session.output.bar("reading blocks", blocks);
    let mut entries = 0_u64;
    let mut next = first;
    while next <= last {
        let end = last.min(next.saturating_add(AT_ONCE - 1));
        let mut reading = JoinSet::new();
        for height in next..=end {
            let (client, contracts) = (deployment.client.clone(), contracts.clone());
            reading.spawn(async move { block(&client, &contracts, height).await });
        }
        let mut read = reading.join_all().await.into_iter().collect::<Result<Vec<_>>>()?;
        read.sort_by_key(|(height, _)| *height);
        for (_, said) in read {
            for entry in said {
                if let Some((path, file)) = &mut file {
                    writeln!(file, "{}", entry.to_line()).with_context(|| not_written(path))?;
                }
                auditor.take(&entry);
                entries += 1;
            }
            bar.step();
        }
        next = end.saturating_add(1);
    }
    if let Some((path, mut file)) = file {
        file.flush().with_context(|| not_written(path))?;
    }
    Ok(entries)
}

/// What the contracts said in a block.
async fn block(
    client: &Client,
    contracts: &BTreeSet<String>,
    height: u64,
) -> Result<(u64, Vec<Entry>)> {
    let events = client.block_events(height).await.map_err(|error| unread(height, error))?;
    let mut said = vec![];
    for (tx, transaction) in (0_u32..).zip(&events.transactions) {
        // What a failed one said has not happened.
        if transaction.code != 0 {
            continue;
        }
        let entries = transaction.events.iter();
        let entries = entries.filter_map(|event| Entry::of_chain(height, 0, tx, event));
        said.extend(entries.filter(|entry| contracts.contains(&entry.contract)));
    }
    if !said.is_empty() {
        let time = client.block_time(height).await.map_err(|error| unread(height, error))?;
        for entry in &mut said {
            entry.time = time;
        }
    }
    Ok((height, said))
}

fn unread(height: u64, error: ClientError) -> anyhow::Error {
    let missing = matches!(error, ClientError::NotFound { .. });
    let error = anyhow::Error::from(error);
    if !missing {
        return error.context(format!("cannot read block {height}"));
    }
    error.context(
        Failure::new(format!("no endpoint has block {height}"))
            .hint("give --rpc of a node that keeps all blocks, or --log FILE of an earlier export"),
    )
}
