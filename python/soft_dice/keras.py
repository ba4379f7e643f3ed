"""Keras 3.15.1: `Dice` and `Tversky` of maps (N, H, W, C), float32."""

from __future__ import annotations

from typing import Any

import numpy

from . import _kernel
from ._metric import reshaped, shown


class Dice:
    """`keras.losses.Dice`, called as there: target first. Both maps are float32 in [0, 1], or the target a uint8 mask."""

    _tversky: tuple[float, float] | None = None

    def __init__(self, reduction: str = "sum_over_batch_size", axis: tuple[int, ...] | None = None) -> None:
        self.reduction, self.axis = reduction, axis

    def __call__(self, y_true: numpy.ndarray, y_pred: numpy.ndarray) -> Any:
        batch = _kernel.class_sums(y_pred, y_true, layout="nhwc")
        axis = None if self.axis is None else list(self.axis)
        return reshaped(_kernel.keras_loss(batch, self._tversky, axis, self.reduction), self.reduction)

    __repr__ = shown


class Tversky(Dice):
    """`keras.losses.Tversky` up to 3.15.1, whose alpha weighs false *negatives*."""

    def __init__(self, alpha: float = 0.5, beta: float = 0.5, reduction: str = "sum_over_batch_size",
                 axis: tuple[int, ...] | None = None) -> None:
        super().__init__(reduction, axis)
        self.alpha, self.beta, self._tversky = alpha, beta, (alpha, beta)
