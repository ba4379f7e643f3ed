//! A watch in the caller's struct: what it is made of, how it is known again, and what needs no element.

mod element;
mod held;
mod parts;

pub use element::*;
pub use parts::*;

use crate::memory;
use crate::report::{
    signal, soft_dice_event, soft_dice_report, soft_dice_signal, soft_dice_signal_status, soft_dice_state,
};
use crate::settings::{soft_dice_learnt, soft_dice_settings};
use crate::status::{Done, SOFT_DICE_SETTING, soft_dice_status, status};
use crate::sums::soft_dice_sums;
use held::{Alone, monitor, with_any};
use soft_dice::monitor::{Frame, Monitor, Outlined, Settings};

/// Words of `soft_dice_watch`: what the greatest watch takes, where pointers have 32 bits and where they have 64.
pub const SOFT_DICE_WATCH_WORDS: usize = if size_of::<usize>() == 4 { 184 } else { 208 };

/// Scores that a watch keeps.
pub(crate) const HISTORY: usize = 32;

/// A watch: settings, what was learnt, a history of 32 scores, and a frame that is open. Yours to place, in a static say; it
/// need not be zeroed, for the `_init_` functions write all of it. Its numbers are read with `soft_dice_watch_report`. Every
/// call looks first whether it is what such a function wrote, and refuses it with `SOFT_DICE_VERSION` if it is not. It is not to
/// be copied: two of them would share their buffers.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_watch {
    /// What it holds, and the check of it.
    pub seal: [u32; 2],
    /// Nothing of yours.
    pub held: [u64; SOFT_DICE_WATCH_WORDS],
}

/// What is known of the settings, if they are given at all.
///
/// # Safety
///
/// Unless null or misaligned, the pointer points to settings.
pub(crate) unsafe fn settings_of(settings: *const soft_dice_settings) -> Done<Settings> {
    if settings.is_null() {
        return Ok(Settings::DEFAULT);
    }
    // SAFETY: the caller's promise.
    unsafe { memory::shared(settings) }?.settings()
}

/// Begins a watch for those who sum frames themselves, from tiles say: it takes `soft_dice_frame`s. `settings` may be null:
/// the general ones.
///
/// # Safety
///
/// Pointers point to what their types say; null and misaligned ones are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_watch_init_frames(
    watch: *mut soft_dice_watch,
    settings: *const soft_dice_settings,
) -> soft_dice_status {
    let begin = || {
        memory::placed(watch.cast_const())?;
        // SAFETY: the caller's promise.
        let monitor = Monitor::new(unsafe { settings_of(settings) }?)?;
        // SAFETY: the caller's promise.
        unsafe { held::write(watch, Alone { monitor }) }
    };
    status(begin())
}

/// What is seen of a frame that was summed elsewhere.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_frame {
    /// The frame with its own mask: sums of a `soft_dice_update_..._own`.
    pub own: *const soft_dice_sums,
    /// What the camera's picture says of the mask; null if nothing does.
    pub outlined: *const soft_dice_outlined,
    /// Whether something else knows that there is anything to see: 0 nothing knows, 1 there is nothing, 2 there is.
    pub occupied: u8,
    /// Not 0: every pixel bears the same numbers.
    pub uniform: u8,
}

/// What the picture says of a mask: exact sums, which add up over tiles.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_outlined {
    /// Pixels looked at.
    pub pixels: u64,
    /// Sum of the picture's edge over them, each at most 63.
    pub everywhere: u64,
    /// Pixels of the mask's boundary.
    pub boundary: u64,
    /// Sum of the picture's edge over the boundary.
    pub under: u64,
}

