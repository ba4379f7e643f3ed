use super::joint;
use crate::counts::Counts;
use crate::error::Error;
use crate::num::sealed::Sealed;
use crate::pixels::{Pair, Region, SPAN, side_by_side};
use crate::stream::Rows;
use crate::sums::CLASSES;

/// Labels that are narrowed to bytes at a time: on the stack.
const BLOCK: usize = 256;

/// A label as maps have them: `u8` is read in lanes, any other integer a block at a time through bytes on the stack.
pub trait LabelValue: Copy + Sealed {
    /// The label; what is beyond `i64` is no class in any case.
    #[doc(hidden)]
    fn value(self) -> i64;
    /// The labels themselves, if they are bytes.
    #[doc(hidden)]
    #[must_use]
    fn bytes(_: &[Self]) -> Option<&[u8]> {
        None
    }
}

impl LabelValue for u8 {
    fn value(self) -> i64 {
        self.into()
    }

    fn bytes(labels: &[Self]) -> Option<&[u8]> {
        Some(labels)
    }
}

macro_rules! label_values {
    ($($raw:ty)*) => {$(
        impl LabelValue for $raw {
            fn value(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        }
    )*};
}

label_values!(i8 u16 i16 u32 i32 u64 i64);

impl Sealed for i64 {}

/// Two maps of labels of exclusive classes, the one predicted and the other true: counts of each class, for hard scores. For devices
/// with ArgMax in the graph, for annotators, and for maps that were decided elsewhere.
///
/// | | |
/// |---|---|
/// | buffers | a label for each pixel, `u8` or any integer type (TensorFlow Lite writes ArgMax as `i32` or `i64`); the two may differ |
/// | classes | 0 to C − 1; C is 1 to 256, a constant ([`LabelMaps::new`]) or known at run time ([`LabelMaps::over`]) |
/// | ignore label | of the target alone; where it stands, the prediction's label may be anything |
/// | any other label | [`Error::Label`], also outside a region, and the counts are as they were |
/// | capacity | [`crate::CAPACITY`] pixels; counts are exact, in any chunks and merged in any order |
/// | memory | 48 bytes a class |
///
/// ```
/// use soft_dice::{Average, LabelMaps, Score};
/// let mut maps = LabelMaps::<[_; 3]>::new().ignoring(255);
/// maps.update(&[0, 2, 2, 1, 0], &[0, 2, 1, 1, 255])?;
/// assert_eq!(Score::dice().f64(&maps.classes()[2]), Ok(2.0 / 3.0));
/// assert_eq!(Average::new(Score::jaccard()).of(maps.classes())?.ratio.f32(), 2.0 / 3.0);
/// assert!(maps.update(&[3], &[0]).is_err());
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LabelMaps<S> {
    counts: S,
    ignore: Option<i64>,
}

impl<const C: usize> LabelMaps<[Counts; C]> {
    /// Classes 0 to C − 1; C is from 1 to 256.
    ///
    /// ```
    /// use soft_dice::{Counts, LabelMaps};
    /// use std::sync::Mutex;
    /// static MAPS: Mutex<LabelMaps<[Counts; 3]>> = Mutex::new(LabelMaps::<[_; 3]>::new().ignoring(255));
    /// MAPS.lock().unwrap().update(&[0, 2, 0], &[0, 1, 255])?;
    /// assert_eq!(MAPS.lock().unwrap().classes()[2].p, 1);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(C >= 1 && C <= CLASSES, "1 to 256 classes") };
        Self { counts: [Counts::NONE; C], ignore: None }
    }

    /// Leaves out the pixels whose target bears this label (also where it is a class) and counts them as ignored. It is compared as it
    /// is: −1 and −100 are labels of signed maps.
    #[must_use]
    pub const fn ignoring(self, label: i64) -> Self {
        Self { ignore: Some(label), ..self }
    }
}

impl<const C: usize> Default for LabelMaps<[Counts; C]> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> LabelMaps<&'a mut [Counts]> {
    /// Counts that the caller owns, one for each class. They need not be empty.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] unless there are 1 to 256.
    pub const fn over(counts: &'a mut [Counts]) -> Result<Self, Error> {
        if counts.is_empty() || counts.len() > CLASSES {
            Err(Error::Classes)
        } else {
            Ok(Self { counts, ignore: None })
        }
    }

    /// Leaves out the pixels whose target bears this label (also where it is a class) and counts them as ignored. It is compared as it
    /// is: −1 and −100 are labels of signed maps.
    #[must_use]
    pub const fn ignoring(self, label: i64) -> Self {
        Self { ignore: Some(label), ..self }
    }
}

impl<S: AsRef<[Counts]> + AsMut<[Counts]>> LabelMaps<S> {
    /// The counts of each class.
    #[must_use]
    pub fn classes(&self) -> &[Counts] {
        self.counts.as_ref()
    }

    /// Adds a chunk.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the maps differ in pixels, [`Error::Capacity`], [`Error::Label`]. The counts are as they were.
    pub fn update<A: LabelValue, B: LabelValue>(&mut self, p: &[A], t: &[B]) -> Result<(), Error> {
        self.add(Pair::new(p, t)?, None)
    }

