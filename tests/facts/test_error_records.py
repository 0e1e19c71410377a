"""The record of an error as PowerShell shows it: found whole, in any language, and put into one line."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.error_records import (
    error_records,
    error_texts,
    flat_message,
    in_one_line,
    script_error,
)

MESSAGE = ["Rename-Computer : Fail to rename computer 'AP-0001' to 'EX-0001': The account", "already exists."]
NAMES = [
    "+ CategoryInfo          : OperationStopped: (AP-0001:String) [Rename-Computer], Exception",
    "+ FullyQualifiedErrorId : FailToRenameComputer,RenameComputerCommand",
]
RECORD = [*MESSAGE, "At line:1 char:1", "+ Rename-Computer -NewName EX-0001", "+ ~~~~~~~~~~~~~~~", *NAMES]


@pytest.mark.parametrize("margin", ["", "> ", "  "])
@pytest.mark.parametrize(
    "place",
    ["At line:1 char:1", "In Zeile:1 Zeichen:1", "En línea: 1 Carácter: 1", "Au caractère Ligne:1 : 1"],
)
def test_a_record_is_one_line_in_any_language_and_behind_the_marks_of_a_mail(margin, place):
    record = [margin + line for line in [*MESSAGE, place, *RECORD[3:]]]
    joined = in_one_line(["before", *record, "after"])
    assert joined == ["before", " ".join([*MESSAGE, *NAMES]), *[""] * 6, "after"]


def test_records_that_follow_one_another_are_each_their_own():
    assert list(error_records([*RECORD, *RECORD])) == [range(7), range(7, 14)]


def test_parts_that_follow_parts_are_of_one_record():
    assert list(error_records([*NAMES, *NAMES])) == [range(4)]


@pytest.mark.parametrize(("lines", "begins"), [(6, 0), (7, 7)])
def test_a_message_has_six_lines_at_the_most_else_its_record_begins_at_the_place(lines, begins):
    message = ["Add-Computer : Why", *["so"] * (lines - 1)]
    assert next(error_records([*message, *RECORD[2:]])).start == begins


def test_a_text_without_a_record_stays_as_it_is():
    lines = ["+ one point", "+ another", "CategoryInfo : none"]
    assert in_one_line(lines) == lines


PLACES = ["At C:\\Tools\\Tag PCs.ps1:12 char:3", "In \\\\srv\\s\\Tag PCs.ps1:12 Zeichen:3"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("margin", ["", "> "])
def test_an_error_of_a_script_names_what_met_it_where_and_what_was_said(place, margin):
    lines = [margin + line for line in [*MESSAGE, place, *RECORD[3:]]]
    [record] = error_texts(["before", *lines, "after"])
    met = script_error(record)
    assert (met.command, met.line, met.name) == ("Rename-Computer", 12, "Tag PCs.ps1")
    assert met.message == "Fail to rename computer 'AP-0001' to 'EX-0001': The account already exists."
    assert met.script.endswith("Tag PCs.ps1")


@pytest.mark.parametrize(
    "lines",
    [
        RECORD,
        [*MESSAGE, PLACES[0]],
        [PLACES[0], *RECORD[3:]],
        ["Tag-Computer", PLACES[0], *RECORD[3:]],
        ["At the desk", "C:\\Tools\\Tag.ps1 is new"],
    ],
)
def test_an_error_at_the_prompt_or_without_its_parts_is_none_of_a_script(lines):
    assert script_error("\n".join(lines)) is None


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("failed: Get-It : Access denied.\r\nAt C:\\a b (x86)\\a.ps1:3 char:1", "Get-It : Access denied."),
        ("exit code 1: Get-It : Zugriff verweigert In C:\\a.ps1:3 Zeichen:1", "Get-It : Zugriff verweigert"),
        ("exit code 1: Add-It : No. NOTE: Look elsewhere At \\\\srv\\a.psm1:14 char:1", "Add-It : No."),
        ("exit code 1: C:\\a.ps1:3 was started", ""),
        ("exit code 0: all went well", ""),
    ],
)  # fmt: skip
def test_what_a_script_says_of_its_error_is_taken_from_a_line_of_a_log(record, message):
    assert flat_message(record) == message
