"""A code means what all its causes have in common until a context speaks for one of them."""

import polars as pl
import pytest

from autopilot_analysis.codes import explain, explain_exit
from autopilot_analysis.facts import read_facts


def shared():
    """Codes with a meaning of their own beside two causes or more."""
    rows = read_facts("codes").with_columns(pl.col("rank").cast(pl.Int64))
    counts = rows.group_by("code").agg(
        own=(pl.col("rank") == 0).sum(),
        causes=(pl.col("rank") > 0).sum(),
        meaning=pl.col("meaning").filter(pl.col("rank") == 0).first(),
    )
    return counts.filter(pl.col("own") == 1, pl.col("causes") > 1).sort("code")


def test_of_causes_that_fit_equally_well_none_is_chosen():
    codes = shared()
    assert codes.height
    assert [explain(code).meaning for code in codes["code"]] == codes["meaning"].to_list()


@pytest.mark.parametrize(
    ("number", "own"), [(1600, True), (1601, False), (1654, False), (1655, True), (3010, False)]
)
def test_exit_codes_of_windows_installer_mean_something(number, own):
    assert ("a number of its own" in explain_exit(number).meaning) is own
