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
    let run = [(7, "Healthy", "Learnt"), (33, "Degraded", "Drift"), (40, "Failed", "Low"), (44, "NoSignal", "Silent")];
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

/// Codes that no probability has are warned of, as by `score`; a device that fails is not misread.
#[test]
fn a_wrong_reading_is_warned_of() {
    let words = |line: &[&str]| {
        let json: Value = serde_json::from_str(&done(&[line, &["--json", "-"]].concat())).expect("JSON");
        json["warnings"].as_array().expect("warnings").iter().map(|it| it["kind"].clone()).collect::<Vec<_>>()
    };
    let shipped = shipped();
    assert_eq!(words(&["watch", &shipped, "--tflite"]), Vec::<Value>::new());
    assert_eq!(words(&["watch", &shipped, "--scale", "0.00390625", "--zero-point", "0"]), ["zero_point", "scale"]);
    assert_eq!(words(&["watch", &shipped, "--scale", "0.0078125", "--zero-point", "-128"]), ["scale"]);
    let quiet = run(&["watch", &shipped, "--scale", "0.00390625", "--zero-point", "0", "--quiet"]);
    assert!(String::from_utf8_lossy(&quiet.stderr).contains("below the zero point"));
    let text = done(&["watch", &shipped, "--scale", "0.00390625", "--zero-point", "0"]);
    assert!(
        text.contains("of 48 frames)") && text.starts_with("recording read as 48 frames of 144×256 int8"),
        "{text}"
    );
}

/// A slipping mask: seen with the picture, at the map's size or twice as large, and judged by masks of any kind.
#[test]
fn pictures_and_masks() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
    let frames = 100;
    let shift = |frame: usize| if frame < 80 { 0.0 } else { 14.0 };
    let at = |frame: usize| 48.0 + (frame as f64).sin();
    let scenes: Vec<(Vec<u8>, Vec<u8>)> = (0..frames).map(|frame| disc(at(frame), 48.0, shift(frame))).collect();
    let maps: Vec<u8> = scenes.iter().flat_map(|scene| scene.0.clone()).collect();
    let masks: Vec<u8> = scenes.iter().flat_map(|scene| scene.1.clone()).collect();
    let luma: Vec<u8> = masks.iter().enumerate().map(|(at, &mask)| 40 + 120 * mask + (at % 3) as u8).collect();
    let twice: Vec<u8> = luma
        .chunks(SIDE)
        .flat_map(|row| {
            let wide: Vec<u8> = row.iter().flat_map(|&luma| [luma; 2]).collect();
            [wide.clone(), wide].concat()
        })
        .collect();
    let bits: Vec<u8> =
        masks.chunks(8).map(|eight| eight.iter().enumerate().fold(0, |byte, (at, bit)| byte | bit << at)).collect();
    npy(Path::new(&place("maps.npy")), "|u1", &[frames, SIDE, SIDE], &maps);
    npy(Path::new(&place("masks.npy")), "|u1", &[frames, SIDE, SIDE], &masks);
    npy(Path::new(&place("bits.npy")), "|u1", &[frames, SIDE * SIDE / 8], &bits);
    npy(Path::new(&place("luma.npy")), "|u1", &[frames, SIDE, SIDE], &luma);
    npy(Path::new(&place("twice.npy")), "|u1", &[frames, 2 * SIDE, 2 * SIDE], &twice);
    std::fs::write(place("masks.bin"), &masks).expect("a file");
    std::fs::write(place("bits.bin"), &bits).expect("a file");
    std::fs::write(place("luma.bin"), &luma).expect("a file");
    std::fs::write(place("odd.bin"), &masks[1..]).expect("a file");
    let seen = named(&[(7, "Healthy", "Learnt"), (81, "Degraded", "Edge")]);
    for luma in ["luma.npy", "luma.bin", "twice.npy"] {
        let words = ["watch", &place("maps.npy"), "--picture", &place(luma), "--json", "-"].map(String::from);
        assert_eq!(events(&done(&words.each_ref().map(String::as_str))), seen, "{luma}");
    }
    let blind = done(&["watch", &place("maps.npy"), "--json", "-"]);
    assert_eq!(events(&blind), seen[..1]);
    let mut alarms = Vec::new();
    for masks in ["masks.npy", "bits.npy", "masks.bin", "bits.bin"] {
        let page = place("page.html");
        let (maps, masks, luma) = (place("maps.npy"), place(masks), place("luma.npy"));
        let json = done(&["watch", &maps, &masks, "--picture", &luma, "--json", "-", "--report", &page]);
        let json: Value = serde_json::from_str(&json).expect("JSON");
        alarms.push(json["alarm"].clone());
    }
    assert!(alarms.iter().all(|alarm| *alarm == alarms[0]), "{alarms:?}");
    let alarm = &alarms[0];
    assert_eq!((alarm["first_lasting"].as_u64(), alarm["alarm"].as_u64()), (Some(80), Some(81)));
    assert_eq!((alarm["before"].as_i64(), alarm["false_alarms"].as_u64()), (Some(-1), Some(0)));
    let edge = alarm["signals"].as_array().expect("signals").iter().find(|it| it["signal"] == "edge").expect("edge");
    assert_eq!((edge["auroc"].as_f64(), edge["auprc"].as_f64()), (Some(1.0), Some(1.0)));
    let text = done(&["watch", &place("maps.npy"), &place("bits.bin"), "--picture", &place("luma.npy")]);
    println!("{text}");
    assert!(text.contains("alarm 1 frames after") && text.contains("risk-coverage"), "{text}");
    for (words, says) in [
        (vec!["--picture".to_string(), place("odd.bin")], "no luma"),
        (vec![place("odd.bin")], "bytes of masks"),
        (vec!["--bad".into(), "2".into()], "no Dice"),
        (
            vec![
                "--healthy".into(),
                place("maps.npy"),
                "--healthy-picture".into(),
                place("luma.npy"),
                "--healthy-picture".into(),
                place("luma.npy"),
            ],
            "for each `--healthy`",
        ),
    ] {
        let mut line = vec!["watch".to_string(), place("maps.npy")];
        line.extend(words);
        let output = run(&line.iter().map(String::as_str).collect::<Vec<_>>());
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line:?}: {error}");
        assert!(error.contains(says), "{line:?}: {error}");
    }
}

