from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl
import pytest

AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def log(rows):
    def build(member, *records):
        return rows(
            "events",
            *(
                {
                    "member": member,
                    "record": n,
                    "recorded_at": at(when),
                    "at": at(when),
                    "provider": provider,
                    "event_id": event_id,
                    "data": json.dumps(data) if data else None,
                }
                for n, (when, provider, event_id, data) in enumerate(records, 1)
            ),
        )

    return build


@pytest.fixture
def wrong_by_three_hours(log):
    """A clock three hours fast that Autopilot sets right at its fourth record; a second log saw it too."""
    autopilot = log(
        "autopilot.evtx",
        ("2026-03-02T11:00:00", AUTOPILOT, 285, None),
        ("2026-03-02T11:01:00", AUTOPILOT, 164, None),
        ("2026-03-02T11:02:00", AUTOPILOT, 753, {"ServerTime": "2026-03-02T08:02:00Z"}),
        ("2026-03-02T08:02:00", AUTOPILOT, 751, None),
        ("2026-03-02T08:02:05", AUTOPILOT, 161, None),
    )
    shell = log(
        "shell.evtx", ("2026-03-02T11:00:30", "Shell", 1, None), ("2026-03-02T08:30:00", "Shell", 1, None)
    )
    return pl.concat([autopilot, shell])


@pytest.fixture
def lines(rows):
    def build(*given, member="ime.log"):
        return rows(
            "log_lines",
            *(
                {
                    "member": member,
                    "record": n,
                    "written_at": datetime.fromisoformat(w),
                    "clock": "unknown",
                    "message": m,
                }
                for n, (w, m) in enumerate(given, 1)
            ),
        )

    return build
