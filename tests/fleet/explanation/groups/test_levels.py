"""What all attempts have day by day: kinds of hits, and the usual share of each day."""

import numpy as np
import polars as pl
from half_year import units

from autopilot_analysis.fleet.explanation.groups.levels import kind_of, kinds_of


def test_few_hits_of_one_week_are_no_rhythm_of_the_week():
    n, k = np.full(182, 20.0), np.zeros(182)
    k[[175, 178]] = 3.0
    flat = kind_of(n, k, 20_000).flat
    assert 1.0 < flat[175:].max() / flat[175:].min() < 2.5


def test_codes_of_failures_are_not_looked_at_where_what_is_asked_is_how_long_it_took():
    _, columns = units()
    rows = pl.DataFrame(columns).with_columns(
        pl.col("hit").cast(pl.Int64), outcome=pl.lit("failed"), value=pl.col("hit").cast(pl.Float64)
    )
    places = rows["day"].to_numpy()
    assert len(kinds_of(rows, places)) == 3
    assert len(kinds_of(rows.with_columns(value=pl.lit(45.0)), places)) == 1
