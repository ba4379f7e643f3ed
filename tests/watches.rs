//! Watches beside watches: the same frames in another form, threshold, camera or order must be the same frames; and what a watch of
//! many classes says of masks that are counted by hand.

#[path = "support/random.rs"]
mod random;

use random::Random;
use soft_dice::monitor::{Camera, Cause, ClassWatch, Format, Frame, Picture, Settings, State, Watch};
use soft_dice::*;

const WIDTH: usize = 16;
const PIXELS: usize = 256;

/// A soft disc whose edge drifts, so that no two frames are alike, with a camera's noise.
fn disc(frame: usize, random: &mut Random) -> Vec<u8> {
    let middle = 8.0 + frame as f64 / 7.0;
    let far = |at: usize| ((at % WIDTH) as f64 - middle).hypot((at / WIDTH) as f64 - 7.5);
    (0..PIXELS).map(|at| ((6.0 - far(at)) * 200.0 + random.below(9) as f64).clamp(0.0, 255.0) as u8).collect()
}

fn lit(map: &[u8], random: &mut Random) -> Vec<u8> {
    map.iter().map(|&code| if code > 100 { 150 } else { 40 } + random.below(20) as u8).collect()
}

/// Frames of a watch with a camera over eight maps, in a region or not, by rows.
fn frames<P: confidence::Kept>(
    element: P,
    threshold: f32,
    raw: impl Fn(u8) -> P::Raw,
    region: Option<&[u8]>,
) -> Vec<Frame>
where
    <P::As as Element>::Raw: Default,
{
    let mut random = Random(5);
    let mut buffer = vec![<P::As as Element>::Raw::default(); PIXELS];
    let mut memory = vec![0; Camera::luma(WIDTH).bytes()];
    let mut watch = Watch::<_, 16>::new(element, &mut buffer, Settings::DEFAULT).unwrap();
    watch = watch.threshold(Own::at_least(&element, threshold)).seeing(Camera::luma(WIDTH), &mut memory).unwrap();
    (0..8)
        .map(|frame| {
            let codes = disc(frame, &mut random);
            let luma = lit(&codes, &mut random);
            let map: Vec<P::Raw> = codes.into_iter().map(&raw).collect();
            let mut open = watch.open();
            if let Some(region) = region {
                open.within(region).unwrap();
            }
            open.map(&map).unwrap();
            luma.chunks(WIDTH).for_each(|row| open.picture_row(row).unwrap());
            open.finish().unwrap();
            *watch.seen().unwrap()
        })
        .collect()
}

/// Floats k/255 are kept as the bytes k: their frames agree with the last, and lie on the picture, as those of the bytes do.
#[test]
fn floats_are_seen_as_their_bytes() {
    let region: Vec<u8> = (0..PIXELS).map(|at| u8::from(at % WIDTH > 5)).collect();
    // The second is rounded up to 204 of 255, the first code that it takes.
    for threshold in [0.5, 203.7 / 255.0] {
        let [whole, part] = [None, Some(&region[..])].map(|region| {
            let bytes = frames(U8, threshold, |code| code, region);
            let floats = frames(F32::new(), threshold, |code| f32::from(code) / 255.0, region);
            for (a, b) in bytes.iter().zip(&floats) {
                assert_eq!((a.agreement_q15(), a.edge(), a.detail()), (b.agreement_q15(), b.edge(), b.detail()));
                assert_eq!(a.area_q15(), b.area_q15());
            }
            bytes
        });
        assert!(whole[1..].iter().all(|frame| frame.agreement_q15().is_some_and(|q| (20_000..32768).contains(&q))));
        let agreements = |frames: &[Frame]| -> Vec<_> { frames.iter().map(Frame::agreement_q15).collect() };
        assert_ne!(agreements(&whole), agreements(&part));
    }
    // Two frames that differ outside the region alone agree in it.
    let mut buffer = [0; 4];
    let mut watch = Watch::<_, 16>::new(F32::new(), &mut buffer, Settings::DEFAULT).unwrap();
    for map in [[0.9, 0.9, 0.9, 0.0], [0.9, 0.9, 0.0, 0.8]] {
        let mut open = watch.open();
        open.within(&[1, 1, 0, 0]).unwrap();
        open.map(&map).unwrap();
        open.finish().unwrap();
    }
    assert_eq!(watch.seen().unwrap().agreement_q15(), Some(32768));
}

