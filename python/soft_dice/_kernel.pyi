"""The compiled part. Every array is read where it lies: in C order, or made of rows that are; others are refused. Functions
that read pixels release the GIL meanwhile: the arrays must not be written by another thread until they return."""

from typing import Any, Literal

import numpy
from numpy.typing import NDArray

__version__: str

class SoftDiceError(ValueError):
    """What the library refuses: `args[0]` is its name (`"Length"`, `"Range"`, `"Label"` …), `args[1]` says why."""

def backend() -> str:
    """The library's loops on this machine: `"avx512"`, `"avx2"`, `"neon"` …"""

class Element:
    """What a pixel denotes: p = (code − zero_point) · scale in [0, 1], or the float itself."""
    @staticmethod
    def u8() -> Element:
        """uint8, p = code / 255."""
    @staticmethod
    def mask() -> Element:
        """uint8 of zeros and ones: p = code; larger codes are read as 1 and counted as clamped."""
    @staticmethod
    def u16() -> Element:
        """uint16, p = code / 65535."""
    @staticmethod
    def q15() -> Element:
        """int16, p = code / 32768; negative codes are out of range."""
    @staticmethod
    def tflite() -> Element:
        """int8 as TensorFlow Lite writes sigmoid and softmax: scale 1/256, zero point −128."""
    @staticmethod
    def onnxruntime() -> Element:
        """int8 as ONNX Runtime writes them: scale 1/255, zero point −128."""
    @staticmethod
    def i8(scale: float, zero_point: int) -> Element:
        """int8 of the model's output tensor."""
    @staticmethod
    def u8_affine(scale: float, zero_point: int) -> Element:
        """uint8 of the model's output tensor."""
    @staticmethod
    def f16(range: Literal["refuse", "exclude", "clamp"] = "refuse") -> Element:
        """float16, exactly: in steps of 2⁻²⁴. For `sums`, `confidence` and `agreement`."""
    @staticmethod
    def f32(range: Literal["refuse", "exclude", "clamp"] = "refuse") -> Element:
        """float32 in steps of 2⁻²³, as a device takes it. What is outside [0, 1] is refused, left out, or clamped."""
    @staticmethod
    def f32_fine(range: Literal["refuse", "exclude", "clamp"] = "refuse") -> Element:
        """float32 in steps of 2⁻⁴⁸: for the last digits of a framework's number."""

class Sums:
    """The exact sums of one class. Sums of the same kind add up with `+`, in any order to the same integers."""
    @property
    def count(self) -> int:
        """Pixels in the sums."""
    @property
    def ignored(self) -> int:
        """Pixels left out by label or region."""
    @property
    def invalid(self) -> int:
        """Pixels left out because a value is not in [0, 1]."""
    @property
    def clamped(self) -> int:
        """Pixels with a value read as the nearest inside [0, 1]."""
    @property
    def p(self) -> int:
        """Σp in codes of `unit_p`."""
    @property
    def t(self) -> int:
        """Σt in codes of `unit_t`."""
    @property
    def pt(self) -> int:
        """Σpt in products of the codes."""
    @property
    def squares(self) -> tuple[int, int] | None:
        """Σp² and Σt², with moments="all"."""
    @property
    def minima(self) -> tuple[int, int] | None:
        """Σp where p ≤ t and Σt where p > t: of hard targets always, else with moments="all"."""
    @property
    def unit_p(self) -> float:
        """The value of one code of p."""
    @property
    def unit_t(self) -> float:
        """The value of one code of t."""
    def pixels(self) -> dict[str, Any]:
        """The sums in pixels of 1.0, rounded to floats: pt, p, t, squares, min."""
    def to_json(self) -> str:
        """The record as it travels; every number an exact integer."""
    @staticmethod
    def from_json(text: str) -> Sums:
        """A record that came from a device or another run."""
    def __add__(self, other: Sums) -> Sums: ...

