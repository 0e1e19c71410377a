"""Which notebook fits an export."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export import open_export
from autopilot_analysis.export.cabinet.cabinet import read_header
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.report.notebooks import heading
from autopilot_analysis.wording import (
    OF_A_CAUSE,
    OF_A_DEVICE,
    OF_A_STUDY,
    OF_AN_INCIDENT,
    OF_FAILURES,
    OF_STAGES,
    SIDE_BY_SIDE,
)

FEW_DEVICES = 8
"""Captures up to this number are told one by one; more are a fleet."""
DEVICE = [OF_A_DEVICE, OF_AN_INCIDENT, SIDE_BY_SIDE]
FLEET = [OF_A_CAUSE, OF_STAGES, OF_FAILURES, OF_A_STUDY, OF_AN_INCIDENT]
DATASET = [*FLEET, OF_A_DEVICE, SIDE_BY_SIDE]
OF_THE_TOOL = {"mdmdiagreport.xml", "mdmdiagreport.html", "mdmdiaglogmetadata.json"}
"""Files, in lower case, that mdmdiagnosticstool puts into each cabinet, which is of one device."""


def fit_notebook(path: str | Path) -> pl.DataFrame:
    """Return the notebooks that fit an export, the best first: notebook, shows (its heading).

    Args:
        path: Any of `INPUT` (defaults.py).

    Raises:
        NotAnExport: The path holds nothing this package can open.
    """
    names = _fitting(path)
    return pl.DataFrame({"notebook": names, "shows": [heading(name) for name in names]})


def _fitting(path: str | Path) -> list[str]:
    if is_dataset(path):
        return _of_dataset(path)
    if _is_of_the_tool(Path(path).expanduser()):
        return DEVICE
    with open_export(path) as export:
        readers = {member.reader for member in export.members}
        many = len(export.captures) > FEW_DEVICES
    if readers.intersection(OF_THE_SERVICE):
        return FLEET
    return DATASET if many else DEVICE


def _of_dataset(path: str | Path) -> list[str]:
    """Return the notebooks of a dataset: a few captures are told one by one here too."""
    dataset = open_dataset(path)
    listed = dataset.scan("members").filter(pl.col("source").is_in(OF_THE_SERVICE)).head(1).collect()
    captures = dataset.scan("devices").select("export", "device").head(FEW_DEVICES + 1).collect().height
    few = listed.is_empty() and 0 < captures <= FEW_DEVICES
    return list(dict.fromkeys([*DEVICE, *DATASET])) if few else DATASET


def _is_of_the_tool(path: Path) -> bool:
    """Tell by a cabinet's list alone, nothing unpacked, whether mdmdiagnosticstool wrote it on one device."""
    if path.suffix.lower() != ".cab" or not path.is_file():
        return False
    try:
        listed = {file.name.lower() for file in read_header(path).files}
    except AnalysisError:  # said when it is opened
        return False
    return not listed.isdisjoint(OF_THE_TOOL) and not any(name.endswith((".cab", ".zip")) for name in listed)
