//! The frameworks' losses and metrics: the objects of Python, in `soft_dice/monai.py` and its kin, call these.

use crate::histogram::{Histogram, Monai, monai_entropy};
use crate::refused;
use crate::sums::{Batch, Sums};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use soft_dice::presets::{Loss, Metric, burn, cmsis, keras, kornia, monai, nnunet, smp, torchmetrics};
use soft_dice::{Cell, Error, Record, Reduction, Volume};

type View<'a> = soft_dice::presets::Batch<'a, Record>;

fn other<T>(option: &str, word: &str) -> PyResult<T> {
    Err(PyValueError::new_err(format!("no {option} {word:?}")))
}

fn volume(word: &str) -> PyResult<Volume> {
    match word {
        "square" => Ok(Volume::Square),
        "simple" => Ok(Volume::Simple),
        "uniform" | "linear" => Ok(Volume::Uniform),
        word => other("weight", word),
    }
}

/// One number, or all of them.
fn reduced(loss: &impl Loss, batch: &View<'_>, reduction: &str) -> PyResult<Vec<f64>> {
    match reduction {
        "mean" | "sum_over_batch_size" => Ok(vec![loss.mean(batch).map_err(refused)?]),
        "sum" => Ok(vec![loss.sum(batch).map_err(refused)?]),
        "none" => {
            let (rows, columns) = loss.shape(batch.items(), batch.classes());
            let mut cells = vec![Cell::NONE; rows * columns];
            loss.each(batch, &mut cells).map_err(refused)?;
            Ok(cells.iter().map(|cell| cell.mean().unwrap_or(f64::NAN)).collect())
        }
        word => other("reduction", word),
    }
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct DiceOptions {
    include_background: bool,
    squared_pred: bool,
    jaccard: bool,
    soft_label: bool,
    smooth_nr: f64,
    smooth_dr: f64,
    batch: bool,
}

impl DiceOptions {
    fn loss(&self) -> monai::DiceLoss<'static> {
        let loss = monai::DiceLoss::new().include_background(self.include_background).batch(self.batch);
        let loss = loss.smooth(self.smooth_nr, self.smooth_dr);
        let loss = if self.squared_pred { loss.squared_pred() } else { loss };
        let loss = if self.jaccard { loss.jaccard() } else { loss };
        if self.soft_label { loss.soft_label() } else { loss }
    }
}

#[pyfunction]
fn monai_dice(batch: &Batch, options: DiceOptions, weight: Option<Vec<f64>>, reduction: &str) -> PyResult<Vec<f64>> {
    let loss = options.loss();
    let loss = weight.as_deref().map_or(loss, |weight| loss.weight(weight));
    reduced(&loss, &batch.view()?, reduction)
}

#[pyfunction]
fn monai_masked(
    batch: &Batch,
    options: DiceOptions,
    weight: Option<Vec<f64>>,
    reduction: &str,
    onehot: bool,
) -> PyResult<Vec<f64>> {
    let loss = options.loss();
    let loss = weight.as_deref().map_or(loss, |weight| loss.weight(weight));
    reduced(&monai::MaskedDiceLoss::new(loss).to_onehot_y(onehot), &batch.view()?, reduction)
}

#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "options of one object of Python")]
fn monai_tversky(
    batch: &Batch,
    alpha: f64,
    beta: f64,
    include_background: bool,
    pooled: bool,
    soft_label: bool,
    smooth: (f64, f64),
    reduction: &str,
) -> PyResult<Vec<f64>> {
    let loss = monai::TverskyLoss::new(alpha, beta).include_background(include_background).batch(pooled);
    let loss = loss.smooth(smooth.0, smooth.1);
    reduced(&if soft_label { loss.soft_label() } else { loss }, &batch.view()?, reduction)
}

