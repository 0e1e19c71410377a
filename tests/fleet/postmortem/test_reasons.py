"""What speaks for and against an explanation, by the day on which it happened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.postmortem.reasons import main_code, weigh_reasons

MOVED = datetime(2026, 3, 2, tzinfo=UTC)
CHANGE = {"at": MOVED, "until": None, "measure": "failed", "before": 0.04, "after": 0.4, "q": 1e-9}


def dated(case, *days):
    """The incident with a change of level, and an administrator's change so many days from it."""
    moment = pl.Datetime("us", "UTC")
    schema = {"at": moment, "what": pl.String}
    rows = [(MOVED + timedelta(days=day), f"edit {day}") for day in days]
    candidates = pl.DataFrame(rows, schema=schema, orient="row")
    return replace(case, change=CHANGE, fleet=replace(case.fleet, candidates=candidates))


@pytest.mark.parametrize(
    ("day", "speaks"),
    [(-4, []), (-3, ["for"]), (0.9, ["for"]), (1, ["against"]), (3, ["against"]), (3.1, []), (9, [])],
)
def test_a_change_speaks_for_the_incident_only_within_three_days_and_not_after_it_began(case_of, day, speaks):
    reasons = weigh_reasons(dated(case_of([("A", None, 0, 30, "failed", True)]), day))
    named = reasons.filter(pl.col("statement").str.contains(f"edit {day};", literal=True))
    assert named["speaks"].to_list() == speaks


def test_the_main_code_is_the_one_of_most_failures_with_its_stage(case_of):
    case = case_of([(f"D{n}", None, 0, 30, "failed", True) for n in range(4)])
    codes = pl.Series("code", ["0x80180014", "0x800705B4", "0x800705B4", None])
    stages = pl.Series("failed_stage", ["mdm_enrollment", "device_setup", "device_setup", None])
    coded = replace(case, judged=case.judged.with_columns(codes, stages))
    assert main_code(coded) == ("0x800705B4", "device_setup")
    assert main_code(case) is None


def test_the_group_is_set_against_everyone_else_and_against_what_went_well_in_it(case_of):
    rows = [("A", None, 0, 30, "failed", True), ("B", None, 0, 30, "succeeded", True)]
    rows += [("C", None, 0, 30, "failed", False)]
    counted = weigh_reasons(case_of(rows)).select("speaks", "k", "n").rows()
    assert counted == [("for", 1, 2), ("for", 1, 1), ("against", 1, 2)]
