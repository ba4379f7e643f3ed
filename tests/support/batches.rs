//! The drawn batches of `peers/reductions.json`, summed by the crate's own means from the tensors as they are.

use serde_json::Value;
use soft_dice::activation::{Sigmoid, Softmax};
use soft_dice::*;

/// Which of a batch's maps a framework was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    SoftmaxLabels,
    SigmoidLabels,
    SigmoidMany,
    ProbabilitiesSoft,
    ProbabilitiesMany,
    CodesLabels,
    PredictedLabels,
    ManyMany,
    ThresholdMany,
    ArgmaxLabels,
    RawMany,
}

impl Source {
    pub fn of(name: &str) -> Self {
        match name {
            "softmax, labels" => Self::SoftmaxLabels,
            "sigmoid, labels" => Self::SigmoidLabels,
            "sigmoid, many" => Self::SigmoidMany,
            "probabilities, soft" => Self::ProbabilitiesSoft,
            "probabilities, many" => Self::ProbabilitiesMany,
            "codes, labels" => Self::CodesLabels,
            "predicted, labels" => Self::PredictedLabels,
            "many, many" => Self::ManyMany,
            "threshold, many" => Self::ThresholdMany,
            "argmax, labels" => Self::ArgmaxLabels,
            "raw, many" => Self::RawMany,
            other => panic!("{other}"),
        }
    }
}

pub struct Drawn {
    pub items: usize,
    pub classes: usize,
    pub pixels: usize,
    logits: Vec<f32>,
    probabilities: Vec<f32>,
    soft: Vec<f32>,
    codes: Vec<u8>,
    predicted: Vec<u8>,
    labels: Vec<u8>,
    ignoring: Vec<u8>,
    many_predicted: Vec<u8>,
    many: Vec<u8>,
    mask: Vec<u8>,
}

const FINE: F32Fine = F32Fine::new().range(Range::Refuse);
/// Masks of zeros and ones as a prediction: a code is 1.0.
const ONES: fn() -> U8Affine = || U8Affine::new(1.0, 0).expect("a scale of 1");

fn multiclass<E: Element>(
    e: E,
    p: impl Columns<E::Raw>,
    labels: &[u8],
    c: usize,
    ignore: Option<u8>,
    region: Option<&[u8]>,
) -> Result<Vec<Record>, Error> {
    // A single class is the foreground of a map of zeros and ones.
    if c == 1 {
        let mut sums = [Sums::<E, Ignoring, All>::new(e, Label::new(1).ignoring(ignore.unwrap_or(254)))];
        let mut one = Multilabel::over(&mut sums[..])?;
        match region {
            Some(region) => one.update_within(p, Planar(labels), Region::Bytes(region))?,
            None => one.update(p, Planar(labels))?,
        }
        return Ok(sums.iter().map(Measured::record).collect());
    }
    let mut sums: Vec<_> = (0..c).map(|class| Sums::<E, Label, All>::new(e, Label::new(class as u8))).collect();
    let mut frame = Multiclass::over(&mut sums[..], c)?;
    if let Some(label) = ignore {
        frame = frame.ignoring(label);
    }
    match region {
        Some(region) => frame.update_within(p, labels, Region::Bytes(region))?,
        None => frame.update(p, labels)?,
    }
    Ok(sums.iter().map(Measured::record).collect())
}

fn multilabel<E: Element, T, R: Copy + Default>(
    e: E,
    target: T,
    p: impl Columns<E::Raw>,
    t: impl Columns<R>,
    c: usize,
    region: Option<&[u8]>,
) -> Result<Vec<Record>, Error>
where
    T: for<'b> Target<E, Buffer<'b> = &'b [R]>,
{
    let mut sums = vec![Sums::<E, T, All>::new(e, target); c];
    let mut frame = Multilabel::over(&mut sums[..])?;
    match region {
        Some(region) => frame.update_within(p, t, Region::Bytes(region))?,
        None => frame.update(p, t)?,
    }
    Ok(sums.iter().map(Measured::record).collect())
}

impl Drawn {
    pub fn of(value: &Value) -> Self {
        let size = |name: &str| value[name].as_u64().expect("a size") as usize;
        let ints = |name: &str| value[name].as_array().expect("a map").iter().map(|x| x.as_i64().expect("an integer"));
        let bytes = |name: &str| ints(name).map(|x| u8::try_from(x).expect("a byte")).collect();
        Self {
            items: size("items"),
            classes: size("classes"),
            pixels: size("pixels"),
            logits: ints("logits").map(|x| x as f32 / 16.0).collect(),
            probabilities: ints("probabilities").map(|x| x as f32 / 64.0).collect(),
            soft: ints("soft").map(|x| x as f32 / 64.0).collect(),
            codes: bytes("codes"),
            predicted: bytes("predicted"),
            labels: bytes("labels"),
            ignoring: bytes("ignoring"),
            many_predicted: bytes("many_predicted"),
            many: bytes("many"),
            mask: bytes("mask"),
        }
    }

