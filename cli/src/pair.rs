//! Which prediction belongs to which target: files as given, folders by name.

use crate::error::{Failure, Outcome};
use crate::read::plain;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// Files of one frame. Of ten thousand frames this is what stays in memory, and no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Of the model that is judged.
    pub prediction: Box<Path>,
    /// Of what it is judged by.
    pub target: Box<Path>,
}

impl Pair {
    /// What they are called in tables: the prediction's name without extension and suffix.
    #[must_use]
    pub fn name(&self, suffix: &str) -> Cow<'_, str> {
        let name = stem(&self.prediction);
        if name.ends_with(suffix) { shorter(name, suffix.len()) } else { name }
    }
}

fn stem(path: &Path) -> Cow<'_, str> {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy()
}

fn shorter(name: Cow<'_, str>, by: usize) -> Cow<'_, str> {
    let length = name.len() - by;
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(&name[..length]),
        Cow::Owned(mut name) => {
            name.truncate(length);
            Cow::Owned(name)
        }
    }
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
        (false, false) => Ok(vec![Pair { prediction: prediction.into(), target: target.into() }]),
        (true, true) => {
            let mut predictions = folder(prediction, suffixes[0])?.into_iter().peekable();
            let mut targets = folder(target, suffixes[1])?.into_iter().peekable();
            let mut pairs = Vec::new();
            // Names of the one and of the other without a partner.
            let mut alone = [Vec::new(), Vec::new()];
            loop {
                let order = match (predictions.peek(), targets.peek()) {
                    (Some(p), Some(t)) => in_folder(p, suffixes[0]).cmp(&in_folder(t, suffixes[1])),
                    (Some(_), None) => Ordering::Less,
                    (None, Some(_)) => Ordering::Greater,
                    (None, None) => break,
                };
                let p = (order != Ordering::Greater).then(|| predictions.next()).flatten();
                let t = (order != Ordering::Less).then(|| targets.next()).flatten();
                match (p, t) {
                    (Some(prediction), Some(target)) => pairs.push(Pair { prediction, target }),
                    (p, t) => {
                        alone[0].extend(p.map(|p| in_folder(&p, suffixes[0]).into_owned()));
                        alone[1].extend(t.map(|t| in_folder(&t, suffixes[1]).into_owned()));
                    }
                }
            }
            unpaired(&alone[0], prediction, target)?;
            unpaired(&alone[1], target, prediction)?;
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

/// What a file whose name ends in the suffix is called.
fn in_folder<'p>(path: &'p Path, suffix: &str) -> Cow<'p, str> {
    let name = stem(path);
    shorter(name, suffix.len())
}

/// The files of a folder whose names end in the suffix, in order of their names; hidden ones are not looked at.
///
/// # Errors
///
/// A folder that cannot be read or holds no files, and two files of one name.
fn folder(path: &Path, suffix: &str) -> Outcome<Vec<Box<Path>>> {
    let unread = |error: std::io::Error| Failure::new(plain(&error), "check the path and its permissions").at(path);
    let mut files: Vec<Box<Path>> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unread)? {
        let file = entry.map_err(unread)?.path();
        // Where a folder holds both sides, the suffix tells them apart.
        if file.is_file() && !stem(&file).starts_with('.') && stem(&file).ends_with(suffix) {
            files.push(PathBuf::into_boxed_path(file));
        }
    }
    files.sort_by(|a, b| in_folder(a, suffix).cmp(&in_folder(b, suffix)).then_with(|| a.cmp(b)));
    let of_one_name = |two: &&[Box<Path>]| in_folder(&two[0], suffix) == in_folder(&two[1], suffix);
    if let Some([one, other]) = files.windows(2).find(of_one_name) {
        return Err(Failure::new(
            format!("{} and {} are both of one name", one.display(), other.display()),
            "keep one of them",
        ));
    }
    if files.is_empty() {
        let which = if suffix.is_empty() { String::new() } else { format!(" whose names end in `{suffix}`") };
        return Err(Failure::new(format!("no files{which}"), "check the path and the suffix").at(path));
    }
    Ok(files)
}
