"""Exact streaming soft Dice for segmentation: the device's own kernel, on numpy arrays without copying.

Sums come first, scores second. `sums` takes one class, `class_sums` a batch of many; both read the arrays where they lie and
give exact integers, equal to those that a device would send. A `Score` is taken of sums. The losses and metrics of MONAI,
segmentation-models-pytorch, torchmetrics, nnU-Net, Keras, kornia and burn are objects of the modules of those names, with their own
options: `soft_dice.monai.DiceLoss(softmax=True, to_onehot_y=True)(logits, labels)`.

Of 8-bit maps a `Histogram` answers after one pass what else would take a pass each: soft scores, hard scores at every
threshold, cross-entropy, Brier score, calibration, areas under curves; `CodeCounts` needs no target.

Arrays are in C order, or made of rows that are (a crop of a larger image); any other is refused with an error, never
copied. While pixels are read the GIL is released: the arrays must not be written by another thread meanwhile.
"""

from . import burn, cmsis, keras, kornia, monai, nnunet, smp, torchmetrics
from ._kernel import (
    Batch,
    CodeCounts,
    Element,
    Histogram,
    Score,
    SeenFrame,
    SoftDiceError,
    Sums,
    Watch,
    __version__,
    agreement,
    backend,
    calibrate,
    channel_counts,
    class_histograms,
    class_sums,
    confidence,
    cross_entropy,
    gradient,
    sums,
    tune,
)
from .compare import Comparison, compare
from .plot import plot_watch

__all__ = [
    "Batch", "CodeCounts", "Comparison", "Element", "Histogram", "Score", "SeenFrame", "SoftDiceError", "Sums", "Watch", "__version__",
    "agreement", "backend", "burn", "calibrate", "channel_counts", "class_histograms", "class_sums", "cmsis", "compare", "confidence",
    "cross_entropy", "gradient", "keras", "kornia", "monai", "nnunet", "plot_watch", "smp", "sums", "torchmetrics", "tune",
]
