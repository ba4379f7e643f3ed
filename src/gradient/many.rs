//! The backward sweep over many classes.

use super::Gradient;
use super::slope::{Direct, Mean, ThroughSigmoid, ThroughSoftmax};
use super::values::{Inside, Marks};
use crate::activation::{Logistic, Softmax};
use crate::columns::{ChannelRun, Columns, GATHER};
use crate::error::Error;
use crate::kernel::{apply, apply_bytes};
use crate::pixels::Meaning;
use crate::score::{Generalised, Pixels, Score};
use crate::sums::Measured;

/// Where the gradient of each class goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Layout {
    /// All classes of a pixel, then the next pixel.
    #[default]
    Interleaved,
    /// One class after another.
    Planar,
}

/// The gradients of 1 − the mean score over the classes that [`crate::Average::new`] counts, into `each`; 0 for the others. How
/// many there are.
///
/// # Errors
///
/// [`Error::Classes`] if `each` has another length, [`Error::Undefined`] if no class counts; else as [`Gradient::of`].
/// What `each` holds then is unspecified.
pub fn macro_mean(score: &Score, classes: &[impl Measured], each: &mut [Gradient]) -> Result<u16, Error> {
    if each.len() != classes.len() {
        return Err(Error::Classes);
    }
    let mut defined = 0u16;
    for (gradient, class) in each.iter_mut().zip(classes) {
        *gradient = Gradient::default();
        let record = class.record();
        if record.t == 0 && !score.says(&record) {
            continue;
        }
        match Gradient::of(score, class) {
            Ok(found) => *gradient = found,
            Err(Error::Skipped) => continue,
            Err(error) => return Err(error),
        }
        defined = defined.checked_add(1).ok_or(Error::Classes)?;
    }
    if defined == 0 {
        return Err(Error::Undefined);
    }
    for gradient in each {
        *gradient = gradient.scaled(1.0 / f32::from(defined));
    }
    Ok(defined)
}

/// The gradients of 1 − a generalised Dice, class by class, into `each`. Weights are by the target's volume, which no p
/// moves.
///
/// # Errors
///
/// [`Error::Classes`] if `each` has another length; else as [`Generalised::f64`]. What `each` holds then is unspecified.
pub fn generalised(score: &Generalised, classes: &[impl Measured], each: &mut [Gradient]) -> Result<(), Error> {
    if each.len() != classes.len() || classes.is_empty() {
        return Err(Error::Classes);
    }
    let (above, below) = score.parts(classes)?;
    if below == 0.0 {
        return Err(Error::Undefined);
    }
    let absent = score.absent_weight(classes)?;
    for (gradient, class) in each.iter_mut().zip(classes) {
        let weight = score.weight(Pixels::of(class).t).unwrap_or(absent) / below;
        let (size, overlap) = (weight * (above / below), -2.0 * weight);
        *gradient =
            if score.is_semimetric() { Gradient::minima(size, overlap) } else { Gradient::linear(size, overlap) };
    }
    Ok(())
}

/// Writes the gradients of all classes of a chunk of `f32` maps.
///
/// A pixel that bears the ignore label, or whose values are no probabilities (or no numbers, for logits), gets 0.
///
/// ```
/// use soft_dice::{F32, Gradient, Interleaved, Linear, Multiclass, Score, activation::Softmax};
/// use soft_dice::gradient::{Backward, macro_mean};
/// let (logits, labels) = ([0.3f32, -1.0, 2.0, 0.1], [0u8, 1]);
/// let mut frame = Multiclass::<[_; 2]>::new(F32::new(), Linear);
/// frame.update(Softmax(Interleaved(&logits)), &labels)?;
/// let mut each = [Gradient::default(); 2];
/// macro_mean(&Score::dice(), frame.sums(), &mut each)?;
/// let mut out = [0.0; 4];
/// Backward::new(&each).softmax(Interleaved(&logits), &labels, &mut out)?;
/// assert!(out[0] < 0.0 && (out[0] + out[1]).abs() < 1e-7);      // more of the right class; no sum moves
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Backward<'g> {
    gradients: &'g [Gradient],
    ignore: Option<u8>,
    layout: Layout,
}

