//! The whole command over any files under any options: an error in one line, or a report whose sums hold every pixel,
//! and that can be written in every form.
#![no_main]

use arbitrary::Arbitrary;
use clap::{CommandFactory, FromArgMatches};
use libfuzzer_sys::fuzz_target;
use soft_dice_cli::args::{Cli, Command};
use soft_dice_cli::error::Outcome;
use soft_dice_cli::output::{csv, table};
use soft_dice_cli::{compare, report, score, scorer, watch};
use soft_dice_fuzz::Made;
use std::cell::RefCell;

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    command: u8,
    height: u8,
    width: u8,
    classes: u8,
    interleaved: bool,
    labels: bool,
    options: [Option<Chosen>; 4],
    files: [Made<'a>; 3],
    third: bool,
    /// The page takes longer than all the rest: of one in four.
    page: u8,
}

/// An option, and its value if it takes a number.
#[derive(Clone, Copy, Debug, Arbitrary)]
struct Chosen {
    option: u8,
    value: Value,
}

#[derive(Clone, Copy, Debug, Arbitrary)]
enum Value {
    Small(i8),
    Whole(i64),
    Part(u8),
    Float(f32),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Small(value) => value.fmt(f),
            Self::Whole(value) => value.fmt(f),
            Self::Part(value) => (f32::from(*value) / 256.0).fmt(f),
            Self::Float(value) => value.fmt(f),
        }
    }
}

/// `#` is the value.
const READ: &str = "--tflite --onnxruntime --scale=#,--zero-point=3 --scale=0.05,--zero-point=# --logits=sigmoid \
    --logits=softmax --range=exclude --range=clamp --layout=hw --layout=chw --layout=hwc --layout=nhw \
    --layout=nhwc --layout=whn --classes=#";
const TARGET: &str = "--target=mask --target=labels --target=soft --target=above --target=argmax --ignore=# \
    --target-threshold=# --target-layout=hwc --target-layout=chw --target-logits=sigmoid --target-label-offset=# \
    --target-label-map=1=0 --target-scale=#,--target-zero-point=3";
const SCORE: &str = "--form=squared --form=semimetric --preset=monai --preset=smp --preset=nnunet --preset=keras \
    --preset=kornia --preset=torchmetrics --threshold=# --argmax --empty=formula --empty=zero --confidence";
const COMPARE: &str = "--float-logits=sigmoid --float-logits=softmax --independent --threshold=#";
const WATCH: &str = "--threshold=# --calibrate=# --fall=# --false-alarm=# --learn=# --baseline=# --allowance=# \
    --limit=# --failing=#";

impl Input<'_> {
    /// The shapes of the files: of the first, the second, the third.
    fn shapes(&self) -> [Vec<u32>; 3] {
        let [height, width] = [self.height, self.width].map(|side| 1 + u32::from(side % 24));
        let classes = u32::from(1 + self.classes % 4);
        let plane = vec![height, width];
        let map = match (self.command % 3, classes) {
            (2, frames) => vec![4 * frames, height, width],
            (_, 1) => plane.clone(),
            _ if self.interleaved => vec![height, width, classes],
            _ => vec![classes, height, width],
        };
        let target = if self.labels { plane } else { map.clone() };
        match self.command % 3 {
            0 => [map, target, Vec::new()],
            1 => [map.clone(), map, target],
            _ => [map.clone(), map, Vec::new()],
        }
    }

    /// Runs it.
    fn run(&self) -> Outcome<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let (command, count, tables) = match self.command % 3 {
            0 => ("score", 2, [READ, TARGET, SCORE]),
            1 => ("compare", 2 + usize::from(self.third), [READ, TARGET, COMPARE]),
            _ => ("watch", 1 + usize::from(self.third), [READ, WATCH, ""]),
        };
        let mut words: Vec<String> = ["soft-dice", command, "--quiet", "--threads=1"].map(String::from).into();
        for (at, (made, shape)) in self.files.iter().zip(self.shapes()).take(count).enumerate() {
            let (file, kind, raw) = made.file(&shape);
            let path = folder.path().join(format!("{at}.{kind}"));
            std::fs::write(&path, file).expect("a file");
            words.push(path.display().to_string());
            // What the second file is, the options of the target say, where there are any.
            if let (Some(dtype), Some(shape), true) = (raw.dtype, raw.shape, at == 0) {
                let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
                words.extend([format!("--dtype={}", dtype.name()), format!("--shape={}", shape.join(","))]);
            }
        }
        let options: Vec<&str> = tables.iter().flat_map(|table| table.split_whitespace()).collect();
        for Chosen { option, value } in self.options.iter().flatten() {
            let option = options[usize::from(*option) % options.len()].replace('#', &value.to_string());
            words.extend(option.split(',').map(String::from));
        }
        // What clap refuses is clap's. To build its description takes longer than all the rest: once.
        thread_local!(static LINE: RefCell<clap::Command> = RefCell::new(Cli::command()));
        let parsed = LINE.with_borrow_mut(|line| line.try_get_matches_from_mut(words));
        let Ok(Cli { command, common }) = parsed.and_then(|found| Cli::from_arg_matches(&found)) else {
            return Ok(());
        };
        let page = self.page % 4 == 0;
        match command {
            Command::Score(args) => {
                let done = score::score(&args, &common)?;
                for file in done.files.each() {
                    let file = file.expect("as it was kept");
                    let pixels = (file.height * file.width) as u64;
                    let sums = |class: &soft_dice_cli::model::ClassScore| class.sums;
                    assert!(file.scores.classes.iter().map(sums).all(|s| s.count + s.ignored + s.invalid == pixels));
                }
                if page {
                    report::scores(&done, &scorer::Scorer::new(&args)?, None, &common)?;
                }
                table::scores(&done, 20)?;
                csv::scores(&done, lines(&mut Vec::new()))?;
                serde_json::to_string(&done).expect("JSON");
            }
            Command::Compare(args) => {
                let done = compare::compare(&args, &common)?;
                if page {
                    report::comparisons(&done, &compare::Comparer::new(&args), &common)?;
                }
                table::comparisons(&done, 20)?;
                csv::comparisons(&done, lines(&mut Vec::new()))?;
                serde_json::to_string(&done).expect("JSON");
            }
            // They read reports and what a device has sent, neither of which is made here.
            Command::Diff(_) | Command::Log(_) => {}
            Command::Watch(args) => {
                let done = watch::watch(&args, &common)?;
                watch::table::csv(&done, lines(&mut Vec::new()))?;
                let _ = (watch::table::text(&done, 20), watch::plot::picture(&done));
                let _ = (report::watched(&done, Some(&args)), serde_json::to_string(&done).expect("JSON"));
            }
        }
        Ok(())
    }
}

fn lines(file: &mut Vec<u8>) -> csv::Lines<'_> {
    csv::Lines::new(file)
}

fuzz_target!(|input: Input| {
    if let Err(failure) = input.run() {
        let said = failure.to_string();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains("; "), "{said}");
    }
});
