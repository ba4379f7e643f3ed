//! Where the disagreement of two maps comes from, pixel by pixel.
//!
//! With p the device's value, t the float model's and Q(t) the code nearest to t, a pixel loses |p − t|. Of that
//! min(|p − t|, |Q(t) − t|) is the floor that no device with these codes is below; the rest is a tie's where p lies exactly
//! on the threshold, and a real disagreement elsewhere. Over Σp + Σt the three are 1 − the semimetric score.

use crate::each_element;
use crate::exact::Exact;
use crate::model::Flips;
use crate::prediction::{Prediction, value};
use soft_dice::Element;
use soft_dice::element::Reading::{Clamped, Valid};

/// The parts, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Split {
    pub floor: Exact,
    pub ties: Exact,
    pub rest: Exact,
    /// Σp + Σt.
    pub size: Exact,
    pub flips: Flips,
}

impl Split {
    /// Of a device's map against the float model's values.
    pub fn of(device: &Prediction, float: &[f32], threshold: f32) -> Self {
        let floats =
            matches!(device.planes, crate::prediction::Planes::F32(..) | crate::prediction::Planes::F32Fine(..));
        each_element!(&device.planes, element, planes => {
            let codes = (!floats).then(|| (element.unit().value(1), top(element)));
            split(element, planes, float, threshold, codes)
        })
    }

    pub fn add(&mut self, more: &Self) {
        self.floor.add(more.floor);
        self.ties.add(more.ties);
        self.rest.add(more.rest);
        self.size.add(more.size);
        self.flips.of += more.flips.of;
        self.flips.ties += more.flips.ties;
        self.flips.quantisation += more.flips.quantisation;
        self.flips.disagreement += more.flips.disagreement;
        self.flips.on_threshold += more.flips.on_threshold;
    }
}

/// The greatest code of an integer element, found as its threshold 1 is: what lies above is clamped to it.
fn top<P: Element>(element: &P) -> f64 {
    // The least code that no value reaches is one above the greatest.
    f64::from(element.cut(2.0, false)) - 1.0
}

fn split<P: Element>(
    element: &P,
    planes: &[P::Raw],
    float: &[f32],
    threshold: f32,
    codes: Option<(f64, f64)>,
) -> Split {
    let (at_least, above) = (element.cut(threshold, false), element.cut(threshold, true));
    let nearest = |t: f64| match codes {
        Some((unit, top)) => (t / unit).round().min(top) * unit,
        None => t,
    };
    let mut flips = Flips::default();
    let [mut size, mut least, mut ties, mut rest] = [0.0; 4];
    for (&raw, &t) in planes.iter().zip(float) {
        let (Valid(code) | Clamped(code), false) = (element.read(raw), t.is_nan()) else { continue };
        let (p, t) = (f64::from(value(element, raw)), f64::from(t.clamp(0.0, 1.0)));
        let (key, q) = (P::key(code), nearest(t));
        let tie = key >= at_least && key < above;
        let lost = (p - t).abs();
        let floor = lost.min((q - t).abs());
        size += p + t;
        least += floor;
        *(if tie { &mut ties } else { &mut rest }) += lost - floor;
        let cut = f64::from(threshold);
        flips.of += 1;
        flips.on_threshold += u64::from(tie);
        if (key >= at_least) != (t >= cut) {
            let kind = match (tie, (q >= cut) != (t >= cut)) {
                (true, _) => &mut flips.ties,
                (false, true) => &mut flips.quantisation,
                (false, false) => &mut flips.disagreement,
            };
            *kind += 1;
        }
    }
    let [floor, ties, rest, size] = [least, ties, rest, size].map(Exact::of);
    Split { floor, ties, rest, size, flips }
}
