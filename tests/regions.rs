//! Hard scores in a region, of bytes and of bits, and by rows: argmax with a constant number of classes and one known at run time,
//! thresholds, soft and hard sums together, and class confidence. Each equals the same call on the pixels inside alone.

#[path = "support/backends.rs"]
mod backends;
#[path = "support/random.rs"]
mod random;
#[path = "support/seeds.rs"]
mod seeds;

use backends::on_every_backend;
use random::Random;
use seeds::seed;
use soft_dice::confidence::ClassConfidence;
use soft_dice::*;

const C: usize = 5;

fn planar<R: Copy>(rows: &[R]) -> Vec<R> {
    (0..C).flat_map(|c| rows.iter().skip(c).step_by(C).copied()).collect()
}

/// Counts without those that were left out: what the pixels inside alone must give.
fn kept(counts: &[Counts]) -> Vec<[u128; 4]> {
    counts.iter().map(|class| class.record()).map(|r| [r.p, r.t, r.pt, u128::from(r.count)]).collect()
}

/// A map, labels and which pixels are inside.
struct Frame {
    map: Vec<i8>,
    labels: Vec<u8>,
    inside: Vec<bool>,
    bytes: Vec<u8>,
    bits: Vec<u8>,
    offset: usize,
}

impl Frame {
    fn new(random: &mut Random, pixels: usize) -> Self {
        let inside: Vec<bool> = (0..pixels).map(|_| random.below(3) > 0).collect();
        let offset = random.below(9);
        let mut bits: Vec<u8> = (0..(offset + pixels).div_ceil(8)).map(|_| random.next() as u8).collect();
        for (at, &inside) in inside.iter().enumerate() {
            let (byte, bit) = (&mut bits[(offset + at) / 8], 1 << ((offset + at) % 8));
            *byte = if inside { *byte | bit } else { *byte & !bit };
        }
        Self {
            map: (0..C * pixels).map(|_| [-128, 127, random.next() as i8][random.below(3)]).collect(),
            labels: (0..pixels).map(|_| [0, 1, 2, 3, 4, 255][random.below(6)]).collect(),
            bytes: inside.iter().map(|&inside| u8::from(inside) * (1 + random.below(255) as u8)).collect(),
            inside,
            bits,
            offset,
        }
    }

    /// The pixels inside alone.
    fn only(&self) -> (Vec<i8>, Vec<u8>) {
        let at = || self.inside.iter().enumerate().filter(|(_, inside)| **inside).map(|(at, _)| at);
        let map = at().flat_map(|at| self.map[at * C..][..C].iter().copied());
        (map.collect(), at().map(|at| self.labels[at]).collect())
    }

    fn regions(&self) -> [Region<'_>; 2] {
        [Region::Bytes(&self.bytes), Region::Bits(Bits::at(&self.bits, self.offset))]
    }
}

#[test]
fn the_greatest_channel() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| {
        for pixels in [0, 1, random.below(200), 1000 + random.below(3000)] {
            let frame = Frame::new(&mut random, pixels);
            let (map, labels) = frame.only();
            let mut alone = Argmax::<C>::new().ignoring(255);
            alone.update(Interleaved(&map), &labels).unwrap();
            let outside = frame.inside.iter().filter(|inside| !**inside).count() as u64;
            let planes = planar(&frame.map);
            for region in frame.regions() {
                let mut within = [Argmax::<C>::new().ignoring(255); 3];
                within[0].update_within(Interleaved(&frame.map), &frame.labels, region).unwrap();
                within[1].update_within(Planar(&planes), &frame.labels, region).unwrap();
                let rows = Rows::new(pixels, 1);
                within[2].update_rows(Planar(&planes), &frame.labels, rows, Some(region)).unwrap();
                let mut room = [Counts::default(); C];
                let mut over = ArgmaxOver::new(&mut room).unwrap().ignoring(255);
                over.update_within(Interleaved(&frame.map), &frame.labels, region).unwrap();
                for counts in [within[0].classes(), within[1].classes(), within[2].classes(), over.classes()] {
                    assert_eq!(kept(counts), kept(alone.classes()), "{pixels} pixels, {region:?}");
                    let left = alone.classes()[0].record().ignored + outside;
                    assert!(counts.iter().all(|class| class.record().ignored == left));
                }
                // Beside the soft sums, which have a region of their own to compare with.
                let new = || Multiclass::<[_; C]>::new(I8::TFLITE, Linear).ignoring(255);
                let (mut soft, mut both, mut twin) = (new(), new(), Argmax::<C>::new().ignoring(255));
                soft.update_within(Interleaved(&frame.map), &frame.labels, region).unwrap();
                both.update_both_within(Interleaved(&frame.map), &frame.labels, region, &mut twin).unwrap();
                assert_eq!((both, twin), (soft, within[0]));
                let (mut both, mut room) = (new(), [Counts::default(); C]);
                let mut over = ArgmaxOver::new(&mut room).unwrap().ignoring(255);
                both.update_both_within(Planar(&planes), &frame.labels, region, &mut over).unwrap();
                assert_eq!((both, over.classes()), (soft, &within[0].classes()[..]));
            }
            let mut room = [Counts::default(); C];
            let mut over = ArgmaxOver::new(&mut room).unwrap().ignoring(255);
            over.update(Interleaved(&frame.map), &frame.labels).unwrap();
            let mut whole = Argmax::<C>::new().ignoring(255);
            whole.update(Interleaved(&frame.map), &frame.labels).unwrap();
            assert_eq!(over.classes(), whole.classes());
            over.reset();
            assert_eq!(over.classes(), [Counts::default(); C]);
        }
    });
    println!("on {}", backends.join(", "));
}

