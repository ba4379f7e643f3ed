#![no_std]
#![no_main]
use board::{Counter, Out, say};
use cases::Random;
use core::hint::black_box;
use soft_dice::*;
board::panic_exits!();
const N: usize = if cfg!(small) { 1008 } else { 4096 };
board::entry!(run);
#[repr(C, align(16))]
struct Maps {
    p: [i8; N * 4],
    l: [u8; N],
}
fn run() -> ! {
    let maps = board::once!(Maps = Maps { p: [0; N * 4], l: [0; N] });
    let mut out = Out::open();
    let mut counter = Counter::start();
    let mut random = Random::new(0);
    maps.p.fill_with(|| random.word() as i8);
    maps.l.fill_with(|| random.word() as u8 & 1);
    macro_rules! one {
        ($name:literal, $pixels:expr, $new:expr, |$s:ident| $call:expr) => {{
            let mut s = $new;
            let n = counter.instructions(|| {
                let $s = black_box(&mut s);
                $call.unwrap();
            });
            black_box(&s);
            say!(out, "{} {}.{:02}", $name, n as usize / $pixels, n as usize % $pixels * 100 / $pixels);
        }};
    }
    let p = &maps.p[..];
    one!("argmax4", N, Argmax::<4>::new(), |s| s.update(Interleaved(black_box(p)), &maps.l));
    one!("argmax4 planar", N, Argmax::<4>::new(), |s| s.update(Planar(black_box(p)), &maps.l));
    one!("argmax4 ignoring", N, Argmax::<4>::new().ignoring(0), |s| s.update(Interleaved(black_box(p)), &maps.l));
    one!("argmax21", (N / 21), Argmax::<21>::new(), |s| s
        .update(Interleaved(black_box(&p[..N / 21 * 21])), &maps.l[..(N / 21)]));
    one!("argmax2", N, Argmax::<2>::new(), |s| s.update(Interleaved(black_box(&p[..N * 2])), &maps.l));
    let device = I8::TFLITE;
    one!("classes4", N, Multiclass::<[_; 4]>::new(device, Linear), |s| s.update(Interleaved(black_box(p)), &maps.l));
    one!("classes21", (N / 21), Multiclass::<[_; 21]>::new(device, Linear), |s| s
        .update(Interleaved(black_box(&p[..N / 21 * 21])), &maps.l[..(N / 21)]));
    let l = &maps.l[..];
    let q = &p[..N];
    one!("region", N, Stream::new(device, ZeroOne::new()), |s| s.update_within(black_box(q), l, Region::Bytes(l)));
    one!("region bits", N, Stream::new(device, ZeroOne::new()), |s| s.update_within(
        black_box(q),
        l,
        Region::Bits(Bits::new(&l[..N / 8]))
    ));
    one!("ignoring", N, Stream::new(device, Label::new(1).ignoring(0)), |s| s.update(black_box(q), l));
    one!("dead", N, Stream::new(device.dead_zone(2), ZeroOne::new()), |s| s.update(black_box(q), l));
    one!("zero", N, Stream::new(I8::new(1.0 / 256.0, -120).unwrap(), ZeroOne::new()), |s| s.update(black_box(q), l));
    use soft_dice::confidence::ClassConfidence;
    one!("confidence4", N, ClassConfidence::<_, 4>::new(device), |s| s.update(black_box(p)));
    one!("confidence21", (N / 21), ClassConfidence::<_, 21>::new(device), |s| s.update(black_box(&p[..N / 21 * 21])));
    static TABLE: activation::SoftmaxTable = match activation::SoftmaxTable::new(0.1) {
        Ok(t) => t,
        Err(_) => panic!(),
    };
    one!("softmax4", N, Multiclass::<[_; 4]>::new(F32::new(), Linear), |s| s
        .update(activation::QuantizedSoftmax::new(Interleaved(black_box(p)), &TABLE), l));
    one!("mask", N, Stream::new(device, ZeroOne::new()), |s| s.update(black_box(q), l));
    one!("classes4 in", N, Multiclass::<[_; 4]>::new(device, Linear), |s| s.update_within(
        Interleaved(black_box(p)),
        l,
        Region::Bytes(l)
    ));
    one!("classes4 bits", N, Multiclass::<[_; 4]>::new(device, Linear), |s| s.update_within(
        Interleaved(black_box(p)),
        l,
        Region::Bits(Bits::new(&l[..N / 8]))
    ));
    one!("classes4 ign", N, Multiclass::<[_; 4]>::new(device, Linear).ignoring(0), |s| s
        .update(Interleaved(black_box(p)), l));
    out.exit(0)
}