#[pyfunction]
fn monai_generalized(
    batch: &Batch,
    w_type: &str,
    include_background: bool,
    pooled: bool,
    soft_label: bool,
    smooth: (f64, f64),
    reduction: &str,
) -> PyResult<Vec<f64>> {
    let loss = monai::GeneralizedDiceLoss::new().w_type(volume(w_type)?).include_background(include_background);
    let loss = loss.batch(pooled).smooth(smooth.0, smooth.1);
    reduced(&if soft_label { loss.soft_label() } else { loss }, &batch.view()?, reduction)
}

#[pyfunction]
fn monai_cross_entropy(
    histograms: Vec<PyRef<'_, Histogram>>,
    weight: Option<Vec<f64>>,
    reduction: &str,
    floor: f64,
    label_smoothing: f64,
) -> PyResult<f64> {
    let mean = match reduction {
        "mean" => true,
        "sum" => false,
        word => return other("reduction", word),
    };
    monai_entropy(&histograms, &Monai { weights: weight.as_deref(), mean, floor, label_smoothing })
}

fn run(metric: impl Metric, batches: &[PyRef<'_, Batch>]) -> PyResult<(Vec<f64>, Vec<u64>)> {
    let first = batches.first().ok_or_else(|| PyValueError::new_err("no batch yet"))?;
    let items = batches.iter().map(|batch| batch.records.len() / batch.classes).sum();
    let (reduction, columns) = (metric.reduction(), metric.columns(first.classes));
    let mut cells = vec![Cell::NONE; reduction.cells(items, columns)];
    let mut run = metric.start(&mut cells);
    for batch in batches {
        run.update(&batch.view()?).map_err(refused)?;
    }
    Ok(match reduction {
        Reduction::Mean | Reduction::Sum => {
            let all = run.aggregate().map_err(refused)?;
            (vec![all.value], vec![all.not_nans])
        }
        _ => run.rows().map(|row| (row.value, row.not_nans)).unzip(),
    })
}

#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "options of one object of Python")]
fn monai_metric(
    batches: Vec<PyRef<'_, Batch>>,
    name: &str,
    include_background: bool,
    reduction: &str,
    ignore_empty: bool,
    weight_type: &str,
    ignore_index: Option<usize>,
) -> PyResult<(Vec<f64>, Vec<u64>)> {
    let word = match reduction {
        "mean" => Reduction::Mean,
        "sum" => Reduction::Sum,
        "mean_batch" => Reduction::MeanBatch,
        "sum_batch" => Reduction::SumBatch,
        "mean_channel" => Reduction::MeanChannel,
        "sum_channel" => Reduction::SumChannel,
        "none" => Reduction::None,
        word => return other("reduction", word),
    };
    match name {
        "DiceMetric" => {
            let metric = monai::DiceMetric::new().include_background(include_background).ignore_empty(ignore_empty);
            run(metric.with_reduction(word), &batches)
        }
        "MeanIoU" => {
            let metric = monai::MeanIoU::new().include_background(include_background).ignore_empty(ignore_empty);
            let metric = ignore_index.map_or(metric, |class| metric.ignore_index(class));
            run(metric.with_reduction(word), &batches)
        }
        "GeneralizedDiceScore" => {
            let metric = monai::GeneralizedDiceScore::new().include_background(include_background);
            let metric = ignore_index.map_or(metric, |class| metric.ignore_index(class));
            run(metric.weight_type(volume(weight_type)?).with_reduction(word), &batches)
        }
        name => other("metric", name),
    }
}

#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "options of one object of Python")]
fn smp_loss(
    batch: &Batch,
    alpha: f64,
    beta: f64,
    gamma: f64,
    smooth: f64,
    eps: f64,
    log_loss: bool,
    classes: Option<Vec<usize>>,
    class_weights: Option<Vec<f64>>,
) -> PyResult<f64> {
    let loss = smp::tversky_loss(alpha, beta).gamma(gamma).smooth(smooth).eps(eps);
    let loss = if log_loss { loss.log_loss() } else { loss };
    let loss = classes.as_deref().map_or(loss, |classes| loss.classes(classes));
    let loss = class_weights.as_deref().map_or(loss, |weights| loss.class_weights(weights));
    loss.of(&batch.view()?).map_err(refused)
}

#[pyfunction]
fn smp_score(
    batch: &Batch,
    name: &str,
    beta: f64,
    reduction: &str,
    class_weights: Option<Vec<f64>>,
    zero_division: f64,
) -> PyResult<Vec<f64>> {
    let score = match name {
        "fbeta_score" => smp::StatScore::fbeta_score(beta),
        "f1_score" => smp::StatScore::f1_score(),
        "iou_score" => smp::StatScore::iou_score(),
        "accuracy" => smp::StatScore::accuracy(),
        "sensitivity" | "recall" => smp::StatScore::sensitivity(),
        "specificity" => smp::StatScore::specificity(),
        "balanced_accuracy" => smp::StatScore::balanced_accuracy(),
        "positive_predictive_value" | "precision" => smp::StatScore::positive_predictive_value(),
        "negative_predictive_value" => smp::StatScore::negative_predictive_value(),
        "false_negative_rate" => smp::StatScore::false_negative_rate(),
        "false_positive_rate" => smp::StatScore::false_positive_rate(),
        "false_discovery_rate" => smp::StatScore::false_discovery_rate(),
        "false_omission_rate" => smp::StatScore::false_omission_rate(),
        "positive_likelihood_ratio" => smp::StatScore::positive_likelihood_ratio(),
        "negative_likelihood_ratio" => smp::StatScore::negative_likelihood_ratio(),
        name => return other("metric", name),
    };
    let score = score.zero_division(zero_division);
    let score = class_weights.as_deref().map_or(score, |weights| score.class_weights(weights));
    let (view, word) = (
        batch.view()?,
        match reduction {
            "micro" => smp::StatReduction::Micro,
            "macro" => smp::StatReduction::Macro,
            "weighted" => smp::StatReduction::Weighted,
            "micro-imagewise" => smp::StatReduction::MicroImagewise,
            "macro-imagewise" => smp::StatReduction::MacroImagewise,
            "weighted-imagewise" => smp::StatReduction::WeightedImagewise,
            "none" => {
                let mut cells = vec![Cell::NONE; batch.records.len()];
                score.each(&batch.view()?, &mut cells).map_err(refused)?;
                return Ok(cells.iter().map(|cell| cell.total).collect());
            }
            word => return other("reduction", word),
        },
    );
    Ok(vec![score.of(&view, word).map_err(refused)?])
}

/// NaN for what is undefined, as torchmetrics has it.
fn or_nan(value: Result<f64, Error>) -> PyResult<f64> {
    match value {
        Err(Error::Undefined) => Ok(f64::NAN),
        value => value.map_err(refused),
    }
}

macro_rules! each_class {
    ($metric:expr, $cells:expr, $each:expr, $batches:expr) => {{
        let mut cells = vec![Cell::NONE; $cells];
        let mut run = $metric.start(&mut cells);
        for batch in $batches {
            run.update(&batch.view()?).map_err(refused)?;
        }
        if $each {
            (0..run.classes()).map(|class| or_nan(run.class(class))).collect()
        } else {
            Ok(vec![or_nan(run.compute())?])
        }
    }};
}

#[pyfunction]
fn torchmetrics_dice(
    batches: Vec<PyRef<'_, Batch>>,
    include_background: bool,
    average: &str,
    level: &str,
) -> PyResult<Vec<f64>> {
    let average = match average {
        "micro" => torchmetrics::ScoreAverage::Micro,
        "macro" => torchmetrics::ScoreAverage::Macro,
        "weighted" => torchmetrics::ScoreAverage::Weighted,
        "none" => torchmetrics::ScoreAverage::None,
        word => return other("average", word),
    };
    let level = match level {
        "samplewise" => torchmetrics::Level::Samplewise,
        "global" => torchmetrics::Level::Global,
        word => return other("aggregation_level", word),
    };
    let metric =
        torchmetrics::DiceScore::new().include_background(include_background).average(average).aggregation_level(level);
    let classes = batches.first().map_or(0, |batch| batch.classes);
    each_class!(metric, metric.cells(classes), average == torchmetrics::ScoreAverage::None, &batches)
}

#[pyfunction]
fn torchmetrics_iou(batches: Vec<PyRef<'_, Batch>>, include_background: bool, per_class: bool) -> PyResult<Vec<f64>> {
    let metric = torchmetrics::MeanIoU::new().include_background(include_background).per_class(per_class);
    let classes = batches.first().map_or(0, |batch| batch.classes);
    each_class!(metric, classes, per_class, &batches)
}

#[pyfunction]
fn torchmetrics_generalized(
    batches: Vec<PyRef<'_, Batch>>,
    include_background: bool,
    per_class: bool,
    weight_type: &str,
) -> PyResult<Vec<f64>> {
    let metric = torchmetrics::GeneralizedDiceScore::new().include_background(include_background).per_class(per_class);
    let classes = batches.first().map_or(0, |batch| batch.classes);
    each_class!(metric.weight_type(volume(weight_type)?), classes, per_class, &batches)
}

#[pyfunction]
fn nnunet_loss(batch: &Batch, smooth: f64, do_bg: bool, batch_dice: bool) -> PyResult<f64> {
    let loss = nnunet::SoftDiceLoss::new().smooth(smooth).do_bg(do_bg).batch_dice(batch_dice);
    loss.mean(&batch.view()?).map_err(refused)
}

/// The means of each label and of the foreground, as `summary.json` has them.
#[pyfunction]
fn nnunet_evaluation<'py>(py: Python<'py>, batches: Vec<PyRef<'py, Batch>>) -> PyResult<Bound<'py, PyDict>> {
    let first = batches.first().ok_or_else(|| PyValueError::new_err("no case yet"))?;
    let mut labels = vec![nnunet::LabelMean::NONE; first.classes];
    let mut folder = nnunet::Evaluation::new(&mut labels);
    for batch in &batches {
        folder.update(&batch.view()?).map_err(refused)?;
    }
    let (summary, mean, foreground) = (PyDict::new(py), PyDict::new(py), PyDict::new(py));
    for (label, means) in folder.labels().iter().enumerate() {
        let of = PyDict::new(py);
        for (name, cell) in [
            ("Dice", means.dice),
            ("IoU", means.iou),
            ("TP", means.tp),
            ("FP", means.fp),
            ("FN", means.fneg),
            ("TN", means.tn),
            ("n_pred", means.n_pred),
            ("n_ref", means.n_ref),
        ] {
            of.set_item(name, or_nan(cell.mean())?)?;
        }
        mean.set_item(label.to_string(), of)?;
    }
    if first.classes > 1 {
        foreground.set_item("Dice", or_nan(folder.foreground_dice())?)?;
        foreground.set_item("IoU", or_nan(folder.foreground_iou())?)?;
    }
    summary.set_item("mean", mean)?;
    summary.set_item("foreground_mean", foreground)?;
    Ok(summary)
}

#[pyfunction]
fn keras_loss(
    batch: &Batch,
    tversky: Option<(f64, f64)>,
    axis: Option<Vec<usize>>,
    reduction: &str,
) -> PyResult<Vec<f64>> {
    let axis = match axis.as_deref() {
        None => keras::Axis::All,
        Some([1, 2, 3]) => keras::Axis::Items,
        Some([0, 1, 2]) => keras::Axis::Classes,
        Some([1, 2]) => keras::Axis::Pixels,
        Some(axis) => {
            return Err(PyValueError::new_err(format!("no axis {axis:?}: None, (1, 2, 3), (1, 2) or (0, 1, 2)")));
        }
    };
    let loss = tversky.map_or(keras::Overlap::dice(), |(alpha, beta)| keras::Overlap::tversky_swapped(alpha, beta));
    reduced(&loss.axis(axis), &batch.view()?, reduction)
}

#[pyfunction]
fn kornia_dice(batch: &Batch, average: &str, eps: f64, weight: Option<Vec<f64>>) -> PyResult<f64> {
    let average = match average {
        "micro" => kornia::LossAverage::Micro,
        "macro" => kornia::LossAverage::Macro,
        word => return other("average", word),
    };
    let loss = kornia::DiceLoss::new().average(average).eps(eps);
    weight.as_deref().map_or(loss, |weight| loss.weight(weight)).of(&batch.view()?).map_err(refused)
}

#[pyfunction]
fn kornia_tversky(batch: &Batch, alpha: f64, beta: f64, eps: f64) -> PyResult<f64> {
    kornia::TverskyLoss::new(alpha, beta).eps(eps).of(&batch.view()?).map_err(refused)
}

/// The score of each batch, and that of all.
#[pyfunction]
fn burn_dice(batches: Vec<PyRef<'_, Batch>>, epsilon: f64, background: bool, epoch: bool) -> PyResult<Vec<f64>> {
    let metric = burn::DiceMetric::new().epsilon(epsilon).include_background(background);
    let mut metric = if epoch { metric.epoch() } else { metric };
    let mut values = Vec::new();
    for batch in &batches {
        values.push(metric.update(&batch.view()?).map_err(refused)?);
    }
    values.push(metric.value().map_err(refused)?);
    Ok(values)
}

#[pyfunction]
fn cmsis_distance(sums: &Sums, name: &str) -> PyResult<f64> {
    if name == "braycurtis" {
        return cmsis::bray_curtis(&sums.record).map_err(refused);
    }
    let pairs = cmsis::Booleans::of(&sums.record).map_err(refused)?;
    let distance = match name {
        "dice" => pairs.dice(),
        "hamming" => pairs.hamming(),
        "jaccard" => pairs.jaccard(),
        "kulsinski" => pairs.kulsinski(),
        "rogerstanimoto" => pairs.rogerstanimoto(),
        "russellrao" => pairs.russellrao(),
        "sokalmichener" => pairs.sokalmichener(),
        "sokalsneath" => pairs.sokalsneath(),
        "yule" => pairs.yule(),
        word => return other("distance", word),
    };
    distance.map_err(refused)
}

pub fn register(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(monai_dice, m)?)?;
    m.add_function(wrap_pyfunction!(monai_masked, m)?)?;
    m.add_function(wrap_pyfunction!(monai_tversky, m)?)?;
    m.add_function(wrap_pyfunction!(monai_generalized, m)?)?;
    m.add_function(wrap_pyfunction!(monai_metric, m)?)?;
    m.add_function(wrap_pyfunction!(monai_cross_entropy, m)?)?;
    m.add_function(wrap_pyfunction!(smp_loss, m)?)?;
    m.add_function(wrap_pyfunction!(smp_score, m)?)?;
    m.add_function(wrap_pyfunction!(torchmetrics_dice, m)?)?;
    m.add_function(wrap_pyfunction!(torchmetrics_iou, m)?)?;
    m.add_function(wrap_pyfunction!(torchmetrics_generalized, m)?)?;
    m.add_function(wrap_pyfunction!(nnunet_loss, m)?)?;
    m.add_function(wrap_pyfunction!(nnunet_evaluation, m)?)?;
    m.add_function(wrap_pyfunction!(keras_loss, m)?)?;
    m.add_function(wrap_pyfunction!(burn_dice, m)?)?;
    m.add_function(wrap_pyfunction!(cmsis_distance, m)?)?;
    m.add_function(wrap_pyfunction!(kornia_dice, m)?)?;
    m.add_function(wrap_pyfunction!(kornia_tversky, m)?)?;
    Ok(())
}
