"""What quantisation has cost: the float model's map against the device's, judged as `soft-dice compare` does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy

from . import _kernel


@dataclass(frozen=True)
class Comparison:
    """What was found. Shares of 1 − agreement: quantisation (what no device with these codes is below), ties (pixels whose code
    lies exactly on the threshold) and disagreement (all other)."""

    agreement: float
    quantisation: float
    ties: float
    disagreement: float
    hard_at_least: float | None
    hard_above: float | None
    flips: dict[str, int]
    codes: dict[str, Any]
    agreements: list[float | None]
    warnings: list[dict[str, Any]]
    argmax: dict[str, Any] | None = None

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{name}</td><td>{getattr(self, name):.5f}</td></tr>"
            for name in ("agreement", "quantisation", "ties", "disagreement")
        )
        said = "".join(f"<li>{warning['message']}</li>" for warning in self.warnings)
        return f"<table>{rows}</table>" + (f"<ul>{said}</ul>" if said else "")


def compare(
    float_map: numpy.ndarray, device_map: numpy.ndarray, *, tflite: bool = False, onnxruntime: bool = False,
    scale: float | None = None, zero_point: int | None = None, layout: str | None = None, threshold: float = 0.5,
    logits: str | None = None, float_logits: str | None = None, independent: bool = False,
) -> Comparison:
    """Compares two maps of one frame: (H, W), or with classes (C, H, W) or (H, W, C) as `layout` says ("chw", "hwc").

    The device's codes mean what `tflite`, `onnxruntime` or `scale` and `zero_point` say. `warnings` holds the likely mistakes, if
    another reading explains the float map far better: the `mistake`, whose side it changes (`device`, `float`, `either`), the
    `agreement` under it and the one `given` before, and a `message` with what to do. `argmax` says how many pixels change their
    class, of several classes. Unlike the other functions this one copies the maps.
    """
    words = ["--threshold", repr(threshold)]
    words += ["--tflite"] if tflite else []
    words += ["--onnxruntime"] if onnxruntime else []
    words += ["--independent"] if independent else []
    named = {"--scale": scale, "--zero-point": zero_point, "--layout": layout, "--logits": logits, "--float-logits": float_logits}
    words += [f"{name}={value}" for name, value in named.items() if value is not None]
    found = json.loads(_kernel.compare_json(float_map, device_map, words))
    comparison = found["comparison"]
    return Comparison(
        agreement=comparison["agreement"], quantisation=comparison["loss"]["quantisation"], ties=comparison["loss"]["ties"],
        disagreement=comparison["loss"]["disagreement"], hard_at_least=comparison["hard_at_least"],
        hard_above=comparison["hard_above"], flips=comparison["flips"], codes=comparison["codes"],
        agreements=comparison["agreements"], warnings=found["warnings"], argmax=comparison["argmax"],
    )
