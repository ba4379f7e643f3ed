//! Files as people have them on disk: each gives the right value, or an error that says what to do. None is taken for
//! something else.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/command")
}

fn run(line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soft-dice"));
    command.args(line.split_whitespace()).current_dir(data()).output().expect("the command runs")
}

/// What `--json` says.
fn json(line: &str) -> Value {
    let output = run(&format!("{line} --json -"));
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn mean(line: &str) -> f64 {
    json(line)["mean"]["dice"].as_f64().unwrap_or_else(|| panic!("{line}: no mean"))
}

/// The one line of an error, or clap's several.
fn refused(line: &str) -> String {
    let output = run(line);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{line}: {said}{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty(), "{line}");
    said
}

fn near(line: &str, expected: f64) {
    let got = mean(line);
    assert!((got - expected).abs() < 5e-5, "{line}: {got}, expected {expected}");
}

fn says(line: &str, words: &[&str]) {
    let said = refused(line);
    for word in words {
        assert!(said.contains(word), "{line}: `{word}` is not in: {said}");
    }
}

const SOFT: f64 = 0.763_310;
const HARD: f64 = 0.844_444;
const LABELS: f64 = 0.8899;

#[test]
fn ignored_pixels_of_a_mask() {
    let report = json("score soft_f32.npy void_u8.npy --ignore 255");
    assert!((report["mean"]["dice"].as_f64().expect("a mean") - 0.8378).abs() < 5e-5);
    assert_eq!(report["files"][0]["scores"]["classes"][0]["sums"]["ignored"], 14);
    near("score soft_f32.npy void.png --ignore 255", 0.8378);
    for file in ["void_u8.npy", "void.png"] {
        says(&format!("score soft_f32.npy {file}"), &["only 0, 1 and 255", "`--ignore LABEL`", "`--target-role mask`"]);
    }
    near("score soft_f32.npy void_u8.npy --ignore 255,7", 0.8378);
    says("score soft_f32.npy soft_f16.npy --ignore 255", &["ignore"]);
    // A mask of 0 and 255 loses all its foreground so, which is said.
    let cautions = |line: &str| json(line)["warnings"].to_string();
    assert!(cautions("score soft_f32.npy t255_L.png --ignore 255").contains("none is foreground"));
    assert!(!cautions("score soft_f32.npy void_u8.npy --ignore 255").contains("none is foreground"));
}

#[test]
fn sides_of_compare_the_other_way_round() {
    // Asking for the scale that was given would send people round in a circle.
    says("compare q1.npy f1.npy --tflite", &["q1.npy", "the float model's map first", "the device's second"]);
    assert!(json("compare f1.npy q1.npy --tflite")["pooled"]["agreement"].as_f64().expect("an agreement") > 0.99);
}

#[test]
fn integers_as_a_target() {
    for kind in ["i64", "u32", "u64", "f64", "i8"] {
        for option in ["", "--target-threshold 0.5", "--target soft", "--target-role mask", "--labels"] {
            near(&format!("score soft_f32.npy t01_{kind}.npy {option}"), SOFT);
        }
    }
    near("score soft_f32.npy t01_u8.npy", SOFT);
    // A byte of 1 is a probability of 1/255 or a mask: no threshold makes it the background in silence.
    says("score soft_f32.npy t01_u8.npy --target-threshold 0.5", &["only 0 and 1", "`--target-role mask`"]);
    let compared = json("compare soft_f32.npy soft_q8.npy t01_i64.npy --tflite --target-threshold 0.5");
    let both = &compared["against"];
    assert!((both["float"].as_f64().expect("a score") - SOFT).abs() < 5e-5, "{both}");
}

#[test]
fn masks_in_many_guises() {
    for file in [
        "t01_u8.npy",
        "tbool.npy",
        "t255_u8.npy",
        "t255_i64.npy",
        "t255_f32.npy",
        "t01_11hw.npy",
        "t01_1hw.npy",
        "t01_hw1.npy",
        "t_bgr.npy",
        "t255_L.png",
        "t255_LA.png",
        "t255_RGB.png",
        "t255_RGBA.png",
        "t_16.png",
        "t_interlaced.png",
        "t_palette.png",
        "t_palette_trns.png",
        "t01_1bit.png",
        "t.npz",
        "t.tif",
        "notreally.npy",
    ] {
        near(&format!("score soft_f32.npy {file}"), SOFT);
    }
    near("score soft_f32.npy t0999_f32.npy", 0.763_306);
    for file in
        ["soft_f16", "soft_f64", "soft_be_f32", "soft_be_f64", "soft_fortran", "soft_11hw", "soft_1hw", "soft_hw1"]
    {
        let got = mean(&format!("score {file}.npy tbool.npy"));
        assert!((got - SOFT).abs() < 2e-4, "{file}: {got}");
    }
    for (file, option) in [("soft_u8", ""), ("soft_q8", "--tflite")] {
        let got = mean(&format!("score {file}.npy tbool.npy {option}"));
        assert!((got - SOFT).abs() < 2e-3, "{file}: {got}");
    }
    // Over 1 by more than rounding: on the target's side, and not for want of logits.
    says("score soft_f32.npy t_over_f32.npy", &["t_over_f32.npy", "of the target", "`--target-threshold`"]);
    assert!(!refused("score soft_f32.npy t_over_f32.npy").contains("logits"));
    near("score soft_f32.npy t_over_f32.npy --range clamp", SOFT);
    near("score soft_f32.npy t_over_f32.npy --target-threshold 0.5", SOFT);
}

#[test]
fn predicted_masks() {
    for file in [
        "p_1bit.png",
        "p_2bit.png",
        "p_4bit.png",
        "p_palette.png",
        "p01_1bit.png",
        "p255_L.png",
        "p255_u8.npy",
        "pbool.npy",
        "p01_f32.npy",
        "p01_i8.npy",
        "p01_i64.npy",
    ] {
        near(&format!("score {file} t255_L.png"), HARD);
    }
    // Codes of 0 and 1 may be a dark frame of probabilities: a question, and any answer is taken.
    for file in ["p01_u8.npy", "p01_L.png", "p01_u16.npy", "p01_i16.npy"] {
        says(&format!("score {file} t255_L.png"), &["only 0 and 1", "`--role mask`", "`--role probabilities`"]);
        near(&format!("score {file} t255_L.png --role mask"), HARD);
        assert!(mean(&format!("score {file} t255_L.png --role probabilities")) < 0.01);
    }
}

#[test]
fn label_maps_of_every_type() {
    near("score plab.png lab.png --labels --classes bg,disk,corner", LABELS);
    for kind in ["uint8", "uint16", "int32", "uint32", "int64", "float32", "float64"] {
        for target in ["lab.png", "lab_float32.npy", "lab_int64.npy", "lab_uint32.npy", "lab_uint8.npy"] {
            near(&format!("score plab_{kind}.npy {target} --role labels"), LABELS);
            near(&format!("score plab_{kind}.npy {target} --classes 3"), LABELS);
        }
        near(&format!("score soft3_chw.npy lab_{kind}.npy"), 0.7928);
    }
    for kind in ["int32", "uint32", "int64"] {
        near(&format!("score plab_{kind}.npy lab.png"), LABELS);
    }
    for kind in ["uint8", "uint16", "float32", "float64"] {
        says(&format!("score plab_{kind}.npy lab.png"), &["0, 1 and 2", "`--role labels`"]);
    }
}

#[test]
fn labels_to_leave_out_and_to_count_otherwise() {
    near("score soft3_chw.npy lab255_i64.npy --ignore 255", mean("score soft3_chw.npy lab255_u8.npy --ignore 255"));
    near("score soft3_chw.npy labm1_i64.npy --ignore -1", mean("score soft3_chw.npy labm1_i8.npy --ignore -1"));
    json("score soft3_chw.npy lab_u32ign.npy --ignore 4294967295");
    says("score soft3_chw.npy lab_u32ign.npy", &["the label 4294967295", "`--ignore 4294967295`"]);
    // From 1 on, with 0 for what is not labelled.
    near("score soft3_chw.npy ade_lab.npy --ignore 0 --label-offset 1", 0.7928);
    near("score soft3_chw.npy ade_lab.npy --target-label-map 1=0,2=1,3=2", 0.7928);
    near("score soft3_chw.npy ade_lab.npy --target-label-map 1=0,2=1,*=2", 0.7928);
    let report = json("score soft3_chw.npy ade_lab_no3.npy --ignore 0");
    let warned = report["warnings"][0]["message"].as_str().expect("a warning");
    assert!(warned.contains("`--label-offset 1`"), "{warned}");
    assert!(mean("score soft3_chw.npy ade_lab_no3.npy --ignore 0 --label-offset 1") > 0.8);
    // Foreground of 255 is never left out by advice.
    assert!(!refused("score soft3_chw.npy t255_i64.npy").contains("leave out 255"));
    near("score soft_f32.npy t255_i64.npy", SOFT);
}

#[test]
fn numbers_that_are_none() {
    for line in ["nanhard.npy tbool.npy --threshold 0.5", "nanhard2.npy tbool.npy --argmax"] {
        let report = json(&format!("score {line} --range exclude"));
        assert_eq!((&report["mean"]["dice"], &report["mean"]["hard"]), (&1.0.into(), &1.0.into()), "{line}");
    }
    says("score nanhard.npy tbool.npy", &["NaN", "`--range exclude`"]);
}

#[test]
fn thresholds_and_limits() {
    for option in [
        "--target-threshold 127",
        "--threshold 127",
        "--threshold 50",
        "--threshold nan",
        "--min-dice nan",
        "--min-dice 2",
    ] {
        says(&format!("score soft_f32.npy t255_L.png {option}"), &["it must lie in [0, 1]"]);
    }
    says("score soft_f32.npy t255_L.png --threshold=-0.5", &["it must lie in [0, 1]"]);
    says("compare soft_f32.npy soft_q8.npy --tflite --threshold 2", &["it must lie in [0, 1]"]);
}

#[test]
fn class_counts_and_presets() {
    let report = json("score soft3_chw.npy lab.png --preset nnunet");
    assert!((report["mean"]["loss"].as_f64().expect("a loss") + 0.7394).abs() < 5e-5);
    for classes in ["4", "a,b", "0", "1"] {
        says(&format!("score soft3_chw.npy lab.png --classes {classes}"), &["`--classes`"]);
    }
    says("score soft3_chw.npy lab.png --classes a,b,a", &["the name `a` twice"]);
    says("score soft3_chw.npy lab.png --classes a,,b", &["an empty name"]);
    says("score soft_f32.npy t255_L.png --classes 0", &["`--classes` says 0"]);
    says("score soft_f32.npy t255_L.png --argmax", &["`--argmax` has no effect on one class"]);
    says("score pl tl", &["`--classes`"]);
    near("score pl tl --classes 4", 1.0);
}

#[test]
fn volumes_and_batches() {
    for pair in [
        "vol_dhw.npy tvol_dhw.npy",
        "cube.npy tcube.npy",
        "batch_n1hw.npy tbatch_n1hw.npy",
        "vol20_dhw.npy tvol20_dhw.npy",
    ] {
        says(&format!("score {pair}"), &["`--volume`", "`--frames`"]);
        let one = json(&format!("score {pair} --volume"));
        let each = json(&format!("score {pair} --frames"));
        assert_eq!(one["pooled"]["classes"][0]["sums"], each["pooled"]["classes"][0]["sums"], "{pair}");
        assert!(each["files"].as_array().expect("files").len() > 1, "{pair}");
    }
    near("score vol_dhw.npy tvol_dhw.npy --volume", SOFT);
    near("score vol_dhw.npy tvol_hwd.npy --volume", SOFT);
    near("score vol_hwd.npy tvol_dhw.npy --volume", SOFT);
    near("score vol_hwd.npy tvol_hwd.npy --frames --layout hwn", SOFT);
    says("score vol_hwd.npy tvol_hwd.npy --frames", &["`--layout hwn`", "`--layout nhw`"]);
}

#[test]
fn classes_on_either_side() {
    for file in ["soft3_chw", "soft3_hwc", "soft3_1chw", "c1hw"] {
        near(&format!("score {file}.npy lab.png"), 0.7928);
    }
    near("score logits3_chw.npy lab.png --logits softmax", 0.7928);
    // The target's axes may lie otherwise.
    near("score soft3_chw.npy onehot_hwc.npy --classes 3", 0.7928);
    near("score soft3_hwc.npy onehot_chw.npy --classes 3", 0.7928);
    // A mask against a softmax of background and foreground.
    for target in ["tbool.npy", "t255_L.png", "t01_u8.npy", "t01_i64.npy", "t255_f32.npy"] {
        let report = json(&format!("score soft2_chw.npy {target}"));
        let dice = report["files"][0]["scores"]["classes"][1]["dice"].as_f64().expect("a score");
        assert!((dice - SOFT).abs() < 5e-5, "{target}: {dice}");
    }
    says("score f_chw888.npy q_hwc888.npy --tflite --target soft", &["`--layout chw` or `--layout hwc`"]);
}

#[test]
fn codes_that_cannot_be_probabilities() {
    let warned = |line: &str| {
        let report = json(line);
        let all = report["warnings"].as_array().expect("a list").iter();
        all.map(|one| one["kind"].as_str().expect("a word").to_string())
            .filter(|kind| kind != "linear_of_soft")
            .collect::<Vec<_>>()
    };
    for right in [
        "q1.npy f1.npy --tflite",
        "trt_q8.npy tbool.npy --scale 0.007874016 --zero-point 0",
        "ort_u8_128.npy tbool.npy --scale 0.007874016 --zero-point 128",
    ] {
        assert_eq!(warned(&format!("score {right}")), [""; 0], "{right}");
    }
    assert_eq!(warned("score q1_asu8.npy f1.npy --tflite"), ["byte_view"]);
    assert_eq!(warned("score q1_asu8.npy f1.npy"), ["byte_view"]);
    assert_eq!(warned("score q1.npy f1.npy --scale 0.0078125 --zero-point -128"), ["scale"]);
    assert_eq!(warned("score q1.npy f1.npy --scale 0.001953125 --zero-point -128"), ["scale"]);
    assert_eq!(warned("score q1.npy f1.npy --scale 0.00390625 --zero-point 0"), ["zero_point", "scale"]);
    says("score f1_pm.npy f1.npy", &["whole numbers from -128 to 123 as floats", "`--tflite`"]);
    near("score f1_pm.npy f1.npy --tflite", mean("score q1.npy f1.npy --tflite"));
}

#[test]
fn containers_by_name() {
    for (file, words) in [
        ("t.bmp", "a BMP picture"),
        ("t.csv", "a CSV table"),
        ("t.gif", "a GIF picture"),
        ("t.jpg", "a JPEG"),
        ("t.pgm", "a PGM picture"),
        ("notreally.png", "its name says PNG, and it is a JPEG"),
        ("huge.npy", "`--max-pixels`"),
        ("v4.npy", "unsupported version"),
        ("truncated.npy", "holds 167 of the 192"),
        ("struct.npy", "are not read"),
        ("object.npy", "are not read"),
        ("text.npy", "not a .npy file"),
        ("complex.npy", "are not read"),
        ("one_d.npy", "one_d.npy: the shape [192] is no map"),
        ("scalar.npy", "a single number"),
        ("empty.npy", "no header"),
        ("empty.png", "not a readable .png"),
        ("zero.npy", "holds nothing"),
        ("truncated.png", "not a readable .png"),
        ("bf16.npy", "bfloat16"),
        ("bf16_name.npy", "bfloat16"),
    ] {
        says(&format!("score soft_f32.npy {file}"), &[words]);
    }
    for file in ["longheader", "nopad", "order", "trailing", "v2", "v3", "long_L", "native", "stdlib_fortran"] {
        near(&format!("score {file}.npy tbool.npy"), SOFT);
    }
    let report = json("score trailing.npy tbool.npy");
    assert_eq!(report["warnings"][0]["kind"], "trailing");
}

#[test]
fn options_without_effect() {
    for (line, option) in [
        ("soft_f32.npy tbool.npy --tflite", "--tflite"),
        ("soft_u8.npy tbool.npy --range clamp", "--range"),
        ("soft_f32.npy tbool.npy --volume", "--volume"),
        ("soft_f32.npy tbool.npy --frames", "--frames"),
        ("soft_f32.npy tbool.npy --dtype f32 --shape 12,16", "--dtype"),
        ("soft_f32.npy tbool.npy --target-dtype f32 --target-shape 12,16", "--target-dtype"),
        ("soft_f32.npy tbool.npy --key a", "--key"),
        ("soft_f32.npy tbool.npy --label-offset 1", "--label-offset"),
        ("soft_f32.npy tbool.npy --target-label-map 1=0", "--target-label-map"),
        ("soft_f32.npy tbool.npy --target-scale 0.1 --target-zero-point 3", "--target-scale"),
        ("soft_f32.npy soft_f16.npy --target soft --ignore 3", "--ignore"),
        ("soft_f32.npy tbool.npy --recursive", "--recursive"),
        ("soft_f32.npy tbool.npy --unpaired skip", "--unpaired"),
    ] {
        says(&format!("score {line}"), &[option, "no effect"]);
    }
    says("score soft_f32.npy tbool.npy --target mask --target-threshold 0.5", &["leave out one of the two"]);
}

#[test]
fn what_was_read_is_said() {
    let output = run("score soft_q8.npy t255_L.png --tflite");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        printed.contains("prediction read as 12×16 int8 of a .npy, 1/256, zero point -128, probabilities, one class"),
        "{printed}"
    );
    assert!(printed.contains("target read as 12×16 uint8 of a PNG, a mask, one class"), "{printed}");
    let report = json("score vol_dhw.npy tvol_dhw.npy --volume");
    let read = &report["read"][0];
    assert_eq!((&read["side"], &read["frames"], &read["layout"]), (&"prediction".into(), &3.into(), &"nhw".into()));
}

