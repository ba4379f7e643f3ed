//! Rows of a picture, 16 pixels to a vector; the lanes past the end are switched off.

use core::arch::asm;

/// Nothing is added to the change.
pub const BIAS: u8 = 0;

/// As `loops::lines` defines it. The row before begins at `above`, the pixel before a row's first at `light` − 1.
///
/// # Safety
///
/// All are readable, and `columns` and `now` writable, for `n` bytes; `light` − 1 is readable.
#[inline(never)]
pub unsafe fn steps(light: *const u8, above: *const u8, columns: *mut u8, last: *const u8, now: *mut u8, n: usize) {
    // SAFETY: as promised by the caller.
    unsafe {
        asm!(
            "vmov.i8 q3, #63",
            "wlstp.8 lr, {n}, 3f",
            "2:",
            "vldrb.u8 q1, [{light}, #-1]",
            "vldrb.u8 q0, [{light}], #16",
            "vabd.u8 q1, q0, q1",
            "vldrb.u8 q2, [{above}], #16",
            "vabd.u8 q0, q0, q2",
            "vldrb.u8 q2, [{last}], #16",
            "vqadd.u8 q0, q0, q1",
            "vldrb.u8 q1, [{columns}]",
            "vmin.u8 q0, q0, q3",
            "vmax.u8 q1, q1, q2",
            "vstrb.8 q0, [{now}], #16",
            "vmax.u8 q1, q1, q0",
            "vstrb.8 q1, [{columns}], #16",
            "letp lr, 2b",
            "3:",
            light = inout(reg) light => _, above = inout(reg) above => _, columns = inout(reg) columns => _,
            last = inout(reg) last => _, now = inout(reg) now => _, n = in(reg) n, out("lr") _,
            out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
            options(nostack)
        );
    }
}

/// Writes words.
///
/// # Safety
///
/// `to` is aligned, and writable for `words` of them.
#[inline(never)]
pub unsafe fn fill(to: *mut u32, words: usize, word: u32) {
    // SAFETY: as promised by the caller.
    unsafe {
        asm!(
            "vdup.32 q0, {word}",
            "wlstp.32 lr, {n}, 3f",
            "2:",
            "vstrw.32 q0, [{to}], #16",
            "letp lr, 2b",
            "3:",
            to = inout(reg) to => _, n = in(reg) words, word = in(reg) word, out("lr") _, out("d0") _, out("d1") _,
            options(nostack)
        );
    }
}

/// Copies bytes.
///
/// # Safety
///
/// `from` is readable and `to` writable for `n` bytes.
#[inline(always)]
pub unsafe fn copy(from: *const u8, to: *mut u8, n: usize) {
    // SAFETY: as promised by the caller.
    unsafe {
        asm!(
            "wlstp.8 lr, {n}, 3f",
            "2:",
            "vldrb.u8 q0, [{from}], #16",
            "vstrb.8 q0, [{to}], #16",
            "letp lr, 2b",
            "3:",
            from = inout(reg) from => _, to = inout(reg) to => _, n = in(reg) n, out("lr") _, out("d0") _, out("d1") _,
            options(nostack)
        );
    }
}

/// As `loops::lines` defines it; the marks of a vector that ends early are written in two bytes, 0 past the end.
///
/// # Safety
///
/// `bytes` is readable for `n` bytes, and `marks` writable for two bytes for each 16 of them, begun or whole.
#[inline(always)]
pub unsafe fn marks(bytes: *const u8, flip: u8, cut: u8, marks: *mut u8, n: usize) {
    // SAFETY: the caller's.
    unsafe {
        if flip == 0 { marks_of::<false>(bytes, cut, marks, n) } else { marks_of::<true>(bytes, cut ^ flip, marks, n) }
    }
}

