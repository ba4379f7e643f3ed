//! Every type and file, axis order and activation that the command reads: the sums are those of the library.

mod support;

use serde_json::Value;
use soft_dice::activation::{QuantizedSoftmax, Sigmoid, SigmoidTable, SoftmaxTable, Tabled};
use soft_dice::{
    All, F32, F32Fine, I8, Label, Measured, Multiclass, NonZero, Planar, Q15, Record, Stream, Sums, U8, U8Affine, U16,
};
use soft_dice_cli::read::{Raw, Source};
use std::path::{Path, PathBuf};
use support::{folder, json, npy, write};
use tempfile::TempDir;

const HEIGHT: usize = 3;
const WIDTH: usize = 5;
const PIXELS: usize = HEIGHT * WIDTH;

/// The sums of each class.
fn sums(arguments: &str, files: [&Path; 2]) -> Vec<Record> {
    let report = json(&format!("score @ @ {arguments}"), &files);
    let classes = report["files"][0]["scores"]["classes"].as_array().expect("classes").clone();
    classes.iter().map(|class: &Value| serde_json::from_value(class["sums"].clone()).expect("a record")).collect()
}

fn of<P: soft_dice::Element>(element: P, p: &[P::Raw], mask: &[u8]) -> Record {
    let mut stream = Stream::summing(element, NonZero, All);
    stream.update(p, mask).expect("a map");
    stream.sums().record()
}

fn mask() -> Vec<u8> {
    (0..PIXELS).map(|at| u8::from(at % 3 == 0)).collect()
}

fn mask_file(folder: &TempDir) -> PathBuf {
    write(folder, "mask.npy", &npy("|b1", &[HEIGHT, WIDTH], false, &mask()))
}

/// Bytes in the order that `descr` names.
macro_rules! bytes {
    ($descr:expr, $values:expr) => {
        if $descr.starts_with('>') {
            $values.iter().flat_map(|value| value.to_be_bytes()).collect::<Vec<u8>>()
        } else {
            $values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>()
        }
    };
}

#[test]
fn types() {
    let folder = folder();
    let mask_file = mask_file(&folder);
    let floats: Vec<f32> = (0..PIXELS).map(|at| at as f32 / 16.0).collect();
    let signed: Vec<i8> = (0..PIXELS).map(|at| (at as i32 * 17 - 120) as i8).collect();
    let bytes: Vec<u8> = (0..PIXELS).map(|at| (at * 17) as u8).collect();
    let words: Vec<u16> = (0..PIXELS).map(|at| (at * 4369) as u16).collect();
    let q15: Vec<i16> = (0..PIXELS).map(|at| (at * 2340) as i16).collect();
    let expect = |descr: &str, numbers: Vec<u8>, arguments: &str, expected: Record| {
        let file = write(&folder, "p.npy", &npy(descr, &[HEIGHT, WIDTH], false, &numbers));
        assert_eq!(sums(arguments, [&file, &mask_file]), [expected], "{descr} {arguments}");
        // The same numbers without a header.
        let name = match (descr.chars().next(), &descr[1..]) {
            (Some('>'), _) => return,
            (_, "f8") => "f64",
            (_, "f4") => "f32",
            (_, "f2") => "f16",
            (_, "u1") => "u8",
            (_, "i1") => "i8",
            (_, "i2") => "i16",
            (_, "u2") => "u16",
            (_, "b1") => "bool",
            other => panic!("{other:?}"),
        };
        let raw = write(&folder, "p.raw", &numbers);
        let arguments = format!("{arguments} --dtype {name} --shape {HEIGHT},{WIDTH}");
        assert_eq!(sums(&arguments, [&raw, &mask_file]), [expected], "raw {name}");
    };
    let single = of(F32::new(), &floats, &mask());
    for descr in ["<f4", ">f4"] {
        expect(descr, bytes!(descr, floats), "", single);
    }
    let doubles: Vec<f64> = floats.iter().map(|&value| value.into()).collect();
    for descr in ["<f8", ">f8"] {
        expect(descr, bytes!(descr, doubles), "", single);
    }
    // Sixteenths below 1 are exact in f16.
    let halves: Vec<u16> = floats.iter().map(|&value| half::f16::from_f32(value).to_bits()).collect();
    for descr in ["<f2", ">f2"] {
        expect(descr, bytes!(descr, halves), "", single);
    }
    for descr in ["<i2", ">i2"] {
        expect(descr, bytes!(descr, q15), "", of(Q15::new(), &q15, &mask()));
    }
    for descr in ["<u2", ">u2"] {
        expect(descr, bytes!(descr, words), "", of(U16::new(), &words, &mask()));
    }
    expect("|b1", mask(), "", of(U8Affine::new(1.0, 0).expect("a scale"), &mask(), &mask()));
    expect("|u1", bytes.clone(), "", of(U8, &bytes, &mask()));
    expect("|u1", bytes.clone(), "--tflite", of(U8Affine::TFLITE, &bytes, &mask()));
    let affine = U8Affine::new(0.003, 9).expect("a scale");
    expect("|u1", bytes.clone(), "--scale 0.003 --zero-point 9", of(affine, &bytes, &mask()));
    let signed_bytes: Vec<u8> = signed.iter().map(|value| value.cast_unsigned()).collect();
    expect("|i1", signed_bytes.clone(), "--tflite", of(I8::TFLITE, &signed, &mask()));
    expect("|i1", signed_bytes.clone(), "--onnxruntime", of(I8::ONNXRUNTIME, &signed, &mask()));
    let affine = I8::new(0.004, -100).expect("a scale");
    expect("|i1", signed_bytes, "--scale 0.004 --zero-point -100", of(affine, &signed, &mask()));
}

