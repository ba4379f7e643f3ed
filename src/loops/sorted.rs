//! 8-bit codes against bits that begin with a byte, on lanes that put bytes in any order.
//!
//! ```text
//! for each vector of 64 pixels and their eight bytes of bits:
//!     q = codes, sorted by the place of their bit: eight lanes in a row for each of the eight places j
//!     b = the eight bytes in every eight lanes; of those for place j only bit j is kept, where it lies
//!     Σp += q;   Σpt·2ʲ += q·b, in lanes of their own for each j;   Σt += bits that are 1
//! after a block: Σpt += the lanes of j, shifted right by j
//! ```
//!
//! So the bits are never spread to a byte each. The other way, through a mask register, takes a unit that the products need
//! too: on Zen 4 moving 64 bits there costs as much as one of the two products.
//!
//! **Overflow.** A code is at most 255 and a bit at most 128, so that a vector adds at most 4 · 255 · 128 to a sum of 32 bits, in
//! magnitude: as much as a product of bytes does, which [`ByteSums::DRAIN`] holds 4 · (DRAIN + 4) times. Bits are counted in 64.

use super::bytes::Bytes;
use super::family::{COMMON, Family, PLAIN};
use super::marks::{At, Marked, MaskBits};
use super::short::{Brief, Three, short_sweep};
use super::sweep::{Place, Sweep, Swept, Turn, sweep};
use crate::lanes::{Avx512, ByteLanes, ByteSums, Lanes, Sorted};
use crate::pixels::{ByteView, Mask, Tally, Within};

/// Against bits that begin with a byte, everywhere, the linear sums; codes as they are, or of which the sign bit is flipped.
pub(super) struct AgainstEvenBits<const MSB_FIRST: bool, const HOW: u8>;

impl<const MSB_FIRST: bool, const HOW: u8> Sweep for AgainstEvenBits<MSB_FIRST, HOW> {
    type Side<'a> = ByteView<'a>;
    type Other<'a> = Mask<'a>;

    #[inline(always)]
    unsafe fn sweep<L: Lanes>(_: L, p: &ByteView<'_>, mask: &Mask, _: &Within, _: u32) -> Swept {
        let Some(bits) = MaskBits::of(mask) else { return Swept::NOTHING };
        // SAFETY: only `Sweeps::with_sorted_bits` names this sweep, for a row that needs VBMI.
        let lanes = unsafe { Sorted::new() };
        let turn = SortedTurn::<MSB_FIRST, HOW> { lanes, p: *p, bits };
        // SAFETY: the caller promises as many bits as pixels, which fill a vector.
        unsafe { sweep(turn, p.bytes.len()) }
    }
}

/// The same of few pixels.
pub(super) struct AgainstFewBits<const MSB_FIRST: bool>;

impl<const MSB_FIRST: bool> Brief for AgainstFewBits<MSB_FIRST> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(_: L, p: *const u8, t: *const u8, pixels: usize, [flip, _]: [u8; 2]) -> Three {
        // SAFETY: only `Sweeps::with_sorted_bits` names this function, for a row that needs VBMI; the caller promises as many bits as pixels.
        let (lanes, p) = unsafe { (Sorted::new(), Bytes::view(p, pixels, flip)) };
        let turn = SortedTurn::<MSB_FIRST, COMMON> { lanes, p, bits: MaskBits::at(t, 0) };
        // SAFETY: the caller promises the same.
        Three::of(unsafe { short_sweep(turn, pixels) })
    }
}

#[derive(Clone, Copy)]
struct SortedTurn<'a, const MSB_FIRST: bool, const HOW: u8> {
    lanes: Sorted,
    p: ByteView<'a>,
    bits: MaskBits<MSB_FIRST, true>,
}

/// Sums of one chain.
#[derive(Clone, Copy)]
struct SortedAcc {
    p: <Avx512 as ByteSums>::A,
    /// Σpt, of each place times its weight.
    weighed: <Avx512 as ByteSums>::D,
    t: u64,
}

impl<const MSB_FIRST: bool, const HOW: u8> Turn for SortedTurn<'_, MSB_FIRST, HOW> {
    type Acc = SortedAcc;
    type Out = Tally<u64>;
    const LANES: usize = Avx512::LANES;
    const DRAIN: usize = Avx512::DRAIN;
    const STRIDE: usize = usize::MAX;
    const CHAINS: usize = Avx512::CHAINS;

    #[inline(always)]
    fn zero(self) -> SortedAcc {
        let lanes = self.lanes.lanes();
        SortedAcc { p: ByteSums::none(lanes), weighed: ByteSums::no_products(lanes), t: 0 }
    }

    #[inline(always)]
    unsafe fn step<const CARE: u8, const LAST: bool>(self, acc: SortedAcc, at: Place, fresh: usize) -> SortedAcc {
        let lanes = self.lanes.lanes();
        // SAFETY: the caller keeps at + LANES within the pixels.
        let mut code = unsafe { ByteLanes::load(lanes, self.p.bytes.as_ptr().add(at.pixel())) };
        if HOW != PLAIN {
            code = ByteLanes::xor(lanes, code, ByteLanes::splat(lanes, self.p.flip));
        }
        let last;
        // SAFETY: the caller's pixels have a bit each.
        let bits = unsafe {
            if LAST {
                code = ByteLanes::and(lanes, code, lanes.last(fresh));
                last = self.bits.last_bytes(at, fresh);
                last.as_ptr()
            } else {
                self.bits.bits_from(at)
            }
        };
        let sorted = self.lanes.in_order(code);
        // SAFETY: eight bytes of the mask, or those of the last vector.
        let (own, t) = unsafe { (self.lanes.bits_at(bits, MSB_FIRST), lanes.counted_at(acc.t, bits)) };
        SortedAcc { p: ByteSums::sum(lanes, acc.p, sorted), weighed: self.lanes.weighed(acc.weighed, sorted, own), t }
    }

    #[inline(always)]
    fn both(self, a: SortedAcc, b: SortedAcc) -> SortedAcc {
        let lanes = self.lanes.lanes();
        SortedAcc {
            p: ByteSums::both(lanes, a.p, b.p),
            weighed: ByteSums::both_products(lanes, a.weighed, b.weighed),
            t: a.t + b.t,
        }
    }

    #[inline(always)]
    fn tripped<const CARE: u8>(self, _: SortedAcc) -> bool {
        false
    }

    #[inline(always)]
    fn drain<const CARE: u8>(self, acc: SortedAcc, _: usize, pixels: usize) -> Tally<u64> {
        let lanes = self.lanes.lanes();
        let chosen = self.lanes.unweighed(acc.weighed, MSB_FIRST);
        let [p, pt, _] = lanes.totals([acc.p, chosen, ByteSums::none(lanes)]);
        Tally { kept: pixels as u64, p, t: acc.t, pt, ..Tally::NONE }
    }
}
