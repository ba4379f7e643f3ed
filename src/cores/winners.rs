//! The first greatest channel of each pixel of 8-bit maps, and what it and the pixel's label count for.
//!
//! ```text
//! for each four pixels:                          a byte of a word to each
//!     won = their first greatest channels        interleaved: `dsp/winners.rs`; planes: channel by channel
//!     for each of the four pixels that counts:
//!         count in the winner's word, in the label's, and whether both are the same
//! ```
//!
//! The cores without the DSP extension take pixel by pixel, and so do the last pixels of a run. Those with MVE find the winners
//! of 256 pixels and then count each two channels (`helium/classes.rs`). **Overflow.** [`Won`] has ten
//! bits for each of its three counts, and a run has at most [`Won::RUN`] = 1020 < 2¹⁰ pixels: no count reaches into the next
//! one, and all three stay below 2³⁰.

#[cfg(all(soft_dice_lanes = "dsp", not(soft_dice_lanes = "small")))]
use super::dsp::won_by_four;
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use super::simd32::{BYTES, greater, where_at_least};
use crate::pixels::{Labels, Won};

/// The bits that make four signed bytes unsigned.
pub(super) const FLIPPED: u32 = 0x8080_8080;

/// Pixels whose winners are found before they are counted, where vectors do either.
#[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
const BLOCK: usize = 256;
/// Channels of which vectors count each two in a pass; more of them are counted pixel by pixel.
#[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
const IN_VECTORS: usize = 24;

/// The labels of a run, and what they are added to.
#[derive(Clone, Copy)]
pub(super) struct Run {
    labels: *const u8,
    ignore: Option<u8>,
    words: *mut Won,
}

impl Run {
    #[inline(always)]
    pub(super) fn new(labels: Labels<'_>, words: &mut [Won]) -> Self {
        Self { labels: labels.bytes().as_ptr(), ignore: labels.ignore(), words: words.as_mut_ptr() }
    }

    /// The same from another pixel on.
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    #[inline(always)]
    pub(super) const fn from(self, at: usize) -> Self {
        Self { labels: self.labels.wrapping_add(at), ..self }
    }

    /// Counts a pixel, unless its label is the ignored one; whether it counts.
    ///
    /// # Safety
    ///
    /// There is a word for `won`, and one for the label unless it is ignored.
    #[inline(always)]
    pub(super) unsafe fn add(self, won: usize, label: u8) -> bool {
        if Some(label) == self.ignore {
            return false;
        }
        let label = usize::from(label);
        // SAFETY: the caller's.
        unsafe {
            (*self.words.add(won)).win();
            (*self.words.add(label)).label((won == label).into());
        }
        true
    }
}

/// Counts the winners of interleaved rows and the labels beside them, and says how many pixels the ignore label leaves out;
/// `None`, and nothing is counted, if there are more pixels than [`Won::RUN`], or fewer bytes or words than pixels and channels
/// want.
#[inline(always)]
pub(crate) fn row_winners<const C: usize>(p: &[u8], flip: u8, labels: Labels<'_>, words: &mut [Won; C]) -> Option<u32> {
    let (pixels, channels) = (labels.bytes().len(), labels.channels());
    let fits = channels == C && pixels <= Won::RUN && pixels.checked_mul(channels)? <= p.len();
    if !fits {
        return None;
    }
    // SAFETY: a label and a row of channels for each pixel, and a word for each channel, which every label is that is not
    // ignored: `Labels` looked at them.
    Some(unsafe {
        let run = Run::new(labels, words);
        if flip == 0 {
            rows_of::<0, C>(p.as_ptr(), pixels, run)
        } else {
            rows_of::<FLIPPED, C>(p.as_ptr(), pixels, run)
        }
    })
}

