//! The peers' own test cases and their measured edge values, reproduced from the crate's sums.
//!
//! 112 cases: those with probabilities in [0, 1] pass at their own tolerance; those with values outside (tanh,
//! log-softmax, a raw 6) are refused with `Error::Range`.

mod support {
    pub mod data;
}

use serde_json::Value;
use soft_dice::activation::{Sigmoid, Softmax};
use soft_dice::presets::{self, keras, kornia, monai, nnunet, smp, torchmetrics};
use soft_dice::*;
use support::data::{json, shipped};

const FINE: F32Fine = F32Fine::new().range(Range::Refuse);

/// Numbers of a nested list, or of a shape filled with one.
fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(flat).collect(),
        Value::Object(fill) => {
            let shape = fill["shape"].as_array().unwrap();
            let count = shape.iter().map(|n| n.as_u64().unwrap() as usize).product();
            vec![fill["fill"].as_f64().unwrap(); count]
        }
        Value::String(s) => vec![s.parse().unwrap()],
        number => vec![number.as_f64().unwrap()],
    }
}

fn shape(value: &Value) -> Vec<usize> {
    match value {
        Value::Array(list) => [vec![list.len()], shape(&list[0])].concat(),
        Value::Object(fill) => fill["shape"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect(),
        _ => vec![],
    }
}

/// What makes probabilities of the input.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Act {
    None,
    Sigmoid,
    Softmax,
}

/// A batch of planar maps with their targets, either labels or values.
struct Batch {
    items: usize,
    classes: usize,
    p: Vec<f32>,
    t: Vec<f32>,
    labels: bool,
    act: Act,
}

fn soft<E: Element<Raw = f32> + Times<F32Fine>>(
    e: E,
    p: impl Columns<f32>,
    t: &[f32],
    classes: usize,
) -> Result<Vec<Record>, Error> {
    let mut sums = vec![Sums::new(e, Soft(FINE)); classes];
    for sums in &mut sums {
        *sums = *Stream::summing(e, Soft(FINE), All).sums();
    }
    Multilabel::over(&mut sums[..])?.update(p, Planar(t))?;
    Ok(sums.iter().map(Measured::record).collect())
}

fn labelled<E: Element<Raw = f32>>(
    e: E,
    p: impl Columns<f32>,
    t: &[f32],
    classes: usize,
) -> Result<Vec<Record>, Error> {
    let mut sums: Vec<_> = (0..classes).map(|c| *Stream::summing(e, Label::new(c as u8), All).sums()).collect();
    let labels: Vec<u8> = t.iter().map(|&t| t as u8).collect();
    Multiclass::over(&mut sums[..], classes)?.update(p, &labels)?;
    Ok(sums.iter().map(Measured::record).collect())
}

impl Batch {
    /// Sums of each item and class.
    fn records(&self) -> Result<Vec<Vec<Record>>, Error> {
        let (p, t) = (self.p.len() / self.items, self.t.len() / self.items);
        (0..self.items)
            .map(|item| {
                let (p, t, c) = (Planar(&self.p[item * p..][..p]), &self.t[item * t..][..t], self.classes);
                match (self.act, self.labels) {
                    (Act::None, false) => soft(FINE, p, t, c),
                    (Act::Sigmoid, false) => soft(Sigmoid(FINE), p, t, c),
                    (Act::Softmax, false) => soft(FINE, Softmax(p), t, c),
                    (Act::None, true) => labelled(FINE, p, t, c),
                    (Act::Sigmoid, true) => labelled(Sigmoid(FINE), p, t, c),
                    (Act::Softmax, true) => labelled(FINE, Softmax(p), t, c),
                }
            })
            .collect()
    }
}

/// The sums of all items, for each class.
fn pooled(items: &[Vec<Record>]) -> Vec<Record> {
    let mut all = items[0].clone();
    for item in &items[1..] {
        for (sum, more) in all.iter_mut().zip(item) {
            sum.merge(more).unwrap();
        }
    }
    all
}

struct Params<'a>(&'a Value);

impl Params<'_> {
    fn is(&self, name: &str) -> bool {
        self.0[name].as_bool().unwrap_or(false)
    }
    fn number(&self, name: &str, default: f64) -> f64 {
        self.0[name].as_f64().unwrap_or(default)
    }
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or("")
    }
    fn list(&self, name: &str) -> Option<Vec<f64>> {
        self.0[name].as_array().map(|_| flat(&self.0[name]))
    }
}

