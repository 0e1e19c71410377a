"""One device's whole story, or a few devices', from whatever holds it: an export or a dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from autopilot_analysis.export import open_export
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.findings import find
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.deployments.local_times import in_own_zone
from autopilot_analysis.privacy import Pseudonyms, default_key, pseudonymise
from autopilot_analysis.readers import read_tables
from autopilot_analysis.readers.names import read_name_book
from autopilot_analysis.readers.read import add_names
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.trace import build_trace
from autopilot_analysis.trace.installs.naming import count_nameless


class Story(NamedTuple):
    """What was said, what happened, and what went wrong."""

    tables: Tables
    trace: Trace
    findings: Findings


def load_story(
    path: str | Path,
    *,
    device: str = "",
    names: str | Path = "",
    privacy: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Story:
    """Return tables, trace and findings of an export, or of devices in a dataset.

    What `ingest` stored is returned as it stands where this version stored it. With a name book or
    pseudonyms, for a device with several exports, and of another version, trace and findings are made anew.

    Args:
        path: An export, any of `EXPORT` (defaults.py), or a dataset folder.
        device: Key, serial or name of one device; empty means all.
        names: A name book, one of `NAME_BOOKS` (defaults.py); empty for none.
        privacy: Put stable pseudonyms in place of names, serials, tenants and addresses.
        progress: Called before each member of an export with its position, how many there are, and its path.

    Raises:
        BadInput: `names` cannot be read, or names nothing.
        NotAnExport: The path holds nothing this package can open.
        UnknownName: No device is called so.

    Example:
        >>> tables, trace, findings = load_story("data/mdm-enrollment-refused.cab")
        >>> trace.attempts.height
        4
    """
    if is_dataset(path):
        dataset = open_dataset(path)
        tables = dataset.tables(device)
        if not names and not privacy and dataset.is_current(device):
            trace = dataset.trace(device)
            return Story(count_nameless(in_own_zone(tables), trace), trace, dataset.findings(device))
        if names:
            tables = _with_names(tables, names)
        if privacy:
            tables = pseudonymise(tables, Pseudonyms(default_key())).frames
    else:
        with open_export(path) as export:
            tables = read_tables(export, device=device, names=names, privacy=privacy, progress=progress)
    tables = in_own_zone(tables)
    trace = build_trace(tables)
    tables = count_nameless(tables, trace)
    return Story(tables, trace, find(tables, trace))


def _with_names(tables: Tables, names: str | Path) -> Tables:
    properties = add_names(tables.properties, read_name_book(names), tables.devices, names)
    return Tables.of({**tables.frames(), "properties": properties})
