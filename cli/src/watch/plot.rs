//! Confidence over the frames, as a drawing: in a page, or as a file of its own.

use super::coverage;
use super::model::{Seen, WatchReport};
use maud::{Markup, html};
use soft_dice::monitor::State;

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 54.0;
const BOTTOM: f64 = 44.0;

/// Colours by name: on light, on dark. Those of data are Okabe and Ito's.
const COLOURS: [(&str, &str, &str); 20] = [
    ("ground", "#fff", "#14171b"),
    ("panel", "#f6f7f9", "#1c2026"),
    ("ink", "#1b1f24", "#e7eaee"),
    ("soft", "#59636e", "#9aa4af"),
    ("line", "#d9dee4", "#343b44"),
    ("fill", "#0072b2", "#56b4e9"),
    ("bad", "#d55e00", "#e8833a"),
    ("part", "#e69f00", "#e69f00"),
    ("truth", "#d55e00", "#e69f00"),
    ("known", "#0072b2", "#56b4e9"),
    ("warming", "#eceff2", "#22272e"),
    ("degraded", "#fbe6bd", "#453613"),
    ("failed", "#f3c9b0", "#542a14"),
    ("silent", "#cfd4da", "#3a4149"),
    // From what is well to what is not: away from the ground, whichever it is.
    ("step0", "#f6f7f9", "#1c2026"),
    ("step1", "#fbe9d9", "#3a2a1e"),
    ("step2", "#f6cfa9", "#5d3c1f"),
    ("step3", "#eda96a", "#a4611f"),
    ("step4", "#e07f2c", "#d9822e"),
    ("step5", "#d55e00", "#ffab5c"),
];

/// Lines and texts of all drawings. Fonts are the system's.
const RULES: &str = "
svg{display:block;max-width:100%;height:auto}
svg text{fill:var(--ink);font:12px system-ui,sans-serif}
svg .grid{stroke:var(--line);stroke-width:1}
svg.series{width:100%}
svg .warming{fill:var(--warming)}svg .healthy{fill:none}svg .degraded{fill:var(--degraded)}
svg .failed{fill:var(--failed)}svg .silent{fill:var(--silent)}
svg .known{fill:none;stroke:var(--known);stroke-width:2}
svg .truth{fill:none;stroke:var(--truth);stroke-width:2;stroke-dasharray:6 3}
svg .baseline{fill:none;stroke:var(--soft);stroke-width:1;stroke-dasharray:2 4}
svg .allowance{fill:none;stroke:var(--part);stroke-width:1.5;stroke-dasharray:8 4}
svg .failing{fill:none;stroke:var(--bad);stroke-width:1.5;stroke-dasharray:8 4}
svg .mark{stroke:var(--ink);stroke-width:1}
svg .change{font-weight:600}
";

/// The look of drawings in a page: light or dark as the reader's system is.
#[must_use]
pub fn style() -> String {
    let of = |pick: fn(&(&str, &'static str, &'static str)) -> &'static str| {
        COLOURS.iter().map(|colour| format!("--{}:{};", colour.0, pick(colour))).collect::<String>()
    };
    let (light, dark) = (of(|colour| colour.1), of(|colour| colour.2));
    format!(":root{{{light}color-scheme:light dark}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}{RULES}")
}

/// As SVG, to be written to a file: light, and in plain colours, for programs that know no others.
#[must_use]
pub fn picture(report: &WatchReport) -> String {
    let rules = COLOURS
        .iter()
        .fold(RULES.to_string(), |rules, (name, light, _)| rules.replace(&format!("var(--{name})"), light));
    let text = series(report).into_string();
    let (open, rest) = text.split_once('>').unwrap_or_default();
    let Some(alarm) = &report.alarm else {
        return format!(
            "{open} xmlns=\"http://www.w3.org/2000/svg\"><style>{rules}</style>\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>{rest}\n"
        );
    };
    // The risk-coverage curve below.
    let height = HEIGHT + coverage::HEIGHT;
    let curve = coverage::curve(alarm).into_string();
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" xmlns=\"http://www.w3.org/2000/svg\"><style>{rules}</style>\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>{open} width=\"{WIDTH}\" height=\"{HEIGHT}\">{rest}\
         <g transform=\"translate(0 {HEIGHT})\">{curve}</g></svg>\n"
    )
}

