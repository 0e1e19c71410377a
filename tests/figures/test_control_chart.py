from autopilot_analysis.figures import draw_control_chart
from autopilot_analysis.figures.control_chart import ODD
from autopilot_analysis.fleet import explain, measure_daily
from autopilot_analysis.wording import levels


def test_a_change_is_drawn_with_its_group_and_its_levels(fleet):
    changes = explain(fleet).changes
    ax = draw_control_chart(measure_daily(fleet, period="week"), changes)
    row = changes.row(0, named=True)
    plain = {name: row[name] for name in ("measure", "before", "after")}
    words = f"{row['at']:%Y-%m-%d}: profile User driven {levels(plain)}"
    assert [text.get_text() for text in ax.texts] == [words]


def test_diamonds_are_the_periods_beyond_the_band(fleet):
    daily = measure_daily(fleet, period="week")
    diamonds = next(line for line in draw_control_chart(daily).get_lines() if line.get_marker() == ODD)
    assert len(diamonds.get_xdata()) == daily["outside"].sum() > 0


def test_pandas_is_taken_and_nothing_says_so(fleet, texts):
    daily, changes = measure_daily(fleet), explain(fleet).changes
    assert texts(draw_control_chart(daily.to_pandas(), changes.to_pandas())) == texts(
        draw_control_chart(daily, changes)
    )
    assert "no dated attempt ended, so there is no level to draw" in texts(draw_control_chart(daily.clear()))
