//! The watch with the camera's picture beside the map, in chunks and of many classes.

use soft_dice::monitor::{
    Camera, Cause, ClassWatch, Learnt, Phase, Picture, Promise, Settings, Signal, State, Watch, tune,
};
use soft_dice::*;

/// A disc of light on a dark ground, drifting, and the mask that belongs to it.
fn lit(frame: usize, at: f64) -> (Vec<u8>, Vec<u8>) {
    let (x0, y0) = (16.0 + at + (frame as f64 * 0.7).sin(), 16.0 + (frame as f64 * 0.9).cos());
    let far = |at: usize| ((at % 32) as f64 - x0).hypot((at / 32) as f64 - y0);
    let map = (0..32 * 32).map(|at| ((8.5 - far(at)) * 255.0).clamp(0.0, 255.0) as u8).collect();
    let luma = (0..32 * 32).map(|at| if far(at) < 8.0 { 180 } else { 40 } + (at * 7 % 5) as u8).collect();
    (map, luma)
}

/// The map slips off the picture, as confident as ever: only the picture shows it.
#[test]
fn a_mask_that_slips() {
    let mut buffer = vec![0; 1024];
    let mut memory = vec![0; Camera::luma(32).bytes()];
    let mut watch = Watch::<_, 32>::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
    watch = watch.seeing(Camera::luma(32), &mut memory).expect("memory");
    let mut events = Vec::new();
    for frame in 0..100 {
        let slip = if frame < 80 { 0.0 } else { 4.0 };
        let ((map, _), (_, luma)) = (lit(frame, slip), lit(frame, 0.0));
        events.extend(watch.frame_with(&map, Picture::new(&luma, 32)).expect("a frame"));
    }
    let seen: Vec<(u32, State, Cause)> = events.iter().map(|e| (e.frame, e.to, e.cause)).collect();
    assert_eq!(seen, [(7, State::Healthy, Cause::Learnt), (81, State::Degraded, Cause::Edge)]);
    assert_eq!(watch.report().phases, [Phase::Settled; 4]);
    // Without the picture nothing is seen.
    let mut buffer = vec![0; 1024];
    let mut blind = Watch::<_, 32>::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
    for frame in 0..100 {
        blind.frame(&lit(frame, if frame < 80 { 0.0 } else { 4.0 }).0).expect("a frame");
    }
    assert_eq!(blind.state(), State::Healthy);
    assert_eq!(blind.monitor().signal(Signal::Edge).phase, Phase::Absent);
}

/// Chunks of any size, a region, rows of the picture between: the same reports to the bit.
#[test]
fn chunks_do_not_matter() {
    let camera = Camera::luma(32);
    let region: Vec<u8> = (0..1024).map(|at| u8::from(at % 32 > 1)).collect();
    let run = |chunk: usize, within: bool| {
        let (mut buffer, mut memory) = (vec![0; 1024], vec![0; camera.bytes()]);
        let mut watch = Watch::<_, 32>::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
        watch = watch.seeing(camera, &mut memory).expect("memory");
        let mut reports = Vec::new();
        for frame in 0..12 {
            let (map, luma) = lit(frame, frame as f64 / 8.0);
            let mut open = watch.open();
            if within {
                open.within(&region).expect("before the pixels");
            }
            let mut rows = luma.chunks(32);
            let mut done = 0;
            for part in map.chunks(chunk) {
                open.map(part).expect("pixels");
                done += part.len();
                while done / 32 > 32 - rows.len() {
                    open.picture_row(rows.next().expect("a row")).expect("the map is there");
                }
            }
            open.finish().expect("a frame");
            reports.push((watch.report(), *watch.seen().expect("a frame"), watch.sums().record()));
        }
        reports
    };
    for within in [false, true] {
        let whole = run(1024, within);
        assert!(whole.iter().all(|(report, ..)| report.edge.is_some()));
        for chunk in [1, 31, 100, 512] {
            assert_eq!(run(chunk, within), whole, "{chunk} {within}");
        }
    }
    assert_ne!(run(512, true), run(512, false));
}

