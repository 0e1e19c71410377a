"""Nearly all failed: there is nothing left that a group or a day could be compared with."""

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.answer.stand_outs import tell_calm
from autopilot_analysis.fleet.explanation.answer.strongest import in_the_first_line
from autopilot_analysis.fleet.explanation.explain import explain_outcomes
from autopilot_analysis.fleet.explanation.failures.all_failed import all_failed


def units(failed, well, days=4):
    hits = [1] * failed + [0] * well
    at = [datetime(2026, 4, 13 + n % days, 8, n % 60, tzinfo=UTC) for n in range(len(hits))]
    return pl.DataFrame({"hit": hits, "started_at": at})


def deployments(failed, well, codes=("0x801901F7",)):
    rows = units(failed, well)
    numbers = range(rows.height)
    return pl.DataFrame(
        {
            "device": [f"D-{n}" for n in numbers],
            "deployment": [f"d-{n}" for n in numbers],
            "origin": "graph",
            "model": [("Lark 3", "Wren 5")[n % 2] for n in numbers],
            "outcome": ["failed" if hit else "succeeded" for hit in rows["hit"]],
            "code": [codes[n % len(codes)] if hit else None for n, hit in enumerate(rows["hit"])],
            "started_at": rows["started_at"],
        }
    )


@pytest.mark.parametrize(
    ("failed", "well", "words"),
    [
        (
            *(60, 0),
            "All 60 first attempts failed, on 4 days from 2026-04-13 to 2026-04-16: "
            "nothing succeeded, so neither groups nor days can be compared.",
        ),
        (
            *(58, 2),
            "58 of 60 first attempts failed, on 4 days from 2026-04-13 to 2026-04-16: "
            "the 2 that did not fail are too few to compare groups or days with.",
        ),
        (
            *(14, 1),
            "14 of 15 first attempts failed, on 4 days from 2026-04-13 to 2026-04-16: "
            "the 1 that did not fail is too few to compare groups or days with.",
        ),
    ],
)
def test_where_nearly_all_failed_it_is_said_that_nothing_can_be_compared(failed, well, words):
    assert all_failed(units(failed, well)).in_words == words


@pytest.mark.parametrize(("failed", "well"), [(11, 0), (0, 60), (30, 30), (20, 5), (94, 6), (900, 100)])
def test_of_few_attempts_and_beside_enough_that_did_not_fail_nothing_is_said(failed, well):
    assert all_failed(units(failed, well)) is None


@pytest.mark.parametrize("codes", [("0x801901F7",), ("0x801901F7", "0x80070643", "0x87D1041C")])
def test_an_outage_over_everything_is_not_called_one_in_which_nothing_stands_out(codes):
    explained = explain_outcomes(deployments(60, 0, codes))
    first = in_the_first_line(explained, deployments(60, 0, codes))
    assert first == "nothing succeeded, so neither groups nor days can be compared"
    (line,) = tell_calm(explained)
    assert line.text.startswith("All 60 first attempts failed, on 4 days")
    assert explained["failed"].nothing == line.text


def test_a_fleet_of_which_half_failed_alike_is_compared_as_before():
    assert explain(deployments(30, 30)).all_failed is None