/// torch's and MONAI's `other_act`, for the cases that leave [0, 1].
fn other(act: &str, p: &mut [f32], items: usize, classes: usize) {
    let plane = p.len() / items / classes;
    match act {
        "" => {}
        "tanh" => p.iter_mut().for_each(|x| *x = x.tanh()),
        "fn: torch.log_softmax(x, dim=1)" => {
            for item in p.chunks_mut(plane * classes) {
                for at in 0..plane {
                    let sum: f32 = (0..classes).map(|c| item[c * plane + at].exp()).sum();
                    (0..classes).for_each(|c| item[c * plane + at] -= sum.ln());
                }
            }
        }
        act => panic!("{act}"),
    }
}

fn monai_case(name: &str, case: &Value, q: &Params) -> Result<Vec<f64>, Error> {
    let shape = shape(&case["input"]);
    let (items, classes) = (shape[0], shape[1]);
    let mut p: Vec<f32> = flat(&case["input"]).iter().map(|&x| x as f32).collect();
    other(q.text("other_act"), &mut p, items, classes);
    let act = match (q.is("sigmoid"), q.is("softmax")) {
        (true, _) => Act::Sigmoid,
        (_, true) => Act::Softmax,
        _ => Act::None,
    };
    let t = flat(&case["target"]).iter().map(|&x| x as f32).collect();
    let mut records = Batch { items, classes, p, t, labels: q.is("to_onehot_y"), act }.records()?;
    if q.is("batch") {
        records = vec![pooled(&records)];
    }
    if q.0["include_background"] == false && classes > 1 {
        records.iter_mut().for_each(|item| *item = item[1..].to_vec());
    }
    let smooth = (q.number("smooth_nr", 1e-5), q.number("smooth_dr", 1e-5));
    let soft_label = q.is("soft_label");
    let losses: Vec<Result<f64, Error>> = match name {
        "DiceLoss" => {
            let mut loss = monai::DiceLoss::new().smooth(smooth.0, smooth.1);
            loss = if q.is("squared_pred") { loss.squared_pred() } else { loss };
            loss = if q.is("jaccard") { loss.jaccard() } else { loss };
            loss = if soft_label { loss.soft_label() } else { loss };
            records.iter().flatten().map(|r| loss.loss(r)).collect()
        }
        "TverskyLoss" => {
            let loss = monai::TverskyLoss::new(q.number("alpha", 0.5), q.number("beta", 0.5));
            let loss = loss.smooth(smooth.0, smooth.1);
            let loss = if soft_label { loss.soft_label() } else { loss };
            records.iter().flatten().map(|r| loss.loss(r)).collect()
        }
        "GeneralizedDiceLoss" => {
            let loss = monai::generalized_dice_loss().smooth(smooth.0, smooth.1);
            let loss = if soft_label { loss.semimetric() } else { loss };
            let volume = match q.text("w_type") {
                "" | "square" => Volume::Square,
                "simple" => Volume::Simple,
                w_type => panic!("{w_type}"),
            };
            records.iter().map(|item| loss.volume(volume).f64(item)).collect()
        }
        name => panic!("{name}"),
    };
    match q.text("reduction") {
        "" => Ok(vec![presets::mean(losses)?]),
        "sum" => Ok(vec![presets::sum(losses)?]),
        _ => losses.into_iter().collect(),
    }
}

