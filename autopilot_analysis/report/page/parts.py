"""The parts of an executed notebook, and which of them a page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autopilot_analysis.report.cells import ANSWER, FRAME
from autopilot_analysis.report.notebooks import WITHOUT_OUTPUT, Node
from autopilot_analysis.wording import NOT_DRAWN

EMPTY = f'id="{NOT_DRAWN}"'
"""What stands in a picture that says why there is nothing to draw."""
LIVE = "application/vnd.jupyter.widget-view+json"
"""What stands in the output of a tool that is live in a notebook alone."""
MANY = "many"
"""Tag of a part that compares attempts: of one attempt there is nothing to compare."""


def cells_shown(cells: Sequence[Node]) -> tuple[list[Node], bool]:
    """Return the cells that a page shows, and whether parts that compare attempts were left out.

    A part is a cell of words and what is shown behind it. One that shows nothing is left out with its words,
    and so is one tagged `many` where the answer is on one attempt.

    Args:
        cells: Of an executed notebook.
    """
    parts = _parts(cells)
    shown = [part for number, part in enumerate(parts) if not number or not _is_void(part)]
    kept = [part for part in shown if not _compares(part)] if _is_on_one(cells) else shown
    return [cell for part in kept for cell in part], len(kept) < len(shown)


def _parts(cells: Sequence[Node]) -> list[list[Node]]:
    parts: list[list[Node]] = []
    for cell in cells:
        if cell.cell_type == "markdown" or not parts:
            parts.append([])
        parts[-1].append(cell)
    return parts


def _is_void(part: Sequence[Node]) -> bool:
    """Whether a part shows nothing but empty tables, pictures that say why, and tools live elsewhere."""
    code = [cell for cell in part if cell.cell_type == "code"]
    kept = [cell for cell in code if WITHOUT_OUTPUT not in cell.metadata.get("tags", [])]
    shown = [output.get("data", output) for cell in kept for output in cell.outputs]
    return bool(code) and all(is_empty(data) or LIVE in data for data in shown)


def is_empty(shown: Mapping[str, Any]) -> bool:
    """Tell whether an output is a table without rows, or a picture that says why there is nothing to draw.

    Args:
        shown: The output's data, by kind.
    """
    if FRAME in shown:
        return not shown[FRAME]["total"]
    return EMPTY in "".join(shown.get("image/svg+xml", ""))


def _is_on_one(cells: Sequence[Node]) -> bool:
    """Whether the answer is on one attempt, with which nothing can be compared."""
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return any(one.get("alone") for data in shown if ANSWER in data for one in data[ANSWER]["answers"])


def _compares(part: Sequence[Node]) -> bool:
    return MANY in part[0].metadata.get("tags", [])
