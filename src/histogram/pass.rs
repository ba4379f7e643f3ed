//! Counting: the pass over a chunk.
//!
//! ```text
//! for each pixel that counts:   table[raw byte + (256 where the target is 1)] += 1
//! ```
//!
//! A microcontroller counts in the histogram itself, and where it has the DSP extension it works out the cells of four pixels at a
//! time (`src/cores/simd32/cells.rs`). A host would wait: where neighbours bear one code, as they mostly do, each
//! addition waits for the store of the one before. So it counts neighbours in a few tables, which it adds up at the end, and
//! works out for a block of pixels at a time which cell each belongs to, which the compiler does in vectors. Where all of some
//! neighbours bear one code, as within most of a map, they are one addition: a word of equal bytes is itself when it is rotated.

use super::cells::{CELLS, CODES};
use super::counter::Counter;
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use crate::cores::simd32::cells::each_cell;
use crate::element::{EightBit, Reading};
use crate::error::Error;
use crate::pixels::{ByteMask, Mark, Mask, Pair, Shape, Within};

/// Pixels from which on the host's tables are worth their clearing and adding.
#[cfg(soft_dice_lanes = "vector")]
const WORTH: usize = 4096;

/// Pixels of a call up to which they are: their cells have 32 bits.
#[cfg(soft_dice_lanes = "vector")]
const MOST: usize = u32::MAX as usize;

/// Counts the pixels of a pair for which there is room; how many were left out. Refused, the table is as it was.
pub(super) fn against<P: EightBit, N: Counter>(
    element: &P,
    table: &mut [N; CELLS],
    pair: Pair<'_, P::Raw, Mask<'_>>,
) -> Result<u64, Error> {
    #[cfg(soft_dice_lanes = "vector")]
    if (WORTH..=MOST).contains(&pair.prediction().len()) && !pair.target().is_own() {
        return host::against(table, P::raw_bytes(pair.prediction()), pair.target(), pair.region());
    }
    let (ignored, broken) = in_place::<P, N, true>(element, table, pair);
    if broken {
        // The same pass takes off what it has added: it costs nothing until then.
        in_place::<P, N, false>(element, table, pair);
        return Err(Error::Mask);
    }
    Ok(ignored)
}

/// Whether a byte of a declared target has another value, where the pixel counts.
pub(super) fn broken<R>(pair: Pair<'_, R, Mask<'_>>) -> bool {
    let (target, region) = (pair.target(), pair.region());
    let declared = matches!(target, Mask::Bytes(ByteMask { meaning, .. }) if meaning.others == Mark::Broken);
    declared && (0..pair.prediction().len()).any(|at| region.keeps(at) && target.mark(at, 0) == Mark::Broken)
}

/// Counts the pixels of a map without a target, in a region.
pub(super) fn alone<N: Counter>(table: &mut [N; CODES], bytes: &[u8], region: Within<'_>) -> u64 {
    if let Within::Everywhere = region {
        #[cfg(soft_dice_lanes = "vector")]
        if bytes.len() >= WORTH {
            host::alone(table, bytes);
            return 0;
        }
        for &byte in bytes {
            // A byte is below 256, as the compiler sees.
            let cell = &mut table[usize::from(byte)];
            *cell = cell.up();
        }
        return 0;
    }
    let mut ignored = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if region.keeps(at) {
            let cell = &mut table[usize::from(byte)];
            *cell = cell.up();
        } else {
            ignored += 1;
        }
    }
    ignored
}

