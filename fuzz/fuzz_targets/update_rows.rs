//! Any rows: what fits is what a loop over rows gives, and the rest is refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    bytes: &'a [u8],
    mask: &'a [u8],
    region: &'a [u8],
    width: usize,
    height: usize,
    strides: (usize, usize, usize),
    small: bool,
}

fuzz_target!(|input: Input| {
    let Input { bytes, mask, region, width, height, strides, small } = input;
    let cut = |n: usize| if small { n % 70 } else { n };
    let (width, height) = (cut(width), cut(height));
    let [a, b, c] = [strides.0, strides.1, strides.2].map(cut);
    // Rows of nothing are as many as one likes: they are not walked.
    let rows = Rows::new(width, height).stride(a).target_stride(b).region_stride(c);
    let mut stream = Stream::new(U8, NonZero);
    let outcome = stream.update_rows(bytes, mask, rows);
    if outcome.is_ok() {
        let mut by_row = Stream::new(U8, NonZero);
        if width > 0 {
            for row in 0..height {
                let (p, t) = (&bytes[row * a..row * a + width], &mask[row * b..row * b + width]);
                by_row.update(p, t).expect("inside");
            }
        }
        assert_eq!(stream, by_row);
    } else {
        assert_eq!(stream, Stream::new(U8, NonZero));
    }
    let mut bits = Stream::new(U8, LsbFirst);
    let _ = bits.update_rows(bytes, Bits::new(mask), rows);
    let before = bits;
    if bits.update_rows_within(bytes, Bits::new(mask), rows, Region::Bytes(region)).is_err() {
        assert_eq!(bits, before);
    }
});
