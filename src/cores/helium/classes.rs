//! Interleaved 8-bit channels: the sums of four beside labels, the greatest of any number, and what winners count for.
//!
//! ```text
//! for each two of four channels, for each vector of 16 pixels:
//!     load all four channels, each to a register                     VLD40 to VLD43
//!     load the labels;  where they count:  Σp += across              VPT, VADDVA
//!     where the label is the channel:      Σpt, Σt += across         VPT, VADDVA twice
//! ```
//!
//! The reductions want even registers, of which `asm!` gives six: three sums of two channels. So the channels are loaded
//! twice; that costs five instructions for 16 pixels, and keeping counts anywhere else costs more.
//!
//! VLD4 knows no predicate, so that what is left of a run is copied behind it to a whole vector. Channels that are not four
//! are gathered, eight pixels at a time: one instruction, but the core takes an element or two of it a cycle.
//!
//! **Overflow.** A call has at most 2¹⁵ pixels, so that sums of 8-bit codes, signed or not, fit 23 bits.

use core::arch::asm;

/// Pixels of a vector.
const LANES: usize = 16;

/// Σp, Σt and Σpt of the channels `FIRST` and the next one of four; pixels with the label `left_out` do not count.
///
/// # Safety
///
/// `p` is readable for 16 · `turns` rows of four bytes, `labels` for as many bytes; `turns` > 0.
#[inline(always)]
unsafe fn two_of_four<const FLIP: u32, const FIRST: u8>(
    p: *const u8,
    labels: *const u8,
    turns: usize,
    left_out: u8,
) -> [[u32; 3]; 2] {
    let [mut pa, mut pb, mut ta, mut tb, mut pta, mut ptb] = [0u32; 6];
    macro_rules! run {
        ($sign:literal, $a:literal, $b:literal) => {
            asm!(
                "vmov.i8 q5, #1",
                "vdup.8 q6, {a}",
                "vdup.8 q7, {b}",
                "dls lr, {turns}",
                "2:",
                "vld40.8 {{q0, q1, q2, q3}}, [{p}]",
                "vld41.8 {{q0, q1, q2, q3}}, [{p}]",
                "vld42.8 {{q0, q1, q2, q3}}, [{p}]",
                "vld43.8 {{q0, q1, q2, q3}}, [{p}]!",
                "vldrb.u8 q4, [{labels}], #16",
                "vptt.i8 ne, q4, {left_out}",
                concat!("vaddvat.", $sign, " r0, ", $a),
                concat!("vaddvat.", $sign, " r2, ", $b),
                "vptt.i8 eq, q4, q6",
                concat!("vaddvat.", $sign, " r4, ", $a),
                "vaddvat.u8 r8, q5",
                "vptt.i8 eq, q4, q7",
                concat!("vaddvat.", $sign, " r10, ", $b),
                "vaddvat.u8 r12, q5",
                "le lr, 2b",
                p = inout(reg) p => _, labels = inout(reg) labels => _, turns = in(reg) turns,
                left_out = in(reg) u32::from(left_out),
                // Read before the sums are wanted.
                a = in(reg) u32::from(FIRST), b = in(reg) u32::from(FIRST) + 1,
                inout("r0") pa, inout("r2") pb, inout("r4") pta, inout("r8") ta, inout("r10") ptb, inout("r12") tb,
                out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                out("d8") _, out("d9") _, out("d10") _, out("d11") _, out("d12") _, out("d13") _, out("d14") _,
                out("d15") _, options(readonly, nostack)
            )
        };
    }
    // SAFETY: whole vectors of rows and labels are readable.
    unsafe {
        match (FLIP != 0, FIRST) {
            (false, 0) => run!("u8", "q0", "q1"),
            (false, _) => run!("u8", "q2", "q3"),
            (true, 0) => run!("s8", "q0", "q1"),
            (true, _) => run!("s8", "q2", "q3"),
        }
    }
    [[pa, ta, pta], [pb, tb, ptb]]
}

/// Whole vectors.
///
/// # Safety
///
/// As [`two_of_four`], of any number of turns.
#[inline(never)]
unsafe fn four_turns<const FLIP: u32>(
    p: *const u8,
    labels: *const u8,
    turns: usize,
    left_out: u8,
    sums: &mut [[u32; 3]; 4],
) {
    if turns == 0 {
        return;
    }
    // SAFETY: the caller's.
    let [[a, b], [c, d]] = unsafe {
        [two_of_four::<FLIP, 0>(p, labels, turns, left_out), two_of_four::<FLIP, 2>(p, labels, turns, left_out)]
    };
    for (sums, found) in sums.iter_mut().zip([a, b, c, d]) {
        for (sum, found) in sums.iter_mut().zip(found) {
            *sum = sum.wrapping_add(found);
        }
    }
}

