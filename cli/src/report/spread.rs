//! How a score lies over many files: a bar for each twentieth of [0, 1], and the mean's interval.

use crate::distribution::Distribution;
use maud::{Markup, html};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 180.0;
const BOTTOM: f64 = 24.0;

/// The section, if there are enough files for one.
pub fn spread(distribution: Option<&Distribution>, of: &str) -> Markup {
    let Some(all) = distribution.filter(|all| all.files > 3) else { return html! {} };
    let most = all.histogram.iter().copied().max().unwrap_or(0).max(1) as f64;
    let step = WIDTH / all.histogram.len() as f64;
    let floor = HEIGHT - BOTTOM;
    html! {
        section {
            h2 { "How the files lie" }
            svg.spread viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label={ "Files in each twentieth of the " (of) } {
                @for (at, &files) in all.histogram.iter().enumerate() {
                    @let height = files as f64 / most * (floor - 10.0);
                    rect x=(format!("{:.1}", at as f64 * step + 1.0)) width=(format!("{:.1}", step - 2.0))
                        y=(format!("{:.1}", floor - height)) height=(format!("{height:.1}")) fill="var(--fill)" {
                        title { (files) " files from " (format!("{:.2}", at as f64 / 20.0)) " to " (format!("{:.2}", (at + 1) as f64 / 20.0)) }
                    }
                }
                line.grid x1="0" x2=(WIDTH) y1=(floor) y2=(floor) {}
                line.mark x1=(format!("{:.1}", all.median * WIDTH)) x2=(format!("{:.1}", all.median * WIDTH)) y1="4" y2=(floor) {
                    title { "median " (format!("{:.4}", all.median)) }
                }
                @for tenth in (0..=10).step_by(2) {
                    @let anchor = match tenth { 0 => "start", 10 => "end", _ => "middle" };
                    text x=(format!("{:.1}", f64::from(tenth) / 10.0 * WIDTH)) y=(HEIGHT - 6.0) text-anchor=(anchor) {
                        (format!("{:.1}", f64::from(tenth) / 10.0))
                    }
                }
            }
            p {
                "Files in each twentieth of the " (of) ", the tallest bar " (all.histogram.iter().max().unwrap_or(&0)) " of " (all.files) ". Half of them lie below " (format!("{:.4}", all.median)) " (the line), a twentieth below "
                (format!("{:.4}", all.q05)) "; the least is " (format!("{:.4}", all.least)) "."
                @if let Some(interval) = all.interval {
                    " The mean over such files lies between " (format!("{:.4}", interval.low)) " and "
                    (format!("{:.4}", interval.high)) " in 95 of 100 cases (bootstrap over files)."
                }
            }
        }
    }
}
