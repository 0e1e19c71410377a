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


FAILED = "Automatic registration failed at join phase."
CODE = "DsrExample::Join failed with error code: 0x801c03f2"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((CODE, FAILED), f"{FAILED}\n{CODE}"),
        ((CODE, "", "Description:", FAILED), f"{FAILED}\n{CODE}"),
        ((FAILED, "", "Exit code: 0x801c03f2"), f"{FAILED}\nExit code: 0x801c03f2"),
        ((FAILED, "", "Error 0x801c03f2"), f"{FAILED}\nError 0x801c03f2"),
        ((CODE, "My words about it", FAILED), FAILED),
        ((CODE, "Description:", "More:", FAILED), FAILED),
        ((CODE, "", "", "", "", FAILED), FAILED),
        ((FAILED, "", "", "Exit code: 0x801c03f2"), FAILED),
        ((FAILED, "", "Exit code: 0x801c03f2" + " and much that is about something else" * 2), FAILED),
        ((FAILED, "", "Event 202 shows error code 0x80280036"), FAILED),
        ((FAILED, "", "Exit code: 0x00000000"), FAILED),
        (("The discovery operation callback failed with exit code: 0x801c0021", FAILED), FAILED),
    ],
)
def test_a_failure_that_is_told_in_words_takes_its_code_from_the_line_beside_it(lines, message):
    assert found(*lines)[-1]["message"] == message


def test_what_went_well_or_tells_its_code_takes_no_other():
    assert found("Error code: 0x801c03f2", "Automatic registration Succeeded.")[0]["message"] == (
        "Automatic registration Succeeded."
    )
    assert found("Error code: 0x801c03f2", REFUSED)[0]["message"] == REFUSED


BITLOCKER, LAPS = "Microsoft-Windows-BitLocker-API", "Microsoft-Windows-LAPS"
NOT_SAVED = "Failed to backup BitLocker Drive Encryption recovery information for volume C: to your Azure AD."
NOT_BEGUN = "Failed to enable Silent Encryption."
TRACE = "TraceId: {00000000-0000-0000-0000-000000000001}"


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("Event ID: 853", "Event:", NOT_BEGUN), "853"),
        (("Event ID:853", "", "Event: " + NOT_BEGUN), "853"),
        (("ID 853: " + NOT_BEGUN,), "853"),
        (("853 - " + NOT_BEGUN,), "853"),
        (("Ereignis-ID 853", "", NOT_BEGUN), "853"),
        ((NOT_BEGUN,), "851"),
        (("Event ID: 846", NOT_BEGUN), "851"),
        (("10026  LAPS was unable to authenticate to Azure using the device identity.",), "10026"),
        (("LAPS was unable to authenticate to Azure using the device identity.",), "10032"),
        (("2. LAPS was unable to authenticate to Azure using the device identity.",), "10032"),
    ],
)
def test_a_sentence_of_a_few_events_takes_the_number_beside_it_or_the_first(lines, number):
    (event,) = found(*lines)
    assert event["event_id"] == number


def test_the_error_that_stands_below_a_message_belongs_to_it():
    error = "Error: Unknown HResult Error code: 0x80072f9a"
    (event,) = found("Event ID:846", "Event:", NOT_SAVED, "", TRACE, error, "", "Thanks")
    assert event["event_id"] == "846"
    assert event["message"].endswith(error)
    (event,) = found(
        NOT_BEGUN, "", "Error: BitLocker Drive Encryption detected bootable media in the computer."
    )
    assert "bootable media" in event["message"]
    assert "0x" not in found(NOT_SAVED, "", "Some words", error)[0]["message"]
    assert len(found(NOT_SAVED, "", "Error: 0xCAA2000C x", "Description: AADSTS50076: y")) == 2
    assert "0x" not in found(NOT_SAVED, "", "", "", "", error)[0]["message"]


GERMAN = "Fehler beim Sichern der BitLocker-Wiederherstellungsinformationen für Volume C: in Azure AD."


@pytest.mark.parametrize(
    ("lines", "events"),
    [
        (("Ereignis-ID 846", "", GERMAN, "", "Fehler: 0x80072ee7"), [(BITLOCKER, "846")]),
        (("Ereignis-ID: 846 - " + GERMAN, "Fehler: 0x80072ee7"), [(BITLOCKER, "846")]),
        (("Gebeurtenis-id 10059: LAPS 0x80070005",), [(LAPS, "10059")]),
        (("Ereignis-ID 846", "", GERMAN), []),
        (("Ereignis-ID 304", "", GERMAN, "", "Fehler: 0x80072ee7"), []),
        (("Ereignis-ID 846", "", "Fehler: 0x80072ee7"), []),
        (("Ereignis-ID 846", "", "", GERMAN, "", "Fehler: 0x80072ee7"), []),
        (("Ereignis-ID 846, 778 und 851: BitLocker 0x80072ee7",), []),
        (("Ereignis-ID 846 BitLocker", "Ereignis-ID 304: 0x80072ee7"), []),
    ],
)
def test_in_another_language_a_number_with_its_part_of_windows_and_a_code_is_an_event(lines, events):
    assert [(event["provider"], event["event_id"]) for event in found(*lines)] == events


@pytest.mark.parametrize(
    ("before", "number"),
    [
        (
            "It shows Event error 404 in the log DeviceManagement-Enterprise-Diagnostics-Provider:",
            "404",
        ),
        (
            "It is event 454, as it stands in the log of device management, where my devices have it:",
            "454",
        ),
        ("The server gave an error 404, and in the log of device management there is this:", ""),
        ("Event 404 is what the guide names." + " Then more." * 16, ""),
    ],
)
def test_the_line_above_a_sentence_may_call_its_number(before, number):
    assert [event["event_id"] for event in found(before, SETTING)] == [number]


@pytest.mark.parametrize(
    "line",
    [
        'We never see "MDM Enroll: Succeeded" in the log.',
        "When the join worked you should see Automatic registration Succeeded. there",
        "Does MDM Enroll: Succeeded mean that it is done?",
        "Wait until MDM Enroll: Succeeded stands there.",
    ],
)
def test_a_sentence_of_success_that_is_denied_asked_for_or_awaited_is_no_event(line):
    assert not list(sentences_in([line]))


def test_a_sentence_of_success_that_is_told_is_an_event():
    (block,) = sentences_in(["The log says: MDM Enroll: Succeeded"])
    assert block.cells["event_id"] == "72"
