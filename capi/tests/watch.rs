//! What a watch says in C is what it says in Rust: every event and every number of a report.

use soft_dice::monitor::{Camera, Event, Picture, Report, Settings, State, Watch};
use soft_dice::{F32, I8, Measured, Own, U8};
use soft_dice_capi::*;
use std::ptr;

const SIDE: usize = 16;
const PIXELS: usize = SIDE * SIDE;
const OK: soft_dice_status = soft_dice_status::SOFT_DICE_OK;

/// A square with a soft, trembling edge; mirrored from frame 16 on, and dead from frame 30 on.
fn network(frame: usize) -> Vec<u8> {
    (0..PIXELS)
        .map(|at| {
            let (column, row) = (at % SIDE, at / SIDE);
            let x = if frame < 16 { column } else { SIDE - 1 - column };
            let edge = ((at * 7 + frame * 3) % 9) as u8;
            match ((2..8).contains(&x) && (3..12).contains(&row), frame >= 30) {
                (_, true) => 77,
                (true, _) => 250 - edge,
                (false, _) => edge,
            }
        })
        .collect()
}

fn luma() -> Vec<u8> {
    (0..PIXELS)
        .map(
            |at| {
                if (2..8).contains(&(at % SIDE)) && (3..12).contains(&(at / SIDE)) { 200 } else { (20 + at % 7) as u8 }
            },
        )
        .collect()
}

/// A report as Rust has it, from the numbers of C: nothing is lost on the way.
fn back(report: &soft_dice_report) -> Report {
    let there = |what: u16| report.present & what != 0;
    let word = |what: u16, value: u16| there(what).then_some(value);
    Report {
        version: report.version,
        frames: report.frames,
        unscored: report.unscored,
        state: named::state(report.state),
        cause: named::cause(report.cause),
        confidence: word(SOFT_DICE_HAS_CONFIDENCE, report.confidence),
        agreement: word(SOFT_DICE_HAS_AGREEMENT, report.agreement),
        edge: there(SOFT_DICE_HAS_EDGE).then_some(report.edge),
        detail: there(SOFT_DICE_HAS_DETAIL).then_some(report.detail),
        area: report.area,
        invalid: report.invalid,
        baseline: word(SOFT_DICE_HAS_BASELINE, report.baseline),
        phases: report.phases.map(named::phase),
        level: word(SOFT_DICE_HAS_LEVEL, report.level),
        mean: word(SOFT_DICE_HAS_HISTORY, report.mean),
        least: word(SOFT_DICE_HAS_HISTORY, report.least),
        quantile: word(SOFT_DICE_HAS_HISTORY, report.quantile),
        drift: report.drift,
    }
}

/// The numbers of C's names, read from the words that C has for them.
mod named {
    use soft_dice::monitor::{Cause, Phase, State};

    pub fn state(value: u8) -> State {
        [State::WarmingUp, State::Healthy, State::Degraded, State::Failed, State::NoSignal][usize::from(value)]
    }

    pub fn cause(value: u8) -> Option<Cause> {
        const ALL: [Cause; 15] = [
            Cause::Learnt,
            Cause::Baseline,
            Cause::Drift,
            Cause::Low,
            Cause::Flicker,
            Cause::Edge,
            Cause::Detail,
            Cause::Area,
            Cause::Frozen,
            Cause::Collapsed,
            Cause::Vanished,
            Cause::Invalid,
            Cause::Silent,
            Cause::Returned,
            Cause::Recovered,
        ];
        usize::from(value).checked_sub(1).map(|at| ALL[at])
    }

    pub fn phase(value: u8) -> Phase {
        use Phase::{Absent, Known, Learning, Provisional, Refused, Settled};
        [Absent, Learning, Provisional, Settled, Known, Refused][usize::from(value)]
    }
}

fn event(event: &soft_dice_event) -> Option<Event> {
    let &soft_dice_event { frame, over, changed, from, to, cause, .. } = event;
    let (from, to) = (named::state(from), named::state(to));
    (changed != 0).then(|| Event { frame, from, to, cause: named::cause(cause).expect("a cause"), over })
}

