//! Rows of a narrow tile, side by side: to begin a sweep takes as many instructions as to copy several short rows.

use super::Place;

/// Pixels that are held at most: of two maps of four bytes a pixel 1 KiB of the stack.
const HELD: usize = 128;
/// Pixels of the longest rows that are gathered: a longer one is swept where it lies.
const NARROW: usize = 32;

const _: () = assert!(NARROW <= HELD);

impl Place {
    /// Of rows so short, and more than one, that they are better gathered.
    pub(super) const fn is_narrow(self) -> bool {
        self.right - self.left <= NARROW && self.below - self.top > 1
    }
}

/// Pixels of a prediction and of its target.
pub(super) struct Gathered<R, X> {
    p: [R; HELD],
    t: [X; HELD],
    held: usize,
}

impl<R: Copy + Default, X: Copy + Default> Gathered<R, X> {
    pub fn new() -> Self {
        Self { p: [R::default(); HELD], t: [X::default(); HELD], held: 0 }
    }

    /// Whether so many pixels more find room.
    #[inline(always)]
    pub const fn fits(&self, pixels: usize) -> bool {
        pixels <= HELD - self.held
    }

    /// Puts a row that fits behind those before.
    #[inline(always)]
    pub fn add(&mut self, p: &[R], t: &[X]) {
        if let Some((to_p, to_t)) = self.p.get_mut(self.held..).zip(self.t.get_mut(self.held..)) {
            copy(p, to_p);
            copy(t, to_t);
        }
        self.held += p.len();
    }

    /// The pixels, after which there are none.
    #[inline(always)]
    pub fn take(&mut self) -> Option<(&[R], &[X])> {
        let held = core::mem::take(&mut self.held);
        self.p.get(..held).zip(self.t.get(..held))
    }
}

/// As far as both reach, four at a time: bytes are moved in words then.
#[inline(always)]
fn copy<X: Copy>(from: &[X], to: &mut [X]) {
    let Some(to) = to.get_mut(..from.len()) else { return };
    let ((from, rest), (to, to_rest)) = (from.as_chunks::<4>(), to.as_chunks_mut::<4>());
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    to_rest.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
}
