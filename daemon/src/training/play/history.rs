//! The model that a round begins with, computed again from what the chain says of all rounds before.
//!
//! Nobody sends models around: accepted work can be repeated to the bit, so every confirmed round can be
//! replayed. What comes out is believed only if its hash is the one on the chain. Models are kept in
//! files named by their hash, so that each round is replayed once.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use modelbond_interface::training::{Hash32, Run};
use modelbond_learn::model::Model;

use super::wine::Wine;
use crate::training::Training;

/// Models in files.
#[derive(Debug, Clone)]
pub struct Models(PathBuf);

impl Models {
    /// In a folder, which need not be there yet.
    pub fn of(state: &Path) -> Self {
        Self(state.join("models"))
    }

    /// The model with this hash. What is in the file under its name and is not it, is not there.
    pub fn load(&self, hash: Hash32) -> Option<Model> {
        let bytes = fs::read(self.path(hash)).ok()?;
        Model::from_bytes(&bytes).ok().filter(|model| model.hash() == hash.0)
    }

    /// Keeps a model. A reader sees all of it or nothing.
    pub fn keep(&self, model: &Model) -> Result<()> {
        let path = self.path(Hash32(model.hash()));
        if path.exists() {
            return Ok(());
        }
        let name = format!("draft-{}-{:x}", std::process::id(), rand::random::<u64>());
        let draft = self.0.join(name);
        let unwritable = || format!("cannot write {}", path.display());
        fs::create_dir_all(&self.0).with_context(unwritable)?;
        fs::write(&draft, model.to_bytes()).with_context(unwritable)?;
        fs::rename(&draft, &path).with_context(unwritable)
    }

    fn path(&self, hash: Hash32) -> PathBuf {
        self.0.join(format!("{hash}.model"))
    }
}

/// The model that the run is at: kept, or replayed. None where the replay leads elsewhere, so that
/// nothing can be computed.
pub async fn base(
    training: &Training,
    (wine, models): (&Wine, &Models),
    run: &Run,
) -> Result<Option<Model>> {
    let wanted = run.params.base_hash;
    if let Some(model) = models.load(wanted) {
        return Ok(Some(model));
    }
    let end = run.rounds.saturating_add(1);
    let model = replayed(training, (wine, models), run, (end, Some(wanted))).await?;
    let Some(model) = model.filter(|model| model.hash() == wanted.0) else { return Ok(None) };
    models.keep(&model)?;
    Ok(Some(model))
}

/// The model that a round of the run began with. None where the replay of the run leads elsewhere.
pub async fn before(
    training: &Training,
    (wine, models): (&Wine, &Models),
    run: &Run,
    round_id: u64,
) -> Result<Option<Model>> {
    // What the run is at now also says what it began with, which is no round's result.
    if base(training, (wine, models), run).await?.is_none() {
        return Ok(None);
    }
    replayed(training, (wine, models), run, (round_id, None)).await
}

/// What the confirmed rounds below `end` make of the first model, up to the one that is wanted.
async fn replayed(
    training: &Training,
    (wine, models): (&Wine, &Models),
    run: &Run,
    (end, wanted): (u64, Option<Hash32>),
) -> Result<Option<Model>> {
    let mut model = wine.first().clone();
    for round_id in 1..end {
        if wanted.is_some_and(|wanted| model.hash() == wanted.0) {
            break;
        }
        let round = training.round(run.run_id, Some(round_id)).await?;
        let Some(confirmed) = round.model.result_hash.filter(|_| round.model.confirmed) else {
            continue;
        };
        model = match models.load(confirmed) {
            Some(kept) => kept,
            None => {
                let groups = training.groups(&round).await?;
                wine.next(&model, (&groups, round.accepted), &run.params)?
            }
        };
        if model.hash() != confirmed.0 {
            return Ok(None);
        }
        models.keep(&model)?;
    }
    Ok(Some(model))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_kept_under_its_hash_and_a_changed_file_is_not_believed() {
        let folder = tempfile::TempDir::new().unwrap();
        let models = Models::of(folder.path());
        let model = Wine::new(8).unwrap().first().clone();
        let hash = Hash32(model.hash());
        assert_eq!(models.load(hash), None);
        models.keep(&model).unwrap();
        models.keep(&model).unwrap();
        assert_eq!(models.load(hash), Some(model.clone()));
        let mut bytes = model.to_bytes();
        if let Some(last) = bytes.last_mut() {
            *last ^= 1;
        }
        fs::write(models.path(hash), bytes).unwrap();
        assert_eq!(models.load(hash), None);
    }
}
