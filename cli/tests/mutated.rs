//! Every byte of a file of each container, changed in turn, and every length that it may be cut to: an array that fills its shape,
//! or an error in one line, and never a panic.

use soft_dice_cli::read::picture::Grey;
use soft_dice_cli::read::{Raw, Source, ending, limit_values};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Values of an array at most: what a changed byte promises beyond is refused at once.
const MOST: usize = 1 << 20;

fn read(bytes: &[u8], ending: &str, name: &str) -> bool {
    match Source::from_bytes(bytes, bytes.len() as u64, ending, &Raw::default()).and_then(Source::array) {
        Ok(array) => {
            assert_eq!(array.values.len(), array.shape.iter().product::<usize>(), "{name}");
            assert!(array.values.len() <= MOST, "{name}");
            true
        }
        Err(failure) => {
            let said = failure.to_string();
            assert!(said.lines().count() == 1 && said.contains("; "), "{name}: {said}");
            false
        }
    }
}

/// The file; of the NIfTI, whose header was written by hand, one with sizes of voxels.
fn whole(path: &Path) -> Vec<u8> {
    let compressed = path.extension().is_some_and(|ending| ending == "gz");
    let mut bytes = std::fs::read(if compressed { path.with_extension("") } else { path.into() }).expect("a file");
    if bytes.get(344..348) == Some(b"n+1\0") {
        (1..4).for_each(|axis| bytes[76 + 4 * axis..][..4].copy_from_slice(&1.0_f32.to_le_bytes()));
    }
    if !compressed {
        return bytes;
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn no_byte_of_a_file_brings_a_panic() {
    limit_values(MOST);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/command");
    let names = [
        "t01_u8.npy",
        "t.npz",
        "t.tif",
        "t.nii",
        "t.nii.gz",
        "t255_RGBA.png",
        "t_interlaced.png",
        "t_palette_trns.png",
        "p_2bit.png",
        "t_16.png",
    ];
    for name in names {
        let path: PathBuf = data.join(name);
        let (whole, ending) = (whole(&path), ending(&path));
        assert!(read(&whole, &ending, name), "{name} is whole");
        let (mut read_still, mut refused) = (0, 0);
        let mut count = |good: bool| if good { read_still += 1 } else { refused += 1 };
        for at in 0..whole.len() {
            count(read(&whole[..at], &ending, name));
            for value in [0, 1, 0x7F, 0x80, 0xFF, whole[at] ^ 0x10] {
                let mut changed = whole.clone();
                changed[at] = value;
                count(read(&changed, &ending, name));
            }
        }
        println!("{name}: {read_still} still read, {refused} refused");
        assert!(refused > whole.len() / 2, "{name}");
    }
}

/// The same of pictures, which are looked at alone.
#[test]
fn no_byte_of_a_picture_brings_a_panic() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/command");
    for name in ["t.jpg", "t255_RGBA.png", "p_palette.png", "t_16.png"] {
        let whole = std::fs::read(data.join(name)).expect("a file");
        let size = |grey: &Grey| {
            assert_eq!(grey.pixels.len(), grey.height * grey.width, "{name}");
            assert_eq!(grey.sized(7, 5).len(), 35);
        };
        size(&Grey::from_bytes(&whole).expect("a picture"));
        for at in 0..whole.len() {
            let changed = [0, 0x7F, 0xFF, whole[at] ^ 0x10].map(|value| {
                let mut changed = whole.clone();
                changed[at] = value;
                changed
            });
            for bytes in changed.iter().map(Vec::as_slice).chain([&whole[..at]]) {
                match Grey::from_bytes(bytes) {
                    Ok(grey) => size(&grey),
                    Err(failure) => assert_eq!(failure.to_string().lines().count(), 1, "{name}: {failure}"),
                }
            }
        }
    }
}
