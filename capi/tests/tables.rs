//! Tiles, histograms, and logits by a table, a function or a softmax are those of Rust, to the bit.

use soft_dice::activation::{QuantizedSoftmax, Sigmoid, SigmoidTable, Softmax, SoftmaxTable, Tabled};
use soft_dice::histogram::{Clamp, Histogram};
use soft_dice::{
    All, Element, F32, HardTarget, I8, Interleaved, Label, Linear, Measured, Multiclass, NonZero, Own, Planar, Range,
    Record, Region, Rows, Score, Stream, Sums, Target, Tiles, U8, U8Affine, U16,
};
use soft_dice_capi::soft_dice_status::{SOFT_DICE_OK, SOFT_DICE_RANGE};
use soft_dice_capi::*;
use std::ptr;

/// A frame whose sides no number of tiles divides.
const WIDTH: usize = 29;
const HEIGHT: usize = 23;
const N: usize = WIDTH * HEIGHT;
const COLUMNS: usize = 4;
const ROWS: usize = 3;
const TILES: usize = COLUMNS * ROWS;

/// Numbers from a seed.
fn words(seed: u32) -> Vec<u32> {
    let mut state = seed;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state >> 5
    };
    (0..N).map(|_| next()).collect()
}

fn bytes(seed: u32) -> Vec<u8> {
    words(seed).into_iter().map(|word| word as u8).collect()
}

fn labels() -> Vec<u8> {
    bytes(5).into_iter().map(|byte| if byte % 9 == 8 { 255 } else { byte % 3 }).collect()
}

/// Chunks that end within rows.
fn chunks() -> impl Iterator<Item = std::ops::Range<usize>> {
    [0, 3, 90, 91, 400, N].windows(2).map(|ends| ends[0]..ends[1]).collect::<Vec<_>>().into_iter()
}

/// All tiles of the frame, over sums that outlive it.
fn grid_of(sums: &mut [soft_dice_sums; TILES]) -> soft_dice_tiles {
    soft_dice_tiles {
        sums: sums.as_mut_ptr(),
        count: TILES,
        width: WIDTH,
        height: HEIGHT,
        columns: COLUMNS,
        rows: ROWS,
        at: 0,
        version: SOFT_DICE_TILES_VERSION,
    }
}

/// The same chunks into tiles of C and of Rust.
fn tiles<P: Element, T: Target<P>>(
    element: P,
    target: T,
    mut c: impl FnMut(&mut soft_dice_tiles, std::ops::Range<usize>) -> soft_dice_status,
    mut rust: impl FnMut(&mut Tiles<[Sums<P, T, Linear>; TILES]>, std::ops::Range<usize>),
) {
    let mut sums = [soft_dice_sums::default(); TILES];
    let mut grid = grid_of(&mut sums);
    let mut tiles = Tiles::<[_; TILES]>::new(element, target).grid(WIDTH, HEIGHT, COLUMNS, ROWS).unwrap();
    for _ in 0..2 {
        for chunk in chunks() {
            assert_eq!(c(&mut grid, chunk.clone()), SOFT_DICE_OK);
            rust(&mut tiles, chunk);
        }
        // SAFETY: a pointer to a value of this function.
        assert_eq!(unsafe { soft_dice_tiles_next_frame(&mut grid) }, SOFT_DICE_OK);
        tiles.next_frame();
    }
    let mut total = soft_dice_sums::default();
    // SAFETY: as above.
    assert_eq!(unsafe { soft_dice_tiles_total(&grid, &mut total) }, SOFT_DICE_OK);
    assert_eq!(total.record(), tiles.total().unwrap().record());
    for (place, (sums, tile)) in sums.iter().zip(tiles.sums()).enumerate() {
        assert_eq!(sums.record(), tile.record(), "tile {place}");
        assert!(sums.count > 0, "tile {place}");
    }
}