/// Calibration answers, says what it rests on, and raises nothing in the frames that it was made from.
#[test]
fn calibration_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("healthy.npy").to_str().expect("a path").to_string();
    let frames = 120;
    // It stands, and then it moves.
    let at =
        |frame: usize| if frame < 60 { 48.0 + 0.1 * (frame as f64).sin() } else { 30.0 + (frame % 20) as f64 * 2.0 };
    let maps: Vec<u8> = (0..frames).flat_map(|frame| disc(at(frame), 48.0, 0.0).0).collect();
    npy(Path::new(&path), "|u1", &[frames, SIDE, SIDE], &maps);
    let json = done(&["watch", &path, "--calibrate", "120", "--json", "-"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let calibration = &json["calibration"];
    assert_eq!(calibration["alarms"].as_u64(), Some(0), "{calibration}");
    assert!(calibration["rests_on"].as_str().expect("words").contains("this scene alone"));
    assert_eq!(json["events"].as_array().map(Vec::len), Some(1), "{}", json["events"]);
    let twice = done(&["watch", &path, "--healthy", &path, "--healthy", &path, "--fall", "0.001"]);
    println!("{twice}");
    assert!(twice.contains("2 recording(s)") && twice.contains("the least"), "{twice}");
}

/// Recordings that once raised alarms without a reason.
#[test]
fn one_that_stands_and_one_bad_frame() {
    let Some(data) = std::env::var_os("SOFT_DICE_DATA") else {
        println!("not run: SOFT_DICE_DATA is not set");
        return;
    };
    let place = |name: &str| Path::new(&data).join("command").join(name).to_str().expect("a path").to_string();
    for words in [vec![place("w_gostop.npy"), "--calibrate".into(), "120".into()], vec![place("w_spike.npy")]] {
        let mut line = vec!["watch".to_string()];
        line.extend(words);
        line.extend(["--json".into(), "-".into()]);
        let json = done(&line.iter().map(String::as_str).collect::<Vec<_>>());
        let alarms: Vec<_> = events(&json).into_iter().filter(|event| event.1 != "Healthy").collect();
        assert!(alarms.is_empty(), "{line:?}: {alarms:?}");
    }
}