class Batch:
    """The exact sums of every item and class of a batch. `+` appends items."""
    @property
    def items(self) -> int: ...
    @property
    def classes(self) -> int: ...
    def sums(self, item: int, class_: int, /) -> Sums:
        """The sums of an item and class."""
    def pooled(self) -> Batch:
        """The sums of each class over all items, as a batch of one."""
    def __add__(self, other: Batch) -> Batch: ...
    def __len__(self) -> int: ...

Policy = Literal["formula", "undefined", "zero", "one", "skip"]

class Score:
    """A score of sums: Dice, Jaccard, Tversky (alpha on false positives), precision or recall; linear, squared or semimetric."""
    def __init__(
        self, form: Literal["dice", "jaccard", "tversky", "precision", "recall"] = "dice",
        kind: Literal["linear", "squared", "semimetric"] = "linear", *, alpha: float | None = None, beta: float | None = None,
        smooth: tuple[float, float] = (0.0, 0.0), both_empty: Policy = "formula", target_empty: Policy = "formula",
        prediction_empty: Policy = "formula", loss: bool = False,
    ) -> None: ...
    def __call__(self, sums: Sums) -> float:
        """The score, from 0 to 1, rounded once. Undefined and skipped scores raise `SoftDiceError`."""
    def q15(self, sums: Sums) -> int:
        """In Q15 (32768 is 1.0), with the integers of a device that has no FPU."""
    def ratio(self, sums: Sums) -> tuple[int, int]:
        """The exact numerator and denominator."""
    def average(
        self, batch: Batch, average: Literal["macro", "weighted", "micro"] = "macro", *, item: int = 0,
        weights: list[float] | None = None, all_classes: bool = False,
    ) -> tuple[float, int, int]:
        """Over the classes of an item: the mean, the classes in it, the classes without a target pixel."""

Clamp = Literal["torch", "keras"] | float | None

class Histogram:
    """How often each code of an 8-bit map occurs under target 0 and under target 1: one pass, and every figure after it.

    The target is a uint8 mask (0 and not 0); with `label` it is a map of labels, of which this one is foreground and `ignore` is
    left out. Counts are exact integers, and hold 2⁴⁰ pixels in 4 KiB: any order of updates and merges gives the same. A score
    against a soft target is not to be had of them. Figures that are undefined (of no pixel, of one kind of pixel) raise
    `SoftDiceError`.
    """
    def __init__(self, element: Element | None = None, *, label: int | None = None, ignore: int | None = None) -> None:
        """`element` says what a code denotes: `Element.u8()` if it is left out; any other of 8 bits."""
    def update(
        self, codes: NDArray[Any], target: NDArray[numpy.uint8], *, region: NDArray[numpy.uint8] | None = None
    ) -> None:
        """Adds the pixels of a map of uint8 or int8, as the element is, with a target and a region of the same shape."""
    def merge(self, other: Histogram) -> None:
        """Adds the pixels of a histogram of the same element and target."""
    @property
    def count(self) -> int:
        """Pixels that were counted."""
    @property
    def ignored(self) -> int:
        """Pixels left out by label or region."""
    @property
    def counts(self) -> NDArray[numpy.uint64]:
        """256 numbers: pixels of each raw value, the least first (of int8 that is −128)."""
    @property
    def labelled(self) -> NDArray[numpy.uint64]:
        """256 numbers: of those, pixels of the target."""
    def sums(self) -> Sums:
        """The sums of the soft map with all moments, as `soft_dice.sums(..., moments="all")` gives them."""
    def at_least(self, threshold: float) -> Sums:
        """The sums of the hard map p ≥ threshold, in pixels."""
    def above(self, threshold: float) -> Sums:
        """The sums of the hard map p > threshold, in pixels."""
    def from_code(self, code: int) -> Sums:
        """The sums of the hard map that is foreground from a code on, 0 (all) to 256 (none), after the zero point."""
    def cuts(self, score: Score) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64]]:
        """The 257 thresholds that 8-bit codes can tell apart, as probabilities, and the score of the hard map p ≥ threshold at each:
        NaN where it is undefined."""
    def best(self, score: Score) -> dict[str, Any]:
        """Where the hard map's score is best (a loss least), compared exactly: `threshold` as a probability, `code`, `score`, `sums`.
        Of equally good ones the lowest."""
    def cross_entropy(self, clamp: Clamp = None) -> float:
        """The mean over pixels of −t·ln p − (1 − t)·ln(1 − p), in nats. A code that makes it infinite is an error, unless `clamp` says
        what it is: "torch" (no logarithm below −100), "keras" (p in [1e-7, 1 − 1e-7]), or a least probability below ½."""
    def brier(self) -> float:
        """The mean of (p − t)² over pixels."""
    def expected_error(self, bins: int = 256) -> float:
        """The expected calibration error, from 0 to 1, in 5, 10, 15, 20, 25, 30, 50, 100 or 256 bins of equal width."""
    def reliability(
        self, bins: int = 10
    ) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64], NDArray[numpy.uint64]]:
        """Of each bin the mean probability, the share of the target (both NaN where no pixel is) and the pixels."""
    def roc_area(self) -> float:
        """The area under the ROC curve, exact; ties count half."""
    def average_precision(self) -> float:
        """The area under the precision-recall curve as a sum of steps, as scikit-learn's `average_precision_score`."""
    def codes(self) -> CodeCounts:
        """The counts without the target."""
    def __add__(self, other: Histogram) -> Histogram: ...

