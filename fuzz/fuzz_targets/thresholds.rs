//! A map of any codes against any mask, at any threshold: hard counts, histogram, tiles and reliability bins agree with the sums.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::histogram::{Clamp, EightBit, Histogram};
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    codes: &'a [u8],
    mask: &'a [u8],
    floats: Vec<f32>,
    threshold: f32,
    scale: f32,
    zero_point: u8,
    dead: u8,
    grid: [u8; 4],
}

fn check<P: Element, H: for<'b> HardTarget<Pixels<'b> = &'b [u8]>>(
    e: P,
    target: H,
    p: &[P::Raw],
    t: &[u8],
    at: f32,
    grid: [u8; 4],
) {
    for hard in [Thresholded::at_least(&e, at), Thresholded::above(&e, at)] {
        let (mut soft, mut cut) = (Stream::new(e, target), hard);
        if soft.update_both(p, t, &mut cut).is_err() {
            assert_eq!((soft, cut), (Stream::new(e, target), hard));
            continue;
        }
        assert!(cut.counts().pt <= cut.counts().p.min(cut.counts().t));
        assert_eq!(cut.record().count, soft.sums().count());
        let mut bins = Reliability::<_, _, 7>::new(e, target);
        bins.update(p, t).expect("as the stream");
        assert_eq!(bins.count(), soft.sums().count());
        assert_eq!(bins.bins().iter().map(|bin| bin.t).sum::<u64>(), soft.sums().t());
        let [width, height, columns, rows] = grid.map(usize::from);
        let mut sums = vec![Sums::<_, _, Linear>::new(e, target); columns.min(16) * rows.min(16)];
        let Ok(mut tiles) = Tiles::over(&mut sums[..]).grid(width, height, columns.min(16), rows.min(16)) else {
            continue;
        };
        let before = tiles.sums().to_vec();
        match tiles.update(p, t) {
            // A grid without tiles takes what has no pixels, and has no total.
            Ok(()) if before.is_empty() => assert_eq!(tiles.total().err(), Some(Error::Classes)),
            Ok(()) => assert_eq!(tiles.total().expect("tiles").record(), soft.sums().record()),
            Err(_) => assert_eq!(tiles.sums(), before),
        }
    }
}

fn counted<P: EightBit, H: for<'b> HardTarget<Pixels<'b> = &'b [u8]>>(
    e: P,
    target: H,
    p: &[P::Raw],
    t: &[u8],
    at: f32,
) {
    let (mut counts, mut stream) = (Histogram::new(e, target), Stream::summing(e, target, All));
    let done = counts.update(p, t);
    assert_eq!(done, stream.update(p, t));
    assert_eq!(counts.record(), stream.sums().record());
    if done.is_ok() {
        let (mut soft, mut hard) = (Stream::new(e, target), Thresholded::at_least(&e, at));
        soft.update_both(p, t, &mut hard).expect("as before");
        assert_eq!(counts.at_least(at), *hard.counts());
        assert_eq!(counts.cuts().count(), 257);
        let _ = (counts.cross_entropy(Clamp::Within(f64::from(at))), counts.brier(), counts.average_precision());
        assert!(counts.roc_area().is_ok_and(|area| (0.0..=1.0).contains(&area.f64())) || counts.roc_area().is_err());
        let _ = counts.best(&Score::tversky(at.into(), 0.5).smooth(at.into(), 1.0));
    }
}

fuzz_target!(|input: Input| {
    let Input { codes, mask, floats, threshold, scale, zero_point, dead, grid } = input;
    check(U8, NonZero, codes, mask, threshold, grid);
    check(U8, Label::new(1).ignoring(2), codes, mask, threshold, grid);
    check(F32::new(), ZeroOne::new(), &floats, mask, threshold, grid);
    counted(U8, NonZero, codes, mask, threshold);
    counted(Mask01, ZeroFull::new(), codes, mask, threshold);
    if let Ok(e) = U8Affine::new(scale, zero_point.into()) {
        check(e.dead_zone(dead), ZeroOne::new(), codes, mask, threshold, grid);
        counted(e.dead_zone(dead), Label::new(3).ignoring(0), codes, mask, threshold);
    }
});
