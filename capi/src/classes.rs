//! Many classes from one map of labels. Their sums are an array of the caller's.

use crate::channels::{Chosen, add_all, soft_dice_channels};
use crate::map::{Map, soft_dice_affine_u8, soft_dice_f32, soft_dice_i8, soft_dice_q15, soft_dice_u8, soft_dice_u16};
use crate::memory;
use crate::reference::soft_dice_labels;
use crate::rows::{Inside, soft_dice_region};
use crate::status::{
    Done, SOFT_DICE_CAPACITY, SOFT_DICE_LENGTH, SOFT_DICE_RANGE, SOFT_DICE_SPLIT, soft_dice_status, status,
};
use crate::sums::soft_dice_sums;
use core::array;
use soft_dice::element::{Element, Reading};
use soft_dice::sums::CAPACITY;
use soft_dice::{Columns, Interleaved, Label, Linear, Measured, Multiclass, Own, Planar, Record, Sums};

/// Classes that are summed at once, on the stack: their maps are read again for the next ones.
const GROUP: usize = 4;

/// What of these pixels any sums of an element would refuse, is refused before any of them is written.
pub(crate) fn room<P: Element>(sums: &[soft_dice_sums], none: Record, pixels: usize) -> Done {
    // No pixel adds more than a code of at most 2^BITS.
    let (pixels, most) = (pixels as u64, u128::from(pixels as u64) << P::BITS);
    if pixels > CAPACITY {
        return Err(SOFT_DICE_CAPACITY);
    }
    let bound = Record { count: pixels, p: most, t: pixels.into(), pt: most, minima: Some((most, 0)), ..none };
    sums.iter().try_for_each(|class| class.plus(&bound).map(drop))
}

/// Adds whole pixels of `channels` classes.
///
/// # Safety
///
/// Pointers point to what their types say, buffers to as many values as their lengths say, and nothing else reads or
/// writes `classes` during the call.
unsafe fn update<A: Map>(
    classes: *mut soft_dice_sums,
    channels: *const soft_dice_channels,
    p: *const A,
    t: *const soft_dice_labels,
    region: *const soft_dice_region,
) -> Done {
    // SAFETY: the caller's promise is that of all of these.
    unsafe {
        let map = memory::shared(p)?;
        let (chosen, classes) = Chosen::of(channels, classes)?;
        let into = ClassUpdate { chosen, classes, element: map.element()?, refuses: map.refuses() };
        let p = map.values()?;
        into.add((Interleaved(p), Planar(p)), t, region)
    }
}

/// Classes that are to be added to.
pub(crate) struct ClassUpdate<'a, P> {
    pub chosen: Chosen<'a>,
    pub classes: &'a mut [soft_dice_sums],
    pub element: P,
    /// A pixel may be refused.
    pub refuses: bool,
}

