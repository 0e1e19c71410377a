from autopilot_analysis.figures import draw_calendar
from autopilot_analysis.fleet import measure_daily


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
    assert "nothing to draw" in texts(draw_calendar(daily.clear()))
