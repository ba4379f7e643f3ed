//! Random pixels: the same for every test.

#![allow(dead_code, reason = "each test uses some")]

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// In [0, 1], often at or near an end, sometimes tiny.
    pub fn probability(&mut self) -> f32 {
        match self.below(12) {
            0 => 0.0,
            1 => 1.0,
            2 => f32::from_bits(self.below(0x3F80_0001) as u32),
            3 => 1.0 - f32::EPSILON / 2.0 * self.below(9) as f32,
            _ => (self.next() >> 40) as f32 / (1 << 24) as f32,
        }
    }

    /// A probability, or now and then what no probability is.
    pub fn wild(&mut self) -> f32 {
        match self.below(40) {
            0 => f32::NAN,
            1 => f32::INFINITY,
            2 => f32::NEG_INFINITY,
            3 => -1.0e-3,
            4 => 1.5,
            5 => -0.0,
            6 => 1.0 + 1.0e-7,
            7 => -1.0e-6,
            8 => f32::from_bits(1),
            9 => f32::from_bits(self.next() as u32),
            _ => self.probability(),
        }
    }
}
