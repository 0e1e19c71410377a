"""A code that a mail reports is said as reported, with its meaning and remedy; a record says it better."""

from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.errors import NotAnExport


@pytest.fixture
def findings_of(tmp_path):
    def findings(text):
        (tmp_path / "mail.txt").write_text(text, encoding="utf-8")
        tables = read_tables(open_export(tmp_path / "mail.txt"))
        return find(tables, build_trace(tables)).findings

    return findings


def test_a_reported_code_has_its_meaning_and_remedy_and_is_not_proven(findings_of):
    (row,) = findings_of("Hello,\nthe laptop of Kim shows 0x8018000a when it enrols.\n").to_dicts()
    assert (row["rule"], row["code"], row["stage"]) == (
        "REPORTED-ENROLLMENT-CODE",
        "0x8018000A",
        "mdm_enrollment",
    )
    assert "not proven" in row["meaning"]
    assert "already enrolled" in row["meaning"]
    assert row["remedy"].startswith("Remove the other enrolment")


def test_a_code_of_many_parts_keeps_the_remedy_of_the_step_that_is_named(findings_of):
    rows = findings_of(
        "Hi,\nstarting encryption: error code: -2147024809\nprotecting with TPM: encryption: -2144796409\n"
    )
    assert rows["code"].to_list() == ["0x80070057", "0x80290107"]
    assert set(rows["rule"]) == {"REPORTED-ENCRYPTION-STEP"}
    assert rows["remedy"].str.starts_with("Look at the state of the drive").all()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Something went wrong. Error code: 80180014\n", "PAGE-ENROLLMENT-FAILED"),
        ("Laptop 12: Autopilot fails with 0x80070774\n", "BARE-CODE"),
    ],
)
def test_what_another_finding_is_about_is_not_said_twice(findings_of, text, rule):
    assert findings_of(text)["rule"].to_list() == [rule]


def test_a_code_in_a_record_of_the_same_text_is_that_record(findings_of):
    event = "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180014)"
    assert not findings_of(f"Event 71 shows:\n{event}\n")["rule"].str.starts_with("REPORTED").any()


def test_a_table_and_a_request_for_words_are_no_report(findings_of):
    with pytest.raises(NotAnExport):
        findings_of("Laptop;Note\nA;0x80180014\n")
    with pytest.raises(NotAnExport):
        findings_of("Please add 0x80180014 to the list of errors.\n")


def test_the_sentence_of_intune_about_office_says_that_it_is_not_about_office(findings_of):
    office = "Office couldn't install because the version of Office that's already installed is MSI."
    (row,) = findings_of(
        f"Hi,\nthe app Example Tool fails in the portal:\n{office} (0x00000643)\n"
    ).to_dicts()
    assert (row["rule"], row["code"]) == ("REPORTED-INTUNE-CODE", "0x80070643")
    assert "whichever app it is of" in row["meaning"]
    assert row["remedy"].startswith("Leave Office alone")


def test_a_sync_that_could_not_be_begun_is_no_fault_of_autopilot(findings_of):
    (row,) = findings_of(
        "Hi,\nthe profile is there, but: Sync could not be initiated  0x80072f0c\n"
    ).to_dicts()
    assert (row["rule"], row["code"]) == ("REPORTED-SYNC-CODE", "0x80072F0C")
    assert "client certificate" in row["meaning"]


SUB_CODE = (
    'The join fails with 0x801c0003.\nThe log, later:\n{{"Code":"AuthorizationError","SubCode":"{}"}}\n'
)


def test_the_sub_code_on_another_line_decides_between_the_causes(findings_of):
    (row,) = findings_of(SUB_CODE.format("DeviceCapReached")).to_dicts()
    assert "maximum number of devices" in row["meaning"]
    assert "Several causes" not in row["meaning"]


def test_a_sub_code_that_no_table_knows_is_said_to_decide_what_is_not_known(findings_of):
    (row,) = findings_of(SUB_CODE.format("OfNoTable")).to_dicts()
    assert "the server's own word OfNoTable decides is not known here" in row["meaning"]
    assert "nothing that was read decides" not in row["meaning"]


def test_a_page_takes_the_sub_code_of_another_line_too(findings_of):
    text = f"Something went wrong.\nError code: 0x801c0003\n{SUB_CODE.format('DeviceCapReached')}"
    (row,) = findings_of(text).to_dicts()
    assert (row["rule"], "maximum number of devices" in row["meaning"]) == ("PAGE-JOIN-FAILED", True)


def test_a_code_that_no_table_knows_is_said_not_to_be_listed(findings_of):
    (row,) = findings_of("Autopilot stops at the company sign-in with error caa20002\n").to_dicts()
    assert (row["rule"], row["stage"]) == ("REPORTED-SIGN-IN-CODE", "user_authentication")
    assert "What 0xCAA20002 means is not listed here; codes that begin like it are of Entra" in row["meaning"]
    assert row["remedy"].startswith("Look the sign-in up in Entra's sign-in logs")


def test_a_code_of_an_app_keeps_the_remedy_that_asks_for_its_logs(findings_of):
    (row,) = findings_of("Autopilot again.\nThe app Example stops with 0x80070642\n").to_dicts()
    assert row["rule"] == "REPORTED-APP-CODE"
    assert row["remedy"].startswith("Note the name of the app")


def test_a_code_in_a_text_about_setup_that_names_no_step_stays_a_bare_one(findings_of):
    assert findings_of("White glove of this laptop ends: error 80070774\n")["rule"].to_list() == ["BARE-CODE"]
