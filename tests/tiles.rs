//! Tiles add up to the frame; reliability bins against the obvious count.

#[path = "support/backends.rs"]
mod backends;
#[path = "support/random.rs"]
mod random;
#[path = "support/seeds.rs"]
mod seeds;

use backends::on_every_backend;
use random::Random;
use seeds::seed;
use soft_dice::*;

#[test]
fn tiles_are_the_frame() {
    let mut random = Random(seed());
    on_every_backend(|_| {
        for _ in 0..12 {
            let (seed, width, height) = (random.next(), 5 + random.below(295), 3 + random.below(57));
            const N: usize = 15;
            let mut random = Random(seed);
            let p: Vec<u8> = (0..width * height).map(|_| random.next() as u8).collect();
            let mut t: Vec<u8> = (0..width * height).map(|_| random.below(2) as u8).collect();
            let empty = [*Stream::summing(U8, ZeroOne::new(), All).sums(); N];
            let mut tiles = Tiles::over(empty).grid(width, height, 5, 3).unwrap();
            let mut at = 0;
            while at < p.len() {
                let to = p.len().min(at + 1 + random.below(500));
                // An error leaves the tiles as they were.
                let (before, bad) = (tiles, at + random.below(to - at));
                let was = std::mem::replace(&mut t[bad], 2);
                assert_eq!(tiles.update(&p[at..to], &t[at..to]), Err(Error::Mask));
                assert_eq!(&tiles, &before);
                t[bad] = was;
                tiles.update(&p[at..to], &t[at..to]).unwrap();
                at = to;
            }
            assert_eq!(tiles.update(&p[..1], &t[..1]), Err(Error::Rows));
            let mut frame = Stream::summing(U8, ZeroOne::new(), All);
            frame.update(&p, &t).unwrap();
            assert_eq!(&tiles.total().unwrap(), frame.sums());
            // Each tile is its rectangle.
            for (index, tile) in tiles.sums().iter().enumerate() {
                let (i, j) = (index % 5, index / 5);
                let (left, right) = (i * width / 5, (i + 1) * width / 5);
                let (top, bottom) = (j * height / 3, (j + 1) * height / 3);
                let mut alone = Stream::summing(U8, ZeroOne::new(), All);
                let rows = Rows::new(right - left, bottom - top).stride(width).target_stride(width);
                let from = top * width + left;
                alone.update_rows(&p[from..], &t[from..], rows).unwrap();
                assert_eq!(tile, alone.sums());
            }
            tiles.next_frame();
            tiles.update(&p, &t).unwrap();
            assert_eq!(tiles.total().unwrap().count(), 2 * frame.sums().count());
        }
    });
}

/// Narrow tiles, whose rows are gathered, and wide ones are their rectangles: with a soft map, with their own mask, with labels of which
/// one is left out, and with bits, which are never gathered. Values beside [0, 1] are counted as in a stream.
/// Rows that are gathered and rows that are swept where they lie, around the longest that a gathered one may be and beyond the room.
#[test]
fn rows_of_any_length() {
    let mut random = Random(seed());
    for side in [1, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200, 300] {
        let (width, height) = (2 * side, 6);
        let p: Vec<u8> = (0..width * height).map(|_| random.next() as u8).collect();
        let t: Vec<u8> = (0..width * height).map(|_| random.below(2) as u8).collect();
        let mut tiles = Tiles::<[_; 4]>::new(U8, NonZero).grid(width, height, 2, 2).unwrap();
        tiles.update(&p, &t).unwrap();
        for (index, tile) in tiles.sums().iter().enumerate() {
            let (from, mut alone) = (index / 2 * 3 * width + index % 2 * side, Stream::new(U8, NonZero));
            let rows = Rows::new(side, 3).stride(width).target_stride(width);
            alone.update_rows(&p[from..], &t[from..], rows).unwrap();
            assert_eq!(tile, alone.sums(), "tile {index} of {side} columns");
        }
    }
}

