//! The shipped run: 48 frames of an int8 network under a degrading camera.

use npyz::NpyFile;
use serde_json::Value;

pub struct Drift {
    maps: Vec<i8>,
    bits: Vec<u8>,
    expected: Vec<Value>,
}

/// Sums of codes q + 128, with the reference mask r and the own mask y, and the scores.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub u: u64,
    pub r: u64,
    pub ur: u64,
    pub y: u64,
    pub uy: u64,
    pub soft_dice: f64,
    pub sdc: f64,
}

pub const FRAMES: usize = 48;
pub const PIXELS: usize = 144 * 256;

impl Drift {
    pub fn read() -> Self {
        let open = |name: &str| {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
            std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let maps = open("drift_q8.npy");
        let bits = open("drift_reference_bits.npy");
        let json: Value = serde_json::from_slice(&open("drift_expected.json")).expect("JSON");
        let run = Self {
            maps: NpyFile::new(&maps[..]).expect("npy").into_vec().expect("int8"),
            bits: NpyFile::new(&bits[..]).expect("npy").into_vec().expect("bytes"),
            expected: json["frames"].as_array().expect("a list of frames").clone(),
        };
        assert_eq!((run.maps.len(), run.bits.len()), (FRAMES * PIXELS, FRAMES * PIXELS / 8));
        assert_eq!(run.expected.len(), FRAMES);
        run
    }

    pub fn maps(&self) -> impl Iterator<Item = &[i8]> {
        self.maps.chunks(PIXELS)
    }

    /// The float model's mask on the undegraded frame, lowest bit first.
    pub fn reference(&self, frame: usize) -> &[u8] {
        &self.bits[frame * PIXELS / 8..][..PIXELS / 8]
    }

    pub fn expected(&self, frame: usize) -> Expected {
        let value = &self.expected[frame];
        let integer = |name: &str| value[name].as_u64().unwrap_or_else(|| panic!("{name} of frame {frame}"));
        let real = |name: &str| value[name].as_f64().unwrap_or_else(|| panic!("{name} of frame {frame}"));
        Expected {
            u: integer("u"),
            r: integer("r"),
            ur: integer("ur"),
            y: integer("y"),
            uy: integer("uy"),
            soft_dice: real("soft_dice"),
            sdc: real("sdc"),
        }
    }
}
