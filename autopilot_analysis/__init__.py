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
        draw_coverage,
        draw_critical_path,
        draw_downloads,
        draw_installs,
        draw_trace,
    )
    from autopilot_analysis.findings import conclude, find, rule
    from autopilot_analysis.fleet import load_deployments, load_story, open_dataset
    from autopilot_analysis.fleet.explain import explain
    from autopilot_analysis.fleet.ingest import ingest
    from autopilot_analysis.privacy import share
    from autopilot_analysis.readers import read_tables
    from autopilot_analysis.report import write_report
    from autopilot_analysis.samples import write_sample
    from autopilot_analysis.tables import Findings, Tables, Trace
    from autopilot_analysis.trace import build_storyline, build_trace

_HOMES = {
    "open_export": "export",
    "Export": "export",
    "Limits": "export",
    "read_tables": "readers",
    "Tables": "tables",
    "build_trace": "trace",
    "build_storyline": "trace",
    "Trace": "tables",
    "conclude": "findings",
    "find": "findings",
    "rule": "findings",
    "Findings": "tables",
    "draw_coverage": "figures",
    "draw_critical_path": "figures",
    "draw_downloads": "figures",
    "draw_installs": "figures",
    "draw_trace": "figures",
    "explain": "fleet",
    "ingest": "fleet",
    "load_deployments": "fleet",
    "load_story": "fleet",
    "open_dataset": "fleet",
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
    "build_storyline",
    "build_trace",
    "conclude",
    "draw_coverage",
    "draw_critical_path",
    "draw_downloads",
    "draw_installs",
    "draw_trace",
    "explain",
    "find",
    "ingest",
    "load_deployments",
    "load_story",
    "open_dataset",
    "open_export",
    "read_tables",
    "rule",
    "share",
    "write_report",
    "write_sample",
]


def __getattr__(name: str) -> object:
    """Import the room of a public name on first use, so that reading needs no plotting library."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
