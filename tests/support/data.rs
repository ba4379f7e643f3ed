//! Recorded maps and the values that others gave on them.

#![allow(dead_code, reason = "each test binary uses some")]

use serde_json::Value;
use std::path::{Path, PathBuf};

/// What the repository ships.
pub fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// More real output, where the environment says.
pub fn device() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("SOFT_DICE_DATA")?).join("device");
    assert!(folder.is_dir(), "SOFT_DICE_DATA is set, but {} is not there", folder.display());
    Some(folder)
}

pub fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    // Python writes NaN, which JSON does not know.
    serde_json::from_str(&text.replace("NaN", "null")).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Shape and values of a .npy file.
pub fn npy<T: npyz::Deserialize>(path: &Path) -> (Vec<usize>, Vec<T>) {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = npyz::NpyFile::new(&bytes[..]).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let shape = file.shape().iter().map(|&n| n as usize).collect();
    (shape, file.into_vec().unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}
