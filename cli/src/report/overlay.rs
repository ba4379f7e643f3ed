//! A frame as a picture: where prediction and target agree, and where not.

use crate::error::{Failure, Outcome};
use crate::measure::{Cut, hard_planes};
use crate::prediction::Prediction;
use crate::target::{Target, argmax};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What a pixel of an overlay is. Class 0 of several is taken for the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Pixel {
    /// Background, rightly.
    TrueNegative,
    /// Foreground, rightly.
    TruePositive,
    /// Foreground where there is none.
    FalsePositive,
    /// None where there is foreground.
    FalseNegative,
    /// Foreground of another class.
    Confused,
    /// Left out of the score.
    Ignored,
}

/// Orange, sky blue and vermilion of Okabe and Ito for what is wrong, light grey for what is right: apart for every
/// kind of colour vision, by hue or by lightness. By the order of [`Pixel`].
pub const PALETTE: [[u8; 3]; 6] =
    [[33, 37, 43], [222, 226, 230], [230, 159, 0], [86, 180, 233], [213, 94, 0], [92, 99, 107]];

/// What each pixel is: foreground from the threshold on, or the greatest class.
pub fn pixels(prediction: &Prediction, target: &Target, threshold: f32) -> Vec<Pixel> {
    let (classes, pixels) = (prediction.map.classes, prediction.map.pixels());
    let cut = if classes > 1 { Cut::Argmax } else { Cut::AtLeast(threshold) };
    let winners = |planes: &[u8]| if classes > 1 { argmax(planes, classes, pixels) } else { planes.to_vec() };
    let said = winners(&hard_planes(prediction, cut));
    let (truth, ignore) = match target {
        Target::Mask(mask) => (winners(mask), None),
        Target::Labels { labels, ignore } => (labels.clone(), *ignore),
        Target::Soft(values) if classes > 1 => (argmax(values, classes, pixels), None),
        Target::Soft(values) => (values.iter().map(|&value| u8::from(value >= threshold)).collect(), None),
    };
    // One class has no other to be taken for.
    let most = if classes > 1 { u8::MAX } else { 1 };
    let of = said.iter().zip(&truth);
    of.map(|(&said, &is)| pixel(said.min(most), is.min(most), Some(is) == ignore)).collect()
}

fn pixel(said: u8, is: u8, ignored: bool) -> Pixel {
    match (said, is) {
        _ if ignored => Pixel::Ignored,
        (0, 0) => Pixel::TrueNegative,
        (said, is) if said == is => Pixel::TruePositive,
        (_, 0) => Pixel::FalsePositive,
        (0, _) => Pixel::FalseNegative,
        _ => Pixel::Confused,
    }
}

/// Pixels of a side at most: larger pictures leave out rows and columns.
const SIDE: usize = 512;

/// As a `data:` address of a PNG.
///
/// # Errors
///
/// None that a buffer has.
pub fn picture(pixels: &[Pixel], height: usize, width: usize) -> Outcome<String> {
    encoded([height, width], png::ColorType::Indexed, |at| [pixels[at] as u8])
}

/// The same over a picture of grey, `every` of whose pixels make one of the map: what is wrong covers it, what is right
/// tints it, and the background leaves it as it is.
///
/// # Errors
///
/// None that a buffer has.
pub fn over(pixels: &[Pixel], luma: &[u8], [height, width]: [usize; 2], every: usize) -> Outcome<String> {
    encoded([height, width], png::ColorType::Rgb, |at| {
        let (y, x) = (at / width * every + every / 2, at % width * every + every / 2);
        let grey = luma.get(y * width * every + x).copied().unwrap_or(0);
        let share = match pixels[at] {
            Pixel::TrueNegative => 0.0,
            Pixel::TruePositive => 0.45,
            _ => 0.7,
        };
        PALETTE[pixels[at] as usize].map(|c| (f32::from(grey) * (1.0 - share) + f32::from(c) * share) as u8)
    })
}

/// Values of [0, 1] as grey.
///
/// # Errors
///
/// None that a buffer has.
pub fn grey(values: &[f32], size: [usize; 2]) -> Outcome<String> {
    encoded(size, png::ColorType::Grayscale, |at| [(values[at].clamp(0.0, 1.0) * 255.0).round() as u8])
}

/// Of every so many rows and columns, as many as there is room for.
fn encoded<const N: usize>(
    [height, width]: [usize; 2],
    colour: png::ColorType,
    pixel: impl Fn(usize) -> [u8; N],
) -> Outcome<String> {
    let step = height.max(width).div_ceil(SIDE).max(1);
    let rows = (0..height).step_by(step);
    let data: Vec<u8> =
        rows.flat_map(|y| (0..width).step_by(step).map(move |x| y * width + x)).flat_map(pixel).collect();
    let size = [width, height].map(|side| side.div_ceil(step) as u32);
    let mut bytes = Vec::new();
    let written = (|| {
        let mut encoder = png::Encoder::new(&mut bytes, size[0], size[1]);
        encoder.set_color(colour);
        encoder.set_depth(png::BitDepth::Eight);
        if colour == png::ColorType::Indexed {
            encoder.set_palette(PALETTE.as_flattened());
        }
        encoder.write_header()?.write_image_data(&data)
    })();
    written.map_err(|error: png::EncodingError| Failure::new(error, "report this"))?;
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cone responses of those who lack one kind (Viénot, Brettel, Mollon 1999; tritan: Brettel's by Machado 2009, of
    /// full severity), in linear RGB.
    const VISIONS: [(&str, [[f64; 3]; 3]); 4] = [
        ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        ("protan", [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
        ("deutan", [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
        ("tritan", [[1.25553, -0.07675, -0.17878], [-0.07841, 0.93081, 0.1476], [0.00473, 0.6914, 0.30387]]),
    ];

    /// OKLab (Ottosson 2020).
    fn lab(rgb: [f64; 3]) -> [f64; 3] {
        let [r, g, b] = rgb.map(|c| c.clamp(0.0, 1.0));
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s,
        ]
    }

    /// 0.02 is a just noticeable difference side by side; 0.1 is another colour at a glance.
    #[test]
    fn everyone_tells_the_colours_apart() {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        for (name, matrix) in VISIONS {
            let seen = PALETTE.map(|rgb| {
                let rgb = rgb.map(linear);
                lab(matrix.map(|row| row.iter().zip(rgb).map(|(m, c)| m * c).sum()))
            });
            for (a, one) in seen.iter().enumerate() {
                for (b, other) in seen.iter().enumerate().skip(a + 1) {
                    let apart = one.iter().zip(other).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
                    assert!(apart >= 0.1, "{name}: {a} and {b} are {apart:.3} apart");
                }
            }
        }
    }

    #[test]
    fn what_a_pixel_is() {
        use Pixel::{Confused, FalseNegative, FalsePositive, Ignored, TrueNegative, TruePositive};
        let seen = [(0, 0), (1, 1), (1, 0), (0, 2), (1, 2)].map(|(said, is)| pixel(said, is, false));
        assert_eq!(seen, [TrueNegative, TruePositive, FalsePositive, FalseNegative, Confused]);
        assert_eq!(pixel(1, 1, true), Ignored);
    }
}
