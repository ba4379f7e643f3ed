//! What every page has: a head, the look, and what was run.

use super::overlay::PALETTE;
use super::script::SCRIPT;
use super::style::STYLE;
use crate::model::Header;
use crate::output::notes::SIDES;
use crate::said::Said;
use crate::watch::plot;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Ways of reading a side that are told.
const WAYS: usize = 4;

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
                dialog aria-label="A frame, enlarged" {}
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// What was run, on what, and how that was read.
pub fn compared(header: &Header, read: &[Said], rows: &[(&str, String)]) -> Markup {
    let ways = |side: &'static str| read.iter().filter(move |said| said.side == side);
    html! {
        section {
            h2 { "What was compared" }
            table.facts {
                @for (name, value) in rows.iter().take(1) { tr { th { (name) } td { (value) } } }
                @for side in SIDES {
                    @for said in ways(side).take(WAYS) {
                        tr { th { (side) } td { (said.line()) @if ways(side).count() > 1 { ", " (said.files) " files" } } }
                    }
                    @if ways(side).count() > WAYS {
                        tr { th { (side) } td { "and in " (ways(side).count() - WAYS) " other ways, which are in the JSON" } }
                    }
                }
                @for (name, value) in rows.iter().skip(1) { tr { th { (name) } td { (value) } } }
                tr { th { "made on" } td { (today()) } }
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

/// The day in UTC, from the days since 1970 (Hinnant's civil_from_days).
fn today() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    format!("{:04}-{month:02}-{day:02} (UTC)", year + era * 400 + u64::from(month <= 2))
}
