//! Figures beside the score: thresholds, calibration, which class is taken for which, run against run, test cases.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use support::{folder, json, line, npy, read, run, write};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/command").join(name)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))
}

#[test]
fn every_threshold_and_the_best() {
    let files = [data("soft_f32.npy"), data("tbool.npy")];
    let report = json("score @ @ --sweep", &[&files[0], &files[1]]);
    let (_, p) = read::<f32>(&files[0]);
    let (_, t) = read::<bool>(&files[1]);
    let dice = |threshold: f64| {
        let found = p.iter().filter(|&&p| f64::from(p) >= threshold).count();
        let right = p.iter().zip(&t).filter(|&(&p, &t)| t && f64::from(p) >= threshold).count();
        2.0 * right as f64 / (found + t.iter().filter(|&&t| t).count()) as f64
    };
    let sweep = &report["sweep"][0];
    let thresholds = sweep["thresholds"].as_array().expect("a list");
    assert_eq!(thresholds.len(), 100);
    let mut best = 0.0_f64;
    for at in thresholds {
        let expected = dice(number(&at["threshold"]));
        assert!((number(&at["dice"]) - expected).abs() < 1e-12, "{at}: {expected}");
        best = best.max(expected);
    }
    assert_eq!(number(&sweep["best"]["dice"]), best);
    assert_eq!(number(&sweep["half"]["dice"]), dice(0.5));
    // Mean of |confidence − accuracy| over a hundred bins, as it is defined.
    let mut bins = vec![(0.0, 0.0); 100];
    for (&p, &t) in p.iter().zip(&t) {
        let bin = &mut bins[((f64::from(p) * 100.0) as usize).min(99)];
        *bin = (bin.0 + f64::from(p), bin.1 + f64::from(u8::from(t)));
    }
    let expected = bins.iter().map(|(p, t)| (p - t).abs()).sum::<f64>() / p.len() as f64;
    assert!((number(&sweep["calibration_error"]) - expected).abs() < 1e-6);
    let pixels: u64 =
        sweep["reliability"].as_array().expect("bins").iter().map(|bin| bin["count"].as_u64().expect("a count")).sum();
    assert_eq!(pixels, 192);
    let printed = String::from_utf8(run(line("score @ @ --sweep", &[&files[0], &files[1]])).stdout).expect("UTF-8");
    assert!(printed.contains("best threshold") && printed.contains("expected calibration error"), "{printed}");
    // Of many files it is the sum of their pixels, and ignored ones are in no bin.
    let ignored = json("score @ @ --sweep --ignore 255", &[&files[0], &data("void_u8.npy")]);
    let pixels: u64 = ignored["sweep"][0]["reliability"]
        .as_array()
        .expect("bins")
        .iter()
        .map(|bin| bin["count"].as_u64().expect("a count"))
        .sum();
    assert_eq!(pixels, 192 - 14);
    let soft = run(line("score @ @ --sweep", &[&files[0], &data("soft_f16.npy")]));
    assert!(String::from_utf8_lossy(&soft.stderr).contains("`--target-threshold 0.5`"));
}

#[test]
fn which_class_is_taken_for_which() {
    let [ours, theirs] = [data("plab_uint8.npy"), data("lab_uint8.npy")];
    let report = json("score @ @ --role labels --confusion --classes bg,disk,corner", &[&ours, &theirs]);
    let ((_, p), (_, t)) = (read::<u8>(&ours), read::<u8>(&theirs));
    for (row, counts) in report["confusion"].as_array().expect("rows").iter().enumerate() {
        for (column, count) in counts.as_array().expect("a row").iter().enumerate() {
            let expected =
                p.iter().zip(&t).filter(|&(&p, &t)| (usize::from(t), usize::from(p)) == (row, column)).count();
            assert_eq!(count.as_u64(), Some(expected as u64), "{row} {column}");
        }
    }
    let one = json("score @ @ --confusion", &[&data("p255_u8.npy"), &data("tbool.npy")]);
    assert_eq!(one["confusion"], serde_json::json!([[140, 7], [7, 38]]));
    let printed = run(line("score @ @ --role labels --confusion --classes bg,disk,corner", &[&ours, &theirs])).stdout;
    assert!(String::from_utf8_lossy(&printed).contains("taken for"));
}

