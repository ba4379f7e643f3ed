//! Histograms without a target, and those of many classes: merged, full, in rows, for every number of classes, and the
//! cross-entropy of all classes against a loop over pixels.

#[path = "support/random.rs"]
mod random;
#[path = "support/seeds.rs"]
mod seeds;

use random::Random;
use seeds::seed;
use soft_dice::histogram::*;
use soft_dice::*;

#[test]
fn merged_and_forgotten() {
    let mut counts = CodeCounts::new(U8);
    counts.update_within(&[1, 2, 2, 9], Region::Bytes(&[1, 1, 1, 0])).unwrap();
    counts.update_within(&[7, 2, 5], Region::Bytes(&[0, 1, 0])).unwrap();
    assert_eq!((counts.count(), counts.ignored()), (4, 3));
    let mut other = CodeCounts::new(U8);
    other.update_within(&[2, 3, 3], Region::Bytes(&[1, 1, 0])).unwrap();
    other.merge(&counts).unwrap();
    assert_eq!((other.count(), other.ignored()), (6, 4));
    assert_eq!([1, 2, 3, 5, 7, 9].map(|code| other.of(code)), [1, 4, 1, 0, 0, 0]);
    assert!(format!("{other:?}").contains("seen: 10, ignored: 4"), "{other:?}");
    let before = other;
    let mut elsewhere = CodeCounts::new(U8Affine::new(0.01, 1).unwrap());
    assert_eq!(elsewhere.merge(&CodeCounts::new(U8Affine::new(0.01, 0).unwrap())), Err(Error::Mismatch));
    assert!(other == before);
    other.reset();
    assert!(other == CodeCounts::new(U8));

    let mut histogram = Histogram::new(U8, Label::new(1).ignoring(2));
    histogram.update(&[1, 2, 2], &[0, 1, 2]).unwrap();
    assert!(format!("{histogram:?}").contains("seen: 3, ignored: 1"), "{histogram:?}");
    histogram.update(&[1, 2], &[2, 2]).unwrap();
    assert_eq!((histogram.count(), histogram.ignored()), (2, 3));
    // Distances to nothing.
    let (mut some, none) = (CodeCounts::new(U8), CodeCounts::new(U8));
    some.update(&[5]).unwrap();
    for (a, b) in [(some, none), (none, some)] {
        assert_eq!((a.l1(&b), a.jensen_shannon(&b)), (Err(Error::Undefined), Err(Error::Undefined)));
    }
}

/// 1 + 2 + 4 + … + 2^31 pixels are as many as a counter of 32 bits holds.
#[test]
fn the_last_pixel_that_fits() {
    let (mut power, mut all) = (CodeCounts::new(U8), CodeCounts::new(U8));
    power.update(&[3]).unwrap();
    for bit in 0..32 {
        all.merge(&power).unwrap();
        let twin = power;
        assert_eq!(power.merge(&twin), if bit < 31 { Ok(()) } else { Err(Error::Capacity) });
    }
    assert_eq!((all.count(), all.of(3)), (u64::from(u32::MAX), u64::from(u32::MAX)));
    let full = all;
    assert_eq!((all.update(&[3]), all.merge(&power)), (Err(Error::Capacity), Err(Error::Capacity)));
    assert!(all == full);
}

/// Without a target there is no row of it that could be too short.
#[test]
fn rows_without_a_target() {
    let p = [1, 2, 9, 3, 4, 9];
    let rows = Rows::new(2, 2).stride(3).target_stride(0);
    let (mut counts, mut truth) = (CodeCounts::new(U8), CodeCounts::new(U8));
    counts.update_rows(&p, rows, None).unwrap();
    truth.update(&[1, 2, 3, 4]).unwrap();
    assert!(counts == truth);
    assert_eq!(Histogram::new(U8, NonZero).update_rows(&p, &p, rows, None), Err(Error::Rows));
}

