//! Every element against every target on every backend: lanes, chunks, merges, regions and rows give the bits of the plain
//! loop, which gives the sums of the judge.
//!
//! A chunk of one pixel is shorter than any vector, so a stream fed pixel by pixel runs the plain loop: what a backend
//! makes of the same pixels in other ways is compared with that, bit by bit. The judge decodes every format by itself, in
//! f64.

#[path = "support/backends.rs"]
mod backends;
#[path = "support/random.rs"]
mod random;
#[path = "support/seeds.rs"]
mod seeds;
#[path = "exact/subject.rs"]
mod subject;
#[path = "exact/table.rs"]
mod table;

use backends::on_every_backend;
use random::Random;
use seeds::seed;
use soft_dice::oracle::{self, Pixel};
use soft_dice::{Bits, Record, Region, Rows};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use subject::{Facts, Odd, Subject};

/// Some pixels of a subject: made up from the seed alone, so that every backend gets the same.
struct Map {
    seed: u64,
    pixels: usize,
    /// Where odd values lie; `None`: anywhere.
    odd: Option<Vec<usize>>,
}

/// The plain loop's sums of a map, fed pixel by pixel.
#[derive(Clone, Copy)]
struct Plain {
    whole: Record,
    inside: Record,
    dense: Record,
    gapped: Record,
    gapped_inside: Record,
}

/// What is drawn from the map's seed beside its pixels.
struct Drawn {
    region: Vec<u8>,
    packed: Vec<u8>,
    /// Rows without gaps, and rows with gaps.
    dense: Rows,
    gapped: Rows,
}

impl Drawn {
    fn new(random: &mut Random, pixels: usize) -> Self {
        let region: Vec<u8> = (0..pixels).map(|_| random.below(3) as u8).collect();
        let byte = |bits: &[u8]| bits.iter().enumerate().map(|(i, &b)| u8::from(b != 0) << i).sum();
        let packed = region.chunks(8).map(byte).collect();
        let (width, gap) = (1 + random.below(90), random.below(20));
        let stride = width + gap;
        // The last row need not be followed by a gap.
        let height = (pixels + gap) / stride;
        let gapped = Rows::new(width, height).stride(stride).target_stride(stride).region_stride(stride);
        Self { region, packed, dense: Rows::new(width, pixels / width), gapped }
    }
}

// The streams of a subject: what each is given. From the last on, a stream for each chunk.
const WHOLE: usize = 0;
const INSIDE: usize = 1;
const INSIDE_BITS: usize = 2;
const DENSE: usize = 3;
const GAPPED: usize = 4;
const GAPPED_INSIDE: usize = 5;
const PARTS: usize = 6;

/// One pixel at a time; and the judge agrees with that.
fn plain(subject: &mut dyn Subject, drawn: &Drawn, pixels: usize, what: &str) -> Plain {
    subject.streams(PARTS);
    for at in 0..pixels {
        let region = Some(Region::Bytes(&drawn.region[at..=at]));
        let mut add = |stream, region| subject.add(stream, at, 1, region).expect(what);
        add(WHOLE, None);
        add(INSIDE, region);
        if at < drawn.dense.width * drawn.dense.height {
            add(DENSE, None);
        }
        let Rows { width, height, stride, .. } = drawn.gapped;
        if at / stride < height && at % stride < width {
            add(GAPPED, None);
            add(GAPPED_INSIDE, region);
        }
    }
    let facts = subject.facts();
    let read: Vec<(Pixel, Pixel)> = (0..pixels).map(|at| subject.pixel(at)).collect();
    let truth = oracle::sums(read.iter().copied(), facts.unit_p, facts.unit_t);
    compare(&subject.record(WHOLE), &truth, facts, what);
    let within = read.iter().zip(&drawn.region).map(|(&pair, &inside)| match inside {
        0 => (Pixel::Ignored, Pixel::Ignored),
        _ => pair,
    });
    let truth = oracle::sums(within, facts.unit_p, facts.unit_t);
    compare(&subject.record(INSIDE), &truth, facts, what);
    Plain {
        whole: subject.record(WHOLE),
        inside: subject.record(INSIDE),
        dense: subject.record(DENSE),
        gapped: subject.record(GAPPED),
        gapped_inside: subject.record(GAPPED_INSIDE),
    }
}

