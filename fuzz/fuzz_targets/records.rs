//! Any record: it is refused, or it is what it says; no score of it panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input {
    counts: [u64; 4],
    sums: [u128; 3],
    squares: Option<(u128, u128)>,
    minima: Option<(u128, u128)>,
    units: [(u32, u16, u8); 2],
    rounded: u8,
    same_kind: bool,
    weights: [f64; 4],
}

fuzz_target!(|input: Input| {
    let unit = |(mul, div, shift)| Unit { mul, div, shift };
    let kind = Stream::summing(U8, Soft(U8), All).sums().record();
    let any = Record { unit_p: unit(input.units[0]), unit_t: unit(input.units[1]), rounded: input.rounded, ..kind };
    let record = Record {
        count: input.counts[0],
        ignored: input.counts[1],
        invalid: input.counts[2],
        clamped: input.counts[3],
        p: input.sums[0],
        t: input.sums[1],
        pt: input.sums[2],
        squares: input.squares,
        minima: input.minima,
        ..if input.same_kind { kind } else { any }
    };
    if let Ok(sums) = Sums::<U8, Soft<U8>, All>::from_record(U8, Soft(U8), &record) {
        assert_eq!(sums.record(), record);
    }
    let mut twice = record;
    let _ = twice.merge(&record);
    let [a, b, c, d] = input.weights;
    for score in [Score::dice(), Score::jaccard(), Score::tversky(a, b), Score::precision(), Score::recall()] {
        for score in [score, score.squared(), score.semimetric(), score.smooth(c, d), score.smooth(c, d).loss()] {
            let _ = (score.f32(&twice), score.f64(&record), score.q15(&record), score.q31(&record));
        }
    }
});
