use crate::memory;
use crate::status::{Done, SOFT_DICE_VERSION, soft_dice_status, status};
use soft_dice::{Measured, Record, Unit};

/// A number of 128 bits: high * 2^64 + low. Sums of 8-bit codes and of float against a mask stay in `low`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct soft_dice_u128 {
    /// The lower half.
    pub low: u64,
    /// The upper half.
    pub high: u64,
}

/// The value of one code: mul / (div * 2^shift), exactly.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct soft_dice_unit {
    /// Numerator.
    pub mul: u32,
    /// Denominator that is no power of two, else 1.
    pub div: u16,
    /// Binary places.
    pub shift: u8,
    /// 0, in place of padding: equal sums are equal byte for byte.
    pub reserved: u8,
}

/// The exact sums over the pixels so far: plain data, yours to place, copy, send and read. All zero is empty:
///
///     soft_dice_sums frame = {0};
///
/// The first update sets the units; later ones, and what is merged, must have the same. Sums are of q - zero_point, and
/// ignored and invalid pixels are in none of them and not in `count`. 2^40 pixels fit.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct soft_dice_sums {
    /// Pixels in the sums.
    pub count: u64,
    /// Pixels left out by the ignore label.
    pub ignored: u64,
    /// Pixels left out because a value was not in [0, 1].
    pub invalid: u64,
    /// Pixels in the sums with a value read as the nearest inside [0, 1].
    pub clamped: u64,
    /// Sum of p, in `unit_p`.
    pub p: soft_dice_u128,
    /// Sum of t, in `unit_t`.
    pub t: soft_dice_u128,
    /// Sum of p * t, in the product of the units (of two float maps: in `unit_p`, rounded pixel by pixel).
    pub pt: soft_dice_u128,
    /// Sum of p * p, if `kept` has `SOFT_DICE_SQUARES`.
    pub pp: soft_dice_u128,
    /// Sum of t * t.
    pub tt: soft_dice_u128,
    /// Sum of p where p <= t, if `kept` has `SOFT_DICE_MINIMA`.
    pub min_p: soft_dice_u128,
    /// Sum of t where p > t.
    pub min_t: soft_dice_u128,
    /// The value of one code of p.
    pub unit_p: soft_dice_unit,
    /// The value of one code of t.
    pub unit_t: soft_dice_unit,
    /// The raw code of p that denotes 0.
    pub zero_point_p: i32,
    /// The raw code of t that denotes 0.
    pub zero_point_t: i32,
    /// Of the format of these sums; 0 is empty.
    pub version: u16,
    /// What was rounded to its unit, pixel by pixel: 1 pt, 2 pp, 4 tt. All else is exact.
    pub rounded: u8,
    /// 1 if every target pixel was 0 or 1.
    pub hard: u8,
    /// `SOFT_DICE_SQUARES`, `SOFT_DICE_MINIMA`.
    pub kept: u8,
    /// 0, in place of padding.
    pub reserved: [u8; 3],
}

/// In `kept`: there are `pp` and `tt`.
pub const SOFT_DICE_SQUARES: u8 = 1;
/// In `kept`: there are `min_p` and `min_t`.
pub const SOFT_DICE_MINIMA: u8 = 2;

// C code is compiled against these numbers; every target has them.
const _: () = assert!(size_of::<soft_dice_sums>() == 176 && align_of::<soft_dice_sums>() <= 8);

/// Of a mask: a code of 1 is 1.
pub(crate) const MASK_UNIT: soft_dice_unit = soft_dice_unit { mul: 1, div: 1, shift: 0, reserved: 0 };

impl From<u128> for soft_dice_u128 {
    fn from(number: u128) -> Self {
        Self { low: number as u64, high: (number >> 64) as u64 }
    }
}

impl From<soft_dice_u128> for u128 {
    fn from(number: soft_dice_u128) -> Self {
        Self::from(number.high) << 64 | Self::from(number.low)
    }
}

impl From<Unit> for soft_dice_unit {
    fn from(Unit { mul, div, shift }: Unit) -> Self {
        Self { mul, div, shift, reserved: 0 }
    }
}

impl From<soft_dice_unit> for Unit {
    fn from(soft_dice_unit { mul, div, shift, .. }: soft_dice_unit) -> Self {
        Self { mul, div, shift }
    }
}

impl From<&Record> for soft_dice_sums {
    fn from(record: &Record) -> Self {
        let (pp, tt) = record.squares.unwrap_or_default();
        let (min_p, min_t) = record.minima.unwrap_or_default();
        let kept = |there: bool, what: u8| if there { what } else { 0 };
        Self {
            count: record.count,
            ignored: record.ignored,
            invalid: record.invalid,
            clamped: record.clamped,
            p: record.p.into(),
            t: record.t.into(),
            pt: record.pt.into(),
            pp: pp.into(),
            tt: tt.into(),
            min_p: min_p.into(),
            min_t: min_t.into(),
            unit_p: record.unit_p.into(),
            unit_t: record.unit_t.into(),
            zero_point_p: record.zero_point_p,
            zero_point_t: record.zero_point_t,
            version: record.version,
            rounded: record.rounded,
            hard: record.hard.into(),
            kept: kept(record.squares.is_some(), SOFT_DICE_SQUARES) | kept(record.minima.is_some(), SOFT_DICE_MINIMA),
            reserved: [0; 3],
        }
    }
}

