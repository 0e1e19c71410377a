"""Messages quoted alone: known by their own sentence, numbered only where that or the text tells it."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.event_lists import full_name
from autopilot_analysis.facts.event_sentences import sentences_in

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
UDR = "Microsoft-Windows-User Device Registration"
REFUSED = "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180018)"
SETTING = "MDM ConfigurationManager: Command failure status. Result: (Not found.)."


def found(*lines):
    return [dict(block.cells) for block in sentences_in(lines)]


def test_each_sentence_of_the_facts_comes_once_and_names_a_known_provider_and_its_page():
    sentences = read_facts("event_sentences")
    assert sentences["begins"].is_unique().all()
    assert sentences["page"].null_count() == 0
    assert [full_name(name) for name in sentences["provider"]] == sentences["provider"].to_list()


@pytest.mark.parametrize(
    ("message", "provider", "number"),
    [
        (REFUSED, DM, "71"),
        ("Auto MDM Enroll: Failed (Access denied.)", DM, "76"),
        ("Auto MDM Enroll: Device Credential (0x0), Failed (Access denied.)", DM, "76"),
        ("Auto MDM Enroll: Device Credential (0x0), some other end", DM, ""),
        ("MDM Enroll: Provisioning failed. Result: (0x80180018).", DM, ""),
        (SETTING, DM, ""),
        ("Automatic registration failed at join phase. \\nExit code: x", UDR, "304"),
        ("Windows Hello for Business provisioning will not be launched.", UDR, ""),
    ],
)
def test_a_sentence_tells_its_number_only_where_it_is_of_one_event(message, provider, number):
    (event,) = found(f"Then I got {message}")
    assert (event["provider"], event["event_id"], event["message"]) == (provider, number, message)


@pytest.mark.parametrize(
    "lines",
    [
        (f"* **Event 404:** `{SETTING}`",),
        (f"Event ID 404 shows {SETTING}",),
        ("Event ID 404  ", "", SETTING),
        (f"1:21:07 PM  404   {SETTING}",),
        (f"11:27:12 404 {SETTING}",),
    ],
)
def test_a_number_that_stands_beside_the_sentence_is_its_own(lines):
    (event,) = found(*lines)
    assert (event["event_id"], event["message"]) == ("404", SETTING)


def test_a_time_without_a_day_is_none_and_one_with_a_day_is_kept():
    assert found(f"1:21:07 PM  404  {SETTING}")[0]["at"] == ""
    assert found(f"5/14/2026 1:21:07 PM  404  {SETTING}")[0]["at"] == "5/14/2026 1:21:07 PM"


def test_a_message_goes_on_until_a_blank_line_the_next_sentence_or_the_next_row():
    rows = ("1:21:07 PM  404  MDM ConfigurationManager: Command failure status.", "     Result: (Not found.)")
    assert [event["message"] for event in found(*rows, "1:22:00 PM 405 something else", "", "words")] == [
        "MDM ConfigurationManager: Command failure status.\nResult: (Not found.)"
    ]
    assert [event["message"] for event in found(REFUSED, SETTING, "", "words")] == [REFUSED, SETTING]


def test_a_message_broken_behind_a_comma_goes_on_behind_the_blank_line():
    (event,) = found(
        "MDM ConfigurationManager: Source ID: (a),", "", "Enrollment Name: (b),", "", "Result: (c)."
    )
    assert event["message"].endswith("Source ID: (a),\n\nEnrollment Name: (b),\n\nResult: (c).")


def test_a_part_of_a_longer_word_or_sentence_is_no_other_sentence():
    assert found("xMDM Enroll: Failed (x)", "mdm enroll: failed (x)") == []
    assert [event["event_id"] for event in found("Auto MDM Enroll: Failed (x)")] == ["76"]
