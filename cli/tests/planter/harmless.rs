//! Pairs in which nothing is wrong, though their numbers differ.

use super::{Base, Draw, File, Numbers, Plant};

/// A pair that a warning would be wrong about.
pub fn harmless(bases: &[Base], draw: &mut Draw) -> Plant {
    let base = &bases[draw.index(bases.len())];
    let healthy = base.plant();
    let choice = draw.index(6);
    let (mut plant, what) = match choice {
        0 => (healthy, "as it is".to_string()),
        1 => {
            let noisy = |&code: &i8| code.saturating_add(draw.whole(-1, 1) as i8);
            let codes = base.codes.iter().map(noisy).collect();
            (Plant { device: vec![base.device_file(codes)], ..healthy }, "codes off by one at random".into())
        }
        2 if !base.logits => {
            let bytes = base.codes.iter().map(|code| code.cast_unsigned() ^ 0x80).collect();
            let device = vec![File { shape: base.shape(), numbers: Numbers::U8(bytes) }];
            (Plant { device, options: "--tflite".into(), ..healthy }, "the same codes as uint8".into())
        }
        3 if !base.logits => {
            let value = |&code: &i8| (f64::from(code) + 128.0) / 256.0;
            let device = vec![File {
                shape: base.shape(),
                numbers: Numbers::F32(base.codes.iter().map(|q| value(q) as f32).collect()),
            }];
            (Plant { device, options: String::new(), ..healthy }, "the device's probabilities as floats".into())
        }
        4 if base.classes > 1 => {
            let pixels = base.height * base.width;
            let planes = (0..base.codes.len()).map(|at| base.codes[at % pixels * base.classes + at / pixels]).collect();
            let float = (0..base.float.len()).map(|at| base.float[at % pixels * base.classes + at / pixels]).collect();
            let shape = vec![base.classes, base.height, base.width];
            let device = vec![File { shape: shape.clone(), numbers: Numbers::I8(planes) }];
            let float = vec![File { shape, numbers: Numbers::F32(float) }];
            let options = format!("{} --layout chw", healthy.options);
            (Plant { float, device, options, ..healthy }, "plane after plane on both sides, and said so".into())
        }
        _ => {
            // Both sides cut to the same part of the frame.
            let (rows, columns) = (
                draw.whole(base.height as i64 * 3 / 4, base.height as i64) as usize,
                draw.whole(base.width as i64 * 3 / 4, base.width as i64) as usize,
            );
            let kept = |at: &usize| {
                let pixel = at / base.classes;
                pixel / base.width < rows && pixel % base.width < columns
            };
            let kept: Vec<usize> = (0..base.codes.len()).filter(kept).collect();
            let mut shape = base.shape();
            shape[..2].copy_from_slice(&[rows, columns]);
            let float = Numbers::F32(kept.iter().map(|&at| base.float[at]).collect());
            let device = Numbers::I8(kept.iter().map(|&at| base.codes[at]).collect());
            let float = vec![File { shape: shape.clone(), numbers: float }];
            let device = vec![File { shape, numbers: device }];
            (Plant { float, device, ..healthy }, format!("both cut to {rows} rows and {columns} columns"))
        }
    };
    plant.what = format!("{}: {what}", base.name);
    plant
}
