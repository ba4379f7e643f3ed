//! What lies in a `soft_dice_watch`, sealed between two calls: its bytes become a Rust value here, and nowhere else.

use super::{HISTORY, SOFT_DICE_WATCH_WORDS, soft_dice_watch};
use crate::memory::{self, Span};
use crate::status::{Done, SOFT_DICE_VERSION};
use core::hint::black_box;
use soft_dice::confidence::Kept;
use soft_dice::monitor::{Event, Learnt, Monitor, Paused, Watch};
use soft_dice::{F32, I8, Q15, U8, U8Affine, U16};

/// Of the layout of what is held: another version of the library, or another compiler, may lay it out otherwise.
const FORMAT: u32 = 0x5D1C_0100;

/// What a watch may hold.
pub(crate) trait Held: Sized {
    /// Its name in the seal.
    const KIND: u32;

    fn monitor(&self) -> &Monitor<HISTORY>;
    fn dropped(&mut self) -> Option<Event>;
    fn reset(&mut self);
    fn restore(&mut self, learnt: &Learnt) -> Done;
}

/// A monitor of frames that are summed elsewhere.
pub(crate) struct Alone {
    pub monitor: Monitor<HISTORY>,
}

impl Held for Alone {
    const KIND: u32 = 1;

    fn monitor(&self) -> &Monitor<HISTORY> {
        &self.monitor
    }

    fn dropped(&mut self) -> Option<Event> {
        self.monitor.dropped()
    }

    fn reset(&mut self) {
        self.monitor.reset();
    }

    fn restore(&mut self, learnt: &Learnt) -> Done {
        Ok(self.monitor.restore(learnt)?)
    }
}

/// A watch of maps, with the frame that is open and the region it was begun with.
pub(crate) struct Eye<P: Kept + 'static> {
    pub watch: Watch<'static, P, HISTORY>,
    pub open: Option<Paused<P>>,
    pub region: Option<&'static [u8]>,
    /// The buffers that are the watch's.
    pub lent: [Span; 2],
}

/// An element that C has a watch for.
pub(crate) trait Seen: Kept + 'static {
    const KIND: u32;
}

impl Seen for U8 {
    const KIND: u32 = 2;
}

impl Seen for I8 {
    const KIND: u32 = 3;
}

impl Seen for U8Affine {
    const KIND: u32 = 4;
}

impl Seen for U16 {
    const KIND: u32 = 5;
}

impl Seen for Q15 {
    const KIND: u32 = 6;
}

impl Seen for F32 {
    const KIND: u32 = 7;
}

impl<P: Seen> Held for Eye<P> {
    const KIND: u32 = P::KIND;

    fn monitor(&self) -> &Monitor<HISTORY> {
        self.watch.monitor()
    }

    fn dropped(&mut self) -> Option<Event> {
        self.watch.dropped()
    }

    fn reset(&mut self) {
        self.watch.reset();
        self.open = None;
    }

    fn restore(&mut self, learnt: &Learnt) -> Done {
        self.watch.restore(learnt)?;
        self.open = None;
        Ok(())
    }
}

/// Bytes from the beginning of the struct to the value: behind the seal, at the next address that is aligned for it. Where it
/// is aligned for more than a word, that depends on where the struct lies.
fn offset<H>(watch: *const soft_dice_watch) -> usize {
    const {
        let slack = align_of::<H>().saturating_sub(align_of::<u64>());
        assert!(size_of::<H>() + slack <= 8 * SOFT_DICE_WATCH_WORDS, "SOFT_DICE_WATCH_WORDS is too small");
        assert!(size_of::<H>().is_multiple_of(4), "the check takes words");
    };
    let held = watch.addr().wrapping_add(size_of::<[u32; 2]>());
    let beyond = align_of::<H>() - 1;
    (held.wrapping_add(beyond) & !beyond).wrapping_sub(watch.addr())
}

/// Where the value lies.
fn place<H>(watch: *mut soft_dice_watch) -> *mut H {
    watch.wrapping_byte_add(offset::<H>(watch)).cast()
}

/// The check of what is held: each word goes into all that follow, so that any one that differs shows.
///
/// # Safety
///
/// `watch` points to a watch that nothing writes to.
unsafe fn check<H: Held>(watch: *const soft_dice_watch) -> u32 {
    // Bytes between fields have no value to Rust; C has one for each. So the memory is taken as what the other side of the
    // interface left there.
    let words = black_box(watch).wrapping_byte_add(offset::<H>(watch)).cast::<u32>();
    let mut check = FORMAT | H::KIND;
    for word in 0..size_of::<H>() / 4 {
        // SAFETY: `offset` has seen that the value lies within the struct.
        check = (check.rotate_left(5) ^ unsafe { words.add(word).read() }).wrapping_mul(0x9E37_79B1);
    }
    check
}