/// The bytes of a NumPy array under a NIfTI header, whose format has the first axis fastest: 0.3625 would be said of them, for
/// 0.7633. Written in the format's order the same mask is read, with sizes of voxels or without.
#[test]
fn a_nifti_in_the_wrong_order() {
    for file in ["t.nii", "t.nii.gz"] {
        says(&format!("score soft_f32.npy {file}"), &["without sizes of voxels", "scrambled", "nibabel", ".npy"]);
    }
    let folder = support::folder();
    let mut bytes = std::fs::read(data().join("t.nii")).expect("a file");
    // 16 columns, 12 rows, 1 slice; the numbers of the mask that lies in rows beside it.
    let (_, mask) = support::read::<u8>(&data().join("t01_u8.npy"));
    assert_eq!(bytes.len(), 352 + mask.len());
    bytes[352..].copy_from_slice(&mask);
    let right = support::write(&folder, "right.nii", &bytes);
    near(&format!("score soft_f32.npy {}", right.display()), SOFT);
    // With sizes a tool has written it, and its order is not doubted.
    for axis in 1..4 {
        bytes[76 + 4 * axis..][..4].copy_from_slice(&1.0_f32.to_le_bytes());
    }
    let sized = support::write(&folder, "sized.nii", &bytes);
    near(&format!("score soft_f32.npy {}", sized.display()), SOFT);
}
