"""A code in plain words is of its family, or of the step named before it; a list reports none."""

from __future__ import annotations

import pytest

from autopilot_analysis.codes.reported import LEAST_STATEMENTS, LONGEST, reported_codes
from autopilot_analysis.facts.help_texts import MOST_REPORTED


def kinds_and_codes(*lines):
    return [(one.kind, one.code) for one in reported_codes(lines)]


@pytest.mark.parametrize(
    ("line", "kind", "code"),
    [
        ("We get 0x8018000a when a laptop is enrolled again.", "enrolment", "0x8018000A"),
        ("Fehler 80180014 beim Einrichten", "enrolment", "0x80180014"),
        ("The join ends with `0x801c03ed`.", "join", "0x801C03ED"),
        ("red screen, 0x81039001", "setup", "0x81039001"),
        ("BitLocker says -2144272384", "encryption", "0x80310000"),
        ("Our VPN client: 0x87D1041C.", "apps and policies", "0x87D1041C"),
        ("Failed to enroll: all went well. (0x80190190 - 2149122448)", "step of the enrolment", "0x80190190"),
        (
            "Auto MDM Enroll: Failed (Unknown Win32 Error code: 0x80192ee2)",
            "step of the enrolment",
            "0x80192EE2",
        ),
        ("adding a recovery protector: error code: -2147009796", "step of the encryption", "0x80073AFC"),
        ("The hybrid join stops at 0x80070774", "step of the join", "0x80070774"),
        ("ESP gives up with 0x800705b4", "step of the status page", "0x800705B4"),
    ],
)
def test_a_code_is_of_its_family_or_of_the_step_before_it(line, kind, code):
    assert kinds_and_codes("Hi all,", line) == [(kind, code)]


@pytest.mark.parametrize(
    "line",
    [
        "Could somebody please add 0x80180014 to the list of errors?",
        "Bitte 0x80180014 in die Liste aufnehmen.",
        "0x80180014 is missing from this page.",
        "If you see 0x80180014, call the service desk.",
        "Since the update we no longer see 0x80180014.",
        "https://example.com/errors/0x80180014",
        "Order 80180014 has been shipped.",
        "The printer of my enrolled laptop stops with 0x80070057.",
        "All is well. Encryption of the disk is on. The scanner shows 0x80070057.",
    ],
)
def test_what_is_near_reports_nothing(line):
    assert not kinds_and_codes("Hi all,", line)


def test_a_code_stands_once_at_its_first_line():
    (one,) = reported_codes(["Error 0x80180014", "again 0x80180014"])
    assert (one.line, one.text) == (0, "Error 0x80180014")


def test_many_codes_are_a_list():
    lines = [f"error 0x8018000{digit}" for digit in range(1, MOST_REPORTED + 2)]
    assert len(kinds_and_codes(*lines[:-1])) == MOST_REPORTED
    assert not kinds_and_codes(*lines)


def test_a_long_text_and_a_program_report_nothing():
    error, words, statement = "error 0x80180014", "some words", "$code = 0"
    assert kinds_and_codes(error, *[words] * (LONGEST - 1))
    assert not kinds_and_codes(error, *[words] * LONGEST)
    assert kinds_and_codes(error, *[statement] * (LEAST_STATEMENTS - 1))
    assert not kinds_and_codes(error, *[statement] * LEAST_STATEMENTS)


def test_a_guide_reports_nothing():
    assert not kinds_and_codes("0x80180014", "Cause: no", "Solution: yes")


OFFICE = "Office couldn't install because the version of Office that's already installed is MSI."
SYNC = "sync that could not be begun"


@pytest.mark.parametrize(
    ("line", "kind", "code"),
    [
        ("The overview shows Sync could not be initiated  0x80072f0c", SYNC, "0x80072F0C"),
        ("It says: Sync couldn't be initiated (0x80190190)", SYNC, "0x80190190"),
        ("Die Synchronisierung konnte nicht initiiert werden: 0x80072f0c", SYNC, "0x80072F0C"),
        (f"**{OFFICE} (0x00000643)**", "sentence of Intune about Office", "0x80070643"),
        ("The app was not detected after installation (0x87D1041C)", "apps and policies", "0x87D1041C"),
    ],
)
def test_a_plain_sentence_of_a_mail_names_the_step_of_its_code(line, kind, code):
    assert kinds_and_codes("Hi all,", "a question about one app.", line) == [(kind, code)]


@pytest.mark.parametrize(
    "line",
    [
        "The scanner stops with 0x00000643.",
        "Sync could not be initiated. The scanner of the office shows 0x80072f0c.",
        'If you see "Sync could not be initiated (0x80072f0c)", call the service desk.',
        f"{OFFICE} (0x00000001)",
    ],
)
def test_a_small_number_and_a_sync_of_another_sentence_report_nothing(line):
    assert not kinds_and_codes("Hi all,", line)
