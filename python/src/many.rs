//! Sums of many classes and items, straight from batches.

use crate::array::{depth, dtype, indices, piece, same_shape, typed};
use crate::element::{Element, Kind, element};
use crate::refused;
use crate::sums::Batch;
use numpy::ndarray::{ArrayViewD, Axis};
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use soft_dice::Channel;
use soft_dice::activation::{Sigmoid, Softmax};
use soft_dice::{
    All, Columns, Error, F32Fine, Ignoring, Interleaved, Label, Linear, Measured, Moments, Multiclass, Multilabel,
    NonZero, OneHot, Planes, Record, Region, Soft, Stream, Sums, Target, Thresholded, U8,
};

/// An item's channels, wherever they lie.
#[derive(Clone)]
pub enum Maps<'a, R> {
    Planar(Vec<ArrayViewD<'a, R>>),
    Interleaved(ArrayViewD<'a, R>),
}

/// The same of a run of pixels that lies in one piece.
pub enum Piece<'a, R> {
    Planar(Vec<&'a [R]>),
    Interleaved(&'a [R]),
}

impl<'a, R> Maps<'a, R> {
    pub fn of(item: ArrayViewD<'a, R>, last: bool) -> Self {
        if last {
            return Self::Interleaved(item);
        }
        Self::Planar((0..item.shape()[0]).map(|c| item.clone().index_axis_move(Axis(0), c)).collect())
    }

    pub fn depth(&self, rows: usize, what: &str) -> PyResult<usize> {
        match self {
            Self::Planar(planes) => {
                planes.iter().map(|plane| depth(plane, rows, what)).try_fold(0, |a, b| Ok(a.max(b?)))
            }
            Self::Interleaved(map) => depth(map, rows, what),
        }
    }

    pub fn piece(&self, index: &[usize]) -> Piece<'a, R> {
        match self {
            Self::Planar(planes) => Piece::Planar(planes.iter().map(|plane| piece(plane, index)).collect()),
            Self::Interleaved(map) => Piece::Interleaved(piece(map, index)),
        }
    }
}

/// `$body` with the piece as columns.
macro_rules! columns {
    ($piece:expr, $columns:ident => $body:expr) => {
        match $piece {
            $crate::many::Piece::Planar(planes) => {
                let $columns = soft_dice::Planes(planes);
                $body
            }
            $crate::many::Piece::Interleaved(rows) => {
                let $columns = soft_dice::Interleaved(rows);
                $body
            }
        }
    };
}
pub(crate) use columns;

/// What is done with each item, without the GIL.
struct Work<'a> {
    classes: usize,
    ignore: Option<u8>,
    /// Of each item.
    region: Option<Vec<ArrayViewD<'a, u8>>>,
    /// Axes of pixels, and how many of them are walked.
    shape: Vec<usize>,
    fixed: usize,
}