/// Σp, Σt and Σpt of each of four channels, u8 or with `FLIP` i8 as q + 128, and how many pixels count, which are those without
/// the label `left_out`.
///
/// # Safety
///
/// `p` is readable for `pixels` ≤ 2¹⁵ rows of four bytes, `labels` for as many bytes. Each label is below 4, or `left_out`.
pub unsafe fn four_sums<const FLIP: u32>(
    p: *const u8,
    labels: *const u8,
    pixels: usize,
    left_out: u8,
) -> ([[u32; 3]; 4], u32) {
    let mut sums = [[0u32; 3]; 4];
    let (whole, rest) = (pixels / LANES, pixels % LANES);
    // SAFETY: whole vectors, then what is left of them, copied to a whole one.
    unsafe {
        four_turns::<FLIP>(p, labels, whole, left_out, &mut sums);
        if rest > 0 {
            let (mut rows, mut last) = ([0u8; 4 * LANES], [left_out; LANES]);
            p.add(4 * LANES * whole).copy_to_nonoverlapping(rows.as_mut_ptr(), 4 * rest);
            labels.add(LANES * whole).copy_to_nonoverlapping(last.as_mut_ptr(), rest);
            four_turns::<FLIP>(rows.as_ptr(), last.as_ptr(), 1, left_out, &mut sums);
        }
    }
    let mut kept = 0u32;
    for (channel, [_, t, pt]) in sums.iter_mut().enumerate() {
        if channel == usize::from(left_out) {
            (*t, *pt) = (0, 0);
        }
        // Each pixel that counts bears one label.
        kept = kept.wrapping_add(*t);
    }
    if FLIP != 0 {
        for [p, t, pt] in &mut sums {
            *p = p.wrapping_add(kept.wrapping_mul(128));
            *pt = pt.wrapping_add(t.wrapping_mul(128));
        }
    }
    (sums, kept)
}

/// Writes the first greatest of four channels of each pixel.
///
/// # Safety
///
/// `p` is readable for 16 · `turns` rows of four bytes, and `to` is written for as many; `turns` > 0.
#[inline(never)]
unsafe fn four_winners<const FLIP: u32>(p: *const u8, to: *mut u8, turns: usize) {
    macro_rules! run {
        ($above:literal) => {
            asm!(
                "dls lr, {turns}",
                "2:",
                "vld40.8 {{q0, q1, q2, q3}}, [{p}]",
                "vld41.8 {{q0, q1, q2, q3}}, [{p}]",
                "vld42.8 {{q0, q1, q2, q3}}, [{p}]",
                "vld43.8 {{q0, q1, q2, q3}}, [{p}]!",
                "vmov.i8 q4, #0",
                concat!("vptt.", $above, ", q1, q0"),
                "vmovt q0, q1",
                "vmovt.i8 q4, #1",
                concat!("vptt.", $above, ", q2, q0"),
                "vmovt q0, q2",
                "vmovt.i8 q4, #2",
                concat!("vpt.", $above, ", q3, q0"),
                "vmovt.i8 q4, #3",
                "vstrb.8 q4, [{to}], #16",
                "le lr, 2b",
                p = inout(reg) p => _, to = inout(reg) to => _, turns = in(reg) turns, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                out("d8") _, out("d9") _, options(nostack)
            )
        };
    }
    // SAFETY: the caller's.
    unsafe { if FLIP != 0 { run!("s8 gt") } else { run!("u8 hi") } }
}

/// Writes the first greatest channel of each of eight pixels.
///
/// # Safety
///
/// `p` is readable for eight rows of `channels` bytes, of which there are 2 to 256, and `to` is written for eight.
#[inline(always)]
unsafe fn eight_winners<const FLIP: u32>(p: *const u8, channels: usize, to: *mut u8) {
    let more = channels - 1;
    macro_rules! channel {
        ($load:literal) => {
            // A channel is known by the lowest bits of its address, from which those of the first are taken at the end.
            concat!(
                "adds {b}, #1\nvldrb.",
                $load,
                " q1, [{b}, q3]\nvptt.s16 gt, q1, q0\nvmovt q0, q1\nvdupt.16 q2, {b}\n"
            )
        };
    }
    macro_rules! run {
        ($load:literal) => {
            asm!(
                "vidup.u16 q3, r4, #1",
                "vmul.i16 q3, q3, {channels}",
                "vdup.16 q2, {b}",
                concat!("vldrb.", $load, " q0, [{b}, q3]"),
                "wls lr, {fours}, 3f",
                "2:",
                channel!($load), channel!($load), channel!($load), channel!($load),
                "le lr, 2b",
                "3:",
                "wls lr, {ones}, 5f",
                "4:",
                channel!($load),
                "le lr, 4b",
                "5:",
                "vsub.i16 q2, q2, {p}",
                "vstrb.16 q2, [{to}]",
                b = inout(reg) p => _, p = in(reg) p, to = in(reg) to, channels = in(reg) channels,
                fours = in(reg) more / 4, ones = in(reg) more % 4, inout("r4") 0u32 => _, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                options(nostack)
            )
        };
    }
    // SAFETY: the caller's; the last offset is at most 7 · 256.
    unsafe { if FLIP != 0 { run!("s16") } else { run!("u16") } }
}

