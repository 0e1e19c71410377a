from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest

from autopilot_analysis.figures import draw_calendar
from autopilot_analysis.fleet import measure_daily
from autopilot_analysis.report.page.pictures import as_svg, can_be_svg


def test_a_cross_marks_each_day_beyond_what_chance_allows(fleet):
    daily = measure_daily(fleet)
    assert len(draw_calendar(daily).get_lines()) == daily["outside"].sum() > 0


def test_weeks_stand_across_and_the_attempts_are_counted(fleet):
    daily = measure_daily(fleet)
    ax = draw_calendar(daily)
    weeks = (daily["at"].max() - daily["at"].dt.truncate("1w").min()).days // 7 + 1
    assert ax.get_xlim() == (0, weeks)
    assert f"{daily['n'].sum():,} attempts" in ax.get_xlabel()


def test_durations_are_medians(fleet):
    assert draw_calendar(measure_daily(fleet, measure="total")).get_xlabel().startswith("median minutes")


def test_pandas_is_taken_and_nothing_says_so(fleet, texts):
    daily = measure_daily(fleet)
    assert texts(draw_calendar(daily.to_pandas())) == texts(draw_calendar(daily))
    assert "attempts ended on one day at most, so there are no days to compare" in texts(
        draw_calendar(daily.clear())
    )


@pytest.mark.parametrize("weeks", [1, 3, 8, 20, 60])
def test_dates_below_the_weeks_do_not_overlap(weeks):
    first = datetime(2026, 3, 2, tzinfo=UTC)
    days = pl.datetime_range(first, first + timedelta(weeks=weeks, days=-1), "1d", eager=True)
    daily = pl.DataFrame({"at": days}).with_columns(n=1, k=1, value=1.0, outside=False)
    ax = draw_calendar(daily)
    ax.figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    assert boxes
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))


def test_the_scale_is_drawn_and_no_image_so_that_a_page_can_show_it(fleet):
    figure = draw_calendar(measure_daily(fleet)).figure
    assert can_be_svg(figure)
    assert "<image" not in as_svg(figure)