/// Adds each pixel to its cell, or takes it off: how many were left out, and whether a byte of the mask was broken.
#[inline(always)]
fn in_place<P: EightBit, N: Counter, const ADD: bool>(
    element: &P,
    table: &mut [N; CELLS],
    pair: Pair<'_, P::Raw, Mask<'_>>,
) -> (u64, bool) {
    let bytes = P::raw_bytes(pair.prediction());
    if let (Mask::Bytes(ByteMask { bytes: marks, meaning }), Within::Everywhere) = (pair.target(), pair.region()) {
        #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
        {
            let step = |cell: N| if ADD { cell.up() } else { cell.down() };
            if let Some(broken) = each_cell(table, bytes, marks, meaning.shape(), step) {
                return (0, broken);
            }
        }
        let mut broken = 0u8;
        match meaning.shape() {
            Shape::NonZero | Shape::ZeroOne { checked: false } | Shape::ZeroFull { checked: false } => {
                each::<N, ADD>(table, bytes, marks, |mark| mark != 0);
            }
            Shape::ZeroOne { checked: true } => each::<N, ADD>(table, bytes, marks, |mark| {
                broken |= mark & 0xFE;
                mark != 0
            }),
            Shape::ZeroFull { checked: true } => each::<N, ADD>(table, bytes, marks, |mark| {
                broken |= (mark ^ mark >> 1) & 0x7F;
                mark != 0
            }),
            Shape::Class(class) => each::<N, ADD>(table, bytes, marks, |mark| mark == class),
            Shape::Ignoring { .. } | Shape::Other => return carefully::<P, N, ADD>(element, table, pair),
        }
        return (0, broken != 0);
    }
    carefully::<P, N, ADD>(element, table, pair)
}

/// Every pixel counts.
#[inline(always)]
fn each<N: Counter, const ADD: bool>(
    table: &mut [N; CELLS],
    bytes: &[u8],
    marks: &[u8],
    mut one: impl FnMut(u8) -> bool,
) {
    let mut pixel = |byte: u8, mark: u8| {
        // Below 512, as the compiler sees.
        let cell = &mut table[usize::from(byte) + (usize::from(one(mark)) << 8)];
        *cell = if ADD { cell.up() } else { cell.down() };
    };
    // Four at a time, where the end of the loop would cost as much as a third of a pixel.
    let ((fours, rest), (fours_of_marks, rest_of_marks)) = (bytes.as_chunks::<4>(), marks.as_chunks::<4>());
    for (&[a, b, c, d], &[e, f, g, h]) in fours.iter().zip(fours_of_marks) {
        pixel(a, e);
        pixel(b, f);
        pixel(c, g);
        pixel(d, h);
    }
    for (&byte, &mark) in rest.iter().zip(rest_of_marks) {
        pixel(byte, mark);
    }
}

/// Any target in any region.
fn carefully<P: EightBit, N: Counter, const ADD: bool>(
    element: &P,
    table: &mut [N; CELLS],
    pair: Pair<'_, P::Raw, Mask<'_>>,
) -> (u64, bool) {
    let (target, region) = (pair.target(), pair.region());
    let (mut ignored, mut broken) = (0, false);
    for (at, (&raw, &byte)) in pair.prediction().iter().zip(P::raw_bytes(pair.prediction())).enumerate() {
        if !region.keeps(at) {
            ignored += 1;
            continue;
        }
        let key = match element.read(raw) {
            Reading::Valid(code) | Reading::Clamped(code) if target.is_own() => code,
            _ => 0,
        };
        let one = match target.mark(at, key) {
            Mark::Zero => 0,
            Mark::One => CODES,
            Mark::Ignored => {
                ignored += 1;
                continue;
            }
            Mark::Broken => {
                broken = true;
                continue;
            }
        };
        let cell = &mut table[usize::from(byte) | one & CODES];
        *cell = if ADD { cell.up() } else { cell.down() };
    }
    (ignored, broken)
}

/// Counting in a few tables.
#[cfg(soft_dice_lanes = "vector")]
mod host {
    use super::*;
    use crate::pixels::{BitRun, SPAN};

    /// Pixels of a block, whose cells are worked out at once.
    const BLOCK: usize = if cfg!(target_arch = "aarch64") { 256 } else { 1024 };
    /// Tables that do not wait for each other. Each is cleared and added up once a call: two are what a call of 4096 pixels on NEON, in
    /// `benches/counts.txt`, has room for beneath the instructions of a plain loop.
    const TABLES: usize = if cfg!(target_arch = "aarch64") { 2 } else { 4 };
    const _: () = assert!(8usize.is_multiple_of(TABLES));
    /// The sides that a pixel can be on.
    const ZERO: u8 = 0;
    const ONE: u8 = 1;
    const IGNORED: u8 = 2;
    const BROKEN: u8 = 3;
    /// Times a byte: a word of eight of it.
    const EIGHT: u64 = 0x0101_0101_0101_0101;
    // A cell of 32 bits counts the pixels of a span without a target, and with one those of a call, at most `MOST`.
    const _: () = assert!(SPAN <= MOST);

