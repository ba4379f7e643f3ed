//! The backends of a build with vector registers: a row each, what the CPU has of them, and the one in use.

use super::Backend;
#[cfg(soft_dice_lanes = "neon")]
use crate::lanes::Neon;
#[cfg(not(soft_dice_lanes = "neon"))]
use crate::lanes::Wide;
#[cfg(target_arch = "x86_64")]
use crate::lanes::{AVX_VNNI, AVX2, AVX512, AVX512_VBMI, Avx2, Avx512};
use crate::lanes::{ByteLanes, FloatLanes, WordLanes};
use crate::loops::family::Family;
use crate::loops::shapes::Runner;
use crate::loops::short::{Brief, Three};
use crate::loops::sweep::{Job, Sweep, Swept};
use crate::loops::table::{Compile, Sweeps};
use crate::loops::{bytes::Bytes, floats::Floats, words::Words};
use crate::pixels::Within;
use core::sync::atomic::{AtomicU16, Ordering};

/// The lanes of the target itself: portable ones, or NEON.
const TARGET: u8 = 64;
/// The CPU was asked.
const ASKED: u8 = 128;

/// A backend: its name, the part of the CPU that it has and the next has not, and its sweeps.
pub(crate) struct Row {
    name: &'static str,
    needs: u8,
    bytes: Sweeps<Bytes>,
    words: Sweeps<Words>,
    floats: Sweeps<Floats>,
}

/// The row of lanes `C`; where nothing is multiplied, and of floats, those of `D` do the same.
const fn row<C: Compile, D: Compile>(name: &'static str, needs: u8) -> Row {
    Row {
        name,
        needs,
        bytes: Sweeps::of::<C, C>(<C::Lanes as ByteLanes>::LANES),
        words: Sweeps::of::<C, D>(<<C::Lanes as WordLanes>::Bytes as ByteLanes>::LANES),
        floats: Sweeps::of::<D, D>(<<D::Lanes as FloatLanes>::Bytes as ByteLanes>::LANES),
    }
}

/// The row of lanes `C`, but that `V`, with VBMI, compiles what takes bits from the first of a byte on.
#[cfg(target_arch = "x86_64")]
const fn with_sorted_bits<C: Compile, V: Compile>(name: &'static str, needs: u8) -> Row {
    let Row { bytes, words, floats, .. } = row::<C, C>(name, needs);
    Row { name, needs, bytes: bytes.with_sorted_bits::<V>(), words, floats }
}

/// All backends of this build with lanes, best first. After them comes the plain loop, which needs nothing.
static ROWS: &[Row] = &[
    #[cfg(target_arch = "x86_64")]
    with_sorted_bits::<OnAvx512, OnAvx512Vbmi>("avx512vbmi", AVX512_VBMI),
    #[cfg(target_arch = "x86_64")]
    row::<OnAvx512, OnAvx512>("avx512", AVX512),
    #[cfg(target_arch = "x86_64")]
    row::<OnAvxVnni, OnAvx2>("avxvnni", AVX_VNNI),
    #[cfg(target_arch = "x86_64")]
    row::<OnAvx2, OnAvx2>("avx2", AVX2),
    #[cfg(not(soft_dice_lanes = "neon"))]
    row::<OnWide, OnWide>("wide", TARGET),
    #[cfg(soft_dice_lanes = "neon")]
    row::<OnNeon, OnNeon>(if cfg!(soft_dice_lanes = "udot") { "dotprod" } else { "neon" }, TARGET),
];

/// The place of the plain loop.
const PLAIN: u8 = if cfg!(target_arch = "x86_64") { 5 } else { 1 };

/// A family, by its place in a row.
pub(crate) trait InRow: Family {
    /// Pixels of the shortest vector that there is.
    const LEAST: usize;

    fn of(row: &Row) -> &Sweeps<Self>;
}

#[cfg(soft_dice_lanes = "neon")]
type Target = Neon<16>;
#[cfg(not(soft_dice_lanes = "neon"))]
type Target = Wide;

