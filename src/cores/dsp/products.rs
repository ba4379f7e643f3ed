//! 8-bit codes × 8-bit codes: four UXTB16, two SMLAD and two USADA8 to four pixels.

use super::{PAIRS, even, odd, pair, smlad, times, usada8, word};
use crate::cores::Found;

/// 8-bit codes × 8-bit codes.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes, whose products then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_byte<const FLIP_P: u32, const FLIP_T: u32>(
    mut p: *const u8,
    mut t: *const u8,
    n: usize,
) -> Found<u32> {
    let mut sums = [0; 3];
    // SAFETY: head, turns and rest are n together.
    unsafe {
        let head = p.align_offset(4).min(n);
        few::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, head);
        let left = n - head;
        if t.addr().is_multiple_of(4) {
            turns::<FLIP_P, FLIP_T, true, PAIRS>(&mut sums, &mut p, &mut t, left / (8 * PAIRS));
            few::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, left % (8 * PAIRS));
        } else {
            turns::<FLIP_P, FLIP_T, false, 1>(&mut sums, &mut p, &mut t, left / 8);
            few::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, left % 8);
        }
    }
    let [p, t, pt] = sums;
    Found { p, t, pt, broken: false, outside: false }
}

/// Four pixels.
#[inline(always)]
fn step(sums: &mut [u32; 3], p: u32, t: u32) {
    sums[0] = usada8(p, 0, sums[0]);
    sums[1] = usada8(t, 0, sums[1]);
    sums[2] = smlad(even(p), even(t), sums[2]);
    sums[2] = smlad(odd(p), odd(t), sums[2]);
}

/// Turns of 8 · `N` pixels, with `p` aligned.
#[inline(always)]
unsafe fn turns<const FLIP_P: u32, const FLIP_T: u32, const BOTH: bool, const N: usize>(
    sums: &mut [u32; 3],
    p: &mut *const u8,
    t: &mut *const u8,
    turns: usize,
) {
    let (mut at, mut tt, mut now) = (*p, *t, *sums);
    let end = at.wrapping_add(turns * 8 * N);
    while at != end {
        times!(N, {
            // SAFETY: the caller's turns.
            let (p, t) = unsafe { (pair::<true>(&mut at), pair::<BOTH>(&mut tt)) };
            step(&mut now, p.0 ^ FLIP_P, t.0 ^ FLIP_T);
            step(&mut now, p.1 ^ FLIP_P, t.1 ^ FLIP_T);
        });
    }
    (*p, *t, *sums) = (at, tt, now);
}

#[inline(never)]
unsafe fn few<const FLIP_P: u32, const FLIP_T: u32>(
    sums: &mut [u32; 3],
    p: &mut *const u8,
    t: &mut *const u8,
    n: usize,
) {
    let mut left = n;
    while left > 0 {
        let some = left.min(4);
        // SAFETY: the caller's n.
        let (a, b) = unsafe { (word(p, some, FLIP_P), word(t, some, FLIP_T)) };
        step(sums, a ^ FLIP_P, b ^ FLIP_T);
        left -= some;
    }
}
