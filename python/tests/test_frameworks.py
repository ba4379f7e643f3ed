"""The frameworks' objects in Python, against what the frameworks themselves gave: the cases of the library's own test."""

import json
from pathlib import Path

import numpy as np
import pytest
import soft_dice as sd
from soft_dice import burn, cmsis, keras, kornia, monai, nnunet, smp, torchmetrics

PEERS = Path(__file__).resolve().parents[2] / "tests/data/peers"
FILE = json.loads((PEERS / "reductions.json").read_text())
FILE["cases"] += json.loads((PEERS / "burn.json").read_text())["cases"]


def batch(raw):
    n, c, pixels = raw["items"], raw["classes"], raw["pixels"]
    maps = lambda name, unit, dtype: (np.array(raw[name]) * unit).astype(dtype).reshape(n, c, 4, 4)
    one = lambda name: np.array(raw[name], np.uint8).reshape(n, 4, 4)
    assert pixels == 16
    return {
        "logits": maps("logits", 1 / 16, np.float32), "probabilities": maps("probabilities", 1 / 64, np.float32),
        "soft": maps("soft", 1 / 64, np.float32), "codes": maps("codes", 1, np.uint8), "many": maps("many", 1, np.uint8),
        "many_predicted": maps("many_predicted", 1, np.uint8), "predicted": one("predicted"), "labels": one("labels"),
        "ignoring": one("ignoring"), "mask": one("mask"), "classes": c, "items": n,
    }


BATCHES = [batch(raw) for raw in FILE["inputs"]]


def maps(b, source, ignore):
    labels = b["ignoring" if ignore == 255 else "labels"][:, None]
    return {
        "softmax, labels": (b["logits"], labels), "sigmoid, labels": (b["logits"], labels), "sigmoid, many": (b["logits"], b["many"]),
        "probabilities, many": (b["probabilities"], b["many"]), "probabilities, soft": (b["probabilities"], b["soft"]),
        "raw, many": (b["logits"], b["many"]),
    }[source]


ACTS = {"softmax, labels": {"softmax": True, "to_onehot_y": True}, "sigmoid, labels": {"sigmoid": True, "to_onehot_y": True},
        "sigmoid, many": {"sigmoid": True}}


def split(params, *arrays):
    at = 0
    for n in params["updates"]:
        yield tuple(array[at:at + n] for array in arrays)
        at += n


def one_hot(b):
    """Prediction and labels as the frameworks' masks; those of a single class are masks already."""
    hot = lambda labels: np.ascontiguousarray(np.moveaxis(np.eye(b["classes"], dtype=np.uint8)[labels], -1, 1))
    return tuple(hot(b[name]) if b["classes"] > 1 else b[name][:, None] for name in ("predicted", "labels"))


