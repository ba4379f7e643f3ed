//! The maps of a folder.

use crate::error::{Failure, Outcome};
use crate::pair::Affixes;
use crate::read::{ending, plain, readable};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a folder holds.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Its maps, in order of their names.
    pub files: Vec<Box<Path>>,
    /// Files that are no maps, or of another affix.
    pub others: usize,
    /// Folders that were not looked into.
    pub folders: usize,
}

/// Folders within folders at most: a link may lead in a circle.
const DEPTH: usize = 32;

/// The maps of a folder whose names have the affixes; hidden files are not looked at.
///
/// # Errors
///
/// A folder that cannot be read or holds no maps, and two files of one name.
pub fn folder(path: &Path, affixes: Affixes<'_>, recursive: bool, raw: bool) -> Outcome<Listing> {
    let mut listing = Listing::default();
    let mut endings = BTreeMap::new();
    walk(path, affixes, recursive, raw, DEPTH, &mut listing, &mut endings)?;
    let Listing { files, .. } = &mut listing;
    files.sort_by(|a, b| affixes.key(a, path).cmp(&affixes.key(b, path)).then_with(|| a.cmp(b)));
    let of_one_name = |two: &&[Box<Path>]| affixes.key(&two[0], path) == affixes.key(&two[1], path);
    if let Some([one, other]) = files.windows(2).find(of_one_name) {
        return Err(Failure::new(
            format!("{} and {} are both of one name", one.display(), other.display()),
            "keep one of them",
        ));
    }
    if files.is_empty() {
        let mut which = String::new();
        if !affixes.prefix.is_empty() {
            which += &format!(" whose names begin with `{}`", affixes.prefix);
        }
        if !affixes.suffix.is_empty() {
            which += &format!(" whose names end in `{}`", affixes.suffix);
        }
        let others: Vec<String> = endings.iter().take(4).map(|(ending, count)| format!("{count} {ending}")).collect();
        let others = if others.is_empty() { String::new() } else { format!(" (but {})", others.join(", ")) };
        return Err(Failure::new(
            format!("no files{which}{others} that are maps"),
            "check the path, the prefix and the suffix; maps are .npy, .npz, .png, .tif, .nii, .nii.gz, or raw with `--dtype` and `--shape`",
        )
        .at(path));
    }
    Ok(listing)
}

fn walk(
    path: &Path,
    affixes: Affixes<'_>,
    recursive: bool,
    raw: bool,
    depth: usize,
    listing: &mut Listing,
    endings: &mut BTreeMap<String, usize>,
) -> Outcome<()> {
    let unread = |error: std::io::Error| Failure::new(plain(&error), "check the path and its permissions").at(path);
    for entry in std::fs::read_dir(path).map_err(unread)? {
        let file = entry.map_err(unread)?.path();
        let hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if file.is_dir() {
            if recursive && depth > 0 {
                walk(&file, affixes, recursive, raw, depth - 1, listing, endings)?;
            } else {
                listing.folders += 1;
            }
        } else if readable(&ending(&file), raw) && affixes.fit(&file) {
            // Where a folder holds both sides, the affixes tell them apart.
            listing.files.push(PathBuf::into_boxed_path(file));
        } else {
            listing.others += 1;
            let of = ending(&file);
            *endings.entry(if of.is_empty() { "without ending".into() } else { format!(".{of}") }).or_default() += 1;
        }
    }
    Ok(())
}