#[test]
fn tiles_of_every_target() {
    let (p, labels) = (bytes(3), labels());
    let codes = soft_dice_affine { scale: 0.005, zero_point: 17, dead_zone: 2, full_scale: 0 };
    let element = U8Affine::new(0.005, 17).unwrap().dead_zone(2);
    let part = |chunk: &std::ops::Range<usize>| soft_dice_affine_u8 {
        data: p[chunk.clone()].as_ptr(),
        pixels: chunk.len(),
        codes,
    };
    // SAFETY: in all of these, pointers to values of this function, with their lengths.
    tiles(
        element,
        NonZero,
        |grid, chunk| unsafe {
            let t =
                soft_dice_mask { data: labels[chunk.clone()].as_ptr(), pixels: chunk.len(), kind: SOFT_DICE_NON_ZERO };
            soft_dice_tiles_affine_u8_mask(grid, &part(&chunk), &t)
        },
        |tiles, chunk| tiles.update(&p[chunk.clone()], &labels[chunk]).unwrap(),
    );
    // SAFETY: as above.
    tiles(
        element,
        Label::new(2).ignoring(255),
        |grid, chunk| unsafe {
            let data = labels[chunk.clone()].as_ptr();
            let t = soft_dice_labels { data, pixels: chunk.len(), label: 2, ignoring: 1, ignore: 255 };
            soft_dice_tiles_affine_u8_label(grid, &part(&chunk), &t)
        },
        |tiles, chunk| tiles.update(&p[chunk.clone()], &labels[chunk]).unwrap(),
    );
    // SAFETY: as above.
    tiles(
        element,
        Own::above(&element, 0.5),
        |grid, chunk| unsafe {
            soft_dice_tiles_affine_u8_own(grid, &part(&chunk), &soft_dice_own { threshold: 0.5, above: 1 })
        },
        |tiles, chunk| tiles.update(&p[chunk], ()).unwrap(),
    );
    let wide: Vec<u16> = words(9).into_iter().map(|word| word as u16).collect();
    // SAFETY: as above.
    tiles(
        U16::new(),
        NonZero,
        |grid, chunk| unsafe {
            let map = soft_dice_u16 { data: wide[chunk.clone()].as_ptr(), pixels: chunk.len(), dead_zone: 0 };
            let t =
                soft_dice_mask { data: labels[chunk.clone()].as_ptr(), pixels: chunk.len(), kind: SOFT_DICE_NON_ZERO };
            soft_dice_tiles_u16_mask(grid, &map, &t)
        },
        |tiles, chunk| tiles.update(&wide[chunk.clone()], &labels[chunk]).unwrap(),
    );
    let floats: Vec<f32> = p.iter().map(|&byte| if byte == 77 { f32::NAN } else { f32::from(byte) / 255.0 }).collect();
    // SAFETY: as above.
    tiles(
        F32::new().range(Range::Clamp),
        NonZero,
        |grid, chunk| unsafe {
            let map =
                soft_dice_f32 { data: floats[chunk.clone()].as_ptr(), pixels: chunk.len(), range: SOFT_DICE_CLAMP };
            let t =
                soft_dice_mask { data: labels[chunk.clone()].as_ptr(), pixels: chunk.len(), kind: SOFT_DICE_NON_ZERO };
            soft_dice_tiles_f32_mask(grid, &map, &t)
        },
        |tiles, chunk| tiles.update(&floats[chunk.clone()], &labels[chunk]).unwrap(),
    );
}

/// A pixel that is refused far behind in a chunk: no tile has any of it.
#[test]
fn a_refused_chunk_is_in_no_tile() {
    let (mut floats, labels) = (vec![0.25f32; N], labels());
    floats[N - 1] = f32::NAN;
    let mut sums = [soft_dice_sums::default(); TILES];
    let mut grid = grid_of(&mut sums);
    let map = soft_dice_f32 { data: floats.as_ptr(), pixels: N, range: SOFT_DICE_REFUSE };
    let t = soft_dice_mask { data: labels.as_ptr(), pixels: N, kind: SOFT_DICE_NON_ZERO };
    // SAFETY: pointers to values of this function, with their lengths.
    assert_eq!(unsafe { soft_dice_tiles_f32_mask(&mut grid, &map, &t) }, SOFT_DICE_RANGE);
    assert_eq!((grid.at, sums), (0, [soft_dice_sums::default(); TILES]));
}

