//! Options that were given, and whether any file had a use for them: one that changes nothing is an error, for whoever gave it
//! expects that it does.

use crate::args::{RangePolicy, ScoreArgs};
use crate::error::{Failure, Outcome};
use std::sync::atomic::{AtomicU32, Ordering};

/// An option that may have no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the options are")]
pub enum Optional {
    Scale,
    TargetScale,
    Dtype,
    TargetDtype,
    Key,
    TargetKey,
    Range,
    LabelOffset,
    LabelMap,
    TargetLabelOffset,
    TargetLabelMap,
    Volume,
    Frames,
}

/// Those that had an effect, in any file.
#[derive(Debug, Default)]
pub struct Effects(AtomicU32);

impl Effects {
    /// It had one.
    pub fn had(&self, option: Optional) {
        self.0.fetch_or(1 << option as u32, Ordering::Relaxed);
    }

    /// Every option that was given had an effect.
    ///
    /// # Errors
    ///
    /// One had none.
    pub fn check(&self, args: &ScoreArgs) -> Outcome<()> {
        let had = self.0.load(Ordering::Relaxed);
        let (read, role, target) = (&args.read, &args.role, &args.target);
        let scale = if read.tflite {
            "tflite"
        } else if read.onnxruntime {
            "onnxruntime"
        } else {
            "scale"
        };
        let given = [
            (Optional::Scale, read.tflite || read.onnxruntime || read.scale.is_some(), scale, "no side has codes"),
            (
                Optional::TargetScale,
                target.target_scale.is_some(),
                "target-scale",
                "the target is no soft map in codes",
            ),
            (Optional::Dtype, read.dtype.is_some() || read.shape.is_some(), "dtype` and `--shape", HEADERS),
            (
                Optional::TargetDtype,
                target.target_dtype.is_some() || target.target_shape.is_some(),
                "target-dtype` and `--target-shape",
                HEADERS,
            ),
            (Optional::Key, read.key.is_some(), "key", "no file is an .npz"),
            (Optional::TargetKey, target.target_key.is_some(), "target-key", "no target is an .npz"),
            (Optional::Range, read.range != RangePolicy::Refuse, "range", "no side has floats or Q15 codes"),
            (Optional::LabelOffset, role.label_offset.is_some(), "label-offset", "no side is a label map"),
            (Optional::LabelMap, !role.label_map.is_empty(), "label-map", "no side is a label map"),
            (
                Optional::TargetLabelOffset,
                target.target_label_offset.is_some(),
                "target-label-offset",
                "the target is no label map",
            ),
            (
                Optional::TargetLabelMap,
                !target.target_label_map.is_empty(),
                "target-label-map",
                "the target is no label map",
            ),
            (Optional::Volume, role.volume, "volume", "no file holds more than one map"),
            (Optional::Frames, role.frames, "frames", "no file holds more than one map"),
        ];
        match given.into_iter().find(|&(option, given, ..)| given && had & (1 << option as u32) == 0) {
            Some((_, _, name, why)) => {
                let have = if name.contains(' ') { "have" } else { "has" };
                Err(Failure::new(format!("`--{name}` {have} no effect on what was read: {why}"), "leave it out"))
            }
            None => Ok(()),
        }
    }
}

const HEADERS: &str = "every file says itself what it holds";