/// The threshold counts for the mask and for the picture beside it, whether the camera was told before or after.
#[test]
fn thresholds_before_and_after_the_camera() {
    let mut random = Random(6);
    let (map, own) = (disc(0, &mut random), Own::at_least(&U8, 0.9));
    let luma = lit(&map, &mut random);
    let see = |order: bool, own: Option<Own>| {
        let (mut buffer, mut memory) = (vec![0; PIXELS], vec![0; Camera::luma(WIDTH).bytes()]);
        let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
        if let (true, Some(own)) = (order, own) {
            watch = watch.threshold(own);
        }
        watch = watch.seeing(Camera::luma(WIDTH), &mut memory).unwrap();
        if let (false, Some(own)) = (order, own) {
            watch = watch.threshold(own);
        }
        assert_eq!(watch.pixels(), PIXELS);
        watch.frame_with(&map, Picture::new(&luma, WIDTH)).unwrap();
        *watch.seen().unwrap()
    };
    let (before, after, half) = (see(true, Some(own)), see(false, Some(own)), see(true, None));
    assert_eq!(before, after);
    let above = map.iter().filter(|&&code| code >= 230).count();
    assert_eq!(usize::from(before.area_q15()), above * 128);
    assert_ne!((before.area_q15(), before.edge()), (half.area_q15(), half.edge()));
}

/// What was learnt is given back, the last frame is not; and a watch that was reset is as a new one.
#[test]
fn restored_and_reset() {
    let mut random = Random(7);
    let mut buffers = [vec![0; PIXELS], vec![0; PIXELS]];
    let [a, b] = &mut buffers;
    let mut watch = Watch::<_, 16>::new(U8, a, Settings::DEFAULT).unwrap();
    for frame in 0..20 {
        watch.frame(&disc(frame % 5, &mut random)).unwrap();
    }
    let learnt = watch.monitor().learnt();
    assert!(learnt.confidence.is_some());
    let mut other = Watch::<_, 16>::new(U8, b, Settings::DEFAULT).unwrap();
    other.frame(&disc(0, &mut random)).unwrap();
    other.restore(&learnt).unwrap();
    assert_eq!((other.monitor().learnt(), other.report().frames), (learnt, 0));
    other.frame(&disc(1, &mut random)).unwrap();
    assert_eq!(other.report().agreement, None, "there is no last frame");
    other.frame(&disc(1, &mut random)).unwrap();
    assert!(other.report().agreement.is_some());
    assert_eq!(other.restore(&monitor::Learnt { version: 9, ..learnt }), Err(Error::Version));
    watch.reset();
    assert_eq!((watch.seen(), watch.report().frames, watch.sums().seen()), (None, 0, 0));
    assert_eq!((watch.state(), watch.monitor().learnt().confidence), (State::WarmingUp, None));
    watch.frame(&disc(1, &mut random)).unwrap();
    assert_eq!(watch.report().agreement, None);
}

/// Where something else knows that there is something to see, nothing is a failure, and else no signal.
#[test]
fn occupied_scenes() {
    let ended = |occupied: Option<bool>| {
        let (mut buffer, mut labels) = ([0; 4], [0; 4]);
        let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
        let mut classes = ClassWatch::<_, 2, 16>::new(U8, Some(0), &mut labels, Settings::DEFAULT).unwrap();
        for turn in 0..8 {
            let (mut one, mut many) = (watch.open(), classes.open());
            if let Some(occupied) = occupied {
                one.occupied(occupied);
                many.occupied(occupied);
            }
            one.map(&[turn, 1, 2, 3]).unwrap();
            many.map(&[200 + turn, 1, 201, 2, 202, 3, 203, 4]).unwrap();
            one.finish().unwrap();
            many.finish().unwrap();
        }
        [watch.state(), classes.state()]
    };
    assert_eq!(ended(Some(true)), [State::Failed; 2]);
    assert_eq!((ended(Some(false)), ended(None)), ([State::NoSignal; 2], [State::NoSignal; 2]));
}

/// Rows of a frame that was given up do not count for the next.
#[test]
fn pictures_given_up() {
    (1..5).for_each(given_up_of);
}

