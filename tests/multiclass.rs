//! Real multiclass output (65×65×21, NHWC): exact sums, the values of MONAI and smp, the float twins, a dead device, and
//! int8 logits through the sigmoid table. Runs where the environment says that the maps are.

#[path = "support/data.rs"]
mod data;

use data::{device, json, npy, shipped};
use serde_json::Value;
use soft_dice::activation::{SigmoidTable, Tabled};
use soft_dice::presets::{Batch, Loss, monai, smp};
use soft_dice::*;
use std::path::Path;

const C: usize = 21;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

/// The first maximum of each pixel.
fn argmax(map: &[f32]) -> Vec<u8> {
    let first = |pixel: &[f32]| (0..C).fold(0, |most, c| if pixel[c] > pixel[most] { c } else { most }) as u8;
    map.chunks(C).map(first).collect()
}

/// Losses of MONAI and smp within 1e-6; how many there were.
fn losses(classes: &[Record], case: &Value, id: &str) -> usize {
    let mut compared = 0;
    let mut near = |got: f64, expected: f64, name: &str| {
        assert!((got - expected).abs() < 1e-6, "{id}: {name}: {got} against {expected}");
        compared += 1;
    };
    for (name, expected) in case["monai_f64"].as_object().expect("a table") {
        let (background, batch) = (!name.contains("include_background=False"), Batch::one(classes).expect(id));
        let dice = monai::DiceLoss::new();
        let dice = if name.contains("squared_pred=True") { dice.squared_pred() } else { dice };
        let dice = if name.contains("jaccard=True") { dice.jaccard() } else { dice };
        let dice = dice.include_background(background);
        let general =
            |volume| monai::GeneralizedDiceLoss::new().w_type(volume).include_background(background).mean(&batch);
        let got = if name.contains("w_type=square") {
            general(Volume::Square)
        } else if name.contains("w_type=simple") {
            general(Volume::Simple)
        } else if name.contains("w_type=uniform") {
            general(Volume::Uniform)
        } else if name.contains("reduction=none") {
            let mut cells = [Cell::NONE; C];
            let count = dice.each(&batch, &mut cells).expect(id);
            for (got, expected) in cells[..count].iter().zip(numbers(expected)) {
                near(got.mean().expect(id), expected, name);
            }
            continue;
        } else if name.contains("reduction=sum") {
            dice.sum(&batch)
        } else {
            dice.mean(&batch)
        };
        near(got.expect(id), expected.as_f64().expect("a number"), name);
    }
    let present: Vec<Record> = classes.iter().copied().filter(|class| class.t > 0).collect();
    for (name, expected) in case["smp_f64"].as_object().expect("a table") {
        let got = match name.as_str() {
            "DiceLoss('multiclass')" => smp::dice_loss().of(&Batch::one(classes).expect(id)),
            "DiceLoss('multiclass',log_loss=True)" => smp::dice_loss().log_loss().of(&Batch::one(classes).expect(id)),
            "JaccardLoss('multiclass')" => smp::jaccard_loss().of(&Batch::one(classes).expect(id)),
            "DiceLoss('multiclass',classes=present)" => smp::dice_loss().of(&Batch::one(&present).expect(id)),
            // Needs sums of its own: the test below.
            "DiceLoss('multiclass',ignore_index=0)" => continue,
            name => panic!("{name}"),
        };
        near(got.expect(id), expected.as_f64().expect("a number"), name);
    }
    compared
}

fn records<P: Element>(e: P, p: &[P::Raw], labels: &[u8], ignore: Option<u8>) -> Vec<Record> {
    let mut frame = Multiclass::<[_; C]>::new(e, All);
    if let Some(label) = ignore {
        frame = frame.ignoring(label);
    }
    // In chunks of 100 pixels, as from a device.
    for (p, labels) in p.chunks(100 * C).zip(labels.chunks(100)) {
        frame.update(Interleaved(p), labels).expect("a chunk");
    }
    frame.sums().iter().map(Measured::record).collect()
}

