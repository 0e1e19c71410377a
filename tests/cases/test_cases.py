"""Every case says what its expected.toml asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases.judging import HERE, JUDGMENTS, build, cases, expected, judge

OPEN = set((HERE / "open.txt").read_text().split())
"""Cases that are answered wrongly today. One that is answered rightly fails here until its line is taken out."""


@pytest.mark.parametrize("case", cases())
def test_the_answer_about_a_case_is_right(case, tmp_path):
    short = judge(case, tmp_path)
    assert bool(short) == (case in OPEN), short


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


def test_a_case_is_built_alike_each_time(tmp_path):
    for case in cases()[::5]:
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
