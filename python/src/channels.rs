//! Histograms of every class of a batch, in one pass over it.

use crate::array::{beside, depth, dtype, typed};
use crate::codes::{Alone, CodeCounts};
use crate::element::{Element, element};
use crate::histogram::{Against, Histogram, eight_bit};
use crate::many::{Maps, columns, nhwc, split};
use crate::pass::Byte;
use crate::refused;
use crate::{array, many};
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use soft_dice::histogram::{CodeCounts as Codes, EightBit, Histogram as Counted, count_channels, count_classes};
use soft_dice::{Error, Label, Region};

/// The arrays of a batch.
struct Batch<'a, 'py> {
    codes: &'a Bound<'py, PyUntypedArray>,
    labels: Option<&'a Bound<'py, PyUntypedArray>>,
    region: Option<&'a Bound<'py, PyUntypedArray>>,
    /// Channels come last.
    last: bool,
}

impl Batch<'_, '_> {
    /// Channels, and the shape of their pixels with the items before them.
    fn shape(&self) -> PyResult<(usize, Vec<usize>)> {
        let shape = self.codes.shape();
        if shape.len() < 3 {
            return Err(PyValueError::new_err(format!(
                "a batch has items, classes and pixels, and codes has shape {shape:?}"
            )));
        }
        let axis = if self.last { shape.len() - 1 } else { 1 };
        let mut pixels = shape.to_vec();
        let channels = pixels.remove(axis);
        if channels == 0 || channels > 256 || shape[0] == 0 {
            return Err(refused(Error::Classes));
        }
        Ok((channels, pixels))
    }

    /// Gives every piece to `each`, without the GIL: its channels, labels (nothing where there are none) and region.
    fn walk<R: Byte>(
        &self,
        py: Python<'_>,
        mut each: impl FnMut(&many::Piece<'_, R>, &[u8], Option<&[u8]>) -> Result<(), Error> + Send,
    ) -> PyResult<()> {
        let (_, pixels) = self.shape()?;
        let rows = pixels.len().saturating_sub(2);
        let codes = typed::<R>(self.codes, "codes")?;
        let items: Vec<Maps<'_, R>> =
            split(codes.as_array()).into_iter().map(|item| Maps::of(item, self.last)).collect();
        let mut fixed = items[0].depth(rows, "codes")?;
        let labels = beside(self.labels, &pixels, ("codes' pixels", "labels"))?;
        let region = beside(self.region, &pixels, ("codes' pixels", "region"))?;
        let labels = labels.as_ref().map(|labels| split(labels.as_array()));
        let region = region.as_ref().map(|region| split(region.as_array()));
        for (array, name) in [(&labels, "labels"), (&region, "region")] {
            if let Some(array) = array {
                fixed = fixed.max(depth(&array[0], rows, name)?);
            }
        }
        let done: Result<(), Error> = py.detach(move || {
            for (item, maps) in items.iter().enumerate() {
                for index in array::indices(&pixels[1..=fixed]) {
                    let labels = labels.as_ref().map_or(&[][..], |labels| array::piece(&labels[item], &index));
                    let region = region.as_ref().map(|region| array::piece(&region[item], &index));
                    each(&maps.piece(&index), labels, region)?;
                }
            }
            Ok(())
        });
        done.map_err(refused)
    }

    fn against<P: EightBit + 'static>(
        &self,
        py: Python<'_>,
        e: P,
        channels: usize,
        ignore: Option<u8>,
    ) -> PyResult<Vec<Box<dyn Against>>>
    where
        P::Raw: Byte,
    {
        let mut all: Vec<_> = (0..channels).map(|class| Counted::wide(e, Label::new(class as u8))).collect();
        self.walk::<P::Raw>(py, |piece, labels, region| {
            columns!(piece, p => count_classes(&mut all, p, labels, ignore, region.map(Region::Bytes)))
        })?;
        Ok(all.into_iter().map(|class| Box::new(class) as Box<dyn Against>).collect())
    }

    fn alone<P: EightBit + 'static>(&self, py: Python<'_>, e: P, channels: usize) -> PyResult<Vec<Box<dyn Alone>>>
    where
        P::Raw: Byte,
    {
        let mut all = vec![Codes::wide(e); channels];
        self.walk::<P::Raw>(
            py,
            |piece, _, region| columns!(piece, p => count_channels(&mut all, p, region.map(Region::Bytes))),
        )?;
        Ok(all.into_iter().map(|channel| Box::new(channel) as Box<dyn Alone>).collect())
    }
}

/// A histogram of each class of a batch against labels.
#[pyfunction]
#[pyo3(signature = (codes, labels, *, element = None, layout = "nchw", ignore = None, region = None))]
pub fn class_histograms(
    py: Python<'_>,
    codes: &Bound<'_, PyUntypedArray>,
    labels: &Bound<'_, PyUntypedArray>,
    element: Option<&Element>,
    layout: &str,
    ignore: Option<u8>,
    region: Option<&Bound<'_, PyUntypedArray>>,
) -> PyResult<Vec<Histogram>> {
    let batch = Batch { codes, labels: Some(labels), region, last: nhwc(layout)? };
    let (channels, _) = batch.shape()?;
    let given = element.cloned().unwrap_or_else(Element::u8);
    let kind = self::element(element, &dtype(codes)?, true)?;
    let all = eight_bit!(kind, e => batch.against(py, e, channels, ignore))?;
    Ok(all.into_iter().enumerate().map(|(class, held)| Histogram::of_class(held, &given, class)).collect())
}

/// How often each code occurs in each channel of a batch.
#[pyfunction]
#[pyo3(signature = (codes, *, element = None, layout = "nchw", region = None))]
pub fn channel_counts(
    py: Python<'_>,
    codes: &Bound<'_, PyUntypedArray>,
    element: Option<&Element>,
    layout: &str,
    region: Option<&Bound<'_, PyUntypedArray>>,
) -> PyResult<Vec<CodeCounts>> {
    let batch = Batch { codes, labels: None, region, last: nhwc(layout)? };
    let (channels, _) = batch.shape()?;
    let kind = self::element(element, &dtype(codes)?, true)?;
    let all = eight_bit!(kind, e => batch.alone(py, e, channels))?;
    Ok(all.into_iter().map(CodeCounts::of).collect())
}
