//! One page for a person: `--report`. Self-contained, no script, light or dark as the reader's system is.
//!
//! ```text
//! score | compare | watch → Page (what is shown) → bars, chart, pictures → html → one file
//! ```
//!
//! Every number stands in a `data` element whose value has all its digits, under its place in the JSON that travels in
//! the page: a test reads both back from a browser and compares them.

mod bars;
mod chart;
pub mod colour;
mod frames;
mod overlay;
pub mod page;
mod pictures;
mod rank;
mod score;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use page::{Figure, Page, Value};

impl Page {
    /// The page as one file.
    ///
    /// # Errors
    ///
    /// Those of the picture encoder, into memory: none are known.
    pub fn html(&self) -> Result<String, png::EncodingError> {
        let pictures = if self.pictures.is_empty() { html!() } else { pictures::pictures(&self.pictures)? };
        // In a string of JSON this is the same character, and no end of the element.
        let json = self.json.replace('<', "\\u003c");
        Ok(html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                    title { (self.title) }
                    style { (PreEscaped(include_str!("report/style.css"))) }
                }
                body {
                    header {
                        p.command { (self.title) }
                        h1 { (self.subject) }
                    }
                    @if !self.headline.is_empty() {
                        section.plain { div.figures { @for figure in &self.headline { (headline(figure)) } } }
                    }
                    @if !self.warnings.is_empty() {
                        section.warnings {
                            h2 { "Look at this first" }
                            ul { @for warning in &self.warnings { li { (warning) } } }
                        }
                    }
                    @if let Some(parts) = &self.parts { (bars::parts(parts)) }
                    @if let Some(series) = &self.series { (chart::series(series)) }
                    @if !self.classes.bars.is_empty() { (bars::bars(&self.classes)) }
                    @if !self.files.bars.is_empty() { (bars::bars(&self.files)) }
                    (pictures)
                    @if let Some(scatter) = &self.scatter { (chart::scatter(scatter)) }
                    @if !self.facts.is_empty() {
                        section {
                            h2 { "How it was measured" }
                            dl { @for (name, fact) in &self.facts { dt { (name) } dd { (fact) } } }
                        }
                    }
                    section {
                        details { summary { "All figures, as " code { "--json" } " prints them" } pre { (self.json) } }
                    }
                    footer { "Exact integer sums by the kernel that runs on the device: soft-dice " (env!("CARGO_PKG_VERSION")) "." }
                    script type="application/json" id="result" { (PreEscaped(json)) }
                }
            }
        }
        .into_string())
    }
}

fn headline(figure: &Figure) -> Markup {
    html! {
        div.figure {
            div.name { (figure.name) }
            div.value { (number(&figure.key, figure.value)) }
            div.note { (figure.note) }
        }
    }
}

/// A number as a reader sees it, and behind it all its digits and its place in the JSON.
fn number(key: &str, value: Value) -> Markup {
    let digits = match value {
        Value::Score(score) => score.map_or_else(|| String::from("null"), |score| score.to_string()),
        Value::Count(count) => count.to_string(),
    };
    html! { data value=(digits) data-key=(key) { (shown(value)) } }
}

fn shown(value: Value) -> String {
    match value {
        Value::Score(None) => String::from("undefined"),
        Value::Score(Some(score)) => format!("{score:.4}"),
        Value::Count(count) => count.to_string(),
    }
}
