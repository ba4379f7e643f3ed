//! From healthy recordings to settings that keep a promise, for every signal that can alarm: it answers, and says what the
//! answer rests on.

use super::calibrate::{Noise, ln, measure, sqrt, upper};
use super::lessons::{Lessons, MOST};
use super::settings::{Baseline, Drift, Settings, Watched};
use super::{Frame, Monitor, Promise, Signal, State};
use crate::error::Error;

/// Frames of a block that is drawn: what is alike from frame to frame stays together.
const BLOCK: usize = 32;
/// Frames drawn for every signal.
const DRAWN: usize = 1 << 20;
/// Peaks that are kept.
const PEAKS: usize = 64;
/// Frames after which a sum that has not come back to 0 begins anew: long beside any burst, and so often among the drawn frames
/// that a sum which drifts makes more peaks than are kept.
const LONGEST: usize = 1 << 10;
const _: () = assert!(DRAWN / LONGEST > PEAKS);

/// What was found for one signal. Numbers are in the signal's unit ([`Signal`]), as shares of 32768: 0.05 is 0.05 of a score,
/// or 0.05 · 16 octaves.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tuning {
    /// Which.
    pub signal: Signal,
    /// The fall that was asked for.
    pub asked: f64,
    /// The least fall from there on that can be promised at this rate on these frames.
    pub fall: f64,
    /// Its thresholds.
    pub drift: Drift,
    /// The readings' median.
    pub baseline: u16,
    /// Deviation and correlation of the readings about their scene's median.
    pub noise: Noise,
    /// Readings that it rests on.
    pub readings: usize,
    /// First frames that a baseline needs so that it errs by no more than an eighth of the fall asked for (95 %).
    pub needs: f64,
    /// The greatest CUSUM in the recordings themselves, in 1/256 of the limit.
    pub peak: f64,
}

/// What [`tune`] found.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tuned {
    /// What was to be kept.
    pub promise: Promise,
    /// Settings that keep it, for these scenes.
    pub settings: Settings,
    /// For every signal that these frames bear, in the order of [`Signal::ALL`].
    pub signals: [Option<Tuning>; 4],
    /// Signals of which no fall can be promised on these frames: they are switched off. In the order of [`Signal::ALL`].
    pub off: [bool; 4],
    /// Recordings.
    pub scenes: usize,
    /// Their frames.
    pub frames: usize,
    /// Alarms that these settings raise in the recordings themselves.
    pub alarms: usize,
    /// The rate is below what 2²⁰ frames drawn from the recordings can show, and is extrapolated.
    pub extrapolated: bool,
}

