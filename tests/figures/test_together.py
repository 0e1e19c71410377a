import polars as pl

from autopilot_analysis.figures import draw_together
from autopilot_analysis.fleet import measure_combinations


def test_each_bar_counts_the_devices_of_exactly_that_set(fleet):
    sets = measure_combinations(fleet)
    ax = draw_together(sets)
    assert [text.get_text() for text in ax.texts] == [f"{k:,}" for k in sets["k"]]


def test_the_label_of_a_failure_counts_every_device_that_met_it(fleet):
    sets = pl.DataFrame(
        {"failures": [["a"], ["a", "b"], ["b"]], "count": [1, 2, 1], "n": [6] * 3, "k": [3, 2, 1]}
    )
    ax = draw_together(sets)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a  5", "b  3"]
    assert ax.get_xlabel().startswith("6 devices failed, 2 of them in more than one way")


def test_pandas_is_taken_and_no_failure_says_so(fleet, texts):
    sets = measure_combinations(fleet)
    assert texts(draw_together(sets.to_pandas())) == texts(draw_together(sets))
    assert "nothing failed in what was seen" in texts(draw_together(sets.clear()))
