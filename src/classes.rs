//! Many classes at once: [`Multiclass`] from a map of labels, [`Multilabel`] from a map for each class.
//!
//! | | the target says | a pixel belongs to |
//! |---|---|---|
//! | [`Multiclass`] | its label, a `u8` (never one-hot) | exactly one class, or none (the ignore label) |
//! | [`Multilabel`] | a value for each class | any number of classes |
//!
//! Predictions are [`Interleaved`](crate::Interleaved) (NHWC), [`Planar`](crate::Planar) (NCHW) or
//! [`Planes`](crate::Planes); any chunk of whole pixels gives the same bits, and so does any of the three. Every class
//! has the [`Sums`] that a [`crate::Stream`] of its own would have: a pixel whose value for one class is invalid is left
//! out for that class only.

mod sweep;

#[doc(hidden)]
pub use crate::columns::ChannelRun;
use crate::columns::{Columns, GATHER, Part};
use crate::element::Element;
use crate::error::Error;
use crate::hard::DecidedClasses;
use crate::pixels::{Labels, Pair, Region};
use crate::stream::{self, Stream};
use crate::sums::{self, CLASSES, Moments, State, Sums};
use crate::target::{Label, Target};
use sweep::Chunk;

/// Bytes of prediction that are taken at a time, first for the soft and then for the hard sums, so that the second sweep finds
/// them in the nearest cache. A piece has the first number of pixels, or the second where so many fit; either is a whole
/// number of blocks of interleaved rows.
const BOTH: usize = 1 << 14;
const BOTH_PIXELS: (usize, usize) = (256, 1024);

/// Exclusive classes, straight from a map of `u8` labels.
///
/// ```
/// use soft_dice::{I8, Interleaved, Linear, Multiclass};
/// let mut frame = Multiclass::<[_; 3]>::new(I8::TFLITE, Linear).ignoring(255);
/// // Two pixels of three classes, the second of them to be ignored.
/// frame.update(Interleaved(&[127, -128, -128, 0, 0, 0]), &[0, 255])?;
/// assert_eq!((frame.sums()[0].p(), frame.sums()[0].t(), frame.sums()[0].pt()), (255, 1, 255));
/// assert_eq!(frame.sums()[1].ignored(), 1);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Multiclass<S> {
    state: S,
    channels: usize,
    ignore: Option<u8>,
}

impl<P: Element, M: Moments, const C: usize> Multiclass<[Sums<P, Label, M>; C]> {
    /// Classes 0 to C − 1, all of them; C is from 1 to 256.
    #[must_use]
    pub const fn new(prediction: P, _: M) -> Self {
        const { assert!(C >= 1 && C <= CLASSES, "1 to 256 classes") };
        let mut state = [Sums::new(prediction, Label::new(0)); C];
        let mut class = 0;
        while class < C {
            state[class] = Sums::new(prediction, Label::new(class as u8));
            class += 1;
        }
        Self { state, channels: C, ignore: None }
    }

    /// Only these `classes` of `channels`: labels of the others are background to all of them, and their channels are
    /// not read. (Without its first class, a map has no background.)
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] unless there are 1 to 256 channels, each class is one of them, and none comes twice.
    ///
    /// ```
    /// use soft_dice::{I8, Label, Linear, Multiclass, Sums};
    /// use std::sync::Mutex;
    /// type Animals = Multiclass<[Sums<I8, Label>; 2]>;
    /// static ANIMALS: Mutex<Animals> = Mutex::new(match Animals::subset(I8::TFLITE, Linear, [8, 12], 21) {
    ///     Ok(frame) => frame.ignoring(255),
    ///     Err(_) => panic!("a cat and a dog of 21 classes"),
    /// });
    /// assert_eq!(ANIMALS.lock().unwrap().sums()[1].target().class(), 12);
    /// ```
    pub const fn subset(prediction: P, _: M, classes: [u8; C], channels: usize) -> Result<Self, Error> {
        let mut state = [Sums::new(prediction, Label::new(0)); C];
        let mut class = 0;
        while class < C {
            state[class] = Sums::new(prediction, Label::new(classes[class]));
            class += 1;
        }
        match check(&state, channels) {
            Ok(()) => Ok(Self { state, channels, ignore: None }),
            Err(error) => Err(error),
        }
    }

    /// Leaves out the pixels that bear this label (also where it is a class) and counts them as ignored.
    #[must_use]
    pub const fn ignoring(self, label: u8) -> Self {
        Self { ignore: Some(label), ..self }
    }
}

