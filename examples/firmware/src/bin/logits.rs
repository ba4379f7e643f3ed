//! Instructions per value of what reads `f32` logits, each by the library's own function, by its integers, by micromath and
//! by libm: `instr_per_value <function> <by> <value>`, call and loop included.
//!
//! Counts repeat exactly under `-icount shift=7`, which run.sh sets.

#![no_std]
#![no_main]

use board::{Counter, Out, say};
use cases::Random;
use core::hint::black_box;
use soft_dice::activation::{
    ApproximateSigmoid, ApproximateSoftmax, IntegerSigmoid, IntegerSoftmax, Sigmoid, Softmax, approximate_sigmoid, exp,
    integer_sigmoid, ln, sigmoid,
};
use soft_dice::{Columns, Element, Error, F32, Interleaved, Linear, Multiclass, NonZero, Stream};

board::panic_exits!();

/// Values of a measured call.
const VALUES: usize = 256;
/// Classes of a softmax.
const CLASSES: usize = 4;

/// Out of line, so that both runs are of the same code, and nothing of the first is done in the second.
#[inline(never)]
fn measured(counter: &mut Counter, one: &mut dyn FnMut()) -> u32 {
    counter.instructions(black_box(one))
}

/// Writes how many instructions a value takes: the same each time, or the run ends.
fn line(out: &mut Out, counter: &mut Counter, function: &str, by: &str, one: &mut dyn FnMut()) {
    let (first, again) = (measured(counter, one), measured(counter, one));
    if first.abs_diff(again) > 2 {
        say!(*out, "{function} {by}: {first}, then {again}");
        out.flush();
        board::exit(1)
    }
    let tenths = (first.min(again) * 10 + VALUES as u32 / 2) / VALUES as u32;
    say!(*out, "instr_per_value {function} {by} {}.{}", tenths / 10, tenths % 10);
}

/// A function of each of the logits.
fn map(of: impl Fn(f32) -> f32, logits: &[f32; VALUES], found: &mut [f32; VALUES]) {
    for (found, &x) in found.iter_mut().zip(black_box(logits)) {
        *found = of(x);
    }
    black_box(found);
}

/// The three sums of logits against a mask.
fn stream<E: Element<Raw = f32>>(element: E, logits: &[f32; VALUES], mask: &[u8; VALUES]) -> Result<(), Error> {
    black_box(&mut Stream::new(element, NonZero)).update(black_box(logits), black_box(mask))
}

/// The three sums of each class.
fn classes(p: impl Columns<f32>, labels: &[u8; VALUES]) -> Result<(), Error> {
    let mut frame = Multiclass::<[_; CLASSES]>::new(F32::new(), Linear);
    black_box(&mut frame).update(p, black_box(&labels[..VALUES / CLASSES]))
}

board::entry!(run);

fn run() -> ! {
    let (mut out, mut counter, mut random) = (Out::open(), Counter::start(), Random::new(0));
    let mut logits = [0.0; VALUES];
    // From −8 to 8.
    logits.fill_with(|| ((random.word() >> 8) as i32 - (1 << 23)) as f32 * (1.0 / 1_048_576.0));
    let positive = logits.map(|x| if x < 0.0 { -x } else { x } + 0.001);
    let labels = logits.map(|x| u8::from(x > 0.0));
    let mut found = [0.0; VALUES];
    let mut done = Ok(());
    macro_rules! line {
        ($function:literal, $by:literal, $one:expr) => {
            line(&mut out, &mut counter, $function, $by, &mut || $one)
        };
    }
    line!("exp", "own", map(exp, &logits, &mut found));
    line!("exp", "micromath", map(|x| micromath::F32(x).exp().0, &logits, &mut found));
    line!("exp", "libm", map(libm::expf, &logits, &mut found));
    line!("ln", "own", map(ln, &positive, &mut found));
    line!("ln", "micromath", map(|x| micromath::F32(x).ln().0, &positive, &mut found));
    line!("ln", "libm", map(libm::logf, &positive, &mut found));
    line!("sigmoid", "own", map(sigmoid, &logits, &mut found));
    line!("sigmoid", "integer", map(integer_sigmoid, &logits, &mut found));
    line!("sigmoid", "micromath", map(approximate_sigmoid, &logits, &mut found));
    line!("sigmoid", "libm", map(|x| 1.0 / (1.0 + libm::expf(-x)), &logits, &mut found));
    line!("sums_of_sigmoids", "own", done = done.and(stream(Sigmoid(F32::new()), &logits, &labels)));
    line!("sums_of_sigmoids", "integer", done = done.and(stream(IntegerSigmoid, &logits, &labels)));
    line!("sums_of_sigmoids", "micromath", done = done.and(stream(ApproximateSigmoid(F32::new()), &logits, &labels)));
    let rows = || Interleaved(black_box(&logits[..]));
    line!("sums_of_softmax4", "own", done = done.and(classes(Softmax(rows()), &labels)));
    line!("sums_of_softmax4", "integer", done = done.and(classes(IntegerSoftmax(rows()), &labels)));
    line!("sums_of_softmax4", "micromath", done = done.and(classes(ApproximateSoftmax(rows()), &labels)));
    if let Err(error) = done {
        say!(out, "{error}");
        out.exit(1)
    }
    out.exit(0)
}
