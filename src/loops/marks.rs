//! Hard targets and regions, a vector at a time. Each type does in lanes what [`Meaning::mark`](crate::pixels::Meaning)
//! says of its shape; `by_shape` picks the type, so that a sweep is compiled for each.

use super::sweep::Place;
use crate::lanes::ByteLanes;
use crate::pixels::{BitRun, ByteMask, Mark, Mask, Meaning, Within};

/// A vector of pixels of a hard target.
#[derive(Clone, Copy)]
pub(super) struct Marks<V> {
    /// 1 where foreground, else 0.
    pub ones: V,
    /// Not 0 where foreground: for lanes that only ask that.
    pub some: V,
    /// 0xFF where the pixel counts, else 0; looked at under [`Marked::KEEPS`].
    pub kept: V,
    /// Above 1 where a byte is outside the declared values; looked at under [`Marked::CHECKS`].
    pub broken: V,
    /// The same as bits, the first pixel in the lowest, those beyond LANES unspecified; looked at under [`Marked::BITS`].
    pub bits: u64,
}

impl<V: Copy> Marks<V> {
    #[inline(always)]
    pub fn of<B: ByteLanes<V = V>>(lanes: B, ones: V) -> Self {
        Self { ones, some: ones, kept: lanes.splat(0xFF), broken: lanes.splat(0), bits: 0 }
    }
}

/// Where a hard target's vectors come from.
pub(super) trait Marked: Copy {
    /// Some pixels are left out.
    const KEEPS: bool = false;
    /// Bytes are checked against their declaration.
    const CHECKS: bool = false;
    /// The marks come as bits too.
    const BITS: bool = false;

    /// From this key on the prediction itself decides. The families compare it; nothing is read.
    fn own(self) -> Option<u32> {
        None
    }

    /// LANES pixels, which begin a multiple of LANES after the first but for the `LAST` vector.
    ///
    /// # Safety
    ///
    /// They lie within the pixels of the mask.
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V>;
}

/// LANES bytes of a mask.
///
/// # Safety
///
/// They lie within it.
#[inline(always)]
unsafe fn bytes_at<B: ByteLanes>(lanes: B, bytes: &[u8], at: Place) -> B::V {
    // SAFETY: the caller keeps at + LANES within the pixels, and the mask holds a byte for each.
    unsafe { lanes.load(bytes.as_ptr().add(at.pixel())) }
}

#[derive(Clone, Copy)]
pub(super) struct NonZeroBytes<'a>(pub &'a [u8]);

impl Marked for NonZeroBytes<'_> {
    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller promises the same.
        let bytes = unsafe { bytes_at(lanes, self.0, at) };
        Marks { some: bytes, ..Marks::of(lanes, lanes.ones(bytes)) }
    }
}

/// Bytes declared {0, 1}.
#[derive(Clone, Copy)]
pub(super) struct OneBytes<'a>(pub &'a [u8]);

impl Marked for OneBytes<'_> {
    const CHECKS: bool = true;

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller promises the same.
        let bytes = unsafe { bytes_at(lanes, self.0, at) };
        Marks { broken: bytes, ..Marks::of(lanes, bytes) }
    }
}

/// Bytes declared {0, 255}.
#[derive(Clone, Copy)]
pub(super) struct FullBytes<'a>(pub &'a [u8]);

impl Marked for FullBytes<'_> {
    const CHECKS: bool = true;

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller promises the same.
        let bytes = unsafe { bytes_at(lanes, self.0, at) };
        // 255 is −1 modulo 256: its negative is 1.
        let ones = lanes.minus(bytes);
        Marks { some: bytes, broken: ones, ..Marks::of(lanes, ones) }
    }
}

/// One class of a label map.
#[derive(Clone, Copy)]
pub(super) struct ClassBytes<'a> {
    pub bytes: &'a [u8],
    pub class: u8,
}

impl Marked for ClassBytes<'_> {
    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller promises the same.
        let bytes = unsafe { bytes_at(lanes, self.bytes, at) };
        let class = lanes.equal(bytes, lanes.splat(self.class));
        Marks::of(lanes, lanes.and(class, lanes.splat(1)))
    }
}

/// The same without the pixels of an ignore label.
#[derive(Clone, Copy)]
pub(super) struct IgnoringBytes<'a> {
    pub of: ClassBytes<'a>,
    pub ignored: u8,
}

impl Marked for IgnoringBytes<'_> {
    const KEEPS: bool = true;

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller promises the same.
        let bytes = unsafe { bytes_at(lanes, self.of.bytes, at) };
        let ignored = lanes.equal(bytes, lanes.splat(self.ignored));
        let kept = lanes.xor(ignored, lanes.splat(0xFF));
        // SAFETY: the caller promises the same.
        Marks { kept, ..unsafe { self.of.marks::<B, LAST>(lanes, at) } }
    }
}

