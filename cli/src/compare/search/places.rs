//! The same numbers in other places: mirrored, turned, transposed, shifted, in another order of classes or of memory.
//!
//! Each rearrangement is judged by the fine structure alone, so that it is found whatever the values mean.

use super::classes;
use super::judge::{Fine, agreement};
use super::memory;
use super::shift;
use super::side::{Grid, Side};
use crate::model::{Mistake, Whose};

/// Correlation of fine structure above which edges meet so well that memory orders are not tried.
const MEETS: f64 = 0.6;
/// Of fine structure, that a rearrangement must give.
pub const GAIN: f64 = 0.08;

/// A rearrangement after which the edges of both maps meet.
#[derive(Clone, Debug)]
pub struct Placed {
    pub mistake: Mistake,
    pub whose: Whose,
    /// What was seen, and what to do.
    pub message: String,
    /// Both maps, of which one is rearranged.
    pub device: Vec<f32>,
    pub float: Vec<f32>,
    /// Correlation of their fine structure.
    pub fine: f64,
    /// By how much the fine structure had to gain.
    pub margin: f64,
}

/// The four mirrored and the four turned guises of a map. The last four exchange rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guise {
    LeftRight,
    UpsideDown,
    Half,
    Transposed,
    Clockwise,
    CounterClockwise,
    OtherDiagonal,
}

pub const GUISES: [Guise; 7] = [
    Guise::LeftRight,
    Guise::UpsideDown,
    Guise::Half,
    Guise::Transposed,
    Guise::Clockwise,
    Guise::CounterClockwise,
    Guise::OtherDiagonal,
];

impl Guise {
    pub const fn exchanges(self) -> bool {
        matches!(self, Self::Transposed | Self::Clockwise | Self::CounterClockwise | Self::OtherDiagonal)
    }

    /// Where in a map of `height` rows and `width` columns that has been brought into this guise the pixel of row y and
    /// column x of the map without it is.
    const fn undone(self, y: usize, x: usize, [height, width]: [usize; 2]) -> usize {
        let (row, column) = match self {
            Self::LeftRight => (y, width - 1 - x),
            Self::UpsideDown => (height - 1 - y, x),
            Self::Half => (height - 1 - y, width - 1 - x),
            Self::Transposed => (x, y),
            Self::Clockwise => (x, width - 1 - y),
            Self::CounterClockwise => (height - 1 - x, y),
            Self::OtherDiagonal => (height - 1 - x, width - 1 - y),
        };
        row * width + column
    }

    /// A map of that size without this guise.
    pub fn undo(self, values: &[f32], size: Grid) -> Vec<f32> {
        let (height, width) = if self.exchanges() { (size.width, size.height) } else { (size.height, size.width) };
        let mut undone = Vec::with_capacity(values.len());
        for plane in values.chunks_exact(size.pixels()) {
            for y in 0..height {
                undone.extend((0..width).map(|x| plane[self.undone(y, x, [size.height, size.width])]));
            }
        }
        undone
    }

    pub const fn mistake(self) -> Mistake {
        match self {
            Self::LeftRight | Self::UpsideDown => Mistake::Flip,
            Self::Transposed | Self::OtherDiagonal => Mistake::Transposed,
            Self::Half | Self::Clockwise | Self::CounterClockwise => Mistake::Turn,
        }
    }

    /// What the device's map is, seen from the float model's.
    pub const fn said(self) -> &'static str {
        match self {
            Self::LeftRight => "the device's map is the float model's mirrored left to right",
            Self::UpsideDown => "the device's map is the float model's upside down",
            Self::Half => "the device's map is the float model's by a half turn",
            Self::Transposed => "the device's rows are the float model's columns",
            Self::Clockwise => "the device's map is the float model's by a quarter turn clockwise",
            Self::CounterClockwise => "the device's map is the float model's by a quarter turn counter-clockwise",
            Self::OtherDiagonal => "the device's map is the float model's mirrored at the diagonal from top right",
        }
    }
}

/// Neither side can be told from the other by the maps alone.
pub const EITHER: &str = "; the two maps do not say which of them is wrong: look at one beside its picture, and write the \
                          other as it is";

/// The rearrangement that explains the maps best, if one does.
pub fn best(device: &Side, float: &Side, grid: Grid, stationary: &Fine, moving: &Fine) -> Option<Placed> {
    let given = stationary.with(moving);
    let mut all = Vec::new();
    let mut tried = 1;
    for guise in GUISES.into_iter().filter(|guise| grid.height == grid.width || !guise.exchanges()) {
        tried += 1;
        let fine = stationary.with(&Fine { values: guise.undo(&moving.values, grid) });
        all.push(Placed {
            mistake: guise.mistake(),
            whose: Whose::Either,
            message: format!("{}{EITHER}", guise.said()),
            device: Vec::new(),
            float: Vec::new(),
            fine,
            margin: GAIN,
        });
        let last = all.len() - 1;
        if all[..last].iter().all(|other| other.fine.abs() < fine.abs()) && fine.abs() > given.abs() + GAIN {
            all[last].device = guise.undo(&device.values, grid);
            all[last].float.clone_from(&float.values);
        }
    }
    all.extend(classes::order(device, float, grid, stationary));
    let (shifted, looked) = shift::find(device, float, grid, stationary);
    tried += looked;
    all.extend(shifted);
    let meets = all.iter().filter(|placed| !placed.device.is_empty()).map(|p| p.fine.abs()).fold(given.abs(), f64::max);
    if meets < MEETS {
        let (orders, looked) = memory::orders(device, float, grid);
        tried += looked;
        all.extend(orders);
    }
    let bound = stationary.bound(tried).min(0.9);
    let believed = |placed: &Placed| {
        !placed.device.is_empty() && placed.fine.abs() >= bound && placed.fine.abs() >= given.abs() + placed.margin
    };
    let best = all.into_iter().filter(believed).max_by(|a, b| a.fine.abs().total_cmp(&b.fine.abs()))?;
    // Edges that meet better while the values belong together worse explain nothing.
    let nearer = |placed: &Placed| {
        placed.fine < 0.0 || agreement(&placed.device, &placed.float) > agreement(&device.values, &float.values) - 0.02
    };
    Some(best).filter(nearer)
}
