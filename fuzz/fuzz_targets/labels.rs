//! Two maps of any labels, and two masks of any bits: what a loop over pixels counts, or a named error and nothing changed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    p: &'a [u8],
    t: &'a [u8],
    wide: Vec<i64>,
    classes: u8,
    ignore: Option<i64>,
    offsets: [u8; 2],
    pixels: u16,
}

fn check<A: LabelValue + Into<i64>, B: LabelValue + Into<i64>>(p: &[A], t: &[B], classes: usize, ignore: Option<i64>) {
    let mut room = vec![Counts::default(); classes];
    let mut maps = match LabelMaps::over(&mut room) {
        Ok(maps) => match ignore {
            Some(label) => maps.ignoring(label),
            None => maps,
        },
        Err(_) => return,
    };
    let class = |label: i64| (0..classes as i64).contains(&label);
    let right = p.len() == t.len()
        && p.iter().zip(t).all(|(&p, &t)| Some(t.into()) == ignore || class(p.into()) && class(t.into()));
    assert_eq!(maps.update(p, t).is_ok(), right);
    let mut truth = vec![[0u64; 3]; classes];
    for (&p, &t) in p.iter().zip(t).filter(|(_, t)| right && Some((**t).into()) != ignore) {
        let (p, t): (i64, i64) = (p.into(), t.into());
        truth[p as usize][0] += 1;
        truth[t as usize][1] += 1;
        truth[p as usize][2] += u64::from(p == t);
    }
    let found: Vec<_> = maps.classes().iter().map(|class| [class.p, class.t, class.pt]).collect();
    assert_eq!(found, truth);
}

fn bits<O: BitOrder, T: PackedTarget>(order: O, target: T, p: Bits<'_>, t: T::Buffer<'_>, pixels: usize) {
    let mut stream = BitStream::new(order, target);
    match stream.update(p, t, pixels) {
        Ok(()) => {
            let record = stream.sums().record();
            assert!(stream.sums().seen() == pixels as u64 && record.pt <= record.p.min(record.t));
        }
        Err(_) => assert_eq!(stream, BitStream::new(order, target)),
    }
}

fuzz_target!(|input: Input| {
    let Input { p, t, wide, classes, ignore, offsets, pixels } = input;
    let classes = usize::from(classes) + 1;
    check(p, t, classes, ignore);
    check(p, &wide, classes, ignore);
    check(&wide, t, classes, ignore);
    let [a, b] = offsets.map(usize::from);
    let (from_p, from_t, pixels) = (Bits::at(p, a), Bits::at(t, b), usize::from(pixels));
    bits(LsbFirst, LsbFirst, from_p, from_t, pixels);
    bits(MsbFirst, LsbFirst, from_p, from_t, pixels);
    bits(MsbFirst, ZeroOne::new(), from_p, t, t.len());
    bits(LsbFirst, Label::new(1).ignoring(2), from_p, t, t.len());
    if let (Ok(cut), Ok(other)) = (Bits::padded(p, pixels, MsbFirst), Bits::padded(t, pixels, MsbFirst)) {
        bits(MsbFirst, MsbFirst, cut, other, pixels);
    }
});
