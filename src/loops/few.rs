//! Interleaved rows of few 8-bit channels on NEON, which loads every second, third or fourth byte of memory into a vector of its own
//! (LD2, LD3, LD4): a vector holds one channel of 16 rows.
//!
//! ```text
//! sums, of at most 256 rows:                       labels and channels of 16 rows at a time
//!     ignored rows bear code 0 and no label        CMEQ, BIC, ORR
//!     for each channel:
//!         hit = label == channel;  t += hit        CMEQ, SUB
//!         p += code;  pt += code where hit         UADALP; AND, UADALP
//! winners:
//!     most = the first channel; winner = 0
//!     for each other channel:
//!         winner = channel where it > most;  most = the greater        CMHI, BSL, UMAX
//! ```
//!
//! A row at a time, as rows of many channels are taken, four bytes fill a quarter of a vector: with four channels `counts` finds 59
//! instructions a row on a Cortex-A53 that way, and 8 this way, all that is around them included.
//!
//! **Overflow.** 256 rows are 16 vectors: a lane of 8 bits counts at most 16 labels, and one of 16 bits adds at most 32 codes of 255.

use super::channels::{Block, CHANNELS as MOST, ROWS};
use super::sweep::Job;
use crate::lanes::Lanes;
use core::arch::aarch64::*;

/// Channels that are few.
pub(crate) const CHANNELS: usize = 4;
/// Rows of a vector.
const LANES: usize = 16;
const _: () = assert!(ROWS / LANES <= 255 && ROWS / LANES * 2 * 255 <= u16::MAX as usize);

/// The call with the number of channels as a constant; `None` for more than are few, or one.
macro_rules! by_channels {
    ($channels:expr, |$C:ident| $call:expr) => {{
        macro_rules! with {
            ($n:literal) => {{
                const $C: usize = $n;
                Some($call)
            }};
        }
        match $channels {
            2 => with!(2),
            3 => with!(3),
            CHANNELS => with!(4),
            _ => None,
        }
    }};
}

/// The sums of a block of rows, at most [`ROWS`], beside as many labels; `None` if their channels are not few.
pub(crate) struct FewRows<'a> {
    pub rows: &'a [u8],
    pub flip: u8,
    pub channels: usize,
    pub labels: &'a [u8],
    pub ignore: Option<u8>,
}

impl Job for FewRows<'_> {
    type Out = Option<Block>;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, _: L) -> Option<Block> {
        by_channels!(self.channels, |C| self.sums::<C>())
    }
}

impl FewRows<'_> {
    #[inline(always)]
    fn sums<const C: usize>(self) -> Block {
        let Self { rows, flip, labels, ignore, .. } = self;
        let mut block = Block { p: [0; MOST], t: [0; MOST], pt: [0; MOST], kept: labels.len() as u64, ignored: 0 };
        let ((rows, rest), (labels, rest_of_labels)) = (vectors::<C>(rows), labels.as_chunks::<LANES>());
        // SAFETY: `build.rs` has seen NEON in the target; the labels of a vector are 16 bytes.
        unsafe {
            let (mut p, mut t, mut pt) = ([vdupq_n_u16(0); C], [vdupq_n_u8(0); C], [vdupq_n_u16(0); C]);
            let mut left_out = vdupq_n_u8(0);
            for (rows, labels) in rows.iter().zip(labels) {
                let (mut codes, mut label) = (apart(rows, flip), vld1q_u8(labels.as_ptr()));
                if let Some(ignored) = ignore {
                    let out = vceqq_u8(label, vdupq_n_u8(ignored));
                    left_out = vsubq_u8(left_out, out);
                    // No channel is 255.
                    label = vorrq_u8(label, out);
                    codes.iter_mut().for_each(|codes| *codes = vbicq_u8(*codes, out));
                }
                for (channel, codes) in codes.into_iter().enumerate() {
                    let hit = vceqq_u8(label, vdupq_n_u8(channel as u8));
                    p[channel] = vpadalq_u8(p[channel], codes);
                    t[channel] = vsubq_u8(t[channel], hit);
                    pt[channel] = vpadalq_u8(pt[channel], vandq_u8(codes, hit));
                }
            }
            block.ignored = vaddlvq_u8(left_out).into();
            for channel in 0..C {
                block.p[channel] = vaddlvq_u16(p[channel]);
                block.t[channel] = vaddlvq_u8(t[channel]).into();
                block.pt[channel] = vaddlvq_u16(pt[channel]);
            }
        }
        for (row, &label) in rest.as_chunks::<C>().0.iter().zip(rest_of_labels) {
            if Some(label) == ignore {
                block.ignored += 1;
                continue;
            }
            for (channel, &byte) in row.iter().enumerate() {
                let (code, hit) = (u32::from(byte ^ flip), u32::from(usize::from(label) == channel));
                block.p[channel] += code;
                block.t[channel] += hit;
                block.pt[channel] += hit * code;
            }
        }
        block.kept -= block.ignored;
        block
    }
}

/// Writes the first greatest channel of each row; `None` if their channels are not few.
pub(crate) struct FewGreatest<'a> {
    pub rows: &'a [u8],
    pub flip: u8,
    pub channels: usize,
    pub to: &'a mut [u8],
}

