//! The sweeps of a family on one backend, compiled once, in this crate: a table of functions.
//!
//! ```text
//! by the mask's shape (or against a soft map):    a quick sweep for each common kind of region and sum
//! for all else:                                   a careful sweep for each kind of sum, which asks at each vector
//! ```
//!
//! Which entry a pair takes is asked where `update` is called (`entrance`): there the target's type is known, so that little
//! is left of the question. A sweep gets its sides by reference, because that is how a caller has them, and hands all sums
//! back at once.

#[cfg(target_arch = "x86_64")]
use super::bytes::Bytes;
use super::family::{ANY, BOTH, COMMON, DECIDED, Family, LINEAR, MINIMA, PLAIN, SQUARES};
use super::marks::{
    All, AnyBits, AnyMask, AnyRegion, ClassBytes, FullBytes, IgnoringBytes, InRegion, Keep, Marked, MaskBits,
    NonZeroBytes, OneBytes, OwnMask, TrustedFullBytes, TrustedOneBytes,
};
use super::short::{Brief, Short, ShortMap, ShortMask, Three};
#[cfg(target_arch = "x86_64")]
use super::sorted::{AgainstEvenBits, AgainstFewBits};
use super::sweep::{Job, Sweep, Swept};
use crate::lanes::Lanes;
use crate::pixels::{Mask, Within};
use core::marker::PhantomData;

/// A sweep against a mask, with the key from which on a prediction is decided to be 1, where sums are of decisions.
pub(crate) type Masked<F> = for<'p, 't, 'r> unsafe fn(&<F as Family>::View<'p>, &Mask<'t>, &Within<'r>, u32) -> Swept;

/// A sweep against a soft map; the key means nothing.
pub(crate) type Mapped<F> =
    for<'p, 't, 'r> unsafe fn(&<F as Family>::View<'p>, &<F as Family>::View<'t>, &Within<'r>, u32) -> Swept;

/// Who compiles sweeps and jobs with the features of a CPU: `kernel`, which knows the backends.
pub(crate) trait Compile {
    type Lanes: Lanes;
    /// Only what is often asked for has a quick sweep: for lanes of CPUs that are hardly met any more.
    const FEW: bool = false;

    /// # Safety
    ///
    /// As [`Sweep::sweep`].
    unsafe fn sweep<S: Sweep>(p: &S::Side<'_>, other: &S::Other<'_>, region: &Within, cut: u32) -> Swept;

    /// # Safety
    ///
    /// As [`Brief::run`].
    unsafe fn short<B: Brief>(p: *const u8, t: *const u8, pixels: usize, how: [u8; 2]) -> Three;

    /// # Safety
    ///
    /// As [`Job::run`].
    unsafe fn job<J: Job>(job: J) -> J::Out;
}

/// Against a mask of one type, in a region of one type, for some sums; `HOW` the codes are taken.
struct AgainstMask<F, T, K, const SUMS: u8, const HOW: u8>(PhantomData<(F, T, K)>);

impl<F: Family, T: Marked, K: Keep, const SUMS: u8, const HOW: u8> Sweep for AgainstMask<F, T, K, SUMS, HOW> {
    type Side<'a> = F::View<'a>;
    type Other<'a> = Mask<'a>;

    #[inline(always)]
    unsafe fn sweep<L: Lanes>(lanes: L, p: &F::View<'_>, mask: &Mask, region: &Within, cut: u32) -> Swept {
        let (Some(target), Some(keep)) = (T::of(mask), K::of(region)) else { return Swept::NOTHING };
        // SAFETY: the caller promises the same.
        unsafe { F::masked::<L, T, K, SUMS, HOW>(lanes, *p, target, keep, cut) }
    }
}

/// Against a soft map.
struct AgainstMap<F, K, const SUMS: u8, const HOW: u8>(PhantomData<(F, K)>);

impl<F: Family, K: Keep, const SUMS: u8, const HOW: u8> Sweep for AgainstMap<F, K, SUMS, HOW> {
    type Side<'a> = F::View<'a>;
    type Other<'a> = F::View<'a>;

    #[inline(always)]
    unsafe fn sweep<L: Lanes>(lanes: L, p: &F::View<'_>, t: &F::View<'_>, region: &Within, _: u32) -> Swept {
        let Some(keep) = K::of(region) else { return Swept::NOTHING };
        // SAFETY: the caller promises the same.
        unsafe { F::mapped::<L, K, SUMS, HOW>(lanes, *p, *t, keep) }
    }
}

