from autopilot_analysis.figures import draw_journeys
from autopilot_analysis.figures.style import OUTCOME_HATCHES
from autopilot_analysis.fleet import measure_journeys


def test_journeys_are_counted_by_attempts_and_by_whether_they_arrived(fleet):
    journeys = measure_journeys(fleet)
    ax = draw_journeys(journeys)
    assert sum(bar.get_width() for bar in ax.patches) == journeys.height
    assert {bar.get_hatch() or "" for bar in ax.patches} == {"", OUTCOME_HATCHES["unfinished"]}
    assert ax.get_xlabel() == f"{journeys.height:,} journeys"


def test_pandas_is_taken_and_nothing_says_so(fleet, texts):
    journeys = measure_journeys(fleet)
    assert texts(draw_journeys(journeys.to_pandas())) == texts(draw_journeys(journeys))
    assert "no attempt came to an end" in texts(draw_journeys(journeys.clear()))
