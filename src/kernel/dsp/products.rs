//! 8-bit codes × 8-bit codes: four UXTB16, two SMLAD and two USADA8 to four pixels.

use super::super::run::Found;
use super::{halves, pair, smlad, usada8, word};

/// 8-bit codes × 8-bit codes.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes, whose products then fit 31 bits.
pub unsafe fn byte_byte<const FLIP_P: u32, const FLIP_T: u32>(mut p: *const u8, mut t: *const u8, n: usize) -> Found {
    let mut sums = [0; 3];
    // SAFETY: head, turns and rest are n together.
    unsafe {
        let head = p.align_offset(4).min(n);
        few_products::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, head);
        let left = n - head;
        if t.addr() % 4 == 0 {
            product_turns::<FLIP_P, FLIP_T, true, 4>(&mut sums, &mut p, &mut t, left / 32);
            few_products::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, left % 32);
        } else {
            product_turns::<FLIP_P, FLIP_T, false, 1>(&mut sums, &mut p, &mut t, left / 8);
            few_products::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, left % 8);
        }
    }
    let [p, t, pt] = sums.map(u64::from);
    Found { p, t, pt, broken: false, outside: false }
}

#[inline(always)]
fn products(sums: &mut [u32; 3], p: u32, t: u32) {
    let ((p0, p1), (t0, t1)) = (halves(p), halves(t));
    sums[0] = usada8(p, 0, sums[0]);
    sums[1] = usada8(t, 0, sums[1]);
    sums[2] = smlad(p1, t1, smlad(p0, t0, sums[2]));
}

#[inline(always)]
unsafe fn product_turns<const FLIP_P: u32, const FLIP_T: u32, const BOTH: bool, const EIGHTS: usize>(
    sums: &mut [u32; 3],
    p: &mut *const u8,
    t: &mut *const u8,
    turns: usize,
) {
    let (mut at, mut tt, mut now) = (*p, *t, *sums);
    let end = at.wrapping_add(turns * 8 * EIGHTS);
    while at != end {
        let mut eight = || {
            // SAFETY: the caller's turns.
            let (p, t) = unsafe { (pair::<true>(&mut at), pair::<BOTH>(&mut tt)) };
            products(&mut now, p.0 ^ FLIP_P, t.0 ^ FLIP_T);
            products(&mut now, p.1 ^ FLIP_P, t.1 ^ FLIP_T);
        };
        eight();
        if EIGHTS == 4 {
            eight();
            eight();
            eight();
        }
    }
    (*p, *t, *sums) = (at, tt, now);
}

#[inline(never)]
unsafe fn few_products<const FLIP_P: u32, const FLIP_T: u32>(
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
        products(sums, a ^ FLIP_P, b ^ FLIP_T);
        left -= some;
    }
}
