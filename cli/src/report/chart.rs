//! Charts as SVG: points of two scores, and scores over frames.

use super::page::{Scatter, Series};
use maud::{Markup, html};

/// Where a chart's axes lie, in its own units.
struct Frame {
    width: f64,
    height: f64,
    left: f64,
    bottom: f64,
    /// The lowest score that is drawn; the highest is 1.
    low: f64,
}

impl Frame {
    /// Room for the scores, down to a round tenth below the lowest.
    fn of(width: f64, height: f64, scores: impl Iterator<Item = f64>) -> Self {
        let lowest = scores.filter(|score| score.is_finite()).fold(1.0, f64::min);
        let low = ((lowest * 10.0).floor() / 10.0).clamp(0.0, 0.9);
        Self { width, height, left: 46.0, bottom: 40.0, low }
    }

    fn share(&self, score: f64) -> f64 {
        (score.clamp(self.low, 1.0) - self.low) / (1.0 - self.low)
    }

    fn x(&self, share: f64) -> f64 {
        self.left + share * (self.width - self.left - 12.0)
    }

    fn y(&self, score: f64) -> f64 {
        10.0 + (1.0 - self.share(score)) * (self.height - self.bottom - 10.0)
    }

    fn ticks(&self) -> Vec<f64> {
        let step = if self.low < 0.55 { 0.2 } else { 0.1 };
        let mut ticks: Vec<f64> =
            (0..).map(|n| 1.0 - step * f64::from(n)).take_while(|t| *t > self.low - 1e-9).collect();
        ticks.reverse();
        ticks
    }

    fn rows(&self) -> Markup {
        html! {
            @for tick in self.ticks() {
                line.grid x1=(place(self.x(0.0))) x2=(place(self.x(1.0))) y1=(place(self.y(tick))) y2=(place(self.y(tick))) {}
                text x=(place(self.left - 8.0)) y=(place(self.y(tick) + 4.0)) text-anchor="end" { (format!("{tick:.1}")) }
            }
        }
    }
}

/// Two places are a hundredth of a pixel.
fn place(x: f64) -> String {
    format!("{x:.2}")
}

pub fn scatter(scatter: &Scatter) -> Markup {
    let frame = Frame::of(560.0, 420.0, scatter.points.iter().flat_map(|&(x, y, _)| [x, y]));
    html! {
        section {
            h2 { (scatter.x) " against " (scatter.y) }
            p.note { (scatter.note) }
            svg style="max-width:36rem" viewBox={ "0 0 " (frame.width) " " (frame.height) } role="img"
                aria-label={ (scatter.points.len()) " points: " (scatter.x) " and " (scatter.y) } {
                (frame.rows())
                @for tick in frame.ticks() {
                    @let x = frame.x(frame.share(tick));
                    line.grid x1=(place(x)) x2=(place(x)) y1=(place(frame.y(1.0))) y2=(place(frame.y(frame.low))) {}
                    text x=(place(x)) y=(place(frame.height - frame.bottom + 16.0)) text-anchor="middle" { (format!("{tick:.1}")) }
                }
                line.diagonal x1=(place(frame.x(0.0))) y1=(place(frame.y(frame.low))) x2=(place(frame.x(1.0))) y2=(place(frame.y(1.0))) {}
                @for (x, y, name) in &scatter.points {
                    circle.point cx=(place(frame.x(frame.share(*x)))) cy=(place(frame.y(*y))) r="5" {
                        title { (name) ": " (scatter.x) " " (format!("{x:.4}")) ", " (scatter.y) " " (format!("{y:.4}")) }
                    }
                }
                text x=(place(frame.x(0.5))) y=(place(frame.height - 6.0)) text-anchor="middle" { (scatter.x) }
                text x="12" y=(place(frame.y(f64::midpoint(1.0, frame.low)))) text-anchor="middle"
                    transform={ "rotate(-90 12 " (place(frame.y(f64::midpoint(1.0, frame.low)))) ")" } { (scatter.y) }
            }
        }
    }
}

/// Colours of the lines, which the style sheet has for light and dark.
const LINES: [&str; 3] = ["var(--good)", "var(--second)", "var(--soft)"];

pub fn series(series: &Series) -> Markup {
    let frame = Frame::of(960.0, 330.0, series.lines.iter().flat_map(|(_, scores)| scores.iter().flatten().copied()));
    let frames = series.lines.iter().map(|(_, scores)| scores.len()).max().unwrap_or(0);
    let x = |at: usize| frame.x(at as f64 / frames.saturating_sub(1).max(1) as f64);
    // About ten ticks, at a round number of frames.
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().find(|step| frames <= 12 * step).unwrap_or(frames);
    html! {
        section {
            h2 { "Over the frames" }
            p.note { (series.note) }
            svg viewBox={ "0 0 " (frame.width) " " (frame.height) } role="img"
                aria-label={ "scores over " (frames) " frames" } {
                (frame.rows())
                @for at in (0..frames).step_by(step) {
                    text x=(place(x(at))) y=(place(frame.height - frame.bottom + 18.0)) text-anchor="middle" { (at) }
                }
                @for ((name, scores), colour) in series.lines.iter().zip(LINES.iter().cycle()) {
                    @for run in runs(scores) {
                        polyline.line style={ "stroke:" (colour) } points=(run.iter()
                            .map(|&(at, score)| format!("{},{}", place(x(at)), place(frame.y(score))))
                            .collect::<Vec<_>>().join(" ")) { title { (name) } }
                    }
                }
                @for (row, (at, text)) in series.events.iter().enumerate() {
                    line.event x1=(place(x(*at))) x2=(place(x(*at))) y1="10" y2=(place(frame.y(frame.low))) {}
                    // Names step down, so that neighbours do not cover each other; near the right end they stand left.
                    text.event-name x=(place(x(*at) + if x(*at) > 800.0 { -5.0 } else { 5.0 }))
                        y=(place(frame.y(frame.low) - 8.0 - 15.0 * (row % 4) as f64))
                        text-anchor=(if x(*at) > 800.0 { "end" } else { "start" }) { (text) }
                }
                text x=(place(frame.x(0.5))) y=(place(frame.height - 4.0)) text-anchor="middle" { "frame" }
            }
            div.key {
                @for ((name, _), colour) in series.lines.iter().zip(LINES.iter().cycle()) {
                    span { b style={ "background:" (colour) } {} (name) }
                }
            }
        }
    }
}

/// The stretches of a line that are defined.
fn runs(scores: &[Option<f64>]) -> Vec<Vec<(usize, f64)>> {
    let mut runs = vec![Vec::new()];
    for (at, score) in scores.iter().enumerate() {
        match (score, runs.last_mut()) {
            (Some(score), Some(run)) => run.push((at, *score)),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_where_it_is_undefined() {
        let runs = runs(&[Some(0.5), None, None, Some(0.25), Some(1.0)]);
        assert_eq!(runs, [vec![(0, 0.5)], vec![(3, 0.25), (4, 1.0)]]);
    }

    #[test]
    fn axes_hold_what_is_drawn() {
        let frame = Frame::of(100.0, 100.0, [0.97, 0.853, f64::NAN].into_iter());
        assert_eq!((frame.low, frame.ticks().len()), (0.8, 3));
        assert!(frame.y(1.0) < frame.y(0.853) && frame.y(0.853) < frame.y(0.8));
        assert_eq!(Frame::of(1.0, 1.0, std::iter::empty()).low, 0.9);
    }
}
