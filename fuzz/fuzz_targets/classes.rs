//! Many classes of any map and labels: interleaved is planar, chunks are the whole, and what is refused changes nothing; soft sums, the
//! greatest channel with a constant number of classes and one known at run time, confidence, and histograms of classes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::confidence::ClassConfidence;
use soft_dice::histogram::{Histogram, count_classes};
use soft_dice::*;

const C: usize = 3;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    map: &'a [u8],
    floats: Vec<f32>,
    labels: &'a [u8],
    ignore: Option<u8>,
    region: &'a [u8],
    cut: u8,
}

fn check<P: Element>(e: P, map: &[P::Raw], labels: &[u8], ignore: Option<u8>, region: Option<Region<'_>>, cut: usize) {
    let new = || {
        let (soft, hard) = (Multiclass::<[_; C]>::new(e, Linear), Argmax::<C>::new());
        ignore.map_or((soft, hard), |label| (soft.ignoring(label), hard.ignoring(label)))
    };
    let planes: Vec<P::Raw> = (0..C).flat_map(|c| map.iter().skip(c).step_by(C).copied()).collect();
    let whole = map.len() % C == 0;
    let ((mut soft, mut hard), (mut planar, mut twin)) = (new(), new());
    let (done, alike) = match region {
        None => (
            soft.update_both(Interleaved(map), labels, &mut hard),
            planar.update_both(Planar(&planes), labels, &mut twin),
        ),
        Some(region) => (
            soft.update_both_within(Interleaved(map), labels, region, &mut hard),
            planar.update_both_within(Planar(&planes), labels, region, &mut twin),
        ),
    };
    if done.is_err() {
        assert_eq!((soft, hard), new());
        return;
    }
    assert!(whole && alike == done);
    assert_eq!((soft, hard), (planar, twin));
    let mut room = [Counts::default(); C];
    let mut over = ArgmaxOver::new(&mut room).expect("three classes");
    if let Some(label) = ignore {
        over = over.ignoring(label);
    }
    match region {
        None => over.update(Interleaved(map), labels),
        Some(region) => over.update_within(Interleaved(map), labels, region),
    }
    .expect("as before");
    // Under no softmax the greatest channel decides alike, beside soft sums or without.
    assert_eq!(over.classes(), hard.classes());
    if region.is_none() {
        let at = cut.min(labels.len());
        let (mut parts, mut counts) = new();
        parts.update_both(Interleaved(&map[..at * C]), &labels[..at], &mut counts).expect("a part");
        parts.update_both(Interleaved(&map[at * C..]), &labels[at..], &mut counts).expect("the rest");
        assert_eq!((parts, counts), (soft, hard));
    }
    let mut sure = ClassConfidence::<_, C>::new(e);
    let done = match region {
        None => sure.update(map),
        Some(region) => sure.update_within(map, region),
    };
    assert!(done.is_ok() && sure.record().count <= labels.len() as u64);
}

fuzz_target!(|input: Input| {
    let Input { map, floats, labels, ignore, region, cut } = input;
    for region in [None, Some(Region::Bytes(region)), Some(Region::Bits(Bits::new(region)))] {
        check(U8, map, labels, ignore, region, cut.into());
        check(F32::new(), &floats, labels, ignore, region, cut.into());
        let mut counts: [_; C] = core::array::from_fn(|class| Histogram::new(U8, Label::new(class as u8)));
        let before = counts;
        if count_classes(&mut counts, Interleaved(map), labels, ignore, region).is_err() {
            assert!(counts == before);
        }
    }
});
