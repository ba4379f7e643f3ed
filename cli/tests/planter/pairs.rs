//! The real pairs that mistakes are planted into.

use super::{File, Numbers, Plant};
use crate::support::{device, read, shipped};

/// A healthy pair: what the float model says, and the device's codes with their meaning.
#[derive(Clone, Debug)]
pub struct Base {
    pub name: String,
    /// Pairs of one picture are not told apart by what they show.
    pub picture: &'static str,
    pub height: usize,
    pub width: usize,
    /// All classes of a pixel lie together.
    pub classes: usize,
    pub float: Vec<f32>,
    pub codes: Vec<i8>,
    pub scale: f64,
    pub zero_point: i32,
    /// The codes are logits of a sigmoid.
    pub logits: bool,
}

const TFLITE: (f64, i32) = (1.0 / 256.0, -128);

impl Base {
    pub const fn sizes(&self) -> [usize; 3] {
        [self.height, self.width, self.classes]
    }

    pub fn shape(&self) -> Vec<usize> {
        if self.classes > 1 { self.sizes().to_vec() } else { vec![self.height, self.width] }
    }

    /// Those of the healthy pair.
    pub fn options(&self) -> String {
        self.options_of(self.scale, self.zero_point)
    }

    pub fn options_of(&self, scale: f64, zero_point: i32) -> String {
        let logits = if self.logits { " --logits sigmoid" } else { "" };
        format!("--scale {scale} --zero-point {zero_point}{logits}")
    }

    /// The device's probability of a code.
    pub fn probability(&self, code: i8) -> f64 {
        let value = f64::from(i32::from(code) - self.zero_point) * self.scale;
        if self.logits { 1.0 / (1.0 + (-value).exp()) } else { value }
    }

    /// The healthy pair as files.
    pub fn plant(&self) -> Plant {
        Plant {
            what: "nothing".into(),
            float: vec![self.float_file(self.float.clone())],
            device: vec![self.device_file(self.codes.clone())],
            options: self.options(),
        }
    }

    pub fn float_file(&self, values: Vec<f32>) -> File {
        File { shape: self.shape(), numbers: Numbers::F32(values) }
    }

    pub fn device_file(&self, codes: Vec<i8>) -> File {
        File { shape: self.shape(), numbers: Numbers::I8(codes) }
    }
}

/// All pairs of this machine: the shipped ones, two-class maps made of them as a softmax would write them, and the
/// device data where it is.
pub fn bases() -> Vec<Base> {
    let mut all = Vec::new();
    for (name, picture) in [
        ("selfie256_astronaut", "astronaut"),
        ("selfie256_camera", "camera"),
        ("selfie_land_astronaut", "astronaut"),
        ("selfie_land_camera", "camera"),
    ] {
        let path = |kind: &str| shipped().join(format!("{name}_{kind}.npy"));
        all.push(pair(name, picture, [path("f32"), path("q8")], TFLITE, false));
    }
    for at in [0, 3] {
        all.push(two_classes(&all[at]));
    }
    let Some(folder) = device() else { return all };
    for picture in ["astronaut", "camera", "hopper"] {
        let path = |size: u32, kind: &str| folder.join(format!("bodypix{size}/{picture}_{kind}.npy"));
        all.push(pair(&format!("bodypix33_{picture}"), picture, [path(33, "f32"), path(33, "q8")], TFLITE, false));
        for runtime in ["litert", "microflow"] {
            let files = [path(17, "f32"), path(17, &format!("logit_q8_{runtime}"))];
            all.push(pair(&format!("bodypix17_{picture}_{runtime}"), picture, files, (0.044_141_08, 8), true));
        }
    }
    for picture in ["coffee", "chelsea"] {
        let path = |kind: &str| folder.join(format!("deeplab65/{picture}_{kind}.npy"));
        all.push(pair(&format!("deeplab65_{picture}"), picture, [path("f32"), path("q8")], TFLITE, false));
    }
    all
}

fn pair(
    name: &str,
    picture: &'static str,
    [float, codes]: [std::path::PathBuf; 2],
    (scale, zero_point): (f64, i32),
    logits: bool,
) -> Base {
    let ((shape, float), (_, codes)) = (read::<f32>(&float), read::<i8>(&codes));
    let classes = shape.get(2).copied().unwrap_or(1);
    Base {
        name: name.into(),
        picture,
        height: shape[0],
        width: shape[1],
        classes,
        float,
        codes,
        scale,
        zero_point,
        logits,
    }
}

/// Background and foreground of a map of one class.
fn two_classes(of: &Base) -> Base {
    let float = of.float.iter().flat_map(|&p| [1.0 - p, p]).collect();
    // 256 − q would be the other class's code; the greatest code stands for it where that is one too high.
    let codes = of.codes.iter().flat_map(|&q| [(-i32::from(q)).min(127) as i8, q]).collect();
    Base { name: format!("{}_two_classes", of.name), classes: 2, float, codes, ..of.clone() }
}

/// Consecutive frames of a device's recording, as codes of 1/256 and −128.
pub fn recording() -> ([usize; 2], Vec<Vec<i8>>) {
    let (shape, codes) = read::<i8>(&shipped().join("drift_q8.npy"));
    let [height, width] = [shape[1], shape[2]];
    ([height, width], codes.chunks_exact(height * width).map(<[i8]>::to_vec).collect())
}