/// Thresholds for every signal from healthy recordings, one for each scene, frame by frame as [`super::Watch::seen`] gives them.
///
/// For the host: f64, no allocation, about a second.
///
/// **The reasoning.**
///
/// 1. *Allowance.* Half the fall that is to be found ([`super::calibrate`] has the reasons); of edge and detail the fall is
///    that of the settings given, twice their allowance.
/// 2. *Noise.* Nothing is assumed of it: 2²⁰ frames are drawn from the recordings in blocks of 32, about the median of
///    their own scene, and go through the CUSUM; a short recording knows little, and its falls are widened to the 95 %
///    bound of their deviation. The baseline errs, if it is learnt from few frames, and its 95 % bound is
///    taken off the allowance.
/// 3. *Limit.* The peak that the CUSUM exceeds half as often as promised; the promise is shared among the signals. Rates
///    below 10⁻⁵ are extrapolated from the peaks at 10⁻⁴ and 10⁻⁵, because those of a CUSUM fall off exponentially;
///    [`Tuned::extrapolated`] says so. It is never less than the other half of the fall, and above the recordings' own.
/// 4. *The least fall.* Where that limit is more than four allowances, the fall asked for is lost in the noise: a greater
///    one is tried, by a tenth each time, until it is not. A signal of which not even a fall of 1 can be promised is switched
///    off, and said to be ([`Tuned::off`]).
///
/// It speaks of these scenes. Another scene of the same network may be healthy at another level and with another spread:
/// give a recording of each, with baselines that the device learns itself.
///
/// # Errors
///
/// [`Error::Length`] for fewer than 8 scores in all, [`Error::Setting`] if promise or settings are none, or no fall
/// of confidence below 1 can be promised.
pub fn tune(scenes: &[&[Frame]], promise: &Promise, settings: Settings) -> Result<Tuned, Error> {
    settings.check()?;
    promise.check()?;
    let bears =
        |signal: Signal| scenes.iter().flat_map(|scene| scene.iter()).any(|frame| read(frame, signal).is_some());
    if !bears(Signal::Confidence) {
        return Err(Error::Length);
    }
    let signals = Signal::ALL.map(|signal| watched(&settings, signal).filter(|_| bears(signal)));
    let used = signals.iter().flatten().count().max(1) as f64;
    let rate = 1.0 / promise.frames_between / used;
    let mut tuned = Tuned {
        promise: *promise,
        settings,
        signals: [None; 4],
        off: [false; 4],
        scenes: scenes.len(),
        frames: scenes.iter().map(|scene| scene.len()).sum(),
        alarms: 0,
        extrapolated: rate < SHOWN,
    };
    let places = tuned.signals.iter_mut().zip(&mut tuned.off);
    for ((signal, (place, off)), watched) in Signal::ALL.into_iter().zip(places).zip(signals) {
        let Some(watched) = watched else { continue };
        let asked = match signal {
            Signal::Confidence => promise.fall,
            _ => 2.0 * f64::from(watched.settled.allowance) / UNIT,
        };
        let found = one(scenes, signal, asked, rate, promise.learnt);
        match found {
            Ok(found) => *place = Some(found),
            // A signal that few frames bear keeps its settings; confidence is what a monitor rests on.
            Err(Error::Length) if signal != Signal::Confidence => {}
            Err(_) if signal != Signal::Confidence => *off = true,
            Err(error) => return Err(error),
        }
    }
    for found in tuned.signals.into_iter().flatten() {
        let baseline = |before: Baseline| match (promise.learnt, before) {
            (None, _) => Baseline::Known(found.baseline),
            (Some(frames), Baseline::Learnt { refined, least, .. }) => {
                Baseline::Learnt { frames, refined: refined.max(frames), least }
            }
            (Some(frames), Baseline::Known(_)) => Baseline::Learnt { frames, refined: frames.max(64), least: 0 },
        };
        let apply = |watched: Watched| Watched {
            baseline: baseline(watched.baseline),
            drift: found.drift,
            settled: found.drift,
        };
        let settings = &mut tuned.settings;
        match found.signal {
            Signal::Confidence => settings.confidence = apply(settings.confidence),
            Signal::Agreement => settings.flicker = settings.flicker.map(apply),
            Signal::Edge => settings.edge = settings.edge.map(apply),
            Signal::Detail => settings.detail = settings.detail.map(apply),
        }
    }
    let [_, flicker, edge, detail] = tuned.off;
    tuned.settings.flicker = tuned.settings.flicker.filter(|_| !flicker);
    tuned.settings.edge = tuned.settings.edge.filter(|_| !edge);
    tuned.settings.detail = tuned.settings.detail.filter(|_| !detail);
    let allowance = tuned.settings.confidence.drift.allowance;
    tuned.settings.failing = tuned.settings.failing.max(allowance.saturating_add(1));
    tuned.settings.check()?;
    for scene in scenes {
        let mut monitor = Monitor::<1>::new(tuned.settings)?;
        for frame in *scene {
            let event = monitor.observe(frame)?;
            tuned.alarms += usize::from(event.is_some_and(|event| {
                matches!(event.to, State::Degraded | State::Failed) && !matches!(event.from, State::Degraded)
            }));
        }
    }
    Ok(tuned)
}

const UNIT: f64 = 32768.0;
/// The lowest rate that the drawn frames show.
const SHOWN: f64 = 1.0e-5;

fn watched(settings: &Settings, signal: Signal) -> Option<Watched> {
    match signal {
        Signal::Confidence => Some(settings.confidence),
        Signal::Agreement => settings.flicker,
        Signal::Edge => settings.edge,
        Signal::Detail => settings.detail,
    }
}

