from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis import build_timeline, draw_timeline, load_story
from autopilot_analysis.figures.style import FAILURE
from autopilot_analysis.figures.timeline import BINS
from autopilot_analysis.report import find_data


@pytest.fixture(scope="module")
def timeline():
    return build_timeline(*load_story(find_data() / "mdm-enrollment-refused.cab"))


def labels(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def bars(ax):
    """The bars of spans; those of the density at the foot are narrower than any of them is high."""
    return [patch for patch in ax.patches if round(patch.get_height(), 2) == 0.66]


def test_lanes_stand_in_their_order_with_all_records_at_the_foot(timeline):
    names = labels(draw_timeline(timeline))
    order = [
        name for name in ("Attempts", "Network", "Profile", "Join", "Enrolment", "Findings") if name in names
    ]
    assert [name for name in names if name in order] == order
    assert names[-1] == "All records"


def test_each_dated_span_is_a_bar_and_a_failed_one_is_red_and_named(timeline):
    ax = draw_timeline(timeline)
    dated = timeline.filter(pl.col("at").is_not_null(), pl.col("ended_at").is_not_null() | pl.col("open"))
    failed = dated.filter(pl.col("level") == "error")
    from matplotlib.colors import to_hex

    red = [bar for bar in bars(ax) if to_hex(bar.get_facecolor()).upper() == FAILURE]
    assert (len(bars(ax)), len(red)) == (dated.height, failed.height)
    assert any(text.get_text().startswith("✕ Attempt 1") for text in ax.texts)


def test_a_stretch_without_records_is_drawn_short(timeline):
    late = pl.col("id") > timeline.height // 2
    apart = timeline.with_columns(
        pl.when(late).then(pl.col(name) + timedelta(days=3)).otherwise(name) for name in ("at", "ended_at")
    )
    width = draw_timeline(apart).get_xlim()[1]
    assert width < 86_400
    assert width == pytest.approx(draw_timeline(timeline).get_xlim()[1], rel=0.2)


def test_the_density_counts_every_record(timeline):
    ax = draw_timeline(timeline.filter(pl.col("kind") == "event"))
    density = [patch for patch in ax.patches if patch not in bars(ax)]
    assert len(density) == 2 * BINS + 0  # all records, and the errors in front of them
    assert max(-patch.get_height() for patch in density) == pytest.approx(1)


def test_without_a_dated_row_it_says_so(timeline):
    for frame in (timeline.clear(), timeline.with_columns(at=pl.lit(None, dtype=timeline.schema["at"]))):
        assert [text.get_text() for text in draw_timeline(frame).texts] == ["nothing to draw"]


def test_hostile_names_are_drawn_as_they_are(timeline):
    odd = timeline.with_columns(title=pl.lit("$\\frac{\n\x1b"), track=pl.lit("$x$\u202e"))
    figure = draw_timeline(odd).get_figure()
    figure.canvas.draw()
