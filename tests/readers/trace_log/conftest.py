"""Small traces in the real format, for the tests of their reader."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from autopilot_analysis.readers.trace_log.trace_log import read_trace_log
from autopilot_analysis.samples.formats.trace_log import TracedEvent, TraceSettings, write_trace_log
from autopilot_analysis.samples.formats.trace_values import TraceField

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
OOBE = {
    "provider": "Microsoft.Windows.Shell.CloudExperienceHost",
    "provider_guid": UUID("d0034f5e-3686-5a74-dc48-5a22dd4f3d5b"),
}
"""A provider whose events become rows."""
VISIBLE = (TraceField("eventName", "Visible"),)


@pytest.fixture
def start():
    """When every trace of these tests begins."""
    return START


@pytest.fixture
def event():
    """Build one event, so many seconds behind the trace's start."""

    def build(seconds=1.0, name="WebAppEvent1", fields=VISIBLE, **more):
        at = START + timedelta(seconds=seconds)
        return TracedEvent(at=at, name=name, fields=fields, **(OOBE | more))

    return build


@pytest.fixture
def trace():
    """Build the bytes of a trace, closed an hour later unless told otherwise."""

    def build(*events, templates=(), **more):
        given = {
            "started": START,
            "booted": START - timedelta(seconds=1),
            "ended": START + timedelta(hours=1),
        }
        return write_trace_log(events, TraceSettings(**(given | more)), templates=templates)

    return build


@pytest.fixture
def payloads():
    """Return what the events of a trace say, by record."""

    def read(content):
        data = read_trace_log(bytes(content)).rows["events"]["data"]
        return [json.loads(text) if text is not None else None for text in data]

    return read


@pytest.fixture
def gaps():
    """Return reason and count of each gap of a trace."""

    def read(content):
        return [(gap.reason, gap.count) for gap in read_trace_log(bytes(content)).unread]

    return read


@pytest.fixture
def genuine_traces(genuine):
    """The folder of genuine OOBE traces, or a skip that says why."""
    folder = genuine / "oobe-traces"
    if not folder.is_dir():
        pytest.skip("no genuine traces beside this checkout")
    return folder
