"""Runs the peers themselves on drawn batches and writes reductions.json: classes, reductions, weights, masks.

    python -m venv peers && peers/bin/pip install torch==2.15.0 monai==1.6.1 segmentation-models-pytorch==0.6.0 \
        torchmetrics==1.9.0 kornia==0.9.0 keras==3.15.1 cmsisdsp==1.10.3
    peers/bin/pip install --no-deps nnunetv2==2.8.1
    KERAS_BACKEND=torch peers/bin/python tests/data/peers/reductions.py tests/data/peers/reductions.json

Everything is drawn from one fixed seed and computed in double precision, so that the tolerance of the test (1e-6) is one
of formulas and not of the peers' single precision. Run it by hand: the peers are large and CI reads only the JSON.
Of nnU-Net its own functions are run without the packages that read and write its files.
The versions that were run stand in the JSON. Values are kept as integers: a logit is n/16, a probability n/64, a code n/255.
"""

import itertools
import json
import math
import os
import sys
import warnings
from importlib.metadata import version
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

os.environ.setdefault("KERAS_BACKEND", "torch")
warnings.filterwarnings("ignore")

import cmsisdsp
import kornia
import monai
import numpy as np
import segmentation_models_pytorch as smp
import torch
import torchmetrics
import torchmetrics.segmentation as tms
from kornia.losses import DiceLoss as KorniaDice, TverskyLoss as KorniaTversky
from monai.losses import DiceCELoss, DiceLoss, GeneralizedDiceLoss, MaskedDiceLoss, TverskyLoss
from monai.metrics import DiceMetric, GeneralizedDiceScore, MeanIoU

import keras

# Readers, writers and plans, which no formula needs.
for absent in ("batchgenerators", "batchgenerators.utilities", "batchgenerators.utilities.file_and_folder_operations",
               "nnunetv2.configuration", "nnunetv2.imageio", "nnunetv2.imageio.base_reader_writer",
               "nnunetv2.imageio.reader_writer_registry", "nnunetv2.imageio.simpleitk_reader_writer",
               "nnunetv2.utilities.json_export", "nnunetv2.utilities.plans_handling",
               "nnunetv2.utilities.plans_handling.plans_handler"):
    sys.modules[absent] = MagicMock()
import nnunetv2.evaluation.evaluate_predictions as nnunet_evaluation
from nnunetv2.training.loss.dice import MemoryEfficientSoftDiceLoss, SoftDiceLoss

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(20261129)
SIDE = 4
PIXELS = SIDE * SIDE

inputs, cases = [], []


def draw(items, classes, kind):
    """A batch, with everything that any peer may be given of it."""
    labels = max(classes, 2)
    target = rng.integers(0, labels, (items, PIXELS))
    predicted = np.where(rng.random((items, PIXELS)) < 0.7, target, rng.integers(0, labels, (items, PIXELS)))
    many_t = (rng.random((items, classes, PIXELS)) < 0.4).astype(int)
    many_p = np.where(rng.random((items, classes, PIXELS)) < 0.75, many_t, 1 - many_t)
    last = labels - 1
    if kind == "absent in one":  # in the first item, predicted there all the same
        target[0][target[0] == last] = 0
        predicted[0][:2] = last
        many_t[0, -1], many_p[0, -1, :2] = 0, 1
    elif kind == "absent":  # everywhere, but predicted
        target[target == last] = 0
        predicted[:, 1] = last
        many_t[:, -1], many_p[:, -1, :3] = 0, 1
    elif kind == "empty":  # neither labelled nor predicted
        target[target == last] = 0
        predicted[predicted == last] = 0
        many_t[:, -1], many_p[:, -1] = 0, 0
    elif kind == "background":  # nothing but background in the first item, in both maps
        target[0], predicted[0] = 0, 0
        many_t[0], many_p[0] = 0, 0
    elif kind == "all background":
        target[:], many_t[:] = 0, 0
    channel = np.arange(classes)[None, :, None]
    if classes == 1:
        near = np.where(predicted[:, None, :] == 1, 10, -10)
    else:
        near = np.where(predicted[:, None, :] == channel, 24, 0)
    # No two channels of a pixel are equal: the remainder of 4 is the channel's own.
    logits = (near + rng.integers(-20, 21, (items, classes, PIXELS))) // 4 * 4 + channel
    codes = rng.integers(1, 90, (items, classes, PIXELS))
    if classes > 1:  # channels of a pixel that sum to 255, none of them 0
        codes = codes * 100 // codes.sum(1, keepdims=True) + 1
        codes[:, 0] += 255 - codes.sum(1)
        assert codes.min() > 0 and (codes.sum(1) == 255).all()
    ignoring = np.where(rng.random((items, PIXELS)) < 0.25, 255, target)
    inputs.append({
        "items": items, "classes": classes, "pixels": PIXELS, "kind": kind,
        "logits": logits, "probabilities": rng.integers(0, 65, (items, classes, PIXELS)), "codes": codes,
        "soft": rng.integers(0, 65, (items, classes, PIXELS)) * (many_t if kind != "mixed" else 1),
        "predicted": predicted, "labels": target, "ignoring": ignoring,
        "many_predicted": many_p, "many": many_t, "mask": (rng.random((items, PIXELS)) < 0.6).astype(int),
    })


