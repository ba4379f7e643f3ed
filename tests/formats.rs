//! `defmt::Format` on everything public: the feature's promise, kept by reading the sources, so that no new type is left
//! out. That the implementations compile is the feature's own build.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else {
            found.push(entry);
        }
    }
}

/// The names of public types whose attributes do not hide them, each with whether they derive `defmt::Format`.
fn types(text: &str) -> Vec<(&str, bool)> {
    let (mut hidden, mut derived, mut found) = (false, false, Vec::new());
    for line in text.lines() {
        hidden |= line == "#[doc(hidden)]";
        derived |= line.contains("derive(defmt::Format)");
        let name = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
        if let Some(name) = name.filter(|_| !hidden) {
            let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
            found.push((&name[..end], derived));
        }
        if !line.starts_with('#') && !line.starts_with("//") {
            (hidden, derived) = (false, false);
        }
    }
    found
}

#[test]
fn every_public_type_has_a_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    // The kernel's module is hidden as a whole.
    files.retain(|file| !file.starts_with(folder.join("kernel")) && !file.ends_with("kernel.rs"));
    let all: String = files.iter().map(|file| fs::read_to_string(file).expect("a source")).collect();
    let by_hand = |name: &str| {
        all.lines().any(|line| {
            let of = line.split_once("defmt::Format for ").map(|(_, of)| of.trim_start_matches("crate::"));
            of.is_some_and(|of| of.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '<'])))
        })
    };
    let types = types(&all);
    let without: Vec<&str> =
        types.iter().filter(|(name, derived)| !derived && !by_hand(name)).map(|(name, _)| *name).collect();
    println!("{} public types", types.len());
    assert!(types.len() > 60, "the reader of sources no longer sees them");
    assert!(without.is_empty(), "without defmt::Format: {without:?}");
}
