"""burn's `DiceMetric` (`burn_train::metric`), of the versions 0.22.0-pre.2 and 0.23.0-pre.1."""

from __future__ import annotations

from typing import Any

import numpy

from . import _kernel
from ._kernel import Element
from ._metric import Running


class DiceMetric(Running):
    """Dice of hard maps, items and classes of a batch together: call it with every batch, then `value()`.

    Over batches burn 0.22 gives the mean of their scores by their sizes; `epoch=True` is burn 0.23, which divides the sums of all.
    """

    def __init__(self, epsilon: float = 1e-7, include_background: bool = False, *, epoch: bool = False) -> None:
        super().__init__()
        self.epsilon, self.include_background, self.epoch = epsilon, include_background, epoch

    def __call__(self, outputs: numpy.ndarray, targets: numpy.ndarray) -> float:
        """Adds a batch of one-hot uint8 maps (N, C, ...), and gives its own score."""
        return self.update(_kernel.class_sums(outputs, targets, element=Element.mask()))

    def update(self, batch: Any) -> float:
        """Adds sums that were taken before (`soft_dice.class_sums`), and gives their own score."""
        value = _kernel.burn_dice([batch], self.epsilon, self.include_background, self.epoch)[0]
        self._batches.append(batch)
        return value

    def value(self) -> float:
        """The score of all batches."""
        return _kernel.burn_dice(self._batches, self.epsilon, self.include_background, self.epoch)[-1]
