//! Histograms of 8-bit maps against a hard target: one table from which every score follows that codes and target alone decide.

use crate::map::{soft_dice_affine, soft_dice_affine_u8, soft_dice_i8, soft_dice_u8};
use crate::memory;
use crate::reference::{
    Packed, Pixels, SOFT_DICE_LSB_FIRST, SOFT_DICE_MSB_FIRST, SOFT_DICE_NON_ZERO, SOFT_DICE_ZERO_FULL,
    SOFT_DICE_ZERO_ONE, soft_dice_bits, soft_dice_labels, soft_dice_mask, soft_dice_own, walk,
};
use crate::rows::{Which, soft_dice_rows};
use crate::score::soft_dice_score;
use crate::status::{
    Done, SOFT_DICE_CAPACITY, SOFT_DICE_MISMATCH, SOFT_DICE_SETTING, SOFT_DICE_VERSION, soft_dice_status, status,
};
use crate::sums::soft_dice_sums;
use core::ptr;
use soft_dice::histogram::{Best, Clamp, Cut, Histogram};
use soft_dice::{
    HardTarget, I8, Label, LsbFirst, Measured, MsbFirst, NonZero, Ratio, Record, U8, U8Affine, ZeroFull, ZeroOne,
};

/// What stands in `version` of a histogram.
pub const SOFT_DICE_HISTOGRAM_VERSION: u16 = 1;

/// How often each code of an 8-bit map occurs, under target 0 and under target 1: plain data, yours to place, copy, send and read. All
/// zero is empty. The first update says what the codes denote; later ones, and what is merged, must say the same. 2^32 - 1 pixels
/// fit. Calls take some 3 KB of stack.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_histogram {
    /// Pixels by their byte (a signed code as `(uint8_t)code`): 256 under target 0, and then 256 under target 1.
    pub counts: [u32; 512],
    /// Pixels that have come, those that were left out among them.
    pub seen: u64,
    /// Pixels left out: by the ignore label, or outside the region.
    pub ignored: u64,
    /// What the codes denote, as `soft_dice_affine` says it; grey levels are `SOFT_DICE_ONNXRUNTIME_U8`.
    pub scale: f32,
    /// The code that denotes 0.
    pub zero_point: i32,
    /// `SOFT_DICE_HISTOGRAM_VERSION`; 0 is empty.
    pub version: u16,
    /// Codes up to this, counted from the zero point, are read as 0.
    pub dead_zone: u8,
    /// 1 if the largest code denotes 1.0.
    pub full_scale: u8,
    /// 1 if the codes are signed.
    pub signed_codes: u8,
    /// 0, in place of padding: equal histograms are equal byte for byte.
    pub reserved: [u8; 3],
}

/// The threshold at which a score is best.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_best {
    /// The threshold as a probability: a pixel is foreground from this on.
    pub threshold: f64,
    /// The score there.
    pub score: f64,
    /// Pixels that reach it.
    pub p: u64,
    /// Pixels of the target.
    pub t: u64,
    /// Pixels of the target that reach it.
    pub pt: u64,
    /// The least code that is foreground, counted from the zero point; 256 if none is.
    pub code: u32,
    /// The score there in Q15.
    pub q15: i32,
}

/// Grey levels: 255ths.
const GREY: soft_dice_affine = soft_dice_affine { scale: 1.0 / 255.0, zero_point: 0, dead_zone: 0, full_scale: 1 };

impl soft_dice_histogram {
    /// What the codes denote, as numbers that are equal where it is the same.
    const fn meaning(&self) -> [u32; 3] {
        let Self { scale, zero_point, dead_zone, full_scale, signed_codes, .. } = *self;
        [scale.to_bits(), zero_point as u32, u32::from_le_bytes([dead_zone, full_scale, signed_codes, 0])]
    }

