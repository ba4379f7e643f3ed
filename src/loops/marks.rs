//! Hard targets and regions, a vector at a time. Each type does in lanes what [`Meaning::mark`] says of its shape; `table`
//! holds a sweep for each.
//!
//! They are pointers and numbers alone, so that what a sweep keeps of a mask stays in registers. Whoever has one made has
//! promised that its mask or region holds as many pixels as are swept.

use super::sweep::Place;
#[cfg(target_arch = "x86_64")]
use crate::lanes::Avx512;
use crate::lanes::ByteLanes;
use crate::pixels::{BitRun, ByteMask, Mark, Mask, Meaning, Within};

/// A vector of pixels of a hard target.
#[derive(Clone, Copy)]
pub(crate) struct Marks<V> {
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
pub(crate) trait Marked: Copy {
    /// Some pixels are left out.
    const KEEPS: bool = false;
    /// Bytes are checked against their declaration.
    const CHECKS: bool = false;
    /// The marks come as bits too.
    const BITS: bool = false;

    /// What the sweep keeps of a mask of this type's shape; `None` of others.
    fn of(mask: &Mask) -> Option<Self>;

    /// From this key on the prediction itself decides. The families compare it; nothing is read.
    fn own(self) -> Option<u32> {
        None
    }

    /// Bits begin with the first of a byte.
    const EVEN: bool = false;

    /// Where the bits of LANES pixels lie that begin a multiple of LANES after the first; looked at under [`Self::EVEN`].
    ///
    /// # Safety
    ///
    /// They lie within the pixels of the mask.
    unsafe fn bits_from(self, _: Place) -> *const u8 {
        core::ptr::null()
    }