#[test]
fn activations() {
    let folder = folder();
    let mask_file = mask_file(&folder);
    let signed: Vec<i8> = (0..PIXELS).map(|at| (at as i32 * 17 - 120) as i8).collect();
    let numbers: Vec<u8> = signed.iter().map(|value| value.cast_unsigned()).collect();
    let file = write(&folder, "q.npy", &npy("|i1", &[HEIGHT, WIDTH], false, &numbers));
    let table: &'static SigmoidTable = Box::leak(Box::new(SigmoidTable::i8(0.07, 11).expect("a scale")));
    // All but what the record says of rounding: the table's codes are exact multiples.
    let table_sums = of(Tabled::i8(table), &signed, &mask());
    assert_eq!(sums("--scale 0.07 --zero-point 11 --logits sigmoid", [&file, &mask_file]), [table_sums]);
    let floats: Vec<f32> = (0..PIXELS).map(|at| at as f32 - 7.3).collect();
    let file = write(&folder, "f.npy", &npy("<f4", &[HEIGHT, WIDTH], false, &bytes!("<", floats)));
    assert_eq!(sums("--logits sigmoid", [&file, &mask_file]), [of(Sigmoid(F32::new()), &floats, &mask())]);

    // Three classes, planes; the labels are 0, 1, 2, and 9 for the ignored.
    let logits: Vec<i8> = (0..3 * PIXELS).map(|at| (at as i32 * 29 % 256 - 128) as i8).collect();
    let labels: Vec<u8> = (0..PIXELS).map(|at| [0, 1, 2, 9][at % 4]).collect();
    let label_file = write(&folder, "labels.npy", &npy("|u1", &[HEIGHT, WIDTH], false, &labels));
    let numbers: Vec<u8> = logits.iter().map(|value| value.cast_unsigned()).collect();
    let file = write(&folder, "p.npy", &npy("|i1", &[3, HEIGHT, WIDTH], false, &numbers));
    let table = SoftmaxTable::new(0.05).expect("a scale");
    let mut state: Vec<_> = (0..3).map(|class| Sums::new(F32::new(), Label::new(class))).collect();
    let mut frame = Multiclass::<&mut [Sums<F32, Label, All>]>::over(&mut state, 3).expect("classes").ignoring(9);
    frame.update(QuantizedSoftmax::<i8, _>::new(Planar(&logits), &table), &labels).expect("a map");
    let expected: Vec<Record> = state.iter().map(Measured::record).collect();
    let arguments = "--scale 0.05 --zero-point 3 --logits softmax --ignore 9 --layout chw";
    assert_eq!(sums(arguments, [&file, &label_file]), expected);
    assert!(expected[0].ignored > 0);
}

/// Three classes of f32, plane after plane.
fn planes() -> Vec<f32> {
    (0..3 * PIXELS).map(|at| (at * 7 % 45) as f32 / 64.0).collect()
}

