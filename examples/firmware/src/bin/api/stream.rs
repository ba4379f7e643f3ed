//! Elements, targets, streams, and the sums they leave.

use soft_dice::activation::{IntegerSigmoid, Sigmoid, SigmoidTable, Tabled};
use soft_dice::{
    Affine, All, BF16, BF16Bits, Bits, Element, Error, F16, F16Bits, F32, F32Fine, I8, Ignoring, Label, Linear,
    LsbFirst, Mask01, Mask255, Measured, Minima, MsbFirst, NonZero, Own, Q15, Range, Record, Region, Rows, Score, Soft,
    Squares, Stream, Sums, Target, Trusted, U8, U8Affine, U16, Unit, ZeroFull, ZeroOne,
};

api! {
    // A frame as users write it: its stream, a chunk, the score.

    fn u8_mask_dice(p: &[u8], t: &[u8]) -> Result<i32, Error> {
        let mut frame = Stream::new(U8, ZeroOne::new());
        frame.update(p, t)?;
        Score::dice().q15(frame.sums())
    }

    fn i8_mask_dice(p: &[i8], t: &[u8]) -> Result<i32, Error> {
        let mut frame = Stream::new(I8::TFLITE, NonZero);
        frame.update(p, t)?;
        Score::dice().q15(frame.sums())
    }

    fn i8_bits_dice(p: &[i8], t: Bits<'_>) -> Result<i32, Error> {
        let mut frame = Stream::new(I8::TFLITE, LsbFirst);
        frame.update(p, t)?;
        Score::dice().q15(frame.sums())
    }

    fn i8_label_dice(p: &[i8], t: &[u8], class: u8) -> Result<i32, Error> {
        let mut frame = Stream::new(I8::TFLITE, Label::new(class));
        frame.update(p, t)?;
        Score::dice().q15(frame.sums())
    }

    fn i8_i8_dice(p: &[i8], t: &[i8]) -> Result<i32, Error> {
        let mut frame = Stream::new(I8::TFLITE, Soft(I8::TFLITE));
        frame.update(p, t)?;
        Score::dice().q15(frame.sums())
    }

    fn i8_own_confidence(p: &[i8]) -> Result<i32, Error> {
        let mut frame = Stream::new(I8::TFLITE, Own::from_code(128));
        frame.update(p, ())?;
        soft_dice::confidence::CONFIDENCE.q15(frame.sums())
    }

    fn q15_mask_dice(p: &[i16], t: &[u8]) -> Result<i32, Error> {
        let mut frame = Stream::new(Q15::new(), NonZero);
        frame.update(p, t)?;
        Score::dice().q15(frame.sums())
    }

    fn f32_mask_dice(p: &[f32], t: &[u8]) -> Result<f32, Error> {
        let mut frame = Stream::new(F32::new(), NonZero);
        frame.update(p, t)?;
        Score::dice().f32(frame.sums())
    }

    fn f32_f32_dice(p: &[f32], t: &[f32]) -> Result<f32, Error> {
        let mut frame = Stream::new(F32::new(), Soft(F32::new()));
        frame.update(p, t)?;
        Score::dice().f32(frame.sums())
    }

    // One chunk, of every element and every target.

    fn u8_mask_update(stream: &mut Stream<U8, ZeroOne>, p: &[u8], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn u8_mask_finish(stream: Stream<U8, ZeroOne>) -> Result<i32, Error> {
        Score::q15(&Score::dice(), &Stream::finish(stream))
    }

    fn u8_mask_update_trusted(stream: &mut Stream<U8, ZeroOne<Trusted>>, p: &[u8], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn u8_full_update(stream: &mut Stream<U8, ZeroFull>, p: &[u8], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn u8_bits_update(stream: &mut Stream<U8, LsbFirst>, p: &[u8], t: Bits<'_>) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn u8_bits_msb_update(stream: &mut Stream<U8, MsbFirst>, p: &[u8], t: Bits<'_>) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn u8_own_update(stream: &mut Stream<U8, Own>, p: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, ())
    }

    fn u8_u8_all_update(stream: &mut Stream<U8, Soft<U8>, All>, p: &[u8], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn i8_mask_update(stream: &mut Stream<I8, NonZero>, p: &[i8], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn i8_label_update(stream: &mut Stream<I8, Label>, p: &[i8], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn i8_ignoring_update(stream: &mut Stream<I8, Ignoring>, p: &[i8], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn i8_f32_minima_update(stream: &mut Stream<I8, Soft<F32>, Minima>, p: &[i8], t: &[f32]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn u8_affine_update(stream: &mut Stream<U8Affine, Soft<I8>>, p: &[u8], t: &[i8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn u16_mask_update(stream: &mut Stream<U16, NonZero, Squares>, p: &[u16], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn f16_mask_update(stream: &mut Stream<F16, ZeroOne>, p: &[u16], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, F16Bits::of(p), t)
    }

    fn f16_f16_update(stream: &mut Stream<F16, Soft<F16>>, p: &[F16Bits], t: &[F16Bits]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn bf16_mask_update(stream: &mut Stream<BF16, ZeroOne>, p: &[u16], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, BF16Bits::of(p), t)
    }

    fn q15_mask_update(stream: &mut Stream<Q15, NonZero>, p: &[i16], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn q15_q15_update(stream: &mut Stream<Q15, Soft<Q15>>, p: &[i16], t: &[i16]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn q15_q15_update_trusted(
        stream: &mut Stream<Q15<Trusted>, Soft<Q15<Trusted>>>,
        p: &[i16],
        t: &[i16]
    ) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn f32_mask_update(stream: &mut Stream<F32, NonZero>, p: &[f32], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn f32_mask_update_trusted(stream: &mut Stream<F32<Trusted>, NonZero>, p: &[f32], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn f32_f32_update(stream: &mut Stream<F32, Soft<F32>>, p: &[f32], t: &[f32]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn f32_f32_all_update(stream: &mut Stream<F32, Soft<F32>, All>, p: &[f32], t: &[f32]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn fine_mask_update(stream: &mut Stream<F32Fine, ZeroOne>, p: &[f32], t: &[u8]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    fn fine_fine_update(stream: &mut Stream<F32Fine, Soft<F32Fine>, All>, p: &[f32], t: &[f32]) -> Result<(), Error> {
        Stream::update(stream, p, t)
    }

    // Rows and regions.

    fn i8_mask_within(
        stream: &mut Stream<I8, NonZero>,
        p: &[i8],
        t: &[u8],
        region: Region<'_>
    ) -> Result<(), Error> {
        Stream::update_within(stream, p, t, region)
    }

    fn i8_mask_rows(stream: &mut Stream<I8, NonZero>, p: &[i8], t: &[u8], rows: Rows) -> Result<(), Error> {
        Stream::update_rows(stream, p, t, rows)
    }

    fn u8_bits_rows(stream: &mut Stream<U8, LsbFirst>, p: &[u8], t: Bits<'_>, rows: Rows) -> Result<(), Error> {
        Stream::update_rows(stream, p, t, rows)
    }

    fn i8_mask_rows_within(
        stream: &mut Stream<I8, NonZero>,
        p: &[i8],
        t: &[u8],
        rows: Rows,
        region: Region<'_>
    ) -> Result<(), Error> {
        Stream::update_rows_within(stream, p, t, rows, region)
    }

    fn f32_f32_rows_within(
        stream: &mut Stream<F32, Soft<F32>>,
        p: &[f32],
        t: &[f32],
        rows: Rows,
        region: Region<'_>
    ) -> Result<(), Error> {
        Stream::update_rows_within(stream, p, t, rows, region)
    }

    fn rows(width: usize, stride: usize) -> Rows {
        Rows::region_stride(Rows::target_stride(Rows::stride(Rows::new(width, width), stride), stride), stride)
    }

    fn bits(bytes: &[u8], offset: usize) -> (Bits<'_>, Bits<'_>) {
        (Bits::new(bytes), Bits::at(bytes, offset))
    }

    // Streams begin, merge, end.

    fn begin(element: I8) -> (Stream<I8, NonZero>, Stream<I8, Soft<I8>, All>) {
        (Stream::new(element, NonZero), Stream::summing(element, Soft(element), All))
    }

    fn again(stream: &mut Stream<I8, NonZero>, sums: Sums<I8, NonZero>) {
        *stream = Stream::resume(sums);
        Stream::reset(stream);
    }

    fn stream_merge(stream: &mut Stream<I8, NonZero>, other: &Stream<I8, NonZero>) -> Result<(), Error> {
        Stream::merge(stream, other)
    }

    fn stream_merge_all(
        stream: &mut Stream<I8, Soft<F32>, All>,
        other: &Stream<I8, Soft<F32>, All>
    ) -> Result<(), Error> {
        Stream::merge(stream, other)
    }

    // Sums, as numbers and as they travel.

    fn sums_new(element: I8) -> Sums<I8, NonZero> {
        Sums::new(element, NonZero)
    }

    fn sums(stream: &Stream<I8, Soft<F32>, All>) -> [u128; 9] {
        let sums = Stream::sums(stream);
        let (minima, squares) = (Sums::minima(sums).unwrap_or_default(), Sums::squares(sums).unwrap_or_default());
        [
            Sums::count(sums).into(),
            Sums::ignored(sums).into(),
            Sums::invalid(sums).into(),
            Sums::clamped(sums).into(),
            Sums::seen(sums).into(),
            Sums::p(sums).into(),
            Sums::t(sums).into(),
            Sums::pt(sums),
            minima.0 + squares.0,
        ]
    }

    fn sums_mean(sums: &Sums<I8, Soft<F32>, All>) -> (Unit, Unit, I8, Soft<F32>) {
        (Sums::unit_p(sums), Sums::unit_t(sums), Sums::prediction(sums), Sums::target(sums))
    }

    fn sums_merge(sums: &mut Sums<Q15, Soft<Q15>, Squares>, other: &Sums<Q15, Soft<Q15>, Squares>) -> Result<(), Error> {
        Sums::merge(sums, other)
    }

    fn record(sums: &Sums<I8, NonZero>) -> Record {
        Measured::record(sums)
    }

    fn record_merge(record: &mut Record, other: &Record) -> Result<(), Error> {
        Record::merge(record, other)
    }

    fn sums_from_record(record: &Record) -> Result<Sums<I8, NonZero>, Error> {
        Sums::from_record(I8::TFLITE, NonZero, record)
    }

    fn sums_from_record_all(record: &Record) -> Result<Sums<I8, Soft<F32>, All>, Error> {
        Sums::from_record(I8::TFLITE, Soft(F32::new()), record)
    }

    // What codes denote.

    fn affine(scale: f32, zero_point: i32, dead: u8) -> Result<(I8, U8Affine), Error> {
        let (a, b) = (Affine::<i8>::new(scale, zero_point)?, Affine::<u8>::new(scale, zero_point)?);
        Ok((Affine::dead_zone(a, dead), Affine::full_scale(b)))
    }

    fn q15(range: Range, dead: u16) -> Result<(Q15, Q15<Trusted>), Error> {
        let element = Q15::full_scale(Q15::range(Q15::dead_zone(Q15::new(), dead)?, range));
        Ok((element, Q15::trusted(element)))
    }

    fn floats(range: Range, dead: u16) -> (F32, F32<Trusted>, F32Fine, U16) {
        let (element, fine) = (F32::range(F32::new(), range), F32Fine::range(F32Fine::new(), range));
        (element, F32::trusted(element), fine, U16::dead_zone(U16::new(), dead))
    }

    fn halves(range: Range) -> (F16, F16<Trusted>, BF16, BF16<Trusted>) {
        let (half, brain) = (F16::range(F16::new(), range), BF16::range(BF16::new(), range));
        (half, F16::trusted(half), brain, BF16::trusted(brain))
    }

    fn half_values(half: &[F16Bits]) -> Option<(&[u16], f32)> {
        Some((F16Bits::bits(half), F16Bits::to_f32(*half.first()?)))
    }

    fn brain_values(brain: &[BF16Bits]) -> Option<(&[u16], f32)> {
        Some((BF16Bits::bits(brain), BF16Bits::to_f32(*brain.first()?)))
    }

    fn masks() -> (ZeroOne<Trusted>, ZeroFull<Trusted>) {
        (ZeroOne::trusted(ZeroOne::new()), ZeroFull::trusted(ZeroFull::new()))
    }

    fn label(class: u8, ignore: u8) -> (u8, Ignoring) {
        let label = Label::new(class);
        (Label::class(label), Label::ignoring(label, ignore))
    }

    fn own(element: I8, threshold: f32, code: u32) -> [Own; 3] {
        [Own::at_least(&element, threshold), Own::above(&element, threshold), Own::from_code(code)]
    }

    fn own_of_bytes(threshold: f32) -> [Own; 8] {
        [
            U8::own_at_least(U8, threshold),
            U8::own_above(U8, threshold),
            Affine::<i8>::own_at_least(I8::TFLITE, threshold),
            Affine::<i8>::own_above(I8::TFLITE, threshold),
            Mask01::own_at_least(Mask01, threshold),
            Mask01::own_above(Mask01, threshold),
            Mask255::own_at_least(Mask255, threshold),
            Mask255::own_above(Mask255, threshold),
        ]
    }

    fn own_of_words(threshold: f32) -> [Own; 6] {
        [
            U16::own_at_least(U16::new(), threshold),
            U16::own_above(U16::new(), threshold),
            Q15::own_at_least(Q15::new(), threshold),
            Q15::own_above(Q15::new(), threshold),
            F16::own_at_least(F16::new(), threshold),
            F16::own_above(F16::new(), threshold),
        ]
    }

    fn own_of_floats(threshold: f32) -> [Own; 6] {
        [
            F32::own_at_least(F32::new(), threshold),
            F32::own_above(F32::new(), threshold),
            F32Fine::own_at_least(F32Fine::new(), threshold),
            F32Fine::own_above(F32Fine::new(), threshold),
            BF16::own_at_least(BF16::new(), threshold),
            BF16::own_above(BF16::new(), threshold),
        ]
    }

    fn own_of_logits(table: &'static SigmoidTable, threshold: f32) -> [Own; 6] {
        [
            Sigmoid::<F32>::own_at_least(Sigmoid(F32::new()), threshold),
            Sigmoid::<F32>::own_above(Sigmoid(F32::new()), threshold),
            Tabled::<i8>::own_at_least(Tabled::i8(table), threshold),
            Tabled::<i8>::own_above(Tabled::i8(table), threshold),
            IntegerSigmoid::own_at_least(IntegerSigmoid, threshold),
            IntegerSigmoid::own_above(IntegerSigmoid, threshold),
        ]
    }

    fn own_f32(element: F32, threshold: f32) -> [Own; 2] {
        [Own::at_least(&element, threshold), Own::above(&element, threshold)]
    }

    fn units(element: &I8, target: &Soft<I8>) -> (Unit, i32, Unit, i32) {
        (
            Element::unit(element),
            Element::zero_point(element),
            Target::<I8>::unit(target),
            Target::<I8>::zero_point(target),
        )
    }

    fn unit(shift: u8, full: u16, scale: f32) -> Result<[Unit; 3], Error> {
        Ok([Unit::binary(shift), Unit::fraction(full), Unit::scale(scale)?])
    }

    fn unit_value(unit: Unit, code: u128) -> f64 {
        Unit::value(unit, code)
    }

    fn backend() -> (&'static str, Linear) {
        (soft_dice::backend(), Linear)
    }
}
