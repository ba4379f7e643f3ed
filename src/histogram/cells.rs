//! The cells of a histogram in the order of their codes.

use super::counter::Counter;
use crate::element::{EightBit, Reading};

/// Codes that a byte has.
pub(super) const CODES: usize = 256;
/// Cells of a histogram with a target: the raw byte, and 256 more where the target is 1.
pub(super) const CELLS: usize = 2 * CODES;

/// A code, and what was counted of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cell {
    pub code: u64,
    /// Its raw byte lies outside \[0, 1\] and was read as the nearest inside.
    pub clamped: bool,
    /// Pixels under target 0 and under target 1; without a target all are under 0.
    pub pixels: [u64; 2],
}

impl Cell {
    pub const fn all(&self) -> u64 {
        self.pixels[0] + self.pixels[1]
    }
}

/// One cell for each raw byte, its codes never falling; `count` gives what was counted of the byte.
pub(super) fn cells<P: EightBit>(element: P, count: impl Fn(u8) -> [u64; 2]) -> impl Iterator<Item = Cell> {
    (0..=u8::MAX).map(move |place| {
        let byte = place ^ P::FLIP;
        let (code, clamped) = match element.read(P::of_byte(byte)) {
            Reading::Valid(code) => (code, false),
            Reading::Clamped(code) => (code, true),
            // Of a declared mask: such bytes were refused, and their cells are 0.
            Reading::Invalid => (u32::from(place), false),
        };
        Cell { code: u64::from(code), clamped, pixels: count(byte) }
    })
}

/// The cells of one code together: dead zones and clamping give several bytes one code.
pub(super) fn by_code(mut cells: impl Iterator<Item = Cell>) -> impl Iterator<Item = Cell> {
    let mut next = cells.next();
    core::iter::from_fn(move || {
        let mut group = next?;
        loop {
            next = cells.next();
            match next {
                Some(cell) if cell.code == group.code => {
                    group.pixels[0] += cell.pixels[0];
                    group.pixels[1] += cell.pixels[1];
                }
                _ => return Some(group),
            }
        }
    })
}

/// What a table of raw bytes under both targets holds of one byte.
pub(super) fn of_both<N: Counter>(table: &[N; CELLS], byte: u8) -> [u64; 2] {
    [usize::from(byte), usize::from(byte) + CODES].map(|at| table.get(at).copied().map_or(0, Into::into))
}
