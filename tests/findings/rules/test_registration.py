"""Whether the device is registered and enrolled at all; unknown is neither."""

import polars as pl
import pytest

from autopilot_analysis.findings import RULES
from autopilot_analysis.tables import Tables

TWICE = ("succeeded", None, "user_driven", 110, 160, None)
ENROLLMENTS = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000"
EMPTY = [("profile_empty", "profile_download", 5, None, "")]


@pytest.mark.parametrize(("registered", "found"), [(False, 1), (True, 0), (None, 0)])
def test_a_device_is_none_of_autopilots_only_where_that_is_known(proofs, registered, found):
    rows = proofs("NOT-AUTOPILOT", device={"registered": registered}, marks=EMPTY)
    assert rows["attempt"].to_list() == [None] * found


def test_device_preparation_is_autopilot_without_a_registration(proofs):
    attempts = [("succeeded", None, "device_preparation", 0, 60, None)]
    rows = proofs("NOT-AUTOPILOT", device={"registered": False}, marks=EMPTY, attempts=attempts)
    assert rows.is_empty()


@pytest.mark.parametrize(
    ("device", "severity"),
    [
        ({"enrolled": False, "registered": True}, ["warning"]),
        ({"enrolled": False}, ["info"]),
        ({"enrolled": None}, []),
        ({"enrolled": True}, []),
    ],
)
def test_an_enrolment_that_lacks_weighs_where_one_is_expected(proofs, device, severity):
    registry = [(ENROLLMENTS, "ProviderID", "")]
    assert proofs("NOT-ENROLLED", device=device, registry=registry)["severity"].to_list() == severity


@pytest.mark.parametrize(
    ("minute", "enrolled", "severity"),
    [(300, False, ["warning"]), (300, True, ["info"]), (300, None, ["info"]), (15, False, [])],
)
def test_an_enrolment_was_taken_away_when_that_came_after_it(proofs, minute, enrolled, severity):
    run = [(1, "mdm_enrollment", "succeeded", 10, 20, None, None)]
    marks = [("unenrolled", None, minute, None, "")]
    rows = proofs("UNENROLLED", device={"enrolled": enrolled}, runs=run, marks=marks)
    assert rows["severity"].to_list() == severity


def test_each_failure_before_another_attempt_is_one_that_was_repeated(proofs):
    attempts = [("failed", "entra_join", "user_driven", 60 * n, 60 * n + 30, None) for n in range(3)]
    runs = [(n + 1, "entra_join", "failed", 60 * n, 60 * n + 30, None, None) for n in range(3)]
    assert proofs("ATTEMPTS-REPEATED", attempts=attempts, runs=runs)["attempt"].to_list() == [1, 2]


@pytest.mark.parametrize(
    ("records", "minute", "severity"),
    [([1, 2], 100, "info"), ([8, 9], 100, None), ([1, 2], 15, None)],
)
def test_a_failure_before_windows_was_installed_anew_was_not_tried_again(world, records, minute, severity):
    attempts = [("failed", "entra_join", "user_driven", 0, 30, None), TWICE]
    runs = [(1, "entra_join", "failed", 0, 30, None, None)]
    tables, trace = world(attempts=attempts, runs=runs, events=[("ap:100", {}, n, None) for n in (5, 10)])
    later = tables.events.with_columns(
        member=pl.lit("after.evtx"),
        record=pl.Series(records, dtype=tables.events.schema["record"]),
        at=pl.col("at") + pl.duration(minutes=minute - 5),
    )
    both = Tables.of({**tables.frames(), "events": pl.concat([tables.events, later])})
    assert RULES["ATTEMPTS-REPEATED"](both, trace)["severity"].to_list() == [severity]
