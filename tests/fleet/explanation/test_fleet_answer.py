from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
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
    more = round(row["k"] - row["n"] * row["rest_share"])
    assert said["What it costs"][0].startswith(
        f"Profile User driven: about {more} more failures than at the "
    )
    assert said["What to do"][0].startswith("Check first what was changed nearby: Patch ")
    assert "Going together is not causing." in said["Proof"][0]


def test_a_fleet_too_small_to_compare_says_so_and_blames_nobody(fleet):
    told = answer_fleet(replace(fleet, deployments=fleet.deployments.head(6)))
    assert told.outcome == "unknown"
    assert any(line.startswith("Too few to compare") for line in parts(told)["What happened"])
    assert "Since when" not in parts(told)


def test_an_export_without_deployments_names_the_notebook_that_fits(fleet):
    told = answer_fleet(replace(fleet, deployments=fleet.deployments.clear()))
    assert (told.outcome, "01_device_trace" in told.verdict) == ("misfit", True)


def failures(fleet, count):
    failed = fleet.deployments.filter(pl.col("outcome").cast(pl.String) == "failed").sort("started_at")
    return replace(fleet, deployments=failed.head(count))


def test_where_no_group_stands_out_the_newest_failures_are_named_with_stage_length_and_reason(fleet):
    few = failures(fleet, 7)
    newest = few.deployments.row(-1, named=True)
    said = parts(answer_fleet(few))
    listed = [line for line in said["What happened"] if " failed" in line and "Too few" not in line]
    name = newest["name"] or newest["serial"]
    assert len(listed) == 5
    assert listed[0].startswith(f"{name} failed in {wording.words(newest['failed_stage'])} after ")
    assert f"{newest['started_at']:%Y-%m-%d}" in listed[0]
    assert "And 2 older failures." in said["What happened"]
    assert said["What to do"][-1].endswith(f"collect diagnostics of {name} in Intune.")


def test_a_failure_quotes_its_code_with_the_meaning_and_the_words_of_the_service(fleet):
    told = failures(fleet, 1).deployments.with_columns(
        code=pl.lit("0x80180014"), failure_text=pl.lit("Enrollment is blocked")
    )
    line = parts(answer_fleet(replace(fleet, deployments=told)))["What happened"][0]
    assert "0x80180014, " in line
    assert line.endswith(": “Enrollment is blocked”.")


def test_where_a_group_stands_out_no_single_failure_is_told(fleet):
    assert "older failures" not in str(answer_fleet(fleet))


def test_a_fleet_in_which_nothing_failed_says_that_it_went_well(fleet):
    good = fleet.deployments.filter(pl.col("outcome").cast(pl.String) == "succeeded").head(3)
    verdict = answer_fleet(replace(fleet, deployments=good)).verdict
    assert verdict.endswith("; every one of the 3 that ended succeeded")