class CodeCounts:
    """How often each code of an 8-bit map occurs, without a target: Soft Dice Confidence at every threshold, and how far an output has
    moved. Exact integers, 2 KiB."""
    def __init__(self, element: Element | None = None) -> None:
        """`element` as for `Histogram`."""
    def update(self, codes: NDArray[Any], *, region: NDArray[numpy.uint8] | None = None) -> None:
        """Adds the pixels of a map of uint8 or int8, as the element is."""
    def merge(self, other: CodeCounts) -> None:
        """Adds the pixels of other counts of the same element."""
    @property
    def count(self) -> int:
        """Pixels that were counted."""
    @property
    def ignored(self) -> int:
        """Pixels outside the regions."""
    @property
    def counts(self) -> NDArray[numpy.uint64]:
        """256 numbers: pixels of each raw value, the least first."""
    def at_least(self, threshold: float) -> Sums:
        """The sums of the map with its own mask p ≥ threshold, as `soft_dice.confidence` gives them, with moments."""
    def above(self, threshold: float) -> Sums:
        """The sums of the map with its own mask p > threshold."""
    def from_code(self, code: int) -> Sums:
        """The sums of the map with its own mask from a code on, 0 to 256, after the zero point."""
    def confidence(self, threshold: float = 0.5) -> float:
        """Soft Dice Confidence, from 0 to 1: 0 for an empty mask, undefined for a map of zeros."""
    def confidences(self) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64]]:
        """The 257 thresholds, as probabilities, and Soft Dice Confidence at each: NaN where it is undefined."""
    def l1(self, other: CodeCounts) -> float:
        """The sum over codes of the difference of shares: 0 for the same shares, 2 if no code occurs in both. Exact."""
    def jensen_shannon(self, other: CodeCounts) -> float:
        """The Jensen–Shannon divergence of the shares, in nats, from 0 to ln 2 (scipy's `jensenshannon` is its square root)."""
    def __add__(self, other: CodeCounts) -> CodeCounts: ...

def class_histograms(
    codes: NDArray[Any], labels: NDArray[numpy.uint8], *, element: Element | None = None,
    layout: Literal["nchw", "nhwc"] = "nchw", ignore: int | None = None, region: NDArray[numpy.uint8] | None = None,
) -> list[Histogram]:
    """A histogram of each class of a batch: codes (N, C, ...) or (N, ..., C) of 8 bits against labels (N, ...), histogram k that of
    channel k against label k. `ignore` is a label whose pixels are left out, `region` (N, ...) holds the pixels that count."""

def channel_counts(
    codes: NDArray[Any], *, element: Element | None = None, layout: Literal["nchw", "nhwc"] = "nchw",
    region: NDArray[numpy.uint8] | None = None,
) -> list[CodeCounts]:
    """The same without labels."""

