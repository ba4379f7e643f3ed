//! The risk–coverage curve, as a drawing.

use super::alarm::Alarm;
use maud::{Markup, html};

/// Its width.
pub const WIDTH: f64 = 420.0;
/// Its height.
pub const HEIGHT: f64 = 260.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 42.0;

/// Mean 1 − Dice of the frames that confidence trusts most, over their share.
#[must_use]
pub fn curve(alarm: &Alarm) -> Markup {
    let most = alarm.coverage.iter().map(|point| point[1]).fold(0.01, f64::max);
    let x = |share: f64| LEFT + share * (WIDTH - LEFT - RIGHT);
    let y = |risk: f64| TOP + (1.0 - risk / most) * (HEIGHT - TOP - BOTTOM);
    let points: Vec<String> =
        alarm.coverage.iter().map(|point| format!("{:.1},{:.1}", x(point[0]), y(point[1]))).collect();
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img" aria-label="Risk over coverage" {
            text x=(LEFT) y="16" {
                "risk (mean 1 − Dice) of the frames trusted most"
                @if let Some(aurc) = alarm.aurc { ": area " (format!("{aurc:.4}")) }
            }
            @for part in 0..=4 {
                @let share = f64::from(part) / 4.0;
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(format!("{:.1}", y(share * most))) y2=(format!("{:.1}", y(share * most))) {}
                text x=(LEFT - 6.0) y=(format!("{:.1}", y(share * most) + 4.0)) text-anchor="end" { (format!("{:.3}", share * most)) }
                text x=(format!("{:.1}", x(share))) y=(HEIGHT - BOTTOM + 17.0) text-anchor="middle" { (format!("{share}")) }
            }
            text x=((LEFT + WIDTH - RIGHT) / 2.0) y=(HEIGHT - 6.0) text-anchor="middle" { "coverage" }
            polyline.known points=(points.join(" ")) {}
        }
    }
}