/// A reading of a frame that a monitor would score.
fn read(frame: &Frame, signal: Signal) -> Option<u16> {
    let scored = frame.confidence.filter(|_| !frame.uniform && !frame.identical);
    match signal {
        Signal::Confidence => scored,
        Signal::Agreement => frame.agreement.filter(|_| scored.is_some()),
        Signal::Edge => frame.edge.filter(|_| scored.is_some()),
        Signal::Detail => frame.detail.filter(|_| scored.is_some()),
    }
}

/// The median of what a scene's first frames bear: what a device would learn.
fn level(scene: &[Frame], signal: Signal) -> Option<u16> {
    let mut lessons = Lessons::NONE;
    scene.iter().filter_map(|frame| read(frame, signal)).take(MOST).for_each(|reading| lessons.push(reading));
    (lessons.frames() > 0).then(|| lessons.learnt().baseline)
}

/// Scenes with their levels, one signal: what lies how far below it.
#[derive(Clone, Copy)]
struct Falls<'s> {
    scenes: &'s [&'s [Frame]],
    signal: Signal,
    /// The level of all, where it is known and not learnt.
    known: Option<u16>,
    /// The levels of the first scenes, which are asked for with every block.
    levels: [Option<u16>; 32],
}

impl Falls<'_> {
    fn level(&self, scene: usize) -> Option<u16> {
        let learnt = match self.levels.get(scene) {
            Some(level) => *level,
            None => self.scenes.get(scene).and_then(|scene| level(scene, self.signal)),
        };
        self.known.filter(|_| learnt.is_some()).or(learnt)
    }

    fn of(&self, scene: &[Frame], at: usize, level: u16) -> Option<f64> {
        Some((f64::from(level) - f64::from(read(scene.get(at)?, self.signal)?)) / UNIT)
    }

    /// All, in order; between scenes there is a gap.
    fn each(&self, mut take: impl FnMut(Option<f64>)) {
        for (index, scene) in self.scenes.iter().enumerate() {
            let Some(level) = self.level(index) else { continue };
            (0..scene.len()).filter_map(|at| self.of(scene, at, level)).for_each(|fall| take(Some(fall)));
            take(None);
        }
    }

    /// So many, drawn in blocks.
    fn drawn(&self, mut take: impl FnMut(f64)) {
        let total: usize = self.scenes.iter().map(|scene| scene.len()).sum();
        let mut random = 0x9E37_79B9_7F4A_7C15u64;
        let mut taken = 0;
        // A block may lie where no frame bears the signal.
        for _ in 0..DRAWN {
            if taken >= DRAWN {
                return;
            }
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut at = ((random >> 16) as usize).checked_rem(total).unwrap_or_default();
            let Some((index, scene)) = self.scenes.iter().enumerate().find(|(_, scene)| {
                let here = at < scene.len();
                at -= if here { 0 } else { scene.len() };
                here
            }) else {
                return;
            };
            // A recording shorter than a block is taken whole.
            let at = at.min(scene.len().saturating_sub(BLOCK));
            let Some(level) = self.level(index) else { continue };
            for at in at..at + BLOCK {
                if let Some(fall) = self.of(scene, at, level) {
                    take(fall);
                    taken += 1;
                }
            }
        }
    }
}

/// A CUSUM without a limit: peaks between its visits to 0 that at least two low readings made.
#[derive(Clone, Copy)]
struct Peaks {
    sum: f64,
    /// Frames and low readings since its last visit to 0.
    frames: usize,
    lows: u32,
    peak: f64,
    /// The greatest, in falling order.
    most: [f64; PEAKS],
}

impl Peaks {
    const NONE: Self = Self { sum: 0.0, frames: 0, lows: 0, peak: 0.0, most: [0.0; PEAKS] };

    fn take(&mut self, fall: f64, allowance: f64) {
        self.sum = (self.sum + fall - allowance).max(0.0);
        if self.sum == 0.0 {
            self.end();
            return;
        }
        self.frames += 1;
        self.lows += u32::from(fall > allowance);
        if self.lows >= 2 {
            self.peak = self.peak.max(self.sum);
        }
    }

