"""What other explanations come to: ruled out is only what an interval excludes."""

import polars as pl
import pytest

from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.fleet.postmortem.ruled_out import _weighed


def end(k, n):
    return pl.DataFrame({"k": [k], "n": [n]}).with_columns(share_columns()).row(0, named=True)


@pytest.mark.parametrize(
    ("least", "most", "q", "verdict"),
    [
        ((20, 400), (24, 400), 0.6, "ruled out"),
        ((2, 40), (4, 40), 0.6, "no sign"),
        ((20, 400), (45, 400), 0.2, "no sign"),
        ((20, 400), (44, 400), 0.2, "ruled out"),
        ((20, 400), (60, 400), 0.049, "not ruled out"),
    ],
)
def test_the_verdict_rests_on_the_interval_of_the_difference(least, most, q, verdict):
    assert _weighed(q, end(*least), end(*most))[0] == verdict


def test_no_sign_says_how_large_a_difference_would_have_shown():
    assert _weighed(0.6, end(4, 40), end(4, 40)) == (
        "no sign",
        "only a difference of 19 % or more would have shown",
    )
