//! Two maps of labels: the counts of a loop over pixels, for every number of classes, type of label, region, layout of rows, chunking
//! and backend; and what is refused.

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

/// Predicted, labelled, both of each class; pixels counted and left out.
#[derive(Debug, PartialEq)]
struct Truth {
    classes: Vec<[u64; 3]>,
    count: u64,
    ignored: u64,
}

fn judge(classes: usize, ignore: Option<i64>, pixels: impl Iterator<Item = (i64, i64, bool)>) -> Truth {
    let mut truth = Truth { classes: vec![[0; 3]; classes], count: 0, ignored: 0 };
    for (p, t, inside) in pixels {
        if !inside || Some(t) == ignore {
            truth.ignored += 1;
            continue;
        }
        truth.count += 1;
        truth.classes[p as usize][0] += 1;
        truth.classes[t as usize][1] += 1;
        truth.classes[p as usize][2] += u64::from(p == t);
    }
    truth
}

fn found(counts: &[Counts]) -> Truth {
    let first = counts[0].record();
    for class in counts {
        let record = class.record();
        assert_eq!((record.count, record.ignored, record.invalid), (first.count, first.ignored, 0));
    }
    Truth {
        classes: counts.iter().map(|class| [class.p, class.t, class.pt]).collect(),
        count: first.count,
        ignored: first.ignored,
    }
}

/// Labels as pictures have them: runs, now and then a single pixel.
fn labels(random: &mut Random, pixels: usize, classes: usize, ignore: Option<i64>) -> Vec<i64> {
    let mut map = Vec::new();
    while map.len() < pixels {
        let run = if random.below(3) == 0 { 1 } else { 1 + random.below(200) };
        let label = random.below(classes) as i64;
        let label = ignore.filter(|_| random.below(6) == 0).unwrap_or(label);
        map.extend(std::iter::repeat_n(label, run));
    }
    map.truncate(pixels);
    map
}

/// One case: both maps as two types of label.
fn check<A: LabelValue, B: LabelValue>(
    random: &mut Random,
    classes: usize,
    ignore: Option<i64>,
    pixels: usize,
    a: fn(i64) -> A,
    b: fn(i64) -> B,
) {
    let from = random.below(40);
    let all_t = labels(random, from + pixels, classes, ignore);
    let mut all_p = labels(random, from + pixels, classes, None);
    // Mostly right, as predictions are; and where the target is left out the prediction may be anything.
    for (p, t) in all_p.iter_mut().zip(&all_t) {
        if Some(*t) == ignore {
            *p = [*p, *t, 255][random.below(3)];
        } else if random.below(3) > 0 {
            *p = *t;
        }
    }
    let (narrow_p, narrow_t): (Vec<A>, Vec<B>) =
        (all_p.iter().map(|&p| a(p)).collect(), all_t.iter().map(|&t| b(t)).collect());
    let (p, t) = (&narrow_p[from..], &narrow_t[from..]);
    let pixel = |at: usize| (all_p[from + at], all_t[from + at]);
    let what = format!("{classes} classes, {ignore:?}, {pixels} pixels");
    let mut room = vec![Counts::default(); classes];
    fn maps(room: &mut [Counts], ignore: Option<i64>) -> LabelMaps<&mut [Counts]> {
        let maps = LabelMaps::over(room).unwrap();
        match ignore {
            Some(label) => maps.ignoring(label),
            None => maps,
        }
    }
    let truth = judge(classes, ignore, (0..pixels).map(|at| (pixel(at).0, pixel(at).1, true)));
    let mut whole = maps(&mut room, ignore);
    whole.update(p, t).unwrap();
    assert_eq!(found(whole.classes()), truth, "{what}");

    let (mut parts, mut merged) = (vec![Counts::default(); classes], vec![Counts::default(); classes]);
    let (mut parts, mut merged, mut at) = (maps(&mut parts, ignore), maps(&mut merged, ignore), 0);
    while at < pixels {
        let most = [50, 3000][random.below(2)];
        let to = pixels.min(at + 1 + random.below(most));
        parts.update(&p[at..to], &t[at..to]).unwrap();
        let mut room = vec![Counts::default(); classes];
        let mut part = maps(&mut room, ignore);
        part.update(&p[at..to], &t[at..to]).unwrap();
        merged.merge(&part).unwrap();
        at = to;
    }
    assert_eq!(found(parts.classes()), truth, "{what}: chunks");
    assert_eq!(found(merged.classes()), truth, "{what}: merged");

    let bytes: Vec<u8> = (0..pixels).map(|_| [0, 1, 7][random.below(3)]).collect();
    let offset = random.below(9);
    let bits: Vec<u8> = (0..(offset + pixels).div_ceil(8)).map(|_| random.next() as u8).collect();
    whole.reset();
    whole.update_within(p, t, Region::Bytes(&bytes)).unwrap();
    let inside = judge(classes, ignore, (0..pixels).map(|at| (pixel(at).0, pixel(at).1, bytes[at] != 0)));
    assert_eq!(found(whole.classes()), inside, "{what}: bytes");
    whole.reset();
    whole.update_within(p, t, Region::Bits(Bits::at(&bits, offset))).unwrap();
    let bit = |at: usize| bits[(offset + at) / 8] >> ((offset + at) % 8) & 1 == 1;
    let inside = judge(classes, ignore, (0..pixels).map(|at| (pixel(at).0, pixel(at).1, bit(at))));
    assert_eq!(found(whole.classes()), inside, "{what}: bits");

    // Rows of a part of both, at strides of their own.
    let stride = 1 + random.below(pixels.max(1));
    let height = if pixels == 0 { 0 } else { pixels / stride };
    let width = random.below(stride + 1);
    let rows = Rows::new(width, height).stride(stride).target_stride(stride).region_stride(stride);
    let spots = (0..height).flat_map(|row| (0..width).map(move |x| row * stride + x));
    whole.reset();
    whole.update_rows(p, t, rows, None).unwrap();
    let inside = judge(classes, ignore, spots.clone().map(|at| (pixel(at).0, pixel(at).1, true)));
    assert_eq!(found(whole.classes()), inside, "{what}: {rows:?}");
    whole.reset();
    whole.update_rows(p, t, rows, Some(Region::Bytes(&bytes))).unwrap();
    let inside = judge(classes, ignore, spots.map(|at| (pixel(at).0, pixel(at).1, bytes[at] != 0)));
    assert_eq!(found(whole.classes()), inside, "{what}: {rows:?} in a region");
}