macro_rules! in_row {
    ($($Family:ident $place:ident $Lanes:ty;)*) => {$(
        impl InRow for $Family {
            const LEAST: usize = <$Lanes as ByteLanes>::LANES;

            #[inline(always)]
            fn of(row: &Row) -> &Sweeps<Self> {
                &row.$place
            }
        }
    )*};
}

in_row! {
    Bytes bytes Target;
    Words words <Target as WordLanes>::Bytes;
    Floats floats <Target as FloatLanes>::Bytes;
}

/// Forced by `--cfg soft_dice_backend="…"`, for a whole build: no better row is used.
fn is_forced(name: &str) -> bool {
    macro_rules! any {
        ($($name:literal)*) => { $(cfg!(soft_dice_backend = $name) && name == $name)||* };
    }
    any!("scalar" "wide" "avx2" "avxvnni" "avx512" "avx512vbmi" "neon" "dotprod")
}

/// The parts that the CPU has and the build allows.
fn offered() -> u8 {
    #[cfg(target_arch = "x86_64")]
    let has = crate::lanes::detected() | TARGET;
    #[cfg(not(target_arch = "x86_64"))]
    let has = TARGET;
    if is_forced("scalar") {
        return 0;
    }
    let forced = ROWS.iter().position(|row| is_forced(row.name)).unwrap_or(0);
    has & parts_from(forced)
}

/// The parts of a row and of those after it.
fn parts_from(place: usize) -> u8 {
    ROWS.iter().skip(place).fold(0, |parts, row| parts | row.needs)
}

/// The row that was selected, and in the upper byte the parts that may be used in this process, with [`ASKED`]; 0 until
/// the CPU was asked.
static SELECTED: AtomicU16 = AtomicU16::new(AT_FIRST);

/// Only x86-64 has anything to ask.
const AT_FIRST: u16 = match (cfg!(target_arch = "x86_64"), cfg!(soft_dice_backend = "scalar")) {
    (true, _) => 0,
    (false, true) => u16::from_le_bytes([PLAIN, ASKED]),
    (false, false) => u16::from_le_bytes([0, TARGET | ASKED]),
};

/// What is used in this process.
#[derive(Clone, Copy)]
struct Selected {
    place: u8,
    parts: u8,
}

#[inline(always)]
fn selected() -> Selected {
    let known = SELECTED.load(Ordering::Relaxed);
    let [place, parts] = if AT_FIRST == 0 && known == 0 { ask() } else { known }.to_le_bytes();
    Selected { place, parts }
}

/// The CPU is asked once: a race asks twice, and gets the same answer.
#[cold]
#[inline(never)]
fn ask() -> u16 {
    Backend::best().select();
    SELECTED.load(Ordering::Relaxed)
}

/// The sweeps of the backend in use, or of the next with vectors so short. The CPU has what they need: `select` alone
/// stores a place, that of a [`Backend`], which only `available` makes, of rows that `lanes::detected` has seen.
#[inline(always)]
pub(crate) fn sweeps<F: InRow>(pixels: usize) -> Option<&'static Sweeps<F>> {
    if pixels < F::LEAST {
        return None;
    }
    let selected = selected();
    let row = ROWS.get(usize::from(selected.place))?;
    if pixels >= F::of(row).least { Some(F::of(row)) } else { narrower(selected, pixels) }
}

#[inline(never)]
fn narrower<F: InRow>(Selected { place, parts }: Selected, pixels: usize) -> Option<&'static Sweeps<F>> {
    let usable = ROWS.iter().skip(usize::from(place) + 1).filter(|row| row.needs & parts != 0);
    usable.map(F::of).find(|sweeps| pixels >= sweeps.least)
}

impl Backend {
    /// Every backend that this CPU can run and the build allows, best first; the plain loop is the last.
    pub fn available() -> impl Iterator<Item = Self> {
        let offered = offered();
        let lanes = ROWS.iter().zip(0..).filter(move |(row, _)| row.needs & offered != 0);
        lanes.map(|(_, place)| Self(place)).chain([Self(PLAIN)])
    }