    /// Counts of this library, or nothing at all.
    fn known(&self) -> Done<&Self> {
        let all = self.counts.iter().fold(0u64, |all, &count| all + u64::from(count));
        let holds = all.checked_add(self.ignored) == Some(self.seen) && self.seen <= u32::MAX.into();
        match self.version {
            _ if !holds || self.signed_codes | self.full_scale > 1 || self.reserved != [0; 3] => Err(SOFT_DICE_VERSION),
            SOFT_DICE_HISTOGRAM_VERSION => Ok(self),
            0 if self.seen == 0 && self.meaning() == [0; 3] => Ok(self),
            _ => Err(SOFT_DICE_VERSION),
        }
    }

    /// So many more pixels of codes with this meaning fit.
    fn takes(&self, meaning: [u32; 3], seen: u64) -> Done {
        if self.known()?.version != 0 && self.meaning() != meaning {
            return Err(SOFT_DICE_MISMATCH);
        }
        if seen > u64::from(u32::MAX) - self.seen { Err(SOFT_DICE_CAPACITY) } else { Ok(()) }
    }

    /// What is added to from now on has codes of this meaning.
    fn begin(&mut self, meaning: [u32; 3]) {
        let [scale, zero_point, rest] = meaning;
        let [dead_zone, full_scale, signed_codes, _] = rest.to_le_bytes();
        (self.scale, self.zero_point) = (f32::from_bits(scale), zero_point as i32);
        (self.dead_zone, self.full_scale, self.signed_codes) = (dead_zone, full_scale, signed_codes);
        self.version = SOFT_DICE_HISTOGRAM_VERSION;
    }

    /// The element for Rust. Signed codes become unsigned ones of the same value, so that one function reads both.
    fn element(&self) -> Done<U8Affine> {
        if self.version == 0 {
            return Ok(U8Affine::TFLITE);
        }
        let Self { scale, zero_point, dead_zone, full_scale, signed_codes, .. } = *self;
        let least = if signed_codes == 0 { 0 } else { -128 };
        let element = U8Affine::new(scale, zero_point.checked_sub(least).ok_or(SOFT_DICE_SETTING)?)?;
        let element = element.dead_zone(dead_zone);
        Ok(if full_scale == 0 { element } else { element.full_scale() })
    }

    /// The same counts for Rust, in a histogram of its element: in its place, for one that is returned lies on the stack twice.
    fn read(&self, into: &mut Histogram<U8Affine, NonZero>) -> Done {
        let flip = if self.signed_codes == 0 { 0 } else { 0x80 };
        let (zeros, ones) = self.counts.split_at(256);
        let count = |counts: &[u32], raw: u8| counts.get(usize::from(raw ^ flip)).copied().unwrap_or(0).into();
        Ok(into.add_counts(|raw| [count(zeros, raw), count(ones, raw)], self.ignored)?)
    }

    /// A record of what was read; `zero_point_p` is that of its codes.
    fn record(&self, read: &impl Measured, zero_point_p: i32) -> Done<soft_dice_sums> {
        if self.version == 0 {
            return Ok(soft_dice_sums::NONE);
        }
        Ok((&Record { zero_point_p, ..read.record() }).into())
    }
}

/// An 8-bit map, as bytes.
pub(crate) trait Bytes {
    const SIGNED: u8;

    /// What its codes denote, if they denote anything.
    fn codes(&self) -> Done<soft_dice_affine>;

    /// # Safety
    ///
    /// `data` points to as many bytes as `pixels` says, and nothing writes to them for `'a`.
    unsafe fn bytes<'a>(&self) -> Done<&'a [u8]>;
}

macro_rules! bytes {
    ($($map:ident, $signed:literal, |$of:ident| $codes:expr;)*) => {$(
        impl Bytes for $map {
            const SIGNED: u8 = $signed;

            fn codes(&self) -> Done<soft_dice_affine> {
                let $of = self;
                $codes
            }

            unsafe fn bytes<'a>(&self) -> Done<&'a [u8]> {
                // SAFETY: the caller's promise is that of `slice`; any byte is a value of both types.
                unsafe { memory::slice(self.data.cast(), self.pixels) }
            }
        }
    )*};
}