/// The same of winners that were found before.
pub(crate) fn won(won: &[u8], labels: Labels<'_>, words: &mut [Won]) -> Option<u32> {
    let (pixels, channels) = (labels.bytes().len(), labels.channels());
    // Winners are channels, as labels are that none is excused of.
    let winners = Labels::new(won.get(..pixels)?, channels, None).ok()?;
    if pixels > Won::RUN || words.len() < channels {
        return None;
    }
    // SAFETY: a label and a winner for each pixel, and a word for each of them that counts.
    Some(unsafe { count_won(winners.bytes().as_ptr(), pixels, channels, Run::new(labels, words)) })
}

/// One loop for any number of channels where lanes take them or text is short; else one for each number, in which all channels
/// of a pixel follow each other.
///
/// # Safety
///
/// As [`all_rows`], of `C` channels.
#[cfg_attr(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "small")), inline(never))]
unsafe fn rows_of<const FLIP: u32, const C: usize>(p: *const u8, pixels: usize, run: Run) -> u32 {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "small"))]
    // SAFETY: the caller's.
    return unsafe { all_rows::<FLIP>(p, C, pixels, run) };
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "small")))]
    // SAFETY: the caller's.
    return unsafe { each_row::<FLIP>(p, C, pixels, run) };
}

/// # Safety
///
/// `p` is readable for `pixels` rows of `channels` > 0 bytes, the labels for a byte each; there is a word for each channel,
/// and each label that is not ignored is one.
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "small"))]
#[inline(never)]
unsafe fn all_rows<const FLIP: u32>(p: *const u8, channels: usize, pixels: usize, run: Run) -> u32 {
    // Where text is short, one loop does.
    #[cfg(all(soft_dice_lanes = "dsp", not(soft_dice_lanes = "small")))]
    if channels >= 4 && pixels >= 4 {
        let mut left_out = 0;
        // SAFETY: the caller's, of the whole fours; then the last four, of which those are skipped that were counted.
        unsafe {
            if channels == 4 {
                four_rows::<FLIP, false>(p, 4, pixels / 4, run, &raw mut left_out);
            } else {
                four_rows::<FLIP, true>(p, channels, pixels / 4, run, &raw mut left_out);
            }
            if !pixels.is_multiple_of(4) {
                let won = last_four::<FLIP>(p.add((pixels - 4) * channels), channels);
                let labels = run.labels.add(pixels - 4).cast::<u32>().read_unaligned();
                some_of_four(won, labels, run, 4 - pixels % 4, &raw mut left_out);
            }
        }
        return left_out;
    }
    #[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
    {
        let (mut room, mut left_out, mut at) = ([0u8; BLOCK], 0, 0);
        while at < pixels {
            let n = (pixels - at).min(BLOCK);
            // SAFETY: the caller's rows and labels from `at` on, of which `n` are there, and the room holds as many winners.
            left_out += unsafe {
                let (p, run) = (p.add(at * channels), run.from(at));
                match super::helium::classes::winners::<FLIP>(p, channels, n, room.as_mut_ptr()) {
                    0 => each_row::<FLIP>(p, channels, n, run),
                    _ => count_won(room.as_ptr(), n, channels, run),
                }
            };
            at += n;
        }
        return left_out;
    }
    #[cfg(not(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small"))))]
    // SAFETY: the caller's.
    unsafe {
        each_row::<FLIP>(p, channels, pixels, run)
    }
}

/// A channel beside the greatest of those before it: of equal values the first stays.
///
/// RISC-V has no instruction that chooses, and the compiler makes five of each choice; the branch is nearly always taken, since of
/// `n` channels in any order 1 + ½ + … + 1/n are greater than all before them.
#[cfg(all(soft_dice_lanes = "swar", not(soft_dice_lanes = "small"), any(not(soft_dice_lanes = "vector"), test)))]
#[inline(always)]
pub(super) fn take<const CHANNEL: usize>(x: i32, most: &mut i32, winner: &mut usize) {
    #[cfg(target_arch = "riscv32")]
    // SAFETY: registers alone.
    unsafe {
        core::arch::asm!(
            "bge {most}, {x}, 2f", "mv {most}, {x}", "li {winner}, {channel}", "2:",
            x = in(reg) x, most = inout(reg) *most, winner = inout(reg) *winner, channel = const CHANNEL,
            options(pure, nomem, nostack, preserves_flags)
        );
    }
    #[cfg(not(target_arch = "riscv32"))]
    if x > *most {
        (*most, *winner) = (x, CHANNEL);
    }
}