def cross_entropy(histograms: list[Histogram], *, weight: list[float] | None = None, clamp: Clamp = None) -> float:
    """The mean over pixels of −ln p of each pixel's own class, in nats, from `class_histograms`. With a weight for each class
    Σ w·(−ln p) / Σ w, as torch's `CrossEntropyLoss(weight)`."""

class SeenFrame:
    """What the monitor was given of a frame (`Watch.seen`): healthy ones are what `tune` makes settings of."""
    @property
    def confidence(self) -> int | None:
        """Soft Dice Confidence in Q15 (32768 is 1.0); None for an empty mask."""
    @property
    def agreement(self) -> int | None:
        """Agreement with the frame before in Q15; None of the first."""
    @property
    def edge(self) -> int | None:
        """How much sharper the picture is along the mask's edge than beside it, in 2048ths of an octave; None without one."""
    @property
    def detail(self) -> int | None:
        """The picture's detail, in 2048ths of an octave; None without one."""

class Watch:
    """The device's monitor of one class: maps in, changes of state out. Settings are those of `Watch.settings`.

    `size` is the pixels of a map, or (height, width). With `picture=n` a frame may bring the camera's luma, n times as wide
    and high as the map (1 to 64): only with it a mask that is mirrored, slipped or late is seen. Foreground is p ≥ `threshold`.
    """
    def __init__(
        self, size: int | tuple[int, int], element: Element, settings: dict[str, Any] | None = None, *, threshold: float = 0.5,
        picture: int | None = None,
    ) -> None: ...
    def frame(self, map: NDArray[Any], picture: NDArray[numpy.uint8] | None = None) -> dict[str, Any] | None:
        """Takes a map, and the picture of that moment: the change of state that it brings (frame, from, to, cause, over), or None.
        Both are in C order."""
    def dropped(self) -> dict[str, Any] | None:
        """Takes note of a frame that never came."""
    def report(self) -> dict[str, Any]:
        """All that is known. Scores and shares are Q15: 32768 is 1.0; edge and detail are 2048ths of an octave."""
    @property
    def seen(self) -> SeenFrame | None:
        """What the monitor was given of the last frame; None before the first."""
    @property
    def settings(self) -> dict[str, Any]:
        """The settings of a device: what `soft-dice watch --settings` takes, too."""
    @property
    def state(self) -> str:
        """One of WarmingUp, Healthy, Degraded, Failed and NoSignal."""
    def reset(self) -> None:
        """Forgets everything but the settings."""

def sums(
    prediction: NDArray[Any], target: NDArray[Any], *, element: Element | None = None, target_element: Element | None = None,
    region: NDArray[numpy.uint8] | None = None, moments: Literal["linear", "all"] = "linear",
) -> Sums:
    """The sums of one class: arrays of one shape. The target is a uint8 mask (0 and not 0), or soft: float16 or float32, or what
    `target_element` says. `region` (uint8) holds the pixels that count. "all" also keeps squares and minima."""

def class_sums(
    prediction: NDArray[Any], target: NDArray[Any], *, classes: int | None = None, element: Element | None = None,
    layout: Literal["nchw", "nhwc"] = "nchw", activation: Literal["sigmoid", "softmax"] | None = None, argmax: bool = False,
    threshold: float | None = None, ignore: int | None = None, region: NDArray[numpy.uint8] | None = None,
    moments: Literal["linear", "all"] = "linear",
) -> Batch:
    """The sums of every item and class of a batch.

    The prediction is (N, C, ...) or (N, ..., C): uint8, int8 (with `element`) or float32; or (N, ...) labels of uint8, decided
    already, with `classes`. The target is labels (N, ...) of uint8, or of the prediction's shape: uint8 masks, or float32.
    `activation` takes float32 logits; `argmax` lets the greatest channel win, `threshold` cuts each plane at p ≥ threshold.
    `ignore` is a label whose pixels are left out, `region` (N, ...) of uint8 holds the pixels that count.
    """

def confidence(prediction: NDArray[Any], *, element: Element | None = None, threshold: float = 0.5) -> Sums:
    """The sums of a map with its own mask p ≥ threshold: their Dice is the Soft Dice Confidence, from 0 to 1."""