impl<'a, P: Element, M: Moments> Multiclass<&'a mut [Sums<P, Label, M>]> {
    /// Sums that the caller owns, each for its own label, of a map with `channels` classes. They need not be empty.
    ///
    /// # Errors
    ///
    /// As [`Self::subset`](Multiclass::subset).
    pub const fn over(state: &'a mut [Sums<P, Label, M>], channels: usize) -> Result<Self, Error> {
        match check(state, channels) {
            Ok(()) => Ok(Self { state, channels, ignore: None }),
            Err(error) => Err(error),
        }
    }

    /// Leaves out the pixels that bear this label (also where it is a class) and counts them as ignored.
    #[must_use]
    pub const fn ignoring(self, label: u8) -> Self {
        Self { ignore: Some(label), ..self }
    }
}

const fn check<P: Element, M: Moments>(state: &[Sums<P, Label, M>], channels: usize) -> Result<(), Error> {
    if state.is_empty() || channels > CLASSES {
        return Err(Error::Classes);
    }
    // Every class is one of the map's, and none comes twice.
    let mut rest = state;
    while let Some((sums, more)) = rest.split_first() {
        let class = sums.target.class();
        if class as usize >= channels {
            return Err(Error::Classes);
        }
        let mut others = more;
        while let Some((other, beyond)) = others.split_first() {
            if other.target.class() == class {
                return Err(Error::Classes);
            }
            others = beyond;
        }
        rest = more;
    }
    Ok(())
}

impl<P: Element, M: Moments, S: State<P = P, T = Label, M = M>> Multiclass<S> {
    /// Adds a chunk: a value for each class and pixel, and a label for each pixel.
    ///
    /// # Errors
    ///
    /// [`Error::Split`] or [`Error::Classes`] if the prediction does not hold whole pixels of so many channels,
    /// [`Error::Length`] if there is not a label for each, [`Error::Label`], [`Error::Capacity`], or [`Error::Range`] as
    /// the element says. The state is as it was.
    pub fn update(&mut self, p: impl Columns<P::Raw>, labels: &[u8]) -> Result<(), Error> {
        self.add(p, labels, None)
    }

    /// Adds the pixels of a chunk that lie in a region of interest. Labels outside are checked too.
    ///
    /// # Errors
    ///
    /// As [`Self::update`]; [`Error::Length`] also if the region has other pixels.
    pub fn update_within(&mut self, p: impl Columns<P::Raw>, labels: &[u8], region: Region<'_>) -> Result<(), Error> {
        if !region.holds(labels.len()) {
            return Err(Error::Length);
        }
        self.add(p, labels, Some(region))
    }

    /// Adds a chunk to the soft sums and to hard counts, in one pass over memory: two sweeps of a block of pixels at a time,
    /// which stays in the nearest cache between the two. The greatest channel wins, the first of equal ones; under a softmax by its logits.
    ///
    /// ```
    /// use soft_dice::{Average, Argmax, I8, Interleaved, Linear, Multiclass, Score};
    /// let (mut soft, mut hard) = (Multiclass::<[_; 2]>::new(I8::TFLITE, Linear), Argmax::<2>::new());
    /// soft.update_both(Interleaved(&[90, -90, -128, 127]), &[0, 1], &mut hard)?;
    /// assert!(Average::new(Score::dice()).of(soft.sums())?.ratio.f32() < 0.93);
    /// assert_eq!(Average::new(Score::dice()).of(hard.classes())?.ratio.f32(), 1.0);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Self::update`] and [`crate::Argmax::update`]; [`Error::Mismatch`] if the two differ in classes of the map or in the
    /// ignore label. Both states are as they were.
    pub fn update_both<D: Columns<P::Raw>, H: DecidedClasses>(
        &mut self,
        p: D,
        labels: &[u8],
        hard: &mut H,
    ) -> Result<(), Error> {
        self.add_both(p, labels, None, hard)
    }

    /// The same of the pixels of a chunk that lie in a region of interest. Labels outside are checked too.
    ///
    /// # Errors
    ///
    /// As [`Self::update_both`]; [`Error::Length`] also if the region has other pixels.
    pub fn update_both_within<D: Columns<P::Raw>, H: DecidedClasses>(
        &mut self,
        p: D,
        labels: &[u8],
        region: Region<'_>,
        hard: &mut H,
    ) -> Result<(), Error> {
        if !region.holds(labels.len()) {
            return Err(Error::Length);
        }
        self.add_both(p, labels, Some(region), hard)
    }

