"""kornia 0.9.0: losses of logits (N, C, H, W) of float32 against labels (N, H, W) of uint8. `ignore_index` is a label from 0 to
255; kornia's default of −100 is none that a byte can bear, and None here."""

from __future__ import annotations

import numpy

from . import _kernel
from ._metric import shown


class DiceLoss:
    """`kornia.losses.DiceLoss`; `average` is "micro" or "macro"."""

    def __init__(self, average: str = "micro", eps: float = 1e-8, weight: list[float] | None = None,
                 ignore_index: int | None = None) -> None:
        self.average, self.eps, self.weight, self.ignore_index = average, eps, weight, ignore_index

    def __call__(self, pred: numpy.ndarray, target: numpy.ndarray) -> float:
        batch = _kernel.class_sums(pred, target, activation="softmax", ignore=self.ignore_index)
        return _kernel.kornia_dice(batch, self.average, self.eps, self.weight)

    __repr__ = shown


class TverskyLoss:
    """`kornia.losses.TverskyLoss`: alpha weighs false positives, beta false negatives."""

    def __init__(self, alpha: float, beta: float, eps: float = 1e-8, ignore_index: int | None = None) -> None:
        self.alpha, self.beta, self.eps, self.ignore_index = alpha, beta, eps, ignore_index

    def __call__(self, pred: numpy.ndarray, target: numpy.ndarray) -> float:
        batch = _kernel.class_sums(pred, target, activation="softmax", ignore=self.ignore_index)
        return _kernel.kornia_tversky(batch, self.alpha, self.beta, self.eps)

    __repr__ = shown
