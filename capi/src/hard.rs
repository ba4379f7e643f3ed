//! Hard counts: predictions that were decided, by the greatest of the classes, by a threshold, or before. They are sums too, of
//! zeros and ones, so that every score can be taken of them.

use crate::channels::{Chosen, add_all, soft_dice_channels};
use crate::map::{Map, soft_dice_affine_u8, soft_dice_f32, soft_dice_i8, soft_dice_q15, soft_dice_u8, soft_dice_u16};
use crate::memory;
use crate::reference::{
    SOFT_DICE_LSB_FIRST, SOFT_DICE_MSB_FIRST, SOFT_DICE_NON_ZERO, SOFT_DICE_ZERO_FULL, SOFT_DICE_ZERO_ONE,
    soft_dice_bits, soft_dice_labels, soft_dice_mask, soft_dice_own,
};
use crate::rows::{Inside, Which, soft_dice_region, soft_dice_rows};
use crate::status::{
    Done, SOFT_DICE_LENGTH, SOFT_DICE_ROWS, SOFT_DICE_SETTING, SOFT_DICE_SPLIT, soft_dice_status, status,
};
use crate::sums::soft_dice_sums;
use soft_dice::{
    ArgmaxOver, BitStream, Bits, Channel, Counts, Element, HardTarget, Interleaved, Label, LabelMaps, LsbFirst,
    Measured, MsbFirst, NonZero, PackedTarget, Planar, Region, Stream, Thresholded, ZeroFull, ZeroOne,
};

/// So many classes are counted in 1.5 KB of stack; more of them take 12 KB.
const FEW: usize = 32;

/// Room for the counts of so many classes.
fn counting(channels: usize, work: impl FnOnce(&mut [Counts]) -> Done) -> Done {
    if channels > FEW {
        return counting_many(channels, work);
    }
    let mut room = [Counts::default(); FEW];
    work(room.get_mut(..channels).unwrap_or_default())
}

// Out of line, so that few classes do not take the stack of many.
#[inline(never)]
fn counting_many(channels: usize, work: impl FnOnce(&mut [Counts]) -> Done) -> Done {
    let mut room = [Counts::default(); 256];
    work(room.get_mut(..channels).unwrap_or_default())
}

/// The whole region of so many pixels.
fn whole<'a>(inside: Option<Inside<'a>>, pixels: usize) -> Done<Option<Region<'a>>> {
    match inside {
        None => Ok(None),
        Some(inside) if inside.holds(pixels) => Ok(inside.part(0, pixels)),
        Some(_) => Err(SOFT_DICE_LENGTH),
    }
}

/// # Safety
///
/// Pointers point to what their types say, `p` to so many values.
unsafe fn argmax<R: Channel>(
    classes: *mut soft_dice_sums,
    channels: *const soft_dice_channels,
    p: *const R,
    values: usize,
    t: *const soft_dice_labels,
    region: *const soft_dice_region,
) -> Done {
    // SAFETY: the caller's promise is that of all of these.
    let (chosen, classes, p, target, labels, inside) = unsafe {
        let target = memory::shared(t)?;
        let (chosen, classes) = Chosen::of(channels, classes)?;
        let labels = memory::slice(target.data, target.pixels)?;
        (chosen, classes, memory::slice(p, values)?, target, labels, Inside::of(region)?)
    };
    if !values.is_multiple_of(chosen.channels) {
        return Err(SOFT_DICE_SPLIT);
    }
    let region = whole(inside, labels.len())?;
    counting(chosen.channels, |counts| {
        let mut hard = ArgmaxOver::new(counts)?;
        if target.ignoring != 0 {
            hard = hard.ignoring(target.ignore);
        }
        match (chosen.planar, region) {
            (false, None) => hard.update(Interleaved(p), labels)?,
            (false, Some(region)) => hard.update_within(Interleaved(p), labels, region)?,
            (true, None) => hard.update(Planar(p), labels)?,
            (true, Some(region)) => hard.update_within(Planar(p), labels, region)?,
        }
        add_all(classes, |place| hard.classes().get(usize::from(chosen.class(place))).map(Measured::record))
    })
}

macro_rules! argmaxes {
    ($($name:ident: $raw:ty;)*) => {$(
        /// Counts pixels of all classes by the greatest channel, the first of equal ones: `p` holds `values` numbers, as many for
        /// each pixel as there are channels, and they are compared as they are, be they probabilities or logits. A pixel with a
        /// NaN is left out and counted as invalid. `region` may be null: all pixels then. 32 channels take 1.5 KB of stack, more
        /// 12 KB.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            classes: *mut soft_dice_sums,
            channels: *const soft_dice_channels,
            p: *const $raw,
            values: usize,
            t: *const soft_dice_labels,
            region: *const soft_dice_region,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { argmax(classes, channels, p, values, t, region) })
        }
    )*};
}