#[test]
fn axes_and_labels() {
    let folder = folder();
    let planes = planes();
    let labels: Vec<u8> = (0..PIXELS).map(|at| (at % 3) as u8).collect();
    let expected: Vec<Record> = (0..3u8)
        .map(|class| {
            let mut stream = Stream::summing(F32Fine::new(), Label::new(class), All);
            stream.update(&planes[usize::from(class) * PIXELS..][..PIXELS], &labels).expect("a map");
            stream.sums().record()
        })
        .collect();
    let interleaved: Vec<f32> = (0..3 * PIXELS).map(|at| planes[at % 3 * PIXELS + at / 3]).collect();
    // The first axis fastest: [3, h, w] as Fortran has it.
    let fortran: Vec<f32> =
        (0..3 * PIXELS).map(|at| planes[at % 3 * PIXELS + at / 3 % HEIGHT * WIDTH + at / 3 / HEIGHT]).collect();
    let chw = write(&folder, "chw.npy", &npy("<f4", &[1, 3, HEIGHT, WIDTH], false, &bytes!("<", planes)));
    let hwc = write(&folder, "hwc.npy", &npy("<f4", &[HEIGHT, WIDTH, 3], false, &bytes!("<", interleaved)));
    let turned = write(&folder, "f.npy", &npy("<f4", &[3, HEIGHT, WIDTH], true, &bytes!("<", fortran)));
    let wide: Vec<i64> = labels.iter().map(|&label| label.into()).collect();
    let short: Vec<i32> = labels.iter().map(|&label| label.into()).collect();
    let targets = [
        write(&folder, "u8.npy", &npy("|u1", &[HEIGHT, WIDTH], false, &labels)),
        write(&folder, "i32.npy", &npy(">i4", &[HEIGHT, WIDTH], false, &bytes!(">", short))),
        write(&folder, "i64.npy", &npy("<i8", &[HEIGHT, WIDTH], false, &bytes!("<", wide))),
        picture(&folder, "labels.png", png::ColorType::Indexed, png::BitDepth::Two, &packed(&labels, 2)),
    ];
    for target in &targets {
        for (file, arguments) in [(&chw, "--layout chw"), (&hwc, "--layout hwc"), (&turned, "--layout chw --labels")] {
            assert_eq!(sums(arguments, [file, target]), expected, "{arguments} {}", target.display());
        }
        assert_eq!(sums("--classes 3", [&chw, target]), expected);
        let named = json("score @ @ --layout hwc --classes road,car,sky", &[&hwc, target]);
        assert_eq!(named["classes"], serde_json::json!(["road", "car", "sky"]));
    }
    // A device that writes the winning label.
    let hard = sums("--labels --classes 3", [&targets[2], &targets[0]]);
    assert!(hard.iter().all(|class| class.p == 5 && class.pt == 5 && class.t == 5), "{hard:?}");
}

/// Pixels of less than a byte, the first in the highest bits, each row from a byte on.
fn packed(pixels: &[u8], bits: u32) -> Vec<u8> {
    let each = (8 / bits) as usize;
    let row = |row: &[u8]| {
        let bytes = row
            .chunks(each)
            .map(|few| few.iter().enumerate().fold(0, |byte, (at, &p)| byte | p << (8 - bits * (at as u32 + 1))));
        bytes.collect::<Vec<u8>>()
    };
    pixels.chunks(WIDTH).flat_map(row).collect()
}

fn picture(folder: &TempDir, name: &str, color: png::ColorType, depth: png::BitDepth, data: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    let mut encoder = png::Encoder::new(std::fs::File::create(&path).expect("a file"), WIDTH as u32, HEIGHT as u32);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette(vec![9; 12]);
    }
    encoder.write_header().expect("a header").write_image_data(data).expect("pixels");
    path
}

#[test]
fn pictures() {
    let folder = folder();
    let bytes: Vec<u8> = (0..PIXELS).map(|at| (at * 17) as u8).collect();
    let words: Vec<u16> = (0..PIXELS).map(|at| (at * 4369) as u16).collect();
    let grey = picture(&folder, "g.png", png::ColorType::Grayscale, png::BitDepth::Eight, &bytes);
    let deep = picture(&folder, "d.png", png::ColorType::Grayscale, png::BitDepth::Sixteen, &bytes!(">", words));
    let bits = picture(&folder, "m.png", png::ColorType::Grayscale, png::BitDepth::One, &packed(&mask(), 1));
    assert_eq!(sums("", [&grey, &bits]), [of(U8, &bytes, &mask())]);
    assert_eq!(sums("", [&deep, &bits]), [of(U16::new(), &words, &mask())]);
    let colours = picture(&folder, "c.png", png::ColorType::Rgb, png::BitDepth::Eight, &[0, 0, 1].repeat(PIXELS));
    let refused = support::run(support::line("score @ @", &[&colours, &bits]));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("red, green and blue differ; save the map as grey"));
    let whole = std::fs::read(&grey).expect("a file");
    let cut = write(&folder, "cut.png", &whole[..whole.len() - 30]);
    let refused = support::run(support::line("score @ @", &[&cut, &bits]));
    assert_eq!(refused.status.code(), Some(2));
}

/// What the command says where it refuses.
fn refused(arguments: &str, files: [&Path; 2]) -> String {
    let output = support::run(support::line(&format!("score @ @ {arguments}"), &files));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    said
}

