"""Every case says what its expected.toml asks for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from cases.judging import (
    HERE,
    JUDGMENTS,
    _loud,
    answer_together,
    ask,
    build,
    cases,
    expected,
    judge_export,
)

from autopilot_analysis.cli import findings
from autopilot_analysis.findings import words

OPEN = set((HERE / "open.txt").read_text().split())
"""Cases that are answered wrongly today. One that is answered rightly fails here until its line is taken out."""
ALONE = 60
"""Of so many cases one is worked out alone as well."""


@pytest.fixture(scope="module")
def answered(request, tmp_path_factory):
    """The export of each case that is to be judged, and what it says: worked out in batches, as if alone."""
    chosen = dict.fromkeys(
        item.callspec.params["case"]
        for item in request.session.items
        if item.path == request.path and "answered" in item.fixturenames
    )
    folder = tmp_path_factory.mktemp("cases")
    exports = {}
    for case in chosen:
        (folder / case).mkdir()
        exports[case] = build(case, folder / case)
    answers = answer_together(list(exports.values()))
    return {case: (exports[case], answer) for case, answer in zip(exports, answers, strict=True)}


@pytest.mark.parametrize("case", cases())
def test_the_answer_about_a_case_is_right(case, answered):
    export, answer = answered[case]
    short = judge_export(export, expected(case), lambda *_, **__: answer)
    assert bool(short) == (case in OPEN), short


@pytest.mark.parametrize("case", cases()[::ALONE])
def test_a_case_says_alone_what_it_says_among_others(case, answered, monkeypatch):
    export, answer = answered[case]
    monkeypatch.setattr(findings, "load", cache(findings.load))
    alone = ask("findings", str(export), "--json"), ask("findings", str(export), "--all")
    monkeypatch.setattr(findings, "load", lambda *_, **__: answer)
    assert (ask("findings", str(export), "--json"), ask("findings", str(export), "--all")) == alone


def test_no_case_is_called_open_that_does_not_exist():
    assert set(cases()) >= OPEN


def test_each_kind_of_fault_has_at_least_three_cases():
    kinds = [expected(case)["kind"] for case in cases()]
    assert {kind: kinds.count(kind) >= 3 for kind in range(1, 10)} == dict.fromkeys(range(1, 10), True)


def test_every_case_says_what_it_holds_and_asks_for_something():
    for case in cases():
        wanted = expected(case)
        assert set(wanted) - JUDGMENTS == {"kind", "story", "answer"}, case
        assert set(wanted) & JUDGMENTS, case


def test_a_loud_finding_of_a_rule_that_is_ruled_out_falls_short():
    found = dict.fromkeys(("title", "meaning", "remedy"), "") | {"rule": "ESP-APP-HUNG", "severity": "high"}
    assert list(_loud({"never_rules": ["ESP-APP-HUNG"]}, [found])) == ["finds ESP-APP-HUNG: "]
    assert list(_loud({"never_rules": ["ESP-APP-FAILED"]}, [found])) == []
    assert list(_loud({"never_rules": ["ESP-APP-HUNG"]}, [found | {"severity": "info"}])) == []


def test_a_case_forbids_what_one_rule_says_by_its_id():
    rows = words().select("rule", "title", "meaning").iter_rows()
    own = [(rule, f"{title}\n{meaning}".lower()) for rule, title, meaning in rows]
    plain = {
        (case, pattern): [rule for rule, text in own if pattern.lower() in text]
        for case in cases()
        for pattern in expected(case).get("never", [])
        if re.fullmatch(r"\w+(?: \w+){3,}", pattern)
    }
    assert {place: rules for place, rules in plain.items() if len(rules) == 1} == {}
    assert {rule for case in cases() for rule in expected(case).get("never_rules", [])} <= dict(own).keys()


def test_a_case_is_built_alike_each_time(tmp_path):
    for case in cases()[::10]:
        once, twice = (tmp_path / f"{case}-{n}" for n in "12")
        once.mkdir()
        twice.mkdir()
        assert _content(build(case, once)) == _content(build(case, twice)), case


def test_every_case_is_described():
    told = (Path(HERE).parents[1] / "docs" / "cases.md").read_text()
    assert [case for case in cases() if f"`{case}`" not in told] == []


def _content(path):
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [(str(f.relative_to(path.parent)), f.read_bytes()) for f in files if f.is_file()]