argmaxes! {
    soft_dice_argmax_u8: u8;
    soft_dice_argmax_i8: i8;
    soft_dice_argmax_i16: i16;
    soft_dice_argmax_f32: f32;
}

/// Counts two maps of labels against each other, class by class: `p` holds a label for each pixel of `t`. A label of either that
/// is no class (nor, in `t`, ignored) is refused with `SOFT_DICE_LABEL`. Of `channels` the layout has to be 0; `region` may be
/// null: all pixels then. 32 channels take 1.5 KB of stack, more 12 KB.
///
/// # Safety
///
/// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd ones are
/// refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_count_labels(
    classes: *mut soft_dice_sums,
    channels: *const soft_dice_channels,
    p: *const u8,
    t: *const soft_dice_labels,
    region: *const soft_dice_region,
) -> soft_dice_status {
    let counted = || {
        // SAFETY: the caller's promise is that of all of these.
        let (chosen, classes, p, target, labels, inside) = unsafe {
            let target = memory::shared(t)?;
            let (chosen, classes) = Chosen::of(channels, classes)?;
            let labels = memory::slice(target.data, target.pixels)?;
            (chosen, classes, memory::slice(p, target.pixels)?, target, labels, Inside::of(region)?)
        };
        if chosen.planar {
            return Err(SOFT_DICE_SETTING);
        }
        let region = whole(inside, labels.len())?;
        counting(chosen.channels, |counts| {
            let mut maps = LabelMaps::over(counts)?;
            if target.ignoring != 0 {
                maps = maps.ignoring(target.ignore.into());
            }
            match region {
                None => maps.update(p, labels)?,
                Some(region) => maps.update_within(p, labels, region)?,
            }
            add_all(classes, |place| maps.classes().get(usize::from(chosen.class(place))).map(Measured::record))
        })
    };
    status(counted())
}

/// The hard counts of a map that a threshold cuts, against bytes of any meaning.
fn cut<P: Element, H: for<'b> HardTarget<Pixels<'b> = &'b [u8]>>(
    element: P,
    target: H,
    own: soft_dice_own,
    (p, t): (&[P::Raw], &[u8]),
    which: Option<Which<'_>>,
) -> Done<soft_dice::Record> {
    // The soft sums are taken along, and forgotten.
    let (mut soft, mut hard) = (Stream::new(element, target), Thresholded::new(own.own(&element)));
    let Some(Which { rows, inside }) = which else {
        soft.update_both(p, t, &mut hard)?;
        return Ok(hard.record());
    };
    let narrow = rows.stride < rows.width || rows.target_stride < rows.width;
    if narrow || (inside.is_some() && rows.region_stride < rows.width) {
        return Err(SOFT_DICE_ROWS);
    }
    for row in 0..if rows.width == 0 { 0 } else { rows.height } {
        let from = |stride: usize| row.checked_mul(stride).ok_or(SOFT_DICE_ROWS);
        let p = p.get(from(rows.stride)?..).and_then(|rest| rest.get(..rows.width)).ok_or(SOFT_DICE_ROWS)?;
        let t = t.get(from(rows.target_stride)?..).and_then(|rest| rest.get(..rows.width)).ok_or(SOFT_DICE_ROWS)?;
        match inside {
            None => soft.update_both(p, t, &mut hard)?,
            Some(inside) => {
                let region = inside.part(from(rows.region_stride)?, rows.width).ok_or(SOFT_DICE_ROWS)?;
                soft.update_both_within(p, t, region, &mut hard)?;
            }
        }
    }
    Ok(hard.record())
}

/// # Safety
///
/// Pointers point to what their types say, and buffers hold what their lengths say.
unsafe fn thresholded<A: Map>(
    sums: *mut soft_dice_sums,
    p: *const A,
    own: *const soft_dice_own,
    t: *const soft_dice_mask,
    rows: *const soft_dice_rows,
) -> Done {
    // SAFETY: the caller's promise is that of all of these.
    unsafe {
        let before = memory::shared(sums.cast_const())?.known()?;
        let (map, own, target) = (memory::shared(p)?, *memory::shared(own)?, memory::shared(t)?);
        let (element, which) = (map.element()?, Which::of(rows)?);
        let both = (map.values()?, memory::slice(target.data, target.pixels)?);
        let more = match target.kind {
            SOFT_DICE_NON_ZERO => cut(element, NonZero, own, both, which)?,
            SOFT_DICE_ZERO_ONE => cut(element, ZeroOne::new(), own, both, which)?,
            SOFT_DICE_ZERO_FULL => cut(element, ZeroFull::new(), own, both, which)?,
            _ => return Err(SOFT_DICE_SETTING),
        };
        let after = before.plus(&more);
        memory::store(sums, after)
    }
}