/// The first greatest of a row's channels, by branches as [`take`] has them.
///
/// # Safety
///
/// `p` is readable for `channels` > 0 bytes.
#[cfg(target_arch = "riscv32")]
#[inline(always)]
unsafe fn winner<const FLIP: u32>(p: *const u8, channels: usize) -> usize {
    // SAFETY: the caller's; four channels at a time as long as there are as many, then those that are left.
    unsafe {
        let code = |at: *const u8| if FLIP == 0 { i32::from(*at) } else { i32::from(*at.cast::<i8>()) };
        let (mut most, mut winner, mut next) = (code(p), p.addr(), p.add(1));
        macro_rules! beside {
            ($k:literal) => {
                core::arch::asm!(
                    "bge {most}, {x}, 2f", "mv {most}, {x}", "addi {winner}, {next}, {k}", "2:",
                    x = in(reg) code(next.add($k)), next = in(reg) next.addr(), k = const $k,
                    most = inout(reg) most, winner = inout(reg) winner,
                    options(pure, nomem, nostack, preserves_flags)
                )
            };
        }
        let end = next.add((channels - 1) & !3);
        while next != end {
            beside!(0);
            beside!(1);
            beside!(2);
            beside!(3);
            next = next.add(4);
        }
        let left = (channels - 1) % 4;
        if left > 0 {
            beside!(0);
        }
        if left > 1 {
            beside!(1);
        }
        if left > 2 {
            beside!(2);
        }
        // The last channel's comparison is the last to read it.
        let _ = most;
        winner - p.addr()
    }
}

/// The first greatest of a row's channels.
///
/// # Safety
///
/// `p` is readable for `channels` > 0 bytes.
#[cfg(not(target_arch = "riscv32"))]
#[inline(always)]
unsafe fn winner<const FLIP: u32>(p: *const u8, channels: usize) -> usize {
    // SAFETY: the caller's.
    unsafe {
        let code = |at: *const u8| if FLIP == 0 { i32::from(*at) } else { i32::from(*at.cast::<i8>()) };
        let (mut most, mut winner) = (code(p), 0);
        for channel in 1..channels {
            let x = code(p.add(channel));
            // Of equal values the first stays.
            if x > most {
                (most, winner) = (x, channel);
            }
        }
        winner
    }
}

/// # Safety
///
/// As [`all_rows`].
#[inline(always)]
unsafe fn each_row<const FLIP: u32>(mut p: *const u8, channels: usize, pixels: usize, run: Run) -> u32 {
    // SAFETY: the caller's; a row's channels end with the row.
    unsafe {
        let (mut left_out, mut label) = (0, run.labels);
        let end = label.add(pixels);
        while label != end {
            let winner = winner::<FLIP>(p, channels);
            left_out += u32::from(!run.add(winner, *label));
            (p, label) = (p.add(channels), label.add(1));
        }
        left_out
    }
}

/// # Safety
///
/// `won` and the labels are readable for `pixels` bytes, and each that counts has a word, of which there are `channels`.
#[inline(never)]
pub(super) unsafe fn count_won(won: *const u8, pixels: usize, channels: usize, run: Run) -> u32 {
    #[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
    if channels <= IN_VECTORS {
        // SAFETY: the caller's, and a word for each of the channels.
        return unsafe {
            super::helium::classes::counts(won, run.labels, pixels, channels, run.ignore, |class, found| {
                (*run.words.add(class)).count(found);
            })
        };
    }
    #[cfg(not(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small"))))]
    let _ = channels;
    let mut left_out = 0;
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    let from = pixels / 4 * 4;
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
    let from = 0;
    // SAFETY: places below `pixels`.
    unsafe {
        #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
        for at in (0..from).step_by(4) {
            let word = won.add(at).cast::<u32>().read_unaligned();
            four(word, run.labels.add(at).cast::<u32>().read_unaligned(), run, &raw mut left_out);
        }
        for at in from..pixels {
            left_out += u32::from(!run.add(usize::from(*won.add(at)), *run.labels.add(at)));
        }
    }
    left_out
}

