//! The judge: every sum and score the obvious way in f64, with its own decoding of every format. Shares no code with
//! the kernel, and is slow.
//!
//! Sums are of codes, so for integer formats they are exact up to 2⁵³; for floats codes are not rounded.

/// How raw pixels are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Format {
    /// A code for each step of `unit` from `zero_point` on; codes below 0 or with a value above 1 are clamped, and
    /// those up to `dead` are 0.
    Affine {
        /// The value of a code.
        unit: f64,
        /// The raw value of code 0.
        zero_point: f64,
        /// Largest raw value of the type.
        largest: f64,
        /// Codes up to this are 0.
        dead: f64,
    },
    /// Non-negative multiples of 2⁻¹⁵.
    Q15 {
        /// The value of a code.
        unit: f64,
        /// Negative codes are read as 0, else invalid.
        clamp: bool,
        /// Codes up to this are 0.
        dead: f64,
    },
    /// Floats; codes are of `unit`.
    Float {
        /// The value of a code.
        unit: f64,
        /// Values outside, but NaN, are clamped, else invalid.
        clamp: bool,
    },
}

/// A raw pixel, decoded.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Pixel {
    /// A code, as is.
    Valid(f64),
    /// The nearest code inside.
    Clamped(f64),
    /// No code.
    Invalid,
    /// Left out by label or region.
    Ignored,
}

impl Format {
    /// The value of code 1.
    #[must_use]
    pub fn unit(self) -> f64 {
        match self {
            Format::Affine { unit, .. } | Format::Q15 { unit, .. } | Format::Float { unit, .. } => unit,
        }
    }

    /// The code of a raw pixel.
    #[must_use]
    pub fn pixel(self, raw: f64) -> Pixel {
        match self {
            Format::Affine { unit, zero_point, largest, dead } => {
                // Truncated: codes whose value is at most 1 and a millionth, and that the type has.
                let (to_one, room) = ((1.000_000_95 / unit) as u32, (largest - zero_point) as u32);
                let top = f64::from(if to_one < room { to_one } else { room });
                let code = raw - zero_point;
                let inside = if code < 0.0 {
                    0.0
                } else if code > top {
                    top
                } else {
                    code
                };
                let heard = if inside <= dead { 0.0 } else { inside };
                if inside == code { Pixel::Valid(heard) } else { Pixel::Clamped(heard) }
            }
            Format::Q15 { clamp, dead, .. } => {
                if raw < 0.0 {
                    return if clamp { Pixel::Clamped(0.0) } else { Pixel::Invalid };
                }
                Pixel::Valid(if raw <= dead { 0.0 } else { raw })
            }
            Format::Float { unit, clamp } => {
                if raw.is_nan() {
                    Pixel::Invalid
                } else if (0.0..=1.0).contains(&raw) {
                    Pixel::Valid(raw / unit)
                } else {
                    let nearest = if raw < 0.0 { 0.0 } else { 1.0 / unit };
                    if (-1.0e-6f32 as f64..=1.000_001).contains(&raw) {
                        Pixel::Valid(nearest)
                    } else if clamp {
                        Pixel::Clamped(nearest)
                    } else {
                        Pixel::Invalid
                    }
                }
            }
        }
    }
}

/// All sums, in codes (`pt`: products of codes).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(missing_docs, reason = "named as in Sums")]
pub struct Sums {
    pub count: f64,
    pub ignored: f64,
    pub invalid: f64,
    pub clamped: f64,
    pub p: f64,
    pub t: f64,
    pub pt: f64,
    pub pp: f64,
    pub tt: f64,
    /// Σ min(p, t) as a value, not in codes.
    pub min: f64,
}

/// Sums over pairs of pixels, whose codes have these units.
pub fn sums(pairs: impl IntoIterator<Item = (Pixel, Pixel)>, unit_p: f64, unit_t: f64) -> Sums {
    let mut sums = Sums::default();
    for (p, t) in pairs {
        if p == Pixel::Ignored || t == Pixel::Ignored {
            sums.ignored += 1.0;
            continue;
        }
        let code = |pixel| match pixel {
            Pixel::Valid(code) => Some((code, false)),
            Pixel::Clamped(code) => Some((code, true)),
            _ => None,
        };
        let (Some((p, p_clamped)), Some((t, t_clamped))) = (code(p), code(t)) else {
            sums.invalid += 1.0;
            continue;
        };
        if p_clamped || t_clamped {
            sums.clamped += 1.0;
        }
        sums.count += 1.0;
        sums.p += p;
        sums.t += t;
        sums.pt += p * t;
        sums.pp += p * p;
        sums.tt += t * t;
        let (p, t) = (p * unit_p, t * unit_t);
        sums.min += if p < t { p } else { t };
    }
    sums
}

/// 2i/(p + t): Dice from I, P, T, from I, P², T², or from m, P, T.
#[must_use]
pub fn dice(i: f64, p: f64, t: f64) -> f64 {
    2.0 * i / (p + t)
}

/// i/(p + t − i): Jaccard, alike.
#[must_use]
pub fn jaccard(i: f64, p: f64, t: f64) -> f64 {
    i / (p + t - i)
}

/// i/(i + α(p − i) + β(t − i)).
#[must_use]
pub fn tversky(i: f64, p: f64, t: f64, alpha: f64, beta: f64) -> f64 {
    i / (i + alpha * (p - i) + beta * (t - i))
}