/// The bits of a mask; `EVEN` where the first is the first of its byte.
#[derive(Clone, Copy)]
pub(super) struct MaskBits<'a, const MSB_FIRST: bool, const EVEN: bool>(pub BitRun<'a>);

/// Eight bytes, little-endian, with the first pixel in the lowest bit of each.
#[inline(always)]
const fn lowest_first(bytes: u64, msb_first: bool) -> u64 {
    if msb_first { bytes.reverse_bits().swap_bytes() } else { bytes }
}

/// `LANES` ≤ 64 bits from pixel `at` on, the first in the lowest place; those beyond are unspecified. All but the `LAST`
/// vector of a run begin a multiple of LANES after its first pixel, in the same place of a byte. `EVEN` where the first
/// pixel is the first of its byte.
///
/// # Safety
///
/// LANES pixels from there lie within the mask.
#[inline(always)]
unsafe fn window<B: ByteLanes, const LAST: bool, const EVEN: bool>(bits: BitRun, at: Place, msb_first: bool) -> u64 {
    let whole = const { B::LANES.div_ceil(8) };
    let first = if EVEN { 0 } else { bits.shift };
    let fixed = !LAST && B::LANES.is_multiple_of(8);
    let bit = first + at.pixel();
    let (byte, shift) = if fixed { (at.byte(), first) } else { (bit / 8, bit % 8) };
    let mut low = [0u8; 8];
    // SAFETY: the caller's bits begin in this byte.
    let from = unsafe { bits.bytes.as_ptr().add(byte) };
    // SAFETY: they reach at least `whole` ≤ 8 bytes from there.
    unsafe { core::ptr::copy_nonoverlapping(from, low.as_mut_ptr(), whole) };
    let mut window = lowest_first(u64::from_le_bytes(low), msb_first) >> shift;
    if shift + B::LANES > 8 * whole {
        // SAFETY: the last of the bits lies one byte further. Here shift > 0, so the shift below is at most 63.
        let next = lowest_first(u64::from(unsafe { *from.add(whole) }), msb_first);
        window |= next << (8 * whole - shift);
    }
    window
}

impl<const MSB_FIRST: bool, const EVEN: bool> Marked for MaskBits<'_, MSB_FIRST, EVEN> {
    const BITS: bool = true;

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller keeps at + LANES within the pixels, and the mask holds a bit for each.
        let bits = unsafe { window::<B, LAST, EVEN>(self.0, at, MSB_FIRST) };
        let some = if EVEN && !LAST && B::LANES.is_multiple_of(8) {
            // SAFETY: as above; `at` is a multiple of LANES.
            unsafe { lanes.bits_at(self.0.bytes.as_ptr().add(at.byte()), MSB_FIRST) }
        } else {
            lanes.bits(bits)
        };
        Marks { some, bits, ..Marks::of(lanes, lanes.ones(some)) }
    }
}

/// The prediction's own mask.
#[derive(Clone, Copy)]
pub(super) struct OwnMask(pub u32);

impl Marked for OwnMask {
    fn own(self) -> Option<u32> {
        Some(self.0)
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, _: Place) -> Marks<B::V> {
        Marks::of(lanes, lanes.splat(0))
    }
}

/// Any mask, asked at each vector what it is: for sweeps that are not compiled for each shape.
#[derive(Clone, Copy)]
pub(super) struct AnyMask<'a>(pub Mask<'a>);

impl Marked for AnyMask<'_> {
    const KEEPS: bool = true;
    const CHECKS: bool = true;

    #[inline(always)]
    fn own(self) -> Option<u32> {
        if let Mask::Own(cut) = self.0 { Some(cut) } else { None }
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        match self.0 {
            Mask::Bytes(ByteMask { bytes, meaning: Meaning { ignored, one, zero, others } }) => {
                // SAFETY: the caller promises the same.
                let bytes = unsafe { bytes_at(lanes, bytes, at) };
                let all = |yes: bool| lanes.splat(if yes { 0xFF } else { 0 });
                // 0xFF where the byte is this one, and nowhere if there is none.
                let is = |byte: Option<u8>| match byte {
                    Some(byte) => lanes.equal(bytes, lanes.splat(byte)),
                    None => lanes.splat(0),
                };
                let (one, named) = (is(one), lanes.or(is(one), is(zero)));
                let others_are = |mark: Mark| lanes.and(lanes.xor(named, all(true)), all(others == mark));
                let ones = lanes.and(lanes.or(one, others_are(Mark::One)), lanes.splat(1));
                let kept = lanes.xor(is(ignored), all(true));
                Marks { kept, broken: others_are(Mark::Broken), ..Marks::of(lanes, ones) }
            }
            Mask::Bits(bits) => {
                // SAFETY: the caller promises the same.
                let bits = lanes.bits(unsafe { window::<B, LAST, false>(bits, at, bits.msb_first) });
                Marks::of(lanes, lanes.ones(bits))
            }
            Mask::Own(_) => Marks::of(lanes, lanes.splat(0)),
        }
    }
}

