//! Many classes: the bits of one stream for each class, for any layout, chunking and subset; and what is refused.

#[path = "support/backends.rs"]
mod backends;
#[path = "support/random.rs"]
mod random;
#[path = "support/seeds.rs"]
mod seeds;

use backends::on_every_backend;
use proptest::prelude::*;
use random::Random;
use seeds::seed;
use soft_dice::*;

const C: usize = 5;

/// The same values as planes.
fn planar<R: Copy>(interleaved: &[R], channels: usize) -> Vec<R> {
    (0..channels).flat_map(|c| interleaved.iter().skip(c).step_by(channels).copied()).collect()
}

/// Everything that must hold for one element on one random map.
fn check<P: Element, M: Moments>(e: P, moments: M, seed: u64, pixels: usize, raw: fn(&mut Random) -> P::Raw) {
    let mut random = Random(seed);
    let p: Vec<P::Raw> = (0..C * pixels).map(|_| raw(&mut random)).collect();
    let labels: Vec<u8> = (0..pixels).map(|_| [0, 1, 2, 3, 4, 255][random.below(6)]).collect();
    let masks: Vec<u8> = (0..C * pixels).map(|_| random.below(2) as u8).collect();
    let region: Vec<u8> = (0..pixels).map(|_| random.below(3) as u8).collect();
    let (planes, mask_planes) = (planar(&p, C), planar(&masks, C));
    let plane = |c: usize| &planes[c * pixels..(c + 1) * pixels];
    let new = || Multiclass::<[_; C]>::new(e, moments).ignoring(255);
    let what = format!("{e:?} {moments:?} seed {seed} pixels {pixels}");

    // One stream for each class.
    let mut whole = new();
    whole.update(Planar(&planes), &labels).unwrap();
    let (mut inside, mut within) = (new(), new());
    inside.update_within(Interleaved(&p), &labels, Region::Bytes(&region)).unwrap();
    within.update_within(Planar(&planes), &labels, Region::Bytes(&region)).unwrap();
    assert_eq!(inside, within, "{what}: region");
    for c in 0..C {
        let mut stream = Stream::summing(e, Label::new(c as u8).ignoring(255), moments);
        stream.update(plane(c), &labels).unwrap();
        assert_eq!(stream.sums().record(), whole.sums()[c].record(), "{what}: class {c}");
        stream.reset();
        stream.update_within(plane(c), &labels, Region::Bytes(&region)).unwrap();
        assert_eq!(stream.sums().record(), inside.sums()[c].record(), "{what}: class {c} within");
    }

    // Any layout, in random chunks, merged.
    let (mut streamed, mut merged, mut by_planes) = (new(), new(), new());
    let mut at = 0;
    while at < pixels {
        let most = [3, 40, 700][random.below(3)];
        let to = pixels.min(at + 1 + random.below(most));
        let rows = Interleaved(&p[at * C..to * C]);
        streamed.update(rows, &labels[at..to]).unwrap();
        let mut part = new();
        part.update(rows, &labels[at..to]).unwrap();
        merged.merge(&part).unwrap();
        let parts: Vec<_> = (0..C).map(|c| &plane(c)[at..to]).collect();
        by_planes.update(Planes(&parts), &labels[at..to]).unwrap();
        at = to;
    }
    assert_eq!(whole, streamed, "{what}: interleaved chunks");
    assert_eq!(whole, merged, "{what}: merges");
    assert_eq!(whole, by_planes, "{what}: planes");

    // A subset, and sums that the caller owns.
    let mut some = Multiclass::subset(e, moments, [3, 1], C).unwrap().ignoring(255);
    some.update(Interleaved(&p), &labels).unwrap();
    assert_eq!(some.sums(), [whole.sums()[3], whole.sums()[1]], "{what}: subset");
    let mut slice = [Sums::new(e, Label::new(4)), Sums::new(e, Label::new(0))];
    Multiclass::over(&mut slice[..], C).unwrap().ignoring(255).update(Interleaved(&p), &labels).unwrap();
    assert_eq!(slice, [whole.sums()[4], whole.sums()[0]], "{what}: slice");

    // Masks for each class.
    let mut many = Multilabel::<[_; C]>::new(e, ZeroOne::new(), moments);
    many.update(Interleaved(&p), Interleaved(&masks)).unwrap();
    let mut mixed = Multilabel::<[_; C]>::new(e, ZeroOne::new(), moments);
    mixed.update(Interleaved(&p), Planar(&mask_planes)).unwrap();
    assert_eq!(many, mixed, "{what}: layouts may differ");
    let mut rest = Multilabel::<[_; C - 1]>::new(e, ZeroOne::new(), moments).channels(1, C).unwrap();
    rest.update(Planar(&planes), Interleaved(&masks)).unwrap();
    assert_eq!(rest.sums(), &many.sums()[1..], "{what}: without the background");
    for c in 0..C {
        let mut stream = Stream::summing(e, ZeroOne::new(), moments);
        stream.update(plane(c), &mask_planes[c * pixels..(c + 1) * pixels]).unwrap();
        assert_eq!(stream.sums(), &many.sums()[c], "{what}: label {c}");
    }
    let before = many;
    many.update_class(2, plane(2), &mask_planes[2 * pixels..3 * pixels]).unwrap();
    assert_eq!(many.sums()[2].seen(), 2 * before.sums()[2].seen(), "{what}: a plane alone");
    assert_eq!(many.sums()[..2], before.sums()[..2], "{what}: a plane alone");
}