macro_rules! same {
    ($name:ident, $element:expr, $raw:ty, $raws:expr, $map:expr, $init:ident, $frame:ident, $sums:ident) => {
        #[test]
        fn $name() {
            let element = $element;
            let raws: fn(&[u8]) -> Vec<$raw> = $raws;
            let map: fn(&[$raw]) -> _ = $map;
            let (mut buffer, mut memory) = (vec![Default::default(); PIXELS], vec![0; Camera::luma(SIDE).bytes()]);
            let mut rust = Watch::<_, 32>::new(element, &mut buffer, Settings::DEFAULT)
                .unwrap()
                .threshold(Own::at_least(&element, 0.6))
                .seeing(Camera::luma(SIDE), &mut memory)
                .unwrap();

            let (mut last, mut rows) = (vec![0u8; PIXELS], vec![0u8; Camera::luma(SIDE).bytes()]);
            let own = soft_dice_own { threshold: 0.6, above: 0 };
            let setup = soft_dice_watch_setup {
                last: last.as_mut_ptr(),
                last_bytes: PIXELS,
                rows: rows.as_mut_ptr(),
                rows_bytes: rows.len(),
                settings: ptr::null(),
                mask: &own,
                camera: soft_dice_camera { width: SIDE, every: 1, format: SOFT_DICE_LUMA },
            };
            let mut watch = soft_dice_watch { seal: [0; 2], held: [0; SOFT_DICE_WATCH_WORDS] };
            let (mut seen, mut report, mut sums) =
                (soft_dice_event::default(), soft_dice_report::default(), soft_dice_sums::default());
            let luma = luma();
            let picture = soft_dice_picture { data: luma.as_ptr(), bytes: PIXELS, stride: SIDE };
            let mut states = Vec::new();
            for at in 0..34 {
                let raw = raws(&network(at));
                let c = map(&raw);
                // SAFETY: pointers to values of this function, with their lengths; the buffers outlive the watch.
                unsafe {
                    if at == 0 {
                        assert_eq!($init(&mut watch, &c, &setup), OK);
                    }
                    assert_eq!($frame(&mut watch, &c, &picture, &mut seen), OK);
                    assert_eq!(soft_dice_watch_report(&watch, &mut report), OK);
                    assert_eq!($sums(&watch, &mut sums), OK);
                }
                assert_eq!(event(&seen), rust.frame_with(&raw, Picture::new(&luma, SIDE)).unwrap(), "frame {at}");
                assert_eq!(back(&report), rust.report(), "frame {at}");
                assert_eq!(sums.record(), rust.sums().record(), "frame {at}");
                states.push(rust.state());
            }
            // What was compared has seen more than one state.
            assert!(states.contains(&State::Healthy) && states.contains(&State::Failed), "{states:?}");
        }
    };
}

same!(
    grey,
    U8,
    u8,
    |bytes| bytes.to_vec(),
    |raw| soft_dice_u8 { data: raw.as_ptr(), pixels: PIXELS },
    soft_dice_watch_init_u8,
    soft_dice_watch_frame_u8,
    soft_dice_watch_sums_u8
);
same!(
    tflite,
    I8::TFLITE,
    i8,
    |bytes| bytes.iter().map(|&byte| (byte ^ 0x80) as i8).collect(),
    |raw| soft_dice_i8 {
        data: raw.as_ptr(),
        pixels: PIXELS,
        codes: soft_dice_affine { scale: 1.0 / 256.0, zero_point: -128, dead_zone: 0, full_scale: 0 },
    },
    soft_dice_watch_init_i8,
    soft_dice_watch_frame_i8,
    soft_dice_watch_sums_i8
);
same!(
    floats,
    F32::new(),
    f32,
    |bytes| bytes.iter().map(|&byte| f32::from(byte) / 256.0).collect(),
    |raw| soft_dice_f32 { data: raw.as_ptr(), pixels: PIXELS, range: SOFT_DICE_EXCLUDE },
    soft_dice_watch_init_f32,
    soft_dice_watch_frame_f32,
    soft_dice_watch_sums_f32
);
