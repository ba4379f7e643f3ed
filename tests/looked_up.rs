//! Logits that are looked up in a table, or worked out in integers, against masks: on every backend what a loop over the pixels finds.

mod support;

use soft_dice::activation::{IntegerSigmoid, SigmoidTable, Tabled, integer_sigmoid};
use soft_dice::{Error, HardTarget, Label, Measured, NonZero, Region, Stream, Target, ZeroFull, ZeroOne};
use support::{Random, backends::on_every_backend};

static SIGNED: SigmoidTable = match SigmoidTable::i8(0.07, 5) {
    Ok(table) => table,
    Err(_) => panic!(),
};
static UNSIGNED: SigmoidTable = match SigmoidTable::u8(0.07, 130) {
    Ok(table) => table,
    Err(_) => panic!(),
};

/// Around a vector, a block of the loop, and a run of it.
const LENGTHS: [usize; 14] = [0, 1, 7, 31, 32, 33, 64, 255, 256, 257, 511, 513, 1000, 16_384 + 300];

/// Sums of codes that are known, of pixels that count.
fn sums(codes: &[Option<u32>], ones: &[bool]) -> [u128; 4] {
    let mut sums = [0; 4];
    for (code, &one) in codes.iter().zip(ones) {
        let Some(code) = *code else { continue };
        sums[0] += 1;
        sums[1] += u128::from(code);
        sums[2] += u128::from(one);
        sums[3] += if one { u128::from(code) } else { 0 };
    }
    sums
}

fn found(stream: &impl Measured) -> [u128; 4] {
    let record = stream.record();
    [record.count.into(), record.p, record.t, record.pt]
}

/// The table's codes against one kind of mask, whose bytes are `values`, at all lengths.
fn against<T>(name: &str, target: T, values: &[u8], one: impl Fn(u8) -> bool)
where
    T: HardTarget
        + for<'a> Target<Tabled<i8>, Buffer<'a> = &'a [u8]>
        + for<'a> Target<Tabled<u8>, Buffer<'a> = &'a [u8]>,
{
    let mut random = Random(11);
    let bytes: Vec<u8> = (0..17_000).map(|_| random.below(256) as u8).collect();
    let signed: Vec<i8> = bytes.iter().map(|&byte| byte as i8).collect();
    let marks: Vec<u8> = bytes.iter().map(|_| values[random.below(values.len())]).collect();
    let ones: Vec<bool> = marks.iter().map(|&mark| one(mark)).collect();
    // Both places in a word: the pixels begin anywhere.
    for (n, from) in LENGTHS.into_iter().flat_map(|n| [(n, 0), (n, 3)]) {
        let (part, ones, marks) = (from..from + n, &ones[from..from + n], &marks[from..from + n]);
        let codes: Vec<_> = bytes[part.clone()].iter().map(|&byte| Some(UNSIGNED.codes()[usize::from(byte)])).collect();
        let mut stream = Stream::new(Tabled::u8(&UNSIGNED), target);
        stream.update(&bytes[part.clone()], marks).unwrap();
        assert_eq!(found(stream.sums()), sums(&codes, ones), "{name}: {n} of u8 from {from}");
        let codes: Vec<_> =
            bytes[part.clone()].iter().map(|&byte| Some(SIGNED.codes()[usize::from(byte ^ 0x80)])).collect();
        let mut stream = Stream::new(Tabled::i8(&SIGNED), target);
        stream.update(&signed[part], marks).unwrap();
        assert_eq!(found(stream.sums()), sums(&codes, ones), "{name}: {n} of i8 from {from}");
    }
}

#[test]
fn tables_against_every_kind_of_mask() {
    on_every_backend(|name| {
        against(name, NonZero, &[0, 1, 7, 255], |mark| mark != 0);
        against(name, ZeroOne::new(), &[0, 1], |mark| mark == 1);
        against(name, ZeroOne::new().trusted(), &[0, 1], |mark| mark == 1);
        against(name, ZeroFull::new(), &[0, 255], |mark| mark == 255);
        against(name, ZeroFull::new().trusted(), &[0, 255], |mark| mark == 255);
        against(name, Label::new(3), &[0, 3, 131], |mark| mark == 3);
    });
}

/// A mask that is not as declared, wherever it is not: the state is as it was.
#[test]
fn a_broken_mask_is_refused() {
    on_every_backend(|name| {
        let logits = [9i8; 700];
        for at in [0, 15, 255, 256, 640, 699] {
            for (broken, full) in [(2, false), (255, false), (1, true), (254, true)] {
                let mut marks = [0u8; 700];
                marks[at] = broken;
                let mut one = Stream::new(Tabled::i8(&SIGNED), ZeroOne::new());
                let mut all = Stream::new(Tabled::i8(&SIGNED), ZeroFull::new());
                let (done, untouched) = if full {
                    (all.update(&logits, &marks), found(all.sums()) == [0; 4])
                } else {
                    (one.update(&logits, &marks), found(one.sums()) == [0; 4])
                };
                assert_eq!(done, Err(Error::Mask), "{name}: {broken} at {at}");
                assert!(untouched, "{name}: {broken} at {at}");
            }
        }
    });
}

/// What is looked at in a region goes another way.
#[test]
fn tables_in_a_region() {
    on_every_backend(|name| {
        let logits: Vec<i8> = (0..900).map(|i| (i * 7919 % 263) as u8 as i8).collect();
        let marks: Vec<u8> = (0..900).map(|i| (i % 3) as u8).collect();
        let inside: Vec<u8> = (0..900).map(|i| u8::from(i % 5 != 0)).collect();
        let mut stream = Stream::new(Tabled::i8(&SIGNED), NonZero);
        stream.update_within(&logits, &marks, Region::Bytes(&inside)).unwrap();
        let codes: Vec<_> = logits
            .iter()
            .zip(&inside)
            .map(|(&q, &inside)| (inside != 0).then(|| SIGNED.codes()[usize::from(q as u8 ^ 0x80)]))
            .collect();
        let ones: Vec<bool> = marks.iter().map(|&mark| mark != 0).collect();
        assert_eq!(found(stream.sums()), sums(&codes, &ones), "{name}");
    });
}

/// Sigmoids in integers, with pixels among them that are no number.
#[test]
fn sigmoids_in_integers() {
    on_every_backend(|name| {
        let mut random = Random(4);
        for n in LENGTHS {
            for none in [None, Some(0), Some(n / 2)] {
                let mut logits: Vec<f32> = (0..n).map(|_| (random.probability() - 0.5) * 40.0).collect();
                if let Some(x) = none.and_then(|at| logits.get_mut(at)) {
                    *x = f32::NAN;
                }
                let marks: Vec<u8> = (0..n).map(|_| random.below(2) as u8).collect();
                let mut stream = Stream::new(IntegerSigmoid, NonZero);
                stream.update(&logits, &marks).unwrap();
                let code = |&x: &f32| {
                    let p = integer_sigmoid(x);
                    (!p.is_nan()).then_some((p * 8_388_608.0) as u32)
                };
                let codes: Vec<_> = logits.iter().map(code).collect();
                let ones: Vec<bool> = marks.iter().map(|&mark| mark != 0).collect();
                assert_eq!(found(stream.sums()), sums(&codes, &ones), "{name}: {n} with {none:?}");
            }
        }
    });
}
