"""The waits of the status page that did not end well."""

import pytest
from findings.rule_worlds import GOOD, OPEN, TIMED, USER_TIMED, at, bad

from autopilot_analysis.findings.rules.page_waits import waits


def test_a_page_that_ran_out_of_time_waited_from_its_start_to_its_end(world):
    rows = waits(world(**TIMED)[1]).select("stage", "phase", "begun_at", "over_at", "ended")
    assert rows.rows() == [("device_setup", "device", at(10), at(60), True)]
    assert waits(world(**USER_TIMED)[1])["phase"].to_list() == ["account"]


def test_a_page_without_an_end_waits_a_day_at_most(world):
    runs = [(1, "device_setup", "unfinished", 10, None, None, None)]
    rows = waits(world(attempts=OPEN, runs=runs)[1]).select("begun_at", "over_at", "ended")
    assert rows.rows() == [(at(10), at(10 + 24 * 60), False)]


@pytest.mark.parametrize("attempts", [GOOD, bad("device_setup")])
def test_an_attempt_that_ended_otherwise_has_no_wait_without_an_end(world, attempts):
    runs = [(1, "device_setup", "unfinished", 10, None, None, None)]
    assert waits(world(attempts=attempts, runs=runs)[1]).is_empty()
