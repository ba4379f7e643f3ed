//! Sums of one class.

use crate::array::{bits, depth, dtype, indices, piece, same_shape, typed};
use crate::element::{Element, Kind, element};
use crate::refused;
use crate::sums::Sums;
use numpy::ndarray::ArrayViewD;
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use soft_dice::Times;
use soft_dice::{
    All, Error, F16Bits, F32, F32Fine, Linear, Measured, Moments, NonZero, Record, Region, Soft, Stream, Target, U8,
};

/// The sums of a prediction with a mask or a soft target.
#[pyfunction]
#[pyo3(signature = (prediction, target, *, element = None, target_element = None, region = None, moments = "linear"))]
pub fn sums(
    py: Python<'_>,
    prediction: &Bound<'_, PyUntypedArray>,
    target: &Bound<'_, PyUntypedArray>,
    element: Option<&Element>,
    target_element: Option<&Element>,
    region: Option<&Bound<'_, PyUntypedArray>>,
    moments: &str,
) -> PyResult<Sums> {
    same_shape(prediction.shape(), target.shape(), ("prediction", "target"))?;
    if let Some(region) = region {
        same_shape(prediction.shape(), region.shape(), ("prediction", "region"))?;
    }
    let kind = self::element(element, &dtype(prediction)?, false)?;
    let all = match moments {
        "linear" => false,
        "all" => true,
        other => return Err(PyValueError::new_err(format!("moments is 'linear' or 'all', not {other:?}"))),
    };
    let soft = match (target_element.map(|element| element.kind), dtype(target)?.as_str()) {
        (None, "uint8") => None,
        (None, "float32") if matches!(kind, Kind::F32(_) | Kind::F32Fine(_)) => Some(kind),
        (None, "float32" | "float16") => Some(self::element(None, &dtype(target)?, false)?),
        (Some(target), _) => Some(target),
        (None, other) => {
            return Err(PyTypeError::new_err(format!(
                "a target is a uint8 mask (0 and not 0), float16 or float32, or what target_element says, not {other}; \
                 mask.view(numpy.uint8) of a bool array makes no copy"
            )));
        }
    };
    let region = region.map(|region| typed::<u8>(region, "region")).transpose()?;
    let region = region.as_ref().map(|region| region.as_array());
    macro_rules! by_moments {
        ($element:expr, $target:expr, $p:expr, $t:expr) => {
            if all {
                stream(py, Stream::summing($element, $target, All), $p, $t, region)
            } else {
                stream(py, Stream::summing($element, $target, Linear), $p, $t, region)
            }
        };
    }
    macro_rules! run {
        ($element:expr, $raw:ty, $target:expr, $traw:ty) => {{
            let (p, t) = (typed::<$raw>(prediction, "prediction")?, typed::<$traw>(target, "target")?);
            by_moments!($element, $target, (p.as_array(), same::<$raw>), (t.as_array(), same::<$traw>))
        }};
    }
    // numpy's half floats go as their bits: a view of the same memory.
    macro_rules! halves {
        ($element:expr, $target:expr, $t:expr) => {{
            let p = bits(prediction, "prediction")?;
            let p = typed::<u16>(&p, "prediction")?;
            by_moments!($element, $target, (p.as_array(), F16Bits::of), $t)
        }};
    }
    macro_rules! hard {
        ($element:expr, $raw:ty) => {
            run!($element, $raw, NonZero, u8)
        };
    }
    macro_rules! linear {
        ($element:expr, $raw:ty) => {{
            if all {
                return Err(PyValueError::new_err("moments='all' is of uint8, int8, float16 and float32 predictions"));
            }
            let (p, t) = (typed::<$raw>(prediction, "prediction")?, typed::<u8>(target, "target")?);
            stream(py, Stream::new($element, NonZero), (p.as_array(), same::<$raw>), (t.as_array(), same::<u8>), region)
        }};
    }
    let alike = || PyValueError::new_err("a soft target is of the prediction's own element, or float32");
    let record = match (kind, soft) {
        (Kind::U8, None) => hard!(U8, u8)?,
        (Kind::U16, None) => linear!(soft_dice::U16::new(), u16)?,
        (Kind::Q15, None) => linear!(soft_dice::Q15::new(), i16)?,
        (Kind::I8(e), None) => hard!(e, i8)?,
        (Kind::U8Affine(e), None) => hard!(e, u8)?,
        (Kind::F16(e), None) => {
            let t = typed::<u8>(target, "target")?;
            halves!(e, NonZero, (t.as_array(), same::<u8>))?
        }
        (Kind::F32(e), None) => hard!(e, f32)?,
        (Kind::F32Fine(e), None) => hard!(e, f32)?,
        (Kind::U8, Some(Kind::U8)) => run!(U8, u8, Soft(U8), u8)?,
        (Kind::I8(e), Some(Kind::I8(t))) => run!(e, i8, Soft(t), i8)?,
        (Kind::U8Affine(e), Some(Kind::U8Affine(t))) => run!(e, u8, Soft(t), u8)?,
        (Kind::I8(e), Some(Kind::F32(t))) => run!(e, i8, Soft(t), f32)?,
        (Kind::U8, Some(Kind::F32(t))) => run!(U8, u8, Soft(t), f32)?,
        (Kind::F16(e), Some(Kind::F16(t))) => {
            let bits = bits(target, "target")?;
            let bits = typed::<u16>(&bits, "target")?;
            halves!(e, Soft(t), (bits.as_array(), F16Bits::of))?
        }
        (Kind::F16(e), Some(Kind::F32(t))) => {
            let values = typed::<f32>(target, "target")?;
            halves!(e, Soft(t), (values.as_array(), same::<f32>))?
        }
        (Kind::F32(e), Some(Kind::F32(t))) => run!(e, f32, Soft(t), f32)?,
        (Kind::F32Fine(e), Some(Kind::F32Fine(t))) => run!(e, f32, Soft(t), f32)?,
        _ => return Err(alike()),
    };
    Ok(Sums { record })
}

