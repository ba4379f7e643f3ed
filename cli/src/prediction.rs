//! A map's numbers as the library's elements: what a code denotes.

use crate::args::{Logits, RangePolicy, ReadArgs};
use crate::each_vec;
use crate::error::{Failure, Outcome};
use crate::labels::Labels;
use crate::map::Map;
use crate::read::{Nature, Stored, Values, most_values};
use crate::role::Role;
use soft_dice::activation::{QuantizedSoftmax, SigmoidTable, Softmax, SoftmaxTable, sigmoid};
use soft_dice::classes::ChannelRun;
use soft_dice::{Affine, Columns, Error, F32, F32Fine, I8, Planar, Q15, Range, U8, U8Affine, U16};

/// Probabilities, plane after plane, as the device has them.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the library's own names")]
pub enum Planes {
    U8(U8, Vec<u8>),
    U16(U16, Vec<u16>),
    Q15(Q15, Vec<i16>),
    I8(I8, Vec<i8>),
    U8Affine(U8Affine, Vec<u8>),
    F32(F32, Vec<f32>),
    /// Floats of several classes: a class that is absent has a Σp of 10⁻⁵, which 2⁻²³ does not hold.
    F32Fine(F32Fine, Vec<f32>),
}

/// `$body` with the element within as `$element` and its planes as `$planes`, whatever their type.
#[macro_export]
macro_rules! each_element {
    ($all:expr, $element:ident, $planes:ident => $body:expr) => {
        match $all {
            $crate::prediction::Planes::U8($element, $planes) => $body,
            $crate::prediction::Planes::U16($element, $planes) => $body,
            $crate::prediction::Planes::Q15($element, $planes) => $body,
            $crate::prediction::Planes::I8($element, $planes) => $body,
            $crate::prediction::Planes::U8Affine($element, $planes) => $body,
            $crate::prediction::Planes::F32($element, $planes) => $body,
            $crate::prediction::Planes::F32Fine($element, $planes) => $body,
        }
    };
}

/// What a prediction's numbers mean.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Of 8-bit codes.
    pub quantised: Option<Quantised>,
    /// They are logits.
    pub logits: Option<Logits>,
    /// Of floats.
    pub range: RangePolicy,
    /// Planes that a prediction of labels is spread into; else one more than its greatest label.
    pub classes: Option<usize>,
    /// What the numbers are for, where it is said.
    pub role: Option<Role>,
    /// What labels mean.
    pub labels: Labels,
}

/// Which affine code.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "named after the engines")]
pub enum Quantised {
    Tflite,
    Onnxruntime,
    Affine { scale: f32, zero_point: i32 },
}

impl Reading {
    /// As the options say.
    #[must_use]
    pub fn of(args: &ReadArgs) -> Self {
        let quantised = match (args.scale, args.zero_point) {
            (Some(scale), Some(zero_point)) => Some(Quantised::Affine { scale, zero_point }),
            _ if args.tflite => Some(Quantised::Tflite),
            _ if args.onnxruntime => Some(Quantised::Onnxruntime),
            _ => None,
        };
        Self { quantised, logits: args.logits, range: args.range, classes: args.class_count(), ..Self::default() }
    }

    pub(crate) fn range(&self) -> Range {
        match self.range {
            RangePolicy::Refuse => Range::Refuse,
            RangePolicy::Exclude => Range::Exclude,
            RangePolicy::Clamp => Range::Clamp,
        }
    }

    /// Scale and zero point of 8-bit codes whose lowest is `lowest`.
    pub(crate) fn affine(&self, lowest: i32) -> Option<(f32, i32)> {
        self.quantised.map(|quantised| match quantised {
            Quantised::Tflite => (1.0 / 256.0, lowest),
            Quantised::Onnxruntime => (1.0 / 255.0, lowest),
            Quantised::Affine { scale, zero_point } => (scale, zero_point),
        })
    }