fn smp_case(name: &str, case: &Value, q: &Params) -> Result<Vec<f64>, Error> {
    let shape = shape(&case["input"]);
    let (mode, function) = (q.text("mode"), !name.ends_with("Loss"));
    let rows = if q.list("dims").is_some() { shape[0] } else { 1 };
    let (items, classes) = match mode {
        "" => (rows, 1),
        "binary" => (shape[0], 1),
        _ => (shape[0], shape[1]),
    };
    let act = match (function || q.0["from_logits"] == false, mode) {
        (true, _) => Act::None,
        (false, "multiclass") => Act::Softmax,
        _ => Act::Sigmoid,
    };
    let [p, t] = ["input", "target"].map(|name| flat(&case[name]).iter().map(|&x| x as f32).collect());
    let records = Batch { items, classes, p, t, labels: mode == "multiclass", act }.records()?;
    let loss = match name {
        "DiceLoss" | "soft_dice_score" => smp::dice_loss(),
        "JaccardLoss" | "soft_jaccard_score" => smp::jaccard_loss(),
        "TverskyLoss" | "soft_tversky_score" => smp::tversky_loss(q.number("alpha", 0.5), q.number("beta", 0.5)),
        name => panic!("{name}"),
    };
    let loss = loss.eps(q.number("eps", 1e-7));
    if function {
        // The peer's tests take the mean over rows.
        return Ok(vec![presets::mean(records.iter().map(|item| loss.score(&item[0])))?]);
    }
    Ok(vec![loss.over(&pooled(&records), q.list("class_weights").as_deref())?])
}

fn keras_case(name: &str, case: &Value, q: &Params) -> Result<Vec<f64>, Error> {
    let items = if q.list("axis").is_some() { shape(&case["input"])[0] } else { 1 };
    let [p, t] = ["input", "target"].map(|name| flat(&case[name]).iter().map(|&x| x as f32).collect());
    let records = Batch { items, classes: 1, p, t, labels: false, act: Act::None }.records()?;
    // The cases expect what Keras 3.16 gives.
    let (alpha, beta) = (q.number("alpha", 0.5), q.number("beta", 0.5));
    let loss = |r: &Record| match name {
        "Dice" => keras::dice(r),
        _ => keras::tversky(r, alpha, beta),
    };
    records.iter().map(|item| loss(&item[0])).collect()
}

#[test]
fn the_peers_own_cases() {
    let (mut passed, mut refused) = (0, Vec::new());
    for (file, run) in [
        ("monai_dice_loss", monai_case as fn(&str, &Value, &Params) -> Result<Vec<f64>, Error>),
        ("monai_generalized_dice_loss", monai_case),
        ("monai_tversky_loss", monai_case),
        ("smp_losses", smp_case),
        ("keras_losses", keras_case),
    ] {
        let cases = json(&shipped().join(format!("peers/{file}.json")));
        for (index, case) in cases.as_array().unwrap().iter().enumerate() {
            let name = case["fn"].as_str().unwrap().rsplit('.').next().unwrap();
            let params = Params(&case["params"]);
            let what = format!("{file} {index}: {name} {}", case["params"]);
            let outside = matches!(params.text("other_act"), "tanh" | "fn: torch.log_softmax(x, dim=1)")
                || case["note"] == "values outside [0,1] are in the peer's own test"
                || (file == "keras_losses" && flat(&case["input"]).contains(&6.0));
            match run(name, case, &params) {
                Err(error) => {
                    assert!(outside, "{what}: {error}");
                    assert_eq!(error, Error::Range, "{what}");
                    refused.push(what);
                }
                Ok(got) => {
                    assert!(!outside, "{what}: not refused");
                    let expected = flat(&case["expected"]);
                    let tolerance = |name: &str| case["tol"][name].as_f64().unwrap();
                    assert_eq!(expected.len(), got.len(), "{what}");
                    for (got, expected) in got.into_iter().zip(expected) {
                        let slack = tolerance("atol") + tolerance("rtol") * expected.abs();
                        assert!((got - expected).abs() <= slack, "{what}: {got} against {expected}");
                    }
                    passed += 1;
                }
            }
        }
    }
    println!("{passed} cases of the peers pass at their own tolerance; {} refused with Error::Range:", refused.len());
    refused.iter().for_each(|what| println!("  {what}"));
    assert_eq!((passed, refused.len()), (98, 14));
}

/// One map against another, as one class.
fn one(p: &[f32], t: &[f32]) -> Record {
    let batch = Batch { items: 1, classes: 1, p: p.to_vec(), t: t.to_vec(), labels: false, act: Act::None };
    batch.records().unwrap()[0][0]
}

/// Background and foreground of two hard maps.
fn two(p: &[f32], t: &[f32], hard: impl Fn(f32) -> bool) -> [Counts; 2] {
    let planes: Vec<f32> = [false, true]
        .iter()
        .flat_map(|&fg| p.iter().map(move |&p| (p, fg)))
        .map(|(p, fg)| if hard(p) == fg { 1.0 } else { 0.0 })
        .collect();
    let labels: Vec<u8> = t.iter().map(|&t| u8::from(hard(t))).collect();
    let mut counts = Argmax::<2>::new();
    counts.update(Planar(&planes), &labels).unwrap();
    *counts.classes()
}

