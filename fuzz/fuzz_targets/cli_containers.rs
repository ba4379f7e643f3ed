//! Every container but .npy: archives, volumes, whole or compressed, TIFF, models, and pictures that are only looked at, with heads
//! that parse and then lie. An array fills its shape, or the error is one line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice_cli::read::picture::Grey;
use soft_dice_cli::read::{Raw, Source, limit_values};
use soft_dice_cli::tflite;
use std::io::{Cursor, Write};

/// Values of an array at most: beyond, nothing new happens but time.
const MOST: usize = 1 << 16;

#[derive(Debug, arbitrary::Arbitrary)]
enum Input<'a> {
    Nifti {
        sides: [u8; 3],
        axes: u8,
        datatype: u8,
        offset: u16,
        slope: f32,
        numbers: &'a [u8],
        packed: bool,
        edit: (u16, u8),
    },
    Archive {
        names: [&'a str; 2],
        inner: &'a [u8],
        shape: [u8; 2],
        key: Option<&'a str>,
        edit: (u16, u8),
    },
    Tiff {
        big_endian: bool,
        entries: Vec<(u16, u8, u8, u32)>,
        width: u8,
        height: u8,
        numbers: &'a [u8],
    },
    Any {
        ending: u8,
        bytes: &'a [u8],
    },
    Model {
        bytes: &'a [u8],
    },
    Picture {
        jpeg: bool,
        edits: Vec<(u16, u8)>,
    },
}

const JPEG: &[u8] = include_bytes!("../../cli/tests/data/command/t.jpg");
const PNG: &[u8] = include_bytes!("../../cli/tests/data/command/t255_RGB.png");

const ENDINGS: [&str; 6] = ["npz", "nii", "nii.gz", "tif", "png", "bin"];
const DATATYPES: [i16; 12] = [2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280, 128, 32];

fn nifti(sides: [u8; 3], axes: u8, datatype: u8, offset: u16, slope: f32) -> Vec<u8> {
    let mut head = vec![0; 348];
    let mut put = |at: usize, bytes: &[u8]| head[at..][..bytes.len()].copy_from_slice(bytes);
    put(0, &348_i32.to_le_bytes());
    put(40, &u16::from(axes % 9).to_le_bytes());
    for (axis, side) in sides.into_iter().enumerate() {
        put(42 + 2 * axis, &u16::from(side).to_le_bytes());
    }
    put(70, &DATATYPES[usize::from(datatype) % DATATYPES.len()].to_le_bytes());
    put(108, &f32::from(348 + offset % 64).to_le_bytes());
    put(112, &slope.to_le_bytes());
    put(344, b"n+1\0");
    head.resize(348 + usize::from(offset % 64), 0);
    head
}

fn tiff(big_endian: bool, entries: &[(u16, u8, u8, u32)], width: u8, height: u8, numbers: &[u8]) -> Vec<u8> {
    let two = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let four = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut file = if big_endian { b"MM".to_vec() } else { b"II".to_vec() };
    file.extend(two(42));
    file.extend(four(8 + numbers.len() as u32));
    file.extend(numbers);
    let short = |tag: u16, value: u16| [&two(tag)[..], &two(3), &four(1), &two(value), &[0; 2]].concat();
    let long = |tag: u16, value: u32| [&two(tag)[..], &two(4), &four(1), &four(value)].concat();
    let mut all = vec![
        short(256, width.into()),
        short(257, height.into()),
        short(258, 8),
        short(259, 1),
        short(262, 1),
        long(273, 8),
        short(277, 1),
        short(278, height.into()),
        long(279, numbers.len() as u32),
    ];
    for &(tag, kind, count, value) in entries.iter().take(4) {
        let tag = 254 + tag % 100;
        let entry = [&two(tag)[..], &two(u16::from(kind % 14)), &four(count.into()), &four(value)].concat();
        match all.iter_mut().find(|known| known[..2] == two(tag)) {
            Some(known) => *known = entry,
            None => all.push(entry),
        }
    }
    file.extend(two(all.len() as u16));
    file.extend(all.concat());
    file.extend([0; 4]);
    file
}

fn changed(mut file: Vec<u8>, (at, byte): (u16, u8)) -> Vec<u8> {
    if let Some(there) = file.get_mut(usize::from(at)) {
        *there ^= byte;
    }
    file
}

fuzz_target!(|input: Input| {
    limit_values(MOST);
    let (file, ending, key) = match input {
        Input::Nifti { sides, axes, datatype, offset, slope, numbers, packed, edit } => {
            let whole = [nifti(sides, axes, datatype, offset, slope), numbers.to_vec()].concat();
            if packed {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(&whole).expect("memory");
                (changed(encoder.finish().expect("memory"), edit), "nii.gz", None)
            } else {
                (changed(whole, edit), "nii", None)
            }
        }
        Input::Archive { names, inner, shape, key, edit } => {
            let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::STORE);
            let text = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({}, {}), }}\n", shape[0], shape[1]);
            for name in names {
                if archive.start_file(format!("{name}.npy"), stored).is_ok() {
                    let _ = archive.write_all(&soft_dice_fuzz::npy::head(1, &text));
                    let _ = archive.write_all(inner);
                }
            }
            let Ok(file) = archive.finish() else { return };
            (changed(file.into_inner(), edit), "npz", key.map(String::from))
        }
        Input::Tiff { big_endian, entries, width, height, numbers } => {
            (tiff(big_endian, &entries, width, height, numbers), "tif", None)
        }
        Input::Any { ending, bytes } => (bytes.to_vec(), ENDINGS[usize::from(ending) % ENDINGS.len()], None),
        Input::Model { bytes } => {
            let model = [&[12, 0, 0, 0], &b"TFL3"[..], bytes].concat();
            if let Err(failure) = tflite::parse(&model) {
                assert_eq!(failure.to_string().lines().count(), 1);
            }
            return;
        }
        Input::Picture { jpeg, edits } => {
            let file = edits.into_iter().take(16).fold(if jpeg { JPEG } else { PNG }.to_vec(), changed);
            // High bytes of height and width. Large pictures are allowed, and bring nothing new but time.
            let high: &[usize] = if jpeg { &[94, 96] } else { &[16, 17, 18, 20, 21, 22] };
            if high.iter().any(|&at| file[at] != 0) {
                return;
            }
            match Grey::from_bytes(&file) {
                Ok(grey) => assert_eq!(grey.pixels.len(), grey.height * grey.width),
                Err(failure) => assert_eq!(failure.to_string().lines().count(), 1),
            }
            return;
        }
    };
    let raw = Raw { key, ..Raw::default() };
    match Source::from_bytes(&file[..], file.len() as u64, ending, &raw).and_then(Source::array) {
        Ok(array) => {
            assert_eq!(array.values.len(), array.shape.iter().product::<usize>());
            assert!(array.values.len() <= MOST);
        }
        Err(failure) => assert_eq!(failure.to_string().lines().count(), 1),
    }
});