/// A figure of C.
fn figure<R>(what: &str, nothing: R, call: impl FnOnce(*mut R) -> soft_dice_status) -> R {
    let mut result = nothing;
    assert_eq!(call(&mut result), SOFT_DICE_OK, "{what}");
    result
}

/// Every figure of a histogram of C, and of the Rust histogram of the same pixels.
fn figures<P: soft_dice::histogram::EightBit, T: HardTarget>(c: &soft_dice_histogram, rust: &Histogram<P, T>) {
    let none = soft_dice_sums::default();
    // SAFETY: in all of these, pointers to values of this function.
    unsafe {
        let sums = figure("sums", none, |to| soft_dice_histogram_sums(c, to));
        assert_eq!(sums.record(), rust.record());
        for (threshold, above) in [(0.0, 0), (0.25, 0), (0.5, 1), (0.996_093_75, 0), (1.0, 1), (2.0, 0)] {
            let own = soft_dice_own { threshold, above };
            let cut = figure("cut", none, |to| soft_dice_histogram_cut(c, &own, to));
            let codes = rust.codes();
            let (hard, soft) = match above {
                0 => (rust.at_least(threshold), codes.own_at_least(threshold)),
                _ => (rust.above(threshold), codes.own_above(threshold)),
            };
            assert_eq!(cut.record(), hard.record(), "{threshold}");
            let own = figure("own", none, |to| soft_dice_histogram_own(c, &own, to));
            assert_eq!(own.record(), soft, "{threshold}");
        }
        let best = soft_dice_best { threshold: 0.0, score: 0.0, p: 0, t: 0, pt: 0, code: 0, q15: 0 };
        let dice = soft_dice_score {
            form: SOFT_DICE_DICE,
            kind: SOFT_DICE_LINEAR,
            both_empty: SOFT_DICE_FORMULA,
            target_empty: SOFT_DICE_FORMULA,
            prediction_empty: SOFT_DICE_FORMULA,
            loss: 0,
            alpha: 0.0,
            beta: 0.0,
            smooth_numerator: 0.0,
            smooth_denominator: 0.0,
        };
        let best = figure("best", best, |to| soft_dice_histogram_best(c, &dice, to));
        let theirs = rust.best(&Score::dice()).unwrap();
        assert_eq!((best.threshold, best.code, best.score), (theirs.threshold, theirs.cut.code, theirs.ratio.f64()));
        assert_eq!([best.p, best.t, best.pt], [theirs.cut.sums.p, theirs.cut.sums.t, theirs.cut.sums.pt]);
        assert_eq!(best.q15, theirs.ratio.q15());
        assert_eq!(figure("brier", 0.0, |to| soft_dice_histogram_brier(c, to)), rust.brier().unwrap());
        let entropy = figure("entropy", 0.0, |to| soft_dice_histogram_cross_entropy(c, 1e-4, to));
        assert_eq!(entropy, rust.cross_entropy(Clamp::Within(1e-4)).unwrap());
        let area = figure("area", 0.0, |to| soft_dice_histogram_roc_area(c, to));
        assert_eq!(area, rust.roc_area().unwrap().f64());
        let precision = figure("precision", 0.0, |to| soft_dice_histogram_average_precision(c, to));
        assert_eq!(precision, rust.average_precision().unwrap());
    }
}

fn empty() -> soft_dice_histogram {
    soft_dice_histogram {
        counts: [0; 512],
        seen: 0,
        ignored: 0,
        scale: 0.0,
        zero_point: 0,
        version: 0,
        dead_zone: 0,
        full_scale: 0,
        signed_codes: 0,
        reserved: [0; 3],
    }
}