/// Counts four pixels, and in `left_out` those that the ignore label leaves out.
///
/// # Safety
///
/// There is a word for each winner, and for each label that is not ignored.
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(always)]
unsafe fn four(won: u32, labels: u32, run: Run, left_out: *mut u32) {
    let byte = |word: u32, place: u32| word >> (8 * place) & 0xFF;
    if let Some(ignore) = run.ignore
        && where_at_least(0, labels ^ u32::from(ignore) * BYTES, BYTES) != 0
    {
        // SAFETY: the caller's.
        unsafe { some_of_four(won, labels, run, 0, left_out) };
        return;
    }
    let same = where_at_least(0, won ^ labels, BYTES);
    for place in 0..4 {
        // SAFETY: the caller's.
        unsafe {
            (*run.words.add(byte(won, place) as usize)).win();
            (*run.words.add(byte(labels, place) as usize)).label(byte(same, place));
        }
    }
}

/// The same but for the first `skip`, one by one; out of line, since the loop is short of registers.
///
/// # Safety
///
/// As [`four`]; `left_out` is written.
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(never)]
unsafe fn some_of_four(won: u32, labels: u32, run: Run, skip: usize, left_out: *mut u32) {
    let (mut won, mut labels, mut left) = (won >> (8 * skip), labels >> (8 * skip), 4 - skip);
    while left > 0 {
        // SAFETY: the caller's.
        unsafe { *left_out += u32::from(!run.add((won & 0xFF) as usize, labels as u8)) };
        (won, labels, left) = (won >> 8, labels >> 8, left - 1);
    }
}

/// The same of any number of channels from four on, out of line.
///
/// # Safety
///
/// As [`won_by_four`].
#[cfg(all(soft_dice_lanes = "dsp", not(soft_dice_lanes = "small")))]
#[inline(never)]
unsafe fn last_four<const FLIP: u32>(p: *const u8, channels: usize) -> u32 {
    // SAFETY: the caller's.
    unsafe { won_by_four::<FLIP, true>(p, channels) }
}

/// Counts `fours` times four pixels.
///
/// # Safety
///
/// As [`all_rows`] of as many pixels, and as [`won_by_four`]; `left_out` is written.
#[cfg(all(soft_dice_lanes = "dsp", not(soft_dice_lanes = "small")))]
#[inline(never)]
unsafe fn four_rows<const FLIP: u32, const MORE: bool>(
    mut p: *const u8,
    channels: usize,
    fours: usize,
    run: Run,
    left_out: *mut u32,
) {
    let mut label = run.labels;
    // SAFETY: the caller's.
    unsafe {
        let end = label.add(4 * fours);
        while label != end {
            let won = won_by_four::<FLIP, MORE>(p, channels);
            four(won, label.cast::<u32>().read_unaligned(), run, left_out);
            (p, label) = (p.add(4 * channels), label.add(4));
        }
    }
}

/// Writes the winner of each interleaved row, one for each place of `to`; whether there are as many rows.
// A host has lanes of its own for these.
#[cfg(not(soft_dice_lanes = "vector"))]
#[inline(always)]
pub(crate) fn winners_of_rows<const C: usize>(p: &[u8], flip: u8, to: &mut [u8]) -> bool {
    if !(1..=256).contains(&C) || to.len().checked_mul(C).is_none_or(|bytes| bytes > p.len()) {
        return false;
    }
    let (p, pixels, to) = (p.as_ptr(), to.len(), to.as_mut_ptr());
    // SAFETY: a row for each place.
    unsafe {
        if flip == 0 {
            written_of::<0, C>(p, pixels, to);
        } else {
            written_of::<FLIPPED, C>(p, pixels, to);
        }
    }
    true
}

