//! Runs burn's own `DiceMetric` on the drawn batches of `reductions.json` and writes `burn.json`.
//!
//!     cargo run --manifest-path tests/data/peers/burn/Cargo.toml -- tests/data/peers/reductions.json tests/data/peers/burn.json
//!
//! Two versions, because they differ: 0.22.0-pre.2 gives the mean of the batches' scores by their sizes, 0.23.0-pre.1 the score of
//! the summed batches. Run it by hand: burn is large and CI reads only the JSON.

use serde_json::{Value, json};
use std::panic::catch_unwind;

/// One-hot maps of a batch, prediction and target, as nested `[items, classes, 1, pixels]`.
struct Maps {
    shape: [usize; 4],
    prediction: Vec<i32>,
    target: Vec<i32>,
}

fn ints(value: &Value) -> Vec<i32> {
    value.as_array().expect("a map").iter().map(|x| x.as_i64().expect("an integer") as i32).collect()
}

impl Maps {
    fn of(batch: &Value, source: &str) -> Self {
        let size = |name: &str| batch[name].as_u64().expect("a size") as usize;
        let (items, classes, pixels) = (size("items"), size("classes"), size("pixels"));
        // burn leaves the one-hot encoding to its caller; of a single class the map itself is the channel.
        let hot = |labels: Vec<i32>| {
            let plane = |item: usize, class: usize| {
                let labels = &labels[item * pixels..][..pixels];
                labels
                    .iter()
                    .map(move |&label| i32::from(label == class.max(usize::from(classes == 1)) as i32))
                    .collect::<Vec<_>>()
            };
            (0..items).flat_map(|item| (0..classes).flat_map(move |class| plane(item, class))).collect()
        };
        let [prediction, target] = match source {
            "predicted, labels" => ["predicted", "labels"].map(|name| hot(ints(&batch[name]))),
            "many, many" => ["many_predicted", "many"].map(|name| ints(&batch[name])),
            other => panic!("{other}"),
        };
        Self { shape: [items, classes, 1, pixels], prediction, target }
    }

    /// Some of the items.
    fn part(&self, first: usize, items: usize) -> Self {
        let [_, classes, rows, columns] = self.shape;
        let one = classes * rows * columns;
        let cut = |map: &[i32]| map[first * one..(first + items) * one].to_vec();
        Self { shape: [items, classes, rows, columns], prediction: cut(&self.prediction), target: cut(&self.target) }
    }
}

macro_rules! version {
    ($name:ident, $core:ident, $train:ident, $total:ident: $one:expr, $update:expr) => {
        /// The score of each batch, and that of all: `None` where burn panics.
        fn $name(batches: &[Maps], epsilon: f64, include_background: bool) -> Option<Vec<f64>> {
            use $core::data::dataloader::Progress;
            use $core::tensor::{Int, Tensor, TensorData};
            use $train::metric::vision::{DiceInput, DiceMetric, DiceMetricConfig};
            use $train::metric::{Metric, MetricMetadata, Numeric};
            catch_unwind(|| {
                let device = Default::default();
                let mut metric = DiceMetric::<4>::with_config(DiceMetricConfig { epsilon, include_background });
                let progress = Progress { items_processed: 1, $total: $one, unit: None };
                let metadata = MetricMetadata { progress, iteration: None, lr: None };
                let mut values = Vec::new();
                for maps in batches {
                    let [p, t] = [&maps.prediction, &maps.target]
                        .map(|map| Tensor::<4, Int>::from_data(TensorData::new(map.clone(), maps.shape), &device));
                    $update(metric.update(&DiceInput::new(p, t), &metadata));
                    values.push(metric.value().expect("a value").current());
                }
                let all = metric.final_value().current();
                assert_eq!(metric.running_value().expect("a value").current().to_bits(), all.to_bits());
                values.push(all);
                values
            })
            .ok()
        }
    };
}

version!(burn_22, core_22, train_22, items_total: 1, drop);
version!(burn_23, core_23, train_23, total: Some(1), |entry: Result<_, _>| entry.map(drop).expect("read"));

fn main() {
    let mut files = std::env::args().skip(1);
    let (from, to) = (files.next().expect("reductions.json"), files.next().expect("burn.json"));
    let drawn: Value = serde_json::from_str(&std::fs::read_to_string(from).expect("the drawn batches")).expect("JSON");
    // burn's refusals are panics, and are written down as such.
    std::panic::set_hook(Box::new(|_| {}));
    let mut cases = Vec::new();
    for (index, batch) in drawn["inputs"].as_array().expect("inputs").iter().enumerate() {
        let items = batch["items"].as_u64().expect("a size") as usize;
        let mut splits = vec![vec![items]];
        if items > 1 {
            splits.push(vec![1, items - 1]);
        }
        if items > 2 {
            splits.push(vec![1; items]);
        }
        // The kinds of batches come round every six.
        let source = ["predicted, labels", "many, many"][(index + index / 6) % 2];
        for updates in &splits {
            let maps = Maps::of(batch, source);
            let mut first = 0;
            let parts: Vec<Maps> = updates
                .iter()
                .map(|&items| {
                    first += items;
                    maps.part(first - items, items)
                })
                .collect();
            let rules = [(false, 1e-7), (true, 1e-7), (false, 0.5), (true, 0.0)];
            for &(background, epsilon) in &rules[..if updates.len() == 1 { 4 } else { 2 }] {
                for (version, run) in
                    [("0.22.0-pre.2", burn_22 as fn(&[Maps], f64, bool) -> _), ("0.23.0-pre.1", burn_23)]
                {
                    let params = json!({"include_background": background, "epsilon": epsilon, "updates": updates, "version": version});
                    let mut case = json!({"peer": "burn", "class": "DiceMetric", "input": index, "source": source, "params": params});
                    match run(&parts, epsilon, background) {
                        Some(values) => {
                            case["expected"] = values
                                .iter()
                                .map(|&x| if x.is_nan() { json!("nan") } else { json!((x * 1e10).round() / 1e10) })
                                .collect();
                        }
                        None => case["raises"] = json!("panic"),
                    }
                    cases.push(case.to_string());
                }
            }
        }
    }
    let head = json!({"burn-train": ["0.22.0-pre.2", "0.23.0-pre.1"]});
    std::fs::write(to, format!("{{\"versions\":{head},\n\"cases\":[\n{}]}}\n", cases.join(",\n"))).expect("written");
    println!("{} cases", cases.len());
}
