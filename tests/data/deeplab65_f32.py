"""What MONAI and segmentation-models-pytorch themselves give in float64 on a softmax map against its own argmax.

    python deeplab65_f32.py deeplab65/coffee_f32.npy deeplab65/chelsea_f32.npy > deeplab65_f32_expected.json

Run by hand, where the two are installed; nothing in the crate runs it.
"""

import json
import math
import sys
from importlib import metadata

import numpy as np
import torch
from monai.losses import DiceLoss, GeneralizedDiceLoss
from segmentation_models_pytorch.losses import DiceLoss as SmpDice
from segmentation_models_pytorch.losses import JaccardLoss as SmpJaccard

CLASSES = 21


def plain(value):
    value = value.detach().reshape(-1)
    return value.item() if len(value) == 1 else value.tolist()


def monai_losses(p, t):
    losses = {}
    for background in (True, False):
        name = f"include_background={background}"
        options = {"include_background": background, "reduction": "mean"}
        for extra in (
            {},
            {"squared_pred": True},
            {"jaccard": True},
            {"squared_pred": True, "jaccard": True},
            {"batch": True},
            {"reduction": "none"},
            {"reduction": "sum"},
        ):
            label = ",".join([name, *(f"{key}={value}" for key, value in extra.items())])
            losses[f"DiceLoss({label})"] = plain(DiceLoss(**{**options, **extra})(p, t))
        for weight in ("square", "simple", "uniform"):
            loss = GeneralizedDiceLoss(**options, w_type=weight)
            losses[f"GeneralizedDiceLoss({name},w_type={weight})"] = plain(loss(p, t))
    return losses


def smp_losses(p, labels):
    # smp takes logits; the logarithm of a probability is one, and log_softmax gives it back.
    logits = p.log()
    present = sorted(set(labels.unique().tolist()))
    return {
        "DiceLoss('multiclass')": plain(SmpDice("multiclass")(logits, labels)),
        "DiceLoss('multiclass',log_loss=True)": plain(SmpDice("multiclass", log_loss=True)(logits, labels)),
        "DiceLoss('multiclass',classes=present)": plain(SmpDice("multiclass", classes=present)(logits, labels)),
        "JaccardLoss('multiclass')": plain(SmpJaccard("multiclass")(logits, labels)),
    }


def case(path):
    pixels = np.load(path).reshape(-1, CLASSES).astype(np.float64)
    labels = pixels.argmax(axis=1)
    hot = np.eye(CLASSES)[labels]
    columns = lambda rows: [math.fsum(column) for column in rows.T]
    p, t = (torch.from_numpy(x.T.copy())[None] for x in (pixels, hot))
    return {
        "file": "/".join(path.split("/")[-2:]),
        "p": columns(pixels),
        "t": columns(hot),
        "pt": columns(pixels * hot),
        "monai_f64": monai_losses(p, t),
        "smp_f64": smp_losses(p, torch.from_numpy(labels)[None]),
    }


def main():
    names = ["monai", "segmentation-models-pytorch", "torch", "numpy"]
    note = (
        "float64 sums of the f32 softmax map against its own argmax (first maximum), and what the losses of MONAI and smp "
        "return for float64 tensors; deeplab65_f32.py"
    )
    out = {
        "versions": {name: metadata.version(name) for name in names},
        "note": note,
        "cases": [case(path) for path in sys.argv[1:]],
    }
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
