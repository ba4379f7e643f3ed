//! The round trip on one machine: what a watch says of a recording goes into a log, in each form, and `soft-dice log` shows what
//! `soft-dice watch` shows. That a board writes the same is tested on the boards.

mod recorded;

use recorded::{done, run};
use serde_json::Value;
use soft_dice::I8;
use soft_dice::monitor::{Entry, Settings, Watch};
use std::path::{Path, PathBuf};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above").join("tests/data/drift_q8.npy")
}

/// The frames of the shipped run: 96 × 192 codes each, behind a header of 128 bytes.
fn frames() -> Vec<Vec<i8>> {
    let bytes = std::fs::read(shipped()).expect("the shipped run");
    let header = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let text = String::from_utf8_lossy(&bytes[..header]);
    let shape: Vec<usize> = text
        .split_once("'shape': (")
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(shape, _)| shape.split(',').filter_map(|side| side.trim().parse().ok()).collect())
        .expect("a shape");
    let pixels = shape[1..].iter().product();
    bytes[header..].chunks_exact(pixels).map(|frame| frame.iter().map(|&byte| byte as i8).collect()).collect()
}

/// What a device sends: with `every` only each so manyth report, but all events.
fn entries(settings: Settings, every: usize) -> Vec<Entry> {
    let frames = frames();
    let mut buffer = vec![0; frames[0].len()];
    let mut watch = Watch::<_, 32>::new(I8::TFLITE, &mut buffer, settings).expect("settings");
    let mut entries = Vec::new();
    for (at, frame) in frames.iter().enumerate() {
        let event = watch.frame(frame).expect("a frame");
        entries.extend(event.map(Entry::Event));
        if at % every == 0 {
            entries.push(Entry::Report(watch.report()));
            entries.push(Entry::Sums(soft_dice::Measured::record(watch.sums())));
        }
    }
    entries
}

fn cobs(entries: &[Entry]) -> Vec<u8> {
    let mut log = Vec::new();
    for entry in entries {
        log.extend(postcard::to_stdvec_cobs(entry).expect("postcard"));
    }
    log
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Settings out of the host, a log out of the device: every report, event and sum is the host's own.
#[test]
fn settings_out_and_a_log_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
    let shipped = shipped();
    let shipped = shipped.to_str().expect("a path");
    let [rs, h, settings, binary] = ["s.rs", "s.h", "s.json", "s.postcard"].map(place);
    let line = ["watch", shipped, "--tflite", "--calibrate", "8", "--json", "-"];
    let emits = ["--emit", &rs, "--emit", &h, "--emit", &settings, "--emit", &binary];
    let host = json(&done(&[&line[..], &emits[..]].concat()));

    // All four say the same.
    let emitted: soft_dice_cli::emit::Emitted =
        serde_json::from_slice(&std::fs::read(&settings).expect("a file")).expect("JSON");
    assert_eq!(serde_json::to_value(emitted.settings).expect("JSON"), host["settings"]);
    assert_eq!((emitted.format, emitted.threshold, emitted.quantisation), (1, 0.5, Some((1.0 / 256.0, -128))));
    assert_eq!(postcard::from_bytes(&std::fs::read(&binary).expect("a file")), Ok(emitted));
    let (rs, h) = (std::fs::read_to_string(&rs).expect("a file"), std::fs::read_to_string(&h).expect("a file"));
    for text in [&rs, &h] {
        assert!(
            text.contains(&emitted.settings.confidence.drift.limit.to_string()) && text.contains("0.00390625"),
            "{text}"
        );
    }

    let log = place("device.bin");
    std::fs::write(&log, cobs(&entries(emitted.settings, 1))).expect("a file");
    let device = json(&done(&["log", &log, "--settings", &settings, "--json", "-"]));
    for what in ["events", "state", "settings"] {
        assert_eq!(device[what], host[what], "{what}");
    }
    let [of_device, of_host] = [&device, &host].map(|all| all["frames"].as_array().expect("frames"));
    assert_eq!(of_device.len(), of_host.len());
    for (device, host) in of_device.iter().zip(of_host) {
        for what in ["frame", "confidence", "event", "report", "sums"] {
            assert_eq!(device[what], host[what], "{what}");
        }
    }
    assert_eq!(device["log"]["form"], "postcard");
    // The same table but for what the log alone says, the same plot, and a page.
    let [plot, again, page] = ["a.svg", "b.svg", "page.html"].map(place);
    let table = done(&["log", &log, "--settings", &settings, "--plot", &plot, "--report", &page]);
    let hosts = done(&["watch", shipped, "--tflite", "--settings", &settings, "--plot", &again]);
    let events = |text: &str| {
        let begin = text.find("frame     state").expect("a table of events");
        text[begin..].split_once("\n\n").map(|(events, _)| events.to_string()).expect("an end")
    };
    assert_eq!(events(&table), events(&hosts));
    assert_eq!(std::fs::read(&plot).expect("a file"), std::fs::read(&again).expect("a file"));
    assert!(std::fs::read_to_string(&page).expect("a file").contains("soft-dice log"));
    assert_eq!(run(&["log", &log, "--fail-on-alarm"]).status.code(), Some(1));
}