/// An array's pixels as the library's raw ones.
type Raw<'a, X, R> = (ArrayViewD<'a, X>, fn(&[X]) -> &[R]);

/// numpy's type is the library's.
pub const fn same<R>(pixels: &[R]) -> &[R] {
    pixels
}

/// A stream over arrays of one shape, piece by piece, without the GIL.
fn stream<'a, P: soft_dice::Element, T, M: Moments, X, Y, R>(
    py: Python<'_>,
    mut stream: Stream<P, T, M>,
    (p, raw): Raw<'a, X, P::Raw>,
    (t, raw_target): Raw<'a, Y, R>,
    region: Option<ArrayViewD<'a, u8>>,
) -> PyResult<Record>
where
    X: numpy::Element + Send + Sync,
    Y: numpy::Element + Send + Sync,
    R: 'static,
    T: for<'b> Target<P, Buffer<'b> = &'b [R]>,
{
    let axes = p.ndim().saturating_sub(1);
    let mut fixed = depth(&p, axes, "prediction")?.max(depth(&t, axes, "target")?);
    if let Some(region) = &region {
        fixed = fixed.max(depth(region, axes, "region")?);
    }
    let done: Result<Record, Error> = py.detach(move || {
        for index in indices(&p.shape()[..fixed]) {
            let (p, t) = (raw(piece(&p, &index)), raw_target(piece(&t, &index)));
            match &region {
                Some(region) => stream.update_within(p, t, Region::Bytes(piece(region, &index)))?,
                None => stream.update(p, t)?,
            }
        }
        Ok(stream.sums().record())
    });
    done.map_err(refused)
}

/// That the pairs above have a product.
const _: () = {
    const fn pair<P: Times<E>, E: soft_dice::Element>() {}
    pair::<soft_dice::I8, F32>();
    pair::<U8, F32>();
    pair::<F32Fine, F32Fine>();
};