impl Job for FewGreatest<'_> {
    type Out = Option<()>;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, _: L) -> Option<()> {
        by_channels!(self.channels, |C| self.winners::<C>())
    }
}

impl FewGreatest<'_> {
    #[inline(always)]
    fn winners<const C: usize>(self) {
        let Self { rows, flip, to, .. } = self;
        let ((rows, rest), (to, rest_of_to)) = (vectors::<C>(rows), to.as_chunks_mut::<LANES>());
        for (rows, to) in rows.iter().zip(to) {
            // SAFETY: `build.rs` has seen NEON in the target; the winners of a vector are 16 bytes.
            unsafe {
                let channels = apart(rows, flip);
                let (mut most, mut won) = (channels[0], vdupq_n_u8(0));
                for (channel, codes) in channels.into_iter().enumerate().skip(1) {
                    // Of equal values the first stays.
                    won = vbslq_u8(vcgtq_u8(codes, most), vdupq_n_u8(channel as u8), won);
                    most = vmaxq_u8(most, codes);
                }
                vst1q_u8(to.as_mut_ptr(), won);
            }
        }
        for (row, to) in rest.as_chunks::<C>().0.iter().zip(rest_of_to) {
            let (mut most, mut won) = (0, 0);
            for (channel, byte) in (0..).zip(row) {
                let code = byte ^ flip;
                if channel == 0 || code > most {
                    (most, won) = (code, channel);
                }
            }
            *to = won;
        }
    }
}

/// The rows of whole vectors, and those that are left.
#[inline(always)]
fn vectors<const C: usize>(rows: &[u8]) -> (&[[[u8; C]; LANES]], &[u8]) {
    let whole = rows.len() / (C * LANES) * (C * LANES);
    let (vectors, rest) = rows.split_at_checked(whole).unwrap_or_default();
    (vectors.as_chunks::<C>().0.as_chunks::<LANES>().0, rest)
}

/// The channels of 16 rows, unsigned.
#[inline(always)]
unsafe fn apart<const C: usize>(rows: &[[u8; C]; LANES], flip: u8) -> [uint8x16_t; C] {
    let at = rows.as_ptr().cast::<u8>();
    // SAFETY: `build.rs` has seen NEON in the target; the rows are 16 · C bytes.
    unsafe {
        let mut channels = [vdupq_n_u8(0); C];
        let flip = vdupq_n_u8(flip);
        let mut take = |loaded: &[uint8x16_t]| {
            channels.iter_mut().zip(loaded).for_each(|(to, &from)| *to = veorq_u8(from, flip));
        };
        match C {
            2 => {
                let uint8x16x2_t(a, b) = vld2q_u8(at);
                take(&[a, b]);
            }
            3 => {
                let uint8x16x3_t(a, b, c) = vld3q_u8(at);
                take(&[a, b, c]);
            }
            _ => {
                const { assert!(C <= CHANNELS) };
                let uint8x16x4_t(a, b, c, d) = vld4q_u8(at);
                take(&[a, b, c, d]);
            }
        }
        channels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Neon;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn few_channels_are_as_row_by_row() {
        let bytes: Vec<u8> = (0..4 * 300u32).map(|i| (i.wrapping_mul(0x9E37_79B9) >> 13) as u8 & 0xF3).collect();
        for (channels, pixels) in (2..=4).flat_map(|channels| [1, 15, 16, 255, 256].map(|pixels| (channels, pixels))) {
            for (flip, ignore) in [(0, None), (0x80, None), (0, Some(1)), (0x80, Some(255))] {
                let rows = &bytes[..channels * pixels];
                let label =
                    |at: usize| if ignore == Some(255) && at % 7 == 0 { 255 } else { bytes[at] % channels as u8 };
                let labels: Vec<u8> = (0..pixels).map(label).collect();
                let job = FewRows { rows, flip, channels, labels: &labels, ignore };
                // SAFETY: the job reads its slices by their lengths.
                let found = unsafe { job.run(Neon::<16>) }.unwrap();
                let (mut truth, mut kept) = ([[0u32; 3]; 4], 0);
                for (row, &label) in rows.chunks(channels).zip(&labels).filter(|(_, label)| Some(**label) != ignore) {
                    kept += 1;
                    for (class, &byte) in row.iter().enumerate() {
                        let (code, one) = (u32::from(byte ^ flip), u32::from(usize::from(label) == class));
                        truth[class][0] += code;
                        truth[class][1] += one;
                        truth[class][2] += one * code;
                    }
                }
                let of = |class: usize| [found.p[class], found.t[class], found.pt[class]];
                assert_eq!([0, 1, 2, 3].map(of), truth, "{channels} {pixels} {flip} {ignore:?}");
                assert_eq!((found.kept, found.ignored), (kept, pixels as u64 - kept));

                let mut won = vec![7; pixels];
                // SAFETY: the job reads and writes its slices by their lengths.
                unsafe { FewGreatest { rows, flip, channels, to: &mut won }.run(Neon::<16>) }.unwrap();
                for (row, &won) in rows.chunks(channels).zip(&won) {
                    let most = row.iter().map(|byte| byte ^ flip).max().unwrap();
                    assert_eq!(usize::from(won), row.iter().position(|byte| byte ^ flip == most).unwrap());
                }
            }
        }
    }
}
