"""Logs in a form of their own: lines, and what they say of themselves."""

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.installer_logs import own_log
from autopilot_analysis.readers.installer_logs.own_log import find_own_lines, read_own_log

LOG = b"""[2026-09-15 10:19:40] Starting as NT AUTHORITY\\SYSTEM

[2026-09-15 10:20:05] WARNING: the class is not there
[2026-09-15 10:20:06] ERROR: it failed
"""


def test_a_line_is_a_record_that_is_as_bad_as_it_says():
    lines = read_own_log(LOG).rows["log_lines"]
    assert lines.select("record", "severity").rows() == [(1, None), (3, "warning"), (4, "error")]
    assert lines["message"][2] == "[2026-09-15 10:20:06] ERROR: it failed"
    assert [lines["at"].null_count(), str(lines["written_at"][2])] == [3, "2026-09-15 10:20:06"]


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("System.IO.Exception: no", "error"),
        ("Fatal: no", "error"),
        ("0 errors, 0 warnings", None),
        ("done without errors", None),
        ("error code: 0", None),
        ("ErrorLevel = 0, no error", None),
        ("error code: 5", "error"),
        ("mirrored", None),
    ],
)
def test_a_line_that_denies_an_error_is_none(line, severity):
    assert read_own_log(line.encode()).rows["log_lines"]["severity"].to_list() == [severity]


@pytest.mark.parametrize(("most", "kept", "lost"), [(3, 3, []), (2, 2, [1])])
def test_of_a_long_log_the_end_is_read_and_the_rest_is_a_gap(monkeypatch, most, kept, lost):
    monkeypatch.setattr(own_log, "MOST", most)
    reading = read_own_log(LOG)
    lines = reading.rows["log_lines"]
    assert (lines.height, lines["record"][-1], [gap.count for gap in reading.unread]) == (kept, 4, lost)


def test_a_text_that_ends_on_log_and_is_nothing_else_is_such_a_log():
    assert classify("Kiosk_Install.log", kinds_of(LOG), text_of(LOG)).source == "own_log"
    plain = b"Starting\nERROR: it failed\n"
    assert classify("Kiosk_Install.txt", kinds_of(plain), text_of(plain)) is None


def test_a_text_whose_lines_begin_with_a_time_is_such_a_log_whatever_its_name():
    assert classify("Kiosk_Install.txt", kinds_of(LOG), text_of(LOG)).source == "own_log"


def test_an_empty_file_is_no_such_log():
    with pytest.raises(NotThisFormat, match="no line of text"):
        read_own_log(b"\n \n", "a.log")


def times(*lines):
    rows = read_own_log("\n".join(lines).encode()).rows["log_lines"]
    return rows.select("written_at", "at", "clock").rows()


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        (("[3/4/2026 6:14:05 PM] one", "[3/19/2026 12:00:05 AM] two"), ["2026-03-04T18:14:05", "2026-03-19"]),
        (("[3/4/2026 6:14:05 PM] one", "[19/3/2026 6:14:05 AM] two"), ["2026-04-03T18:14:05", "2026-03-19"]),
        (("[3/4/2026 6:14:05 PM] one",), [None]),
        (("[3/19/2026 6:14:05 PM] one", "[19/3/2026 6:14:05 AM] two"), [None, None]),
    ],
)
def test_a_date_with_slashes_is_read_where_a_day_beyond_the_twelfth_tells_its_order(lines, written):
    found = times(*lines)
    for (when, at, clock), expected in zip(found, written, strict=True):
        assert (when is None) if expected is None else when.isoformat().startswith(expected)
        assert (at, clock) == (None, "unknown")


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        (["2026/04/14 04:55:12 AM one", "2026/04/14 04:55:13 PM two"], ["04-14T04:55:12", "04-14T16:55:13"]),
        (["> 2026/04/14 12:00:00 AM one"], ["04-14T00:00:00"]),
        (["[2026-04-14 04:55:12] one"], ["04-14T04:55:12"]),
        (["03.04.2026 04:55:12 one"], ["04-03T04:55:12"]),
        (["03-04-2026 04:55:12 one", "14-04-2026 04:55:12 two"], ["04-03T04:55:12", "04-14T04:55:12"]),
        (["03/30/2026 14:55:12 one", "04/01/2026 04:55:12 two"], ["03-30T14:55:12", "04-01T04:55:12"]),
        (["12/03/2026 04:00:00 one", "01/04/2026 04:00:00 two"], ["03-12T04:00:00", "04-01T04:00:00"]),
        (["03/12/2026 04:00:00 one", "04/01/2026 04:00:00 two"], ["03-12T04:00:00", "04-01T04:00:00"]),
        (["03-04-2026 04:55:12 one"], [None]),
        (["12:08:43 - one"], [None]),
        (["31.02.2026 12:08:43 one"], [None]),
    ],
)
def test_a_date_is_read_in_many_forms_where_its_order_is_proven(lines, written):
    found = [None if when is None else when.isoformat() for when, _, _ in times(*lines)]
    assert found == [None if one is None else f"2026-{one}" for one in written]


