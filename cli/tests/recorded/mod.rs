//! Files as a device leaves them: small scenes as .npy, and the command on them.

#![allow(dead_code, reason = "each test binary uses some")]

use std::path::Path;
use std::process::{Command, Output};

/// A `.npy` file of version 1: `dtype` as numpy writes it (`|u1`, `<f4`).
pub fn npy(path: &Path, dtype: &str, shape: &[usize], bytes: &[u8]) {
    let shape: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let mut header = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({shape}), }}");
    header += &" ".repeat(64 - (header.len() + 11) % 64);
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(bytes);
    std::fs::write(path, file).expect("a file");
}

pub fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_soft-dice")).args(arguments).output().expect("the command")
}

/// It ends with 0, and this is what it printed.
pub fn done(arguments: &[&str]) -> String {
    let output = run(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).expect("text")
}

pub const SIDE: usize = 96;

/// A disc of radius 28 at this place, seen by a network that is off by `shift` pixels, with a soft edge; and the disc.
pub fn disc(x: f64, y: f64, shift: f64) -> (Vec<u8>, Vec<u8>) {
    let at = |x: f64, y: f64, at: usize| {
        let (dx, dy) = ((at % SIDE) as f64 - x, (at / SIDE) as f64 - y);
        28.0 - dx.hypot(dy)
    };
    let soft = |inside: f64| (255.0 / (1.0 + (-1.5 * inside).exp())).round() as u8;
    let pixels = 0..SIDE * SIDE;
    (
        pixels.clone().map(|pixel| soft(at(x + shift, y, pixel))).collect(),
        pixels.map(|pixel| u8::from(at(x, y, pixel) >= 0.0)).collect(),
    )
}
