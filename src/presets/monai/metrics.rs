use crate::error::Error;
use crate::presets::{Metric, divide, foreground};
use crate::score::{Pixels, Reduction};
use crate::sums::Measured;

macro_rules! overlap {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $value:expr)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name {
            background: bool,
            ignore_empty: bool,
            reduction: Reduction,
            $($field: $type,)?
        }

        impl $name {
            /// MONAI's defaults: with background, empty targets are NaN, the mean.
            #[must_use]
            pub const fn new() -> Self {
                Self { background: true, ignore_empty: true, reduction: Reduction::Mean, $($field: $value)? }
            }

            /// `include_background`: without it the first class is left out, unless it is the only one.
            #[must_use]
            pub const fn include_background(self, background: bool) -> Self {
                Self { background, ..self }
            }

            /// `ignore_empty`: with it a class without a target pixel is NaN, which no reduction counts; without, it is 1
            /// if nothing is predicted there, else 0, and counts.
            #[must_use]
            pub const fn ignore_empty(self, ignore_empty: bool) -> Self {
                Self { ignore_empty, ..self }
            }

            /// `reduction`.
            #[must_use]
            pub const fn with_reduction(self, reduction: Reduction) -> Self {
                Self { reduction, ..self }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

overlap! {
    /// `monai.metrics.DiceMetric`, and `compute_dice` (which is `reduction="none"`), of hard maps: 2I/(P + T) of each frame and
    /// class.
    ///
    /// Decided maps are those of [`crate::Argmax`], [`crate::Thresholded`], [`crate::OneHot`], or any prediction of zeros and
    /// ones. `ignore_index` is the ignore label of the sums ([`crate::Multiclass::ignoring`]): MONAI leaves its pixels out, and
    /// the class that bears it becomes empty.
    ///
    /// ```
    /// use soft_dice::presets::{Batch, Metric, monai::DiceMetric};
    /// use soft_dice::{Linear, Multiclass, OneHot, U8};
    /// let mut frame = Multiclass::<[_; 3]>::new(U8, Linear);
    /// frame.update(OneHot(&[0, 1, 2, 0]), &[0, 1, 0, 0])?;               // class 2 is predicted, and absent
    /// let batch = Batch::one(frame.sums())?;
    /// let mean = |metric: DiceMetric| {
    ///     let mut run = metric.start(&mut []);
    ///     run.update(&batch)?;
    ///     run.aggregate()
    /// };
    /// let left_out = mean(DiceMetric::new())?;
    /// assert!((left_out.value - (0.8 + 1.0) / 2.0).abs() < 1e-12);
    /// let counted = mean(DiceMetric::new().ignore_empty(false))?;
    /// assert!((counted.value - (0.8 + 1.0 + 0.0) / 3.0).abs() < 1e-12);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    DiceMetric {}
}

overlap! {
    /// `monai.metrics.MeanIoU`, and `compute_iou` (which is `reduction="none"`), of hard maps: I/(P + T − I) of each frame and
    /// class.
    MeanIoU { ignored: Option<usize> = None }
}

impl MeanIoU {
    /// `ignore_index` of a class. Quirk, and unlike [`DiceMetric`]: prediction and target of that class become empty, and the
    /// pixels stay: what other classes predict there is wrong. (An `ignore_index` that is no class does leave pixels out:
    /// [`crate::Multiclass::ignoring`].)
    #[must_use]
    pub const fn ignore_index(self, class: usize) -> Self {
        Self { ignored: Some(class), ..self }
    }
}

impl Metric for DiceMetric {
    fn columns(&self, classes: usize) -> usize {
        foreground(classes, self.background).1
    }

    fn value<S: Measured>(&self, frame: &[S], column: usize) -> Result<f64, Error> {
        let Pixels { i, p, t, .. } = class(frame, column, self.background, None)?;
        if t > 0.0 {
            divide(2.0 * i, p + t)
        } else if self.ignore_empty {
            Err(Error::Undefined)
        } else {
            Ok(if p == 0.0 { 1.0 } else { 0.0 })
        }
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }
}

impl Metric for MeanIoU {
    fn columns(&self, classes: usize) -> usize {
        foreground(classes, self.background).1
    }

    fn value<S: Measured>(&self, frame: &[S], column: usize) -> Result<f64, Error> {
        let Pixels { i, p, t, .. } = class(frame, column, self.background, self.ignored)?;
        if self.ignore_empty && t == 0.0 {
            return Err(Error::Undefined);
        }
        Ok(divide(i, p + t - i).unwrap_or(1.0))
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }
}

fn class<S: Measured>(frame: &[S], column: usize, background: bool, ignored: Option<usize>) -> Result<Pixels, Error> {
    let class = foreground(frame.len(), background).0 + column;
    let sums = frame.get(class).ok_or(Error::Classes)?;
    Ok(if Some(class) == ignored { Pixels::default() } else { Pixels::of(sums) })
}