    fn end(&mut self) {
        let mut peak = self.peak;
        for most in &mut self.most {
            if peak > *most {
                core::mem::swap(&mut peak, most);
            }
        }
        (self.sum, self.frames, self.lows, self.peak) = (0.0, 0, 0, 0.0);
    }

    /// The limit that would be exceeded at this rate: half of what is promised.
    fn limit(&self, rate: f64) -> f64 {
        let at = |rate: f64| {
            let place = (rate * DRAWN as f64 / 2.0) as usize;
            self.most.get(place.min(PEAKS - 1)).copied().unwrap_or_default()
        };
        if rate >= SHOWN {
            return at(rate);
        }
        let (often, seldom) = (at(10.0 * SHOWN), at(SHOWN));
        seldom + (seldom - often) * ln(SHOWN / rate) / ln(10.0)
    }
}

fn one(scenes: &[&[Frame]], signal: Signal, asked: f64, rate: f64, learnt: Option<u8>) -> Result<Tuning, Error> {
    let mut falls = Falls { scenes, signal, known: None, levels: [None; 32] };
    falls.levels.iter_mut().zip(scenes).for_each(|(place, scene)| *place = level(scene, signal));
    // The level of all scenes: the one in the middle of theirs.
    let baseline = middle(scenes.iter().filter_map(|scene| level(scene, signal))).ok_or(Error::Length)?;
    if learnt.is_none() {
        falls.known = Some(baseline);
    }
    let (noise, readings) = measure_falls(&falls);
    if readings < 8 {
        return Err(Error::Length);
    }
    let Noise { deviation, correlation: phi } = noise;
    // Of a mean of n frames; a median errs by a quarter more.
    let error = |frames: f64| 1.25 * 1.645 * deviation * sqrt((1.0 + phi) / (1.0 - phi) / frames);
    let missed = error(learnt.map_or(readings as f64, f64::from));
    // Few frames know little of their spread: what is drawn is widened to the 95 % bound of the deviation.
    let wider = upper(Noise { deviation: 1.0, ..noise }, readings as f64).deviation;
    let mut fall = asked;
    while fall < 1.0 {
        let allowance = fall / 2.0;
        let effective = allowance - missed;
        if effective > 0.0 {
            let (mut drawn, mut own) = (Peaks::NONE, Peaks::NONE);
            falls.drawn(|fall| {
                drawn.take(fall * wider, effective);
                // A sum that does not come back would be one peak, however often it exceeds any limit.
                if drawn.frames == LONGEST {
                    drawn.end();
                }
            });
            falls.each(|fall| match fall {
                Some(fall) => own.take(fall, effective),
                None => own.end(),
            });
            drawn.end();
            own.end();
            let [greatest, ..] = own.most;
            let limit = drawn.limit(rate).max(greatest).max(fall - allowance) + 1.0 / UNIT;
            if limit <= (4.0 * allowance).min(1.0) {
                let eighth = error(1.0) / (asked / 8.0);
                return Ok(Tuning {
                    signal,
                    asked,
                    fall,
                    drift: Drift { allowance: q15(allowance), limit: q15(limit) },
                    baseline,
                    noise,
                    readings,
                    needs: eighth * eighth,
                    peak: greatest / limit * 256.0,
                });
            }
        }
        fall *= 1.1;
    }
    Err(Error::Setting)
}

fn q15(x: f64) -> u16 {
    (x * UNIT + 0.5).clamp(1.0, UNIT) as u16
}

/// The lower median, without a copy: the one that as many lie below as above.
fn middle(all: impl Iterator<Item = u16> + Clone) -> Option<u16> {
    let half = (all.clone().count().checked_sub(1)?) / 2;
    all.clone().find(|&one| {
        let below = all.clone().filter(|&other| other < one).count();
        let beside = all.clone().filter(|&other| other <= one).count();
        below <= half && half < beside
    })
}

fn measure_falls(falls: &Falls<'_>) -> (Noise, usize) {
    let mut sums = measure::Pairs::NONE;
    falls.each(|fall| sums.take(fall));
    (sums.noise(), sums.count())
}
