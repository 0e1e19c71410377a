import polars as pl

from autopilot_analysis.figures import draw_heat_map
from autopilot_analysis.fleet import measure_failure_rates


def test_counts_are_written_into_their_cells(fleet):
    rates = measure_failure_rates(fleet, by="profile")
    numbers = sorted(int(text.get_text()) for text in draw_heat_map(rates).texts)
    assert numbers == sorted(rates.filter(pl.col("k") > 0)["k"])


def test_what_lies_surely_above_the_fleet_stands_in_bold(fleet):
    rates = measure_failure_rates(fleet, by="profile")
    bold = [text.get_text() for text in draw_heat_map(rates).texts if text.get_weight() == "bold"]
    assert bold == [str(rates.filter(pl.col("profile") == "User driven")["k"].max())]


def test_pandas_is_taken_and_no_failure_says_so(fleet, texts):
    rates = measure_failure_rates(fleet)
    assert texts(draw_heat_map(rates.to_pandas())) == texts(draw_heat_map(rates))
    assert "nothing failed in what was seen" in texts(draw_heat_map(rates.clear()))
