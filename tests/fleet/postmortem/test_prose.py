"""An incident in plain words: what happened, since when, what it cost."""

from dataclasses import replace
from datetime import UTC, datetime

from summaries import NO_REMEDY, failures, one_of_the_service, summary

from autopilot_analysis.fleet.postmortem.impact import measure_impact
from autopilot_analysis.fleet.postmortem.prose import tell_reading, tell_summary

CHANGE = {
    "at": datetime(2026, 3, 1, tzinfo=UTC), "until": None, "measure": "failed", "before": 0.04, "after": 0.4,
    "q": 1e-9, "kind": "level", "candidate": "profile edited",
}  # fmt: skip


def test_a_change_near_the_day_is_never_called_the_cause(case_of):
    since = summary(replace(failures(case_of), change=CHANGE))["Since when"]
    assert since == (
        "On 01 March 2026 the level moved, of first attempts from 4.0 % to 40.0 %. Nearest change by an "
        "administrator: profile edited. Near in time is not yet a cause."
    )


def test_numbers_in_brackets_are_called_intervals_where_there_are_any(case_of):
    assert summary(failures(case_of))["What it cost"].endswith("Numbers in brackets are 95 % intervals.")


def test_nothing_to_judge_is_no_success(case_of):
    told = dict(tell_summary(case_of([]), measure_impact(case_of([])), NO_REMEDY).paragraphs)
    assert told["What happened"] == (
        "Nothing that was read tells of a deployment that ended; there is nothing to judge."
    )


def test_what_was_read_counts_one_thing_as_one(case_of):
    case = case_of([("A", None, 0, 30, "failed", True)])
    told = replace(case, fleet=replace(case.fleet, deployments=case.judged))
    assert tell_reading(told)[1] == "1 attempt of 1 device (graph); nothing that was there stayed unread."


def test_the_code_of_the_one_attempt_that_the_service_tells_of_is_its_likely_cause(case_of):
    told = summary(one_of_the_service(case_of, "0x87D1041C"))
    assert told["What happened"] == "On the device A, the one attempt failed in device setup after 21 min."
    assert told["Likely cause"].startswith("0x87D1041C")
    assert told["Likely cause"].endswith("The service tells no more than this code.")
    assert told["The attempt"].startswith("It began 2026-03-02 08:00 UTC and failed after 21 min.")
    assert not {"How it shows", "Since when", "What it cost"} & set(told)
