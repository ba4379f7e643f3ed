//! The search: of two maps as they were read, the readings under which they belong together.
//!
//! Places come first, for their judge does not mind what the values mean; then values, on maps whose edges meet. So a
//! mistake of each sort is found together with one of the other. Bytes of the wrong sign have no edges: they are tried
//! both ways before.

mod affine;
mod classes;
pub mod folder;
mod judge;
mod memory;
mod places;
mod resize;
mod shift;
mod side;
mod stopped;
mod twice;
mod values;

use crate::model::{Mistake, Whose};
use judge::Fine;
pub use judge::agreement;
pub use side::{Grid, Side};

/// Agreement below which a pair is not left without a word.
const LOW: f64 = 0.7;
/// The same where edges do not meet.
const APART: f64 = 0.9;

/// A reading under which the maps belong together far better.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    pub mistake: Mistake,
    /// The side that it changes.
    pub whose: Whose,
    /// Under this reading, and under the one before it.
    pub agreement: f64,
    pub given: f64,
    /// What was seen, and what to do.
    pub message: String,
}

/// The readings that explain the maps, the most basic first; none where nothing is wrong or [`Mistake::Unexplained`]
/// where much is wrong that no reading explains.
pub fn explain(device: &Side, float: &Side, grid: Grid) -> Vec<Explanation> {
    let stationary = Fine::of(&float.values, grid);
    let as_read = Fine::of(&device.values, grid);
    let first = agreement(&device.values, &float.values);
    let mut start = (device.clone(), None, stationary.with(&as_read).abs(), as_read);
    // Bytes of the wrong sign: the other one has edges that meet.
    if start.2 < 0.6 {
        for (values, bytes) in values::wrapped(device) {
            let fine = Fine::of(&values, grid);
            let placed = places::best(&device.with(values.clone()), float, grid, &stationary, &fine);
            let meets = placed.map_or_else(|| stationary.with(&fine).abs(), |placed| placed.fine.abs());
            if meets > start.2 + 0.2 && meets > stationary.bound(16) {
                start = (device.with(values), Some(bytes), meets, fine);
            }
        }
        // As it is, in other places, if edges meet as well there.
        if start.1.is_some()
            && let Some(placed) = places::best(device, float, grid, &stationary, &Fine::of(&device.values, grid))
            && placed.fine.abs() > start.2 - 0.1
        {
            let fine = Fine::of(&device.values, grid);
            start = (device.clone(), None, placed.fine.abs(), fine);
        }
        // Nor if other values of the bytes as they are bring both maps as near.
        if start.1.is_some()
            && let Some(valued) = values::best(device, float, grid)
            && valued.agreement >= agreement(&start.0.values, &float.values)
        {
            start = (device.clone(), None, 0.0, Fine::of(&device.values, grid));
        }
    }
    let mut found = Vec::new();
    let mut before = first;
    let (mut device, bytes, _, fine) = start;
    let mut float = float.clone();
    if let Some(bytes) = bytes {
        let reached = agreement(&device.values, &float.values);
        found.push(Explanation {
            mistake: Mistake::SignFlip,
            whose: Whose::Device,
            agreement: reached,
            given: before,
            message: format!(
                "of the device's map {bytes}: save them with their own type (in NumPy: `.view(np.int8)` or `.view(np.uint8)`)"
            ),
        });
        before = reached;
    }
    let mut meets = stationary.with(&fine).abs();
    let values_first = values::best(&device, &float, grid);
    if let Some(placed) = places::best(&device, &float, grid, &stationary, &fine) {
        let reached = agreement(&placed.device, &placed.float);
        meets = placed.fine.abs();
        // The other order of two classes is 1 − p; so is 1 − p in another place no better than in its own.
        let instead = values_first.as_ref().is_some_and(|valued| {
            // Nor is a mask, whose edges are harder, moved where it is the other's mask already.
            let mask = matches!(valued.mistake, Mistake::DeviceMask | Mistake::FloatMask);
            mask || valued.agreement >= reached && placed.mistake != Mistake::ClassOrder
        });
        if !instead {
            found.push(Explanation {
                mistake: placed.mistake,
                whose: placed.whose,
                agreement: reached,
                given: before,
                message: placed.message,
            });
            before = reached;
            device = device.with(placed.device);
            float = float.with(placed.float);
        }
    }
    let valued = if found.is_empty() { values_first } else { values::best(&device, &float, grid) };
    if let Some(valued) = valued {
        let reached = valued.agreement;
        let fine = Fine::of(&valued.device, grid).with(&Fine::of(&valued.float, grid));
        meets = meets.max(fine);
        found.push(Explanation {
            mistake: valued.mistake,
            whose: valued.whose,
            agreement: reached,
            given: before,
            message: valued.message,
        });
        before = reached;
    }
    // Where edges do not meet, no reading of the values is to be believed.
    let apart = meets < stationary.bound(16) && first.max(before) < APART;
    if apart || before < LOW {
        let why = if apart {
            "the edges of the two maps do not meet: they seem to be of different pictures or models; check that both files are \
             of the same frame and network"
        } else {
            "their shapes agree and their values do not; check the options that say what the numbers mean, and the last layers \
             of both models"
        };
        let best = found.iter().map(|found| found.agreement).fold(first, f64::max);
        let message = format!(
            "no reading that was tried explains the difference (the best reaches an agreement of {best:.4}); {why}"
        );
        if apart {
            found.clear();
        }
        found.push(Explanation {
            mistake: Mistake::Unexplained,
            whose: Whose::Either,
            agreement: best,
            given: first,
            message,
        });
    }
    found
}

/// Of maps that differ in shape: which turn of the device's map has the shape of the float model's, and meets it best.
pub fn turned(device: &Side, of_device: Grid, float: &Side, of_float: Grid) -> Option<String> {
    if [of_device.width, of_device.height, of_device.classes] != [of_float.height, of_float.width, of_float.classes] {
        return None;
    }
    let stationary = Fine::of(&float.values, of_float);
    let guises = places::GUISES.into_iter().filter(|guise| guise.exchanges());
    let tried = guises.map(|guise| {
        let values = guise.undo(&device.values, of_device);
        let fine = stationary.with(&Fine::of(&values, of_float)).abs();
        (fine, guise, agreement(&values, &float.values))
    });
    let (fine, guise, agreement) = tried.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (fine >= stationary.bound(4)).then(|| format!("{} (agreement {agreement:.4} if that is undone)", guise.said()))
}
