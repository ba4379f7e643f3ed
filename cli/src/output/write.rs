//! Files that are there whole or not at all: written beside their place, and moved there at the end.

use crate::error::{Failure, Outcome};
use crate::read::plain;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::NamedTempFile;

/// A file that was begun.
#[derive(Debug)]
pub struct Pending {
    file: NamedTempFile,
    path: PathBuf,
}

/// What to remove where the user stops the run: a signal runs no destructor.
static BEGUN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Files that were begun are removed on SIGINT and SIGTERM, and the exit code is 130.
///
/// # Errors
///
/// A handler cannot be set.
pub fn remove_on_interrupt() -> Outcome<()> {
    let removed = || {
        if let Ok(begun) = BEGUN.lock() {
            for path in begun.iter() {
                // It may have been moved to its place in this moment.
                let _ = std::fs::remove_file(path);
            }
        }
        std::process::exit(130);
    };
    ctrlc::set_handler(removed).map_err(|error| Failure::new(error, "run it without a handler of its own"))
}

impl Pending {
    /// Begins a file in the folder of `path`.
    ///
    /// # Errors
    ///
    /// The folder is missing or cannot be written, or `path` is a folder.
    pub fn begin(path: &Path) -> Outcome<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if path.is_dir() || path.file_name().is_none() {
            return Err(Failure::new("a folder cannot be written as a file", "name a file in it").at(path));
        }
        // The lock spans creation and registration, so that the handler sees all or none.
        let mut begun = BEGUN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let file = tempfile::Builder::new().prefix(".soft-dice-").suffix(".part").tempfile_in(folder);
        let file = file.map_err(|error| {
            let remedy = "name a folder that exists and may be written";
            Failure::new(format!("cannot be written: {}", plain(&error)), remedy).at(path)
        })?;
        begun.push(file.path().into());
        Ok(Self { file, path: path.into() })
    }

    /// To write it line by line.
    pub fn open(&mut self) -> &mut impl Write {
        &mut self.file
    }

    /// A report, piece by piece: its text may be longer than all maps in memory.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn json(&mut self, report: &impl serde::Serialize) -> Outcome<()> {
        let mut out = std::io::BufWriter::new(&mut self.file);
        let written = serde_json::to_writer_pretty(&mut out, report).map_err(std::io::Error::from);
        written.and_then(|()| out.flush()).map_err(|error| {
            let what = format!("cannot be written: {}", plain(&error));
            Failure::new(what, "free some space, or name another place").at(&self.path)
        })
    }

    /// Adds to it and moves it to its place.
    ///
    /// # Errors
    ///
    /// A full disk, or a place that has become unwritable. Then nothing is left behind.
    pub fn commit(mut self, contents: &[u8]) -> Outcome<()> {
        let failed = |error: &std::io::Error| {
            Failure::new(format!("cannot be written: {}", plain(error)), "free some space, or name another place")
        };
        let written = self.file.write_all(contents).and_then(|()| self.file.as_file().sync_all());
        written.map_err(|error| failed(&error).at(&self.path))?;
        // Such a file is private until now; what is left has the permissions of any other.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let shared = std::fs::Permissions::from_mode(0o644);
            self.file.as_file().set_permissions(shared).map_err(|error| failed(&error).at(&self.path))?;
        }
        self.file.persist(&self.path).map_err(|error| failed(&error.error).at(&self.path))?;
        Ok(())
    }
}