/// The quick sweeps against masks of one shape.
pub(super) struct Kinds<F: Family> {
    /// Everywhere, for the linear sums: of codes that need nothing, those that are common, and any.
    pub plain: Masked<F>,
    pub linear: Masked<F>,
    pub moved: Masked<F>,
    /// Everywhere, of common codes.
    pub squares: Masked<F>,
    pub decided: Masked<F>,
    /// In a region, for the linear sums: of codes that need nothing, if they are bytes, and of common ones.
    pub plain_in_region: Masked<F>,
    pub in_region: Masked<F>,
}

/// All sweeps of a family on one backend.
pub(crate) struct Sweeps<F: Family> {
    /// Pixels of a vector: shorter runs are for narrower lanes.
    pub least: usize,
    pub(super) short: Shorts,
    pub(super) non_zero: Kinds<F>,
    pub(super) zero_one: Kinds<F>,
    pub(super) zero_full: Kinds<F>,
    pub(super) zero_one_trusted: Kinds<F>,
    pub(super) zero_full_trusted: Kinds<F>,
    pub(super) class: Kinds<F>,
    pub(super) ignoring: Kinds<F>,
    /// Bits by their order; even ones begin with the first of a byte.
    pub(super) lsb: Kinds<F>,
    pub(super) msb: Kinds<F>,
    pub(super) even_lsb: Kinds<F>,
    pub(super) even_msb: Kinds<F>,
    pub(super) own: Kinds<F>,
    pub(super) any: Careful<F>,
    pub(super) map: Maps<F>,
}

/// The careful sweeps against any mask in any region.
pub(super) struct Careful<F: Family> {
    pub linear: Masked<F>,
    pub squares: Masked<F>,
    pub decided: Masked<F>,
}

/// The sweeps against a soft map: quick ones, everywhere, of common codes; and careful ones.
pub(super) struct Maps<F: Family> {
    pub plain: Mapped<F>,
    pub linear: Mapped<F>,
    pub squares: Mapped<F>,
    pub minima: Mapped<F>,
    pub both: Mapped<F>,
    pub any_linear: Mapped<F>,
    pub any: Mapped<F>,
}

/// The functions of a family on one backend, for the linear sums everywhere.
pub(crate) struct Shorts {
    pub(super) non_zero: Short,
    pub(super) zero_one: Short,
    pub(super) zero_full: Short,
    pub(super) class: Short,
    /// Bits that begin with a byte.
    pub(super) lsb: Short,
    pub(super) msb: Short,
    pub(super) map: Short,
}

impl Shorts {
    /// As [`Sweeps::of`].
    pub const fn of<F: Family, C: Compile, D: Compile>() -> Self {
        Self {
            non_zero: D::short::<ShortMask<F, NonZeroBytes>>,
            zero_one: D::short::<ShortMask<F, OneBytes>>,
            zero_full: D::short::<ShortMask<F, FullBytes>>,
            class: D::short::<ShortMask<F, ClassBytes>>,
            lsb: D::short::<ShortMask<F, MaskBits<false, true>>>,
            msb: D::short::<ShortMask<F, MaskBits<true, true>>>,
            map: C::short::<ShortMap<F>>,
        }
    }
}

/// A function of the table.
macro_rules! sweep {
    ($C:ident, $F:ident, $T:ty, $K:ty, $sums:expr, $how:expr) => {
        $C::sweep::<AgainstMask<$F, $T, $K, { $sums }, { $how }>>
    };
}

