//! What looks wrong in a frame: what one map shows alone, and what the [search](super::search) finds of both.

use super::search::{self, Explanation, Grid, Side, explain, folder};
use super::sums;
use crate::each_element;
use crate::model::{Mistake, Whose};
use crate::prediction::{Prediction, Reading};

/// Share of pixels whose classes do not sum to 1, and how far a sum may be off beside rounding.
const PIXELS: f64 = 0.05;
const OFF: f64 = 0.02;

/// What is looked at.
pub struct Suspect<'a> {
    pub device: &'a Prediction,
    pub float: &'a Prediction,
    /// Of the device and of the float model.
    pub readings: [&'a Reading; 2],
    pub independent: bool,
}

/// A mistake, the side that has it, what was seen, and what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub mistake: Mistake,
    pub whose: Whose,
    /// Agreement if it is mended, and before.
    pub agreement: Option<f64>,
    pub given: Option<f64>,
    pub message: String,
}

/// The size of a map.
pub const fn grid(of: &Prediction) -> Grid {
    Grid { height: of.map.height, width: of.map.width, classes: of.map.classes }
}

/// What looks wrong in this frame, and what it leaves behind for the [step](folder::late) of all frames.
pub fn find(suspect: &Suspect<'_>) -> (Vec<Found>, [folder::Small; 2]) {
    let [of_device, of_float] = suspect.readings;
    let (device, float) = (Side::of(suspect.device, of_device), Side::of(suspect.float, of_float));
    let grid = grid(suspect.device);
    let small = [&device, &float].map(|side| folder::small(side, grid));
    if let Some(found) = dead(suspect) {
        return (vec![found], small);
    }
    let explanations = explain(&device, &float, grid);
    let found = if explanations.is_empty() {
        pixel_sums(suspect, [&device, &float]).into_iter().collect()
    } else {
        explanations.into_iter().map(Found::from).collect()
    };
    (found, small)
}

/// A step of all frames, if there is one. A frame that is compared with its neighbour seems to be shifted or of another
/// picture: that is explained with it.
pub const fn explained_by_step(mistake: Mistake) -> bool {
    matches!(
        mistake,
        Mistake::Shift | Mistake::Resize | Mistake::Unexplained | Mistake::Flip | Mistake::Turn | Mistake::Transposed
    )
}

/// Why two maps differ in shape, where a turn of one of them is the reason.
pub fn turned(device: &Prediction, float: &Prediction, readings: [&Reading; 2]) -> Option<String> {
    let (of_device, of_float) = (Side::of(device, readings[0]), Side::of(float, readings[1]));
    search::turned(&of_device, grid(device), &of_float, grid(float))
}

impl From<Explanation> for Found {
    fn from(of: Explanation) -> Self {
        let Explanation { mistake, whose, agreement, given, message } = of;
        let gain = match mistake {
            Mistake::Unexplained => String::new(),
            _ => format!(" (agreement {agreement:.4}, before {given:.4})"),
        };
        let message = format!("{message}{gain}");
        Self { mistake, whose, agreement: Some(agreement), given: Some(given), message }
    }
}

fn dead(suspect: &Suspect<'_>) -> Option<Found> {
    fn constant<R: PartialEq>(planes: &[R], classes: usize) -> bool {
        planes.chunks_exact(planes.len() / classes).all(|plane| soft_dice::confidence::uniform(plane, 1))
    }
    let all = |p: &Prediction| each_element!(&p.planes, _e, planes => constant(planes, p.map.classes));
    let dead = suspect.device.map.pixels() > 1 && all(suspect.device) && !all(suspect.float);
    dead.then(|| Found {
        mistake: Mistake::DeadDevice,
        whose: Whose::Device,
        agreement: None,
        given: None,
        message:
            "the device writes the same numbers at every pixel; check that the model was loaded whole, that all its \
                  operators are built in, and that its input arrives"
                .into(),
    })
}

/// Exclusive classes whose probabilities do not sum to 1.
fn pixel_sums(suspect: &Suspect<'_>, [device, float]: [&Side; 2]) -> Option<Found> {
    let classes = suspect.device.map.classes;
    if classes < 2 || suspect.independent {
        return None;
    }
    let unit = each_element!(&suspect.device.planes, element, _p => soft_dice::Element::unit(element).value(1));
    let off = |map: &Prediction, unit: f64| {
        let (values, pixels) = (map.values(), map.map.pixels());
        let sum = |at: usize| (0..classes).map(|class| f64::from(values[class * pixels + at])).sum::<f64>();
        // Each class is rounded by half a unit at most.
        let wrong = (0..pixels).filter(|&at| (sum(at) - 1.0).abs() > OFF + classes as f64 * unit / 2.0);
        wrong.count() as f64 / pixels as f64
    };
    let sides =
        [(Whose::Device, "device", off(suspect.device, unit)), (Whose::Float, "float model", off(suspect.float, 0.0))];
    if sides[0].2 > PIXELS
        && let Some((mistake, agreement, message)) = sums::explained(device, float, grid(suspect.device))
    {
        let gain = agreement.map_or(String::new(), |agreement| format!(" (agreement {agreement:.4})"));
        return Some(Found {
            mistake,
            whose: Whose::Device,
            agreement,
            given: None,
            message: format!("{message}{gain}"),
        });
    }
    sides.into_iter().find_map(|(whose, side, share)| {
        (share > PIXELS).then(|| Found {
            mistake: Mistake::PixelSums,
            whose,
            agreement: None,
            given: None,
            message: format!(
                "at {:.0} % of the pixels the classes of the {side} do not sum to 1: check the softmax and the zero point, \
                 or give `--independent` if they are independent",
                share * 100.0
            ),
        })
    })
}