for items, classes in itertools.product((1, 2, 5), (1, 2, 3, 4)):
    for kind in ("mixed", "absent in one", "absent", "empty", "background", "all background"):
        if (items, kind) != (1, "absent in one"):
            draw(items, classes, kind)


def tensor(batch, name, scale=1.0):
    array = np.asarray(batch[name])
    return torch.as_tensor(array.reshape(*array.shape[:-1], SIDE, SIDE) * scale)


def logits(batch):
    return tensor(batch, "logits", 1 / 16)


def probabilities(batch):
    return tensor(batch, "probabilities", 1 / 64)


def labels(batch, name="labels"):
    return tensor(batch, name).long()


def hot(batch, name):
    """Label maps as MONAI wants them: one-hot, or the map itself of a single channel."""
    c = batch["classes"]
    return torch.nn.functional.one_hot(labels(batch, name), c).movedim(-1, 1) if c > 1 else labels(batch, name)[:, None]


def some(n, keep=lambda batch: True):
    """`n` drawn inputs, all batch sizes alike."""
    fitting = [[i for i, b in enumerate(inputs) if b["items"] == size and keep(b)] for size in (1, 2, 5)]
    return [int(rng.choice(fitting[k % 3])) for k in range(n)]


def pick(*options):
    return options[int(rng.integers(len(options)))]


def plain(value):
    """A tensor as a flat list; NaN and infinities as words, which JSON has no numbers for."""
    flat = np.atleast_1d(np.asarray(value.detach() if hasattr(value, "detach") else value, dtype=float)).reshape(-1)
    word = lambda x: "nan" if math.isnan(x) else ("inf" if x > 0 else "-inf") if math.isinf(x) else float(f"{x:.10g}")
    return [word(float(x)) for x in flat]


def case(peer, name, index, source, params, run):
    """What the peer gives, or that it refuses. `source` says which of the batch's maps it was given."""
    entry = {"peer": peer, "class": name, "input": index, "source": source, "params": params}
    try:
        entry["expected"] = plain(run(inputs[index]))
    except (ValueError, AssertionError, TypeError) as error:
        entry["raises"] = type(error).__name__
    cases.append(entry)


def drop(**params):
    return {k: v for k, v in params.items() if v is not None}


def monai_maps(batch, source, ignore=False):
    if source == "softmax, labels":
        return logits(batch), labels(batch, "ignoring" if ignore else "labels")[:, None].double()
    if source == "sigmoid, many":
        return logits(batch), tensor(batch, "many").double()
    if source == "probabilities, many":
        return probabilities(batch), tensor(batch, "many").double()
    return probabilities(batch), tensor(batch, "soft", 1 / 64)


def act(source):
    return {"softmax, labels": {"softmax": True, "to_onehot_y": True}, "sigmoid, many": {"sigmoid": True}}.get(source, {})


def weights(classes, background):
    n = classes - (0 if background or classes == 1 else 1)
    return [float(w) for w in rng.integers(0, 9, n) / 4 + 0.25]


