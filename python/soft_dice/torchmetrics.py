"""torchmetrics 1.9.0 (`torchmetrics.segmentation`): update with every batch, then compute."""

from __future__ import annotations

from typing import Any

import numpy

from . import _kernel
from ._kernel import Element
from ._metric import Running


class _Metric(Running):
    def __init__(self, num_classes: int, include_background: bool, input_format: str) -> None:
        super().__init__()
        if input_format not in ("one-hot", "index", "mixed"):
            raise ValueError(f"input_format is 'one-hot', 'index' or 'mixed', not {input_format!r}")
        self.num_classes, self.include_background, self.input_format = num_classes, include_background, input_format

    def update(self, preds: numpy.ndarray, target: numpy.ndarray) -> None:
        """Adds a batch: label maps of uint8 ("index"), masks of zeros and ones ("one-hot"), or float32 maps against labels
        ("mixed": the greatest channel wins, the first of equal ones)."""
        if self.input_format == "index":
            self._batches.append(_kernel.class_sums(preds, target, classes=self.num_classes))
        elif self.input_format == "one-hot":
            self._batches.append(_kernel.class_sums(preds, target, classes=self.num_classes, element=Element.mask()))
        else:
            self._batches.append(_kernel.class_sums(preds, target, classes=self.num_classes, argmax=True))


class DiceScore(_Metric):
    """`torchmetrics.segmentation.DiceScore`. NaN where nothing is defined."""

    def __init__(self, num_classes: int, include_background: bool = True, average: str = "macro",
                 aggregation_level: str = "samplewise", input_format: str = "one-hot") -> None:
        super().__init__(num_classes, include_background, input_format)
        self.average, self.aggregation_level = average, aggregation_level

    def compute(self) -> Any:
        """A float, or with average="none" an array of the classes."""
        values = _kernel.torchmetrics_dice(self._batches, self.include_background, self.average, self.aggregation_level)
        return numpy.array(values) if self.average == "none" else values[0]


class MeanIoU(_Metric):
    """`torchmetrics.segmentation.MeanIoU`: with `per_class` −1 for a class that is in no frame."""

    def __init__(self, num_classes: int, include_background: bool = True, per_class: bool = False,
                 input_format: str = "one-hot") -> None:
        super().__init__(num_classes, include_background, input_format)
        self.per_class = per_class

    def compute(self) -> Any:
        """A float, or with `per_class` an array of the classes."""
        values = _kernel.torchmetrics_iou(self._batches, self.include_background, self.per_class)
        return numpy.array(values) if self.per_class else values[0]


class GeneralizedDiceScore(_Metric):
    """`torchmetrics.segmentation.GeneralizedDiceScore`, with the mixed-up weights of absent classes of 1.9.0: what it gives
    hangs on how frames are batched."""

    def __init__(self, num_classes: int, include_background: bool = True, per_class: bool = False, weight_type: str = "square",
                 input_format: str = "one-hot") -> None:
        super().__init__(num_classes, include_background, input_format)
        self.per_class, self.weight_type = per_class, weight_type

    def compute(self) -> Any:
        """A float, or with `per_class` an array of the classes."""
        values = _kernel.torchmetrics_generalized(self._batches, self.include_background, self.per_class, self.weight_type)
        return numpy.array(values) if self.per_class else values[0]