bytes! {
    soft_dice_u8, 0, |_map| Ok(GREY);
    soft_dice_i8, 1, |map| I8::new(map.codes.scale, map.codes.zero_point).map(|_| map.codes).map_err(Into::into);
    soft_dice_affine_u8, 0, |map| U8Affine::new(map.codes.scale, map.codes.zero_point).map(|_| map.codes).map_err(Into::into);
}

/// A histogram that is to be counted into, and what the codes denote. It is neither null nor misaligned, and nothing else reads or
/// writes it during the call.
#[derive(Clone, Copy)]
pub(crate) struct Counting {
    histogram: *mut soft_dice_histogram,
    meaning: [u32; 3],
}

/// A target that is hard.
pub(crate) trait Hard {
    /// Counts bytes with this target.
    ///
    /// # Safety
    ///
    /// Its pointers point to what their lengths say, and nothing writes there during the call.
    unsafe fn count(&self, p: &[u8], rows: Option<Which<'_>>, into: Counting) -> Done;
}

/// Counts bytes. What they denote does not matter here.
#[inline(never)]
fn count<'x, T: HardTarget, X: Pixels<Buffer = T::Pixels<'x>>>(
    target: T,
    p: &[u8],
    t: X,
    rows: Option<Which<'_>>,
    Counting { histogram, meaning }: Counting,
) -> Done {
    // The caller's counts are not touched before all is well.
    let mut counted = Histogram::new(U8, target);
    walk(p, t, rows, |p, t, region| match region {
        None => Ok(counted.update(p, t)?),
        Some(region) => Ok(counted.update_within(p, t, region)?),
    })?;
    // SAFETY: that of `Counting`; buffers and counts do not overlap.
    let into = unsafe { &mut *histogram };
    let seen = counted.count() + counted.ignored();
    into.takes(meaning, seen)?;
    into.begin(meaning);
    let (zeros, ones) = into.counts.split_at_mut(256);
    for ((raw, zeros), ones) in (0..=u8::MAX).zip(zeros).zip(ones) {
        // No count is more than all of them, which fit.
        let [zero, one] = counted.of(raw).map(|count| count as u32);
        (*zeros, *ones) = (zeros.wrapping_add(zero), ones.wrapping_add(one));
    }
    into.seen += seen;
    into.ignored += counted.ignored();
    Ok(())
}

impl Hard for soft_dice_mask {
    unsafe fn count(&self, p: &[u8], rows: Option<Which<'_>>, into: Counting) -> Done {
        // SAFETY: the caller's promise is that of `slice`.
        let t = unsafe { memory::slice(self.data, self.pixels) }?;
        match self.kind {
            SOFT_DICE_NON_ZERO => count(NonZero, p, t, rows, into),
            SOFT_DICE_ZERO_ONE => count(ZeroOne::new(), p, t, rows, into),
            SOFT_DICE_ZERO_FULL => count(ZeroFull::new(), p, t, rows, into),
            _ => Err(SOFT_DICE_SETTING),
        }
    }
}

impl Hard for soft_dice_bits {
    unsafe fn count(&self, p: &[u8], rows: Option<Which<'_>>, into: Counting) -> Done {
        // SAFETY: the caller's promise is that of `slice`.
        let t = Packed(unsafe { memory::slice(self.data, self.bytes) }?, self.offset);
        match self.order {
            SOFT_DICE_LSB_FIRST => count(LsbFirst, p, t, rows, into),
            SOFT_DICE_MSB_FIRST => count(MsbFirst, p, t, rows, into),
            _ => Err(SOFT_DICE_SETTING),
        }
    }
}

impl Hard for soft_dice_labels {
    unsafe fn count(&self, p: &[u8], rows: Option<Which<'_>>, into: Counting) -> Done {
        // SAFETY: the caller's promise is that of `slice`.
        let t = unsafe { memory::slice(self.data, self.pixels) }?;
        let class = Label::new(self.label);
        if self.ignoring == 0 {
            count(class, p, t, rows, into)
        } else {
            count(class.ignoring(self.ignore), p, t, rows, into)
        }
    }
}

/// # Safety
///
/// Pointers point to what their types say, buffers to as many values as their lengths say, and nothing writes there during the call.
unsafe fn update<A: Bytes, B: Hard>(
    histogram: *mut soft_dice_histogram,
    p: *const A,
    t: *const B,
    rows: *const soft_dice_rows,
) -> Done {
    // SAFETY: the caller's promise is that of all of these.
    unsafe {
        memory::placed(histogram)?;
        let (map, target) = (memory::shared(p)?, memory::shared(t)?);
        let soft_dice_affine { scale, zero_point, dead_zone, full_scale } = map.codes()?;
        let rest = u32::from_le_bytes([dead_zone, u8::from(full_scale != 0), A::SIGNED, 0]);
        let meaning = [scale.to_bits(), zero_point as u32, rest];
        target.count(map.bytes()?, Which::of(rows)?, Counting { histogram, meaning })
    }
}

macro_rules! updates {
    ($($name:ident: $map:ident, $target:ident;)*) => {$(
        /// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            histogram: *mut soft_dice_histogram,
            p: *const $map,
            t: *const $target,
            rows: *const soft_dice_rows,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { update(histogram, p, t, rows) })
        }
    )*};
}

