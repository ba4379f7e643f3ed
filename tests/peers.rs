//! The peers' own test cases and their measured edge values, reproduced from the crate's sums.
//!
//! 112 cases: those with probabilities in [0, 1] pass at their own tolerance; those with values outside (tanh,
//! log-softmax, a raw 6) are refused with `Error::Range`.

mod support {
    pub mod data;
}

use serde_json::Value;
use soft_dice::activation::{Sigmoid, Softmax};
use soft_dice::presets::{Batch, Loss, Metric, keras, kornia, monai, nnunet, smp, torchmetrics};
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
struct Maps {
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

impl Maps {
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
    let records = Maps { items, classes, p, t, labels: q.is("to_onehot_y"), act }.records()?.concat();
    let batch = Batch::new(&records, classes)?;
    let smooth = (q.number("smooth_nr", 1e-5), q.number("smooth_dr", 1e-5));
    let (soft_label, background, pooled) = (q.is("soft_label"), q.0["include_background"] != false, q.is("batch"));
    match name {
        "DiceLoss" => {
            let mut loss =
                monai::DiceLoss::new().smooth(smooth.0, smooth.1).include_background(background).batch(pooled);
            loss = if q.is("squared_pred") { loss.squared_pred() } else { loss };
            loss = if q.is("jaccard") { loss.jaccard() } else { loss };
            loss = if soft_label { loss.soft_label() } else { loss };
            reduced(&loss, &batch, q)
        }
        "TverskyLoss" => {
            let loss = monai::TverskyLoss::new(q.number("alpha", 0.5), q.number("beta", 0.5));
            let loss = loss.smooth(smooth.0, smooth.1).include_background(background).batch(pooled);
            reduced(&if soft_label { loss.soft_label() } else { loss }, &batch, q)
        }
        "GeneralizedDiceLoss" => {
            let volume = match q.text("w_type") {
                "" | "square" => Volume::Square,
                "simple" => Volume::Simple,
                w_type => panic!("{w_type}"),
            };
            let loss = monai::GeneralizedDiceLoss::new().smooth(smooth.0, smooth.1).w_type(volume);
            let loss = loss.include_background(background).batch(pooled);
            reduced(&if soft_label { loss.soft_label() } else { loss }, &batch, q)
        }
        name => panic!("{name}"),
    }
}

fn reduced(loss: &impl Loss, batch: &Batch<'_, Record>, q: &Params) -> Result<Vec<f64>, Error> {
    match q.text("reduction") {
        "" => Ok(vec![loss.mean(batch)?]),
        "sum" => Ok(vec![loss.sum(batch)?]),
        _ => {
            let mut cells = vec![Cell::NONE; 64];
            let count = loss.each(batch, &mut cells)?;
            cells[..count].iter().map(Cell::mean).collect()
        }
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
    let records = Maps { items, classes, p, t, labels: mode == "multiclass", act }.records()?;
    let loss = match name {
        "DiceLoss" | "soft_dice_score" => smp::dice_loss(),
        "JaccardLoss" | "soft_jaccard_score" => smp::jaccard_loss(),
        "TverskyLoss" | "soft_tversky_score" => smp::tversky_loss(q.number("alpha", 0.5), q.number("beta", 0.5)),
        name => panic!("{name}"),
    };
    let loss = loss.eps(q.number("eps", 1e-7));
    if function {
        // The peer's tests take the mean over rows.
        let scores: Result<Vec<f64>, Error> = records.iter().map(|item| loss.score(&item[0])).collect();
        return Ok(vec![scores?.iter().sum::<f64>() / records.len() as f64]);
    }
    let weights = q.list("class_weights");
    let loss = weights.as_deref().map_or(loss, |weights| loss.class_weights(weights));
    Ok(vec![loss.of(&Batch::new(&records.concat(), classes)?)?])
}

fn keras_case(name: &str, case: &Value, q: &Params) -> Result<Vec<f64>, Error> {
    let items = if q.list("axis").is_some() { shape(&case["input"])[0] } else { 1 };
    let [p, t] = ["input", "target"].map(|name| flat(&case[name]).iter().map(|&x| x as f32).collect());
    let records = Maps { items, classes: 1, p, t, labels: false, act: Act::None }.records()?;
    // The cases expect what Keras 3.16 gives.
    let (alpha, beta) = (q.number("alpha", 0.5), q.number("beta", 0.5));
    let loss = match name {
        "Dice" => keras::Overlap::dice(),
        _ => keras::Overlap::tversky(alpha, beta),
    };
    let (records, mut cells) = (records.concat(), vec![Cell::NONE; items]);
    let count = loss.axis(keras::Axis::Items).each(&Batch::new(&records, 1)?, &mut cells)?;
    cells[..count].iter().map(Cell::mean).collect()
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
    let maps = Maps { items: 1, classes: 1, p: p.to_vec(), t: t.to_vec(), labels: false, act: Act::None };
    maps.records().unwrap()[0][0]
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
    let nnunet = |smooth| nnunet::SoftDiceLoss::new().smooth(smooth).loss(&sums);
    let of = |sums: Record, loss: &dyn Fn(&Batch<'_, Record>) -> Result<f64, Error>| loss(&Batch::one(&[sums])?);
    let metric = || {
        // The target as an integer, the prediction from one half on.
        Score::dice().both_empty(Empty::One).f64(&one(&map(|x| x >= 0.5, p), &map(|x| x == 1.0, t)))
    };
    let metric_iou = || Score::jaccard().both_empty(Empty::One).f64(&one(&map(|x| x >= 0.5, p), &map(|x| x == 1.0, t)));
    let batch = Batch::one(&labels).unwrap();
    let dice_score = |average, class: Option<usize>| {
        let mut cells = [Cell::NONE; 2];
        let mut run = torchmetrics::DiceScore::new().average(average).start(&mut cells);
        run.update(&batch)?;
        class.map_or_else(|| run.compute(), |class| run.class(class))
    };
    let generalised = |class: Option<usize>| {
        let mut cells = [Cell::NONE; 2];
        let mut run = torchmetrics::GeneralizedDiceScore::new().per_class(class.is_some()).start(&mut cells);
        run.update(&batch)?;
        class.map_or_else(|| run.compute(), |class| run.class(class))
    };
    let iou = |class: usize| {
        let mut cells = [Cell::NONE; 2];
        let mut run = torchmetrics::MeanIoU::new().per_class(true).start(&mut cells);
        run.update(&batch)?;
        run.class(class)
    };
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
            vec![of(sums, &|batch| monai::GeneralizedDiceLoss::new().mean(batch))]
        }
        "monai.GeneralizedDiceLoss(soft_label)" => {
            vec![of(sums, &|batch| monai::GeneralizedDiceLoss::new().soft_label().mean(batch))]
        }
        // Compares with 1: what is between is background.
        "monai.compute_dice(ignore_empty)" => vec![monai::DiceMetric::new().ignore_empty(true).value(&[hard(full)], 0)],
        "monai.compute_dice(hard, ignore_empty=True)" => {
            vec![monai::DiceMetric::new().ignore_empty(true).value(&[hard(half)], 0)]
        }
        "monai.compute_dice(hard, ignore_empty=False)" => {
            vec![monai::DiceMetric::new().ignore_empty(false).value(&[hard(half)], 0)]
        }
        "monai.compute_iou()" => vec![monai::MeanIoU::new().ignore_empty(true).value(&[sums], 0)],
        "monai.compute_iou(ignore_empty=F)" => vec![monai::MeanIoU::new().ignore_empty(false).value(&[sums], 0)],
        "monai.compute_generalized_dice" | "monai.compute_generalized_dice(sum_over)" => {
            vec![monai::GeneralizedDiceScore::new().value(&[sums], 0)]
        }
        "smp.DiceLoss(binary,from_logits=F)" => vec![of(sums, &|batch| smp::dice_loss().of(batch))],
        "smp.DiceLoss(binary,smooth=1)" => vec![of(sums, &|batch| smp::dice_loss().smooth(1.0).of(batch))],
        "smp.DiceLoss(log_loss)" => vec![of(sums, &|batch| smp::dice_loss().log_loss().of(batch))],
        "smp.soft_dice_score" => vec![smp::dice_loss().score(&sums)],
        "smp.JaccardLoss" => vec![of(sums, &|batch| smp::jaccard_loss().of(batch))],
        "smp.TverskyLoss" => vec![of(sums, &|batch| smp::tversky_loss(0.5, 0.5).of(batch))],
        "smp.metrics.f1(binary,thr .5)" => vec![metric()],
        "smp.metrics.iou(binary,thr .5)" => vec![metric_iou()],
        "nnunet.SoftDiceLoss(smooth=1) (-dc)" | "nnunet.MemEff(smooth=1)" => vec![nnunet(1.0)],
        "nnunet.MemEff(smooth=1e-5)" => vec![nnunet(1e-5)],
        "nnunet.SoftDiceLoss(smooth=0)" | "nnunet.MemEff(smooth=0)" => vec![nnunet(0.0)],
        "keras.losses.dice" => vec![of(sums, &|batch| keras::Overlap::dice().mean(batch))],
        "keras.losses.tversky" => vec![of(sums, &|batch| keras::Overlap::tversky_swapped(0.5, 0.5).mean(batch))],
        "kornia one-hot(2ch logits +-20)" => {
            let logits: Vec<f32> =
                [-1.0, 1.0].iter().flat_map(|s| p.iter().map(move |p| s * 20.0 * (2.0 * p - 1.0))).collect();
            let labels: Vec<f32> = t.iter().map(|t| t.trunc()).collect();
            let maps = Maps { items: 1, classes: 2, p: logits, t: labels, labels: true, act: Act::Softmax };
            vec![kornia::DiceLoss::new().of(&Batch::one(&maps.records().unwrap()[0]).unwrap())]
        }
        "torchmetrics.DiceScore(average=none,index,thr.5)" => {
            (0..2).map(|class| dice_score(torchmetrics::ScoreAverage::None, Some(class))).collect()
        }
        "torchmetrics.DiceScore(micro)" => vec![dice_score(torchmetrics::ScoreAverage::Micro, None)],
        "torchmetrics.DiceScore(macro)" => vec![dice_score(torchmetrics::ScoreAverage::Macro, None)],
        "torchmetrics.GeneralizedDiceScore(per_class)" => (0..2).map(|class| generalised(Some(class))).collect(),
        "torchmetrics.GeneralizedDiceScore" => vec![generalised(None)],
        "torchmetrics.MeanIoU(per_class)" => (0..2).map(iou).collect(),
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
    let (first, every) = ([a], [a, b, absent]);
    let [one, all, few] = [&first[..], &every[..], &every[..2]].map(|classes| Batch::one(classes).unwrap());
    near(keras::Overlap::tversky(0.2, 0.8).mean(&one), 1.0 - 3.0 / (3.0 + 0.2 + 2.4));
    near(keras::Overlap::tversky_swapped(0.2, 0.8).mean(&one), 1.0 - 3.0 / (3.0 + 0.8 + 0.6));
    near(smp::tversky_loss(0.2, 0.8).loss(&a), 1.0 - 3.0 / (3.0 + 0.2 + 2.4));
    near(smp::tversky_loss(0.5, 0.5).gamma(0.75).of(&all), ((0.4f64 + 0.5) / 3.0).powf(0.75));
    near(smp::dice_loss().class_weights(&[2.0, 1.0, 1.0]).of(&all), (0.8 + 0.5) / 4.0);
    assert_eq!(smp::dice_loss().class_weights(&[1.0]).of(&few), Err(Error::Classes));
    assert_eq!(smp::dice_loss().classes(&[3]).of(&few), Err(Error::Classes));
    let (first, second) = ((6.0 + 1e-5) / (10.0 + 1e-5), (2.0 + 1e-5) / (4.0 + 1e-5));
    near(nnunet::SoftDiceLoss::trainer(false).mean(&few), -second);
    near(nnunet::SoftDiceLoss::trainer(false).do_bg(true).mean(&few), -(first + second) / 2.0);
    // The two frames that torchmetrics 1.9.0 gives 0.1308: the second has a prediction of class 0 and no target.
    let frames = [class(4, 16, 4), class(4, 36, 4), class(4, 0, 0), class(0, 0, 0)];
    let mut run = torchmetrics::DiceScore::new().average(torchmetrics::ScoreAverage::Weighted).start(&mut []);
    run.update(&Batch::new(&frames, 2).unwrap()).unwrap();
    assert!((run.compute().unwrap() - 0.1308).abs() < 5e-5, "{:?}", run.compute());
    // An absent class takes its weight from a class that the peer mixes up, of the other item.
    let items = [class(3, 4, 3), class(1, 0, 0), class(1, 1, 1), class(3, 3, 2)];
    let first = |items| {
        let batch = Batch::new(items, 2).unwrap();
        let mut run = torchmetrics::GeneralizedDiceScore::new().start(&mut []);
        run.update(&batch).unwrap();
        run.compute().unwrap()
    };
    let second = 2.0 * (1.0 + 2.0 / 9.0) / (2.0 + 6.0 / 9.0);
    assert!((2.0 * first(&items[..]) - second - 0.2609).abs() < 5e-5);
    // A wrong rule was possible once: an absent class that is predicted counts with 0 where it is not ignored.
    let frame = [class(2, 2, 2), class(2, 2, 2), class(3, 0, 0)];
    let mean = |metric: monai::DiceMetric| {
        let mut run = metric.start(&mut []);
        run.update(&Batch::one(&frame).unwrap()).unwrap();
        run.aggregate().unwrap().value
    };
    assert!((mean(monai::DiceMetric::new().ignore_empty(false)) - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(mean(monai::DiceMetric::new()), 1.0);
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
