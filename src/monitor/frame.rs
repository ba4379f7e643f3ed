use super::contour::{Outlined, Readings};
use super::logarithm;
use super::settings::ONE;
use crate::confidence::{CONFIDENCE, Compared, share};
use crate::error::Error;
use crate::sums::Measured;

/// What the monitor sees of a frame: a few numbers, made of exact sums.
///
/// ```
/// use soft_dice::U8;
/// use soft_dice::confidence::confidence;
/// use soft_dice::monitor::Frame;
///
/// let mut stream = confidence(U8);
/// stream.update(&[255, 204, 0, 51], ())?;
/// let frame = Frame::new(stream.sums())?.uniform(false);
/// assert_eq!((frame.confidence_q15(), frame.area_q15()), (Some(29491), 16384));    // 3.6 / 4, half the picture
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame {
    pub(super) pixels: u64,
    /// Of a mask that is not empty.
    pub(super) confidence: Option<u16>,
    pub(super) agreement: Option<u16>,
    pub(super) area: u16,
    pub(super) invalid: u16,
    /// Σp = 0: there is nothing at all.
    pub(super) blank: bool,
    pub(super) uniform: bool,
    pub(super) identical: bool,
    pub(super) occupied: Option<bool>,
    /// As [`super::logarithm`] has it.
    pub(super) edge: Option<u16>,
    pub(super) detail: Option<u16>,
}

impl Frame {
    /// A frame from its sums with its own mask: of [`crate::confidence::confidence`], or
    /// [`crate::confidence::ClassConfidence::pooled`].
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if no pixel was seen, [`Error::Mismatch`] if the target was not a mask.
    pub fn new(own: &impl Measured) -> Result<Self, Error> {
        let record = own.record();
        if !record.hard {
            return Err(Error::Mismatch);
        }
        let valid_or_not = record.count.saturating_add(record.invalid);
        let pixels = valid_or_not.saturating_add(record.ignored);
        if pixels == 0 {
            return Err(Error::Length);
        }
        let confidence = if record.t == 0 { None } else { CONFIDENCE.q15(own).ok() };
        Ok(Self {
            pixels,
            confidence: confidence.map(|q| q.clamp(0, i32::from(ONE)) as u16),
            agreement: None,
            area: share(record.t as u64, record.count),
            invalid: share(record.invalid, valid_or_not),
            blank: record.p == 0,
            uniform: false,
            identical: false,
            occupied: None,
            edge: None,
            detail: None,
        })
    }

    /// Another score in place of the sums' own: of many classes the mean of theirs. None is taken where the mask is empty.
    #[must_use]
    pub fn scored(self, confidence: Option<u16>) -> Self {
        Self { confidence: confidence.filter(|_| self.confidence.is_some()).or(self.confidence), ..self }
    }

    /// How it agrees with the last frame.
    #[must_use]
    pub const fn compared(self, last: Option<Compared>) -> Self {
        match last {
            Some(Compared { covered_q15, identical, .. }) => Self { agreement: covered_q15, identical, ..self },
            None => Self { agreement: None, identical: false, ..self },
        }
    }

    /// Whether every pixel bears the same numbers: see [`crate::confidence::uniform`].
    #[must_use]
    pub const fn uniform(self, uniform: bool) -> Self {
        Self { uniform, ..self }
    }

    /// What something else knows of the scene (a light barrier, another model): whether there is anything to see.
    #[must_use]
    pub const fn occupied(self, occupied: bool) -> Self {
        Self { occupied: Some(occupied), ..self }
    }

    /// What the camera's picture says of the mask, from [`super::Contour`].
    #[must_use]
    pub const fn pictured(self, seen: Option<Outlined>) -> Self {
        match seen {
            Some(seen) => self.read(Some(seen.readings())),
            None => self.read(None),
        }
    }

    /// The same of the two signals themselves.
    pub(super) const fn read(self, picture: Option<Readings>) -> Self {
        match picture {
            Some(Readings { edge, detail }) => Self { edge, detail: Some(detail), ..self },
            None => Self { edge: None, detail: None, ..self },
        }
    }

    /// The picture's edge under the mask's against that of the whole picture: log₂ of their ratio in 1/2048.
    #[must_use]
    pub const fn edge(&self) -> Option<i16> {
        match self.edge {
            Some(reading) => Some(logarithm::of(reading)),
            None => None,
        }
    }

    /// The picture's detail: log₂ of its mean edge in 1/2048.
    #[must_use]
    pub const fn detail(&self) -> Option<i16> {
        match self.detail {
            Some(reading) => Some(logarithm::of(reading)),
            None => None,
        }
    }

    /// Soft Dice Confidence in Q15; `None` where the mask is empty.
    #[must_use]
    pub const fn confidence_q15(&self) -> Option<u16> {
        self.confidence
    }

    /// Agreement with the last frame in Q15, divided by its bound ([`Compared::covered_q15`]), if there is one.
    #[must_use]
    pub const fn agreement_q15(&self) -> Option<u16> {
        self.agreement
    }

    /// The foreground's share of the valid pixels in Q15.
    #[must_use]
    pub const fn area_q15(&self) -> u16 {
        self.area
    }

    /// The share of invalid pixels among those looked at, in Q15: at least 1 if there is one.
    #[must_use]
    pub const fn invalid_q15(&self) -> u16 {
        self.invalid
    }
}
