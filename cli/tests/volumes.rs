//! Volumes as scanners write them: one score is the sum of its slices, in whatever container they lie.

mod support;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use soft_dice::{All, I8, Measured, NonZero, Record, Stream, U8Affine};
use std::io::Write;
use std::path::Path;
use support::{folder, json, line, npy, run, write};

/// Slices, rows, columns: the size of a common head template.
const SHAPE: [usize; 3] = [181, 217, 181];

/// A ball with a soft edge, moved along the rows.
fn ball(at: usize, shift: f32) -> f32 {
    let [_, rows, columns] = SHAPE;
    let (slice, row, column) = (at / (rows * columns), at / columns % rows, at % columns);
    let far = |place: usize, middle: f32| (place as f32 - middle) * (place as f32 - middle);
    let radius = (far(slice, 90.0) + far(row, 108.0 + shift) + far(column, 90.0)).sqrt();
    ((70.0 - radius) / 8.0 + 0.5).clamp(0.0, 1.0)
}

fn sums(report: &Value) -> Record {
    serde_json::from_value(report["pooled"]["classes"][0]["sums"].clone()).expect("a record")
}

#[test]
fn a_volume_is_the_sum_of_its_slices() {
    let folder = folder();
    let count = SHAPE.iter().product::<usize>();
    let codes: Vec<u8> = (0..count).map(|at| ((ball(at, 3.0) * 255.0).round() as i32 - 128) as u8).collect();
    let mask: Vec<u8> = (0..count).map(|at| u8::from(ball(at, 0.0) >= 0.5)).collect();
    let [p, t] = [("p.npy", "|i1", &codes), ("t.npy", "|b1", &mask)]
        .map(|(name, descr, numbers)| write(&folder, name, &npy(descr, &SHAPE, false, numbers)));
    let asked = run(line("score @ @ --onnxruntime", &[&p, &t]));
    assert_eq!(asked.status.code(), Some(2));
    let said = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(said.contains("`--volume`") && said.contains("`--frames`"), "{said}");
    let one = json("score @ @ --onnxruntime --volume", &[&p, &t]);
    let codes: Vec<i8> = codes.iter().map(|code| code.cast_signed()).collect();
    let mut stream = Stream::summing(I8::ONNXRUNTIME, NonZero, All);
    stream.update(&codes, &mask).expect("a volume");
    assert_eq!(sums(&one), stream.sums().record());
    assert_eq!(one["files"].as_array().expect("files").len(), 1);
    let printed = run(line("score @ @ --onnxruntime --volume", &[&p, &t])).stdout;
    let printed = String::from_utf8(printed).expect("UTF-8");
    let expected = "prediction read as 181 slices of 217×181 int8 (nhw) of a .npy, 1/255, zero point -128, probabilities, one class";
    assert!(printed.contains(expected), "{printed}");
    let each = json("score @ @ --onnxruntime --frames", &[&p, &t]);
    assert_eq!(each["files"].as_array().expect("files").len(), SHAPE[0]);
    assert_eq!(sums(&each), sums(&one));
}

/// A NIfTI-1 file: its first axis is the fastest.
fn nifti(datatype: i16, bits: i16, sides: [i16; 3], slope: [f32; 2], numbers: &[u8]) -> Vec<u8> {
    let mut file = vec![0; 352];
    let mut put = |at: usize, bytes: &[u8]| file[at..][..bytes.len()].copy_from_slice(bytes);
    put(0, &348_i32.to_le_bytes());
    for (at, side) in [3, sides[0], sides[1], sides[2], 1, 1, 1, 1].iter().enumerate() {
        put(40 + 2 * at, &side.to_le_bytes());
    }
    put(70, &datatype.to_le_bytes());
    put(72, &bits.to_le_bytes());
    put(108, &352_f32.to_le_bytes());
    put(112, &slope[0].to_le_bytes());
    put(116, &slope[1].to_le_bytes());
    put(344, b"n+1\0");
    file.extend(numbers);
    file
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn nifti_whole_and_compressed() {
    let folder = folder();
    // Columns, rows, slices: 4 of them, which a transposition would show.
    let (columns, rows, slices) = (5, 3, 4);
    let codes: Vec<u8> = (0..columns * rows * slices).map(|at| (at * 37 % 256) as u8).collect();
    let mask: Vec<u8> = codes.iter().map(|&code| u8::from(code > 140)).collect();
    let mut expected = Stream::summing(U8Affine::new(1.0 / 255.0, 0).expect("a scale"), NonZero, All);
    expected.update(&codes, &mask).expect("a volume");
    let sides = [columns as i16, rows as i16, slices as i16];
    let p = write(&folder, "p.nii", &nifti(2, 8, sides, [0.0, 0.0], &codes));
    let t = write(&folder, "t.nii.gz", &packed(&nifti(2, 8, sides, [1.0, 0.0], &mask)));
    let affine = "--scale 0.003921568627 --zero-point 0 --volume";
    let read = |files: [&Path; 2], options: &str| sums(&json(&format!("score @ @ {options}"), &files));
    let whole = read([&p, &t], affine);
    assert_eq!((whole.p, whole.t, whole.pt), {
        let record = expected.sums().record();
        (record.p, record.t, record.pt)
    });
    // The same numbers as NumPy has them after nibabel: columns first.
    let across: Vec<u8> = (0..codes.len())
        .map(|at| {
            let (column, row, slice) = (at / (rows * slices), at / slices % rows, at % slices);
            codes[slice * rows * columns + row * columns + column]
        })
        .collect();
    let npy = write(&folder, "p.npy", &npy("|u1", &[columns, rows, slices], false, &across));
    assert_eq!(read([&npy, &t], affine), whole);
    // A slope makes floats of codes.
    let floats = write(&folder, "f.nii.gz", &packed(&nifti(2, 8, sides, [1.0 / 255.0, 0.0], &codes)));
    let scaled = json("score @ @ --volume", &[&floats, &t]);
    let dice = |report: &Value| report["mean"]["dice"].as_f64().expect("a mean");
    assert!((dice(&scaled) - dice(&json(&format!("score @ @ {affine}"), &[&p, &t]))).abs() < 1e-6);
    // What ends too early is said, compressed or not.
    let short = nifti(2, 8, sides, [0.0, 0.0], &codes[1..]);
    for (name, bytes, words) in
        [("s.nii", short.clone(), "holds 59 of the 60"), ("s.nii.gz", packed(&short), "before its shape is filled")]
    {
        let output = run(line("score @ @ --volume", &[&write(&folder, name, &bytes), &t]));
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_cube_that_may_lie_either_way_is_a_question() {
    let folder = folder();
    let codes: Vec<u8> = (0..64).map(|at| (at * 37 % 256) as u8).collect();
    let mask: Vec<u8> = codes.iter().map(|&code| u8::from(code > 140)).collect();
    let p = write(&folder, "p.npy", &npy("|u1", &[4, 4, 4], false, &codes));
    let t = write(&folder, "t.nii", &nifti(2, 8, [4, 4, 4], [0.0, 0.0], &mask));
    let output = run(line("score @ @ --frames", &[&p, &t]));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("`--layout nhw`") && said.contains("`--layout whn`"), "{said}");
    let right = json("score @ @ --volume --layout nhw", &[&p, &t]);
    let across = json("score @ @ --volume --layout whn", &[&p, &t]);
    assert!(right["mean"]["dice"] != across["mean"]["dice"]);
}
