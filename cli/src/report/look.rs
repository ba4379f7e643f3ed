//! The files once more, for what only pictures show. Figures come from the model alone.

use super::overlay;
use super::tiles::{Tiles, map, scale};
use crate::args::Common;
use crate::error::Outcome;
use crate::prediction::Prediction;
use crate::read::picture::Grey;
use crate::run;
use crate::spool::Spool;
use crate::target::Target;
use maud::{Markup, html};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Frames that are shown.
pub const SHOWN: usize = 6;

/// A frame to look at.
pub struct Shown {
    /// As a `data:` address.
    pub overlay: String,
    pub tiles: Tiles,
    pub height: usize,
    pub width: usize,
}

/// All that is to be seen.
pub struct Look {
    /// The first of the report's files: the worst.
    pub worst: Vec<Shown>,
    /// Of all files.
    pub tiles: Tiles,
    /// Files that the tiles are of.
    pub tiled: usize,
    /// Height over width of the first.
    pub aspect: f64,
}

/// Files whose tiles are looked at: a mean over so many moves by no more than a reader sees.
const TILED: usize = 64;

/// Reads files again, one at a time in each thread, evenly drawn from the worst to the best; the first [`SHOWN`] of them are
/// shown, with foreground from this threshold on and the picture under it, if there is one.
///
/// # Errors
///
/// Files that have changed since.
pub fn look<F: Serialize + DeserializeOwned>(
    files: &Spool<F>,
    common: &Common,
    threshold: f32,
    read: impl Fn(&F) -> Outcome<(Prediction, Target)> + Sync,
    picture: impl Fn(&F) -> Outcome<Option<Grey>> + Sync,
) -> Outcome<Look> {
    let seen = Mutex::new((Tiles::NONE, BTreeMap::new(), 0));
    // Every so many of the ranks, from the worst to the best; what is shown is among them.
    let step = files.len().div_ceil(TILED).max(1);
    let tiled: Vec<usize> = (0..files.len()).filter(|&rank| rank.is_multiple_of(step) || rank < SHOWN).collect();
    run::each(tiled.len(), common, |at| {
        let rank = tiled[at];
        let Some(file) = files.get(rank)? else { return Ok(()) };
        let (prediction, target) = read(&file)?;
        let tiles = Tiles::of(&prediction, &target);
        let (height, width) = (prediction.map.height, prediction.map.width);
        let drawn = || {
            let pixels = overlay::pixels(&prediction, &target, threshold);
            match picture(&file)? {
                Some(grey) => overlay::over(&pixels, &grey.sized(height, width), [height, width], 1),
                None => overlay::picture(&pixels, height, width),
            }
        };
        let overlay = (rank < SHOWN).then(drawn).transpose()?;
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if rank.is_multiple_of(step) {
            seen.0.add(&tiles);
            seen.2 += 1;
        }
        if let Some(overlay) = overlay {
            seen.1.insert(rank, Shown { overlay, tiles, height, width });
        }
        Ok(())
    })?;
    let (tiles, shown, tiled) = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    let worst: Vec<Shown> = shown.into_values().collect();
    let aspect = worst.first().map_or(1.0, |shown| shown.height as f64 / shown.width as f64);
    Ok(Look { worst, tiles, tiled, aspect })
}

/// The frames that are shown, each with its tiles beside it, under their names and figures.
pub fn frames(look: &Look, captions: impl Iterator<Item = (String, Markup)>) -> Markup {
    html! {
        div.frames {
            @for ((name, caption), shown) in captions.zip(&look.worst) {
                @let Shown { overlay, tiles, height, width } = shown;
                figure {
                    figcaption { strong { (name) } " " (caption) }
                    (enlarged(overlay, [*height, *width], &format!("Where the two agree in {name}")))
                    (map(tiles, *height as f64 / *width as f64, false))
                }
            }
        }
        (scale())
        p.note { "A picture is enlarged when it is chosen. Beside each frame its tiles: the mean of |p − t| in each." }
    }
}

/// A picture that is shown as large as the window when it is chosen.
pub fn enlarged(address: &str, [height, width]: [usize; 2], says: &str) -> Markup {
    html! {
        button.enlarge type="button" aria-label={ "Enlarge: " (says) } {
            img src=(address) width=(width) height=(height) alt=(says);
        }
    }
}

/// The tiles of all files together.
pub fn everywhere(look: &Look, note: &str) -> Markup {
    html! {
        section {
            h2 { "Where it is bad" }
            div.beside {
                (map(&look.tiles, look.aspect, true))
                div {
                    p { "The mean of |p − t| in each tile of the frame, in percent, over " (look.tiled) " files"
                        @if look.tiled > 1 { ", evenly drawn from the worst to the best" } "." }
                    (scale())
                    p.note { (note) " Point at a tile for how much is too much and how much too little." }
                }
            }
        }
    }
}
