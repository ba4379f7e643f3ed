//! Operands: random codes in buffers that begin at a cache line, for us and the peers alike.

use soft_dice::F16Bits;

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line {
    _bytes: [u8; 64],
}

/// A byte buffer aligned to a cache line, read as any plain number.
pub struct Buffer {
    lines: Vec<Line>,
    bytes: usize,
}

pub trait Number: Copy + 'static {}
impl Number for u8 {}
impl Number for i8 {}
impl Number for i16 {}
impl Number for u16 {}
impl Number for F16Bits {}
impl Number for f32 {}

impl Buffer {
    pub fn filled<T: Number>(n: usize, mut value: impl FnMut() -> T) -> Self {
        let bytes = n * size_of::<T>();
        let mut buffer = Buffer { lines: vec![Line { _bytes: [0; 64] }; bytes.div_ceil(64)], bytes };
        // SAFETY: the lines hold at least `n` numbers, aligned to 64 bytes, and any bits are a valid number.
        let all = unsafe { std::slice::from_raw_parts_mut(buffer.lines.as_mut_ptr().cast::<T>(), n) };
        all.iter_mut().for_each(|slot| *slot = value());
        buffer
    }

    pub fn as_slice<T: Number>(&self) -> &[T] {
        // SAFETY: as above; `bytes` were written.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast::<T>(), self.bytes / size_of::<T>()) }
    }
}

/// xorshift64*: the operands need no better.
pub struct Random(pub u64);

impl Random {
    pub fn word(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32
    }
    pub fn byte(&mut self) -> u8 {
        self.word() as u8
    }
    /// A mask byte, 0 or 1.
    pub fn bit(&mut self) -> u8 {
        (self.word() >> 7) as u8 & 1
    }
    /// In [0, 1).
    pub fn unit(&mut self) -> f32 {
        (self.word() >> 8) as f32 / 16_777_216.0
    }
}