    fn i8(&self) -> Outcome<I8> {
        match self.quantised {
            Some(Quantised::Tflite) => Ok(I8::TFLITE),
            Some(Quantised::Onnxruntime) => Ok(I8::ONNXRUNTIME),
            Some(Quantised::Affine { scale, zero_point }) => Ok(I8::new(scale, zero_point)?),
            None => Err(Failure::new(
                "i8 codes say nothing without scale and zero point",
                "give `--tflite`, `--onnxruntime`, or `--scale` and `--zero-point` of the model's output tensor",
            )),
        }
    }

    fn floats(&self, classes: usize, values: Vec<f32>) -> Planes {
        if classes == 1 {
            Planes::F32(F32::new().range(self.range()), values)
        } else {
            Planes::F32Fine(F32Fine::new().range(self.range()), values)
        }
    }
}

/// A map's size, and its probabilities.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// The map, whose values have become the planes.
    pub map: Map,
    /// The probabilities.
    pub planes: Planes,
}

impl Prediction {
    /// What the map says in a role.
    ///
    /// # Errors
    ///
    /// Numbers that the role does not have.
    pub fn in_role(map: Map, role: Role, reading: &Reading) -> Outcome<Self> {
        let classes = map.classes;
        match role {
            Role::Probabilities => Self::of(coded(map, reading), reading),
            Role::Mask => {
                let Map { values, .. } = map;
                let planes =
                    each_vec!(&values, vec => vec.iter().map(|&number| u8::from(number.float() != 0.0)).collect());
                let map = Map { values: Values::U8(Vec::new()), classes, ..map };
                Ok(Self { map, planes: Planes::U8Affine(U8Affine::new(1.0, 0)?, planes) })
            }
            Role::Labels => {
                let Map { values, .. } = map;
                let size = |classes| Map { values: Values::U8(Vec::new()), classes, ..map };
                Self::of_labels(size, &values, reading)
            }
        }
    }

    /// What the map says under a reading.
    ///
    /// # Errors
    ///
    /// A reading that the type of the map does not have.
    pub fn of(map: Map, reading: &Reading) -> Outcome<Self> {
        let classes = map.classes;
        let Map { values, .. } = map;
        let size = |classes| Map { values: Values::U8(Vec::new()), classes, ..map };
        let planes = match (values, reading.logits) {
            (values @ (Values::Labels(_) | Values::U32(_) | Values::Wide(_)), None) => {
                return Self::of_labels(size, &values, reading);
            }
            (Values::Labels(_) | Values::U32(_) | Values::Wide(_) | Values::Bool(_), Some(_)) => {
                return Err(Failure::new("labels and masks are no logits", "leave out `--logits`"));
            }
            (values, Some(Logits::Sigmoid)) => reading.floats(classes, sigmoids(values, reading)?),
            (_, Some(Logits::Softmax)) if classes < 2 => {
                return Err(Failure::new("the softmax of one class is 1", "give `--logits sigmoid` or `--layout`"));
            }
            (values, Some(Logits::Softmax)) => softmaxes(values, classes, reading)?,
            (Values::F32(values), None) => reading.floats(classes, values),
            (Values::I8(codes), None) => Planes::I8(reading.i8()?, codes),
            (Values::U16(codes), None) => Planes::U16(U16::new(), codes),
            (Values::I16(codes), None) => match reading.quantised {
                None | Some(Quantised::Affine { scale: Q15_UNIT, zero_point: 0 }) => {
                    Planes::Q15(Q15::new().range(reading.range()), codes)
                }
                Some(_) => {
                    return Err(Failure::new(
                        "i16 maps are Q15, of scale 1/32768 and zero point 0",
                        "leave out scale and zero point, or save the values as f32",
                    ));
                }
            },
            (Values::Bool(mask), None) => Planes::U8Affine(U8Affine::new(1.0, 0)?, mask),
            (Values::U8(codes), None) => match reading.quantised {
                None => Planes::U8(U8, codes),
                Some(Quantised::Tflite) => Planes::U8Affine(U8Affine::TFLITE, codes),
                Some(Quantised::Onnxruntime) => Planes::U8Affine(U8Affine::ONNXRUNTIME, codes),
                Some(Quantised::Affine { scale, zero_point }) => {
                    Planes::U8Affine(U8Affine::new(scale, zero_point)?, codes)
                }
            },
        };
        Ok(Self { map: size(classes), planes })
    }

