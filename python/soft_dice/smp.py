"""segmentation-models-pytorch 0.6.0: its losses, and `get_stats` with the scores that are taken of it."""

from __future__ import annotations

from typing import Any, Literal

import numpy

from . import _kernel
from ._kernel import Element
from ._metric import shown


class _Overlap:
    alpha, beta, gamma = 0.5, 0.5, 1.0

    def __init__(
        self, mode: str, classes: list[int] | None = None, log_loss: bool = False, from_logits: bool = True, smooth: float = 0.0,
        ignore_index: int | None = None, eps: float = 1e-7, class_weights: list[float] | None = None, *,
        element: Element | None = None,
    ) -> None:
        if mode not in ("binary", "multiclass", "multilabel"):
            raise ValueError(f"mode is 'binary', 'multiclass' or 'multilabel', not {mode!r}")
        if mode == "binary" and classes is not None:
            raise ValueError("classes are not for mode='binary'")
        if mode == "multilabel" and ignore_index is not None:
            raise ValueError("ignore_index is a label: not for mode='multilabel' here")
        self.mode, self.classes, self.log_loss, self.from_logits, self.smooth = mode, classes, log_loss, from_logits, smooth
        self.ignore_index, self.eps, self.class_weights, self.element = ignore_index, eps, class_weights, element

    def of(self, batch: Any) -> float:
        """The loss of sums that were taken before."""
        return _kernel.smp_loss(batch, self.alpha, self.beta, self.gamma, self.smooth, self.eps, self.log_loss, self.classes,
                                self.class_weights)

    def __call__(self, prediction: numpy.ndarray, target: numpy.ndarray) -> float:
        """Prediction (N, C, ...); labels (N, ...) of uint8, or with mode="multilabel" a mask or float32 map for each class."""
        if self.mode == "binary" and target.ndim == prediction.ndim:
            target = target[:, 0]
        softmax = self.mode == "multiclass" and prediction.shape[1] > 1
        activation: Literal["sigmoid", "softmax"] | None = ("softmax" if softmax else "sigmoid") if self.from_logits else None
        # A soft target needs the minima; of a hard one they are products.
        moments: Literal["linear", "all"] = "all" if target.dtype == numpy.float32 else "linear"
        return self.of(_kernel.class_sums(prediction, target, element=self.element, activation=activation,
                                          ignore=self.ignore_index, moments=moments))

    __repr__ = shown


class DiceLoss(_Overlap):
    """`smp.losses.DiceLoss`. A class without a target pixel costs nothing, whatever is predicted there, and counts."""


class JaccardLoss(_Overlap):
    """`smp.losses.JaccardLoss`."""

    alpha, beta = 1.0, 1.0


class TverskyLoss(_Overlap):
    """`smp.losses.TverskyLoss`: alpha weighs false positives, beta false negatives; the mean over classes to the power gamma."""

    def __init__(self, mode: str, classes: list[int] | None = None, log_loss: bool = False, from_logits: bool = True,
                 smooth: float = 0.0, ignore_index: int | None = None, eps: float = 1e-7, alpha: float = 0.5, beta: float = 0.5,
                 gamma: float = 1.0, class_weights: list[float] | None = None, *, element: Element | None = None) -> None:
        super().__init__(mode, classes, log_loss, from_logits, smooth, ignore_index, eps, class_weights, element=element)
        self.alpha, self.beta, self.gamma = alpha, beta, gamma


def get_stats(
    output: numpy.ndarray, target: numpy.ndarray, mode: str, ignore_index: int | None = None, threshold: float | None = None,
    num_classes: int | None = None,
) -> Any:
    """`smp.metrics.get_stats`: the counts of a batch, as a `Batch` for the scores below.

    mode="multiclass": label maps (N, ...) of uint8. Else masks (N, C, ...) of zeros and ones, or with `threshold` float32
    probabilities, against masks.
    """
    if mode == "multiclass":
        if num_classes is None:
            raise ValueError("mode='multiclass' needs num_classes")
        if threshold is not None:
            raise ValueError("threshold is not for mode='multiclass'")
        return _kernel.class_sums(output, target, classes=num_classes, ignore=ignore_index)
    if ignore_index is not None:
        raise ValueError("ignore_index is for mode='multiclass'")
    if threshold is not None:
        return _kernel.class_sums(output, target, threshold=threshold)
    return _kernel.class_sums(output, target, element=Element.mask())


def _score(name: str) -> Any:
    def score(stats: Any, reduction: str = "none", class_weights: list[float] | None = None, zero_division: float = 1.0) -> Any:
        values = _kernel.smp_score(stats, name, 1.0, reduction, class_weights, zero_division)
        return numpy.array(values).reshape(stats.items, -1) if reduction == "none" else values[0]

    score.__name__ = score.__qualname__ = name
    score.__doc__ = (
        f"`smp.metrics.{name}` of `get_stats`. `reduction` is \"micro\", \"macro\", \"weighted\", \"micro-imagewise\", "
        '"macro-imagewise", "weighted-imagewise" or "none" (an array (N, C)).'
    )
    return score


f1_score = _score("f1_score")
iou_score = _score("iou_score")
accuracy = _score("accuracy")
sensitivity = recall = _score("sensitivity")
specificity = _score("specificity")
balanced_accuracy = _score("balanced_accuracy")
positive_predictive_value = precision = _score("positive_predictive_value")
negative_predictive_value = _score("negative_predictive_value")
false_negative_rate = _score("false_negative_rate")
false_positive_rate = _score("false_positive_rate")
false_discovery_rate = _score("false_discovery_rate")
false_omission_rate = _score("false_omission_rate")
positive_likelihood_ratio = _score("positive_likelihood_ratio")
negative_likelihood_ratio = _score("negative_likelihood_ratio")


def fbeta_score(stats: Any, beta: float = 1.0, reduction: str = "none", class_weights: list[float] | None = None,
                zero_division: float = 1.0) -> Any:
    """`smp.metrics.fbeta_score` of `get_stats`."""
    values = _kernel.smp_score(stats, "fbeta_score", beta, reduction, class_weights, zero_division)
    return numpy.array(values).reshape(stats.items, -1) if reduction == "none" else values[0]
