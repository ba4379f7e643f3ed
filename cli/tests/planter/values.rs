//! Mistakes in what a number means.

use super::{Base, Draw, File, Kind, Numbers, Plant};

/// Of the device's codes.
pub fn codes(kind: Kind, base: &Base, draw: &mut Draw) -> Option<Plant> {
    let healthy = base.plant();
    Some(match kind {
        Kind::SignFlip if draw.yes() => {
            let bytes = base.codes.iter().map(|code| code.cast_unsigned()).collect();
            let file = File { shape: base.shape(), numbers: Numbers::U8(bytes) };
            // The options of an engine fit both types; scale and zero point are those of the bytes.
            let options =
                if base.logits { base.options_of(base.scale, base.zero_point + 128) } else { "--tflite".into() };
            Plant { what: "int8 bytes saved as uint8".into(), device: vec![file], options, ..healthy }
        }
        Kind::SignFlip => {
            let codes = base.codes.iter().map(|&code| (code.cast_unsigned() ^ 0x80).cast_signed()).collect();
            let device = vec![base.device_file(codes)];
            Plant { what: "the sign bit of each int8 turned".into(), device, ..healthy }
        }
        Kind::ZeroPoint | Kind::Scale | Kind::ScaleAndZeroPoint => {
            let off = draw.whole(6, 100) as i32 * if draw.yes() { 1 } else { -1 };
            let zero_point = if kind == Kind::Scale { base.zero_point } else { base.zero_point + off };
            let factor = draw.real(0.25_f64.ln(), 0.87_f64.ln()).exp();
            let factor = if draw.yes() { factor } else { 1.0 / factor };
            let scale = if kind == Kind::ZeroPoint { base.scale } else { base.scale * factor };
            if !(-128..=127).contains(&zero_point) {
                return None;
            }
            let options = base.options_of(scale, zero_point);
            let (s, z) = (base.scale, base.zero_point);
            Plant { what: format!("read with {scale:.6}, {zero_point} in place of {s:.6}, {z}"), options, ..healthy }
        }
        _ => {
            // The requantisation stops early: above some code, below some code, or by a factor too large.
            let which = draw.index(3);
            let (low, high) = (draw.whole(-110, -50) as i32, draw.whole(0, 100) as i32);
            let factor = draw.real(1.3, 3.0);
            let stop = |code: i8| -> i8 {
                let code = i32::from(code);
                let out = match which {
                    0 => code.min(high),
                    1 => code.max(low),
                    _ => (f64::from(code - base.zero_point) * factor).round() as i32 + base.zero_point,
                };
                out.clamp(-128, 127) as i8
            };
            let what = match which {
                0 => format!("codes stop at {high}"),
                1 => format!("codes stop at {low} below"),
                _ => format!("codes are {factor:.2} times too far from the zero point and stop at the type's end"),
            };
            Plant { what, device: vec![base.device_file(base.codes.iter().map(|&q| stop(q)).collect())], ..healthy }
        }
    })
}

