from autopilot_analysis.figures import draw_pareto
from autopilot_analysis.fleet import measure_failures
from autopilot_analysis.wording import heading


def test_bars_stand_most_frequent_first_and_the_line_ends_at_all(fleet):
    ax = draw_pareto(measure_failures(fleet))
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == sorted(widths, reverse=True)
    assert ax.get_lines()[-1].get_xdata()[-1] == 1.0


def test_failures_say_how_many_devices_and_what_the_code_is_called(fleet, texts):
    first = measure_failures(fleet).row(0, named=True)
    said = texts(draw_pareto(measure_failures(fleet)))
    assert f"{first['k']:,} on {first['devices']:,} devices" in said
    assert f"{heading(first['failed_stage'])}, {first['code']}  {first['symbol']}" in said


def test_failures_by_any_columns_are_drawn(fleet, texts):
    assert "User driven" in texts(draw_pareto(measure_failures(fleet, by="profile")))


def test_pandas_is_taken_and_no_failure_says_so(fleet, texts):
    measured = measure_failures(fleet)
    assert texts(draw_pareto(measured.to_pandas())) == texts(draw_pareto(measured))
    assert "nothing failed in what was seen" in texts(draw_pareto(measured.clear()))
