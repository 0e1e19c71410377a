import numpy as np
import polars as pl

from autopilot_analysis.figures import draw_scatter


def test_few_attempts_are_points(fleet):
    known = fleet.drop_nulls("total").height
    ax = draw_scatter(fleet)
    assert len(ax.get_lines()[0].get_xdata()) == known
    assert ax.get_xlabel().startswith(f"{known:,} attempts")


def test_many_attempts_are_counted_in_cells_and_none_is_lost(fleet):
    many = pl.concat([fleet] * 8)
    ax = draw_scatter(many)
    counted = np.nansum(ax.images[0].get_array().filled(np.nan))
    above = int(ax.get_xlabel().split("; ")[1].split(" ")[0])
    assert counted + above == many.drop_nulls("total").height


def test_nothing_says_so(fleet, texts):
    assert "no attempt says both of these" in texts(draw_scatter(fleet.clear()))
