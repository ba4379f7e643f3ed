//! Histograms, labels against labels, hard scores in regions, bit-packed predictions.

use soft_dice::confidence::ClassConfidence;
use soft_dice::histogram::{self, Best, Clamp, CodeCounts, Histogram};
use soft_dice::{
    All, Argmax, ArgmaxOver, BitStream, Bits, Counts, Error, I8, Interleaved, Label, LabelMaps, Linear, LsbFirst,
    MsbFirst, Multiclass, NonZero, Own, Planar, Ratio, Record, Region, Reliability, Rows, Score, Soft, Stream, Sums,
    Thresholded, U8, Unit,
};

const C: usize = 4;
type Masked = Histogram<I8, NonZero>;
type Codes = CodeCounts<I8>;
type Exclusive = Multiclass<[Sums<I8, Label>; C]>;
type Packed = BitStream<MsbFirst, MsbFirst>;

api! {
    fn score_checked(score: Score) -> Result<Score, Error> {
        Score::checked(score)
    }

    fn unit_checked(unit: Unit) -> Result<Unit, Error> {
        Unit::checked(unit)
    }

    // With a target.

    fn histogram_new() -> (Masked, Histogram<I8, NonZero, u64>) {
        (Histogram::new(I8::TFLITE, NonZero), Histogram::wide(I8::TFLITE, NonZero))
    }

    fn histogram_update(counts: &mut Masked, p: &[i8], t: &[u8]) -> Result<(), Error> {
        Histogram::update(counts, p, t)
    }

    fn histogram_within(counts: &mut Masked, p: &[i8], t: &[u8], region: Region<'_>) -> Result<(), Error> {
        Histogram::update_within(counts, p, t, region)
    }

    fn histogram_rows(counts: &mut Masked, p: &[i8], t: &[u8], rows: Rows) -> Result<(), Error> {
        Histogram::update_rows(counts, p, t, rows, None)
    }

    fn histogram_merge(counts: &mut Masked, other: &Masked) -> Result<(), Error> {
        Histogram::merge(counts, other)
    }

    fn histogram_reset(counts: &mut Masked) -> (I8, NonZero, u64, u64) {
        Histogram::reset(counts);
        (Histogram::prediction(counts), Histogram::target(counts), Histogram::count(counts), Histogram::ignored(counts))
    }

    fn histogram_widened(counts: &Masked) -> Histogram<I8, NonZero, u64> {
        Histogram::widened(counts)
    }

    fn histogram_codes(counts: &Masked, raw: i8) -> (Codes, [u64; 2]) {
        (Histogram::codes(counts), Histogram::of(counts, raw))
    }

    fn histogram_score(score: &Score, counts: &Masked) -> Result<i32, Error> {
        Score::q15(score, counts)
    }

    fn histogram_add_counts(counts: &mut Masked, table: &[[u64; 2]; 256], ignored: u64) -> Result<(), Error> {
        Histogram::add_counts(counts, |raw| table[usize::from(raw as u8)], ignored)
    }

    fn histogram_hard(counts: &Masked, threshold: f32, code: u32) -> [Counts; 3] {
        [Histogram::at_least(counts, threshold), Histogram::above(counts, threshold), Histogram::from_code(counts, code)]
    }

    fn histogram_cuts(counts: &Masked) -> u64 {
        Histogram::cuts(counts).map(|cut| cut.sums.p).sum()
    }

    fn histogram_best(counts: &Masked, score: &Score) -> Result<Best, Error> {
        Histogram::best(counts, score)
    }

    fn histogram_cross_entropy(counts: &Masked, clamp: Clamp) -> Result<f64, Error> {
        Histogram::cross_entropy(counts, clamp)
    }

    fn histogram_brier(counts: &Masked) -> Result<f64, Error> {
        Histogram::brier(counts)
    }

    fn histogram_reliability(counts: &Masked) -> Reliability<I8, NonZero, 10> {
        Histogram::reliability(counts)
    }

    fn histogram_roc_area(counts: &Masked) -> Result<Ratio, Error> {
        Histogram::roc_area(counts)
    }

    fn histogram_average_precision(counts: &Masked) -> Result<f64, Error> {
        Histogram::average_precision(counts)
    }

    fn histogram_classes(counts: &mut [Histogram<I8, Label>], p: &[i8], labels: &[u8], ignore: u8) -> Result<(), Error> {
        histogram::count_classes(counts, Interleaved(p), labels, Some(ignore), None)
    }

    fn histogram_classes_entropy(counts: &[Histogram<I8, Label>], weights: &[f64], clamp: Clamp) -> Result<f64, Error> {
        histogram::cross_entropy(counts, Some(weights), clamp)
    }

    // Without one.

    fn codes_new() -> (Codes, CodeCounts<I8, u64>) {
        (CodeCounts::new(I8::TFLITE), CodeCounts::wide(I8::TFLITE))
    }

    fn codes_update(codes: &mut Codes, p: &[i8]) -> Result<(), Error> {
        CodeCounts::update(codes, p)
    }

    fn codes_within(codes: &mut Codes, p: &[i8], region: Region<'_>) -> Result<(), Error> {
        CodeCounts::update_within(codes, p, region)
    }

    fn codes_rows(codes: &mut Codes, p: &[i8], rows: Rows) -> Result<(), Error> {
        CodeCounts::update_rows(codes, p, rows, None)
    }

    fn codes_merge(codes: &mut Codes, other: &Codes) -> Result<(), Error> {
        CodeCounts::merge(codes, other)
    }

    fn codes_reset(codes: &mut Codes, raw: i8) -> (I8, [u64; 3]) {
        CodeCounts::reset(codes);
        let counted = [CodeCounts::count(codes), CodeCounts::ignored(codes), CodeCounts::of(codes, raw)];
        (CodeCounts::prediction(codes), counted)
    }

    fn codes_widened(codes: &Codes) -> CodeCounts<I8, u64> {
        CodeCounts::widened(codes)
    }

    fn codes_own(codes: &Codes, threshold: f32, code: u32) -> [Record; 3] {
        [CodeCounts::own_at_least(codes, threshold), CodeCounts::own_above(codes, threshold), CodeCounts::own(codes, code)]
    }

    fn codes_own_cuts(codes: &Codes) -> u128 {
        CodeCounts::own_cuts(codes).map(|cut| cut.sums.pt).sum()
    }

    fn codes_l1(codes: &Codes, other: &Codes) -> Result<Ratio, Error> {
        CodeCounts::l1(codes, other)
    }

    fn codes_jensen_shannon(codes: &Codes, other: &Codes) -> Result<f64, Error> {
        CodeCounts::jensen_shannon(codes, other)
    }

    fn codes_channels(codes: &mut [Codes], p: &[i8], region: Region<'_>) -> Result<(), Error> {
        histogram::count_channels(codes, Interleaved(p), Some(region))
    }

    // Labels against labels.

    fn labels_new(label: i64) -> LabelMaps<[Counts; C]> {
        LabelMaps::<[Counts; C]>::ignoring(LabelMaps::new(), label)
    }

    fn labels_over(counts: &mut [Counts]) -> Result<LabelMaps<&mut [Counts]>, Error> {
        LabelMaps::over(counts)
    }

    fn labels_update(maps: &mut LabelMaps<[Counts; C]>, p: &[u8], t: &[u8]) -> Result<(), Error> {
        LabelMaps::update(maps, p, t)
    }

    fn labels_wide(maps: &mut LabelMaps<[Counts; C]>, p: &[i32], t: &[u8]) -> Result<(), Error> {
        LabelMaps::update(maps, p, t)
    }

    fn labels_within(maps: &mut LabelMaps<[Counts; C]>, p: &[u8], t: &[u8], region: Region<'_>) -> Result<(), Error> {
        LabelMaps::update_within(maps, p, t, region)
    }

    fn labels_rows(maps: &mut LabelMaps<[Counts; C]>, p: &[u8], t: &[u8], rows: Rows) -> Result<(), Error> {
        LabelMaps::update_rows(maps, p, t, rows, None)
    }

    fn labels_merge(maps: &mut LabelMaps<[Counts; C]>, other: &LabelMaps<[Counts; C]>) -> Result<(), Error> {
        LabelMaps::merge(maps, other)
    }

    fn labels_reset(maps: &mut LabelMaps<[Counts; C]>) -> u64 {
        LabelMaps::reset(maps);
        LabelMaps::classes(maps).iter().map(|class| class.p).sum()
    }

    fn thresholded_new(own: Own) -> Thresholded {
        Thresholded::new(own)
    }

    // Hard scores in regions and rows, and of classes that are known at run time.

    fn argmax_within(hard: &mut Argmax<C>, p: &[i8], labels: &[u8], region: Region<'_>) -> Result<(), Error> {
        Argmax::update_within(hard, Interleaved(p), labels, region)
    }

    fn argmax_rows(hard: &mut Argmax<C>, p: &[i8], labels: &[u8], rows: Rows) -> Result<(), Error> {
        Argmax::update_rows(hard, Planar(p), labels, rows, None)
    }

    fn argmax_over(counts: &mut [Counts], label: u8) -> Result<ArgmaxOver<'_>, Error> {
        Ok(ArgmaxOver::ignoring(ArgmaxOver::new(counts)?, label))
    }

    fn argmax_over_update(hard: &mut ArgmaxOver<'_>, p: &[i8], labels: &[u8]) -> Result<(), Error> {
        ArgmaxOver::update(hard, Interleaved(p), labels)
    }

    fn argmax_over_within(hard: &mut ArgmaxOver<'_>, p: &[i8], labels: &[u8], region: Region<'_>) -> Result<(), Error> {
        ArgmaxOver::update_within(hard, Interleaved(p), labels, region)
    }

    fn argmax_over_rows(hard: &mut ArgmaxOver<'_>, p: &[i8], labels: &[u8], rows: Rows) -> Result<(), Error> {
        ArgmaxOver::update_rows(hard, Interleaved(p), labels, rows, None)
    }

    fn argmax_over_reset(hard: &mut ArgmaxOver<'_>) -> u64 {
        ArgmaxOver::reset(hard);
        ArgmaxOver::classes(hard).iter().map(|class| class.p).sum()
    }

    fn both_classes_within(
        frame: &mut Exclusive,
        p: &[i8],
        labels: &[u8],
        region: Region<'_>,
        hard: &mut Argmax<C>
    ) -> Result<(), Error> {
        Multiclass::update_both_within(frame, Interleaved(p), labels, region, hard)
    }

    fn both_rows(
        stream: &mut Stream<I8, NonZero>,
        p: &[i8],
        t: &[u8],
        rows: Rows,
        hard: &mut Thresholded
    ) -> Result<(), Error> {
        Stream::update_both_rows(stream, p, t, rows, None, hard)
    }

    fn confidence_within(sure: &mut ClassConfidence<I8, C>, p: &[i8], region: Region<'_>) -> Result<(), Error> {
        ClassConfidence::update_within(sure, p, region)
    }

    fn confidence_rows(sure: &mut ClassConfidence<I8, C>, p: &[i8], rows: Rows) -> Result<(), Error> {
        ClassConfidence::update_rows(sure, p, rows, None)
    }

    fn confidence_planar(sure: &mut ClassConfidence<I8, C>, p: [&[i8]; C], region: Region<'_>) -> Result<(), Error> {
        ClassConfidence::update_planar_within(sure, p, region)
    }

    // Bit-packed predictions.

    fn bits_padded(bytes: &[u8], pixels: usize) -> Result<Bits<'_>, Error> {
        Bits::padded(bytes, pixels, LsbFirst)
    }

    fn packed_new() -> (Packed, BitStream<LsbFirst, Soft<U8>, All>) {
        (BitStream::new(MsbFirst, MsbFirst), BitStream::summing(LsbFirst, Soft(U8), All))
    }

    fn packed_bits(stream: &mut Packed, p: Bits<'_>, t: Bits<'_>, pixels: usize) -> Result<(), Error> {
        BitStream::update(stream, p, t, pixels)
    }

    fn packed_mask(stream: &mut BitStream<LsbFirst, NonZero>, p: Bits<'_>, t: &[u8], pixels: usize) -> Result<(), Error> {
        BitStream::update(stream, p, t, pixels)
    }

    fn packed_soft(
        stream: &mut BitStream<LsbFirst, Soft<I8>>,
        p: Bits<'_>,
        t: &[i8],
        pixels: usize
    ) -> Result<(), Error> {
        BitStream::update(stream, p, t, pixels)
    }

    fn packed_within(
        stream: &mut Packed,
        p: Bits<'_>,
        t: Bits<'_>,
        pixels: usize,
        region: Region<'_>
    ) -> Result<(), Error> {
        BitStream::update_within(stream, p, t, pixels, region)
    }

    fn packed_rows(stream: &mut Packed, p: Bits<'_>, t: Bits<'_>, rows: Rows) -> Result<(), Error> {
        BitStream::update_rows(stream, p, t, rows, None)
    }

    fn packed_words(stream: &mut Packed, p: &[u32], t: &[u32], pixels: usize) -> Result<(), Error> {
        BitStream::update_words(stream, p, t, pixels)
    }

    fn packed_merge(stream: &mut Packed, other: &Packed) -> Result<(), Error> {
        BitStream::merge(stream, other)
    }

    fn packed_sums(stream: &mut Packed) -> (u64, Sums<soft_dice::Mask01, MsbFirst, Linear>) {
        BitStream::reset(stream);
        (BitStream::sums(stream).count(), BitStream::finish(*stream))
    }
}