/// A target of many classes: labels, or a value for each.
trait Aim: Copy {
    /// The run's targets of one channel; NaN where the pixel is left out.
    fn column(&self, place: ChannelRun, room: &mut [f32; GATHER]);
}

#[derive(Clone, Copy)]
struct Labels<'a> {
    labels: &'a [u8],
    ignore: Option<u8>,
}

impl Aim for Labels<'_> {
    fn column(&self, place: ChannelRun, room: &mut [f32; GATHER]) {
        let labels = self.labels.get(place.at..).unwrap_or_default();
        apply_bytes(Marks(Meaning::class(place.channel as u8, self.ignore)), labels, room);
    }
}

#[derive(Clone, Copy)]
struct Values<C>(C);

impl<C: Columns<f32>> Aim for Values<C> {
    fn column(&self, place: ChannelRun, room: &mut [f32; GATHER]) {
        let run = self.0.run(place.channels, place.at, place.pixels);
        let mut gathered = [0.0; GATHER];
        apply(Inside, [self.0.column(&run, place, &mut gathered)], room);
    }
}

impl<'g> Backward<'g> {
    /// With a gradient for each channel.
    #[must_use]
    pub const fn new(gradients: &'g [Gradient]) -> Self {
        Self { gradients, ignore: None, layout: Layout::Interleaved }
    }

    /// Pixels that bear this label get 0.
    #[must_use]
    pub const fn ignoring(self, label: u8) -> Self {
        Self { ignore: Some(label), ..self }
    }

    /// How the output lies in memory, whatever the input's layout.
    #[must_use]
    pub const fn layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// ∂loss/∂p of exclusive classes.
    ///
    /// # Errors
    ///
    /// [`Error::Split`] or [`Error::Classes`] if a buffer does not hold whole pixels of so many channels,
    /// [`Error::Length`] if the buffers differ in pixels, [`Error::Label`]. Nothing is written.
    pub fn probabilities(&self, p: impl Columns<f32>, labels: &[u8], out: &mut [f32]) -> Result<(), Error> {
        let pixels = self.labels(&p, labels)?;
        self.direct(p, self.aim(labels), pixels, out, |gradient, [p, t], found| apply(Direct(gradient), [p, t], found))
    }

    /// ∂loss/∂logit of exclusive classes whose probabilities are the softmax of these logits.
    ///
    /// # Errors
    ///
    /// As [`Self::probabilities`].
    pub fn softmax(&self, logits: impl Columns<f32>, labels: &[u8], out: &mut [f32]) -> Result<(), Error> {
        let pixels = self.labels(&logits, labels)?;
        self.coupled(Softmax(logits), self.aim(labels), pixels, out)
    }

    /// ∂loss/∂p of independent classes.
    ///
    /// # Errors
    ///
    /// As [`Self::probabilities`].
    pub fn independent(&self, p: impl Columns<f32>, t: impl Columns<f32>, out: &mut [f32]) -> Result<(), Error> {
        let pixels = self.values(&p, &t)?;
        self.direct(p, Values(t), pixels, out, |gradient, [p, t], found| apply(Direct(gradient), [p, t], found))
    }

    /// ∂loss/∂logit of independent classes whose probabilities are the sigmoid of these logits.
    ///
    /// # Errors
    ///
    /// As [`Self::probabilities`].
    pub fn sigmoid(&self, logits: impl Columns<f32>, t: impl Columns<f32>, out: &mut [f32]) -> Result<(), Error> {
        let pixels = self.values(&logits, &t)?;
        self.direct(logits, Values(t), pixels, out, |gradient, [x, t], found| {
            let mut p = [0.0; GATHER];
            apply(Logistic, [x], &mut p);
            apply(ThroughSigmoid(gradient), [&p, t], found);
        })
    }

