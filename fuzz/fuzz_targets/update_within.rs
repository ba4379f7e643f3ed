//! Any region, as bytes and as bits: the same sums, none outside.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    region: &'a [u8],
    pixels: u16,
    offset: u8,
    floats: Vec<f32>,
}

fn check<P: Element, T: Target<P>>(e: P, target: T, p: &[P::Raw], t: T::Buffer<'_>, region: &[u8], offset: usize) {
    let unpacked: Vec<u8> = (0..p.len())
        .map(|at| region.get((offset + at) / 8).map_or(0, |byte| byte >> ((offset + at) % 8) & 1))
        .collect();
    let (mut bits, mut bytes) = (Stream::new(e, target), Stream::new(e, target));
    let by_bits = bits.update_within(p, t, Region::Bits(Bits::at(region, offset)));
    let by_bytes = bytes.update_within(p, t, Region::Bytes(&unpacked));
    if by_bits.is_ok() {
        assert_eq!((by_bits, bits), (by_bytes, bytes));
        assert!(bits.sums().count() <= unpacked.iter().map(|&byte| u64::from(byte)).sum());
    } else {
        assert_eq!(bits, Stream::new(e, target));
    }
}

fuzz_target!(|input: Input| {
    let Input { region, pixels, offset, floats } = input;
    let pixels = usize::from(pixels);
    let offset = usize::from(offset);
    let bytes: Vec<u8> = (0..pixels).map(|i| (i * 37) as u8).collect();
    check(U8, NonZero, &bytes, &bytes, region, offset);
    check(F32::new(), NonZero, &floats, bytes.get(..floats.len()).unwrap_or(&[]), region, offset);
    check(F32::new(), Soft(F32::new()), &floats, &floats, region, offset);
});
