//! An array as a map: height, width, and a plane for each class.

use crate::error::{Failure, Outcome};
use crate::read::{Array, Dtype, Nature, Values};
use serde::{Deserialize, Serialize};

/// Which axis is which. An axis of one that has no letter is dropped before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Height, width: one class.
    #[default]
    Hw,
    /// Width, height: columns first, as nibabel has a slice.
    Wh,
    /// Planes, one for each class (PyTorch).
    Chw,
    /// All classes of a pixel together (TensorFlow Lite, NumPy pictures).
    Hwc,
    /// Frames, slices or maps of a batch, of one class.
    Nhw,
    /// The same with the frames last.
    Hwn,
    /// Columns, rows, slices: a volume as nibabel has it.
    Whn,
    /// Frames of planes.
    Nchw,
    /// Frames of pixels.
    Nhwc,
    /// Classes of volumes.
    Cnhw,
}

impl Layout {
    /// A letter for each axis: n is a frame, c a class, h a row, w a column.
    #[must_use]
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Hw => "hw",
            Self::Wh => "wh",
            Self::Chw => "chw",
            Self::Hwc => "hwc",
            Self::Nhw => "nhw",
            Self::Hwn => "hwn",
            Self::Whn => "whn",
            Self::Nchw => "nchw",
            Self::Nhwc => "nhwc",
            Self::Cnhw => "cnhw",
        }
    }

    /// Where an axis is.
    #[must_use]
    pub fn place(self, letter: char) -> Option<usize> {
        self.letters().find(letter)
    }
}

/// A map as planes: class c is `values[c * pixels ..][.. pixels]`, in rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// Rows.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
    /// Planes.
    pub classes: usize,
    /// Where the planes come from.
    pub layout: Layout,
    /// As stored.
    pub dtype: Dtype,
    /// Plane after plane.
    pub values: Values,
    /// What the container says of its codes.
    pub nature: Nature,
}

impl Map {
    /// Reads the axes of an array. Without a layout, the class axis of three is the last or the first if that is
    /// shorter than the other two, or has the number of `classes`.
    ///
    /// # Errors
    ///
    /// More than three axes, or no telling which is the class axis.
    pub fn of(array: Array, layout: Option<Layout>, classes: Option<usize>) -> Outcome<Self> {
        let Array { shape, dtype, values, nature, .. } = array;
        let mut sides = &shape[..];
        while let (4.., [1, rest @ ..]) = (sides.len(), sides) {
            sides = rest;
        }
        let (layout, height, width, planes) = match (sides, layout) {
            (&[h, w], None | Some(Layout::Hw)) => (Layout::Hw, h, w, 1),
            (&[_, _], Some(_)) => {
                return Err(Failure::new(
                    format!("the shape {shape:?} has no class axis"),
                    "leave out `--layout`, or save the classes",
                ));
            }
            (&[1, h, w] | &[h, w, 1], Some(Layout::Hw)) => (Layout::Hw, h, w, 1),
            (_, Some(layout)) if !matches!(layout, Layout::Hw | Layout::Chw | Layout::Hwc) => {
                return Err(Failure::new(
                    format!("the layout {} is of a stack, and this command takes one map a file", layout.letters()),
                    "give `--layout hw`, `chw` or `hwc`; a recording of many frames is for `watch`",
                ));
            }
            (&[_, _, _], Some(Layout::Hw)) => {
                return Err(Failure::new(
                    format!("the shape {shape:?} has three axes"),
                    "give `--layout chw` or `--layout hwc`; a recording of many frames is for `watch`",
                ));
            }
            (&[a, b, c], layout) => match layout.or_else(|| guess([a, b, c], classes)) {
                Some(Layout::Chw) => (Layout::Chw, b, c, a),
                Some(_) => (Layout::Hwc, a, b, c),
                None => {
                    return Err(Failure::new(
                        format!("which axis of {shape:?} holds the classes is not to be told"),
                        "give `--layout chw` or `--layout hwc`",
                    ));
                }
            },
            _ => {
                return Err(Failure::new(
                    format!("the shape {shape:?} is no map"),
                    "a map has height and width, and may have classes",
                ));
            }
        };
        if planes > 256 {
            return Err(Failure::new(
                format!("{planes} classes, and 256 are the most"),
                "check `--layout`, and whether this is a recording of many frames",
            ));
        }
        let pixels = height * width;
        let values = match layout {
            Layout::Hwc if planes > 1 => values.gather(|at| at % pixels * planes + at / pixels),
            _ => values,
        };
        Ok(Self { height, width, classes: planes, layout, dtype, values, nature })
    }

    /// Pixels of a plane.
    #[must_use]
    pub const fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// As in a message: 65×65, or 65×65×21.
    #[must_use]
    pub fn size(&self) -> String {
        match self.classes {
            1 => format!("{}×{}", self.height, self.width),
            classes => format!("{}×{}×{classes}", self.height, self.width),
        }
    }
}

fn guess([a, b, c]: [usize; 3], classes: Option<usize>) -> Option<Layout> {
    match classes {
        Some(n) if (a == n) != (c == n) => return Some(if a == n { Layout::Chw } else { Layout::Hwc }),
        _ => {}
    }
    if c < a && c < b {
        Some(Layout::Hwc)
    } else if a < b && a < c {
        Some(Layout::Chw)
    } else {
        None
    }
}
