//! Each mistake that `compare` names, planted into maps of a real network, and silence where nothing is wrong.

mod support;

use std::path::{Path, PathBuf};
use support::{device, folder, json, npy, read, shipped, write};
use tempfile::TempDir;

/// The mistakes that a comparison names.
fn mistakes(arguments: &str, files: [&Path; 2]) -> Vec<String> {
    let report = json(&format!("compare @ @ {arguments}"), &files);
    let warnings = report["warnings"].as_array().expect("warnings");
    warnings.iter().map(|warning| warning["mistake"].as_str().expect("a name").to_string()).collect()
}

fn shipped_pairs() -> Vec<[PathBuf; 2]> {
    let names = ["selfie256_astronaut", "selfie256_camera", "selfie_land_astronaut", "selfie_land_camera"];
    names.map(|name| ["f32", "q8"].map(|kind| shipped().join(format!("{name}_{kind}.npy")))).to_vec()
}

/// Four classes of soft shapes on 24 × 20 pixels that sum to 1, as float and as a device's int8 (TFLite), interleaved.
fn classes() -> ([usize; 3], Vec<f32>, Vec<i8>) {
    let (height, width) = (24, 20);
    let mut floats = Vec::new();
    for at in 0..height * width {
        let (y, x) = ((at / width) as f32, (at % width) as f32);
        let logits = [y - 12.0, 9.0 - x, 0.7 * (x + y) - 16.0, 0.4 * (x - y)].map(f32::exp);
        let sum: f32 = logits.iter().sum();
        floats.extend(logits.map(|e| e / sum));
    }
    let codes = floats.iter().map(|&p| ((p * 256.0).round().min(255.0) - 128.0) as i8).collect();
    ([height, width, 4], floats, codes)
}

fn floats(folder: &TempDir, name: &str, shape: &[usize], values: &[f32]) -> PathBuf {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    write(folder, name, &npy("<f4", shape, false, &bytes))
}

fn codes(folder: &TempDir, name: &str, shape: &[usize], values: &[i8]) -> PathBuf {
    let bytes: Vec<u8> = values.iter().map(|value| value.cast_unsigned()).collect();
    write(folder, name, &npy("|i1", shape, false, &bytes))
}

const NONE: [&str; 0] = [];

#[test]
fn healthy_devices_are_left_alone() {
    for [float, device] in &shipped_pairs() {
        assert_eq!(mistakes("--tflite", [float, device]), NONE, "{}", device.display());
    }
    let folder = folder();
    let (shape, values, device) = classes();
    let [float, device] = [floats(&folder, "f.npy", &shape, &values), codes(&folder, "q.npy", &shape, &device)];
    assert_eq!(mistakes("--tflite", [&float, &device]), NONE);
}

#[test]
fn healthy_device_data_is_left_alone() {
    let Some(folder) = device() else {
        println!("not run: SOFT_DICE_DATA is not set");
        return;
    };
    for name in ["astronaut", "hopper", "camera"] {
        let file = |size: u32, kind: &str| folder.join(format!("bodypix{size}/{name}_{kind}.npy"));
        assert_eq!(mistakes("--tflite", [&file(33, "f32"), &file(33, "q8")]), NONE, "{name}");
        for runtime in ["logit_q8_microflow", "logit_q8_litert"] {
            let pair = [&*file(17, "f32"), &*file(17, runtime)];
            assert_eq!(mistakes("--scale 0.04414108 --zero-point 8 --logits sigmoid", pair), NONE, "{name}");
            assert_eq!(mistakes("--scale 0.04414108 --zero-point 8", pair), ["device_logits"], "{name}");
        }
    }
    for name in ["coffee", "chelsea"] {
        let file = |kind: &str| folder.join(format!("deeplab65/{name}_{kind}.npy"));
        assert_eq!(mistakes("--tflite", [&file("f32"), &file("q8")]), NONE, "{name}");
        let dead = folder.join("deeplab65/collapsed_device_q8.npy");
        assert_eq!(mistakes("--tflite", [&file("f32"), &dead]), ["dead_device"], "{name}");
    }
}

#[test]
fn zero_point() {
    for [float, device] in &shipped_pairs() {
        for zero_point in [0, -64, -112, -120] {
            let given = format!("--scale 0.00390625 --zero-point {zero_point}");
            assert_eq!(mistakes(&given, [float, device]), ["zero_point"], "{zero_point}: {}", device.display());
        }
    }
}

#[test]
fn scale() {
    for [float, device] in &shipped_pairs() {
        for scale in [1.0 / 128.0, 1.0 / 512.0, 1.0] {
            let given = format!("--scale {scale} --zero-point -128");
            assert_eq!(mistakes(&given, [float, device]), ["scale"], "{scale}: {}", device.display());
        }
    }
}