#[test]
fn every_kind_of_target_in_tiles() {
    fn same<'b, P: Element, T: Target<P>>(
        (prediction, target): (P, T),
        (p, part): (&[P::Raw], impl Fn(usize, usize) -> T::Buffer<'b>),
        [width, height, at]: [usize; 3],
    ) {
        const N: usize = 6;
        let empty = [*Stream::summing(prediction, target, All).sums(); N];
        let mut tiles = Tiles::over(empty).grid(width, height, 3, 2).unwrap();
        // The first chunk may end within a row.
        let mut rest = Tiles::over(empty).grid(width, height, 3, 2).unwrap();
        tiles.update(p, part(0, p.len())).unwrap();
        let parts = [(0, at), (at, width * height - at)];
        for (from, pixels) in parts {
            rest.update(&p[from..][..pixels], part(from, pixels)).unwrap();
        }
        assert_eq!(&tiles, &rest);
        for (index, tile) in tiles.sums().iter().enumerate() {
            let (i, j) = (index % 3, index / 3);
            let (left, right) = (i * width / 3, (i + 1) * width / 3);
            let mut alone = Stream::summing(prediction, target, All);
            for y in j * height / 2..(j + 1) * height / 2 {
                let (from, pixels) = (y * width + left, right - left);
                alone.update(&p[from..][..pixels], part(from, pixels)).unwrap();
            }
            assert_eq!(tile, alone.sums());
        }
    }
    let mut random = Random(seed());
    on_every_backend(|_| {
        for _ in 0..12 {
            let (seed, width, height) = (random.next(), 3 + random.below(130), 2 + random.below(20));
            let mut random = Random(seed);
            let pixels = width * height;
            let frame = [width, height, random.below(pixels + 1)];
            let codes: Vec<i8> = (0..pixels).map(|_| random.next() as i8).collect();
            let floats: Vec<f32> = (0..pixels).map(|_| random.wild()).collect();
            let labels: Vec<u8> = (0..pixels).map(|_| random.below(4) as u8).collect();
            let element = F32::new().range(soft_dice::Range::Clamp);
            same((I8::TFLITE, Label::new(1).ignoring(3)), (&codes, |at, n| &labels[at..][..n]), frame);
            same((I8::TFLITE, Own::at_least(&I8::TFLITE, 0.5)), (&codes, |_, _| ()), frame);
            same((element, Soft(I8::TFLITE)), (&floats, |at, n| &codes[at..][..n]), frame);
            same((element, NonZero), (&floats, |at, n| &labels[at..][..n]), frame);
            let bits = |at: usize, n: usize| Bits::at(&labels[at / 8..(at + n).div_ceil(8)], at % 8);
            same((I8::TFLITE, LsbFirst), (&codes, bits), frame);
        }
    });
}

#[test]
fn bins_are_what_they_say() {
    let mut random = Random(seed());
    on_every_backend(|_| {
        for _ in 0..12 {
            let (seed, n) = (random.next(), 1 + random.below(2999));
            let mut random = Random(seed);
            let p: Vec<f32> = (0..n).map(|_| random.wild()).collect();
            let t: Vec<u8> = (0..n).map(|_| [0, 1, 255][random.below(3)]).collect();
            let target = Label::new(1).ignoring(255);
            let new = || Reliability::<_, _, 15>::new(F32Fine::new(), target);
            let (mut whole, mut a, mut b) = (new(), new(), new());
            whole.update(&p, &t).unwrap();
            let cut = random.below(n + 1);
            a.update(&p[..cut], &t[..cut]).unwrap();
            b.update(&p[cut..], &t[cut..]).unwrap();
            b.merge(&a).unwrap();
            assert_eq!(&whole, &b);
            // The obvious way.
            let mut bins = [(0u64, 0.0f64, 0u64); 15];
            for (&p, &t) in p.iter().zip(&t) {
                if t != 255 && (-1.0e-6..=1.000_001).contains(&p) {
                    let p = f64::from(p.clamp(0.0, 1.0));
                    let bin = (0..15).rfind(|&k| p * 15.0 >= f64::from(k)).unwrap() as usize;
                    bins[bin] = (bins[bin].0 + 1, bins[bin].1 + p, bins[bin].2 + u64::from(t == 1));
                }
            }
            for (bin, (count, sum, ones)) in bins.into_iter().enumerate() {
                assert_eq!((whole.bins()[bin].count, whole.bins()[bin].t), (count, ones));
                if count > 0 {
                    let (confidence, accuracy) = whole.reliability(bin).unwrap();
                    assert!((confidence - sum / count as f64).abs() < 1e-9);
                    assert!((accuracy - ones as f64 / count as f64).abs() < 1e-12);
                } else {
                    assert_eq!(whole.reliability(bin), None);
                }
            }
            let total: u64 = bins.iter().map(|bin| bin.0).sum();
            if total > 0 {
                let truth = bins.iter().map(|&(_, sum, ones)| (sum - ones as f64).abs()).sum::<f64>() / total as f64;
                assert!((whole.expected_error().unwrap() - truth).abs() < 1e-9);
            }
        }
    });
}