#[test]
fn every_number_of_classes_and_type_of_label() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| {
        for classes in [1, 2, 4, 8, 9, 15, 16, 17, 21, 64, 65, 255, 256] {
            let r = &mut random;
            let pixels = [r.below(40), r.below(700), 2000 + r.below(9000)][r.below(3)];
            let beyond = [None, Some(0), Some(255), Some(classes as i64 - 1)][r.below(4)];
            check(r, classes, beyond, pixels, |x| x as u8, |x| x as u8);
            check(r, classes, Some(-1), pixels / 4, |x| x as u8, |x| x as i32);
            check(r, classes, Some(-100), pixels / 4, |x| x as i32, |x| x);
            check(r, classes, Some(65535), pixels / 4, |x| x as u16, |x| x as u16);
            check(r, classes, beyond, pixels / 4, |x| x, |x| x as u8);
            check(r, classes.min(100), Some(-128), pixels / 4, |x| x as i16, |x| x as i8);
            check(r, classes, Some(256), pixels / 4, |x| x as u64, |x| x as u32);
        }
    });
    println!("on {}", backends.join(", "));
}

/// A map with itself is 1 in every class that it has, also through `Multiclass`.
#[test]
fn a_map_with_itself() {
    let mut random = Random(seed());
    on_every_backend(|_| {
        for _ in 0..20 {
            let pixels = 1 + random.below(3000);
            let map: Vec<u8> = labels(&mut random, pixels, 5, None).iter().map(|&label| label as u8).collect();
            let mut maps = LabelMaps::<[_; 5]>::new();
            maps.update(&map, &map).unwrap();
            let mut one_hot = Multiclass::<[_; 5]>::new(U8, Linear);
            one_hot.update(OneHot(&map), &map).unwrap();
            for (class, (counts, sums)) in maps.classes().iter().zip(one_hot.sums()).enumerate() {
                let there = map.iter().any(|&label| usize::from(label) == class);
                let expected = if there { Ok(1.0) } else { Err(Error::Undefined) };
                assert_eq!(Score::dice().f32(counts), expected);
                assert_eq!(Score::dice().f32(sums), expected);
            }
        }
    });
}