macro_rules! thresholds {
    ($($name:ident: $map:ident;)*) => {$(
        /// Counts pixels that reach the threshold `own` against a mask: hard scores are taken of these sums. `rows` may be null:
        /// all pixels then, and as many in the target.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            sums: *mut soft_dice_sums,
            p: *const $map,
            own: *const soft_dice_own,
            t: *const soft_dice_mask,
            rows: *const soft_dice_rows,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { thresholded(sums, p, own, t, rows) })
        }
    )*};
}

thresholds! {
    soft_dice_count_u8_mask: soft_dice_u8;
    soft_dice_count_i8_mask: soft_dice_i8;
    soft_dice_count_affine_u8_mask: soft_dice_affine_u8;
    soft_dice_count_u16_mask: soft_dice_u16;
    soft_dice_count_q15_mask: soft_dice_q15;
    soft_dice_count_f32_mask: soft_dice_f32;
}

/// The bits of a prediction.
struct Packed<'a> {
    bits: Bits<'a>,
    msb_first: bool,
}

impl<'a> Packed<'a> {
    /// # Safety
    ///
    /// Unless null or misaligned, the pointer points to bits, and they to as many bytes as they say.
    unsafe fn of(bits: *const soft_dice_bits, pixels: usize) -> Done<Self> {
        // SAFETY: the caller's promise.
        let (given, bytes) = unsafe {
            let given = memory::shared(bits)?;
            (given, memory::slice(given.data, given.bytes)?)
        };
        let msb_first = match given.order {
            SOFT_DICE_LSB_FIRST => false,
            SOFT_DICE_MSB_FIRST => true,
            _ => return Err(SOFT_DICE_SETTING),
        };
        let held = given.offset.checked_add(pixels).is_some_and(|bits| bits.div_ceil(8) == bytes.len());
        if held { Ok(Self { bits: Bits::at(bytes, given.offset), msb_first }) } else { Err(SOFT_DICE_LENGTH) }
    }

    /// The sums of these bits with a target.
    fn with<T: PackedTarget>(
        &self,
        target: T,
        t: T::Buffer<'_>,
        pixels: usize,
        region: Option<Region<'_>>,
    ) -> Done<soft_dice::Record> {
        macro_rules! of {
            ($order:expr) => {{
                let mut stream = BitStream::new($order, target);
                match region {
                    None => stream.update(self.bits, t, pixels)?,
                    Some(region) => stream.update_within(self.bits, t, pixels, region)?,
                }
                Ok(stream.sums().record())
            }};
        }
        if self.msb_first { of!(MsbFirst) } else { of!(LsbFirst) }
    }
}

macro_rules! bits {
    ($($(#[$doc:meta])* $name:ident: $target:ident, |$p:ident, $t:ident, $pixels:ident, $region:ident| $record:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            sums: *mut soft_dice_sums,
            p: *const soft_dice_bits,
            t: *const $target,
            pixels: usize,
            region: *const soft_dice_region,
        ) -> soft_dice_status {
            let added = || {
                // SAFETY: the caller's promise is that of all of these.
                unsafe {
                    let before = memory::shared(sums.cast_const())?.known()?;
                    let ($p, $t, $pixels) = (Packed::of(p, pixels)?, memory::shared(t)?, pixels);
                    let $region = whole(Inside::of(region)?, pixels)?;
                    let after = before.plus(&$record?);
                    memory::store(sums, after)
                }
            };
            status(added())
        }
    )*};
}

bits! {
    /// Adds so many pixels of a prediction of bits, of which 1 is foreground, against a mask of bits. `region` may be null: all
    /// pixels then.
    soft_dice_update_bits_bits: soft_dice_bits, |p, t, pixels, region| {
        let target = Packed::of(t, pixels)?;
        if target.msb_first { p.with(MsbFirst, target.bits, pixels, region) } else { p.with(LsbFirst, target.bits, pixels, region) }
    };
    /// Adds so many pixels of a prediction of bits against a mask of bytes. `region` may be null: all pixels then.
    soft_dice_update_bits_mask: soft_dice_mask, |p, t, pixels, region| {
        let bytes = memory::slice(t.data, t.pixels)?;
        match t.kind {
            SOFT_DICE_NON_ZERO => p.with(NonZero, bytes, pixels, region),
            SOFT_DICE_ZERO_ONE => p.with(ZeroOne::new(), bytes, pixels, region),
            SOFT_DICE_ZERO_FULL => p.with(ZeroFull::new(), bytes, pixels, region),
            _ => Err(SOFT_DICE_SETTING),
        }
    };
    /// Adds so many pixels of a prediction of bits against one class of a map of labels. `region` may be null: all pixels then.
    soft_dice_update_bits_label: soft_dice_labels, |p, t, pixels, region| {
        let labels = memory::slice(t.data, t.pixels)?;
        let class = Label::new(t.label);
        if t.ignoring == 0 { p.with(class, labels, pixels, region) } else { p.with(class.ignoring(t.ignore), labels, pixels, region) }
    };
}
