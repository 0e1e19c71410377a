"""What an export or a dataset says, for the verbs that need all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autopilot_analysis.progress import show_progress

if TYPE_CHECKING:
    from autopilot_analysis.tables import Findings, Tables, Trace


def load(path: str, names: str, *, privacy: bool = False) -> tuple[Tables, Trace, Findings]:
    """Return what an export or a dataset says; the fleet's room is imported only for a dataset.

    Args:
        path: Any of `INPUT` (defaults.py).
        names: A name book, or empty.
        privacy: Put pseudonyms in place of names.
    """
    from autopilot_analysis.export import is_dataset, open_export

    if is_dataset(path):
        from autopilot_analysis.fleet.dataset.story import load_story

        with show_progress("members") as show:
            return load_story(path, names=names, privacy=privacy, progress=show)
    from autopilot_analysis.findings import find
    from autopilot_analysis.readers import read_tables
    from autopilot_analysis.trace import build_trace
    from autopilot_analysis.trace.installs.naming import count_nameless

    with open_export(path) as export, show_progress("members") as show:
        tables = read_tables(export, names=names, privacy=privacy, progress=show)
    trace = build_trace(tables)
    tables = count_nameless(tables, trace)
    return tables, trace, find(tables, trace)