/// Of the probabilities, on either side.
pub fn probabilities(kind: Kind, base: &Base, draw: &mut Draw) -> Option<Plant> {
    let healthy = base.plant();
    let on_float = draw.yes();
    let shape = base.shape();
    let probabilities: Vec<f64> = if on_float {
        base.float.iter().map(|&p| f64::from(p)).collect()
    } else {
        base.codes.iter().map(|&code| base.probability(code).clamp(0.0, 1.0)).collect()
    };
    let side = if on_float { "the float model" } else { "the device" };
    // Written by the same side with the same type: the device's as TFLite's int8.
    let tflite = |p: f64| ((p * 256.0).round() - 128.0).clamp(-128.0, 127.0) as i8;
    let written = |values: Vec<f64>, what: String| {
        if on_float {
            let float = values.iter().map(|&p| p as f32).collect();
            return Plant { what, float: vec![base.float_file(float)], ..healthy.clone() };
        }
        let device = vec![base.device_file(values.iter().map(|&p| tflite(p)).collect())];
        Plant { what, device, options: "--tflite".into(), ..healthy.clone() }
    };
    let each = |of: &dyn Fn(f64) -> f64| probabilities.iter().map(|&p| of(p)).collect::<Vec<f64>>();
    let logit = |p: f64| (p.clamp(1e-4, 1.0 - 1e-4) / (1.0 - p.clamp(1e-4, 1.0 - 1e-4))).ln();
    Some(match kind {
        Kind::Inverted if base.classes == 1 => written(each(&|p| 1.0 - p), format!("{side} writes 1 - p")),
        Kind::Inverted => return None,
        Kind::ActivationTwice if base.classes > 1 && draw.yes() => {
            let mut twice = Vec::new();
            for pixel in probabilities.chunks_exact(base.classes) {
                let sum: f64 = pixel.iter().map(|p| p.exp()).sum();
                twice.extend(pixel.iter().map(|p| p.exp() / sum));
            }
            written(twice, format!("the softmax of {side}'s probabilities"))
        }
        Kind::ActivationTwice => {
            written(each(&|p| 1.0 / (1.0 + (-p).exp())), format!("the sigmoid of {side}'s probabilities"))
        }
        Kind::ActivationMissing => {
            let logits: Vec<f64> = if base.classes > 1 {
                // What a softmax turns into these probabilities, up to a constant for each pixel.
                let constant = draw.real(-1.0, 3.0);
                each(&|p| p.max(1e-6).ln() + constant + 4.0)
            } else {
                each(&logit)
            };
            if on_float {
                let what = "the float model's map holds logits".to_string();
                return Some(Plant {
                    what,
                    float: vec![base.float_file(logits.iter().map(|&x| x as f32).collect())],
                    ..healthy
                });
            }
            if draw.yes() {
                let numbers = Numbers::F32(logits.iter().map(|&x| x as f32).collect());
                let what = "the device's map holds logits, as floats".to_string();
                return Some(Plant { what, device: vec![File { shape, numbers }], options: String::new(), ..healthy });
            }
            let [least, most] = [f64::min, f64::max].map(|pick| logits.iter().copied().reduce(pick).unwrap_or(0.0));
            let scale = (most - least) / draw.real(200.0, 255.0);
            let zero_point = (-128.0 - least / scale).round().clamp(-128.0, 127.0) as i32;
            let code = |x: f64| ((x / scale).round() + f64::from(zero_point)).clamp(-128.0, 127.0) as i8;
            let device = vec![base.device_file(logits.iter().map(|&x| code(x)).collect())];
            // Read with the scale and zero point of the logits, or as the output of a sigmoid.
            let (options, as_what) = if draw.yes() {
                (format!("--scale {scale} --zero-point {zero_point}"), "their own scale")
            } else {
                ("--tflite".into(), "a probability's scale")
            };
            let what = format!("the device's codes are logits ({scale:.4}, {zero_point}), read with {as_what}");
            Plant { what, device, options, ..healthy }
        }
        _ => {
            let ones: Vec<bool> = if base.classes > 1 {
                probabilities
                    .chunks_exact(base.classes)
                    .flat_map(|pixel| {
                        let most = pixel.iter().copied().fold(f64::MIN, f64::max);
                        let first = pixel.iter().position(|&p| p == most);
                        (0..base.classes).map(move |class| Some(class) == first)
                    })
                    .collect()
            } else {
                probabilities.iter().map(|&p| p >= 0.5).collect()
            };
            if on_float {
                let float = ones.iter().map(|&one| f32::from(u8::from(one))).collect();
                let what = "the float model's map is its mask".to_string();
                return Some(Plant { what, float: vec![base.float_file(float)], ..healthy });
            }
            let (off, on) = draw.of(&[(-128, 127), (0, 127), (-128, 0), (0, 1), (-1, 0)]);
            let codes = ones.iter().map(|&one| if one { on } else { off }).collect();
            let what = format!("the device's map is its mask, of {off} and {on}");
            Plant { what, device: vec![base.device_file(codes)], options: "--tflite".into(), ..healthy }
        }
    })
}