impl<P: Element> ClassUpdate<'_, P> {
    /// Adds whole pixels of all channels: `p` as it is where values lie side by side, and as it is where they lie apart.
    ///
    /// # Safety
    ///
    /// Pointers point to what their types say, buffers to as many values as their lengths say.
    pub(crate) unsafe fn add(
        self,
        p: (impl Columns<P::Raw>, impl Columns<P::Raw>),
        t: *const soft_dice_labels,
        region: *const soft_dice_region,
    ) -> Done {
        // SAFETY: the caller's promise is that of all of these.
        let (target, labels, inside) = unsafe {
            let target = memory::shared(t)?;
            (target, memory::slice(target.data, target.pixels)?, Inside::of(region)?)
        };
        let Self { chosen, classes, element, refuses } = self;
        let region = match inside {
            None => None,
            Some(inside) if inside.holds(labels.len()) => inside.part(0, labels.len()),
            Some(_) => return Err(SOFT_DICE_LENGTH),
        };
        // All classes take the same pixels, so that what one would refuse is known before any is written.
        room::<P>(classes, Sums::<_, _, Linear>::new(element, Label::new(0)).record(), labels.len())?;
        // What only looking at every pixel can tell is looked for before, too.
        let passes: &[bool] = if refuses { &[false, true] } else { &[true] };
        for &write in passes {
            for (group, classes) in classes.chunks_mut(GROUP).enumerate() {
                let class = |index| Label::new(chosen.class(group * GROUP + index));
                let mut state: [_; GROUP] = array::from_fn(|index| Sums::<_, _, Linear>::new(element, class(index)));
                let (state, _) = state.split_at_mut(classes.len().min(GROUP));
                let mut frame = Multiclass::over(state, chosen.channels)?;
                if target.ignoring != 0 {
                    frame = frame.ignoring(target.ignore);
                }
                match (chosen.planar, region) {
                    (false, None) => frame.update(p.0, labels)?,
                    (false, Some(region)) => frame.update_within(p.0, labels, region)?,
                    (true, None) => frame.update(p.1, labels)?,
                    (true, Some(region)) => frame.update_within(p.1, labels, region)?,
                }
                for (class, more) in classes.iter_mut().zip(frame.sums()) {
                    let after = class.plus(&more.record())?;
                    if write {
                        *class = after;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The sums of one class's map with its share of the greatest.
#[derive(Clone, Copy, Default)]
struct Share {
    p: u128,
    t: u64,
    pt: u128,
    clamped: u64,
}

/// Adds whole pixels of `channels` classes, each against the mask of where it is the greatest.
///
/// # Safety
///
/// As of [`update`].
unsafe fn confidence<A: Map>(
    classes: *mut soft_dice_sums,
    channels: *const soft_dice_channels,
    p: *const A,
    region: *const soft_dice_region,
) -> Done {
    // SAFETY: the caller's promise is that of all of these.
    let (chosen, classes, map, p, inside) = unsafe {
        let map = memory::shared(p)?;
        let (chosen, classes) = Chosen::of(channels, classes)?;
        (chosen, classes, map, map.values()?, Inside::of(region)?)
    };
    let (Some(pixels), Some(0)) = (p.len().checked_div(chosen.channels), p.len().checked_rem(chosen.channels)) else {
        return Err(SOFT_DICE_SPLIT);
    };
    if inside.is_some_and(|inside| !inside.holds(pixels)) {
        return Err(SOFT_DICE_LENGTH);
    }
    // SAFETY: the caller's promise.
    let element = unsafe { map.element() }?;
    let none = Sums::<_, _, Linear>::new(element, Own::from_code(0)).record();
    room::<A::Element>(classes, none, pixels)?;
    let read = |pixel, channel| p.get(chosen.at(pixel, channel, pixels)).map(|&raw| element.read(raw));
    // The first of the greatest; none where a number is none.
    let greatest = |pixel| {
        let mut best: Option<(usize, u32)> = None;
        for channel in 0..chosen.channels {
            let Some(Reading::Valid(value) | Reading::Clamped(value)) = read(pixel, channel) else { return None };
            let key = A::Element::key(value);
            if best.is_none_or(|(_, most)| key > most) {
                best = Some((channel, key));
            }
        }
        best.map(|(channel, _)| channel)
    };
    let keeps = |pixel| inside.is_none_or(|inside| inside.keeps(pixel));
    if map.refuses() && (0..pixels).any(|pixel| keeps(pixel) && greatest(pixel).is_none()) {
        return Err(SOFT_DICE_RANGE);
    }
    for (group, classes) in classes.chunks_mut(GROUP).enumerate() {
        let (mut count, mut ignored, mut invalid) = (0, 0, 0);
        let mut shares = [Share::default(); GROUP];
        for pixel in 0..pixels {
            if !keeps(pixel) {
                ignored += 1;
                continue;
            }
            let Some(best) = greatest(pixel) else {
                invalid += 1;
                continue;
            };
            count += 1;
            for (index, share) in shares.iter_mut().enumerate().take(classes.len()) {
                let class = usize::from(chosen.class(group * GROUP + index));
                let (code, clamped) = match read(pixel, class) {
                    Some(Reading::Valid(value)) => (A::Element::code(value), 0),
                    Some(Reading::Clamped(value)) => (A::Element::code(value), 1),
                    _ => continue,
                };
                share.clamped += clamped;
                share.p += u128::from(code);
                if class == best {
                    share.t += 1;
                    share.pt += u128::from(code);
                }
            }
        }
        add_all(classes, |index| {
            let Share { p, t, pt, clamped } = *shares.get(index)?;
            let (t, minima) = (t.into(), Some((pt, 0)));
            Some(Record { count, ignored, invalid, clamped, p, t, pt, minima, ..none })
        })?;
    }
    Ok(())
}

macro_rules! updates {
    ($($update:ident $confidence:ident: $map:ident;)*) => {$(
        /// Adds pixels of all classes: `p` holds as many values for each pixel as there are channels, `t` a label, `classes` the
        /// sums of those that are chosen. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`. `region` may
        /// be null: all pixels then.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $update(
            classes: *mut soft_dice_sums,
            channels: *const soft_dice_channels,
            p: *const $map,
            t: *const soft_dice_labels,
            region: *const soft_dice_region,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { update(classes, channels, p, t, region) })
        }

        /// Adds pixels of all classes, each against the mask of where it is the greatest, the first of equal ones: its score is
        /// the class's Soft Dice Confidence, which needs no labels. A pixel one of whose values is no number is left out of all
        /// classes. It goes a pixel at a time, and four classes at once.
        ///
        /// # Safety
        ///
        /// As the other.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $confidence(
            classes: *mut soft_dice_sums,
            channels: *const soft_dice_channels,
            p: *const $map,
            region: *const soft_dice_region,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { confidence(classes, channels, p, region) })
        }
    )*};
}

updates! {
    soft_dice_update_classes_u8 soft_dice_confidence_classes_u8: soft_dice_u8;
    soft_dice_update_classes_i8 soft_dice_confidence_classes_i8: soft_dice_i8;
    soft_dice_update_classes_affine_u8 soft_dice_confidence_classes_affine_u8: soft_dice_affine_u8;
    soft_dice_update_classes_u16 soft_dice_confidence_classes_u16: soft_dice_u16;
    soft_dice_update_classes_q15 soft_dice_confidence_classes_q15: soft_dice_q15;
    soft_dice_update_classes_f32 soft_dice_confidence_classes_f32: soft_dice_f32;
}
