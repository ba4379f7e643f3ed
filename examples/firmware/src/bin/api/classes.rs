//! Many classes, from probabilities and from logits; run lengths, tiles, reliability.

use soft_dice::activation::{
    self, IntegerSigmoid, IntegerSoftmax, QuantizedSoftmax, Sigmoid, SigmoidTable, Softmax, SoftmaxTable, Tabled,
};
use soft_dice::coco::{self, Cursor, Cursors, Runs};
use soft_dice::sums::State;
use soft_dice::{
    Argmax, Bin, Counts, Error, F32, I8, Interleaved, Label, Linear, Multiclass, Multilabel, NonZero, Planar, Planes,
    Region, Reliability, Soft, Stream, Sums, Thresholded, Tiles, U8,
};

/// Classes of the maps.
const C: usize = 4;
type Exclusive = Multiclass<[Sums<I8, Label>; C]>;
type Independent = Multilabel<[Sums<I8, NonZero>; C]>;
type Floats = Multiclass<[Sums<F32, Label>; C]>;

api! {
    // Exclusive classes.

    fn multiclass_new(classes: [u8; C], label: u8) -> Result<(Exclusive, Exclusive), Error> {
        Ok((
            Multiclass::<[Sums<I8, Label>; C]>::ignoring(Multiclass::new(I8::TFLITE, Linear), label),
            Multiclass::subset(I8::TFLITE, Linear, classes, 255)?,
        ))
    }

    fn multiclass_over(
        state: &mut [Sums<I8, Label>],
        channels: usize
    ) -> Result<Multiclass<&mut [Sums<I8, Label>]>, Error> {
        Multiclass::over(state, channels)
    }

    fn multiclass_interleaved(frame: &mut Exclusive, p: &[i8], labels: &[u8]) -> Result<(), Error> {
        Multiclass::update(frame, Interleaved(p), labels)
    }

    fn multiclass_planar(frame: &mut Exclusive, p: &[i8], labels: &[u8]) -> Result<(), Error> {
        Multiclass::update(frame, Planar(p), labels)
    }

    fn multiclass_planes(frame: &mut Exclusive, p: &[&[i8]], labels: &[u8]) -> Result<(), Error> {
        Multiclass::update(frame, Planes(p), labels)
    }

    fn multiclass_f32(frame: &mut Floats, p: &[f32], labels: &[u8]) -> Result<(), Error> {
        Multiclass::update(frame, Interleaved(p), labels)
    }

    fn multiclass_within(frame: &mut Exclusive, p: &[i8], labels: &[u8], region: Region<'_>) -> Result<(), Error> {
        Multiclass::update_within(frame, Interleaved(p), labels, region)
    }

    fn multiclass_merge(frame: &mut Exclusive, other: &Exclusive) -> Result<(), Error> {
        Multiclass::merge(frame, other)
    }

    fn multiclass_sums(frame: &mut Exclusive) -> &[Sums<I8, Label>] {
        Multiclass::reset(frame);
        Multiclass::sums(frame)
    }

    // Independent classes.

    fn multilabel_new(first: usize, channels: usize) -> Result<Independent, Error> {
        Multilabel::<[Sums<I8, NonZero>; C]>::channels(Multilabel::new(I8::TFLITE, NonZero, Linear), first, channels)
    }

    fn multilabel_over(state: &mut [Sums<U8, Soft<U8>>]) -> Result<Multilabel<&mut [Sums<U8, Soft<U8>>]>, Error> {
        Multilabel::over(state)
    }

    fn multilabel_update(frame: &mut Independent, p: &[i8], t: &[u8]) -> Result<(), Error> {
        Multilabel::update(frame, Interleaved(p), Planar(t))
    }

    fn multilabel_within(frame: &mut Independent, p: &[i8], t: &[u8], region: Region<'_>) -> Result<(), Error> {
        Multilabel::update_within(frame, Planar(p), Planar(t), region)
    }

    fn multilabel_class(frame: &mut Independent, class: usize, p: &[i8], t: &[u8]) -> Result<(), Error> {
        Multilabel::update_class(frame, class, p, t)
    }

    fn multilabel_merge(frame: &mut Independent, other: &Independent) -> Result<(), Error> {
        Multilabel::merge(frame, other)
    }

    fn multilabel_sums(frame: &mut Independent) -> &[Sums<I8, NonZero>] {
        Multilabel::reset(frame);
        Multilabel::sums(frame)
    }

    fn state(state: &[Sums<U8, NonZero>; C]) -> &[Sums<U8, NonZero>] {
        State::sums(state)
    }

    // Argmax.

    fn hard_update(hard: &mut Argmax<C>, p: &[i8], labels: &[u8]) -> Result<(), Error> {
        Argmax::update(hard, Interleaved(p), labels)
    }

    fn hard_f32(hard: &mut Argmax<C>, p: &[f32], labels: &[u8]) -> Result<(), Error> {
        Argmax::update(hard, Planar(p), labels)
    }

    fn hard_merge(hard: &mut Argmax<C>, label: u8) -> Result<(), Error> {
        Argmax::merge(hard, &Argmax::ignoring(Argmax::new(), label))
    }

    fn hard_classes(hard: &Argmax<C>) -> &[Counts; C] {
        Argmax::classes(hard)
    }

    fn multiclass_both(frame: &mut Exclusive, p: &[i8], labels: &[u8], hard: &mut Argmax<C>) -> Result<(), Error> {
        Multiclass::update_both(frame, Interleaved(p), labels, hard)
    }

    fn threshold(element: U8, threshold: f32) -> (Thresholded, Thresholded) {
        (Thresholded::at_least(&element, threshold), Thresholded::above(&element, threshold))
    }

    fn threshold_both(
        stream: &mut Stream<U8, NonZero>,
        p: &[u8],
        t: &[u8],
        hard: &mut Thresholded
    ) -> Result<(), Error> {
        Stream::update_both(stream, p, t, hard)
    }

    fn threshold_both_within(
        stream: &mut Stream<U8, NonZero>,
        p: &[u8],
        t: &[u8],
        region: Region<'static>,
        hard: &mut Thresholded
    ) -> Result<(), Error> {
        Stream::update_both_within(stream, p, t, region, hard)
    }

    fn threshold_merge(hard: &mut Thresholded, other: &Thresholded) -> Result<(), Error> {
        Thresholded::merge(hard, other)
    }

    fn threshold_counts(hard: &mut Thresholded) -> Counts {
        let counts = *Thresholded::counts(hard);
        Thresholded::reset(hard);
        counts
    }

    // Logits.

    fn exp(x: f32) -> f32 {
        activation::exp(x)
    }

    fn ln(x: f32) -> f32 {
        activation::ln(x)
    }

    fn pow(x: f32, y: f32) -> f32 {
        activation::pow(x, y)
    }

    fn sigmoid(x: f32) -> f32 {
        activation::sigmoid(x)
    }

    fn sigmoid_update(stream: &mut Stream<Sigmoid<F32>, NonZero>, logits: &[f32], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, logits, t)
    }

    fn integer_sigmoid(x: f32) -> f32 {
        activation::integer_sigmoid(x)
    }

    fn integer_sigmoid_update(stream: &mut Stream<IntegerSigmoid, NonZero>, logits: &[f32], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, logits, t)
    }

    fn integer_softmax_update(frame: &mut Floats, logits: &[f32], labels: &[u8]) -> Result<(), Error> {
        Multiclass::update(frame, IntegerSoftmax(Interleaved(logits)), labels)
    }

    fn sigmoid_table(scale: f32, zero_point: i32) -> Result<[SigmoidTable; 2], Error> {
        Ok([SigmoidTable::i8(scale, zero_point)?, SigmoidTable::u8(scale, zero_point)?])
    }

    fn sigmoid_codes(table: &'static SigmoidTable) -> (&'static [u32; 256], Tabled<i8>, Tabled<u8>) {
        (SigmoidTable::codes(table), Tabled::<i8>::i8(table), Tabled::<u8>::u8(table))
    }

    fn tabled_update(stream: &mut Stream<Tabled<i8>, NonZero>, logits: &[i8], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, logits, t)
    }

    fn softmax_update(frame: &mut Floats, logits: &[f32], labels: &[u8]) -> Result<(), Error> {
        Multiclass::update(frame, Softmax(Interleaved(logits)), labels)
    }

    fn softmax_table(scale: f32) -> Result<SoftmaxTable, Error> {
        SoftmaxTable::new(scale)
    }

    fn softmax_codes(table: &SoftmaxTable) -> &[u32; 256] {
        SoftmaxTable::codes(table)
    }

    fn quantized_softmax_update(
        frame: &mut Floats,
        table: &SoftmaxTable,
        logits: &[i8],
        labels: &[u8]
    ) -> Result<(), Error> {
        Multiclass::update(frame, QuantizedSoftmax::new(Interleaved(logits), table), labels)
    }

    // Run lengths.

    fn coco_update(
        stream: &mut Stream<I8, NonZero>,
        p: &[i8],
        width: usize,
        height: usize,
        string: &[u8]
    ) -> Result<(), Error> {
        coco::update(stream, p, width, height, Runs::string(string))
    }

    fn coco_cursors(
        room: &'static mut [Cursor<'static>],
        height: usize,
        counts: &'static [u32]
    ) -> Result<Cursors<'static, 'static>, Error> {
        Cursors::new(room, height, Runs::counts(counts))
    }

    fn coco_cursors_update(
        cursors: &mut Cursors<'_, '_>,
        stream: &mut Stream<I8, NonZero>,
        p: &[i8]
    ) -> Result<(), Error> {
        Cursors::update(cursors, stream, p)
    }

    // Tiles.

    fn tiles_new(width: usize, height: usize) -> Result<Tiles<[Sums<I8, NonZero>; C]>, Error> {
        Tiles::<[Sums<I8, NonZero>; C]>::grid(Tiles::new(I8::TFLITE, NonZero), width, height, 2, 2)
    }

    fn tiles_over(state: &mut [Sums<I8, NonZero>]) -> Tiles<&mut [Sums<I8, NonZero>]> {
        Tiles::over(state)
    }

    fn tiles_update(tiles: &mut Tiles<[Sums<I8, NonZero>; C]>, p: &[i8], t: &[u8]) -> Result<(), Error> {
        Tiles::update(tiles, p, t)
    }

    fn tiles_total(tiles: &mut Tiles<[Sums<I8, NonZero>; C]>) -> Result<Sums<I8, NonZero>, Error> {
        Tiles::next_frame(tiles);
        Tiles::total(tiles)
    }

    fn tiles_sums(tiles: &Tiles<[Sums<I8, NonZero>; C]>) -> &[Sums<I8, NonZero>] {
        Tiles::sums(tiles)
    }

    // Reliability.

    fn reliability_new() -> Reliability<I8, NonZero, 10> {
        Reliability::new(I8::TFLITE, NonZero)
    }

    fn reliability_update(bins: &mut Reliability<I8, NonZero, 10>, p: &[i8], t: &[u8]) -> Result<(), Error> {
        Reliability::update(bins, p, t)
    }

    fn reliability_merge(
        bins: &mut Reliability<I8, NonZero, 10>,
        other: &Reliability<I8, NonZero, 10>
    ) -> Result<(), Error> {
        Reliability::merge(bins, other)
    }

    fn reliability_bins(bins: &Reliability<I8, NonZero, 10>, bin: usize) -> (Option<(f64, f64)>, &[Bin<u64>; 10]) {
        (Reliability::reliability(bins, bin), Reliability::bins(bins))
    }

    fn reliability_error(bins: &Reliability<I8, NonZero, 10>) -> Result<f64, Error> {
        Reliability::expected_error(bins)
    }
}