    /// The one that is picked where none is selected.
    #[must_use]
    pub fn best() -> Self {
        Self::available().next().unwrap_or(Self(PLAIN))
    }

    /// The one that serves this process.
    #[must_use]
    pub fn current() -> Self {
        Self(selected().place)
    }

    /// Uses this one in the whole process from now on; for tests and benches. A call that is under way in another
    /// thread may use both for parts of its pixels: its sums are the same.
    pub fn select(self) {
        let parts = offered() & parts_from(self.0.into()) | ASKED;
        SELECTED.store(u16::from_le_bytes([self.0, parts]), Ordering::Relaxed);
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ROWS.get(usize::from(self.0)).map_or("scalar", |row| row.name)
    }
}

/// The plain loop was selected: there are no lanes.
#[inline]
pub(crate) fn is_plain() -> bool {
    selected().place == PLAIN
}

/// What a job gives on the best lanes that may be used; `None` where there are none.
///
/// Another backend may be selected between two jobs of one call, so that a caller has to be ready for `None` at each of them.
///
/// # Safety
///
/// The job's buffers hold what it says.
#[inline(always)]
pub(crate) unsafe fn run<J: Job>(job: J) -> Option<J::Out> {
    // SAFETY: the caller promises the same.
    unsafe { run_or_return(job) }.ok()
}

/// The same; the job itself comes back where there are no lanes.
///
/// # Safety
///
/// As [`run`].
#[inline(always)]
pub(crate) unsafe fn run_or_return<J: Job>(job: J) -> Result<J::Out, J> {
    // Below, `parts` holds none that `lanes::detected` has not seen, since `select` stores no other.
    let parts = selected().parts;
    // SAFETY: selected, hence detected; its buffers are the caller's promise.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        if parts & AVX512 != 0 {
            return Ok(OnAvx512::job(job));
        } else if parts & AVX2 != 0 {
            return Ok(OnAvx2::job(job));
        }
        if parts & TARGET == 0 {
            return Err(job);
        }
        #[cfg(soft_dice_lanes = "neon")]
        return Ok(OnNeon::job(job));
        #[cfg(not(soft_dice_lanes = "neon"))]
        return Ok(OnWide::job(job));
    }
}

/// The backend in use, for loops that have several jobs to choose from.
pub(crate) struct InUse;

impl Runner for InUse {
    #[inline(always)]
    unsafe fn run<J: Job>(job: J) -> Option<J::Out> {
        // SAFETY: the caller promises the same.
        unsafe { run(job) }
    }
}

