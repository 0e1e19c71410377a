from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis import build_trace, conclude, find, open_export, read_tables
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.answers.verdict import _counted, _state, goes_without_saying
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import Install
from autopilot_analysis.tables.typed import empty


@pytest.fixture(scope="module")
def verdict(tmp_path_factory):
    zipped = tmp_path_factory.mktemp("verdict") / "device.zip"
    write_sample(zipped, "esp_app_timeout", layout="diaglogs_flattened")
    with open_export(zipped) as export:
        tables = read_tables(export)
    trace = build_trace(tables)
    return conclude(tables, trace, find(tables, trace)).row(0, named=True)


def test_the_verdict_names_outcome_and_cause(verdict):
    assert verdict["outcome"] == "failed"
    assert verdict["verdict"] == (
        "Enrolled; 1 attempt failed (user-driven): "
        "An app was not finished when time ran out: Example Endpoint Sensor"
    )
    assert verdict["cause"].startswith("An app was not finished when time ran out")


def test_what_was_not_seen_is_named_by_title_and_only_where_a_rule_would_have_looked(verdict):
    titles = set(read_facts("sources")["title"])
    told = verdict["not_seen"]
    assert "Hello for Business event log" in told
    assert "AppX deployment event log" in told
    assert "Microsoft Defender support cabinet" in titles
    assert "Defender" not in told
    assert "Battery" not in told


def script(item, outcome, **more):
    return {"item": item, "kind": "script", "outcome": outcome, "attempt": None} | more


@pytest.mark.parametrize(
    ("installs", "words"),
    [
        (
            [script("a", "failed"), script("b", "failed"), script("c", "succeeded", kind="win32")],
            "2 scripts failed, 1 app installed",
        ),
        (
            [script("a", "not_detected", kind="msi"), script("b", "succeeded")],
            "1 app failed, 1 script ran well",
        ),
        ([script("a", "failed"), script("a", "succeeded", try_number=2)], "Outcome unknown"),
        ([script("a", "failed", kind="certificate")], "Outcome unknown"),
        ([script("a", "failed", kind="modern")], "Outcome unknown"),
        ([script("a", "succeeded")], "Outcome unknown"),
    ],
)
def test_where_no_attempt_was_seen_what_failed_is_counted_by_its_last_try(world, installs, words):
    tables, trace = world(installs=installs)
    verdict = conclude(tables, trace, find(tables, trace, rules={})).row(0, named=True)
    assert words in verdict["verdict"]
    assert verdict["outcome"] == "unknown"


@pytest.mark.parametrize(
    ("scenario", "registered", "begins"),
    [
        ("device_preparation", False, "Enrolled; 1 attempt failed (device preparation)"),
        ("device_preparation", None, "Enrolled; 1 attempt failed (device preparation)"),
        ("device_preparation", True, "Registered for Autopilot; enrolled"),
        ("user_driven", False, "Not registered for Autopilot; enrolled"),
    ],
)
def test_that_device_preparation_is_not_registered_is_not_worth_a_word(
    world, failure, scenario, registered, begins
):
    device = {"scenario": scenario, "registered": registered, "enrolled": True}
    story = world(**failure("device_preparation", scenario=scenario) | {"device": device})
    assert conclude(*story, find(*story))["verdict"].item().startswith(begins)


@pytest.mark.parametrize("outcome", ["failed", "succeeded", "unfinished"])
def test_the_cause_is_named_once_whatever_came_of_the_attempt(outcome):
    attempts = pl.DataFrame({"outcome": [outcome], "scenario": ["user_driven"]})
    causes = pl.DataFrame({"title": ["A blank profile was kept"]})
    known = {"registered": None, "enrolled": None}
    tried = empty(Install).with_columns(pl.lit(None, pl.Boolean).alias(name) for name in ("there", "outside"))
    words = _state(known, attempts, outcome, causes, tried, past=[], otherwise=None, behind="")
    assert "; ".join(words).count("A blank profile was kept") == 1


@pytest.mark.parametrize(
    ("registered", "scenarios", "needless"),
    [
        (True, ["user_driven"], True),
        (True, ["user_driven", "not_autopilot"], False),
        (True, ["device_preparation"], False),
        (True, [None], False),
        (True, [], False),
        (False, ["user_driven"], False),
        (None, ["user_driven"], False),
    ],
)
def test_that_a_device_is_registered_goes_without_saying_where_autopilot_ran_on_it(
    registered, scenarios, needless
):
    attempts = pl.DataFrame({"scenario": scenarios}, schema={"scenario": pl.String})
    assert goes_without_saying(registered, attempts) == needless


def test_attempts_that_came_to_different_ends_are_counted_in_one_phrase_and_the_cause_stands_behind():
    outcomes = ["succeeded", "failed", "unfinished"]
    scenarios = ["pre_provisioning_technician", "pre_provisioning_user", "pre_provisioning_user"]
    attempts = pl.DataFrame({"outcome": outcomes, "scenario": scenarios})
    assert _counted(attempts, "failed", "It was refused, in 2 attempts") == [
        "1 attempt failed (pre-provisioning user), 1 whose end was not seen, 1 succeeded: It was refused"
    ]
    assert _counted(attempts.clear(), "failed", "It was refused") == []