/// The class of a line, what it is called, and its value at a frame.
type Line = (&'static str, &'static str, fn(&Seen) -> Option<f64>);

/// Confidence, and the true Dice if it is known, over the frames; behind them the state, and its changes in words.
#[must_use]
pub fn series(report: &WatchReport) -> Markup {
    let frames = &report.frames;
    // Of a device's log frames may be missing, at its beginning too.
    let begin = frames.first().map_or(0, |seen| seen.frame);
    let count = frames.last().map_or(1, |seen| seen.frame - begin + 1);
    let step = (WIDTH - LEFT - RIGHT) / count as f64;
    let x = |frame: usize| LEFT + ((frame - begin) as f64 + 0.5) * step;
    let y = |score: f64| TOP + (1.0 - score) * (HEIGHT - TOP - BOTTOM);
    let of = |value: f64| format!("{value:.1}");
    let every = tick(count);
    let baseline = frames.iter().rev().find_map(|seen| seen.report.baseline).map(|q| f64::from(q) / 32768.0);
    let truth = frames.iter().any(|seen| seen.dice.is_some());
    let drawn: [Line; 2] = [
        ("truth", "soft Dice with the masks", |seen| seen.dice),
        ("known", "confidence, no reference", |seen| seen.confidence),
    ];
    html! {
        svg.series viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label="Confidence and state over the frames" {
            @for (state, from, to) in bands(frames) {
                rect class=(name(state)) x=(of(LEFT + (from - begin) as f64 * step)) width=(of((to - from) as f64 * step))
                    y=(TOP) height=(HEIGHT - TOP - BOTTOM) {}
            }
            @for tenth in (0..=10).step_by(2) {
                @let at = of(y(f64::from(tenth) / 10.0));
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(at) y2=(at) {}
                text x=(LEFT - 6.0) y=(of(y(f64::from(tenth) / 10.0) + 4.0)) text-anchor="end" { (of(f64::from(tenth) / 10.0)) }
            }
            @for frame in (begin.next_multiple_of(every)..begin + count).step_by(every) {
                text x=(of(x(frame))) y=(HEIGHT - BOTTOM + 17.0) text-anchor="middle" { (frame) }
            }
            text x=(of((LEFT + WIDTH - RIGHT) / 2.0)) y=(HEIGHT - 8.0) text-anchor="middle" { "frame" }
            @for (class, level, what) in limits(report, baseline) {
                line class=(class) x1=(LEFT) x2=(WIDTH - RIGHT) y1=(of(y(level))) y2=(of(y(level))) {
                    title { (what) " " (format!("{level:.4}")) }
                }
            }
            @for (class, _, score) in drawn {
                @for run in lines(frames, score) {
                    polyline class=(class) points=(run.iter().map(|&(frame, score)| format!("{},{}", of(x(frame)), of(y(score))))
                        .collect::<Vec<_>>().join(" ")) {}
                }
            }
            @for mark in marks(report, step, begin) {
                line.mark x1=(of(mark.x)) x2=(of(mark.x)) y1=(mark.row - 10.0) y2=(HEIGHT - BOTTOM) {}
                text.change x=(of(mark.x + mark.dx)) y=(mark.row) text-anchor=(mark.anchor) { (mark.words) }
            }
            @for (at, (class, label, _)) in drawn.iter().skip(usize::from(!truth)).enumerate() {
                // Below the axis, where no line and no band comes.
                @let (x, y) = (LEFT + 200.0 * at as f64, HEIGHT - 8.0);
                polyline class=(class) points={ (of(x)) "," (of(y - 4.0)) " " (of(x + 28.0)) "," (of(y - 4.0)) } {}
                text x=(of(x + 34.0)) y=(of(y)) { (label) }
            }
            @for (at, (class, _, what)) in limits(report, baseline).iter().enumerate() {
                @let (x, y) = (WIDTH - RIGHT - 330.0 + 110.0 * at as f64, HEIGHT - 8.0);
                line class=(class) x1=(of(x)) x2=(of(x + 28.0)) y1=(of(y - 4.0)) y2=(of(y - 4.0)) {}
                text x=(of(x + 34.0)) y=(of(y)) { (what.split(':').next().unwrap_or_default()) }
            }
        }
    }
}

