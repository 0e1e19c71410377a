"""Rows of events, of the registry and of one agent log, from little."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.agent.messages import find_messages
from autopilot_analysis.trace.installs.agent.stream import order_messages

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HKLM = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\"


@pytest.fixture
def happened(rows):
    """Events of one provider from (minute, id, fields, code, level), the last two optional."""

    def build(provider, *given):
        made = []
        for minute, event_id, fields, *more in given:
            code, level = (*more, None, None)[:2]
            row = {"at": START + timedelta(minutes=minute), "event_id": event_id, "data": json.dumps(fields)}
            made.append(row | {"provider": provider, "code": code, "level": level})
        return rows("events", *made)

    return build


@pytest.fixture
def low(rows):
    """Registry values from (key below SOFTWARE\\Microsoft, name, value), as readers of claims take them."""

    def build(*given):
        frame = rows("registry_values", *({"key": HKLM + k, "name": n, "value": v} for k, n, v in given))
        lower = {"path": pl.col("key").str.to_lowercase(), "label": pl.col("name").str.to_lowercase()}
        return frame.with_columns(**lower)

    return build


@pytest.fixture
def ordered():
    """The messages of one agent log, in order, from (second, text, thread), the thread optional."""

    def build(*records, member="IntuneManagementExtension.log"):
        schema = schema_of("log_lines")
        lines = []
        for number, (second, message, *thread) in enumerate(records, 1):
            at = START + timedelta(seconds=second)
            line = {"device": "D", "member": member, "record": number, "clock": "device_zone", "at": at}
            line |= {"written_at": at.replace(tzinfo=None), "thread": (*thread, 7)[0], "message": message}
            lines.append({name: line.get(name) for name in schema})
        return order_messages(find_messages(pl.DataFrame(lines, schema=schema)))

    return build
