//! Pointers from C become references here, and nowhere else.

use crate::status::{Done, SOFT_DICE_MISALIGNED, SOFT_DICE_NULL, SOFT_DICE_TOO_LONG};
use core::mem::size_of;
use core::slice;

/// Not null, and aligned.
pub(crate) fn placed<T>(pointer: *const T) -> Done {
    if pointer.is_null() {
        return Err(SOFT_DICE_NULL);
    }
    if pointer.is_aligned() { Ok(()) } else { Err(SOFT_DICE_MISALIGNED) }
}

/// Bytes of `length` elements from `address` on are an object that can exist.
fn fits<T>(address: usize, length: usize) -> Done {
    let bytes = length.checked_mul(size_of::<T>()).filter(|&bytes| isize::try_from(bytes).is_ok());
    match bytes.and_then(|bytes| address.checked_add(bytes)) {
        Some(_) => Ok(()),
        None => Err(SOFT_DICE_TOO_LONG),
    }
}

/// What `pointer` points to.
///
/// # Safety
///
/// Unless null or misaligned, it must point to a `T` that nothing writes to for `'a`.
pub(crate) unsafe fn shared<'a, T>(pointer: *const T) -> Done<&'a T> {
    placed(pointer)?;
    // SAFETY: `placed` has seen that it is neither null nor misaligned; the caller promises the rest.
    Ok(unsafe { &*pointer })
}

/// Writes a result, if there is one.
///
/// # Safety
///
/// Unless null or misaligned, `pointer` must point to room for a `T` that is nobody else's during the call.
pub(crate) unsafe fn store<T: Copy>(pointer: *mut T, value: Done<T>) -> Done {
    placed(pointer)?;
    let value = value?;
    // SAFETY: `placed` has seen that it is neither null nor misaligned; the caller promises the rest.
    unsafe { pointer.write(value) };
    Ok(())
}

/// `length` elements from `pointer` on; a length of 0 needs no pointer.
///
/// # Safety
///
/// Unless this returns an error, `pointer` must point to so many `T` that nothing writes to for `'a`.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, length: usize) -> Done<&'a [T]> {
    if length == 0 {
        return Ok(&[]);
    }
    placed(pointer)?;
    fits::<T>(pointer.addr(), length)?;
    // SAFETY: `placed` and `fits` have seen a pointer that is not null, aligned, and whose object is at most
    // isize::MAX bytes and does not wrap around; the caller promises the rest.
    Ok(unsafe { slice::from_raw_parts(pointer, length) })
}

/// The same, to write to.
///
/// # Safety
///
/// Unless this returns an error, `pointer` must point to so many `T` that are nobody else's for `'a`.
pub(crate) unsafe fn slice_mut<'a, T>(pointer: *mut T, length: usize) -> Done<&'a mut [T]> {
    if length == 0 {
        return Ok(&mut []);
    }
    placed(pointer)?;
    fits::<T>(pointer.addr(), length)?;
    // SAFETY: as in `slice`.
    Ok(unsafe { slice::from_raw_parts_mut(pointer, length) })
}

/// A check of numbers: each goes into all that follow, so that any one that differs shows.
pub(crate) fn check(seed: u32, numbers: &[u32]) -> u32 {
    numbers.iter().fold(seed, |check, number| (check.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B1))
}

/// Bytes from an address on that no other may share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    at: usize,
    bytes: usize,
}

impl Span {
    /// Of so many elements, if that is an object that can exist.
    pub(crate) fn of<T>(pointer: *const T, length: usize) -> Done<Self> {
        let at = pointer.addr();
        fits::<T>(at, length)?;
        Ok(Self { at, bytes: length.saturating_mul(size_of::<T>()) })
    }

    pub(crate) const fn meets(self, other: Self) -> bool {
        let Self { at, bytes } = self;
        bytes > 0 && other.bytes > 0 && at < other.at.saturating_add(other.bytes) && other.at < at.saturating_add(bytes)
    }
}
