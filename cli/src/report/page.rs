//! What every page has: a head, the look, and what was run.

use super::overlay::PALETTE;
use super::style::STYLE;
use crate::model::Header;
use crate::watch::plot;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A whole page.
pub fn page(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // No icon is asked for.
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(plot::style())) (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}

/// What was run, on what.
pub fn compared(header: &Header, rows: &[(&str, String)]) -> Markup {
    html! {
        section {
            h2 { "What was compared" }
            table.facts {
                @for (name, value) in rows { tr { th { (name) } td { (value) } } }
                tr { th { "command" } td { code { "soft-dice" @for word in &header.arguments { " " (word) } } } }
                tr { th { "computed by" } td {
                    "soft-dice " (header.version) ", loops " (header.backend) ": exact sums of integers, each score rounded once"
                } }
            }
        }
    }
}

/// What the colours of an overlay say.
pub fn legend(confused: bool) -> Markup {
    let entries = [
        (1, "true positive", true),
        (2, "false positive", true),
        (3, "false negative", true),
        (4, "another class", confused),
        (0, "true negative", true),
    ];
    html! {
        p.legend {
            @for (at, name, _) in entries.iter().filter(|entry| entry.2) {
                @let [r, g, b] = PALETTE[*at];
                span { i style=(format!("background:rgb({r},{g},{b})")) {} (name) }
            }
        }
    }
}
