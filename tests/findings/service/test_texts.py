"""What a report's own text columns say of a failure."""

from __future__ import annotations

import pytest

from autopilot_analysis.findings.service.texts import commonest_statement, known_reason, statement_of

DISABLED = "running scripts is disabled on this system"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" It\n  broke ", "It broke"),
        ("Not Applicable", ""),
        ("0x80070005", ""),
        ("(404)", ""),
        ("失敗しました", "失敗しました"),
        ("x" * 301, "x" * 300),
        (None, ""),
    ],
)
def test_a_text_is_told_on_one_line_where_it_says_something(text, told):
    assert statement_of(text) == told


def test_the_text_of_most_rows_is_told_with_how_many_say_it():
    assert commonest_statement(["It broke", "It  broke", "Other", "0"]) == "“It broke” (in 2 of 4)"
    assert commonest_statement(["It broke", "It broke"]) == "“It broke”"
    assert commonest_statement(["0", None]) == ""


def test_a_reason_is_known_where_more_than_half_of_the_texts_name_one_and_the_same():
    assert known_reason([DISABLED, None])["rule"] == "SCRIPT-NOT-ALLOWED"
    assert known_reason([DISABLED, DISABLED, "Something else"])["rule"] == "SCRIPT-NOT-ALLOWED"
    assert known_reason([DISABLED, "Something else"]) is None
    assert known_reason([DISABLED, "malicious content and has been blocked by your antivirus"]) is None
    assert known_reason(["Something else"]) is None
    assert known_reason([]) is None


def test_a_reason_that_needs_the_host_of_the_script_is_not_taken_from_a_report():
    assert known_reason(["The term 'manage-bde.exe' is not recognized as the name of a cmdlet."]) is None