fn int8(folder: &Path, case: &Value) -> usize {
    let id = case["id"].as_str().expect("an id");
    let file = |side: &str| folder.join(case[side]["file"].as_str().expect("a file"));
    let (_, p) = npy::<i8>(&file("pred"));
    let labels = argmax(&npy::<f32>(&file("target")).1);
    let classes = records(I8::TFLITE, &p, &labels, None);

    let exact = &case["exact_ints"];
    let list = |name: &str| numbers(&exact[name]).iter().map(|&x| x as u128).collect::<Vec<_>>();
    assert_eq!(classes.iter().map(|r| r.p).collect::<Vec<_>>(), list("u"), "{id}: Σp");
    assert_eq!(classes.iter().map(|r| r.t).collect::<Vec<_>>(), list("T"), "{id}: Σt");
    assert_eq!(classes.iter().map(|r| r.pt).collect::<Vec<_>>(), list("uT"), "{id}: Σpt");
    assert_eq!(classes.iter().map(|r| r.squares.expect(id).0).collect::<Vec<_>>(), list("uu"), "{id}: Σp²");

    let ignoring = records(I8::TFLITE, &p, &labels, Some(0));
    let expected = case["smp_f64"]["DiceLoss('multiclass',ignore_index=0)"].as_f64().expect(id);
    assert!(
        (smp::dice_loss().of(&Batch::one(&ignoring).expect(id)).expect(id) - expected).abs() < 1e-6,
        "{id}: ignore_index"
    );

    let mut hard = Argmax::<C>::new();
    hard.update(Interleaved(&p), &labels).expect(id);
    for (class, expected) in case["argmax"]["per_class"].as_object().expect(id) {
        let counts = &hard.classes()[class.parse::<usize>().expect(id)];
        let expect = |name: &str| expected[name].as_u64().expect(name);
        assert_eq!((counts.pt, counts.p, counts.t), (expect("tp"), expect("pred"), expect("target")), "{id}: {class}");
    }
    let right: u64 = hard.classes().iter().map(|class| class.pt).sum();
    let accuracy = case["argmax"]["pixel_accuracy"].as_f64().expect(id);
    assert!((right as f64 / labels.len() as f64 - accuracy).abs() < 1e-12, "{id}");
    1 + losses(&classes, case, id)
}

#[test]
fn device_output_of_many_classes() {
    let Some(folder) = device() else {
        println!("skipped: SOFT_DICE_DATA is not set");
        return;
    };
    let expected = json(&folder.join("expected.json"));
    let cases = expected["cases"].as_array().expect("cases").iter().filter(|case| case["kind"] == "multiclass");
    let compared: Vec<usize> = cases.map(|case| int8(&folder, case)).collect();
    println!(
        "{} int8 maps of 21 classes: sums exact, {} losses within 1e-6",
        compared.len(),
        compared.iter().sum::<usize>()
    );
    assert_eq!(compared.len(), 2);

    // The float twins against their own argmax: absent classes leave Σp ≈ 1e-5, which codes of 2⁻²³ cannot tell.
    let twins = json(&shipped().join("deeplab65_f32_expected.json"));
    for case in twins["cases"].as_array().expect("cases") {
        let id = case["file"].as_str().expect("a file");
        let (_, p) = npy::<f32>(&folder.join(id));
        let labels = argmax(&p);
        let fine = records(F32Fine::new(), &p, &labels, None);
        let compared = losses(&fine, case, id);
        let coarse = records(F32::new(), &p, &labels, None);
        let exact = [("p", 0), ("t", 1), ("pt", 2)].map(|(name, _)| numbers(&case[name]));
        let bound = labels.len() as f64 * 2f64.powi(-24);
        for (class, (fine, coarse)) in fine.iter().zip(&coarse).enumerate() {
            let (f, c) = (Pixels::of(fine), Pixels::of(coarse));
            for (at, (f, c)) in [(f.p, c.p), (f.t, c.t), (f.i, c.i)].into_iter().enumerate() {
                assert!((f - exact[at][class]).abs() < 1e-9, "{id}: F32Fine, class {class}");
                assert!((c - exact[at][class]).abs() <= bound, "{id}: F32 beyond n · 2^-24, class {class}");
            }
            // And the score, where there is one worth the name.
            let (score, off) = (Score::dice(), Score::dice().rounding(coarse));
            let (a, b) = (score.f64(fine), score.f64(coarse));
            if let (Ok(a), Ok(b)) = (a, b) {
                assert!((a - b).abs() <= off, "{id}: F32 beyond its stated bound, class {class}");
            }
        }
        let mean = |classes: &[Record]| monai::DiceLoss::new().mean(&Batch::one(classes).expect(id)).expect(id);
        println!(
            "{id}: {compared} losses within 1e-6 by F32Fine; F32 is off by {:.1e}",
            (mean(&fine) - mean(&coarse)).abs()
        );
    }
}

