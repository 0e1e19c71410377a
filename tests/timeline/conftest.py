"""One sample story, and a small device whose records are written here by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from autopilot_analysis.fleet.dataset.story import load_story
from autopilot_analysis.report import find_data
from autopilot_analysis.tables import Findings, Tables, Trace, schema_of
from autopilot_analysis.timeline import build_timeline

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"


def at(seconds):
    return None if seconds is None else START + timedelta(seconds=seconds)


def frame(table, *rows):
    schema = schema_of(table)
    own = {"device": "SN-0001", "clock": "declared"}
    return pl.DataFrame([{name: (own | row).get(name) for name in schema} for row in rows], schema=schema)


def event(record, seconds, event_id, *, level=4, data="{}", provider=AUTOPILOT, **more):
    return {
        "member": "a.evtx", "record": record, "at": at(seconds), "recorded_at": at(seconds), "level": level,
        "channel": f"{provider}/Autopilot", "provider": provider, "event_id": event_id, "data": data,
    } | more  # fmt: skip


def line(record, seconds, message, *, severity="info", **more):
    return {
        "member": "logs/Agent.log", "record": record, "at": at(seconds), "severity": severity,
        "component": "Agent", "message": message, "clock": "device_zone",
    } | more  # fmt: skip


@pytest.fixture
def world():
    """Builders: `at`, `event`, `line`, `frame`; `tables`, `trace`, `findings` make collections of frames."""
    return SimpleNamespace(
        at=at, event=event, line=line, frame=frame, tables=Tables.of, trace=Trace.of, findings=Findings.of
    )


@pytest.fixture(scope="session")
def refused():
    """The story of the sample whose enrolment is refused four times."""
    return load_story(find_data() / "mdm-enrollment-refused.cab")


@pytest.fixture(scope="session")
def timeline(refused):
    """Its timeline."""
    return build_timeline(*refused)
