//! What a seat committed to, kept on this machine until it is shown.
//!
//! A commit hides an answer behind a salt. Whoever loses the salt cannot reveal and is fined; whoever
//! commits twice is refused. So answer and salt are on the disk, for the owner only, before anything
//! is sent, in one file for each seat that is written once: whatever happens, a second run sends the
//! same commit again, never another.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use modelbond_interface::training::{Answer, Hash32, SeatId};
use modelbond_rounds::digest::{Committed, Context};
use rand::RngCore;
use serde::{Deserialize, Serialize};

use super::name;
use crate::failure::Failure;
use crate::keystore::{create_private, create_private_directory, read_private};

/// What was found, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The answer.
    pub answer: Answer,
    /// When the work began, in seconds since 1970.
    pub started_at: u64,
    /// When it ended, in seconds since 1970.
    pub ended_at: u64,
}

/// A seat's commit with what it hides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Chain id.
    pub chain_id: String,
    /// Address of training.
    pub contract: String,
    /// The run.
    pub run_id: u64,
    /// The round.
    pub round_id: u64,
    /// The assignment seed A: no two rounds have the same, on no chain.
    pub assignment: Hash32,
    /// The seat.
    pub seat: SeatId,
    /// The node in it.
    pub node_id: u64,
    /// The node's owner.
    pub owner: String,
    /// The answer.
    pub answer: Answer,
    /// D("work", …) or D("aggregate", …) of it.
    pub work: Hash32,
    /// 32 random bytes.
    pub salt: Hash32,
    /// D("commit", …) of all that.
    pub commit: Hash32,
    /// When the work began, in seconds since 1970.
    pub started_at: u64,
    /// When it ended, in seconds since 1970.
    pub ended_at: u64,
}

/// Whose commit it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The round.
    pub context: Context,
    /// The assignment seed A.
    pub assignment: Hash32,
    /// The seat.
    pub seat: SeatId,
    /// The node in it.
    pub node_id: u64,
    /// The node's owner.
    pub owner: String,
}

impl Place {
    fn kept(&self, found: Found, work: Hash32, salt: Hash32) -> Kept {
        let Self { context, assignment, seat, node_id, owner } = self.clone();
        let committed = Committed { assignment, seat, node_id, owner: &owner, work, salt };
        let commit = context.commit(&committed);
        Kept {
            chain_id: context.chain_id,
            contract: context.contract,
            run_id: context.run_id,
            round_id: context.round_id,
            assignment,
            seat,
            node_id,
            owner,
            answer: found.answer,
            work,
            salt,
            commit,
            started_at: found.started_at,
            ended_at: found.ended_at,
        }
    }

    /// Whether a kept commit is this place's.
    fn is_of(&self, kept: &Kept) -> bool {
        let found =
            Found { answer: kept.answer, started_at: kept.started_at, ended_at: kept.ended_at };
        self.kept(found, kept.work, kept.salt) == *kept
    }
}

/// The kept commits of a home directory.
#[derive(Debug, Clone)]
pub struct Store(PathBuf);

impl Store {
    /// Of a home directory, which need not have any yet.
    pub fn of(home: &Path) -> Self {
        Self(home.join("commits"))
    }