type Values = Vec<Result<f64, Error>>;

/// What a function gives on a pair of maps; `None` if there is no preset.
fn edge(name: &str, p: &[f32], t: &[f32]) -> Option<Values> {
    let sums = one(p, t);
    let map = |hard: fn(f32) -> bool, x: &[f32]| x.iter().map(|&x| f32::from(u8::from(hard(x)))).collect::<Vec<_>>();
    let hard = |over: fn(f32) -> bool| one(&map(over, p), &map(over, t));
    let (half, full) = (|x: f32| x > 0.5, |x: f32| x == 1.0);
    let labels = two(p, t, half);
    let dice = monai::DiceLoss::new();
    let nnunet = |smooth| nnunet::soft_dice_loss(&sums, smooth);
    let metric = || {
        // The target as an integer, the prediction from one half on.
        Score::dice().both_empty(Empty::One).f64(&one(&map(|x| x >= 0.5, p), &map(|x| x == 1.0, t)))
    };
    let metric_iou = || Score::jaccard().both_empty(Empty::One).f64(&one(&map(|x| x >= 0.5, p), &map(|x| x == 1.0, t)));
    let mean = |average: Average| average.of(&labels).map(|mean| mean.ratio.f64());
    let generalised = Generalised::new();
    Some(match name {
        "monai.DiceLoss()" => vec![dice.loss(&sums)],
        "monai.DiceLoss(squared_pred)" => vec![dice.squared_pred().loss(&sums)],
        "monai.DiceLoss(soft_label)" => vec![dice.soft_label().loss(&sums)],
        "monai.DiceLoss(jaccard)" => vec![dice.jaccard().loss(&sums)],
        "monai.DiceLoss(jaccard,soft_label)" => vec![dice.jaccard().soft_label().loss(&sums)],
        "monai.DiceLoss(jaccard,squared)" => vec![dice.jaccard().squared_pred().loss(&sums)],
        "monai.DiceLoss(smooth_nr=0)" => vec![dice.smooth(0.0, 1e-5).loss(&sums)],
        "monai.DiceLoss(smooth 0,0)" => vec![dice.smooth(0.0, 0.0).loss(&sums)],
        "monai.TverskyLoss()" => vec![monai::TverskyLoss::new(0.5, 0.5).loss(&sums)],
        "monai.TverskyLoss(soft_label)" => vec![monai::TverskyLoss::new(0.5, 0.5).soft_label().loss(&sums)],
        "monai.GeneralizedDiceLoss()" | "monai.GeneralizedDiceLoss(batch)" => {
            vec![monai::generalized_dice_loss().f64(&[sums])]
        }
        "monai.GeneralizedDiceLoss(soft_label)" => vec![monai::generalized_dice_loss().semimetric().f64(&[sums])],
        // Compares with 1: what is between is background.
        "monai.compute_dice(ignore_empty)" => vec![monai::compute_dice(true).f64(&hard(full))],
        "monai.compute_dice(hard, ignore_empty=True)" => vec![monai::compute_dice(true).f64(&hard(half))],
        "monai.compute_dice(hard, ignore_empty=False)" => vec![monai::compute_dice(false).f64(&hard(half))],
        "monai.compute_iou()" => vec![monai::compute_iou(true).f64(&sums)],
        "monai.compute_iou(ignore_empty=F)" => vec![monai::compute_iou(false).f64(&sums)],
        "monai.compute_generalized_dice" | "monai.compute_generalized_dice(sum_over)" => {
            vec![monai::compute_generalized_dice(&[sums])]
        }
        "smp.DiceLoss(binary,from_logits=F)" => vec![smp::dice_loss().over(&[sums], None)],
        "smp.DiceLoss(binary,smooth=1)" => vec![smp::dice_loss().smooth(1.0).over(&[sums], None)],
        "smp.DiceLoss(log_loss)" => vec![smp::dice_loss().log_loss().over(&[sums], None)],
        "smp.soft_dice_score" => vec![smp::dice_loss().score(&sums)],
        "smp.JaccardLoss" => vec![smp::jaccard_loss().over(&[sums], None)],
        "smp.TverskyLoss" => vec![smp::tversky_loss(0.5, 0.5).over(&[sums], None)],
        "smp.metrics.f1(binary,thr .5)" => vec![metric()],
        "smp.metrics.iou(binary,thr .5)" => vec![metric_iou()],
        "nnunet.SoftDiceLoss(smooth=1) (-dc)" | "nnunet.MemEff(smooth=1)" => vec![nnunet(1.0)],
        "nnunet.MemEff(smooth=1e-5)" => vec![nnunet(1e-5)],
        "nnunet.SoftDiceLoss(smooth=0)" | "nnunet.MemEff(smooth=0)" => vec![nnunet(0.0)],
        "keras.losses.dice" => vec![keras::dice(&sums)],
        "keras.losses.tversky" => vec![keras::tversky_swapped(&sums, 0.5, 0.5)],
        "kornia one-hot(2ch logits +-20)" => {
            let logits: Vec<f32> =
                [-1.0, 1.0].iter().flat_map(|s| p.iter().map(move |p| s * 20.0 * (2.0 * p - 1.0))).collect();
            let labels: Vec<f32> = t.iter().map(|t| t.trunc()).collect();
            let batch = Batch { items: 1, classes: 2, p: logits, t: labels, labels: true, act: Act::Softmax };
            vec![kornia::micro(&batch.records().unwrap()[0], None, 1e-8)]
        }
        "torchmetrics.DiceScore(average=none,index,thr.5)" => {
            labels.iter().map(|class| torchmetrics::dice_score().f64(class)).collect()
        }
        "torchmetrics.DiceScore(micro)" => vec![mean(torchmetrics::dice_micro())],
        "torchmetrics.DiceScore(macro)" => vec![mean(torchmetrics::dice_macro())],
        "torchmetrics.GeneralizedDiceScore(per_class)" => {
            (0..2).map(|class| torchmetrics::generalized_dice_of_class(generalised, &[&labels[..]], 0, class)).collect()
        }
        "torchmetrics.GeneralizedDiceScore" => {
            vec![torchmetrics::generalized_dice(generalised, &[&labels[..]], 0)]
        }
        "torchmetrics.MeanIoU(per_class)" => labels.iter().map(torchmetrics::iou).collect(),
        _ => return None,
    })
}

