"""Runs the notebooks on the sample data and stores them as they are committed: no widget state, no timings.

python tests/rerun_notebooks.py [NAME ...]
"""

from __future__ import annotations

import base64
import io
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from page_numbers import renew_words, with_notebooks
from PIL import Image

from autopilot_analysis.defaults import EXPLAINED, INPUT, NAME_BOOKS
from autopilot_analysis.findings import Part
from autopilot_analysis.fleet.measures.survival import EVENTS
from autopilot_analysis.fleet.periods import PERIODS
from autopilot_analysis.release import NOT_INSTALLED, read_version
from autopilot_analysis.report.fitting import FLEET as OF_A_FLEET
from autopilot_analysis.timeline.page import SHOWN_AS

COLOURS = 64
FOLDER = Path(__file__).parents[1] / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FLEET = "../data/fleet"
"""The sample that every notebook about a fleet opens by itself."""
SHARED = {
    "names": f'names: str = ""  # A name book for ids: {NAME_BOOKS}.',
    "privacy": "privacy: bool = False  # Replace names, serials, tenants and addresses by stable pseudonyms.",
}
"""Parameters of several notebooks, each with its default and its comment, as plain values of the cells."""
CHOICES = {"outcome": EXPLAINED, "event": tuple(EVENTS), "period": tuple(PERIODS)}
"""What a parameter may be, as its comment lists it behind a colon."""
HEADINGS = {
    "coverage": "What was there to read, and what was not",
    "apps": "Apps, scripts and policies",
    "minutes": "Where the minutes go",
    "nearest": "The nearest that went well",
    "todo": Part.TO_DO,
}
"""Headings of several notebooks, or of one and of an answer, by the tag of their cells."""
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def lighten(picture: str) -> str:
    """Return a figure in 64 colours: it looks the same and takes a third of the room."""
    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    buffer = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def share(name: str, parameters: str) -> str:
    """Return a notebook's parameters with what it shares with others written into them.

    Args:
        name: Of the notebook.
        parameters: The source of its first code cell.
    """
    for shared, line in SHARED.items():
        parameters = re.sub(rf"(?m)^{shared}: .*$", line, parameters)
    for choice, (*others, last) in CHOICES.items():
        listed = rf"\1{', '.join(others)} or {last}"
        parameters = re.sub(rf"(?m)^({choice}: .*  # .*: (?:by )?)[\w, ]+ or \w+(?=\.$)", listed, parameters)
    read = rf"\1{INPUT[0].upper()}{INPUT[1:]}"
    parameters = re.sub(r'(?m)^(export: str = "[^"]*"  # )\w.*?(?= to read\b| that )', read, parameters)
    opened = r'(?m)^(export: str = )"[^"]*"'
    parameters = with_notebooks(parameters)
    return re.sub(opened, rf'\1"{FLEET}"', parameters) if name in OF_A_FLEET else parameters


def headed(text: str, tags: list[str]) -> str:
    """Return the words of a cell under the heading that its tag says, if it says one.

    Args:
        text: The source of a cell of words.
        tags: Of the cell.
    """
    heading = next((HEADINGS[tag] for tag in tags if tag in HEADINGS), None)
    return text if heading is None else re.sub(r"\A## .*", f"## {heading}", text)


def rerun(path: Path) -> int:
    """Run one notebook in its own folder and store it; return its size in bytes."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = share(path.stem, cell.source)
        cell.source = headed(cell.source, cell.metadata.get("tags", []))
    renew_words(notebook)
    resources = {"metadata": {"path": str(path.parent)}}
    os.environ[SHOWN_AS] = "still"
    NotebookClient(
        notebook, timeout=600, resources=resources, store_widget_state=False, record_timing=False
    ).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = lighten(output.data["image/png"])
            view = output.get("data", {}).get(WIDGET_VIEW)
            if view:
                view["model_id"] = ""
    nbformat.write(notebook, path)
    return path.stat().st_size


if __name__ == "__main__":
    if read_version() == NOT_INSTALLED:
        sys.exit("the notebooks show its version: install the package first (python -m pip install -e .)")
    for name in sys.argv[1:] or sorted(p.stem for p in FOLDER.glob("*.ipynb")):
        sys.stdout.write(f"{name}: {rerun(FOLDER / f'{name}.ipynb'):,} bytes\n")
