//! Watches the output of a real int8 network while its camera degrades: 48 frames, then the first 30 again, as if the
//! camera had been cleaned.
//!
//! ```text
//! cargo run --release --example watch [-- PLOT.svg]
//! ```
//!
//! Prints a line per frame: Soft Dice Confidence, which the device knows, and beside it the soft Dice with the float model's
//! mask of the undegraded frame, which it does not; and the monitor's state. The settings are the general ones, with the
//! baseline learnt from the first eight frames. Writes both scores and the changes of state to PLOT.svg
//! (target/watch.svg).

use npyz::NpyFile;
use plotters::prelude::*;
use soft_dice::monitor::{Event, Promise, Settings, State, Watch, calibrate};
use soft_dice::{Bits, I8, LsbFirst, Score, Stream};
use std::error::Error;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

const PIXELS: usize = 256 * 144;
/// What is seen again at the end.
const CLEANED: usize = 30;

fn main() {
    if let Err(error) = run() {
        eprintln!("watch: {error}");
        std::process::exit(1);
    }
}

/// A frame as it is drawn.
struct Seen {
    confidence: f64,
    truth: f64,
    state: State,
}

fn run() -> Outcome<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plot = std::env::args_os().nth(1).map_or_else(|| folder.join("target/watch.svg"), PathBuf::from);
    let maps: Vec<i8> = npy(&folder.join("tests/data/drift_q8.npy"))?.into_vec()?;
    let masks: Vec<u8> = npy(&folder.join("tests/data/drift_reference_bits.npy"))?.into_vec()?;
    let run: Vec<(&[i8], &[u8])> = maps.chunks(PIXELS).zip(masks.chunks(PIXELS / 8)).collect();

    let mut last = vec![0; PIXELS];
    let mut watch = Watch::<_, 32>::new(I8::TFLITE, &mut last, Settings::DEFAULT)?;
    let (mut seen, mut events, mut healthy) = (Vec::new(), Vec::new(), Vec::new());
    println!("frame  confidence  soft Dice  state");
    for (frame, &(map, mask)) in run.iter().chain(run.iter().take(CLEANED)).enumerate() {
        let event = watch.frame(map)?;
        let confidence = Score::dice().f64(watch.sums())?;
        let mut stream = Stream::new(I8::TFLITE, LsbFirst);
        stream.update(map, Bits::new(mask))?;
        let truth = Score::dice().f64(stream.sums())?;
        let state = watch.state();
        let why = event.map(|event| format!("  <- {:?}, {:?}", event.from, event.cause)).unwrap_or_default();
        println!("{frame:>5}  {confidence:>10.4}  {truth:>9.4}  {state:?}{why}");
        events.extend(event);
        seen.push(Seen { confidence, truth, state });
        healthy.extend(watch.report().confidence.filter(|_| frame < 8));
    }

    let drift = Settings::DEFAULT.confidence.drift;
    println!("\nGeneral thresholds: allowance {}, limit {} of 32768.", drift.allowance, drift.limit);
    let found = calibrate(&healthy, &Promise::default())?;
    println!(
        "Calibrated on frames 0 to 7 (deviation {:.4}, at most {:.4}): allowance {}, limit {}.",
        found.measured.deviation, found.noise.deviation, found.drift.allowance, found.drift.limit
    );
    if let Some(folder) = plot.parent() {
        std::fs::create_dir_all(folder)?;
    }
    draw(&plot, &seen, &events)?;
    println!("Plot: {}", plot.display());
    Ok(())
}

fn npy(path: &Path) -> Outcome<NpyFile<std::io::Cursor<Vec<u8>>>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(NpyFile::new(std::io::Cursor::new(bytes)).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Bands: white while all is well, then tints of orange and vermilion, and greys where nothing is judged; each has a name in words.
fn colour(state: State) -> RGBColor {
    match state {
        State::WarmingUp => RGBColor(232, 232, 232),
        State::Healthy => RGBColor(255, 255, 255),
        State::Degraded => RGBColor(253, 232, 190),
        State::Failed => RGBColor(246, 205, 180),
        State::NoSignal => RGBColor(208, 208, 208),
    }
}

/// Of the palette of Okabe and Ito.
const CONFIDENCE: RGBColor = RGBColor(0, 114, 178);
const TRUTH: RGBColor = RGBColor(213, 94, 0);

/// Both scores over the frames, on bands of the state's colour; changes of state are marked.
fn draw(path: &Path, seen: &[Seen], events: &[Event]) -> Outcome<()> {
    let root = SVGBackend::new(path, (1100, 460)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .margin(12)
        .caption("int8 network under a degrading camera: what the device knows, and what is true", ("sans-serif", 18))
        .x_label_area_size(38)
        .y_label_area_size(48)
        .build_cartesian_2d(-0.5..seen.len() as f64 - 0.5, 0.0..1.12)?;
    let bands = seen.iter().enumerate().map(|(frame, seen)| {
        let x = frame as f64;
        Rectangle::new([(x - 0.5, 0.0), (x + 0.5, 1.12)], colour(seen.state).filled())
    });
    chart.draw_series(bands)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("frame")
        .y_desc("score")
        .x_label_formatter(&|x| format!("{x:.0}"))
        .label_style(("sans-serif", 14))
        .draw()?;
    let points = |score: fn(&Seen) -> f64| {
        seen.iter().enumerate().map(move |(frame, seen)| (frame as f64, score(seen))).collect::<Vec<_>>()
    };
    for (name, colour, score) in [
        ("soft Dice with the reference", TRUTH, (|seen| seen.truth) as fn(&Seen) -> f64),
        ("Soft Dice Confidence, no reference", CONFIDENCE, |seen| seen.confidence),
    ] {
        chart
            .draw_series(LineSeries::new(points(score), colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    for (at, event) in events.iter().enumerate() {
        let x = f64::from(event.frame) - 0.5;
        chart.draw_series([PathElement::new([(x, 0.0), (x, 1.12)], BLACK.mix(0.6).stroke_width(1))])?;
        let text = format!("{:?} ({:?})", event.to, event.cause);
        // Names of changes that are near each other stand in two rows.
        let y = 1.095 - 0.045 * (at % 2) as f64;
        chart.draw_series([Text::new(text, (x + 0.3, y), ("sans-serif", 14))])?;
    }
    let cleaned = (seen.len() - CLEANED) as f64 - 0.5;
    chart.draw_series([PathElement::new([(cleaned, 0.0), (cleaned, 1.0)], BLACK.mix(0.4).stroke_width(1))])?;
    chart.draw_series([Text::new("camera cleaned", (cleaned + 0.3, 0.10), ("sans-serif", 14))])?;
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::MiddleLeft)
        .background_style(WHITE.mix(0.9))
        .border_style(BLACK.mix(0.3))
        .label_font(("sans-serif", 14))
        .draw()?;
    root.present()?;
    Ok(())
}
