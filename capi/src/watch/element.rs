//! The functions of a watch that look at pixels: one of each for every element, so that an image links those it calls.

use super::held::{self, Eye, Seen};
use super::parts::{soft_dice_picture, soft_dice_watch_setup};
use super::{HISTORY, settings_of, soft_dice_watch};
use crate::map::{Map, soft_dice_affine_u8, soft_dice_f32, soft_dice_i8, soft_dice_q15, soft_dice_u8, soft_dice_u16};
use crate::memory::{self, Span};
use crate::report::soft_dice_event;
use crate::status::{
    Done, SOFT_DICE_LENGTH, SOFT_DICE_MISMATCH, SOFT_DICE_ORDER, SOFT_DICE_OVERLAP, soft_dice_status, status,
};
use crate::sums::soft_dice_sums;
use soft_dice::monitor::{Event, Open, Picture, Watch};
use soft_dice::{Element, Measured};

type Byte<P> = <<P as soft_dice::confidence::Kept>::As as Element>::Raw;

/// # Safety
///
/// Pointers point to what their types say; the buffers of the setup are the watch's from now on.
unsafe fn init<A: Map<Element: Seen>>(
    watch: *mut soft_dice_watch,
    map: *const A,
    setup: *const soft_dice_watch_setup,
) -> Done {
    memory::placed(watch.cast_const())?;
    // SAFETY: the caller's promise.
    let (map, setup) = unsafe { (memory::shared(map)?, memory::shared(setup)?) };
    // SAFETY: the caller's promise.
    let (element, pixels) = (unsafe { map.element() }?, map.pixels());
    if setup.last_bytes != pixels || pixels == 0 {
        return Err(SOFT_DICE_LENGTH);
    }
    let (own, rows) = (Span::of(watch, 1)?, Span::of(setup.rows, setup.rows_bytes)?);
    let last_span = Span::of(setup.last, setup.last_bytes)?;
    if own.meets(last_span) || own.meets(rows) || last_span.meets(rows) {
        return Err(SOFT_DICE_OVERLAP);
    }
    const { assert!(size_of::<Byte<A::Element>>() == 1, "a byte is kept of every pixel") };
    // SAFETY: the caller's promise; any byte is a value of both types.
    let last = unsafe { memory::slice_mut(setup.last.cast::<Byte<A::Element>>(), pixels) }?;
    // SAFETY: the caller's promise.
    let mut seeing = Watch::new(element, last, unsafe { settings_of(setup.settings) }?)?;
    if !setup.mask.is_null() {
        // SAFETY: the caller's promise.
        seeing = seeing.threshold(unsafe { memory::shared(setup.mask) }?.own(&element));
    }
    if setup.camera.width != 0 {
        // SAFETY: the caller's promise.
        seeing = seeing.seeing(setup.camera.camera()?, unsafe { memory::slice_mut(setup.rows, setup.rows_bytes) }?)?;
    }
    // SAFETY: the caller's promise.
    unsafe { held::write(watch, Eye { watch: seeing, open: None, region: None, lent: [last_span, rows] }) }
}

impl<P: Seen> Eye<P> {
    /// What is handed over lies in none of the watch's buffers.
    fn apart(&self, handed: Span) -> Done {
        if self.lent.iter().any(|lent| lent.meets(handed)) { Err(SOFT_DICE_OVERLAP) } else { Ok(()) }
    }

    /// The pixels of a map, if it is what the watch was begun for.
    ///
    /// # Safety
    ///
    /// As of [`Map::values`].
    unsafe fn values<'a, A: Map<Element = P>>(&self, map: &A) -> Done<&'a [P::Raw]> {
        self.apart(map.span()?)?;
        // SAFETY: the caller's promise.
        if self.watch.sums().prediction() != unsafe { map.element() }? {
            return Err(SOFT_DICE_MISMATCH);
        }
        // SAFETY: the caller's promise.
        unsafe { map.values() }
    }

    /// # Safety
    ///
    /// As of [`memory::slice`].
    unsafe fn bytes<'a>(&self, bytes: *const u8, length: usize) -> Done<&'a [u8]> {
        self.apart(Span::of(bytes, length)?)?;
        // SAFETY: the caller's promise.
        unsafe { memory::slice(bytes, length) }
    }

    /// The frame that is open.
    fn open(&mut self) -> Done<Open<'_, 'static, P, HISTORY>> {
        Ok(self.watch.resume(self.open.ok_or(SOFT_DICE_ORDER)?, self.region)?)
    }
}

