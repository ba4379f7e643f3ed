//! `.png`: any colour and depth, by hand (an encoder would write no wrong one), its pixels stored without compression.
//! Its sums are 0: built for fuzzing, the decoder does not look at them.

use crate::Rare;
use arbitrary::Arbitrary;

#[derive(Clone, Copy, Debug, Arbitrary)]
pub struct Head {
    depth: u8,
    /// Grey, indexed; any other in one of four.
    color: u8,
    interlaced: Rare<()>,
    /// Of every row.
    filter: u8,
    animated: Rare<(u8, u8)>,
    /// Where the pixels are parted into two chunks.
    part: Rare<u8>,
}

impl Head {
    /// A picture of the last two sides; `numbers` makes bytes, the first of each row its filter.
    pub fn file(self, shape: &[u32], numbers: impl FnOnce(usize) -> Vec<u8>) -> Vec<u8> {
        let [.., height, width] = shape else { return Vec::new() };
        let (height, width) = (*height, *width);
        let color = match self.color {
            0..=119 => 0,
            120..=239 => 3,
            other => other % 8,
        };
        // Indices have no 16 bits.
        let depths = if color == 0 { &[8, 1, 2, 4, 16][..] } else { &[8, 1, 2, 4] };
        let depth = depths[usize::from(self.depth) % depths.len()];
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let interlaced = u8::from(self.interlaced.0.is_some());
        chunk(&mut file, b"IHDR", &[&size(width, height)[..], &[depth, color, 0, 0, interlaced]].concat());
        if let Some((narrow, low)) = self.animated.0 {
            chunk(&mut file, b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
            let part = size(width.saturating_sub(narrow.into()), height.saturating_sub(low.into()));
            chunk(&mut file, b"fcTL", &[&[0; 4], &part[..], &[0; 8], &[0, 1, 0, 1, 0, 0]].concat());
        }
        if color == 3 {
            chunk(&mut file, b"PLTE", &[7; 12]);
        }
        let row = 1 + (width as usize * usize::from(depth)).div_ceil(8);
        let mut pixels = numbers(row.saturating_mul(height as usize));
        pixels.iter_mut().step_by(row).for_each(|filter| *filter = self.filter % 5);
        let pixels = stored(&pixels);
        let (first, second) = pixels.split_at(pixels.len().min(self.part.0.map_or(usize::MAX, usize::from)));
        chunk(&mut file, b"IDAT", first);
        chunk(&mut file, b"IDAT", second);
        chunk(&mut file, b"IEND", &[]);
        file
    }
}

fn size(width: u32, height: u32) -> [u8; 8] {
    (u64::from(width) << 32 | u64::from(height)).to_be_bytes()
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    file.extend(name);
    file.extend(data);
    file.extend([0; 4]);
}

/// As one zlib stream of one stored block, of 65 535 bytes at most.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len().min(u16::MAX.into());
    let count = length as u16;
    [&[0x78, 1, 1], &count.to_le_bytes()[..], &(!count).to_le_bytes(), &bytes[..length], &[0; 4]].concat()
}
