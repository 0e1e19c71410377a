from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.fleet.deployments.local_times import anchor_local_times, place_local_times, zone_of

FIRST = datetime(2026, 3, 20, 8, tzinfo=UTC)


def fleet(offsets, *, local_only=False):
    """Return each attempt twice: as Graph tells it, and as a portal ahead of UTC by so many minutes."""
    rows = []
    for number, minutes in enumerate(offsets):
        start = FIRST + timedelta(days=number, minutes=17 * number)
        told = {"device": f"SN-{number}", "ended_at": None, "observed_until": None}
        if minutes is not None and not local_only:
            rows.append({**told, "started_at": start, "flags": None})
        ahead = timedelta(minutes=minutes or 0)
        rows.append({**told, "started_at": start + ahead, "flags": "not_clean,local_time"})
    schema = {"ended_at": pl.Datetime("us", "UTC"), "observed_until": pl.Datetime("us", "UTC")}
    return pl.DataFrame(rows, schema_overrides={**schema, "flags": pl.String})


def apart(frame):
    spans = frame.group_by("device").agg(pl.col("started_at").max() - pl.col("started_at").min())
    return set(spans["started_at"])


def test_local_times_become_utc_across_the_change_to_summer_time():
    anchored = anchor_local_times(fleet([60] * 10 + [120] * 10))
    assert apart(anchored) == {timedelta()}
    flags = anchored["flags"].drop_nulls().to_list()
    assert (flags[0], flags[-1]) == ("not_clean,local_time=+60min", "not_clean,local_time=+120min")


@pytest.mark.parametrize("offsets", [[60] * 10 + [120] * 2, [120] * 10 + [60], [60, 60] + [120] * 9])
def test_the_few_attempts_behind_or_before_the_change_of_the_clock_become_utc_too(offsets):
    assert apart(anchor_local_times(fleet(offsets))) == {timedelta()}


@pytest.mark.parametrize("offsets", [[60] * 5 + [120] + [60] * 5, [60] * 10 + [180], [60] * 10 + [90]])
def test_an_attempt_among_the_others_or_by_more_than_an_hour_off_takes_the_usual_offset(offsets):
    assert apart(anchor_local_times(fleet(offsets))) != {timedelta()}


def test_an_attempt_that_no_other_export_tells_of_takes_the_offset_of_its_time():
    anchored = anchor_local_times(fleet([-300, -300, None, -300]))
    alone = anchored.filter(pl.col("device") == "SN-2").row(0, named=True)
    assert alone["started_at"] == FIRST + timedelta(days=2, minutes=34 + 300)
    assert alone["flags"] == "not_clean,local_time=-300min"


def test_two_attempts_that_agree_move_nothing():
    frame = fleet([60, 60])
    assert anchor_local_times(frame).equals(frame)


def test_without_another_export_nothing_moves():
    frame = fleet([60] * 5, local_only=True)
    assert anchor_local_times(frame).equals(frame)


@pytest.mark.parametrize(
    "flags", ["local_time", "not_clean,local_time", "local_time,negative_duration:total=-PT1M"]
)
def test_a_row_is_local_wherever_the_flag_stands(flags):
    frame = fleet([60] * 4).with_columns(pl.col("flags").replace("not_clean,local_time", flags))
    assert apart(anchor_local_times(frame)) == {timedelta()}


def test_a_named_zone_places_local_times_by_its_own_summer_time():
    winter, summer = datetime(2026, 3, 20, 9, tzinfo=UTC), datetime(2026, 4, 20, 10, tzinfo=UTC)
    told = {"ended_at": None, "observed_until": None, "flags": "local_time"}
    rows = [
        {"device": "A", "started_at": winter, **told},
        {"device": "B", "started_at": summer, **told},
        {"device": "C", "started_at": summer, **told, "flags": None},
    ]
    schema = {"ended_at": pl.Datetime("us", "UTC"), "observed_until": pl.Datetime("us", "UTC")}
    placed = place_local_times(pl.DataFrame(rows, schema_overrides=schema), "Europe/Berlin")
    assert placed.select("started_at", "flags").rows() == [
        (winter.replace(hour=8), "local_time=Europe/Berlin"),
        (summer.replace(hour=8), "local_time=Europe/Berlin"),
        (summer, None),
    ]


def test_a_zone_is_called_as_the_database_or_as_windows_calls_it():
    assert zone_of("Europe/Berlin") == zone_of("W. Europe Standard Time") == "Europe/Berlin"
    with pytest.raises(UnknownName, match="did you mean Europe/Berlin"):
        zone_of("Berlin")