def agreement(a: NDArray[Any], b: NDArray[Any], *, element: Element | None = None, other: Element | None = None) -> Sums:
    """The sums of two soft maps with minima: `Score("dice", "semimetric")` of them is their agreement, 1 for equal maps."""

def gradient(
    score: Score, prediction: NDArray[numpy.float32], target: NDArray[numpy.uint8], *, logits: bool = False
) -> tuple[float, NDArray[numpy.float32]]:
    """The score and, as a new array, ∂(1 − score)/∂p of each pixel; with `logits` the prediction is logits under a sigmoid,
    and the gradient is ∂(1 − score)/∂logit."""

def calibrate(
    scores: list[int], *, fall: float = 0.05, frames_between: float = 1e6, learnt: int | None = 8
) -> dict[str, Any]:
    """Settings of a watch that find a fall in confidence with at most one false alarm in `frames_between` frames, from a
    recording of healthy scores in Q15 (`Watch.report()["confidence"]`)."""

def tune(
    scenes: list[list[SeenFrame]], *, fall: float = 0.05, frames_between: float = 1e6, learnt: int | None = 8,
    settings: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Settings that keep the promise in every signal (confidence, agreement, and with pictures edge and detail), from the frames
    of healthy recordings, a list for each scene: `["settings"]` is what a `Watch` and a device take, the rest says what the
    promise rests on, as `soft-dice watch --healthy` does."""

def compare_json(float: NDArray[Any], device: NDArray[Any], options: list[str]) -> str: ...
def monai_cross_entropy(
    histograms: list[Histogram], weight: list[float] | None, reduction: str, floor: float, label_smoothing: float
) -> float: ...
def monai_dice(batch: Batch, options: dict[str, Any], weight: list[float] | None, reduction: str) -> list[float]: ...
def monai_masked(batch: Batch, options: dict[str, Any], weight: list[float] | None, reduction: str, onehot: bool) -> list[float]: ...
def monai_tversky(
    batch: Batch, alpha: float, beta: float, include_background: bool, pooled: bool, soft_label: bool, smooth: tuple[float, float],
    reduction: str,
) -> list[float]: ...
def monai_generalized(
    batch: Batch, w_type: str, include_background: bool, pooled: bool, soft_label: bool, smooth: tuple[float, float], reduction: str
) -> list[float]: ...
def monai_metric(
    batches: list[Batch], name: str, include_background: bool, reduction: str, ignore_empty: bool, weight_type: str,
    ignore_index: int | None,
) -> tuple[list[float], list[int]]: ...
def smp_loss(
    batch: Batch, alpha: float, beta: float, gamma: float, smooth: float, eps: float, log_loss: bool, classes: list[int] | None,
    class_weights: list[float] | None,
) -> float: ...
def smp_score(
    batch: Batch, name: str, beta: float, reduction: str, class_weights: list[float] | None, zero_division: float
) -> list[float]: ...
def torchmetrics_dice(batches: list[Batch], include_background: bool, average: str, level: str) -> list[float]: ...
def torchmetrics_iou(batches: list[Batch], include_background: bool, per_class: bool) -> list[float]: ...
def torchmetrics_generalized(batches: list[Batch], include_background: bool, per_class: bool, weight_type: str) -> list[float]: ...
def nnunet_loss(batch: Batch, smooth: float, do_bg: bool, batch_dice: bool) -> float: ...
def nnunet_evaluation(batches: list[Batch]) -> dict[str, Any]: ...
def keras_loss(
    batch: Batch, tversky: tuple[float, float] | None, axis: list[int] | None, reduction: str
) -> list[float]: ...
def kornia_dice(batch: Batch, average: str, eps: float, weight: list[float] | None) -> float: ...
def kornia_tversky(batch: Batch, alpha: float, beta: float, eps: float) -> float: ...
def burn_dice(batches: list[Batch], epsilon: float, background: bool, epoch: bool) -> list[float]: ...
def cmsis_distance(sums: Sums, name: str) -> float: ...
