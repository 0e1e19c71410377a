from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.trace.what_if import shares_left, what_if


def test_leaving_an_app_out_saves_its_time(phase):
    answer = what_if(phase.trace(*phase.serial), without=["B"])
    assert (answer.saved, answer.end, answer.timed_out) == (timedelta(minutes=30), phase.at(30), False)
    assert answer.path["waited"].sum() == timedelta(minutes=30)


def test_twice_as_fast_saves_half_of_it(phase):
    assert what_if(phase.trace(*phase.serial), faster={"a": 2.0}).saved == timedelta(minutes=7.5)


def test_what_ran_beside_a_removed_app_still_takes_its_time(phase):
    both = (phase.install("a", 0, 10, 40), phase.install("b", 0, 20, 50))
    assert what_if(phase.trace(*both), without=["b"]).saved == timedelta(minutes=10)


def test_a_time_limit_ends_the_phase(phase):
    answer = what_if(phase.trace(*phase.serial), timeout=timedelta(minutes=30))
    assert (answer.end, answer.timed_out, answer.path["waited"].sum()) == (
        phase.at(30),
        True,
        timedelta(minutes=30),
    )


def test_an_answer_about_a_failed_phase_says_what_it_cannot_know(phase):
    answer = what_if(phase.trace(*phase.serial, outcome="failed"), non_blocking=["b"])
    assert answer.saved == timedelta(minutes=30)
    assert any("failure" in line for line in answer.assumptions)


def test_a_name_that_does_not_exist_is_refused_with_a_hint(phase):
    with pytest.raises(UnknownName, match="no item is called 'AA'"):
        what_if(phase.trace(*phase.serial), without=["AA"])
    with pytest.raises(BadInput, match="cannot be 0 times faster"):
        what_if(phase.trace(*phase.serial), faster={"a": 0})
    with pytest.raises(BadInput, match="no account_setup was seen"):
        what_if(phase.trace(*phase.serial), phase="account_setup")


def test_the_idle_time_between_two_tries_goes_with_the_item_and_no_other_does(phase):
    tries = (phase.install("a", 5, 10, 20), phase.install("a", 21, 21, 30), phase.install("b", 31, 31, 50))
    assert what_if(phase.trace(*tries), without=["a"]).saved == timedelta(minutes=25)
    assert what_if(phase.trace(*tries), faster={"a": 2}).saved == timedelta(minutes=12)


def test_a_failed_phase_stays_unknown_beyond_its_end_and_fails_at_a_shorter_limit(phase):
    failed = phase.trace(*phase.serial, outcome="failed")
    assert what_if(failed, timeout=timedelta(minutes=90)).outcome is None
    assert what_if(failed, timeout=timedelta(minutes=30)).outcome == "failed"
    assert what_if(phase.trace(*phase.serial)).outcome == "succeeded"


def test_what_is_left_holds_for_every_item_of_a_name_and_for_an_id_alone():
    tries = pl.DataFrame({"item": ["a", "b", "c"], "name": ["Office", "Office", None]})
    assert shares_left(tries, ["Office"], {}) == {"a": 0.0, "b": 0.0}
    assert shares_left(tries, [], {"a": 2.0, "c": 4.0}) == {"a": 0.5, "c": 0.25}


def test_what_would_have_been_is_shown_in_a_few_lines(phase):
    answer = what_if(phase.trace(*phase.serial), without=["B"])
    first, second, *rest = repr(answer).splitlines()
    assert first.startswith("WhatIf: ")
    assert f"{answer.end:%H:%M}" in first
    assert str(answer.saved) in second
    assert tuple(rest) == answer.assumptions
