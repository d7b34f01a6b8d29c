//! The keystore: what it accepts, and what it refuses before a passphrase could leak.

mod binary;

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::PathBuf;

use binary::Binary;
use modelbond::failure;
use modelbond::keystore::{
    parse_path, Identity, Kdf, Keystore, SealedKey, WrongPassphrase, DEFAULT_PATH,
};
use rstest::rstest;
use tempfile::TempDir;

const PHRASE: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

fn identity() -> Identity {
    Identity::from_phrase(PHRASE, parse_path(DEFAULT_PATH).unwrap()).unwrap()
}

/// The cheapest derivation that a file may ask for.
fn cheap() -> Kdf {
    Kdf::with_cost(8, 1, 1)
}

fn sealed(name: &str) -> SealedKey {
    SealedKey::seal(name, &identity(), "correct horse", cheap()).unwrap()
}

fn json(key: &SealedKey) -> serde_json::Value {
    serde_json::from_str(&key.to_text().unwrap()).unwrap()
}

struct Place {
    _root: TempDir,
    directory: PathBuf,
    keystore: Keystore,
}

fn keystore() -> Place {
    let root = TempDir::new().unwrap();
    let directory = root.path().join("keys");
    Place { _root: root, keystore: Keystore::new(&directory), directory }
}

fn set_mode(path: &std::path::Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_saved_key_comes_back_with_its_passphrase() {
    let place = keystore();
    let path = place.keystore.save(&sealed("alice")).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&place.directory), mode(&path)), (0o700, 0o600));
    assert!(!fs::read_to_string(&path).unwrap().contains("abandon"));
    let key = place.keystore.load("alice").unwrap();
    assert_eq!(key.open("correct horse").unwrap().phrase().as_str(), PHRASE);
    assert_eq!(key.address("cosmos").unwrap(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
    assert_eq!(place.keystore.names().unwrap(), ["alice"]);
    assert_eq!(fs::read_dir(&place.directory).unwrap().count(), 1, "no draft is left");
}

#[rstest]
#[case::other("incorrect horse")]
#[case::empty("")]
#[case::longer("correct horse ")]
fn a_wrong_passphrase_is_refused(#[case] passphrase: &str) {
    let error = sealed("alice").open(passphrase).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&WrongPassphrase { name: "alice".into() }));
}

#[test]
fn the_same_key_never_encrypts_to_the_same_bytes() {
    let (one, two) = (json(&sealed("alice")), json(&sealed("alice")));
    for fresh in ["/header/kdf/salt", "/header/nonce", "/ciphertext"] {
        assert_ne!(one.pointer(fresh).unwrap(), two.pointer(fresh).unwrap(), "{fresh}");
    }
}

/// Everything outside of the ciphertext is authenticated with it.
#[rstest]
#[case::name("/header/name", "mallory".into())]
#[case::public_key("/header/public_key", "02".into())]
#[case::path("/header/path", "m/44'/118'/0'/0/1".into())]
#[case::iterations("/header/kdf/iterations", 2.into())]
fn a_changed_file_does_not_open(#[case] field: &str, #[case] value: serde_json::Value) {
    let mut json = json(&sealed("alice"));
    *json.pointer_mut(field).unwrap() = value;
    let changed = SealedKey::from_text(&json.to_string()).unwrap();
    let error = changed.open("correct horse").unwrap_err();
    assert!(error.downcast_ref::<WrongPassphrase>().is_some(), "{error}");
}

#[test]
fn a_file_cannot_ask_for_unbounded_memory() {
    let mut json = json(&sealed("alice"));
    json["header"]["kdf"]["memory_kib"] = u32::MAX.into();
    let error = SealedKey::from_text(&json.to_string()).unwrap().open("correct horse").unwrap_err();
    assert!(error.to_string().contains("are accepted"), "{error}");
}

#[rstest]
#[case::file_for_the_group(false, 0o640, "chmod 600")]
#[case::file_for_all(false, 0o604, "chmod 600")]
#[case::directory_for_the_group(true, 0o750, "chmod 700")]
#[case::directory_for_all(true, 0o701, "chmod 700")]
fn loose_permissions_are_refused_with_the_repair(
    #[case] directory: bool,
    #[case] mode: u32,
    #[case] repair: &str,
) {
    let place = keystore();
    let file = place.keystore.save(&sealed("alice")).unwrap();
    let path = if directory { place.directory.clone() } else { file };
    set_mode(&path, mode);
    let error = place.keystore.load("alice").unwrap_err();
    assert!(error.to_string().contains(&format!("has mode {mode:04o}")), "{error}");
    assert_eq!(failure::hint(&error), Some(format!("{repair} '{}'", path.display()).as_str()));
}

#[test]
fn a_key_is_not_written_into_a_loose_directory() {
    let place = keystore();
    fs::DirBuilder::new().mode(0o755).create(&place.directory).unwrap();
    set_mode(&place.directory, 0o755);
    place.keystore.save(&sealed("alice")).unwrap_err();
    assert_eq!(fs::read_dir(&place.directory).unwrap().count(), 0);
}