/// Everything that must hold of one map on the backend that is selected. The first to run keeps what the plain loop found.
fn check(subject: &mut dyn Subject, map: &Map, kept: &mut Option<Plain>, backend: &str) {
    let Map { seed, pixels, ref odd } = *map;
    let mut random = Random(seed);
    subject.make(&mut random, pixels, odd.as_deref().map_or(Odd::Often, Odd::At));
    let drawn = Drawn::new(&mut random, pixels);
    let what = format!("{backend}: {}, seed {seed}, {pixels} pixels, odd {odd:?}", subject.name());
    let plain = *kept.get_or_insert_with(|| plain(subject, &drawn, pixels, &what));

    let bytes = Region::Bytes(&drawn.region);
    let bits = Region::Bits(Bits::new(&drawn.packed));
    let mut lengths = Vec::new();
    let mut left = pixels;
    while left > 0 {
        let most = [3, 70, 1500, 20_000][random.below(4)];
        lengths.push((1 + random.below(most)).min(left));
        left -= lengths[lengths.len() - 1];
    }
    subject.streams(PARTS + lengths.len().max(1));
    subject.add(WHOLE, 0, pixels, None).expect(&what);
    subject.add(INSIDE, 0, pixels, Some(bytes)).expect(&what);
    subject.add(INSIDE_BITS, 0, pixels, Some(bits)).expect(&what);
    subject.add_rows(DENSE, pixels, drawn.dense, None).expect(&what);
    subject.add_rows(GAPPED, pixels, drawn.gapped, None).expect(&what);
    subject.add_rows(GAPPED_INSIDE, pixels, drawn.gapped, Some(bits)).expect(&what);
    assert_eq!(subject.record(WHOLE), plain.whole, "{what}: in one piece");
    assert_eq!(subject.record(INSIDE), plain.inside, "{what}: a region of bytes");
    assert_eq!(subject.record(INSIDE_BITS), plain.inside, "{what}: a region of bits");
    assert_eq!(subject.record(DENSE), plain.dense, "{what}: rows");
    assert_eq!(subject.record(GAPPED), plain.gapped, "{what}: rows with gaps");
    assert_eq!(subject.record(GAPPED_INSIDE), plain.gapped_inside, "{what}: rows with gaps in a region");

    // In random chunks, merged as a random tree.
    let (mut parts, mut at): (Vec<usize>, usize) = ((PARTS..PARTS + lengths.len().max(1)).collect(), 0);
    for (part, &length) in parts.iter().zip(&lengths) {
        subject.add(*part, at, length, None).expect(&what);
        at += length;
    }
    while parts.len() > 1 {
        let from = parts.swap_remove(random.below(parts.len()));
        let into = parts[random.below(parts.len())];
        subject.merge(into, from).expect(&what);
    }
    assert_eq!(subject.record(parts[0]), plain.whole, "{what}: chunks and merges");
}

/// Integers to the unit; floats within half a code a pixel, and an f64 sum's own error.
fn compare(record: &Record, truth: &oracle::Sums, facts: Facts, what: &str) {
    let Facts { unit_p, unit_t, float_p, float_t, rounded, hard } = facts;
    let counts = [record.count, record.ignored, record.invalid, record.clamped].map(|n| n as f64);
    assert_eq!(counts, [truth.count, truth.ignored, truth.invalid, truth.clamped], "{what}: counts");
    let n = truth.count;
    let close = |name: &str, got: u128, unit: f64, truth: f64, slack: f64| {
        let error = (got as f64 * unit - truth).abs();
        // f64 sums of n terms are off by at most n ulps of the sum; exact ones by nothing.
        let own = if truth / unit < 9.0e15 && slack == 0.0 { 0.0 } else { n * truth * f64::EPSILON };
        assert!(error <= slack + own, "{what}: {name} {got} · {unit:e} against {truth}: off by {error:e}");
    };
    let half = |float: bool, unit: f64| if float { n * unit / 2.0 } else { 0.0 };
    close("p", record.p, 1.0, truth.p, half(float_p, 1.0));
    close("t", record.t, 1.0, truth.t, half(float_t, 1.0));
    if rounded {
        close("pt", record.pt, unit_p, truth.pt * unit_p * unit_t, half(true, unit_p));
    } else {
        // Each product is off by half a code of one side, times at most 1 of the other.
        close("pt", record.pt, 1.0, truth.pt, half(float_p, 1.0) / unit_t + half(float_t, 1.0) / unit_p);
    }
    if let Some((pp, tt)) = record.squares {
        for (name, got, float, unit, truth) in
            [("pp", pp, float_p, unit_p, truth.pp), ("tt", tt, float_t, unit_t, truth.tt)]
        {
            if float {
                close(name, got, unit, truth * unit * unit, half(true, unit));
            } else {
                close(name, got, 1.0, truth, 0.0);
            }
        }
    }
    if let Some((p, t)) = record.minima {
        let got = p as f64 * if hard { unit_p * unit_t } else { unit_p } + t as f64 * unit_t;
        // Rounding can change which of two near values is the lesser, never by more than its own error.
        let slack = half(float_p, unit_p) + half(float_t, unit_t) + 1e-12 * n;
        assert!((got - truth.min).abs() <= slack, "{what}: min {got} against {}", truth.min);
    }
}

