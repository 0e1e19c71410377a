"""Reports of pages, as events of a trace and as events of the Shell-Core log."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
TRACED = {
    62400: ("AppActivityRequired", 1, ("source",)),
    62404: ("WebAppActivity", 1, ("cxid",)),
    62405: ("WebAppActivity", 2, ("appResult",)),
    62406: ("WebAppEvent1", 0, ("eventName",)),
    62407: ("WebAppEvent2", 0, ("eventName", "eventValue")),
}
LOGGED = {
    62400: ("Source",), 62404: ("CXID",), 62405: ("Result",), 62406: ("Name",), 62407: ("Name", "Value"),
}  # fmt: skip


def _instants(at):
    instant = START + timedelta(seconds=at)
    return {"at": instant, "recorded_at": instant}


@pytest.fixture
def start():
    """Where the seconds of these tests count from."""
    return START


@pytest.fixture
def traced():
    """Build the row of a report in a trace: (seconds, event log's id, texts …)."""

    def build(at, report, *texts, member="oobe.etl.001", record=None, pressed=False, off=0.0):
        name, opcode, fields = TRACED[report]
        if pressed:
            name = name.replace("Event", "UserInteractionEvent")
        return {
            "provider": "Microsoft.Windows.Shell.CloudExperienceHost", "event_id": 0, "name": name,
            "opcode": opcode, "data": json.dumps(dict(zip(fields, texts, strict=True))), "member": member,
            **({"record": record} if record else {}), **_instants(at),
            "recorded_at": START + timedelta(seconds=at + off),
        }  # fmt: skip

    return build


@pytest.fixture
def logged():
    """Build the row of a report in the event log: (seconds, id, texts …)."""

    def build(at, report, *texts, **more):
        return {
            "provider": "Microsoft-Windows-Shell-Core", "event_id": report, "member": "shell.evtx",
            "data": json.dumps(dict(zip(LOGGED[report], texts, strict=True))), **_instants(at), **more,
        }  # fmt: skip

    return build