#[test]
fn edge_values() {
    let cases = json(&shipped().join("peers/peer_edge_values_measured.json"));
    let (mut ran, mut without) = (0, Vec::new());
    for case in cases.as_array().unwrap() {
        let (name, edge_case) = (case["fn"].as_str().unwrap(), &case["case"]);
        let [p, t] = ["input", "target"].map(|map| flat(&case[map]).iter().map(|&x| x as f32).collect::<Vec<_>>());
        let Some(got) = edge(name, &p, &t) else {
            without.push(name);
            continue;
        };
        let expected = flat(&case["expected"]);
        assert_eq!(got.len(), expected.len(), "{name} {edge_case}");
        for (got, expected) in got.into_iter().zip(expected) {
            match got {
                Err(Error::Undefined) => assert!(expected.is_nan(), "{name} {edge_case}: undefined, not {expected}"),
                // The peers work in f32.
                Ok(got) => assert!((got - expected).abs() <= 2e-6, "{name} {edge_case}: {got} against {expected}"),
                Err(error) => panic!("{name} {edge_case}: {error}"),
            }
        }
        ran += 1;
    }
    without.dedup();
    println!("{ran} edge values of the peers; no preset for {without:?}");
    assert_eq!((ran, without.len()), (cases.as_array().unwrap().len(), 0));
}

