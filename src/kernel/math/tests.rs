//! One formula on every backend that this CPU has.

use super::*;
use std::vec::Vec;

/// What each backend writes over a sequence of odd numbers.
pub(crate) fn on_all<const N: usize, M: Formula<N>>(formula: M, inputs: [&[f32]; N]) -> Vec<(&'static str, Vec<f32>)> {
    let pixels = inputs.iter().map(|input| input.len()).min().unwrap_or(0);
    let before: Vec<f32> = (0..pixels).map(|at| (at % 17) as f32 * 0.25 - 1.0).collect();
    let mut all = std::vec![("one", before.clone())];
    // SAFETY: nothing is needed.
    unsafe { Floats { formula, inputs, out: &mut all[0].1 }.run(One) };
    #[cfg(soft_dice_lanes = "vector")]
    {
        let mut out = before.clone();
        // SAFETY: nothing beyond the target.
        unsafe { super::wide(Floats { formula, inputs, out: &mut out }) };
        all.push(("wide", out));
    }
    #[cfg(target_arch = "x86_64")]
    if crate::kernel::x86::features() & crate::kernel::x86::AVX2 != 0 {
        let mut out = before.clone();
        // SAFETY: detected.
        unsafe { super::avx2(Floats { formula, inputs, out: &mut out }) };
        all.push(("avx2", out));
    }
    all
}
