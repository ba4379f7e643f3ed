//! NIfTI-1: the header is parsed by the crate `nifti`, the numbers are read like any others. Its first axis is the fastest:
//! the shape is given as slices, rows, columns, so that the numbers lie in C order.

use super::values::Stored;
use super::{Dtype, Source, Values, count};
use crate::each_vec;
use crate::error::{Failure, Outcome};
use flate2::bufread::MultiGzDecoder;
use nifti::{Endianness, NiftiHeader, NiftiType};
use std::io::{BufRead, BufReader, Cursor, Read};

/// Bytes of the header.
const HEADER: u64 = 348;
/// Bytes from the header to the numbers at most: extensions of any tool are shorter.
const MOST_EXTENSIONS: u64 = 1 << 26;

pub fn open<'r>(mut bytes: impl BufRead + Send + 'r, length: u64) -> Outcome<Source<'r>> {
    let head = bytes.fill_buf().map_err(|error| broken(&super::plain(&error)))?;
    if head.starts_with(b"\x1f\x8b") {
        // How much a stream decodes to is only known at its end.
        let source = numbers(BufReader::new(MultiGzDecoder::new(bytes)), None)?;
        return Ok(Source { unmeasured: true, ..source });
    }
    numbers(bytes, Some(length))
}

fn broken(what: &str) -> Failure {
    Failure::new(format!("not a readable NIfTI file: {what}"), "write it again, as a single .nii or .nii.gz")
}

fn numbers<'r>(mut bytes: impl Read + Send + 'r, length: Option<u64>) -> Outcome<Source<'r>> {
    let mut head = vec![0; HEADER as usize];
    bytes.read_exact(&mut head).map_err(|error| broken(&super::plain(&error)))?;
    let header = NiftiHeader::from_reader(Cursor::new(head)).map_err(|error| broken(&error.to_string()))?;
    if &header.magic != b"n+1\0" {
        return Err(broken("its numbers lie in another file (.hdr and .img)"));
    }
    let dimensions = header.dim().map_err(|error| broken(&error.to_string()))?;
    let shape: Vec<usize> = dimensions.iter().rev().map(|&side| side.into()).collect();
    let kind = header.data_type().map_err(|error| broken(&error.to_string()))?;
    let dtype = match kind {
        NiftiType::Uint8 => Dtype::U8,
        NiftiType::Int8 => Dtype::I8,
        NiftiType::Int16 => Dtype::I16,
        NiftiType::Uint16 => Dtype::U16,
        NiftiType::Int32 => Dtype::I32,
        NiftiType::Uint32 => Dtype::U32,
        NiftiType::Int64 => Dtype::I64,
        NiftiType::Uint64 => Dtype::U64,
        NiftiType::Float32 => Dtype::F32,
        NiftiType::Float64 => Dtype::F64,
        other => {
            return Err(Failure::new(format!("a NIfTI of {other:?} is not read"), "save it as numbers, not colours"));
        }
    };
    let begin = f64::from(header.vox_offset);
    if !(begin >= HEADER as f64 && begin < MOST_EXTENSIONS as f64 && begin.fract() == 0.0) {
        return Err(broken(&format!("its numbers begin at byte {begin}")));
    }
    let begin = begin as u64;
    let values = count(&shape)? as u64;
    if let Some(there) = length.map(|length| length.saturating_sub(begin) / dtype.size() as u64)
        && there < values
    {
        return Err(Failure::new(
            format!("holds {there} of the {values} values of its shape {shape:?} (truncated?)"),
            "record it again",
        ));
    }
    let skipped = std::io::copy(&mut (&mut bytes).take(begin - HEADER), &mut std::io::sink());
    skipped.map_err(|error| broken(&super::plain(&error)))?;
    // A slope of 0 means that there is none.
    let (slope, intercept) = (header.scl_slope, header.scl_inter);
    if !slope.is_finite() || !intercept.is_finite() {
        return Err(broken(&format!("its slope is {slope} and its intercept {intercept}")));
    }
    let scaled = (slope != 0.0 && (slope, intercept) != (1.0, 0.0)).then_some((slope, intercept));
    // nibabel, ITK and FSL give every voxel a size, whatever is known of it.
    let mut sizes = shape.iter().rev().zip(header.pixdim.iter().skip(1));
    let by_hand = sizes.any(|(&side, &size)| side > 1 && (size.is_nan() || size == 0.0));
    let big_endian = header.endianness == Endianness::Big;
    Ok(Source { big_endian, scaled, by_hand, ..Source::plain(shape, dtype, bytes) })
}

/// How many times as rough a map must be in the format's order as in the other one, to be said to lie in the other.
const ROUGHER: f64 = 1.4;

/// Numbers under a header that was written by hand, which may have been written with the last axis fastest, against the
/// format: maps and masks are smooth, and so read they are full of edges.
///
/// # Errors
///
/// Numbers that are far smoother in the other order.
pub fn in_order(values: &Values, shape: &[usize]) -> Outcome<()> {
    fn rough<T: Stored>(values: &[T], shape: &[usize]) -> f64 {
        let mut sum = 0.0;
        let mut stride = 1;
        for &side in shape.iter().rev() {
            for at in (0..values.len().saturating_sub(stride)).filter(|at| at / stride % side + 1 < side) {
                sum += (values[at + stride].float() - values[at].float()).abs();
            }
            stride *= side;
        }
        sum
    }
    let reversed: Vec<usize> = shape.iter().rev().copied().collect();
    let [format, other] = [shape, &reversed].map(|shape| each_vec!(values, vec => rough(vec, shape)));
    if format > ROUGHER * other {
        return Err(Failure::new(
            "a NIfTI without sizes of voxels, whose numbers are scrambled in the format's order (the first axis fastest) and \
             smooth in the other: the bytes of a NumPy array were put under a header as they lay",
            "write it with nibabel, or save the array as .npy",
        ));
    }
    Ok(())
}
