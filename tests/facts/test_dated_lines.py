"""Lines that begin with a time: which texts are logs, and which lines of a mail a program wrote."""

from datetime import timedelta

import pytest

from autopilot_analysis.facts.dated_lines import (
    DATED_SHARE,
    LEAST_DATED,
    by_a_program,
    dated_line,
    in_runs,
    is_log,
)

PLAIN = [f"2026-04-14 09:00:0{n} copied {n} files" for n in range(LEAST_DATED)]
CHAT = [f"[2026-04-14 09:00:0{n}] {who}: the page is red" for n, who in enumerate(("Ada", "Bo Lund", "Ada"))]
STACK = ["   at Setup.Run", "   at Setup.Main"]


@pytest.mark.parametrize(
    "lines",
    [
        PLAIN,
        [*PLAIN, "", *STACK],
        [f"[{n}:00:01] begun" for n in range(10, 14)],
        [f"14.04.2026 09:00:0{n} begonnen" for n in range(4)],
        [f"2026-04-14T09:00:0{n}Z Setup: begun" for n in range(4)],
    ],
)
def test_a_text_whose_lines_begin_with_a_time_is_a_log(lines):
    assert is_log(lines)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        PLAIN[1:],
        [*PLAIN, *["and more words of somebody"] * (LEAST_DATED + 1)],
        CHAT,
        ["Call me at 09:00:01", "or at 09:00:02", "or at 09:00:03"],
        ["4 of 5 laptops stop", "1:1 replacement", "9:30 is the meeting"],
    ],
)
def test_a_mail_a_note_and_a_chat_are_no_log(lines):
    assert not is_log(lines)


def test_a_log_needs_as_many_dated_lines_as_others():
    assert (LEAST_DATED, DATED_SHARE) == (3, 0.5)
    assert is_log([*PLAIN, *STACK, "   at Setup.Last"])


@pytest.mark.parametrize(
    "line",
    [
        "2026-04-14T09:00:01+02:00 INF begun",
        "> 2026-04-14T09:00:01 begun",
        "2026-04-14 09:00:01.123 begun",
        "2026-04-14 09:00:01 [ERROR] not begun",
        "[2026-04-14 09:00:01] WARN slow",
        "[4/14/2026 9:00:01 AM] ERROR not begun",
    ],
)
def test_a_time_with_parts_or_a_level_is_a_programs(line):
    assert by_a_program(line)


@pytest.mark.parametrize(
    "line",
    [
        *CHAT,
        "2026-04-14 09:00:01 we began again",
        "2026-04-14 9 laptops failed",
        "At 2026-04-14T09:00:01 it failed",
        "2026-04-14 09:00:01Z Processed  Policy ./Device",
        "4/14/2026 9:00:01 AM 76 Error",
    ],
)
def test_a_time_that_somebody_typed_or_a_list_shows_is_none(line):
    assert not by_a_program(line)


@pytest.mark.parametrize(
    ("line", "day", "time", "text"),
    [
        ("2026/04/14 04:55:12 PM   Copying", "2026/04/14", (16, 55, 12), "Copying"),
        ("> 2026/04/14 12:05:12 AM Copying", "2026/04/14", (0, 5, 12), "Copying"),
        ("12:08:43 - Copying", "", (12, 8, 43), "Copying"),
        ("[2026-04-14 04:55:12.345] Copying", "2026-04-14", (4, 55, 12), "Copying"),
        ("14.04.2026, 04:55:12: Copying", "14.04.2026", (4, 55, 12), "Copying"),
        ("2026-04-14T04:55:12Z | Copying", "2026-04-14", (4, 55, 12), "Copying"),
    ],
)
def test_a_line_shows_its_day_its_time_and_what_stands_behind_them(line, day, time, text):
    hours, minutes, seconds = time
    assert dated_line(line) == (day, timedelta(hours=hours, minutes=minutes, seconds=seconds), text)


@pytest.mark.parametrize("line", ["Copied at 12:08:43", "12:08 Copying", "1:1 replacement", ""])
def test_a_line_that_begins_with_no_time_shows_none(line):
    assert dated_line(line) is None


def test_a_run_of_dated_lines_is_a_log_that_a_text_quotes():
    words = ["It always stops here, and I do not know why.", "Nothing else is written.", "Who can help?"]
    quoted = [f"> {line}" for line in PLAIN]
    text = [words[0], "", *quoted[:1], "", *quoted[1:], *words[1:], *words]
    assert not is_log(text)
    assert [line for line in in_runs(text) if line] == quoted


@pytest.mark.parametrize(
    "lines",
    [
        PLAIN[1:],
        [PLAIN[0], "and then", PLAIN[1], "and then", PLAIN[2]],
        [*CHAT, "[2026-04-14 09:00:09] Ada has left"],
        [f"2026-04-14 09:0{n} the next laptop" for n in range(5)],
    ],
)
def test_single_dated_lines_a_chat_and_a_list_of_tries_are_no_quoted_log(lines):
    assert not any(in_runs(lines))
