//! What `docs/command.md` shows is what the command prints: every `$ soft-dice …` of its blocks is run.

use std::path::Path;
use std::process::Command;

#[test]
fn shown_output_is_real() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(top.join("docs/command.md")).expect("the page");
    let mut shown = 0;
    for block in page.split("```").skip(1).step_by(2) {
        let runs = block.split("$ soft-dice ").skip(1);
        for run in runs {
            let (line, expected) = run.split_once('\n').expect("a line");
            let arguments: Vec<&str> = line.split_whitespace().collect();
            let output = Command::new(env!("CARGO_BIN_EXE_soft-dice")).args(arguments).current_dir(&top).output();
            let printed = output.expect("the command runs").stdout;
            let printed = String::from_utf8(printed).expect("UTF-8");
            assert_eq!(printed.trim(), expected.trim(), "soft-dice {line}");
            shown += 1;
        }
    }
    println!("{shown} outputs of docs/command.md are real");
    // One of `score`, two of `compare`, one of `watch`.
    assert!(shown >= 4, "{shown}");
}

/// 80 columns, and no description in more than two lines.
#[test]
fn help_is_narrow_and_short() {
    for command in ["score", "compare", "watch", "log", "diff"] {
        let output = Command::new(env!("CARGO_BIN_EXE_soft-dice")).args([command, "--help"]).output().expect("it runs");
        let help = String::from_utf8(output.stdout).expect("UTF-8");
        let mut lines = 0;
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
            let described = line
                .strip_prefix("          ")
                .is_some_and(|text| !text.trim().is_empty() && !text.starts_with(['-', ' ', '[']));
            lines = if described { lines + 1 } else { 0 };
            assert!(lines <= 2, "{command}: {line}");
        }
    }
}

#[test]
fn help_names_what_is_needed() {
    for (arguments, words) in [
        (&["--help"][..], &["score", "compare", "watch", "--threads", "--quiet"][..]),
        (&["score", "--help"], &["Examples:", "Exit code:", "--zero-point", "--min-dice", "--preset", "--ignore"]),
        (&["compare", "--help"], &["Examples:", "Exit code:", "--independent", "--float-suffix", "--threshold"]),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_soft-dice")).args(arguments).output().expect("the command runs");
        let help = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(output.status.success());
        for word in words {
            assert!(help.contains(word), "{arguments:?}: {word}");
        }
    }
}