/// Rows at strides of their own are the same pixels without gaps.
#[test]
fn rows_in_larger_buffers() {
    let mut random = Random(seed());
    on_every_backend(|_| {
        for _ in 0..6 {
            let (width, height) = (random.below(60), random.below(9));
            let strides: [usize; 3] = core::array::from_fn(|_| width + random.below(7));
            let rows = Rows::new(width, height).stride(strides[0]).target_stride(strides[1]).region_stride(strides[2]);
            let pixels = strides.map(|stride| stride * height + width);
            let map: Vec<i8> = (0..pixels[0] * C).map(|_| random.next() as i8).collect();
            let labels: Vec<u8> = (0..pixels[1]).map(|_| random.below(C) as u8).collect();
            let region: Vec<u8> = (0..pixels[2]).map(|_| random.below(2) as u8).collect();
            let spots = |stride: usize| (0..height).flat_map(move |y| (0..width).map(move |x| y * stride + x));
            let packed: Vec<i8> = spots(strides[0]).flat_map(|at| map[at * C..][..C].iter().copied()).collect();
            let packed_labels: Vec<u8> = spots(strides[1]).map(|at| labels[at]).collect();
            let packed_region: Vec<u8> = spots(strides[2]).map(|at| region[at]).collect();
            for inside in [None, Some((Region::Bytes(&region), Region::Bytes(&packed_region)))] {
                let (mut by_rows, mut whole) = ([Argmax::<C>::new(); 2], Argmax::<C>::new());
                by_rows[0].update_rows(Interleaved(&map), &labels, rows, inside.map(|all| all.0)).unwrap();
                by_rows[1].update_rows(Planar(&planar(&map)), &labels, rows, inside.map(|all| all.0)).unwrap();
                let mut sure = [ClassConfidence::<_, C>::new(I8::TFLITE); 2];
                sure[0].update_rows(&map, rows, inside.map(|all| all.0)).unwrap();
                match inside {
                    None => {
                        whole.update(Interleaved(&packed), &packed_labels).unwrap();
                        sure[1].update(&packed).unwrap();
                    }
                    Some((_, region)) => {
                        whole.update_within(Interleaved(&packed), &packed_labels, region).unwrap();
                        sure[1].update_within(&packed, region).unwrap();
                    }
                }
                assert_eq!(by_rows, [whole; 2], "{rows:?}");
                assert_eq!(sure[0], sure[1], "{rows:?}");
                // One class and a threshold.
                let (p, mask) = (&map[..pixels[0]], &labels[..]);
                let new = || (Stream::new(I8::TFLITE, Label::new(1)), Thresholded::at_least(&I8::TFLITE, 0.3));
                let (mut a, mut b) = (new(), new());
                a.0.update_both_rows(p, mask, rows, inside.map(|all| all.0), &mut a.1).unwrap();
                let packed: Vec<i8> = spots(strides[0]).map(|at| p[at]).collect();
                match inside {
                    None => b.0.update_both(&packed, &packed_labels, &mut b.1).unwrap(),
                    Some((_, region)) => b.0.update_both_within(&packed, &packed_labels, region, &mut b.1).unwrap(),
                }
                assert_eq!(a, b, "{rows:?}");
            }
        }
    });
}

