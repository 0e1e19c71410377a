"""Opens Windows Autopilot diagnostics on any machine and tells what happened, when, and why.

    export   = open_export("mdm-diagnostics.cab")    # what was handed in
    tables   = read_tables(export)                   # what it says
    trace    = build_trace(tables)                   # what happened, when, how long, by which evidence
    findings = find(tables, trace)                   # what went wrong, with proof
    ax       = draw_trace(trace, findings)           # seen at a glance
    page     = write_report("01_device_trace", export="mdm-diagnostics.cab")   # handed on

Glossary, each word used once and everywhere:

export: what was handed in: a folder, ZIP, CAB or single file.
member: one file in it, by its path inside.
source: which known thing a member is, such as the Autopilot event log (facts/sources.csv).
reader: what turns one member's bytes into rows and gaps.
gap: what could not be read, and why.
coverage: how well each source was seen on each device.
mark: one observed fact about progress, such as "profile available".
stage: one of network, profile_download, user_authentication, entra_join, mdm_enrollment,
    device_preparation, device_setup, account_setup, desktop.
attempt: one run at enrolment; a device that is refused four times has four.
install: one try at one app, script, policy or certificate.
rule: one check; finding: what a rule says; evidence: the records that prove it.
deployment: one attempt as a fleet row; dataset: many exports' tables as Parquet.
clock: how an instant is known: declared (the record says UTC), corrected (moved over a clock step), anchored
    (found from statements in the log or pairs with events), device_zone (local time in the device's zone),
    unknown.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autopilot_analysis.export import Export, Limits, open_export
    from autopilot_analysis.figures import (
        draw_calendar,
        draw_contrasts,
        draw_control_chart,
        draw_coverage,
        draw_critical_path,
        draw_downloads,
        draw_durations,
        draw_heat_map,
        draw_incident,
        draw_installs,
        draw_journeys,
        draw_pareto,
        draw_scatter,
        draw_survival,
        draw_swimlanes,
        draw_time_attribution,
        draw_timeline,
        draw_timings,
        draw_together,
        draw_trace,
    )
    from autopilot_analysis.findings import conclude, find, rule
    from autopilot_analysis.fleet import (
        compare_captures,
        compare_survival,
        load_deployments,
        load_story,
        measure_changes,
        measure_combinations,
        measure_contrasts,
        measure_daily,
        measure_durations,
        measure_failure_rates,
        measure_failures,
        measure_first_time_right,
        measure_incidence,
        measure_items,
        measure_journeys,
        measure_rates,
        measure_signatures,
        measure_survival,
        measure_time_attribution,
        measure_together,
        open_dataset,
        select_group,
        study_incident,
    )
    from autopilot_analysis.fleet.dataset.ingest import ingest
    from autopilot_analysis.fleet.explanation.explain import explain
    from autopilot_analysis.privacy import share
    from autopilot_analysis.readers import read_tables
    from autopilot_analysis.report import write_report
    from autopilot_analysis.samples import write_sample
    from autopilot_analysis.tables import Findings, Tables, Trace
    from autopilot_analysis.tables.dictionary import describe_table
    from autopilot_analysis.timeline import build_timeline, records_around, search_records, write_timeline
    from autopilot_analysis.trace import (
        build_critical_path,
        build_storyline,
        build_trace,
        count_unknown_messages,
        find_conflicts,
        what_if,
    )
    from autopilot_analysis.widgets import (
        explore_contrasts,
        explore_devices,
        explore_failures,
        explore_timeline,
        explore_timings,
        fill_form,
        pick_export,
    )

_HOMES = {
    "load_ipython_extension": "report.cells",  # what `%load_ext autopilot_analysis` asks for
    "open_export": "export",
    "Export": "export",
    "Limits": "export",
    "read_tables": "readers",
    "Tables": "tables",
    "describe_table": "tables.dictionary",
    "build_trace": "trace",
    "build_storyline": "trace",
    "build_critical_path": "trace",
    "what_if": "trace",
    "count_unknown_messages": "trace",
    "find_conflicts": "trace",
    "Trace": "tables",
    "conclude": "findings",
    "find": "findings",
    "build_timeline": "timeline",
    "records_around": "timeline",
    "search_records": "timeline",
    "write_timeline": "timeline",
    "rule": "findings",
    "Findings": "tables",
    "draw_coverage": "figures",
    "draw_critical_path": "figures",
    "draw_downloads": "figures",
    "draw_incident": "figures",
    "draw_installs": "figures",
    "draw_trace": "figures",
    "draw_calendar": "figures",
    "draw_contrasts": "figures",
    "draw_control_chart": "figures",
    "draw_durations": "figures",
    "draw_heat_map": "figures",
    "draw_journeys": "figures",
    "draw_pareto": "figures",
    "draw_scatter": "figures",
    "draw_survival": "figures",
    "draw_swimlanes": "figures",
    "draw_time_attribution": "figures",
    "draw_timeline": "figures",
    "draw_timings": "figures",
    "draw_together": "figures",
    "explain": "fleet",
    "ingest": "fleet",
    "load_deployments": "fleet",
    "load_story": "fleet",
    "open_dataset": "fleet",
    "compare_captures": "fleet",
    "compare_survival": "fleet",
    "measure_changes": "fleet",
    "measure_combinations": "fleet",
    "measure_contrasts": "fleet",
    "measure_daily": "fleet",
    "measure_durations": "fleet",
    "measure_failure_rates": "fleet",
    "measure_failures": "fleet",
    "measure_first_time_right": "fleet",
    "measure_incidence": "fleet",
    "measure_items": "fleet",
    "measure_journeys": "fleet",
    "measure_rates": "fleet",
    "measure_signatures": "fleet",
    "measure_survival": "fleet",
    "measure_time_attribution": "fleet",
    "measure_together": "fleet",
    "select_group": "fleet",
    "study_incident": "fleet",
    "pick_export": "widgets",
    "explore_devices": "widgets",
    "explore_timeline": "widgets",
    "explore_timings": "widgets",
    "explore_failures": "widgets",
    "explore_contrasts": "widgets",
    "fill_form": "widgets",
    "write_report": "report",
    "share": "privacy",
    "write_sample": "samples",
}
"""Public name -> the room it lives in; a room is imported when its first name is used."""

__all__ = [
    "Export",
    "Findings",
    "Limits",
    "Tables",
    "Trace",
    "build_critical_path",
    "build_storyline",
    "build_timeline",
    "build_trace",
    "compare_captures",
    "compare_survival",
    "conclude",
    "count_unknown_messages",
    "describe_table",
    "draw_calendar",
    "draw_contrasts",
    "draw_control_chart",
    "draw_coverage",
    "draw_critical_path",
    "draw_downloads",
    "draw_durations",
    "draw_heat_map",
    "draw_incident",
    "draw_installs",
    "draw_journeys",
    "draw_pareto",
    "draw_scatter",
    "draw_survival",
    "draw_swimlanes",
    "draw_time_attribution",
    "draw_timeline",
    "draw_timings",
    "draw_together",
    "draw_trace",
    "explain",
    "explore_contrasts",
    "explore_devices",
    "explore_failures",
    "explore_timeline",
    "explore_timings",
    "fill_form",
    "find",
    "find_conflicts",
    "ingest",
    "load_deployments",
    "load_story",
    "measure_changes",
    "measure_combinations",
    "measure_contrasts",
    "measure_daily",
    "measure_durations",
    "measure_failure_rates",
    "measure_failures",
    "measure_first_time_right",
    "measure_incidence",
    "measure_items",
    "measure_journeys",
    "measure_rates",
    "measure_signatures",
    "measure_survival",
    "measure_time_attribution",
    "measure_together",
    "open_dataset",
    "open_export",
    "pick_export",
    "read_tables",
    "records_around",
    "rule",
    "search_records",
    "select_group",
    "share",
    "study_incident",
    "what_if",
    "write_report",
    "write_sample",
    "write_timeline",
]


def __getattr__(name: str) -> object:
    """Import the room of a public name on first use, so that reading needs no plotting library."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
