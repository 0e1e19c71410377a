"""What stands where a list has the reason of a failure, and is none."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.facts.failure_words import FAILED, NONE, says


def said(cell):
    return pl.DataFrame({"cell": [cell]}, schema={"cell": pl.String}).select(says("cell")).item()


@pytest.mark.parametrize("cell", ["", "-", "No", "no.", "FALSE", "0", "N/A", "None", "Nein", "Não", "いいえ"])
def test_a_word_that_denies_a_failure_is_no_reason(cell):
    assert said(cell) == NONE


@pytest.mark.parametrize("cell", ["Yes", "TRUE", "1", "Ja", "はい", "Failed"])
def test_a_word_that_says_no_more_than_that_it_failed_is_no_reason(cell):
    assert said(cell) == FAILED


@pytest.mark.parametrize(
    "cell", [None, "User validation", "No licence", "Not onboarded into Intune", "ライセンスがありません"]
)
def test_a_reason_stays_one_however_it_begins_and_in_any_script(cell):
    assert said(cell) is None