#[test]
fn unions_of_classes() {
    let [ours, theirs] = [data("soft3_chw.npy"), data("lab_uint8.npy")];
    let report =
        json("score @ @ --classes bg,disk,corner --regions any=disk+corner,all=0+1+2,one=disk", &[&ours, &theirs]);
    let ((_, p), (_, t)) = (read::<f32>(&ours), read::<u8>(&theirs));
    let union: Vec<f64> = (0..192).map(|at| f64::from(p[192 + at]) + f64::from(p[384 + at])).collect();
    let both: f64 = union.iter().zip(&t).filter(|&(_, &t)| t > 0).map(|(p, _)| p).sum();
    let all = union.iter().sum::<f64>() + t.iter().filter(|&&t| t > 0).count() as f64;
    let regions = &report["regions"];
    assert!((number(&regions[0]["pooled"]) - 2.0 * both / all).abs() < 1e-6, "{regions}");
    assert!((number(&regions[1]["mean"]) - 1.0).abs() < 1e-6, "{regions}");
    let disk = number(&report["pooled"]["classes"][1]["dice"]);
    assert!((number(&regions[2]["pooled"]) - disk).abs() < 1e-6, "{regions}");
    let wrong = run(line("score @ @ --regions any=disk+7", &[&ours, &theirs]));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("names class `disk`"));
    let one = run(line("score @ @ --regions any=0", &[&data("soft_f32.npy"), &data("tbool.npy")]));
    assert!(String::from_utf8_lossy(&one.stderr).contains("wants several classes"));
}

#[test]
fn the_mean_without_the_background() {
    let report = json("score @ @", &[&data("soft3_chw.npy"), &data("lab.png")]);
    let classes = &report["pooled"]["classes"];
    let expected = (number(&classes[1]["dice"]) + number(&classes[2]["dice"])) / 2.0;
    assert!((number(&report["mean"]["foreground"]) - expected).abs() < 1e-6);
    assert!(report["distribution"]["interval"].is_null());
}

/// A folder of predictions, of which file `at` has `wrong(at)` wrong pixels of 16.
fn scored(folder: &tempfile::TempDir, name: &str, wrong: impl Fn(usize) -> usize) -> PathBuf {
    let [maps, masks] = ["maps", "masks"].map(|side| folder.path().join(name).join(side));
    for side in [&maps, &masks] {
        std::fs::create_dir_all(side).expect("a folder");
    }
    for at in 0..12 {
        let map: Vec<u8> = (0..16).map(|place| if place >= wrong(at) { 255 } else { 0 }).collect();
        std::fs::write(maps.join(format!("{at:02}.npy")), npy("|u1", &[4, 4], false, &map)).expect("a file");
        std::fs::write(masks.join(format!("{at:02}.npy")), npy("|b1", &[4, 4], false, &[1; 16])).expect("a file");
    }
    let out = folder.path().join(format!("{name}.json"));
    assert!(run(line("score @ @ --quiet --json @", &[&maps, &masks, &out])).status.success());
    out
}

#[test]
fn run_against_run() {
    let folder = folder();
    let before = scored(&folder, "before", |at| at % 3);
    let after = scored(&folder, "after", |at| {
        if at == 5 {
            9
        } else if at == 7 {
            0
        } else {
            at % 3
        }
    });
    let output = run(line("diff @ @", &[&before, &after]));
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(printed.contains("1 files got worse") && printed.contains("1 better, 10 are the same"), "{printed}");
    assert!(printed.lines().nth(1).is_some_and(|line| line.starts_with("05 ")), "{printed}");
    assert_eq!(run(line("diff @ @", &[&before, &before])).status.code(), Some(0));
    assert_eq!(run(line("diff @ @ --tolerance 0.5", &[&before, &after])).status.code(), Some(0));
    let written = run(line("diff @ @ --json -", &[&before, &after])).stdout;
    let written: Value = serde_json::from_slice(&written).expect("JSON");
    assert_eq!(written["worse"][0]["name"], "05");
    let wrong = run(line("diff @ @", &[&before, &write(&folder, "x.json", b"{}")]));
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("not a report of `score`"));
}

#[test]
fn test_cases_for_continuous_integration() {
    let folder = folder();
    scored(&folder, "run", |at| if at == 5 { 12 } else { 0 });
    let [maps, masks] = ["run/maps", "run/masks"].map(|side| folder.path().join(side));
    std::fs::write(maps.join("06.npy"), b"<broken>").expect("a file");
    let out = folder.path().join("x.xml");
    let output = run(line("score @ @ --keep-going --min-dice 0.9 --junit @ --quiet", &[&maps, &masks, &out]));
    assert_eq!(output.status.code(), Some(2));
    let text = std::fs::read_to_string(&out).expect("XML");
    assert!(text.contains("<testsuites tests=\"12\" failures=\"1\" errors=\"1\">"), "{text}");
    assert_eq!(text.matches("<testcase ").count(), 12);
    assert!(
        text.contains("<failure message=\"Dice 0.400000, below 0.9\">") && text.contains("<error message="),
        "{text}"
    );
    // No file without a limit to fail.
    assert_eq!(run(line("score @ @ --junit @", &[&maps, &masks, &out])).status.code(), Some(2));
}