/// Of a camera with so many pixels to one of the map.
fn given_up_of(every: u8) {
    let mut random = Random(8);
    let camera = Camera { every, ..Camera::luma(WIDTH) };
    let row_bytes = camera.row_bytes();
    let map = disc(0, &mut random);
    let luma: Vec<u8> = (0..PIXELS * usize::from(every).pow(2)).map(|_| random.next() as u8).collect();
    let classes: Vec<u8> = map.iter().flat_map(|&code| [255 - code, code]).collect();
    let see = |given_up: usize| {
        let [mut buffer, mut labels] = [vec![0; PIXELS], vec![0; PIXELS]];
        let [mut memory, mut more] = [vec![0; camera.bytes()], vec![0; camera.bytes()]];
        let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
        watch = watch.seeing(camera, &mut memory).unwrap();
        let mut many = ClassWatch::<_, 2, 16>::new(U8, Some(0), &mut labels, Settings::DEFAULT).unwrap();
        many = many.seeing(camera, &mut more).unwrap();
        let (mut one, mut two) = (watch.open(), many.open());
        one.map(&map).unwrap();
        two.map(&classes).unwrap();
        for row in luma.chunks(row_bytes).take(given_up) {
            one.picture_row(row).unwrap();
            two.picture_row(row).unwrap();
        }
        if given_up > 0 {
            assert_eq!((one.finish(), two.finish()), (Err(Error::Rows), Err(Error::Rows)), "{given_up} rows");
        }
        watch.frame_with(&map, Picture::new(&luma, row_bytes)).unwrap();
        many.frame_with(&classes, Picture::new(&luma, row_bytes)).unwrap();
        [*watch.seen().unwrap(), *many.seen().unwrap()].map(|frame| (frame.edge(), frame.detail()))
    };
    let whole = see(0);
    assert!(whole[0].0.is_some() && whole[0] == whole[1], "{whole:?}");
    for given_up in [1, 7, 8, 15] {
        assert_eq!(see(given_up), whole, "{given_up} rows");
    }
    // Whole, and row by row; and no row more.
    let (mut buffer, mut memory) = (vec![0; PIXELS], vec![0; camera.bytes()]);
    let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
    watch = watch.seeing(camera, &mut memory).unwrap();
    let mut open = watch.open();
    open.map(&map).unwrap();
    luma.chunks(row_bytes).for_each(|row| open.picture_row(row).unwrap());
    assert_eq!(open.picture_row(&luma[..row_bytes]), Err(Error::Rows));
    open.finish().unwrap();
    let seen = watch.seen().unwrap();
    assert_eq!((seen.edge(), seen.detail()), whole[0]);
}

/// Bytes of rows and of memory, as the formats have them.
#[test]
fn cameras_in_bytes() {
    let formats = [Format::Luma, Format::Rgb565, Format::Rgb565Big, Format::Yuyv, Format::Uyvy];
    assert_eq!(formats.map(Format::bytes), [1, 2, 2, 2, 2]);
    for (format, size) in formats.into_iter().zip([1, 2, 2, 2, 2]) {
        for every in [1, 2, 3] {
            let camera = Camera { width: 7, every, format };
            assert_eq!(camera.row_bytes(), 7 * usize::from(every) * size, "{camera:?}");
            let sums = if every > 1 { 4 * 7 } else { 0 };
            assert_eq!(camera.bytes(), Camera::luma(7).bytes() + sums, "{camera:?}");
            let (mut buffer, mut memory) = ([0; 21], vec![0; camera.bytes() - 1]);
            let watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
            assert_eq!(watch.seeing(camera, &mut memory).err(), Some(Error::Length));
        }
    }
}

/// A watch of many classes that stays where it is, is told of its camera there.
#[test]
fn a_camera_for_a_watch_in_its_place() {
    let (mut labels, mut memory) = ([0; 6], vec![0; Camera::luma(3).bytes()]);
    let mut watch = ClassWatch::<_, 2, 4>::new(U8, Some(0), &mut labels, Settings::DEFAULT).unwrap();
    watch.see(Camera::luma(3), &mut memory).unwrap();
    let map = [0, 255, 255, 0, 255, 0, 0, 255, 255, 0, 255, 0];
    watch.frame_with(&map, Picture::new(&[9, 80, 9, 9, 80, 9], 3)).unwrap();
    assert!(watch.seen().unwrap().edge().is_some());
    assert_eq!(watch.see(Camera::luma(3), &mut []), Err(Error::Length));
}