    /// The sums of every item and class.
    pub fn records(&self, source: Source, ignore: Option<u8>, masked: bool) -> Result<Vec<Record>, Error> {
        self.records_at(source, ignore, masked, 0.5)
    }

    pub fn records_at(
        &self,
        source: Source,
        ignore: Option<u8>,
        masked: bool,
        threshold: f32,
    ) -> Result<Vec<Record>, Error> {
        let (c, n) = (self.classes, self.pixels);
        let mut all = Vec::new();
        for item in 0..self.items {
            let maps = item * c * n..(item + 1) * c * n;
            let map = item * n..(item + 1) * n;
            let labels = if ignore == Some(255) { &self.ignoring[map.clone()] } else { &self.labels[map.clone()] };
            let region = masked.then(|| &self.mask[map.clone()]);
            let (logits, p) = (Planar(&self.logits[maps.clone()]), Planar(&self.probabilities[maps.clone()]));
            let (many, predicted) = (&self.many[maps.clone()], &self.many_predicted[maps.clone()]);
            let records = match source {
                Source::SoftmaxLabels if c == 1 => multiclass(Sigmoid(FINE), logits, labels, c, ignore, region)?,
                Source::SoftmaxLabels => multiclass(FINE, Softmax(logits), labels, c, ignore, region)?,
                Source::SigmoidLabels => multiclass(Sigmoid(FINE), logits, labels, c, ignore, region)?,
                Source::CodesLabels => multiclass(U8, Planar(&self.codes[maps]), labels, c, ignore, region)?,
                Source::PredictedLabels if c == 1 => {
                    multiclass(ONES(), Planar(&self.predicted[map]), labels, c, ignore, region)?
                }
                Source::PredictedLabels => multiclass(U8, OneHot(&self.predicted[map]), labels, c, ignore, region)?,
                Source::SigmoidMany => multilabel(Sigmoid(FINE), NonZero, logits, Planar(many), c, region)?,
                Source::ProbabilitiesMany => multilabel(FINE, NonZero, p, Planar(many), c, region)?,
                Source::RawMany => multilabel(FINE, NonZero, logits, Planar(many), c, region)?,
                Source::ProbabilitiesSoft => multilabel(FINE, Soft(FINE), p, Planar(&self.soft[maps]), c, region)?,
                Source::ManyMany => multilabel(ONES(), NonZero, Planar(predicted), Planar(many), c, region)?,
                Source::ThresholdMany => self.thresholded(p, many, threshold)?,
                Source::ArgmaxLabels => match c {
                    2 => winners::<2>(logits, labels)?,
                    3 => winners::<3>(logits, labels)?,
                    4 => winners::<4>(logits, labels)?,
                    _ => panic!("{c} classes"),
                },
            };
            all.extend(records);
        }
        Ok(all)
    }

    /// Each channel is cut by itself.
    fn thresholded(&self, p: Planar<'_, f32>, many: &[u8], threshold: f32) -> Result<Vec<Record>, Error> {
        let planes = p.0.chunks(self.pixels).zip(many.chunks(self.pixels));
        planes
            .map(|(p, t)| {
                let (mut soft, mut hard) = (Stream::new(FINE, NonZero), Thresholded::at_least(&FINE, threshold));
                soft.update_both(p, t, &mut hard)?;
                Ok(hard.record())
            })
            .collect()
    }

    /// A histogram of codes for each class, of all items.
    pub fn histograms(&self) -> Vec<Reliability<U8, Label, 256>> {
        let first = if self.classes == 1 { 1 } else { 0 };
        (0..self.classes)
            .map(|class| {
                let mut bins = Reliability::new(U8, Label::new((first + class) as u8));
                for item in 0..self.items {
                    let codes = &self.codes[(item * self.classes + class) * self.pixels..][..self.pixels];
                    bins.update(codes, &self.labels[item * self.pixels..][..self.pixels]).expect("codes");
                }
                bins
            })
            .collect()
    }

    /// The first map of the batch as CMSIS-DSP packs it.
    pub fn words(&self) -> [u32; 2] {
        [&self.many_predicted, &self.many].map(|map| {
            let bits = map[..self.pixels].iter().fold(0, |word, &bit| word << 1 | u32::from(bit));
            bits << (32 - self.pixels)
        })
    }
}

fn winners<const C: usize>(logits: Planar<'_, f32>, labels: &[u8]) -> Result<Vec<Record>, Error> {
    let mut hard = Argmax::<C>::new();
    hard.update(logits, labels)?;
    Ok(hard.classes().iter().map(Measured::record).collect())
}
