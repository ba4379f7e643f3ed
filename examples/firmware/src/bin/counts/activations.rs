//! Logits, each call beside the loop that one would write by hand: tables of 8-bit ones, sigmoid and softmax.
//!
//! The plain loops take the crate's own `sigmoid` and `exp`, whose bits the sums are of; what is compared is what is around them.

use crate::plain::{self, Sums};
use crate::{FLOATS, PIXELS};
use board::{Counter, Out};
use core::hint::black_box;
use soft_dice::activation::{IntegerSigmoid, Sigmoid, SigmoidTable, Tabled, integer_sigmoid, sigmoid};
#[cfg(not(small))]
use soft_dice::activation::{QuantizedSoftmax, Softmax, SoftmaxTable, exp};
#[cfg(not(small))]
use soft_dice::{Error, Interleaved, Linear, Multiclass};
use soft_dice::{F32, NonZero, Stream, Sums as Kept, Target};

/// Logits of a tenth of a unit a code.
#[cfg(not(small))]
static SHARES: SoftmaxTable = match SoftmaxTable::new(0.1) {
    Ok(table) => table,
    Err(_) => panic!(),
};
static SIGMOIDS: SigmoidTable = match SigmoidTable::i8(0.1, 3) {
    Ok(table) => table,
    Err(_) => panic!(),
};

/// The code of a value in [0, 1] in units of 2⁻²³: the bits of a float between 1 and 2 are that, and an addition rounds to them.
fn code(value: f32) -> Option<u32> {
    if value.is_nan() { None } else { Some((value + 1.0).to_bits() - 1f32.to_bits()) }
}

/// The greatest logit's code is 2²³, and of shares that are rounded to the nearest the divisor is the sum.
#[cfg(not(small))]
fn quantized<const C: usize>(sums: &mut [Sums; C], p: &[i8], labels: &[u8]) -> Result<(), Error> {
    plain::shares(sums, p, labels, |row| {
        let most = row.iter().copied().max().unwrap_or(0);
        let codes = row.map(|q| SHARES.codes()[usize::from(most.wrapping_sub(q) as u8)]);
        let sum = codes.iter().sum::<u32>();
        Some(codes.map(|code| (((u64::from(code) << 23) + u64::from(sum / 2)) / u64::from(sum)) as u32))
    })
}

/// e^(x − greatest) over the sum of them.
#[cfg(not(small))]
fn floats<const C: usize>(sums: &mut [Sums; C], p: &[f32], labels: &[u8]) -> Result<(), Error> {
    plain::shares(sums, p, labels, |row| {
        let mut most = row[0];
        for &x in row {
            if x > most {
                most = x;
            }
        }
        let powers = row.map(|x| exp(x - most));
        let sum = powers.iter().fold(0.0, |sum, power| sum + power);
        let mut codes = [0; C];
        for (to, power) in codes.iter_mut().zip(powers) {
            *to = code(power / sum)?;
        }
        Some(codes)
    })
}

/// The linear sums of a stream.
fn alike<P: soft_dice::Element, T: Target<P>>(sums: &Kept<P, T>, plain: &Sums) -> bool
where
    Kept<P, T>: soft_dice::Measured,
{
    let found = soft_dice::Measured::record(sums);
    [found.p, found.t, found.pt, found.count.into(), found.invalid.into()]
        == [plain.p, plain.t, plain.pt, plain.count, plain.invalid].map(u128::from)
}

/// All of them; whether each call is as fast as its plain loop.
#[inline(never)]
pub fn run(
    out: &mut Out,
    counter: &mut Counter,
    [i8, logits]: [&[i8; PIXELS]; 2],
    f32: &mut [[f32; FLOATS]; 2],
    mask: &[u8; PIXELS],
) -> bool {
    let mut fast = true;
    macro_rules! beside {
        ($($row:tt)*) => { crate::beside!((out, counter, fast), $($row)*) };
    }
    macro_rules! stream {
        ($kernel:literal, $element:expr, $p:expr, $code:expr) => {{
            let (p, t) = (black_box(&$p[..]), black_box(&mask[..$p.len()]));
            beside!(
                $kernel,
                p.len(),
                Stream::new($element, NonZero),
                |stream| stream.update(p, t),
                Sums::default(),
                |sums| plain::fine(sums, p, t, $code),
                |ours: &Stream<_, NonZero>, plain: &Sums| alike(ours.sums(), plain)
            );
        }};
    }
    stream!("table_mask", Tabled::i8(&SIGMOIDS), logits, |q: i8| {
        Some(SIGMOIDS.codes()[usize::from(q as u8 ^ 0x80)])
    });
    // From −8 to 8.
    f32[1].fill_with({
        let mut random = cases::Random::new(3);
        move || ((random.word() >> 8) as i32 - (1 << 23)) as f32 * (1.0 / 1_048_576.0)
    });
    // Few enough for 24 bits of ticks where a float instruction is a call.
    let floats_of = &f32[1][..FLOATS.min(1024)];
    stream!("f32_sigmoid_mask", Sigmoid(F32::new()), floats_of, |x: f32| code(sigmoid(x)));
    stream!("f32_integer_sigmoid_mask", IntegerSigmoid, floats_of, |x: f32| code(integer_sigmoid(x)));
    // Beyond the stack that a board of 16 KiB has left.
    #[cfg(not(small))]
    {
        macro_rules! classes {
            ($kernel:literal, $classes:literal, $columns:expr, $by_hand:ident, $p:expr) => {{
                let pixels = $p.len() / $classes;
                let (p, labels) = (black_box(&$p[..pixels * $classes]), black_box(&mask[..pixels]));
                let columns = $columns;
                beside!(
                    $kernel,
                    pixels,
                    Multiclass::<[_; $classes]>::new(F32::new(), Linear),
                    |frame| frame.update(columns(p), labels),
                    [Sums::default(); $classes],
                    |sums| $by_hand(sums, p, labels),
                    |ours: &Multiclass<[_; $classes]>, plain: &[Sums; $classes]| {
                        ours.sums().iter().zip(plain).all(|(one, plain)| alike(one, plain))
                    }
                );
            }};
        }
        classes!("i8_softmax4", 4, |p| QuantizedSoftmax::new(Interleaved(p), &SHARES), quantized, i8);
        classes!("i8_softmax21", 21, |p| QuantizedSoftmax::new(Interleaved(p), &SHARES), quantized, i8);
        classes!("f32_softmax4", 4, |p| Softmax(Interleaved(p)), floats, floats_of);
        classes!("f32_softmax21", 21, |p| Softmax(Interleaved(p)), floats, floats_of);
    }
    let _ = i8;
    fast
}
