//! Masks as predictions: bytes of {0, 1} and {0, 255}, bits of either order from any bit on, and whole words, against every target and
//! in every region; a mask with itself is 1 in every guise; and what is refused.

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

/// Bits of these pixels in an order, from a bit on, with ones and zeros around them.
fn packed(random: &mut Random, ones: &[bool], offset: usize, msb: bool) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..(offset + ones.len()).div_ceil(8)).map(|_| random.next() as u8).collect();
    for (at, &one) in ones.iter().enumerate() {
        let (byte, bit) = (&mut bytes[(offset + at) / 8], (offset + at) % 8);
        let bit = if msb { 0x80 >> bit } else { 1 << bit };
        *byte = if one { *byte | bit } else { *byte & !bit };
    }
    bytes
}

/// One target beside bits in both orders: the sums are those of the same mask in bytes, which `Stream` has in loops of its own.
fn check<'a, T: PackedTarget, M: Moments>(
    random: &mut Random,
    ones: &[bool],
    target: T,
    moments: M,
    t: &dyn Fn(usize, usize) -> <T as Target<Mask01>>::Buffer<'a>,
) {
    fn order<'a, O: BitOrder, T: PackedTarget, M: Moments>(
        random: &mut Random,
        ones: &[bool],
        order: O,
        msb: bool,
        (target, moments): (T, M),
        t: &dyn Fn(usize, usize) -> <T as Target<Mask01>>::Buffer<'a>,
    ) {
        let n = ones.len();
        let offset = random.below(11);
        let bits = packed(random, ones, offset, msb);
        let bytes: Vec<u8> = ones.iter().map(|&one| u8::from(one)).collect();
        let what = format!("{order:?} x {target:?} {moments:?}, {n} pixels from {offset}");
        let (mut stream, mut twin) =
            (BitStream::summing(order, target, moments), Stream::summing(Mask01, target, moments));
        stream.update(Bits::at(&bits, offset), t(0, n), n).unwrap();
        twin.update(&bytes, t(0, n)).unwrap();
        assert_eq!(stream.sums().record(), twin.sums().record(), "{what}");

        let (mut parts, mut at) = (BitStream::summing(order, target, moments), 0);
        while at < n {
            let pixels = (1 + random.below(900)).min(n - at);
            let from = offset + at;
            let chunk = Bits::at(&bits[from / 8..(from + pixels).div_ceil(8)], from % 8);
            let mut part = BitStream::summing(order, target, moments);
            part.update(chunk, t(at, pixels), pixels).unwrap();
            parts.merge(&part).unwrap();
            at += pixels;
        }
        assert_eq!(parts, stream, "{what}: chunks");

        let region: Vec<u8> = (0..n + 2).map(|_| [0, 1, 9][random.below(3)]).collect();
        let regions = [Region::Bytes(&region[..n]), Region::Bits(Bits::at(&region[..(n + 3).div_ceil(8)], 3))];
        for region in regions {
            stream.reset();
            twin.reset();
            stream.update_within(Bits::at(&bits, offset), t(0, n), n, region).unwrap();
            twin.update_within(&bytes, t(0, n), region).unwrap();
            assert_eq!(stream.sums().record(), twin.sums().record(), "{what}: {region:?}");
        }
    }
    order(random, ones, LsbFirst, false, (target, moments), t);
    order(random, ones, MsbFirst, true, (target, moments), t);
}

