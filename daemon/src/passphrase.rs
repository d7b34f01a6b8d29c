//! Where a passphrase comes from: a file, the environment, or the terminal without echo.

use std::fs;
use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::failure::Failure;

const VARIABLE: &str = "MODELBOND_PASSPHRASE";
/// Holds the mnemonic for `--from-env`.
pub const MNEMONIC_VARIABLE: &str = "MODELBOND_MNEMONIC";

/// A secret that is cleared when dropped.
pub type Secret = Zeroizing<String>;

/// The passphrase of an existing key.
pub fn existing(file: Option<&Path>, key: &str) -> Result<Secret> {
    match stored(file)? {
        Some(passphrase) => Ok(passphrase),
        None => ask(&format!("Passphrase of {key}: ")),
    }
}

/// The passphrase of a new key; on a terminal it is asked for twice.
pub fn new(file: Option<&Path>, key: &str) -> Result<Secret> {
    let passphrase = match stored(file)? {
        Some(passphrase) => passphrase,
        None => {
            let first = ask(&format!("New passphrase for {key}: "))?;
            if first != ask("Again: ")? {
                return Err(Failure::new("the two passphrases differ").hint("try again").into());
            }
            first
        }
    };
    if passphrase.is_empty() {
        return Err(Failure::new("an empty passphrase protects nothing")
            .hint("choose one of several words")
            .into());
    }
    Ok(passphrase)
}

/// A mnemonic from the environment.
pub fn mnemonic_from_environment() -> Result<Secret> {
    let phrase = std::env::var(MNEMONIC_VARIABLE).map(Zeroizing::new).unwrap_or_default();
    if phrase.trim().is_empty() {
        return Err(Failure::usage(format!(
            "--from-env needs the mnemonic in {MNEMONIC_VARIABLE}"
        ))
        .hint(format!("export {MNEMONIC_VARIABLE}, or use a key of the keystore with --from"))
        .into());
    }
    Ok(phrase)
}

/// A mnemonic from the terminal without echo, or from a pipe.
pub fn mnemonic() -> Result<Secret> {
    if std::io::stdin().is_terminal() {
        return ask("Mnemonic: ");
    }
    let mut phrase = Zeroizing::new(String::new());
    std::io::stdin()
        .read_line(&mut phrase)
        .context("cannot read the mnemonic from standard input")?;
    Ok(phrase)
}

fn stored(file: Option<&Path>) -> Result<Option<Secret>> {
    if let Some(file) = file {
        let text = fs::read_to_string(file).map(Zeroizing::new).map_err(|error| {
            Failure::new(format!("cannot read the passphrase file {}: {error}", file.display()))
        })?;
        return Ok(Some(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())));
    }
    Ok(std::env::var(VARIABLE).ok().filter(|text| !text.is_empty()).map(Zeroizing::new))
}

fn ask(question: &str) -> Result<Secret> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new("a passphrase is needed and there is no terminal to ask on")
            .hint(format!("set {VARIABLE} or give --passphrase-file FILE"))
            .into());
    }
    rpassword::prompt_password(question)
        .map(Zeroizing::new)
        .context("cannot read from the terminal")
}
