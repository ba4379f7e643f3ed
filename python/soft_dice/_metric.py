"""What the frameworks' metrics share: sums of batches, kept until they are asked for."""

from __future__ import annotations

from typing import Any


class Running:
    """A metric over batches. What is kept of each are its sums, a few numbers for every frame and class."""

    def __init__(self) -> None:
        self._batches: list[Any] = []

    def reset(self) -> None:
        """Forgets all batches."""
        self._batches = []

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"{type(self).__name__}({options})"


def shown(thing: object) -> str:
    """A loss with its options."""
    return Running.__repr__(thing)  # type: ignore[arg-type]


def reshaped(values: list[float], reduction: str) -> Any:
    """One number, or an array of those that no reduction took."""
    import numpy

    return numpy.array(values) if reduction == "none" else values[0]
