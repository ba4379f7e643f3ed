//! Where reports go. A regular file is there whole or not at all: written beside its place, and moved there at the end, with the
//! permissions that stood there or that the umask gives. What is no regular file (a device, a pipe, the standard output) is
//! written through at the end and never replaced; a link stays, and what it leads to is written.

use crate::error::{Failure, Outcome};
use crate::read::plain;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::{NamedTempFile, SpooledTempFile};

/// An output that was begun.
#[derive(Debug)]
pub struct Pending {
    place: Place,
    path: PathBuf,
}

#[derive(Debug)]
enum Place {
    /// A file beside its place.
    Beside(NamedTempFile),
    /// What is to be written through when it is whole; without a path to the standard output.
    Through(SpooledTempFile, Option<PathBuf>),
}

/// Bytes that are kept in memory until they are written through.
const IN_MEMORY: usize = 1 << 20;
/// Links that lead to each other, at most.
const MOST_LINKS: usize = 40;

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
                let _ = fs::remove_file(path);
            }
        }
        std::process::exit(130);
    };
    ctrlc::set_handler(removed).map_err(|error| Failure::new(error, "run it without a handler of its own"))
}

/// `-`, or a name that the system has for the standard output.
#[must_use]
pub fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

impl Pending {
    /// Begins an output.
    ///
    /// # Errors
    ///
    /// The folder is missing or cannot be written, or `path` is a folder.
    pub fn begin(path: &Path) -> Outcome<Self> {
        let through = |to| Ok(Self { place: Place::Through(SpooledTempFile::new(IN_MEMORY), to), path: path.into() });
        if is_stdout(path) {
            return through(None);
        }
        let failed = |error: &std::io::Error| {
            let remedy = "name a folder that exists and may be written";
            Failure::new(format!("cannot be written: {}", plain(error)), remedy).at(path)
        };
        let end = followed(path).map_err(|error| failed(&error))?;
        let there = fs::metadata(&end).ok();
        if end.is_dir() || end.file_name().is_none() {
            return Err(Failure::new("a folder cannot be written as a file", "name a file in it").at(path));
        }
        let special = there.as_ref().is_some_and(|there| !there.is_file());
        if special || end.starts_with("/dev") || end.starts_with("/proc") {
            return through(Some(end));
        }
        if there.is_some() {
            // Who may not write it may not replace it.
            OpenOptions::new().write(true).open(&end).map_err(|error| failed(&error))?;
        }
        let folder = match end.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".soft-dice-").suffix(".part");
        // As any new file has them: the system takes away what the umask says.
        #[cfg(unix)]
        let builder = {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666))
        };
        // The lock spans creation and registration, so that the handler sees all or none.
        let mut begun = BEGUN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let file = builder.tempfile_in(folder).map_err(|error| failed(&error))?;
        if let Some(there) = there {
            fs::set_permissions(file.path(), there.permissions()).map_err(|error| failed(&error))?;
        }
        begun.push(file.path().into());
        Ok(Self { place: Place::Beside(file), path: end })
    }

    /// To write it line by line.
    pub fn open(&mut self) -> &mut dyn Write {
        match &mut self.place {
            Place::Beside(file) => file,
            Place::Through(file, _) => file,
        }
    }

    /// A report, piece by piece: its text may be longer than all maps in memory.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn json(&mut self, report: &impl serde::Serialize) -> Outcome<()> {
        let mut out = std::io::BufWriter::new(self.open());
        let written = serde_json::to_writer_pretty(&mut out, report).map_err(std::io::Error::from);
        let written = written.and_then(|()| out.flush());
        drop(out);
        written.map_err(|error| full(&error).at(&self.path))
    }

    /// Adds to it and brings it to its place.
    ///
    /// # Errors
    ///
    /// A full disk, or a place that has become unwritable. Then nothing is left behind.
    pub fn commit(mut self, contents: &[u8]) -> Outcome<()> {
        self.open().write_all(contents).map_err(|error| full(&error).at(&self.path))?;
        let Self { place, path } = self;
        let done = match place {
            Place::Beside(file) => match file.as_file().sync_all() {
                Ok(()) => file.persist(&path).map(drop).map_err(|error| error.error),
                failed => failed,
            },
            Place::Through(mut whole, to) => whole.rewind().and_then(|()| match to {
                None => std::io::copy(&mut whole, &mut std::io::stdout().lock()).map(drop),
                Some(to) => {
                    let mut open = OpenOptions::new().append(true).open(to)?;
                    std::io::copy(&mut whole, &mut open).map(drop)
                }
            }),
        };
        match done {
            // A reader that has gone away (`| head`) is no error.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            done => done.map_err(|error| full(&error).at(&path)),
        }
    }
}

fn full(error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot be written: {}", plain(error)), "free some space, or name another place")
}

/// Where a path leads, through links that may lead to what is not there yet.
fn followed(path: &Path) -> std::io::Result<PathBuf> {
    let mut end = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::symlink_metadata(&end) {
            Ok(there) if there.file_type().is_symlink() => {
                let next = fs::read_link(&end)?;
                // A process's own descriptors lead to names that are none; what they are is asked of the link itself.
                if end.starts_with("/proc") || end.starts_with("/dev") {
                    return Ok(end);
                }
                end = end.parent().map_or_else(|| next.clone(), |folder| folder.join(&next));
            }
            _ => return Ok(end),
        }
    }
    Err(std::io::Error::other("links that lead in a circle"))
}
