//! The keystore: a directory of encrypted key files, one per key.
//!
//! The directory must be 0700 and each file 0600; anything looser is refused with the command
//! that repairs it, before a passphrase is asked for. A file is written beside its place and then
//! linked to it, so a key is never overwritten and never half there. A file that is not encrypted
//! is refused.

mod identity;
mod sealed;

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use identity::{address_of, parse_path, Identity, DEFAULT_PATH, ETHEREUM_PATH};
pub use sealed::{Kdf, SealedKey, WrongPassphrase};

use crate::failure::Failure;

const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
const EXTENSION: &str = "json";
const MAX_NAME: usize = 32;

/// A directory of encrypted keys.
#[derive(Debug, Clone)]
pub struct Keystore {
    directory: PathBuf,
}

impl Keystore {
    /// The keystore in `directory`, which need not exist yet.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// Names of all keys, sorted.
    pub fn names(&self) -> Result<Vec<String>> {
        let entries = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
            other => other.with_context(|| format!("cannot list {}", self.directory.display()))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let path =
                entry.with_context(|| format!("cannot list {}", self.directory.display()))?.path();
            if path.extension().is_some_and(|extension| extension == EXTENSION) {
                names.extend(path.file_stem().and_then(|name| name.to_str()).map(str::to_owned));
            }
        }
        names.retain(|name| check_name(name).is_ok());
        names.sort();
        Ok(names)
    }

    /// Whether there is a key of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.path(name).is_ok_and(|path| path.exists())
    }

    /// Reads a key, still encrypted.
    pub fn load(&self, name: &str) -> Result<SealedKey> {
        let path = self.path(name)?;
        if !path.exists() {
            let names = self.names()?;
            let hint = if names.is_empty() {
                format!("there are no keys yet: modelbond keys add {name}")
            } else {
                format!("there are: {}", names.join(", "))
            };
            return Err(Failure::new(format!("no key {name} in {}", self.directory.display()))
                .hint(hint)
                .into());
        }
        ensure_mode(&self.directory, DIRECTORY_MODE)?;
        ensure_mode(&path, FILE_MODE)?;
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let key = SealedKey::from_text(&text)
            .with_context(|| format!("{} is not a key of this keystore", path.display()))?;
        if key.name() != name {
            return Err(Failure::new(format!("{} holds the key {}", path.display(), key.name()))
                .hint(format!("rename the file to {}.{EXTENSION}", key.name()))
                .into());
        }
        Ok(key)
    }

    /// Writes a new key; a key of the same name is never overwritten.
    pub fn save(&self, key: &SealedKey) -> Result<PathBuf> {
        let path = self.path(key.name())?;
        create_private_directory(&self.directory)?;
        ensure_mode(&self.directory, DIRECTORY_MODE)?;
        if !create_private(&path, &key.to_text()?)? {
            return Err(already_there(key.name()).into());
        }
        Ok(path)
    }

    /// Fails if there is a key of this name, or the name cannot be one.
    pub fn ensure_free(&self, name: &str) -> Result<()> {
        if self.path(name)?.exists() {
            return Err(already_there(name).into());
        }
        Ok(())
    }

    /// Deletes a key.
    pub fn delete(&self, name: &str) -> Result<()> {
        let path = self.path(name)?;
        fs::remove_file(&path).with_context(|| format!("cannot delete {}", path.display()))
    }

    fn path(&self, name: &str) -> Result<PathBuf> {
        check_name(name)?;
        Ok(self.directory.join(format!("{name}.{EXTENSION}")))
    }
}

/// Reads a file that only its owner may read.
pub fn read_private(path: &Path) -> Result<String> {
    ensure_mode(path, FILE_MODE)?;
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Creates `path` and its parents for the owner only; leaves what exists as it is.
pub fn create_private_directory(path: &Path) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(DIRECTORY_MODE)
        .create(path)
        .with_context(|| format!("cannot create {}", path.display()))
}

fn already_there(name: &str) -> Failure {
    Failure::new(format!("a key {name} exists already"))
        .hint(format!("take another name, or remove it first: modelbond keys delete {name}"))
}

fn check_name(name: &str) -> Result<(), Failure> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty()
        || name.len() > MAX_NAME
        || !name.chars().all(allowed)
        || name.starts_with('-')
    {
        return Err(Failure::usage(format!("{name:?} cannot be the name of a key"))
            .hint(format!("use 1 to {MAX_NAME} letters, digits, hyphens or underscores")));
    }
    Ok(())
}

/// Refuses a file or directory that others may read.
fn ensure_mode(path: &Path, mode: u32) -> Result<()> {
    let metadata = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    let actual = metadata.permissions().mode() & 0o777;
    if actual & !mode != 0 {
        return Err(Failure::new(format!(
            "{} has mode {actual:04o}: others may read it, it must be {mode:04o}",
            path.display()
        ))
        .hint(format!("chmod {mode:o} '{}'", path.display()))
        .into());
    }
    Ok(())
}

/// Writes a new file for the owner only, whole and on the disk, or not at all; says whether it did. A
/// file that is there is never overwritten.
pub fn create_private(path: &Path, text: &str) -> Result<bool> {
    let (directory, name) = (path.parent().unwrap_or(path), path.file_stem().unwrap_or_default());
    let draft = directory.join(format!(".{}.{}", name.display(), std::process::id()));
    let written = write_private(&draft, text)
        .with_context(|| format!("cannot write {}", draft.display()))
        .and_then(|()| match fs::hard_link(&draft, path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error).with_context(|| format!("cannot write {}", path.display())),
        });
    let removed = fs::remove_file(&draft);
    let created = written?;
    removed.with_context(|| format!("cannot remove {}", draft.display()))?;
    let synced = fs::File::open(directory).and_then(|directory| directory.sync_all());
    synced.with_context(|| format!("cannot write {}", directory.display()))?;
    Ok(created)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