#[test]
fn edges_of_bins_are_exact() {
    // 51/255 is 0.2 and 204/255 is 0.8, which no f32 is.
    let mut bins = Reliability::<_, _, 5>::new(U8, NonZero);
    for code in 0..=255u8 {
        bins.update(&[code], &[1]).unwrap();
    }
    assert_eq!(bins.bins().map(|bin| bin.count), [51, 51, 51, 51, 52]);
    assert_eq!(Reliability::<_, _, 5>::new(U8, NonZero).expected_error(), Err(Error::Undefined));
    let before = bins;
    assert_eq!(bins.update(&[1, 2], &[1]), Err(Error::Length));
    let mut declared = Reliability::<_, _, 5>::new(U8, ZeroOne::new());
    assert_eq!(declared.update(&[1, 2], &[1, 2]), Err(Error::Mask));
    assert_eq!(declared.bins().map(|bin| bin.count), [0; 5]);
    assert_eq!(bins, before);
}

/// Beyond the frame is said before a pixel is read: a number that is refused there is not what is wrong. And a chunk that is refused in
/// a later tile leaves nothing in the ones before.
#[test]
fn chunks_beyond_the_frame() {
    let element = F32::new().range(Range::Refuse);
    let mut tiles = Tiles::<[_; 2]>::new(element, NonZero).grid(4, 2, 2, 1).unwrap();
    tiles.update(&[0.5; 5], &[1; 5]).unwrap();
    let before = tiles;
    assert_eq!(tiles.update(&[f32::NAN; 4], &[1; 4]), Err(Error::Rows));
    assert_eq!(tiles.update(&[0.5, 0.5, f32::NAN], &[1; 3]), Err(Error::Range));
    assert_eq!(tiles, before);
    tiles.update(&[0.5; 3], &[1; 3]).unwrap();
    assert_eq!(tiles.sums().iter().map(Sums::count).collect::<Vec<_>>(), [4, 4]);
    assert_eq!(tiles.update(&[f32::NAN], &[1]), Err(Error::Rows));
}

#[test]
fn bad_grids_are_refused() {
    let new = || Tiles::<[_; 4]>::new(U8, NonZero);
    assert_eq!(new().grid(8, 8, 3, 1).err(), Some(Error::Classes));
    assert_eq!(new().grid(1, 8, 2, 2).err(), Some(Error::Rows));
    assert_eq!(new().grid(usize::MAX, 8, 2, 2).err(), Some(Error::Rows));
    // No tiles are none for pixels, which would be in no sum.
    let none = |width, height, columns, rows| {
        let sums: &mut [Sums<U8, NonZero>] = &mut [];
        Tiles::over(sums).grid(width, height, columns, rows).map(|mut tiles| tiles.update(&[], &[]))
    };
    for (columns, rows) in [(0, 0), (3, 0), (0, 2)] {
        assert_eq!(none(8, 8, columns, rows), Err(Error::Classes));
    }
    assert_eq!((none(0, 0, 0, 0), none(8, 0, 3, 0), none(0, 8, 0, 2)), (Ok(Ok(())), Ok(Ok(())), Ok(Ok(()))));
    assert_eq!(new().update(&[1], &[1]), Err(Error::Rows));
    assert_eq!(new().grid(8, 8, 2, 2).unwrap().update(&[1], &[1, 2]), Err(Error::Length));
}
