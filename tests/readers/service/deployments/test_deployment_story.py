"""What only all rows of an export together tell: who was watched until when, and whose failure was mended."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.readers.service.deployments.deployment_story import NEWEST, finished

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
MOMENT = pl.Datetime("us", "UTC")
SCHEMA = {
    "device": pl.String, "deployment": pl.String, "started_at": MOMENT, "ended_at": MOMENT,
    "outcome": pl.String, "flags": pl.String, NEWEST: MOMENT,
}  # fmt: skip


def told(*rows):
    """Rows of one export from (device, hours after the start, outcome), each newest when it began."""
    made = [
        {
            "device": device,
            "deployment": f"key-{n}",
            "started_at": None if hours is None else START + timedelta(hours=hours),
            "outcome": outcome,
            NEWEST: None if hours is None else START + timedelta(hours=hours),
        }
        for n, (device, hours, outcome) in enumerate(rows, 1)
    ]
    return pl.DataFrame([{**dict.fromkeys(SCHEMA), **row} for row in made], schema=SCHEMA)


@pytest.mark.parametrize(
    ("hours", "flag"), [(1, "failed_first_try_frozen"), (720, "failed_first_try_frozen"), (720.1, None)]
)
def test_a_success_within_thirty_days_mends_a_failure_that_the_report_keeps(hours, flag):
    rows = finished(told(("SN-1", 0, "failed"), ("SN-1", hours, "succeeded")))
    assert rows["flags"].to_list() == [flag, None]


@pytest.mark.parametrize(
    "later", [("SN-2", 1, "succeeded"), ("SN-1", -1, "succeeded"), ("SN-1", 1, "failed")]
)
def test_only_a_later_success_of_the_same_device_mends_a_failure(later):
    assert finished(told(("SN-1", 0, "failed"), later))["flags"].to_list() == [None, None]


@pytest.mark.parametrize(("hours", "minutes", "flag"), [(1, 60, None), (2, 60, "over_an_hour_incomplete")])
def test_what_runs_is_watched_to_the_newest_instant_of_the_export_and_an_hour_at_most(hours, minutes, flag):
    rows = finished(told(("SN-1", 0, "in_progress"), ("SN-2", hours, "succeeded")))
    assert rows["observed_until"].to_list() == [START + timedelta(minutes=minutes), None]
    assert rows["flags"].to_list() == [flag, None]


def test_rows_without_a_name_are_named_and_rows_of_one_name_told_apart():
    rows = told((None, 0, "failed"), ("SN-1", 1, "failed"), ("SN-1", None, "failed"))
    keys = rows.with_columns(deployment=pl.Series([None, "key", "key"], dtype=pl.String))
    nameless = finished(keys)["device"][0]
    assert nameless.startswith("unknown-")
    assert finished(keys).select("device", "deployment").rows() == [
        (nameless, f"{nameless}@2026-03-02T08:00:00Z"),
        ("SN-1", "key"),
        ("SN-1", "key#2"),
    ]
