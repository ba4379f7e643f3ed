//! Shares of a softmax of 8-bit logits, and their sums, of interleaved rows against labels without a float between.
//!
//! ```text
//! for each pixel that counts:
//!     most = its greatest logit
//!     sum = Σ table[most − logit]                       over its channels
//!     for each channel:  share = table[most − logit] · 2²³ / sum, to the nearest;  Σp += share
//!     of the label:      Σpt += its share;  Σt += 1
//! ```

use super::shares::Shares;
use crate::columns::CodeSums;
use crate::kernel;

/// Adds a run of rows of 8-bit logits, `SIGNED` or not, beside their labels; pixels whose label is no channel are left out.
pub(super) fn add<const SIGNED: bool>(
    table: &[u32; 256],
    rows: &[u8],
    channels: usize,
    labels: &[u8],
    sums: &mut CodeSums,
) {
    if channels == 4 {
        four::<SIGNED>(table, rows.as_chunks::<4>().0, labels, sums);
    } else {
        many::<SIGNED>(table, rows, channels, labels, sums);
    }
}

/// Four channels: what is known of a row stays in registers. Out of line, so that what the caller holds does not.
#[inline(never)]
fn four<const SIGNED: bool>(table: &[u32; 256], rows: &[[u8; 4]], labels: &[u8], sums: &mut CodeSums) {
    let (mut p, mut of) = ([0u32; 4], [[0u32; 2]; 4]);
    for (row, &label) in rows.iter().zip(labels) {
        let Some([t, pt]) = of.get_mut(usize::from(label)) else { continue };
        let codes = kernel::below_greatest::<SIGNED>(*row).map(|distance| table[usize::from(distance)]);
        let shares = Shares::new(codes.iter().fold(0u32, |sum, &code| sum.wrapping_add(code)));
        let shares = codes.map(|code| shares.of(code));
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
fn many<const SIGNED: bool>(table: &[u32; 256], rows: &[u8], channels: usize, labels: &[u8], sums: &mut CodeSums) {
    let mut room = [0u32; CodeSums::CHANNELS];
    // Vectors take whole ones: the codes of channels that are none are 0, and so are their shares.
    let padded = if cfg!(soft_dice_lanes = "neon") { channels.next_multiple_of(8) } else { channels };
    let Some(codes) = room.get_mut(..padded) else { return };
    for (row, &label) in rows.chunks_exact(channels.max(1)).zip(labels) {
        let label = usize::from(label);
        let Some(&of_label) = row.get(label) else { continue };
        let most = kernel::greatest_byte::<SIGNED>(row);
        // At most 64 · 2²³, and at least the greatest logit's 2²³.
        let shares = Shares::new(kernel::codes_below(table, row, most, codes));
        shares.add(codes, &mut sums.p);
        if let (Some(t), Some(pt)) = (sums.t.get_mut(label), sums.pt.get_mut(label)) {
            *t = t.wrapping_add(1);
            *pt = pt.wrapping_add(shares.of(table[usize::from(most.wrapping_sub(of_label))]));
        }
    }
}
