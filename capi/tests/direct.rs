//! The short way gives what the long one gives, byte for byte.

use soft_dice_capi::*;
use std::ptr;

const PIXELS: usize = 203;
const OK: soft_dice_status = soft_dice_status::SOFT_DICE_OK;

fn bytes(seed: u32) -> Vec<u8> {
    (0..PIXELS as u32).map(|at| (at.wrapping_mul(seed).wrapping_mul(0x9E37_79B1) >> 23) as u8).collect()
}

#[test]
fn as_the_long_way() {
    let (p, labels) = (bytes(7), bytes(11).iter().map(|byte| byte % 3).collect::<Vec<_>>());
    let signed: Vec<i8> = p.iter().map(|&byte| byte as i8).collect();
    let codes = soft_dice_affine { scale: 1.0 / 256.0, zero_point: -128, dead_zone: 0, full_scale: 0 };
    let (grey, tflite) = (
        soft_dice_u8 { data: p.as_ptr(), pixels: PIXELS },
        soft_dice_i8 { data: signed.as_ptr(), pixels: PIXELS, codes },
    );
    let mask = soft_dice_mask { data: labels.as_ptr(), pixels: PIXELS, kind: SOFT_DICE_NON_ZERO };
    let label = soft_dice_labels { data: labels.as_ptr(), pixels: PIXELS, label: 2, ignoring: 0, ignore: 0 };
    let own = soft_dice_own { threshold: 0.5, above: 0 };
    let (t, rows) = (labels.as_ptr(), ptr::null());
    let mut pairs = [[soft_dice_sums::default(); 2]; 5];
    // SAFETY: pointers to values of this function, with their lengths.
    unsafe {
        // Twice: into empty sums, and into sums that are there.
        for _ in 0..2 {
            let [[a, b], [c, d], [e, f], [g, h], [i, j]] = &mut pairs;
            let done = [
                soft_dice_add_u8_mask(a, p.as_ptr(), t, PIXELS),
                soft_dice_update_u8_mask(b, &grey, &mask, rows),
                soft_dice_add_i8_mask(c, signed.as_ptr(), t, PIXELS),
                soft_dice_update_i8_mask(d, &tflite, &mask, rows),
                soft_dice_add_i8_label(e, signed.as_ptr(), t, PIXELS, 2),
                soft_dice_update_i8_label(f, &tflite, &label, rows),
                soft_dice_add_u8_own(g, p.as_ptr(), PIXELS),
                soft_dice_update_u8_own(h, &grey, &own, rows),
                soft_dice_add_i8_own(i, signed.as_ptr(), PIXELS),
                soft_dice_update_i8_own(j, &tflite, &own, rows),
            ];
            assert_eq!(done, [OK; 10]);
        }
        for ([short, long], form) in pairs.iter().zip([SOFT_DICE_DICE, SOFT_DICE_JACCARD].into_iter().cycle()) {
            assert_eq!(short, long);
            assert_eq!(short.count, 2 * PIXELS as u64);
            let score = soft_dice_score {
                form,
                kind: SOFT_DICE_LINEAR,
                both_empty: SOFT_DICE_FORMULA,
                target_empty: SOFT_DICE_FORMULA,
                prediction_empty: SOFT_DICE_FORMULA,
                loss: 0,
                alpha: 0.0,
                beta: 0.0,
                smooth_numerator: 0.0,
                smooth_denominator: 0.0,
            };
            let (mut a, mut b) = (0, 0);
            let short_score = if form == SOFT_DICE_DICE { soft_dice_dice_q15 } else { soft_dice_jaccard_q15 };
            assert_eq!([short_score(short, &mut a), soft_dice_score_q15(&score, short, &mut b)], [OK; 2]);
            assert!(a == b && a > 0 && a < 32768, "{a} {b}");
        }
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    use soft_dice_status::*;
    let (p, t) = ([9u8; 8], [1u8; 8]);
    let signed = [9i8; 8];
    let mut sums = soft_dice_sums::default();
    // SAFETY: pointers to values of this function, with their lengths, or ones that are refused.
    unsafe {
        assert_eq!(soft_dice_add_u8_mask(&mut sums, p.as_ptr(), t.as_ptr(), 8), OK);
        let before = sums;
        let full = soft_dice_sums { count: 1 << 40, ..sums };
        let dirty = soft_dice_sums { version: 0, ..sums };
        let newer = soft_dice_sums { version: 9, ..sums };
        let broken = soft_dice_sums { p: soft_dice_u128 { low: u64::MAX, high: 0 }, ..sums };
        for (mut other, wanted) in [
            (full, SOFT_DICE_CAPACITY),
            (dirty, SOFT_DICE_VERSION),
            (newer, SOFT_DICE_VERSION),
            (broken, SOFT_DICE_CAPACITY),
        ] {
            let was = other;
            assert_eq!(soft_dice_add_u8_mask(&mut other, p.as_ptr(), t.as_ptr(), 8), wanted);
            assert_eq!(other, was);
        }
        assert_eq!(soft_dice_add_u8_mask(ptr::null_mut(), p.as_ptr(), t.as_ptr(), 8), SOFT_DICE_NULL);
        assert_eq!(soft_dice_add_u8_mask(&mut sums, ptr::null(), t.as_ptr(), 8), SOFT_DICE_NULL);
        assert_eq!(soft_dice_add_u8_mask(&mut sums, p.as_ptr(), ptr::null(), 8), SOFT_DICE_NULL);
        assert_eq!(soft_dice_add_u8_mask(&mut sums, p.as_ptr(), t.as_ptr(), usize::MAX), SOFT_DICE_TOO_LONG);
        assert_eq!(soft_dice_add_i8_mask(&mut sums, signed.as_ptr(), t.as_ptr(), 8), SOFT_DICE_MISMATCH);
        let skew = ptr::from_mut(&mut sums).wrapping_byte_add(1);
        assert_eq!(soft_dice_add_u8_mask(skew, p.as_ptr(), t.as_ptr(), 8), SOFT_DICE_MISALIGNED);
        let mut q15 = 77;
        assert_eq!(soft_dice_dice_q15(&broken, &mut q15), SOFT_DICE_MISMATCH);
        assert_eq!(soft_dice_dice_q15(&soft_dice_sums::default(), &mut q15), SOFT_DICE_UNDEFINED);
        assert_eq!(soft_dice_dice_q15(&sums, ptr::null_mut()), SOFT_DICE_NULL);
        assert_eq!(soft_dice_dice_q15(&dirty, &mut q15), SOFT_DICE_VERSION);
        assert_eq!((sums, q15), (before, 77));
        // A length of 0 needs no pointer.
        assert_eq!(soft_dice_add_u8_mask(&mut sums, ptr::null(), ptr::null(), 0), OK);
        assert_eq!(sums, before);
    }
}
