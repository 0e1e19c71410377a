"""Lines of the agent that nobody knows, over a fleet: the drift alarm; every line is made up."""

from datetime import datetime

import polars as pl

from autopilot_analysis.fleet.dataset import loading
from autopilot_analysis.fleet.dataset.loading import gather_fleet
from autopilot_analysis.tables import SCHEMAS, schema_of

WHEN = datetime.fromisoformat("2026-03-02T08:00:00")


def fleet_of(*lines):
    """A fleet of (device, minute, message) log records."""
    schema = schema_of("log_lines")
    rows = [
        {"device": device, "member": f"{device}/AppWorkload.log", "record": n, "clock": "unknown"}
        | {"written_at": WHEN.replace(minute=minute), "message": text}
        for n, (device, minute, text) in enumerate(lines, 1)
    ]
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    empty = {name: table.create_empty() for name, table in SCHEMAS.items()}
    return gather_fleet(empty | {"log_lines": frame})


def test_unknown_lines_are_counted_by_the_version_that_ran_and_over_devices():
    new, old = "Agent version is: 1.105.0.0", "Agent version is: 1.93.0.0"
    fleet = fleet_of(
        ("A", 0, old), ("A", 1, "Brand new word 17"), ("A", 2, new), ("A", 3, "Brand new word 4"),
        ("B", 0, new), ("B", 3, "Brand new word 5"), ("B", 4, "Brand new word 6"),
    )  # fmt: skip
    assert fleet.unknown_messages.rows() == [
        ("1.105.0.0", "AppWorkload", "Brand new word <n>", 3, 2),
        ("1.93.0.0", "AppWorkload", "Brand new word <n>", 1, 1),
    ]


def test_the_logs_of_few_devices_are_looked_at(monkeypatch):
    monkeypatch.setattr(loading, "MOST_LOGS", 1)
    fleet = fleet_of(("B", 0, "Brand new word"), ("A", 0, "Brand new word"))
    assert fleet.unknown_messages.select("n", "devices").rows() == [(1, 1)]


def test_a_fleet_without_logs_has_no_unknown_lines():
    fleet = gather_fleet(
        {name: table.create_empty() for name, table in SCHEMAS.items() if name != "log_lines"}
    )
    assert fleet.unknown_messages.is_empty()
