//! What is wrong is told in one line that says what to do, with a code that is not 0, and leaves nothing behind.

mod support;

use std::path::{Path, PathBuf};
use support::{folder, line, npy, run, write};
use tempfile::TempDir;

/// Runs it, and checks everything but the words.
fn refused(arguments: &str, files: &[&Path], folder: &TempDir) -> String {
    let before = listing(folder.path());
    let output = run(line(arguments, files));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(output.stdout.is_empty(), "{arguments}");
    assert_eq!(listing(folder.path()), before, "{arguments}: something was left behind");
    // What is wrong; what to do.
    assert!(said.contains("; "), "{said}");
    said
}

fn listing(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path()).collect();
    all.sort();
    all
}

fn map(folder: &TempDir, name: &str, height: usize, width: usize) -> PathBuf {
    write(folder, name, &npy("|u1", &[height, width], false, &vec![255; height * width]))
}

#[test]
fn files() {
    let folder = folder();
    let good = map(&folder, "good.npy", 2, 3);
    let other = map(&folder, "other.npy", 3, 2);
    let floats = |values: &[f32; 6]| npy("<f4", &[2, 3], false, &values.map(f32::to_le_bytes).concat());
    let nan = write(&folder, "nan.npy", &floats(&[0.0, f32::NAN, 1.0, 0.5, 0.5, 0.5]));
    let logits = write(&folder, "logits.npy", &floats(&[-8.0, 3.0, 1.0, 0.5, 0.5, 0.5]));
    let whole = npy("|u1", &[2, 3], false, &[1; 6]);
    let cut = write(&folder, "cut.npy", &whole[..whole.len() - 1]);
    let headless = write(&folder, "headless.npy", &whole[..40]);
    let empty = write(&folder, "empty.npy", b"");
    let none = write(&folder, "none.npy", &npy("|u1", &[0, 3], false, &[]));
    let complex = write(&folder, "complex.npy", &npy("<c8", &[2, 3], false, &[0; 48]));
    let int8 = write(&folder, "int8.npy", &npy("|i1", &[2, 3], false, &[1, 2, 3, 4, 5, 6]));
    let huge = write(&folder, "huge.npy", &npy("|u1", &[1 << 40, 1 << 40], false, &[1; 6]));
    let large = write(&folder, "large.npy", &npy("|u1", &[1 << 15, 1 << 16], false, &[1; 6]));
    let bracket = write(&folder, "bracket.npy", &npy(&"(".repeat(60_000), &[2, 3], false, &[1; 6]));
    let frames = write(&folder, "frames.npy", &npy("|u1", &[4, 4, 4], false, &[1; 64]));
    let png = write(&folder, "broken.png", b"\x89PNG\r\n\x1a\nnot at all");
    let raw = write(&folder, "raw.bin", &[1; 5]);
    let missing = folder.path().join("missing.npy");
    for (arguments, files, words) in [
        ("score @ @", [&missing, &good], "missing.npy: No such file or directory; check the path"),
        ("score @ @", [&good, &missing], "missing.npy: No such file"),
        ("score @ @", [&cut, &good], "holds 5 of the 6 values"),
        ("score @ @", [&headless, &good], "the header is cut off; write it with numpy.save"),
        ("score @ @", [&empty, &good], "no header"),
        ("score @ @", [&none, &good], "holds nothing"),
        ("score @ @", [&complex, &good], "are not read; save as f64"),
        ("score @ @", [&int8, &good], "give `--tflite`"),
        ("score @ @", [&huge, &good], "not a .npy file"),
        ("score @ @", [&large, &good], "more than 268435456 values"),
        ("score @ @", [&bracket, &good], "not a .npy file"),
        ("score @ @", [&frames, &frames], "give `--layout chw` or `--layout hwc` for classes, `--volume`"),
        ("score @ @ --layout hw", [&frames, &good], "a recording of many frames"),
        ("score @ @", [&png, &good], "not a readable .png"),
        ("score @ @", [&raw, &good], "give `--dtype` and `--shape`"),
        ("score @ @ --dtype u8 --shape 2,3", [&raw, &good], "5 bytes, where u8 of shape [2, 3] takes 6"),
        ("score @ @", [&good, &other], "differ in shape: 2×3 and 3×2"),
        ("score @ @", [&nan, &good], "1 values of the prediction are no numbers (NaN)"),
        ("score @ @", [&good, &nan], "1 values of the target are no numbers (NaN)"),
        ("score @ @ --target-threshold 0.5", [&good, &nan], "1 values of the target are no numbers (NaN)"),
        ("score @ @", [&logits, &good], "run from -8 to 3, which are no probabilities; give `--logits sigmoid`"),
        ("score @ @ --logits softmax", [&logits, &good], "give `--logits sigmoid`"),
        ("score @ @ --target labels", [&good, &logits], "the label -8 is none"),
        ("score @ @ --scale 3 --zero-point 0", [&int8, &good], "a scale must be finite"),
        ("score @ @ --scale 0.1 --zero-point 300", [&int8, &good], "take the zero point"),
        ("score @ @ --max-pixels 5", [&good, &good], "holds more than 5 values"),
        ("score @ @ --threads 1000000000", [&good, &good], "--threads"),
        ("compare @ @", [&nan, &good], "1 values of the float model are no numbers (NaN)"),
        ("compare @ @", [&good, &other], "differ in shape"),
        ("compare @ @", [&good, &cut], "holds 5 of the 6 values"),
    ] {
        let said = refused(arguments, &files.map(PathBuf::as_path), &folder);
        assert!(said.contains(words), "{arguments}: {said}");
    }
    // What was refused can be asked for.
    for policy in ["exclude", "clamp"] {
        let asked = run(line(&format!("score @ @ --range {policy}"), &[&nan, &good]));
        assert!(asked.status.success());
    }
}