/// The region of a sweep.
pub(super) trait Keep: Copy {
    /// Every pixel is in it.
    const ALL: bool;

    /// 0xFF for each of LANES pixels that is in it, else 0; they begin as for [`Marked::marks`].
    ///
    /// # Safety
    ///
    /// They lie within the pixels.
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> B::V;
}

/// Every pixel counts.
#[derive(Clone, Copy)]
pub(super) struct All;

impl Keep for All {
    const ALL: bool = true;

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, _: Place) -> B::V {
        lanes.splat(0xFF)
    }
}

/// The pixels whose byte is not 0.
#[derive(Clone, Copy)]
pub(super) struct InBytes<'a>(pub &'a [u8]);

impl Keep for InBytes<'_> {
    const ALL: bool = false;

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> B::V {
        // SAFETY: the caller keeps at + LANES within the pixels, and the region holds a byte for each.
        let bytes = unsafe { bytes_at(lanes, self.0, at) };
        lanes.xor(lanes.equal(bytes, lanes.splat(0)), lanes.splat(0xFF))
    }
}

/// The pixels whose bit is 1.
#[derive(Clone, Copy)]
pub(super) struct InBits<'a>(pub BitRun<'a>);

impl Keep for InBits<'_> {
    const ALL: bool = false;

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> B::V {
        // SAFETY: the caller keeps at + LANES within the pixels, and the region holds a bit for each; regions have the lowest
        // bit first.
        lanes.bits(unsafe { window::<B, LAST, false>(self.0, at, false) })
    }
}

/// Any region, asked at each vector what it is.
#[derive(Clone, Copy)]
pub(super) struct Inside<'a>(pub Within<'a>);

impl Keep for Inside<'_> {
    const ALL: bool = false;

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> B::V {
        // SAFETY: the caller promises the same.
        match self.0 {
            Within::Everywhere => lanes.splat(0xFF),
            // SAFETY: the caller promises the same.
            Within::Bytes(bytes) => unsafe { InBytes(bytes).kept::<B, LAST>(lanes, at) },
            // SAFETY: the caller promises the same.
            Within::Bits(bits) => unsafe { InBits(bits).kept::<B, LAST>(lanes, at) },
        }
    }
}

/// The call with the mask as the type that does its shape in lanes, and else with any mask. With `even`, bits that begin
/// at a byte have a type of their own. A declaration that is trusted is looked at all the same, which costs one
/// operation, and nobody asks what was found.
macro_rules! by_shape {
    ($mask:expr, even: $even:literal, |$target:ident| $call:expr) => {{
        use $crate::loops::marks::{
            AnyMask, ClassBytes, FullBytes, IgnoringBytes, MaskBits, NonZeroBytes, OneBytes, OwnMask,
        };
        use $crate::pixels::{ByteMask, Mask, Shape};
        macro_rules! with {
            ($with:expr) => {{
                let $target = $with;
                $call
            }};
        }
        match *$mask {
            Mask::Bytes(ByteMask { bytes, meaning }) => match meaning.shape() {
                Shape::NonZero => with!(NonZeroBytes(bytes)),
                Shape::ZeroOne { .. } => with!(OneBytes(bytes)),
                Shape::ZeroFull { .. } => with!(FullBytes(bytes)),
                Shape::Class(class) => with!(ClassBytes { bytes, class }),
                Shape::Ignoring { class, ignored } => with!(IgnoringBytes { of: ClassBytes { bytes, class }, ignored }),
                Shape::Other => with!(AnyMask(*$mask)),
            },
            Mask::Bits(bits) if $even && bits.shift == 0 && bits.msb_first => with!(MaskBits::<true, $even>(bits)),
            Mask::Bits(bits) if $even && bits.shift == 0 => with!(MaskBits::<false, $even>(bits)),
            Mask::Bits(bits) if bits.msb_first => with!(MaskBits::<true, false>(bits)),
            Mask::Bits(bits) => with!(MaskBits::<false, false>(bits)),
            Mask::Own(cut) => with!(OwnMask(cut)),
        }
    }};
}
pub(super) use by_shape;
