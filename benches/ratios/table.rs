//! The README's table: a row for each kernel, and in each cell the ratios level by level, then the largest relative error.
use std::collections::BTreeMap;

const COLUMNS: [&str; 8] =
    ["roof", "simsimd_dot", "numkong_dot", "numkong_three", "fearless_simd", "wide", "ndarray", "naive"];

#[derive(Default)]
pub struct Table {
    /// In the order in which they were measured.
    kernels: Vec<&'static str>,
    cells: BTreeMap<(&'static str, &'static str), (Vec<f64>, f64)>,
}

impl Table {
    /// One more level; for the roof, the error is ours.
    pub fn ratio(&mut self, kernel: &'static str, column: &'static str, ratio: f64, error: f64) {
        if !self.kernels.contains(&kernel) {
            self.kernels.push(kernel);
        }
        let (ratios, worst) = self.cells.entry((kernel, column)).or_default();
        ratios.push(ratio);
        *worst = worst.max(error);
    }

    pub fn print(&self) {
        println!("\n| kernel | {} |\n|---{}|", COLUMNS.join(" | "), "|---".repeat(COLUMNS.len()));
        for kernel in &self.kernels {
            let cell = |column| {
                self.cells.get(&(kernel, column)).map_or(String::new(), |(ratios, error)| {
                    let ratios: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
                    format!(
                        "{} ({})",
                        ratios.join(", "),
                        if *error == 0.0 { "exact".into() } else { format!("{error:.0e}") }
                    )
                })
            };
            println!("| `{kernel}` | {} |", COLUMNS.map(cell).join(" | "));
        }
    }
}