/// What `defmt-print` makes of the same entries, with other lines between them: the same frames and events.
#[test]
fn the_text_of_a_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
    let (binary, text) = (place("device.bin"), place("device.txt"));
    let entries = entries(Settings::DEFAULT, 1);
    std::fs::write(&binary, cobs(&entries)).expect("a file");
    let mut lines = String::from("INFO judging by the general settings\n");
    for entry in &entries {
        lines += &match entry {
            // By `Event::log`.
            Entry::Event(event) => {
                let soft_dice::monitor::Event { frame, from, to, cause, over } = event;
                format!("WARN frame {frame}: {from:?} -> {to:?}, {cause:?}, {over}/256\n")
            }
            // The record alone, and the entry.
            Entry::Report(report) => format!("0.012 [DEBUG] {report:?} (firmware src/main.rs:41)\n"),
            Entry::Sums(_) => format!("INFO {entry:?}\n"),
        };
    }
    std::fs::write(&text, lines).expect("a file");
    let [of_bytes, of_text] = [&binary, &text].map(|log| json(&done(&["log", log, "--json", "-"])));
    assert_eq!(
        (&of_text["log"]["form"], &of_text["log"]["unreadable_bytes"]),
        (&Value::from("text"), &Value::from(37))
    );
    for what in ["frames", "events", "state"] {
        assert_eq!(of_text[what], of_bytes[what], "{what}");
    }
    assert!(!of_text["events"].as_array().expect("events").is_empty());
    assert!(done(&["log", &text]).contains("entries as text: 48 reports"));
}

/// Reports may be few, bytes may be lost, and a device may begin anew: all of it is said.
#[test]
fn a_log_with_gaps() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("device.bin").to_str().expect("a path").to_string();
    let sparse = entries(Settings::DEFAULT, 10);
    let mut bytes = cobs(&sparse);
    bytes.extend([1, 2, 3, 4, 0]);
    bytes.extend(cobs(&sparse));
    std::fs::write(&file, bytes).expect("a file");
    let read = json(&done(&["log", &file, "--json", "-"]));
    assert_eq!(read["settings"], Value::Null, "what is not known is not made up");
    assert_eq!(read["log"]["unreadable_bytes"], 5);
    let restarts = read["log"]["restarts"].as_array().expect("restarts");
    let begun = restarts[0].as_u64().expect("a frame");
    assert_eq!(restarts.len(), 1);
    let events = read["events"].as_array().expect("events");
    let (first, second) = events.split_at(events.len() / 2);
    for (first, second) in first.iter().zip(second) {
        let number = |event: &Value| event["frame"].as_u64().expect("a frame");
        assert_eq!(number(first) + begun, number(second));
        assert_eq!(first["cause"], second["cause"]);
    }
    let text = done(&["log", &file]);
    for said in ["5 bytes are no record", "began anew", "give `--settings`"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn what_is_no_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("noise.bin").to_str().expect("a path").to_string();
    std::fs::write(&file, (0..=255u8).cycle().take(4096).collect::<Vec<_>>()).expect("a file");
    let said = run(&["log", &file]);
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("no report of a watch"));
    assert_eq!(run(&["log", "no such file"]).status.code(), Some(2));
    let shipped = shipped();
    let odd = ["watch", shipped.to_str().expect("a path"), "--tflite", "--emit", "settings.toml"];
    assert_eq!(run(&odd).status.code(), Some(2));
}
