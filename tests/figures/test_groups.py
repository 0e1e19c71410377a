import polars as pl

from autopilot_analysis.figures import draw_durations
from autopilot_analysis.figures.groups import group_labels, in_words
from autopilot_analysis.fleet import measure_durations


def test_a_group_is_named_by_its_columns_and_what_is_not_known_says_so():
    frame = pl.DataFrame({"model": ["A", None], "build": ["1", "2"], "n": [3, 4]})
    assert group_labels(frame, ["n"]).to_list() == ["A, 1", "not known, 2"]
    assert group_labels(frame.select("n"), ["n"]).to_list() == ["all", "all"]


def test_a_group_written_as_json_is_said_in_words():
    assert in_words('{"group_tag": "NORTH", "build": "1"}') == "group tag NORTH, build 1"
    assert in_words("{}") == "all attempts"


def test_of_more_groups_than_fit_the_slowest_are_drawn_and_the_others_counted(fleet, texts):
    many = fleet.with_columns(model=pl.format("Sample {}", pl.int_range(pl.len()) % 40))
    measured = measure_durations(many, by="model", stages=("total",)).sort("p50", descending=True)
    ax = draw_durations(measured)
    labels = [label.get_text().partition("  ")[0] for label in ax.get_yticklabels()]
    assert labels == measured["model"].head(17).to_list()
    others = measured["finished"].slice(17)
    words = f"and {others.len()} more groups: quicker, {others.sum()} durations"
    assert words in texts(ax)
    assert ax.figure.get_label().endswith(f"; 17 of them drawn, {words}.")
    assert len(draw_durations(measured, most=None).get_yticklabels()) == measured.height
