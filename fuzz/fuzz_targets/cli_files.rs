//! Any bytes as a file of the command: an error in one line, or an array that fills its shape, and a map that is measured.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::Range;
use soft_dice_cli::args::{Logits, RangePolicy, TargetKind};
use soft_dice_cli::map::{Layout, Map};
use soft_dice_cli::measure;
use soft_dice_cli::prediction::{Prediction, Quantised, Reading};
use soft_dice_cli::read::{Dtype, Raw, Source};
use soft_dice_cli::target::{Target, TargetReading};

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    file: &'a [u8],
    kind: u8,
    dtype: u8,
    layout: u8,
    target: u8,
    logits: u8,
    quantised: u8,
    sides: [u8; 3],
    scale: f32,
    zero_point: i32,
    ignore: Option<i64>,
}

const DTYPES: [Dtype; 10] = [
    Dtype::F64,
    Dtype::F32,
    Dtype::F16,
    Dtype::U8,
    Dtype::I8,
    Dtype::I16,
    Dtype::U16,
    Dtype::Bool,
    Dtype::I32,
    Dtype::I64,
];

fuzz_target!(|input: Input| {
    let Input { file, sides, scale, zero_point, ignore, .. } = input;
    let kind = ["npy", "png", "bin"][usize::from(input.kind % 3)];
    let shape: Vec<usize> = sides.iter().map(|&side| usize::from(side)).take(usize::from(input.kind / 3 % 4)).collect();
    let raw = Raw { dtype: Some(DTYPES[usize::from(input.dtype) % DTYPES.len()]), shape: Some(shape) };
    let array = match Source::from_bytes(file, file.len() as u64, kind, &raw).and_then(Source::array) {
        Ok(array) => array,
        Err(failure) => {
            assert_eq!(failure.to_string().lines().count(), 1);
            return;
        }
    };
    assert_eq!(array.values.len(), array.shape.iter().product::<usize>());
    // The rest is quadratic in nothing, but a picture's pixels cost time.
    if array.values.len() > 1 << 16 {
        return;
    }
    let layout = [None, Some(Layout::Hw), Some(Layout::Chw), Some(Layout::Hwc)][usize::from(input.layout % 4)];
    let Ok(map) = Map::of(array, layout, None) else { return };
    assert_eq!(map.values.len(), map.pixels() * map.classes);
    let reading = Reading {
        quantised: [
            None,
            Some(Quantised::Tflite),
            Some(Quantised::Onnxruntime),
            Some(Quantised::Affine { scale, zero_point }),
        ][usize::from(input.quantised % 4)],
        logits: [None, Some(Logits::Sigmoid), Some(Logits::Softmax)][usize::from(input.logits % 3)],
        range: RangePolicy::Clamp,
        classes: None,
    };
    let kinds =
        [TargetKind::Mask, TargetKind::Labels, TargetKind::Soft, TargetKind::Above, TargetKind::Argmax];
    let target = TargetReading {
        kind: kinds.get(usize::from(input.target % 6)).copied(),
        threshold: scale,
        ignore,
        codes: reading.clone(),
    };
    let Ok(prediction) = Prediction::of(map.clone(), &reading) else { return };
    let Ok(target) = Target::of(map, &prediction.map, &target) else { return };
    if let Ok(sums) = measure::sums(&prediction, &target, Range::Exclude) {
        assert_eq!(sums.len(), prediction.map.classes);
        let pixels = prediction.map.pixels() as u64;
        assert!(sums.iter().all(|sums| sums.count + sums.ignored + sums.invalid == pixels));
    }
});
