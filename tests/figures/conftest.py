"""A small fleet that every fleet figure can be drawn from."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from matplotlib.patches import PathPatch

from autopilot_analysis.samples.fleet.fleet import simulate_fleet
from autopilot_analysis.tables import schema_of

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="package")
def fleet():
    """600 deployments, an edited profile among them."""
    return simulate_fleet(600, incident="profile_edit", seed=24)[0].drop("app_version")


@pytest.fixture
def texts():
    """What an Axes says, its labels included."""

    def said(ax):
        labels = [label.get_text() for label in (*ax.get_yticklabels(), *ax.get_xticklabels())]
        return [text.get_text() for text in ax.texts] + labels + [ax.get_xlabel()]

    return said


@pytest.fixture
def bars():
    """The bars that were drawn together on an Axes, one dict a bar."""

    def drawn(ax):
        return [
            {
                "left": left,
                "width": right - left,
                "row": (low + high) / 2,
                "height": high - low,
                "hatch": hatch,
            }
            for patch in ax.patches
            if isinstance(patch, PathPatch)
            for hatch in [patch.get_hatch()]
            for corners in patch.get_path().vertices.reshape(-1, 5, 2)
            for (left, low), (right, high) in [(corners.min(axis=0), corners.max(axis=0))]
        ]

    return drawn


@pytest.fixture(scope="package")
def installs():
    """Tries at so many items, an outcome in turn; the first two items have two tries each."""

    def at(minutes):
        return START + timedelta(minutes=minutes)

    def build(count):
        outcomes = ["succeeded", "failed", "not_detected", "unfinished"]
        rows = [
            {
                "device": "D",
                "attempt": 1,
                "item": f"app-{n // 2 if n < 4 else n}",
                "name": f"Sample ${n}$ app with quite a long name",
                "kind": "win32",
                "phase": "device",
                "blocking": n % 3 == 0,
                "try_number": 1 + (n < 4 and n % 2),
                "downloaded_bytes": 1_000_000 * (n + 1),
                "download_started_at": at(n),
                "download_ended_at": at(n + 0.4),
                "started_at": at(n + 0.6),
                "ended_at": at(n + 2),
                "outcome": outcomes[n % 4],
                "exit_code": 1603,
                "code": "0x80070643" if n % 4 == 1 else None,
                "member": "m",
                "record": n,
                "clock": "device_zone",
                "detail": json.dumps(
                    {"detected_at": at(n + 2.2).isoformat(), "peers": 300_000, "http": 500_000}
                ),
            }
            for n in range(count)
        ]
        schema = schema_of("installs")
        return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)

    return build
