//! `.npz`: a zip archive of .npy files, stored or deflated.

use super::{Source, npy};
use crate::error::{Failure, Outcome};
use std::io::{Cursor, Read, Seek, SeekFrom};
use zip::{CompressionMethod, ZipArchive};

/// Names in a message.
const SHOWN: usize = 8;

pub fn open<'r>(mut bytes: impl Read, key: Option<&str>) -> Outcome<Source<'r>> {
    let broken = |what: String| Failure::new(format!("not a readable .npz: {what}"), "write it with numpy.savez");
    // The directory is at the end.
    let mut file = Vec::new();
    bytes.read_to_end(&mut file).map_err(|error| broken(super::plain(&error)))?;
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|error| broken(error.to_string()))?;
    let names: Vec<String> =
        archive.file_names().flatten().filter_map(|name| Some(name.strip_suffix(".npy")?.to_string())).collect();
    let name = match (key, &names[..]) {
        (Some(key), _) if names.iter().any(|name| name == key) => key,
        (None, [only]) => only.as_str(),
        (_, []) => return Err(broken("no array in it".into())),
        _ => {
            let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
            let what = match key {
                Some(key) => format!("no array `{key}` among {} arrays ({})", names.len(), shown.join(", ")),
                None => format!("{} arrays ({})", names.len(), shown.join(", ")),
            };
            return Err(Failure::new(what, "name one with `--key` (of a target `--target-key`)"));
        }
    };
    let (start, stored, method) = place(&mut archive, name).map_err(broken)?;
    let mut file = archive.into_inner();
    file.seek(SeekFrom::Start(start)).map_err(|error| broken(super::plain(&error)))?;
    let packed = file.take(stored);
    if method == CompressionMethod::STORE {
        npy::open(packed, Some(stored))
    } else if method == CompressionMethod::DEFLATE {
        // What the directory says of the decoded length may be a lie.
        let source = npy::open(flate2::read::DeflateDecoder::new(packed), None)?;
        Ok(Source { unmeasured: true, ..source })
    } else {
        Err(broken(format!("compressed by {method}")))
    }
}

/// Where an array's bytes begin, how many they are, and how they are packed.
fn place<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str) -> Result<(u64, u64, CompressionMethod), String> {
    let index = archive.index_for_name(&format!("{name}.npy")).ok_or("its directory is broken")?;
    let entry = archive.by_index_raw(index).map_err(|error| error.to_string())?;
    if entry.encrypted() {
        return Err("it is encrypted".into());
    }
    let start = entry.data_start().ok_or("its directory is broken")?;
    Ok((start, entry.compressed_size(), entry.compression()))
}
