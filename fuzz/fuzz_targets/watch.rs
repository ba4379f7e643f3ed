//! A watch over any maps with any pictures: chunks are the whole, what is refused changes no report, and nothing panics; of one
//! class and of three.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::monitor::{Camera, ClassWatch, Event, Format, Learnt, Picture, Report, Settings, State, Watch};
use soft_dice::*;

const FORMATS: [Format; 5] = [Format::Luma, Format::Rgb565, Format::Rgb565Big, Format::Yuyv, Format::Uyvy];

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    bytes: &'a [u8],
    floats: Vec<f32>,
    picture: &'a [u8],
    width: u8,
    height: u8,
    every: u8,
    format: u8,
    stride: u8,
    cut: u8,
    region: Option<&'a [u8]>,
    settings: [u8; 12],
    threshold: f32,
}

/// Settings near the defaults, a few of which lie.
fn settings(bytes: [u8; 12]) -> Settings {
    let [smoothing, recovered, failed, frozen, silent, departure, invalid, failing, empty, resized, flicker, area] =
        bytes;
    let seldom = |byte: u8, usual: u8| if byte < 192 { usual } else { byte - 192 };
    let default = Settings::DEFAULT;
    Settings {
        smoothing: seldom(smoothing, default.smoothing),
        recovered_after: seldom(recovered, default.recovered_after),
        failed_after: seldom(failed, default.failed_after),
        frozen_after: seldom(frozen, default.frozen_after),
        silent_after: seldom(silent, default.silent_after),
        departure: seldom(departure, default.departure),
        invalid: u16::from(invalid) << 7,
        failing: u16::from(failing) << 8,
        empty: seldom(empty, default.empty),
        resized: u16::from(resized) << 4,
        flicker: default.flicker.filter(|_| flicker < 192),
        area: (u16::from(area & 15), default.area.1),
        ..default
    }
}

type Seen = (Vec<Result<Option<Event>, Error>>, Vec<Report>, Learnt, State);

/// Whole frames, or cut in two, of as many maps as there are.
macro_rules! run {
    ($watch:expr, $maps:expr, $input:expr, $camera:expr, $channels:expr, $cut:expr) => {{
        let (mut watch, input, camera) = ($watch, $input, $camera);
        let (mut events, mut reports) = (Vec::new(), Vec::new());
        for map in $maps {
            let before = watch.report();
            let cut = $cut.map_or(map.len(), |cut: usize| cut.min(map.len() / $channels) * $channels);
            let picture = Picture::new(input.picture, usize::from(input.stride));
            let event = match (input.region, $cut) {
                (None, None) if camera.is_some() => watch.frame_with(map, picture),
                (None, None) => watch.frame(map),
                (region, _) => {
                    let mut open = watch.open();
                    let inside = region.map_or(Ok(()), |region| open.within(region));
                    let taken = inside.and_then(|()| open.map(&map[..cut])).and_then(|()| open.map(&map[cut..]));
                    let seen = taken.and_then(|()| {
                        let Some(camera) = camera else { return Ok(()) };
                        let (bytes, rows) = (camera.row_bytes(), usize::from(camera.every) * usize::from(input.height));
                        (0..rows).try_for_each(|row| {
                            let at = row * usize::from(input.stride);
                            let there = input.picture.get(at..).and_then(|rest| rest.get(..bytes));
                            there
                                .filter(|_| usize::from(input.stride) >= bytes)
                                .map_or(Err(Error::Rows), |row| open.picture_row(row))
                        })
                    });
                    seen.and_then(|()| open.finish())
                }
            };
            if event.is_err() {
                assert_eq!(watch.report(), before);
            }
            events.push(event);
            reports.push(watch.report());
        }
        let seen: Seen = (events, reports, watch.monitor().learnt(), watch.state());
        let _ = watch.restore(&seen.2);
        seen
    }};
}

fuzz_target!(|input: Input| {
    let (width, height) = (usize::from(input.width % 16), usize::from(input.height));
    let pixels = width * height;
    if pixels == 0 || pixels > 1 << 10 {
        return;
    }
    let settings = settings(input.settings);
    let format = FORMATS[usize::from(input.format) % FORMATS.len()];
    let camera = Some(Camera { width, every: input.every % 5, format }).filter(|camera| camera.every > 0);
    // Maps of the bytes again and again, so that a baseline is learnt.
    let frames = 12;
    let whole = |cut: Option<usize>| {
        let (mut buffer, mut memory) = (vec![0; pixels], vec![0; camera.map_or(0, Camera::bytes)]);
        let mut watch = Watch::<_, 8>::new(U8, &mut buffer, settings).ok()?;
        if let Some(camera) = camera {
            watch = watch.seeing(camera, &mut memory).expect("a camera of the map's size");
        }
        let bytes: Vec<u8> = input.bytes.iter().copied().cycle().take(pixels * frames).collect();
        Some(run!(watch, bytes.chunks(pixels), &input, camera, 1, cut))
    };
    assert_eq!(whole(None), whole(Some(input.cut.into())));
    let floats = |cut: Option<usize>| {
        let mut buffer = vec![0; pixels];
        let own = Own::at_least(&F32::new(), input.threshold);
        let watch = Watch::<_, 8>::new(F32::new(), &mut buffer, settings).ok()?.threshold(own);
        let floats: Vec<f32> = input.floats.iter().copied().cycle().take(pixels * frames).collect();
        Some(run!(watch, floats.chunks(pixels), &input, None::<Camera>, 1, cut))
    };
    assert_eq!(floats(None), floats(Some(input.cut.into())));
    let classes = |cut: Option<usize>| {
        let (mut buffer, mut memory) = (vec![0; pixels], vec![0; camera.map_or(0, Camera::bytes)]);
        let mut watch = ClassWatch::<_, 3, 8>::new(U8, Some(0), &mut buffer, settings).ok()?;
        if let Some(camera) = camera {
            watch = watch.seeing(camera, &mut memory).expect("a camera of the map's size");
        }
        let bytes: Vec<u8> = input.bytes.iter().copied().cycle().take(3 * pixels * frames).collect();
        Some(run!(watch, bytes.chunks(3 * pixels), &input, camera, 3, cut))
    };
    assert_eq!(classes(None), classes(Some(input.cut.into())));
});