/// The camera's last rows may come after the map's last one is gathered: they belong to the picture and are taken, each once.
#[test]
fn rows_after_the_last_of_the_map() {
    for every in 1..=6u8 {
        let camera = Camera { every, ..Camera::luma(4) };
        let (mut buffer, mut memory) = (vec![0; 8], vec![0; camera.bytes()]);
        let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
        watch = watch.seeing(camera, &mut memory).unwrap();
        let mut open = watch.open();
        open.map(&[200, 200, 0, 0, 200, 200, 0, 0]).unwrap();
        let row: Vec<u8> = (0..camera.row_bytes()).map(|at| at as u8).collect();
        for _ in 0..2 * every {
            open.picture_row(&row).unwrap();
        }
        assert_eq!(open.picture_row(&row), Err(Error::Rows));
        open.finish().unwrap();
        assert!(watch.seen().unwrap().edge().is_some(), "{every}");
    }
}

/// A picture in any format is that of its luma: 5 and 6 bits are widened by repeating their high ones.
#[test]
fn formats_are_their_luma() {
    let mut random = Random(9);
    let map = disc(0, &mut random);
    for channels in [[31usize, 0, 0], [0, 63, 0], [0, 0, 31], [31, 63, 31]] {
        let pixels: Vec<[u16; 3]> = (0..PIXELS).map(|_| channels.map(|most| random.below(most + 1) as u16)).collect();
        let luma: Vec<u8> = pixels
            .iter()
            .map(|&[r, g, b]| {
                let [r, g, b] = [(r * 8 + r / 4), (g * 4 + g / 16), (b * 8 + b / 4)].map(u32::from);
                ((77 * r + 150 * g + 29 * b + 128) / 256) as u8
            })
            .collect();
        let words = pixels.iter().map(|&[r, g, b]| r * 2048 + g * 32 + b);
        let chroma = |random: &mut Random| random.next() as u8;
        let pictures = [
            (Format::Rgb565, words.clone().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
            (Format::Rgb565Big, words.flat_map(u16::to_be_bytes).collect()),
            (Format::Yuyv, luma.iter().flat_map(|&y| [y, chroma(&mut random)]).collect()),
            (Format::Uyvy, luma.iter().flat_map(|&y| [chroma(&mut random), y]).collect()),
        ];
        let see = |format, bytes: &[u8]| {
            let camera = Camera { format, ..Camera::luma(WIDTH) };
            let (mut buffer, mut memory) = (vec![0; PIXELS], vec![0; camera.bytes()]);
            let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
            watch = watch.seeing(camera, &mut memory).unwrap();
            watch.frame_with(&map, Picture::new(bytes, camera.row_bytes())).unwrap();
            let seen = *watch.seen().unwrap();
            (seen.edge(), seen.detail())
        };
        let truth = see(Format::Luma, &luma);
        for (format, bytes) in pictures {
            assert_eq!(see(format, &bytes), truth, "{format:?} of {channels:?}");
        }
    }
}

/// A frame that was set aside between its chunks, in a region.
#[test]
fn a_paused_frame_in_a_region() {
    let region = [1, 0, 1, 1];
    let mut buffer = [0; 4];
    let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
    let mut open = watch.open();
    open.within(&region).unwrap();
    open.map(&[255, 255]).unwrap();
    let paused = open.pause();
    assert_eq!(watch.resume(paused, Some(&region[1..])).err(), Some(Error::Length));
    let mut open = watch.resume(paused, Some(&region)).unwrap();
    open.map(&[0, 0]).unwrap();
    open.finish().unwrap();
    assert_eq!((watch.report().area, watch.sums().ignored()), (10923, 1));
}

/// Labels of ten pixels as a map of three classes.
fn classes(labels: [u8; 10]) -> Vec<u8> {
    labels.iter().flat_map(|&label| [0, 1, 2].map(|class| if class == label { 200 } else { 10 + class })).collect()
}

/// Two masks counted by hand: 5 and 7 pixels of foreground, of which 4 bear the same class.
#[test]
fn agreement_of_classes() {
    let mut labels = [0; 10];
    let mut watch = ClassWatch::<_, 3, 16>::new(U8, Some(0), &mut labels, Settings::DEFAULT).unwrap();
    watch.frame(&classes([0, 0, 1, 1, 1, 2, 2, 0, 0, 0])).unwrap();
    assert_eq!((watch.seen().unwrap().agreement_q15(), watch.seen().unwrap().area_q15()), (None, 16384));
    watch.frame(&classes([0, 1, 1, 1, 2, 2, 2, 2, 0, 0])).unwrap();
    assert_eq!((watch.seen().unwrap().agreement_q15(), watch.seen().unwrap().area_q15()), (Some(26214), 22938));
    assert_eq!(watch.class(1).map(|record| (record.t, record.pt)), Some((3, 600)));
    assert_eq!(watch.class(3), None);
    watch.frame(&classes([0; 10])).unwrap();
    assert_eq!(watch.seen().unwrap().agreement_q15(), None, "nothing is covered by nothing");
    watch.frame(&classes([1; 10])).unwrap();
    assert_eq!(watch.seen().unwrap().agreement_q15(), None);
    watch.reset();
    assert_eq!((watch.seen(), watch.report().frames, watch.sums().record().count), (None, 0, 0));
    watch.frame(&classes([1; 10])).unwrap();
    assert_eq!(watch.seen().unwrap().agreement_q15(), None, "no last frame");
    assert_eq!((0..4).filter_map(|_| watch.dropped()).map(|event| event.to).last(), Some(State::NoSignal));
}

/// The same map again and again is frozen. The same labels under other codes are not, nor are the same codes elsewhere, which have the
/// same sums, nor a pixel of no class.
#[test]
fn frozen_classes() {
    let run = |maps: [Vec<f32>; 2]| {
        let mut labels = [0; 10];
        let mut watch = ClassWatch::<_, 3, 16>::new(F32::new(), Some(0), &mut labels, Settings::DEFAULT).unwrap();
        let events: Vec<_> = (0..30).filter_map(|turn| watch.frame(&maps[turn % 2]).unwrap()).collect();
        events.into_iter().any(|event| (event.to, event.cause) == (State::Failed, Cause::Frozen))
    };
    let map = |labels: [u8; 10]| classes(labels).into_iter().map(|code| f32::from(code) / 256.0).collect::<Vec<_>>();
    let first = map([0, 0, 1, 1, 1, 2, 2, 0, 0, 0]);
    assert!(run([first.clone(), first.clone()]));
    let mut noisy = first.clone();
    noisy[0] += 1.0 / 256.0;
    assert!(!run([first.clone(), noisy]));
    assert!(!run([first.clone(), map([0, 0, 1, 1, 1, 2, 0, 2, 0, 0])]));
    let mut broken = first;
    broken[..3].fill(f32::NAN);
    assert!(!run([broken.clone(), broken]));
}

/// Every pixel bears the same numbers: a network that has died. One that differs is enough for it to live.
#[test]
fn collapsed_classes() {
    let run = |last: u8| {
        let mut labels = [0; 10];
        let mut watch = ClassWatch::<_, 3, 16>::new(U8, Some(0), &mut labels, Settings::DEFAULT).unwrap();
        let mut map = [20u8, 190, 21].repeat(10);
        for turn in 0..4 {
            map.chunks_mut(3).for_each(|pixel| pixel[2] = turn);
            map[29] = last + turn;
            watch.frame(&map).unwrap();
        }
        (watch.state(), watch.report().cause)
    };
    assert_eq!(run(0), (State::Failed, Some(Cause::Collapsed)));
    assert_eq!(run(1), (State::WarmingUp, None));
}

/// A map that is refused leaves the last frame where it was: the next is compared with it.
#[test]
fn refused_maps_of_classes() {
    let mut labels = [0; 2];
    let element = F32::new().range(Range::Refuse);
    let mut watch = ClassWatch::<_, 2, 16>::new(element, Some(0), &mut labels, Settings::DEFAULT).unwrap();
    watch.frame(&[0.1, 0.9, 0.8, 0.2]).unwrap();
    assert_eq!(watch.frame(&[0.9, 0.1, 2.0, 0.2]), Err(Error::Range));
    watch.frame(&[0.1, 0.8, 0.7, 0.2]).unwrap();
    assert_eq!(watch.seen().unwrap().agreement_q15(), Some(32768));
}
