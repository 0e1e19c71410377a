"""Every rule has its words once, and own words go before those of the package."""

import re
from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis import wording
from autopilot_analysis.codes import names_in_words
from autopilot_analysis.facts import read_facts, shared_remedies
from autopilot_analysis.findings import words as module_words
from autopilot_analysis.findings.rule import LIMITS, OWN_WORDS
from autopilot_analysis.findings.rules.pre_provisioning import TAKEN_UP_TOO_SOON
from autopilot_analysis.findings.words import (
    AREA_STAGES,
    COLUMNS,
    configuration_words,
    conflict_words,
    known_issue_words,
    network_words,
    words,
)
from autopilot_analysis.tables import STAGES
from autopilot_analysis.trace.installs.agent.apps import LEFT_ALONE

SPELT = re.compile("(?i)device setup|account setup")
"""Stages that no product is called after, as device preparation is."""


@pytest.mark.parametrize(
    ("family", "prefix"),
    [
        (known_issue_words, "KNOWN-"),
        (conflict_words, "CONFLICT-"),
        (network_words, "NETWORK-"),
        (configuration_words, "CHECK-"),
    ],
)
def test_a_family_is_context_until_its_conditions_meet_a_failed_attempt(family, prefix):
    rows = family()
    assert rows.columns == COLUMNS
    assert rows["rule"].str.starts_with(prefix).all()
    assert set(rows.select("severity", "role").unique().rows()) == {("info", "context")}


def test_each_rule_stands_once_with_a_title_and_a_confidence():
    rows = words()
    assert rows["rule"].is_unique().all()
    assert rows.select("title", "confidence").null_count().row(0) == (0, 0)
    assert module_words is words


def test_own_words_go_before_those_of_the_package(monkeypatch):
    monkeypatch.setitem(OWN_WORDS, "ESP-OFF", {"title": "Mine"})
    (row,) = words().filter(pl.col("rule") == "ESP-OFF").iter_rows(named=True)
    assert (row["title"], row["severity"], row["confidence"], row["role"]) == (
        "Mine",
        "warning",
        "0.5",
        "context",
    )


def test_an_area_of_known_issues_strikes_a_stage_that_exists():
    assert set(AREA_STAGES.values()) <= set(STAGES)


def test_the_words_of_a_rule_name_the_limit_that_it_compares_with():
    written = {row["rule"]: row for row in read_facts("rules").iter_rows(named=True)}
    shown = {row["rule"]: row for row in words().iter_rows(named=True)}
    names = {name.strip("{}"): text for name, text in names_in_words().items()}
    for rule, limits in LIMITS.items():
        values = {
            name: wording.whole_span(limit) if isinstance(limit, timedelta) else str(limit)
            for name, limit in limits.items()
        }
        text = f"{written[rule]['meaning']} {written[rule]['remedy']}"
        assert all(f"{{{name}}}" in text for name in limits)
        assert f"{shown[rule]['meaning']} {shown[rule]['remedy']}" == text.format(**names, **values)


def test_the_words_of_a_rule_name_a_stage_and_a_scenario_as_everything_else_does():
    shown = {row["rule"]: row for row in words().iter_rows(named=True)}
    assert shown["SIGN-IN-AGAIN-FAILED"]["title"] == "The sign-in after device setup failed until the end"
    assert shown["KNOWN-AP-33"]["meaning"] == "Device setup ends before the apps are there"
    assert shown["CHECK-CF25"]["meaning"] == "Time-out, or device setup ends early"
    assert shown["KNOWN-AP-41"]["title"] == "Known issue that fits: Pre-provisioning on a virtual machine"
    assert {f"{{{name}}}" for name in wording.NAMES} <= set(names_in_words())
    assert [names_in_words()[f"{{{stage}}}"] for stage in STAGES] == [*map(wording.words, STAGES)]


@pytest.mark.parametrize("facts", ["rules", "codes", "known_issues", "configuration_checks", "remedies"])
def test_no_words_of_a_rule_spell_the_name_of_a_stage(facts):
    spelt = [
        text
        for row in read_facts(facts).rows()
        for text in row
        if isinstance(text, str) and SPELT.search(text)
    ]
    assert spelt == []


@pytest.mark.parametrize(
    ("facts", "columns"),
    [
        ("rules", ("title", "meaning", "remedy")),
        ("codes", ("meaning", "remedy")),
        ("known_issues", ("title",)),
        ("configuration_checks", ("requirement",)),
    ],
)
def test_no_words_of_a_rule_spell_the_name_of_a_scenario(facts, columns):
    scenarios = read_facts("scenarios")["scenario"]
    names = [name for value, name in wording.NAMES.items() if value in scenarios]
    spelt = re.compile(rf"(?i)\b(?:{'|'.join(names)})\b")
    texts = [text for row in read_facts(facts).select(columns).rows() for text in row if text]
    assert [text for text in texts if spelt.search(text)] == []


def test_nothing_but_the_item_is_left_open_in_the_words_of_a_rule():
    texts = words().select(pl.concat_str("title", "meaning", "remedy", ignore_nulls=True)).to_series()
    assert set(texts.str.extract_all(r"\{[^{}]*\}").explode().drop_nulls()) == {"{item}"}


def test_a_rule_and_a_code_that_give_one_remedy_read_alike():
    (of_code,) = read_facts("codes").filter(code="0x80070774", when="no route to the domain")["remedy"]
    of_rule = words().filter(rule="HYBRID-DC-UNREACHABLE")["remedy"].to_list()
    assert of_rule == [of_code] == [shared_remedies()["way to the domain"]]


@pytest.mark.parametrize("rule", ["APP-FAILED", "APP-FAILED-BESIDE"])
def test_the_remedy_of_a_failed_app_names_how_long_the_agent_leaves_it_alone(rule):
    (remedy,) = words().filter(rule=rule)["remedy"]
    assert remedy.endswith(f"tries again within {wording.whole_span(LEFT_ALONE)}")


def test_a_known_issue_names_the_limit_of_the_rule_that_tells_it():
    (issue,) = words().filter(rule="KNOWN-ESP-05").iter_rows(named=True)
    extra = wording.whole_span(LIMITS["ESP-HYBRID-EXTRA"]["extra"])
    assert issue["title"] == f"Known issue that fits: Hybrid join waits {extra} longer than set"
    assert issue["remedy"] == f"Raise no alarm before {extra} more"


def test_a_known_issue_names_the_limits_of_the_rule_that_tells_it():
    (remedy,) = known_issue_words().filter(pl.col("rule") == "KNOWN-ESP-17")["remedy"]
    assert remedy == f"Wait {wording.whole_span(TAKEN_UP_TOO_SOON)}"
