//! Prints the seconds that one square frame takes: `frame_time <f32_f32|u8_mask> <side>`. For `benches/monai.sh`.
use soft_dice_kernels::data::{Buffer, Random};
use soft_dice_kernels::ours;
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let kernel = arguments.next().unwrap_or_default();
    let side: usize = arguments.next().and_then(|side| side.parse().ok()).unwrap_or(512);
    let n = side * side;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let seconds = match kernel.as_str() {
        "f32_f32" => {
            let p = Buffer::filled(n, || random.unit());
            let t = Buffer::filled(n, || f32::from(random.bit()));
            best(|| ours::f32_f32(black_box(p.as_slice()), black_box(t.as_slice())))
        }
        "u8_mask" => {
            let p = Buffer::filled(n, || random.byte());
            let t = Buffer::filled(n, || random.bit());
            best(|| ours::u8_mask(black_box(p.as_slice()), black_box(t.as_slice())))
        }
        _ => {
            eprintln!("frame_time <f32_f32|u8_mask> <side>");
            std::process::exit(2);
        }
    };
    println!("{seconds:e}");
}

fn best(call: impl Fn() -> ours::Sums) -> f64 {
    const REPEATS: u32 = 20;
    let batch = |_| {
        let start = Instant::now();
        for _ in 0..REPEATS {
            black_box(call());
        }
        start.elapsed().as_secs_f64() / f64::from(REPEATS)
    };
    (0..7).map(batch).fold(f64::INFINITY, f64::min)
}
