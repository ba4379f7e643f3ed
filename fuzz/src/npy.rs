//! `.npy`: any type, read or not, in a header as numpy writes it.

use crate::Rare;
use arbitrary::Arbitrary;

/// Letter and size, after the byte order.
const TYPES: [(&str, usize); 13] = [
    ("f8", 8),
    ("f4", 4),
    ("f2", 2),
    ("u1", 1),
    ("i1", 1),
    ("i2", 2),
    ("u2", 2),
    ("b1", 1),
    ("i4", 4),
    ("i8", 8),
    ("c8", 8),
    ("S3", 3),
    ("u8", 8),
];

#[derive(Clone, Copy, Debug, Arbitrary)]
pub struct Head {
    kind: u8,
    big_endian: bool,
    fortran: bool,
    long: bool,
    /// Floats as they come, not as probabilities.
    wild: Rare<()>,
}

impl Head {
    /// Header and numbers: `numbers` makes them for a size in bytes of each.
    pub fn file(self, shape: &[u32], numbers: impl FnOnce(usize) -> Vec<u8>) -> Vec<u8> {
        let (name, size) = TYPES[usize::from(self.kind) % TYPES.len()];
        let order = match (size, self.big_endian) {
            (1, _) => '|',
            (_, true) => '>',
            (_, false) => '<',
        };
        let sides: String = shape.iter().map(|side| format!("{side}, ")).collect();
        let fortran = if self.fortran { "True" } else { "False" };
        let text = format!("{{'descr': '{order}{name}', 'fortran_order': {fortran}, 'shape': ({sides}), }}\n");
        let numbers = match (name, self.wild.0) {
            ("f4", None) => {
                let bytes = |byte| if self.big_endian { value(byte).to_be_bytes() } else { value(byte).to_le_bytes() };
                numbers(1).into_iter().flat_map(bytes).collect()
            }
            _ => numbers(size),
        };
        [head(if self.long { 2 } else { 1 }, &text), numbers].concat()
    }
}

fn value(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

/// All before the numbers. From version 2 on the length has four bytes.
pub fn head(version: u8, text: &str) -> Vec<u8> {
    let length = (text.len() as u32).to_le_bytes();
    let length = if version > 1 { &length[..] } else { &length[..2] };
    [b"\x93NUMPY", &[version, 0][..], length, text.as_bytes()].concat()
}
