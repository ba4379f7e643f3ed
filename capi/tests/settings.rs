//! Weights and smoothing that a score cannot hold are refused with a status, and the result is as it was.

use soft_dice_capi::*;

#[test]
fn weights_and_smoothing_outside_their_range() {
    let plain = soft_dice_score {
        form: SOFT_DICE_TVERSKY,
        kind: SOFT_DICE_LINEAR,
        both_empty: SOFT_DICE_ONE,
        target_empty: SOFT_DICE_FORMULA,
        prediction_empty: SOFT_DICE_FORMULA,
        loss: 0,
        alpha: 0.3,
        beta: 0.7,
        smooth_numerator: 0.0,
        smooth_denominator: 0.0,
    };
    let classes = [soft_dice_sums::default(); 2];
    let read = |score: &soft_dice_score| {
        let (mut q15, mut mean) = (7, soft_dice_mean { q15: 7, f32: 7.0, defined: 7, absent: 7 });
        // SAFETY: pointers to values of this function, with their number.
        let done = unsafe {
            [
                soft_dice_score_q15(score, classes.as_ptr(), &mut q15),
                soft_dice_mean_of(score, classes.as_ptr(), 2, &mut mean),
            ]
        };
        (done, q15, mean.q15)
    };
    let refused = ([soft_dice_status::SOFT_DICE_SETTING; 2], 7, 7);
    assert!(read(&plain).0.iter().all(|&status| status != soft_dice_status::SOFT_DICE_SETTING));
    for x in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 4.0, 1e300] {
        assert_eq!(read(&soft_dice_score { alpha: x, ..plain }), refused, "alpha {x}");
        assert_eq!(read(&soft_dice_score { beta: x, ..plain }), refused, "beta {x}");
    }
    for x in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 65536.0, 1e300] {
        assert_eq!(read(&soft_dice_score { smooth_numerator: x, ..plain }), refused, "numerator {x}");
        assert_eq!(read(&soft_dice_score { smooth_denominator: x, loss: 1, ..plain }), refused, "denominator {x}");
    }
}
