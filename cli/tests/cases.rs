//! Real networks' outputs through the command: Python's integers, the frameworks' losses, the library's own sums.

mod support;

use serde_json::Value;
use soft_dice::{All, F32, I8, Label, Measured, NonZero, Record, Score, Soft, Stream};
use std::path::{Path, PathBuf};
use support::{device, json, read, shipped};

/// As the expected values are asked for.
const BOUND: f64 = 1e-6;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))
}

fn near(got: f64, expected: &Value, what: &str) {
    let expected = number(expected);
    assert!((got - expected).abs() < BOUND, "{what}: {got}, expected {expected}");
}

fn record(sums: &Value) -> Record {
    serde_json::from_value(sums.clone()).expect("a record")
}

/// Command line and files of a case, without the form.
fn command(folder: &Path, case: &Value) -> (String, [PathBuf; 2]) {
    let file = |side: &str| folder.join(case[side]["file"].as_str().expect("a file"));
    let (scale, zero_point) = (&case["pred"]["scale"], &case["pred"]["zero_point"]);
    let mut line = format!("score @ @ --scale {scale} --zero-point {zero_point}");
    match case["target"]["rule"].as_str() {
        Some("value > 0.5") => line += " --target-threshold 0.5",
        Some(rule) if rule.starts_with("argmax") => line += " --target argmax --argmax",
        other => assert!(other.is_none(), "{other:?}"),
    }
    if case["pred"]["activation"] == "sigmoid" {
        line += " --logits sigmoid";
    }
    (line, [file("pred"), file("target")])
}

/// One map: integers, losses of all forms, both presets that the file has, hard Dice.
fn binary(folder: &Path, case: &Value, id: &str) -> usize {
    let (line, files) = command(folder, case);
    let files = [files[0].as_path(), files[1].as_path()];
    let mut compared = 0;
    let mut check = |got: f64, expected: &Value, what: &str| {
        near(got, expected, &format!("{id}: {what}"));
        compared += 1;
    };
    for (form, preset, loss) in [
        ("linear", "monai", "DiceLoss"),
        ("squared", "smp", "DiceLoss(squared_pred=True)"),
        ("semimetric", "keras", "DiceLoss(soft_label=True)"),
    ] {
        let report = json(&format!("{line} --form {form} --preset {preset} --threshold 0.5"), &files);
        let scores = &report["files"][0]["scores"];
        // The frameworks' smoothing of 1e-5 pixel is below the bound.
        check(1.0 - number(&scores["dice"]), &case["monai_f64"][loss], loss);
        match preset {
            "monai" => check(number(&scores["loss"]), &case["monai_f64"]["DiceLoss"], "--preset monai"),
            "smp" if case["smp_f64"].get("DiceLoss('binary')").is_some() => {
                check(number(&scores["loss"]), &case["smp_f64"]["DiceLoss('binary')"], "--preset smp")
            }
            _ => {}
        }
        let sums = record(&scores["classes"][0]["sums"]);
        assert_eq!(report["pooled"]["classes"][0]["sums"], scores["classes"][0]["sums"], "{id}");
        for (score, peer, loss) in [
            (Score::jaccard().smooth(0.5e-5, 0.5e-5), "monai_f64", "DiceLoss(jaccard=True)"),
            (Score::tversky(0.3, 0.7).smooth(1e-5, 1e-5), "monai_f64", "TverskyLoss(alpha=0.3,beta=0.7)"),
            (Score::jaccard().semimetric(), "smp_f64", "JaccardLoss('binary')"),
        ] {
            // smp takes no soft targets.
            if let Some(expected) = case[peer].get(loss) {
                check(score.loss().f64(&sums).expect(id), expected, loss);
            }
        }
        if case["soft_target"] == false {
            check(number(&scores["hard"]), &case["hard_ge"]["dice"], "hard Dice");
        }
        if let Some(exact) = case.get("exact_ints") {
            let (pp, tt) = sums.squares.expect("squares");
            let got = [sums.p, sums.t, sums.pt, pp, tt].map(|sum| u64::try_from(sum).expect("small"));
            let expected = ["u", "T", "uT", "uu", "TT"].map(|name| exact[name].as_u64().expect("an integer"));
            assert_eq!(got, expected, "{id}");
        }
        if case["pred"].get("activation").is_none() {
            assert_eq!(sums, library(case, &files), "{id}: the library's sums");
        }
    }
    compared
}

/// The same files through the library alone.
fn library(case: &Value, [prediction, target]: &[&Path; 2]) -> Record {
    let (_, p) = read::<i8>(prediction);
    let (_, t) = read::<f32>(target);
    if case["soft_target"] == true {
        let mut stream = Stream::summing(I8::TFLITE, Soft(F32::new()), All);
        stream.update(&p, &t).expect("a map");
        return stream.sums().record();
    }
    let mask: Vec<u8> = t.iter().map(|&t| u8::from(t > 0.5)).collect();
    let mut stream = Stream::summing(I8::TFLITE, NonZero, All);
    stream.update(&p, &mask).expect("a map");
    stream.sums().record()
}