    /// LANES pixels, which begin a multiple of LANES after the first but for the `LAST` vector.
    ///
    /// # Safety
    ///
    /// They lie within the pixels of the mask.
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V>;
}

/// Hard targets that are known by their address, and the class of a label map.
pub(super) trait At: Marked {
    fn at(bytes: *const u8, class: u8) -> Self;
}

/// LANES bytes of a mask or region.
///
/// # Safety
///
/// They lie within it.
#[inline(always)]
unsafe fn bytes_at<B: ByteLanes>(lanes: B, bytes: *const u8, at: Place) -> B::V {
    // SAFETY: the caller keeps at + LANES within the pixels, and there is a byte for each.
    unsafe { lanes.load(bytes.add(at.pixel())) }
}

/// The bytes of a mask, with what they mean.
#[inline(always)]
fn bytes_of(mask: &Mask) -> Option<(*const u8, Meaning)> {
    if let Mask::Bytes(ByteMask { bytes, meaning }) = mask { Some((bytes.as_ptr(), *meaning)) } else { None }
}

/// Masks whose bytes are compared with nothing that is known only when a sweep begins.
macro_rules! bytes_alone {
    ($(#[$doc:meta])* $Name:ident, checks: $checks:literal, |$lanes:ident, $bytes:ident| $marks:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(super) struct $Name(*const u8);

        impl Marked for $Name {
            const CHECKS: bool = $checks;

            #[inline(always)]
            fn of(mask: &Mask) -> Option<Self> {
                bytes_of(mask).map(|(bytes, _)| Self(bytes))
            }

            #[inline(always)]
            unsafe fn marks<B: ByteLanes, const LAST: bool>(self, $lanes: B, at: Place) -> Marks<B::V> {
                // SAFETY: the caller promises the same.
                let $bytes = unsafe { bytes_at($lanes, self.0, at) };
                $marks
            }
        }

        impl At for $Name {
            #[inline(always)]
            fn at(bytes: *const u8, _: u8) -> Self {
                Self(bytes)
            }
        }
    };
}

bytes_alone!(
    /// 0 is background, all else foreground.
    NonZeroBytes, checks: false, |lanes, bytes| Marks { some: bytes, ..Marks::of(lanes, lanes.ones(bytes)) }
);

bytes_alone!(
    /// Bytes declared {0, 1}.
    OneBytes, checks: true, |lanes, bytes| Marks { broken: bytes, ..Marks::of(lanes, bytes) }
);

bytes_alone!(
    /// Bytes declared {0, 255}: 255 is −1 modulo 256, so that its negative is 1.
    FullBytes, checks: true, |lanes, bytes| {
        let ones = lanes.minus(bytes);
        Marks { some: bytes, broken: ones, ..Marks::of(lanes, ones) }
    }
);

bytes_alone!(
    /// Bytes that the caller promises to be {0, 1}.
    TrustedOneBytes, checks: false, |lanes, bytes| Marks::of(lanes, bytes)
);

bytes_alone!(
    /// Bytes that the caller promises to be {0, 255}.
    TrustedFullBytes, checks: false, |lanes, bytes| Marks { some: bytes, ..Marks::of(lanes, lanes.minus(bytes)) }
);

/// One class of a label map.
#[derive(Clone, Copy)]
pub(super) struct ClassBytes {
    bytes: *const u8,
    class: u8,
}

impl Marked for ClassBytes {
    #[inline(always)]
    fn of(mask: &Mask) -> Option<Self> {
        let (bytes, meaning) = bytes_of(mask)?;
        Some(Self { bytes, class: meaning.one? })
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller promises the same.
        let bytes = unsafe { bytes_at(lanes, self.bytes, at) };
        let class = lanes.equal(bytes, lanes.splat(self.class));
        Marks::of(lanes, lanes.and(class, lanes.splat(1)))
    }
}

impl At for ClassBytes {
    #[inline(always)]
    fn at(bytes: *const u8, class: u8) -> Self {
        Self { bytes, class }
    }
}

/// The same without the pixels of an ignore label.
#[derive(Clone, Copy)]
pub(super) struct IgnoringBytes {
    of: ClassBytes,
    ignored: u8,
}

impl Marked for IgnoringBytes {
    const KEEPS: bool = true;

    #[inline(always)]
    fn of(mask: &Mask) -> Option<Self> {
        let (_, meaning) = bytes_of(mask)?;
        Some(Self { of: ClassBytes::of(mask)?, ignored: meaning.ignored? })
    }

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

/// A run of bits: the byte of the first pixel, and its place in that.
#[derive(Clone, Copy)]
pub(super) struct Run {
    bytes: *const u8,
    shift: usize,
}

impl Run {
    #[inline(always)]
    fn of(BitRun { bytes, shift, .. }: &BitRun) -> Self {
        Self { bytes: bytes.as_ptr(), shift: *shift }
    }
}

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
unsafe fn window<B: ByteLanes, const LAST: bool, const EVEN: bool>(bits: Run, at: Place, msb_first: bool) -> u64 {
    let whole = const { B::LANES.div_ceil(8) };
    let first = if EVEN { 0 } else { bits.shift };
    let fixed = !LAST && B::LANES.is_multiple_of(8);
    let bit = first + at.pixel();
    let (byte, shift) = if fixed { (at.byte(), first) } else { (bit / 8, bit % 8) };
    let mut low = [0u8; 8];
    // SAFETY: the caller's bits begin in this byte.
    let from = unsafe { bits.bytes.add(byte) };
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

/// Bits in a known order; `EVEN` where the first is the first of its byte.
#[derive(Clone, Copy)]
pub(super) struct MaskBits<const MSB_FIRST: bool, const EVEN: bool>(Run);

impl<const MSB_FIRST: bool, const EVEN: bool> Marked for MaskBits<MSB_FIRST, EVEN> {
    const BITS: bool = true;
    const EVEN: bool = EVEN;

    #[inline(always)]
    unsafe fn bits_from(self, at: Place) -> *const u8 {
        // SAFETY: the caller's bits begin in this byte.
        unsafe { self.0.bytes.add(at.byte()) }
    }

    #[inline(always)]
    fn of(mask: &Mask) -> Option<Self> {
        match mask {
            Mask::Bits(bits) if bits.msb_first == MSB_FIRST && (!EVEN || bits.shift == 0) => Some(Self(Run::of(bits))),
            _ => None,
        }
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller keeps at + LANES within the pixels, and the mask holds a bit for each.
        let bits = unsafe { window::<B, LAST, EVEN>(self.0, at, MSB_FIRST) };
        let (some, ones) = if EVEN && !LAST && B::LANES.is_multiple_of(8) {
            // SAFETY: as above; `at` is a multiple of LANES.
            unsafe {
                let from = self.0.bytes.add(at.byte());
                (lanes.bits_at(from, MSB_FIRST), lanes.ones_at(from, MSB_FIRST))
            }
        } else {
            (lanes.bits(bits), lanes.ones_of(bits))
        };
        Marks { some, bits, ..Marks::of(lanes, ones) }
    }
}

impl<const MSB_FIRST: bool, const EVEN: bool> At for MaskBits<MSB_FIRST, EVEN> {
    #[inline(always)]
    fn at(bytes: *const u8, _: u8) -> Self {
        Self(Run { bytes, shift: 0 })
    }
}

#[cfg(target_arch = "x86_64")]
impl<const MSB_FIRST: bool> MaskBits<MSB_FIRST, true> {
    /// Of any 64 pixels, the eight bytes that a mask of these alone would have, but with the bits 0 of all pixels before the
    /// last `fresh`, which are 1 to 64.
    ///
    /// # Safety
    ///
    /// 64 pixels from there lie within the mask.
    #[inline(always)]
    pub unsafe fn last_bytes(self, at: Place, fresh: usize) -> [u8; 8] {
        // SAFETY: the caller promises the same.
        let bits = unsafe { window::<Avx512, true, true>(self.0, at, MSB_FIRST) };
        // The bits of each byte are reversed for the first to be the lowest: once more is as it was.
        lowest_first(bits & u64::MAX.unbounded_shl(64 - fresh as u32), MSB_FIRST).to_le_bytes()
    }
}

/// Bits in any order.
#[derive(Clone, Copy)]
pub(super) struct AnyBits {
    run: Run,
    msb_first: bool,
}

impl Marked for AnyBits {
    const BITS: bool = true;

    #[inline(always)]
    fn of(mask: &Mask) -> Option<Self> {
        if let Mask::Bits(bits) = mask { Some(Self { run: Run::of(bits), msb_first: bits.msb_first }) } else { None }
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller keeps at + LANES within the pixels, and the mask holds a bit for each.
        let bits = unsafe { window::<B, LAST, false>(self.run, at, self.msb_first) };
        Marks { some: lanes.bits(bits), bits, ..Marks::of(lanes, lanes.ones_of(bits)) }
    }
}

/// The prediction's own mask.
#[derive(Clone, Copy)]
pub(super) struct OwnMask(u32);

impl Marked for OwnMask {
    #[inline(always)]
    fn of(mask: &Mask) -> Option<Self> {
        if let Mask::Own(cut) = mask { Some(Self(*cut)) } else { None }
    }

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
pub(super) enum AnyMask {
    Bytes(*const u8, Meaning),
    Bits(AnyBits),
    Own(u32),
}

impl Marked for AnyMask {
    const KEEPS: bool = true;
    const CHECKS: bool = true;

    #[inline(always)]
    fn of(mask: &Mask) -> Option<Self> {
        Some(match *mask {
            Mask::Bytes(ByteMask { bytes, meaning }) => Self::Bytes(bytes.as_ptr(), meaning),
            Mask::Bits(_) => Self::Bits(AnyBits::of(mask)?),
            Mask::Own(cut) => Self::Own(cut),
        })
    }

    #[inline(always)]
    fn own(self) -> Option<u32> {
        if let Self::Own(cut) = self { Some(cut) } else { None }
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        match self {
            Self::Bytes(bytes, Meaning { ignored, one, zero, others }) => {
                // SAFETY: the caller promises the same.
                let bytes = unsafe { bytes_at(lanes, bytes, at) };
                let all = |yes: bool| lanes.splat(if yes { 0xFF } else { 0 });
                // 0xFF where the byte is this one, and nowhere if there is none. Nothing here is a branch: all but the
                // comparison is the same at each vector, and leaves the loop.
                let is = |byte: Option<u8>| {
                    lanes.and(lanes.equal(bytes, lanes.splat(byte.unwrap_or_default())), all(byte.is_some()))
                };
                let (one, named) = (is(one), lanes.or(is(one), is(zero)));
                let others_are = |mark: Mark| lanes.and(lanes.xor(named, all(true)), all(others == mark));
                let ones = lanes.and(lanes.or(one, others_are(Mark::One)), lanes.splat(1));
                let kept = lanes.xor(is(ignored), all(true));
                Marks { kept, broken: others_are(Mark::Broken), ..Marks::of(lanes, ones) }
            }
            // SAFETY: the caller promises the same.
            Self::Bits(bits) => unsafe { bits.marks::<B, LAST>(lanes, at) },
            Self::Own(_) => Marks::of(lanes, lanes.splat(0)),
        }
    }
}

/// The region of a sweep.
pub(crate) trait Keep: Copy {
    /// Every pixel is in it.
    const ALL: bool;

    /// What the sweep keeps of a region of this kind; `None` of others.
    fn of(region: &Within) -> Option<Self>;

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
    fn of(region: &Within) -> Option<Self> {
        matches!(region, Within::Everywhere).then_some(Self)
    }

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, _: Place) -> B::V {
        lanes.splat(0xFF)
    }
}

/// The pixels in a region: whose byte is not 0, or whose bit is 1.
#[derive(Clone, Copy)]
pub(super) enum InRegion {
    Bytes(*const u8),
    Bits(Run),
}

impl Keep for InRegion {
    const ALL: bool = false;

    #[inline(always)]
    fn of(region: &Within) -> Option<Self> {
        match region {
            Within::Everywhere => None,
            Within::Bytes(bytes) => Some(Self::Bytes(bytes.as_ptr())),
            Within::Bits(bits) => Some(Self::Bits(Run::of(bits))),
        }
    }

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> B::V {
        match self {
            Self::Bytes(bytes) => {
                // SAFETY: the caller keeps at + LANES within the pixels, and the region holds a byte for each.
                let bytes = unsafe { bytes_at(lanes, bytes, at) };
                lanes.xor(lanes.equal(bytes, lanes.splat(0)), lanes.splat(0xFF))
            }
            // SAFETY: the caller keeps at + LANES within the pixels, and the region holds a bit for each; regions have the
            // lowest bit first.
            Self::Bits(bits) => lanes.bits(unsafe { window::<B, LAST, false>(bits, at, false) }),
        }
    }
}

/// A region, if there is one.
#[derive(Clone, Copy)]
pub(super) struct AnyRegion(Option<InRegion>);

impl Keep for AnyRegion {
    const ALL: bool = false;

    #[inline(always)]
    fn of(region: &Within) -> Option<Self> {
        Some(Self(InRegion::of(region)))
    }

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> B::V {
        match self.0 {
            None => lanes.splat(0xFF),
            // SAFETY: the caller promises the same.
            Some(region) => unsafe { region.kept::<B, LAST>(lanes, at) },
        }
    }
}
