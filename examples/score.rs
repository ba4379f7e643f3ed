//! Scores a device's int8 map against a mask and against the float model, with the device's own kernel.
//!
//! With no argument it takes the shipped output of a real network; or two files of your own:
//!
//! ```text
//! cargo run --release --example score -- PRED.npy TARGET.npy [--scale S --zero-point Z]
//! ```
//!
//! PRED is int8, uint8, int16 (Q15), uint16 or float32; TARGET is a mask (bool, or uint8 where not 0) or a float32 map.

use lexopt::prelude::*;
use npyz::{DType, NpyFile, TypeChar};
use serde_json::Value;
use soft_dice::{All, Element, F32, I8, Measured, NonZero, Q15, Score, Soft, Stream, Target, Times, U8, U8Affine, U16};
use std::error::Error;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() {
    if let Err(error) = run() {
        eprintln!("score: {error}");
        std::process::exit(1);
    }
}

fn run() -> Outcome<()> {
    let (mut files, mut scale, mut zero_point) = (Vec::new(), None, None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("scale") => scale = Some(arguments.value()?.parse::<f32>()?),
            Long("zero-point") => zero_point = Some(arguments.value()?.parse::<i32>()?),
            Value(file) => files.push(PathBuf::from(file)),
            other => return Err(other.unexpected().into()),
        }
    }
    match &files[..] {
        [] => shipped(),
        [prediction, target] => two_files(prediction, target, scale, zero_point),
        _ => Err("takes two files, PRED.npy and TARGET.npy, or none".into()),
    }
}

/// The int8 output of a selfie-segmentation network on a microcontroller's runtime, against its float twin.
fn shipped() -> Outcome<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json"))?)?;
    let case = |id: &str| {
        let cases = expected["cases"].as_array().into_iter().flatten();
        cases.into_iter().find(|case| case["id"] == id).ok_or_else(|| format!("expected.json has no case {id}"))
    };
    let device: Vec<i8> = npy(&folder.join("selfie_land_astronaut_q8.npy"))?.into_vec()?;
    let float: Vec<f32> = npy(&folder.join("selfie_land_astronaut_f32.npy"))?.into_vec()?;
    println!("A segmentation network in int8 on the device (TFLite: 1/256, zero point -128), 256x144 pixels.\n");

    println!("Against the mask of its float twin (value > 0.5):");
    let mask: Vec<u8> = float.iter().map(|&value| u8::from(value > 0.5)).collect();
    let mut stream = Stream::summing(I8::TFLITE, NonZero, All);
    stream.update(&device, &mask)?;
    let sums = stream.finish();
    let hard = case("selfie_land_astronaut:q8~float_thr")?;
    print_sums(&sums);
    for (name, got) in [("u", sums.p()), ("T", sums.t()), ("uT", sums.pt())] {
        let counted = hard["exact_ints"][name].as_u64();
        let same = if counted == Some(got) { "the same integer" } else { "DIFFERENT" };
        println!("  {name:<3} counted by numpy  {:>18}   {same}", counted.unwrap_or_default());
    }
    print_scores(&sums, Some(hard))?;

    println!("\nAgainst the float map itself, pixel by pixel:");
    let mut stream = Stream::summing(I8::TFLITE, Soft(F32::new()), All);
    stream.update(&device, &float)?;
    let sums = stream.finish();
    print_sums(&sums);
    print_scores(&sums, Some(case("selfie_land_astronaut:q8~float_soft")?))?;
    println!(
        "\nOf two soft maps the linear score reads a false disagreement; semimetric and squared are 1 where maps agree."
    );
    Ok(())
}

fn print_sums(sums: &impl Measured) {
    let r = sums.record();
    let unit = |u: soft_dice::Unit| format!("{}/{}", u.mul, u64::from(u.div) << u.shift);
    println!("  pixels {}, left out {}, invalid {}, clamped {}", r.count, r.ignored, r.invalid, r.clamped);
    println!("  sum p    {:>18}  codes of {:<12} = {:.3}", r.p, unit(r.unit_p), r.unit_p.value(r.p));
    println!("  sum t    {:>18}  codes of {:<12} = {:.3}", r.t, unit(r.unit_t), r.unit_t.value(r.t));
    println!("  sum p*t  {:>18}  products of the two", r.pt);
}