#[test]
fn bits_against_every_target() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| {
        for pixels in [0, 1, random.below(70), random.below(900), 2000 + random.below(5000)] {
            let r = &mut random;
            let ones: Vec<bool> = (0..pixels).map(|_| r.below(2) == 0).collect();
            let any: Vec<u8> = (0..pixels + 9).map(|_| [0, 1, 2, 255][r.below(4)]).collect();
            let mask: Vec<u8> = (0..pixels).map(|_| r.below(2) as u8).collect();
            let full: Vec<u8> = mask.iter().map(|one| one * 255).collect();
            let codes: Vec<i8> = (0..pixels).map(|_| r.next() as i8).collect();
            let floats: Vec<f32> = (0..pixels).map(|_| r.wild()).collect();
            let bits = |at: usize, n: usize| Bits::at(&any[(at + 5) / 8..(at + 5 + n).div_ceil(8)], (at + 5) % 8);
            let any = |at: usize, n: usize| &any[at..at + n];
            check(r, &ones, NonZero, Linear, &any);
            check(r, &ones, ZeroOne::new(), All, &|at, n| &mask[at..at + n]);
            check(r, &ones, ZeroOne::new().trusted(), Linear, &|at, n| &mask[at..at + n]);
            check(r, &ones, ZeroFull::new(), Linear, &|at, n| &full[at..at + n]);
            check(r, &ones, Label::new(2), Squares, &any);
            check(r, &ones, Label::new(2).ignoring(255), Minima, &any);
            check(r, &ones, LsbFirst, All, &bits);
            check(r, &ones, MsbFirst, Linear, &bits);
            check(r, &ones, Own::at_least(&Mask01, 0.5), All, &|_, _| ());
            check(r, &ones, Soft(I8::TFLITE), All, &|at, n| &codes[at..at + n]);
            check(r, &ones, Soft(F32::new()), Linear, &|at, n| &floats[at..at + n]);
            check(r, &ones, Soft(F32Fine::new().range(Range::Clamp)), Squares, &|at, n| &floats[at..at + n]);
            check(r, &ones, Soft(Mask01), All, &|at, n| &mask[at..at + n]);
            check(r, &ones, Soft(Mask255), Linear, &|at, n| &full[at..at + n]);
        }
    });
    println!("on {}", backends.join(", "));
}

/// Every guise of a mask, as prediction and as target.
#[test]
fn a_mask_with_itself() {
    let mut random = Random(seed());
    on_every_backend(|_| {
        for pixels in [1, 31, 32, 33, 500, 4097] {
            let mut ones: Vec<bool> = (0..pixels).map(|_| random.below(3) == 0).collect();
            ones[pixels / 2] = true;
            let one: Vec<u8> = ones.iter().map(|&one| u8::from(one)).collect();
            let full: Vec<u8> = one.iter().map(|one| one * 255).collect();
            let float: Vec<f32> = one.iter().map(|&one| f32::from(one)).collect();
            let [lsb, msb] = [false, true].map(|msb| packed(&mut random, &ones, 0, msb));
            let (lsb, msb) = (Bits::new(&lsb), Bits::new(&msb));
            let mut words = vec![0u32; pixels.div_ceil(32)];
            (0..pixels).filter(|&at| ones[at]).for_each(|at| words[at / 32] |= 0x8000_0000 >> (at % 32));
            macro_rules! one {
                ($(($element:expr, $p:expr))*) => {$(
                    one!(@ $element, $p; (NonZero, &one) (NonZero, &full) (ZeroOne::new(), &one) (ZeroFull::new(), &full)
                        (Label::new(1), &one) (LsbFirst, lsb) (MsbFirst, msb) (Soft(Mask01), &one) (Soft(Mask255), &full)
                        (Soft(U8), &full) (Soft(F32::new()), &float) (Own::at_least(&$element, 0.5), ()));
                )*};
                (@ $element:expr, $p:expr; $(($target:expr, $t:expr))*) => {$(
                    let mut stream = Stream::summing($element, $target, All);
                    stream.update($p, $t).unwrap();
                    for score in [Score::dice(), Score::jaccard(), Score::dice().squared(), Score::dice().semimetric()] {
                        assert_eq!(score.f64(stream.sums()), Ok(1.0), "{:?} {:?}", $element, $target);
                    }
                )*};
            }
            one!((Mask01, &one)(Mask255, &full)(U8, &full)(F32::new(), &float));
            macro_rules! bits {
                ($($order:expr, $p:expr;)*) => {$(
                    bits!(@ $order, $p; (NonZero, &one) (ZeroFull::new(), &full) (Label::new(1), &one) (LsbFirst, lsb)
                        (MsbFirst, msb) (Soft(U8), &full) (Soft(F32::new()), &float) (Own::at_least(&Mask01, 0.5), ()));
                )*};
                (@ $order:expr, $p:expr; $(($target:expr, $t:expr))*) => {$(
                    let mut stream = BitStream::summing($order, $target, All);
                    stream.update($p, $t, pixels).unwrap();
                    for score in [Score::dice(), Score::jaccard(), Score::dice().squared(), Score::dice().semimetric()] {
                        assert_eq!(score.f64(stream.sums()), Ok(1.0), "{:?} {:?}", $order, $target);
                    }
                )*};
            }
            bits!(LsbFirst, lsb; MsbFirst, msb;);
            let mut whole = BitStream::new(MsbFirst, MsbFirst);
            whole.update_words(&words, &words, pixels).unwrap();
            assert_eq!((Score::dice().f64(whole.sums()), whole.sums().count()), (Ok(1.0), pixels as u64));
            let mut maps = LabelMaps::<[_; 2]>::new();
            maps.update(&one, &one).unwrap();
            assert_eq!(Score::dice().f64(&maps.classes()[1]), Ok(1.0));
        }
    });
}

