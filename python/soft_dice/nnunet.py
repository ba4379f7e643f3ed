"""nnU-Net 2.8.1: the loss that it trains with, and its evaluation."""

from __future__ import annotations

from typing import Any

import numpy

from . import _kernel
from ._metric import Running, shown


class SoftDiceLoss:
    """`SoftDiceLoss` and `MemoryEfficientSoftDiceLoss`: −score. nnU-Net's trainer passes `smooth=1e-5, do_bg=False`."""

    def __init__(self, batch_dice: bool = False, do_bg: bool = True, smooth: float = 1.0) -> None:
        self.batch_dice, self.do_bg, self.smooth = batch_dice, do_bg, smooth

    def of(self, batch: Any) -> float:
        """The loss of sums that were taken before."""
        return _kernel.nnunet_loss(batch, self.smooth, self.do_bg, self.batch_dice)

    def __call__(self, x: numpy.ndarray, y: numpy.ndarray, loss_mask: numpy.ndarray | None = None) -> float:
        """Logits (N, C, ...) of float32 (softmax is taken), labels (N, 1, ...) of uint8, a mask (N, 1, ...) of what counts."""
        mask = None if loss_mask is None else loss_mask[:, 0]
        return self.of(_kernel.class_sums(x, y[:, 0], activation="softmax", region=mask))

    __repr__ = shown


class Evaluation(Running):
    """nnU-Net's evaluation of a folder: `add` every case, then `summary()`, which has the means of `summary.json`."""

    def __init__(self, labels: int, ignore_label: int | None = None) -> None:
        super().__init__()
        self.labels, self.ignore_label = labels, ignore_label

    def add(self, prediction: numpy.ndarray, reference: numpy.ndarray) -> None:
        """A case: two label maps of uint8, of one shape."""
        self._batches.append(_kernel.class_sums(prediction[None], reference[None], classes=self.labels, ignore=self.ignore_label))

    def summary(self) -> dict[str, Any]:
        """`mean` of each label over the cases (NaN left out), and `foreground_mean`."""
        return _kernel.nnunet_evaluation(self._batches)
