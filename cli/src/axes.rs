//! Which axis of an array is which, worked out for both sides together: what one side leaves open the other may settle.
//! What then remains open is a question.

use crate::error::{Failure, Outcome};
use crate::map::{Layout, Map};
use crate::read::{Array, Container};
use std::path::Path;

/// Whether several maps of a file are one score or many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// Not said.
    #[default]
    Unsaid,
    /// One score for all.
    Volume,
    /// One each.
    Frames,
}

/// What is known of an array before its axes are.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// The slowest axis first.
    pub shape: &'a [usize],
    /// As the options say.
    pub layout: Option<Layout>,
    /// Its numbers may be red, green and blue.
    pub colours: bool,
    /// Its numbers are labels: there is no class axis.
    pub labels: bool,
    /// Where it was.
    pub container: Container,
    /// Of its file.
    pub path: &'a Path,
}

/// What is known of both sides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// As the options say.
    pub classes: Option<usize>,
    /// Likewise.
    pub stack: Stack,
    /// The target's greatest class is meant: it has a class axis of its own.
    pub argmax: bool,
}

/// The axes of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axes {
    /// Their order.
    pub layout: Layout,
    /// Without the axes of one that have no letter.
    pub shape: Vec<usize>,
    /// Maps.
    pub frames: usize,
    /// Classes.
    pub classes: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

/// Most classes of a map.
const MOST_CLASSES: usize = 256;

impl Axes {
    fn of(layout: Layout, shape: &[usize]) -> Self {
        let side = |letter| layout.place(letter).and_then(|at| shape.get(at).copied()).unwrap_or(1);
        Self {
            layout,
            shape: shape.to_vec(),
            frames: side('n'),
            classes: side('c'),
            height: side('h'),
            width: side('w'),
        }
    }

    const fn size(&self) -> (usize, usize, usize) {
        (self.frames, self.height, self.width)
    }

    /// An array with these axes as planes: class after class, in each of them frame after frame.
    #[must_use]
    pub fn map(&self, array: Array) -> Map {
        let (frames, height, width) = self.size();
        let pixels = frames * height * width;
        let stride = |letter| self.layout.place(letter).map_or(0, |at| self.shape[at + 1..].iter().product());
        let [n, c, h, w] = ['n', 'c', 'h', 'w'].map(stride);
        let in_order = (frames == 1 || n == height * width)
            && (self.classes == 1 || c == pixels)
            && (height == 1 || h == width)
            && (width == 1 || w == 1);
        let values = if in_order {
            array.values
        } else if frames == 1 && (h, w) == (width * self.classes, self.classes) {
            array.values.gather(|at| at % pixels * self.classes + at / pixels)
        } else {
            array.values.gather(|at| {
                let (class, at) = (at / pixels, at % pixels);
                let (frame, at) = (at / (height * width), at % (height * width));
                class * c + frame * n + at / width * h + at % width * w
            })
        };
        Map {
            height: frames * height,
            width,
            classes: self.classes,
            layout: self.layout,
            dtype: array.dtype,
            values,
            nature: array.nature,
        }
    }
}

/// `12×16`.
#[must_use]
pub fn shape(sides: &[usize]) -> String {
    sides.iter().map(usize::to_string).collect::<Vec<_>>().join("×")
}

