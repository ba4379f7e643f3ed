//! Records on their way to a host: what `soft-dice log` reads.

use crate::memory::{self, Span};
use crate::report::{soft_dice_event, soft_dice_report};
use crate::status::{Done, SOFT_DICE_LENGTH, SOFT_DICE_OVERLAP, soft_dice_status, status};
use crate::sums::soft_dice_sums;

/// With what every packed record begins.
pub const SOFT_DICE_PACKED_MARK: u8 = 0x5D;
/// The second byte of a packed report.
pub const SOFT_DICE_PACKED_REPORT: u8 = 1;
/// The second byte of a packed event.
pub const SOFT_DICE_PACKED_EVENT: u8 = 2;
/// The second byte of packed sums.
pub const SOFT_DICE_PACKED_SUMS: u8 = 3;
/// The third byte: of the format.
pub const SOFT_DICE_PACKED_VERSION: u8 = 1;

/// Bytes beside the struct: four before it, two behind it.
const FRAME: usize = 6;

// The struct's bytes are written as they lie in memory.
const _: () = assert!(cfg!(target_endian = "little"), "packed records are of little-endian machines");

/// CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xFFFF on.
fn crc(bytes: &[u8]) -> u16 {
    let mut crc = 0xFFFF_u16;
    for &byte in bytes {
        crc ^= u16::from(byte) << 8;
        for _ in 0..8 {
            crc = (crc << 1) ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 };
        }
    }
    crc
}

/// # Safety
///
/// Pointers point to what their types say, `bytes` to room for so many; `T` has no padding.
unsafe fn pack<T>(
    kind: u8,
    value: *const T,
    bytes: *mut u8,
    room: usize,
    written: *mut usize,
    wanted: impl FnOnce(&T) -> bool,
) -> Done {
    const { assert!(size_of::<T>() < 256, "the length is a byte") };
    memory::placed(written.cast_const())?;
    memory::placed(value)?;
    if Span::of(value, 1)?.meets(Span::of(bytes, room)?) {
        return Err(SOFT_DICE_OVERLAP);
    }
    // SAFETY: the caller's promise.
    let (value, bytes) = unsafe { (memory::shared(value)?, memory::slice_mut(bytes, room)?) };
    let length = if wanted(value) { size_of::<T>() + FRAME } else { 0 };
    if length > 0 {
        let record = bytes.get_mut(..length).ok_or(SOFT_DICE_LENGTH)?;
        // SAFETY: the struct has no padding, so that each of its bytes is a number's.
        let payload = unsafe { memory::slice(core::ptr::from_ref(value).cast::<u8>(), size_of::<T>()) }?;
        if let Some((record, check)) = record.split_last_chunk_mut::<2>() {
            if let Some((head, body)) = record.split_first_chunk_mut::<4>() {
                *head = [SOFT_DICE_PACKED_MARK, kind, SOFT_DICE_PACKED_VERSION, size_of::<T>() as u8];
                body.iter_mut().zip(payload).for_each(|(to, from)| *to = *from);
            }
            *check = crc(record).to_le_bytes();
        }
    }
    // SAFETY: the caller's promise.
    unsafe { memory::store(written, Ok(length)) }
}

macro_rules! packs {
    ($($(#[$doc:meta])* $name:ident: $type:ty, $kind:ident, $wanted:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and the buffer holds `room` bytes; null, misaligned and absurd ones are
        /// refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            value: *const $type,
            bytes: *mut u8,
            room: usize,
            written: *mut usize,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { pack($kind, value, bytes, room, written, $wanted) })
        }
    )*};
}

packs! {
    /// A report as bytes for a log or a radio, `SOFT_DICE_PACKED_BYTES(soft_dice_report)` of them: mark, kind, version, the
    /// struct's length, the struct's bytes as a little-endian machine has them, and CRC-16/CCITT-FALSE of all of that, its
    /// low byte first. Records follow each other; `soft-dice log` reads them.
    soft_dice_pack_report: soft_dice_report, SOFT_DICE_PACKED_REPORT, |_| true;
    /// An event, likewise; nothing is written where the state has not changed.
    soft_dice_pack_event: soft_dice_event, SOFT_DICE_PACKED_EVENT, |event| event.changed != 0;
    /// Sums, likewise; nothing is written of empty ones.
    soft_dice_pack_sums: soft_dice_sums, SOFT_DICE_PACKED_SUMS, |sums| sums.version != 0;
}
