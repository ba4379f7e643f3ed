//! The monitor's settings: the general ones, those of a file, or calibrated on healthy frames; then what the options say.

use super::model::Promised;
use crate::args::ThresholdArgs;
use crate::emit::{Emitted, FORMAT};
use crate::error::{Failure, Outcome};
use crate::read::plain;
use soft_dice::monitor::{Baseline, Frame, Promise, Settings, Tuned, tune};
use std::path::Path;

/// What the options make, and what a calibration found.
///
/// # Errors
///
/// A file that is none, a promise that cannot be kept, numbers outside their range.
pub fn of(
    args: &ThresholdArgs,
    healthy: impl FnOnce(Option<usize>) -> Outcome<Vec<Vec<Frame>>>,
) -> Outcome<(Settings, Option<Promised>)> {
    let mut settings = args.settings.as_deref().map(read).transpose()?.unwrap_or(Settings::DEFAULT);
    let calibration = if args.calibrate.is_some() || !args.healthy.is_empty() {
        let tuned = calibration(args, &healthy(args.calibrate)?, settings)?;
        settings = tuned.settings;
        Some(Promised { rests_on: rests_on(&tuned), tuned })
    } else {
        None
    };
    let confidence = &mut settings.confidence;
    if let Some(baseline) = args.baseline {
        confidence.baseline = Baseline::Known(q15(baseline));
    }
    for drift in [&mut confidence.drift, &mut confidence.settled] {
        if let Some(allowance) = args.allowance {
            drift.allowance = q15(allowance);
        }
        if let Some(limit) = args.limit {
            drift.limit = q15(limit);
        }
    }
    if let Some(failing) = args.failing {
        settings.failing = q15(failing);
    }
    settings.check().map_err(|_| {
        Failure::new("settings that are none", "scores are in (0, 1), and `--failing` is more than `--allowance`")
    })?;
    Ok((settings, calibration))
}

/// The settings of a file: `settings` of what `--json` writes, or what `--emit` wrote as `.json`.
///
/// # Errors
///
/// A file that holds neither, or settings that are none.
pub fn read(path: &Path) -> Outcome<Settings> {
    let text = std::fs::read(path).map_err(|error| Failure::new(plain(&error), "check the path").at(path))?;
    let settings = match serde_json::from_slice::<Emitted>(&text) {
        Ok(Emitted { format, .. }) if format != FORMAT => {
            let remedy = "write it again with this version's `watch --emit`";
            return Err(Failure::new(format!("settings of format {format}, and {FORMAT} is read"), remedy).at(path));
        }
        Ok(emitted) => emitted.settings,
        Err(_) => serde_json::from_slice(&text).map_err(|error| {
            Failure::new(error, "take `settings` of what `watch --json` writes as a pattern").at(path)
        })?,
    };
    settings.check().map_err(|error| Failure::new(error, "take `watch --json`'s as a pattern").at(path))?;
    Ok(settings)
}

fn calibration(args: &ThresholdArgs, scenes: &[Vec<Frame>], settings: Settings) -> Outcome<Tuned> {
    let learnt = args.baseline.is_none().then_some(args.learn).filter(|&frames| frames > 0);
    let promise = Promise { fall: args.fall, frames_between: args.false_alarm, learnt };
    let parts: Vec<&[Frame]> = scenes.iter().map(Vec::as_slice).collect();
    let frames: usize = parts.iter().map(|scene| scene.len()).sum();
    tune(&parts, &promise, settings).map_err(|error| match error {
        soft_dice::Error::Length => Failure::new(
            format!("of {frames} healthy frames fewer than 8 have a mask, and 8 are the least to calibrate on"),
            "give a greater `--calibrate`, or a recording with `--healthy`",
        ),
        _ => Failure::new(
            format!("no fall can be told from the noise of these {frames} frames, or the promise is none"),
            "`--fall` is in (0, 1), `--false-alarm` above 1, `--learn` 0 or from 3 to 64",
        ),
    })
}

/// What the promise rests on.
fn rests_on(tuned: &Tuned) -> String {
    let Tuned { promise, scenes, frames, extrapolated, .. } = tuned;
    let scene = if *scenes == 1 { "this scene alone" } else { "these scenes alone" };
    let how = if *extrapolated {
        "extrapolated from how the sums' peaks fall off, for so low a rate is more than the frames can show"
    } else {
        "counted"
    };
    format!(
        "at most one false alarm in {:.0e} frames, {how}: 2^20 frames drawn in blocks of 32 from {frames} healthy frames of \
         {scenes} recording(s); it speaks of {scene}",
        promise.frames_between
    )
}

fn q15(share: f64) -> u16 {
    // Out of range is 65535, which no setting takes.
    if (0.0..=1.0).contains(&share) { (share * 32768.0).round() as u16 } else { u16::MAX }
}
