//! Which prediction belongs to which target: files as given, folders by name.

use crate::error::{Failure, Outcome};
use crate::read::plain;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What they are called in tables: the name without extension and suffix.
    pub name: String,
    /// Of the model that is judged.
    pub prediction: PathBuf,
    /// Of what it is judged by.
    pub target: PathBuf,
}

/// Names in a message: more are counted.
const SHOWN: usize = 3;

/// Pairs of two files or two folders.
///
/// # Errors
///
/// A file against a folder, a folder that cannot be read or is empty, names without a partner, or two files of one name.
pub fn pairs(prediction: &Path, target: &Path, suffixes: [&str; 2]) -> Outcome<Vec<Pair>> {
    match (prediction.is_dir(), target.is_dir()) {
        (false, false) => {
            let name = prediction.file_stem().unwrap_or(prediction.as_os_str()).to_string_lossy();
            let name = name.strip_suffix(suffixes[0]).unwrap_or(&name).to_string();
            Ok(vec![Pair { name, prediction: prediction.into(), target: target.into() }])
        }
        (true, true) => {
            let predictions = folder(prediction, suffixes[0])?;
            let mut targets = folder(target, suffixes[1])?;
            let mut pairs = Vec::new();
            let mut alone = Vec::new();
            for (name, prediction) in predictions {
                match targets.remove(&name) {
                    Some(target) => pairs.push(Pair { name, prediction, target }),
                    None => alone.push(name),
                }
            }
            unpaired(&alone, prediction, target)?;
            unpaired(&targets.into_keys().collect::<Vec<_>>(), target, prediction)?;
            Ok(pairs)
        }
        _ => {
            let (folder, file) = if prediction.is_dir() { (prediction, target) } else { (target, prediction) };
            Err(Failure::new(
                format!("{} is a folder and {} is not", folder.display(), file.display()),
                "name two files or two folders",
            ))
        }
    }
}

fn unpaired(names: &[String], of: &Path, within: &Path) -> Outcome<()> {
    if names.is_empty() {
        return Ok(());
    }
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    let shown = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Err(Failure::new(
        format!("{shown}{more} of {} have no partner in {}", of.display(), within.display()),
        "rename them, move them away, or give `--pred-suffix` and `--target-suffix`",
    ))
}

/// The files of a folder by name, in order; hidden ones are not looked at.
///
/// # Errors
///
/// A folder that cannot be read or holds no files, and two files of one name.
pub fn folder(path: &Path, suffix: &str) -> Outcome<BTreeMap<String, PathBuf>> {
    let unread = |error: std::io::Error| Failure::new(plain(&error), "check the path and its permissions").at(path);
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(path).map_err(unread)? {
        let file = entry.map_err(unread)?.path();
        let Some(stem) = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else { continue };
        if !file.is_file() || stem.starts_with('.') {
            continue;
        }
        // Where a folder holds both sides, the suffix tells them apart.
        let Some(name) = stem.strip_suffix(suffix).map(str::to_string) else { continue };
        if let Some(other) = files.insert(name, file.clone()) {
            return Err(Failure::new(
                format!("{} and {} are both of one name", other.display(), file.display()),
                "keep one of them",
            ));
        }
    }
    if files.is_empty() {
        let which = if suffix.is_empty() { String::new() } else { format!(" whose names end in `{suffix}`") };
        return Err(Failure::new(format!("no files{which}"), "check the path and the suffix").at(path));
    }
    Ok(files)
}
