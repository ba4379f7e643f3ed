//! What a prediction is compared with.

use crate::map::{
    Map, soft_dice_affine_u8, soft_dice_f16, soft_dice_f32, soft_dice_f32fine, soft_dice_i8, soft_dice_q15,
    soft_dice_u8, soft_dice_u16,
};
use crate::memory;
use crate::rows::{Which, soft_dice_rows};
use crate::status::{Done, SOFT_DICE_LENGTH, SOFT_DICE_ROWS, SOFT_DICE_SETTING};
use core::marker::PhantomData;
use soft_dice::Times;
use soft_dice::sums::Moments;
use soft_dice::{
    Bits, Element, Label, LsbFirst, Measured, MsbFirst, NonZero, Own, Record, Region, Soft, Stream, Sums, Target,
    ZeroFull, ZeroOne,
};

/// What the bytes of a mask may be: one of `SOFT_DICE_NON_ZERO`, `SOFT_DICE_ZERO_ONE`, `SOFT_DICE_ZERO_FULL`.
pub type soft_dice_mask_kind = u8;
/// 0 is background, anything else foreground.
pub const SOFT_DICE_NON_ZERO: soft_dice_mask_kind = 0;
/// 0 or 1; another value is `SOFT_DICE_MASK`.
pub const SOFT_DICE_ZERO_ONE: soft_dice_mask_kind = 1;
/// 0 or 255; another value is `SOFT_DICE_MASK`.
pub const SOFT_DICE_ZERO_FULL: soft_dice_mask_kind = 2;

/// A mask of a byte for each pixel.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_mask {
    /// A byte for each pixel.
    pub data: *const u8,
    /// How many.
    pub pixels: usize,
    /// What the bytes may be.
    pub kind: soft_dice_mask_kind,
}

/// Where the first pixel of a byte is: one of `SOFT_DICE_LSB_FIRST`, `SOFT_DICE_MSB_FIRST`.
pub type soft_dice_bit_order = u8;
/// In the lowest bit.
pub const SOFT_DICE_LSB_FIRST: soft_dice_bit_order = 0;
/// In the highest bit.
pub const SOFT_DICE_MSB_FIRST: soft_dice_bit_order = 1;

/// A mask of a bit for each pixel. The bytes are those that the pixels of a call touch, no more.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_bits {
    /// Eight pixels in each byte.
    pub data: *const u8,
    /// How many bytes.
    pub bytes: usize,
    /// Bits before the first pixel: a chunk need not begin at a byte.
    pub offset: usize,
    /// Where the first pixel of a byte is.
    pub order: soft_dice_bit_order,
}

/// A map of labels. One class of it is compared, or all of them (`soft_dice_update_classes_...`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_labels {
    /// A label for each pixel.
    pub data: *const u8,
    /// How many.
    pub pixels: usize,
    /// The class that is foreground, where one is compared.
    pub label: u8,
    /// Not 0: pixels that bear `ignore` are left out and counted as ignored.
    pub ignoring: u8,
    /// That label.
    pub ignore: u8,
}

/// The prediction's own mask: its score is the Soft Dice Confidence, which needs no labels.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_own {
    /// Pixels from this probability on are foreground.
    pub threshold: f32,
    /// Not 0: only those above it.
    pub above: u8,
}

/// A target as C hands it over, for predictions of element `P`.
pub(crate) trait Reference<P: Element> {
    /// Does something with this target and its pixels.
    ///
    /// # Safety
    ///
    /// Its pointers point to what their lengths say, and nothing writes there during the call.
    unsafe fn visit<V: Visit<P>>(&self, prediction: P, visit: V) -> Done<V::Out>;
}

/// What is done with a target, whose type and whose pixels' type it alone knows.
pub(crate) trait Visit<P: Element> {
    type Out;

    /// Of a target that is `declared`, a pixel may be refused.
    fn with<'x, T: Target<P>, X: Pixels<Buffer = T::Buffer<'x>>>(
        self,
        prediction: P,
        target: T,
        t: X,
        declared: bool,
    ) -> Done<Self::Out>;
}

/// The sums of a prediction: all of its pixels, or those in rows.
pub(crate) struct Summed<'a, P: Element, M> {
    p: &'a [P::Raw],
    rows: Option<Which<'a>>,
    moments: PhantomData<M>,
}

impl<'a, P: Element, M: Moments> Summed<'a, P, M> {
    pub(crate) const fn new(p: &'a [P::Raw], rows: Option<Which<'a>>) -> Self {
        Self { p, rows, moments: PhantomData }
    }
}

impl<P: Element, M: Moments> Visit<P> for Summed<'_, P, M> {
    type Out = Record;

    fn with<'x, T: Target<P>, X: Pixels<Buffer = T::Buffer<'x>>>(
        self,
        prediction: P,
        target: T,
        t: X,
        _: bool,
    ) -> Done<Record> {
        // The caller's sums are not touched before all is well.
        let mut stream = Stream::<P, T, M>::resume(Sums::new(prediction, target));
        walk(self.p, t, self.rows, |p, t, region| Ok(stream.update_in(p, t, region)?))?;
        Ok(stream.sums().record())
    }
}

/// A target's pixels, of which an update takes a part.
pub(crate) trait Pixels: Copy {
    type Buffer;
    /// Exactly so many pixels.
    fn hold(self, pixels: usize) -> bool;
    fn part(self, at: usize, pixels: usize) -> Option<Self::Buffer>;
}

impl<'a, R> Pixels for &'a [R] {
    type Buffer = &'a [R];

    fn hold(self, pixels: usize) -> bool {
        self.len() == pixels
    }

    fn part(self, at: usize, pixels: usize) -> Option<Self> {
        self.get(at..at.checked_add(pixels)?)
    }
}

