//! `--help` of every command, completion scripts and the manual page.

mod binary;

use binary::Binary;

/// Every command line below `command`, without the hidden ones.
fn paths(command: &clap::Command, path: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for sub in
        command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
    {
        let path = [path, &[sub.get_name().to_owned()]].concat();
        found.extend(paths(sub, &path));
        found.push(path);
    }
    found
}

#[test]
fn every_command_has_help() {
    let binary = Binary::new();
    let paths = paths(&modelbond::cli::command(), &[]);
    assert!(paths.len() > 50, "{}", paths.len());
    for path in paths {
        let run = binary.run(path.iter().map(String::as_str).chain(["--help"]));
        assert_eq!(run.code, 0, "{path:?}: {}", run.stderr);
        assert!(run.stdout.contains("Usage: modelbond "), "{path:?}: {}", run.stdout);
        let about = run.stdout.lines().next().unwrap_or_default();
        assert!(
            about.chars().next().is_some_and(char::is_uppercase),
            "{path:?} does not say what it does"
        );
    }
}

#[test]
fn help_is_grouped_and_has_examples() {
    let help = Binary::new().run(["--help"]).stdout;
    for part in [
        "Keys:\n  keys",
        "Chain:\n  devnet",
        "Model:\n  model",
        "Trade:\n  trade",
        "Serve:\n  serve",
        "Examples:\n",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
    assert!(!help.contains("completions"), "{help}");
}

#[test]
fn completions_and_manual_are_generated() {
    let binary = Binary::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(binary.run(["completions", shell]).stdout.contains("buy-exact"), "{shell}");
    }
    let manual = binary.run(["man"]).stdout;
    assert!(manual.starts_with(".ie") && manual.contains("reserve\\-in"), "{manual}");
}

#[test]
fn what_is_not_understood_exits_with_2() {
    let binary = Binary::new();
    for arguments in
        [vec![], vec!["nonsense"], vec!["keys"], vec!["trade", "buy"], vec!["--nonsense"]]
    {
        let run = binary.run(arguments.clone());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        let run = binary.run(["--json"].into_iter().chain(arguments.clone()));
        assert_eq!(run.code, 2);
        let error = run.json_error();
        assert!(error["error"].as_str().is_some_and(|text| text.len() < 120), "{error}");
    }
}
