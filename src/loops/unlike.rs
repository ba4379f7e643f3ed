//! Bytes against floats: an 8-bit map beside the float model's.
//!
//! ```text
//! for each vector:
//!     p = the bytes' codes, widened        t = RNE(x · 2²³)
//!     Σp, Σt += p, t;   Σpt += p·t         p·t is below 2³¹, and is added in 64 bits
//! ```
//!
//! **Overflow.** A lane of Σt holds 511 codes of at most 2²³, as in `floats`; one of Σp holds far more bytes; and a lane of Σpt
//! gains less than 2³² a vector.

use super::family::View;
use super::sweep::{Place, Swept, Turn, sweep};
use crate::lanes::{ByteLanes, FloatLanes, Lanes};
use crate::pixels::{ByteView, FloatView, ONE_BITS, Tally};

const DRAIN: usize = 120;
const _: () = assert!(4 * (DRAIN + 4) <= 511);

/// Linear sums of bytes of common codes against as many floats, up to the first block in which one of those is out of range; of
/// fewer pixels than a vector has, none.
#[inline(always)]
pub(super) fn bytes_by_floats<L: Lanes>(lanes: L, p: ByteView<'_>, t: FloatView<'_>) -> Swept {
    let pixels = p.pixels();
    if pixels < <UnlikeTurn<'_, L> as Turn>::LANES || !p.is_common() || t.pixels() < pixels {
        return Swept::NOTHING;
    }
    // SAFETY: both sides hold so many pixels, which fill a vector, and there are lanes.
    unsafe { sweep(UnlikeTurn { lanes, p, t }, pixels) }
}

#[derive(Clone, Copy)]
struct UnlikeTurn<'a, L> {
    lanes: L,
    p: ByteView<'a>,
    t: FloatView<'a>,
}

#[derive(Clone, Copy)]
struct UnlikeAcc<U, D> {
    p: U,
    t: U,
    pt: D,
    highest: U,
}

impl<L: FloatLanes> Turn for UnlikeTurn<'_, L> {
    type Acc = UnlikeAcc<L::U, L::Wide>;
    type Out = Tally<u64>;
    const LANES: usize = <L::Bytes as ByteLanes>::LANES;
    const DRAIN: usize = DRAIN;
    const CHAINS: usize = if L::CHAINS > 2 { 2 } else { L::CHAINS };
    const STRIDE: usize = 64;
    const PROBE: usize = 16;

    #[inline(always)]
    fn zero(self) -> Self::Acc {
        let zero = self.lanes.splat(0);
        UnlikeAcc { p: zero, t: zero, pt: self.lanes.none_wide(), highest: zero }
    }

    #[inline(always)]
    unsafe fn step<const CARE: u8, const LAST: bool>(self, mut acc: Self::Acc, at: Place, fresh: usize) -> Self::Acc {
        let (lanes, bytes) = (self.lanes, self.lanes.bytes());
        // SAFETY: the caller keeps at + LANES within the pixels.
        let mut p = bytes.xor(unsafe { bytes.load(self.p.bytes.as_ptr().add(at.pixel())) }, bytes.splat(self.p.flip));
        // SAFETY: as above.
        let mut t = unsafe { lanes.load(self.t.floats.as_ptr().add(at.pixel())) };
        acc.highest = lanes.highest(acc.highest, t);
        if LAST {
            let last = bytes.last(fresh);
            p = bytes.and(p, last);
            t = lanes.only(t, lanes.mask(last));
        }
        let (p, t) = (lanes.widen(p), lanes.add(lanes.code(t), lanes.splat(0u32.wrapping_sub(L::CODE_BIAS))));
        acc.p = lanes.add(acc.p, p);
        acc.t = lanes.add(acc.t, t);
        acc.pt = lanes.add_wide(acc.pt, p, t);
        acc
    }

    #[inline(always)]
    fn both(self, a: Self::Acc, b: Self::Acc) -> Self::Acc {
        let lanes = self.lanes;
        UnlikeAcc {
            p: lanes.add(a.p, b.p),
            t: lanes.add(a.t, b.t),
            pt: lanes.both_wide(a.pt, b.pt),
            highest: lanes.higher(a.highest, b.highest),
        }
    }

    #[inline(always)]
    fn tripped<const CARE: u8>(self, acc: Self::Acc) -> bool {
        self.lanes.above(acc.highest, ONE_BITS)
    }

    #[inline(always)]
    fn drain<const CARE: u8>(self, acc: Self::Acc, _: usize, pixels: usize) -> Tally<u64> {
        let lanes = self.lanes;
        let sum = |codes| lanes.total(codes, lanes.splat(0), 0);
        Tally { kept: pixels as u64, p: sum(acc.p), t: sum(acc.t), pt: lanes.total_wide(acc.pt), ..Tally::NONE }
    }
}
