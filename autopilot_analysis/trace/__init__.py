"""Room 3: rows -> marks -> stage runs -> attempts; installs with every try; screens."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.readers.trace_log.twins import without_twins
from autopilot_analysis.tables import Attempt, Install, Screen, StageRun, Tables, TlsCheck, Trace
from autopilot_analysis.tables.typed import checked
from autopilot_analysis.trace.attempts import add_aftermath, add_skips, build_attempts
from autopilot_analysis.trace.beginnings import late_logs
from autopilot_analysis.trace.conflicts import find_conflicts
from autopilot_analysis.trace.critical_path import build_critical_path
from autopilot_analysis.trace.failures.local_failures import find_local_failures
from autopilot_analysis.trace.failures.page_failures import find_page_failures
from autopilot_analysis.trace.installs.agent.census import count_unknown_messages
from autopilot_analysis.trace.installs.build import build_installs
from autopilot_analysis.trace.marks import as_marks, find_marks
from autopilot_analysis.trace.numbering import number_attempts
from autopilot_analysis.trace.outcomes.registry_outcomes import find_registry_outcomes, settle
from autopilot_analysis.trace.outcomes.reported import find_reported, settle_reported, still_open
from autopilot_analysis.trace.page_off import skip_hidden
from autopilot_analysis.trace.place import BELONGS_WITHIN, place, spans_of, without_far
from autopilot_analysis.trace.scenario import add_undated, find_scenarios
from autopilot_analysis.trace.screens.build import build_screens, screens_in_attempts
from autopilot_analysis.trace.screens.reports import as_logged
from autopilot_analysis.trace.stages import build_runs
from autopilot_analysis.trace.steps.build import find_device_steps
from autopilot_analysis.trace.storyline import build_storyline
from autopilot_analysis.trace.tls import find_tls_checks
from autopilot_analysis.trace.what_if import WhatIf, what_if

TOUCHED = pl.coalesce("started_at", "download_started_at", "required_at", "ended_at")
"""When an install was first touched: the attempt that ran then is its own."""

__all__ = [
    "BELONGS_WITHIN",
    "WhatIf",
    "build_critical_path",
    "build_storyline",
    "build_trace",
    "count_unknown_messages",
    "find_conflicts",
    "place",
    "what_if",
]


def build_trace(tables: Tables) -> Trace:
    """Return what happened on each device: marks, steps, stage runs, attempts, installs, screens, TLS.

    Args:
        tables: What `read_tables` returned.

    Returns:
        Frames whose rows lead back to a member and a record. A stage nobody saw has no row; a stage its
        scenario leaves out is `skipped`; one whose end was not seen is `unfinished` or `unknown`.

    Example:
        >>> from autopilot_analysis import build_trace, open_export, read_tables
        >>> trace = build_trace(read_tables(open_export("data/user-driven-success.cab")))
        >>> trace.attempts["outcome"].to_list()
        ['succeeded']
    """
    tables = _with_events(tables, without_twins(tables.events))
    found = find_marks(_with_events(tables, as_logged(tables.events)))
    numbered = number_attempts(found)
    scenarios = find_scenarios(numbered, tables.devices, tables.registry_values)
    left = find_registry_outcomes(found)
    runs = add_skips(build_runs(numbered, left), scenarios)
    openings = numbered.select("device", "attempt", "opening").unique()
    for outcomes in (left, find_page_failures(found)):
        runs = settle(runs, outcomes, openings, scenarios)
    runs = settle(runs, find_local_failures(found, tables, numbered, runs), openings, scenarios)
    runs = skip_hidden(runs, numbered, tables.registry_values, tables.log_lines)
    runs = runs.with_columns(waited=pl.col("ended_at") - pl.col("started_at"))
    late = late_logs(tables)
    attempts = build_attempts(runs, add_undated(scenarios, runs, tables.devices), numbered, late)
    ends = still_open(find_reported(tables, runs), attempts)
    if ends.height:
        runs = settle_reported(runs, ends, openings, scenarios)
        runs = runs.with_columns(waited=pl.col("ended_at") - pl.col("started_at"))
        attempts = build_attempts(runs, add_undated(scenarios, runs, tables.devices), numbered, late)
    attempts = add_aftermath(attempts, numbered)
    spans = spans_of(attempts, runs)
    installs = without_far(place(build_installs(tables), attempts, spans, TOUCHED), spans)
    screens = screens_in_attempts(build_screens(tables.events), attempts, spans)
    return Trace(
        marks=as_marks(found),
        steps=find_device_steps(tables),
        stage_runs=checked(runs.sort("device", "attempt", "stage"), StageRun),
        attempts=checked(attempts, Attempt),
        installs=checked(installs, Install),
        screens=checked(screens, Screen),
        tls_checks=checked(find_tls_checks(tables.events), TlsCheck),
    )


def _with_events(tables: Tables, events: pl.DataFrame) -> Tables:
    return Tables.of({**tables.frames(), "events": events})
