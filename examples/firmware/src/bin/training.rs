//! What training and many classes call: like `api`, linked to prove that no panic path is left, and never run.
//!
//! These calls work on rooms of 128 pixels on the stack and are no part of the size that `api` holds the core to.

#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_rt::entry;
use soft_dice::activation::{
    QuantizedSoftmax, Sigmoid, SigmoidTable, Softmax, SoftmaxTable, Tabled, exp, ln, pow, sigmoid,
};
use soft_dice::coco::{self, Cursor, Cursors, Runs};
use soft_dice::gradient::{self, Backward, Layout};
use soft_dice::presets::{
    Batch, CrossEntropy, Loss, Metric, burn, cmsis, keras, kornia, monai, nnunet, smp, torchmetrics,
};
use soft_dice::*;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        fn a_panic_path_is_left() -> !;
    }
    // SAFETY: never linked, so never called.
    unsafe { a_panic_path_is_left() }
}

/// Arguments the compiler knows nothing of.
fn some<T>() -> &'static [T] {
    black_box(&[])
}

fn room() -> &'static mut [f32] {
    black_box(&mut [])
}

/// Out of line, so that nothing is known of the arguments.
macro_rules! calls {
    ($(fn $name:ident() $body:block)*) => {
        $(
            #[inline(never)]
            #[unsafe(no_mangle)]
            fn $name() -> Result<(), Error> {
                $body
                Ok(())
            }
        )*

        #[entry]
        fn main() -> ! {
            $(let _ = black_box($name());)*
            loop {
                cortex_m::asm::nop();
            }
        }
    };
}

/// A table that a `static` would hold.
static TABLE: SigmoidTable = match SigmoidTable::i8(0.0441, 8) {
    Ok(table) => table,
    Err(_) => panic!(),
};