/// The functions of a backend: its lanes, and the features that they are compiled with, so that every lane operation is
/// inlined. None of them is inlined in its caller, whose stack frame would be that of the largest.
macro_rules! compile {
    ($Name:ident, $Lanes:ty, $lanes:expr, few: $few:expr, $(#[$how:meta])*) => {
        struct $Name;

        impl Compile for $Name {
            type Lanes = $Lanes;
            const FEW: bool = $few;

            $(#[$how])*
            unsafe fn sweep<S: Sweep>(p: &S::Side<'_>, other: &S::Other<'_>, region: &Within, cut: u32) -> Swept {
                // SAFETY: the caller promises the same.
                unsafe { S::sweep($lanes, p, other, region, cut) }
            }

            $(#[$how])*
            unsafe fn short<B: Brief>(p: *const u8, t: *const u8, pixels: usize, how: [u8; 2]) -> Three {
                // SAFETY: the caller promises the same.
                unsafe { B::run($lanes, p, t, pixels, how) }
            }

            $(#[$how])*
            unsafe fn job<J: Job>(job: J) -> J::Out {
                // SAFETY: the caller promises the same.
                unsafe { job.run($lanes) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
compile!(
    OnAvx512, Avx512, Avx512, few: false,
    #[target_feature(enable = "avx2,fma,popcnt,f16c,avx512f,avx512bw,avx512vl,avx512vnni")]
);
#[cfg(target_arch = "x86_64")]
compile!(
    OnAvx512Vbmi, Avx512, Avx512, few: false,
    #[target_feature(enable = "avx2,fma,popcnt,f16c,avx512f,avx512bw,avx512vl,avx512vnni,avx512vbmi")]
);
#[cfg(target_arch = "x86_64")]
compile!(
    OnAvxVnni, Avx2<true>, Avx2::<true>, few: false,
    #[target_feature(enable = "avx2,fma,popcnt,f16c,avxvnni")]
);
#[cfg(target_arch = "x86_64")]
compile!(
    OnAvx2, Avx2<false>, Avx2::<false>, few: false,
    #[target_feature(enable = "avx2,fma,popcnt,f16c")]
);
#[cfg(soft_dice_lanes = "neon")]
compile!(OnNeon, Neon<16>, Neon::<16>, few: false, #[inline(never)]);
// x86-64 CPUs without AVX2 are older than 2013.
#[cfg(not(soft_dice_lanes = "neon"))]
compile!(OnWide, Wide, Wide, few: cfg!(target_arch = "x86_64"), #[inline(never)]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loops::entrance;
    use crate::pixels::{Ask, BitRun, ByteCodes, ByteMask, ByteView, FloatView, Mask, Meaning, Tally, WordView};
    use std::vec::Vec;

    const PIXELS: usize = 150;
    const ONES: [u8; PIXELS] = [1; PIXELS];

    /// Every sweep that a pair of these views is given takes all of it: a sweep that was compiled for another pair would
    /// take nothing, which costs time alone, so that no sum would show it. How many there were.
    fn all_taken<F: InRow>(views: &[F::View<'_>]) -> usize {
        let mut taken = 0;
        let bits = |shift, msb_first| BitRun { bytes: &ONES, shift, msb_first };
        let regions =
            [Within::Everywhere, Within::Bytes(&ONES), Within::Bits(bits(0, false)), Within::Bits(bits(3, false))];
        let squares = Ask { squares: true, ..Ask::LINEAR };
        let minima = Ask { minima: true, ..Ask::LINEAR };
        let asks = [Ask::LINEAR, squares, Ask::decided(1), minima, Ask { minima: true, ..squares }];
        let meanings = [
            Meaning::NON_ZERO,
            Meaning::declared(1, true),
            Meaning::declared(255, false),
            Meaning::class(1, None),
            Meaning::class(1, Some(2)),
        ];
        let mut masks: Vec<Mask> =
            meanings.iter().map(|&meaning| Mask::Bytes(ByteMask { bytes: &ONES, meaning })).collect();
        for msb_first in [false, true] {
            masks.extend([0, 3].map(|shift| Mask::Bits(bits(shift, msb_first))));
        }
        masks.push(Mask::Own(1));
        let parts = offered();
        for row in ROWS.iter().filter(|row| row.needs & parts != 0) {
            let sweeps = F::of(row);
            for (region, ask) in regions.iter().flat_map(|region| asks.map(|ask| (region, ask))) {
                for view in views {
                    for mask in &masks {
                        let Some(sweep) = sweeps.quick(view, mask, region, &ask) else { continue };
                        // SAFETY: all sides hold PIXELS pixels, which fill a vector, and the row was filtered by what the CPU has.
                        let swept = unsafe { sweep(view, mask, region, ask.decided.unwrap_or(0)) };
                        assert_eq!(swept.taken, PIXELS, "{} {mask:?} {region:?} {ask:?}", row.name);
                        taken += 1;
                    }
                    if let Some(sweep) = sweeps.quick_map(view, view, region, &ask) {
                        // SAFETY: as above.
                        let swept = unsafe { sweep(view, view, region, 0) };
                        assert_eq!(swept.taken, PIXELS, "{} map {ask:?}", row.name);
                        taken += 1;
                    }
                }
            }
        }
        taken
    }

    /// Every pair with a function for few pixels is taken by it, on each row: left to the sweeps it would cost time alone. How many
    /// there were; one for each shape of mask but the own one, those that leave pixels out and bits in the midst of a byte.
    fn few_taken<F: InRow>(view: F::View<'_>) -> usize {
        let declared = [Meaning::declared(1, true), Meaning::declared(1, false), Meaning::declared(255, true)];
        let meanings = [Meaning::NON_ZERO, Meaning::class(1, None)].into_iter().chain(declared);
        let bytes = meanings.map(|meaning| Mask::Bytes(ByteMask { bytes: &ONES, meaning }));
        let bits = [false, true].map(|msb_first| Mask::Bits(BitRun { bytes: &ONES, shift: 0, msb_first }));
        let parts = offered();
        let mut taken = 0;
        for row in ROWS.iter().filter(|row| row.needs & parts != 0) {
            let sweeps = F::of(row);
            for mask in bytes.clone().chain(bits) {
                // SAFETY: both sides hold PIXELS pixels, which are few, and the row was filtered by what the CPU has.
                let tally = unsafe { entrance::short_hard(sweeps, view, mask) };
                let swept = by_sweeps(sweeps, view, mask);
                // Ones break a declaration of {0, 255}: what was summed then is given to nobody.
                let sums =
                    |tally: Tally<u64>| if tally.broken > 0 { Tally { broken: 1, ..Tally::NONE } } else { tally };
                assert_eq!(tally.map(sums), Some(sums(swept)), "{} {mask:?}", row.name);
                taken += 1;
            }
            // SAFETY: as above.
            let (tally, swept) = unsafe {
                let swept = entrance::soft(sweeps, view, view, &Within::Everywhere, &Ask::LINEAR);
                (entrance::short_soft(sweeps, view, view), swept)
            };
            assert_eq!(tally, Some(swept), "{}", row.name);
            taken += 1;
        }
        taken
    }

    /// The same sums by the sweeps of the table.
    fn by_sweeps<F: InRow>(sweeps: &Sweeps<F>, view: F::View<'_>, mask: Mask) -> Tally<u64> {
        // SAFETY: as above.
        unsafe { entrance::hard(sweeps, view, &mask, &Within::Everywhere, &Ask::LINEAR) }
    }

    #[test]
    fn every_short_function_takes_the_pair_that_it_is_given() {
        let codes: Vec<u8> = (0..PIXELS).map(|i| (i * 37 % 256) as u8).collect();
        let taken = [0, 0x80].map(|flip| few_taken::<Bytes>(ByteView { bytes: &codes, flip, codes: ByteCodes::PLAIN }));
        let words: Vec<i16> = codes.iter().map(|&code| i16::from(code) << 7).collect();
        let words = few_taken::<Words>(WordView { words: &words, dead: 0, clamp: false, checked: true });
        // With rounding dust, which a short function takes too.
        let floats: Vec<f32> = codes.iter().map(|&code| f32::from(code) / 255.0 * (1.0 + f32::EPSILON)).collect();
        let floats = few_taken::<Floats>(FloatView { floats: &floats, clamp: false, checked: true });
        assert!(taken == [words; 2] && words == floats && words >= 8, "{taken:?} {words} {floats}");
    }

    #[test]
    fn every_sweep_takes_the_pair_that_it_is_given() {
        let byte = |flip, codes| ByteView { bytes: &ONES, flip, codes };
        let moved = ByteCodes { floor: 3, ..ByteCodes::PLAIN };
        let bytes = all_taken::<Bytes>(&[byte(0, ByteCodes::PLAIN), byte(0x80, ByteCodes::PLAIN), byte(0, moved)]);
        let word = |checked| WordView { words: &[1; PIXELS], dead: 0, clamp: false, checked };
        let words = all_taken::<Words>(&[word(false), word(true)]);
        let float = |checked| FloatView { floats: &[0.5; PIXELS], clamp: false, checked };
        let floats = all_taken::<Floats>(&[float(false), float(true)]);
        assert!(bytes >= 200 && words >= 150 && floats >= 150, "{bytes} {words} {floats}");
    }
}
