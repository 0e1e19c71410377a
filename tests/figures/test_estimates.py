from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis.figures.estimates import draw_estimates


def minutes(*values):
    return [None if value is None else timedelta(minutes=value) for value in values]


def test_a_row_a_group_in_order_with_dot_and_interval():
    frame = pl.DataFrame({"label": ["a", "$b$"], "value": [0.1, 0.3], "low": [0.05, 0.2], "high": [0.2, 0.5]})
    ax = draw_estimates(frame, name="share failed")
    lines = [(list(line.get_xdata()), list(line.get_ydata())) for line in ax.lines]
    assert lines == [([5.0, 20.0], [0, 0]), ([10.0], [0]), ([20.0, 50.0], [1, 1]), ([30.0], [1])]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a", r"\$b\$"]
    assert ax.get_xlabel() == "share failed, percent"


def test_an_open_end_is_an_arrow_and_no_value_says_not_measured():
    frame = pl.DataFrame(
        {
            "label": ["a", "b"],
            "value": minutes(10, None),
            "low": minutes(None, None),
            "high": minutes(12, None),
        }
    )
    ax = draw_estimates(frame, log=True)
    assert [line.get_marker() for line in ax.lines] == ["None", "<", "o"]
    assert [text.get_text() for text in ax.texts] == ["not measured"]
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel().endswith("minutes, logarithmic")


def test_marked_rows_differ_by_shape_not_colour_alone():
    frame = pl.DataFrame({"label": ["a", "b"], "value": [1.0, 1.0], "low": [1.0, 1.0], "high": [1.0, 1.0]})
    ax = draw_estimates(frame.with_columns(marked=pl.Series([True, False])))
    assert [line.get_marker() for line in ax.lines[1::2]] == ["s", "o"]


@pytest.mark.parametrize("rows", [0, 2])
def test_without_values_it_says_so(rows):
    schema = {"label": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    frame = pl.DataFrame([["x", None, None, None]] * rows, schema=schema, orient="row")
    assert draw_estimates(frame).texts[0].get_text() == "no estimate to draw: nothing was measured"
