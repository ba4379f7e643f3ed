//! A table that can be sorted: a bar beside each name, and figures.

use maud::{Markup, html};

/// A column: what it is called, and whether its cells are numbers.
pub struct Head {
    /// What it is called.
    pub name: &'static str,
    /// Whether it is sorted as numbers.
    pub number: bool,
}

/// A row: a name, a bar from 0 to 1 if it has a score, what a reader who points at it is told, and its cells.
pub struct Row {
    /// In the first column.
    pub name: String,
    /// As a bar.
    pub value: Option<f64>,
    /// What a reader who points at it is told.
    pub title: String,
    /// One for each further column.
    pub cells: Vec<Markup>,
}

/// The table. Its second column is the bar.
pub fn table(first: &str, heads: &[Head], rows: &[Row]) -> Markup {
    html! {
        div.wide {
            table.sortable {
                thead {
                    tr {
                        th { button type="button" { (first) } }
                        th.share {}
                        @for head in heads {
                            th class=[head.number.then_some("number")] { button type="button" { (head.name) } }
                        }
                    }
                }
                tbody {
                    @for Row { name, value, title, cells } in rows {
                        tr title=(title) {
                            td.name { (name) }
                            td.share {
                                @if let Some(value) = value {
                                    span.track { span.fill style={ "width:" (format!("{:.2}", 100.0 * value.clamp(0.0, 1.0))) "%" } {} }
                                }
                            }
                            @for (cell, head) in cells.iter().zip(heads) { td class=[head.number.then_some("number")] { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

/// Columns of numbers.
pub fn numbers<const N: usize>(names: [&'static str; N]) -> Vec<Head> {
    names.map(|name| Head { name, number: true }).into()
}
