"""MONAI 1.6.1: its losses and metrics of overlap, with its own options, on numpy arrays.

Predictions are (N, C, ...) float32, or 8-bit codes with `element`; labels are uint8. A target is a map of labels
(N, ...) or (N, 1, ...) with `to_onehot_y=True`, else a mask (uint8, 0 and not 0) or float32 map for each class.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy

from . import _kernel
from ._kernel import Element, Histogram
from ._metric import Running, reshaped, shown


def _labels(target: numpy.ndarray, classes: int) -> numpy.ndarray:
    """(N, 1, ...) as (N, ...): a view."""
    return target[:, 0] if target.ndim > 1 and target.shape[1] == 1 and classes > 1 else target


def _batch(
    loss: Any, prediction: numpy.ndarray, target: numpy.ndarray, mask: numpy.ndarray | None,
    moments: Literal["linear", "all"], element: Element | None,
) -> Any:
    classes = prediction.shape[1]
    labelled = loss.to_onehot_y and classes > 1
    softmax = loss.softmax and classes > 1
    return _kernel.class_sums(
        prediction,
        _labels(target, classes) if labelled else target,
        element=element,
        activation="softmax" if softmax else "sigmoid" if loss.sigmoid else None,
        ignore=loss.ignore_index if labelled else None,
        region=None if mask is None else mask[:, 0],
        moments=moments,
    )


class DiceLoss:
    """`monai.losses.DiceLoss`. `weight` is one number for each class that counts; `element` says what 8-bit codes denote.

    Called with a prediction (N, C, ...) and a target it gives a float, or with `reduction="none"` an array (N, C). float64
    inputs are refused: `.astype(numpy.float32)` makes the copy.
    """

    def __init__(
        self, include_background: bool = True, to_onehot_y: bool = False, sigmoid: bool = False, softmax: bool = False,
        squared_pred: bool = False, jaccard: bool = False, reduction: str = "mean", smooth_nr: float = 1e-5,
        smooth_dr: float = 1e-5, batch: bool = False, weight: list[float] | None = None, soft_label: bool = False,
        ignore_index: int | None = None, *, element: Element | None = None,
    ) -> None:
        if sigmoid and softmax:
            raise ValueError("sigmoid=True and softmax=True: one of them")
        if ignore_index is not None and not to_onehot_y:
            raise ValueError("ignore_index is a label: it needs to_onehot_y=True")
        self.include_background, self.to_onehot_y, self.sigmoid, self.softmax = include_background, to_onehot_y, sigmoid, softmax
        self.squared_pred, self.jaccard, self.reduction = squared_pred, jaccard, reduction
        self.smooth_nr, self.smooth_dr, self.batch, self.weight = smooth_nr, smooth_dr, batch, weight
        self.soft_label, self.ignore_index, self.element = soft_label, ignore_index, element

    def _options(self) -> dict[str, Any]:
        names = ("include_background", "squared_pred", "jaccard", "soft_label", "smooth_nr", "smooth_dr", "batch")
        return {name: getattr(self, name) for name in names}

    def _moments(self) -> Literal["linear", "all"]:
        return "all" if self.squared_pred or self.soft_label else "linear"

    def _shape(self, batch: Any, values: list[float]) -> Any:
        found = reshaped(values, self.reduction)
        return found if self.reduction != "none" else found.reshape(1 if self.batch else batch.items, -1)

    def of(self, batch: Any) -> Any:
        """The loss of sums that were taken before (`soft_dice.class_sums`)."""
        return self._shape(batch, _kernel.monai_dice(batch, self._options(), self.weight, self.reduction))

    def __call__(self, prediction: numpy.ndarray, target: numpy.ndarray) -> Any:
        return self.of(_batch(self, prediction, target, None, self._moments(), self.element))

    __repr__ = shown


class MaskedDiceLoss(DiceLoss):
    """`monai.losses.MaskedDiceLoss`: called with a third array, a uint8 mask (N, 1, ...) of the pixels that count.

    With `to_onehot_y` masked pixels become background that was not predicted, as in MONAI.
    """

    def __call__(self, prediction: numpy.ndarray, target: numpy.ndarray, mask: numpy.ndarray) -> Any:  # type: ignore[override]
        batch = _batch(self, prediction, target, mask, self._moments(), self.element)
        onehot = self.to_onehot_y and batch.classes > 1
        return self._shape(batch, _kernel.monai_masked(batch, self._options(), self.weight, self.reduction, onehot))


class TverskyLoss:
    """`monai.losses.TverskyLoss`: alpha weighs false positives, beta false negatives."""

    def __init__(
        self, include_background: bool = True, to_onehot_y: bool = False, sigmoid: bool = False, softmax: bool = False,
        alpha: float = 0.5, beta: float = 0.5, reduction: str = "mean", smooth_nr: float = 1e-5, smooth_dr: float = 1e-5,
        batch: bool = False, soft_label: bool = False, ignore_index: int | None = None, *, element: Element | None = None,
    ) -> None:
        self.include_background, self.to_onehot_y, self.sigmoid, self.softmax = include_background, to_onehot_y, sigmoid, softmax
        self.alpha, self.beta, self.reduction = alpha, beta, reduction
        self.smooth_nr, self.smooth_dr, self.batch, self.soft_label = smooth_nr, smooth_dr, batch, soft_label
        self.ignore_index, self.element = ignore_index, element

    def of(self, batch: Any) -> Any:
        """The loss of sums that were taken before."""
        values = _kernel.monai_tversky(batch, self.alpha, self.beta, self.include_background, self.batch, self.soft_label,
                                       (self.smooth_nr, self.smooth_dr), self.reduction)
        found = reshaped(values, self.reduction)
        return found if self.reduction != "none" else found.reshape(1 if self.batch else batch.items, -1)

    def __call__(self, prediction: numpy.ndarray, target: numpy.ndarray) -> Any:
        return self.of(_batch(self, prediction, target, None, "all" if self.soft_label else "linear", self.element))

    __repr__ = shown


class GeneralizedDiceLoss:
    """`monai.losses.GeneralizedDiceLoss`; `w_type` is "square", "simple" or "uniform"."""

    ignore_index = None

    def __init__(
        self, include_background: bool = True, to_onehot_y: bool = False, sigmoid: bool = False, softmax: bool = False,
        w_type: str = "square", reduction: str = "mean", smooth_nr: float = 1e-5, smooth_dr: float = 1e-5, batch: bool = False,
        soft_label: bool = False, *, element: Element | None = None,
    ) -> None:
        self.include_background, self.to_onehot_y, self.sigmoid, self.softmax = include_background, to_onehot_y, sigmoid, softmax
        self.w_type, self.reduction, self.smooth_nr, self.smooth_dr = w_type, reduction, smooth_nr, smooth_dr
        self.batch, self.soft_label, self.element = batch, soft_label, element

    def of(self, batch: Any) -> Any:
        """The loss of sums that were taken before."""
        values = _kernel.monai_generalized(batch, self.w_type, self.include_background, self.batch, self.soft_label,
                                           (self.smooth_nr, self.smooth_dr), self.reduction)
        return reshaped(values, self.reduction)

    def __call__(self, prediction: numpy.ndarray, target: numpy.ndarray) -> Any:
        return self.of(_batch(self, prediction, target, None, "all" if self.soft_label else "linear", self.element))

    __repr__ = shown


class DiceCELoss:
    """`monai.losses.DiceCELoss` of 8-bit probability maps: codes (N, C, ...) of uint8 (or int8 with `element`), labels
    (N, ...) of uint8. The cross-entropy comes from histograms of codes. A labelled pixel of code 0 makes it infinite, which
    is an error (with `label_smoothing` any pixel of code 0 does); `floor` reads such codes as a probability of your choice.
    """

    def __init__(
        self, include_background: bool = True, squared_pred: bool = False, jaccard: bool = False, reduction: str = "mean",
        smooth_nr: float = 1e-5, smooth_dr: float = 1e-5, batch: bool = False, weight: list[float] | None = None,
        lambda_dice: float = 1.0, lambda_ce: float = 1.0, label_smoothing: float = 0.0, *, element: Element | None = None,
        floor: float = 0.0,
    ) -> None:
        if lambda_dice < 0 or lambda_ce < 0:
            raise ValueError("lambda_dice and lambda_ce are no less than 0")
        dice_weight = weight if weight is None or include_background else weight[1:]
        self._dice = DiceLoss(include_background, squared_pred=squared_pred, jaccard=jaccard, reduction=reduction,
                              smooth_nr=smooth_nr, smooth_dr=smooth_dr, batch=batch, weight=dice_weight, element=element)
        self.reduction, self.weight, self.lambda_dice, self.lambda_ce = reduction, weight, lambda_dice, lambda_ce
        self.floor, self.label_smoothing, self.element = floor, label_smoothing, element

    def __call__(self, codes: numpy.ndarray, labels: numpy.ndarray) -> float:
        classes = codes.shape[1]
        batch = _kernel.class_sums(codes, labels, element=self._dice.element, moments=self._dice._moments())
        if classes > 1:
            histograms = _kernel.class_histograms(codes, labels, element=self.element)
        else:
            histograms = [Histogram(self.element, label=1)]
            histograms[0].update(codes[:, 0], labels)
        entropy = _kernel.monai_cross_entropy(histograms, self.weight, self.reduction, self.floor, self.label_smoothing)
        return float(self.lambda_dice * self._dice.of(batch) + self.lambda_ce * entropy)

    __repr__ = shown


class _Metric(Running):
    _name = ""

    def __call__(self, y_pred: numpy.ndarray, y: numpy.ndarray) -> None:
        """Adds a batch of hard maps: uint8 masks of zeros and ones (N, C, ...), or label maps (N, 1, ...) with `num_classes`."""
        classes, ignored = getattr(self, "num_classes", None), getattr(self, "_ignored", None)
        if classes is not None and y_pred.shape[1] == 1 and classes > 1:
            self._batches.append(_kernel.class_sums(y_pred[:, 0], y[:, 0], classes=classes, ignore=ignored))
            return
        region = None
        if ignored is not None:
            if not 0 <= ignored < y.shape[1]:
                raise ValueError(f"ignore_index={ignored} is no channel of masks with {y.shape[1]}")
            region = (y[:, ignored] == 0).view(numpy.uint8)
        self._batches.append(_kernel.class_sums(y_pred, y, element=Element.mask(), region=region))

    def update(self, batch: Any) -> None:
        """Adds sums that were taken before (`soft_dice.class_sums`)."""
        self._batches.append(batch)

    def _compute(self, weight_type: str = "square", ignore_empty: bool = True, ignored: int | None = None) -> Any:
        values, counts = _kernel.monai_metric(self._batches, self._name, self.include_background, self.reduction,  # type: ignore[attr-defined]
                                              ignore_empty, weight_type, ignored)
        found: Any = numpy.array(values)
        if self.reduction in ("mean", "sum"):  # type: ignore[attr-defined]
            found, counts = values[0], counts[0]  # type: ignore[assignment]
        elif self.reduction == "none":  # type: ignore[attr-defined]
            found = found.reshape(sum(batch.items for batch in self._batches), -1)
        return (found, counts) if getattr(self, "get_not_nans", False) else found


class DiceMetric(_Metric):
    """`monai.metrics.DiceMetric` of hard maps: call it with every batch, then `aggregate()`."""

    _name = "DiceMetric"

    def __init__(
        self, include_background: bool = True, reduction: str = "mean", get_not_nans: bool = False, ignore_empty: bool = True,
        num_classes: int | None = None, ignore_index: int | None = None,
    ) -> None:
        super().__init__()
        self.include_background, self.reduction, self.get_not_nans = include_background, reduction, get_not_nans
        self.ignore_empty, self.num_classes, self.ignore_index = ignore_empty, num_classes, ignore_index
        self._ignored = ignore_index

    def aggregate(self) -> Any:
        """The reduced values; with `get_not_nans` also how many stand behind each."""
        return self._compute(ignore_empty=self.ignore_empty)


class MeanIoU(_Metric):
    """`monai.metrics.MeanIoU` of hard maps, a mask for each class."""

    _name = "MeanIoU"

    def __init__(
        self, include_background: bool = True, reduction: str = "mean", get_not_nans: bool = False, ignore_empty: bool = True,
        ignore_index: int | None = None,
    ) -> None:
        super().__init__()
        self.include_background, self.reduction, self.get_not_nans = include_background, reduction, get_not_nans
        self.ignore_empty, self.ignore_index = ignore_empty, ignore_index

    def aggregate(self) -> Any:
        """The reduced values; with `get_not_nans` also how many stand behind each."""
        return self._compute(ignore_empty=self.ignore_empty, ignored=self.ignore_index)


class GeneralizedDiceScore(_Metric):
    """`monai.metrics.GeneralizedDiceScore` of hard maps, a mask for each class."""

    _name = "GeneralizedDiceScore"

    def __init__(
        self, include_background: bool = True, reduction: str = "mean", weight_type: str = "square", ignore_index: int | None = None
    ) -> None:
        super().__init__()
        self.include_background, self.reduction, self.weight_type = include_background, reduction, weight_type
        self.ignore_index = self._ignored = ignore_index

    def aggregate(self) -> Any:
        """The reduced values."""
        return self._compute(weight_type=self.weight_type, ignored=self.ignore_index)
