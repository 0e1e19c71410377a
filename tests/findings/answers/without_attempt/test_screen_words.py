"""What the screen of Get-AutopilotDiagnostics shows as done, as not done, and as an error of the script."""

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.findings import answer
from autopilot_analysis.findings.answers.without_attempt.screen_words import LATE, shown_items

POLICY = "Policy ./Device/Vendor/MSFT/Policy/Config/Update/AllowAutoUpdate : {}\n"
CERT = "Cert ModelName_AC_1_LogicalName_2_Hash_33 : {}\n"
YES, NO = "1 (Processed)", "0 (Not Processed)"
APP = "Win32 Win32App_11111111-2222-4333-8444-555555555555_1 : {}\n"
ERROR = """Cannot index into a null array.
At C:\\t\\Get-AutopilotDiagnosticsCommunity.ps1:298 char:5
+     $list.Value[0].display = $true
    + CategoryInfo          : InvalidOperation: (:) [], RuntimeException
    + FullyQualifiedErrorId : NullArray
"""
OWN = "one of the script Get-AutopilotDiagnostics itself, not of the device"


def at(hour, minute):
    return f"2026-02-03 {hour:02}:{minute:02}:11Z\n"


def read(folder, text):
    (folder / "screen.txt").write_text(f"DEVICE ESP:\n\n{text}")
    tables = read_tables(open_export(folder / "screen.txt"))
    trace = build_trace(tables)
    return tables, trace


def headline(folder, text):
    tables, trace = read(folder, text)
    return answer(tables, trace, find(tables, trace)).devices[0].verdict


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (at(9, 10) + POLICY.format(YES), "is done: 1 policy"),
        (POLICY.format(YES) + CERT.format(YES), "is done: 1 policy and 1 certificate"),
        (at(9, 10) + CERT.format(NO) + at(9, 40) + CERT.format(YES), "is done: 1 certificate"),
        (
            at(9, 10) + CERT.format(YES) + at(9, 40) + CERT.format(NO),
            "1 certificate that the status page waits for is not",
        ),
        (
            CERT.format(NO) + POLICY.format(NO),
            "1 certificate and 1 policy that the status page waits for are not",
        ),
        (
            APP.format("2 (Downloading / Installing)") + POLICY.format(YES),
            "1 app that the status page waits for is not",
        ),
        (POLICY.format(YES) + ERROR, f"{OWN}; all that is shown of the status page is done: 1 policy"),
        (CERT.format(NO) + ERROR, f"{OWN}; 1 certificate that the status page waits for is not"),
        (ERROR, OWN),
    ],
)
def test_the_headline_tells_the_last_state_of_each_item_and_whose_an_error_is(tmp_path, text, words):
    assert words in headline(tmp_path, text)


def test_beside_an_app_that_failed_the_failure_leads(tmp_path):
    failed = APP.format("4 (Error / Failed, rc = 1603)")
    words = headline(tmp_path, failed + POLICY.format(YES) + ERROR)
    assert "failed" in words
    assert OWN not in words


@pytest.mark.parametrize(("minute", "told"), [(19, False), (20, True)])
def test_an_item_that_came_late_is_told_with_its_time(tmp_path, minute, told):
    assert LATE.total_seconds() == 600
    tables, trace = read(tmp_path, at(9, 10) + CERT.format(NO) + at(9, minute) + CERT.format(YES))
    late = shown_items(tables, trace.installs).late
    times = "09:10 to 09:20 by the device's own clock"
    words = f"The slowest item, a certificate, was done 10 min after the page had listed it ({times})."
    assert late == (words if told else "")


def test_a_device_without_such_a_screen_has_none(tmp_path):
    (tmp_path / "mail.txt").write_text("Enrolment fails with 0x80180014.\n")
    tables = read_tables(open_export(tmp_path / "mail.txt"))
    assert shown_items(tables, build_trace(tables).installs) is None
