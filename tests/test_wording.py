from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts


@pytest.mark.parametrize(
    ("number", "last", "text"),
    [
        (3, datetime(2026, 3, 2, 9, tzinfo=UTC), "3 times from 2026-03-02 08:00 to 2026-03-02 09:00 UTC"),
        (22, datetime(2026, 3, 3, tzinfo=UTC), "22 times from 2026-03-02 to 2026-03-03 UTC"),
    ],
)
def test_how_often_something_came_is_given_by_the_minute_within_one_day(number, last, text):
    assert wording.times(number, datetime(2026, 3, 2, 8, tzinfo=UTC), last) == text


@pytest.mark.parametrize(("value", "text"), [(0.0123, "0.012"), (0.001, "0.001"), (2.8e-06, "below 0.001")])
def test_what_is_rarer_than_one_in_a_thousand_by_chance_is_said_to_be_so(value, text):
    assert wording.chance(value) == text


def test_a_measure_named_by_a_letter_has_a_heading_in_words():
    assert [wording.heading(name) for name in ("q", "p90", "device_setup", "p50, AP-0001")] == [
        "Chance (q)",
        "90th percentile",
        "Device setup",
        "Median, AP-0001",
    ]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=1), "24 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(minutes=61), "61 minutes"),
        (timedelta(seconds=61), "61 seconds"),
        (timedelta(seconds=1), "1 second"),
    ],
)
def test_a_limit_is_named_in_the_largest_unit_of_which_it_is_several(length, words):
    assert wording.whole_span(length) == words


@pytest.mark.parametrize("at", [date(2026, 3, 4), datetime(2026, 3, 4, 23, 59, tzinfo=UTC)])
def test_prose_writes_a_day_with_the_name_of_its_month(at):
    assert wording.day(at) == "04 March 2026"
    assert wording.day_of_year(at) == "04 March"


def test_a_ratio_has_one_digit_behind_its_point():
    assert wording.ratio(3.249) == "3.2"


def test_a_moment_that_is_no_start_of_a_day_has_its_time():
    start = datetime(2026, 3, 4, tzinfo=UTC)
    noon = start.replace(hour=12, minute=30)
    assert (wording.moment(start), wording.moment(noon)) == ("04 March 2026", "04 March 2026, 12:30 UTC")
    assert [wording.short_moment(at) for at in (start, noon)] == ["2026-03-04", "2026-03-04 12:30 UTC"]


def test_a_comparison_says_from_which_difference_on_it_would_have_shown():
    assert wording.least_seen("30 %") == "only a difference of 30 % or more would have shown"


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("Enrolment was refused", "enrolment was refused"), ("A script failed", "a script failed"),
        ("Sign-in failed", "sign-in failed"), ("MJ0B7K2T is blocked", "MJ0B7K2T is blocked"),
        ("Ex4711 is blocked", "Ex4711 is blocked"), ("MDM enrolment failed", "MDM enrolment failed"),
        ("Intune answered", "Intune answered"), ("PC-1: failed", "PC-1: failed"), ("", ""),
        ("Überlastet", "überlastet"), ("0x80180014: refused", "0x80180014: refused"),
    ],
)  # fmt: skip
def test_within_a_sentence_only_a_name_keeps_its_capital(text, within):
    assert wording.clause(text) == within


@pytest.mark.parametrize(
    ("text", "ended"), [("It failed", "It failed."), ("It failed.", "It failed."), ("Why?", "Why?")]
)
def test_a_sentence_has_one_stop(text, ended):
    assert wording.sentence(text) == ended


def test_a_stage_that_reads_otherwise_does_so_in_the_names_of_marks_too(monkeypatch):
    marks = read_facts("stages")["mark"].unique()
    holding = [mark for mark in marks if "device_setup" in mark]
    assert holding
    monkeypatch.setitem(wording.NAMES, "device_setup", "machine setup")
    assert all("machine setup" in wording.words(mark) for mark in [*holding, "device_setup"])
    assert wording.heading("device_setup_step_began") == "Machine setup step began"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pre_provisioning_user", "pre-provisioning user"),
        ("the_pre_provisioning_user_flow", "the pre-provisioning user flow"),
        ("my_device_setup_page", "my pages"),
        ("device_setups", "device setups"),
        ("my_desktop", "my desktop"),
    ],
)
def test_of_names_that_read_otherwise_the_longest_counts_and_one_of_a_single_word_alone(
    name, text, monkeypatch
):
    monkeypatch.setitem(wording.NAMES, "device_setup", "machine setup")
    monkeypatch.setitem(wording.NAMES, "device_setup_page", "pages")
    monkeypatch.setitem(wording.NAMES, "desktop", "the desktop")
    assert wording.words(name) == text


def test_no_name_that_reads_otherwise_repeats_what_the_others_make_of_it(monkeypatch):
    for name, text in list(wording.NAMES.items()):
        monkeypatch.delitem(wording.NAMES, name)
        assert wording.words(name) != text
        monkeypatch.setitem(wording.NAMES, name, text)


@pytest.mark.parametrize(
    ("noun", "many"),
    [("script", "scripts"), ("policy", "policies"), ("day", "days"), ("update policy", "update policies")],
)
def test_several_of_a_noun(noun, many):
    assert wording.several(noun) == many
    assert wording.count(2, noun) == f"2 {many}"


def test_a_noun_has_its_article():
    assert [wording.one_of(noun) for noun in ("app", "script")] == ["an app", "a script"]


@pytest.mark.parametrize(
    ("value", "often"),
    [
        (0.0009, "less than once in 1,000"),
        (0.001, "about once in 1,000"),
        (0.03, "about once in 33"),
        (1, "about once in 1"),
    ],
)
def test_how_seldom_chance_shows_as_much_stands_in_words(value, often):
    assert wording.by_chance(value) == f"by chance {often} times"


@pytest.mark.parametrize(("tries", "words"), [(1, ""), (2, ", in 2 attempts"), (1234, ", in 1234 attempts")])
def test_a_count_of_attempts_behind_a_title_can_be_taken_away(tries, words):
    assert wording.counted_attempts(tries) == words
    assert (
        re.sub(wording.COUNTED_ATTEMPTS, "", f"MDM enrolment was refused{words}")
        == "MDM enrolment was refused"
    )


def test_names_are_listed_and_the_rest_of_them_counted():
    names = [f"app {number}" for number in range(1, 2_005)]
    assert wording.listed(names[:2], 2) == "app 1, app 2"
    assert wording.listed(names, 2) == "app 1, app 2 and 2,002 more"
    assert (wording.and_more(0), wording.and_more(1, "")) == ("", "1 more")


def test_signs_stand_behind_what_they_are_of():
    at = datetime(2026, 3, 4, 9, 5, tzinfo=UTC)
    assert wording.in_zone(at) == "2026-03-04 09:05:00 UTC"
    assert wording.in_zone(f"{wording.short_day(at)}, {wording.clock_time(at)}") == "2026-03-04, 09:05 UTC"
    assert (wording.in_minutes(54.6), wording.in_minutes(2.25, 1)) == ("55 min", "2.2 min")
    assert wording.exit_code(1603) == "exit code 1603"


def test_a_record_and_an_attempt_are_called_by_their_number():
    assert (wording.place_of("a.log", 7), wording.place_of("a.log", None)) == ("a.log, record 7", "a.log")
    assert (wording.attempt(2), wording.attempt(2, 3)) == ("Attempt 2", "Attempt 2 of 3")
