//! Settings for firmware: `watch --emit`.

use crate::error::{Failure, Outcome};
use crate::output::write::Pending;
use serde::{Deserialize, Serialize};
use soft_dice::monitor::{Baseline, Drift, Settings, Watched};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Of the format that is written.
pub const FORMAT: u8 = 1;

/// What firmware is given, as `.json` has it; `.postcard` has the same fields in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Emitted {
    /// [`FORMAT`].
    pub format: u8,
    /// Foreground is what is at least this.
    pub threshold: f32,
    /// Scale and zero point of 8-bit codes; none where the map says by its type what its numbers denote.
    pub quantisation: Option<(f32, i32)>,
    /// All of the monitor's.
    pub settings: Settings,
}

/// By the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Rust,
    C,
    Json,
    Postcard,
}

/// A file that was begun.
#[derive(Debug)]
pub struct Emission {
    form: Form,
    file: Pending,
}

/// Begins the files, so that a place that cannot be written is told at once.
///
/// # Errors
///
/// A name of another end, or a folder that cannot be written.
pub fn begin(paths: &[PathBuf]) -> Outcome<Vec<Emission>> {
    paths.iter().map(|path| Ok(Emission { form: form(path)?, file: Pending::begin(path)? })).collect()
}

fn form(path: &Path) -> Outcome<Form> {
    match path.extension().and_then(|end| end.to_str()) {
        Some("rs") => Ok(Form::Rust),
        Some("h") => Ok(Form::C),
        Some("json") => Ok(Form::Json),
        Some("postcard") => Ok(Form::Postcard),
        _ => Err(Failure::new(
            "settings for firmware are written to files of a known kind",
            "name one that ends in .rs, .h, .json or .postcard",
        )
        .at(path)),
    }
}

impl Emission {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn write(self, emitted: &Emitted) -> Outcome<()> {
        let Self { form, file } = self;
        let bytes = match form {
            Form::Rust => rust(emitted).into_bytes(),
            Form::C => header(emitted).into_bytes(),
            Form::Json => serde_json::to_string_pretty(emitted).map(|text| (text + "\n").into_bytes()).map_err(none)?,
            Form::Postcard => postcard::to_stdvec(emitted).map_err(none)?,
        };
        file.commit(&bytes)
    }
}

fn none(error: impl std::fmt::Display) -> Failure {
    Failure::new(error, "report it: settings are plain numbers")
}

/// A module that firmware includes.
fn rust(emitted: &Emitted) -> String {
    let Emitted { format, threshold, quantisation, settings } = emitted;
    let mut text = String::from("// Written by `soft-dice watch --emit`.\n\n");
    text += &format!("/// Of this file's format.\npub const FORMAT: u8 = {format};\n");
    text += &format!("/// Foreground is what is at least this.\npub const THRESHOLD: f32 = {threshold:?};\n");
    if let Some((scale, zero_point)) = quantisation {
        text += &format!(
            "/// Scale of the network's 8-bit codes.\npub const SCALE: f32 = {scale:?};\n\
             /// Their zero point.\npub const ZERO_POINT: i32 = {zero_point};\n"
        );
    }
    let drift = |Drift { allowance, limit }: Drift| {
        format!("soft_dice::monitor::Drift {{ allowance: {allowance}, limit: {limit} }}")
    };
    let watched = |Watched { baseline, drift: provisional, settled }: Watched| {
        let baseline = match baseline {
            Baseline::Known(level) => format!("soft_dice::monitor::Baseline::Known({level})"),
            Baseline::Learnt { frames, refined, least } => format!(
                "soft_dice::monitor::Baseline::Learnt {{ frames: {frames}, refined: {refined}, least: {least} }}"
            ),
        };
        format!(
            "soft_dice::monitor::Watched {{\n        baseline: {baseline},\n        drift: {},\n        settled: {},\n    }}",
            drift(provisional),
            drift(settled)
        )
    };
    let signal = |signal: Option<Watched>| signal.map_or("None".into(), |signal| format!("Some({})", watched(signal)));
    let Settings { failing, failed_after, recovered_after, resized, empty, departure, .. } = *settings;
    let Settings { silent_after, frozen_after, smoothing, quantile, area, invalid, .. } = *settings;
    let _ = write!(
        text,
        "/// All of the monitor's.\npub const SETTINGS: soft_dice::monitor::Settings = soft_dice::monitor::Settings {{\n    \
         confidence: {},\n    flicker: {},\n    edge: {},\n    detail: {},\n    failing: {failing},\n    \
         failed_after: {failed_after},\n    recovered_after: {recovered_after},\n    resized: {resized},\n    \
         empty: {empty},\n    departure: {departure},\n    silent_after: {silent_after},\n    \
         frozen_after: {frozen_after},\n    smoothing: {smoothing},\n    quantile: {quantile},\n    area: ({}, {}),\n    \
         invalid: {invalid},\n}};\n\n// What is outside its range stops the build here.\n\
         const _: () = assert!(SETTINGS.check().is_ok());\n",
        watched(settings.confidence),
        signal(settings.flicker),
        signal(settings.edge),
        signal(settings.detail),
        area.0,
        area.1,
    );
    text
}

