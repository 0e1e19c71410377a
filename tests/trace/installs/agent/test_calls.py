"""What one log shows of one call, and when it shows it whole."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.trace.installs.agent.calls import Call, Run, by_log, is_near, item_of, number_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def message(minute, **captures):
    return {"moment": None if minute is None else NOON + timedelta(minutes=minute), **captures}


def test_a_call_begins_where_its_log_says_so_and_else_where_it_is_first_named():
    call = Call("pre", message(0), begun=message(1), ended=message(3))
    assert (call.moment, call.until) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=3))
    assert Call("pre", message(0)).moment == NOON
    assert Call("pre", message(0)).until is None


@pytest.mark.parametrize(
    ("begun", "ended", "shared", "whole"),
    [(1, 3, False, True), (None, 3, False, False), (1, None, False, False), (1, 3, True, False)],
)
def test_a_call_is_whole_with_both_ends_and_an_exit_that_no_other_may_own(begun, ended, shared, whole):
    sides = [None if minute is None else message(minute) for minute in (begun, ended)]
    assert Call("pre", message(0), begun=sides[0], ended=sides[1], shared=shared).whole() is whole


def test_a_run_knows_its_parts_and_which_of_them_ended():
    run = Run(
        "remediation",
        "D",
        "x",
        message(0),
        calls=[Call("pre", message(0), ended=message(1)), Call("post", message(2))],
    )
    assert run.call("post") is run.calls[1]
    assert run.call("remediate") is None
    assert [run.ended(part) for part in ("pre", "post", None)] == [True, False, True]


@pytest.mark.parametrize(
    ("report", "compliant", "judged"), [(None, None, False), ("{}", None, True), (None, False, True)]
)
def test_a_remediation_is_judged_by_its_report_or_its_last_detection(report, compliant, judged):
    run = Run("remediation", "D", "x", message(0), report=report, compliant_after=compliant)
    assert run.judged() is judged


@pytest.mark.parametrize(("minute", "near"), [(5, True), (5.1, False), (-5, True), (None, False)])
def test_two_moments_are_near_up_to_the_most_and_never_where_one_is_unknown(minute, near):
    other = message(minute)["moment"]
    assert is_near(NOON, other, timedelta(minutes=5)) is near


def test_captures_are_read_as_ids_in_lower_case_and_as_numbers():
    assert item_of({"id": "ABC"}) == "abc"
    assert item_of({"id": None}) is None
    assert (number_of({"n": "-7"}, "n"), number_of({"n": None}, "n")) == (-7, None)


def test_the_files_of_one_log_are_read_as_one_and_each_device_by_itself():
    rows = pl.DataFrame(
        {
            "turn": [3, 1, 2],
            "device": ["A", "A", "B"],
            "stem": ["AgentExecutor", "AgentExecutor", "agentexecutor"],
        }
    )
    logs = [(stem, [row["turn"] for row in messages]) for stem, messages in by_log(rows)]
    assert logs == [("agentexecutor", [1, 3]), ("agentexecutor", [2])]
