//! Where hard targets and regions read their pixels, alone and in lanes.

use super::{ByteLanes, Hard, Keep, Mark, Marks, MaskView, Place, Values};
use crate::target::{BitOrder, LsbFirst, Meaning, Own};
use core::marker::PhantomData;

/// The bytes of a mask or label map, with what they mean.
#[derive(Clone, Copy)]
pub struct ByteSource<'a, D> {
    bytes: &'a [u8],
    meaning: D,
}

impl<'a, D> ByteSource<'a, D> {
    pub(crate) const fn new(bytes: &'a [u8], meaning: D) -> Self {
        Self { bytes, meaning }
    }
}

impl<D: Meaning> Hard for ByteSource<'_, D> {
    const KEEPS: bool = D::KEEPS;
    const CHECKS: bool = D::CHECKS;

    fn view(&self) -> MaskView<'_> {
        MaskView::Bytes(self.bytes, self.meaning.kind())
    }

    fn values(&self) -> Option<Values<'_>> {
        Some(Values::Marks(self.bytes, self.meaning.values()))
    }

    fn skip(self, at: usize) -> Self {
        Self { bytes: self.bytes.get(at..).unwrap_or_default(), ..self }
    }

    fn mark(self, at: usize, _: u32) -> Mark {
        self.bytes.get(at).map_or(Mark::Zero, |&byte| self.meaning.mark(byte))
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool, const EVEN: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller keeps at + LANES within the pixels, and the mask holds a byte for each.
        let bytes = unsafe { lanes.load(self.bytes.as_ptr().add(at.pixel())) };
        self.meaning.marks(lanes, bytes)
    }
}

/// The bits of a mask.
#[derive(Clone, Copy)]
pub struct BitSource<'a, O> {
    /// From the byte of the first pixel on.
    bytes: &'a [u8],
    /// The place of the first pixel in its byte.
    shift: usize,
    order: PhantomData<O>,
}

impl<'a, O: BitOrder> BitSource<'a, O> {
    pub(crate) fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes: bytes.get(offset / 8..).unwrap_or_default(), shift: offset % 8, order: PhantomData }
    }

    fn bit(self, at: usize) -> bool {
        let bit = self.shift + at;
        let byte = self.bytes.get(bit / 8).copied().unwrap_or(0);
        O::lsb_first(u64::from(byte)) >> (bit % 8) & 1 == 1
    }

    /// `LANES` ≤ 64 bits from pixel `at` on, the first in the lowest place; those beyond are unspecified. All but the
    /// `LAST` vector of a run begin a multiple of LANES after its first pixel, in the same place of a byte.
    ///
    /// # Safety
    ///
    /// LANES pixels from there lie within the mask.
    #[inline(always)]
    unsafe fn window<B: ByteLanes, const LAST: bool, const EVEN: bool>(self, at: Place) -> u64 {
        let whole = const { B::LANES.div_ceil(8) };
        let first = if EVEN { 0 } else { self.shift };
        let fixed = !LAST && B::LANES.is_multiple_of(8);
        let bit = first + at.pixel();
        let (byte, shift) = if fixed { (at.byte(), first) } else { (bit / 8, bit % 8) };
        let mut low = [0u8; 8];
        // SAFETY: the caller's bits begin in this byte.
        let from = unsafe { self.bytes.as_ptr().add(byte) };
        // SAFETY: they reach at least `whole` ≤ 8 bytes from there.
        unsafe { core::ptr::copy_nonoverlapping(from, low.as_mut_ptr(), whole) };
        let mut window = O::lsb_first(u64::from_le_bytes(low)) >> shift;
        if shift + B::LANES > 8 * whole {
            // SAFETY: the last of the bits lies one byte further. Here shift > 0, so the shift below is at most 63.
            let next = O::lsb_first(u64::from(unsafe { *from.add(whole) }));
            window |= next << (8 * whole - shift);
        }
        window
    }
}