#[test]
fn a_key_is_never_overwritten() {
    let place = keystore();
    let first = sealed("alice");
    place.keystore.save(&first).unwrap();
    let error = place.keystore.save(&sealed("alice")).unwrap_err();
    assert!(error.to_string().contains("exists already"), "{error}");
    assert_eq!(place.keystore.load("alice").unwrap(), first);
}

#[rstest]
#[case::mnemonic(PHRASE)]
#[case::hex_key("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318\n")]
#[case::prefixed_hex_key("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")]
#[case::json_string("\"abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about\"")]
#[case::json_field("{\"mnemonic\": \"abandon about\"}")]
fn a_plain_text_key_file_is_refused(#[case] text: &str) {
    let place = keystore();
    let path = place.keystore.save(&sealed("alice")).unwrap();
    fs::write(&path, text).unwrap();
    let error = place.keystore.load("alice").unwrap_err();
    let shown = format!("{error:#}");
    assert!(shown.contains("plain text, which is refused"), "{shown}");
    assert!(!shown.contains("abandon") && !shown.contains("4c08"), "{shown}");
}

#[test]
fn garbage_is_refused_without_being_quoted() {
    let error = SealedKey::from_text("{\"header\": \"my secret\"}").unwrap_err();
    assert!(error.to_string().contains("no key file"), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[rstest]
#[case::empty("")]
#[case::path("../alice")]
#[case::dot(".alice")]
#[case::space("al ice")]
#[case::option("-alice")]
#[case::too_long("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
fn names_that_could_leave_the_directory_are_refused(#[case] name: &str) {
    let error = keystore().keystore.load(name).unwrap_err();
    assert_eq!(failure::exit_code(&error), failure::EXIT_USAGE);
}

#[test]
fn keys_can_be_imported_exported_and_deleted() {
    let binary = Binary::new()
        .env("MODELBOND_PASSPHRASE", "correct horse")
        .env("MODELBOND_MNEMONIC", PHRASE);
    let imported = binary.run(["keys", "import", "alice", "--from-env", "--json"]).json();
    assert_eq!(imported["address"], "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7");
    let again = binary.run(["keys", "import", "alice", "--from-env", "--json"]);
    assert_eq!(again.code, 1);
    assert!(again.json_error()["error"].as_str().unwrap().contains("exists already"));

    let unconfirmed = binary.run(["keys", "export", "alice"]);
    assert_eq!((unconfirmed.code, unconfirmed.stdout.as_str()), (2, ""));
    let exported = binary.run(["keys", "export", "alice", "--yes", "--json"]).json();
    assert_eq!(exported["mnemonic"], PHRASE);
    assert_eq!(binary.run(["keys", "export", "alice", "--yes"]).stdout, format!("{PHRASE}\n"));

    let list = binary.run(["keys", "list", "--json"]).json();
    assert_eq!(list["keys"][0]["name"], "alice");
    assert_eq!(list["keys"][0]["eth_address"], imported["eth_address"]);
    assert_eq!(binary.run(["keys", "delete", "alice"]).code, 2);
    binary.run(["keys", "delete", "alice", "--yes", "--json"]).json();
    assert_eq!(binary.run(["keys", "show", "alice"]).code, 1);
}

/// What Ethereum wallets show for the same words.
#[test]
fn the_path_of_ethereum_wallets_gives_their_address() {
    let binary = Binary::new()
        .env("MODELBOND_PASSPHRASE", "correct horse")
        .env("MODELBOND_MNEMONIC", PHRASE);
    let path = ["--hd-path", "m/44'/60'/0'/0/0"];
    let import = ["keys", "import", "alice", "--from-env", "--json"];
    let imported = binary.run(import.into_iter().chain(path)).json();
    assert_eq!(imported["eth_address"], "0x9858EfFD232B4033E47d90003D41EC34EcaEda94");
    let shown = binary.run(["keys", "show", "alice", "--json"]).json();
    assert_eq!(shown, imported);
    let page = binary.run(["keys", "list"]).stdout;
    assert!(page.contains("0x9858EfFD232B4033E47d90003D41EC34EcaEda94"), "{page}");
}

#[test]
fn a_new_key_opens_with_the_passphrase_of_a_file() {
    let binary = Binary::new();
    let file = binary.home().join("passphrase");
    fs::write(&file, "from a file\n").unwrap();
    let file = file.to_str().unwrap();
    binary.run(["keys", "add", "alice", "--passphrase-file", file, "--json"]).json();
    let exported =
        binary.run(["keys", "export", "alice", "-y", "--passphrase-file", file, "--json"]).json();
    assert_eq!(exported["mnemonic"].as_str().unwrap().split(' ').count(), 24);

    let wrong = Binary::new().env("MODELBOND_PASSPHRASE", "another");
    let home = binary.home().to_str().unwrap();
    let wrong = wrong.run(["keys", "export", "alice", "-y", "--home", home, "--json"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.json_error()["error"].as_str().unwrap().contains("wrong passphrase"));
}

#[test]
fn without_a_terminal_a_missing_passphrase_is_named() {
    let run = Binary::new().run(["keys", "add", "alice", "--json"]);
    assert_eq!(run.code, 1);
    assert!(run.json_error()["hint"].as_str().unwrap().contains("MODELBOND_PASSPHRASE"));
}
