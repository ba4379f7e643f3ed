//! What a sweep is asked for, and what it has found.

use crate::num::Acc;

/// Which sums a sweep takes beside Σp and Σt.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Σpt; where it is not asked for, it may be anything.
    pub products: bool,
    /// Σp² and Σt².
    pub squares: bool,
    /// Σmin(p, t).
    pub minima: bool,
    /// The prediction is decided first: the sums are of 1 from this key on, else of 0, and there are no squares.
    pub decided: Option<u32>,
}

impl Ask {
    /// Σp, Σt and Σpt alone.
    pub const LINEAR: Self = Self { products: true, squares: false, minima: false, decided: None };

    /// The linear sums of a prediction that is cut at a key.
    pub const fn decided(cut: u32) -> Self {
        Self { decided: Some(cut), ..Self::LINEAR }
    }
}

/// What a sweep has found.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally<A> {
    // No two that are added side by side lie side by side: else they are loaded as one vector, where a sweep has just stored
    // each by itself, and such a load waits until both stores have reached the cache.
    pub p: A,
    pub kept: u64,
    pub t: A,
    pub ignored: u64,
    pub pt: A,
    pub invalid: u64,
    pub pp: A,
    pub clamped: u64,
    pub tt: A,
    /// Mask bytes outside the declared values: their number is unspecified, but not 0.
    pub broken: u64,
    pub min_p: A,
    pub min_t: A,
}

impl<A: Acc> Tally<A> {
    /// Adds what another sweep has found.
    pub(crate) fn join(&mut self, more: &Self) {
        self.kept += more.kept;
        self.ignored += more.ignored;
        self.invalid += more.invalid;
        self.clamped += more.clamped;
        self.broken += more.broken;
        self.p = self.p.plus(more.p.into());
        self.t = self.t.plus(more.t.into());
        self.pt = self.pt.plus(more.pt.into());
        self.pp = self.pp.plus(more.pp.into());
        self.tt = self.tt.plus(more.tt.into());
        self.min_p = self.min_p.plus(more.min_p.into());
        self.min_t = self.min_t.plus(more.min_t.into());
    }
}

impl Tally<u64> {
    /// No pixel.
    #[cfg(soft_dice_lanes = "vector")]
    pub(crate) const NONE: Self = Self {
        p: 0,
        t: 0,
        pt: 0,
        pp: 0,
        tt: 0,
        min_p: 0,
        min_t: 0,
        kept: 0,
        ignored: 0,
        invalid: 0,
        clamped: 0,
        broken: 0,
    };

    /// Field by field: a loop over them would keep the compiler from seeing which are 0.
    #[inline(always)]
    pub(crate) fn widen<A: Acc>(self) -> Tally<A> {
        Tally {
            kept: self.kept,
            ignored: self.ignored,
            invalid: self.invalid,
            clamped: self.clamped,
            broken: self.broken,
            p: self.p.into(),
            t: self.t.into(),
            pt: self.pt.into(),
            pp: self.pp.into(),
            tt: self.tt.into(),
            min_p: self.min_p.into(),
            min_t: self.min_t.into(),
        }
    }
}
