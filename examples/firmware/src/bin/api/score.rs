//! From sums to scores and losses; averages over classes and frames.

use soft_dice::{
    Absent, Average, Empty, Error, F32, Focal, FrameScores, Frames, Generalised, I8, Linear, LogScore, Mean, Minima,
    NonZero, Pixels, Q15, Ratio, Record, Score, Soft, Squares, Stream, Sums, U8, Volume,
};

api! {
    // Of sums whose units are known when the crate is built.

    fn u8_dice_f32(sums: &Sums<U8, NonZero>) -> Result<f32, Error> {
        Score::f32(&Score::dice(), sums)
    }

    fn u8_dice_q31(sums: &Sums<U8, NonZero>) -> Result<i64, Error> {
        Score::q31(&Score::dice(), sums)
    }

    fn u8_jaccard_q15(sums: &Sums<U8, NonZero>) -> Result<i32, Error> {
        Score::q15(&Score::jaccard(), sums)
    }

    fn u8_precision_q15(sums: &Sums<U8, NonZero>) -> Result<i32, Error> {
        Score::q15(&Score::precision(), sums)
    }

    fn u8_recall_q15(sums: &Sums<U8, NonZero>) -> Result<i32, Error> {
        Score::q15(&Score::recall(), sums)
    }

    fn u8_tversky_q15(sums: &Sums<U8, NonZero>) -> Result<i32, Error> {
        Score::q15(&Score::tversky(0.3, 0.7), sums)
    }

    fn u8_smooth_loss_q15(sums: &Sums<U8, NonZero>) -> Result<i32, Error> {
        Score::q15(&Score::loss(Score::smooth(Score::dice(), 1e-5, 1e-5)), sums)
    }

    // Of any sums, any score.

    fn any_q15(score: &Score, sums: &Sums<I8, NonZero>) -> Result<i32, Error> {
        Score::q15(score, sums)
    }

    fn any_q31(score: &Score, sums: &Sums<Q15, Soft<Q15>, Squares>) -> Result<i64, Error> {
        Score::q31(score, sums)
    }

    fn any_f32(score: &Score, sums: &Sums<F32, Soft<F32>, Minima>) -> Result<f32, Error> {
        Score::f32(score, sums)
    }

    fn any_f64(score: &Score, record: &Record) -> Result<f64, Error> {
        Score::f64(score, record)
    }

    fn any_ratio(score: &Score, record: &Record) -> Result<Ratio, Error> {
        Score::ratio(score, record)
    }

    fn rounding(score: &Score, record: &Record) -> f64 {
        Score::rounding(score, record)
    }

    fn pixels(record: &Record) -> Pixels {
        Pixels::of(record)
    }

    fn score(alpha: f64, beta: f64, empty: Empty) -> Score {
        let score = Score::semimetric(Score::squared(Score::smooth(Score::tversky(alpha, beta), alpha, beta)));
        Score::prediction_empty(Score::target_empty(Score::both_empty(score, empty), empty), empty)
    }

    fn ratio(ratio: Ratio) -> (i64, u64) {
        (Ratio::numerator(ratio), Ratio::denominator(ratio))
    }

    fn ratio_q15(ratio: Ratio) -> i32 {
        Ratio::q15(ratio)
    }

    fn ratio_q31(ratio: Ratio) -> i64 {
        Ratio::q31(ratio)
    }

    fn ratio_f32(ratio: Ratio) -> f32 {
        Ratio::f32(ratio)
    }

    fn ratio_f64(ratio: Ratio) -> f64 {
        Ratio::f64(ratio)
    }

    // Losses.

    fn focal(score: Score, gamma: f32, record: &Record) -> Result<f32, Error> {
        Focal::f32(&Focal::new(score, gamma), record)
    }

    fn log_score(score: Score, floor: f32, record: &Record) -> Result<f32, Error> {
        LogScore::f32(&LogScore::new(score, floor), record)
    }

    // Over classes.

    fn averages(score: Score, weights: &'static [f32]) -> [Average<'static>; 4] {
        [
            Average::all_classes(Average::new(score)),
            Average::weighted(score),
            Average::weights(score, weights),
            Average::micro(score),
        ]
    }

    fn average(average: &Average<'_>, classes: &[Sums<I8, NonZero>]) -> Result<Mean, Error> {
        Average::of(average, classes)
    }

    fn average_records(average: &Average<'_>, classes: &[Record]) -> Result<Mean, Error> {
        Average::of(average, classes)
    }

    fn generalised(volume: Volume, absent: Absent, smooth: f64, classes: &[Record]) -> Result<f64, Error> {
        let score = Generalised::absent(Generalised::volume(Generalised::new(), volume), absent);
        let score = Generalised::loss(Generalised::semimetric(Generalised::smooth(score, smooth, smooth)));
        Generalised::f64(&score, classes)
    }

    // Over frames.

    fn frame_scores(scores: &mut FrameScores, score: Result<Ratio, Error>) -> Result<Ratio, Error> {
        FrameScores::push(scores, score)?;
        FrameScores::merge(scores, &FrameScores::new())?;
        FrameScores::mean(scores)
    }

    fn frame_counts(scores: &FrameScores) -> [u32; 3] {
        [FrameScores::defined(scores), FrameScores::undefined(scores), FrameScores::skipped(scores)]
    }

    fn frames_new(score: Score) -> (Frames<U8, NonZero>, Frames<U8, NonZero>) {
        (Frames::new(U8, NonZero, score), Frames::summing(U8, NonZero, Linear, score))
    }

    fn frames_end(frames: &mut Frames<I8, NonZero>) -> Result<Option<Ratio>, Error> {
        Frames::end(frames)
    }

    fn frames_frame(frames: &mut Frames<I8, NonZero>) -> &mut Stream<I8, NonZero> {
        Frames::frame(frames)
    }

    fn frames_so_far(frames: &Frames<I8, NonZero>) -> (&FrameScores, &Sums<I8, NonZero>) {
        (Frames::scores(frames), Frames::pooled(frames))
    }
}
