use maud::{Markup, html};

/// A file as a point.
pub struct Point {
    pub name: String,
    pub confidence: f64,
    pub dice: f64,
}

const SIDE: f64 = 360.0;
const LEFT: f64 = 44.0;
const BELOW: f64 = 40.0;
const ABOVE: f64 = 10.0;

/// Confidence to the right, true Dice upwards: on the diagonal the device knows how good it is, and far below it, it is
/// sure and wrong. Axes begin at the tenth below the least.
pub fn scatter(points: &[Point]) -> Markup {
    let least = points.iter().flat_map(|point| [point.confidence, point.dice]).fold(1.0, f64::min);
    let from = ((least * 10.0).floor() / 10.0).clamp(0.0, 0.9);
    let place = |value: f64| (value.clamp(from, 1.0) - from) / (1.0 - from) * SIDE;
    let (x, y) = (|value: f64| LEFT + place(value), |value: f64| ABOVE + SIDE - place(value));
    let tenths = (0..=10).map(|tenth| f64::from(tenth) / 10.0).filter(|tenth| *tenth > from - 0.05);
    let ticks: Vec<f64> = tenths.step_by(if from < 0.5 { 2 } else { 1 }).collect();
    let (right, bottom) = (LEFT + SIDE, ABOVE + SIDE);
    let of = |value: f64| format!("{value:.1}");
    html! {
        svg.scatter viewBox={ "0 0 " (right + 14.0) " " (bottom + BELOW) } role="img"
            aria-label="Soft Dice Confidence against the true soft Dice, a point for each file" {
            @for &tick in &ticks {
                line.grid x1=(of(x(tick))) x2=(of(x(tick))) y1=(ABOVE) y2=(bottom) {}
                line.grid x1=(LEFT) x2=(right) y1=(of(y(tick))) y2=(of(y(tick))) {}
                text x=(of(x(tick))) y=(bottom + 16.0) text-anchor="middle" { (of(tick)) }
                text x=(LEFT - 6.0) y=(of(y(tick) + 4.0)) text-anchor="end" { (of(tick)) }
            }
            line.diagonal x1=(LEFT) y1=(bottom) x2=(right) y2=(ABOVE) {}
            @for Point { name, confidence, dice } in points {
                circle.point cx=(of(x(*confidence))) cy=(of(y(*dice))) r="4.5" {
                    title { (name) ": confidence " (format!("{confidence:.4}")) ", Dice " (format!("{dice:.4}")) }
                }
            }
            text x=(of(LEFT + SIDE / 2.0)) y=(bottom + 34.0) text-anchor="middle" { "confidence, which needs no reference" }
            text transform={ "translate(12 " (of(ABOVE + SIDE / 2.0)) ") rotate(-90)" } text-anchor="middle" {
                "soft Dice with the reference"
            }
        }
    }
}
