//! A folder of any length takes the memory of a few maps: the peak for 1000 files beside that for 100.

mod support;

use clap::Parser;
use peak_alloc::PeakAlloc;
use soft_dice_cli::args::Cli;
use soft_dice_cli::command;
use soft_dice_cli::read::picture::Grey;
use std::io::Write;
use support::{folder, line, npy};

/// Counts every byte of the heap, which unlike the size of a process is the same on any machine under any load.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Pixels of a side: small, so that what is kept of each file shows beside it.
const SIDE: usize = 64;

/// What 900 files may add, in bytes: two paths and a place each.
const MORE: usize = 900 * 140;

/// One test at a time: the heap is the process's.
static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn cli(arguments: &[String]) -> Cli {
    let cli = Cli::try_parse_from(std::iter::once("soft-dice").chain(arguments.iter().map(String::as_str)));
    cli.expect("a command line")
}

/// The most that the command kept at once, in bytes.
fn peak(arguments: &[String]) -> usize {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let reached = command::run(&cli(arguments)).expect("the command runs");
    assert!(reached, "{arguments:?}");
    HEAP.peak_usage() - before
}

/// The most that reading one file keeps at once beyond its numbers, in bytes, and what came of it.
fn peak_of(path: &std::path::Path) -> (usize, Result<usize, String>) {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let read = soft_dice_cli::read::array(path, &soft_dice_cli::read::Raw::default());
    let peak = HEAP.peak_usage() - before;
    (peak, read.map(|array| array.values.len()).map_err(|failure| failure.to_string()))
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// A NIfTI-1 header of bytes: sides, the first the fastest.
fn nifti(sides: [i16; 3]) -> Vec<u8> {
    let mut head = vec![0; 352];
    let mut put = |at: usize, bytes: &[u8]| head[at..][..bytes.len()].copy_from_slice(bytes);
    put(0, &348_i32.to_le_bytes());
    for (at, side) in [3, sides[0], sides[1], sides[2]].iter().enumerate() {
        put(40 + 2 * at, &side.to_le_bytes());
    }
    put(70, &2_i16.to_le_bytes());
    put(72, &8_i16.to_le_bytes());
    put(108, &352_f32.to_le_bytes());
    put(344, b"n+1\0");
    head
}

/// An archive of one deflated array, written by hand: the zip that the command reads with has no encoder built in.
fn npz(array: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(array).expect("memory");
    let packed = encoder.finish().expect("memory");
    let mut crc = flate2::Crc::new();
    crc.update(array);
    let sizes = [crc.sum(), packed.len() as u32, array.len() as u32].map(u32::to_le_bytes).concat();
    let name = b"a.npy";
    let common = [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..], &sizes, &(name.len() as u16).to_le_bytes(), &[0, 0]].concat();
    let local = [&b"PK\x03\x04"[..], &common, name, &packed].concat();
    let central = [&b"PK\x01\x02\x14\0"[..], &common, &[0; 14], name].concat();
    // The comment's length, two disk numbers, attributes and the place of the entry: all of them 0.
    let end = [central.len() as u32, local.len() as u32].map(u32::to_le_bytes).concat();
    [&local[..], &central, b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &end, &[0, 0]].concat()
}

/// Rows of a picture as they lie in a PNG, each after a byte that says that it is not filtered.
fn rows(numbers: &[u8], width: usize) -> Vec<u8> {
    numbers.chunks(width).flat_map(|row| std::iter::once(0).chain(row.iter().copied())).collect()
}

/// A grey PNG that says it has so many pixels a side, and holds these bytes, not compressed.
fn png(side: u32, interlaced: bool, bytes: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(data);
        [&(data.len() as u32).to_be_bytes(), &name[..], data, &crc.sum().to_be_bytes()].concat()
    };
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::none());
    packed.write_all(bytes).expect("memory");
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 0, 0, 0, u8::from(interlaced)]].concat();
    let data = packed.finish().expect("memory");
    [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &header)[..], &chunk(b"IDAT", &data), &chunk(b"IEND", &[])].concat()
}

/// A grey TIFF that says it has so many pixels a side, in strips of so many rows, and holds these bytes, not compressed.
fn tiff(side: u32, rows: u32, bytes: &[u8]) -> Vec<u8> {
    let strips = side.div_ceil(rows);
    let entry = |tag: u16, kind: u16, many: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &many.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    // Behind the directory of nine entries: where each strip begins, and its bytes. One strip's stand in the entries.
    let lists = 8 + 2 + 9 * 12 + 4;
    let data = lists + if strips > 1 { 8 * strips } else { 0 };
    let (offsets, counts) = if strips > 1 { (lists, lists + 4 * strips) } else { (data, side * side) };
    let entries = [
        entry(256, 4, 1, side),
        entry(257, 4, 1, side),
        entry(258, 3, 1, 8),
        entry(259, 3, 1, 1),
        entry(262, 3, 1, 1),
        entry(273, 4, strips, offsets),
        entry(277, 3, 1, 1),
        entry(278, 4, 1, rows),
        entry(279, 4, strips, counts),
    ];
    let mut file = [&b"II*\0\x08\0\0\0\x09\0"[..], &entries.concat(), &[0; 4]].concat();
    if strips > 1 {
        (0..strips).for_each(|strip| file.extend((data + strip * rows * side).to_le_bytes()));
        (0..strips).for_each(|strip| file.extend((rows.min(side - strip * rows) * side).to_le_bytes()));
    }
    file.extend(bytes);
    file
}

