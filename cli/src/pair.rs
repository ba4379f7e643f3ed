//! Which prediction belongs to which target: files as given, folders and lists by name.

use crate::error::{Failure, Outcome};
use crate::folder::{Listing, folder};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use unicode_normalization::{UnicodeNormalization, is_nfc};

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

/// What the names of a side have beside the frame's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Affixes<'a> {
    /// Before it.
    pub prefix: &'a str,
    /// After it, before the extension.
    pub suffix: &'a str,
}

impl Affixes<'_> {
    /// Whether a file's name has both.
    #[must_use]
    pub fn fit(&self, path: &Path) -> bool {
        let name = stem(path);
        name.len() >= self.prefix.len() + self.suffix.len()
            && name.starts_with(self.prefix)
            && name.ends_with(self.suffix)
    }

    /// What pairs a file: its name without them, below the folder `base`, composed as Unicode wants it, so that names of a Mac
    /// and of Linux are alike.
    #[must_use]
    pub fn key<'p>(&self, path: &'p Path, base: &Path) -> Cow<'p, str> {
        let name = stem(path);
        let name = match name {
            Cow::Borrowed(name) => Cow::Borrowed(name.strip_prefix(self.prefix).unwrap_or(name)),
            Cow::Owned(name) => Cow::Owned(name.strip_prefix(self.prefix).unwrap_or(&name).to_string()),
        };
        let name = if name.ends_with(self.suffix) { shorter(name, self.suffix.len()) } else { name };
        let within = path.parent().and_then(|folder| folder.strip_prefix(base).ok()).unwrap_or(Path::new(""));
        let name =
            if within.as_os_str().is_empty() { name } else { Cow::Owned(format!("{}/{name}", within.display())) };
        if is_nfc(&name) { name } else { Cow::Owned(name.nfc().collect()) }
    }
}

/// A file's name without its extension: of `a.nii.gz` without both.
fn stem(path: &Path) -> Cow<'_, str> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let ending = crate::read::ending(path);
    if ending.is_empty() || name.len() <= ending.len() + 1 {
        return name;
    }
    shorter(name, ending.len() + 1)
}

fn shorter(name: Cow<'_, str>, by: usize) -> Cow<'_, str> {
    let length = name.len().saturating_sub(by);
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.get(..length).unwrap_or(name)),
        Cow::Owned(mut name) => {
            if name.is_char_boundary(length) {
                name.truncate(length);
            }
            Cow::Owned(name)
        }
    }
}

/// What becomes of files without a partner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Unpaired {
    /// None may be without one.
    #[default]
    Refuse,
    /// They are left out and counted.
    Skip,
    /// Targets without a prediction are; a prediction without a target is refused.
    SkipTargets,
    /// Predictions without a target are; a target without a prediction is refused.
    SkipPredictions,
}

/// How two sides are paired.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pairing<'a> {
    /// Of predictions and of targets.
    pub affixes: [Affixes<'a>; 2],
    /// Folders within folders too.
    pub recursive: bool,
    /// Files without a header are described: any ending may be one.
    pub raw: [bool; 2],
    /// Those without a partner.
    pub unpaired: Unpaired,
    /// Lists are paired as they are given, whatever the names.
    pub in_order: bool,
}

/// Pairs, and what was left out.
#[derive(Clone, Debug, Default)]
pub struct Paired {
    /// In order of their names.
    pub pairs: Vec<Pair>,
    /// Predictions without a target.
    pub predictions_alone: usize,
    /// Targets without a prediction.
    pub targets_alone: usize,
    /// Files of folders that are no maps.
    pub others: usize,
    /// Folders within them that were not looked into.
    pub folders: usize,
}

/// Names in a message: more are counted.
const SHOWN: usize = 3;

/// Pairs of two files or two folders.
///
/// # Errors
///
/// A file against a folder, a folder that cannot be read or is empty, names without a partner, or two files of one name.
pub fn pairs(prediction: &Path, target: &Path, suffixes: [&str; 2]) -> Outcome<Vec<Pair>> {
    let affixes = suffixes.map(|suffix| Affixes { suffix, ..Affixes::default() });
    let pairing = Pairing { affixes, raw: [true; 2], ..Pairing::default() };
    Ok(pairing.two(prediction, target)?.pairs)
}