/// # Safety
///
/// Pointers point to what their types say, and buffers hold what their lengths say.
unsafe fn frame<A: Map<Element: Seen>>(
    watch: *mut soft_dice_watch,
    map: *const A,
    picture: *const soft_dice_picture,
) -> Done<Option<Event>> {
    // SAFETY: the caller's promise.
    unsafe {
        let map = memory::shared(map)?;
        let picture = if picture.is_null() { None } else { Some(memory::shared(picture)?) };
        held::with::<Eye<A::Element>, _>(watch, |held| {
            if held.open.is_some() {
                return Err(SOFT_DICE_ORDER);
            }
            let values = held.values(map)?;
            Ok(match picture {
                None => held.watch.frame(values)?,
                Some(&soft_dice_picture { data, bytes, stride }) => {
                    held.watch.frame_with(values, Picture::new(held.bytes(data, bytes)?, stride))?
                }
            })
        })
    }
}

/// # Safety
///
/// Pointers point to what their types say; the region is the watch's to read until the frame is finished.
unsafe fn begin<P: Seen>(watch: *mut soft_dice_watch, region: *const u8, bytes: usize) -> Done {
    // SAFETY: the caller's promise.
    unsafe {
        held::with::<Eye<P>, _>(watch, |held| {
            if held.open.is_some() {
                return Err(SOFT_DICE_ORDER);
            }
            let region = if region.is_null() { None } else { Some(held.bytes(region, bytes)?) };
            if region.map_or(bytes, |region| region.len() ^ held.watch.pixels()) != 0 {
                return Err(SOFT_DICE_LENGTH);
            }
            held.open = Some(held.watch.open().pause());
            held.region = region;
            Ok(())
        })
    }
}

/// # Safety
///
/// Pointers point to what their types say, and buffers hold what their lengths say.
unsafe fn chunk<A: Map<Element: Seen>>(watch: *mut soft_dice_watch, map: *const A) -> Done {
    // SAFETY: the caller's promise.
    unsafe {
        let map = memory::shared(map)?;
        held::with::<Eye<A::Element>, _>(watch, |held| {
            let values = held.values(map)?;
            let mut open = held.open()?;
            open.map(values)?;
            held.open = Some(open.pause());
            Ok(())
        })
    }
}

/// # Safety
///
/// Pointers point to what their types say, and buffers hold what their lengths say.
unsafe fn row<P: Seen>(watch: *mut soft_dice_watch, row: *const u8, bytes: usize) -> Done {
    // SAFETY: the caller's promise.
    unsafe {
        held::with::<Eye<P>, _>(watch, |held| {
            let row = held.bytes(row, bytes)?;
            let mut open = held.open()?;
            open.picture_row(row)?;
            held.open = Some(open.pause());
            Ok(())
        })
    }
}

/// # Safety
///
/// Unless null or misaligned, the pointer points to a watch that is nobody else's.
unsafe fn occupied<P: Seen>(watch: *mut soft_dice_watch, anything: u8) -> Done {
    // SAFETY: the caller's promise.
    unsafe {
        held::with::<Eye<P>, _>(watch, |held| {
            let mut open = held.open()?;
            open.occupied(anything != 0);
            held.open = Some(open.pause());
            Ok(())
        })
    }
}

/// # Safety
///
/// Unless null or misaligned, the pointer points to a watch that is nobody else's.
unsafe fn finish<P: Seen>(watch: *mut soft_dice_watch) -> Done<Option<Event>> {
    // SAFETY: the caller's promise.
    unsafe {
        held::with::<Eye<P>, _>(watch, |held| {
            let event = held.open()?.finish()?;
            (held.open, held.region) = (None, None);
            Ok(event)
        })
    }
}

