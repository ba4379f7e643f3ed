use super::figure::figure;
use maud::{Markup, html};

/// A bar from 0 to 1.
pub struct Bar {
    pub name: String,
    /// Its place in the JSON.
    pub pointer: String,
    pub value: Option<f64>,
    /// What a reader who points at it is told.
    pub title: String,
}

/// Bars under each other, names to the left and figures to the right. An undefined one has no bar.
pub fn bars(bars: &[Bar]) -> Markup {
    html! {
        div.bars {
            @for Bar { name, pointer, value, title } in bars {
                div.bar title=(title) {
                    span.label { (name) }
                    span.track {
                        @if let Some(value) = value {
                            span.fill style={ "width:" (format!("{:.2}", 100.0 * value.clamp(0.0, 1.0))) "%" } {}
                        }
                    }
                    (figure(pointer, *value))
                }
            }
        }
    }
}
