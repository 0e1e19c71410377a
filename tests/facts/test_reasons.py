"""A reason that several tables, or a table and the code, give is written down once (facts/reasons.csv)."""

from __future__ import annotations

import csv
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from autopilot_analysis import facts
from autopilot_analysis.facts import read_facts, shared_reasons

GIVE, KNOW = ("ime_patterns", "install_states"), "own_answers"
SOURCES = [
    path.read_text("utf-8")
    for room in ("trace", "findings")
    for path in (Path(str(files(facts))).parent / room).rglob("*.py")
]


def cells(table, column):
    text = files(facts).joinpath(f"{table}.csv").read_text("utf-8")
    return [row[column] for row in csv.DictReader(text.splitlines(keepends=True)) if row[column]]


def test_every_name_of_a_reason_is_known_and_asked_for_more_than_once():
    named = [*(cell for table in GIVE for cell in cells(table, "reason")), *cells(KNOW, "sign")]
    asked = Counter(name for cell in named for name in re.findall(r"\{(\D[^{}]*)\}", cell))
    for source in SOURCES:
        if "shared_reasons()" in source:
            asked.update(name for name in shared_reasons() if re.search(rf"[\"']{name}[\"']", source))
    assert set(asked) == set(shared_reasons())
    assert min(asked.values()) > 1


@pytest.mark.parametrize("table", GIVE)
def test_no_reason_is_left_a_name_and_none_is_spelt_that_has_one(table):
    assert not any("{" in reason for reason in read_facts(table)["reason"].drop_nulls())
    assert not set(cells(table, "reason")) & set(shared_reasons().values())


def test_tables_spell_no_reason_alike():
    first, second = ({cell for cell in cells(table, "reason") if " " in cell} for table in GIVE)
    assert {cell for cell in first & second if "{" not in cell} == set()


def test_the_code_spells_no_reason_that_a_table_gives():
    given = {reason for table in GIVE for reason in read_facts(table)["reason"].drop_nulls() if " " in reason}
    taken = re.compile(r"shared_reasons\(\)\[[^\]]*\]")
    spelt = {text for source in SOURCES for text in re.findall(r'"([^"\n]+)"', taken.sub("", source))}
    assert spelt & given == set()


def test_a_reason_stands_in_patterns_as_it_is():
    assert [reason for reason in shared_reasons().values() if re.search(r"[^\w ]", reason)] == []
    assert "^already absent$" in read_facts(KNOW)["sign"].to_list()
