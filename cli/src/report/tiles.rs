//! Where it is bad: the error of each tile of the frame.

use crate::exact::Exact;
use crate::prediction::Prediction;
use crate::target::Target;
use maud::{Markup, html};

/// Tiles of a row and of a column: fewer where the frame has fewer pixels.
pub const SIDE: usize = 8;

/// Error of tiles, summed: |p − t| of every pixel and class. Frames of any size fit each other.
#[derive(Clone, Debug)]
pub struct Tiles {
    /// Foreground where there is none, by tile.
    over: [Exact; SIDE * SIDE],
    /// None where there is foreground.
    under: [Exact; SIDE * SIDE],
    pixels: [u64; SIDE * SIDE],
}

impl Tiles {
    /// No frame yet.
    pub const NONE: Self =
        Self { over: [Exact::ZERO; SIDE * SIDE], under: [Exact::ZERO; SIDE * SIDE], pixels: [0; SIDE * SIDE] };

    /// Of one frame. Of several classes every pixel's error counts half: what one has too much another lacks.
    pub fn of(prediction: &Prediction, target: &Target) -> Self {
        let (classes, pixels, width) = (prediction.map.classes, prediction.map.pixels(), prediction.map.width);
        let values = prediction.values();
        let share = if classes > 1 { 0.5 } else { 1.0 };
        let mut errors = [[0.0; 2]; SIDE * SIDE];
        let mut tiles = Self::NONE;
        for at in 0..pixels {
            let tile = at / width * SIDE / prediction.map.height * SIDE + at % width * SIDE / width;
            let mut known = false;
            for class in 0..classes {
                let p = f64::from(values[class * pixels + at]);
                let Some(t) = truth(target, class, classes, at, pixels).filter(|_| p.is_finite()) else { continue };
                known = true;
                errors[tile][0] += share * (p - t).max(0.0);
                errors[tile][1] += share * (t - p).max(0.0);
            }
            tiles.pixels[tile] += u64::from(known);
        }
        tiles.over = errors.map(|[over, _]| Exact::of(over));
        tiles.under = errors.map(|[_, under]| Exact::of(under));
        tiles
    }

    /// Two frames together.
    pub fn add(&mut self, more: &Self) {
        let sum = |a: &mut [Exact], b: &[Exact]| a.iter_mut().zip(b).for_each(|(a, b)| a.add(*b));
        sum(&mut self.over, &more.over);
        sum(&mut self.under, &more.under);
        self.pixels.iter_mut().zip(&more.pixels).for_each(|(a, b)| *a += b);
    }

    /// Mean error of a tile, and its two parts; `None` where no pixel was looked at.
    fn error(&self, tile: usize) -> Option<(f64, f64, f64)> {
        let pixels = self.pixels[tile];
        let (over, under) = (self.over[tile].f64() / pixels as f64, self.under[tile].f64() / pixels as f64);
        (pixels > 0).then_some((over + under, over, under))
    }
}

fn truth(target: &Target, class: usize, classes: usize, at: usize, pixels: usize) -> Option<f64> {
    let one = |yes: bool| Some(f64::from(u8::from(yes)));
    match target {
        Target::Mask(mask) => one(*mask.get(class * pixels + at)? != 0),
        Target::Soft(values) => values.get(class * pixels + at).map(|&value| f64::from(value)),
        Target::Labels { labels, ignore } => match labels.get(at)? {
            label if Some(*label) == *ignore => None,
            label if classes > 1 => one(usize::from(*label) == class),
            label => one(*label != 0),
        },
    }
}

/// Where the steps of the scale begin, in percent. They are the same on every page, so that two pages can be compared; and
/// they are steps, so that each has a colour that stands in the legend.
const STEPS: [f64; 6] = [0.0, 0.5, 2.0, 5.0, 10.0, 20.0];

/// The step of a mean error.
fn step(error: f64) -> usize {
    STEPS.iter().rposition(|&from| 100.0 * error >= from).unwrap_or(0)
}

/// What the colours of tiles mean.
pub fn scale() -> Markup {
    html! {
        p.legend {
            "mean error in a tile, in percent:"
            @for (at, from) in STEPS.iter().enumerate() {
                span {
                    i class={ "step" (at) } {}
                    @match STEPS.get(at + 1) {
                        Some(to) => { (from) " to " (to) }
                        None => { (from) " and more" }
                    }
                }
            }
        }
    }
}

/// The map, in the frame's shape, coloured by the steps of the [scale]. With figures in percent, if there is room.
pub fn map(tiles: &Tiles, aspect: f64, figures: bool) -> Markup {
    let (width, height) = (320.0, (320.0 * aspect).clamp(80.0, 640.0));
    let (w, h) = (width / SIDE as f64, height / SIDE as f64);
    let of = |value: f64| format!("{value:.1}");
    html! {
        svg.tiles viewBox={ "0 0 " (width) " " (of(height)) } role="img" aria-label="Mean error of each tile of the frame" {
            @for tile in 0..SIDE * SIDE {
                @let (x, y) = ((tile % SIDE) as f64 * w, (tile / SIDE) as f64 * h);
                @if let Some((error, over, under)) = tiles.error(tile) {
                    rect class={ "tile step" (step(error)) } x=(of(x)) y=(of(y)) width=(of(w)) height=(of(h)) {
                        title {
                            "mean error " (format!("{:.2} %: {:.2} % too much, {:.2} % too little",
                                100.0 * error, 100.0 * over, 100.0 * under))
                        }
                    }
                    @if figures && h >= 16.0 {
                        text class={ "on" (step(error)) } x=(of(x + w / 2.0)) y=(of(y + h / 2.0 + 4.0)) text-anchor="middle" {
                            (format!("{:.1}", 100.0 * error))
                        }
                    }
                } @else {
                    rect.none x=(of(x)) y=(of(y)) width=(of(w)) height=(of(h)) {}
                }
            }
        }
    }
}