/// The runtime took the file and wrote the same 21 numbers at every pixel. A mean over all classes hides it.
#[test]
fn a_dead_device() {
    let Some(folder) = device() else {
        println!("skipped: SOFT_DICE_DATA is not set");
        return;
    };
    let (_, p) = npy::<i8>(&folder.join("deeplab65/collapsed_device_q8.npy"));
    // What docs/numerics.md tells of it.
    for (twin, dice, loss) in [("coffee", 0.099, 0.129), ("chelsea", 0.096, 0.086)] {
        let labels = argmax(&npy::<f32>(&folder.join(format!("deeplab65/{twin}_f32.npy"))).1);
        let classes = records(I8::TFLITE, &p, &labels, None);
        let mean = Average::new(Score::dice()).of(&classes).expect(twin);
        let dropped = smp::dice_loss().of(&Batch::one(&classes).expect(twin)).expect(twin);
        println!(
            "{twin}: macro Dice {:.3} over {} classes present ({} absent); smp's loss {dropped:.3}",
            mean.ratio.f64(),
            mean.defined,
            mean.absent
        );
        assert!((mean.ratio.f64() - dice).abs() < 1e-3, "{twin}");
        assert!((dropped - loss).abs() < 1e-3, "{twin}: what a mean over all classes makes of it");
        assert_eq!(usize::from(mean.defined + mean.absent), C, "{twin}");
    }
}

/// int8 logits through the 256-entry table.
#[test]
fn sigmoid_of_logits() {
    let Some(folder) = device() else {
        println!("skipped: SOFT_DICE_DATA is not set");
        return;
    };
    let expected = json(&folder.join("expected.json"));
    let mut compared = 0;
    for case in expected["cases"].as_array().expect("cases") {
        if case["pred"]["activation"] != "sigmoid" {
            continue;
        }
        let id = case["id"].as_str().expect("an id");
        let (_, p) = npy::<i8>(&folder.join(case["pred"]["file"].as_str().expect(id)));
        let (_, t) = npy::<f32>(&folder.join(case["target"]["file"].as_str().expect(id)));
        let mask: Vec<u8> = t.iter().map(|&t| u8::from(t > 0.5)).collect();
        let (scale, zero_point) = (&case["pred"]["scale"], &case["pred"]["zero_point"]);
        let table = SigmoidTable::i8(scale.as_f64().expect(id) as f32, zero_point.as_i64().expect(id) as i32);
        let element = Tabled::i8(Box::leak(Box::new(table.expect(id))));
        let mut stream = Stream::summing(element, NonZero, All);
        stream.update(&p, &mask).expect(id);
        let sums = stream.finish();
        let near = |got: f64, expected: &Value, bound: f64| {
            let expected = expected.as_f64().expect(id);
            assert!((got - expected).abs() < bound, "{id}: {got} against {expected}");
        };
        let pixels = Pixels::of(&sums);
        near(pixels.p, &case["sums_f64"]["p"], 289.0 * 6e-8);
        near(pixels.i, &case["sums_f64"]["pt"], 289.0 * 6e-8);
        near(pixels.squares.expect(id).0, &case["sums_f64"]["pp"], 289.0 * 2e-7);
        let dice = monai::DiceLoss::new();
        for (name, expected) in case["monai_f64"].as_object().expect(id) {
            let has = |what: &str| name.contains(what);
            let dice = match name.as_str() {
                "DiceLoss(smooth_nr=0,smooth_dr=1e-6)" => dice.smooth(0.0, 1e-6),
                "DiceLoss(smooth_nr=1,smooth_dr=1)" => dice.smooth(1.0, 1.0),
                _ => dice,
            };
            let dice = if has("squared_pred=True") { dice.squared_pred() } else { dice };
            let dice = if has("jaccard=True") { dice.jaccard() } else { dice };
            let dice = if has("soft_label=True") { dice.soft_label() } else { dice };
            let loss = if has("Tversky") { monai::TverskyLoss::new(0.3, 0.7).loss(&sums) } else { dice.loss(&sums) };
            near(loss.expect(id), expected, 1e-6);
            compared += 1;
        }
        for (name, expected) in case["smp_f64"].as_object().expect(id) {
            let loss = match name.as_str() {
                "DiceLoss('binary')" => smp::dice_loss(),
                "DiceLoss('binary',log_loss=True)" => smp::dice_loss().log_loss(),
                "DiceLoss('binary',smooth=1)" => smp::dice_loss().smooth(1.0),
                "JaccardLoss('binary')" => smp::jaccard_loss(),
                "TverskyLoss('binary',alpha=0.3,beta=0.7)" => smp::tversky_loss(0.3, 0.7),
                name => panic!("{name}"),
            };
            near(loss.of(&Batch::one(&[sums]).expect(id)).expect(id), expected, 1e-6);
            compared += 1;
        }
    }
    println!("{compared} losses of sigmoid(int8 logit) within 1e-6");
    assert_eq!(compared, 3 * 15);
}
