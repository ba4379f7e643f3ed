//! COCO run lengths: strings that pycocotools wrote, read down the columns and row by row.

#[path = "support/data.rs"]
mod data;
mod support;

use data::{json, shipped};
use soft_dice::coco::{self, Cursor, Cursors, Runs};
use soft_dice::*;
use support::Random;

#[test]
fn strings_of_pycocotools() {
    let written = json(&shipped().join("coco_strings.json"));
    let mut random = Random(1);
    let (mut ran, mut pixels) = (0, 0);
    for case in written["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let number = |name: &str| case[name].as_u64().unwrap() as usize;
        let (width, height) = (number("width"), number("height"));
        let string = Runs::string(case["string"].as_str().unwrap().as_bytes());
        let counts: Vec<u32> = case["counts"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as u32).collect();
        assert_eq!(string.map(Result::unwrap).collect::<Vec<_>>(), counts, "{name}");

        let p: Vec<u8> = (0..width * height).map(|_| random.next() as u8).collect();
        let new = || Stream::summing(U8, NonZero, All);
        let (mut whole, mut uncompressed) = (new(), new());
        coco::update(&mut whole, &p, width, height, string).unwrap();
        coco::update(&mut uncompressed, &p, width, height, Runs::counts(&counts)).unwrap();
        assert_eq!(whole, uncompressed, "{name}");
        assert_eq!(whole.sums().t(), case["area"].as_u64().unwrap(), "{name}");
        if let Some(bytes) = case["rows_lsb"].as_array() {
            let bytes: Vec<u8> = bytes.iter().map(|b| b.as_u64().unwrap() as u8).collect();
            let mut bits = Stream::summing(U8, LsbFirst, All);
            bits.update(&p, Bits::new(&bytes)).unwrap();
            assert_eq!(whole.sums().record(), bits.sums().record(), "{name}: against the mask itself");
        }

        let mut room = vec![Cursor::EMPTY; width];
        let mut rows = Cursors::new(&mut room, height, string).unwrap();
        let (mut streamed, mut at) = (new(), 0);
        while at < p.len() {
            let to = p.len().min(at + 1 + random.below(3 * width + 200));
            rows.update(&mut streamed, &p[at..to]).unwrap();
            at = to;
        }
        assert_eq!(whole, streamed, "{name}: row by row");
        assert_eq!(rows.update(&mut streamed, &p[..1]), Err(Error::Length), "{name}: beyond the map");
        ran += 1;
        pixels += p.len();
    }
    println!("{ran} masks of pycocotools, {pixels} pixels");
    assert_eq!(ran, 22);
}

#[test]
fn bad_runs_are_refused() {
    let mut stream = Stream::new(U8, NonZero);
    let p = [7u8; 6];
    let mut update = |runs| coco::update(&mut stream, &p, 3, 2, runs);
    assert_eq!(update(Runs::counts(&[2, 3])), Err(Error::Runs));
    assert_eq!(update(Runs::counts(&[2, 5])), Err(Error::Runs));
    assert_eq!(update(Runs::counts(&[u32::MAX, u32::MAX, 6])), Err(Error::Runs));
    // A character below 48, one above, a number that does not end, one that is too long, a negative run.
    for string in [&b"2 "[..], b"2\x80", b"2V", b"2PPPPPPPPPPPPPPPP0", b"N"] {
        assert_eq!(update(Runs::string(string)), Err(Error::Runs), "{string:?}");
    }
    assert_eq!(coco::update(&mut stream, &p[..5], 3, 2, Runs::counts(&[6])), Err(Error::Length));
    assert_eq!(coco::update(&mut stream, &p, usize::MAX, 2, Runs::counts(&[6])), Err(Error::Rows));
    assert_eq!(coco::update(&mut stream, &[], 0, 0, Runs::string(b"")), Ok(()));
    assert_eq!(stream, Stream::new(U8, NonZero));

    let mut room = [Cursor::EMPTY; 3];
    assert_eq!(Cursors::new(&mut room, 2, Runs::counts(&[5])).err(), Some(Error::Runs));
    // An error moves neither stream nor cursors.
    let mut stream = Stream::new(F32::new().range(Range::Refuse), NonZero);
    let mut rows = Cursors::new(&mut room, 2, Runs::counts(&[2, 2, 2])).unwrap();
    assert_eq!(rows.update(&mut stream, &[0.5, f32::NAN, 0.5]), Err(Error::Range));
    rows.update(&mut stream, &[0.5; 6]).unwrap();
    assert_eq!((stream.sums().count(), stream.sums().t()), (6, 2));
    let mut stream = Stream::new(F32::new().range(Range::Refuse), NonZero);
    assert_eq!(coco::update(&mut stream, &[0.5, 0.5, 0.5, 0.5, 0.5, 2.0], 3, 2, Runs::counts(&[6])), Err(Error::Range));
    assert_eq!(stream.sums().seen(), 0);
}

/// Characters are 48 to 111, six bits each; a run has at most seven of them.
#[test]
fn strings_that_are_none() {
    let read = |string: &[u8]| Runs::string(string).next();
    assert_eq!((read(b"0"), read(b""), read(&[48 + 15])), (Some(Ok(0)), None, Some(Ok(15))));
    for wrong in [47, 112, 255, 0] {
        assert_eq!(read(&[wrong]), Some(Err(Error::Runs)), "{wrong}");
        assert_eq!(read(&[48 + 32, wrong]), Some(Err(Error::Runs)), "{wrong} as the second");
    }
    let more = 48 + 32;
    assert_eq!(read(&[more, more, more, more, more, more, 48 + 1]), Some(Ok(1 << 30)));
    assert_eq!(read(&[more, more, more, more, more, more, more, 48]), Some(Err(Error::Runs)), "an eighth");
    assert_eq!(read(&[more]), Some(Err(Error::Runs)), "cut short");
    assert_eq!(read(&[48 + 16]), Some(Err(Error::Runs)), "below 0");
}
