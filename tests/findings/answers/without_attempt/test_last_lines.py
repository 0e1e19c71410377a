"""Where a log of no known kind stops, and after how long; every line is made up."""

import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis import answer
from autopilot_analysis.fleet import load_story

OPEN = "Whether the program ended there or hung is not known."


@pytest.fixture
def happened(tmp_path):
    def build(*lines, **others):
        for name, text in {"steps": "\n".join(lines), **others}.items():
            (tmp_path / f"{name}.log").write_text(text, encoding="utf-8")
        story = load_story(tmp_path if others else tmp_path / "steps.log")
        return texts(parts(answer(*story)).get("What happened", []))

    return build


@pytest.mark.parametrize(
    ("lines", "after"),
    [
        (["2026/04/14 11:55:12 AM one", "2026/04/14 01:05:12 PM Mapping drives"], "1 h 10 min"),
        (["12:08:43 - one", "12:08:50 - two", "12:09:43 - Mapping drives"], "1 min"),
        (["[2026-04-14 23:59:00] one", "[2026-04-15 00:09:00] Mapping drives"], "10 min"),
        (["14.04.2026 04:55:12 one", "15.04.2026 04:55:12 Mapping drives"], "24 h"),
        (["03/04/2026 04:55:12 AM one", "03/04/2026 04:55:22 AM Mapping drives"], "10 s"),
        (["2026-04-14T09:00:00+02:00 one", "2026-04-14T09:02:00+02:00 Mapping drives"], "2 min"),
    ],
)
def test_a_log_stops_at_its_last_line_with_a_time(happened, lines, after):
    where = f"The log stops at line {len(lines)}, {after} after its first with a time (line 1)"
    assert happened(*lines) == [f"{where}: “Mapping drives”. {OPEN}"]


@pytest.mark.parametrize(
    "lines",
    [
        ["23:58:00 one", "00:02:00 Mapping drives"],
        ["03/04/2026 04:55:12 AM one", "04/05/2026 04:55:22 AM Mapping drives"],
    ],
)
def test_where_no_day_is_certain_nothing_is_said_of_how_long(happened, lines):
    assert happened(*lines) == [f"The log stops at line 2: “Mapping drives”. {OPEN}"]


@pytest.mark.parametrize("end", ["Finished.", "exit code 0", "Setup completed", "Skript beendet"])
def test_a_last_line_that_says_an_end_leaves_nothing_open(happened, end):
    [line] = happened("2026-04-14 09:00:00 one", f"2026-04-14 09:00:05 {end}")
    assert line.endswith(f"“{end}”.")


@pytest.mark.parametrize(
    "lines", [["one", "two"], ["2026-04-14 09:00:00 one", "two"], ["It began at 09:00:00", "and at 09:00:01"]]
)
def test_a_log_without_times_stops_nowhere(happened, lines):
    assert happened(*lines) == []


def test_what_stands_behind_the_last_time_is_no_line_of_its_own(happened):
    [line] = happened("09:00:00 one", "09:00:05 Mapping drives", "That is all I have.")
    assert line.startswith("The log stops at line 2, 5 s")


def test_each_of_several_logs_is_named(happened):
    lines = "2026-04-14 09:00:00 one\n2026-04-14 09:00:05 two"
    found = happened(*lines.split("\n"), more=lines)
    assert [line.partition(": the log")[0] for line in found] == ["more.log", "steps.log"]