calls! {
    fn multiclass() {
        let mut frame = black_box(Multiclass::<[_; 21]>::new(I8::TFLITE, All).ignoring(255));
        frame.update(Interleaved(some()), some())?;
        frame.update(Planar(some()), some())?;
        frame.update(Planes(some()), some())?;
        frame.update_within(Interleaved(some()), some(), Region::Bytes(some()))?;
        let other = black_box(frame);
        frame.merge(&other)?;
        frame.reset();
        black_box(frame.sums());
    }

    fn multiclass_subset() {
        let mut some_classes = Multiclass::subset(F32::new().range(Range::Refuse), Linear, black_box([3, 1]), black_box(21))?;
        some_classes.update(Interleaved(some()), some())?;
        some_classes.update(Planar(some()), some())?;
        let mut owned: [Sums<_, _, Linear>; 4] = [Sums::new(U8, Label::new(black_box(1))); 4];
        let owned: &mut [_] = black_box(&mut owned[..]);
        Multiclass::over(owned, black_box(21))?.update(Interleaved(some()), some())?;
    }

    fn multilabel() {
        let mut frame = black_box(Multilabel::<[_; 3]>::new(I8::TFLITE, NonZero, Linear).channels(1, black_box(5))?);
        frame.update(Interleaved(some()), Planar(some()))?;
        frame.update_within(Planar(some()), Planar(some()), Region::Bits(Bits::new(some())))?;
        frame.update_class(black_box(2), some(), some())?;
    }

    fn hard() {
        let (mut soft, mut hard) = black_box((Multiclass::<[_; 21]>::new(I8::TFLITE, Linear), Argmax::<21>::new()));
        soft.update_both(Interleaved(some()), some(), &mut hard)?;
        hard.update(Planar(some::<f32>()), some())?;
        let other = black_box(hard);
        hard.merge(&other)?;
        black_box(Score::dice().q15(&hard.classes()[0])?);
        let (mut soft, mut hard) = black_box((Stream::new(U8, NonZero), Thresholded::at_least(&U8, black_box(0.5))));
        soft.update_both(some(), some(), &mut hard)?;
        let (mut soft, mut hard) = black_box((Stream::new(F32::new(), Label::new(1).ignoring(255)), Thresholded::above(&F32::new(), 0.5)));
        soft.update_both(some(), some(), &mut hard)?;
        let other = black_box(hard);
        hard.merge(&other)?;
        black_box(Score::dice().f32(&hard)?);
    }

    fn activations() {
        let x = black_box(1.0f32);
        black_box((exp(x), ln(x), pow(x, x), sigmoid(x)));
        let table = SoftmaxTable::new(black_box(0.1))?;
        black_box(SigmoidTable::u8(black_box(0.1), black_box(3))?);
        let mut frame = black_box(Multiclass::<[_; 21]>::new(F32::new(), Linear));
        frame.update(Softmax(Interleaved(some())), some())?;
        frame.update(Softmax(Planar(some())), some())?;
        frame.update(QuantizedSoftmax::new(Interleaved(some::<i8>()), &table), some())?;
        frame.update(QuantizedSoftmax::new(Planar(some::<u8>()), &table), some())?;
        let mut hard = Argmax::<21>::new();
        frame.update_both(Softmax(Interleaved(some())), some(), &mut hard)?;
        black_box(&mut Stream::new(Sigmoid(F32::new()), NonZero)).update(some(), some())?;
        black_box(&mut Stream::new(Tabled::i8(&TABLE), NonZero)).update(some(), some())?;
    }

    fn averages() {
        let frame = black_box(Multiclass::<[_; 21]>::new(I8::TFLITE, All));
        let score = black_box(Score::tversky(0.3, 0.7).smooth(1e-5, 1e-5));
        black_box(Average::new(score).of(frame.sums())?);
        black_box(Average::micro(score).of(frame.sums())?);
        black_box(Average::weighted(score).of(frame.sums())?);
        black_box(Average::weights(score, some()).of(frame.sums())?);
        black_box(Generalised::new().volume(black_box(Volume::Square)).f64(frame.sums())?);
        black_box(Focal::new(score, black_box(0.75)).f32(&frame.sums()[0])?);
        black_box(LogScore::new(score, black_box(1e-7)).f32(&frame.sums()[0])?);
        let mut scores = black_box(FrameScores::new());
        scores.push(score.ratio(&frame.sums()[0]))?;
        let other = black_box(scores);
        scores.merge(&other)?;
        black_box(&scores);
    }

    fn one_class_gradient() {
        let stream = black_box(Stream::summing(I8::TFLITE, NonZero, All));
        let gradient = Gradient::of(&black_box(Score::dice()), stream.sums())?;
        gradient.write(stream.sums(), some(), some(), room())?;
        let soft = black_box(Stream::summing(Sigmoid(F32::new()), Soft(F32::new()), All));
        let gradient = Gradient::focal(&black_box(Focal::new(Score::dice(), 0.75)), soft.sums())?;
        gradient.write_logit(soft.sums(), some(), some(), room())?;
        let words = black_box(Stream::summing(Q15::new(), LsbFirst, All));
        Gradient::log(&black_box(LogScore::new(Score::jaccard(), 1e-7)), words.sums())?
            .write(words.sums(), some(), Bits::new(some()), room())?;
    }

    fn many_class_gradient() {
        let frame = black_box(Multiclass::<[_; 21]>::new(F32::new(), Linear));
        let mut each = [Gradient::default(); 21];
        let each: &mut [Gradient] = black_box(&mut each[..]);
        gradient::macro_mean(&black_box(Score::dice()), frame.sums(), each)?;
        gradient::generalised(&black_box(Generalised::new()), frame.sums(), each)?;
        let backward = Backward::new(each).ignoring(255).layout(black_box(Layout::Planar));
        backward.softmax(Interleaved(some()), some(), room())?;
        backward.probabilities(Planar(some()), some(), room())?;
        backward.sigmoid(Planar(some()), Interleaved(some()), room())?;
        backward.independent(Planes(some()), Planes(some()), room())?;
    }

    fn run_lengths() {
        let mut stream = black_box(Stream::new(U8, NonZero));
        coco::update(&mut stream, some(), black_box(3), black_box(2), Runs::counts(some()))?;
        coco::update(&mut stream, some(), black_box(3), black_box(2), Runs::string(some()))?;
        let mut cursors = [Cursor::EMPTY; 8];
        let mut rows = Cursors::new(black_box(&mut cursors[..]), black_box(3), Runs::string(some()))?;
        rows.update(&mut stream, some())?;
    }

    fn tiles() {
        let mut tiles = black_box(Tiles::<[_; 6]>::new(U8, NonZero)).grid(black_box(9), black_box(9), black_box(3), black_box(2))?;
        tiles.update(some(), some())?;
        tiles.next_frame();
        black_box(tiles.total()?);
    }

    fn reliability() {
        let mut bins = black_box(Reliability::<_, _, 10>::new(F32::new(), NonZero));
        bins.update(some(), some())?;
        let other = black_box(bins);
        bins.merge(&other)?;
        black_box(bins.reliability(black_box(3)));
        black_box(bins.expected_error()?);
    }

    fn peers() {
        let frame = black_box(Multiclass::<[_; 21]>::new(I8::TFLITE, All));
        let (all, one) = (black_box(frame.sums()), black_box(&frame.sums()[0]));
        let batch = black_box(Batch::one(all)?);
        let mut cells = black_box([Cell::NONE; 64]);
        black_box(monai::DiceLoss::new().jaccard().soft_label().weight(some()).mean(&batch)?);
        black_box(monai::TverskyLoss::new(0.3, 0.7).batch(true).sum(&batch)?);
        black_box(monai::MaskedDiceLoss::new(monai::DiceLoss::new()).to_onehot_y(true).each(&batch, &mut cells)?);
        black_box(monai::AsymmetricFocalTverskyLoss::new().losses(one, one)?);
        black_box(monai::GeneralizedDiceLoss::new().mean(&batch)?);
        let mut run = monai::DiceMetric::new().with_reduction(Reduction::MeanBatch).start(&mut cells);
        run.update(&batch)?;
        black_box(run.rows().count());
        let mut run = monai::GeneralizedDiceScore::new().start(&mut []);
        run.update(&batch)?;
        black_box(run.aggregate()?);
        black_box(smp::dice_loss().log_loss().class_weights(some()).of(&batch)?);
        black_box(smp::StatScore::f1_score().of(&batch, smp::StatReduction::Macro)?);
        black_box(nnunet::SoftDiceLoss::trainer(true).mean(&batch)?);
        black_box(keras::Overlap::tversky_swapped(0.3, 0.7).mean(&batch)?);
        black_box(kornia::DiceLoss::new().weight(some()).of(&batch)?);
        black_box(kornia::TverskyLoss::new(0.3, 0.7).of(&batch)?);
        let mut run = torchmetrics::DiceScore::new().start(&mut cells);
        run.update(&batch)?;
        black_box(run.compute()?);
        let mut run = torchmetrics::MeanIoU::new().per_class(true).start(&mut cells);
        run.update(&batch)?;
        black_box(run.class(black_box(3))?);
        let mut run = torchmetrics::GeneralizedDiceScore::new().start(&mut cells);
        run.update(&batch)?;
        black_box(run.compute()?);
        black_box(cmsis::Booleans::of(one)?.dice()?);
        black_box(cmsis::Booleans::of_words(some(), some(), black_box(3))?.yule()?);
        black_box(burn::DiceMetric::new().update(&batch)?);
        let mut labels = black_box([nnunet::LabelMean::NONE; 21]);
        let mut folder = nnunet::Evaluation::new(&mut labels);
        folder.update(&batch)?;
        black_box(folder.foreground_dice()?);
        let mut decided = black_box(Multiclass::<[_; 21]>::new(U8, Linear));
        decided.update(OneHot(some()), some())?;
    }

    fn cross_entropy() {
        let histograms: &[Reliability<I8, Label, 256>] = some();
        let entropy = CrossEntropy::new(histograms)?.floor(black_box(0.002));
        let batch = black_box(Batch::one(some::<Record>())?);
        black_box(monai::DiceCELoss::new(monai::DiceLoss::new()).weight(some()).mean(&batch, &entropy)?);
    }
}