/// Each score with what it means, and how far MONAI's value for the same maps is.
fn print_scores(sums: &impl Measured, case: Option<&Value>) -> Outcome<()> {
    let monai = |score: Score| score.smooth(1e-5, 1e-5).loss();
    let rows = [
        ("linear", "2I/(P+T)", monai(Score::dice()), "DiceLoss"),
        ("squared", "2I/(P2+T2)", monai(Score::dice().squared()), "DiceLoss(squared_pred=True)"),
        ("semimetric", "2m/(P+T)", monai(Score::dice().semimetric()), "DiceLoss(soft_label=True)"),
    ];
    println!("  soft Dice                  score       Q15   loss (MONAI's smoothing)   MONAI's value in f64   off by");
    for (name, formula, loss, key) in rows {
        let plain = match name {
            "squared" => Score::dice().squared(),
            "semimetric" => Score::dice().semimetric(),
            _ => Score::dice(),
        };
        let (score, q15, loss) = (plain.f32(sums)?, plain.q15(sums)?, loss.f64(sums)?);
        let theirs = case.and_then(|case| case["monai_f64"][key].as_f64());
        let beside = theirs.map_or(String::new(), |theirs| format!("{theirs:>22.12} {:>8.0e}", (loss - theirs).abs()));
        println!("  {name:<11}{formula:<12} {score:>9.6} {q15:>9} {loss:>26.12} {beside}");
    }
    let (precision, recall) = (Score::precision().f32(sums)?, Score::recall().f32(sums)?);
    println!(
        "  soft precision {precision:.6} (how much of the prediction is right), recall {recall:.6} (how much is found)"
    );
    println!("  rounding of float codes moved a linear score by at most {:.1e}", Score::dice().rounding(sums));
    Ok(())
}

fn npy(path: &Path) -> Outcome<NpyFile<std::io::BufReader<std::fs::File>>> {
    let file = std::fs::File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(NpyFile::new(std::io::BufReader::new(file)).map_err(|e| format!("{}: {e}", path.display()))?)
}

fn kind<R: std::io::Read>(file: &NpyFile<R>) -> Outcome<(TypeChar, u64)> {
    match file.dtype() {
        DType::Plain(kind) => Ok((kind.type_char(), kind.size_field())),
        other => Err(format!("a plain array is needed, not {}", other.descr()).into()),
    }
}

fn two_files(prediction: &Path, target: &Path, scale: Option<f32>, zero_point: Option<i32>) -> Outcome<()> {
    let (p, t) = (npy(prediction)?, npy(target)?);
    if p.shape() != t.shape() {
        return Err(format!("shapes differ: {:?} and {:?}", p.shape(), t.shape()).into());
    }
    match (kind(&p)?, scale, zero_point) {
        ((TypeChar::Int, 1), scale, zero_point) => {
            let element = I8::new(scale.unwrap_or(1.0 / 256.0), zero_point.unwrap_or(-128))?;
            against(element, &p.into_vec::<i8>()?, t)
        }
        ((TypeChar::Uint, 1), None, None) => against(U8, &p.into_vec::<u8>()?, t),
        ((TypeChar::Uint, 1), scale, zero_point) => {
            let element = U8Affine::new(scale.unwrap_or(1.0 / 255.0), zero_point.unwrap_or(0))?;
            against(element, &p.into_vec::<u8>()?, t)
        }
        (_, Some(_), _) | (_, _, Some(_)) => Err("--scale and --zero-point are for 8-bit predictions".into()),
        ((TypeChar::Int, 2), ..) => against(Q15::new(), &p.into_vec::<i16>()?, t),
        ((TypeChar::Uint, 2), ..) => against(U16::new(), &p.into_vec::<u16>()?, t),
        ((TypeChar::Float, 4), ..) => against(F32::new(), &p.into_vec::<f32>()?, t),
        ((kind, size), ..) => Err(format!("predictions of type {kind}{size} are not read here").into()),
    }
}

fn against<P>(element: P, p: &[P::Raw], t: NpyFile<std::io::BufReader<std::fs::File>>) -> Outcome<()>
where
    P: Element + Times<F32>,
{
    match kind(&t)? {
        (TypeChar::Bool, _) => {
            let mask: Vec<u8> = t.into_vec::<bool>()?.into_iter().map(u8::from).collect();
            report(element, NonZero, p, &mask)
        }
        (TypeChar::Uint, 1) => report(element, NonZero, p, &t.into_vec::<u8>()?),
        (TypeChar::Float, 4) => report(element, Soft(F32::new()), p, &t.into_vec::<f32>()?),
        (kind, size) => Err(format!("targets of type {kind}{size} are not read here").into()),
    }
}

fn report<P: Element, T: Target<P>>(element: P, target: T, p: &[P::Raw], t: T::Buffer<'_>) -> Outcome<()> {
    let mut stream = Stream::summing(element, target, All);
    stream.update(p, t)?;
    print_sums(stream.sums());
    print_scores(stream.sums(), None)
}
