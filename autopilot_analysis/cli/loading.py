"""What an export or a dataset says, for the verbs that need all of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from autopilot_analysis.progress import show_progress
from autopilot_analysis.quoting import one_line

if TYPE_CHECKING:
    from autopilot_analysis.tables import Findings, Tables, Trace


def load(
    path: str, names: str, *, privacy: bool = False, zone: str = "", own_rules: bool = False
) -> tuple[Tables, Trace, Findings]:
    """Return what an export or a dataset says; the fleet's room is imported only for a dataset.

    Args:
        path: Any of `INPUT` (defaults.py).
        names: A name book, or empty.
        privacy: Put pseudonyms in place of names.
        zone: What `--time-zone` named, which holds already; empty for none.
        own_rules: Whether rules of the analyst's own were loaded: a dataset holds what was found without
            them, and one of them that fails is a gap.
    """
    from autopilot_analysis.export import is_dataset, open_export

    if is_dataset(path):
        from autopilot_analysis.fleet.dataset.story import load_story

        with show_progress("members") as show:
            story = load_story(path, names=names, privacy=privacy, progress=show)
        return _with_own_rules(story.tables, story.trace) if own_rules else story
    from autopilot_analysis.findings import find
    from autopilot_analysis.readers import read_tables
    from autopilot_analysis.trace import build_trace
    from autopilot_analysis.trace.installs.naming import count_nameless

    with open_export(path) as export, show_progress("members") as show:
        tables = read_tables(export, names=names, privacy=privacy, progress=show)
    if zone:
        from autopilot_analysis.fleet.deployments.local_times import in_own_zone

        tables = in_own_zone(tables)
    trace = build_trace(tables)
    tables = count_nameless(tables, trace)
    if own_rules:
        return _with_own_rules(tables, trace)
    return tables, trace, find(tables, trace)


def _with_own_rules(tables: Tables, trace: Trace) -> tuple[Tables, Trace, Findings]:
    from autopilot_analysis.findings.loading import find_with_own

    whole, found = find_with_own(tables, trace)
    for row in whole.gaps.tail(whole.gaps.height - tables.gaps.height).iter_rows(named=True):
        where = row["member"] if row["record"] is None else f"{row['member']} line {row['record']}"
        print(one_line(f"not run: {where}: {row['reason']}; {row['advice']}"), file=sys.stderr)
    return whole, trace, found