/// Bytes, and the bit with which the mask begins.
#[derive(Clone, Copy)]
pub(crate) struct Packed<'a>(pub &'a [u8], pub usize);

impl<'a> Pixels for Packed<'a> {
    type Buffer = Bits<'a>;

    fn hold(self, pixels: usize) -> bool {
        self.1.checked_add(pixels).is_some_and(|bits| bits.div_ceil(8) == self.0.len())
    }

    fn part(self, at: usize, pixels: usize) -> Option<Bits<'a>> {
        let begin = self.1.checked_add(at)?;
        let end = begin.checked_add(pixels)?.div_ceil(8);
        Some(Bits::at(self.0.get(begin / 8..end)?, begin % 8))
    }
}

impl Pixels for () {
    type Buffer = ();

    fn hold(self, _: usize) -> bool {
        true
    }

    fn part(self, _: usize, _: usize) -> Option<()> {
        Some(())
    }
}

/// Every update ends here: a row at a time, or all pixels as one row, so that both share one loop.
pub(crate) fn walk<'p, R, X: Pixels>(
    p: &'p [R],
    t: X,
    rows: Option<Which<'p>>,
    mut each: impl FnMut(&'p [R], X::Buffer, Option<Region<'p>>) -> Done,
) -> Done {
    let pixels = p.len();
    let whole = soft_dice_rows {
        width: pixels,
        height: 1,
        stride: pixels,
        target_stride: pixels,
        region_stride: pixels,
        region: core::ptr::null(),
    };
    let (rows, inside) = match rows {
        Some(Which { rows, .. }) if rows.stride < rows.width || rows.target_stride < rows.width => {
            return Err(SOFT_DICE_ROWS);
        }
        Some(Which { rows, inside: Some(_) }) if rows.region_stride < rows.width => return Err(SOFT_DICE_ROWS),
        Some(Which { rows, inside }) => (rows, inside),
        None if t.hold(pixels) => (&whole, None),
        None => return Err(SOFT_DICE_LENGTH),
    };
    for row in 0..rows.height {
        let at = |stride: usize| row.checked_mul(stride);
        let p = at(rows.stride).and_then(|at| Pixels::part(p, at, rows.width));
        let t = at(rows.target_stride).and_then(|at| t.part(at, rows.width));
        let (Some(p), Some(t)) = (p, t) else { return Err(SOFT_DICE_ROWS) };
        let region = match inside {
            None => None,
            Some(inside) => {
                let region = at(rows.region_stride).and_then(|at| inside.part(at, rows.width));
                Some(region.ok_or(SOFT_DICE_ROWS)?)
            }
        };
        each(p, t, region)?;
        if rows.width == 0 {
            break;
        }
    }
    Ok(())
}

impl<P: Element> Reference<P> for soft_dice_mask {
    unsafe fn visit<V: Visit<P>>(&self, e: P, visit: V) -> Done<V::Out> {
        // SAFETY: the caller's promise is that of `slice`.
        let t = unsafe { memory::slice(self.data, self.pixels) }?;
        match self.kind {
            SOFT_DICE_NON_ZERO => visit.with(e, NonZero, t, false),
            SOFT_DICE_ZERO_ONE => visit.with(e, ZeroOne::new(), t, true),
            SOFT_DICE_ZERO_FULL => visit.with(e, ZeroFull::new(), t, true),
            _ => Err(SOFT_DICE_SETTING),
        }
    }
}

impl<P: Element> Reference<P> for soft_dice_bits {
    unsafe fn visit<V: Visit<P>>(&self, e: P, visit: V) -> Done<V::Out> {
        // SAFETY: the caller's promise is that of `slice`.
        let t = Packed(unsafe { memory::slice(self.data, self.bytes) }?, self.offset);
        match self.order {
            SOFT_DICE_LSB_FIRST => visit.with(e, LsbFirst, t, false),
            SOFT_DICE_MSB_FIRST => visit.with(e, MsbFirst, t, false),
            _ => Err(SOFT_DICE_SETTING),
        }
    }
}

impl<P: Element> Reference<P> for soft_dice_labels {
    unsafe fn visit<V: Visit<P>>(&self, e: P, visit: V) -> Done<V::Out> {
        // SAFETY: the caller's promise is that of `slice`.
        let t = unsafe { memory::slice(self.data, self.pixels) }?;
        let class = Label::new(self.label);
        if self.ignoring == 0 {
            visit.with(e, class, t, false)
        } else {
            visit.with(e, class.ignoring(self.ignore), t, false)
        }
    }
}

impl soft_dice_own {
    pub(crate) fn own<P: Element>(&self, e: &P) -> Own {
        match self.above {
            0 => Own::at_least(e, self.threshold),
            _ => Own::above(e, self.threshold),
        }
    }
}

impl<P: Element> Reference<P> for soft_dice_own {
    unsafe fn visit<V: Visit<P>>(&self, e: P, visit: V) -> Done<V::Out> {
        visit.with(e, self.own(&e), (), false)
    }
}

macro_rules! soft {
    ($($map:ty)*) => {$(
        impl<P: Times<<$map as Map>::Element>> Reference<P> for $map {
            unsafe fn visit<V: Visit<P>>(&self, e: P, visit: V) -> Done<V::Out> {
                // SAFETY: the caller's promise is that of both.
                let (target, t) = unsafe { (Soft(self.element()?), self.values()?) };
                visit.with(e, target, t, self.refuses())
            }
        }
    )*};
}

soft!(soft_dice_u8 soft_dice_i8 soft_dice_affine_u8 soft_dice_u16 soft_dice_q15 soft_dice_f32 soft_dice_f32fine soft_dice_f16);
