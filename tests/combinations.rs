//! What the cases of the frameworks cover: `reductions` compares them all.

mod support {
    pub mod data;
}

use serde_json::Value;
use support::data::{json, shipped};

/// A parameter as JSON writes it.
fn text(value: &Value) -> String {
    value.to_string()
}

/// The cases hold every combination of a class with its reductions and its rules for empty classes: each of them is compared
/// in `reductions`. No type lets a framework's formula meet another reduction than its own: no preset gives a `Score` or an `Average`.
#[test]
fn every_combination_is_among_the_cases() {
    let file = json(&shipped().join("peers/reductions.json"));
    let burns = json(&shipped().join("peers/burn.json"));
    let cases: Vec<&Value> = [&file, &burns].into_iter().flat_map(|file| file["cases"].as_array().unwrap()).collect();
    let flag = || vec!["true", "false"];
    let words = |words: &[&'static str]| words.to_vec();
    let all = words(&[
        "\"mean\"",
        "\"sum\"",
        "\"mean_batch\"",
        "\"sum_batch\"",
        "\"mean_channel\"",
        "\"sum_channel\"",
        "\"none\"",
    ]);
    let losses = words(&["\"mean\"", "\"sum\"", "\"none\""]);
    let volumes = words(&["\"square\"", "\"simple\"", "\"uniform\""]);
    let stats = words(&[
        "\"micro\"",
        "\"macro\"",
        "\"weighted\"",
        "\"micro-imagewise\"",
        "\"macro-imagewise\"",
        "\"weighted-imagewise\"",
        "\"none\"",
    ]);
    let averages = words(&["\"micro\"", "\"macro\"", "\"weighted\"", "\"none\""]);
    let weights = words(&["\"square\"", "\"simple\"", "\"linear\""]);
    let axes = words(&["null", "[1,2,3]", "[0,1,2]", "[1,2]"]);
    let kinds = words(&["\"sum_over_batch_size\"", "\"sum\"", "\"none\""]);
    let (background, batch) = (("include_background", flag()), ("batch", flag()));
    let mut table = vec![
        ("monai", "DiceMetric", vec![("reduction", all.clone()), background.clone(), ("ignore_empty", flag())]),
        ("monai", "MeanIoU", vec![("reduction", all.clone()), background.clone(), ("ignore_empty", flag())]),
        (
            "monai",
            "GeneralizedDiceScore",
            vec![("reduction", all), background.clone(), ("weight_type", volumes.clone())],
        ),
        (
            "monai",
            "DiceLoss",
            vec![
                ("reduction", losses.clone()),
                background.clone(),
                batch.clone(),
                ("squared_pred", flag()),
                ("jaccard", flag()),
            ],
        ),
        (
            "monai",
            "DiceCELoss",
            vec![("reduction", words(&["\"mean\"", "\"sum\""])), background.clone(), batch.clone()],
        ),
        ("monai", "MaskedDiceLoss", vec![("reduction", losses.clone()), background.clone(), batch.clone()]),
        (
            "monai",
            "TverskyLoss",
            vec![("reduction", losses.clone()), background.clone(), batch.clone(), ("soft_label", flag())],
        ),
        (
            "monai",
            "GeneralizedDiceLoss",
            vec![("reduction", losses), background.clone(), batch, ("soft_label", flag()), ("w_type", volumes)],
        ),
        (
            "torchmetrics",
            "DiceScore",
            vec![
                background.clone(),
                ("average", averages),
                ("aggregation_level", words(&["\"samplewise\"", "\"global\""])),
            ],
        ),
        ("torchmetrics", "MeanIoU", vec![background.clone(), ("per_class", flag())]),
        ("burn", "DiceMetric", vec![background.clone(), ("version", words(&["\"0.22.0-pre.2\"", "\"0.23.0-pre.1\""]))]),
        ("torchmetrics", "GeneralizedDiceScore", vec![background, ("per_class", flag()), ("weight_type", weights)]),
        ("kornia", "DiceLoss", vec![("average", words(&["\"micro\"", "\"macro\""]))]),
        ("keras", "Dice", vec![("axis", axes.clone()), ("reduction", kinds.clone())]),
        ("keras", "Tversky", vec![("axis", axes), ("reduction", kinds)]),
    ];
    for name in ["SoftDiceLoss", "MemoryEfficientSoftDiceLoss"] {
        table.push(("nnunet", name, vec![("batch_dice", flag()), ("do_bg", flag()), ("loss_mask", flag())]));
    }
    for name in [
        "f1_score",
        "fbeta_score",
        "iou_score",
        "accuracy",
        "sensitivity",
        "specificity",
        "balanced_accuracy",
        "positive_predictive_value",
        "negative_predictive_value",
        "false_negative_rate",
        "false_positive_rate",
        "false_discovery_rate",
        "false_omission_rate",
        "positive_likelihood_ratio",
        "negative_likelihood_ratio",
    ] {
        table.push(("smp", name, vec![("reduction", stats.clone())]));
    }
    let mut combinations = 0;
    for (peer, name, options) in table {
        let mut products = vec![Vec::new()];
        for (option, values) in options {
            products = products
                .into_iter()
                .flat_map(|so_far| values.iter().map(move |&value| [so_far.clone(), vec![(option, value)]].concat()))
                .collect();
        }
        for product in products {
            let there = cases.iter().any(|case| {
                case["peer"] == peer
                    && case["class"] == name
                    && product.iter().all(|(option, value)| text(&case["params"][*option]) == *value)
            });
            assert!(there, "no case of {peer} {name} with {product:?}");
            combinations += 1;
        }
    }
    println!("{combinations} combinations of class, reduction and rule, each with a case");
}
