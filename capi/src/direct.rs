//! The short way of 8-bit codes against masks: element and target are constants, so that a call costs little and an image links
//! little.

use crate::memory;
use crate::status::{
    Done, SOFT_DICE_CAPACITY, SOFT_DICE_MISMATCH, SOFT_DICE_OK, SOFT_DICE_UNDEFINED, SOFT_DICE_VERSION,
    soft_dice_status, status,
};
use crate::sums::{KIND, MASK_UNIT, soft_dice_sums, soft_dice_unit};
use soft_dice::element::{FixedI8, FixedU8};
use soft_dice::sums::CAPACITY;
use soft_dice::{Element, Label, Measured, NonZero, Own, Record, Score, Stream, Target, Unit};

/// What linear sums of 8-bit codes against a mask say of themselves.
const fn kind(unit_p: soft_dice_unit, zero_point_p: i32) -> [u32; KIND] {
    let sums = soft_dice_sums {
        unit_p,
        unit_t: MASK_UNIT,
        zero_point_p,
        version: Record::VERSION,
        hard: 1,
        kept: soft_dice_sums::LINEAR_OF_A_MASK,
        ..soft_dice_sums::NONE
    };
    match sums.words().last_chunk() {
        Some(kind) => *kind,
        None => [0; KIND],
    }
}

const IN_255THS: [u32; KIND] = kind(soft_dice_unit { mul: 1, div: 255, shift: 0, reserved: 0 }, 0);
const TFLITE: [u32; KIND] = kind(soft_dice_unit { mul: 1, div: 1, shift: 8, reserved: 0 }, -128);

/// Whether these are sums of this kind, or none yet.
fn is_empty(before: &soft_dice_sums, kind: &[u32; KIND]) -> Done<bool> {
    // Without a turn of a loop: every call comes here.
    let ([a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p]) = (before.kind(), kind);
    let differs = (a ^ i) | (b ^ j) | (c ^ k) | (d ^ l) | (e ^ m) | (f ^ n) | (g ^ o) | (h ^ p);
    match before.version {
        _ if differs == 0 => Ok(false),
        Record::VERSION => Err(SOFT_DICE_MISMATCH),
        0 if before.is_zero() => Ok(true),
        _ => Err(SOFT_DICE_VERSION),
    }
}

/// Adds pixels with their sums of p, t and pt, or nothing: one function for all pairs.
#[inline(never)]
fn accept(sums: &mut soft_dice_sums, kind: &[u32; KIND], pixels: usize, [p, t, pt]: [u64; 3]) -> soft_dice_status {
    let empty = match is_empty(sums, kind) {
        Ok(empty) => empty,
        Err(status) => return status,
    };
    // Of honest sums no count is above the capacity, and none of 8-bit codes above as many of them; whatever the sums are, no
    // addition below wraps around.
    let counts = sums.count | sums.ignored | sums.invalid;
    let codes = sums.p.low | sums.t.low | sums.pt.low;
    if (counts >> 41) | (codes >> 50) | sums.p.high | sums.t.high | sums.pt.high != 0 || pixels as u64 > CAPACITY {
        return SOFT_DICE_CAPACITY;
    }
    let count = sums.count + pixels as u64;
    if count + sums.ignored + sums.invalid > CAPACITY {
        return SOFT_DICE_CAPACITY;
    }
    sums.count = count;
    sums.p.low += p;
    sums.t.low += t;
    sums.pt.low += pt;
    // The lesser of p and t: of a mask it is pt.
    sums.min_p.low = sums.pt.low;
    if empty && let Some(words) = sums.kind_mut() {
        *words = *kind;
    }
    SOFT_DICE_OK
}

/// Adds 8-bit codes against a target that ignores none of them: all count, and none is clamped.
///
/// # Safety
///
/// Unless null or misaligned, `sums` points to sums that are nobody else's during the call.
#[inline(always)]
unsafe fn add<'x, P, T>(
    sums: *mut soft_dice_sums,
    kind: &[u32; KIND],
    element: P,
    target: T,
    p: &[P::Raw],
    t: T::Buffer<'x>,
) -> Done
where
    P: Element<Sum = u64>,
    T: Target<P, Sum = u64, Product = u64>,
{
    memory::placed(sums.cast_const())?;
    let mut stream = Stream::new(element, target);
    stream.update_here(p, t)?;
    let more = stream.sums();
    // SAFETY: `placed` has seen that it is neither null nor misaligned; the caller promises the rest.
    match accept(unsafe { &mut *sums }, kind, p.len(), [more.p(), more.t(), more.pt()]) {
        SOFT_DICE_OK => Ok(()),
        status => Err(status),
    }
}