    /// Adds the pixels of a chunk that lie in a region of interest. Labels outside are checked too.
    ///
    /// # Errors
    ///
    /// As [`Self::update`]; [`Error::Length`] also if the region has other pixels.
    pub fn update_within<A: LabelValue, B: LabelValue>(
        &mut self,
        p: &[A],
        t: &[B],
        region: Region<'_>,
    ) -> Result<(), Error> {
        self.add(Pair::within(p, t, region)?, Some(region))
    }

    /// Adds rows that lie in larger buffers, in a region if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update`].
    pub fn update_rows<A: LabelValue, B: LabelValue>(
        &mut self,
        p: &[A],
        t: &[B],
        rows: Rows,
        region: Option<Region<'_>>,
    ) -> Result<(), Error> {
        self.room(rows.pixels()?)?;
        for row in rows.pairs(p, t, region) {
            let row = row?;
            self.check(row.prediction(), row.target())?;
        }
        for (at, row) in rows.pairs(p, t, region).enumerate() {
            let row = row?;
            let region = region.and_then(|region| region.part(at * rows.region_stride, rows.width));
            self.count(row.prediction(), row.target(), region);
        }
        Ok(())
    }

    /// Adds the counts of other pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] if they are of another number of classes, [`Error::Mismatch`] if the ignore label is another,
    /// [`Error::Capacity`]. The counts are as they were.
    pub fn merge(&mut self, other: &LabelMaps<impl AsRef<[Counts]>>) -> Result<(), Error> {
        let (into, from) = (self.counts.as_mut(), other.counts.as_ref());
        if into.len() != from.len() {
            return Err(Error::Classes);
        }
        if self.ignore != other.ignore {
            return Err(Error::Mismatch);
        }
        into.iter().zip(from).try_for_each(|(a, b)| a.room(b.seen()))?;
        into.iter_mut().zip(from).for_each(|(a, b)| a.add(b));
        Ok(())
    }

    /// Forgets all pixels, for the next frame.
    pub fn reset(&mut self) {
        self.counts.as_mut().fill(Counts::NONE);
    }

    fn room(&self, pixels: u64) -> Result<(), Error> {
        self.classes().iter().try_for_each(|class| class.room(pixels))
    }

    /// The ignore label, where a byte can be it.
    fn ignored_byte(&self) -> Option<u8> {
        self.ignore.and_then(|label| u8::try_from(label).ok())
    }

    fn add<A: LabelValue, B: LabelValue>(
        &mut self,
        pair: Pair<'_, A, &[B]>,
        region: Option<Region<'_>>,
    ) -> Result<(), Error> {
        let (p, t) = (pair.prediction(), pair.target());
        self.room(p.len() as u64)?;
        if let (Some(p), Some(t)) = (A::bytes(p), B::bytes(t))
            && p.len() <= SPAN
        {
            let ignore = self.ignored_byte();
            return joint::add(self.counts.as_mut(), ignore, p, t, region);
        }
        self.check(p, t)?;
        self.count(p, t, region);
        Ok(())
    }

    fn check<A: LabelValue, B: LabelValue>(&self, p: &[A], t: &[B]) -> Result<(), Error> {
        let classes = self.classes().len();
        if let (Some(p), Some(t)) = (A::bytes(p), B::bytes(t)) {
            return joint::check(classes, self.ignored_byte(), p, t);
        }
        let classes = 0..classes as i64;
        let right = |(p, t): (&A, &B)| {
            Some(t.value()) == self.ignore || classes.contains(&t.value()) && classes.contains(&p.value())
        };
        if p.iter().zip(t).all(right) { Ok(()) } else { Err(Error::Label) }
    }

    /// Adds what was checked.
    fn count<A: LabelValue, B: LabelValue>(&mut self, p: &[A], t: &[B], region: Option<Region<'_>>) {
        let ignore = self.ignored_byte();
        if let (Some(p), Some(t)) = (A::bytes(p), B::bytes(t)) {
            let spans = side_by_side(p, t, SPAN).enumerate();
            for (index, (p, t)) in spans {
                let region = region.and_then(|region| region.part(index * SPAN, t.len()));
                joint::add_checked(self.counts.as_mut(), ignore, p, t, region);
            }
            return;
        }
        let (mut narrow_p, mut narrow_t, mut inside) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        for (index, (p, t)) in side_by_side(p, t, BLOCK).enumerate() {
            let outer = region.and_then(|region| Pair::within(t, (), region.part(index * BLOCK, t.len())?).ok());
            let to = narrow_p.iter_mut().zip(&mut narrow_t).zip(&mut inside);
            for (at, (((to_p, to_t), inside), (p, t))) in to.zip(p.iter().zip(t)).enumerate() {
                // An ignored pixel lies outside, whatever byte its label would be.
                let counts = Some(t.value()) != self.ignore && outer.is_none_or(|outer| outer.region().keeps(at));
                (*to_p, *to_t, *inside) = if counts { (p.value() as u8, t.value() as u8, 1) } else { (0, 0, 0) };
            }
            let [Some(p), Some(t), Some(inside)] = [&narrow_p, &narrow_t, &inside].map(|of| of.get(..t.len())) else {
                return;
            };
            joint::add_checked(self.counts.as_mut(), None, p, t, Some(Region::Bytes(inside)));
        }
    }
}
