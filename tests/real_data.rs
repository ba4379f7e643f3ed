//! The output of real int8 networks against their float twins: the sums are the integers that Python counted, and the
//! losses those of MONAI and segmentation-models-pytorch in f64.

#[path = "support/data.rs"]
mod data;

use data::{device, json, npy, shipped};
use serde_json::Value;
use soft_dice::*;
use std::path::Path;

/// The score that MONAI's loss of this name is 1 minus of.
fn monai(name: &str) -> Option<Score> {
    let usual = |score: Score| score.smooth(1e-5, 1e-5);
    // MONAI's Jaccard is (2·tp + s)/(2·(tp + fp + fn) + s): the smoothing counts half.
    let half = |score: Score| score.smooth(0.5e-5, 0.5e-5);
    Some(match name {
        "DiceLoss" => usual(Score::dice()),
        // With soft labels tp = (P + T − ‖p − t‖)/2 in the order of the norm: m, or for squares I.
        "DiceLoss(squared_pred=True)" | "DiceLoss(soft_label=True,squared_pred=True)" => usual(Score::dice().squared()),
        "DiceLoss(jaccard=True)" => half(Score::jaccard()),
        "DiceLoss(squared_pred=True,jaccard=True)" => half(Score::jaccard().squared()),
        "DiceLoss(smooth_nr=0,smooth_dr=1e-6)" => Score::dice().smooth(0.0, 1e-6),
        "DiceLoss(smooth_nr=1,smooth_dr=1)" => Score::dice().smooth(1.0, 1.0),
        "DiceLoss(soft_label=True)" => usual(Score::dice().semimetric()),
        "DiceLoss(soft_label=True,jaccard=True)" => half(Score::jaccard().semimetric()),
        "TverskyLoss(alpha=0.3,beta=0.7)" => usual(Score::tversky(0.3, 0.7)),
        _ => return None,
    })
}

/// The same for smp, whose losses are made of m.
fn smp(name: &str) -> Option<Score> {
    Some(match name {
        "DiceLoss('binary')" => Score::dice().semimetric(),
        "DiceLoss('binary',smooth=1)" => Score::dice().semimetric().smooth(2.0, 2.0),
        "JaccardLoss('binary')" => Score::jaccard().semimetric(),
        "TverskyLoss('binary',alpha=0.3,beta=0.7)" => Score::tversky(0.3, 0.7).semimetric(),
        _ => return None,
    })
}

/// Losses within 1e-6, and how many were compared.
fn losses(sums: &impl Measured, case: &Value, id: &str) -> usize {
    let mut compared = 0;
    for (peer, score) in [("monai_f64", monai as fn(&str) -> Option<Score>), ("smp_f64", smp)] {
        for (name, expected) in case[peer].as_object().expect("a table of losses") {
            if name == "DiceLoss('binary',log_loss=True)" {
                let loss = -Score::dice().semimetric().f64(sums).expect(id).ln();
                assert!((loss - expected.as_f64().expect(name)).abs() < 1e-6, "{id}: {name}");
                compared += 1;
                continue;
            }
            let score = score(name).unwrap_or_else(|| panic!("{id}: no score for {peer} {name}")).loss();
            let expected = expected.as_f64().expect(name);
            let (fine, single) = (score.f64(sums).expect(id), score.f32(sums).expect(id));
            let (q15, q31) = (score.q15(sums).expect(id), score.q31(sums).expect(id));
            assert!((fine - expected).abs() < 1e-6, "{id}: {peer} {name}: {fine} against {expected}");
            assert!((f64::from(single) - fine).abs() <= fine * 2f64.powi(-24), "{id}: {name} as f32");
            assert!((f64::from(q15) / 32768.0 - fine).abs() <= 0.5 / 32768.0 + 1e-15, "{id}: {name} as Q15");
            assert!((q31 as f64 / 2f64.powi(31) - fine).abs() <= 0.5 / 2f64.powi(31) + 1e-15, "{id}: {name} as Q31");
            compared += 1;
        }
    }
    compared
}

fn within(got: f64, expected: &Value, bound: f64, what: &str) {
    let expected = expected.as_f64().expect(what);
    // The expected values are f64 sums themselves.
    assert!((got - expected).abs() <= bound + expected * 1e-12, "{what}: {got} against {expected}, bound {bound:e}");
}

