//! What C gets is what Rust gets: each pair's function against a `Stream` of the same element and target.

use soft_dice::{
    All, Bits, F32, I8, Interleaved, Label, Linear, LsbFirst, Measured, MsbFirst, Multiclass, NonZero, Own, Q15, Range,
    Record, Rows, Soft, Stream, U8, U8Affine, U16, ZeroFull, ZeroOne,
};
use soft_dice_capi::*;
use std::ptr;

/// Pixels: a tail behind every vector, and three rows of 61.
const N: usize = 61 * 3;

/// Numbers from a seed.
struct Random(u32);

impl Random {
    fn word(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    fn of<R>(&mut self, make: impl Fn(u32) -> R) -> Vec<R> {
        (0..N).map(|_| make(self.word())).collect()
    }
}

fn same(what: &str, sums: &soft_dice_sums, record: &Record) {
    assert_eq!(&sums.record(), record, "{what}");
    assert!(record.count > 0, "{what}");
}

/// A call of a pair's two functions, whole and by rows, and the streams they stand for.
macro_rules! pair {
    ($linear:ident, $all:ident, $p:expr, $t:expr, $element:expr, $target:expr, $pixels:expr, $buffer:expr) => {{
        let (p, t) = (&$p, &$t);
        // A window of 20 columns; the first row's stride is that of the buffer.
        let rows = soft_dice_rows {
            width: 20,
            height: 3,
            stride: 61,
            target_stride: 61,
            region_stride: 0,
            region: ptr::null(),
        };
        let window = Rows::new(20, 3).stride(61).target_stride(61);
        for (function, all) in [($linear as unsafe extern "C" fn(_, _, _, _) -> _, false), ($all, true)] {
            let (mut whole, mut part) = (soft_dice_sums::default(), soft_dice_sums::default());
            // SAFETY: pointers to values of this function, with their lengths.
            let done = unsafe { [function(&mut whole, p, t, ptr::null()), function(&mut part, p, t, &rows)] };
            assert_eq!(done, [soft_dice_status::SOFT_DICE_OK; 2], stringify!($linear));
            macro_rules! stream {
                ($moments:expr) => {{
                    let mut stream = Stream::summing($element, $target, $moments);
                    stream.update($pixels, $buffer).unwrap();
                    same(stringify!($linear), &whole, &stream.sums().record());
                    stream.reset();
                    stream.update_rows($pixels, $buffer, window).unwrap();
                    same(stringify!($linear), &part, &stream.sums().record());
                }};
            }
            if all { stream!(All) } else { stream!(Linear) }
        }
    }};
}

/// All targets of one element.
macro_rules! element {
    ($p:expr, $element:expr, $pixels:expr, $soft:expr, $other:expr, $random:expr;
     $mask:ident $mask_all:ident, $bits:ident $bits_all:ident, $label:ident $label_all:ident, $own:ident $own_all:ident,
     $pair:ident $pair_all:ident) => {{
        let element = $element;
        for (kind, values) in
            [(SOFT_DICE_NON_ZERO, [0, 7]), (SOFT_DICE_ZERO_ONE, [0, 1]), (SOFT_DICE_ZERO_FULL, [0, 255])]
        {
            let bytes = $random.of(|word| values[(word >> 9) as usize & 1]);
            let t = soft_dice_mask { data: bytes.as_ptr(), pixels: N, kind };
            match kind {
                SOFT_DICE_NON_ZERO => pair!($mask, $mask_all, $p, t, element, NonZero, $pixels, &bytes),
                SOFT_DICE_ZERO_ONE => pair!($mask, $mask_all, $p, t, element, ZeroOne::new(), $pixels, &bytes),
                _ => pair!($mask, $mask_all, $p, t, element, ZeroFull::new(), $pixels, &bytes),
            }
        }
        let bytes: Vec<u8> = $random.of(|word| (word >> 7) as u8);
        for offset in [0, 3, 7] {
            let packed = &bytes[..(offset + N).div_ceil(8)];
            let at = Bits::at(packed, offset);
            let t = |order| soft_dice_bits { data: packed.as_ptr(), bytes: packed.len(), offset, order };
            pair!($bits, $bits_all, $p, t(SOFT_DICE_LSB_FIRST), element, LsbFirst, $pixels, at);
            pair!($bits, $bits_all, $p, t(SOFT_DICE_MSB_FIRST), element, MsbFirst, $pixels, at);
        }
        let labels = $random.of(|word| [0, 1, 2, 255][(word >> 11) as usize & 3]);
        let t = |ignoring| soft_dice_labels { data: labels.as_ptr(), pixels: N, label: 2, ignoring, ignore: 255 };
        pair!($label, $label_all, $p, t(0), element, Label::new(2), $pixels, &labels);
        pair!($label, $label_all, $p, t(1), element, Label::new(2).ignoring(255), $pixels, &labels);
        let own = |above| soft_dice_own { threshold: 0.5, above };
        pair!($own, $own_all, $p, own(0), element, Own::at_least(&element, 0.5), $pixels, ());
        pair!($own, $own_all, $p, own(1), element, Own::above(&element, 0.5), $pixels, ());
        pair!($pair, $pair_all, $p, $other, element, Soft(element), $pixels, $soft);
    }};
}

#[test]
fn bytes() {
    let mut random = Random(7);
    let (p, q) = (random.of(|word| (word >> 8) as u8), random.of(|word| (word >> 8) as u8));
    let map = |data: &Vec<u8>| soft_dice_u8 { data: data.as_ptr(), pixels: N };
    element!(map(&p), U8, &p, &q, map(&q), random;
        soft_dice_update_u8_mask soft_dice_update_u8_mask_all, soft_dice_update_u8_bits soft_dice_update_u8_bits_all,
        soft_dice_update_u8_label soft_dice_update_u8_label_all, soft_dice_update_u8_own soft_dice_update_u8_own_all,
        soft_dice_update_u8_u8 soft_dice_update_u8_u8_all);

    let codes = soft_dice_affine { scale: 0.005, zero_point: 17, dead_zone: 2, full_scale: 1 };
    let map = |data: &Vec<u8>| soft_dice_affine_u8 { data: data.as_ptr(), pixels: N, codes };
    element!(map(&p), U8Affine::new(0.005, 17).unwrap().dead_zone(2).full_scale(), &p, &q, map(&q), random;
        soft_dice_update_affine_u8_mask soft_dice_update_affine_u8_mask_all,
        soft_dice_update_affine_u8_bits soft_dice_update_affine_u8_bits_all,
        soft_dice_update_affine_u8_label soft_dice_update_affine_u8_label_all,
        soft_dice_update_affine_u8_own soft_dice_update_affine_u8_own_all,
        soft_dice_update_affine_u8_affine_u8 soft_dice_update_affine_u8_affine_u8_all);
}

#[test]
fn wide_words() {
    let mut random = Random(11);
    let (p, q) = (random.of(|word| (word >> 8) as u16), random.of(|word| (word >> 8) as u16));
    let map = |data: &Vec<u16>| soft_dice_u16 { data: data.as_ptr(), pixels: N, dead_zone: 9 };
    element!(map(&p), U16::new().dead_zone(9), &p, &q, map(&q), random;
        soft_dice_update_u16_mask soft_dice_update_u16_mask_all, soft_dice_update_u16_bits soft_dice_update_u16_bits_all,
        soft_dice_update_u16_label soft_dice_update_u16_label_all, soft_dice_update_u16_own soft_dice_update_u16_own_all,
        soft_dice_update_u16_u16 soft_dice_update_u16_u16_all);
}

#[test]
fn signed_bytes() {
    let mut random = Random(8);
    let (p, q) = (random.of(|word| (word >> 8) as i8), random.of(|word| (word >> 8) as i8));
    let codes = soft_dice_affine { scale: 1.0 / 256.0, zero_point: -128, dead_zone: 0, full_scale: 0 };
    let map = |data: &Vec<i8>| soft_dice_i8 { data: data.as_ptr(), pixels: N, codes };
    element!(map(&p), I8::TFLITE, &p, &q, map(&q), random;
        soft_dice_update_i8_mask soft_dice_update_i8_mask_all, soft_dice_update_i8_bits soft_dice_update_i8_bits_all,
        soft_dice_update_i8_label soft_dice_update_i8_label_all, soft_dice_update_i8_own soft_dice_update_i8_own_all,
        soft_dice_update_i8_i8 soft_dice_update_i8_i8_all);

    let f: Vec<f32> = random.of(|word| (word >> 8) as f32 / 16_777_216.0);
    let floats = soft_dice_f32 { data: f.as_ptr(), pixels: N, range: SOFT_DICE_EXCLUDE };
    pair!(soft_dice_update_i8_f32, soft_dice_update_i8_f32_all, map(&p), floats, I8::TFLITE, Soft(F32::new()), &p, &f);
}

#[test]
fn words_and_floats() {
    let mut random = Random(9);
    let (p, q) = (random.of(|word| (word >> 8) as i16), random.of(|word| (word >> 8) as i16));
    let map = |data: &Vec<i16>| soft_dice_q15 {
        data: data.as_ptr(),
        pixels: N,
        dead_zone: 9,
        range: SOFT_DICE_CLAMP,
        full_scale: 1,
    };
    let element = Q15::new().range(Range::Clamp).dead_zone(9).unwrap().full_scale();
    element!(map(&p), element, &p, &q, map(&q), random;
        soft_dice_update_q15_mask soft_dice_update_q15_mask_all, soft_dice_update_q15_bits soft_dice_update_q15_bits_all,
        soft_dice_update_q15_label soft_dice_update_q15_label_all, soft_dice_update_q15_own soft_dice_update_q15_own_all,
        soft_dice_update_q15_q15 soft_dice_update_q15_q15_all);

    let make = |word: u32| if word >> 28 == 0 { f32::NAN } else { (word >> 8) as f32 / 16_777_216.0 };
    let (p, q) = (random.of(make), random.of(make));
    let map = |data: &Vec<f32>| soft_dice_f32 { data: data.as_ptr(), pixels: N, range: SOFT_DICE_EXCLUDE };
    element!(map(&p), F32::new(), &p, &q, map(&q), random;
        soft_dice_update_f32_mask soft_dice_update_f32_mask_all, soft_dice_update_f32_bits soft_dice_update_f32_bits_all,
        soft_dice_update_f32_label soft_dice_update_f32_label_all, soft_dice_update_f32_own soft_dice_update_f32_own_all,
        soft_dice_update_f32_f32 soft_dice_update_f32_f32_all);
}

/// Seven classes, so that the groups of the sweep and their rest are both met; two chunks.
#[test]
fn classes() {
    const C: usize = 7;
    let mut random = Random(10);
    let pixels = N / C;
    let p: Vec<i8> = random.of(|word| (word >> 8) as i8)[..pixels * C].to_vec();
    let labels: Vec<u8> = random.of(|word| [0, 1, 2, 3, 4, 5, 6, 255][(word >> 9) as usize & 7])[..pixels].to_vec();
    let codes = soft_dice_affine { scale: 1.0 / 256.0, zero_point: -128, dead_zone: 0, full_scale: 0 };

    let mut state = [soft_dice_sums::default(); C];
    let mut frame = Multiclass::<[_; C]>::new(I8::TFLITE, Linear).ignoring(255);
    for part in [0..11, 11..pixels] {
        let (p, labels) = (&p[part.start * C..part.end * C], &labels[part]);
        let map = soft_dice_i8 { data: p.as_ptr(), pixels: p.len(), codes };
        let t = soft_dice_labels { data: labels.as_ptr(), pixels: labels.len(), label: 0, ignoring: 1, ignore: 255 };
        // SAFETY: pointers to values of this function, with their lengths.
        let channels = soft_dice_channels { channels: C, chosen: ptr::null(), count: 0, layout: SOFT_DICE_INTERLEAVED };
        // SAFETY: as above.
        let done = unsafe { soft_dice_update_classes_i8(state.as_mut_ptr(), &channels, &map, &t, ptr::null()) };
        assert_eq!(done, soft_dice_status::SOFT_DICE_OK);
        frame.update(Interleaved(p), labels).unwrap();
    }
    for (class, sums) in state.iter().zip(frame.sums()) {
        same("classes", class, &sums.record());
    }
}