/// Puts a value into the struct.
///
/// # Safety
///
/// `watch` is neither null nor misaligned, and points to room for a watch that is nobody else's.
pub(crate) unsafe fn write<H: Held>(watch: *mut soft_dice_watch, value: H) -> Done {
    // SAFETY: the caller's promise; `place` has seen that there is room.
    unsafe {
        // What lies behind or between the fields counts in the check.
        watch.write_bytes(0, 1);
        place::<H>(watch).write(value);
        seal::<H>(watch);
    }
    Ok(())
}

/// # Safety
///
/// `watch` points to a watch that holds an `H`.
unsafe fn seal<H: Held>(watch: *mut soft_dice_watch) {
    // SAFETY: the caller's promise.
    unsafe { (*watch).seal = [FORMAT | H::KIND, check::<H>(watch)] };
}

/// The value, if this library wrote it and nothing has touched it since.
///
/// # Safety
///
/// Unless null or misaligned, the pointer points to a watch that is nobody else's for `'a`.
pub(crate) unsafe fn read<'a, H: Held>(watch: *const soft_dice_watch) -> Done<&'a H> {
    memory::placed(watch)?;
    // SAFETY: the caller's promise. The seal says that `write` put an `H` there.
    unsafe {
        if (*watch).seal != [FORMAT | H::KIND, check::<H>(watch)] {
            return Err(SOFT_DICE_VERSION);
        }
        Ok(&*place::<H>(watch.cast_mut()))
    }
}

/// Works on the value, and seals it again.
///
/// # Safety
///
/// Unless null or misaligned, the pointer points to a watch that is nobody else's during the call.
pub(crate) unsafe fn with<H: Held, R>(watch: *mut soft_dice_watch, work: impl FnOnce(&mut H) -> Done<R>) -> Done<R> {
    // SAFETY: the caller's promise; the first reference ends before the second is made.
    unsafe {
        read::<H>(watch)?;
        let result = work(&mut *place::<H>(watch));
        seal::<H>(watch);
        result
    }
}

/// What the watch says that it holds.
///
/// # Safety
///
/// Unless null or misaligned, the pointer points to a watch.
pub(crate) unsafe fn kind(watch: *const soft_dice_watch) -> Done<u32> {
    memory::placed(watch)?;
    // SAFETY: the caller's promise.
    Ok(unsafe { (*watch).seal[0] } ^ FORMAT)
}

/// `with` for whatever is held.
macro_rules! with_any {
    ($watch:expr, |$held:ident| $work:expr) => {{
        use crate::watch::held::{Alone, Eye, Held, Seen, kind, with};
        match kind($watch.cast_const()) {
            Err(status) => Err(status),
            Ok(kind) => match kind {
                Alone::KIND => with::<Alone, _>($watch, |$held| $work),
                <soft_dice::U8 as Seen>::KIND => with::<Eye<soft_dice::U8>, _>($watch, |$held| $work),
                <soft_dice::I8 as Seen>::KIND => with::<Eye<soft_dice::I8>, _>($watch, |$held| $work),
                <soft_dice::U8Affine as Seen>::KIND => with::<Eye<soft_dice::U8Affine>, _>($watch, |$held| $work),
                <soft_dice::U16 as Seen>::KIND => with::<Eye<soft_dice::U16>, _>($watch, |$held| $work),
                <soft_dice::Q15 as Seen>::KIND => with::<Eye<soft_dice::Q15>, _>($watch, |$held| $work),
                <soft_dice::F32 as Seen>::KIND => with::<Eye<soft_dice::F32>, _>($watch, |$held| $work),
                _ => Err(crate::status::SOFT_DICE_VERSION),
            },
        }
    }};
}

pub(crate) use with_any;

/// The monitor of whatever is held.
///
/// # Safety
///
/// Unless null or misaligned, the pointer points to a watch that is nobody else's for `'a`.
pub(crate) unsafe fn monitor<'a>(watch: *const soft_dice_watch) -> Done<&'a Monitor<HISTORY>> {
    // SAFETY: the caller's promise.
    unsafe {
        Ok(match kind(watch)? {
            Alone::KIND => read::<Alone>(watch)?.monitor(),
            <U8 as Seen>::KIND => read::<Eye<U8>>(watch)?.monitor(),
            <I8 as Seen>::KIND => read::<Eye<I8>>(watch)?.monitor(),
            <U8Affine as Seen>::KIND => read::<Eye<U8Affine>>(watch)?.monitor(),
            <U16 as Seen>::KIND => read::<Eye<U16>>(watch)?.monitor(),
            <Q15 as Seen>::KIND => read::<Eye<Q15>>(watch)?.monitor(),
            <F32 as Seen>::KIND => read::<Eye<F32>>(watch)?.monitor(),
            _ => return Err(SOFT_DICE_VERSION),
        })
    }
}
