//! Folders and lists: names pair, whatever lies beside them is left alone and counted, and one bad file need not end a run.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use support::{folder, line, npy, run, write};
use tempfile::TempDir;

/// A map of 2×3 whose Dice with [`mask`] is 1 for `right` and 0 otherwise.
fn map(folder: &TempDir, name: &str, right: bool) -> PathBuf {
    let numbers = if right { [255, 0, 255, 0, 0, 0] } else { [0, 255, 0, 0, 0, 0] };
    file(folder, name, &npy("|u1", &[2, 3], false, &numbers))
}

fn mask(folder: &TempDir, name: &str) -> PathBuf {
    file(folder, name, &npy("|b1", &[2, 3], false, &[1, 0, 1, 0, 0, 0]))
}

fn file(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    write(folder, name, bytes)
}

fn json(arguments: &str, files: &[&Path]) -> Value {
    support::json(&format!("score {arguments}"), files)
}

fn refused(arguments: &str, files: &[&Path]) -> String {
    let output = run(line(&format!("score {arguments}"), files));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{said}");
    said
}

fn names(report: &Value) -> Vec<String> {
    let mut names: Vec<String> = report["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| file["name"].as_str().expect("a name").into())
        .collect();
    names.sort();
    names
}

#[test]
fn other_files_are_left_alone_and_counted() {
    let (ours, theirs) = (folder(), folder());
    for name in ["a.npy", "b.npy"] {
        map(&ours, name, true);
        mask(&theirs, name);
    }
    for name in ["README.md", "Thumbs.db", "list.csv", "notes"] {
        file(&ours, name, b"text");
    }
    file(&theirs, "b.jpg", b"\xFF\xD8\xFF");
    map(&ours, "deeper/c.npy", true);
    let report = json("@ @", &[ours.path(), theirs.path()]);
    assert_eq!(names(&report), ["a", "b"]);
    assert_eq!((&report["left"]["others"], &report["left"]["folders"]), (&5.into(), &1.into()));
    let printed = run(line("score @ @", &[ours.path(), theirs.path()])).stdout;
    assert!(String::from_utf8_lossy(&printed).contains("left alone: 5 other files, 1 folders within"));
    // Nothing but other files: they are named.
    let only = folder();
    file(&only, "a.jpg", b"\xFF\xD8\xFF");
    let said = refused("@ @", &[only.path(), theirs.path()]);
    assert!(said.contains("1 .jpg"), "{said}");
}

#[test]
fn folders_within_folders() {
    let (ours, theirs) = (folder(), folder());
    for name in ["x/a.npy", "y/a.npy", "b.npy"] {
        map(&ours, name, name != "y/a.npy");
        mask(&theirs, name);
    }
    let report = json("@ @ --recursive", &[ours.path(), theirs.path()]);
    assert_eq!(names(&report).len(), 3);
    assert_eq!(report["files"][0]["scores"]["dice"], 0.0);
    assert!(report["files"][0]["prediction"].as_str().expect("a path").contains("y/a.npy"), "{report}");
}

#[test]
fn prefixes_suffixes_and_composed_names() {
    let (ours, theirs) = (folder(), folder());
    // é as one character, as Linux has it, and as two, as a Mac writes it.
    map(&ours, "pred_caf\u{e9}_q8.npy", true);
    mask(&theirs, "mask_cafe\u{301}.npy");
    map(&ours, "other.npy", true);
    let report = json("@ @ --pred-prefix pred_ --pred-suffix _q8 --target-prefix mask_", &[ours.path(), theirs.path()]);
    assert_eq!(report["mean"]["dice"], 1.0);
    assert_eq!(report["left"]["others"], 1);
    let said = refused("@ @", &[ours.path(), theirs.path()]);
    assert!(said.contains("`--pred-prefix`") && said.contains("`--unpaired skip`"), "{said}");
}

#[test]
fn files_without_a_partner() {
    let (ours, theirs) = (folder(), folder());
    for name in ["a.npy", "b.npy"] {
        map(&ours, name, true);
    }
    for name in ["a.npy", "c.npy", "d.npy"] {
        mask(&theirs, name);
    }
    let both = [ours.path(), theirs.path()];
    let report = json("@ @ --unpaired skip", &both);
    assert_eq!(names(&report), ["a"]);
    assert_eq!((&report["left"]["predictions"], &report["left"]["targets"]), (&1.into(), &2.into()));
    for (policy, words) in [("refuse", "`b`"), ("skip-targets", "`b`"), ("skip-predictions", "`c`, `d`")] {
        let said = refused(&format!("@ @ --unpaired {policy}"), &both);
        assert!(said.contains(words), "{policy}: {said}");
    }
}

#[test]
fn one_bad_file_does_not_end_the_run() {
    let (ours, theirs, out) = (folder(), folder(), folder());
    for name in ["a.npy", "b.npy", "c.npy", "d.npy"] {
        map(&ours, name, true);
        mask(&theirs, name);
    }
    file(&ours, "b.npy", b"\x93NUMPY");
    file(&theirs, "d.npy", &npy("|b1", &[3, 3], false, &[1; 9]));
    let path = out.path().join("x.json");
    let output = run(line("score @ @ --keep-going --json @", &[ours.path(), theirs.path(), &path]));
    assert_eq!(output.status.code(), Some(2));
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    for words in ["failed: b: ", "no header", "failed: d: ", "differ in shape", "pooled over 2 files"] {
        assert!(printed.contains(words), "{words}: {printed}");
    }
    assert!(String::from_utf8_lossy(&output.stderr).contains("2 of 4 files could not be scored"));
    let report: Value = serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
    assert_eq!(names(&report), ["a", "c"]);
    assert_eq!(report["failed"][0]["name"], "b");
    // Without it the first is told, and nothing is written.
    let said = refused("@ @", &[ours.path(), theirs.path()]);
    assert!(said.contains("b.npy") && said.contains("(and 1 more files failed)"), "{said}");
    // Where all are bad there is nothing to go on with.
    for name in ["a.npy", "c.npy"] {
        file(&ours, name, b"");
    }
    assert!(refused("@ @ --keep-going", &[ours.path(), theirs.path()]).contains("(and 3 more files failed)"));
}

#[test]
fn lists_as_a_shell_writes_them_out() {
    let (ours, theirs) = (folder(), folder());
    let maps = ["a.npy", "b.npy", "c.npy"].map(|name| map(&ours, name, name != "b.npy"));
    // In another order, as names without leading zeros come.
    let masks = ["c.npy", "a.npy", "b.npy"].map(|name| mask(&theirs, name));
    let all: Vec<&Path> = maps.iter().chain(&masks).map(PathBuf::as_path).collect();
    let report = json("--pred @ @ @ --target @ @ @", &all);
    assert_eq!(report["files"][0]["name"], "b");
    assert_eq!(report["files"][0]["scores"]["dice"], 0.0);
    assert!(report["files"][0]["target"].as_str().expect("a path").ends_with("b.npy"));
    let report = json("--in-order --pred @ @ @ --target @ @ @", &all);
    assert!(report["files"][0]["target"].as_str().expect("a path").ends_with("a.npy"));
    // Two at a time would pair predictions with predictions.
    let said = refused("@ @ @ @ @ @", &all);
    assert!(said.contains("6 paths") && said.contains("`--pred p/*.npy --target m/*.npy`"), "{said}");
    assert!(refused("@ @ @", &all).contains("3 paths"));
    assert!(refused("--pred @ @ @ --target @ @", &all).contains("no partner"));
    assert!(refused("--pred @ @ --in-order --target @", &all).contains("2 predictions and 1 targets"));
    assert!(refused("--pred @ @", &all).contains("`--pred` without targets"));
    // A role before the files is still a role.
    assert_eq!(json("--target mask @ @", &[&maps[0], &masks[1]])["mean"]["dice"], 1.0);
    assert_eq!(json("--pred @ --target mask @", &[&maps[0], &masks[1]])["mean"]["dice"], 1.0);
}