impl<F: Family> Sweeps<F> {
    /// On `C`; on `D` where nothing is multiplied. The two differ in fused products alone.
    pub const fn of<C: Compile, D: Compile>(least: usize) -> Self {
        Self {
            least,
            short: Shorts::of::<F, C, D>(),
            non_zero: kinds::<F, C, D, NonZeroBytes, NonZeroBytes>(),
            zero_one: kinds::<F, C, D, OneBytes, OneBytes>(),
            zero_full: kinds::<F, C, D, FullBytes, FullBytes>(),
            zero_one_trusted: kinds::<F, C, D, TrustedOneBytes, OneBytes>(),
            zero_full_trusted: kinds::<F, C, D, TrustedFullBytes, FullBytes>(),
            class: kinds::<F, C, D, ClassBytes, ClassBytes>(),
            ignoring: kinds::<F, C, D, IgnoringBytes, IgnoringBytes>(),
            lsb: kinds::<F, C, D, MaskBits<false, false>, AnyBits>(),
            msb: kinds::<F, C, D, MaskBits<true, false>, AnyBits>(),
            even_lsb: if F::EVEN && !C::FEW {
                kinds::<F, C, D, MaskBits<false, true>, AnyBits>()
            } else {
                kinds::<F, C, D, MaskBits<false, false>, AnyBits>()
            },
            even_msb: if F::EVEN && !C::FEW {
                kinds::<F, C, D, MaskBits<true, true>, AnyBits>()
            } else {
                kinds::<F, C, D, MaskBits<true, false>, AnyBits>()
            },
            own: own::<F, C, D>(),
            any: careful::<F, C, D>(),
            map: Maps {
                plain: C::sweep::<AgainstMap<F, All, LINEAR, PLAIN>>,
                linear: C::sweep::<AgainstMap<F, All, LINEAR, COMMON>>,
                squares: C::sweep::<AgainstMap<F, All, SQUARES, COMMON>>,
                minima: C::sweep::<AgainstMap<F, All, MINIMA, COMMON>>,
                both: C::sweep::<AgainstMap<F, All, BOTH, COMMON>>,
                any_linear: C::sweep::<AgainstMap<F, AnyRegion, LINEAR, ANY>>,
                any: C::sweep::<AgainstMap<F, AnyRegion, BOTH, ANY>>,
            },
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Sweeps<Bytes> {
    /// The same on a CPU that puts bytes in any order: bits that begin with a byte are met where they lie.
    ///
    /// `C` is compiled with [`AVX512_VBMI`](crate::lanes::AVX512_VBMI), and its row needs that.
    pub const fn with_sorted_bits<C: Compile>(self) -> Self {
        Self {
            even_lsb: Kinds {
                plain: C::sweep::<AgainstEvenBits<false, PLAIN>>,
                linear: C::sweep::<AgainstEvenBits<false, COMMON>>,
                ..self.even_lsb
            },
            even_msb: Kinds {
                plain: C::sweep::<AgainstEvenBits<true, PLAIN>>,
                linear: C::sweep::<AgainstEvenBits<true, COMMON>>,
                ..self.even_msb
            },
            short: Shorts {
                lsb: C::short::<AgainstFewBits<false>>,
                msb: C::short::<AgainstFewBits<true>>,
                ..self.short
            },
            ..self
        }
    }
}

/// `T` for the linear sums everywhere, and `U`, which may be slower, for the rest.
const fn kinds<F: Family, C: Compile, D: Compile, T: Marked, U: Marked>() -> Kinds<F> {
    let any = careful::<F, C, D>();
    let linear: Masked<F> = sweep!(D, F, T, All, LINEAR, COMMON);
    if C::FEW {
        return Kinds {
            linear,
            plain: linear,
            moved: any.linear,
            plain_in_region: any.linear,
            in_region: any.linear,
            squares: any.squares,
            decided: any.decided,
        };
    }
    Kinds {
        plain: sweep!(D, F, T, All, LINEAR, PLAIN),
        linear,
        moved: if F::MOVES { sweep!(D, F, T, All, LINEAR, ANY) } else { any.linear },
        squares: sweep!(C, F, U, All, SQUARES, COMMON),
        decided: sweep!(D, F, U, All, DECIDED, COMMON),
        plain_in_region: if F::MOVES {
            sweep!(D, F, U, InRegion, LINEAR, PLAIN)
        } else {
            sweep!(D, F, U, InRegion, LINEAR, COMMON)
        },
        in_region: sweep!(D, F, U, InRegion, LINEAR, COMMON),
    }
}

/// The prediction's own mask: in a region, and of decisions, it is rare.
const fn own<F: Family, C: Compile, D: Compile>() -> Kinds<F> {
    let any = careful::<F, C, D>();
    Kinds {
        decided: any.decided,
        plain_in_region: any.linear,
        in_region: any.linear,
        ..kinds::<F, C, D, OwnMask, OwnMask>()
    }
}

const fn careful<F: Family, C: Compile, D: Compile>() -> Careful<F> {
    Careful {
        linear: sweep!(D, F, AnyMask, AnyRegion, LINEAR, ANY),
        squares: sweep!(C, F, AnyMask, AnyRegion, SQUARES, ANY),
        decided: sweep!(D, F, AnyMask, AnyRegion, DECIDED, ANY),
    }
}
