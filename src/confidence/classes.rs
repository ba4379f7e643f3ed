use crate::columns::GATHER;
use crate::element::{Element, Reading};
use crate::error::Error;
use crate::kernel::{self, ChannelSums};
use crate::num::{Acc, Unit};
use crate::pixels::{ByteCodes, ByteView, Labels, Pair, Region, Within, side_by_side};
use crate::stream::Rows;
use crate::sums::{CAPACITY, Measured, Record};

/// Soft Dice Confidence of many exclusive classes: each class's map against its share of the argmax mask.
///
/// Maps are interleaved (NHWC): the `C` numbers of a pixel lie side by side. The first of equal maxima wins. A pixel one of
/// whose numbers is none (see [`crate::Range`]) has no maximum and is left out of all classes. Any chunk of whole pixels.
///
/// ```
/// use soft_dice::I8;
/// use soft_dice::confidence::{CONFIDENCE, ClassConfidence};
///
/// let mut stream = ClassConfidence::<_, 3>::new(I8::TFLITE);
/// stream.update(&[72, -100, -100,   -100, 72, -100])?;          // 200, 28, 28 of 256; then 28, 200, 28
/// let sky = stream.class(0).expect("there are three");
/// assert_eq!((sky.p, sky.t, sky.pt), (228, 1, 200));
/// assert_eq!(CONFIDENCE.f32(&sky), Ok(400.0 / (228.0 + 256.0)));
/// assert_eq!(CONFIDENCE.q15(&stream.class(2).expect("there are three")), Ok(0));   // nowhere the greatest
/// let all_but_sky = stream.pooled(Some(0));
/// assert_eq!((all_but_sky.p, all_but_sky.t, all_but_sky.pt), (28 * 3 + 200, 1, 200));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassConfidence<P: Element, const C: usize> {
    element: P,
    count: u64,
    ignored: u64,
    invalid: u64,
    clamped: [u64; C],
    p: [P::Sum; C],
    t: [u64; C],
    pt: [P::Sum; C],
}

impl<P: Element, const C: usize> ClassConfidence<P, C> {
    /// No pixel yet.
    ///
    /// ```
    /// use soft_dice::I8;
    /// use soft_dice::confidence::ClassConfidence;
    /// use std::sync::Mutex;
    /// static CLASSES: Mutex<ClassConfidence<I8, 3>> = Mutex::new(ClassConfidence::new(I8::TFLITE));
    /// CLASSES.lock().unwrap().update(&[72, -100, -100])?;
    /// assert_eq!(CLASSES.lock().unwrap().class(0).map(|sky| sky.t), Some(1));
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn new(element: P) -> Self {
        const { assert!(C > 0, "there is at least one class") };
        Self {
            element,
            count: 0,
            ignored: 0,
            invalid: 0,
            clamped: [0; C],
            p: [P::Sum::ZERO; C],
            t: [0; C],
            pt: [P::Sum::ZERO; C],
        }
    }

    /// Adds a chunk of whole pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Split`] if the chunk ends within a pixel, [`Error::Capacity`], [`Error::Range`] if the element refuses
    /// a number. The state is as it was.
    pub fn update(&mut self, map: &[P::Raw]) -> Result<(), Error> {
        let (pixels, rest) = map.as_chunks::<C>();
        if !rest.is_empty() {
            return Err(Error::Split);
        }
        self.room(pixels.len())?;
        // A run that was added cannot be taken off again, so that none of its numbers may be refused.
        let codes = self.element.bytes(map).filter(|view| view.codes == ByteCodes::PLAIN && !self.element.refuses());
        let Some(ByteView { bytes, flip, .. }) = codes else {
            return self.pixels(pixels.iter().copied(), |_| ());
        };
        for (map, bytes) in side_by_side(map, bytes, GATHER * C) {
            if !self.run(map, bytes, flip) {
                self.pixels(map.as_chunks::<C>().0.iter().copied(), |_| ())?;
            }
        }
        Ok(())
    }

    /// Adds the pixels of a chunk that lie in a region of interest. Those outside are in no sum and counted as ignored; their
    /// numbers are not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the region has other pixels; else as [`Self::update`]. The state is as it was.
    pub fn update_within(&mut self, map: &[P::Raw], region: Region<'_>) -> Result<(), Error> {
        let (pixels, rest) = map.as_chunks::<C>();
        if !rest.is_empty() {
            return Err(Error::Split);
        }
        let inside = Pair::within(pixels, (), region)?.region();
        self.room(pixels.len())?;
        self.kept(pixels.iter().copied(), inside)
    }

