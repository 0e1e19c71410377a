from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from findings.answers.answer_parts import parts, story, texts
from findings.sign_worlds import START

from autopilot_analysis.export import open_export
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, answer, find
from autopilot_analysis.findings.answers.to_do import IF_DUE, LOG_ASKED_FOR, LOG_QUOTED, with_log_read
from autopilot_analysis.readers import read_tables
from autopilot_analysis.trace import build_trace

NOTICE = [
    (
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
        "legalnoticetext",
        "Hello",
    )
]


@pytest.mark.parametrize(("outcome", "shown"), [("unfinished", True), ("failed", True), ("succeeded", False)])
def test_where_no_cause_was_found_what_mends_the_conditions_that_fit_is_to_be_done(world, outcome, shown):
    attempts = [(outcome, None, "user_driven", 0, None, None)]
    tables, trace = world(attempts=attempts, registry=NOTICE)
    only = {"CONFLICTS": RULES["CONFLICTS"]}
    todo = texts(parts(answer(tables, trace, find(tables, trace, rules=only)))["What to do"])
    title = "A setting that can disturb deployment: Message at sign-in: Keep the message off devices"
    assert any(text.startswith(title) for text in todo) is shown
    assert len(todo) == 1 + shown


def test_a_success_asks_for_no_remedy(tmp_path):
    told = answer(*story(tmp_path, "user_driven_success"))
    assert told.devices[0].outcome == "succeeded"
    assert texts(parts(told)["What to do"]) == ["Nothing that was read calls for action."]


@pytest.mark.parametrize(
    ("installs", "told_of"),
    [
        ([{"name": "Reader", "item": "r", "exit_code": 1603, "code": "0x80070643"}], ["Reader"]),
        ([{"name": None, "item": "s", "kind": "script"}], ["A script failed: s"]),
        ([{"name": n, "item": n, "code": "0x80070643"} for n in ("One", "Two")], ["One"]),
        ([{"name": "R", "item": "r"}, {"name": "R", "item": "r", "outcome": "succeeded"}], []),
        ([{"name": "Reader", "item": "r", "outcome": "succeeded"}], []),
    ],
)
def test_what_never_came_after_a_success_asks_for_its_remedy(world, installs, told_of):
    plain = {"kind": "win32", "outcome": "failed", "ended_at": START + timedelta(minutes=50)}
    tables, trace = world(
        attempts=[("succeeded", None, "self_deploying", 0, 60, None)],
        installs=[plain | one for one in installs],
    )
    told = parts(answer(tables, trace, find(tables, trace)))
    todo = texts(told["What to do"])
    assert ("Nothing that was read calls for action." in todo) is (told_of == [])
    assert all(any(words in text for text in todo) for words in told_of)
    assert len(todo) <= 2
    assert ("Proof" in told) is (told_of != [])


@pytest.mark.parametrize(
    ("in_domain", "due"),
    [("NO", IF_DUE), ("YES", "Collect what was not seen (below), then ask again.")],
)
def test_a_device_that_is_joined_to_nothing_asks_for_a_join_where_one_is_due(tmp_path, in_domain, due):
    state = f"| Device State |\n AzureAdJoined : NO\n EnterpriseJoined : NO\n DomainJoined : {in_domain}\n"
    (tmp_path / "state.txt").write_text(f"{state} Device Name : PC-1\n", encoding="utf-8")
    tables = read_tables(open_export(tmp_path / "state.txt"))
    trace = build_trace(tables)
    assert texts(parts(answer(tables, trace, find(tables, trace)))["What to do"])[-1] == due


@pytest.mark.parametrize(
    ("remedy", "quote", "asked"),
    [
        ('Read the MSI log, searching for "return value 3"', "Error 1309. (action A, return value 3)", ""),
        ('Read the MSI log, searching for "return value 3"', "outcome failed, exit code 1603", None),
        ("Read its log; repair it or take it out", "exit code 1: no such host", " or take it out"),
        ("Read its log; repair it or take it out", "outcome failed, exit code 1", None),
        ("Repair it", "exit code 1: no such host", None),
        (None, "exit code 1: no such host", None),
    ],
)
def test_a_log_that_the_proof_quotes_is_not_to_be_read_but_to_be_acted_on(remedy, quote, asked):
    finding = {"id": "F1", "device": "SN-0001", "remedy": remedy}
    evidence = pl.DataFrame(
        {"finding": ["F1", "F2"], "device": "SN-0001", "quote": [quote, "return value 3"]}
    )
    (mended,) = with_log_read([finding], evidence)
    assert mended["remedy"] == (remedy if asked is None else f"{LOG_QUOTED}{asked}")


def test_what_remedies_ask_to_be_read_stands_in_the_facts():
    remedies = [*read_facts("rules")["remedy"].drop_nulls(), *read_facts("codes")["remedy"].drop_nulls()]
    for asked in LOG_ASKED_FOR:
        assert any(remedy.startswith(asked) for remedy in remedies)