/// What an array may be.
fn candidates(given: &Given<'_>, other: Container, prefix: &str) -> Outcome<Vec<Axes>> {
    let sides = given.shape;
    if let Some(layout) = given.layout {
        let Some(core) = squeezed(sides, layout.letters().len()) else {
            let letters = layout.letters();
            let what = if sides.len() < letters.len() {
                format!("the shape {sides:?} has no {} axes, as `{letters}` has", letters.len())
            } else {
                format!("the shape {sides:?} has {} axes, and `{letters}` names {}", sides.len(), letters.len())
            };
            let remedy = format!(
                "leave out `--{prefix}layout`, or give one that names its axes; a recording of many frames is for `watch`"
            );
            return Err(Failure::new(what, remedy));
        };
        let axes = Axes::of(layout, &core);
        if axes.classes > MOST_CLASSES {
            return Err(Failure::new(
                format!("{} classes, and {MOST_CLASSES} are the most", axes.classes),
                format!("check `--{prefix}layout`, and whether this is a stack (`--volume`, `--frames`)"),
            ));
        }
        return Ok(vec![axes]);
    }
    let core: Vec<usize> =
        squeezed(sides, 2).unwrap_or_else(|| sides.iter().copied().filter(|&side| side > 1).collect());
    let layouts: &[Layout] = match core.len() {
        2 => &[Layout::Hw, Layout::Wh],
        3 => &[Layout::Chw, Layout::Hwc, Layout::Nhw, Layout::Hwn, Layout::Whn],
        4 => &[Layout::Nchw, Layout::Nhwc, Layout::Cnhw],
        _ => {
            return Err(Failure::new(
                format!("the shape {sides:?} is no map"),
                "a map has height and width, and may have classes and frames",
            ));
        }
    };
    // nibabel has columns first: an array that was saved from there lies across to a NIfTI file.
    let across = given.container != Container::Nifti && other == Container::Nifti;
    let fits = |layout: &&Layout| match layout {
        Layout::Wh | Layout::Whn => across,
        Layout::Cnhw => given.container == Container::Nifti || other == Container::Nifti,
        _ => true,
    };
    let all = layouts.iter().filter(fits).map(|&layout| Axes::of(layout, &core));
    Ok(all.filter(|axes| axes.classes <= MOST_CLASSES && !(given.labels && axes.classes > 1)).collect())
}

/// So many axes, by leaving out those of one: the first, then the last, then those between.
fn squeezed(shape: &[usize], axes: usize) -> Option<Vec<usize>> {
    let mut sides = shape.to_vec();
    while sides.len() > axes && sides.first() == Some(&1) {
        sides.remove(0);
    }
    while sides.len() > axes && sides.last() == Some(&1) {
        sides.pop();
    }
    while sides.len() > axes {
        let at = sides.iter().position(|&side| side == 1)?;
        sides.remove(at);
    }
    (sides.len() == axes).then_some(sides)
}

