"""Syncs whose user got no token of Entra; every text is made up after the shape of the real one."""

from __future__ import annotations

import pytest
from findings.rule_worlds import GOOD, NO_TOKEN, SECOND_FACTOR

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.findings import find
from autopilot_analysis.findings.rule import RULES

RULE = {name: RULES[name] for name in ("SYNC-WITHOUT-TOKEN", "TOKEN-REFUSED-ALONE")}
SESSION = {"RenderedMessage": NO_TOKEN.format("Unknown Win32 Error code: 0xcaa20003")}
ANSWER = ("aad:1098", {"Error": SECOND_FACTOR}, 7, "0xCAA2000C")
TITLE = "Entra ID gave the user no token for the sync with the management service"


def titles(tables, trace):
    return find(tables, trace, rules=RULE).findings["title"].to_list()


def test_the_answer_of_entra_beside_the_session_names_the_reason(world):
    assert titles(*world(events=[("dm:1", SESSION, 5, None), ANSWER])) == [
        f"{TITLE}: AADSTS50076 (0xCAA20003)"
    ]


def test_an_answer_of_another_time_is_not_of_the_session(world):
    late = (ANSWER[0], ANSWER[1], 11, ANSWER[3])
    assert titles(*world(events=[("dm:1", SESSION, 5, None), late])) == [f"{TITLE} (0xCAA20003)"]


def test_undated_the_answer_has_to_stand_in_the_same_text(tmp_path):
    session, answer = NO_TOKEN.format("0xcaa2000c"), f"Error: 0xCAA2000C x\nDescription: {SECOND_FACTOR}"
    (tmp_path / "note.txt").write_text(f"{session}\n\n{answer}\n", encoding="utf-8")
    tables = read_tables(open_export(tmp_path))
    assert titles(tables, build_trace(tables)) == [f"{TITLE}: AADSTS50076 (0xCAA2000C)"]
    (tmp_path / "note.txt").write_text(session, encoding="utf-8")
    (tmp_path / "other.txt").write_text(answer, encoding="utf-8")
    tables = read_tables(open_export(tmp_path))
    assert titles(tables, build_trace(tables)) == [f"{TITLE} (0xCAA2000C)"]


@pytest.mark.parametrize(
    ("words", "found"),
    [("0xcaa2000c", 1), ("Incorrect function.", 0), ("Unknown Win32 Error code: 0x80070005", 0)],
)
def test_where_nobody_is_signed_in_the_client_says_so_and_nothing_is_refused(world, words, found):
    events = [("dm:1", {"RenderedMessage": NO_TOKEN.format(words)}, 5, None)]
    assert len(titles(*world(events=events))) == found


def test_an_answer_alone_is_told_and_none_beside_a_session_or_a_deployment(world):
    alone = (ANSWER[0], ANSWER[1], None, ANSWER[3])
    usual = (ANSWER[0], {"Error": "AADSTS50126: wrong password"}, None, "0xCAA20003")
    assert titles(*world(events=[alone])) == ["Entra ID refused a request for a token: AADSTS50076"]
    assert titles(*world(events=[usual])) == []
    assert titles(*world(events=[ANSWER])) == []
    assert titles(*world(events=[alone], attempts=GOOD)) == []
    assert len(titles(*world(events=[alone, ("dm:1", SESSION, None, None)]))) == 1
