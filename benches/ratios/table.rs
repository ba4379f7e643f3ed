//! The tables of `docs/speed.md`: for each level one of the peers and one of our own kernels beside each other. A cell is
//! the ratio and, in parentheses, the largest relative error of the sums of the one that the column names.
use crate::machine::Level;
use crate::{BACKENDS, WRONG};
use std::fmt::Write;

/// The columns of the first table. Under `roof` stands the error of our own sums.
const PEERS: [&str; 8] =
    ["roof", "simsimd_dot", "numkong_dot", "numkong_three", "fearless_simd", "wide", "ndarray", "naive"];

struct Cell {
    level: &'static str,
    kernel: &'static str,
    column: &'static str,
    ratio: f64,
    error: f64,
}

/// Ours on another backend over ours on the one that is chosen, at the level where they were measured.
struct OnBackend {
    kernel: &'static str,
    name: &'static str,
    fraction: f64,
    error: f64,
}

/// Every ratio that was measured, in that order.
#[derive(Default)]
pub struct Table {
    cells: Vec<Cell>,
    backends: Vec<OnBackend>,
}

impl Table {
    /// One more ratio; for the roof, the error is ours.
    pub fn ratio(&mut self, level: &'static str, kernel: &'static str, column: &'static str, ratio: f64, error: f64) {
        self.cells.push(Cell { level, kernel, column, ratio, error });
    }

    /// One more backend, with the error of its sums.
    pub fn backend(&mut self, kernel: &'static str, name: &'static str, fraction: f64, error: f64) {
        self.backends.push(OnBackend { kernel, name, fraction, error });
    }

    /// Markdown: a heading and two tables for each level.
    pub fn text(&self, levels: &[Level]) -> String {
        let mut text = String::new();
        for level in levels {
            let cells: Vec<&Cell> = self.cells.iter().filter(|cell| cell.level == level.name).collect();
            if cells.is_empty() {
                continue;
            }
            let size = if level.bytes == 0 {
                "512 pixels".to_string()
            } else {
                format!("{} KiB of operands", level.bytes >> 10)
            };
            let _ = write!(text, "### {}: {size}\n\n", level.name);
            peers(&mut text, &cells);
            own(&mut text, &cells);
            if level.name == BACKENDS {
                backends(&mut text, &self.backends);
            }
        }
        text
    }
}

/// Kernels by backends, the fastest backend first.
fn backends(text: &mut String, all: &[OnBackend]) {
    let mut names: Vec<&str> = Vec::new();
    let mut kernels: Vec<&str> = Vec::new();
    for cell in all {
        names.extend((!names.contains(&cell.name)).then_some(cell.name));
        kernels.extend((!kernels.contains(&cell.kernel)).then_some(cell.kernel));
    }
    if names.is_empty() {
        return;
    }
    let heads: Vec<String> = names.iter().map(|name| format!("backend `{name}`")).collect();
    let _ = writeln!(text, "| kernel | {} |\n|---{}|", heads.join(" | "), "|---".repeat(names.len()));
    for kernel in kernels {
        let found = |name: &&str| {
            let cell = all.iter().find(|cell| cell.kernel == kernel && cell.name == *name);
            cell.map_or(String::new(), |cell| format!("{:.2} ({})", cell.fraction, error(cell.error)))
        };
        let row: Vec<String> = names.iter().map(found).collect();
        let _ = writeln!(text, "| `{kernel}` | {} |", row.join(" | "));
    }
    text.push('\n');
}

fn peers(text: &mut String, cells: &[&Cell]) {
    let _ = writeln!(text, "| kernel | {} |\n|---{}|", PEERS.join(" | "), "|---".repeat(PEERS.len()));
    for roof in cells.iter().filter(|cell| cell.column == "roof") {
        let row = PEERS.map(|column| {
            let found = cells.iter().find(|cell| cell.kernel == roof.kernel && cell.column == column);
            found.map_or(String::new(), |cell| format!("{:.2} ({})", cell.ratio, error(cell.error)))
        });
        let _ = writeln!(text, "| `{}` | {} |", roof.kernel, row.join(" | "));
    }
    text.push('\n');
}

/// Our kernels over other calls of ours: clean values, a byte mask, the soft sums alone.
fn own(text: &mut String, cells: &[&Cell]) {
    let rows: Vec<_> = cells.iter().filter(|cell| !PEERS.contains(&cell.column)).collect();
    if rows.is_empty() {
        return;
    }
    text.push_str("| kernel | over our own | ratio |\n|---|---|---|\n");
    for cell in rows {
        let _ = writeln!(text, "| `{}` | `{}` | {:.2} |", cell.kernel, cell.column, cell.ratio);
    }
    text.push('\n');
}

fn error(error: f64) -> String {
    match error {
        0.0 => "exact".into(),
        error if error > WRONG => "wrong".into(),
        error => format!("{error:.0e}"),
    }
}