/// The axes of a prediction and of its target.
///
/// # Errors
///
/// Shapes that do not fit, or of which more than one reading fits.
pub fn settle(given: [&Given<'_>; 2], wanted: Wanted) -> Outcome<[Axes; 2]> {
    let [prediction, target] = given;
    let ours = candidates(prediction, target.container, "").map_err(|failure| failure.at(prediction.path))?;
    let theirs = candidates(target, prediction.container, "target-").map_err(|failure| failure.at(target.path))?;
    joined(given, &ours, &theirs, wanted).map_err(|failure| failure.at(prediction.path))
}

/// The only pair of them that fits.
fn joined(given: [&Given<'_>; 2], ours: &[Axes], theirs: &[Axes], wanted: Wanted) -> Outcome<[Axes; 2]> {
    let [prediction, target] = given;
    let mut pairs: Vec<[Axes; 2]> = Vec::new();
    for p in ours {
        for t in theirs {
            let classes =
                p.classes == t.classes || t.classes == 1 || (p.classes == 1 && t.classes <= 4 && target.colours);
            if p.size() == t.size() && (classes || (wanted.argmax && p.classes > 1)) {
                pairs.push([p.clone(), t.clone()]);
            }
        }
    }
    if pairs.is_empty() {
        let [a, b] = given.map(|given| shape(squeezed(given.shape, 2).as_deref().unwrap_or(given.shape)));
        return Err(Failure::new(
            format!("prediction and target differ in shape: {a} and {b}"),
            "check that they are of one frame, `--layout` and `--target-layout`",
        ));
    }
    let keep = |pairs: Vec<[Axes; 2]>, fits: &dyn Fn(&[Axes; 2]) -> bool| {
        let kept: Vec<[Axes; 2]> = pairs.iter().filter(|pair| fits(pair)).cloned().collect();
        if kept.is_empty() { pairs } else { kept }
    };
    // What was said, then what is usual where only the order of equal axes is open.
    if let Some(classes) = wanted.classes {
        pairs = keep(pairs, &|[p, _]| p.classes == classes);
    }
    pairs = match wanted.stack {
        Stack::Unsaid => pairs,
        _ => keep(pairs, &|[p, _]| p.layout.place('n').is_some()),
    };
    if wanted.argmax {
        pairs = keep(pairs, &|[p, t]| p.frames == 1 && t.classes > 1);
        pairs = keep(pairs, &|[p, _]| p.classes < p.height && p.classes < p.width);
    }
    if prediction.layout.is_some() && target.layout.is_none() {
        pairs = keep(pairs, &|[p, t]| p.layout == t.layout);
    }
    if wanted.stack == Stack::Volume {
        // The sum of all slices is the same along any axis.
        pairs = keep(pairs, &|pair| pair.iter().all(|axes| axes.layout != Layout::Hwn));
    }
    if wanted.stack == Stack::Frames {
        // Frames come first, unless the last axis is the shortest: that is how volumes are kept with the slices last.
        let first = |axes: &Axes| axes.layout != Layout::Hwn && axes.width >= axes.frames.min(axes.height);
        pairs = keep(pairs, &|[p, t]| first(p) && first(t));
    }
    question(given, &pairs, wanted)?;
    match pairs.into_iter().next() {
        Some(pair) => Ok(pair),
        None => Err(Failure::new("no axes", "check `--layout`")),
    }
}

/// What is still open.
fn question(given: [&Given<'_>; 2], pairs: &[[Axes; 2]], wanted: Wanted) -> Outcome<()> {
    let [prediction, target] = given.map(|given| shape(given.shape));
    let stacked = pairs.iter().any(|[p, _]| p.frames > 1);
    let classes: Vec<&str> = unique(pairs.iter().filter(|[p, _]| p.classes > 1).map(|[p, _]| p.layout.letters()));
    let both = if prediction == target {
        format!("{prediction} on both sides")
    } else {
        format!("{prediction} against {target}")
    };
    if stacked && wanted.stack == Stack::Unsaid {
        let stack = "`--volume` (one score for the stack) or `--frames` (one score for each map in it)";
        return Err(if classes.is_empty() || pairs.iter().all(|[p, _]| p.frames > 1) {
            Failure::new(format!("{both} is a stack of maps"), format!("give {stack}"))
        } else {
            let axes: Vec<String> = classes.iter().map(|letters| format!("`--layout {letters}`")).collect();
            Failure::new(
                format!("{both} could be classes, or a volume, a batch or a recording"),
                format!("give {} for classes, {stack}", axes.join(" or ")),
            )
        });
    }
    let layouts: Vec<[&str; 2]> =
        pairs.iter().map(|pair| [pair[0].layout.letters(), pair[1].layout.letters()]).collect();
    if layouts.len() < 2 {
        return Ok(());
    }
    let [ours, theirs] = [0, 1].map(|side| unique(layouts.iter().map(|pair| pair[side])));
    let choice = |option: &str, letters: &[&str]| {
        let all: Vec<String> = letters.iter().map(|letters| format!("`--{option} {letters}`")).collect();
        all.join(" or ")
    };
    let remedy = match (ours.len() > 1, theirs.len() > 1) {
        (true, true) => format!("{} (and {})", choice("layout", &ours), choice("target-layout", &theirs)),
        (true, false) => choice("layout", &ours),
        _ => choice("target-layout", &theirs),
    };
    Err(Failure::new(format!("which axis is which in {both} is not to be told"), format!("give {remedy}")))
}

fn unique<'t>(letters: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut all: Vec<&str> = letters.collect();
    all.sort_unstable();
    all.dedup();
    all
}