/// Writes the first greatest channel of each pixel; how many pixels from the first on were taken.
///
/// # Safety
///
/// `p` is readable for `pixels` rows of `channels` bytes, of which there are 1 to 256, and `to` is written for as many.
#[inline(never)]
pub unsafe fn winners<const FLIP: u32>(p: *const u8, channels: usize, pixels: usize, to: *mut u8) -> usize {
    // SAFETY: whole vectors; the last one once more where pixels are left that are fewer.
    unsafe {
        if channels == 4 && pixels >= LANES {
            four_winners::<FLIP>(p, to, pixels / LANES);
            let last = pixels - LANES;
            if !pixels.is_multiple_of(LANES) {
                four_winners::<FLIP>(p.add(4 * last), to.add(last), 1);
            }
            return pixels;
        }
        if channels < 2 || pixels < 8 {
            return 0;
        }
        let mut at = 0;
        while pixels - at >= 8 {
            eight_winners::<FLIP>(p.add(at * channels), channels, to.add(at));
            at += 8;
        }
        if at < pixels {
            eight_winners::<FLIP>(p.add((pixels - 8) * channels), channels, to.add(pixels - 8));
        }
        pixels
    }
}

/// Of the classes `class` and the next one: pixels that are won, that bear the label, and both. With `SOME`, pixels with the
/// label `ignored` count for none.
///
/// # Safety
///
/// `won` and `labels` are readable for `n` ≤ 2¹⁵ bytes.
#[inline(always)]
unsafe fn two_counts<const SOME: bool>(
    won: *const u8,
    labels: *const u8,
    n: usize,
    class: u8,
    ignored: u8,
) -> [[u32; 3]; 2] {
    let [mut wa, mut wb, mut la, mut lb, mut same_a, mut same_b] = [0u32; 6];
    macro_rules! run {
        ($some:literal) => {
            asm!(
                "vmov.i8 q4, #1",
                "vdup.8 q2, {a}",
                "vadd.i8 q3, q2, q4",
                "wlstp.8 lr, {n}, 3f",
                "2:",
                "vldrb.u8 q0, [{won}], #16",
                "vldrb.u8 q1, [{labels}], #16",
                $some,
                "vpttt.i8 eq, q0, q2",
                "vaddvat.u8 r0, q4",
                "vcmpt.i8 eq, q1, q2",
                "vaddvat.u8 r2, q4",
                "vpt.i8 eq, q1, q2",
                "vaddvat.u8 r4, q4",
                "vpttt.i8 eq, q0, q3",
                "vaddvat.u8 r8, q4",
                "vcmpt.i8 eq, q1, q3",
                "vaddvat.u8 r10, q4",
                "vpt.i8 eq, q1, q3",
                "vaddvat.u8 r12, q4",
                "letp lr, 2b",
                "3:",
                won = inout(reg) won => _, labels = inout(reg) labels => _, n = in(reg) n, a = in(reg) u32::from(class),
                ignored = in(reg) u32::from(ignored),
                inout("r0") wa, inout("r2") same_a, inout("r4") la, inout("r8") wb, inout("r10") same_b,
                inout("r12") lb, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                out("d8") _, out("d9") _, options(readonly, nostack)
            )
        };
    }
    // SAFETY: n bytes of each are readable.
    unsafe {
        if SOME {
            // 255 is a winner only among 256 channels, which the caller does not bring.
            run!("vpt.i8 eq, q1, {ignored}\nvmovt.i8 q0, #255\n");
        } else {
            run!("// {ignored}");
        }
    }
    [[wa, la, same_a], [wb, lb, same_b]]
}

/// Tells `add` of each class what it has won, how many labels it has, and both; how many pixels the ignore label leaves out.
///
/// # Safety
///
/// `won` and `labels` are readable for `n` ≤ 2¹⁵ bytes; winners are below `classes`, which are 1 to 255, and labels are, or are
/// ignored.
#[inline(always)]
pub unsafe fn counts(
    won: *const u8,
    labels: *const u8,
    n: usize,
    classes: usize,
    ignore: Option<u8>,
    mut add: impl FnMut(usize, [u32; 3]),
) -> u32 {
    let mut seen = 0u32;
    for first in (0..classes).step_by(2) {
        let class = first as u8;
        // SAFETY: the caller's.
        let two = unsafe {
            match ignore {
                None => two_counts::<false>(won, labels, n, class, 0),
                Some(ignored) => two_counts::<true>(won, labels, n, class, ignored),
            }
        };
        for (class, [wins, mut labels, mut same]) in (first..classes).zip(two) {
            if ignore.is_some_and(|ignored| usize::from(ignored) == class) {
                (labels, same) = (0, 0);
            }
            seen = seen.wrapping_add(labels);
            add(class, [wins, labels, same]);
        }
    }
    (n as u32).wrapping_sub(seen)
}