#[test]
fn swapped_layout() {
    let folder = folder();
    let (shape, values, device) = classes();
    let float = floats(&folder, "f.npy", &shape, &values);
    let pixels = shape[0] * shape[1];
    // The device wrote plane after plane, and its file claims the float model's shape.
    let planar: Vec<i8> = (0..device.len()).map(|at| device[at % pixels * 4 + at / pixels]).collect();
    let planar = codes(&folder, "planar.npy", &shape, &planar);
    assert_eq!(mistakes("--tflite", [&float, &planar]), ["layout"]);
    // And the other way round.
    let float_planes: Vec<f32> = (0..values.len()).map(|at| values[at % pixels * 4 + at / pixels]).collect();
    let turned = [4, shape[0], shape[1]];
    let float_planes = floats(&folder, "fp.npy", &turned, &float_planes);
    let interleaved = codes(&folder, "interleaved.npy", &turned, &device);
    assert_eq!(mistakes("--tflite --layout chw", [&float_planes, &interleaved]), ["layout"]);
    // Rows and columns, of a real map.
    for [float, device] in &shipped_pairs() {
        let (shape, q) = read::<i8>(device);
        let (height, width) = (shape[0], shape[1]);
        let turned: Vec<i8> = (0..q.len()).map(|at| q[at % height * width + at / height]).collect();
        let turned = codes(&folder, "turned.npy", &shape, &turned);
        assert_eq!(mistakes("--tflite", [float, &turned]), ["transposed"], "{}", device.display());
    }
}

#[test]
fn logits() {
    let folder = folder();
    for [float, _] in &shipped_pairs() {
        let (shape, values) = read::<f32>(float);
        let logits: Vec<f32> =
            values.iter().map(|&p| (p.clamp(1e-4, 0.9999) / (1.0 - p.clamp(1e-4, 0.9999))).ln()).collect();
        let raw = floats(&folder, "logits.npy", &shape, &logits);
        assert_eq!(mistakes("", [float, &raw]), ["device_logits"], "{}", float.display());
        assert_eq!(mistakes("--logits sigmoid", [float, &raw]), NONE, "{}", float.display());
        assert_eq!(mistakes("", [&raw, float]), ["float_logits"], "{}", float.display());
        let quantised: Vec<i8> = logits.iter().map(|&x| (x / 0.08).round().clamp(-128.0, 127.0) as i8).collect();
        let quantised = codes(&folder, "q.npy", &shape, &quantised);
        assert_eq!(
            mistakes("--scale 0.08 --zero-point 0", [float, &quantised]),
            ["device_logits"],
            "{}",
            float.display()
        );
        assert_eq!(mistakes("--scale 0.08 --zero-point 0 --logits sigmoid", [float, &quantised]), NONE);
    }
}

#[test]
fn dead_device() {
    let folder = folder();
    for [float, device] in &shipped_pairs() {
        let (shape, q) = read::<i8>(device);
        for code in [-128, -1, 127] {
            let dead = codes(&folder, "dead.npy", &shape, &vec![code; q.len()]);
            assert_eq!(mistakes("--tflite", [float, &dead]), ["dead_device"], "{code}");
        }
    }
}

#[test]
fn pixel_sums() {
    let folder = folder();
    let (shape, values, device) = classes();
    let float = floats(&folder, "f.npy", &shape, &values);
    // One class too bright by a twelfth.
    let bright: Vec<i8> =
        device.iter().enumerate().map(|(at, &q)| if at % 4 == 0 { q.saturating_add(21) } else { q }).collect();
    let bright = codes(&folder, "bright.npy", &shape, &bright);
    assert_eq!(mistakes("--tflite", [&float, &bright]), ["pixel_sums"]);
    assert_eq!(mistakes("--tflite --independent", [&float, &bright]), NONE);
}

#[test]
fn the_loss_is_split_without_a_rest() {
    for [float, device] in &shipped_pairs() {
        let report = json("compare @ @ --tflite", &[float, device]);
        let all = &report["pooled"];
        let part = |name: &str| all["loss"][name].as_f64().expect("a number");
        let parts = part("quantisation") + part("ties") + part("disagreement");
        // f64 sums of 65536 terms; the agreement rounds each float to 2^-23.
        let rest = 1.0 - all["agreement"].as_f64().expect("a number") - parts;
        assert!(rest.abs() < 1e-7, "{rest}");
        let codes = &all["codes"];
        let (_, q) = read::<i8>(device);
        let mut used = q.clone();
        used.sort_unstable();
        used.dedup();
        assert_eq!(codes["used"], used.len());
        assert_eq!(codes["lowest"], q.iter().filter(|&&q| q == -128).count());
        assert_eq!(all["flips"]["on_threshold"], q.iter().filter(|&&q| q == 0).count());
    }
}

#[test]
fn exact_codes_lose_the_floor_alone() {
    let folder = folder();
    let (shape, values, device) = classes();
    let [float, device] = [floats(&folder, "f.npy", &shape, &values), codes(&folder, "q.npy", &shape, &device)];
    let report = json("compare @ @ --tflite", &[&float, &device]);
    let loss = &report["pooled"]["loss"];
    let (floor, rest) = (loss["quantisation"].as_f64().expect("a number"), loss["disagreement"].as_f64().expect("one"));
    // Four classes of 480 pixels, each rounded by at most half of 1/256 (the greatest by a whole one), over 2 · 480.
    assert!(floor > 0.0 && floor < 4.0 * 0.5 / 256.0 / 2.0 + 1.0 / 512.0, "{floor}");
    assert!(rest < 1e-12, "{rest}");
}
