//! Scores as bars, and shares of a whole.

use super::number;
use super::page::{Bars, Parts, Value};
use maud::{Markup, html};

/// Below this a bar is drawn in the colour of what is bad: a Dice of 0.7 is where raters disagree with each other.
const LOW: f64 = 0.7;

pub fn bars(bars: &Bars) -> Markup {
    html! {
        section {
            h2 { (bars.title) }
            @if !bars.note.is_empty() { p.note { (bars.note) } }
            table.bars {
                @for bar in &bars.bars {
                    tr {
                        th scope="row" { (bar.name) }
                        td {
                            div.track {
                                @if let Some(score) = bar.score {
                                    i class=[(score < LOW).then_some("low")]
                                        style={ "width:" (format!("{:.2}", 100.0 * score.clamp(0.0, 1.0))) "%" } {}
                                }
                            }
                        }
                        td.score { (number(&bar.key, Value::Score(bar.score))) }
                        td.more { (bar.note) }
                    }
                }
            }
            @if bars.more > 0 { p.note { "and " (bars.more) " more, none of them worse" } }
        }
    }
}

/// Colours of the parts, in turn: blue, orange, vermilion, purple of Okabe and Ito.
const PARTS: [&str; 4] = ["#0072b2", "#e69f00", "#d55e00", "#cc79a7"];

pub fn parts(parts: &Parts) -> Markup {
    let whole: f64 = parts.parts.iter().map(|(_, _, share)| share).sum();
    let coloured = || parts.parts.iter().zip(PARTS.iter().cycle());
    html! {
        section {
            h2 { (parts.title) }
            p.note { (parts.note) }
            @if whole > 0.0 {
                div.split {
                    @for ((name, _, share), colour) in coloured() {
                        i title=(name)
                            style={ "background:" (colour) ";width:" (format!("{:.2}", 100.0 * share / whole)) "%" } {}
                    }
                }
            }
            div.key {
                @for ((name, key, share), colour) in coloured() {
                    span { b style={ "background:" (colour) } {} (name) " " (number(key, Value::Score(Some(*share)))) }
                }
            }
        }
    }
}
