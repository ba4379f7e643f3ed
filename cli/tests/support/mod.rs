//! Running the command, and files for it to read.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The command with these arguments.
pub fn run<A: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = A>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_soft-dice")).args(arguments).output().expect("the command runs")
}

/// Its JSON.
pub fn json(arguments: &str, files: &[&Path]) -> serde_json::Value {
    let output = run(line(arguments, files).into_iter().chain(["--json".into(), "-".into()]));
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The words of a command line, each `@` the next of the files.
pub fn line(arguments: &str, files: &[&Path]) -> Vec<String> {
    let mut files = files.iter();
    let word = |word: &str| match word {
        "@" => files.next().expect("a file for each @").display().to_string(),
        other => other.to_string(),
    };
    arguments.split_whitespace().map(word).collect()
}

/// The data that is shipped.
pub fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data")
}

/// The device data, if this machine has it.
pub fn device() -> Option<PathBuf> {
    Some(PathBuf::from(std::env::var_os("SOFT_DICE_DATA")?).join("device"))
}

/// A folder that is removed at the end.
pub fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

/// Bytes as a file.
pub fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

/// A .npy file of any type: `descr` as numpy writes it, the numbers as bytes.
pub fn npy(descr: &str, shape: &[usize], fortran: bool, numbers: &[u8]) -> Vec<u8> {
    let sides: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let order = if fortran { "True" } else { "False" };
    let mut text = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({sides}), }}");
    while (text.len() + 11) % 64 != 0 {
        text.push(' ');
    }
    text.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((text.len() as u16).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.extend(numbers);
    bytes
}

/// The numbers of a .npy file whose type is known.
pub fn read<T: npyz::Deserialize>(path: &Path) -> (Vec<usize>, Vec<T>) {
    let file = npyz::NpyFile::new(std::fs::File::open(path).expect("a file")).expect("a header");
    let shape = file.shape().iter().map(|&side| side as usize).collect();
    (shape, file.into_vec().expect("numbers"))
}
