"""What pages of OOBE report, in the event log and in a trace."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.page_reports import event_of, fields_logged, pressed, traced_as


@pytest.mark.parametrize(
    ("report", "event"),
    [("opened", 62400), ("began", 62404), ("ended", 62405), ("said", 62406), ("said a value", 62407)],
)
def test_every_report_is_an_event_of_the_log(report: str, event: int) -> None:
    assert event_of(report) == event
    assert event in fields_logged()


def test_what_a_page_says_has_a_value_and_what_it_does_has_none() -> None:
    said = {event_of("said"), event_of("said a value")}
    assert {event for event, fields in fields_logged().items() if fields[1:]} == said


def test_one_event_of_a_trace_begins_and_ends_a_page_and_all_others_mean_the_same_whenever() -> None:
    began, ended = traced_as(ends=False), traced_as(ends=True)
    assert began.keys() == ended.keys()
    assert {name: (began[name], ended[name]) for name in began if began[name] != ended[name]} == {
        "WebAppActivity": (event_of("began"), event_of("ended"))
    }


def test_what_a_person_did_is_told_by_events_of_its_own() -> None:
    assert pressed() == ["WebAppUserInteractionEvent1", "WebAppUserInteractionEvent2"]