#[test]
fn confidence_of_classes() {
    let mut random = Random(seed());
    for pixels in [0, 1, 77, 900] {
        let frame = Frame::new(&mut random, pixels);
        let (map, _) = frame.only();
        let mut alone = ClassConfidence::<_, C>::new(I8::TFLITE);
        alone.update(&map).unwrap();
        let planes = planar(&frame.map);
        let each: [&[i8]; C] = core::array::from_fn(|c| &planes[c * pixels..][..pixels]);
        let outside = frame.inside.iter().filter(|inside| !**inside).count() as u64;
        for region in frame.regions() {
            let mut within = [ClassConfidence::<_, C>::new(I8::TFLITE); 2];
            within[0].update_within(&frame.map, region).unwrap();
            within[1].update_planar_within(each, region).unwrap();
            assert_eq!(within[0], within[1]);
            for class in 0..C {
                let (found, truth) = (within[0].class(class).unwrap(), alone.class(class).unwrap());
                assert_eq!(found, Record { ignored: outside, ..truth });
            }
            assert_eq!(within[0].mean_q15(Some(0)), alone.mean_q15(Some(0)));
        }
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    let (p, labels) = ([0.5f32; 20], [1u8; 10]);
    let (short, region) = ([1u8; 9], [1u8; 10]);
    let mut hard = Argmax::<2>::new();
    hard.update(Interleaved(&p), &labels).unwrap();
    let before = hard;
    let rows = Rows::new(5, 2);
    let mut wrong = labels;
    wrong[9] = 2;
    assert_eq!(hard.update_within(Interleaved(&p), &labels, Region::Bytes(&short)), Err(Error::Length));
    assert_eq!(hard.update_within(Interleaved(&p), &wrong, Region::Bytes(&[0; 10])), Err(Error::Label));
    assert_eq!(hard.update_rows(Interleaved(&p), &wrong, rows, None), Err(Error::Label));
    assert_eq!(hard.update_rows(Interleaved(&p), &labels, Rows::new(5, 3), None), Err(Error::Rows));
    assert_eq!(hard.update_rows(Interleaved(&p), &labels, rows.stride(6), None), Err(Error::Rows));
    assert_eq!(hard.update_rows(Interleaved(&p), &labels, rows.target_stride(4), None), Err(Error::Rows));
    assert_eq!(hard.update_rows(Interleaved(&p), &labels, rows, Some(Region::Bytes(&short))), Err(Error::Rows));
    assert_eq!(hard.update_rows(Interleaved(&p), &labels, Rows::new(usize::MAX, 2), None), Err(Error::Rows));
    assert_eq!(hard, before);

    let strict = F32::new().range(Range::Refuse);
    let (mut soft, mut hard) = (Multiclass::<[_; 2]>::new(strict, Linear), before);
    let mut nan = p;
    nan[19] = f32::NAN;
    let started = soft;
    assert_eq!(
        soft.update_both_within(Interleaved(&nan), &labels, Region::Bytes(&region), &mut hard),
        Err(Error::Range)
    );
    assert_eq!(soft.update_both_within(Interleaved(&p), &labels, Region::Bytes(&short), &mut hard), Err(Error::Length));
    let mut other = Argmax::<3>::new();
    assert_eq!(
        soft.update_both_within(Interleaved(&p), &labels, Region::Bytes(&region), &mut other),
        Err(Error::Mismatch)
    );
    assert_eq!((soft, hard), (started, before));

    // A row that is refused takes off those before it.
    let (mut soft, mut cut) = (Stream::new(strict, ZeroOne::new()), Thresholded::at_least(&strict, 0.5));
    soft.update_both(&p[..10], &labels, &mut cut).unwrap();
    let before = (soft, cut);
    assert_eq!(soft.update_both_rows(&nan[10..], &labels, rows, None, &mut cut), Err(Error::Range));
    assert_eq!(soft.update_both_rows(&p[10..], &wrong, rows, None, &mut cut), Err(Error::Mask));
    assert_eq!(soft.update_both_rows(&p[10..], &labels, Rows::new(5, 3), None, &mut cut), Err(Error::Rows));
    assert_eq!((soft, cut), before);

    let mut sure = ClassConfidence::<_, 2>::new(strict);
    sure.update(&p).unwrap();
    let before = sure;
    assert_eq!(sure.update_within(&nan, Region::Bytes(&region)), Err(Error::Range));
    assert_eq!(sure.update_within(&p, Region::Bytes(&short)), Err(Error::Length));
    assert_eq!(sure.update_within(&p[1..], Region::Bytes(&region)), Err(Error::Split));
    assert_eq!(sure.update_rows(&nan, rows, None), Err(Error::Range));
    assert_eq!(sure.update_rows(&p, Rows::new(5, 3), None), Err(Error::Rows));
    assert_eq!(sure.update_planar_within([&p, &nan], Region::Bytes(&[1; 20])), Err(Error::Range));
    assert_eq!(sure.update_planar_within([&p, &p], Region::Bytes(&short)), Err(Error::Length));
    assert_eq!(sure, before);
    // Outside nobody looks.
    let mut inside = region;
    inside[9] = 0;
    sure.update_within(&nan, Region::Bytes(&inside)).unwrap();
    assert_eq!(sure.class(0).unwrap().ignored, 1);
}
