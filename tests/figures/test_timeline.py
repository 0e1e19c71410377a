from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from matplotlib.patches import StepPatch

from autopilot_analysis import build_timeline, draw_timeline, load_story
from autopilot_analysis.figures.style import FAILURE
from autopilot_analysis.figures.timeline import BINS, MOST_ROWS
from autopilot_analysis.report import find_data


@pytest.fixture(scope="module")
def timeline():
    return build_timeline(*load_story(find_data() / "mdm-enrollment-refused.cab"))


def labels(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def bars(ax):
    """The bars of spans, not the density at the foot nor what is hatched as idle."""
    whole = [patch for patch in ax.patches if not isinstance(patch, StepPatch)]
    return [patch for patch in whole if round(patch.get_height(), 2) == 0.66]


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
    density = [patch.get_data() for patch in ax.patches if isinstance(patch, StepPatch)]
    assert [len(data.values) for data in density] == [BINS, BINS]  # all records, the errors in front of them
    assert max((data.baseline - data.values).max() for data in density) == pytest.approx(1)


def test_without_a_dated_row_it_says_so(timeline):
    for frame in (timeline.clear(), timeline.with_columns(at=pl.lit(None, dtype=timeline.schema["at"]))):
        assert [text.get_text() for text in draw_timeline(frame).texts] == ["nothing with a time was read"]


def test_hostile_names_are_drawn_as_they_are(timeline):
    odd = timeline.with_columns(title=pl.lit("$\\frac{\n\x1b"), track=pl.lit("$x$\u202e"))
    figure = draw_timeline(odd).get_figure()
    figure.canvas.draw()


def marks_at(timeline, *minutes):
    """So many marks, at so many minutes after the first record."""
    start = timeline["at"][0]
    rows = timeline.filter(kind="mark")
    rows = pl.concat([rows] * (len(minutes) // rows.height + 1)).head(len(minutes))
    times = pl.Series([start + timedelta(minutes=each) for each in minutes], dtype=rows.schema["at"])
    return rows.with_columns(at=times)


def folds(ax):
    """The hatched stretches, each with its width."""
    return [patch.get_width() for patch in ax.patches if patch.get_hatch() == "////"]


@pytest.mark.parametrize(("minutes", "count"), [(9.9, 0), (10.1, 1)])
def test_ten_minutes_without_a_record_are_idle(timeline, minutes, count):
    assert len(folds(draw_timeline(marks_at(timeline, 0, minutes)))) == count


def test_at_most_forty_stretches_are_drawn_short(timeline):
    minutes = [place + each for place in range(0, 42 * 100, 100) for each in range(9)]
    assert len(folds(draw_timeline(marks_at(timeline, *minutes)))) == 40


def test_what_a_stage_waited_through_is_drawn_wider(timeline):
    marks = marks_at(timeline, 0, 5, 245, 485)
    stage = timeline.filter(kind="stage").head(1)
    stage = stage.with_columns(at=marks["at"].slice(1, 1), ended_at=marks["at"].slice(2, 1))
    waited, idle = folds(draw_timeline(pl.concat([marks, stage]).sort("at")))
    assert waited == pytest.approx(8 * idle)


@pytest.mark.parametrize(("count", "rows"), [(12, 12), (13, 1)])
def test_more_than_twelve_apps_share_a_row(timeline, count, rows):
    app = (
        timeline.filter(kind="stage")
        .head(1)
        .with_columns(
            lane=pl.lit("apps", dtype=timeline.schema["lane"]), ended_at=pl.col("at") + timedelta(minutes=1)
        )
    )
    many = pl.concat(app.with_columns(track=pl.lit(f"App {number}")) for number in range(count))
    assert len(labels(draw_timeline(many))) == rows + 1


def test_where_all_rows_are_more_than_a_screen_the_longest_lanes_share_one(timeline):
    one = timeline.filter(kind="stage").head(1).with_columns(ended_at=pl.col("at") + timedelta(minutes=1))

    def lane(name, count):
        here = one.with_columns(lane=pl.lit(name, dtype=timeline.schema["lane"]))
        return [here.with_columns(track=pl.lit(f"{name} {number}")) for number in range(count)]

    fits = pl.concat([*lane("apps", 12), *lane("scripts", MOST_ROWS - 12)])
    assert len(labels(draw_timeline(fits))) == MOST_ROWS + 1
    more = pl.concat([fits, *lane("policies", 2)])
    assert [name for name in labels(draw_timeline(more)) if "row" in name] == [
        "Apps: 12 in one row",
        "Scripts: 12 in one row",
    ]


@pytest.mark.parametrize(("share", "inside"), [(0.3, False), (0.4, True)])
def test_a_long_failed_bar_holds_its_own_name(timeline, share, inside):
    marks = marks_at(timeline, *range(10))
    ends = marks["at"][0], marks["at"][0] + timedelta(minutes=9 * share)
    failed = (
        timeline.filter(kind="attempt")
        .head(1)
        .with_columns(
            pl.Series("at", [ends[0]], dtype=marks.schema["at"]),
            pl.Series("ended_at", [ends[1]], dtype=marks.schema["at"]),
        )
    )
    (name,) = [
        text for text in draw_timeline(pl.concat([marks, failed]).sort("at")).texts if "✕" in text.get_text()
    ]
    assert (name.get_horizontalalignment() == "right") == inside


def test_pandas_and_lazy_frames_are_drawn_as_polars_is(timeline):
    drawn = [draw_timeline(kind) for kind in (timeline, timeline.lazy(), timeline.to_pandas())]
    assert [labels(ax) for ax in drawn] == [labels(drawn[0])] * 3
    assert [len(ax.patches) for ax in drawn] == [len(drawn[0].patches)] * 3