    /// A device that writes the winning label: 1 in the label's plane, 0 in all others.
    fn of_labels(size: impl Fn(usize) -> Map, values: &Values, reading: &Reading) -> Outcome<Self> {
        let pixels = values.len();
        if size(1).pixels() != pixels {
            return Err(Failure::new("labels are one plane", "check `--layout`, or give `--role mask`"));
        }
        let classes = match reading.classes {
            Some(classes) => classes,
            None => reading.labels.classes(values, "")?,
        };
        // 256 classes leave no number for pixels of no class: those of the last are then told apart by the label itself.
        let none = u8::MAX;
        if classes > 255 && !reading.labels.ignore.is_empty() {
            return Err(Failure::new("with 256 classes no label is free for the ignored", "leave out `--ignore`"));
        }
        if classes * pixels > most_values() {
            return Err(Failure::new(
                format!("{classes} planes of {pixels} labels are more than {} values", most_values()),
                "split it, check `--dtype` and `--classes`, or give a greater `--max-pixels`",
            ));
        }
        let labels = reading.labels.all(values, classes as i64 - 1, none, "")?;
        let mut planes = vec![0; classes * pixels];
        for (at, &label) in labels.iter().enumerate() {
            if usize::from(label) < classes {
                planes[usize::from(label) * pixels + at] = 1;
            }
        }
        Ok(Self { map: size(classes), planes: Planes::U8Affine(U8Affine::new(1.0, 0)?, planes) })
    }

    /// The value of each pixel, rounded to f32: for people to look at, never for a sum. NaN where there is none.
    #[must_use]
    pub fn values(&self) -> Vec<f32> {
        fn all<P: soft_dice::Element>(element: &P, planes: &[P::Raw]) -> Vec<f32> {
            planes.iter().map(|&raw| value(element, raw)).collect()
        }
        each_element!(&self.planes, element, planes => all(element, planes))
    }
}

/// Codes that their container or their type has made something else of: few bits of grey, whose greatest code is white, and
/// whole numbers saved as floats.
fn coded(map: Map, reading: &Reading) -> Map {
    let values = match (map.values, map.nature) {
        (Values::U8(codes), Nature::Grey(full @ 1..=15)) if reading.quantised.is_none() => {
            // 255 is divided by 1, 3 and 15 without a rest.
            let step = (255 / full) as u8;
            Values::U8(codes.into_iter().map(|code| code.saturating_mul(step)).collect())
        }
        (Values::F32(values), _) if reading.quantised.is_some() => {
            let whole = values.iter().all(|value| value.fract() == 0.0);
            let most = |limit: f32| values.iter().all(|&value| value.abs() <= limit);
            let negative = values.iter().any(|&value| value < 0.0);
            if !whole || (negative && !values.iter().all(|&value| (-128.0..=127.0).contains(&value))) || !most(255.0) {
                return Map { values: Values::F32(values), ..map };
            }
            if negative {
                Values::I8(values.into_iter().map(|value| value as i8).collect())
            } else if values.iter().all(|&value| value <= 1.0) {
                // Zeros and ones are the same as probabilities.
                Values::F32(values)
            } else {
                Values::U8(values.into_iter().map(|value| value as u8).collect())
            }
        }
        (values, _) => values,
    };
    Map { values, ..map }
}

/// The scale of Q15 as it is given on the command line.
const Q15_UNIT: f32 = 1.0 / 32768.0;

/// The value of a raw pixel as the element reads it; NaN where it is invalid.
pub fn value<P: soft_dice::Element>(element: &P, raw: P::Raw) -> f32 {
    use soft_dice::element::Reading::{Clamped, Invalid, Valid};
    match element.read(raw) {
        Valid(value) | Clamped(value) => element.unit().value(P::code(value).into()) as f32,
        Invalid => f32::NAN,
    }
}

