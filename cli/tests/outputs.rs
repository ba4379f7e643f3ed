//! Outputs keep what they find: devices, pipes and links are written through, permissions hold, a regular file is whole or
//! absent.
#![cfg(unix)]

mod support;

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use support::{folder, line, npy, run, write};
use tempfile::TempDir;

fn map(folder: &TempDir) -> PathBuf {
    write(folder, "map.npy", &npy("|u1", &[2, 3], false, &[255, 0, 255, 0, 0, 9]))
}

fn mask(folder: &TempDir) -> PathBuf {
    write(folder, "mask.npy", &npy("|b1", &[2, 3], false, &[1, 0, 1, 0, 0, 0]))
}

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o7777
}

#[test]
fn links_stay_and_permissions_hold() {
    let folder = folder();
    let (map, mask) = (map(&folder), mask(&folder));
    let real = write(&folder, "real.json", b"old");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).expect("set");
    let link = folder.path().join("link.json");
    symlink("real.json", &link).expect("a link");
    let dangling = folder.path().join("dangling.csv");
    symlink("new.csv", &dangling).expect("a link");
    let output = run(line("score @ @ --quiet --json @ --csv @", &[&map, &mask, &link, &dangling]));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    assert!(fs::symlink_metadata(&dangling).expect("there").is_symlink());
    assert!(fs::read_to_string(&real).expect("text").starts_with('{'));
    assert!(fs::read_to_string(folder.path().join("new.csv")).expect("text").starts_with("file,"));
    assert_eq!(mode(&real), 0o600);
    // A new file has what the umask leaves.
    for (umask, expected) in [("027", 0o640), ("022", 0o644), ("077", 0o600)] {
        let out = folder.path().join(format!("{umask}.json"));
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        let done = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_soft-dice")])
            .args(line("score @ @ --quiet --json @", &[&map, &mask, &out]))
            .status();
        assert!(done.expect("a shell").success());
        assert_eq!(mode(&out), expected, "umask {umask}");
    }
}

#[test]
fn devices_and_pipes_are_written_through() {
    let folder = folder();
    let (map, mask) = (map(&folder), mask(&folder));
    let before = fs::metadata("/dev/null").expect("there").file_type();
    let null = PathBuf::from("/dev/null");
    assert!(run(line("score @ @ --quiet --json @", &[&map, &mask, &null])).status.success());
    assert!(before.is_char_device() && fs::metadata("/dev/null").expect("there").file_type().is_char_device());
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
    let reader = Command::new("cat").arg(&fifo).stdout(Stdio::piped()).spawn().expect("cat");
    assert!(run(line("score @ @ --quiet --json @", &[&map, &mask, &fifo])).status.success());
    let read = reader.wait_with_output().expect("cat ends").stdout;
    assert!(serde_json::from_slice::<serde_json::Value>(&read).is_ok());
    assert!(fs::metadata(&fifo).expect("there").file_type().is_fifo());
    let names: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").map(|one| one.expect("one").file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_dash_is_the_standard_output() {
    let folder = folder();
    let (map, mask) = (map(&folder), mask(&folder));
    for name in ["-", "/dev/stdout"] {
        for (option, begin) in [("--json", "{"), ("--csv", "file,class"), ("--report", "<!DOCTYPE")] {
            let output = run(line(&format!("score @ @ {option} {name}"), &[&map, &mask]));
            assert!(output.status.success());
            let said = String::from_utf8(output.stdout).expect("UTF-8");
            assert!(said.starts_with(begin), "{option} {name}: {said}");
        }
    }
    // Into a file that the shell has opened.
    let out = folder.path().join("out.json");
    let script = format!("\"$0\" \"$@\" > {}", out.display());
    let done = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_soft-dice")])
        .args(line("score @ @ --json /dev/stdout", &[&map, &mask]))
        .status();
    assert!(done.expect("a shell").success());
    assert!(serde_json::from_slice::<serde_json::Value>(&fs::read(&out).expect("a file")).is_ok());
    let both = run(line("score @ @ --json @ --csv @", &[&map, &mask, &out, &out]));
    assert!(String::from_utf8_lossy(&both.stderr).contains("two outputs are to go to"));
    let both = run(line("score @ @ --json - --csv -", &[&map, &mask]));
    assert_eq!(both.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&both.stderr).contains("2 outputs are to go to the standard output"));
}

#[test]
fn what_may_not_be_written_is_not_replaced() {
    let folder = folder();
    let (map, mask) = (map(&folder), mask(&folder));
    let circle = [folder.path().join("a.json"), folder.path().join("b.json")];
    symlink(&circle[1], &circle[0]).expect("a link");
    symlink(&circle[0], &circle[1]).expect("a link");
    let output = run(line("score @ @ --json @", &[&map, &mask, &circle[0]]));
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("circle"));
}