#[test]
fn what_a_file_promises_takes_no_memory_and_what_it_holds_twice_its_size() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = folder();
    let mib = 1 << 20;
    let side = 1 << 11;
    // 4 MiB of numbers that do not compress well.
    let numbers: Vec<u8> = (0..side * side).map(|at: usize| (at.wrapping_mul(0x9E37_79B9) >> 24) as u8).collect();
    let few = &numbers[..mib];
    let tall = [1 << 14, 1 << 14];
    let honest = [
        ("a.npy", npy("|u1", &[side, side], false, &numbers)),
        ("a.npz", npz(&npy("|u1", &[side, side], false, &numbers))),
        ("a.nii", [nifti([side as i16, side as i16, 1]), numbers.clone()].concat()),
        ("a.nii.gz", gz(&[nifti([side as i16, side as i16, 1]), numbers.clone()].concat())),
        ("a.png", png(side as u32, false, &rows(&numbers, side))),
        ("a.tif", tiff(side as u32, side as u32, &numbers)),
        ("b.tif", tiff(side as u32, 64, &numbers)),
    ];
    for (name, bytes) in honest {
        let (peak, read) = peak_of(&support::write(&folder, name, &bytes));
        assert_eq!(read, Ok(side * side), "{name}");
        println!("{name}: {peak} bytes for {} numbers", side * side);
        assert!(peak <= 2 * side * side + mib / 2, "{name}: {peak}");
    }
    // Headers that promise 256 MiB, and 1 MiB that follows.
    let lies = [
        ("b.npy", npy("|u1", &tall, false, few)),
        ("b.npz", npz(&npy("|u1", &tall, false, few))),
        ("b.nii", [nifti([1 << 14, 1 << 14, 1]), few.to_vec()].concat()),
        ("b.nii.gz", gz(&[nifti([1 << 14, 1 << 14, 1]), few.to_vec()].concat())),
        ("b.png", png(1 << 14, false, &rows(few, 1 << 14))),
        ("b.tif", tiff(1 << 14, 1 << 14, few)),
        ("c.tif", tiff(1 << 14, 64, few)),
        // The first pass of an interlaced picture has every eighth pixel.
        ("c.png", png(1 << 14, true, &rows(few, 1 << 11))),
    ];
    for (name, bytes) in &lies {
        if name.ends_with(".png") {
            HEAP.reset_peak_usage();
            let before = HEAP.current_usage();
            assert!(Grey::from_bytes(bytes).is_err(), "{name} as a picture");
            let peak = HEAP.peak_usage() - before;
            println!("{name} as a picture: {peak} bytes where {mib} followed");
            assert!(peak <= 2 * mib, "{name} as a picture: {peak}");
        }
    }
    for (name, bytes) in lies {
        let (peak, read) = peak_of(&support::write(&folder, name, &bytes));
        assert!(read.is_err(), "{name}");
        println!("{name}: {peak} bytes where {mib} followed");
        // What followed, and a block.
        assert!(peak <= 2 * mib, "{name}: {peak}");
    }
    // A limit of one's own, by name.
    let said = command::run(&cli(&line(
        "score @ @ --max-pixels 1000",
        &[&folder.path().join("a.npy"), &folder.path().join("a.npy")],
    )));
    soft_dice_cli::read::limit_values(soft_dice_cli::read::MOST_VALUES);
    assert!(said.expect_err("too many").to_string().contains("`--max-pixels`"));
}

#[test]
fn a_thousand_files_take_no_more_than_a_hundred() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = folder();
    let pixels: Vec<u8> = (0..2 * SIDE * SIDE).map(|at| (at * at % 251) as u8).collect();
    for maps in [100, 1000] {
        for kind in ["pred", "mask"] {
            let within = folder.path().join(format!("{maps}/{kind}"));
            std::fs::create_dir_all(&within).expect("a folder");
            for map in 0..maps {
                let mut numbers = pixels[map..][..SIDE * SIDE].to_vec();
                if kind == "mask" {
                    numbers.iter_mut().for_each(|number| *number = u8::from(*number > 99));
                }
                let bytes = npy("|u1", &[SIDE, SIDE], false, &numbers);
                std::fs::write(within.join(format!("{map:04}.npy")), bytes).expect("a file");
            }
        }
    }
    let [json, csv] = ["x.json", "x.csv"].map(|name| folder.path().join(name));
    let full = "score @ @ --confidence --threshold 0.5 --quiet --threads 1 --json @ --csv @";
    for arguments in ["score @ @ --quiet --threads 1", full, "compare @ @ --quiet --threads 1"] {
        let [few, many] = [100, 1000].map(|maps| {
            let [pred, mask] = ["pred", "mask"].map(|kind| folder.path().join(format!("{maps}/{kind}")));
            peak(&line(arguments, &[&pred, &mask, &json, &csv]))
        });
        println!("{arguments}: for 100 files {few} bytes, for 1000 {many}");
        assert!(few > SIDE * SIDE && many <= few + MORE, "{arguments}: {few}, {many} bytes");
    }
}