macro_rules! masks {
    ($($(#[$doc:meta])* $name:ident: $raw:ty, $element:expr, $kind:ident, [$($argument:ident: $type:ty)?] $target:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold so many pixels; null, misaligned and absurd ones are
        /// refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            sums: *mut soft_dice_sums,
            p: *const $raw,
            t: *const u8,
            pixels: usize,
            $($argument: $type,)?
        ) -> soft_dice_status {
            let added = || {
                // SAFETY: the caller's promise.
                unsafe {
                    let (p, t) = (memory::slice(p, pixels)?, memory::slice(t, pixels)?);
                    add(sums, &$kind, $element, $target, p, t)
                }
            };
            status(added())
        }
    )*};
}

masks! {
    /// Adds pixels of grey levels (1/255) against a mask of bytes, 0 or not: the short way of `soft_dice_update_u8_mask`.
    soft_dice_add_u8_mask: u8, FixedU8, IN_255THS, [] NonZero;
    /// Adds pixels of TensorFlow Lite's signed codes (`SOFT_DICE_TFLITE_I8`) against a mask of bytes, 0 or not: the short way
    /// of `soft_dice_update_i8_mask`.
    soft_dice_add_i8_mask: i8, FixedI8, TFLITE, [] NonZero;
    /// The same against one class of a map of labels: the short way of `soft_dice_update_i8_label`.
    soft_dice_add_i8_label: i8, FixedI8, TFLITE, [label: u8] Label::new(label);
}

macro_rules! own {
    ($($(#[$doc:meta])* $name:ident: $raw:ty, $element:expr, $kind:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and the buffer holds so many pixels; null, misaligned and absurd ones
        /// are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(sums: *mut soft_dice_sums, p: *const $raw, pixels: usize) -> soft_dice_status {
            let added = || {
                // SAFETY: the caller's promise.
                unsafe { add(sums, &$kind, $element, Own::at_least(&$element, 0.5), memory::slice(p, pixels)?, ()) }
            };
            status(added())
        }
    )*};
}

own! {
    /// Adds pixels of grey levels (1/255) with their own mask from one half on: the short way of `soft_dice_update_u8_own`.
    soft_dice_add_u8_own: u8, FixedU8, IN_255THS;
    /// Adds pixels of TensorFlow Lite's signed codes with their own mask from one half on: the short way of
    /// `soft_dice_update_i8_own`.
    soft_dice_add_i8_own: i8, FixedI8, TFLITE;
}

/// Sums of 8-bit or Q15 codes against a mask, for a score in 64 bits.
struct Narrow<'a> {
    sums: &'a soft_dice_sums,
    /// The code of 1.0.
    one: u64,
}

impl<'a> Narrow<'a> {
    fn of(sums: &'a soft_dice_sums) -> Done<Self> {
        if sums.known()?.version == 0 {
            return Err(SOFT_DICE_UNDEFINED);
        }
        let Unit { mul, div, shift } = sums.unit_p.into();
        let one = u64::from(div) << (shift & 31);
        // As much as the sums of so many pixels can be: a sum beyond it was never summed.
        let most = CAPACITY << 16;
        let fits = mul == 1
            && shift <= 16
            && one <= 1 << 16
            && sums.unit_t == MASK_UNIT
            && sums.hard == 1
            && sums.p.high | sums.t.high | sums.pt.high == 0
            && sums.p.low <= most
            && sums.t.low <= CAPACITY
            && sums.pt.low <= sums.p.low;
        if fits { Ok(Self { sums, one }) } else { Err(SOFT_DICE_MISMATCH) }
    }
}

impl Measured for Narrow<'_> {
    fn record(&self) -> Record {
        self.sums.record()
    }

    #[inline(always)]
    fn narrow(&self) -> Option<[u64; 3]> {
        let soft_dice_sums { p, t, pt, .. } = self.sums;
        Some([pt.low, p.low, t.low * self.one])
    }
}

macro_rules! scores {
    ($($(#[$doc:meta])* $name:ident: $score:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say; null and misaligned ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(sums: *const soft_dice_sums, result: *mut i32) -> soft_dice_status {
            const SCORE: Score = $score;
            let score = || {
                // SAFETY: the caller's promise.
                let sums = Narrow::of(unsafe { memory::shared(sums) }?)?;
                Ok(SCORE.q15(&sums)?)
            };
            // SAFETY: the caller's promise.
            status(unsafe { memory::store(result, score()) })
        }
    )*};
}

scores! {
    /// The linear Dice in Q15 of 8-bit or Q15 codes against a mask: the short way of `soft_dice_score_q15`. Other sums are
    /// `SOFT_DICE_MISMATCH`; empty ones `SOFT_DICE_UNDEFINED`.
    soft_dice_dice_q15: Score::dice();
    /// The linear Jaccard (IoU) in Q15, likewise.
    soft_dice_jaccard_q15: Score::jaccard();
}