macro_rules! watches {
    ($($map:ident: $init:ident $frame:ident $begin:ident $chunk:ident $row:ident $occupied:ident $finish:ident $sums:ident;)*) => {$(
        /// Begins a watch of maps as `map` describes them: its pixels and what they denote; `map->data` is not read and may be
        /// null.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $init(
            watch: *mut soft_dice_watch,
            map: *const $map,
            setup: *const soft_dice_watch_setup,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { init(watch, map, setup) })
        }

        /// Takes a whole map, with the camera's picture of that moment or null, and says in `event` whether the state has
        /// changed. A map that is refused does not count: call `soft_dice_watch_dropped` if it should.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $frame(
            watch: *mut soft_dice_watch,
            map: *const $map,
            picture: *const soft_dice_picture,
            event: *mut soft_dice_event,
        ) -> soft_dice_status {
            let taken = || {
                memory::placed(event.cast_const())?;
                // SAFETY: the caller's promise.
                Ok(unsafe { frame(watch, map, picture) }?.into())
            };
            // SAFETY: the caller's promise.
            status(unsafe { memory::store(event, taken()) })
        }

        /// Begins a frame that comes in chunks. Of a `region` (a byte for each pixel of a map, not 0 inside; or null) it
        /// takes the pixels inside alone, and reads it until the frame is finished.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $begin(
            watch: *mut soft_dice_watch,
            region: *const u8,
            region_bytes: usize,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { begin::<<$map as Map>::Element>(watch, region, region_bytes) })
        }

        /// Takes the map's next pixels.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $chunk(watch: *mut soft_dice_watch, map: *const $map) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { chunk(watch, map) })
        }

        /// Takes the picture's next row, as the camera writes it: behind the map's row that it belongs to.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $row(
            watch: *mut soft_dice_watch,
            bytes: *const u8,
            row_bytes: usize,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { row::<<$map as Map>::Element>(watch, bytes, row_bytes) })
        }

        /// What something else knows of the open frame's scene (a light barrier, another model): 0 if there is nothing to
        /// see, else there is.
        ///
        /// # Safety
        ///
        /// The pointer points to a watch, or is null or misaligned, which is refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $occupied(watch: *mut soft_dice_watch, anything: u8) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { occupied::<<$map as Map>::Element>(watch, anything) })
        }

        /// The open frame is complete: says in `event` whether the state has changed.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say; null and misaligned ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $finish(watch: *mut soft_dice_watch, event: *mut soft_dice_event) -> soft_dice_status {
            let taken = || {
                memory::placed(event.cast_const())?;
                // SAFETY: the caller's promise.
                Ok(unsafe { finish::<<$map as Map>::Element>(watch) }?.into())
            };
            // SAFETY: the caller's promise.
            status(unsafe { memory::store(event, taken()) })
        }

        /// The sums of the last frame with its own mask, exactly.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say; null and misaligned ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $sums(watch: *const soft_dice_watch, sums: *mut soft_dice_sums) -> soft_dice_status {
            // SAFETY: the caller's promise.
            let read = unsafe { held::read::<Eye<<$map as Map>::Element>>(watch) };
            let read = read.map(|held| soft_dice_sums::from(&held.watch.sums().record()));
            // SAFETY: the caller's promise.
            status(unsafe { memory::store(sums, read) })
        }
    )*};
}

watches! {
    soft_dice_u8: soft_dice_watch_init_u8 soft_dice_watch_frame_u8 soft_dice_watch_begin_u8 soft_dice_watch_chunk_u8
        soft_dice_watch_row_u8 soft_dice_watch_occupied_u8 soft_dice_watch_finish_u8 soft_dice_watch_sums_u8;
    soft_dice_i8: soft_dice_watch_init_i8 soft_dice_watch_frame_i8 soft_dice_watch_begin_i8 soft_dice_watch_chunk_i8
        soft_dice_watch_row_i8 soft_dice_watch_occupied_i8 soft_dice_watch_finish_i8 soft_dice_watch_sums_i8;
    soft_dice_affine_u8: soft_dice_watch_init_affine_u8 soft_dice_watch_frame_affine_u8
        soft_dice_watch_begin_affine_u8 soft_dice_watch_chunk_affine_u8 soft_dice_watch_row_affine_u8
        soft_dice_watch_occupied_affine_u8 soft_dice_watch_finish_affine_u8 soft_dice_watch_sums_affine_u8;
    soft_dice_u16: soft_dice_watch_init_u16 soft_dice_watch_frame_u16 soft_dice_watch_begin_u16 soft_dice_watch_chunk_u16
        soft_dice_watch_row_u16 soft_dice_watch_occupied_u16 soft_dice_watch_finish_u16 soft_dice_watch_sums_u16;
    soft_dice_q15: soft_dice_watch_init_q15 soft_dice_watch_frame_q15 soft_dice_watch_begin_q15 soft_dice_watch_chunk_q15
        soft_dice_watch_row_q15 soft_dice_watch_occupied_q15 soft_dice_watch_finish_q15 soft_dice_watch_sums_q15;
    soft_dice_f32: soft_dice_watch_init_f32 soft_dice_watch_frame_f32 soft_dice_watch_begin_f32 soft_dice_watch_chunk_f32
        soft_dice_watch_row_f32 soft_dice_watch_occupied_f32 soft_dice_watch_finish_f32 soft_dice_watch_sums_f32;
}