#[test]
fn histograms_of_every_element() {
    let (p, labels, inside) = (bytes(21), labels(), bytes(22));
    let inside: Vec<u8> = inside.into_iter().map(|byte| byte & 1).collect();
    let t = soft_dice_labels { data: labels.as_ptr(), pixels: N, label: 1, ignoring: 1, ignore: 255 };
    let region = soft_dice_region { data: inside.as_ptr(), bytes: N, offset: 0, kind: SOFT_DICE_REGION_BYTES };
    let window = soft_dice_rows {
        width: 20,
        height: HEIGHT,
        stride: WIDTH,
        target_stride: WIDTH,
        region_stride: WIDTH,
        region: &region,
    };
    let rows = Rows::new(20, HEIGHT).stride(WIDTH).target_stride(WIDTH).region_stride(WIDTH);
    let target = Label::new(1).ignoring(255);
    macro_rules! element {
        ($function:ident, $element:expr, $pixels:expr, $map:expr) => {{
            let (mut c, mut rust) = (empty(), Histogram::new($element, target));
            let map = $map;
            // SAFETY: pointers to values of this function, with their lengths.
            let done = unsafe { [$function(&mut c, &map, &t, ptr::null()), $function(&mut c, &map, &t, &window)] };
            assert_eq!(done, [SOFT_DICE_OK; 2]);
            rust.update($pixels, &labels).unwrap();
            rust.update_rows($pixels, &labels, rows, Some(Region::Bytes(&inside))).unwrap();
            assert_eq!((c.seen - c.ignored, c.ignored), (rust.count(), rust.ignored()));
            figures(&c, &rust);
        }};
    }
    element!(soft_dice_histogram_u8_label, U8, &p, soft_dice_u8 { data: p.as_ptr(), pixels: N });
    let codes: Vec<i8> = p.iter().map(|&byte| byte as i8).collect();
    let signed = |scale, zero_point, dead_zone, full_scale| soft_dice_i8 {
        data: codes.as_ptr(),
        pixels: N,
        codes: soft_dice_affine { scale, zero_point, dead_zone, full_scale },
    };
    element!(soft_dice_histogram_i8_label, I8::TFLITE, &codes, signed(1.0 / 256.0, -128, 0, 0));
    let odd = I8::new(0.006, -20).unwrap().dead_zone(3);
    element!(soft_dice_histogram_i8_label, odd, &codes, signed(0.006, -20, 3, 0));
    // A scale of 1, whose unit is that of a mask.
    element!(soft_dice_histogram_i8_label, I8::new(1.0, 4).unwrap(), &codes, signed(1.0, 4, 0, 0));
    let full = U8Affine::new(0.005, 17).unwrap().full_scale();
    element!(
        soft_dice_histogram_affine_u8_label,
        full,
        &p,
        soft_dice_affine_u8 {
            data: p.as_ptr(),
            pixels: N,
            codes: soft_dice_affine { scale: 0.005, zero_point: 17, dead_zone: 0, full_scale: 9 },
        }
    );
}

#[test]
fn logits_of_one_class() {
    let (p, mask) = (bytes(31), labels());
    let signs: Vec<i8> = p.iter().map(|&byte| byte as i8).collect();
    let floats: Vec<f32> =
        signs.iter().map(|&byte| if byte == 3 { f32::NAN } else { f32::from(byte) / 16.0 }).collect();
    let t = soft_dice_mask { data: mask.as_ptr(), pixels: N, kind: SOFT_DICE_NON_ZERO };
    let mut table = soft_dice_sigmoid { codes: [0; 256], kind: 0, check: 0 };
    let mut state = [soft_dice_sums::default(); 5];
    let theirs = Box::leak(Box::new(SigmoidTable::i8(0.0441, 8).unwrap()));
    // SAFETY: pointers to values of this function, with their lengths.
    unsafe {
        assert_eq!(soft_dice_sigmoid_init_i8(&mut table, 0.0441, 8), SOFT_DICE_OK);
        assert_eq!(&table.codes, theirs.codes());
        let map = soft_dice_logits_i8 { data: signs.as_ptr(), pixels: N, table: &table };
        let real = soft_dice_logits_f32 { data: floats.as_ptr(), pixels: N };
        let own = soft_dice_own { threshold: 0.7, above: 0 };
        let [a, b, c, d, e] = &mut state;
        let done = [
            soft_dice_update_logits_i8_mask(a, &map, &t, ptr::null()),
            soft_dice_update_logits_i8_mask_all(b, &map, &t, ptr::null()),
            soft_dice_update_logits_i8_own(c, &map, &own, ptr::null()),
            soft_dice_update_logits_f32_mask(d, &real, &t, ptr::null()),
            soft_dice_update_logits_f32_own_all(e, &real, &own, ptr::null()),
        ];
        assert_eq!(done, [SOFT_DICE_OK; 5]);
    }
    fn record<P: Element, T: Target<P>>(mut stream: Stream<P, T, All>, p: &[P::Raw], t: T::Buffer<'_>) -> Record {
        stream.update(p, t).unwrap();
        stream.sums().record()
    }
    let (tabled, real) = (Tabled::i8(theirs), Sigmoid(F32::new()));
    let linear = |record: Record, minima| Record { squares: None, minima, ..record };
    let by_table = record(Stream::summing(tabled, NonZero, All), &signs, &mask);
    let own = record(Stream::summing(tabled, Own::at_least(&tabled, 0.7), All), &signs, ());
    let by_function = record(Stream::summing(real, NonZero, All), &floats, &mask);
    let own_by_function = record(Stream::summing(real, Own::at_least(&real, 0.7), All), &floats, ());
    assert!(by_function.invalid > 0);
    let [a, b, c, d, e] = state.map(|sums| sums.record());
    assert_eq!((b, e), (by_table, own_by_function));
    assert_eq!((a, c), (linear(by_table, a.minima), linear(own, c.minima)));
    assert_eq!(d, linear(by_function, d.minima));
}