    /// Adds rows of whole pixels that lie in a larger buffer, in a region if there is one. Strides are in pixels; that of a target
    /// says nothing here.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update`]. The state is as
    /// it was.
    pub fn update_rows(&mut self, map: &[P::Raw], rows: Rows, region: Option<Region<'_>>) -> Result<(), Error> {
        let (pixels, rest) = map.as_chunks::<C>();
        if !rest.is_empty() {
            return Err(Error::Split);
        }
        let rows = Rows { target_stride: rows.width, ..rows };
        self.room(usize::try_from(rows.pixels()?).map_err(|_| Error::Capacity)?)?;
        let mut sums = *self;
        for row in rows.pairs(pixels, (), region) {
            let row = row?;
            sums.kept(row.prediction().iter().copied(), row.region())?;
        }
        *self = sums;
        Ok(())
    }

    /// Adds whole pixels of 8-bit codes in lanes, as few as a run of winners: their winners first, which are then the labels of the
    /// same pixels; or, of few channels, both at once. Whether there are lanes; nothing is added where there are none.
    fn run(&mut self, map: &[P::Raw], bytes: &[u8], flip: u8) -> bool {
        let pixels = bytes.len() / C;
        let Self { element, count, p, t, pt, .. } = self;
        let mut add = |found: ChannelSums<'_>| {
            *count += pixels as u64;
            let sums = found.p.iter().zip(found.t).zip(found.pt);
            for (((p, t), pt), ((&more_p, &more_t), &more_pt)) in
                p.iter_mut().zip(t.iter_mut()).zip(pt.iter_mut()).zip(sums)
            {
                *p = p.plus_code(more_p.into());
                *t += u64::from(more_t);
                *pt = pt.plus_code(more_pt.into());
            }
        };
        if kernel::own_shares::<C>(bytes, flip, &mut add) {
            return true;
        }
        let mut won = [0; GATHER];
        let won = won.get_mut(..pixels).unwrap_or_default();
        if !kernel::winners_of_rows::<C>(bytes, flip, won) {
            return false;
        }
        let Ok(won) = Labels::new(won, C, None) else { return false };
        kernel::rows(element, map, won, None, add)
    }

    /// The same for maps whose classes lie apart: a slice of the same pixels for each.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the planes differ in length; else as [`Self::update`]. The state is as it was.
    pub fn update_planar(&mut self, planes: [&[P::Raw]; C]) -> Result<(), Error> {
        let pixels = planar(planes)?;
        self.room(planes.first().map_or(0, |plane| plane.len()))?;
        self.pixels(pixels, |_| ())
    }

    /// The same of the pixels that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if planes or region differ in pixels; else as [`Self::update`]. The state is as it was.
    pub fn update_planar_within(&mut self, planes: [&[P::Raw]; C], region: Region<'_>) -> Result<(), Error> {
        let pixels = planar(planes)?;
        let first = planes.first().copied().unwrap_or_default();
        let inside = Pair::within(first, (), region)?.region();
        self.room(first.len())?;
        self.kept(pixels, inside)
    }

    fn room(&self, pixels: usize) -> Result<(), Error> {
        if pixels as u64 > CAPACITY - self.count - self.ignored - self.invalid { Err(Error::Capacity) } else { Ok(()) }
    }

    /// Adds the pixels inside, of which there is room for all, or none.
    fn kept(&mut self, pixels: impl Iterator<Item = [P::Raw; C]>, inside: Within<'_>) -> Result<(), Error> {
        let mut ignored = 0;
        let kept = pixels.enumerate().filter_map(|(at, pixel)| {
            let keeps = inside.keeps(at);
            ignored += u64::from(!keeps);
            keeps.then_some(pixel)
        });
        self.pixels(kept, |_| ())?;
        self.ignored += ignored;
        Ok(())
    }

    /// Adds pixels, of which there is room for all; `each` is told the greatest class of every one, if it has one.
    pub(crate) fn pixels(
        &mut self,
        pixels: impl Iterator<Item = [P::Raw; C]>,
        mut each: impl FnMut(Option<usize>),
    ) -> Result<(), Error> {
        let mut sums = *self;
        for pixel in pixels {
            let class = sums.add(&pixel);
            if class.is_none() {
                if self.element.refuses() {
                    return Err(Error::Range);
                }
                sums.invalid += 1;
            }
            each(class);
        }
        *self = sums;
        Ok(())
    }

    /// Adds a pixel, unless one of its numbers is none: its greatest class.
    fn add(&mut self, pixel: &[P::Raw; C]) -> Option<usize> {
        let read = pixel.map(|raw| self.element.read(raw));
        let mut best: Option<(usize, u32, u64)> = None;
        for (class, reading) in read.iter().enumerate() {
            let (Reading::Valid(value) | Reading::Clamped(value)) = *reading else {
                return None;
            };
            let key = P::key(value);
            if best.is_none_or(|(_, most, _)| key > most) {
                best = Some((class, key, P::code(value)));
            }
        }
        self.count += 1;
        for ((reading, p), clamped) in read.into_iter().zip(&mut self.p).zip(&mut self.clamped) {
            *clamped += u64::from(matches!(reading, Reading::Clamped(_)));
            if let Reading::Valid(value) | Reading::Clamped(value) = reading {
                *p = p.plus_code(P::code(value));
            }
        }
        let (class, _, code) = best?;
        if let (Some(t), Some(pt)) = (self.t.get_mut(class), self.pt.get_mut(class)) {
            *t += 1;
            *pt = pt.plus_code(code);
        }
        Some(class)
    }

    /// The sums of one class, for [`crate::confidence::CONFIDENCE`] or any other linear score.
    #[must_use]
    pub fn class(&self, class: usize) -> Option<Record> {
        Some(self.record_of(
            (*self.p.get(class)?).into(),
            *self.t.get(class)?,
            (*self.pt.get(class)?).into(),
            *self.clamped.get(class)?,
        ))
    }

    /// The sums of all classes added up, without the background if there is one: `count` is of pixels, so that
    /// `t / count` is the share of the picture that is foreground. This is what a [`crate::monitor::Frame`] is made of.
    #[must_use]
    pub fn pooled(&self, background: Option<usize>) -> Record {
        let (mut p, mut t, mut pt, mut clamped) = (0, 0, 0, 0);
        for class in (0..C).filter(|&class| Some(class) != background).filter_map(|class| self.class(class)) {
            p += class.p;
            t += class.t as u64;
            pt += class.pt;
            clamped += class.clamped;
        }
        self.record_of(p, t, pt, clamped)
    }

    /// The mean over the classes that the mask shows, in Q15; `None` if it shows none. Classes that are nowhere the
    /// greatest are left out: softmax leaves them a trace, which would count as 0.
    #[must_use]
    pub fn mean_q15(&self, background: Option<usize>) -> Option<u16> {
        let shown = (0..C).filter(|&class| Some(class) != background).filter_map(|class| self.class(class));
        let (sum, classes) = shown
            .filter(|record| record.t > 0)
            .filter_map(|record| super::CONFIDENCE.q15(&record).ok())
            .fold((0, 0), |(sum, classes), q| (sum + q.unsigned_abs(), classes + 1));
        (sum + classes / 2).checked_div(classes).map(|mean| mean.min(1 << 15) as u16)
    }

    /// Whether a number that is none is an error.
    pub(crate) fn refuses(&self) -> bool {
        self.element.refuses()
    }

    /// Forgets all pixels, for the next frame.
    pub const fn reset(&mut self) {
        *self = Self::new(self.element);
    }

    fn record_of(&self, p: u128, t: u64, pt: u128, clamped: u64) -> Record {
        Record {
            version: Record::VERSION,
            unit_p: self.element.unit(),
            unit_t: Unit::ONE,
            zero_point_p: self.element.zero_point(),
            zero_point_t: 0,
            // Products with a mask of zeros and ones are not rounded. That the codes of floats were rounded is the element's.
            rounded: if P::ROUNDED { Record::ROUNDED_PP } else { 0 },
            hard: true,
            count: self.count,
            ignored: self.ignored,
            invalid: self.invalid,
            clamped,
            p,
            t: t.into(),
            pt,
            squares: None,
            minima: Some((pt, 0)),
        }
    }
}

