"""Exact streaming soft Dice for segmentation: the device's own kernel, on numpy arrays without copying.

Sums come first, scores second. `sums` takes one class, `class_sums` a batch of many; both read the arrays where they lie and
give exact integers, equal to those that a device would send. A `Score` is taken of sums. The losses and metrics of MONAI,
segmentation-models-pytorch, torchmetrics, nnU-Net, Keras and kornia are objects of the modules of those names, with their own
options: `soft_dice.monai.DiceLoss(softmax=True, to_onehot_y=True)(logits, labels)`.

Arrays are in C order, or made of rows that are (a crop of a larger image); any other is refused with an error, never
copied. While pixels are read the GIL is released: the arrays must not be written by another thread meanwhile.
"""

from . import keras, kornia, monai, nnunet, smp, torchmetrics
from ._kernel import (
    Batch,
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
    class_sums,
    confidence,
    gradient,
    sums,
    tune,
)
from .compare import Comparison, compare
from .plot import plot_watch

__all__ = [
    "Batch", "Comparison", "Element", "Histogram", "Score", "SeenFrame", "SoftDiceError", "Sums", "Watch", "__version__", "agreement",
    "backend", "calibrate", "class_sums", "compare", "confidence", "gradient", "keras", "kornia", "monai", "nnunet", "plot_watch",
    "smp", "sums", "torchmetrics", "tune",
]