#[test]
fn labels_outside_the_classes() {
    let folder = folder();
    let planes = write(&folder, "p.npy", &npy("|u1", &[3, 4, 5], false, &[70; 60]));
    let labels = write(&folder, "t.npy", &npy("<i8", &[4, 5], false, &[-100i64; 20].map(i64::to_le_bytes).concat()));
    let said = refused("score @ @", &[&planes, &labels], &folder);
    assert!(said.contains("the label -100 is not one of the classes 0 to 2; give `--ignore -100`"), "{said}");
    assert!(run(line("score @ @ --ignore -100", &[&planes, &labels])).status.success());
}

#[test]
fn names_that_do_not_pair() {
    let (folder, left, right) = (folder(), folder(), folder());
    for name in ["a", "b", "c", "d", "e"] {
        map(&left, &format!("{name}.npy"), 2, 3);
    }
    map(&right, "a.npy", 2, 3);
    let both = [left.path(), right.path()];
    let said = refused("score @ @", &both, &folder);
    assert!(said.contains("`b`, `c`, `d` and 1 more"), "{said}");
    assert!(said.contains("`--pred-suffix`"), "{said}");
    let said = refused("score @ @", &[right.path(), left.path()], &folder);
    assert!(said.contains("have no partner"), "{said}");
    let said = refused("score @ @", &[left.path(), &map(&right, "x.npy", 2, 3)], &folder);
    assert!(said.contains("name two files or two folders"), "{said}");
    map(&right, "a.png", 2, 3);
    let said = refused("score @ @ ", &both, &folder);
    assert!(said.contains("both of one name"), "{said}");
    let said = refused("score @ @", &[left.path(), folder.path()], &folder);
    assert!(said.contains("no files"), "{said}");
}

#[test]
fn one_bad_file_among_many_is_named_and_nothing_is_written() {
    let (left, right, out) = (folder(), folder(), folder());
    for at in 0..20 {
        map(&left, &format!("{at:02}.npy"), 2, 3);
        map(&right, &format!("{at:02}.npy"), 2, if at % 7 == 3 { 2 } else { 3 });
    }
    let (json, csv) = (out.path().join("x.json"), out.path().join("x.csv"));
    let said = refused("score @ @ --json @ --csv @", &[left.path(), right.path(), &json, &csv], &out);
    assert!(
        said.contains("03.npy: prediction and target differ") && said.contains("(and 2 more files failed)"),
        "{said}"
    );
}

#[test]
fn outputs_that_cannot_be_written() {
    let folder = folder();
    let good = map(&folder, "good.npy", 2, 3);
    let nowhere = folder.path().join("missing/x.json");
    for option in ["--json", "--csv"] {
        for command in ["score", "compare"] {
            let said = refused(&format!("{command} @ @ {option} @"), &[&good, &good, &nowhere], &folder);
            assert!(said.contains("cannot be written"), "{said}");
            let said = refused(&format!("{command} @ @ {option} @"), &[&good, &good, folder.path()], &folder);
            assert!(said.contains("a folder cannot be written as a file"), "{said}");
        }
    }
    // What stood there before stays where a run fails.
    let old = write(&folder, "old.json", b"old");
    refused("score @ @ --json @", &[&good, &folder.path().join("missing.npy"), &old], &folder);
    assert_eq!(std::fs::read(&old).expect("a file"), b"old");
    assert!(run(line("score @ @ --json @ --quiet", &[&good, &good, &old])).status.success());
    assert!(std::fs::read_to_string(&old).expect("a file").starts_with('{'));
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_leaves_nothing() {
    use std::process::{Command, Stdio};
    let (left, right, out) = (folder(), folder(), folder());
    for at in 0..400 {
        map(&left, &format!("{at}.npy"), 400, 400);
        map(&right, &format!("{at}.npy"), 400, 400);
    }
    let json = out.path().join("x.json");
    let arguments = line("score @ @ --threads 1 --json @", &[left.path(), right.path(), &json]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_soft-dice"))
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .expect("the command runs");
    while listing(out.path()).is_empty() {
        assert!(child.try_wait().expect("a child").is_none(), "it ended before it began a file");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(signal.success());
    assert_eq!(child.wait().expect("a child").code(), Some(130));
    assert_eq!(listing(out.path()), Vec::<PathBuf>::new());
}

#[test]
fn exit_codes() {
    let folder = folder();
    let good = map(&folder, "good.npy", 2, 3);
    let half = write(&folder, "half.npy", &npy("|u1", &[2, 3], false, &[51; 6]));
    for (least, code) in [("0.3", 0), ("0.4", 1)] {
        // 2 · 6/5 / (6/5 + 6) = 1/3.
        let output = run(line(&format!("score @ @ --min-dice {least} --quiet"), &[&half, &good]));
        assert_eq!(output.status.code(), Some(code));
        assert!(output.stdout.is_empty());
    }
    assert_eq!(run(line("compare @ @ --min-agreement 0.99999", &[&good, &good])).status.code(), Some(0));
    for wrong in ["", "score", "score @", "score @ @ @", "score @ @ --form cubic", "nothing"] {
        assert_eq!(run(line(wrong, &[&good, &good, &good])).status.code(), Some(2), "{wrong}");
    }
}
