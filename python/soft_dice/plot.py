"""A plot of a watch, where matplotlib is installed."""

from __future__ import annotations

from typing import Any

_COLOURS = {"WarmingUp": "0.85", "Healthy": "#d8f0d8", "Degraded": "#ffe9b0", "Failed": "#ffc9c9", "NoSignal": "#d6e4ff"}


def plot_watch(reports: list[dict[str, Any]], ax: Any = None) -> Any:
    """Draws confidence, agreement and baseline of a run over its frames, on the verdicts' colours.

    `reports` are those of `Watch.report()`, one after each frame. Gives matplotlib's axes.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("plot_watch draws with matplotlib: pip install matplotlib") from error
    if not reports:
        raise ValueError("no report: append watch.report() after each frame")
    ax = plt.subplots(figsize=(9, 3))[1] if ax is None else ax
    frames = range(len(reports))
    for name, style in (("confidence", "-"), ("agreement", ":"), ("baseline", "--")):
        values = [float("nan") if report[name] is None else report[name] / 32768 for report in reports]
        ax.plot(frames, values, style, label=name)
    start = 0
    for at in range(1, len(reports) + 1):
        if at == len(reports) or reports[at]["state"] != reports[start]["state"]:
            ax.axvspan(start - 0.5, at - 0.5, color=_COLOURS[reports[start]["state"]], zorder=0)
            ax.annotate(reports[start]["state"], (start, 1.01), xycoords=("data", "axes fraction"), fontsize=8)
            start = at
    ax.set(xlabel="frame", ylim=(0, 1.02), xlim=(-0.5, len(reports) - 0.5))
    ax.legend(loc="lower left")
    return ax