/// Presets beyond the peers' tables: what their documentation says of weights, absent classes and swapped names.
#[test]
fn conventions() {
    let class = |p: u64, t: u64, pt: u64| {
        let mut stream = Stream::new(U8, NonZero);
        for (n, value, bit) in [(pt, 255, 1), (p - pt, 255, 0), (t - pt, 0, 1)] {
            stream.update(&vec![value; n as usize], &vec![bit; n as usize]).unwrap();
        }
        stream.finish()
    };
    let (a, b, absent) = (class(4, 6, 3), class(2, 2, 1), class(5, 0, 0));
    let near = |got: Result<f64, Error>, truth: f64| assert!((got.unwrap() - truth).abs() < 1e-6, "{got:?} {truth}");
    // 3 both, 1 false positive, 3 false negatives.
    near(keras::tversky(&a, 0.2, 0.8), 1.0 - 3.0 / (3.0 + 0.2 + 2.4));
    near(keras::tversky_swapped(&a, 0.2, 0.8), 1.0 - 3.0 / (3.0 + 0.8 + 0.6));
    near(smp::tversky_loss(0.2, 0.8).loss(&a), 1.0 - 3.0 / (3.0 + 0.2 + 2.4));
    near(smp::tversky_loss(0.5, 0.5).gamma(0.75).over(&[a, b, absent], None), ((0.4f64 + 0.5) / 3.0).powf(0.75));
    near(smp::dice_loss().over(&[a, b, absent], Some(&[2.0, 1.0, 1.0])), (0.8 + 0.5) / 4.0);
    assert_eq!(smp::dice_loss().over(&[a, b], Some(&[1.0])), Err(Error::Classes));
    near(kornia::macro_average(&[a, b, absent], None, 1e-8), (0.4 + 0.5) / 2.0);
    near(kornia::macro_average(&[absent], None, 1e-8), 1.0);
    near(kornia::micro(&[a, b, absent], None, 1e-8), 1.0 - 8.0 / 19.0);
    near(kornia::micro(&[a, b, absent], Some(&[1.0, 2.0, 0.0]), 1e-8), 1.0 - 2.0 * 5.0 / 18.0);
    near(torchmetrics::dice_macro().of(&[a, b, absent]).map(|mean| mean.ratio.f64()), (0.6 + 0.5) / 3.0);
    near(torchmetrics::dice_weighted().of(&[a, b, absent]).map(|mean| mean.ratio.f64()), (0.6 * 6.0 + 0.5 * 2.0) / 8.0);
    // An absent class takes its weight from the other item.
    let (first, second) = ([a, absent], [a, b]);
    let batch = [&first[..], &second[..]];
    let weight = (1.0 / 36.0, 1.0 / 4.0);
    let truth = 2.0 * 3.0 * weight.0 / (10.0 * weight.0 + 5.0 * weight.1);
    near(torchmetrics::generalized_dice(Generalised::new(), &batch, 0), truth);
    assert_eq!(torchmetrics::generalized_dice(Generalised::new(), &batch, 2), Err(Error::Classes));
    // Soft targets need minima.
    let bare = Stream::new(U8, Soft(U8)).finish();
    assert_eq!(smp::dice_loss().loss(&bare), Err(Error::NotSummed));
    assert_eq!(monai::DiceLoss::new().soft_label().loss(&bare), Err(Error::NotSummed));
    assert_eq!(monai::DiceLoss::new().squared_pred().loss(&bare), Err(Error::NotSummed));
}

/// Drawn maps, clamped to [10⁻⁷, 1 − 10⁻⁷] in f32 as MONAI does, and scored by it in f64.
#[test]
fn asymmetric_focal_tversky() {
    let cases = json(&shipped().join("peers/monai_asymmetric_focal_tversky.json"));
    let cases = cases.as_array().unwrap();
    for case in cases {
        let what = case["source"].as_str().unwrap();
        let (p, t) = (flat(&case["input"]), flat(&case["target"]));
        let [p, t] = [p, t].map(|map| map.iter().map(|&x| x as f32).collect::<Vec<f32>>());
        let classes = soft(FINE, Planar(&p), &t, 2).unwrap();
        let params = &case["params"];
        let loss = monai::AsymmetricFocalTverskyLoss::new();
        let loss = params["delta"].as_f64().map_or(loss, |delta| loss.delta(delta));
        let loss = params["gamma"].as_f64().map_or(loss, |gamma| loss.gamma(gamma));
        let found = loss.losses(&classes[0], &classes[1]).unwrap();
        for (found, expected) in found.into_iter().zip(flat(&case["expected"])) {
            let atol = case["tol"]["atol"].as_f64().unwrap();
            assert!((found - expected).abs() <= atol, "{what}: {found} against {expected}");
        }
    }
    println!("AsymmetricFocalTverskyLoss: {} cases of MONAI in f64", cases.len());
    assert_eq!(cases.len(), 9);
}
