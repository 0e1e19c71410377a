from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, conclude, find, open_export, read_tables
from autopilot_analysis.facts import read_facts
from autopilot_analysis.samples import write_sample


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
    assert verdict["verdict"] == "Registered for Autopilot; enrolled; 1 attempt failed (user driven)"
    assert verdict["cause"].startswith("An app was not finished when time ran out")


def test_what_was_not_seen_is_named_by_title_and_only_where_a_rule_would_have_looked(verdict):
    titles = set(read_facts("sources")["title"])
    told = verdict["not_seen"]
    assert "Hello for Business event log" in told
    assert "AppX deployment event log" in told
    assert "Microsoft Defender support cabinet" in titles
    assert "Defender" not in told
    assert "Battery" not in told
