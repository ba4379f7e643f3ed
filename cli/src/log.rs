//! `soft-dice log`: what a device has sent home, in the same table, plot and page as `watch`.

mod entries;
mod packed;
mod text;

use crate::args::LogArgs;
use crate::error::{Failure, Outcome};
use crate::map::Layout;
use crate::read::plain;
use crate::score::header;
use crate::watch::model::{Seen, WatchReport};
use crate::watch::settings;
use entries::{Form, Read};
use serde::{Deserialize, Serialize};
use soft_dice::Record;
use soft_dice::confidence::CONFIDENCE;
use soft_dice::monitor::{Entry, Event, Report};

/// How the file was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogRead {
    /// Of which form its records are.
    pub form: Form,
    /// Reports in it.
    pub reports: usize,
    /// Changes of state.
    pub events: usize,
    /// Sums of frames.
    pub sums: usize,
    /// Sums that no report stands before.
    pub stray_sums: usize,
    /// Bytes that are no record: lost ones beside them, or another program's.
    pub unreadable_bytes: usize,
    /// Frames from which the device began to count anew, as this report numbers them.
    pub restarts: Vec<usize>,
}

/// `soft-dice log`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogReport {
    /// As of a recording.
    #[serde(flatten)]
    pub watch: WatchReport,
    /// How the file was read.
    pub log: LogRead,
}

impl LogReport {
    /// How the file was read, in words.
    #[must_use]
    pub fn text(&self) -> String {
        let LogRead { form, reports, events, sums, stray_sums, unreadable_bytes, restarts } = &self.log;
        let mut text = format!("{}: {reports} reports, {events} changes of state, {sums} sums\n", form.name());
        if *unreadable_bytes > 0 {
            text += &format!("{unreadable_bytes} bytes are no record and were passed over\n");
        }
        if *stray_sums > 0 {
            text += &format!("{stray_sums} sums stand before the report of their frame, and are left out\n");
        }
        for frame in restarts {
            text += &format!("the device began anew: its frame 0 is frame {frame} here\n");
        }
        text
    }
}

/// Reads a log.
///
/// # Errors
///
/// A file that cannot be read, or holds no record of a watch.
pub fn log(args: &LogArgs) -> Outcome<LogReport> {
    let path = &args.log;
    let bytes = std::fs::read(path).map_err(|error| Failure::new(plain(&error), "check the path").at(path))?;
    let Read { form, entries, unreadable } = entries::read(&bytes);
    if !entries.iter().any(|entry| matches!(entry, Entry::Report(_))) {
        return Err(Failure::new(
            "no report of a watch is in it",
            "it is to hold packed records of the C interface, `Entry`s by postcard in COBS, or the text that `defmt-print -e \
             firmware.elf` makes of a log of defmt",
        )
        .at(path));
    }
    let mut all = All::default();
    for entry in &entries {
        match entry {
            Entry::Report(report) => all.report(report),
            Entry::Event(event) => all.event(event),
            Entry::Sums(record) => all.sums(record),
        }
    }
    let All { mut frames, events, restarts, stray, reports, sums, .. } = all;
    for event in &events {
        if let Ok(at) = frames.binary_search_by_key(&(event.frame as usize), |seen| seen.frame) {
            frames[at].event = Some(*event);
        }
    }
    let pictured = frames.iter().any(|seen| seen.report.detail.is_some());
    let settings = args.settings.as_deref().map(settings::read).transpose()?;
    let read = LogRead {
        form,
        reports,
        events: events.len(),
        sums,
        stray_sums: stray,
        unreadable_bytes: unreadable,
        restarts,
    };
    let watch = WatchReport {
        header: header("log", vec!["class 0".into()], Layout::Hw),
        recording: path.display().to_string(),
        target: None,
        picture: pictured.then(|| "the device's camera".into()),
        height: 0,
        width: 0,
        settings,
        calibration: None,
        state: frames.last().map(|seen| seen.report.state).unwrap_or_default(),
        follows: None,
        alarm: None,
        read: Vec::new(),
        warnings: Vec::new(),
        events,
        frames,
    };
    Ok(LogReport { watch, log: read })
}

/// What has been put together so far.
#[derive(Default)]
struct All {
    frames: Vec<Seen>,
    events: Vec<Event>,
    restarts: Vec<usize>,
    /// Sums without a report before them.
    stray: usize,
    reports: usize,
    sums: usize,
    /// What the device's frame 0 is here.
    base: usize,
    /// The last number of the device's own.
    last: Option<u32>,
}

impl All {
    /// A frame's number here. A device that counts from a lower number on has begun anew.
    fn number(&mut self, frame: u32) -> usize {
        if self.last.is_some_and(|last| frame < last) {
            self.base = self.frames.last().map_or(0, |seen| seen.frame + 1);
            self.restarts.push(self.base);
        }
        self.last = Some(frame);
        self.base + frame as usize
    }

    fn report(&mut self, report: &Report) {
        self.reports += 1;
        // Before the first frame there is nothing to be shown.
        let Some(frame) = report.frames.checked_sub(1) else { return };
        let frame = self.number(frame);
        let seen = Seen {
            frame,
            confidence: report.confidence.map(|q15| f64::from(q15) / 32768.0),
            dice: None,
            hard: None,
            event: None,
            refused: None,
            report: *report,
            sums: None,
        };
        match self.frames.last_mut() {
            // Sent twice: the later one holds.
            Some(last) if last.frame == frame => *last = seen,
            _ => self.frames.push(seen),
        }
    }

    fn event(&mut self, event: &Event) {
        let frame = self.number(event.frame);
        self.events.push(Event { frame: u32::try_from(frame).unwrap_or(u32::MAX), ..*event });
    }

    fn sums(&mut self, record: &Record) {
        self.sums += 1;
        let Some(seen) = self.frames.last_mut() else {
            self.stray += 1;
            return;
        };
        // Exactly, where the report has it rounded, and also of a map without a mask, as `watch` has it.
        seen.confidence = CONFIDENCE.f64(record).ok();
        seen.sums = Some(*record);
    }
}