def run(case):
    b, params, name, source = BATCHES[case["input"]], dict(case["params"]), case["class"], case["source"]
    if case["peer"] == "monai" and name == "DiceCELoss":
        return monai.DiceCELoss(**params)(b["codes"], b["labels"])
    if case["peer"] == "monai" and name.endswith("Loss"):
        loss = getattr(monai, name)(**ACTS.get(source, {}), **params)
        arrays = maps(b, source, params.get("ignore_index"))
        return loss(*arrays, b["mask"][:, None]) if name == "MaskedDiceLoss" else loss(*arrays)
    if case["peer"] == "monai":
        rest = {k: v for k, v in params.items() if k != "updates"}
        if source == "many, many":
            p, t = b["many_predicted"], b["many"]
        elif b["classes"] == 1:
            p, t = b["predicted"][:, None], b["labels"][:, None]
        elif "num_classes" in rest:
            p, t = b["predicted"][:, None], b["labels"][:, None]
        else:
            p, t = one_hot(b)
        metric = getattr(monai, name)(**rest)
        for pair in split(params, p, t):
            metric(*pair)
        return metric.aggregate()
    if case["peer"] == "smp" and name.endswith("Loss"):
        p = b["probabilities"] if source.startswith("prob") else b["logits"]
        t = b["soft"] if source.endswith("soft") else b["many"] if source.endswith("many") else b["ignoring" if params.get("ignore_index") else "labels"]
        return getattr(smp, name)(**params)(p, t)
    if case["peer"] == "smp":
        mode, ignore = params.pop("mode"), params.pop("ignore_index", None)
        threshold = params.pop("threshold", None)
        if mode == "multiclass":
            labels = b["ignoring" if ignore else "labels"]
            stats = smp.get_stats(b["predicted"], labels, mode, ignore_index=ignore, num_classes=b["classes"])
        elif mode == "binary":
            stats = smp.get_stats(b["predicted"][:, None], b["labels"][:, None], mode)
        elif threshold is not None:
            stats = smp.get_stats(b["probabilities"], b["many"], mode, threshold=threshold)
        else:
            stats = smp.get_stats(b["many_predicted"], b["many"], mode)
        return getattr(smp, name)(stats, **params)
    if case["peer"] == "torchmetrics":
        rest = {k: v for k, v in params.items() if k != "updates"}
        metric = getattr(torchmetrics, name)(num_classes=b["classes"], **rest)
        arrays = {"predicted, labels": (b["predicted"], b["labels"]), "many, many": (b["many_predicted"], b["many"]),
                  "argmax, labels": (b["logits"], b["labels"])}[source]
        for pair in split(params, *arrays):
            metric.update(*pair)
        return metric.compute()
    if case["peer"] == "kornia":
        return getattr(kornia, name)(**params)(b["logits"], b["ignoring" if params.get("ignore_index") else "labels"])
    if case["peer"] == "keras":
        if params.get("axis"):
            params["axis"] = tuple(params["axis"])
        last = lambda array: np.ascontiguousarray(np.moveaxis(array, 1, -1))
        return getattr(keras, name)(**params)(last(b["soft"]), last(b["probabilities"]))
    if case["peer"] == "nnunet" and name == "compute_metrics_on_folder":
        evaluation = nnunet.Evaluation(b["classes"], **params)
        for predicted, labels in zip(b["predicted"], b["ignoring" if params else "labels"]):
            evaluation.add(predicted, labels)
        found = evaluation.summary()
        names = ("Dice", "IoU", "TP", "FP", "FN", "TN", "n_pred", "n_ref")
        means = [found["mean"][str(label)][name] for label in range(b["classes"]) for name in names]
        return means + [found["foreground_mean"][name] for name in ("Dice", "IoU")]
    if case["peer"] == "nnunet":
        mask = b["mask"][:, None] if params.pop("loss_mask") else None
        return nnunet.SoftDiceLoss(**params)(b["logits"], b["labels"][:, None], mask)
    if case["peer"] == "burn":
        metric = burn.DiceMetric(params["epsilon"], params["include_background"], epoch=params["version"] == "0.23.0-pre.1")
        p, t = (b["many_predicted"], b["many"]) if source == "many, many" else one_hot(b)
        scores = []
        for pair in split(params, p, t):
            try:
                scores.append(metric(*pair))
            except sd.SoftDiceError as error:
                if error.args[0] != "Undefined":
                    raise
                scores.append(np.nan)
        # burn's own value is NaN from a NaN on; here that batch was refused and is not in it.
        return [*scores, np.nan if np.isnan(scores).any() else metric.value()]
    if name == "braycurtis":
        return cmsis.braycurtis(b["probabilities"][0, 0], b["soft"][0, 0])
    assert case["peer"] == "cmsis"
    return getattr(cmsis, name)(b["many_predicted"][0, 0], b["many"][0, 0])


@pytest.mark.parametrize("peer", ["monai", "smp", "torchmetrics", "kornia", "keras", "nnunet", "burn", "cmsis"])
def test_frameworks_with_their_reductions(peer):
    passed = refused = 0
    for case in (case for case in FILE["cases"] if case["peer"] == peer):
        what = f"{case['class']} {case['params']} of {case['input']}, {case['source']}"
        if "raises" in case or case["source"] == "raw, many":
            with pytest.raises(ValueError):
                run(case)
            refused += 1
            continue
        expected = np.array([float(x) for x in case["expected"]])
        try:
            got = run(case)
        except sd.SoftDiceError as error:
            # One number that is NaN there.
            assert error.args[0] == "Undefined" and np.isnan(expected).all(), f"{what}: {error}"
            got = np.nan
        got = np.ravel(np.asarray(got, float))
        assert got.shape == expected.shape, what
        assert np.allclose(got, expected, rtol=1e-6, atol=1e-6, equal_nan=True), f"{what}: {got} against {expected}"
        passed += 1
    print(f"{peer}: {passed} agree within 1e-6, {refused} refused")
    assert passed > 50
