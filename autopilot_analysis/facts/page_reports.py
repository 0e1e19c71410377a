"""What the pages of OOBE report (facts/page_reports.csv): as which event of Shell-Core, and in a trace."""

from __future__ import annotations

from functools import cache
from typing import Any

from autopilot_analysis.facts import read_facts

TRACE_PROVIDER = "Microsoft.Windows.Shell.CloudExperienceHost"
LOG_PROVIDER = "Microsoft-Windows-Shell-Core"


@cache
def _rows() -> list[dict[str, Any]]:
    return read_facts("page_reports").to_dicts()


def event_of(report: str) -> int:
    """Return the id of the event by which the log says a report.

    Args:
        report: opened (OOBE), began, ended (a page), said, or said a value.
    """
    return next(int(row["event_id"]) for row in _rows() if row["report"] == report)


def fields_logged() -> dict[int, list[str]]:
    """Return the fields of each event, by its id: what is named, and where there is one its value."""
    return {int(row["event_id"]): row["fields"].split() for row in _rows()}


def fields_traced() -> list[list[str]]:
    """Return the fields in which traces hold the same."""
    return [row["traced_fields"].split() for row in _rows()]


def traced_as(*, ends: bool) -> dict[str, int]:
    """Return the id under which the log holds each event of a trace.

    Args:
        ends: For events that close what they stand for, else for all others.
    """
    rows = sorted(_rows(), key=lambda row: row["ends"] is not None)
    return {row["traced_as"]: int(row["event_id"]) for row in rows if ends or not row["ends"]}


def pressed() -> list[str]:
    """Return the events of a trace that say that a person did it."""
    return [row["traced_as"] for row in _rows() if row["pressed"]]