#[test]
fn logits_of_16_bits() {
    let folder = folder();
    let mask_file = mask_file(&folder);
    let codes: Vec<i16> = (0..PIXELS).map(|at| (at * 4000) as i16).collect();
    let logits: Vec<f32> = codes.iter().map(|&code| (i32::from(code) + 5) as f32 * 0.001).collect();
    let signed = write(&folder, "i16.npy", &npy("<i2", &[HEIGHT, WIDTH], false, &bytes!("<", codes)));
    let expected = of(Sigmoid(F32::new()), &logits, &mask());
    assert_eq!(sums("--scale 0.001 --zero-point -5 --logits sigmoid", [&signed, &mask_file]), [expected]);
    let unsigned = write(&folder, "u16.npy", &npy("<u2", &[HEIGHT, WIDTH], false, &bytes!("<", codes)));
    // What is no code of the type: of the least there is, the difference would not even be a number.
    for (file, zero_point) in [(&signed, i32::MIN), (&signed, 32768), (&unsigned, -1), (&unsigned, 65536)] {
        let said = refused(&format!("--scale 0.1 --zero-point {zero_point} --logits sigmoid"), [file, &mask_file]);
        assert!(said.contains("take the zero point"), "{said}");
    }
    for scale in ["NaN", "inf", "0"] {
        let said = refused(&format!("--scale {scale} --zero-point 0 --logits sigmoid"), [&signed, &mask_file]);
        assert!(said.contains("take the scale"), "{said}");
    }
}

/// A picture of 8 bits that says it has these sides, and has the pixels of this stream.
fn claiming(width: u32, height: u32, stream: &[u8]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let head = [&sides[..], &[8, 0, 0, 0, 0]].concat();
    for (name, data) in [(b"IHDR", &head[..]), (b"IDAT", stream), (b"IEND", &[])] {
        let begin = file.len() + 4;
        file.extend((data.len() as u32).to_be_bytes());
        file.extend(name);
        file.extend(data);
        let mut crc = u32::MAX;
        for &byte in &file[begin..] {
            crc ^= u32::from(byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB8_8320);
            }
        }
        file.extend((!crc).to_be_bytes());
    }
    file
}

#[test]
#[cfg(unix)]
fn a_file_that_lies_takes_no_memory() {
    let folder = folder();
    let mask_file = mask_file(&folder);
    let pictures = [(1 << 28, 1), (1, 1 << 28), (1 << 14, 1 << 14), (1 << 13, 1 << 15)];
    let names = pictures.map(|(width, height)| {
        let stream = [0x78, 1, 1, 2, 0, 0xFD, 0xFF, 0, 7];
        write(&folder, &format!("{width}.png"), &claiming(width, height, &stream))
    });
    let mut array = npy("|u1", &[1 << 14, 1 << 14], false, &[1; 6]);
    let cut = write(&folder, "claims.npy", &array);
    array.truncate(64);
    let headless = write(&folder, "headless.npy", &array);
    let words = ["too few for 1 × 268435456", "too few for 268435456 × 1", "too few for 16384 × 16384", "too few"];
    let words = words.into_iter().chain(["holds 6 of the 268435456", "cut off"]);
    for (file, words) in names.iter().chain([&cut, &headless]).zip(words) {
        // KiB of address space: less than such a map would take.
        let limited = format!("ulimit -v {}; exec \"$0\" \"$@\"", 255 << 10);
        let output = std::process::Command::new("sh")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_soft-dice")])
            .args(support::line("score @ @", &[file, &mask_file]))
            .output()
            .expect("a shell");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(words), "{words}: {said}");
    }
}

/// No picture is refused for how well it was compressed: black, as zlib has it at its best, two bits for 258 bytes.
#[test]
fn a_picture_that_says_the_truth_is_read() {
    let folder = folder();
    let head = [0x78, 0xDA, 0xED, 0xC1, 1, 1, 0, 0, 0, 0x82, 0x20, 0xFF, 0xAF, 0x6E, 0x48, 0x40, 1];
    let stream = [&head[..], &[0; 4065], &[0x7C, 0x19, 0x0B, 0xC0, 0, 1]].concat();
    let black = write(&folder, "black.png", &claiming(2048, 2048, &stream));
    assert_eq!(sums("", [&black, &black])[0].count, 1 << 22);
}

#[test]
fn labels_of_more_planes_than_a_map_may_have() {
    let folder = folder();
    let mut labels = vec![0i32; 1024 * 1025];
    labels[7] = 255;
    let file = write(&folder, "labels.npy", &npy("<i4", &[1024, 1025], false, &bytes!("<", labels)));
    let said = refused("--labels --role labels --classes 256", [&file, &file]);
    assert!(said.contains("256 planes of 1049600 labels are more than 268435456 values"), "{said}");
}

#[test]
fn a_file_that_grows_while_it_is_read() {
    let file = npy("|u1", &[HEIGHT, WIDTH], false, &[1; PIXELS]);
    for length in [0, 3, file.len() as u64 - 1] {
        let read = Source::from_bytes(&file[..], length, "npy", &Raw::default()).and_then(Source::array);
        assert!(read.expect_err("too short").to_string().contains("of the 15 values"));
    }
}