/// As [`rows_of`]: one loop, or one for each number of channels.
///
/// # Safety
///
/// As [`written`], of `C` channels.
#[cfg(not(soft_dice_lanes = "vector"))]
#[cfg_attr(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "small")), inline(never))]
unsafe fn written_of<const FLIP: u32, const C: usize>(p: *const u8, pixels: usize, to: *mut u8) {
    // SAFETY: the caller's.
    unsafe { written::<FLIP>(p, C, pixels, to) }
}

/// # Safety
///
/// `p` is readable for `pixels` rows of `channels` > 0 bytes, and as many places of `to` are written.
#[cfg(not(soft_dice_lanes = "vector"))]
#[cfg_attr(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "small"), inline(never))]
#[cfg_attr(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "small")), inline(always))]
unsafe fn written<const FLIP: u32>(p: *const u8, channels: usize, pixels: usize, to: *mut u8) {
    // SAFETY: the caller's.
    unsafe {
        #[cfg(all(soft_dice_lanes = "dsp", not(soft_dice_lanes = "small")))]
        if channels >= 4 && pixels >= 4 {
            let put = |at: usize, won: u32| to.add(at).cast::<u32>().write_unaligned(won);
            if channels == 4 {
                (0..pixels / 4).for_each(|four| put(4 * four, won_by_four::<FLIP, false>(p.add(16 * four), 4)));
            } else {
                for at in (0..pixels & !3).step_by(4) {
                    put(at, won_by_four::<FLIP, true>(p.add(at * channels), channels));
                }
            }
            // The last four once more, where they are no whole four.
            put(pixels - 4, last_four::<FLIP>(p.add((pixels - 4) * channels), channels));
            return;
        }
        #[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
        let from = super::helium::classes::winners::<FLIP>(p, channels, pixels, to);
        #[cfg(not(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small"))))]
        let from = 0;
        for at in from..pixels {
            *to.add(at) = winner::<FLIP>(p.add(at * channels), channels) as u8;
        }
    }
}

/// A channel of some pixels beside the greatest of those before it: where it is above, it and its number take their place.
#[inline(always)]
pub(crate) fn winner_column(channel: u8, x: &[u8], flip: u8, most: &mut [u8], won: &mut [u8]) {
    if flip == 0 {
        column::<0>(channel, x, most, won);
    } else {
        column::<FLIPPED>(channel, x, most, won);
    }
}

#[inline(never)]
fn column<const FLIP: u32>(channel: u8, x: &[u8], most: &mut [u8], won: &mut [u8]) {
    let n = x.len();
    let (Some(most), Some(won)) = (most.get_mut(..n), won.get_mut(..n)) else { return };
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    let (x, most, won) = {
        let ((x, x_rest), (most, most_rest), (won, won_rest)) =
            (x.as_chunks::<4>(), most.as_chunks_mut::<4>(), won.as_chunks_mut::<4>());
        let channel = u32::from(channel) * BYTES;
        for ((&x, most), won) in x.iter().zip(most).zip(won) {
            let (mut greatest, mut winner) = (u32::from_ne_bytes(*most), u32::from_ne_bytes(*won));
            greater::<FLIP>(u32::from_ne_bytes(x), channel, &mut greatest, &mut winner);
            (*most, *won) = (greatest.to_ne_bytes(), winner.to_ne_bytes());
        }
        (x_rest, most_rest, won_rest)
    };
    for ((&x, most), won) in x.iter().zip(most).zip(won) {
        if x ^ FLIP as u8 > *most ^ FLIP as u8 {
            (*most, *won) = (x, channel);
        }
    }
}
