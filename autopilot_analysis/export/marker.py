"""How a dataset is told from an export, by whoever opens either."""

from __future__ import annotations

from pathlib import Path

MARKER = "dataset.json"
"""The file that makes a folder a dataset."""


def is_dataset(path: str | Path) -> bool:
    """Tell whether a folder is a dataset that `ingest` made.

    Args:
        path: Any path.
    """
    return bool(str(path).strip()) and Path(path).expanduser().joinpath(MARKER).is_file()