    pub fn against<N: Counter>(
        table: &mut [N; CELLS],
        bytes: &[u8],
        target: Mask<'_>,
        region: Within<'_>,
    ) -> Result<u64, Error> {
        let mut tables = [[0u32; CELLS]; TABLES];
        let (mut sides, mut cells) = ([ZERO; BLOCK], [0u16; BLOCK]);
        let (every, mut left_out) = (every_counts(target, region), 0u32);
        for (index, bytes) in bytes.chunks(BLOCK).enumerate() {
            let at = index * BLOCK;
            let Some(target) = target.part(at, bytes.len()) else { return Err(Error::Length) };
            let Some(sides) = sides.get_mut(..bytes.len()) else { return Err(Error::Length) };
            marks(target, sides);
            outside(region.skip(at), sides);
            // The compiler makes vectors of these loops, and the additions below wait for none of each other.
            if every {
                for (cell, (&byte, &side)) in cells.iter_mut().zip(bytes.iter().zip(&*sides)) {
                    *cell = u16::from(byte) + (u16::from(side) << 8);
                }
            } else {
                let (mut broken, mut ignored) = (0u8, 0u16);
                for (cell, (&byte, &side)) in cells.iter_mut().zip(bytes.iter().zip(&*sides)) {
                    broken |= u8::from(side == BROKEN);
                    ignored += u16::from(side == IGNORED);
                    // What is left out is counted in the first cell, and taken off it at the end.
                    *cell = if side > ONE { 0 } else { u16::from(byte) + (u16::from(side) << 8) };
                }
                if broken != 0 {
                    return Err(Error::Mask);
                }
                left_out += u32::from(ignored);
            }
            let (eights, _) = bytes.as_chunks::<8>();
            let (eights_of_sides, _) = sides.as_chunks::<8>();
            let (eights_of_cells, rest) = cells.get(..bytes.len()).unwrap_or_default().as_chunks::<8>();
            for ((&codes, &on), cells) in eights.iter().zip(eights_of_sides).zip(eights_of_cells) {
                let (codes, on) = (u64::from_le_bytes(codes), u64::from_le_bytes(on));
                if (codes ^ codes.rotate_left(8)) | (on ^ on.rotate_left(8)) == 0 {
                    tables[0][usize::from(cells[0]) % CELLS] += 8;
                    continue;
                }
                for some in cells.as_chunks::<TABLES>().0 {
                    for (table, &cell) in tables.iter_mut().zip(some) {
                        table[usize::from(cell) % CELLS] += 1;
                    }
                }
            }
            for &cell in rest {
                tables[0][usize::from(cell) % CELLS] += 1;
            }
        }
        let [first, others @ ..] = &mut tables;
        // Wrapping: some of them may lie in another table, which is added to this one.
        first[0] = first[0].wrapping_sub(left_out);
        add(table, first, others);
        Ok(left_out.into())
    }

    /// Adds what was counted side by side. Bound: a cell counts pixels of one call or span, so that all tables together fit it.
    #[inline(always)]
    fn add<N: Counter, const C: usize>(table: &mut [N; C], first: &mut [u32; C], others: &[[u32; C]; TABLES - 1]) {
        for other in others {
            first.iter_mut().zip(other).for_each(|(count, more)| *count = count.wrapping_add(*more));
        }
        for (cell, &count) in table.iter_mut().zip(&*first) {
            *cell = cell.plus(count.into());
        }
    }

    /// Whether no pixel is left out and none is looked at for being broken.
    fn every_counts(target: Mask<'_>, region: Within<'_>) -> bool {
        let sure = match target {
            Mask::Bytes(ByteMask { meaning, .. }) => match meaning.shape() {
                Shape::NonZero | Shape::Class(_) => true,
                Shape::ZeroOne { checked } | Shape::ZeroFull { checked } => !checked,
                Shape::Ignoring { .. } | Shape::Other => false,
            },
            Mask::Bits(_) | Mask::Own(_) => true,
        };
        sure && matches!(region, Within::Everywhere)
    }

