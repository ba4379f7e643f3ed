"""The tutorial runs from top to bottom, and its figures are those that the docs and the recorded data state."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "tutorial"


def test_the_tutorial_runs():
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(FOLDER / "tutorial.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    printed = "".join(
        output.get("text", "") for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    )
    # What the page of the monitor says of the recording, in its words.
    page = (FOLDER.parents[1] / "docs/monitor.md").read_text()
    soft, hard = re.search(r"Spearman\s+correlation of ([\d.]+), and the hard Dice with ([\d.]+)\.", page).groups()
    assert f"Spearman of confidence with the soft Dice {soft}, of hard Dice {hard}" in printed, printed
    degraded, failed = re.search(r"`Degraded` from frame (\d+), `Failed` from frame (\d+)", page).groups()
    assert f"frame {degraded}: Healthy -> Degraded, Drift" in printed and f"frame {failed}: Degraded -> Failed, Low" in printed, printed
    assert "healthy confidence 0.9860, deviation 0.0021 (at most 0.0038), correlation 0.00" in printed, printed
    assert sum("image/png" in str(output) for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs) == 1