/// A change of state, where it stands.
struct Mark {
    x: f64,
    dx: f64,
    anchor: &'static str,
    row: f64,
    words: String,
}

/// Words of a change take so many pixels at most, and rows are so far apart.
const LETTER: f64 = 7.3;
const ROW: f64 = 15.0;
const ROWS: usize = 3;

/// Each in the first row in which it covers none before it, if there is one; near the end it reads to the left.
fn marks(report: &WatchReport, step: f64, begin: usize) -> Vec<Mark> {
    let mut free = [0.0_f64; ROWS];
    let mark = |event: &soft_dice::monitor::Event| {
        let words = format!("{:?} ({:?})", event.to, event.cause);
        let at = (f64::from(event.frame) - begin as f64).max(0.0);
        let (x, wide) = (LEFT + at * step, words.len() as f64 * LETTER);
        let left = x + wide + 8.0 > WIDTH;
        let (dx, anchor, from) = if left { (-4.0, "end", x - wide - 4.0) } else { (4.0, "start", x) };
        let row = (0..ROWS).find(|&row| free[row] <= from).unwrap_or(ROWS - 1);
        free[row] = if left { x } else { x + wide + 8.0 };
        Mark { x, dx, anchor, row: 14.0 + ROW * row as f64, words }
    };
    report.events.iter().map(mark).collect()
}

/// What confidence is judged by: the class of a line, its level, and what it is called.
///
/// Below the allowance the sum of what is missing grows until it is beyond the limit; below the last the device fails at
/// once.
fn limits(report: &WatchReport, baseline: Option<f64>) -> Vec<(&'static str, f64, &'static str)> {
    let Some(baseline) = baseline else { return Vec::new() };
    let share = |q: u16| f64::from(q) / 32768.0;
    // What a device's log does not say is not drawn.
    let Some(settings) = &report.settings else { return vec![("baseline", baseline, "baseline")] };
    vec![
        ("baseline", baseline, "baseline"),
        ("allowance", baseline - share(settings.confidence.drift.allowance), "allowance: below it drift is summed up"),
        ("failing", baseline - share(settings.failing), "failing: below it the device has failed"),
    ]
    .into_iter()
    .filter(|(_, level, _)| *level > 0.0)
    .collect()
}

/// A round number of frames between two labels.
fn tick(frames: usize) -> usize {
    let mut every = 1;
    for factor in [2, 5, 10].iter().cycle() {
        let decade = 10usize.pow(every);
        if frames / (decade / 10 * factor) <= 12 {
            return decade / 10 * factor;
        }
        every += u32::from(*factor == 10);
    }
    frames
}

/// The class of a state's band.
pub const fn name(state: State) -> &'static str {
    match state {
        State::WarmingUp => "warming",
        State::Healthy => "healthy",
        State::Degraded => "degraded",
        State::Failed => "failed",
        State::NoSignal => "silent",
    }
}

/// Runs of frames of one state.
fn bands(frames: &[Seen]) -> Vec<(State, usize, usize)> {
    let runs: Vec<&[Seen]> = frames.chunk_by(|a, b| a.report.state == b.report.state).collect();
    let begins = runs.iter().filter_map(|run| run.first()).map(|seen| seen.frame);
    let end = frames.last().map_or(0, |seen| seen.frame + 1);
    // A state lasts until another is reported.
    let ends = begins.clone().skip(1).chain([end]);
    let states = runs.iter().filter_map(|run| run.first()).map(|seen| seen.report.state);
    states.zip(begins.zip(ends)).map(|(state, (from, to))| (state, from, to)).collect()
}

/// Points of frames that follow each other: a frame without a score breaks the line.
fn lines(frames: &[Seen], score: fn(&Seen) -> Option<f64>) -> Vec<Vec<(usize, f64)>> {
    let all: Vec<Option<(usize, f64)>> =
        frames.iter().map(|seen| score(seen).map(|value| (seen.frame, value))).collect();
    all.split(Option::is_none)
        .map(|run| run.iter().copied().flatten().collect())
        .filter(|run: &Vec<_>| !run.is_empty())
        .collect()
}