impl Pairing<'_> {
    /// Two files, or two folders.
    ///
    /// # Errors
    ///
    /// As [`pairs`].
    pub fn two(&self, prediction: &Path, target: &Path) -> Outcome<Paired> {
        match (prediction.is_dir(), target.is_dir()) {
            (false, false) => {
                let pair = Pair { prediction: prediction.into(), target: target.into() };
                Ok(Paired { pairs: vec![pair], ..Paired::default() })
            }
            (true, true) => {
                let list = |path: &Path, side: usize| folder(path, self.affixes[side], self.recursive, self.raw[side]);
                self.merged([list(prediction, 0)?, list(target, 1)?], [prediction, target])
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

    /// Lists of files, as a shell writes them out.
    ///
    /// # Errors
    ///
    /// Lists of different lengths, or names that do not pair.
    pub fn lists(&self, predictions: &[PathBuf], targets: &[&PathBuf]) -> Outcome<Paired> {
        if let ([prediction], [target]) = (predictions, targets) {
            return self.two(prediction, target);
        }
        if let Some(folder) = predictions.iter().chain(targets.iter().copied()).find(|path| path.is_dir()) {
            let remedy = "name one folder after each of `--pred` and `--target`, or files alone";
            return Err(Failure::new(format!("{} is a folder among others", folder.display()), remedy));
        }
        if self.in_order {
            if predictions.len() != targets.len() {
                return Err(Failure::new(
                    format!("{} predictions and {} targets", predictions.len(), targets.len()),
                    "`--in-order` wants as many of the one as of the other",
                ));
            }
            let pair = |(prediction, target): (&PathBuf, &&PathBuf)| Pair {
                prediction: prediction.as_path().into(),
                target: target.as_path().into(),
            };
            return Ok(Paired { pairs: predictions.iter().zip(targets).map(pair).collect(), ..Paired::default() });
        }
        let list = |paths: &mut dyn Iterator<Item = &PathBuf>| Listing {
            files: paths.map(|path| path.as_path().into()).collect(),
            others: 0,
            folders: 0,
        };
        // Files of a list may come from anywhere: their names alone pair them.
        let mut sorted = [list(&mut predictions.iter()), list(&mut targets.iter().copied())];
        for (side, listing) in sorted.iter_mut().enumerate() {
            listing.files.sort_by(|a, b| self.key_of_list(side, a).cmp(&self.key_of_list(side, b)));
            let alike = |two: &&[Box<Path>]| self.key_of_list(side, &two[0]) == self.key_of_list(side, &two[1]);
            if let Some([one, other]) = listing.files.windows(2).find(alike) {
                return Err(Failure::new(
                    format!("{} and {} are both of one name", one.display(), other.display()),
                    "keep one of them, or pair them with `--in-order`",
                ));
            }
        }
        self.merged(sorted, [Path::new("`--pred`"), Path::new("`--target`")])
    }

    fn key_of_list<'p>(&self, side: usize, path: &'p Path) -> Cow<'p, str> {
        self.affixes[side].key(path, path.parent().unwrap_or(Path::new("")))
    }

    fn merged(&self, [ours, theirs]: [Listing; 2], bases: [&Path; 2]) -> Outcome<Paired> {
        let lists = !bases[0].is_dir();
        let key = |path: &Path, side: usize| {
            let own = path.parent().unwrap_or(Path::new(""));
            self.affixes[side].key(path, if lists { own } else { bases[side] }).into_owned()
        };
        let (others, folders) = (ours.others + theirs.others, ours.folders + theirs.folders);
        let mut predictions = ours.files.into_iter().peekable();
        let mut targets = theirs.files.into_iter().peekable();
        let mut paired = Paired { others, folders, ..Paired::default() };
        // Names of the one and of the other without a partner.
        let mut alone = [Vec::new(), Vec::new()];
        loop {
            let order = match (predictions.peek(), targets.peek()) {
                (Some(p), Some(t)) => key(p, 0).cmp(&key(t, 1)),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let p = (order != Ordering::Greater).then(|| predictions.next()).flatten();
            let t = (order != Ordering::Less).then(|| targets.next()).flatten();
            match (p, t) {
                (Some(prediction), Some(target)) => paired.pairs.push(Pair { prediction, target }),
                (p, t) => {
                    alone[0].extend(p.map(|p| key(&p, 0)));
                    alone[1].extend(t.map(|t| key(&t, 1)));
                }
            }
        }
        let [skip_ours, skip_theirs] = match self.unpaired {
            Unpaired::Refuse => [false, false],
            Unpaired::Skip => [true, true],
            Unpaired::SkipTargets => [false, true],
            Unpaired::SkipPredictions => [true, false],
        };
        if !skip_ours {
            unpaired(&alone[0], bases[0], bases[1])?;
        }
        if !skip_theirs {
            unpaired(&alone[1], bases[1], bases[0])?;
        }
        if paired.pairs.is_empty() {
            let what = format!("no file of {} has a partner in {}", bases[0].display(), bases[1].display());
            return Err(Failure::new(what, AFFIXES));
        }
        [paired.predictions_alone, paired.targets_alone] = alone.map(|names| names.len());
        Ok(paired)
    }
}

const AFFIXES: &str = "rename them, give `--pred-suffix`, `--target-suffix`, `--pred-prefix` or `--target-prefix`, or leave them \
                       out with `--unpaired skip`";

fn unpaired(names: &[String], of: &Path, within: &Path) -> Outcome<()> {
    if names.is_empty() {
        return Ok(());
    }
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    let shown = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Err(Failure::new(format!("{shown}{more} of {} have no partner in {}", of.display(), within.display()), AFFIXES))
}