/// What does not fit is an error, and the frame does not count.
#[test]
fn pictures_and_chunks_that_do_not_fit() {
    let (mut buffer, mut memory) = (vec![0; 64], vec![0; 4096]);
    let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
    assert_eq!(watch.frame_with(&[9; 64], Picture::new(&[0; 64], 8)), Err(Error::Rows), "no camera was told");
    assert_eq!(watch.open().picture_row(&[0; 8]), Err(Error::Rows));
    watch = watch.seeing(Camera::luma(8), &mut memory).expect("memory");
    let before = watch.report();
    assert_eq!(watch.frame_with(&[9; 64], Picture::new(&[0; 63], 8)), Err(Error::Rows));
    assert_eq!(watch.frame_with(&[9; 64], Picture::new(&[0; 64], 7)), Err(Error::Rows));
    assert_eq!(watch.frame_with(&[9; 63], Picture::new(&[0; 64], 8)), Err(Error::Length));
    let mut open = watch.open();
    assert_eq!(open.picture_row(&[0; 8]), Err(Error::Rows), "the map's row is first");
    assert_eq!(open.map(&[9; 65]), Err(Error::Length));
    open.map(&[9; 32]).expect("half");
    assert_eq!(open.within(&[1; 64]), Err(Error::Length), "too late");
    assert_eq!(open.picture_row(&[0; 7]), Err(Error::Rows));
    open.picture_row(&[0; 8]).expect("a row");
    assert_eq!(open.finish(), Err(Error::Length), "half a map");
    let mut open = watch.open();
    open.map(&[9; 64]).expect("a map");
    open.picture_row(&[0; 8]).expect("a row");
    assert_eq!(open.finish(), Err(Error::Rows), "an eighth of a picture");
    assert_eq!(watch.report(), before);
    for (camera, memory, error) in [
        (Camera::luma(7), 4096, Error::Rows),
        (Camera::luma(0), 4096, Error::Rows),
        (Camera { every: 0, ..Camera::luma(8) }, 4096, Error::Setting),
        (Camera::luma(8), Camera::luma(8).bytes() - 1, Error::Length),
    ] {
        let (mut buffer, mut memory) = (vec![0; 64], vec![0; memory]);
        let watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
        assert_eq!(watch.seeing(camera, &mut memory).err(), Some(error), "{camera:?}");
    }
}