    pub fn alone<N: Counter>(table: &mut [N; CODES], bytes: &[u8]) {
        for bytes in bytes.chunks(SPAN) {
            let mut tables = [[0u32; CODES]; TABLES];
            let (sixteens, rest) = bytes.as_chunks::<16>();
            for sixteen in sixteens {
                let words = [0, 1].map(|half| {
                    let (eights, _) = sixteen.as_chunks::<8>();
                    eights.get(half).copied().map_or(0, u64::from_le_bytes)
                });
                let [first, second] = words;
                if (first ^ first.rotate_left(8)) | (first ^ second) == 0 {
                    tables[0][(first & 0xFF) as usize] += 16;
                    continue;
                }
                for word in words {
                    for turn in (0..8).step_by(TABLES) {
                        for (byte, table) in tables.iter_mut().enumerate() {
                            table[(word >> (8 * (turn + byte)) & 0xFF) as usize] += 1;
                        }
                    }
                }
            }
            for &byte in rest {
                tables[0][usize::from(byte)] += 1;
            }
            let [first, others @ ..] = &mut tables;
            add(table, first, others);
        }
    }

    /// The side of each pixel.
    fn marks(target: Mask<'_>, sides: &mut [u8]) {
        let each = |marks: &[u8], sides: &mut [u8], side: &dyn Fn(u8) -> u8| {
            sides.iter_mut().zip(marks).for_each(|(to, &mark)| *to = side(mark));
        };
        match target {
            Mask::Bytes(ByteMask { bytes, meaning }) => match meaning.shape() {
                Shape::NonZero | Shape::ZeroOne { checked: false } | Shape::ZeroFull { checked: false } => {
                    sides.iter_mut().zip(bytes).for_each(|(to, &mark)| *to = u8::from(mark != 0));
                }
                Shape::ZeroOne { checked: true } => {
                    sides.iter_mut().zip(bytes).for_each(|(to, &mark)| *to = if mark > 1 { BROKEN } else { mark });
                }
                Shape::ZeroFull { checked: true } => sides.iter_mut().zip(bytes).for_each(|(to, &mark)| {
                    *to = if mark.wrapping_add(1) > 1 { BROKEN } else { mark & ONE };
                }),
                Shape::Class(class) => {
                    sides.iter_mut().zip(bytes).for_each(|(to, &mark)| *to = u8::from(mark == class));
                }
                Shape::Ignoring { class, ignored } => sides.iter_mut().zip(bytes).for_each(|(to, &mark)| {
                    *to = if mark == ignored { IGNORED } else { u8::from(mark == class) };
                }),
                Shape::Other => each(bytes, sides, &|mark| match meaning.mark(mark) {
                    Mark::Zero => ZERO,
                    Mark::One => ONE,
                    Mark::Ignored => IGNORED,
                    Mark::Broken => BROKEN,
                }),
            },
            Mask::Bits(bits) => spread(bits, sides, |one, to| *to = one),
            // Its pixels are decided by the prediction, in the loop that reads it.
            Mask::Own(_) => sides.fill(ZERO),
        }
    }

    /// Pixels outside the region are left out, whatever they are.
    fn outside(region: Within<'_>, sides: &mut [u8]) {
        match region {
            Within::Everywhere => {}
            Within::Bytes(inside) => sides.iter_mut().zip(inside).for_each(|(to, &inside)| {
                *to = if inside == 0 { IGNORED } else { *to };
            }),
            Within::Bits(bits) => spread(bits, sides, |one, to| *to = if one == 0 { IGNORED } else { *to }),
        }
    }

    /// Each bit as a byte of 0 or 1, eight at a time.
    #[inline(always)]
    fn spread(bits: BitRun<'_>, sides: &mut [u8], set: impl Fn(u8, &mut u8)) {
        for (index, eight) in sides.chunks_mut(8).enumerate() {
            let byte = |at: usize| u16::from(bits.bytes.get(at).copied().unwrap_or(0));
            let byte = if bits.msb_first {
                let pair = (byte(index) << 8) + byte(index + 1);
                ((pair << bits.shift >> 8) as u8).reverse_bits()
            } else {
                (((byte(index + 1) << 8) + byte(index)) >> bits.shift) as u8
            };
            // Bit k of the byte in byte k, of which adding 0x7F makes the highest bit where it is there: at most 0xFF, no carry.
            let spread = u64::from(byte).wrapping_mul(EIGHT) & 0x8040_2010_0804_0201;
            let ones = spread.wrapping_add(0x7F7F_7F7F_7F7F_7F7F) >> 7 & EIGHT;
            for (to, one) in eight.iter_mut().zip(ones.to_le_bytes()) {
                set(one, to);
            }
        }
    }
}
