from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from matplotlib.colors import to_hex

from autopilot_analysis.figures import draw_side_by_side
from autopilot_analysis.figures.style import FAILURE


@pytest.fixture
def stages():
    return pl.DataFrame(
        {
            "stage": ["network", "device_setup"],
            "outcome_first": ["succeeded", "failed"],
            "outcome_second": ["succeeded", None],
            "waited_first": [timedelta(seconds=30), timedelta(hours=1)],
            "waited_second": [timedelta(seconds=10), None],
            "code_first": [None, "0x800705B4"],
            "code_second": pl.Series([None, None], dtype=pl.String),
        }
    )


def test_each_stage_has_a_bar_for_each_device_that_ran_it(stages, texts):
    ax = draw_side_by_side(stages, names=("SN-1", "SN-2"))
    bars = [round(bar.get_width(), 3) for bar in ax.patches]
    assert bars == [0.5, round(1 / 6, 3), 60.0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Network", "Device setup"]
    assert {"30 s", "10 s"} <= set(texts(ax))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["SN-1", "SN-2"]


def test_what_failed_is_hatched_edged_and_named(stages, texts):
    ax = draw_side_by_side(stages)
    failed = [bar for bar in ax.patches if bar.get_hatch()]
    assert [to_hex(bar.get_edgecolor()).upper() for bar in failed] == [FAILURE]
    assert "1 h, failed, 0x800705B4" in texts(ax)


def test_pandas_is_drawn_alike_and_nothing_says_so(stages, texts):
    assert texts(draw_side_by_side(stages.to_pandas())) == texts(draw_side_by_side(stages))
    assert "no stage was seen on either side" in texts(draw_side_by_side(stages.clear()))