def monai_losses():
    for index in some(84):
        c = inputs[index]["classes"]
        source = pick("softmax, labels", "sigmoid, many", "probabilities, soft", "probabilities, many")
        if c == 1 and source == "softmax, labels":
            source = "sigmoid, many"
        ignore = 255 if source == "softmax, labels" and pick(True, False, False) else None
        background = pick(True, True, False)
        smooth = pick(1e-5, 1e-5, 1e-3, 0.5)
        shared = drop(include_background=background, reduction=pick("mean", "sum", "none"), batch=pick(False, True),
                      smooth_nr=smooth, smooth_dr=pick(1e-5, smooth), ignore_index=ignore, soft_label=pick(False, False, True))
        params = dict(shared, squared_pred=pick(False, False, True), jaccard=pick(False, False, True),
                      **drop(weight=pick(None, weights(c, background))))
        case("monai", "DiceLoss", index, source, params,
             lambda b: DiceLoss(**act(source), **params)(*monai_maps(b, source, ignore)))
    for index in some(42):
        source = pick("softmax, labels", "sigmoid, many", "probabilities, soft")
        if inputs[index]["classes"] == 1 and source == "softmax, labels":
            source = "sigmoid, many"
        ignore = 255 if source == "softmax, labels" and pick(True, False) else None
        params = drop(alpha=pick(0.5, 0.3, 0.8), beta=pick(0.5, 0.7, 0.2), include_background=pick(True, False),
                      reduction=pick("mean", "sum", "none"), batch=pick(False, True), ignore_index=ignore,
                      soft_label=pick(False, True), smooth_nr=pick(1e-5, 0.1))
        case("monai", "TverskyLoss", index, source, params,
             lambda b: TverskyLoss(**act(source), **params)(*monai_maps(b, source, ignore)))
    for index in some(48):
        source = pick("softmax, labels", "sigmoid, many", "probabilities, soft", "probabilities, many")
        if inputs[index]["classes"] == 1 and source == "softmax, labels":
            source = "sigmoid, many"
        params = drop(w_type=pick("square", "simple", "uniform"), include_background=pick(True, False),
                      reduction=pick("mean", "sum", "none"), batch=pick(False, True), soft_label=pick(False, False, True))
        case("monai", "GeneralizedDiceLoss", index, source, params,
             lambda b: GeneralizedDiceLoss(**act(source), **params)(*monai_maps(b, source)))
    for index in some(42):
        c = inputs[index]["classes"]
        source = pick("softmax, labels", "sigmoid, labels", "sigmoid, many", "probabilities, soft")
        if c == 1 and source.endswith("labels"):
            source = "sigmoid, many"
        background = pick(True, False)
        params = drop(include_background=background, reduction=pick("mean", "sum", "none"), batch=pick(False, True),
                      squared_pred=pick(False, False, True), jaccard=pick(False, False, True),
                      smooth_nr=pick(1e-5, 1e-4), smooth_dr=pick(1e-5, 1e-4), weight=pick(None, weights(c, background)))
        mask = lambda b: tensor(b, "mask").double()[:, None]
        if source == "sigmoid, labels":
            run = lambda b: MaskedDiceLoss(sigmoid=True, to_onehot_y=True, **params)(
                logits(b), labels(b)[:, None].double(), mask(b))
        else:
            run = lambda b: MaskedDiceLoss(**act(source), **params)(*monai_maps(b, source), mask(b))
        case("monai", "MaskedDiceLoss", index, source, params, run)
    for index in some(36):
        c = inputs[index]["classes"]
        params = drop(include_background=pick(True, False), reduction=pick("mean", "sum"), batch=pick(False, True),
                      weight=pick(None, [float(w) for w in rng.integers(1, 9, c) / 4]), squared_pred=pick(False, True),
                      lambda_dice=pick(1.0, 0.25), lambda_ce=pick(1.0, 2.0), jaccard=pick(False, True))

        def run(b):
            codes = tensor(b, "codes").double()
            weight = torch.as_tensor(params["weight"]) if "weight" in params else None
            rest = {k: v for k, v in params.items() if k != "weight"}
            if c == 1:
                loss = DiceCELoss(sigmoid=True, weight=weight, **rest)
                return loss(torch.log(codes / (255 - codes)), labels(b)[:, None].double())
            return DiceCELoss(softmax=True, to_onehot_y=True, weight=weight, **rest)(
                torch.log(codes / 255), labels(b)[:, None].double())

        case("monai", "DiceCELoss", index, "codes, labels", params, run)
    # What the peer refuses, or what lies outside [0, 1].
    for index in some(6, lambda b: b["classes"] > 1):
        bad = pick([-1.0] * inputs[index]["classes"], [1.0] * 7)
        case("monai", "DiceLoss", index, "softmax, labels", {"weight": bad},
             lambda b: DiceLoss(softmax=True, to_onehot_y=True, weight=bad)(*monai_maps(b, "softmax, labels")))
    for index in some(6):
        case("monai", "DiceLoss", index, "raw, many", {}, lambda b: DiceLoss()(logits(b), tensor(b, "many").double()))


