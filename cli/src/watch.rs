//! `soft-dice watch`: the monitor over a recording, frame by frame, as the device would have seen it.

pub mod alarm;
mod beside;
pub mod coverage;
mod feed;
pub mod model;
pub mod plot;
mod recording;
pub mod settings;
pub mod table;

use crate::args::{Common, WatchArgs};
use crate::each_element;
use crate::emit::{Emitted, FORMAT};
use crate::error::{Failure, Outcome};
use crate::map::Layout;
use crate::measure::{self, Cut};
use crate::prediction::{Prediction, Reading};
use crate::read::Raw;
use crate::run::bar;
use crate::said::Said;
use crate::score::{explain, header, range};
use crate::suspicion::{self, Caution};
use crate::target::{Target, TargetReading};
use beside::{Masks, Pictures};
use feed::Raws;
use model::{Seen, WatchReport};
use recording::Recording;
use soft_dice::confidence::CONFIDENCE;
use soft_dice::monitor::{Camera, Format, Frame, Picture, Settings, Watch};
use soft_dice::{Error, Measured, Own, Score};
use std::collections::BTreeSet;
use std::path::Path;

/// Scores that the monitor keeps.
const HISTORY: usize = 32;

/// Feeds every frame to a monitor.
///
/// # Errors
///
/// A recording that cannot be read, or settings that are none.
pub fn watch(args: &WatchArgs, common: &Common) -> Outcome<WatchReport> {
    if !(args.bad > 0.0 && args.bad <= 1.0) {
        return Err(Failure::new(format!("--bad {} is no Dice", args.bad), "give a value above 0, at most 1"));
    }
    let mut run = Run::open(args, &args.recording, args.picture.as_deref())?;
    if let Some(path) = &args.target {
        run.masks = Some(Masks::open(path, &run.frames)?);
    }
    let (settings, calibration) = settings::of(&args.thresholds, |frames| healthy(args, frames))?;
    let kind = run.masks.as_ref().map(|masks| format!(" ({})", masks.kind()));
    let (frames, warnings) = run.all(settings, common)?;
    let (height, width) = run.frames.size();
    Ok(WatchReport {
        header: header("watch", vec![args.read.class_name(0)], Layout::Hw),
        read: run.said.take().into_iter().collect(),
        recording: args.recording.display().to_string(),
        target: args.target.as_ref().map(|path| format!("{}{}", path.display(), kind.unwrap_or_default())),
        picture: args.picture.as_ref().map(|path| path.display().to_string()),
        height,
        width,
        settings: Some(settings),
        calibration,
        state: frames.last().map(|seen| seen.report.state).unwrap_or_default(),
        follows: model::follows(&frames),
        alarm: alarm::judge(&frames, args.bad),
        warnings,
        events: frames.iter().filter_map(|seen| seen.event).collect(),
        frames,
    })
}

/// What `--emit` gives to firmware.
#[must_use]
pub fn emitted(args: &WatchArgs, report: &WatchReport) -> Option<Emitted> {
    let quantised = Reading::of(&args.read).quantised.is_some();
    let codes = report.frames.iter().find_map(|seen| seen.sums.as_ref()).filter(|_| quantised);
    let quantisation = codes.map(|sums| (sums.unit_p.value(1) as f32, sums.zero_point_p));
    Some(Emitted { format: FORMAT, threshold: args.threshold, quantisation, settings: report.settings? })
}

/// A frame, and what lies beside it.
struct Moment {
    prediction: Prediction,
    target: Option<Target>,
    luma: Option<Vec<u8>>,
}

/// A recording, with what lies beside it, as it is read.
struct Run<'a> {
    args: &'a WatchArgs,
    path: &'a Path,
    reading: Reading,
    frames: Recording,
    masks: Option<Masks>,
    pictures: Option<Pictures>,
    /// Frames that are taken at most.
    most: usize,
    /// How it was read.
    said: Option<Said>,
}

impl<'a> Run<'a> {
    fn open(args: &'a WatchArgs, path: &'a Path, picture: Option<&Path>) -> Outcome<Self> {
        let raw = Raw { dtype: args.read.dtype, shape: args.read.shape.clone(), ..Raw::default() };
        let frames = Recording::open(path, &raw)?;
        let pictures = picture.map(|path| Pictures::open(path, &frames)).transpose()?;
        Ok(Self {
            args,
            path,
            reading: Reading::of(&args.read),
            frames,
            masks: None,
            pictures,
            most: usize::MAX,
            said: None,
        })
    }

