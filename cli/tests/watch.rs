//! `soft-dice watch` on the shipped run: the events that the library's tests and the boards have.

mod recorded;

use recorded::{SIDE, disc, done, npy, run};
use serde_json::Value;
use std::path::Path;

fn shipped() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above");
    folder.join("tests/data/drift_q8.npy").to_str().expect("a path").to_string()
}

fn events(json: &str) -> Vec<(u64, String, String)> {
    let json: Value = serde_json::from_str(json).expect("JSON");
    let events = json["events"].as_array().expect("events").iter();
    let word = |value: &Value| value.as_str().expect("a word").to_string();
    events.map(|event| (event["frame"].as_u64().expect("a frame"), word(&event["to"]), word(&event["cause"]))).collect()
}

fn named(events: &[(u64, &str, &str)]) -> Vec<(u64, String, String)> {
    events.iter().map(|&(frame, to, cause)| (frame, to.into(), cause.into())).collect()
}

/// With the general thresholds, with those that are calibrated on the first frames, and with given ones.
#[test]
fn the_shipped_run() {
    let run = [(7, "Healthy", "Learnt"), (33, "Degraded", "Drift"), (40, "Failed", "Low")];
    let general = done(&["watch", &shipped(), "--tflite", "--json", "-"]);
    assert_eq!(events(&general), named(&run));
    let calibrated = done(&["watch", &shipped(), "--tflite", "--calibrate", "8", "--json", "-"]);
    assert_eq!(events(&calibrated), named(&run));
    let known = ["--baseline", "0.98", "--allowance", "0.025", "--limit", "0.025"];
    let known = done(&[&["watch", &shipped(), "--tflite", "--json", "-"], &known[..]].concat());
    assert_eq!(events(&known)[0], (0, "Healthy".into(), "Learnt".into()), "a known baseline needs no warming up");
    assert!(events(&known)[1].0.abs_diff(33) <= 1, "{:?}", events(&known));

    // Confidence is the run's, to the bit.
    let expected: Value = {
        let path = Path::new(&shipped()).with_file_name("drift_expected.json");
        serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
    };
    let general: Value = serde_json::from_str(&general).expect("JSON");
    for (seen, expected) in
        general["frames"].as_array().expect("frames").iter().zip(expected["frames"].as_array().expect("frames"))
    {
        assert_eq!(seen["confidence"].as_f64(), expected["sdc"].as_f64());
        assert_eq!(seen["sums"]["p"].as_u64(), expected["u"].as_u64());
    }
}

/// The settings that are written are settings that are read.
#[test]
fn settings_travel() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.json").to_str().expect("a path").to_string();
    let first = done(&["watch", &shipped(), "--tflite", "--failing", "0.5", "--json", "-"]);
    let json: Value = serde_json::from_str(&first).expect("JSON");
    std::fs::write(&file, json["settings"].to_string()).expect("a file");
    let again = done(&["watch", &shipped(), "--tflite", "--settings", &file, "--json", "-"]);
    assert_eq!(events(&first), events(&again));
    let json: Value = serde_json::from_str(&again).expect("JSON");
    assert_eq!(json["settings"]["failing"], 16384);
}

/// Words for a terminal, a line for each frame as CSV, and the exit code that was asked for.
#[test]
fn tables_and_exit_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = folder.path().join("watch.csv").to_str().expect("a path").to_string();
    let text = done(&["watch", &shipped(), "--tflite", "--csv", &csv, "--worst", "3"]);
    println!("{text}");
    assert!(text.contains("Degraded") && text.contains("The 3 frames of least confidence"), "{text}");
    assert_eq!(std::fs::read_to_string(csv).expect("a file").lines().count(), 49);
    assert_eq!(run(&["watch", &shipped(), "--tflite", "--fail-on-alarm"]).status.code(), Some(1));
    assert_eq!(done(&["watch", &shipped(), "--tflite", "--quiet"]), "");
}