/// The pixels of planes of one length.
pub(crate) fn planar<R: Copy, const C: usize>(planes: [&[R]; C]) -> Result<impl Iterator<Item = [R; C]>, Error> {
    let first = planes.first().copied().unwrap_or_default();
    if planes.iter().any(|plane| plane.len() != first.len()) {
        return Err(Error::Length);
    }
    // The planes have one length, so that `own`, which stands in for a missing pixel, is never taken.
    let pixel = move |(at, &own): (usize, &R)| planes.map(|plane| plane.get(at).copied().unwrap_or(own));
    Ok(first.iter().enumerate().map(pixel))
}

/// All classes pooled, background and all.
impl<P: Element, const C: usize> Measured for ClassConfidence<P, C> {
    fn record(&self) -> Record {
        self.pooled(None)
    }
}

#[cfg(feature = "defmt")]
impl<P: Element, const C: usize> defmt::Format for ClassConfidence<P, C> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "ClassConfidence of {=usize} classes, pooled {}", C, self.record());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::{F32, Q15, Range, U8};

    #[test]
    fn the_first_of_equal_maxima_wins() {
        let mut stream = ClassConfidence::<_, 3>::new(U8);
        stream.update(&[5, 5, 5, 0, 9, 9]).unwrap();
        let t = [0, 1, 2].map(|class| stream.class(class).unwrap().t);
        assert_eq!(t, [1, 1, 0]);
        assert_eq!(stream.class(3), None);
        assert_eq!(stream.update(&[1, 2]), Err(Error::Split));
    }

    #[test]
    fn a_pixel_without_a_maximum_is_left_out_of_all_classes() {
        let mut stream = ClassConfidence::<_, 2>::new(F32::new());
        stream.update(&[0.75, 0.25, f32::NAN, 0.5]).unwrap();
        let first = stream.class(0).unwrap();
        assert_eq!((first.count, first.invalid, first.p), (1, 1, 3 << 21));
        let mut strict = ClassConfidence::<_, 2>::new(F32::new().range(Range::Refuse));
        let before = strict;
        assert_eq!(strict.update(&[0.75, 0.25, f32::NAN, 0.5]), Err(Error::Range));
        assert_eq!(strict, before);
        let mut clamped = ClassConfidence::<_, 2>::new(Q15::new().range(Range::Clamp));
        clamped.update(&[-5, 100]).unwrap();
        assert_eq!((clamped.class(0).unwrap().clamped, clamped.class(0).unwrap().p), (1, 0));
    }

    /// So many pixels that 2^40 are full with a few more, whichever way they were counted.
    #[test]
    fn the_last_pixels_that_fit() {
        for (count, ignored, invalid) in [(CAPACITY - 2, 0, 0), (5, CAPACITY - 7, 0), (3, 4, CAPACITY - 9)] {
            let mut full = ClassConfidence { count, ignored, invalid, ..ClassConfidence::<_, 2>::new(U8) };
            let before = full;
            assert_eq!(full.update(&[1, 2, 3, 4, 5, 6]), Err(Error::Capacity));
            assert_eq!(full, before);
            full.update(&[1, 2]).unwrap();
            full.update_planar([&[1], &[2]]).unwrap();
            assert_eq!(full.update(&[1, 2]), Err(Error::Capacity));
            full.update(&[]).unwrap();
        }
    }

    #[test]
    fn planar_is_interleaved() {
        let map: std::vec::Vec<u8> = (0..300u32).map(|i| (i * 97 % 251) as u8).collect();
        let plane = |class: usize| map.iter().skip(class).step_by(3).copied().collect::<std::vec::Vec<u8>>();
        let [a, b, c] = [0, 1, 2].map(plane);
        let mut interleaved = ClassConfidence::<_, 3>::new(U8);
        interleaved.update(&map).unwrap();
        let mut planes = ClassConfidence::<_, 3>::new(U8);
        planes.update_planar([&a[..40], &b[..40], &c[..40]]).unwrap();
        planes.update_planar([&a[40..], &b[40..], &c[40..]]).unwrap();
        assert_eq!(planes, interleaved);
        assert_eq!(planes.update_planar([&a, &b, &c[1..]]), Err(Error::Length));
        assert_eq!(planes, interleaved);
    }

    #[test]
    fn chunks_do_not_matter() {
        let map: std::vec::Vec<u8> = (0..300u32).map(|i| (i * 97 % 251) as u8).collect();
        let mut whole = ClassConfidence::<_, 3>::new(U8);
        whole.update(&map).unwrap();
        let mut parts = ClassConfidence::<_, 3>::new(U8);
        for part in map.chunks(21) {
            parts.update(part).unwrap();
        }
        assert_eq!(whole, parts);
        assert_eq!(whole.record().t, 100);
        assert!(whole.mean_q15(None).is_some_and(|q| q > 0));
    }
}