/// The library's probabilities of 2⁻²³, each an f32 exactly: a sum of them is the sum of its `Tabled` and `Sigmoid`.
fn sigmoids(values: Values, reading: &Reading) -> Outcome<Vec<f32>> {
    fn tabled(table: &SigmoidTable, index: impl Iterator<Item = u8>) -> Vec<f32> {
        index.map(|at| table.codes()[usize::from(at)] as f32 / 8_388_608.0).collect()
    }
    let missing = || {
        Failure::new(
            "logits in integer codes need their scale and zero point",
            "give `--scale` and `--zero-point` of the model's output tensor",
        )
    };
    let affine = |lowest| reading.affine(lowest).ok_or_else(missing);
    Ok(match values {
        Values::F32(logits) => logits.into_iter().map(sigmoid).collect(),
        Values::I8(codes) => {
            let (scale, zero_point) = affine(-128)?;
            let table = SigmoidTable::i8(scale, zero_point)?;
            tabled(&table, codes.iter().map(|&code| code.cast_unsigned() ^ 0x80))
        }
        Values::U8(codes) => {
            let (scale, zero_point) = affine(0)?;
            tabled(&SigmoidTable::u8(scale, zero_point)?, codes.iter().copied())
        }
        Values::I16(codes) => computed(&codes, affine(0)?)?,
        Values::U16(codes) => computed(&codes, affine(0)?)?,
        Values::Bool(_) | Values::Labels(_) | Values::U32(_) | Values::Wide(_) => {
            return Err(Failure::new("no logits", "leave out `--logits`"));
        }
    })
}

/// 16-bit codes have no table; scale and zero point are held to what a table's are.
fn computed<R: Copy + Into<i32> + TryFrom<i32>>(codes: &[R], (scale, zero_point): (f32, i32)) -> Outcome<Vec<f32>> {
    if !(scale > 0.0 && scale < f32::INFINITY) {
        return Err(Error::Scale.into());
    }
    if R::try_from(zero_point).is_err() {
        return Err(Error::Setting.into());
    }
    Ok(codes.iter().map(|&code| sigmoid((code.into() - zero_point) as f32 * scale)).collect())
}

fn softmaxes(values: Values, classes: usize, reading: &Reading) -> Outcome<Planes> {
    let exact = |planes| Planes::F32(F32::new().range(reading.range()), planes);
    let missing = || Failure::new("logits in codes need their scale", "give `--scale` and `--zero-point`");
    let table = || Ok::<_, Failure>(SoftmaxTable::new(reading.affine(0).ok_or_else(missing)?.0)?);
    Ok(match values {
        Values::F32(logits) => reading.floats(classes, columns(Softmax(Planar(&logits)), classes, logits.len())),
        Values::I8(codes) => {
            exact(columns(QuantizedSoftmax::<i8, _>::new(Planar(&codes), &table()?), classes, codes.len()))
        }
        Values::U8(codes) => {
            exact(columns(QuantizedSoftmax::<u8, _>::new(Planar(&codes), &table()?), classes, codes.len()))
        }
        _ => return Err(Failure::new("16-bit logits of many classes are not read", "save them as f32 or i8")),
    })
}

/// The library's softmax, run by run, written out as planes.
fn columns<C: Columns<f32>>(columns: C, channels: usize, values: usize) -> Vec<f32> {
    let pixels = values / channels;
    let mut planes = vec![0.0; values];
    let mut room = [0.0; 128];
    for at in (0..pixels).step_by(C::RUN) {
        let length = C::RUN.min(pixels - at);
        let run = columns.run(channels, at, length);
        for channel in 0..channels {
            let column = columns.column(&run, ChannelRun { channels, channel, at, pixels: length }, &mut room);
            planes[channel * pixels + at..][..length].copy_from_slice(column);
        }
    }
    planes
}

/// Scale and zero point of an 8-bit element.
pub fn scale_of<R>(element: &Affine<R>) -> (f64, i32)
where
    Affine<R>: soft_dice::Element,
{
    use soft_dice::Element;
    (element.unit().value(1), element.zero_point())
}
