//! What a witness of an offer committed to, kept on this machine until it is shown.
//!
//! As for seats of rounds: score and salt are on the disk, for the owner only, before anything is sent, in
//! one file that is written once. Whoever loses the salt cannot reveal and is not paid; a second run sends
//! the same commit again, never another.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cosmwasm_std::Timestamp;
use modelbond_economy::offer::{Committed, Context, Finding};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::Score;
use rand::RngCore;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::keystore::{create_private, create_private_directory, read_private};

/// A seat's commit with what it hides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Whose commit it is.
    pub place: Place,
    /// What was found.
    pub score: Score,
    /// 32 random bytes.
    pub salt: Hash32,
    /// D("score", …) of all that.
    pub commit: Hash32,
}

/// Whose commit it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Chain id.
    pub chain_id: String,
    /// Address of provenance.
    pub contract: String,
    /// The offer.
    pub offer_id: u64,
    /// When it was made: a chain that was started again has another one of the same number.
    pub offered_at: Timestamp,
    /// The seat.
    pub slot: u8,
    /// The node in it.
    pub node_id: u64,
    /// The node's owner.
    pub owner: String,
}

impl Place {
    fn kept(&self, score: Score, salt: Hash32) -> Kept {
        let Self { chain_id, contract, offer_id, slot, node_id, owner, .. } = self;
        let context = Context { chain_id, contract, offer_id: *offer_id };
        let Score { quality, improvement } = score;
        let commit = context.commit(&Committed {
            slot: *slot,
            node_id: *node_id,
            owner,
            finding: Finding { quality, improvement },
            salt: salt.0,
        });
        Kept { place: self.clone(), score, salt, commit: Hash32(commit) }
    }
}

/// The kept commits of a home directory.
#[derive(Debug, Clone)]
pub struct Store(PathBuf);

impl Store {
    /// Of a home directory, which need not have any yet.
    pub fn of(home: &Path) -> Self {
        Self(home.join("scores"))
    }

    /// Where the commit of a place is kept.
    pub fn path(&self, place: &Place) -> PathBuf {
        let Place { offer_id, offered_at, slot, node_id, .. } = place;
        let at = offered_at.nanos();
        self.0.join(format!("offer-{offer_id}-{at}-seat-{slot}-node-{node_id}.json"))
    }

    /// What was kept for a place, if anything.
    pub fn load(&self, place: &Place) -> Result<Option<Kept>> {
        let path = self.path(place);
        if !path.try_exists().with_context(|| format!("cannot read {}", path.display()))? {
            return Ok(None);
        }
        let text = read_private(&path)?;
        // The message could quote the salt; the position is enough.
        let kept: Kept = serde_json::from_str(&text).map_err(|error| {
            Failure::new(format!("{} is no kept score (line {})", path.display(), error.line()))
        })?;
        if place.kept(kept.score, kept.salt) != kept {
            return Err(Failure::new(format!(
                "{} is of another seat, or was changed",
                path.display()
            ))
            .hint("nothing was sent; a backup of that file would still do")
            .into());
        }
        Ok(Some(kept))
    }

    /// Keeps a score under a new salt, or gives back what was kept before. Another score than the kept
    /// one is refused.
    pub fn keep(&self, place: &Place, score: Score) -> Result<Kept> {
        let mut salt = [0; 32];
        rand::rngs::OsRng.fill_bytes(&mut salt);
        let new = place.kept(score, Hash32(salt));
        create_private_directory(&self.0)?;
        let mut text = serde_json::to_string_pretty(&new).context("score")?;
        text.push('\n');
        let path = self.path(place);
        if create_private(&path, &text)? {
            return Ok(new);
        }
        let kept = self.load(place)?.with_context(|| format!("{} is gone", path.display()))?;
        if kept.score != score {
            let Score { quality, improvement } = kept.score;
            return Err(Failure::new(format!(
                "the seat committed to quality {quality}, improvement {improvement} before"
            ))
            .hint("a seat commits once; give the same score to send the same commit again")
            .into());
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn place() -> Place {
        Place {
            chain_id: "chain-1".to_owned(),
            contract: "wasm1provenance".to_owned(),
            offer_id: 3,
            offered_at: Timestamp::from_seconds(1_000),
            slot: 2,
            node_id: 7,
            owner: "wasm1owner".to_owned(),
        }
    }

    fn score(improvement: i32) -> Score {
        Score { quality: 900_000, improvement }
    }

    #[test]
    fn what_is_kept_stays_and_a_second_score_is_refused() {
        let home = tempfile::TempDir::new().unwrap();
        let (store, place) = (Store::of(home.path()), place());
        assert_eq!(store.load(&place).unwrap(), None);
        let kept = store.keep(&place, score(-5)).unwrap();
        let mode = std::fs::metadata(store.path(&place)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(store.keep(&place, score(-5)).unwrap(), kept);
        assert_eq!(store.load(&place).unwrap(), Some(kept));
        let error = store.keep(&place, score(5)).unwrap_err();
        assert!(error.to_string().contains("quality 900000, improvement -5 before"), "{error}");
    }

    #[test]
    fn an_offer_of_the_same_number_on_another_chain_has_another_file_and_salt() {
        let home = tempfile::TempDir::new().unwrap();
        let store = Store::of(home.path());
        let other = Place { offered_at: Timestamp::from_seconds(2_000), ..place() };
        let salt = |place| store.keep(place, score(0)).unwrap().salt;
        assert_ne!(salt(&place()), salt(&other));
    }

    #[test]
    fn a_file_that_was_changed_is_refused() {
        let home = tempfile::TempDir::new().unwrap();
        let (store, place) = (Store::of(home.path()), place());
        let kept = store.keep(&place, score(0)).unwrap();
        let changed = Kept { score: score(1), ..kept };
        std::fs::write(store.path(&place), serde_json::to_string(&changed).unwrap()).unwrap();
        assert!(store.load(&place).unwrap_err().to_string().contains("was changed"));
    }
}