/// The same of bytes that are `SIGNED`, and so is the cut.
///
/// # Safety
///
/// As [`marks`].
#[inline(never)]
unsafe fn marks_of<const SIGNED: bool>(bytes: *const u8, cut: u8, marks: *mut u8, n: usize) {
    macro_rules! run {
        ($compare:literal) => {
            asm!(
                "wlstp.8 lr, {n}, 3f",
                "2:",
                "vldrb.u8 q0, [{bytes}], #16",
                concat!("vcmp.", $compare, ", q0, {cut}"),
                "vmrs {t}, p0",
                "strh {t}, [{marks}], #2",
                "letp lr, 2b",
                "3:",
                bytes = inout(reg) bytes => _, marks = inout(reg) marks => _, cut = in(reg) u32::from(cut),
                n = in(reg) n, t = out(reg) _, out("lr") _, out("d0") _, out("d1") _, options(nostack)
            )
        };
    }
    // SAFETY: as promised by the caller. Of the cut the lowest byte is compared.
    unsafe { if SIGNED { run!("s8 ge") } else { run!("u8 cs") } }
}

/// As `loops::lines` defines it, four words to a vector.
///
/// # Safety
///
/// All are readable for `words` words, `own` for one before and one after, and `up` is writable.
#[inline(never)]
pub unsafe fn rims(up: *mut u32, own: *const u32, down: *const u32, words: usize) {
    // SAFETY: as promised by the caller.
    unsafe {
        asm!(
            "wlstp.32 lr, {n}, 3f",
            "2:",
            "vldrw.u32 q1, [{own}, #-4]",
            "vldrw.u32 q2, [{own}, #4]",
            "vldrw.u32 q0, [{own}], #16",
            // Its neighbours on either side: a bit of the word beside it moves in.
            "vshl.i32 q3, q0, #1",
            "vsri.32 q3, q1, #31",
            "vshr.u32 q1, q0, #1",
            "vsli.32 q1, q2, #31",
            "vldrw.u32 q2, [{up}]",
            "vand q3, q3, q1",
            "vldrw.u32 q1, [{down}], #16",
            "vand q3, q3, q2",
            "vand q3, q3, q1",
            "vbic q0, q0, q3",
            "vstrw.32 q0, [{up}], #16",
            "letp lr, 2b",
            "3:",
            up = inout(reg) up => _, own = inout(reg) own => _, down = inout(reg) down => _, n = in(reg) words,
            out("lr") _, out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _,
            out("d7") _, options(nostack)
        );
    }
}

/// As `loops::lines` defines it.
///
/// # Safety
///
/// `columns` is readable for `n` bytes, and for one before and one after; `marks` for two bytes for each 16 of them, begun or
/// whole. `n` is below 2²⁴, so that sums fit 32 bits.
#[inline(never)]
pub unsafe fn gather(columns: *const u8, marks: *const u8, n: usize) -> [u32; 3] {
    let [mut all, mut count, mut under] = [0u32; 3];
    // SAFETY: as promised by the caller.
    unsafe {
        asm!(
            "vmov.i8 q3, #1",
            "wlstp.8 lr, {n}, 3f",
            "2:",
            "vldrb.u8 q1, [{columns}, #-1]",
            "vldrb.u8 q2, [{columns}, #1]",
            "vldrb.u8 q0, [{columns}], #16",
            "vmax.u8 q1, q1, q2",
            "ldrh {t}, [{marks}], #2",
            "vmax.u8 q0, q0, q1",
            "vaddva.u8 r0, q0",
            "vmsr p0, {t}",
            "vpstt",
            "vaddvat.u8 r2, q0",
            "vaddvat.u8 r4, q3",
            "letp lr, 2b",
            "3:",
            columns = inout(reg) columns => _, marks = inout(reg) marks => _, n = in(reg) n, t = out(reg) _,
            inout("r0") all, inout("r2") under, inout("r4") count, out("lr") _,
            out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
            options(readonly, nostack)
        );
    }
    [all, count, under]
}
