"""An attempt whose first records were lost with the oldest of a log began before the first that is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.findings import answer, find
from autopilot_analysis.fleet.deployments.build import BEGAN_BEFORE, build_deployments
from autopilot_analysis.tables import STAGES, Tables
from autopilot_analysis.timeline.story import attempt_rows
from autopilot_analysis.trace.beginnings import LATE_LOG, began_before, late_logs

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
SHELL = "Microsoft-Windows-Shell-Core"
ROLLED = "the log rolled over or was cleared or filtered: records 1 to 9 are gone"


def cut(first="device_setup", scenario="user_driven", *, log=0, told="network", opening="start"):
    """Whether an attempt first seen in a stage began before, with a log that begins so many minutes on."""
    attempts = pl.DataFrame(
        [("D", 1, scenario, first, START)],
        schema={
            "device": pl.String,
            "attempt": pl.Int64,
            "scenario": pl.String,
            "first": pl.Enum(STAGES),
            "started_at": pl.Datetime("us", "UTC"),
        },
        orient="row",
    )
    numbered = pl.DataFrame({"device": ["D"], "attempt": [1], "opening": [opening]})
    logs = pl.DataFrame([("D", START + timedelta(minutes=log), told)], schema=LATE_LOG, orient="row")
    return began_before(attempts, numbered, logs).height == 1


@pytest.mark.parametrize("first", ["device_preparation", "device_setup", "account_setup"])
def test_no_enrolment_begins_on_the_status_page(first):
    assert cut(first)
    assert cut(first, scenario=None)


@pytest.mark.parametrize("first", ["network", "profile_download", "entra_join"])
def test_an_attempt_may_begin_with_the_network_the_profile_or_a_join(first):
    assert not cut(first)


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [("user_driven", True), ("self_deploying", True), ("not_autopilot", False), (None, False)],
)
def test_an_enrolment_is_a_beginning_where_no_profile_comes_first(scenario, expected):
    assert cut("mdm_enrollment", scenario) == expected


@pytest.mark.parametrize("scenario", ["pre_provisioning_user", "autopilot_reset"])
def test_a_status_page_of_its_own_is_a_beginning(scenario):
    assert not cut("account_setup", scenario)


@pytest.mark.parametrize("opening", ["retry", "later_user"])
def test_a_page_that_is_tried_again_or_of_a_later_user_begins_with_itself(opening):
    assert not cut(opening=opening)


@pytest.mark.parametrize(("log", "expected"), [(30, True), (0, True), (-60, True), (-61, False)])
def test_a_log_that_begins_well_before_an_attempt_would_hold_its_beginning(log, expected):
    assert cut(log=log) == expected


def test_a_log_that_tells_of_no_earlier_stage_lost_no_beginning():
    assert not cut("device_setup", told="device_setup")


def logs_of(rows, *gaps):
    events = [
        {"member": "ap.evtx", "channel": f"{AUTOPILOT}/Autopilot", "provider": AUTOPILOT, "record": 10},
        {"member": "shell.evtx", "channel": f"{SHELL}/Operational", "provider": SHELL, "record": 11},
        {"member": "other.evtx", "channel": "Example/Operational", "provider": "Example", "record": 12},
    ]
    events = [one | {"at": START, "event_id": 1, "clock": "declared"} for one in events]
    gap = [{"member": member, "record": 10, "reason": reason} for member, reason in gaps]
    return late_logs(Tables.of({"events": rows("events", *events), "gaps": rows("gaps", *gap)}))


def test_a_log_that_rolled_over_is_known_by_what_it_tells_of(rows):
    found = logs_of(rows, ("ap.evtx", ROLLED), ("shell.evtx", ROLLED), ("other.evtx", ROLLED))
    assert found.rows() == [("SN-0001", START, "network"), ("SN-0001", START, "device_setup")]


def test_a_log_with_another_gap_lost_no_beginning(rows):
    assert logs_of(rows, ("ap.evtx", "3 record ids are missing, the first behind record 9")).is_empty()


@pytest.fixture(scope="module")
def whole():
    """A device that went well."""
    return read_tables(open_export("data/user-driven-success.cab"))


@pytest.fixture(scope="module")
def rolled(whole):
    """The same device, its event logs from just before device setup on, as logs that rolled over."""
    tables = whole
    begun = build_trace(tables).stage_runs.filter(stage="device_setup")["started_at"][0]
    events = tables.events.filter(pl.col("at") >= begun - timedelta(seconds=5))
    first = events.group_by("device", "member", maintain_order=True).agg(pl.col("record").min())
    lost = first.with_columns(reason=pl.lit(ROLLED))
    gaps = pl.concat([tables.gaps, lost], how="diagonal_relaxed")
    bare = {"registry_values": tables.registry_values.clear()}
    return Tables.of({**tables.frames(), **bare, "events": events, "gaps": gaps})


def test_what_is_told_of_an_attempt_that_began_before_its_first_record(rolled):
    trace = build_trace(rolled)
    (attempt,) = trace.attempts.iter_rows(named=True)
    assert (attempt["begun"], attempt["waited"], attempt["outcome"]) == (False, None, "succeeded")
    told = [line for line in answer(rolled, trace, find(rolled, trace)).in_lines() if "began" in line]
    assert [line.split(maxsplit=2)[2] for line in told] == [
        "The last attempt began before 2026-03-02 08:05:15 UTC."
    ]
    assert attempt_rows(trace.attempts)["title"][0].endswith(" · began before 08:05 UTC")
    (deployment,) = build_deployments(rolled, trace).iter_rows(named=True)
    assert (deployment["flags"], deployment["total"]) == (BEGAN_BEFORE, None)


def test_an_attempt_with_all_its_records_is_begun(whole):
    trace = build_trace(whole)
    assert trace.attempts["begun"].to_list() == [True]
    assert "began before" not in attempt_rows(trace.attempts)["title"][0]
    assert build_deployments(whole, trace)["flags"].to_list() == [None]
