//! Every class of the frameworks with its reductions, against what the frameworks themselves give: cases that
//! `tests/data/peers/reductions.py` and, of burn, `tests/data/peers/burn` made by running them, agreement within 1e-6.
//!
//! No case needs a buffer that the caller prepares: logits go through the crate's own activations, label maps are taken as they
//! are, masks are regions. What a framework refuses is refused here, by a named rule.

mod support {
    pub mod batches;
    pub mod data;
}

use serde_json::Value;
use soft_dice::presets::{
    Aggregate, Batch, CrossEntropy, Loss, Metric, burn, cmsis, keras, kornia, monai, nnunet, smp, torchmetrics,
};
use soft_dice::*;
use support::batches::{Drawn, Source};
use support::data::{json, shipped};

type Values = Result<Vec<f64>, Error>;

/// The parameters of a case. A name that nobody asked for is found out by [`Params::done`].
struct Params<'a> {
    all: &'a Value,
    asked: std::cell::RefCell<Vec<&'static str>>,
}

impl<'a> Params<'a> {
    fn get(&self, name: &'static str) -> &'a Value {
        self.asked.borrow_mut().push(name);
        &self.all[name]
    }

    fn is(&self, name: &'static str, default: bool) -> bool {
        self.get(name).as_bool().unwrap_or(default)
    }

    fn number(&self, name: &'static str, default: f64) -> f64 {
        self.get(name).as_f64().unwrap_or(default)
    }

    fn text(&self, name: &'static str) -> &'a str {
        self.get(name).as_str().unwrap_or_default()
    }

    fn list(&self, name: &'static str) -> Option<Vec<f64>> {
        Some(self.get(name).as_array()?.iter().map(|x| x.as_f64().expect("a number")).collect())
    }

    /// No parameter was left unread.
    fn done(&self) {
        for name in self.all.as_object().expect("parameters").keys() {
            assert!(self.asked.borrow().iter().any(|asked| asked == name), "{name} of {} has no effect", self.all);
        }
    }

    fn volume(&self, name: &'static str) -> Volume {
        match self.text(name) {
            "square" => Volume::Square,
            "simple" => Volume::Simple,
            "uniform" | "linear" => Volume::Uniform,
            other => panic!("{other}"),
        }
    }
}

fn reduced(loss: &impl Loss, batch: &Batch<'_, Record>, reduction: &str) -> Values {
    match reduction {
        "mean" | "sum_over_batch_size" | "" => Ok(vec![loss.mean(batch)?]),
        "sum" => Ok(vec![loss.sum(batch)?]),
        "none" => {
            let mut cells = [Cell::NONE; 32];
            let count = loss.each(batch, &mut cells)?;
            Ok(cells[..count].iter().map(|cell| cell.mean().unwrap_or(f64::NAN)).collect())
        }
        other => panic!("{other}"),
    }
}

fn dice_loss<'w>(q: &Params<'_>, weight: Option<&'w [f64]>) -> monai::DiceLoss<'w> {
    let mut loss = monai::DiceLoss::new()
        .include_background(q.is("include_background", true))
        .batch(q.is("batch", false))
        .smooth(q.number("smooth_nr", 1e-5), q.number("smooth_dr", 1e-5));
    if let Some(weight) = weight {
        loss = loss.weight(weight);
    }
    loss = if q.is("squared_pred", false) { loss.squared_pred() } else { loss };
    loss = if q.is("jaccard", false) { loss.jaccard() } else { loss };
    if q.is("soft_label", false) { loss.soft_label() } else { loss }
}

fn monai_loss(name: &str, drawn: &Drawn, source: Source, q: &Params<'_>) -> Values {
    let ignore = q.get("ignore_index").as_u64().map(|label| label as u8);
    let masked = name == "MaskedDiceLoss";
    let sums = drawn.records(source, ignore, masked)?;
    let batch = Batch::new(&sums, drawn.classes)?;
    let (reduction, weight) = (q.text("reduction"), q.list("weight"));
    match name {
        "DiceLoss" => reduced(&dice_loss(q, weight.as_deref()), &batch, reduction),
        "MaskedDiceLoss" => {
            let onehot = matches!(source, Source::SoftmaxLabels | Source::SigmoidLabels);
            let loss = monai::MaskedDiceLoss::new(dice_loss(q, weight.as_deref())).to_onehot_y(onehot);
            reduced(&loss, &batch, reduction)
        }
        "TverskyLoss" => {
            let mut loss = monai::TverskyLoss::new(q.number("alpha", 0.5), q.number("beta", 0.5))
                .include_background(q.is("include_background", true))
                .batch(q.is("batch", false))
                .smooth(q.number("smooth_nr", 1e-5), 1e-5);
            if q.is("soft_label", false) {
                loss = loss.soft_label();
            }
            reduced(&loss, &batch, reduction)
        }
        "GeneralizedDiceLoss" => {
            let mut loss = monai::GeneralizedDiceLoss::new()
                .w_type(q.volume("w_type"))
                .include_background(q.is("include_background", true))
                .batch(q.is("batch", false));
            if q.is("soft_label", false) {
                loss = loss.soft_label();
            }
            reduced(&loss, &batch, reduction)
        }
        "DiceCELoss" => {
            let histograms = drawn.histograms();
            let entropy = CrossEntropy::new(&histograms)?.label_smoothing(q.number("label_smoothing", 0.0));
            let mut loss = monai::DiceCELoss::new(dice_loss(q, None))
                .lambda(q.number("lambda_dice", 1.0), q.number("lambda_ce", 1.0));
            if let Some(weight) = &weight {
                loss = loss.weight(weight);
            }
            Ok(vec![match reduction {
                "sum" => loss.sum(&batch, &entropy)?,
                _ => loss.mean(&batch, &entropy)?,
            }])
        }
        other => panic!("{other}"),
    }
}

fn reduction(word: &str) -> Reduction {
    match word {
        "mean" => Reduction::Mean,
        "sum" => Reduction::Sum,
        "mean_batch" => Reduction::MeanBatch,
        "sum_batch" => Reduction::SumBatch,
        "mean_channel" => Reduction::MeanChannel,
        "sum_channel" => Reduction::SumChannel,
        "none" => Reduction::None,
        other => panic!("{other}"),
    }
}

/// The batches that a metric is updated with.
fn updates<'a>(sums: &'a [Record], classes: usize, q: &Params<'_>) -> Vec<Batch<'a, Record>> {
    let mut rest = sums;
    let mut batches = Vec::new();
    for items in q.list("updates").expect("updates") {
        let (batch, left) = rest.split_at(items as usize * classes);
        batches.push(Batch::new(batch, classes).expect("a batch"));
        rest = left;
    }
    assert!(rest.is_empty());
    batches
}

fn run(metric: impl Metric, batches: &[Batch<'_, Record>]) -> Values {
    let (reduction, mut cells) = (metric.reduction(), [Cell::NONE; 32]);
    let columns = metric.columns(batches[0].classes());
    let items = batches.iter().map(Batch::items).sum();
    // No more than it says that it needs.
    let mut run = metric.start(&mut cells[..reduction.cells(items, columns)]);
    for batch in batches {
        run.update(batch)?;
    }
    match reduction {
        Reduction::Mean | Reduction::Sum => Ok(vec![run.aggregate()?.value]),
        _ => Ok(run.rows().map(|row: Aggregate| row.value).collect()),
    }
}

fn monai_metric(name: &str, drawn: &Drawn, source: Source, q: &Params<'_>) -> Values {
    let ignored = q.get("ignore_index").as_u64().map(|class| class as usize);
    // Label maps that MONAI takes as they are, or one-hot maps of them: all the same here.
    q.get("num_classes");
    // MeanIoU alone keeps the pixels of the class that it ignores.
    let label = if name == "MeanIoU" { None } else { ignored.map(|class| class as u8) };
    let sums = drawn.records(source, label, false)?;
    let batches = updates(&sums, drawn.classes, q);
    let (background, word) = (q.is("include_background", true), reduction(q.text("reduction")));
    match name {
        "DiceMetric" => {
            let metric = monai::DiceMetric::new().include_background(background).with_reduction(word);
            run(metric.ignore_empty(q.is("ignore_empty", true)), &batches)
        }
        "MeanIoU" => {
            let mut metric = monai::MeanIoU::new().include_background(background).with_reduction(word);
            if let Some(class) = ignored {
                metric = metric.ignore_index(class);
            }
            run(metric.ignore_empty(q.is("ignore_empty", true)), &batches)
        }
        "GeneralizedDiceScore" => {
            let metric = monai::GeneralizedDiceScore::new().include_background(background).with_reduction(word);
            let mut metric = metric.weight_type(q.volume("weight_type"));
            if let Some(class) = ignored {
                metric = metric.ignore_index(class);
            }
            run(metric, &batches)
        }
        other => panic!("{other}"),
    }
}

fn smp_case(name: &str, drawn: &Drawn, source: Source, q: &Params<'_>) -> Values {
    let ignore = q.get("ignore_index").as_u64().map(|label| label as u8);
    q.get("mode");
    let threshold = q.number("threshold", 0.5) as f32;
    let sums = drawn.records_at(source, ignore, false, threshold)?;
    let batch = Batch::new(&sums, drawn.classes)?;
    let weights = q.list("class_weights");
    if name.ends_with("Loss") {
        q.get("from_logits");
        let classes: Option<Vec<usize>> = q.list("classes").map(|all| all.iter().map(|&x| x as usize).collect());
        let mut loss = match name {
            "DiceLoss" => smp::dice_loss(),
            "JaccardLoss" => smp::jaccard_loss(),
            _ => smp::tversky_loss(q.number("alpha", 0.5), q.number("beta", 0.5)).gamma(q.number("gamma", 1.0)),
        };
        loss = loss.smooth(q.number("smooth", 0.0));
        loss = if q.is("log_loss", false) { loss.log_loss() } else { loss };
        if let Some(weights) = &weights {
            loss = loss.class_weights(weights);
        }
        if let Some(classes) = &classes {
            loss = loss.classes(classes);
        }
        return Ok(vec![loss.of(&batch)?]);
    }
    let mut score = match name {
        "f1_score" => smp::StatScore::f1_score(),
        "fbeta_score" => smp::StatScore::fbeta_score(q.number("beta", 1.0)),
        "iou_score" => smp::StatScore::iou_score(),
        "accuracy" => smp::StatScore::accuracy(),
        "sensitivity" => smp::StatScore::sensitivity(),
        "specificity" => smp::StatScore::specificity(),
        "balanced_accuracy" => smp::StatScore::balanced_accuracy(),
        "positive_predictive_value" => smp::StatScore::positive_predictive_value(),
        "negative_predictive_value" => smp::StatScore::negative_predictive_value(),
        "false_negative_rate" => smp::StatScore::false_negative_rate(),
        "false_positive_rate" => smp::StatScore::false_positive_rate(),
        "false_discovery_rate" => smp::StatScore::false_discovery_rate(),
        "false_omission_rate" => smp::StatScore::false_omission_rate(),
        "positive_likelihood_ratio" => smp::StatScore::positive_likelihood_ratio(),
        "negative_likelihood_ratio" => smp::StatScore::negative_likelihood_ratio(),
        other => panic!("{other}"),
    };
    score = score.zero_division(q.number("zero_division", 1.0));
    if let Some(weights) = &weights {
        score = score.class_weights(weights);
    }
    let word = match q.text("reduction") {
        "micro" => smp::StatReduction::Micro,
        "macro" => smp::StatReduction::Macro,
        "weighted" => smp::StatReduction::Weighted,
        "micro-imagewise" => smp::StatReduction::MicroImagewise,
        "macro-imagewise" => smp::StatReduction::MacroImagewise,
        "weighted-imagewise" => smp::StatReduction::WeightedImagewise,
        "none" => {
            let mut cells = [Cell::NONE; 32];
            let count = score.each(&batch, &mut cells)?;
            return cells[..count].iter().map(Cell::mean).collect();
        }
        other => panic!("{other}"),
    };
    Ok(vec![score.of(&batch, word)?])
}

fn torchmetrics_case(name: &str, drawn: &Drawn, source: Source, q: &Params<'_>) -> Values {
    q.get("input_format");
    let sums = drawn.records(source, None, false)?;
    let batches = updates(&sums, drawn.classes, q);
    let (background, per_class) = (q.is("include_background", true), q.is("per_class", false));
    let mut cells = [Cell { total: 7.0, count: 3 }; 32];
    match name {
        "DiceScore" => {
            let average = match q.text("average") {
                "micro" => torchmetrics::ScoreAverage::Micro,
                "macro" => torchmetrics::ScoreAverage::Macro,
                "weighted" => torchmetrics::ScoreAverage::Weighted,
                _ => torchmetrics::ScoreAverage::None,
            };
            let level = match q.text("aggregation_level") {
                "global" => torchmetrics::Level::Global,
                _ => torchmetrics::Level::Samplewise,
            };
            let metric = torchmetrics::DiceScore::new().include_background(background).average(average);
            let metric = metric.aggregation_level(level);
            let mut run = metric.start(&mut cells[..metric.cells(drawn.classes)]);
            batches.iter().try_for_each(|batch| run.update(batch))?;
            match average {
                torchmetrics::ScoreAverage::None => {
                    Ok((0..run.classes()).map(|class| run.class(class).unwrap_or(f64::NAN)).collect())
                }
                _ => Ok(vec![run.compute()?]),
            }
        }
        "MeanIoU" => {
            let metric = torchmetrics::MeanIoU::new().include_background(background).per_class(per_class);
            let mut run = metric.start(if per_class { &mut cells } else { &mut [] });
            batches.iter().try_for_each(|batch| run.update(batch))?;
            if per_class {
                (0..run.classes()).map(|class| run.class(class)).collect()
            } else {
                Ok(vec![run.compute()?])
            }
        }
        "GeneralizedDiceScore" => {
            let metric = torchmetrics::GeneralizedDiceScore::new().include_background(background).per_class(per_class);
            let metric = metric.weight_type(q.volume("weight_type"));
            let mut run = metric.start(if per_class { &mut cells } else { &mut [] });
            batches.iter().try_for_each(|batch| run.update(batch))?;
            if per_class {
                (0..run.classes()).map(|class| run.class(class)).collect()
            } else {
                Ok(vec![run.compute()?])
            }
        }
        other => panic!("{other}"),
    }
}

fn kornia_case(name: &str, drawn: &Drawn, source: Source, q: &Params<'_>) -> Values {
    let ignore = q.get("ignore_index").as_u64().map(|label| label as u8);
    let sums = drawn.records(source, ignore, false)?;
    let (batch, eps) = (Batch::new(&sums, drawn.classes)?, q.number("eps", 1e-8));
    if name == "TverskyLoss" {
        let loss = kornia::TverskyLoss::new(q.number("alpha", 0.5), q.number("beta", 0.5)).eps(eps);
        return Ok(vec![loss.of(&batch)?]);
    }
    let weight = q.list("weight");
    let average = if q.text("average") == "macro" { kornia::LossAverage::Macro } else { kornia::LossAverage::Micro };
    let mut loss = kornia::DiceLoss::new().average(average).eps(eps);
    if let Some(weight) = &weight {
        loss = loss.weight(weight);
    }
    Ok(vec![loss.of(&batch)?])
}

fn keras_case(name: &str, drawn: &Drawn, source: Source, q: &Params<'_>) -> Values {
    let sums = drawn.records(source, None, false)?;
    let axis = match q.list("axis").as_deref() {
        None => keras::Axis::All,
        Some([1.0, 2.0, 3.0]) => keras::Axis::Items,
        Some([0.0, 1.0, 2.0]) => keras::Axis::Classes,
        Some([1.0, 2.0]) => keras::Axis::Pixels,
        other => panic!("{other:?}"),
    };
    let loss = match name {
        "Dice" => keras::Overlap::dice(),
        _ => keras::Overlap::tversky_swapped(q.number("alpha", 0.5), q.number("beta", 0.5)),
    };
    reduced(&loss.axis(axis), &Batch::new(&sums, drawn.classes)?, q.text("reduction"))
}

fn cmsis_case(name: &str, drawn: &Drawn, source: Source, _: &Params<'_>) -> Values {
    let first = drawn.records(source, None, false)?[0];
    if name == "braycurtis" {
        return Ok(vec![cmsis::bray_curtis(&first)?]);
    }
    let pairs = cmsis::Booleans::of(&first)?;
    let [a, b] = drawn.words();
    assert_eq!(cmsis::Booleans::of_words(&[a], &[b], drawn.pixels), Ok(pairs));
    Ok(vec![match name {
        "dice" => pairs.dice()?,
        "hamming" => pairs.hamming()?,
        "jaccard" => pairs.jaccard()?,
        "kulsinski" => pairs.kulsinski()?,
        "rogerstanimoto" => pairs.rogerstanimoto()?,
        "russellrao" => pairs.russellrao()?,
        "sokalmichener" => pairs.sokalmichener()?,
        "sokalsneath" => pairs.sokalsneath()?,
        "yule" => pairs.yule()?,
        other => panic!("{other}"),
    }])
}

fn nnunet_case(name: &str, drawn: &Drawn, source: Source, q: &Params<'_>) -> Values {
    if name == "compute_metrics_on_folder" {
        let ignore = q.get("ignore_label").as_u64().map(|label| label as u8);
        let sums = drawn.records(source, ignore, false)?;
        let mut labels = [nnunet::LabelMean::NONE; 8];
        let mut folder = nnunet::Evaluation::new(&mut labels[..drawn.classes]);
        folder.update(&Batch::new(&sums, drawn.classes)?)?;
        let mut values: Vec<f64> = Vec::new();
        for label in folder.labels() {
            let nnunet::LabelMean { dice, iou, tp, fp, fneg, tn, n_pred, n_ref } = *label;
            values.extend([dice, iou, tp, fp, fneg, tn, n_pred, n_ref].map(|cell| cell.mean().unwrap_or(f64::NAN)));
        }
        values.extend([folder.foreground_dice(), folder.foreground_iou()].map(|mean| mean.unwrap_or(f64::NAN)));
        return Ok(values);
    }
    let sums = drawn.records(source, None, q.is("loss_mask", false))?;
    let loss = nnunet::SoftDiceLoss::new()
        .batch_dice(q.is("batch_dice", false))
        .do_bg(q.is("do_bg", true))
        .smooth(q.number("smooth", 1.0));
    Ok(vec![loss.mean(&Batch::new(&sums, drawn.classes)?)?])
}

fn burn_case(drawn: &Drawn, source: Source, q: &Params<'_>) -> Values {
    let sums = drawn.records(source, None, false)?;
    let metric = burn::DiceMetric::new()
        .epsilon(q.number("epsilon", 1e-7))
        .include_background(q.is("include_background", false));
    let mut metric = if q.text("version") == "0.23.0-pre.1" { metric.epoch() } else { metric };
    let mut values = Vec::new();
    for batch in updates(&sums, drawn.classes, q) {
        values.push(match metric.update(&batch) {
            Err(Error::Undefined) => f64::NAN,
            score => score?,
        });
    }
    // burn's own value is NaN from a NaN on; here that batch was refused and is not in it.
    values.push(if values.iter().any(|score| score.is_nan()) { f64::NAN } else { metric.value()? });
    Ok(values)
}

/// The rule by which a case is refused: the framework raises, or its input is no probability.
fn refusal(case: &Value, single: bool) -> Option<Error> {
    let params = &case["params"];
    if case["source"] == "raw, many" {
        return Some(Error::Range);
    }
    case.get("raises")?;
    if case["peer"] == "burn" {
        let epsilon = params["epsilon"].as_f64() == Some(0.0) && params["version"] == "0.23.0-pre.1";
        // Else a single class with background.
        return Some(if epsilon && !single { Error::Setting } else { Error::Classes });
    }
    Some(match params["weight"].as_array() {
        Some(weights) if weights[0].as_f64() < Some(0.0) => Error::Setting,
        Some(_) => Error::Classes,
        // A weighted reduction without weights.
        None => Error::Setting,
    })
}

#[test]
fn frameworks_with_their_reductions() {
    let file = json(&shipped().join("peers/reductions.json"));
    let drawn: Vec<Drawn> = file["inputs"].as_array().unwrap().iter().map(Drawn::of).collect();
    let burns = json(&shipped().join("peers/burn.json"));
    let (mut passed, mut refused, mut failed) = (0, 0, Vec::new());
    for case in [&file, &burns].into_iter().flat_map(|file| file["cases"].as_array().unwrap()) {
        let (peer, name) = (case["peer"].as_str().unwrap(), case["class"].as_str().unwrap());
        let drawn = &drawn[case["input"].as_u64().unwrap() as usize];
        let source = Source::of(case["source"].as_str().unwrap());
        let params = Params { all: &case["params"], asked: Default::default() };
        let got = match (peer, name) {
            ("monai", name) if name.ends_with("Loss") => monai_loss(name, drawn, source, &params),
            ("monai", name) => monai_metric(name, drawn, source, &params),
            ("smp", name) => smp_case(name, drawn, source, &params),
            ("torchmetrics", name) => torchmetrics_case(name, drawn, source, &params),
            ("kornia", name) => kornia_case(name, drawn, source, &params),
            ("keras", name) => keras_case(name, drawn, source, &params),
            ("burn", "DiceMetric") => burn_case(drawn, source, &params),
            ("nnunet", name) => nnunet_case(name, drawn, source, &params),
            ("cmsis", name) => cmsis_case(name, drawn, source, &params),
            other => panic!("{other:?}"),
        };
        let what = format!("{peer} {name} {} of {}, {}", case["params"], case["input"], case["source"]);
        if let Some(rule) = refusal(case, drawn.classes == 1) {
            assert_eq!(got, Err(rule), "{what}");
            refused += 1;
            continue;
        }
        params.done();
        let expected: Vec<f64> = case["expected"].as_array().unwrap().iter().map(number).collect();
        let right = match &got {
            Ok(got) => got.len() == expected.len() && got.iter().zip(&expected).all(|(got, want)| alike(*got, *want)),
            // One number that is NaN there.
            Err(Error::Undefined) => expected.iter().all(|x| x.is_nan()) && expected.len() == 1,
            Err(_) => false,
        };
        if right { passed += 1 } else { failed.push(format!("{what}: {got:?} against {expected:?}")) }
    }
    println!("{passed} cases of the frameworks agree within 1e-6, {refused} are refused by the rule named");
    assert!(failed.is_empty(), "{} differ:\n{}", failed.len(), failed.join("\n"));
    assert_eq!((passed, refused), (4828, 170));
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(word) => word.parse().expect("nan or inf"),
        number => number.as_f64().expect("a number"),
    }
}

fn alike(got: f64, want: f64) -> bool {
    got == want || (got.is_nan() && want.is_nan()) || (got - want).abs() <= 1e-6 * want.abs().max(1.0)
}
