use super::average::scaled;
use super::{Ratio, Score};
use crate::element::Element;
use crate::error::Error;
use crate::stream::Stream;
use crate::sums::{Linear, Moments, Sums};
use crate::target::Target;

/// The mean of scores, one for each frame: Q31 numbers, added as integers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FrameScores {
    total: i64,
    defined: u32,
    undefined: u32,
    skipped: u32,
}

impl FrameScores {
    /// No frame yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { total: 0, defined: 0, undefined: 0, skipped: 0 }
    }

    /// Adds the score of a frame. Undefined and skipped ones are counted and left out of the mean.
    ///
    /// # Errors
    ///
    /// What is wrong with the score, if it is anything else; [`Error::Capacity`] after 2³² frames, or for a score beyond
    /// what so many leave room for. Nothing is added then.
    pub fn push(&mut self, score: Result<Ratio, Error>) -> Result<(), Error> {
        let add = |count: u32| count.checked_add(1).ok_or(Error::Capacity);
        match score {
            Ok(ratio) => {
                let defined = add(self.defined)?;
                self.total = self.total.checked_add(ratio.q31()).ok_or(Error::Capacity)?;
                self.defined = defined;
            }
            Err(Error::Undefined) => self.undefined = add(self.undefined)?,
            Err(Error::Skipped) => self.skipped = add(self.skipped)?,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Adds the frames of another.
    ///
    /// # Errors
    ///
    /// [`Error::Capacity`], and nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let add = |a: u32, b: u32| a.checked_add(b).ok_or(Error::Capacity);
        *self = Self {
            total: self.total.checked_add(other.total).ok_or(Error::Capacity)?,
            defined: add(self.defined, other.defined)?,
            undefined: add(self.undefined, other.undefined)?,
            skipped: add(self.skipped, other.skipped)?,
        };
        Ok(())
    }

    /// Frames in the mean.
    #[must_use]
    pub const fn defined(&self) -> u32 {
        self.defined
    }

    /// Frames whose score is undefined.
    #[must_use]
    pub const fn undefined(&self) -> u32 {
        self.undefined
    }

    /// Frames that the policy for empty maps leaves out.
    #[must_use]
    pub const fn skipped(&self) -> u32 {
        self.skipped
    }

    /// The mean of the defined frames.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] if there are none.
    pub fn mean(&self) -> Result<Ratio, Error> {
        scaled(i128::from(self.total), u128::from(self.defined)).ok_or(Error::Undefined)
    }
}

/// Many frames in one stream: the sums of all their pixels, and the mean of their scores. The two differ: in pooled sums a
/// frame counts by its pixels, in the mean every frame counts alike.
///
/// ```
/// use soft_dice::{Empty, Frames, NonZero, Score, U8};
/// let mut frames = Frames::new(U8, NonZero, Score::dice().both_empty(Empty::Skip));
/// frames.frame().update(&[255, 255, 255], &[1, 1, 1])?;
/// frames.end()?;
/// frames.frame().update(&[255], &[0])?;
/// frames.end()?;
/// frames.frame().update(&[0], &[0])?;
/// assert!(frames.end()?.is_none());                                   // an empty frame, to be skipped
/// assert_eq!(frames.scores().mean()?.f32(), 0.5);                     // of 1 and 0
/// assert_eq!((frames.scores().defined(), frames.scores().skipped()), (2, 1));
/// assert_eq!(Score::dice().f32(frames.pooled())?, 6.0 / 7.0);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frames<P: Element, T: Target<P>, M: Moments = Linear> {
    frame: Stream<P, T, M>,
    pooled: Sums<P, T, M>,
    scores: FrameScores,
    score: Score,
}

#[cfg(feature = "defmt")]
impl<P: Element, T: Target<P>, M: Moments> defmt::Format for Frames<P, T, M> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let Self { frame, pooled, scores, score } = self;
        defmt::write!(f, "Frames {{ frame: {}, pooled: {}, scores: {}, score: {} }}", frame, pooled, scores, score);
    }
}

impl<P: Element, T: Target<P>> Frames<P, T> {
    /// Frames of the linear sums, each to be scored by `score`.
    ///
    /// ```
    /// use soft_dice::{Frames, I8, NonZero, Ratio, Score};
    /// use std::sync::Mutex;
    /// static FRAMES: Mutex<Frames<I8, NonZero>> = Mutex::new(Frames::new(I8::TFLITE, NonZero, Score::dice()));
    /// FRAMES.lock().unwrap().frame().update(&[127, -128], &[1, 0])?;
    /// assert_eq!(FRAMES.lock().unwrap().end()?.map(Ratio::q15), Some(32704));
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn new(prediction: P, target: T, score: Score) -> Self {
        Self::summing(prediction, target, Linear, score)
    }
}

impl<P: Element, T: Target<P>, M: Moments> Frames<P, T, M> {
    /// Frames that also keep other sums.
    #[must_use]
    pub const fn summing(prediction: P, target: T, moments: M, score: Score) -> Self {
        Self {
            frame: Stream::summing(prediction, target, moments),
            pooled: Sums::new(prediction, target),
            scores: FrameScores::new(),
            score,
        }
    }

    /// The frame that is under way, to be updated.
    pub const fn frame(&mut self) -> &mut Stream<P, T, M> {
        &mut self.frame
    }

    /// Ends the frame, and begins the next. Gives its score, or `None` where it is undefined or skipped.
    ///
    /// # Errors
    ///
    /// [`Error::Capacity`], or [`Error::NotSummed`] as the score says; the frame goes on.
    pub fn end(&mut self) -> Result<Option<Ratio>, Error> {
        let score = self.score.ratio(self.frame.sums());
        let (mut scores, mut pooled) = (self.scores, self.pooled);
        scores.push(score)?;
        pooled.merge(self.frame.sums())?;
        (self.scores, self.pooled) = (scores, pooled);
        self.frame.reset();
        Ok(score.ok())
    }

    /// The sums of all frames that have ended.
    #[must_use]
    pub const fn pooled(&self) -> &Sums<P, T, M> {
        &self.pooled
    }

    /// The scores of the frames that have ended.
    #[must_use]
    pub const fn scores(&self) -> &FrameScores {
        &self.scores
    }
}
