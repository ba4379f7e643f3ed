//! `soft-dice watch`: the monitor over a recording, frame by frame, as the device would have seen it.

mod feed;
pub mod model;
pub mod plot;
mod recording;
mod settings;
pub mod table;

use crate::args::{Common, WatchArgs};
use crate::each_element;
use crate::error::{Failure, Outcome};
use crate::map::Layout;
use crate::measure;
use crate::prediction::{Prediction, Reading};
use crate::read::Raw;
use crate::run::bar;
use crate::score::{explain, header, range};
use crate::target::{Target, TargetReading};
use feed::Raws;
use model::{Seen, WatchReport};
use recording::Recording;
use soft_dice::confidence::CONFIDENCE;
use soft_dice::monitor::{Settings, Watch};
use soft_dice::{Error, Measured, Own, Score};

/// Scores that the monitor keeps.
const HISTORY: usize = 32;

/// Feeds every frame to a monitor.
///
/// # Errors
///
/// A recording that cannot be read, or settings that are none.
pub fn watch(args: &WatchArgs, common: &Common) -> Outcome<WatchReport> {
    let mut run = Run::open(args)?;
    let (settings, calibration) = settings::of(&args.thresholds, |frames| healthy(args, frames))?;
    let Some(first) = run.next()? else {
        return Err(Failure::new("no frame", "record it again").at(&args.recording));
    };
    let frames = each_element!(&first.0.planes, element, _planes => run.watch(*element, settings, &first, common))?;
    let (height, width) = run.frames.size();
    Ok(WatchReport {
        header: header("watch", vec![args.read.class_name(0)], Layout::Hw),
        recording: args.recording.display().to_string(),
        target: args.target.as_ref().map(|path| path.display().to_string()),
        height,
        width,
        settings,
        calibration,
        state: frames.last().map(|seen| seen.report.state).unwrap_or_default(),
        follows: model::follows(&frames),
        events: frames.iter().filter_map(|seen| seen.event).collect(),
        frames,
    })
}

/// A frame, and what is true of it.
type Pair = (Prediction, Option<Target>);

/// A recording, with its masks, as it is read.
struct Run<'a> {
    args: &'a WatchArgs,
    reading: Reading,
    frames: Recording,
    masks: Option<Recording>,
}

impl<'a> Run<'a> {
    fn open(args: &'a WatchArgs) -> Outcome<Self> {
        let raw = Raw { dtype: args.read.dtype, shape: args.read.shape.clone(), ..Raw::default() };
        let frames = Recording::open(&args.recording, &raw)?;
        let masks = args.target.as_ref().map(|path| Recording::open(path, &Raw::default())).transpose()?;
        if let (Some(masks), Some(path)) = (&masks, &args.target)
            && (masks.count(), masks.size()) != (frames.count(), frames.size())
        {
            let [of, there] = [&frames, masks].map(|it| format!("{} frames of {:?}", it.count(), it.size()));
            return Err(Failure::new(format!("{there}, and the recording has {of}"), "give a mask for each").at(path));
        }
        Ok(Self { args, reading: Reading::of(&args.read), frames, masks })
    }

    fn next(&mut self) -> Outcome<Option<Pair>> {
        let Some(map) = self.frames.next()? else { return Ok(None) };
        let prediction = Prediction::of(map, &self.reading).map_err(|failure| failure.at(&self.args.recording))?;
        let target = match &mut self.masks {
            Some(masks) => masks.next()?,
            None => None,
        };
        let kind = TargetReading { threshold: 0.5, ..TargetReading::default() };
        let target = target.map(|map| Target::of(map, &prediction.map, &kind)).transpose()?;
        Ok(Some((prediction, target)))
    }

    fn watch<P: Raws>(&mut self, element: P, settings: Settings, first: &Pair, common: &Common) -> Outcome<Vec<Seen>> {
        let count = self.frames.count();
        let mut buffer = vec![Default::default(); first.0.map.pixels()];
        let mut watch = Watch::<P, HISTORY>::new(element, &mut buffer, settings)?
            .threshold(Own::at_least(&element, self.args.threshold));
        let mut seen = Vec::with_capacity(count);
        let bar = bar(count, common.quiet, "frames");
        seen.push(self.see(&mut watch, 0, first)?);
        while let Some(pair) = self.next()? {
            seen.push(self.see(&mut watch, seen.len(), &pair)?);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(seen)
    }

    fn see<P: Raws>(&self, watch: &mut Watch<'_, P, HISTORY>, frame: usize, pair: &Pair) -> Outcome<Seen> {
        let (prediction, target) = pair;
        let policy = range(self.reading.range);
        let failed = |failure: Failure| failure.frame(frame).at(&self.args.recording);
        let map = P::raws(&prediction.planes).ok_or_else(|| failed(Error::Mismatch.into()))?;
        let (event, refused) = match watch.frame(map) {
            // What the device would do with a frame that it cannot read.
            Err(Error::Range) => {
                let none = Target::Mask(Vec::new());
                (watch.dropped(), Some(explain(Error::Range, prediction, &none).to_string()))
            }
            other => (other.map_err(|error| failed(error.into()))?, None),
        };
        let confidence = if refused.is_none() { CONFIDENCE.f64(watch.sums()).ok() } else { None };
        let dice = match target {
            Some(target) if refused.is_none() => {
                let sums = measure::sums(prediction, target, policy);
                let sums = sums.map_err(|error| failed(explain(error, prediction, target)))?;
                sums.first().and_then(|record| Score::dice().f64(record).ok())
            }
            _ => None,
        };
        let sums = if refused.is_none() { Some(watch.sums().record()) } else { None };
        Ok(Seen { frame, confidence, dice, event, refused, report: watch.report(), sums })
    }
}

/// Confidence of the first frames, in Q15; of all of them, if none are counted. Frames without a mask have none.
fn healthy(args: &WatchArgs, frames: Option<usize>) -> Outcome<Vec<u16>> {
    let recording = args.thresholds.healthy.as_ref().unwrap_or(&args.recording);
    let args = WatchArgs { recording: recording.clone(), target: None, ..args.clone() };
    let mut run = Run::open(&args)?;
    // What is out of range is left out here: the watch itself reports it.
    if run.reading.range == crate::args::RangePolicy::Refuse {
        run.reading.range = crate::args::RangePolicy::Exclude;
    }
    let mut scores = Vec::new();
    while scores.len() < frames.unwrap_or(usize::MAX)
        && let Some((prediction, _)) = run.next()?
    {
        let sums = measure::own_sums(&prediction, args.threshold)?;
        let score = sums.first().filter(|record| record.t > 0).and_then(|record| CONFIDENCE.q15(record).ok());
        scores.extend(score.map(|score| score.unsigned_abs() as u16));
    }
    Ok(scores)
}