/// A subject with its maps, each with what the plain loop found.
struct Task {
    subject: Box<dyn Subject>,
    maps: Vec<(Map, Option<Plain>)>,
}

/// Checks every map of every task on every backend, on as many threads as there are cores.
fn run(tasks: Vec<Task>) {
    let tasks: Vec<Mutex<Task>> = tasks.into_iter().map(Mutex::new).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let backends = on_every_backend(|backend| {
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                let mut task = task.lock().expect("one thread takes a task");
                let Task { subject, maps } = &mut *task;
                maps.iter_mut().for_each(|(map, plain)| check(&mut **subject, map, plain, backend));
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    });
    let name = |task: &Mutex<Task>| task.lock().expect("no thread is left").subject.name();
    let names: BTreeSet<String> = tasks.iter().map(name).collect();
    let pairs: BTreeSet<&str> = names.iter().filter_map(|name| name.rsplit_once(", ")).map(|(pair, _)| pair).collect();
    let maps: usize = tasks.iter().map(|task| task.lock().expect("no thread is left").maps.len()).sum();
    println!("{} pairs, {} with the sums that are kept, {maps} maps", pairs.len(), names.len());
    println!("on {} backends: {}", backends.len(), backends.join(", "));
}

/// Lengths of less than some vectors, and of many blocks; odd values anywhere, or none.
#[test]
fn every_pair_on_every_backend() {
    let mut random = Random(seed());
    let maps = |random: &mut Random| {
        let lengths = [random.below(140), random.below(140), random.below(1200), random.below(5000)];
        let map = |pixels| Map { seed: random.next(), pixels, odd: (random.below(4) == 0).then(Vec::new) };
        lengths.map(map).map(|map| (map, None)).into()
    };
    run(table::table().into_iter().map(|subject| Task { subject, maps: maps(&mut random) }).collect());
}

/// The quick sweep stops at an odd value, the careful one takes 2¹⁴ pixels or, where fewer than a vector would be left,
/// the rest, and the quick one goes on: at the first pixel and the last, within a vector of each end, at a multiple of
/// what the careful one takes after the last stop, and anywhere.
#[test]
fn quick_and_careful_sweeps_take_turns() {
    const CAREFUL: usize = 1 << 14;
    let one_of = |random: &mut Random, places: [usize; 4]| places[random.below(4)];
    let near = |random: &mut Random, at: usize| (at + random.below(131)).saturating_sub(65);
    let mut random = Random(seed());
    let maps = |random: &mut Random| {
        let place = one_of(random, [0, 64, 4096, CAREFUL]);
        let first = near(random, place);
        let place = one_of(random, [65, CAREFUL, CAREFUL + 64, 2 * CAREFUL + 64]);
        let rest = near(random, place);
        let pixels = first + 1 + rest;
        let mut odd = vec![first];
        for _ in 0..random.below(3) {
            let anywhere = random.below(pixels);
            let place = one_of(random, [first + CAREFUL, pixels, anywhere, first]);
            odd.push(near(random, place).min(pixels - 1));
        }
        vec![(Map { seed: random.next(), pixels, odd: Some(odd) }, None)]
    };
    run(table::long().into_iter().map(|subject| Task { subject, maps: maps(&mut random) }).collect());
}