    fn next(&mut self) -> Outcome<Option<Moment>> {
        let Some(map) = self.frames.next()? else { return Ok(None) };
        let prediction = Prediction::of(map, &self.reading).map_err(|failure| failure.at(self.path))?;
        let target = match &mut self.masks {
            Some(masks) => masks.next()?,
            None => None,
        };
        let kind = TargetReading { threshold: 0.5, ..TargetReading::default() };
        let target = target.map(|map| Target::of(map, &prediction.map, &kind)).transpose()?;
        let luma = match &mut self.pictures {
            Some(pictures) => pictures.next()?,
            None => None,
        };
        Ok(Some(Moment { prediction, target, luma }))
    }

    /// All frames, as the device would have seen them.
    fn all(&mut self, settings: Settings, common: &Common) -> Outcome<(Vec<Seen>, Vec<Caution>)> {
        let bar = bar(self.frames.count(), common.quiet, "frames");
        let mut seen = Vec::with_capacity(self.frames.count());
        let mut warnings = Vec::new();
        self.each(settings, |run, watch, moment| {
            let cautions = suspicion::codes(&moment.prediction, &run.reading);
            cautions.into_iter().for_each(|caution| caution.count(&mut warnings));
            seen.push(run.see(watch, seen.len(), moment)?);
            bar.inc(1);
            Ok(())
        })?;
        bar.finish_and_clear();
        // A device that fails may write a frame like that; what was misread is so in most of them.
        warnings.retain(|caution| caution.files * 2 >= seen.len());
        Ok((seen, warnings))
    }

    /// Calls `each` with every frame and the watch that is to take it.
    fn each(
        &mut self,
        settings: Settings,
        mut each: impl FnMut(&Self, &mut dyn Taking, &Moment) -> Outcome<()>,
    ) -> Outcome<()> {
        let Some(first) = self.next()? else {
            return Err(Failure::new("no frame", "record it again").at(self.path));
        };
        let said = Said::scores("recording", self.frames.file(), &first.prediction, &self.reading);
        self.said = Some(Said { frames: self.frames.count(), layout: Layout::Nhw.letters().into(), ..said });
        each_element!(&first.prediction.planes, element, _planes => {
            self.run(*element, settings, &first, &mut each)
        })
    }

    fn run<P: Raws>(
        &mut self,
        element: P,
        settings: Settings,
        first: &Moment,
        each: &mut impl FnMut(&Self, &mut dyn Taking, &Moment) -> Outcome<()>,
    ) -> Outcome<()> {
        let (_, width) = self.frames.size();
        let every = self.pictures.as_ref().map_or(1, Pictures::every);
        let camera = Camera { width, every: every as u8, format: Format::Luma };
        let mut buffer = vec![Default::default(); first.prediction.map.pixels()];
        let mut memory = vec![0; camera.bytes()];
        let mut watch = Watch::<P, HISTORY>::new(element, &mut buffer, settings)?
            .threshold(Own::at_least(&element, self.args.threshold));
        if self.pictures.is_some() {
            watch = watch.seeing(camera, &mut memory)?;
        }
        let mut taking = Taker { watch, stride: camera.row_bytes() };
        each(self, &mut taking, first)?;
        let mut taken = 1;
        while taken < self.most
            && let Some(moment) = self.next()?
        {
            each(self, &mut taking, &moment)?;
            taken += 1;
        }
        Ok(())
    }

    fn see(&self, watch: &mut dyn Taking, frame: usize, moment: &Moment) -> Outcome<Seen> {
        let Moment { prediction, target, .. } = moment;
        let policy = range(self.reading.range);
        let failed = |failure: Failure| failure.frame(frame).at(self.path);
        let (event, refused) = match watch.take(moment) {
            // What the device would do with a frame that it cannot read.
            Err(Error::Range) => {
                let none = Target::Mask(Vec::new());
                (watch.dropped(), Some(explain(Error::Range, prediction, &none).to_string()))
            }
            other => (other.map_err(|error| failed(error.into()))?, None),
        };
        let (mut dice, mut hard) = (None, None);
        if let Some(target) = target
            && refused.is_none()
        {
            let of = |sums: Result<Vec<soft_dice::Record>, Error>| -> Outcome<Option<f64>> {
                let sums = sums.map_err(|error| failed(explain(error, prediction, target)))?;
                Ok(sums.first().and_then(|record| Score::dice().f64(record).ok()))
            };
            dice = of(measure::sums(prediction, target, policy))?;
            hard = of(measure::hard_sums(prediction, target, Cut::AtLeast(self.args.threshold)))?;
        }
        let sums = if refused.is_none() { Some(watch.sums()) } else { None };
        let confidence = sums.as_ref().and_then(|sums| CONFIDENCE.f64(sums).ok());
        Ok(Seen { frame, confidence, dice, hard, event, refused, report: watch.report(), sums })
    }
}

