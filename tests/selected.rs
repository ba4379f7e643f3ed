//! A backend that is selected while another thread's calls are under way: they give the same bits as at rest, whichever backend each of
//! their blocks meets. Nothing else runs in this process, so that the selection is this test's alone.

#[path = "support/random.rs"]
mod random;
#[path = "support/seeds.rs"]
mod seeds;

use random::Random;
use seeds::seed;
use soft_dice::activation::{QuantizedSoftmax, Sigmoid, Softmax, SoftmaxTable};
use soft_dice::confidence::ClassConfidence;
use soft_dice::histogram::Histogram;
use soft_dice::*;
use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const C: usize = 5;
/// Several blocks of every loop.
const PIXELS: usize = 9_001;
/// Rounds of all calls, in which some hundred thousand selections fall.
const ROUNDS: usize = 60;

/// What the calls read.
struct Maps {
    bytes: Vec<i8>,
    planes: Vec<i8>,
    floats: Vec<f32>,
    halves: Vec<F16Bits>,
    uppers: Vec<BF16Bits>,
    labels: Vec<u8>,
    others: Vec<u8>,
    inside: Vec<u8>,
    table: SoftmaxTable,
}

impl Maps {
    fn new() -> Self {
        let mut random = Random(seed());
        let bytes: Vec<i8> = (0..C * PIXELS).map(|_| random.next() as i8).collect();
        let floats: Vec<f32> = (0..C * PIXELS).map(|_| random.probability()).collect();
        let label = |random: &mut Random| [0, 1, 2, 3, 4, 255][random.below(6)];
        Self {
            planes: (0..C).flat_map(|c| bytes.iter().skip(c).step_by(C).copied()).collect(),
            halves: (0..PIXELS).map(|_| F16Bits(random.below(0x3C01) as u16)).collect(),
            uppers: floats[..PIXELS].iter().map(|x| BF16Bits((x.to_bits() >> 16) as u16)).collect(),
            labels: (0..PIXELS).map(|_| label(&mut random)).collect(),
            others: (0..PIXELS).map(|_| random.below(C) as u8).collect(),
            inside: (0..PIXELS).map(|_| random.below(2) as u8).collect(),
            table: SoftmaxTable::new(0.05).unwrap(),
            bytes,
            floats,
        }
    }

    /// The result of every call, by name. All start from nothing.
    fn results(&self) -> Vec<(&'static str, String)> {
        let Self { bytes, planes, floats, halves, uppers, labels, others, inside, table } = self;
        let (first, float, region) = (&bytes[..PIXELS], &floats[..PIXELS], Region::Bytes(inside));
        let mut all = Vec::new();
        let mut add = |name, result: &dyn Debug| all.push((name, format!("{result:?}")));

        let mut hard = [Argmax::<C>::new().ignoring(255); 4];
        hard[0].update(Interleaved(bytes), labels).unwrap();
        hard[1].update(Planar(planes), labels).unwrap();
        hard[2].update(Interleaved(floats), labels).unwrap();
        hard[3].update_within(Interleaved(bytes), labels, region).unwrap();
        add("argmax", &hard);
        let mut maps = LabelMaps::<[_; C]>::new().ignoring(255);
        maps.update(others, labels).unwrap();
        maps.update_within(others, labels, region).unwrap();
        add("label maps", &maps.classes());
        let mut sure = ClassConfidence::<_, C>::new(I8::TFLITE);
        sure.update(bytes).unwrap();
        add("class confidence", &sure);

        let mut soft = [Multiclass::<[_; C]>::new(I8::TFLITE, Linear).ignoring(255); 3];
        soft[0].update(Interleaved(bytes), labels).unwrap();
        soft[1].update_within(Planar(planes), labels, region).unwrap();
        soft[2].update_both(Interleaved(bytes), labels, &mut hard[0]).unwrap();
        add("classes of codes", &(soft, hard[0]));
        let mut soft = [Multiclass::<[_; C]>::new(F32::new(), Linear).ignoring(255); 3];
        soft[0].update(Interleaved(floats), labels).unwrap();
        soft[1].update(QuantizedSoftmax::new(Interleaved(bytes), table), labels).unwrap();
        soft[2].update(Softmax(Interleaved(floats)), labels).unwrap();
        add("classes of floats", &soft);

        let (mut one, mut cut) = (Stream::new(I8::TFLITE, Label::new(1)), Thresholded::at_least(&I8::TFLITE, 0.4));
        one.update(first, labels).unwrap();
        one.update_within(first, labels, region).unwrap();
        one.update_both(first, labels, &mut cut).unwrap();
        add("a stream of codes", &(one.sums(), cut));
        let mut one = Stream::summing(F32::new(), Label::new(1), All);
        one.update(float, labels).unwrap();
        one.update_within(float, labels, region).unwrap();
        add("a stream of floats", one.sums());
        let mut one = Stream::new(Sigmoid(F32::new()), Label::new(1));
        one.update(float, labels).unwrap();
        add("a stream of logits", one.sums());
        let mut one = Stream::new(F16::new(), Label::new(1));
        one.update(halves, labels).unwrap();
        add("a stream of half floats", one.sums());
        let mut one = Stream::new(BF16::new(), Label::new(1));
        one.update(uppers, labels).unwrap();
        add("a stream of bfloat16", one.sums());
        let mut one = Stream::new(I8::TFLITE, Soft(F32::new()));
        one.update(first, float).unwrap();
        add("codes against floats", one.sums());
        let mut counts = Histogram::new(I8::TFLITE, Label::new(1));
        counts.update(first, labels).unwrap();
        add("histogram", &counts);

        let mut forward = Stream::new(F32::new(), Soft(F32::new()));
        forward.update(float, &floats[PIXELS..2 * PIXELS]).unwrap();
        let gradient = Gradient::of(&Score::dice(), forward.sums()).unwrap();
        let mut slopes = vec![9.0; PIXELS];
        gradient.write(forward.sums(), float, &floats[PIXELS..2 * PIXELS], &mut slopes).unwrap();
        add("gradient", &slopes);
        all
    }
}

#[test]
fn while_calls_are_under_way() {
    let maps = Maps::new();
    let expected = maps.results();
    let done = AtomicBool::new(false);
    let selections = thread::scope(|scope| {
        let selecting = scope.spawn(|| {
            let backends: Vec<Backend> = Backend::available().collect();
            let mut selections = 0u64;
            while !done.load(Ordering::Relaxed) {
                backends[selections as usize % backends.len()].select();
                selections += 1;
                // Long enough for some blocks of a call, and no two times alike.
                (0..selections % 97).for_each(|_| std::hint::spin_loop());
            }
            selections
        });
        let differing = (0..ROUNDS).find_map(|_| {
            let results = maps.results();
            results.into_iter().zip(&expected).find(|(result, expected)| result != *expected)
        });
        done.store(true, Ordering::Relaxed);
        if let Some(((name, got), (_, expected))) = differing {
            let short = |text: &str| text.chars().take(600).collect::<String>();
            panic!("{name}: {} where {} is right", short(&got), short(expected));
        }
        selecting.join().unwrap()
    });
    Backend::best().select();
    println!("{ROUNDS} rounds of {} calls under {selections} selections", expected.len());
}
