"""The tutorial runs from top to bottom, and its figures are those that the README and the recorded data state."""

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
    # What the README says of the recording.
    assert "Spearman of confidence with the soft Dice 0.968, of hard Dice 0.767" in printed, printed
    assert "healthy confidence 0.9860, deviation 0.0021 (at most 0.0038), correlation 0.00" in printed, printed
    assert "frame 33: Healthy -> Degraded, Drift" in printed and "frame 40: Degraded -> Failed, Low" in printed, printed
    assert sum("image/png" in str(output) for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs) == 1