updates! {
    soft_dice_histogram_u8_mask: soft_dice_u8, soft_dice_mask;
    soft_dice_histogram_u8_bits: soft_dice_u8, soft_dice_bits;
    soft_dice_histogram_u8_label: soft_dice_u8, soft_dice_labels;
    soft_dice_histogram_i8_mask: soft_dice_i8, soft_dice_mask;
    soft_dice_histogram_i8_bits: soft_dice_i8, soft_dice_bits;
    soft_dice_histogram_i8_label: soft_dice_i8, soft_dice_labels;
    soft_dice_histogram_affine_u8_mask: soft_dice_affine_u8, soft_dice_mask;
    soft_dice_histogram_affine_u8_bits: soft_dice_affine_u8, soft_dice_bits;
    soft_dice_histogram_affine_u8_label: soft_dice_affine_u8, soft_dice_labels;
}

/// # Safety
///
/// Unless null or misaligned, `histogram` points to counts that are nobody else's during the call.
unsafe fn merge(histogram: *mut soft_dice_histogram, other: &soft_dice_histogram) -> Done {
    memory::placed(histogram)?;
    // SAFETY: `placed` has seen that it is neither null nor misaligned; the caller promises the rest.
    let into = unsafe { &mut *histogram };
    if other.known()?.version == 0 {
        return into.known().map(drop);
    }
    into.takes(other.meaning(), other.seen)?;
    into.begin(other.meaning());
    for (count, more) in into.counts.iter_mut().zip(&other.counts) {
        // No count is more than all of them, which fit.
        *count = count.wrapping_add(*more);
    }
    into.seen += other.seen;
    into.ignored += other.ignored;
    Ok(())
}

/// With itself. Out of line, so that only this takes the stack of a copy.
///
/// # Safety
///
/// As of [`merge`].
#[inline(never)]
unsafe fn merge_itself(histogram: *mut soft_dice_histogram) -> Done {
    // SAFETY: the caller's promise; the reference ends with the copy.
    unsafe {
        let copy = *memory::shared(histogram.cast_const())?;
        merge(histogram, &copy)
    }
}

