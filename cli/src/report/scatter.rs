use maud::{Markup, html};
use std::collections::BTreeMap;

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
/// Points nearer than this are drawn as one, which is larger and says how many it is.
const CELL: f64 = 9.0;

/// Of more points each is smaller.
const MANY: usize = 100;

/// Points that would lie on each other.
struct Group<'a> {
    /// The first of them.
    first: &'a Point,
    count: usize,
    /// The mean of their places.
    x: f64,
    y: f64,
}

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
    let groups = grouped(points, |point| [x(point.confidence), y(point.dice)]);
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
            @for Group { first, count, x, y } in &groups {
                circle.point cx=(of(*x)) cy=(of(*y)) r=(of(radius(*count, points.len()))) data-points=(count) {
                    title {
                        @if *count == 1 {
                            (first.name) ": confidence " (format!("{:.4}", first.confidence)) ", Dice " (format!("{:.4}", first.dice))
                        } @else {
                            (count) " points about here, " (first.name) " among them"
                        }
                    }
                }
            }
            text x=(of(LEFT + SIDE / 2.0)) y=(bottom + 34.0) text-anchor="middle" { "confidence, which needs no reference" }
            text transform={ "translate(12 " (of(ABOVE + SIDE / 2.0)) ") rotate(-90)" } text-anchor="middle" {
                "soft Dice with the reference"
            }
        }
    }
}

/// A point's, and more for each of those that lie with it: by the fourth root, so that a thousand still leave room for
/// others.
fn radius(count: usize, of: usize) -> f64 {
    let one = if of <= MANY { 4.0 } else { 2.6 };
    one * (count as f64).powf(0.25).min(4.0)
}

/// Points of one cell of a raster as one.
fn grouped(points: &[Point], place: impl Fn(&Point) -> [f64; 2]) -> Vec<Group<'_>> {
    let mut cells: BTreeMap<[i64; 2], Group<'_>> = BTreeMap::new();
    for point in points {
        let [x, y] = place(point);
        let cell = [x, y].map(|at| (at / CELL).floor() as i64);
        let group = cells.entry(cell).or_insert(Group { first: point, count: 0, x: 0.0, y: 0.0 });
        group.count += 1;
        group.x += (x - group.x) / group.count as f64;
        group.y += (y - group.y) / group.count as f64;
    }
    // The large ones first: a small one beside them stays to be seen.
    let mut groups: Vec<Group<'_>> = cells.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}