def test_of_a_text_that_quotes_a_log_its_lines_alone_are_read():
    quoted = "".join(f"2026-04-14 09:00:0{n} step {n}\n" for n in range(3))
    words = "It ends in an error.\nAlways.\nSee below.\nWhy?\n"
    text = f"{words}{quoted}".encode()
    assert classify("note.txt", kinds_of(text), text_of(text)).source == "own_log"
    assert read_own_log(text, "note.txt").rows["log_lines"]["record"].to_list() == [5, 6, 7]
    assert read_own_log(text, "setup.log").rows["log_lines"].height == 7


def test_a_time_with_its_offset_is_an_instant():
    (local, at, clock), (_, zulu, _) = times("2026-03-25T09:15:17+01:00 INF one", "2026-03-25T09:15:17Z two")
    assert (local.hour, at.hour, clock, zulu.hour) == (9, 8, "declared", 9)


@pytest.mark.parametrize(("word", "severity"), [("ERR", "error"), ("WRN", "warning"), ("INF", None)])
def test_a_short_level_behind_the_time_is_a_severity(word, severity):
    line = f"2026-03-25T09:15:17+01:00 {word} it was done"
    assert read_own_log(line.encode()).rows["log_lines"]["severity"].to_list() == [severity]


def test_of_a_mail_those_lines_alone_are_read_that_a_program_wrote():
    mail = b"Hello,\n> 2026-09-15T10:20:06+02:00 ERR it failed\n2026-09-15 10:21:00 we tried again\nBye\n"
    lines = find_own_lines(mail).rows["log_lines"]
    assert lines.select("record", "severity", "message").rows() == [
        (2, "error", "2026-09-15T10:20:06+02:00 ERR it failed")
    ]
    assert str(lines["at"][0]) == "2026-09-15 08:20:06+00:00"


def test_of_a_log_every_line_is_read_and_of_a_mail_without_one_none():
    assert find_own_lines(LOG).rows["log_lines"].height == 3
    assert find_own_lines(b"Hello,\nit failed at 10:20:06.\n") is None


SCRIPT = """Set-Tag : Unknown kind 7
At C:\\Tools\\Tag.ps1:12 char:3
+   Set-Tag -Name $tag
+   ~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : NotSpecified: (:) [Set-Tag], Exception
    + FullyQualifiedErrorId : Unknown,Set-Tag
"""


def test_an_error_of_powershell_is_one_record_that_begins_with_what_was_said():
    lines = read_own_log(f"begun\n{SCRIPT}ended\n".encode(), "tag.log").rows["log_lines"]
    assert lines.select("record", "severity").rows() == [(1, None), (2, "error"), (8, None)]
    assert lines["message"][1].splitlines()[0] == "Set-Tag : Unknown kind 7"


@pytest.mark.parametrize("name", ["mail.txt", "note.md"])
def test_a_text_that_quotes_an_error_of_a_script_is_read_for_it_alone(name):
    text = f"The list is empty, what is wrong?\n\n{SCRIPT}\nIt is an error, I think.\n".encode()
    assert classify(name, kinds_of(text), text_of(text)).source == "own_log"
    assert read_own_log(text, name).rows["log_lines"].select("record", "severity").rows() == [(3, "error")]


@pytest.mark.parametrize(
    "text",
    [
        SCRIPT.replace("C:\\Tools\\Tag.ps1:12", "line:1"),
        SCRIPT.replace("+ CategoryInfo", "Category"),
        f"# How to fix errors of Tag.ps1\n\nYou may see this; install the newest module:\n\n{SCRIPT}",
    ],
)
def test_an_error_at_the_prompt_and_a_guide_are_no_quoted_error_of_a_script(text):
    assert classify("note.txt", kinds_of(text.encode()), text) is None