/// Many classes: each class's integers, the library's sums, the means that the frameworks state, hard Dice of argmax.
fn multiclass(folder: &Path, case: &Value, id: &str) -> usize {
    let (line, files) = command(folder, case);
    let files = [files[0].as_path(), files[1].as_path()];
    let classes = case["classes"].as_u64().expect("a number") as usize;
    let report = json(&format!("{line} --preset monai"), &files);
    let scores = &report["files"][0]["scores"];
    assert_eq!(report["layout"], "hwc", "{id}");
    near(number(&scores["loss"]), &case["monai_f64"]["DiceLoss(include_background=True)"], id);
    let smp = json(&format!("{line} --preset smp"), &files);
    near(number(&smp["pooled"]["loss"]), &case["smp_f64"]["DiceLoss('multiclass')"], id);
    let mut compared = 2;
    let (_, q) = read::<i8>(files[0]);
    let (_, t) = read::<f32>(files[1]);
    let labels: Vec<u8> = t.chunks(classes).map(first_greatest).collect();
    for class in 0..classes {
        let one = &scores["classes"][class];
        let sums = record(&one["sums"]);
        let exact = &case["exact_ints"];
        let got = [sums.p, sums.t, sums.pt].map(|sum| u64::try_from(sum).expect("small"));
        assert_eq!(got, ["u", "T", "uT"].map(|name| exact[name][class].as_u64().expect("an integer")), "{id}: {class}");
        let column: Vec<i8> = q.iter().skip(class).step_by(classes).copied().collect();
        let mut stream = Stream::summing(I8::TFLITE, Label::new(class as u8), All);
        stream.update(&column, &labels).expect("a map");
        assert_eq!(sums, stream.sums().record(), "{id}: {class}");
        if let Some(hard) = case["argmax"]["per_class"].get(class.to_string()) {
            near(number(&one["hard"]), &hard["dice"], &format!("{id}: {class}"));
            compared += 1;
        }
    }
    compared
}

fn first_greatest(pixel: &[f32]) -> u8 {
    (1..pixel.len()).fold(0, |best, class| if pixel[class] > pixel[best] { class } else { best }) as u8
}

fn all(folder: &Path) -> (usize, usize) {
    let text = std::fs::read_to_string(folder.join("expected.json")).expect("expected.json");
    // Python writes NaN; no case here reads one.
    let expected: Value = serde_json::from_str(&text.replace("NaN", "null")).expect("JSON");
    let cases = expected["cases"].as_array().expect("cases");
    let mut values = 0;
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        values += if case["kind"] == "multiclass" { multiclass(folder, case, id) } else { binary(folder, case, id) };
    }
    (cases.len(), values)
}

#[test]
fn shipped_cases() {
    let (cases, values) = all(&shipped());
    println!("shipped: {cases} cases, {values} values within {BOUND:e}");
    // Three runs of each: a form and two losses, once MONAI's preset; of the four with a mask smp's loss and preset, and
    // hard Dice.
    assert_eq!((cases, values), (8, 8 * (3 * 3 + 1) + 4 * (3 * 2 + 1)));
}

#[test]
fn device_cases() {
    let Some(folder) = device() else {
        println!("not run: SOFT_DICE_DATA is not set");
        return;
    };
    let (cases, values) = all(&folder);
    println!("device: {cases} cases, {values} values within {BOUND:e}");
    assert_eq!(cases, 11);
}

/// The lines `real …` that every emulated board writes under `examples/firmware/run.sh BOARD agree`: Σp, Σt and Σpt of a map
/// against its own mask and the other picture's.
const BOARDS: &str = "\
real selfie256_astronaut own 65536 10000 0 0 0 863b5f 9588 862ce8 862ce8 0
real selfie256_astronaut bits 65536 10000 0 0 0 863b5f 5724 431b8f 431b8f 0
real selfie256_camera own 65536 10000 0 0 0 4c8b2a 5724 4c77f1 4c77f1 0
real selfie256_camera bits 65536 10000 0 0 0 4c8b2a 9588 40edcf 40edcf 0";

#[test]
fn sums_of_the_boards() {
    let map = |picture: &str| shipped().join(format!("selfie256_{picture}_q8.npy"));
    for line in BOARDS.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let picture = words[1].trim_start_matches("selfie256_");
        let other = if picture == "camera" { "astronaut" } else { "camera" };
        let target = if words[2] == "own" { picture } else { other };
        // A board's mask is from code 128 on, a half; here it is what lies above the threshold.
        let report = json("score @ @ --tflite --target-threshold 0.499", &[&map(picture), &map(target)]);
        let sums = record(&report["pooled"]["classes"][0]["sums"]);
        let hex = |word: &str| u128::from_str_radix(word, 16).expect("a number");
        let found = [u128::from(sums.count), sums.p, sums.t, sums.pt];
        assert_eq!(found, [hex(words[4]), hex(words[8]), hex(words[9]), hex(words[10])], "{line}");
    }
}
