"""CMSIS-DSP's distances of two masks, and Bray-Curtis of two maps: what a Cortex-M computes with `arm_*_distance`.

Masks are uint8 of zeros and ones (`mask.view(numpy.uint8)` of a bool array), not packed into words. CMSIS-DSP has no guard for
0/0: here it is the error `Undefined`.
"""

from __future__ import annotations

import numpy

from . import _kernel
from ._kernel import Element


def _distance(name: str, a: numpy.ndarray, b: numpy.ndarray) -> float:
    return _kernel.cmsis_distance(_kernel.sums(a, b, element=Element.mask()), name)


def dice(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_dice_distance` of two masks."""
    return _distance("dice", a, b)


def hamming(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_hamming_distance` of two masks."""
    return _distance("hamming", a, b)


def jaccard(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_jaccard_distance` of two masks."""
    return _distance("jaccard", a, b)


def kulsinski(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_kulsinski_distance` of two masks."""
    return _distance("kulsinski", a, b)


def rogerstanimoto(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_rogerstanimoto_distance` of two masks."""
    return _distance("rogerstanimoto", a, b)


def russellrao(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_russellrao_distance` of two masks."""
    return _distance("russellrao", a, b)


def sokalmichener(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_sokalmichener_distance` of two masks."""
    return _distance("sokalmichener", a, b)


def sokalsneath(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_sokalsneath_distance` of two masks."""
    return _distance("sokalsneath", a, b)


def yule(a: numpy.ndarray, b: numpy.ndarray) -> float:
    """`arm_yule_distance` of two masks."""
    return _distance("yule", a, b)


def braycurtis(a: numpy.ndarray, b: numpy.ndarray, *, element: Element | None = None, other: Element | None = None) -> float:
    """`arm_braycurtis_distance_f32` of two maps of values in [0, 1]: float32, or codes with their elements."""
    return _kernel.cmsis_distance(_kernel.agreement(a, b, element=element, other=other), "braycurtis")