impl<'a> Work<'a> {
    fn region(&self, item: usize, index: &[usize]) -> Option<&'a [u8]> {
        Some(piece(&self.region.as_ref()?[item], index))
    }

    fn indices(&self) -> Vec<Vec<usize>> {
        indices(&self.shape[..self.fixed])
    }

    fn labelled<E: soft_dice::Element, M: Moments, C: Columns<E::Raw>>(
        &self,
        sums: &mut [Sums<E, Label, M>],
        p: C,
        labels: &[u8],
        region: Option<&[u8]>,
    ) -> Result<(), Error> {
        let frame = Multiclass::over(sums, self.classes)?;
        let mut frame = if let Some(label) = self.ignore { frame.ignoring(label) } else { frame };
        match region {
            Some(region) => frame.update_within(p, labels, Region::Bytes(region)),
            None => frame.update(p, labels),
        }
    }

    /// Exclusive classes, or the foreground of a map of zeros and ones.
    fn multiclass<E: soft_dice::Element, M: Moments>(
        &self,
        (e, m): (E, M),
        items: &[Maps<'a, E::Raw>],
        labels: &[ArrayViewD<'a, u8>],
    ) -> Result<Vec<Record>, Error> {
        let mut all = Vec::new();
        for (item, (maps, labels)) in items.iter().zip(labels).enumerate() {
            if self.classes == 1 {
                all.push(self.foreground((e, m), item, maps, labels)?);
                continue;
            }
            let mut sums: Vec<_> =
                (0..self.classes).map(|c| Sums::<E, Label, M>::new(e, Label::new(c as u8))).collect();
            for index in self.indices() {
                let (labels, region) = (piece(labels, &index), self.region(item, &index));
                columns!(&maps.piece(&index), p => self.labelled(&mut sums, p, labels, region)?);
            }
            all.extend(sums.iter().map(Measured::record));
        }
        Ok(all)
    }

    fn foreground<E: soft_dice::Element, M: Moments>(
        &self,
        (e, _): (E, M),
        item: usize,
        maps: &Maps<'a, E::Raw>,
        labels: &ArrayViewD<'a, u8>,
    ) -> Result<Record, Error> {
        // 254 is neither 0 nor 1; another label than those is refused as any label is that is no class.
        let ignore = self.ignore.unwrap_or(254);
        let mut sums = [Sums::<E, Ignoring, M>::new(e, Label::new(1).ignoring(ignore))];
        for index in self.indices() {
            let labels = piece(labels, &index);
            if labels.iter().any(|&label| label > 1 && Some(label) != self.ignore) {
                return Err(Error::Label);
            }
            let mut frame = Multilabel::over(&mut sums[..])?;
            columns!(&maps.piece(&index), p => match self.region(item, &index) {
                Some(region) => frame.update_within(p, Interleaved(labels), Region::Bytes(region))?,
                None => frame.update(p, Interleaved(labels))?,
            });
        }
        Ok(sums[0].record())
    }

    /// Logits of exclusive classes.
    fn softmax<M: Moments>(
        &self,
        (e, _): (F32Fine, M),
        items: &[Maps<'a, f32>],
        labels: &[ArrayViewD<'a, u8>],
    ) -> Result<Vec<Record>, Error> {
        let mut all = Vec::new();
        for (item, (maps, labels)) in items.iter().zip(labels).enumerate() {
            let mut sums: Vec<_> =
                (0..self.classes).map(|c| Sums::<F32Fine, Label, M>::new(e, Label::new(c as u8))).collect();
            for index in self.indices() {
                let (labels, region) = (piece(labels, &index), self.region(item, &index));
                columns!(&maps.piece(&index), p => self.labelled(&mut sums, Softmax(p), labels, region)?);
            }
            all.extend(sums.iter().map(Measured::record));
        }
        Ok(all)
    }

    /// A target for each class.
    fn multilabel<E: soft_dice::Element, T, M: Moments, R: Copy + Default>(
        &self,
        (e, target, _): (E, T, M),
        items: &[Maps<'a, E::Raw>],
        targets: &[Maps<'a, R>],
    ) -> Result<Vec<Record>, Error>
    where
        T: for<'b> Target<E, Buffer<'b> = &'b [R]>,
    {
        let mut all = Vec::new();
        for (item, (maps, targets)) in items.iter().zip(targets).enumerate() {
            let mut sums = vec![Sums::<E, T, M>::new(e, target); self.classes];
            for index in self.indices() {
                let mut frame = Multilabel::over(&mut sums[..])?;
                let region = self.region(item, &index);
                // Both lie alike: one layout was asked for.
                match (maps.piece(&index), targets.piece(&index)) {
                    (Piece::Planar(p), Piece::Planar(t)) => add(&mut frame, Planes(&p), Planes(&t), region)?,
                    (Piece::Interleaved(p), Piece::Interleaved(t)) => {
                        add(&mut frame, Interleaved(p), Interleaved(t), region)?;
                    }
                    _ => return Err(Error::Split),
                }
            }
            all.extend(sums.iter().map(Measured::record));
        }
        Ok(all)
    }

    /// The greatest channel of each pixel, the first of equal ones, a block at a time; or labels that are decided already.
    fn decided<R: Channel>(
        &self,
        labels: &[ArrayViewD<'a, u8>],
        decide: impl Fn(usize, &[usize], usize, &mut [u8]) -> Result<(), Error>,
        _: core::marker::PhantomData<R>,
    ) -> Result<Vec<Record>, Error> {
        const BLOCK: usize = 4096;
        let mut all = Vec::new();
        let mut won = [0; BLOCK];
        for (item, labels) in labels.iter().enumerate() {
            let mut sums: Vec<_> =
                (0..self.classes).map(|c| Sums::<U8, Label, Linear>::new(U8, Label::new(c as u8))).collect();
            for index in self.indices() {
                let (labels, region) = (piece(labels, &index), self.region(item, &index));
                for (block, labels) in labels.chunks(BLOCK).enumerate() {
                    let won = &mut won[..labels.len()];
                    decide(item, &index, block * BLOCK, won)?;
                    let region = region.map(|region| &region[block * BLOCK..][..labels.len()]);
                    self.labelled(&mut sums, OneHot(won), labels, region)?;
                }
            }
            all.extend(sums.iter().map(Measured::record));
        }
        Ok(all)
    }

    fn argmax<R: Channel>(&self, items: &[Maps<'a, R>], labels: &[ArrayViewD<'a, u8>]) -> Result<Vec<Record>, Error> {
        let classes = self.classes;
        let decide = |item: usize, index: &[usize], from: usize, won: &mut [u8]| {
            let piece = items[item].piece(index);
            for (at, won) in won.iter_mut().enumerate() {
                let value = |class: usize| match &piece {
                    Piece::Planar(planes) => planes[class][from + at],
                    Piece::Interleaved(rows) => rows[(from + at) * classes + class],
                };
                let mut best = 0;
                for class in 0..classes {
                    // NaN has no order: the frameworks disagree on what wins then.
                    if value(class).partial_cmp(&value(class)).is_none() {
                        return Err(Error::Range);
                    }
                    best = if value(class) > value(best) { class } else { best };
                }
                *won = best as u8;
            }
            Ok(())
        };
        self.decided(labels, decide, core::marker::PhantomData::<R>)
    }

    /// Each channel cut at a threshold, against a mask for each.
    fn thresholded<E: soft_dice::Element>(
        &self,
        e: E,
        threshold: f32,
        items: &[Maps<'a, E::Raw>],
        targets: &[Maps<'a, u8>],
    ) -> Result<Vec<Record>, Error> {
        let mut all = Vec::new();
        for (maps, targets) in items.iter().zip(targets) {
            let mut hard = vec![Thresholded::at_least(&e, threshold); self.classes];
            for index in self.indices() {
                let (Piece::Planar(p), Piece::Planar(t)) = (maps.piece(&index), targets.piece(&index)) else {
                    return Err(Error::Split);
                };
                for ((hard, p), t) in hard.iter_mut().zip(p).zip(t) {
                    Stream::new(e, NonZero).update_both(p, t, hard)?;
                }
            }
            all.extend(hard.iter().map(Measured::record));
        }
        Ok(all)
    }
}

fn add<E: soft_dice::Element, T, M: Moments, R: Copy + Default>(
    frame: &mut Multilabel<&mut [Sums<E, T, M>]>,
    p: impl Columns<E::Raw>,
    t: impl Columns<R>,
    region: Option<&[u8]>,
) -> Result<(), Error>
where
    T: for<'b> Target<E, Buffer<'b> = &'b [R]>,
{
    match region {
        Some(region) => frame.update_within(p, t, Region::Bytes(region)),
        None => frame.update(p, t),
    }
}

/// The sums of every item and class of a batch.
#[pyfunction]
#[pyo3(signature = (prediction, target, *, classes = None, element = None, layout = "nchw", activation = None,
    argmax = false, threshold = None, ignore = None, region = None, moments = "linear"))]
#[allow(clippy::too_many_arguments, reason = "keywords of Python, each with a default")]
pub fn class_sums(
    py: Python<'_>,
    prediction: &Bound<'_, PyUntypedArray>,
    target: &Bound<'_, PyUntypedArray>,
    classes: Option<usize>,
    element: Option<&Element>,
    layout: &str,
    activation: Option<&str>,
    argmax: bool,
    threshold: Option<f32>,
    ignore: Option<u8>,
    region: Option<&Bound<'_, PyUntypedArray>>,
    moments: &str,
) -> PyResult<Batch> {
    let last = nhwc(layout)?;
    let all = match moments {
        "linear" => false,
        "all" => true,
        other => return Err(PyValueError::new_err(format!("moments is 'linear' or 'all', not {other:?}"))),
    };
    let (shape, given) = (prediction.shape(), target.shape());
    let one_of = usize::from(activation.is_some()) + usize::from(argmax) + usize::from(threshold.is_some());
    if one_of > 1 {
        return Err(PyValueError::new_err("activation, argmax and threshold: one of them"));
    }
    let decided = shape == given
        && dtype(prediction)? == "uint8"
        && classes.is_some_and(|n| n > 1)
        && one_of == 0
        && element.is_none();
    if shape.len() < if decided { 2 } else { 3 } {
        return Err(PyValueError::new_err(format!(
            "a batch has items, classes and pixels, and prediction has shape {shape:?}"
        )));
    }
    let channel_axis = if last { shape.len() - 1 } else { 1 };
    let mut pixels: Vec<usize> = shape[1..].to_vec();
    let channels = if decided { classes.unwrap_or_default() } else { pixels.remove(channel_axis - 1) };
    if classes.is_some_and(|classes| classes != channels) {
        return Err(PyValueError::new_err(format!(
            "prediction of shape {shape:?} ({layout}) has {channels} classes, not {classes:?}"
        )));
    }
    let of_labels = decided || given.len() + 1 == shape.len();
    let wanted: Vec<usize> = if of_labels { [&shape[..1], &pixels].concat() } else { shape.to_vec() };
    same_shape(&wanted, given, ("prediction's pixels", "target"))?;
    if shape[0] == 0 || channels == 0 || channels > 256 {
        return Err(refused(Error::Classes));
    }
    let map_shape = [&shape[..1], &pixels].concat();
    let region = match region {
        Some(region) => {
            same_shape(&map_shape, region.shape(), ("prediction's pixels", "region"))?;
            Some(typed::<u8>(region, "region")?)
        }
        None => None,
    };
    let region = region.as_ref().map(|region| split(region.as_array()));
    let rows = pixels.len().saturating_sub(1);
    let mut fixed = 0;
    if let Some(region) = &region {
        fixed = depth(&region[0], rows, "region")?;
    }
    let mut work = Work { classes: channels, ignore, region, shape: pixels, fixed };
    if ignore.is_some() && !of_labels {
        return Err(PyValueError::new_err("ignore is a label: it needs a target of labels"));
    }
    let labels = if of_labels { Some(typed::<u8>(target, "a target of labels")?) } else { None };
    let labels = labels.as_ref().map(|labels| split(labels.as_array()));
    if let Some(labels) = &labels {
        work.fixed = work.fixed.max(depth(&labels[0], rows, "target")?);
    }
    macro_rules! maps {
        ($array:expr, $what:expr, $raw:ty => $maps:ident, $body:expr) => {{
            let array = typed::<$raw>($array, $what)?;
            let $maps: Vec<Maps<'_, $raw>> =
                split(array.as_array()).into_iter().map(|item| Maps::of(item, last)).collect();
            work.fixed = work.fixed.max($maps[0].depth(rows, $what)?);
            $body
        }};
    }
    macro_rules! by_moments {
        ($m:ident => $body:expr) => {
            if all {
                let $m = All;
                py.detach(|| $body)
            } else {
                let $m = Linear;
                py.detach(|| $body)
            }
        };
    }
    let records: Result<Vec<Record>, Error> = if decided {
        let (array, labels) = (typed::<u8>(prediction, "prediction")?, labels.as_deref().unwrap_or_default());
        let maps = split(array.as_array());
        work.fixed = work.fixed.max(depth(&maps[0], rows, "prediction")?);
        let copy = |item: usize, index: &[usize], from: usize, won: &mut [u8]| {
            won.copy_from_slice(&piece(&maps[item], index)[from..][..won.len()]);
            Ok(())
        };
        py.detach(|| work.decided(labels, copy, core::marker::PhantomData::<u8>))
    } else if argmax {
        let labels = labels.as_deref().ok_or_else(|| PyValueError::new_err("argmax needs a target of labels"))?;
        if channels < 2 {
            return Err(PyValueError::new_err("argmax needs two classes"));
        }
        match dtype(prediction)?.as_str() {
            "uint8" => maps!(prediction, "prediction", u8 => maps, py.detach(|| work.argmax(&maps, labels))),
            "int8" => maps!(prediction, "prediction", i8 => maps, py.detach(|| work.argmax(&maps, labels))),
            _ => maps!(prediction, "prediction", f32 => maps, py.detach(|| work.argmax(&maps, labels))),
        }
    } else {
        let kind = self::element(element, &dtype(prediction)?, true)?;
        let unknown = || {
            PyTypeError::new_err(
                "classes are uint8, int8 or float32 (Element.f32_fine) maps; the others are for sums()",
            )
        };
        match (activation, threshold, labels.as_deref(), kind) {
            (Some("softmax"), _, Some(labels), Kind::F32Fine(e)) if channels > 1 => {
                maps!(prediction, "prediction", f32 => maps, by_moments!(m => work.softmax((e, m), &maps, labels)))
            }
            (Some("sigmoid"), _, Some(labels), Kind::F32Fine(e)) => maps!(prediction, "prediction", f32 => maps,
                by_moments!(m => work.multiclass((Sigmoid(e), m), &maps, labels))),
            (Some("sigmoid"), _, None, Kind::F32Fine(e)) if dtype(target)? == "float32" => {
                maps!(prediction, "prediction", f32 => maps, maps!(target, "target", f32 => targets,
                    by_moments!(m => work.multilabel((Sigmoid(e), Soft(e), m), &maps, &targets))))
            }
            (Some("sigmoid"), _, None, Kind::F32Fine(e)) => maps!(prediction, "prediction", f32 => maps,
                maps!(target, "target", u8 => targets,
                    by_moments!(m => work.multilabel((Sigmoid(e), NonZero, m), &maps, &targets)))),
            (Some(_), ..) => {
                return Err(PyValueError::new_err(
                    "activation is 'softmax' (two classes or more, against labels) or 'sigmoid', of float32 logits",
                ));
            }
            (None, Some(threshold), None, Kind::F32Fine(e)) if !last => maps!(prediction, "prediction", f32 => maps,
                maps!(target, "target", u8 => targets, py.detach(|| work.thresholded(e, threshold, &maps, &targets)))),
            (None, Some(threshold), None, Kind::I8(e)) if !last => maps!(prediction, "prediction", i8 => maps,
                maps!(target, "target", u8 => targets, py.detach(|| work.thresholded(e, threshold, &maps, &targets)))),
            (None, Some(threshold), None, Kind::U8) if !last => maps!(prediction, "prediction", u8 => maps,
                maps!(target, "target", u8 => targets, py.detach(|| work.thresholded(U8, threshold, &maps, &targets)))),
            (None, Some(_), ..) => {
                return Err(PyValueError::new_err(
                    "threshold needs planes (layout='nchw') and a uint8 mask for each class",
                ));
            }
            (None, None, Some(labels), Kind::U8) => maps!(prediction, "prediction", u8 => maps,
                by_moments!(m => work.multiclass((U8, m), &maps, labels))),
            (None, None, Some(labels), Kind::U8Affine(e)) => maps!(prediction, "prediction", u8 => maps,
                by_moments!(m => work.multiclass((e, m), &maps, labels))),
            (None, None, Some(labels), Kind::I8(e)) => maps!(prediction, "prediction", i8 => maps,
                by_moments!(m => work.multiclass((e, m), &maps, labels))),
            (None, None, Some(labels), Kind::F32Fine(e)) => maps!(prediction, "prediction", f32 => maps,
                by_moments!(m => work.multiclass((e, m), &maps, labels))),
            (None, None, None, Kind::F32Fine(e)) if dtype(target)? == "float32" => {
                maps!(prediction, "prediction", f32 => maps, maps!(target, "target", f32 => targets,
                    by_moments!(m => work.multilabel((e, Soft(e), m), &maps, &targets))))
            }
            (None, None, None, Kind::F32Fine(e)) => maps!(prediction, "prediction", f32 => maps,
                maps!(target, "target", u8 => targets, by_moments!(m => work.multilabel((e, NonZero, m), &maps, &targets)))),
            (None, None, None, Kind::U8) => maps!(prediction, "prediction", u8 => maps,
                maps!(target, "target", u8 => targets, by_moments!(m => work.multilabel((U8, NonZero, m), &maps, &targets)))),
            (None, None, None, Kind::U8Affine(e)) => maps!(prediction, "prediction", u8 => maps,
                maps!(target, "target", u8 => targets, by_moments!(m => work.multilabel((e, NonZero, m), &maps, &targets)))),
            (None, None, None, Kind::I8(e)) => maps!(prediction, "prediction", i8 => maps,
                maps!(target, "target", u8 => targets, by_moments!(m => work.multilabel((e, NonZero, m), &maps, &targets)))),
            _ => return Err(unknown()),
        }
    };
    Ok(Batch { records: records.map_err(refused)?, classes: channels })
}

/// Whether channels come last.
pub fn nhwc(layout: &str) -> PyResult<bool> {
    match layout {
        "nchw" => Ok(false),
        "nhwc" => Ok(true),
        other => Err(PyValueError::new_err(format!("layout is 'nchw' or 'nhwc', not {other:?}"))),
    }
}

/// The items of a batch.
pub fn split<R>(batch: ArrayViewD<'_, R>) -> Vec<ArrayViewD<'_, R>> {
    (0..batch.shape()[0]).map(|item| batch.clone().index_axis_move(Axis(0), item)).collect()
}
