//! The monitor's settings: the general ones, those of a file, or calibrated on healthy frames; then what the options say.

use crate::args::ThresholdArgs;
use crate::error::{Failure, Outcome};
use crate::read::plain;
use soft_dice::monitor::{Baseline, Calibration, Promise, Settings, calibrate};

/// What the options make, and what a calibration found.
///
/// # Errors
///
/// A file that is none, a promise that cannot be kept, numbers outside their range.
pub fn of(
    args: &ThresholdArgs,
    healthy: impl FnOnce(Option<usize>) -> Outcome<Vec<u16>>,
) -> Outcome<(Settings, Option<Calibration>)> {
    let mut settings = match &args.settings {
        None => Settings::DEFAULT,
        Some(path) => {
            let text = std::fs::read(path);
            let text = text.map_err(|error| Failure::new(plain(&error), "check the path").at(path))?;
            serde_json::from_slice(&text).map_err(|error| {
                Failure::new(error, "take `settings` of what `watch --json` writes as a pattern").at(path)
            })?
        }
    };
    let calibration = if args.calibrate.is_some() || args.healthy.is_some() {
        let found = calibration(args, &healthy(args.calibrate)?)?;
        settings = found.settings(settings);
        Some(found)
    } else {
        None
    };
    if let Some(baseline) = args.baseline {
        settings.baseline = Baseline::Known(q15(baseline));
    }
    if let Some(allowance) = args.allowance {
        settings.drift.allowance = q15(allowance);
    }
    if let Some(limit) = args.limit {
        settings.drift.limit = q15(limit);
    }
    if let Some(failing) = args.failing {
        settings.failing = q15(failing);
    }
    settings.check().map_err(|_| {
        Failure::new("settings that are none", "scores are in (0, 1), and `--failing` is more than `--allowance`")
    })?;
    Ok((settings, calibration))
}

fn calibration(args: &ThresholdArgs, scores: &[u16]) -> Outcome<Calibration> {
    let learnt = args.baseline.is_none().then_some(args.learn).filter(|&frames| frames > 0);
    let promise = Promise { fall: args.fall, frames_between: args.false_alarm, learnt };
    calibrate(scores, &promise).map_err(|error| match error {
        soft_dice::Error::Length => Failure::new(
            format!("{} healthy frames with a mask, and 8 are the least to calibrate on", scores.len()),
            "give a greater `--calibrate`, or a recording with `--healthy`",
        ),
        _ => Failure::new(
            format!("a fall of {} is not to be told from the noise of these {} frames", args.fall, scores.len()),
            "give a longer healthy recording, a greater `--fall`, or a smaller `--false-alarm`",
        ),
    })
}

fn q15(share: f64) -> u16 {
    // Out of range is 65535, which no setting takes.
    if (0.0..=1.0).contains(&share) { (share * 32768.0).round() as u16 } else { u16::MAX }
}
