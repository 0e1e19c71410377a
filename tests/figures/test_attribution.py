import pytest

from autopilot_analysis.figures import draw_time_attribution
from autopilot_analysis.figures.style import STAGE_HATCHES
from autopilot_analysis.fleet import measure_time_attribution
from autopilot_analysis.tables.story import UNATTRIBUTED


def test_the_parts_of_a_bar_sum_to_the_mean_of_its_group(fleet, bars):
    measured = measure_time_attribution(fleet)
    ax = draw_time_attribution(measured)
    whole = measured["mean"].sum().total_seconds() / 60
    assert sum(bar["width"] for bar in bars(ax)) == pytest.approx(whole)
    assert f"{whole:.0f} min" in [text.get_text() for text in ax.texts]


def test_time_that_no_stage_accounts_for_is_white_and_crossed(fleet, bars):
    drawn = bars(draw_time_attribution(measure_time_attribution(fleet)))
    assert drawn[-1]["hatch"] == STAGE_HATCHES[UNATTRIBUTED]


def test_pandas_is_taken_and_nothing_says_so(fleet, texts):
    measured = measure_time_attribution(fleet, by="model")
    assert texts(draw_time_attribution(measured.to_pandas())) == texts(draw_time_attribution(measured))
    assert "no attempt that ended says how long it took" in texts(draw_time_attribution(measured.clear()))
    assert "no attempt that ended says how long it took" in texts(
        draw_time_attribution(measure_time_attribution(fleet.clear()))
    )