/// A watch of any element.
trait Taking {
    fn take(&mut self, moment: &Moment) -> Result<Option<soft_dice::monitor::Event>, Error>;
    fn dropped(&mut self) -> Option<soft_dice::monitor::Event>;
    fn sums(&self) -> soft_dice::Record;
    fn report(&self) -> soft_dice::monitor::Report;
    fn seen(&self) -> Option<Frame>;
}

struct Taker<'a, P: Raws> {
    watch: Watch<'a, P, HISTORY>,
    stride: usize,
}

impl<P: Raws> Taking for Taker<'_, P> {
    fn take(&mut self, moment: &Moment) -> Result<Option<soft_dice::monitor::Event>, Error> {
        let map = P::raws(&moment.prediction.planes).ok_or(Error::Mismatch)?;
        match &moment.luma {
            Some(luma) => self.watch.frame_with(map, Picture::new(luma, self.stride)),
            None => self.watch.frame(map),
        }
    }

    fn dropped(&mut self) -> Option<soft_dice::monitor::Event> {
        self.watch.dropped()
    }

    fn sums(&self) -> soft_dice::Record {
        self.watch.sums().record()
    }

    fn report(&self) -> soft_dice::monitor::Report {
        self.watch.report()
    }

    fn seen(&self) -> Option<Frame> {
        self.watch.seen().copied()
    }
}

/// A frame that was read again.
pub struct Again {
    /// Its number.
    pub frame: usize,
    /// What the device said.
    pub prediction: Prediction,
    /// The true mask, where there are masks.
    pub target: Option<Target>,
    /// The picture's luma, where there are pictures.
    pub luma: Option<Vec<u8>>,
    /// Pixels of the picture in a row of one of the map.
    pub every: usize,
}

/// Some frames of the recording once more, with what lies beside them: for people to look at.
///
/// # Errors
///
/// A recording that has changed since, or that cannot be read twice.
pub fn again(args: &WatchArgs, frames: BTreeSet<usize>) -> Outcome<Vec<Again>> {
    let mut run = Run::open(args, &args.recording, args.picture.as_deref())?;
    if let Some(path) = &args.target {
        run.masks = Some(Masks::open(path, &run.frames)?);
    }
    let every = run.pictures.as_ref().map_or(1, Pictures::every);
    let mut found = Vec::new();
    for frame in 0..=frames.last().copied().unwrap_or(0) {
        let Some(Moment { prediction, target, luma }) = run.next()? else { break };
        if frames.contains(&frame) {
            found.push(Again { frame, prediction, target, luma, every });
        }
    }
    Ok(found)
}

/// What the monitor would be given of the healthy frames, a list for each recording: of the first frames, if they are
/// counted. Frames that cannot be read are left out: the watch itself reports them.
fn healthy(args: &WatchArgs, frames: Option<usize>) -> Outcome<Vec<Vec<Frame>>> {
    let chosen = &args.thresholds;
    let pictures = &chosen.healthy_picture;
    if !pictures.is_empty() && pictures.len() != chosen.healthy.len() {
        return Err(Failure::new(
            format!("{} healthy recordings and {} pictures of them", chosen.healthy.len(), pictures.len()),
            "give a `--healthy-picture` for each `--healthy`, or none",
        ));
    }
    let mut scenes: Vec<(&Path, Option<&Path>)> = Vec::new();
    if chosen.healthy.is_empty() {
        scenes.push((&args.recording, args.picture.as_deref()));
    }
    for (at, path) in chosen.healthy.iter().enumerate() {
        scenes.push((path, pictures.get(at).map(|path| path.as_path())));
    }
    let mut all = Vec::new();
    for (path, picture) in scenes {
        let mut run = Run::open(args, path, picture)?;
        run.most = frames.unwrap_or(usize::MAX);
        let mut seen = Vec::new();
        run.each(Settings::DEFAULT, |run, watch, moment| {
            match watch.take(moment) {
                Ok(_) => seen.extend(watch.seen()),
                Err(Error::Range) => {}
                Err(error) => return Err(Failure::from(error).at(run.path)),
            }
            Ok(())
        })?;
        all.push(seen);
    }
    Ok(all)
}
