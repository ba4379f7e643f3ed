//! The backward sweep.

use soft_dice::gradient::{self, Backward, Layout};
use soft_dice::{
    Error, F32, Focal, Generalised, Gradient, I8, Interleaved, LogScore, NonZero, Planar, Record, Score, Soft, Sums,
};

api! {
    fn gradient_of(score: &Score, record: &Record) -> Result<Gradient, Error> {
        Gradient::of(score, record)
    }

    fn gradient_focal(loss: &Focal, record: &Record) -> Result<Gradient, Error> {
        Gradient::focal(loss, record)
    }

    fn gradient_log(loss: &LogScore, record: &Record) -> Result<Gradient, Error> {
        Gradient::log(loss, record)
    }

    fn gradient_at(gradient: Gradient, factor: f32, p: f32, t: f32) -> f32 {
        Gradient::at(&Gradient::scaled(gradient, factor), p, t)
    }

    fn gradient_write(
        gradient: &Gradient,
        sums: &Sums<I8, NonZero>,
        p: &[i8],
        t: &[u8],
        out: &mut [f32]
    ) -> Result<(), Error> {
        Gradient::write(gradient, sums, p, t, out)
    }

    fn gradient_write_logit(
        gradient: &Gradient,
        sums: &Sums<F32, Soft<F32>>,
        p: &[f32],
        t: &[f32],
        out: &mut [f32]
    ) -> Result<(), Error> {
        Gradient::write_logit(gradient, sums, p, t, out)
    }

    fn gradient_macro_mean(score: &Score, classes: &[Record], each: &mut [Gradient]) -> Result<u16, Error> {
        gradient::macro_mean(score, classes, each)
    }

    fn gradient_generalised(score: &Generalised, classes: &[Record], each: &mut [Gradient]) -> Result<(), Error> {
        gradient::generalised(score, classes, each)
    }

    fn backward(gradients: &'static [Gradient], label: u8, layout: Layout) -> Backward<'static> {
        Backward::layout(Backward::ignoring(Backward::new(gradients), label), layout)
    }

    fn backward_probabilities(
        backward: &Backward<'_>,
        p: &[f32],
        labels: &[u8],
        out: &mut [f32]
    ) -> Result<(), Error> {
        Backward::probabilities(backward, Interleaved(p), labels, out)
    }

    fn backward_softmax(backward: &Backward<'_>, p: &[f32], labels: &[u8], out: &mut [f32]) -> Result<(), Error> {
        Backward::softmax(backward, Interleaved(p), labels, out)
    }

    fn backward_independent(backward: &Backward<'_>, p: &[f32], t: &[f32], out: &mut [f32]) -> Result<(), Error> {
        Backward::independent(backward, Interleaved(p), Planar(t), out)
    }

    fn backward_sigmoid(backward: &Backward<'_>, p: &[f32], t: &[f32], out: &mut [f32]) -> Result<(), Error> {
        Backward::sigmoid(backward, Planar(p), Planar(t), out)
    }
}
