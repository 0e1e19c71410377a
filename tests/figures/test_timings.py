import pytest

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.figures import draw_durations, draw_timings
from autopilot_analysis.fleet import measure_durations
from autopilot_analysis.fleet.measures.durations import FAR, TAIL
from autopilot_analysis.widgets.contrasts import SHOWN
from autopilot_analysis.wording import span


def test_each_stage_says_n_and_how_many_are_not_finished(fleet, texts):
    measured = measure_durations(fleet).row(0, named=True)
    words = next(
        text for text in texts(draw_timings(fleet)) if text.startswith(f"n {measured['finished']:,}")
    )
    assert f"{100 * measured['unfinished'] / measured['n']:.1f} % not finished" in words


def test_the_thick_line_the_tick_and_the_words_are_of_the_percentiles_shown(fleet, texts):
    row = measure_durations(fleet, stages=["total"]).row(0, named=True)
    ax = draw_timings(fleet, stages=["total"])
    ends = [list(line.get_xdata()) for line in ax.lines[1:]]
    median, tail, far = (row[name].total_seconds() / 60 for name in ("p50", TAIL, FAR))
    assert ends == [[median, tail], [median], [far]]
    assert any(f", {TAIL} {span(row[TAIL])}" in text for text in texts(ax))
    grouped = draw_durations(measure_durations(fleet, stages=["total"])).get_xlabel()
    assert grouped.endswith(f"thick to {TAIL}, tick {FAR}")
    assert SHOWN == ("p50", TAIL)


def test_stages_stand_in_order_and_only_those_asked_for(fleet):
    ax = draw_timings(fleet, stages=("device_setup", "account_setup"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Device setup", "Account setup"]


def test_pandas_draws_the_same(fleet, texts):
    assert texts(draw_timings(fleet.to_pandas())) == texts(draw_timings(fleet))


def test_no_deployment_leaves_nothing_to_draw(fleet, texts):
    assert "no attempt says how long it took" in texts(draw_timings(fleet.clear()))


def test_an_unknown_stage_is_named(fleet):
    with pytest.raises(UnknownName):
        draw_timings(fleet, stages=("coffee",))
