//! The way through the pixels of one class, piece by piece, for what counts codes.

use crate::array::{beside, depth, indices, piece, typed};
use crate::refused;
use numpy::PyUntypedArray;
use pyo3::prelude::*;
use soft_dice::Error;

/// A raw pixel of 8 bits.
pub trait Byte: numpy::Element + Copy + Default + Send + Sync {
    /// Every value, the least first.
    fn every() -> impl Iterator<Item = Self>;
}

impl Byte for u8 {
    fn every() -> impl Iterator<Item = Self> {
        0..=Self::MAX
    }
}

impl Byte for i8 {
    fn every() -> impl Iterator<Item = Self> {
        Self::MIN..=Self::MAX
    }
}

/// Arrays of one shape.
pub struct Pixels<'a, 'py> {
    pub codes: &'a Bound<'py, PyUntypedArray>,
    pub target: Option<&'a Bound<'py, PyUntypedArray>>,
    pub region: Option<&'a Bound<'py, PyUntypedArray>>,
}

/// Gives each piece that lies in one to `each`, without the GIL: codes, target (nothing where there is none) and region.
pub fn walk<R: Byte>(
    py: Python<'_>,
    pixels: &Pixels<'_, '_>,
    mut each: impl FnMut(&[R], &[u8], Option<&[u8]>) -> Result<(), Error> + Send,
) -> PyResult<()> {
    let codes = typed::<R>(pixels.codes, "codes")?;
    let codes = codes.as_array();
    let axes = codes.ndim().saturating_sub(1);
    let mut fixed = depth(&codes, axes, "codes")?;
    let target = beside(pixels.target, codes.shape(), ("codes", "target"))?;
    let region = beside(pixels.region, codes.shape(), ("codes", "region"))?;
    let (target, region) = (target.as_ref().map(|t| t.as_array()), region.as_ref().map(|r| r.as_array()));
    for (array, name) in [(&target, "target"), (&region, "region")] {
        if let Some(array) = array {
            fixed = fixed.max(depth(array, axes, name)?);
        }
    }
    let done: Result<(), Error> = py.detach(move || {
        for index in indices(&codes.shape()[..fixed]) {
            let target = target.as_ref().map_or(&[][..], |target| piece(target, &index));
            each(piece(&codes, &index), target, region.as_ref().map(|region| piece(region, &index)))?;
        }
        Ok(())
    });
    done.map_err(refused)
}