    fn add_both<D: Columns<P::Raw>, H: DecidedClasses>(
        &mut self,
        p: D,
        labels: &[u8],
        region: Option<Region<'_>>,
        hard: &mut H,
    ) -> Result<(), Error> {
        let Self { channels, ignore, .. } = *self;
        if hard.classes_and_ignore() != (channels, ignore) {
            return Err(Error::Mismatch);
        }
        let pixels = p.pixels(channels)?;
        let labels = hard.check(pixels, labels)?;
        for sums in self.state.sums() {
            sums.room(pixels as u64)?;
        }
        if self.state.sums().iter().any(|sums| sums.prediction.refuses()) {
            // What can still be refused comes first, as a whole.
            self.add(p, labels.bytes(), region)?;
            hard.count(p, labels, region);
            return Ok(());
        }
        let fit = BOTH / (channels.max(1) * size_of::<P::Raw>());
        let block = if fit < BOTH_PIXELS.1 { BOTH_PIXELS.0 } else { BOTH_PIXELS.1 };
        for (index, labels) in labels.chunks(block).enumerate() {
            let part = Part { columns: p, channels, from: index * block, pixels: labels.bytes().len() };
            let region = region.and_then(|region| region.part(index * block, part.pixels));
            self.add(part, labels.bytes(), region)?;
            hard.count(part, labels, region);
        }
        Ok(())
    }

    fn add<C: Columns<P::Raw>>(&mut self, columns: C, labels: &[u8], region: Option<Region<'_>>) -> Result<(), Error> {
        let Self { channels, ignore, .. } = *self;
        let pixels = columns.pixels(channels)?;
        if labels.len() != pixels {
            return Err(Error::Length);
        }
        let checked = Labels::new(labels, channels, ignore)?;
        if let Some(rows) = columns.interleaved()
            && let Some(added) = sweep::rows(self.state.sums_mut(), rows, checked, region)
        {
            return added;
        }
        if let Some(added) = sweep::codes(self.state.sums_mut(), columns, checked, region) {
            return added;
        }
        let chunk = Chunk { columns, channels, pixels, run: C::RUN };
        let channel = |_, sums: &Sums<P, Label, M>| usize::from(sums.target.class());
        let nowhere = |_: &_, _| None;
        sweep::add(self.state.sums_mut(), chunk, channel, nowhere, |sums, p, ChannelRun { at, pixels, .. }| {
            sweep::column(sums, sweep::pair(p, labels, at, pixels, region)?, ignore)
        })
    }
}

/// Independent classes: each has a target of its own, a mask or a soft map.
///
/// ```
/// use soft_dice::{Interleaved, Linear, Multilabel, NonZero, Planar, U8};
/// let mut frame = Multilabel::<[_; 2]>::new(U8, NonZero, Linear);
/// frame.update(Interleaved(&[255, 0, 51, 255]), Planar(&[1, 0, 0, 1]))?;   // the two may lie differently
/// assert_eq!((frame.sums()[1].p(), frame.sums()[1].t(), frame.sums()[1].pt()), (255, 1, 255));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Multilabel<S> {
    state: S,
    channels: usize,
    first: usize,
}

impl<P: Element, T: Target<P>, M: Moments, const C: usize> Multilabel<[Sums<P, T, M>; C]> {
    /// All channels of a map with C from 1 to 256.
    #[must_use]
    pub const fn new(prediction: P, target: T, _: M) -> Self {
        const { assert!(C >= 1 && C <= CLASSES, "1 to 256 classes") };
        Self { state: [Sums::new(prediction, target); C], channels: C, first: 0 }
    }
}

impl<'a, P: Element, T: Target<P>, M: Moments> Multilabel<&'a mut [Sums<P, T, M>]> {
    /// Sums that the caller owns, for all channels of a map. They need not be empty.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] unless there are 1 to 256.
    pub const fn over(state: &'a mut [Sums<P, T, M>]) -> Result<Self, Error> {
        let channels = state.len();
        if channels == 0 || channels > CLASSES {
            return Err(Error::Classes);
        }
        Ok(Self { state, channels, first: 0 })
    }
}

macro_rules! channels {
    ($($state:ty, [$($generics:tt)*];)*) => {$(
        impl<$($generics)*> Multilabel<$state> {
            /// The classes are the channels from `first` on, of a map with `channels` in all: 1 leaves a background out.
            ///
            /// ```
            /// use soft_dice::{Linear, Multilabel, NonZero, Sums, U8};
            /// use std::sync::Mutex;
            /// type Organs = Multilabel<[Sums<U8, NonZero>; 2]>;
            /// static ORGANS: Mutex<Organs> = Mutex::new(match Organs::new(U8, NonZero, Linear).channels(1, 3) {
            ///     Ok(frame) => frame,
            ///     Err(_) => panic!("the last two of three"),
            /// });
            /// assert_eq!(ORGANS.lock().unwrap().sums().len(), 2);
            /// ```
            ///
            /// # Errors
            ///
            /// [`Error::Classes`] if there are not as many, or more than 256.
            pub const fn channels(self, first: usize, channels: usize) -> Result<Self, Error> {
                match first.checked_add(self.state.len()) {
                    Some(end) if end <= channels && channels <= CLASSES => Ok(Self { first, channels, ..self }),
                    _ => Err(Error::Classes),
                }
            }
        }
    )*};
}