/// Interleaved maps have lanes of their own; planar ones are read class by class. The number of channels is a value, so
/// that this is compiled once for each element.
fn lanes<P: Element, M: Moments>(e: P, moments: M, seed: u64, raw: fn(&mut Random) -> P::Raw) {
    for channels in [1, 2, 7, 16, 21, 49, 64, 65] {
        let mut random = Random(seed);
        let pixels = random.below(700);
        let p: Vec<P::Raw> = (0..channels * pixels).map(|_| raw(&mut random)).collect();
        let label = |random: &mut Random| if random.below(5) == 0 { 255 } else { random.below(channels) as u8 };
        let labels: Vec<u8> = (0..pixels).map(|_| label(&mut random)).collect();
        #[allow(clippy::type_complexity, reason = "a closure's type cannot be named for the generics of its function")]
        let sums = |of: &mut dyn FnMut(&mut Multiclass<&mut [Sums<P, Label, M>]>)| -> Vec<Sums<P, Label, M>> {
            let mut sums: Vec<_> = (0..channels).map(|class| Sums::new(e, Label::new(class as u8))).collect();
            of(&mut Multiclass::over(&mut sums[..], channels).unwrap().ignoring(255));
            sums
        };
        let rows = sums(&mut |classes| classes.update(Interleaved(&p), &labels).unwrap());
        let planes = planar(&p, channels);
        let by_plane = sums(&mut |classes| classes.update(Planar(&planes), &labels).unwrap());
        let what = format!("{e:?} {moments:?} {channels} channels, seed {seed}");
        assert_eq!(rows, by_plane, "{what}");
        let at = random.below(pixels + 1);
        let cut = sums(&mut |classes| {
            classes.update(Interleaved(&p[..channels * at]), &labels[..at]).unwrap();
            classes.update(Interleaved(&p[channels * at..]), &labels[at..]).unwrap();
        });
        assert_eq!(rows, cut, "{what}");
    }
}

fn lanes_of_every_element(seed: u64) {
    lanes(U8, Linear, seed, |r| r.next() as u8);
    lanes(U8, Minima, seed, |_| 255);
    lanes(I8::TFLITE, Linear, seed, |r| r.next() as i8);
    lanes(I8::TFLITE.dead_zone(9), Linear, seed, |r| r.next() as i8);
    lanes(Q15::new(), Linear, seed, |r| r.next() as i16);
    lanes(F32::new(), Minima, seed, Random::probability);
    lanes(F32::new(), Linear, seed, |_| 1.0);
    lanes(F32::new().range(Range::Clamp), Linear, seed, Random::wild);
    // One value in a thousand needs care: some blocks take the other way.
    lanes(F32::new(), Linear, seed, |r| if r.below(1000) == 0 { r.wild() } else { r.probability() });
    lanes(F32::new().trusted(), Linear, seed, Random::probability);
}

#[test]
fn classes_are_streams() {
    let mut random = Random(seed());
    on_every_backend(|_| {
        for _ in 0..8 {
            let (seed, pixels) = (random.next(), random.below(900));
            check(U8, Linear, seed, pixels, |r| r.next() as u8);
            check(I8::TFLITE, All, seed, pixels, |r| r.next() as i8);
            check(Q15::new(), Squares, seed, pixels, |r| r.next() as i16);
            check(F32::new(), Minima, seed, pixels, Random::wild);
            check(F32Fine::new().range(Range::Clamp), All, seed, pixels, Random::wild);
        }
    });
}