    const fn aim<'l>(&self, labels: &'l [u8]) -> Labels<'l> {
        Labels { labels, ignore: self.ignore }
    }

    fn labels(&self, p: &impl Columns<f32>, labels: &[u8]) -> Result<usize, Error> {
        let channels = self.gradients.len();
        let pixels = p.pixels(channels)?;
        if labels.len() != pixels {
            return Err(Error::Length);
        }
        if labels.iter().any(|&label| usize::from(label) >= channels && Some(label) != self.ignore) {
            return Err(Error::Label);
        }
        Ok(pixels)
    }

    fn values(&self, p: &impl Columns<f32>, t: &impl Columns<f32>) -> Result<usize, Error> {
        let pixels = p.pixels(self.gradients.len())?;
        if t.pixels(self.gradients.len())? == pixels { Ok(pixels) } else { Err(Error::Length) }
    }

    /// Each class by itself: `write` says what becomes of a column's values and targets.
    fn direct<C: Columns<f32>>(
        &self,
        columns: C,
        aim: impl Aim,
        pixels: usize,
        out: &mut [f32],
        write: impl Fn(Gradient, [&[f32]; 2], &mut [f32; GATHER]),
    ) -> Result<(), Error> {
        let channels = self.gradients.len();
        if channels.checked_mul(pixels) != Some(out.len()) {
            return Err(Error::Length);
        }
        let (mut room, mut t, mut found) = ([0.0; GATHER], [0.0; GATHER], [0.0; GATHER]);
        let mut at = 0;
        while at < pixels {
            let length = GATHER.min(pixels - at);
            let run = columns.run(channels, at, length);
            for (channel, gradient) in self.gradients.iter().enumerate() {
                let place = ChannelRun { channels, channel, at, pixels: length };
                aim.column(place, &mut t);
                let values = columns.column(&run, place, &mut room);
                write(*gradient, [values, &t], &mut found);
                self.store(place, pixels, &found, out);
            }
            at += length;
        }
        Ok(())
    }

    /// Softmax couples the classes of a pixel: ∂loss/∂xₖ = pₖ(gₖ − Σ pᵢgᵢ).
    fn coupled<C: Columns<f32>>(&self, p: C, aim: impl Aim, pixels: usize, out: &mut [f32]) -> Result<(), Error> {
        let channels = self.gradients.len();
        if channels.checked_mul(pixels) != Some(out.len()) {
            return Err(Error::Length);
        }
        let (mut room, mut t, mut found) = ([0.0; GATHER], [0.0; GATHER], [0.0; GATHER]);
        let mut at = 0;
        while at < pixels {
            let length = GATHER.min(pixels - at);
            let run = p.run(channels, at, length);
            let mut mean = [0.0; GATHER];
            for (channel, gradient) in self.gradients.iter().enumerate() {
                let place = ChannelRun { channels, channel, at, pixels: length };
                aim.column(place, &mut t);
                apply(Mean(*gradient), [p.column(&run, place, &mut room), &t], &mut mean);
            }
            for (channel, gradient) in self.gradients.iter().enumerate() {
                let place = ChannelRun { channels, channel, at, pixels: length };
                aim.column(place, &mut t);
                apply(ThroughSoftmax(*gradient), [p.column(&run, place, &mut room), &t, &mean], &mut found);
                self.store(place, pixels, &found, out);
            }
            at += length;
        }
        Ok(())
    }

    fn store(&self, place: ChannelRun, all: usize, found: &[f32; GATHER], out: &mut [f32]) {
        let ChannelRun { channels, channel, at, pixels } = place;
        let (from, step) = match self.layout {
            Layout::Interleaved => (at * channels + channel, channels),
            Layout::Planar => (channel * all + at, 1),
        };
        let to = out.get_mut(from..).unwrap_or_default();
        for (to, &found) in to.iter_mut().step_by(step.max(1)).zip(found.iter().take(pixels)) {
            *to = found;
        }
    }
}