/// Adds the counts of other pixels, in any order: of another tile, core or device. Both may be the same.
///
/// # Safety
///
/// Pointers point to histograms, or are null or misaligned, which is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_histogram_merge(
    histogram: *mut soft_dice_histogram,
    other: *const soft_dice_histogram,
) -> soft_dice_status {
    let merged = || {
        // SAFETY: the caller's promise.
        unsafe {
            if ptr::eq(histogram, other) { merge_itself(histogram) } else { merge(histogram, memory::shared(other)?) }
        }
    };
    status(merged())
}

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*): $result:ty, |$given:ident, $read:ident| $figure:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say; null and misaligned ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            histogram: *const soft_dice_histogram,
            $($argument: $type,)*
            result: *mut $result,
        ) -> soft_dice_status {
            let figure = || -> Done<$result> {
                // SAFETY: the caller's promise is that of all of these.
                unsafe {
                    let $given = memory::shared(histogram)?;
                    let mut $read = Histogram::new($given.known()?.element()?, NonZero);
                    $given.read(&mut $read)?;
                    $figure
                }
            };
            // SAFETY: the caller's promise.
            status(unsafe { memory::store(result, figure()) })
        }
    )*};
}

figures! {
    /// The sums of the same pixels, squares and minima among them: of a histogram any score can be taken.
    soft_dice_histogram_sums(): soft_dice_sums, |given, read| given.record(&read, given.zero_point);
    /// Hard counts of the pixels that reach the threshold `own`, which is compared exactly: what `soft_dice_count_..._mask` gives.
    soft_dice_histogram_cut(own: *const soft_dice_own): soft_dice_sums, |given, read| {
        let &soft_dice_own { threshold, above } = memory::shared(own)?;
        given.record(&if above == 0 { read.at_least(threshold) } else { read.above(threshold) }, 0)
    };
    /// The sums of the map with its own mask from the threshold on, whatever the target was: their score is the Soft Dice
    /// Confidence. It takes a kilobyte of stack more.
    soft_dice_histogram_own(own: *const soft_dice_own): soft_dice_sums, |given, read| {
        let &soft_dice_own { threshold, above } = memory::shared(own)?;
        let codes = read.codes();
        let own = if above == 0 { codes.own_at_least(threshold) } else { codes.own_above(threshold) };
        given.record(&own, given.zero_point)
    };
    /// The threshold at which a score of hard counts is best (a loss least), compared exactly; of equally good ones the lowest.
    /// Thresholds at which it is undefined or left out are passed over; `SOFT_DICE_UNDEFINED` if it is so at all of them.
    soft_dice_histogram_best(score: *const soft_dice_score): soft_dice_best, |_given, read| {
        let score = memory::shared(score)?.score()?;
        let Best { cut: Cut { code, sums }, ratio, threshold } = read.best(&score)?;
        Ok(soft_dice_best { threshold, score: ratio.f64(), p: sums.p, t: sums.t, pt: sums.pt, code, q15: ratio.q15() })
    };
    /// The Brier score: the mean of (p - t)^2. `SOFT_DICE_UNDEFINED` of no pixel.
    soft_dice_histogram_brier(): f64, |_given, read| Ok(read.brier()?);
    /// The mean of -t ln p - (1 - t) ln(1 - p), in nats. p is brought into [least, 1 - least] first, with a `least` between 0 and 1/2;
    /// of 0 an infinite cost is `SOFT_DICE_UNDEFINED`, as is no pixel.
    soft_dice_histogram_cross_entropy(least: f64): f64, |_given, read| {
        Ok(read.cross_entropy(if least == 0.0 { Clamp::Undefined } else { Clamp::Within(least) })?)
    };
    /// The area under the ROC curve: how often a pixel of the target has a greater code than one outside, ties counting half.
    /// `SOFT_DICE_UNDEFINED` unless there are pixels of both kinds.
    soft_dice_histogram_roc_area(): f64, |_given, read| Ok(read.roc_area().map(Ratio::f64)?);
    /// Average precision, a sum of steps without interpolation. `SOFT_DICE_UNDEFINED` without a pixel of the target.
    soft_dice_histogram_average_precision(): f64, |_given, read| Ok(read.average_precision()?);
}