/// Three classes, interleaved and planar, with the picture beside them: the same frames, and a slip is seen.
#[test]
fn many_classes_with_a_picture() {
    let pixels = 32 * 32;
    let map = |frame: usize, slip: f64| -> Vec<i8> {
        let (soft, _) = lit(frame, slip);
        let thirds = |at: usize, code: u8| {
            let (front, other) = (i32::from(code) - 128, 127 - i32::from(code));
            if at % 32 < 18 { [other as i8, front as i8, -128] } else { [other as i8, -128, front as i8] }
        };
        soft.iter().enumerate().flat_map(|(at, &code)| thirds(at, code)).collect()
    };
    let planes = |map: &[i8]| [0, 1, 2].map(|class| map.iter().skip(class).step_by(3).copied().collect::<Vec<i8>>());
    let (mut buffers, mut memories) = (vec![vec![0; pixels]; 2], vec![vec![0; Camera::luma(32).bytes()]; 2]);
    let [first, second] = &mut buffers[..] else { unreachable!() };
    let [rows, more] = &mut memories[..] else { unreachable!() };
    let watch = |buffer, memory| {
        let watch = ClassWatch::<_, 3, 16>::new(I8::TFLITE, Some(0), buffer, Settings::DEFAULT).expect("settings");
        watch.seeing(Camera::luma(32), memory).expect("memory")
    };
    let (mut interleaved, mut planar) = (watch(first, rows), watch(second, more));
    let mut events = Vec::new();
    for frame in 0..100 {
        let map = map(frame, if frame < 80 { 0.0 } else { 4.0 });
        let (_, luma) = lit(frame, 0.0);
        let event = interleaved.frame_with(&map, Picture::new(&luma, 32)).expect("a frame");
        let [a, b, c] = planes(&map);
        assert_eq!(planar.frame_planar([&a, &b, &c], Some(Picture::new(&luma, 32))), Ok(event));
        assert_eq!(planar.report(), interleaved.report());
        events.extend(event);
    }
    assert_eq!(planar.sums(), interleaved.sums());
    let seen: Vec<(u32, State, Cause)> = events.iter().map(|e| (e.frame, e.to, e.cause)).collect();
    assert_eq!(seen, [(7, State::Healthy, Cause::Learnt), (81, State::Degraded, Cause::Edge)]);
    // The same map again and again is frozen, and what does not fit is an error that leaves no trace.
    let still = map(0, 0.0);
    let (_, luma) = lit(0, 0.0);
    let before = interleaved.report();
    assert_eq!(interleaved.frame(&still[..still.len() - 1]), Err(Error::Split));
    assert_eq!(interleaved.frame(&still[..still.len() - 3]), Err(Error::Length));
    assert_eq!(interleaved.frame_with(&still, Picture::new(&luma[1..], 32)), Err(Error::Rows));
    assert_eq!(interleaved.report(), before);
    let causes: Vec<Cause> =
        (0..20).filter_map(|_| interleaved.frame(&still).expect("a frame")).map(|e| e.cause).collect();
    assert_eq!(causes, [Cause::Frozen]);
    let mut buffer = vec![0; pixels];
    assert_eq!(
        ClassWatch::<_, 3, 16>::new(I8::TFLITE, Some(3), &mut buffer, Settings::DEFAULT).err(),
        Some(Error::Classes)
    );
}

/// Many classes in chunks, interleaved and planar, in a region, with rows of the picture between: the same reports as of whole
/// maps, to the bit; and what lies outside the region does not count.
#[test]
fn many_classes_in_chunks() {
    let camera = Camera::luma(32);
    let map = |frame: usize| -> Vec<i8> {
        let (soft, _) = lit(frame, 0.0);
        let three = |code: u8| [127 - i32::from(code), i32::from(code) - 128, -100].map(|code| code as i8);
        soft.iter().flat_map(|&code| three(code)).collect()
    };
    let region: Vec<u8> = (0..1024).map(|at| u8::from(at % 32 > 13)).collect();
    let run = |chunk: usize, planar: bool, within: bool, spoilt: bool| {
        let (mut buffer, mut memory) = (vec![0; 1024], vec![0; camera.bytes()]);
        let watch = ClassWatch::<_, 3, 16>::new(I8::TFLITE, Some(0), &mut buffer, Settings::DEFAULT).expect("settings");
        let mut watch = watch.seeing(camera, &mut memory).expect("memory");
        let mut reports = Vec::new();
        for frame in 0..12 {
            let (mut map, (_, luma)) = (map(frame), lit(frame, 0.0));
            if spoilt {
                // All that the region leaves out is of another class.
                let outside = map.chunks_mut(3).zip(&region).filter(|(_, inside)| **inside == 0);
                outside.for_each(|(pixel, _)| pixel.copy_from_slice(&[-128, -128, 127]));
            }
            let mut open = watch.open();
            if within {
                open.within(&region).expect("before the pixels");
            }
            open.occupied(true);
            let mut rows = luma.chunks(32);
            let mut done = 0;
            for part in map.chunks(3 * chunk) {
                let planes = [0, 1, 2].map(|class| part.iter().skip(class).step_by(3).copied().collect::<Vec<i8>>());
                match planar {
                    true => open.planes([&planes[0], &planes[1], &planes[2]]),
                    false => open.map(part),
                }
                .expect("pixels");
                done += part.len() / 3;
                while done / 32 > 32 - rows.len() {
                    open.picture_row(rows.next().expect("a row")).expect("the map is there");
                }
            }
            open.finish().expect("a frame");
            reports.push((watch.report(), *watch.sums()));
        }
        reports
    };
    for within in [false, true] {
        let whole = run(1024, false, within, false);
        assert!(whole.iter().all(|(report, _)| report.edge.is_some()));
        for (chunk, planar) in [(1, false), (31, true), (100, false), (1024, true)] {
            assert_eq!(run(chunk, planar, within, false), whole, "{chunk} {planar} {within}");
        }
        assert_eq!(run(100, false, within, true) == whole, within, "outside the region nothing counts but the picture");
    }
    assert_ne!(run(512, false, true, false), run(512, false, false, false));
    // What does not fit is an error, and the frame does not count.
    let (mut buffer, mut memory) = (vec![0; 64], vec![0; Camera::luma(8).bytes()]);
    let watch = ClassWatch::<_, 3, 16>::new(I8::TFLITE, Some(0), &mut buffer, Settings::DEFAULT).expect("settings");
    let mut watch = watch.seeing(Camera::luma(8), &mut memory).expect("memory");
    let before = watch.report();
    let mut open = watch.open();
    assert_eq!(open.map(&[1; 64]), Err(Error::Split));
    assert_eq!(open.map(&[1; 3 * 65]), Err(Error::Length));
    assert_eq!(open.planes([&[1; 8], &[1; 8], &[1; 7]]), Err(Error::Length));
    assert_eq!(open.picture_row(&[0; 8]), Err(Error::Rows), "the map's row is first");
    assert_eq!(open.within(&[1; 63]), Err(Error::Length));
    open.map(&[1; 3 * 8]).expect("a row");
    assert_eq!(open.within(&[1; 64]), Err(Error::Length), "too late");
    open.picture_row(&[0; 8]).expect("a row");
    assert_eq!(open.finish(), Err(Error::Length), "an eighth of a map");
    assert_eq!(watch.report(), before);
}