/// A header that firmware includes behind `soft_dice.h`.
fn header(emitted: &Emitted) -> String {
    let Emitted { format, threshold, quantisation, settings } = emitted;
    let mut text = String::from(
        "// Written by `soft-dice watch --emit`. Include it in one source file.\n\n#ifndef SOFT_DICE_EMITTED_H\n\
         #define SOFT_DICE_EMITTED_H\n\n#include \"soft_dice.h\"\n\n",
    );
    text += &format!("// Of this file's format.\n#define SOFT_DICE_EMITTED_FORMAT {format}u\n");
    text += &format!(
        "// Of soft_dice_own: foreground is what is at least this.\n#define SOFT_DICE_EMITTED_MASK {{{threshold:?}f, 0u}}\n"
    );
    if let Some((scale, zero_point)) = quantisation {
        text += &format!(
            "// Of soft_dice_affine: what the network's 8-bit codes denote.\n\
             #define SOFT_DICE_EMITTED_CODES {{{scale:?}f, {zero_point}, 0u, 0u}}\n"
        );
    }
    let signal = |signal: Option<Watched>| match signal {
        None => "SOFT_DICE_WATCHED_INIT".to_string(),
        Some(Watched { baseline, drift, settled }) => {
            let (level, kind, frames, refined) = match baseline {
                Baseline::Known(level) => (level, "SOFT_DICE_KNOWN", 0, 0),
                Baseline::Learnt { frames, refined, least } => (least, "SOFT_DICE_LEARNT", frames, refined),
            };
            format!(
                "{{{{{}u, {}u}}, {{{}u, {}u}}, {level}u, {kind}, {frames}u, {refined}u, 0u}}",
                drift.allowance, drift.limit, settled.allowance, settled.limit
            )
        }
    };
    let Settings { failing, failed_after, recovered_after, resized, empty, departure, .. } = *settings;
    let Settings { silent_after, frozen_after, smoothing, quantile, area: (least, most), invalid, .. } = *settings;
    let _ = write!(
        text,
        "\nstatic const soft_dice_settings soft_dice_emitted_settings = {{\n    {},\n    {},\n    {},\n    {},\n    \
         {failing}u, {resized}u, {quantile}u, {least}u, {most}u, {invalid}u,\n    {failed_after}u, {recovered_after}u, \
         {empty}u, {departure}u, {silent_after}u, {frozen_after}u, {smoothing}u,\n    \
         // Of the settings: a library of another version refuses them.\n    1u}};\n\n#endif\n",
        signal(Some(settings.confidence)),
        signal(settings.flicker),
        signal(settings.edge),
        signal(settings.detail),
    );
    text
}
