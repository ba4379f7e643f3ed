//! Which pixels of a run count, how their codes are moved, and what is found: what the loops of `kept` share.

/// Every pixel counts.
pub(super) const ALL: u8 = 0;
/// Those that a region of bytes has.
pub(super) const IN_BYTES: u8 = 1;
/// Those that a region of bits has.
pub(super) const IN_BITS: u8 = 2;
/// Those whose label is not the ignored one.
#[cfg(soft_dice_lanes = "helium")]
pub(super) const UNLESS: u8 = 3;

/// Any code may be moved, clamped and silenced.
pub(super) const ANYHOW: u8 = 0;
/// No raw byte is above the largest code.
pub(super) const BELOW: u8 = 1;
/// Nothing is taken off and nothing clamped: small codes are silenced.
pub(super) const SILENCED: u8 = 2;
/// No raw byte is above the largest code, and none is silenced.
pub(super) const TAKEN_OFF: u8 = 3;
/// Codes are the unsigned bytes.
pub(super) const PLAIN: u8 = 4;

/// Sums of a run.
#[derive(Clone, Copy, Default)]
pub(super) struct Kept {
    pub p: u32,
    pub t: u32,
    pub pt: u32,
    pub kept: u32,
    pub clamped: u32,
    pub broken: bool,
}

/// Which pixels of a run count.
#[derive(Clone, Copy)]
pub(super) struct Inside {
    /// Bytes, or bits, lowest first; not read where a label says it.
    pub region: *const u8,
    /// The place of the first bit in its byte, at most 7; or the label that is ignored.
    pub place: usize,
}
