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


@pytest.mark.parametrize(
    "line",
    [
        "The app fails in Company Portal with 0x80070643.",
        "Das Paket endet im Unternehmensportal mit 0x80070643.",
        "An installer sent by Intune stops with 0x80070652.",
    ],
)
def test_a_code_of_an_app_is_reported_where_intune_offers_it(line):
    assert [kind for kind, _ in kinds_and_codes("Hi all,", line)] == ["app that the sentence names"]


@pytest.mark.parametrize(
    "line",
    [
        "The app fails with 0x80070643.",
        "The app on a laptop from Intune crashes with 0x80070005.",
        "Does 0x80070643 from Intune mean that the app failed?",
    ],
)
def test_a_code_of_any_app_is_none_that_intune_offers(line):
    assert not kinds_and_codes("Hi all,", line)


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


JOIN = "The join of the laptop ends with error 0x801c0003."


def answers(*lines):
    return [one.line for one in reported_codes([JOIN, "Later we opened the log.", *lines])][1:]


@pytest.mark.parametrize(
    "line",
    [
        '"SubCode":"DeviceCapReached"',
        "{“Code”:”AuthorizationError”,”SubCode”:”MsaTicketTpmValidationFailed”}",
        "{„Subcode“: „MsaTicketTpmValidationFailed“}",
        "| Subcode | DeviceCapReached |",
        "Server Message: user has reached the maximum number of devices",
        "Réponse du serveur : maximum number of devices",
        "[10:15] Kim: event 204 says DeviceCapReached",
        'CertReq_enrollaik_Output.txt: {"Message":"Rejected. TPM firmware needs update."}',
        '{"code":"AuthorizationError","subcode":"OfNoTable"}',
    ],
)
def test_what_the_server_answered_lines_below_is_reported_with_the_code(line):
    assert answers(line) == [2]


def test_an_answer_above_its_code_is_reported_too():
    found = reported_codes(['"SubCode": "DeviceCapReached"', "", JOIN])
    assert [(one.code, one.line) for one in found] == [("0x801C0003", 2), ("0x801C0003", 0)]


@pytest.mark.parametrize(
    "line",
    [
        "It is not DeviceCapReached, the user has two.",
        "We have ruled out DeviceCapReached.",
        'Could it be "SubCode":"DeviceCapReached"?',
        "Last year another laptop had MsaTicketTpmValidationFailed.",
        "If you see MsaTicketTpmValidationFailed, update the TPM.",
        "The user has the maximum number of devices on the desk.",
        "Message: the firmware of the dock needs an update.",
    ],
)
def test_an_answer_that_nobody_got_is_none_of_the_code(line):
    assert answers(line) == []


def test_answers_that_name_several_circumstances_or_fit_several_codes_decide_nothing():
    cap, tpm = '"SubCode":"DeviceCapReached"', '"SubCode":"MsaTicketTpmValidationFailed"'
    assert answers(cap, tpm) == []
    assert answers("Another laptop: enrolment error 0x80180003.", cap) == [2]


SIGN_IN, ENROLMENT = "sign-in that the sentence names", "enrolment that the sentence names"
APP = "app that the sentence names"


@pytest.mark.parametrize(
    ("lines", "kind", "code"),
    [
        (["Autopilot: the first sign-in fails, error CAA20002"], "code of a sign-in", "0xCAA20002"),
        (["Something went wrong. Error code: caa70007"], "code of a sign-in", "0xCAA70007"),
        (["Autopilot.", "The screen has error „caa70004“."], "code of a sign-in", "0xCAA70004"),
        (["Error 80072ee7 at company sign-in during OOBE"], SIGN_IN, "0x80072EE7"),
        (["Fehler 0x80072ee7 mit dem Firmenkonto in der OOBE"], SIGN_IN, "0x80072EE7"),
        (["The Intune enrolment of PC-2 ends with 80070032"], ENROLMENT, "0x80070032"),
        (["I get an enrollment error with this package: 0x80070001"], ENROLMENT, "0x80070001"),
        (["L'inscription dans Intune échoue, erreur 0x80070032"], ENROLMENT, "0x80070032"),
        (["Category: Intune enrolment", "Error: 0x80070490"], ENROLMENT, "0x80070490"),
        (["Autopilot again.", "The app Example shows 0x80070642"], APP, "0x80070642"),
    ],
)
def test_a_code_of_many_parts_is_of_the_step_that_its_sentence_or_a_heading_names(lines, kind, code):
    assert kinds_and_codes(*lines) == [(kind, code)]


@pytest.mark.parametrize(
    "lines",
    [
        ["What does 0x80070005 mean for an app of Autopilot?"],
        ["Does 0x80070001 in the Intune enrolment mean that the package is bad?"],
        ["Autopilot went well. The app printer stops with 0x80070005"],
        ["Teams shows caa70007 when I sign in."],
        ["Teams shows caa70007. Autopilot was fine."],
        ["Autopilot is done. The app crashes with 0x80004005"],
        ["The enrolment error is gone, no longer 0x80070001"],
        ["Last year the company sign-in of Autopilot had error 0x80072ee7"],
        ["Subject: Intune enrolment is done", "The scanner: 0x80070005"],
        ["Subject: Intune enrolment works", "Error: 0x80070490"],
        ["The app shows 0x80070005"],
        ["Order 80070123 of an app for Autopilot"],
    ],
)
def test_a_code_of_many_parts_that_no_step_of_setup_gave_is_not_reported(lines):
    assert kinds_and_codes(*lines) == []