fn binary(folder: &Path, case: &Value) -> usize {
    let id = case["id"].as_str().expect("an id");
    let file = |side: &str| folder.join(case[side]["file"].as_str().expect("a file"));
    let (shape, p) = npy::<i8>(&file("pred"));
    let (shape_t, t) = npy::<f32>(&file("target"));
    assert_eq!(shape, shape_t, "{id}");
    let scale = case["pred"]["scale"].as_f64().expect("a scale") as f32;
    let zero_point = case["pred"]["zero_point"].as_i64().expect("a zero point") as i32;
    let device = I8::new(scale, zero_point).expect(id);
    assert_eq!(device, I8::TFLITE, "{id}");
    let n = p.len() as f64;
    if case["soft_target"] == true {
        let mut stream = Stream::summing(device, Soft(F32::new()), All);
        stream.update(&p, &t).expect(id);
        let sums = stream.finish();
        let (expected, bound) = (&case["sums_f64"], n * 2f64.powi(-24));
        let (unit_p, unit_t) = (sums.unit_p().value(1), sums.unit_t().value(1));
        let (pp, tt) = sums.squares().expect(id);
        let (min_p, min_t) = sums.minima().expect(id);
        within(sums.p() as f64 * unit_p, &expected["p"], 0.0, id);
        within(sums.t() as f64 * unit_t, &expected["t"], bound, id);
        within(sums.pt() as f64 * unit_p * unit_t, &expected["pt"], bound, id);
        within(pp as f64 * unit_p * unit_p, &expected["pp"], 0.0, id);
        within(tt as f64 * unit_t, &expected["tt"], bound, id);
        within(min_p as f64 * unit_p + min_t as f64 * unit_t, &expected["min_pt"], bound, id);
        return losses(&sums, case, id);
    }
    assert_eq!(case["target"]["rule"], "value > 0.5", "{id}");
    let mask: Vec<u8> = t.iter().map(|&t| u8::from(t > 0.5)).collect();
    let mut stream = Stream::summing(device, NonZero, Squares);
    stream.update(&p, &mask).expect(id);
    let sums = stream.finish();
    let exact = &case["exact_ints"];
    let (pp, tt) = sums.squares().expect(id);
    assert_eq!(u128::from(sums.p()), whole(&exact["u"]), "{id}: Σp");
    assert_eq!(u128::from(sums.t()), whole(&exact["T"]), "{id}: Σt");
    assert_eq!(u128::from(sums.pt()), whole(&exact["uT"]), "{id}: Σpt");
    assert_eq!(pp, whole(&exact["uu"]), "{id}: Σp²");
    assert_eq!(tt, whole(&exact["TT"]), "{id}: Σt²");
    // The device's own hard mask, under both tie rules, against the target.
    for (rule, hard) in [("hard_gt", Own::above(&device, 0.5)), ("hard_ge", Own::at_least(&device, 0.5))] {
        let mut own = Stream::new(device, hard);
        own.update(&p, ()).expect(id);
        assert_eq!(u128::from(own.sums().t()), whole(&case[rule]["pred"]), "{id}: {rule}");
    }
    losses(&sums, case, id)
}

fn whole(value: &Value) -> u128 {
    u128::from(value.as_u64().expect("an integer"))
}

fn run(folder: &Path, wanted: impl Fn(&str) -> bool) -> (usize, usize) {
    let expected = json(&folder.join("expected.json"));
    let (mut cases, mut values) = (0, 0);
    for case in expected["cases"].as_array().expect("cases") {
        if wanted(case["id"].as_str().expect("an id")) {
            values += binary(folder, case);
            cases += 1;
        }
    }
    (cases, values)
}

#[test]
fn shipped_cases() {
    let (cases, values) = run(&shipped(), |_| true);
    println!("shipped: {cases} cases, {values} losses within 1e-6");
    assert_eq!((cases, values), (8, 100));
}

#[test]
fn device_cases() {
    let Some(folder) = device() else {
        println!("not run: SOFT_DICE_DATA is not set");
        return;
    };
    let (cases, values) = run(&folder, |id| id.starts_with("bodypix33/"));
    println!("bodypix33: {cases} cases, {values} losses within 1e-6");
    assert_eq!(cases, 6);
}
