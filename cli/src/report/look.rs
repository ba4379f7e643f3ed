//! The files once more, for what only pictures show. Figures come from the model alone.

use super::overlay;
use super::tiles::Tiles;
use crate::args::Common;
use crate::error::Outcome;
use crate::model::{FileScore, ScoreReport};
use crate::pair::Pair;
use crate::run;
use crate::score::Scorer;

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
    /// Height over width of the first.
    pub aspect: f64,
}

/// Reads every file again, one at a time in each thread.
///
/// # Errors
///
/// Files that have changed since.
pub fn look(report: &ScoreReport, scorer: &Scorer, common: &Common) -> Outcome<Look> {
    let files: Vec<(usize, &FileScore)> = report.files.iter().enumerate().collect();
    let seen = run::each(&files, common, |&(rank, file)| {
        let pair =
            Pair { name: file.name.clone(), prediction: (&file.prediction).into(), target: (&file.target).into() };
        let (prediction, target) = scorer.read(&pair)?;
        let tiles = Tiles::of(&prediction, &target);
        let (height, width) = (prediction.map.height, prediction.map.width);
        if rank >= SHOWN {
            return Ok((tiles, None));
        }
        let overlay = overlay::picture(&overlay::pixels(&prediction, &target), height, width)?;
        Ok((tiles.clone(), Some(Shown { overlay, tiles, height, width })))
    })?;
    let mut look = Look { worst: Vec::new(), tiles: Tiles::NONE, aspect: 1.0 };
    for (tiles, shown) in seen {
        look.tiles.add(&tiles);
        look.worst.extend(shown);
    }
    look.aspect = look.worst.first().map_or(1.0, |shown| shown.height as f64 / shown.width as f64);
    Ok(look)
}