#[test]
fn what_is_refused_changes_nothing() {
    on_every_backend(|_| {
        for (classes, pixels) in [(3usize, 40usize), (3, 5000), (12, 5000), (21, 5000), (90, 5000)] {
            let wrong = classes as u8;
            let mut room = vec![Counts::default(); classes];
            let mut maps = LabelMaps::over(&mut room).unwrap().ignoring(255);
            let (p, t) = (vec![1u8; pixels], vec![2u8; pixels]);
            maps.update(&p, &t).unwrap();
            let before = maps.classes().to_vec();
            for at in [0, pixels / 2, pixels - 1] {
                let (mut bad_p, mut bad_t) = (p.clone(), t.clone());
                (bad_p[at], bad_t[at]) = (wrong, wrong);
                assert_eq!(maps.update(&bad_p, &t), Err(Error::Label), "{classes} at {at}");
                assert_eq!(maps.update(&p, &bad_t), Err(Error::Label), "{classes} at {at}");
                bad_p[at] = 255;
                assert_eq!(maps.update(&bad_p, &t), Err(Error::Label), "{classes} at {at}");
                // Outside a region too: a label that is no class is a broken map.
                let region = vec![0; pixels];
                assert_eq!(maps.update_within(&p, &bad_t, Region::Bytes(&region)), Err(Error::Label));
                assert_eq!(maps.update_rows(&p, &bad_t, Rows::new(pixels / 2, 2), None), Err(Error::Label));
                let wide: Vec<i64> = t.iter().map(|&t| t.into()).collect();
                for label in [-1, classes as i64, 256, 257, 1 << 32, i64::MIN, i64::MAX] {
                    let mut wide = wide.clone();
                    wide[at] = label;
                    assert_eq!(maps.update(&p, &wide), Err(Error::Label), "{label}");
                    assert_eq!(maps.update(&wide, &t), Err(Error::Label), "{label}");
                }
            }
            assert_eq!(maps.update(&p, &t[1..]), Err(Error::Length));
            assert_eq!(maps.update_within(&p, &t, Region::Bytes(&t[1..])), Err(Error::Length));
            assert_eq!(maps.update_rows(&p, &t, Rows::new(pixels, 2), None), Err(Error::Rows));
            assert_eq!(maps.update_rows(&p, &t, Rows::new(2, 1).stride(1), None), Err(Error::Rows));
            assert_eq!(maps.update_rows(&p, &t, Rows::new(usize::MAX, 3), None), Err(Error::Rows));
            assert_eq!(maps.classes(), before);
            let mut other = vec![Counts::default(); classes];
            assert_eq!(maps.merge(&LabelMaps::over(&mut other).unwrap()), Err(Error::Mismatch));
            let mut fewer = vec![Counts::default(); classes - 1];
            assert_eq!(maps.merge(&LabelMaps::over(&mut fewer).unwrap().ignoring(255)), Err(Error::Classes));
            assert_eq!(maps.classes(), before);
        }
    });
    assert_eq!(LabelMaps::over(&mut []).err(), Some(Error::Classes));
    assert_eq!(LabelMaps::over(&mut vec![Counts::default(); 257]).err(), Some(Error::Classes));
    assert_eq!(ArgmaxOver::new(&mut []).err(), Some(Error::Classes));
    assert_eq!(ArgmaxOver::new(&mut vec![Counts::default(); 257]).err(), Some(Error::Classes));
}

/// Every lane of a vector meets one class alone, over more vectors than a narrow counter holds, while neighbours always differ.
#[test]
fn lanes_that_count_at_every_vector() {
    on_every_backend(|_| {
        for classes in [4, 9, 21, 64] {
            let pixels = 64 * 600 + 17;
            let t: Vec<u8> = (0..pixels).map(|at| (at % 64 % classes) as u8).collect();
            let mut p = t.clone();
            p[5..].iter_mut().step_by(1000).for_each(|label| *label = (*label + 1) % classes as u8);
            let mut counts = vec![[0u64; 3]; classes];
            for (&p, &t) in p.iter().zip(&t) {
                counts[usize::from(p)][0] += 1;
                counts[usize::from(t)][1] += 1;
                counts[usize::from(t)][2] += u64::from(p == t);
            }
            let mut room = vec![Counts::default(); classes];
            let mut maps = LabelMaps::over(&mut room).unwrap();
            maps.update(&p, &t).unwrap();
            let found: Vec<[u64; 3]> = maps.classes().iter().map(|class| [class.p, class.t, class.pt]).collect();
            assert_eq!(found, counts, "{classes} classes");
        }
    });
}

/// Up to the last pixel that fits, by merging.
#[test]
fn full_counts() {
    let mut maps = LabelMaps::<[_; 2]>::new();
    maps.update(&[1u8; 1 << 12], &[1u8; 1 << 12]).unwrap();
    for _ in 12..40 {
        let other = maps;
        maps.merge(&other).unwrap();
    }
    assert_eq!((maps.classes()[1].pt, maps.classes()[0].p), (CAPACITY, 0));
    let full = maps;
    assert_eq!((maps.merge(&full), maps.update(&[1], &[1])), (Err(Error::Capacity), Err(Error::Capacity)));
    assert_eq!(maps.update_rows(&[1], &[1], Rows::new(1, 1), None), Err(Error::Capacity));
    assert_eq!(maps, full);
}
