"""What is to be looked at: what was down, or one device of each thing that stands out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.answer.look_at import tell_devices, tell_what_was_down
from autopilot_analysis.fleet.explanation.answer.stand_outs import tell_days


@pytest.mark.parametrize(
    ("where", "until", "look"),
    [
        ("{}", 17, "Look at what was down on 2026-03-11 from 12:00 to 17:00 UTC"),
        ("{}", None, "Collect diagnostics from one device that failed since 2026-03-11 12:00 UTC"),
        ('{"model": "A"}', 17, "Collect diagnostics from one device of model A"),
    ],
)
def test_hours_in_which_all_failed_are_no_matter_of_one_device(fleet, explained, where, until, look):
    one = explained["failed"]
    at, end = (hour and datetime(2026, 3, 11, hour, tzinfo=UTC) for hour in (12, until))
    changes = one.changes.head(1).with_columns(
        pl.lit(where).alias("where"),
        at=pl.lit(at),
        at_low=pl.lit(at),
        at_high=pl.lit(at),
        until=pl.lit(end, one.changes.schema["until"]),
    )
    told = {"failed": replace(one, changes=changes, contrasts=one.contrasts.clear())}
    rows = fleet.deployments.with_columns(model=pl.lit("A"))
    (line,) = (*tell_what_was_down(told), *tell_devices(told, rows))
    assert line.text.startswith(look)
    (day,) = tell_days(told)
    assert day.text.startswith("2026-03-11 12:00 UTC" + (" until 2026-03-11 17:00 UTC:" if until else ":"))


def test_where_nothing_stands_out_nothing_is_to_be_looked_at(fleet, calm):
    assert list(tell_what_was_down(calm)) == []
    assert list(tell_devices(calm, fleet.deployments)) == []


def test_a_captured_device_is_opened_and_others_are_asked_for_diagnostics(fleet, explained):
    captured = fleet.deployments.with_columns(origin=pl.lit("capture"))
    (line,) = tell_devices(explained, captured)
    assert line.text.startswith("Open one device")
    assert line.text.endswith(" in 01_device_trace: its capture shows why.")


@pytest.mark.parametrize(
    ("q", "days", "look"),
    [(0.0045, 8, "Ask whether anything was down"), (0.0004, 8, "Look at what was down")],
)
def test_a_spell_that_chance_shows_now_and_then_is_asked_about_first(explained, q, days, look):
    one = explained["failed"]
    at = datetime(2026, 3, 4, tzinfo=UTC)
    changes = one.changes.head(1).with_columns(
        where=pl.lit("{}"),
        at=pl.lit(at),
        until=pl.lit(at + timedelta(days=days), one.changes.schema["until"]),
        q=pl.lit(q),
    )
    (line,) = tell_what_was_down({"failed": replace(one, changes=changes, contrasts=one.contrasts.clear())})
    assert line.text.startswith(f"{look} from 2026-03-04 to 2026-03-11")
