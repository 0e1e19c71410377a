"""What of a fleet's exports was not read or not understood stands in the answer on it."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis import load_deployments
from autopilot_analysis.fleet import answer_fleet
from autopilot_analysis.fleet.explanation.answer.unread import (
    read_otherwise,
    tell_local_times,
    tell_read_as,
    tell_unread,
    words_of_states,
)
from autopilot_analysis.readers.service.report_csv import LOCAL_REASON

HEADER = "DeviceId,DeviceName,SerialNumber,EnrollmentTimeInUtc,DeploymentStatus,UPN,Phase,Ticket"


def fleet(tmp_path, states):
    rows = [
        f"d-{n},PC-{n},SN-{n},2026-05-0{n % 9 + 1}T08:00:00Z,{state},u@example.com,x,y"
        for n, state in enumerate(states)
    ]
    (tmp_path / "AutopilotV2DeploymentStatus.csv").write_text(
        "\n".join([HEADER, *rows, ""]), encoding="utf-8"
    )
    return answer_fleet(load_deployments(tmp_path))


def lines(answer, label):
    return [line.text for section in answer.sections if section.label == label for line in section.lines]


@pytest.mark.parametrize(
    ("states", "verdict", "told"),
    [
        (["Zzz"] * 9 + ["Yyy"] * 4, "how they ended is not known", "Zzz 9, Yyy 4"),
        (["Erfolg"] * 9 + ["Fehler"] * 4, "4 of 13 (31 %, 13 to 58 %) of those that ended failed", ""),
        (["In Bearbeitung"] * 9, "none of them ended", ""),
        (["Succeeded"] * 9 + ["Yyy"] * 4, "of 4 it is not known how they ended", "Yyy 4"),
        (["Succeeded"] * 9 + ["InProgress"] * 4, "4 not ended", ""),
    ],
)
def test_words_for_states_that_nobody_knows_are_counted_and_are_no_attempts_without_an_end(
    tmp_path, states, verdict, told
):
    answer = fleet(tmp_path, states)
    assert verdict in answer.verdict
    strange = [text for text in lines(answer, "What happened") if "words not known here" in text]
    assert strange == ([f"How they ended is told in words not known here: {told}."] if told else [])


def test_the_answer_says_which_columns_were_not_read(tmp_path):
    (unread,) = lines(fleet(tmp_path, ["Succeeded"] * 9), "Not read")
    assert unread.startswith("AutopilotV2DeploymentStatus.csv: 1 column of this AutopilotV2DeploymentStatus")
    assert "Ticket" in unread


def gap(reason, device="list"):
    return {"device": device, "member": "list.csv", "reason": reason, "advice": None}


def test_three_reasons_are_told_each_once_and_none_of_a_capture():
    coverage = pl.DataFrame({"device": ["D-1", "list"], "source": ["registry_dump", "report_csv"]})
    gaps = pl.DataFrame([*(gap(f"r{n // 2}") for n in range(10)), gap("of a capture", "D-1")])
    told = [line.text for line in tell_unread(gaps, coverage)]
    assert told == [*(f"list.csv: r{n}." for n in range(3)), "And 2 more."]


def test_four_words_are_told_one_by_one():
    flags = [f"local_time,unknown_state=w{n}" for n in range(5)]
    rows = pl.DataFrame({"outcome": "unknown", "flags": flags})
    assert words_of_states(rows) == "w0 1, w1 1, w2 1, w3 1, …"


LOCAL = {
    "device": "list",
    "member": "Autopilot devices.csv",
    "reason": LOCAL_REASON,
    "advice": "name its zone",
}


@pytest.mark.parametrize(
    ("flags", "matters"),
    [("local_time", True), ("retry,local_time", True), ("local_time=+60min", False), (None, False)],
)
def test_local_times_are_no_file_that_was_not_read_and_are_told_where_deployments_stand_on_them(
    flags, matters
):
    rows = pl.DataFrame({"flags": [flags]}, schema={"flags": pl.String})
    gaps = pl.DataFrame([LOCAL, gap("a reason")])
    coverage = pl.DataFrame({"device": ["list"], "source": ["report_csv"]})
    assert [line.text for line in tell_unread(gaps, coverage)] == ["list.csv: a reason."]
    told = [line.text for line in tell_local_times(rows, gaps)]
    assert told == ([f"Autopilot devices.csv: {LOCAL_REASON}; name its zone."] if matters else [])
    assert read_otherwise(gaps, rows).height == (2 if matters else 1)


MADE = (
    "Datum;Seriennr.;Ger\u00e4t;Ergebnis;Dauer (Min.)",
    *(f"0{n % 9 + 1}.05.2026;SN-{n};PC-{n};{'Fehler' if n < 3 else 'OK'};{30 + n}" for n in range(12)),
)


def test_how_a_list_was_read_is_not_told_as_what_was_not_read(tmp_path):
    (tmp_path / "list.csv").write_text("\n".join([*MADE, ""]), encoding="utf-8")
    answer = answer_fleet(load_deployments(tmp_path))
    (read_as,) = lines(answer, "Read as")
    assert read_as.startswith("list.csv: it is a list that somebody made; by its headings ")
    assert lines(answer, "Not read") == []


@pytest.mark.parametrize(
    ("reason", "read"),
    [
        ("negative durations in total: taken as missing", True),
        ("the file is not UTF-8; it is read as Windows-1252, so letters beyond ASCII may be wrong", True),
        ("the file breaks off in row 3: 2 of 5 cells", False),
        ("1 column is not read: Ticket", False),
    ],
)
def test_each_reason_stands_in_one_part(reason, read):
    coverage = pl.DataFrame(schema={"device": pl.String, "source": pl.String})
    gaps = pl.DataFrame(
        {"device": [None], "member": ["list.csv"], "reason": [reason], "advice": [None]},
        schema=dict.fromkeys(("device", "member", "reason", "advice"), pl.String),
    )
    told = (
        [line.text for line in tell_read_as(gaps, coverage)],
        [line.text for line in tell_unread(gaps, coverage)],
    )
    assert told == (([f"list.csv: {reason}."], []) if read else ([], [f"list.csv: {reason}."]))


def test_a_file_that_lies_beside_a_report_and_is_not_read_is_named(tmp_path):
    (tmp_path / "mail.txt").write_text("Hello, which of these is it?\n", encoding="utf-8")
    unread = lines(fleet(tmp_path, ["Succeeded"] * 9), "Not read")
    assert unread[-1] == "1 file was not read: mail.txt."