// Of each kind of state by itself: that of any kind might have a destructor, which no constant runs.
channels! {
    [Sums<P, T, M>; C], [P: Element, T: Target<P>, M: Moments, const C: usize];
    &mut [Sums<P, T, M>], [P: Element, T: Target<P>, M: Moments];
}

impl<P: Element, T: Target<P>, M: Moments, S: State<P = P, T = T, M = M>> Multilabel<S> {
    /// Adds a chunk: a value of prediction and of target for each class and pixel.
    ///
    /// # Errors
    ///
    /// [`Error::Split`] or [`Error::Classes`] if a buffer does not hold whole pixels of so many channels,
    /// [`Error::Length`] if they differ in pixels, [`Error::Capacity`], [`Error::Mask`] or [`Error::Range`] as target and
    /// element say. The state is as it was.
    pub fn update<R: Copy + Default, D: Columns<R>>(&mut self, p: impl Columns<P::Raw>, t: D) -> Result<(), Error>
    where
        T: for<'b> Target<P, Buffer<'b> = &'b [R]>,
    {
        self.add(p, t, None)
    }

    /// Adds the pixels of a chunk that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// As [`Self::update`]; [`Error::Length`] also if the region has other pixels.
    pub fn update_within<R: Copy + Default, D: Columns<R>>(
        &mut self,
        p: impl Columns<P::Raw>,
        t: D,
        region: Region<'_>,
    ) -> Result<(), Error>
    where
        T: for<'b> Target<P, Buffer<'b> = &'b [R]>,
    {
        if !region.holds(t.pixels(self.channels)?) {
            return Err(Error::Length);
        }
        self.add(p, t, Some(region))
    }

    fn add<R: Copy + Default, C: Columns<P::Raw>, D: Columns<R>>(
        &mut self,
        columns: C,
        t: D,
        region: Option<Region<'_>>,
    ) -> Result<(), Error>
    where
        T: for<'b> Target<P, Buffer<'b> = &'b [R]>,
    {
        let Self { channels, first, .. } = *self;
        let pixels = columns.pixels(channels)?;
        if t.pixels(channels)? != pixels {
            return Err(Error::Length);
        }
        let chunk = Chunk { columns, channels, pixels, run: C::RUN.min(D::RUN) };
        sweep::add(
            self.state.sums_mut(),
            chunk,
            |index, _| first + index,
            |sums, place| match (region, columns.interleaved(), t.interleaved()) {
                (None, Some(p), Some(t)) => sweep::in_place(sums, p, t, place),
                _ => None,
            },
            |sums, p, place| {
                let mut room = [R::default(); GATHER];
                let run = t.run(channels, place.at, place.pixels);
                let t = t.column(&run, place, &mut room);
                let region =
                    region.map(|region| region.part(place.at, place.pixels).ok_or(Error::Length)).transpose()?;
                stream::sweep::<P, T, M>(&sums.prediction, &sums.target, Pair::of(p, t, region)?)
            },
        )
    }

    /// Adds a chunk of one class alone, of any target: planes that arrive one after another, bit masks, its own mask.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] if there is no such class; else as [`crate::Stream::update`].
    pub fn update_class(&mut self, class: usize, p: &[P::Raw], t: T::Buffer<'_>) -> Result<(), Error> {
        let sums = self.state.sums_mut().get_mut(class).ok_or(Error::Classes)?;
        let mut stream = Stream::resume(*sums);
        stream.update(p, t)?;
        *sums = stream.finish();
        Ok(())
    }
}

macro_rules! reading {
    ($($name:ident)*) => {$(
        impl<S: State> $name<S> {
            /// The sums of each class.
            #[must_use]
            pub fn sums(&self) -> &[Sums<S::P, S::T, S::M>] {
                self.state.sums()
            }

            /// Adds the sums of other pixels.
            ///
            /// # Errors
            ///
            /// [`Error::Classes`] or [`Error::Mismatch`] if they are of other classes, [`Error::Mismatch`] and
            /// [`Error::Capacity`] as [`Sums::merge`]. The state is as it was.
            pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
                sums::merge(&mut self.state, &other.state)
            }

            /// Forgets all pixels, for the next frame.
            pub fn reset(&mut self) {
                sums::reset(&mut self.state);
            }
        }
    )*};
}

reading!(Multiclass Multilabel);