REDUCTIONS = ("mean", "sum", "mean_batch", "sum_batch", "mean_channel", "sum_channel", "none")


def in_two(batch):
    """Sizes of the batches that a metric is updated with."""
    return [batch["items"]] if batch["items"] == 1 or pick(True, False) else [1, batch["items"] - 1]


def metric(build, sizes, p, t):
    m, at = build(), 0
    for n in sizes:
        m(y_pred=p[at:at + n], y=t[at:at + n]) if hasattr(m, "aggregate") else m.update(p[at:at + n], t[at:at + n])
        at += n
    return m.aggregate() if hasattr(m, "aggregate") else m.compute()


def monai_metrics():
    for kind, build, n in (("DiceMetric", DiceMetric, 70), ("MeanIoU", MeanIoU, 63), ("GeneralizedDiceScore", GeneralizedDiceScore, 56)):
        for k, index in enumerate(some(n)):
            b = inputs[index]
            source = pick("predicted, labels", "many, many")
            background = pick(True, False)
            params = {"reduction": REDUCTIONS[(k // 3) % 7], "include_background": background}
            if build is GeneralizedDiceScore:
                params["weight_type"] = pick("square", "simple", "uniform")
            else:
                params["ignore_empty"] = pick(True, False)
            ignored = None
            if source == "predicted, labels" and b["classes"] > 2 and pick(True, False, False):
                ignored = params["ignore_index"] = int(rng.integers(b["classes"]))
            if build is DiceMetric and source == "predicted, labels" and b["classes"] > 1 and pick(True, False):
                params["num_classes"] = b["classes"]  # then MONAI takes label maps as they are
                p, t = labels(b, "predicted")[:, None], labels(b)[:, None]
            elif source == "many, many":
                p, t = tensor(b, "many_predicted").long(), tensor(b, "many").long()
            else:
                p, t = hot(b, "predicted"), hot(b, "labels")
            sizes = params["updates"] = in_two(b)
            rest = {key: v for key, v in params.items() if key != "updates"}
            case("monai", kind, index, source, params, lambda b: metric(lambda: build(**rest), sizes, p, t))


def smp_losses():
    for k, index in enumerate(some(75)):
        b = inputs[index]
        c = b["classes"]
        mode = "binary" if c == 1 else pick("multiclass", "multilabel")
        name = ("DiceLoss", "JaccardLoss", "TverskyLoss")[k % 3]
        ignore = pick(None, None, 255) if mode != "multilabel" else None
        shared = drop(mode=mode, smooth=pick(0.0, 0.0, 1.0), log_loss=pick(False, True), ignore_index=ignore)
        if mode != "binary":
            shared |= drop(classes=pick(None, None, [0, c - 1]), class_weights=pick(None, [float(w) for w in rng.integers(1, 9, c) / 4]))
        extra = {"alpha": pick(0.3, 0.7), "beta": pick(0.7, 0.6), "gamma": pick(1.0, 0.75, 2.0)} if name == "TverskyLoss" else {}
        target = lambda b: tensor(b, "many") if mode == "multilabel" else labels(b, "ignoring" if ignore else "labels")
        case("smp", name, index, {"multilabel": "sigmoid, many", "binary": "sigmoid, labels"}.get(mode, "softmax, labels"), shared | extra,
             lambda b: getattr(smp.losses, name)(**shared, **extra)(logits(b), target(b)))
    for k, index in enumerate(some(9)):
        b = inputs[index]
        params = {"mode": "multilabel", "from_logits": False, "smooth": pick(0.0, 1.0)}
        case("smp", "DiceLoss", index, "probabilities, soft", params,
             lambda b: smp.losses.DiceLoss(**params)(probabilities(b), tensor(b, "soft", 1 / 64)))


MEASURES = ("f1_score", "iou_score", "fbeta_score", "accuracy", "sensitivity", "specificity", "balanced_accuracy",
            "positive_predictive_value", "negative_predictive_value", "false_negative_rate", "false_positive_rate",
            "false_discovery_rate", "false_omission_rate", "positive_likelihood_ratio", "negative_likelihood_ratio")
SMP_REDUCTIONS = ("micro", "macro", "weighted", "micro-imagewise", "macro-imagewise", "weighted-imagewise", "none")


def smp_metrics():
    for k, index in enumerate(some(126)):
        b = inputs[index]
        c = b["classes"]
        name = MEASURES[k % 15] if k % 2 else MEASURES[k % 3]
        reduction = SMP_REDUCTIONS[(k // 3) % 7]
        mode = "binary" if c == 1 else pick("multiclass", "multilabel")
        source = "predicted, labels"
        ignore = 255 if mode == "multiclass" and pick(True, False, False) else None
        if mode == "multilabel":
            source = pick("many, many", "threshold, many")
        params = drop(reduction=reduction, zero_division=pick(1.0, 0.0, 0.5), mode=mode, ignore_index=ignore,
                      class_weights=[float(w) for w in rng.integers(1, 9, c) / 4] if "weighted" in reduction or pick(True, False, False) else None)
        if c == 1 and "class_weights" in params:
            params["class_weights"] = [2.0]
        if name == "fbeta_score":
            params["beta"] = pick(1.0, 2.0, 0.5)
        if source == "threshold, many":
            params["threshold"] = pick(0.5, 0.25)

        def run(b):
            if source == "threshold, many":
                stats = smp.metrics.get_stats(probabilities(b), tensor(b, "many").long(), mode, threshold=params["threshold"])
            elif source == "many, many":
                stats = smp.metrics.get_stats(tensor(b, "many_predicted").long(), tensor(b, "many").long(), mode)
            elif mode == "binary":
                stats = smp.metrics.get_stats(hot(b, "predicted"), hot(b, "labels"), mode)
            else:
                stats = smp.metrics.get_stats(labels(b, "predicted"), labels(b, "ignoring" if ignore else "labels"), mode,
                                              num_classes=c, ignore_index=ignore)
            keep = {k: v for k, v in params.items() if k in ("reduction", "zero_division", "class_weights", "beta")}
            return getattr(smp.metrics, name)(*stats, **keep)

        case("smp", name, index, source, params, run)
    for index in some(3, lambda b: b["classes"] > 1):
        case("smp", "f1_score", index, "predicted, labels", {"reduction": "weighted", "mode": "multiclass"},
             lambda b: smp.metrics.f1_score(*smp.metrics.get_stats(labels(b, "predicted"), labels(b), "multiclass",
                                                                   num_classes=b["classes"]), reduction="weighted"))


def torchmetrics_all():
    for kind, build, n in (("DiceScore", tms.DiceScore, 72), ("MeanIoU", tms.MeanIoU, 48), ("GeneralizedDiceScore", tms.GeneralizedDiceScore, 60)):
        for k, index in enumerate(some(n, lambda b: b["classes"] > 1)):
            b = inputs[index]
            form = pick("index", "one-hot", "mixed")
            params = {"include_background": pick(True, False), "input_format": form}
            if build is tms.DiceScore:
                params |= {"average": ("micro", "macro", "weighted", "none")[k % 4], "aggregation_level": pick("samplewise", "samplewise", "global")}
            elif build is tms.MeanIoU:
                params["per_class"] = pick(True, False)
            else:
                params |= {"per_class": pick(True, False), "weight_type": pick("square", "simple", "linear")}
            if form == "index":
                source, p, t = "predicted, labels", labels(b, "predicted"), labels(b)
            elif form == "one-hot":
                source, p, t = "many, many", tensor(b, "many_predicted").long(), tensor(b, "many").long()
            else:
                source, p, t = "argmax, labels", logits(b), labels(b)
            sizes = params["updates"] = in_two(b)
            rest = {key: v for key, v in params.items() if key != "updates"}
            case("torchmetrics", kind, index, source, params,
                 lambda b: metric(lambda: build(num_classes=b["classes"], **rest), sizes, p, t))


def kornia_all():
    for index in some(48, lambda b: b["classes"] > 1):
        c = inputs[index]["classes"]
        ignore = pick(None, 255)
        weight = pick(None, [float(w) for w in rng.integers(1, 9, c) / 4])
        params = drop(average=pick("micro", "macro"), eps=pick(1e-8, 1e-2), ignore_index=ignore, weight=weight)
        rest = {k: v for k, v in params.items() if k != "weight"}
        case("kornia", "DiceLoss", index, "softmax, labels", params,
             lambda b: KorniaDice(weight=None if weight is None else torch.as_tensor(weight), **rest)(
                 logits(b), labels(b, "ignoring" if ignore else "labels")))
    for index in some(30, lambda b: b["classes"] > 1):
        ignore = pick(None, 255)
        params = drop(alpha=pick(0.5, 0.3), beta=pick(0.5, 0.9), eps=pick(1e-8, 1e-2), ignore_index=ignore)
        case("kornia", "TverskyLoss", index, "softmax, labels", params,
             lambda b: KorniaTversky(**params)(logits(b), labels(b, "ignoring" if ignore else "labels")))


def keras_all():
    for index in some(36):
        name = pick("Dice", "Tversky")
        axis = pick(None, [1, 2, 3], [1, 2], [0, 1, 2])
        params = drop(axis=axis, reduction=pick("sum_over_batch_size", "sum", "none"))
        if name == "Tversky":
            params |= {"alpha": pick(0.5, 0.3), "beta": pick(0.5, 0.8)}
        channels_last = lambda x: x.movedim(1, -1)

        def run(b):
            loss = getattr(keras.losses, name)(**{k: tuple(v) if k == "axis" else v for k, v in params.items()}, dtype="float64")
            return loss(channels_last(tensor(b, "soft", 1 / 64)), channels_last(probabilities(b))).cpu()

        case("keras", name, index, "probabilities, soft", params, run)


def cmsis_all():
    names = ("dice", "hamming", "jaccard", "kulsinski", "rogerstanimoto", "russellrao", "sokalmichener", "sokalsneath", "yule",
             "braycurtis")
    for k, index in enumerate(some(60, lambda b: b["kind"] in ("mixed", "absent in one"))):
        name = names[k % len(names)]

        def run(b):
            maps = [np.asarray(b[m])[0, 0] for m in ("many_predicted", "many")]
            if name == "braycurtis":
                p, t = (np.asarray(b[m])[0, 0].astype(np.float32) / 64 for m in ("probabilities", "soft"))
                return cmsisdsp.arm_braycurtis_distance_f32(p, t)
            # Whole words, the first pixel highest; what pads the last word is not counted.
            words = [np.packbits(np.pad(bits, (0, -len(bits) % 32))).view(">u4").astype(np.uint32) for bits in maps]
            return getattr(cmsisdsp, f"arm_{name}_distance")(*words, PIXELS)

        case("cmsis", name, index, "probabilities, soft" if name == "braycurtis" else "many, many", {}, run)


def every():
    """Every combination of a class with its reductions and its rules for empty classes, on batches in which they differ."""
    def of(items, classes, kind):
        return next(i for i, b in enumerate(inputs) if (b["items"], b["classes"], b["kind"]) == (items, classes, kind))

    flags = (True, False)
    some_inputs = [of(2, 3, "absent in one"), of(5, 3, "empty"), of(2, 3, "background"), of(5, 1, "background")]
    for index in some_inputs:
        b = inputs[index]
        sizes = [b["items"]]
        p, t = hot(b, "predicted"), hot(b, "labels")
        for reduction, background in itertools.product(REDUCTIONS, flags):
            base = {"reduction": reduction, "include_background": background, "updates": sizes}
            for kind, build in (("DiceMetric", DiceMetric), ("MeanIoU", MeanIoU)):
                for ignore_empty in flags:
                    rest = {"reduction": reduction, "include_background": background, "ignore_empty": ignore_empty}
                    case("monai", kind, index, "predicted, labels", base | {"ignore_empty": ignore_empty},
                         lambda b: metric(lambda: build(**rest), sizes, p, t))
            for weight in ("square", "simple", "uniform"):
                rest = {"reduction": reduction, "include_background": background, "weight_type": weight}
                case("monai", "GeneralizedDiceScore", index, "predicted, labels", base | {"weight_type": weight},
                     lambda b: metric(lambda: GeneralizedDiceScore(**rest), sizes, p, t))
        for source in (("softmax, labels" if b["classes"] > 1 else "sigmoid, many"), "probabilities, soft"):
            for reduction, background, batch, soft in itertools.product(("mean", "sum", "none"), flags, flags, flags):
                base = {"reduction": reduction, "include_background": background, "batch": batch}
                for squared, jaccard in itertools.product(flags, flags):
                    params = base | {"squared_pred": squared, "jaccard": jaccard}
                    if soft:
                        params["soft_label"] = True
                    case("monai", "DiceLoss", index, source, params,
                         lambda b: DiceLoss(**act(source), **params)(*monai_maps(b, source)))
                    if not soft and not (squared and jaccard):
                        case("monai", "MaskedDiceLoss", index, source, params, lambda b: MaskedDiceLoss(
                            **act(source), **params)(*monai_maps(b, source), tensor(b, "mask").double()[:, None]))
                tversky = base | {"soft_label": soft, "alpha": 0.3, "beta": 0.7}
                case("monai", "TverskyLoss", index, source, tversky,
                     lambda b: TverskyLoss(**act(source), **tversky)(*monai_maps(b, source)))
                for w_type in ("square", "simple", "uniform"):
                    general = base | {"soft_label": soft, "w_type": w_type}
                    case("monai", "GeneralizedDiceLoss", index, source, general,
                         lambda b: GeneralizedDiceLoss(**act(source), **general)(*monai_maps(b, source)))
    for index in some_inputs[:3]:
        b = inputs[index]
        sizes, c = [b["items"]], b["classes"]
        p, t = labels(b, "predicted"), labels(b)
        base = {"input_format": "index", "updates": sizes}
        for background in flags:
            for average, level in itertools.product(("micro", "macro", "weighted", "none"), ("samplewise", "global")):
                rest = {"include_background": background, "average": average, "aggregation_level": level, "input_format": "index"}
                case("torchmetrics", "DiceScore", index, "predicted, labels", base | rest,
                     lambda b: metric(lambda: tms.DiceScore(num_classes=c, **rest), sizes, p, t))
            for per_class in flags:
                rest = {"include_background": background, "per_class": per_class, "input_format": "index"}
                case("torchmetrics", "MeanIoU", index, "predicted, labels", base | rest,
                     lambda b: metric(lambda: tms.MeanIoU(num_classes=c, **rest), sizes, p, t))
                for weight in ("square", "simple", "linear"):
                    rest2 = rest | {"weight_type": weight}
                    case("torchmetrics", "GeneralizedDiceScore", index, "predicted, labels", base | rest2,
                         lambda b: metric(lambda: tms.GeneralizedDiceScore(num_classes=c, **rest2), sizes, p, t))
        for name, reduction, zero in itertools.product(MEASURES, SMP_REDUCTIONS, (1.0, 0.0)):
            params = {"reduction": reduction, "zero_division": zero, "mode": "multiclass"}
            if "weighted" in reduction:
                params["class_weights"] = [1.0, 2.0, 0.5]

            def run(b):
                stats = smp.metrics.get_stats(p, t, "multiclass", num_classes=c)
                keep = {k: v for k, v in params.items() if k in ("reduction", "zero_division", "class_weights")}
                return getattr(smp.metrics, name)(*stats, **keep)

            case("smp", name, index, "predicted, labels", params, run)
        for average in ("micro", "macro"):
            case("kornia", "DiceLoss", index, "softmax, labels", {"average": average},
                 lambda b: KorniaDice(average=average)(logits(b), labels(b)))
        for name, axis, reduction in itertools.product(
                ("Dice", "Tversky"), (None, [1, 2, 3], [1, 2], [0, 1, 2]), ("sum_over_batch_size", "sum", "none")):
            params = drop(axis=axis, reduction=reduction) | ({"alpha": 0.3, "beta": 0.7} if name == "Tversky" else {})
            case("keras", name, index, "probabilities, soft", params, lambda b: getattr(keras.losses, name)(
                **{k: tuple(v) if k == "axis" else v for k, v in params.items()}, dtype="float64")(
                tensor(b, "soft", 1 / 64).movedim(1, -1), probabilities(b).movedim(1, -1)).cpu())


def smoothed_labels():
    for index in some(30):
        c = inputs[index]["classes"]
        params = drop(reduction=pick("mean", "sum"), weight=pick(None, [float(w) for w in rng.integers(1, 9, c) / 4]),
                      label_smoothing=pick(0.1, 0.5, 1.0), include_background=pick(True, False))

        def run(b):
            codes = tensor(b, "codes").double()
            weight = torch.as_tensor(params["weight"]) if "weight" in params else None
            rest = {k: v for k, v in params.items() if k != "weight"}
            if c == 1:
                return DiceCELoss(sigmoid=True, weight=weight, **rest)(torch.log(codes / (255 - codes)), labels(b)[:, None].double())
            return DiceCELoss(softmax=True, to_onehot_y=True, weight=weight, **rest)(torch.log(codes / 255), labels(b)[:, None].double())

        case("monai", "DiceCELoss", index, "codes, labels", params, run)


def nnunet_all():
    softmax = lambda x: torch.softmax(x, 1)
    for k, index in enumerate(some(60, lambda b: b["classes"] > 1)):
        build = (SoftDiceLoss, MemoryEfficientSoftDiceLoss)[k % 2]
        params = {"batch_dice": pick(False, True), "do_bg": pick(True, False), "smooth": pick(1e-5, 1.0, 0.0)}
        masked = pick(False, True)

        def run(b):
            mask = tensor(b, "mask").double()[:, None] if masked else None
            return build(apply_nonlin=softmax, ddp=False, **params)(logits(b), labels(b)[:, None], mask)

        case("nnunet", build.__name__, index, "softmax, labels", params | {"loss_mask": masked}, run)
    for index in some(36, lambda b: b["classes"] > 1):
        ignore = pick(None, 255)

        def run(b):
            """The frames of the batch as a folder of cases: the peer's own function, files and processes apart."""
            folders = {"predicted": np.asarray(b["predicted"]), "reference": np.asarray(b["ignoring" if ignore else "labels"])}
            wanted = list(range(b["classes"]))
            pool = MagicMock()
            pool.__enter__.return_value.starmap = lambda call, all: [call(*one) for one in all]
            reader = SimpleNamespace(read_seg=lambda path: (folders[path[0]][path[1]].reshape(SIDE, SIDE), {}))
            with patch.object(nnunet_evaluation, "subfiles", lambda folder, **_: list(range(b["items"]))), \
                    patch.object(nnunet_evaluation, "join", lambda folder, name: (folder, name)), \
                    patch.object(nnunet_evaluation.multiprocessing, "get_context", lambda _: SimpleNamespace(Pool=lambda _: pool)):
                found = nnunet_evaluation.compute_metrics_on_folder("reference", "predicted", None, reader, "", wanted, ignore)
            names = ("Dice", "IoU", "TP", "FP", "FN", "TN", "n_pred", "n_ref")
            means = [found["mean"][label][name] for label in wanted for name in names]
            return np.array(means + [found["foreground_mean"][name] for name in ("Dice", "IoU")])

        case("nnunet", "compute_metrics_on_folder", index, "predicted, labels", drop(ignore_label=ignore), run)


for group in (monai_losses, monai_metrics, smp_losses, smp_metrics, torchmetrics_all, kornia_all, keras_all, cmsis_all, every, smoothed_labels,
              nnunet_all):
    before = len(cases)
    group()
    print(group.__name__, len(cases) - before)

versions = {m.__name__: m.__version__ for m in (torch, monai, smp, torchmetrics, kornia, keras, np)} | {name: version(name) for name in ("cmsisdsp", "nnunetv2")}
for batch in inputs:
    for name, value in batch.items():
        if isinstance(value, np.ndarray):
            batch[name] = value.reshape(-1).tolist()
with open(sys.argv[1], "w") as file:
    file.write('{"versions":' + json.dumps(versions) + ',\n"inputs":[\n')
    file.write(",\n".join(json.dumps(b, separators=(",", ":")) for b in inputs) + '],\n"cases":[\n')
    file.write(",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "]}\n")
print(len(inputs), "batches,", len(cases), "cases,", os.path.getsize(sys.argv[1]), "bytes;", versions)