impl Measured for soft_dice_sums {
    fn record(&self) -> Record {
        let pair =
            |what: u8, a: soft_dice_u128, b: soft_dice_u128| (self.kept & what != 0).then(|| (a.into(), b.into()));
        // Sums that are empty have no unit yet; any will do for a sum of nothing, and none would be refused.
        let unit = |unit: soft_dice_unit| if self.version == 0 { MASK_UNIT } else { unit };
        Record {
            version: self.version,
            unit_p: unit(self.unit_p).into(),
            unit_t: unit(self.unit_t).into(),
            zero_point_p: self.zero_point_p,
            zero_point_t: self.zero_point_t,
            rounded: self.rounded,
            hard: self.hard != 0,
            count: self.count,
            ignored: self.ignored,
            invalid: self.invalid,
            clamped: self.clamped,
            p: self.p.into(),
            t: self.t.into(),
            pt: self.pt.into(),
            squares: pair(SOFT_DICE_SQUARES, self.pp, self.tt),
            minima: pair(SOFT_DICE_MINIMA, self.min_p, self.min_t),
        }
    }
}

/// Words of the struct, and of its part from the units on.
const WORDS: usize = size_of::<soft_dice_sums>() / 4;
pub(crate) const KIND: usize = 8;
const _: () = assert!(core::mem::offset_of!(soft_dice_sums, unit_p) == 4 * (WORDS - KIND) && WORDS.is_multiple_of(4));

impl soft_dice_sums {
    /// What linear sums against a mask keep: min(p, t) is pt.
    pub(crate) const LINEAR_OF_A_MASK: u8 = SOFT_DICE_MINIMA;

    /// Zeroed.
    pub(crate) const NONE: Self = {
        let (zero, unit) =
            (soft_dice_u128 { low: 0, high: 0 }, soft_dice_unit { mul: 0, div: 0, shift: 0, reserved: 0 });
        Self {
            count: 0,
            ignored: 0,
            invalid: 0,
            clamped: 0,
            p: zero,
            t: zero,
            pt: zero,
            pp: zero,
            tt: zero,
            min_p: zero,
            min_t: zero,
            unit_p: unit,
            unit_t: unit,
            zero_point_p: 0,
            zero_point_t: 0,
            version: 0,
            rounded: 0,
            hard: 0,
            kept: 0,
            reserved: [0; 3],
        }
    };

    /// As words: the struct has no padding.
    pub(crate) const fn words(&self) -> &[u32; WORDS] {
        // SAFETY: its size is that of so many words, it is aligned for more, and every byte of it is a number's.
        unsafe { &*core::ptr::from_ref(self).cast::<[u32; WORDS]>() }
    }

    /// The words behind the sums, which say what they are sums of.
    pub(crate) fn kind(&self) -> &[u32; KIND] {
        self.words().last_chunk().unwrap_or(&[0; KIND])
    }

    /// To be written to.
    pub(crate) fn kind_mut(&mut self) -> Option<&mut [u32; KIND]> {
        // SAFETY: as in `words`, and every number is a value of its field.
        let words = unsafe { &mut *core::ptr::from_mut(self).cast::<[u32; WORDS]>() };
        words.last_chunk_mut()
    }

    /// Zeroed, byte for byte.
    pub(crate) fn is_zero(&self) -> bool {
        // Every first update of a frame comes here: four words a turn.
        let (fours, _) = self.words().as_chunks();
        fours.iter().fold(0, |all, &[a, b, c, d]| all | a | b | c | d) == 0
    }

    /// These are sums of this library, or nothing at all.
    pub(crate) fn known(&self) -> Done<&Self> {
        match self.version {
            Record::VERSION => Ok(self),
            0 if self.is_zero() => Ok(self),
            _ => Err(SOFT_DICE_VERSION),
        }
    }

    /// With more pixels of the same kind.
    pub(crate) fn plus(&self, more: &Record) -> Done<Self> {
        if self.known()?.version == 0 {
            return Ok(more.into());
        }
        let mut record = self.record();
        record.merge(more)?;
        Ok((&record).into())
    }
}

/// Adds the sums of other pixels, in any order: of another tile, core or device.
///
/// # Safety
///
/// Pointers point to sums, or are null or misaligned, which is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_merge(sums: *mut soft_dice_sums, other: *const soft_dice_sums) -> soft_dice_status {
    let merged = || {
        // SAFETY: the caller's promise; both are read before one is written, so they may be the same.
        let (sums, other) = unsafe { (memory::shared(sums.cast_const())?, memory::shared(other)?) };
        if other.known()?.version == 0 { sums.known().copied() } else { sums.plus(&other.record()) }
    };
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(sums, merged()) })
}

/// Forgets all pixels and the kind, for the next frame. The same as zeroing the struct.
///
/// # Safety
///
/// The pointer points to sums, or is null or misaligned, which is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_reset(sums: *mut soft_dice_sums) -> soft_dice_status {
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(sums, Ok(soft_dice_sums::default())) })
}
