use crate::output::table::number;
use maud::{Markup, html};

/// A figure, four places, with the place in the JSON that it is of.
pub fn figure(pointer: &str, value: Option<f64>) -> Markup {
    html! { span.figure data-json=(pointer) { (number(value)) } }
}

/// A headline: a figure, what it is, and a word on it.
pub fn card(name: &str, pointer: &str, value: Option<f64>, note: &str) -> Markup {
    html! {
        div.card {
            div.name { (name) }
            div.value { (figure(pointer, value)) }
            div.note { (note) }
        }
    }
}

/// The same with words in place of a figure.
pub fn said(name: &str, value: &str, note: &str) -> Markup {
    html! {
        div.card {
            div.name { (name) }
            div.value { (value) }
            div.note { (note) }
        }
    }
}