#[test]
fn none_and_the_most_classes() {
    let none: &mut [Histogram<U8, Label>] = &mut [];
    assert_eq!(count_classes(none, Interleaved(&[]), &[], None, None), Err(Error::Classes));
    let none: &mut [CodeCounts<U8>] = &mut [];
    assert_eq!(count_channels(none, Interleaved(&[]), None), Err(Error::Classes));
    let map: Vec<u8> = (0..=u8::MAX).collect();
    let mut classes: Vec<_> = (0..=u8::MAX).map(|class| Histogram::new(U8, Label::new(class))).collect();
    count_classes(&mut classes, Interleaved(&map), &[255], None, None).unwrap();
    assert!(
        (0..=u8::MAX)
            .all(|class| classes[usize::from(class)].of(class) == [u64::from(class < 255), u64::from(class == 255)])
    );
    let mut channels = vec![CodeCounts::new(U8); 257];
    count_channels(&mut channels[..256], Interleaved(&map), None).unwrap();
    assert!((0..=u8::MAX).all(|class| channels[usize::from(class)].of(class) == 1));
    assert_eq!(count_channels(&mut channels, Interleaved(&[0; 257]), None), Err(Error::Classes));
}

/// Interleaved classes are gathered in runs: the last one is shorter, whatever is left.
#[test]
fn runs_that_do_not_come_out_even() {
    let mut random = Random(seed());
    for pixels in [1, 127, 128, 129, 300, 1000 + random.below(1000)] {
        let rows: Vec<u8> = (0..3 * pixels).map(|_| random.next() as u8).collect();
        let mut channels = [CodeCounts::new(U8); 3];
        count_channels(&mut channels, Interleaved(&rows), None).unwrap();
        for (channel, counts) in channels.iter().enumerate() {
            let plane: Vec<u8> = rows.iter().skip(channel).step_by(3).copied().collect();
            let mut truth = CodeCounts::new(U8);
            truth.update(&plane).unwrap();
            assert!(*counts == truth, "{pixels} pixels, channel {channel}");
        }
    }
}

/// As PyTorch and Keras have it: each pixel costs −ln p of its own class, times the weight of that class.
#[test]
fn cross_entropy_of_all_classes() {
    let mut random = Random(seed());
    let pixels = 700;
    let rows: Vec<u8> = (0..3 * pixels).map(|_| random.next() as u8).collect();
    let labels: Vec<u8> = (0..pixels).map(|_| [0, 1, 2, 2, 255][random.below(5)]).collect();
    let mut classes: [_; 3] = core::array::from_fn(|class| Histogram::new(U8, Label::new(class as u8)));
    count_classes(&mut classes, Interleaved(&rows), &labels, Some(255), None).unwrap();
    for weights in [[1.0, 1.0, 1.0], [0.25, 3.0, 0.0]] {
        for (clamp, cost) in [
            (Clamp::Torch, (|p| (-f64::ln(p)).min(100.0)) as fn(f64) -> f64),
            (Clamp::Keras, |p| -f64::ln(p.clamp(1e-7, 1.0 - 1e-7))),
        ] {
            let (mut total, mut of) = (0.0, 0.0);
            for (pixel, &label) in rows.chunks(3).zip(&labels).filter(|(_, label)| **label != 255) {
                let weight = weights[usize::from(label)];
                total += weight * cost(f64::from(pixel[usize::from(label)]) / 255.0);
                of += weight;
            }
            let found = cross_entropy(&classes, Some(&weights), clamp).unwrap();
            assert!((found - total / of).abs() < 1e-10, "{clamp:?} {weights:?}: {found} is not {}", total / of);
            if weights == [1.0; 3] {
                assert_eq!(cross_entropy(&classes, None, clamp), Ok(found));
            }
        }
    }
    // A code of 0 in its own class has no logarithm.
    assert_eq!(cross_entropy(&classes, Some(&[0.0; 3]), Clamp::Torch), Err(Error::Undefined));
    let mut nothing = [Histogram::new(U8, Label::new(0))];
    nothing[0].update(&[0, 255], &[0, 0]).unwrap();
    assert_eq!(cross_entropy(&nothing, None, Clamp::Undefined), Err(Error::Undefined));
    assert_eq!(cross_entropy(&nothing, None, Clamp::Torch), Ok(50.0));
    // ε lies between 0 and ½, and is neither.
    let within =
        [0.0, 0.5, 0.5f64.next_down(), 1e-300].map(|least| nothing[0].cross_entropy(Clamp::Within(least)).is_ok());
    assert_eq!(within, [false, false, true, true]);
}