#[test]
fn whole_words_and_padded_ends() {
    let mut random = Random(seed());
    for pixels in [0usize, 1, 7, 8, 31, 32, 33, 64, 1000, 1001] {
        let maps: [Vec<bool>; 2] = core::array::from_fn(|_| (0..pixels).map(|_| random.below(2) == 0).collect());
        let count = |of: &dyn Fn(usize) -> bool| (0..pixels).filter(|&at| of(at)).count() as u64;
        let truth = [count(&|at| maps[0][at]), count(&|at| maps[1][at]), count(&|at| maps[0][at] && maps[1][at])];
        for msb in [false, true] {
            let words = [0, 1].map(|map: usize| {
                let mut words = vec![0u32; pixels.div_ceil(32)];
                for at in (0..pixels).filter(|&at| maps[map][at]) {
                    words[at / 32] |= if msb { 0x8000_0000 >> (at % 32) } else { 1 << (at % 32) };
                }
                words
            });
            // The same as bytes in the order of the pixels, ending in the padding of a word.
            let bytes = words.each_ref().map(|words| -> Vec<u8> {
                let bytes = |word: &u32| if msb { word.to_be_bytes() } else { word.to_le_bytes() };
                words.iter().flat_map(bytes).collect()
            });
            macro_rules! order {
                ($order:expr) => {{
                    let mut whole = BitStream::new($order, $order);
                    whole.update_words(&words[0], &words[1], pixels).unwrap();
                    assert_eq!([whole.sums().p(), whole.sums().t(), whole.sums().pt()], truth);
                    let cut = |map: usize| Bits::padded(&bytes[map], pixels, $order).unwrap();
                    let mut padded = BitStream::new($order, $order);
                    padded.update(cut(0), cut(1), pixels).unwrap();
                    assert_eq!(padded, whole);
                    let before = whole;
                    for bit in pixels..words[0].len() * 32 {
                        let (mut wrong, mut wrong_bytes) = (words[0].clone(), bytes[0].clone());
                        wrong[bit / 32] |= if msb { 0x8000_0000 >> (bit % 32) } else { 1 << (bit % 32) };
                        wrong_bytes[bit / 8] |= if msb { 0x80 >> (bit % 8) } else { 1 << (bit % 8) };
                        assert_eq!(whole.update_words(&wrong, &words[1], pixels), Err(Error::Mask), "{bit}");
                        assert_eq!(whole.update_words(&words[0], &wrong, pixels), Err(Error::Mask), "{bit}");
                        assert_eq!(Bits::padded(&wrong_bytes, pixels, $order), Err(Error::Mask), "{bit}");
                    }
                    let longer = [&words[0][..], &[0]].concat();
                    assert_eq!(whole.update_words(&longer, &words[1], pixels), Err(Error::Length));
                    assert_eq!(whole.update_words(&words[0], &longer, pixels), Err(Error::Length));
                    assert_eq!(Bits::padded(&bytes[0], 8 * bytes[0].len() + 1, $order), Err(Error::Length));
                    assert_eq!(whole, before);
                }};
            }
            if msb { order!(MsbFirst) } else { order!(LsbFirst) }
        }
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    let (bits, mut mask, good) = ([0xA5u8; 40], [1u8; 320], [1u8; 320]);
    let bits = Bits::new(&bits);
    let mut stream = BitStream::new(LsbFirst, ZeroOne::new());
    stream.update(bits, &mask, 320).unwrap();
    let before = stream;
    mask[319] = 3;
    assert_eq!(stream.update(bits, &mask, 320), Err(Error::Mask));
    assert_eq!(stream.update_rows(bits, &mask, Rows::new(32, 10), None), Err(Error::Mask));
    assert_eq!(stream.update(bits, &mask[1..], 320), Err(Error::Length));
    assert_eq!(stream.update(bits, &mask[1..], 319), Err(Error::Mask));
    assert_eq!(stream.update(bits, &mask[..312], 312), Err(Error::Length));
    assert_eq!(stream.update_within(bits, &mask, 320, Region::Bytes(&mask[1..])), Err(Error::Length));
    assert_eq!(stream.update_rows(bits, &good, Rows::new(32, 11), None), Err(Error::Rows));
    assert_eq!(stream.update_rows(bits, &mask, Rows::new(32, 10).stride(31), None), Err(Error::Rows));
    assert_eq!(stream.update_rows(bits, &mask, Rows::new(usize::MAX, 2), None), Err(Error::Rows));
    assert_eq!(stream, before);
    // Outside the region nobody looks.
    let mut region = [1u8; 320];
    region[319] = 0;
    stream.update_within(bits, &mask, 320, Region::Bytes(&region)).unwrap();
    assert_eq!((stream.sums().count(), stream.sums().ignored()), (639, 1));

    let nan = [f32::NAN; 8];
    let mut strict = BitStream::new(LsbFirst, Soft(F32::new().range(Range::Refuse)));
    assert_eq!(strict.update(Bits::new(&[1]), &nan, 8), Err(Error::Range));
    let mut declared = BitStream::new(LsbFirst, Soft(Mask01));
    assert_eq!(declared.update(Bits::new(&[1]), &[2; 8], 8), Err(Error::Mask));
    assert_eq!((strict.sums().seen(), declared.sums().seen()), (0, 0));

    // Rows of bits begin where their stride says; the same pixels in one piece.
    let mut random = Random(seed());
    let (bytes, t): (Vec<u8>, Vec<u8>) = (0..64).map(|_| (random.next() as u8, random.next() as u8)).unzip();
    for (width, height, stride) in [(5usize, 9usize, 8usize), (11, 7, 16), (33, 6, 37), (0, 9, 8)] {
        let (mut by_rows, mut one_by_one) = (BitStream::new(MsbFirst, LsbFirst), BitStream::new(MsbFirst, LsbFirst));
        let rows = Rows::new(width, height).stride(stride).target_stride(stride);
        by_rows.update_rows(Bits::new(&bytes), Bits::new(&t), rows, None).unwrap();
        for at in (0..height).flat_map(|y| (0..width).map(move |x| y * stride + x)) {
            let (p, t) = (Bits::at(&bytes[at / 8..=at / 8], at % 8), Bits::at(&t[at / 8..=at / 8], at % 8));
            one_by_one.update(p, t, 1).unwrap();
        }
        assert_eq!(by_rows, one_by_one);
    }
}

/// Bytes that are neither, in every call that takes such an element.
#[test]
fn declared_masks_are_held_to_their_word() {
    on_every_backend(|_| {
        for pixels in [1usize, 9, 100, 5000] {
            for at in [0, pixels / 2, pixels - 1] {
                let (mut ones, mut full) = (vec![1u8; pixels], vec![255u8; pixels]);
                (ones[at], full[at]) = (255, 1);
                let t = vec![1u8; pixels];
                let (mut a, mut b) = (Stream::new(Mask01, NonZero), Stream::new(Mask255, Soft(U8)));
                assert_eq!((a.update(&ones, &t), b.update(&full, &t)), (Err(Error::Mask), Err(Error::Mask)));
                let mut target = Stream::new(U8, Soft(Mask01));
                assert_eq!(target.update(&t, &ones), Err(Error::Mask));
                let mut hard = Thresholded::at_least(&Mask01, 0.5);
                assert_eq!(a.update_both(&ones, &t, &mut hard), Err(Error::Mask));
                let mut classes = Multiclass::<[_; 1]>::new(Mask01, Linear);
                assert_eq!(classes.update(Interleaved(&ones), &vec![0; pixels]), Err(Error::Mask));
                let mut masks = Multilabel::<[_; 1]>::new(Mask255, NonZero, Linear);
                assert_eq!(masks.update(Planar(&full), Planar(&t)), Err(Error::Mask));
                let mut tiles = Tiles::<[_; 1]>::new(Mask01, NonZero).grid(pixels, 1, 1, 1).unwrap();
                assert_eq!(tiles.update(&ones, &t), Err(Error::Mask));
                let mut bins = Reliability::<_, _, 4>::new(Mask01, NonZero);
                assert_eq!(bins.update(&ones, &t), Err(Error::Mask));
                let seen = [a.sums().seen(), b.sums().seen(), target.sums().seen(), classes.sums()[0].seen()];
                assert_eq!((seen, masks.sums()[0].seen(), bins.count()), ([0; 4], 0, 0));
            }
        }
    });
}