/// Calibration of many classes, from two scenes: it answers for every signal that they bear, and raises no alarm in them. What
/// was learnt is taken over by another watch.
#[test]
fn many_classes_are_calibrated() {
    let camera = Camera::luma(32);
    let scene = |shift: f64| {
        let (mut buffer, mut memory) = (vec![0; 1024], vec![0; camera.bytes()]);
        let watch = ClassWatch::<_, 3, 16>::new(I8::TFLITE, Some(0), &mut buffer, Settings::DEFAULT).expect("settings");
        let mut watch = watch.seeing(camera, &mut memory).expect("memory");
        let mut frames = Vec::new();
        assert_eq!(watch.seen(), None);
        for frame in 0..120 {
            let (soft, luma) = lit(frame, shift);
            let three = |code: u8| [127 - i32::from(code), i32::from(code) - 128, -100].map(|code| code as i8);
            let map: Vec<i8> = soft.iter().flat_map(|&code| three(code)).collect();
            watch.frame_with(&map, Picture::new(&luma, 32)).expect("a frame");
            frames.push(*watch.seen().expect("a frame was taken"));
        }
        (frames, watch.monitor().learnt())
    };
    let ((first, learnt), (second, _)) = (scene(0.0), scene(2.0));
    let promise = Promise { frames_between: 1.0e4, ..Promise::default() };
    let tuned = tune(&[&first, &second], &promise, Settings::DEFAULT).expect("it answers");
    assert_eq!((tuned.scenes, tuned.frames, tuned.alarms), (2, 240, 0));
    assert!(tuned.signals.iter().zip(tuned.off).all(|(signal, off)| signal.is_some() != off), "{tuned:?}");
    assert!(tuned.signals[0].is_some_and(|found| found.fall < 0.2), "{tuned:?}");
    let mut buffer = vec![0; 1024];
    let mut other = ClassWatch::<_, 3, 16>::new(I8::TFLITE, Some(0), &mut buffer, tuned.settings).expect("settings");
    other.restore(&learnt).expect("of this version");
    assert_eq!(other.monitor().learnt(), learnt);
    let unknown = Learnt { version: 0, ..learnt };
    assert_eq!(other.restore(&unknown), Err(Error::Version));
    assert_eq!(other.monitor().learnt(), learnt);
}