#[test]
fn logits_of_exclusive_classes() {
    const C: usize = 6;
    let pixels = N / C;
    let (p, labels) = (
        &bytes(41)[..pixels * C],
        labels()[..pixels].iter().map(|&label| if label == 255 { 255 } else { label * 2 }).collect::<Vec<_>>(),
    );
    let signs: Vec<i8> = p.iter().map(|&byte| byte as i8).collect();
    let floats: Vec<f32> =
        signs.iter().map(|&byte| if byte == 3 { f32::INFINITY } else { f32::from(byte) / 16.0 }).collect();
    let t = soft_dice_labels { data: labels.as_ptr(), pixels, label: 0, ignoring: 1, ignore: 255 };
    let channels = |layout| soft_dice_channels { channels: C, chosen: ptr::null(), count: 0, layout };
    let (side, apart) = (channels(SOFT_DICE_INTERLEAVED), channels(SOFT_DICE_PLANAR));
    let mut table = soft_dice_softmax { codes: [0; 256], kind: 0, check: 0 };
    let theirs = SoftmaxTable::new(0.0441).unwrap();
    let mut state = [[soft_dice_sums::default(); C]; 4];
    // SAFETY: pointers to values of this function, with their lengths.
    unsafe {
        assert_eq!(soft_dice_softmax_init(&mut table, 0.0441), SOFT_DICE_OK);
        let [a, b, c, d] = state.each_mut().map(|classes| classes.as_mut_ptr());
        let done = [
            soft_dice_softmax_classes_f32(a, &side, floats.as_ptr(), floats.len(), &t, ptr::null()),
            soft_dice_softmax_classes_f32(b, &apart, floats.as_ptr(), floats.len(), &t, ptr::null()),
            soft_dice_softmax_classes_i8(c, &side, signs.as_ptr(), signs.len(), &table, &t, ptr::null()),
            soft_dice_softmax_classes_u8(d, &apart, p.as_ptr(), p.len(), &table, &t, ptr::null()),
        ];
        assert_eq!(done, [SOFT_DICE_OK; 4]);
    }
    let new = || Multiclass::<[_; C]>::new(F32::new(), Linear).ignoring(255);
    let mut frames = [new(), new(), new(), new()];
    frames[0].update(Softmax(Interleaved(&floats)), &labels).unwrap();
    frames[1].update(Softmax(Planar(&floats)), &labels).unwrap();
    frames[2].update(QuantizedSoftmax::new(Interleaved(&signs), &theirs), &labels).unwrap();
    frames[3].update(QuantizedSoftmax::new(Planar(p), &theirs), &labels).unwrap();
    for (way, (classes, frame)) in state.iter().zip(&frames).enumerate() {
        for (class, (sums, theirs)) in classes.iter().zip(frame.sums()).enumerate() {
            assert_eq!(sums.record(), theirs.record(), "way {way}, class {class}");
            assert!(sums.count > 0 && sums.p.low > 0);
        }
    }
    assert!(state[0][0].invalid > 0);
}
