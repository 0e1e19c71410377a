"""The storyline holds the steps that decide, and leaves out what only stands beside it."""

from datetime import UTC, datetime, timedelta

from autopilot_analysis.tables import SCHEMAS, Trace
from autopilot_analysis.tables.story import STEPS
from autopilot_analysis.trace.storyline import DECISIVE, build_storyline

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_the_storyline_tells_starts_and_clock_steps_and_neither_battery_nor_disk(rows):
    steps = rows(
        "steps", *({"kind": kind, "at": START + timedelta(minutes=n)} for n, kind in enumerate(STEPS))
    )
    empty = {name: SCHEMAS[name].create_empty() for name in ("marks", "stage_runs", "attempts", "installs")}
    story = build_storyline(Trace(steps=steps, **empty))
    assert story["what"].to_list() == DECISIVE