impl<O: BitOrder> Hard for BitSource<'_, O> {
    const BITS: bool = true;

    fn even(self) -> bool {
        self.shift == 0
    }

    fn view(&self) -> MaskView<'_> {
        MaskView::Bits { bytes: self.bytes, offset: self.shift, msb_first: O::MSB_FIRST }
    }

    fn skip(self, at: usize) -> Self {
        Self::new(self.bytes, self.shift + at)
    }

    fn mark(self, at: usize, _: u32) -> Mark {
        if self.bit(at) { Mark::One } else { Mark::Zero }
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool, const EVEN: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller keeps at + LANES within the pixels, and the mask holds a bit for each.
        let bits = unsafe { self.window::<B, LAST, EVEN>(at) };
        let some = if EVEN && !LAST && B::LANES.is_multiple_of(8) {
            // SAFETY: as above; `at` is a multiple of LANES.
            unsafe { lanes.bits_at(self.bytes.as_ptr().add(at.byte()), O::MSB_FIRST) }
        } else {
            lanes.bits(bits)
        };
        Marks { some, bits, ..Marks::of(lanes, lanes.ones(some)) }
    }
}

impl Hard for Own {
    const OWN: bool = true;

    fn view(&self) -> MaskView<'_> {
        MaskView::Own(Own::cut(*self))
    }

    fn skip(self, _: usize) -> Self {
        self
    }

    fn cut(self) -> u32 {
        Own::cut(self)
    }

    fn mark(self, _: usize, key: u32) -> Mark {
        if key >= Own::cut(self) { Mark::One } else { Mark::Zero }
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool, const EVEN: bool>(self, lanes: B, _: Place) -> Marks<B::V> {
        // The families compare the prediction itself under `OWN`.
        Marks::of(lanes, lanes.splat(0))
    }
}

/// A hard target beside a prediction that is decided first: hard scores are the linear sums of the decisions.
#[derive(Clone, Copy)]
pub struct Decided<H> {
    target: H,
    threshold: u32,
}

impl<H: Hard> Decided<H> {
    /// Pixels whose key is at least `threshold` are predicted foreground.
    pub(crate) const fn new(target: H, threshold: u32) -> Self {
        Self { target, threshold }
    }
}

impl<H: Hard> Hard for Decided<H> {
    const KEEPS: bool = H::KEEPS;
    const CHECKS: bool = H::CHECKS;
    const BITS: bool = H::BITS;
    const OWN: bool = H::OWN;
    const DECIDES: bool = true;

    fn cut(self) -> u32 {
        self.target.cut()
    }

    fn threshold(self) -> u32 {
        self.threshold
    }

    fn view(&self) -> MaskView<'_> {
        self.target.view()
    }

    fn even(self) -> bool {
        self.target.even()
    }

    fn skip(self, at: usize) -> Self {
        Self { target: self.target.skip(at), ..self }
    }

    fn mark(self, at: usize, key: u32) -> Mark {
        self.target.mark(at, key)
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool, const EVEN: bool>(self, lanes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller's.
        unsafe { self.target.marks::<B, LAST, EVEN>(lanes, at) }
    }
}

/// No region: every pixel counts.
#[derive(Clone, Copy)]
pub struct Everywhere;

impl Keep for Everywhere {
    const ALL: bool = true;

    fn keeps(self, _: usize) -> bool {
        true
    }

    fn skip(self, _: usize) -> Self {
        self
    }

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, _: Place) -> B::V {
        lanes.splat(0xFF)
    }
}

/// A region of interest: bytes that are not 0, or bits (lowest first).
#[derive(Clone, Copy)]
pub enum Within<'a> {
    Bytes(&'a [u8]),
    Bits(BitSource<'a, LsbFirst>),
}

impl Keep for Within<'_> {
    const ALL: bool = false;

    fn keeps(self, at: usize) -> bool {
        match self {
            Within::Bytes(bytes) => bytes.get(at).is_some_and(|&byte| byte != 0),
            Within::Bits(bits) => bits.bit(at),
        }
    }

    fn skip(self, at: usize) -> Self {
        match self {
            Within::Bytes(bytes) => Within::Bytes(bytes.get(at..).unwrap_or_default()),
            Within::Bits(bits) => Within::Bits(BitSource::new(bits.bytes, bits.shift + at)),
        }
    }

    #[inline(always)]
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> B::V {
        match self {
            Within::Bytes(bytes) => {
                // SAFETY: the caller keeps at + LANES within the pixels, and the region holds a byte for each.
                let bytes = unsafe { lanes.load(bytes.as_ptr().add(at.pixel())) };
                lanes.xor(lanes.equal(bytes, lanes.splat(0)), lanes.splat(0xFF))
            }
            // SAFETY: as above, a bit for each.
            Within::Bits(bits) => lanes.bits(unsafe { bits.window::<B, LAST, false>(at) }),
        }
    }
}