    /// Where the commit of a place is kept. The assignment seed is in the name, so that a chain that
    /// was started again under the same name does not find the commits of the old one.
    pub fn path(&self, place: &Place) -> PathBuf {
        let Place { context, assignment, seat, node_id, .. } = place;
        let seed: String = assignment.to_string().chars().take(16).collect();
        let seat = name::seat(*seat).replace(':', "-");
        let (run, round) = (context.run_id, context.round_id);
        self.0.join(format!("run-{run}-round-{round}-{seed}-{seat}-node-{node_id}.json"))
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
            Failure::new(format!("{} is no kept commit (line {})", path.display(), error.line()))
        })?;
        if !place.is_of(&kept) {
            return Err(Failure::new(format!(
                "{} is of another seat, or was changed",
                path.display()
            ))
            .hint("nothing was sent; a backup of that file would still do")
            .into());
        }
        Ok(Some(kept))
    }

    /// Keeps an answer under a new salt, or gives back what was kept before: whether it is new.
    /// Another answer than the kept one is refused.
    pub fn keep(&self, place: &Place, found: Found, work: Hash32) -> Result<(Kept, bool)> {
        let mut salt = [0; 32];
        rand::rngs::OsRng.fill_bytes(&mut salt);
        let new = place.kept(found, work, Hash32(salt));
        create_private_directory(&self.0)?;
        let mut text = serde_json::to_string_pretty(&new).context("commit")?;
        text.push('\n');
        if create_private(&self.path(place), &text)? {
            return Ok((new, true));
        }
        let kept = self.load(place)?;
        let kept = kept.with_context(|| format!("{} went away", self.path(place).display()))?;
        if kept.work != work {
            return Err(Failure::new(format!(
                "the seat {} committed to work {} before, this answer is work {work}",
                name::seat(place.seat),
                kept.work
            ))
            .hint("a seat commits once; give the same answer to send the same commit again")
            .into());
        }
        Ok((kept, false))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use modelbond_interface::training::Stage;

    use super::*;
    use crate::training::sample;

    /// The trainer's seat of node 7.
    fn place() -> Place {
        Place {
            context: sample::context(),
            assignment: Hash32([9; 32]),
            seat: SeatId { stage: Stage::Work, group: 0, slot: 0 },
            node_id: 7,
            owner: "wasm1owner7".to_owned(),
        }
    }

    fn found(correct: u32) -> Found {
        let answer = Answer { correct, ..sample::answer() };
        Found { answer, started_at: 10, ended_at: 20 }
    }

    #[test]
    fn what_is_kept_stays_and_a_second_answer_is_refused() {
        let home = tempfile::TempDir::new().unwrap();
        let (store, place) = (Store::of(home.path()), place());
        assert_eq!(store.load(&place).unwrap(), None);
        let (first, new) = store.keep(&place, found(7), Hash32([1; 32])).unwrap();
        assert!(new);
        let mode = std::fs::metadata(store.path(&place)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = store.keep(&place, found(7), Hash32([1; 32])).unwrap();
        assert_eq!(again, (first.clone(), false));
        assert_eq!(store.load(&place).unwrap(), Some(first));
        let error = store.keep(&place, found(8), Hash32([2; 32])).unwrap_err();
        assert!(error.to_string().contains("committed to work 0101"), "{error}");
        assert_eq!(std::fs::read_dir(home.path().join("commits")).unwrap().count(), 1);
    }

    #[test]
    fn two_places_have_two_salts() {
        let home = tempfile::TempDir::new().unwrap();
        let store = Store::of(home.path());
        let (one, other) = (place(), Place { node_id: 9, ..place() });
        let salt = |place| store.keep(place, found(7), Hash32([1; 32])).unwrap().0.salt;
        assert_ne!(salt(&one), salt(&other));
    }

    #[test]
    fn a_chain_that_was_started_again_has_other_files() {
        let store = Store::of(Path::new("/home"));
        let other = Place { assignment: Hash32([8; 32]), ..place() };
        assert_ne!(store.path(&other), store.path(&place()));
    }

    #[test]
    fn a_file_that_was_changed_or_may_be_read_by_others_is_refused() {
        let home = tempfile::TempDir::new().unwrap();
        let (store, place) = (Store::of(home.path()), place());
        let (kept, _) = store.keep(&place, found(7), Hash32([1; 32])).unwrap();
        let path = store.path(&place);
        let mut mode = std::fs::metadata(&path).unwrap().permissions();
        mode.set_mode(0o644);
        std::fs::set_permissions(&path, mode.clone()).unwrap();
        assert!(store.load(&place).unwrap_err().to_string().contains("others may read it"));
        mode.set_mode(0o600);
        std::fs::set_permissions(&path, mode).unwrap();
        let changed = Kept { salt: Hash32([3; 32]), ..kept };
        std::fs::write(&path, serde_json::to_string(&changed).unwrap()).unwrap();
        assert!(store.load(&place).unwrap_err().to_string().contains("was changed"));
    }
}