#[test]
fn lanes_take_all_channels() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| (0..6).for_each(|_| lanes_of_every_element(random.next())));
    println!("on {}", backends.join(", "));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]
    /// An error found anywhere in a chunk leaves every class as it was.
    #[test]
    fn errors_change_nothing(seed in any::<u64>(), pixels in 1usize..900) {
        let mut random = Random(seed);
        let e = F32::new().range(Range::Refuse);
        let mut p: Vec<f32> = (0..C * pixels).map(|_| random.probability()).collect();
        let mut labels: Vec<u8> = (0..pixels).map(|_| random.below(C) as u8).collect();
        let mut masks: Vec<u8> = (0..C * pixels).map(|_| random.below(2) as u8).collect();
        let mut many = Multilabel::<[_; C]>::new(e, ZeroOne::new(), All);
        let mut one = Multiclass::<[_; C]>::new(e, All);
        many.update(Interleaved(&p), Interleaved(&masks)).unwrap();
        one.update(Interleaved(&p), &labels).unwrap();
        let before = (many, one);
        let at = random.below(C * pixels);
        let was = core::mem::replace(&mut p[at], f32::NAN);
        prop_assert_eq!(many.update(Interleaved(&p), Interleaved(&masks)), Err(Error::Range));
        prop_assert_eq!(one.update(Interleaved(&p), &labels), Err(Error::Range));
        prop_assert_eq!(one.update(Planar(&p), &labels), Err(Error::Range));
        p[at] = was;
        masks[at] = 2;
        prop_assert_eq!(many.update(Interleaved(&p), Planar(&masks)), Err(Error::Mask));
        labels[at / C] = C as u8;
        prop_assert_eq!(one.update(Interleaved(&p), &labels), Err(Error::Label));
        prop_assert_eq!((many, one), before);
    }
}

#[test]
fn bad_shapes_are_refused() {
    let mut one = Multiclass::<[_; 3]>::new(U8, Linear);
    let mut many = Multilabel::<[_; 3]>::new(U8, NonZero, Linear);
    let p = [1u8; 12];
    assert_eq!(one.update(Interleaved(&p[..11]), &[0; 4]), Err(Error::Split));
    assert_eq!(one.update(Planar(&p[..10]), &[0; 3]), Err(Error::Split));
    assert_eq!(one.update(Interleaved(&p), &[0; 3]), Err(Error::Length));
    assert_eq!(one.update(Planes(&[&p, &p]), &[0; 12]), Err(Error::Classes));
    assert_eq!(one.update(Planes(&[&p, &p, &p[1..]]), &[0; 12]), Err(Error::Length));
    assert_eq!(one.update(Interleaved(&p), &[0, 1, 2, 3]), Err(Error::Label));
    assert_eq!(one.update_within(Interleaved(&p), &[0; 4], Region::Bytes(&[1; 3])), Err(Error::Length));
    assert_eq!(many.update(Interleaved(&p), Interleaved(&p[..9])), Err(Error::Length));
    assert_eq!(many.update(Interleaved(&p), Interleaved(&p[..8])), Err(Error::Split));
    assert_eq!(many.update_class(3, &p, &p), Err(Error::Classes));
    assert_eq!((one, many), (Multiclass::new(U8, Linear), Multilabel::new(U8, NonZero, Linear)));
    assert_eq!(Multiclass::subset(U8, Linear, [0, 3], 3).err(), Some(Error::Classes));
    assert_eq!(Multiclass::subset(U8, Linear, [1, 1], 3).err(), Some(Error::Classes));
    assert_eq!(Multiclass::subset(U8, Linear, [0], 257).err(), Some(Error::Classes));
    assert_eq!(Multiclass::subset(U8, Linear, [], 3).err(), Some(Error::Classes));
    assert_eq!(many.channels(1, 3).err(), Some(Error::Classes));
    let mut other = Multiclass::subset(U8, Linear, [2, 1, 0], 3).unwrap();
    assert_eq!(other.merge(&one), Err(Error::Mismatch));
}

#[test]
fn all_256_classes() {
    let mut one = Multiclass::<[_; 256]>::new(U8, Linear);
    let p: Vec<u8> = (0..512).map(|i| i as u8).collect();
    one.update(Interleaved(&p), &[255, 0]).unwrap();
    assert_eq!((one.sums()[255].p(), one.sums()[255].t(), one.sums()[255].pt()), (510, 1, 255));
    assert_eq!((one.sums()[0].p(), one.sums()[0].t(), one.sums()[0].pt()), (0, 1, 0));
}