/// Confidence read from codes: all sums of a stream with the same mask, clamped codes among them.
#[test]
fn sums_with_their_own_mask() {
    let e = U8Affine::new(0.0125, 100).unwrap();
    let mut random = Random(seed());
    let map: Vec<u8> = (0..999).map(|_| random.next() as u8).collect();
    let mut counts = CodeCounts::new(e);
    counts.update(&map).unwrap();
    for threshold in [0.0, 0.25, 0.5, 1.0] {
        let mut stream = Stream::summing(e, Own::at_least(&e, threshold), All);
        stream.update(&map, ()).unwrap();
        let record = stream.sums().record();
        assert_eq!(counts.own_at_least(threshold), record, "{threshold}");
        assert!(record.clamped > 100 && record.squares.is_some_and(|(pp, _)| pp > 1000));
    }
}

/// Masks of many classes are held to their word before any is counted.
#[test]
fn declared_masks_of_classes() {
    let mut classes: [_; 2] = core::array::from_fn(|class| Histogram::new(Mask01, Label::new(class as u8)));
    let mut channels = [CodeCounts::new(Mask01); 2];
    let good = [1, 0, 0, 1];
    count_classes(&mut classes, Interleaved(&good), &[0, 1], None, None).unwrap();
    count_channels(&mut channels, Interleaved(&good), None).unwrap();
    let (before, alone) = (classes, channels);
    for at in 0..4 {
        let mut map = good;
        map[at] = 2;
        assert_eq!(count_classes(&mut classes, Interleaved(&map), &[0, 1], None, None), Err(Error::Mask));
        assert_eq!(count_channels(&mut channels, Interleaved(&map), None), Err(Error::Mask));
    }
    assert!(classes == before && channels == alone);
}

/// Neighbours that are alike are counted at once, and those that only look alike, a word at a time, are not.
#[test]
fn neighbours_that_look_alike() {
    let sixteens: [fn(usize) -> u8; 7] = [
        |_| 200,
        |_| 0,
        |at| if at < 8 { 1 } else { 2 },
        |at| [1, 2][at % 2],
        // The second word is the first one turned by a byte.
        |at| [1, 2][(at + at / 8) % 2],
        |at| if at < 8 { 0 } else { 255 },
        |at| at as u8 * 17,
    ];
    for of in sixteens {
        let map: Vec<u8> = (0..4096 + 33).map(|at| of(at % 16)).collect();
        let mut counts = CodeCounts::<_, u32>::new(U8);
        counts.update(&map).unwrap();
        for sides in [|_: usize| 1u8, |at| (at % 2) as u8, |at| u8::from(at % 16 > 7)] {
            let mask: Vec<u8> = (0..map.len()).map(sides).collect();
            let mut beside = Histogram::<_, _, u32>::new(U8, NonZero);
            beside.update(&map, &mask).unwrap();
            let mut truth = [[0u64; 2]; 256];
            map.iter().zip(&mask).for_each(|(&code, &mark)| truth[usize::from(code)][usize::from(mark)] += 1);
            for code in 0..=255 {
                let found = truth[usize::from(code)];
                assert_eq!((beside.of(code), counts.of(code)), (found, found[0] + found[1]), "{code}");
            }
        }
    }
}