/// Every type of number gives the same events on the same frames.
#[test]
fn types_of_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let frames = 24;
    let codes: Vec<u8> = (0..frames)
        .flat_map(|frame| disc(48.0 + (frame as f64).sin(), 48.0, 0.0).0)
        .enumerate()
        .map(|(at, code)| if at / (SIDE * SIDE) >= 16 { (u32::from(code) * 5 / 8) as u8 } else { code })
        .collect();
    let bytes: [(&str, &str, Vec<u8>); 4] = [
        ("u1", "|u1", codes.clone()),
        ("i1", "|i1", codes.iter().map(|&code| code ^ 0x80).collect()),
        (
            "i2",
            "<i2",
            codes
                .iter()
                .flat_map(|&code| (i32::from(code) * 32768 / 255).min(32767).to_le_bytes()[..2].to_vec())
                .collect(),
        ),
        ("f4", "<f4", codes.iter().flat_map(|&code| (f32::from(code) / 255.0).to_le_bytes()).collect()),
    ];
    let mut all = Vec::new();
    for (name, dtype, bytes) in bytes {
        let path = folder.path().join(name).with_extension("npy");
        npy(&path, dtype, &[frames, SIDE, SIDE], &bytes);
        let mut words = vec!["watch", path.to_str().expect("a path"), "--json", "-"];
        if name == "i1" {
            words.push("--onnxruntime");
        }
        all.push(events(&done(&words)));
    }
    println!("{:?}", all[0]);
    assert_eq!(all[0].get(1).map(|event| event.1.as_str()), Some("Degraded"), "{all:?}");
    assert!(all.iter().all(|events| *events == all[0]), "{all:?}");
}

/// One line that says what to do, no panic, and nothing left behind.
#[test]
fn bad_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
    npy(Path::new(&place("map.npy")), "|u1", &[SIDE, SIDE], &vec![0; SIDE * SIDE]);
    npy(Path::new(&place("many.npy")), "|u1", &[2, SIDE, SIDE, 3], &vec![0; 6 * SIDE * SIDE]);
    npy(Path::new(&place("short.npy")), "|u1", &[9, SIDE, SIDE], &vec![7; 8 * SIDE * SIDE]);
    npy(Path::new(&place("good.npy")), "|u1", &[2, SIDE, SIDE], &vec![7; 2 * SIDE * SIDE]);
    npy(Path::new(&place("masks.npy")), "|u1", &[3, SIDE, SIDE], &vec![1; 3 * SIDE * SIDE]);
    let (good, json) = (place("good.npy"), place("left.json"));
    for (words, says) in [
        (vec![place("none.npy")], "check the path"),
        (vec![place("map.npy")], "one map is for `score`"),
        (vec![place("many.npy")], "several classes"),
        (vec![place("short.npy")], "truncated"),
        (vec![good.clone(), place("masks.npy")], "a mask for each"),
        (vec![good.clone(), "--calibrate".into(), "2".into()], "8 are the least"),
        (vec![good.clone(), "--failing".into(), "3".into()], "settings that are none"),
        (vec![good.clone(), "--settings".into(), good.clone()], "settings"),
        (vec![good.clone(), "--report".into(), place("no/such/page.html")], "cannot be written"),
    ] {
        let mut line: Vec<&str> = vec!["watch"];
        line.extend(words.iter().map(String::as_str));
        line.extend(["--json", &json]);
        let output = run(&line);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {error}");
        assert!(error.contains(says) && error.trim_end().lines().count() == 1, "{words:?}: {error}");
        assert!(!Path::new(&json).exists(), "{words:?}");
    }
}

/// Frames of NaN count as dropped, and are told; with `--range exclude` the monitor calls them invalid.
#[test]
fn frames_that_are_no_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("nan.npy");
    let mut values: Vec<f32> = (0..20)
        .flat_map(|frame| disc(48.0 + (frame as f64).sin(), 48.0, 0.0).0)
        .map(|code| f32::from(code) / 255.0)
        .collect();
    values[12 * SIDE * SIDE..18 * SIDE * SIDE].fill(f32::NAN);
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    npy(&path, "<f4", &[20, SIDE, SIDE], &bytes);
    let path = path.to_str().expect("a path");
    let dropped = done(&["watch", path, "--json", "-"]);
    let causes = |json: &str| events(json).into_iter().map(|event| event.2).collect::<Vec<_>>();
    assert_eq!(causes(&dropped), ["Learnt", "Silent", "Returned"]);
    let json: Value = serde_json::from_str(&dropped).expect("JSON");
    assert!(json["frames"][12]["refused"].as_str().expect("why").contains("NaN"));
    let excluded = done(&["watch", path, "--range", "exclude", "--json", "-"]);
    assert_eq!(causes(&excluded), ["Learnt", "Invalid"]);
}