/// Takes a frame that was summed elsewhere, of a watch that `soft_dice_watch_init_frames` began.
///
/// # Safety
///
/// Pointers point to what their types say; null and misaligned ones are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_watch_observe(
    watch: *mut soft_dice_watch,
    frame: *const soft_dice_frame,
    event: *mut soft_dice_event,
) -> soft_dice_status {
    let observe = || {
        memory::placed(event.cast_const())?;
        // SAFETY: the caller's promise.
        let (frame, own) = unsafe {
            let frame = memory::shared(frame)?;
            (frame, memory::shared(frame.own)?)
        };
        let mut seen = Frame::new(own.known()?)?.uniform(frame.uniform != 0);
        if !frame.outlined.is_null() {
            // SAFETY: the caller's promise.
            let &soft_dice_outlined { pixels, everywhere, boundary, under } =
                unsafe { memory::shared(frame.outlined) }?;
            if boundary > pixels || under > everywhere || pixels > 1 << 40 || everywhere > 63 << 40 {
                return Err(SOFT_DICE_SETTING);
            }
            seen = seen.pictured(Some(Outlined { pixels, everywhere, boundary, under }));
        }
        seen = match frame.occupied {
            0 => seen,
            1 => seen.occupied(false),
            2 => seen.occupied(true),
            _ => return Err(SOFT_DICE_SETTING),
        };
        // SAFETY: the caller's promise.
        unsafe { held::with::<Alone, _>(watch, |held| Ok(held.monitor.observe(&seen)?)) }
    };
    let observed = observe().map(soft_dice_event::from);
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(event, observed) })
}

/// Takes note of a frame that never came. An open frame stays open.
///
/// # Safety
///
/// Pointers point to what their types say; null and misaligned ones are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_watch_dropped(
    watch: *mut soft_dice_watch,
    event: *mut soft_dice_event,
) -> soft_dice_status {
    let dropped = || {
        memory::placed(event.cast_const())?;
        // SAFETY: the caller's promise.
        unsafe { with_any!(watch, |held| Ok(held.dropped())) }
    };
    let dropped = dropped().map(soft_dice_event::from);
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(event, dropped) })
}

/// Forgets everything but the settings; an open frame is given up.
///
/// # Safety
///
/// The pointer points to a watch, or is null or misaligned, which is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_watch_reset(watch: *mut soft_dice_watch) -> soft_dice_status {
    // SAFETY: the caller's promise.
    status(unsafe {
        with_any!(watch, |held| {
            held.reset();
            Ok(())
        })
    })
}

/// Begins anew with what was learnt before, after a reboot say; an open frame is given up.
///
/// # Safety
///
/// Pointers point to what their types say; null and misaligned ones are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_watch_restore(
    watch: *mut soft_dice_watch,
    learnt: *const soft_dice_learnt,
) -> soft_dice_status {
    let restore = || {
        // SAFETY: the caller's promise.
        let learnt = unsafe { memory::shared(learnt) }?.learnt()?;
        // SAFETY: the caller's promise.
        unsafe { with_any!(watch, |held| held.restore(&learnt)) }
    };
    status(restore())
}

macro_rules! readings {
    ($($(#[$doc:meta])* $name:ident: $result:ty, $read:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say; null and misaligned ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(watch: *const soft_dice_watch, result: *mut $result) -> soft_dice_status {
            // SAFETY: the caller's promise.
            let read = unsafe { monitor(watch) }.map($read);
            // SAFETY: the caller's promise.
            status(unsafe { memory::store(result, read) })
        }
    )*};
}

readings! {
    /// All that is known, as numbers.
    soft_dice_watch_report: soft_dice_report, |monitor| monitor.report().into();
    /// What has been learnt, to be kept over a reboot.
    soft_dice_watch_learnt: soft_dice_learnt, |monitor| monitor.learnt().into();
    /// The verdict so far.
    soft_dice_watch_state: soft_dice_state, |monitor| crate::report::soft_dice_state(monitor.state());
}

/// All that is known of one signal.
///
/// # Safety
///
/// Pointers point to what their types say; null and misaligned ones are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_watch_signal(
    watch: *const soft_dice_watch,
    which: soft_dice_signal,
    result: *mut soft_dice_signal_status,
) -> soft_dice_status {
    let read = || {
        let which = signal(which).ok_or(SOFT_DICE_SETTING)?;
        // SAFETY: the caller's promise.
        Ok(unsafe { monitor(watch) }?.signal(which).into())
    };
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(result, read()) })
}
