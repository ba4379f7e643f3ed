//! Shares of a softmax of `f32` logits, and their sums, of interleaved rows against labels, a row at a time: for cores whose
//! vectors, if they have any, are too narrow for columns to repay that they take every power twice.
//!
//! ```text
//! for each pixel that counts:
//!     most = its greatest logit
//!     for each channel:  power = e^(logit − most);  sum += power          in their order, as the columns have it
//!     if sum is NaN:     the pixel is invalid                             one is, or the greatest is infinite
//!     for each channel:  share = code(power / sum);  Σp += share
//!     of the label:      Σpt += its share;  Σt += 1
//! ```
//!
//! **Bound.** The greatest has the power 1, so that sum ≥ 1 and no share is above 1: a run's codes fit 32 bits ([`CodeSums::RUN`]).

use super::exp;
use crate::columns::CodeSums;
use crate::element::{Element, F32};

/// Adds a run of rows of logits beside their labels; pixels whose label is no channel are left out.
pub(super) fn add(rows: &[f32], channels: usize, labels: &[u8], sums: &mut CodeSums) {
    if channels == 4 {
        four(rows.as_chunks::<4>().0, labels, sums);
    } else {
        many(rows, channels, labels, sums);
    }
}

/// The code of a share.
#[inline(always)]
fn code(share: f32) -> u32 {
    <F32 as Element>::code(share) as u32
}

#[inline(always)]
fn greatest(row: &[f32]) -> f32 {
    // A NaN is not.
    row.iter().fold(f32::NEG_INFINITY, |most, &x| if most < x { x } else { most })
}

/// Four channels: what is known of a row stays in registers.
#[inline(never)]
fn four(rows: &[[f32; 4]], labels: &[u8], sums: &mut CodeSums) {
    let (mut p, mut of) = ([0u32; 4], [[0u32; 2]; 4]);
    for (row, &label) in rows.iter().zip(labels) {
        let Some([t, pt]) = of.get_mut(usize::from(label)) else { continue };
        let most = greatest(row);
        let powers = row.map(|x| exp(x - most));
        let sum = powers.iter().fold(0.0, |sum, power| sum + power);
        if sum.is_nan() {
            sums.invalid += 1;
            continue;
        }
        let shares = powers.map(|power| code(power / sum));
        for (p, share) in p.iter_mut().zip(shares) {
            *p = p.wrapping_add(share);
        }
        *t = t.wrapping_add(1);
        *pt = pt.wrapping_add(shares[usize::from(label & 3)]);
    }
    for (channel, (p, [t, pt])) in p.into_iter().zip(of).enumerate() {
        sums.add(channel, [p, t, pt]);
    }
}

/// Any number of channels up to those of the sums.
#[inline(never)]
fn many(rows: &[f32], channels: usize, labels: &[u8], sums: &mut CodeSums) {
    let (mut room, mut below) = ([0.0; CodeSums::CHANNELS], [0.0; CodeSums::CHANNELS]);
    // Vectors take whole ones: of channels that are none the powers are not summed, and the shares are read nowhere.
    let padded = if cfg!(soft_dice_lanes = "neon") { channels.next_multiple_of(8) } else { channels };
    let Some(powers) = room.get_mut(..padded) else { return };
    for (row, &label) in rows.chunks_exact(channels.max(1)).zip(labels) {
        let label = usize::from(label);
        if label >= channels {
            continue;
        }
        let most = greatest(row);
        let sum = if cfg!(soft_dice_lanes = "neon") {
            below.iter_mut().zip(row).for_each(|(to, &x)| *to = x - most);
            powers.iter_mut().zip(&below).for_each(|(power, &x)| *power = exp(x));
            powers.iter().take(channels).fold(0.0, |sum, power| sum + power)
        } else {
            powers.iter_mut().zip(row).fold(0.0, |sum, (power, &x)| {
                *power = exp(x - most);
                sum + *power
            })
        };
        if sum.is_nan() {
            sums.invalid += 1;
            continue;
        }
        for (p, power) in sums.p.iter_mut().zip(&*powers) {
            *p = p.wrapping_add(code(power / sum));
        }
        let share = powers.get(label).map_or(0, |power| code(power / sum));
        if let (Some(t), Some(pt)) = (sums.t.get_mut(label), sums.pt.get_mut(label)) {
            *t = t.wrapping_add(1);
            *pt = pt.wrapping_add(share);
        }
    }
}
