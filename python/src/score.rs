//! Scores of sums.

use crate::refused;
use crate::sums::{Batch, Sums};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use soft_dice::{Average, Empty};

/// A score: form, sums, smoothing and the policy for empty maps.
#[pyclass(frozen, module = "soft_dice")]
#[derive(Clone, Debug)]
pub struct Score {
    pub score: soft_dice::Score,
    text: String,
}

fn empty(word: &str) -> PyResult<Empty> {
    match word {
        "formula" => Ok(Empty::Formula),
        "undefined" => Ok(Empty::Undefined),
        "zero" => Ok(Empty::Zero),
        "one" => Ok(Empty::One),
        "skip" => Ok(Empty::Skip),
        other => Err(PyValueError::new_err(format!(
            "an empty policy is 'formula', 'undefined', 'zero', 'one' or 'skip', not {other:?}"
        ))),
    }
}

#[pymethods]
impl Score {
    #[new]
    #[pyo3(signature = (form = "dice", kind = "linear", *, alpha = None, beta = None, smooth = (0.0, 0.0),
        both_empty = "formula", target_empty = "formula", prediction_empty = "formula", loss = false))]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python, each with a default")]
    fn new(
        form: &str,
        kind: &str,
        alpha: Option<f64>,
        beta: Option<f64>,
        smooth: (f64, f64),
        both_empty: &str,
        target_empty: &str,
        prediction_empty: &str,
        loss: bool,
    ) -> PyResult<Self> {
        if (alpha.is_some() || beta.is_some()) != (form == "tversky") || alpha.is_some() != beta.is_some() {
            return Err(PyValueError::new_err("alpha and beta are for form='tversky', which needs both"));
        }
        let score = match form {
            "dice" => soft_dice::Score::dice(),
            "jaccard" => soft_dice::Score::jaccard(),
            "tversky" => soft_dice::Score::tversky(alpha.unwrap_or(0.5), beta.unwrap_or(0.5)),
            "precision" => soft_dice::Score::precision(),
            "recall" => soft_dice::Score::recall(),
            other => return Err(PyValueError::new_err(format!("no form {other:?}"))),
        };
        let score = match kind {
            "linear" => score,
            "squared" => score.squared(),
            "semimetric" => score.semimetric(),
            other => return Err(PyValueError::new_err(format!("no kind {other:?}"))),
        };
        for value in [smooth.0, smooth.1] {
            if !(0.0..65536.0).contains(&value) {
                return Err(refused(soft_dice::Error::Setting));
            }
        }
        let score = score.smooth(smooth.0, smooth.1).both_empty(empty(both_empty)?).target_empty(empty(target_empty)?);
        let score = score.prediction_empty(empty(prediction_empty)?);
        let mut text = format!("Score({form:?}, {kind:?}");
        if let (Some(alpha), Some(beta)) = (alpha, beta) {
            text += &format!(", alpha={alpha}, beta={beta}");
        }
        if smooth != (0.0, 0.0) {
            text += &format!(", smooth=({}, {})", smooth.0, smooth.1);
        }
        let policies =
            [("both_empty", both_empty), ("target_empty", target_empty), ("prediction_empty", prediction_empty)];
        for (name, policy) in policies.iter().filter(|(_, policy)| *policy != "formula") {
            text += &format!(", {name}={policy:?}");
        }
        text += if loss { ", loss=True)" } else { ")" };
        Ok(Self { score: if loss { score.loss() } else { score }, text })
    }

    /// The score of sums, rounded once.
    fn __call__(&self, sums: &Sums) -> PyResult<f64> {
        self.score.f64(&sums.record).map_err(refused)
    }

    /// In Q15, as a device without an FPU has it: 32768 is 1.0.
    fn q15(&self, sums: &Sums) -> PyResult<i32> {
        self.score.q15(&sums.record).map_err(refused)
    }

    /// The exact numerator and denominator.
    fn ratio(&self, sums: &Sums) -> PyResult<(i64, u64)> {
        let ratio = self.score.ratio(&sums.record).map_err(refused)?;
        Ok((ratio.numerator(), ratio.denominator()))
    }

    /// The mean over the classes of an item: the mean, how many are in it, how many have no target pixel.
    #[pyo3(signature = (batch, average = "macro", *, item = 0, weights = None, all_classes = false))]
    fn average(
        &self,
        batch: &Batch,
        average: &str,
        item: usize,
        weights: Option<Vec<f32>>,
        all_classes: bool,
    ) -> PyResult<(f64, u16, u16)> {
        let weights = weights.unwrap_or_default();
        let over = match average {
            "macro" if weights.is_empty() => Average::new(self.score),
            "weighted" if weights.is_empty() => Average::weighted(self.score),
            "micro" if weights.is_empty() => Average::micro(self.score),
            "macro" => Average::weights(self.score, &weights),
            other => {
                return Err(PyValueError::new_err(format!(
                    "average is 'macro', 'weighted' or 'micro' (weights with 'macro'), not {other:?}"
                )));
            }
        };
        let over = if all_classes { over.all_classes() } else { over };
        let classes =
            batch.records.chunks(batch.classes).nth(item).ok_or_else(|| refused(soft_dice::Error::Classes))?;
        let mean = over.of(classes).map_err(refused)?;
        Ok((mean.ratio.f64(), mean.defined, mean.absent))
    }

    fn __repr__(&self) -> &str {
        &self.text
    }
}
