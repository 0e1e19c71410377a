from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from autopilot_analysis import wording
from autopilot_analysis.fleet import answer_fleet, explain, load_deployments

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def fleet():
    return load_deployments(DATA / "fleet")


def parts(answer):
    return {part.label: [line.text for line in part.lines] for part in answer.sections}


def test_a_fleet_is_one_answer_who_since_when_at_what_cost_and_what_to_check(fleet):
    told = answer_fleet(fleet, subject="data")
    said = parts(told)
    assert told.verdict.startswith("600 attempts on 552 devices; 88 of 597 (15 %, 12 to 18 %) of those that")
    row = explain(fleet.deployments).contrasts.row(0, named=True)
    counted = wording.share(row["k"], row["n"], row["low"], row["high"])
    assert said["What happened"][0].startswith(f"Profile User driven: {counted} failed, against ")
    assert said["Since when"][0].startswith("2026-04-14: Profile User driven: share failed from 3.9 % to ")
    lost = wording.span(timedelta(minutes=round(row["lost"])))
    assert said["What it costs"][0] == f"Profile User driven: {row['devices']} devices hit, {lost} lost."
    assert said["What to do"][0].startswith("Check first what was changed nearby: Patch ")
    assert "Going together is not causing." in said["Proof"][0]


def test_a_fleet_too_small_to_compare_says_so_and_blames_nobody(fleet):
    told = answer_fleet(replace(fleet, deployments=fleet.deployments.head(6)))
    assert told.outcome == "unknown"
    assert parts(told)["What happened"][0].startswith("Too few to compare")
    assert "Since when" not in parts(told)


def test_an_export_without_deployments_names_the_notebook_that_fits(fleet):
    told = answer_fleet(replace(fleet, deployments=fleet.deployments.clear()))
    assert (told.outcome, "01_device_trace" in told.verdict) == ("misfit", True)
